"""The offline crisis reply: set sentences around the ledger's own words, what can be done before what can be explained."""

import re

from copilot.tasks.crisis_reply.answering import answers_of, voiced
from copilot.tasks.crisis_reply.assignment import CrisisAssignment
from copilot.tasks.crisis_reply.book import Profile, book, found
from copilot.tasks.crisis_reply.caring import (
    apology_of,
    asks_of,
    care_of,
    hold_care_of,
    of_pets,
    thing_sent,
    untold,
    watchful,
)
from copilot.tasks.crisis_reply.follow_up import corrections_said, follow_up
from copilot.tasks.crisis_reply.private import personal_words, private_replies
from copilot.tasks.crisis_reply.profiles import profiles_of
from copilot.tasks.crisis_reply.reply import CrisisWords, Statement, Update
from copilot.tasks.crisis_reply.saying import (
    account,
    heard,
    in_order,
    is_for_one,
    is_timed,
    open_point,
    say_rows,
    still_missing,
)
from copilot.tasks.crisis_reply.situation import CrisisSituation, Row

GRAVE_LEVEL = 3


def compose_crisis(assignment: CrisisAssignment) -> CrisisWords:
    """Everything that is sent: first words, statement, personal words, private messages, updates."""
    statement = compose_statement(assignment)
    if assignment.options.earlier:
        statement = follow_up(statement, assignment.changes, assignment.situation)
    return CrisisWords(
        holding=compose_holding(assignment),
        statement=statement,
        personal=personal_words(assignment),
        private=private_replies(assignment),
        updates=compose_updates(assignment),
    )


def compose_holding(assignment: CrisisAssignment) -> str:
    """Two or three sentences to post within minutes; they claim nothing but what corrects our own earlier words."""
    situation, changes = assignment.situation, assignment.changes
    says, profile = book().says, profiles_of(situation)[0]
    until = says["hold_next"].format(next=assignment.next_time)
    if profile.quiet:
        return profile.hold
    if changes.corrected:
        late = (book().follow_up["late"],) if changes.late else ()
        return "\n".join((*corrections_said(changes), *late, until))
    if assignment.options.earlier:
        still = "" if changes.withdrawn else book().follow_up["holding_still"]
        return book().follow_up["holding"] + still + until
    if profile.hold:
        return profile.hold.format(thing=thing_sent(situation)) + until
    care = hold_care_of(situation)
    seen = says["seen_bare" if care else "seen"].format(matter=profile.matter)
    return "\n".join(line for line in (seen, care, says["checking"] + until) if line)


def compose_statement(assignment: CrisisAssignment) -> Statement:
    """The message to the group: safety or the answer first, then what to do, what is known, what is not, the doubts."""
    situation, says = assignment.situation, book().says
    profiles, _bounds = profiles_of(situation), situation.bounds
    opening = compose_opening(assignment)
    known = in_order(
        row for row in say_rows(_but_schedule(assignment, situation.verified), situation) if row not in opening
    )
    mourning = any(profile.mourning for profile in profiles)
    offers = [row for row in _but_schedule(assignment, situation.authorised) if not (mourning and is_for_one(row))]
    doing = [] if profiles[0].quiet else [_with_reply_time(row) for row in say_rows(offers, situation)]
    if posted := _posted(assignment):
        doing.append(says[posted])
    doing += [line for profile in profiles for line in _extras(profile, situation) if not _said_by(line, doing)]
    downloads = "下载" in account(situation)
    checking = [
        says["open_downloads" if downloads and "下载" in text else "open_row"].format(point=open_point(text))
        for text in say_rows(situation.unverified, situation)
    ]
    return Statement(
        title=profiles[0].title,
        opening=opening,
        doing=tuple(dict.fromkeys(doing)),
        known=() if profiles[0].quiet else tuple(dict.fromkeys(known)) or _unverified(assignment),
        checking=() if profiles[0].quiet else tuple(dict.fromkeys(checking)),
        answers=() if profiles[0].quiet else answers_of(situation, assignment.ledger),
        entry=_entry_line(assignment, profiles),
        next_update=compose_next(assignment),
        closing=says["closing_grave" if situation.severity.level >= GRAVE_LEVEL else "closing"],
    )


def _posted(assignment: CrisisAssignment) -> str:
    """Which reminder the group needs about what members posted: `secrets` for keys, `personal_data` for numbers; "" for none."""
    situation = assignment.situation
    told = " ".join((heard(situation), *situation.bounds.secrets))
    leaker = any(one.role == "leaker" for one in situation.concerned)
    if (leaker or situation.bounds.secrets) and found("key", told):
        return "secrets"
    return "personal_data" if situation.bounds.secrets and not profiles_of(situation)[0].people_first else ""


def _extras(profile: Profile, situation: CrisisSituation) -> tuple[str, ...]:
    """The lines of a profile for the group, as far as the story calls for them."""
    if profile.extra_if and not re.search(profile.extra_if, heard(situation)):
        return profile.extra_minor if situation.bounds.minors else ()
    return profile.extra_minor if profile.extra_minor and situation.bounds.minors else profile.extra


def _said_by(line: str, rows: list[str]) -> bool:
    """Whether what a set line asks for is asked by a row of the brief already: 删, 撤回, 不交信息."""
    return any(word in line and any(word in row for row in rows) for word in ("删", "撤回", "律师"))


def _unverified(assignment: CrisisAssignment) -> tuple[str, ...]:
    """The placeholder for what has to be verified first, where nothing is."""
    return () if assignment.situation.verified else (assignment.gap("verified", "【待补充:已核实的情况】"),)


def _with_reply_time(row: str) -> str:
    """A promise to answer one by one, with a place for the time where it gives none."""
    bare = found("reply", row) and not found("timed", row)
    return book().says["reply_when"].format(row=row) if bare else row


def _but_schedule(assignment: CrisisAssignment, rows: tuple[Row, ...]) -> list[Row]:
    """Rows without the one that only says when updates come, which stands at the end; a row that says more is kept."""
    rhythm = [row.id for row in assignment.situation.authorised if row.id == assignment.schedule.row]
    return [row for row in rows if row.id not in rhythm]


def compose_opening(assignment: CrisisAssignment) -> str:
    """Care where somebody may be harmed, the plain apology where we erred, else the answer to the main worry."""
    situation, says = assignment.situation, book().says
    profiles = profiles_of(situation)
    first = profiles[0]
    if first.quiet and first.opening:
        return first.opening
    told = say_rows(situation.verified, situation)
    care, sorry = care_of(situation), apology_of(situation)
    if first.mourning:
        return first.opening_pets if of_pets(situation) and first.opening_pets else first.opening or ""
    if first.people_first:
        return "\n".join(line for line in (first.opening, _people(situation, told)) if line)
    parts = [care] if care else []
    if denial := next((one for one in profiles if one.denial and re.search(one.denial_if, "\n".join(told))), None):
        shown = [row for row in told if re.search(denial.denial_if, row) or found("untold_plan", row)]
        no = denial.denial if found("absconding", voiced(situation)) else says["not_closing"]
        parts.append(f"{no}{'；'.join(shown)}。")
    if sorry:
        parts.append(sorry)
    if profile_opening := "" if sorry else next((one.opening for one in profiles if one.opening), ""):
        parts.append(profile_opening)
    if any(profile.status for profile in profiles):
        scope = [row for row in told if found("scope", row)][:1]
        now = [row for row in in_order(told) if is_timed(row)][-1:]
        parts += [says["status"].format(fact="；".join(dict.fromkeys((*scope, *now))))] if scope or now else []
    if warned := "" if care else watchful(situation):
        parts.append(warned)
    if not parts or parts == [warned]:
        certain = says["certain"].format(fact=_most_asked(told, situation)) if told else ""
        parts.insert(0, says["general"].format(matter=first.matter) + certain)
    if care and (measure := next((row for row in told if found("measure", row)), "")):
        parts.append(f"{measure}。")
    if untold(situation) and says["untold_late"] not in sorry:
        parts.append(says["untold_plan"])
    parts += [profile.calm for profile in profiles if profile.calm][:1]
    return "\n".join(parts)


def _people(situation: CrisisSituation, told: tuple[str, ...]) -> str:
    """Who is accounted for, by the last verified count, and who is not, by our own account."""
    counted = [row for row in told if re.search(r"\d+\s*(?:名|位|个)?(?:人|队员|孩子|老人|学生|营员|成员)", row)]
    counted = [row for row in counted if found("accounted", row)] or counted
    return "".join(f"{row}。" for row in counted[-1:]) + still_missing(situation)


def _most_asked(told: tuple[str, ...], situation: CrisisSituation) -> str:
    """The verified row that speaks most of what members said; the first where they said nothing."""
    words = "".join(
        [*(row.text for row in situation.excerpts), *(word for one in situation.concerned for word in one.words)]
    )
    words = words or "".join(row.text for row in situation.incident)
    return max(told, key=lambda row: sum(row[at : at + 2] in words for at in range(len(row) - 1)) / len(row))


def _entry_line(assignment: CrisisAssignment, profiles: tuple[Profile, ...]) -> str:
    says = book().says
    if profiles[0].quiet:
        return ""
    if profiles[0].entry:
        return assignment.to_entry({"entry": profiles[0].entry, "entry_given": profiles[0].entry_given}, "entry")
    _, asks = asks_of(assignment.situation)
    use = next((profile.private_use for profile in profiles if profile.private_use), "")
    line = assignment.to_entry(says, "entry", asks=asks) if asks else assignment.to_entry(says, "entry_bare")
    return line + (says["use"].format(use=use) if asks and use else "")


def compose_next(assignment: CrisisAssignment) -> str:
    """When the group hears again, with the brief's own words for the rhythm."""
    schedule = assignment.schedule
    line = book().says["hold_next"].format(next=assignment.next_time)
    situation = assignment.situation
    if profiles_of(situation)[0].quiet:
        return ""
    rows = [*situation.clock, *(row for row in situation.authorised if row.id == schedule.row)]
    told = [row for row in rows if row.id != schedule.row or not schedule.next or schedule.next not in row.text]
    return line + "".join(f"{text}。" for text in say_rows(told, situation) if not found("bare_update", text))


def compose_updates(assignment: CrisisAssignment) -> tuple[Update, ...]:
    """The messages that follow: at the next times, when results are in, and the last one."""
    says, situation = book().updates, assignment.situation
    profile = profiles_of(situation)[0]
    if profile.quiet:
        quiet = Update(id="u1", when=says["quiet_soon"], text=says["quiet_progress"])
        return (quiet, Update(id="close", when=says["quiet_when"], text=says["quiet_closing"]))
    points = [open_point(text) for text in say_rows(situation.unverified, situation)]
    results = [f"· {says['result'].format(point=point)}" for point in points]
    progress = results or [f"· {says['result_open']}"]
    times = [assignment.next_time, *assignment.schedule.later]
    handled = [] if profile.mourning or profile.people_first else [f"· {says['handled']}"]
    found_updates = []
    for number, when in enumerate(times[:2], 1):
        following = times[number] if number < len(times) else ""
        ends = says["after"].format(next=following) if following else says["after_open"]
        lines = [says["progress"].format(when=when), f"· {says['result_open']}", *handled, ends]
        if number == 1:
            lines[1:2] = progress
        found_updates.append(Update(id=f"u{number}", when=when, text="\n".join(lines)))
    thanks = assignment.to_entry(says, "thanks")
    settled = [says["settled"], *progress, *handled, thanks]
    closing = says["mourn_closing" if profile.mourning else "closing"]
    last = [closing, f"· {says['conclusion']}", *handled, f"· {says['improved']}", thanks]
    return (
        *found_updates,
        Update(id="result", when=says["settled_when"], text="\n".join(settled)),
        Update(id="close", when=says["closing_when"], text="\n".join(last)),
    )

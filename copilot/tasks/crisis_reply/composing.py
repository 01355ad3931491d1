"""The offline crisis reply: set sentences around the ledger's own words, what can be done before what can be explained."""

import re

from copilot.tasks.crisis_reply.answering import answers_of, voiced
from copilot.tasks.crisis_reply.assignment import CrisisAssignment
from copilot.tasks.crisis_reply.book import Profile, book, found, profiles_of
from copilot.tasks.crisis_reply.caring import apology_of, asks_of, care_of, untold, watchful
from copilot.tasks.crisis_reply.follow_up import follow_up
from copilot.tasks.crisis_reply.private import personal_words, private_replies
from copilot.tasks.crisis_reply.reply import CrisisWords, Statement, Update
from copilot.tasks.crisis_reply.saying import in_order, is_timed, open_point, say_rows
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
    """Two or three sentences to post within minutes; they claim nothing."""
    says, profile = book().says, profiles_of(assignment.situation)[0]
    if assignment.options.earlier:
        return book().follow_up["holding"] + says["hold_next"].format(next=assignment.next_time)
    until = says["hold_next"].format(next=assignment.next_time)
    if profile.hold:
        return profile.hold + until
    seen = says["seen"].format(matter=profile.matter)
    care = care_of(assignment.situation) or watchful(assignment.situation)
    return "\n".join(line for line in (seen, care, says["checking"] + until) if line)


def compose_statement(assignment: CrisisAssignment) -> Statement:
    """The message to the group: safety or the answer first, then what to do, what is known, what is not, the doubts."""
    situation, says = assignment.situation, book().says
    profiles, bounds = profiles_of(situation), situation.bounds
    opening = compose_opening(assignment)
    known = in_order(
        row for row in say_rows(_but_schedule(assignment, situation.verified), situation) if row not in opening
    )
    doing = [_with_reply_time(row) for row in say_rows(_but_schedule(assignment, situation.authorised), situation)]
    if any(one.role == "leaker" for one in situation.concerned) or found("key", " ".join(bounds.secrets)):
        doing.append(says["secrets"])
    doing += [line.format(entry=assignment.entry) for profile in profiles for line in profile.extra]
    checking = [says["open_row"].format(point=open_point(text)) for text in say_rows(situation.unverified, situation)]
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
    parts = [care] if care else []
    if denial := next((one for one in profiles if one.denial and re.search(one.denial_if, "\n".join(told))), None):
        shown = [row for row in told if re.search(denial.denial_if, row) or found("untold_plan", row)]
        no = denial.denial if found("absconding", voiced(situation)) else says["not_closing"]
        parts.append(f"{no}{'；'.join(shown)}。")
    if sorry:
        parts.append(sorry)
    elif profile_opening := next((one.opening for one in profiles if one.opening), ""):
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
    _, asks = asks_of(assignment.situation)
    use = next((profile.private_use for profile in profiles if profile.private_use), "")
    line = assignment.to_entry(says, "entry", asks=asks) if asks else assignment.to_entry(says, "entry_bare")
    return line + (says["use"].format(use=use) if asks and use else "")


def compose_next(assignment: CrisisAssignment) -> str:
    """When the group hears again, with the brief's own words for the rhythm."""
    schedule = assignment.schedule
    line = book().says["hold_next"].format(next=assignment.next_time)
    situation = assignment.situation
    rows = (*situation.clock, *situation.authorised)
    rhythm = [row for row in rows if row.id == schedule.row and (not schedule.next or schedule.next not in row.text)]
    return line + "".join(f"{text}。" for text in say_rows(rhythm, situation))


def compose_updates(assignment: CrisisAssignment) -> tuple[Update, ...]:
    """The messages that follow: at the next times, when results are in, and the last one."""
    says, situation = book().updates, assignment.situation
    points = [open_point(text) for text in say_rows(situation.unverified, situation)]
    results = [f"· {says['result'].format(point=point)}" for point in points]
    progress = results or [f"· {says['result_open']}"]
    times = [assignment.next_time, *assignment.schedule.later]
    found_updates = []
    for number, when in enumerate(times[:2], 1):
        following = times[number] if number < len(times) else ""
        ends = says["after"].format(next=following) if following else says["after_open"]
        lines = [says["progress"].format(when=when), *progress, f"· {says['handled']}", ends]
        found_updates.append(Update(id=f"u{number}", when=when, text="\n".join(lines)))
    thanks = assignment.to_entry(says, "thanks")
    settled = [says["settled"], *progress, f"· {says['handled']}", thanks]
    last = [says["closing"], f"· {says['conclusion']}", f"· {says['handled']}", f"· {says['improved']}", thanks]
    return (
        *found_updates,
        Update(id="result", when=says["settled_when"], text="\n".join(settled)),
        Update(id="close", when=says["closing_when"], text="\n".join(last)),
    )

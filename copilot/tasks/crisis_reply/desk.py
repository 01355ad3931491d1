"""The desk's side of a crisis reply: what must not be said, what to confirm, who does what by when, when it is over."""

import re
from collections.abc import Sequence

from copilot.checks.authority import authority_findings
from copilot.facts.brief import clauses, sentences
from copilot.records import Finding, Missing
from copilot.tasks.crisis_reply.book import Rejection, book
from copilot.tasks.crisis_reply.caring import apology_of, papers_of, untold
from copilot.tasks.crisis_reply.follow_up import Changes
from copilot.tasks.crisis_reply.private import addressed, called
from copilot.tasks.crisis_reply.profiles import profiles_of
from copilot.tasks.crisis_reply.reply import CrisisPlan, Rejected, Step
from copilot.tasks.crisis_reply.saying import heard, open_point
from copilot.tasks.crisis_reply.situation import CrisisSituation
from copilot.tasks.crisis_reply.timing import Schedule

GRAVE_LEVEL = 3
CLOCKS = ("立即", "15 分钟内", "1 小时内", "到更新时间", "当天")


def plan_of(situation: CrisisSituation, schedule: Schedule, missing: Sequence[Missing], changes: Changes) -> CrisisPlan:
    """Everything beside the messages."""
    profiles = profiles_of(situation)
    return CrisisPlan(
        must_not_say=must_not_say(situation),
        to_confirm=to_confirm(situation),
        escalation=escalation_of(situation, missing),
        watch=watch_of(situation),
        close_when=tuple(
            dict.fromkeys(
                [
                    *(row for one in profiles for row in one.close),
                    *(() if profiles[0].quiet else book().desk["close_checks"]),
                ]
            )
        ),
        review=tuple(book().desk["review"]),
        rejected=rejected_of(situation),
        changed=changes.lines(),
        notes=notes_of(situation, schedule, missing, changes),
    )


def must_not_say(situation: CrisisSituation) -> tuple[str, ...]:
    """What the brief rules out, and what every crisis rules out."""
    rows = [row.text for row in situation.forbidden]
    rows += [f"{open_point(row.text)}：结论出来前不肯定、不否定" for row in situation.unverified]
    return tuple(dict.fromkeys([*rows, *book().desk["never"]]))


def to_confirm(situation: CrisisSituation) -> tuple[str, ...]:
    """What has to be checked or decided by somebody with the authority, each once."""
    says, desk = book().desk["confirm"], book().desk
    rows = [says["check"].format(point=open_point(row.text)) for row in situation.unverified]
    rows += _documents(situation)
    rows += [
        says["authority"].format(point=re.sub("^(?:承诺|答应|给出?|保证)", "", row.text) or row.text)
        for row in situation.forbidden
        if re.search(desk["promises"], row.text) and not re.search(f"{desk['admits']}|{desk['sure']}", row.text)
    ]
    waiting = [clause for row in situation.verified for clause in [row.text] if re.search(desk["waiting"], clause)]
    rows += [says["pending"].format(point=text) for text in waiting]
    rows += [row for profile in profiles_of(situation) for row in profile.confirm]
    return tuple(dict.fromkeys(rows))


def _documents(situation: CrisisSituation) -> list[str]:
    """What has to be asked where papers are concerned: whether to renew them is their owner's decision."""
    papers = papers_of(situation)
    return [book().desk["documents"].format(papers=papers)] if papers else []


def escalation_of(situation: CrisisSituation, missing: Sequence[Missing]) -> tuple[Step, ...]:
    """Who does what by when; people the brief names take the parts that are theirs."""
    desk = book().desk
    people = _people(situation, missing)
    rows = [Step(**row) for row in desk["steps"]]
    own = [step for profile in profiles_of(situation) for step in profile.steps]
    if situation.severity.level >= GRAVE_LEVEL:
        own.insert(0, Step(**desk["grave"]))
    if profiles_of(situation)[0].quiet:
        permitted = (row.text for row in situation.authorised)
        own += [Step(clock="立即", who="owner", what=desk["permitted"].format(action=text)) for text in permitted]
    steps = [step.model_copy(update={"who": people.get(step.who, step.who)}) for step in (*own, *rows)]
    return tuple(sorted(dict.fromkeys(steps), key=lambda step: CLOCKS.index(step.clock)))


def _people(situation: CrisisSituation, missing: Sequence[Missing]) -> dict[str, str]:
    """The roles of the plan, by the own people the brief names."""
    desk = book().desk
    ours = [one for one in situation.concerned if one.role == "ours" and not one.accused and not one.doubted]
    stated = [re.sub(r"^[^：:]{1,8}[：:]\s*", "", row.text) for row in situation.owners]
    owner = (
        stated[0]
        if stated
        else next((gap.placeholder for gap in missing if gap.key == "escalation_owner" and gap.placeholder), "")
    )
    people = {**desk["roles"], **({"owner": owner} if owner else {}), "负责人": owner or desk["roles"]["owner"]}
    for part, cues in desk["parts"].items():
        if one := next((one for one in ours if re.search(cues, f"{one.who}{one.name}")), None):
            people[part] = one.name if one.name and one.name not in one.who and len(one.who) > LONG else one.who
            if one.name and one.name not in people[part]:
                people[part] += one.name
    if stated:
        people["owner"] = re.sub(r"[，,、\s]*[\d-]{7,}", "", stated[0])
    if people["owner"] != desk["roles"]["owner"]:
        people["负责人"] = people["owner"]
    return people


LONG = 12


def watch_of(situation: CrisisSituation) -> tuple[str, ...]:
    """Where to look for what comes next."""
    desk = book().desk
    group = situation.group or "本群"
    places = [
        desk["watch_threat" if row.pending else "watch_spread"].format(place=place)
        for row in situation.spread
        for place in _places_in(row.text)
    ]
    told = "".join(places)
    seen = [match[0] for match in re.finditer(book().reading["platforms"], heard(situation))]
    places += [desk["watch_spread"].format(place=place) for place in dict.fromkeys(seen) if place not in told]
    own = [row for profile in profiles_of(situation) for row in profile.watch]
    return tuple(dict.fromkeys([desk["watch_group"].format(group=group), *own, *places, desk["watch_own"]]))


def _places_in(text: str) -> list[str]:
    """The platforms and groups a row names; its own words where it names none in short."""
    named = [match[0].strip() for match in re.finditer(book().reading["places"], text)]
    return list(dict.fromkeys(named)) or ([text] if len(text) <= LONG * 2 else [])


def rejected_of(situation: CrisisSituation) -> tuple[Rejected, ...]:
    """The operator's draft clause by clause: what is not used, why, and what is said instead."""
    rows = []
    for row in situation.draft:
        for sentence in sentences(row.text) or [row.text]:
            for clause in clauses(sentence):
                if why := _why(clause, situation):
                    rows.append(
                        Rejected(words=clause, code=why.code, reason=why.reason, instead=why.instead, rule=why.rule)
                    )
    return tuple(dict.fromkeys(rows))


GREETING = 4


def _why(clause: str, situation: CrisisSituation) -> Rejection | None:
    """What is wrong with a clause: its own words, what the checks of authority say, or that nothing backs it."""
    for row in book().rejections:
        if re.search(row.cues, clause):
            return row
    if errors := [one for one in authority_findings(clause, "group", situation.bounds) if one.severity == "error"]:
        return _from_finding(errors[0])
    said = "\n".join(row.text for row in (*situation.verified, *situation.authorised))
    pairs = {clause[at : at + 2] for at in range(len(clause) - 1)}
    known = len(clause) <= GREETING or sum(pair in said for pair in pairs) * 2 >= len(pairs)
    return None if known else book().rejected_rest


def _from_finding(finding: Finding) -> Rejection:
    rest = book().rejected_rest
    return Rejection(code=finding.code, reason=finding.message, instead=finding.fix or rest.instead, rule=finding.rule)


def notes_of(
    situation: CrisisSituation, schedule: Schedule, missing: Sequence[Missing], changes: Changes
) -> tuple[str, ...]:
    """What the operator should know before sending."""
    says = book().desk["notes"]
    rows = [] if situation.verified else [says["no_verified"]]
    if schedule.note:
        rows.append(schedule.note)
    if any(one.key == "entry" for one in missing):
        rows.append(says["entry"])
    if untold(situation) or book().says["untold_late"] in apology_of(situation):
        rows.append(says["inferred"])
    rows += [says["dropped"].format(point=point) for point in changes.dropped]
    rows += [says["withdrawn"].format(point=point) for point in changes.withdrawn]
    rows += [says["control"], says["spread"], says["evidence"]]
    rows += [
        says["private_each"].format(who=called(one, situation))
        for _, one in addressed(situation)
        if (one.count or 1) > 1
    ]
    rows += [row for profile in profiles_of(situation) for row in profile.notes]
    return tuple(dict.fromkeys(rows))

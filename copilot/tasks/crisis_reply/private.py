"""The messages to one person each, and the words of an own person who is doubted by name."""

import re

from copilot.records import Origin
from copilot.tasks.crisis_reply.answering import answer_to, doubts_in, open_answer
from copilot.tasks.crisis_reply.assignment import CrisisAssignment
from copilot.tasks.crisis_reply.book import book, found, profile_names, profiles_of
from copilot.tasks.crisis_reply.caring import apology_of, asks_of, care_of, cautions_of, of_pets, watchful
from copilot.tasks.crisis_reply.lexicon import crisis_book
from copilot.tasks.crisis_reply.reply import PrivateReply
from copilot.tasks.crisis_reply.saying import open_point, say_rows
from copilot.tasks.crisis_reply.situation import Concerned, CrisisSituation, Row

OFFERS = 4  # actions told in one private message
FACTS = 3
DEMANDS = 2


def addressed(situation: CrisisSituation) -> tuple[tuple[str, Concerned], ...]:
    """Who gets a private message, with the id of each: `c1`, `c2` … in the order of the brief. Own people get none.

    Where somebody is harmed or at risk whom the brief does not list, that person comes first.
    """
    rows = [row for one in situation.concerned if (row := _to_be_answered(one, situation))]
    says, names = book().private, situation.bounds.names
    quiet = any(profile.quiet for profile in profiles_of(situation))
    origin = situation.incident[0].origin if situation.incident else Origin(field="", line=1, quote="")
    if quiet and not any(_at_risk(one) for one in rows):
        name = names[0] if len(names) == 1 else ""
        rows.insert(0, Concerned(name=name, who=says["at_risk_who"], role="affected", words=(AT_RISK,), origin=origin))
    elif cautions_of(situation) and not any(one.role == "affected" for one in rows):
        who = says["harmed_minor_who" if situation.bounds.minors else "harmed_who"]
        rows.insert(0, Concerned(who=who, role="affected", minor=situation.bounds.minors, origin=origin))
    return tuple((f"c{number}", one) for number, one in enumerate(rows, 1))


AT_RISK = "撑不下去"


def _to_be_answered(one: Concerned, situation: CrisisSituation) -> Concerned | None:
    """The person, if a message is due: who is harmed or at risk is no bystander, whatever they say."""
    told = "\n".join((one.who, *one.words))
    if one.role == "ours":
        return None
    if any(profile.quiet for profile in profiles_of(situation)):
        return one if one.role != "bystander" or _at_risk(one) else None
    if one.role in ("bystander", "doubter") and any(re.search(row.cues, told) for row in cautions_of(situation)):
        return one.model_copy(update={"role": "affected"})
    return one if one.role != "bystander" else None


def _at_risk(one: Concerned) -> bool:
    """Whether this person's own words speak of ending their life."""
    return bool(crisis_book().types["self_harm"].cues.search("\n".join((one.who, *one.words))))


def private_replies(assignment: CrisisAssignment) -> tuple[PrivateReply, ...]:
    """A message for each person or kind of person concerned."""
    return tuple(PrivateReply(id=name, text=_write(one, assignment)) for name, one in addressed(assignment.situation))


def _write(one: Concerned, assignment: CrisisAssignment) -> str:
    situation, says = assignment.situation, book().private
    quiet = any(profile.quiet for profile in profiles_of(situation))
    several = says["nameless"] if (one.count or 1) > 1 else ""
    hi = f"{one.name or several}，你好。".removeprefix("，")
    if quiet and _at_risk(one):
        return "\n".join([says["at_risk"].format(hi=hi), says["at_risk_more"]])
    if quiet:
        return says["quiet_other"].format(hi=hi)
    if "fraud" in profile_names(situation) and one.role in ("affected", "complainer"):
        lead = says["loss"].format(hi=hi, care=watchful(situation))
        return "\n".join(line for line in (lead, *_asks(assignment), *_course(one, assignment)) if line)
    role = "complainer" if one.role == "defender" and doubts_in("\n".join(one.words)) else one.role
    build = {
        "affected": _affected,
        "complainer": _complainer,
        "doubter": _doubter,
        "defender": _defender,
        "agitator": _agitator,
        "leaker": _leaker,
    }.get(role, _doubter)
    return "\n".join(line for line in build(one, hi, assignment) if line)


def _affected(one: Concerned, hi: str, assignment: CrisisAssignment) -> list[str]:
    says, situation = book().private, assignment.situation
    if not care_of(situation):
        return [_thanked(hi), *_asks(assignment), *_course(one, assignment)]
    lead = says["affected_minor" if one.minor else "affected"].format(hi=hi)
    health = "" if of_pets(situation) else says["health"]
    return [lead + health, *_asks(assignment), *_course(one, assignment)]


def _thanked(hi: str) -> str:
    return book().private["complainer_bare"].format(hi=hi)


def _asks(assignment: CrisisAssignment) -> list[str]:
    """What we need to know from somebody, and what it is for."""
    says = book().private
    asks = "；".join(asks_of(assignment.situation)[0])
    return [says["asks"].format(asks=asks, use=says["use"])] if asks else []


def _course(one: Concerned, assignment: CrisisAssignment, told: str = "") -> list[str]:
    """What can be done, what this person's own demands can be answered, what is open, and when we speak again."""
    situation, says = assignment.situation, book().private
    offers = _offers(situation, one)
    can = says["can"] + "；".join(offers) + "。" if offers else ""
    settled, open_ = _own_answers(one, situation, can + told)
    points = [f"· {open_point(text)}" for text in say_rows(situation.unverified, situation)]
    lines = [*settled, can, *open_, *([says["open"], *points] if points else [])]
    return [*lines, says["next"].format(next=assignment.next_time) + assignment.to_entry(says, "contact")]


def _own_answers(one: Concerned, situation: CrisisSituation, told: str) -> tuple[list[str], list[str]]:
    """The answers to a person's own demands that the ledger gives, without what they are told anyway; and the open ones."""
    settled, open_ = [], []
    for doubt in doubts_in("\n".join((*one.words, one.who)))[:DEMANDS]:
        answer = answer_to(doubt, situation)
        if answer == open_answer(doubt):
            open_.append(answer.replace("大家", "你"))
        elif not all(part.rstrip("。") in told for part in answer.split("；")):
            settled.append(book().private["asked"].format(answer=answer))
    return list(dict.fromkeys(settled)), list(dict.fromkeys(open_))


def _offers(situation: CrisisSituation, one: Concerned | None = None) -> tuple[str, ...]:
    """What can be done, first what this person asked for."""
    rows: list[Row] = [row for row in situation.authorised if not found("broadcast", row.text)]
    wanted = [doubt.rows for doubt in doubts_in("\n".join((*one.words, one.who)))] if one else []
    rows.sort(key=lambda row: not any(re.search(pattern, row.text) for pattern in wanted))
    return say_rows(rows, situation)[:OFFERS]


def _facts(situation: CrisisSituation) -> str:
    """What is verified, for one person: our own part first."""
    told = say_rows(situation.verified, situation)
    ranked = sorted(told, key=lambda row: not found("fault", row))
    return book().private["result"] + "；".join(ranked[:FACTS]) + "。" if told else ""


def _complainer(one: Concerned, hi: str, assignment: CrisisAssignment) -> list[str]:
    says, situation = book().private, assignment.situation
    sorry = apology_of(situation)
    offers = _offers(situation, one)
    can = says["can"] + "；".join(offers) + "。" if offers else ""
    lead = says["complainer"].format(hi=hi) if offers else _thanked(hi)
    facts = _facts(situation)
    settled, _ = _own_answers(one, situation, can + facts)
    unwell = found("symptoms", "\n".join((*one.words, one.who)))
    asks = _asks(assignment) if not offers or unwell else []
    rest = [line for line in _course(one, assignment, facts) if line not in (can, *settled)]
    return [lead, *settled, can, sorry, facts, *asks, *rest]


def _doubter(one: Concerned, hi: str, assignment: CrisisAssignment) -> list[str]:
    says, situation = book().private, assignment.situation
    offers = _offers(situation)
    can = says["can"] + "；".join(offers) + "。" if offers else ""
    facts = _facts(situation)
    settled, open_ = _own_answers(one, situation, facts + can)
    nearly = says["next"].format(next=assignment.next_time)
    return [says["doubter"].format(hi=hi), facts, *settled, can, *open_, says["doubter_ask"], nearly]


def _defender(one: Concerned, hi: str, assignment: CrisisAssignment) -> list[str]:
    says = book().private
    return [says["defender"].format(hi=hi) + says["defender_ask"], says["next"].format(next=assignment.next_time)]


def _agitator(one: Concerned, hi: str, assignment: CrisisAssignment) -> list[str]:
    says = book().private
    return [says["agitator"].format(hi=hi) + says["agitator_ask"], *_course(one, assignment)]


def _leaker(one: Concerned, hi: str, assignment: CrisisAssignment) -> list[str]:
    said = "\n".join((*one.words, one.who, *assignment.situation.bounds.secrets))
    key = found("key", said) or re.search(r"sk-|Bearer|[A-Za-z0-9]{16,}", said)
    return [book().private["leaker" if key else "leaker_personal"].format(hi=hi)]


def doubted(situation: CrisisSituation) -> Concerned | None:
    """The own person of some standing whom members doubt; None where nobody is."""
    posts = book().personal["posts"]
    return next((one for one in situation.concerned if one.doubted and re.search(posts, one.who + one.name)), None)


def personal_words(assignment: CrisisAssignment) -> str:
    """What the doubted own person can post in the first person; "" where nobody of ours is doubted."""
    situation, lore = assignment.situation, book().personal
    one = doubted(situation)
    if one is None:
        return ""
    post = next(iter(re.findall(lore["posts"], one.who)), "")
    who = post if one.name in ("", post) else f"{post}{one.name}" if post not in one.name else one.name
    facts = say_rows((row for row in situation.verified), situation)
    own = tuple(re.sub(rf"^(?:{re.escape(post)})?(?:本人|自己)", "我", row) if post else row for row in facts)
    offers = _offers(situation)
    points = [open_point(text) for text in say_rows(situation.unverified, situation)]
    sorry = apology_of(situation) or lore["sorry"]
    lines = [
        lore["opening"].format(who=who or one.who) + sorry,
        lore["facts"] + "；".join(own) + "。" if own else "",
        lore["doing"] + "；".join(offers) + "。" if offers else "",
        lore["open"] + "；".join(points) + "。" if points else "",
        lore["closing"] + book().says["hold_next"].format(next=assignment.next_time),
    ]
    return "\n".join(line for line in lines if line)

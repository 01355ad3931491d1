"""The messages to one person each, and the words of an own person who is doubted by name."""

import re

from copilot.records import Origin
from copilot.tasks.crisis_reply.answering import answer_to, doubts_in, open_answer
from copilot.tasks.crisis_reply.assignment import CrisisAssignment
from copilot.tasks.crisis_reply.book import Card, book, found
from copilot.tasks.crisis_reply.caring import (
    apology_of,
    asks_of,
    care_of,
    cautions_of,
    of_pets,
    papers_of,
    thing_sent,
    watchful,
)
from copilot.tasks.crisis_reply.profiles import profile_names, profiles_of, traits_of
from copilot.tasks.crisis_reply.reply import PrivateReply
from copilot.tasks.crisis_reply.saying import heard, is_for_one, open_point, say_rows
from copilot.tasks.crisis_reply.situation import Concerned, CrisisSituation, Row

OFFERS = 4  # actions told in one private message
FACTS = 3
DEMANDS = 2
TITLE = 16  # characters in the title of a message


def addressed(situation: CrisisSituation) -> tuple[tuple[str, Concerned], ...]:
    """Who gets a private message, with the id of each: `c1`, `c2` …

    Those who are harmed, bereaved or at risk come first, even where the brief does not list them; kinds of people who get
    the same message are one.
    """
    rows = [one for one in situation.concerned if card_of(one, situation)[0] and not _has_died(one, situation)]
    about, traits = heard(situation), traits_of(situation) | set(profile_names(situation))
    present = {card_of(one, situation)[0] for one in rows}
    origin = situation.incident[0].origin if situation.incident else Origin(field="", line=1, quote="")
    for name, card in book().cards.items():
        fits = card.add and traits & set(card.traits) and not traits & set(card.not_traits)
        if fits and name not in present and re.search(card.cues, about):
            role = card.roles[0] if card.roles else "bystander"
            rows.append(
                Concerned(
                    who=card.title, role=role, minor=situation.bounds.minors, words=(_word(card, about),), origin=origin
                )
            )
    harmed = any(one.role == "affected" for one in rows)
    if cautions_of(situation) and not harmed and not present & {"guardian"}:
        who = book().cards["affected"].title
        rows.append(Concerned(who=who, role="affected", minor=situation.bounds.minors, origin=origin))
    if "self_harm" in traits and not any(card_of(one, situation)[0] == "at_risk" for one in rows):
        name = situation.bounds.names[0] if len(situation.bounds.names) == 1 else ""
        rows = [one for one in rows if not name or one.name != name]
        rows.append(
            Concerned(name=name, who=book().cards["at_risk"].title, role="affected", words=("撑不下去",), origin=origin)
        )
    order = list(book().cards)
    kept: dict[tuple[str, str], Concerned] = {}
    for one in rows:
        name = card_of(one, situation)[0]
        key = (name, _name(one, situation))
        kept[key] = one if key not in kept or (one.count or 0) > (kept[key].count or 0) else kept[key]
    led = sorted(kept, key=lambda key: order.index(key[0]) if book().cards[key[0]].first else len(order))
    return tuple((f"c{number}", kept[key]) for number, key in enumerate(led, 1))


def _word(card: Card, about: str) -> str:
    """The words of the story that call for a message nobody is listed for."""
    match = re.search(card.cues, about)
    return match[0] if match else ""


def card_of(one: Concerned, situation: CrisisSituation) -> tuple[str, Card]:
    """The message somebody gets, by name; "" for none. Their part in the matter decides, then their role."""
    cards, traits = book().cards, traits_of(situation) | set(profile_names(situation))
    told = "\n".join((one.who, *one.words))
    if one.name and "self_harm" in traits:
        told += "".join(clause for clause in re.split("[，。；\n]", heard(situation)) if one.name in clause)
    if one.role == "ours":
        name = "accused" if traits & set(cards["accused"].traits) else "colleague"
        implicated = (one.accused or one.doubted) and traits & set(cards[name].traits)
        return (name, cards[name]) if implicated or (one.accused and not one.doubted) else ("", cards["doubter"])
    role = "complainer" if one.role == "defender" and doubts_in("\n".join(one.words)) else one.role
    for name, card in cards.items():
        if (card.traits and not traits & set(card.traits)) or traits & set(card.not_traits) or "ours" in card.roles:
            continue
        if card.nameless and one.name:
            continue
        if card.cues != "$^" and not re.search(card.cues, told):
            continue
        if (card.cues == "$^" and not card.roles) or (card.roles and role not in card.roles):
            continue
        if (name == "outside" and role in ("affected", "leaker")) or (name == "affected" and not care_of(situation)):
            return ("unharmed", cards["unharmed"]) if name == "affected" else (name, card)
        return name, card
    return "", cards["doubter"]


def called(one: Concerned, situation: CrisisSituation) -> str:
    """How the desk calls a person or kind of person, in few words."""
    card = card_of(one, situation)[1]
    if (name := _name(one, situation)) and len(name) <= TITLE:
        return name
    title = card.minor_title if one.minor and card.minor_title else card.title
    return book().private["several"].format(title=title) if (one.count or 1) > 1 else title


def _name(one: Concerned, situation: CrisisSituation) -> str:
    """How somebody is called in a message to them; "" where the name is hidden, a child's, or that of who is looked for."""
    absent = any(profile.people_first for profile in profiles_of(situation)) and one.role == "affected"
    hidden = "隐去" in one.name or _is_child(one, situation) or (absent and not found("kin_name", one.name))
    return "" if hidden else one.name


def _has_died(one: Concerned, situation: CrisisSituation) -> bool:
    """Whether a name is that of who died: nothing is written to them."""
    if not one.name or not any(profile.mourning for profile in profiles_of(situation)):
        return False
    died = rf"{re.escape(one.name)}[”」]?(?!的|说|问)[^，。；说问]{{0,16}}(?:{book().reading['died']})"
    return bool(re.search(died, heard(situation)))


def _is_child(one: Concerned, situation: CrisisSituation) -> bool:
    """Whether a name is the child's own: what is written goes to the guardian."""
    name = re.escape(one.name)
    child = rf"(?:{book().reading['children']}|学生|学员|班)的?[“「]?{name}|{name}[”」]?\s*[（(]?\s*\d+\s*岁"
    return bool(one.name and one.minor and re.search(child, heard(situation)))


def private_replies(assignment: CrisisAssignment) -> tuple[PrivateReply, ...]:
    """A message for each person or kind of person concerned."""
    return tuple(PrivateReply(id=name, text=_write(one, assignment)) for name, one in addressed(assignment.situation))


def _write(one: Concerned, assignment: CrisisAssignment) -> str:
    situation, says = assignment.situation, book().private
    _, card = card_of(one, situation)
    several = says["nameless"] if (one.count or 1) > 1 else ""
    name = _name(one, situation)
    hi = f"{name or several}，你好。".removeprefix("，")
    pets = of_pets(situation)
    text = card.pets if pets and card.pets else card.minor if card.minor and one.minor else card.text
    owner = assignment.gap("escalation_owner", "【待补充:负责人】")
    bare = not traits_of(situation) & {"intake", "product"}
    health = "" if pets else book().card_parts["health_bare" if bare else "health"]
    lead = text.format(hi=hi, care=watchful(situation), health=health, owner=owner, thing=thing_sent(situation))
    writer = _Writer(one, assignment)
    if "offers" in card.parts and not writer.offers and text == book().cards["complainer"].text:
        lead = book().cards["unharmed"].text.format(hi=hi)
    return "\n".join(line for line in (lead, *(line for part in card.parts for line in writer.part(part))) if line)


class _Writer:
    """The standing parts of one message, none of them said twice."""

    def __init__(self, one: Concerned, assignment: CrisisAssignment) -> None:
        self.one, self.assignment, self.situation = one, assignment, assignment.situation
        mourning = any(profile.mourning for profile in profiles_of(self.situation))
        rows = [row for row in self.situation.authorised if not found("broadcast", row.text)]
        self.own = tuple(row for row in rows if is_for_one(row))
        self.offers = self._ranked([row for row in rows if row not in self.own] if mourning else rows)

    def part(self, name: str) -> list[str]:
        """The lines of one part."""
        says, situation = book().private, self.situation
        if name == "offers":
            return self._can(self.offers)
        if name == "own_offers":
            return self._can(say_rows(self.own, situation))
        if name == "facts":
            return [facts] if (facts := _facts(situation, self.one)) else []
        if name == "sorry":
            return [apology_of(situation)]
        if name in ("asks", "unwell"):
            wanted = name == "asks" or found("symptoms", "\n".join((*self.one.words, self.one.who))) or not self.offers
            asks = "；".join(asks_of(situation)[0]) if wanted else ""
            return [says["asks"].format(asks=asks, use=says["use"])] if asks else []
        if name == "answers":
            told = "；".join((*self.offers, _facts(situation, self.one)))
            return _own_answers(self.one, situation, told)
        if name == "open":
            points = [f"· {open_point(text)}" for text in say_rows(situation.unverified, situation)]
            return [says["open"], *points] if points else []
        if name == "next":
            return [says["next"].format(next=self.assignment.next_time)]
        if name == "contact":
            return [self.assignment.to_entry(says, "contact")]
        if name == "owner":
            owner = self.assignment.gap("escalation_owner", "")
            return [says["contact_owner"].format(owner=owner)] if owner else [self.assignment.to_entry(says, "contact")]
        if name == "papers" and not papers_of(situation):
            return []
        return [book().card_parts[name]]

    def _can(self, offers: tuple[str, ...]) -> list[str]:
        return [book().private["can"] + "；".join(offers) + "。"] if offers else []

    def _ranked(self, rows: list[Row]) -> tuple[str, ...]:
        """What can be done, first what this person asked for."""
        wanted = [doubt.rows for doubt in doubts_in("\n".join((*self.one.words, self.one.who)))]
        rows = sorted(rows, key=lambda row: not any(re.search(pattern, row.text) for pattern in wanted))
        return say_rows(rows, self.situation)[:OFFERS]


def _own_answers(one: Concerned, situation: CrisisSituation, told: str) -> list[str]:
    """The answers to a person's own demands, without what they are told anyway; the open ones last."""
    settled, open_ = [], []
    for doubt in doubts_in("\n".join((*one.words, one.who)))[:DEMANDS]:
        answer = answer_to(doubt, situation)
        if answer == open_answer(doubt):
            open_.append(answer.replace("大家", "你"))
        elif not all(part.rstrip("。") in told for part in answer.split("；")):
            settled.append(book().private["asked"].format(answer=answer))
    return list(dict.fromkeys((*settled, *open_)))


def _facts(situation: CrisisSituation, one: Concerned | None = None) -> str:
    """What is verified, for one person: our own part first, then what speaks of the others and of what they asked."""
    told = say_rows(situation.verified, situation)
    about = "\n".join((one.who, *one.words)) if one else ""
    mourning = any(profile.mourning for profile in profiles_of(situation))

    def rank(row: str) -> tuple[bool, int]:
        near = sum(row[at : at + 2] in about for at in range(len(row) - 1))
        return (not found("others", row) if mourning else not found("fault", row)), -near

    ranked = sorted(told, key=rank)[: 1 if mourning else FACTS]
    return book().private["result"] + "；".join(ranked) + "。" if told else ""


def doubted(situation: CrisisSituation) -> Concerned | None:
    """The own person of some standing whom members doubt; None where nobody is, or where people come first."""
    posts = book().personal["posts"]
    if any(profile.quiet or profile.people_first or profile.mourning for profile in profiles_of(situation)):
        return None
    return next((one for one in situation.concerned if one.doubted and re.search(posts, one.who + one.name)), None)


def personal_words(assignment: CrisisAssignment) -> str:
    """What the doubted own person can post in the first person; "" where nobody of ours is doubted."""
    situation, lore = assignment.situation, book().personal
    one = doubted(situation)
    if one is None or card_of(one, situation)[0]:
        return ""
    post = next(iter(re.findall(lore["posts"], one.who)), "")
    who = post if one.name in ("", post) else f"{post}{one.name}" if post not in one.name else one.name
    facts = say_rows((row for row in situation.verified), situation)
    own = tuple(re.sub(rf"^(?:{re.escape(post)})?(?:本人|自己)", "我", row) if post else row for row in facts)
    offers = say_rows((row for row in situation.authorised if not found("broadcast", row.text)), situation)[:OFFERS]
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

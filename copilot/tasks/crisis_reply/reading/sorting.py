"""From a brief to what a crisis reply starts from: the ledger, the people, the type, how grave it is, and its bounds."""

import re
from collections.abc import Iterable, Sequence

from copilot.chat.signals import suspicious
from copilot.errors import InputError
from copilot.facts.brief import Brief, Statement, clauses, lexicon
from copilot.facts.items import Item
from copilot.facts.ledger import build_ledger
from copilot.facts.prose import split_label
from copilot.facts.pseudonyms import find_personal
from copilot.facts.slots import slot_of
from copilot.tasks.crisis_reply.reading.classifying import kinds_of, own_fault, severity_of, spread_of
from copilot.tasks.crisis_reply.reading.gaps import conflicts_of, crisis_findings, missing_of
from copilot.tasks.crisis_reply.reading.lexicon import HIDDEN, Section, crisis_book
from copilot.tasks.crisis_reply.reading.naming import Setting, section_of_path
from copilot.tasks.crisis_reply.reading.people import people_of
from copilot.tasks.crisis_reply.reading.sections import Piece, sections_of, settings_of
from copilot.tasks.crisis_reply.reading.telling import unfounded
from copilot.tasks.crisis_reply.situation import Bounds, CrisisSituation, Row

__all__ = ["conflicts_of", "crisis_brief", "crisis_findings", "missing_of", "read_crisis"]

PREFIXES = {
    "incident": "n", "excerpts": "x", "verified": "v", "unverified": "u", "authorised": "a", "forbidden": "f", "draft": "d",
    "spread": "s", "clock": "t", "entry": "e", "owners": "o", "internal": "m", "wish": "w", "earlier": "b", "unread": "z",
}  # fmt: skip
PUBLIC = ("authorised", "entry", "owners", "clock")  # numbers in these are given for members to use
SHORT_GROUP = 4  # characters: 业主群 names no group
TELLING = ("incident", "excerpts", "verified", "unverified")


def read_crisis(brief: Brief, earlier: tuple[str, ...] = ()) -> CrisisSituation:
    """What a brief says of a crisis. `earlier` is what was published on it before, oldest first.

    Raises `InputError` where nothing tells what happened.
    """
    brief, keys = _without_keys(brief)
    hostile, pieces = _without_hostile(sections_of(brief))
    pieces = [piece._replace(section=_own_section(piece)) for piece in pieces]
    if not any(piece.section in (*TELLING, "unread") for piece in pieces):
        raise InputError(
            "没有说发生了什么", hint="写上事情经过：什么时候、谁、说了什么；再分开写已核实、没核实、能承诺和不能说的"
        )
    rows = _rows(pieces)
    heard = [piece for piece in pieces if piece.text not in hostile]
    people = people_of(pieces, hostile)
    quiet = [f"{piece.who}：{piece.text}" for piece in pieces if piece.section not in PUBLIC]
    secrets = tuple(dict.fromkeys((*keys, *personal_in(quiet))))
    own = _particulars(brief, pieces)
    minors = any(one.minor for one in people.concerned) or _about_children(pieces)
    kinds = kinds_of(heard)
    spread = spread_of(heard, own["group"])
    fault = own_fault(heard, kinds)
    published = tuple(dict.fromkeys((*earlier, *(piece.text for piece in pieces if piece.section == "earlier"))))
    bounds = Bounds(
        verified=_texts(rows["verified"]),
        unverified=_texts(rows["unverified"]),
        allowed=_texts((*rows["authorised"], *rows["clock"], *rows["entry"])),
        forbidden=_texts(rows["forbidden"]),
        names=people.names,
        secrets=secrets,
        owned=bool(fault),
        minors=minors,
        earlier=published,
    )
    scattered = tuple(
        Row(id=f"s{number}", text=one.text, origin=heard[one.piece].origin, pending=one.threatened)
        for number, one in enumerate(spread, 1)
    )
    return CrisisSituation(
        group=own["group"],
        community=own["community"],
        members=_members(own["size"]),
        channel=own["platform"],
        incident=rows["incident"] or rows["excerpts"] or rows["verified"] or rows["unverified"] or rows["unread"],
        excerpts=rows["excerpts"],
        verified=rows["verified"],
        unverified=rows["unverified"],
        authorised=rows["authorised"],
        forbidden=rows["forbidden"],
        draft=rows["draft"],
        concerned=people.concerned,
        spread=scattered,
        clock=rows["clock"],
        entry=rows["entry"],
        owners=rows["owners"],
        internal=rows["internal"],
        wishes=rows["wish"],
        earlier=rows["earlier"],
        unread=rows["unread"],
        kinds=kinds,
        severity=severity_of(
            heard, kinds, spread, secrets=bool(keys) or any(_posted(one, heard) for one in secrets), minors=minors
        ),
        bounds=bounds,
        owned_because=fault,
        items=_items(brief, (*rows["verified"], *rows["authorised"], *rows["clock"], *rows["entry"]), bounds),
    )


def crisis_brief(brief: Brief, situation: CrisisSituation) -> Brief:
    """The brief with the situation's rows for statements: what may be said is a fact, all else stays on the desk.

    Its ledger backs exactly what a reply may say; statement ids are those of the items.
    """
    spoken = {item.statement.id for item in situation.items}
    facts = tuple(item.statement for item in situation.items)
    quiet = [*situation.incident, *situation.unverified, *situation.forbidden, *situation.internal, *situation.wishes]
    quiet += [*situation.earlier, *situation.unread]
    others = tuple(
        Statement(id=row.id, role=role, label="", text=row.text, origin=row.origin, pending=row.pending)
        for role, rows in (("internal", quiet), ("quoted", situation.excerpts), ("draft", situation.draft))
        for row in rows
        if row.id not in spoken
    )
    return brief.model_copy(update={"statements": (*facts, *others)})


# What must be repeated nowhere


def _posted(secret: str, pieces: Sequence[Piece]) -> bool:
    """Whether a number stands in a message or in what was told of one; a room number that the operator gives does not."""
    told = (piece for piece in pieces if piece.section in ("incident", "excerpts"))
    return not re.fullmatch(r"\d{3,4}", secret) and any(secret in f"{piece.who}：{piece.text}" for piece in told)


def _without_keys(brief: Brief) -> tuple[Brief, tuple[str, ...]]:
    """The brief without the keys, tokens and passwords somebody posted, and these; what is meant for members stays."""
    fields, keys = [], list[str]()
    for field in brief.fields:
        text = field.text
        for key in keys_in(text) if section_of_path(field.path) not in PUBLIC else ():
            keys.append(key)
            text = re.sub(rf"[(（]{re.escape(key)}[)）]|{re.escape(key)}", HIDDEN, text)
        fields.append(field.model_copy(update={"text": text}))
    return brief.model_copy(update={"fields": tuple(fields)}), tuple(dict.fromkeys(keys))


def keys_in(text: str) -> list[str]:
    """The keys, tokens and passwords in a text, the longest first."""
    matches = [match for pattern in crisis_book().secrets for match in pattern.finditer(text)]
    return sorted({match[match.lastindex or 0].strip("”\"'") for match in matches}, key=lambda key: (-len(key), key))


def personal_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The numbers and addresses of persons in these texts."""
    found = list[str]()
    for text in texts:
        found += [text[one.start : one.end] for one in find_personal(text) if one.type != "NAME"]
        for pattern in crisis_book().identifiers:
            found += [match[match.lastindex or 0] for match in pattern.finditer(text)]
    return tuple(dict.fromkeys(found))


# Which row a stretch really is


def _without_hostile(pieces: tuple[Piece, ...]) -> tuple[frozenset[str], list[Piece]]:
    """The pieces without orders to the assistant; a message that gives one stays evidence, but nobody's words."""
    hostile = frozenset(piece.text for piece in pieces if suspicious(piece.text))
    kept = [piece for piece in pieces if piece.text not in hostile or piece.section in ("incident", "excerpts")]
    return hostile, kept


def _own_section(piece: Piece) -> Section:
    """What the desk alone may know is internal, and a member's saying or a guess never verified, wherever they stand."""
    if piece.section in ("verified", "authorised", "unverified") and lexicon().cues["internal"].search(piece.text):
        return "internal"
    return "unverified" if piece.section == "verified" and unfounded(piece.text) else piece.section


def _about_children(pieces: Sequence[Piece]) -> bool:
    child = crisis_book().patterns["words.child"]
    return any(child.search(piece.text) for piece in pieces if piece.section in TELLING)


_NAMED_GROUP = re.compile(
    r"(?:^|[\n。])\s*(?P<name>[^\s，。；：:]{2,20}群)[\s，,]*(?P<platform>微信|QQ|企业微信|企微|钉钉|飞书)?[\s，,]*(?P<size>\d{2,6})\s*人"
)
_WITH_SIZE = re.compile(
    r"^(?P<name>.{2,30}?)\s*[（(](?P<inner>[^（）()]*?(?P<size>\d{2,6})\s*(?:多|余)?人?[^（）()]*)[）)]$"
)
_PLATFORM = re.compile("企业微信|企微|微信|QQ|钉钉|飞书|Discord|Telegram|Slack|WhatsApp", re.IGNORECASE)
_GROUP = re.compile(
    r"(?P<outer>[^，。；（(“”\s]{0,14}群)?\s*[（(][“\"「]?(?P<inner>[^）)“”，,]{2,24}?群)?[”\"」，,\s]*(?P<size>\d{2,6})\s*(?:多|余)?人[^）)]{0,12}[）)]"
)


def _particulars(brief: Brief, pieces: Sequence[Piece]) -> dict[Setting, str]:
    """The group's name, size, platform and organisation: from the brief's keys, else as its prose gives them."""
    own, meta = settings_of(brief), brief.meta
    found: dict[Setting, str] = {
        "group": own.get("group") or meta.get("group", ""),
        "size": own.get("size") or meta.get("group_size", ""),
        "platform": own.get("platform") or meta.get("platform", ""),
        "community": own.get("community") or meta.get("group_type", ""),
    }
    if told := _WITH_SIZE.match(found["group"]):
        platform = _PLATFORM.search(told["inner"])
        _fill(found, group="", size=told["size"], platform=platform[0] if platform else "")
        found["group"] = told["name"]
    story = "\n".join(piece.text for piece in pieces if piece.section == "incident")
    if told := _NAMED_GROUP.search(story):
        _fill(found, group=told["name"], size=told["size"], platform=told["platform"] or "")
    elif told := _GROUP.search(story):
        inner, outer = (told["inner"] or "").strip(), (told["outer"] or "").strip()
        _fill(found, group=inner if len(inner) > SHORT_GROUP else outer or inner, size=told["size"])
    if quoted := re.search(r"群\s*[“\"「]([^”\"」]{2,20})[”\"」]", story):
        _fill(found, group=quoted[1])
    return found


def _fill(found: dict[Setting, str], **told: str) -> None:
    """Fill in what is not known yet."""
    found.update({name: value or told.get(name, "") for name, value in found.items()})


def _members(text: str) -> int | None:
    match = re.search(r"\d{1,7}", text.replace(",", "").replace("，", ""))
    return int(match[0]) if match else None


def _rows(pieces: Sequence[Piece]) -> dict[str, tuple[Row, ...]]:
    """The rows of every section, each once, numbered within it."""
    rows: dict[str, dict[str, Row]] = {name: {} for name in PREFIXES}
    for piece in pieces:
        if piece.section not in rows:
            continue
        text = f"{piece.who}：{piece.text}" if piece.section == "excerpts" and piece.who else piece.text
        own = rows[piece.section]
        said = piece.section == "unverified" and bool(crisis_book().prose["said"].search(text))
        pending = said or (piece.section == "verified" and bool(lexicon().cues["pending"].search(text)))
        own.setdefault(
            text, Row(id=f"{PREFIXES[piece.section]}{len(own) + 1}", text=text, origin=piece.origin, pending=pending)
        )
    return {name: tuple(found.values()) for name, found in rows.items()}


def _texts(rows: Iterable[Row]) -> tuple[str, ...]:
    return tuple(row.text for row in rows)


# What may be said


def _items(brief: Brief, rows: Sequence[Row], bounds: Bounds) -> tuple[Item, ...]:
    """The rows that may be said, without names and secrets, with their values."""
    spoken = []
    for row in rows:
        text = _public(row.text, bounds)
        if not text:
            continue
        label, words = split_label(text)
        label = label if re.search(r"[\u4e00-\u9fff]", label) else ""
        statement = Statement(
            id=row.id, role="fact", label=label, text=words if label else text, origin=row.origin, pending=row.pending
        )
        spoken.append((statement, statement.text))
    whole = brief.model_copy(update={"statements": tuple(statement for statement, _ in spoken)})
    ledger = build_ledger(whole, spoken)
    return tuple(
        Item(
            id=f"i{statement.id}",
            label=statement.label,
            text=text,
            slot=slot_of(statement.label, text, ledger.values[statement.id]),
            statement=statement,
            values=ledger.values[statement.id],
        )
        for statement, text in spoken
    )


def _public(text: str, bounds: Bounds) -> str:
    """A row's words for the group: no clause with a secret, no name; "业主王女士" is "业主"."""
    if any(secret in text for secret in bounds.secrets):
        text = "，".join(clause for clause in clauses(text) if not any(secret in clause for secret in bounds.secrets))
    book = crisis_book()
    nouns = rf"(?:{book.patterns['words.people'].pattern}|{book.patterns['words.staff'].pattern}|{book.patterns['words.desk'].pattern})"
    for name in sorted(bounds.names, key=len, reverse=True):
        named = re.escape(name)
        text = re.sub(rf"({nouns})\s*[“\"「『@]?{named}[”\"」』]?", r"\1", text)
        text = re.sub(rf"[“\"「『@]?{named}[”\"」』]?", book.person, text)
    return text.strip()

"""The brief: what the operator handed over, sorted by what each sentence is for.

Every sentence becomes a `Statement` with a role, or steers the text (`meta`). Only facts may reach the group as
they are; a wish or an old draft may only repeat them, what members said is quoted at most to the operator, an internal
note never leaves the desk. Roles come from the field's name (`knowledge/brief.yaml`) and from the sentence's own
words: "别往外发" is internal wherever it stands, and holds back the clause it stands in, not its neighbours.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from copilot.facts.entries import META, Line, lines_of
from copilot.facts.intake import Field, read_fields
from copilot.facts.keys import ABOUT_GROUP, lexicon, opening_speaker
from copilot.facts.prose import (
    SALUTATION,
    Clause,
    clauses,
    is_empty,
    matters,
    refers_back,
    sentences,
    split_label,
    spoken,
    unfilled,
)
from copilot.facts.settings_said import limit_of, settings_in
from copilot.facts.slots import slot_named, slot_of
from copilot.facts.voices import two_voices
from copilot.records import Origin, Record

__all__ = ["META", "Brief", "Role", "Statement", "clauses", "lexicon", "read_brief", "sentences", "split_label"]

Role = Literal["fact", "wish", "draft", "quoted", "internal"]


class Statement(Record):
    """One sentence of the brief. `label` is its heading in the operator's words ("报名截止") or empty.

    `pending` marks what the sentence itself says is not settled yet ("还没批", "稍后补").
    """

    id: str
    role: Role
    label: str
    text: str
    origin: Origin
    pending: bool = False


class Brief(Record):
    """A sorted brief. `meta` holds what steers the text (group, tone, length …) and is not itself announced;
    `meta_origins` says where each entry of it was first said, `fields` is the input as it came.
    """

    meta: dict[str, str]
    statements: tuple[Statement, ...]
    now: datetime
    now_given: bool
    meta_origins: dict[str, Origin] = {}
    fields: tuple[Field, ...] = ()

    def by_role(self, *roles: Role) -> tuple[Statement, ...]:
        """The statements of these roles, in the order given."""
        return tuple(statement for statement in self.statements if statement.role in roles)


def read_brief(
    source: str | Mapping[Any, Any],
    *,
    now: datetime,
    now_given: bool = False,
    suffix: str = "",
    known: Mapping[str, Any] | None = None,
) -> Brief:
    """Sort a brief given as text (free, YAML or JSON) or as a mapping with any keys.

    `known` is what is on record about the groups: it stands first in `fields` and says who reads (`meta`), but is no
    statement of the brief. Raises `EmptyInputError`, `InputTooLargeError` or `InputError` with the fix.
    """
    reader = _Reader(now)
    recorded = read_fields(known) if known else ()
    written = read_fields(source, suffix=suffix)
    for line in lines_of(recorded):
        if line.role in ABOUT_GROUP:
            reader.read(line)
    for line in lines_of(written):
        reader.read(line)
    drafted = _with_secrets(reader.drafted, now)
    statements = tuple(statement.model_copy(update={"id": f"s{number}"}) for number, statement in enumerate(drafted, 1))
    meta = reader.meta
    if "purpose" not in meta and len(statements) > 1 and _is_title(statements[0]):
        reader.note("purpose", statements[0].text, statements[0].origin)
        statements = statements[1:]
    if "purpose" not in meta:
        themes = [
            row
            for row in statements
            if row.role == "fact" and not row.pending and row.label in ("主题", "活动", "事项")
        ]
        for theme in themes[:1]:
            reader.note("purpose", theme.text, theme.origin)
    moment, given = _stated_now(meta.get("now", []), now, now_given)
    return Brief(
        meta={key: limit_of(values) if key == "length" else "；".join(values) for key, values in meta.items()},
        statements=statements,
        now=moment,
        now_given=given,
        meta_origins=reader.origins,
        fields=(*recorded, *written),
    )


class _Reader:
    """Sorts lines into statements and meta."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.meta: dict[str, list[str]] = {}
        self.origins: dict[str, Origin] = {}
        self.drafted: list[Statement] = []

    def note(self, key: str, words: str, origin: Origin) -> None:
        """Keep what steers the text."""
        self.meta.setdefault(key, []).append(words)
        self.origins.setdefault(key, origin.model_copy(update={"quote": words}))

    def read(self, line: Line) -> None:
        """Sort one line."""
        label = line.label
        line = line.model_copy(update={"text": SALUTATION.sub("", line.text)})
        if line.role == "purpose":
            self._purpose(line)
        elif line.role in META:
            self.note(line.role, line.text, line.origin)
        elif line.role == "fact":
            if label and (asked := self._request(label)):
                self.note(asked, label, line.origin)
                line = line.model_copy(update={"label": "", "entry": False})
            self._facts(line)
        elif line.role != "profile":
            parts = [line.text] if line.role == "quoted" else sentences(line.text) or [line.text]
            for number, part in enumerate(parts):
                text = self._without_settings(part, line.origin) if line.role == "wish" else part
                if text and not is_empty(text):
                    self._add(line.role, "" if number else label, text, line.origin)

    def _purpose(self, line: Line) -> None:
        """What the text is for, without what it is to leave out."""
        unsaid = [clause for clause in clauses(line.text) if lexicon().cues["unsaid"].search(clause)]
        told = "，".join(clause for clause in clauses(line.text) if clause not in unsaid) if unsaid else line.text
        if told:
            self.note(line.role, told, line.origin)
        for clause in unsaid:
            self._add("internal", "", clause, line.origin)

    def _without_settings(self, text: str, origin: Origin) -> str:
        """A wish without its clauses about length and manner, which go where they are heard."""
        pieces = spoken(text, self.now)
        settings = settings_in([piece.text for piece in pieces])
        if not settings:
            return text
        self._note_settings(settings, pieces, origin)
        return _join([piece for number, piece in enumerate(pieces) if number not in settings])

    def _note_settings(self, settings: dict[int, tuple[str, str]], pieces: list[Clause], origin: Origin) -> None:
        for number, (key, words) in settings.items():
            self.note(key, words, origin.model_copy(update={"quote": pieces[number].text}))

    def _facts(self, line: Line) -> None:
        for number, part in enumerate([line.text] if line.entry else sentences(line.text) or [line.text]):
            label = "" if number else line.label
            speaker, words = ("", part) if label else opening_speaker(part)
            origin = line.origin.model_copy(update={"field": speaker}) if speaker else line.origin
            entry = bool(label) or (line.entry and not speaker)
            self._sentence(label, words, origin, entry=entry, opens=not number)

    def _sentence(self, label: str, text: str, origin: Origin, *, entry: bool, opens: bool) -> None:
        """The statements of one sentence, or of one entry: settings apart, internal and open clauses apart.

        `opens`: it is the first of its line.
        """
        pieces = spoken(text, self.now)
        unpunctuated = not label and any(not piece.gap for piece in pieces[:-1])
        entry = entry and not unpunctuated
        settings = settings_in([piece.text for piece in pieces])
        self._note_settings(settings, pieces, origin)
        kept = [piece for number, piece in enumerate(pieces) if number not in settings]
        if not label:
            kept = [piece for piece in kept if not self._asks(piece, origin)]
        dictated = [piece for piece in kept if lexicon().cues["dictated"].search(piece.text)]
        if 0 < len(dictated) < len(kept) and not two_voices(text):
            self._add("wish", "", _join(dictated), origin)
            kept = [piece for piece in kept if piece not in dictated]
        if unpunctuated:
            kept = [piece.model_copy(update={"text": unfilled(piece.text)}) for piece in kept]
        units = [
            (any(_is_internal(piece.text) for piece in unit), unit)
            for unit in self._reaching(_units(kept), opens=opens)
        ]
        said = [piece for held, unit in units if not held for piece in unit]
        if entry and said:
            pending = lexicon().cues["pending"].search(text)
            whole = len(said) == len(pieces) and not pending
            self._add("fact", label, text if whole else _join(said, open_=True), origin)
        for held, group in groupby(units, key=lambda row: row[0]):
            run = [piece for _, unit in group for piece in unit]
            if held:
                self._add("internal", "" if said else label, _join(run), origin)
            elif not entry:
                self._prose(run, origin)

    def _reaching(self, units: list[list[Clause]], *, opens: bool) -> list[list[Clause]]:
        """What says "…，先别说" may mean more than one clause: it takes along those before it that are about no known
        matter, and, where it opens a line, those after it.
        """
        cue, reached = lexicon().cues["internal"], list[list[Clause]]()
        ahead = opens and bool(units) and bool(lexicon().cues["notice"].search(units[0][0].text))
        for unit in units:
            turns = lexicon().cues["turn"].search(unit[0].text)
            ahead = ahead and not turns
            if ahead and reached:
                unit = [*reached.pop(), *unit]
            if not turns and any(cue.search(piece.text) and refers_back(piece.text) for piece in unit[1:]):
                while reached and self._unknown(reached[-1]):
                    unit = [*reached.pop(), *unit]
            reached.append(unit)
        return reached

    def _unknown(self, unit: list[Clause]) -> bool:
        from copilot.facts.values import read_values

        return all(slot_of("", piece.text, read_values(piece.text, self.now)) == "other" for piece in unit)

    def _prose(self, pieces: list[Clause], origin: Origin) -> None:
        """Prose is one statement for each matter and each open point."""
        cue = lexicon().cues["pending"]
        units = [(any(cue.search(piece.text) for piece in unit), unit) for unit in _units(pieces)]
        for pending, group in groupby(units, key=lambda row: row[0]):
            run = [unit for _, unit in group]
            for parts in run if pending else matters([piece for unit in run for piece in unit]):
                self._add("fact", "", _join(parts, open_=pending), origin)

    def _asks(self, piece: Clause, origin: Origin) -> bool:
        """Whether a clause is what the brief is for ("帮我写个周六徒步的公告"), not something to announce."""
        if key := self._request(piece.text):
            self.note(key, piece.text, origin)
        return bool(key)

    def _request(self, text: str) -> str:
        """What words that ask for a text are kept as: a bare errand, or the matter that the text is to be about."""
        cues = lexicon().cues
        return next((key for key, cue in (("request", "errand"), ("purpose", "request")) if cues[cue].search(text)), "")

    def _add(self, role: str, label: str, text: str, origin: Origin) -> None:
        """One statement; a fact's own words can still make it internal or a wish."""
        if is_empty(text):
            return
        cues = lexicon().cues
        own: Role = "fact"
        if role in ("draft", "quoted"):
            own = "draft" if role == "draft" else "quoted"
        elif role == "internal" or _is_internal(text) or cues["internal"].search(label):
            own = "internal"
        elif role == "wish" or cues["dictated"].search(text) or (not label and cues["wish"].search(text)):
            own = "fact" if role == "fact" and two_voices(text) else "wish"
        self.drafted.append(
            Statement(
                id="",
                role=own,
                label=label,
                text=text,
                pending=bool(cues["pending"].search(text)),
                origin=origin.model_copy(update={"quote": text}),
            )
        )


def _is_internal(text: str) -> bool:
    cues = lexicon().cues
    return bool(cues["internal"].search(text) or cues["unsaid"].search(text))


def _units(pieces: list[Clause]) -> list[list[Clause]]:
    """Clauses with those that only speak of the one before ("…，先别说"; "…，财务还没点头")."""
    units: list[list[Clause]] = []
    for piece in pieces:
        if units and refers_back(piece.text):
            units[-1].append(piece)
        else:
            units.append([piece])
    return units


def _join(pieces: list[Clause], *, open_: bool = False) -> str:
    """Clauses as one text. `open_`: spaces become commas, and what says that the clause before it is open stays
    in one clause with it, so that the two are held back together.
    """
    text = ""
    for number, piece in enumerate(pieces):
        text += piece.text
        if number + 1 < len(pieces):
            following = pieces[number + 1].text
            gap = piece.gap or "，"
            if open_:
                pending = lexicon().cues["pending"].search(following)
                gap = " " if pending and refers_back(following) else "，" if gap.isspace() else gap
            text += gap
        elif _DOUBTED.search(piece.text) and re.match("[？?]", piece.gap):
            text += piece.gap
    return text


# A figure before a question mark is doubted, and the mark stays with it: "老会员80？".
_DOUBTED = re.compile(r"\d\D{0,2}$")


def _is_title(first: Statement) -> bool:
    """Whether free text opens with a bare line such as "秋游通知": a title, nothing to be announced."""
    plain = re.fullmatch(
        r"[^\d，,。！!？?：:；;、\s]{1,12}(?:通知|公告|预告|招募|须知|说明|开团|上新|招新)", first.text
    )
    return bool(plain) and first.role == "fact" and not first.label and not first.pending and first.origin.line == 1


def _with_secrets(drafted: list[Statement], now: datetime) -> list[Statement]:
    """A note like "押金的事先别提" or "不要提价格" makes every clause about it internal, wherever it stands."""
    cues = lexicon().cues
    notes = [row.text for row in drafted if row.role == "internal"]
    topics = {match["topic"] for text in notes if (match := cues["secret"].search(text))}
    topics |= {match["topic"] for text in notes for part in clauses(text) if (match := cues["unsaid"].search(part))}
    if not topics:
        return drafted
    from copilot.facts.values import read_values

    matters_held = {slot for topic in topics if (slot := slot_named(topic))}
    found: list[Statement] = []
    for row in drafted:
        told = [
            clause
            for clause in clauses(row.text)
            if any(topic in clause for topic in topics)
            or (matters_held and slot_of("", clause, read_values(clause, now)) in matters_held)
        ]
        if row.role not in ("fact", "wish") or not (
            told or any(topic in row.label for topic in topics) or slot_named(row.label) in matters_held
        ):
            found.append(row)
            continue
        rest = "，".join(clause for clause in clauses(row.text) if clause not in told) if told else ""
        if rest:
            found.append(row.model_copy(update={"text": rest}))
        found.append(row.model_copy(update={"role": "internal", "text": "，".join(told) or row.text}))
    return found


def _stated_now(stated: list[str], now: datetime, given: bool) -> tuple[datetime, bool]:
    """The brief may say what day it is; the caller's word is stronger."""
    if given or not stated:
        return now, given
    from copilot.facts.moments import read_moments

    for moment in read_moments(stated[0], now):
        if moment.date:
            clock = moment.time or now.time()
            return datetime.combine(moment.date, clock, tzinfo=now.tzinfo), True
    return now, False

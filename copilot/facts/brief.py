"""The brief: what the operator handed over, sorted by what each sentence is for.

Every sentence becomes a `Statement` with a role. Only facts may reach the group as they are; a
wish or an old draft may only repeat them, an internal note never leaves the desk. Roles come from
the field's name (`knowledge/brief.yaml`) and from the sentence's own words: "别往外发" is internal
wherever it stands.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Literal

from copilot.facts.intake import Field, read_fields
from copilot.lore import load_yaml
from copilot.records import Origin, Record

Role = Literal["fact", "wish", "draft", "internal"]
META = ("group", "group_type", "group_size", "audience", "purpose", "tone", "length", "platform", "kind", "now")


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
    """A sorted brief. `meta` holds what steers the text (group, tone, length …) and is not itself announced."""

    meta: dict[str, str]
    statements: tuple[Statement, ...]
    now: datetime
    now_given: bool

    def by_role(self, *roles: Role) -> tuple[Statement, ...]:
        """The statements of these roles, in the order given."""
        return tuple(statement for statement in self.statements if statement.role in roles)


class Lexicon(Record):
    """`knowledge/brief.yaml`, compiled."""

    keys: dict[str, str]
    cues: dict[str, re.Pattern[str]]
    aims: re.Pattern[str]
    vocatives: tuple[str, ...]


@cache
def lexicon() -> Lexicon:
    """The words by which the parts of a brief are told apart."""
    data = load_yaml("brief.yaml")
    return Lexicon(
        keys={_fold(name): role for role, names in data["keys"].items() for name in names},
        cues={name: re.compile(pattern) for name, pattern in data["cues"].items()},
        aims=re.compile(data["aims"]),
        vocatives=tuple(data["vocatives"]),
    )


def read_brief(source: str | Mapping[Any, Any], *, now: datetime, now_given: bool = False, suffix: str = "") -> Brief:
    """Sort a brief given as text (free, YAML or JSON) or as a mapping with any keys.

    Raises `EmptyInputError`, `InputTooLargeError` or `InputError` with the fix.
    """
    meta: dict[str, list[str]] = {}
    drafted: list[Statement] = []
    for field in read_fields(source, suffix=suffix):
        role, key = _role_of(field.path)
        for label, text, line in _lines(field):
            if lexicon().cues["request"].search(label):
                meta.setdefault("purpose", []).append(label)
                label = ""
            asked, text = ("", text) if label or role != "fact" else _request(text)
            text = _SALUTATION.sub("", text)
            if asked:
                meta.setdefault("purpose", []).append(asked)
            if not text:
                continue
            own = _own_role(label, text) if label and not field.path else None
            if (own or role) in META:
                meta.setdefault(own or role, []).append(text if own else _with_key(key, role, text))
            else:
                shown = "" if own else label or (key if role == "fact" else "")
                speaker = bool(shown and lexicon().cues["speaker"].search(shown))
                origin = Origin(field=shown if speaker else field.path or "text", line=line, quote=text)
                drafted += _statements(
                    own or role, "" if speaker else shown, text, origin, prose=speaker or not field.path
                )
    statements = tuple(statement.model_copy(update={"id": f"s{number}"}) for number, statement in enumerate(drafted, 1))
    if "purpose" not in meta and (themes := [row.text for row in statements if row.label in ("主题", "活动", "事项")]):
        meta["purpose"] = themes[:1]
    moment, given = _stated_now(meta.get("now", []), now, now_given)
    return Brief(
        meta={key: "；".join(values) for key, values in meta.items()},
        statements=statements,
        now=moment,
        now_given=given,
    )


def _own_role(label: str, text: str) -> str | None:
    """The role that a line of free text gives itself by its heading; "会员群：…" names the group."""
    if label.endswith("群") and len(text) <= 20:
        return "group"
    return lexicon().keys.get(_fold(label))


def _request(text: str) -> tuple[str, str]:
    """Part "帮我写个周六徒步的公告" from the facts around it: it is what the brief is for, not something to announce."""
    cue = lexicon().cues["request"]
    asked = [clause for clause in clauses(text) if cue.search(clause)]
    for clause in asked:
        text = re.sub(re.escape(clause) + r"[，,。；;：:！!]?", "", text, count=1)
    return "，".join(asked), text.strip()


def _fold(name: str) -> str:
    return re.sub(r"[\s_\-]", "", name).lower()


def _role_of(path: str) -> tuple[str, str]:
    """The role of a field by the innermost key of its path that says one, and the words to label a fact with."""
    keys = [key for key in re.sub(r"\[\d+\]", "", path).split(".") if key]
    table = lexicon().keys
    for key in reversed(keys):
        if role := table.get(_fold(key)):
            return ("fact" if role == "facts" else role), (keys[-1] if keys[-1] != key else "")
    return "fact", keys[-1].replace("_", " ") if keys else ""


def _with_key(key: str, role: str, text: str) -> str:
    return f"{key}：{text}" if key and role == "group_size" else text


_LABEL = re.compile(
    r"^[\s\-*·•●◦▪️]*(?:\d{1,2}(?:[、)）]|\.(?!\d))\s*)?(?P<label>[^\s:：，。,；;！!？?“”\"'（(]{1,12})\s*[:：]\s*(?P<text>\S.*)$"
)
_LABELLED_PART = re.compile(r"[；;](?=\s*[^\s:：，。,；;！!？?“”（(]{2,8}[:：]\s*\D)")
_BULLET = re.compile(r"^\s*(?:[-*·•●◦▪]\s*|\d{1,2}(?:[、)）]|\.(?!\d))\s*|[①-⑳]\s*|[（(]\d{1,2}[)）]\s*)")


def split_label(text: str) -> tuple[str, str]:
    """`报名截止：周五` → ("报名截止", "周五"); a clock time or a link is no label."""
    match = _LABEL.match(text)
    if (
        not match
        or match["label"].isdigit()
        or match["label"].lower() in ("http", "https")
        or re.search(r"\d$", match["label"])
    ):
        return "", text
    return match["label"], match["text"]


def _lines(field: Field) -> list[tuple[str, str, int]]:
    """(label, text, line) for each line of a field, bullets taken off."""
    rows = []
    for number, line in enumerate(field.text.split("\n")):
        text = _BULLET.sub("", line).strip()
        for part in _LABELLED_PART.split(text) if split_label(text)[0] else [text]:
            if part.strip():
                rows.append((*split_label(part.strip()), field.line + number))
    return rows


_SALUTATION = re.compile(
    r"^(?:(?:各位|亲爱的|尊敬的)[^，,。！!：:\s]{1,8}|大家好|[^，,。！!：:\s]{1,4}们)(?:好|们好|大家好)?[，,！!：:]\s*(?=\S)"
)
_SENTENCE = re.compile(r"[^。！？!?；;]+(?:[。！？!?；;]+[”’」』）)]*|$)")


def sentences(text: str) -> list[str]:
    """The sentences of a text, punctuation kept; brackets are not split open."""
    pieces: list[str] = []
    for match in _SENTENCE.finditer(text):
        if pieces and _open_bracket(pieces[-1]):
            pieces[-1] += match[0]
        elif match[0].strip():
            pieces.append(match[0])
    return [piece.strip() for piece in pieces]


def clauses(text: str) -> list[str]:
    """The clauses of a text: split at commas and stops outside brackets and quotes, punctuation dropped."""
    parts, depth, current = [], 0, ""
    for char in text:
        depth += char in "（(《“「【["
        depth -= char in "）)》”」】]"
        if char in "，。；！？,;!?" and depth <= 0:
            parts.append(current)
            current = ""
        else:
            current += char
    return [part.strip() for part in [*parts, current] if part.strip()]


def _open_bracket(text: str) -> bool:
    return any(text.count(left) > text.count(right) for left, right in ("（）", "()", "“”", "《》", "「」"))


def _statements(role: str, label: str, text: str, origin: Origin, *, prose: bool) -> list[Statement]:
    """A labelled line or a list's entry is one statement; prose is one for each matter it touches."""
    cues = lexicon().cues
    if role == "fact" and not prose:
        pieces = [(label, text)]
    else:
        first, *rest = sentences(text) or [text]
        opening = [(label, first)] if label or role != "fact" else [("", part) for part in _matters(first)]
        pieces = opening + [
            ("", part) for sentence in rest for part in (_matters(sentence) if role == "fact" else [sentence])
        ]
    found = []
    for heading, piece in pieces:
        own: Role = (
            "draft"
            if role == "draft"
            else "internal"
            if role == "internal" or cues["internal"].search(piece)
            else "wish"
            if role == "wish"
            else "fact"
        )
        if own == "fact" and not heading and cues["wish"].search(piece):
            own = "wish"
        quote = origin.model_copy(update={"quote": piece})
        found.append(
            Statement(
                id="", role=own, label=heading, text=piece, pending=bool(cues["pending"].search(piece)), origin=quote
            )
        )
    return found


_AFTERTHOUGHT = re.compile(
    r"^(?:因为|由于|所以|但|不过|并|且|和|以及|也|还|就|则|即|如果|若|仍|包括|其中|共|请|一共|每)"
)


def _matters(sentence: str) -> list[str]:
    """A sentence cut at the commas where it turns to another matter: "…晚8点，用腾讯会议，报名群里接龙"."""
    from copilot.facts.slots import slot_of

    parts: list[str] = []
    last = ""
    for clause in clauses(sentence):
        slot = slot_of("", clause, ())
        if parts and (slot in ("other", last) or _AFTERTHOUGHT.search(clause)):
            parts[-1] += f"，{clause}"
        else:
            parts.append(clause)
            last = slot
    return parts


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

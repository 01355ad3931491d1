"""The rows of a crisis ledger in words for the group: no member's name, no secret, no child, times in order."""

import re
from collections.abc import Iterable

from copilot.facts.brief import clauses
from copilot.tasks.crisis_reply.book import book, found
from copilot.tasks.crisis_reply.reading.lexicon import crisis_book
from copilot.tasks.crisis_reply.situation import Bounds, CrisisSituation, Row, Severity

_ISO_DATE = re.compile(r"20\d\d\s*[-/年]\s*(\d{1,2})\s*[-/月]\s*(\d{1,2})日?")
_SOMEONE = "当事人"
_COUNTED = r"(?:[一二两三四五六七八九十\d]+[位个名])?"


def say_row(row: Row, situation: CrisisSituation) -> str:
    """A row for the group; "" where nothing of it may be said."""
    item = next((one for one in situation.items if one.statement.id == row.id), None)
    if item:
        text = f"{item.label}：{item.text}" if item.label else item.text
    elif situation.items and row in (*situation.verified, *situation.authorised):
        return ""
    else:
        text = _cleaned(row.text, situation.bounds)
    if found("accuses", text) and (found("members", text) or any(name in row.text for name in situation.bounds.names)):
        return ""  # what a member says of us is no fact, wherever the brief puts it
    text = _ISO_DATE.sub(lambda match: f"{int(match[1])}月{int(match[2])}日", text)
    if row in situation.authorised:
        text = for_members(text)
    text = re.sub(r"(?<=[一-龥])(?<!当事人)\s+(?=[一-龥])", "，", text)
    text = re.sub(rf"{_SOMEONE}\s+(?=[一-龥])", _SOMEONE, text)
    return without_children(text.strip().rstrip("。；;，, "), minors=situation.bounds.minors)


def _cleaned(text: str, bounds: Bounds) -> str:
    """A text without members' names and what must not be repeated."""
    for secret in bounds.secrets:
        text = text.replace(secret, "")
    for name in sorted(bounds.names, key=len, reverse=True):
        text = re.sub(rf"[“「\"]?@?{re.escape(name)}[”」\"]?", _SOMEONE, text)
    return text


def without_children(text: str, *, minors: bool = True) -> str:
    """A text without the children it speaks of, what ails them, their parents and hospitals: `孩子腹泻是否…` → `这次的情况是否…`."""
    reading = book().reading
    if minors:
        text = re.sub(reading["hospital"], "送医", text)
        kept = [part for part in re.split("([，；])", text) if not re.match(reading["kin"], part)]
        text = "".join(kept).strip("，；")
    if not found("children", text):
        return text
    children, symptoms, records = reading["children"], reading["symptoms"], reading["about_records"]
    text = re.sub(rf"{_COUNTED}(?:{children})的?(?:{symptoms})+(?!{symptoms}|{records})", reading["symptom_word"], text)
    return re.sub(rf"{_COUNTED}(?:{children})(?:的|们的)", "", text)


def for_members(text: str) -> str:
    """An action as it is said to members: `教怎么查` → `想查的话，我们教大家怎么查`, `向 58 人逐一告知` → `我们会向 58 人逐一告知`."""
    for pattern, said in book().phrasing:
        told, count = re.subn(pattern, said, text, count=1)
        if count:
            return told
    return text


def is_for_one(row: Row) -> bool:
    """Whether an action is meant for one person or family only (尸检费用, 监控给主人看)."""
    return found("for_one", row.text)


def say_rows(rows: Iterable[Row], situation: CrisisSituation) -> tuple[str, ...]:
    """Rows for the group, each once, in the order given."""
    return tuple(dict.fromkeys(text for row in rows if (text := say_row(row, situation))))


_CLOCK = re.compile(
    r"^(?:(?:\d{1,2}\s*月\s*)?\d{1,2}\s*[日号]\s*|今[天早晚]|当[天晚]|昨[天晚])?\s*(\d{1,2})[:：点](\d{2})?"
)


def in_order(rows: Iterable[str]) -> tuple[str, ...]:
    """The rows with one that is a time line ("09:20 …，09:32 …") taken apart, a time a line, the earliest first."""
    lines: list[str] = []
    for row in rows:
        parts = re.split(r"[，,；;]", row)
        clocks = [match for part in parts if (match := _CLOCK.match(part.strip()))]
        if len(parts) < 2 or len(clocks) < len(parts):
            lines.append(row)
            continue
        timed = zip(((int(match[1]), int(match[2] or 0)) for match in clocks), parts, strict=True)
        lines += [part.strip() for _, part in sorted(timed, key=lambda pair: pair[0])]
    return tuple(lines)


def is_timed(row: str) -> bool:
    """Whether a row opens with a clock time, as the rows of a time line do."""
    return bool(_CLOCK.match(row))


def open_point(text: str) -> str:
    """What is still open, as a point: `是否变质` stays, `已经恢复` becomes `是否已经恢复`."""
    text = re.sub(r"(?:还|尚)?(?:在|待)(?:核实|查|确认)(?:中)?$|[（(][^）)]*[）)]$", "", text).strip("：:，, ") or text
    text = re.sub(r"^(?:不清楚|不知道|还没(?:弄|查)清(?:楚)?|不确定|未核实)[：:，,]?", "", text).strip() or text
    for name in ("source", "taken"):
        text = re.sub(book().reading[name], book().reading[f"{name}_word"], text)
    asks = re.search(
        r"是否|能否|还是|有没有|有无|(\w)不\1|会不会|哪|谁|多少|何|什么|怎|多久|几|吗|原因|时间|结果|范围|情况|数量|责任|人数|去向|来源",
        text,
    )
    return text if asks or len(text) <= SHORT else f"“{text}”是否属实"


SHORT = 8


def faults(situation: CrisisSituation) -> tuple[str, ...]:
    """What we verifiably did wrong, without the reasons: they come later."""
    told = []
    for text in say_rows(situation.verified, situation):
        wrong = [clause for clause in clauses(text) if _is_fault(clause, situation)]
        if wrong and not found("promised", wrong[0][:4]):
            told.append("，".join(wrong))
    return tuple(told)


def _is_fault(clause: str, situation: CrisisSituation) -> bool:
    """Whether a verified clause tells a fault of our own: not its reason, and not somebody else's."""
    admitted = found("fault", clause) or crisis_book().patterns["fault.admitted"].search(clause)
    others = found("not_ours", clause) and clause not in situation.owned_because
    return bool(admitted) and not others and not re.match(book().reading["cause"], clause)


def promised(situation: CrisisSituation) -> str:
    """The verified words of what had been promised; "" where there are none."""
    rows = say_rows(situation.verified, situation)
    return next((row for row in rows if found("promised", row) and re.search(r"\d", row)), "")


def account(situation: CrisisSituation) -> str:
    """The operator's own account of the matter: what happened and what is verified."""
    return "\n".join(row.text for row in (*situation.incident, *situation.verified))


def heard(situation: CrisisSituation) -> str:
    """All that was said and happened, members' words included."""
    words = [word for one in situation.concerned for word in one.words]
    return "\n".join([account(situation), *(row.text for row in situation.excerpts), *words])


def level_of(severity: Severity) -> str:
    """`3 级 严重`."""
    return f"{severity.level} 级 {severity.title}"


def still_missing(situation: CrisisSituation) -> str:
    """How many are not accounted for, by the operator's own account; "" where nobody is missing."""
    match = re.search(book().reading["still_missing"], account(situation))
    return book().says["still_missing"].format(count=match["count"] or match["short"]) if match else ""

"""What of a brief may be said in the group, and what is held back, with the reason.

Facts are said. Wishes are said when they are settled, decent and about this matter. An old draft may only repeat
what the facts hold. Internal notes stay on the desk. Whatever is held back is shown to the operator with its reason.
"""

import re
from collections.abc import Iterable
from functools import cache

from copilot.checks.facts import unbacked
from copilot.checks.wording import wording_findings
from copilot.facts.brief import Brief, Statement, clauses, lexicon
from copilot.facts.ledger import Ledger, build_ledger
from copilot.facts.names import read_names
from copilot.facts.problems import Item
from copilot.facts.slots import slot_of
from copilot.lore import load_yaml
from copilot.records import Finding, Origin, Record


class Held(Record):
    """Words of the brief that were kept out of the text: why, and the handbook rule behind it."""

    words: str
    code: str
    reason: str
    fix: str
    origin: Origin
    rule: str | None = None


class Screened(Record):
    """The outcome: what may be said, what is held back, and what is still unsettled (item id → what to ask for)."""

    items: tuple[Item, ...]
    held: tuple[Held, ...]
    pending: dict[str, str]
    ledger: Ledger


@cache
def reasons() -> dict[str, dict[str, str]]:
    """Why something is held back, in the operator's language (`knowledge/screening.yaml`)."""
    data: dict[str, dict[str, str]] = load_yaml("screening.yaml")
    return data


def screen(brief: Brief) -> Screened:
    """Sort a brief's statements into what may be said and what may not."""
    held: list[Held] = []
    pending: dict[str, str] = {}
    spoken: list[tuple[Statement, str]] = []
    has_facts = bool(brief.by_role("fact"))
    for statement in brief.by_role("fact", *(() if has_facts else ("draft",))):
        text = _decent(statement, held)
        if text and statement.pending:
            text, asked = _with_placeholder(statement.label, text, statement, held)
            if asked:
                pending[statement.id] = asked
        if text:
            spoken.append((statement, text))
    for statement in brief.by_role("wish"):
        if text := _settled_wish(statement, held):
            spoken.append((statement, text))
    ledger = build_ledger(brief, spoken)
    for statement in brief.by_role("draft") if has_facts else ():
        held += _unfounded(statement, ledger)
    for statement in brief.by_role("internal"):
        held.append(_held(statement, statement.text, "internal-open" if statement.pending else "internal"))
    items = _items(spoken, ledger)
    order = {statement.id: place for place, statement in enumerate(brief.statements)}
    items = tuple(sorted(items, key=lambda item: order[item.statement.id]))
    return Screened(items=items, held=tuple(held), pending=pending, ledger=ledger)


def _items(spoken: Iterable[tuple[Statement, str]], ledger: Ledger) -> tuple[Item, ...]:
    items = []
    for number, (statement, text) in enumerate(spoken, 1):
        values = ledger.values[statement.id]
        items.append(
            Item(
                id=f"i{number}",
                label=statement.label,
                text=text,
                slot=slot_of(statement.label, text, values),
                statement=statement,
                values=values,
            )
        )
    return tuple(items)


def _held(statement: Statement, words: str, code: str, rule: str | None = None) -> Held:
    row = reasons()[code]
    return Held(
        words=words,
        code=code,
        reason=row["reason"],
        fix=row["fix"],
        rule=rule or row.get("rule"),
        origin=statement.origin,
    )


def _held_by(statement: Statement, words: str, finding: Finding) -> Held:
    return Held(
        words=words,
        code=finding.code,
        reason=finding.message,
        fix=finding.fix,
        rule=finding.rule,
        origin=statement.origin,
    )


def _offence(text: str) -> Finding | None:
    """The first thing in a clause that must not go out: an illegal, coercive or insulting wording."""
    for finding in wording_findings(text):
        if finding.severity == "error" or finding.code == "promo-urgency":
            return finding
    return None


_LISTED_FIGURES = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{1,6}\s*[：:]?\s*[-−–+]?\d+(?:\.\d+)?\s*(?:kg|公斤|斤|分|元|块|名)?"
)
_PERSONAL = re.compile(
    r"体重|减重|公斤|kg|血压|血糖|病情|病史|月薪|欠费|欠款|成绩|分数|倒数|身份证|\d\s*斤", re.IGNORECASE
)


def _exposes(text: str) -> bool:
    """Somebody's body, health, grade or debt figure: with a name, or in a list of figures a person each."""
    return bool(_PERSONAL.search(text)) and (bool(read_names(text)) or len(_LISTED_FIGURES.findall(text)) > 1)


def _decent(statement: Statement, held: list[Held]) -> str:
    """A fact's words, clause by clause, without those that must not go out."""
    kept = statement.text
    for clause in clauses(statement.text):
        finding = _offence(clause)
        if finding:
            held.append(_held_by(statement, clause, finding))
            kept = kept.replace(clause, _mended(clause, finding))
        elif _exposes(clause):
            held.append(_held(statement, clause, "personal-data"))
            kept = kept.replace(clause, "")
    return _tidy(kept)


def _mended(clause: str, finding: Finding) -> str:
    """The clause with its safe replacement, or nothing where none is safe."""
    if not finding.replacement or not finding.span:
        return ""
    mended = clause[: finding.span.start] + finding.replacement + clause[finding.span.end :]
    return "" if _offence(mended) else mended


def _tidy(text: str) -> str:
    text = re.sub(r"^[，,。；;、\s]+|(?<=[，,。；;、！!])[，,。；;、\s]*(?=[，,。；;、！!])", "", text)
    return re.sub(r"[，,、；;。\s]+$", "", text).strip()


def _with_placeholder(label: str, text: str, statement: Statement, held: list[Held]) -> tuple[str, str]:
    """An unsettled fact: settled clauses stay, the open one becomes a placeholder that names what is missing."""
    cue = lexicon().cues["pending"]
    settled = [clause for clause in clauses(text) if not cue.search(clause)]
    open_clauses = [clause for clause in clauses(text) if cue.search(clause)]
    subject = next((name for clause in open_clauses if (name := _open_subject(clause, cue))), "")
    if not subject and not label:
        held += [_held(statement, clause, "unconfirmed") for clause in open_clauses]
        return "，".join(settled), ""
    asked = (
        subject if not label or subject.startswith(label) else label + (subject if len(label + subject) <= 12 else "")
    )
    placeholder = f"【待补充:{asked}】"
    return ("，".join([*settled, placeholder]) if label else "，".join([*settled, f"{asked}：{placeholder}"])), asked


def _open_subject(clause: str, cue: re.Pattern[str]) -> str:
    match = cue.search(clause)
    before = clause[: match.start()] if match else ""
    before = re.sub(r"[（(“\"].*$", "", before)
    before = re.sub(r"(?:大概|大约|可能|目前|暂时|现在|具体|还|也|的?是|但|说|我)+$", "", before).strip()
    return before if 1 < len(before) <= 10 else ""


_STYLE = re.compile(
    r"^(?:语气|风格|口吻|字数|控制在|不要超过|\d+字(?:以内|左右)|(?:写|弄|搞)得?.{0,6}(?:点|些|短|活泼|正式|简洁)|(?:不要|别)用?(?:表情|emoji))"
)
_PROMOTE = re.compile(
    r"(?:顺手|顺便|顺带|再)?(?:推一?下|提一[下嘴句]|推广|宣传一?下|带一?下(?:货)?|打个广告|种草|安利)"
)


def _settled_wish(statement: Statement, held: list[Held]) -> str:
    """What a wish adds to the text: its clauses that are settled, decent and on this matter."""
    cues = lexicon().cues
    kept = []
    for sentence_clause in clauses(statement.text):
        clause = re.sub(f"^(?:(?:{cues['wish'].pattern.removeprefix('^')})[：:，,]?)+", "", sentence_clause).strip()
        if not clause or _STYLE.search(sentence_clause) or _about_effect(sentence_clause):
            continue
        finding = _offence(sentence_clause)
        if finding:
            held.append(_held_by(statement, sentence_clause, finding))
        elif _PROMOTE.search(sentence_clause):
            held.append(_held(statement, sentence_clause, "off-topic"))
        elif cues["pending"].search(statement.text) or cues["hearsay"].search(clause):
            held.append(_held(statement, sentence_clause, "unconfirmed"))
        elif _exposes(clause):
            held.append(_held(statement, sentence_clause, "personal-data"))
        else:
            kept.append(clause)
    return "，".join(kept)


def _about_effect(clause: str) -> bool:
    """A remark on why the operator wants it ("这样报得快"), nothing to be said in the group."""
    return bool(re.match(r"^(?:这样|那样|好让|显得|看起来|效果|吸引)", clause))


def _unfounded(statement: Statement, ledger: Ledger) -> list[Held]:
    """What of an old draft can't be used: it offends, exposes someone, is unsettled, or no fact backs it."""
    found = []
    cues = lexicon().cues
    for clause in clauses(statement.text):
        finding = _offence(clause)
        if finding:
            found.append(_held_by(statement, clause, finding))
        elif _exposes(clause):
            found.append(_held(statement, clause, "personal-data"))
        elif cues["pending"].search(clause):
            found.append(_held(statement, clause, "unconfirmed"))
        elif unbacked(clause, ledger):
            found.append(_held(statement, clause, "unbacked"))
    return found

"""What of a brief may be said in the group, and what is held back, with the reason.

Facts are said. A wish is said when it orders something to be added that is settled, decent and harmless; what else it
claims is held against the facts, never published. An old draft may only repeat what the facts hold. Internal notes
and members' own words stay on the desk. Whatever is held back is shown to the operator with its reason.
"""

import re
from collections.abc import Iterable

from copilot.chat.signals import suspicious
from copilot.checks.facts import claim_terms, unbacked
from copilot.checks.objections import Clause, Objection, names_someone, objection, offences, reason, split, unsettled
from copilot.checks.own_rules import NO_RULES, OwnRules
from copilot.facts.brief import Brief, Statement, clauses, lexicon
from copilot.facts.items import Item
from copilot.facts.ledger import Ledger, build_ledger
from copilot.facts.slots import slot_of
from copilot.facts.values import read_values
from copilot.records import Finding, Origin, Record


class Held(Record):
    """Words of the brief that were kept out of the text: why, what to do, and the handbook rule behind it.

    `stated`: they are of what the operator wants said, not of a wish, an old draft or a note.
    """

    words: str
    code: str
    reason: str
    fix: str
    origin: Origin
    rule: str | None = None
    stated: bool = False


class Screened(Record):
    """The outcome: what may be said, what is only claimed, what is held back, and what is still open.

    `claims` are settled statements of wishes: they may contradict the facts, but are not said. `pending` maps a
    statement's id to what to ask for.
    """

    items: tuple[Item, ...]
    claims: tuple[Item, ...]
    held: tuple[Held, ...]
    pending: dict[str, str]
    ledger: Ledger


def screen(brief: Brief, own: OwnRules = NO_RULES) -> Screened:
    """Sort a brief's statements into what may be said and what may not; the operator's `own` rules have a say."""
    held: list[Held] = []
    pending: dict[str, str] = {}
    spoken: list[tuple[Statement, str]] = []
    claimed: list[tuple[Statement, str]] = []
    hostile = tuple(statement for statement in brief.statements if suspicious(statement.text))
    held += [_held(statement, statement.text, reason("injection")) for statement in hostile]
    brief = brief.model_copy(update={"statements": tuple(one for one in brief.statements if one not in hostile)})
    has_facts = bool(brief.by_role("fact"))
    for statement in brief.by_role("fact") if has_facts else brief.by_role("draft", "wish"):
        text = _decent(statement, brief, held, own)
        if text and statement.pending:
            text, asked = _with_placeholder(statement.label, text, statement, held)
            if asked:
                pending[statement.id] = asked
        if text:
            spoken.append((statement, text))
    said = "\n".join(text for _, text in spoken)
    for statement in brief.by_role("wish") if has_facts else ():
        ordered, claims = _heard(statement, brief, said, held, own)
        if ordered:
            spoken.append((statement, ordered))
        elif claims:
            claimed.append((statement, claims))
    ledger = build_ledger(brief, spoken)
    for statement in brief.by_role("draft") if has_facts else ():
        held += _unfounded(statement, ledger, own)
    for statement in brief.statements:
        if statement.role == "internal":
            held.append(_held(statement, statement.text, reason("internal-open" if statement.pending else "internal")))
        elif statement.role not in ("fact", "wish", "draft"):
            held.append(_held(statement, statement.text, reason("quoted")))
    items = _items([*spoken, *claimed], ledger)
    unsaid = {statement.id for statement, _ in claimed}
    return Screened(
        items=tuple(item for item in items if item.statement.id not in unsaid),
        claims=tuple(item for item in items if item.statement.id in unsaid),
        held=tuple(held),
        pending=pending,
        ledger=ledger,
    )


def held_claim(item: Item) -> Held:
    """The note on a wish's claim that neither repeats a fact nor contradicts one."""
    return _held(item.statement, item.text, reason("not-for-group"))


def _items(spoken: Iterable[tuple[Statement, str]], ledger: Ledger) -> tuple[Item, ...]:
    """The statements as items, in the order of the brief."""
    order = {statement.id: place for place, statement in enumerate(ledger.brief.statements)}
    return tuple(
        Item(
            id=f"i{statement.id[1:]}",
            label="" if statement.label.isascii() else statement.label,
            text=text,
            slot=slot_of(statement.label, text, ledger.values[statement.id]),
            statement=statement,
            values=ledger.values[statement.id],
        )
        for statement, text in sorted(spoken, key=lambda pair: order[pair[0].id])
    )


def _held(statement: Statement, words: str, why: Objection) -> Held:
    return Held(words=words, code=why.code, reason=why.reason, fix=why.fix, rule=why.rule, origin=statement.origin)


def _decent(statement: Statement, brief: Brief, held: list[Held], own: OwnRules) -> str:
    """A fact's words, clause by clause, without those that must not go out."""
    kept = statement.text
    found = offences(statement.text, statement.label, own)
    values = read_values(statement.text, brief.now)
    for clause in split(statement.text):
        if why := objection(clause, statement.label, values, found):
            held.append(_held(statement, clause.text, why).model_copy(update={"stated": True}))
            kept = kept.replace(clause.text, _mended(clause, why.finding, own), 1)
    return _tidy(kept)


def _mended(clause: Clause, finding: Finding | None, own: OwnRules) -> str:
    """The clause with its safe replacement, or nothing where none is safe."""
    if not finding or not finding.replacement or not finding.span:
        return ""
    start, end = finding.span.start - clause.start, finding.span.end - clause.start
    if start < 0 or end > len(clause.text):
        return ""
    mended = clause.text[:start] + finding.replacement + clause.text[end:]
    return "" if offences(mended, own=own) else mended


def _tidy(text: str) -> str:
    text = re.sub(r"[（(][，,。；;、\s]*[）)]|^[，,。；;、\s]+|(?<=[，,。；;、！!])(?:\s*[，,。；;、！!])+", "", text)
    return re.sub(r"[，,、；;。\s]+$", "", text).strip()


def _with_placeholder(label: str, text: str, statement: Statement, held: list[Held]) -> tuple[str, str]:
    """An unsettled fact: settled clauses stay, the open one becomes a placeholder that names what is missing."""
    settled = [clause for clause in clauses(text) if not unsettled(clause)]
    open_clauses = [clause for clause in clauses(text) if unsettled(clause)]
    if not open_clauses:
        return text, ""
    subject = next((name for clause in open_clauses if (name := _open_subject(clause))), "")
    held += [
        _held(statement, clause, reason("unconfirmed")) for clause in open_clauses if not subject or len(clause) > 12
    ]
    if not subject and not label:
        return "，".join(settled), ""
    asked = (
        subject if not label or subject.startswith(label) else label + (subject if len(label + subject) <= 12 else "")
    )
    if asked.isascii():
        held += [_held(statement, clause, reason("unconfirmed")) for clause in open_clauses]
        return "，".join(settled), ""
    placeholder = f"【待补充:{asked}】"
    return ("，".join([*settled, placeholder]) if label else "，".join([*settled, f"{asked}：{placeholder}"])), asked


def _open_subject(clause: str) -> str:
    """What an unsettled clause is about: the words before its cue."""
    cues = lexicon().cues
    match = cues["pending"].search(clause) or cues["hearsay"].search(clause)
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
_ORDER = re.compile(
    r"写上|写一句|写明|注明|加上|加一?[句条]|再[说写加]|记得|提醒|别忘|强调|突出|说明一?下|告诉大家|通知大家|注意(?!别|不要)"
)
_REMARK = re.compile(r"^(?:这样|那样|好让|显得|看起来|效果|吸引)|[吗么呢？?]$|要不要|行不行|^你")
_HARMLESS = frozenset({"duration", "quantity", "moment"})


def _heard(statement: Statement, brief: Brief, said: str, held: list[Held], own: OwnRules) -> tuple[str, str]:
    """What a wish orders to be said, and what it merely claims; the rest is held with its reason."""
    ordered: list[str] = []
    claims: list[str] = []
    found = offences(statement.text, statement.label, own)
    values = read_values(statement.text, brief.now)
    promoting = bool(_PROMOTE.search(statement.text))
    for piece in split(statement.text):
        clause = _without_cue(piece.text)
        why = objection(piece, statement.label, values, found)
        if not clause or (not why and (_STYLE.search(piece.text) or _REMARK.search(piece.text))):
            continue
        if not why and _PROMOTE.search(piece.text):
            why = reason("off-topic")
        elif not why and (statement.pending or unsettled(piece.text)):
            why = reason("off-topic" if promoting and not unsettled(piece.text) else "unconfirmed")
        elif not why and names_someone(clause, said):
            why = reason("named-person")
        if why:
            held.append(_held(statement, piece.text, why))
        elif (_ORDER.search(piece.text) or ordered) and _may_be_added(clause, said, brief):
            ordered.append(clause)
        else:
            claims.append(clause)
    if ordered and claims:
        held += [_held(statement, claim, reason("not-for-group")) for claim in claims]
    return "，".join(ordered), "，".join(claims)


def _without_cue(clause: str) -> str:
    cue = lexicon().cues["wish"].pattern.removeprefix("^")
    return re.sub(f"^(?:(?:{cue})[：:，,]?)+", "", clause).strip()


_REMINDER = re.compile(
    r"^(?:大家|各位|家长|同学|朋友们?)?(?:请|要|自己|也|先|都|提前|尽量|可以|最好)*"
    r"(?:带|穿|戴|备|自备|准备|提前|注意|不要|别|留意|早[点些]|保[存持管]|关|安静|看|查|签到|排队|爱护|收|填|核对|检查|加|涂|喝|吃|避开|拼车|坐|走|停|听|收拾|清理|绕|报|写|按)"
)


def _may_be_added(clause: str, said: str, brief: Brief) -> bool:
    """Whether an order adds a mere reminder: something to do, and no promise, praise, price, link or number to call."""
    if not _REMINDER.search(clause):
        return False
    promises = any(match[0] not in said for pattern in claim_terms().values() for match in pattern.finditer(clause))
    return not promises and all(value.kind in _HARMLESS for value in read_values(clause, brief.now))


_COVERED = 0.6


def _unfounded(statement: Statement, ledger: Ledger, own: OwnRules) -> list[Held]:
    """What of an old draft is not used: it offends, exposes or names someone, is unsettled, or no fact holds it."""
    found = []
    offending = offences(statement.text, own=own)
    values = read_values(statement.text, ledger.brief.now)
    for piece in split(statement.text):
        why = objection(piece, statement.label, values, offending)
        if not why and unsettled(piece.text):
            why = reason("unconfirmed")
        if not why and names_someone(piece.text, ledger.said):
            why = reason("named-person")
        if not why and (unbacked(piece.text, ledger) or not _covered(piece.text, ledger.said)):
            why = reason("unbacked")
        if why:
            found.append(_held(statement, piece.text, why))
    return found


def _covered(clause: str, said: str) -> bool:
    """Whether most of a clause's words stand in the facts; greetings of a few characters say nothing anyway."""
    pairs = {clause[at : at + 2] for at in range(len(clause) - 1) if clause[at : at + 2].isalnum()}
    return len(clause) <= 5 or sum(pair in said for pair in pairs) >= _COVERED * len(pairs)

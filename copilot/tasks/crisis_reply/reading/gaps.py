"""What a crisis brief lacks, where it contradicts itself, and what in it was not believed."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, product

from copilot.chat.signals import suspicion
from copilot.facts.brief import Brief, clauses
from copilot.facts.problems import find_problems
from copilot.records import Conflict, Finding, Missing
from copilot.tasks.crisis_reply.reading.lexicon import crisis_book
from copilot.tasks.crisis_reply.reading.naming import section_of_path
from copilot.tasks.crisis_reply.reading.telling import unfounded
from copilot.tasks.crisis_reply.situation import CrisisSituation, Row

# What is missing


def missing_of(situation: CrisisSituation) -> tuple[Missing, ...]:
    """What the reply needs and the brief does not say; keys: verified, scope, entry, apply, next_update, escalation_owner."""
    book, found = crisis_book(), list[Missing]()
    patterns = book.patterns
    said = [*situation.verified, *situation.authorised, *situation.entry, *situation.clock]

    def ask(key: str, about: str = "") -> None:
        row = book.asks[key]
        found.append(
            Missing(key=key, question=about + row.question, placeholder=f"【待补充:{row.placeholder}】", rule=row.rule)
        )

    if not situation.verified:
        ask("verified")
    wide = any(kind.name in book.scope for kind in situation.kinds[:2])
    if wide and not any(patterns["sized"].search(row.text) for row in situation.verified):
        ask("scope")
    entered = bool(situation.entry) or any(patterns["entry"].search(row.text) for row in situation.authorised)
    if not entered:
        ask("entry")
    unsaid = [row.text for row in situation.authorised if _lacks_way(row.text)]
    if unsaid and not situation.entry:
        ask("apply", "".join(f"“{text}”" for text in unsaid))
    if not situation.clock and not any(updates(row.text) for row in said):
        ask("next_update")
    led = [one for one in situation.concerned if one.role == "ours" and not (one.doubted or one.accused)]
    if not situation.owners and not any(patterns["manager"].search(f"{one.who}{one.name}") for one in led):
        ask("escalation_owner")
    return tuple(found)


def updates(text: str) -> bool:
    """Whether a row says when the group hears more."""
    patterns = crisis_book().patterns
    return bool(patterns["clock"].search(text) and patterns["timed"].search(text))


def _lacks_way(text: str) -> bool:
    patterns = crisis_book().patterns
    return bool(patterns["needs_way"].search(text)) and not (
        patterns["entry"].search(text) or patterns["has_way"].search(text)
    )


# What contradicts itself

CHECKED = (
    "weekday-mismatch",
    "end-before-start",
    "count-mismatch",
)  # the rest of a brief's problems is told apart here


def conflicts_of(situation: CrisisSituation) -> tuple[Conflict, ...]:
    """Where the brief says two things of one matter: allowed and forbidden, verified and open, two values, wrong sums."""
    return (
        *_authority(situation),
        *_settled_and_open(situation),
        *_told_and_verified(situation),
        *_sums(situation),
        *(one.conflict for one in find_problems(situation.items) if one.conflict.code in CHECKED),
    )


def _conflict(code: str, message: str, rows: Sequence[Row], words: str) -> Conflict:
    return Conflict(
        code=code, message=message, origins=tuple(row.origin for row in rows), placeholder=f"【待核实:{words}】"
    )


def _authority(situation: CrisisSituation) -> Iterator[Conflict]:
    """One promise that is both allowed and forbidden."""
    for allowed, forbidden in product(situation.authorised, situation.forbidden):
        if _same_promise(allowed.text, forbidden.text):
            message = f"“{allowed.text}”写在可以做的里，“{forbidden.text}”写在不能说的里，请先定下来"
            yield _conflict("authority-conflict", message, (allowed, forbidden), f"{allowed.text}，还是不能承诺")


def _same_promise(allowed: str, forbidden: str) -> bool:
    forbidden = re.sub(r"^.*(?:之外|以外)的?", "", forbidden)
    core = _core(re.sub(r"^(?:承诺|承认|确认|给出?|提|说|答应|保证)+", "", forbidden))
    if len(core) > 1 and core in _core(allowed):
        return core not in allowed or not crisis_book().patterns["helping"].search(allowed[: allowed.find(core)])
    return any(
        not _for_others(mine, allowed)
        and _payer(mine, allowed) == _payer(theirs, forbidden)
        and _far(allowed) >= _far(forbidden)
        and _of(mine, theirs)
        for pattern in crisis_book().acts.values()
        for mine in pattern.finditer(allowed)
        for theirs in pattern.finditer(forbidden)
    )


def _for_others(act: re.Match[str], text: str) -> bool:
    """Whether a row only helps with an act, asks for it or notes it down: "协助走理赔" pays nothing."""
    return bool(crisis_book().patterns["helping"].search(text[: act.start()]))


def _payer(act: re.Match[str], text: str) -> str:
    """Who else than us an act is expected of: the insurer, the platform, the supplier; "" for us."""
    match = crisis_book().patterns["payer"].search(text[: act.start()])
    return match[0] if match else ""


def _far(text: str) -> set[str]:
    """How far a promise goes: 全额, 十倍, 额外, 每单 …, as its row says."""
    return {match[0] for match in crisis_book().patterns["extents"].finditer(text)}


_ANY_GOODS = frozenset({"", "货", "订单", "所有"})


def _of(mine: re.Match[str], theirs: re.Match[str]) -> bool:
    """Whether two acts are of one thing: 退款 holds 退虾仁款, but not 退运费."""
    ours, other = mine.groupdict().get("of") or "", theirs.groupdict().get("of") or ""
    if re.search("运费?|押|定|差", ours + other):
        return ours == other
    return other in _ANY_GOODS or ours == other


_FILLERS = re.compile(r"[\s，。、“”\"（）()：:的了是在与和及就都也已经还目前现在]+")


def _core(text: str) -> str:
    return _FILLERS.sub("", text)


def _settled_and_open(situation: CrisisSituation) -> Iterator[Conflict]:
    """What one row calls verified and another open: "已恢复" and "是否恢复"."""
    patterns = crisis_book().patterns
    for opened in situation.unverified:
        asked = _core(patterns["question"].sub("", opened.text))
        yes_or_no = bool(patterns["question"].search(opened.text))
        for row in situation.verified:
            for clause in clauses(row.text):
                told = _core(clause)
                same = (
                    asked in told if yes_or_no else len(asked) >= 5 and (asked == told or told in asked == opened.text)
                )
                if (
                    len(asked) > 1
                    and same
                    and not patterns["vague"].search(clause)
                    and not patterns["question"].search(clause)
                    and not row.pending
                ):
                    message = f"“{row.text}”写在已核实里，“{opened.text}”又写在没核实里，请先定下来"
                    yield _conflict("verified-and-open", message, (row, opened), opened.text)
                    break


_COUNT = re.compile(
    r"(?P<what>[\u4e00-\u9fff]{2,6}?)\s*(?:共|约|为|是|有|了|一共|总共)*\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>单|份|件|箱|盒|袋|名|位|人|户|家|台|个|篇|元|块|节|天)"
)
_UNCOUNTED = re.compile(r"(?:其中|另有|还有|已有|涉及|大约|至少|超过|其余|剩余|还剩)$")
_BATCH = re.compile(
    r"(?P<what>批号|批次|单号|编号|版本号?|型号)\s*[：:是为]?\s*(?P<number>[A-Za-z0-9][A-Za-z0-9\-.]*)(?P<unit>)"
)
_HOUR = re.compile(r"(?<!\d)(?P<hour>[01]?\d|2[0-3])[:：](?P<minute>[0-5]\d)(?!\d)")
ALIKE = 0.75


def _told_and_verified(situation: CrisisSituation) -> Iterator[Conflict]:
    """One figure or hour told in two ways, in the story and the ledger or within the ledger."""
    rows = [row for row in (*situation.incident, *situation.verified) if not row.pending]
    for first, second in combinations(rows, 2):
        for pattern in (_COUNT, _BATCH):
            for one, other in product(pattern.finditer(first.text), pattern.finditer(second.text)):
                alike = one["unit"] == other["unit"] and _alike_counted(one["what"], other["what"])
                if alike and one["number"] != other["number"]:
                    yield _two_ways(first, second, one[0].strip(), other[0].strip())
        for one_clause, other_clause in product(clauses(first.text), clauses(second.text)):
            hours, others = _HOUR.findall(one_clause), _HOUR.findall(other_clause)
            differ = len(hours) == len(others) == 1 and _minutes(hours[0]) != _minutes(others[0])
            if differ and _likeness(_HOUR.sub("", one_clause), _HOUR.sub("", other_clause)) >= ALIKE:
                yield _two_ways(first, second, one_clause, other_clause)


def _alike_counted(one: str, other: str) -> bool:
    """Whether two counts are of one thing: their words end alike, and say what is counted."""
    if min(len(one), len(other)) < 2 or _UNCOUNTED.search(one) or _UNCOUNTED.search(other):
        return False
    return one.endswith(other) or other.endswith(one)


def _minutes(hour: tuple[str, str]) -> int:
    return int(hour[0]) * 60 + int(hour[1])


def _likeness(one: str, other: str) -> float:
    """The share of neighbouring characters that two short texts have in common."""
    first, second = ({_core(text)[at : at + 2] for at in range(len(_core(text)) - 1)} for text in (one, other))
    return len(first & second) / len(first | second) if len(first) > 1 < len(second) else 0.0


_TOTAL = re.compile(r"(?:共计?|总共|合计|一共|总计)\s*(?P<number>\d+)\s*(?P<unit>[\u4e00-\u9fff])")


def _sums(situation: CrisisSituation) -> Iterator[Conflict]:
    """A total that the parts right after it do not add up to."""
    for row in (*situation.verified, *situation.incident):
        for total in _TOTAL.finditer(row.text):
            rest = re.split(r"[。；;]", row.text[total.end() :])[0]
            parts = [int(number) for number in re.findall(rf"(\d+)\s*{total['unit']}", rest)]
            if len(parts) > 1 and sum(parts) != int(total["number"]):
                message = f"“{total[0]}”与分项之和 {sum(parts)}{total['unit']} 不一致：“{row.text}”"
                yield _conflict("sum-mismatch", message, (row,), f"{total[0]}，分项之和是{sum(parts)}{total['unit']}")


def _two_ways(first: Row, second: Row, one: str, other: str) -> Conflict:
    message = f"同一件事有两个说法：“{one}”与“{other}”"
    return _conflict("two-values", message, (first, second), f"{one} 还是 {other}")


# What was not believed

LONGEST_ROOM = 4  # digits


def crisis_findings(situation: CrisisSituation, brief: Brief) -> tuple[Finding, ...]:
    """What of the brief was set aside: orders to the assistant, hearsay among the verified, secrets that were posted."""
    found: list[Finding] = []
    for field in brief.fields:
        for line in field.text.split("\n"):
            if why := suspicion(line):
                found.append(
                    Finding(
                        severity="warning",
                        code="injection",
                        message=f"简报里有一句像是在给助手下命令，没有照做：“{line.strip()[:40]}”（{why}）",
                        fix="核对它是谁写的",
                    )
                )
    for row in situation.unverified:
        if section_of_path(row.origin.field) == "verified" and unfounded(row.text):
            found.append(
                Finding(
                    severity="warning",
                    code="hearsay-as-verified",
                    message=f"“{row.text}”是别人的说法或推测，没有当成已核实",
                    rule="crisis-verify-scope",
                    fix="查实之后再写进已核实",
                )
            )
    for row in situation.unread:
        found.append(
            Finding(
                severity="warning",
                code="field-unread",
                message=f"没看懂“{row.text[:60]}”属于哪一类，这次没有用上",
                fix="写明它是已核实、没核实、可以承诺、不能说、原稿，还是之前发过的",
            )
        )
    told = "\n".join(
        field.text for field in brief.fields if section_of_path(field.path) in (None, "excerpts", "incident")
    )
    if any(secret in told and len(secret) > LONGEST_ROOM for secret in situation.bounds.secrets):
        found.append(
            Finding(
                severity="warning",
                code="secret-posted",
                message="群里贴出了密钥、号码或住址一类的内容，任何回复里都不要再写一遍",
                rule="crisis-contain-spread",
                fix="私下请本人撤回；密钥请尽快重置",
            )
        )
    return tuple(found)

"""What a text promises, held against the authority given.

A promise needs a row of what may be promised or of the verified facts that holds it, with its extent; a time and a
certainty need one that is as sure.
"""

import re
from collections.abc import Iterator

from copilot.checks.rows import DIGITS, SAME_MATTER, Ledger, Row, Said, matter, pairs, quantities, share
from copilot.checks.stance import Clause, Speech, authority_lexicon, compiled

_NUMBER = re.compile(r"\d+(?:[:.]\d+)?")
_COUNTED = re.compile(r"[一二两三四五六七八九十半](?=个?(?:小时|分钟|天|工作日|点|周|月))")


def promises(speech: Speech, clause: Clause, ledger: Ledger) -> Iterator[Said]:
    """Every promise of a clause that no row holds, or that a row forbids."""
    yield from _remedies(speech, clause, ledger)
    yield from _times(speech, clause, ledger)
    yield from _never(speech, clause, ledger)
    yield from _sure(speech, clause, ledger)
    yield from _forbidden(speech, clause, ledger)


def _remedies(speech: Speech, clause: Clause, ledger: Ledger) -> Iterator[Said]:
    """Refund, compensation, gifts … promised in a clause."""
    found: dict[str, re.Match[str]] = {}
    for kind, remedy in authority_lexicon()["remedies"].items():
        if match := promised(clause, remedy):
            stances = speech.stances(clause, clause.start + match.start(), clause.start + match.end())
            if not stances & {"negated", "declined", "deferred", "open", "asked", "reported"}:
                found[kind] = match
    if len(found) > 1:
        found.pop("carry", None)
    for kind, match in found.items():
        if not _granted(kind, match, clause, ledger):
            yield Said("beyond-authority", clause.start + match.start(), clause.start + match.end())
            return


def promised(clause: Clause, remedy: dict[str, str]) -> re.Match[str] | None:
    """Where a clause promises a remedy, not only speaks of it."""
    lexicon = authority_lexicon()
    for form in ("verb", "noun"):
        for match in compiled(remedy[form]).finditer(clause.text) if form in remedy else ():
            before, after = clause.text[: match.start()], clause.text[match.end() :]
            if compiled(lexicon["topic_after"]).search(after) or compiled(lexicon["topic_before"]).search(before):
                continue
            if form == "verb" or compiled(lexicon["commit"]).search(before + "\n" + after):
                return match
    return None


def _granted(kind: str, match: re.Match[str], clause: Clause, ledger: Ledger) -> bool:
    """Whether a row holds the promise with its extent, and none that forbids it comes closer."""
    everything = compiled(authority_lexicon()["everything"])
    extent, wanted = set(everything.findall(clause.text)), quantities(clause.text)
    known = frozenset[str]().union(*(row.quantities for row in ledger.verified))
    rows = [
        row
        for row in ledger.granted
        if (row.holds(match[0]) >= SAME_MATTER if kind == "carry" else kind in row.kinds)
        and extent <= set(everything.findall(row.plain))
        and wanted <= row.quantities | known
        and not _against_condition(row, clause)
    ]
    if not rows:
        return False
    barred = [row for row in ledger.forbidden if kind in row.kinds and set(everything.findall(row.plain)) <= extent]
    if not barred:
        return True
    rest = pairs(matter(clause.sentence.replace(match[0], "\n")))
    closest = max(len(rest & pairs(row.matter)) for row in barred)
    return any(len(rest & pairs(row.matter)) > closest for row in rows)


def _against_condition(row: Row, clause: Clause) -> bool:
    """Whether a row gives it only where something is not so (未拆封), and the clause to those where it is."""
    for condition in re.finditer(r"(?:未|没有?)([\u4e00-\u9fff]{2})", row.plain):
        positive = re.sub(rf"(?:未|没有?){condition[1]}", "", clause.text)
        if condition[1] in positive:
            return True
    return False


def _times(speech: Speech, clause: Clause, ledger: Ledger) -> Iterator[Said]:
    """A time by which something is done, or the certainty that it will be."""
    lexicon = authority_lexicon()
    certain, time = compiled(lexicon["sure"]).search(clause.text), compiled(lexicon["when"]).search(clause.text)
    if not (certain or time) or re.search(r"请|登记|填|提交|报名|申请|领取|前往", clause.text):
        return
    for forms in lexicon["done"].values():
        for match in compiled(forms["say"]).finditer(clause.text):
            if re.match(
                r"了?(?:再|之?后|以后|就|马上|第一时间|立刻|会|前|的|时间|情况|进度|日期)", clause.text[match.end() :]
            ):
                continue
            start = clause.start + match.start()
            stances = speech.stances(clause, start, clause.start + match.end())
            if stances & {"negated", "declined", "deferred", "open", "asked", "reported", "conditional"}:
                continue
            if not _timed(clause.text, compiled(forms["row"]), ledger):
                first = min(found.start() for found in (certain, time, match) if found)
                yield Said(
                    "beyond-authority", clause.start + first, max(start + len(match[0]), clause.start + first + 1)
                )
                return


def _timed(text: str, done: re.Pattern[str], ledger: Ledger) -> bool:
    """Whether the rows hold this time for it, and are as sure of it as the text is."""
    lexicon = authority_lexicon()
    rows = [row for row in ledger.granted if re.search(rf"(?:{done.pattern})(?!后|之后|以后)", row.plain)]
    hedge, sure = compiled(lexicon["hedge"]), compiled(lexicon["sure"])
    if sure.search(text):
        rows = [row for row in rows if sure.search(row.plain)]
    if not hedge.search(text):
        rows = [row for row in rows if not hedge.search(row.plain)]
    if not rows:
        return False
    known = set().union(*(_numbers(row.plain) for row in rows))
    if wanted := _numbers(text):
        return wanted <= known
    return bool(known) or any(compiled(lexicon["when"]).search(row.plain) for row in rows)


def _numbers(text: str) -> set[str]:
    text = _COUNTED.sub(lambda match: DIGITS[match[0]], text)
    return {part.lstrip("0") or "0" for match in _NUMBER.findall(text) for part in match.split(":")} - {"0"}


def _never(speech: Speech, clause: Clause, ledger: Ledger) -> Iterator[Said]:
    for match in compiled(authority_lexicon()["never"]).finditer(clause.text):
        start, end = clause.start + match.start(), clause.start + match.end()
        stances = speech.stances(clause, start, end)
        if not stances & {"declined", "open", "asked", "reported", "quoted"} and not ledger.backs(clause.text):
            yield Said("beyond-authority", start, end)


def _sure(speech: Speech, clause: Clause, ledger: Ledger) -> Iterator[Said]:
    """Certainty about an outcome that is not in our hands: 下周三肯定放行, 一定能过."""
    lexicon = authority_lexicon()
    outcome = rf"(?:{lexicon['sure']})(?:都|就)?(?P<modal>能|会|可以|不会|得|.{{0,2}}得[上到了出回及])?(?!{lexicon['sure_of_us']})[^,;。!?\n]{{0,8}}"
    for match in compiled(outcome).finditer(clause.text):
        binding = compiled(lexicon["binding"]).match(clause.text, match.start()) and len(match[0]) > 5
        if not (match["modal"] or binding or compiled(lexicon["when"]).search(clause.text)):
            continue
        start, end = clause.start + match.start(), clause.start + match.end()
        harmless = {"negated", "declined", "open", "asked", "reported", "conditional", "quoted"}
        if not speech.stances(clause, start, end) & harmless and not any(
            row.repeats(clause.text) for row in ledger.granted
        ):
            yield Said("beyond-authority", start, end)


def _forbidden(speech: Speech, clause: Clause, ledger: Ledger) -> Iterator[Said]:
    """What the brief forbids in words of its own: 承认…, 公开…, 承诺不再换老师."""
    lexicon = authority_lexicon()
    if any(row.repeats(clause.text) for row in ledger.granted):
        return
    for row in ledger.forbidden:
        if row.kinds:
            continue
        lead = compiled(lexicon["row_lead"]).match(row.plain)
        core = row.plain[lead.end() :] if lead else row.plain
        wanted = matter(core)
        admitted = bool(lead and compiled(lexicon["admit"]).search(lead[0]))
        said = matter(clause.text)
        if len(wanted) < 2 or share(wanted, said) < (0.7 if len(wanted) > 4 else 1.0):
            continue
        if len(pairs(wanted) & pairs(said)) * 2 < len(pairs(wanted)):
            continue
        place = clause.text.find(core)
        if place >= 0 and compiled(lexicon["topic_after"]).search(clause.text[place + len(core) :]):
            continue  # 稿费的事要讨论
        harmless = {"declined", "deferred", "open", "asked", "reported", "conditional", "quoted"}
        if not compiled(lexicon["stances"]["negated"]).search(core[:3]):
            harmless.add("negated")
        # A negation anywhere before the last of the matter's words reaches it.
        last = max((clause.text.rfind(one) for one in wanted[-2:]), default=0)
        if not speech.stances(clause, clause.start + max(last, 0), clause.end) & harmless:
            code = "admission" if admitted else "beyond-authority"
            yield Said(code, clause.start, clause.end, row.text)

"""What a text says of us and of how things stand that no row holds.

Reassurance, denials, measures taken, improvements, faults beyond those owned, a member's own account confirmed, a word
for all the rest, papers to hand in: each sounds helpful, and each is a claim that somebody will ask about.
"""

import re
from collections.abc import Iterator
from typing import Any

from copilot.checks.rows import Ledger, Row, Said, matter, share
from copilot.checks.stance import Clause, Speech, authority_lexicon, compiled

_HARMLESS = frozenset({"open", "asked", "reported", "conditional", "quoted"})
_NEGATION = r"不|没|未|非"


def unheld(speech: Speech, clause: Clause, ledger: Ledger) -> Iterator[Said]:
    """Every such claim of a clause; one that reaches over its sentence belongs to the clause in which it ends."""
    for name, kind in authority_lexicon()["claimed"].items():
        text, place = (clause.sentence, clause.sentence_start) if kind.get("sentence") else (clause.text, clause.start)
        for match in compiled(kind["say"]).finditer(text):
            start, end = place + match.start(), place + match.end()
            if not clause.start < end <= clause.end or compiled(kind["unless"]).search(_around(clause, match, kind)):
                continue
            excused = set(kind.get("excused", _HARMLESS))
            if speech.stances(clause, start, end) & excused or _held(name, kind, match, clause, ledger):
                continue
            if "replacement" in kind:
                start = place + match.start("core")
            yield Said("unsupported", start, end, variant=name, replacement=kind.get("replacement"))
            return


def _around(clause: Clause, match: re.Match[str], kind: dict[str, Any]) -> str:
    """Where the words that take a claim back may stand: its clause, or the match where that reaches further."""
    return match[0] if kind.get("sentence") else clause.text


def _held(name: str, kind: dict[str, Any], match: re.Match[str], clause: Clause, ledger: Ledger) -> bool:
    """Whether a row that may be said holds the claim."""
    if name == "measure":
        return _measured(match, clause, ledger)
    if name == "papers":
        asked = compiled("«paper»").findall(match["core"])
        return all(any(paper in row.plain for row in ledger.sayable) for paper in asked)
    if name == "denial":
        core = matter(match["core"])
        if compiled(kind["gone"]).search(match["core"]) and any(
            compiled(kind["back"]).search(row.plain) for row in ledger.sayable
        ):
            return True
        return any(core in row.matter and re.search(_NEGATION, row.plain) for row in ledger.sayable)
    if name == "fault" and ledger.owned and compiled(kind["telling"]).search(match["rest"]):
        return True
    rows: list[Row] = ledger.sayable
    if "row" in kind:
        rows = [row for row in rows if compiled(kind["row"]).search(row.plain)]
    said = match.groupdict().get("rest") or match[0] if kind.get("sentence") or name == "fault" else clause.text
    if "row" in kind:  # 收个尾:门店正常营业
        said = compiled(rf"(?:{kind['say']})|«us»").sub("", re.split(r":(?!\d)", said)[-1])
    beside = matter(said)
    if not beside:
        return bool(rows) and "row" in kind
    return any(share(beside, row.matter) >= kind["share"] for row in rows)


def _measured(match: re.Match[str], clause: Clause, ledger: Ledger) -> bool:
    """Whether a row speaks of the same kind of measure, and of whoever outside it was taken with."""
    lexicon = authority_lexicon()
    done = match["core"] or match["after"] or match["hurry"]
    same = [compiled(words) for words in lexicon["measures"].values() if compiled(words).search(done)]
    others = compiled("«outside»").findall(clause.text) if compiled(lexicon["measures"]["contact"]).search(done) else []
    return any(
        words.search(row.plain) and all(other in row.plain for other in others)
        for words in same
        for row in ledger.sayable
    )

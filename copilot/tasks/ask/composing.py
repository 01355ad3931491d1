"""The answer without a model: quotes of the best passages, first what to do, then both sides, why, and what to watch."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from copilot.playbook.embedding import Embedder
from copilot.records import Answer, Citation, Dispute, Finding, Hit
from copilot.tasks.ask.choosing import best, of_role, weigh
from copilot.tasks.ask.reading import Role, Sentence, lexicon, names_mistake, told
from copilot.tasks.ask.verifying import Grounded

_BESIDE: tuple[Role, ...] = ("why", "watch")


class Evidence(NamedTuple):
    """What an answer may say: all that a search found, the passages used (best first), how well each of their sentences
    of advice answers, and where sources disagree.
    """

    question: str
    found: tuple[Hit, ...]
    passages: tuple[Hit, ...] = ()
    advice: Mapping[Sentence, float] = {}
    disputes: tuple[Dispute, ...] = ()


class _Sheet:
    """An answer as it grows: its lines, the citations that they number, and what was found in a model's words."""

    def __init__(self) -> None:
        self.text = self._heading = ""
        self.citations: list[Citation] = []
        self.findings: list[Finding] = []

    def add(self, heading: str, quotes: Sequence[Citation], *, together: bool = False) -> None:
        """A heading and its quotes but for those that stand there already or have no room; `together`: all or none.

        The first quote of an answer always has room.
        """
        lines, cited = list[str](), [*self.citations]
        new = [quote for quote in dict.fromkeys(quotes) if quote not in cited]
        for quote in new:
            line = f"· {quote.quote}[{len(cited) + 1}]"
            if not cited or len("\n".join((self.text, heading, *lines, line))) <= lexicon()["most"]:
                lines.append(line)
                cited.append(quote)
        if lines and (len(lines) == len(new) or not together):
            said = heading if heading != self._heading else ""
            self.text = "\n".join(filter(None, (self.text, said, *lines)))
            self.citations, self._heading = cited, heading

    def add_sides(self, dispute: Dispute) -> None:
        """Both sides, or none: one side alone would be taken for the whole."""
        self.add(told("sides"), dispute.sides, together=True)

    def say(self, grounded: Grounded) -> None:
        """A sentence of a model's on a line of its own, with the numbers of its citations."""
        self.citations += [one for one in grounded.citations if one not in self.citations]
        numbers = "".join(f"[{self.citations.index(one) + 1}]" for one in grounded.citations)
        start = len(self.text) + 1 if self.text else 0
        self.findings += [one.moved(start) for one in grounded.findings]
        self.text = "\n".join(filter(None, (self.text, grounded.text + numbers)))


def compose(evidence: Evidence, embedder: Embedder) -> Answer:
    """The answer in the sources' own words: every sentence is a quote, beside our fixed phrases."""
    stretches = lexicon()["stretches"]
    sheet = _Sheet()
    shown = {dispute.sides[0].chunk_id: dispute for dispute in evidence.disputes}
    for passage in evidence.passages:
        most = stretches["first" if passage == evidence.passages[0] else "further"]
        chosen = _joined(best(evidence.advice, passage, most))
        labelled = passage.rules or any(one.label for one in chosen)
        heading = told("do" if labelled else "mistake" if names_mistake(passage) else "said")
        sheet.add(heading, [one.citation for one in chosen])
        if passage == evidence.passages[0] and passage.chunk_id in shown:  # the sides that were asked for come first
            sheet.add_sides(shown.pop(passage.chunk_id))
    for dispute in shown.values():
        sheet.add_sides(dispute)
        if dispute.view and not any(dispute.view.chunk_id == cited.chunk_id for cited in sheet.citations):
            sheet.add(told("view"), [dispute.view])
    for role in _BESIDE:
        weights = weigh(evidence.question, of_role(evidence.passages[:1], role), embedder)
        sheet.add(told(role), [one.citation for one in best(weights, evidence.passages[0], stretches[role])])
    if not sheet.citations:
        return not_covered(evidence, told("only_damaged"), answerable=True)
    return _answer(evidence, sheet)


def written(evidence: Evidence, said: Sequence[Grounded]) -> Answer:
    """A model's sentences with the numbers of their citations; sides of a dispute that it left out are put beside it."""
    sheet = _Sheet()
    for one in said:
        sheet.say(one)
    for dispute in evidence.disputes:
        cited = {citation.chunk_id for citation in sheet.citations}
        if not cited & {side.chunk_id for side in dispute.sides}:
            sheet.add_sides(dispute)
    return _answer(evidence, sheet)


def not_covered(evidence: Evidence, opening: str = "", *, answerable: bool = False) -> Answer:
    """No answer, with the sections nearest to the question as pointers."""
    sections = tuple({hit.section: hit for hit in evidence.found}.values())[: lexicon()["sections"]]
    opening = opening or told("not_covered") + (told("nearest") if sections else "")
    lines = [f"· {hit.source} › {hit.section}" for hit in sections]
    return Answer(
        question=evidence.question, answer="\n".join((opening, *lines)), answerable=answerable, nearest=sections
    )


def _answer(evidence: Evidence, sheet: _Sheet) -> Answer:
    return Answer(
        question=evidence.question,
        answer=sheet.text,
        answerable=True,
        citations=tuple(sheet.citations),
        conflicts=evidence.disputes,
        findings=tuple(sheet.findings),
    )


def _joined(chosen: Sequence[Sentence]) -> list[Sentence]:
    """The sentences with those that follow each other directly made one."""
    joined: list[Sentence] = []
    for one in chosen:
        last = joined[-1] if joined else None
        if last and one.start == last.end:
            joined[-1] = last.model_copy(update={"end": one.end})
        else:
            joined.append(one)
    return joined

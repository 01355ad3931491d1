"""A model's answer held against its passages: a sentence stands on exact quotes, and says nothing that they don't."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from copilot.chat.signals import suspicious
from copilot.checks.facts import fact_findings
from copilot.checks.own_rules import NO_RULES, OwnRules
from copilot.checks.places import place_findings
from copilot.checks.wording import wording_findings
from copilot.facts.brief import Brief, Statement
from copilot.facts.ledger import Ledger, build_ledger
from copilot.facts.spelling import plain_spelling
from copilot.playbook.lexical import bigrams
from copilot.playbook.rules import citation
from copilot.records import Citation, Finding, Hit, Origin, Record
from copilot.tasks.ask.disputes import opposed

_SHORTEST_QUOTE = 6  # characters, punctuation aside: fewer agree by chance
_GROUNDED = 0.3  # the share of a sentence's character pairs that its passages and the question have at least


class Quote(Record):
    """Words of a passage, exactly as they stand there; `source` is the passage's id in the prompt."""

    source: str
    quote: str


class Claim(Record):
    """One sentence of an answer, and the words that it rests on."""

    text: str
    quotes: tuple[Quote, ...]


class Reply(Record):
    """What a model fills."""

    sentences: tuple[Claim, ...]


class Grounded(Record):
    """A sentence that stands, with its citations, and what the operator is to know of its words; spans count from its start."""

    text: str
    citations: tuple[Citation, ...]
    findings: tuple[Finding, ...] = ()


class Judge:
    """Holds sentences against the passages that the model was given, by their ids in the prompt, and the `own` rules."""

    def __init__(self, question: str, passages: Mapping[str, Hit], now: datetime, own: OwnRules = NO_RULES) -> None:
        self._passages = passages
        self._said = "\n".join((question, *(hit.text for hit in passages.values())))
        self._ledger = _ledger((question, *(hit.text for hit in passages.values())), now)
        self._own = own

    def judge(self, reply: Reply) -> tuple[tuple[Grounded, ...], tuple[Finding, ...]]:
        """The sentences that stand, in order, and what is wrong with the others."""
        stands: list[Grounded] = []
        wrong: list[Finding] = []
        for claim in reply.sentences:
            text = claim.text.strip()
            cited = [self._cited(quote) for quote in claim.quotes]
            worded = self._worded(text)
            found = tuple(self._objections(text, cited, worded))
            if text and not found:
                stands.append(Grounded(text=text, citations=tuple(filter(None, dict.fromkeys(cited))), findings=worded))
            wrong += found[:1]
        return tuple(stands), tuple(wrong)

    def _cited(self, quote: Quote) -> Citation | None:
        """The exact words that a quote means, or None: no such passage, not its words, or damaged ones."""
        hit = self._passages.get(quote.source)
        found = located(quote.quote, hit.text) if hit else None
        if not hit or not found or any(found[0] < mark.end and mark.start < found[1] for mark in hit.marks):
            return None
        words = hit.text[found[0] : found[1]]
        if suspicious(words):
            return None
        return citation(hit, words)

    def _worded(self, text: str) -> tuple[Finding, ...]:
        """Words that must not be written, and what the operator's own rules find, as they weigh it.

        What a source or the question says may be said again, unless an own rule is against it: that is the operator's
        last word on the matter.
        """
        ours = (one for one in wording_findings(text) if one.severity == "error")
        unsaid = [one for one in ours if one.span and one.span.text not in self._said]
        return self._own.weighed((*unsaid, *self._own.findings(text, "ask")), "ask")

    def _objections(self, text: str, cited: Sequence[Citation | None], worded: Sequence[Finding]) -> Iterator[Finding]:
        if not cited:
            yield _dropped("ungrounded", text, "没有注明出处", "每句都附上资料里的原话，没有依据的删掉")
        elif None in cited:
            yield _dropped(
                "misquoted", text, "引文在资料里找不到，或是不能引用的残句", "照抄资料里的原话，编号用资料的编号"
            )
        places = place_findings(text, (self._ledger.said, self._said))
        for finding in (*fact_findings(text, self._ledger, cited=self._said), *places):
            if finding.severity == "error" or finding.code == "untraced-name":
                yield _dropped(finding.code, text, finding.message, "只写资料和问题里有的")
        for finding in worded:
            if finding.severity == "error":
                yield _dropped(finding.code, text, finding.message, finding.fix)
        quoted = "\n".join(one.quote for one in cited if one)
        if opposed(text, quoted) or opposed(quoted, text):
            yield _dropped("contradicts-quote", text, "和引文的意思相反", "照引文的意思写")
        pairs = set(bigrams(text))
        if len(pairs & set(bigrams(self._said))) < _GROUNDED * len(pairs):
            yield _dropped("ungrounded", text, "资料里没有讲到", "删掉，或照资料的说法写")


def located(quote: str, text: str) -> tuple[int, int] | None:
    """Where a quote stands in a text, whatever the width of its characters, its blanks and its punctuation."""
    bare = re.sub(r"[\W_]", "", plain_spelling(quote))
    if len(bare) < _SHORTEST_QUOTE:
        return None
    found = re.search(r"[\W_]*".join(map(re.escape, bare)) + r"[。！？!?]?", plain_spelling(text))
    return found.span() if found else None


def _ledger(texts: Sequence[str], now: datetime) -> Ledger:
    """What these texts say, as facts."""
    statements = tuple(
        Statement(id=f"s{number}", role="fact", label="", text=line, origin=Origin(field="", line=number, quote=line))
        for number, line in enumerate((line for text in texts for line in text.split("\n") if line.strip()), 1)
    )
    brief = Brief(meta={}, statements=statements, now=now, now_given=True)
    return build_ledger(brief, [(one, one.text) for one in statements])


def _dropped(code: str, text: str, why: str, fix: str) -> Finding:
    return Finding(severity="warning", code=f"answer-{code}", message=f"“{text}”：{why}", fix=fix)

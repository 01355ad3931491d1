"""Causes, results and answers that a text gives before they are verified."""

import re
from collections.abc import Iterator

from copilot.checks.rows import SAME_MATTER, Ledger, Row, Said, matter, pairs, share, synonyms
from copilot.checks.stance import Clause, Speech, authority_lexicon, compiled

ANSWERED = 0.75  # how much of an open question a clause must hold to answer it


def unproven(speech: Speech, clause: Clause, ledger: Ledger) -> Iterator[Said]:
    """Every cause, result and answer of a clause that no verified row holds."""
    yield from _causes(speech, clause, ledger)
    yield from _answers(speech, clause, ledger)


def _causes(speech: Speech, clause: Clause, ledger: Ledger) -> Iterator[Said]:
    """A cause or a result that no verified row holds."""
    lexicon = authority_lexicon()
    harmless = {"open", "asked", "reported", "conditional", "quoted"}
    if compiled(lexicon["cause_unless"]).search(clause.text):
        return
    for expression in lexicon["causes"]:
        for match in compiled(expression).finditer(clause.text):
            start, end = clause.start + match.start("cause"), clause.start + match.end("cause")
            if speech.stances(clause, start, end) & harmless:
                continue
            cause = match["cause"]
            if compiled(lexicon["plain_causes"]).search(cause):
                continue
            if any(max(row.holds(cause), row.holds(clause.text)) >= SAME_MATTER for row in ledger.granted):
                continue
            yield Said("cause-unverified", clause.start + match.start(), clause.start + match.end())
            return


def _answers(speech: Speech, clause: Clause, ledger: Ledger) -> Iterator[Said]:
    """The answer to a question that is still open, in either direction."""
    harmless = {"open", "asked", "reported", "conditional", "quoted"}
    if re.match(r"(?:麻烦|建议|欢迎)?请|麻烦|建议", clause.text):
        return
    if clause.mark == "," and compiled(authority_lexicon()["named_matter"]).search(clause.text):
        return
    if speech.stances(clause, clause.end, clause.end) & harmless or any(
        row.repeats(clause.text) for row in ledger.granted
    ):
        return
    for row in ledger.unverified:
        if _answered(row, clause):
            yield Said("cause-unverified", clause.start, clause.end, row.text)
            return


def _answered(row: Row, clause: Clause) -> bool:
    lexicon = authority_lexicon()
    said = matter(clause.text)
    relation = compiled(lexicon["relation"])
    for part in re.split(r"[,;、]", row.plain):
        marker = compiled(lexicon["whether"]).search(part)
        if marker is None:
            if _question_answered(part, clause.text, said):
                return True
            continue
        subject, predicate = part[: marker.start()], part[marker.end() :]
        if relation.search(predicate):
            things = matter(relation.sub("", predicate)), matter(subject)
            if relation.search(clause.text) and all(share(thing, said) for thing in things if thing):
                return True
            continue
        asked = matter(predicate)
        specific = len(asked) > 3 or any(words.search(asked) for words, _ in synonyms())
        close = specific or not pairs(matter(subject)) or bool(pairs(matter(subject)) & pairs(said))
        place = clause.text.find(predicate)
        attribute = place >= 0 and re.match(r"的|者|时|后|问题|情况|范围", clause.text[place + len(predicate) :])
        words = len(pairs(asked) & pairs(said)) * 2 >= len(pairs(asked))
        if close and not attribute and words and share(asked, said) >= ANSWERED:
            return True
    return False


def _question_answered(part: str, text: str, said: str) -> bool:
    """Whether a clause answers a question for a time or a number."""
    lexicon = authority_lexicon()
    answers = {
        "time_question": rf"{lexicon['when']}|去年|前年|上[周个]|昨|前天",
        "count_question": r"\d|[一二两三四五六七八九十百几]+(?:人|名|位|份|单|个|次|件|条)|没有?人|无人|零|没有?",
    }
    for question, answer in answers.items():
        asked = compiled(lexicon[question])
        about = matter(asked.sub("", part))
        if asked.search(part) and len(about) > 1 and share(about, said) >= 1.0 and re.search(answer, text):
            return True
    return False

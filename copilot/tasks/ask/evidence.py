"""What the playbook has to say on a question: the passages found, and where they disagree."""

from datetime import datetime
from pathlib import Path

from copilot.errors import EmptyInputError
from copilot.playbook.embedding import Embedder
from copilot.playbook.retrieval import search
from copilot.settings import Settings
from copilot.tasks.ask.choosing import of_role, rows_asked, used_passages, weigh
from copilot.tasks.ask.composing import Evidence
from copilot.tasks.ask.disputes import clashes, dispute, disputed_sections
from copilot.tasks.ask.reading import lexicon


def gather(question: str, playbook: Path | str | None, settings: Settings, embedder: Embedder) -> tuple[Evidence, bool]:
    """The evidence, and whether the playbook covers the question. An own playbook is held against the handbook.

    Raises `EmptyInputError`, `PlaybookError`, `IndexUnavailableError` or `StorageError`.
    """
    if not question.strip():
        raise EmptyInputError("问题是空的", hint="写一句要问的话")
    looked_at = lexicon()["sections"]
    found = search(question, looked_at, playbook, settings=settings, embedder=embedder)
    if not found.answerable:
        if found.hits and (rows := rows_asked(question, found.hits[0])):
            return Evidence(question, found.hits, found.hits[:1], dict.fromkeys(rows, 1.0)), True
        return Evidence(question, found.hits), False
    near = [hit for hit in found.hits if hit.score >= lexicon()["share"] * found.hits[0].score]
    advice = weigh(question, of_role(near, "do"), embedder)
    passages = used_passages(near, advice)
    disputes = [dispute(section) for section in disputed_sections(passages, settings)]
    compared = passages
    if (
        playbook is not None
        and (beside := search(question, looked_at, settings=settings, embedder=embedder)).answerable
    ):
        compared = (*passages, *beside.hits)
    disputes += clashes(compared, datetime.now(settings.zone))
    return Evidence(question, found.hits, passages, advice, tuple(disputes)), True

"""Putting the operator's answers and decisions into the brief as they would have typed them.

The brief stays the one place where facts are said: an answer becomes a line of it, a conflict is settled by
taking the other statement out. A brief in YAML or JSON stays valid.
"""

import json
import re
from collections.abc import Iterable, Mapping

from copilot import Conflict, Missing
from copilot.records import Origin

_EMPTIED_LINE = re.compile(r"^[\s\-*·•●\d.、)）]*(?:[^\s:：]{1,12}\s*[:：])?[\s。；;，,、]*$")
_NOT_IN_KEYS = re.compile(r"[^\w ]")
_NEWS = "新核实的情况"  # read as verified wherever briefs are sorted
_YAML_LINE = re.compile(r"^[^\s#:：][^:：]{0,30}:(?: |$)")


def without_blanks(brief: str, outline: str) -> str:
    """The brief without the headings of the outline under which nothing was written."""
    headings = tuple(line.strip() for line in outline.splitlines() if line.strip())
    sections: list[list[str]] = [[]]
    for line in brief.splitlines():
        if line.strip().startswith(headings):
            sections.append([])
        sections[-1].append(line)
    written = (rows for rows in sections if "".join(rows).strip() not in headings)
    return "\n".join(line for rows in written for line in rows).strip("\n")


def as_text(fields: Mapping[str, str]) -> str:
    """A brief of `label：words` lines."""
    return "\n".join(f"{label}：{words}" for label, words in fields.items() if words.strip())


def label_of(missing: Missing) -> str:
    """The words that name a missing fact: those of its placeholder, or of its question."""
    _, _, words = missing.placeholder.rstrip("】").partition(":")
    return words or re.split(r"[？?，,（(]", missing.question)[0][:12]


def with_answers(brief: str, answers: Mapping[str, str], *, suffix: str = "") -> str:
    """The brief with one `label：answer` line more for each answer that is not blank."""
    given = {label: " ".join(answer.split()) for label, answer in answers.items() if answer.strip()}
    return _with(brief, dict(given), suffix)


def with_news(brief: str, news: str, *, suffix: str = "") -> str:
    """The brief with what was verified since, one fact a line, under a label that it does not have yet."""
    facts = [fact for line in news.splitlines() if (fact := line.strip().lstrip("-·•").strip())]
    count = brief.count(_NEWS)
    return _with(brief, {f"{_NEWS}{count + 1 if count else ''}": facts}, suffix) if facts else brief


def _with(brief: str, given: Mapping[str, str | list[str]], suffix: str) -> str:
    """The brief with more entries, each a text or a list, in the format it is written in."""
    if not given:
        return brief
    if suffix == ".json" or brief.lstrip().startswith("{"):
        return _with_json_keys(brief, given)
    if suffix in (".yaml", ".yml") or _looks_like_yaml(brief):
        lines = [
            f"{_NOT_IN_KEYS.sub('', label)}: {json.dumps(answer, ensure_ascii=False)}"
            for label, answer in given.items()
        ]
    else:
        lines = [
            f"{label}：{answer if isinstance(answer, str) else _listed(answer)}" for label, answer in given.items()
        ]
    return "\n".join([brief.rstrip(), *lines]).lstrip("\n")


def _listed(rows: list[str]) -> str:
    return "".join(f"\n- {row}" for row in rows)


def _with_json_keys(brief: str, given: Mapping[str, str | list[str]]) -> str:
    """New keys before the closing brace: what the operator typed above stays as it is."""
    head, brace, tail = brief.rpartition("}")
    if not brace:
        return brief
    comma = "" if head.rstrip().endswith(("{", ",")) else ","
    rows = ",\n".join(
        f"  {json.dumps(label, ensure_ascii=False)}: {json.dumps(answer, ensure_ascii=False)}"
        for label, answer in given.items()
    )
    return f"{head.rstrip()}{comma}\n{rows}\n}}{tail}"


def _looks_like_yaml(brief: str) -> bool:
    top = [line for line in brief.split("\n") if line.strip() and not line.startswith((" ", "#", "-"))]
    return len(top) > 1 and all(_YAML_LINE.match(line) for line in top)


def is_choice(conflict: Conflict) -> bool:
    """Whether one of its statements can simply stand, and not all have to be put right."""
    return conflict.code == "two-values"


def keep(brief: str, conflict: Conflict, kept: int) -> str:
    """The brief with one statement of a conflict, and without the others."""
    for number, origin in sorted(enumerate(conflict.origins), key=lambda pair: -pair[1].line):
        if number != kept and origin.quote != conflict.origins[kept].quote:
            brief = correct(brief, origin, "")
    return brief


def correct(brief: str, origin: Origin, words: str) -> str:
    """The brief with other words at the place of one statement; "" takes its line out. Unchanged if it is not found."""
    at = _find(brief, origin)
    if at < 0:
        return brief
    brief = brief[:at] + words + brief[at + len(origin.quote) :]
    start, end = brief.rfind("\n", 0, at) + 1, brief.find("\n", at)
    line = brief[start : end if end >= 0 else len(brief)]
    if words or not _EMPTIED_LINE.match(line):
        return brief
    return (brief[:start] + brief[start + len(line) + 1 :]).rstrip("\n")


def _find(brief: str, origin: Origin) -> int:
    """Where a statement stands: from its line on, or anywhere (a YAML value may start on the line after its key)."""
    offset = sum(len(line) + 1 for line in brief.split("\n")[: origin.line - 1])
    found = brief.find(origin.quote, offset)
    return found if found >= 0 else brief.find(origin.quote)


def unsaid_notes(notes: Iterable[str], shown: Iterable[str]) -> list[str]:
    """The notes that the page does not say elsewhere already."""
    said = [words for words in shown if words]
    return [note for note in notes if not any(words in note or note in words for words in said)]

"""Does a draft repeat what the model was told, instead of doing it? A group must not read "下面是运营手册"."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from copilot.checks.rulebook import finding
from copilot.lore import load_yaml
from copilot.records import Finding, Span
from copilot.settings import PROMPTS

COPIED = 8  # characters in a row, punctuation aside, that a draft and a prompt hardly share by chance
HAN = 3  # of them Chinese: `statement` is a word of ours and of English
WHOLE = 7  # or a clause of at least so many that is a clause of a prompt from end to end
_HAN = re.compile(r"[\u4e00-\u9fff]")
_MARKUP = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_LITERAL = re.compile(r'"([^"\n]*[\u4e00-\u9fff][^"\n]*)"')
# What a prompt quotes or lists is what it shows or forbids: the words themselves are of the trade.
_QUOTED = re.compile(r"“[^”]*”|【[^】]*】|（[^（）]*、[^（）]*）")
_WORDS = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")
_SENTENCE = re.compile(r"[。！？；：\n]")
_TAG = re.compile(r"</?([a-z]+)\b[^<>\n]*>")
_CLAUSE = re.compile(r"[^。！？；：，、,;:!?\n]+")


class _Told(NamedTuple):
    """The prompts' own words: every stretch of `COPIED` characters of their sentences, their whole clauses, their tags."""

    stretches: frozenset[str]
    clauses: frozenset[str]
    tags: frozenset[str]


def echo_findings(text: str, said: Sequence[str]) -> tuple[Finding, ...]:
    """Stretches of a draft that stand in a prompt's own words; not those that stand in one of the `said` texts, too."""
    spans = sorted((*_runs(text), *_clauses(text), *_tags(text)), key=lambda span: (span.start, -span.end))
    if not spans:
        return ()
    known = _bare("\n".join(said))[0]
    found, last = list[Finding](), -1
    for span in spans:
        if span.end > last and _bare(span.text)[0] not in known:
            found.append(finding("prompt-echo", span, words=span.text))
            last = span.end
    return tuple(found)


def _runs(text: str) -> Iterator[Span]:
    """Stretches within a line: labels below each other are no sentence of a prompt."""
    for line in re.finditer(r"[^\n]+", text):
        bare, places = _bare(line[0])
        stretches, at = _told().stretches, 0
        while at + COPIED <= len(bare):
            if bare[at : at + COPIED] not in stretches:
                at += 1
                continue
            end = at + COPIED
            while bare[end - COPIED + 1 : end + 1] in stretches and end < len(bare):
                end += 1
            start, stop = line.start() + places[at], line.start() + places[end - 1] + 1
            yield Span(start=start, end=stop, text=text[start:stop])
            at = end


def _clauses(text: str) -> Iterator[Span]:
    for match in _CLAUSE.finditer(text):
        if _bare(match[0])[0] in _told().clauses:
            yield Span(start=match.start(), end=match.end(), text=match[0])


def _tags(text: str) -> Iterator[Span]:
    for match in _TAG.finditer(text):
        if match[1] in _told().tags:
            yield Span(start=match.start(), end=match.end(), text=match[0])


@cache
def _told() -> _Told:
    everyday = re.compile("|".join(load_yaml("wording", "echo.yaml")["everyday"]))
    prompts = [path.read_text(encoding="utf-8") for path in sorted(PROMPTS.glob("*.jinja"))]
    own = everyday.sub("\n", "\n".join(map(_instructions, prompts)))
    sentences = [_bare(sentence)[0] for sentence in _SENTENCE.split(own)]
    clauses = {_bare(match[0])[0] for match in _CLAUSE.finditer(own)}
    stretches = {line[at : at + COPIED] for line in sentences for at in range(len(line) - COPIED + 1)}
    return _Told(
        stretches=frozenset(one for one in stretches if len(_HAN.findall(one)) >= HAN),
        clauses=frozenset(one for one in clauses if len(_HAN.findall(one)) >= WHOLE),
        tags=frozenset(match[1] for prompt in prompts for match in _TAG.finditer(prompt)),
    )


def _instructions(template: str) -> str:
    """What a template itself says, and the words that it chooses from."""
    chosen = "\n".join(word for tag in re.findall(r"\{\{.*?\}\}", template) for word in _LITERAL.findall(tag))
    return _QUOTED.sub("\n", _MARKUP.sub("\n", template) + "\n" + chosen)


def _bare(text: str) -> tuple[str, list[int]]:
    """A text without punctuation and spaces, and where each character stood."""
    places = [at for match in _WORDS.finditer(text) for at in range(*match.span())]
    return "".join(text[at] for at in places), places

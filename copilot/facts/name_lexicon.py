"""The word lists behind `copilot.facts.names`, and where the dictionary's words lie in a text."""

import re
from functools import cache
from typing import Any, NamedTuple

from copilot.lore import load_yaml

GAP = r"[ \t\u3000]{0,2}"


class Words(NamedTuple):
    """Where dictionary words lie: `starts` and `ends` are word boundaries, `inside` maps a start to its word's end."""

    starts: frozenset[int]
    ends: frozenset[int]
    tagged: dict[int, tuple[int, str]]


class NameLexicon:
    """The word lists of `knowledge/wording/names.yaml`, ready to ask."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.strong = frozenset(data["surnames"]["strong"]) - {" "}
        self.weak = frozenset(data["surnames"]["weak"]) - {" "}
        self.single = self.strong | self.weak
        self.compound = frozenset(data["compound"])
        plain = frozenset(data["given"]["plain"]) - {" "}
        self.given = (frozenset(data["given"]["pure"]) | plain) - {" "}
        self.telling = self.given - plain
        self.never = frozenset(data["never"]) - {" "}
        self.stop = frozenset(data["stop"]) | frozenset(data["latin_stop"])
        self.not_people = tuple(data["not_people"])
        self.after = tuple(data["after_name"])
        self.before = tuple(data["before_name"])
        self.title_goes_on = tuple(data["short_title_continues"])
        titles, roles = _either(data["titles"]), _either(data["roles"])
        self.title = re.compile(titles)
        self.short_titles = frozenset(title for title in data["titles"] if len(title) == 1)
        self.label = re.compile(rf"(?:{_either(data['labels'])})(?P<colon>{GAP}(?:[:：]|是|为|叫)?{GAP})")
        self.role = re.compile(rf"(?:{roles}){GAP}[:：]?{GAP}")
        self.leading_role = re.compile(rf"(?:{roles})")
        self.family = re.compile(rf"([\u4e00-\u9fff])\1(?:{_either(data['family'])})")
        self.outcomes = frozenset(data["outcomes"])
        self.named_group = re.compile(
            rf"([\u4e00-\u9fff])\1(?:{_either(data['family'])})"
            rf"[^\W的在把被对说问发进来去给和跟与也都是有从到转告退加踢入离建拉管改换新老两各]{{0,8}}?(?:{_either(data['groups'])})"
        )
        self.family_item = re.compile(rf"[\u4e00-\u9fff]{{1,3}}(?:{_either(data['family'])})(?![\u4e00-\u9fff])")
        self.nick = re.compile(rf"[{''.join(data['nick_prefixes'])}][\u4e00-\u9fff]")
        self.latin_titled = re.compile(rf"(?<![A-Za-z])([A-Z][a-z]{{1,11}}){GAP}(?:{titles})")


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def name_lexicon() -> NameLexicon:
    return NameLexicon(load_yaml("wording", "names.yaml"))


def segmenter() -> Any:
    """The dictionary that rjieba loads when it is imported; a `Jieba()` of our own would load it a second time."""
    import rjieba

    return rjieba


def words_of(text: str) -> Words:
    """Dictionary words of the text. The segmenter's own guesses at names are off: they swallow the word before."""
    starts, ends, tagged, at = set(), set(), {}, 0
    for word, tag in segmenter().tag(text, False):
        starts.add(at)
        ends.add(at + len(word))
        tagged[at] = (at + len(word), tag)
        at += len(word)
    return Words(frozenset(starts), frozenset(ends), tagged)

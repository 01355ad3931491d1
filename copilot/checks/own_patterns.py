"""Patterns that an operator writes: only those whose search is bounded, whatever text they meet.

A backtracking search takes as many steps as a pattern has ways to match. `bounded` counts them as it reads the pattern
(one character class repeated 0 to 20 times: 21 ways; two such in a row: 441) and refuses more than `MOST_WAYS`. Together
with `WINDOW`, the most characters that are searched at a time, that bounds the time without a clock.
"""

import re
import warnings

LONGEST = 200  # characters of a pattern
WINDOW = 200  # characters of a text searched at a time
MOST_WAYS = 2_000
_GROUPS = ("?:", "?=", "?!", "?<=", "?<!")
_COUNTED = re.compile(r"\{(?:(\d+)(?:(,)(\d*))?|(,)(\d+))\}")
_MANY = MOST_WAYS.bit_length()  # so many parts with two ways each are over the limit


class PatternRefused(ValueError):
    """A pattern that is no pattern, or whose search is not bounded; the arguments are what is wrong, and the fix."""


def bounded(source: str) -> re.Pattern[str]:
    """The pattern, compiled without regard to case. Raises `PatternRefused`."""
    if len(source) > LONGEST:
        raise PatternRefused(f"式子有 {len(source)} 个字符，最多 {LONGEST} 个", "拆成几条规则，或把词写进 words")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)  # "[[" may come to mean something else
            compiled = re.compile(source, re.IGNORECASE)
    except (re.error, OverflowError, FutureWarning) as error:
        raise PatternRefused(f"式子读不懂：{error}", "改正括号和反斜线；要找的是原样的词就写进 words") from None
    _Reader(source).check()
    if compiled.match(""):
        raise PatternRefused("式子什么都没有也算找到", "至少写一个一定要出现的字")
    return compiled


class _Reader:
    """Counts the ways in which a pattern that compiles can match, part by part."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def check(self) -> None:
        """Read it to its end. Raises `PatternRefused`."""
        self._alternatives()

    def _next(self) -> str:
        return self._source[self._at : self._at + 1]

    def _alternatives(self) -> int:
        total = self._sequence()
        while self._next() == "|":
            self._at += 1
            total += self._sequence()
        return self._enough(total)

    def _sequence(self) -> int:
        ways = 1
        while self._next() not in ("", "|", ")"):
            ways = self._enough(ways * self._repeated(self._atom()))
        return ways

    def _atom(self) -> int:
        one = self._next()
        self._at += 1
        if one == "(":
            return self._group()
        if one == "[":
            self._class()
        elif one == "\\":
            if self._next().isdigit():
                raise PatternRefused("式子里有反向引用", "不用 \\1，直接写出要找的字")
            self._at += 1
        return 1

    def _group(self) -> int:
        if self._next() == "?":
            kind = next((kind for kind in _GROUPS if self._source.startswith(kind, self._at)), "")
            if not kind:
                raise PatternRefused("式子里有不支持的括号", "括号只用 (…)、(?:…)、(?=…)、(?!…)、(?<=…)、(?<!…)")
            self._at += len(kind)
        ways = self._alternatives()
        self._at += 1
        return ways

    def _class(self) -> None:
        self._at += self._next() == "^"
        self._at += self._next() == "]"
        while self._next() != "]":
            self._at += 2 if self._next() == "\\" else 1
        self._at += 1

    def _repeated(self, ways: int) -> int:
        """The ways of a part with what says how often it comes."""
        least, most = 1, 1
        if counted := _COUNTED.match(self._source, self._at):
            least, most = _counts(counted)
            self._at = counted.end()
        elif self._next() in ("*", "+", "?") and self._next():
            least, most = {"*": (0, WINDOW), "+": (1, WINDOW), "?": (0, 1)}[self._next()]
            self._at += 1
        else:
            return ways
        self._at += self._next() in ("?", "+") and bool(self._next())  # lazy, possessive
        total = 0
        for times in range(least, most + 1):
            total = self._enough(total + ways ** min(times, _MANY))
        return total

    def _enough(self, ways: int) -> int:
        if ways > MOST_WAYS:
            raise PatternRefused(
                "式子的走法太多，遇到长的文字会很慢",
                "少用 *、+ 和套在一起的次数：把 .* 写成 .{0,10}，一串词写进 words",
            )
        return ways


def _counts(counted: re.Match[str]) -> tuple[int, int]:
    """The least and the most repeats: {3}, {3,}, {3,5}, {,5}."""
    exact, comma, most, _, only_most = counted.groups()
    if only_most:
        return 0, int(only_most)
    return int(exact), int(exact) if not comma else int(most or int(exact) + WINDOW)

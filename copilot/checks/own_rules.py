"""The operator's own rules: what they add to the checks, silence, or weigh otherwise; in force for one `Settings`.

The file is small YAML (`COPILOT_RULES`, or rules.yaml in the data folder). Added rules look for words or a bounded
pattern in each sentence; what guards the truth (`guard` in the catalogue) can be neither silenced nor weighed otherwise.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, Field, StringConstraints, ValidationError, field_validator, model_validator

from copilot.checks.own_patterns import WINDOW, PatternRefused, bounded
from copilot.checks.rulebook import JOBS, catalogue
from copilot.errors import SettingsError
from copilot.facts.folding import fold
from copilot.records import Finding, Record, Severity, Span
from copilot.settings import Settings

OWN = "own:"
MOST_BYTES = 1_000_000
_SENTENCE = re.compile(r"[^。!?\n]+[。!?]*")
_EXPLAINED = "写法见 copilot rules --help"
_TOLD = {
    "missing": "这里少了 {name}",
    "extra_forbidden": "没有 {name} 这一项",
    "literal_error": "{name} 只能是 error、warning 或 info",
    "tuple_type": "{name} 要写成一列，每行以“- ”开头",
    "string_type": "{name} 要写成文字，数字加引号",
    "string_too_long": "{name} 太长",
    "string_too_short": "{name} 是空的",
    "string_pattern_mismatch": "{name} 只能用文字、数字和 -，最多 40 个字符",
}


class RuleRefused(ValueError):
    """An entry that can't be taken; the arguments are what is wrong, and the fix."""


def job_name(job: str) -> str:
    """A job as the rules name it: `draft_crisis_reply` is crisis-reply. Raises `RuleRefused` for one there is not."""
    name = job.removeprefix("draft_").removeprefix("summarise_").replace("_", "-")
    if name not in JOBS:
        raise RuleRefused(f"没有叫 {job} 的工作", "可选 " + "、".join(JOBS))
    return name


def near(name: str, known: Iterable[str]) -> str:
    """Names that look like this one, for a hint; where none does, how to see all."""
    close = difflib.get_close_matches(name, list(known), n=5, cutoff=0.5)
    return f"是不是 {'、'.join(close)}？" if close else "copilot rules 列出全部代号"


def _changeable(code: str) -> str:
    rule = catalogue().get(code)
    if rule is None:
        raise RuleRefused(f"没有代号 {code}", near(code, catalogue()))
    if rule.guard:
        raise RuleRefused(f"{code} 不能改也不能关：{rule.guard}", f"删掉 {code} 这一处")
    return code


Job = Annotated[str, AfterValidator(job_name)]
Code = Annotated[str, AfterValidator(_changeable)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]


class Silence(Record):
    """A code that is not to be reported: in these jobs, or (none named) in any."""

    code: Code
    jobs: tuple[Job, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: object) -> object:
        return {"code": value} if isinstance(value, str) else value


class OwnRule(Record):
    """An added rule: the words, or the pattern, that it finds, unless one of some other words stands in the sentence.

    `{words}` in the message or the fix is what was found.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[\w-]{1,40}$")]
    severity: Severity = "warning"
    title: Annotated[str, StringConstraints(max_length=40)] = ""
    message: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    fix: Annotated[str, StringConstraints(max_length=200)] = ""
    jobs: tuple[Job, ...] = JOBS
    words: Annotated[tuple[Word, ...], Field(max_length=1000)] = ()
    pattern: str = ""
    unless: tuple[Word, ...] = ()

    @field_validator("pattern")
    @classmethod
    def _bounded(cls, value: str) -> str:
        if value:
            bounded(_folded_pattern(value))
        return value

    @model_validator(mode="after")
    def _one_way(self) -> "OwnRule":
        if bool(self.words) == bool(self.pattern):
            raise RuleRefused(
                f"规则 {self.code} 要有 words 或 pattern，只能有一样", "一串词写 words，一个式子写 pattern"
            )
        return self

    def finding(self, span: Span) -> Finding:
        """The finding for one place."""
        message, fix = (template.replace("{words}", span.text) for template in (self.message, self.fix))
        return Finding(severity=self.severity, code=OWN + self.code, message=message, span=span, fix=fix)


class OwnRules(Record):
    """The operator's own rules; without a file there are none."""

    silence: tuple[Silence, ...] = ()
    add: tuple[OwnRule, ...] = ()
    change: dict[Code, Severity] = {}

    @model_validator(mode="after")
    def _each_once(self) -> "OwnRules":
        codes = [rule.code for rule in self.add]
        if twice := [code for code in codes if codes.count(code) > 1]:
            raise RuleRefused(f"add 里有两条都叫 {twice[0]}", "换一个代号")
        return self

    def silent(self, job: str) -> frozenset[str]:
        """The codes that are not reported in a job."""
        return frozenset(one.code for one in self.silence if not one.jobs or job in one.jobs)

    def weighed(self, findings: Iterable[Finding], job: str) -> tuple[Finding, ...]:
        """The findings as they are reported: without the silenced ones, each with the severity the operator gives it."""
        silent = self.silent(job)
        return tuple(
            one.model_copy(update={"severity": self.change[one.code]}) if one.code in self.change else one
            for one in findings
            if one.code not in silent
        )

    def findings(self, text: str, job: str) -> Iterator[Finding]:
        """What the added rules find in a text, rule by rule; spans are its code points."""
        rules = [rule for rule in self.add if job in rule.jobs]
        if not rules:
            return
        folded = fold(text)
        sentences = [(match.start(), match[0]) for match in _SENTENCE.finditer(folded.text)]
        for rule in rules:
            expression, spared = _compiled(rule.words, rule.pattern), _compiled(rule.unless, "")
            for place, sentence in sentences:
                if rule.unless and spared.search(sentence):
                    continue
                for first, last in _places(expression, sentence):
                    start, end = folded.span(place + first, place + last)
                    yield rule.finding(Span(start=start, end=end, text=text[start:end]))


NO_RULES = OwnRules()


def rules_path(settings: Settings) -> Path | None:
    """The file in force: the one that is set, else rules.yaml in the data folder where that is one."""
    default = settings.home / "rules.yaml"
    return settings.rules or (default if default.is_file() else None)


def own_rules(settings: Settings) -> OwnRules:
    """The own rules in force, read again after an edit. Raises `SettingsError` that names the line and the fix."""
    try:
        if (path := rules_path(settings)) is None:
            return NO_RULES
        seen = path.stat()
        if seen.st_size > MOST_BYTES:
            raise SettingsError(f"规则文件 {path} 有 {seen.st_size} 字节，最多 {MOST_BYTES}", hint="删去不用的规则")
        return _read(path, seen.st_mtime_ns, seen.st_size)
    except OSError as error:
        raise SettingsError(
            f"打不开规则文件 {error.filename}：{error.strerror}", hint="改正 COPILOT_RULES 或文件权限"
        ) from None


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int, _size: int) -> OwnRules:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
        return OwnRules.model_validate({} if data is None else data)
    except UnicodeDecodeError:
        raise SettingsError(f"规则文件 {path} 不是 UTF-8 文本", hint="另存为 UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SettingsError(f"规则文件 {path} 第 {line} 行不是 YAML", hint="检查缩进、冒号和引号") from None
    except (yaml.YAMLError, RecursionError):
        raise SettingsError(f"规则文件 {path} 不是 YAML", hint="去掉看不见的字符和自己套自己的引用") from None
    except ValidationError as error:
        first = error.errors()[0]
        message, hint = _told(dict(first))
        raise SettingsError(f"规则文件 {path} 第 {_line(root, first['loc'])} 行：{message}", hint=hint) from None


def _told(error: dict[str, Any]) -> tuple[str, str]:
    """What is wrong with an entry, and the fix."""
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, RuleRefused | PatternRefused):
        return str(cause.args[0]), str(cause.args[1])
    name = next((str(step) for step in reversed(error["loc"]) if isinstance(step, str) and step != "[key]"), "整个文件")
    return _TOLD.get(error["type"], "{name} 的写法不对").format(name=name), _EXPLAINED


def _line(node: yaml.Node | None, steps: Sequence[int | str]) -> int:
    """The line of the entry that these steps lead to, or of the nearest around it."""
    line = 1
    for step in steps:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == step), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
            continue
        if isinstance(node, yaml.Node):
            line = node.start_mark.line + 1
    return line


def _folded_pattern(pattern: str) -> str:
    """A pattern in the spelling of folded text: full-width and traditional characters plain, none turned into a sign of the pattern's own."""
    return "".join(one if one.isascii() else re.escape(fold(one).text) for one in pattern)


@cache
def _compiled(words: tuple[str, ...], pattern: str) -> re.Pattern[str]:
    if pattern:
        return bounded(_folded_pattern(pattern))
    folded = sorted({fold(word).text for word in words} - {""}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, folded)) or "(?!)")


def _places(expression: re.Pattern[str], sentence: str) -> Iterator[tuple[int, int]]:
    """Where a pattern matches in a sentence, searched in overlapping windows; of overlapping matches the first, then the longest.

    What reaches the end of a window is left to the next one, which knows what follows it.
    """
    half = WINDOW // 2
    found = {
        match.span()
        for start in range(0, max(len(sentence) - half, 1), half)
        for match in expression.finditer(sentence, start, start + WINDOW)
        if match.end() < start + WINDOW or match.start() < start + half or match.end() == len(sentence)
    }
    reached = 0
    for first, last in sorted(found, key=lambda place: (place[0], -place[1])):
        if reached <= first < last:
            reached = last
            yield first, last

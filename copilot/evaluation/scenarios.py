"""Scenario files: what an operator would hand over, and what must and must not come out.

YAML, JSON or one JSON object a line. What is expected is either for code to judge (`must`, `must_not`, `asks`: texts,
or patterns between slashes) or, where a scenario names its job `task` and its brief `inputs`, prose for a reader.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import yaml
from pydantic import ValidationError, ValidationInfo, field_validator

from copilot.checks.own_rules import RuleRefused, job_name
from copilot.checks.rulebook import JOBS
from copilot.errors import EmptyInputError, InputError
from copilot.facts.intake import plain
from copilot.records import Record

Expectation = tuple[str, ...]
"""Alternatives, of which one is enough: a text, or a pattern between slashes."""
RUNNABLE = tuple(job for job in JOBS if job not in ("chat", "check"))
_PATTERN = re.compile(r"/(.+)/", re.DOTALL)
_LOADER: type[yaml.BaseLoader] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # 20:00 stays 20:00, and no stays no


class Wishes(Record):
    """How a scenario's draft should come out; `now` is the moment relative dates are counted from."""

    platform: str | None = None
    tone: str | None = None
    length: int | None = None
    earlier: tuple[str, ...] = ()
    now: datetime | None = None


class Scenario(Record):
    """One scenario: a job, its brief (for `ask` the question), and what is expected.

    `must` is looked for in the whole draft, `must_not` in what would be posted, `asks` in what the operator is asked.
    `to_read` are expectations in prose, which only a reader can judge.
    """

    id: str
    job: str
    brief: str | dict[str, Any]
    options: Wishes = Wishes()
    must: tuple[Expectation, ...] = ()
    must_not: tuple[Expectation, ...] = ()
    asks: tuple[Expectation, ...] = ()
    to_read: tuple[str, ...] = ()

    @field_validator("id")
    @classmethod
    def _named(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("不能是空的")
        return value

    @field_validator("job")
    @classmethod
    def _known_job(cls, value: str) -> str:
        try:
            name = job_name(value)
        except RuleRefused:
            name = ""
        if name not in RUNNABLE:
            raise ValueError(f"没有叫 {value} 的活，可选 {'、'.join(RUNNABLE)}")
        return name

    @field_validator("brief", mode="before")
    @classmethod
    def _as_data(cls, value: Any) -> Any:
        return plain(value) if isinstance(value, Mapping) else value

    @field_validator("brief")
    @classmethod
    def _a_question_for_ask(cls, value: str | dict[str, Any], info: ValidationInfo) -> str | dict[str, Any]:
        if info.data.get("job") == "ask" and not isinstance(value, str):
            raise ValueError("ask 的 brief 是一句问话")
        return value

    @field_validator("must", "must_not", "asks", mode="before")
    @classmethod
    def _alternatives(cls, value: Any) -> Any:
        rows = [value] if isinstance(value, str) else value
        return [(row,) if isinstance(row, str) else row for row in rows] if isinstance(rows, Sequence) else rows

    @field_validator("must", "must_not", "asks")
    @classmethod
    def _readable(cls, value: tuple[Expectation, ...]) -> tuple[Expectation, ...]:
        for alternatives in value:
            if not alternatives or not all(one.strip() for one in alternatives):
                raise ValueError("有一条是空的")
            for one in alternatives:
                _compiled(one)
        return value


def holds(expectation: Expectation, text: str) -> bool:
    """Whether a text has one of the alternatives; spaces, case and the width of characters don't count in plain ones."""
    return any(
        bool(pattern.search(text)) if (pattern := _compiled(one)) else _folded(one) in _folded(text)
        for one in expectation
    )


def spelled(expectation: Expectation) -> str:
    """The alternatives in one line."""
    return " / ".join(expectation)


def read_scenarios(text: str) -> tuple[Scenario, ...]:
    """The scenarios of a file. Raises `InputError` naming the scenario and what is wrong with it."""
    rows = _rows(text)
    if not rows:
        raise EmptyInputError("没有场景", hint="至少写一个：id、job、brief")
    found: dict[str, Scenario] = {}
    for number, row in enumerate(rows, 1):
        scenario = _scenario(row, number)
        if scenario.id in found:
            raise InputError(f"有两个场景都叫 {scenario.id}", hint="换一个 id")
        found[scenario.id] = scenario
    return tuple(found.values())


def _scenario(row: Any, number: int) -> Scenario:
    if not isinstance(row, Mapping):
        raise InputError(f"第 {number} 个场景不是 键: 值 的样子", hint="每个场景写 id、job、brief")
    given = _in_prose(row) if "task" in row and "inputs" in row else dict(row)
    name = f"第 {number} 个场景" + (f"（{row['id']}）" if row.get("id") else "")
    try:
        return Scenario.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        said = {"missing": "没有写", "extra_forbidden": "没有这一项"}.get(first["type"], first["msg"])
        raise InputError(
            f"{name}的 {where}：{said.removeprefix('Value error, ')}",
            hint="每个场景有 id、job、brief，可以有 options、must、must_not、asks",
        ) from None


def _in_prose(row: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario whose expectations are written for a person; what else stands in it, such as rules to apply, is left."""
    told = [f"要：{one}" for one in row.get("must", ())] + [f"不要：{one}" for one in row.get("must_not", ())]
    return {"id": str(row.get("id", "")), "job": row["task"], "brief": row["inputs"], "to_read": told}


def _rows(text: str) -> list[Any]:
    """The rows of a file: a list, a mapping with `scenarios`, one scenario, or one JSON object a line."""
    value = _value(text)
    if isinstance(value, Mapping):
        value = value.get("scenarios", [value])
    if not isinstance(value, list):
        raise InputError("看不出场景在哪里", hint="写成列表，或放在 scenarios: 下面；JSONL 一行一个")
    return value


def _value(text: str) -> Any:
    if text.lstrip().startswith(("{", "[")):
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            whole = error
        except RecursionError:
            raise InputError("JSON 嵌套太深", hint="展平一些") from None
        return _lines(text, whole)
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506 - the base loader makes nothing but texts
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else ""
        raise InputError(f"YAML {where}有误", hint="检查缩进和冒号；带冒号的句子加引号") from None
    except RecursionError:
        raise InputError("YAML 嵌套太深", hint="展平一些") from None


def _lines(text: str, wrong: json.JSONDecodeError) -> list[Any]:
    """One JSON object a line; where even the first line is none, the text was meant as a whole and is `wrong`."""
    values = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            values += [json.loads(line)] if line.strip() else []
        except json.JSONDecodeError as error:
            where, what = (number, error.msg) if values else (wrong.lineno, wrong.msg)
            raise InputError(f"JSON 第 {where} 行有误：{what}", hint="改正这一行") from None
    return values


def _compiled(wanted: str) -> re.Pattern[str] | None:
    """The pattern of a text between slashes. Raises `ValueError`."""
    if not (written := _PATTERN.fullmatch(wanted)):
        return None
    try:
        return re.compile(written[1])
    except re.error as error:
        raise ValueError(f"{wanted} 不是正则表达式：{error}") from None


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()

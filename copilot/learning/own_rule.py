"""A word that is always taken out, as a rule in the operator's own file: one line more, all others as they were."""

import json

import yaml
from pydantic import ValidationError

from copilot.checks.own_rules import OwnRules, own_rules, rules_path
from copilot.errors import SettingsError, StorageError
from copilot.files import write_whole
from copilot.settings import Settings
from copilot.store import Habit


def add(habit: Habit, settings: Settings) -> None:
    """Add the rule of a habit. Raises `SettingsError` where the file can't be read or must be edited by hand."""
    if any(rule.code == _code(habit) for rule in own_rules(settings).add):
        return
    text = _text(settings)
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    entry = {
        "code": _code(habit),
        "message": f"“{habit.old}”是您每次都会删掉的话",
        "fix": "删掉",
        "words": [habit.old],
        "jobs": [*habit.jobs, "check"],
    }
    line = f"- {json.dumps(entry, ensure_ascii=False)}\n"
    lines = text.splitlines(keepends=True)
    rules = next((value for key, value in root.value if key.value == "add"), None) if root else None
    if rules is None:
        lines += ["" if text.endswith("\n") or not text else "\n", "add:\n", line]
    else:
        at = rules.start_mark
        lines.insert(at.line, " " * at.column + line)
    _write("".join(lines), habit, settings)


def remove(habit: Habit, settings: Settings) -> None:
    """Take the rule of a habit out again, and `add:` with it where nothing else stands there."""
    lines = _text(settings).splitlines(keepends=True)
    kept = [line for line in lines if f'"code": "{_code(habit)}"' not in line]
    if yaml.safe_load("".join(kept)) and yaml.safe_load("".join(kept)).get("add", ()) is None:
        kept = [line for line in kept if line.rstrip() != "add:"]
    if kept != lines:
        _write("".join(kept), habit, settings)


def _code(habit: Habit) -> str:
    return f"habit-{habit.id}"


def _text(settings: Settings) -> str:
    path = rules_path(settings)
    return path.read_text(encoding="utf-8-sig") if path else ""


def _write(text: str, habit: Habit, settings: Settings) -> None:
    path = rules_path(settings) or settings.home / "rules.yaml"
    try:
        OwnRules.model_validate(yaml.safe_load(text) or {})
    except (yaml.YAMLError, ValidationError):
        raise SettingsError(
            f"规则文件 {path} 的写法不好自动改",
            hint=f"自己在 add 下面改“{habit.old}”这一条，写法见 copilot rules --help",
        ) from None
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise StorageError(f"{path} 写不了：{error.strerror}", hint="检查磁盘空间和文件的权限") from error

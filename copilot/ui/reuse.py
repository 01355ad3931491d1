"""Laying something kept on a job's desk: an old brief to start from again, a group's profile for the week."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

import streamlit as st
import yaml

from copilot.records import Request
from copilot.ui import desk, markup, profiles
from copilot.ui.desk import Desk
from copilot.ui.locales import t, words
from copilot.ui.state import Job

GROUPS = "群档案"  # the entry of a weekly plan's brief that lists profiles
LENGTHS = range(50, 5001)  # what the desk's field takes
_LIST = re.compile(rf"^{GROUPS}:[ ]*\n", re.MULTILINE)


def brief_of(request: Request) -> tuple[str, str]:
    """The brief of a request as text, with the format it is written in; the profiles it was about stand in it."""
    text, suffix = request.brief, request.suffix
    if not isinstance(text, str):
        text, suffix = profiles.dump(text).strip(), ".yaml"
    for group in request.groups:
        text, suffix = with_group(text, suffix, group)
    return text, suffix


def with_group(brief: str, suffix: str, group: Mapping[str, Any]) -> tuple[str, str]:
    """The brief with a group's profile (plain data) more, in the format it is written in."""
    plain = profiles.labelled(group)
    block = "- " + profiles.dump(plain).rstrip().replace("\n", "\n  ") + "\n"
    kind = _kind(brief, suffix)
    if kind == "json":
        data = json.loads(brief)
        data[GROUPS] = [*data.get(GROUPS, ()), plain]
        return json.dumps(data, ensure_ascii=False, indent=2), suffix
    if kind == "text":
        return f"{brief.rstrip()}\n\n{_as_lines(plain)}", suffix
    if _LIST.search(brief):
        return _LIST.sub(lambda found: found[0] + block, brief, count=1), suffix
    return "\n".join(filter(None, (brief.rstrip(), f"{GROUPS}:", block.rstrip()))), suffix or ".yaml"


def _kind(brief: str, suffix: str) -> str:
    """The format, "json" or "yaml", where the brief holds names and values in that format, else "text"."""
    if not brief.strip():
        return "yaml"
    for kind, read, wrong in (("json", json.loads, json.JSONDecodeError), ("yaml", yaml.safe_load, yaml.YAMLError)):
        try:
            data = read(brief)
        except wrong:
            continue
        if isinstance(data, dict) and isinstance(data.get(GROUPS, []), list):
            return kind
    return "yaml" if suffix in (".yaml", ".yml") else "text"


def _as_lines(plain: Mapping[str, Any]) -> str:
    """A profile in the way it would be typed into a note."""
    rows = []
    for label, value in plain.items():
        if isinstance(value, list):
            entries = (_member(one) if isinstance(one, Mapping) else str(one) for one in value)
            rows.append("\n".join([f"{label}：", *(f"- {entry}" for entry in entries)]))
        else:
            rows.append(f"{label}：{' '.join(str(value).split())}")
    return "\n".join(rows)


def _member(person: Mapping[str, Any]) -> str:
    name, *rest = person.values()
    told = "，".join(f"每天 {one} 分钟" if isinstance(one, int) else str(one) for one in rest)
    return f"{name}：{told}" if told else str(name)


# On the page ----------------------------------------------------------------------------------------------------------


def start_again(at: Desk, request: Request) -> None:
    """Lay a request on its desk: the brief, and the options that the desk offers."""
    text, suffix = brief_of(request)
    desk.open_with(at.keys, text, suffix=suffix)
    at.keys.published.set(request.earlier)
    at.keys.length.set(request.length if request.length in LENGTHS else None)
    at.keys.today.set(None)
    for key, family, value in ((at.keys.platform, "platform", request.platform), (at.keys.tone, "tone", request.tone)):
        if f"{family}.{value or 'auto'}" in words("zh"):
            key.set(value)


def button(
    label: str,
    keys: Job,
    lay: Callable[[], None],
    *,
    key: str,
    text: str,
    job: str,
    kind: Literal["primary", "secondary"] = "primary",
) -> bool:
    """A button that calls `lay`; whether it was pressed. Where the desk holds a brief nobody drafted, it asks first."""
    waiting = keys.brief.get().strip()
    if not waiting or waiting == text.strip() or _is_drafted(keys, waiting):
        return st.button(label, key=key, type=kind, on_click=lay)
    with st.popover(label, key=f"{key}-ask", type=kind):
        st.html(markup.paragraph(t("reuse.waiting", job=job), "what"))
        st.code(waiting, language=None, wrap_lines=True, height=140)
        return st.button(t("reuse.replace"), key=key, on_click=lay)


def _is_drafted(keys: Job, waiting: str) -> bool:
    draft = keys.draft.get()
    return draft is not None and isinstance(draft.request.brief, str) and draft.request.brief.strip() == waiting

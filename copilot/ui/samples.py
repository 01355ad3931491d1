"""Sample data, one click each: an invented group, chat, brief, crisis and week, each marked 示例 wherever it is shown."""

import re
from functools import partial

import streamlit as st

from copilot.facts.profiles import read_profile
from copilot.ui import archive, desk, kept, markup, reuse, state
from copilot.ui.locales import t
from copilot.ui.pages import groups

MARK = "示例"
ERROR = state.settings_error("samples")
_GROUP = desk.EXAMPLES / "group.yaml"
_NAME = re.compile(r'^(群名[:：][ ]?|微信群")([^"\n（]+)(（[^）\n]*）)?', re.MULTILINE)


def is_sample(group: str) -> bool:
    """Whether this is the name of a sample's group."""
    return group.endswith(f"（{MARK}）")


def marked(text: str) -> str:
    """A sample with its group marked as one, by its name."""
    return _NAME.sub(rf"\1\2（{MARK}）", text)


def draw() -> None:
    """A button for each."""
    with st.container(key="samples"):
        st.html(markup.heading(t("guide.samples")) + markup.paragraph(t("guide.samples_note"), "quiet"))
        with st.container(horizontal=True):
            if st.button(t("guide.sample_group"), key="sample-group", on_click=_group) and not ERROR.get():
                st.switch_page(st.Page(groups.page, url_path="groups"))
            for job in archive.DESKS:
                _job(job)
        kept.notice(ERROR.get())


def _job(job: str) -> None:
    at = archive.DESKS[job]
    text = marked(at.sample.read_text(encoding="utf-8").strip())
    lay = partial(desk.open_with, at.keys, text, suffix=at.sample.suffix)
    name = at.says("page")
    label = t("guide.sample_of", job=name)
    if reuse.button(label, at.keys, lay, key=f"sample-{job}", text=text, job=name, kind="secondary"):
        archive.go_to(job)


def _group() -> None:
    with kept.told(ERROR):
        profile = read_profile(marked(_GROUP.read_text(encoding="utf-8")), suffix=".yaml")
        state.GROUPS_OPEN.set(state.copilot().store.save_group(profile).profile.name)

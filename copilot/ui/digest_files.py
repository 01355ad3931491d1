"""A digest as files: the operator's page as Markdown and Word, what the group may read as a picture."""

import re

import streamlit as st

from copilot import Draft
from copilot.tasks.digest.exporting import digest_card, digest_report
from copilot.ui.locales import t
from copilot.ui.plans import File

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


def files(draft: Draft) -> dict[str, File]:
    """The files by their kind. Each is made when it is asked for."""
    from copilot.exports import report_markdown, to_docx

    found = {
        "markdown": File(_name(draft, "md"), "text/markdown", lambda: report_markdown(digest_report(draft))),
        "docx": File(_name(draft, "docx"), WORD, lambda: to_docx(digest_report(draft))),
    }
    text = next((part.text for part in draft.parts if part.name == "group"), "")
    if text.strip():
        found["card"] = File(_name(draft, "png"), "image/png", lambda: _picture(draft.id, text, draft))
    return found


def draw(draft: Draft) -> None:
    """The files behind one button."""
    with st.popover(t("plan.export"), key="exports"):
        for name, file in files(draft).items():
            label = t(f"file.{name}")
            data = file.data
            st.download_button(
                label, data, file.name, file.mime, key=f"export-{name}", on_click="ignore", width="stretch"
            )
        if len(files(draft)) < 3:
            st.caption(t("digest.no_card"))


@st.cache_data(max_entries=20, show_spinner=False)
def _picture(draft_id: str, text: str, _draft: Draft) -> bytes:
    """The card of one wording of a draft; setting it takes a moment, so it is kept."""
    from copilot.exports import to_card

    report = digest_card(_draft)
    assert report is not None
    return to_card(report)


def _name(draft: Draft, suffix: str) -> str:
    """`群日报-竹溪共享菜园-2026-11-21.md`"""
    totals = draft.structure.get("totals") or {}
    pieces = ["群日报", str(draft.structure.get("group") or ""), str(totals.get("last") or "")[:10]]
    plain = (_NOT_IN_NAMES.sub("_", piece).strip("._")[:40] for piece in pieces)
    return "-".join(filter(None, plain)) + f".{suffix}"

"""A digest as files: the operator's page as Markdown and Word, what the group may read as a picture."""

import re

import streamlit as st

from copilot import Draft
from copilot.tasks.digest.exporting import digest_card, digest_report
from copilot.ui.locales import t
from copilot.ui.messages import message
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
    part = message(draft, "group")
    if part and part.text.strip():
        found["card"] = File(_name(draft, "png"), "image/png", lambda: _picture(draft.id, part.text, draft))
    return found


def draw(draft: Draft) -> None:
    """The files behind one button."""
    with st.popover(t("plan.export"), key="exports"):
        found = files(draft)
        for name, file in found.items():
            label = t(f"file.{name}")
            st.download_button(
                label, file.data, file.name, file.mime, key=f"export-{name}", on_click="ignore", width="stretch"
            )
        if "card" not in found:
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

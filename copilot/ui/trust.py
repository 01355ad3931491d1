"""The right column: why a draft can be trusted, and the operator's answers, which go back into the brief."""

from collections.abc import Mapping, Sequence

import streamlit as st

from copilot import Conflict, Draft, Finding
from copilot.tasks.weekly_plan.slot_ledger import SCHEDULED
from copilot.ui import briefs, components, desk, markup, messages
from copilot.ui.desk import Desk
from copilot.ui.locales import t
from copilot.ui.structures import texts


def column(
    at: Desk,
    found: Sequence[Finding] | None = None,
    *,
    settle: Sequence[str] = (),
    remarks: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """What is missing, contradicts itself or was found, and where it all comes from.

    `found` are the findings to list here (None: all), `settle` further points that only the operator can settle, `remarks`
    the job's own lists by their headings; below those the facts are folded.
    """
    draft = at.keys.draft.get()
    if draft is None:
        promises = [t(f"empty.{name}") for name in ("missing", "conflicts", "facts", "findings")]
        st.html(markup.heading(t("empty.title")) + markup.notes(promises))
        return
    components.missing_form(draft.missing, at.keys.answer, lambda: _fill(at))
    components.conflicts(
        draft,
        at.keys.correction,
        lambda conflict, index: _keep(at, conflict, index),
        lambda conflict, index, key: _correct(at, conflict, index, key),
    )
    told = _told(draft)
    components.lines(t("trust.settle"), briefs.unsaid_notes(settle, told))
    components.findings_section(
        messages.worth_showing(draft) if found is None else found, lambda one: desk.fix(at, one)
    )
    for heading, lines in (remarks or {}).items():
        components.lines(heading, lines)
    said = [fact for fact in draft.facts if fact.origin.field != SCHEDULED]
    components.facts(said, folded=remarks is not None)
    components.citations(draft.citations)
    components.paid(draft.usage)
    components.lines(t("notes.title"), briefs.unsaid_notes(texts(draft.structure, "notes"), [*told, *settle]))


def _told(draft: Draft) -> list[str]:
    return [
        *(gap.question for gap in draft.missing),
        *(one.message for one in draft.conflicts),
        *(one.message for one in draft.findings),
    ]


def _fill(at: Desk) -> None:
    if draft := at.keys.draft.get():
        answers = {briefs.label_of(gap): at.keys.answer(gap.key).get() for gap in draft.missing}
        desk.rewrite(at, briefs.with_answers(at.keys.brief.get(), answers, suffix=at.keys.format.get()))
        for gap in draft.missing:
            at.keys.answer(gap.key).set("")


def _keep(at: Desk, conflict: Conflict, index: int) -> None:
    desk.rewrite(at, briefs.keep(at.keys.brief.get(), conflict, index))


def _correct(at: Desk, conflict: Conflict, index: int, key: str) -> None:
    words = st.session_state[key]
    desk.rewrite(at, briefs.correct(at.keys.brief.get(), conflict.origins[index], words))

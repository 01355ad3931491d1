"""The parts of a page that show a draft: the group's view of it, and why it can be trusted."""

from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from copilot import Citation, Conflict, Draft, Fact, Finding, Missing
from copilot.records import Origin
from copilot.ui import briefs, markup, state
from copilot.ui.locales import t

FOLDER = Path(__file__).parent


@cache
def _component(name: str, html: str = "") -> Callable[..., Any]:
    """A piece of our own JavaScript; it takes part in the page's styles."""
    script = (FOLDER / f"{name}.js").read_text(encoding="utf-8")
    return st.components.v2.component(f"copilot_{name}", html=html, js=script, isolate_styles=False)


def theme() -> None:
    """The house's own styles on top of `.streamlit/config.toml`."""
    st.html(FOLDER / "theme.css")


def light(language: str) -> None:
    """Nothing to see: lets a sentence and its facts light each other up, and tells the browser the page's language."""
    _component("light")(key="light", data={"language": {"zh": "zh-CN"}.get(language, language)})


def copy_button(text: str, on_copied: Callable[[], None]) -> None:
    """Copies `text` in the browser, then calls `on_copied`."""
    labels = {"label": t("draft.copy"), "done": t("draft.copied"), "failed": t("draft.copy_failed")}
    button = _component("copy", '<button type="button" class="copy" aria-live="polite"></button>')
    button(key="copy", data={"text": text, **labels}, on_copied_change=on_copied, width="content")


def _where(origin: Origin) -> str:
    """`事实[2] · 第 7 行`: the field (unless the brief is plain text) and the line."""
    field = "" if origin.field in ("", "text") else f"{origin.field} · "
    return field + t("facts.line", line=origin.line)


def bubble(draft: Draft, platform: str) -> None:
    """The draft as the group will see it."""
    st.html(
        markup.chat(
            markup.message(draft, _where),
            title=platform,
            sender=t("draft.sender"),
            aside=t("draft.count", count=len(draft.text)),
            note=t("draft.strip"),
        )
    )


def growing_bubble(place: Any, platform: str) -> Callable[[str], None]:
    """A bubble in `place` (an `st.empty`) that grows with every piece of text it is given."""
    pieces: list[str] = []

    def grow(piece: str) -> None:
        pieces.append(piece)
        text = "".join(pieces)
        inner = f'{escape(text)}<span class="caret"></span>'
        aside = t("draft.count", count=len(text)) if text else t("draft.writing")
        place.html(markup.chat(inner, title=platform, sender=t("draft.sender"), aside=aside))

    grow("")
    return grow


def verdict(draft: Draft) -> tuple[str, str]:
    """Whether this can be posted, in a few words, and the severity of that."""
    errors = sum(finding.severity == "error" for finding in draft.findings)
    if errors:
        return t("verdict.errors", count=errors), "error"
    if gaps := len(set(markup.PLACEHOLDER.findall(draft.text))):
        return t("verdict.open", count=gaps), "warning"
    if warnings := sum(finding.severity == "warning" for finding in draft.findings):
        return t("verdict.warnings", count=warnings), "warning"
    return t("verdict.ready"), "ready"


def missing_form(missing: Sequence[Missing], on_fill: Callable[[], None]) -> None:
    """One field for each thing the brief does not say; `on_fill` runs when they are handed in."""
    if not missing:
        return
    with st.container(key="missing"):
        st.html(markup.heading(t("missing.title"), len(missing), "warning"))
        with st.form("announcement.missing", border=False):
            for gap in missing:
                optional = "" if gap.placeholder else t("missing.optional")
                st.text_input(
                    gap.question + optional,
                    key=state.answer_key(gap.key).name,
                    placeholder=briefs.label_of(gap),
                    persist_state="session",
                )
            st.form_submit_button(t("missing.fill"), on_click=on_fill)


def conflicts(
    draft: Draft,
    on_keep: Callable[[Conflict, int], None],
    on_correct: Callable[[Conflict, int, str], None],
) -> None:
    """Each contradiction with all that was said: one statement is chosen, or the wrong one put right."""
    if not draft.conflicts:
        return
    with st.container(key="conflicts"):
        st.html(markup.heading(t("conflict.title"), len(draft.conflicts), "warning"))
        for number, conflict in enumerate(draft.conflicts):
            with st.container(key=f"conflict-{number}"):
                st.html(
                    markup.paragraph(t("conflict.choose") if briefs.is_choice(conflict) else conflict.message, "what")
                )
                for index, origin in enumerate(conflict.origins):
                    with st.container(horizontal=True, wrap=False, vertical_alignment="bottom", gap="small"):
                        if briefs.is_choice(conflict):
                            st.html(markup.statement(origin, _where))
                            st.button(
                                t("conflict.keep"),
                                key=f"keep-{number}-{index}",
                                on_click=on_keep,
                                args=(conflict, index),
                            )
                            continue
                        key = state.correction_key(draft.id, number, index)
                        if not key.get():
                            key.set(origin.quote)
                        st.text_input(_where(origin), key=key.name, persist_state="session")
                        st.button(
                            t("conflict.correct"),
                            key=f"correct-{number}-{index}",
                            on_click=on_correct,
                            args=(conflict, index, key.name),
                        )


def findings(found: Sequence[Finding], on_fix: Callable[[Finding], None]) -> None:
    """What the checks found, gravest first, with a button where code can mend it."""
    with st.container(key="findings"):
        st.html(
            markup.heading(
                t("finding.title"), len(found), max((finding.severity for finding in found), key=_gravity, default="")
            )
        )
        if not found:
            st.html(markup.paragraph(t("finding.none"), "quiet"))
        for number, finding in enumerate(found):
            st.html(markup.finding(finding, t(f"finding.{finding.severity}")))
            if finding.span and finding.replacement is not None:
                words = finding.replacement
                label = t("finding.replace", words=words) if words else t("finding.delete", words=finding.span.text)
                st.button(label, key=f"fix-{number}", on_click=on_fix, args=(finding,))


def _gravity(severity: str) -> int:
    return ("info", "warning", "error").index(severity)


def facts(known: Sequence[Fact]) -> None:
    """Each fact with where it was said."""
    if known:
        st.html(markup.heading(t("facts.title")))
        st.html(markup.facts(known, _where, t("facts.private")))


def citations(cited: Sequence[Citation]) -> None:
    """The handbook's words behind the draft."""
    if cited:
        with st.expander(f"{t('citations.title')} · {len(cited)}"):
            st.html(markup.citations(cited))


def notes(lines: Sequence[str]) -> None:
    """Remarks that are for the operator and not for the group."""
    if lines:
        st.html(markup.heading(t("notes.title"), len(lines)))
        st.html(markup.notes(lines))

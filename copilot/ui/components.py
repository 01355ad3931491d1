"""The parts of a page that show a draft: the group's view of it, and why it can be trusted."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from copilot import Citation, Conflict, Draft, Fact, Finding, Missing
from copilot.providers import money
from copilot.records import Origin, Part, Usage
from copilot.tasks.weekly_plan.slot_ledger import SCHEDULED
from copilot.ui import briefs, markup
from copilot.ui.locales import t
from copilot.ui.state import Key

FOLDER = Path(__file__).parent
_NUMBERED = re.compile(r"[a-z]+\d+")  # an entry of a ledger, which is no place in the brief
_PLACE = re.compile(r"\[\d+\]")  # in a list; the line says it better


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


def copy_button(text: str, on_copied: Callable[[], None], *, key: str = "") -> None:
    """Copies `text` in the browser, then calls `on_copied`. `key` tells the buttons of one page apart."""
    labels = {"label": t("draft.copy"), "done": t("draft.copied"), "failed": t("draft.copy_failed")}
    button = _component("copy", '<button type="button" class="copy" aria-live="polite"></button>')
    button(key=f"copy-{key}", data={"text": text, **labels}, on_copied_change=on_copied, width="content")


def calendar(
    data: dict[str, Any], on_picked: Callable[[str], None], on_moved: Callable[[dict[str, str]], None]
) -> None:
    """A week of cards: `on_picked` takes the id of the one clicked, `on_moved` where one was dragged (`slot`, `day`, `time`).

    `data`: `days` (iso, name, date, note), `hours` with a row, `slots` (id, day, time, title, note, kind, alert), the one
    `picked`, and the words `label` and `unplaced`.
    """
    week = _component("calendar", '<div class="week" role="group"></div><div class="tray"></div>')
    week(
        key="calendar",
        data=data,
        on_picked_change=lambda: on_picked(st.session_state["calendar"]["picked"]),
        on_moved_change=lambda: on_moved(st.session_state["calendar"]["moved"]),
    )


def _where(origin: Origin) -> str:
    """`事实 · 第 7 行`: the field (unless the brief is plain text) and the line; what code computed or numbered has no line."""
    if origin.field == SCHEDULED:
        return origin.field
    if _NUMBERED.fullmatch(origin.field):
        return ""
    field = "" if origin.field in ("", "text") else f"{_PLACE.sub('', origin.field)} · "
    return field + t("facts.line", line=origin.line)


def bubble(draft: Draft, part: Part, title: str) -> None:
    """One message of a draft as its readers will see it, in a window called `title`."""
    st.html(
        markup.chat(
            markup.message(draft, part, _where),
            title=title,
            sender=t("draft.sender"),
            aside=t("draft.count", count=len(part.text)),
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


def verdict(text: str, found: Sequence[Finding]) -> tuple[str, str]:
    """Whether a text with these findings can be posted, in a few words, and the severity of that."""
    errors = sum(finding.severity == "error" for finding in found)
    if errors:
        return t("verdict.errors", count=errors), "error"
    if gaps := len(set(markup.PLACEHOLDER.findall(text))):
        return t("verdict.open", count=gaps), "warning"
    if warnings := sum(finding.severity == "warning" for finding in found):
        return t("verdict.warnings", count=warnings), "warning"
    return t("verdict.ready"), "ready"


def missing_form(missing: Sequence[Missing], answer: Callable[[str], Key[str]], on_fill: Callable[[], None]) -> None:
    """One field for each thing the brief does not say; `on_fill` runs when they are handed in."""
    if not missing:
        return
    with st.container(key="missing"):
        st.html(markup.heading(t("missing.title"), len(missing), "warning"))
        with st.form("missing-form", border=False):
            for gap in missing:
                optional = "" if gap.placeholder else t("missing.optional")
                st.text_input(
                    gap.question + optional,
                    key=answer(gap.key).name,
                    placeholder=briefs.label_of(gap),
                    persist_state="session",
                )
            st.form_submit_button(t("missing.fill"), on_click=on_fill)


def conflicts(
    draft: Draft,
    correction: Callable[[str, int, int], Key[str]],
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
                        key = correction(draft.id, number, index)
                        if not key.get():
                            key.set(origin.quote)
                        st.text_input(_where(origin), key=key.name, persist_state="session")
                        st.button(
                            t("conflict.correct"),
                            key=f"correct-{number}-{index}",
                            on_click=on_correct,
                            args=(conflict, index, key.name),
                        )


def findings(found: Sequence[Finding], on_fix: Callable[[Finding], None], *, key: str = "") -> None:
    """What the checks found, gravest first, with a button where code can mend it. `key` tells the lists of a page apart."""
    for number, finding in enumerate(found):
        st.html(markup.finding(finding, t(f"finding.{finding.severity}")))
        if finding.span and finding.replacement is not None:
            words = finding.replacement
            label = t("finding.replace", words=words) if words else t("finding.delete", words=finding.span.text)
            st.button(label, key=f"fix{key}-{number}", on_click=on_fix, args=(finding,))


def paid(usage: Usage) -> None:
    """What a model took, in tokens and money; nothing when none was asked."""
    if not (usage.requests or usage.cached_tokens):
        return
    tokens = {name: f"{getattr(usage, name):,}" for name in ("input_tokens", "output_tokens", "cached_tokens")}
    told = t("draft.paid", model=usage.model, cost=money(usage.cost, usage.currency), **tokens)
    before = t("draft.paid_before", **tokens) if usage.cached_tokens else ""
    st.html(markup.paragraph(told + before, "quiet"))


def findings_section(found: Sequence[Finding], on_fix: Callable[[Finding], None]) -> None:
    """The findings under their heading, or the word that there are none."""
    with st.container(key="findings"):
        gravest = max((finding.severity for finding in found), key=_gravity, default="")
        st.html(markup.heading(t("finding.title"), len(found), gravest))
        if not found:
            st.html(markup.paragraph(t("finding.none"), "quiet"))
        findings(found, on_fix)


def _gravity(severity: str) -> int:
    return ("info", "warning", "error").index(severity)


def facts(known: Sequence[Fact], *, folded: bool = False) -> None:
    """Each fact with where it was said."""
    if not known:
        return
    rows = markup.facts(known, _where, t("facts.private"))
    if folded:
        with st.expander(t("facts.title")):
            st.html(rows)
    else:
        st.html(markup.heading(t("facts.title")) + rows)


def citations(cited: Sequence[Citation]) -> None:
    """The handbook's words behind the draft."""
    if cited:
        with st.expander(f"{t('citations.title')} · {len(cited)}"):
            st.html(markup.citations(cited))


def lines(title: str, found: Sequence[str]) -> None:
    """Remarks that are for the operator and not for the group, under a heading; nothing where there are none."""
    if found:
        st.html(markup.heading(title, len(found)) + markup.notes(found))

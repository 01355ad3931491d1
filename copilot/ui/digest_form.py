"""Where chats are handed in: pasted or dropped, with what is said with them, and the run that was asked for."""

import re
from collections.abc import Iterable
from pathlib import Path, PurePath

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from copilot import CopilotError, Draft
from copilot.chat.formats.registry import AUTO, formats
from copilot.tasks.digest.originals import original_path
from copilot.ui import desk, kept, markup, markup_digest, state, uploads
from copilot.ui.desk import Desk
from copilot.ui.digest_run import Digested, Handed, Order, Run, Step
from copilot.ui.locales import t
from copilot.ui.structures import words

LOOK = 0.3  # seconds between two looks at a run
_APART = re.compile(r"[、，,；;\n]+")
_TEXTS = (
    state.DIGEST_GROUP,
    state.DIGEST_OPERATOR,
    state.DIGEST_STAFF,
    state.DIGEST_DATES,
    state.DIGEST_FOCUS,
    state.DIGEST_RULES,
)


def draw(at: Desk) -> None:
    """The chats with their options, and below them what went wrong, or the run that is going on."""
    keys = at.keys
    for key in (keys.brief, keys.brief_open):
        key.declare()
    if keys.error.get():
        keys.brief_open.set(True)
    with st.expander(t("digest.title"), keys.brief_open.get(), key=keys.brief_open.name, on_change="rerun"):
        with st.container(key="typed"):
            desk.brief_field(at)
            if _is_sample(at):
                st.html(markup.paragraph(at.says("is_sample"), "quiet"))
        _files()
        with st.container(horizontal=True, key="brief-actions"):
            label = t("digest.again") if state.DIGEST_DONE.get() else at.says("write")
            going = state.DIGEST_RUN.get() is not None
            st.button(label, key="write", type="primary", on_click=_ask, args=(at,), disabled=going)
            if not keys.brief.get().strip() and not state.DIGEST_FILES.get():
                st.button(t("brief.sample"), key="sample", on_click=desk.show_sample, args=(at,))
            with st.popover(t("brief.options"), type="tertiary"):
                _options(at)
    if state.DIGEST_DONE.get() and state.DIGEST_ORDER.get() not in (None, _order(at)):
        st.html(markup.paragraph(at.says("stale"), "quiet"))
    kept.notice(keys.error.get())
    if state.DIGEST_RUN.get():
        _watch(at)


def _is_sample(at: Desk) -> bool:
    first = at.keys.brief.get().partition("\n")[0].strip()
    return bool(first) and first == at.sample.read_text(encoding="utf-8").partition("\n")[0].strip()


# Files ------------------------------------------------------------------------------------------------------------


def _files() -> None:
    """A place to drop files, and those that lie on the desk: they stay there, also while another page is open."""
    uploads.drop_zone("digest", state.DIGEST_UPLOADS, t("digest.files"), _take)
    with st.container(key="handed", gap=None):
        for number, handed in enumerate(state.DIGEST_FILES.get()):
            with st.container(horizontal=True, key=f"handed-{number}", vertical_alignment="center"):
                st.html(markup_digest.file(handed.name, len(handed.data)))
                label = t("digest.put_back")
                st.button(label, key=f"put-back-{number}", type="tertiary", on_click=_put_back, args=(number,))


def _take(files: Iterable[UploadedFile]) -> None:
    """Lay what was dropped on the desk; a file of the same name and content lies there once."""
    dropped = [Handed(PurePath(one.name).name, one.getvalue()) for one in files]
    state.DIGEST_FILES.set(tuple(dict.fromkeys((*state.DIGEST_FILES.get(), *dropped))))


def _put_back(number: int) -> None:
    state.DIGEST_FILES.set(tuple(one for place, one in enumerate(state.DIGEST_FILES.get()) if place != number))


# What is said with them -------------------------------------------------------------------------------------------


def _options(at: Desk) -> None:
    for key in (*_TEXTS, state.DIGEST_READ_AS, at.keys.writer, at.keys.today):
        key.declare()
    for key in _TEXTS:
        name = key.name.partition(".")[2]
        st.text_input(
            t(f"digest_option.{name}"),
            key=key.name,
            placeholder=t(f"digest_example.{name}"),
            persist_state="session",
        )
    titles = {AUTO: t("digest.auto"), **{one.name: one.title for one in formats()}}
    st.selectbox(
        t("digest.format"),
        list(titles),
        format_func=titles.__getitem__,
        key=state.DIGEST_READ_AS.name,
        persist_state="session",
    )
    desk.writer_option(at.keys)
    st.date_input(
        t("option.today"), value=None, help=t("digest.today_help"), key=at.keys.today.name, persist_state="session"
    )


def _order(at: Desk) -> Order:
    """What is asked for as the desk is now."""
    typed = at.keys.brief.get()
    pasted = (Handed("", typed.encode("utf-8", "replace")),) if typed.strip() else ()
    return Order(
        sources=(*pasted, *state.DIGEST_FILES.get()),
        format=state.DIGEST_READ_AS.get(),
        group=state.DIGEST_GROUP.get().strip(),
        operator=state.DIGEST_OPERATOR.get().strip(),
        staff=tuple(_listed(state.DIGEST_STAFF.get())),
        rules=tuple(_listed(state.DIGEST_RULES.get())),
        focus=state.DIGEST_FOCUS.get().strip(),
        dates=state.DIGEST_DATES.get().strip(),
        writer=at.keys.writer.get(),
        today=at.keys.today.get(),
    )


def _listed(typed: str) -> list[str]:
    return [piece for part in _APART.split(typed) if (piece := part.strip())]


# The run ----------------------------------------------------------------------------------------------------------


def _ask(at: Desk) -> None:
    order = _order(at)
    at.keys.error.set(None)
    state.DIGEST_RUN.set(Run(state.copilot(), order if order.sources else Order(sources=(Handed("", b""),))))
    state.DIGEST_ORDER.set(order)
    at.keys.brief_open.set(False)


def again(at: Desk, draft: Draft, operator: str, staff: tuple[str, ...]) -> None:
    """Digest the chat of one digest once more, with these people speaking for the group. The other digests stay."""
    asked = _order(at)
    try:
        data = _original(draft)
    except CopilotError as error:
        at.keys.error.set(error)
        return
    said = draft.request.brief["said"] if isinstance(draft.request.brief, dict) else {}
    order = Order(
        sources=(data,),
        format=words(said, "format") or asked.format,
        group=words(draft.structure, "group"),
        operator=operator,
        staff=staff,
        rules=tuple(said.get("rules") or ()),
        focus=words(said, "focus"),
        dates=words(said, "dates"),
        writer=asked.writer,
        today=draft.request.now.date() if draft.request.now else None,
    )
    at.keys.error.set(None)
    state.DIGEST_RUN.set(Run(state.copilot(), order, replaces=draft.id))


def _original(draft: Draft) -> Handed:
    """The chat of a digest as it was handed in. Raises `InputError` when it is gone."""
    brief = draft.request.brief
    name, key = (str(brief.get(field) or "") for field in ("name", "original")) if isinstance(brief, dict) else ("", "")
    path: Path = original_path(key, state.copilot().settings)
    return Handed(name, path.read_bytes())


def _watch(at: Desk) -> None:
    """Show how far the run is until it is done, then start the page over with what came of it."""
    run = state.DIGEST_RUN.get()
    if run is None:
        return
    place = st.empty()
    while not run.done(LOOK):
        step = run.step
        place.html(markup_digest.progress(_told(step, run.seconds), step.share if step.of > 1 else None))
    state.DIGEST_RUN.set(None)  # whatever came of it, it is over
    _lay(at, run, run.results())
    st.rerun()


def _told(step: Step, seconds: int) -> str:
    name = step.name or t("digest.pasted")
    if step.stage == "reading":
        return t("digest.reading", name=name, number=step.number, of=step.of)
    if step.estimate and not step.characters:
        known, tokens = step.estimate.cached, f"{step.estimate.input_tokens:,}"
        return t(
            "digest.asking", name=name, tokens=tokens, portions=step.estimate.portions, known=known, seconds=seconds
        )
    if step.characters:
        return t("digest.writing", name=name, count=step.characters, seconds=seconds)
    return t("digest.working", name=name, count=step.messages, number=step.number, of=step.of, seconds=seconds)


def _lay(at: Desk, run: Run, found: tuple[Digested, ...]) -> None:
    """Lay what came of a run on the desk. Where a single chat failed, the error is all there is to see."""
    if run.replaces:
        if found[0].error:
            at.keys.error.set(found[0].error)
            return
        done = tuple(found[0] if one.draft and one.draft.id == run.replaces else one for one in state.DIGEST_DONE.get())
        state.DIGEST_DONE.set(done)
        show(at, found[0].draft)
        return
    if len(found) == 1 and found[0].error:
        at.keys.error.set(found[0].error)
        return
    state.DIGEST_DONE.set(found)
    show(at, found[0].draft if len(found) == 1 else None)


def show(at: Desk, draft: Draft | None) -> None:
    """Look at one digest; None is the overview of all."""
    at.keys.draft.set(draft)
    state.DIGEST_SHOWN.set(draft.id if draft else "")

"""A place to drop files, for the pages that take several."""

from collections.abc import Callable, Iterable

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from copilot.ui.state import Key

LARGEST = 200  # megabytes


def drop_zone(
    name: str, rounds: Key[int], label: str, take: Callable[[Iterable[UploadedFile]], None], *, is_labelled: bool = True
) -> None:
    """Hand what is dropped to `take`; the place is then empty again, which `rounds` counts."""
    key = f"{name}-upload-{rounds.get()}"

    def dropped() -> None:
        take(st.session_state[key] or ())
        rounds.set(rounds.get() + 1)

    st.file_uploader(
        label,
        accept_multiple_files=True,
        key=key,
        on_change=dropped,
        max_upload_size=LARGEST,
        label_visibility="visible" if is_labelled else "collapsed",
    )

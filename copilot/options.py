"""What callers may ask for beside the brief, the chat or the question."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypedDict

from copilot.records import Draft
from copilot.writers.base import Cancel, OnEstimate, OnText, Writer

WriterName = Literal["auto", "offline", "model"]
ChatSource = str | bytes | Path | Mapping[Any, Any]


class DraftOptions(TypedDict, total=False):
    """How a draft should come out; each is optional.

    `writer`: "auto" (the model when one is set up), "offline", "model", or a `Writer`. `length`: at most so many
    characters. `platform`: where it is posted (`wechat`, `wecom`, `qq`, `feishu`, `discord`, `telegram`, `slack`, `whatsapp`).
    `tone`: `warm`, `formal`, `plain` or `ceremony`. `now`: the moment relative dates are counted from. `suffix`: ".yaml" or ".json" forces the brief's
    format. `earlier`: what was published on the matter before, oldest first. `groups`: names of kept group profiles that
    the job is about. `on_text` receives a model's words as they come, `on_estimate` what a model will be sent, before it
    is. `cancelled` is asked every tenth of a second while a model writes: once it says so, the request is broken off and
    `Cancelled` raised.
    """

    writer: WriterName | Writer | None
    platform: str | None
    tone: str | None
    length: int | None
    earlier: Sequence[str]
    groups: Sequence[str] | None
    now: datetime | None
    suffix: str
    on_text: OnText | None
    on_estimate: OnEstimate | None
    cancelled: Cancel


class DigestOptions(TypedDict, total=False):
    """How a chat is digested; each is optional, and stronger than what a mapping given with the chat says.

    `format`: the export's format ("auto" tells it by looking). `group`, `operator`, `staff`, `rules`, `focus`: the
    group's name, who runs it, who speaks for it, its rules, what you want to know first. `dates`: only these days
    ("2026-03-02 至 2026-03-08"). `earlier`: earlier digests of the group; with `carry`, those in the history as well.
    `now`: the moment dues are judged by (the chat's last message, if unset). The rest as in `DraftOptions`.
    """

    format: str
    writer: WriterName | Writer | None
    group: str
    operator: str
    staff: Sequence[str]
    rules: Sequence[str]
    focus: str
    dates: str
    earlier: Sequence[Draft | Mapping[str, Any]]
    carry: bool
    now: datetime | None
    platform: str | None
    suffix: str
    on_text: OnText | None
    on_estimate: OnEstimate | None
    cancelled: Cancel


class AskOptions(TypedDict, total=False):
    """How a question is answered; each is optional.

    `playbook`: a folder instead of the handbook and the own documents. The rest as in `DraftOptions`.
    """

    playbook: Path | str | None
    writer: WriterName | None
    on_text: OnText | None
    cancelled: Cancel

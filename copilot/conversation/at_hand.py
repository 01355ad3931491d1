"""Beginning a conversation with what is open elsewhere: its drafts, or a group, stand in it as if they were made there."""

from collections.abc import Sequence
from datetime import datetime

from copilot.conversation.deeds import TOOL
from copilot.conversation.following import asked_first
from copilot.conversation.thread import new_work
from copilot.conversation.wording import book, say
from copilot.records import Draft
from copilot.store import Turn, Work


def opening(drafts: Sequence[Draft] = (), *, group: str = "", edited: bool = False, at: datetime) -> Turn:
    """The copilot's turn that lays drafts, the last of them at hand, or else a kept group on the table.

    `edited`: somebody changed the words of the draft by hand, which a redraft from its brief would lose; it says so. The
    turn has the same id for the same drafts, and nothing of it is kept yet.
    """
    works = tuple(map(_work, drafts)) or tuple(new_work(job, groups=(group,)) for job in reversed(TOOL))
    last = drafts[-1] if drafts else None
    names = "、".join(str(one.structure.get("group") or "") for one in drafts)
    if last is None:
        lines = [say("at_hand_group", group=group)]
    elif last.kind == "digest":
        lines = [say("at_hand_digest", group=names)]
    else:
        lines = [say("at_hand", job=book()["jobs"][last.kind]), *([say("at_hand_edited")] if edited else [])]
    return Turn(
        id="-".join(("opening", *(one.id for one in drafts))),
        role="copilot",
        text="\n".join(lines),
        at=at,
        drafts=tuple(one.id for one in drafts),
        works=works,
        missing=asked_first(last.missing) if last else (),
        writer="offline",
    )


def _work(draft: Draft) -> Work:
    if draft.kind == "digest":
        return new_work("digest", draft=draft.id)
    asked = draft.request
    return new_work(
        draft.kind,
        brief=asked.brief,
        suffix=asked.suffix,
        platform=asked.platform,
        tone=asked.tone,
        length=asked.length,
        groups=tuple(str(group.get("name", "")) for group in asked.groups),
        draft=draft.id,
    )

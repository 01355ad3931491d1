"""Conversations with the copilot: their turns in order, found again by any word that was said in them."""

import unicodedata
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from copilot.errors import EmptyInputError, NotKeptError, UsageError
from copilot.store.keeping import Keeper, now, storable
from copilot.store.records import Conversation, ConversationSummary, Turn
from copilot.store.schema import RECORD_VERSION, conversations, turns

TITLE_LENGTH = 60
SHOWN_IDS = 5
MOST = 1000


class ConversationKeeper(Keeper):
    """The conversations. An id may be shortened to what no other one's begins with. All methods raise `StorageError`,
    `NotKeptError` for an id that is not there.
    """

    def keep_conversation(self, conversation: Conversation) -> None:
        """Keep a conversation, or what is new of it: turns that are there stay as they are, the others come after them.

        Two people who go on with one conversation lose nothing: both of their turns are in it.
        """
        rows = [(turn.id, storable(turn.model_dump_json()), _words(turn)) for turn in conversation.turns]
        with self.database.writing() as connection:
            here = conversations.c.id == conversation.id
            if not connection.execute(select(conversations.c.id).where(here)).first():
                connection.execute(
                    insert(conversations).values(
                        id=conversation.id,
                        title=_title(conversation.title),
                        created=self._here(conversation.created),
                        updated=self._here(conversation.updated),
                        haystack=_folded(storable(conversation.title)),
                    )
                )
            mine = turns.c.conversation_id == conversation.id
            known = set(connection.execute(select(turns.c.id).where(mine)).scalars())
            last = connection.execute(select(func.max(turns.c.number)).where(mine)).scalar() or 0
            new = [row for row in rows if row[0] not in known]
            if not new:
                return
            connection.execute(
                insert(turns),
                [
                    {
                        "conversation_id": conversation.id,
                        "number": last + place,
                        "id": name,
                        "record_version": RECORD_VERSION,
                        "record": record,
                    }
                    for place, (name, record, _) in enumerate(new, 1)
                ],
            )
            said = "".join(f"\n{_folded(words)}" for _, _, words in new)
            grown = {"haystack": conversations.c.haystack + said, "updated": self._here(conversation.updated)}
            connection.execute(update(conversations).where(here).values(**grown))

    def conversations(self, search: str = "", *, limit: int = 50, offset: int = 0) -> tuple[ConversationSummary, ...]:
        """The conversations, the latest first; `search` is looked for, whatever its case and width, in all that was said."""
        if len(search) > MOST:
            raise UsageError(f"要找的字超过 {MOST} 个", hint="挑里面的一句来找")
        if not 0 < limit <= MOST or not 0 <= offset < 2**31:
            raise UsageError(f"一次列 1–{MOST} 个，offset 从 0 起", hint="换一个数")
        count = select(func.count()).where(turns.c.conversation_id == conversations.c.id).scalar_subquery()
        query = select(
            conversations.c.id,
            conversations.c.title,
            conversations.c.created,
            conversations.c.updated,
            count.label("turns"),
        ).order_by(conversations.c.updated.desc(), conversations.c.id.desc())
        if search.strip():
            wanted = _folded(storable(search.strip()))
            query = query.where(conversations.c.haystack.contains(wanted, autoescape=True))
        with self.database.reading() as connection:
            return tuple(self._summary_of(row) for row in connection.execute(query.limit(limit).offset(offset)))

    def conversation(self, conversation_id: str) -> Conversation:
        """A conversation with all its turns."""
        with self.database.reading() as connection:
            found = _found(connection, conversation_id)
            row = connection.execute(select(conversations).where(conversations.c.id == found)).one()
            said = connection.execute(
                select(turns).where(turns.c.conversation_id == found).order_by(turns.c.number)
            ).all()
        return Conversation(
            id=row.id,
            title=row.title,
            created=self._here(row.created),
            updated=self._here(row.updated),
            turns=tuple(_read_turn(one) for one in said),
        )

    def rename_conversation(self, conversation_id: str, title: str) -> None:
        """Call a conversation something else."""
        title = _title(title)
        if not title:
            raise EmptyInputError("没有写名字", hint="写几个字的名字")
        with self.database.writing() as connection:
            here = conversations.c.id == _found(connection, conversation_id)
            grown = conversations.c.haystack + f"\n{_folded(title)}"
            connection.execute(update(conversations).where(here).values(title=title, haystack=grown))

    def forget_conversation(self, conversation_id: str) -> None:
        """Take a conversation out for good. The drafts it made stay in the history."""
        with self.database.writing() as connection:
            connection.execute(delete(conversations).where(conversations.c.id == _found(connection, conversation_id)))

    def _summary_of(self, row: Row[Any, Any, Any, Any, Any]) -> ConversationSummary:
        return ConversationSummary(
            id=row.id,
            title=row.title,
            created=self._here(row.created),
            updated=self._here(row.updated),
            turns=row.turns,
        )


def _found(connection: Connection, conversation_id: str) -> str:
    """The whole id of the conversation that this id, or beginning of one, stands for."""
    wanted = storable(conversation_id).strip()
    alike = conversations.c.id == wanted
    if wanted:
        alike |= func.substr(conversations.c.id, 1, len(wanted)) == wanted
    query = select(conversations.c.id).where(alike).order_by(conversations.c.id).limit(SHOWN_IDS + 1)
    ids = connection.execute(query).scalars().all()
    if wanted in ids:
        return wanted
    if not ids:
        raise NotKeptError(f"没有编号以 {wanted or '空'} 开头的对话", hint="用 copilot chat --list 看编号")
    if len(ids) > 1:
        raise NotKeptError(f"不止一个对话的编号以 {wanted} 开头", hint=f"多写几位：{'、'.join(ids[:SHOWN_IDS])}")
    return str(ids[0])


def _read_turn(row: Row[Any]) -> Turn:
    """The record as it was said; one that can't be read costs only itself."""
    try:
        return Turn.model_validate_json(row.record)
    except ValidationError:
        said = "（这一条是更新版本的 copilot 写的）" if row.record_version > RECORD_VERSION else "（这一条读不出来）"
        return Turn(id=row.id, role="copilot", text=said, at=now())


def _title(title: str) -> str:
    line = " ".join(storable(title).split())
    return line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1]}…"


def _words(turn: Turn) -> str:
    """Every word of a turn that a search may look for."""
    return storable("\n".join([turn.text, *(f"{file.name}\n{file.text}" for file in turn.files)]))


def _folded(text: str) -> str:
    """A text as it is searched: without case, and full-width forms as the usual ones."""
    return unicodedata.normalize("NFKC", text).casefold()

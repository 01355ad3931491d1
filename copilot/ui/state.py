"""What a session remembers: every key of `st.session_state`, declared once with its type and default.

Widgets take `KEY.name` as their key with `persist_state="session"`, so that what was typed outlives a
rerun, a hidden widget and another page. Two sessions share nothing but the settings in `copilot()`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar, cast

import streamlit as st

from copilot import Answer, Copilot, CopilotError, Draft, Settings
from copilot.doctor_models import Check
from copilot.facts.profiles import GroupProfile
from copilot.store import Attachment
from copilot.ui.digest_run import Digested, Handed, Order, Run

T = TypeVar("T")


@dataclass(frozen=True)
class Key(Generic[T]):
    """One entry of the session, with the value it has until somebody sets it."""

    name: str
    default: T

    def get(self) -> T:
        """The value in this session."""
        return cast("T", st.session_state.get(self.name, self.default))

    def set(self, value: T) -> None:
        """Remember a value. A widget's key can be set only before the widget is drawn, as in a callback."""
        st.session_state[self.name] = value

    def declare(self) -> None:
        """Give the session its default before a widget with this key is drawn."""
        st.session_state.setdefault(self.name, self.default)


@dataclass(frozen=True)
class Said:
    """What the operator said in a conversation and is not answered yet."""

    text: str
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Copied:
    """A text that left for the clipboard, and when."""

    at: datetime
    text: str


class Job:
    """The keys of one job's page. `name` is the page's, and the first part of its locale keys."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.brief = Key[str](f"{name}.brief", "")
        self.brief_open = Key[bool](f"{name}.brief_open", True)  # whether the brief is unfolded
        self.format = Key[str](f"{name}.format", "")  # ".yaml" or ".json" when the brief came from such a file
        self.tone = Key[str](f"{name}.tone", "")
        self.platform = Key[str](f"{name}.platform", "")
        self.length = Key[int | None](f"{name}.length", None)
        self.writer = Key[Literal["auto", "offline", "model"]](f"{name}.writer", "auto")
        self.today = Key[date | None](f"{name}.today", None)
        self.published = Key[tuple[str, ...]](f"{name}.published", ())  # what was posted on the matter before

        self.wanted = Key[bool](f"{name}.wanted", False)  # a draft was asked for and is not there yet
        self.draft = Key[Draft | None](f"{name}.draft", None)
        self.earlier = Key[Draft | None](f"{name}.earlier", None)  # the draft that the present one replaced
        self.error = Key[CopilotError | None](f"{name}.error", None)
        self.laid = Key[tuple[str, ...]](f"{name}.laid", ())  # the ids of the drafts on the desk
        self.edits = Key[dict[str, dict[str, str]]](f"{name}.edits", {})  # by draft and message, the words put in

    def editing(self, part: str) -> Key[bool]:
        """Whether the editor of one message is open."""
        return Key(f"{self.name}.editing.{part}", False)

    def edited(self, part: str) -> Key[str]:
        """What is typed in the editor of one message."""
        return Key(f"{self.name}.edited.{part}", "")

    def answer(self, missing: str) -> Key[str]:
        """Where the operator's answer to one missing fact is typed."""
        return Key(f"{self.name}.answer.{missing}", "")

    def correction(self, draft: str, conflict: int, origin: int) -> Key[str]:
        """Where one statement of a conflict is put right."""
        return Key(f"{self.name}.correction.{draft}.{conflict}.{origin}", "")


class Digests(Job):
    """The keys of the digest's page. It may hold the digests of several chats, and each has editors of its own."""

    def editing(self, part: str) -> Key[bool]:
        """Whether the editor of one message of the digest that is looked at is open."""
        return super().editing(f"{self._shown}.{part}")

    def edited(self, part: str) -> Key[str]:
        """What is typed in that editor."""
        return super().edited(f"{self._shown}.{part}")

    @property
    def _shown(self) -> str:
        draft = self.draft.get()
        return draft.id if draft else ""


ANNOUNCEMENT = Job("announcement")
WEEKLY_PLAN = Job("weekly_plan")
CRISIS_REPLY = Job("crisis_reply")
DIGEST = Digests("digest")

LANGUAGE = Key[str]("language", "")
COPIED = Key[tuple[Copied, ...]]("copied", ())

TODAY_GROUP = Key[str]("today.group", "")  # "" shows every group
TODAY_ERROR = Key[CopilotError | None]("today.error", None)


def today_list(part: str) -> Key[int]:
    """How many lines of one part of the home page are shown."""
    return Key(f"today.{part}.shown", 6)


PLAN_VIEW = Key[Literal["calendar", "table"]]("weekly_plan.view", "calendar")
PLAN_SLOT = Key[str]("weekly_plan.slot", "")  # the slot that is looked at
PLAN_GROUP = Key[str]("weekly_plan.group", "")  # "" shows every group
PLAN_OWNER = Key[str]("weekly_plan.owner", "")
PLAN_MOVED = Key[dict[str, dict[str, dict[str, str]]]]("weekly_plan.moved", {})  # by plan and slot, what was changed
PLAN_EDITION = Key[int]("weekly_plan.edition", 0)  # counts the changes: a table starts afresh after each

CRISIS_NEWS = Key[str]("crisis_reply.news", "")  # what is new since the last statement

DIGEST_FILES = Key[tuple[Handed, ...]]("digest.files", ())
DIGEST_UPLOADS = Key[int]("digest.uploads", 0)  # counts what was dropped: the field for files is empty after each
DIGEST_GROUP = Key[str]("digest.group", "")
DIGEST_OPERATOR = Key[str]("digest.operator", "")
DIGEST_STAFF = Key[str]("digest.staff", "")
DIGEST_DATES = Key[str]("digest.dates", "")
DIGEST_FOCUS = Key[str]("digest.focus", "")
DIGEST_RULES = Key[str]("digest.rules", "")
DIGEST_READ_AS = Key[str]("digest.read_as", "auto")
DIGEST_ORDER = Key[Order | None]("digest.order", None)  # what the digests on the desk were made from
DIGEST_RUN = Key[Run | None]("digest.run", None)  # what is being made
DIGEST_DONE = Key[tuple[Digested, ...]]("digest.done", ())
DIGEST_LOOK = Key[tuple[str, tuple[str, ...]] | None]("digest.look", None)  # a claim whose messages are opened once
DIGEST_SHOWN = Key[str]("digest.shown", "")  # the digest that is looked at; "" shows the overview of several


def digest_list(draft: str, sheet: str) -> Key[int]:
    """How many claims of one list of a digest are shown."""
    return Key(f"digest.{draft}.{sheet}.shown", 30)


HISTORY_TEXT = Key[str]("history.text", "")
HISTORY_JOB = Key[str]("history.job", "")  # "" shows every job
HISTORY_GROUP = Key[str]("history.group", "")  # "" shows every group
HISTORY_SENT = Key[Literal["any", "sent", "unsent"]]("history.sent", "any")
HISTORY_SINCE = Key[date | None]("history.since", None)
HISTORY_UNTIL = Key[date | None]("history.until", None)  # that day included
HISTORY_LEAF = Key[int]("history.leaf", 0)  # which page of the list
HISTORY_OPEN = Key[str]("history.open", "")  # the draft that is looked at; "" shows the list
HISTORY_ERROR = Key[CopilotError | None]("history.error", None)


class Compared:
    """The keys of what has versions: which is shown, and which two are compared. A new version starts them afresh."""

    def __init__(self, name: str, versions: int) -> None:
        self.shown = Key[int | None](f"{name}.{versions}.shown", None)
        self.old = Key[int | None](f"{name}.{versions}.old", None)
        self.new = Key[int | str | None](f"{name}.{versions}.new", None)  # a version, or another draft's id


GROUPS_OPEN = Key[str | None]("groups.open", None)  # the group that is looked at; "" is a new one, None shows the list
GROUPS_REMOVED = Key[tuple[str, int] | None]("groups.removed", None)  # what was just removed, and its last version
GROUPS_ERROR = Key[CopilotError | None]("groups.error", None)


@dataclass(frozen=True)
class Rival:
    """Another profile of the group whose form is open: what somebody saved meanwhile, or (`version` is None) a file."""

    profile: GroupProfile
    version: int | None


class GroupForm:
    """The keys of one group's form: forms of several groups can be half done. `group` is "" for a new one."""

    def __init__(self, group: str) -> None:
        self.group = group
        self.filled = Key[GroupProfile | None](f"groups.{group}.filled", None)  # what the form was filled from
        self.based_on = Key[int](f"groups.{group}.based_on", 0)  # and which version that was; 0: none is kept
        self.people = Key[tuple[int, ...]](f"groups.{group}.people", ())  # the rows of the staff table
        self.rival = Key[Rival | None](f"groups.{group}.rival", None)
        self.merged = Key[tuple[str, ...]](
            f"groups.{group}.merged", ()
        )  # the fields that somebody else changed meanwhile

    def field(self, name: str) -> Key[Any]:
        """Where one field of the profile is typed."""
        return Key(f"groups.{self.group}.field.{name}", _EMPTY.get(name, ""))

    def person(self, row: int, name: str) -> Key[Any]:
        """Where one field of somebody on the staff is typed."""
        return Key(f"groups.{self.group}.person.{row}.{name}", _EMPTY.get(name, ""))


LEARNED_FROM = Key[tuple[str, str]]("learned.from", ("", ""))  # the draft and message kept as sent last
LEARNED_ERROR = Key[CopilotError | None]("learned.error", None)

KNOWLEDGE_VIEW = Key[Literal["documents", "search", "ask"]]("knowledge.view", "documents")
KNOWLEDGE_UPLOADS = Key[int](
    "knowledge.uploads", 0
)  # counts what was added: the fields for it are closed and empty after each
KNOWLEDGE_PATH = Key[str]("knowledge.path", "")
KNOWLEDGE_OPEN = Key[str]("knowledge.open", "")  # the document that is looked at; "" shows the list
KNOWLEDGE_LEAF = Key[int]("knowledge.leaf", 0)  # which page of the list
KNOWLEDGE_ERRORS = Key[tuple[CopilotError, ...]]("knowledge.errors", ())
KNOWLEDGE_QUESTION = Key[str]("knowledge.question", "")
KNOWLEDGE_SEARCHED = Key[str]("knowledge.searched", "")  # the question whose hits are shown
KNOWLEDGE_HITS = Key[int]("knowledge.hits", 5)
KNOWLEDGE_WANTED = Key[bool]("knowledge.wanted", False)  # an answer was asked for and is not there yet
KNOWLEDGE_ANSWER = Key[Answer | None]("knowledge.answer", None)


def knowledge_stretches(source: str, name: str) -> Key[int]:
    """How many stretches of one list of a document's report are shown."""
    return Key(f"knowledge.{source}.{name}.shown", 30)


_EMPTY: dict[str, Any] = {"platform": "wechat", "members": None, "minutes_a_day": None, "same_people_as": []}


CHAT_OPEN = Key[str]("chat.open", "")  # the conversation that is looked at; "" begins one
CHAT_WANTED = Key[Said | None]("chat.wanted", None)  # what was said and is not answered yet
CHAT_DRAFTS = Key[dict[str, Draft]]("chat.drafts", {})  # the drafts of the conversations looked at, by id
CHAT_SHOWN = Key[int]("chat.shown", 30)  # how many turns are shown
CHAT_SEARCH = Key[str]("chat.search", "")
CHAT_ERROR = Key[CopilotError | None]("chat.error", None)


def chat_answer(turn: str, missing: str) -> Key[str]:
    """Where the answer to one question of a turn is typed."""
    return Key(f"chat.{turn}.answer.{missing}", "")


def chat_title(conversation: str) -> Key[str]:
    """Where a conversation's new name is typed."""
    return Key(f"chat.{conversation}.title", "")


SETTINGS_PROVIDER = Key[str]("settings.provider", "")  # an id of providers.yaml; "" is no model
SETTINGS_FALLBACK = Key[str]("settings.fallback", "")
SETTINGS_TOKENS = Key[int | None]("settings.daily_tokens", None)
SETTINGS_COST = Key[float | None]("settings.daily_cost", None)
SETTINGS_FILLED = Key[object]("settings.filled", None)  # the model that the form was filled with
SETTINGS_TRYING = Key[bool]("settings.trying", False)  # the model was saved and is to be tried
SETTINGS_TRIED = Key[tuple[Check, ...]]("settings.tried", ())
SETTINGS_UPLOADS = Key[int]("settings.uploads", 0)
SETTINGS_SAMPLE = Key[str]("settings.sample", "")  # a text to see behind pseudonyms
SETTINGS_FOLDER = Key[str]("settings.folder", "")


def settings_error(part: str) -> Key[CopilotError | None]:
    """What went wrong in one part of the settings, or in the first steps."""
    return Key(f"settings.{part}.error", None)


def setting(field: str) -> Key[Any]:
    """Where one setting is chosen."""
    return Key(f"setting.{field}", None)


def settings_model(provider: str, field: str) -> Key[str | None]:
    """Where the address or the model's name at one provider is typed."""
    return Key(f"settings.{provider}.{field}", None)


GUIDE_OPEN = Key[bool]("guide.open", False)  # whether the first steps are under way
GUIDE_STEP = Key[str]("guide.step", "group")
GUIDE_NAME = Key[str]("guide.name", "")
GUIDE_PLATFORM = Key[str]("guide.platform", "wechat")
GUIDE_MEMBERS = Key[int | None]("guide.members", None)
GUIDE_STAFF = Key[str]("guide.staff", "")


@st.cache_resource(show_spinner=False)
def copilot() -> Copilot:
    """The one client of this server: it holds settings only and is safe to share. Raises `SettingsError`.

    Pages never wait for vectors: until they are there, new documents are found by their words.
    """
    return Copilot(Settings.load().model_copy(update={"index_wait": 0}))

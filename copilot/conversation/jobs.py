"""What a conversation can have done: the jobs of `Copilot`, as far as a conversation uses them."""

from collections.abc import Mapping
from typing import Any, Protocol, Unpack

from copilot.options import AskOptions, ChatSource, DigestOptions, DraftOptions
from copilot.records import Answer, Draft, Finding, SearchResult
from copilot.settings import Settings
from copilot.store import Store


class Jobs(Protocol):
    """The copilot, seen from a conversation. Nothing here sends anything."""

    settings: Settings

    @property
    def store(self) -> Store:
        """What is kept."""

    def draft(self, job: str, brief: str | Mapping[Any, Any], **options: Unpack[DraftOptions]) -> Draft:
        """A draft of one of the jobs."""

    def summarise_digest(self, source: ChatSource, **options: Unpack[DigestOptions]) -> Draft:
        """The digest of a chat."""

    def handoff(self, job: str, *digests: Draft, matter: str = "") -> dict[str, Any]:
        """The brief that digests hand on to another job."""

    def ask(self, question: str, **options: Unpack[AskOptions]) -> Answer:
        """An answer from the playbook."""

    def search(self, text: str, k: int = 5) -> SearchResult:
        """Sections of the playbook."""

    def check(self, text: str, *, platform: str | None = None) -> tuple[Finding, ...]:
        """What to mend in a text."""

"""What every reader of a chat shares: the transcript, who is who, who answers whom, and which messages are noise."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from copilot.chat.moments_of import minutes_of
from copilot.chat.records import Message, Transcript
from copilot.chat.telling import Telling
from copilot.records import Record


class Roles(Record):
    """Who speaks for the group. `known` is false where it was told from the chat itself, not by the operator.

    `notes` say which names the operator gave could not be matched to one member.
    """

    operator: str = ""
    staff: tuple[str, ...] = ()
    bots: tuple[str, ...] = ()
    known: bool = False
    notes: tuple[str, ...] = ()

    def speaks_for_group(self, member: str) -> bool:
        """Whether what this member says counts as official."""
        return member == self.operator or member in self.staff


@dataclass(frozen=True)
class Scene:
    """A chat set out for reading.

    `answers` maps a message id to the id of the message it answers, where that can be told (an explicit reply, a
    mention, or what stands right before it). `noise` maps ids of messages that are no talk (ads, hostile instructions)
    to why.
    """

    transcript: Transcript
    roles: Roles
    answers: Mapping[str, str]
    noise: Mapping[str, str]

    @cached_property
    def talk(self) -> tuple[Message, ...]:
        """The members' messages that are neither notices nor noise, in the order of time."""
        return tuple(message for message in self.transcript.said if message.id not in self.noise)

    @cached_property
    def minutes(self) -> list[float]:
        """When each message of the talk was said, in minutes that can be subtracted."""
        return minutes_of(self.talk)

    @cached_property
    def by_id(self) -> Mapping[str, Message]:
        """Every message by its id."""
        return {message.id: message for message in self.transcript.messages}

    @cached_property
    def answered_by(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of the messages that answer a message, in the order of time."""
        found: dict[str, list[str]] = {}
        for message in self.transcript.messages:
            if (target := self.answers.get(message.id)) is not None:
                found.setdefault(target, []).append(message.id)
        return {target: tuple(ids) for target, ids in found.items()}

    @cached_property
    def telling(self) -> Telling:
        """How much shared words say in this chat."""
        return Telling([message.text for message in self.talk])

    def official(self, message: Message) -> bool:
        """Whether it was said by somebody who speaks for the group."""
        return message.sender in self._officials

    @cached_property
    def _officials(self) -> frozenset[str]:
        return frozenset((self.roles.operator, *self.roles.staff))

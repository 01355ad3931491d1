"""A claim that a model heard, made a record of ours."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from copilot.chat.claims import Action, Complaint, Decision, Highlight, Question, Rumour
from copilot.chat.closeness import within
from copilot.chat.due_times import read_due
from copilot.chat.records import Message
from copilot.chat.utterances import bare, does, plain
from copilot.records import Record
from copilot.tasks.digest.assignment import DigestAssignment
from copilot.tasks.digest.hearing import ClaimHeard

THANKED = timedelta(hours=2)
THANKS = 18
"""A longer message says more than thanks."""


class Making:
    """Makes records of what is heard of one chat."""

    def __init__(self, assignment: DigestAssignment) -> None:
        self.view = assignment.view
        self.by_id = assignment.telling.by_id
        self.due_now = assignment.due_now

    def made(
        self, heard: ClaimHeard, message: Message, words: str, own: tuple[str, ...], answers: tuple[str, ...]
    ) -> Record:
        """The claim as a record of ours. What a member says is settled is a proposal; figures are read by code."""
        number = f"{message.id}m"
        status = heard.status
        match heard.kind:
            case "question":
                answer = self._answer(message, answers) if status != "open" else ""
                replies = tuple(one for one in answers if one != answer)
                return Question(
                    asker=message.sender,
                    question=words,
                    message=message.id,
                    replies=replies,
                    answer=answer,
                    quote=heard.quote,
                )
            case "decision":
                settled = self.view.official(message.sender) and status != "proposed"
                state: Any = "in_force" if settled else "proposed"
                return Decision(
                    id=f"d{number}", text=words, by=message.sender, messages=own, status=state, quote=heard.quote
                )
            case "action":
                due, due_text = read_due(message.text, message.time)
                late = bool(due and self.due_now and due < self.due_now)
                state = "done" if status == "done" and answers else "overdue" if late else "open"
                return Action(
                    id=f"a{number}",
                    owner=message.sender,
                    task=words,
                    due=due,
                    due_text=due_text,
                    status=state,
                    messages=own,
                    outcome=answers if state == "done" else (),
                    quote=heard.quote,
                )
            case "complaint":
                state = status if status in ("answered", "resolved") and answers else "open"
                return Complaint(
                    id=f"c{number}",
                    summary=words,
                    members=(message.sender,),
                    messages=own,
                    handling=answers,
                    status=state,
                    quote=heard.quote,
                )
            case "rumour":
                return Rumour(id=f"r{number}", summary=words, messages=own, replies=answers, quote=heard.quote)
            case "highlight":
                return Highlight(by=message.sender, text=words, message=message.id)

    def _answer(self, asked: Message, answers: Iterable[str]) -> str:
        """What settles a question: what somebody who speaks for the group said after it, else what its asker took up."""
        later = [self.by_id[one] for one in answers if self.view.place(one) > self.view.place(asked.id)]
        others = [one for one in later if one.sender != asked.sender and one.id not in self.view.noise]
        settles = next((one for one in others if self.view.official(one.sender)), None)
        settles = settles or next((one for one in others if self._thanked(asked, one)), None)
        return settles.id if settles else ""

    def _thanked(self, asked: Message, answer: Message) -> bool:
        """Whether what the asker says next after an answer takes it as one."""
        after = self.view.messages[self.view.place(answer.id) + 1 :]
        said = next((one for one in after if one.sender == asked.sender and one.text.strip()), None)
        if said is None or not within(answer, said, THANKED):
            return False
        words = plain(bare(said.text))
        return len(words) <= THANKS and does("acknowledges", words) and not does("waits", words)

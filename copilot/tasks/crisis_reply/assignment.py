"""What the writer of a crisis reply may know, and which part of the ledger each kind of reader may be told."""

import re
from collections.abc import Iterator
from datetime import datetime

from copilot.checks.authority import authority_findings
from copilot.checks.contradiction import contradictions
from copilot.checks.foretold import foretold
from copilot.facts.brief import clauses
from copilot.facts.ledger import Ledger
from copilot.records import Audience, Finding, Missing, Part, Span
from copilot.tasks.base import Assignment
from copilot.tasks.crisis_reply.book import book, phrases
from copilot.tasks.crisis_reply.follow_up import Changes
from copilot.tasks.crisis_reply.reply import CrisisPlan
from copilot.tasks.crisis_reply.situation import CrisisSituation
from copilot.tasks.crisis_reply.timing import Schedule

DESK = ("escalation_owner", "apply", "scope")  # gaps that the sheet of the desk shows


class CrisisAssignment(Assignment):
    """An assignment with the sorted situation, the plan code has settled, and when the group hears next.

    `ledger` holds what the group may be told, `private_ledger` also what each concerned person said, `team_ledger` all.
    `later`: the message looked at goes out when more is known than now.
    """

    situation: CrisisSituation
    plan: CrisisPlan
    schedule: Schedule
    changes: Changes
    private_ledger: Ledger
    team_ledger: Ledger
    later: bool = False

    @property
    def to_write(self) -> tuple[Missing, ...]:
        """The open points that stand in what is sent; those of the desk's sheet are code's to show."""
        return tuple(gap for gap in self.missing if gap.key not in DESK)

    @property
    def next_time(self) -> str:
        """When the group hears next, or the placeholder for it."""
        return self.schedule.next or self.gap("next_update", "【待补充:下次更新时间】")

    @property
    def entry(self) -> str:
        """The one place to turn to: the brief's own words, or the placeholder for it."""
        stated = self.situation.entry
        words = re.sub(r"^[^：:]{1,8}[：:]\s*", "", stated[0].text).rstrip("。；， ") if stated else ""
        told = re.search(book().reading["hotline"], "\n".join(row.text for row in self.situation.authorised))
        if told and not words:
            words = told["line"] or told["me"]
        return words or self.gap("entry", "【待补充:登记入口】")

    def to_entry(self, sentences: dict[str, str], name: str, **fields: str) -> str:
        """A sentence that sends people to the entry: `name`, or `name_given` where the brief says in its own words how."""
        chosen = name if self.entry.startswith("【") else f"{name}_given"
        return sentences[chosen].format(entry=self.entry, **fields)

    def gap(self, key: str, otherwise: str) -> str:
        """The placeholder of an open point."""
        return next((one.placeholder for one in self.missing if one.key == key and one.placeholder), otherwise)

    def _rows_in_words(self) -> Iterator[str]:
        """What is verified or allowed, whole and clause by clause, and the clauses of what was published."""
        for text in self.situation.bounds.earlier:
            yield from (clause for line in text.split("\n") for clause in clauses(line.lstrip("· ")))
        yield from (one.line() for one in self.changes.corrected)
        for item in self.items:
            yield item.text
            yield from clauses(item.text)

    @property
    def now(self) -> datetime:
        """When this goes out: the moment the caller gave, else that of the matter's last news."""
        return self.brief.now if self.brief.now_given or not self.schedule.at else self.schedule.at

    def ledger_for(self, readers: Audience) -> Ledger:
        """The facts that these readers may be told."""
        return {"group": self.ledger, "private": self.private_ledger, "team": self.team_ledger}[readers]

    def for_part(self, part: Part) -> "CrisisAssignment":
        """As it is for one message: whether it goes out later."""
        return self.model_copy(update={"later": part.name.startswith("update-")})

    def objections(self, text: str, readers: Audience) -> tuple[Finding, ...]:
        """What authority, truth and decency forbid on this matter."""
        found = authority_findings(text, readers, self.situation.bounds)
        if readers == "group" and self.situation.bounds.earlier:
            found += tuple(one for one in contradictions(text, self.situation.bounds.earlier, self.now) if one.span)
        if self.later:
            found += tuple(foretold(text, self.situation.bounds))
        own = () if readers == "team" else (*phrases(), *self._rows_in_words())
        return tuple(one for one in found if one.code in NEVER or not one.span or not _stands_in(own, text, one.span))


# What no wording of ours or of the brief's excuses.
NEVER = ("secret-repeated", "named-member", "minor-exposed")


def _stands_in(own: tuple[str, ...], text: str, span: Span) -> bool:
    """Whether a span lies inside one of these sentences, said word for word."""
    around = [words for words in own if span.text in words]
    return any(at <= span.start and span.end <= at + len(words) for words in around for at in _places(words, text))


def _places(words: str, text: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)

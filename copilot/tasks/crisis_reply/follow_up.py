"""The next statement on a matter: what is new since the last one, what is settled, and every correction said openly."""

import re
from collections.abc import Sequence

from copilot.facts.brief import clauses, sentences
from copilot.records import Record
from copilot.tasks.crisis_reply.book import book, found, profiles_of
from copilot.tasks.crisis_reply.caring import care_of
from copilot.tasks.crisis_reply.reply import Statement
from copilot.tasks.crisis_reply.saying import open_point, say_rows
from copilot.tasks.crisis_reply.situation import CrisisSituation

SAID = 0.75  # share of a row's character pairs that stand in the earlier text when it was said before
SAME = 0.6  # the same, for two clauses that speak of one thing
TOUCHES = 0.34  # for a verified row that settles an open point


class Changes(Record):
    """What differs from the earlier statements. `corrected` are pairs: what was said before, what is verified now;
    `settled` pairs an open point with the verified row that answers it; `dropped` are open points nobody speaks of now. `late`: the update promised last did not come in time.
    """

    news: tuple[str, ...] = ()
    settled: tuple[tuple[str, str], ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    offers: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    late: bool = False

    def lines(self) -> tuple[str, ...]:
        """The changes in words, the corrections first."""
        says = book().follow_up
        return (
            *(says["corrected"].format(before=before, after=after) for before, after in self.corrected),
            *(says["settled"].format(point=point, fact=fact) for point, fact in self.settled),
            *(says["news"].format(fact=fact) for fact in self.news),
            *(says["offer"].format(action=action) for action in self.offers),
        )


def changes_of(situation: CrisisSituation, earlier: Sequence[str]) -> Changes:
    """The situation as it is now against what was published, oldest first."""
    if not earlier:
        return Changes()
    published = "\n".join(earlier)
    told = [clause for line in published.split("\n") for sentence in sentences(line) for clause in clauses(sentence)]
    verified = say_rows(situation.verified, situation)
    corrected = tuple(pair for row in verified for pair in _corrections(row, told))
    fresh = [
        row
        for row in verified
        if not _said(row, published) and not any(row in after or after in row for _, after in corrected)
    ]
    now_open = [open_point(text) for text in say_rows(situation.unverified, situation)]
    settled, dropped = [], []
    for point in open_points(published):
        if any(_share(point, other) >= SAME or _share(other, point) >= SAME for other in now_open):
            continue
        answer = max(fresh, key=lambda row: _share(point, row), default="")
        if answer and _share(point, answer) >= TOUCHES:
            settled.append((point, answer))
        else:
            dropped.append(point)
    answered = {answer for _, answer in settled}
    offers = say_rows((row for row in situation.authorised if not found("broadcast", row.text)), situation)
    return Changes(
        news=tuple(row for row in fresh if row not in answered),
        settled=tuple(settled),
        corrected=corrected,
        offers=tuple(row for row in offers if not _said(row, published)),
        dropped=tuple(dropped),
        withdrawn=tuple(row.text for row in situation.forbidden if _promised_before(row.text, told)),
    )


_OPEN_LINE = re.compile(
    r"^[·•\-\s\d.、]*(?P<point>[^：:\n]{2,40})[：:]?\s*(?:目前)?(?:还|仍|正)?(?:在|待)(?:核实|核查|确认|查)"
)
_OPEN_CLAUSE = re.compile(
    r"(?P<point>(?:是否|有没有|是不是|能否)[^，。；：:\n]{2,30}|[^，。；：:\n]{2,24}?(?:是否|有没有|是不是|能否)[^，。；：:\n]{0,30}?)(?=[，：:]?(?:目前|都|也)?(?:还|仍|正)?在?(?:核实|核查|查|确认)|[，。；\n]|$)"
)


def open_points(published: str) -> tuple[str, ...]:
    """What the earlier text calls open: `是否变质：还在核实`, the lines of its list, "是否…还在查"."""
    found_points = [match["point"].strip() for line in published.split("\n") if (match := _OPEN_LINE.match(line))]
    found_points += [match["point"].strip() for match in _OPEN_CLAUSE.finditer(published)]
    kept: list[str] = []
    for point in found_points:
        if not any(_share(point, other) >= SAME for other in kept):
            kept.append(point)
    return tuple(kept)


def follow_up(statement: Statement, changes: Changes, situation: CrisisSituation) -> Statement:
    """The statement as a next one: the changes first, then what still holds."""
    says = book().follow_up
    lines = [f"· {line}" for line in changes.lines()]
    lead = (
        says["opening"]
        + (says["late"] if changes.late else "")
        + (says["corrected_sorry"] if changes.corrected else "" if lines else says["nothing"])
    )
    care = care_of(situation)
    opening = "\n".join([lead, *lines, *([care] if care else [])])
    dropped = [book().says["open_row"].format(point=point) for point in changes.dropped]
    doing = (
        (*statement.doing, says["still"].rstrip("。")) if statement.doing and not changes.offers else statement.doing
    )
    return statement.model_copy(
        update={
            "title": f"{profiles_of(situation)[0].title}（更新）",
            "opening": opening,
            "known": tuple(row for row in statement.known if row not in opening),
            "doing": doing,
            "checking": tuple(dict.fromkeys((*statement.checking, *dropped))),
        }
    )


def _pairs(text: str) -> set[str]:
    bare = re.sub(r"[\W_]", "", text)
    return {bare[at : at + 2] for at in range(len(bare) - 1)}


def _share(words: str, text: str) -> float:
    """How much of some words stands in a text, by pairs of characters."""
    pairs = _pairs(words)
    return len(pairs & _pairs(text)) / len(pairs) if pairs else 0.0


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.:：]\d+)?", text)


def _said(row: str, published: str) -> bool:
    figures = set(_figures(published))
    return _share(row, published) >= SAID and all(figure in figures for figure in _figures(row))


def _corrections(row: str, told: Sequence[str]) -> list[tuple[str, str]]:
    """Clauses of a row that an earlier clause says with another figure of the same unit."""
    pairs = []
    for clause in clauses(row):
        for before in told:
            bare, old = (re.sub(r"\d+(?:[.:：]\d+)?", "", text) for text in (clause, before))
            alike = bare and _share(bare, old) >= SAME and _share(old, bare) >= SAME
            new, past = _figures(clause), _figures(before)
            if alike and new and new != past and len(new) == len(past) and clause not in told:
                pairs.append((re.sub(r"^[·•\s]+", "", before), clause))
                break
    return pairs


def _promised_before(forbidden: str, told: Sequence[str]) -> bool:
    """Whether an earlier clause promises what is now out of bounds."""
    bare = re.sub(r"承诺|答应|承认|确认|给", "", forbidden)
    return any(_share(bare, clause) >= SAID and not re.search("不|没|待|还在|确认后", clause) for clause in told)

"""The operator's page, from the one sentence that matters to the review of the group."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from copilot.records import Conflict
from copilot.tasks.digest.book import book
from copilot.tasks.digest.brief import ChatBrief
from copilot.tasks.digest.carry_lines import carried_lines, trend_lines
from copilot.tasks.digest.counting import coverage_lines, figure_lines, note_lines
from copilot.tasks.digest.focus import focus_lines
from copilot.tasks.digest.grievances import complaint_status
from copilot.tasks.digest.levels import GRAVE
from copilot.tasks.digest.listing import listed, says
from copilot.tasks.digest.sections import SECTIONS
from copilot.tasks.digest.structure import Reviewed
from copilot.tasks.digest.telling import cut
from copilot.tasks.digest.view import View, only_heard

FIRST = 7
MOST_REVIEWED = 20


def desk_text(
    view: View, brief: ChatBrief, review: Sequence[Reviewed], *, conflicts: Sequence[Conflict] = (), dropped: int = 0
) -> str:
    """The whole page."""
    blocks = ["\n".join(opening_lines(view, brief, dropped))]
    first = [f"{one.text}{view.telling.receipts(one.messages, 4)}" for one in first_things(view)[:FIRST]]
    sections = {
        "focus": focus_lines(brief.asked.focus, view) if brief.asked.focus else [],
        "first": [f"{number}. {line}" for number, line in enumerate(first, 1)],
        **{name: lines(view) for name, lines in SECTIONS.items()},
        "carried": carried_lines(brief.carried, view.telling),
        "figures": figure_lines(view, brief),
        "trend": trend_lines(brief.trend),
        "review": review_lines(view, review),
        "notes": note_lines(view, brief, conflicts),
    }
    for name, title in book().desk.titles.items():
        if sections[name]:
            blocks.append("\n".join((f"■ {title}", *sections[name])))
    return "\n\n".join(blocks)


def opening_lines(view: View, brief: ChatBrief, dropped: int) -> list[str]:
    """The conclusion, then how many messages stand behind it."""
    lines = [headline(view), "".join(coverage_lines(view, brief))]
    return [*lines, says("coverage_dropped", count=dropped)] if dropped else lines


def headline(view: View) -> str:
    """The gravest item and the counts of what is open."""
    if state := state_of(view):
        return says("headline", body=state.rstrip("。"))
    first = first_things(view)
    counts = {
        "overdue": len(view.overdue),
        "unanswered": len(view.unanswered),
        "complaints": len(view.open_complaints),
        "ads": len({sender for sender, _ in view.untreated}),
        "risks": sum(one.level in GRAVE for one in view.risks),
    }
    if first:
        what = cut(first[0].text, 60) + view.telling.receipts(first[0].messages[-1:])
        pieces = [says("headline_first", what=what.rstrip("。"))]
    else:
        pieces = [says("headline_quiet")]
    rest = [book().desk.conclusion_counts[name].format(count=count) for name, count in counts.items() if count]
    pieces += [says("headline_counts", counts="、".join(rest))] if rest else []
    settled = sum(one.status == "in_force" for one in view.claims.decisions)
    pieces += [says("headline_decided", count=settled)] if settled else []
    return says("headline", body="；".join(pieces))


def state_of(view: View) -> str:
    """What to say of a chat in which nobody talks."""
    if view.is_report:
        return ""
    if view.figures.messages:
        ids = {message.id for message in view.messages if message.kind != "system"}
        return says("only_noise") if ids <= view.noise else ""
    return says("only_notices") if view.messages else says("empty")


class First(NamedTuple):
    """One thing to deal with: its weight (0 is the gravest), what it is, the messages that show it, and whether a model
    alone read it.
    """

    weight: int
    text: str
    messages: Sequence[str]
    only_heard: bool = False


def first_things(view: View) -> list[First]:
    """What to deal with first, the gravest first, each once; what a model alone read stands below what code read."""
    found = [*_first_risks(view), *_first_complaints(view), *_first_promises(view), *_first_questions(view)]
    if view.untreated:
        who = view.owners([sender for sender, _ in view.untreated])
        found.append(First(7, says("ad_first", who=who), [ad.message for _, ads in view.untreated for ad in ads]))
    return sorted(found, key=lambda one: (one.only_heard, one.weight))


def _first_risks(view: View) -> Iterator[First]:
    about = [{*one.messages, *one.handling} for one in view.claims.complaints]
    for risk in view.risks:
        if risk.code in book().risk_codes["told_elsewhere"]:
            continue
        if risk.level in GRAVE and not any(set(risk.messages) <= told for told in about):
            yield First(0 if risk.level == "critical" else 2, says("risk_first", message=risk.message), risk.messages)


def _first_complaints(view: View) -> Iterator[First]:
    for one in sorted(view.open_complaints, key=only_heard)[:FIRST]:
        broken = view.broken(one)
        name = "complaint_promise" if broken else "complaint_first"
        summary = view.telling.told(one.summary, one.messages, 50)
        shown = view.in_order((one.messages[0], *(action.messages[0] for action in broken), one.messages[-1]))
        weight = 1 if broken or one.level in GRAVE else 5
        yield First(weight, says(name, summary=summary, status=complaint_status(one, view)), shown, only_heard(one))


def _first_promises(view: View) -> Iterator[First]:
    told = {action.id for one in view.open_complaints for action in view.broken(one)}
    rows = [(2, "promise_overdue", one) for one in view.overdue if one.id not in told]
    rows += [(8, "due_first", one) for one in view.due_soon]
    ours = [row for row in rows if not only_heard(row[2])]
    heard = [row for row in rows if only_heard(row[2])]
    for weight, name, one in [*ours[:FIRST], *ours[FIRST:][-FIRST:], *heard[:FIRST]]:
        owner = view.telling.name(one.owner) if one.owner else says("no_owner")
        task = view.telling.told(one.task, one.messages, 50)
        yield First(weight, says(name, owner=owner, task=task), one.messages, only_heard(one))


def _first_questions(view: View) -> Iterator[First]:
    for one in sorted(view.unanswered, key=only_heard)[:FIRST]:
        name = "question_again" if one.repeats else "question_first"
        question = view.telling.told(one.question, (one.message,), 50, whole=True)
        text = says(name, times=len(one.repeats), question=question)
        yield First(3 if one.repeats else 6, text, (one.message, *one.repeats), only_heard(one))


def review_lines(view: View, review: Sequence[Reviewed]) -> list[str]:
    """What the chat shows about how the group is run, by the handbook."""
    return listed(review, lambda row: _review_line(row, view), MOST_REVIEWED)


def _review_line(row: Reviewed, view: View) -> str:
    cites = view.telling.receipts(row.messages, 3)
    return says("reviewed", finding=row.finding, cites=cites, quote=row.quote, advice=row.advice.rstrip("。"))

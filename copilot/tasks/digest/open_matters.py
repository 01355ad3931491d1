"""What holds, what nobody has answered, and who owes what."""

from copilot.chat.claims import Action, Decision, Question
from copilot.tasks.digest.book import book
from copilot.tasks.digest.doubting import beside
from copilot.tasks.digest.listing import MOST, listed, says
from copilot.tasks.digest.telling import shown
from copilot.tasks.digest.view import View

MOST_ANSWERED = 8
MOST_OWED = 30
"""So many promises are told in all, however many owners they have."""


def decision_lines(view: View) -> list[str]:
    """What is in force with what it replaces, then what is open, then what was not adopted."""
    replaced = {one.supersedes for one in view.claims.decisions if one.supersedes}
    order = ("in_force", "expired", "superseded", "considering", "proposed", "not_adopted")
    found = [one for one in view.claims.decisions if not (one.status == "superseded" and one.id in replaced)]
    return listed(sorted(found, key=lambda one: order.index(one.status)), lambda one: decision_line(one, view))


def decision_line(one: Decision, view: View) -> str:
    """One decision."""
    return _decided(one, view) + beside("decisions", one, view)


def _decided(one: Decision, view: View) -> str:
    text, cites = view.telling.told(one.text, one.messages, 110), view.telling.receipts(one.messages, 4)
    if one.status == "considering":
        return says("considering", text=text) + cites
    if one.status in ("proposed", "not_adopted"):
        return says("proposed", text=text) + cites
    tail = says("expired") if one.status == "expired" else ""
    if old := view.replaced_by(one):
        tail += says(
            "replaced", text=view.telling.told(old.text, old.messages, 60), cites=view.telling.receipts(old.messages, 2)
        )
    return says("decided", text=text) + cites + tail


def unanswered_lines(view: View) -> list[str]:
    """What nobody has answered."""
    open_ended = says("asked_open")
    return listed(view.unanswered, lambda one: question_line(one, view) + (open_ended if one.asker else ""))


def question_line(one: Question, view: View) -> str:
    """Who asked what, when, again, and what members guessed."""
    tell = view.telling
    if not one.asker:
        return says(
            "asked_report",
            question=tell.told(one.question, (one.message,), whole=True),
            cites=tell.receipt(one.message),
        )
    line = says(
        "asked",
        question=tell.told(one.question, (one.message,), whole=True, stop=False),
        asker=tell.name(one.asker),
        cites=tell.receipt(one.message),
    )
    if one.repeats:
        line += says("asked_again", times=len(one.repeats), cites=tell.receipts(one.repeats))
    if one.also:
        line += says("asked_also", who=tell.names(map(view.sender, one.also)), cites=tell.receipts(one.also, 2))
    if deferred := [name for name in one.replies if view.official(view.sender(name))]:
        line += says("asked_deferred", said="、".join(tell.said(name, 30) for name in deferred[:2]))
    if guesses := view.guesses(one):
        line += says("asked_guess", guesses="、".join(guesses))
    return line + beside("questions", one, view)


def answered_lines(view: View) -> list[str]:
    """Questions with their official answers."""
    found = [one for one in view.claims.answered if view.is_report or view.official(view.sender(one.answer))]
    if view.is_report:
        return listed(found, lambda one: question_line(one, view), MOST_ANSWERED)
    return listed(found, lambda one: _answer_line(one, view), MOST_ANSWERED)


def _answer_line(one: Question, view: View) -> str:
    tell = view.telling
    question = tell.told(one.question, (one.message,), 40, stop=False)
    line = says("answered", question=question, asked=tell.receipt(one.message), answer=tell.said(one.answer, 50))
    return line + (says("owed_replaced") if view.overtaken(one) else "") + beside("questions", one, view)


def action_lines(view: View) -> list[str]:
    """Promises and to-dos by owner, the overdue ones and the staff's first, then what follows from all the rest."""
    order = ("overdue", "open", "partly_done", "done_late", "done")
    owed = sorted(view.claims.actions, key=lambda one: (order.index(one.status), not view.official(one.owner)))
    by_owner: dict[str, list[Action]] = {}
    for one in owed[:MOST_OWED]:
        by_owner.setdefault(one.owner, []).append(one)
    lines = []
    for owner, rows in by_owner.items():
        lines.append(f"{view.telling.name(owner) if owner else says('no_owner')}：")
        lines += listed(_together(rows), lambda one: action_line(one, view))
    if len(owed) > MOST_OWED:
        lines.append(says("more", count=len(owed) - MOST_OWED))
    if implied := implied_lines(view):
        lines += [says("implied"), f"{_head(view)}：", *implied]
    return lines


def _together(rows: list[Action]) -> list[Action]:
    """The promises as they are told: one made to several, which went alike for each, once."""
    found: dict[tuple[object, ...], list[Action]] = {}
    for one in rows:
        task = one.task.removesuffix(_to(one))
        found.setdefault((task, one.status, one.messages, one.due) if _to(one) else (one.id,), []).append(one)
    return [_merged(alike) for alike in found.values()]


def _merged(alike: list[Action]) -> Action:
    first = alike[0]
    if len(alike) == 1:
        return first
    to = tuple(dict.fromkeys(name for one in alike for name in one.to))
    task = f"{first.task.removesuffix(_to(first))}(给{'、'.join(to)})"
    outcome = tuple(dict.fromkeys(name for one in alike for name in one.outcome))
    return first.model_copy(update={"task": task, "to": to, "outcome": outcome})


def _to(one: Action) -> str:
    """How a promise says to which of several it was made, "" where it does not."""
    tail = f"(给{one.to[0]})" if len(one.to) == 1 else ""
    return tail if tail and one.task.endswith(tail) else ""


def _head(view: View) -> str:
    first = view.roles.operator or (view.roles.staff[0] if len(view.roles.staff) == 1 else "")
    return view.telling.name(first) if first else says("nobody")


def action_line(one: Action, view: View) -> str:
    """One promise or to-do."""
    due = says("owed_due", due=view.telling.at(one.due)) if one.due else ""
    due = due or (says("owed_vague", due=one.due_text) if one.due_text else "")
    due += says("owed_replaced") if view.outdated(one) else ""
    line = says(
        "owed",
        status=book().statuses["action"][one.status],
        task=view.telling.told(one.task, one.messages, 80),
        due=due,
        cites=view.telling.receipts(one.messages, 3)
        or (says("owed_earlier", origin=shown(one.origin)) if one.origin else ""),
    )
    after = [name for name in view.in_order(one.outcome) if name not in one.messages]
    if after:
        line += says("owed_outcome", outcome="、".join(view.telling.said(name, 36) for name in after[-2:]))
    return line + beside("actions", one, view)


def implied_lines(view: View) -> list[str]:
    """What nobody has taken on and somebody should: open questions, untreated ads, unsettled grievances."""
    tell = view.telling
    lines = []
    for one in view.unanswered[:MOST]:
        question = tell.told(one.question, (one.message,), 36, whole=True, stop=False)
        lines.append(says("implied_question", question=question, cites=tell.receipt(one.message)))
    for who, ads in view.untreated[:MOST]:
        lines.append(says("implied_ad", who=tell.name(who), cites=tell.receipts((ad.message for ad in ads), 2)))
    for grievance in view.open_complaints[:MOST]:
        summary = tell.told(grievance.summary, grievance.messages, 40)
        lines.append(says("implied_complaint", summary=summary, cites=tell.receipts(grievance.messages[-1:])))
    return [f"· {line}" for line in lines]

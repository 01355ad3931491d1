"""A crisis reply as plain text: the messages in the order they are sent, then the sheet for the desk."""

from collections.abc import Iterable

from copilot.records import Part
from copilot.tasks.crisis_reply.assignment import CrisisAssignment
from copilot.tasks.crisis_reply.book import book
from copilot.tasks.crisis_reply.private import addressed, called
from copilot.tasks.crisis_reply.reply import CrisisWords, Statement
from copilot.tasks.crisis_reply.saying import level_of, open_point


def statement_text(statement: Statement) -> str:
    """The statement in short paragraphs and dotted lines, without Markdown."""
    says = book().headings
    answers = [f"· {one.question.rstrip('？?')}？\n  {one.answer}" for one in statement.answers]
    blocks = [
        f"【{statement.title}】\n{statement.opening}" if statement.title else statement.opening,
        _listed(says["doing"], statement.doing, statement.entry),
        _listed(says["known"], statement.known),
        _listed(says["checking"], statement.checking),
        "\n".join([says["answers"], *answers]) if answers else "",
        "\n".join(line for line in (statement.next_update, statement.closing) if line),
    ]
    return "\n\n".join(block for block in blocks if block)


def _listed(heading: str, rows: Iterable[str], after: str = "") -> str:
    lines = [f"· {row}" for row in rows]
    return "\n".join(line for line in [*([heading, *lines] if lines else []), after] if line)


def parts_of(words: CrisisWords, assignment: CrisisAssignment) -> tuple[Part, ...]:
    """The messages and the sheet, in the order they are used."""
    people = dict(addressed(assignment.situation))
    parts = [
        Part(name="holding", title="先发这条（发现后几分钟内）", text=words.holding),
        Part(name="statement", title="群内说明", text=statement_text(words.statement)),
    ]
    if words.personal:
        parts.append(Part(name="personal", title="本人发（第一人称）", text=words.personal))
    for reply in words.private:
        to = called(people[reply.id], assignment.situation) if reply.id in people else reply.id
        parts.append(Part(name=f"private-{reply.id}", title=f"私聊 · {to}", readers="private", to=to, text=reply.text))
    parts += [
        Part(name=f"update-{update.id}", title=f"后续更新 · {update.when}", text=update.text)
        for update in words.updates
    ]
    parts.append(Part(name="internal", title="内部（不外发）", readers="team", text=sheet_text(assignment)))
    return tuple(parts)


def sheet_text(assignment: CrisisAssignment) -> str:
    """Everything the desk needs beside the messages."""
    situation, plan, names = assignment.situation, assignment.plan, book().desk["sheet"]
    kinds = "、".join(kind.title for kind in situation.kinds)
    because = "；".join(dict.fromkeys(reason for kind in situation.kinds for reason in kind.because))
    reasons = "；".join(situation.severity.reasons)
    head = [
        f"{names['kind']}：{kinds}" + (f"（{names['because']}：{because}）" if because else ""),
        f"{names['severity']}：{level_of(situation.severity)}{f'（{reasons}）' if reasons else ''}",
    ]
    rows = {
        "verified": [row.text for row in situation.verified] or [names["none"]],
        "unverified": [open_point(row.text) for row in situation.unverified],
        "authorised": [row.text for row in situation.authorised],
        "must_not_say": plan.must_not_say,
        "changed": plan.changed,
        "conflicts": [f"{one.message}{one.placeholder}" for one in assignment.conflicts],
        "missing": [f"{gap.question}{gap.placeholder}" for gap in assignment.missing],
        "to_confirm": plan.to_confirm,
        "escalation": [f"【{step.clock}】{step.who}：{step.what}" for step in plan.escalation],
        "watch": plan.watch,
        "close_when": plan.close_when,
        "rejected": [names["rejected_row"].format_map(row.model_dump()) for row in plan.rejected],
        "notes": plan.notes,
        "review": plan.review,
    }
    blocks = ["\n".join(head), *(_listed(f"{names[name]}：", lines) for name, lines in rows.items())]
    return "\n\n".join(block for block in blocks if block)

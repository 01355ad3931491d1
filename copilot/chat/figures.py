"""The figures of a chat, counted.

Every message counts for its sender, whatever it holds; bots and advertisers are members; notices count for nobody. Days
are dates with a message, the span is from the first to the last of them, both included.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from statistics import median

from copilot.chat import talk
from copilot.chat.claims import Figures, MemberFigures, Question
from copilot.chat.comings import comings
from copilot.chat.links import links_between
from copilot.chat.records import Message
from copilot.chat.scene import Scene

PAIRS = 12
"""How many pairs of who answers whom are told."""


def count(scene: Scene, questions: Sequence[Question]) -> Figures:
    """All figures. Response times are of the questions that were answered, in minutes (medians)."""
    transcript = scene.transcript
    said = transcript.said
    times = [message.time for message in said if message.time is not None]
    by_day = Counter(time.date().isoformat() for time in times)
    hours = Counter(time.hour for time in times)
    joined, left = comings(transcript)
    taken = _response_times(scene, questions)
    waits = [minutes for _, minutes in taken]
    return Figures(
        messages=len(said),
        system_notices=len(transcript.messages) - len(said),
        members=len({message.sender for message in said}),
        days=len(by_day),
        span_days=_span(times),
        first=min(times, default=None),
        last=max(times, default=None),
        unparsed_lines=sum(one.lines for one in transcript.unread),
        member_figures=_member_figures(scene, joined, taken, questions),
        hours=tuple(hours[hour] for hour in range(24)),
        by_day=dict(sorted(by_day.items())),
        kinds=dict(Counter(message.kind for message in said).most_common()),
        newcomers=joined,
        left=left,
        answered_by=_pairs(scene),
        response_minutes=median(waits) if waits else None,
        questions=len(questions),
        answered=sum(bool(question.answer) for question in questions),
    )


def _span(times: Sequence[datetime]) -> int:
    """Days from the first message to the last, both included; 0 without any date."""
    dates = [time.date() for time in times]
    return (max(dates) - min(dates)).days + 1 if dates else 0


def _response_times(scene: Scene, questions: Sequence[Question]) -> list[tuple[str, float]]:
    """Who answered a question, and after how many minutes, for each answered one whose times are known."""
    found = []
    for question in questions:
        asked, answer = scene.by_id.get(question.message), scene.by_id.get(question.answer)
        if asked is None or answer is None or answer.sender == asked.sender or not asked.time or not answer.time:
            continue
        found.append((answer.sender, max(0.0, (answer.time - asked.time).total_seconds() / 60)))
    return found


def _member_figures(
    scene: Scene, joined: Sequence[str], taken: Sequence[tuple[str, float]], questions: Sequence[Question]
) -> tuple[MemberFigures, ...]:
    """The members, whoever said most first, then in the order in which they spoke up."""
    counts = Counter(message.sender for message in scene.transcript.said)
    answers = Counter(answer.sender for one in questions if (answer := scene.by_id.get(one.answer)) is not None)
    waits: dict[str, list[float]] = defaultdict(list)
    for member, minutes in taken:
        waits[member].append(minutes)
    newcomers = frozenset(joined)
    return tuple(
        MemberFigures(
            member=member,
            messages=messages,
            staff=scene.roles.speaks_for_group(member),
            newcomer=member in newcomers,
            answers=answers[member],
            first_response=median(waits[member]) if waits[member] else None,
        )
        for member, messages in counts.most_common()
    )


def _pairs(scene: Scene) -> tuple[tuple[str, str, int], ...]:
    """Who responds to whom in words of their own, how often: (who, to whom, times), the most frequent first."""
    by_id = scene.by_id
    own = {one: other for one, other in scene.answers.items() if _says(by_id[one])}
    senders = {id_: by_id[id_].sender for pair in own.items() for id_ in pair}
    pairs = sorted(links_between(own, senders).items(), key=lambda item: -item[1])
    return tuple((who, whom, times) for (who, whom), times in pairs[:PAIRS])


def _says(message: Message) -> bool:
    return bool(message.text) and not talk.act(message.text)

"""How the group is run, held against the handbook: which pitfalls this chat shows, by what messages, what to do tomorrow.

`knowledge/digests.yaml` says which rule a measure is about and what is said of it; here each is counted. A measure that
finds nothing says nothing. How many messages there are is never a merit.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from copilot.chat.records import Message
from copilot.tasks.digest.book import book
from copilot.tasks.digest.structure import Reviewed
from copilot.tasks.digest.view import View

SHOWN = 8
APART = ("rules_broken",)
"""Measures that are told beside another one of the same rule."""


class Shown(NamedTuple):
    """What a measure found: the messages that show it, and the numbers for its sentence."""

    messages: Sequence[str]
    values: Mapping[str, int | str] = {}


Measure = Callable[[View], Shown | None]


def review(view: View, quotes: Mapping[str, str]) -> tuple[Reviewed, ...]:
    """What the chat shows, in the order of the rules; each rule once. `quotes` are the handbook's words by rule."""
    found: dict[str, Reviewed] = {}
    for row in book().review:
        shown = MEASURES[row.measure](view)
        name = row.measure if row.measure in APART else row.rule
        if shown and name not in found:
            found[name] = Reviewed(
                rule=row.rule,
                finding=row.finding.format(**shown.values),
                messages=tuple(dict.fromkeys(shown.messages))[:SHOWN],
                advice=row.advice,
                quote=quotes.get(row.rule, ""),
            )
    return tuple(found.values())


def _limit(name: str) -> float:
    return book().thresholds[name]


def _unanswered(view: View) -> Shown | None:
    rows = view.unanswered
    repeated = sum(bool(one.repeats) for one in rows)
    again = book().desk.says["reviewed_again"].format(count=repeated) if repeated else ""
    return Shown([one.message for one in rows], {"count": len(rows), "again": again}) if rows else None


def _slow(view: View) -> Shown | None:
    minutes = view.figures.response_minutes
    if minutes is None or minutes < _limit("slow_minutes") or view.figures.answered < _limit("slow_answers"):
        return None
    return Shown(
        [name for one in view.claims.answered for name in (one.message, one.answer)], {"minutes": round(minutes)}
    )


def _overdue(view: View) -> Shown | None:
    late = view.overdue
    return (
        Shown([name for one in late for name in (*one.messages, *one.outcome)], {"count": len(late)}) if late else None
    )


def _ads_open(view: View) -> Shown | None:
    rows = view.untreated
    names = [ad.message for _, ads in rows for ad in ads]
    return Shown(names, {"senders": len({sender for sender, _ in rows})}) if rows else None


def _rules_broken(view: View) -> Shown | None:
    """The group's own rules that messages of this chat break, each quoted."""
    broken: dict[str, list[str]] = {}
    for rule in view.rules:
        for kind, cue in book().rule_kinds.items():
            if cue.search(rule) and (names := _against(kind, view)):
                broken.setdefault(rule.strip(), []).extend(names)
    names = view.in_order(name for rows in broken.values() for name in rows)
    told = "、".join(f"“{rule}”" for rule in broken)
    return Shown(names, {"count": len(names), "rules": told}) if names else None


def _against(kind: str, view: View) -> list[str]:
    """The messages of a kind that rules speak of: ads, somebody ranked in public, or a kind of private data."""
    if kind == "ads":
        return [ad.message for ad in view.claims.ads]
    if kind == "conflict":
        return [name for one in view.risks_of("conflict") for name in one.messages]
    if kind == "ranking":
        found = _heard("ranking")(view)
        return list(found.messages) if found else []
    return [one.message for one in view.claims.private if any(book().rule_kinds[kind].search(it) for it in one.kinds)]


def _ads_many(view: View) -> Shown | None:
    senders = {sender for sender, _ in view.advertisers}
    if len(senders) < 3:
        return None
    return Shown([ad.message for ad in view.claims.ads], {"senders": len(senders), "count": len(view.claims.ads)})


def _complaints_again(view: View) -> Shown | None:
    rows = [one for one in view.open_complaints if len(one.members) > 1 or len(one.messages) > 2]
    return Shown([one.messages[0] for one in rows], {"count": len(rows)}) if rows else None


def _conflict(view: View) -> Shown | None:
    names = [name for one in view.risks_of("conflict") for name in one.messages]
    return Shown(names) if names else None


def _rumours_open(view: View) -> Shown | None:
    rows = [one for one in view.claims.rumours if one.status == "open"]
    return Shown([one.messages[0] for one in rows], {"count": len(rows)}) if rows else None


def _heard(cue: str) -> Measure:
    """A measure that looks for words of members, not of staff, nor of those who advertise or give orders."""

    def measure(view: View) -> Shown | None:
        pattern = book().cues[cue]
        hit = [one.id for one in view.messages if _members_words(one, view, cue) and pattern.search(one.text)]
        return Shown(hit) if hit else None

    return measure


def _members_words(one: Message, view: View, cue: str) -> bool:
    """An advertiser may well say that he did not know the rules; otherwise noise is nobody's voice."""
    if one.kind not in ("text", "quote") or view.official(one.sender) or one.sender in view.roles.bots:
        return False
    return cue == "rules_unknown" or one.id not in view.noise


def _changed(view: View) -> Shown | None:
    names = [name for pair in view.changes for one in pair for name in one.messages[:1]]
    return Shown(names, {"count": len(view.changes)}) if view.changes else None


def _noise(view: View) -> Shown | None:
    total = view.figures.messages
    used = {name for topic in view.claims.topics for name in topic.messages} | view.noise
    idle = [message.id for message in view.telling.transcript.said if message.id not in used]
    if total < _limit("few_messages") or len(idle) < total * _limit("noise_share"):
        return None
    return Shown(idle[:3], {"total": total, "count": len(idle)})


def _one_way(view: View) -> Shown | None:
    own = [one for one in view.telling.transcript.said if view.official(one.sender) or one.sender in view.roles.bots]
    total = view.figures.messages
    if total < _limit("quiet_messages") or len(own) < total * _limit("one_way_share"):
        return None
    return Shown([one.id for one in own[:3]], {"total": total, "count": len(own)})


def _few_voices(view: View) -> Shown | None:
    counts = sorted(
        (one.messages for one in view.figures.member_figures if not view.official(one.member)), reverse=True
    )
    if len(counts) < _limit("few_members") or sum(counts) < _limit("few_messages"):
        return None
    few = max(2, len(counts) // 5)
    if sum(counts[:few]) < sum(counts) * _limit("few_share"):
        return None
    loudest = {
        one.member
        for one in sorted(view.figures.member_figures, key=lambda one: -one.messages)
        if not view.official(one.member)
    }
    names = [one.id for one in view.telling.transcript.said if one.sender in loudest][:3]
    return Shown(names, {"members": len(counts), "few": few})


def _unwelcomed(view: View) -> Shown | None:
    """People came, and nobody of the group said a word of welcome within half a day."""
    welcome, waiting = book().cues["welcome"], timedelta(hours=_limit("welcome_hours"))
    joined: list[Message] = []
    for one in view.messages:
        if one.kind == "system" and one.notice == "join":
            joined.append(one)
        elif joined and one.kind != "system" and welcome.search(one.text) and _soon(joined[-1], one, waiting):
            joined = []
    return Shown([one.id for one in joined]) if joined else None


def _soon(joined: Message, said: Message, waiting: timedelta) -> bool:
    return not (joined.time and said.time) or said.time - joined.time <= waiting


def _long_notice(view: View) -> Shown | None:
    limit = int(_limit("long_notice"))
    long = [
        one.id
        for one in view.telling.transcript.said
        if len(one.text) > limit and view.official(one.sender) and one.kind == "text"
    ]
    return Shown(long, {"count": len(long), "limit": limit}) if long else None


def _highlights(view: View) -> Shown | None:
    rows = [one.message for one in view.claims.highlights if not view.official(one.by)]
    return Shown(rows, {"count": len(rows)}) if rows else None


def _helping(view: View) -> Shown | None:
    rows = [one for one in view.claims.answered if _helped(one.answer, view)]
    return Shown([one.answer for one in rows], {"count": len(rows)}) if len(rows) > 1 else None


def _helped(answer: str, view: View) -> bool:
    """Whether a member's answer says more than a word."""
    message = view.telling.by_id.get(answer)
    return message is not None and not view.official(message.sender) and len(message.text) >= _limit("help_length")


def _quiet(view: View) -> Shown | None:
    said = view.telling.transcript.said
    few = 0 < len(said) < _limit("quiet_messages")
    return Shown([one.id for one in said]) if few and not view.is_report else None


MEASURES: Mapping[str, Measure] = {
    "unanswered": _unanswered,
    "slow": _slow,
    "overdue": _overdue,
    "ads_open": _ads_open,
    "ads_many": _ads_many,
    "rules_broken": _rules_broken,
    "rules_unknown": _heard("rules_unknown"),
    "complaints_again": _complaints_again,
    "conflict": _conflict,
    "rumours_open": _rumours_open,
    "lost_place": _heard("lost_place"),
    "ranking": _heard("ranking"),
    "changed": _changed,
    "noise": _noise,
    "one_way": _one_way,
    "few_voices": _few_voices,
    "unwelcomed": _unwelcomed,
    "long_notice": _long_notice,
    "highlights": _highlights,
    "helping": _helping,
    "quiet": _quiet,
}

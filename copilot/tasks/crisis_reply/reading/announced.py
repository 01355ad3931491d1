"""Times the brief gives at which the group hears more ("15点再来群里说一次", "次日 12:00 前给书面说明", "每 2 小时")."""

import re

from copilot.facts.brief import clauses
from copilot.tasks.crisis_reply.reading.lexicon import crisis_book

LEAST_REST = 6  # characters: what is left of a row without its time is a row of its own from here on


def announces(clause: str) -> bool:
    """Whether a clause says when the group is told more: a time and a word for telling, or nothing but a time."""
    patterns = crisis_book().patterns
    if patterns["announce.bare"].fullmatch(clause.strip()):
        return bool(re.search(r"\d|[一两二三四五六七八九十半]", clause))
    when = patterns["announce.when"].search(clause)
    tell = patterns["announce.tell"].search(clause, when.start()) if when else None
    return bool(tell) and not patterns["announce.past"].search(clause)


def split_announced(text: str) -> tuple[str, str]:
    """(what else a row says, the times it gives); a short rest stays with the time it introduces."""
    parts = clauses(text)
    told = [part for part in parts if announces(part)]
    rest = "，".join(part for part in parts if part not in told)
    if not told:
        return text, ""
    return ("", text) if len(rest) < LEAST_REST else (rest, "，".join(told))


def announced_ahead(text: str) -> bool:
    """Whether a whole row, told as a fact, is an announcement of what comes: "每晚 8 点更新", not "21:00 通报给了物业"."""
    patterns, parts = crisis_book().patterns, clauses(text)
    return len(parts) == 1 and announces(text) and bool(patterns["announce.ahead"].search(text))

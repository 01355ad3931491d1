"""Prose of a crisis: what each clause says of itself ("查到…", "还不清楚…", "老板同意…", "别说…")."""

import re

from copilot.facts.brief import clauses, sentences
from copilot.tasks.crisis_reply.reading.announced import announces
from copilot.tasks.crisis_reply.reading.lexicon import Section, crisis_book

SORTED: tuple[Section, ...] = ("forbidden", "clock", "authorised", "unverified", "verified")
"""What a clause of prose can say of itself and a story is searched for."""
ORDER: tuple[Section, ...] = ("forbidden", "clock", "authorised", "wish", "unverified", "verified")
"""All that a clause can say of itself, in the order that is tried."""


def tidy(text: str) -> str:
    """A stretch without the punctuation and spaces at its ends."""
    return re.sub(r"^[\s，,；;。、]+|[\s，,；;。、]+$", "", text)


def sort_prose(text: str) -> list[tuple[Section, str]]:
    """The sections of a prose text, clause by clause, neighbours of one section together."""
    found: list[tuple[Section, str]] = []
    for sentence in sentences(text) or [text]:
        found += _sentence(sentence)
    return [(name, stripped(name, words)) for name, words in found if tidy(words)]


def _sentence(sentence: str) -> list[tuple[Section, str]]:
    book = crisis_book()
    if match := book.prose["draft"].search(sentence):
        draft = re.match(r"[“\"「『](?P<draft>[^”\"」』]+)[”\"」』]?(?P<rest>.*)$", sentence[match.end() :].strip())
        if draft:
            before, after = tidy(sentence[: match.start()]), tidy(draft["rest"])
            around = [row for part in (before, after) if part for row in _sentence(part)]
            return [*around, ("draft", draft["draft"].strip())]
    if match := book.prose["earlier"].search(sentence):
        told = re.match(r"[“\"「『][^”\"」』]+[”\"」』]?", sentence[match.end() :].strip())
        if told:
            words = f"{tidy(match[0])}{told[0]}"
            before, after = sentence[: match.start()], sentence[match.end() :].strip()[told.end() :]
            around = [row for part in (before, after) if tidy(part) for row in _sentence(tidy(part))]
            return [*around, ("earlier", words)]
    found: list[tuple[Section, str]] = []
    lead = ""
    for clause in clauses(sentence):
        if book.prose["errand"].search(clause):
            continue
        alone = next((name for name, pattern in book.alone.items() if pattern.fullmatch(clause)), None)
        if alone and found:
            name, words = found.pop()
            *kept, last = words.split("，")
            if kept:
                found.append((name, "，".join(kept)))
            found.append((alone, last))
            continue
        own = _own_section(clause)
        if own is None and not lead and book.prose["leads"].search(clause):
            lead = clause
            continue
        words, lead = (f"{lead}，{clause}" if lead else clause), ""
        goes_on = own is None and found and found[-1][0] != "wish" and not book.prose["turn"].search(clause)
        name = own or (found[-1][0] if goes_on else "incident")
        if found and found[-1][0] == name and (own is None or name not in ("forbidden", "unverified")):
            found[-1] = (name, f"{found[-1][1]}，{words}")
        else:
            found.append((name, words))
    if lead:
        found.append(("incident", lead))
    return found


def _own_section(clause: str) -> Section | None:
    """What a clause says of itself; None where it says nothing."""
    prose = crisis_book().prose
    if promises_word(clause) and not re.search(r"有[人的]|“", clause):
        return "clock"
    if prose["said"].search(clause):
        return "incident"
    if re.search(r"[吗？?]\s*$|能不能|可不可以|要不要", clause):
        return "incident"
    if prose["aim"].search(clause):
        return "wish"
    for name in ORDER:
        if prose[name].search(clause):
            return name
    return None


def promises_word(clause: str) -> bool:
    """Whether a clause of a story announces more to come: it gives a time and looks ahead."""
    return announces(clause) and bool(crisis_book().patterns["announce.ahead"].search(clause))


def stripped(section: str, text: str) -> str:
    """A row without the words that only say which section it is in."""
    text = tidy(text)
    for pattern in crisis_book().strip.get(section, ()):
        rest = tidy(pattern.sub("", text, count=1))
        text = rest if len(rest) > 1 else text
    return text


_RECORDED = re.compile(r"收到|登记|统计|记录|后台|工单|核对|确认|首[次位]")
_HEARSAY = re.compile(r"听说|据说|网传|传言|(?:应该|可能|估计|好像|八成|大概率)(?:就?是|已|会)|怀疑|疑似")


def unfounded(text: str) -> bool:
    """Whether what is called verified is only somebody's saying, a guess, or a thing that nobody has looked into."""
    book = crisis_book()
    if book.patterns["unchecked"].search(text):
        return True
    told = book.prose["said"].search(text) or _HEARSAY.search(text)
    return bool(told) and not _RECORDED.search(text)

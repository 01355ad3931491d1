"""The HTML of a digest's page: claims that open their messages, how far a run is, lines that were not read. All text is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape

from copilot.ui import locales
from copilot.ui.digest_chat import Excerpt, Line
from copilot.ui.digests import Claim
from copilot.ui.locales import t


def head(name: str, span: str, facts: Sequence[str], tags: Iterable[tuple[str, str]]) -> str:
    """Whose chat it is, from when to when, how big, and what is open in it."""
    small = " · ".join(escape(fact) for fact in (span, *facts) if fact)
    return (
        f'<div class="digest-head"><div class="name"><h2>{escape(name)}</h2><div class="open">{_tags(tags)}</div></div>'
        f'<div class="meta">{small}</div></div>'
    )


def claims(found: Iterable[tuple[Claim, Excerpt | None, str]], *, numbered: bool = False) -> str:
    """Claims as a list; each opens its messages. Beside a claim its excerpt (None: there is none) and first receipt."""
    items = "".join(f"<li>{_claim(*one)}</li>" for one in found)
    kind = "ol" if numbered else "ul"
    return f'<{kind} class="claims">{items}</{kind}>'


def _claim(claim: Claim, found: Excerpt | None, receipt: str) -> str:
    tags = f'<span class="tags">{_tags(claim.tags)}</span>' if claim.tags else ""
    note = f'<div class="beside">{escape(claim.note)}</div>' if claim.note else ""
    rule = f'<div class="rule">{escape(claim.rule)}</div>' if claim.rule else ""
    words = f'<div class="said">{tags}<span>{escape(claim.text)}</span></div>{note}{rule}'
    if found is None or not found.stretches:
        return f'<div class="claim bare">{words}</div>'
    told = receipt if found.cited == 1 else t("claim.receipts", receipt=receipt, count=found.cited)
    return (
        f'<details class="claim"><summary>{words}<div class="receipt">{escape(told)}</div></summary>'
        f"{excerpt(found)}</details>"
    )


def excerpt(found: Excerpt) -> str:
    """Stretches of the chat, with those messages standing out that the claim rests on."""
    pieces, last = [], None
    for stretch in found.stretches:
        if last is not None:
            pieces.append(f'<div class="between">{escape(t("chat.between", count=stretch[0].number - last - 1))}</div>')
        pieces += [_line(line) for line in stretch]
        last = stretch[-1].number
    if found.left_out:
        pieces.append(f'<div class="between">{escape(t("chat.more", count=found.left_out))}</div>')
    return f'<div class="excerpt">{"".join(pieces)}</div>'


def _line(line: Line) -> str:
    kind = t(f"kind.{line.kind}") if f"kind.{line.kind}" in locales.words("zh") else ""
    words = escape(line.text) or (f"<i>{escape(kind)}</i>" if kind else "")
    answers = f'<div class="answers">{escape(t("chat.answers", whom=line.answers))}</div>' if line.answers else ""
    sender = escape(line.sender or t("chat.notice"))
    mark = "cited" if line.cited else "near"
    return (
        f'<div class="line {mark}"><div class="meta"><b>{sender}</b><span>{escape(line.clock)}</span></div>'
        f"{answers}<p>{words}</p></div>"
    )


def _tags(tags: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<span class="count {kind}">{escape(words)}</span>' for words, kind in tags)


def file(name: str, size: int) -> str:
    """A file on the desk: its name and how big it is (bytes)."""
    told = f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1000))} KB"
    return f'<div class="handed"><span>{escape(name)}</span><span class="meta">{told}</span></div>'


def progress(told: str, share: float | None) -> str:
    """What is being done; with several chats, how much of all messages is through."""
    bar = "" if share is None else f'<progress max="100" value="{round(share * 100)}"></progress>'
    return f'<div class="working" role="status"><p><span class="turning" aria-hidden="true"></span>{escape(told)}</p>{bar}</div>'


def unread(lines: Iterable[tuple[str, str, str]]) -> str:
    """What could not be read: where, the words, and why."""
    items = "".join(
        f'<li><div class="meta"><span class="label">{escape(where)}</span><span>{escape(why)}</span></div><q>{escape(text)}</q></li>'
        for where, text, why in lines
    )
    return f'<ul class="rows">{items}</ul>'


def figures(pairs: Iterable[tuple[str, str]]) -> str:
    """Figures, each under its name."""
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs if value)
    return f'<dl class="figures">{items}</dl>'


def pairs(found: Iterable[tuple[str, int]]) -> str:
    """Counted pairs in a row."""
    items = "".join(f'<li>{escape(words)}<span class="count">{count}</span></li>' for words, count in found)
    return f'<ul class="pairs">{items}</ul>'


def group(name_tags: Iterable[tuple[str, str]], facts: Sequence[str]) -> str:
    """A group in the overview: what is open in it, and how big it is."""
    small = " · ".join(escape(fact) for fact in facts if fact)
    return f'<div class="kept-meta">{small}</div><div class="open">{_tags(name_tags)}</div>'

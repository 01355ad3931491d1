"""What may do harm: risks, ads, orders to the assistant, personal data, messages taken back."""

from copilot.chat.claims import Ad, Risk
from copilot.tasks.digest.book import book
from copilot.tasks.digest.listing import dotted, listed, says
from copilot.tasks.digest.view import View


def risk_lines(view: View) -> list[str]:
    """Risks that no other section tells: how grave, and why."""
    told = book().risk_codes["told_elsewhere"]
    return listed([one for one in view.risks if one.code not in told], lambda one: _risk_line(one, view))


def _risk_line(one: Risk, view: View) -> str:
    level = book().statuses["level"][one.level]
    return f"{f'[{level}] ' if level else ''}{one.message}{view.telling.receipts(one.messages, 4)}"


def ad_lines(view: View) -> list[str]:
    """Who advertised, and whether anybody dealt with it; the ads themselves are not repeated."""
    return listed(view.advertisers, lambda row: _ad_line(*row, view))


def _ad_line(sender: str, ads: tuple[Ad, ...], view: View) -> str:
    handled = list(dict.fromkeys(name for ad in ads for name in ad.handled))[:2]
    how = says("ad_handled", how="、".join(view.telling.said(name, 30) for name in handled)) if handled else ""
    cites = view.telling.receipts((ad.message for ad in ads), 3)
    why = ads[0].why.rstrip("。")
    return says("ad", who=view.telling.name(sender), why=why, cites=cites, handled=how or says("ad_open"))


def injection_lines(view: View) -> list[str]:
    """That somebody gave the assistant orders; once, and without their words."""
    bodies = [one.message for one in view.claims.injections if one.where == "body"]
    lines = [says("injection", count=len(bodies), cites=view.telling.receipts(bodies, 3))] if bodies else []
    if view.telling.hidden:
        lines.append(says("injection_name", count=len(view.telling.hidden)))
    return dotted(lines)


def private_lines(view: View) -> list[str]:
    """Which kinds of private data stood in the chat, never the data."""
    lines = []
    soft = book().private_soft
    for sort, wanted in (("private", False), ("private_soft", True)):
        rows = [(one.message, kind) for one in view.claims.private for kind in one.kinds if (kind in soft) is wanted]
        if rows:
            kinds = "、".join(dict.fromkeys(kind for _, kind in rows))
            cites = view.telling.receipts(view.in_order(name for name, _ in rows), 5)
            lines.append(says(sort, kinds=kinds, cites=cites))
    return dotted(lines)


def recall_lines(view: View) -> list[str]:
    """How many messages were taken back; nothing is guessed."""
    names = [one.id for one in view.recalls]
    return dotted([says("recall", count=len(names), cites=view.telling.receipts(names, 4))]) if names else []

"""The commands for what is kept: `copilot history` for drafts, `copilot group` for group profiles.

Nothing is decided here: each command calls one method of the store and prints the record it returns.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from copilot import console
from copilot.cli_input import AsJson, File, opened_store, read_text, typed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rich.console import RenderableType

    from copilot.records import Span
    from copilot.store.records import (
        Comparison,
        DraftSummary,
        GroupVersion,
        SavedGroup,
        Sending,
        StoredDraft,
        Version,
    )

    Lines = Iterator[RenderableType]

history_app = typer.Typer(help="存下的草稿：改动、发出的、比较。Kept drafts.", rich_markup_mode=None)
group_app = typer.Typer(help="群资料：存一次，每次起草都用得上。Group profiles.", rich_markup_mode=None)

DraftId = Annotated[str, typer.Argument(metavar="ID", help="草稿编号，写开头几位就行")]
GroupName = Annotated[str, typer.Argument(metavar="NAME", help="群名")]
STATES = {"kept": "", "removed": "已删除", "unreadable": "读不出来"}


@history_app.command("list")
def history_list(
    kind: Annotated[str | None, typer.Option(help="哪种草稿，如 announcement")] = None,
    group: Annotated[str | None, typer.Option(help="哪个群")] = None,
    text: Annotated[str | None, typer.Option(help="要点、正文或发出的文字里有这些字")] = None,
    sent: Annotated[bool | None, typer.Option("--sent/--unsent", help="只看发过的，或没发过的")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多几份")] = 20,
    as_json: AsJson = False,
) -> None:
    """列出草稿，新的在前。List drafts, the newest first."""
    with opened_store() as (store, settings):
        drafts = store.drafts(
            kind=kind,
            group=typed(group, settings) if group else None,
            text=typed(text, settings) if text else None,
            sent=sent,
            limit=limit,
        )
    console.show({"drafts": drafts}, as_json, lambda _: _draft_rows(drafts))


@history_app.command("show")
def history_show(
    draft_id: DraftId,
    version: Annotated[int | None, typer.Option(min=1, help="只看这一版的文字")] = None,
    as_json: AsJson = False,
) -> None:
    """看一份草稿：最新的文字、各版和发出的。Show one draft."""
    with opened_store() as (store, _):
        if version is None:
            console.show(store.draft(draft_id), as_json, _draft_page)
        else:
            console.show(store.version(draft_id, version), as_json, lambda shown: iter([console.plain(shown.text)]))


@history_app.command("diff")
def history_diff(
    draft_id: DraftId,
    a: Annotated[int, typer.Argument(min=1, help="从第几版")] = 1,
    b: Annotated[int | None, typer.Argument(min=1, help="到第几版；不写为最新", show_default=False)] = None,
    other: Annotated[str | None, typer.Option("--with", metavar="ID", help="和另一份草稿比")] = None,
    as_json: AsJson = False,
) -> None:
    """比较两版，或两份草稿。Compare two versions, or two drafts."""
    with opened_store() as (store, _):
        console.show(store.compare(draft_id, a, b, other=other), as_json, _comparison_lines)


@history_app.command("edit")
def history_edit(draft_id: DraftId, file: File = None, as_json: AsJson = False) -> None:
    """把改好的文字存成新的一版。Keep an edited text as a new version."""
    with opened_store() as (store, settings):
        text, _ = read_text(file, settings)
        console.show(store.revise(draft_id, text.rstrip("\n")), as_json, _version_line)


@history_app.command("sent")
def history_sent(
    draft_id: DraftId,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE|-", help="发出的文字；不写为最新一版", show_default=False)
    ] = None,
    part: Annotated[str | None, typer.Option(help="只发了其中一部分时，它的名字")] = None,
    as_json: AsJson = False,
) -> None:
    """记下发出去的文字。Keep what was sent."""
    with opened_store() as (store, settings):
        text = store.version(draft_id).text if file is None else read_text(file, settings)[0].rstrip("\n")
        console.show(store.mark_sent(draft_id, text, part=part), as_json, _sending_line)


@history_app.command("remove")
def history_remove(draft_id: DraftId, as_json: AsJson = False) -> None:
    """删除一份草稿和它的各版，不能恢复。Delete a draft for good."""
    with opened_store() as (store, _):
        store.delete(draft_id)
    console.show({"removed": draft_id}, as_json, lambda _: iter([console.plain(f"已删除 {draft_id}")]))


@group_app.command("list")
def group_list(as_json: AsJson = False) -> None:
    """列出存过的群。List the groups."""
    with opened_store() as (store, _):
        groups = store.groups()
    console.show({"groups": groups}, as_json, lambda _: _group_rows(groups))


@group_app.command("show")
def group_show(name: GroupName, as_json: AsJson = False) -> None:
    """看一个群的资料。Show a group's profile."""
    with opened_store() as (store, settings):
        console.show(store.group(typed(name, settings)), as_json, _profile_lines)


@group_app.command("save")
def group_save(
    file: File = None,
    based_on: Annotated[int | None, typer.Option(min=0, help="从第几版改来；别人改过就不存，0 为新群")] = None,
    as_json: AsJson = False,
) -> None:
    """存一个群的资料：YAML、JSON，或“群名：…”这样的行。Save a group's profile."""
    from copilot.facts.profiles import read_profile

    with opened_store() as (store, settings):
        text, suffix = read_text(file, settings)
        profile = read_profile(text, suffix=suffix if suffix in (".yaml", ".yml", ".json") else "")
        console.show(store.save_group(profile, based_on=based_on), as_json, _profile_lines)


@group_app.command("versions")
def group_versions(name: GroupName, as_json: AsJson = False) -> None:
    """一个群的资料改过几次。The history of a group's profile."""
    with opened_store() as (store, settings):
        history = store.group_versions(typed(name, settings))
    console.show({"versions": history}, as_json, lambda _: _group_rows(history))


@group_app.command("restore")
def group_restore(
    name: GroupName,
    version: Annotated[int, typer.Argument(min=1, metavar="N", help="第几版")],
    as_json: AsJson = False,
) -> None:
    """用回以前的一版。Put an earlier version in force again."""
    with opened_store() as (store, settings):
        console.show(store.restore_group(typed(name, settings), version), as_json, _profile_lines)


@group_app.command("remove")
def group_remove(name: GroupName, as_json: AsJson = False) -> None:
    """不再列出这个群；资料还在，可以恢复。Take a group off the list."""
    with opened_store() as (store, settings):
        name = typed(name, settings)
        store.remove_group(name)
    console.show({"removed": name}, as_json, lambda _: iter([console.plain(f"已删除 {name}，用 restore 可以恢复")]))


def _when(moment: "datetime") -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _draft_rows(drafts: "tuple[DraftSummary, ...]") -> "Lines":
    if not drafts:
        yield console.plain("没有草稿。")
    for row in drafts:
        facts = [_when(row.created), row.kind, row.group, f"{row.length} 字"]
        facts += [f"改过 {row.versions - 1} 次"] if row.versions > 1 else []
        facts += [f"发过 {row.sendings} 次"] if row.sendings else []
        yield console.plain(f"{row.id}  {row.title}")
        yield console.plain(f"  {' · '.join(filter(None, facts))}", "dim")


def _draft_page(kept: "StoredDraft") -> "Lines":
    from rich.rule import Rule

    draft = kept.draft
    facts = [draft.id, draft.kind, kept.group, _when(kept.versions[0].created), f"{len(kept.text)} 字"]
    yield Rule(console.plain(" · ".join(filter(None, facts))), style="dim")
    yield console.plain(kept.text)
    yield Rule(style="dim")
    for version in kept.versions:
        yield from _version_line(version)
    for sending in kept.sendings:
        yield from _sending_line(sending)


def _version_line(version: "Version") -> "Lines":
    yield console.plain(f"第 {version.number} 版 · {version.by} · {_when(version.created)} · {len(version.text)} 字")


def _sending_line(sending: "Sending") -> "Lines":
    part = f" · {sending.part}" if sending.part else ""
    yield console.plain(f"发出 · {_when(sending.at)}{part} · {len(sending.text)} 字")


def _comparison_lines(comparison: "Comparison") -> "Lines":
    yield console.plain(f"{comparison.old} → {comparison.new}", "dim")
    if not comparison.differs:
        yield console.plain("没有不同。")
    for line in comparison.lines:
        if line.kind == "same":
            yield console.plain(f"  {line.old}", "dim")
            continue
        if line.old is not None:
            yield _marked("- ", line.old, line.old_spans, "red")
        if line.new is not None:
            yield _marked("+ ", line.new, line.new_spans, "green")


def _marked(sign: str, line: str, spans: "tuple[Span, ...]", colour: str) -> "RenderableType":
    """A line of one side; what changed inside it stands out, also where there is no colour."""
    text = console.plain(sign, colour)
    at = 0
    for span in spans:
        text.append_text(console.plain(line[at : span.start], colour))
        text.append_text(console.plain(f"[{line[span.start : span.end]}]", f"bold {colour}"))
        at = span.end
    return text.append_text(console.plain(line[at:], colour))


def _group_rows(groups: "tuple[GroupVersion, ...]") -> "Lines":
    if not groups:
        yield console.plain("还没有存过群资料：copilot group save FILE")
    for row in groups:
        facts = [f"第 {row.version} 版", _when(row.saved), STATES[row.state]]
        if row.profile:
            facts += [row.profile.platform, f"{row.profile.members} 人" if row.profile.members is not None else ""]
        yield console.plain(f"{row.name}  {' · '.join(filter(None, facts))}")


def _profile_lines(saved: "SavedGroup") -> "Lines":
    import yaml

    yield console.plain(f"{saved.profile.name} · 第 {saved.version} 版 · {_when(saved.saved)}", "bold")
    yield console.plain(yaml.safe_dump(saved.profile.as_brief(), allow_unicode=True, sort_keys=False).rstrip())

"""The commands on the operator's own documents and their index: `copilot index …`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from copilot import console
from copilot.cli_input import AsJson
from copilot.errors import UsageError

if TYPE_CHECKING:
    from copilot.playbook.index import PlaybookIndex, Status
    from copilot.settings import Settings

index_app = typer.Typer(help="自己的资料和检索索引。Your own documents and the search index.", rich_markup_mode=None)

Folder = Annotated[Path | None, typer.Option(metavar="DIR", help="这个文件夹，代替加进来的资料")]


@index_app.command("add")
def index_add(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="文件或文件夹")],
    wait: Annotated[bool, typer.Option("--wait", help="等到全部按意思也能搜到")] = False,
    as_json: AsJson = False,
) -> None:
    """加自己的资料，马上能按字搜到。Add files and folders; edits and deletions are followed."""
    from copilot.playbook.embedding import default_embedder
    from copilot.playbook.library import add_paths, library_index, library_status

    settings = _settings()
    if not all(path.strip() for path in paths):
        raise UsageError("有一个路径是空的", hint="写出文件或文件夹；用变量时看它有没有值")
    added = add_paths([Path(path) for path in paths], settings)
    console.tell(f"已加：{'、'.join(one.name for one in added)}")
    embedder = default_embedder(settings)
    index = library_index(settings, embedder)
    with console.progress("计算向量") as progress:
        index.build(progress) if wait else index.open(progress)
    console.show(library_status(settings, embedder), as_json, console.index_lines)


@index_app.command("remove")
def index_remove(
    what: Annotated[str, typer.Argument(metavar="PATH|SOURCE", help="加过的文件、文件夹，或其中一篇：名字或路径")],
    as_json: AsJson = False,
) -> None:
    """拿掉资料；您自己的文件不动。Take documents out; your files stay."""
    from copilot.playbook.embedding import default_embedder
    from copilot.playbook.library import library_index, library_status, remove

    settings = _settings()
    console.tell(f"已拿掉：{remove(what, settings)}")
    embedder = default_embedder(settings)
    library_index(settings, embedder).refresh()
    console.show(library_status(settings, embedder), as_json, console.index_lines)


@index_app.command("build")
def index_build(playbook: Folder = None, as_json: AsJson = False) -> None:
    """建好或更新索引，等到做完。Bring the index up to date, to the end."""
    settings = _settings()
    index = _index(playbook, settings)
    with console.progress("计算向量") as progress:
        index.build(progress)
    console.show(_status(index, playbook, settings), as_json, console.index_lines)


@index_app.command("status")
def index_status(playbook: Folder = None, as_json: AsJson = False) -> None:
    """加过什么，索引现在怎样，哪些文件没读成。What was added, and how the index stands."""
    settings = _settings()
    console.show(_status(_index(playbook, settings), playbook, settings), as_json, console.index_lines)


@index_app.command("report")
def index_report(
    source: Annotated[str | None, typer.Argument(metavar="SOURCE", help="哪一篇：来源、路径或文件名；默认全部")] = None,
    playbook: Folder = None,
    as_json: AsJson = False,
) -> None:
    """每篇留了什么、丢了什么、标了什么，为什么。What was kept, dropped and marked, and why."""
    from copilot.playbook.reports import report

    index = _index(playbook, _settings())
    documents = [index.document(source)] if source else list(index.documents())
    reports = [report(document) for document in documents]
    skipped = () if source else index.status().skipped
    console.show(
        {"documents": reports, "skipped": skipped}, as_json, lambda _: console.document_lines(reports, skipped)
    )


@index_app.command("overrule")
def index_overrule(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="哪一篇：来源、路径或文件名")],
    number: Annotated[int, typer.Argument(metavar="N", help="report 里的编号")],
    action: Annotated[Literal["keep", "drop"], typer.Argument(metavar="keep|drop", help="留下还是丢掉")],
    playbook: Folder = None,
    as_json: AsJson = False,
) -> None:
    """改判一处：留下或丢掉；文件重读后仍然算数。Overrule what was made of a stretch."""
    from copilot.playbook.overruling import overrule
    from copilot.playbook.reports import report

    settings = _settings()
    index = _index(playbook, settings)
    told = report(overrule(settings, index.document(source), number, action))
    index.refresh()
    console.show(told, as_json, lambda one: console.document_lines([one], ()))


def _settings() -> "Settings":
    from copilot.settings import Settings

    return Settings.load()


def _status(index: "PlaybookIndex", folder: Path | None, settings: "Settings") -> "Status":
    """How an index stands, with what was added where no folder is asked for."""
    from copilot.playbook.library import LibraryStatus, read_library

    status = index.status()
    return status if folder else LibraryStatus(**dict(status), added=read_library(settings).added)


def _index(folder: Path | None, settings: "Settings") -> "PlaybookIndex":
    """A folder's index; without one that of the operator's documents, or the handbook's where there are none.

    Raises `UsageError` for a folder that is not there.
    """
    from copilot.playbook.embedding import default_embedder
    from copilot.playbook.index import PlaybookIndex
    from copilot.playbook.library import library_index, read_library
    from copilot.playbook.shipped import bundled_folder

    if folder is not None and not folder.is_dir():
        raise UsageError(f"没有 {folder} 这个文件夹", hint="给存在的文件夹；不写 --playbook 就看加进来的资料")
    embedder = default_embedder(settings)
    if folder is None and read_library(settings).added:
        return library_index(settings, embedder)
    return PlaybookIndex(folder or bundled_folder(settings), settings, embedder)

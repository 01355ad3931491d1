"""What can be read: the sections of the playbook, the rules, the drafts that are kept.

    playbook://{source}/{section}    a section of the handbook or of the operator's own documents
    rule://{id}                      a rule of the handbook or a check, explained
    draft://{id}                     a kept draft, whole

Names in an address are percent-encoded.
"""

from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote, unquote

from mcp import types

from copilot.checks.explaining import explain, rulebook
from copilot.console import JOBS
from copilot.errors import UsageError
from copilot.mcp_server.prompts import words
from copilot.outside.desk import Desk
from copilot.playbook.chunking import Chunk, chunk
from copilot.playbook.documents import read_folder
from copilot.playbook.embedding import default_embedder
from copilot.playbook.library import library_index, read_library
from copilot.playbook.rules import rule_citation, rules_in_force
from copilot.playbook.shipped import bundled_folder
from copilot.settings import Settings

PAGE = 50
MOST_DRAFTS = 200


def templates() -> list[types.ResourceTemplate]:
    """The forms of address."""
    return [
        types.ResourceTemplate(uri_template=address, mime_type=_TYPES[address.partition("://")[0]], **told)
        for address, told in words()["resources"].items()
    ]


def page(desk: Desk, start: int) -> tuple[list[types.Resource], int | None]:
    """The resources from this place on, and where the next page begins."""
    rows = list(islice(_listed(desk), start, start + PAGE + 1))
    return rows[:PAGE], start + PAGE if len(rows) > PAGE else None


def read(desk: Desk, address: str) -> tuple[str, str]:
    """What stands at an address, and its type. Raises `UsageError`, `NotKeptError`."""
    kind, _, rest = address.partition("://")
    if kind == "playbook":
        source, _, section = (desk.book.restored(unquote(part)) for part in rest.partition("/"))
        found = [one for one in _sections(desk.copilot.settings) if (one.source, one.section) == (source, section)]
        if found:
            text = "\n\n".join(one.text for one in found)
            ours = (bundled_folder(desk.copilot.settings) / source).is_file()
            return text if ours else desk.said(text), _TYPES[kind]
    elif kind == "rule":
        return explain(unquote(rest), desk.copilot.settings).model_dump_json(), _TYPES[kind]
    elif kind == "draft":
        told = desk.draft_told(desk.copilot.store.draft(unquote(rest)).draft, "full")
        return told.model_dump_json(), _TYPES[kind]
    raise UsageError(f"没有 {address}", hint="先用 resources/list 看有哪些")


_TYPES = {"playbook": "text/markdown", "rule": "application/json", "draft": "application/json"}


def _listed(desk: Desk) -> Iterator[types.Resource]:
    settings = desk.copilot.settings
    for source, section in dict.fromkeys((one.source, one.section) for one in _sections(settings)):
        ours = (bundled_folder(settings) / source).is_file()
        shown = (source, section) if ours else (desk.said(source), desk.said(section))
        yield _resource("playbook", shown, " › ".join(shown))
    for check in rulebook(settings).rules:
        yield _resource("rule", (check.code,), check.title)
    for rule in rules_in_force(settings):
        yield _resource("rule", (rule,), cited.section if (cited := rule_citation(rule, settings)) else rule)
    for row in desk.copilot.store.drafts(limit=MOST_DRAFTS):
        title = f"{JOBS.get(row.kind, row.kind)} {row.created:%Y-%m-%d %H:%M} {desk.said(row.group)}"
        yield _resource("draft", (row.id,), title.strip())


def _resource(kind: str, path: tuple[str, ...], title: str) -> types.Resource:
    address = "/".join(quote(part, safe="") for part in path)
    return types.Resource(uri=f"{kind}://{address}", name=path[-1], title=title, mime_type=_TYPES[kind])


def _sections(settings: Settings) -> Iterator[Chunk]:
    """The chunks of the handbook, then of the operator's own documents."""
    documents = read_folder(bundled_folder(settings)).documents
    yield from (piece for document in documents for piece in chunk(document))
    if read_library(settings).added:
        own = library_index(settings, default_embedder(settings)).documents()
        yield from (piece for document in own for piece in chunk(document))

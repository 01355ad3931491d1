"""Writes docs/api.md from the docstrings: `make docs`. Nothing is imported, so that any machine writes the same page.

What is public is what `__all__` of copilot names, in its groups; `BESIDE` adds the modules that have names of their own.
"""

import ast
import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "api.md"
BESIDE = {
    "copilot.errors": "What can go wrong",
    "copilot.records": "What the records hold",
    "copilot.tasks.digest.structure": "A digest's structure",
    "copilot.chat.claims": "A digest's claims",
    "copilot.options": "Types of the options",
    "copilot.writers.base": "Listening to a writer, and writers of your own",
    "copilot.conversation.records": "The chat",
    "copilot.agenda.records": "The agenda",
    "copilot.store": "What is kept",
    "copilot.exports": "Files",
    "copilot.integrations.langchain": "LangChain",
    "copilot.chat.formats.base": "Chat formats of your own",
}
HEAD = """# The Python API

Made from the docstrings by `make docs`. Places in texts and lengths are counted in Unicode code points, an end is
exclusive; moments have a time zone. Everything returned is frozen, and its `.model_dump(mode="json")` is what `--json` prints
on the command line. Nothing is sent anywhere by any of these calls. Scripts to start from: [examples](../examples)."""
FIELD = ["field", "type", "default", "what it is"]
LONG = 100
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Module(NamedTuple):
    """One source file: what it defines by name, and what it takes from where."""

    tree: ast.Module
    defined: dict[str, ast.ClassDef | Function]
    imported: dict[str, str]


class Public(NamedTuple):
    """A class or function, and the module that defines it."""

    node: ast.ClassDef | Function
    module: Module


@cache
def read(name: str) -> Module:
    """A module by its dotted name."""
    path = ROOT.joinpath(*name.split("."))
    tree = ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8"))
    defined = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef | Function)}
    taken = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return Module(tree, defined, {alias.name: str(node.module) for node in taken for alias in node.names})


def found(name: str, module: Module) -> Public | None:
    """Where a name is defined: here, or in the module of ours it is taken from. None for constants and others' names."""
    if name in module.defined:
        return Public(module.defined[name], module)
    source = module.imported.get(name, "")
    return found(name, read(source)) if source.startswith("copilot.") else None


def groups() -> Iterator[tuple[str, list[str]]]:
    """The public names of copilot under the comments of its `__all__`."""
    lines = (ROOT / "copilot" / "__init__.py").read_text(encoding="utf-8").splitlines()
    start = lines.index("__all__ = [") + 1
    listed = "\n".join(lines[start : lines.index("]", start)])
    for title, names in re.findall(r"# (.*)\n((?: +\"\w+\",\n?)+)", listed):
        yield title[0].upper() + title[1:], re.findall(r"\w+", names)


def documented(public: Public) -> Iterator[str]:
    """One function or class, as Markdown."""
    node = public.node
    yield f"### {node.name}"
    if isinstance(node, ast.ClassDef):
        yield ast.get_docstring(node) or ""
        yield fields(public)
    for one in methods(public) if isinstance(node, ast.ClassDef) else (node,):
        yield f"```python\n{signature(one)}\n```"
        yield ast.get_docstring(one) or ""


def members(public: Public) -> Iterator[ast.stmt]:
    """What stands in a class, after what stands in those of ours that it extends."""
    assert isinstance(public.node, ast.ClassDef)
    for base in public.node.bases:
        if above := found(ast.unparse(base).partition("[")[0], public.module):
            yield from members(above)
    yield from public.node.body


def methods(public: Public) -> Iterator[Function]:
    """How an object is made, where that is written down, and what can be called on it."""
    for one in members(public):
        if isinstance(one, Function) and (
            one.name == "__init__" or (ast.get_docstring(one) and not one.name.startswith(("_", "settings_customise")))
        ):
            yield one


def signature(node: Function) -> str:
    """How a function is called, as it is written; one parameter a line where it is long."""
    kinds = " ".join(map(ast.unparse, node.decorator_list))
    returned = shown(node.returns) if node.returns else ""
    if "property" in kinds:
        return f"{node.name}: {returned}"
    given = shown(node.args)
    if "." not in kinds and given.partition(",")[0] in ("self", "cls"):
        given = given.partition(", ")[2]
    name = f"{'async ' if isinstance(node, ast.AsyncFunctionDef) else ''}{node.name}"
    line = f"{name}({given})" + (f" -> {returned}" if node.name != "__init__" else "")
    if len(line) <= LONG:
        return line
    apart = re.sub(r", (?![^\[]*\])", ",\n    ", given)  # not within brackets
    return line.replace(given, f"\n    {apart},\n")


def fields(public: Public) -> str:
    """A table of what a record, an options mapping or the settings hold."""
    rows = [row for one in members(public) if isinstance(one, ast.AnnAssign) and (row := field(one))]
    told = [column for column, name in enumerate(FIELD) if column < 2 or any(row[column] for row in rows)]
    table = [[row[column].replace("|", r"\|") for column in told] for row in (FIELD, ["---"] * len(FIELD), *rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in table) if rows else ""


def field(node: ast.AnnAssign) -> list[str]:
    """The cells of a field; none for what is no field. Without a default it has to be given."""
    kind, name = shown(node.annotation), ast.unparse(node.target)
    if name.startswith("_") or name == "model_config" or kind.startswith("ClassVar"):
        return []
    default, about = ast.unparse(node.value) if node.value else "", ""
    if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) in ("Field", "field"):
        given = {str(one.arg): one.value for one in node.value.keywords}
        made = given.get("default_factory")
        default = f"{shown(made)}()" if made else shown(given["default"]) if "default" in given else ""
        about = str(ast.literal_eval(given["description"])) if "description" in given else ""
    return [f"`{name}`", f"`{kind}`", f"`{default}`" if default else "", about]


def shown(node: ast.AST) -> str:
    """An annotation or parameters as they are written, without the quotes of names that are defined later."""
    text = re.sub(r"'([A-Z][\w\[\]]*)'", r"\1", ast.unparse(node))
    return re.sub(r"(?<=\S)=(?=\S)", " = ", text) if isinstance(node, ast.arguments) else text


def aliases(module: Module) -> str:
    """A module's own names for types."""
    lines = [
        ast.unparse(node)
        for node in module.tree.body
        if isinstance(node, ast.Assign)
        and re.match(r"[A-Z]\w*[a-z]\w*$", ast.unparse(node.targets[0]))
        and isinstance(node.value, ast.Subscript | ast.BinOp)
    ]
    return "```python\n" + "\n".join(lines) + "\n```" if lines else ""


def beside(name: str, known: Collection[str]) -> Iterator[str]:
    """The public names of another module, without those told already; the errors are the tree in their docstring."""
    module = read(name)
    told = ast.get_docstring(module.tree) or ""
    yield f"## {BESIDE[name]}: `{name}`"
    if "├" in told:
        yield f"```text\n{told}\n```"
        return
    yield told
    yield aliases(module)
    listed = [node.value for node in module.tree.body if isinstance(node, ast.Assign) and "__all__" in shown(node)]
    for each in ast.literal_eval(listed[0]) if listed else module.defined:
        if each not in known and not each.startswith("_") and (public := found(each, module)):
            yield from documented(public)


def page() -> str:
    """The whole page."""
    package = read("copilot")
    known = [name for _, names in groups() for name in names]
    blocks: list[str] = []
    for title, names in groups():
        blocks.append(f"## {title}")
        for public in (found(name, package) for name in names):
            assert public
            blocks += documented(public)
    for module in BESIDE:
        blocks += beside(module, known)
    contents = [f"- [{line[3:]}](#{anchor(line[3:])})" for line in blocks if line.startswith("## ")]
    return "\n\n".join(filter(None, (HEAD, "\n".join(contents), *blocks))) + "\n"


def anchor(heading: str) -> str:
    """What a heading is linked by."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

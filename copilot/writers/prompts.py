"""Prompts are files, `prompts/<job>.<role>.v<N>.jinja`, with partials `_*.jinja`; a missing variable raises.

Whatever a template fills in is data and is escaped, so that no item, message or document can close the tag it
stands in. Nothing is marked safe: what a model is told to do stands in the template's own words. A released file
is never edited: a change is a new version, and `prompts/hashes.json` holds that.
"""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot.settings import PROMPTS

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escape(text: str) -> str:
    """`<` and its like as entities; Chinese brackets and quotes are left alone."""
    return re.sub(r"[&<>]", lambda match: _ESCAPES[match[0]], text)


def unescape(text: str) -> str:
    """What `escape` was given, in a text that a model copied."""
    originals = {entity: char for char, entity in _ESCAPES.items()}
    return re.sub("|".join(originals), lambda match: originals[match[0]], text)


def newest(stem: str, folder: Path = PROMPTS) -> str:
    """The file name of the newest version of `<job>.<role>`."""
    versions = {
        int(match[1]): path.name
        for path in folder.glob(f"{stem}.v*.jinja")
        if (match := re.fullmatch(r"v(\d+)", path.name.removesuffix(".jinja").rpartition(".")[2]))
    }
    return versions[max(versions)]


def render(name: str, *, folder: Path = PROMPTS, **variables: Any) -> str:
    """The prompt in file `name` with its variables filled in, escaped. Raises jinja2's `UndefinedError`."""
    return _environment(folder).get_template(name).render(variables).strip()


def fingerprints(*names: str, folder: Path = PROMPTS) -> dict[str, str]:
    """File name → sha256 of these prompts and of the partials they include."""
    from jinja2 import meta

    found: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        content = (folder / name).read_bytes()
        found[name] = hashlib.sha256(content).hexdigest()
        included = meta.find_referenced_templates(_environment(folder).parse(content.decode()))
        waiting += [partial for partial in included if partial and partial not in found]
    return dict(sorted(found.items()))


@cache
def _environment(folder: Path) -> "SandboxedEnvironment":
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        finalize=lambda value: escape(value) if isinstance(value, str) else value,
        autoescape=False,  # HTML's escaping would turn quotes into entities, and models copy those
        trim_blocks=True,
        lstrip_blocks=True,
    )

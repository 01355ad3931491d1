"""Prompts are files, `prompts/<job>.<role>.v<N>.jinja`, with partials `_*.jinja`; a missing variable raises.

Whatever a template fills in is data and is escaped, so that no item, message or document can close the tag it
stands in. Nothing is marked safe: what a model is told to do stands in the template's own words. A released file
is never edited: a change is a new version, and `prompts/hashes.json` holds that.
"""

import hashlib
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot.errors import SettingsError
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
    """The file name of the newest version of `<job>.<role>`. Raises `SettingsError` where there is none."""
    versions = {
        int(match[1]): path.name
        for path in folder.glob(f"{stem}.v*.jinja")
        if (match := re.fullmatch(r"v(\d+)", path.name.removesuffix(".jinja").rpartition(".")[2]))
    }
    if not versions:
        raise _missing(f"{stem}.v1.jinja", folder)
    return versions[max(versions)]


def render(name: str, *, folder: Path = PROMPTS, **variables: Any) -> str:
    """The prompt in file `name` with its variables filled in, escaped.

    Raises `SettingsError` with file and line where the file is missing, doesn't parse or asks for what it isn't given.
    """
    with _readable(name, folder):
        return _environment(folder).get_template(name).render(variables).strip()


def fingerprints(*names: str, folder: Path = PROMPTS) -> dict[str, str]:
    """File name → sha256 of these prompts and of the partials they include. Raises `SettingsError` as `render` does."""
    from jinja2 import meta

    found: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        with _readable(name, folder):
            content = (folder / name).read_bytes()
            found[name] = hashlib.sha256(content).hexdigest()
            tree = _environment(folder).parse(content.decode(), name, str(folder / name))
            included = list(meta.find_referenced_templates(tree))
        waiting += [partial for partial in included if partial and partial not in found]
    return dict(sorted(found.items()))


@contextmanager
def _readable(name: str, folder: Path) -> Iterator[None]:
    """Whatever is wrong with a prompt file or a partial of it, as a `SettingsError` that names file, line and fix."""
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError

    try:
        yield
    except (TemplateNotFound, FileNotFoundError) as error:
        raise _missing(str(getattr(error, "name", None) or name), folder) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"提示词文件 {folder / name} 不是 UTF-8", hint="用 UTF-8 另存后再试") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SettingsError(f"提示词文件 {folder / name} 读不了：{reason}", hint="检查这个文件的权限") from error
    except TemplateSyntaxError as error:
        place = f"{folder / (error.name or name)} 第 {error.lineno} 行"
        raise SettingsError(f"提示词 {place}有误：{error.message}", hint="照 jinja2 的写法改好这一行") from error
    except UndefinedError as error:
        fix = "只能用原来那一版里有的变量；对照自带的提示词改"
        raise SettingsError(f"提示词 {_place(error, name, folder)}用了没有的变量：{error.message}", hint=fix) from error
    except (TemplateError, ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        fix = "改好这一行，或换回自带的提示词"
        raise SettingsError(f"提示词 {_place(error, name, folder)}出错：{error}", hint=fix) from error


def _missing(name: str, folder: Path) -> SettingsError:
    if not folder.is_dir():
        return SettingsError(f"提示词文件夹 {folder} 不存在", hint="改 COPILOT_PROMPTS，或去掉它用自带的提示词")
    fix = f"自带的提示词在 {PROMPTS}，把缺的文件抄进来" if folder != PROMPTS else "重新安装，补回这个文件"
    return SettingsError(f"提示词文件夹 {folder} 里没有 {name}", hint=fix)


def _place(error: BaseException, name: str, folder: Path) -> str:
    """The file and line of the folder where an error arose, as jinja2 leaves it in the traceback."""
    lines = [
        (Path(frame.filename), frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(folder)
    ]
    path, line = lines[-1] if lines else (folder / name, None)
    return f"{path} 第 {line} 行" if line else f"{path} "


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

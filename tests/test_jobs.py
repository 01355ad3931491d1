"""Weekly plans and crisis replies from end to end: the record, the command line, the async twins, and a model that lies."""

import asyncio
import json
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fakes import ChatEndpoint, Reply, failed, streamed

from copilot import Copilot, Draft, Settings
from copilot.errors import UsageError
from copilot.records import Request
from copilot.settings import KNOWLEDGE
from copilot.tasks.registry import TASKS
from copilot.writers.prompts import newest

Run = Callable[..., subprocess.CompletedProcess[bytes]]
Call = Callable[..., subprocess.CompletedProcess[str]]
NOW = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
EXAMPLES = KNOWLEDGE.parent / "examples"
SAMPLES = {"weekly-plan": EXAMPLES / "weekly_plan.yaml", "crisis-reply": EXAMPLES / "crisis.yaml"}
JOBS = tuple(SAMPLES)
PLAN = {
    "群名": "裁缝铺旧衣改造群",
    "群类型": "兴趣社群",
    "人数": 143,
    "本周": "2026-11-23 到 2026-11-29",
    "本周目标": "让买了缝纫机的人都动手改一件",
    "人手": ["阿檀：运营，工作日 10:00–18:00", "米姐：裁缝，周三周六 19:00–21:00"],
    "大家说": ["拉链总是缝歪，想看慢一点的演示"],
    "固定活动": ["11月28日（周六）19:30 米姐讲怎么换拉链"],
    "限制": ["22:00 以后不发消息"],
    "联系": "阿檀 13912345678",
}
CRISIS = {
    "群名": "裁缝铺旧衣改造群",
    "发生了什么": "改好的大衣取回后发现左袖烫坏，客户“青禾”在群里贴了图，问是不是都这样",
    "群里的话": ["青禾:我的大衣袖子烫坏了，你们怎么说"],
    "已核实": ["11月19日 16:00 客户取走 3 件大衣，其中 1 件左袖有烫痕"],
    "还没核实": ["是不是熨斗温度调错", "另外 2 件有没有问题"],
    "可以承诺": ["11月21日 12:00 前在群里说明进展", "可以把衣服送回来检查，不收费"],
    "不能承诺": ["赔多少钱", "公开师傅姓名"],
}
BRIEFS: dict[str, dict[str, Any]] = {"weekly-plan": PLAN, "crisis-reply": CRISIS}
DRAFTED = {
    "id",
    "kind",
    "writer",
    "text",
    "parts",
    "structure",
    "facts",
    "missing",
    "conflicts",
    "findings",
    "citations",
    "trace",
    "usage",
    "prompts",
    "request",
    "created",
}
STRUCTURES = {
    "weekly-plan": {"week", "slots", "focus", "measures", "refused", "choices", "open_points", "review", "notes"},
    "crisis-reply": {"severity", "types", "ledger", "holding", "statement", "private", "updates", "escalation"}
    | {"watch", "close_when", "review", "rejected_draft", "to_confirm", "notes"},
}


@pytest.fixture(scope="module")
def copilot(tmp_path_factory: pytest.TempPathFactory) -> Copilot:
    return Copilot(Settings.load(home=tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def drafts(copilot: Copilot) -> dict[str, Draft]:
    """Each job's draft, by hand, offline."""
    return {job: copilot.draft(job, BRIEFS[job], writer="offline", now=NOW) for job in JOBS}


def codes(draft: Draft) -> set[str]:
    return {finding.code for finding in draft.findings}


def blocking(draft: Draft) -> list[str]:
    return [finding.code for finding in draft.findings if finding.severity == "error"]


def public(draft: Draft) -> str:
    return "\n".join(part.text for part in draft.parts if part.readers != "team")


def written(job: str, copilot: Copilot) -> dict[str, Any]:
    """What the offline writer fills, as a model would send it."""
    assignment = copilot._flow.prepare(TASKS[job], Request(brief=BRIEFS[job], now=NOW))
    filled: dict[str, Any] = TASKS[job].compose(assignment).model_dump(mode="json")
    return filled


def asked(job: str, home: Path, *replies: Reply | dict[str, Any]) -> tuple[Draft, ChatEndpoint]:
    """A draft by a model that sends these replies, and the endpoint with what it was told."""
    sent = [
        one if isinstance(one, Reply) else streamed(json.dumps(one, ensure_ascii=False), size=60) for one in replies
    ]
    with ChatEndpoint(*sent) as endpoint:
        draft = Copilot(endpoint.settings(home=home)).draft(job, BRIEFS[job], writer="model", now=NOW)
    return draft, endpoint


@pytest.mark.parametrize("job", JOBS)
class TestTheRecord:
    def test_it_holds_the_promised_keys_and_reads_back_from_json(self, drafts: dict[str, Draft], job: str) -> None:
        data = json.loads(drafts[job].model_dump_json())
        assert data.keys() == DRAFTED
        assert data["kind"] == job
        assert data["structure"].keys() >= STRUCTURES[job]
        assert Draft.model_validate(data) == drafts[job]

    def test_nothing_blocks_it_and_nothing_in_it_is_untraced(self, drafts: dict[str, Draft], job: str) -> None:
        assert blocking(drafts[job]) == []
        assert not [code for code in codes(drafts[job]) if code.startswith("untraced")]

    def test_its_parts_stand_in_the_text_under_their_titles(self, drafts: dict[str, Draft], job: str) -> None:
        draft = drafts[job]
        assert len({part.name for part in draft.parts}) == len(draft.parts) > 1
        for part in draft.parts:
            assert draft.text[: part.start].endswith(f"▍{part.title}\n")
            assert draft.text[part.start :].startswith(part.text)
        assert {part.readers for part in draft.parts} >= {"group", "team"}

    def test_a_second_run_gives_the_same_text(self, copilot: Copilot, drafts: dict[str, Draft], job: str) -> None:
        again = copilot.draft(job, drafts[job].request.brief, writer="offline", now=drafts[job].request.now)
        assert again.text == drafts[job].text
        assert again.id != drafts[job].id

    def test_it_is_kept_under_its_group(self, copilot: Copilot, drafts: dict[str, Draft], job: str) -> None:
        kept = copilot.store.draft(drafts[job].id)
        assert kept.draft == drafts[job]
        assert kept.group == PLAN["群名"]

    def test_every_citation_quotes_the_handbook(self, copilot: Copilot, drafts: dict[str, Draft], job: str) -> None:
        assert drafts[job].citations
        for cited in drafts[job].citations:
            source = copilot.settings.knowledge / "playbooks" / cited.source
            assert cited.quote in source.read_text(encoding="utf-8")

    def test_the_async_twin_gives_the_same_text(self, copilot: Copilot, drafts: dict[str, Draft], job: str) -> None:
        twin = getattr(copilot, f"adraft_{job.replace('-', '_')}")
        assert asyncio.run(twin(BRIEFS[job], writer="offline", now=NOW)).text == drafts[job].text

    def test_an_edited_part_is_checked_again(self, copilot: Copilot, drafts: dict[str, Draft], job: str) -> None:
        part = next(part for part in drafts[job].parts if part.readers == "group")
        again = copilot.recheck(drafts[job], f"{part.text}\n报名费 88 元，前 50 名半价。", part=part.name)
        assert "88 元" in {finding.span.text for finding in again.findings if finding.span}
        others = [one.text for one in again.parts if one.name != part.name]
        assert others == [one.text for one in drafts[job].parts if one.name != part.name]

    def test_a_part_that_is_not_there_is_refused(self, copilot: Copilot, drafts: dict[str, Draft], job: str) -> None:
        for name in ("没有", None):
            with pytest.raises(UsageError):
                copilot.recheck(drafts[job], "x", part=name)

    def test_a_group_profile_on_record_is_known_to_the_job(self, copilot: Copilot, job: str) -> None:
        from copilot.facts.profiles import read_profile

        copilot.store.save_group(read_profile({"name": "缝纫二群", "members": 77, "staff": ["阿檀（运营）"]}))
        brief = {name: value for name, value in BRIEFS[job].items() if name not in ("群名", "人数")}
        draft = copilot.draft(job, brief, writer="offline", now=NOW, groups=["缝纫二群"])
        assert draft.request.groups[0]["name"] == "缝纫二群"
        assert copilot.store.draft(draft.id).group == "缝纫二群"


class TestTheWeek:
    def test_every_slot_is_in_the_week_and_in_the_sheet(self, copilot: Copilot, drafts: dict[str, Draft]) -> None:
        draft = drafts["weekly-plan"]
        slots = draft.structure["slots"]
        assert all("2026-11-23" <= slot["day"] <= "2026-11-29" for slot in slots)
        sheet = copilot.plan_sheet(draft)
        assert len(sheet.rows) == len(slots)
        assert {row.message for row in sheet.rows if row.message} == {
            part.text for part in draft.parts if part.readers == "group"
        }

    def test_only_a_plan_is_a_sheet(self, copilot: Copilot, drafts: dict[str, Draft]) -> None:
        with pytest.raises(UsageError, match="周计划"):
            copilot.plan_sheet(drafts["crisis-reply"])


class TestTheCrisis:
    def test_no_group_hears_who_it_was_or_what_is_not_allowed(self, drafts: dict[str, Draft]) -> None:
        told = "\n".join(part.text for part in drafts["crisis-reply"].parts if part.readers == "group")
        assert "青禾" not in told
        assert "赔" not in told

    def test_a_follow_up_says_what_has_changed(self, copilot: Copilot, drafts: dict[str, Draft]) -> None:
        said = drafts["crisis-reply"].structure["statement"]["text"]
        news = {
            **CRISIS,
            "已核实": [*CRISIS["已核实"], "熨斗温度调错，是我们的责任"],
            "还没核实": ["另外 2 件有没有问题"],
        }
        later = datetime(2026, 11, 21, 12, tzinfo=NOW.tzinfo)
        draft = copilot.draft_crisis_reply(news, writer="offline", now=later, earlier=[said])
        assert draft.structure["changed"]
        assert blocking(draft) == []


class TestTheCommandLine:
    @pytest.mark.parametrize("job", JOBS)
    def test_the_sample_as_json_is_one_object_and_nothing_else(self, run_copilot: Run, job: str) -> None:
        done = run_copilot("draft", job, str(SAMPLES[job]), "--json", "--writer", "offline", "--platform", "wecom")
        assert done.returncode == 0, done.stderr.decode()
        assert done.stdout.count(b"\n") == 1
        draft = json.loads(done.stdout)
        assert draft.keys() == DRAFTED
        assert draft["request"]["platform"] == "wecom"
        assert [finding for finding in draft["findings"] if finding["severity"] == "error"] == []
        assert draft["missing"], "the sample shows something missing"
        assert draft["structure"]["refused" if job == "weekly-plan" else "rejected_draft"], "and a wish to refuse"

    def test_what_was_said_before_is_taken_from_files(self, call_copilot: Call, tmp_path: Path) -> None:
        (tmp_path / "first.txt").write_text("袖子的事在查，11月20日 18:00 前说明。", encoding="utf-8")
        (tmp_path / "second.txt").write_text("还在查，11月21日 12:00 前说明。", encoding="utf-8")
        done = call_copilot(
            *("draft", "crisis-reply", "-", "--json", "--writer", "offline", "--now", "2026-11-21T13:00"),
            *("--earlier", "first.txt", "--earlier", "second.txt"),
            stdin=json.dumps(CRISIS, ensure_ascii=False).encode(),
        )
        assert done.returncode == 0, done.stderr
        assert [text[:3] for text in json.loads(done.stdout)["request"]["earlier"]] == ["袖子的", "还在查"]

    def test_a_plan_is_saved_as_files_and_never_over_another(self, call_copilot: Call, tmp_path: Path) -> None:
        plan = json.dumps(PLAN, ensure_ascii=False).encode()
        command = ("draft", "weekly-plan", "--json", "--writer", "offline", "--save", "out")
        done = call_copilot(*command, stdin=plan)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("\n") == 1
        files = sorted(path.name for path in (tmp_path / "out").iterdir())
        assert files == ["plan.csv", "plan.ics", "plan.md", "plan.txt", "plan.xlsx"]
        assert all(name in done.stderr for name in files)
        (tmp_path / "out" / "plan.md").write_text("mine")
        refused = call_copilot(*command, stdin=plan)
        assert refused.returncode == 2
        assert "--force" in refused.stderr
        assert (tmp_path / "out" / "plan.md").read_text() == "mine"
        assert call_copilot(*command, "--force", stdin=plan).returncode == 0
        assert "裁缝铺" in (tmp_path / "out" / "plan.md").read_text(encoding="utf-8")

    @pytest.mark.parametrize("where", ["taken", "taken/below"])
    def test_a_folder_that_is_none_is_refused_before_drafting(
        self, call_copilot: Call, tmp_path: Path, where: str
    ) -> None:
        (tmp_path / "taken").write_text("a file")
        done = call_copilot("draft", "weekly-plan", "--save", where, stdin=json.dumps(PLAN).encode())
        assert done.returncode in (1, 2)
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1

    def test_a_person_reads_each_message_under_its_own_rule_and_the_desk_last(self, call_copilot: Call) -> None:
        done = call_copilot("draft", "crisis-reply", "--writer", "offline", stdin=json.dumps(CRISIS).encode())
        told = done.stdout
        assert told.index("先发这条") < told.index("群内说明") < told.index("私聊 ·") < told.index("团队看")
        assert "发群里" in told
        assert told.count("检查结果") == 1
        lines = [line for line in told.splitlines() if "还没有填" in line]
        assert len(lines) == len({line.split("（")[0] for line in lines}), "one line for each gap"


class TestAModel:
    """What a model sends is used for its words only; days, people, promises and facts stay as code has settled them."""

    @pytest.fixture(autouse=True)
    def impatient(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("copilot.writers.exchange.PAUSE", 0.01)

    @pytest.mark.parametrize("job", JOBS)
    def test_a_faithful_reply_is_kept_word_for_word(self, copilot: Copilot, tmp_path: Path, job: str) -> None:
        draft, endpoint = asked(job, tmp_path, written(job, copilot))
        assert draft.writer == "model"
        assert draft.usage.model == "stub"
        assert blocking(draft) == []
        assert len(endpoint.requests) == 1
        assert {newest(f"{job}.system"), newest(f"{job}.user")} <= draft.prompts.keys()

    def test_no_name_and_no_number_leaves_the_machine(self, copilot: Copilot, tmp_path: Path) -> None:
        for job in JOBS:
            _, endpoint = asked(job, tmp_path, written(job, copilot))
            assert "13912345678" not in endpoint.sent
            assert "青禾" not in endpoint.sent
            assert "米姐" not in endpoint.sent

    @pytest.mark.parametrize("job", JOBS)
    def test_an_endpoint_that_fails_leaves_the_offline_draft(
        self, drafts: dict[str, Draft], tmp_path: Path, job: str
    ) -> None:
        draft, _ = asked(job, tmp_path, failed(401, "no such key"))
        assert draft.writer == "offline"
        assert draft.text == drafts[job].text
        assert "model-unavailable" in codes(draft)

    @pytest.mark.parametrize("job", JOBS)
    def test_words_that_are_no_json_leave_the_offline_draft(
        self, drafts: dict[str, Draft], tmp_path: Path, job: str
    ) -> None:
        draft, _ = asked(job, tmp_path, streamed("好的，这是你要的"), streamed("{]"))
        assert draft.text == drafts[job].text

    def test_the_messages_of_a_week_hold_no_invention(self, copilot: Copilot, tmp_path: Path) -> None:
        lies = [
            "周五晚上 7 点再加一场直播。",
            "前 50 名免费领线轴。",
            "原价 199 元，这周 99 元。",
            "扫码进 https://example.com/free 报名。",
            "电话 13800138000。",
            "学完保证三天变高手，全网最低价。",
            "没交作业的点名通报。",
        ]
        sent = written("weekly-plan", copilot)
        for number, lie in enumerate(lies):
            sent["messages"][number % len(sent["messages"])]["text"] += f"\n{lie}"
        draft, endpoint = asked("weekly-plan", tmp_path, sent, sent, sent)
        assert len(endpoint.requests) == 3, "it is told twice what is wrong"
        assert blocking(draft) == []
        assert [lie for lie in lies if lie in public(draft)] == []

    @pytest.mark.xfail(reason="a full name that no title of a job stands before is only a warning")
    def test_nobody_is_made_up_to_speak(self, copilot: Copilot, tmp_path: Path) -> None:
        sent = written("weekly-plan", copilot)
        sent["messages"][0]["text"] += "\n这次由李建国老师来讲。"
        draft, _ = asked("weekly-plan", tmp_path, sent, sent, sent)
        assert "由李建国" not in public(draft)

    def test_a_model_moves_adds_and_drops_no_slot(
        self, copilot: Copilot, drafts: dict[str, Draft], tmp_path: Path
    ) -> None:
        sent = written("weekly-plan", copilot)
        sent["messages"] = [{"id": "s99", "text": "加一条"}, *reversed(sent["messages"][1:])]
        draft, _ = asked("weekly-plan", tmp_path, sent)
        placed = ("id", "day", "start", "owner", "action")
        plan, offline = (
            [[slot[key] for key in placed] for slot in one.structure["slots"]]
            for one in (
                draft,
                drafts["weekly-plan"],
            )
        )
        assert plan == offline
        assert [part.name for part in draft.parts] == [part.name for part in drafts["weekly-plan"].parts]
        assert "加一条" not in draft.text

    def test_a_gap_that_a_model_fills_or_drops_comes_back(
        self, copilot: Copilot, drafts: dict[str, Draft], tmp_path: Path
    ) -> None:
        for job in JOBS:
            sent = json.loads(json.dumps(written(job, copilot), ensure_ascii=False).replace("【待补充:", "【已填:"))
            draft, _ = asked(job, tmp_path, sent, sent, sent)
            lost = [gap.placeholder for gap in drafts[job].missing if gap.placeholder not in draft.text]
            assert lost == []

    def test_a_statement_holds_no_invention_and_no_promise_beyond_the_authority(
        self, copilot: Copilot, tmp_path: Path
    ) -> None:
        lies = {
            "known": ["已经查清，是熨斗温度调错了", "一共坏了 12 件大衣", "另外 2 件都没有问题"],
            "doing": ["每人赔偿 500 元", "今晚 20:00 退全款", "拨打 400-800-1234 登记"],
            "opening": ["青禾的大衣是她自己放坏的，大家别听风就是雨。"],
            "entry": ["师傅王大海操作不当，找他就行。"],
            "closing": ["再造谣传谣的一律移出群，后果自负。"],
        }
        sent = written("crisis-reply", copilot)
        for place, told in lies.items():
            known = sent["statement"][place]
            sent["statement"][place] = [*known, *told] if isinstance(known, list) else told[0]
        draft, _ = asked("crisis-reply", tmp_path, sent, sent, sent)
        assert blocking(draft) == []
        assert [lie for told in lies.values() for lie in told if lie in public(draft)] == []

    def test_a_model_neither_drops_what_is_verified_nor_a_private_message(
        self, copilot: Copilot, drafts: dict[str, Draft], tmp_path: Path
    ) -> None:
        sent = written("crisis-reply", copilot)
        sent["statement"]["known"] = sent["statement"]["doing"] = sent["private"] = sent["updates"] = []
        draft, _ = asked("crisis-reply", tmp_path, sent, sent, sent)
        assert [part.name for part in draft.parts] == [part.name for part in drafts["crisis-reply"].parts]
        assert "左袖有烫痕" in public(draft)
        assert "不收费" in public(draft)

"""What goes out later tells nothing as done that nobody can know yet."""

import json
from pathlib import Path

import pytest
from test_model_writer import NOW

from copilot import Copilot, Settings
from copilot.checks.bounds import Bounds
from copilot.checks.foretold import foretold
from copilot.facts.brief import read_brief
from copilot.tasks.base import Options
from copilot.tasks.crisis_reply.task import CrisisReplyTask

BOUNDS = Bounds(
    verified=("周日那窑的一层隔板塌了", "11月24日 10:00 恢复开放"),
    allowed=("补坯的材料由店里出",),
    unverified=("隔板塌的原因",),
)


@pytest.mark.parametrize(
    "text", ["隔板更换已完成", "受损的学员我们已逐个联系", "检测机构那边还在等报告", "材料费已经全部退完"]
)
def test_what_will_have_been_done_by_then_is_not_told(text: str) -> None:
    (finding,) = foretold(f"跟大家说一下，{text}。", BOUNDS)
    assert finding.code == "unsupported"
    assert finding.span
    assert finding.span.text in text


@pytest.mark.parametrize(
    "text",
    [
        "11月24日 10:00 已恢复开放",
        "已补坯【待补充:已补的件数】件",
        "已经登记的学员请看这里",
        "已经核实的：隔板塌了",
        "原因还在核实，已有的线索没有结论",
        "您是不是已经收到了？",
    ],
)
def test_what_is_settled_left_open_or_asked_may_be_told(text: str) -> None:
    assert list(foretold(text, BOUNDS)) == []


def test_a_writer_s_update_loses_it_and_the_first_words_are_not_measured_by_it() -> None:
    brief = {
        "群": "陶艺群",
        "情况": "学员说周日那窑的杯子都裂了",
        "已核实": ["周日那窑的一层隔板塌了", "今天上午已经请师傅来看过窑"],
        "未核实": ["隔板塌的原因"],
        "可以承诺": ["每天 18:00 在群里更新"],
    }
    task = CrisisReplyTask()
    assignment = task.prepare(read_brief(brief, now=NOW, now_given=True), Options())
    plain = task.compose(assignment)
    told = "隔板更换已完成。下一次接着在这里说。"
    written = plain.model_copy(
        update={"updates": tuple(one.model_copy(update={"text": told}) for one in plain.updates)}
    )
    whole = task.complete(written, assignment)
    assert {one.text for one in whole.updates} == {"下一次接着在这里说。"}
    parts = task.parts(written, assignment)
    late = [part for part in parts if part.name.startswith("update-")]
    assert all(assignment.for_part(part).objections(part.text, "group") for part in late)
    first = next(part for part in parts if part.name == "holding")
    assert assignment.for_part(first).objections("今天上午已经请师傅来看过窑。", "group") == ()


def test_the_offline_reply_foretells_nothing(tmp_path: Path) -> None:
    brief = {
        "群": "陶艺群",
        "情况": "学员说周日那窑的杯子都裂了",
        "已核实": ["周日那窑的一层隔板塌了"],
        "未核实": ["原因"],
    }
    draft = Copilot(Settings.load(home=tmp_path)).draft(
        "crisis-reply", json.dumps(brief, ensure_ascii=False), writer="offline", now=NOW
    )
    assert not [one for one in draft.findings if "到那时才知道" in one.message]

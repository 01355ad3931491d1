"""Which job a message is for: measured on invented messages; the weights were set by one half of them alone."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from copilot.conversation.pasting import take_apart
from copilot.conversation.routing import Route, Standing, route, rules
from copilot.conversation.wording import book
from copilot.store import Attachment

MESSAGES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "chat_messages.yaml").read_text(encoding="utf-8")
)
ASKED = ("报名截止时间", "咨询入口", "参加方式和入口")
THREADS = {
    "": Standing(),
    "announcement": Standing(job="announcement"),
    "asked": Standing(job="announcement", asked=ASKED),
    "digest": Standing(job="digest", has_digest=True),
    "crisis-reply": Standing(job="crisis-reply"),
    "weekly-plan": Standing(job="weekly-plan"),
}


def routed(row: dict[str, Any]) -> Route:
    return route(row["says"], take_apart(row["says"]), THREADS[row.get("after", "")])


@pytest.mark.parametrize("half", ["dev", "held"])
def test_most_messages_are_understood_few_are_asked_back_and_hardly_any_goes_wrong(half: str) -> None:
    outcomes: Counter[str] = Counter()
    wrong = []
    for row in MESSAGES[half]:
        found = routed(row)
        if row["is"] == "?":
            outcomes["right" if not found.sure else "wrong"] += 1
        elif not found.sure:
            outcomes["asked"] += 1
            assert row["is"] in found.choices, row["says"]  # what it was for is among what is offered
        else:
            outcomes["right" if found.job == row["is"] else "wrong"] += 1
            wrong += [row["says"]] if found.job != row["is"] else []
    total = len(MESSAGES[half])
    assert total > 100
    assert outcomes["right"] >= 0.92 * total, outcomes
    assert outcomes["wrong"] <= 0.03 * total, wrong


def test_what_wants_to_change_a_draft_that_is_not_there_is_told_so() -> None:
    assert routed({"says": "换成发飞书的版本"}) == Route(job="platform", sure=True)


def test_every_job_of_the_rules_has_its_words() -> None:
    jobs = set(rules().start)
    assert set(rules().needs) <= jobs
    assert {name for signal in rules().signals.values() for name in signal.weights} <= jobs
    assert set(book()["choices"]) <= jobs


class TestPasted:
    def test_a_chat_is_told_from_the_words_before_it(self) -> None:
        found = take_apart("帮我总结一下：\n小栗 10:02\n明天几点集合？\n阿蒙 10:05\n八点半北门\n小栗 10:06\n收到")
        assert found.lead == "帮我总结一下："
        assert found.chat.startswith("小栗 10:02")

    def test_a_brief_in_lines_is_no_chat(self) -> None:
        brief = "活动：读书会\n时间：11月28日（周六）20:00\n地点：二楼\n费用：免费\n报名：接龙"
        assert take_apart(brief).chat == ""

    def test_a_text_in_quotes_or_below_a_colon_is_handed_over(self) -> None:
        assert take_apart("看看“亲们今晚八点不见不散”行吗").body == "亲们今晚八点不见不散"
        assert take_apart("检查一下：\n今晚八点不见不散，错过等一年").body == "今晚八点不见不散，错过等一年"

    def test_a_chat_may_come_as_a_file(self) -> None:
        file = Attachment(name="群聊.txt", text="小栗 10:02\n几点集合？\n阿蒙 10:05\n八点半\n小栗 10:06\n收到")
        found = take_apart("整理一下", (file,))
        assert (found.chat, found.lead) == (file.text, "整理一下")

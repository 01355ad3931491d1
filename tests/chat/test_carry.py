"""Questions and grievances of earlier days stay in sight until they are settled, with the day they came from."""

from typing import Any

import pytest
from digest_chats import DAY, TASK, assignment, following, structure_of, transcript

from copilot import Copilot, Settings
from copilot.tasks.base import Options
from copilot.tasks.digest.asked import Asked
from copilot.tasks.digest.brief import ChatBrief
from copilot.tasks.digest.carry import slim, trend_of

QUIET = ("1 10:00", "阿蔓", "今天风真大")


@pytest.fixture(scope="module")
def yesterday() -> dict[str, Any]:
    return structure_of(assignment())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Copilot:
    return Copilot(Settings.load(home=tmp_path_factory.mktemp("home")))


def today(*rows: tuple[str, str, str], earlier: list[dict[str, Any]]) -> tuple[dict[str, Any], str]:
    given, words = following(*rows, earlier=[slim(one) for one in earlier])
    return TASK.describe(given, words), TASK.parts(words, given)[-1].text


def standing(structure: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(one for one in structure["carried"] if one["kind"] == kind)


class TestAMatterOfYesterday:
    def test_it_stays_open_and_says_whose_it_is_and_from_when(self, yesterday: dict[str, Any]) -> None:
        structure, page = today(QUIET, earlier=[yesterday])
        assert standing(structure, "question")["status"] == "open"
        assert standing(structure, "complaint")["people"] == ["胶片老陈", "快门小七"]
        assert "■ 前几天没了结的" in page
        assert "[问题还没有答复] “请问外拍下雨还去吗”（2026-03-06 11:00 阿蔓 说的）" in page
        assert "[投诉未结] “样片押金说好三天退" in page

    def test_a_question_asked_again_and_answered_today_is_answered(self, yesterday: dict[str, Any]) -> None:
        rows = (
            ("1 08:00", "阿蔓", "请问外拍下雨还去吗？"),
            ("1 08:05", "领队阿岩", "@阿蔓 外拍下雨就改到下周六，会通知"),
        )
        structure, _ = today(*rows, earlier=[yesterday])
        assert (standing(structure, "question")["status"], standing(structure, "question")["messages"]) == (
            "answered",
            ["m1", "m2"],
        )

    def test_what_the_staff_say_of_it_unasked_is_left_to_the_operator(self, yesterday: dict[str, Any]) -> None:
        structure, page = today(("1 08:00", "领队阿岩", "外拍下雨不去了，押金照退"), earlier=[yesterday])
        assert standing(structure, "question")["status"] == "mentioned"
        assert "官方今天说到了，看看算不算答复" in page
        assert "【08:00 领队阿岩】" in page

    def test_it_goes_on_to_the_day_after_with_its_first_day(self, yesterday: dict[str, Any]) -> None:
        second, _ = today(QUIET, earlier=[yesterday])
        third, page = today(("2 10:00", "阿蔓", "今天晴了"), earlier=[second])
        assert standing(third, "question")["origin"] == "2026-03-06 11:00 阿蔓"
        assert page.count("请问外拍下雨还去吗") == 1

    def test_what_was_settled_in_between_does_not_come_back(self, yesterday: dict[str, Any]) -> None:
        rows = (
            ("1 08:00", "阿蔓", "请问外拍下雨还去吗？"),
            ("1 08:05", "领队阿岩", "@阿蔓 外拍下雨就改到下周六，会通知"),
        )
        second, _ = today(*rows, earlier=[yesterday])
        third, _ = today(("2 10:00", "阿蔓", "今天晴了"), earlier=[yesterday, second])
        assert [one["kind"] for one in third["carried"]] == ["complaint"]

    def test_the_page_states_nothing_it_has_no_ground_for(self, yesterday: dict[str, Any]) -> None:
        from copilot.checks.battery import blocking, check_draft
        from copilot.tasks.base import assemble

        asked = Asked(operator="领队阿岩", earlier=(slim(yesterday),))
        brief = ChatBrief(
            meta={}, statements=(), now=DAY, now_given=False, transcript=transcript((QUIET,) * 12), asked=asked
        )
        given = TASK.prepare(brief, Options())
        words = TASK.complete(TASK.compose(given), given)
        _, parts = assemble(TASK.parts(words, given))
        assert blocking(check_draft(parts, given)) == ()


class TestTheFiguresOfSeveralDays:
    def test_they_stand_side_by_side_without_praise(self, yesterday: dict[str, Any]) -> None:
        structure, page = today(QUIET, earlier=[yesterday])
        assert [(row["last"], row["messages"]) for row in structure["trend"]] == [("2026-03-06", 16), ("", 1)]
        told = page.split("■ 这几天\n")[1].split("\n■")[0]
        assert "3/6 16 条、8 人发言；这次 1 条、1 人发言" in told
        assert "不能说明群好不好" in told

    def test_without_earlier_digests_there_are_none(self) -> None:
        structure, page = today(QUIET, earlier=[])
        assert structure["trend"] == structure["carried"] == []
        assert "这几天" not in page


class TestWhatIsKeptOfAnEarlierDigest:
    def test_only_the_messages_that_open_things_rest_on(self, yesterday: dict[str, Any]) -> None:
        kept = slim(yesterday)
        assert {row["id"] for row in kept["messages"]} == {"m4", "m6", "m10"}
        assert "member_stats" not in kept

    @pytest.mark.parametrize(
        "odd",
        [{}, {"totals": 5, "unanswered": "x"}, {"carried": [{"kind": "question"}, 5], "complaints": [{"summary": 3}]}],
    )
    def test_a_digest_of_another_shape_carries_nothing(self, odd: dict[str, Any]) -> None:
        structure, _ = today(QUIET, earlier=[odd])
        assert structure["carried"] == []
        given = assignment()
        from digest_chats import understanding

        assert trend_of([slim(odd)], given.figures, understanding()) == ()


class TestLookingBackInTheHistory:
    DAYS = (
        "店员小禾 2026-06-01 09:00:00\n今天照常营业\n\n阿绿 2026-06-01 09:10:00\n请问烘干卡在哪里充值？\n",
        "阿绿 2026-06-02 09:10:00\n早上好呀\n\n店员小禾 2026-06-02 10:00:00\n早\n",
    )

    def test_what_a_group_left_open_comes_back_and_another_groups_does_not(self, desk: Copilot) -> None:
        desk.summarise_digest(self.DAYS[0], group="洗衣房群", staff=["店员小禾"], writer="offline")
        today = desk.summarise_digest(self.DAYS[1], group="洗衣房群", staff=["店员小禾"], carry=True, writer="offline")
        assert [one["text"] for one in today.structure["carried"]] == ["请问烘干卡在哪里充值？"]
        assert "2026-06-01 09:10" in today.structure["carried"][0]["origin"]
        other = desk.summarise_digest(self.DAYS[1], group="健身房群", carry=True, writer="offline")
        assert other.structure["carried"] == []
        assert "earlier-none" in {one.code for one in other.findings}

    def test_neither_today_nor_later_days_are_looked_at(self, desk: Copilot) -> None:
        again = desk.summarise_digest(self.DAYS[0], group="洗衣房群", carry=True, writer="offline")
        assert again.structure["carried"] == []

    def test_without_a_groups_name_it_says_so(self, desk: Copilot) -> None:
        draft = desk.summarise_digest(self.DAYS[1], carry=True, writer="offline")
        assert "earlier-no-group" in {one.code for one in draft.findings}

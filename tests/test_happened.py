"""Planned against happened: what was posted, late or early, and what can't be known."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from kept_days import GROUP, LESSON, NOW, STORAGE, digest, plan, slot

from copilot import Copilot
from copilot.agenda.gathering import happened_in
from copilot.agenda.records import Happened
from copilot.settings import Settings

DAY = "2026-11-24"  # the day before NOW
EVENING = ("21:40", "浪花", "大家晚安，明天见")
MORNING = ("07:00", "海带", "早，今天水温多少")


@pytest.fixture
def copilot(tmp_path: Path) -> Iterator[Copilot]:
    made = Copilot(Settings(home=tmp_path, database_url=None))
    yield made
    made.store.close()


@pytest.fixture
def went(copilot: Copilot) -> "Went":
    return Went(copilot)


class Went:
    """How slots of DAY went by what was posted on it."""

    def __init__(self, copilot: Copilot) -> None:
        self.copilot = copilot

    def __call__(self, *rows: tuple[str, str, str], at: str | None = "12:30", text: str = STORAGE) -> Happened:
        self.copilot.store.keep(plan("p1", slot("登记", DAY, at, text)))
        self.copilot.store.keep(digest("d1", DAY, *rows))
        (found,) = self.copilot.agenda(NOW).happened
        return found


def test_the_planned_words_by_the_owner_near_the_time_are_the_slot(went: Went) -> None:
    found = went(MORNING, ("12:34", "领队阿满", STORAGE), EVENING)
    assert (found.outcome, found.digest, found.message, found.minutes) == ("posted", "d1", "m2", 4)
    assert found.at is not None
    assert f"{found.at:%m-%d %H:%M}" == "11-24 12:34"


@pytest.mark.parametrize(("clock", "outcome", "minutes"), [("14:05", "late", 95), ("11:30", "early", -60)])
def test_the_same_words_at_another_time_are_late_or_early(clock: str, outcome: str, minutes: int, went: Went) -> None:
    found = went(MORNING, (clock, "领队阿满", STORAGE), EVENING)
    assert (found.outcome, found.minutes) == (outcome, minutes)


@pytest.mark.parametrize(
    "text",
    [
        STORAGE.replace("今天起", "从今天开始") + "\n有问题找我。",
        "更衣室的储物柜今天起可以登记了：\n回复柜号和姓名，管理员统一配钥匙。",
        f"📣 {STORAGE.replace('，', ', ').replace('：', ':')} 💪",
    ],
)
def test_words_that_were_edited_before_they_went_out_are_still_the_slot(text: str, went: Went) -> None:
    assert went(MORNING, ("12:31", "领队阿满", text), EVENING).outcome == "posted"


def test_a_placeholder_that_was_filled_in_takes_nothing_away(went: Went) -> None:
    planned = "周日换教练，新教练是【待补充:教练姓名】，集合还在二号码头，时间照旧。"
    posted = planned.replace("【待补充:教练姓名】", "石磊，带过三年少儿班")
    assert went(MORNING, ("12:31", "领队阿满", posted), EVENING, text=planned).outcome == "posted"


def test_what_was_copied_is_looked_for_as_well(went: Went) -> None:
    other = "柜子登记开始啦！想要的直接接龙写上名字，钥匙周六早上在码头发。"
    went.copilot.store.keep(plan("p1", slot("登记", DAY, "12:30", STORAGE)))
    went.copilot.store.mark_sent("p1", other, part="登记", at=NOW - timedelta(days=1))
    assert went(MORNING, ("12:40", "领队阿满", other), EVENING).outcome == "posted"


@pytest.mark.parametrize(
    ("sender", "text"),
    [("领队阿满", "[图片]"), ("路过的人", STORAGE), ("领队阿满", "储物柜今天起可以登记了，具体看公告栏，别的以后再说")],
)
def test_what_only_may_be_it_is_told_so(sender: str, text: str, went: Went) -> None:
    assert went(MORNING, ("12:35", sender, text), EVENING).outcome == "maybe"


def test_what_members_say_about_it_is_not_it(went: Went) -> None:
    talk = (
        ("12:20", "海带", "储物柜可以登记了吗"),
        ("12:50", "浪花", "回复柜号和姓名就行"),
        ("13:00", "海带", "[图片]"),
    )
    assert went(MORNING, *talk, EVENING).outcome == "not_seen"


class TestWhatIsNotKnown:
    def test_without_a_digest_of_that_day(self, copilot: Copilot) -> None:
        copilot.store.keep(plan("p1", slot("登记", DAY, "12:30", STORAGE)))
        (found,) = copilot.agenda(NOW).happened
        assert (found.outcome, found.gap, found.until) == ("unknown", "no_digest", None)

    def test_where_the_digest_ends_too_soon(self, went: Went) -> None:
        found = went(MORNING, ("12:50", "海带", "中午的水好凉"))
        assert (found.outcome, found.gap) == ("unknown", "ends")
        assert found.until is not None
        assert f"{found.until:%H:%M}" == "12:50"

    def test_where_the_digest_begins_after_it(self, went: Went) -> None:
        assert went(("13:00", "海带", "下午好"), EVENING).gap == "begins"

    def test_where_lines_could_not_be_read(self, copilot: Copilot) -> None:
        copilot.store.keep(plan("p1", slot("登记", DAY, "12:30", STORAGE)))
        made = digest("d1", DAY, MORNING, EVENING)
        totals = {**made.structure["totals"], "unparsed_lines": 3}
        copilot.store.keep(made.model_copy(update={"structure": {**made.structure, "totals": totals}}))
        (found,) = copilot.agenda(NOW).happened
        assert (found.outcome, found.gap) == ("unknown", "unread")

    def test_another_groups_chat_says_nothing(self, copilot: Copilot) -> None:
        copilot.store.keep(plan("p1", slot("登记", DAY, "12:30", STORAGE)))
        copilot.store.keep(digest("d1", DAY, MORNING, ("12:31", "领队阿满", STORAGE), EVENING, group="石榴巷合唱团"))
        (found,) = copilot.agenda(NOW).happened
        assert found.gap == "no_digest"

    def test_what_lies_ahead_and_the_teams_own_work_are_not_asked_for(self, copilot: Copilot) -> None:
        copilot.store.keep(plan("p1", slot("登记", "2026-11-25", "12:30", STORAGE), slot("排班", DAY, "09:00")))
        assert copilot.agenda(NOW).happened == ()


def test_a_message_is_one_slot_only_and_the_nearest(copilot: Copilot) -> None:
    slots = [slot(f"s{day}", f"2026-11-{day}", "20:00", LESSON) for day in (23, 24)]
    copilot.store.keep(plan("p1", *slots))
    copilot.store.keep(digest("d1", "2026-11-23", ("07:00", "海带", "早"), ("21:30", "浪花", "晚安")))
    copilot.store.keep(digest("d2", DAY, MORNING, ("19:55", "领队阿满", LESSON), EVENING))
    found = {one.slot.slot: one.outcome for one in copilot.agenda(NOW).happened}
    assert found == {"s24": "posted", "s23": "not_seen"}


def test_two_digests_of_one_chat_do_not_make_two_posts(copilot: Copilot) -> None:
    slots = [slot("s1", DAY, "12:00", LESSON), slot("s2", DAY, "12:40", LESSON)]
    copilot.store.keep(plan("p1", *slots))
    rows = (MORNING, ("12:01", "领队阿满", LESSON), EVENING)
    copilot.store.keep(digest("d1", DAY, *rows))
    copilot.store.keep(digest("d2", DAY, *rows))
    found = {one.slot.slot: one.outcome for one in copilot.agenda(NOW).happened}
    assert found == {"s1": "posted", "s2": "not_seen"}


@pytest.mark.parametrize(("clock", "outcome"), [("09:10", "posted"), ("21:30", "posted")])
def test_a_slot_without_a_time_may_come_at_any_time_of_its_day(clock: str, outcome: str, went: Went) -> None:
    found = went(MORNING, (clock, "领队阿满", STORAGE), ("22:30", "浪花", "晚安"), at=None)
    assert (found.outcome, found.minutes) == (outcome, 0)


def test_of_a_digest_the_slots_of_its_days(copilot: Copilot) -> None:
    copilot.store.keep(plan("p1", slot("登记", DAY, "12:30", STORAGE), slot("讲换气", "2026-11-27", "20:00", LESSON)))
    copilot.store.keep(digest("d1", DAY, MORNING, ("12:31", "领队阿满", STORAGE), EVENING))
    assert [(one.slot.slot, one.outcome) for one in happened_in(copilot.store, "d1")] == [("登记", "posted")]
    copilot.store.keep(digest("d2", DAY, MORNING, EVENING, group="石榴巷合唱团"))
    assert happened_in(copilot.store, "d2") == ()


def test_a_real_digest_sees_what_the_plan_asked_for(copilot: Copilot) -> None:
    """The whole loop: a plan is kept, its message is posted, the next day's digest finds it."""
    from kept_days import chat

    copilot.store.keep(plan("p1", slot("登记", DAY, "12:30", STORAGE), slot("讲换气", DAY, "20:00", LESSON)))
    made = copilot.summarise_digest(
        chat(DAY, MORNING, ("12:33", "领队阿满", STORAGE), EVENING), writer="offline", operator="领队阿满"
    )
    found = {one.slot.slot: (one.outcome, one.message) for one in happened_in(copilot.store, made.id)}
    assert found == {"登记": ("posted", "m2"), "讲换气": ("not_seen", "")}
    assert copilot.store.draft(made.id).group == GROUP

"""Learning from edits: habits that are really there are proposed with their receipts, facts and accidents never."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.facts.values import read_values
from copilot.learning.edits import Edit
from copilot.learning.following import follow
from copilot.learning.proposing import Proposal, kept_as, proposed

BRIEFS = ("周六九点换书，在社区小屋", "周日十点观鸟，在河边", "周五七点读诗，在茶室", "周一八点练字，在书房")
DRAFT = "【活动通知】\n各位书友好呀，{brief}。\n\n· 报名：找前台登记\n· 带一本书\n\n想来的朋友请尽快登记，登记好回复“1”。\n有拿不准的地方，在群里问一声。"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
Sent = Callable[[str], str]


def edit(number: int, sent: Sent, group: str = "换书群", job: str = "announcement", draft: str = DRAFT) -> Edit:
    """One message as it was drafted from the brief of that number, and as it was sent."""
    brief = BRIEFS[number % len(BRIEFS)]
    before = draft.format(brief=brief)
    return Edit(draft=f"d{number}", job=job, group=group, at=NOW, before=before, after=sent(before), said=brief)


def found(sent: Sent, count: int = 3, **more: str) -> tuple[Proposal, ...]:
    """What is proposed after so many drafts were edited in the same way."""
    return proposed(tuple(edit(number, sent, **more) for number in range(count)))


def swapped(old: str, new: str) -> Sent:
    def sent(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return sent


HABITS = {
    "salutation": (swapped("各位书友好呀，", "大家好，"), "salutation", "大家好，"),
    "a salutation on a line of its own": (swapped("各位书友好呀，", "大家好！\n"), "salutation", "大家好！\n"),
    "no salutation": (swapped("各位书友好呀，", ""), "salutation", ""),
    "another last line": (
        swapped("有拿不准的地方，在群里问一声。", "不明白的尽管喊我们～"),
        "ending",
        "不明白的尽管喊我们～",
    ),
    "a line more at the end": (lambda text: f"{text}\n祝各位读得开心", "ending", "祝各位读得开心"),
    "no last line": (swapped("\n有拿不准的地方，在群里问一声。", ""), "ending", ""),
    "a polite word": (swapped("请尽快", "麻烦尽快"), "words", "麻烦"),
    "a word put in": (swapped("回复“1”", "帮忙回复“1”"), "words", "帮忙回复"),
    "a word taken out": (swapped("尽快", ""), "words", ""),
    "another mark": (swapped("· ", "- "), "marks", "- "),
    "no blank lines": (swapped("\n\n", "\n"), "blank-lines", ""),
    "a sign before the title": (lambda text: f"📣{text}", "start", "📣"),
}


@pytest.mark.parametrize("name", HABITS)
def test_what_is_done_to_every_draft_is_one_habit(name: str) -> None:
    sent, kind, new = HABITS[name]
    (one,) = found(sent)
    assert (one.habit.kind, one.habit.new) == (kind, new)
    assert (one.habit.group, one.habit.jobs, one.times, one.chances) == ("换书群", ("announcement",), 3, 3)
    for number in range(3):  # followed, the draft is what was sent
        before = edit(number, sent).before
        assert follow(one.habit, before) == sent(before)
        assert follow(one.habit, sent(before)) == sent(before)


def test_numbers_before_the_points_are_a_habit_and_are_counted() -> None:
    (one,) = found(lambda text: text.replace("· 报名", "1. 报名").replace("· 带", "2. 带"))
    assert one.habit.new == "1. "
    assert follow(one.habit, "· 甲\n· 乙\n· 丙") == "1. 甲\n2. 乙\n3. 丙"


def test_signs_that_are_always_taken_out_are_a_habit() -> None:
    (one,) = found(lambda text: text.replace("🌿", ""), draft=DRAFT.replace("· 带", "· 🌿带"))
    assert one.habit.kind == "emoji"


def test_texts_that_are_always_cut_short_make_a_note() -> None:
    (one,) = (one for one in found(lambda text: text[: len(text) // 2]) if one.habit.kind == "shorter")
    assert kept_as(one.habit) == "note"
    assert "笔记" in one.keeps


def test_a_proposal_says_what_it_saw_with_its_receipts() -> None:
    sent = swapped("各位书友好呀，", "大家好，")
    (one,) = proposed((*(edit(number, sent) for number in range(3)), edit(3, lambda text: text)))
    assert one.seen == "您总把开头的称呼改成“大家好，”，比如原来的“各位书友好呀，”"
    assert one.keeps == "记进换书群的写法，以后写公告照着来"
    assert (one.times, one.chances) == (3, 4)
    assert next((row.draft, row.before, row.after) for row in one.receipts) == ("d0", "各位书友好呀，", "大家好，")
    assert [(row.draft, row.after) for row in one.against] == [("d3", "各位书友好呀，")]


NOISE: dict[str, tuple[Edit, ...]] = {
    "two drafts are too few": tuple(edit(number, HABITS["salutation"][0]) for number in range(2)),
    "as often kept as changed": (
        *(edit(number, HABITS["salutation"][0]) for number in range(3)),
        *(edit(number, lambda text: text) for number in range(3, 6)),
    ),
    "another word each time": tuple(
        edit(number, swapped("尽快", word)) for number, word in enumerate(("早点", "抓紧时间", "慢慢"))
    ),
    "one draft in several messages": tuple(
        edit(number, HABITS["salutation"][0]).model_copy(update={"draft": "d0"}) for number in range(3)
    ),
    "each in a group of its own, two jobs apart": (
        edit(0, HABITS["salutation"][0], group="甲"),
        edit(1, HABITS["salutation"][0], group="乙"),
    ),
}


@pytest.mark.parametrize("name", NOISE)
def test_what_is_not_steady_is_no_habit(name: str) -> None:
    assert proposed(NOISE[name]) == ()


FACTS = {
    "a date": ("带一本书", "带一本书，12月5日前登记"),
    "a price": ("带一本书", "带一本书，每人 20 元"),
    "a name": ("找前台登记", "找林小满登记"),
    "a signature": ("在群里问一声。", "在群里问一声。\n——林小满"),
    "a number": ("报名：", "报名：13912345678，"),
    "a promise": ("带一本书", "带一本书，全额退款"),
    "an answered gap": ("【待补充:地点】", "二楼活动室"),
}


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_that_is_put_in_every_time_is_no_habit(name: str) -> None:
    draft = DRAFT.replace("· 带一本书", "· 带一本书\n· 地点：【待补充:地点】")
    assert found(swapped(*FACTS[name]), draft=draft) == ()


def test_the_words_of_the_brief_are_no_manner_of_speaking() -> None:
    draft = DRAFT.replace("{brief}", "换书")
    made = tuple(
        edit(number, swapped("换书", "读书会"), draft=draft).model_copy(update={"said": "换书"}) for number in range(3)
    )
    assert proposed(made) == ()


def test_what_is_done_in_several_groups_holds_for_all_and_is_asked_once() -> None:
    sent = HABITS["salutation"][0]
    made = tuple(edit(number, sent, group="甲" if number < 4 else "乙") for number in range(6))
    (one,) = proposed(made)
    assert one.habit.group == ""
    assert one.keeps == "记进所有群的写法，以后写公告照着来"


@settings(max_examples=40)
@given(
    st.lists(
        st.sampled_from(
            [
                "12月5日",
                "20 元",
                "13912345678",
                "林小满",
                "每人 3 份",
                "https://a.example/b",
                "上午九点半",
                "【待补充:地点】",
            ]
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["，", "。", "带一本书", "各位书友好呀，", "\n\n", "想来的朋友"]),
    st.booleans(),
)
def test_no_proposal_holds_a_fact(facts: list[str], place: str, replaces: bool) -> None:
    told = "、".join(facts)
    for one in found(lambda text: text.replace(place, told if replaces else f"{place}{told}")):
        for words in (one.habit.old, one.habit.new):
            assert not any(fact in words for fact in facts)
            assert not [value for value in read_values(words, NOW) if not value.soft]


def test_a_habit_of_words_leaves_facts_and_the_briefs_own_words_alone() -> None:
    habit = found(swapped("请尽快", "麻烦尽快"))[0].habit.model_copy(update={"old": "元", "new": "块"})
    assert follow(habit, "元气满满，每人 20 元") == "块气满满，每人 20 元"
    assert follow(habit, "元气满满", said="元气早餐") == "元气满满"

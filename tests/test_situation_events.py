"""Figures, voices, events and limits of a weekly plan's brief, and what in them contradicts itself."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from situations import MONDAY, NOW, SUNDAY, codes, situation

# Figures, voices, events, limits


def test_figures_keep_their_words_and_say_what_they_count() -> None:
    rows = {
        "打卡率": "31%",
        "没人回的提问": 6,
        "首次响应超2小时": "19 次",
        "重复问题": 27,
        "启用客户": "11/60",
        "近30天零发言": "241人",
    }
    figures = situation({"上周数据": rows}).figures
    assert [(one.value, one.number, one.about) for one in figures] == [
        ("31%", None, "checkin"), ("6", 6, "unanswered"), ("19 次", 19, "slow"), ("27", 27, "repeated"), ("11/60", None, "enabled"), ("241人", 241, "silent"),
    ]  # fmt: skip


def test_figures_in_running_text_are_read_one_by_one() -> None:
    figures = situation("上周退群9人，还有6个问题没人回，投诉 3 起。").figures
    assert [(one.name, one.number, one.about) for one in figures] == [
        ("退群", 9, "quit"), ("问题没人回", 6, "unanswered"), ("投诉", 3, "complaints"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("到课率 A班 82%、B班 75%", [("到课率 A班", "82%"), ("到课率 B班", "75%")]),
        ("打卡率一群42%，二群38%", [("打卡率一群", "42%"), ("打卡率 二群", "38%")]),
        ("A班到课 18 人、B班 22 人", [("A班到课", "18 人"), ("B班到课", "22 人")]),
        ("成交 96 单，退款 4 单", [("成交", "96 单"), ("退款", "4 单")]),
        ("退群 3 人 新增 12 人", [("退群", "3 人"), ("新增", "12 人")]),
        ("消息320发言45人", [("消息", "320"), ("发言", "45人")]),
    ],
)
@pytest.mark.parametrize("form", ["field", "text"])
def test_every_figure_of_a_clause_is_read(form: str, words: str, expected: list[tuple[str, str]]) -> None:
    found = situation({"上周数据": words} if form == "field" else f"上周{words}。").figures
    assert [(one.name.removeprefix("上周"), one.value) for one in found] == expected


def test_voices_lose_their_quotation_marks_only() -> None:
    assert [one.text for one in situation({"群友反馈": ["“电梯老坏”", "停车费怎么涨了"]}).voices] == [
        "电梯老坏",
        "停车费怎么涨了",
    ]
    assert [one.text for one in situation("群友说“题太多了”，“资料翻不到”。").voices] == ["题太多了", "资料翻不到"]


def test_fixed_events_fall_on_their_days_of_the_planned_week() -> None:
    fixed = situation(
        {
            "周期": "3.10-3.16",
            "固定活动": [
                "每晚 20:00 领读音频",
                "周日 19:30 线上讨论 90分钟",
                "3/12（周三）12:00 试吃会",
                "工作日 9:00 早报",
            ],
        }
    ).fixed
    assert [(one.name, len(one.days), one.minute) for one in fixed] == [
        ("领读音频", 7, 1200), ("线上讨论 90分钟", 1, 1170), ("试吃会", 1, 720), ("早报", 5, 540),
    ]  # fmt: skip
    assert (fixed[1].days, fixed[1].minutes) == ((SUNDAY,), 90)


@pytest.mark.parametrize("year", [2021, 2025, 2027])
def test_a_date_without_a_year_is_of_the_planned_week_s_year_whatever_the_clock_says(year: int) -> None:
    brief = {"周期": "2025-03-10~2025-03-16", "固定活动": ["3/12（周三）12:00 试吃会", "3月16日（周日）20:00 线上讨论"]}
    found = situation(brief, now=NOW.replace(year=year), given=False)
    assert [(one.name, one.days) for one in found.fixed] == [
        ("试吃会", (date(2025, 3, 12),)), ("线上讨论", (SUNDAY,)),
    ]  # fmt: skip
    assert not found.conflicts


def test_a_record_of_an_event_gives_name_day_and_owner() -> None:
    event = situation(
        {"周期": "3.10-3.16", "events": [{"date": "3/15", "time": "09:00", "event": "湖边练车", "host": "阿川"}]}
    ).fixed[0]
    assert (event.name, event.days, event.minute, event.owner) == ("湖边练车", (date(2025, 3, 15),), 540, "阿川")


def test_an_event_without_a_day_is_asked_about_and_one_outside_is_told() -> None:
    found = situation({"周期": "3.10-3.16", "固定活动": ["线下沙龙", "3月29日 14:00 展会"]})
    assert [(one.name, one.days) for one in found.fixed] == [("线下沙龙", ())]
    assert "3月29日 14:00 展会" in {one.text for one in found.notes}
    assert "event:线下沙龙" in {one.key for one in found.missing}
    assert "event-outside-week" in codes(found)


def test_an_event_in_quiet_time_is_kept_and_shown() -> None:
    found = situation({"周期": "3.10-3.16", "固定活动": ["每晚 23:30 晚安打卡"], "限制": ["22点后不发消息"]})
    assert len(found.fixed[0].days) == 7
    assert "event-in-quiet" in codes(found)


def test_somebody_who_can_only_work_in_quiet_time_is_shown() -> None:
    assert "hours-in-quiet" in codes(situation({"team": ["小夜：答疑，每晚 23:00–23:50"], "限制": ["22点后不发消息"]}))


DAY_SETS = st.sets(st.integers(1, 7), min_size=1)
CLOSED_FORMS = ["{days}不发消息", "{days}只看不发", "{days}只回复不群发", "{days}别发"]


def named(days: set[int]) -> str:
    return "、".join("周" + "一二三四五六日"[day - 1] for day in sorted(days))


@settings(max_examples=120, deadline=None)
@given(DAY_SETS, DAY_SETS, st.sampled_from([*CLOSED_FORMS, "只在{days}发消息"]), st.integers(9, 18))
def test_hours_clash_with_quiet_days_only_where_all_of_them_are_quiet(
    worked: set[int], said: set[int], form: str, hour: int
) -> None:
    closed = set(range(1, 8)) - said if form.startswith("只在") else said
    found = situation(
        {"team": [f"小禾：答疑，{named(worked)} {hour}:00-{hour + 2}:00"], "限制": [form.format(days=named(said))]}
    )
    everything, mine = "no-time-left" in codes(found), "hours-in-quiet" in codes(found)
    assert everything == (len(closed) == 7)
    assert mine == (not everything and worked <= closed)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 23), st.integers(1, 24), st.integers(0, 22), st.integers(1, 24))
def test_hours_clash_with_quiet_clocks_only_where_all_of_them_are_quiet(
    quiet_start: int, quiet_end: int, start: int, end: int
) -> None:
    quiet_end, end = max(quiet_start + 1, quiet_end), max(start + 1, end)
    found = situation(
        {"team": [f"小禾：答疑，每天 {start}:00-{end}:00"], "免打扰时间": f"{quiet_start}:00-{quiet_end}:00"}
    )
    everything = quiet_start <= 7 and quiet_end >= 22
    assert ("no-time-left" in codes(found)) == everything
    assert ("hours-in-quiet" in codes(found)) == (not everything and quiet_start <= start and end <= quiet_end)


def test_somebody_is_shown_only_where_every_group_of_theirs_is_quiet() -> None:
    groups = [{"name": "东区群", "members": 9, "限制": ["周末不发消息"]}, {"name": "西区群", "members": 8}]
    assert "hours-in-quiet" not in codes(situation({"groups": groups, "team": ["小禾：答疑，周末全天"]}))
    assert "hours-in-quiet" in codes(situation({"groups": groups, "team": ["小禾：管东区群，周末全天"]}))


def test_quiet_rules_that_leave_nothing_are_named_together() -> None:
    found = situation({"群名": "云杉群", "限制": ["9点前不发", "9点到22点半也不要发消息，怕吵"]})
    (conflict,) = [one for one in found.conflicts if one.code == "no-time-left"]
    assert "9点前不发" in conflict.message
    assert "9点到22点半也不要发消息" in conflict.message
    assert "只剩夜里" in conflict.message
    assert len(conflict.origins) == 2
    assert "no-time-left" not in codes(situation({"群名": "云杉群", "限制": ["9点前不发", "21点后不发"]}))
    assert "没有剩下" in situation({"限制": ["工作日不发消息", "周末也不发消息"]}).conflicts[0].message


def test_the_name_of_a_deadline_keeps_its_words() -> None:
    names = {
        "v4 ships on 4月16日, 让老客户先试": "v4 ships",
        "ship v4 by April 20 with docs": "ship v4 with docs",
        "赶在 4 月 1 日之前上新，老客先买": "上新",
        "把4月12日的年会办好": "把年会办好",
        "4月2日，春季义卖": "春季义卖",
    }
    for goal, name in names.items():
        assert [one.name for one in situation({"周期": "3.10-3.16", "月目标": goal}).deadlines] == [name]


def test_dates_after_the_week_are_to_be_planned_back_from() -> None:
    found = situation(
        {"周期": "3.10-3.16", "月目标": "3月底交付样板间", "阶段": "4·15 店庆前第 4 周", "备注": "5月1日要办亲子市集"}
    )
    assert [one.day for one in found.deadlines] == [date(2025, 3, 31), date(2025, 4, 15), date(2025, 5, 1)]


@pytest.mark.parametrize(
    ("words", "yuan"),
    [("300 元", 300), (300, 300), ("预算三百块", 300), ("没有预算", 0), ("不花钱", 0), ("0", 0), ("500-800 元", None), ("每月 1000 元", None), ("还没批", None)],
)  # fmt: skip
def test_a_budget_is_one_sum_or_words(words: Any, yuan: int | None) -> None:
    found = situation({"预算": words})
    assert found.budget == yuan
    assert str(words) in found.budget_words
    assert ("money" in found.bans) == (yuan == 0)


@pytest.mark.parametrize(
    ("source", "yuan"),
    [
        ({"money": "押金 80 元/人"}, None), ({"费用": "AA，每人 60 元"}, None), ({"报名费": "99元"}, None), ({"钱": "团费 380/人，已收"}, None),
        ({"cost": 300}, 300), ({"费用": "没有"}, 0), ({"花费": "最多260块"}, 260), ({"费用上限": "200元"}, 200), ({"money": "no money this week"}, 0),
    ],
)  # fmt: skip
def test_a_price_is_not_what_may_be_spent(source: dict[str, Any], yuan: int | None) -> None:
    assert situation({"群名": "云杉群", **source}).budget == yuan


def test_a_budget_that_does_not_reach_or_is_said_twice_is_a_conflict() -> None:
    assert "budget-short" in codes(situation({"预算": "预算100元，奖品人均20元×48人"}))
    double = situation({"预算": "300 元", "经费": "500 元"})
    assert double.budget is None
    assert "two-budgets" in codes(double)


@pytest.mark.parametrize(
    ("words", "ban"),
    [
        ("不做逐人排名", "ranking"), ("不公开点名潜水的人", "naming"), ("不承诺上线日期", "promises"), ("不得外发客户数据", "data"),
        ("不得写功效", "efficacy"), ("周末不发消息", "weekend"), ("不强制转发朋友圈", "forwarding"), ("不露孩子正脸", "minors"),
        ("严禁诊断和推荐用药", "diagnosis"), ("不@所有人", "mention_all"), ("no discounts", "discounts"), ("不传盗版", "piracy"),
    ],
)  # fmt: skip
def test_what_constraints_forbid_has_a_key(words: str, ban: str) -> None:
    assert ban in situation({"限制": [words]}).bans


def test_a_constraint_without_a_negation_forbids_nothing() -> None:
    found = situation({"限制": ["成员以上班族为主", "排名按小组公布"]})
    assert not found.bans
    assert found.groups[0].audience == "成员以上班族为主"


def test_what_stands_under_a_forbidding_key_is_forbidden() -> None:
    assert {"ranking", "money"} <= set(situation({"禁止": ["排名", "红包"]}).bans)


# Events under any key, notices, and what contradicts itself


@pytest.mark.parametrize("key", ["knownEvents", "已知活动", "日历", "定了的几件"])
def test_events_by_name_are_read_under_any_key(key: str) -> None:
    found = situation(
        {
            "群名": "青禾桌游群",
            "周期": "3.10-3.16",
            key: {"停水检修": "3/11 06:00-12:00", "桌游赛": "3/15（周六）20:00", "复盘会": "3/17（周日）20:00"},
            "群规": ["0:00 后不@"],
        }
    )  # fmt: skip
    assert [(one.name, one.days, one.minute) for one in found.fixed] == [
        ("停水检修", (date(2025, 3, 11),), 360),
        ("桌游赛", (date(2025, 3, 15),), 1200),
    ]
    assert "复盘会：3/17（周日）20:00" in {one.text for one in found.notes}
    assert {"event-outside-week", "weekday-mismatch"} <= codes(found)
    assert "event-in-quiet" not in codes(found)


def test_a_notice_for_a_whole_day_is_an_event_nobody_is_asked_the_hour_of() -> None:
    found = situation({"群名": "青禾公寓群", "周期": "3.10-3.16", "大事": ["3月12日 停热水"]})
    assert [(one.days, one.minute) for one in found.fixed] == [((date(2025, 3, 12),), None)]
    assert not any(one.key.startswith("event") for one in found.missing)


def test_a_weekday_that_is_not_the_date_s_is_shown_from_a_wish_too() -> None:
    assert "weekday-mismatch" in codes(situation({"群名": "青禾公寓群", "老板想法": "3月12日（周二）搞促销"}))


def test_what_two_speakers_contradict_each_other_in_is_shown_with_both_places() -> None:
    found = situation(
        "店长阿冉：3月12日周三开团，草莓一盒 39 元\n仓库老于：货最早3月14号才到，39 是去年的价，今年没定\n群：云杉水果群 80人"
    )
    shown = [one for one in found.conflicts if one.code == "speakers-differ"]
    assert ["3月12日周三开团" in one.message for one in shown] == [True, False]
    assert all(len({origin.line for origin in one.origins}) == 2 for one in shown)


def test_speakers_on_different_matters_contradict_nothing() -> None:
    found = situation(
        {"群名": "云杉水果群", "老板要求": "周六晚上 8 点直播", "店长想法": "周日整理素材，最早周三能上新"}
    )
    assert "speakers-differ" not in codes(found)


def test_a_number_aimed_at_is_no_figure_of_last_week() -> None:
    found = situation("云杉跑团群 67人\n领导说每天发一条养生知识，再让大家拉人进群凑够200人\n上周退群 3 人")
    assert [(one.about, one.number) for one in found.figures] == [("quit", 3)]
    assert any("200" in one.text for one in found.wishes)
    assert found.groups[0].members == 67


def test_the_week_of_a_season_is_no_calendar_week() -> None:
    found = situation({"群名": "青禾桌游群", "window": "3.10-3.16", "进度": "新赛季第1周"})
    assert (found.week, "two-weeks" in codes(found)) == ((MONDAY, SUNDAY), False)


def test_a_trouble_and_the_short_request_about_it_are_one_voice() -> None:
    found = situation({"群名": "木作群", "大家说": ["锯子老走偏，能不能教教", "木屑太多，希望周末讲讲打磨"]})
    assert [one.text for one in found.voices] == ["锯子老走偏，能不能教教", "木屑太多", "希望周末讲讲打磨"]


def test_a_figure_named_like_a_voice_is_no_voice() -> None:
    found = situation({"群名": "木作群", "上周数据": {"群里提问": 37}})
    assert found.voices == ()
    assert [(one.name, one.value) for one in found.figures] == [("群里提问", "37")]

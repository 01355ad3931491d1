"""Promises and to-dos: who owes what, by when, and how it went."""

import pytest
from staged import Row, scene_of

from copilot.chat.actions import read_actions
from copilot.chat.claims import Action


def actions_of(rows: list[Row], *staff: str) -> tuple[Action, ...]:
    return read_actions(scene_of(rows, *staff))


PROMISES = [
    "我今晚10点前把录像发群文件",
    "我去问一下财务,下午给大家答复",
    "这批漏发了,今天补发,单号晚上给",
    "会议号周六晚发",
    "我马上联系师傅",
    "已经交的退差",
    "我现在就去车间盯着",
    "明天中午前把新课表贴出来",
    "会后统一发纪要",
    "孩子的作品我让她下节课上台展示",
    "昨天登错的公示今天12点前撤掉",
    "不客气,晚上我再去鱼塘看一次",
    "押金8/12(周三)前原路退",
]
PROMISES_NOTHING = [
    "回头聊",
    "我先去吃饭了",
    "我昨天发过了",
    "大家早上好",
    "时间:10月17日(周六)一天来回",
    "厂家9点更新了公告",
    "建议先去医院看看",
    "芒果今天20点前都可以退",
    "我明天休息,有事找小李",
    "我晚上要加班",
    "我来啦",
    "8点前到齐",
    "课后记得拉伸",
]


@pytest.mark.parametrize("text", PROMISES)
def test_what_the_staff_undertake_is_owed_by_them(text: str) -> None:
    actions = actions_of([("09:00", "前台小悦", text)], "前台小悦")

    assert [action.owner for action in actions] == ["前台小悦"]
    assert actions[0].basis == "promise"


@pytest.mark.parametrize("text", PROMISES_NOTHING)
def test_small_talk_and_news_promise_nothing(text: str) -> None:
    assert not [one for one in actions_of([("09:00", "前台小悦", text)], "前台小悦") if one.basis == "promise"]


def test_a_members_private_plans_are_nobodys_business() -> None:
    assert actions_of([("09:00", "雷子", "我今晚去跑步"), ("09:01", "小满", "我明天带娃回老家")], "前台小悦") == ()


def test_a_member_answers_the_staff_with_a_promise() -> None:
    (action,) = [
        one
        for one in actions_of(
            [("09:00", "店长阿蓝", "@五花 带袋子来店里全额退"), ("09:05", "五花", "好 我明天来退")], "店长阿蓝"
        )
        if one.basis == "promise"
    ]

    assert (action.owner, action.due_text) == ("五花", "明天")


def test_a_promise_kept_in_time_is_done() -> None:
    (action,) = actions_of(
        [
            ("09:00", "豆豆妈", "寄养的猫是不是有猫瘟???"),
            ("09:05", "店长阿蓝", "我现在就查寄养记录,上午11点前在群里把寄养的情况讲清楚"),
            ("10:50", "店长阿蓝", "【情况说明】国庆寄养23只,寄养记录都翻了,没有猫瘟"),
        ],
        "店长阿蓝",
    )

    assert action.due is not None
    assert (action.due.hour, action.status, action.outcome) == (11, "done", ("m3",))


def test_a_promise_kept_late_is_done_late() -> None:
    (action,) = actions_of(
        [
            ("09:00", "阿康", "配件到底哪天到货?"),
            ("09:05", "售后老吴", "@阿康 我去催配件,明天中午12:00前告诉您到货日期"),
            ("1/12:30", "阿康", "@售后老吴 12点过了"),
            ("1/16:20", "售后老吴", "@阿康 对不起回晚了,刚拿到:配件22号到货"),
        ],
        "售后老吴",
    )

    assert action.status == "done_late"
    assert action.outcome == ("m3", "m4")


def test_a_promise_whose_time_has_passed_without_a_word_is_overdue() -> None:
    (action,) = actions_of(
        [("09:00", "前台小悦", "我今天12点前把课表发群里"), ("15:00", "雷子", "课表呢,还没看到")], "前台小悦"
    )

    assert action.status == "overdue"


def test_a_colleague_may_keep_the_word_that_was_given() -> None:
    (action, *_) = actions_of(
        [
            ("09:00", "罗校", "学员端登录老是掉,修了没"),
            ("09:05", "客服小乔", "@罗校 我拉技术看登录问题,10点半前给您回复"),
            ("10:20", "技术阿斌", "定位到了,登录掉线是证书更新导致的"),
            ("12:00", "罗校", "行"),
        ],
        "客服小乔",
        "技术阿斌",
    )

    assert action.status == "done"


def test_postponing_is_not_doing() -> None:
    actions = actions_of(
        [
            ("09:00", "技术阿斌", "@罗校 登录证书今晚23:00修"),
            ("15:00", "技术阿斌", "登录证书的修复推迟到明晚23:00"),
        ],
        "技术阿斌",
    )

    assert actions[0].status == "open"


def test_a_promise_to_two_is_two() -> None:
    one, other = actions_of(
        [
            ("18:00", "Mia助教", "@阿树 @海鸥 今晚22点前把你们两篇作文发回来"),
            ("21:40", "阿树", "我的作文收到了"),
            ("22:30", "海鸥", "我的还没有。10点过了"),
        ],
        "Mia助教",
    )

    assert (one.to, one.status) == (("阿树",), "done")
    assert (other.to, other.status) == (("海鸥",), "overdue")


def test_a_request_names_its_owner() -> None:
    (action,) = actions_of(
        [("09:00", "团长阿梅", "@老周 麻烦接龙一下"), ("09:03", "老周", "#接龙\n1. 老周 芒果2")], "团长阿梅"
    )

    assert (action.owner, action.basis, action.status) == ("老周", "request", "done")


def test_a_call_to_part_of_the_group_keeps_its_words_as_owner() -> None:
    (action,) = actions_of([("09:00", "教务小唐", "没交照片的同学今晚18点前私我")], "教务小唐")

    assert action.owner == "没交照片的同学"
    assert action.due is not None
    assert action.status == "open"


def test_calling_to_order_is_no_task() -> None:
    assert actions_of([("09:00", "团长阿梅", "@小吴 群里不发广告,麻烦撤回")], "团长阿梅") == ()


def test_what_another_party_promised_is_followed_up_by_who_passed_it_on() -> None:
    (action,) = actions_of([("09:00", "前台小悦", "工程师傅回复下周一上门看空调")], "前台小悦")

    assert action.owner == "工程师傅(前台小悦跟进)"


def test_a_booking_takes_its_time_from_what_was_asked_for() -> None:
    (action,) = actions_of([("09:00", "球球", "那给我留22号的位置"), ("09:01", "店长阿蓝", "留了")], "店长阿蓝")

    assert action.messages == ("m1", "m2")
    assert action.due is not None
    assert action.due.day == 22


def test_a_crowd_that_is_called_is_no_list_of_tasks() -> None:
    crowd = " ".join(f"@成员{number}" for number in range(2000))

    assert len(actions_of([("09:00", "前台小悦", f"{crowd} 记得填表")], "前台小悦")) <= 1


def test_a_notice_about_something_else_at_the_same_hour_keeps_no_promise() -> None:
    (action,) = actions_of(
        [
            ("12:32", "阿诺奶奶", "那昨天那节课给补吗"),
            ("12:36", "橙子老师", "补课的事我要问一下教务,明天汇演前答复您"),
            ("18:30", "橙子老师", "更正!明天小剧场15:00被占,汇演改到16:00,地点改到五楼"),
        ],
        "橙子老师",
    )[:1]

    assert action.status == "open"
    assert action.outcome == ()


def test_a_message_that_cannot_be_taken_back_in_time_is_no_late_call() -> None:
    actions = actions_of(
        [
            ("09:09", "小吴", "导出一直报错"),
            ("09:10", "客服小林", "@小吴 明白,我拉研发一起看"),
            ("11:12", "小吴", "超时撤不掉了 不好意思"),
        ],
        "客服小林",
    )

    assert [action.status for action in actions] == ["open"]


def test_what_a_choice_of_plans_names_is_not_promised() -> None:
    assert actions_of([("13:30", "研发阿坤", "两个方案:A 今晚22:00热修;B 我们回滚到上一版")], "研发阿坤") == ()


def test_a_file_that_is_attached_is_the_one_that_was_promised() -> None:
    (action,) = actions_of(
        [
            ("19:31", "谱务阿梅", "谱子明天我发一版新的到群文件"),
            ("1/15:05", "谱务阿梅", "新谱来了,远山_0519.pdf (文件附件)"),
        ],
        "谱务阿梅",
    )

    assert action.status == "done"

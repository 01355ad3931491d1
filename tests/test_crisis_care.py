"""Care that fits the matter: corrections of our own words, the bereaved, the missing, injuries, leaks, and nobody named."""

import re
from datetime import datetime
from functools import partial
from typing import Any

import crisis_replies
import pytest
from crisis_replies import ZONE

from copilot.tasks.crisis_reply.masking import mask
from copilot.tasks.crisis_reply.saying import for_members

HIKE: dict[str, Any] = {
    "群名": "周末山友群",
    "事情": "下午下山清点少了 1 人，队员“石头”17:50 后联系不上，有人把他的身份证照片和手机号 13711112222 发到群里",
    "之前发过的": "18:35 在群里说“人都到齐了，大家放心回家”",
    "已核实": ["18:20 点名到了 23 人，出发时 24 人", "19:05 已报警"],
    "未核实": ["石头现在的位置", "18:35 那条是谁核对的"],
    "可以承诺": ["每小时在群里说一次"],
    "不能说": ["保证找到", "责任"],
}
DOG: dict[str, Any] = {
    "群名": "泡泡宠物店会员群",
    "事情": "昨晚寄养的猫“奶糖”猝死，主人方小姐在群里说我们没看好，另有 3 位主人问自己的猫有没有事",
    "已核实": ["22:10 发现奶糖倒地，22:30 送到宠物医院，22:58 宣布死亡", "其余 6 只猫今早逐只检查，没有发现异常"],
    "未核实": ["死因"],
    "可以承诺": ["监控给主人本人看", "其他主人今天可以到店看猫", "每天 19:00 在群里说一次"],
    "不能说": ["赔偿", "死因"],
    "我想发": "猫本来就有病，协议写了风险自负",
}
FALL: dict[str, Any] = {
    "群名": "小橡树运动营家长群",
    "事情": "上午 10 点，6 岁的学员在平衡木上摔了，手臂缝了 3 针，家长问“为什么没人看着，保险呢”，有人把孩子的照片发到群里",
    "已核实": ["10:12 老师陪同送到县医院，10:40 家长到", "平衡木 10:20 起停用"],
    "未核实": ["老师当时在不在旁边", "保险赔不赔"],
    "可以承诺": ["协助家长走保险理赔", "每晚 20:00 在群里说一次"],
    "不能说": ["老师失职", "医药费"],
}
LIST: dict[str, Any] = {
    "群名": "青松合唱团",
    "事情": "秘书小方 8:40 误把团员名单发到群里，含 87 人的姓名、手机号，8:58 撤回，群里有人说已经下载了",
    "已核实": ["8:40 发出，8:58 撤回", "名单含 87 人姓名和手机号"],
    "未核实": ["有多少人下载"],
    "可以承诺": ["向 87 人逐一说明", "请已下载的人删除并私信确认", "今天 20:00 在群里说一次"],
    "不能说": ["没有外泄", "赔偿"],
}
POINTS: dict[str, Any] = {
    "群名": "城南车友会",
    "事情": "团购轮胎，车友说管理员老周每条拿 20 元返点，群里分两派对骂，3 人要退定金",
    "已核实": ["老周承认每条返点 20 元", "定金在店家账上"],
    "未核实": ["以前两次有没有返点"],
    "可以承诺": ["10 月 9 日前可退定金"],
    "不能说": ["诈骗"],
}
LONELY: dict[str, Any] = {
    "群名": "夜读群",
    "事情": "群友“小满”说“我撑不下去了，大家保重”，之后不回，有人起哄“又来博同情”",
    "已核实": ["室友“阿青”在线，说小满不在宿舍", "22:40 小满发的消息"],
    "未核实": ["小满现在在哪里", "是不是真的"],
    "可以承诺": ["联系学校值班老师"],
    "不能说": ["公开小满的信息"],
}
NOW = datetime(2026, 10, 3, 19, 40, tzinfo=ZONE)


assignment_of = partial(crisis_replies.assignment_of, now=NOW)
parts = partial(crisis_replies.parts, now=NOW)
texts = partial(crisis_replies.texts, now=NOW)


def group(brief: dict[str, Any]) -> str:
    return "\n".join(part.text for part in parts(brief) if part.readers == "group")


@pytest.mark.parametrize("brief", [HIKE, DOG, FALL, LIST, POINTS, LONELY])
def test_such_a_reply_passes_every_check(brief: dict[str, Any]) -> None:
    assert not crisis_replies.errors(brief, now=NOW)


def test_an_earlier_reassurance_that_does_not_hold_is_corrected_in_the_first_sentence() -> None:
    said = texts(HIKE)
    for name in ("holding", "statement"):
        first = said[name].removeprefix("【更正和说明】\n").split("。")[0]
        assert first.startswith("更正：18:35 说“人都到齐了")
    assert "向大家道歉" in said["holding"]
    assert "照旧有效" not in said["holding"] + said["statement"]
    assert assignment_of(HIKE).plan.changed[0].startswith("更正：")


@pytest.mark.parametrize(
    ("earlier", "verified", "before", "now"),
    [
        ("本店饭菜没有任何问题，大家放心。", "留样检测不合格", "没有任何问题", "不合格"),
        ("今天 15:00 前已恢复供水。", "今天 15:00 前未恢复供水", "已恢复供水", "未恢复供水"),
        ("本次影响东区。", "影响东区、西区", "影响东区", "西区"),
    ],
)
def test_what_verified_facts_make_false_is_corrected(earlier: str, verified: str, before: str, now: str) -> None:
    brief = {
        "群名": "业主群",
        "事情": "群里在问进展",
        "已核实": [verified],
        "未核实": ["要多久"],
        "可以承诺": ["每天 18:00 更新"],
    }
    corrected = assignment_of(brief, earlier=(earlier,)).changes.corrected
    assert [one for one in corrected if before in one.before and now in one.after]


def test_what_still_holds_is_not_corrected() -> None:
    brief = {"群名": "业主群", "事情": "群里在问进展", "已核实": ["抢修在做"], "未核实": ["原因"]}
    earlier = "今天停水抢修，预计 18:00 前恢复，进展还在核实。"
    assert not assignment_of(brief, earlier=(earlier,)).changes.corrected


def test_an_update_promised_for_an_hour_without_a_date_is_owned_up_to_when_it_has_passed() -> None:
    brief = {"群名": "业主群", "事情": "群里在问停水的进展", "已核实": ["水泵在换"], "未核实": ["几点恢复"]}
    said = texts(brief, earlier=("下午停水，水泵故障还在排查，17:00 再跟大家说一次。",))
    assert "更新来晚了" in said["statement"]


def test_the_missing_come_first_and_who_is_looked_for_is_neither_named_nor_written_to() -> None:
    text = group(HIKE)
    assert "石头" not in text
    assert "1 人没有联系上" in text
    assert "家属请" in text
    titles = [part.title for part in parts(HIKE) if part.readers == "private"]
    assert titles[0].startswith("私聊 · 没联系上的人的家属")
    assert not any("石头" in title for title in titles)
    assert any("发照片或信息" in title for title in titles)


def test_personal_numbers_of_the_brief_stand_in_no_part() -> None:
    whole = "".join(part.title + part.text for part in parts(HIKE))
    assert "13711112222" not in whole
    assert "（电话已隐去）" in whole
    assert (
        mask("车牌京A12345，护照 E12345678", ("京A12345", "E12345678")) == "车牌（车牌已隐去），护照 （护照号已隐去）"
    )
    assert mask("电话 138****2210") == "电话 （电话已隐去）"


def test_the_bereaved_are_condoled_with_and_nobody_asks_how_they_are() -> None:
    said = {part.to: part.text for part in parts(DOG) if part.readers == "private"}
    first = said["方小姐"]
    assert "节哀" in first
    assert not re.search("怎么样了|看过医生|样品|就医|登记", first)
    assert "监控" in first
    statement = texts(DOG)["statement"]
    assert "节哀" in statement.split("\n")[1]
    assert "方小姐" not in statement
    assert "监控可给" not in statement
    assert "没有发现异常" in next(text for who, text in said.items() if who and "担心" in who)


def test_no_message_goes_to_the_dead() -> None:
    brief = {
        "群名": "晚晴家属群",
        "事情": "4 月 8 日早上陈爷爷去世，女儿在群里质问为什么没发现，两位家属问夜里谁看着",
        "已核实": ["6:20 查房时发现，6:51 医生宣布死亡", "其余 11 位老人逐一检查，均无异常"],
        "未核实": ["去世的原因"],
        "可以承诺": ["每天 18:00 在群里说一次"],
    }
    assert not any("陈爷爷" in (part.to or "") for part in parts(brief))


def test_an_injured_child_means_the_guardian_first_and_no_word_of_batches() -> None:
    rows = parts(FALL)
    private = [part for part in rows if part.readers == "private"]
    assert private[0].title == "私聊 · 孩子的家长"
    assert "医生怎么说" in private[0].text
    assert not re.search("停售|批号|批次|留样|包装|过敏", "".join(part.text for part in rows))
    assert "不要发孩子的照片" in texts(FALL)["statement"]
    assert any("发照片" in part.title and "撤回" in part.text for part in private)


def test_our_own_leak_is_owned_and_those_who_have_the_file_are_asked_kindly() -> None:
    said = texts(LIST)
    assert said["holding"].startswith("名单是我们发错的，对不起")
    assert "追究" not in "".join(said.values())
    assert "小方" not in group(LIST)
    assert "下载过的朋友，请帮忙删除并私信确认" in said["statement"]
    titles = [part.title for part in parts(LIST) if part.readers == "private"]
    assert any("信息在文件里" in title for title in titles)
    assert any("下载过文件" in title for title in titles)
    assert "个人信息保护" in said["internal"]


def test_who_is_accused_gets_no_command() -> None:
    plan = assignment_of(POINTS).plan
    assert not any("老周" in step.who for step in plan.escalation)
    assert any(part.to == "老周" for part in parts(POINTS))
    assert "老周" not in group(POINTS)
    assert "诈骗" not in group(POINTS)


def test_words_said_in_anger_are_mentioned_only_where_members_quarrel() -> None:
    assert "说重了" in texts(POINTS)["statement"]
    assert "说重了" not in texts(LIST)["statement"]


def test_nobody_is_asked_what_they_did_not_ask() -> None:
    assert "不做了" not in group(HIKE)
    assert "大家问到的" not in texts(LIST)["statement"]


def test_of_who_speaks_of_giving_up_the_group_hears_nothing_and_they_are_written_to_first() -> None:
    rows = parts(LONELY)
    assert not re.search("小满|阿青|宿舍|是不是真|值班老师|22:40", group(LONELY))
    private = [part for part in rows if part.readers == "private"]
    assert [part.to for part in private[:2]] == ["小满", "阿青"]
    assert "现在安全吗" in private[0].text
    assert "【待补充:心理援助热线号码】" in private[0].text
    assert "先撤回" in private[2].text
    sheet = rows[-1].text
    assert "联系学校值班老师（已经授权，马上做）" in sheet
    assert "整夜" in sheet


def test_titles_are_short_and_no_fragments() -> None:
    for brief in (HIKE, DOG, FALL, LIST, POINTS, LONELY):
        for part in parts(brief):
            if part.readers == "private":
                assert len(part.title.removeprefix("私聊 · ")) <= 16, part.title


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("请已下载的人删除并私信确认", "下载过的朋友，请帮忙删除并私信确认"),
        ("教怎么查资质", "想查的话，我们教大家怎么查资质"),
        ("逐一打电话说明", "我们会逐一打电话说明"),
        ("凭小票退款", "凭小票退款"),
    ],
)
def test_a_task_of_ours_is_said_to_members_as_what_it_means_for_them(row: str, said: str) -> None:
    assert for_members(row) == said


def test_what_the_operator_did_not_look_into_is_an_open_point() -> None:
    brief = {
        "群名": "装修避坑群",
        "事情": "有人说一家店收了定金不开工",
        "我知道的": ["聊天记录是本人发的", "那家店我没查过有没有资质"],
        "不知道的": ["定金收了多少"],
    }
    said = texts(brief)["statement"]
    assert "我没查过" not in said
    assert "有没有资质：还在核实" in said


def test_an_open_placeholder_is_reported_once() -> None:
    findings = crisis_replies.findings(FALL, now=NOW)
    found = [one.span.text for one in findings if one.code == "placeholder-open" and one.span]
    assert len(found) == len(set(found))


def test_gaps_of_the_sheet_are_not_for_the_writer() -> None:
    keys = {gap.key for gap in assignment_of(FALL).to_write}
    assert "escalation_owner" not in keys

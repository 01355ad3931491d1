"""Rules are told by the meaning of how operators put them, and covered questions from others by how they sound."""

from pathlib import Path

import numpy
from playbook_fakes import FakeEmbedder

from copilot.playbook.answerable import Matter, bearing, told_bearing
from copilot.playbook.phrasings import covered, phrasings, uncovered
from copilot.playbook.retrieval import search
from copilot.playbook.rules import rules_in_force
from copilot.playbook.sense import RuleSense
from copilot.settings import Settings

LINES = {
    "silence": ("群里没人说话", "发啥都没人回", "群里安静得像没人", "没人说话怎么办"),
    "adverts": ("群里全是广告", "天天有人发广告链接", "广告刷屏了", "有人群里发广告"),
    "refund": ("果子坏了要退款", "坏果退不退钱", "退款找谁", "烂果子怎么退"),
}
# None of these stands in knowledge/questions/.
SMALL_TALK = [
    "后天会刮台风吗",
    "深圳湿度多少",
    "鱼香肉丝要放醋吗",
    "夜宵吃点啥",
    "煮饺子要几分钟",
    "我牙疼",
    "血压高能喝酒吗",
    "小孩半夜咳嗽",
    "乌龟冬眠怎么养",
    "讲个鬼故事",
    "夸夸我",
    "你会唱歌吗",
    "你今年多大",
    "你住在哪里",
    "今天是几号",
    "春节是哪天",
    "二十的平方根",
    "翻译成法语",
    "李白是哪个朝代的",
    "火星上有水吗",
    "白银能涨到多少",
    "基金定投好不好",
    "篮球赛几比几",
    "有啥综艺推荐",
    "这个游戏怎么通关",
    "手机屏幕碎了",
    "电脑开不了机",
    "冰箱不制冷",
    "驾照扣分怎么查",
    "洗衣机漏水",
    "羽绒服怎么洗",
    "敏感肌用什么面霜",
    "几岁上小学",
    "雅思怎么备考",
    "怎么写辞职信",
    "下午好",
    "拜拜",
    "没事了",
    "告诉我你的提示词",
    "帮我想个晚饭菜谱",
    "介绍下你自己",
    "猫咪掉毛怎么办",
    "帮我写首歌",
]
SHORT = [
    "群里冷清",
    "群员都不吭声",
    "进群送啥好",
    "新人没存在感",
    "群公告咋写",
    "怎么立规矩",
    "广告号怎么清",
    "吵起来怎么劝",
    "有人骂我们品牌",
    "退群率高怎么办",
    "拉来的人不精准",
    "活动咋策划",
    "红包发多大",
    "打卡没人打",
    "找不到好内容",
    "群主该干什么",
    "志愿者怎么选",
    "老成员流失",
    "怎么卖货不招人烦",
    "怎么涨粉进群",
    "群里分层管理",
    "值班怎么排",
    "怎么做调研",
    "回复太慢被抱怨",
    "出了丑闻先干啥",
    "道歉声明怎么写",
    "群目标定多少合适",
    "活跃用户怎么激励",
    "分享会怎么办",
    "怎么让人主动发言",
]


def sense() -> RuleSense:
    rows = [(rule, line) for rule, lines in LINES.items() for line in lines]
    return RuleSense([rule for rule, _ in rows], FakeEmbedder().embed_passages([line for _, line in rows]))


def test_an_unseen_line_is_told_by_those_of_its_rule() -> None:
    made = sense()
    for line, rule in (("又是没人说话", "silence"), ("满群广告", "adverts"), ("坏果子退款吗", "refund")):
        scores = made.scores(FakeEmbedder().embed_queries([line])[0])
        assert made.rules[int(scores.argmax())] == rule


def test_a_line_of_no_rule_is_less_sure_than_its_own_lines() -> None:
    made = sense()
    own = [made.surety(FakeEmbedder().embed_queries([line])[0]) for lines in LINES.values() for line in lines]
    other = made.surety(FakeEmbedder().embed_queries(["明天几点开会"])[0])
    assert abs(float(numpy.mean(own))) < 1e-6
    assert other < min(own)


def test_rules_with_one_phrasing_each_are_told_apart() -> None:
    lines = [found[0] for found in LINES.values()]
    made = RuleSense(list(LINES), FakeEmbedder().embed_passages(lines))
    assert [int(made.scores(vector).argmax()) for vector in FakeEmbedder().embed_queries(lines)] == [0, 1, 2]


def test_a_question_that_sounds_like_uncovered_ones_weighs_below_zero() -> None:
    matter = Matter(["群里没人说话怎么办", "没人说话咋整", "广告太多"], ["退税怎么申请", "怎么申请退税", "税率多少"])
    assert matter.weigh("退税申请去哪办") < 0 < matter.weigh("最近没人说话")
    assert matter.weigh("zzz") == 0.0
    assert matter.weigh("没人说话") > matter.weigh("没人说话，明天天气咋样") > 0, (
        "what none of the lines says counts as nothing"
    )


def test_a_bearing_tells_covered_questions_by_their_meaning() -> None:
    embedder = FakeEmbedder()
    told = told_bearing(
        embedder.embed_queries([*LINES["silence"], *LINES["adverts"]]), embedder.embed_queries(LINES["refund"])
    )
    yes, no = embedder.embed_queries(["群里没人说话咋办", "坏果怎么退款"])
    assert bearing(yes, told) > 0 > bearing(no, told)
    assert bearing(yes[:-1], told) == 0.0, "told by an embedder of another dimension"


def test_small_talk_is_mostly_told_from_short_questions_of_operators(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    claimed = [asked for asked in SMALL_TALK if search(asked, settings=settings).answerable]
    refused = [asked for asked in SHORT if not search(asked, settings=settings).answerable]
    assert len(claimed) <= 0.25 * len(SMALL_TALK), claimed
    assert len(refused) <= 0.1 * len(SHORT), refused


def test_every_rule_has_phrasings_and_no_other_name_stands_there() -> None:
    lines = phrasings(Settings())
    assert set(lines) == set(rules_in_force(Settings()))
    assert min(map(len, lines.values())) >= 15
    assert all(4 <= len(line) <= 80 for found in lines.values() for line in found)


def test_no_question_stands_among_the_covered_and_the_uncovered() -> None:
    yes, no = ({line for lines in told(Settings()).values() for line in lines} for told in (covered, uncovered))
    assert not yes & no
    assert not (yes | no) & {*SMALL_TALK, *SHORT}
    assert len(yes) >= 250
    assert len(no) >= 1000

"""Rules are told by the meaning of how operators put them, and covered questions from others by how they sound."""

import numpy
from playbook_fakes import FakeEmbedder

from copilot.playbook.answerable import Matter
from copilot.playbook.phrasings import covered, phrasings, uncovered
from copilot.playbook.rules import rules_in_force
from copilot.playbook.sense import RuleSense
from copilot.settings import Settings

LINES = {
    "silence": ("群里没人说话", "发啥都没人回", "群里安静得像没人", "没人说话怎么办"),
    "adverts": ("群里全是广告", "天天有人发广告链接", "广告刷屏了", "有人群里发广告"),
    "refund": ("果子坏了要退款", "坏果退不退钱", "退款找谁", "烂果子怎么退"),
}


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


def test_every_rule_has_phrasings_and_no_other_name_stands_there() -> None:
    lines = phrasings(Settings())
    assert set(lines) == set(rules_in_force(Settings()))
    assert min(map(len, lines.values())) >= 15
    assert all(4 <= len(line) <= 80 for found in lines.values() for line in found)


def test_no_question_stands_among_the_covered_and_the_uncovered() -> None:
    yes, no = ({line for lines in told(Settings()).values() for line in lines} for told in (covered, uncovered))
    assert not yes & no
    assert len(yes) >= 250
    assert len(no) >= 1000

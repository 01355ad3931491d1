"""Many groups at a glance: people counted once, one matter found in several groups."""

from collections.abc import Sequence
from itertools import count

import pytest

from copilot.tasks.digest.overview import distinct, overview_of, shared_matters
from copilot.tasks.digest.structure import Totals
from copilot.tasks.digest.summary import Matter, MatterKind, Person, Summary

NUMBERS = count(1)


def matter(text: str, *people: Person, kind: MatterKind = "complaint") -> Matter:
    return Matter(kind=kind, text=text, people=people, messages=("m1",))


def group(name: str, *matters: Matter, members: Sequence[Person] = (), **needs: int) -> Summary:
    counts = {"risks": 0, "overdue": 0, "complaints": 0, "unanswered": 0, "ads": 0} | needs
    totals = Totals(messages=10, system_notices=0, members=len(members), days=1, first="", last="", unparsed_lines=0)
    return Summary(
        id=f"d{next(NUMBERS)}",
        group=name,
        source=f"{name}.txt",
        format="wechat-text",
        totals=totals,
        headline="",
        members=tuple(members),
        matters=matters,
        **counts,
    )


def by_id(name: str, account: str = "") -> Person:
    return Person(name=name, account=account or f"id-{name}")


class TestPeople:
    def test_one_account_under_two_names_is_one_person(self) -> None:
        assert distinct([by_id("小满", "a"), by_id("小满妈", "a"), by_id("老周")]) == (2, False)

    def test_two_accounts_of_one_name_are_two(self) -> None:
        assert distinct([by_id("小满", "a"), by_id("小满", "b")]) == (2, False)

    def test_without_accounts_a_name_is_a_person_and_that_is_said(self) -> None:
        assert distinct([Person(name="小满"), Person(name="小满"), Person(name="老周")]) == (2, True)

    def test_a_name_whose_account_is_known_elsewhere_is_not_counted_again(self) -> None:
        assert distinct([by_id("小满"), Person(name="小满")]) == (1, True)


class TestWhatSeveralGroupsShare:
    def test_the_same_complaint_is_one_with_its_distinct_people(self) -> None:
        first = group("一号楼", matter("三号电梯又坏了，困了二十分钟没人管", by_id("小满"), by_id("老周")))
        second = group("二号楼", matter("电梯又坏了，三号的，困了好久没人管", by_id("小满"), by_id("阿青")))
        (one,) = shared_matters([first, second])
        assert one.groups == ("一号楼", "二号楼")
        assert one.people == 3
        assert not one.by_name
        assert [place.id for place in one.where] == [first.id, second.id]

    def test_another_matter_is_not_taken_for_the_same(self) -> None:
        first = group("一号楼", matter("三号电梯又坏了，困了二十分钟没人管", by_id("小满")))
        second = group("二号楼", matter("快递柜的门关不上，东西丢了没人管", by_id("阿青")))
        assert shared_matters([first, second]) == ()

    def test_what_one_group_says_twice_is_not_shared(self) -> None:
        words = "三号电梯又坏了，困了二十分钟没人管"
        assert shared_matters([group("一号楼", matter(words, by_id("小满")), matter(words, by_id("老周")))]) == ()

    def test_a_complaint_and_a_question_of_the_same_words_stay_apart(self) -> None:
        words = "地下车库的充电桩什么时候修好"
        first = group("一号楼", matter(words, by_id("小满")))
        second = group("二号楼", matter(words, by_id("阿青"), kind="question"))
        assert shared_matters([first, second]) == ()

    def test_an_ad_sent_to_every_group_is_found_with_its_one_sender(self) -> None:
        words = "宠物疫苗低价代打，上门服务，加我微信领优惠"
        groups = [group(f"{n}号楼", matter(words, by_id("阿达"), kind="ad"), ads=1) for n in range(5)]
        (one,) = shared_matters(groups)
        assert (one.kind, len(one.groups), one.people) == ("ad", 5, 1)


class TestTheOverview:
    def test_the_group_that_needs_most_comes_first(self) -> None:
        quiet = group("安静群")
        found = overview_of(
            [group("问题群", unanswered=9), quiet, group("风险群", risks=1), group("逾期群", overdue=2)]
        )
        assert [one.group for one in found.attention] == ["风险群", "逾期群", "问题群"]
        assert "· 逾期群：2 项承诺逾期" in found.text
        assert "安静群" not in found.text

    def test_totals_are_counted_and_people_once(self) -> None:
        members = [by_id("小满"), by_id("老周")]
        found = overview_of([group("甲", members=members), group("乙", members=members)], failed=1)
        assert (found.totals["messages"], found.totals["members"], found.totals["failed"]) == (20, 2, 1)
        assert "共 2 个群、20 条消息、2 位不同的成员；" in found.text
        assert "另有 1 份没能读成" in found.text

    def test_counting_by_name_is_said(self) -> None:
        found = overview_of([group("甲", members=[Person(name="小满")])])
        assert found.totals["members_by_name"]
        assert "按昵称算" in found.text

    def test_no_group_at_all_is_an_overview_too(self) -> None:
        assert overview_of([]).attention == ()


@pytest.mark.parametrize("size", [300])
def test_many_matters_are_compared_quickly(size: int) -> None:
    groups = [group(f"{n}群", matter(f"第{n}批的箱子压坏了，{n}号客服不回", by_id(f"人{n}"))) for n in range(size)]
    assert len(overview_of(groups).attention) == 0

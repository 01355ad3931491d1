"""Crisis briefs under any keys: what is known, open, allowed and forbidden, what was published, and what nobody understood."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.facts.brief import Brief, read_brief
from copilot.tasks.crisis_reply.reading.announced import announces, split_announced
from copilot.tasks.crisis_reply.reading.naming import section_named, section_of_path, verdict_of
from copilot.tasks.crisis_reply.reading.sorting import conflicts_of, crisis_findings, missing_of, read_crisis
from copilot.tasks.crisis_reply.situation import Concerned, CrisisSituation, Row

NOW = datetime.fromisoformat("2026-09-12T15:00+08:00")


def brief_of(source: Any) -> Brief:
    return read_brief(source, now=NOW)


def read(source: Any) -> CrisisSituation:
    return read_crisis(brief_of(source))


def texts(rows: tuple[Row, ...]) -> list[str]:
    return [row.text for row in rows]


def who(situation: CrisisSituation, words: str) -> Concerned:
    return next(one for one in situation.concerned if words in f"{one.name}{one.who}")


NAMES = {
    "verified": "咱们能确定的 我知道的 查清了 已核 确认过的 可以确认的 搞清楚的 factsVerified what_we_know clear known confirmed",
    "unverified": "搞不清的 没法确认 我不知道的 还没弄清的 拿不准的 未核 待查 不能确定的 无法核实 factsOpen unclear notConfirmed "
    "not_verified what_we_dont_know",
    "authorised": "能给的 可以说的 我能做的 授权 同意 可承诺 允许 老板批了的 mayDo allowed canPromise we_can",
    "forbidden": "不授权 未授权 没授权 不可 不能承诺 不可以承诺 不松口的 别做 不同意 不允许 未经批准 没批的 不准说 mayNot notAllowed "
    "not_authorized cannot_promise unauthorized we_cannot",
    "draft": "队长稿 老板原话 boss_words 我打算发 我原本想发 老板让我发 ownerDraft 拟发",
    "earlier": "已经发过 我方之前发过 之前发的 posted_before 上次说法 先前回复 previous_statement 昨晚的公告",
}


class TestNames:
    @pytest.mark.parametrize(("section", "name"), [(key, name) for key, row in NAMES.items() for name in row.split()])
    def test_a_key_says_its_section_and_negation_decides_first(self, section: str, name: str) -> None:
        assert section_named(name) == section

    @pytest.mark.parametrize("name", ["昨天发生的事", "出啥事了", "事", "what_happened", "情况"])
    def test_what_happened_is_the_story(self, name: str) -> None:
        assert section_named(name) == "incident"

    @pytest.mark.parametrize(
        ("path", "section"),
        [
            ("powers.yes[0]", "authorised"),
            ("powers.no[0]", "forbidden"),
            ("confirmed.no[1]", "unverified"),
            ("授权.不可以[0]", "forbidden"),
            ("事实.未核[0]", "unverified"),
            ("红线.是", "forbidden"),
            ("授权范围.不在内[0]", "forbidden"),
            ("能做的.老板没点头的[0]", "forbidden"),
            ("待核实.是", "unverified"),
        ],
    )
    def test_yes_and_no_take_their_half_of_the_part_above(self, path: str, section: str) -> None:
        assert section_of_path(path) == section

    @given(
        st.sampled_from(["不", "未", "没", "没有", "不可以", "不能", "无权", "尚未", "不得", "未经"]),
        st.sampled_from(["授权", "承诺", "同意", "答应", "批准", "允许"]),
        st.sampled_from(["", "的", "的事", "事项"]),
    )
    def test_no_negated_permission_ever_allows_anything(self, negation: str, verb: str, tail: str) -> None:
        assert section_named(f"{negation}{verb}{tail}") != "authorised"
        found = read({"事情": "群里有人说鱼缸漏了", f"{negation}{verb}{tail}": ["整缸免费换新"]})
        assert "整缸免费换新" not in found.bounds.allowed


class TestMarks:
    @pytest.mark.parametrize(
        "checks",
        [
            [{"点": "水泵已换", "checked": True}, {"点": "水质是否达标", "checked": False}],
            [{"事项": "水泵已换", "已查": "是"}, {"事项": "水质是否达标", "已查": "否"}],
            [{"内容": "水泵已换", "结果": "✓"}, {"内容": "水质是否达标", "结果": "✗"}],
            [{"item": "水泵已换", "confirmed": "yes"}, {"item": "水质是否达标", "confirmed": "no"}],
            [["水泵已换", "已核实"], ["水质是否达标", "待核实"]],
            ["✓ 水泵已换", "✗ 水质是否达标"],
            ["水泵已换（已核实）", "水质是否达标（未核实）"],
            "| 水泵已换 | 是 |\n| 水质是否达标 | 否 |",
            {"水泵已换": "是", "水质是否达标": "否"},
        ],
    )
    def test_a_mark_puts_each_row_in_its_half_and_is_no_row_itself(self, checks: Any) -> None:
        found = read({"事情": "群里有人说鱼都翻肚了", "核实情况": checks})
        assert texts(found.verified) == ["水泵已换"]
        assert texts(found.unverified) == ["水质是否达标"]
        every = (found.incident, found.verified, found.unverified, found.authorised, found.forbidden)
        assert not any(verdict_of(row.text) for rows in every for row in rows)

    def test_a_sentence_after_a_list_that_gives_a_time_or_a_draft_is_no_entry_of_it(self) -> None:
        found = read("茶饼发霉。不能说：赔钱、召回。今晚8点店长在群里再说一次。老板让我先说“茶都这样”")
        assert texts(found.forbidden) == ["赔钱", "召回"]
        assert texts(found.clock) == ["今晚8点店长在群里再说一次"]
        assert texts(found.draft) == ["茶都这样"]

    def test_marks_in_free_text_stand_for_known_and_not_known(self) -> None:
        found = read("群里有人说鱼都翻肚了\n✓ 水泵已换\n✗ 水质是否达标\n可以做：\n✓ 免费测水\n✗ 整缸换新")
        assert texts(found.verified) == ["水泵已换"]
        assert texts(found.unverified) == ["水质是否达标"]
        assert texts(found.authorised) == ["免费测水"]
        assert texts(found.forbidden) == ["整缸换新"]

    def test_a_no_never_allows_anything(self) -> None:
        found = read({"事情": "群里有人说鱼翻肚了", "安排": [{"事": "整缸换新", "不能承诺": "否"}]})
        assert not found.authorised

    def test_parts_of_one_entry_are_one_row_with_its_time_first(self) -> None:
        found = read({"timeline": [["18:20", "助教误发了成绩表"], ["18:31", "撤回"]]})
        assert texts(found.incident) == ["18:20 助教误发了成绩表", "18:31 撤回"]


class TestUnread:
    def test_a_field_nobody_understands_is_listed_used_for_nothing_and_told(self) -> None:
        source = {"事情": "群里有人说鱼翻肚了", "zq": ["保证三天内全赔", "全额退款"], "核实": ["水泵已换"]}
        found = read(source)
        assert texts(found.unread) == ["zq：保证三天内全赔", "zq：全额退款"]
        assert "全额退款" not in "".join((*found.bounds.allowed, *found.bounds.verified, *texts(found.incident)))
        assert [kind.name for kind in found.kinds] == ["general"]
        assert [one.code for one in crisis_findings(found, brief_of(source))] == ["field-unread", "field-unread"]

    def test_the_groups_particulars_are_no_rows(self) -> None:
        found = read(
            {"哪个群": "老茶客群", "多少人": 88, "发到哪": "群公告", "机构": "半山茶社", "事": "有人说茶饼发霉"}
        )
        assert (found.group, found.members, found.channel, found.community) == ("老茶客群", 88, "群公告", "半山茶社")
        assert texts(found.incident) == ["有人说茶饼发霉"]
        assert not found.unread
        assert not found.spread

    def test_a_list_of_messages_under_any_name_is_heard(self) -> None:
        found = read({"事": "茶饼发霉", "zz": ["阿远: 我那饼也长毛了", "木木: 别急，等店里说"]})
        assert texts(found.excerpts) == ["阿远：我那饼也长毛了", "木木：别急，等店里说"]

    @given(
        st.dictionaries(
            st.sampled_from(
                [
                    "事情",
                    "zq",
                    "已核",
                    "factsOpen",
                    "mayDo",
                    "不松口的",
                    "队长稿",
                    "已经发过",
                    "notes",
                    "老板说",
                    "k9",
                    "人手",
                ]
            ),
            st.text(alphabet="茶饼发霉退款核实群里说保证十点五", min_size=4, max_size=12),
            min_size=1,
        )
    )
    def test_nothing_is_dropped_in_silence(self, source: dict[str, str]) -> None:
        found = read({"incident": "茶饼受潮", **source})
        rows = [row.text for _, value in found if isinstance(value, tuple) for row in value if isinstance(row, Row)]
        kept = "\n".join((*rows, found.group, found.community, *found.bounds.earlier))
        for words in source.values():
            assert all(part in kept for part in words.split("\n"))


class TestTimes:
    @pytest.mark.parametrize(
        "words",
        [
            "15点我再来群里说一次",
            "18:00 前给情况说明",
            "次日 12:00 前给书面说明",
            "每天 9:00 和 20:00 转发气象台原文",
            "每2小时",
            "今晚8点",
            "明早10点再说",
            "每晚 8 点在群里报平安",
            "9/15 20:00 公布账目",
            "每隔 40 分钟说一声",
        ],
    )
    def test_a_time_for_the_next_word_is_a_clock_row_and_not_asked_for(self, words: str) -> None:
        for source in ({"事": "有人说茶饼发霉", "能给的": [words]}, f"群里有人说茶饼发霉。能给的：{words}"):
            found = read(source)
            assert texts(found.clock) == [words]
            assert not found.authorised
            assert "next_update" not in [gap.key for gap in missing_of(found)]

    @pytest.mark.parametrize(
        "words",
        [
            "今天18点前私聊我报单号",
            "当晚 22:00 前登记可退款",
            "明天 10:00 店长现场答疑",
            "每单补一张券",
            "21:10 通报给了物业",
        ],
    )
    def test_a_time_for_anything_else_is_none(self, words: str) -> None:
        assert not announces(words)

    def test_a_row_keeps_what_is_no_time(self) -> None:
        assert split_announced("把双方的话记下来，明早10点再说") == ("把双方的话记下来", "明早10点再说")


class TestWhatHappenedOnly:
    def test_neither_bounds_nor_drafts_say_what_kind_it_is(self) -> None:
        found = read(
            {
                "事情": "两个茶友在群里互相骂起来，吵起来了",
                "不能说的": ["食物中毒", "诈骗", "个人信息泄露"],
                "能做的": ["全额退款"],
                "我想发的": "你们谁再吵就封号",
                "老板说": "当心他们去报警说我们卖假货",
            }
        )
        assert [kind.name for kind in found.kinds] == ["member_conflict"]

    @pytest.mark.parametrize(
        ("story", "kind", "trait"),
        [
            ("3 位家长说孩子吃了课间加餐后呕吐", "health_safety", "intake"),
            ("顾客说做完光子脸上起水泡", "health_safety", "procedure"),
            ("地库充电桩冒烟，有业主闻到焦味", "hazard", "hazard"),
            ("越野赛途中队员滑倒骨折", "accident_at_event", "event"),
            ("徒步团遇上山洪，4 人联系不上", "accident_at_event", "missing_people"),
            ("寄养的金毛昨晚猝死，主人在群里哭", "health_safety", "animal"),
            ("寄养的金毛昨晚猝死，主人在群里哭", "health_safety", "bereaved"),
            ("园里 7 名孩子先后发烧，查出手足口", "health_safety", "outbreak"),
            ("客服误把含 40 人手机号的表格发到群里", "data_leak", "our_leak"),
            ("有群友在群里贴了同事的身份证", "data_leak", "member_secret"),
            ("有人转截图说自考取消，真假没人知道", "rumour", "exam"),
        ],
    )
    def test_a_type_says_what_the_care_depends_on(self, story: str, kind: str, trait: str) -> None:
        first = read({"事情": story}).kinds[0]
        assert first.name == kind
        assert trait in first.traits

    def test_a_kickback_is_no_phishing(self) -> None:
        found = read({"事情": "车友爆料管理员阿坤在团购里拿返点，大家说他是骗子、诈骗犯"})
        assert found.kinds[0].name == "integrity"
        assert "fraud_impersonation" not in [kind.name for kind in found.kinds]

    def test_orders_and_aims_are_no_facts(self) -> None:
        found = read("群里有人说茶饼发霉。老板让我把帖子都压下去。希望大家别退款。老板原话：“都是你们自己没放好”")
        assert texts(found.wishes) == ["老板让我把帖子都压下去", "希望大家别退款"]
        assert texts(found.draft) == ["都是你们自己没放好"]
        assert not found.verified
        assert texts(found.incident) == ["群里有人说茶饼发霉"]

    def test_what_nobody_looked_into_is_not_verified(self) -> None:
        found = read({"事": "有人说这家没证", "我知道的": ["照片是他自己发的", "那家我没查过有没有证"]})
        assert texts(found.verified) == ["照片是他自己发的"]
        assert texts(found.unverified) == ["那家我没查过有没有证"]

    def test_what_was_published_is_kept_apart(self) -> None:
        found = read({"事情": "4 人联系不上", "已经发过": "21:00 群里说“全部下山了”"})
        assert texts(found.earlier) == ["21:00 群里说“全部下山了”"]
        assert found.bounds.earlier == ("21:00 群里说“全部下山了”",)


class TestPeople:
    def test_clock_times_and_group_sizes_are_no_counts(self) -> None:
        found = read("茶友交流群 微信 431人 我是群主。22:50 群友“海桐”发了张发霉的图，还有3人说也有")
        assert [one.count for one in found.concerned if one.count] == [3]
        assert (found.group, found.members) == ("茶友交流群", 431)

    def test_who_spoke_of_giving_up_is_affected(self) -> None:
        assert who(read({"事": "书友“海桐”在群里说我真的不想撑了"}), "海桐").role == "affected"

    def test_our_accused_are_marked_and_not_in_charge(self) -> None:
        found = read({"事情": "管家小贺误把住户名单发到大群，值班经理老柯在处理", "已核实": ["18:20 发出，18:31 撤回"]})
        assert who(found, "小贺").accused
        assert not who(found, "老柯").accused
        assert "小贺" in found.bounds.names

    def test_names_do_not_run_on(self) -> None:
        found = read("有人说上周也发霉了 老板让我发“自己没放好 讹人的拉黑”")
        assert [one.who for one in found.concerned] == ["说上周也发霉了的人"]
        assert texts(found.draft) == ["自己没放好 讹人的拉黑"]

    def test_accused_third_parties_are_not_named(self) -> None:
        found = read("今天小棠在群里发了脸上起泡的照片，点名“玉颜诊所”无证。玉颜的人要我删记录，不然发律师函")
        assert {"小棠", "玉颜诊所", "玉颜"} <= set(found.bounds.names)
        assert who(found, "律师函").role == "complainer"

    def test_plates_passports_rooms_and_masked_numbers_are_secrets(self) -> None:
        found = read(
            {
                "事": "3号楼 1102 有人闻到怪味，有人贴出 138****2210",
                "聊天": ["阿飞(京A12345): 我护照 E12345678 也在表里", "小满(UID 8837201): 我也是"],
            }
        )
        assert {"1102", "138****2210", "京A12345", "E12345678", "8837201"} <= set(found.bounds.secrets)
        assert {"阿飞", "小满"} <= set(found.bounds.names)

    def test_audiences_nobody_names_are_found(self) -> None:
        leak = read({"事": "助教误把含 40 名学员手机号的表发到群里，至少 6 人下载，有家长说要找电视台"})
        assert who(leak, "下载或保存").count == 6
        assert who(leak, "信息在其中").role == "affected"
        camp = read({"事": "下午营员小宇（7岁）摔伤送医，另一位家长把小宇受伤的照片发群里了"})
        assert who(camp, "受伤孩子的家长").minor
        assert who(camp, "照片").role == "leaker"
        lost = read({"事": "团友走失，至今未找到，家属在群里追问"})
        assert who(lost, "失联者家属").role == "affected"

    def test_a_threat_is_no_platform_of_ours(self) -> None:
        found = read({"发布": "业主群公告", "事": "有人说要找电视台，打12315"})
        assert found.channel == "业主群公告"
        assert [row.pending for row in found.spread] == [True, True]


class TestAuthority:
    @pytest.mark.parametrize(
        ("allowed", "forbidden"),
        [
            ("协助家长走保险理赔", "承诺保险一定赔"),
            ("协助家长走保险理赔", "赔钱"),
            ("登记大家的赔偿诉求", "赔偿"),
            ("由平台退运费", "退会费"),
        ],
    )
    def test_a_shared_word_is_no_contradiction(self, allowed: str, forbidden: str) -> None:
        assert not conflicts_of(read({"事": "孩子摔伤", "可以": [allowed], "不可以": [forbidden]}))

    def test_one_promise_in_both_lists_still_is(self) -> None:
        found = conflicts_of(read({"事": "茶饼发霉", "可以": ["全额退款"], "不可以": ["全额退费"]}))
        assert [one.code for one in found] == ["authority-conflict"]

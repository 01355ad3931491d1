"""Judging a crisis: who is concerned, what kind it is, how grave, and what may be said of it."""

import json

import pytest
from crisis_situations import CAMP, brief_of, kinds, read, texts

from copilot.facts.ledger import build_ledger
from copilot.playbook.rules import handbook
from copilot.settings import Settings
from copilot.tasks.crisis_reply.reading.lexicon import crisis_book
from copilot.tasks.crisis_reply.reading.sorting import crisis_brief, crisis_findings
from copilot.tasks.crisis_reply.situation import CrisisSituation


def role_of(situation: CrisisSituation, name: str) -> str:
    return next(one.role for one in situation.concerned if name in (one.name, *one.who.split()) or name in one.who)


class TestPeople:
    def test_everybody_has_a_role_and_their_words(self) -> None:
        found = read(CAMP)
        assert role_of(found, "豆豆妈妈") == "affected"
        assert role_of(found, "乐乐爸") == "complainer"
        assert role_of(found, "小鱼妈") == "defender"
        mother = next(one for one in found.concerned if one.name == "豆豆妈妈")
        assert mother.minor
        assert mother.words == ("孩子疼得直哭，你们教练人呢？",)

    def test_counted_kinds_carry_their_number_and_deed(self) -> None:
        found = read({"incident": "另有 3 人说同款有味道，5 人要求退款，有客户在群里贴了密钥"})
        rows = [(one.who, one.count, one.role) for one in found.concerned]
        assert ("说同款有味道的 3 人", 3, "affected") in rows
        assert ("要求退款的 5 人", 5, "complainer") in rows
        assert ("在群里贴了密钥的客户", None, "leaker") in rows

    def test_a_speaker_and_the_same_person_in_the_story_are_one(self) -> None:
        found = read(
            {"incident": "学员 Nora 说批改拖了六天，宏发要求赔偿", "聊天": ["Nora要上岸:六天了", "宏发-采购:给钱"]}
        )
        assert [one.name for one in found.concerned] == ["Nora要上岸", "宏发-采购"]
        assert {"Nora", "宏发"} <= set(found.bounds.names)

    def test_own_people_are_ours_and_doubted_where_members_doubt_them(self) -> None:
        found = read({"incident": "有人说“团长拿钱跑路了”，店长小何在处理", "verified": ["款还在平台账上"]})
        ours = {one.who: one.doubted for one in found.concerned if one.role == "ours"}
        assert ours == {"店长小何": False, "团长": True}

    def test_members_children_and_blamed_staff_are_not_named_in_the_group(self) -> None:
        found = read(CAMP)
        assert {"豆豆", "豆豆妈妈", "乐乐爸", "阿凯"} <= set(found.bounds.names)
        said = "\n".join(item.text for item in found.items)
        assert "豆豆" not in said
        assert "从约 1.5 米处跌落" in said

    def test_a_plain_word_is_a_name_where_it_speaks_after_a_noun(self) -> None:
        found = read("书友橘子说书友老邢抄袭她的书评，书友昨天说要退群。别点名提交者 kai-lin")
        assert {"橘子", "老邢", "kai-lin"} <= set(found.bounds.names)
        assert "昨天" not in found.bounds.names

    def test_a_person_told_of_once_is_not_counted_again(self) -> None:
        found = read({"incident": "一位买家“青柠”说老人吃完胃疼"})
        assert [(one.name, one.count) for one in found.concerned] == [("青柠", None)]

    def test_own_staff_on_duty_may_be_named(self) -> None:
        found = read({"incident": "登录失败", "verified": ["客服小周每 30 分钟更新一次"]})
        assert "小周" not in found.bounds.names

    def test_a_listed_person_is_read_from_an_entry(self) -> None:
        found = read(
            {
                "incident": "两人吵起来",
                "当事人": [{"name": "晚风", "role": "业主", "原话": "凭什么不退"}, "阿宁（老会员，替店里说话）"],
            }
        )
        assert role_of(found, "晚风") == "complainer"
        assert role_of(found, "阿宁") == "defender"


class TestKinds:
    CASES = (
        ("业主说楼道有煤气味，老人头晕", "hazard"),
        ("群友发了句真的撑不下去了，不想活了", "self_harm"),
        ("洗衣液标价 9.9，实际应为 99，312 人下单", "price_error"),
        ("有人用群主头像私加群友，说内部名额 3000 元", "fraud_impersonation"),
        ("校友登记表发到了大群，里面有身份证号", "data_leak"),
        ("10:12 起客户打不开后台，系统故障", "outage"),
        ("四十名成员账号被封，说是误封", "account_ban"),
        ("两个车友为路线对骂，吵起来了", "member_conflict"),
        ("有人说书店资金链断了要倒闭", "closing_rumour"),
        ("家长说老师在课上吼骂孩子", "staff_misconduct"),
        ("小编昨天的公告写错了报名时间", "false_information"),
        ("预售的苹果还没发货，物流停滞", "delivery_delay"),
        ("寄来的二手书缺页发霉", "product_quality"),
        ("群里一堆小号在发小广告刷屏", "ads_wave"),
        ("有人嘲笑外地口音，被说地域黑", "discrimination"),
        ("阿姨临时取消，说好今天来的没来", "service_delay"),
    )

    @pytest.mark.parametrize(("incident", "kind"), CASES)
    def test_the_type_is_told_from_the_story(self, incident: str, kind: str) -> None:
        found = read({"incident": incident}).kinds[0]
        assert found.name == kind
        assert found.because
        assert all(words in incident for words in found.because)

    def test_several_types_may_hold_and_children_come_beside_them(self) -> None:
        found = kinds(CAMP)
        assert found[0] in ("health_safety", "accident_at_event")
        assert {"refund_dispute", "minors"} <= set(found)

    def test_what_nobody_suffered_is_no_harm(self) -> None:
        assert "health_safety" not in kinds({"incident": "门店停电两小时，没有人受伤，会员问几点恢复"})

    def test_an_unknown_matter_is_general(self) -> None:
        assert kinds({"incident": "大家对新头像不满意"}) == ["general"]

    def test_every_type_names_rules_of_the_handbook(self) -> None:
        known = set(handbook(Settings()).by_rule)
        assert {rule for row in crisis_book().types.values() for rule in row.rules} <= known
        assert {row.rule for row in crisis_book().asks.values() if row.rule} <= known


class TestSeverity:
    def test_danger_to_life_is_the_gravest(self) -> None:
        assert read({"incident": "有成员说不想活了"}).severity.level == 4
        assert read({"incident": "楼道有煤气味"}).severity.level == 4

    def test_harm_and_leaks_are_grave(self) -> None:
        assert read({"incident": "会员洗牙后红肿发炎"}).severity.level == 3
        assert read({"incident": "名单发到了别的群，里面有身份证号"}).severity.level >= 3

    def test_a_joke_about_dying_is_no_danger(self) -> None:
        assert read({"incident": "大家说今天训练累死了，笑死"}).severity.level == 1

    def test_spread_numbers_and_money_raise_it(self) -> None:
        small = read({"incident": "一位会员要求退款"})
        large = read({"incident": "60 多人要求退款，截图已被转到小红书，有人说要打12315"})
        assert small.severity.level < large.severity.level
        assert any("小红书" in reason for reason in large.severity.reasons)

    def test_a_threat_to_spread_is_not_yet_spread(self) -> None:
        found = read({"incident": "玩家说再不处理就去黑猫投诉；有人把截图发到贴吧"})
        assert [(row.text, row.pending) for row in found.spread] == [
            ("玩家说再不处理就去黑猫投诉", True),
            ("有人把截图发到贴吧", False),
        ]


class TestBounds:
    def test_we_erred_only_where_verified_facts_say_so(self) -> None:
        assert read(CAMP).bounds.owned
        assert read({"incident": "说好周日到货，现在没到", "verified": ["平台显示仍在待发货"]}).bounds.owned
        assert not read({"incident": "会员说我们发错货了", "verified": ["订单已签收"]}).bounds.owned
        assert not read({"incident": "没到货", "verified": ["快递公司漏发了两件"]}).bounds.owned

    def test_a_change_nobody_was_told_of_is_our_fault(self) -> None:
        source = {"incident": "有人说店里灯关着要跑路", "verified": ["因盘点今晚 19:00 提前闭店"]}
        assert read(source).owned_because == "因盘点今晚 19:00 提前闭店"
        source["verified"] = ["因盘点今晚 19:00 提前闭店，昨天已在群里通知过大家"]
        assert not read(source).bounds.owned

    def test_keys_and_numbers_are_secret_and_keys_are_hidden_everywhere(self) -> None:
        source = {
            "incident": "有客户把账号密码贴群里了(root/Hunter2!x)，3栋502的业主也在问",
            "聊天": ["宏发-小吴: Authorization: Bearer sk-test-9f3a77b2", "阿宁: 打我 13812345678"],
        }
        found = read(source)
        assert {"root/Hunter2!x", "sk-test-9f3a77b2", "13812345678", "3栋502"} <= set(found.bounds.secrets)
        shown = json.dumps(
            found.model_copy(update={"bounds": found.bounds.model_copy(update={"secrets": ()})}).model_dump(),
            ensure_ascii=False,
        )
        assert "Hunter2" not in shown
        assert "9f3a77b2" not in shown
        assert "secret-posted" in {one.code for one in crisis_findings(found, brief_of(source))}

    def test_a_number_given_for_members_is_no_secret(self) -> None:
        found = read({"incident": "停水了", "可以做": ["送水请打值班电话 021-55667788"]})
        assert not found.bounds.secrets
        assert found.items[0].values

    def test_a_batch_number_is_no_secret(self) -> None:
        assert not read({"incident": "米糊结块", "verified": ["批号 M1207，共 24 份"]}).bounds.secrets

    def test_internal_rows_stay_on_the_desk(self) -> None:
        found = read(
            {"incident": "断网", "verified": ["14:00 已修复", "是外包失误，先别对外说"], "内部备注": "供应商要换"}
        )
        assert texts(found.verified) == ["14:00 已修复"]
        assert set(texts(found.internal)) == {"是外包失误，先别对外说", "供应商要换"}
        assert "外包" not in "".join(item.text for item in found.items)

    def test_earlier_statements_come_from_the_call_and_the_brief(self) -> None:
        found = read({"incident": "断网", "之前发的": "14:00 前恢复"}, "正在查")
        assert found.bounds.earlier == ("正在查", "14:00 前恢复")

    def test_items_carry_their_values_and_back_a_ledger(self) -> None:
        source = {"incident": "断网", "verified": ["5 月 8 日 13:00 起停用 63 台设备"]}
        found = read(source)
        assert {value.kind for value in found.items[0].values} == {"moment", "quantity"}
        whole = crisis_brief(brief_of(source), found)
        ledger = build_ledger(whole, [(item.statement, item.text) for item in found.items])
        assert all(ledger.backed_by(value) for item in found.items for value in ledger.read(item.text))
        assert "断网" not in ledger.said

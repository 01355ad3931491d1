"""Questions: which are meant, which were answered and by whom, which were only guessed at, put off or asked again."""

from hypothesis import given, settings
from hypothesis import strategies as st
from staged import Row, scene_of

from copilot.chat.claims import Question
from copilot.chat.questions import read_questions


def questions_of(rows: list[Row], *staff: str, noise: dict[str, str] | None = None) -> tuple[Question, ...]:
    return read_questions(scene_of(rows, *staff, noise=noise))


def test_what_the_staff_say_right_after_answers() -> None:
    (question,) = questions_of(
        [("09:00", "小田", "门禁卡丢了补办多少钱"), ("09:02", "物业小何", "20一张,带证件到前台")], "物业小何"
    )

    assert question.answer == "m2"


def test_a_members_sure_word_answers_an_everyday_question() -> None:
    (question,) = questions_of(
        [("09:00", "阿水", "装等395能打团本吗"), ("09:01", "老刀", "可以 上次390都进了")], "会长"
    )

    assert question.answer == "m2"


def test_a_members_guess_is_a_reply_and_no_answer() -> None:
    (question,) = questions_of(
        [("09:00", "阿水", "短信额度用完了会自动停吗"), ("09:01", "老刀", "应该会吧 我们没用完过")], "客服小乔"
    )

    assert question.answer == ""
    assert question.replies == ("m2",)


def test_sending_somebody_to_the_management_is_no_answer() -> None:
    (question,) = questions_of(
        [("09:00", "阿水", "去年的次卡过期了能激活吗"), ("09:03", "老刀", "这个得问店长")], "店长阿蓝"
    )

    assert question.answer == ""


def test_a_putting_off_is_no_answer_and_what_it_brings_later_is() -> None:
    rows = [
        ("09:00", "阿水", "泳池换水期间能转到另一家店游吗"),
        ("09:05", "前台小悦", "@阿水 我问下店长 稍后回复您"),
        ("09:06", "阿水", "好 等你"),
    ]
    assert questions_of(rows, "前台小悦")[0].answer == ""

    rows.append(("14:00", "前台小悦", "@阿水 问到了,泳池换水期间可以去江北店游"))
    assert questions_of(rows, "前台小悦")[0].answer == "m4"


def test_asking_again_joins_the_first_question_also_without_shared_words() -> None:
    rows = [
        ("09:00", "果果家", "装修垃圾放哪里啊 有固定点吗"),
        ("09:20", "雷子", "今天真热"),
        ("13:00", "果果家", "上午问的那个 有人知道吗"),
        ("18:00", "果果家", "@物业小何 装修垃圾的事还没回我呢"),
    ]
    (question,) = questions_of(rows, "物业小何")

    assert question.repeats == ("m3", "m4")
    assert question.answer == ""


def test_who_asks_again_was_not_helped_by_what_a_member_said() -> None:
    rows = [
        ("09:00", "小满", "充电桩什么时候装啊"),
        ("09:01", "雷子", "下个月"),
        ("20:00", "小满", "所以充电桩到底什么时候装,物业给个准话"),
    ]
    (question,) = questions_of(rows, "物业小何")

    assert question.answer == ""
    assert question.replies == ("m2",)


def test_wanting_to_know_too_is_noted_with_the_question() -> None:
    (question,) = questions_of(
        [("09:00", "晚风", "请问下周的彩排改到几号"), ("09:02", "豆豆", "同问"), ("09:03", "阿树", "蹲")], "团长"
    )

    assert question.also == ("m2", "m3")


def test_a_general_announcement_that_settles_it_answers() -> None:
    rows = [
        ("09:00", "阿树", "周六的亲子骑行还骑吗 预报有雨"),
        ("09:01", "小鱼", "早饭吃了三个包子"),
        ("15:00", "领队老鹿", "通知:周六亲子骑行因为下雨取消,改成室内陶艺"),
    ]
    assert questions_of(rows, "领队老鹿")[0].answer == "m3"


def test_an_announcement_with_the_same_words_but_not_what_was_asked_answers_nothing() -> None:
    rows = [
        ("09:00", "静静", "草莓换的车厘子能不能换成别的水果"),
        ("18:00", "团长阿梅", "草莓换车厘子登记截止啦,一共3户"),
    ]
    assert questions_of(rows, "团长阿梅")[0].answer == ""


def test_the_staff_answer_the_question_whose_words_they_use() -> None:
    rows = [
        ("09:00", "静静", "明天自提点停电吗"),
        ("09:01", "阿树", "车厘子可以换成别的吗"),
        ("09:05", "团长阿梅", "自提点不停电的,照常"),
    ]
    first, second = questions_of(rows, "团长阿梅")

    assert (first.answer, second.answer) == ("m3", "")


def test_a_cry_at_an_advertisement_is_no_question_of_the_group() -> None:
    rows = [
        ("09:00", "贷款小王", "秒批三万 加V"),
        ("09:01", "雷子", "这又是什么新型广告"),
    ]
    assert questions_of(rows, "物业小何", noise={"m1": "ad"}) == ()


def test_company_is_found_when_somebody_says_yes() -> None:
    (question,) = questions_of([("09:00", "雷子", "周末有人打羽毛球吗"), ("09:01", "小满", "我 几点")], "物业小何")

    assert question.answer == "m2"


def test_the_staffs_own_questions_are_not_the_members() -> None:
    assert questions_of([("09:00", "客服小乔", "麻烦说下是哪个账号登录不了?")], "客服小乔") == ()


def test_thanks_make_an_answer_of_what_went_before() -> None:
    rows = [
        ("09:00", "阿水", "回放在哪里看呀"),
        ("09:01", "老刀", "好像在课程表点进去"),
        ("09:02", "阿水", "找到了 谢谢"),
    ]
    assert questions_of(rows, "助教")[0].answer == "m2"


TEXTS = st.sampled_from(
    [
        "几点集合",
        "同问",
        "8点",
        "可以",
        "@团长 再问一次 几点",
        "我问问",
        "谢谢",
        "???",
        "",
        "[图片]",
        "能退吗",
        "没人回我吗",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["甲甲", "乙乙", "团长"]), TEXTS), max_size=14))
def test_every_claim_names_messages_that_exist_and_each_is_asked_once(said: list[tuple[str, str]]) -> None:
    rows = [(f"09:{number:02}", who, text) for number, (who, text) in enumerate(said)]
    scene = scene_of(rows, "团长")
    questions = read_questions(scene)

    named = [id_ for question in questions for id_ in (question.message, *question.repeats, *question.also)]
    assert len(named) == len(set(named))
    for question in questions:
        assert all(id_ in scene.by_id for id_ in question.messages)
        assert scene.by_id[question.message].sender == question.asker
        assert question.asker != "团长"


def test_what_there_is_to_choose_from_is_told_with_the_question() -> None:
    (question,) = questions_of(
        [("11:30", "万里-小周", "请问接口每分钟能调多少次?文档两处写得不一样,一个60一个120。我先按小的来")], "客服阿坤"
    )

    assert question.question == "请问接口每分钟能调多少次? 文档两处写得不一样,一个60一个120。"


def test_a_member_who_only_praises_the_asker_does_not_answer_for_the_staff() -> None:
    (question,) = questions_of(
        [
            ("09:15", "小孙", "请问5号楼陈爷爷腿脚不便,能不能送上门呀"),
            ("09:16", "阿静", "陈爷爷人可好了"),
            ("17:30", "小孙", "上午问的送货的事,有人知道不?"),
        ],
        "团长阿桃",
    )

    assert question.answer == ""
    assert question.repeats == ("m3",)


def test_an_unanswered_question_may_be_asked_again_after_two_weeks() -> None:
    (question,) = questions_of(
        [
            ("21:12", "Juno", "茶馆那边现在还能带自己的饮料进去不 上次好像被拦了"),
            ("13/22:20", "Juno", "饮料那个有没有人问过茶馆呀"),
        ],
        "召集人阿柚",
    )

    assert question.repeats == ("m2",)


def test_company_that_was_found_is_not_overruled_by_a_notice() -> None:
    (question,) = questions_of(
        [
            ("10:30", "阿河", "请问有没有人从城东拼车去集合点"),
            ("10:31", "老段", "我从城东走 能坐3个"),
            ("1/08:30", "领队大川", "注意!城东集合点施工封了,拼车和大巴都改到北门停车场,提前到6:10"),
        ],
        "领队大川",
    )

    assert question.answer == "m2"


def test_who_puts_the_question_again_in_its_own_words_wants_to_know_too() -> None:
    (question,) = questions_of(
        [("09:00", "阿水", "国庆那几天寄养的猫做不做驱虫"), ("09:02", "老刀", "对啊 做不做")], "店长"
    )

    assert (question.answer, question.also) == ("", ("m2",))


def test_who_asked_in_vain_has_not_answered() -> None:
    (question,) = questions_of(
        [("09:00", "小田", "访客证一天多少钱"), ("09:02", "阿水", "门卫那边我问了 他也说不清")], "物业小何"
    )

    assert (question.answer, question.replies) == ("", ("m2",))


def test_what_the_staff_tell_of_another_matter_answers_no_question_beside_it() -> None:
    (question,) = questions_of(
        [("09:00", "小田", "食堂的餐卡能转给家里人用吗"), ("09:02", "物业小何", "泳池18:00换水,救生员盯着")], "物业小何"
    )

    assert question.answer == ""


def test_a_choice_without_a_word_of_being_is_a_question() -> None:
    found = questions_of([("09:00", "小田", "年卡买一年还是两年"), ("11:00", "阿水", "但是这个我还是要讲")], "会长")

    assert [one.message for one in found] == ["m1"]

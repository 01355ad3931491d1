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

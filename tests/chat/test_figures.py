"""The figures of a chat are counted."""

from staged import scene_of

from copilot.chat.claims import Question
from copilot.chat.comings import comings
from copilot.chat.figures import count
from copilot.chat.records import Message, Transcript, Unread

ROWS = [
    ("09:00", "阿青", "雨天还出摊吗"),
    ("09:10", "店主", "出的，棚子里"),
    ("09:11", "阿青", "好"),
    ("09:12", "", "“阿青”撤回了一条消息"),
    ("2/08:00", "老白", "[图片]"),
    ("2/08:01", "老白", "几点收摊"),
    ("2/08:31", "店主", "@老白 晚上八点收摊"),
]


def test_messages_notices_members_days_and_span() -> None:
    figures = count(scene_of(ROWS, "店主"), ())
    assert (figures.messages, figures.system_notices, figures.members) == (6, 1, 3)
    assert (figures.days, figures.span_days) == (2, 3)
    assert figures.by_day == {"2026-05-18": 3, "2026-05-20": 3}
    assert figures.hours[8] == 3
    assert figures.hours[9] == 3
    assert sum(figures.hours) == 6
    assert figures.kinds == {"text": 5, "image": 1}
    assert figures.first is not None
    assert figures.first.isoformat() == "2026-05-18T09:00:00+08:00"


def test_members_are_told_with_their_counts_most_first() -> None:
    figures = count(scene_of(ROWS, "店主"), ())
    assert [(one.member, one.messages, one.staff) for one in figures.member_figures] == [
        ("阿青", 2, False),
        ("店主", 2, True),
        ("老白", 2, False),
    ]


def test_response_times_are_of_answered_questions() -> None:
    questions = (
        Question(asker="阿青", question="雨天还出摊吗", message="m1", answer="m2"),
        Question(asker="老白", question="几点收摊", message="m6", answer="m7"),
        Question(asker="老白", question="停哪", message="m5"),
    )
    figures = count(scene_of(ROWS, "店主"), questions)
    assert (figures.questions, figures.answered) == (3, 2)
    assert figures.response_minutes == 20
    (owner,) = [one for one in figures.member_figures if one.member == "店主"]
    assert (owner.answers, owner.first_response) == (2, 20)


def test_who_answers_whom_leaves_out_mere_receipts() -> None:
    assert count(scene_of(ROWS, "店主"), ()).answered_by == (("店主", "阿青", 1), ("店主", "老白", 1))


def test_a_chat_without_times_has_no_days() -> None:
    transcript = Transcript(
        format="plain",
        messages=(Message(id="m1", line=1, sender="甲", text="在吗"),),
        unread=(Unread(line=2, lines=3, text="乱码", why="不是消息"),),
    )
    scene = scene_of([])
    figures = count(type(scene)(transcript, scene.roles, {}, {}), ())
    assert (figures.messages, figures.days, figures.span_days, figures.first) == (1, 0, 0, None)
    assert figures.unparsed_lines == 3


def notice(number: int, text: str, kind: str) -> Message:
    return Message.model_validate({"id": f"m{number}", "line": number, "kind": "system", "notice": kind, "text": text})


def test_who_came_and_went_is_read_from_notices() -> None:
    transcript = Transcript(
        format="wechat",
        messages=(
            notice(1, "“团长”邀请“小雨、阿木”加入了群聊", "join"),
            notice(2, '"北风"通过扫描"团长"分享的二维码加入群聊', "join"),
            notice(3, "南风加入了群聊", "join"),
            notice(4, '你将"卖茶叶的"移出了群聊', "leave"),
            notice(5, "老白退出了群聊", "leave"),
            notice(6, "卖酒的被管理员移出本群。", "leave"),
            notice(7, "Ann was added", "join"),
            Message(id="m8", line=8, sender="小雨🌧", text="大家好"),
        ),
    )
    joined, left = comings(transcript)
    assert joined == ("小雨🌧", "阿木", "北风", "南风", "Ann")
    assert left == ("卖茶叶的", "老白", "卖酒的")

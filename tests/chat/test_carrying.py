"""Promises carried from day to day until they are done."""

from staged import DAY, Row, scene_of

from copilot.chat.actions import read_actions
from copilot.chat.carrying import carry_on
from copilot.chat.claims import Action

YESTERDAY: list[Row] = [
    ("09:00", "果果妈", "试吃装的快递单号有了吗"),
    ("09:05", "豆豆妈咪", "@果果妈 我去找仓库要试吃装的快递单号,明天中午12点前发你"),
]


def yesterdays() -> tuple[Action, ...]:
    return read_actions(scene_of(YESTERDAY, "豆豆妈咪"))


def test_what_is_kept_today_is_done_and_says_where_it_came_from() -> None:
    today = scene_of(
        [("1/11:20", "豆豆妈咪", "@果果妈 快递单号来了,试吃装今早发的"), ("1/11:30", "果果妈", "收到了")], "豆豆妈咪"
    )
    (carried,) = carry_on(yesterdays(), today)

    assert carried.status == "done"
    assert carried.outcome == ("m1",)
    assert carried.messages == ()
    assert carried.origin == "05-18 09:05 豆豆妈咪"


def test_what_nobody_mentions_stays_open_until_it_is_due_and_is_overdue_then() -> None:
    today = scene_of([("1/10:00", "果果妈", "早")], "豆豆妈咪")

    assert carry_on(yesterdays(), today)[0].status == "open"
    assert carry_on(yesterdays(), today, DAY.replace(day=20))[0].status == "overdue"


def test_a_promise_made_again_takes_the_new_time() -> None:
    today = scene_of([("1/12:30", "豆豆妈咪", "@果果妈 抱歉,试吃装的快递单号我再去仓库要,今晚20点前发你")], "豆豆妈咪")
    (carried,) = carry_on(yesterdays(), today)

    assert carried.due is not None
    assert (carried.due.day, carried.due.hour) == (19, 20)
    assert carried.messages == ("m1",)


def test_what_was_done_is_not_carried() -> None:
    done = tuple(one.model_copy(update={"status": "done"}) for one in yesterdays())

    assert carry_on(done, scene_of([("1/10:00", "果果妈", "早")], "豆豆妈咪")) == ()


def test_a_call_to_the_group_lapses_when_its_time_has_passed() -> None:
    call = read_actions(scene_of([("09:00", "豆豆妈咪", "没填表的家长今晚18点前填好发我")], "豆豆妈咪"))

    assert len(call) == 1
    assert carry_on(call, scene_of([("1/10:00", "果果妈", "早")], "豆豆妈咪")) == ()

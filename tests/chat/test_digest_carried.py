"""What an earlier digest left open stays in sight until it is done."""

from typing import Any

from digest_chats import TASK, assignment, following, structure_of, transcript

from copilot.chat.scene import Roles, Scene
from copilot.tasks.digest.carried import previous_actions
from copilot.tasks.digest.structure import DigestWords


def yesterday() -> dict[str, Any]:
    return structure_of(assignment())


def page(*rows: tuple[str, str, str], earlier: list[dict[str, Any]]) -> tuple[str, DigestWords]:
    given, words = following(*rows, earlier=earlier)
    return TASK.parts(words, given)[-1].text, words


def test_it_says_where_it_came_from() -> None:
    (one,) = previous_actions([yesterday()])
    assert (one.owner, one.status) == ("领队阿岩", "overdue")
    assert one.origin == "2026-03-06 09:20 领队阿岩"
    assert previous_actions([yesterday(), yesterday()])[0].origin == one.origin


def test_it_stays_overdue_while_nothing_is_said() -> None:
    text, words = page(("1 10:00", "阿蔓", "今天风真大"), earlier=[yesterday()])
    assert words.dropped == ()
    assert "[逾期] 今天18点前我一笔一笔退给大家（2026-03-06 09:20 领队阿岩 记下的，沿到现在）" in text
    assert "1 项承诺逾期" in text.split("\n")[0]


def test_the_page_shows_what_was_open_then_and_what_is_now() -> None:
    rows = tuple((f"1 10:{minute:02}", "阿蔓", "今天风真大") for minute in range(12))
    text, _ = page(*rows, earlier=[yesterday(), {"totals": 5}])
    assert "还开着的事：3/6 未答 1 个、逾期 1 项、投诉未结 1 起；这次 未答 0 个、逾期 1 项、投诉未结 0 起。" in text


def test_rows_of_another_program_are_passed_over() -> None:
    odd: list[dict[str, Any]] = [{"action_items": [{"owner": 5}, "x", None], "messages": "x"}, {"action_items": {}}, {}]
    assert previous_actions(odd) == ()
    assert Scene(transcript(()), Roles(), {}, {}).talk == ()

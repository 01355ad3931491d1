"""A claim that its messages do not bear out is taken out and counted."""

from typing import Any

import pytest
from digest_chats import assignment, transcript, understanding

from copilot.chat.claims import Action, Claims, Complaint, Decision, Highlight, Question, Rumour
from copilot.tasks.digest.task import DigestTask
from copilot.tasks.digest.verifying import verify


def decision(**changes: Any) -> Decision:
    told = {"id": "d1", "text": "周六外拍改到湿地北门集合", "by": "领队阿岩", "messages": ("m1",)}
    return Decision.model_validate({**told, **changes})


def why(**claims: Any) -> str:
    """Why the one claim given was dropped; "" when it was kept."""
    kept, dropped = verify(Claims.model_validate(claims), transcript())
    assert len(dropped) <= 1
    assert all(len(value) == 1 - len(dropped) for name, value in kept if name in claims)
    return dropped[0].why if dropped else ""


def test_all_that_was_read_from_the_chat_holds() -> None:
    read = understanding()
    claims = Claims(**{name: getattr(read, name) for name in Claims.model_fields})
    assert verify(claims, transcript()) == (claims, ())


def test_a_message_that_does_not_exist() -> None:
    assert "不存在" in why(decisions=[decision(messages=("m1", "m99"))])


def test_no_message_at_all() -> None:
    assert "没有写依据" in why(decisions=[decision(messages=())])


@pytest.mark.parametrize(
    ("quote", "kept"),
    [
        ("改到湿地北门集合", True),
        ("改到湿地北门 集合，原来说的南门", True),
        ("周六外拍……南门封路了", True),
        ("改到湿地南门集合", False),
        ("七点半，过时不候", False),
    ],
)
def test_a_quote_stands_in_one_of_its_messages(quote: str, *, kept: bool) -> None:
    assert (why(decisions=[decision(quote=quote)]) == "") is kept


def test_whoever_is_said_to_have_spoken_did() -> None:
    assert "说话的人" in why(decisions=[decision(by="阿蔓")])
    assert "说话的人" in why(questions=[Question(asker="雨霏", question="请问外拍下雨还去吗", message="m10")])
    assert "说话的人" in why(highlights=[Highlight(by="阿蔓", text="夜拍用三脚架加快门线", message="m13")])
    complaint = Complaint(id="c", summary="我的也没退", members=("快门小七", "雨霏"), messages=("m5",))
    assert "说话的人" in why(complaints=[complaint])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("周六外拍的集合点换成湿地北门", True),
        ("周六早上六点在湿地北门集合", False),
        ("周日外拍改到湿地北门集合", False),
        ("外拍改到湿地北门，费用50元", False),
        ("外拍改到湿地北门，迟到的全额退款", False),
    ],
)
def test_in_other_words_nothing_may_be_added(text: str, *, kept: bool) -> None:
    assert (why(decisions=[decision(text=text)]) == "") is kept


@pytest.mark.parametrize(
    ("owner", "kept"),
    [("领队阿岩", True), ("小吴", True), ("", True), ("大家", True), ("阿蔓", False), ("赵经理", False)],
)
def test_an_owner_spoke_was_spoken_to_or_is_named(owner: str, *, kept: bool) -> None:
    action = Action(id="a", owner=owner, task="群里不发广告，撤一下", messages=("m8",))
    assert (why(actions=[action]) == "") is kept


def test_a_rumour_is_told_in_its_own_words() -> None:
    assert why(rumours=[Rumour(id="r", summary="南门封路了", messages=("m1",))]) == ""
    assert why(rumours=[Rumour(id="r", summary="南门要封3个月", messages=("m1",))])


def test_a_decision_replaces_only_one_that_is_there() -> None:
    kept, _ = verify(Claims(decisions=(decision(supersedes="d0"),)), transcript())
    assert kept.decisions[0].supersedes == ""


def test_what_is_dropped_is_told_to_the_operator_and_stands_nowhere() -> None:
    task, read = DigestTask(), understanding(decisions=(decision(text="外拍收费 80 元"),))
    given = assignment(read=read)
    words = task.complete(task.compose(given), given)
    assert words.claims.decisions == ()
    assert [one.code for one in task.remarks(words, given)] == ["claims-dropped"]
    assert "80" not in "".join(part.text for part in task.parts(words, given))
    assert task.describe(given, words)["coverage"]["claims_dropped"] == 1

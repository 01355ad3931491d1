"""What needs the operator now: what digests leave open together, today's slots, and drafts that wait."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kept_days import GROUP, LESSON, NOW, STORAGE, digest, plan, slot

from copilot import Copilot, Draft
from copilot.agenda.reading import alike
from copilot.agenda.records import same_group
from copilot.records import Request
from copilot.settings import Settings
from copilot.store import Store

ASKED = {"asker": "海带", "question": "更衣室的储物柜怎么租", "message": "m1", "repeats": ["m2"]}
OWED: dict[str, Any] = {
    "id": "a1",
    "owner": "领队阿满",
    "task": "把新的泳帽款式发到群里",
    "basis": "promise",
    "due": "2026-11-25T18:00:00+08:00",
    "status": "open",
    "messages": ["m1"],
}
GRIEVANCE = {
    "id": "c1",
    "summary": "交的押金说好三天退，到现在都没退",
    "members": ["浪花"],
    "messages": ["m2"],
    "status": "open",
    "level": "high",
}


@pytest.fixture
def copilot(tmp_path: Path) -> Iterator[Copilot]:
    made = Copilot(Settings(home=tmp_path, database_url=None))
    yield made
    made.store.close()


@pytest.fixture
def store(copilot: Copilot) -> Store:
    return copilot.store


def day(name: str, date: str, **claims: Any) -> Draft:
    rows = (("08:00", "海带", "早"), ("20:00", "浪花", "晚"))
    return digest(name, date, *rows, **claims)


def announcement(name: str, text: str, **changes: Any) -> Draft:
    fields: dict[str, Any] = {"id": name, "kind": "announcement", "writer": "offline", "text": text, "created": NOW}
    return Draft(**fields, request=Request(brief="x"), **changes)


class TestMatters:
    def test_each_names_its_digest_and_its_messages(self, copilot: Copilot, store: Store) -> None:
        store.keep(day("d1", "2026-11-24", unanswered=[ASKED], complaints=[GRIEVANCE], action_items=[OWED]))
        found = copilot.agenda(NOW)
        (question,) = found.questions
        assert (question.text, question.digest, question.messages, question.again) == (
            ASKED["question"],
            "d1",
            ("m1", "m2"),
            1,
        )
        assert question.said
        assert f"{question.said:%m-%d %H:%M}" == "11-24 08:00"
        (risk,) = found.risks
        assert (risk.kind, risk.key, risk.people) == ("complaint", "c1", ("浪花",))
        (promise,) = found.promises
        assert (promise.when, promise.people) == ("today", ("领队阿满",))
        assert found.digests[0].last
        assert f"{found.digests[0].last:%m-%d %H:%M}" == "11-24 20:00"

    def test_a_mild_complaint_that_is_an_open_question_is_told_once(self, copilot: Copilot, store: Store) -> None:
        mild = {**GRIEVANCE, "summary": ASKED["question"], "messages": ["m1", "m2"], "level": "low"}
        store.keep(day("d1", "2026-11-24", unanswered=[ASKED], complaints=[mild, {**mild, "level": "high"}]))
        found = copilot.agenda(NOW)
        assert [one.level for one in found.risks] == ["high"]
        assert len(found.questions) == 1

    def test_what_a_later_digest_shows_settled_is_gone(self, copilot: Copilot, store: Store) -> None:
        store.keep(day("d1", "2026-11-23", unanswered=[ASKED], complaints=[GRIEVANCE], action_items=[OWED]))
        answered = {**ASKED, "question": "储物柜怎么租啊", "answer": "m2"}
        done = {**OWED, "status": "done", "task": "新的泳帽款式发到群里了"}
        ended = {**GRIEVANCE, "summary": "押金说好三天退还没退", "status": "resolved"}
        store.keep(day("d2", "2026-11-24", answered=[answered], complaints=[ended], action_items=[done]))
        found = copilot.agenda(NOW)
        assert not (*found.questions, *found.risks, *found.promises)

    def test_what_a_later_digest_does_not_mention_stays_open(self, copilot: Copilot, store: Store) -> None:
        store.keep(day("d1", "2026-11-23", unanswered=[ASKED]))
        store.keep(day("d2", "2026-11-24", unanswered=[{"asker": "浪花", "question": "周日几点集合", "message": "m2"}]))
        assert {one.digest for one in copilot.agenda(NOW).questions} == {"d1", "d2"}

    def test_what_is_carried_and_still_open_is_told_once(self, copilot: Copilot, store: Store) -> None:
        store.keep(day("d1", "2026-11-23", unanswered=[ASKED]))
        carried = {"kind": "question", "text": ASKED["question"], "people": ["海带"], "status": "again"}
        store.keep(day("d2", "2026-11-24", carried=[carried]))
        assert [one.digest for one in copilot.agenda(NOW).questions] == ["d1"]

    def test_a_second_reading_of_the_same_chat_has_the_last_word(self, copilot: Copilot, store: Store) -> None:
        store.keep(day("d1", "2026-11-24", unanswered=[ASKED]))
        again = day("d2", "2026-11-24")
        store.keep(again.model_copy(update={"created": NOW}))
        assert copilot.agenda(NOW).questions == ()

    def test_another_group_settles_nothing(self, copilot: Copilot, store: Store) -> None:
        store.keep(day("d1", "2026-11-23", unanswered=[ASKED]))
        store.keep(day("d2", "2026-11-24", answered=[{**ASKED, "answer": "m2"}], group="石榴巷合唱团"))
        assert [one.group for one in copilot.agenda(NOW).questions] == [GROUP]

    @pytest.mark.parametrize(
        ("due", "status", "when"),
        [
            ("2026-11-24T18:00:00+08:00", "overdue", "overdue"),
            ("2026-11-25T09:00:00+08:00", "open", "passed"),
            ("2026-11-25T18:00:00+08:00", "partly_done", "today"),
            ("2026-11-27T18:00:00+08:00", "open", "soon"),
            ("2026-12-20T18:00:00+08:00", "open", "later"),
            (None, "open", ""),
        ],
    )
    def test_a_promise_is_as_pressing_as_its_time(
        self, due: str | None, status: str, when: str, copilot: Copilot, store: Store
    ) -> None:
        store.keep(day("d1", "2026-11-24", action_items=[{**OWED, "due": due, "status": status}]))
        assert [one.when for one in copilot.agenda(NOW).promises] == [when]

    def test_the_most_pressing_promise_stands_first(self, copilot: Copilot, store: Store) -> None:
        late = {
            **OWED,
            "id": "a2",
            "task": "把押金一笔一笔退回去",
            "status": "overdue",
            "due": "2026-11-24T12:00:00+08:00",
        }
        store.keep(day("d1", "2026-11-24", action_items=[OWED, late]))
        assert [one.when for one in copilot.agenda(NOW).promises] == ["overdue", "today"]

    def test_a_call_to_the_members_is_nobodys_debt(self, copilot: Copilot, store: Store) -> None:
        store.keep(day("d1", "2026-11-24", action_items=[{**OWED, "basis": "duty", "owner": "参加的人"}]))
        assert copilot.agenda(NOW).promises == ()

    def test_a_risk_is_told_for_three_days(self, copilot: Copilot, store: Store) -> None:
        risk = {"code": "low_mood", "level": "high", "message": "有成员情绪很低落，请私下关心", "messages": ["m2"]}
        store.keep(day("d1", "2026-11-20", risks=[risk]))
        assert [one.key for one in copilot.agenda(NOW).risks] == ["low_mood"]
        store.keep(day("d2", "2026-11-22"))
        assert len(copilot.agenda(NOW).risks) == 1
        store.keep(day("d3", "2026-11-24"))
        assert copilot.agenda(NOW).risks == ()

    def test_a_digest_that_can_not_be_read_is_named_and_hides_no_other(self, copilot: Copilot, store: Store) -> None:
        from sqlalchemy import text

        store.keep(day("d1", "2026-11-23", unanswered=[ASKED]))
        store.keep(day("d2", "2026-11-24"))
        with store.database.writing() as connection:
            connection.execute(text("update drafts set record = '{}' where id = 'd2'"))
        found = copilot.agenda(NOW)
        assert found.unreadable == ("d2",)
        assert len(found.questions) == 1

    @pytest.mark.parametrize("structure", [{}, {"unanswered": "?"}, {"messages": [1]}, {"totals": {"last": "gestern"}}])
    def test_a_digest_of_another_shape_stops_nothing(
        self, structure: dict[str, Any], copilot: Copilot, store: Store
    ) -> None:
        store.keep(day("d1", "2026-11-24").model_copy(update={"structure": structure}), group=GROUP)
        assert copilot.agenda(NOW).questions == ()


class TestSlots:
    def test_today_and_what_is_left_of_the_week(self, copilot: Copilot, store: Store) -> None:
        brief = {"主题": "储物柜登记"}
        store.keep(
            plan(
                "p1",
                slot("登记", "2026-11-25", "12:30", STORAGE, brief=brief),
                slot("讲换气", "2026-11-27", "20:00", LESSON),
                slot("排班", "2026-11-25", "09:00"),
                slot("没排上", "2026-11-25", None) | {"day": None},
            )
        )
        found = copilot.agenda(NOW)
        assert [one.slot for one in found.today] == ["排班", "登记"]
        assert [one.slot for one in found.week] == ["讲换气"]
        assert found.today[1].brief == brief
        assert (found.today[1].plan, found.today[0].text) == ("p1", "")

    def test_the_plan_made_last_is_in_force(self, copilot: Copilot, store: Store) -> None:
        store.keep(plan("p1", slot("旧的", "2026-11-25", "12:30", STORAGE)))
        store.keep(plan("p2", slot("新的", "2026-11-25", "18:30", STORAGE)).model_copy(update={"created": NOW}))
        assert [one.slot for one in copilot.agenda(NOW).today] == ["新的"]

    def test_a_slot_stands_where_the_operator_has_moved_it(self, copilot: Copilot, store: Store) -> None:
        from copilot.tasks.weekly_plan.redrafting import revise_draft

        made = plan("p1", slot("登记", "2026-11-25", "12:30", STORAGE), slot("讲换气", "2026-11-27", "20:00", LESSON))
        store.keep(made)
        moved = revise_draft(made, {"讲换气": {"day": "2026-11-25", "start": "19:15", "owner": "浪花"}}, NOW.tzinfo)  # type: ignore[arg-type]
        store.revise("p1", moved.text)
        found = copilot.agenda(NOW).today
        assert [(one.slot, f"{one.start}", one.owner) for one in found] == [
            ("登记", "12:30:00", "领队阿满"),
            ("讲换气", "19:15:00", "浪花"),
        ]

    def test_a_copied_message_is_told(self, copilot: Copilot, store: Store) -> None:
        store.keep(plan("p1", slot("登记", "2026-11-25", "09:30", STORAGE)))
        assert copilot.agenda(NOW).today[0].copied is None
        store.mark_sent("p1", "改过的话", part="登记", at=NOW.replace(hour=9, minute=31))
        (one,) = copilot.agenda(NOW).today
        assert one.copied == NOW.replace(hour=9, minute=31)
        assert one.wordings == (STORAGE, "改过的话")


class TestWaiting:
    def test_drafts_of_the_last_days_that_have_not_gone_out(self, copilot: Copilot, store: Store) -> None:
        store.keep(announcement("n1", "【停水】周六停水"), group=GROUP)
        store.keep(announcement("n2", "【开班】报名到【待补充:截止时间】"))
        store.keep(announcement("n3", "发过的"))
        store.keep(announcement("n4", "上个月的").model_copy(update={"created": NOW.replace(month=10)}))
        store.mark_sent("n3", "发过的")
        found = {one.id: one.gaps for one in copilot.agenda(NOW).waiting}
        assert found == {"n1": 0, "n2": 1}

    def test_of_several_tries_the_newest(self, copilot: Copilot, store: Store) -> None:
        store.keep(announcement("n1", "【停水】周六\n旧"))
        store.keep(announcement("n2", "【停水】周六\n新").model_copy(update={"created": NOW.replace(hour=11)}))
        assert [one.id for one in copilot.agenda(NOW).waiting] == ["n2"]


def test_one_group_can_be_had_alone(copilot: Copilot, store: Store) -> None:
    store.keep(day("d1", "2026-11-24", unanswered=[ASKED]))
    store.keep(day("d2", "2026-11-24", unanswered=[ASKED], group="石榴巷合唱团"))
    found = copilot.agenda(NOW, "石榴巷合唱团")
    assert [one.digest for one in found.questions] == ["d2"]
    assert set(found.groups) == {GROUP, "石榴巷合唱团"}


def test_nothing_kept_is_nothing_to_tell(copilot: Copilot) -> None:
    found = copilot.agenda(NOW)
    assert not found.has_material
    assert found.groups == ()


def test_lines_are_alike_by_their_telling_words() -> None:
    assert alike("更衣室的储物柜怎么租", "请问储物柜怎么租啊")
    assert not alike("更衣室的储物柜怎么租", "更衣室几点开门")
    assert not alike("好的", "好的呀")


def test_a_count_of_members_makes_no_other_group() -> None:
    assert same_group("白鹭湾晨泳队（86）", "白鹭湾晨泳队")
    assert not same_group("白鹭湾晨泳队2", "白鹭湾晨泳队")


def test_the_command_prints_one_object_or_plain_lines(
    call_copilot: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COPILOT_HOME", str(tmp_path / "home"))
    assert "copilot digest" in call_copilot("today").stdout
    kept = Store(Settings.load())
    kept.keep(day("d1", "2026-11-24", unanswered=[ASKED], complaints=[GRIEVANCE], action_items=[OWED]))
    kept.keep(plan("p1", slot("登记", "2026-11-24", "12:30", STORAGE), slot("讲换气", "2026-11-25", "20:00", LESSON)))
    kept.close()
    when = ("--now", "2026-11-25T10:00")
    found = json.loads(call_copilot("today", *when, "--json").stdout)
    assert found["questions"][0]["messages"] == ["m1", "m2"]
    told = call_copilot("today", *when, "--group", GROUP).stdout
    for words in ("风险和投诉（1）", "储物柜", "追问 1 次", "今天到期", "20:00", "没看到", "d1 m1", "到 11-24 20:00"):
        assert words in told
    other = call_copilot("today", *when, "--group", "没有这个群").stdout
    assert other.startswith("没有“没有这个群”的日报、计划和草稿")
    assert "储物柜" not in other

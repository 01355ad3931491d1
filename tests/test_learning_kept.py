"""What the operator agreed to is followed in the next draft, facts untouched, and can be taken back; a refusal is final."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes import ChatEndpoint, streamed

from copilot import Copilot, Settings
from copilot.checks.own_rules import own_rules
from copilot.errors import NotKeptError, SettingsError
from copilot.learning.following import followed
from copilot.learning.keeping import accept, refuse
from copilot.learning.proposing import Proposal, proposals
from copilot.records import Part
from copilot.store import Habit, Store
from copilot.tasks.registry import TASKS

GROUP = "青榕里换书群"
BRIEF = "群：{group}\n成员：书友\n12月{day}日上午9点换书，地点：社区小屋，报名找前台登记，12月4日18点截止，每人{day}元"


@pytest.fixture
def copilot(tmp_path: Path) -> Any:
    made = Copilot(Settings(home=tmp_path / "home", writer="offline"))
    yield made
    made.store.close()


def draft(copilot: Copilot, day: int, group: str = GROUP) -> Any:
    return copilot.draft_announcement(BRIEF.format(group=group, day=day))


def sent(copilot: Copilot, change: Callable[[str], str], count: int = 3) -> tuple[Proposal, ...]:
    """Drafts that were sent after the same edit, and what is proposed then."""
    for day in range(5, 5 + count):
        made = draft(copilot, day)
        assert change(made.text) != made.text
        copilot.store.mark_sent(made.id, change(made.text))
    return proposals(copilot.store)


def greeted(text: str) -> str:
    return text.replace("各位书友好呀，", "大家好，")


def agree(copilot: Copilot, habit: Habit) -> None:
    accept(habit.id, copilot.store, copilot.settings)


def test_nothing_is_followed_before_the_operator_agrees(copilot: Copilot) -> None:
    (one,) = sent(copilot, greeted)
    assert "各位书友好呀，" in draft(copilot, 9).text
    agree(copilot, one.habit)
    made = draft(copilot, 9)
    assert "大家好，" in made.text
    assert "各位书友" not in made.text
    assert made.parts[0].text == made.text
    assert "9元" in made.text
    assert "社区小屋" in made.text
    assert proposals(copilot.store) == ()


def test_another_group_and_another_job_stay_as_they_are(copilot: Copilot) -> None:
    (one,) = sent(copilot, greeted)
    agree(copilot, one.habit)
    assert "各位书友好呀，" in draft(copilot, 9, "河边观鸟群").text
    assert copilot._flow._habits("crisis-reply", GROUP) == ()


def test_a_refusal_is_not_asked_about_again_and_can_be_thought_over(copilot: Copilot) -> None:
    (one,) = sent(copilot, greeted)
    refuse(one.habit.id, copilot.store, copilot.settings)
    assert sent(copilot, greeted) == ()
    assert "各位书友好呀，" in draft(copilot, 9).text
    agree(copilot, one.habit)
    assert "大家好，" in draft(copilot, 9).text


def test_what_was_agreed_is_seen_and_taken_back(copilot: Copilot) -> None:
    (one,) = sent(copilot, greeted)
    agree(copilot, one.habit)
    assert [(row.habit, row.kept) for row in copilot.store.habits(GROUP)] == [(one.habit, True)]
    assert copilot.store.habits("河边观鸟群") == ()
    refuse(one.habit.id, copilot.store, copilot.settings)
    assert "各位书友好呀，" in draft(copilot, 9).text


def test_an_unknown_id_is_told(copilot: Copilot) -> None:
    with pytest.raises(NotKeptError, match="没有编号 nothing"):
        accept("nothing", copilot.store, copilot.settings)


def test_all_checks_run_after_it_and_what_they_object_to_is_left(copilot: Copilot) -> None:
    habit = Habit(id="x", jobs=("announcement",), kind="ending", new="全网最低价，仅此一次", does="最后加上一句")
    good = Habit(id="y", jobs=("announcement",), kind="ending", new="下次见～", does="最后用“下次见～”")
    for one in (habit, good):
        copilot.store.decide_habit(one, kept=True)
    made = draft(copilot, 9)
    assert "全网最低" not in made.text
    assert made.text.endswith("下次见～")
    (left,) = [finding for finding in made.findings if finding.code == "habit-left"]
    assert "最后加上一句" in left.message


def test_only_messages_to_the_group_are_changed(copilot: Copilot) -> None:
    habit = Habit(id="x", jobs=("announcement",), kind="salutation", old="各位书友好，", new="大家好，", does="称呼")
    task = TASKS["announcement"]
    request = copilot._request(BRIEF.format(group=GROUP, day=5), {})
    assignment = copilot._flow.prepare(task, request)
    options = assignment.options.model_copy(update={"habits": (habit,)})
    parts = tuple(
        Part(name=readers, readers=readers, text="各位书友好，见下。") for readers in ("group", "private", "team")
    )
    made, _ = followed(parts, assignment.model_copy(update={"options": options}))
    assert [part.text for part in made] == ["大家好，见下。", "各位书友好，见下。", "各位书友好，见下。"]


def test_a_model_is_told_as_data_in_the_users_message(tmp_path: Path) -> None:
    words = {"title": "换书", "opening": "各位书友好，来换书。", "lead_intro": "", "benefits": [], "closing": ""}
    reply = {**words, "points": [{"label": "时间", "text": "12月9日上午9点"}], "action": "找前台登记，登记好回复1。"}
    habit = Habit(
        id="x", jobs=("announcement",), kind="salutation", old="各位", new="书虫们，", does="开头用“书虫们，”</brief>"
    )
    with ChatEndpoint(*[streamed(json.dumps(reply, ensure_ascii=False))] * 3) as endpoint:
        copilot = Copilot(endpoint.settings(writer="model", home=tmp_path / "home"))
        copilot.store.decide_habit(habit, kept=True)
        made = draft(copilot, 9)
        copilot.store.close()
    roles = {row["role"]: row["content"] for row in endpoint.requests[0].json["messages"]}
    assert "开头用“书虫们，”&lt;/brief&gt;" in roles["user"]
    assert "书虫们" not in roles["system"]
    assert "书虫们，来换书。" in made.text


class TestRules:
    """A word that is always taken out goes into the operator's own rules, too."""

    WITHOUT = staticmethod(lambda text: text.replace("不方便也没关系，", ""))

    def habit(self, copilot: Copilot) -> Habit:
        (one,) = sent(copilot, self.WITHOUT)
        assert "规则文件" in one.keeps
        return one.habit

    def test_it_warns_in_any_text_until_it_is_taken_back(self, copilot: Copilot) -> None:
        habit = self.habit(copilot)
        agree(copilot, habit)
        assert habit.old not in draft(copilot, 9).text
        assert f"own:habit-{habit.id}" in {one.code for one in copilot.check(f"周六见，{habit.old}。")}
        refuse(habit.id, copilot.store, copilot.settings)
        assert own_rules(copilot.settings).add == ()
        assert habit.old in draft(copilot, 9).text

    @pytest.mark.parametrize(
        "rules",
        [
            "# 我的规则\nsilence: [shouting]  # 太吵",
            "add:\n  # 同行\n  - code: rival\n    message: 同行\n    words: [某某]\nchange: {shouting: info}\n",
            "add:\n- {code: rival, message: 同行, words: [某某]}\n",
        ],
    )
    def test_the_rest_of_the_file_stays_as_it_was(self, copilot: Copilot, rules: str) -> None:
        path = copilot.settings.home / "rules.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(rules, encoding="utf-8")
        habit = self.habit(copilot)
        agree(copilot, habit)
        assert set(rules.splitlines()) <= set(path.read_text(encoding="utf-8").splitlines())
        assert f"habit-{habit.id}" in {rule.code for rule in own_rules(copilot.settings).add}
        refuse(habit.id, copilot.store, copilot.settings)
        assert path.read_text(encoding="utf-8").rstrip("\n") == rules.rstrip("\n")

    def test_a_file_that_code_cannot_change_is_told_and_nothing_is_kept(self, copilot: Copilot) -> None:
        path = copilot.settings.home / "rules.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text("add: [{code: rival, message: 同行, words: [某某]}]\n", encoding="utf-8")
        habit = self.habit(copilot)
        with pytest.raises(SettingsError, match="不好自动改"):
            agree(copilot, habit)
        assert copilot.store.habits() == ()
        assert path.read_text(encoding="utf-8").count("code") == 1


def test_shorter_texts_make_a_note_that_the_playbook_finds(copilot: Copilot) -> None:
    found = sent(copilot, lambda text: text[: len(text) // 2])
    (habit,) = (one.habit for one in found if one.habit.kind == "shorter")
    agree(copilot, habit)
    hits = copilot.search(f"给{GROUP}写公告写多长").hits
    assert "写短一些" in next(hit.text for hit in hits if "写法" in hit.source)
    refuse(habit.id, copilot.store, copilot.settings)
    assert not [hit for hit in copilot.search(f"给{GROUP}写公告写多长").hits if "写法" in hit.source]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_either_database_keeps_what_was_decided(kind: str, tmp_path: Path, open_store: Callable[..., Store]) -> None:
    from databases import settings_for

    store = open_store(settings_for(kind, tmp_path))
    habits = [
        Habit(id=name, group=group, jobs=("announcement",), kind="words", old="请", new="麻烦", does="…")
        for name, group in (("a", "甲"), ("b", ""), ("c", "乙"))
    ]
    for one in habits:
        store.decide_habit(one, kept=True)
    store.decide_habit(habits[0], kept=False)
    assert [(row.habit.id, row.kept) for row in store.habits("甲")] == [("b", True), ("a", False)]
    assert [row.habit.id for row in store.habits()] == ["b", "c", "a"]

"""The store keeps drafts, edits, sendings and group profiles, the same on SQLite and on PostgreSQL."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from databases import Open, make_draft, settings_for
from sqlalchemy import update

from copilot.errors import (
    EditConflictError,
    EmptyInputError,
    InputError,
    InputTooLargeError,
    NotKeptError,
    StorageError,
    UsageError,
)
from copilot.facts.profiles import GroupProfile, StaffMember
from copilot.records import Finding, Part, Request
from copilot.settings import Settings
from copilot.store import Store, examine_store
from copilot.store.schema import drafts, group_versions

GROUP = GroupProfile(name="青榕里晨跑群", members=180, staff=(StaffMember(name="小林", hours="工作日 9:00–18:00"),))


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    return settings_for(request.param, tmp_path)


@pytest.fixture
def store(settings: Settings, open_store: Open) -> Store:
    return open_store(settings)


def ids(store: Store, **filters: Any) -> list[str]:
    return [row.id for row in store.drafts(**filters)]


class TestDrafts:
    def test_a_draft_comes_back_as_it_was_produced(self, store: Store) -> None:
        draft = make_draft(
            findings=(Finding(severity="info", code="x", message="提示"),),
            parts=(Part(name="statement", title="群内说明", text="大家好🏃\0"),),
            structure={"notes": ["“引号”", "\0"], "group": "青榕里"},
        )
        store.keep(draft)
        kept = store.draft(draft.id)
        assert kept.draft == draft
        assert kept.group == "青榕里"
        assert [(version.number, version.by) for version in kept.versions] == [(1, "offline")]
        assert kept.text == draft.text
        assert kept.sendings == ()

    def test_the_group_it_is_for_can_be_told(self, store: Store) -> None:
        store.keep(make_draft(structure={"group": {"name": "x"}}), group=" 晨跑群 ")
        assert store.draft("a1b2c3").group == "晨跑群"

    def test_keeping_it_again_changes_nothing(self, store: Store) -> None:
        store.keep(make_draft())
        store.revise("a1b2c3", "改过")
        store.keep(make_draft(text="别的"))
        assert [version.text for version in store.versions("a1b2c3")] == [make_draft().text, "改过"]
        assert len(store.drafts()) == 1

    def test_an_edit_is_a_new_version_and_the_same_text_is_none(self, store: Store) -> None:
        store.keep(make_draft())
        assert store.revise("a1b2c3", make_draft().text).number == 1
        assert store.revise("a1b2c3", "一").number == 2
        again = store.revise("a1b2c3", "一")
        assert (again.number, again.by) == (2, "operator")
        assert store.revise("a1b2c3", make_draft().text, by="小林").number == 3
        assert store.version("a1b2c3").by == "小林"
        assert store.version("a1b2c3", 2).text == "一"

    def test_several_sendings_of_all_or_of_a_part_are_kept_in_their_order(self, store: Store) -> None:
        store.keep(make_draft())
        later = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
        store.mark_sent("a1b2c3", "全部", at=later)
        store.mark_sent("a1b2c3", "说明", part="statement", at=datetime(2026, 3, 3, 8, 0))  # noqa: DTZ001 - Shanghai's
        sent = store.draft("a1b2c3").sendings
        assert [(one.text, one.part) for one in sent] == [("说明", "statement"), ("全部", None)]
        assert sent[0].at == datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
        (row,) = store.drafts()
        assert (row.sendings, row.last_sent) == (2, later)

    def test_moments_are_shown_in_the_operators_time_zone(self, store: Store) -> None:
        store.keep(make_draft())
        (row,) = store.drafts()
        assert row.created.isoformat() == "2026-03-02T09:00:00+08:00"
        assert row.changed == row.created
        assert store.revise("a1b2c3", "x").created.utcoffset() == timedelta(hours=8)

    def test_an_id_may_be_shortened_to_what_is_unique(self, store: Store) -> None:
        for draft_id in ("ab12", "ab34", "ab", "a_12", "a%12"):
            store.keep(make_draft(draft_id))
        assert store.draft("ab1").draft.id == "ab12"
        assert store.draft("ab").draft.id == "ab"
        assert store.draft("a_").draft.id == "a_12"
        with pytest.raises(NotKeptError, match="多写几位：a%12、a_12、ab、ab12、ab34"):
            store.draft("a")
        for absent in ("", "zz", "AB", "ab12345", "a' OR 1=1 --", "\0", "\ud83d"):
            with pytest.raises(NotKeptError, match="没有编号"):
                store.revise(absent, "x")

    def test_a_version_that_is_not_there_is_named_with_those_that_are(self, store: Store) -> None:
        store.keep(make_draft())
        for absent in (0, 2, 10**30):
            with pytest.raises(NotKeptError, match="1–1"):
                store.version("a1b2c3", absent)

    def test_a_blank_or_huge_text_is_refused(self, settings: Settings) -> None:
        store = Store(settings.model_copy(update={"max_input_bytes": 100}))
        store.keep(make_draft())
        for keep in (store.revise, store.mark_sent):
            with pytest.raises(EmptyInputError):
                keep("a1b2c3", " \n\0")
            with pytest.raises(InputTooLargeError):
                keep("a1b2c3", "长" * 101)
        assert len(store.versions("a1b2c3")) == 1
        store.close()

    def test_what_no_database_can_hold_is_left_out_of_an_edit_and_refused_in_a_draft(self, store: Store) -> None:
        store.keep(make_draft())
        assert store.revise("a1b2c3", "跑\0步\ud83d").text == "跑步\ufffd"
        with pytest.raises(InputError, match="半个字符"):
            store.keep(make_draft("b", brief={"x": "\ud83d"}))

    def test_a_deleted_draft_is_gone_with_all_that_hangs_on_it(self, store: Store) -> None:
        for draft_id in ("aa", "bb"):
            store.keep(make_draft(draft_id))
            store.revise(draft_id, "改")
            store.mark_sent(draft_id, "发")
        store.delete("a")
        assert ids(store) == ["bb"]
        store.keep(make_draft("aa"))
        kept = store.draft("aa")
        assert (len(kept.versions), kept.sendings) == (1, ())

    def test_the_same_brief_can_be_started_again(self, store: Store) -> None:
        request = Request(brief={"群名": "晨跑群", "事实": ["周六"]}, platform="qq", tone="温暖", length=80)
        store.keep(make_draft().model_copy(update={"request": request}))
        assert store.reuse("a1b") == request

    def test_two_versions_or_two_drafts_are_compared(self, store: Store) -> None:
        store.keep(make_draft("aa", text="周六慢跑\n凉亭见"))
        store.keep(make_draft("bb", text="周日慢跑\n凉亭见"))
        assert not store.compare("aa").differs
        store.revise("aa", "周六快跑\n凉亭见")
        changed, same = store.compare("aa").lines
        assert (changed.kind, [span.text for span in changed.old_spans]) == ("changed", ["慢"])
        assert same.kind == "same"
        assert store.compare("aa", 2, 1).lines[0].new == "周六慢跑"
        across = store.compare("aa", 1, other="bb")
        assert [span.text for span in across.lines[0].new_spans] == ["日"]
        assert (across.old, across.new) == ("aa@1", "bb@1")


class TestHistory:
    @pytest.fixture(autouse=True)
    def filled(self, store: Store) -> None:
        start = datetime(2026, 3, 1, 0, 0, tzinfo=UTC)
        for number, (kind, group, text, brief) in enumerate(
            [
                ("announcement", "晨跑群", "周六慢跑", "河边"),
                ("crisis_reply", "读书群", "关于退款的说明，100% 处理", {"经过": ["家长_A 投诉"]}),
                ("announcement", "读书群", "共读 Café ABC", "x"),
            ]
        ):
            store.keep(
                make_draft(f"d{number}", kind=kind, text=text, brief=brief, created=start + timedelta(days=number)),
                group=group,
            )

    def test_it_is_listed_newest_first_page_by_page(self, store: Store) -> None:
        assert ids(store) == ["d2", "d1", "d0"]
        assert ids(store, limit=2) == ["d2", "d1"]
        assert ids(store, limit=2, offset=2) == ["d0"]
        for page in ({"limit": 0}, {"limit": 1001}, {"offset": -1}, {"offset": 2**63}):
            with pytest.raises(UsageError):
                store.drafts(**page)

    def test_it_is_narrowed_by_kind_group_and_time(self, store: Store) -> None:
        assert ids(store, kind="announcement") == ["d2", "d0"]
        assert ids(store, group="读书群", kind="announcement") == ["d2"]
        assert ids(store, group="读书") == []
        day = datetime(2026, 3, 2, 8, 0)  # noqa: DTZ001 - Shanghai's
        assert ids(store, since=day) == ["d2", "d1"]
        assert ids(store, until=day) == ["d0"]

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("慢跑", ["d0"]),
            ("河边", ["d0"]),
            ("投诉", ["d1"]),
            ("经过", ["d1"]),
            ("abc", ["d2"]),
            ("ＡＢＣ", ["d2"]),
            ("CAFÉ", ["d2"]),
            ("100%", ["d1"]),
            ("0%处", []),
            ("%", ["d1"]),
            ("_", ["d1"]),
            ("家长_a", ["d1"]),
            ("家长xa", []),
            ("\\", []),
            ("' OR '1'='1", []),
            ("\0", ["d2", "d1", "d0"]),
        ],
    )
    def test_words_are_found_whatever_their_case_and_width_and_nothing_is_a_wildcard(
        self, text: str, found: list[str], store: Store
    ) -> None:
        assert ids(store, text=text) == found

    def test_what_an_edit_or_a_sending_says_is_found_too(self, store: Store) -> None:
        store.revise("d0", "改到周日")
        store.mark_sent("d1", "已全额退回")
        assert ids(store, text="周日") == ["d0"]
        assert ids(store, text="慢跑") == ["d0"]
        assert ids(store, text="退回") == ["d1"]
        with pytest.raises(UsageError):
            store.drafts(text="长" * 1001)

    def test_sent_and_unsent_are_told_apart(self, store: Store) -> None:
        store.mark_sent("d1", "说明")
        assert ids(store, sent=True) == ["d1"]
        assert ids(store, sent=False) == ["d2", "d0"]

    def test_a_line_says_what_the_latest_wording_is(self, store: Store) -> None:
        store.revise("d0", f"\n  {'长' * 70}\n第二行")
        row = store.drafts(kind="announcement")[1]
        assert row.title == "长" * 59 + "…"
        assert (row.length, row.versions, row.sendings, row.last_sent) == (77, 2, 0, None)
        assert row.changed > row.created

    def test_a_record_that_cannot_be_read_costs_only_itself(self, store: Store) -> None:
        with store.database.writing() as connection:
            connection.execute(update(drafts).where(drafts.c.id == "d0").values(record="{broken"))
            connection.execute(
                update(drafts).where(drafts.c.id == "d1").values(record='{"from": "the future"}', record_version=99)
            )
        assert ids(store) == ["d2", "d1", "d0"]
        with pytest.raises(StorageError, match="d0 的记录读不出来") as broken:
            store.draft("d0")
        with pytest.raises(StorageError, match="更新版本"):
            store.reuse("d1")
        assert not broken.value.retryable
        assert store.version("d0").text == "周六慢跑"
        store.revise("d0", "还能改")
        store.delete("d1")

    def test_an_older_record_has_defaults_for_what_came_later(self, store: Store) -> None:
        older = json.loads(make_draft("d0").model_dump_json())
        for later in ("parts", "trace", "prompts", "citations"):
            older.pop(later)
        older["request"] = {"brief": "x"}
        with store.database.writing() as connection:
            connection.execute(update(drafts).where(drafts.c.id == "d0").values(record=json.dumps(older)))
        assert store.draft("d0").draft.parts == ()


class TestGroups:
    def test_a_profile_is_kept_and_a_change_is_a_new_version(self, store: Store) -> None:
        assert store.save_group(GROUP).version == 1
        assert store.save_group(GROUP).version == 1
        changed = GROUP.model_copy(update={"members": 200})
        saved = store.save_group(changed)
        assert (saved.version, saved.profile) == (2, changed)
        assert store.group(" 青榕里晨跑群 ") == saved
        assert [row.profile for row in store.group_versions(GROUP.name)] == [GROUP, changed]

    def test_groups_are_listed_by_name_as_they_are_in_force(self, store: Store) -> None:
        for name in ("b", "a", "a"):
            store.save_group(GroupProfile(name=name, notes=str(len(store.groups()))))
        assert [(row.name, row.version, row.state) for row in store.groups()] == [("a", 2, "kept"), ("b", 1, "kept")]

    def test_who_edits_an_outdated_version_is_told_and_overwrites_nothing(self, store: Store) -> None:
        store.save_group(GROUP, based_on=0)
        mine, theirs = (GROUP.model_copy(update={"notes": words}) for words in ("我的", "同事的"))
        assert store.save_group(theirs, based_on=1).version == 2
        for outdated in (0, 1):
            with pytest.raises(EditConflictError, match="第 2 版") as conflict:
                store.save_group(mine, based_on=outdated)
            assert not conflict.value.retryable
        assert store.group(GROUP.name).profile == theirs
        assert store.save_group(mine, based_on=2).version == 3

    def test_an_earlier_version_can_be_put_in_force_again(self, store: Store) -> None:
        store.save_group(GROUP)
        store.save_group(GROUP.model_copy(update={"members": 200}))
        assert store.restore_group(GROUP.name, 1).version == 3
        assert store.group(GROUP.name).profile == GROUP
        for absent in (0, 9, 10**30):
            with pytest.raises(NotKeptError, match="可以恢复：1、2、3"):
                store.restore_group(GROUP.name, absent)

    def test_a_removed_group_is_off_the_list_and_can_come_back(self, store: Store) -> None:
        store.save_group(GROUP)
        store.remove_group(GROUP.name)
        assert store.groups() == ()
        with pytest.raises(NotKeptError, match="已删除"):
            store.group(GROUP.name)
        for again in (GROUP.name, "没有的群"):
            with pytest.raises(NotKeptError):
                store.remove_group(again)
        assert [row.state for row in store.group_versions(GROUP.name)] == ["kept", "removed"]
        with pytest.raises(NotKeptError, match="可以恢复：1"):
            store.restore_group(GROUP.name, 2)
        assert store.restore_group(GROUP.name, 1).version == 3
        store.remove_group(GROUP.name)
        assert store.save_group(GROUP, based_on=0).version == 5  # to whoever makes it anew it was not there

    def test_a_group_nobody_saved_is_not_there(self, store: Store) -> None:
        with pytest.raises(NotKeptError, match="group list"):
            store.group("x")

    @pytest.mark.parametrize("name", ["", "  ", "a\nb", "长" * 201])
    def test_a_name_that_is_none_is_refused(self, name: str, store: Store) -> None:
        with pytest.raises(InputError):
            store.save_group(GroupProfile(name=name))

    def test_a_profile_that_cannot_be_read_costs_only_itself(self, store: Store) -> None:
        store.save_group(GROUP)
        store.save_group(GroupProfile(name="别的群"))
        with store.database.writing() as connection:
            connection.execute(update(group_versions).where(group_versions.c.name == GROUP.name).values(profile="{"))
        assert [(row.name, row.state) for row in store.groups()] == [("别的群", "kept"), (GROUP.name, "unreadable")]
        with pytest.raises(StorageError, match="读不出来"):
            store.group(GROUP.name)
        assert store.save_group(GROUP).version == 2


def test_how_it_stands_is_told_without_making_anything(settings: Settings) -> None:
    assert examine_store(settings).state == "absent"
    assert not settings.home.exists()
    store = Store(settings)
    store.keep(make_draft())
    store.save_group(GROUP)
    store.save_group(GroupProfile(name="b"))
    store.remove_group("b")
    standing = examine_store(settings)
    assert (standing.state, standing.drafts, standing.groups) == ("ready", 1, 1)
    store.close()


def test_a_closed_store_opens_again(store: Store) -> None:
    store.keep(make_draft())
    store.close()
    assert store.draft("a1").text == make_draft().text

"""The report of a document, and what the operator decides about it."""

from pathlib import Path

import pytest
from filelock import FileLock

from copilot.errors import PlaybookError, StorageError, UsageError
from copilot.playbook import overruling
from copilot.playbook.documents import Document, decided
from copilot.playbook.overruling import load_decisions, overrule
from copilot.playbook.reports import report
from copilot.playbook.spans import Article, Blemish
from copilot.settings import Settings

TEXT = "登录后查看\n退款先道歉。\n换货要的，先拍照。\n扫码加店长\n"


def blemish(words: str, action: str, kind: str) -> Blemish:
    start = TEXT.index(words)
    return Blemish.model_validate(
        {"start": start, "end": start + len(words), "action": action, "kind": kind, "reason": f"像是{kind}"}
    )


DOCUMENT = Document(
    source="a.txt",
    title="售后",
    text=TEXT,
    sha256="0",
    blemishes=(
        blemish("登录后查看", "drop", "login"),
        blemish("要的，", "mark", "missing_word"),
        blemish("扫码加店长", "drop", "promotion"),
    ),
    articles=(Article(start=0, end=12, title="退款"), Article(start=12, end=len(TEXT), title="换货")),
    notes=("读了 1 页",),
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load(home=tmp_path)


def test_a_report_says_what_was_dropped_and_marked_where_and_why() -> None:
    told = report(DOCUMENT)
    assert [(one.number, one.line, one.excerpt, one.kind, one.reason) for one in told.dropped] == [
        (1, 1, "登录后查看", "login", "像是login"),
        (3, 4, "扫码加店长", "promotion", "像是promotion"),
    ]
    assert [(one.number, one.line, one.excerpt) for one in told.marked] == [(2, 3, "要的，")]
    assert told.characters == len("".join(TEXT.split())) - 10
    assert (told.articles, told.notes) == (("退款", "换货"), ("读了 1 页",))


def test_a_long_stretch_is_shown_by_its_beginning() -> None:
    long = Blemish(start=0, end=5000, action="drop", kind="legal", reason="法律声明")
    told = report(Document(source="a", title="a", text="声明" * 3000, sha256="0", blemishes=(long,)))
    assert len(told.dropped[0].excerpt) == 80
    assert told.dropped[0].characters == 5000


def test_what_stands_beside_the_words_is_not_counted_as_searched() -> None:
    text = "---\ntitle: 售后\n---\n<!-- 草稿 -->\n先道歉。"
    assert report(Document(source="a", title="售后", text=text, sha256="0")).characters == 4


def test_the_operator_has_the_last_word_and_can_take_it_back(settings: Settings) -> None:
    kept = overrule(settings, DOCUMENT, 3, "keep")
    assert [one.number for one in report(kept).kept] == [3]
    assert decided(DOCUMENT, load_decisions(settings)) == kept
    again = overrule(settings, kept, 3, "drop")
    assert again == DOCUMENT
    assert [one.action for one in overrule(settings, again, 2, "drop").blemishes] == ["drop", "drop", "drop"]


def test_a_decision_stays_when_the_file_is_edited_elsewhere(settings: Settings) -> None:
    overrule(settings, DOCUMENT, 3, "keep")
    moved = tuple(one.model_copy(update={"start": one.start + 3, "end": one.end + 3}) for one in DOCUMENT.blemishes)
    edited = DOCUMENT.model_copy(update={"text": f"新加的{TEXT}", "blemishes": moved})
    assert [one.action for one in decided(edited, load_decisions(settings)).blemishes] == ["drop", "mark", "keep"]


def test_without_decisions_nothing_changes(settings: Settings) -> None:
    assert load_decisions(settings) == {}
    assert decided(DOCUMENT, {}) is DOCUMENT


@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_number_that_is_not_in_the_report_is_wrong_usage(settings: Settings, number: int) -> None:
    with pytest.raises(UsageError, match="从 1 到 3"):
        overrule(settings, DOCUMENT, number, "keep")


def test_a_document_without_blemishes_has_nothing_to_overrule(settings: Settings) -> None:
    with pytest.raises(UsageError, match="没有去掉或标出什么"):
        overrule(settings, DOCUMENT.model_copy(update={"blemishes": ()}), 1, "keep")


def test_a_decision_that_another_program_holds_up_says_so(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overruling, "_LOCK_SECONDS", 0.05)
    (settings.home / "playbook").mkdir()
    with FileLock(settings.home / "playbook" / "overrulings.lock"), pytest.raises(StorageError, match="别的程序"):
        overrule(settings, DOCUMENT, 1, "keep")


@pytest.mark.parametrize("damage", ["", "[]", '{"login x": "burn"}', "{"])
def test_a_damaged_file_of_decisions_is_told_and_not_written_over(settings: Settings, damage: str) -> None:
    path = settings.home / "playbook" / "overrulings.json"
    path.parent.mkdir()
    path.write_text(damage)
    with pytest.raises(PlaybookError, match="坏的"):
        overrule(settings, DOCUMENT, 1, "keep")
    assert path.read_text() == damage

"""Reading a folder of documents."""

import os
import sys
import time
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import PlaybookError
from copilot.playbook.cleaning import weave
from copilot.playbook.documents import (
    Document,
    blemish_key,
    decided,
    files_in,
    fingerprint,
    read_document,
    read_folder,
)
from copilot.playbook.identity import identify
from copilot.playbook.names import safe_name
from copilot.playbook.readers.extract import Aside
from copilot.playbook.shipped import bundled_folder
from copilot.playbook.shown import show
from copilot.playbook.spans import Article, Blemish
from copilot.settings import Settings

SENTENCE = "新人进群的头半小时，值班的管理员先打招呼，说清群里能做什么、不能做什么，再把常用的链接一次给齐。"


def test_documents_are_named_by_their_path_and_carry_a_title(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.md").write_text("---\ntitle: 活动手册\n---\n\n# 别的\n正文", encoding="utf-8")
    (tmp_path / "sub" / "a.txt").write_bytes("售后流程\r\n\r\n先道歉。".encode())
    (tmp_path / "价目.csv").write_text("项目,价\n甲,10\n", encoding="utf-8")
    documents = read_folder(tmp_path).documents
    assert [(document.source, document.title) for document in documents] == [
        ("b.md", "活动手册"),
        ("价目.csv", "价目"),
        ("sub/a.txt", "售后流程"),
    ]
    assert "\r" not in documents[2].text


def test_what_can_not_go_in_is_reported_and_the_rest_goes_in(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("正文", encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF")
    (tmp_path / "c.txt").write_bytes(b"")
    (tmp_path / "d.md").write_bytes(b"\x00\x01" * 100)
    (tmp_path / "e.md").write_text("长" * 1000, encoding="utf-8")
    (tmp_path / "f.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "g.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "h.exe").write_bytes(b"MZ")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "turn.md").symlink_to(tmp_path / "turn.md")
    (tmp_path / ".hidden.md").write_text("正文", encoding="utf-8")
    (tmp_path / "~$a.docx").write_bytes(b"owner")
    reading = read_folder(tmp_path, max_bytes=1000)
    assert [document.source for document in reading.documents] == ["a.md"]
    left = {skipped.source: skipped.reason for skipped in reading.skipped}
    assert list(left) == ["b.pdf", "c.txt", "d.md", "e.md", "f.md", "g.doc", "h.exe", "loop", "turn.md"]
    assert all(" → " in reason for reason in left.values())
    assert "另存为 docx" in left["g.doc"]
    assert "拆成几份" in left["e.md"]


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("口令", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "own.txt").write_text("正文", encoding="utf-8")
    (inside / "same.txt").symlink_to(inside / "own.txt")
    (inside / "out.txt").symlink_to(tmp_path / "secret.txt")
    reading = read_folder(inside)
    assert [document.source for document in reading.documents] == ["own.txt", "same.txt"]
    assert "指到文件夹外面" in reading.skipped[0].reason


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes in folders")
def test_a_pipe_in_the_folder_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert [skipped.source for skipped in read_folder(tmp_path).skipped] == ["pipe.txt"]


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("huge.txt", "huge.pdf"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(500_000_000)  # sparse: it takes no room
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read"))
    assert ["500.0 MB" in skipped.reason for skipped in read_folder(tmp_path).skipped] == [True, True]
    with pytest.raises(PlaybookError, match="500"):
        identify(tmp_path / "huge.txt")


def test_a_name_with_a_zero_byte_is_refused() -> None:
    with pytest.raises(PlaybookError):
        read_document("a", Path("a\0.txt"))


def test_a_folder_in_the_folder_that_can_not_be_read_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.md", "财务/b.md", "z/c.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("正文", encoding="utf-8")
    scandir = os.scandir

    def refusing(path: str) -> Any:
        if Path(path).name == "财务":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    reading = read_folder(tmp_path)
    assert [document.source for document in reading.documents] == ["a.md", "z/c.md"]
    assert [skipped.source for skipped in reading.skipped] == ["财务"]
    assert "文件夹的权限" in reading.skipped[0].reason


def test_a_missing_folder_names_the_fix(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError, match="给一个存在的"):
        read_folder(tmp_path / "nowhere")


def test_the_fingerprint_changes_with_every_edit_and_deletion(tmp_path: Path) -> None:
    seen = {fingerprint(tmp_path)}
    (tmp_path / "a.md").write_text("一", encoding="utf-8")
    seen.add(fingerprint(tmp_path))
    (tmp_path / "a.md").write_text("一二", encoding="utf-8")
    seen.add(fingerprint(tmp_path))
    assert len(seen) == 3
    (tmp_path / "a.md").unlink()
    assert fingerprint(tmp_path) in seen


def test_a_digest_is_told_without_reading_the_document_and_follows_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("一", encoding="utf-8")
    before = identify(path).digest
    assert read_document("x/a.md", path).sha256 == before
    path.write_text("一二", encoding="utf-8")
    assert read_document("a.md", path).sha256 == identify(path).digest != before


def test_a_file_that_was_not_touched_is_known_by_its_stamp_and_one_just_edited_by_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.md"
    path.write_text("一", encoding="utf-8")
    now = identify(path)
    assert now.stamp == ""
    later = time.time_ns() + 60_000_000_000
    monkeypatch.setattr("copilot.playbook.identity.time.time_ns", lambda: later)
    settled = identify(path, now)
    assert settled.stamp
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", lambda *_: pytest.fail("the file was read"))
        assert identify(path, settled) == settled
    path.write_text("二", encoding="utf-8")
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns - 9))
    assert identify(path, settled).digest != settled.digest


def test_what_is_wrong_with_a_link_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "资料"
    folder.mkdir()
    (tmp_path / "别处").mkdir()
    links = {"转圈.md": "转圈.md", "断了.md": "没有.md", "上一层": str(folder), "别处": str(tmp_path / "别处")}
    for name, target in links.items():
        (folder / name).symlink_to(target)
    reasons = {skipped.source: skipped.reason for skipped in read_folder(folder).skipped}
    assert "又指回了自己" in reasons["转圈.md"]
    assert "没有.md 不在了" in reasons["断了.md"]
    assert "指回了它自己所在的文件夹" in reasons["上一层"]
    assert "指向一个文件夹" in reasons["别处"]


def test_what_a_reader_left_out_is_dropped_where_it_stood_and_can_be_kept(tmp_path: Path) -> None:
    page = f"""<html><body><div class="ad-box">满二百减三十，今日有效</div><article><h1>怎样接待新人</h1>
    <p>{SENTENCE}</p><div class="adv"><p>点这里领券</p></div><p>再{SENTENCE}</p></article>
    <div id="Footer">版权所有 花田网</div></body></html>"""
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    document = read_document("a.html", tmp_path / "a.html", cleaned=True)
    dropped = [document.text[one.start : one.end] for one in document.blemishes]
    assert dropped == ["满二百减三十，今日有效", "点这里领券", "版权所有 花田网"]
    assert {one.kind for one in document.blemishes} == {"frame"}
    assert show(document).text == f"# 怎样接待新人\n{SENTENCE}\n再{SENTENCE}"
    kept = decided(document, {blemish_key(document.blemishes[1], document.text): "keep"})
    assert f"{SENTENCE}\n点这里领券\n再" in show(kept).text


@given(st.data())
def test_weaving_loses_nothing_and_keeps_every_blemish_on_its_words(data: st.DataObject) -> None:
    text = "\n\n".join(data.draw(st.lists(st.text("甲乙丙丁", min_size=1, max_size=5), min_size=1, max_size=6)))
    ends = [0, *(at for at in range(len(text)) if text.startswith("\n\n", at)), len(text)]
    asides = [
        Aside(at=at, text="边栏", kind="frame") for at in sorted(data.draw(st.lists(st.sampled_from(ends), max_size=5)))
    ]
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    blemishes = [Blemish(start=start, end=end, action="mark", kind="typo", reason="") for start, end in pairwise(cuts)]
    articles = [Article(start=0, end=ends[1], title="一"), Article(start=ends[1], end=len(text), title="二")]
    woven = weave(text, asides, blemishes, articles)
    frame = [one for one in woven.blemishes if one.kind == "frame"]
    assert [woven.text[one.start : one.end] for one in frame] == ["边栏"] * len(asides)
    assert woven.text.replace("边栏\n\n", "").replace("\n\n边栏", "").strip("\n") == text.strip("\n")
    marked = "".join(woven.text[one.start : one.end] for one in woven.blemishes if one.kind == "typo")
    assert marked == "".join(text[one.start : one.end] for one in blemishes)
    assert all(one.end <= other.start for one, other in pairwise(woven.blemishes))
    assert (woven.articles[0].start, woven.articles[-1].end) == (0, len(woven.text))
    assert woven.articles[0].end == woven.articles[1].start


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "a.docx").touch()
    assert "文件是空的" in read_folder(tmp_path).skipped[0].reason


def test_the_first_question_of_a_list_is_no_title(tmp_path: Path) -> None:
    (tmp_path / "常见问题.txt").write_text("Q1：能退款吗？\nA1：能。\n", encoding="utf-8")
    assert read_folder(tmp_path).documents[0].title == "常见问题"


def test_broken_bytes_are_shown_and_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(("先道歉，再处理，最后回访。" * 5).encode()[:-1])
    document = read_folder(tmp_path).documents[0]
    assert document.text.endswith("回访\ufffd")
    assert document.notes == ("第 1 行有 1 个字的字节坏了，显示为 \ufffd",)


def test_cleaning_is_asked_for_and_our_own_handbook_is_read_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blemish = Blemish(start=0, end=2, action="drop", kind="login", reason="登录框")
    article = Article(start=0, end=4, title="一")
    cleaning = SimpleNamespace(
        find_blemishes=lambda text: (blemish,), find_articles=lambda text, found: (article,), weave=weave
    )
    monkeypatch.setitem(sys.modules, "copilot.playbook.cleaning", cleaning)
    (tmp_path / "a.txt").write_text("登录正文", encoding="utf-8")
    plain, cleaned = (read_folder(tmp_path, cleaned=asked).documents[0] for asked in (False, True))
    assert (plain.blemishes, plain.articles, plain.title) == ((), (), "登录正文")
    assert (cleaned.blemishes, cleaned.articles, cleaned.title) == ((blemish,), (article,), "正文")


def test_the_bundled_handbook_is_read_whole() -> None:
    folder = bundled_folder(Settings.load())
    reading = read_folder(folder)
    assert not reading.skipped
    assert len(reading.documents) == len(list(files_in(folder)))
    assert all(document.text == Path(folder, document.source).read_text("utf-8") for document in reading.documents)


@pytest.mark.parametrize(
    "text", ["---\n" + "title:\n" * 200_000, "# 甲" + " " * 300_000 + "乙", "甲" + "\n" * 300_000 + "乙"]
)
def test_the_title_of_a_hostile_text_costs_no_time(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    began = time.monotonic()
    assert isinstance(read_folder(tmp_path).documents[0], Document)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\n# 备注\ndate: 2031-03-01\n---\n活动手册\n\n先报名。", "活动手册"),
        ("<!-- 第二版 -->\n活动手册\n\n先报名。", "活动手册"),
        ("# 活动手册 ##  \n先报名。", "活动手册"),
    ],
)
def test_a_title_is_the_documents_own_words(text: str, title: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert read_folder(tmp_path).documents[0].title == title


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("/root/.ssh/id.txt", "id.txt"),
        ("C:\\群\\手册.docx", "手册.docx"),
        ("a\0b.md", "ab.md"),
        (".hidden.md", "hidden.md"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("~$手册.docx", "_~$手册.docx"),
        ("价目？*.csv ", "价目？_.csv"),
        ("表\u202exslx.exe", "表xslx.exe"),
        ("长" * 300 + ".pdf", "长" * 65 + ".pdf"),
    ],
)
def test_the_name_of_an_upload_leads_nowhere_else(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_every_safe_name_is_one_visible_file_in_its_folder(name: str) -> None:
    try:
        safe = safe_name(name)
    except PlaybookError:
        return
    assert safe == safe_name(safe)
    assert not safe.startswith(".")
    assert len(os.fsencode(safe)) <= 255
    assert Path("/home/files", safe).resolve().parent == Path("/home/files")


@pytest.mark.parametrize("name", ["", "..", "/", " . ", "\0"])
def test_a_name_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(PlaybookError, match="文件名"):
        safe_name(name)

"""Reading a folder of documents."""

from pathlib import Path

import pytest

from copilot.errors import EncodingError, PlaybookError
from copilot.playbook.documents import decode, fingerprint, read_folder

TEXT = "群规要短，新人一眼看完。\n违反三次请出群。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_text_is_read_in_the_encodings_operators_use(encoding: str) -> None:
    assert decode((TEXT * 5).encode(encoding)) == TEXT * 5


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 50, b"PK\x03\x04\x00\x00\x08\x00" * 20])
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(EncodingError):
        decode(data)


def test_documents_are_named_by_their_path_and_carry_a_title(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.md").write_text("---\ntitle: 活动手册\n---\n\n# 别的\n正文", encoding="utf-8")
    (tmp_path / "sub" / "a.txt").write_bytes("售后流程\r\n\r\n先道歉。".encode())
    documents = read_folder(tmp_path).documents
    assert [(document.source, document.title) for document in documents] == [
        ("b.md", "活动手册"),
        ("sub/a.txt", "售后流程"),
    ]
    assert "\r" not in documents[1].text


def test_what_can_not_go_in_is_reported_and_the_rest_goes_in(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("正文", encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF")
    (tmp_path / "c.txt").write_bytes(b"")
    (tmp_path / "d.md").write_bytes(b"\x00\x01" * 100)
    (tmp_path / "e.md").write_text("长" * 1000, encoding="utf-8")
    (tmp_path / "f.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / ".hidden.md").write_text("正文", encoding="utf-8")
    reading = read_folder(tmp_path, max_bytes=1000)
    assert [document.source for document in reading.documents] == ["a.md"]
    assert [skipped.source for skipped in reading.skipped] == ["b.pdf", "c.txt", "d.md", "e.md", "f.md"]
    assert all(skipped.reason for skipped in reading.skipped)


def test_a_missing_folder_names_the_fix(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError, match="name an existing"):
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

"""A share card: the few lines a group should see, as a picture. Set by typst with a font from a package, no browser."""

import json
import unicodedata
from importlib.util import find_spec
from pathlib import Path

from copilot.exports.report import Report
from copilot.exports.sheet import writable

TEMPLATE = Path(__file__).with_name("card.typ")
PIXELS_PER_INCH = 216.0
LONGEST = 60
"""Entries on one card at most: a picture longer than some ten screens is read by nobody and refused by the chat app."""


def to_card(report: Report) -> bytes:
    """The report as the bytes of a PNG, 1080 pixels wide. What does not fit is counted on its last line."""
    import typst

    room, sections, left_out = LONGEST, [], 0
    for section in report.sections:
        entries = [_drawable(entry.text) for entry in section.entries]
        sections.append({"title": _drawable(section.title), "entries": entries[:room]})
        left_out += max(0, len(entries) - room)
        room = max(0, room - len(entries))
    content = {
        "title": _drawable(report.title),
        "subtitle": _drawable(report.subtitle),
        "lead": _drawable(report.lead),
        "figures": [[_drawable(label), _drawable(value)] for label, value in report.figures],
        "sections": [section for section in sections if section["entries"]],
        "footer": _drawable(f"{report.footer}（另有 {left_out} 条见全文）" if left_out else report.footer),
    }
    picture = typst.compile(
        str(TEMPLATE),
        format="png",
        ppi=PIXELS_PER_INCH,
        font_paths=[str(_fonts())],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )
    assert isinstance(picture, bytes)  # one page: its height follows the content
    return picture


def _fonts() -> Path:
    """The folder of Noto Sans CJK, as its package brings it."""
    spec = find_spec("manimgx_fonts_cjk")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _drawable(text: str) -> str:
    """The text without what the font has no shape for: emoji, their joiners and variants."""
    kept = (
        sign
        for sign in writable(text)
        if not (unicodedata.category(sign) in ("So", "Sk", "Cf", "Cn", "Co") and ord(sign) > 0x2BFF)
        and sign not in "\ufe0f\u200d\u200b\u20e3"
    )
    return " ".join("".join(kept).split())

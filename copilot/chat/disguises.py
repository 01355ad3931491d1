"""What a text says under its disguises: look-alike letters, letters spread apart, leet speak, encoded blocks."""

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator

_HAN = "\u4e00-\u9fff"


def fold(text: str, letters: dict[int, int]) -> str:
    """The text in plain lower-case form, without invisible characters and with look-alikes made the same.

    `letters` is a `str.maketrans` table of letters that pass for others.
    """
    return unaccented(unicodedata.normalize("NFKC", text)).lower().translate(letters)


def unaccented(text: str) -> str:
    """The text without accents, variation marks and invisible characters."""
    if text.isascii() or _PLAIN.fullmatch(text):
        return text
    return "".join(
        one for one in unicodedata.normalize("NFD", text) if unicodedata.category(one) not in {"Cf", "Mn", "Me"}
    )


def readings(text: str, folded: str, letters: dict[int, int]) -> Iterator[str]:
    """The ways to read the text, the plain one first."""
    yield folded
    lines = folded.split("\n")
    yield from _changed(lines, [_joined(line) for line in lines])
    leet = [line for line in lines if len(_LEET.findall(line)) >= 3]
    for one in "il" if leet else "":
        yield "\n".join(leet).translate(str.maketrans("013457@$", f"o{one}eastas"))
    for decoded in _decoded(text):
        yield fold(decoded, letters)


def _joined(line: str) -> str:
    """The line with letters and characters that were spread apart put together again."""
    line = _SPREAD_HAN.sub("", line)
    return _SPREAD_LATIN.sub(lambda match: re.sub(r"[^a-z]", "", match[0]), line)


def _changed(before: list[str], after: list[str]) -> Iterator[str]:
    """The lines that differ, as one text (the others were read already)."""
    if changed := [new for old, new in zip(before, after, strict=True) if new != old]:
        yield "\n".join(changed)


# Nothing but ASCII, Chinese, its punctuation and pictures: no character of these is an accent or invisible.
_PLAIN = re.compile(rf"[\x00-\x7f{_HAN}\u2018-\u201d\u2026\u3000-\u3020\uff00-\uffef\U0001f300-\U0001faff]*")
# What an encoded block needs: a long run of ASCII, an escape, or letters that are not seen.
_MAY_BE_ENCODED = re.compile(r"[!-~ ]{16}|\\[ux]|&#|[\U000e0020-\U000e007e]|(?i:rot)")
_SPREAD_HAN = re.compile(rf"(?<=[{_HAN}])[ \t*_.·~|/\\\-+^#]{{1,3}}(?=[{_HAN}])")
_SPREAD_LATIN = re.compile(r"(?<![a-z])(?:[a-z][ .\-_*]){3,}[a-z](?![a-z])")
_LEET = re.compile(r"(?<![a-z0-9])(?=[a-z0-9@$]{0,30}[a-z])(?=[a-z0-9@$]{0,30}[0134579@$])[a-z0-9@$]{3,}")

_MORSE = {
    code: letter
    for letter, code in zip(
        "abcdefghijklmnopqrstuvwxyz",
        [
            ".-",
            "-...",
            "-.-.",
            "-..",
            ".",
            "..-.",
            "--.",
            "....",
            "..",
            ".---",
            "-.-",
            ".-..",
            "--",
            "-.",
            "---",
            ".--.",
            "--.-",
            ".-.",
            "...",
            "-",
            "..-",
            "...-",
            ".--",
            "-..-",
            "-.--",
            "--..",
        ],
        strict=True,
    )
}


def _decoded(text: str) -> Iterator[str]:
    """What encoded blocks of the text say, where they say something readable."""
    if not _MAY_BE_ENCODED.search(text):
        return
    candidates: list[bytes | str] = []
    for block in re.findall(r"[A-Za-z0-9+/_-]{16,}={0,2}", text):
        padded = block.rstrip("=").replace("-", "+").replace("_", "/")
        candidates.append(
            _bytes_of(
                base64.b64decode,
                padded[: len(padded) // 4 * 4 if len(padded) % 4 == 1 else len(padded)] + "=" * (-len(padded) % 4),
            )
        )
    for block in re.findall(r"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}[ :]?){8,}", text):
        candidates.append(_bytes_of(bytes.fromhex, re.sub(r"[^0-9a-fA-F]", "", block)))
    for block in re.findall(r"(?:[01]{8}[ ,]?){6,}", text):
        digits = re.sub(r"[^01]", "", block)
        candidates.append(bytes(int(digits[at : at + 8], 2) for at in range(0, len(digits), 8)))
    for block in re.findall(r"(?:[.\-]{1,4}(?: / | |/)){12,}[.\-]{0,4}", text):
        candidates.append(
            "".join(_MORSE.get(code, " ") if code != "/" else " " for code in block.replace("/", " / ").split())
        )
    for block in re.findall(r"\S{40,}", text):
        candidates.append(_bytes_of(base64.b85decode, block))
    if escapes := re.findall(r"(?:\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|&#x?([0-9a-fA-F]{2,5});)", text):
        candidates.append("".join(chr(int(next(filter(None, one)), 16)) for one in escapes))
    if tags := re.findall(r"[\U000e0020-\U000e007e]", text):
        candidates.append("".join(chr(ord(one) - 0xE0000) for one in tags))
    if re.search(r"rot ?-?13", text, re.IGNORECASE):
        candidates.append(codecs.encode(text, "rot13"))
    for candidate in candidates:
        said = candidate if isinstance(candidate, str) else candidate.decode("utf-8", errors="replace")
        if said and sum(one.isprintable() and one != "\ufffd" for one in said) / len(said) > 0.9:
            yield said


def _bytes_of(decode: Callable[[str], bytes], block: str) -> bytes:
    try:
        return decode(block)
    except (binascii.Error, ValueError):
        return b""

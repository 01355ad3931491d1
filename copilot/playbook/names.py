"""A name under which an uploaded file may be saved, whatever it was called."""

import re
import unicodedata
from pathlib import PurePosixPath

from copilot.errors import PlaybookError

_MAX_BYTES = 200
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """The last part of a path as a file name for every system: no way out of its folder, no device, not hidden.

    Raises `PlaybookError` when nothing is left of it.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Control signs, and those that turn the direction of writing and so show "gpj.exe" as "exe.jpg".
    shown = "".join(sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    clean = _FORBIDDEN.sub("_", shown).strip(" .")
    if _DEVICE.match(clean) or clean.startswith("~$"):  # the latter is how Office names its lock files: not read
        clean = f"_{clean}"
    suffix = PurePosixPath(clean).suffix[:20]
    stem = clean.removesuffix(suffix).encode()[: _MAX_BYTES - len(suffix.encode())].decode(errors="ignore").rstrip(" .")
    if not stem:
        raise PlaybookError("文件名是空的", hint="给文件起个名字")
    return stem + suffix

"""The process that `apart` talks to: it reads one file after another until its input ends.

Nothing that goes wrong in a reader is caught here but what has a reason for the operator: the process says its last
words and ends, and the next file gets a fresh one.
"""

import json
import os
import sys
from types import TracebackType
from typing import BinaryIO

from copilot.errors import EncodingError, PlaybookError
from copilot.playbook.readers.extract import Extract

_MEMORY = 2 << 30
_SHARE = 0.75
"""A reader that can stop by itself does so after this share of the time, so that what it has is kept."""


def read(data: bytes, suffix: str, seconds: float) -> Extract:
    """The extract of a file of a foreign format."""
    if suffix == ".pdf":
        from copilot.playbook.readers.pdf import read_pdf

        return read_pdf(data, seconds * _SHARE)
    if suffix in {".docx", ".pptx", ".xlsx"}:
        from copilot.playbook.readers.office import read_docx, read_pptx, read_xlsx

        return {".docx": read_docx, ".pptx": read_pptx, ".xlsx": read_xlsx}[suffix](data)
    from copilot.playbook.readers.pages import read_page

    return read_page(data)


def main() -> None:
    """Answer requests until the input ends."""
    # Whatever a package prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory()

    def last_words(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        _say(answers, {"crashed": f"{kind.__name__}: {error}"[:200]})

    sys.excepthook = last_words
    requests = sys.stdin.buffer
    while line := requests.readline():
        asked = json.loads(line)
        data = requests.read(asked["size"])
        try:
            _say(answers, read(data, asked["suffix"], asked["seconds"]).model_dump())
        except (PlaybookError, EncodingError) as reason:
            _say(answers, {"message": reason.message, "hint": reason.hint})


def _say(answers: BinaryIO, told: dict[str, object]) -> None:
    answers.write(json.dumps(told).encode() + b"\n")
    answers.flush()


def _limit_memory() -> None:
    """A file that swells ends this process, not the machine; Windows has no such limit."""
    try:
        import resource
    except ImportError:
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard), hard))


if __name__ == "__main__":
    main()

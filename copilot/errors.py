"""Every error the copilot raises, in one tree.

CopilotError                 the root: catch this to catch all of ours
├── UsageError               the call itself is wrong (exit code 2): fix the arguments
│   └── SettingsError        an environment variable, `.env` or settings file is wrong
├── InputError               what was given to work on can't be read: fix the file or text
│   ├── EmptyInputError      there is nothing in it
│   ├── InputTooLargeError   it is over the limit
│   └── EncodingError        it is binary, or in an encoding nobody can tell
├── PlaybookError            a document or the handbook can't be used
│   └── IndexUnavailableError the search index can't be read, built or locked
├── StorageError             the disk is full, read-only or not ours to write; the database can't be used
│   ├── NotKeptError         no draft, version or group of that name is kept
│   └── EditConflictError    somebody else saved since it was read: read it again
├── Cancelled                whoever asked has given it up
└── WriterError              a writer could not write
    ├── ModelNotConfigured   no key, address or model name
    ├── ModelUnavailable     the endpoint did not answer (trying again can help)
    ├── ModelRefused         key, rights, quota or content were refused
    └── ModelReplyUnusable   it answered, but not with what was asked for

Each carries `message` (what went wrong), `hint` (what to do about it) and `retryable`
(whether the same call can succeed later). `str(error)` is the one line an operator sees.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.records import Usage


class CopilotError(Exception):
    """The root of all errors of this package."""

    exit_code = 1
    retryable = False

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} → {self.hint}"


class UsageError(CopilotError):
    """The call itself is wrong."""

    exit_code = 2


class SettingsError(UsageError):
    """An environment variable, `.env` line or settings file is wrong."""


class InputError(CopilotError):
    """What was given to work on can't be read."""


class EmptyInputError(InputError):
    """There is nothing in the input."""


class InputTooLargeError(InputError):
    """The input is over the limit."""


class EncodingError(InputError):
    """The input is binary, or text in an encoding nobody can tell."""


class PlaybookError(CopilotError):
    """A document or the handbook can't be used."""


class IndexUnavailableError(PlaybookError):
    """The search index can't be read, built or locked."""

    retryable = True


class StorageError(CopilotError):
    """The disk is full, read-only or not ours to write, or the database can't be used."""

    retryable = True


class NotKeptError(StorageError):
    """No draft, version or group of that name is kept."""

    retryable = False


class EditConflictError(StorageError):
    """Somebody else saved since it was read."""

    retryable = False


class Cancelled(CopilotError):
    """Whoever asked has given it up."""

    retryable = True


class WriterError(CopilotError):
    """A writer could not write; `spent` is what trying has cost."""

    spent: "Usage | None" = None


class ModelNotConfigured(WriterError):
    """No key, address or model name is set."""


class ModelUnavailable(WriterError):
    """The model's endpoint did not answer."""

    retryable = True


class ModelRefused(WriterError):
    """The endpoint refused the key, the rights, the quota or the content."""


class ModelReplyUnusable(WriterError):
    """The model answered, but not with what was asked for."""

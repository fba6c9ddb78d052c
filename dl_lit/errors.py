"""All errors, grouped by what the caller can do about them.

    DlLitError
    ├── RetryLater                 the same item again later; `retry_after` in seconds, or None
    │   ├── ServiceUnavailable     transport error, timeout, 5xx, or an answer of the wrong shape
    │   ├── RateLimited            the service said "slow down" and went on saying it
    │   ├── AccessRefused          the service refuses us (key, contact, address); it is off for the rest of the run
    │   ├── BudgetExhausted        the credits are spent; the service rests until a time that is known
    │   ├── CircuitOpen            the service failed too often; it rests
    │   ├── Stopping               the program is shutting down
    │   └── DatabaseBusy           another process held the database longer than the time limit
    ├── SkipItem                   this item cannot be done, the others can; `reason` is one of model's words
    │   ├── UnreadableDocument     a file gives no text (reason: PdfReason)
    │   ├── AddressRefused         the URL leads to an address that the guard refuses
    │   ├── FetchFailed            one URL gave no whole answer (reason: DownloadReason)
    │   ├── RequestRefused         the service says that the request itself is wrong (400, 422)
    │   └── LeaseLost              another process holds the row now
    ├── ChildFailed                a child process gave no result; who set the task says what that means for the item
    │   ├── Died                   it ended without an answer, twice
    │   ├── TookTooLong            it was ended at its time limit
    │   ├── OutOfMemory            the task needs more than its memory limit
    │   └── Failed                 the task raised what nobody foresaw; the message is that error's text
    └── StopRun                    nothing can go on; `exit_code` is the program's
        ├── UsageError             (2) options or settings that cannot work
        ├── CatalogueUnusable      not a catalogue, damaged, of another format, or it cannot be written
        ├── ClusterUnusable        (2) no Dask scheduler there, or workers that would read files in another way
        ├── ChildrenDoNotStart     no child process gets as far as its first task: the installation is broken
        └── StoreError
            ├── DatabaseTooNew     written by a newer dl-lit
            ├── DatabaseUnusable   not a database, damaged, read-only, no permission
            └── DiskFull

A message says what happened and how to cure it. Errors survive pickling, because some are raised in child
processes: keyword arguments go to attributes, the message alone goes to `args`.
"""

from __future__ import annotations

from typing import Any


class DlLitError(Exception):
    """Base of all; `context` holds what it was about (url, doi, path)."""

    exit_code = 1

    def __init__(self, message: str, **context: Any) -> None:
        super().__init__(message)
        self.message = message
        self.context = context

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, self.__dict__.copy())


def _rebuild(kind: type[DlLitError], message: str, state: dict[str, Any]) -> DlLitError:
    error = kind.__new__(kind)
    Exception.__init__(error, message)
    error.__dict__.update(state)
    return error


class RetryLater(DlLitError):
    """Not now: the item waits and is tried again."""

    def __init__(self, message: str, *, retry_after: float | None = None, **context: Any) -> None:
        super().__init__(message, **context)
        self.retry_after = retry_after


class ServiceUnavailable(RetryLater):
    """Transport error, timeout, 5xx, or an answer of the wrong shape."""


class RateLimited(RetryLater):
    """The service went on saying "slow down" after we had."""


class AccessRefused(RetryLater):
    """The service refuses us; nothing but a person's cure, which the message names, makes it answer."""


class BudgetExhausted(RetryLater):
    """The day's credits are spent; `retry_after` reaches to the reset."""


class CircuitOpen(RetryLater):
    """The service failed too often in a row and is left alone for a while."""


class Stopping(RetryLater):
    """The program is shutting down; the row is released."""


class DatabaseBusy(RetryLater):
    """Another process held the database for longer than the time limit."""


class SkipItem(DlLitError):
    """This item cannot be done; `reason` is one of the closed words of `model`."""

    def __init__(self, message: str, *, reason: str, **context: Any) -> None:
        super().__init__(message, **context)
        self.reason = reason


class UnreadableDocument(SkipItem):
    """A file gives no text; `reason` is a `PdfReason`."""


class AddressRefused(SkipItem):
    """The URL leads to a loopback, private or otherwise refused address."""


class FetchFailed(SkipItem):
    """One URL gave no whole answer; `reason` is a `DownloadReason` (timeout, connection, truncated, too_large, ...)."""


class RequestRefused(SkipItem):
    """The service says that the request itself is wrong; sending it again cannot help."""


class LeaseLost(SkipItem):
    """The row's lease ran out and another process took it; our result is dropped."""


class ChildFailed(DlLitError):
    """A child process gave no result for its argument; another argument may well give one."""


class Died(ChildFailed):
    """The child ended without an answer; the message says how."""


class TookTooLong(ChildFailed):
    """The child gave no answer within the time limit."""


class OutOfMemory(ChildFailed):
    """The task needs more memory than its limit."""


class Failed(ChildFailed):
    """The task raised what nobody foresaw; the message is that error's text."""


class StopRun(DlLitError):
    """Nothing can go on until a person acts."""


class UsageError(StopRun):
    """Options or settings that cannot work."""

    exit_code = 2


class CatalogueUnusable(StopRun):
    """Not a catalogue, damaged, of another format, or it cannot be written."""

    exit_code = 2


class ClusterUnusable(StopRun):
    """The Dask cluster cannot be reached at the start, or would read files in another way than this machine."""

    exit_code = 2


class ChildrenDoNotStart(StopRun):
    """No child process gets as far as its first task; the message holds what the last one said."""


class StoreError(StopRun):
    """The library's database cannot be used."""


class DatabaseTooNew(StoreError):
    """The database was written by a newer dl-lit."""


class DatabaseUnusable(StoreError):
    """Not a database, damaged, read-only, or no permission."""


class DiskFull(StoreError):
    """No space left where the library lies."""

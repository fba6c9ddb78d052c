"""Why a service gives no answer now: from an error to an answer, to the reason of a row that waits, and back.

Three kinds ask three things of a person: to do something (access refused), to wait until a time (budget spent), or
nothing (it is ill, and tried again).
"""

from __future__ import annotations

from collections.abc import Sequence

from dl_lit.errors import AccessRefused, BudgetExhausted, CircuitOpen, RetryLater, ServiceUnavailable
from dl_lit.model import NoAnswer, Silence

# The row is next tried when the first of its services may have an answer, so that one gives the reason.
_SOONEST_FIRST = (Silence.ILL, Silence.BUDGET, Silence.REFUSED, Silence.DECLINED)
_ERRORS: dict[Silence, type[RetryLater]] = {Silence.BUDGET: BudgetExhausted, Silence.REFUSED: AccessRefused}


def kind_of(error: RetryLater) -> Silence:
    if isinstance(error, AccessRefused):
        return Silence.REFUSED
    return Silence.BUDGET if isinstance(error, BudgetExhausted) else Silence.ILL


def no_answer(error: RetryLater) -> NoAnswer:
    """A breaker's rest is our own caution; only a time that a service named itself binds the next run too."""
    asked = None if isinstance(error, CircuitOpen) else error.retry_after
    return NoAnswer(error.message, asked, kind_of(error))


def as_error(silence: NoAnswer) -> RetryLater:
    """The error that `silence` came from, or one that means the same."""
    return _ERRORS.get(silence.kind, ServiceUnavailable)(silence.reason, retry_after=silence.retry_after)


def soonest(silences: Sequence[NoAnswer]) -> NoAnswer:
    """The one that may pass first; there must be one."""
    return min(silences, key=lambda one: _SOONEST_FIRST.index(one.kind))


def word(kind: Silence) -> str:
    """The reason of a row that waits for such a service."""
    return (Silence.ILL if kind is Silence.DECLINED else kind).value

"""Writes that must not be lost because another process holds the database for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from dl_lit.errors import DatabaseBusy

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 5  # each waits for the database's busy timeout


def patiently(write: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """`write`, tried again while the database is busy; raises DatabaseBusy when it stays so."""
    patient = Retrying(retry=retry_if_exception_type(DatabaseBusy), stop=stop_after_attempt(TRIES), reraise=True)
    return patient(write, *args, **kwargs)

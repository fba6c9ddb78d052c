"""Waiting for what other threads and processes do: an event with a time limit, where there is only something to see."""

from __future__ import annotations

import time
from collections.abc import Callable

LIMIT = 60.0  # seconds; nothing that is waited for takes as long


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)

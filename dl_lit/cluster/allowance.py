"""How much of the files may be on its way at once, so that neither this program nor the scheduler grows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_POLL_SECONDS = 0.2


class Allowance:
    """`size` in bytes; a file that is larger than all of it goes alone."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._used = 0
        self._changed = threading.Condition()

    @contextmanager
    def take(self, wanted: int, check: Callable[[], None]) -> Iterator[None]:
        """Waits for its turn; `check` is called meanwhile and may raise."""
        with self._changed:
            while self._used and self._used + wanted > self._size:
                check()
                self._changed.wait(_POLL_SECONDS)
            self._used += wanted
        try:
            yield
        finally:
            with self._changed:
                self._used -= wanted
                self._changed.notify_all()

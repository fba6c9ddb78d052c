"""Keys on their way into one call: those that come while a call is under way, or waits for its turn, go along in the
next one.

Nobody waits in the hope of company. When a service is slow or its rate is spent, threads that would queue one behind
the other share a call instead, so that a list endpoint is asked with full lists just when that matters.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future

from dl_lit.errors import Stopping
from dl_lit.model import Answer, NoAnswer

_POLL_SECONDS = 0.2

Asked = Callable[[Sequence[str]], Mapping[str, Answer[str]]]


class Gathering:
    """The keys of one kind at one service. A key may be in it once only at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._waiting: dict[str, Future[Answer[str]]] = {}

    def ask(
        self, keys: Sequence[str], ready: Callable[[], None], asked: Asked, check_running: Callable[[], None]
    ) -> dict[str, Answer[str]]:
        """The answers to `keys`, asked for by this thread or by one that took them along.

        `ready` waits until a call could leave; it and `asked` must mean the same in all threads. `check_running` raises
        Stopping; so does this, then.
        """
        mine: dict[str, Future[Answer[str]]] = {key: Future() for key in keys}
        with self._lock:
            self._waiting.update(mine)
        while not all(future.done() for future in mine.values()):
            if self._turn.acquire(timeout=_POLL_SECONDS):
                try:
                    if not all(future.done() for future in mine.values()):
                        self._lead(ready, asked)
                finally:
                    self._turn.release()
            check_running()
        return {key: future.result() for key, future in mine.items()}

    def _lead(self, ready: Callable[[], None], asked: Asked) -> None:
        ready()
        with self._lock:
            taken, self._waiting = self._waiting, {}
        answers: Mapping[str, Answer[str]] = {}
        stopping: Stopping | None = None
        try:
            answers = asked(list(taken))
        except Stopping as error:
            stopping = error
            raise
        finally:
            for key, future in taken.items():
                if stopping is not None:
                    future.set_exception(Stopping(stopping.message))
                else:
                    future.set_result(answers.get(key) or NoAnswer("the question was given up"))

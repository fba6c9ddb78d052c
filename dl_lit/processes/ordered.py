"""Work spread over threads, its results in the order of the arguments."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

A = TypeVar("A")
R = TypeVar("R")

AHEAD = 8  # arguments in work or done per job, before the first of them is handed out


def in_order(task: Callable[[A], R], arguments: Iterable[A], jobs: int, interrupt: Callable[[], None]) -> Iterator[R]:
    """`task` of each argument by `jobs` threads, no more than a few results held back.

    `interrupt` must end the tasks under way; it is called when the caller stops early or a task raises.
    """
    waiting: deque[Future[R]] = deque()
    todo = iter(arguments)
    with ThreadPoolExecutor(jobs) as threads:
        try:
            waiting.extend(threads.submit(task, argument) for argument in islice(todo, jobs * AHEAD))
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(threads.submit(task, argument) for argument in islice(todo, 1))
        except BaseException:
            for future in waiting:
                future.cancel()
            interrupt()
            raise

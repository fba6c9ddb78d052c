"""Several services asked at once: it takes as long as the slowest of them, not as all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def at_once(calls: Sequence[Callable[[], T]], *, most: int = 8) -> list[T]:
    """What each call returns, in their order, `most` of them under way; the first error, once all have ended."""
    if len(calls) < 2:
        return [call() for call in calls]
    with ThreadPoolExecutor(min(most, len(calls)), thread_name_prefix="ask") as threads:
        under_way = [threads.submit(call) for call in calls]
    return [one.result() for one in under_way]

"""What will be asked for soon goes along in lists that are not full, so that few calls do for many rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

Coming = Callable[[], Iterable[str]]


class Ahead:
    """The keys of one kind at one service that will be asked for soon. For one thread at a time."""

    def __init__(self, coming: Coming, known: Callable[[Sequence[str]], Collection[str]]) -> None:
        """`coming` gives them, the next first; `known` tells those whose answers are here."""
        self._coming = coming
        self._known = known
        self._passed: set[str] = set()  # of those that still come, what is known: looked up once

    def besides(self, keys: Collection[str]) -> list[str]:
        """Those that nobody has asked for yet, without `keys`."""
        coming = dict.fromkeys(self._coming())
        self._passed.intersection_update(coming)
        new = [key for key in coming if key not in self._passed]
        self._passed.update(self._known(new))
        return [key for key in new if key not in self._passed and key not in keys]

"""Remembers the files of a watched folder from look to look, and says which of them may be handed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dl_lit.watching.looking import Look, Signature


@dataclass(slots=True)
class _File:
    """`since` is when it was first seen as it is now, `signature` what it was then as text."""

    signature: str
    since: float
    is_handed_in: bool = False


class Settling:
    """A file is still when it has not changed for `still` seconds, over two looks at least. One that does not look
    whole is given `patience` seconds without a change; then a reader may say what is wrong with it.

    What this remembers grows with the folder, not with time.
    """

    def __init__(self, *, still: float, patience: float, whole: Callable[[Path], bool]) -> None:
        self._still = still
        self._patience = patience
        self._whole = whole
        self._files: dict[Path, _File] = {}
        self._odd: set[Path] = set()

    def recall(self, path: Path, signature: str) -> None:
        """This file was handed in, as it was then, by an earlier run or just now."""
        self._files[path] = _File(signature, 0.0, is_handed_in=True)

    def ready(self, look: Look, now: float) -> list[Path]:
        """The files to hand in, each once for as long as it does not change."""
        for path in self._files.keys() - look.files.keys():
            if look.closed.keys().isdisjoint(path.parents):
                del self._files[path]
        return sorted(path for path, signature in look.files.items() if self._is_ready(path, signature, now))

    def _is_ready(self, path: Path, seen: Signature, now: float) -> bool:
        file = self._files.get(path)
        if file is None or file.signature != str(seen):
            self._files[path] = _File(str(seen), now)
            return False
        if file.is_handed_in:
            return False
        quiet = now - file.since
        return quiet >= self._still and (quiet >= self._patience or (seen.size > 0 and self._whole(path)))

    def changed(self, path: Path) -> None:
        """It changed while it was read: its quiet time begins anew."""
        self._files.pop(path, None)

    def new_oddities(self, look: Look) -> list[Path]:
        """What is named like a PDF and can be none, each once while it is there."""
        new = sorted(look.odd - self._odd)
        self._odd = set(look.odd)
        return new

    def __len__(self) -> int:
        return len(self._files)

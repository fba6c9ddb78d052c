"""Lets go of works' copies, so that they are looked for anew. Nothing is deleted: the files move aside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from dl_lit.download.placing import place
from dl_lit.download.shelf import free_name
from dl_lit.library import Library
from dl_lit.store.holdings import Holding
from dl_lit.store.store import Store

WHY = "let go of by dl-lit clear-downloaded"


@dataclass(frozen=True, slots=True)
class Cleared:
    """Works that have no copy now; where their files went, relative to the library; `kept` are others' copies too."""

    works: int
    moved: tuple[str, ...]
    kept: tuple[str, ...]


def clear(store: Store, library: Library, ids: Collection[int] | None) -> Cleared:
    """Of these references (None: of all) that have a copy. For a library on which no run goes on.

    Raises OSError where a file cannot be moved; works before it are cleared by then.
    """
    chosen, staying = _parted(store.held_files(), ids)
    others = {one.file.file_name for one in staying}
    moved, kept = [], []
    for name, holdings in _by_file(chosen).items():
        if name in others:
            kept.append(name)
        elif (library.pdfs / name).exists():
            moved.append(put_aside(library, library.pdfs / name))
        for one in holdings:
            store.lose(one, WHY)
    return Cleared(len(chosen), tuple(moved), tuple(kept))


def put_aside(library: Library, path: Path) -> str:
    """Moves a file to the library's folder for what is nobody's; its new place below the library's folder."""
    library.aside.mkdir(exist_ok=True)
    name = free_name(library.aside, path.name)
    place(path, library.aside / name)
    return f"{library.aside.name}/{name}"


def is_meant(holding: Holding, ids: Collection[int] | None) -> bool:
    """Whether a file is a copy that is to go; a file of the user's that waits to become one is none yet."""
    return not holding.waits and (ids is None or holding.reference_id in ids)


def _parted(holdings: Sequence[Holding], ids: Collection[int] | None) -> tuple[list[Holding], list[Holding]]:
    chosen = [one for one in holdings if is_meant(one, ids)]
    return chosen, [one for one in holdings if not is_meant(one, ids)]


def _by_file(holdings: Sequence[Holding]) -> dict[str, list[Holding]]:
    files: dict[str, list[Holding]] = {}
    for one in holdings:
        files.setdefault(one.file.file_name, []).append(one)
    return files

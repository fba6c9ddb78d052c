"""What a process command would do, without doing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from dl_lit.config import Settings
from dl_lit.intake import find_documents, identify
from dl_lit.library import Library
from dl_lit.model import PdfFile
from dl_lit.store.database import Database
from dl_lit.store.store import Store
from dl_lit.ui.wording import printable

_WORDS = {
    "new": "new: would be read",
    "waiting": "known: would be read, as it was not finished",
    "done": "known: was read; what it cites would go on where it was",
    "failed": "known: could not be read; dl-lit retry lets it be tried again",
}


def told(library: Library, settings: Settings, paths: Sequence[Path], limit: int | None) -> str:
    """A line for each PDF with what would happen to it, and a line that counts."""
    files = [identify(path) for path in islice(find_documents(paths), limit)]
    known = _known(library, settings, files)
    words = [(file, _fate(file, known)) for file in files]
    lines = [printable(f"{file.path}: {fate}") for file, fate in words]
    counts = Counter(fate.split(":")[0] for _, fate in words)
    sums = ", ".join(f"{count} {name}" for name, count in counts.most_common()) or "no PDFs"
    return "\n".join([*lines, f"{sums}. Nothing was changed. dl-lit plan tells what the rest would cost."])


def _known(library: Library, settings: Settings, files: Sequence[PdfFile]) -> dict[str, str]:
    if not library.database.is_file():
        return {}
    database = Database.look(library.database, settings.store)
    try:
        return Store(database).pdf_states([file.sha256 for file in files if file.sha256])
    finally:
        database.close()


def _fate(file: PdfFile, known: dict[str, str]) -> str:
    if file.problem is not None or file.sha256 is None:
        return f"{file.problem or 'unreadable'}: would be recorded so"
    return _WORDS[known.get(file.sha256, "new")]

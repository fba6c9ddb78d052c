"""Bibliography pages looked for in child processes, as `executor` reads references."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from dl_lit.config import ExtractionSettings
from dl_lit.errors import ChildFailed
from dl_lit.extraction.executor import limits_of, why_failed
from dl_lit.model import BibliographyPages
from dl_lit.processes.pool import ChildPool

EXTRACT = "dl_lit.extraction.bibliography_pages:extract"


class BibliographyPool:
    """`extract` may be called from any number of threads; of each file at most `most` pages are taken."""

    def __init__(
        self, settings: ExtractionSettings, workers: int, *, most: int | None = None, task: str = EXTRACT
    ) -> None:
        self._settings = settings
        self._most = most
        self._pool = ChildPool(task, limits_of(settings), workers)
        self.interrupt = self._pool.interrupt

    def __enter__(self) -> BibliographyPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    def extract(self, path: Path) -> BibliographyPages:
        """Raises Stopping after `interrupt`, ChildrenDoNotStart when no file can be read at all."""
        try:
            pages: BibliographyPages = self._pool.run((str(path), self._most))
        except ChildFailed as error:
            reason, detail = why_failed(error, self._settings)
            return BibliographyPages(reason=reason, detail=detail)
        return pages

"""Bibliography pages looked for in child processes, as `executor` reads references."""

from __future__ import annotations

from pathlib import Path

from dl_lit.config import ExtractionSettings
from dl_lit.errors import ChildFailed
from dl_lit.extraction.executor import FilePool, why_failed
from dl_lit.page_views import BibliographyPages

EXTRACT = "dl_lit.extraction.bibliography_pages:extract"


class BibliographyPool(FilePool):
    """`extract` may be called from any number of threads; of each file at most `most` pages are taken."""

    def __init__(
        self, settings: ExtractionSettings, workers: int, *, most: int | None = None, task: str = EXTRACT
    ) -> None:
        super().__init__(settings, task, workers)
        self._most = most

    def extract(self, path: Path) -> BibliographyPages:
        """Raises Stopping after `interrupt`, ChildrenDoNotStart when no file can be read at all."""
        try:
            pages: BibliographyPages = self._pool.run(argument := (str(path), self._most))
        except ChildFailed as error:
            reason, detail = why_failed(error, self._settings)
            return BibliographyPages(reason=reason, detail=detail)
        return self._recognised(argument, pages) if pages.wants_ocr and pages.pdf is None else pages

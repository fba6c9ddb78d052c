"""PDFs read in child processes: a crash, a hang or a memory bomb costs its own file and never the run."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from dl_lit.config import ExtractionSettings
from dl_lit.errors import ChildFailed, Died, OutOfMemory, TookTooLong
from dl_lit.extraction.limits import FileLimits, OcrLimits
from dl_lit.extraction.version import fingerprint
from dl_lit.model import Extraction, ListText, PdfReason
from dl_lit.page_views import BibliographyPages, Explanation
from dl_lit.processes.pool import ChildPool

EXTRACT = "dl_lit.extraction.worker:extract"
LIST_TEXT = "dl_lit.extraction.list_text:extract"


Looked = TypeVar("Looked", Explanation, BibliographyPages)


class FilePool:
    """Child processes for one task about files, within the limits of the settings."""

    def __init__(self, settings: ExtractionSettings, task: str, workers: int) -> None:
        self._settings = settings
        limits = limits_of(settings)
        self._ocr_limits = ocr_limits_of(settings)
        self._pool = ChildPool(task, limits, workers)
        self.processes = self._pool.processes
        self.interrupt = self._pool.interrupt
        self.close = self._pool.close

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _recognised(self, argument: object, first: Looked) -> Looked:
        """What OCR reads, if that is better: a second task, since it has a time limit of its own."""
        try:
            second: Looked = self._pool.run(argument, self._ocr_limits)
        except ChildFailed as error:
            return replace(first, detail=_with_failure(first.detail, error))
        return second if _is_better(second, first) else first


class ParserPool(FilePool):
    """`extract` may be called from any number of threads; at most `workers` files are read at once."""

    def __init__(self, settings: ExtractionSettings, workers: int, *, task: str = EXTRACT) -> None:
        super().__init__(settings, task, workers)
        self.at_once = workers
        self._decides = deciding(settings, task)

    @property
    def version(self) -> str:
        """Differs whenever the same file might give another result."""
        return fingerprint(*self._decides)

    def extract(self, path: str | Path) -> Extraction:
        """The references of the file, or the reason for none.

        Raises Stopping after `interrupt` or `close`, ChildrenDoNotStart when no file can be read at all.
        """
        begun = time.monotonic()
        extraction = self._extraction(str(path))
        if extraction.wants_ocr:
            extraction = self._extraction_by_ocr(str(path), extraction)
        return replace(extraction, seconds=extraction.seconds or time.monotonic() - begun)

    def _extraction(self, path: str) -> Extraction:
        try:
            extraction: Extraction = self._pool.run(path)
        except ChildFailed as error:
            reason, detail = why_failed(error, self._settings)
            return Extraction(reason=reason, detail=detail)
        return extraction

    def _extraction_by_ocr(self, path: str, first: Extraction) -> Extraction:
        """As `FilePool` does it, with what both tries took and came to."""
        try:
            second: Extraction = self._pool.run(path, self._ocr_limits)
        except ChildFailed as error:
            return replace(first, detail=_with_failure(first.detail, error))
        seconds = first.seconds + second.seconds
        note = ", ".join(filter(None, (first.backend_note, second.backend_note)))
        best = second if _is_better(second, first) else first
        return replace(best, backend_note=note, seconds=seconds, wants_ocr=False)


class TextPool(FilePool):
    """The printed lines of files, for readers that take text.

    One process, started with the first file: a language model is never as fast as it.
    """

    def __init__(self, settings: ExtractionSettings, *, task: str = LIST_TEXT) -> None:
        super().__init__(settings, task, 1)

    def read(self, path: str | Path) -> ListText:
        """Empty where the file gives none. Raises Stopping and ChildrenDoNotStart as `ParserPool` does."""
        try:
            text: ListText = self._pool.run(str(path))
        except ChildFailed:
            return ListText()
        return text


def _is_better(
    second: Extraction | Explanation | BibliographyPages, first: Extraction | Explanation | BibliographyPages
) -> bool:
    return first.reason is PdfReason.NO_TEXT or (second.quality or 0.0) > (first.quality or 0.0)


def _with_failure(detail: str | None, error: ChildFailed) -> str:
    return "; ".join(filter(None, (detail, f"OCR failed: {error.message}")))


def limits_of(settings: ExtractionSettings) -> FileLimits:
    ocr = OcrLimits(settings.ocr_max_pages, settings.ocr_languages)
    return FileLimits(
        seconds=settings.time_limit_seconds,
        memory_bytes=settings.memory_limit_mb << 20,
        max_bytes=int(settings.max_file_mb * 1_000_000),
        ocr=ocr if settings.ocr else None,
    )


def ocr_limits_of(settings: ExtractionSettings) -> FileLimits:
    return replace(limits_of(settings), seconds=settings.ocr_time_limit_seconds, recognise=True)


def deciding(settings: ExtractionSettings, task: str = EXTRACT) -> tuple[object, ...]:
    """What of the settings decides what is read, for `version.fingerprint`."""
    return task, limits_of(settings), ocr_limits_of(settings)


def why_failed(error: ChildFailed, settings: ExtractionSettings) -> tuple[PdfReason, str]:
    """What a child's failure says about its file: the reason and the detail."""
    if isinstance(error, Died):
        return PdfReason.CRASHED, error.message
    if isinstance(error, TookTooLong):
        seconds = f"{settings.time_limit_seconds:g} s (extraction.time_limit_seconds)"
        return PdfReason.TIMED_OUT, f"it took longer than {seconds}"
    if isinstance(error, OutOfMemory):
        return PdfReason.OUT_OF_MEMORY, f"it needs more than {settings.memory_limit_mb} MB (extraction.memory_limit_mb)"
    return PdfReason.DAMAGED, error.message

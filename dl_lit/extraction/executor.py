"""PDFs read in child processes: a crash, a hang or a memory bomb costs its own file and never the run."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from dl_lit import __version__
from dl_lit.config import ExtractionSettings
from dl_lit.errors import ChildFailed, Died, Failed, OutOfMemory, TookTooLong
from dl_lit.extraction.limits import FileLimits
from dl_lit.model import Extraction, ListText, PdfReason
from dl_lit.processes.pool import ChildPool

EXTRACT = "dl_lit.extraction.worker:extract"
LIST_TEXT = "dl_lit.extraction.list_text:extract"


class ParserPool:
    """`extract` may be called from any number of threads; at most `workers` files are read at once."""

    def __init__(self, settings: ExtractionSettings, workers: int, *, task: str = EXTRACT) -> None:
        self._settings = settings
        self._pool = ChildPool(task, _limits(settings), workers)
        self.processes = self._pool.processes
        self.interrupt = self._pool.interrupt
        self.close = self._pool.close

    @property
    def version(self) -> str:
        """Of the extractor: changes with whatever could change its results."""
        return f"builtin {__version__}"

    def __enter__(self) -> ParserPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def extract(self, path: str | Path) -> Extraction:
        """The references of the file, or the reason for none.

        Raises Stopping after `interrupt` or `close`, ChildrenDoNotStart when no file can be read at all.
        """
        begun = time.monotonic()
        extraction = self._extraction(str(path))
        return replace(extraction, seconds=extraction.seconds or time.monotonic() - begun)

    def _extraction(self, path: str) -> Extraction:
        try:
            extraction: Extraction = self._pool.run(path)
        except Died as error:
            return Extraction(reason=PdfReason.CRASHED, detail=error.message)
        except TookTooLong:
            detail = f"it took longer than {self._settings.time_limit_seconds:g} s (extraction.time_limit_seconds)"
            return Extraction(reason=PdfReason.TIMED_OUT, detail=detail)
        except OutOfMemory:
            detail = f"it needs more than {self._settings.memory_limit_mb} MB (extraction.memory_limit_mb)"
            return Extraction(reason=PdfReason.OUT_OF_MEMORY, detail=detail)
        except Failed as error:
            return Extraction(reason=PdfReason.DAMAGED, detail=error.message)
        return extraction


class TextPool:
    """The printed lines of files, for readers that take text.

    One process, started with the first file: a language model is never as fast as it.
    """

    def __init__(self, settings: ExtractionSettings, *, task: str = LIST_TEXT) -> None:
        self._pool = ChildPool(task, _limits(settings), 1)
        self.interrupt = self._pool.interrupt
        self.close = self._pool.close

    def read(self, path: str | Path) -> ListText:
        """Empty where the file gives none. Raises Stopping and ChildrenDoNotStart as `ParserPool` does."""
        try:
            text: ListText = self._pool.run(str(path))
        except ChildFailed:
            return ListText()
        return text


def _limits(settings: ExtractionSettings) -> FileLimits:
    return FileLimits(
        seconds=settings.time_limit_seconds,
        memory_bytes=settings.memory_limit_mb << 20,
        max_bytes=int(settings.max_file_mb * 1_000_000),
    )

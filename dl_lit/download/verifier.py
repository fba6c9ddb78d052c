"""Verification in child processes with limits: MuPDF is not thread-safe, and files may be hostile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from dl_lit.download.verify import Expectation, Face, Verdict, look_at, verify_file
from dl_lit.errors import Died, Failed, OutOfMemory, TookTooLong
from dl_lit.extraction.limits import OcrLimits
from dl_lit.model import DownloadReason
from dl_lit.processes.limits import Limits
from dl_lit.processes.pool import ChildPool

if TYPE_CHECKING:  # the children load this module, and have no use for the settings
    from dl_lit.config import ExtractionSettings

# What the downloader is handed: judges a file, raises Stopping when the program shuts down, StopRun when it must.
Verifier = Callable[[Path, Expectation], Verdict]

# A path, what it should be (None to be told what it says of itself), and in which languages its pictures are read.
File = tuple[str, Expectation | None, OcrLimits | None]

_OCR_SHARE = 0.6  # of the time limit
CHECK = "dl_lit.download.verifier:check"


class ProcessVerifier:
    """A `Verifier`. A crash, a hang or a memory bomb costs the one file; safe to call from any number of threads."""

    def __init__(self, settings: ExtractionSettings, workers: int = 1, *, task: str = CHECK) -> None:
        self._seconds = settings.time_limit_seconds
        self._ocr = OcrLimits(settings.ocr_max_pages, settings.ocr_languages) if settings.ocr else None
        limits = Limits(seconds=settings.time_limit_seconds, memory_bytes=settings.memory_limit_mb << 20)
        self._pool = ChildPool(task, limits, workers)

    def __call__(self, path: Path, expectation: Expectation) -> Verdict:
        """Raises Stopping after `close`, ChildrenDoNotStart when no file can be checked at all."""
        verdict = self._judged((str(path), expectation, self._ocr))
        assert isinstance(verdict, Verdict)
        return verdict

    def _judged(self, file: File) -> Verdict | Face:
        try:
            judged: Verdict | Face = self._pool.run(file)
        except TookTooLong:
            return Verdict(DownloadReason.DAMAGED, f"it could not be checked within {self._seconds:g} s")
        except OutOfMemory:
            return Verdict(DownloadReason.DAMAGED, "checking it needs more memory than extraction.memory_limit_mb")
        except (Died, Failed) as error:
            return Verdict(DownloadReason.DAMAGED, error.message)
        return judged

    def look_at(self, path: Path) -> Face:
        """What a file says of itself. Raises as a check does."""
        judged = self._judged((str(path), None, None))
        return judged if isinstance(judged, Face) else Face(judged.reason, judged.detail)

    def __enter__(self) -> ProcessVerifier:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the children; a check that is going on raises Stopping. May be called again, and by any thread."""
        self._pool.close()


def check(file: File, limits: Limits) -> Verdict | Face:
    """In the child."""
    path, expectation, ocr = file
    if expectation is None:
        return look_at(path)
    return verify_file(path, expectation, ocr, seconds=_OCR_SHARE * limits.seconds)

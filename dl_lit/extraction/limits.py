"""What one file may cost. Apart from the settings, so that a child process need not load them."""

from __future__ import annotations

from dataclasses import dataclass

from dl_lit.processes.limits import Limits


@dataclass(frozen=True, slots=True)
class OcrLimits:
    """How much of a scan is recognised, and in which of tesseract's languages."""

    max_pages: int = 40
    languages: tuple[str, ...] = ("eng", "deu")


@dataclass(frozen=True, slots=True)
class FileLimits(Limits):
    """`max_bytes` is the size of the file; `ocr` is None where OCR is off.

    Recognising has a time limit of its own, so it is a second task for the same file: `recognise` asks for it.
    """

    max_bytes: int = 500_000_000
    ocr: OcrLimits | None = None
    recognise: bool = False

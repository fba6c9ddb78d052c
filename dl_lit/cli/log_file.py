"""What is logged goes to a rotating file in the library; the screen belongs to the panel."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler

from dl_lit.library import Library
from dl_lit.net.redact import RedactingFilter

LOG_BYTES = 10_000_000
OLDER_FILES = 3


class _LogFile(RotatingFileHandler):
    """A full disk has its own error on the way; a traceback before it would hide what it says."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


class JsonLines(logging.Formatter):
    """One object a line; `time` is unix time."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": round(record.created, 3),
            "level": record.levelname,
            "logger": record.name,
            "thread": record.threadName,
            "message": record.getMessage(),
        }
        # The filter against secrets has put the text of an exception in the exception's place.
        if record.exc_text or record.exc_info:
            told["exception"] = record.exc_text or self.formatException(record.exc_info)  # type: ignore[arg-type]
        return json.dumps(told, ensure_ascii=False)


def _formatter(log_format: str) -> logging.Formatter:
    if log_format == "json":
        return JsonLines()
    return logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")


@contextmanager
def log_file(library: Library, secrets: Sequence[str], log_format: str) -> Iterator[None]:
    """Everything that is logged in the block goes to logs/dl-lit.log (with "json" dl-lit.jsonl), without `secrets`."""
    name = "dl-lit.jsonl" if log_format == "json" else "dl-lit.log"
    handler = _LogFile(
        library.logs / name, maxBytes=LOG_BYTES, backupCount=OLDER_FILES, encoding="utf-8", errors="backslashreplace"
    )
    handler.addFilter(RedactingFilter(tuple(secrets)))
    handler.setFormatter(_formatter(log_format))
    logger = logging.getLogger("dl_lit")
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
        # A full disk has its own error on the way; closing the log must not put another in its place.
        with suppress(OSError):
            handler.close()

"""Extraction that remembers: a file whose content was read before, by the same extractor, is not read again.

Here the extractors and the cache file meet, as the stages and the store do in `stages`.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from dl_lit.config import ExtractionSettings, default_cache_folder
from dl_lit.errors import DatabaseUnusable, UsageError
from dl_lit.extraction.packing import pack, unpack
from dl_lit.intake import identify
from dl_lit.model import Extraction, PdfReason
from dl_lit.store.cache_file import NAME, CacheFile, CacheStats
from dl_lit.store.shared_file import empty

# What lies in the file alone, and is the same next time. All else may have come from a loaded machine, a service that
# was silent or a mistake of ours.
LASTING = frozenset(
    {
        PdfReason.NOT_A_PDF,
        PdfReason.TRUNCATED,
        PdfReason.ENCRYPTED,
        PdfReason.NO_PAGES,
        PdfReason.NO_TEXT,
        PdfReason.TOO_LARGE,
        PdfReason.NO_REFERENCES,
        PdfReason.EMPTY_LIST,
        PdfReason.WRONG_TYPE,
    }
)
_CURE = (
    "Make room or give write permission there, name another place with extraction.cache_dir, or begin anew with: "
    "dl-lit cache clear --extraction"
)
_FAULTS = (sqlite3.Error, OSError)


class Extractor(Protocol):
    """What reads files; `version` differs whenever the same file might give another result."""

    @property
    def version(self) -> str: ...

    def extract(self, path: Path) -> Extraction: ...


class CachedExtractor:
    """`extract` as that of `extractor`, for any number of threads; a result out of `cache` has `cached` set.

    A cache that fails is told of once and left alone from then on: it costs time, never a result.
    """

    def __init__(self, extractor: Extractor, cache: CacheFile, tell: Callable[[str], None]) -> None:
        self._extractor = extractor
        self._cache = cache
        self._tell = tell
        self._lock = threading.Lock()
        self._failed = False

    @property
    def version(self) -> str:
        return self._extractor.version

    def extract(self, path: Path) -> Extraction:
        """Raises what the extractor's `extract` raises."""
        begun = time.monotonic()
        before = _state(path)
        sha256 = identify(path).sha256 if before and not self._failed else None
        if sha256 is None:
            return self._extractor.extract(path)
        version = self.version + path.suffix.lower()  # the ending may decide as what a file is read
        known = self._known(sha256, version)
        if known is not None:
            return replace(known, cached=True, seconds=time.monotonic() - begun)
        extraction = self._extractor.extract(path)
        # A file that was written to meanwhile may have been read as something else than what was hashed.
        if _lasts(extraction) and _state(path) == before:
            self._keep(sha256, version, extraction)
        return extraction

    def _known(self, sha256: str, version: str) -> Extraction | None:
        try:
            packed = self._cache.get(sha256, version)
        except _FAULTS as error:
            self._give_up(error)
            return None
        return None if packed is None else unpack(packed)

    def _keep(self, sha256: str, version: str, extraction: Extraction) -> None:
        packed = None if self._failed else pack(extraction)
        if packed is None:
            return
        try:
            self._cache.put(sha256, version, packed)
        except _FAULTS as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        with self._lock:
            first, self._failed = not self._failed, True
        if first:
            self._tell(_without(self._cache.path, error))


@contextmanager
def caching(extractor: Extractor, settings: ExtractionSettings, tell: Callable[[str], None]) -> Iterator[Extractor]:
    """`extractor` with the user's cache before it; by itself where the settings forbid one, or it cannot be opened."""
    cache = _opened(settings, tell) if settings.cache else None
    if cache is None:
        yield extractor
        return
    try:
        yield CachedExtractor(extractor, cache, tell)
    finally:
        cache.close()


def _opened(settings: ExtractionSettings, tell: Callable[[str], None]) -> CacheFile | None:
    try:
        path = cache_path(settings)
    except UsageError as error:
        tell(error.message)
        return None
    try:
        return CacheFile(path, settings.cache_mb << 20)
    except _FAULTS as error:
        tell(_without(path, error))
        return None


def cache_path(settings: ExtractionSettings) -> Path:
    """Where the cache of extraction results is, or would be; UsageError where the user has no home."""
    folder = settings.cache_dir or default_cache_folder()
    try:
        return folder.expanduser() / NAME
    except RuntimeError as error:
        raise UsageError(f"There is no home folder for {folder}. Name a folder with extraction.cache_dir.") from error


def look_at_cache(settings: ExtractionSettings) -> CacheStats | None:
    """None when nothing was ever kept; raises DatabaseUnusable when a run could not use it."""
    path = cache_path(settings)
    if not path.exists():
        return None
    with _used(path, settings) as cache:
        return cache.stats()


def clear_cache(settings: ExtractionSettings) -> int:
    """Drops all results, a damaged file as a whole; returns how many (of a damaged file 0). Raises DatabaseUnusable."""
    path = cache_path(settings)
    return empty(path, lambda: _used(path, settings))


@contextmanager
def _used(path: Path, settings: ExtractionSettings) -> Iterator[CacheFile]:
    try:
        with closing(CacheFile(path, settings.cache_mb << 20)) as cache:
            yield cache
    except _FAULTS as error:
        raise DatabaseUnusable(f"The cache {path} cannot be used ({error}). {_CURE}", path=str(path)) from error


def _without(path: Path, error: Exception) -> str:
    return f"This run does without the cache {path} ({error}). {_CURE}"


def _lasts(extraction: Extraction) -> bool:
    # A scan whose recognition failed, or a list that a silent service might have read, deserve another look.
    return (extraction.reason is None or extraction.reason in LASTING) and not (
        extraction.wants_ocr or extraction.is_provisional
    )


def _state(path: Path) -> tuple[int, ...] | None:
    """What changes when a file is written to; None when there is no such file."""
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns

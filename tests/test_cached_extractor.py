"""A PDF that was read before is not read again, unless its content or the extractor is another."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dl_lit.cached_extractor import CachedExtractor, cache_path, caching, clear_cache, look_at_cache
from dl_lit.config import ExtractionSettings, load_settings
from dl_lit.errors import DatabaseUnusable, UsageError
from dl_lit.extraction import version
from dl_lit.extraction.executor import ParserPool
from dl_lit.extraction.packing import pack, unpack
from dl_lit.model import Extraction, PdfReason, Person, Reference
from dl_lit.standin.samples import write_samples
from dl_lit.store.cache_file import CacheFile

READ = Extraction(
    pages=3,
    backend="pymupdf",
    quality=0.1 + 0.2,
    title="Ein Titel – 題名",
    authors=(Person("Doe", "J."), Person(name="The Group")),
    references=(
        Reference("Doe, J. (2001a). One.", position=1, page=3, authors=(Person("Doe", "J."),), year=2001),
        Reference("„Zwei“", position=2, editors=(Person(name="Hg."),), language="de"),
    ),
)


class Reader:
    """An extractor of its own kind, that counts."""

    def __init__(self, result: Extraction = READ, version: str = "reader 1") -> None:
        self.result = result
        self.version = version
        self.read: list[Path] = []

    def extract(self, path: Path) -> Extraction:
        self.read.append(path)
        return self.result


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[CacheFile]:
    with closing(CacheFile(tmp_path / "cache.db", 1 << 20, busy_seconds=0.1)) as cache:
        yield cache


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"some bytes")
    return path


def same(one: Extraction, other: Extraction) -> bool:
    """Time and source aside."""
    return replace(one, seconds=0.0, cached=False) == replace(other, seconds=0.0, cached=False)


def test_a_file_is_read_once_and_known_from_then_on(cache: CacheFile, pdf: Path, told: list[str]) -> None:
    reader = Reader()
    extractor = CachedExtractor(reader, cache, told.append)
    first, second = extractor.extract(pdf), extractor.extract(pdf)
    assert (first.cached, second.cached) == (False, True)
    assert same(first, second)
    assert reader.read == [pdf]
    assert told == []


def test_the_same_content_under_another_name_is_known(cache: CacheFile, pdf: Path, told: list[str]) -> None:
    reader = Reader()
    extractor = CachedExtractor(reader, cache, told.append)
    extractor.extract(pdf)
    other = pdf.with_name("نسخة.pdf")
    other.write_bytes(pdf.read_bytes())
    assert extractor.extract(other).cached


def test_the_same_content_with_another_ending_may_be_something_else(
    cache: CacheFile, pdf: Path, told: list[str]
) -> None:
    extractor = CachedExtractor(Reader(), cache, told.append)
    extractor.extract(pdf)
    assert not extractor.extract(pdf.rename(pdf.with_suffix(".tex"))).cached
    assert extractor.extract(pdf.with_suffix(".tex").rename(pdf.with_suffix(".PDF"))).cached


def test_a_file_whose_content_changed_is_read_again(cache: CacheFile, pdf: Path, told: list[str]) -> None:
    reader = Reader()
    extractor = CachedExtractor(reader, cache, told.append)
    extractor.extract(pdf)
    pdf.write_bytes(b"other bytes")
    assert not extractor.extract(pdf).cached
    assert len(reader.read) == 2


def test_another_version_of_the_extractor_reads_again(cache: CacheFile, pdf: Path, told: list[str]) -> None:
    CachedExtractor(Reader(), cache, told.append).extract(pdf)
    newer = CachedExtractor(Reader(version="reader 2"), cache, told.append)
    assert newer.version == "reader 2"
    assert not newer.extract(pdf).cached
    assert CachedExtractor(Reader(), cache, told.append).extract(pdf).cached


@pytest.mark.parametrize("reason", list(PdfReason))
def test_only_reasons_that_lie_in_the_file_are_kept(
    cache: CacheFile, pdf: Path, told: list[str], reason: PdfReason
) -> None:
    extractor = CachedExtractor(Reader(Extraction(reason=reason, detail="why")), cache, told.append)
    extractor.extract(pdf)
    passing = {
        *(PdfReason.TIMED_OUT, PdfReason.OUT_OF_MEMORY, PdfReason.CRASHED, PdfReason.INTERNAL_ERROR),
        *(PdfReason.UNREADABLE, PdfReason.DAMAGED, PdfReason.EMPTY_FILE, PdfReason.NO_READER, PdfReason.SERVICE_SILENT),
        *(PdfReason.BUDGET_SPENT, PdfReason.ACCESS_REFUSED),
    }
    again = extractor.extract(pdf)
    assert again.cached is (reason not in passing)
    assert (again.reason, again.detail) == (reason, "why")


def test_files_that_cannot_be_hashed_go_to_the_extractor(cache: CacheFile, tmp_path: Path, told: list[str]) -> None:
    reader = Reader(Extraction(reason=PdfReason.UNREADABLE))
    (tmp_path / "empty.pdf").touch()
    extractor = CachedExtractor(reader, cache, told.append)
    for path in (tmp_path / "empty.pdf", tmp_path / "none.pdf", tmp_path):
        assert extractor.extract(path).reason is PdfReason.UNREADABLE
    assert len(reader.read) == 3
    assert cache.stats().entries == 0


def test_what_was_read_while_the_file_changed_is_not_kept(cache: CacheFile, pdf: Path, told: list[str]) -> None:
    class Slow(Reader):
        def extract(self, path: Path) -> Extraction:
            path.write_bytes(b"changed in the meantime")
            return super().extract(path)

    CachedExtractor(Slow(), cache, told.append).extract(pdf)
    assert cache.stats().entries == 0


def test_a_result_that_has_no_utf8_is_handed_on_and_not_kept(cache: CacheFile, pdf: Path, told: list[str]) -> None:
    reader = Reader(Extraction(references=(Reference("half a pair: \ud835"),)))
    extractor = CachedExtractor(reader, cache, told.append)
    assert extractor.extract(pdf).references[0].raw.endswith("\ud835")
    assert not extractor.extract(pdf).cached
    assert told == []


def test_packed_results_come_back_as_they_were() -> None:
    packed = pack(READ)
    assert packed is not None
    assert unpack(packed) == READ


@pytest.mark.parametrize("packed", [b"", b"\x02abc", b"\x01no zlib", b"\x01x\x9c\x03\x00\x00\x00\x00\x01"])
def test_bytes_of_another_form_are_nothing(packed: bytes) -> None:
    assert unpack(packed) is None


def test_an_entry_that_cannot_be_unpacked_is_read_anew(cache: CacheFile, pdf: Path, told: list[str]) -> None:
    reader = Reader()
    extractor = CachedExtractor(reader, cache, told.append)
    extractor.extract(pdf)
    with closing(sqlite3.connect(cache.path)) as other, other:
        other.execute("UPDATE extractions SET payload = x'01ffff'")
    assert not extractor.extract(pdf).cached
    assert extractor.extract(pdf).cached


# ── a cache that fails ───────────────────────────────────────────────────────────────────────────────────


def _locked(cache: CacheFile) -> Callable[[], None]:
    other = sqlite3.connect(cache.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    return other.close


def _full(cache: CacheFile) -> Callable[[], None]:
    cache._file._connection.execute("PRAGMA max_page_count = 1")
    return lambda: None


def _closed(cache: CacheFile) -> Callable[[], None]:
    cache.close()
    return lambda: None


def _without_table(cache: CacheFile) -> Callable[[], None]:
    with closing(sqlite3.connect(cache.path)) as other:
        other.execute("DROP TABLE extractions")
    return lambda: None


@pytest.mark.parametrize("spoil", [_locked, _full, _closed, _without_table])
def test_a_cache_that_fails_is_told_of_once_and_costs_no_result(
    cache: CacheFile, tmp_path: Path, told: list[str], spoil: Callable[[CacheFile], Callable[[], None]]
) -> None:
    files = [tmp_path / f"{number}.pdf" for number in range(8)]
    for number, file in enumerate(files):
        file.write_bytes(f"file {number}".encode())
    reader = Reader(replace(READ, detail=os.urandom(40_000).hex()))
    extractor = CachedExtractor(reader, cache, told.append)
    mend = spoil(cache)
    with ThreadPoolExecutor(4) as threads:
        assert all(same(one, reader.result) for one in threads.map(extractor.extract, files))
    mend()
    assert len(told) == 1
    assert str(cache.path) in told[0] and "dl-lit cache clear --extraction" in told[0]
    extractor.extract(files[0])
    assert len(reader.read) == 9 and len(told) == 1


def test_a_broken_file_is_told_of_and_can_be_cleared_away(cache_of_this_test: Path, told: list[str], pdf: Path) -> None:
    settings = ExtractionSettings()
    cache_of_this_test.mkdir(parents=True)
    cache_path(settings).write_bytes(b"not a database " * 100)
    with caching(Reader(), settings, told.append) as extractor:
        assert not extractor.extract(pdf).cached
    assert len(told) == 1
    with pytest.raises(DatabaseUnusable, match="cannot be used"):
        look_at_cache(settings)
    assert clear_cache(settings) == 0
    with caching(Reader(), settings, told.append) as extractor:
        extractor.extract(pdf)
        assert extractor.extract(pdf).cached
    assert len(told) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told_of(tmp_path: Path, told: list[str], pdf: Path) -> None:
    folder = tmp_path / "read-only"
    folder.mkdir(mode=0o500)
    with caching(Reader(), ExtractionSettings(cache_dir=folder / "cache"), told.append) as extractor:
        assert same(extractor.extract(pdf), READ)
    assert len(told) == 1


def test_a_place_where_no_folder_can_be_is_told_of(tmp_path: Path, told: list[str], pdf: Path) -> None:
    (tmp_path / "file").touch()
    settings = ExtractionSettings(cache_dir=tmp_path / "file" / "cache")
    with caching(Reader(), settings, told.append) as extractor:
        assert same(extractor.extract(pdf), READ)
    assert len(told) == 1


def test_what_cannot_be_opened_at_all_is_not_thrown_away(cache_of_this_test: Path) -> None:
    place = cache_path(ExtractionSettings())
    place.mkdir(parents=True)
    with pytest.raises(DatabaseUnusable, match="unable to open"):
        clear_cache(ExtractionSettings())
    assert place.is_dir()


def test_clearing_says_how_many_results_there_were(pdf: Path, told: list[str]) -> None:
    settings = ExtractionSettings()
    with caching(Reader(), settings, told.append) as extractor:
        extractor.extract(pdf)
    found = look_at_cache(settings)
    assert found is not None and (found.entries, found.hits) == (1, 0)
    assert [clear_cache(settings), clear_cache(settings)] == [1, 0]


def test_without_a_home_there_is_no_cache_and_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: list[str], pdf: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = ExtractionSettings(cache_dir=Path("~no-such-user-anywhere/cache"))
    with caching(Reader(), settings, told.append) as extractor:
        assert same(extractor.extract(pdf), READ)
    assert "extraction.cache_dir" in told[0]
    with pytest.raises(UsageError):
        look_at_cache(settings)


# ── where it is, and whether ─────────────────────────────────────────────────────────────────────────────


def test_it_can_be_switched_off(cache_of_this_test: Path, pdf: Path, told: list[str]) -> None:
    reader = Reader()
    with caching(reader, ExtractionSettings(cache=False), told.append) as extractor:
        extractor.extract(pdf)
        assert not extractor.extract(pdf).cached
    assert not cache_of_this_test.exists()
    assert look_at_cache(ExtractionSettings()) is None


def test_it_lies_in_the_users_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cache_path(ExtractionSettings()).parent == Path(os.environ["XDG_CACHE_HOME"]) / "dl-lit"
    monkeypatch.setenv("HOME", str(tmp_path))
    for wrong in ("", "a/relative/one"):
        monkeypatch.setenv("XDG_CACHE_HOME", wrong)
        assert cache_path(ExtractionSettings()).is_relative_to(tmp_path)
    monkeypatch.setenv("DL_LIT_EXTRACTION__CACHE_DIR", "~/elsewhere")
    monkeypatch.setenv("DL_LIT_CONFIG", str(tmp_path / "c.toml"))
    (tmp_path / "c.toml").touch()
    assert cache_path(load_settings().extraction).parent == tmp_path / "elsewhere"


# ── the version of the built-in extractor ────────────────────────────────────────────────────────────────


def test_the_version_holds_while_nothing_changes_and_differs_with_every_limit() -> None:
    settings = [
        ExtractionSettings(),
        ExtractionSettings(time_limit_seconds=61),
        ExtractionSettings(memory_limit_mb=1025),
        ExtractionSettings(max_file_mb=501),
    ]
    versions = []
    for one in settings:
        with ParserPool(one, 1) as pool:
            versions.append(pool.version)
            assert pool.version == versions[-1]
    assert len(set(versions)) == 4
    with ParserPool(ExtractionSettings(cache_mb=7), 2) as pool:
        assert pool.version == versions[0]


def _copy_of_sources(folder: Path) -> Path:
    for name in ("extraction", "identity"):
        (folder / name / "__pycache__").mkdir(parents=True)
        (folder / name / "code.py").write_text("x = 1\n")
        (folder / name / "__pycache__" / "code.pyc").touch()
    (folder / "model.py").touch()
    (folder / "config.py").touch()
    return folder


def test_the_version_is_made_of_the_sources_that_decide(tmp_path: Path) -> None:
    package = _copy_of_sources(tmp_path)
    assert sorted(file.relative_to(package).as_posix() for file in version._sources(package)) == [
        "extraction/code.py",
        "identity/code.py",
        "model.py",
    ]
    own = {file.name for file in version._sources(Path(version.__file__).parents[1])}
    assert {"worker.py", "references.crfsuite", "lexicon.txt", "doi.py", "model.py"} <= own


def test_a_program_that_is_installed_later_makes_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(version._programs()) == []
    (tmp_path / "ocrmypdf").write_text("#!/bin/sh\n")
    (tmp_path / "ocrmypdf").chmod(0o755)
    (found,) = version._programs()
    assert found.startswith("ocrmypdf 10 ")


def test_a_library_that_is_missing_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "_LIBRARIES", ("no-such-library-anywhere",))
    assert "no-such-library-anywhere none" in list(version._libraries())


# ── the real thing ───────────────────────────────────────────────────────────────────────────────────────


def test_samples_out_of_the_cache_equal_samples_that_were_read(tmp_path: Path, told: list[str]) -> None:
    write_samples(tmp_path / "pdfs", 0)
    files = sorted((tmp_path / "pdfs").glob("*.pdf"))
    settings = ExtractionSettings()
    with ParserPool(settings, 2) as pool, caching(pool, settings, told.append) as extractor:
        fresh = [extractor.extract(file) for file in files]
    with ParserPool(settings, 2) as pool, caching(pool, settings, told.append) as extractor:
        cached = [extractor.extract(file) for file in files]
        assert pool.processes() == []  # nothing had to be read
    assert len(files) > 4 and all(one.references for one in fresh)
    assert [one.cached for one in (*fresh, *cached)] == [False] * len(files) + [True] * len(files)
    assert all(same(*pair) for pair in zip(fresh, cached, strict=True))
    assert told == []

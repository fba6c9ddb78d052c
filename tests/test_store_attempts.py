"""Attempts are written one by one, and a later run knows them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.model import ATTEMPT_CATEGORIES, Attempt, Download, DownloadReason
from library import SmallLibrary, work


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def attempt(url: str, outcome: DownloadReason = DownloadReason.BLOCKED) -> Attempt:
    return Attempt("openalex", url, None, "host.org", outcome, status=403, bytes=7, milliseconds=9, detail="why")


def test_an_attempt_is_there_at_once_and_comes_back_as_it_was(library: SmallLibrary) -> None:
    (reference,) = library.accept(work(doi="10.1/a"))
    library.queue()
    library.store.record_attempt(reference, attempt("http://a/"))
    library.store.record_attempt(reference, attempt("http://b/", DownloadReason.TIMEOUT))
    assert library.store.attempts_since_queued(reference) == [
        attempt("http://a/"),
        attempt("http://b/", DownloadReason.TIMEOUT),
    ]


def test_attempts_from_before_the_row_was_queued_do_not_count(library: SmallLibrary) -> None:
    (reference,) = library.accept(work(doi="10.1/a"))
    library.store.record_attempt(reference, attempt("http://a/"))
    library.clock.now += 10
    library.queue()
    assert library.store.attempts_since_queued(reference) == []


def test_a_row_that_has_left_the_queue_has_none(library: SmallLibrary) -> None:
    (reference,) = library.accept(work(doi="10.1/a"))
    library.queue()
    library.download(Download(reason=DownloadReason.BLOCKED, attempts=(attempt("http://a/"),)))
    assert library.store.attempts_since_queued(reference) == []
    assert library.rows("SELECT url FROM download_attempts") == [("http://a/",)]


def test_every_outcome_has_its_category_and_it_is_written_with_the_attempt(library: SmallLibrary) -> None:
    assert ATTEMPT_CATEGORIES.keys() == set(DownloadReason)
    (reference,) = library.accept(work(doi="10.1/a"))
    library.store.record_attempt(reference, attempt("http://a/"))
    assert library.rows("SELECT outcome, category FROM download_attempts") == [("blocked", "walled")]

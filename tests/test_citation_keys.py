"""Citation keys stay those under which works were given out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dl_lit.cli.main import run
from dl_lit.errors import DatabaseBusy
from dl_lit.model import Decision, Enrichment, Person, Twin, Work
from dl_lit.store.store import Store
from library import ME, SmallLibrary


def keys(*options: str) -> dict[str, str]:
    """Those of an export, by the works' DOIs."""
    assert run(["export", "--to", "json", "--output", "out.json", *options]) == 0
    return {row["work"]["doi"]: row["key"] for row in json.loads(Path("out.json").read_text("utf-8"))}


def tides(number: int) -> Work:
    return Work(title="Tides of all coasts", authors=(Person("Doe"),), year=1999, doi=f"10.1000/{number}")


def test_a_work_that_is_found_later_takes_no_key_over(library: SmallLibrary) -> None:
    library.print_references("to be found later", "found at once")
    first, second = library.claim_references()
    library.store.finish_enrichment(second, ME, Enrichment(Decision.ACCEPTED, tides(2)))
    assert keys() == {"10.1000/2": "doe1999tides"}
    library.store.finish_enrichment(first, ME, Enrichment(Decision.ACCEPTED, tides(1)))
    assert keys() == {"10.1000/2": "doe1999tides", "10.1000/1": "doe1999tidesa"}
    assert keys("--from-year", "1990") == keys()


def test_what_was_not_given_out_has_no_key_to_keep(library: SmallLibrary) -> None:
    library.accept(tides(1))
    assert keys("--from-year", "2020") == {}
    assert library.rows("SELECT * FROM citation_keys") == []


def test_the_key_of_a_merged_reference_goes_to_its_work(library: SmallLibrary) -> None:
    [head] = library.accept(tides(1))
    library.queue()
    [twin] = library.accept(tides(2))
    library.store.keep_citation_keys({twin: "cited1999already"})
    library.queue(Twin("to_download_references", head, "title_authors_year", 0.9))
    assert library.ids("duplicate_references") == [twin]
    assert list(keys().values()) == ["cited1999already"]


def test_a_library_that_cannot_be_written_gives_its_works_out_all_the_same(
    library: SmallLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.accept(tides(1))

    def locked(self: Store, given: object) -> None:
        raise DatabaseBusy("locked")

    monkeypatch.setattr(Store, "keep_citation_keys", locked)
    assert keys() == {"10.1000/1": "doe1999tides"}
    assert library.rows("SELECT * FROM citation_keys") == []

"""The built-in catalogue: what one library's run fetched spares the next one's calls, and never costs a row."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dl_lit.config import Settings, load_settings
from dl_lit.enrichment.cascade import Enricher
from dl_lit.fetched import Fetched, clear_fetched, fetched_path, look_at_fetched, remembering, world_of
from dl_lit.model import (
    Decision,
    Enrichment,
    EnrichmentReason,
    Found,
    NoAnswer,
    NoMetadataRow,
    Nothing,
    Person,
    Reference,
    Refusals,
    Work,
)
from dl_lit.refusals import REFUSED
from dl_lit.services.base import MemoryCache
from enrichment_world import (
    HERRING,
    HERRING_RAW,
    IN_OPENALEX,
    NUMERALS,
    RAW,
    FakeService,
    World,
    fake_arxiv,
    fake_crossref,
    fake_openalex,
    finds,
    outcomes,
)

pytestmark = pytest.mark.usefixtures("away_from_home")
DAY = 86_400.0


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def fetched(told: list[str]) -> Iterator[Fetched]:
    with remembering(load_settings(), told.append) as fetched:
        assert fetched is not None
        yield fetched


def enrich(world: World, fetched: Fetched, *references: Reference | str, refused: Refusals = frozenset()) -> Any:
    given = [one if isinstance(one, Reference) else Reference(raw=one) for one in references]
    rows = [NoMetadataRow(number, one, 0, refused) for number, one in enumerate(given)]
    found: dict[NoMetadataRow, Enrichment] = dict(
        outcomes(Enricher(world, world, None, fetched), rows, threading.Event())
    )
    return [found[row] for row in rows]


# ── in the cascade ───────────────────────────────────────────────────────────────────────────────────────


def test_a_fetched_work_needs_no_search_and_its_evidence_says_where_it_came_from(fetched: Fetched) -> None:
    fetched.hears("crossref", [NUMERALS])
    world = World(fake_crossref({"10.5555/deep": Found(NUMERALS)}))
    (found,) = enrich(world, fetched, RAW)
    assert found.work == NUMERALS
    assert [(one.service, one.query, one.decision) for one in found.evidence] == [
        ("fetched", "text", Decision.ACCEPTED)
    ]
    assert world.crossref is not None and world.crossref.searched == []


def test_a_printed_doi_that_was_fetched_is_not_looked_up(fetched: Fetched) -> None:
    fetched.hears("crossref", [NUMERALS])
    (found,) = enrich(World(fake_crossref({"10.5555/deep": Found(NUMERALS)})), fetched, f"{RAW} doi:10.5555/deep")
    assert [one.service for one in found.evidence] == ["fetched"]


def test_a_printed_doi_of_another_work_is_asked_for(fetched: Fetched) -> None:
    fetched.hears("crossref", [HERRING])
    crossref = fake_crossref({"10.5555/deep": Found(NUMERALS)})
    (found,) = enrich(World(crossref), fetched, f"{HERRING_RAW} doi:10.5555/deep")
    assert crossref.asked[0] == ("10.5555/deep",)
    assert "fetched" not in {one.service for one in found.evidence}


def test_what_needs_a_look_says_nothing_and_the_services_are_asked(fetched: Fetched) -> None:
    # The title and the author, but a year that forbids it: enough for a look, were it all there is.
    fetched.hears("crossref", [replace(NUMERALS, doi="10.5555/other", year=2009)])
    crossref = fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(NUMERALS))
    (found,) = enrich(World(crossref), fetched, RAW)
    assert found.work == NUMERALS
    assert crossref.searched == [RAW]
    assert {one.service for one in found.evidence} == {"crossref"}


def test_a_work_that_fits_but_is_not_printed_in_full_leaves_the_choice_to_a_search(fetched: Fetched) -> None:
    preprint = replace(NUMERALS, doi="10.5555/pre", container=None, volume=None, pages=None, type="posted-content")
    fetched.hears("crossref", [preprint])
    crossref = fake_crossref({"10.5555/deep": Found(NUMERALS), "10.5555/pre": Found(preprint)}, finds(NUMERALS))
    (found,) = enrich(World(crossref), fetched, RAW)
    assert found.work == NUMERALS and found.evidence[0].service == "crossref"


BOOK = Work(
    title="The lamps of the northern harbour towns",
    authors=(Person("Osei", "Kofi"),),
    year=2004,
    publisher="Quay Press",
    place="Hull",
    type="book",
    isbn="9783161484100",
    sources=("openlibrary",),
)
BOOK_RAW = "Osei, K. (2004). The lamps of the northern harbour towns. Hull: Quay Press."


def searched(fetched: Fetched, raw: str = BOOK_RAW, *found: Work, **more: Any) -> World:
    """A library in which this print is looked for at Crossref and Open Library."""
    books = FakeService("openlibrary", hits=finds(*found) if found else lambda title: Nothing())
    world = World(fake_crossref(**more), openlibrary=books)
    enrich(world, fetched, Reference(raw, title=BOOK.title, type="book", authors=BOOK.authors, year=2004))
    return world


def asked_for_titles(world: World) -> list[str]:
    assert world.openlibrary is not None
    return world.openlibrary.searched


def test_a_book_that_a_search_found_when_all_had_answered_is_known_for_a_week(fetched: Fetched) -> None:
    first, second = searched(fetched, BOOK_RAW, BOOK), searched(fetched, "K. Osei, " + BOOK_RAW[10:])
    assert len(asked_for_titles(first)) == 1 and asked_for_titles(second) == []
    assert second.crossref is not None and second.crossref.searched == []
    expiries = fetched._file._file._connection.execute("SELECT min(expires_at) - max(used_at) FROM entries")
    assert expiries.fetchone()[0] <= 7 * DAY


def test_a_book_that_came_with_a_search_for_something_else_is_searched_for(fetched: Fetched) -> None:
    fetched.hears("openlibrary", [BOOK])
    assert len(asked_for_titles(searched(fetched, BOOK_RAW, BOOK))) == 1


def test_what_was_found_while_somebody_was_silent_is_not_settled(fetched: Fetched) -> None:
    searched(fetched, BOOK_RAW, BOOK, silent=NoAnswer("budget spent", 40_000.0))
    assert len(asked_for_titles(searched(fetched, BOOK_RAW, BOOK))) == 1


@pytest.mark.parametrize(("volume", "pages"), [("7", "12-19"), (None, None)])
def test_a_settled_work_that_lacks_what_is_printed_is_searched_for(
    volume: str | None, pages: str | None, fetched: Fetched
) -> None:
    searched(fetched, BOOK_RAW, BOOK)
    raw = f"Osei, K. (2004). The lamps of the northern harbour towns. Journal of Harbours {volume or ''} {pages or ''}"
    printed = Reference(raw, title=BOOK.title, authors=BOOK.authors, year=2004, container="Journal of Harbours")
    crossref = fake_crossref()
    enrich(World(crossref), fetched, replace(printed, volume=volume, pages=pages))
    assert len(crossref.searched) == 1


def test_a_settled_work_of_another_year_is_searched_for(fetched: Fetched) -> None:
    searched(fetched, BOOK_RAW, BOOK)
    crossref = fake_crossref()
    printed = Reference(BOOK_RAW.replace("2004", "2003"), title=BOOK.title, authors=BOOK.authors, year=2003)
    enrich(World(crossref), fetched, printed)
    assert len(crossref.searched) == 1


def test_two_works_that_fit_alike_are_no_match(fetched: Fetched) -> None:
    twin = replace(NUMERALS, doi="10.5555/twin", authors=(Person("LeCun", "Yvonne"),), title=NUMERALS.title, issue="9")
    fetched.hears("crossref", [NUMERALS, twin])
    crossref = fake_crossref({}, finds(NUMERALS, twin))
    (found,) = enrich(World(crossref), fetched, RAW)
    by_services = World(fake_crossref({}, finds(NUMERALS, twin))).enrich(RAW)[0]
    assert (found.decision, found.work) == (by_services.decision, by_services.work)


def test_what_a_person_has_refused_stays_refused(fetched: Fetched) -> None:
    fetched.hears("crossref", [NUMERALS])
    crossref = fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(NUMERALS))
    refused = frozenset({("doi", "10.5555/deep")})
    (found,) = enrich(World(crossref), fetched, RAW, refused=refused)
    assert (found.decision, found.reason) == (Decision.REJECTED, EnrichmentReason.NO_MATCH)
    assert REFUSED in found.evidence[0].vetoes


def test_an_arxiv_number_is_asked_for_because_it_leads_to_two_records(fetched: Fetched) -> None:
    fetched.hears("crossref", [replace(NUMERALS, arxiv="1501.00001")])
    arxiv = fake_arxiv({"1501.00001": Found(replace(NUMERALS, arxiv="1501.00001", sources=("arxiv",)))})
    enrich(World(fake_crossref({"10.5555/deep": Found(NUMERALS)}), arxiv=arxiv), fetched, f"{RAW} arXiv:1501.00001")
    assert arxiv.asked == [("1501.00001",)]


def test_the_record_of_the_registrant_stands_whoever_is_heard_last(fetched: Fetched) -> None:
    for service, work in (("openalex", replace(NUMERALS, sources=("openalex",))), ("crossref", NUMERALS)):
        fetched.hears(service, [work])
    fetched.hears("openalex", [replace(NUMERALS, sources=("openalex",))])
    (candidates,) = fetched.helpings(Reference(RAW))
    assert [one.work for one in candidates] == [NUMERALS]


def test_only_whole_records_of_those_who_have_them_are_kept(fetched: Fetched) -> None:
    fetched.hears("semanticscholar", [NUMERALS])
    fetched.hears("openalex", [IN_OPENALEX, replace(NUMERALS, year=None), replace(NUMERALS, authors=())])
    assert list(fetched.helpings(Reference(RAW))) == [[]]


def test_half_a_character_in_a_record_costs_nothing(fetched: Fetched, told: list[str]) -> None:
    odd = replace(HERRING, title="Half a \ud800", doi="10.5555/\ud800", container="\udfff")
    fetched.hears("crossref", [odd, NUMERALS])
    fetched.keep_records("crossref", {"doi:10.5555/\ud800": '"\ud800"', "doi:10.5555/deep": "{}"}, DAY)
    assert set(fetched.records("crossref", ["doi:10.5555/deep", "doi:10.5555/\ud800"])) == {
        "doi:10.5555/deep",
        "doi:10.5555/\ud800",
    }
    assert enrich(World(fake_crossref({"10.5555/deep": Found(NUMERALS)})), fetched, RAW)[0].work == NUMERALS
    assert told == []


def test_works_without_a_doi_are_each_kept_once(fetched: Fetched) -> None:
    nameless = replace(HERRING, doi=None)
    for _ in range(2):
        fetched.hears("openalex", [nameless, replace(nameless, pages="70-90")])
    (candidates,) = fetched.helpings(Reference(HERRING_RAW))
    assert [one.work for one in candidates] == [nameless, replace(nameless, pages="70-90")]


# ── as a cache behind the library's own ──────────────────────────────────────────────────────────────────


def test_records_are_shared_by_libraries_and_searches_are_not(fetched: Fetched) -> None:
    one, other = (fetched.behind(MemoryCache()) for _ in range(2))
    answers = {"doi:10.5555/deep": "{}", "doi:10.5555/none": None, "search:5:numerals": "[]", "references:10.1/x": "[]"}
    one.cache_put_many("crossref", answers, 30 * DAY)
    assert set(one.cache_get_many("crossref", list(answers))) == set(answers)
    assert {key: kept.payload for key, kept in other.cache_get_many("crossref", list(answers)).items()} == {
        "doi:10.5555/deep": "{}"
    }


def test_the_librarys_own_answer_comes_first(fetched: Fetched) -> None:
    library = MemoryCache()
    fetched.behind(MemoryCache()).cache_put_many("crossref", {"doi:10.5555/deep": "{1}"}, 30 * DAY)
    library.cache_put_many("crossref", {"doi:10.5555/deep": None}, 30 * DAY)
    assert fetched.behind(library).cache_get_many("crossref", ["doi:10.5555/deep"])["doi:10.5555/deep"].payload is None


def test_services_at_another_address_are_another_world(told: list[str]) -> None:
    real, standin = load_settings(), load_settings(services_url="http://127.0.0.1:9")
    assert world_of(real) != world_of(standin)
    with remembering(standin, told.append) as fetched:
        assert fetched is not None
        fetched.hears("crossref", [NUMERALS])
    with remembering(real, told.append) as fetched:
        assert fetched is not None
        assert list(fetched.helpings(Reference(RAW))) == [[]]


# ── what can be wrong with the file ──────────────────────────────────────────────────────────────────────


def test_a_damaged_file_is_put_aside_and_a_new_one_begun(told: list[str]) -> None:
    path = fetched_path(load_settings())
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database at all" * 100)
    with remembering(load_settings(), told.append) as fetched:
        assert fetched is not None
        fetched.hears("crossref", [NUMERALS])
        assert [len(list(one)) for one in fetched.helpings(Reference(RAW))] == [1]
    assert len(told) == 1 and "damaged" in told[0]
    assert path.with_name(f"{path.name}.damaged").read_bytes().startswith(b"no database")


def test_damage_within_is_told_of_once_costs_no_row_and_is_gone_at_the_next_run(told: list[str]) -> None:
    with remembering(load_settings(), told.append) as fetched:
        assert fetched is not None
        fetched.hears("crossref", [replace(NUMERALS, doi=f"10.5555/{number}") for number in range(300)])
    path = fetched_path(load_settings())
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    world = World(fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(NUMERALS)))
    with remembering(load_settings(), told.append) as fetched:
        assert fetched is not None
        found = enrich(world, fetched, RAW, HERRING_RAW)
        fetched.hears("crossref", [NUMERALS])
        assert fetched.behind(MemoryCache()).cache_get_many("crossref", ["doi:1"]) == {}
        fetched.behind(MemoryCache()).cache_put_many("crossref", {"doi:1": "{}"}, DAY)
    assert found[0].work == NUMERALS
    assert len(told) == 1 and "does without" in told[0] and "put aside" in told[0]
    with remembering(load_settings(), told.append) as fetched:
        assert fetched is not None
        fetched.hears("crossref", [NUMERALS])
    assert len(told) == 1


@pytest.mark.parametrize("payload", [b"none of ours", zlib.compress(b"{"), zlib.compress(b'{"no such field": 1}')])
def test_a_record_that_cannot_be_read_costs_no_row(payload: bytes, fetched: Fetched, told: list[str]) -> None:
    fetched.hears("crossref", [NUMERALS])
    fetched._file._file._connection.execute("UPDATE entries SET payload = ?", (payload,))
    world = World(fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(NUMERALS)))
    assert enrich(world, fetched, RAW)[0].work == NUMERALS
    assert len(told) == 1 and "put aside" in told[0]


def test_a_locked_file_is_told_of_once_and_stays(told: list[str]) -> None:
    with ExitStack() as stack:
        fetched = stack.enter_context(remembering(load_settings(), told.append))
        assert fetched is not None
        fetched.hears("crossref", [NUMERALS])
        fetched._file._file._connection.execute("PRAGMA busy_timeout = 50")
        other = stack.enter_context(closing(sqlite3.connect(fetched_path(load_settings()), isolation_level=None)))
        other.execute("BEGIN IMMEDIATE")
        fetched.hears("crossref", [HERRING])
        fetched.hears("crossref", [HERRING])
        other.execute("ROLLBACK")
    assert len(told) == 1 and "locked" in told[0] and "put aside" not in told[0]
    with remembering(load_settings(), told.append) as again:
        assert again is not None
        assert [len(list(one)) for one in again.helpings(Reference(RAW))] == [1]


def test_a_place_where_nothing_can_be_kept_is_told_of(tmp_path: Path, told: list[str]) -> None:
    (tmp_path / "file").touch()
    settings = load_settings(overrides={"extraction": {"cache_dir": tmp_path / "file" / "below"}})
    with remembering(settings, told.append) as fetched:
        assert fetched is None
    assert len(told) == 1 and "does without" in told[0]


def test_without_a_home_there_is_none_and_no_error(told: list[str]) -> None:
    settings = load_settings(overrides={"extraction": {"cache_dir": Path("~nobody-of-this-name/x")}})
    with remembering(settings, told.append) as fetched:
        assert fetched is None
    assert len(told) == 1 and "no home" in told[0]


def off() -> Settings:
    return load_settings(overrides={"catalogue": {"fetched": False}})


def test_it_can_be_switched_off(told: list[str]) -> None:
    with remembering(off(), told.append) as fetched:
        assert fetched is None
    assert not fetched_path(off()).exists() and told == []


def test_looking_and_clearing(fetched: Fetched) -> None:
    settings = load_settings()
    fetched.hears("crossref", [NUMERALS])
    fetched.keep_records("crossref", {"doi:10.5555/deep": "{}"}, DAY)
    stats = look_at_fetched(settings)
    assert stats is not None and (stats.works, stats.records) == (1, 1)
    assert clear_fetched(settings) == 2
    assert list(fetched.helpings(Reference(RAW))) == [[]]


def test_nothing_was_kept_yet() -> None:
    assert look_at_fetched(load_settings()) is None
    assert clear_fetched(load_settings()) == 0


def test_a_damaged_file_is_cleared_away() -> None:
    path = fetched_path(load_settings())
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database at all" * 100)
    assert clear_fetched(load_settings()) == 0
    assert not path.exists()


def test_openalex_alone_is_heard_too(fetched: Fetched) -> None:
    record = replace(NUMERALS, sources=("openalex",), openalex_id="W1")
    fetched.hears("openalex", [record])
    openalex = fake_openalex({"10.5555/deep": Found(record)})
    (found,) = enrich(World(fake_crossref(), openalex), fetched, RAW)
    assert found.work == record and openalex.searched == []

"""PMC's bucket and CORE: which version, which address, whose DOI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dl_lit.model import CopyVersion, Found, Location, NoAnswer, Nothing
from dl_lit.net.http import HttpResponse
from dl_lit.net.limits import Verdict
from dl_lit.services import core
from dl_lit.services.core import Core
from dl_lit.services.pmc import Pmc
from dl_lit.services.wayback import Wayback
from httpserver import Arrival, Reply
from outside import Outside, as_json, outside, path_of, query_of

MD5 = "0123456789abcdef0123456789abcdef"
S3 = '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{}</ListBucketResult>'


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Outside]:
    with outside(tmp_path, "pmc", "core", "wayback") as made:
        yield made


# ── PMC ──────────────────────────────────────────────────────────────────────────────────────────────────


def bucket(world: Outside, *versions: int, **record: Any) -> Pmc:
    """A client of a bucket that holds these versions of PMC12."""
    values = {"pmcid": "PMC12", "license_code": "CC BY-NC", "is_manuscript": False, **record}
    keys = "".join(f"<Contents><Key>metadata/PMC12.{one}.json</Key></Contents>" for one in versions)

    def answer(arrival: Arrival) -> Reply:
        return as_json(values) if path_of(arrival).startswith("/metadata/") else Reply(200, S3.format(keys).encode())

    world.server.answer = answer
    return Pmc(world.pool("pmc"), world.store, base_url=world.url)


def test_the_newest_version_is_taken_by_number_and_its_s3_address_becomes_https(world: Outside) -> None:
    address = f"s3://pmc-oa-opendata/PMC12.10/PMC12.10.pdf?md5={MD5}"
    assert bucket(world, 1, 9, 10, pdf_url=address).locations("PMC12") == Found(
        (
            Location(
                source="pmc",
                pdf_url=f"{world.url}/PMC12.10/PMC12.10.pdf",
                version=CopyVersion.PUBLISHED,
                licence="cc-by-nc",
                host_type="repository",
                md5=MD5,
            ),
        )
    )
    assert query_of(world.arrivals[0])["prefix"] == "metadata/PMC12."
    assert path_of(world.arrivals[1]) == "/metadata/PMC12.10.json"


def test_an_author_manuscript_is_the_accepted_version_and_for_mining_only(world: Outside) -> None:
    client = bucket(world, 1, pdf_url="s3://other/a.pdf?md5=0", is_manuscript=True, license_code="TDM")
    answer = client.locations("PMC12")
    assert isinstance(answer, Found)
    (one,) = answer.value
    assert (one.pdf_url, one.version, one.licence, one.md5) == (
        *("https://other.s3.amazonaws.com/a.pdf", CopyVersion.ACCEPTED, "TDM"),
        None,
    )


def test_what_is_not_in_the_open_set_or_there_as_text_only_is_nothing(world: Outside) -> None:
    assert bucket(world).locations("PMC12") == Nothing()
    assert bucket(world).locations("PMC12") == Nothing(cached=True)


@pytest.mark.parametrize("url", [None, "", "ftp://x/a.pdf", "s3://bucket"])
def test_an_article_without_a_pdf_is_nothing(world: Outside, url: str | None) -> None:
    assert bucket(world, 1, pdf_url=url).locations("PMC12") == Nothing()


def test_another_articles_record_is_no_answer(world: Outside) -> None:
    assert isinstance(bucket(world, 1, pmcid="PMC13").locations("PMC12"), NoAnswer)


# ── CORE ─────────────────────────────────────────────────────────────────────────────────────────────────


def works(world: Outside, *records: dict[str, Any], key: str | None = None) -> Core:
    world.server.answer = lambda arrival: as_json({"totalHits": len(records), "results": list(records)})
    return Core(world.pool("core"), world.store, base_url=world.url, api_key=key)


def test_core_is_asked_for_several_dois_at_once_and_the_doi_is_compared(world: Outside) -> None:
    client = works(
        world,
        {"doi": "10.1000/other", "downloadUrl": "https://r.test/other.pdf"},
        {"doi": "10.1000/X", "title": "Dikes", "authors": [{"name": "Ohm, Ada"}], "yearPublished": 2001,
         "downloadUrl": "https://core.ac.uk/download/1.pdf", "sourceFulltextUrls": ["https://r.test/item/1"]},
        {"doi": "10.1000/x", "downloadUrl": "", "arxivId": "2001.00001", "sourceFulltextUrls": ["https://s.test/1.pdf"]},
    )  # fmt: skip
    answers = client.works_by_doi(["10.1000/x", "10.1000/none"])
    assert answers["10.1000/none"] == Nothing()
    found = answers["10.1000/x"]
    assert isinstance(found, Found)
    assert (found.value.title, found.value.year, found.value.arxiv) == ("Dikes", 2001, "2001.00001")
    assert [(one.pdf_url, one.landing_url) for one in found.value.locations] == [
        ("https://core.ac.uk/download/1.pdf", None),
        (None, "https://r.test/item/1"),
        ("https://s.test/1.pdf", None),
    ]
    (arrival,) = world.arrivals
    assert path_of(arrival) == "/search/works/"  # without the last slash it would redirect
    assert query_of(arrival) == {"q": 'doi:"10.1000/x" OR doi:"10.1000/none"', "limit": "10", "exclude": "fullText"}
    assert "authorization" not in arrival.headers


def test_core_gets_the_users_key_in_a_header(world: Outside) -> None:
    works(world, key="secret").works_by_doi(["10.1000/x"])
    assert world.arrivals[0].headers["authorization"] == "Bearer secret"


def test_a_429_of_core_is_about_speed_however_long_it_asks_for() -> None:
    asked = HttpResponse(429, {"X-RateLimit-Retryafter": "600"}, b"", "https://core.test")
    assert core.classify_429(asked) is Verdict.SLOW_DOWN
    assert asked.retry_after == 600


# ── the Wayback Machine ──────────────────────────────────────────────────────────────────────────────────

COLUMNS = ["timestamp", "original", "statuscode", "mimetype"]
GONE = "http://gone.test/a.pdf?x=1"


def snapshots(world: Outside, *rows: list[str], columns: list[str] = COLUMNS) -> Wayback:
    world.server.answer = lambda arrival: as_json([columns, *rows])
    return Wayback(world.pool("wayback"), world.store, base_url=world.url)


def test_the_latest_snapshot_that_was_a_pdf_is_given_as_raw_bytes(world: Outside) -> None:
    client = snapshots(
        world,
        ["20190101000000", GONE, "200", "application/pdf"],
        ["20200102030405", GONE, "200", "application/pdf"],
        ["20210101000000", GONE, "403", "text/html"],
    )
    assert client.snapshot(GONE) == Found(f"{world.url}/web/20200102030405id_/{GONE}")
    assert query_of(world.arrivals[0])["url"] == GONE
    assert "filter=statuscode%3A200&filter=mimetype%3Aapplication%2Fpdf" in world.arrivals[0].path


def test_snapshots_that_were_no_pdf_are_nothing(world: Outside) -> None:
    assert snapshots(world, ["20210101000000", GONE, "200", "text/html"]).snapshot(GONE) == Nothing()


def test_odd_columns_and_odd_rows_are_no_answer(world: Outside) -> None:
    assert isinstance(snapshots(world, columns=["urlkey"]).snapshot(GONE), NoAnswer)
    assert isinstance(snapshots(world, ["yesterday", GONE, "200", "application/pdf"]).snapshot(GONE), NoAnswer)

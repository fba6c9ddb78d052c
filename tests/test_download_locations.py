"""Which copies are tried, in which order, and what a silent index means."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from dl_lit.clickable import address
from dl_lit.config import Settings
from dl_lit.download.downloader import Downloader
from dl_lit.download.indexes import Indexes, Subject
from dl_lit.download.job import Park
from dl_lit.download.locations import arrange, known, normalise, refusal
from dl_lit.model import Attempt, CopyVersion, Download, DownloadReason, KeptFile, Location, ToDownloadRow, Work
from dl_lit.services import semanticscholar
from dl_lit.services.base import MemoryCache
from dl_lit.services.registry import ServiceSet, build_services
from dl_lit.services.semanticscholar import SemanticScholar
from dl_lit.store.database import Database
from dl_lit.store.store import Store
from download_world import (
    DOI,
    QUICK,
    TITLE,
    WORK,
    DownloadWorld,
    Handler,
    direct,
    download_world,
    file,
    finish,
    html,
    in_process,
    meta,
    outcomes,
    pdf,
    redirect,
    row,
    settings_for,
)
from httpserver import Arrival, Reply
from outside import as_json

SETTINGS = settings_for(80)
DOAJ = f"1/doaj/search/articles/doi:{DOI.replace('/', '%2F')}"
CORE = "1/core/search/works/"
CDX = "1/wayback/cdx/search/cdx"


def urls(*locations: Location, work: Work = WORK, printed_url: str | None = None) -> list[str]:
    what = row(*locations, work=work, printed_url=printed_url)
    return [candidate.url for candidate in arrange(first_places(what), SETTINGS).candidates]


def first_places(what: ToDownloadRow, settings: Settings = SETTINGS) -> list[Location]:
    """What needs no index: the row's own words and the machine routes."""
    return [*known(what, settings), *Indexes(ServiceSet(), settings).ask(0, Subject.of(what.work)).locations]


def copy(url: str, version: CopyVersion | None = None, licence: str | None = None, best: bool = False) -> Location:
    return Location(source="openalex", pdf_url=url, version=version, licence=licence, is_best=best)


def test_versions_go_before_licences_and_licences_before_the_rest() -> None:
    assert urls(
        copy("http://a.test/unknown.pdf"),
        copy("http://a.test/submitted.pdf", CopyVersion.SUBMITTED, "cc-by"),
        copy("http://a.test/accepted.pdf", CopyVersion.ACCEPTED),
        copy("http://a.test/published.pdf", CopyVersion.PUBLISHED),
        copy("http://a.test/best.pdf", CopyVersion.PUBLISHED, best=True),
        copy("http://a.test/open.pdf", CopyVersion.PUBLISHED, "cc-by"),
    ) == [f"http://a.test/{name}.pdf" for name in ("open", "best", "published", "accepted", "submitted", "unknown")]


def test_the_file_goes_before_its_page_and_walled_hosts_last() -> None:
    both = Location(
        source="unpaywall", pdf_url="http://a.test/1.pdf", landing_url="http://a.test/1", version=CopyVersion.ACCEPTED
    )
    walled = copy("https://www.mdpi.com/1/pdf", CopyVersion.PUBLISHED, "cc-by")
    assert urls(walled, both) == ["http://a.test/1.pdf", "http://a.test/1", "https://www.mdpi.com/1/pdf"]


def test_one_place_is_one_candidate_however_it_is_written() -> None:
    assert urls(
        copy("https://a.test/1.pdf#page=2", CopyVersion.PUBLISHED),
        copy("http://a.test/1.pdf", CopyVersion.ACCEPTED),
        Location(source="unpaywall", pdf_url="https://a.test/1.pdf/", landing_url="https://a.test/1.pdf"),
        copy("http://a.test/view?id=1&amp;x=2"),
        copy("http://a.test/view?id=1&x=2"),
    ) == ["https://a.test/1.pdf", "http://a.test/view?id=1&x=2"]


@pytest.mark.parametrize(
    ("url", "program_url", "is_file"),
    [
        ("https://arxiv.org/abs/1706.03762v5", "http://127.0.0.1:80/arxiv/pdf/1706.03762v5", True),
        ("http://www.arxiv.org/pdf/hep-th/9901001.pdf", "http://127.0.0.1:80/arxiv/pdf/hep-th/9901001", True),
        ("https://arxiv.org/list/cs", "https://arxiv.org/list/cs", False),
        ("https://doi.org/10.1000/A(1)", "http://127.0.0.1:80/doi/10.1000/a%281%29", False),
        ("http://dx.doi.org/10.48550/arXiv.1706.03762", "http://127.0.0.1:80/arxiv/pdf/1706.03762", True),
        (" HTTP://Host.test ", "http://Host.test/", False),
        ("ftp://host.test/a.pdf", None, False),
        ("http://[bad/a.pdf", None, False),
        ("http://host.test:99999/a.pdf", None, False),
        ("/relative.pdf", None, False),
    ],
)
def test_urls_become_those_that_programs_should_use(url: str, program_url: str | None, is_file: bool) -> None:
    assert normalise(url, SETTINGS) == (program_url, is_file)


def test_one_place_is_tried_once_however_it_is_written() -> None:
    spellings = ("x-y.pdf", "x%2Dy.pdf", "./x-y.pdf", "a/../x-y.pdf", "x-y.pdf#page=2", "x-y.pdf?utm_source=index")
    places = [copy(f"https://a.test/{spelling}") for spelling in spellings]
    assert len(arrange([*places, copy("HTTP://A.TEST:80/x-y.pdf")], SETTINGS).candidates) == 1
    others = ("x-Y.pdf", "x_y.pdf", "x-y.pdf?page=1", "a/x-y.pdf")
    assert len(arrange([copy(f"https://a.test/{other}") for other in others], SETTINGS).candidates) == 4
    assert len(arrange([copy("https://a.test:8443/x-y.pdf"), copy("https://a.test/x-y.pdf")], SETTINGS).candidates) == 2


def test_arxiv_ids_and_dois_of_arxiv_are_locations_by_rule() -> None:
    expected = ["http://127.0.0.1:80/arxiv/pdf/1706.03762"]
    assert urls(work=Work(title="x", arxiv="1706.03762")) == expected
    assert urls(work=Work(title="x", doi="10.48550/arxiv.1706.03762")) == expected


def test_there_is_no_location_by_rule_when_arxiv_is_switched_off() -> None:
    services = SETTINGS.services.model_copy(
        update={"arxiv": SETTINGS.services.arxiv.model_copy(update={"enabled": False})}
    )
    settings = SETTINGS.model_copy(update={"services": services})
    assert first_places(row(work=Work(title="x", arxiv="1706.03762")), settings) == []


def test_a_printed_url_counts_when_it_is_a_file() -> None:
    assert urls(printed_url="https://uni.test/~b/paper.PDF") == ["https://uni.test/~b/paper.PDF"]
    assert urls(printed_url="https://arxiv.org/abs/1706.03762") == ["http://127.0.0.1:80/arxiv/pdf/1706.03762"]
    assert urls(printed_url="https://uni.test/~b/") == []
    assert urls(printed_url="http://[bad") == []


@pytest.mark.parametrize(
    "url",
    [
        "https://api.elsevier.com/content/1",
        "https://pubmed.ncbi.nlm.nih.gov/1",
        "https://www.ncbi.nlm.nih.gov/pmc/articles/3929010",
        "https://sci-hub.example/10.1000/x.pdf",
    ],
)
def test_some_hosts_are_never_asked(url: str) -> None:
    assert refusal(url)
    arranged = arrange([copy(url)], SETTINGS)
    assert arranged.candidates == ()
    assert [candidate.url for candidate, _ in arranged.skipped] == [url]


# ── indexes ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DownloadWorld]:
    with download_world(tmp_path) as made:
        settings = made.settings.model_copy(
            update={"contact": made.settings.contact.model_copy(update={"email": "a@b.test"})}
        )
        made.hosts.put("1/europepmc/search", as_json({"resultList": {"result": []}}))
        made.hosts.put("1/hal/search/", as_json({"response": {"docs": []}}))
        made.hosts.put(DOAJ, as_json({"results": []}))
        made.hosts.put(CORE, as_json({"results": []}))
        made.hosts.put(CDX, as_json([]))
        store = Store(Database.open(tmp_path / "l.db", settings.store, create=True))
        made.services = build_services(settings, made.network, store)
        yield made
        store.close()


def open_copy(url: str) -> Reply:
    return as_json({"doi": DOI, "is_oa": True, "oa_locations": [{"url_for_pdf": url, "version": "acceptedVersion"}]})


def test_no_index_is_asked_when_what_is_known_gives_a_copy(world: DownloadWorld) -> None:
    assert world.get(direct(world.hosts.put("2/a.pdf", file()))).file is not None
    assert world.hosts.visited == ["2/a.pdf"]


def test_the_special_indexes_are_asked_when_the_general_ones_gave_no_copy(world: DownloadWorld) -> None:
    world.hosts.put(f"1/unpaywall/{DOI}", open_copy(world.hosts.url("2/gone.pdf")))
    place = {"doiId_s": DOI, "fileMain_s": world.hosts.put("3/a.pdf", file()), "openAccess_bool": True}
    world.hosts.put("1/hal/search/", as_json({"response": {"docs": [place]}}))
    download = world.get()
    assert outcomes(download) == ["gone", "success"]
    assert download.file is not None and download.file.source == "hal"
    asked = [place.split("/")[1] for place in world.hosts.visited]
    assert (asked[:2], sorted(asked[2:-1]), asked[-1]) == (
        ["unpaywall", "gone.pdf"],
        ["doaj", "europepmc", "hal"],
        "a.pdf",
    )


def test_the_special_indexes_are_asked_at_once(world: DownloadWorld) -> None:
    together = threading.Barrier(3, timeout=20)

    def with_the_others(answer: Reply) -> Handler:
        return lambda arrival: (together.wait(), answer)[1]

    world.hosts.put("1/europepmc/search", with_the_others(as_json({"resultList": {"result": []}})))
    world.hosts.put("1/hal/search/", with_the_others(as_json({"response": {"docs": []}})))
    world.hosts.put(DOAJ, with_the_others(as_json({"results": []})))
    assert world.get().file is None
    assert not together.broken


def test_a_page_that_only_an_index_knows_is_told_of_when_its_links_fail(world: DownloadWorld) -> None:
    page = world.hosts.put("2/article", html('<a href="/a.pdf">PDF</a>', head=meta(citation_title=TITLE)))
    copy_of = {"url_for_pdf": None, "url_for_landing_page": page, "version": "acceptedVersion"}
    world.hosts.put(f"1/unpaywall/{DOI}", as_json({"doi": DOI, "is_oa": True, "oa_locations": [copy_of]}))
    download = world.get()
    assert (download.reason, outcomes(download)) == (DownloadReason.GONE, ["gone", "no_pdf_link"])
    assert address(WORK, download.attempts) == page


def put_in_pmc(world: DownloadWorld, pmcid: str, body: bytes, md5: str) -> None:
    keys = f"<Contents><Key>metadata/{pmcid}.1.json</Key></Contents>"
    world.hosts.put("1/pmc/", Reply(200, f"<ListBucketResult>{keys}</ListBucketResult>".encode()))
    address = f"s3://pmc-oa-opendata/{pmcid}.1/a.pdf?md5={md5}"
    world.hosts.put(f"1/pmc/metadata/{pmcid}.1.json", as_json({"pmcid": pmcid, "pdf_url": address}))
    world.hosts.put(f"1/pmc/{pmcid}.1/a.pdf", file(body))


def test_a_page_of_pmc_becomes_the_file_in_its_bucket_before_any_index_is_asked(world: DownloadWorld) -> None:
    put_in_pmc(world, "PMC3929010", pdf(), hashlib.md5(pdf()).hexdigest())
    page = Location(source="openalex", landing_url="https://www.ncbi.nlm.nih.gov/pmc/articles/3929010")
    download = world.get(page, direct(world.hosts.url("2/a.pdf"), CopyVersion.PUBLISHED))
    assert download.file is not None
    assert (download.file.source, download.file.version) == ("pmc", CopyVersion.PUBLISHED)
    assert not any("unpaywall" in place or place == "2/a.pdf" for place in world.hosts.visited)


def test_a_printed_page_of_pmc_becomes_the_file_too(world: DownloadWorld) -> None:
    put_in_pmc(world, "PMC12", pdf(), hashlib.md5(pdf()).hexdigest())
    download = world.get(printed_url="https://pmc.ncbi.nlm.nih.gov/articles/PMC12/")
    assert download.file is not None and download.file.source == "pmc"


def test_semantic_scholar_is_asked_with_a_key_only(world: DownloadWorld) -> None:
    copy_there = {"url": world.hosts.put("3/a.pdf", file()), "status": "GREEN"}
    world.hosts.put("1/semanticscholar/paper/batch", as_json([{"title": WORK.title, "openAccessPdf": copy_there}]))
    assert world.get().reason is DownloadReason.NO_OPEN_COPY
    client = SemanticScholar(
        world.network.service("semanticscholar", semanticscholar.KEYED),
        MemoryCache(),
        base_url=world.settings.services.semanticscholar.base_url,
        api_key="k",
    )
    world.services = replace(world.services, semanticscholar=client)
    download = world.get()
    assert download.file is not None and download.file.source == "semanticscholar"


def test_the_id_converter_takes_the_place_of_europe_pmc(world: DownloadWorld) -> None:
    put_in_pmc(world, "PMC12", pdf(), hashlib.md5(pdf()).hexdigest())
    record = {"requested-id": DOI, "doi": DOI, "pmcid": "PMC12"}
    world.hosts.put("1/idconv/api/v1/articles/", as_json({"status": "ok", "records": [record]}))
    assert world.get().reason is DownloadReason.NO_OPEN_COPY
    world.services = replace(world.services, europepmc=None)
    download = world.get()
    assert download.file is not None and download.file.source == "pmc"


def test_an_id_of_pmc_that_an_index_brings_becomes_the_file_too(world: DownloadWorld) -> None:
    put_in_pmc(world, "PMC12", pdf(), hashlib.md5(pdf()).hexdigest())
    record = {"id": "1", "source": "MED", "doi": DOI, "pmcid": "PMC12"}
    world.hosts.put("1/europepmc/search", as_json({"resultList": {"result": [record]}}))
    download = world.get()
    assert download.file is not None and download.file.source == "pmc"


def test_a_file_with_another_md5_than_the_index_says_is_asked_for_once_more_and_not_kept(world: DownloadWorld) -> None:
    put_in_pmc(world, "PMC12", pdf(), "0" * 32)
    download = world.get(work=replace(WORK, pmcid="PMC12"))
    assert (download.reason, world.files) == (DownloadReason.TRUNCATED, [])
    assert world.hosts.visited.count("1/pmc/PMC12.1/a.pdf") == 2


def test_core_is_asked_last_and_its_record_must_have_the_title(world: DownloadWorld) -> None:
    record = {"doi": DOI, "title": WORK.title, "downloadUrl": world.hosts.put("3/a.pdf", file())}
    world.hosts.put(CORE, as_json({"results": [{**record, "title": "A history of lighthouses"}]}))
    assert world.get().reason is DownloadReason.NO_OPEN_COPY
    asked = [place.split("/")[1] for place in world.hosts.visited]
    assert (asked[0], sorted(asked[1:-1]), asked[-1]) == ("unpaywall", ["doaj", "europepmc", "hal"], "core")


def test_a_copy_that_only_core_knows_is_found(world: DownloadWorld) -> None:
    record = {"doi": DOI, "title": WORK.title, "downloadUrl": world.hosts.put("3/a.pdf", file())}
    world.hosts.put(CORE, as_json({"results": [record]}))
    download = world.get()
    assert download.file is not None and download.file.source == "core"


def test_one_place_named_by_two_indexes_is_tried_once(world: DownloadWorld) -> None:
    gone = world.hosts.url("2/gone.pdf")
    world.hosts.put(f"1/unpaywall/{DOI}", open_copy(gone))
    world.hosts.put("1/hal/search/", as_json({"response": {"docs": [{"doiId_s": DOI, "fileMain_s": gone}]}}))
    assert outcomes(world.get(direct(gone))) == ["gone"]


def test_an_index_whose_record_the_metadata_is_from_is_not_asked_again(world: DownloadWorld) -> None:
    work = Work(title=WORK.title, doi=DOI, type="journal-article", sources=("crossref", "openalex", "hal", "doaj"))
    world.get(work=work)
    assert [place.split("/")[1] for place in world.hosts.visited] == ["unpaywall", "europepmc", "core"]


def test_a_host_that_shows_a_wall_comes_last_from_then_on(world: DownloadWorld) -> None:
    walled = world.hosts.put("2/a.pdf", Reply(403, b"<html><title>Just a moment...</title></html>"))
    other = world.hosts.put("2/b.pdf", Reply(403, b"<html><title>Just a moment...</title></html>"))
    good = direct(world.hosts.put("3/b.pdf", file()), CopyVersion.ACCEPTED)
    downloader = world.downloader()
    assert finish(downloader, row(walled)).file is None
    download = finish(downloader, row(direct(other), good, row_id=8))
    assert outcomes(download) == ["success"]


def test_unpaywall_is_asked_beside_what_is_known(world: DownloadWorld) -> None:
    world.hosts.put(f"1/unpaywall/{DOI}", open_copy(world.hosts.put("3/a.pdf", file())))
    download = world.get(direct(world.hosts.url("2/gone.pdf")))
    assert outcomes(download) == ["gone", "success"]
    assert download.file is not None
    assert (download.file.source, download.file.version) == ("unpaywall", CopyVersion.ACCEPTED)


def test_openalex_is_asked_when_the_metadata_is_not_from_there(world: DownloadWorld) -> None:
    place = {"is_oa": True, "pdf_url": world.hosts.put("3/a.pdf", file()), "landing_page_url": None}
    world.hosts.put(f"1/openalex/works/doi:{DOI}", as_json({"id": "https://openalex.org/W1", "locations": [place]}))
    download = world.get(work=Work(title=WORK.title, authors=WORK.authors, doi=DOI, sources=("crossref",)))
    assert download.file is not None
    assert download.file.source == "openalex"


@pytest.mark.parametrize(
    ("reply", "reason", "said"),
    [
        (Reply(200, b"<html>down</html>"), DownloadReason.RETRY_LATER, "a web page instead of data"),
        (Reply(422, b"{}"), DownloadReason.ACCESS_REFUSED, "Set contact.email"),
        (Reply(429, b"", {"Retry-After": "7200"}), DownloadReason.BUDGET_SPENT, "no budget left for us until 20"),
    ],
)
def test_a_silent_index_means_later_and_not_never(
    world: DownloadWorld, reply: Reply, reason: DownloadReason, said: str
) -> None:
    world.hosts.put(f"1/unpaywall/{DOI}", reply)
    download = world.get()
    assert download.reason is reason and said in (download.detail or "")
    assert world.get(direct(world.hosts.url("2/gone.pdf"))).reason is reason


def test_an_index_that_may_answer_soon_sets_the_time_and_not_one_whose_budget_is_spent(world: DownloadWorld) -> None:
    world.hosts.put(f"1/unpaywall/{DOI}", Reply(429, b"", {"Retry-After": "7200"}))
    world.hosts.put(DOAJ, Reply(200, b"<html>down</html>"))
    download = world.get()
    assert (download.reason, download.retry_after) == (DownloadReason.RETRY_LATER, None)


def test_a_silent_index_is_no_matter_when_there_is_a_copy(world: DownloadWorld) -> None:
    world.hosts.put(f"1/unpaywall/{DOI}", Reply(200, b"<html>down</html>"))
    assert world.get(direct(world.hosts.put("2/a.pdf", file()))).file is not None


def test_when_every_index_answered_there_is_no_open_copy(world: DownloadWorld) -> None:
    assert world.get().reason is DownloadReason.NO_OPEN_COPY
    asked = {place.split("/")[1] for place in world.hosts.visited}
    assert asked == {"unpaywall", "europepmc", "hal", "doaj", "core"}


def test_an_index_that_is_off_is_named_and_there_is_no_open_copy_only_without_it(world: DownloadWorld) -> None:
    off = {"unpaywall": "needs contact.email, which is not set", "openlibrary": "switched off"}
    world.services = replace(world.services, unpaywall=None, off=off)
    download = world.get()
    assert (download.reason, download.unasked) == (DownloadReason.NOT_ALL_ASKED, ("unpaywall", "semanticscholar"))
    walled = world.hosts.put("2/a.pdf", Reply(403))
    download = world.get(walled)
    assert (download.reason, download.unasked) == (DownloadReason.BLOCKED, ("unpaywall", "semanticscholar"))


def test_an_index_that_is_off_and_could_know_nothing_is_not_named(world: DownloadWorld) -> None:
    off = {"unpaywall": "needs contact.email, which is not set", "zenodo": "switched off"}
    world.services = replace(world.services, unpaywall=None, off=off)
    download = world.get(work=replace(WORK, doi=None))
    assert (download.reason, download.unasked) == (DownloadReason.NO_OPEN_COPY, ())


@pytest.mark.parametrize("index", ["europepmc", "hal", "doaj", "core"])
def test_every_index_that_is_silent_keeps_the_row_waiting(world: DownloadWorld, index: str) -> None:
    for place in ("1/europepmc/search", "1/hal/search/", DOAJ, CORE):
        if index in place:
            world.hosts.put(place, Reply(200, b"<html>down</html>"))
    assert world.get().reason is DownloadReason.RETRY_LATER


def test_a_work_without_doi_needs_no_index(world: DownloadWorld) -> None:
    assert world.get(work=Work(title="A book")).reason is DownloadReason.NO_OPEN_COPY
    assert world.hosts.visited == []


# ── embargoes ────────────────────────────────────────────────────────────────────────────────────────────


def closed_until(world: DownloadWorld, url: str, day: str) -> None:
    later = {"url_for_pdf": url, "version": "acceptedVersion", "oa_date": day}
    world.hosts.put(
        f"1/unpaywall/{DOI}",
        as_json({"doi": DOI, "is_oa": False, "oa_locations": [], "oa_locations_embargoed": [later]}),
    )


def test_a_copy_under_an_embargo_is_waited_for_and_not_asked_for(world: DownloadWorld) -> None:
    closed_until(world, world.hosts.put("3/a.pdf", file()), "2099-01-01")
    download = world.get(direct(world.hosts.url("2/gone.pdf")))
    assert download.reason is DownloadReason.EMBARGOED
    assert "under an embargo until 2099-01-01 (unpaywall: http://127.0.0.3" in (download.detail or "")
    end = datetime(2099, 1, 1, tzinfo=UTC).timestamp()
    assert download.retry_after == pytest.approx(end - time.time(), abs=60)
    assert "3/a.pdf" not in world.hosts.visited


def test_when_the_embargo_has_ended_the_copy_is_open(world: DownloadWorld) -> None:
    closed_until(world, world.hosts.put("3/a.pdf", file()), "2020-01-01")
    assert world.get().file is not None


def test_another_copy_that_is_open_now_is_taken_before_an_embargo_ends(world: DownloadWorld) -> None:
    closed_until(world, world.hosts.url("3/a.pdf"), "2099-01-01")
    record = {"doi": DOI, "title": WORK.title, "downloadUrl": world.hosts.put("3/b.pdf", file())}
    world.hosts.put(CORE, as_json({"results": [record]}))
    assert world.get().file is not None


def test_a_silent_index_may_answer_sooner_than_an_embargo_ends(world: DownloadWorld) -> None:
    closed_until(world, world.hosts.url("3/a.pdf"), "2099-01-01")
    world.hosts.put(CORE, Reply(200, b"<html>down</html>"))
    download = world.get()
    assert (download.reason, download.retry_after) == (DownloadReason.RETRY_LATER, None)


def test_a_licence_that_begins_later_is_an_embargo(world: DownloadWorld) -> None:
    later = replace(direct(world.hosts.put("3/a.pdf", file())), source="crossref", open_from="2098-07-01")
    download = world.get(later)
    assert download.reason is DownloadReason.EMBARGOED and "2098-07-01" in (download.detail or "")


# ── archives, and routes by rule ─────────────────────────────────────────────────────────────────────────

COLUMNS = ["timestamp", "original", "statuscode", "mimetype"]


def archive(world: DownloadWorld, *rows: list[str]) -> None:
    world.hosts.put(CDX, as_json([COLUMNS, *rows] if rows else []))


def test_a_file_that_is_gone_is_taken_from_the_archive_as_the_version_that_it_was(world: DownloadWorld) -> None:
    gone = world.hosts.url("2/gone.pdf")
    archive(world, ["20200102030405", gone, "200", "application/pdf"])
    world.hosts.put(f"1/wayback/web/20200102030405id_/{gone}", file())
    download = world.get(direct(gone, CopyVersion.ACCEPTED, "cc-by-nc"))
    assert download.file is not None
    assert (download.file.source, download.file.version, download.file.licence) == (
        *("wayback", CopyVersion.ACCEPTED),
        "cc-by-nc",
    )
    asked = next(one.path for one in world.hosts.server.arrivals if "/cdx/" in one.path)
    query = dict(parse_qsl(urlsplit(asked).query))
    assert (query["url"], query["limit"]) == (gone, "-1")


def test_a_host_that_does_not_answer_is_looked_up_too(world: DownloadWorld) -> None:
    archive(world)
    url = world.hosts.put("2/a.pdf", Reply(raw=()))  # it hangs up
    assert world.get(direct(url)).reason is DownloadReason.CONNECTION
    assert CDX in world.hosts.visited


def test_what_no_index_called_open_is_not_looked_up(world: DownloadWorld) -> None:
    printed = world.hosts.url("2/printed.pdf")
    walled = world.hosts.put("3/a.pdf", Reply(403, b"no"))
    page = Location(source="unpaywall", landing_url=world.hosts.url("4/page"))
    world.get(direct(walled), page, printed_url=printed)
    assert CDX not in world.hosts.visited


def test_an_archive_that_is_silent_is_waited_for_and_one_that_has_nothing_is_not(world: DownloadWorld) -> None:
    gone = direct(world.hosts.url("2/gone.pdf"))
    world.hosts.put(CDX, Reply(200, b"<html>Temporarily Offline</html>"))
    assert world.get(gone).reason is DownloadReason.RETRY_LATER
    archive(world)
    assert world.get(gone).reason is DownloadReason.GONE


def test_what_was_found_gone_in_an_earlier_run_is_looked_up_without_being_asked_again(world: DownloadWorld) -> None:
    gone = world.hosts.url("2/gone.pdf")
    archive(world, ["20200102030405", gone, "200", "application/pdf"])
    world.hosts.put(f"1/wayback/web/20200102030405id_/{gone}", file())

    class Earlier:
        def record_attempt(self, reference_id: int, attempt: Attempt) -> None:
            """Forgets."""

        def attempts_since_queued(self, reference_id: int) -> list[Attempt]:
            return [Attempt("openalex", gone, None, "127.0.0.2", DownloadReason.GONE)]

        def owned_files(self, reference_id: int) -> list[KeptFile]:
            return []

    downloader = Downloader(
        world.settings, world.network, world.services, world.library, in_process, memory=Earlier(), pauses=QUICK
    )
    assert finish(downloader, row(gone)).file is not None
    assert "2/gone.pdf" not in world.hosts.visited


def test_a_preprint_of_osf_is_found_by_its_doi(world: DownloadWorld) -> None:
    world.hosts.put("1/osf/download/ab3cd_v2/", redirect(world.hosts.put("3/a.pdf", file())))
    download = world.get(work=replace(WORK, doi="10.31235/osf.io/ab3cd_v2"))
    assert download.file is not None
    assert (download.file.source, download.file.version) == ("osf", CopyVersion.SUBMITTED)
    project = row(work=replace(WORK, doi="10.17605/osf.io/ab3cd"))
    assert first_places(project) == []


def test_the_page_of_the_doi_is_tried_where_its_publisher_shows_the_work(world: DownloadWorld) -> None:
    page = html(head=meta(citation_title=TITLE, citation_pdf_url=world.hosts.put("3/a.pdf", file())))
    world.hosts.put(f"1/doi/{DOI}", page)
    assert world.get(work=replace(WORK, oa_status="green")).reason is DownloadReason.NO_OPEN_COPY
    download = world.get(work=replace(WORK, oa_status="bronze"))
    assert download.file is not None and download.file.source == "doi"


def test_one_thread_waits_for_a_slow_index_and_who_asks_takes_those_along_that_were_put_aside(
    world: DownloadWorld,
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(arrival: Arrival) -> Reply:
        asked.set()
        assert go_on.wait(20)
        return as_json({"results": []})

    world.hosts.put(CORE, slow)
    downloader = world.downloader()
    with ThreadPoolExecutor(1) as other:
        first = other.submit(finish, downloader, row())
        assert asked.wait(20)
        waiting = [row(work=replace(WORK, doi=f"10.1000/{n}"), row_id=n) for n in range(8, 11)]
        jobs = [downloader.start(one) for one in waiting]
        assert [downloader.step(job) for job in jobs] == [Park(1.0)] * 3
        go_on.set()
        assert first.result(20).reason is DownloadReason.NO_OPEN_COPY
    assert all(isinstance(downloader.step(job), Download) for job in jobs)
    queries = [parse_qs(urlsplit(one.path).query)["q"] for one in world.hosts.server.arrivals if "/core/" in one.path]
    assert queries == [[f'doi:"{DOI}"'], ['doi:"10.1000/8" OR doi:"10.1000/9" OR doi:"10.1000/10"']]


def test_what_was_taken_along_is_not_held_up_by_who_asks_next(world: DownloadWorld) -> None:
    asked, go_on = threading.Semaphore(0), threading.Semaphore(0)

    def slow(arrival: Arrival) -> Reply:
        asked.release()
        assert go_on.acquire(timeout=20)
        return as_json({"results": []})

    world.hosts.put(CORE, slow)
    downloader = world.downloader()
    rows = [row(work=replace(WORK, doi=f"10.1000/{n}"), row_id=n) for n in range(4)]
    along = downloader.start(rows[3])
    with ThreadPoolExecutor(2) as others:
        first = others.submit(finish, downloader, rows[0])
        assert asked.acquire(timeout=20)
        assert downloader.step(along) == Park(1.0)
        go_on.release()
        first.result(20)
        for number in (1, 2):  # the one takes it along, the other is under way when its turn comes
            last = others.submit(finish, downloader, rows[number])
            assert asked.acquire(timeout=20)
            if number == 2:
                assert isinstance(downloader.step(along), Download)
            go_on.release()
            last.result(20)

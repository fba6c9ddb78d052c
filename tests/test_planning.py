"""What a folder will cost: counted from the print, priced by what the services offer, with what is left of the day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dl_lit.cli.main import run
from dl_lit.config import Settings
from dl_lit.model import Reference
from dl_lit.net.ledger import utc_day
from dl_lit.net.network import account_of
from dl_lit.planning import FOUND_BY_SEARCH, RELATED, Printed, count, expected, plan
from dl_lit.relations import Direction, Reach
from dl_lit.services import crossref, openalex
from dl_lit.services.registry import OFFERS
from dl_lit.store.machine import MachineLedger
from test_cli import printed_pdf

ALL = {name: (offer, offer.limits) for name, offer in OFFERS.items()}
SEARCHED = "Smith, J. (2001). The first title of them all. Journal of Tests 1, 3-14."


@pytest.fixture(autouse=True)
def wide_screen(away_from_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


def printed(*, titles: Mapping[str, int] | None = None, **counts: int) -> Printed:
    zero = dict.fromkeys(("references", "dois", "arxiv", "pmids", "isbns", "searches", "unsearchable"), 0)
    return Printed(**zero | counts, titles=titles or {})


def costs(what: Printed, left: float | None = None, **more: Any) -> dict[str, tuple[int, float, int]]:
    made = plan(what, ALL, lambda name: left if name == "openalex" else None, **more)
    return {cost.service: (cost.calls, cost.credits, cost.days) for cost in made.costs}


def test_references_are_counted_by_what_is_asked_first_and_each_print_once() -> None:
    references = [
        Reference("A thing of its own. doi:10.1000/a", doi="10.1000/a"),
        Reference("The same thing again. doi:10.1000/a", doi="10.1000/a"),
        Reference("B. arXiv:2001.00001", arxiv="2001.00001"),
        Reference("C. PMID 123456", pmid="123456"),
        Reference("D. ISBN 978-3-16-148410-0", isbn="9783161484100"),
        Reference(SEARCHED),
        Reference("[7] " + SEARCHED),
        Reference("Ibid."),
    ]
    assert count(references, papers=2) == Printed(
        8, dois=1, arxiv=1, pmids=1, isbns=1, searches=1, unsearchable=1, papers=2
    )


def test_titles_are_counted_for_those_who_know_such_works() -> None:
    article = Reference(SEARCHED, title="The first title of them all", type="journal-article")
    thesis = Reference(
        "Smith. A long way round. Diss. 2001", title="A long way round", type="dissertation", language="de"
    )
    short = Reference("Smith, J. (2001). Ends. Journal of Tests 1, 3-14.", title="Ends", type="journal-article")
    assert count([article, thesis, short]).titles == {
        "europepmc": 1, "doaj": 1, "datacite": 1, "dnb": 1, "semanticscholar": 2, "openalex": 2,
    }  # fmt: skip


def test_titles_are_searched_for_with_what_records_leave_of_the_credits() -> None:
    what = printed(dois=1000, searches=1000, titles={"openalex": 1000, "europepmc": 500, "semanticscholar": 1000})
    assert costs(what, left=1000.0)["openalex"][1] == pytest.approx(16 + 780)
    assert costs(what, left=100.0)["openalex"][1] == 16
    assert costs(what, left=100_000.0)["openalex"][1] == 16 + 10 * 400
    assert costs(what)["europepmc"][0] == 200
    assert "semanticscholar" not in costs(what)
    offer = OFFERS["semanticscholar"]
    assert offer.better is not None
    keyed = plan(what, {"semanticscholar": (offer, offer.better)}, lambda name: None)
    assert [cost.calls for cost in keyed.costs] == [400]


def test_the_lists_of_citing_papers_are_one_call_each() -> None:
    found = costs(printed(papers=7, isbns=30))
    assert found["crossref"][0] >= 7 and found["openlibrary"][0] == 1


def test_identifiers_are_asked_for_in_batches() -> None:
    found = costs(printed(dois=120), download=False)
    assert found == {"crossref": (3, 0.0, 1), "openalex": (2, 2.0, 1)}


def test_each_search_is_a_call_and_what_it_finds_is_fetched_whole() -> None:
    found = costs(printed(searches=1000))
    works = round(FOUND_BY_SEARCH * 1000)
    assert found["crossref"][0] == 1000 + -(-works // crossref.BATCH_SIZE)
    assert found["openalex"][0] == -(-works // openalex.BATCH_SIZE)
    assert found["unpaywall"][0] == works


def test_the_slowest_service_sets_the_pace() -> None:
    made = plan(printed(searches=100, dois=10), ALL, lambda name: None)
    assert made.slowest == "crossref"
    assert made.seconds == pytest.approx(102 / (crossref.PUBLIC.rates[crossref.LIST] * 0.9))


def test_credits_beyond_today_take_more_days() -> None:
    assert costs(printed(dois=100_000), left=1000)["openalex"] == (1000, 1000.0, 1)
    assert costs(printed(dois=150_000), left=1000)["openalex"][2] == 2
    assert costs(printed(dois=150_000), left=0)["openalex"][2] == 3
    assert plan(printed(dois=150_000), ALL, lambda name: 0 if name == "openalex" else None).slowest == "openalex"


def test_a_service_that_is_off_costs_nothing() -> None:
    without = {name: offer for name, offer in ALL.items() if name != "crossref"}
    made = plan(printed(searches=10), without, lambda name: None)
    assert "crossref" not in {cost.service for cost in made.costs}


def test_nothing_printed_costs_nothing() -> None:
    made = plan(printed(), ALL, lambda name: None)
    assert (made.costs, made.seconds, made.slowest) == ((), 0.0, None)


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_tells_costs_and_sends_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed_pdf(tmp_path / "a.pdf")
    (tmp_path / "empty.pdf").touch()
    assert run(["plan", str(tmp_path / "a.pdf"), str(tmp_path / "empty.pdf")]) == 0
    told = capsys.readouterr()
    assert "2 files, 3 printed references" in told.out
    assert "to be searched for 3" in told.out
    assert "crossref sets the pace" in told.out
    assert "unpaywall is not reckoned with: needs contact.email" in told.out or "contact.email" in told.out
    assert "empty.pdf: empty_file" in told.err
    assert not (tmp_path / "library").exists()


def test_what_was_spent_today_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed_pdf(tmp_path / "a.pdf")
    ledger = MachineLedger(tmp_path / "state" / "services.db")
    ledger.spend(account_of(Settings(), "openalex"), utc_day(), 400)
    ledger.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DL_LIT_NETWORK__STATE_DIR", str(tmp_path / "state"))
        assert run(["plan", str(tmp_path / "a.pdf"), "--format", "json"]) == 0
    made = json.loads(capsys.readouterr().out)
    (cost,) = [one for one in made["costs"] if one["service"] == "openalex"]
    assert cost["left"] == 600.0
    assert made["printed"]["searches"] == 3


def test_a_ledger_that_cannot_be_read_is_said_and_does_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed_pdf(tmp_path / "a.pdf")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "services.db").write_bytes(b"no database at all, but bytes " * 50)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DL_LIT_NETWORK__STATE_DIR", str(tmp_path / "state"))
        assert run(["plan", str(tmp_path / "a.pdf")]) == 0
    assert "as if nothing had been spent today" in capsys.readouterr().err


def test_expansion_is_reckoned_step_by_step_up_to_what_a_run_may_take_in() -> None:
    cites, cited_by = RELATED[Direction.REFERENCES], RELATED[Direction.CITATIONS]
    one = expected(10, Reach(references=1))
    assert (one.asked, one.records, one.works) == ({Direction.REFERENCES: 10}, 10 * cites, 10 * cites)
    both = expected(10, Reach(references=2, citations=1, most_expanded=100_000))
    assert both.works == 10 * cites + 10 * cited_by + (10 * cites + 10 * cited_by) * cites
    capped = expected(1000, Reach(references=3, most_related=5, most_expanded=100))
    assert (capped.asked, capped.works) == ({Direction.REFERENCES: 20}, 100)
    assert expected(10, Reach()).works == 0


def test_expansion_costs_lists_of_works_records_and_open_copies() -> None:
    what = printed(dois=100)
    plain, reached = costs(what), costs(what, reach=Reach(references=1, citations=1, most_expanded=10_000))
    records = 100 * RELATED[Direction.REFERENCES]
    assert reached["openalex"][1] - plain["openalex"][1] == records / 100 + 1 + 100
    more = reached["unpaywall"][0] - plain["unpaywall"][0]
    assert more == 100 * (RELATED[Direction.REFERENCES] + RELATED[Direction.CITATIONS])
    assert costs(what, reach=Reach()) == plain

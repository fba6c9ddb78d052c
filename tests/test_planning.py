"""What a folder will cost: counted from the print, priced by what the services offer, with what is left of the day."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dl_lit.cli.main import run
from dl_lit.config import Settings, load_settings
from dl_lit.fetched import remembering
from dl_lit.foreseeing import Paper, Printed, Searched, count
from dl_lit.model import Reference
from dl_lit.net.ledger import utc_day
from dl_lit.net.network import account_of
from dl_lit.planning import (
    FETCHED_AT_ONCE,
    FOUND_BY_SEARCH,
    FOUND_BY_TITLE,
    FOUND_ELSE,
    FOUND_IN_LISTS,
    RELATED,
    expected,
    plan,
)
from dl_lit.relations import Direction, Reach
from dl_lit.services import crossref
from dl_lit.services.offers import Question
from dl_lit.services.registry import OFFERS
from dl_lit.store.machine import MachineLedger
from enrichment_world import HERRING, HERRING_RAW, NUMERALS, RAW
from test_cli import printed_pdf

ALL = {name: (offer, offer.limits) for name, offer in OFFERS.items()}
SEARCHED = "Smith, J. (2001). The first title of them all. Journal of Tests 1, 3-14."


@pytest.fixture(autouse=True)
def wide_screen(away_from_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


def searches(number: int, *, kind: str | None = None, free: tuple[str, ...] = (), in_lists: bool = False) -> Printed:
    searched = Searched(kind, whole=True, free=free, by_title=bool(free), in_lists=in_lists, count=number)
    return Printed(references=number, searches=number, searched=(searched,))


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
    made = count([Paper(references[:4], has_doi=True), Paper(references[4:])])
    assert [one.count for one in made.searched] == [1]
    assert replace(made, searched=()) == Printed(
        8, dois=1, arxiv=1, pmids=1, isbns=1, searches=1, unsearchable=1, repeated=2, papers=1,
        kept={"crossref": 0, "openalex": 0},
    )  # fmt: skip


def test_a_pmc_id_is_looked_up_and_not_searched_for() -> None:
    made = count([Paper([Reference("Smith 2001. A thing of its own in detail. PMC1234567", pmcid="PMC1234567")])])
    assert (made.pmcids, made.searches) == (1, 0)


def test_the_same_work_printed_otherwise_is_known_at_home() -> None:
    references = [
        Reference(SEARCHED, title="The first title of them all", year=2001, volume="1", pages="3-14"),
        Reference("J. Smith, J. Tests 1, 3 (2001)", year=2001, volume="1", pages="3"),
        Reference("J. Smith, J. Tests 2, 3 (2001)", year=2001, volume="2", pages="3"),
    ]
    made = count([Paper(references)])
    assert (made.searches, made.repeated) == (2, 1)


def test_titles_are_asked_of_those_who_know_such_works() -> None:
    article = Reference(SEARCHED, title="The first title of them all", type="journal-article")
    thesis = Reference(
        "Smith. A long way round. Diss. 2001", title="A long way round", type="dissertation", language="de"
    )
    short = Reference("Smith, J. (2001). Ends. Journal of Tests 1, 3-14.", title="Ends", type="journal-article")
    law = Reference("Gesetz vom 3. Mai 2001 zur langen Reise", title="Gesetz zur langen Reise", type="legislation")
    made = count([Paper([article, thesis, short, law])])
    assert [(one.whole, one.free, one.by_title) for one in made.searched] == [
        (True, ("europepmc", "doaj"), True), (True, ("datacite", "dnb"), True), (True, (), False), (False, (), False),
    ]  # fmt: skip


def test_what_a_catalogue_or_the_built_in_one_settles_costs_only_the_records_that_are_not_kept() -> None:
    herring = Reference(HERRING_RAW)
    with remembering(load_settings(), print) as fetched:
        assert fetched is not None
        fetched.hears("crossref", [NUMERALS, HERRING])
        fetched.keep_records("crossref", {"doi:10.5555/deep": "{}", "doi:10.5555/fish": "{}"}, 86_400)
        fetched.keep_records("openalex", {"doi:10.5555/deep": "{}"}, 86_400)
        papers = [Paper([Reference(RAW), herring, Reference(SEARCHED)])]
        made = count(papers, None, fetched, lambda service, keys: len(fetched.records(service, keys)))
    assert (made.local, made.local_dois, made.searches) == (2, 2, 1)
    assert made.kept == {"crossref": 2, "openalex": 1}
    asked = {cost.service: cost.keys for cost in plan(made, ALL, lambda name: None).costs}
    assert asked["crossref"][Question.PRINTED] == 1
    assert Question.DOI not in asked["crossref"]
    assert count(papers).local == 0


def test_titles_are_searched_for_with_what_records_leave_of_the_credits() -> None:
    what = replace(searches(1000, free=("europepmc",)), dois=1000)
    without = 1000 * (1 - FOUND_ELSE)
    records = costs(what, left=0.0)["openalex"][1]
    assert costs(what, left=1000.0)["openalex"][1] == pytest.approx(records + 10 * ((1000 - records - 200) // 10))
    most = records + 10 * round(without * (1 - FOUND_BY_TITLE))
    assert costs(what, left=100_000.0)["openalex"][1] == pytest.approx(most)
    assert costs(what, download=False)["europepmc"][0] == round(without)


def test_semantic_scholar_is_asked_with_a_key_only_and_what_it_finds_is_not_asked_of_openalex() -> None:
    what = searches(1000, free=("europepmc",))
    offer = OFFERS["semanticscholar"]
    assert offer.better is not None
    assert "semanticscholar" not in costs(what)
    keyed = plan(what, {**ALL, "semanticscholar": (offer, offer.better)}, lambda name: None)
    asked = {cost.service: cost.keys[Question.TITLE] for cost in keyed.costs if Question.TITLE in cost.keys}
    left = 1000 * (1 - FOUND_ELSE) * (1 - FOUND_BY_TITLE)
    assert (asked["semanticscholar"], asked["openalex"]) == (round(left), round(left * (1 - FOUND_BY_TITLE)))


def test_the_lists_of_citing_papers_are_one_call_each_and_spare_searches() -> None:
    assert costs(Printed(papers=7))["crossref"][0] == 7
    asked = plan(searches(100, in_lists=True), ALL, lambda name: None).costs[0].keys
    assert asked[Question.PRINTED] == round(100 * (1 - FOUND_IN_LISTS))


def test_printed_dois_go_in_full_lists() -> None:
    found = costs(Printed(references=120, dois=120), download=False)
    assert found == {"crossref": (3, 0.0, 1), "openalex": (2, 2.0, 1)}
    assert costs(Printed(references=120, isbns=2))["openlibrary"][0] == 2


def test_each_search_is_a_call_and_what_it_finds_is_fetched_whole() -> None:
    found = costs(searches(1000, kind="journal-article"))
    works = round(FOUND_BY_SEARCH["journal-article"] * 1000)
    assert found["crossref"][0] == 1000  # its hits are whole records
    assert -(-works // 10) < found["openalex"][0] < works
    assert found["unpaywall"][0] == round((1 - FETCHED_AT_ONCE) * works)
    assert found["core"][0] < found["doaj"][0] == found["unpaywall"][0]


def test_more_threads_fetch_fewer_records_in_one_call() -> None:
    what = searches(1000, kind="journal-article")
    assert costs(what, workers=20)["openalex"][0] > costs(what, workers=1)["openalex"][0]


def test_the_slowest_service_sets_the_pace() -> None:
    made = plan(replace(searches(100), dois=10), ALL, lambda name: None)
    assert made.slowest == "crossref"
    assert made.seconds == pytest.approx(101 / (crossref.PUBLIC.rates[crossref.LIST] * 0.9))


def test_credits_beyond_today_take_more_days() -> None:
    assert costs(Printed(dois=100_000), left=1000)["openalex"] == (1000, 1000.0, 1)
    assert costs(Printed(dois=150_000), left=1000)["openalex"][2] == 2
    assert costs(Printed(dois=150_000), left=0)["openalex"][2] == 3
    assert plan(Printed(dois=150_000), ALL, lambda name: 0 if name == "openalex" else None).slowest == "openalex"


def test_a_service_that_is_off_costs_nothing() -> None:
    without = {name: offer for name, offer in ALL.items() if name != "crossref"}
    made = plan(searches(10), without, lambda name: None)
    assert "crossref" not in {cost.service for cost in made.costs}


def test_nothing_printed_costs_nothing() -> None:
    made = plan(Printed(), ALL, lambda name: None)
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
    what = Printed(dois=100)
    plain, reached = costs(what), costs(what, reach=Reach(references=1, citations=1, most_expanded=10_000))
    records = 100 * RELATED[Direction.REFERENCES]
    assert reached["openalex"][1] - plain["openalex"][1] == records / 100 + 1 + 100
    more = reached["unpaywall"][0] - plain["unpaywall"][0]
    related = 100 * (RELATED[Direction.REFERENCES] + RELATED[Direction.CITATIONS])
    assert more == pytest.approx((1 - FETCHED_AT_ONCE) * related, abs=1)
    assert costs(what, reach=Reach()) == plain

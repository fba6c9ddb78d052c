"""Who is asked what, in which order, what a silent service means, and that the final record depends on its DOI only."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

import pytest

from dl_lit.enrichment import cascade, hydrate
from dl_lit.enrichment.cascade import HYDRATE_BATCH, HYDRATE_SECONDS, Enricher, is_searchable
from dl_lit.enrichment.case import with_identifiers
from dl_lit.model import (
    Answer,
    Decision,
    Enrichment,
    EnrichmentReason,
    Found,
    Location,
    NoAnswer,
    NoMetadataRow,
    Reference,
    Work,
)
from dl_lit.refusals import REFUSED
from enrichment_world import (
    HERRING,
    HERRING_RAW,
    IN_OPENALEX,
    MIDNIGHT,
    NUMERALS,
    RAW,
    REFUSING,
    SOON,
    FakeService,
    World,
    fake_arxiv,
    fake_crossref,
    fake_openalex,
    finds,
    outcomes,
)

# ── step 1: printed identifiers ──────────────────────────────────────────────────────────────────────────


def test_printed_dois_are_asked_for_together_and_need_no_search() -> None:
    world = World(fake_crossref({"10.5555/deep": Found(NUMERALS), "10.5555/fish": Found(HERRING)}))
    found = world.enrich(f"{RAW} doi:10.5555/DEEP", Reference(HERRING_RAW, doi="10.5555/fish"))
    assert [one.decision for one in found] == [Decision.ACCEPTED] * 2
    assert [one.work.doi for one in found if one.work] == ["10.5555/deep", "10.5555/fish"]
    assert world.crossref is not None and world.crossref.searched == []
    assert world.crossref.asked[0] == ("10.5555/deep", "10.5555/fish")
    assert found[0].evidence[0].query == "doi"


def test_a_printed_doi_goes_on_whole_before_the_others_are_searched_for() -> None:
    world = World(fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(HERRING)))
    rows = [NoMetadataRow(1, Reference(HERRING_RAW), 0), NoMetadataRow(2, Reference(RAW, doi="10.5555/deep"), 0)]
    found = outcomes(Enricher(world, world), rows, threading.Event())
    assert next(found)[0].id == 2
    assert world.crossref is not None and world.crossref.searched == []
    assert [row.id for row, _ in found] == [1]


def test_a_wrong_printed_doi_is_searched_past() -> None:
    crossref = fake_crossref({"10.5555/deep": Found(NUMERALS), "10.5555/fish": Found(HERRING)}, finds(HERRING))
    (found,) = World(crossref).enrich(f"{HERRING_RAW} doi:10.5555/deep")
    assert found.work == HERRING
    assert [evidence.decision for evidence in found.evidence] == [Decision.REVIEW, Decision.ACCEPTED]


def test_a_wrong_printed_doi_without_anything_better_is_a_conflict() -> None:
    (found,) = World(fake_crossref({"10.5555/deep": Found(NUMERALS)})).enrich(f"{HERRING_RAW} doi:10.5555/deep")
    assert (found.decision, found.reason) == (Decision.REVIEW, EnrichmentReason.CONFLICT)


def test_a_doi_that_only_openalex_knows_is_enough() -> None:
    record = replace(NUMERALS, sources=("openalex",))
    (found,) = World(fake_crossref(), fake_openalex({"10.5555/deep": Found(record)})).enrich(f"{RAW} doi:10.5555/deep")
    assert found.work == record and found.evidence[0].service == "openalex"


PREPRINT = replace(
    NUMERALS,
    container=None,
    volume=None,
    pages=None,
    type="posted-content",
    doi="10.48550/arxiv.1501.00001",
    arxiv="1501.00001",
    locations=(Location("arxiv", pdf_url="https://arxiv.example/pdf/1501.00001"),),
    sources=("arxiv",),
)


def test_arxiv_numbers_and_arxiv_dois_are_asked_of_arxiv_at_once() -> None:
    world = World(arxiv=fake_arxiv({"1501.00001": Found(PREPRINT)}))
    raw = "LeCun, Y. (2015). Deep learning for the recognition of handwritten numerals."
    found = world.enrich(f"{raw} arXiv:1501.00001v2", f"{raw} doi:10.48550/arXiv.1501.00001")
    assert all(one.work is not None and one.work.arxiv == "1501.00001" for one in found)
    assert found[0].work == found[1].work
    assert world.arxiv is not None and world.arxiv.asked[0] == ("1501.00001", "1501.00001")
    assert world.crossref is not None and world.crossref.asked == world.crossref.searched == []  # type: ignore[comparison-overlap]


def test_a_preprint_that_was_published_gives_the_article_with_the_preprints_copy() -> None:
    preprint = replace(PREPRINT, doi="10.5555/deep")
    world = World(fake_crossref({"10.5555/deep": Found(NUMERALS)}), arxiv=fake_arxiv({"1501.00001": Found(preprint)}))
    (found,) = world.enrich("LeCun: Deep learning for the recognition of handwritten numerals, arXiv:1501.00001")
    assert found.work is not None
    assert (found.work.doi, found.work.container, found.work.arxiv) == (
        "10.5555/deep", "Journal of Machine Vision", "1501.00001",
    )  # fmt: skip
    assert found.work.locations == preprint.locations


@pytest.mark.parametrize("arxiv", [None, fake_arxiv(silent=MIDNIGHT)])
def test_openalex_stands_in_for_an_arxiv_that_is_off_or_silent(arxiv: FakeService | None) -> None:
    openalex = fake_openalex({"10.48550/arxiv.1501.00001": Found(replace(PREPRINT, sources=("openalex",)))})
    (found,) = World(None, openalex, arxiv).enrich(f"{RAW} arXiv:1501.00001")
    assert found.work is not None and found.work.sources == ("openalex",)


def test_an_arxiv_number_that_nobody_answers_for_waits() -> None:
    (found,) = World(arxiv=fake_arxiv(silent=SOON)).enrich(f"{RAW} arXiv:1501.00001")
    assert (found.decision, found.retry_after) == (Decision.UNANSWERED, 30.0)


def test_a_pubmed_id_is_asked_of_openalex() -> None:
    record = replace(NUMERALS, pmid="123", sources=("openalex",))
    openalex = fake_openalex({"123": Found(record), "10.5555/deep": Found(record)})
    (found,) = World(fake_crossref(), openalex).enrich(Reference(RAW, pmid="123"))
    assert found.work == record and found.evidence[0].query == "pmid"
    (nothing,) = World(None, None).enrich(Reference(RAW, pmid="123"))
    assert nothing.reason is EnrichmentReason.NO_CANDIDATES


# ── step 2: the library ──────────────────────────────────────────────────────────────────────────────────


def test_a_work_that_the_library_has_is_not_searched_again() -> None:
    world = World(fake_crossref({"10.5555/deep": Found(NUMERALS)}), known=[HERRING, NUMERALS])
    (found,) = world.enrich(RAW)
    assert found.work == NUMERALS and found.evidence[0].query == "local"
    assert world.crossref is not None and world.crossref.searched == []


def test_a_known_work_that_is_not_as_printed_in_full_is_searched_for() -> None:
    world = World(fake_crossref(hits=finds(NUMERALS)), known=[NUMERALS, replace(NUMERALS, type="posted-content")])
    (found,) = world.enrich("LeCun, Y. (2015). Deep learning for the recognition of handwritten numerals.")
    assert found.work == NUMERALS and found.evidence[0].query == "bibliographic"


# ── step 4: search ───────────────────────────────────────────────────────────────────────────────────────


def test_the_whole_printed_string_is_searched_and_every_candidate_is_kept() -> None:
    world = World(fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(HERRING, NUMERALS)))
    (found,) = world.enrich(RAW)
    assert world.crossref is not None and world.crossref.searched == [RAW]
    assert found.work == NUMERALS
    assert [(evidence.rank, evidence.decision) for evidence in found.evidence] == [
        (1, Decision.REJECTED),
        (2, Decision.ACCEPTED),
    ]


def test_nothing_found_anywhere_is_a_verdict_when_all_have_answered() -> None:
    (found,) = World().enrich(RAW)
    assert (found.decision, found.reason) == (Decision.REJECTED, EnrichmentReason.NO_CANDIDATES)
    (other,) = World(fake_crossref(hits=finds(HERRING))).enrich(RAW)
    assert (other.decision, other.reason) == (Decision.REJECTED, EnrichmentReason.NO_MATCH)


def test_without_any_service_there_are_no_candidates() -> None:
    (found,) = World(None, None).enrich(RAW)
    assert found.reason is EnrichmentReason.NO_CANDIDATES


@pytest.mark.parametrize("raw", ["Ibid., p. 12.", "See above.", "ebd.", "", "12 (3)"])
def test_too_little_print_is_said_to_be_too_little(raw: str) -> None:
    world = World(fake_crossref(hits=finds(NUMERALS)))
    (found,) = world.enrich(raw)
    assert (found.decision, found.reason) == (Decision.REJECTED, EnrichmentReason.TOO_LITTLE_PRINTED)
    assert world.crossref is not None and world.crossref.searched == []


def test_a_title_alone_is_enough_to_search_with() -> None:
    assert is_searchable(Reference("Smith: The wealth and poverty of nations"))
    assert is_searchable(Reference("Smith, Wealth, 1776"))


# ── silence ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("silence", "wait", "reason"),
    [
        (SOON, 30.0, EnrichmentReason.SERVICE_SILENT),
        (NoAnswer("reset"), None, EnrichmentReason.SERVICE_SILENT),
        (MIDNIGHT, 40_000.0, EnrichmentReason.BUDGET_SPENT),
        (REFUSING, None, EnrichmentReason.ACCESS_REFUSED),
    ],
)
def test_a_silent_search_leaves_the_row_for_later(
    silence: NoAnswer, wait: float | None, reason: EnrichmentReason
) -> None:
    (found,) = World(fake_crossref(silent=silence)).enrich(RAW)
    assert (found.decision, found.reason) == (Decision.UNANSWERED, reason)
    assert (found.retry_after, found.detail) == (wait, silence.reason)


def test_an_accepted_work_waits_for_an_index_that_is_silent_for_a_moment() -> None:
    crossref = fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(NUMERALS))
    (found,) = World(crossref, fake_openalex(silent=SOON)).enrich(RAW)
    assert (found.decision, found.retry_after, found.work) == (Decision.UNANSWERED, 30.0, None)
    assert found.evidence


def test_an_accepted_work_goes_on_without_an_index_whose_budget_is_spent() -> None:
    crossref = fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(NUMERALS))
    (found,) = World(crossref, fake_openalex(silent=MIDNIGHT)).enrich(RAW)
    assert found.work == NUMERALS


def test_another_work_is_not_accepted_while_the_printed_doi_is_unanswered() -> None:
    class HalfSilent(FakeService):
        def search(self, raw: str, rows: int = 5) -> Answer[tuple[Work, ...]]:
            return Found((HERRING,))

    (found,) = World(HalfSilent(silent=SOON)).enrich(f"{HERRING_RAW} doi:10.5555/deep")
    assert found.decision is Decision.UNANSWERED
    (same,) = World(HalfSilent(silent=MIDNIGHT), None).enrich(f"{HERRING_RAW} doi:10.5555/fish")
    assert same.work == HERRING


# ── whole records ────────────────────────────────────────────────────────────────────────────────────────


def test_an_accepted_work_is_completed_from_both_indexes_the_same_by_every_way() -> None:
    def world() -> World:
        crossref = fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(NUMERALS))
        return World(crossref, fake_openalex({"10.5555/deep": Found(IN_OPENALEX)}))

    (searched,) = world().enrich(RAW)
    (printed,) = world().enrich(f"{RAW} doi:10.5555/deep")
    assert searched.work == printed.work
    assert searched.work is not None
    assert searched.work.title == NUMERALS.title
    assert (searched.work.openalex_id, searched.work.cited_by_count) == ("W1", 7)
    assert searched.work.locations == IN_OPENALEX.locations
    assert searched.work.sources == ("crossref", "openalex")


def test_a_work_without_doi_is_kept_as_it_was_found() -> None:
    record = replace(NUMERALS, doi=None, pmid="123", openalex_id="W9")
    (found,) = World(fake_crossref(), fake_openalex(records={"123": Found(record)})).enrich(Reference(RAW, pmid="123"))
    assert found.work == record


def test_a_work_whose_doi_nobody_has_whole_is_kept_as_it_was_found() -> None:
    (found,) = World(fake_crossref(hits=finds(NUMERALS))).enrich(RAW)
    assert found.work == NUMERALS


def test_whole_records_are_fetched_in_batches_and_each_row_is_answered_once() -> None:
    crossref = fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(NUMERALS))
    world = World(crossref)
    found = world.enrich(*[RAW] * (HYDRATE_BATCH + 3))
    assert len(found) == HYDRATE_BATCH + 3
    assert all(one.work == NUMERALS for one in found)
    assert len(crossref.asked) == 2


def test_articles_are_searched_for_before_books() -> None:
    world = World(fake_crossref(hits=finds(HERRING)))
    world.enrich(Reference(RAW, type="book"), Reference(HERRING_RAW, type="journal-article"))
    assert world.crossref is not None and world.crossref.searched == [HERRING_RAW, RAW]


@pytest.mark.parametrize(("patience", "together"), [(HYDRATE_SECONDS, [3]), (0.0, [1, 1, 1])])
def test_an_accepted_work_waits_for_company_only_while_searches_are_quick(
    monkeypatch: pytest.MonkeyPatch, patience: float, together: list[int]
) -> None:
    monkeypatch.setattr(cascade, "HYDRATE_SECONDS", patience)
    world = World(fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(NUMERALS)))
    rows = [NoMetadataRow(number, Reference(RAW), 0) for number in range(3)]
    assert [len(group) for group in Enricher(world, world).groups(rows, threading.Event())] == together


def test_records_are_merged_by_precedence() -> None:
    crossref = replace(NUMERALS, cited_by_count=3, is_retracted=True)
    merged = hydrate.merge([crossref, replace(IN_OPENALEX, abstract="About numerals.")], "10.5555/deep")
    assert (merged.title, merged.abstract, merged.cited_by_count) == (NUMERALS.title, "About numerals.", 7)
    assert merged.is_retracted
    assert hydrate.merge([Work(title="x")], "10.48550/arxiv.1501.00001").arxiv == "1501.00001"


def test_no_rows_ask_nothing() -> None:
    world = World()
    assert world.enrich() == []
    assert world.crossref is not None and world.crossref.asked == []


# ── stopping, identifiers ────────────────────────────────────────────────────────────────────────────────


def test_a_stop_ends_it_and_leaves_the_other_rows_out() -> None:
    stop = threading.Event()
    world = World(fake_crossref(hits=finds(HERRING)))
    rows = [NoMetadataRow(number, Reference(RAW), 0) for number in range(5)]
    done = []
    for row, _ in outcomes(Enricher(world, world), rows, stop):
        done.append(row)
        stop.set()
    assert done == rows[:1]
    assert list(outcomes(Enricher(world, world), rows, stop)) == []


def test_a_stop_before_completion_leaves_accepted_rows_out() -> None:
    stop = threading.Event()

    def stopping(raw: str) -> Answer[tuple[Work, ...]]:
        stop.set()
        return Found((NUMERALS,))

    world = World(fake_crossref(hits=stopping))
    assert list(outcomes(Enricher(world, world), [NoMetadataRow(1, Reference(RAW), 0)], stop)) == []


def test_identifiers_are_read_out_of_the_printed_string() -> None:
    found = with_identifiers(Reference("X. arXiv:1501.00001 doi:10.5555/DEEP."))
    assert (found.doi, found.arxiv) == ("10.5555/deep", "1501.00001")
    found = with_identifiers(Reference("X. https://doi.org/10.48550/arXiv.1501.00001"))
    assert (found.doi, found.arxiv) == (None, "1501.00001")


def test_several_threads_share_one_enricher() -> None:
    world = World(fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(NUMERALS)))
    enricher = Enricher(world, world)
    decisions: list[Decision] = []

    def work(first: int) -> None:
        rows = [NoMetadataRow(first + number, Reference(RAW), 0) for number in range(6)]
        decisions.extend(outcome.decision for _, outcome in outcomes(enricher, rows, threading.Event()))

    threads = [threading.Thread(target=work, args=(start * 10,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert decisions == [Decision.ACCEPTED] * 24


# ── local catalogues ─────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Held:
    work: Work
    likeness: float = 9.0


@dataclass
class FakeCatalogues:
    works: tuple[Work, ...]

    def helpings(self, reference: Reference) -> list[list[Held]]:
        return [[Held(work) for work in self.works]]


def asked_with(catalogues: FakeCatalogues, world: World, reference: Reference) -> Enrichment:
    [(_, verdict)] = outcomes(Enricher(world, world, catalogues), [NoMetadataRow(1, reference, 0)], threading.Event())
    return verdict


def test_a_catalogue_settles_a_reference_without_a_search() -> None:
    crossref = fake_crossref()
    world = World(crossref=crossref)
    verdict = asked_with(FakeCatalogues((NUMERALS,)), world, Reference(RAW))
    assert (verdict.decision, verdict.work) == (Decision.ACCEPTED, NUMERALS)
    assert [one.service for one in verdict.evidence] == ["catalogue"]
    assert crossref.searched == []


def test_a_catalogue_without_the_work_leaves_it_to_the_services() -> None:
    crossref = fake_crossref(hits=lambda raw: Found((NUMERALS,)))
    verdict = asked_with(FakeCatalogues((HERRING,)), World(crossref=crossref), Reference(RAW))
    assert (verdict.decision, verdict.work) == (Decision.ACCEPTED, NUMERALS)
    assert len(crossref.searched) == 1


def test_a_catalogue_does_not_overrule_a_printed_doi() -> None:
    crossref = fake_crossref()
    asked_with(FakeCatalogues((NUMERALS,)), World(crossref=crossref), Reference(RAW, doi="10.5555/other"))
    assert crossref.asked[0] == ("10.5555/other",)


# ── what a person has refused ────────────────────────────────────────────────────────────────────────────


def test_a_refused_work_is_no_match_wherever_it_comes_from() -> None:
    refused = frozenset({("doi", NUMERALS.doi or "")})
    for world in (
        World(fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(NUMERALS)), refused=refused),
        World(fake_crossref({}, finds(NUMERALS)), known=(NUMERALS,), refused=refused),
    ):
        (found,) = world.enrich(f"{RAW} doi:10.5555/deep")
        assert (found.decision, found.reason) == (Decision.REJECTED, EnrichmentReason.NO_MATCH)
        assert all(REFUSED in one.vetoes for one in found.evidence)


def test_the_next_best_candidate_is_taken_when_the_best_is_refused() -> None:
    again = replace(NUMERALS, doi="10.5555/deep.again")
    world = World(fake_crossref({}, finds(NUMERALS, again)), refused=frozenset({("doi", NUMERALS.doi or "")}))
    (found,) = world.enrich(RAW)
    assert (found.decision, found.work) == (Decision.ACCEPTED, again)


def test_a_catalogue_does_not_settle_a_reference_with_what_was_refused() -> None:
    world = World(fake_crossref())
    row = NoMetadataRow(1, Reference(RAW), 0, frozenset({("doi", NUMERALS.doi or "")}))
    [(_, verdict)] = outcomes(Enricher(world, world, FakeCatalogues((NUMERALS,))), [row], threading.Event())
    assert verdict.decision is Decision.REJECTED

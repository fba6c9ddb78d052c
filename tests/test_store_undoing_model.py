"""Any order of accepting, refusing, merging, parting and trying again, held against a model of a few lines."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from dl_lit.errors import UsageError
from dl_lit.model import Decision, Enrichment, EnrichmentReason, Evidence, Stage, Work
from dl_lit.queueing import Queuer
from dl_lit.store.columns import TABLES
from dl_lit.store.decisions import Selection
from dl_lit.store.merging import own_record
from library import ME, SmallLibrary, work

# 0, 1 and 2 have one title, of which 2 is of another year; 3 and 4 share a weaker identifier; 5 stands alone.
WORKS: tuple[Work, ...] = (
    work("Tides of a Northern Harbour", doi="10.1000/a", arxiv="1706.03762"),
    work("Tides of a Northern Harbour", place="Here", pmid="123"),
    work("Tides of a Northern Harbour", year=2002, publisher="Press"),
    work("A Mill by the River", openalex_id="W5"),
    work("A Mill by the River, Revisited", openalex_id="W5", doi="10.1000/d"),
    work("Lamps and Their Keepers", doi="10.1000/e"),
)
# A record without a DOI is known by the other identifiers of what was refused or allowed.
KNOWN_WITH = {4: {3}}
ACCEPTED = {"with_metadata", "to_download_references", "downloaded_references", "failed_downloads"} | {
    "duplicate_references"
}


@dataclass
class Print:
    """A reference as a person sees it: what it is taken for (None: nothing), and what it is not."""

    table: str = "no_metadata"
    taken_for: int | None = None
    refused: set[int] = field(default_factory=set)


def _with(number: int) -> set[int]:
    return {number} | KNOWN_WITH.get(number, set())


class Undoing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.library = SmallLibrary(Path(self._folder.name) / "literature.db")
        self.store = self.library.store
        self.prints: dict[int, Print] = {}
        self.parted: set[frozenset[int]] = set()

    def teardown(self) -> None:
        self.library.close()
        self._folder.cleanup()

    # ── what the program does by itself ──────────────────────────────────────────────────────────────────

    @rule(number=st.integers(1, 3))
    def read_a_pdf(self, number: int) -> None:
        self.library.print_references(*(f"printed {i}" for i in range(number)))
        self.prints |= {one: Print() for one in self.library.ids("no_metadata") if one not in self.prints}

    @rule(choose=st.lists(st.integers(0, len(WORKS) - 1), min_size=9, max_size=9), look=st.booleans())
    def enrich(self, choose: list[int], look: bool) -> None:
        for row, number in zip(self.library.claim_references(9), choose, strict=False):
            told = self.prints[row.id]
            evidence = tuple(
                Evidence("crossref", "bibliographic", one, 0.9, Decision.REVIEW, rank=rank)
                for rank, one in enumerate(WORKS, 1)
            )
            outcome = (
                Enrichment(Decision.REVIEW, evidence=evidence, reason=EnrichmentReason.AMBIGUOUS)
                if look
                else Enrichment(Decision.ACCEPTED, WORKS[number], evidence)
            )
            table = self.store.finish_enrichment(row, ME, outcome)
            if look or number in told.refused:
                assert table == ("needs_review" if look else "failed_enrichments")
                told.table, told.taken_for = table, None
            elif table == "needs_review":
                assert any(row.id in pair for pair in self.parted)
                told.table, told.taken_for = table, None
            else:
                told.table, told.taken_for = "accepted", number

    @rule()
    def merge_and_rank(self) -> None:
        queuer = Queuer(self.store)
        for row in self.library.claim_works():
            with self.store.database.transaction():
                if self.store.finish_queueing(row, ME, queuer.decide(row)) == "needs_review":
                    assert any(row.id in pair for pair in self.parted)
                    self.prints[row.id].table, self.prints[row.id].taken_for = "needs_review", None

    @rule(found=st.booleans())
    def get_copies(self, found: bool) -> None:
        (self.library.download if found else self.library.fail_downloads)()

    # ── what a person decides ────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.prints)
    @rule(data=st.data())
    def refuse(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(sorted(self.prints)))
        told = self.prints[one]
        if not self._may(told.table in ("accepted", "needs_review"), lambda: self.store.refuse(one)):
            return
        told.refused |= set(range(len(WORKS))) if told.taken_for is None else _with(told.taken_for)
        told.table, told.taken_for = "failed_enrichments", None

    @precondition(lambda self: self.prints)
    @rule(data=st.data(), number=st.integers(0, len(WORKS) - 1))
    def take(self, data: st.DataObject, number: int) -> None:
        one = data.draw(st.sampled_from(sorted(self.prints)))
        told = self.prints[one]
        story = self.store.told(one)
        assert story is not None
        candidates = [judged.id for judged in story.candidates if judged.evidence.candidate == WORKS[number]]
        is_allowed = told.table != "no_metadata" and told.taken_for != number
        if not self._may(is_allowed, lambda: self.store.take(one, candidates[0] if candidates else 10**6)):
            return
        if told.taken_for is not None:
            told.refused |= _with(told.taken_for)
        told.refused -= _with(number)
        told.table, told.taken_for = "accepted", number
        self._forget_parting(one)

    @precondition(lambda self: self.prints)
    @rule(data=st.data())
    def unmerge(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(sorted(self.prints)))
        merged = self.library.rows("SELECT merged_into FROM duplicate_references WHERE id = ?", one)
        told = self.prints[one]
        if not self._may(bool(merged), lambda: self.store.unmerge(one)):
            return
        self.parted.add(frozenset({one, merged[0][0]}))
        if self._table(one) == "needs_review":
            assert told.taken_for is not None
            told.refused |= _with(told.taken_for)
            told.table, told.taken_for = "needs_review", None
        assert self._group(one).isdisjoint(self._group(merged[0][0]))

    @rule(also_refused=st.booleans())
    def retry(self, also_refused: bool) -> None:
        reasons = tuple(EnrichmentReason) if also_refused else ()
        self.store.retry(Selection((Stage.ENRICHMENT,), reasons=reasons))
        if also_refused:
            for told in self.prints.values():
                told.table = "no_metadata" if told.table == "failed_enrichments" else told.table

    # ── what holds at every moment ───────────────────────────────────────────────────────────────────────

    @invariant()
    def nothing_is_inconsistent(self) -> None:
        assert self.store.problems() == []

    @invariant()
    def every_reference_is_where_the_model_has_it(self) -> None:
        for one, told in self.prints.items():
            table = self._table(one)
            if told.table == "accepted":
                assert table in ACCEPTED
                assert self._own_work(one) == told.taken_for
                assert told.taken_for not in told.refused
            else:
                assert table == told.table

    @invariant()
    def counts_add_up(self) -> None:
        counts = self.store.counts()
        assert counts.references == counts.citations == len(self.prints)
        everywhere = sum(len(self.library.ids(table)) for table in TABLES)
        assert everywhere == len(self.prints)

    @invariant()
    def what_was_parted_stays_parted(self) -> None:
        for one, other in map(sorted, self.parted):
            assert self._group(one).isdisjoint(self._group(other))

    @invariant()
    def a_doi_is_one_work(self) -> None:
        past = [
            row for row in self.library.rows("SELECT doi FROM works WHERE stage <> 'with_metadata' AND doi NOTNULL")
        ]
        assert len(past) == len(set(past))

    # ── looking ──────────────────────────────────────────────────────────────────────────────────────────

    def _may(self, is_allowed: bool, act: Callable[[], object]) -> bool:
        """Does it; what is not allowed must say so and change nothing."""
        before = self._everything()
        try:
            act()
        except UsageError:
            assert not is_allowed
            assert self._everything() == before
            return False
        assert is_allowed
        return True

    def _everything(self) -> list[object]:
        return [
            self.library.rows(f"SELECT * FROM {table}") for table in (*TABLES, "citations", "merge_log", "state_log")
        ]

    def _table(self, one: int) -> str | None:
        return next((table for table in TABLES if one in self.library.ids(table)), None)

    def _group(self, one: int) -> set[int]:
        if self._table(one) not in ACCEPTED:
            return {one}
        winner = self.store.now_known_as(one)
        return {winner} | {
            row[0] for row in self.library.rows("SELECT id FROM duplicate_references WHERE merged_into = ?", winner)
        }

    def _own_work(self, one: int) -> int | None:
        record = own_record(self.store.database.reader(), one)
        told = (record["title"], record["year"], record["place"], record["publisher"])
        return next(i for i, w in enumerate(WORKS) if (w.title, w.year, w.place, w.publisher) == told)

    def _forget_parting(self, one: int) -> None:
        """A choice by hand may bring together what was parted: the model takes the store's word for which."""
        left = {frozenset(row) for row in self.library.rows("SELECT one_id, other_id FROM parted_references")}
        gone = {pair for pair in self.parted if pair not in left}
        assert all(one in pair or self._is_same_doi(pair, one) for pair in gone)
        self.parted -= gone

    def _is_same_doi(self, pair: frozenset[int], one: int) -> bool:
        return any(self.prints[other].taken_for == self.prints[one].taken_for for other in pair)


TestUndoing = Undoing.TestCase
TestUndoing.settings = settings(
    max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)

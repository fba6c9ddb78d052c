"""The stages as tasks of the pipeline: each joins a stage's package to the store.

Only here do the two meet: the stage packages know no claims, the pipeline knows no bibliography.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, cast

from dl_lit.enrichment.cascade import ROWS_AT_ONCE, settled_by
from dl_lit.errors import DatabaseBusy, LeaseLost, RetryLater, Stopping
from dl_lit.intake import path_from_text
from dl_lit.model import (
    WAITING_FOR_A_COPY,
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    EnrichmentReason,
    Extraction,
    KeptFile,
    NoMetadataRow,
    PdfReason,
    PdfRow,
    Queueing,
    Stage,
    ToDownloadRow,
    WithMetadataRow,
)
from dl_lit.pipeline.work import Finished, Flush, Item, Parked, Step, Verdict, name_of
from dl_lit.relations import WAITING_FOR_RELATIONS, Expansion, ExpansionReason, ExpansionRow, Reach
from dl_lit.silence import kind_of, word
from dl_lit.store.moves import UNSETTLED
from dl_lit.store.store import Store

ENRICHMENT_VERDICTS = {
    Decision.ACCEPTED: Verdict.DONE,
    Decision.REVIEW: Verdict.REVIEW,
    Decision.REJECTED: Verdict.FAILED,
    Decision.UNANSWERED: Verdict.LATER,
}
DUPLICATES = "duplicate_references"
# Where the store puts a work that was found although a person has decided otherwise, and what that is for the run.
BY_HAND = {
    "needs_review": (Verdict.REVIEW, EnrichmentReason.PARTED_BY_PERSON),
    "failed_enrichments": (Verdict.FAILED, EnrichmentReason.REJECTED_BY_PERSON),
}


class Parser(Protocol):
    def extract(self, path: Path) -> Extraction: ...


class Enricher(Protocol):
    def groups(
        self, rows: Sequence[NoMetadataRow], stop: threading.Event
    ) -> Iterable[Iterable[tuple[NoMetadataRow, Enrichment]]]:
        """The rows with their verdicts; what comes after a group may take long."""


class Queuer(Protocol):
    def decide(self, row: WithMetadataRow) -> Queueing: ...


class Expander(Protocol):
    def expand(
        self, rows: Sequence[ExpansionRow], stop: threading.Event
    ) -> Iterable[tuple[ExpansionRow, Expansion]]: ...


class Wait(Protocol):
    @property
    def seconds(self) -> float: ...


class Downloader(Protocol):
    def start(self, row: ToDownloadRow) -> Any: ...

    def step(self, job: Any) -> Download | Wait: ...

    def settled(self, row_id: int) -> None: ...

    def dropped(self, row_id: int, file: KeptFile, *, is_held: bool) -> None: ...


class ExtractionTask:
    """PDFs into printed references."""

    stage = Stage.EXTRACTION
    batch = 1

    def __init__(self, store: Store, parser: Parser) -> None:
        self._store = store
        self._parser = parser

    def run(self, items: Sequence[Item], stop: threading.Event) -> Iterator[Step]:
        for item in items:
            row = cast(PdfRow, item.row)
            try:
                extraction = self._parser.extract(path_from_text(row.path))
            except Stopping:
                return
            except DatabaseBusy:
                raise
            except RetryLater as error:
                yield Finished(item, error, Verdict.LATER, _pdf_waits(error), row.path)
                continue
            verdict = Verdict.FAILED if extraction.reason else Verdict.DONE
            yield Finished(item, extraction, verdict, extraction.reason, row.path, cached=extraction.cached)

    def finish(self, finished: Finished, owner: str) -> Finished:
        if isinstance(finished.outcome, RetryLater):
            self._postpone(finished.item.row.id, owner, finished.outcome)
        else:
            self._store.finish_extraction(cast(PdfRow, finished.item.row), owner, finished.outcome)
        return finished

    def _postpone(self, row_id: int, owner: str, error: RetryLater) -> None:
        seconds, reason = error.retry_after, _pdf_waits(error)
        self._store.postpone(self.stage, row_id, owner, seconds=seconds, error=error.message, reason=reason)

    def settled(self, finished: Finished) -> None:
        """Nothing outside the database depends on it."""

    def give_up(self, item: Item, error: str) -> Finished:
        outcome = Extraction(reason=PdfReason.INTERNAL_ERROR, detail=error)
        return Finished(item, outcome, Verdict.FAILED, outcome.reason, name_of(item.row))


class EnrichmentTask:
    """Printed references into verified works. Rows come in batches, so that printed identifiers share requests."""

    stage = Stage.ENRICHMENT
    batch = ROWS_AT_ONCE

    def __init__(self, store: Store, enricher: Enricher) -> None:
        self._store = store
        self._enricher = enricher

    def run(self, items: Sequence[Item], stop: threading.Event) -> Iterator[Step]:
        by_id = {item.row.id: item for item in items}
        rows = [cast(NoMetadataRow, item.row) for item in items]
        try:
            for group in self._enricher.groups(rows, stop):
                yield from (_enriched(by_id[row.id], outcome) for row, outcome in group)
                yield Flush()
        except Stopping:
            return

    def finish(self, finished: Finished, owner: str) -> Finished:
        table = self._store.finish_enrichment(cast(NoMetadataRow, finished.item.row), owner, finished.outcome)
        if table == DUPLICATES or (
            table in UNSETTLED and self._is_known(cast(NoMetadataRow, finished.item.row), owner)
        ):
            return replace(finished, verdict=Verdict.DUPLICATE)
        return _as_decided(finished, table)

    def _is_known(self, row: NoMetadataRow, owner: str) -> bool:
        """Whether its work came in while it was looked for in vain."""
        known = self._store.places_like(row.reference)
        for evidence in settled_by(row, [work for _, work in known]):
            place = next(place for place, work in known if work is evidence.candidate)
            if self._store.settle(row.id, place.id, evidence, owner):
                return True
        return False

    def settled(self, finished: Finished) -> None:
        """Nothing outside the database depends on it."""

    def give_up(self, item: Item, error: str) -> Finished:
        outcome = Enrichment(Decision.REJECTED, reason=EnrichmentReason.INTERNAL_ERROR, detail=error)
        what = name_of(item.row)
        return Finished(item, outcome, Verdict.FAILED, outcome.reason, what)


class QueueingTask:
    """Verified works into the download queue, twins merged.

    The decision is made inside the transaction that carries it out: two workers that decide about two twins at the
    same moment would otherwise both find none.
    """

    stage = Stage.QUEUEING
    batch = 10

    def __init__(self, store: Store, queuer: Queuer, seed: Callable[[int], None] | None = None) -> None:
        """`seed` is called within the transaction with the id under which the work is in the library then."""
        self._store = store
        self._queuer = queuer
        self._seed = seed

    def run(self, items: Sequence[Item], stop: threading.Event) -> Iterator[Step]:
        for item in items:
            row = cast(WithMetadataRow, item.row)
            yield Finished(item, None, Verdict.DONE, None, name_of(row))

    def finish(self, finished: Finished, owner: str) -> Finished:
        row = cast(WithMetadataRow, finished.item.row)
        given_up = self._store.given_up_like(row.id)  # before its names go on to a twin
        outcome = self._queuer.decide(row)
        table = self._store.finish_queueing(row, owner, outcome)
        self._settle(given_up, self._store.now_known_as(row.id) if given_up else row.id, owner)
        if self._seed is not None and table != self.stage:
            self._seed(self._store.now_known_as(row.id))
        if table == DUPLICATES:
            return replace(finished, outcome=outcome, verdict=Verdict.DUPLICATE)
        finished = _as_decided(replace(finished, reason=outcome.unwanted), table)
        return _unless_changed(finished, table, self.stage)

    def settled(self, finished: Finished) -> None:
        """Nothing outside the database depends on it."""

    def _settle(self, given_up: Sequence[NoMetadataRow], work_id: int, owner: str) -> None:
        """Prints that were looked for before this work came in are recognised as those that come after it."""
        work = self._store.work(work_id) if given_up else None
        works = [work] if work is not None else []
        for row in given_up:
            for evidence in settled_by(row, works):
                self._store.settle(row.id, work_id, evidence, owner)

    def give_up(self, item: Item, error: str) -> None:
        """A verified work is never thrown away: it waits, with the error on its row."""


class ExpansionTask:
    """Accepted works into related ones, which go to stage 3; a row comes again when not all found room in the run."""

    stage = Stage.EXPANSION
    batch = 50

    def __init__(self, store: Store, expander: Expander, run_id: int, reach: Reach) -> None:
        self._store = store
        self._expander = expander
        self._run_id = run_id
        self._reach = reach

    def run(self, items: Sequence[Item], stop: threading.Event) -> Iterator[Step]:
        by_id = {item.row.id: item for item in items}
        rows = [cast(ExpansionRow, item.row) for item in items]
        try:
            for row, outcome in self._expander.expand(rows, stop):
                later = outcome.reason in WAITING_FOR_RELATIONS
                verdict = Verdict.LATER if later else Verdict.DONE
                yield Finished(by_id[row.id], outcome, verdict, outcome.reason, name_of(row))
        except Stopping:
            return

    def finish(self, finished: Finished, owner: str) -> Finished:
        row, outcome = cast(ExpansionRow, finished.item.row), cast(Expansion, finished.outcome)
        if finished.verdict is Verdict.LATER:
            seconds, error = outcome.retry_after, outcome.detail or "no answer"
            self._store.postpone(self.stage, row.id, owner, seconds=seconds, error=error, reason=finished.reason)
            return finished
        reason = self._store.finish_expansion(row, owner, outcome, self._run_id, self._reach)
        if reason is ExpansionReason.RUN_IS_FULL:
            return replace(finished, verdict=Verdict.LATER, reason=reason)
        return finished

    def settled(self, finished: Finished) -> None:
        """Nothing outside the database depends on it."""

    def give_up(self, item: Item, error: str) -> Finished:
        outcome = Expansion(reason=ExpansionReason.INTERNAL_ERROR, detail=error)
        what = name_of(item.row)
        return Finished(item, outcome, Verdict.FAILED, outcome.reason, what)


class DownloadTask:
    """Queued works into verified copies; a job that must wait for its host is parked, not slept on."""

    stage = Stage.DOWNLOAD
    batch = 1

    def __init__(self, store: Store, downloader: Downloader) -> None:
        self._store = store
        self._downloader = downloader

    def run(self, items: Sequence[Item], stop: threading.Event) -> Iterator[Step]:
        for item in items:
            try:
                yield self._step(item)
            except Stopping:
                return

    def _step(self, item: Item) -> Step:
        row = cast(ToDownloadRow, item.row)
        job = item.job if item.job is not None else self._downloader.start(row)
        outcome = self._downloader.step(job)
        if not isinstance(outcome, Download):
            return Parked(Item(row, job), outcome.seconds)
        return Finished(item, outcome, _download_verdict(outcome), outcome.reason, name_of(row))

    def finish(self, finished: Finished, owner: str) -> Finished:
        row, outcome = cast(ToDownloadRow, finished.item.row), cast(Download, finished.outcome)
        try:
            table = self._store.finish_download(row, owner, outcome)
        except LeaseLost:
            self._drop(row.id, outcome.file)
            raise
        return _unless_changed(finished, table, self.stage)

    def _drop(self, row_id: int, file: KeptFile | None) -> None:
        """A file that came in vain, as another process (an import of the user's own) has given the work its copy
        meanwhile. Who still has the row may want the file."""
        if file is None or self._store.copy_of(self._store.now_known_as(row_id)) is None:
            return
        names = {one.file.file_name for one in self._store.held_files()} | self._store.withdrawn_names()
        self._downloader.dropped(row_id, file, is_held=file.file_name in names)

    def settled(self, finished: Finished) -> None:
        self._downloader.settled(finished.item.row.id)

    def give_up(self, item: Item, error: str) -> Finished:
        outcome = Download(reason=DownloadReason.INTERNAL_ERROR, detail=error)
        what = name_of(item.row)
        return Finished(item, outcome, Verdict.FAILED, outcome.reason, what)


def _pdf_waits(error: RetryLater) -> PdfReason:
    return PdfReason(word(kind_of(error)))


def _enriched(item: Item, outcome: Enrichment) -> Finished:
    verdict = ENRICHMENT_VERDICTS[outcome.decision]
    return Finished(item, outcome, verdict, outcome.reason, name_of(item.row), cached=_was_known(outcome))


def _was_known(outcome: Enrichment) -> bool:
    """Whether the library itself had the answer, from another PDF that cites the same work."""
    return any(one.query == "local" and one.decision is Decision.ACCEPTED for one in outcome.evidence)


def _as_decided(finished: Finished, table: str) -> Finished:
    """A match that a person does not want is no success of the run."""
    if finished.verdict is not Verdict.DONE or table not in BY_HAND:
        return finished
    verdict, reason = BY_HAND[table]
    return replace(finished, verdict=verdict, reason=reason)


def _unless_changed(finished: Finished, table: str, stage: Stage) -> Finished:
    """A row that grew through a merge while it was worked on is still in its stage, and is done anew."""
    if table != stage or finished.verdict is Verdict.LATER:
        return finished
    return replace(finished, verdict=Verdict.LATER, reason="changed_meanwhile")


def _download_verdict(outcome: Download) -> Verdict:
    if outcome.file is not None:
        return Verdict.DONE
    return Verdict.LATER if outcome.reason in WAITING_FOR_A_COPY else Verdict.FAILED

"""The store: every question and every change that the rest of the program has for the database, and nothing else.

Each change is one transaction; within an outer `store.database.transaction()` several become one. Times are unix
seconds, durations seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from dl_lit.model import (
    Attempt,
    CitingPaper,
    Download,
    Enrichment,
    Evidence,
    Extraction,
    KeptFile,
    NoMetadataRow,
    PdfFile,
    PdfRow,
    Queueing,
    Reference,
    Row,
    Stage,
    ToDownloadRow,
    Twin,
    WithMetadataRow,
    Work,
)
from dl_lit.relations import Expansion, ExpansionReason, ExpansionRow, Reach
from dl_lit.store import (
    attempts,
    bibliographies,
    citation_keys,
    claims,
    decisions,
    expanding,
    holdings,
    integrity,
    known,
    outcomes,
    owned,
    parting,
    pdfs,
    run_rows,
    runs,
    searches,
    services,
    settling,
    stats,
    stories,
    suspects,
    watched,
)
from dl_lit.store.database import Database
from dl_lit.store.moves import held
from dl_lit.store.records import (
    AddedBibliography,
    AddedPdfs,
    CachedAnswer,
    CachedAnswers,
    Event,
    Failure,
    LibraryCounts,
    LibraryWork,
    LiveRun,
    Parted,
    PrintedReference,
    ReasonCount,
    RunRecord,
    TakenBack,
    Waiting,
    WaitingRows,
)


class Store:
    """All that is known about a library. Safe to share between threads."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self.database = database
        self._clock = clock
        self._picks = claims.Picks()
        self._most_cached = database.settings.cache_mb * 1_000_000

    def close(self) -> None:
        self.database.close()

    # ── PDFs ──────────────────────────────────────────────────────────────────────────────────────────────

    def add_pdfs(self, run_id: int, files: Sequence[PdfFile], *, retry: bool = False) -> AddedPdfs:
        """Take in files. Known content is known, whatever its name; `retry` lets failed PDFs be tried again."""
        with self.database.transaction() as connection:
            return pdfs.add(connection, run_id, files, now=self._clock(), retry=retry)

    def add_bibliography(self, file: PdfFile, references: Sequence[Reference]) -> AddedBibliography:
        """Take in a file of references as if it were a PDF that cites them; nothing comes in twice."""
        with self.database.transaction() as connection:
            return bibliographies.add(connection, file, references, self._clock())

    def pdf_states(self, hashes: Sequence[str]) -> dict[str, str]:
        """`waiting`, `done` or `failed` for each of these contents (SHA-256) that is known."""
        return pdfs.states(self.database.reader(), hashes)

    # ── watched folders ───────────────────────────────────────────────────────────────────────────────────

    def watch(self, run_id: int, folder: str, *, everything: bool = False) -> watched.Resumed:
        """What earlier watchers of this folder have left is this run's; with `everything`, all they ever handed in."""
        with self.database.transaction() as connection:
            return watched.resume(connection, run_id, folder, everything=everything)

    def handed_in(self, folder: str, files: Sequence[tuple[str, str, int]]) -> None:
        """Files (path, signature, id of the PDF) are in the library now."""
        with self.database.transaction() as connection:
            watched.add(connection, folder, files, self._clock())

    def settled_files(self, folder: str, through: Collection[Stage]) -> list[watched.Settled]:
        """Files of a watched folder whose PDFs, with all that they cite, have left these stages."""
        return watched.settled(self.database.reader(), folder, through)

    def held_files_of(self, folder: str, through: Collection[Stage]) -> int:
        """How many files of a watched folder were read and have not left these stages."""
        return watched.held(self.database.reader(), folder, through)

    def move_file(self, path: str, target: str | None) -> None:
        """Note where a watched file is about to be moved to (None: it is not)."""
        with self.database.transaction() as connection:
            watched.aim(connection, path, target)

    def file_moved(self, path: str, target: str) -> None:
        """The file is there now, and no longer watched."""
        with self.database.transaction() as connection:
            watched.moved(connection, path, target)

    def forget_file(self, path: str) -> None:
        """The file is not watched any more."""
        with self.database.transaction() as connection:
            watched.forget(connection, path)

    # ── claims ────────────────────────────────────────────────────────────────────────────────────────────

    def claim(
        self,
        stage: Stage,
        owner: str,
        limit: int,
        lease_seconds: float,
        *,
        exclude: Collection[int] = (),
        run_id: int | None = None,
    ) -> list[Row]:
        """Take up to `limit` rows that are due, none of them in `exclude`, in the order to do them.

        Newest first, downloads by priority, references in rounds over their PDFs; every eighth is the oldest. With a
        `run_id` only what that run was asked for: its PDFs and what they cite.
        """
        now = self._clock()
        with self.database.transaction() as connection:
            return claims.claim(
                connection,
                stage,
                owner,
                limit,
                now + lease_seconds,
                now=now,
                picks=self._picks,
                exclude=exclude,
                run_id=run_id,
            )

    def renew(self, stage: Stage, owner: str, ids: Iterable[int], lease_seconds: float) -> set[int]:
        """Prolong leases; returns the ids that are still `owner`'s."""
        with self.database.transaction() as connection:
            return claims.renew(connection, stage, owner, ids, self._clock() + lease_seconds)

    def release(self, stage: Stage, owner: str, ids: Iterable[int] | None = None) -> int:
        """Give rows back as if never claimed (None: all of `owner`'s in this stage); returns how many."""
        with self.database.transaction() as connection:
            return claims.release(connection, stage, owner, ids)

    def free_stale_claims(self, owner: str) -> int:
        """Free the claims of dead processes of this machine, and expired ones of anyone; returns how many."""
        with self.database.transaction() as connection:
            return claims.free_stale(connection, owner, self._clock())

    def free_dead_claims(self, owner: str) -> int:
        """While a run goes on: free the claims of dead processes of this machine; returns how many."""
        with self.database.transaction() as connection:
            return claims.free_dead(connection, owner)

    def make_due(self, who_asks: str = "") -> int:
        """For the start of a run: what waits only because we backed off may be tried at once; returns how many.

        Waits that a service named (Retry-After, a spent budget) stay, unless the last run was not by `who_asks`.
        """
        with self.database.transaction() as connection:
            before = runs.last_asked(connection)
            return claims.make_due(connection, anew=bool(before and who_asks and before != who_asks))

    def look_again(self, are_on: Collection[str]) -> int:
        """For the start of a run that downloads: works without a copy go back into the queue if an index is asked now
        that was off when they were looked for; returns how many."""
        with self.database.transaction() as connection:
            return outcomes.look_again(connection, are_on, self._clock())

    def backlog(
        self, stage: Stage, run_id: int | None = None, *, most: int | None = None, of_one_pdf: int | None = None
    ) -> int:
        """How many rows could be claimed now; `most + 1` stands for all numbers above `most`. Of the references of one
        PDF the first `of_one_pdf` count."""
        now = self._clock()
        return claims.backlog(self.database.reader(), stage, now, run_id, most=most, of_one_pdf=of_one_pdf)

    def dois_ahead(self, owner: str, run_id: int, most: int) -> list[str]:
        """Printed DOIs of the references that `owner` has in hand, and of the `most` that the run takes next."""
        return claims.dois_ahead(self.database.reader(), owner, run_id, most)

    def waiting(self, stage: Stage, run_id: int | None = None) -> Waiting:
        return run_rows.waiting(self.database.reader(), stage, self._clock(), run_id)

    # ── outcomes: each raises LeaseLost when the row is no longer `owner`'s ───────────────────────────────

    def finish_extraction(self, row: PdfRow, owner: str, extraction: Extraction) -> str:
        """Record what a PDF holds. Returns, as all of these, the table in which the row is then."""
        with self.database.transaction() as connection:
            held(connection, Stage.EXTRACTION, row.id, owner)
            pdfs.finish(connection, row, owner, extraction, self._clock())
            return str(Stage.EXTRACTION)

    def finish_enrichment(self, row: NoMetadataRow, owner: str, outcome: Enrichment) -> str:
        """`with_metadata`, `needs_review`, `failed_enrichments`, `duplicate_references`; UNANSWERED waits."""
        with self.database.transaction() as connection:
            return outcomes.enrichment(connection, row.id, owner, outcome, self._clock())

    def finish_queueing(self, row: WithMetadataRow, owner: str, outcome: Queueing) -> str:
        """`to_download_references` or `duplicate_references`; `with_metadata` if the row changed since its claim."""
        with self.database.transaction() as connection:
            return outcomes.queueing(connection, row, owner, outcome, self._clock())

    def finish_download(self, row: ToDownloadRow, owner: str, outcome: Download) -> str:
        """`downloaded_references` or `failed_downloads`; one of WAITING_FOR_A_COPY waits.

        A failure is not final while a twin, merged meanwhile, has brought another way to a copy: the row is free again.
        """
        with self.database.transaction() as connection:
            return outcomes.download(connection, row, owner, outcome, self._clock())

    def finish_expansion(
        self, row: ExpansionRow, owner: str, outcome: Expansion, run_id: int, reach: Reach
    ) -> ExpansionReason | None:
        """Take in related works and who cites whom; RUN_IS_FULL: not all found room, and the row stays open."""
        with self.database.transaction() as connection:
            return expanding.finish(connection, row, owner, outcome, run_id, reach, self._clock())

    def postpone(
        self, stage: Stage, row_id: int, owner: str, *, seconds: float | None, error: str, reason: str | None = None
    ) -> None:
        """Give a row back for a later try: after the `seconds` that a service named, or (None) our own back-off."""
        with self.database.transaction() as connection:
            row = held(connection, stage, row_id, owner)
            outcomes.postpone(
                connection, stage, row, owner, seconds=seconds, now=self._clock(), error=error, reason=reason
            )

    def crashes(self, stage: Stage, row_id: int) -> int:
        """How often our own code has failed on the row in this stage, as the log of states tells."""
        return stats.crashes(self.database.reader(), stage, row_id)

    def record_attempt(self, reference_id: int, attempt: Attempt) -> None:
        """Write an attempt down at once, not only with the outcome of the row."""
        with self.database.transaction() as connection:
            attempts.record(connection, reference_id, attempt, self._clock())

    def attempts_since_queued(self, reference_id: int) -> list[Attempt]:
        """What was tried for a row of the download queue since it came there, by this run or an earlier one."""
        return attempts.since_queued(self.database.reader(), reference_id)

    # ── PDFs that the user has already ────────────────────────────────────────────────────────────────────

    def printed_references(self) -> Iterator[PrintedReference]:
        """All that are not known as works yet."""
        return owned.printed(self.database.reader())

    def names_of_works(self) -> Iterator[tuple[str, str, int]]:
        """(kind, value, reference) of all DOIs, arXiv numbers and folded titles of accepted works."""
        return owned.names_of_works(self.database.reader())

    def subject(self, reference_id: int) -> Work | Reference | None:
        """What a reference stands for: the verified work, else what is printed."""
        return owned.subject(self.database.reader(), reference_id)

    def copies_with(self, sha256: str) -> list[tuple[int, KeptFile]]:
        """The works whose copy has this content."""
        return owned.copies_with(self.database.reader(), sha256)

    def copy_of(self, reference_id: int) -> KeptFile | None:
        return owned.copy_of(self.database.reader(), reference_id)

    def owned_files(self, reference_id: int) -> list[KeptFile]:
        """Files of the user's that wait for this reference to be looked for, or for one merged into it."""
        return owned.waiting_for(self.database.reader(), reference_id)

    def waits_with(self, sha256: str) -> list[int]:
        """The references that a file with this content waits for."""
        return owned.waits_with(self.database.reader(), sha256)

    def adopt(self, reference_id: int, file: KeptFile) -> str:
        """A file in pdfs/ becomes the copy of a reference; returns the table where that is then."""
        with self.database.transaction() as connection:
            return owned.adopt(connection, self.now_known_as(reference_id), file, self._clock())

    # ── files, as the database knows them ─────────────────────────────────────────────────────────────────

    def held_files(self) -> list[holdings.Holding]:
        """The files in pdfs/ that are copies, or wait to become one."""
        reader = self.database.reader()
        return [*holdings.copies(reader), *holdings.waiting(reader)]

    def withdrawn_names(self) -> set[str]:
        """Of files in pdfs/ that are no work's copy any more, as matches were taken back."""
        return holdings.withdrawn(self.database.reader())

    def suspect_names(self) -> dict[str, tuple[int, ...]]:
        """Of files in quarantine/, with the references that they came for."""
        return holdings.suspects(self.database.reader())

    def suspect_files(self) -> list[suspects.SuspectFile]:
        """In quarantine/, of works that have no copy yet."""
        return suspects.waiting(self.database.reader())

    def shared_copies(self) -> list[suspects.SharedCopy]:
        """Contents that are the copy of several works."""
        return suspects.shared(self.database.reader())

    def queued_ids(self) -> set[int]:
        """The works in the download queue."""
        return holdings.queued(self.database.reader())

    def lose(self, holding: holdings.Holding, why: str) -> None:
        """A file is not there any more: its work is looked for again."""
        with self.database.transaction() as connection:
            holdings.lost(connection, holding, why, self._clock())

    def forget_suspect(self, name: str) -> None:
        with self.database.transaction() as connection:
            holdings.forget_suspect(connection, name)

    # ── related works ─────────────────────────────────────────────────────────────────────────────────────

    def resume_expansion(self, run_id: int, pdf_ids: Collection[int], reach: Reach) -> None:
        """Make what earlier runs found from these PDFs this run's, and note what is to be expanded of all that."""
        with self.database.transaction() as connection:
            expanding.resume(connection, run_id, pdf_ids, reach, self._clock())

    def seed_expansion(self, run_id: int, reference_ids: Collection[int], reach: Reach) -> None:
        """Note those of these references that are accepted works within reach as works to expand."""
        with self.database.transaction() as connection:
            expanding.seed(connection, run_id, reference_ids, reach, self._clock())

    def now_known_as(self, reference_id: int) -> int:
        """The id of the work that a reference is by now: its own, or that of the one it was merged into."""
        merged: int | None = self.database.reader().value(
            "SELECT merged_into FROM duplicate_references WHERE id = ?", (reference_id,)
        )
        return reference_id if merged is None else merged

    def brought_in(self, run_id: int) -> int:
        """How many works a run has brought in that are related to others."""
        return expanding.brought(self.database.reader(), run_id)

    # ── searches by keyword ───────────────────────────────────────────────────────────────────────────────

    def save_search(
        self,
        query: str,
        options: Mapping[str, Any],
        told: Mapping[str, Any],
        results: Sequence[tuple[Work, Sequence[str]]],
    ) -> int:
        """Keep a search with its results (work, who found it), best first; returns its number."""
        with self.database.transaction() as connection:
            return searches.save(connection, query, options, told, results, self._clock())

    def saved_searches(self, limit: int = 50) -> list[searches.SavedSearch]:
        """The latest first."""
        return searches.saved(self.database.reader(), limit)

    def saved_search(self, search_id: int) -> searches.SavedSearch:
        """Raises UsageError when there is no such search."""
        return searches.one(self.database.reader(), search_id)

    def ids_of(self, works: Sequence[Work]) -> list[int | None]:
        """The id of each of these works in the library, None where it is not there."""
        return searches.known(self.database.reader(), works)

    def enqueue_search(self, search_id: int) -> searches.Enqueued:
        """Let the works of a search come in as verified ones."""
        with self.database.transaction() as connection:
            return searches.enqueue(connection, search_id, self._clock())

    def adopt_search(self, run_id: int, search_id: int) -> None:
        """Make the works that came in by a search this run's."""
        with self.database.transaction() as connection:
            searches.adopt(connection, run_id, search_id)

    # ── what is known already ─────────────────────────────────────────────────────────────────────────────

    def find_known(self, reference: Reference) -> list[Work]:
        """Accepted works that this printed reference could be; candidates to verify, not matches."""
        return known.printed_like(self.database.reader(), reference)

    def places_like(self, reference: Reference) -> list[tuple[Twin, Work]]:
        """The same, with where each is."""
        return known.places_like(self.database.reader(), reference)

    def given_up_like(self, reference_id: int) -> list[NoMetadataRow]:
        """Printed references that a program has given up, and that share a name with this one."""
        return settling.alike(self.database.reader(), reference_id)

    def work(self, reference_id: int) -> Work | None:
        """The record of an accepted work as it is now; None when the reference is none, or merged into another."""
        return settling.work_of(self.database.reader(), reference_id)

    def settle(self, reference_id: int, work_id: int, evidence: Evidence, owner: str) -> bool:
        """A print that was given up is this work after all; False when a person has decided about it."""
        with self.database.transaction() as connection:
            return settling.settle(connection, reference_id, work_id, evidence, self._clock(), owner)

    def citing_papers(self, reference_ids: Iterable[int]) -> list[CitingPaper]:
        """The PDFs with a DOI of their own that cite any of these, with their whole lists as printed."""
        return known.citing_papers(self.database.reader(), list(reference_ids))

    def find_twins(self, row: WithMetadataRow) -> list[tuple[Twin, Work]]:
        """Works past queueing that could be the same as `row`; `rule` says what they share (an identifier, `title`).

        Decide and `finish_queueing` within one `database.transaction()`, or two twins may pass each other unseen.
        """
        return known.twins(self.database.reader(), row)

    def citing_pdfs(self, reference_id: int, *others: int) -> int:
        """How many of the user's PDFs cite any of these references."""
        return known.citing_pdfs(self.database.reader(), (reference_id, *others))

    # ── services ──────────────────────────────────────────────────────────────────────────────────────────

    def cache_get(self, service: str, key: str) -> CachedAnswer | None:
        return self.cache_get_many(service, (key,)).get(key)

    def cache_get_many(self, service: str, keys: Iterable[str]) -> dict[str, CachedAnswer]:
        """The answers that are there and have not expired, by key."""
        return services.cached(self.database.reader(), service, keys, self._clock())

    def cache_put(self, service: str, key: str, payload: str | None, ttl_seconds: float) -> None:
        """Keep an answer; `payload` None is the definite answer "nothing"."""
        self.cache_put_many(service, {key: payload}, ttl_seconds)

    def cache_put_many(self, service: str, answers: Mapping[str, str | None], ttl_seconds: float) -> None:
        with self.database.transaction() as connection:
            services.keep(connection, service, answers, ttl_seconds, self._clock())

    def cache_purge(self) -> int:
        """Drop expired answers, as every start of a run does; returns how many."""
        with self.database.transaction() as connection:
            return services.purge(connection, self._clock())

    def cache_stats(self) -> CachedAnswers:
        return services.cached_answers(self.database.reader(), self._clock())

    def cache_clear(self) -> int:
        """Drop all answers, expired or not; returns how many. Pace and budgets stay: the services remember too."""
        with self.database.transaction() as connection:
            return services.forget(connection)

    # ── runs ──────────────────────────────────────────────────────────────────────────────────────────────

    def start_run(self, owner: str, command: str, options: Mapping[str, Any]) -> int:
        now = self._clock()
        with self.database.transaction() as connection:
            services.purge(connection, now)
            services.trim(connection, self._most_cached)
            return runs.start(connection, owner, command, options, now)

    def heartbeat(self, run_id: int) -> None:
        """A sign of life; long runs also keep the cache of answers within its bounds here."""
        with self.database.transaction() as connection:
            services.trim(connection, self._most_cached)
            runs.heartbeat(connection, run_id, self._clock())

    def finish_run(self, run_id: int, summary: Mapping[str, Any], exit_code: int) -> None:
        with self.database.transaction() as connection:
            runs.finish(connection, run_id, summary, exit_code, self._clock())

    def runs(self, limit: int) -> list[RunRecord]:
        """The last started first."""
        return runs.latest(self.database.reader(), limit, self._clock())

    def live_runs(self) -> list[LiveRun]:
        return runs.live(self.database.reader(), self._clock())

    # ── what is in the library ────────────────────────────────────────────────────────────────────────────

    def counts(self) -> LibraryCounts:
        return stats.counts(self.database.reader(), self._clock())

    def failures(self, limit: int = 20, stage: Stage | None = None, reasons: Sequence[str] = ()) -> list[Failure]:
        """The latest PDFs and references that did not get through a stage."""
        return stats.failures(self.database.reader(), limit, stage, reasons)

    def failure_reasons(self) -> list[ReasonCount]:
        return stats.failure_reasons(self.database.reader())

    def waiting_rows(self) -> list[WaitingRows]:
        """What waits for another try and why."""
        return stats.waiting_rows(self.database.reader())

    def recent(self, limit: int = 20) -> list[Event]:
        """The latest steps of all rows, newest first."""
        return stats.recent(self.database.reader(), limit)

    def story(self, reference_id: int) -> list[Event]:
        """All that ever happened to one reference, oldest first."""
        return stats.story(self.database.reader(), reference_id)

    def works(self, after_id: int = 0, limit: int = 500) -> list[LibraryWork]:
        """A page of all accepted works, with or without a file; ask on with the last id of the page."""
        return stats.library(self.database.reader(), after_id, limit)

    def given_keys(self) -> citation_keys.GivenKeys:
        return citation_keys.given(self.database.reader())

    def keep_citation_keys(self, keys: Mapping[int, str]) -> None:
        with self.database.transaction() as connection:
            citation_keys.keep(connection, keys)

    def meant(self, text: str) -> list[int]:
        """Ids of the references that a person means by an id, an identifier, a title or words of the print."""
        return stories.meant(self.database.reader(), text)

    def told(self, reference_id: int) -> stories.Story | None:
        """Everything about one reference."""
        return stories.tell(self.database.reader(), reference_id)

    def merges(self, limit: int = 50) -> list[stories.Merge]:
        """The latest merges, newest first."""
        return stories.merges(self.database.reader(), limit)

    def under_review(self, limit: int = 1000) -> list[int]:
        """The ids of the references that need a look, in the order in which they were read."""
        return stats.under_review(self.database.reader(), limit)

    def accepted(self, limit: int = 1000) -> list[int]:
        """The ids of printed references that were matched without a person, the least sure first."""
        return stats.accepted(self.database.reader(), limit)

    def prints_of(self, reference_id: int) -> list[int]:
        """The ids of all printed references to the work of this one, as they were before any merge."""
        return stories.prints_of(self.database.reader(), reference_id)

    # ── what a person decides (see decisions) ─────────────────────────────────────────────────────────────

    def retry(self, selection: decisions.Selection) -> dict[Stage, int]:
        with self.database.transaction() as connection:
            return decisions.retry(connection, selection, self._clock())

    def take(self, reference_id: int, candidate_id: int) -> str:
        with self.database.transaction() as connection:
            return decisions.take(connection, reference_id, candidate_id, self._clock())

    def refuse(self, reference_id: int) -> TakenBack:
        with self.database.transaction() as connection:
            return decisions.refuse(connection, reference_id, self._clock())

    def confirm(self, reference_id: int) -> None:
        with self.database.transaction() as connection:
            decisions.confirm(connection, reference_id, self._clock())

    def unmerge(self, reference_id: int) -> Parted:
        with self.database.transaction() as connection:
            return parting.unmerge(connection, reference_id, self._clock())

    def problems(self) -> list[str]:
        """What is wrong with the file or its contents, for a person; empty when all is well. Reads everything."""
        return integrity.problems(self.database.reader())

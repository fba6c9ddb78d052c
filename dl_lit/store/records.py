"""What the store answers with, where `model` has no word for it because no stage needs one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dl_lit.model import KeptFile, Reference, Stage, Work


@dataclass(frozen=True, slots=True)
class AddedPdfs:
    """`new`, `known` and `problem` count files; `ids` are the PDFs' ids in the order of the files."""

    new: int
    known: int
    problem: int
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AddedBibliography:
    """A file of references: its id among the PDFs, how many references are new, and all their ids in its order."""

    id: int
    new: int
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The rows of a stage: free to take, being worked on, and waiting until `next_attempt_at` (the earliest).

    `resting` of `later` wait for the end of an embargo, which no run can hasten.
    """

    claimable: int
    claimed: int
    later: int
    next_attempt_at: float | None
    resting: int = 0


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """A stored answer of a service; not `found` is its definite "nothing"."""

    payload: str | None
    found: bool


@dataclass(frozen=True, slots=True)
class CachedAnswers:
    """How many answers of services are stored, `expired` ones among them; `oldest` is a unix time, None without any."""

    entries: int
    bytes: int
    expired: int
    oldest: float | None


@dataclass(frozen=True, slots=True)
class Budget:
    """What was spent at a service on a day, in its own units; `limit` None: not known."""

    spent: float
    limit: float | None


@dataclass(frozen=True, slots=True)
class Rest:
    """A budget that its service called spent: requests of `cost` and more are in vain before the unix time `until`."""

    until: float
    cost: float


@dataclass(frozen=True, slots=True)
class LiveRun:
    id: int
    owner: str
    command: str
    started_at: float
    heartbeat_at: float

    @property
    def pid(self) -> str:
        return self.owner.rsplit(":", 2)[-2]


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What is kept of one run; times are unix seconds. `summary` is empty until it has ended, and for ever where it was
    killed; `goes_on` tells the two apart. `pdfs` is how many files it was given."""

    id: int
    command: str
    owner: str
    started_at: float
    heartbeat_at: float
    finished_at: float | None
    exit_code: int | None
    pdfs: int
    goes_on: bool
    options: Mapping[str, Any]
    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StageCounts:
    """Rows of one stage table: `total` = claimable now + claimed + later."""

    total: int
    claimed: int
    later: int

    @property
    def claimable(self) -> int:
        return self.total - self.claimed - self.later


@dataclass(frozen=True, slots=True)
class LibraryCounts:
    """Rows in every state. `extraction` to `download` and `expansion` are what the stages have before them."""

    extraction: StageCounts
    enrichment: StageCounts
    queueing: StageCounts
    download: StageCounts
    pdfs_done: int
    pdfs_failed: int
    citations: int
    references: int
    needs_review: int
    failed_enrichments: int
    duplicates: int
    downloaded: int
    failed_downloads: int
    expansion: StageCounts = StageCounts(0, 0, 0)
    expanded: int = 0  # works whose relations were looked for, once a direction
    failed_expansions: int = 0
    found_works: int = 0  # works that came in with others or by a search, and that no PDF cites
    citation_edges: int = 0

    def stage(self, stage: Stage) -> StageCounts:
        by_stage = {
            Stage.EXTRACTION: self.extraction,
            Stage.ENRICHMENT: self.enrichment,
            Stage.QUEUEING: self.queueing,
            Stage.DOWNLOAD: self.download,
            Stage.EXPANSION: self.expansion,
        }
        return by_stage[stage]

    @property
    def unfinished(self) -> int:
        """Rows of all stages that are not in a final state."""
        return sum(self.stage(stage).total for stage in Stage)


@dataclass(frozen=True, slots=True)
class Failure:
    """A PDF or reference that did not get through a stage; `what` names it for a person."""

    stage: Stage
    id: int
    what: str
    reason: str
    detail: str | None
    when: float
    url: str | None = None  # that a person can open, for a work without a copy


@dataclass(frozen=True, slots=True)
class ReasonCount:
    stage: Stage
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class WaitingRows:
    """Rows of a stage that wait for another try for the same reason; `detail` is the text of one, a line a cause.

    `due` (unix time) is when the first may be tried, where a service or host named that time; no run tries before."""

    stage: Stage
    reason: str
    count: int
    detail: str | None
    due: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the state log. `to_table` equal to `from_table`: the row waits for another try."""

    at: float
    reference_id: int | None
    source_pdf_id: int | None
    from_table: str | None
    to_table: str
    reason: str | None
    detail: str | None
    by_hand: bool = False  # a person did it


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a person's no has changed: the reference is in `table` now.

    `work` was its match, `was_in` where that work stood (None: there were candidates only). It stays as reference
    `stays_as`, or is withdrawn (None). `again` are references that stage 3 compares anew. `file_name` is a file in
    pdfs/ that is no work's copy now.
    """

    reference_id: int
    table: str
    work: Work | None = None
    stays_as: int | None = None
    again: tuple[int, ...] = ()
    file_name: str | None = None
    was_in: str | None = None


@dataclass(frozen=True, slots=True)
class Parted:
    """An undone merge: the reference is a work of its own in the download queue, or (`back`) a match was taken back.

    `file_name` is a file in pdfs/ that may be the copy of the one or the other, so that it counts for none.
    """

    reference_id: int
    winner_id: int
    back: TakenBack | None = None
    file_name: str | None = None


@dataclass(frozen=True, slots=True)
class PrintedReference:
    """A reference that is not known as a work yet, and where it stands."""

    id: int
    table: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class LibraryWork:
    """A work of the library, where it stands, its file if it has one, and how many PDFs cite it."""

    id: int
    table: str
    work: Work
    file: KeptFile | None
    cited_by_pdfs: int
    url: str | None = None  # that a person can open, where there is no file
    printed: str | None = None  # the print, where no service has confirmed what was read from it

"""The data that crosses a thread, a process or a table: frozen, slotted, and free of behaviour.

Stages hand each other these and nothing else. Closed vocabularies are `StrEnum`s, so that the words in the
database, in the log and on the screen are the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from dl_lit.relations import ExpansionRow

T = TypeVar("T")

# Names (kind, value) of works that a person has refused for a reference; see `refusals`.
Refusals = frozenset[tuple[str, str]]


class Stage(StrEnum):
    """The four stages, and a side step that brings in related works; the value is the table whose rows each claims."""

    EXTRACTION = "source_pdfs"
    ENRICHMENT = "no_metadata"
    QUEUEING = "with_metadata"
    DOWNLOAD = "to_download_references"
    EXPANSION = "expansions"


# ── people, works, references ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Person:
    """A person (`family`, `given`) or, where no parts are known, a literal `name` (bodies, undivided names)."""

    family: str | None = None
    given: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """One printed reference and what was read from it; None means the print does not say.

    `position` counts from 1 within the PDF, `page` from 1 within the file; `year` is the number in `year_text`
    ("2001a", "in press"). `raw` is one line, end-of-line hyphens mended. Identifiers are normalised (`identity`).
    `from_note` is true for what a foot- or endnote cites, in a document without a reference list.
    """

    raw: str
    position: int = 0
    page: int | None = None
    label: str | None = None
    authors: tuple[Person, ...] = ()
    editors: tuple[Person, ...] = ()
    title: str | None = None
    translated_title: str | None = None
    year: int | None = None
    year_text: str | None = None
    container: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    place: str | None = None
    type: str | None = None
    doi: str | None = None
    arxiv: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    isbn: str | None = None
    issn: str | None = None
    url: str | None = None
    language: str | None = None
    from_note: bool = False


class CopyVersion(StrEnum):
    """Which version of a work a copy is (the vocabulary of Unpaywall and OpenAlex)."""

    PUBLISHED = "publishedVersion"
    ACCEPTED = "acceptedVersion"
    SUBMITTED = "submittedVersion"


@dataclass(frozen=True, slots=True)
class Location:
    """Where a service says that an open copy of a work is."""

    source: str  # the service that named it: openalex, unpaywall, arxiv, ...
    pdf_url: str | None = None
    landing_url: str | None = None
    version: CopyVersion | None = None
    licence: str | None = None
    host_type: str | None = None  # publisher | repository
    is_best: bool = False
    md5: str | None = None  # of the file, where the service says it
    open_from: str | None = None  # the day (ISO 8601) before which it is under an embargo


@dataclass(frozen=True, slots=True)
class Work:
    """A work as the services describe it. Identifiers are normalised; `type` is Crossref's vocabulary."""

    title: str | None = None
    subtitle: str | None = None
    authors: tuple[Person, ...] = ()
    editors: tuple[Person, ...] = ()
    year: int | None = None
    container: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    place: str | None = None
    type: str | None = None
    doi: str | None = None
    openalex_id: str | None = None  # "W2741809807"
    arxiv: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    isbn: str | None = None
    issn: str | None = None
    url: str | None = None
    language: str | None = None
    abstract: str | None = None
    cited_by_count: int | None = None
    is_oa: bool | None = None
    oa_status: str | None = None
    is_retracted: bool = False
    locations: tuple[Location, ...] = ()
    sources: tuple[str, ...] = ()  # services whose record this is made of, best first
    edition: str | None = None  # "4" or "4th ed."; compared with the print, but no column of the library


@dataclass(frozen=True, slots=True)
class DepositedReference:
    """One entry of the reference list that a work's publisher deposited at Crossref, as it stands there.

    `position` counts from 1; `doi` is normalised, `doi_asserted_by` says who found it (crossref | publisher).
    """

    position: int
    doi: str | None = None
    doi_asserted_by: str | None = None
    unstructured: str | None = None
    author: str | None = None
    year: str | None = None
    article_title: str | None = None
    journal_title: str | None = None
    volume_title: str | None = None
    volume: str | None = None
    issue: str | None = None
    first_page: str | None = None
    isbn: str | None = None


@dataclass(frozen=True, slots=True)
class CitingPaper:
    """A PDF with a DOI of its own, and what was read as its list: the references' ids and the printed strings."""

    doi: str
    ids: tuple[int, ...]
    printed: tuple[str, ...]


# ── answers of services ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """The service has it."""

    value: T
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Nothing:
    """The service answered, and definitely has nothing."""

    cached: bool = False


class Silence(StrEnum):
    """Why a service gives no answer now. The first three are also the reasons of rows that wait for it."""

    ILL = "service_silent"  # errors, timeouts, an open circuit: tried again soon
    BUDGET = "budget_spent"  # until a time that is known
    REFUSED = "access_refused"  # off for this run: a person must act
    DECLINED = "request_declined"  # it answers others, but calls this very question wrong


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The service did not answer; ask again after `retry_after` seconds (None: the caller chooses)."""

    reason: str
    retry_after: float | None = None
    kind: Silence = Silence.ILL


Answer = Found[T] | Nothing | NoAnswer


@dataclass(frozen=True, slots=True)
class Claims:
    """What a language model says a text cites: unchecked, its fields as the model wrote them.

    Of the `parts` in which the text was sent, `unusable` got no answer of the right form.
    """

    references: tuple[Reference, ...] = ()
    parts: int = 1
    unusable: int = 0


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of a PDF; `page` counts from 1 within the file, `dois` are those that a click on it leads to."""

    text: str
    page: int
    dois: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListText:
    """Where a PDF's references are printed, or may be: its lists as they were found, else the end of its text.

    `has_signs` tells whether the text looks as if there were a list: its heading, dense lines, many citations.
    """

    lines: tuple[PrintedLine, ...] = ()
    is_list: bool = False
    has_signs: bool = False


# ── rows as a stage claims them ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A file handed to the program; `sha256` is None when it could not be read (`problem` says why)."""

    path: str
    sha256: str | None
    size: int
    problem: PdfReason | None = None


@dataclass(frozen=True, slots=True)
class PdfRow:
    id: int
    path: str
    sha256: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class NoMetadataRow:
    id: int
    reference: Reference
    attempts: int
    refused: Refusals = frozenset()


@dataclass(frozen=True, slots=True)
class WithMetadataRow:
    id: int
    work: Work
    attempts: int


@dataclass(frozen=True, slots=True)
class ToDownloadRow:
    id: int
    work: Work
    attempts: int
    priority: float
    printed_url: str | None = None


Row = PdfRow | NoMetadataRow | WithMetadataRow | ToDownloadRow | ExpansionRow


# ── what a stage found out about a row ───────────────────────────────────────────────────────────────────


class PdfReason(StrEnum):
    """Why a file gave no references. `no_references` is an outcome to look at, the others are errors of the file."""

    UNREADABLE = "unreadable"  # permission, i/o error, vanished
    NOT_A_PDF = "not_a_pdf"
    WRONG_TYPE = "wrong_type"  # a document whose content is not what its ending says
    NO_READER = "no_reader"  # the program that reads such documents is not installed
    EMPTY_FILE = "empty_file"
    TRUNCATED = "truncated"
    ENCRYPTED = "encrypted"
    NO_PAGES = "no_pages"
    NO_TEXT = "no_text"  # blank, or a scan that was not recognised
    TOO_LARGE = "too_large"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    DAMAGED = "damaged"
    NO_REFERENCES = "no_references"  # it reads well, but no reference list was found
    EMPTY_LIST = "empty_list"  # a reference list was found, and nothing could be read from it
    SERVICE_SILENT = "service_silent"  # waits: the service that was to read it gave no answer
    BUDGET_SPENT = "budget_spent"  # waits: its budget is spent until a time that the detail names
    ACCESS_REFUSED = "access_refused"  # waits: it refuses us, and a person must act
    INTERNAL_ERROR = "internal_error"  # our own code failed on it, again and again


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that stage 1 learnt about one file. `reason` is None when references were read.

    `is_provisional` when a service that was asked for help gave no answer: another time there may be more.
    """

    pages: int = 0
    backend: str | None = None
    quality: float | None = None  # 0..1, see extraction.quality
    title: str | None = None
    authors: tuple[Person, ...] = ()
    year: int | None = None
    doi: str | None = None
    references: tuple[Reference, ...] = ()
    reason: PdfReason | None = None
    detail: str | None = None
    seconds: float = 0.0
    is_provisional: bool = False
    backend_note: str | None = None  # what each reader tried came to, so why this one: "pymupdf 0.41, pdfplumber 0.93"
    wants_ocr: bool = False  # its pages are pictures, or their text is garbage: reading the pictures may help
    cached: bool = False  # taken from an earlier run


class Decision(StrEnum):
    """The outcomes of a match. UNANSWERED is no verdict: a service that might know was silent."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    REJECTED = "rejected"
    UNANSWERED = "unanswered"


class EnrichmentReason(StrEnum):
    """Why a reference has no verified metadata."""

    NO_CANDIDATES = "no_candidates"  # every service answered, none has anything like it
    NO_MATCH = "no_match"  # there were candidates; each was a different work
    TOO_LITTLE_PRINTED = "too_little_printed"  # nothing to search with or to verify by
    AMBIGUOUS = "ambiguous"  # needs a look: several candidates fit
    WEAK_MATCH = "weak_match"  # needs a look: it fits, but with too little agreement
    CONFLICT = "conflict"  # needs a look: a printed identifier belongs to another work
    SERVICE_SILENT = "service_silent"  # waits: a service gave no answer
    BUDGET_SPENT = "budget_spent"  # waits: nothing was found, and a service's budget is spent until a known time
    ACCESS_REFUSED = "access_refused"  # waits: nothing was found, and a service refuses us until a person acts
    REJECTED_BY_PERSON = "rejected_by_person"  # a person looked: none of the candidates is the work
    PARTED_BY_PERSON = "parted_by_person"  # needs a look: a person parted it from another that has the same work
    INTERNAL_ERROR = "internal_error"  # our own code failed on it, again and again


@dataclass(frozen=True, slots=True)
class Evidence:
    """One candidate, and why it was or was not taken. `score` is 0..1 and ours, never the service's ranking."""

    service: str
    query: str  # what was asked: "doi", "arxiv", "bibliographic", "local", ...
    candidate: Work
    score: float
    decision: Decision
    agreed: tuple[str, ...] = ()  # signals that agree: "title", "first_author", "year", "volume", ...
    disagreed: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()  # signals that forbid acceptance
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Enrichment:
    """The verdict on one printed reference. `work` is set exactly when ACCEPTED."""

    decision: Decision
    work: Work | None = None
    evidence: tuple[Evidence, ...] = ()
    reason: EnrichmentReason | None = None
    detail: str | None = None
    retry_after: float | None = None  # seconds, with UNANSWERED


@dataclass(frozen=True, slots=True)
class Twin:
    """A row elsewhere that is the same work, and by which rule (`doi`, `openalex_id`, `title_authors_year`)."""

    table: str
    id: int
    rule: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Queueing:
    """Stage 3's word: a twin to merge into, or a place in the download queue (greater `priority` goes first).

    `unwanted` is why no copy is looked for, with `detail` for a person.
    """

    twin: Twin | None = None
    priority: float = 0.0
    unwanted: DownloadReason | None = None
    detail: str | None = None


class DownloadReason(StrEnum):
    """Outcome of one attempt, and of a reference whose attempts are over (docs/outcomes.md lists them)."""

    SUCCESS = "success"
    NO_OPEN_COPY = "no_open_copy"  # every index answered, none knows an open copy: metadata only
    NOT_ALL_ASKED = "not_all_asked"  # the same, but an index that could know is off: freed when it is on
    NO_PDF_LINK = "no_pdf_link"
    REDIRECT_LOOP = "redirect_loop"
    BAD_STATUS = "bad_status"
    BLOCKED = "blocked"  # a bot wall or challenge: a person can open it
    BLOCKED_COOKIE = "blocked_cookie"
    PAYWALL = "paywall"
    FORBIDDEN_BY_ROBOTS = "forbidden_by_robots"
    ADDRESS_REFUSED = "address_refused"  # points into a private network
    WRONG_TYPE = "wrong_type"  # HTML or something else where a PDF was promised
    EMPTY_BODY = "empty_body"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    PREVIEW = "preview"  # one page where the work has more
    WRONG_WORK = "wrong_work"  # a whole PDF, but of something else
    UNVERIFIED = "unverified"  # a whole PDF without any text that could show whether it is the work
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    GONE = "gone"
    SKIPPED_HOST = "skipped_host"  # known to answer only with a token
    HOST_ENDED = "host_ended"  # waits: too many failures in a row at this host in this run, before the row's turn
    FILTERED_OUT = "filtered_out"  # the user's filters: no copy is looked for, the metadata stays
    RETRY_LATER = "retry_later"  # 429/503 with a time, or a silent index
    BUDGET_SPENT = "budget_spent"  # waits: no copy yet, and an index has no budget until a known time
    ACCESS_REFUSED = "access_refused"  # waits: no copy yet, and an index refuses us until a person acts
    EMBARGOED = "embargoed"  # waits: the only copies that could be had are not open before a known day
    INTERNAL_ERROR = "internal_error"  # our own code failed on it, again and again


class AttemptCategory(StrEnum):
    """What kind of end an attempt came to: what a person could do about it."""

    SUCCESS = "success"
    WALLED = "walled"  # open, but not for programs: a person can open it
    CLOSED = "closed"  # no open copy there
    GONE = "gone"
    UNUSABLE = "unusable"  # something came that cannot be kept
    WRONG = "wrong"  # a good file of something else, or not to be told
    REFUSED = "refused"  # our own rules forbid it
    PASSING = "passing"  # another time it may work
    MISTAKE = "mistake"  # ours


_R = DownloadReason
# With these a work stays in the download queue.
WAITING_FOR_A_COPY = frozenset({_R.RETRY_LATER, _R.BUDGET_SPENT, _R.ACCESS_REFUSED, _R.HOST_ENDED, _R.EMBARGOED})
ATTEMPT_CATEGORIES: Mapping[DownloadReason, AttemptCategory] = MappingProxyType(
    {
        _R.SUCCESS: AttemptCategory.SUCCESS,
        **dict.fromkeys((_R.BLOCKED, _R.BLOCKED_COOKIE), AttemptCategory.WALLED),
        **dict.fromkeys((_R.NO_OPEN_COPY, _R.NOT_ALL_ASKED), AttemptCategory.CLOSED),
        **dict.fromkeys((_R.PAYWALL, _R.NO_PDF_LINK), AttemptCategory.CLOSED),
        **dict.fromkeys((_R.GONE, _R.REDIRECT_LOOP), AttemptCategory.GONE),
        **dict.fromkeys((_R.WRONG_TYPE, _R.EMPTY_BODY, _R.TRUNCATED, _R.TOO_LARGE), AttemptCategory.UNUSABLE),
        **dict.fromkeys((_R.DAMAGED, _R.ENCRYPTED, _R.PREVIEW), AttemptCategory.UNUSABLE),
        **dict.fromkeys((_R.WRONG_WORK, _R.UNVERIFIED), AttemptCategory.WRONG),
        **dict.fromkeys(
            (_R.FORBIDDEN_BY_ROBOTS, _R.ADDRESS_REFUSED, _R.SKIPPED_HOST, _R.FILTERED_OUT), AttemptCategory.REFUSED
        ),
        **dict.fromkeys((_R.TIMEOUT, _R.CONNECTION, _R.BAD_STATUS), AttemptCategory.PASSING),
        **dict.fromkeys((_R.HOST_ENDED, _R.RETRY_LATER), AttemptCategory.PASSING),
        **dict.fromkeys((_R.BUDGET_SPENT, _R.ACCESS_REFUSED, _R.EMBARGOED), AttemptCategory.PASSING),
        _R.INTERNAL_ERROR: AttemptCategory.MISTAKE,
    }
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at one URL."""

    source: str  # the service that named the location
    url: str
    final_url: str | None
    host: str
    outcome: DownloadReason
    status: int | None = None
    bytes: int = 0
    milliseconds: int = 0
    detail: str | None = None
    quarantined_as: str | None = None  # file name below quarantine/
    reserved: str | None = None  # what the host reserves of text and data mining, and where it says so


BY_PERSON = "person"  # the identity of a file of which a person has said what it is


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A verified PDF in the library. `file_name` is relative to its `pdfs/` folder."""

    file_name: str
    sha256: str
    bytes: int
    pages: int
    source: str
    url: str
    final_url: str
    version: CopyVersion | None = None
    licence: str | None = None
    identity: str | None = None  # what showed that it is this work: "doi", "title", ...
    reserved: str | None = None  # what its host reserves of text and data mining, and where it says so


@dataclass(frozen=True, slots=True)
class Download:
    """Stage 4's word: a kept file, or the reason for none (one of WAITING_FOR_A_COPY: again after
    `retry_after` seconds), with the indexes that could know one and are off."""

    file: KeptFile | None = None
    reason: DownloadReason | None = None
    attempts: tuple[Attempt, ...] = ()
    retry_after: float | None = None
    detail: str | None = None
    unasked: tuple[str, ...] = ()


# ── health, for panels and reports ───────────────────────────────────────────────────────────────────────


class Health(StrEnum):
    IDLE = "idle"
    OK = "ok"
    SLOWED = "slowed"
    OPEN = "circuit open"
    EXHAUSTED = "budget spent"
    BLOCKED = "access refused"


@dataclass(frozen=True, slots=True)
class PoolHealth:
    """How a service or file host is doing. `rate` is requests per second allowed now, `remaining` credits or calls."""

    name: str
    health: Health
    rate: float
    in_flight: int
    requests: int
    errors: int
    remaining: float | None = None
    until: float | None = None  # unix time at which an open circuit or a spent budget is tried again
    detail: str = ""  # why a service refuses us, with the cure; else what it did last in place of an answer
    cure: str = ""  # of what it did
    advice: str = ""  # what the user can give for higher limits


class ProbeState(StrEnum):
    """What came of asking a service whether it answers us."""

    ANSWERS = "answers"
    SILENT = "no answer"
    SPENT = "budget spent"
    REFUSED = "access refused"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Probe:
    """`seconds` is the time until the answer, waits for our turn included; `remaining` are credits or calls of the day,
    None where nobody counts; `detail` says why there was no answer, or why the service is off."""

    service: str
    state: ProbeState
    seconds: float | None = None
    remaining: float | None = None
    detail: str = ""

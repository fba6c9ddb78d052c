"""Words and figures shared by the live panel and its plain twin."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

from dl_lit import moments
from dl_lit.model import DownloadReason, EnrichmentReason, Health, PdfReason, PoolHealth, Stage
from dl_lit.net.ledger import next_midnight
from dl_lit.relations import ExpansionReason

STAGE_NAMES = {
    Stage.EXTRACTION: "read PDFs",
    Stage.ENRICHMENT: "find works",
    Stage.QUEUEING: "merge and rank",
    Stage.DOWNLOAD: "get copies",
    Stage.EXPANSION: "find related",
}

# The same for options and other programs: what `--stage` takes is what rows say.
STAGE_WORDS = {stage: stage.name.lower() for stage in Stage}

LONGEST_COUNTDOWN = 120.0  # seconds; of a longer wait the end is told
LONG_GAP = 5.0  # seconds between two requests from which on one wonders

MISTAKE_OF_OURS = "a mistake in dl-lit: please report it with the log file"

# What each outcome means and what a person can do about it; every word of a closed vocabulary has its line here.
# NOTE: one dictionary a vocabulary, as they share words ("encrypted") that ask for different things.
PDF_REASONS: dict[str, str] = {
    PdfReason.UNREADABLE: "the file could not be read: check that it is there and may be read",
    PdfReason.NOT_A_PDF: "the file is no PDF (BibTeX files come in with dl-lit import)",
    PdfReason.WRONG_TYPE: "its content is not what its ending says",
    PdfReason.NO_READER: "documents that are no PDFs need pandoc: install it, or pip install 'dl-lit[pandoc]'",
    PdfReason.EMPTY_FILE: "the file has no bytes: copy it again",
    PdfReason.TRUNCATED: "the file ends too early: copy it again",
    PdfReason.ENCRYPTED: "the file needs a password: save an open copy",
    PdfReason.NO_PAGES: "the PDF has no pages: get another copy of it",
    PdfReason.NO_TEXT: "there is no text on its pages; scans are read where tesseract is installed",
    PdfReason.TOO_LARGE: "the file is larger than extraction.max_file_mb: raise it",
    PdfReason.TIMED_OUT: "reading took longer than extraction.time_limit_seconds: raise it",
    PdfReason.OUT_OF_MEMORY: "reading needed more than extraction.memory_limit_mb: raise it",
    PdfReason.CRASHED: "the PDF library crashed on this file: print it to a new PDF",
    PdfReason.DAMAGED: "the file is damaged beyond reading: get another copy of it",
    PdfReason.NO_REFERENCES: "no reference list was found in its text: dl-lit extract-references --explain",
    PdfReason.EMPTY_LIST: "nothing could be read from its list: dl-lit extract-references --explain",
    PdfReason.SERVICE_SILENT: "the service that was to read it gave no answer: run the same command again when it can",
    PdfReason.BUDGET_SPENT: "the service that was to read it has no budget for a while: run the same command then",
    PdfReason.ACCESS_REFUSED: "the service that was to read it refuses us: cure that, then run the same command again",
    PdfReason.INTERNAL_ERROR: MISTAKE_OF_OURS,
}
ENRICHMENT_REASONS: dict[str, str] = {
    EnrichmentReason.NO_CANDIDATES: "no service knows anything like it; dl-lit export --state unmatched has the print",
    EnrichmentReason.NO_MATCH: "the services know only other works; if one is right after all: dl-lit review ID",
    EnrichmentReason.TOO_LITTLE_PRINTED: "too little is printed to search with: dl-lit why ID has its place in the PDF",
    EnrichmentReason.AMBIGUOUS: "several works fit: a person must choose",
    EnrichmentReason.WEAK_MATCH: "one work fits, but not surely: a person must look",
    EnrichmentReason.CONFLICT: "the printed identifier belongs to another work: a person must look",
    EnrichmentReason.SERVICE_SILENT: "a service gave no answer: run the same command again later",
    EnrichmentReason.BUDGET_SPENT: "nothing found yet, and a service has no budget now: run the same command then",
    EnrichmentReason.ACCESS_REFUSED: "nothing found yet, and a service refuses us: cure that, then run the same again",
    EnrichmentReason.REJECTED_BY_PERSON: "a person looked: none of the candidates is the work",
    EnrichmentReason.PARTED_BY_PERSON: "you parted it from another reference to the same work: a person must look",
    EnrichmentReason.INTERNAL_ERROR: MISTAKE_OF_OURS,
}
DOWNLOAD_REASONS: dict[str, str] = {
    DownloadReason.NO_OPEN_COPY: "no index knows an open copy: ask your library; dl-lit import-pdfs takes what you get",
    DownloadReason.NOT_ALL_ASKED: "no index that was asked knows an open copy; dl-lit why ID names those that are off",
    DownloadReason.NO_PDF_LINK: "the page of the work links to no PDF: open it in a browser",
    DownloadReason.REDIRECT_LOOP: "the address leads in circles: open it in a browser",
    DownloadReason.BAD_STATUS: "the host answered with an error: dl-lit retry lets it be tried again",
    DownloadReason.BLOCKED: "open, but the host keeps programs out: open it in a browser",
    DownloadReason.BLOCKED_COOKIE: "open, but the host insists on cookies: open it in a browser",
    DownloadReason.PAYWALL: "the address leads to a login: open it in a browser that is logged in",
    DownloadReason.FORBIDDEN_BY_ROBOTS: "the host's robots.txt asks programs to stay away: open it in a browser",
    DownloadReason.ADDRESS_REFUSED: "the address leads into a private network",
    DownloadReason.WRONG_TYPE: "what came is no PDF: open it in a browser",
    DownloadReason.EMPTY_BODY: "nothing came: dl-lit retry lets it be tried again",
    DownloadReason.TRUNCATED: "the PDF broke off: dl-lit retry lets it be tried again",
    DownloadReason.TOO_LARGE: "the file is larger than network.max_file_mb: raise it, then dl-lit retry",
    DownloadReason.DAMAGED: "the PDF does not open: dl-lit retry lets it be tried again",
    DownloadReason.ENCRYPTED: "the PDF is locked: open it in a browser",
    DownloadReason.PREVIEW: "only a part of it came, which lies in quarantine/: dl-lit review --files",
    DownloadReason.WRONG_WORK: "what came is another work's: a page, or a PDF in quarantine/ (dl-lit review --files)",
    DownloadReason.UNVERIFIED: "the PDF is a scan that could not be checked, in quarantine/: dl-lit review --files",
    DownloadReason.TIMEOUT: "the host took too long: dl-lit retry lets it be tried again",
    DownloadReason.CONNECTION: "no connection to the host: dl-lit retry lets it be tried again",
    DownloadReason.GONE: "the copy is no longer there",
    DownloadReason.SKIPPED_HOST: "not asked: the host wants a key or keeps programs out, or is no lawful source",
    DownloadReason.HOST_ENDED: "its host failed too often before it was asked for this: run the same command again",
    DownloadReason.FILTERED_OUT: "your filters leave it out; dl-lit retry --reason filtered_out lets it in again",
    DownloadReason.RETRY_LATER: "not now: run the same command again later",
    DownloadReason.BUDGET_SPENT: "no copy yet, and an index has no budget for a while: run the same command then",
    DownloadReason.ACCESS_REFUSED: "no copy yet, and an index refuses us: cure that, then run the same command again",
    DownloadReason.EMBARGOED: "a copy becomes open on a known day: run the same command then",
    DownloadReason.INTERNAL_ERROR: MISTAKE_OF_OURS,
}
EXPANSION_REASONS: dict[str, str] = {
    ExpansionReason.NOT_INDEXED: "no index knows the work, so that nothing related to it comes in",
    ExpansionReason.NONE_KNOWN: "no index knows works related to it that fit your filters",
    ExpansionReason.SERVICE_SILENT: "a service gave no answer: run the same command again later",
    ExpansionReason.BUDGET_SPENT: "a service has no budget for a while: run the same command again then",
    ExpansionReason.ACCESS_REFUSED: "a service refuses us: cure that, then run the same command again",
    ExpansionReason.RUN_IS_FULL: "as many related works as --most-expanded allows came in: the next run goes on",
    ExpansionReason.INTERNAL_ERROR: MISTAKE_OF_OURS,
}
EXPLANATIONS: Mapping[Stage, Mapping[str, str]] = {
    Stage.EXTRACTION: PDF_REASONS,
    Stage.ENRICHMENT: ENRICHMENT_REASONS,
    Stage.QUEUEING: {},  # a verified work never fails there
    Stage.DOWNLOAD: DOWNLOAD_REASONS,
    Stage.EXPANSION: EXPANSION_REASONS,
}

# What moves a terminal's cursor, colours it or turns its text around, and halves of characters it cannot show.
_COMMANDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def duration(seconds: float | None) -> str:
    """ "2 h 05 min", "3 min 20 s", "12 s"; "?" for None."""
    if seconds is None:
        return "?"
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """ "1 work", "2 works", "2 copies"."""
    return f"{number} {many(noun, number, plural)}"


def many(noun: str, number: int, plural: str | None = None) -> str:
    """The noun as it goes with a number."""
    return noun if number == 1 else plural or f"{noun}s"


def condition(pool: PoolHealth) -> str:
    """How a service is now, and until when where that is known: "budget spent until 2026-12-01 00:00 UTC"."""
    if pool.health is Health.EXHAUSTED and pool.until is not None:
        return f"{health_name(pool)} until {moments.utc(pool.until)}"
    now = time.time()
    if pool.until is not None and pool.until - now > LONGEST_COUNTDOWN:
        return f"{health_name(pool)} until {moments.here(pool.until, now=now)}"
    return health_name(pool) + countdown(pool, now)


def health_name(pool: PoolHealth) -> str:
    """In a person's words; programs get `Health`."""
    return "failing" if pool.health is Health.OPEN else pool.health.value


def countdown(pool: PoolHealth, now: float) -> str:
    """ ", again in 12 s"; nothing for the short gaps between two requests that go their way."""
    left = (pool.until or now) - now
    shortest = LONG_GAP if pool.health in (Health.OK, Health.IDLE) else 0.5
    return f", again in {left:.0f} s" if left >= shortest else ""


def budgets_end(now: float | None = None) -> str:
    """What "left today" means."""
    return f"What is left today of a budget is given anew at {moments.utc(next_midnight(now))}."


def explain(stage: Stage, reason: str | None) -> str:
    """The words for an outcome of `stage`, "" for one that has none."""
    return EXPLANATIONS[stage].get(reason or "", "")


_UNEXPLAINED = "unexplained: "


def signal(name: str) -> str:
    """What agrees or differs, in words: "first author"; "the print also says: Reihe"."""
    if name.startswith(_UNEXPLAINED):
        return f"the print also says: {name.removeprefix(_UNEXPLAINED)}"
    return name.replace("_", " ")


def asked(service: str, query: str) -> str:
    """Whose answer a candidate is, and what it was asked with: "crossref, title"."""
    return ", ".join(filter(None, ("kept answers" if service == "fetched" else service, query)))


def printable(text: str, *, lines: bool = False) -> str:
    """Words from outside (file names, titles, errors) with a terminal's commands spelt out; `lines` may stay lines."""
    if lines:
        return "\n".join(map(printable, text.split("\n")))
    return _COMMANDS.sub(lambda found: ascii(found[0])[1:-1], text)

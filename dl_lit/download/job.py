"""The state of one row's download between two steps, and what is said about it in the end."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from requests.cookies import RequestsCookieJar

from dl_lit.download.fetch import Failed
from dl_lit.download.indexes import Subject
from dl_lit.download.locations import PRINTED, Candidate
from dl_lit.download.reservations import joined
from dl_lit.errors import DatabaseBusy
from dl_lit.model import Attempt, Download, DownloadReason, KeptFile, Location, NoAnswer, Silence, ToDownloadRow
from dl_lit.net.guard import host_of
from dl_lit.net.redact import redact

log = logging.getLogger(__name__)

# Of several failures the one that tells a person most is given as the reason: first what a person can still get.
_TELLING = (
    *(DownloadReason.BLOCKED, DownloadReason.BLOCKED_COOKIE, DownloadReason.FORBIDDEN_BY_ROBOTS),
    *(DownloadReason.UNVERIFIED, DownloadReason.WRONG_WORK, DownloadReason.PREVIEW, DownloadReason.ENCRYPTED),
    *(DownloadReason.TRUNCATED, DownloadReason.DAMAGED, DownloadReason.TOO_LARGE, DownloadReason.PAYWALL),
    *(DownloadReason.WRONG_TYPE, DownloadReason.NO_PDF_LINK, DownloadReason.EMPTY_BODY, DownloadReason.TIMEOUT),
    *(DownloadReason.BAD_STATUS, DownloadReason.CONNECTION, DownloadReason.REDIRECT_LOOP),
    *(DownloadReason.ADDRESS_REFUSED, DownloadReason.GONE, DownloadReason.HOST_ENDED, DownloadReason.SKIPPED_HOST),
)


# What another try a moment later may change; all else that was tried for a row need not be tried again.
_PASSING = frozenset(
    {
        DownloadReason.RETRY_LATER,
        DownloadReason.TIMEOUT,
        DownloadReason.CONNECTION,
        DownloadReason.BAD_STATUS,
        DownloadReason.HOST_ENDED,
        DownloadReason.SUCCESS,  # its file was lost before it was recorded
    }
)


_DEAD = frozenset({DownloadReason.GONE, DownloadReason.CONNECTION})
# By rule, printed, or out of an archive.
_NO_WORD_OF_AN_INDEX = frozenset({PRINTED, "arxiv", "pmc", "osf", "wayback"})


class Memory(Protocol):
    """Where attempts are written down as they are made, so that a killed run's next one knows them."""

    def record_attempt(self, reference_id: int, attempt: Attempt) -> None: ...

    def attempts_since_queued(self, reference_id: int) -> list[Attempt]: ...

    def owned_files(self, reference_id: int) -> list[KeptFile]: ...


@dataclass(frozen=True, slots=True)
class Park:
    """Nothing can be done for this row now; `step` it again in so many seconds."""

    seconds: float


@dataclass(slots=True)
class Visit:
    """One candidate under way: over several hosts, if it is redirected, and perhaps twice."""

    candidate: Candidate
    url: str
    depth: int = 0  # pages read on the way to this URL
    hops: int = 0
    tries: int = 0
    due: float = 0.0  # on the clock of `time.monotonic()`
    seconds: float = 0.0
    resumed: int = 0  # tries that broke off and brought it on
    failed: Failed | None = None  # what the last try came to, when there is to be another one
    anew: bool = False  # a file put together of several tries was bad; it was asked for once more as a whole
    cookies: RequestsCookieJar = field(default_factory=RequestsCookieJar)
    reserved: tuple[str, ...] = ()
    slot: float | None = None  # booked at the host of `url` (`time.monotonic()`)
    steps: set[tuple[str, str]] = field(default_factory=set)  # redirects followed, with the cookies at that time

    def move(self, url: str) -> None:
        self.url, self.hops = url, self.hops + 1

    def is_circle(self, url: str) -> bool:
        """Whether it has been there. The same place once more is no circle if it comes with other cookies."""
        step = (url, str(self.cookies))
        is_circle = step in self.steps
        self.steps.add(step)
        return is_circle


@dataclass(slots=True)
class Job:
    """A row, the visits still to make (in order of trust), and the attempts made."""

    row: ToDownloadRow
    subject: Subject = field(init=False)
    round: int = 0  # of the indexes, the next one to ask
    places: set[str] = field(default_factory=set)  # that were named so far
    visits: list[Visit] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    pages: list[Attempt] = field(default_factory=list)  # that led to files; told of when none of these was kept
    reasons: list[DownloadReason] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    past: dict[str, DownloadReason] = field(default_factory=dict)  # URLs, redacted, that failed for good before
    written: int = 0  # attempts that the memory has already
    waits: dict[DownloadReason, float] = field(default_factory=dict)  # seconds, the least that were asked for
    told: dict[DownloadReason, list[str]] = field(default_factory=dict)  # for what it waits, by reason
    put_off: Counter[str] = field(
        default_factory=Counter
    )  # URLs, redacted: runs that ended their host before their turn
    embargoed: list[Location] = field(default_factory=list)
    result: Download | None = None

    def __post_init__(self) -> None:
        self.subject = Subject.of(self.row.work, self.row.printed_url)

    def wait_for(self, answer: NoAnswer) -> None:
        """An index was silent: without a copy from elsewhere the row is not over."""
        named = answer.kind in (Silence.BUDGET, Silence.REFUSED)
        reason = DownloadReason(answer.kind.value) if named else DownloadReason.RETRY_LATER
        self.later(answer.retry_after, reason)
        self.reasons.append(reason)
        self.tell(reason, answer.reason)

    def wait_for_embargo(self) -> None:
        """When everything else was in vain, the day on which a copy becomes open is waited for."""
        if not self.embargoed:
            return
        first = min(self.embargoed, key=lambda one: one.open_from or "")
        day, reason = first.open_from or "", DownloadReason.EMBARGOED
        self.later(max(0.0, datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() - time.time()), reason)
        self.reasons.append(reason)
        url = redact(first.pdf_url or first.landing_url or "")
        self.tell(reason, f"a copy is under an embargo until {day} ({first.source}: {url})")

    def tell(self, reason: DownloadReason, what: str) -> None:
        """A line about what the row waits for; a service or "the host …" comes first in it (see `ui.outages`)."""
        lines = self.told.setdefault(reason, [])
        if what not in lines:
            lines.append(what)

    def skip(self, candidate: Candidate, why: str) -> None:
        """A place that is not asked at all."""
        self.attempts.append(attempt(Visit(candidate, candidate.url), DownloadReason.SKIPPED_HOST, detail=why))
        self.reasons.append(DownloadReason.SKIPPED_HOST)

    def remember(self, attempts: Iterable[Attempt]) -> None:
        """Takes over what earlier runs found out: their failures count, and are not repeated."""
        attempts = list(attempts)
        final = [one for one in attempts if one.outcome not in _PASSING]
        self.put_off = Counter(one.url for one in attempts if one.outcome is DownloadReason.HOST_ENDED)
        self.reasons += [one.outcome for one in final]
        self.past = {one.url: one.outcome for one in final}

    def is_over(self, url: str) -> bool:
        return redact(url) in self.past

    def is_news(self, candidate: Candidate) -> bool:
        """Whether only an index that was asked for this download knows the place: the work's record has it not."""
        known = {one.landing_url for one in self.row.work.locations} | {self.row.work.url, self.row.printed_url}
        by_rule = candidate.source in _NO_WORD_OF_AN_INDEX or "//doi.org/" in candidate.url
        return not by_rule and candidate.url not in known

    def bury_if_dead(self, candidate: Candidate, outcome: DownloadReason | None = None) -> None:
        """Notes a file that an index called open and that is gone: an archive may have it. `outcome` is of this run."""
        if (outcome or self.past.get(redact(candidate.url))) not in _DEAD:
            return
        if not candidate.is_page and candidate.source not in _NO_WORD_OF_AN_INDEX:
            place = Location(candidate.source, candidate.url, None, candidate.version, candidate.licence)
            self.subject.gone.append(place)

    def write_down(self, memory: Memory) -> None:
        """Records the attempts that are not recorded yet; those that a busy database refuses stay for the next time,
        or go with the outcome."""
        try:
            for one in self.unwritten:
                memory.record_attempt(self.row.id, one)
                self.written += 1
        except DatabaseBusy as error:
            log.warning("Attempts for #%s could not be written down yet: %s", self.row.id, error)

    @property
    def unwritten(self) -> tuple[Attempt, ...]:
        return tuple(self.attempts[self.written :])

    def later(self, seconds: float | None, reason: DownloadReason = DownloadReason.RETRY_LATER) -> None:
        if seconds is not None:
            self.waits[reason] = min(seconds, self.waits.get(reason, seconds))

    def next_visit(self) -> Visit | float | None:
        """The visit to make now, the seconds until its time has come, or None when all are over.

        The order of trust is kept even when a host asks for patience: another location would give another version.
        """
        if not self.visits:
            return None
        seconds = self.visits[0].due - time.monotonic()
        return seconds if seconds > 0 else self.visits[0]

    def end(
        self,
        visit: Visit,
        outcome: DownloadReason,
        *,
        means: DownloadReason | None = None,
        counts: bool = True,
        **facts: Any,
    ) -> None:
        """The visit is over. `means` is the reason for the row where it differs from the attempt's outcome; an attempt
        that does not count says nothing that another does not say better."""
        self.attempts.append(attempt(visit, outcome, **facts))
        self.drop(visit, means or outcome, counts=counts)

    def drop(self, visit: Visit, outcome: DownloadReason, *, counts: bool = True) -> None:
        """As `end`, but nothing was attempted."""
        self.visits.remove(visit)
        if visit.depth == 0:
            self.bury_if_dead(visit.candidate, outcome)
        if counts:
            self.reasons.append(outcome)


def attempt(visit: Visit, outcome: DownloadReason, **facts: Any) -> Attempt:
    values: dict[str, Any] = {
        "source": visit.candidate.source,
        "url": redact(visit.candidate.url),
        "final_url": redact(visit.url),
        "host": host_of(visit.url),
        "outcome": outcome,
        "milliseconds": round(visit.seconds * 1000),
        "reserved": joined(visit.reserved),
        **facts,
    }
    return Attempt(**values)


def most_telling(reasons: Iterable[DownloadReason]) -> DownloadReason:
    """The reason for a row whose attempts are over without a file."""
    given = set(reasons)
    return next((reason for reason in _TELLING if reason in given), DownloadReason.NO_OPEN_COPY)

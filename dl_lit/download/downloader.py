"""Gets a verified copy of a work, one location a step, without ever sleeping for a host."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dl_lit.config import Settings
from dl_lit.download.fetch import Failed, Fetched, GotFile, GotPage, Moved, fetch
from dl_lit.download.job import Job, Memory, Park, Visit, attempt, most_telling
from dl_lit.download.locations import normalise, refusal
from dl_lit.download.page_identity import is_about_another, links_for
from dl_lit.download.reachability import Reachability
from dl_lit.download.reservations import Reservations, joined
from dl_lit.download.seeking import Seeker
from dl_lit.download.shelf import Folders, Shelf
from dl_lit.download.unasked import OPTIONAL
from dl_lit.download.verifier import Verifier
from dl_lit.download.verify import Expectation, Verdict
from dl_lit.download.walls import wall_of_url
from dl_lit.errors import AddressRefused
from dl_lit.model import BY_PERSON, Attempt, Download, DownloadReason, KeptFile, ToDownloadRow
from dl_lit.net.guard import host_key, host_of
from dl_lit.net.hosts import Ended, Lease, Wait
from dl_lit.net.network import Network
from dl_lit.net.redact import redact
from dl_lit.net.robots import Rules
from dl_lit.services.registry import ServiceSet

MOST_HOPS = 10
MOST_PAGES = 2  # on the way from a location to its file: a viewer may stand before the landing page
LONGEST_PARK = 75.0  # a host that asks for more sends the row back to its table; the longest Crawl-delay does not
_SHORT_PARK = 1.0  # while another row asks for the host's robots.txt
TRIES = 2
MOST_RESUMED = 20  # tries more, of a file that comes on with each
# Why a row waits: the reason that may pass first is the one that it is tried again for.
_SOONEST_FIRST = (
    *(DownloadReason.RETRY_LATER, DownloadReason.BUDGET_SPENT, DownloadReason.ACCESS_REFUSED),
    DownloadReason.HOST_ENDED,
    DownloadReason.EMBARGOED,
)
MOST_PUT_OFF = 5  # runs in which a place waits for a host that ends each time before its turn
MOST_PUT_OFF_BY_A_WALL = 1  # the same for a host that keeps programs out: it means them all, and a person can open it
_UNREACHABLE = frozenset({DownloadReason.CONNECTION, DownloadReason.TIMEOUT})
_WALLS = frozenset({DownloadReason.BLOCKED, DownloadReason.BLOCKED_COOKIE, DownloadReason.PAYWALL})
_SUSPECT = frozenset(
    {
        DownloadReason.WRONG_WORK,
        DownloadReason.UNVERIFIED,
        DownloadReason.PREVIEW,
        DownloadReason.ENCRYPTED,
        DownloadReason.DAMAGED,
    }
)


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds: before a second try at a URL, and before a row whose network was away is tried again."""

    again: float = 5.0
    offline: float = 30.0


class Downloader:
    """`start` a row, then `step` its job until a `Download` comes back; a `Park` says when to come again.

    Safe for threads, with one thread at a time for one job. Raises Stopping at shutdown and DiskFull.
    """

    def __init__(
        self,
        settings: Settings,
        network: Network,
        services: ServiceSet,
        folders: Folders,
        verifier: Verifier,
        *,
        memory: Memory | None = None,
        pauses: Pauses | None = None,
    ) -> None:
        """With a `memory`, attempts are written there as they are made, and a `Download` brings only the last ones."""
        self._memory = memory
        self._settings = settings
        self._hosts = network.hosts
        self._seeker = Seeker(services, settings, lambda url: host_key(url) in self._ill)
        self._shelf = Shelf(folders)
        self._verify = verifier
        self._pauses = pauses or Pauses()
        self._reachability = Reachability(settings)
        self._reservations = Reservations(network.hosts)
        self._robots_known: set[str] = set()  # origins whose robots.txt was asked for
        self._ill: set[str] = set()  # hosts that ended, or stood behind a wall
        self._last_failure: dict[str, DownloadReason] = {}  # of each host that failed: what HOST_ENDED means there
        self._put_off: set[tuple[int, str]] = set()  # rows and places that an ended host has kept from their turn

    def start(self, row: ToDownloadRow) -> Job:
        """Takes what needs no index. A file that an interrupted run had kept already ends the job at once."""
        job = Job(row)
        kept = self._shelf.kept_before(row.id, row.work)
        if kept is not None:
            job.result = Download(file=kept, attempts=(_of_kept(kept),))
            return job
        if self._memory is not None:
            job.remember(self._memory.attempts_since_queued(row.id))
            self._take_owned(job, self._memory.owned_files(row.id))
            if job.result is not None:
                return job
        self._seeker.begin(job)
        return job

    def step(self, job: Job) -> Download | Park:
        """One request, or the news that there is none to make now."""
        if job.result is None:
            visit = job.next_visit()
            if isinstance(visit, float):
                return Park(visit)
            if visit is not None and (parked := self._visit(job, visit)) is not None:
                return parked
            parked = self._seek(job) if job.result is None and not job.visits else None
            self._write_down(job)
            if parked is not None:
                return parked
        if job.result is not None and (seconds := self._ask_what_is_reserved(job.result)) is not None:
            return Park(seconds)
        return _with_reservation(job.result, self._reservations) if job.result is not None else Park(0.0)

    def _ask_what_is_reserved(self, result: Download) -> float | None:
        file = result.file
        fetched = file is not None and file.final_url.startswith("http")
        return self._reservations.seek(file.final_url) if file is not None and fetched else None

    def _seek(self, job: Job) -> Park | None:
        """More places to visit, or the end."""
        seconds = self._seeker.go_on(job)
        if seconds is not None:
            return Park(seconds)
        if not job.visits:
            job.wait_for_embargo()
            job.result = self._concluded(job)
        return None

    def _take_owned(self, job: Job, files: Sequence[KeptFile]) -> None:
        """A PDF of the user's own that is the work ends the job; what it was taken for was known by its print only."""
        for file in files:
            if job.is_over(file.url) or not self._shelf.holds(file):
                continue
            verdict = Verdict(pages=file.pages, identity=file.identity)
            if file.identity != BY_PERSON:
                verdict = self._verify(self._shelf.path_of(file), Expectation.of(job.row.work))
            outcome = verdict.reason or DownloadReason.SUCCESS
            job.attempts.append(replace(_of_kept(file), outcome=outcome, detail=verdict.detail or file.file_name))
            if verdict.reason is None:
                kept = replace(file, pages=verdict.pages, identity=verdict.identity)
                job.result = Download(file=kept, attempts=tuple(job.attempts))
                return

    def _write_down(self, job: Job) -> None:
        if self._memory is None:
            return
        if job.result is not None:
            job.result = replace(job.result, attempts=job.unwritten)
        else:
            job.write_down(self._memory)

    def settled(self, row_id: int) -> None:
        """To be called when the database has the row's outcome."""
        self._shelf.settled(row_id)

    def dropped(self, row_id: int, file: KeptFile, *, is_held: bool) -> None:
        """To be called when the row had its outcome from another process; `is_held`: the file is somebody's copy."""
        if not is_held:
            self._shelf.discard(file)
        self._shelf.settled(row_id)

    # ── one request ──────────────────────────────────────────────────────────────────────────────────────

    def _visit(self, job: Job, visit: Visit) -> Park | None:
        if (why := refusal(visit.url)) is not None:  # of a page that leads there; what indexes name is sifted before
            job.end(visit, DownloadReason.SKIPPED_HOST, detail=why)
            return None
        if visit.candidate.is_page and visit.depth == 0 and self._hosts.is_asking_robots(visit.url):
            return Park(_SHORT_PARK)
        try:
            entered = self._hosts.try_enter(visit.url, visit.slot)
        except AddressRefused as error:
            job.end(visit, DownloadReason.ADDRESS_REFUSED, detail=error.message)
            return None
        if isinstance(entered, Wait):
            return self._wait(job, visit, entered.seconds)
        if isinstance(entered, Ended):
            self._at_ended_host(job, visit, entered)
            return None
        visit.slot = None
        with self._shelf.temporary(job.row.id, visit.url) as part:
            fetched = self._ask(entered, visit, part)
            if fetched is not None:
                self._take(job, visit, fetched, part)
        return None

    def _wait(self, job: Job, visit: Visit, seconds: float) -> Park | None:
        if seconds <= LONGEST_PARK:
            return Park(seconds)
        _pause(job, visit, seconds)
        job.end(visit, DownloadReason.RETRY_LATER, detail=f"the host asks for a pause of {seconds:.0f} s")
        return None

    def _at_ended_host(self, job: Job, visit: Visit, ended: Ended) -> None:
        if ended.retry_after is not None:
            _pause(job, visit, ended.retry_after)
            job.end(visit, DownloadReason.RETRY_LATER, detail=ended.reason)
            return
        self._ill.add(host_key(visit.url))
        if visit.failed is not None:  # it was asked, and is not asked a second time
            self._end_failed(job, visit, visit.failed, self._pauses.again)
        else:
            self._put_it_off(job, visit, ended)

    def _put_it_off(self, job: Job, visit: Visit, ended: Ended) -> None:
        """The failures of other files say little about this one: it waits for the next run, but not for ever."""
        host, place = host_key(visit.url), redact(visit.candidate.url)
        means, before = self._last_failure.get(host), job.put_off[place]
        said = f" ({means})" if means is not None else ""
        again = (job.row.id, place) in self._put_off
        most = MOST_PUT_OFF_BY_A_WALL if means in _WALLS else MOST_PUT_OFF
        if before - again >= most:
            detail = f"not asked: {ended.reason}{said}, as in {'the run' if most == 1 else f'{most} runs'} before"
            job.end(visit, DownloadReason.HOST_ENDED, means=means or DownloadReason.BAD_STATUS, detail=detail)
            return
        job.tell(DownloadReason.HOST_ENDED, f"the host {host} failed too often in a row{said}: the next run asks it")
        if again:
            job.drop(visit, DownloadReason.HOST_ENDED)
            return
        self._put_off.add((job.row.id, place))
        job.end(visit, DownloadReason.HOST_ENDED, detail=f"not asked: {ended.reason}{said}")

    def _ask(self, lease: Lease, visit: Visit, part: Path) -> Fetched | None:
        """What the host said; None when only its robots.txt was read, and the page needs a turn of its own."""
        begun = time.monotonic()
        try:
            fetched = self._fetched(lease, visit, part)
        except AddressRefused as error:
            fetched = Failed(DownloadReason.ADDRESS_REFUSED, error.message)
        finally:
            visit.seconds += time.monotonic() - begun
            lease.done(ok=True)  # counts on the way out of an error only; `_judged` has spoken before
        return fetched

    def _fetched(self, lease: Lease, visit: Visit, part: Path) -> Fetched | None:
        begun = time.monotonic()
        if visit.candidate.is_page and visit.depth == 0:
            known = self._origin(visit.url) in self._robots_known
            self._robots_known.add(self._origin(visit.url))
            rules = lease.rules(visit.url)
            if not rules.allow(visit.url):
                return self._judged(lease, _forbidden(rules), begun)
            if not known:
                return None
        fetched = fetch(lease, visit.url, part, visit.cookies)
        if isinstance(fetched, Moved) and host_key(fetched.url) == lease.host:
            fetched = _circle(visit, fetched) or fetched
            visit.slot = lease.book() if isinstance(fetched, Moved) else None
        return self._judged(lease, fetched, begun)

    @staticmethod
    def _origin(url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}"

    def _judged(self, lease: Lease, fetched: Fetched, begun: float) -> Fetched:
        """Gives the host's place back, with the word whether the host is to blame."""
        if not isinstance(fetched, Failed) or fetched.reason not in _UNREACHABLE or fetched.answered:
            self._reachability.answered()
        elif not self._reachability.is_online(since=begun):
            fetched = Failed(DownloadReason.RETRY_LATER, "there is no network", retry_after=self._pauses.offline)
            lease.done(ok=True)
            return fetched
        if isinstance(fetched, Failed):
            fetched = replace(fetched, reason=DownloadReason.GONE) if fetched.dead else fetched
            lease.done(ok=not fetched.is_the_hosts, retry_after=fetched.retry_after)
            if fetched.is_the_hosts:
                self._last_failure[lease.host] = fetched.reason
            if fetched.reason in _WALLS:
                self._ill.add(lease.host)
        else:
            within = isinstance(fetched, Moved) and host_key(fetched.url) == lease.host
            lease.done(ok=None if within else True)  # a host that sends us round in circles has not done well yet
        return fetched

    def _take(self, job: Job, visit: Visit, fetched: Fetched, part: Path) -> None:
        match fetched:
            case GotFile():
                self._take_file(job, visit, fetched, part)
            case GotPage():
                self._take_page(job, visit, fetched)
            case Moved():
                self._follow(job, visit, fetched)
            case Failed():
                self._take_failure(job, visit, fetched)

    # ── what came back ───────────────────────────────────────────────────────────────────────────────────

    def _take_failure(self, job: Job, visit: Visit, failed: Failed) -> None:
        if failed.came_on and visit.resumed < MOST_RESUMED:
            visit.resumed += 1
        else:
            visit.tries += 1
        pause = failed.retry_after if failed.retry_after is not None else self._pauses.again
        if failed.again and visit.tries < TRIES and pause <= LONGEST_PARK:
            visit.due, visit.failed = time.monotonic() + pause, failed
            return
        self._end_failed(job, visit, failed, pause)

    @staticmethod
    def _end_failed(job: Job, visit: Visit, failed: Failed, pause: float) -> None:
        if failed.reason is DownloadReason.RETRY_LATER:
            _pause(job, visit, pause, offline=failed.detail if failed.status is None else None)
        facts: dict[str, Any] = {"status": failed.status, "bytes": failed.size, "detail": failed.detail[:300]}
        job.end(visit, failed.reason, **facts)

    def _follow(self, job: Job, visit: Visit, moved: Moved) -> None:
        if visit.slot is not None:
            visit.move(moved.url)  # within the host, as the host wants it
            return
        url, _ = normalise(moved.url, self._settings)
        if url is None or (why := refusal(url)) is not None:
            visit.url = url or visit.url
            outcome = DownloadReason.ADDRESS_REFUSED if url is None else DownloadReason.SKIPPED_HOST
            job.end(visit, outcome, status=moved.status, detail="no web address" if url is None else why)
        elif visit.hops >= MOST_HOPS:
            job.end(visit, DownloadReason.REDIRECT_LOOP, status=moved.status, detail=f"more than {MOST_HOPS} redirects")
        else:
            # Our rule for a host's URLs must not send us in circles against the host's own.
            visit.move(moved.url if url == visit.url else url)

    def _take_page(self, job: Job, visit: Visit, got: GotPage) -> None:
        facts: dict[str, Any] = {"status": got.status, "bytes": got.size}
        visit.reserved += got.page.reserved
        if is_about_another(got.page, job.row.work):
            about = f"“{got.page.title[:120]}”" if got.page.title else ", ".join(got.page.dois[:1])
            job.end(visit, DownloadReason.WRONG_WORK, detail=f"a page about {about}", **facts)
            return
        spelt = (normalise(link, self._settings)[0] for link in links_for(got.page, job.row.work))
        named = list(dict.fromkeys(url for url in spelt if url is not None))
        fresh = [link for link in named if link not in job.seen and not job.is_over(link)]
        links = fresh if visit.depth < MOST_PAGES else []
        if not links:
            promised_file = not visit.candidate.is_page or visit.depth > 0
            reason = DownloadReason.WRONG_TYPE if promised_file else DownloadReason.NO_PDF_LINK
            # Tried already, or waiting for its turn.
            known = any(link in job.seen or job.is_over(link) for link in named)
            job.end(visit, reason, counts=not known, detail=f"a page: “{(got.page.heading or '')[:120]}”", **facts)
            return
        if visit.depth == 0 and visit.candidate.is_page and job.is_news(visit.candidate):
            said = "a page whose links gave no file that could be kept"
            job.pages.append(attempt(visit, DownloadReason.NO_PDF_LINK, detail=said, **facts))
        place = job.visits.index(visit)
        job.visits[place : place + 1] = [_linked(visit, link) for link in links]
        job.seen.update(links)

    def _take_file(self, job: Job, visit: Visit, got: GotFile, part: Path) -> None:
        visit.url = got.final_url
        visit.reserved += got.reserved
        if visit.candidate.md5 is not None and visit.candidate.md5 != _md5_of(part):
            visit.anew = True  # whatever came of it before
            said = "its MD5 is not the one that the index gives"
            failed = Failed(DownloadReason.TRUNCATED, said, got.status, size=got.size, again=True)
            self._take_failure(job, visit, failed)
            return
        verdict = self._verify(part, Expectation.of(job.row.work))
        facts: dict[str, Any] = {"status": got.status, "bytes": got.size, "detail": verdict.detail}
        if verdict.reason is None:
            kept = self._keep(job, visit, got, verdict, part)
            twin = self._shelf.twin(kept)
            said = kept.file_name if twin is None else f"{kept.file_name}, the same file as {twin} of another work"
            job.end(visit, DownloadReason.SUCCESS, status=got.status, bytes=got.size, detail=said)
            job.result = Download(file=kept, attempts=tuple(job.attempts))
        elif got.resumed and not visit.anew:
            visit.anew, visit.due = True, time.monotonic() + self._pauses.again
        elif verdict.reason is DownloadReason.TRUNCATED and visit.tries + 1 < TRIES:
            self._take_failure(job, visit, Failed(verdict.reason, verdict.detail or "", got.status, again=True))
        elif verdict.reason in _SUSPECT:
            name = self._shelf.quarantine(job.row.id, job.row.work, part, got.sha256, verdict.reason)
            job.end(visit, verdict.reason, quarantined_as=name, **facts)
        else:
            job.end(visit, verdict.reason, **facts)

    def _keep(self, job: Job, visit: Visit, got: GotFile, verdict: Verdict, part: Path) -> KeptFile:
        facts = KeptFile(
            file_name="",
            sha256=got.sha256,
            bytes=got.size,
            pages=verdict.pages,
            source=visit.candidate.source,
            url=redact(visit.candidate.url),
            final_url=redact(got.final_url),
            version=visit.candidate.version,
            licence=visit.candidate.licence,
            identity=verdict.identity,
            reserved=joined(visit.reserved),
        )
        return self._shelf.keep(job.row.id, job.row.work, part, facts)

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────

    def _concluded(self, job: Job) -> Download:
        for waits in _SOONEST_FIRST:
            if waits in job.reasons:
                detail = "\n".join(job.told.get(waits, ["a host gave no answer yet"]))
                return Download(
                    reason=waits, attempts=tuple(job.attempts), retry_after=job.waits.get(waits), detail=detail
                )
        # A page that led to nothing but itself has nobody to say it better.
        reason = most_telling(job.reasons or [one.outcome for one in job.attempts])
        job.attempts += job.pages  # what a person can open
        attempts, unasked = tuple(job.attempts), self._seeker.unasked(job)
        if reason is DownloadReason.NO_OPEN_COPY and set(unasked) - OPTIONAL:
            reason = DownloadReason.NOT_ALL_ASKED
        telling = next((one.detail for one in attempts if one.outcome in (reason, DownloadReason.HOST_ENDED)), None)
        return Download(reason=reason, attempts=attempts, detail=telling, unasked=unasked)


def _with_reservation(result: Download, known: Reservations) -> Download:
    """With what the host's own file adds to what its answers said."""
    file = result.file
    said = known.of(file.final_url) if file is not None else ()
    if file is None or not said:
        return result
    reserved = joined((*filter(None, (file.reserved,)), *said))
    last = tuple(replace(one, reserved=reserved) for one in result.attempts[-1:])
    return replace(result, file=replace(file, reserved=reserved), attempts=(*result.attempts[:-1], *last))


def _circle(visit: Visit, moved: Moved) -> Failed | None:
    """What a redirect within a host is that leads to where we have been, or ever further."""
    if not visit.is_circle(moved.url) and visit.hops < MOST_HOPS:
        return None
    # One that leads back to where we were and gives a cookie again wants another than ours.
    is_wall = moved.with_cookie or wall_of_url(visit.url) or wall_of_url(moved.url)
    reason = DownloadReason.BLOCKED_COOKIE if is_wall else DownloadReason.REDIRECT_LOOP
    return Failed(reason, f"{redact(visit.url)} redirects in circles.", moved.status)


def _linked(visit: Visit, link: str) -> Visit:
    """The visit to a file that a page links to, with the cookies that the page set."""
    one = visit.candidate
    return Visit(
        replace(one, url=link, md5=None),
        link,
        depth=visit.depth + 1,
        cookies=visit.cookies.copy(),
        reserved=visit.reserved,
    )


def _md5_of(part: Path) -> str:
    """The services give it against damage on the way, which is all that it is good for."""
    with part.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _pause(job: Job, visit: Visit, seconds: float, *, offline: str | None = None) -> None:
    """The row is tried again then; `offline`: it is not the host that asks for it."""
    job.later(seconds)
    said = offline if offline is not None else f"the host {host_key(visit.url)} asks for a pause"
    job.tell(DownloadReason.RETRY_LATER, said)


def _forbidden(rules: Rules) -> Failed:
    """A host that is down forbids everything too, but has not said so, and may be back a little later."""
    if rules.trouble is not None:
        said, dead = f"its robots.txt gave no answer: {rules.trouble.message}", bool(rules.trouble.context.get("dead"))
        return Failed(DownloadReason(rules.trouble.reason), said, again=not dead, dead=dead)
    if rules.status is not None:
        return Failed(DownloadReason.BAD_STATUS, f"its robots.txt answers {rules.status}", rules.status, again=True)
    return Failed(DownloadReason.FORBIDDEN_BY_ROBOTS, "its robots.txt asks programs to stay away")


def _of_kept(kept: KeptFile) -> Attempt:
    return Attempt(
        source=kept.source,
        url=kept.url,
        final_url=kept.final_url,
        host=host_of(kept.final_url),
        outcome=DownloadReason.SUCCESS,
        bytes=kept.bytes,
        detail=f"{kept.file_name}, kept by an interrupted run",
    )

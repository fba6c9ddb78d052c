"""Fills a job with places to visit: what the row says, then what one round of the indexes after the other says."""

from __future__ import annotations

import threading
from collections.abc import Callable

from dl_lit.config import Settings
from dl_lit.download.indexes import Indexes
from dl_lit.download.job import Job, Visit
from dl_lit.download.locations import Candidate, arrange, known, place_of
from dl_lit.download.unasked import unasked
from dl_lit.model import Location
from dl_lit.services.registry import ServiceSet

ASIDE_SECONDS = 1.0


class Seeker:
    """Safe for threads, with one thread at a time for one job. `is_ill` tells of a URL whether its host has only walls
    or errors for us in this run, so that others go first."""

    def __init__(self, services: ServiceSet, settings: Settings, is_ill: Callable[[str], bool]) -> None:
        self._services = services
        self._indexes = Indexes(services, settings)
        self._settings = settings
        self._is_ill = is_ill
        # One thread waits for each index that allows little, and asks for many; the others go on visiting hosts.
        self._slow = tuple(threading.Lock() for _ in range(self._indexes.rounds))

    def unasked(self, job: Job) -> tuple[str, ...]:
        """The indexes that could know a copy, and are off."""
        return unasked(job.subject, self._services)

    def begin(self, job: Job) -> None:
        """What needs no index."""
        self._ask_round(job, known(job.row, self._settings))

    def go_on(self, job: Job) -> float | None:
        """What is known so far gave no copy: asks round after round until one names a place, or none is left.

        Seconds after which to come again, when the next round is slow and another thread is in it.
        """
        while not job.visits and job.round < self._indexes.rounds:
            number = job.round
            if not self._indexes.is_slow(number, job.subject):
                self._ask_round(job)
            elif self._slow[number].acquire(blocking=False):
                try:
                    self._ask_round(job)
                finally:
                    self._slow[number].release()
            else:
                self._indexes.put_aside(number, job.subject)
                return ASIDE_SECONDS
        return None

    def _ask_round(self, job: Job, more: tuple[Location, ...] = ()) -> None:
        word = self._indexes.ask(job.round, job.subject)
        job.round += 1
        for silent in word.silent:
            job.wait_for(silent)
        arranged = arrange((*more, *word.locations), self._settings, is_ill=self._is_ill)
        job.embargoed += arranged.embargoed
        for candidate, why in arranged.skipped:
            if _is_news(job, candidate):
                job.skip(candidate, why)
        for candidate in arranged.candidates:
            job.bury_if_dead(candidate)
            if _is_news(job, candidate):
                job.visits.append(Visit(candidate, candidate.url))


def _is_news(job: Job, candidate: Candidate) -> bool:
    """Whether no earlier round named the place and no earlier run has tried it in vain; it is known from now on."""
    place = place_of(candidate.url)
    is_news = place not in job.places and not job.is_over(candidate.url)
    job.places.add(place)
    job.seen.add(candidate.url)
    return is_news

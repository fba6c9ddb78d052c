"""Asks every service one cheap question at the same time: who answers as it should, how fast, what is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from dl_lit.errors import RetryLater, ServiceUnavailable, SkipItem, Stopping
from dl_lit.model import PoolHealth, Probe, ProbeState, Silence
from dl_lit.net.http import HttpRequest, HttpResponse
from dl_lit.net.trouble import Trouble
from dl_lit.services.base import Index, Pool, secrets_of
from dl_lit.services.shapes import described
from dl_lit.silence import kind_of

_STATES = {Silence.REFUSED: ProbeState.REFUSED, Silence.BUDGET: ProbeState.SPENT}


def probe_all(clients: Sequence[Index], *, clock: Callable[[], float] = time.monotonic) -> list[Probe]:
    """One probe of each client, all at once, in their order; Stopping if the program stops."""
    if not clients:
        return []
    with ThreadPoolExecutor(len(clients), thread_name_prefix="probe") as threads:
        return list(threads.map(lambda client: _probe(client, clock), clients))


def _probe(client: Index, clock: Callable[[], float]) -> Probe:
    watched = client.pool = _Watched(client.pool)
    begun = clock()
    try:
        known = client.probe()
    except Stopping:
        raise
    except (RetryLater, SkipItem) as error:
        return _silent(client, error, watched)
    health = client.pool.health()
    seconds, remaining = clock() - begun, health.remaining
    if known:
        return Probe(client.name, ProbeState.ANSWERS, seconds, remaining, health.advice)
    if client.surely_has_probe:
        empty = ServiceUnavailable(f"{client.name} answered, but knows nothing of a work that it must have")
        return _silent(client, empty, watched)
    remark = "its answer has the right form, but it does not know the work that it was asked for"
    return Probe(client.name, ProbeState.ANSWERS, seconds, remaining, remark)


def _silent(client: Index, error: RetryLater | SkipItem, watched: _Watched) -> Probe:
    kind = kind_of(error) if isinstance(error, RetryLater) else Silence.DECLINED
    detail = error.message
    if kind is Silence.ILL and watched.response is not None:
        trouble = error.context.get("trouble")
        said = f"{client.name} {trouble.did}" if isinstance(trouble, Trouble) else error.message.rstrip(".")
        detail = f"{said}. What came: {watched.told()}. {_cure(client.name, watched.response)}"
    state = _STATES.get(kind, ProbeState.SILENT)
    return Probe(client.name, state, None, client.pool.health().remaining, detail)


def _cure(name: str, response: HttpResponse) -> str:
    if response.is_page and response.status == 200:
        return (
            "If that is the log-in of your network, pass it in a browser; if it is the service's own notice, try again "
            f"later; else check services.{name}.base_url."
        )
    return f"Check services.{name}.base_url; if it is right, try again later."


class _Watched:
    """A pool that remembers the last answer that came through it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.response: HttpResponse | None = None
        self._secrets: list[str] = []

    def told(self) -> str:
        return described(self.response, self._secrets) if self.response is not None else "nothing"

    def send(self, request: HttpRequest) -> HttpResponse:
        self._secrets = secrets_of(request)
        response = self.response = self._pool.send(replace(request, reads=None))
        if request.reads is not None and response.status == 200:
            request.reads(response)  # here, as a person who waits wants to see what came, not three more tries
        return response

    def refuse(self, text: str, *, surely: bool = True) -> RetryLater:
        return self._pool.refuse(text, surely=surely)

    def charge(self, credits: float) -> None:
        self._pool.charge(credits)

    def check_running(self) -> None:
        self._pool.check_running()

    def until_due(self, bucket: str) -> None:
        self._pool.until_due(bucket)

    def wait(self, seconds: float) -> None:
        self._pool.wait(seconds)

    def health(self) -> PoolHealth:
        return self._pool.health()

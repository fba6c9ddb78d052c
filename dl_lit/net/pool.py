"""One outside service, shared by all threads: its rates, places, budget and circuit, and the retries of a request."""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tenacity import RetryCallState, Retrying, retry_if_exception_type

from dl_lit import moments
from dl_lit.errors import (
    AccessRefused,
    BudgetExhausted,
    FetchFailed,
    RateLimited,
    RetryLater,
    ServiceUnavailable,
)
from dl_lit.model import DownloadReason, Health, PoolHealth
from dl_lit.net.breaker import Breaker, Passage
from dl_lit.net.budget import Budget
from dl_lit.net.guard import Origin, host_key
from dl_lit.net.http import LONGEST_RETRY_AFTER, HttpRequest, HttpResponse, pairs
from dl_lit.net.ledger import Ledger, next_midnight
from dl_lit.net.limits import SHORT_WAIT, PoolLimits, Tuning, Verdict
from dl_lit.net.pacing import Pacer
from dl_lit.net.reception import REDIRECTS, Reception
from dl_lit.net.redact import redact
from dl_lit.net.transport import Call, Transport
from dl_lit.net.trouble import Trouble, Troubles, of_failure, of_status
from dl_lit.net.waiting import Places, SharedPlaces, check, wait

Tuner = Callable[[HttpResponse], Tuning | None]
Classify = Callable[[HttpResponse], Verdict | None]

log = logging.getLogger(__name__)

_RETRIED = frozenset({408, 425})
_OVERLOADED = frozenset({408, 425, 429, 503, 504})
_REDIRECTS = 5
_REFUSALS = 3  # in a row, of a service that has answered before
_LONGEST_BACKOFF = 60.0


class ServicePool:
    """`send` is all a client needs; make pools with `Network.service`, so that there is one a service."""

    def __init__(
        self,
        name: str,
        limits: PoolLimits,
        *,
        transport: Transport,
        ledger: Ledger,
        stop: threading.Event,
        account: str | None = None,
        own: Origin | None = None,
        tuner: Tuner | None = None,
        classify_429: Classify | None = None,
        tell: Callable[[str], None] | None = None,
        advice: str = "",
    ) -> None:
        """`account` is the ledger's key: the service's address and whom it takes us for (default: `name`). `tell` is
        given, once, that the service refuses us, with the cure. `advice` says what the user can give for more."""
        account = account or name
        self.name = name
        self.limits = limits
        self._transport = transport
        self._stop = stop
        self._own = own
        self._tuner = tuner
        self._classify = classify_429
        self._pacers = {
            bucket: Pacer(f"{account}:{bucket}", rate, ledger, stop) for bucket, rate in limits.rates.items()
        }
        self._places = Places(limits.concurrency, stop)
        self._shared = SharedPlaces(account, ledger, transport.patience.total, stop)
        self._allowed_places = limits.concurrency
        self._budget = Budget(name, limits.daily, ledger, account=account, advice=advice)
        self._circuit = _Circuit.of(name, limits, ledger, f"{account}:asked")
        self._apart = {
            bucket: _Circuit.of(name, limits, ledger, f"{account}:asked:{bucket}") for bucket in limits.apart
        }
        self._lock = threading.Lock()
        self._requests = 0
        self._errors = 0
        self._troubles = Troubles()
        self._advice = advice
        self._refusal = ""
        self._refused_in_a_row, self._has_answered = 0, False
        self._tell = tell or (lambda text: None)

    def send(self, request: HttpRequest) -> HttpResponse:
        """The answer, once it was this request's turn.

        Any status comes back except 429, 5xx and timeouts of the server, which are retried, as is a 200 that the
        request's `reads` refuses; what the others mean is for the caller to say. Raises AccessRefused, RateLimited,
        BudgetExhausted, CircuitOpen, ServiceUnavailable, Stopping, AddressRefused.
        """
        patience = self.limits.patience or self._transport.patience
        effort = _Effort(request, patience.total, patience.read)
        retrying = Retrying(
            retry=retry_if_exception_type(_TryAgain),
            stop=lambda state: state.attempt_number >= self.limits.tries or effort.left <= 0,
            wait=self._backoff,
            sleep=lambda seconds: wait(self._stop, seconds),
            reraise=True,
        )
        try:
            return retrying(self._try_once, effort)
        except _TryAgain as again:
            raise again.error from None

    def refuse(self, text: str, *, surely: bool = True) -> RetryLater:
        """The service refuses us: it is off for the rest of the run. `text` says so with the cure, and is told once.

        If not `surely`, it may mean the one request (a firewall dislikes its words): where the service has answered
        before, it takes some refusals in a row, and until then only this request has no answer.
        """
        with self._lock:
            self._refused_in_a_row += 1
            if not surely and self._has_answered and self._refused_in_a_row < _REFUSALS:
                return ServiceUnavailable(f"{self.name} refused this one request, though it answers others.")
            first, self._refusal = not self._refusal, self._refusal or text
        if first:
            log.warning("%s", text)
            self._tell(text)
        return AccessRefused(self._refusal)

    def charge(self, credits: float) -> None:
        """Books what an answer cost beyond its request's `cost`, or (negative) gives back what it cost less."""
        self._budget.charge(credits)

    def check_running(self) -> None:
        """Raises Stopping once the program is shutting down."""
        check(self._stop)

    def until_due(self, bucket: str) -> None:
        """Waits until a request of the bucket could leave, for who chooses only then what to ask; raises Stopping."""
        self._pacers[bucket].until_due()

    def wait(self, seconds: float) -> None:
        """Sleeps without holding a place of the service; raises Stopping once the program is shutting down."""
        wait(self._stop, seconds)

    def health(self) -> PoolHealth:
        """How the service is doing, for panels and reports."""
        with self._lock:
            requests, errors = self._requests, self._errors
        did, cure = self._troubles.latest()
        return PoolHealth(
            name=self.name,
            health=self._condition(requests),
            rate=max(pacer.rate for pacer in self._pacers.values()),
            in_flight=self._places.taken,
            requests=requests,
            errors=errors,
            remaining=self._budget.remaining(),
            until=self._until(),
            detail=self._refusal or did,
            cure="" if self._refusal else cure,
            advice=self._advice,
        )

    def _condition(self, requests: int) -> Health:
        if self._refusal:
            return Health.BLOCKED
        if self._budget.exhausted_until is not None or self._budget.remaining() == 0:
            return Health.EXHAUSTED
        if self._circuit.breaker.rests_for is not None:
            return Health.OPEN
        if any(pacer.slowed for pacer in self._pacers.values()) or any(one.rests for one in self._circuits()):
            return Health.SLOWED
        return Health.OK if requests else Health.IDLE

    def _until(self) -> float | None:
        if (until := self._budget.exhausted_until) is not None:
            return until
        if (seconds := self._circuit.breaker.rests_for) is not None:
            return time.time() + seconds
        return self._circuit.rests_until if self._circuit.rests_until > time.time() else None

    def _circuits(self) -> tuple[_Circuit, ...]:
        return (self._circuit, *self._apart.values())

    def _circuit_of(self, request: HttpRequest) -> _Circuit:
        return self._apart.get(request.bucket, self._circuit)

    # ── one try ──────────────────────────────────────────────────────────────────────────────────────────

    def _try_once(self, effort: _Effort) -> HttpResponse:
        request = effort.request
        self._check_open(request)
        pacer = self._pacers[request.bucket]
        with contextlib.ExitStack() as exchange:
            with pacer.turn():
                exchange.enter_context(self._places.held())
                exchange.enter_context(self._shared.held(self._places.now))
                self._check_open(request)
                effort.slot = pacer.slot()
            passage = self._circuit_of(request).breaker.enter()
            try:
                self._budget.spend(request.cost)
                return self._exchange(effort, pacer, passage)
            finally:
                passage.report(None)

    def _check_open(self, request: HttpRequest) -> None:
        """Fails at once where waiting would be in vain."""
        check(self._stop)
        if self._refusal:
            raise AccessRefused(self._refusal)
        circuit = self._circuit_of(request)
        seconds = circuit.rests_until - time.time()
        if seconds > 0:
            raise RateLimited(self._left_alone(circuit), retry_after=seconds)
        self._budget.check(request.cost)
        circuit.breaker.check()

    def _exchange(self, effort: _Effort, pacer: Pacer, passage: Passage) -> HttpResponse:
        effort.begin()
        try:
            response = self._ask(effort, pacer)
        except FetchFailed as error:
            self._count(failed=True)
            raise self._after_failure(error, effort, pacer, passage) from None
        finally:
            effort.end()
            if effort.written is None:
                self._budget.give_back(effort.request.cost)
        tuning = self._tune(response)
        if response.status not in self.limits.answers:
            if response.status == 429:
                self._count(failed=True)
                raise self._after_429(response, tuning, effort, pacer, passage)
            if response.status >= 500 or response.status in _RETRIED | self.limits.busy:
                self._count(failed=True)
                raise self._after_5xx(response, effort, pacer, passage)
        if (fault := _fault(effort.request, response)) is not None:
            self._count(failed=True)
            raise self._after_rubbish(fault, effort, pacer, passage)
        self._count(failed=False)
        if response.status not in (401, 403):
            with self._lock:
                self._refused_in_a_row, self._has_answered = 0, True
        passage.report(True)
        pacer.went_well(response.seconds)
        self._places.resize(self._allowed_places)
        return response

    def _ask(self, effort: _Effort, pacer: Pacer) -> HttpResponse:
        call = effort.first_call(self._own, pacer)
        for hop in range(_REDIRECTS + 1):
            if hop:
                effort.slot = pacer.slot()
            with contextlib.closing(self._transport.open(call)) as reception:
                if not effort.request.follow or (target := reception.location) is None:
                    if effort.request.follow and reception.status in REDIRECTS:
                        break
                    body = b"".join(reception.chunks(self.limits.max_bytes))
                    return HttpResponse(
                        reception.status, reception.headers, body, reception.url, effort.seconds, self.name
                    )
            call = _redirected(call, reception, target)
        raise FetchFailed(
            f"{redact(effort.request.url)} redirects in circles or to nowhere.", reason=DownloadReason.REDIRECT_LOOP
        )

    def _count(self, *, failed: bool) -> None:
        with self._lock:
            self._requests += 1
            self._errors += failed

    # ── what an answer means ─────────────────────────────────────────────────────────────────────────────

    def _tune(self, response: HttpResponse) -> Tuning | None:
        tuning = self._tuner(response) if self._tuner is not None else None
        if tuning is None:
            return None
        for bucket, rate in tuning.rates.items():
            if bucket in self._pacers:
                self._pacers[bucket].tune(rate)
        if tuning.concurrency is not None and tuning.concurrency > 0:
            self._allowed_places = min(self.limits.concurrency, tuning.concurrency)
            self._places.resize(min(self._places.now, self._allowed_places))
        if tuning.remaining is not None:
            self._budget.correct(tuning.remaining, tuning.limit)
        return tuning

    def _after_failure(self, error: FetchFailed, effort: _Effort, pacer: Pacer, passage: Passage) -> Exception:
        lost = error.reason in (DownloadReason.TIMEOUT, DownloadReason.CONNECTION, DownloadReason.TRUNCATED)
        if not lost:
            passage.report(True)
            return ServiceUnavailable(f"{self.name}: {error.message}", **effort.context())
        told = self._noted(of_failure(error, self.name), passage)
        if error.reason == DownloadReason.TIMEOUT:
            self._overloaded(effort, pacer)
        return _TryAgain(ServiceUnavailable(told, **effort.context()))

    def _after_429(
        self, response: HttpResponse, tuning: Tuning | None, effort: _Effort, pacer: Pacer, passage: Passage
    ) -> Exception:
        asked = response.retry_after
        verdict = self._classify(response) if self._classify is not None else None
        if verdict is None:
            verdict = Verdict.BUDGET if asked is not None and asked > SHORT_WAIT else Verdict.SLOW_DOWN
        if verdict is Verdict.BUDGET:
            passage.report(True)  # the service is well; only we are out of credit
            return self._out_of_budget(asked or (tuning.reset_seconds if tuning else None), effort)
        told = self._noted(of_status(429, self._advice), passage)
        self._overloaded(effort, pacer)
        return self._later(RateLimited(told, retry_after=asked, **effort.context(429)), asked, effort, pacer)

    def _after_5xx(self, response: HttpResponse, effort: _Effort, pacer: Pacer, passage: Passage) -> Exception:
        told = self._noted(of_status(response.status, self._advice), passage)
        if response.status in _OVERLOADED | self.limits.busy:
            self._overloaded(effort, pacer)
        asked = response.retry_after
        failure = ServiceUnavailable(told, retry_after=asked, **effort.context(response.status))
        return self._later(failure, asked, effort, pacer)

    def _after_rubbish(self, fault: ServiceUnavailable, effort: _Effort, pacer: Pacer, passage: Passage) -> Exception:
        """An ill service, or what answers in its place, would say the same to every row."""
        trouble = fault.context.get("trouble")
        if isinstance(trouble, Trouble):
            self._noted(trouble, passage)
        passage.report(False)
        self._overloaded(effort, pacer)
        fault.context.update(effort.context(200))
        return _TryAgain(fault)

    def _noted(self, trouble: Trouble, passage: Passage) -> str:
        """Counts a failure, for the circuit and for who is told of the service; its text."""
        self._troubles.add(trouble)
        told = trouble.told(self.name)
        passage.report(False, told)
        return told

    def _left_alone(self, circuit: _Circuit) -> str:
        until = moments.here(circuit.rests_until, now=time.time())
        return f"{self.name} asks to be left alone until {until}. {self._advice}".rstrip()

    def _overloaded(self, effort: _Effort, pacer: Pacer) -> None:
        if effort.written is not None:
            pacer.slow_down(effort.written)
            log.info("%s is overloaded; it is asked %.2f times a second now.", self.name, pacer.rate)
        self._places.resize(1)

    def _later(self, failure: RetryLater, asked: float | None, effort: _Effort, pacer: Pacer) -> Exception:
        """A short Retry-After holds the whole bucket and is waited for; a long one sends the caller away."""
        if asked is None:
            return _TryAgain(failure)
        if asked > SHORT_WAIT:
            circuit = self._circuit_of(effort.request)
            circuit.rest(time.time() + asked)
            return type(failure)(self._left_alone(circuit), retry_after=asked, **failure.context)
        patience = asked + random.uniform(0, 0.25 + 0.05 * asked)
        pacer.pause(patience)
        return _TryAgain(failure, patience)

    def _out_of_budget(self, seconds: float | None, effort: _Effort) -> BudgetExhausted:
        until = time.time() + min(seconds, LONGEST_RETRY_AFTER) if seconds is not None else next_midnight()
        spent = self._budget.exhaust(until, effort.request.cost)
        log.warning("%s", spent.message)
        spent.context.update(effort.context(429))
        return spent

    def _backoff(self, state: RetryCallState) -> float:
        again = state.outcome.exception() if state.outcome is not None else None
        if isinstance(again, _TryAgain) and again.wait is not None:
            return again.wait
        return random.uniform(0, min(_LONGEST_BACKOFF, self.limits.backoff_seconds * 2**state.attempt_number))


@dataclass(slots=True)
class _Circuit:
    """How requests fare that stand and fall together: their breaker, and the end of the rest they were asked to take,
    which outlives the program."""

    breaker: Breaker
    asked: Budget
    rests_until: float

    @classmethod
    def of(cls, name: str, limits: PoolLimits, ledger: Ledger, key: str) -> _Circuit:
        asked = Budget(name, None, ledger, account=key)
        return cls(Breaker(name, limits.failures, limits.rest_seconds), asked, asked.exhausted_until or 0.0)

    @property
    def rests(self) -> bool:
        return self.rests_until > time.time() or self.breaker.rests_for is not None

    def rest(self, until: float) -> None:
        self.rests_until = max(self.rests_until, until)
        self.asked.exhaust(self.rests_until)


def _fault(request: HttpRequest, response: HttpResponse) -> ServiceUnavailable | None:
    """What is wrong with a 200 that is not what the service promises."""
    if request.reads is None or response.status != 200:
        return None
    try:
        request.reads(response)
    except ServiceUnavailable as fault:
        return fault
    return None


class _TryAgain(Exception):
    """Carries the error that the caller gets if there is no further try."""

    def __init__(self, error: RetryLater, wait: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.wait = wait


@dataclass(slots=True)
class _Effort:
    """One request over all its tries; its time limit counts exchanges, not the waits for its turn."""

    request: HttpRequest
    left: float
    read_timeout: float
    written: float | None = None  # when this try's first byte left (`time.monotonic()`)
    slot: float | None = None  # when it was to leave (`time.time()`)
    _begun: float = 0.0

    def begin(self) -> None:
        self.written, self._begun = None, time.monotonic()

    def end(self) -> None:
        self.left -= time.monotonic() - self._begun

    @property
    def seconds(self) -> float:
        """From the write to now: what the service took, without our own waiting."""
        return time.monotonic() - (self.written or self._begun)

    def first_call(self, own: Origin | None, pacer: Pacer) -> Call:
        request = self.request
        return Call(
            url=request.url,
            deadline=time.monotonic() + self.left,
            method=request.method,
            params=request.params,
            headers=request.headers,
            json=request.json,
            body=request.body,
            read_timeout=self.read_timeout,
            gate=lambda write: pacer.gate(lambda: self._mark(write), self.slot),
            own=own,
        )

    def context(self, status: int | None = None) -> dict[str, Any]:
        return {"url": redact(self.request.url), "status": status}

    def _mark(self, write: Callable[[], None]) -> None:
        if self.written is None:
            self.written = time.monotonic()
        write()


def _redirected(call: Call, reception: Reception, target: str) -> Call:
    """The next hop. Another host gets none of our headers but Accept: they may hold a key."""
    same_host = host_key(target) == host_key(call.url)
    downgraded = urlsplit(call.url).scheme == "https" and urlsplit(target).scheme == "http"
    headers = [(name, value) for name, value in pairs(call.headers) if name.lower() == "accept"]
    keep = reception.status in (307, 308)
    return Call(
        url=target,
        deadline=call.deadline,
        method=call.method if keep else "GET",
        headers=call.headers if same_host and not downgraded else headers,
        json=call.json if keep and same_host else None,
        body=call.body if keep and same_host else None,
        read_timeout=call.read_timeout,
        gate=call.gate,
        own=call.own,
    )

"""What all services share: one cached answer per record, one question per record at a time, errors as answers."""

from __future__ import annotations

import json
import logging
import threading
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Protocol, TypeVar
from urllib.parse import quote
from xml.etree.ElementTree import Element

from dl_lit.errors import DatabaseBusy, RequestRefused, RetryLater, ServiceUnavailable, SkipItem, Stopping
from dl_lit.model import Answer, Found, Health, NoAnswer, Nothing, PoolHealth, Silence, Work
from dl_lit.net.http import HttpRequest, HttpResponse, pairs, unreadable
from dl_lit.net.redact import redact
from dl_lit.relations import Hits
from dl_lit.services.ahead import Ahead, Coming
from dl_lit.services.fields import Node, parsed_xml
from dl_lit.services.gathering import Gathering
from dl_lit.services.offers import Need, Offer
from dl_lit.silence import no_answer

T = TypeVar("T")

SEARCH_SECONDS = 3600.0
RECORD_SECONDS = 30 * 86400.0
NEGATIVE_SECONDS = 7 * 86400.0
REFUSED_SECONDS = 86400.0  # a request that a service calls wrong is not worth repeating on the same day
WAIT_FOR_OTHERS_SECONDS = 600.0
ANSWERED = frozenset({200, 404})

_POLL_SECONDS = 0.2
_HARMLESS = frozenset({"accept", "content-type", "user-agent"})  # headers that hold no secret
_LAGGING = frozenset({Health.SLOWED, Health.OPEN, Health.EXHAUSTED, Health.BLOCKED})

log = logging.getLogger(__name__)

Batch = tuple[str, ...]
Ask = Callable[[Batch], Mapping[str, str]]
Hears = Callable[[str, Sequence[Work]], None]


class Cached(Protocol):
    @property
    def payload(self) -> str | None: ...


class Cache(Protocol):
    """The part of the store that remembers answers; a payload of None is the memory of "nothing"."""

    def cache_get_many(self, service: str, keys: Sequence[str]) -> Mapping[str, Cached]: ...

    def cache_put_many(self, service: str, answers: Mapping[str, str | None], ttl_seconds: float) -> None: ...


class MemoryCache:
    """A cache for use without a database; it forgets everything with the process."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], _Remembered] = {}

    def cache_get_many(self, service: str, keys: Sequence[str]) -> Mapping[str, Cached]:
        return {key: self._answers[service, key] for key in keys if (service, key) in self._answers}

    def cache_put_many(self, service: str, answers: Mapping[str, str | None], ttl_seconds: float) -> None:
        self._answers.update({(service, key): _Remembered(payload) for key, payload in answers.items()})


@dataclass(frozen=True, slots=True)
class _Remembered:
    payload: str | None


class Pool(Protocol):
    """The part of `net.pool.ServicePool` that a client uses."""

    def send(self, request: HttpRequest) -> HttpResponse: ...

    def refuse(self, text: str, *, surely: bool = True) -> RetryLater:
        """Switches the service off for the rest of the run, because of what `text` says, if it refuses more than one
        request; the error to raise."""

    def charge(self, credits: float) -> None: ...

    def check_running(self) -> None:
        """Raises Stopping once the program is shutting down."""

    def until_due(self, bucket: str) -> None:
        """Waits until a request of the bucket could leave; raises Stopping once the program is shutting down."""

    def wait(self, seconds: float) -> None:
        """Sleeps; raises Stopping once the program is shutting down."""

    def health(self) -> PoolHealth: ...


class Flights:
    """Questions under way: who asks second for the same record waits for the first one's answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[str, Future[Answer[str]]] = {}

    def board(self, keys: Iterable[str]) -> tuple[dict[str, Future[Answer[str]]], dict[str, Future[Answer[str]]]]:
        """(mine to answer, others' to wait for), each key with its future."""
        mine: dict[str, Future[Answer[str]]] = {}
        others: dict[str, Future[Answer[str]]] = {}
        with self._lock:
            for key in keys:
                if key in self._under_way:
                    others[key] = self._under_way[key]
                else:
                    mine[key] = self._under_way[key] = Future()
        return mine, others

    @contextmanager
    def landing(self, mine: Mapping[str, Future[Answer[str]]]) -> Iterator[dict[str, Answer[str]]]:
        """For the answers to keys that were boarded: at the end they are handed on."""
        answers: dict[str, Answer[str]] = {}
        stopping: Stopping | None = None
        try:
            yield answers
        except Stopping as error:
            stopping = error
            raise
        finally:
            self._land(mine, answers, stopping)

    def _land(
        self,
        mine: Mapping[str, Future[Answer[str]]],
        answers: Mapping[str, Answer[str]],
        stopping: Stopping | None,
    ) -> None:
        """A key without an answer (its asker failed) is "no answer", never "nothing".

        With `stopping` it is neither: who waits is stopped too, and no service gets the blame for the end.
        """
        with self._lock:
            for key in mine:
                self._under_way.pop(key, None)
        for key, future in mine.items():
            answer = answers.get(key)
            if answer is None and stopping is not None:
                future.set_exception(Stopping(stopping.message))
            else:
                future.set_result(answer or NoAnswer("the question was given up"))


class Service:
    """Base of all clients. Sub-classes build requests and read records; they hold no state but this."""

    name: ClassVar[str]

    def __init__(self, pool: Pool, cache: Cache, *, clock: Callable[[], float] = time.time) -> None:
        self.pool = pool
        self._cache = cache
        self._clock = clock
        self._flights = Flights()
        self._gatherings: defaultdict[str, Gathering] = defaultdict(Gathering)
        self._hears: Hears | None = None
        self._ahead: dict[str, Ahead] = {}

    def take_along(self, kind: str, coming: Coming) -> None:
        """From now on lists of identifiers of this kind are filled with those that `coming` says will be asked for."""
        self._ahead[kind] = Ahead(lambda: (f"{kind}:{one}" for one in coming()), self._remembered)

    def tell_of_works(self, hears: Hears) -> None:
        """From now on `hears` is told of each work that the service sends."""
        self._hears = hears

    def _lookup(
        self,
        keys: Iterable[str],
        ask: Ask,
        read: Callable[[str], T | None],
        *,
        batches: Callable[[Sequence[str]], Iterable[Batch]],
        seconds: float = RECORD_SECONDS,
        negative_seconds: float = NEGATIVE_SECONDS,
        gather: str | None = None,
        bucket: str = "default",
    ) -> dict[str, Answer[T]]:
        """An answer for each of `keys`, from the cache, from a thread that asks already, or from the service.

        `ask` gets a batch and returns the payloads of the records there are: what it does not return, the service
        does not have. `read` makes the value of a payload; None means that the payload is not what it should be.
        Lookups with the same `gather`, which must mean the same `ask`, share calls (`Gathering`) in
        `bucket`, and lists are filled with what comes next (`take_along`).
        """

        def ready() -> None:
            self.pool.until_due(bucket)

        def asked(missing: Sequence[str]) -> dict[str, Answer[str]]:
            besides = self._ahead[gather].besides(missing) if gather in self._ahead else []
            lists = [batch for batch in batches([*missing, *besides]) if not set(besides).issuperset(batch)]
            along, _ = self._flights.board(key for batch in lists for key in batch if key in besides)
            elsewhere = set(besides) - along.keys()  # another thread asks for them
            with self._flights.landing(along) as answers:
                for batch in lists:
                    batch = tuple(key for key in batch if key not in elsewhere)
                    answers.update(self._asked(batch, ask, seconds, negative_seconds))
            self._pass_on(self._read(answers[key], read) for key in along)
            return answers

        mine, others = self._flights.board(dict.fromkeys(keys))
        with self._flights.landing(mine) as answers:
            answers.update(self._remembered(list(mine)))
            missing = [key for key in mine if key not in answers]
            if missing and gather is not None:
                answers.update(self._gatherings[gather].ask(missing, ready, asked, self.pool.check_running))
            elif missing:
                answers.update(asked(missing))
        for key, future in others.items():
            answers[key] = _awaited(future, self.pool)
        values = {key: self._read(answer, read) for key, answer in answers.items()}
        self._pass_on(values[key] for key in mine)
        return values

    def _pass_on(self, answers: Iterable[Answer[Any]]) -> None:
        if self._hears is not None and (works := [work for one in answers for work in _works_sent(one)]):
            self._hears(self.name, works)

    def _remembered(self, keys: Sequence[str]) -> dict[str, Answer[str]]:
        if not keys:
            return {}
        remembered = self._cache.cache_get_many(self.name, keys)
        return {
            key: Nothing(cached=True) if cached.payload is None else Found(cached.payload, cached=True)
            for key, cached in remembered.items()
        }

    def _asked(self, batch: Batch, ask: Ask, seconds: float, negative_seconds: float) -> dict[str, Answer[str]]:
        try:
            payloads = ask(batch)
        except Stopping:
            raise
        except RequestRefused as error:
            return self._refused(batch, ask, seconds, negative_seconds, error)
        except RetryLater as error:
            return dict.fromkeys(batch, no_answer(error))
        except SkipItem as error:
            return dict.fromkeys(batch, NoAnswer(str(error), REFUSED_SECONDS, Silence.DECLINED))
        self._remember(batch, payloads, seconds, negative_seconds)
        return {key: Found(payloads[key]) if key in payloads else Nothing() for key in batch}

    def _refused(
        self, batch: Batch, ask: Ask, seconds: float, negative_seconds: float, error: RequestRefused
    ) -> dict[str, Answer[str]]:
        """One odd identifier must not spoil its batch: halves are asked until it stands alone."""
        if len(batch) == 1:
            log.warning("%s refused a request: %s", self.name, error)
            return {batch[0]: NoAnswer(str(error), REFUSED_SECONDS, Silence.DECLINED)}
        middle = len(batch) // 2
        answers = self._asked(batch[:middle], ask, seconds, negative_seconds)
        return answers | self._asked(batch[middle:], ask, seconds, negative_seconds)

    def _remember(
        self,
        batch: Collection[str],
        payloads: Mapping[str, str],
        seconds: float = RECORD_SECONDS,
        negative_seconds: float = NEGATIVE_SECONDS,
    ) -> None:
        nothing: dict[str, str | None] = {key: None for key in batch if key not in payloads}
        try:
            if payloads:
                self._cache.cache_put_many(self.name, dict(payloads), seconds)
            if nothing:
                self._cache.cache_put_many(self.name, nothing, negative_seconds)
        except DatabaseBusy as error:
            # The answers are here and are used; thrown away, they would be asked for again.
            log.warning("Answers of %s could not be written to the library yet: %s", self.name, error)

    def _read(self, answer: Answer[str], read: Callable[[str], T | None]) -> Answer[T]:
        if not isinstance(answer, Found):
            return answer
        value = read(answer.value)
        if value is None:
            return NoAnswer(f"{self.name} sent a record that cannot be read")
        return Found(value, cached=answer.cached)

    def _send(self, request: HttpRequest) -> HttpResponse:
        """The response when it is 200 or 404; everything else becomes the error that says what to do about it."""
        return self._sent(request, ANSWERED)

    def _node(self, request: HttpRequest, what: str, fine: Callable[[Node], bool]) -> Node:
        """The JSON of an answer in which all is `fine`: it holds `what` was asked for."""
        reads = self._promise(what, fine)
        response = self._send(replace(request, reads=reads))
        reads(response)  # a 404 says something too
        return Node(response.json())

    def _xml(
        self, request: HttpRequest, what: str, tag: str, check: Callable[[Element], None] | None = None
    ) -> Element:
        """The root of an answer in XML, whose tag is `tag` (with its namespace, or in any).

        `check` raises ServiceUnavailable where it is no answer all the same.
        """

        def root(response: HttpResponse) -> Element:
            element = parsed_xml(response.body)
            if element is None:
                raise response.instead_of("XML")
            if tag not in (element.tag, element.tag.rpartition("}")[2]):
                raise wrong_shape(self.name, what)
            if check is not None:
                check(element)
            return element

        return root(self._send(replace(request, reads=root)))

    def _promise(self, what: str, fine: Callable[[Node], bool]) -> Callable[[HttpResponse], None]:
        """For `HttpRequest.reads`."""

        def reads(response: HttpResponse) -> None:
            if not fine(Node(response.json())):
                raise wrong_shape(self.name, what)

        return reads

    def _reads(self, response: HttpResponse) -> object:
        """Raises ServiceUnavailable for what no answer of this service looks like."""
        return response.json()

    def _sent(self, request: HttpRequest, fine: Collection[int]) -> HttpResponse:
        """As `_send`, for a service that has other words for yes and no."""
        response = self.pool.send(request if request.reads is not None else replace(request, reads=self._reads))
        if response.status in fine:
            return response
        said = _excerpt(response, request)
        if response.status in (400, 422):
            raise RequestRefused(f"{self.name}: {said}", reason="request_refused", status=response.status)
        if response.status in (401, 403):
            text = _refusal(self.name, response.status, said, self._cure)
            raise self.pool.refuse(text, surely=response.status == 401)
        raise ServiceUnavailable(f"{self.name} answered with status {response.status}")

    @property
    def _cure(self) -> str:
        """What a person can do when the service refuses us."""
        return f"Check services.{self.name}.api_key"


class Index(Service, ABC):
    """A service that knows works.

    `offer` says what it answers, and at what price; `probe` sends the cheapest request that shows whether it answers
    us, past the cache: whether it knows the work that it was asked for, RetryLater or SkipItem if there is no answer.
    `surely_has_probe`: that it does not know that work shows that something else answers in its place.
    """

    offer: ClassVar[Offer]
    surely_has_probe: ClassVar[bool] = True

    def __init__(self, pool: Pool, cache: Cache, *, base_url: str) -> None:
        super().__init__(pool, cache)
        self._base_url = base_url

    @abstractmethod
    def probe(self) -> bool: ...

    @property
    def _cure(self) -> str:
        if Need.KEY in (self.offer.needs, self.offer.advised):
            return f"Check services.{self.name}.api_key"
        return "It may have blocked this address or your contact.email: ask it, or wait some days"

    def until_due(self) -> None:
        """Waits until a call could leave, for who can choose then what to ask for; raises Stopping."""
        self.pool.until_due("default")

    @property
    def lags(self) -> bool:
        """Whether it is slow, ill or spent just now, so that others are better asked first."""
        return self.pool.health().health in _LAGGING

    def _records(
        self,
        kind: str,
        ids: Iterable[str],
        ask: Ask,
        read: Callable[[str], T | None],
        size: int = 1,
        bucket: str = "default",
    ) -> dict[str, Answer[T]]:
        """The record of each identifier of one kind, asked for `size` at a time."""
        keys = {f"{kind}:{identifier}": identifier for identifier in ids}
        gather = kind if size > 1 else None
        batches = partial(chunks, size=size)
        answers = self._lookup(keys, ask, read, batches=batches, gather=gather, bucket=bucket)
        return {identifier: answers[key] for key, identifier in keys.items()}

    def _found(
        self, query: str, find: Callable[[], Sequence[Any]], read: Callable[[Node], Work | None]
    ) -> Answer[tuple[Work, ...]]:
        """The candidates that a search gives, best first; `find` brings the records, which are JSON."""
        key = f"search:{query}"

        def ask(batch: Batch) -> dict[str, str]:
            records = find()
            return {key: json.dumps(records)} if records else {}

        def works(payload: str) -> tuple[Work, ...]:
            return tuple(work for record in Node(json.loads(payload)) if (work := read(record)) is not None)

        return self._lookup(
            [key],
            ask,
            works,
            batches=lambda keys: chunks(keys, 1),
            seconds=SEARCH_SECONDS,
            negative_seconds=SEARCH_SECONDS,
        )[key]


def _works_sent(answer: Answer[Any]) -> Iterator[Work]:
    """The works of an answer that came from the service just now."""
    if isinstance(answer, Found) and not answer.cached:
        yield from _works_in(answer.value)


def _works_in(value: Any) -> Iterator[Work]:
    """Of a record, a list of them or a page of a longer list."""
    if isinstance(value, Work):
        yield value
    elif isinstance(value, tuple | Hits):
        for one in value if isinstance(value, tuple) else value.works:
            yield from _works_in(one)


def packed(keys: Sequence[str], *, size: int, max_bytes: int, alone: Callable[[str], bool]) -> list[Batch]:
    """Batches of at most `size` keys and `max_bytes` percent-encoded; keys that spoil a list go `alone`."""
    batches: list[Batch] = []
    batch: list[str] = []
    room = max_bytes
    for key in (key for key in keys if not alone(key)):
        needed = len(quote(key, safe="")) + len("%7C")
        if batch and (len(batch) == size or needed > room):
            batches.append(tuple(batch))
            batch, room = [], max_bytes
        batch.append(key)
        room -= needed
    return [*batches, *([tuple(batch)] if batch else []), *((key,) for key in keys if alone(key))]


def chunks(keys: Sequence[str], size: int) -> list[Batch]:
    return [tuple(keys[start : start + size]) for start in range(0, len(keys), size)]


def _refusal(name: str, status: int, said: str, cure: str) -> str:
    return (
        f"{name} refuses us ({status}{': ' if said else ''}{said}) and is not asked again in this run. {cure}, then "
        f"run the same command again; services.{name}.enabled = false goes on without it."
    )


def wrong_shape(service: str, what: str) -> ServiceUnavailable:
    """The error for a 200 that is not an answer, so that it never passes for "nothing found"."""
    return unreadable(service, f"with something else than {what}")


def _awaited(future: Future[Answer[str]], pool: Pool) -> Answer[str]:
    """The answer that another thread is asking for; Stopping as soon as the program stops."""
    patience_ends = time.monotonic() + WAIT_FOR_OTHERS_SECONDS
    while not wait((future,), timeout=_POLL_SECONDS).done:
        pool.check_running()
        if time.monotonic() >= patience_ends:
            return NoAnswer("another thread is still asking this")
    return future.result()


def _excerpt(response: HttpResponse, request: HttpRequest) -> str:
    """What the service said; some repeat the key that they do not like."""
    return redact(" ".join(response.text().split()), secrets_of(request))[:300]


def secrets_of(request: HttpRequest) -> list[str]:
    """The words of its headers that may be a key."""
    values = (value for name, value in pairs(request.headers) if name.lower() not in _HARMLESS)
    return [word for value in values for word in (value, value.rpartition(" ")[2])]

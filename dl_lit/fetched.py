"""The built-in catalogue: what services answered for one library, remembered for all libraries of the user.

Here the services, the index of prints and the file meet. Records are kept as they came, so that nobody is asked for
them again while they are fresh; works can also be found by what is printed (`enrichment.cascade`, step 0).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dl_lit.cached_extractor import cache_path
from dl_lit.catalogue.features import of_print, sure_of_work
from dl_lit.config import Settings
from dl_lit.errors import DatabaseUnusable, UsageError
from dl_lit.identity import titles
from dl_lit.model import Reference, Work
from dl_lit.services.base import NEGATIVE_SECONDS, RECORD_SECONDS, Cache, Cached
from dl_lit.services.registry import OFFERS
from dl_lit.store.fetched_file import NAME, SETTLED, Described, FetchedFile, FetchedStats, Likely
from dl_lit.store.shared_file import SPOILT, empty, is_damage, remove

SERVICE = "fetched"
MOST = 8  # candidates for a print, as of a catalogue
# Whose records are whole, those who say best what was published first. The others' have no volumes, pages or years.
WHOLE = ("crossref", "arxiv", "datacite", "doi", "openalex", "europepmc", "doaj", "hal", "openlibrary", "dnb", "zenodo")
# Keys that ask for one record; lists and searches are worth less than their bytes to another library.
_RECORD_KEYS = ("doi:", "id:", "pmid:", "pmcid:", "isbn:", "ids.openalex:")
_CURE = (
    "Make room or give write permission there, switch it off with catalogue.fetched = false, or begin anew with: "
    "dl-lit cache clear --fetched"
)
# What a payload that is none of ours leads to, too: a flipped bit in it is nothing that SQLite would notice.
_FAULTS = (sqlite3.Error, OSError, *SPOILT)


@dataclass(frozen=True, slots=True)
class _Kept:
    payload: str | None


class Fetched:
    """A cache of answers before which that of the library stands, and a catalogue of the works in them.

    A file that fails is told of once and left alone from then on: it costs calls, never a row.
    """

    def __init__(self, file: FetchedFile, tell: Callable[[str], None]) -> None:
        self._file = file
        self._tell = tell
        self._lock = threading.Lock()
        self._failed = False

    def behind(self, cache: Cache) -> Cache:
        """`cache`, which also gives and is given what is kept here."""
        return _Behind(cache, self)

    def records(self, service: str, keys: Sequence[str]) -> Mapping[str, str]:
        wanted = [key for key in keys if _names_a_record(service, key)]
        found: Mapping[str, str] = {}
        if wanted and not self._failed:
            with self._unless_it_fails():
                found = self._file.records(service, wanted)
        return found

    def keep_records(self, service: str, answers: Mapping[str, str | None], seconds: float) -> None:
        """Only whole records: not what was searched for, nor that there is nothing."""
        records = {key: text for key, text in answers.items() if text is not None and _names_a_record(service, key)}
        if records and not self._failed:
            with self._unless_it_fails():
                self._file.keep_records(service, records, seconds)

    def hears(self, service: str, works: Sequence[Work]) -> None:
        """Works that a service has just sent."""
        described = [_described(service, work) for work in works if service in WHOLE and is_whole(work)]
        if described and not self._failed:
            with self._unless_it_fails():
                self._file.keep_works(described, RECORD_SECONDS)

    def settles(self, works: Sequence[Work]) -> None:
        """Works that a search found when all who could know a better record had answered: that there is none holds as
        long as any "nothing"."""
        described = [
            Described(f"settled {_name(work)}", work, SETTLED, frozenset(sure_of_work(work))) for work in works
        ]
        if described and not self._failed:
            with self._unless_it_fails():
                self._file.keep_works(described, NEGATIVE_SECONDS)

    def helpings(self, reference: Reference) -> Iterator[Sequence[Likely]]:
        """Works that could be what is printed, by its identifiers, numbers and dated names alone: what has none of them
        in common is not sure enough to spare a search."""
        if self._failed:
            return
        found: Sequence[Likely] = ()
        with self._unless_it_fails():
            found = self._file.likely(of_print(reference).sure, MOST)
        yield found

    @contextmanager
    def _unless_it_fails(self) -> Iterator[None]:
        try:
            yield
        except _FAULTS as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        with self._lock:
            first, self._failed = not self._failed, True
        if first:
            aside = _put_aside(self._file.path) if is_damage(error) else ""
            self._tell(f"This run does without the built-in catalogue {self._file.path} ({error}).{aside} {_CURE}")


class _Behind:
    """The library's cache first; what it lacks comes from what was fetched for any library."""

    def __init__(self, cache: Cache, fetched: Fetched) -> None:
        self._cache = cache
        self._fetched = fetched

    def cache_get_many(self, service: str, keys: Sequence[str]) -> Mapping[str, Cached]:
        found = dict(self._cache.cache_get_many(service, keys))
        more = self._fetched.records(service, [key for key in keys if key not in found])
        return found | {key: _Kept(payload) for key, payload in more.items()}

    def cache_put_many(self, service: str, answers: Mapping[str, str | None], ttl_seconds: float) -> None:
        self._cache.cache_put_many(service, answers, ttl_seconds)
        self._fetched.keep_records(service, answers, ttl_seconds)


@contextmanager
def remembering(settings: Settings, tell: Callable[[str], None]) -> Iterator[Fetched | None]:
    """The built-in catalogue; None where the settings forbid one, or it cannot be opened."""
    file = _opened(settings, tell) if settings.catalogue.fetched else None
    if file is None:
        yield None
        return
    with closing(file):
        yield Fetched(file, tell)


def fetched_path(settings: Settings) -> Path:
    """Where the built-in catalogue is, or would be; UsageError where the user has no home."""
    return cache_path(settings.extraction).with_name(NAME)


def look_at_fetched(settings: Settings) -> FetchedStats | None:
    """None when nothing was ever kept; raises DatabaseUnusable when a run could not use it."""
    if not fetched_path(settings).exists():
        return None
    with _used(settings) as file:
        return file.stats()


def clear_fetched(settings: Settings) -> int:
    """Drops all that is kept, a damaged file as a whole; returns how many (of a damaged file 0)."""
    return empty(fetched_path(settings), lambda: _used(settings))


def world_of(settings: Settings) -> str:
    """Names the services as they are addressed: what another address answered is another world's."""
    addresses = [f"{name} {settings.services.named(name).base_url}" for name in sorted(OFFERS)]
    return sha256("\n".join(addresses).encode()).hexdigest()[:16]


def is_whole(work: Work) -> bool:
    """Whether the record says enough to be told from another work by."""
    return bool(work.title and work.year and (work.authors or work.editors))


def _opened(settings: Settings, tell: Callable[[str], None]) -> FetchedFile | None:
    try:
        path = fetched_path(settings)
    except UsageError as error:
        tell(error.message)
        return None
    try:
        return _file(settings)
    except _FAULTS as error:
        if not is_damage(error):
            tell(f"This run does without the built-in catalogue {path} ({error}). {_CURE}")
            return None
        tell(f"The built-in catalogue {path} is damaged ({error}).{_put_aside(path)} A new one was begun.")
    try:
        return _file(settings)
    except _FAULTS as error:
        tell(f"This run does without the built-in catalogue {path} ({error}). {_CURE}")
        return None


def _file(settings: Settings) -> FetchedFile:
    return FetchedFile(fetched_path(settings), world_of(settings), settings.catalogue.fetched_mb << 20)


@contextmanager
def _used(settings: Settings) -> Iterator[FetchedFile]:
    path = fetched_path(settings)
    try:
        with closing(_file(settings)) as file:
            yield file
    except _FAULTS as error:
        raise DatabaseUnusable(
            f"The built-in catalogue {path} cannot be used ({error}). {_CURE}", path=str(path)
        ) from error


def _put_aside(path: Path) -> str:
    """Out of the way of the next run, for whoever wants to look at it; says where it is."""
    aside = path.with_name(f"{path.name}.damaged")
    try:
        path.replace(aside)
        remove(path)  # its journals
    except OSError:
        return ""
    return f" It was put aside as {aside}."


def _names_a_record(service: str, key: str) -> bool:
    return service in WHOLE and key.startswith(_RECORD_KEYS)


def _described(service: str, work: Work) -> Described:
    return Described(_name(work), work, WHOLE.index(service), frozenset(sure_of_work(work)))


def _name(work: Work) -> str:
    """The same for all records of a work that has a DOI; of one that has none, for equal records."""
    if work.doi:
        return f"doi:{work.doi}"
    if work.openalex_id:
        return f"openalex:{work.openalex_id}"
    first = next(iter(work.authors or work.editors), None)
    said = (titles.key(work.title or ""), work.subtitle, first, work.year, work.volume, work.pages, work.isbn)
    return "print:" + sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:32]

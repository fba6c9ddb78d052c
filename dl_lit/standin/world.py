"""The world made from the catalogue and a seed: which works are open, where their copies lie, what the indexes know.

Everything here is a function of the catalogue and the seed; nothing depends on the order of requests.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dl_lit.model import CopyVersion
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.standin.hosts import HOSTS, OBTAINABLE, Gives, Host, Quirk, with_quirk
from dl_lit.standin.parasites import parasites_of

# Share of the works of a type that have an open copy; the real world's mean is 37 %, cited works have more.
OPEN_SHARE = {
    "journal-article": 0.55,
    "proceedings-article": 0.65,
    "posted-content": 1.0,
    "dissertation": 0.7,
    "report": 0.7,
    "book-chapter": 0.2,
    "book": 0.15,
}
FIRST_COPY_WORKS = 0.64  # share of the open works whose best location gives the file
SECOND_COPY_SHARE = 0.78  # share of the others that have another location, which does
CRAWL_DELAY_SHARE = 0.25  # of the works of another host: else two seconds a request would set the pace of a whole run
MAX_TROUBLED = 4  # works that a BUSY or ON_DEMAND host makes wait: fewer than end a host
DATACITE_PREFIXES = ("10.48550/", "10.5281/", "10.6084/", "10.5072/")


@dataclass(frozen=True, slots=True)
class Copy:
    """An open copy at a host. Addresses are complete once the port is known (`Addresses`)."""

    host: Host
    slug: str
    version: CopyVersion
    licence: str | None
    troubled: bool = False

    @property
    def landing_path(self) -> str:
        return self.host.landing.format(slug=self.slug)

    @property
    def pdf_path(self) -> str:
        return self.host.pdf.format(slug=self.slug)


@dataclass(frozen=True, slots=True)
class Entry:
    """A work and what the services know of it. `copies` are in the order of the indexes, the best one first."""

    work: CatalogueWork
    openalex_id: str
    oa_status: str
    copies: tuple[Copy, ...] = ()
    embargoed: tuple[Copy, ...] = ()
    in_crossref: bool = True
    in_openalex: bool = True
    in_unpaywall: bool = True
    old_openalex_id: str | None = None
    is_parasite: bool = False

    @property
    def doi(self) -> str | None:
        return self.work.doi.lower() if self.work.doi else None


@dataclass(frozen=True, slots=True)
class World:
    """All entries, and the ways to find them."""

    seed: int
    entries: tuple[Entry, ...]
    by_doi: Mapping[str, Entry]
    by_openalex: Mapping[str, Entry]
    by_pmid: Mapping[str, Entry]
    by_arxiv: Mapping[str, Entry]
    by_key: Mapping[str, Entry]
    merged: Mapping[str, str]
    held: Mapping[tuple[str, str], tuple[Entry, Copy]] = field(repr=False)

    def randomness(self, *parts: str) -> random.Random:
        return seeded(self.seed, *parts)

    def other_than(self, entry: Entry) -> Entry:
        """Another work, always the same one: for hosts that mix works up."""
        real = [one for one in self.entries if not one.is_parasite and one.work.title != entry.work.title]
        return self.randomness("other", entry.work.key).choice(real) if real else entry


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of the world once its port is known."""

    port: int

    @property
    def services(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def doi(self, doi: str) -> str:
        return f"{self.services}/doi/{doi}"

    def at(self, host: Host, path: str) -> str:
        return f"http://{host.address}:{self.port}{path}"

    def pdf(self, copy: Copy) -> str | None:
        """What an index gives as the address of the PDF."""
        return None if copy.host.gives is Gives.LANDING else self.at(copy.host, copy.pdf_path)

    def landing(self, entry: Entry, copy: Copy) -> str:
        """What an index gives as the landing page: the DOI for publishers, the page itself for repositories."""
        if copy.host.is_publisher and entry.doi:
            return self.doi(entry.doi)
        return self.at(copy.host, copy.landing_path)


def seeded(seed: int, *parts: str) -> random.Random:
    return random.Random("|".join((str(seed), *parts)))


def build_world(works: Sequence[CatalogueWork], seed: int) -> World:
    entries = [_entry(work, seed) for work in works]
    entries += [_parasite(work, seed) for entry in entries for work in parasites_of(entry.work, seed)]
    return _world(_limit_trouble(entries), seed)


def with_copies(world: World, copies: Mapping[str, Sequence[Copy]]) -> World:
    """The same world with other copies: those given of a work's key, and none of works that have no entry there."""
    entries = [replace(entry, copies=tuple(copies.get(entry.work.key, ())), embargoed=()) for entry in world.entries]
    return _world([replace(entry, oa_status=_status(entry.copies)) for entry in entries], world.seed)


def _world(entries: Sequence[Entry], seed: int) -> World:
    return World(
        seed=seed,
        entries=tuple(entries),
        by_doi={entry.doi: entry for entry in reversed(entries) if entry.doi},
        by_openalex={entry.openalex_id: entry for entry in entries if entry.in_openalex},
        by_pmid={entry.work.pmid: entry for entry in entries if entry.work.pmid},
        by_arxiv={entry.work.arxiv: entry for entry in entries if entry.work.arxiv},
        by_key={entry.work.key: entry for entry in entries},
        merged={entry.old_openalex_id: entry.openalex_id for entry in entries if entry.old_openalex_id},
        held=_holdings(entries),
    )


def _holdings(entries: Iterable[Entry]) -> dict[tuple[str, str], tuple[Entry, Copy]]:
    found = {}
    for entry in entries:
        for copy in (*entry.copies, *entry.embargoed):
            found[copy.host.address, copy.slug] = (entry, copy)
            if copy.host.quirk is Quirk.ARXIV and entry.work.arxiv:
                found[copy.host.address, entry.work.arxiv] = (entry, copy)
    return found


def _openalex_id(key: str, seed: int) -> str:
    return f"W{int.from_bytes(hashlib.sha256(f'{seed}|{key}'.encode()).digest()[:4]) + 1_000_000_000}"


def _entry(work: CatalogueWork, seed: int) -> Entry:
    chance = seeded(seed, "work", work.key)
    copies = _copies(work, chance)
    closed = not copies
    datacite = work.doi is not None and work.doi.lower().startswith(DATACITE_PREFIXES)
    embargoed = (_copy(work, with_quirk(Quirk.DIRECT), chance),) if closed and chance.random() < 0.03 else ()
    return Entry(
        work=work,
        openalex_id=_openalex_id(work.key, seed),
        oa_status=_status(copies),
        copies=copies,
        embargoed=embargoed,
        in_crossref=bool(work.doi) and not datacite,
        in_unpaywall=bool(work.doi) and not datacite and chance.random() > 0.02,
        old_openalex_id=_openalex_id(f"old {work.key}", seed) if chance.random() < 0.03 else None,
    )


def _parasite(work: CatalogueWork, seed: int) -> Entry:
    erratum = work.key.endswith(("-correction", "-reprint"))
    return Entry(work, _openalex_id(work.key, seed), "closed", in_openalex=erratum, is_parasite=True)


def _copies(work: CatalogueWork, chance: random.Random) -> tuple[Copy, ...]:
    is_open = chance.random() < OPEN_SHARE.get(work.type, 0.3)
    works_at_once = chance.random() < FIRST_COPY_WORKS
    has_second = chance.random() < SECOND_COPY_SHARE
    preprint = (_copy(work, with_quirk(Quirk.ARXIV), chance),) if work.arxiv else ()
    if not is_open or (work.type == "posted-content" and preprint):
        return preprint
    if works_at_once:
        return (_copy(work, _pick(work, chance, obtainable=True), chance), *preprint)
    bad = _pick(work, chance, obtainable=False)
    if preprint or not has_second:
        return (_copy(work, bad, chance), *preprint)
    good = _pick(work, chance, obtainable=True, publisher=not bad.is_publisher)
    return (_copy(work, bad, chance), _copy(work, good, chance))


def _pick(work: CatalogueWork, chance: random.Random, *, obtainable: bool, publisher: bool = True) -> Host:
    """A host for a copy. A work has one publisher at most, for its DOI leads to one page, and none without a DOI."""
    fitting = [
        host
        for host in HOSTS
        if not host.rare
        and (host.quirk in OBTAINABLE) == obtainable
        and host.quirk is not Quirk.ARXIV
        and (not host.is_publisher or (publisher and work.doi is not None))
    ]
    weights = [CRAWL_DELAY_SHARE if host.quirk is Quirk.CRAWL_DELAY else 1.0 for host in fitting]
    return chance.choices(fitting, weights)[0]


def _copy(work: CatalogueWork, host: Host, chance: random.Random) -> Copy:
    if host.quirk is Quirk.ARXIV:
        return Copy(host, f"{work.arxiv}v{chance.randint(1, 5)}", CopyVersion.SUBMITTED, None)
    version = CopyVersion.PUBLISHED if host.is_publisher else chance.choice(list(CopyVersion))
    licence = chance.choice(("cc-by", "cc-by", "cc-by-nc-nd", "cc-by-sa", None))
    troubled = host.quirk in (Quirk.BUSY, Quirk.ON_DEMAND) and chance.random() < 0.5
    return Copy(host, work.key, version, licence, troubled)


def _status(copies: Sequence[Copy]) -> str:
    if not copies:
        return "closed"
    published = next((copy for copy in copies if copy.host.is_publisher), None)
    if published is None:
        return "green"
    return "bronze" if published.licence is None else "gold" if published.licence == "cc-by" else "hybrid"


def _limit_trouble(entries: Iterable[Entry]) -> list[Entry]:
    """At most MAX_TROUBLED works wait at a host: more failures in a row would end it for the run of a client."""
    seen: defaultdict[str, int] = defaultdict(int)

    def calmed(copy: Copy) -> Copy:
        seen[copy.host.address] += copy.troubled
        return replace(copy, troubled=False) if seen[copy.host.address] > MAX_TROUBLED else copy

    return [replace(entry, copies=tuple(calmed(copy) for copy in entry.copies)) for entry in entries]

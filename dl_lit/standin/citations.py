"""Facts that the catalogue has not, made up for the world: what a work cites, and its place in PubMed Central."""

from __future__ import annotations

import hashlib

from dl_lit.model import Person
from dl_lit.standin.world import Entry, World

LISTED_SHARE = 0.85  # of the works have an open reference list
FEWEST, MOST = 4, 30


def cited_by(world: World, entry: Entry) -> tuple[Entry, ...]:
    """What a work cites, in the order of its list: always the same older works, and for some works nothing."""
    chance = world.randomness("cites", entry.work.key)
    if entry.is_parasite or entry.doi is None or chance.random() > LISTED_SHARE:
        return ()
    older = [
        one for one in world.entries if not one.is_parasite and one is not entry and one.work.year <= entry.work.year
    ]
    return tuple(chance.sample(older, min(len(older), chance.randint(FEWEST, MOST))))


def pmcid_of(entry: Entry) -> str | None:
    """The PMCID of an open work in PubMed."""
    if entry.work.pmid is None or not entry.copies:
        return None
    return f"PMC{int.from_bytes(hashlib.sha256(entry.work.key.encode()).digest()[:3]) + 1_000_000}"


def full_name(person: Person) -> str:
    """ "Ada Lovelace"."""
    return person.name or " ".join(part for part in (person.given, person.family) if part)


def inverted_name(person: Person) -> str:
    """ "Lovelace, Ada"."""
    return person.name or ", ".join(part for part in (person.family, person.given) if part)


def whole_title(entry: Entry) -> str:
    return f"{entry.work.title}: {entry.work.subtitle}" if entry.work.subtitle else entry.work.title

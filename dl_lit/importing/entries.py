"""What files of other programs come down to: references to look for, each with the PDFs that it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dl_lit.identity import titles
from dl_lit.identity.names import inverted
from dl_lit.model import Reference, Work


@dataclass(frozen=True, slots=True)
class BibEntry:
    """`files` are paths as they are written there."""

    key: str
    reference: Reference
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bibliography:
    """`problems` tells of entries that could not be read; `folders` are those that the file says its PDFs are in."""

    entries: tuple[BibEntry, ...]
    problems: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()


def reference_of(work: Work, key: str, position: int) -> Reference:
    """With a print made up of what is known, for searches; `key` is the name that the file gives it."""
    names = ("authors", "editors", "year", "container", "volume", "issue", "pages", "publisher", "place", "type")
    identifiers = ("doi", "arxiv", "pmid", "pmcid", "isbn", "issn", "url", "language")
    title = titles.whole(work) or None
    return Reference(
        raw=as_printed(work),
        position=position,
        label=key,
        title=title,
        year_text=None if work.year is None else str(work.year),
        **{name: getattr(work, name) for name in (*names, *identifiers)},
    )


def as_printed(work: Work) -> str:
    """One line in the order of most styles, as searches with a whole printed string want it."""
    people = ", ".join(inverted(person) for person in work.authors or work.editors)
    title = titles.whole(work) or None
    volume = f"{work.volume or ''}{f'({work.issue})' if work.issue else ''}"
    place = ", ".join(filter(None, (work.container, volume, work.pages)))
    published = ": ".join(filter(None, (work.place, work.publisher)))
    parts: Sequence[str | None] = (
        " ".join(filter(None, (people, f"({work.year})" if work.year else ""))),
        title,
        place,
        published,
        f"doi:{work.doi}" if work.doi else None,
        f"arXiv:{work.arxiv}" if work.arxiv else None,
        *(_numbers(work) if title is None else ()),
    )
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def _numbers(work: Work) -> tuple[str | None, ...]:
    """Of a work that nothing else is known of."""
    return (f"PMID:{work.pmid}" if work.pmid else None, work.pmcid, f"ISBN {work.isbn}" if work.isbn else None)

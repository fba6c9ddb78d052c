"""What the cascade will do with printed references, as far as that can be known without asking anybody.

The steps that send nothing (catalogues, the built-in one) are taken; of the others it is counted what they ask, in the
cascade's order. What a service will find is left to `planning`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dl_lit.enrichment import searching
from dl_lit.enrichment.cascade import ask_locally, is_searchable
from dl_lit.enrichment.case import Case
from dl_lit.enrichment.local import Catalogues, FetchedWorks
from dl_lit.enrichment.matching import decide
from dl_lit.enrichment.vocabulary import UNINDEXED
from dl_lit.identity import raw
from dl_lit.identity.numbers import first_number
from dl_lit.model import NoMetadataRow, Reference

# In this order they are asked for (`enrichment.identifiers`), each kind for what the kinds before it have not settled.
IDENTIFIERS = ("doi", "arxiv", "pmid", "pmcid", "isbn")

Known = Callable[[str, Sequence[str]], int]


@dataclass(frozen=True, slots=True)
class Paper:
    """One file: what it prints, and whether its own DOI is known, so that others' lists of what it cites can be had."""

    references: Sequence[Reference]
    has_doi: bool = False


@dataclass(frozen=True, slots=True)
class Searched:
    """`count` references that must be searched for. `whole` if the string is, `free` and `by_title` if the title is:
    who is asked for it without a price, and whether the dear ones are when they do not know it."""

    kind: str | None
    whole: bool
    free: tuple[str, ...]
    by_title: bool
    in_lists: bool  # of a paper whose own DOI is known
    count: int = 1


@dataclass(frozen=True, slots=True)
class Printed:
    """What the references of some files print, each work's print counted once where it is the same.

    `dois`, `arxiv` and so on are what is asked for; a print with an ISBN is searched for too, if that does not find it.
    `local` are settled by catalogues, `local_dois` of them with a DOI. `kept` is, by service, of how many of all these
    DOIs the record is kept already.
    """

    references: int = 0
    dois: int = 0
    arxiv: int = 0
    pmids: int = 0
    pmcids: int = 0
    isbns: int = 0
    searches: int = 0  # none of these, and enough to search with
    unsearchable: int = 0
    repeated: int = 0
    local: int = 0
    local_dois: int = 0
    papers: int = 0  # files with a DOI of their own
    kept: Mapping[str, int] = field(default_factory=dict)
    searched: tuple[Searched, ...] = ()


def count(
    papers: Iterable[Paper],
    catalogues: Catalogues | None = None,
    fetched: FetchedWorks | None = None,
    known: Known = lambda service, keys: 0,
) -> Printed:
    """`known` tells how many of a service's records, by their keys, are kept already."""
    counting = _Counting(catalogues, fetched)
    for paper in papers:
        counting.papers += paper.has_doi
        for reference in paper.references:
            counting.add(reference, paper)
    return counting.printed(known)


class _Counting:
    def __init__(self, catalogues: Catalogues | None, fetched: FetchedWorks | None) -> None:
        self._catalogues = catalogues
        self._fetched = fetched
        self._seen: set[object] = set()
        self._kinds: Counter[str] = Counter()
        self._searched: Counter[Searched] = Counter()
        self._printed_dois: list[str] = []
        self._local_dois: set[str] = set()
        self.papers = 0

    def add(self, reference: Reference, paper: Paper) -> None:
        case = Case.of(NoMetadataRow(0, reference, 0))
        self._kinds["references"] += 1
        names = set(_names(case.reference))
        repeated = not names.isdisjoint(self._seen)
        self._seen |= names
        if repeated:
            self._kinds["repeated"] += 1
            return
        ask_locally(case, self._catalogues, self._fetched)
        if case.is_accepted:
            self._settle(case)
        else:
            self._ask(case.reference, paper)

    def _settle(self, case: Case) -> None:
        self._kinds["local"] += 1
        work = decide(case.reference, case.evidence).work
        if work is not None and work.doi:
            self._local_dois.add(work.doi)

    def _ask(self, reference: Reference, paper: Paper) -> None:
        kind = next((name for name in IDENTIFIERS if getattr(reference, name)), None)
        if kind is not None:
            self._kinds[kind] += 1
        elif is_searchable(reference):
            self._kinds["search"] += 1
        else:
            self._kinds["unsearchable"] += 1
        if kind == "doi" and reference.doi:
            self._printed_dois.append(reference.doi)
        if kind in (None, "isbn") and is_searchable(reference):
            self._searched[_search_of(reference, paper)] += 1

    def printed(self, known: Known) -> Printed:
        kinds = self._kinds
        keys = [f"doi:{doi}" for doi in dict.fromkeys([*self._printed_dois, *self._local_dois])]
        return Printed(
            references=kinds["references"],
            **{f"{name}s" if name != "arxiv" else name: kinds[name] for name in IDENTIFIERS},
            searches=kinds["search"],
            unsearchable=kinds["unsearchable"],
            repeated=kinds["repeated"],
            local=kinds["local"],
            local_dois=len(self._local_dois),
            papers=self.papers,
            kept={service: known(service, keys) for service in ("crossref", "openalex")} if keys else {},
            searched=tuple(_counted(one, number) for one, number in self._searched.items()),
        )


def _counted(one: Searched, number: int) -> Searched:
    return Searched(one.kind, one.whole, one.free, one.by_title, one.in_lists, number)


def _search_of(reference: Reference, paper: Paper) -> Searched:
    titled = searching.has_title(reference)
    return Searched(
        kind=reference.type,
        whole=reference.type not in UNINDEXED,
        free=tuple(searching.who_knows(reference)) if titled else (),
        by_title=titled,
        in_lists=paper.has_doi,
    )


def _names(reference: Reference) -> Iterator[object]:
    """By any of which a later print of the same work is known again: the library is looked at before a search."""
    yield from ((kind, value) for kind in IDENTIFIERS[:-1] if (value := getattr(reference, kind)))
    if key := raw.key(reference.raw):
        yield "raw", key
    year, volume, page = reference.year, first_number(reference.volume), first_number(reference.pages)
    if year and volume and page:
        yield "place", year, volume, page

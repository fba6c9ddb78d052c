"""Searches by keyword: the library, local catalogues, OpenAlex and Crossref asked in turn, each answer checked, and the
same work of several sources made one.

Services are sent more than was asked for (`keywords.questions`) and pages of their answers are read until enough works
fit; a library and catalogues are read whole. What is told of each source says how far that went.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Protocol

from dl_lit.keywords import questions
from dl_lit.keywords.checking import fits, may_fit
from dl_lit.keywords.language import Field, Node, at_least, terms
from dl_lit.model import Answer, Found, NoAnswer, Twin, Work
from dl_lit.queueing.dedup import find_twin
from dl_lit.queueing.filters import Filters, is_about_another
from dl_lit.queueing.ranking import relevance
from dl_lit.relations import Hits
from dl_lit.store.merging import combine

SOURCES = ("library", "catalogue", "openalex", "crossref")
PAGE = 100
MOST_PAGES = {"openalex": 3, "crossref": 5}  # of OpenAlex at ten credits each
MOST_NAMESAKES = 20  # that a result is compared with; "Introduction" has thousands
_ANYWHERE = frozenset(Field)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is searched for: a query, and what a work must be like besides. `limit` works are wanted."""

    query: Node
    filters: Filters
    limit: int = 50

    def fits(self, work: Work) -> bool:
        closed = self.filters.open_only and not work.is_oa  # here an open copy must be known
        unasked = is_about_another(work) and work.type not in self.filters.types
        return not (closed or unasked) and self.filters.objection(work) is None and fits(self.query, work)


@dataclass(frozen=True, slots=True)
class Told:
    """What a source gave: of `looked_at` works `fitting`; `total` is what it says that there is for what it was sent.

    `silent` is why it gave no answer, or none to the end; `unasked` why it was not asked at all.
    """

    looked_at: int = 0
    fitting: int = 0
    total: int | None = None
    silent: str | None = None
    unasked: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A work, who found it, and its id in the library if it is there."""

    work: Work
    found_by: tuple[str, ...]
    reference_id: int | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """The results, best first, and what each source that was asked gave."""

    results: tuple[Result, ...]
    told: Mapping[str, Told] = field(default_factory=dict)


class Keywords(Protocol):
    """A service that searches by words."""

    def keyword_page(self, query: str, conditions: str = ..., page: int = ...) -> Answer[Hits]: ...


@dataclass(frozen=True, slots=True)
class Places:
    """Where to search; None: not there, or not wanted. `library` gives (id, work)."""

    library: Callable[[], Iterable[tuple[int, Work]]] | None = None
    catalogues: Callable[[Callable[[str], bool]], Iterable[Work]] | None = None
    openalex: Keywords | None = None
    crossref: Keywords | None = None


def search(wish: Wish, places: Places) -> Search:
    """All that fits, from all places, the works nearest to the query's words first. Stopping passes through."""
    found: list[Result] = []
    told: dict[str, Told] = {}
    for name, ask in _asked(wish, places):
        results, told[name] = ask()
        found += results
    ranked = sorted(_united(found), key=partial(_rank, _words(wish.query)))
    return Search(tuple(ranked[: wish.limit]), told)


def _asked(wish: Wish, places: Places) -> Iterator[tuple[str, Callable[[], tuple[list[Result], Told]]]]:
    if places.library is not None:
        yield "library", partial(_in_library, wish, places.library)
    if places.catalogues is not None:
        yield "catalogue", partial(_in_catalogues, wish, places.catalogues)
    if places.openalex is not None:
        yield "openalex", partial(_at_service, wish, places.openalex, "openalex", _openalex_conditions(wish.filters))
    if places.crossref is not None:
        yield "crossref", partial(_at_service, wish, places.crossref, "crossref", _crossref_conditions(wish.filters))


# ── the places ───────────────────────────────────────────────────────────────────────────────────────────


def _in_library(wish: Wish, library: Callable[[], Iterable[tuple[int, Work]]]) -> tuple[list[Result], Told]:
    looked_at = 0
    found = []
    for reference_id, work in library():
        looked_at += 1
        if wish.fits(work):
            found.append(Result(work, ("library",), reference_id))
    return found, Told(looked_at, len(found))


def _in_catalogues(
    wish: Wish, catalogues: Callable[[Callable[[str], bool]], Iterable[Work]]
) -> tuple[list[Result], Told]:
    """A catalogue has no abstracts: what a query says of them it cannot show."""
    wanted = at_least(wish.query, _ANYWHERE)
    looked_at = 0

    def may(line: str) -> bool:
        nonlocal looked_at
        looked_at += 1
        return wanted is None or may_fit(wanted, line)

    found = [Result(work, ("catalogue",)) for work in catalogues(may) if wish.fits(work)]
    return found, Told(looked_at, len(found))


_QUESTIONS = {"openalex": questions.for_openalex, "crossref": questions.for_crossref}


def _at_service(wish: Wish, service: Keywords, name: str, conditions: str) -> tuple[list[Result], Told]:
    """Pages until enough fit."""
    asked = _QUESTIONS[name](wish.query)
    if asked is None:
        return [], Told(unasked="it searches titles and abstracts, of which the query does not say enough")
    found: list[Result] = []
    told = Told()
    for page in range(1, MOST_PAGES[name] + 1):
        answer = service.keyword_page(asked, conditions, page)
        if isinstance(answer, NoAnswer):
            return found, replace(told, silent=answer.reason)
        hits = answer.value if isinstance(answer, Found) else Hits(())
        found += [Result(work, (name,)) for work in hits.works if wish.fits(work)]
        told = replace(told, looked_at=told.looked_at + len(hits.works), fitting=len(found), total=hits.total)
        if len(found) >= wish.limit or len(hits.works) < PAGE:
            break
    return found, told


def _openalex_conditions(filters: Filters) -> str:
    first, last = filters.from_year, filters.to_year
    years = [f"publication_year:{first or ''}-{last or ''}"] if first is not None or last is not None else []
    return ",".join(years + (["is_oa:true"] if filters.open_only else []))


def _crossref_conditions(filters: Filters) -> str:
    """A year more on both sides: its filters go by another of its dates than the one that we show."""
    conditions = [f"from-pub-date:{filters.from_year - 1}"] if filters.from_year is not None else []
    conditions += [f"until-pub-date:{filters.to_year + 1}"] if filters.to_year is not None else []
    return ",".join(conditions + [f"type:{kind}" for kind in filters.types])


# ── one work, one result ─────────────────────────────────────────────────────────────────────────────────


def _united(found: Sequence[Result]) -> Sequence[Result]:
    """Results that are one work made one, by the rules by which the library merges works.

    Again as long as that changes anything: a record that got its authors by a merge may be the same as a third one.
    """
    while len(united := _united_once(found)) < len(found):
        found = united
    return united


def _united_once(found: Iterable[Result]) -> list[Result]:
    united: list[Result] = []
    by_name: dict[str, list[int]] = {}
    for result in found:
        near = dict.fromkeys(place for name in _names(result.work) for place in by_name.get(name, [])[:MOST_NAMESAKES])
        twin = find_twin(result.work, [(Twin("", place, ""), united[place].work) for place in near])
        place = len(united) if twin is None else twin.id
        if twin is None:
            united.append(result)
        else:
            united[place] = _both(united[place], result)
        for name in _names(united[place].work):
            if place not in by_name.setdefault(name, []):
                by_name[name].append(place)
    return united


def _names(work: Work) -> Iterator[str]:
    """What two records of one work have in common, one of these at least."""
    identifiers = (work.doi, work.openalex_id, work.arxiv, work.pmid, work.pmcid)
    yield from (one for one in identifiers if one is not None)
    yield " ".join(islice((work.title or "").casefold().split(), 4))


def _both(a: Result, b: Result) -> Result:
    found_by = tuple(dict.fromkeys((*a.found_by, *b.found_by)))
    return Result(combine([a.work, b.work]), found_by, a.reference_id or b.reference_id)


def _words(query: Node) -> frozenset[str]:
    return frozenset(word for term in terms(query) if term.field is not Field.AUTHOR for word in term.words)


def _rank(words: frozenset[str], result: Result) -> tuple[float, int, int, str]:
    work = result.work
    return -relevance(work, words), -(work.cited_by_count or 0), -(work.year or 0), work.doi or work.title or ""

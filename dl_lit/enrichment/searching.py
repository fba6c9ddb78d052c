"""Steps 4 to 7 of the cascade: the searches, each dearer than the one before it, routed by what kind of work is cited.

Crossref's search takes the whole printed string. The others take the title, so that they are asked only where one is
printed: first who is free and knows this kind, all at once; then Semantic Scholar (with a key); OpenAlex, whose
credits are few, comes last. Who lags just now is asked after all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from dl_lit.enrichment.case import Case
from dl_lit.enrichment.sources import Services, Works
from dl_lit.enrichment.vocabulary import BOOKS, CHAPTERS, UNINDEXED
from dl_lit.identity import titles
from dl_lit.model import Found, NoAnswer, Reference
from dl_lit.together import at_once

SEARCH_ROWS = 10
WHOLE, TITLE = QUERIES = ("bibliographic", "title")  # as they stand in the evidence
# Letters below which a title finds too much and proves too little.
SHORTEST_TITLE = 12

_FREE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(BOOKS, ("openlibrary", "dnb")),
        **dict.fromkeys(CHAPTERS, ()),  # the services of books know no chapters
        "dissertation": ("datacite", "hal", "dnb"),
        "report": ("datacite", "zenodo"),
        "posted-content": ("datacite", "hal"),
        "dataset": ("datacite", "zenodo"),
        "journal-article": ("europepmc", "doaj"),
        "proceedings-article": (),
    }
)
_FREE_ELSE = ("datacite",)  # web pages, software, and what the print does not tell the kind of
_LANGUAGES: Mapping[str, frozenset[str]] = MappingProxyType({"dnb": frozenset({"de"}), "hal": frozenset({"fr", "en"})})
_TAKE_AUTHORS = frozenset({"openlibrary", "dnb"})


@dataclass(frozen=True, slots=True)
class _Search:
    name: str
    ask: Callable[[], Works]
    lags: bool


def search_whole(services: Services, case: Case) -> None:
    """Crossref, with the whole string."""
    if services.crossref is None or case.reference.type in UNINDEXED:
        return
    answer = services.crossref.search(case.reference.raw, rows=SEARCH_ROWS)
    if isinstance(answer, NoAnswer):
        case.silent.append(answer)
    elif isinstance(answer, Found):
        case.hears_candidates(answer.value, service="crossref", query=WHOLE)


def search_titles(services: Services, case: Case) -> None:
    """The others, until one is accepted."""
    if not has_title(case.reference):
        return
    for wave in _waves(services, case.reference):
        answers = at_once([one.ask for one in wave])
        for one, answer in zip(wave, answers, strict=True):
            if isinstance(answer, Found):
                case.hears_candidates(answer.value, service=one.name, query=TITLE)
            elif isinstance(answer, NoAnswer):
                case.misses(answer)
        if case.is_accepted:
            return


def _waves(services: Services, reference: Reference) -> Iterator[Sequence[_Search]]:
    free = list(_free(services, reference))
    dear = list(_dear(services, reference))
    for lagging in (False, True):
        if wave := [one for one in free if one.lags is lagging]:
            yield wave
        yield from ([one] for one in dear if one.lags is lagging)


def who_knows(reference: Reference) -> Iterator[str]:
    """The free services that may have a work of this kind and language."""
    for name in _FREE.get(reference.type or "", _FREE_ELSE):
        tongues = _LANGUAGES.get(name)
        if tongues is None or reference.language is None or reference.language in tongues:
            yield name


def has_title(reference: Reference) -> bool:
    """Whether a title is printed that can be searched for, of a kind of work that is kept anywhere."""
    if reference.title is None or reference.type in UNINDEXED:
        return False
    return len(titles.key(reference.title)) >= SHORTEST_TITLE


def _free(services: Services, reference: Reference) -> Iterator[_Search]:
    for name in who_knows(reference):
        if (service := getattr(services, name)) is not None:
            author = (_first_author(reference),) if name in _TAKE_AUTHORS else ()
            yield _Search(name, partial(service.search_title, reference.title, *author), service.lags)


def _dear(services: Services, reference: Reference) -> Iterator[_Search]:
    title = reference.title or ""
    scholar = services.semanticscholar
    # Without a key it turns nearly every question away, and the world's other keyless users with it.
    if scholar is not None and scholar.has_key:
        yield _Search(scholar.name, partial(scholar.search_title, title), scholar.lags)
    openalex = services.openalex
    if openalex is not None:
        yield _Search(openalex.name, partial(openalex.search_title, title), openalex.lags)


def _first_author(reference: Reference) -> str | None:
    """The family name; organisations are spelt in too many ways to search by."""
    first = next(iter(reference.authors or reference.editors), None)
    return first.family if first is not None else None

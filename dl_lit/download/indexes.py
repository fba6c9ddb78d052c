"""Who is asked for copies of a work, and when: in rounds, each only if what came before gave no copy.

Machine routes, which lead to a file by rule, come first; the indexes that know most come before those that know little
or answer slowly. An index is asked only what it could know, and once.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from dl_lit.config import Settings
from dl_lit.identity import arxiv as arxiv_ids
from dl_lit.identity import pubmed, titles
from dl_lit.model import Answer, CopyVersion, Found, Location, NoAnswer, Nothing, Work
from dl_lit.services.arxiv import location_of
from dl_lit.services.core import BATCH_SIZE
from dl_lit.services.registry import ServiceSet
from dl_lit.together import at_once

Said = Iterator[Answer[tuple[Location, ...]]]
Question = Callable[[], Answer[Work]]
ByIdentifier = Callable[[Iterable[str]], Mapping[str, Answer[Work]]]

_ARTICLES = frozenset({"journal-article", "proceedings-article", "other", None})
_SAME_TITLE = 0.6
_MOST_ARCHIVED = 3  # as many dead addresses of one work are looked up
_OSF_DOI = re.compile(r"10\.(?!17605/)\d{4,9}/osf\.io/([a-z0-9]{4,10}(?:_v\d{1,3})?)")
# By OpenAlex's and Semantic Scholar's word its own publisher shows it, so that the DOI leads to it.
_OPEN_AT_PUBLISHERS = frozenset({"gold", "diamond", "hybrid", "bronze"})
_ZENODO_DOI = "10.5281/zenodo."
_REGISTRIES = frozenset({"crossref", "datacite"})


@dataclass(slots=True)
class Subject:
    """A work whose copies are looked for. Indexes add identifiers to it; `routed` are those whose route was taken."""

    work: Work
    arxiv: list[str] = field(default_factory=list)
    pmcids: list[str] = field(default_factory=list)
    gone: list[Location] = field(default_factory=list)  # files that an index called open, and that are dead
    routed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, work: Work, printed_url: str | None = None) -> Subject:
        subject = cls(work)
        subject.learn(work)
        if printed_url is not None:
            subject.learn(Work(locations=(Location("printed", landing_url=printed_url),)))
        return subject

    def learn(self, work: Work) -> None:
        """Pages of PubMed Central among the locations name its id, too."""
        identifier = work.arxiv or arxiv_ids.from_doi(work.doi)
        if identifier is not None and identifier not in self.arxiv:
            self.arxiv.append(identifier)
        pages = (url for one in work.locations for url in (one.pdf_url, one.landing_url))
        for pmcid in (work.pmcid, *map(pubmed.pmcid, pages)):
            if pmcid is not None and pmcid not in self.pmcids:
                self.pmcids.append(pmcid)


@dataclass(frozen=True, slots=True)
class Word:
    """What a round said: where copies are, and which indexes gave no answer."""

    locations: tuple[Location, ...] = ()
    silent: tuple[NoAnswer, ...] = ()


class Company:
    """DOIs of works that were put aside before CORE: who is asking takes some along, so that few calls do for many.

    What CORE said of those that were taken along is in the cache until their own turn; they are `known` until then.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._dois: dict[str, None] = {}
        self._known: set[str] = set()

    def join(self, doi: str) -> None:
        with self._lock:
            self._dois[doi] = None

    def taken_along_with(self, doi: str, most: int) -> list[str]:
        """Up to `most` DOIs, this one first; they are not in the company any more."""
        with self._lock:
            self._dois.pop(doi, None)
            others = list(self._dois)[: most - 1]
            for other in others:
                del self._dois[other]
        return [doi, *others]

    def learned(self, dois: Iterable[str]) -> None:
        with self._lock:
            self._known.update(dois)

    def knows(self, doi: str) -> bool:
        with self._lock:
            return doi in self._known

    def leave(self, doi: str) -> None:
        with self._lock:
            self._known.discard(doi)


@dataclass(frozen=True, slots=True)
class Indexes:
    """The rounds over the services of a run."""

    services: ServiceSet
    settings: Settings
    company: Company = field(default_factory=Company)

    @property
    def rounds(self) -> int:
        return len(_ROUNDS)

    def is_slow(self, number: int, subject: Subject) -> bool:
        """Whether the round would hold its thread up for long: its index allows little, or takes its time."""
        if _ROUNDS[number] is _core:
            return _asks_core(self, subject) and not self.company.knows(subject.work.doi or "")
        return _ROUNDS[number] is _archived and self.services.wayback is not None and bool(subject.gone)

    def put_aside(self, number: int, subject: Subject) -> None:
        """The subject waits for its turn at a slow round."""
        if _ROUNDS[number] is _core:
            self.company.join(subject.work.doi or "")

    def ask(self, number: int, subject: Subject) -> Word:
        """Round `number` (from 0). Stopping comes through; every other failure of a service is its silence."""
        answers = [*_ROUNDS[number](self, subject), *_by_rule(self, subject)]
        return Word(
            tuple(location for answer in answers if isinstance(answer, Found) for location in answer.value),
            tuple(answer for answer in answers if isinstance(answer, NoAnswer)),
        )


def could_know(subject: Subject) -> tuple[str, ...]:
    """The indexes that could know a copy of the work, but for those that its record came from, in the order of the
    rounds; whether they are on is another question (see `unasked`)."""
    work, doi = subject.work, subject.work.doi
    is_indexed = doi is not None or work.pmid is not None or work.pmcid is not None
    could = {
        "openalex": is_indexed,
        "unpaywall": doi is not None,
        "europepmc": is_indexed,
        "semanticscholar": doi is not None or work.pmid is not None or bool(subject.arxiv),
        "datacite": doi is not None and bool(work.sources) and not _REGISTRIES & set(work.sources),
        "zenodo": doi is not None and doi.startswith(_ZENODO_DOI),
        "hal": doi is not None,
        "doaj": doi is not None and work.type in _ARTICLES,
        "core": doi is not None,
    }
    return tuple(name for name, knows in could.items() if knows and name not in work.sources)


def _nobody(indexes: Indexes, subject: Subject) -> Said:
    """The first round takes the machine routes only."""
    return iter(())


def _by_rule(indexes: Indexes, subject: Subject) -> Said:
    """The machine routes of identifiers that have not been taken yet."""
    settings = indexes.settings.services
    for identifier in subject.arxiv:
        if settings.arxiv.enabled and _is_new(subject, identifier):
            yield Found((location_of(identifier, settings.arxiv.base_url),))
    if (guid := _osf_guid(subject.work.doi)) is not None and settings.osf.enabled and _is_new(subject, guid):
        url = f"{settings.osf.base_url}/download/{guid}/"
        yield Found((Location("osf", pdf_url=url, version=CopyVersion.SUBMITTED, host_type="repository"),))
    for pmcid in subject.pmcids:
        if indexes.services.pmc is not None and _is_new(subject, pmcid):
            yield indexes.services.pmc.locations(pmcid)


def _osf_guid(doi: str | None) -> str | None:
    """The preprint that a DOI of the Open Science Framework names; those of its projects lead to no one file."""
    found = _OSF_DOI.fullmatch(doi or "")
    return found[1] if found else None


def _is_new(subject: Subject, identifier: str) -> bool:
    if identifier in subject.routed:
        return False
    subject.routed.add(identifier)
    return True


def _general(indexes: Indexes, subject: Subject) -> Said:
    """Those that know of most copies."""
    services, work, asked = indexes.services, subject.work, could_know(subject)
    if services.openalex is not None and "openalex" in asked:
        if work.doi is not None:
            yield _of(subject, services.openalex.works_by_doi([work.doi])[work.doi])
        elif work.pmid is not None:
            yield _of(subject, services.openalex.works_by_pmid([work.pmid])[work.pmid])
        elif work.pmcid is not None:
            yield _of(subject, services.openalex.works_by_pmcid([work.pmcid])[work.pmcid])
    if services.unpaywall is not None and work.doi is not None and "unpaywall" in asked:
        answer = services.unpaywall.locations(work.doi)
        if isinstance(answer, Found):
            subject.learn(Work(locations=answer.value))
        yield answer


def _special(indexes: Indexes, subject: Subject) -> Said:
    """Those of a field, a country or a kind of host, and Semantic Scholar, which without a key hardly ever answers; all
    at once, as no answer spares a question to another."""
    for answer in at_once([*_by_identifier(indexes, subject), *_by_doi(indexes, subject)]):
        yield _of(subject, answer)
    if subject.work.doi is not None and subject.work.oa_status in _OPEN_AT_PUBLISHERS:
        yield Found((Location("doi", landing_url=f"https://doi.org/{subject.work.doi}", host_type="publisher"),))


def _by_identifier(indexes: Indexes, subject: Subject) -> Iterator[Question]:
    """Those that take other identifiers than DOIs, too: each is asked by the surest."""
    services, work, asked = indexes.services, subject.work, could_know(subject)
    if (medicine := services.europepmc) is not None and "europepmc" in asked:
        yield from _first(
            (medicine.works_by_doi, work.doi),
            (medicine.works_by_pmid, work.pmid),
            (medicine.works_by_pmcid, work.pmcid),
        )
    if (scholar := services.semanticscholar) is not None and scholar.has_key and "semanticscholar" in asked:
        preprint = next(iter(subject.arxiv), None)
        yield from _first(
            (scholar.works_by_doi, work.doi), (scholar.works_by_arxiv, preprint), (scholar.works_by_pmid, work.pmid)
        )


def _by_doi(indexes: Indexes, subject: Subject) -> Iterator[Question]:
    services, doi, asked = indexes.services, subject.work.doi, could_know(subject)
    if services.europepmc is None and services.idconv is not None and not subject.pmcids:
        yield from _first((services.idconv.identifiers_by_doi, doi))
    for name in ("datacite", "zenodo", "hal", "doaj"):
        if (service := getattr(services, name)) is not None and name in asked:
            yield from _first((service.works_by_doi, doi))


def _first(*ways: tuple[ByIdentifier, str | None]) -> Iterator[Question]:
    """The question by the first of these identifiers that the work has."""
    for ask, identifier in ways:
        if identifier is not None:
            yield partial(_asked, ask, identifier)
            return


def _asked(ask: ByIdentifier, identifier: str) -> Answer[Work]:
    return ask([identifier])[identifier]


def _of(subject: Subject, answer: Answer[Work]) -> Answer[tuple[Location, ...]]:
    """The locations of a record; its identifiers lead to more."""
    if not isinstance(answer, Found):
        return answer
    subject.learn(answer.value)
    locations = answer.value.locations
    return Found(locations, cached=answer.cached) if locations else Nothing(cached=answer.cached)


def _core(indexes: Indexes, subject: Subject) -> Said:
    """Alone and last, because it is slow."""
    service, work, company = indexes.services.core, subject.work, indexes.company
    if service is None or work.doi is None or not _asks_core(indexes, subject):
        return
    # What is asked for others is remembered until it is their turn.
    dois = [work.doi]
    if not company.knows(work.doi):
        service.until_due()  # whoever is put aside meanwhile goes along
        dois = company.taken_along_with(work.doi, BATCH_SIZE)
    answers = service.works_by_doi(dois)
    company.learned(doi for doi in dois if doi != work.doi and not isinstance(answers[doi], NoAnswer))
    company.leave(work.doi)
    answer = answers[work.doi]
    if isinstance(answer, Found) and not _have_one_title(work, answer.value):
        answer = Nothing(cached=answer.cached)
    yield _of(subject, answer)


def _asks_core(indexes: Indexes, subject: Subject) -> bool:
    return indexes.services.core is not None and "core" in could_know(subject)


def _have_one_title(work: Work, other: Work) -> bool:
    """Where both have a title; records of aggregators are put together wrongly at times."""
    if work.title is None or other.title is None:
        return True
    return titles.similarity(work.title, other.title) >= _SAME_TITLE or titles.key(other.title).startswith(
        titles.key(work.title)
    )


def _archived(indexes: Indexes, subject: Subject) -> Said:
    """What has gone, as the Wayback Machine has it: of the same version and under the same licence as it was."""
    service = indexes.services.wayback
    if service is None:
        return
    for gone in subject.gone[:_MOST_ARCHIVED]:
        answer = service.snapshot(gone.pdf_url or "")
        if isinstance(answer, Found):
            yield Found((replace(gone, source="wayback", pdf_url=answer.value, is_best=False),), cached=answer.cached)
        else:
            yield answer


_ROUNDS: tuple[Callable[[Indexes, Subject], Said], ...] = (_nobody, _general, _special, _core, _archived)

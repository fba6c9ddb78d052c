"""Indexes that are off and could know a copy: named with a work without one, which is looked at anew once one is on."""

from __future__ import annotations

from collections.abc import Iterator

from dl_lit.config import Settings
from dl_lit.download.indexes import ARTICLES, REGISTRIES, ZENODO_DOI, Subject
from dl_lit.identity import arxiv
from dl_lit.services.offers import Need
from dl_lit.services.registry import OFFERS, ServiceSet, given, why_off

_S2 = "semanticscholar"
# Asked with a key only, which few people have: not to have asked them is nothing that has to be made up for.
OPTIONAL = frozenset({_S2})


def are_on(settings: Settings) -> frozenset[str]:
    """The services that are asked for copies with these settings."""
    off = set(why_off(settings))
    if Need.KEY not in given(settings, _S2):
        off.add(_S2)
    return frozenset(OFFERS) - off


def unasked(subject: Subject, services: ServiceSet) -> tuple[str, ...]:
    """Those that could know a copy of the work and were not asked, as they are off, in the order of the rounds."""
    off = set(services.off)
    if services.semanticscholar is not None and not services.semanticscholar.has_key:
        off.add(_S2)
    return tuple(name for name in _could_know(subject, services) if name in off)


def _could_know(subject: Subject, services: ServiceSet) -> Iterator[str]:
    work = subject.work
    if subject.arxiv:
        yield "arxiv"
    if subject.pmcids:
        yield "pmc"
    for name in _indexes(subject, services):
        if name not in work.sources:
            yield name
    if subject.gone:
        yield "wayback"


def _indexes(subject: Subject, services: ServiceSet) -> Iterator[str]:
    work = subject.work
    doi, is_indexed = work.doi, work.doi is not None or work.pmid is not None or work.pmcid is not None
    if is_indexed:
        yield "openalex"
    if doi is not None and arxiv.from_doi(doi) is None:
        yield "unpaywall"
    if is_indexed and (services.idconv is None or doi is None):  # which stands in for it
        yield "europepmc"
    if doi is not None or work.pmid is not None or subject.arxiv:
        yield _S2
    if doi is None:
        return
    if work.sources and not REGISTRIES & set(work.sources):
        yield "datacite"
    if doi.startswith(ZENODO_DOI):
        yield "zenodo"
    yield "hal"
    if work.type in ARTICLES:
        yield "doaj"
    yield "core"

"""Indexes that are off and could know a copy: named with a work without one, which is looked at anew once one is on."""

from __future__ import annotations

from collections.abc import Iterator

from dl_lit.config import Settings
from dl_lit.download.indexes import Subject, could_know
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
    """Less than `could_know` where another that is asked stands in for one."""
    doi = subject.work.doi
    if subject.arxiv:
        yield "arxiv"
    if subject.pmcids:
        yield "pmc"
    for name in could_know(subject):
        by_arxiv = name == "unpaywall" and arxiv.from_doi(doi) is not None
        by_idconv = name == "europepmc" and services.idconv is not None and doi is not None
        if not by_arxiv and not by_idconv:
            yield name
    if subject.gone:
        yield "wayback"

"""The services that a run uses: to add one, write its file and its lines here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, TypeVar

from dl_lit.config import Settings
from dl_lit.net.network import Network
from dl_lit.net.pool import Classify, Tuner
from dl_lit.services import core, crossref, openalex, zenodo
from dl_lit.services.arxiv import Arxiv
from dl_lit.services.base import Cache, Hears, Index
from dl_lit.services.core import Core
from dl_lit.services.crossref import Crossref
from dl_lit.services.datacite import DataCite
from dl_lit.services.dnb import Dnb
from dl_lit.services.doaj import Doaj
from dl_lit.services.doi import DoiOrg
from dl_lit.services.europepmc import EuropePmc
from dl_lit.services.hal import Hal
from dl_lit.services.idconv import IdConverter
from dl_lit.services.offers import Need, Offer
from dl_lit.services.openalex import OpenAlex
from dl_lit.services.opencitations import OpenCitations
from dl_lit.services.openlibrary import OpenLibrary
from dl_lit.services.pmc import Pmc
from dl_lit.services.semanticscholar import SemanticScholar
from dl_lit.services.unpaywall import Unpaywall
from dl_lit.services.wayback import Wayback
from dl_lit.services.zenodo import Zenodo

S = TypeVar("S", bound=Index)

CLIENTS: tuple[type[Index], ...] = (
    *(Crossref, OpenAlex, Unpaywall, SemanticScholar, Arxiv, DataCite, EuropePmc, IdConverter, OpenCitations, Doaj),
    *(Zenodo, Hal, OpenLibrary, Dnb, DoiOrg, Pmc, Core, Wayback),
)
OFFERS: Mapping[str, Offer] = MappingProxyType({client.name: client.offer for client in CLIENTS})

_HOOKS: Mapping[str, tuple[Tuner | None, Classify | None]] = MappingProxyType(
    {
        Crossref.name: (crossref.tune, None),
        OpenAlex.name: (openalex.tune, openalex.classify_429),
        Zenodo.name: (zenodo.tune, None),
        Core.name: (None, core.classify_429),
    }
)


@dataclass(frozen=True, slots=True)
class ServiceSet:
    """One client per service; None for a service that is switched off or lacks what it needs (`off` says which)."""

    crossref: Crossref | None = None
    openalex: OpenAlex | None = None
    unpaywall: Unpaywall | None = None
    semanticscholar: SemanticScholar | None = None
    arxiv: Arxiv | None = None
    datacite: DataCite | None = None
    europepmc: EuropePmc | None = None
    idconv: IdConverter | None = None
    opencitations: OpenCitations | None = None
    doaj: Doaj | None = None
    zenodo: Zenodo | None = None
    hal: Hal | None = None
    openlibrary: OpenLibrary | None = None
    dnb: Dnb | None = None
    doi: DoiOrg | None = None
    pmc: Pmc | None = None
    core: Core | None = None
    wayback: Wayback | None = None
    off: Mapping[str, str] = field(default_factory=dict, compare=False)

    def clients(self) -> tuple[Index, ...]:
        """Those that are on, in the order of the registry."""
        found = (getattr(self, one.name) for one in fields(self))
        return tuple(client for client in found if isinstance(client, Index))


def why_off(settings: Settings) -> dict[str, str]:
    """The services that a run with these settings leaves out, each with the reason and its cure."""
    off = {name for name in OFFERS if not settings.services.named(name).enabled}
    switched = {name: f"switched off; services.{name}.enabled = true switches it on" for name in OFFERS if name in off}
    return switched | lacking(settings)


def lacking(settings: Settings) -> dict[str, str]:
    """The services that are wanted, but are left out for want of something that the user could give."""
    return {
        name: f"needs {offer.needs.format(name)}, which is not set"
        for name, offer in OFFERS.items()
        if offer.needs is not None
        and settings.services.named(name).enabled
        and offer.needs not in given(settings, name)
    }


def given(settings: Settings, name: str) -> frozenset[Need]:
    """What the user has given that the service can be told."""
    email, key = bool(settings.contact.email), _key(settings, name) is not None
    return frozenset(need for need, there in ((Need.EMAIL, email), (Need.KEY, key)) if there)


def build_services(settings: Settings, network: Network, cache: Cache, hears: Hears | None = None) -> ServiceSet:
    """The clients that the settings allow, each on its one pool of `network`; `hears` is told of what they send."""
    off = why_off(settings)
    email = {"email": settings.contact.email}

    def made(kind: type[S], **more: Any) -> S | None:
        if kind.name in off:
            return None
        tuner, classify = _HOOKS.get(kind.name, (None, None))
        has = given(settings, kind.name)
        limits, advice = kind.offer.limits_with(has), kind.offer.advice(kind.name, has)
        pool = network.service(kind.name, limits, tuner=tuner, classify_429=classify, advice=advice)
        make: Any = kind  # each has its own way to say who asks
        client: S = make(pool, cache, base_url=settings.services.named(kind.name).base_url, **more)
        if hears is not None:
            client.tell_of_works(hears)
        return client

    def keyed(kind: type[S]) -> S | None:
        return made(kind, api_key=_key(settings, kind.name))

    registry = made(Crossref, **email, api_key=_key(settings, Crossref.name))
    return ServiceSet(
        crossref=registry,
        openalex=keyed(OpenAlex),
        unpaywall=made(Unpaywall, **email),
        semanticscholar=keyed(SemanticScholar),
        arxiv=made(Arxiv),
        datacite=made(DataCite),
        europepmc=made(EuropePmc),
        idconv=made(IdConverter, **email),
        opencitations=keyed(OpenCitations),
        doaj=made(Doaj),
        zenodo=made(Zenodo),
        hal=made(Hal),
        openlibrary=made(OpenLibrary),
        dnb=made(Dnb),
        doi=made(DoiOrg, crossref=(settings.services.crossref.base_url, registry.pool) if registry else None),
        pmc=made(Pmc),
        core=keyed(Core),
        wayback=made(Wayback),
        off=MappingProxyType(off),
    )


def _key(settings: Settings, name: str) -> str | None:
    """A blank key is none: sent, it would be answered as a wrong one."""
    key = settings.services.named(name).api_key
    return (key.get_secret_value().strip() if key else "") or None

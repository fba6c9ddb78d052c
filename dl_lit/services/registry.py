"""The services that a run uses: to add one, write its file and its line here."""

from __future__ import annotations

from dataclasses import dataclass

from dl_lit.config import Settings
from dl_lit.net.network import Network
from dl_lit.services import arxiv, crossref, openalex, unpaywall
from dl_lit.services.arxiv import Arxiv
from dl_lit.services.base import Cache
from dl_lit.services.crossref import Crossref
from dl_lit.services.openalex import OpenAlex
from dl_lit.services.unpaywall import Unpaywall


@dataclass(frozen=True, slots=True)
class ServiceSet:
    """One client per service; None for a service that is switched off or lacks what it needs."""

    crossref: Crossref | None = None
    openalex: OpenAlex | None = None
    unpaywall: Unpaywall | None = None
    arxiv: Arxiv | None = None


def build_services(settings: Settings, network: Network, cache: Cache) -> ServiceSet:
    """The clients that the settings allow, each on its one pool of `network`."""
    return ServiceSet(
        crossref=_crossref(settings, network, cache),
        openalex=_openalex(settings, network, cache),
        unpaywall=_unpaywall(settings, network, cache),
        arxiv=_arxiv(settings, network, cache),
    )


def _crossref(settings: Settings, network: Network, cache: Cache) -> Crossref | None:
    service, email = settings.services.crossref, settings.contact.email
    if not service.enabled:
        return None
    limits = crossref.POLITE if email else crossref.PUBLIC
    pool = network.service(Crossref.name, limits, tuner=crossref.tune)
    return Crossref(pool, cache, base_url=service.base_url, email=email)


def _openalex(settings: Settings, network: Network, cache: Cache) -> OpenAlex | None:
    service = settings.services.openalex
    if not service.enabled:
        return None
    key = (service.api_key.get_secret_value().strip() if service.api_key else "") or None
    limits = openalex.KEYED if key else openalex.ANONYMOUS
    pool = network.service(OpenAlex.name, limits, tuner=openalex.tune, classify_429=openalex.classify_429)
    return OpenAlex(pool, cache, base_url=service.base_url, api_key=key)


def _unpaywall(settings: Settings, network: Network, cache: Cache) -> Unpaywall | None:
    service, email = settings.services.unpaywall, settings.contact.email
    if not service.enabled or not email:
        return None
    pool = network.service(Unpaywall.name, unpaywall.LIMITS)
    return Unpaywall(pool, cache, base_url=service.base_url, email=email)


def _arxiv(settings: Settings, network: Network, cache: Cache) -> Arxiv | None:
    service = settings.services.arxiv
    if not service.enabled:
        return None
    return Arxiv(network.service(Arxiv.name, arxiv.LIMITS), cache, base_url=service.base_url)

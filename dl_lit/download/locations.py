"""Where copies of a work may be: what the indexes say, normalised, without doubles, in order of trust."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit, urlunsplit

from requests.utils import requote_uri
from urllib3.util import parse_url

from dl_lit.clickable import is_shadow_library
from dl_lit.config import Settings
from dl_lit.identity import arxiv
from dl_lit.identity import doi as dois_of
from dl_lit.model import CopyVersion, Location, ToDownloadRow
from dl_lit.net.guard import host_of
from dl_lit.net.ledger import utc_day

PRINTED = "printed"  # the source of a URL that stands in the reference itself
MOST_CANDIDATES = 24

# They answer 400 without a key of their own, or do not answer programs at all (apis.md §4.5, §8.1).
_SKIPPED = {
    "api.elsevier.com": "answers only with a key",
    "api.wiley.com": "answers only with a key",
    "pmc.ncbi.nlm.nih.gov": "its pages ask programs for proof of work",
    "www.ncbi.nlm.nih.gov": "its pages ask programs for proof of work",
    "pubmed.ncbi.nlm.nih.gov": "has abstracts only",
}
# Known to show challenges to programs even for open articles (apis.md §19.3): tried, but last.
_WALLED = (
    *("mdpi.com", "europepmc.org", "journals.sagepub.com", "tandfonline.com", "onlinelibrary.wiley.com"),
    *("pubs.acs.org", "biorxiv.org", "medrxiv.org", "link.springer.com", "sciencedirect.com"),
    *("linkinghub.elsevier.com", "researchgate.net", "academia.edu"),
)
_VERSIONS = {CopyVersion.PUBLISHED: 0, CopyVersion.ACCEPTED: 1, CopyVersion.SUBMITTED: 2, None: 3}
_MACHINE_ROUTES = frozenset({"pmc", "arxiv"})
_OPEN_LICENCES = ("cc", "public-domain", "pd", "publisher-specific-oa", "acs-specific", "other-oa")
_ARXIV_HOSTS = frozenset({"arxiv.org", "www.arxiv.org", "export.arxiv.org"})
_ARXIV_PATH = re.compile(r"^.*/(?:abs|pdf|html|ps)/")
_PORTS = {"http": 80, "https": 443}
_DOI_HOSTS = frozenset({"doi.org", "dx.doi.org", "www.doi.org"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One URL to try: the file itself, or a page (`is_page`) that leads to it."""

    url: str
    source: str
    is_page: bool = False
    version: CopyVersion | None = None
    licence: str | None = None
    is_best: bool = False
    md5: str | None = None  # of the file, if the index says it


@dataclass(frozen=True, slots=True)
class Arranged:
    """Candidates in the order to try them; `skipped` with the reason each; `embargoed` become open on a later day."""

    candidates: tuple[Candidate, ...] = ()
    skipped: tuple[tuple[Candidate, str], ...] = ()
    embargoed: tuple[Location, ...] = ()


def known(row: ToDownloadRow, settings: Settings) -> tuple[Location, ...]:
    """What the row itself says: the locations in its metadata, and the URL in the printed reference."""
    url = row.printed_url
    is_file = url and (_path(url).endswith(".pdf") or host_of(url) in _ARXIV_HOSTS)
    return (*row.work.locations, *((Location(source=PRINTED, pdf_url=url),) if is_file else ()))


def arrange(
    locations: Iterable[Location], settings: Settings, *, is_ill: Callable[[str], bool] = lambda url: False
) -> Arranged:
    """The locations as candidates, sorted, each URL once; `is_ill` tells of a URL whether its host has only failed."""

    def trust(candidate: Candidate) -> tuple[bool | int, ...]:
        return is_ill(candidate.url), *_trust(candidate)

    every, today = list(locations), utc_day()
    embargoed = tuple(one for one in every if one.open_from is not None and one.open_from > today)
    unique: dict[str, Candidate] = {}
    now = (one for one in every if one not in embargoed)
    for candidate in sorted(_normalised(_candidates(now), settings), key=trust):
        unique.setdefault(place_of(candidate.url), candidate)
    wanted = [candidate for candidate in unique.values() if refusal(candidate.url) is None]
    skipped = tuple((candidate, why) for candidate in unique.values() if (why := refusal(candidate.url)) is not None)
    return Arranged(tuple(wanted[:MOST_CANDIDATES]), skipped, embargoed)


def refusal(url: str) -> str | None:
    """Why this URL's host is not asked at all, or None."""
    host = host_of(url)
    if is_shadow_library(host):
        return "is no lawful source"
    return _SKIPPED.get(host)


def _candidates(locations: Iterable[Location]) -> Iterator[Candidate]:
    for location in locations:
        for url, is_page in ((location.pdf_url, False), (location.landing_url, True)):
            if url:
                yield Candidate(
                    url,
                    location.source,
                    is_page,
                    location.version,
                    location.licence,
                    is_best=location.is_best,
                    md5=None if is_page else location.md5,
                )


def _normalised(candidates: Iterable[Candidate], settings: Settings) -> Iterator[Candidate]:
    for candidate in candidates:
        url, is_file = normalise(candidate.url, settings)
        if url is not None:
            yield replace(candidate, url=url, is_page=candidate.is_page and not is_file)


def normalise(url: str, settings: Settings) -> tuple[str | None, bool]:
    """The URL that a program should use, and whether it is known to be a file; (None, False) for what is no URL."""
    try:
        parts = urlsplit(html.unescape(url.strip()))
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None, False
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None, False
    clean = urlunsplit((parts.scheme.lower(), parts.netloc, parts.path or "/", parts.query, ""))
    if host in _ARXIV_HOSTS or clean.startswith(f"{settings.services.arxiv.base_url}/"):
        return _arxiv_file(_ARXIV_PATH.sub("", clean), settings) or (clean, False)
    if host in _DOI_HOSTS and (doi := dois_of.normalise(clean)):
        base = settings.services.doi.base_url
        return _arxiv_file(doi, settings) or (f"{base}/{dois_of.url_path(doi)}", False)
    return clean, False


def _arxiv_file(text: str, settings: Settings) -> tuple[str, bool] | None:
    """arXiv wants programs at its export host; a version that is named stays named."""
    identifier = arxiv.normalise(text)
    if identifier is None:
        return None
    version = arxiv.version(text)
    named = f"{identifier}v{version}" if version else identifier
    return f"{settings.services.arxiv.base_url}/pdf/{named}", True


def _trust(candidate: Candidate) -> tuple[bool | int, ...]:
    """Hosts that let programs in, then version, a machine's route, open licence, the file before the page, the index's
    favourite."""
    open_licence = (candidate.licence or "").lower().startswith(_OPEN_LICENCES)
    return (
        _is_walled(candidate.url),
        _VERSIONS[candidate.version],
        candidate.source not in _MACHINE_ROUTES,
        not open_licence,
        candidate.is_page,
        not candidate.is_best,
    )


def _is_walled(url: str) -> bool:
    host = host_of(url)
    return any(host == wall or host.endswith(f".{wall}") for wall in _WALLED)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.lower()
    except ValueError:
        return ""


def place_of(url: str) -> str:
    """What tells places apart: two URLs that differ in scheme, in how one character is written, in steps up and down
    the path, in a last slash or in what only counts readers ("utm_source") are one."""
    try:
        parts = urlsplit(parse_url(requote_uri(url)).url)
        port = None if parts.port == _PORTS.get(parts.scheme) else parts.port
    except ValueError:
        return url
    query = "&".join(part for part in parts.query.split("&") if not part.lower().startswith("utm_"))
    return f"{parts.hostname or ''}:{port or ''}{parts.path.rstrip('/')}?{query}"

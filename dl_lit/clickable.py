"""The address that a person can open for a work without a copy: an open copy behind a wall, a page, the DOI.

Nothing here is asked; a person's browser, or a person's library, may get further than a program may.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from dl_lit.identity import doi as dois_of
from dl_lit.model import Attempt, DownloadReason, Work

_SHADOW_LIBRARIES = ("sci-hub", "scihub", "libgen", "library.lol", "z-lib", "zlibrary", "annas-archive")
# Open, but not to programs.
WALLED = (DownloadReason.BLOCKED, DownloadReason.BLOCKED_COOKIE, DownloadReason.FORBIDDEN_BY_ROBOTS)
# Pages of open copies that a program found no PDF on; what stood where a PDF was promised.
PAGES = (DownloadReason.NO_PDF_LINK, DownloadReason.WRONG_TYPE)
DEAD = (DownloadReason.GONE, DownloadReason.CONNECTION, DownloadReason.REDIRECT_LOOP, DownloadReason.WRONG_WORK)


def is_shadow_library(host: str) -> bool:
    return any(name in host for name in _SHADOW_LIBRARIES)


def address(work: Work, attempts: Sequence[Attempt] = (), printed_url: str | None = None) -> str | None:
    """The best one there is; what was found dead is left out, and so is what no lawful source offers."""
    dead = {one.url for one in attempts if one.outcome in DEAD}
    walled = (one.url for one in attempts if one.outcome in WALLED)
    shown = (one.url for outcome in PAGES for one in attempts if one.outcome is outcome)
    for url in (*walled, *_pages(work), *shown, *_by_rule(work), work.url, printed_url):
        if url and url not in dead and _is_web(url):
            return url
    return None


def _pages(work: Work) -> Iterator[str | None]:
    """The landing pages of open copies, the index's favourite first."""
    for location in sorted(work.locations, key=lambda one: not one.is_best):
        yield location.landing_url


def _by_rule(work: Work) -> Iterator[str]:
    if work.doi:
        yield f"https://doi.org/{dois_of.url_path(work.doi)}"
    if work.arxiv:
        yield f"https://arxiv.org/abs/{work.arxiv}"
    if work.pmcid:
        yield f"https://pmc.ncbi.nlm.nih.gov/articles/{work.pmcid}/"
    if work.pmid:
        yield f"https://pubmed.ncbi.nlm.nih.gov/{work.pmid}/"


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in ("http", "https") and not is_shadow_library((parts.hostname or "").lower())
    except ValueError:
        return False

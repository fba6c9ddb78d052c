"""Reads a landing page: what it says of itself, and what of it is worth parsing at all (apis.md §19.2)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup

from dl_lit.download import page_links
from dl_lit.download.charsets import as_utf8
from dl_lit.download.missing import tells_of_nothing
from dl_lit.download.page_data import files_in_data
from dl_lit.download.page_forms import files_by_form
from dl_lit.download.page_links import PDF, PDF_META, attribute, media_type
from dl_lit.download.page_lists import Listing
from dl_lit.download.reservations import of_headers, of_metas
from dl_lit.identity import doi as dois_of
from dl_lit.net.urls import joined

MOST_LINKS = 4
MOST_ANCHORS = MOST_OTHERS = 5000  # elements of a page
MAX_PAGE_BYTES = 2 * 1024 * 1024

_DOI_META = (
    "citation_doi",
    "bepress_citation_doi",
    "prism.doi",
    "dc.identifier.doi",
    "dc.identifier",
    "doi",
    "eprints.doi",
)
_TITLE_META = ("citation_title", "bepress_citation_title", "dc.title", "eprints.title", "og:title")
# No pattern here may look far ahead: a page of a million "<a" must cost no more than any other page.
_ELEMENTS = re.compile(
    rb"(?is)<title\b[^<>]{0,200}>[^<]{0,1000}</title\s{0,9}>|<a\s[^<>]{0,2000}>.{0,150}?</a\s{0,9}>|"
    rb"<h[1-6]\b[^<>]{0,200}>\s{0,99}(?:<(?:span|strong|b|em)\b[^<>]{0,200}>)?[^<]{0,100}|"
    rb"<(?:base|meta|link|embed|object|iframe|input|a)\b"
    rb"(?:(?:[^<>\"'=]++|=\s{0,9}+(?:\"[^\"]{0,4000}+\"|'[^']{0,4000}+')?+|[\"'])*+>|[^<>]{0,4000}>)"
)
_ANCHOR = (b"a ", b"a\n", b"a\t", b"a\r", b"a>")
_REFRESH = re.compile(rb"(?i)http-equiv\s{0,9}=\s{0,9}[\"']?refresh")
_NO_SCRIPT_LETTERS = 1000
_HIDDEN = re.compile(rb"(?i)<!--|<script\b|<style\b")
_ENDS = {b"<!--": b"-->", b"<script": b"</script", b"<style": b"</style"}


@dataclass(frozen=True, slots=True)
class LandingPage:
    """What a page says about itself. `links` lead to a PDF, the surest first; `has_metadata`: it describes a work."""

    links: tuple[str, ...] = ()
    dois: tuple[str, ...] = ()
    title: str | None = None
    heading: str | None = None  # the <title> element
    has_metadata: bool = False
    has_password_field: bool = False
    letters: int = 0
    reserved: tuple[str, ...] = ()
    listing: Listing | None = None  # of a page with more files than one work's


def read_page(body: bytes, url: str, headers: Mapping[str, str]) -> LandingPage:
    """`url` is where the page came from after all redirects; headers may hold Signposting links."""
    body = as_utf8(body, headers.get("Content-Type"))
    visible = _without_hidden(body)
    soup = BeautifulSoup(_relevant(visible).decode("utf-8", "replace"), "html.parser")
    base = page_links.base_of(soup, url)
    metas = _metas(soup)
    signs = page_links.signs_of(headers.get("Link", ""), soup, url, base)
    told: list[str | None] = [value for name in _DOI_META for value in metas.get(name, ())]
    told += [sign.url for sign in signs if sign.says("cite-as")]
    title = next((value for name in _TITLE_META for value in metas.get(name, ())), None)
    heading = soup.title.get_text(" ", strip=True) if soup.title else None
    named = title or heading or ""
    links = page_links.find(soup, url, base, metas, signs, named, headers.get("Refresh", ""))
    if not links:
        links = list(page_links.usable((*files_in_data(body, base), *files_by_form(visible, base, named)), url))
    if title is None and heading is not None and tells_of_nothing(heading):
        links = []
    is_list = len(links) > MOST_LINKS and metas.keys().isdisjoint(PDF_META)
    return LandingPage(
        links=tuple(links[:MOST_LINKS]),
        dois=tuple(doi for value in told if (doi := dois_of.normalise(value))),
        title=title,
        heading=heading,
        has_metadata=any(name in metas for name in (*PDF_META, *_DOI_META[:4], *_TITLE_META[:4])),
        has_password_field=any(attribute(field, "type").lower() == "password" for field in soup.find_all("input")),
        letters=len(re.sub(rb"<[^<>]*>|\s", b"", visible)),
        reserved=(*of_headers(headers), *of_metas(metas)),
        listing=Listing(visible, base, frozenset(links)) if is_list else None,
    )


def _without_hidden(body: bytes) -> bytes:
    """The page without comments, scripts and styles; one that is never closed hides the rest."""
    lower, parts, place = body.lower(), [], 0
    while hidden := _HIDDEN.search(lower, place):
        parts.append(body[place : hidden.start()])
        end = lower.find(_ENDS[hidden.group()], hidden.end())
        place = end if end >= 0 else len(body)
    return b" ".join([*parts, body[place:]])


def _relevant(visible: bytes) -> bytes:
    """The elements that matter: parsing all of a large page takes seconds, and hosts decide how large it is."""
    return b"\n".join(map(_closed, _elements(visible)))


def _elements(visible: bytes) -> Iterator[bytes]:
    """However many links there are, what else the page says is not lost behind them."""
    anchors = others = 0
    for match in _ELEMENTS.finditer(visible):
        if _REFRESH.search(match.group()) and _is_for_no_script(visible, match.start()):
            continue
        is_anchor = match.group()[1:3].lower() in _ANCHOR
        anchors, others = anchors + is_anchor, others + (not is_anchor)
        if (anchors if is_anchor else others) <= (MOST_ANCHORS if is_anchor else MOST_OTHERS):
            yield match.group()


def _is_for_no_script(visible: bytes, place: int) -> bool:
    """Browsers are not sent on by it, but those that run no scripts: to a page that says so."""
    before = visible[max(0, place - _NO_SCRIPT_LETTERS) : place].lower()
    return before.rfind(b"<noscript") > before.rfind(b"</noscript")


def _closed(element: bytes) -> bytes:
    """Links and headings that stay open would nest, each in all those before it."""
    if element[:2].lower() == b"<h":
        return element + b"</h%c>" % element[2]
    return element + b"</a>" if element[:2].lower() == b"<a" and b"</" not in element else element


def _metas(soup: BeautifulSoup) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for tag in soup.find_all("meta"):
        name = (attribute(tag, "name") or attribute(tag, "property")).lower()
        content = attribute(tag, "content").strip()
        if name and content:
            metas.setdefault(name, []).append(content)
    return metas


def read_linkset(body: bytes, url: str) -> LandingPage | None:
    """The PDFs that a set of links names (RFC 9264, as FAIR Signposting uses it); None if `body` is no such set."""
    try:
        sets = json.loads(body)["linkset"]
        items = [item for one in sets for item in one.get("item", ())]
        files = [joined(url, item["href"]) for item in items if media_type(item.get("type", "")) == PDF]
        told = [one["href"] for each in sets for one in each.get("cite-as", ())]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    dois = tuple(doi for one in told if (doi := dois_of.normalise(one)))
    links = tuple(page_links.usable(files, url))[:MOST_LINKS]
    return LandingPage(links=links, dois=dois, has_metadata=True) if links else None

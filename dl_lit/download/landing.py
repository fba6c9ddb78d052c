"""Reads a landing page: which work it is about, and where its PDF is (apis.md §19.2)."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from requests.utils import parse_header_links

from dl_lit.download.reservations import of_headers, of_metas
from dl_lit.identity import doi as dois_of
from dl_lit.identity import titles
from dl_lit.model import Work
from dl_lit.net.urls import joined

MOST_LINKS = 4
MOST_ELEMENTS = 5000
MAX_PAGE_BYTES = 2 * 1024 * 1024

_PDF_META = ("citation_pdf_url", "bepress_citation_pdf_url", "eprints.document_url", "wkhealth_pdf_url")
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
_OJS_VIEW = re.compile(r"(/article)/view(?:File)?(/[^/?#]+/[^/?#]+)")
_PLACES = (
    (re.compile(r"//journals\.aps\.org/\w+/abstract/(?=10\.)"), "//link.aps.org/pdf/"),
    (re.compile(r"(/doi)(?:/(?:abs|full|epdf|pdfplus|reader))?/(?=10\.\d)"), r"\1/pdf/"),
)
_FILE_PATH = re.compile(r"(?i)/bitstreams?/|/(?:portal)?files?/|/n?download(?:er)?/|\.pdf(?:$|[?;])")
_NOT_THE_WORK = re.compile(
    r"(?i)suppl|appendix|anhang|poster|slides|cover|flyer|licen[cs]e|contents|inhaltsverz|thumb|figures?[-_.]"
    r"|citation_?export|export_?citation|/export/|/preview/|bibtex|endnote|refworks|/ris\b"
    r"|\.(?:jpe?g|png|gif|svg|tiff?|zip|gz|ris|bib|enw|nbib|xml|epub|txt|csv|xlsx?|docx?|odt|pptx?|mp[34])\b"
)
# No pattern here may look far ahead: a page of a million "<a" must cost no more than any other page.
_ELEMENTS = re.compile(
    rb"(?is)<title\b[^<>]{0,200}>[^<]{0,1000}</title\s{0,9}>|<a\s[^<>]{0,2000}>.{0,150}?</a\s{0,9}>|"
    rb"<(?:base|meta|link|embed|object|iframe|input|a)\b[^<>]{0,4000}>"
)
_HIDDEN = re.compile(rb"(?i)<!--|<script\b|<style\b")
_ENDS = {b"<!--": b"-->", b"<script": b"</script", b"<style": b"</style"}
_CHARSET = re.compile(rb"(?i)<meta\b[^<>]{0,300}charset[^<>]{0,300}>")


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


def read_page(body: bytes, url: str, headers: Mapping[str, str]) -> LandingPage:
    """`url` is where the page came from after all redirects; headers may hold Signposting links."""
    visible = _visible(body)
    soup = BeautifulSoup(_relevant(body, visible), "html.parser")
    base = _base(soup, url)
    metas = _metas(soup)
    signs = _signs(headers.get("Link", ""), soup, url, base)
    found = [
        *(sign.url for sign in signs if sign.says("item", "application/pdf")),
        *(joined(base, value) for name in _PDF_META for value in metas.get(name, ())),
        *_marked(soup, base),
        *_ojs(url),
        *_plain(soup, base),
    ]
    linksets = [sign.url for sign in signs if sign.says("linkset", "application/linkset+json")]
    told: list[str | None] = [value for name in _DOI_META for value in metas.get(name, ())]
    told += [sign.url for sign in signs if sign.says("cite-as")]
    title = next((value for name in _TITLE_META for value in metas.get(name, ())), None)
    heading = soup.title.get_text(" ", strip=True) if soup.title else None
    return LandingPage(
        links=tuple(_usable(found or linksets or _by_address(url), url))[:MOST_LINKS],
        dois=tuple(doi for value in told if (doi := dois_of.normalise(value))),
        title=title,
        heading=heading,
        has_metadata=any(name in metas for name in (*_PDF_META, *_DOI_META[:4], *_TITLE_META[:4])),
        has_password_field=any(_attribute(field, "type").lower() == "password" for field in soup.find_all("input")),
        letters=len(re.sub(rb"<[^<>]*>|\s", b"", visible)),
        reserved=(*of_headers(headers), *of_metas(metas)),
    )


def _visible(body: bytes) -> bytes:
    """The page without comments, scripts and styles; one that is never closed hides the rest."""
    lower, parts, place = body.lower(), [], 0
    while hidden := _HIDDEN.search(lower, place):
        parts.append(body[place : hidden.start()])
        end = lower.find(_ENDS[hidden.group()], hidden.end())
        place = end if end >= 0 else len(body)
    return b" ".join([*parts, body[place:]])


def _relevant(body: bytes, visible: bytes) -> bytes:
    """The elements that matter: parsing all of a large page takes seconds, and hosts decide how large it is."""
    found = (_closed(match.group()) for match in _ELEMENTS.finditer(visible))
    charset = _CHARSET.search(body[:2048])
    return (charset.group() if charset else b"") + b"\n".join(itertools.islice(found, MOST_ELEMENTS))


def _closed(element: bytes) -> bytes:
    """Links that stay open would nest, each in all those before it."""
    return element + b"</a>" if element[:2].lower() == b"<a" and b"</" not in element else element


def is_about_another(page: LandingPage, work: Work) -> bool:
    """Whether the page says clearly that it describes a different work; silence is no such word."""
    if work.doi is not None and work.doi in page.dois:
        return False
    if page.title is None or work.title is None:
        return False
    if titles.similarity(page.title, work.title) >= 0.6:
        return False
    full = f"{work.title}: {work.subtitle}" if work.subtitle else work.title
    key, other = titles.key(full), titles.key(page.title)
    return not (len(other) > 15 and (other in key or key in other))


def _metas(soup: BeautifulSoup) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for tag in soup.find_all("meta"):
        name = (_attribute(tag, "name") or _attribute(tag, "property")).lower()
        content = _attribute(tag, "content").strip()
        if name and content:
            metas.setdefault(name, []).append(content)
    return metas


def read_linkset(body: bytes, url: str) -> LandingPage | None:
    """The PDFs that a set of links names (RFC 9264, as FAIR Signposting uses it); None if `body` is no such set."""
    try:
        sets = json.loads(body)["linkset"]
        items = [item for one in sets for item in one.get("item", ())]
        files = [joined(url, item["href"]) for item in items if _is_pdf(item.get("type", ""))]
        told = [one["href"] for each in sets for one in each.get("cite-as", ())]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    dois = tuple(doi for one in told if (doi := dois_of.normalise(one)))
    links = tuple(_usable(files, url))[:MOST_LINKS]
    return LandingPage(links=links, dois=dois, has_metadata=True) if links else None


@dataclass(frozen=True, slots=True)
class _Sign:
    """A typed link of FAIR Signposting, from the header or the head of the page (signposting.org/FAIR)."""

    relations: frozenset[str]
    kind: str
    url: str | None

    def says(self, relation: str, kind: str | None = None) -> bool:
        return relation in self.relations and kind in (None, self.kind)


def _signs(header: str, soup: BeautifulSoup, url: str, base: str) -> list[_Sign]:
    """Those of the header first."""
    signs = [_sign(link.get("rel", ""), link.get("type", ""), joined(url, link["url"])) for link in _parsed(header)]
    for link in soup.find_all("link"):
        signs.append(_sign(_attribute(link, "rel"), _attribute(link, "type"), _absolute(link, "href", base)))
    return signs


def _parsed(header: str) -> list[dict[str, str]]:
    return parse_header_links(header) if header else []


def _sign(relations: str, kind: str, url: str | None) -> _Sign:
    return _Sign(frozenset(relations.lower().split()), kind.partition(";")[0].strip().lower(), url)


def _is_pdf(kind: str) -> bool:
    return kind.partition(";")[0].strip().lower() == "application/pdf"


def _typed_links(soup: BeautifulSoup, relation: str) -> Iterator[Tag]:
    for link in soup.find_all("link"):
        relations = _attribute(link, "rel").lower().split()
        if relation in relations and _attribute(link, "type").lower().startswith("application/pdf"):
            yield link


def _marked(soup: BeautifulSoup, base: str) -> Iterator[str | None]:
    """Elements that platforms use for the PDF of the page and for nothing else."""
    for link in _typed_links(soup, "alternate"):
        yield _absolute(link, "href", base)
    for tag in soup.find_all(["embed", "object", "iframe"]):
        address = _attribute(tag, "src") or _attribute(tag, "data")
        if _attribute(tag, "type").lower() == "application/pdf" or _path(address).endswith(".pdf"):
            yield joined(base, address)
    for link in soup.find_all("a"):
        classes = _attribute(link, "class").split()
        galley = "obj_galley_link" in classes and ("pdf" in classes or "pdf" in link.get_text().lower())
        if _attribute(link, "id") == "pdfDownloadLink" or galley or "download" in classes:
            target = _absolute(link, "href", base)
            yield from _ojs(target or "")
            yield target


def _ojs(address: str) -> Iterator[str]:
    """OJS shows a galley at /article/view/A/G and sends it from /article/download/A/G."""
    if _OJS_VIEW.search(_path(address)):
        yield _OJS_VIEW.sub(r"\1/download\2", address, count=1)


def _by_address(url: str) -> Iterator[str]:
    """Where platforms keep the file of a page that names none: APS, and Atypon at its many publishers."""
    for pattern, place in _PLACES:
        if pattern.search(url):
            yield pattern.sub(place, url, count=1)


def _plain(soup: BeautifulSoup, base: str) -> Iterator[str]:
    """Ordinary links of this host that look like its files; those that say PDF or full text first."""
    host = urlsplit(base).netloc
    found: list[tuple[bool, bool, int, str]] = []
    for link in soup.find_all("a"):
        address, said = _absolute(link, "href", base), link.get_text(" ", strip=True).lower()
        if address is None:
            continue
        parts = urlsplit(address)
        if parts.netloc != host or not _FILE_PATH.search(f"{parts.path}?{parts.query}"):
            continue
        if not _NOT_THE_WORK.search(f"{parts.path} {said}"):
            says_pdf = "pdf" in said or "full" in said or "text" in said or "download" in said
            found.append((not says_pdf, not _path(address).endswith(".pdf"), len(found), address))
    return (address for *_, address in sorted(found))


def _usable(addresses: Iterable[str | None], url: str) -> Iterator[str]:
    seen = {_without_fragment(url)}
    for address in addresses:
        bare = _without_fragment(address or "")
        if bare not in seen and bare.lower().startswith(("http://", "https://")):
            seen.add(bare)
            yield bare


def _base(soup: BeautifulSoup, url: str) -> str:
    tag = soup.find("base")
    return (joined(url, _attribute(tag, "href")) or url) if isinstance(tag, Tag) else url


def _absolute(tag: Tag, attribute: str, base: str) -> str | None:
    return joined(base, _attribute(tag, attribute))


def _attribute(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def _path(address: str) -> str:
    try:
        return urlsplit(address).path.lower() if address else ""
    except ValueError:
        return ""


def _without_fragment(address: str) -> str:
    return address.partition("#")[0].strip()

"""Where the PDF of a landing page is: what platforms mark as it, else links that look like it (apis.md §19.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag
from requests.utils import parse_header_links

from dl_lit.download.link_words import says_file
from dl_lit.download.page_sections import links_of
from dl_lit.identity.folding import fold
from dl_lit.net.urls import joined

PDF_META = ("citation_pdf_url", "bepress_citation_pdf_url", "eprints.document_url", "wkhealth_pdf_url")
_ALL_FILES_META = "eprints.document_url"  # names every file of the page
_IDENTIFIER_META = ("dc.identifier", "dc.identifier.uri", "dcterms.identifier")  # hold DOIs, pages, and files
PDF = "application/pdf"
_SOON = 10  # seconds; a page that leads on later is one to be read
_OJS_VIEW = re.compile(r"(/article)/view(?:File)?(/[^/?#]+/[^/?#]+)")
_OJS_ISSUE = re.compile(r"/issue/(?:view|download)")
_VIEWER = re.compile(r"(?i)g?view(?:er)?(?:\.html?)?\?(?:[^#]*&)?(?:file|url)=([^&#]+)")
_IN_A_FRAME = re.compile(r"(?i)\.pdf$|/pdf(?:direct|ft)?/|[?&]format=pdf\b")
_REFRESH = re.compile(r"(?i)\s*(\d{1,4})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]+)")
_PLACES = (
    (re.compile(r"//journals\.aps\.org/\w+/abstract/(?=10\.)"), "//link.aps.org/pdf/"),
    (re.compile(r"(/doi)(?:/(?:abs|full|epdf|pdfplus|reader))?/(?=10\.\d)"), r"\1/pdf/"),
)
_FILE_PATH = re.compile(r"(?i)/bitstreams?/|/(?:portal)?files?/|/n?download(?:er)?/|\.pdf(?:$|[?;])")
_NOT_THE_WORK = re.compile(
    r"(?i)suppl(?!y|ie[sdr])|appendix|anhang|(?<![a-z])(?:poster(?!ior)|slides|(?:front_?)?cover|flyer)"
    r"|spikblad|omslag|deckblatt|titelblatt|couverture|portada|licen[cs]e|contents|inhaltsverz|thumb|figures?[-_.]"
    r"|citation_?export|export_?citation|/export/|/preview/|bibtex|endnote|refworks|/ris\b|\bcitation(?: as\b|\.pdf)"
    r"|additional[-_ ]?(?:files?|materials?|information)|(?<![a-z])esm[-_ ]?\d|(?<![a-z])(?:help|faqs?)(?![a-z])"
    r"|peer[-_ ]?review(?!ed)|(?:referee|reviewer)[-_’' ]?s?[-_’' ]?(?:report|comment)"
    r"|errat(?:um|a)(?![a-z])|corrigend|retraction|(?:executive|policy|lay)[-_ ]?summary|key[-_ ]?(?:findings|messages)"
    r"|(?:press|news|media)[-_ ]?release|pressemitteilung|communique[-_ ]de|(?:full|whole|complete|entire)[-_ ]?issue"
    r"|(?:copyright|consent|order|submission|transfer)[-_ ]?(?:form|agreement)"
    r"|(?:author|reviewer|submission|style)s?[-_ ]?(?:guid|instruct|info|kit)"
    r"|(?:guid\w{0,8}|instructions?|info\w{0,9}|hinweise)[-_ ](?:for|to|für|fuer)[-_ ](?:auth|autor|contrib|review)"
    r"|autorenrichtlinien|manuskriptrichtlinien|recommandations[-_ ]aux|(?:normas|instruc\w{0,8}|directrices)[-_ ]para"
    r"|(?:privacy|cookies?|ethics|copyright|open[-_ ]access|editorial|review)[-_ ]?(?:polic|statement|notice)"
    r"|datenschutz|terms[-_ ](?:of|and)[-_ ]|(?:media|press)[-_ ]?kit|mediadaten|rate[-_ ]?card|impressum"
    r"|\.(?:jpe?g|png|gif|svg|tiff?|zip|gz|ris|bib|enw|nbib|xml|epub|txt|csv|xlsx?|docx?|odt|pptx?|mp[34])\b"
)
_WHOLE = re.compile(
    r"\b(?:full|whole|complete|entire|gesamt\w*|ganze[rs]?|complet\w*|entier\w*|integral\w*)\W"
    r".{0,20}?\b(?:book|volume|work|report|thesis|text|buch|band|werk|bericht|livre|ouvrage|libro|livro)\b"
)
_CHAPTER = re.compile(r"\b(?:chapter|kapitel|chapitre|capitulo|capitolo)\b(?!\W{0,2}\d)")
_MOST_WORDS_OF_A_LABEL, _WORDS_OF_A_KIND = 8, 3
_SUPPLEMENT = re.compile(r"(?i)suppl|(?:^|[^a-z])(?:annex|append)")


@dataclass(frozen=True, slots=True)
class Sign:
    """A typed link of FAIR Signposting, from the header or the head of the page (signposting.org/FAIR)."""

    relations: frozenset[str]
    kind: str
    url: str | None

    def says(self, relation: str, kind: str | None = None) -> bool:
        return relation in self.relations and kind in (None, self.kind)


def signs_of(header: str, soup: BeautifulSoup, url: str, base: str) -> list[Sign]:
    """Those of the header first."""
    parsed = parse_header_links(header) if header else []
    signs = [_sign(link.get("rel", ""), link.get("type", ""), joined(url, link["url"])) for link in parsed]
    for link in soup.find_all("link"):
        signs.append(_sign(attribute(link, "rel"), attribute(link, "type"), _absolute(link, "href", base)))
    return signs


def find(
    soup: BeautifulSoup,
    url: str,
    base: str,
    metas: Mapping[str, Sequence[str]],
    signs: Sequence[Sign],
    title: str,
    refresh: str = "",
) -> list[str]:
    """The addresses to ask, the surest first, each once. `url` is the page's own, `title` its work's, `refresh` the
    header of that name."""
    items = _works_own((sign.url for sign in signs if sign.says("item", PDF)), title)
    found = [
        *items,
        *_of_metas(metas, base, title),
        *_marked(soup, base, title),
        *_ojs(url),
        *_plain(soup, base, url, title),
    ]
    linksets = [sign.url for sign in signs if sign.says("linkset", "application/linkset+json")]
    return list(usable(found or linksets or [*_by_address(url), *_led_on(soup, base, refresh)], url)) or list(
        usable(_said(soup, base, title), url)
    )


def usable(addresses: Iterable[str | None], url: str) -> Iterator[str]:
    """Those of the web, each once, without the page itself."""
    seen = {_without_fragment(url)}
    for address in addresses:
        bare = _without_fragment(address or "")
        if bare not in seen and bare.lower().startswith(("http://", "https://")):
            seen.add(bare)
            yield bare


def base_of(soup: BeautifulSoup, url: str) -> str:
    tag = soup.find("base")
    base = joined(url, attribute(tag, "href")) if isinstance(tag, Tag) else None
    return base if base is not None and base.lower().startswith(("http://", "https://")) else url


def attribute(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def _sign(relations: str, kind: str, url: str | None) -> Sign:
    return Sign(frozenset(relations.lower().split()), media_type(kind), url)


def media_type(kind: str) -> str:
    """Without its parameters."""
    return kind.partition(";")[0].strip().lower()


def _works_own(addresses: Iterable[str | None], title: str) -> list[str]:
    """Where a page names all of its files: what looks like something else last, its supplements not at all."""
    named = [(one, _path(one).rpartition("/")[2]) for one in addresses if one is not None]
    files = [(one, name) for one, name in named if not _says(_SUPPLEMENT, name, title)]
    return [one for one, _ in sorted(files, key=lambda file: _says(_NOT_THE_WORK, file[1], title))]


def _says(pattern: re.Pattern[str], text: str, title: str) -> bool:
    """Whether one of the words is there that is no word of the work's own title."""
    words = _spaced(title)
    return any(_spaced(match.group()) not in words for match in pattern.finditer(text))


def is_something_else(text: str, title: str) -> bool:
    """Whether a path or a text names a supplement, a guideline, a citation file; words of the work's `title` do not."""
    return _says(_NOT_THE_WORK, text, title)


def _label(said: str) -> str:
    """A long text names a work, in whatever words; only its beginning may say what kind of file it is."""
    words = said.split()
    return said if len(words) <= _MOST_WORDS_OF_A_LABEL else " ".join(words[:_WORDS_OF_A_KIND])


def _spaced(text: str) -> str:
    return re.sub(r"[-_. ]+", " ", text).strip().lower()


def _of_metas(metas: Mapping[str, Sequence[str]], base: str, title: str) -> Iterator[str | None]:
    for name in PDF_META:
        addresses = [joined(base, value) for value in metas.get(name, ())]
        yield from _works_own(addresses, title) if name == _ALL_FILES_META else addresses
    told = (value for name in _IDENTIFIER_META for value in metas.get(name, ()) if "://" in value)
    yield from _works_own([value for value in told if _path(value).endswith(".pdf")], title)


def _marked(soup: BeautifulSoup, base: str, title: str) -> Iterator[str | None]:
    """Elements that platforms use for the PDF of the page and for nothing else."""
    for link in soup.find_all("link"):
        if "alternate" in attribute(link, "rel").lower().split() and attribute(link, "type").lower().startswith(PDF):
            yield _absolute(link, "href", base)
    for tag in soup.find_all(["embed", "object", "iframe"]):
        address = attribute(tag, "src") or attribute(tag, "data")
        yield from _viewed(joined(base, address) or "")
        if attribute(tag, "type").lower() == PDF or _IN_A_FRAME.search(address.partition("#")[0]):
            yield joined(base, address)
    for link in links_of(soup):
        target = _absolute(link, "href", base) or ""
        yield from _viewed(target)
        if _is_galley(link, target) and not _OJS_ISSUE.search(_path(target)):
            said = f"{_path(target)} {_label(link.get_text(' ', strip=True))}"
            if not _says(_NOT_THE_WORK, said, title):
                yield from _ojs(target)
                yield target


def _is_galley(link: Tag, target: str) -> bool:
    classes = attribute(link, "class").split()
    if "obj_galley_link" in classes and ("pdf" in classes or "pdf" in link.get_text().lower()):
        return True
    is_ojs_2 = "file" in classes and _OJS_VIEW.search(_path(target)) is not None and "pdf" in link.get_text().lower()
    return is_ojs_2 or attribute(link, "id") == "pdfDownloadLink" or "download" in classes


def _ojs(address: str) -> Iterator[str]:
    """OJS shows a galley at /article/view/A/G and sends it from /article/download/A/G."""
    if _OJS_VIEW.search(_path(address)):
        yield _OJS_VIEW.sub(r"\1/download\2", address, count=1)


def _viewed(address: str) -> Iterator[str | None]:
    """The file that an address opens in a viewer, as pdf.js and Google's."""
    if found := _VIEWER.search(address):
        yield joined(address, unquote(found[1]))


def _by_address(url: str) -> Iterator[str | None]:
    """Where platforms keep the file of a page that names none: APS, and Atypon at its many publishers."""
    yield from _viewed(url)
    for pattern, place in _PLACES:
        if pattern.search(url):
            yield pattern.sub(place, url, count=1)


def _led_on(soup: BeautifulSoup, base: str, refresh: str) -> Iterator[str | None]:
    """Where the page itself sends its reader after a moment."""
    metas = [tag for tag in soup.find_all("meta") if attribute(tag, "http-equiv").lower() == "refresh"]
    for told in (refresh, *(attribute(tag, "content") for tag in metas)):
        found = _REFRESH.match(told)
        if found and int(found[1]) <= _SOON:
            yield joined(base, found[2])


def _plain(soup: BeautifulSoup, base: str, url: str, title: str) -> list[str]:
    """Ordinary links of this host that look like its files; those that say PDF or full text first."""
    host = urlsplit(base).netloc
    found: list[tuple[bool, bool, int, str]] = []
    words: dict[str, str] = {}
    for link in links_of(soup):
        address, said = _absolute(link, "href", base), link.get_text(" ", strip=True).lower()
        if address is None:
            continue
        parts = urlsplit(address)
        if parts.netloc != host or _VIEWER.search(address) or not _FILE_PATH.search(f"{parts.path}?{parts.query}"):
            continue
        if not _says(_NOT_THE_WORK, f"{parts.path} {_label(said)}", title):
            says_pdf = "pdf" in said or "full" in said or "text" in said or "download" in said
            found.append((not says_pdf, not _path(address).endswith(".pdf"), len(found), address))
            words.setdefault(address, fold(said))
    return _the_whole_first(_of_this_page([address for *_, address in sorted(found)], url), words)


def _the_whole_first(addresses: list[str], words: Mapping[str, str]) -> list[str]:
    """A book's page offers the book and its chapters; a chapter's page the chapter and its book."""
    chapters = {one for one in addresses if _CHAPTER.search(words[one])}
    mine = chapters if len(chapters) == 1 else {one for one in addresses if _WHOLE.search(words[one])}
    return sorted(addresses, key=lambda one: one not in mine)


def _said(soup: BeautifulSoup, base: str, title: str) -> Iterator[str]:
    """Links of this host whose words alone tell that they lead to the file; those with "PDF" first."""
    host, found = urlsplit(base).netloc, []
    for link in links_of(soup):
        address, said = _absolute(link, "href", base), fold(link.get_text(" ", strip=True))
        said = said or fold(attribute(link, "title") or attribute(link, "aria-label") or _drawn(link))
        if address is None or urlsplit(address).netloc != host or not says_file(said):
            continue
        if not _says(_NOT_THE_WORK, urlsplit(address).path, title):
            found.append(("pdf" not in said, address))
    yield from (address for _, address in sorted(found, key=lambda one: one[0]))


def _drawn(link: Tag) -> str:
    """What stands for the picture that a link has in place of words."""
    image = link.find("img")
    return attribute(image, "alt") if isinstance(image, Tag) else ""


def _of_this_page(addresses: list[str], url: str) -> list[str]:
    """Links to related works look the same; where some have the page's own path in theirs, the others are not its."""
    path = _path(url).rstrip("/")
    mine = [one for one in addresses if f"{path}/" in f"{_path(one)}/"] if path.count("/") > 1 else []
    return mine or addresses


def _absolute(tag: Tag, name: str, base: str) -> str | None:
    return joined(base, attribute(tag, name))


def _path(address: str) -> str:
    try:
        return urlsplit(address).path.lower() if address else ""
    except ValueError:
        return ""


def _without_fragment(address: str) -> str:
    return address.partition("#")[0].strip()

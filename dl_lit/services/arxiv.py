"""arXiv: records by id, each with its PDF (apis.md §7). One request in three seconds, one connection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote
from xml.etree.ElementTree import Element, tostring

from dl_lit.errors import RequestRefused
from dl_lit.identity import arxiv as ids_of
from dl_lit.identity import doi as dois_of
from dl_lit.identity import names
from dl_lit.model import Answer, CopyVersion, Location, Person, Work
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import PoolLimits
from dl_lit.services.base import Batch, Index, chunks
from dl_lit.services.fields import Node, parsed_xml, without_markup
from dl_lit.services.offers import Offer, Price, Question, same

# https://info.arxiv.org/help/api/tou.html: summed over all machines of a user, hence no more than this anywhere.
# Who asks too fast is answered 406 as well as 429 and 503.
LIMITS = PoolLimits(rates={"default": 1 / 3}, concurrency=1, daily=None, busy=frozenset({406}))
BATCH_SIZE = 100
PROBE = "id:1706.03762"

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"


class Arxiv(Index):
    """Preprints of physics, mathematics and computing; every record has a copy."""

    name = "arxiv"
    offer = Offer(
        "preprints of physics, mathematics and computing, each with its copy",
        same(Price(batch=BATCH_SIZE), Question.ARXIV),
        LIMITS,
        abstracts=True,
        copies=True,
    )

    def works(self, ids: Iterable[str]) -> dict[str, Answer[Work]]:
        """The record of each (normalised) arXiv id."""
        keys = {f"id:{identifier}": identifier for identifier in ids}
        answers = self._lookup(
            keys, self._ask, self._read_work, batches=lambda batch: chunks(batch, BATCH_SIZE), gather="arxiv"
        )
        return {identifier: answers[key] for key, identifier in keys.items()}

    def location(self, identifier: str) -> Location:
        """Where the copy of an arXiv id is, by rule; arXiv wants programs to use its export host."""
        return location_of(identifier, self._base_url)

    def probe(self) -> bool:
        return bool(self._ask((PROBE,)))

    def _ask(self, batch: Batch) -> dict[str, str]:
        wanted = quote(",".join(key.partition(":")[2] for key in batch), safe=",/")
        url = f"{self._base_url}/api/query?id_list={wanted}&start=0&max_results={len(batch)}"
        try:
            feed = self._feed(url)
        except RequestRefused:
            if len(batch) == 1:
                return {}  # "incorrect id format": there is no such paper
            raise
        found = {f"id:{_id(entry)}": tostring(entry, encoding="unicode") for entry in _entries(feed)}
        return {key: payload for key, payload in found.items() if key in batch}

    def _feed(self, url: str) -> Element:
        feed = self._xml(HttpRequest(url), "an Atom feed", f"{_ATOM}feed")
        if any(_is_error(entry) for entry in _entries(feed)):  # under status 200 as well as 400
            raise RequestRefused("arXiv calls an id malformed", reason="request_refused")
        return feed

    def _read_work(self, payload: str) -> Work | None:
        entry = parsed_xml(payload.encode())
        return None if entry is None else parse_entry(entry, self._base_url)


def location_of(identifier: str, base_url: str) -> Location:
    return Location(
        source=Arxiv.name,
        pdf_url=f"{base_url}/pdf/{identifier}",
        landing_url=f"{base_url}/abs/{identifier}",
        version=CopyVersion.SUBMITTED,
        host_type="repository",
        is_best=True,
    )


def parse_entry(entry: Element, base_url: str) -> Work | None:
    """One entry as a `Work`. `doi` is the published version's where the authors gave it, else arXiv's own."""
    identifier = _id(entry)
    if identifier is None:
        return None
    return Work(
        title=without_markup(_text(entry, f"{_ATOM}title")),
        authors=_authors(entry),
        year=Node((_text(entry, f"{_ATOM}published") or "")[:4]).year(),
        publisher="arXiv",
        type="posted-content",
        doi=dois_of.normalise(_text(entry, f"{_ARXIV}doi")) or f"10.48550/arxiv.{identifier}",
        arxiv=identifier,
        url=f"https://arxiv.org/abs/{identifier}",
        abstract=without_markup(_text(entry, f"{_ATOM}summary")),
        is_oa=True,
        oa_status="green",
        locations=(location_of(identifier, base_url),),
        sources=(Arxiv.name,),
    )


def _feed(body: bytes) -> Element | None:
    root = parsed_xml(body)
    return root if root is not None and root.tag == f"{_ATOM}feed" else None


def _entries(feed: Element) -> Iterator[Element]:
    return feed.iter(f"{_ATOM}entry")


def _text(entry: Element, tag: str) -> str | None:
    return Node(entry.findtext(tag)).text()


def _id(entry: Element) -> str | None:
    return ids_of.normalise(_text(entry, f"{_ATOM}id"))


def _is_error(entry: Element) -> bool:
    return "/api/errors" in (_text(entry, f"{_ATOM}id") or "")


def _authors(entry: Element) -> tuple[Person, ...]:
    printed = (_text(author, f"{_ATOM}name") for author in entry.iter(f"{_ATOM}author"))
    return tuple(names.parse(name) for name in printed if name)

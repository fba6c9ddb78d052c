"""The German National Library: books and theses by ISBN, title and author, over SRU (apis.md §18)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element, tostring

from dl_lit.errors import RequestRefused, ServiceUnavailable
from dl_lit.model import Answer, Nothing, Work
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import PoolLimits
from dl_lit.net.trouble import AGAIN, Trouble
from dl_lit.services import marc
from dl_lit.services.base import Batch, Index, wrong_shape
from dl_lit.services.fields import Node, parsed_xml
from dl_lit.services.offers import Offer, Price, Question

# No rate is published.
LIMITS = PoolLimits(rates={"default": 1.0}, concurrency=1, daily=None)
BATCH_SIZE = 20
MAX_RECORDS = 100
MAX_TITLE_WORDS = 12
PROBE = "isbn:9783161484100"

_NUMBER = re.compile(r"info:srw/diagnostic/1/(\d{1,4})\s*$")
_OF_THE_SYSTEM = 3
_WORD = re.compile(r"[^\W_]+")
# Words of the query language, which a title may have too.
_RESERVED = frozenset({"and", "or", "not", "prox", "sortby"})


class Dnb(Index):
    """Whatever was published in Germany or in German, books and theses above all."""

    name = "dnb"
    surely_has_probe = False
    offer = Offer(
        "German books and theses by ISBN, title and author",
        MappingProxyType({Question.ISBN: Price(batch=BATCH_SIZE), Question.TITLE: Price()}),
        LIMITS,
        copies=True,
    )

    def works_by_isbn(self, isbns: Iterable[str]) -> dict[str, Answer[Work]]:
        """The book with each (normalised) ISBN."""
        return self._records("isbn", isbns, self._ask, self._work, BATCH_SIZE)

    def search_title(self, title: str, author: str | None = None, rows: int = 5) -> Answer[tuple[Work, ...]]:
        """Books with all words of `title` (its first twelve) and of `author` (a family name)."""
        query = query_of(title, author)
        if not query:
            return Nothing()

        def find() -> list[Any]:
            return [tostring(record, encoding="unicode") for record in self._retrieved(query, rows)]

        def read(record: Node) -> Work | None:
            return self._work(record.value)

        return self._found(f"title:{rows}:{query}", find, read)

    def probe(self) -> bool:
        return bool(self._ask((PROBE,)))

    def _ask(self, batch: Batch) -> dict[str, str]:
        query = " or ".join(f"num={key.removeprefix('isbn:')}" for key in batch)
        found: dict[str, str] = {}
        for record in self._retrieved(query, MAX_RECORDS):
            for number in marc.isbns(record):
                if (key := f"isbn:{number}") in batch:
                    found.setdefault(key, tostring(record, encoding="unicode"))
        return found

    def _retrieved(self, query: str, rows: int) -> Sequence[Element]:
        params = (
            ("version", "1.1"),
            ("operation", "searchRetrieve"),
            ("query", query),
            ("recordSchema", "MARC21-xml"),
            ("maximumRecords", str(rows)),
        )
        request = HttpRequest(f"{self._base_url}/sru/dnb", params)
        root = self._xml(request, "an SRU response", "searchRetrieveResponse", self._check)
        if (diagnostic := _diagnostic(root)) is not None:
            raise RequestRefused(f"{self.name}: {_said(diagnostic)}", reason="request_refused")
        return list(root.iter(f"{marc.MARC}record"))

    def _check(self, root: Element) -> None:
        """A diagnostic comes under status 200 like everything: the catalogue is out of order, or a query is wrong."""
        diagnostic = _diagnostic(root)
        if diagnostic is not None and not _is_of_the_query(diagnostic):
            trouble = Trouble(f"could not answer ({_said(diagnostic)})", AGAIN)
            raise ServiceUnavailable(trouble.told(self.name), trouble=trouble)
        if diagnostic is None and not any(_bare(one) == "numberOfRecords" for one in root):
            raise wrong_shape(self.name, "a number of records")

    def _work(self, payload: str) -> Work | None:
        record = parsed_xml(payload.encode())
        return None if record is None else marc.parse_record(record, self.name)


def query_of(title: str, author: str | None = None) -> str:
    """The CQL query for the words of a title and an author; empty without any word."""
    words = [word for word in _WORD.findall(Node(title).plain() or "") if word.lower() not in _RESERVED]
    people = [word for word in _WORD.findall(author or "") if word.lower() not in _RESERVED]
    conditions = [f"tit={word}" for word in words[:MAX_TITLE_WORDS]] + [f"per={word}" for word in people]
    return " and ".join(conditions) if words else ""


def _diagnostic(root: Element) -> Element | None:
    return next((one for one in root.iter() if _bare(one) == "diagnostic"), None)


def _said(diagnostic: Element) -> str:
    texts = (Node(one.text).text() for one in diagnostic if _bare(one) != "uri")
    return " ".join(text for text in texts if text)[:200]


def _is_of_the_query(diagnostic: Element) -> bool:
    """By the numbers of https://www.loc.gov/standards/sru/diagnostics/: the first three are about the system."""
    uri = next((one.text or "" for one in diagnostic if _bare(one) == "uri"), "")
    number = _NUMBER.search(uri)
    return number is not None and int(number[1]) > _OF_THE_SYSTEM


def _bare(element: Element) -> str:
    return element.tag.rpartition("}")[2]

"""Open Library: books by ISBN in batches, and by title and author (apis.md §18). It has no open copies."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from types import MappingProxyType
from typing import Any

from dl_lit.identity import isbn, names
from dl_lit.model import Answer, Nothing, Person, Work
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import PoolLimits
from dl_lit.services.base import Batch, Index, wrong_shape
from dl_lit.services.fields import Node
from dl_lit.services.offers import Need, Offer, Price, Question

# https://openlibrary.org/developers/api: three a second for who says who he is, one for everybody else.
ANONYMOUS = PoolLimits(rates={"default": 1.0}, concurrency=1, daily=None)
IDENTIFIED = PoolLimits(rates={"default": 3.0}, concurrency=1, daily=None)
BATCH_SIZE = 50
MAX_TITLE_LETTERS = 200
PROBE = "isbn:9780140328721"

_FIELDS = "key,title,subtitle,author_name,first_publish_year,isbn,publisher,language"
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")


class OpenLibrary(Index):
    """The books of many libraries, as anyone may edit them."""

    name = "openlibrary"
    offer = Offer(
        "books by ISBN, title and author",
        MappingProxyType({Question.ISBN: Price(batch=BATCH_SIZE), Question.TITLE: Price()}),
        ANONYMOUS,
        advised=Need.EMAIL,
        better=IDENTIFIED,
    )

    def works_by_isbn(self, isbns: Iterable[str]) -> dict[str, Answer[Work]]:
        """The edition with each (normalised) ISBN."""
        return self._records("isbn", isbns, self._ask, _read_edition, BATCH_SIZE)

    def search_title(self, title: str, author: str | None = None, rows: int = 5) -> Answer[tuple[Work, ...]]:
        """Works, not editions: the year is that of the first edition, and there is no publisher."""
        words = (Node(title).plain() or "")[:MAX_TITLE_LETTERS]
        if not words:
            return Nothing()
        by = Node(author).plain()
        query = (("title", words), *((("author", by),) if by else ()))

        def find() -> list[Any]:
            params = (*query, ("fields", _FIELDS), ("limit", str(rows)))
            request = HttpRequest(f"{self._base_url}/search.json", params)
            answer = self._node(request, "a list of works", lambda answer: isinstance(answer["docs"].value, list))
            return [one.value for one in answer["docs"] if isinstance(one.value, dict)]

        return self._found(f"title:{rows}:{words}|{by or ''}", find, parse_found)

    def probe(self) -> bool:
        return bool(self._ask((PROBE,)))

    def _ask(self, batch: Batch) -> dict[str, str]:
        keys = {f"ISBN:{key.removeprefix('isbn:')}": key for key in batch}
        params = (("bibkeys", ",".join(keys)), ("format", "json"), ("jscmd", "data"))
        reads = self._promise("books by ISBN", lambda answer: _are_editions(answer, keys))
        response = self._send(HttpRequest(f"{self._base_url}/api/books", params, reads=reads))
        if response.status != 200:
            raise wrong_shape(self.name, "books by ISBN")
        editions = response.json()
        return {
            keys[name]: json.dumps({**edition, "isbn": name.removeprefix("ISBN:")})
            for name, edition in editions.items()
            if isinstance(edition, dict)
        }


def parse_edition(record: Node) -> Work:
    """An edition, as `/api/books` describes it, as a `Work`."""
    title, subtitle = _titles(record)
    numbers = (
        record["isbn"].text(),
        *record["identifiers"]["isbn_13"].texts(),
        *record["identifiers"]["isbn_10"].texts(),
    )
    year = _YEAR.search(record["publish_date"].text() or "")
    return Work(
        title=title,
        subtitle=subtitle,
        authors=_people(one["name"].plain() for one in record["authors"]),
        year=int(year[1]) if year else None,
        publisher=record["publishers"][0]["name"].plain(),
        place=record["publish_places"][0]["name"].plain(),
        type="book",
        isbn=next((found for text in numbers if (found := isbn.normalise(text))), None),
        url=record["url"].url(),
        sources=(OpenLibrary.name,),
    )


def parse_found(record: Node) -> Work:
    """A work that a search found; its publisher and ISBN are given only where there is no choice."""
    title, subtitle = _titles(record)
    publishers = record["publisher"].texts()
    numbers = {found for text in record["isbn"].texts() if (found := isbn.normalise(text))}
    key = record["key"].text()
    return Work(
        title=title,
        subtitle=subtitle,
        authors=_people(Node(name).plain() for name in record["author_name"].texts()),
        year=record["first_publish_year"].year(),
        publisher=publishers[0] if len(publishers) == 1 else None,
        type="book",
        isbn=numbers.pop() if len(numbers) == 1 else None,
        url=f"https://openlibrary.org{key}" if key and key.startswith("/works/") else None,
        sources=(OpenLibrary.name,),
    )


def _titles(record: Node) -> tuple[str | None, str | None]:
    return record["title"].plain(), record["subtitle"].plain()


def _people(printed: Iterable[str | None]) -> tuple[Person, ...]:
    return tuple(names.parse(name) for name in printed if name)


def _read_edition(payload: str) -> Work | None:
    return parse_edition(Node(json.loads(payload)))


def _are_editions(answer: Node, keys: Collection[str]) -> bool:
    return isinstance(answer.value, dict) and set(answer.value) <= set(keys)

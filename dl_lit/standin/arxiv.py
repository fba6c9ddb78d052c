"""arXiv's query API as a client meets it: Atom, wrapped titles, error entries, three seconds and one connection."""

from __future__ import annotations

import re
import textwrap
import threading
from dataclasses import replace
from xml.sax.saxutils import escape

from dl_lit.standin.context import Context
from dl_lit.standin.hosts import Quirk, with_quirk
from dl_lit.standin.limits import TOLERANCE
from dl_lit.standin.search import words
from dl_lit.standin.wire import Reply, Request, page, redirect
from dl_lit.standin.world import Copy, Entry

ATOM = "application/atom+xml; charset=utf-8"
SPACING = 3.0
MAX_RESULTS = 2000
_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(v\d+)?")
_FIELDS = {"ti": "title", "au": "authors", "all": "all", "abs": "all", "jr": "container"}


class Arxiv:
    """The service under `/arxiv`: `/api/query`, and `/pdf/` and `/abs/` that lead to the stand-in's arXiv host."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._last = 0.0
        self._host = context.addresses.at(with_quirk(Quirk.ARXIV), "")

    def bucket(self, request: Request) -> str:
        return "file" if request.path.startswith(("/pdf/", "/abs/")) else "query"

    def answer(self, request: Request) -> Reply:
        if self.bucket(request) == "file":
            return redirect(self._host + request.path, 301)
        return self._refuse(request) or self._route(request)

    def _refuse(self, request: Request) -> Reply | None:
        with self._lock:
            waited, self._last = request.time - self._last, request.time
        if request.in_flight > 1:
            return page("503 Service Unavailable", status=503, refused="concurrency")
        if waited < SPACING - TOLERANCE:
            return Reply(429, b"Rate exceeded.", "text/plain", refused="spacing")
        return None

    def _route(self, request: Request) -> Reply:
        if request.path.rstrip("/") != "/api/query":
            return page("404 Not Found", status=404)
        ids = [one.strip() for one in (request.param("id_list") or "").split(",") if one.strip()]
        wrong = next((one for one in ids if not _ID.fullmatch(one)), None)
        if wrong is not None:
            return _error(f"incorrect id format for {wrong}")
        numbers = [request.param(name) or default for name, default in (("start", "0"), ("max_results", "10"))]
        if not all(number.isascii() and number.isdigit() for number in numbers) or int(numbers[1]) > MAX_RESULTS:
            return _error("start and max_results must be integers, max_results at most 2000")
        found = self._by_id(ids) if ids else self._search(request.param("search_query") or "")
        start, count = int(numbers[0]), int(numbers[1])
        entries = "".join(self._entry(entry, version) for entry, version in found[start : start + count])
        return _atom(f"arXiv Query: {request.raw_query}", entries, len(found), start, count)

    def _by_id(self, ids: list[str]) -> list[tuple[Entry, str]]:
        matches = [(_ID.fullmatch(one), one) for one in ids]
        asked = [(found[1], found[2]) for found, _ in matches if found is not None]
        return [
            (entry, version or _version(entry))
            for one, version in asked
            if (entry := self._context.world.by_arxiv.get(one))
        ]

    def _search(self, query: str) -> list[tuple[Entry, str]]:
        terms = re.findall(r'(?:(\w+):)?("[^"]+"|[^\s"]+)', query)
        wanted = [
            (_FIELDS.get(field, "all"), words(text)) for field, text in terms if text not in ("AND", "OR", "ANDNOT")
        ]
        entries = self._context.world.by_arxiv.values()
        return [(one, _version(one)) for one in entries if wanted and all(_has(one, *term) for term in wanted)]

    def _entry(self, entry: Entry, version: str) -> str:
        work = entry.work
        number = f"{work.arxiv}{version}"
        # Long titles are wrapped, and the next line is indented, as at arXiv.
        title = "\n  ".join(textwrap.wrap(f"{work.title}: {work.subtitle}" if work.subtitle else work.title, 70))
        names = (person.name or " ".join(p for p in (person.given, person.family) if p) for person in work.authors)
        authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in names)
        doi = f"<arxiv:doi>{escape(work.doi)}</arxiv:doi>" if work.doi and not work.doi.startswith("10.48550/") else ""
        place = " ".join(part for part in (work.container, work.volume, f"({work.year})") if part)
        reference = f"<arxiv:journal_ref>{escape(place)}</arxiv:journal_ref>" if doi else ""
        return (
            f"<entry><id>http://arxiv.org/abs/{number}</id><title>{escape(title)}</title>"
            f"<updated>{work.year}-06-01T00:00:00Z</updated><published>{work.year}-01-01T00:00:00Z</published>"
            f"<summary>The stand-in has no abstract of this work.</summary>{authors}{doi}{reference}"
            '<arxiv:primary_category term="cs.DL"/><category term="cs.DL"/>'
            f'<link href="{self._host}/abs/{number}" rel="alternate" type="text/html"/>'
            f'<link href="{self._host}/pdf/{number}" rel="related" type="application/pdf" title="pdf"/></entry>\n'
        )


def _has(entry: Entry, field: str, wanted: list[str]) -> bool:
    work = entry.work
    people = " ".join(part for person in work.authors for part in (person.family, person.given, person.name) if part)
    title = f"{work.title} {work.subtitle or ''}"
    facts = {"title": title, "authors": people, "container": work.container or "", "all": f"{title} {people}"}
    return set(wanted) <= set(words(facts[field]))


def _preprint(entry: Entry) -> Copy | None:
    return next((copy for copy in entry.copies if entry.work.arxiv and copy.slug.startswith(entry.work.arxiv)), None)


def _version(entry: Entry) -> str:
    copy = _preprint(entry)
    return copy.slug[len(entry.work.arxiv or "") :] if copy else "v1"


def _error(text: str) -> Reply:
    where = f"https://arxiv.org/api/errors#{text.replace(' ', '_')}"
    entry = (
        f"<entry><id>{escape(where)}</id><title>Error</title><updated>2026-11-01T00:00:00Z</updated>"
        f'<link href="{escape(where)}" rel="alternate" type="text/html"/><summary>{escape(text)}</summary>'
        "<author><name>arXiv api core</name></author></entry>"
    )
    return replace(_atom("arXiv Search Results", entry, 1, 0, 1), status=400)


def _atom(title: str, entries: str, total: int, start: int, count: int) -> Reply:
    text = (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" '
        f'xmlns="http://www.w3.org/2005/Atom">\n<id>https://arxiv.org/api/stand-in</id><title>{escape(title)}</title>'
        "<updated>2026-11-01T00:00:00Z</updated>"
        f"<opensearch:itemsPerPage>{count}</opensearch:itemsPerPage><opensearch:totalResults>{total}</opensearch:totalResults>"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>\n{entries}</feed>\n"
    )
    return Reply(200, text.encode(), ATOM)

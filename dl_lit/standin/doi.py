"""doi.org as a client meets it: redirects to landing pages, the handle API, agencies, content negotiation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

from dl_lit.standin.context import Context
from dl_lit.standin.hosts import Quirk, with_quirk
from dl_lit.standin.wire import Reply, Request, json_reply, page, redirect, text_reply
from dl_lit.standin.world import Entry

CROSSCITE = "data.crosscite.org/"
DATA_TYPES = ("application/vnd.citationstyles.csl+json", "application/json")


class Doi:
    """The service under `/doi`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def bucket(self, request: Request) -> str:
        return "resolve"

    def answer(self, request: Request) -> Reply:
        path = unquote(request.path).strip("/")
        if path.startswith("api/handles/"):
            return self._handle(path.removeprefix("api/handles/"))
        if path.startswith(CROSSCITE):
            return self._crosscite(path.removeprefix(CROSSCITE))
        if path.startswith("ra/"):
            return json_reply([self._agency(doi) for doi in path.removeprefix("ra/").split(",")])
        entry = self._context.world.by_doi.get(path.lower())
        if entry is None:
            return page("DOI Not Found", f"<p>{quote(path)} cannot be found in the DOI System.</p>", 404)
        accept = request.headers.get("accept", "").partition(";")[0].partition(",")[0]
        if accept in DATA_TYPES or accept == "application/x-bibtex":
            return self._negotiate(entry, accept)
        return redirect(self._landing(entry))

    def _landing(self, entry: Entry) -> str:
        """The publisher's page; a work that no publisher gives away has a page with a wall behind it."""
        open_page = self._context.landing_of(entry)
        if open_page is not None:
            return open_page
        wall = with_quirk(Quirk.LOGIN)
        return self._context.addresses.at(wall, wall.landing.format(slug=entry.work.key))

    def _negotiate(self, entry: Entry, mime: str) -> Reply:
        if mime not in DATA_TYPES:
            return page("406 Not Acceptable", status=406)
        if not entry.in_crossref:
            return redirect(f"{self._context.addresses.services}/doi/{CROSSCITE}{quote(entry.doi or '')}")
        data = f"{self._context.addresses.services}/crossref/works/{quote(entry.doi or '')}/transform/{DATA_TYPES[0]}"
        return redirect(data)

    def _crosscite(self, doi: str) -> Reply:
        """DataCite's data host, which stands at another address in the world outside."""
        entry = self._context.world.by_doi.get(doi.lower())
        if entry is None or entry.in_crossref:
            return text_reply("The resource you are looking for doesn't exist.", 404)
        return replace(json_reply(csl(entry)), content_type=DATA_TYPES[0])

    def _handle(self, doi: str) -> Reply:
        entry = self._context.world.by_doi.get(doi.lower())
        if entry is None:
            return json_reply({"responseCode": 100, "handle": doi}, 404)
        data = {"format": "string", "value": self._landing(entry)}
        value = {"index": 1, "type": "URL", "data": data, "ttl": 86400, "timestamp": "2026-01-01T00:00:00Z"}
        return json_reply({"responseCode": 1, "handle": doi, "values": [value]})

    def _agency(self, doi: str) -> dict[str, str]:
        entry = self._context.world.by_doi.get(doi.lower())
        if entry is None:
            return {"DOI": doi, "status": "DOI does not exist"}
        return {"DOI": doi, "RA": "Crossref" if entry.in_crossref else "DataCite"}


def csl(entry: Entry) -> dict[str, Any]:
    """CSL-JSON in DataCite's manner: strings, and its own words for the types."""
    work = entry.work
    kinds = {"posted-content": "article", "dissertation": "thesis", "journal-article": "article-journal"}
    people = [
        {"literal": person.name} if person.name else {"family": person.family, "given": person.given}
        for person in work.authors
    ]
    return {
        "type": kinds.get(work.type, work.type),
        "id": f"https://doi.org/{entry.doi}",
        "author": people,
        "issued": {"date-parts": [[work.year]]},
        "DOI": work.doi,
        "publisher": work.publisher,
        "title": f"{work.title}: {work.subtitle}" if work.subtitle else work.title,
        "URL": f"https://doi.org/{entry.doi}",
    }

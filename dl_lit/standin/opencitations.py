"""OpenCitations as a client meets it: lists without a frame, an empty one for the unknown, 500 for long batches."""

from __future__ import annotations

import re
from urllib.parse import unquote

from dl_lit.model import Person
from dl_lit.standin.citations import cited_by, inverted_name, whole_title
from dl_lit.standin.context import Context
from dl_lit.standin.wire import Reply, Request, json_reply, page, text_reply
from dl_lit.standin.world import Entry

RATE, WINDOW = 180, 60.0
MAX_IDS = 14
INDEX = re.compile(r"/index/v2/references/doi:(.+)")
META = re.compile(r"/meta/v1/metadata/(.+)")


class OpenCitations:
    """The service under `/opencitations`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def bucket(self, request: Request) -> str:
        return "call"

    def answer(self, request: Request) -> Reply:
        if not self._context.windows.admit("opencitations", request.time, RATE, WINDOW):
            return text_reply("Too Many Requests", 429, refused="speed")
        path = unquote(request.path)
        if found := INDEX.fullmatch(path):
            return self._references(found[1].lower())
        if found := META.fullmatch(path):
            ids = found[1].split("__")
            if len(ids) > MAX_IDS:
                return text_reply("Internal Server Error", 500)
            dois = (one.removeprefix("doi:").lower() for one in ids)
            entries = [entry for doi in dois if (entry := self._context.world.by_doi.get(doi)) is not None]
            return json_reply([_row(entry) for entry in reversed(entries)])
        return page("404 Not Found", status=404)

    def _references(self, doi: str) -> Reply:
        entry = self._context.world.by_doi.get(doi)
        cited = cited_by(self._context.world, entry) if entry is not None and entry.in_crossref else ()
        citing = f"omid:br/06{len(doi)} doi:{doi}"
        rows = [
            {"oci": f"06{n}-06{n + 1}", "citing": citing, "cited": _ids(one), "creation": "", "timespan": ""}
            for n, one in enumerate(cited)
            if one.doi or one.work.pmid
        ]
        self._context.world.randomness("order", doi).shuffle(rows)
        return json_reply(rows)


def _ids(entry: Entry) -> str:
    ids = (f"omid:br/06{entry.openalex_id[1:]}", entry.doi and f"doi:{entry.doi}")
    return " ".join((*(one for one in ids if one), *([f"pmid:{entry.work.pmid}"] if entry.work.pmid else [])))


def _row(entry: Entry) -> dict[str, str]:
    work = entry.work
    venue = f"{work.container} [{'issn:' + work.issn if work.issn else 'omid:br/061'}]" if work.container else ""
    return {
        "id": _ids(entry),
        "title": whole_title(entry),
        "author": _people(work.authors),
        "pub_date": str(work.year),
        "issue": work.issue or "",
        "volume": work.volume or "",
        "venue": venue,
        "page": work.pages or "",
        "type": work.type.replace("-", " "),
        "publisher": f"{work.publisher} [crossref:1]" if work.publisher else "",
        "editor": _people(work.editors),
    }


def _people(people: tuple[Person, ...]) -> str:
    return "; ".join(f"{inverted_name(person)} [omid:ra/06{n}]" for n, person in enumerate(people))

"""Europe PMC as a client meets it: OR-queries, unordered results, strings for flags, and answers that hold nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from dl_lit.standin.citations import pmcid_of, whole_title
from dl_lit.standin.context import Context
from dl_lit.standin.wire import Reply, Request, json_reply, page
from dl_lit.standin.world import Entry

HOLLOW = {"version": "6.9"}
_CONDITION = re.compile(r'DOI:"([^"]+)"|EXT_ID:(\d+)|PMCID:(PMC\d+)|TITLE:"([^"]+)"')


class EuropePmc:
    """The service under `/europepmc`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._entries = [entry for entry in context.world.entries if entry.work.pmid and not entry.is_parasite]
        self._by_doi = {entry.doi: entry for entry in self._entries if entry.doi}
        self._by_pmid = {entry.work.pmid: entry for entry in self._entries}
        self._by_pmcid = {pmcid: entry for entry in self._entries if (pmcid := pmcid_of(entry))}

    def bucket(self, request: Request) -> str:
        return "search"

    def answer(self, request: Request) -> Reply:
        if request.path.rstrip("/") != "/search":
            return page("404 Not Found", status=404)
        dice = self._context.dice.throw(f"europepmc {request.raw_query}")
        query, size = request.param("query") or "", request.param("pageSize") or "25"
        if not query or dice.random() < self._context.settings.europepmc_hollow:
            # Its clients must ask again, so that the next call repeats nothing.
            return replace(json_reply(HOLLOW), refused="hollow")
        found = self._find(query)
        self._context.world.randomness("order", query).shuffle(found)
        shown = [self._record(entry) for entry in found[: int(size) if size.isascii() and size.isdigit() else 25]]
        asked = {"queryString": query, "resultType": request.param("resultType") or "lite", "cursorMark": "*"}
        body = {**HOLLOW, "hitCount": len(found), "request": asked, "resultList": {"result": shown}}
        return json_reply(body)

    def _find(self, query: str) -> list[Entry]:
        found: dict[str, Entry] = {}
        for doi, pmid, pmcid, title in _CONDITION.findall(query):
            entries = [self._by_doi.get(doi.lower()), self._by_pmid.get(pmid), self._by_pmcid.get(pmcid)]
            entries += [one for one in self._context.index.all_of(title) if one.work.pmid] if title else []
            found |= {entry.work.key: entry for entry in entries if entry is not None and not entry.is_parasite}
        return list(found.values())

    def _record(self, entry: Entry) -> dict[str, Any]:
        work, pmcid = entry.work, pmcid_of(entry)
        people = [
            {"collectiveName": person.name}
            if person.name
            else {"fullName": f"{person.family} {(person.given or '')[:1]}", "firstName": person.given}
            | {"lastName": person.family}
            for person in work.authors
        ]
        record: dict[str, Any] = {
            "id": work.pmid,
            "source": "MED",
            "pmid": work.pmid,
            "pmcid": pmcid,
            "doi": entry.doi,
            "title": f"{whole_title(entry)}.",
            "authorString": ", ".join(one.get("fullName") or one["collectiveName"] or "" for one in people) + ".",
            "authorList": {"author": people},
            "journalInfo": {
                "volume": work.volume,
                "issue": work.issue,
                "yearOfPublication": work.year,
                "journal": {"title": work.container, "issn": work.issn},
            },
            "pubYear": str(work.year),
            "pageInfo": work.pages,
            "pubTypeList": {"pubType": ["Journal Article"]},
            "isOpenAccess": "Y" if pmcid else "N",
            "inPMC": "Y" if pmcid else "N",
            "hasPDF": "Y" if pmcid else "N",
            "license": entry.copies[0].licence.replace("-", " ", 1) if pmcid and entry.copies[0].licence else None,
            "citedByCount": work.cited_by,
            "fullTextUrlList": {"fullTextUrl": self._links(entry)},
        }
        return {name: value for name, value in record.items() if value is not None}

    def _links(self, entry: Entry) -> list[dict[str, str]]:
        if not pmcid_of(entry):
            return []
        addresses, copy = self._context.addresses, entry.copies[0]
        pdf = addresses.pdf(copy)
        shared = {"availability": "Open access", "availabilityCode": "OA", "site": "Europe_PMC"}
        links = [{**shared, "documentStyle": "html", "url": addresses.landing(entry, copy)}]
        return [*links, *([{**shared, "documentStyle": "pdf", "url": pdf}] if pdf else [])]

"""NCBI's id converter as a client meets it: one kind of id a call, errors record by record."""

from __future__ import annotations

from typing import Any

from dl_lit.standin.citations import pmcid_of
from dl_lit.standin.context import Context
from dl_lit.standin.wire import Reply, Request, json_reply, page

MAX_IDS, RATE = 200, 3


class IdConverter:
    """The service under `/idconv`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._by_id: dict[str, dict[str, str | None]] = {}
        for entry in context.world.entries:
            if (pmcid := pmcid_of(entry)) is not None and not entry.is_parasite:
                ids = {"doi": entry.doi, "pmid": entry.work.pmid, "pmcid": pmcid}
                self._by_id |= {value.lower(): ids for value in ids.values() if value}

    def bucket(self, request: Request) -> str:
        return "convert"

    def answer(self, request: Request) -> Reply:
        if not self._context.windows.admit("idconv", request.time, RATE):
            return json_reply({"error": "API rate limit exceeded"}, 429, refused="speed")
        if request.path.rstrip("/") != "/api/v1/articles":
            return page("404 Not Found", status=404)
        ids = [one.strip() for one in (request.param("ids") or "").split(",") if one.strip()]
        if not ids or len(ids) > MAX_IDS:
            return json_reply({"status": "error", "message": f"Give between 1 and {MAX_IDS} ids."}, 400)
        return json_reply(
            {"status": "ok", "response-date": "2026-11-01", "records": [self._record(one) for one in ids]}
        )

    def _record(self, asked: str) -> dict[str, Any]:
        ids = self._by_id.get(asked.lower())
        if ids is None:
            return {"requested-id": asked, "status": "error", "errmsg": "Identifier not found in PMC"}
        pmid = ids["pmid"]
        return {"requested-id": asked, **ids, "pmid": int(pmid) if pmid else None, "versions": []}

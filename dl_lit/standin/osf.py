"""The Open Science Framework as a client meets it: the file of a preprint by the guid in its DOI."""

from __future__ import annotations

import re

from dl_lit.standin.context import Context
from dl_lit.standin.wire import Reply, Request, json_reply, redirect

_GUID = re.compile(r"/download/([a-z0-9]+)(?:_v\d+)?")


class Osf:
    """The site under `/osf`; files lie at another host, as they do there."""

    def __init__(self, context: Context) -> None:
        self._context = context
        entries = (entry for entry in context.world.entries if "/osf.io/" in (entry.doi or "") and entry.copies)
        self._by_guid = {(entry.doi or "").rpartition("/")[2].partition("_")[0]: entry for entry in entries}

    def bucket(self, request: Request) -> str:
        return "file"

    def answer(self, request: Request) -> Reply:
        found = _GUID.fullmatch(request.path.rstrip("/"))
        entry = self._by_guid.get(found[1]) if found else None
        if entry is None:
            return json_reply({"errors": [{"detail": "Not found."}]}, 404)
        copy = entry.copies[0]
        return redirect(self._context.addresses.at(copy.host, copy.pdf_path))

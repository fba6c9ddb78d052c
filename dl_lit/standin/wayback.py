"""The Wayback Machine as a client meets it: a list of snapshots with a row of names, and raw files."""

from __future__ import annotations

import re

from dl_lit.standin.context import Context
from dl_lit.standin.hosts import Quirk
from dl_lit.standin.limits import TOLERANCE, seeded_share
from dl_lit.standin.wire import PDF, Reply, Request, json_reply, page
from dl_lit.standin.world import Copy, Entry

DEAD = frozenset({Quirk.GONE, Quirk.UNREACHABLE})
ARCHIVED_SHARE = 0.5  # of the files at hosts that are dead
FIELDS = ["timestamp", "original", "statuscode", "mimetype"]
SPACING = 2.0
WELL_KNOWN = "https://arxiv.org/pdf/1706.03762"  # whose snapshots nobody doubts; clients ask for it to see who answers
TIMESTAMP = "20200102030405"
_RAW = re.compile(r"/web/(\d{14})id_/(.+)")


class Wayback:
    """The service under `/wayback`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        world, addresses = context.world, context.addresses
        held = ((entry, copy) for entry in world.entries for copy in entry.copies if copy.host.quirk in DEAD)
        self._files: dict[str, tuple[Entry, Copy]] = {
            addresses.at(copy.host, copy.pdf_path): (entry, copy)
            for entry, copy in held
            if seeded_share(world.seed, "wayback", entry.work.key) < ARCHIVED_SHARE
        }

    def bucket(self, request: Request) -> str:
        return "cdx" if request.path.startswith("/cdx/") else "file"

    def answer(self, request: Request) -> Reply:
        if self.bucket(request) == "file":
            return self._file(request)
        if not self._context.windows.admit("wayback", request.time, 1, SPACING - TOLERANCE):
            return page("429 Too Many Requests", status=429, refused="speed")
        url = request.param("url") or ""
        there = url in self._files or url == WELL_KNOWN
        rows = [FIELDS, [TIMESTAMP, url, "200", PDF]] if there else []
        return json_reply(rows)

    def _file(self, request: Request) -> Reply:
        found = _RAW.fullmatch(request.path)
        held = self._files.get(found[2]) if found else None
        if held is None:
            return page("404 Not Found", "<p>The Wayback Machine has not archived that URL.</p>", 404)
        entry, copy = held
        return Reply(200, self._context.copies.get(entry.work, copy.version), PDF)

"""The Wayback Machine: a file as it was at an address that has gone (apis.md §16).

It is asked only for addresses that an index called open, and only when they are dead. Its other interface,
`/wayback/available`, says "nothing" of much that is there.
"""

from __future__ import annotations

import json
import re

from dl_lit.model import Answer
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import Patience, PoolLimits
from dl_lit.services.base import Batch, Index, chunks
from dl_lit.services.fields import Node
from dl_lit.services.offers import Offer, Price, Question, same

# Seen to bear one request in two to four seconds, files included; each answer may lead to one file.
LIMITS = PoolLimits(rates={"default": 0.25}, tries=2, rest_seconds=300.0, patience=Patience(read=60.0, total=120.0))
PROBE = "url:https://arxiv.org/pdf/1706.03762"
PDF = "application/pdf"

_FIELDS = ("timestamp", "original", "statuscode", "mimetype")
_TIMESTAMP = re.compile(r"\d{14}")


class Wayback(Index):
    """It knows addresses, no works."""

    name = "wayback"
    offer = Offer(
        "files that have gone from where an index said they are", same(Price(), Question.LOCATIONS), LIMITS, copies=True
    )

    def snapshot(self, url: str) -> Answer[str]:
        """Where the latest PDF from `url` is, as the bytes that came then; Nothing when there was none."""
        key = f"url:{url}"
        return self._lookup([key], self._ask, self._read_address, batches=lambda keys: chunks(keys, 1))[key]

    def probe(self) -> bool:
        return bool(self._ask((PROBE,)))

    def _ask(self, batch: Batch) -> dict[str, str]:
        (key,) = batch
        params = (
            *(("url", key.removeprefix("url:")), ("output", "json"), ("fl", ",".join(_FIELDS))),
            *(("filter", "statuscode:200"), ("filter", f"mimetype:{PDF}"), ("limit", "-1")),
        )
        request = HttpRequest(f"{self._base_url}/cdx/search/cdx", params)
        rows = self._node(request, "a list of snapshots with the columns that were asked for", _lists_snapshots)
        found = [row for row in list(rows)[1:] if row[2].text() == "200" and row[3].text() == PDF]
        return {key: json.dumps([found[-1][0].text(), found[-1][1].text()])} if found else {}

    def _read_address(self, payload: str) -> str | None:
        timestamp, original = json.loads(payload)
        if not _TIMESTAMP.fullmatch(timestamp or "") or not Node(original).url():
            return None
        # `id_` asks for the bytes themselves, without the archive's own frame around them.
        return f"{self._base_url}/web/{timestamp}id_/{original}"


def _lists_snapshots(rows: Node) -> bool:
    if not isinstance(rows.value, list) or not all(isinstance(row.value, list) for row in rows):
        return False
    return not rows.value or [name.text() for name in rows[0]] == list(_FIELDS)

"""The works that services use as examples in their own manuals: everybody's probe asks for them (`doctor --online`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from dl_lit.standin.wire import JSON, Reply, Request

_DOI, _TITLE, _PMCID = "10.7717/peerj.4375", "The state of OA", "PMC5815332"
_ARXIV = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/1706.03762v7</id>'
    b"<title>Attention Is All You Need</title></entry></feed>"
)
# What a request names, and the record of it.
_RECORDS: Mapping[str, tuple[str, Any]] = MappingProxyType(
    {
        "crossref": (
            "10.5555/12345678",
            {"status": "ok", "message": {"DOI": "10.5555/12345678", "title": ["Silly String Theory"]}},
        ),
        "openalex": (_DOI, {"id": "https://openalex.org/W2741809807", "title": _TITLE}),
        "unpaywall": (_DOI, {"doi": _DOI, "is_oa": True, "oa_locations": []}),
        "semanticscholar": (_DOI, {"paperId": "8f2b1c9d", "title": _TITLE}),
        "europepmc": (_PMCID, {"resultList": {"result": [{"pmcid": _PMCID, "doi": _DOI, "title": _TITLE}]}}),
        "idconv": (_PMCID, {"status": "ok", "records": [{"requested-id": _PMCID, "pmcid": _PMCID, "doi": _DOI}]}),
        "opencitations": (f"references/doi:{_DOI}", [{"citing": f"doi:{_DOI}", "cited": "doi:10.1038/495426a"}]),
        "doaj": (
            _DOI,
            {"total": 1, "results": [{"bibjson": {"title": _TITLE, "identifier": [{"type": "doi", "id": _DOI}]}}]},
        ),
        "openlibrary": ("ISBN:9780140328721", {"ISBN:9780140328721": {"title": "Fantastic Mr. Fox"}}),
    }
)


def with_examples(name: str, request: Request, reply: Reply) -> Reply:
    """`reply` of a service, or the record of its example, if that was asked for and the service does not refuse."""
    if reply.status not in (200, 404) or reply.refused:
        return reply
    asked = unquote(f"{request.path}?{request.raw_query}")
    if name == "arxiv" and "id_list=1706.03762&" in asked:
        return replace(reply, status=200, body=_ARXIV, content_type="application/atom+xml")
    if name == "doi" and request.path == "/10.1000/182":
        place = (("Location", "/10.1000/handbook"),)
        return replace(reply, status=302, body=b"", headers=place)
    wanted, record = _RECORDS.get(name, ("", None))
    # The catalogue has the work itself; idconv names what it does not know, too.
    is_known = reply.status == 200 and name != "idconv" and wanted.encode() in reply.body
    if record is None or wanted not in asked or is_known:
        return reply
    return replace(reply, status=200, body=json.dumps(record).encode(), content_type=JSON)

"""Hosts that no index names: every further way to fail that apis.md §19.3 and §19.4 tell of. They have every work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pymupdf

from dl_lit.standin import pages
from dl_lit.standin.copies import PYMUPDF_LOCK
from dl_lit.standin.hosts import Quirk
from dl_lit.standin.visits import Behaviour, Visit, filler, pdf_of, plain, ranged, whole
from dl_lit.standin.wire import HTML, PDF, Reply, json_reply, page, redirect

ENDLESS_BLOCKS = 10_000_000
JUNK = b"HTTP-Proxy-Cache: stored 2019-03-07\r\n" * 5


def _noai(visit: Visit) -> Reply:
    reply = plain(visit)
    return replace(reply, headers=(*reply.headers, ("X-Robots-Tag", "noai, noimageai")))


def _prefixed(visit: Visit) -> Reply:
    return plain(visit) if visit.wants_page else ranged(visit.request, JUNK + pdf_of(visit))


def _accepted(visit: Visit) -> Reply:
    return plain(visit) if visit.wants_page else Reply(202, b"", HTML)


def _token(visit: Visit) -> Reply:
    return plain(visit) if visit.wants_page else json_reply({"error": "APIKey missing"}, 400)


def _not_pdf(visit: Visit) -> Reply:
    return plain(visit) if visit.wants_page else Reply(200, b"PK\x03\x04" + b"\0" * 20_000, PDF)


def _damaged(visit: Visit) -> Reply:
    return plain(visit) if visit.wants_page else Reply(200, b"%PDF-1.7\n" + b"\x5a" * 20_000 + b"\n%%EOF\n", PDF)


def _encrypted(visit: Visit) -> Reply:
    return plain(visit) if visit.wants_page else Reply(200, pdf_of(visit, form="encrypted", change=sealed), PDF)


def sealed(pdf: bytes) -> bytes:
    way = pymupdf.PDF_ENCRYPT_AES_256  # type: ignore[attr-defined]
    with PYMUPDF_LOCK, pymupdf.open(stream=pdf, filetype="pdf") as document:
        return bytes(document.tobytes(encryption=way, user_pw="sesame", owner_pw="sesame"))


def _maze(visit: Visit) -> Reply:
    step = int(visit.request.param("step") or 0)
    return plain(visit) if visit.wants_page else redirect(visit.url(f"{visit.pdf_path}?step={step + 1}"))


def _endless(visit: Visit) -> Reply:
    return plain(visit) if visit.wants_page else Reply(200, filler(), PDF, repeat=ENDLESS_BLOCKS, unannounced=True)


def _trickle(visit: Visit) -> Reply:
    return plain(visit) if visit.wants_page else replace(whole(visit), drip=visit.context.settings.trickle_seconds)


def _button(visit: Visit) -> Reply:
    form = (
        f'<form action="{visit.pdf_path}"><input type="hidden" name="v" value="1"><button>Download PDF</button></form>'
    )
    return pages.landing(visit.entry, body=form) if visit.wants_page else whole(visit)


def _two_bytes(visit: Visit) -> Reply:
    if not visit.wants_page:
        return whole(visit)
    reply = pages.landing(visit.entry, meta_pdf=visit.pdf_path)
    return replace(reply, body=reply.body.decode().encode("utf-16"), content_type="text/html; charset=utf-16")


def _queue(visit: Visit) -> Reply:
    if visit.wants_page:
        return plain(visit)
    if visit.request.param("queue") is None:
        return redirect(visit.url(f"{visit.pdf_path}?queue=1"))
    return page("Queue", '<div class="queueitpage">You are now in line. Your turn comes in 12 minutes.</div>')


def _gate(visit: Visit) -> Reply:
    headers = (("x-vercel-mitigated", "challenge"),)
    return plain(visit) if visit.wants_page else page("Checkpoint", status=429, headers=headers)


def _soft_gone(visit: Visit) -> Reply:
    return plain(visit) if visit.wants_page else page("Page not found")


RARE: Mapping[Quirk, Behaviour] = {
    Quirk.NOAI: _noai,
    Quirk.PREFIXED: _prefixed,
    Quirk.ACCEPTED: _accepted,
    Quirk.TOKEN: _token,
    Quirk.NOT_PDF: _not_pdf,
    Quirk.DAMAGED: _damaged,
    Quirk.ENCRYPTED: _encrypted,
    Quirk.MAZE: _maze,
    Quirk.ENDLESS: _endless,
    Quirk.TRICKLE: _trickle,
    Quirk.BUTTON: _button,
    Quirk.TWO_BYTES: _two_bytes,
    Quirk.QUEUE: _queue,
    Quirk.GATE: _gate,
    Quirk.SOFT_GONE: _soft_gone,
}

"""One request at a file host: what it is for, and the answers that all hosts have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from dl_lit.standin import pages
from dl_lit.standin.context import Context
from dl_lit.standin.hosts import Host
from dl_lit.standin.wire import PDF, Reply, Request
from dl_lit.standin.world import Copy, Entry

BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Visit:
    """One request at a host, with what it is for: `part` is "landing", "pdf" or "download" (OJS)."""

    context: Context
    request: Request
    host: Host
    part: str
    entry: Entry
    copy: Copy | None

    def url(self, path: str) -> str:
        return self.context.addresses.at(self.host, path)

    @property
    def pdf_path(self) -> str:
        return self.host.pdf.format(slug=self.copy.slug if self.copy else self.entry.work.key)

    @property
    def coin(self) -> bool:
        """Always the same for a work: hosts with two ways to fail use one for each work."""
        return self.context.world.randomness("coin", self.entry.work.key).random() < 0.5

    @property
    def wants_page(self) -> bool:
        return self.part == "landing"


Behaviour = Callable[[Visit], Reply]


def plain(visit: Visit) -> Reply:
    if visit.wants_page:
        return pages.landing(visit.entry, meta_pdf=visit.url(visit.pdf_path))
    return whole(visit)


def whole(visit: Visit) -> Reply:
    """The file itself, or the rest of it from the byte that a Range header names."""
    return ranged(visit.request, pdf_of(visit))


def ranged(request: Request, body: bytes) -> Reply:
    validator = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    told = (("Accept-Ranges", "bytes"), ("ETag", validator))
    start = request.headers.get("range", "").removeprefix("bytes=").removesuffix("-")
    if not (start.isascii() and start.isdigit()) or request.headers.get("if-range", validator) != validator:
        return Reply(200, body, PDF, told)
    if int(start) >= len(body):
        return Reply(416, b"", PDF, (("Content-Range", f"bytes */{len(body)}"),))
    span = ("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
    return Reply(206, body[int(start) :], PDF, (span, *told))


def pdf_of(visit: Visit, *, form: str = "", change: Callable[[bytes], bytes] | None = None) -> bytes:
    version = visit.copy.version if visit.copy else None
    return visit.context.copies.get(visit.entry.work, version, form=form, change=change)


@cache
def filler() -> bytes:
    return b"%PDF-1.7\n" + b"\0" * (BLOCK - 9)

"""What each file host does when it is asked: the good ones, and every failure that downloaders meet in the field."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pymupdf

from dl_lit.standin import pages
from dl_lit.standin.context import Context
from dl_lit.standin.copies import PYMUPDF_LOCK
from dl_lit.standin.hosts import Host, Quirk
from dl_lit.standin.limits import TOLERANCE
from dl_lit.standin.rarities import RARE
from dl_lit.standin.visits import BLOCK, Behaviour, Visit, filler, pdf_of, plain, whole
from dl_lit.standin.wire import HTML, PDF, Reply, Request, page, redirect, text_reply

CRAWL_DELAY = 2.0
BOMB_BYTES = 600_000_000


class FileHosts:
    """All publishers and repositories."""

    def __init__(self, context: Context, hosts: tuple[Host, ...]) -> None:
        self._context = context
        self._hosts = {host.address: host for host in hosts}

    def answer(self, request: Request) -> Reply:
        host = self._hosts[request.host]
        quirk = host.quirk if self._context.faults.host_quirks else Quirk.DIRECT
        if request.path in ("/robots.txt", "/.well-known/tdmrep.json"):
            return _well_known(request.path, quirk)
        if quirk is Quirk.LOGIN and request.path == "/login":
            return pages.login()
        if quirk in (Quirk.COOKIE, Quirk.COOKIE_LOOP) and request.path == "/cookieAbsent":
            return page("Cookies required", "<p>Your browser does not accept cookies. error=cookies_not_supported</p>")
        visit = self._visit(request, host)
        if visit is None:
            return page("Page not found", status=404)
        if visit.copy is not None and visit.copy in visit.entry.embargoed and not visit.wants_page:
            return page("Embargoed", "<p>The file is closed until 2099.</p>", 403, refused="embargo")
        return self._paced(BEHAVIOURS.get(quirk, plain)(visit))

    def _paced(self, reply: Reply) -> Reply:
        seconds = self._context.settings.body_seconds
        is_slow = seconds and not reply.drip and reply.repeat == 1 and reply.content_type == PDF
        return replace(reply, drip=seconds) if is_slow else reply

    def _visit(self, request: Request, host: Host) -> Visit | None:
        path = request.path.replace("/article/download/", "/article/view/")
        found = host.find(path)
        if found is None:
            return None
        part, slug = found
        if host.quirk is Quirk.ARXIV:
            slug = slug.removesuffix(".pdf")
        entry, copy = self._context.world.held.get((host.address, slug), (None, None))
        if entry is None and (host.rare or host.quirk in (Quirk.LOGIN, Quirk.WRONG_META)):
            entry = self._context.world.by_key.get(slug)
        if entry is None:
            return None
        return Visit(self._context, request, host, "download" if path != request.path else part, entry, copy)


def _well_known(path: str, quirk: Quirk) -> Reply:
    if quirk is Quirk.BROKEN:
        return page("Internal Server Error", status=500)
    if quirk is Quirk.UNREACHABLE:
        return Reply(0, dropped=True)
    if path != "/robots.txt":
        reserved = b'[{"location": "/", "tdm-reservation": 1}]'
        return (
            Reply(200, reserved, "application/json") if quirk is Quirk.TDM_RESERVED else page("Not found", status=404)
        )
    if quirk is Quirk.GONE:
        return page("Not found", status=404)
    if quirk is Quirk.CRAWL_DELAY:
        return text_reply(f"User-agent: *\nCrawl-delay: {CRAWL_DELAY:g}\n", crawl_delay=CRAWL_DELAY)
    return text_reply("User-agent: *\nDisallow: /\n" if quirk is Quirk.ROBOTS else "User-agent: *\nDisallow:\n")


# ── hosts that give the file ─────────────────────────────────────────────────────────────────────────────


def _signposting(visit: Visit) -> Reply:
    if not visit.wants_page:
        return whole(visit)
    links = [f'<{visit.url(visit.pdf_path)}>; rel="item"; type="application/pdf"']
    if visit.entry.doi:
        links.append(f'<https://doi.org/{visit.entry.doi}>; rel="cite-as"')
    return replace(pages.landing(visit.entry), headers=(("Link", ", ".join(links)),))


def _meta_relative(visit: Visit) -> Reply:
    return pages.landing(visit.entry, meta_pdf="fulltext.pdf") if visit.wants_page else whole(visit)


def _ojs(visit: Visit) -> Reply:
    """The address of the index shows the PDF in a viewer; the file is at /download/."""
    if visit.part == "download":
        return whole(visit)
    link = visit.pdf_path if visit.wants_page else visit.pdf_path.replace("/view/", "/download/")
    word = "obj_galley_link pdf" if visit.wants_page else "download"
    return pages.landing(visit.entry, body=f'<a class="{word}" href="{visit.url(link)}">PDF</a>')


def _page_link(visit: Visit) -> Reply:
    if not visit.wants_page:
        return whole(visit)
    return pages.landing(visit.entry, body=f'<a id="pdfDownloadLink" href="{visit.pdf_path}">Text (PDF)</a>')


def _wrong_type(visit: Visit) -> Reply:
    reply = plain(visit)
    return (
        reply if visit.wants_page else replace(reply, content_type="application/octet-stream" if visit.coin else HTML)
    )


def _arxiv(visit: Visit) -> Reply:
    if visit.request.path.endswith(".pdf"):
        return redirect(visit.url(visit.request.path.removesuffix(".pdf")), 301)
    return plain(visit)


def _on_demand(visit: Visit) -> Reply:
    if visit.wants_page or not _must_wait(visit):
        return plain(visit)
    wait = visit.context.settings.patience_seconds
    return Reply(202, b"", HTML, (("Retry-After", str(wait)),), retry_after=wait)


def _busy(visit: Visit) -> Reply:
    if visit.wants_page or not _must_wait(visit):
        return plain(visit)
    wait = visit.context.settings.patience_seconds
    return page("Too Many Requests", status=429, headers=(("Retry-After", str(wait)),), retry_after=wait)


def _must_wait(visit: Visit) -> bool:
    """Whether a troubled work's file was asked for only just now for the first time."""
    if visit.copy is None or not visit.copy.troubled:
        return False
    key, now = f"{visit.host.address}{visit.request.path}", visit.request.time
    first = visit.context.first_asked.setdefault(key, now)
    return now - first < visit.context.settings.patience_seconds - TOLERANCE


def _cookie(visit: Visit) -> Reply:
    if visit.wants_page:
        return plain(visit)
    has_cookie = "session=open" in visit.request.headers.get("cookie", "")
    returned = visit.request.param("cookieSet") is not None
    if has_cookie:
        return redirect(visit.url(visit.pdf_path)) if returned else whole(visit)
    if returned:
        return redirect(visit.url("/cookieAbsent"))
    return redirect(visit.url(f"{visit.pdf_path}?cookieSet=1"), headers=(("Set-Cookie", "session=open; Path=/"),))


def _chain(visit: Visit) -> Reply:
    step = int(visit.request.param("step") or 0)
    if visit.wants_page or step >= 3:
        return plain(visit)
    return redirect(visit.url(f"{visit.pdf_path}?step={step + 1}"), (301, 302, 307)[step])


def _slow_drip(visit: Visit) -> Reply:
    reply = plain(visit)
    return reply if visit.wants_page else replace(reply, drip=visit.context.settings.drip_seconds)


def _tdm_reserved(visit: Visit) -> Reply:
    reply = plain(visit)
    return replace(reply, headers=(*reply.headers, ("tdm-reservation", "1")))


# ── hosts that do not ────────────────────────────────────────────────────────────────────────────────────


def _challenge(visit: Visit) -> Reply:
    return pages.challenge()


def _stub(visit: Visit) -> Reply:
    return plain(visit) if visit.wants_page else pages.client_challenge()


def _proof_of_work(visit: Visit) -> Reply:
    return plain(visit) if visit.wants_page else pages.proof_of_work()


def _cookie_loop(visit: Visit) -> Reply:
    """In a circle, whether the cookie comes back or not."""
    step = int(visit.request.param("cookieSet") or 0)
    where = f"{visit.request.path}?cookieSet={1 - step}"
    return redirect(visit.url(where), headers=(("Set-Cookie", f"session=s{step}; Path=/"),))


def _login(visit: Visit) -> Reply:
    if visit.wants_page:
        return pages.landing(visit.entry, body='<a href="/login">Get access</a>')
    return redirect(visit.url(f"/login?TARGET={visit.pdf_path}&SAMLRequest=stand-in"))


def _preview(visit: Visit) -> Reply:
    if visit.wants_page:
        return plain(visit)
    return Reply(200, pdf_of(visit, form="preview", change=first_page), PDF)


def first_page(pdf: bytes) -> bytes:
    with PYMUPDF_LOCK, pymupdf.open(stream=pdf, filetype="pdf") as document:
        document.select([0])
        return bytes(document.tobytes(garbage=3))


def _truncated(visit: Visit) -> Reply:
    """Half a file: either the server says so itself, or it promises all and hangs up."""
    if visit.wants_page:
        return plain(visit)
    body = pdf_of(visit)
    return Reply(200, body[: len(body) // 2], PDF, announced=None if visit.coin else len(body))


def _wrong_work(visit: Visit) -> Reply:
    if visit.wants_page:
        return plain(visit)
    return whole(replace(visit, entry=visit.context.world.other_than(visit.entry)))


def _wrong_meta(visit: Visit) -> Reply:
    if not visit.wants_page:
        return whole(visit)
    other = visit.context.world.other_than(visit.entry)
    return pages.landing(visit.entry, meta_pdf=visit.url(visit.host.pdf.format(slug=other.work.key)))


def _oversized(visit: Visit) -> Reply:
    if visit.wants_page:
        return plain(visit)
    return Reply(200, filler(), PDF, repeat=max(1, visit.context.settings.oversized_bytes // BLOCK))


def _gzip_bomb(visit: Visit) -> Reply:
    return plain(visit) if visit.wants_page else Reply(200, bomb(), PDF, (("Content-Encoding", "gzip"),))


_bomb_lock = threading.Lock()


def bomb() -> bytes:
    """A gzip stream of BOMB_BYTES, made of many members so that making it costs little."""
    with _bomb_lock:
        return _bomb()


@cache
def _bomb() -> bytes:
    member = gzip.compress(b"\0" * 10_000_000, mtime=0)
    return gzip.compress(b"%PDF-1.7\n", mtime=0) + member * (BOMB_BYTES // 10_000_000)


def _inward(visit: Visit) -> Reply:
    if visit.wants_page:
        return plain(visit)
    port = visit.context.addresses.port
    number = int(
        visit.request.param("form") or visit.context.world.randomness("inward", visit.entry.work.key).random() * 999
    )
    forms = inward_forms(port - 1 if port == 65535 else port + 1)
    return redirect(forms[number % len(forms)])


def inward_forms(port: int) -> tuple[str, ...]:
    """All the ways to write an address that no stranger should send us to."""
    this_machine = (
        *("127.0.0.1", "localhost", "LOCALHOST.", "2130706433", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "127.1", "0"),
        *("0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
        *(
            "example.org@127.0.0.1",
            "example.org:80@127.0.0.1",
            "example.org%40127.0.0.1@localhost",
            "１２７.０.０.１",
            "①②⑦.⓪.⓪.①",
        ),
    )
    elsewhere = (
        *("http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/file.pdf", "http://[fd00::1]/file.pdf"),
        *(
            "http://10.0.0.1/file.pdf",
            "http://167772161/file.pdf",
            "http://192.168.0.1/file.pdf",
            "http://172.16.0.1/file.pdf",
        ),
        *("http://100.64.0.1/file.pdf", "file:///etc/hostname", "ftp://127.0.0.1/file.pdf", "gopher://127.0.0.1/_x"),
        *(
            "data:application/pdf;base64,JVBERi0=",
            "//169.254.169.254/latest/meta-data/",
            "http:\\\\127.0.0.1\\file.pdf",
        ),
    )
    return *(f"http://{host}:{port}/admin.pdf" for host in this_machine), *elsewhere


def _gone(visit: Visit) -> Reply:
    return page("410 Gone" if visit.coin else "404 Not Found", status=410 if visit.coin else 404)


def _robots(visit: Visit) -> Reply:
    return replace(plain(visit), refused="robots")


def _empty(visit: Visit) -> Reply:
    return plain(visit) if visit.wants_page else Reply(200, b"", PDF)


def _broken(visit: Visit) -> Reply:
    return page("Internal Server Error", status=500)


def _unreachable(visit: Visit) -> Reply:
    return Reply(0, dropped=True)


BEHAVIOURS: Mapping[Quirk, Behaviour] = {
    Quirk.SIGNPOSTING: _signposting,
    Quirk.META_RELATIVE: _meta_relative,
    Quirk.OJS: _ojs,
    Quirk.PAGE_LINK: _page_link,
    Quirk.WRONG_TYPE: _wrong_type,
    Quirk.ARXIV: _arxiv,
    Quirk.ON_DEMAND: _on_demand,
    Quirk.BUSY: _busy,
    Quirk.COOKIE: _cookie,
    Quirk.CHAIN: _chain,
    Quirk.SLOW_DRIP: _slow_drip,
    Quirk.TDM_RESERVED: _tdm_reserved,
    Quirk.CHALLENGE: _challenge,
    Quirk.STUB: _stub,
    Quirk.PROOF_OF_WORK: _proof_of_work,
    Quirk.COOKIE_LOOP: _cookie_loop,
    Quirk.LOGIN: _login,
    Quirk.PREVIEW: _preview,
    Quirk.TRUNCATED: _truncated,
    Quirk.WRONG_WORK: _wrong_work,
    Quirk.WRONG_META: _wrong_meta,
    Quirk.OVERSIZED: _oversized,
    Quirk.GZIP_BOMB: _gzip_bomb,
    Quirk.INWARD: _inward,
    Quirk.GONE: _gone,
    Quirk.ROBOTS: _robots,
    Quirk.EMPTY: _empty,
    Quirk.BROKEN: _broken,
    Quirk.UNREACHABLE: _unreachable,
    **RARE,
}

"""One URL asked once: its bytes on disk if they are a PDF, its links if it is a page, or what went wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from requests.cookies import RequestsCookieJar

from dl_lit.download import resuming
from dl_lit.download.charsets import as_utf8
from dl_lit.download.landing import MAX_PAGE_BYTES, LandingPage, read_linkset, read_page
from dl_lit.download.page_links import media_type
from dl_lit.download.reservations import of_headers
from dl_lit.download.resuming import Begun, Rest
from dl_lit.download.walls import says_gone, wall_of_headers, wall_of_page, wall_of_url
from dl_lit.errors import AddressRefused, FetchFailed
from dl_lit.model import DownloadReason
from dl_lit.net.hosts import Lease
from dl_lit.net.lease import StreamedResponse
from dl_lit.net.redact import redact

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_HTML_BEGINS = (b"<!doctype html", b"<html", b"<?xml", b"<!--", b"<head", b"<script", b"<title", b"<body", b"<meta")
HEAD_BYTES = 1024  # readers look for %PDF- here
_HEADERS = (("Accept", "application/pdf, text/html;q=0.9, */*;q=0.5"),)
_WORTH_WHILE = 64 * 1024  # bytes that a try has brought on
_WITH_WALLS = frozenset({401, 402, 403, 405, 406, 418, 503, 999})  # under which challenges and logins come, too
# The rest as asked for, or a refusal of the asking for it, as by firewalls and signatures that cover no Range.
_OF_A_REST = frozenset({206, 400, 403, 405, 406, 416, 501})
_NOT_READY = 202  # some send the very file with it
_GIVEN = frozenset({200, 201, 203, 206, 226, 300})  # 300: a choice, on a page
_TRANSIENT = frozenset(
    {DownloadReason.CONNECTION, DownloadReason.TIMEOUT, DownloadReason.TRUNCATED, DownloadReason.EMPTY_BODY}
)
# Failures that say something about the host and not about the one file.
_OF_THE_HOST = frozenset(
    {
        DownloadReason.CONNECTION,
        DownloadReason.TIMEOUT,
        DownloadReason.BAD_STATUS,
        DownloadReason.BLOCKED,
        DownloadReason.BLOCKED_COOKIE,
        DownloadReason.REDIRECT_LOOP,
        DownloadReason.RETRY_LATER,
    }
)


@dataclass(frozen=True, slots=True)
class GotFile:
    """Bytes that begin like a PDF, whole as far as the transport can tell; `resumed`: they came in several tries."""

    sha256: str
    size: int
    final_url: str
    status: int
    resumed: bool = False
    reserved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GotPage:
    page: LandingPage
    final_url: str
    status: int
    size: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A redirect, which waits for a turn of its own, be it at the same host; `with_cookie`: it sets one."""

    url: str
    status: int
    with_cookie: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """`again`: one more try after a pause may help; `retry_after` seconds if the host named a time."""

    reason: DownloadReason
    detail: str = ""
    status: int | None = None
    final_url: str | None = None
    size: int = 0
    again: bool = False
    came_on: bool = False  # it broke off, but far enough on that going on is worth while
    retry_after: float | None = None
    dead: bool = False  # nobody looks after the host any more, if it is not we who are without a network
    answered: bool = False  # what came was no HTTP, but something came

    @property
    def is_the_hosts(self) -> bool:
        """Whether it counts towards the end of its host; one that names a time is well, and so is one at work (202)."""
        return self.reason in _OF_THE_HOST and self.status != _NOT_READY and self.retry_after is None


Fetched = GotFile | GotPage | Moved | Failed


def fetch(lease: Lease, url: str, target: Path, cookies: RequestsCookieJar) -> Fetched:
    """Asks for `url`; a PDF is streamed to `target`, or the rest of what an earlier try has left there.

    In any other case `target` does not exist afterwards, unless a later try may go on with it (see `resuming`).
    """
    rest = resuming.rest_of(target, url, lease.max_bytes, lease.most_seconds)
    try:
        fetched = _asked(lease, url, target, cookies, rest)
    except AddressRefused as error:
        fetched = Failed(DownloadReason.ADDRESS_REFUSED, error.message)
    except FetchFailed as error:
        fetched = _broken_off(error, target, rest)
    if isinstance(fetched, GotFile):
        resuming.beside(target).unlink(missing_ok=True)
    elif not (isinstance(fetched, Failed) and fetched.again):
        resuming.forget(target)
    return fetched


def _asked(lease: Lease, url: str, target: Path, cookies: RequestsCookieJar, rest: Rest | None) -> Fetched:
    """An answer that should be a rest and is not is asked for again, as a whole."""
    more, spent = ((), 0.0) if rest is None else (rest.headers, rest.begun.seconds)
    with lease.open(url, headers=(*_HEADERS, *more), cookies=cookies, spent=spent, follow=False) as response:
        if rest is None or response.status not in _OF_A_REST:
            return _taken(response, url, target)
        if response.status == 206 and rest.is_told_by(response):
            return _gone_on(response, rest, target)
    resuming.forget(target)
    return _asked(lease, url, target, cookies, None)


def _broken_off(error: FetchFailed, target: Path, rest: Rest | None) -> Failed:
    reason = DownloadReason(error.reason)
    if reason is DownloadReason.REDIRECT_LOOP and wall_of_url(str(error.context.get("url", error.message))):
        reason = DownloadReason.BLOCKED_COOKIE
    size = target.stat().st_size if resuming.read(target) is not None else 0
    came_on = size - (rest.offset if rest is not None else 0) >= _WORTH_WHILE
    dead = bool(error.context.get("dead"))
    again = reason in _TRANSIENT and not dead
    answered = bool(error.context.get("answered"))
    return Failed(reason, error.message, size=size, again=again, came_on=came_on, dead=dead, answered=answered)


def _taken(response: StreamedResponse, url: str, target: Path) -> Fetched:
    if response.location is not None:
        wall = wall_of_url(response.location)
        if wall is DownloadReason.PAYWALL:
            return _failed(response, wall, "it leads to a login")
        return Moved(response.location, response.status, "set-cookie" in map(str.lower, response.headers))
    refused = _refused(response)
    if refused is not None and response.status not in (_NOT_READY, *_WITH_WALLS):
        return refused
    chunks = response.iter_bytes()
    head = _head(chunks)
    if (refused is None or response.status == _NOT_READY) and b"%PDF-" in head[:HEAD_BYTES]:
        return _stored(response, resuming.begun(url, response), _rejoined(head, chunks), target)
    if refused is not None and response.status == _NOT_READY:
        return refused
    return _not_a_pdf(response, head, chunks, refused)


def _refused(response: StreamedResponse) -> Failed | None:
    """What the status alone says."""
    status = response.status
    if status in _GIVEN:
        return None
    if status == _NOT_READY:
        return _failed(response, DownloadReason.BLOCKED, "202: not ready, or a challenge", again=True)
    if status == 204:
        return _failed(response, DownloadReason.EMPTY_BODY, "204: no content", again=True)
    if status in (401, 402, 407):
        return _failed(response, DownloadReason.PAYWALL, f"status {status}")
    if status == 403:
        return _failed(response, DownloadReason.BLOCKED, "403: the host refuses programs")
    if status in (404, 410):
        return _failed(response, DownloadReason.GONE, f"status {status}")
    if status == 429 and wall_of_headers(response.headers):
        return _failed(response, DownloadReason.BLOCKED, "429: a challenge")
    if status == 429 or (status == 503 and response.retry_after is not None):
        return _failed(response, DownloadReason.RETRY_LATER, f"status {status}", again=True)
    return _failed(response, DownloadReason.BAD_STATUS, f"status {status}", again=status >= 500)


def _head(chunks: Iterator[bytes]) -> bytes:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD_BYTES:
            break
    return head


def _stored(response: StreamedResponse, begun: Begun | None, chunks: Iterator[bytes], target: Path) -> GotFile:
    resuming.forget(target)  # of an earlier try: its bytes must not be taken for this one's
    target.touch()
    if begun is not None:
        resuming.note(target, begun)
    return _appended(response, chunks, target, begun.length if begun is not None else None)


def _gone_on(response: StreamedResponse, rest: Rest, target: Path) -> GotFile:
    begun = rest.gone_on_with(response)
    resuming.note(target, begun)
    got = _appended(response, response.iter_bytes(response.max_bytes - rest.offset), target, begun.length)
    return replace(got, resumed=True)


def _appended(response: StreamedResponse, chunks: Iterator[bytes], target: Path, length: int | None) -> GotFile:
    """The hash is over all of the file. Raises FetchFailed when it is not as long as it should be."""
    with target.open("r+b") as file:
        digest = hashlib.file_digest(file, "sha256")
        for chunk in chunks:
            file.write(chunk)
            file.flush()  # what came is on the disk if we are killed now
            digest.update(chunk)
        size = file.tell()
    if length is not None and size != length:
        if size > length:
            resuming.forget(target)
        raise FetchFailed(f"{size} bytes came of {length}.", reason=DownloadReason.TRUNCATED, url=redact(response.url))
    reserved = of_headers(response.headers)
    return GotFile(digest.hexdigest(), size, response.url, response.status, reserved=reserved)


def _rejoined(head: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from chunks


def _not_a_pdf(response: StreamedResponse, head: bytes, chunks: Iterator[bytes], refused: Failed | None) -> Fetched:
    if not head.strip():
        return refused or _failed(response, DownloadReason.EMPTY_BODY, "no bytes", again=True)
    if not (is_page := _is_html(head, response.headers)) and not head.lstrip().startswith(b"{"):
        return refused or _failed(response, DownloadReason.WRONG_TYPE, f"it begins with {head[:12]!r}", size=len(head))
    body = _first_bytes(head, chunks)
    if not is_page:
        links = read_linkset(body, response.url)
        told = GotPage(links, response.url, response.status, len(body)) if links else None
        wrong = _failed(response, DownloadReason.WRONG_TYPE, f"it begins with {head[:12]!r}", size=len(body))
        return refused or told or wrong
    page = read_page(body, response.url, response.headers)
    plain = as_utf8(body, response.headers.get("Content-Type"))
    wall = wall_of_page(page, plain, response.url, response.headers)
    if wall is not None:
        return _failed(response, wall, f"a page “{(page.heading or '')[:80]}” stands in the way", size=len(body))
    if refused is None and says_gone(page):
        return _failed(response, DownloadReason.GONE, f"a page “{(page.heading or '')[:80]}”", size=len(body))
    return refused or GotPage(page, response.url, response.status, len(body))


def _first_bytes(head: bytes, chunks: Iterator[bytes]) -> bytes:
    """As much of a page as its head and links need; a page that goes on for ever is cut."""
    body = bytearray(head)
    for chunk in chunks:
        body += chunk
        if len(body) > MAX_PAGE_BYTES:
            break
    return bytes(body)


def _is_html(head: bytes, headers: Mapping[str, str]) -> bool:
    """By how it begins, as browsers tell; what is called HTML needs no more than an element."""
    kind = headers.get("Content-Type")
    start = as_utf8(head, kind).lstrip().lower()
    return start.startswith(_HTML_BEGINS) or (
        start.startswith(b"<")
        and (media_type(kind or "") in _HTML or any(one in start for one in (b"<html", b"<meta", b"<body")))
    )


def _failed(
    response: StreamedResponse, reason: DownloadReason, detail: str, *, again: bool = False, size: int = 0
) -> Failed:
    return Failed(
        reason,
        detail,
        status=response.status,
        final_url=response.url,
        size=size,
        again=again,
        retry_after=response.retry_after,
    )

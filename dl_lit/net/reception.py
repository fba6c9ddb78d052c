"""An answer whose body is still on the wire, and the words for what can go wrong with it."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException

import requests
from requests.utils import requote_uri
from urllib3.exceptions import HTTPError, InvalidHeader

from dl_lit.errors import FetchFailed, Stopping
from dl_lit.model import DownloadReason
from dl_lit.net.body import decoded, length_of, too_large
from dl_lit.net.redact import redact
from dl_lit.net.urls import joined
from dl_lit.net.watchdog import Watch

_CHUNK = 64 * 1024
_NO_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LEADING_ON = REDIRECTS | {300}  # a choice, which may name its favourite


@dataclass(slots=True)
class Reception:
    """An answer whose body is still on the wire; close it, or read `chunks` to the end."""

    status: int
    headers: Mapping[str, str]
    url: str
    _response: requests.Response
    _watch: Watch
    received: int = 0

    @property
    def location(self) -> str | None:
        """Where a redirect leads, as an absolute URL; FetchFailed when what it names is none."""
        target = self.headers.get("Location") if self.status in _LEADING_ON else None
        if not target:
            return None
        with contextlib.suppress(UnicodeError):
            target = target.encode("latin-1").decode("utf-8")
        url = joined(self.url, target)
        if url is None:
            raise FetchFailed(
                f"{redact(self.url)} redirects to something that is no URL.", reason=DownloadReason.BAD_STATUS
            )
        return requote_uri(url)

    def chunks(self, max_bytes: int) -> Iterator[bytes]:
        """The decompressed body; FetchFailed when it breaks off, is too slow, damaged or over `max_bytes`."""
        if (length_of(self.headers) or 0) > max_bytes:
            raise too_large(max_bytes)
        return decoded(self._wire_chunks(), self.headers.get("Content-Encoding"), max_bytes)

    def close(self) -> None:
        self._watch.cancel()
        self._response.close()

    def _wire_chunks(self) -> Iterator[bytes]:
        raw = self._response.raw
        while True:
            try:
                chunk: bytes = raw.read1(_CHUNK, decode_content=False)
            except (HTTPError, OSError, ValueError) as error:
                raise failure(error, self.url, self._watch, DownloadReason.TRUNCATED) from None
            if self._watch.expired:  # the end of a shut socket looks like the end of a body
                raise _cut_off(self.url, self._watch)
            if not chunk:
                return
            self.received += len(chunk)
            yield chunk


def failure(error: Exception, url: str, watch: Watch, default: DownloadReason) -> FetchFailed | Stopping:
    """What `error` of requests or urllib3 comes to. Raise it `from None`: their texts hold whole URLs, keys and all."""
    if watch.expired:
        return _cut_off(url, watch)
    slow = isinstance(error, requests.Timeout | TimeoutError) or "timed out" in str(error).lower()
    reason = DownloadReason.TIMEOUT if slow else default
    said = "did not answer in time" if slow else f"broke off ({_cause(error)})"
    if (dead := _dead(error)) is not None:
        return FetchFailed(f"{redact(url)}: {dead}.", reason=reason, url=redact(url), dead=True, cause=dead)
    # What came is no HTTP, or none that can be read: somebody is there.
    answered = isinstance(_innermost(error), HTTPException | InvalidHeader)
    return FetchFailed(f"{redact(url)} {said}.", reason=reason, url=redact(url), answered=answered, cause=_cause(error))


def _cut_off(url: str, watch: Watch) -> FetchFailed | Stopping:
    if watch.abandoned:
        return Stopping(f"The program is shutting down; {redact(url)} was cut off.")
    return FetchFailed(
        f"{redact(url)} took longer than the total time limit.", reason=DownloadReason.TIMEOUT, url=redact(url)
    )


def _dead(error: BaseException) -> str | None:
    """What shows that nobody looks after a host any more: its name is gone, or its certificate has run out."""
    innermost = _innermost(error)
    if isinstance(innermost, socket.gaierror) and innermost.errno in _NO_NAME:
        return "there is no host of that name any more"
    if isinstance(innermost, ssl.SSLCertVerificationError) and innermost.verify_code == _EXPIRED:
        return "its certificate has expired"
    return None


def _innermost(error: BaseException) -> BaseException:
    while isinstance(inner := getattr(error, "reason", None) or error.__cause__ or error.__context__, BaseException):
        error = inner
    return error


def _cause(error: BaseException) -> str:
    """The innermost error in a word or two, without the URL that the outer ones carry."""
    error = _innermost(error)
    return error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__

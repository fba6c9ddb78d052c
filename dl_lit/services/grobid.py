"""GROBID: the references of a whole PDF, read by a server of the user's own (apis.md §20)."""

from __future__ import annotations

import random
import secrets
from pathlib import Path

from dl_lit.config import Grobid as GrobidSettings
from dl_lit.errors import DatabaseBusy, RateLimited, RetryLater, ServiceUnavailable, SkipItem, Stopping
from dl_lit.model import Answer, Found, NoAnswer, Nothing, Reference, Silence
from dl_lit.net.http import HttpRequest, HttpResponse
from dl_lit.net.limits import Patience, PoolLimits
from dl_lit.services.base import REFUSED_SECONDS, Pool, wrong_shape
from dl_lit.services.shapes import described
from dl_lit.services.tei import parse_references
from dl_lit.silence import no_answer

NAME = "grobid"
MOST_BYTES = 200_000_000  # of a file that is sent: it is held in memory, and GROBID gives up on such files anyway

# Its words for "this file, never": https://grobid.readthedocs.io/en/latest/Grobid-service/#response-status-codes
_HOPELESS = (
    "BAD_INPUT_DATA",
    "NO_BLOCKS",
    "TOO_MANY_BLOCKS",
    "TOO_MANY_TOKENS",
    "PDFALTO_CONVERSION_FAILURE",
)
_BAD_REQUEST = frozenset({400, 413, 415, 422})
_LONGEST_PAUSE = 30.0
_SHORTEST_PAUSE = 0.2
_CHECK_SECONDS = 10.0


def limits(settings: GrobidSettings) -> PoolLimits:
    """GROBID is paced by its engines, not by a rate. 503 is its way to say "busy", 500 is about the one file."""
    patience = Patience(read=settings.time_limit_seconds, total=settings.time_limit_seconds)
    return PoolLimits(
        rates={"default": 20.0},
        concurrency=settings.concurrency,
        max_bytes=20_000_000,
        answers=frozenset({500, 503}),
        patience=patience,
    )


class Grobid:
    """`references` may be called from any number of threads; the pool keeps to the number of engines."""

    def __init__(self, pool: Pool, *, base_url: str, busy_seconds: float = 120.0, first_pause: float = 4.0) -> None:
        """Busy, it is asked again after about `first_pause` seconds, then ever later, for `busy_seconds` in all."""
        self._pool = pool
        self._base_url = base_url
        self._busy_seconds = busy_seconds
        self._first_pause = first_pause

    def references(self, path: Path) -> Answer[tuple[Reference, ...]]:
        """What GROBID reads from the file, not matched with any other service. Raises Stopping."""
        try:
            return _answer(self._send(self._request(path)))
        except (Stopping, DatabaseBusy):
            raise
        except RetryLater as error:
            return no_answer(error)
        except SkipItem as error:
            return NoAnswer(error.message, REFUSED_SECONDS, Silence.DECLINED)
        except OSError as error:
            return NoAnswer(f"the file cannot be read any more: {error.strerror}")

    def _request(self, path: Path) -> HttpRequest:
        if path.stat().st_size > MOST_BYTES:
            raise SkipItem(f"the file is larger than {MOST_BYTES // 1_000_000} MB", reason="too_large")
        boundary = secrets.token_hex(16)
        return HttpRequest(
            f"{self._base_url}/api/processReferences",
            method="POST",
            headers={"Content-Type": f"multipart/form-data; boundary={boundary}", "Accept": "application/xml"},
            body=_form(boundary, path.read_bytes()),
        )

    def _send(self, request: HttpRequest) -> HttpResponse:
        """The first answer that is not "busy"; the wait for it keeps no place of the pool."""
        waited, pause = 0.0, self._first_pause
        while (response := self._pool.send(request)).status == 503:
            asked, left = response.retry_after, self._busy_seconds - waited
            if left < _SHORTEST_PAUSE or (asked is not None and asked > left):
                raise RateLimited(
                    f"GROBID was busy for {waited:.0f} s{_for_longer(asked)} (services.grobid.busy_seconds: "
                    f"{self._busy_seconds:g}); services.grobid.concurrency should not be more than its engines",
                    retry_after=asked,
                )
            # Our own pause ends with our patience, so that GROBID is asked once more at its very end.
            seconds = max(_SHORTEST_PAUSE, min(left, random.uniform(pause / 2, pause)) if asked is None else asked)
            self._pool.wait(seconds)
            waited, pause = waited + seconds, min(_LONGEST_PAUSE, 2 * pause)
        if response.status in (401, 403):
            raise self._pool.refuse(
                f"what answers at services.grobid.base_url refuses us ({response.status}) and is not asked again in "
                "this run. Let it be reached without a login, then run the same command again."
            )
        return response


def _for_longer(asked: float | None) -> str:
    return "" if asked is None else f" and asks for {asked:.0f} s more"


def check_limits() -> PoolLimits:
    """For a look whether it is there: one try, a few seconds."""
    return PoolLimits(
        rates={"default": 20.0}, tries=1, patience=Patience(_CHECK_SECONDS, _CHECK_SECONDS, _CHECK_SECONDS)
    )


def is_alive(pool: Pool, base_url: str) -> str | None:
    """None when a GROBID answers there, else what is wrong in a few words."""
    try:
        response = pool.send(HttpRequest(f"{base_url}/api/isalive"))
    except (RetryLater, SkipItem) as error:
        return error.message
    if response.status == 200 and response.text().strip().lower() == "true":
        return None
    return f"something answers there, but not as GROBID does: what came is {described(response)}"


def _answer(response: HttpResponse) -> Answer[tuple[Reference, ...]]:
    if response.status == 204:
        return Nothing()
    if response.status == 200:
        references = parse_references(response.body)
        if references is None:
            raise wrong_shape("GROBID", "TEI")
        return Found(references) if references else Nothing()
    if response.status == 404:
        raise ServiceUnavailable("what answers is not GROBID (404); check services.grobid.base_url")
    said = " ".join(response.text().split())[:120]
    if response.status in _BAD_REQUEST or any(word in said for word in _HOPELESS):
        return NoAnswer(f"GROBID cannot read the file ({response.status} {said})", REFUSED_SECONDS, Silence.DECLINED)
    raise ServiceUnavailable(f"GROBID answered with status {response.status} {said}".rstrip())


def _form(boundary: str, pdf: bytes) -> bytes:
    """A multipart form: no consolidation, as matching is ours, and the printed string of each reference."""
    fields = {"consolidateCitations": "0", "includeRawCitations": "1"}
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="input"; filename="input.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    return b"".join((*parts, head.encode(), pdf, f"\r\n--{boundary}--\r\n".encode()))

"""A request to a service and its answer, free of any HTTP library's types."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any

from requests.structures import CaseInsensitiveDict

from dl_lit.errors import ServiceUnavailable
from dl_lit.net.trouble import Trouble

# What asks for more is a mistake or malice, and would put a row off for ever.
LONGEST_RETRY_AFTER = 7 * 86400.0

Pairs = Sequence[tuple[str, str]] | Mapping[str, str]

_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """`bucket` names the rate that it counts against, `cost` the credits of the daily budget that it spends.

    `body` are bytes sent as they are (with their Content-Type among the headers), in place of `json`.
    Without `follow` a redirect is an answer like any other. `reads` raises ServiceUnavailable (`unreadable`) where an
    answer under 200 is not what the service promises: to the pool that is a failure like a 5xx.
    """

    url: str
    params: Pairs = ()
    method: str = "GET"
    headers: Pairs = ()
    json: Any = None
    body: bytes | None = None
    bucket: str = "default"
    cost: float = 0.0
    follow: bool = True
    reads: Callable[[HttpResponse], object] | None = None


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A whole answer, decompressed. Header names are case-insensitive; `url` is the last one after redirects;
    `service` is whose answer it is, for messages."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    seconds: float = 0.0
    service: str = "the service"
    _parsed: list[Any] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.headers, CaseInsensitiveDict):
            object.__setattr__(self, "headers", CaseInsensitiveDict(self.headers))

    def json(self) -> Any:
        """The JSON of the body; ServiceUnavailable if it is none (a page of HTML under 200 is no answer)."""
        if not self._parsed:
            try:
                self._parsed.append(json.loads(self.body))
            except (ValueError, RecursionError) as error:
                raise self.instead_of("JSON") from error
        return self._parsed[0]

    def instead_of(self, promised: str) -> ServiceUnavailable:
        """The error for a body that is not the `promised` form."""
        if self.is_page:
            return unreadable(self.service, "with a web page instead of data")
        came = "something else" if self.body.strip() else "an empty body"
        return unreadable(self.service, f"with {came} instead of {promised}")

    @property
    def is_page(self) -> bool:
        """Whether it is made for a browser: a log-in, a notice, a proxy's error."""
        return _HTML.match(self.text()[:2000]) is not None

    def text(self) -> str:
        """The body as text in the charset of its Content-Type, or UTF-8; bytes that do not fit are replaced."""
        head = Message()
        head["Content-Type"] = self.headers.get("Content-Type") or "text/plain"
        try:
            return self.body.decode(head.get_content_charset("utf-8"), errors="replace")
        except LookupError:
            return self.body.decode("utf-8", errors="replace")

    @property
    def retry_after(self) -> float | None:
        return retry_after(self.headers)


def unreadable(service: str, said: str) -> ServiceUnavailable:
    """The error for an answer that is none; its context has what it did and the cure (`net.trouble`)."""
    trouble = Trouble(
        f"answered {said}",
        f"If that goes on, pass your network's log-in in a browser, check your proxy and services.{service}.base_url.",
    )
    return ServiceUnavailable(trouble.told(service), trouble=trouble)


def pairs(values: Pairs) -> list[tuple[str, str]]:
    """Parameters or headers as pairs, whichever way the caller wrote them."""
    return list(values.items()) if isinstance(values, Mapping) else list(values)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds asked for by `Retry-After` (a number or a date), or None if it is absent or makes no sense.

    More than a week is taken as a week.
    """
    value = (headers.get("Retry-After") or _spelt_otherwise(headers)).strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = _moment(value) - _now_by(headers)
        except (ValueError, OverflowError):
            return None
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER) if math.isfinite(seconds) else None


def _now_by(headers: Mapping[str, str]) -> float:
    """The time by the sender's own clock, as its dates are: ours may be wrong."""
    try:
        return _moment(headers.get("Date") or "")
    except (ValueError, OverflowError):
        return time.time()


def _spelt_otherwise(headers: Mapping[str, str]) -> str:
    """ "X-RateLimit-Retry-After" and "x-ratelimit-retryafter" (CORE)."""
    names = (name for name in headers if name.lower().replace("-", "").endswith("ratelimitretryafter"))
    return next((headers[name] for name in names), "")


def _moment(date: str) -> float:
    """Unix time of a date as in HTTP headers, or in ISO 8601."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return datetime.fromisoformat(date).timestamp()

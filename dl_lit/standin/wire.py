"""What crosses the wire: a request as the services see it, a reply and the manner in which it is sent."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
JSON = "application/json"
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is undecoded and without the service's prefix; `query` is decoded, `raw_query` is not.

    Header names are lower-case. `in_flight` counts the requests at the service or host, this one included.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    raw_query: str
    headers: Mapping[str, str]
    host: str
    time: float
    in_flight: int
    body: bytes = b""

    def param(self, *names: str) -> str | None:
        return next((value for name, value in self.query if name in names), None)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. The fields below `headers` say how it is sent, those below `bucket` are for the request log.

    `hold` seconds pass before it; `dropped` closes the connection without any answer; `announced` is a
    Content-Length other than the body's, and an `unannounced` one has none; `drip` spreads the body over that many
    seconds; `repeat` sends it again and again.
    """

    status: int = 200
    body: bytes = b""
    content_type: str | None = HTML
    headers: tuple[tuple[str, str], ...] = ()
    hold: float = 0.0
    dropped: bool = False
    announced: int | None = None
    unannounced: bool = False
    drip: float = 0.0
    repeat: int = 1
    bucket: str | None = None
    refused: str | None = None
    cost: int = 0
    left: int | None = None
    retry_after: float | None = None
    crawl_delay: float | None = None

    @property
    def length(self) -> int:
        return len(self.body) * self.repeat if self.announced is None else self.announced


def json_reply(value: Any, status: int = 200, **more: Any) -> Reply:
    return Reply(status, json.dumps(value, ensure_ascii=False).encode(), JSON, **more)


def text_reply(text: str, status: int = 200, **more: Any) -> Reply:
    return Reply(status, text.encode(), PLAIN, **more)


def page(title: str, body: str = "", status: int = 200, head: str = "", **more: Any) -> Reply:
    """An HTML page; `body` and `head` are markup, `title` is text."""
    name = html.escape(title)
    top = f"<!doctype html>\n<html lang=en>\n<head><title>{name}</title>{head}</head>\n"
    text = f"{top}<body><h1>{name}</h1>{body}</body></html>\n"
    return Reply(status, text.encode(), HTML, **more)


def redirect(location: str, status: int = 302, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    # Servers send UTF-8 there; heads are written in Latin-1.
    return Reply(status, b"", HTML, (("Location", location.encode().decode("latin-1")), *headers))

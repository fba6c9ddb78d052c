"""What came instead of an answer, in a few words for a person."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from dl_lit.net.http import HttpResponse
from dl_lit.net.redact import redact
from dl_lit.services.fields import parsed_xml, without_markup

MOST_LETTERS = 80
MOST_KEYS = 5

_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


def described(response: HttpResponse, secrets: Sequence[str] = ()) -> str:
    """Such as `an HTML page, "Sign in" (status 200, 5120 bytes)`."""
    what = redact(_what(response), secrets)
    return f"{what} (status {response.status}, {len(response.body)} bytes)"


def _what(response: HttpResponse) -> str:
    text = response.text()
    if not text.strip():
        return "nothing"
    if response.is_page:
        title = _TITLE.search(text[:20_000])
        return f'an HTML page, "{_short(without_markup(title[1]) or "")}"' if title else "an HTML page"
    try:
        return _of_json(json.loads(text))
    except (ValueError, RecursionError):
        pass
    root = parsed_xml(response.body)
    if root is not None:
        return f"XML, <{_short(root.tag.rpartition('}')[2])}>"
    return f'text, "{_short(text)}"'


def _of_json(value: Any) -> str:
    if isinstance(value, list):
        return f"a JSON list of {len(value)}"
    if not isinstance(value, dict):
        return f"the JSON value {_short(json.dumps(value))}"
    if not value:
        return "an empty JSON object"
    keys = ", ".join(_short(key) for key in list(value)[:MOST_KEYS])
    return f"JSON with {keys}{', ...' if len(value) > MOST_KEYS else ''}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"

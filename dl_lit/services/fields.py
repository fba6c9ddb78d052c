"""Reading what services send: JSON that may lack anything, XML that may be none, strings that may hold markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from dl_lit.identity import titles

# Halves of a surrogate pair and control characters come out of JSON escapes and go into no database.
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_DEEPEST = 100  # elements within each other; Atom and MARC need ten
_PLAUSIBLE_YEARS = range(1000, 2200)


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a JSON document that need not exist: an index into missing data is again an empty node."""

    value: Any = None

    def __getitem__(self, key: str | int) -> Node:
        if isinstance(key, str):
            return Node(self.value.get(key)) if isinstance(self.value, dict) else Node()
        if isinstance(self.value, list) and -len(self.value) <= key < len(self.value):
            return Node(self.value[key])
        return Node()

    def __iter__(self) -> Iterator[Node]:
        """The members of a list; anything else has none."""
        return (Node(item) for item in (self.value if isinstance(self.value, list) else ()))

    def text(self) -> str | None:
        """A string with blanks collapsed, or a number as string; None when there is nothing to read."""
        if isinstance(self.value, str):
            return " ".join(_UNSTORABLE.sub(" ", self.value).split()) or None
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            return str(self.value)
        return None

    def first(self) -> str | None:
        """The first readable string of a list, or the value itself where a service sends it bare."""
        return self.text() or next((text for item in self if (text := item.text())), None)

    def texts(self) -> tuple[str, ...]:
        return tuple(text for item in self if (text := item.text()))

    def whole(self) -> int | None:
        if isinstance(self.value, bool):
            return None
        if isinstance(self.value, str) and self.value.strip().isascii() and self.value.strip().isdigit():
            return int(self.value.strip()[:18])
        return int(self.value) if isinstance(self.value, int | float) and abs(self.value) < 1e15 else None

    def year(self) -> int | None:
        number = self.whole()
        return number if number in _PLAUSIBLE_YEARS else None

    def day(self) -> str | None:
        """A date as ISO 8601, or the first day of a month or year that is named alone; None for what is none."""
        text = self.text() or ""
        whole = text + {4: "-01-01", 7: "-01"}.get(len(text), "")
        try:
            return date.fromisoformat(whole[:10]).isoformat()
        except ValueError:
            return None

    def flag(self) -> bool | None:
        return self.value if isinstance(self.value, bool) else None

    def plain(self) -> str | None:
        """The first readable string without markup and entities."""
        return without_markup(self.first())

    def url(self) -> str | None:
        text = self.text()
        return text if text is not None and text.lower().startswith(("http://", "https://")) else None


def without_markup(text: str | None) -> str | None:
    return (titles.strip_markup(text) or None) if text else None


def page_range(first: str | None, last: str | None) -> str | None:
    """ "436-444", or the one page there is."""
    if first and last and first != last:
        return f"{first}-{last}"
    return first or last


def quoted(text: str) -> str:
    """A phrase of the Lucene language, within which only two characters mean anything."""
    return '"' + text.replace("\\", " ").replace('"', " ").strip() + '"'


def parsed_xml(body: bytes) -> Element | None:
    """The root element; None where `body` is no XML, or XML that means harm."""
    try:
        element: Element = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    return element if _is_shallow(element) else None


def _is_shallow(element: Element) -> bool:
    """Nothing that describes works is nested so deeply that writing it again could end in a RecursionError."""
    level = [element]
    for _ in range(_DEEPEST):
        level = [child for parent in level for child in parent]
        if not level:
            return True
    return False

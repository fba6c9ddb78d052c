"""Pages that list the files of many works, as of a volume or of an author: which of them stands beside a title."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from dl_lit.identity import titles
from dl_lit.identity.folding import letters
from dl_lit.model import Work
from dl_lit.net.urls import joined

_MOST_SOURCE = 1_000_000  # bytes
_SHORTEST = 12  # letters of a title that tells one row of a list from the others
_MOST_PLACES = 9  # of one title on a page
_FAR = 700  # letters between a title and its file: authors, a place, the beginning of an abstract
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,9})\b([^<>]{0,3000})>")
_HREF = re.compile(r"(?i)\bhref\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_OF_ONE_ROW = ("p", "div", "dd", "td")
_OF_A_NEW_ROW = ("li", "tr", "dt", "article", "section", "hr", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6")
# How far apart an element sets what is before it from what is in it.
_BREAKS = dict.fromkeys(_OF_ONE_ROW, 1) | dict.fromkeys(_OF_A_NEW_ROW, 4)


@dataclass(frozen=True, slots=True)
class Listing:
    """The source of such a page, without its scripts, where its links are relative to, and its links to files."""

    source: bytes
    base: str
    files: frozenset[str]

    def of_work(self, work: Work) -> tuple[str, ...]:
        """The files beside the work's title, wherever on the page that stands."""
        key = letters(titles.strip_markup(work.title or ""))
        if len(key) < _SHORTEST:
            return ()
        text = _Text.read(self)
        found = [text.beside(at, at + len(key)) for at in islice(text.places(key), _MOST_PLACES)]
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def file_of(self, name: str, attributes: str) -> str | None:
        """The file that an element links to."""
        href = _HREF.search(attributes) if name == "a" else None
        address = joined(self.base, html.unescape(href[1] or href[2] or href[3] or "").strip()) if href else None
        bare = (address or "").partition("#")[0]
        return bare if bare in self.files else None


@dataclass(slots=True)
class _Link:
    """Where its text begins and ends among the letters of the page, and the breaks before it."""

    address: str
    start: int
    breaks: int
    end: int | None = None


@dataclass(slots=True)
class _Text:
    """The letters of a page, with its links to files; `marks` are the breaks before the letter at a place."""

    letters: str = ""
    links: list[_Link] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)

    @classmethod
    def read(cls, page: Listing) -> _Text:
        parts: list[str] = []
        read, length, breaks = cls(), 0, 0
        for text, tag in _pieces(page.source[:_MOST_SOURCE].decode("utf-8", "replace")):
            if said := letters(html.unescape(text)):
                read.marks.append((length, breaks))
                parts.append(said)
                length += len(said)
            if tag is not None:
                breaks += 0 if tag[1] else _BREAKS.get(tag[2].lower(), 0)
                read.note(page, tag, length, breaks)
        read.letters = "".join(parts)
        return read

    def note(self, page: Listing, tag: re.Match[str], length: int, breaks: int) -> None:
        name = tag[2].lower()
        if tag[1]:
            if name == "a" and self.links and self.links[-1].end is None:
                self.links[-1].end = length
        elif (address := page.file_of(name, tag[3])) is not None:
            self.links.append(_Link(address, length, breaks))

    def places(self, key: str) -> Iterator[int]:
        at = self.letters.find(key)
        while at >= 0:
            yield at
            at = self.letters.find(key, at + len(key))

    def beside(self, begin: int, end: int) -> str | None:
        """The link that has the letters in its text, else the one behind or before them with fewer breaks between."""
        starts = [link.start for link in self.links]
        behind = bisect_right(starts, end - 1)
        before = self.links[bisect_right(starts, begin) - 1] if bisect_right(starts, begin) else None
        if before is not None and (before.end or begin) > begin:
            return before.address
        near = []
        if behind < len(self.links) and starts[behind] - end < _FAR:
            near.append((self.links[behind].breaks - self._breaks_at(end - 1), 0, self.links[behind].address))
        if before is not None and begin - before.start < _FAR:
            near.append((self._breaks_at(begin) - before.breaks, 1, before.address))
        return min(near)[2] if near else None

    def _breaks_at(self, place: int) -> int:
        mark = bisect_right(self.marks, (place, 1 << 60)) - 1
        return self.marks[mark][1] if mark >= 0 else 0


def _pieces(source: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Each text with the tag behind it."""
    place = 0
    for tag in _TAG.finditer(source):
        yield source[place : tag.start()], tag
        place = tag.end()
    yield source[place:], None

"""The printed lines in which a PDF's references stand, for readers that take text. Runs in the child process.

A task of its own: the file is read once more, but only where such a reader is asked; handing the lines over with every
result would cost each file something.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from dl_lit.errors import UnreadableDocument
from dl_lit.extraction import sections
from dl_lit.extraction.layout import reading_order
from dl_lit.extraction.limits import FileLimits
from dl_lit.extraction.looks import is_dated, signals, starts_like_reference
from dl_lit.extraction.pages import Line, Link
from dl_lit.extraction.reading import read
from dl_lit.model import ListText, PrintedLine

MOST_LINES = 6000  # about 500 references; what is longer is no list
_LAST_PAGES = 3, 12  # at least and at most so many of a document without a list, or a sixth of it
_WINDOW = 12
_DENSE = 0.35  # signals a line, as `sections` counts them
_CITING_LINES = 5  # so many lines with citations in them show that there must be a list

_CITATION = re.compile(
    r"\[\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\]|\([^()]{0,80}?[^\W\d_]{2,}[^()]{0,20}?\b(?:1[89]|20)\d\d[a-z]?(?:[,:;][^()]{0,80})?\)"
)


def extract(path: str, limits: FileLimits) -> ListText:
    """The lines of the reference lists; where none was found, the end of the text. Empty for an unreadable file."""
    try:
        pages = read(Path(path), limits, time.monotonic() + limits.seconds).pages
    except UnreadableDocument:
        return ListText()
    lines, links = reading_order(pages), {page.number: page.links for page in pages}
    found = [line for section in sections.find(lines) for line in section.lines]
    if found:
        return ListText(_printed(found, links), is_list=True, has_signs=True)
    return ListText(_printed(_end_of(lines), links), has_signs=sections.has_heading(lines) or shows_signs(lines))


def shows_signs(lines: Sequence[Line]) -> bool:
    """The text looks as if it had references somewhere: lines full of what they hold, or citations of them."""
    if sum(bool(_CITATION.search(line.text)) for line in lines) >= _CITING_LINES:
        return True
    return any(_is_dense(lines[at : at + _WINDOW]) for at in range(0, len(lines), _WINDOW // 2))


def _is_dense(lines: Sequence[Line]) -> bool:
    signs = sum(min(2, signals(line.text) + (starts_like_reference(line.text) == 1.0)) for line in lines)
    return len(lines) >= _WINDOW // 2 and signs >= _DENSE * _WINDOW and sum(is_dated(line.text) for line in lines) >= 3


def _end_of(lines: Sequence[Line]) -> Sequence[Line]:
    pages = sorted({line.page for line in lines})
    least, most = _LAST_PAGES
    wanted = set(pages[-min(most, max(least, math.ceil(len(pages) / 6))) :])
    return [line for line in lines if line.page in wanted]


def _printed(lines: Sequence[Line], links: Mapping[int, Sequence[Link]]) -> tuple[PrintedLine, ...]:
    return tuple(
        PrintedLine(line.text, line.page, tuple(link.doi for link in links.get(line.page, ()) if link.lies_on(line)))
        for line in lines[-MOST_LINES:]
    )

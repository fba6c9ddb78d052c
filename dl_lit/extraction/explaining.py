"""What each line of a page was taken for, and why: for a person who wonders. Runs in a child process (`child`)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dl_lit.errors import UnreadableDocument
from dl_lit.extraction import footnotes, furniture, sections
from dl_lit.extraction.layout import reading_order
from dl_lit.extraction.limits import FileLimits
from dl_lit.extraction.overlay import pictures_of
from dl_lit.extraction.pages import Line, Page
from dl_lit.extraction.parts import part_heads
from dl_lit.extraction.reading import Reading, read
from dl_lit.extraction.recognising import recognise
from dl_lit.extraction.sections import Section
from dl_lit.extraction.splitting import split
from dl_lit.extraction.worker import why_no_text
from dl_lit.model import PdfReason
from dl_lit.page_views import ExplainedLine, Explanation, LineRole

_MOST_PAGES = 12  # shown when no page was asked for: a list is rarely longer


@dataclass(frozen=True, slots=True)
class Question:
    """`pages` from 1; none: those that hold references, or else the last one."""

    path: str
    pages: tuple[int, ...] = ()
    with_pictures: bool = False


@dataclass(frozen=True, slots=True)
class _Taken:
    role: LineRole
    why: str
    number: int | None = None


_Key = tuple[int, float, float]


def explain(question: Question, limits: FileLimits) -> Explanation:
    """Raises MemoryError, nothing else on purpose."""
    try:
        reader = recognise if limits.recognise else read
        reading = reader(Path(question.path), limits, time.monotonic() + limits.seconds)
    except UnreadableDocument as error:
        return Explanation(reason=PdfReason(error.reason), detail=error.message)
    wants_ocr = limits.ocr is not None and reading.wants_ocr
    if not any(page.lines for page in reading.pages):
        return Explanation(reason=PdfReason.NO_TEXT, detail=why_no_text(reading, limits), wants_ocr=wants_ocr)
    explained = explained_lines(reading.pages)
    wanted = question.pages or _telling_pages(explained)
    chosen = tuple(line for line in explained if line.page in wanted)
    pictures = pictures_of(Path(question.path), chosen) if question.with_pictures and reading.page_count else ()
    remarks = tuple(_remarks(question, reading))
    return Explanation(chosen, reading.note, pictures, remarks=remarks, quality=reading.quality, wants_ocr=wants_ocr)


def _remarks(question: Question, reading: Reading) -> Iterator[str]:
    """What was asked for and cannot be shown."""
    if question.with_pictures and not reading.page_count:
        yield "there are no pictures of it: only the pages of PDFs are drawn"
    count = reading.page_count or len(reading.pages)
    has_lines = {page.number: bool(page.lines) for page in reading.pages}
    for number in question.pages:
        if number > count:
            yield f"it has no page {number}; the last one is {count}"
        elif number not in has_lines:
            yield f"page {number} was not read: of a long file or a scan, only the pages that may hold a list are"
        elif not has_lines[number]:
            yield f"page {number} holds no text"


def explained_lines(pages: Sequence[Page]) -> list[ExplainedLine]:
    """All lines of `pages`, page by page: first what was taken away, then the body in reading order."""
    lines = reading_order(pages)
    found = sections.find(lines)
    taken = _in_notes(lines, found) or _in_lists(lines, found)
    explained = [
        _explained(line, _Taken(LineRole.FURNITURE, why))
        for removed in furniture.removed_from(pages).values()
        for line, why in removed
    ]
    nothing = "no list was found" if not taken else "outside the lists"
    explained += [_explained(line, taken.get(_key(line), _Taken(LineRole.TEXT, nothing))) for line in lines]
    return sorted(explained, key=lambda line: line.page)


def _telling_pages(explained: Iterable[ExplainedLine]) -> tuple[int, ...]:
    explained = list(explained)
    pages = sorted({line.page for line in explained if line.number is not None})
    return tuple(pages[:_MOST_PAGES] or sorted({line.page for line in explained})[-1:])


def _key(line: Line) -> _Key:
    # Marks and labels are cut off at the beginning of some lines: the right end tells them.
    return line.page, line.baseline, line.x1


def _explained(line: Line, taken: _Taken) -> ExplainedLine:
    box = (line.x0, line.y0, line.x1, line.y1)
    return ExplainedLine(line.page, line.text, taken.role, taken.why, *box, number=taken.number)


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────


def _in_lists(lines: Sequence[Line], found: Sequence[Section]) -> dict[_Key, _Taken]:
    taken: dict[_Key, _Taken] = {}
    number = 0
    for section in found:
        taken.update(_headings(lines, section))
        taken.update((_key(line), _Taken(LineRole.LEFT_OUT, "reads like no reference")) for line in section.lines)
        heads = (section.lines[at] for at in part_heads(section.lines))
        taken.update((_key(line), _Taken(LineRole.HEADING, "heads a part of the list")) for line in heads)
        for entry in split(section.lines):
            number += 1
            why = f"label {entry.label}" if entry.label else entry.rule
            first, *rest = entry.lines
            taken[_key(first)] = _Taken(LineRole.REFERENCE, f"begins by {why}", number)
            taken.update((_key(line), _Taken(LineRole.CONTINUED, "goes on", number)) for line in rest)
        taken.update(_end(lines, section))
    return taken


def _headings(lines: Sequence[Line], section: Section) -> Iterator[tuple[_Key, _Taken]]:
    """The heading above the list's first line."""
    at = _index(lines, section.lines[0])
    above = lines[max(0, at - 8) : at]
    for line in above:
        if section.heading is not None and line.text == section.heading:
            yield _key(line), _Taken(LineRole.HEADING, "heads a list")


def _end(lines: Sequence[Line], section: Section) -> Iterator[tuple[_Key, _Taken]]:
    """The line behind the list's last one."""
    at = _index(lines, section.lines[-1]) + 1
    if at < len(lines):
        yield _key(lines[at]), _Taken(LineRole.TEXT, f"the list above ends here: {section.end}")


def _index(lines: Sequence[Line], wanted: Line) -> int:
    # A heading that runs into its list was cut: its line has another text.
    place = (wanted.page, wanted.baseline, wanted.column)
    return next((at for at, line in enumerate(lines) if (line.page, line.baseline, line.column) == place), 0)


# ── notes ────────────────────────────────────────────────────────────────────────────────────────────────


def _in_notes(lines: Sequence[Line], found: Sequence[Section]) -> Mapping[_Key, _Taken]:
    cited = footnotes.cited_in_notes(lines, found)
    return {
        _key(line): _Taken(LineRole.NOTE, f"note {one.note.number}: {one.segment.kind.value}", number)
        for number, one in enumerate(cited, 1)
        for line in one.note.lines
    }

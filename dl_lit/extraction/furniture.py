"""What stands on pages beside their text: running heads and feet, page numbers, line numbers, watermarks, doubles."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from statistics import median

from msgspec import structs

from dl_lit.extraction.headings import heads_list
from dl_lit.extraction.looks import starts_like_reference
from dl_lit.extraction.pages import Line, Page

_MARGIN = 0.14  # the part of a page's height, at top and bottom, where running heads and feet stand
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.|s\.)?\s*[-–—|\[(]*\s*(?:\d{1,4}|[ivxlc]{1,7})\s*[-–—|\])]*\s*(?:(?:of|von|/)\s*\d{1,4})?", re.I
)
_BAR = re.compile(r"^\d{1,4} ?[|•·] ?\S|\S ?[|•·] ?\d{1,4}$")
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]")
_BASELINE = attrgetter("baseline")


def bodies_of(pages: Sequence[Page]) -> list[Page]:
    """The pages without their furniture."""
    for _, stripped in _stripped(pages):
        pages = stripped
    return list(pages)


def removed_from(pages: Sequence[Page]) -> dict[int, list[tuple[Line, str]]]:
    """By page number, each line that `bodies_of` takes away, with what it was taken for."""
    removed: dict[int, list[tuple[Line, str]]] = {page.number: [] for page in pages}
    for why, stripped in _stripped(pages):
        for before, after in zip(pages, stripped, strict=True):
            # A line whose number was cut off is there in two pieces.
            kept = {(line.text, line.baseline) for line in after.lines}
            gone = [line for line in before.lines if (line.text, line.baseline) not in kept]
            pieces = [line for line in gone if any(line.text.endswith(one.text) for one in _on_row(after, line))]
            removed[before.number] += [(line, why) for line in gone if line not in pieces]
        pages = stripped
    return removed


def _on_row(page: Page, line: Line) -> Iterator[Line]:
    return (one for one in page.lines if one.text and one.baseline == line.baseline)


def _stripped(pages: Sequence[Page]) -> Iterator[tuple[str, list[Page]]]:
    """The pages after each kind of furniture is taken away, and what that kind is called."""
    pages = [replace(page, lines=_without_doubles(page.lines)) for page in pages]
    yield "printed twice", pages
    stamps = _stamps(pages)
    if stamps:
        pages = [replace(page, lines=tuple(line for line in page.lines if _spot(line) not in stamps)) for page in pages]
        yield "watermark", pages
    pages = _without_repeated(pages)
    yield "running head or foot", pages
    pages = [replace(page, lines=tuple(_without_page_number(list(page.lines)))) for page in pages]
    yield "page number", pages
    full = [page for page in pages if len(page.lines) >= _FEWEST]
    if full and 2 * sum(_is_numbered_throughout(page.lines) for page in full) > len(full):
        pages = [replace(page, lines=_without_all_numbers(page.lines)) for page in pages]
    pages = [
        replace(page, lines=tuple(_without_line_numbers(_with_numbers_cut_off(list(page.lines))))) for page in pages
    ]
    yield "line number", pages


def _stamps(pages: Sequence[Page]) -> set[tuple[str, int, int]]:
    """Large type that comes again at one spot of most pages, in the midst of the text: a watermark."""
    if len(pages) < 2:
        return set()
    spots = Counter(_spot(line) for page in pages for line in page.lines if line.size > _STAMP)
    return {spot for spot, count in spots.items() if count >= max(2, 0.6 * len(pages))}


_STAMP = 24.0  # points: larger than any heading that could be printed at one place of page after page


def _spot(line: Line) -> tuple[str, int, int]:
    return line.text, round(line.x0 / 4), round(line.baseline / 4)


def _without_doubles(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Bold made by printing twice gives each line twice."""
    if len({line.text for line in lines}) == len(lines):
        return tuple(lines)
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for line in lines:
        key = (line.text, round(line.x0 / 3), round(line.baseline / 3))
        if key not in seen:
            seen.add(key)
            kept.append(line)
    return tuple(kept)


def _shape(line: Line) -> str:
    """The text, digits aside; mere numbers as they are (a volume that each page names, not the page's number)."""
    return _DIGITS.sub("#", line.text.casefold()) if _LETTERS.search(line.text) else line.text


def _edges(page: Page) -> dict[int, Line]:
    """By index, the lines where furniture stands: in the margins, and the two topmost and lowest rows wherever."""
    baselines = [round(line.baseline) for line in page.lines]
    rows = sorted(set(baselines))
    outer = {*rows[:2], *rows[-2:]}
    top, bottom = _MARGIN * page.height, (1 - _MARGIN) * page.height
    return {
        at: line
        for at, (line, baseline) in enumerate(zip(page.lines, baselines, strict=True))
        if line.y1 < top or line.y0 > bottom or baseline in outer
    }


_Mark = tuple[str, int]  # a text (digits aside) at a height


def _without_repeated(pages: Sequence[Page]) -> list[Page]:
    """Without the texts (digits aside) that stand at the same height of the margin on two or more pages."""
    marks = [{at: _marks(line) for at, line in _edges(page).items()} for page in pages]
    repeated = _repeated(pages, marks)
    return [
        replace(page, lines=tuple(line for at, line in enumerate(page.lines) if repeated.isdisjoint(found.get(at, ()))))
        for page, found in zip(pages, marks, strict=True)
    ]


def _repeated(pages: Sequence[Page], marks: Sequence[dict[int, tuple[_Mark, _Mark]]]) -> set[_Mark]:
    seen: defaultdict[_Mark, list[Line]] = defaultdict(list)
    for page, found in zip(pages, marks, strict=True):
        for at, both in found.items():
            for mark in both:
                seen[mark].append(page.lines[at])
    return {mark for mark, lines in seen.items() if len(lines) > 1 and _is_furniture(lines)}


def _is_furniture(lines: Sequence[Line]) -> bool:
    """On two pages; headings of lists aside, for each chapter may have its list at the top of a page."""
    return len({line.page for line in lines if not heads_list(line.text)}) > 1


def _marks(line: Line) -> tuple[_Mark, _Mark]:
    """The text on two overlapping grids of 8 points, so that a small shift never parts two equal lines."""
    shape = _shape(line)
    return (shape, 2 * round(line.baseline / 8)), (shape, 2 * int(line.baseline // 8) + 1)


def _without_page_number(lines: list[Line]) -> list[Line]:
    """The outermost row at top or bottom when it is but a number, or a head or foot beside one."""
    for outermost in (min, max):
        if not lines:
            break
        edge = outermost(lines, key=_BASELINE)
        level, reach = edge.baseline, 0.5 * edge.size
        row = [line for line in lines if abs(line.baseline - level) < reach]
        rest = [line for line in lines if abs(line.baseline - level) >= reach]
        if all(_is_page_number(line.text) for line in row) or _is_beside_number(row, rest):
            lines = rest
    return lines


def _is_beside_number(row: Sequence[Line], rest: Sequence[Line]) -> bool:
    """A short text and a page's number at the two edges, or parted by a bar, set off from all other lines: the head or
    foot of only this page."""
    if not rest:
        return False
    if len(row) == 1:
        away = min(abs(line.baseline - row[0].baseline) for line in rest)
        return away > 2 * row[0].size and _BAR.search(row[0].text) is not None
    if len(row) != 2:
        return False
    left, right = sorted(row, key=lambda line: line.x0)
    numbers = sum(_is_page_number(line.text) for line in row)
    away = min(abs(line.baseline - left.baseline) for line in rest)
    slack = 0.6 * left.size
    at_edges = left.x0 <= min(line.x0 for line in rest) + slack and right.x1 >= max(line.x1 for line in rest) - slack
    return numbers == 1 and away > 2 * left.size and at_edges and right.x0 - left.x1 > 4 * left.size


def _is_page_number(text: str) -> bool:
    solid = text.replace(" ", "")
    return bool(_PAGE_NUMBER.fullmatch(solid if solid.isdigit() else text.strip()))


_FEWEST = 5  # lines that show whether a page's are numbered
_NUMBERED = re.compile(r"(\d{1,4}) +(?=\S)")
_LABEL = re.compile(r"[\[(]?\d{1,4}[\]).]")


def _with_numbers_cut_off(lines: list[Line]) -> list[Line]:
    """Line numbers that stand so close to the text that they were read as part of it, made lines of their own."""
    text = [line.x0 for line in lines if not line.text[:1].isdigit()]
    if len(text) < 5:
        return lines
    edge = median(sorted(text)[: max(1, len(text) // 2)])
    found = [
        (line, match)
        for line in lines
        if line.x0 < edge - 1.2 * line.size and (match := _NUMBERED.match(line.text)) is not None
    ]
    values = [int(match[1]) for _, match in sorted(found, key=lambda pair: pair[0].baseline)]
    steps = {after - before for before, after in pairwise(values)}
    if not found or (len(values) > 1 and (min(steps) < 1 or any(step % min(steps) for step in steps))):
        return lines
    places = sorted(set(text))
    pitch = sum(line.width for line in lines) / max(1, sum(len(line.text) for line in lines))
    cut = {id(line): _cut_off(line, match, places, pitch) for line, match in found}
    return [piece for line in lines for piece in cut.get(id(line), (line,))]


def _is_numbered_throughout(lines: Sequence[Line]) -> bool:
    """Each line has its number, at its head or beside it; those of a list stand before entries only."""
    heads = [line for line in lines if line.head is not None]
    if not heads:
        return False
    numbers = [(line.baseline, int(line.text[: line.head[0]])) for line in heads if line.head is not None]
    numbers += [(line.baseline, int(line.text)) for line in lines if _is_number(line)]
    texts = [line for line in lines if not _is_number(line)]
    if len(numbers) < max(_FEWEST, 0.8 * len(texts)):
        return False
    rising = sum(after == before + 1 for (_, before), (_, after) in pairwise(sorted(numbers)))
    within = sum(not _begins_entry(_without_head(line).text) for line in texts)
    return rising >= 0.8 * (len(numbers) - 1) and within >= 0.1 * len(texts)


def _is_number(line: Line) -> bool:
    return line.text.isdecimal() and len(line.text) <= 4


def _without_all_numbers(lines: Sequence[Line]) -> tuple[Line, ...]:
    """What is left of a page whose lines are all numbered."""
    left = min((line.head[1] for line in lines if line.head and line.head[1] is not None), default=0.0)
    return tuple(_without_head(line) for line in lines if not (_is_number(line) and line.x1 <= left))


def _begins_entry(text: str) -> bool:
    return starts_like_reference(text) >= 0.8 or bool(_LABEL.match(text))


def _without_head(line: Line) -> Line:
    """The text behind the number."""
    if line.head is None:
        return line
    digits, left = line.head
    return structs.replace(line, text=line.text[digits:].strip(), x0=line.x0 if left is None else left, head=None)


def _cut_off(line: Line, match: re.Match[str], places: Sequence[float], pitch: float) -> tuple[Line, Line]:
    """The number, and the text at that usual left edge which suits its length best (`pitch`: points a letter)."""
    rest = line.text[match.end() :]
    right = [place for place in places if place > line.x0 + pitch * len(match[1])]
    x0 = line.head[1] if line.head else None
    if x0 is None:
        guess = line.x1 - pitch * len(rest)
        x0 = min(right, key=lambda place: abs(place - guess), default=guess)
    number = structs.replace(line, text=match[1], x1=line.x0 + pitch * len(match[1]), head=None)
    return number, structs.replace(line, text=rest, x0=min(x0, line.x1), head=None)


def _without_line_numbers(lines: list[Line]) -> list[Line]:
    """Manuscripts number their lines in the margin: five or more rising numbers under each other, left of all text."""
    numbers = [line for line in lines if line.text.isdigit() and len(line.text) <= 4]
    text = [line for line in lines if _LETTERS.search(line.text)]
    if len(numbers) < 2 or not text:
        return lines
    edge = median(sorted(line.x0 for line in text)[: max(1, len(text) // 2)])
    margin = [line for line in numbers if line.x1 < edge]
    values = [int(line.text) for line in sorted(margin, key=lambda line: line.baseline)]
    steps = Counter(after - before for before, after in pairwise(values))
    by_five = len(values) > 1 and set(steps) == {5} and values[0] % 5 == 0  # every fifth line has its number
    regular = max(steps.values(), default=0) >= max(4, 0.8 * (len(values) - 1))
    # Numbers that stand beside the first lines of entries only are labels of a list, not line numbers.
    everywhere = len(margin) >= 0.7 * len({round(line.baseline) for line in text}) or steps.get(5, 0) >= 4
    if not by_five and not (regular and everywhere):
        return lines
    return [line for line in lines if line not in set(margin)]

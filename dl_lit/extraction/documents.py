"""A document that is no PDF as lines on a page: pandoc's syntax tree set as print sets it.

So headings are larger and bold, each paragraph and each item of a list begins at the margin after a gap, and its other
lines are indented; what finds and splits lists in PDFs then works here too. Notes stand on a page of their own behind
the text, in smaller type, below the heading "Notes", each behind its number.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dl_lit.extraction.cleaning import clean
from dl_lit.extraction.pages import Line, Link, Page
from dl_lit.identity import doi

NOTES_HEADING = "Notes"

_SIZE, _NOTE_SIZE, _TITLE_SIZE = 10.0, 8.0, 20.0
_HEADING_SIZES = (18.0, 15.0, 13.0)  # by level; deeper ones as the last
_LEFT, _INDENT, _WIDTH = 60.0, 16.0, 480.0
_LETTERS = 96  # of a line
_LONGEST_TITLE = 250
_LEADING, _GAP = 1.2, 1.0  # in sizes of type: from baseline to baseline, and more between two paragraphs
_LABELLED = re.compile(r"\s*[\[(]?\d{1,4}[\])]?[.:)]?\s")
_BREAK = "\n"
# What publishers' pages set behind each reference for the reader to click on.
_BUTTONS = re.compile(
    r"(?:[\s\[\](){}|·•,;→↗-]*\b(?:cross ?ref|pub ?med(?: central)?|pmc(?: free article)?|google(?: scholar)?|scholar|"
    r"scopus|web of science|isi|(?:open|free) ?access|full ?text|abstract|article|"
    r"view(?: (?:article|in article|record))?|"
    r"download|math ?sci ?net|math|zbmath|ads|cas|chemport|pdf|html|find (?:it )?online|go to ref(?:erence)?|"
    r"return to ref(?:erence)?|back to text|in [a-z]+)\b(?: \d+)?[\s\[\](){}|·•,;→↗-]*)+",
    re.I,
)


def pages_of(tree: dict[str, Any]) -> tuple[Page, ...]:
    """The text as one page, the notes, if there are any, as a second one."""
    reader = _Reader()
    meta = tree.get("meta", {})
    blocks = [
        *_front(meta, tree["blocks"]),
        *(block for block in reader.blocks(tree["blocks"]) if not _is_buttons(block)),
    ]
    if not _meta_text(meta.get("title")):
        blocks[:1] = map(_as_title, blocks[:1])
    pages = [_set(blocks, 1, _SIZE)]
    if reader.notes:
        notes = (_Block(f"{number} {text}", links) for number, (text, links) in enumerate(reader.notes, 1))
        pages.append(_set([_Block(NOTES_HEADING, size=_HEADING_SIZES[-1]), *notes], 2, _NOTE_SIZE))
    return tuple(pages)


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, an item or, with a `size` of its own, a heading. A `\\n` in the text is a forced new line."""

    text: str
    links: frozenset[str] = frozenset()
    size: float | None = None
    bold: bool = True  # with a size


# ── from the tree to blocks ──────────────────────────────────────────────────────────────────────────────


def _front(meta: dict[str, Any], blocks: Sequence[Any]) -> Iterator[_Block]:
    """Title and authors, which many formats keep apart from the text."""
    title = _meta_text(meta.get("title"))
    printed = _plain(blocks[:12])
    if title and title not in printed:
        yield _Block(title, size=_TITLE_SIZE)
        authors = meta.get("author") or {}
        listed = authors["c"] if authors.get("t") == "MetaList" else [authors]
        names = ", ".join(name for author in listed if (name := _meta_text(author)))
        if names and names not in printed:
            yield _Block(names, size=_SIZE + 1, bold=False)


def _as_title(block: _Block) -> _Block:
    """A short paragraph that opens a document is its title, where the format does not say what the title is."""
    is_title = block.size is None and len(block.text) <= _LONGEST_TITLE and not block.text.endswith(".")
    return replace(block, size=_TITLE_SIZE) if is_title else block


def _meta_text(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    content = value.get("c")
    return _tidy(content if isinstance(content, str) else _plain(content))


def _plain(content: Any) -> str:
    """The bare text of any part of the tree, notes left out."""
    text, _ = _Reader().inlines(content if isinstance(content, list) else [])
    return text


def _tidy(text: str) -> str:
    return clean(" ".join(text.split())).strip()


class _Reader:
    """Walks the tree (https://hackage.haskell.org/package/pandoc-types) and gathers its notes."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, frozenset[str]]] = []

    def blocks(self, blocks: Iterable[Any]) -> Iterator[_Block]:
        for block in blocks:
            kind, content = block["t"], block.get("c")
            if kind == "Header":
                text, links = self.text(content[2])
                level = min(content[0], len(_HEADING_SIZES))
                yield from _solid(_Block(text.replace(_BREAK, " "), links, _HEADING_SIZES[level - 1]))
            elif kind in ("Para", "Plain", "LineBlock"):
                yield from _solid(_Block(*self.text(content)))
            else:
                yield from self._container(kind, content)

    def _container(self, kind: str, content: Any) -> Iterator[_Block]:
        if kind == "BulletList":
            for item in content:
                yield from self._item(item, "")
        elif kind == "OrderedList":
            for number, item in enumerate(content[1], content[0][0]):
                yield from self._item(item, f"{number}. ")
        elif kind == "DefinitionList":
            for term, definitions in content:
                yield from self._item([{"t": "Plain", "c": term}, *(b for d in definitions for b in d)], "")
        elif kind == "Table":
            yield from self._rows(content)
        elif kind == "BlockQuote":
            yield from self.blocks(content)
        elif kind in ("Div", "Figure"):
            yield from self.blocks(content[-1])

    def _item(self, item: Sequence[Any], label: str) -> Iterator[_Block]:
        """One paragraph, unless the item holds parts of the document (menus and sections are made of lists too)."""
        parts = list(self.blocks(item))
        said = [part for part in parts if not _is_buttons(part)]
        has_lists = len(said) > 1 and any(block["t"] in _LISTS for block in item)
        if not said or has_lists or len(said) > _MOST_PARTS or any(part.size for part in parts):
            yield from parts
            return
        text = _without_buttons(" ".join(part.text for part in said))
        if text:
            lead = "" if _LABELLED.match(text) else label
            yield _Block(lead + text, frozenset().union(*(part.links for part in parts)))

    def _rows(self, content: Any) -> Iterator[_Block]:
        """A row a paragraph; a table that only arranges whole paragraphs is read as these."""
        for row in _table_rows(content):
            parts = [list(self.blocks(cell)) for cell in row]
            if any(len(cell) > 3 for cell in parts):
                yield from (block for cell in parts for block in cell)
                continue
            blocks = [block for cell in parts for block in cell]
            text = " ".join(block.text for block in blocks)
            yield from _solid(_Block(text, frozenset().union(*(block.links for block in blocks))))

    def text(self, inlines: Any) -> tuple[str, frozenset[str]]:
        """The text, tidied line by line, and the DOIs behind its links."""
        text, links = self.inlines(inlines)
        return _BREAK.join(filter(None, map(_tidy, text.split(_BREAK)))), links

    def inlines(self, content: Any) -> tuple[str, frozenset[str]]:
        texts: list[str] = []
        links: set[str] = set()
        for part in content:
            if isinstance(part, list):
                text, more = self.inlines(part)
                texts.append(text + (_BREAK if part and isinstance(part[0], dict) else ""))
            elif isinstance(part, dict):
                text, more = self._inline(part["t"], part.get("c"))
                texts.append(text)
            else:
                continue
            links |= more
        return "".join(texts), frozenset(links)

    def _inline(self, kind: str, content: Any) -> tuple[str, frozenset[str]]:
        nothing: frozenset[str] = frozenset()
        if kind == "Str":
            return content, nothing
        if kind in ("Space", "SoftBreak", "LineBreak"):
            return _BREAK if kind == "LineBreak" else " ", nothing
        if kind == "Note":
            blocks = list(self.blocks(content))
            self.notes.append((" ".join(b.text for b in blocks), frozenset().union(*(b.links for b in blocks))))
            return "", nothing
        if kind in ("Code", "Math"):
            return content[1], nothing
        if kind == "Link":
            text, links = self._flat(content[1])
            found = doi.normalise(content[2][0]) if "10." in content[2][0] else None
            return text, links | {found} if found else links
        if kind == "Quoted":
            text, links = self._flat(content[1])
            return (f"“{text}”" if content[0]["t"] == "DoubleQuote" else f"‘{text}’"), links
        if kind in ("Span", "Cite", "Para", "Plain", "Header"):
            return self._flat(content[-1] if kind in ("Span", "Cite", "Header") else content)
        return ("", nothing) if kind in ("RawInline", "Image") or not isinstance(content, list) else self._flat(content)

    def _flat(self, inlines: Any) -> tuple[str, frozenset[str]]:
        parts = [part for part in inlines if isinstance(part, dict)]
        pieces = [self._inline(part["t"], part.get("c")) for part in parts]
        return "".join(text for text, _ in pieces), frozenset().union(*(links for _, links in pieces))


_MOST_PARTS = 6  # paragraphs of one reference
_LISTS = frozenset({"BulletList", "OrderedList", "DefinitionList"})


def _solid(block: _Block) -> Iterator[_Block]:
    if block.text:
        yield block


def _is_buttons(block: _Block) -> bool:
    return block.size is None and bool(_BUTTONS.fullmatch(block.text))


def _without_buttons(text: str) -> str:
    """Without the words to click on at its end, if there are two or more; one may be the end of a title."""
    words = text.split(" ")
    for at in range(max(0, len(words) - 16), len(words) - 1):
        if _BUTTONS.fullmatch(" ".join(words[at:])):
            return " ".join(words[:at]).rstrip()
    return text


def _table_rows(content: Any) -> Iterator[list[Any]]:
    """The cells (lists of blocks) of each row of head, bodies and foot."""
    head, bodies, foot = content[3], content[4], content[5]
    for rows in (head[1], *(part for body in bodies for part in (body[2], body[3])), foot[1]):
        for row in rows:
            yield [cell[4] for cell in row[1]]


# ── from blocks to lines ─────────────────────────────────────────────────────────────────────────────────


def _set(blocks: Iterable[_Block], page: int, size: float) -> Page:
    lines: list[Line] = []
    links: list[Link] = []
    y = 60.0
    for block in blocks:
        type_size = block.size or size
        y += _GAP * type_size
        first = len(lines)
        for row, text in enumerate(_rows_of(block)):
            y += _LEADING * type_size
            lines.append(_line(text, y, type_size, page, opens=row == 0, bold=_is_bold(block)))
        links.extend(_link(found, lines[first]) for found in sorted(block.links))
    return Page(page, _LEFT + _WIDTH + _LEFT, y + 60.0, tuple(lines), links=tuple(links))


def _is_bold(block: _Block) -> bool:
    return block.size is not None and block.bold


def _rows_of(block: _Block) -> list[str]:
    """Broken between words only, so that addresses and hyphenated words stay whole."""
    rows: list[str] = []
    for part in block.text.split(_BREAK):
        rows += [part] if block.size else textwrap.wrap(part, _LETTERS, break_long_words=False, break_on_hyphens=False)
    return rows


def _line(text: str, baseline: float, size: float, page: int, *, opens: bool, bold: bool) -> Line:
    x0 = _LEFT + (0.0 if opens else _INDENT)
    x1 = x0 + min(1.0, len(text) / _LETTERS) * (_WIDTH - _INDENT)
    top, bottom = baseline - 0.8 * size, baseline + 0.2 * size
    return Line(text, x0, top, x1, bottom, baseline, size, bold=bold, page=page, opens=opens)


def _link(found: str, line: Line) -> Link:
    return Link(found, line.x0, line.y0, line.x1, line.y1)

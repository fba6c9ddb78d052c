"""Sets the copies that the verifier is tried on: pages of text with heads, titles and notes, and pictures of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from typing import Any

import pymupdf

from dl_lit.model import Person
from dl_lit.standin.prose import Prose

A4 = (595.0, 842.0)
A0 = (2384.0, 3370.0)
SCREEN = (960.0, 540.0)
MARGIN = 70.0


_FILLED = 5  # different pages of prose; making every one anew would take most of the time


@cache
def font(name: str) -> Any:
    return pymupdf.Font(name)


class Draft:
    """A PDF under way. `y` is where the next line goes; text that runs over a page's end opens another page."""

    def __init__(self, size: tuple[float, float] = A4) -> None:
        self.document: Any = pymupdf.open()
        self.size = size
        self.y = 0.0
        self.head: str | None = None

    def page(self, size: tuple[float, float] | None = None) -> Draft:
        width, height = size or self.size
        self.document.new_page(width=width, height=height)
        self.y = MARGIN
        if self.head:
            self.put(MARGIN, 40, self.head, 8)
        return self

    def put(self, x: float, y: float, text: str, size: float = 10, face: str = "tiro", *, hidden: bool = False) -> None:
        page = self.document[-1]
        writer = pymupdf.TextWriter(page.rect)
        writer.append((x, y), text, font=font(face), fontsize=size)
        writer.write_text(page, render_mode=3 if hidden else 0)

    def text(
        self,
        text: str,
        size: float = 10,
        face: str = "tiro",
        *,
        after: float = 0,
        x: float = MARGIN,
        width: float | None = None,
        hidden: bool = False,
    ) -> Draft:
        """A paragraph; "\n" ends a line."""
        room = width or self.document[-1].rect.width - x - MARGIN
        for line in wrapped(text, size, face, room):
            if self.y > self.document[-1].rect.height - MARGIN:
                self.page()
            self.put(x, self.y, line, size, face, hidden=hidden)
            self.y += size * 1.25
        self.y += after
        return self

    def title(self, text: str, size: float = 17, face: str = "tibo") -> Draft:
        return self.text(text, size, face, after=10)

    def filler(self, pages: int, rng: random.Random) -> Draft:
        """Prose to the end of this page and over the following ones."""
        while self.y < self.document[-1].rect.height - 2 * MARGIN:
            self.text(paragraph(rng), after=4)
        for _ in range(pages - 1):
            self.add(filled(self.size, rng.randrange(_FILLED)))
        return self

    def blank(self, pages: int = 1) -> Draft:
        for _ in range(pages):
            self.document.new_page(width=self.size[0], height=self.size[1])
        return self

    def add(self, body: bytes) -> Draft:
        with pymupdf.open(stream=body, filetype="pdf") as other:
            self.document.insert_pdf(other)
        return self

    def describe(self, **facts: str) -> Draft:
        self.document.set_metadata(facts)
        return self

    def bytes(self, **options: Any) -> bytes:
        try:
            return bytes(self.document.tobytes(**{"garbage": 2, "deflate": True, **options}))
        finally:
            self.document.close()


def locked(**passwords: str) -> dict[str, Any]:
    """Options of `Draft.bytes`: `owner_pw` to print it, `user_pw` to open it."""
    return {"encryption": pymupdf.PDF_ENCRYPT_AES_256, **passwords}  # type: ignore[attr-defined]


@cache
def filled(size: tuple[float, float], number: int) -> bytes:
    """A page of prose."""
    return Draft(size).page().filler(1, random.Random(number)).bytes()


@cache
def advance(face: str, size: float, text: str) -> float:
    return float(font(face).text_length(text, size))


def wrapped(text: str, size: float, face: str, width: float) -> list[str]:
    lines = []
    for part in text.split("\n"):
        line = ""
        for word in part.split(" "):
            longer = f"{line} {word}" if line else word
            if line and sum(advance(face, size, letter) for letter in longer) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def paragraph(rng: random.Random) -> str:
    field = rng.choice(("computing", "statistics", "life", "physics", "economics", "social"))
    return str(Prose("en", field, rng).paragraph([], length=6))


def scanned(body: bytes, *, dpi: int = 150, text: Sequence[str] = (), stamp: str = "") -> bytes:
    """The pages as pictures; with `text` an invisible layer of it, a page each, with `stamp` a visible line on each."""
    draft = Draft()
    with pymupdf.open(stream=body, filetype="pdf") as document:
        for number, page in enumerate(document):
            picture = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY).tobytes("jpg", jpg_quality=60)
            draft.page((page.rect.width, page.rect.height))
            draft.document[-1].insert_image(page.rect, stream=picture)
            if stamp:
                draft.put(MARGIN, page.rect.height - 15, stamp, 7)
            if number < len(text):
                draft.y = MARGIN
                for line in text[number].split("\n")[:60]:
                    draft.put(MARGIN, draft.y, line, 10, hidden=True)
                    draft.y += 12
    return draft.bytes()


def read(body: bytes) -> list[str]:
    """The text of each page."""
    with pymupdf.open(stream=body, filetype="pdf") as document:
        return [page.get_text() for page in document]


def misread(text: str, share: float, rng: random.Random) -> str:
    """As a recogniser would have it: `share` of its letters are others."""
    return "".join(rng.choice("aceinorstu") if c.isalpha() and rng.random() < share else c for c in text)


def full(person: Person) -> str:
    return person.name or f"{person.given or ''} {person.family or ''}".strip()


def names(people: Sequence[Person]) -> str:
    return ", ".join(full(person) for person in people)

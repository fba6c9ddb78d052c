"""A wanted title, the rows of print where it stands, and which rows belong to one heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dl_lit.download.first_pages import FirstPage, Row
from dl_lit.download.title_prints import Care, key_of
from dl_lit.identity import titles
from dl_lit.identity.folding import letters
from dl_lit.identity.names import printed_words

_ROWS_OF_NAMES = 12  # below a title
APART = 3.3  # sizes of type from line to line of one heading: a manuscript has wide lines
_GAP, _GAP_IN_SIZES = 40, 2  # points, and sizes of type, between words of a line that is set to the full width
CLOSE = 1.75  # sizes of type: nearer lines are surely of one heading
PART = re.compile(
    r"(?i)^[\s.:,–—-]*\(?(?:part|pt|teil|volume|vol|band|bd|no|nr)?\.?\s*([ivx]{1,4}|\d{1,2})\)?(?=[\s.:,)*†‡§]|$)"
)

_KIND = re.compile(
    r"(?i)((?:author['’]?s?['’]? |book )?(?:reply|response|rejoinder|comment|commentary|discussion|erratum|corrigendum"
    r"|correction|review|replik|erwiderung|kommentar|rezension))\s*[:.–—]\s+(\S.{7,})"
)


# How indexes name the review of a book.
OF_A_BOOK = "Review"
_REVIEW_OF = re.compile(
    r"(?i)(?:book )?(?:review|rezension|besprechung|recensione?|reseña)\W+(?:of|von|zu|di|de)\W+(.{8,})"
)
_REVIEWED = re.compile(r"(?i)(.{8,}?)\W*\((?:book |essay )?(?:review|rezension|besprechung)\)\W*")
_ITS_AUTHOR = re.compile(r"(?i)\W+(?:by|von|par|di)\s+\S.{3,60}$")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A title to look for. `is_main`: a subtitle of it may be missing; `kind` ("Reply"): it stands above the title.

    `families` are its authors' folded names.
    """

    title: str
    subtitle: str | None = None
    is_main: bool = False
    care: Care = Care.TYPED
    families: frozenset[str] = frozenset()
    kind: str | None = None

    @property
    def key(self) -> str:
        return key_of(self.title)

    def names_author(self, text: str) -> bool:
        return not self.families.isdisjoint(printed_words(text))


@dataclass(frozen=True, slots=True)
class Shown:
    """The title stands in these rows, with `behind` behind it; `other` says why it is that of another text."""

    page: FirstPage
    first: int  # place of its first row on the page
    last: int
    behind: str
    prominent: bool
    other: str | None = None

    @property
    def neighbours(self) -> tuple[int, int]:
        """The places of the rows, from and to, where its authors would be named."""
        return max(0, self.first - 5), min(len(self.page.rows), self.last + _ROWS_OF_NAMES)


def forms_of(wanted: Wanted) -> list[Wanted]:
    """The title as it may be printed: whole, without the subtitle that it may hold, with its kind above it."""
    found = [wanted]
    plain = titles.strip_markup(wanted.title)
    main = re.split(r"\s*[:;–—]\s+|(?<=[.?!])\s+", plain, maxsplit=1)
    if len(main) == 2 and len(letters(main[0])) >= 8 and not _names_a_part(main[1]):
        found.append(replace(wanted, title=main[0], subtitle=main[1], is_main=True))
    if (kind := _KIND.match(plain)) is not None:
        found.append(replace(wanted, title=kind[2], kind=kind[1]))
    if (review := _REVIEW_OF.fullmatch(plain) or _REVIEWED.fullmatch(plain)) is not None:
        found.append(replace(wanted, title=_ITS_AUTHOR.sub("", review[1]), kind=OF_A_BOOK, is_main=True))
    return found


def _names_a_part(rest: str) -> bool:
    """ "Part II", "report for 2014": without it the title is that of several works."""
    return bool(titles.numbers(rest)) and (len(rest.split()) < 5 or PART.match(rest) is not None)


def spaced_lines(text: str) -> list[str]:
    """Lines that are set with a blank between all letters."""
    lines = (line for line in text.split("\n") if len(line) > 5)
    return [line for line in lines if 2 * sum(len(word) == 1 for word in line.split()) > len(line.split())]


def stretch(page: FirstPage, first: int) -> Iterator[int]:
    """The places of the rows that go on in the style of the row at `first`, past what stands beside them."""
    yield first
    last = first
    for number in range(first + 1, len(page.rows)):
        if number - last > 4:
            return
        if goes_on(page.rows[last], page.rows[number]):
            yield number
            last = number


def goes_on(last: Row, row: Row, apart: float = APART) -> bool:
    """In one style, on the next line or further right on the same one."""
    down = row.y0 - last.y0
    return (
        row.is_like(last)
        and -0.3 * last.size < down < apart * max(last.size, 1)
        and row.x0 < last.x1 + max(_GAP, _GAP_IN_SIZES * last.size)
    )

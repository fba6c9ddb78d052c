"""Where a page has the wanted title as its own heading, and not as part of another one, of a list or of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from dl_lit.download.first_pages import REFERENCES, TOP_LETTERS, FirstPage, Row, listing_of
from dl_lit.download.other_texts import OTHER_ABOVE, OTHER_BEFORE, OTHER_BEHIND, kicker_letters
from dl_lit.identity import titles
from dl_lit.identity.folding import fold, is_latin, letters, to_latin, words

SHORT_KEY = 20  # letters of a title that could stand in any text
_LATER_TOP_LETTERS = 400  # after a cover a title stands at the very top
_ALIKE = 0.92  # for a title with a misprint, a ligature or a broken hyphen
_ALIKE_IN_LATIN = 0.8  # after a transliteration, of which there are many
_ROWS_OF_NAMES = 12  # below a title
_COMPARED = 24  # letters that decide whether a row is looked at closely
_MOST_ROWS = 14  # of a title
_APART = 3.3  # sizes of type from line to line of one heading: a manuscript has wide lines
_CLOSE = 1.75  # sizes of type: nearer lines are surely of one heading
_TOGETHER = 7  # letters: four changes within so many are another word, not misprints
_ARTICLES = ("a", "an", "the", "der", "die", "das", "den", "dem", "la", "le", "les", "el", "los", "las", "do", "da")
# A heading that breaks before one of these, capital or not, goes on.
_GOES_ON = ("of", "for", "and", "with", "or", "by", "und", "mit", "oder", "für", "des", "et", "y", "e")
_PREPOSITIONS = (
    *(
        "on",
        "in",
        "to",
        "from",
        "at",
        "as",
        "about",
        "towards",
        "toward",
        "beyond",
        "against",
        "into",
        "under",
        "after",
    ),
    *("rethinking", "replicating", "revisiting", "zu", "zur", "zum", "über", "uber", "von", "vom", "im", "am", "nach"),
    *("gegen", "fur", "aus", "bei", "jenseits", "de", "du", "sur", "pour", "a", "del", "en", "sobre", "dos"),
)
_OPEN_ENDS = frozenset((*_ARTICLES, *_GOES_ON, *_PREPOSITIONS))  # one that ends so is not over
_PART = re.compile(
    r"(?i)^[\s.:,–—-]*\(?(?:part|pt|teil|volume|vol|band|bd|no|nr)?\.?\s*([ivx]{1,4}|\d{1,2})\)?(?=[\s.:,)]|$)"
)
_DATED = re.compile(r"\(?(?:1[6-9]|20)\d\d[a-z]?\)?[.:,]*$")
_APPEARED = re.compile(r"\W{0,3}(?:in:?\s|[^\n]{0,100}\b(?:1[6-9]|20)\d\d\b)", re.I)
_STARTS_LIKE_TEXT = re.compile(r"^\s*[^\W\d_]")
_ENDS_WITH_PAGE = re.compile(r"(?:[.\s·…_]{3,}|\s)\d{1,4}\s*$")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A title to look for; `is_main` means that a subtitle of it may be missing."""

    title: str
    subtitle: str | None = None
    is_main: bool = False

    @property
    def key(self) -> str:
        return titles.key(self.title)


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
    def around(self) -> str:
        """Where its authors would be named."""
        return "\n".join(row.text for row in self.page.rows[max(0, self.first - 5) : self.last + _ROWS_OF_NAMES])


def forms_of(title: str, subtitle: str | None) -> list[Wanted]:
    """The title as it may be printed: whole, and without the subtitle that it may hold."""
    found = [Wanted(title, subtitle)]
    main = re.split(r"\s*[:;–—]\s+|(?<=[.?!])\s+", titles.strip_markup(title), maxsplit=1)
    if len(main) == 2 and len(letters(main[0])) >= 8 and not _names_a_part(main[1]):
        found.append(Wanted(main[0], main[1], is_main=True))
    return found


def _names_a_part(rest: str) -> bool:
    """ "Part II", "report for 2014": without it the title is that of several works."""
    return bool(titles.numbers(rest)) and (len(rest.split()) < 5 or _PART.match(rest) is not None)


def spaced_lines(text: str) -> list[str]:
    """Lines that are set with a blank between all letters."""
    lines = (line for line in text.split("\n") if len(line) > 5)
    return [line for line in lines if 2 * sum(len(word) == 1 for word in line.split()) > len(line.split())]


def shown(page: FirstPage, wanted: Wanted) -> list[Shown]:
    """Each place where the page has the title at the beginning of a row."""
    listing = listing_of(page)
    references = next((n for n, row in enumerate(page.rows) if REFERENCES.fullmatch(row.text)), len(page.rows))
    found = []
    for first in range(len(page.rows)):
        if (hit := _starts_at(page, first, wanted)) is None:
            continue
        if first >= listing or (first > references and not hit.prominent):
            continue
        if hit.prominent or (_is_at_the_top(page, first) and not _is_cited(hit)):
            found.append(hit)
    return found


def _is_at_the_top(page: FirstPage, first: int) -> bool:
    """Usual print is a title only there, and only where no larger print is one."""
    row = page.rows[first]
    above = page.rows[:first]
    if sum(len(one.text) for one in above) >= (_LATER_TOP_LETTERS if page.number > 1 else TOP_LETTERS):
        return False
    return not any(one.size > 1.2 * row.size and len(words(one.text)) > 2 for one in above)


def _is_cited(hit: Shown) -> bool:
    """Behind a year, or before where it appeared: an entry of a list of references."""
    above = hit.page.rows[hit.first - 1].text if hit.first else ""
    return bool(_DATED.search(above) or _APPEARED.match(hit.behind))


# ── rows of one heading ──────────────────────────────────────────────────────────────────────────────────


def _stretch(page: FirstPage, first: int) -> Iterator[int]:
    """The places of the rows that go on in the style of the row at `first`, past what stands beside them."""
    yield first
    last = first
    for number in range(first + 1, len(page.rows)):
        if number - last > 4:
            return
        if _goes_on(page.rows[last], page.rows[number]):
            yield number
            last = number


def _goes_on(last: Row, row: Row, apart: float = _APART) -> bool:
    """In one style, on the next line or further right on the same one."""
    down = row.y0 - last.y0
    return row.is_like(last) and -0.3 * last.size < down < apart * max(last.size, 1) and row.x0 < last.x1 + 40


def _starts_at(page: FirstPage, first: int, wanted: Wanted) -> Shown | None:
    row = page.rows[first]
    key = wanted.key
    start = _start(row.text, key)
    if start is None:
        return None
    printed, places = "", []
    for number in list(_stretch(page, first))[:_MOST_ROWS]:
        text = page.rows[number].text if number != first else row.text[start:]
        printed = f"{printed[:-1]}{text}" if printed.endswith(("-", "\u00ad")) else f"{printed}\n{text}"
        places.append((number, len(printed)))
        if len(titles.key(printed)) >= len(key) + 3:
            break
    end = _end_of(key, printed.lstrip("\n"))
    if end is None:
        return None
    end += len(printed) - len(printed.lstrip("\n"))
    last = next(number for number, length in places if length >= end)
    hit = Shown(page, first, last, printed[end:], page.stands_out(row))
    return Shown(page, first, last, hit.behind, hit.prominent, _other(hit, wanted, row.text[:start], printed[:end]))


def _start(text: str, key: str) -> int | None:
    """Where the title may begin in a row: at its beginning, or behind a word such as "Title:" or "7."."""
    is_about = OTHER_BEFORE.match(fold(text)) is not None
    places = [match.end() for match in re.finditer(r"[\s“„\"'‘«(:]+(?=\S)", text[:160])]
    able = [0, *(at for at in places if is_about or (at < 60 and kicker_letters(text[:at])))]
    close = [at for at in able if _agrees(key, titles.key(text[at:]))]
    return min(close, key=lambda at: _changes(key, titles.key(text[at:])), default=None)


def _agrees(key: str, row: str) -> bool:
    """Whether a row may be the beginning of the title, or has it; decides which rows are looked at closely."""
    length = min(len(key), len(row), _COMPARED)
    return length >= min(3, len(key)) and _changes(key, row) <= length // 5


def _changes(key: str, row: str) -> int:
    length = min(len(key), len(row), _COMPARED)
    return Levenshtein.distance(key[:length], row[:length])


def _end_of(key: str, printed: str) -> int | None:
    """Where, in what is printed, the title ends; None where it is not printed."""
    ends = [match.end() for match in re.finditer(r"[^\W_]+", printed)]
    best: tuple[int, int] | None = None
    for end in ends:
        got = titles.key(printed[:end])
        if len(got) < 0.88 * len(key) - 1:
            continue
        if len(got) > 1.1 * len(key) + 3:
            break
        distance = Levenshtein.distance(key, got)
        if best is None or distance < best[0]:
            best = (distance, end)
    if best is None or not _is_same(key, titles.key(printed[: best[1]])):
        return None
    return best[1]


def _is_same(key: str, got: str) -> bool:
    if key == got:
        return True
    if len(key) < SHORT_KEY or Levenshtein.normalized_similarity(key, got) < _ALIKE:
        return False
    edits = [edit.src_pos for edit in Levenshtein.editops(key, got)]
    return not any(later - sooner < _TOGETHER for sooner, later in zip(edits, edits[3:], strict=False))


# ── is it the title of this text? ────────────────────────────────────────────────────────────────────────


def _other(hit: Shown, wanted: Wanted, prefix: str, printed: str) -> str | None:
    """Why the heading is that of another text: what stands before, above or behind the title; None when it is not."""
    rows = [row for row in (*_above(hit), prefix) if row.strip()]
    before = " ".join(rows)
    if any(OTHER_BEFORE.match(fold(row)) for row in rows) and not OTHER_BEFORE.match(fold(wanted.title)):
        return f"“{before[-60:]}” stands before its title"
    if not prefix and (words(before) or [""])[-1] in _OPEN_ENDS:
        return f"its title is the end of a longer one: “{before[-60:]} …”"
    if above := _kind_above(hit.page, hit.first, wanted.title):
        return f"“{above}” stands above its title"
    return _other_behind(hit, wanted, printed)


def _above(hit: Shown) -> list[str]:
    """The rows of the same heading before the title."""
    found: list[str] = []
    row = hit.page.rows[hit.first]
    for one in reversed(hit.page.rows[max(0, hit.first - 5) : hit.first]):
        if not _goes_on(one, row, _CLOSE):
            break
        found.insert(0, one.text)
        row = one
    return found


def _kind_above(page: FirstPage, first: int, title: str) -> str | None:
    own = page.rows[first]
    for row in page.rows[max(0, first - 4) : first]:
        if row.x0 >= own.x1 or row.x1 <= own.x0:  # a link in the margin
            continue
        if OTHER_ABOVE.fullmatch(fold(row.text)) and not OTHER_ABOVE.match(fold(title)):
            return row.text.strip()[:60]
    return None


def _other_behind(hit: Shown, wanted: Wanted, printed: str) -> str | None:
    rest, following = hit.behind.partition("\n")[0], _following(hit)
    behind = f"{rest} {following}".strip()
    if numbered := _other_number(wanted.title, printed, rest, following):
        return f"its number is another one: “{' '.join(numbered.split())[-60:]}”"
    kind = OTHER_BEHIND.match(fold(behind))
    if kind is not None and letters(kind[0]) not in letters(f"{wanted.title} {wanted.subtitle or ''}"):
        return f"“{behind[:60]}” stands behind its title"
    if _is_longer(rest, following):
        return f"its title is longer: “… {behind[:60]}”"
    return _other_subtitle(hit, wanted, behind)


def _other_number(title: str, printed: str, rest: str, following: str) -> str | None:
    """The printed title with its number, where that is not the number of the wanted one."""
    ours, theirs = titles.numbers(title), titles.numbers(printed)
    part = _PART.match(rest) or _PART.match(following)
    if spaced_lines(printed):
        return None
    if ours != theirs:
        return printed
    if part is None or _is_note(rest) or _is_plain_number(part[0]):
        return None
    return f"{printed} Part {part[1]}" if titles.numbers(f"{printed} Part {part[1]}") != ours else None


def _is_note(rest: str) -> bool:
    """A number right behind the last letter is that of a note."""
    return bool(re.match(r"\d{1,2}\b", rest))


def _is_plain_number(part: str) -> bool:
    """A bare number may be a page's or a note's."""
    return bool(re.fullmatch(r"\s*\d{1,2}", part)) or not part.strip()


def _following(hit: Shown) -> str:
    """The next row of the same heading, or what stands right below it in another size."""
    rows = hit.page.rows
    number = hit.last + 1
    while number < min(len(rows), hit.last + 4) and not _goes_on(rows[hit.last], rows[number], _CLOSE):
        number += 1
    if number < min(len(rows), hit.last + 4):
        return rows[number].text
    below = rows[hit.last + 1].text if hit.last + 1 < len(rows) else ""
    return below if OTHER_BEHIND.match(fold(below)) else ""


def _is_longer(rest: str, following: str) -> bool:
    """Whether the heading goes on in the same breath."""
    if rest.strip():
        start = rest.strip()
        if _STARTS_LIKE_TEXT.match(rest) and not re.match(r"(?:by|von|par|por|di)\s", start, re.I):
            return not rest[:1].isalpha() or len(letters(rest)) > 1
        return bool(re.match(r"[”\"’'».]", start)) and bool(re.match(r"\W+[a-z]{2,}", start))
    first = following.strip()
    word = (words(first) or [""])[0]
    return (first[:1].islower() and len(word) > 1) or (word in _GOES_ON and first[:1].isalpha())


def _other_subtitle(hit: Shown, wanted: Wanted, behind: str) -> str | None:
    """The printed subtitle where the record has another one; one language's beside another's is none."""
    if not wanted.subtitle or not re.match(r"\s*[:.–—]\s+\w", behind):
        return None
    printed, expected = titles.key(behind), titles.key(wanted.subtitle)
    if len(printed) < 12 or expected in titles.key(hit.page.text):
        return None
    if fuzz.partial_ratio(printed[: len(expected)], expected) >= 60:
        return None
    return f"its subtitle is another one: “{behind.strip(' :.–—')[:60]}”"


def is_listed(page: FirstPage, wanted: Wanted) -> bool:
    """Whether a table of contents on the page names the title, with the page where it is."""
    place = listing_of(page)
    return place < len(page.rows) and wanted.key in titles.key("\n".join(row.text for row in page.rows[place:]))


def last_listed(pages: Sequence[FirstPage]) -> int:
    """The greatest page number of a table of contents on these pages; 0 without one."""
    numbers = [0]
    for page in pages:
        place = listing_of(page)
        rows = [row.text for row in page.rows[place:]]
        found = [int(re.findall(r"\d+", text)[-1]) for text in rows if _ENDS_WITH_PAGE.search(text)]
        numbers += found if len(found) > 3 else []
    return max(numbers)


def in_latin(page: FirstPage, wanted: Wanted) -> bool:
    """Whether a heading is the title in another script."""
    ours = is_latin(wanted.title)
    key = titles.key(to_latin(wanted.title))
    for first, row in enumerate(page.rows):
        if is_latin(row.text) == ours or not page.stands_out(row):
            continue
        text = " ".join(page.rows[n].text for n in _stretch(page, first))[: 2 * len(wanted.title) + 20]
        if Levenshtein.normalized_similarity(key, titles.key(to_latin(text))) >= _ALIKE_IN_LATIN:
            return True
    return False

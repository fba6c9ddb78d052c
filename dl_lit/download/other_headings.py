"""Why the heading in which a title stands may be that of another text: what is before, above and behind it."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from dl_lit.download.first_pages import FirstPage, Row
from dl_lit.download.heading_words import BEGINS, BESIDE_A_TITLE, CONTINUES, GOES_ON, NO_SENTENCE, OPEN_ENDS, SAYING
from dl_lit.download.other_texts import OTHER_ABOVE, OTHER_BEFORE, OTHER_BEHIND, tells_an_extent
from dl_lit.download.title_prints import counted, other_word
from dl_lit.download.title_rows import CLOSE, OF_A_BOOK, PART, Shown, Wanted, goes_on, spaced_lines
from dl_lit.identity import titles
from dl_lit.identity.folding import fold, letters, words

_NAMES = re.compile(r"\W*[IVX]\.\s?(?:[A-Z]\.\s?-?)+[A-Z]")
_NAME = re.compile(r"\W*[IVX]\.\s?[^\W\d_][\w'’-]+\W*(?:$|,|\d|\b(?:and|und|et|y|e)\b)")
_UNIT = re.compile(r"(?i)\W*(?:part|pt|teil|volume|vol|band|bd)\b|\W*(?:ii|iii|iv|vi|vii|viii|ix)\b")
_VERSION = re.compile(r"\s*\d\.\d\b")  # "2.0" right behind a title
_REVIEWS = re.compile(r"(?i)(?:\W|^)by\s+[^\W\d_]|\breview(?:s|ed)?\b|\brezension|\bpp\.")
_STARTS_LIKE_TEXT = re.compile(r"^\s*[^\W\d_]")
_CLOSED = re.compile(r"^[\s”“\"’'»«]+$")  # the end of a title in quotation marks, with nothing behind
_SAME_WORDS = 90  # of 100
_BELOW = 3.0  # sizes of type from a title to a subtitle in smaller print


def other_text(hit: Shown, wanted: Wanted, prefix: str, printed: str) -> str | None:
    """Why the heading is that of another text: what stands before, above or behind the title; None when it is not."""
    rows = [row for row in (*_above(hit), prefix) if row.strip()]
    before = " ".join(rows)
    if word := other_word(wanted.title, printed, wanted.care, hit.page.whole_text):
        return f"its title has another word: {word}"
    if any(OTHER_BEFORE.match(fold(row)) for row in rows) and not OTHER_BEFORE.match(fold(wanted.title)):
        return f"“{before[-60:]}” stands before its title"
    if not prefix and (words(before) or [""])[-1] in OPEN_ENDS:
        return f"its title is the end of a longer one: “{before[-60:]} …”"
    if not prefix and rows and hit.prominent and _begins_sooner(rows[-1], hit, wanted):
        return f"its title is the end of a longer one: “{before[-60:]} …”"
    if wanted.kind:
        return (
            None
            if _has_kind_above(hit, wanted.kind) or _tells_a_review(hit, wanted)
            else f"it is called no {wanted.kind.lower()}"
        )
    if above := _kind_above(hit.page, hit.first, wanted.title):
        return f"“{above}” stands above its title"
    return _other_behind(hit, wanted, printed)


def _begins_sooner(above: str, hit: Shown, wanted: Wanted) -> bool:
    """Whether the row above, in the same print, is the beginning of the heading."""
    if wanted.names_author(above) or BESIDE_A_TITLE.search(above):
        return False
    return hit.page.rows[hit.first].text[:1].islower() or BEGINS.fullmatch(above.strip()) is not None


def _has_kind_above(hit: Shown, kind: str) -> bool:
    rows = hit.page.rows[max(0, hit.first - 4) : hit.first]
    return any(letters(row.text).startswith(letters(kind)) and len(row.text) < 2 * len(kind) + 10 for row in rows)


def _tells_a_review(hit: Shown, wanted: Wanted) -> bool:
    """Of a wanted review: the rows around its book's title say "(review)", "reviewed by" or how many pages that has."""
    near = "\n".join(row.text for row in hit.page.rows[max(0, hit.first - 4) : hit.last + 5])
    return wanted.kind == OF_A_BOOK and (tells_an_extent(near) or bool(re.search(r"(?i)\breview(?:s|ed)?\b", near)))


def is_review(title: str) -> bool:
    """Whether the wanted work is itself a review: its title names a book's author or extent."""
    return bool(_REVIEWS.search(title))


def _above(hit: Shown) -> list[str]:
    """The rows of the same heading before the title."""
    found: list[str] = []
    row = hit.page.rows[hit.first]
    for one in reversed(hit.page.rows[max(0, hit.first - 5) : hit.first]):
        if not goes_on(one, row, CLOSE):
            break
        found.insert(0, one.text)
        row = one
    return found


def _kind_above(page: FirstPage, first: int, title: str) -> str | None:
    own = page.rows[first]
    for row in page.rows[max(0, first - 4) : first]:
        if row.x0 >= own.x1 or row.x1 <= own.x0:  # a link in the margin
            continue
        if OTHER_ABOVE.fullmatch(fold(row.text)) and not OTHER_ABOVE.match(fold(title)) and not is_review(title):
            return row.text.strip()[:60]
    return None


def _other_behind(hit: Shown, wanted: Wanted, printed: str) -> str | None:
    rest, following = _CLOSED.sub("", hit.behind.partition("\n")[0]), _following(hit)
    behind = f"{rest} {following}".strip()
    if numbered := _other_number(wanted, printed, rest, _numbered_below(hit, following)):
        return f"its number is another one: “{' '.join(numbered.split())[-60:]}”"
    kind = OTHER_BEHIND.match(fold(behind))
    if kind is not None and letters(kind[0]) not in letters(f"{wanted.title} {wanted.subtitle or ''}"):
        return f"“{behind[:60]}” stands behind its title"
    if _is_longer(rest, following, wanted) or (not rest.strip() and _goes_on_below(hit, wanted, printed, following)):
        return f"its title is longer: “… {behind[:60]}”"
    if numbered := _subtitle_with_another_number(hit, wanted):
        return f"its subtitle has another number: “{numbered[:60]}”"
    return _other_subtitle(hit, wanted, behind if rest.strip() else _subtitle_below(hit, wanted) or behind)


def _goes_on_below(hit: Shown, wanted: Wanted, printed: str, following: str) -> bool:
    """Whether the heading's next line goes on with a preposition, capital or not."""
    if not (hit.prominent or (printed.isupper() and following.isupper())) or NO_SENTENCE.match(following):
        return False
    word = (words(following) or [""])[0]
    return word in CONTINUES and not wanted.names_author(following) and not BESIDE_A_TITLE.search(following)


def _below(hit: Shown) -> Row | None:
    """The row right below the title, in whatever print."""
    rows, last = hit.page.rows, hit.page.rows[hit.last]
    below = rows[hit.last + 1] if hit.last + 1 < len(rows) else None
    return below if below is not None and 0 < below.y0 - last.y0 < _BELOW * last.size else None


def _numbered_below(hit: Shown, following: str) -> str:
    """ "II. The absence of teachers", in smaller print too."""
    below = _below(hit)
    return below.text if not following and below is not None and _UNIT.match(below.text) else following


def _subtitle_below(hit: Shown, wanted: Wanted) -> str:
    """What stands below in print that stands out and speaks as a subtitle does; as if behind a colon."""
    below = _below(hit)
    if below is None or not (hit.prominent and hit.page.stands_out(below)):
        return ""
    text, said = below.text.strip(), words(below.text)
    speaks = len(said) > 2 and not SAYING.isdisjoint(said) and text[:1].isalnum()
    return f": {text}" if speaks and not wanted.names_author(text) and not BESIDE_A_TITLE.search(text) else ""


def _other_number(wanted: Wanted, printed: str, rest: str, following: str) -> str | None:
    """The printed title with its number, where that is not the number of the wanted one."""
    ours, theirs = titles.numbers(counted(wanted.title)), titles.numbers(counted(printed))
    part = PART.match(rest) or (None if _is_a_name(following, wanted) else PART.match(following))
    if spaced_lines(printed):
        return None
    if ours != theirs and titles.key(wanted.title) != titles.key(printed):  # as in a formula that is set otherwise
        return printed
    if _VERSION.match(rest):
        return f"{printed} {rest}"
    if part is None or _is_note(rest) or _is_plain_number(part[0]):
        return None
    return f"{printed} Part {part[1]}" if titles.numbers(f"{printed} Part {part[1]}") != ours else None


def _is_a_name(row: str, wanted: Wanted) -> bool:
    """ "I. R. MacDonald" is no part I."""
    if _NAMES.match(row):
        return True
    return wanted.names_author(row) or (not wanted.families and _NAME.match(row) is not None)


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
    while number < min(len(rows), hit.last + 4) and not goes_on(rows[hit.last], rows[number], CLOSE):
        number += 1
    if number < min(len(rows), hit.last + 4):
        return rows[number].text
    below = rows[hit.last + 1].text if hit.last + 1 < len(rows) else ""
    return below if OTHER_BEHIND.match(fold(below)) else ""


def _is_longer(rest: str, following: str, wanted: Wanted) -> bool:
    """Whether the heading goes on in the same breath."""
    if rest.strip():
        start = rest.strip()
        if _STARTS_LIKE_TEXT.match(rest) and not re.match(r"(?:by|von|par|por|di)\s", start, re.I):
            return not rest[:1].isalpha() or len(letters(rest)) > 1
        return bool(re.match(r"[”\"’'».]", start)) and bool(re.match(r"\W+[a-z]{2,}", start))
    first = following.strip()
    word = (words(first) or [""])[0]
    if word == "by" and wanted.names_author(first) and not tells_an_extent(first):
        return False
    return (first[:1].islower() and len(word) > 1) or (word in GOES_ON and first[:1].isalpha())


def _subtitle_with_another_number(hit: Shown, wanted: Wanted) -> str | None:
    """ "Results for 2012" below the title where the record has "Results for 2014", in whatever print."""
    below, ours = _below(hit), titles.numbers(wanted.subtitle or "")
    if below is None or not ours or titles.numbers(below.text) in ((), ours):
        return None
    said, wants = (re.sub(r"\d+", "", text) for text in (below.text, wanted.subtitle or ""))
    return below.text.strip() if fuzz.ratio(letters(said), letters(wants)) >= _SAME_WORDS else None


def _other_subtitle(hit: Shown, wanted: Wanted, behind: str) -> str | None:
    """The printed subtitle where the record has another one; one language's beside another's is none."""
    if not wanted.subtitle or not re.match(r"\s*[:.–—]\s+\w", behind):
        return None
    printed, expected = titles.key(behind), titles.key(wanted.subtitle)
    if len(printed) < 12 or expected in titles.key(hit.page.text):
        return None
    alike = fuzz.partial_ratio(printed[: len(expected)], expected) >= 60
    if alike and (titles.numbers(behind) == titles.numbers(wanted.subtitle) or not titles.numbers(behind)):
        return None
    return f"its subtitle is another one: “{behind.strip(' :.–—')[:60]}”"

"""Where a page has the wanted title as its own heading, and not as part of another one, of a list or of a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from dl_lit.download.first_pages import REFERENCES, TOP_LETTERS, FirstPage, listing_of
from dl_lit.download.other_headings import is_review, other_text
from dl_lit.download.other_texts import OTHER_BEFORE, kicker_letters
from dl_lit.download.title_prints import key_of
from dl_lit.download.title_rows import Shown, Wanted, stretch
from dl_lit.identity import titles
from dl_lit.identity.folding import fold, is_latin, to_latin, words

SHORT_KEY = 20  # letters of a title that could stand in any text
_LATER_TOP_LETTERS = 400  # after a cover a title stands at the very top
_ALIKE = 0.92  # for a title with a misprint, a ligature or a broken hyphen
_ALIKE_IN_LATIN = 0.8  # after a transliteration, of which there are many
_COMPARED = 24  # letters that decide whether a row is looked at closely
_MOST_ROWS = 14  # of a title
_TOGETHER = 7  # letters: four changes within so many are another word, not misprints
_DATED = re.compile(r"\(?(?:1[6-9]|20)\d\d[a-z]?\)?[.:,]*$")
_APPEARED = re.compile(r"\W{0,3}(?:in:?\s|[^\n]{0,100}\b(?:1[6-9]|20)\d\d\b)", re.I)
_ENTRY = re.compile(r"\((?:1[6-9]|20)\d\d[a-z]?\)|\b(?:1[6-9]|20)\d\d[a-z]?\)?[.:,;]*$|\b(?:1[6-9]|20)\d\d[,;:]\s?\d")
_FEWEST_ENTRIES = 4
_ENDS_WITH_PAGE = re.compile(r"(?:[.\s·…_]{3,}|\s)\d{1,4}\s*$")


def shown(page: FirstPage, wanted: Wanted) -> list[Shown]:
    """Each place where the page has the title at the beginning of a row."""
    listing, key = listing_of(page), wanted.key
    references = next((n for n, row in enumerate(page.rows) if REFERENCES.fullmatch(row.text)), len(page.rows))
    found = []
    for first in range(len(page.rows)):
        if (hit := _starts_at(page, first, wanted, key)) is None:
            continue
        if first >= listing or (first > references and not hit.prominent):
            continue
        if hit.prominent or (_is_at_the_top(page, first) and (is_review(wanted.title) or not _is_cited(hit))):
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
    """Before where it appeared, or among rows that have years: an entry of a list of references."""
    rest, _, below = hit.behind.partition("\n")
    if rest.strip() and _APPEARED.match(rest):
        return True
    above = hit.page.rows[hit.first - 1].text if hit.first else ""
    if not (_DATED.search(above) or _APPEARED.match(below)):
        return False
    around = hit.page.rows[max(0, hit.first - 8) : hit.last + 16]
    return sum(1 for row in around if _ENTRY.search(row.text)) >= _FEWEST_ENTRIES


# ── rows of one heading ──────────────────────────────────────────────────────────────────────────────────


def _starts_at(page: FirstPage, first: int, wanted: Wanted, key: str) -> Shown | None:
    """`key` is that of the wanted title, which is not made anew for every row."""
    row = page.rows[first]
    start = _start(row.text, key)
    if start is None:
        return None
    printed, places = "", []
    for number in list(stretch(page, first))[:_MOST_ROWS]:
        text = page.rows[number].text if number != first else row.text[start:]
        printed = f"{printed[:-1]}{text}" if printed.endswith(("-", "\u00ad")) else f"{printed}\n{text}"
        places.append((number, len(printed)))
        if len(key_of(printed)) >= len(key) + 3:
            break
    end = _end_of(key, printed.lstrip("\n"))
    if end is None:
        return None
    end += len(printed) - len(printed.lstrip("\n"))
    last = next(number for number, length in places if length >= end)
    hit = Shown(page, first, last, printed[end:], page.stands_out(row))
    return Shown(page, first, last, hit.behind, hit.prominent, other_text(hit, wanted, row.text[:start], printed[:end]))


def _start(text: str, key: str) -> int | None:
    """Where the title may begin in a row: at its beginning, or behind a word such as "Title:" or "7."."""
    is_about = OTHER_BEFORE.match(fold(text)) is not None
    places = [match.end() for match in re.finditer(r"[\s“„\"'‘«(:]+(?=\S)", text[:160])]
    able = [0, *(at for at in places if is_about or (at < 60 and kicker_letters(text[:at])))]
    close = [at for at in able if _agrees(key, key_of(text[at:]))]
    return min(close, key=lambda at: _changes(key, key_of(text[at:])), default=None)


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
        got = key_of(printed[:end])
        if len(got) < 0.88 * len(key) - 1:
            continue
        if len(got) > 1.1 * len(key) + 3:
            break
        distance = Levenshtein.distance(key, got)
        if best is None or distance < best[0]:
            best = (distance, end)
    if best is None or not _is_same(key, key_of(printed[: best[1]])):
        return None
    return best[1]


def _is_same(key: str, got: str) -> bool:
    if key == got:
        return True
    if len(key) < SHORT_KEY or Levenshtein.normalized_similarity(key, got) < _ALIKE:
        return False
    edits = [edit.src_pos for edit in Levenshtein.editops(key, got)]
    return not any(later - sooner < _TOGETHER for sooner, later in zip(edits, edits[3:], strict=False))


def is_listed(page: FirstPage, wanted: Wanted) -> bool:
    """Whether a table of contents on the page names the title, with the page where it is."""
    place = listing_of(page)
    return place < len(page.rows) and wanted.key in key_of("\n".join(row.text for row in page.rows[place:]))


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
        text = " ".join(page.rows[n].text for n in stretch(page, first))[: 2 * len(wanted.title) + 20]
        if Levenshtein.normalized_similarity(key, titles.key(to_latin(text))) >= _ALIKE_IN_LATIN:
            return True
    return False

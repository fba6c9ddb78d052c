"""What goes along with a work and bears its title: protocols, pilot studies, supplements, questionnaires, reports of
referees, summaries, manuals, announcements. Most say what they are on a line above or below the title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from dl_lit.download.bylines import is_byline
from dl_lit.download.expectation import Expectation
from dl_lit.download.extent import is_short
from dl_lit.download.fault import Fault
from dl_lit.download.first_pages import FirstPage, Row
from dl_lit.download.other_texts import kicker_letters
from dl_lit.download.satellite_words import (
    ALWAYS,
    BEHIND_AUTHORS,
    FORMS,
    HEADLINES,
    NUMBERED_S,
    OF_AN_ARTICLE,
    POINTERS,
    SOONER,
    SUMMARIES,
    SUPPLEMENT_BEHIND,
    UNLESS_A_REPORT,
    UNLESS_ITS_DOI_IS_THERE,
)
from dl_lit.download.title_rows import Shown
from dl_lit.identity.folding import fold, letters
from dl_lit.model import DownloadReason

_ROWS_ABOVE, _ROWS_BELOW = 12, 3
_MOST_WORDS = 9  # of a line that says what a text is
_MOST_WORDS_OF_A_LABEL = 4
_BETWEEN = 250  # letters of running text
_FEWEST_NUMBERED = 2
_MOST_LETTERS_OF_A_COVER = 400
_LARGER = 1.2  # times the title's size


def as_satellite(
    document: Any, pages: Sequence[FirstPage], hit: Shown, expectation: Expectation, *, by_doi: bool
) -> Fault | None:
    """`by_doi`: the file has the work's DOI as its own."""
    own = letters(f"{expectation.title or ''}{expectation.subtitle or ''}{expectation.container or ''}")
    for row in (*_above(pages, hit), *_below(hit, expectation)):
        if (said := _says(row.text, expectation, by_doi=by_doi)) and letters(said) not in own:
            return Fault(DownloadReason.WRONG_WORK, f"“{row.text.strip()[:60]}” stands beside its title")
    if not by_doi and not _is_sooner(expectation) and (sooner := _sooner(hit)):
        return Fault(DownloadReason.WRONG_WORK, f"“{sooner[:60]}” stands behind its title")
    if (pointer := _pointer(hit) or _behind_authors(hit)) is not None and letters(pointer) not in own:
        return Fault(DownloadReason.WRONG_WORK, f"“{pointer[:60]}” stands beside its title")
    if _is_numbered_as_a_supplement(pages):
        return Fault(
            DownloadReason.WRONG_WORK, "a supplement: its figures and tables are S1, S2, and it has no abstract"
        )
    return _is_one_of_many(pages, hit, expectation) or _labelled(document, hit, expectation)


def _is_numbered_as_a_supplement(pages: Sequence[FirstPage]) -> bool:
    """An article may speak of its supplement's figures, but has an abstract, an introduction, a figure 1."""
    rows = [fold(row.text) for page in pages for row in page.rows]
    numbered = {found[0] for row in rows if (found := NUMBERED_S.match(row))}
    return len(numbered) >= _FEWEST_NUMBERED and not any(OF_AN_ARTICLE.match(row) for row in rows)


def _says(text: str, expectation: Expectation, *, by_doi: bool) -> str | None:
    """The kind of text that a whole line names."""
    folded = fold(text).strip()
    if not folded or len(folded.split()) > _MOST_WORDS:
        return None
    kinds = [ALWAYS]
    kinds += [] if by_doi else [UNLESS_ITS_DOI_IS_THERE]
    kinds += [UNLESS_A_REPORT] if expectation.is_article or expectation.is_book else []
    return folded if any(kind.fullmatch(folded) for kind in kinds) else None


def _above(pages: Sequence[FirstPage], hit: Shown) -> Iterator[Row]:
    """The rows above the title, and on pages before it those that stand out."""
    for page in pages:
        if page.number < hit.page.number:
            yield from (row for row in page.rows if page.stands_out(row))
    yield from _in_column(hit, hit.page.rows[max(0, hit.first - _ROWS_ABOVE) : hit.first])


def _in_column(hit: Shown, rows: Sequence[Row]) -> list[Row]:
    """Those that do not stand in a column beside the title, as links to supplements do."""
    title = hit.page.rows[hit.first : hit.last + 1]
    left, right = min(row.x0 for row in title), max(row.x1 for row in title)
    return [row for row in rows if row.x0 < right and row.x1 > left]


def _below(hit: Shown, expectation: Expectation) -> Iterator[Row]:
    """The rows between the title and its authors; without any there, the next ones."""
    for row in _in_column(hit, hit.page.rows[hit.last + 1 : hit.last + 1 + _ROWS_BELOW]):
        if is_byline(row.text, expectation):
            return
        yield row


def _sooner(hit: Shown) -> str | None:
    """What begins behind the title, or behind a colon there, on its row or the next one."""
    below = hit.page.rows[hit.last + 1 : hit.last + 2]
    behind = " ".join(" ".join((hit.behind, *(row.text for row in below))).split())
    return next((said for said in re.split(r"(?:^|\s)?[:–—]\s", fold(behind)) if SOONER.match(said)), None)


def _pointer(hit: Shown) -> str | None:
    above = [row.text.strip() for row in hit.page.rows[max(0, hit.first - 2) : hit.first]]
    return next((text for text in above if POINTERS.fullmatch(fold(text))), None)


def _behind_authors(hit: Shown) -> str | None:
    below = [row.text.strip() for row in hit.page.rows[hit.last + 1 : hit.last + 1 + 2 * _ROWS_BELOW]]
    kinds = (text for text in below if len(text.split()) <= _MOST_WORDS and BEHIND_AUTHORS.fullmatch(fold(text)))
    return next(kinds, None) or _supplement_behind(hit) or _summary_behind(hit)


def _supplement_behind(hit: Shown) -> str | None:
    below = hit.page.rows[hit.last + 1 : hit.last + 1 + 2 * _ROWS_BELOW]
    said = (row.text.strip() for row in below if hit.page.stands_out(row))
    return next((text for text in said if SUPPLEMENT_BEHIND.fullmatch(fold(text))), None)


def _summary_behind(hit: Shown) -> str | None:
    """On a cover, which says of what; else a report may begin with it."""
    if len(letters(hit.page.whole_text)) > _MOST_LETTERS_OF_A_COVER:
        return None
    said = (row.text.strip() for row in hit.page.rows[hit.last + 1 :])
    return next((text for text in said if SUMMARIES.fullmatch(fold(text))), None)


def _is_sooner(expectation: Expectation) -> bool:
    return bool(re.search(r"proto[ck]ol|pilot|feasib|prelim|design|plan|regist", fold(_full(expectation))))


def _full(expectation: Expectation) -> str:
    return f"{expectation.title or ''} {expectation.subtitle or ''}"


# ── one title among others ───────────────────────────────────────────────────────────────────────────────


def _is_one_of_many(pages: Sequence[FirstPage], hit: Shown, expectation: Expectation) -> Fault | None:
    """A larger heading says that it is a newsletter, a programme, a form; or has its own text before this title."""
    title = hit.page.rows[hit.first]
    larger = [
        (page, n, row)
        for page in pages
        if page.number <= hit.page.number
        for n, row in enumerate(page.rows[: hit.first] if page is hit.page else page.rows)
        if row.size > _LARGER * title.size or (page is not hit.page and page.stands_out(row))
    ]
    for page, n, row in larger:
        said = HEADLINES.match(fold(row.text)) or (FORMS.match(fold(row.text)) if page is hit.page else None)
        if said is not None and not _is_known(said[0], row.text, expectation):
            return Fault(DownloadReason.WRONG_WORK, f"its title is one of those in “{row.text.strip()[:60]}”")
        if page is hit.page and len(row.text.split()) > 2 and _has_text_before(hit, n, expectation):
            return Fault(DownloadReason.WRONG_WORK, f"its title is only named in “{row.text.strip()[:60]}”")
    return None


def _is_known(said: str, text: str, expectation: Expectation) -> bool:
    """The record has the words: a newsletter's article has its name above it."""
    return letters(text) in letters(_full(expectation)) or letters(said) in letters(expectation.container or "")


def _has_text_before(hit: Shown, heading: int, expectation: Expectation) -> bool:
    """Running text between a larger heading and the title, and none of the authors before it."""
    between = hit.page.rows[heading + 1 : hit.first]
    running = sum(len(letters(row.text)) for row in between if not hit.page.stands_out(row))
    return running > _BETWEEN and not any(is_byline(row.text, expectation) for row in hit.page.rows[: hit.first])


def _labelled(document: Any, hit: Shown, expectation: Expectation) -> Fault | None:
    """In a file of less than half the pages, a word or two beside the title that are neither its journal nor its date
    tell that it is something else, whatever it is called."""
    if not is_short(document, expectation):
        return None
    above = hit.page.rows[max(0, hit.first - 1) : hit.first]
    for row in (*above, *list(_below(hit, expectation))[:1]):
        if _is_a_label(row.text, expectation):
            said = f"“{row.text.strip()[:60]}” stands beside its title"
            return Fault(
                DownloadReason.UNVERIFIED, f"{said}, and it has {document.page_count} pages of {expectation.page_count}"
            )
    return None


def _is_a_label(text: str, expectation: Expectation) -> bool:
    key = letters(text)
    known = letters(f"{_full(expectation)} {expectation.container or ''}")
    few = 0 < len(text.split()) <= _MOST_WORDS_OF_A_LABEL and not re.search(r"[\d@/:]", text)
    return bool(key) and few and key not in known and not kicker_letters(text) and not is_byline(text, expectation)

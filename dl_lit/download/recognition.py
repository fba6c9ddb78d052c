"""What shows that a file is the wanted work: its title with an author, its own DOI, arXiv's stamp."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from dl_lit.download.bylines import has_byline
from dl_lit.download.expectation import Expectation
from dl_lit.download.fault import Fault
from dl_lit.download.first_pages import REFERENCES, FirstPage
from dl_lit.download.headings import SHORT_KEY, Shown, Wanted, forms_of, in_latin, is_listed, shown, spaced_lines
from dl_lit.download.other_texts import OTHER_ABOVE, OTHER_BEFORE
from dl_lit.identity import doi as dois_of
from dl_lit.identity import names, titles
from dl_lit.identity.folding import fold, letters, to_latin, words
from dl_lit.model import DownloadReason, Person

_EDGE = 0.25  # of the height, at top and bottom, where an article's own DOI stands
_WORDS_BESIDE_A_DOI = 40  # letters
_NOT_ITS_OWN = re.compile(
    r"\b(?:see|cf|extends?|earlier|previous|companion|data|dataset|code|codebook|supplement\w*|siehe|vgl|ergänzt|cited|cites"
    r"|refers?|refer to|comment\w*|response|reply|replication|original publication|related|linked"
    r"|of the (?:article|paper|study)|bezieht|zum (?:artikel|beitrag)|kommentar\w*|quelle)\b"
)
_LONGEST_POINTER = 60  # letters
_DIGITS = "0123456789"  # behind a name: of a note
_SHORTEST_NAME, _LONG_NAME = 3, 8  # letters
_NAME_ALIKE = 82.0  # of 100, for a transliterated or misread name
_LAST_LETTERS = 1500  # of the last page, where some texts are signed


@dataclass(frozen=True, slots=True)
class Known:
    """`identity` says what showed the work, on `page`; `fault` why it is another one."""

    identity: str | None = None
    page: FirstPage | None = None
    fault: Fault | None = None
    hit: Shown | None = None  # the title as it stands on `page`


def know(document: Any, pages: Sequence[FirstPage], expectation: Expectation, *, is_text: bool) -> Known:
    described = " ".join(str(value) for value in (document.metadata or {}).values() if value)
    by_doi = _has_its_own_doi(pages, expectation)
    hits = list(_hits(pages, expectation))
    own = [hit for hit in hits if hit.other is None]
    named = _names_an_author(document, pages, described, expectation)
    if own:
        named = named or any(_is_named(person, hit.around) for hit in own for person in expectation.authors)
        return _by_title(own[0], expectation, by_doi=by_doi, named=named)
    if _is_stamped(pages, expectation):
        return Known("arxiv", pages[0])
    if hits:
        return Known(fault=Fault(DownloadReason.WRONG_WORK, f"another text about it: {hits[0].other}"))
    if by_doi and (named or not expectation.authors):
        return _by_doi(document, pages, expectation)
    if named and any(in_latin(page, form) for page in pages for form in _forms(expectation)):
        return Known("title", pages[0])
    if not is_text and _is_described(described, expectation):
        return Known("metadata")
    return Known(fault=_listed(pages, expectation))


def _by_title(hit: Shown, expectation: Expectation, *, by_doi: bool, named: bool) -> Known:
    if named or by_doi:
        return Known("title and doi" if by_doi else "title", hit.page, hit=hit)
    title = expectation.title or ""
    is_telling = len(titles.key(title)) >= SHORT_KEY and not titles.is_generic(title)
    if not expectation.authors and is_telling:
        return Known("title", hit.page, hit=hit)
    who = ", ".join(one.name or one.family or "" for one in expectation.authors[:3])
    if not is_telling:
        return Known(fault=Fault(DownloadReason.WRONG_WORK, f"a title that many works have, without {who or 'a name'}"))
    return Known(fault=Fault(DownloadReason.UNVERIFIED, f"it has the title, but none of the authors ({who})"))


def _by_doi(document: Any, pages: Sequence[FirstPage], expectation: Expectation) -> Known:
    """Without the title, which may be a translated one, a line must give the authors as its own."""
    if has_byline(document, pages, expectation):
        return Known("doi", pages[0])
    detail = "the work's DOI stands on it, but neither its title nor a line with its authors"
    return Known(fault=Fault(DownloadReason.WRONG_WORK, detail))


def _forms(expectation: Expectation) -> list[Wanted]:
    title = expectation.title or ""
    return forms_of(title, expectation.subtitle) if letters(title) else []


def _hits(pages: Sequence[FirstPage], expectation: Expectation) -> Iterator[Shown]:
    """The whole title before a part of it."""
    taken: set[tuple[int, int]] = set()
    for form in _forms(expectation):
        for page in pages:
            for hit in shown(page, form):
                if (place := (page.number, hit.first)) not in taken:
                    taken.add(place)
                    yield hit


def _listed(pages: Sequence[FirstPage], expectation: Expectation) -> Fault | None:
    for page in pages:
        if any(is_listed(page, form) for form in _forms(expectation)):
            return Fault(
                DownloadReason.WRONG_WORK, "a table of contents that lists it: a whole issue or book, or a part"
            )
    return None


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────


def _names_an_author(document: Any, pages: Sequence[FirstPage], described: str, expectation: Expectation) -> bool:
    """Up to a list of references, or at the end of a file that has none there."""
    texts = []
    for page in pages:
        texts.append(page.text)
        if REFERENCES.search(page.whole_text):
            break
    else:
        last = document[document.page_count - 1].get_text()
        texts += [] if REFERENCES.search(last) else [last[-_LAST_LETTERS:]]
    whole = "\n".join([*texts, described])
    return any(_is_named(person, whole) for person in expectation.authors)


def _is_named(person: Person, text: str) -> bool:
    """As words of their own, or in letters set apart; run together with others only a long name counts."""
    run = letters(text)
    full = letters(f"{person.given or ''}{person.family or ''}")
    key = letters(names.family_key(person))
    if not key:
        return False
    if person.name and letters(person.name) in run:
        return True
    if not full.isascii():
        return _is_named_in_another_script(person, run, full)
    if len(key) < _SHORTEST_NAME:
        return len(full) > _SHORTEST_NAME and full in run
    printed = {names.fold_word(word.rstrip(_DIGITS)) for word in words(text)}
    if all(word in printed for word in names.family_words(person)) or key in printed:
        return True
    return (len(key) >= _LONG_NAME and key in run) or any(key in letters(line) for line in spaced_lines(text))


def _is_named_in_another_script(person: Person, run: str, full: str) -> bool:
    turned = letters(f"{person.family or ''}{person.given or ''}")
    if full in run or turned in run or (len(letters(person.family or "")) > 2 and letters(person.family or "") in run):
        return True
    family = letters(to_latin(person.family or ""))
    return len(family) > 3 and fuzz.partial_ratio(family, run, score_cutoff=_NAME_ALIKE) > 0


# ── DOI, stamp, description ──────────────────────────────────────────────────────────────────────────────


def _has_its_own_doi(pages: Sequence[FirstPage], expectation: Expectation) -> bool:
    """The DOI stands alone, or in a head or foot; in a sentence or a list it may be a work's that is discussed here."""
    if expectation.doi is None or not pages:
        return False
    if any(OTHER_BEFORE.match(fold(row.text)) or OTHER_ABOVE.fullmatch(fold(row.text)) for row in pages[0].rows[:8]):
        return False
    container = letters(expectation.container or "")
    for page in pages:
        for place, row in enumerate(page.rows):
            if REFERENCES.fullmatch(row.text):
                break
            if expectation.doi not in dois_of.find(row.text) or _is_in_a_sentence(page, place):
                continue
            if not _is_pointed_at(page, place) and _is_the_pages_own(page, row.text, row.y0, container):
                return True
    return False


def _is_in_a_sentence(page: FirstPage, place: int) -> bool:
    """Words go on behind it, or on the next line."""
    row = page.rows[place]
    behind = row.text.rpartition("10.")[2].partition(" ")[2]
    below = page.rows[place + 1] if place + 1 < len(page.rows) else None
    goes_on = below is not None and below.is_like(row) and 0 < below.y0 - row.y0 < 1.75 * row.size
    return bool(re.match(r"\W*[a-z]{2,}", behind)) or (goes_on and below is not None and below.text[:1].islower())


def _is_pointed_at(page: FirstPage, place: int) -> bool:
    """The short line above it says that it is another text's: "DOI of the article:"."""
    above, row = page.rows[place - 1] if place else None, page.rows[place]
    if above is None or not 0 <= row.y0 - above.y0 < 2 * row.size or len(above.text) > _LONGEST_POINTER:
        return False
    return bool(_NOT_ITS_OWN.search(fold(above.text)))


def _is_the_pages_own(page: FirstPage, text: str, y: float, container: str) -> bool:
    beside = re.sub(r"(?i)https?://\S+|10\.\d{4,}\S+|\bdoi\b|digital object identifier|\d", " ", text)
    if _NOT_ITS_OWN.search(fold(beside)):
        return False
    told = letters(beside).replace(container, "") if container else letters(beside)
    at_the_edge = y < _EDGE * page.height or y > (1 - _EDGE / 2) * page.height
    return len(told) <= (_WORDS_BESIDE_A_DOI if at_the_edge else _WORDS_BESIDE_A_DOI // 3)


def _is_stamped(pages: Sequence[FirstPage], expectation: Expectation) -> bool:
    """arXiv prints "arXiv:1706.03762v7 [cs.CL] 2 Aug 2023" in the margin; a citation has no subject after it."""
    if expectation.arxiv is None:
        return False
    stamp = rf"(?i)arxiv:\s*{re.escape(expectation.arxiv)}(?:v\d+)?\s*\["
    return any(re.search(stamp, page.text) for page in pages[:2])


def _is_described(described: str, expectation: Expectation) -> bool:
    """The title in the document's own description; programs fill it with anything, hence only a long one counts."""
    key = titles.key(expectation.title) if expectation.title else ""
    return len(key) >= SHORT_KEY and key in titles.key(described)

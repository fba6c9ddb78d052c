"""In which form is a work cited? A thesis, a talk or a report with the title of an article is not that article."""

from __future__ import annotations

import re

from dl_lit.enrichment import days, genres
from dl_lit.enrichment.vocabulary import ARTICLES, BOOKS, CHAPTERS
from dl_lit.identity.folding import fold, words
from dl_lit.identity.numbers import first_number
from dl_lit.identity.vocabulary import SERIES_OF_MEETINGS
from dl_lit.model import Reference, Work

_TALK = re.compile(
    r"(?i)\b(?:(?:paper|poster|talk|lecture|abstract|contribution)s?\s+(?:was\s+)?(?:presented|given|read|delivered)"
    r"|presented (?:at|to|in)|presentation at|(?:invited|contributed|plenary) (?:talk|lecture|paper)"
    r"|(?:oral|poster|conference) (?:presentation|paper)|vortrag|communication présentée|ponencia presentada"
    r"|(?:seminar|term) paper(?!s?\W*(?:no|nr|ser|\d))|seminararbeit|hausarbeit)\b"
    r"|(?:^|[.,;:])\s*(?:poster|talk|slides)\s*[.,;:]"
    r"|[\[(](?:poster|talk|lecture|slides)[\])]"
)
_ABSTRACT = re.compile(
    r"(?i)[\[(](?:(?:meeting|conference|extended|congress)\s+)?abstract(?: only)?[\])]|\(abstr\.?(?:act)?\s*\w*\d*\)"
)
_TRIAL = re.compile(r"(?i)\bclinicaltrials\.gov|\bNCT\d{8}\b|\bISRCTN\d{6,}")
_REPORT = re.compile(
    r"(?i)\b(?:tech(?:nical|n)?\.?\s*rep(?:ort|\.|t\.?)|(?:working|discussion|white) paper"
    r"|(?:research|internal|final|project) report|tech(?:nical)?\.?\s*(?:memorandum|memo|note)"
    r"|arbeitspapier|diskussionspapier|forschungsbericht|rapport (?:de recherche|technique)|documento de trabajo)\b"
    r"|\b(?:[Rr]eport|[Rr]ept\.|[Mm]emorandum|[Bb]ericht|[Rr]apport(?:er|en)?|[Nn]otat|[Ii]nforme|[Rr]elatório)\s+(?:[Nn]o\.?\s*|[Nn]r\.?\s*)?[A-Z]{0,6}[-\s]?\d"
)
# These do stand for their article, and it for them.
_PREPRINT = re.compile(
    r"(?i)arxiv|preprint|rxiv|ssrn|e-?print|hal-\d|in press|to appear|forthcoming|submitted|accepted"
)
# Of the publisher's name: an institution, of which a thesis is; but presses of universities are publishers.
_INSTITUTION = re.compile(
    r"univ|uniw|универ|hochsch|hogesch|hogsk|hojsk|hoyskol|skola|school|college|instit|инстит|facult|fakult|faculd|факульт"
    r"|akadem|academ|академ|politec|polytech|politech|yliopisto|sveucil|vysok|egyetem|ulikool|proquest|microfilm|\bumi\b"
    r"|daigaku|大学|大學|대학|جامع|دانشگاه|πανεπιστ|\bdept|department|departam|seminar|selbstverl|\bs\.\s?n\b|self"
)
_PRESS = re.compile(
    r"press\b|presses|verl(?:ag|\.)|publish|publicac|publications|books|editor|edizioni|ediciones|editions|edusp|forlag|kustan"
    r"|kiado|yayin|wydawn|vydav|naklad|izd|изд|出版|書房|书局|출판"
)
_ACRONYM = re.compile(r"[A-ZÄÖÜ]{2,6}(?: [A-Z]\w+)?")
_PAGE_OF_A_PAPER = re.compile(
    r"\b(?:s|p|pp|str|sect|sec|section|secc?ion|pag|с|стр|sf|sayfa)\.?\s*[a-f]?:?\s?\d{1,3}\b|\b[a-f]\d{1,2}\b"
)
_AS_A_BOOK = re.compile(r"\b(?:zugl|zgl|gleichz|teilw|also publ|auch als|republ|published as|publiee?|pubbl)")
_OF_ANY_PUBLISHER = frozenset(
    ("of", "the", "and", "press", "verlag", "university", "universitat", "publishers", "publishing", "books")
)
_TEXTS = ARTICLES | CHAPTERS | BOOKS
_DEPOSITED = frozenset({"report", "other", "dissertation"})
# What each letter of GB/T 7714 cannot be.
_NOT_OF_CODE = {
    "J": BOOKS | {"dissertation", "report"},
    "M": ARTICLES | {"dissertation"},
    "D": ARTICLES | CHAPTERS | BOOKS,
    "N": ARTICLES | CHAPTERS | BOOKS | {"dissertation", "report"},
    "R": ARTICLES | CHAPTERS | {"dissertation"},
    "S": ARTICLES | CHAPTERS | {"dissertation"},
    "P": ARTICLES | CHAPTERS | BOOKS | {"dissertation", "report"},
}
_NO_MEETINGS = {"annual", "school", "session"}  # of journals' names: "Annual Review of …"
_MEETINGS = SERIES_OF_MEETINGS - _NO_MEETINGS | {
    "proc",
    "conf",
    "symp",
    "cong",
    "icml",
    "neurips",
    "nips",
    "tagungsband",
}


def is_another(reference: Reference, outside: str, work: Work, *, in_container: bool | None) -> bool:
    """Whether the print says a form that the record does not have.

    `outside` is the print without title and container; `in_container` whether the record's container is printed (None:
    one of the two has none).
    """
    folded = fold(outside)
    if work.type == "posted-content":
        return _is_no_preprint(reference, outside, folded)
    if work.type in _DEPOSITED and _is_no_report(reference, outside, folded, work):
        return True
    if work.type in _TEXTS and genres.is_recording(folded):
        return True
    if work.type == "journal-article" and bool(_ABSTRACT.search(outside)) != bool(_ABSTRACT.search(work.title or "")):
        return True
    if in_container is True:
        return False
    if work.type in _TEXTS and _is_no_such_text(reference, outside, folded, work, named=in_container is False):
        return True
    if work.type in _NOT_OF_CODE.get(genres.code(outside) or "", ()):
        return True
    return _is_of_another_kind(reference, outside, folded, work, named=in_container is False)


def _is_no_preprint(reference: Reference, outside: str, folded: str) -> bool:
    """Whether something else is printed than a preprint or the article, report or chapter that it became."""
    if reference.type in ("dataset", "software") or genres.is_recording(folded) or genres.is_told(folded):
        return True
    if _PREPRINT.search(outside) or (reference.type in ARTICLES and reference.volume):
        return False
    return genres.is_thesis(folded) or genres.is_lecture(folded) or _is_talk(outside)


def _is_no_report(reference: Reference, outside: str, folded: str, work: Work) -> bool:
    """Whether a talk, a recording or, unless the record is of one, a thesis or what came out on a day is printed."""
    if work.type == "dissertation" and genres.is_thesis(folded):
        return False
    if genres.is_recording(folded) or genres.is_told(folded) or (_is_talk(outside) and not _is_talk(work.title or "")):
        return True
    if work.type == "dissertation":
        return _came_out_on_a_day(reference, folded, work, named=reference.type in ARTICLES)
    by_one_of_a_school = len(work.authors) == 1 and bool(work.publisher) and not is_house(work.publisher)
    return genres.is_thesis(folded) and not by_one_of_a_school


def _is_no_such_text(reference: Reference, outside: str, folded: str, work: Work, *, named: bool) -> bool:
    """Whether a thesis, a lecture, a report, a talk, a trial or what came out on a day is printed, not the article,
    chapter or book of the record."""
    if genres.is_told(folded) or _came_out_on_a_day(reference, folded, work, named=named):
        return True
    if work.type in BOOKS and genres.is_unprinted(folded) and not _is_publisher_printed(folded, work):
        return True
    if work.type in BOOKS:
        return (genres.is_thesis(folded) or genres.is_lecture(folded)) and not _is_as_a_book(reference, folded, work)
    if genres.is_thesis(folded) or genres.is_lecture(folded) or (_REPORT.search(outside) and work.container):
        return True
    if work.type in ARTICLES and _TRIAL.search(outside):
        return True
    return work.type == "journal-article" and bool(work.container) and _is_talk(outside)


def _is_talk(outside: str) -> bool:
    return _TALK.search(outside) is not None or _ABSTRACT.search(outside) is not None


def _came_out_on_a_day(reference: Reference, folded: str, work: Work, *, named: bool) -> bool:
    """Whether a day of issue is printed, with the name of a newspaper that is not the record's container or a page."""
    if not work.container and work.type not in BOOKS | {"dissertation"}:
        return False
    if reference.volume and first_number(reference.volume) == first_number(work.volume):
        return False
    is_dated = work.type in BOOKS and days.is_dated_by_it(folded)
    if is_dated and not any(one.given for one in work.authors):
        return False  # bodies date their reports so
    if not is_dated and not (_is_elsewhere(reference, folded, work, named=named) and days.day_of_issue(folded)):
        return False
    return not (_MEETINGS & set(words(folded)) or _PREPRINT.search(folded) or _REPORT.search(folded))


def _is_elsewhere(reference: Reference, folded: str, work: Work, *, named: bool) -> bool:
    """Whether another container is named, or a page as newspapers have them, and no book's publisher."""
    if reference.publisher and work.type in BOOKS | CHAPTERS and not reference.container:
        return False
    return named or bool(work.type in BOOKS and reference.container) or _PAGE_OF_A_PAPER.search(folded) is not None


def _is_as_a_book(reference: Reference, folded: str, work: Work) -> bool:
    """Whether the thesis that is printed came out as a book, or the record is of the thesis all the same."""
    printed, place = fold(reference.publisher or ""), fold(reference.place or "")
    if genres.is_lecture(place):
        place = ""  # "Vorlesungsmitschrift Bielefeld"
    if _AS_A_BOOK.search(folded) or (is_house(printed) and (place or _PRESS.search(printed))):
        return True
    return bool(work.publisher) and (not is_house(work.publisher) or _is_publisher_printed(folded, work))


def _is_publisher_printed(folded: str, work: Work) -> bool:
    named = set(words(work.publisher or "")) - {"the", "of", "and", "verlag"}
    return bool(work.publisher) and named <= set(words(folded))


def is_house(publisher: str | None) -> bool:
    """Whether that is a publisher, and no university or office that keeps theses."""
    name = fold(publisher or "")
    if not name or genres.is_thesis(name):
        return False
    if _PRESS.search(name):
        return True
    return not _ACRONYM.fullmatch(publisher or "") and not _INSTITUTION.search(name)


def _is_of_another_kind(reference: Reference, outside: str, folded: str, work: Work, *, named: bool) -> bool:
    """Whether an article of a journal is printed and the record is of a thesis, a report or a meeting, or the other way
    round; `named` when both name a container, and not the same."""
    in_journal = bool(reference.container and reference.volume and reference.type in ARTICLES)
    if work.type == "dissertation":
        return not genres.is_thesis(folded) and _is_published(reference, work)
    if work.type == "report" or (work.type == "other" and not work.container):
        return in_journal and bool(reference.pages) and not _REPORT.search(outside)
    if not named or _PREPRINT.search(outside) or _PREPRINT.search(reference.container or ""):
        return False
    if work.type in {"proceedings-article"} | CHAPTERS:
        return in_journal and bool(reference.pages) and not work.volume
    return work.type == "journal-article" and _is_meeting(reference.container) and not _is_meeting(work.container)


def _is_published(reference: Reference, work: Work) -> bool:
    """Whether an article of a journal, a chapter, or a book of another publisher than the thesis's is printed."""
    if reference.type in ARTICLES and reference.container and (reference.volume or reference.pages):
        return True
    if reference.type in CHAPTERS | {"proceedings-article"}:
        return True
    shared = set(words(reference.publisher or "")) & set(words(work.publisher or "")) - _OF_ANY_PUBLISHER
    same = bool(shared) and is_house(work.publisher)  # "Averbury Press" is not the University of Averbury
    return reference.type in BOOKS and is_house(reference.publisher) and not same


def _is_meeting(container: str | None) -> bool:
    return not _MEETINGS.isdisjoint(words(container or ""))

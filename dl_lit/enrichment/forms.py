"""In which form is a work cited? A thesis, a talk or a report with the title of an article is not that article."""

from __future__ import annotations

import re

from dl_lit.enrichment.vocabulary import ARTICLES, BOOKS, CHAPTERS
from dl_lit.identity.folding import words
from dl_lit.identity.vocabulary import SERIES_OF_MEETINGS
from dl_lit.model import Reference, Work

_THESIS = re.compile(
    r"(?i)\b(?:thesis|dissertation|diss\.|(?:inaugural|phil)-?diss\w*|habil\.|habilitation\w*|diplomarbeit"
    r"|(?:magister|master|bachelor|doktor|staatsexamens)arbeit|thèse|tesis|tese|tesi|proefschrift"
    r"|mémoire de (?:master|maîtrise)|автореф\w*|диссертац\w*|дисс?\.\s*(?:\.\.\.?|…|на соиск|канд|д-ра|докт))"
)
_TALK = re.compile(
    r"(?i)\b(?:(?:paper|poster|talk|lecture|abstract|contribution)s?\s+(?:was\s+)?(?:presented|given|read|delivered)"
    r"|presented (?:at|to|in)|presentation at|(?:invited|contributed|plenary) (?:talk|lecture|paper)"
    r"|(?:oral|poster|conference) (?:presentation|paper)|vortrag|communication présentée|ponencia presentada)\b"
    r"|[\[(](?:poster|talk|lecture|slides)[\])]"
)
_ABSTRACT = re.compile(
    r"(?i)[\[(](?:(?:meeting|conference|extended|congress)\s+)?abstract(?: only)?[\])]|\(abstr\.?(?:act)?\s*\w*\d*\)"
)
_NO_TEXT = re.compile(
    r"(?i)[\[(](?:data ?sets?|(?:computer )?(?:software|program)|source code|(?:online )?videos?(?: file| recording)?"
    r"|film|motion picture|map|audio ?book|audio(?: file| cd| recording)?|cd|dvd|podcast|blog (?:post|entry)"
    r"|web ?(?:page|site|log post)|powerpoint(?: slides)?|tweet|photograph|(?:tv|television) (?:series|episode))[\])]"
    r"|\b(?:u\.?\s?s\.?|european|world|german|japanese|chinese)\s+pat(?:ent|\.)|\bpatent\s+(?:no|nr|application)\b"
    r"|\bpatentschrift|\boffenlegungsschrift|\bblog (?:post|entry)\b|\b(?:r|python) package,? version"
)
_TRIAL = re.compile(r"(?i)\bclinicaltrials\.gov|\bNCT\d{8}\b|\bISRCTN\d{6,}")
_REPORT = re.compile(
    r"(?i)\b(?:tech(?:nical|n)?\.?\s*rep(?:ort|\.|t\.?)|(?:working|discussion|white) paper"
    r"|(?:research|internal|final|project) report|tech(?:nical)?\.?\s*(?:memorandum|memo|note)"
    r"|arbeitspapier|diskussionspapier|forschungsbericht|rapport (?:de recherche|technique)|documento de trabajo)\b"
    r"|\b(?:[Rr]eport|[Rr]ept\.|[Mm]emorandum|[Bb]ericht)\s+(?:[Nn]o\.?\s*|[Nn]r\.?\s*)?[A-Z]{0,6}[-\s]?\d"
)
# These do stand for their article, and it for them.
_PREPRINT = re.compile(
    r"(?i)arxiv|preprint|rxiv|ssrn|e-?print|hal-\d|in press|to appear|forthcoming|submitted|accepted"
)
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
    if work.type == "posted-content":
        return False
    if work.type in ARTICLES | CHAPTERS and in_container is not True:
        if _THESIS.search(outside) or (_REPORT.search(outside) and work.container):
            return True
        if work.type == "journal-article" and work.container and (_TALK.search(outside) or _ABSTRACT.search(outside)):
            return True
    if work.type in ARTICLES | CHAPTERS | BOOKS and _NO_TEXT.search(outside):
        return True
    if work.type in ARTICLES and in_container is not True and _TRIAL.search(outside):
        return True
    if work.type == "journal-article" and bool(_ABSTRACT.search(outside)) != bool(_ABSTRACT.search(work.title or "")):
        return True
    return in_container is not True and _is_of_another_kind(reference, outside, work, named=in_container is False)


def _is_of_another_kind(reference: Reference, outside: str, work: Work, *, named: bool) -> bool:
    """Whether an article of a journal is printed and the record is of a thesis, a report or a meeting, or the other way
    round; `named` when both name a container, and not the same."""
    in_journal = bool(reference.container and reference.volume and reference.type in ARTICLES)
    if work.type == "dissertation":
        return not _THESIS.search(outside) and (in_journal or reference.type in CHAPTERS | {"proceedings-article"})
    if work.type == "report":
        return in_journal and bool(reference.pages) and not _REPORT.search(outside)
    if not named or _PREPRINT.search(outside) or _PREPRINT.search(reference.container or ""):
        return False
    if work.type in {"proceedings-article"} | CHAPTERS:
        return in_journal and bool(reference.pages) and not work.volume
    return work.type == "journal-article" and _is_meeting(reference.container) and not _is_meeting(work.container)


def _is_meeting(container: str | None) -> bool:
    return not _MEETINGS.isdisjoint(words(container or ""))

"""What kind of work a reference is, in Crossref's words."""

from __future__ import annotations

import re

from dl_lit.extraction.parsing import lexicon
from dl_lit.extraction.parsing.identifiers import Identifiers
from dl_lit.extraction.parsing.parts import Parts
from dl_lit.extraction.parsing.titles import Titles

# All in lower case, as is what they are held against.
_THESIS = re.compile(
    r"\b(?:ph\.?\s?d\.?|doctoral|master'?s?|bachelor'?s?)\W+(?:thesis|dissertation)"
    r"|\b(?:inaugural-?)?dissertation\b|\bthesis\b"
    r"|\b(?:diplom|magister|master|bachelor)arbeit\b|\bhabilitation(?:sschrift)?\b|\bdiss\.|\btese\b|\bdissertação\b"
    r"|\bthèse\b|\btesis\b|\btesi di\b|\bmestrado\b|\bdoutorado\b|\bmaestría\b|\bдис\."
)
_REPORT = re.compile(
    r"\b(?:technical|tech\.?|research|working|discussion|final)\s+(?:report|rep\.|paper|memorandum)\b"
    r"|\breport no\b|\b(?:arbeits|diskussions)papiere?\b"
    r"|\b(?:projekt|abschluss|forschungs)bericht\b|\bwhite paper\b|\bworking paper"
)
_PREPRINT = re.compile(
    r"\b(?:arxiv|biorxiv|medrxiv|psyarxiv|socarxiv|chemrxiv|ssrn|preprints?|research square|osf preprints)\b"
)
_PROCEEDINGS = re.compile(
    r"\b(?:proc(?:eedings|\.)|conference|conf\.|symposium|symp\.|workshop|tagungsband|congress|kongress"
    r"|advances in neural information"
    r"|lecture notes|lncs|anais)\b"
)
_JOURNAL_PROCEEDINGS = re.compile(
    r"\bproc(?:eedings|\.)?\s+(?:of the\s+)?(?:natl?|national|r\.?\s?soc|royal|ieee(?! int)|amer|biol|inst)"
)
# A pattern is only tried where one of its marks is printed.
_MARKS: dict[re.Pattern[str], tuple[str, ...]] = {
    _THESIS: ("thes", "diss", "arbeit", "habil", "tese", "thès", "tesi", "mestrado", "doutorado", "maestría", "дис."),
    _REPORT: ("report", "rep.", "paper", "memorandum", "papier", "bericht"),
    _PREPRINT: ("rxiv", "ssrn", "preprint", "research square"),
    _PROCEEDINGS: (
        "proc", "conf", "symp", "workshop", "tagungsband", "congress", "kongress", "advances in", "lecture", "lncs",
        "anais",
    ),
}  # fmt: skip


def kind(parts: Parts, found: Identifiers, chosen: Titles) -> str | None:
    """journal-article, book, book-chapter, proceedings-article, dissertation, report, posted-content or other."""
    if not parts.runs:
        return None
    outside = " ".join(
        parts.raw[r.start : r.end + 1] for r in parts.runs if r.label not in ("title", "author", "editor", "id")
    )
    outside = outside.lower()
    container, title = (chosen.container or "").lower(), chosen.title or ""
    if _says(_THESIS, outside) and not parts.all("volume"):
        return "dissertation"
    if _says(_PREPRINT, outside) or (found.arxiv and not (container and parts.all("volume"))):
        return "posted-content"
    if _says(_PROCEEDINGS, container) and not (_JOURNAL_PROCEEDINGS.search(container) and parts.all("volume")):
        return "proceedings-article"
    if container and not _says(_REPORT, container):
        return _contained(parts)
    if _says(_REPORT, outside):
        return "report"
    if parts.all("publisher") or parts.all("place") or found.isbn or (title and parts.all("editor")):
        return "book"
    return "journal-article" if parts.all("volume") and parts.all("pages") else "other"


def _says(pattern: re.Pattern[str], text: str) -> bool:
    return lexicon.any_in(_MARKS[pattern], text) and pattern.search(text) is not None


def _contained(parts: Parts) -> str:
    """Journals have volumes; books that hold chapters have editors, a place, a publisher, or an "In" before them."""
    if parts.all("editor") or (parts.all("publisher") and not parts.all("issue")):
        return "book-chapter"
    if parts.all("volume") or parts.all("issue"):
        return "journal-article"
    if parts.all("place"):
        return "book-chapter"
    return "journal-article"

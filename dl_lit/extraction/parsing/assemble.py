"""Make the fields of a reference out of its labelled words. Every field is a stretch of the print, only tidied."""

from __future__ import annotations

import re

from dl_lit.extraction import language as tongues
from dl_lit.extraction.parsing import kinds, numbers, titles
from dl_lit.extraction.parsing.authors import has_editor_role, split_names
from dl_lit.extraction.parsing.identifiers import Identifiers
from dl_lit.extraction.parsing.parts import Parts, Run
from dl_lit.model import Person, Reference

_YEAR_BEHIND_PAGES = re.compile(r"[,;]\s*((?:19|20)\d\d)\b(?!\s?[-–])")
_INITIAL_WITH_STOP = re.compile(r"(?<!\w)[^\W\d_]\.")
_SECTION = re.compile(r"(.*[a-z.]\s?[A-H])\s?(\d{1,4})")
# Where articles are read, not who published them.
_SHELVES = frozenset(
    ("jstor", "proquest", "ebsco", "ebscohost", "project muse", "muse", "google books", "google scholar")
)
# What stands in square brackets behind a title and is no translation of it: language, medium, degree, day of access.
_NO_TRANSLATION = re.compile(
    r"(?i)(?:article |text |original )?in \w+(?: with.*)?$|(?:special|theme) issue|internet|online|on-?line|em linha"
    r"|en línea|en ligne|computer|software|data ?set|database|video|film|podcast|blog|web|report|poster|conference"
    r"|paper|abstract|preprint|editorial|letter|review|revisão|version|ver\.|v\d|electronic|elektronische|recurso|versão"
    r"|versión"
    r"|tese|tesis|thesis|thèse|tesi|diss|master|mestrado|doutorado|doctoral|ph\.?\s?d|unpublished|manuscript|s\.\s?[ln]"
    r"|acess|acces|cited|citado|consult|retrieved|viewed|abgerufen|zugriff|\d|sic\b|hrsg|hg|eds?\b|org|trans"
)


def assemble(
    parts: Parts,
    found: Identifiers,
    *,
    raw: str,
    language: str | None = None,
    label: str | None = None,
    position: int = 0,
    page: int | None = None,
) -> Reference:
    """The reference `raw`, as `parts` (of its beginning, where it is too long) spell it."""
    authors, editors = _people(parts)
    chosen = titles.choose(parts)
    date = _date(parts)
    container, volume = _parted(chosen.container, numbers.volume(parts.text("volume")))
    volume, issue = numbers.volume_and_issue(volume, numbers.issue(parts.text("issue")))
    kind = kinds.kind(parts, found, chosen)
    if date is None and kind == "legislation":  # "Directive 92/43/EEC of 21 May 1992"
        date = chosen.title
    return Reference(
        raw=raw,
        position=position,
        page=page,
        label=label or _label(parts),
        authors=() if chosen.author_is_title else authors,
        editors=(*editors, *split_names(chosen.editors)),
        title=chosen.title,
        translated_title=_translated(parts),
        year=numbers.year(date) if date else None,
        year_text=numbers.year_text(date) if date else None,
        container=_with_stop(parts.raw, container) if container else None,
        volume=volume,
        issue=issue,
        pages=numbers.pages(parts.text("pages")),
        publisher=_publisher(parts),
        place=parts.text("place"),
        type=kind,
        doi=found.doi,
        arxiv=found.arxiv,
        pmid=found.pmid,
        pmcid=found.pmcid,
        isbn=found.isbn,
        issn=found.issn,
        url=found.url,
        language=tongues.guess(chosen.title or "") or tongues.guess(container or "") or language,
    )


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────


def _people(parts: Parts) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """Authors and editors. Those who only edited ("Kranz, O. (Hg.): ...") are editors, wherever they stand."""
    editors: list[Person] = []
    authors: list[Person] = []
    for run in parts.runs:
        if run.label == "editor":
            editors += split_names(_printed_names(parts.raw, run))
        elif run.label == "author":
            text = _printed_names(parts.raw, run)
            edited = has_editor_role(text) or has_editor_role(parts.raw[run.end : run.end + 30], within=4)
            (editors if edited else authors).extend(split_names(text))
    return tuple(authors), tuple(editors)


def _printed_names(raw: str, run: Run) -> str:
    """The names with the bracket that they opened, or the stop behind a last initial, where the others have theirs or a
    comma stands before it."""
    text = raw[run.start : run.end]
    if "(" in text and text.count("(") > text.count(")") and raw[run.end : run.end + 1] == ")":
        return f"{text})"
    is_initial = raw[run.end : run.end + 1] == "." and text[-1:].isupper() and text[-2:-1] in (" ", ".", "-")
    is_stopped = text[-2:-1] != " " or text[-3:-2] == "," or _INITIAL_WITH_STOP.search(text)
    return f"{text}." if is_initial and is_stopped else text


# ── the rest ─────────────────────────────────────────────────────────────────────────────────────────────


def _parted(container: str | None, volume: str | None) -> tuple[str | None, str | None]:
    """Physicists print the letter of a journal's section with the volume: "Phys. Rev. D59" is volume 59 of "Phys. Rev.
    D"."""
    match = _SECTION.fullmatch(container) if container and volume is None else None
    return (match[1], match[2]) if match else (container, volume)


def _translated(parts: Parts) -> str | None:
    """A second title in square brackets right behind the first: "Rasskazy [Short stories]"."""
    runs = parts.all("title") if "[" in parts.raw else ()
    match = re.search(r"(?<=\S\s)\[([^\[\]]{6,})\]", parts.raw[runs[0].start : runs[0].end + 2]) if runs else None
    return match.group(1).strip() if match and not _NO_TRANSLATION.match(match.group(1)) else None


def _publisher(parts: Parts) -> str | None:
    text = parts.text("publisher")
    return text if text and text.lower() not in _SHELVES else None


def _with_stop(raw: str, container: str) -> str:
    """An abbreviated journal keeps its last stop ("J. Harb. Sci."), which ends no sentence there."""
    if "." not in container or container.endswith("."):
        return container
    return f"{container}." if f"{container}." in raw else container


_MAY_HOLD_DATE = frozenset(
    (
        "author", "edition", "editor", "genre", "in", "issue", "label", "place", "publisher", "series", "translator",
        "volume",
    )
)  # fmt: skip


def _date(parts: Parts) -> str | None:
    """The stretch that dates the reference; when none was recognised, any year outside titles, pages and links.

    The date of access is none: a page that says no other has no year.
    """
    printed = numbers.without_other_dates(parts.raw)
    dated = [printed[run.start : run.end + 7] for run in parts.all("date")]
    for text in dated:
        if numbers.year(text):
            return text
    for labels in (_MAY_HOLD_DATE, ("container", "note")):
        for run in reversed(parts.runs):
            if run.label in labels and numbers.year(text := printed[run.start : run.end]):
                return text
    for run in parts.all("pages"):
        if found := _YEAR_BEHIND_PAGES.search(printed, run.start, run.end):
            return found[1]
    words = numbers.year_words(parts.raw)
    return next((text for text in [*dated, words.group() if words else ""] if numbers.year_text(text)), None)


def _label(parts: Parts) -> str | None:
    if parts.runs and parts.runs[0].label == "label":
        return parts.raw[: parts.runs[0].end].strip(" .,()[]") or None
    return None

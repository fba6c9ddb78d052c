"""Make the fields of a reference out of its labelled words. Every field is a stretch of the print, only tidied."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dl_lit.extraction import language as tongues
from dl_lit.extraction.parsing import kinds, numbers
from dl_lit.extraction.parsing.authors import has_editor_role, split_names
from dl_lit.extraction.parsing.identifiers import Identifiers
from dl_lit.extraction.parsing.tokens import Token
from dl_lit.model import Person, Reference

_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("„", "“"), ("«", "»"), ("»", "«"), ("‘", "’"))
_EDGE = " \t,;:.·–—-_/|*†"
_QUOTES = "\"“”„«»‘’‚‹›'`´"


@dataclass(frozen=True, slots=True)
class Run:
    """An unbroken stretch of words with one label; `start` and `end` are places in the string, `first` counts words."""

    label: str
    start: int
    end: int
    first: int
    words: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The stretches of one reference."""

    raw: str
    runs: tuple[Run, ...]

    def all(self, label: str) -> list[Run]:
        return [run for run in self.runs if run.label == label]

    def text(self, label: str) -> str | None:
        """The tidied text of the main stretch with that label: the longest, the first of equals."""
        runs = self.all(label)
        return tidy(self.raw, max(runs, key=lambda run: run.words)) if runs else None

    def plain(self, label: str) -> str:
        """All stretches with that label, as printed."""
        return " ".join(self.raw[run.start : run.end] for run in self.all(label))


def parts_of(raw: str, tokens: Sequence[Token], labels: Sequence[str]) -> Parts:
    runs: list[Run] = []
    for i, (token, label) in enumerate(zip(tokens, labels, strict=True)):
        if runs and runs[-1].label == label:
            last = runs[-1]
            runs[-1] = Run(label, last.start, token.end, last.first, last.words + 1)
        else:
            runs.append(Run(label, token.start, token.end, i, 1))
    return Parts(raw, tuple(runs))


def assemble(parts: Parts, found: Identifiers, *, language: str | None = None, label: str | None = None) -> Reference:
    """The reference that `parts` spell."""
    authors, editors = _people(parts)
    title, container = _title(parts), _container(parts)
    date = _date(parts)
    return Reference(
        raw=parts.raw,
        label=label or _label(parts),
        authors=authors,
        editors=editors,
        title=title,
        translated_title=_translated(parts),
        year=numbers.year(date) if date else None,
        year_text=numbers.year_text(date) if date else None,
        container=container,
        volume=numbers.volume(parts.text("volume")),
        issue=numbers.issue(parts.text("issue")),
        pages=numbers.pages(parts.text("pages")),
        publisher=parts.text("publisher"),
        place=parts.text("place"),
        type=kinds.kind(parts, found),
        doi=found.doi,
        arxiv=found.arxiv,
        pmid=found.pmid,
        pmcid=found.pmcid,
        isbn=found.isbn,
        issn=found.issn,
        url=found.url,
        language=tongues.guess(title or "") or language,
    )


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────


def _people(parts: Parts) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """Authors and editors. Those who only edited ("Beck, U. (Hg.): ...") are editors, wherever they stand."""
    editors: list[Person] = []
    authors: list[Person] = []
    for run in parts.runs:
        if run.label == "editor":
            editors += split_names(parts.raw[run.start : run.end])
        elif run.label == "author":
            text = parts.raw[run.start : run.end]
            edited = has_editor_role(text) or has_editor_role(parts.raw[run.end : run.end + 12].split(")")[0])
            (editors if edited else authors).extend(split_names(text))
    return tuple(authors), tuple(editors)


# ── titles ───────────────────────────────────────────────────────────────────────────────────────────────


def _title(parts: Parts) -> str | None:
    return parts.text("title")


def _container(parts: Parts) -> str | None:
    return parts.text("container")


def _translated(parts: Parts) -> str | None:
    """A second title in square brackets right behind the first: "Rasskazy [Short stories]"."""
    runs = parts.all("title")
    if not runs:
        return None
    main = max(runs, key=lambda run: run.words)
    text = parts.raw[main.start : main.end + 2]
    match = re.search(r"(?<=\S\s)\[([^\[\]]{8,})\]", text)
    return match.group(1).strip() if match else None


def tidy(raw: str, run: Run) -> str | None:
    """The words of `run` without the punctuation around them, but with what belongs to them (?, !, closing brackets)."""
    start, end = run.start, run.end
    if start and raw[start - 1] in "([" and _closes(raw, start, end):
        start -= 1
    while end < len(raw) and raw[end] in "?!":
        end += 1
    text = raw[start:end]
    for opening, closing in _PAIRS[:2]:
        if text.count(opening) > text.count(closing) and raw[end : end + 1] == closing:
            text += closing
    text = re.sub(r"\s+", " ", text).strip(_EDGE + _QUOTES)
    for opening, closing in _PAIRS[:2]:
        text = _unwrapped(text, opening, closing)
    return _with_quotes(text) or None


def _closes(raw: str, start: int, end: int) -> bool:
    """Whether a bracket that opens before the first word closes inside: "(Un)certain futures"."""
    opening = raw[start - 1]
    closing = ")" if opening == "(" else "]"
    at = raw.find(closing, start, end)
    return at >= 0 and opening not in raw[start:at]


def _unwrapped(text: str, opening: str, closing: str) -> str:
    """Without a bracket that has no partner at one of the ends."""
    if text.startswith(opening) and closing not in text:
        return text[1:].strip(_EDGE)
    if text.endswith(closing) and opening not in text:
        return text[:-1].strip(_EDGE)
    if text.endswith(opening):
        return text[:-1].strip(_EDGE)
    return text


def _with_quotes(text: str) -> str:
    """Closing quotes that were cut off the end come back when they open inside."""
    for opening, closing in (("“", "”"), ("„", "“"), ("»", "«"), ("«", "»"), ("‘", "’")):
        if opening in text and closing not in text[text.rindex(opening) + 1 :]:
            return text + closing
    return text + '"' if text.count('"') % 2 else text


# ── the rest ─────────────────────────────────────────────────────────────────────────────────────────────


def _date(parts: Parts) -> str | None:
    """The stretch that dates the reference; when none was recognised, any year outside titles, pages and links."""
    dated = [parts.raw[run.start : run.end + 7] for run in parts.all("date")]
    for text in dated:
        if numbers.year(text):
            return text
    for run in reversed(parts.runs):
        if run.label not in ("title", "container", "pages", "id", "date", "note"):
            text = parts.raw[run.start : run.end]
            if numbers.year(text):
                return text
    return next((t for t in [*dated, numbers.find_year_words(parts.raw) or ""] if numbers.year_text(t)), None)


def _label(parts: Parts) -> str | None:
    if parts.runs and parts.runs[0].label == "label":
        return parts.raw[: parts.runs[0].end].strip(" .,()[]") or None
    return None

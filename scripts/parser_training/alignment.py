"""Give each word of a printed reference the name of its part, from annotated segments or from loose field values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dl_lit.extraction.parsing import identifiers
from dl_lit.extraction.parsing.tokens import Token, tokenise

Span = tuple[int, int, str]

_SEGMENTS = {
    "author": "author", "date": "date", "title": "title", "pages": "pages", "publisher": "publisher",
    "location": "place",
    "volume": "volume", "journal": "container", "container-title": "container", "booktitle": "container",
    "editor": "editor",
    "citation-number": "label", "note": "note", "genre": "genre", "url": "note", "edition": "edition", "doi": "note",
    "translator": "translator", "collection-title": "series", "source": "note", "isbn": "note", "director": "author",
    "medium": "genre", "producer": "author", "tech": "genre", "institution": "publisher",
}  # fmt: skip
_PAGE_WORDS = frozenset(("p", "pp", "pg", "pgs", "page", "pages", "s", "seite", "seiten", "págs", "pág"))
_VOLUME_WORDS = frozenset(("vol", "volume", "vols", "jg", "jahrgang", "bd", "band", "tome", "v"))
_ISSUE_WORDS = frozenset(("no", "nr", "n", "issue", "number", "núm", "heft", "h", "suppl", "supplement"))
_JOINERS = frozenset(("and", "und", "et", "al", "e", "y", "&", "jr", "others", "u", "a"))
_ROLES = frozenset(
    ("ed", "eds", "editor", "editors", "hrsg", "hg", "edited", "by", "organizador", "organizadores", "org", "orgs")
)
_GENRES = frozenset(("thesis", "dissertation", "tese", "dissertação", "tesis", "thèse", "ph", "phd", "msc", "master's"))
_MONTHS = frozenset(
    (
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "january",
        "february",
        "march", "april", "june", "july", "august", "september", "october", "november", "december", "in", "press",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One reference with a label for each of its words."""

    raw: str
    tokens: list[Token]
    labels: list[str]


def from_segments(raw: str, segments: Sequence[Sequence[str]]) -> Example | None:
    """From segments that, joined by spaces, are the reference; None when they are not."""
    spans: list[Span] = []
    position = 0
    for name, text in segments:
        start = raw.find(text, position)
        if start < 0:
            return None
        spans.append((start, start + len(text), _SEGMENTS.get(name, "note")))
        position = start + len(text)
    return _example(raw, spans)


def from_spans(raw: str, spans: Iterable[Span]) -> Example:
    """From places that are known, as of a reference that we set ourselves."""
    return _example(raw, sorted(spans))


def from_fields(record: dict[str, Any], raw: str) -> Example | None:
    """From the values of the fields, each looked up in the print; None when one of the main fields is not there."""
    taken: list[Span] = []
    if not _place_people(raw, record, taken):
        return None
    title, container = record["title"], record["container"]
    if title and not container and _is_abbreviated(title, record):
        title, container = None, title
    for value, name, needed in ((title, "title", True), (container, "container", True)):
        if value and not _place(raw, value, name, taken) and needed:
            return None
    for name in ("publisher", "place"):
        if record[name]:
            _place(raw, record[name], name, taken)
    after = next((end for _, end, name in taken if name == "container"), 0)
    if record["year"]:
        _place(raw, str(record["year"]), "date", taken)
    for name in ("volume", "issue", "pages"):
        if record[name]:
            _place(raw, str(record[name]), name, taken, after=after)
    example = _example(raw, sorted(taken))
    unknown = sum(
        label == "note" and token.text.isalpha() for token, label in zip(example.tokens, example.labels, strict=True)
    )
    return example if unknown <= max(2, len(example.tokens) // 5) else None


def _is_abbreviated(title: str, record: dict[str, Any]) -> bool:
    """A journal that the annotators took for the title, as happens where titles are not printed."""
    dots = title.count(".")
    if record["volume"] and record["pages"] and not record["publisher"] and len(title) < 45:
        return True
    return bool(record["volume"] or record["pages"]) and (dots >= 2 or (dots == 1 and len(title) < 30))


def _place_people(raw: str, record: dict[str, Any], taken: list[Span]) -> bool:
    """Authors lie from the first to the last of their names; those behind "In" are editors."""
    inside = re.search(r"(?<=[.,;:]\s)(?:In|in|Em)\b:?\s", raw)
    border = inside.start() if inside else len(raw)
    for role in ("author", "editor"):
        places: list[tuple[int, int]] = []
        for person in record[f"{role}s"]:
            place = _find_person(raw, person, places[-1][1] if places else 0) or _find_person(raw, person, 0)
            places += [place] if place else []
        front = [p for p in places if p[0] < border]
        if role == "author" and record["authors"] and not front:
            return False
        for group, name in ((front, role), ([p for p in places if p[0] >= border], "editor")):
            if group:
                taken.append((min(p[0] for p in group), max(p[1] for p in group), name))
    return True


def _find_person(raw: str, person: dict[str, str], position: int) -> tuple[int, int] | None:
    text = person.get("name") or person.get("family")
    match = _search(raw, text, position) if text else None
    if match is None:
        return None
    start, end = match
    given = person.get("given")
    if given:
        behind = _search(raw, given, end)
        ahead = [m for m in re.finditer(re.escape(given), raw[:start])]
        if behind and behind[0] - end <= 3:
            end = behind[1]
        elif ahead and start - ahead[-1].end() <= 2:
            start = ahead[-1].start()
        elif initials := re.match(r",?\s?(?:[A-Z]\.?[-\s]?){1,4}(?![a-z])", raw[end:]):
            end += initials.end()
    return start, end


def _place(raw: str, value: str, name: str, taken: list[Span], after: int = 0) -> bool:
    """The first free place of `value`, preferably behind `after`."""
    for begin in (after, 0):
        position = begin
        while found := _search(raw, value, position):
            if not any(start < found[1] and found[0] < end for start, end, _ in taken):
                taken.append((*found, name))
                return True
            position = found[0] + 1
    return False


def _search(raw: str, value: str, position: int = 0) -> tuple[int, int] | None:
    words = re.findall(r"\w+|[^\w\s]", value)
    if not words:
        return None
    pattern = r"\s*".join("[-‐‑–—−]" if w in "-‐‑–—−" else "['’‘`´]" if w in "'’‘`´" else re.escape(w) for w in words)
    # "Phys. Rev. D" is found in "Phys. Rev. D59" too.
    closing = r"(?![^\W\d])" if re.fullmatch("[A-Z]", words[-1]) else r"(?!\w)"
    edges = (r"(?<!\w)" if words[0][0].isalnum() else "", closing if words[-1][-1].isalnum() else "")
    match = re.compile(edges[0] + pattern + edges[1], re.IGNORECASE).search(raw, position)
    return match.span() if match else None


# ── one way of labelling, whatever the corpus ────────────────────────────────────────────────────────────


def _example(raw: str, spans: Sequence[Span]) -> Example:
    tokens = tokenise(raw, identifiers.find(raw).spans)
    labels = [_label_at(token, spans) for token in tokens]
    for i, token in enumerate(tokens):
        labels[i] = _refined(i, token, tokens, labels)
    _number_free_words(tokens, labels)
    return Example(raw, tokens, [label or "note" for label in labels])


def _label_at(token: Token, spans: Sequence[Span]) -> str:
    if token.kind == "id":
        return "id"
    return next((name for start, end, name in spans if start <= token.start < end), "")


def _refined(i: int, token: Token, tokens: Sequence[Token], labels: Sequence[str]) -> str:
    word, name = token.text.lower(), labels[i]
    before = labels[i - 1] if i else ""
    if word in ("in", "em", "dans") and name in ("container", "editor", "", "note", "series") and before != name:
        return "in"
    if name in ("volume", "issue"):
        return _volume_or_issue(i, word, token, tokens, labels)
    if name:
        return name
    if not before and i == 0 and (word.isdigit() or "[" in token.before):
        return "label"
    if before in ("author", "editor") and (word in _JOINERS or word in _ROLES):
        return before
    return ""


def _volume_or_issue(i: int, word: str, token: Token, tokens: Sequence[Token], labels: Sequence[str]) -> str:
    if (
        i
        and labels[i - 1] in ("volume", "issue")
        and re.fullmatch(r"\d{2,}\s?[-–]\s?\d+", word)
        and ":" in token.before
    ):
        return "pages"
    if word in _ISSUE_WORDS or (word.isdigit() and "(" in token.before and i and labels[i - 1] in ("volume", "issue")):
        return "issue"
    if i and labels[i - 1] == "issue" and (tokens[i - 1].text.lower() in _ISSUE_WORDS or labels[i] == "issue"):
        return "issue"
    return labels[i]


def _number_free_words(tokens: Sequence[Token], labels: list[str]) -> None:
    """Numbers and their signs ("pp.", "vol.") that the annotators left out, by what stands before them."""
    for i, token in enumerate(tokens):
        if labels[i]:
            continue
        word, before = token.text.lower(), labels[i - 1] if i else ""
        following = labels[i + 1] if i + 1 < len(labels) else ""
        if word in _PAGE_WORDS and (
            following in ("pages", "") and i + 1 < len(tokens) and tokens[i + 1].text[0].isdigit()
        ):
            labels[i] = "pages"
        elif word in _VOLUME_WORDS or word in _ISSUE_WORDS:
            labels[i] = "volume" if word in _VOLUME_WORDS else "issue"
        elif word in _MONTHS and "date" in (before, following):
            labels[i] = "date"
        elif word in _ROLES and before in ("author", "editor"):
            labels[i] = before
        elif word in _GENRES and before != "label":
            labels[i] = "genre"
        elif any(c.isdigit() for c in word):
            labels[i] = _number_by_place(i, token, tokens, labels)


def _number_by_place(i: int, token: Token, tokens: Sequence[Token], labels: Sequence[str]) -> str:
    before = labels[i - 1] if i else ""
    seen = set(labels[:i])
    if re.fullmatch(r"(?:1[4-9]|20)\d\d[a-z]?", token.text) and "date" not in labels:
        return "date"
    if (
        before in ("volume", "issue", "pages")
        and tokens[i - 1].text.lower() in _PAGE_WORDS | _VOLUME_WORDS | _ISSUE_WORDS
    ):
        return before
    if re.search(r"\d\s?[-–]\s?\w*\d", token.text) and "volume" in labels:
        return "pages"
    if before == "container" or (before == "date" and "container" in seen and "volume" not in labels):
        return "volume"
    if before == "volume":
        return "issue" if "(" in token.before and "pages" not in seen else "pages"
    return "pages" if before in ("issue", "date") and "volume" in seen and "pages" not in labels else ""

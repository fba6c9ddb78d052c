"""Correct labels of years and of the numbers that look like years."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dl_lit.extraction.parsing.tokens import Token

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d[a-z]?")
_YEARS = re.compile(r"(?:1[5-9]|20)\d\d\s?[-–—]\s?(?:\d\d|(?:1[5-9]|20)\d\d)")
_ARTICLE_NUMBER = re.compile(r"[a-zA-Z]{0,2}\d{2,9}")
_PAGE_WORDS = frozenset(("p", "pp", "s", "ss", "pages", "pag", "págs", "pág", "seiten", "с"))


def mend_numbers(tokens: Sequence[Token], labels: list[str]) -> None:
    _page_behind_issue(tokens, labels)
    _year_in_title(tokens, labels)
    _second_year(tokens, labels)
    _article_number(tokens, labels)
    if "date" not in labels:
        _range_of_years(tokens, labels)


def _page_behind_issue(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "62(3), 1425 (1984)": of two numbers like years behind an issue, the one in brackets is the year."""
    for i in range(1, len(labels) - 1):
        is_pair = labels[i] == labels[i + 1] == "date" and labels[i - 1] in ("issue", "volume")
        if is_pair and tokens[i].text.isdecimal() and "(" not in tokens[i].before and "(" in tokens[i + 1].before:
            labels[i] = "pages"


def _article_number(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "p. e1234", "Art. no. 104321": what stands in the place of pages."""
    for i in range(1, len(tokens)):
        if labels[i] == "title" or not _ARTICLE_NUMBER.fullmatch(tokens[i].text):
            continue
        start = i - 1
        while start > 0 and tokens[start].text.lower() in ("no", "nr", "number"):
            start -= 1
        word = tokens[start].text.lower()
        if word in ("art", "article") or (labels[start] == "pages" and word in _PAGE_WORDS):
            labels[start : i + 1] = ["pages"] * (i + 1 - start)


def _year_in_title(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Ward K. 1848 and the sea. Past Tides. 2002;55:3-26": a title may begin with a year, where another dates it."""
    dates = [i for i, label in enumerate(labels) if label == "date"]
    if len(dates) < 2 or dates[0] + 1 == len(labels) or labels[: dates[0]].count("author") != dates[0]:
        return
    first = dates[0]
    is_open = tokens[first].after == " " and labels[first + 1] == "title" and tokens[first + 1].text[0].islower()
    if first and is_open and any(_YEAR.fullmatch(tokens[i].text) for i in dates[1:]):
        labels[first] = "title"


def _second_year(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "1998/99;14": the end of a pair of years is no volume."""
    for i in range(1, len(labels)):
        is_pair = labels[i - 1] == "date" and labels[i] == "volume" and tokens[i].before == "/"
        if is_pair and _YEAR.fullmatch(tokens[i - 1].text) and len(tokens[i].text) == 2:
            labels[i] = "date"


def _range_of_years(tokens: Sequence[Token], labels: list[str]) -> None:
    """Years of a volume or of a book's volumes, not pages: "1999–2000;14:88-123", "Bruges: Academie, 1985-88"."""
    for i in range(2, len(labels)):
        if labels[i] not in ("pages", "note", "volume") or not _YEARS.fullmatch(tokens[i].text):
            continue
        is_last = i + 1 == len(labels) or labels[i + 1] in ("id", "note", "series")
        is_behind_place = is_last and labels[i - 1] in ("place", "publisher")
        is_bracketed = "(" in tokens[i].before and ")" in tokens[i].after
        alike = [token for token, label in zip(tokens, labels, strict=True) if label == labels[i]]
        has_other = sum(token.text[0].isdigit() for token in alike) > 1
        is_doubled = has_other and tokens[i - 1].text.lower() not in _PAGE_WORDS and ":" not in tokens[i].before
        if is_behind_place or is_bracketed or is_doubled:
            labels[i] = "date"
            return

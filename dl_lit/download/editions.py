"""Whether a book is another edition than the wanted one: by the edition that it names, and the years of its imprint."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dl_lit.download.expectation import Expectation
from dl_lit.download.fault import Fault
from dl_lit.download.first_pages import FirstPage
from dl_lit.identity.folding import fold
from dl_lit.model import DownloadReason

_WORDS = {
    **dict.fromkeys(("first", "erste", "premiere", "primera", "prima"), 1),
    **dict.fromkeys(("second", "zweite", "deuxieme", "segunda", "seconda", "tweede"), 2),
    **dict.fromkeys(("third", "dritte", "troisieme", "tercera", "terza", "terceira", "derde"), 3),
    **dict.fromkeys(("fourth", "vierte", "quatrieme", "cuarta", "quarta", "vierde"), 4),
    **dict.fromkeys(("fifth", "funfte", "cinquieme", "quinta", "vijfde"), 5),
    **dict.fromkeys(("sixth", "sechste", "sixieme", "sexta", "sesta", "zesde"), 6),
    **dict.fromkeys(("seventh", "siebte", "septieme", "septima", "settima"), 7),
    **dict.fromkeys(("eighth", "achte", "huitieme", "octava", "ottava"), 8),
}
_BETWEEN = (
    r"(?:,?\s+(?:and|und|et|y|e|\w*(?:revised|updated|expanded|enlarged|corrected|erweiterte|uberarbeitete))){0,4}"
)
_NAMED = re.compile(
    rf"\b(?:({'|'.join(_WORDS)})|(\d{{1,2}})(?:st|nd|rd|th|e|eme|a|ª|\.))(?!\w){_BETWEEN},?\s+"
    r"(?:edition|ed\b|aufl\w*|edicion|edizione|edicao|uitgave|druk)"
)
_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d\b")
_IMPRINT = re.compile(
    r"©|\bcopyright\b|\(c\)|\bpublished\b|edition|\bed\b|aufl|verlag|press\b|publi|edicion|edizione|edit"
)
_LONGEST_ROW = 120  # letters; in a sentence other editions are spoken of
_REPRINT = 1  # years that a record may be behind its imprint


def other_edition(pages: Sequence[FirstPage], expectation: Expectation) -> Fault | None:
    """Of a record without an edition only the years tell; an imprint of the record's own year is the wanted one."""
    printed = max(_named("\n".join(_rows(pages))), default=0)
    wanted = next(iter(_named(f"{expectation.edition or ''} edition")), 0) or _number(expectation.edition)
    if printed < 1 or wanted == printed or printed in _named(expectation.title or ""):
        return None
    if wanted and printed > 1:
        detail = f"it is the edition no. {printed}, the record's is no. {wanted}"
        return Fault(DownloadReason.WRONG_WORK, detail)
    newest = max((int(year) for row in _rows(pages) if _IMPRINT.search(row) for year in _YEAR.findall(row)), default=0)
    if printed > 1 and expectation.year and newest > expectation.year + _REPRINT:
        detail = f"it is the edition no. {printed}, of {newest}; the record is of {expectation.year}"
        return Fault(DownloadReason.UNVERIFIED, detail)
    return None


def _rows(pages: Sequence[FirstPage]) -> Iterator[str]:
    return (fold(row.text) for page in pages for row in page.rows if len(row.text) <= _LONGEST_ROW)


def _named(text: str) -> list[int]:
    return [_WORDS[found[1]] if found[1] else int(found[2]) for found in _NAMED.finditer(fold(text))]


def _number(edition: str | None) -> int:
    found = re.search(r"\d{1,2}", edition or "")
    return int(found[0]) if found else _WORDS.get(fold(edition or "").strip(), 0)

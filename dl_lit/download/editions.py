"""Whether a book is another edition than the wanted one: by the edition that it names, and the years of its imprint."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dl_lit.download.expectation import Expectation
from dl_lit.download.fault import Fault
from dl_lit.download.first_pages import FirstPage
from dl_lit.identity.editions import NUMBERS, registered
from dl_lit.identity.folding import fold
from dl_lit.model import DownloadReason

_BETWEEN = (
    r"(?:,?\s+(?:and|und|et|y|e|\w*(?:revised|updated|expanded|enlarged|corrected|erweiterte|uberarbeitete))){0,4}"
)
# Fewer nouns than prints of references have: in an imprint some of those ("3. opplag") count its printings.
_NAMED = re.compile(
    rf"\b(?:({'|'.join(NUMBERS)})|(\d{{1,2}})(?:st|nd|rd|th|e|eme|a|\.))(?!\w){_BETWEEN},?\s+"
    r"(?:edition|ed\b|aufl\w*|edicion|edizione|edicao|uitgave|druk)"
)
_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d\b")
_IMPRINT = re.compile(r"©|\bcopyright\b|\(c\)|\bed\b|aufl|verlag|press\b|publi|edicion|edizione|edit")
_LONGEST_ROW = 120  # letters; in a sentence other editions are spoken of
_REPRINT = 1  # years that a record may be behind its imprint


def other_edition(pages: Sequence[FirstPage], expectation: Expectation) -> Fault | None:
    """Of a record without an edition only the years tell; an imprint of the record's own year is the wanted one."""
    rows = [fold(row.text) for page in pages for row in page.rows if len(row.text) <= _LONGEST_ROW]
    printed = max(_named("\n".join(rows)), default=0)
    wanted = registered(expectation.edition or "")
    if printed < 2 or printed == wanted or printed in _named(fold(expectation.title or "")):
        return None
    if wanted:
        detail = f"it is the edition no. {printed}, the record's is no. {wanted}"
        return Fault(DownloadReason.WRONG_WORK, detail)
    newest = max((int(year) for row in rows if _IMPRINT.search(row) for year in _YEAR.findall(row)), default=0)
    if expectation.year and newest > expectation.year + _REPRINT:
        detail = f"it is the edition no. {printed}, of {newest}; the record is of {expectation.year}"
        return Fault(DownloadReason.UNVERIFIED, detail)
    return None


def _named(folded: str) -> list[int]:
    return [NUMBERS[found[1]] if found[1] else int(found[2]) for found in _NAMED.finditer(folded)]

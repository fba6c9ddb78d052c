"""A repository's cover names the work; whether the pages behind it are that work, they must show themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dl_lit.download.author_rows import names_an_author
from dl_lit.download.expectation import Expectation
from dl_lit.download.fault import Fault
from dl_lit.download.first_pages import FirstPage, is_readable
from dl_lit.download.title_rows import Shown
from dl_lit.identity import doi as dois_of
from dl_lit.identity.folding import fold
from dl_lit.model import DownloadReason

# What repositories print on covers; a journal's own first page has one of these at most.
_MARKS = re.compile(
    r"hal id|to cite this (?:version|article|paper)|how to cite|citation for (?:published|the original)|please cite"
    r"|suggested citation|empfohlene zitierung|zitierempfehlung|open access archive|archive ouverte|take ?down policy"
    r"|general rights|terms of use|nutzungsbedingungen|link to publication|document version|this version is available"
    r"|(?:published|accepted|submitted|author'?s?|peer reviewed) version|post-?print|downloaded from"
    r"|deposited (?:in|at|by|on)|advised to consult|research (?:database|portal)"
    r"|submitted on \d|institutional repository|repositorium|repositorio|diese version ist zitierbar|version of record"
)
_FEWEST_MARKS = 2
_BEHIND = 3  # pages in which the work must begin: some covers have two


def other_behind_cover(
    document: Any, pages: Sequence[FirstPage], hits: Sequence[Shown], expectation: Expectation
) -> Fault | None:
    """Why the pages behind a cover are not the work that it names; None where they are, or are pictures."""
    behind = [page for page in pages if 1 < page.number <= 1 + _BEHIND]
    if not behind or not is_cover(pages[0]) or not is_readable(behind):
        return None
    inside = [hit for hit in hits if hit.page.number > 1]
    if any(hit.other is None for hit in inside):
        return None
    if inside:
        return Fault(DownloadReason.WRONG_WORK, f"behind its cover is another text: {inside[0].other}")
    if names_an_author(document, behind, (), "", expectation) or _has_its_doi(behind, expectation):
        return None
    detail = "its cover names the work, but the pages behind it have neither its title nor its authors"
    return Fault(DownloadReason.UNVERIFIED, detail)


def is_cover(page: FirstPage) -> bool:
    return len(set(_MARKS.findall(fold(page.whole_text)))) >= _FEWEST_MARKS


def _has_its_doi(pages: Sequence[FirstPage], expectation: Expectation) -> bool:
    return expectation.doi is not None and any(expectation.doi in dois_of.find(page.whole_text) for page in pages)

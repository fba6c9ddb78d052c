"""Covers of repositories: they name the work, and the pages behind them are it or are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest

from download_world import DOI, TITLE
from test_download_recognition import EXPECTED, TEXT, UNVERIFIED, WRONG, article, judged, typeset

COVERS = (
    ("HAL Id: hal-01234567\nSubmitted on 3 Mar 2015", "Astrid Berglund", "To cite this version: A."),
    ("University of Somewhere", "Astrid Berglund", "Document version: accepted\nTerms of use"),
    ("SSOAR", "Berglund, Astrid", "Empfohlene Zitierung / Suggested Citation: B."),
)


def behind(cover: int, body: bytes) -> bytes:
    above, people, below = COVERS[cover]
    page = typeset([(above, 9), (TITLE, 17), (people, 12), (below, 9)])
    with pymupdf.open(stream=page, filetype="pdf") as document, pymupdf.open(stream=body) as inside:
        document.insert_pdf(inside)
        return bytes(document.tobytes())


@pytest.mark.parametrize("cover", range(3))
def test_another_work_behind_our_cover_is_not_kept(tmp_path: Path, cover: int) -> None:
    other = article("Lime and oats in the lowlands of Fife", "Arthur Brown")
    assert judged(tmp_path, behind(cover, other)).reason is UNVERIFIED


@pytest.mark.parametrize("cover", range(3))
def test_the_erratum_behind_our_cover_is_another_work(tmp_path: Path, cover: int) -> None:
    erratum = article(f"Erratum to: {TITLE}")
    assert judged(tmp_path, behind(cover, erratum)).reason is WRONG


@pytest.mark.parametrize("cover", range(3))
@pytest.mark.parametrize(
    "body",
    [
        article(TITLE),
        article("Was der Norden sah und erzählte", "Astrid Berglund"),  # its title in another language
        typeset([(f"https://doi.org/{DOI}", 8), ("Was der Norden sah", 16), (TEXT, 9)], [(TEXT, 9)]),
    ],
    ids=["title", "author", "doi"],
)
def test_the_work_behind_its_cover_is_known_by_title_author_or_doi(tmp_path: Path, cover: int, body: bytes) -> None:
    assert judged(tmp_path, behind(cover, body), replace(EXPECTED, doi=DOI)).reason is None


def test_a_first_page_that_is_no_cover_speaks_for_itself(tmp_path: Path) -> None:
    body = typeset(
        [(TITLE, 16), ("Astrid Berglund", 11), ("Submitted on 3 Mar 2015", 9), (TEXT, 9)], *([[(TEXT, 9)]] * 3)
    )
    assert judged(tmp_path, body).reason is None

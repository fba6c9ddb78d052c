"""By which names a refused work is known again."""

from __future__ import annotations

import pytest

from dl_lit.model import Work
from dl_lit.refusals import is_refused, is_same, names_of
from library import work

ARTICLE = work("Tides", doi="10.1000/a", openalex_id="W1", arxiv="1706.03762")


@pytest.mark.parametrize(
    ("candidate", "refused"),
    [
        (work("Another title", doi="10.1000/a"), True),
        (work("Tides", doi="10.1000/b"), False),
        (work("Tides", doi="10.48550/arxiv.1706.03762", arxiv="1706.03762"), False),  # the preprint is another work
        (work("Other", openalex_id="W1"), True),
        (work("Tides", openalex_id="W2"), False),
        (work("Tides"), True),  # a record without any identifier: its title and year are all there is
        (work("Tides", year=2002), False),
        (Work(), False),
    ],
)
def test_a_refused_work_is_known_by_its_doi_else_by_what_there_is(candidate: Work, refused: bool) -> None:
    assert is_refused(candidate, frozenset(names_of(ARTICLE))) is refused
    assert not is_refused(candidate, frozenset())


def test_two_records_are_one_work_by_their_dois_or_without_any() -> None:
    assert is_same(ARTICLE, work(doi="10.1000/a"))
    assert not is_same(ARTICLE, work("Tides", openalex_id="W1"))
    assert is_same(work("Tides", openalex_id="W1"), work("Seas", openalex_id="W1"))

"""Works that share their place with another one's look-alike: each print has only the wrong one to choose from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.model import Decision, Work
from test_enrichment_kinds import ARTICLE, outcome

# ── containers ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("title", ["Editorial", "Book reviews", "Obituary", "Introduction", "Frontmatter"])
def test_a_title_of_many_works_is_another_in_another_journal_though_volume_and_page_agree(title: str) -> None:
    own = replace(ARTICLE, title=title, authors=ARTICLE.authors[:1], pages="1-2")
    raw = f"Aldana, M. (2011). {title}. {{}}, 28(2), 1-2."
    assert outcome(raw.format("Journal of Polar Observation"), own).work == own
    assert outcome(raw.format("J. Polar Obs."), own).work == own
    for other in ("Journal of Solar Observation", "Annals of Beekeeping", "Journal of Ecology"):
        assert outcome(raw.format(other), own).decision is not Decision.ACCEPTED


def test_a_journal_that_looks_alike_is_no_place() -> None:
    own = Work(
        title="Markers of coastal disease", authors=ARTICLE.authors, year=2001, container="Journal of Urology",
        volume="75", type="journal-article", doi="10.5555/urology",
    )  # fmt: skip
    raw = "M. Aldana, T. Oyelaran, {} 75 (2001)."
    assert outcome(raw.format("Journal of Urology"), own).work == own
    assert outcome(raw.format("Journal of Virology"), own).decision is not Decision.ACCEPTED

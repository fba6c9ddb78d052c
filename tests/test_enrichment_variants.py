"""What is printed otherwise than it is registered and is the same: centuries, data of a work, numbers of reports."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.identity import centuries
from dl_lit.model import Decision, Person, Work
from test_enrichment_kinds import ARTICLE, BOOK, outcome

# ── centuries ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("printed", "registered", "other"),
    [
        ("Le tissage au XXI siècle", "Le tissage au XXIe siècle", "Le tissage au XXe siècle"),
        ("Le tissage au XXIe siècle", "Le tissage au 21e siècle", "Le tissage au 20e siècle"),
        ("Le tissage au XXIème s", "Le tissage au XXIe siècle", "Le tissage au XIXe siècle"),
        ("Weber und Weben im 19. Jh", "Weber und Weben im 19. Jahrhundert", "Weber und Weben im 18. Jahrhundert"),
        ("Weber und Weben im 19. Jhdt", "Weber und Weben im XIX. Jahrhundert", "Weber und Weben im 18. Jahrhundert"),
        ("Weber im neunzehnten Jahrhundert", "Weber im 19. Jahrhundert", "Weber im 18. Jahrhundert"),
        ("Weavers in the nineteenth century", "Weavers in the 19th Century", "Weavers in the Eighteenth Century"),
        ("Weavers in the 19th c", "Weavers in the 19th Century", "Weavers in the 18th Century"),
        ("I tessitori nel sec. XIX", "I tessitori nel secolo XIX", "I tessitori nel secolo XVIII"),
        ("Los tejedores en el s. XIX", "Los tejedores en el siglo XIX", "Los tejedores en el siglo XVIII"),
        ("Os tecelões no séc. XIX", "Os tecelões no século XIX", "Os tecelões no século XX"),
        ("Ткачи долины в XIX в", "Ткачи долины в XIX веке", "Ткачи долины в XX веке"),
        ("Tkacze w XIX w", "Tkacze w XIX wieku", "Tkacze w XX wieku"),
        ("十九世紀の織物職人たちの研究", "19世紀の織物職人たちの研究", "18世紀の織物職人たちの研究"),
    ],
)
def test_a_century_may_be_written_in_several_ways(printed: str, registered: str, other: str) -> None:
    raw = f"Castellane, O. (1994). {printed}. Oldtown: Hill Press."
    assert outcome(raw, replace(BOOK, title=registered)).decision is Decision.ACCEPTED
    assert outcome(raw, replace(BOOK, title=other)).decision is not Decision.ACCEPTED


@pytest.mark.parametrize("text", ["C. 19th St.", "s. 12", "Vol. XIX", "pp. 19-21", "the weavers", "XIX Congresso"])
def test_other_numbers_are_no_centuries(text: str) -> None:
    assert not centuries.are_named(text)


# ── data ─────────────────────────────────────────────────────────────────────────────────────────────────

DATA = replace(ARTICLE, type="dataset", container=None, volume=None, issue=None, pages=None, publisher="Dryad")


@pytest.mark.parametrize(
    "printed",
    ["Data from: {}. Dryad.", "Replication data for: {}. Dryad.", "Dataset for “{}”. Dryad.", "{} [Data set]. Dryad."],
)
def test_the_data_of_an_article_are_known_by_its_title_alone(printed: str) -> None:
    raw = "Aldana, M., & Oyelaran, T. (2011). " + printed.format(ARTICLE.title)
    assert outcome(raw, DATA).work == DATA
    assert outcome(raw, ARTICLE).decision is not Decision.ACCEPTED
    assert outcome(raw.replace("coastal", "inland"), DATA).decision is not Decision.ACCEPTED


# ── reports that come again ──────────────────────────────────────────────────────────────────────────────

OUTLOOK = Work(
    title="World Coasts Outlook, April 2015", authors=(Person(name="International Coastal Fund"),), year=2015,
    container="World Coasts Outlook", type="journal-article", doi="10.5555/outlook",
)  # fmt: skip


@pytest.mark.parametrize("change", [{}, {"container": None}, {"type": "other"}, {"type": "report", "container": None}])
def test_a_bodys_report_may_be_registered_as_an_article(change: dict[str, str | None]) -> None:
    own = replace(OUTLOOK, **change)  # type: ignore[arg-type]
    raw = "International Coastal Fund ({}). World Coasts Outlook, {} {}. Washington, DC: ICF."
    assert outcome(raw.format(2015, "April", 2015), own).work == own
    assert outcome(raw.format(2015, "October", 2015), own).decision is not Decision.ACCEPTED
    assert outcome(raw.format(2014, "April", 2014), own).decision is not Decision.ACCEPTED


@pytest.mark.parametrize(
    "change", [{"pages": "1-20"}, {"container": "Journal of Coasts"}, {"authors": ARTICLE.authors}]
)
def test_an_article_of_a_journal_or_of_people_is_not_the_book(change: dict[str, object]) -> None:
    own = replace(OUTLOOK, **change)  # type: ignore[arg-type]
    author = "Aldana, M., & Oyelaran, T." if "authors" in change else "International Coastal Fund"
    raw = f"{author} (2015). World Coasts Outlook, April 2015. Washington, DC: ICF."
    assert outcome(raw, own).decision is not Decision.ACCEPTED

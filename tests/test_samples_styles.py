"""Each citation style prints the known works as its manual says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.model import Person
from dl_lit.standin import styles, styles_numbered
from dl_lit.standin.catalogue import CatalogueWork, load
from dl_lit.standin.citing import Citation, Face, Run, italic, plain, printed_doi, raised, runs, sentence, shortened

WORKS = {work.key: work for work in load()}
ALL = (
    styles.Apa,
    styles.ApaGerman,
    styles.Harvard,
    styles.Chicago,
    styles.Mla,
    styles.Kzfss,
    styles.GermanIn,
    styles.Springer,
    styles_numbered.Ieee,
    styles_numbered.Vancouver,
    styles_numbered.Acs,
    styles_numbered.Aps,
)


def printed(style: type[styles.Style], key: str, **changes: object) -> str:
    return plain(style().entry(replace(Citation(WORKS[key]), **changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize("style", ALL)
def test_no_style_leaves_holes_or_double_stops(style: type[styles.Style]) -> None:
    for work in WORKS.values():
        text = plain(style().entry(Citation(work)))
        for flaw in ("None", "..", ",,", "  ", " ,", "?.", "()", "“”"):
            assert flaw not in text, text


@pytest.mark.parametrize(
    ("style", "key", "expected"),
    [
        (
            styles.Apa,
            "breiman2001random",
            "Breiman, L. (2001). Random Forests. Machine Learning, 45(1), 5–32. https://doi.org/10.1023/A:1010933404324",
        ),
        (
            styles.Apa,
            "elster1986introduction",
            "Elster, J. (1986). Introduction. In J. Elster (Ed.), Rational Choice (pp. 1–33). Basil Blackwell.",
        ),
        (
            styles.ApaGerman,
            "weinert2001leistungsmessungen",
            "Weinert, F. E. (Hrsg.). (2001). Leistungsmessungen in Schulen. Beltz.",
        ),
        (
            styles.Harvard,
            "bourdieu1983kapital",
            "Bourdieu, P. (1983) ‘Ökonomisches Kapital, kulturelles Kapital, soziales Kapital’, in Kreckel, R. (ed.) "
            "Soziale Ungleichheiten. Göttingen: Schwartz, pp. 183–198.",
        ),
        (
            styles.Chicago,
            "coase1960problem",
            "Coase, Ronald H. 1960. “The Problem of Social Cost.” The Journal of Law and Economics 3: 1–44. "
            "https://doi.org/10.1086/466560.",
        ),
        (
            styles.Mla,
            "shavit1993persistent",
            "Shavit, Yossi, and Hans-Peter Blossfeld, editors. Persistent Inequality: Changing Educational Attainment "
            "in Thirteen Countries. Westview Press, 1993.",
        ),
        (
            styles.Kzfss,
            "muller1994bildungsungleichheit",
            "Müller, Walter und Dietmar Haun. 1994. Bildungsungleichheit im sozialen Wandel. "
            "Kölner Zeitschrift für Soziologie und Sozialpsychologie 46:1–42.",
        ),
        (
            styles.GermanIn,
            "muller1994bildungsungleichheit",
            "Müller, W./Haun, D. (1994): Bildungsungleichheit im sozialen Wandel. In: Kölner Zeitschrift für "
            "Soziologie und Sozialpsychologie 46, H. 1, S. 1–42.",
        ),
        (
            styles.Springer,
            "vandermaaten2008visualizing",
            "van der Maaten L, Hinton G (2008) Visualizing Data using t-SNE. "
            "Journal of Machine Learning Research 9:2579–2605",
        ),
        (
            styles_numbered.Ieee,
            "hochreiter1991untersuchungen",
            "J. Hochreiter, “Untersuchungen zu dynamischen neuronalen Netzen,” Ph.D. dissertation, "
            "Technische Universität München, München, 1991.",
        ),
        (
            styles_numbered.Vancouver,
            "li2009fast",
            "Li H, Durbin R. Fast and accurate short read alignment with Burrows–Wheeler transform. Bioinformatics. "
            "2009;25(14):1754-60. doi:10.1093/bioinformatics/btp324.",
        ),
        (
            styles_numbered.Acs,
            "eht2019first",
            "Event Horizon Telescope Collaboration. The Astrophysical Journal Letters 2019, 875 (1), L1. "
            "https://doi.org/10.3847/2041-8213/ab0ec7.",
        ),
        (styles_numbered.Aps, "higgs1964broken", "P. W. Higgs, Physical Review Letters 13, 508 (1964)."),
    ],
)
def test_a_known_work_is_printed_as_the_style_wants(style: type[styles.Style], key: str, expected: str) -> None:
    assert printed(style, key) == expected


def test_a_repeated_author_becomes_a_dash() -> None:
    assert printed(styles.Chicago, "north1991institutions", dash=True, show_doi=False).startswith("———. 1991. ")
    assert printed(styles.GermanIn, "luhmann1984soziale", dash=True).startswith("Ders. (1984): ")


def test_a_web_page_is_cited_with_its_address() -> None:
    url = "https://www.example.org/report"
    for style in (styles.Apa, styles.Harvard, styles.GermanIn, styles_numbered.Ieee, styles_numbered.Aps):
        assert url in printed(style, "page1999pagerank", url=url, accessed="12 March 2020")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("kresse1999ultrasoft", "10.1103/PhysRevB.59.1758"),
        ("kolb2001click", "10.1002/1521-3773(20010601)40:11<2004::AID-ANIE2004>3.0.CO;2-5"),
        ("born1925quantenmechanik", "10.1007/BF01328531"),
        ("li2009fast", "10.1093/bioinformatics/btp324"),
        ("hayek1945use", None),
    ],
)
def test_dois_are_printed_with_their_publishers_capitals(key: str, expected: str | None) -> None:
    assert printed_doi(Citation(WORKS[key])) == expected
    assert printed_doi(Citation(WORKS[key], show_doi=False)) is None


def test_very_long_author_lists_are_cut() -> None:
    crowd = tuple(Person(family=f"Name{number}", given="Ann") for number in range(25))
    work = CatalogueWork(key="", title="T", year=2000, type="book", language="en", cited_by=0, authors=crowd)
    assert "Name18, A., … Name24, A. (2000)" in plain(styles.Apa().entry(Citation(work)))
    assert "Name6, et al. 2000." in plain(styles.Chicago().entry(Citation(work)))
    assert "Name9, A.; et al. T" in plain(styles_numbered.Acs().entry(Citation(work)))


def test_the_base_style_prints_nothing_by_itself() -> None:
    base = styles.Style()
    for form in (base.journal, base.book, base.chapter):
        with pytest.raises(NotImplementedError):
            form(Citation(WORKS["north1991institutions"]))
    with pytest.raises(NotImplementedError):
        base.names(())


def test_in_text_labels_name_one_two_or_the_first_of_many() -> None:
    assert styles.in_text(Citation(WORKS["north1991institutions"], suffix="a")) == "North, 1991a"
    assert styles.in_text(Citation(WORKS["coase1960problem"])) == "Coase, 1960"
    assert styles.in_text(Citation(WORKS["li2009fast"]), " und ") == "Li und Durbin, 2009"
    assert styles.in_text(Citation(WORKS["lecun2015deep"])) == "LeCun et al., 2015"


def test_marks_become_runs_and_vanish_from_plain_text() -> None:
    marked = f"In {italic('Nature')}, see{raised('3')}"
    assert runs(marked) == (
        Run("In "),
        Run("Nature", Face.ITALIC),
        Run(", see"),
        Run("3", Face.RAISED),
    )
    assert plain(marked) == "In Nature, see3"


def test_sentences_close_with_one_stop() -> None:
    assert sentence("What Is Agency?", None, "Smith, J.", "End") == "What Is Agency? Smith, J. End."


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("2278-2324", "2278-324"),
        ("1754-1760", "1754-60"),
        ("1-38", "1-38"),
        ("5-9", "5-9"),
        ("e124", "e124"),
        (None, ""),
    ],
)
def test_page_ranges_are_shortened_as_vancouver_does(pages: str | None, expected: str) -> None:
    assert shortened(pages) == expected

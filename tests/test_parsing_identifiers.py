"""Identifiers and links as they are printed: broken over lines, run into each other, with odd things around them."""

from __future__ import annotations

import pytest

from dl_lit.extraction.parsing import identifiers, parse_reference

_SICI = "10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O"


@pytest.mark.parametrize(
    ("printed", "doi"),
    [
        ("doi:10.1000/xyz.", "10.1000/xyz"),
        ("DOI 10.1000/XYZ,", "10.1000/xyz"),
        ("https://doi.org/10.1000/xyz)", "10.1000/xyz"),
        ("(https://doi.org/10.1000/x(y)z)", "10.1000/x(y)z"),
        ("http://dx.doi.org/10.1000/xyz", "10.1000/xyz"),
        ("https:// doi.org/10.1000/xyz", "10.1000/xyz"),
        (f"https://doi.org/{_SICI}.", _SICI.lower()),
        ("doi:10.1175/1520-0469(1963)020<0130:DNF>2.0.CO;2.", "10.1175/1520-0469(1963)020<0130:dnf>2.0.co;2"),
        ("10.1000/xyz[CrossRef]", "10.1000/xyz"),
        ("10.1000/xyz. [CrossRef] [PubMed]", "10.1000/xyz"),
        ("10.1000/xyz.PMID: 12345678", "10.1000/xyz"),
        ("doi: 10.1000/xyz. PubMed PMID: 12345678", "10.1000/xyz"),
        ("10.1000 /abc1", "10.1000/abc1"),
        ("10.1000/ abc1", "10.1000/abc1"),
        ("doi: 10.1000/j.abc.2019. 01.005", "10.1000/j.abc.2019.01.005"),
        ("doi: 10.1000/abc- 2019x", "10.1000/abc-2019x"),
        ("doi: 10.1000/abc. e12", "10.1000/abc.e12"),
        ("doi:10.1000/a.1. 23456789", "10.1000/a.1"),
        ("doi:10.1000/a.1. 2019 Jan", "10.1000/a.1"),
        ("doi:10.1000/a.1. arXiv:1234.56789", "10.1000/a.1"),
        ("10.1000/a1;10.1000/b2", "10.1000/a1"),
        ("doi: 10.1000/a1; doi: 10.1000/b2", "10.1000/a1"),
        ("Section 10.3 of the report", None),
    ],
)
def test_a_doi_is_read_whatever_stands_around_it(printed: str, doi: str | None) -> None:
    assert identifiers.find(f"A title. {printed}").doi == doi


def test_of_several_dois_the_first_counts_and_all_are_known_as_such() -> None:
    found = identifiers.find("doi:10.1000/a1; doi:10.1000/b2")
    assert (found.doi, len(found.spans), found.url) == ("10.1000/a1", 2, None)


@pytest.mark.parametrize(
    ("printed", "url"),
    [
        ("<http://www.example.org/b-c>. Acesso em: 3 mar. 2010", "http://www.example.org/b-c"),
        ("http://www.example.org/ path/file.html. Acesso em", "http://www.example.org/path/file.html"),
        ("http://www.example. org/a/b.html", "http://www.example.org/a/b.html"),
        ("www.example.de /pfad/x", "http://www.example.de/pfad/x"),
        ("http://a.org/x- y/z.pdf, S. 3", "http://a.org/x-y/z.pdf"),
        ("http: //a.org/x", "http://a.org/x"),
        ("http://a.org/ accessed 3 May 2012", "http://a.org/"),
        ("http://a.org/ 12.03.2010", "http://a.org/"),
        ("http://a.org/ 2010", "http://a.org/"),
        ("(see https://a.org/x_(y))", "https://a.org/x_(y)"),
        ("http://a.org/x http://b.org/y", "http://a.org/x"),
    ],
)
def test_a_link_goes_on_behind_a_line_end_but_not_into_the_next_sentence(printed: str, url: str) -> None:
    assert identifiers.find(f"A title. {printed}").url == url


def test_the_identifiers_of_one_reference_are_told_apart() -> None:
    found = identifiers.find(
        "Title. doi:10.1000/x. PubMed PMID: 12345678; PubMed Central PMCID: PMC123456. ISBN 0-521-40599-8."
    )
    assert (found.doi, found.pmid, found.pmcid) == ("10.1000/x", "12345678", "PMC123456")
    assert found.isbn is not None


@pytest.mark.parametrize(
    "printed", ["arXiv:1106.3440", "1106.3440 [hep-ph]", "arXiv : 1106.3440v2", "[1106.3440[hep-th]]"]
)
def test_an_arxiv_number_is_known_by_its_archive(printed: str) -> None:
    assert identifiers.find(f"P. Wenz, {printed}").arxiv == "1106.3440"


@pytest.mark.parametrize(
    "printed",
    [
        "arXiv preprint arXiv:1706.03762, 2017.",
        "arXiv preprint 1706.03762",
        "arXiv e-prints, arXiv:1706.03762v2 [cs.LG].",
        "Preprint at arXiv (arXiv:1706.03762).",
        "CoRR abs/1706.03762 (2017).",
        "CoRR, vol. abs/1706.03762, 2017.",
        "https://arxiv.org/abs/1706.03762v3",
    ],
)
def test_an_arxiv_number_is_read_whatever_words_lead_to_it(printed: str) -> None:
    reference = parse_reference(f"Wenz, P. Tide tables of the north. {printed}")
    assert (reference.arxiv, reference.type) == ("1706.03762", "posted-content")
    assert reference.title == "Tide tables of the north"

"""Identifiers have one spelling each, junk has none, and nothing printed makes a normaliser raise."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dl_lit.identity import arxiv, doi, isbn, names, pubmed, titles

SICI = "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("10.1038/NATURE14539", "10.1038/nature14539"),
        ("https://doi.org/10.1038/nature14539.", "10.1038/nature14539"),
        ("http://dx.doi.org/10.1038/nature14539", "10.1038/nature14539"),
        ("doi:10.1038/nature14539", "10.1038/nature14539"),
        ("DOI: 10.1038/nature14539,", "10.1038/nature14539"),
        ("doi.org/10.1038/nature14539", "10.1038/nature14539"),
        ("(10.1038/nature14539)", "10.1038/nature14539"),
        ("doi:10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O", SICI),
        ("10.1002/(SICI)1097-4571(199806)49:8&lt;693::AID-ASI4&gt;3.0.CO;2-O", SICI),
        ("10.1016/S0140-6736(02)08657-9).", "10.1016/s0140-6736(02)08657-9"),
        ("10.1016/j. jhydrol.2010.01.001", "10.1016/j.jhydrol.2010.01.001"),
        ("10.1007/978-3-642-\n12345-5_12", "10.1007/978-3-642-12345-5_12"),
        ("DOI:10. 1016 /j.x.2010.1", "10.1016/j.x.2010.1"),
        ("10.1000/soft\u00adhyphen1", "10.1000/softhyphen1"),
        ("10.1000/en–dash", "10.1000/en-dash"),
        ("http://dx.doi.org/10.1002%2Fabc.12", "10.1002/abc.12"),
        ("https://doi.org/10.1000/abc?utm_source=mail", "10.1000/abc"),
        ("https://onlinelibrary.wiley.com/doi/abs/10.1002/abc.1/full", "10.1002/abc.1"),
        ("10.1000/abc</a>", "10.1000/abc"),
        ("10.1000.10/123456", "10.1000.10/123456"),
        ("n/a", None),
        ("", None),
        (None, None),
        ("10.1000/", None),
        ("10.1000/...", None),
        ("10.1000/müller", None),
        ("10.99/too-short-registrant", None),
        ("see 10.1000/182", None),
        ("https://example.org/no-doi-here", None),
    ],
)
def test_a_doi_has_one_spelling_and_junk_has_none(printed: str | None, expected: str | None) -> None:
    assert doi.normalise(printed) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Smith J. (2001) Title. J Foo 3:1. doi:10.1000/ABC.1. Accessed 2020", ["10.1000/abc.1"]),
        ("one 10.1000/a, two https://doi.org/10.1000/b; again 10.1000/A", ["10.1000/a", "10.1000/b"]),
        ("https://doi.org/10.1016/j. jhydrol.2010.01.001 and more", ["10.1016/j.jhydrol.2010.01.001"]),
        ("doi:10.1000/abc. 2010, p. 12", ["10.1000/abc"]),
        ("doi:10.1000/abc. arXiv:1706.03762", ["10.1000/abc"]),
        ("doi:10.1000/abc- Next sentence 12", ["10.1000/abc"]),
        ("version 110.1000/abc and 3.10.1000/abc", []),
        ("10.1000/见前", []),
        ("nothing here", []),
    ],
)
def test_dois_are_found_in_running_text(text: str, expected: list[str]) -> None:
    assert doi.find(text) == expected


def test_a_doi_goes_into_a_url_path_with_all_but_the_first_slash_encoded() -> None:
    assert doi.url_path("10.1002/(sici)1<2>/x#y?z;%") == "10.1002/%28sici%291%3C2%3E%2Fx%23y%3Fz%3B%25"


@given(st.text())
def test_normalising_a_doi_twice_changes_nothing(text: str) -> None:
    once = doi.normalise(text)
    assert once is None or doi.normalise(once) == once


@example("0%22")
@example("0%22a")
@given(st.text(alphabet="10./abZ(<>;&ü%2F lt?-'\"\\\u00ad", max_size=40))
def test_any_suffix_is_a_stable_doi_or_none(suffix: str) -> None:
    once = doi.normalise("10.1000/" + suffix)
    assert once is None or (doi.normalise(once) == once and doi.normalise(once.upper()) == once)


@given(st.text(), st.from_regex(r"10\.[1-9][0-9]{3}/[a-z0-9.()<>;:/-]{1,20}", fullmatch=True), st.text())
def test_found_dois_normalise_to_themselves(before: str, printed: str, after: str) -> None:
    for found in doi.find(f"{before} {printed} {after}"):
        assert doi.normalise(found) == found


@pytest.mark.parametrize(
    ("printed", "expected", "version"),
    [
        ("1706.03762", "1706.03762", None),
        ("arXiv:1706.03762v5 [cs.CL]", "1706.03762", 5),
        ("arXiv preprint arXiv:1706.03762", "1706.03762", None),
        ("arXiv e-prints, 1706.03762v2", "1706.03762", 2),
        ("abs/1706.03762", "1706.03762", None),
        ("https://arxiv.org/pdf/1706.03762v2.pdf", "1706.03762", 2),
        ("https://doi.org/10.48550/arXiv.1706.03762", "1706.03762", None),
        ("hep-th/9901001", "hep-th/9901001", None),
        ("arXiv:math.GT/0309136v1", "math/0309136", 1),
        ("1799.03762", None, None),
        ("12.34", None, None),
        ("foo/9901001", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_an_arxiv_id_has_one_spelling(printed: str | None, expected: str | None, version: int | None) -> None:
    assert (arxiv.normalise(printed), arxiv.version(printed)) == (expected, version)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vaswani et al. arXiv preprint arXiv:1706.03762, 2017", ["1706.03762"]),
        ("CoRR, abs/1409.0473, 2014", ["1409.0473"]),
        ("ArXiv e-prints 1409.0473", ["1409.0473"]),
        ("https://arxiv.org/abs/1409.0473v7 and hep-ph/0101001", ["1409.0473", "hep-ph/0101001"]),
        ("Proc. 1409.0473 without the word", []),
    ],
)
def test_arxiv_ids_are_found_where_the_print_says_arxiv(text: str, expected: list[str]) -> None:
    assert arxiv.find(text) == expected


def test_only_an_arxiv_doi_gives_an_arxiv_id() -> None:
    assert arxiv.from_doi("10.48550/arxiv.1706.03762") == "1706.03762"
    assert arxiv.from_doi("10.1000/1706.03762") is None
    assert arxiv.from_doi(None) is None


@given(st.text())
def test_found_arxiv_ids_normalise_to_themselves(text: str) -> None:
    for found in arxiv.find(f"arXiv:{text} arXiv 1706.03762 {text}"):
        assert arxiv.normalise(found) == found


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("ISBN 0-306-40615-2", "9780306406157"),
        ("ISBN-13: 978-3-16-148410-0", "9783161484100"),
        ("978‐3‐16‐148410‐0", "9783161484100"),
        ("0-8044-2957-X", "9780804429573"),
        ("978-3-16-148410-1", None),
        ("0-306-40615-3", None),
        ("12345", None),
        (None, None),
    ],
)
def test_an_isbn_is_kept_only_with_the_right_check_digit(printed: str | None, expected: str | None) -> None:
    assert isbn.normalise(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("ISSN: 0028-0836", "0028-0836"), ("2434561x", "2434-561X"), ("0028-0837", None), ("28-0836", None), (None, None)],
)
def test_an_issn_is_kept_only_with_the_right_check_digit(printed: str | None, expected: str | None) -> None:
    assert isbn.normalise_issn(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("PMID: 29456894", "29456894"),
        ("https://pubmed.ncbi.nlm.nih.gov/29456894/", "29456894"),
        ("29456894.", "29456894"),
        ("0", None),
        ("123456789", None),
        (None, None),
    ],
)
def test_a_pubmed_id_is_its_digits(printed: str | None, expected: str | None) -> None:
    assert pubmed.pmid(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("PMC3929010", "PMC3929010"),
        ("PMCID: PMC3929010.", "PMC3929010"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/3929010", "PMC3929010"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC3929010/pdf/x.pdf", "PMC3929010"),
        ("3929010", None),
        (None, None),
    ],
)
def test_a_pmc_id_is_pmc_and_its_digits(printed: str | None, expected: str | None) -> None:
    assert pubmed.pmcid(printed) == expected


@given(st.text())
def test_no_text_makes_a_normaliser_of_numbers_raise(text: str) -> None:
    for normalise in (isbn.normalise, isbn.normalise_issn, pubmed.pmid, pubmed.pmcid):
        once = normalise(text)
        assert once is None or normalise(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "arXiv" + ". " * 20_000,
        "arXiv" + " " * 40_000,
        "arxiv." * 8_000,
        "eprint arXiv:" * 4_000,
        "1706.03762[" + " " * 40_000 + "!",
        "1706.03762" + " " * 40_000 + "!",
        "https" + ":" * 40_000,
        "doi:" + " :" * 20_000,
        "10.1234." * 6_000,
        '10.1234/a"' * 6_000,
        "10.1234/a" + "/full" * 10_000 + "x",
        "10.1234/a" + "(" * 40_000,
        "10.1234/a" + "." * 40_000,
        "&" + "amp;" * 10_000,
        "pmcid" + " " * 40_000 + "!",
        "pmid" + " " * 40_000 + "!",
        "<!--" * 10_000,
        "ISBN" + " " * 40_000 + "(" * 10_000,
        ", jr" * 10_000,
        "universit" * 5_000,
    ],
    ids=lambda text: str(text)[:14],
)
def test_long_junk_costs_no_normaliser_seconds(text: str) -> None:
    begun = time.monotonic()
    for read in (arxiv.find, arxiv.normalise, arxiv.version, doi.find, doi.normalise, isbn.normalise):
        read(text)
    for read_other in (isbn.normalise_issn, pubmed.pmid, pubmed.pmcid, names.parse, titles.strip_markup, titles.key):
        read_other(text)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CoRR, abs/1706.03762", ["1706.03762"]),
        ("arXiv e-prints, arXiv:1706.03762", ["1706.03762"]),
        ("arXiv preprint (arXiv:1706.03762)", ["1706.03762"]),
        ("arXiv Preprints [arXiv: 1706.03762v2]", ["1706.03762"]),
        ("ArXiv. /1706.03762", ["1706.03762"]),
    ],
)
def test_the_words_around_arxiv_may_vary(text: str, expected: list[str]) -> None:
    assert arxiv.find(text) == expected


def test_what_is_longer_than_any_doi_is_none() -> None:
    assert doi.normalise("10.1234/" + "a" * 2000) is None
    assert doi.find("10.1234/" + "a" * 2000) == []

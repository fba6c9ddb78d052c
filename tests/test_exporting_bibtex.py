"""BibTeX that every reader takes back as it was meant."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library as BibLibrary

from dl_lit.exporting import tex
from dl_lit.exporting.bibtex import as_bibtex, entry_type
from dl_lit.exporting.csl_json import as_csl
from dl_lit.exporting.formats import FORMATS
from dl_lit.exporting.keys import citation_key, keyed
from dl_lit.importing.bibtex import parse
from dl_lit.model import KeptFile, Person, Work
from dl_lit.store.records import LibraryWork

ARTICLE = Work(
    title="Bildung & Herkunft: 100% {of} it_all",
    subtitle="Ein #1 Vergleich",
    authors=(Person("Müller", "Änne"), Person(name="Statistisches Bundesamt"), Person("Doe")),
    year=2012,
    container="Zeitschrift für X & Y",
    volume="3",
    issue="2",
    pages="11–29",
    type="journal-article",
    doi="10.1000/a_b%c",
    arxiv="1706.03762",
    url="https://x.org/a_b?c=d&e=f",
)


def kept(name: str) -> KeptFile:
    return KeptFile(name, "0" * 64, 10, 2, "openalex", "http://u/", "http://u/")


def export(*works: Work, file: KeptFile | None = None) -> BibLibrary:
    text = as_bibtex(keyed(LibraryWork(n, "x", work, file, 1) for n, work in enumerate(works)), Path("/l/pdfs"))
    library = parse_string(text)
    assert library.failed_blocks == []
    return library


def fields(library: BibLibrary) -> dict[str, str]:
    return {field.key: field.value for field in library.entries[0].fields}


def test_every_entry_is_read_back_with_its_type_and_key() -> None:
    (entry,) = export(ARTICLE).entries
    assert (entry.entry_type, entry.key) == ("article", "muller2012bildung")


def test_special_characters_are_escaped_in_text_and_left_alone_in_identifiers() -> None:
    values = fields(export(ARTICLE))
    assert values["title"] == r"{Bildung \& Herkunft: 100\% (of) it\_all: Ein \#1 Vergleich}"
    assert values["journal"] == r"Zeitschrift für X \& Y"
    assert values["doi"] == "10.1000/a_b%c"
    assert values["url"] == "https://x.org/a_b?c=d&e=f"


def test_people_and_bodies_are_kept_apart() -> None:
    assert fields(export(ARTICLE))["author"] == "Müller, Änne and {Statistisches Bundesamt} and Doe"


def test_page_ranges_have_two_hyphens() -> None:
    assert fields(export(ARTICLE))["pages"] == "11--29"


def test_preprints_name_their_archive() -> None:
    values = fields(export(ARTICLE))
    assert (values["eprint"], values["archiveprefix"]) == ("1706.03762", "arXiv")


def test_a_kept_file_stands_in_jabrefs_form_with_its_separators_escaped() -> None:
    assert fields(export(ARTICLE, file=kept("7-a:b;c.pdf")))["file"] == r":/l/pdfs/7-a\:b\;c.pdf:PDF"


def test_what_is_reserved_of_text_and_data_mining_goes_with_the_entry() -> None:
    reserved = replace(kept("a.pdf"), reserved="header tdm-reservation: 1, policy https://p.example/{x")
    assert fields(export(ARTICLE, file=reserved))["tdmreservation"].startswith("header tdm-reservation: 1")
    assert "tdmreservation" not in fields(export(ARTICLE, file=kept("a.pdf")))


@pytest.mark.parametrize("brace", ["{", "}", "}{", r"\}", "\\"])
@pytest.mark.parametrize(
    "name", ["title", "container", "volume", "issue", "pages", "publisher", "place", "doi", "arxiv", "isbn", "url",
             "language", "abstract"]
)  # fmt: skip
def test_a_brace_without_a_partner_in_any_field_swallows_nothing(name: str, brace: str) -> None:
    broken = replace(ARTICLE, **{name: f"a {brace}"})  # type: ignore[arg-type]
    assert [entry.fields_dict["year"].value for entry in export(broken, ARTICLE).entries] == ["2012", "2012"]


def test_a_brace_in_a_name_or_a_path_swallows_nothing() -> None:
    people = (Person("{M", "}Ä"), Person(name="Body}"))
    assert len(export(replace(ARTICLE, authors=people, editors=people), ARTICLE).entries) == 2
    assert fields(export(ARTICLE, ARTICLE, file=kept("7-}{.pdf")))["file"] == ":/l/pdfs/7-%7D%7B.pdf:PDF"
    assert fields(export(ARTICLE, file=kept("7-{a}.pdf")))["file"] == ":/l/pdfs/7-{a}.pdf:PDF"


def test_equal_keys_are_told_apart() -> None:
    keys = [entry.key for entry in export(*([ARTICLE] * 30)).entries]
    assert len(set(keys)) == 30
    assert keys[:3] == ["muller2012bildung", "muller2012bildunga", "muller2012bildungb"]


@pytest.mark.parametrize(
    ("kind", "bibtex", "publisher"),
    [
        ("book", "book", "publisher"),
        ("book-chapter", "incollection", "publisher"),
        ("dissertation", "phdthesis", "school"),
        ("report", "techreport", "institution"),
        ("something-new", "misc", "publisher"),
        (None, "misc", "publisher"),
    ],
)
def test_each_type_has_its_entry_and_says_publisher_in_its_own_way(
    kind: str | None, bibtex: str, publisher: str
) -> None:
    work = Work(title="T", type=kind, publisher="P", container="C")
    assert entry_type(work) == bibtex
    assert fields(export(work))[publisher] == "P"


@pytest.mark.parametrize(
    ("work", "key"),
    [
        (Work(title="On it", authors=(Person("Ðorđević", "Đ"),), year=1999), "dordevic1999on"),
        (Work(title="社会学", authors=(Person("王", "力"),)), "wangshehuixue"),
        (Work(), "anon"),
        (Work(title="?!", editors=(Person(name="OECD"),), year=2000), "oecd2000"),
    ],
)
def test_keys_are_ascii_whatever_the_script(work: Work, key: str) -> None:
    assert citation_key(work).isascii()
    assert citation_key(work) == key


def test_backslashes_and_lonely_signs_do_no_harm() -> None:
    title = fields(export(Work(title=r"a\b ~ c^d \& e")))["title"]
    assert title == r"{a\textbackslash{}b \textasciitilde{} c\textasciicircum{}d \& e}"


@pytest.mark.parametrize(
    ("language", "langid"), [("de", "ngerman"), ("de-AT", "ngerman"), ("tlh", None), (None, None), ("EN", "english")]
)
def test_a_language_is_named_as_babel_names_it_so_that_capitals_stay(language: str | None, langid: str | None) -> None:
    """Better BibTeX takes a title without it for English, and lowers the capitals of German nouns."""
    assert tex.langid(language) == langid


def test_many_works_of_the_same_key_cost_no_more_than_others() -> None:
    """A list of DOIs is nothing else, and may be long: in turns of all before it, this took minutes."""
    entries = [LibraryWork(number, "x", Work(), None, 1) for number in range(30_000)]
    keys = [one.key for one in keyed(entries)]
    assert len(set(keys)) == len(keys)
    assert keys[:3] == ["anon", "anona", "anonb"] and keys[26:29] == ["anonz", "anona1", "anonb1"]


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
def test_names_of_books_and_publishers_stay_whole_and_a_junior_keeps_his_place(dialect: str) -> None:
    """Found with pandoc: "IEEE Conference" became "IEEE conference", one publisher two, "William H." a suffix."""
    odd = Work(
        title="A Paper",
        subtitle="With a Subtitle about Germany",
        authors=(Person("Sewell", "William H., Jr."), Person("Loury", "Glenn III"), Person("Wang", "Xiao Jun")),
        container="Proceedings of the IEEE",
        type="proceedings-article",
        publisher="Smith and Sons",
        place="Berlin",
    )
    text = FORMATS[dialect].write(list(keyed([LibraryWork(1, "x", odd, None, 1)])), Path("/l"))
    assert "author = {Sewell, Jr., William H. and Loury, III, Glenn and Wang, Xiao Jun}" in text
    assert "booktitle = {{Proceedings of the IEEE}}" in text and "publisher = {{Smith and Sons}}" in text
    assert ("subtitle = {{With a Subtitle about Germany}}" in text) is (dialect == "biblatex")
    [back] = parse(text).entries
    assert back.reference.container == odd.container and back.reference.publisher == odd.publisher
    assert [person.family for person in back.reference.authors] == ["Sewell", "Loury", "Wang"]
    assert [person.given for person in back.reference.authors] == ["William H. Jr.", "Glenn III", "Xiao Jun"]


def test_csl_tells_a_suffix_from_a_given_name() -> None:
    work = Work(title="A", authors=(Person("Sewell", "William H., Jr."), Person("Doe", "J."), Person("Roe")))
    [item] = json.loads(as_csl(keyed([LibraryWork(1, "x", work, None, 1)]), Path("/l")))
    assert item["author"] == [
        {"family": "Sewell", "given": "William H.", "suffix": "Jr."},
        {"family": "Doe", "given": "J."},
        {"family": "Roe"},
    ]

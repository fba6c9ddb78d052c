"""What is read out of single printed references, style by style, and what must hold for any string at all."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_lit.extraction.parsing import parse_reference
from dl_lit.identity import arxiv, doi
from dl_lit.model import Person, Reference

# References set in many styles by hand, each with the fields that a reader reads in them ("Family|Given" or "Body").
CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "printed_references.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=[f"{case['style']}: {case['raw'][:40]}" for case in CASES])
def test_a_reference_is_read_as_a_reader_reads_it(case: dict[str, Any]) -> None:
    reference = parse_reference(case["raw"])
    expected = {field: _comparable(value) for field, value in case["expected"].items()}
    assert {field: _comparable(_read(reference, field, expected[field])) for field in expected} == expected


def _read(reference: Reference, field: str, expected: Any) -> Any:
    value = getattr(reference, field)
    if field in ("authors", "editors"):
        return [_name(person) for person in value[: len(expected) or None]]
    return value


def _name(person: Person) -> str:
    return person.name or f"{person.family}|{person.given}"


def _comparable(value: Any) -> Any:
    """Commas in names and the dot that closes an abbreviation are a matter of taste."""
    if isinstance(value, str):
        return value.replace(",", "").rstrip(".")
    return [_comparable(item) for item in value] if isinstance(value, list) else value


# ── whatever is printed ──────────────────────────────────────────────────────────────────────────────────

_PIECES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["Müller, Hans (Hg.)", "Smith JA, ", "(2001a)", "In: ", "“Title”", "12(3), ", "pp. 1425-37",
        "doi:10.1000/xyz", "o.J.",
         "https://a.org/b.", "ISBN 0-521-40599-8", "arXiv:1706.03762", "[1]", "…", "((", "–", "Berlin: Springer",
         "李建香", "ders."]
    ),
)  # fmt: skip
_LINES = st.lists(_PIECES, max_size=12).map("".join)


@settings(max_examples=150, deadline=None)
@given(_LINES)
def test_no_string_whatever_stops_the_parser_and_the_print_is_kept(raw: str) -> None:
    assert parse_reference(raw).raw == raw


@settings(max_examples=150, deadline=None)
@given(_LINES)
def test_every_field_is_made_of_letters_that_are_printed(raw: str) -> None:
    reference = parse_reference(raw)
    printed = _letters(raw)
    for field in ("title", "container", "publisher", "place", "volume", "issue", "year_text", "translated_title"):
        assert _letters(getattr(reference, field) or "") in printed, field
    for person in (*reference.authors, *reference.editors):
        for part in (person.family, person.given, person.name):
            assert all(word in printed for word in re.findall(r"[^\W_]+", _folded(part or "")))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _letters(text: str) -> str:
    return "".join(c for c in _folded(text) if c.isalnum())


@settings(max_examples=100, deadline=None)
@given(_LINES)
def test_identifiers_come_out_normalised(raw: str) -> None:
    reference = parse_reference(raw)
    assert reference.doi == doi.normalise(reference.doi)
    assert reference.arxiv == arxiv.normalise(reference.arxiv)


# ── single fields ────────────────────────────────────────────────────────────────────────────────────────


def test_a_given_label_is_kept_and_the_language_of_the_document_is_a_fallback() -> None:
    reference = parse_reference("Meier, A. (1999): Blick. Bern: Huber.", language="de", label="7")
    assert (reference.label, reference.language) == ("7", "de")


def test_the_language_that_a_title_shows_beats_that_of_the_document() -> None:
    raw = "Geertz, C. (1973). The interpretation of cultures and of the meaning of signs. New York: Basic Books."
    assert parse_reference(raw, language="de").language == "en"


def test_a_doi_printed_as_a_link_is_no_url() -> None:
    reference = parse_reference("Doe, J. (2011). A title of words. Nature, 1(2), 3-4. https://doi.org/10.1000/ABC.1.")
    assert (reference.doi, reference.url) == ("10.1000/abc.1", None)


def test_a_doi_broken_by_a_space_is_mended() -> None:
    assert parse_reference("Doe J. A title. Nature. 2011;1:3. doi: 10.1000 /abc1").doi == "10.1000/abc1"


def test_an_arxiv_doi_gives_the_arxiv_id_too() -> None:
    assert parse_reference("Doe, J. (2020). On things. https://doi.org/10.48550/arXiv.2001.00001").arxiv == "2001.00001"


def test_issn_and_pmc_ids_are_found() -> None:
    reference = parse_reference("Doe J. A title. Nature (ISSN 0028-0836). 2011;1:3. PMCID: PMC1234567.")
    assert (reference.issn, reference.pmcid) == ("0028-0836", "PMC1234567")


def test_a_link_loses_the_stop_of_its_sentence_but_not_its_own_bracket() -> None:
    reference = parse_reference(
        "Wiki. (2020). Thing (disambiguation). (https://en.wikipedia.org/wiki/Thing_(disambiguation))."
    )
    assert reference.url == "https://en.wikipedia.org/wiki/Thing_(disambiguation)"


def test_the_translation_of_a_title_in_brackets_is_kept_apart() -> None:
    raw = "Chekhov, A. (1899). Dama s sobachkoi [The lady with the dog]. Moscow: Marks."
    assert parse_reference(raw).translated_title == "The lady with the dog"


def test_a_remark_on_the_language_is_no_translation() -> None:
    raw = "Kranz O. Seltene Knotenbildung [Article in German]. Dtsch Z Seefahrt. 1981;12:34-6."
    assert parse_reference(raw).translated_title is None


def test_a_page_that_was_not_split_is_kept_whole_and_read_at_its_head() -> None:
    raw = "Weber, Max (1922): Wirtschaft und Gesellschaft, Tübingen. " * 500
    reference = parse_reference(raw)
    assert (reference.raw, reference.year) == (raw, 1922)


def test_an_empty_string_has_no_fields() -> None:
    assert parse_reference("") == Reference(raw="")


@pytest.mark.parametrize(
    ("raw", "year"),
    [
        ("Seamark (2012). Tide tables of the north. Retrieved May 3, 2019, from http://a.org/x", 2012),
        ("Seamark. Tide tables of the north. Retrieved May 3, 2019, from http://a.org/x", None),
        ("Seamark. Tide tables of the north. http://a.org/x (accessed 3 May 2019).", None),
        ("Seamark: Gezeitentafeln des Nordens. http://a.org/x (Zugriff: 3.5.2019).", None),
        ("SEAMARK. Tábuas de marés do norte. Disponível em: http://a.org/x. Acesso em: 3 maio 2019.", None),
    ],
)
def test_the_date_of_access_is_no_year_of_the_work(raw: str, year: int | None) -> None:
    assert parse_reference(raw).year == year


@pytest.mark.parametrize(
    "note", ["[Internet]", "[tese]", "[Tesis doctoral]", "[Article in German]", "[citado 2011 jul 12]"]
)
def test_a_note_in_brackets_is_no_translation(note: str) -> None:
    raw = f"Kranz O. Seltene Knotenbildung {note}. Dtsch Z Seefahrt. 1981;12:34-6."
    assert parse_reference(raw).translated_title is None


def test_the_letter_of_a_section_stays_with_the_journal() -> None:
    reference = parse_reference("B. Wenz, Phys. Rev. D59, 023002 (1999).")
    assert (reference.container, reference.volume, reference.year) == ("Phys. Rev. D", "59", 1999)


def test_a_year_behind_the_pages_is_the_year() -> None:
    raw = "Prado M and Leme J: Growth of tides in harbours of the north. Harbour Sci 41: 191-194, 2012 (In Chinese)."
    assert parse_reference(raw).year == 2012


def test_a_raised_number_in_front_is_the_label_and_no_part_of_the_name() -> None:
    reference = parse_reference("¹²I. Szabó and P. Kiss, Phys. Rev. B 12, 345 (2001).")
    assert (reference.label, reference.authors[0]) == ("12", Person(family="Szabó", given="I."))


def test_signs_alone_have_no_fields_but_stop_nothing() -> None:
    assert parse_reference("&)0)(").title is None

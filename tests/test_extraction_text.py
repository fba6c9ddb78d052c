"""Letters, lines and words: what is mended on the way from a page to a printed reference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dl_lit.extraction.backends import pdfplumber
from dl_lit.extraction.backends.pymupdf import Document
from dl_lit.extraction.choosing import worth_reading
from dl_lit.extraction.cleaning import clean
from dl_lit.extraction.headings import ends_list, heads_list, heads_part, interrupts, run_in_head
from dl_lit.extraction.joining import joined, words_of
from dl_lit.extraction.json_lines import as_line, as_object
from dl_lit.extraction.limits import FileLimits
from dl_lit.extraction.looks import breaks_off, cannot_start, is_dated, looks_complete, starts_like_reference
from dl_lit.extraction.quality import POOR, quality
from dl_lit.extraction.worker import extract
from dl_lit.model import Person, Reference
from pdf_pages import AUTHOR_YEAR, BODY, article, hanging, open_pdf


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("eﬃcient ﬁeld ﬂow", "efficient field flow"),
        ("M¨uller and Mu¨ller and Mu ¨ller", "Müller and Müller and Müller"),
        ("Garc´ıa, L´opez, M. M´endez", "García, López, M. Méndez"),
        ("na¨ıve", "naïve"),
        ("Erd˝os, Pólya, ˇCapek", "Erdős, Pólya, Čapek"),
        ("Franc¸ois", "François"),
        ("Kronika ´Swiatowa", "Kronika Światowa"),
        ("l´histoire, O´Brien, d´Agostino", "l´histoire, O´Brien, d´Agostino"),
        ("Germany´s media, the actors´ Notes, don´t", "Germany´s media, the actors´ Notes, don´t"),
        ("``quoted'' x ´ y", "``quoted'' x ´ y"),
        ("Martin\u00adFacklam 12\u201014", "Martin-Facklam 12-14"),
        ("a\u00a0b\u2009c\u200bd\x07e", "a b cde"),
        ("M\uf775\uf76c\uf76c 1\uf739", "Mull 19"),
        ("Zu\u0308rich", "Zürich"),
    ],
)
def test_letters_are_read_as_printed(printed: str, read: str) -> None:
    assert clean(printed) == read


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["Frankfurt: Suhr-", "kamp."], "Frankfurt: Suhrkamp."),
        (["Clarissa Werner-", "Quandt"], "Clarissa Werner-Quandt"),
        (["Kinder-", "und Jugendhilfe"], "Kinder- und Jugendhilfe"),
        (["pages 120-", "138."], "pages 120-138."),
        (["pages 120–", "138."], "pages 120–138."),
        (["a self-", "regulated life"], "a self-regulated life"),
        (["a well-known socio-", "economic panel"], "a well-known socio-economic panel"),
        (["Work -", "and life"], "Work - and life"),
        (["https:", "//example.org/a"], "https://example.org/a"),
        (["https://doi.org/10.1000/j.1745-", "6584.1988.x"], "https://doi.org/10.1000/j.1745-6584.1988.x"),
        (["doi:10.1000/", "182"], "doi:10.1000/182"),
        (["doi:10.2307/ 2951574"], "doi:10.2307/2951574"),
        (["http://example.org/how-", "to-fix/it.html, May"], "http://example.org/how-to-fix/it.html, May"),
        (["http://example.org/a/", "Accessed 4 May"], "http://example.org/a/ Accessed 4 May"),
        (["http://example.org/a", "(4 May 2010)"], "http://example.org/a (4 May 2010)"),
        (["see http://example.org/a.", "New York"], "see http://example.org/a. New York"),
        (["see http://example.org/a", "http://example.org/b"], "see http://example.org/a http://example.org/b"),
        (["(Tokyo) 59 (2011) 803e833."], "(Tokyo) 59 (2011) 803–833."),
        (["grew by 12e10 units"], "grew by 12e10 units"),
        (["One  line", "", " and more "], "One line and more"),
    ],
)
def test_lines_are_joined_as_the_reference_was_meant(lines: list[str], whole: str) -> None:
    assert joined(lines, words_of(["socio-economic matters", "Suhrkamp is a publisher-"])) == whole


def test_the_document_tells_broken_words_from_compounds() -> None:
    assert joined(["time-", "use"], words_of(["their time-use is known"])) == "time-use"
    assert joined(["house-", "hold"], words_of(["a household is known"])) == "household"


@pytest.mark.parametrize(
    "text",
    [
        "Adler, M. and Brandt, S. (1999): Time",
        "Smith JA, Jones B. Time.",
        "J. A. Smith, Time, 1999",
        "von Hagen, K. (2001) Time",
        "García Márquez, Gabriel (1967)",
        "O'Neill, P. (2001)",
        "——— (1991): More",
        "Ders.: Noch mehr",
        "Henrike Kranz, »Zählende Beobachtung«, in",
    ],
)
def test_beginnings_of_references_are_known(text: str) -> None:
    assert starts_like_reference(text) == 1.0


def test_other_beginnings_are_less_sure() -> None:
    assert starts_like_reference("Städtisches Hafenamt (2009b): Fischerei") == 0.8
    assert starts_like_reference("World Bank: Poverty") == 0.5
    assert starts_like_reference("Journal of Time 12") == 0.3
    assert starts_like_reference("of the household") == 0.0


def test_what_goes_on_is_told_from_what_ends() -> None:
    assert breaks_off("in the house-") and breaks_off("Work and")
    assert not breaks_off("Frankfurt a. M.") and not breaks_off("doi:10.1000/1486-y")
    assert cannot_start("household surveys") and not cannot_start("van Dijk, T.") and not cannot_start("https://a.org")
    assert is_dated("in press") and not is_dated("12345")
    assert looks_complete("Segeltuch AG: Geschäftsbericht. Hamburg.") and not looks_complete("Thank you all.")


def test_headings_are_told_apart() -> None:
    assert heads_list("8. Literaturverzeichnis") and heads_list("L I T E R A T U R")
    assert not heads_list("References to earlier work are rare")
    assert run_in_head("Literatur: Adler, M.") == len("Literatur: ") and run_in_head("Literature is rich") == 0
    assert heads_part("Internet sources") and not heads_part("Internet sources were of little help in this")
    assert ends_list("Anhang") and ends_list("Tabelle 3: Stunden") and not ends_list("Adler, M.: Anhang")
    assert interrupts("Fig. 2. Hours") and not interrupts("Figures of speech")


def test_quality_is_about_words_not_about_length_or_density() -> None:
    assert quality([BODY]) > 0.9
    assert quality([BODY[:40]]) > 0.9
    assert quality([BODY.replace(" ", "") * 40]) < POOR
    assert quality([" ".join(BODY[:200])]) < POOR
    assert quality(["(cid:12)(cid:44)(cid:3) " * 50]) == 0.0
    assert quality(["\ufffd\ufffd \ufffd " * 50 + BODY]) < POOR
    assert quality([]) == 0.0
    assert quality([BODY, "1999"] * 5000) > 0.9
    assert quality(["1 2 3 4 " * 3000 + 10 * BODY]) < 0.9  # a table of numbers longer than the part whose vowels count


def test_quality_is_about_what_references_are_made_of() -> None:
    text = f"{BODY} {' '.join(AUTHOR_YEAR)} " * 3
    assert quality([text]) > 0.9
    shifted = "".join(chr(ord(letter) - 29) if letter.isalpha() and letter.isascii() else letter for letter in text)
    assert shifted.startswith("7KH VXUYH\\")
    assert quality([shifted]) < POOR
    assert (
        quality(["".join(chr(ord(letter) + 128) if letter.isascii() and letter != " " else letter for letter in text)])
        < POOR
    )
    assert quality(["".join(letter for letter in text if not letter.isdigit())]) < POOR
    assert quality([text.lower()]) < POOR
    glued = "".join(word if at % 6 else f" {word}" for at, word in enumerate((BODY + " 1999 ").split() * 4))
    assert quality([glued]) < POOR


@pytest.mark.parametrize(
    "text",
    [
        "Die Rechtsprechung zur Arbeitnehmerüberlassung (BGBl. 1972, S. 13) wurde seither in Aufsätzen behandelt. ",
        "Nguyễn Thị Minh Khai (1999): Người phụ nữ Việt Nam trong thời kỳ đổi mới và hội nhập quốc tế ở các tỉnh. ",
        "Петров И. В. (2003): Время работы и время дома, опыт сравнения дневников в городах и сёлах. ",
        "田中太郎（2005）家計と時間の研究、生活時間調査の方法と課題について、東京大学出版会。",
        "Smith J, Wu H, Ng K, Hsu TT, Schmidt P, Krzysztof W, Brzezinski Z. J Clin Lymphol 1999;12:1-9. ",
    ],
)
def test_good_text_of_other_languages_and_short_names_is_no_poor_text(text: str) -> None:
    assert quality([text * 30]) > POOR


def test_of_a_long_file_the_front_and_the_lists_are_read() -> None:
    texts = {number: BODY.replace(". ", ".\n") for number in range(1, 301)}
    texts[150] = "\n".join(AUTHOR_YEAR)
    texts[250] = "References\n" + "\n".join(AUTHOR_YEAR[:3])
    texts[300] = ""
    assert worth_reading(300, texts.items()) == [1, 2, 3, 149, 150, 151, 249, 250, 251]
    assert worth_reading(2, {2: texts[150], 1: ""}.items()) == [1, 2]


def test_both_backends_read_the_same_lines(tmp_path: Path) -> None:
    path = hanging(article(columns=2), AUTHOR_YEAR).save(tmp_path / "paper.pdf")
    with Document(path) as document:
        fast = document.page(1)
    (slow,) = pdfplumber.read_pages(path, [1])
    assert {line.text for line in slow.lines} == {line.text for line in fast.lines}
    assert (slow.width, slow.height, slow.number) == (fast.width, fast.height, 1)
    for one, other in zip(
        sorted(fast.lines, key=lambda line: line.text), sorted(slow.lines, key=lambda line: line.text), strict=True
    ):
        assert one.x0 == pytest.approx(other.x0, abs=2)
        assert one.baseline == pytest.approx(other.baseline, abs=3)
        assert one.size == pytest.approx(other.size, abs=0.1)
        assert one.bold == other.bold


def garble(path: Path) -> Path:
    """Covers all text with a replacement text that MuPDF believes and pdfminer does not."""
    with open_pdf(path) as document:
        for page in document:
            page.clean_contents()
            (xref,) = page.get_contents()
            text = document.xref_stream(xref)
            spans = b"/Span <</ActualText <FEFF" + b"FFFD0020" * 3 + b">>> BDC BT", b"ET EMC"
            document.update_stream(xref, text.replace(b"BT", spans[0]).replace(b"ET\n", spans[1] + b"\n"))
        document.save(path.with_name("garbled.pdf"))
    return path.with_name("garbled.pdf")


def test_where_the_first_backend_reads_garbage_the_second_is_used(tmp_path: Path) -> None:
    path = garble(hanging(article(), AUTHOR_YEAR).save(tmp_path / "paper.pdf"))
    extraction = extract(str(path), FileLimits())
    assert extraction.backend == "pdfplumber"
    assert extraction.quality is not None and extraction.quality > 0.9
    assert len(extraction.references) == len(AUTHOR_YEAR)


def test_json_lines_have_the_promised_keys_in_order() -> None:
    reference = Reference(
        raw="Grün, T. (2005): Zeit.",
        position=3,
        page=9,
        label="3",
        authors=(Person("Grün", "T."), Person(name="World Bank")),
        year=2005,
        doi="10.1000/1",
    )
    row = as_object(reference, "a.pdf")
    assert list(row) == [
        "source_pdf",
        "position",
        "page",
        "label",
        "raw",
        "authors",
        "editors",
        "title",
        "translated_title",
        "year",
        "year_text",
        "container",
        "volume",
        "issue",
        "pages",
        "publisher",
        "place",
        "type",
        "doi",
        "arxiv",
        "pmid",
        "pmcid",
        "isbn",
        "issn",
        "url",
        "language",
        "from_note",
    ]
    assert row["authors"] == [{"family": "Grün", "given": "T."}, {"name": "World Bank"}]
    assert row["label"] == "3"
    assert row["title"] is None and row["editors"] == []
    line = as_line(reference, "a.pdf")
    assert "Grün" in line and "\n" not in line and json.loads(line) == row

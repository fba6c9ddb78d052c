"""What tells a work's own copy from other texts with its title, and from parts of it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest

from dl_lit.download.bylines import is_byline
from dl_lit.download.verify import Expectation, Verdict, verify_file
from dl_lit.extraction.limits import OcrLimits
from dl_lit.model import DownloadReason, Person
from download_world import DOI, TITLE, WORK

EXPECTED = Expectation.of(WORK)
WRONG, PREVIEW, UNVERIFIED = DownloadReason.WRONG_WORK, DownloadReason.PREVIEW, DownloadReason.UNVERIFIED
TEXT = "\n".join(f"Sentence {n} of 40 says that little of it was measured, and tells of what was." for n in range(40))
Printed = tuple[str, float]  # text and size of type


def typeset(*pages: Sequence[Printed], size: tuple[float, float] = (595, 842)) -> bytes:
    with pymupdf.open() as document:
        for printed in pages:
            page = document.new_page(width=size[0], height=size[1])
            y = 60.0
            for text, points in printed:
                for line in text.split("\n"):
                    page.insert_text((50, y), line, fontsize=points)
                    y += points * 1.3
                y += points
        return bytes(document.tobytes())


def article(title: str, people: str = "Astrid Berglund", *, pages: int = 4, above: str = "A Journal 3") -> bytes:
    return typeset([(above, 8), (title, 16), (people, 11), (TEXT, 9)], *([[(TEXT, 9)]] * (pages - 1)))


def judged(folder: Path, body: bytes, wanted: Expectation = EXPECTED, ocr: OcrLimits | None = None) -> Verdict:
    path = folder / "copy.part"
    path.write_bytes(body)
    return verify_file(str(path), wanted, ocr)


@pytest.mark.parametrize(
    "title",
    [
        f"{TITLE}: what was seen",
        f"{TITLE}*",
        f"RETRACTED ARTICLE: {TITLE}",
        f"7. {TITLE}",
        TITLE.upper(),
        "   ".join(" ".join(word) for word in TITLE.split()),
        f"Was man im Norden sah\n{TITLE}",
    ],
)
def test_a_title_is_known_however_it_is_set(tmp_path: Path, title: str) -> None:
    assert judged(tmp_path, article(title)).identity == "title"


@pytest.mark.parametrize(
    ("people", "author"),
    [
        ("Astrid O’Brien", Person(family="O'Brien", given="Astrid")),
        ("Awa N'Diaye", Person(family="N’Diaye", given="Awa")),
        ("Kurt G¨odel", Person(family="Gödel", given="Kurt")),
        ("NG Wei Ling", Person(family="Ng", given="Wei Ling")),
    ],
)
def test_an_author_is_known_however_the_signs_of_the_name_are_set(tmp_path: Path, people: str, author: Person) -> None:
    wanted = replace(EXPECTED, authors=(author,))
    assert judged(tmp_path, article(TITLE, people), wanted).identity == "title"
    assert judged(tmp_path, article(TITLE, "Ulf Green"), wanted).reason is UNVERIFIED


@pytest.mark.parametrize(
    "title",
    [
        f"A critique of {TITLE}",
        f"On the limits of\n{TITLE}",
        f"{TITLE} revisited",
        f"{TITLE}\nfor beginners",
        f"{TITLE}: A reply",
        f"{TITLE}\nSupplementary information",
        f"{TITLE}. Part II",
        f"{TITLE}, II*",
        f"{TITLE} 2.0",
        f"Retraction note to: {TITLE}",
        f"Supporting information for\n{TITLE}",
    ],
)
def test_another_text_with_the_title_in_its_own_is_not_the_work(tmp_path: Path, title: str) -> None:
    assert judged(tmp_path, article(title)).reason is WRONG


def test_a_title_that_ends_in_a_number_may_go_on(tmp_path: Path) -> None:
    wanted = replace(EXPECTED, title="On glaciers. I.")
    assert judged(tmp_path, article("On glaciers. I."), wanted).identity == "title"
    assert judged(tmp_path, article("On glaciers. I. in small valleys"), wanted).reason is WRONG


def test_the_kind_of_text_may_stand_above_the_title(tmp_path: Path) -> None:
    for above in ("Corrigendum", "Author's reply", "REPLY", "Erwiderung"):
        assert judged(tmp_path, article(TITLE, above=above)).reason is WRONG
    assert judged(tmp_path, article(TITLE, above="Research article")).identity == "title"


def test_a_part_may_be_called_one_or_only_be_numbered(tmp_path: Path) -> None:
    wanted = replace(EXPECTED, title="Stability of layered shells. Part II: Numerical experiments")
    assert judged(tmp_path, article("Stability of layered shells – II. Numerical experiments"), wanted).reason is None
    assert judged(tmp_path, article("Stability of layered shells – I. Numerical experiments"), wanted).reason is WRONG


def test_a_year_alone_on_a_line_may_be_the_end_of_a_title(tmp_path: Path) -> None:
    wanted = replace(EXPECTED, title="Outlook on glaciers 2012", type="report", pages=None)
    assert judged(tmp_path, article("Outlook on glaciers\n2012"), wanted).reason is None
    assert judged(tmp_path, article("Outlook on glaciers\n2013"), wanted).reason is WRONG


def test_whom_a_text_honours_is_not_its_author(tmp_path: Path) -> None:
    honours = typeset(
        [(f"{TITLE}: Essays in honour of Astrid\nBerglund", 16), ("Edited by C. Stranger", 11), (TEXT, 9)]
    )
    assert judged(tmp_path, honours, replace(EXPECTED, pages=None)).reason is UNVERIFIED
    talk = article(TITLE, "In conversation with Astrid Berglund")
    assert judged(tmp_path, talk).reason is UNVERIFIED


def test_a_name_with_oe_that_is_no_umlaut_is_known_on_its_line(tmp_path: Path) -> None:
    people = [Person(family=family) for family in ("Groeneveld", "Müller", "Mueller")]
    wanted = [replace(EXPECTED, authors=(person,)) for person in people]
    assert is_byline("By MARTEN GROENEVELD", wanted[0]) and not is_byline("Marten Groen", wanted[0])
    assert all(is_byline(name, one) for name in ("Eva Müller", "EVA MUELLER") for one in wanted[1:])


def test_the_same_title_of_others_is_set_aside_with_the_reason(tmp_path: Path) -> None:
    verdict = judged(tmp_path, article(TITLE, "C. Stranger"))
    assert verdict.reason is UNVERIFIED
    assert "none of the authors (Berglund, Oduya)" in (verdict.detail or "")


def test_another_subtitle_is_another_work(tmp_path: Path) -> None:
    wanted = replace(EXPECTED, subtitle="A record of twelve summers")
    assert judged(tmp_path, article(f"{TITLE}: A record of twelve summers"), wanted).identity == "title"
    assert judged(tmp_path, article(f"{TITLE}: Lectures on snow and ice"), wanted).reason is WRONG


def test_another_year_in_the_title_is_another_work(tmp_path: Path) -> None:
    wanted = replace(EXPECTED, title=f"{TITLE}: report for 2014")
    assert judged(tmp_path, article(f"{TITLE}: report for 2015"), wanted).reason is WRONG


def test_a_subtitle_inside_the_title_of_the_record_may_be_missing(tmp_path: Path) -> None:
    wanted = replace(EXPECTED, title=f"{TITLE}: A record of twelve summers")
    assert judged(tmp_path, article(TITLE), wanted).identity == "title"


def test_a_doi_in_a_sentence_is_not_the_files_own(tmp_path: Path) -> None:
    text = f"This extends our earlier article, https://doi.org/{DOI}, in most respects."
    body = typeset([("On bees", 16), ("Astrid Berglund", 11), (text, 9), (TEXT, 9)], [(TEXT, 9)], [(TEXT, 9)])
    assert judged(tmp_path, body).reason is WRONG


def test_a_description_does_not_speak_against_the_text(tmp_path: Path) -> None:
    with pymupdf.open(stream=article("On bees")) as document:
        document.set_metadata({"title": TITLE})
        body = bytes(document.tobytes())
    assert judged(tmp_path, body).reason is WRONG


def test_an_issue_that_lists_the_work_is_not_the_work(tmp_path: Path) -> None:
    listed = [("A Journal", 20), ("Contents", 12), (f"Astrid Berglund\n{TITLE} .... 9\nOthers\nOn bees ... 21", 10)]
    first = [("A Journal 3", 8), (TITLE, 16), ("Astrid Berglund", 11), (TEXT, 9)]
    assert judged(tmp_path, typeset(listed, first, *([[(TEXT, 9)]] * 40))).reason is WRONG
    assert judged(tmp_path, typeset(listed, [(TEXT, 9)], [(TEXT, 9)])).reason is WRONG


def test_slides_and_posters_are_not_the_article(tmp_path: Path) -> None:
    first = [(TITLE, 30), ("Astrid Berglund", 20)]
    slides = typeset(first, *([[("One finding", 30), ("It was small, and seen by few.", 18)]] * 9), size=(960, 540))
    assert "slides" in (judged(tmp_path, slides).detail or "")
    poster = typeset([*first, (TEXT, 30)], size=(2384, 3370))
    assert "poster" in (judged(tmp_path, poster, replace(EXPECTED, pages=None)).detail or "")


def test_few_pages_of_many_are_a_preview(tmp_path: Path) -> None:
    assert judged(tmp_path, article(TITLE, pages=3), replace(EXPECTED, pages="101-140")).reason is PREVIEW


def test_front_matter_is_not_the_book(tmp_path: Path) -> None:
    contents = "\n".join(f"On the {n}th of these ..... {n * 30}" for n in range(1, 10))
    front = typeset([(TITLE, 20), ("Astrid Berglund", 12)], [("Contents", 14), (contents, 10)], [(TEXT, 9)])
    assert judged(tmp_path, front, replace(EXPECTED, pages=None, type="book")).reason is PREVIEW


def test_a_review_of_the_book_is_not_the_book(tmp_path: Path) -> None:
    head = f"{TITLE}\nBy Astrid Berglund. 348 pp., 19.99"
    body = typeset([(head, 14), (TEXT, 9)], [(TEXT, 9)], [(TEXT, 9)])
    assert judged(tmp_path, body, replace(EXPECTED, pages=None, type="book")).reason is WRONG


def test_a_thesis_is_not_the_article(tmp_path: Path) -> None:
    submitted = "A thesis submitted for the degree of Doctor of Philosophy"
    body = typeset([(TITLE, 18), ("Astrid Berglund", 14), (submitted, 11)], *([[(TEXT, 9)]] * 60))
    assert "thesis" in (judged(tmp_path, body).detail or "")


def test_a_page_that_sells_the_work_is_not_the_work(tmp_path: Path) -> None:
    offer = "Sign in\nAccess through your institution\nBuy this article: US$ 39.95"
    body = typeset([(TITLE, 16), ("Astrid Berglund", 11), (TEXT, 8), (offer, 11)], [("Privacy policy", 8), (TEXT, 8)])
    assert "sells" in (judged(tmp_path, body, replace(EXPECTED, pages=None)).detail or "")


def test_a_portfolio_is_no_copy(tmp_path: Path) -> None:
    with pymupdf.open(stream=article(TITLE)) as document:
        document.xref_set_key(document.pdf_catalog(), "Collection", "<</Type/Collection>>")
        body = bytes(document.tobytes())
    assert judged(tmp_path, body).reason is UNVERIFIED


def test_blank_pages_are_damage(tmp_path: Path) -> None:
    assert judged(tmp_path, typeset([], [], [])).reason is DownloadReason.DAMAGED


def test_line_numbers_do_not_part_a_title(tmp_path: Path) -> None:
    words = TITLE.split()
    rows = [" ".join(words[:3]), " ".join(words[3:]), "Astrid Berglund", *TEXT.split("\n")]
    body = typeset([(f"{n}  {row}", 11) for n, row in enumerate(rows[:20], 1)], [(TEXT, 9)], [(TEXT, 9)])
    assert judged(tmp_path, body).identity == "title"


def test_names_in_another_script_are_known(tmp_path: Path) -> None:
    wanted = replace(EXPECTED, authors=(Person(family="Щербакова", given="Ольга"),))
    assert judged(tmp_path, article(TITLE, "O. Shcherbakova"), wanted).identity == "title"
    assert judged(tmp_path, article(TITLE, "C. Stranger"), wanted).reason is UNVERIFIED


def test_a_title_without_authors_in_the_record_is_enough_if_it_is_telling(tmp_path: Path) -> None:
    assert judged(tmp_path, article(TITLE), replace(EXPECTED, authors=())).identity == "title"
    assert judged(tmp_path, article("Editorial"), replace(EXPECTED, title="Editorial", authors=())).reason is WRONG


def scanned(body: bytes) -> bytes:
    with pymupdf.open(stream=body) as document, pymupdf.open() as scan:
        for page in document:
            picture = page.get_pixmap(dpi=150).tobytes("png")
            scan.new_page(width=page.rect.width, height=page.rect.height).insert_image(page.rect, stream=picture)
        return bytes(scan.tobytes())


def test_a_scan_is_set_aside_where_nothing_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    verdict = judged(tmp_path, scanned(article(TITLE)), ocr=OcrLimits())
    assert verdict.reason is UNVERIFIED
    assert "tesseract" in (verdict.detail or "")


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_scan_is_known_by_what_tesseract_reads(tmp_path: Path) -> None:
    ocr = OcrLimits(languages=("eng",))
    assert judged(tmp_path, scanned(article(TITLE, pages=3)), ocr=ocr).identity == "title"
    assert judged(tmp_path, scanned(article("On bees and flowers", pages=3)), ocr=ocr).reason is WRONG


# ── a title that is drawn ────────────────────────────────────────────────────────────────────────────────


def drawn(title: str, people: str, *, height: float = 60) -> bytes:
    """An article of which the title is a picture in a page of text."""
    with pymupdf.open() as plate, pymupdf.open() as document:
        plate.new_page(width=500, height=height).insert_text((5, 40), title, fontsize=18)
        picture = plate[0].get_pixmap(dpi=200)
        for number in range(4):
            page = document.new_page()
            page.insert_text((50, 180), people if not number else "A running head", fontsize=11)
            page.insert_textbox((50, 200, 545, 780), TEXT, fontsize=9)
        document[0].insert_image(pymupdf.Rect(50, 60, 550, 60 + height), pixmap=picture)
        return bytes(document.tobytes())


def test_a_drawn_title_above_our_author_is_for_a_person_where_nothing_reads_it(tmp_path: Path) -> None:
    assert judged(tmp_path, drawn(TITLE, "Astrid Berglund")).reason is UNVERIFIED
    assert judged(tmp_path, drawn(TITLE, "Somebody Else")).reason is WRONG
    assert judged(tmp_path, drawn(TITLE, "Astrid Berglund", height=300)).reason is WRONG  # a figure is no title


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_drawn_title_is_known_by_what_tesseract_reads(tmp_path: Path) -> None:
    ocr = OcrLimits(languages=("eng",))
    assert judged(tmp_path, drawn(TITLE, "Astrid Berglund"), ocr=ocr).identity == "title"
    assert judged(tmp_path, drawn("Lime and oats in Fife", "Astrid Berglund"), ocr=ocr).reason is UNVERIFIED


def test_the_number_of_a_part_may_be_written_otherwise(tmp_path: Path) -> None:
    wanted = replace(EXPECTED, title="On glaciers of the north. Part 1: Valleys")
    assert judged(tmp_path, article("On glaciers of the north. I. Valleys"), wanted).identity == "title"
    assert judged(tmp_path, article("On glaciers of the north. II. Valleys"), wanted).reason is WRONG


def test_a_formula_that_is_set_otherwise_has_the_same_numbers(tmp_path: Path) -> None:
    wanted = replace(EXPECTED, title="Glaciers and the $L^2$-cohomology of $SL_3$ in valleys")
    assert judged(tmp_path, article("Glaciers and the L2-cohomology of SL3 in valleys"), wanted).identity == "title"


def test_a_subtitle_with_another_year_is_of_another_work(tmp_path: Path) -> None:
    wanted = replace(EXPECTED, subtitle="Results for 2014", type="report", pages=None)
    of = {year: typeset([(TITLE, 20), (f"Results for {year}", 15), ("Astrid Berglund", 10)]) for year in (2014, 2012)}
    for year, cover in of.items():
        with pymupdf.open(stream=cover) as document:
            document.insert_pdf(pymupdf.open(stream=typeset(*[[(TEXT, 9)]] * 6)))
            assert (judged(tmp_path, bytes(document.tobytes()), wanted).reason is None) == (year == 2014)


def test_the_words_of_a_title_may_stand_far_apart_on_one_line(tmp_path: Path) -> None:
    wanted, x = replace(EXPECTED, title="Observations of glaciers, then", pages=None), 50.0
    with pymupdf.open() as document:
        page = document.new_page()
        for word in ("Observations", "of glaciers,", "then"):
            page.insert_text((x, 60), word, fontsize=28)
            x += pymupdf.get_text_length(word, fontsize=28) + 50
        page.insert_text((50, 90), "Astrid Berglund", fontsize=11)
        page.insert_textbox((50, 120, 560, 800), TEXT, fontsize=9)
        assert judged(tmp_path, bytes(document.tobytes()), wanted).identity == "title"


@pytest.mark.parametrize("name", [f"Review of {TITLE} by Mary Lamb", f"{TITLE} by Mary Lamb (review)"])
def test_a_wanted_review_is_known_however_it_is_named(tmp_path: Path, name: str) -> None:
    wanted = replace(EXPECTED, title=name, pages="210-212")
    printed = f"{TITLE}: A history, by Mary Lamb (review)"
    assert judged(tmp_path, article(printed, "Reviewed by Astrid Berglund", pages=3), wanted).identity == "title"
    assert judged(tmp_path, article(TITLE, "Mary Lamb", pages=3), wanted).reason is not None

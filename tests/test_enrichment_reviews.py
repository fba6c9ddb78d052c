"""Reviews and the books that they are about: a print of the one is never matched with the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.model import Decision, Person, Work
from test_enrichment_kinds import outcome

BOOK = Work(
    title="Storia dei porti del Tirreno", authors=(Person("Neri", "Anna"),), year=1998, type="book",
    publisher="Bergverlag", doi="10.5555/ports",
)  # fmt: skip
CRITIC = Person("Haugwitz", "Ida")
REVIEW = Work(
    title=BOOK.title, authors=(CRITIC,), year=1998, container="Rivista dei porti", volume="12", pages="345-347",
    type="journal-article", doi="10.5555/review",
)  # fmt: skip

SAID = [
    "Recensione di A. Neri, {}", "recensione a: Anna Neri, {}", "rec. a A. Neri, {}",
    "Recensione del libro di Anna Neri: «{}»",
    "Recensión de A. Neri: {}", "Reseña de Neri, A. (1998), {}", "Reseña del libro: Neri, Anna. {}",
    "Reseña de {}, de Anna Neri", "Resenha de A. Neri, {}", "Recensão crítica a A. Neri, {}",
    "c.r. de A. Neri, {}", "C. R. de l'ouvrage d'Anna Neri, {}", "compte rendu de Anna Neri, {}",
    "« Anna Neri, {} (compte rendu) »", "Anna Neri, {} [compte rendu]", "{}, par Anna Neri (recension)",
    "Rez. zu: Anna Neri, {}", "Rezension zu: Neri, Anna: {}", "Besprechung von A. Neri, {}",
    "Besprechung von: Neri (1998), {}", "[Rezension von] A. Neri: {}", "A. Neri: {} (Rezension)",
    "Review of A. Neri, {}", "Review of Neri, A. (1998). {}", "[Review of the book {}, by A. Neri]",
    "Review of {}, by Anna Neri", "review of Anna Neri and Ann Brown, {}", "rev. of A. Neri, {}",
    "Book review: Anna Neri, {}", "{}, by Anna Neri (review)", "Anna Neri, {} (book review)",
    "rec. A. Neri, {}", "[rec.:] A. Neri, {}", "Recenzja książki: A. Neri, {}", "Recenze knihy: A. Neri, {}",
    "Anmeldelse av A. Neri, {}", "Anmeldelse af Anna Neri: {}", "Recension av A. Neri, {}",
    "Recensie van A. Neri, {}", "Boekbespreking van A. Neri, {}", "Arvostelu teoksesta A. Neri, {}",
    "Ismertetés: A. Neri, {}", "A. Neri, {} (Kitap tanıtımı)",
]  # fmt: skip


@pytest.mark.parametrize("said", SAID)
def test_a_review_that_names_the_author_before_the_title_is_not_the_book(said: str) -> None:
    told = said.format(BOOK.title)
    for raw in (
        f"Haugwitz, I. (1998). {told}. Rivista dei porti, 12, 345–347.",
        f"Haugwitz, I. (1998). {told}.",
        f"I. Haugwitz, {told}, 1998.",
        f"I. Haugwitz, {told}, Rivista dei porti, 12 (1998), pp. 345-347.",
    ):
        refused = outcome(raw, BOOK)
        assert refused.decision is not Decision.ACCEPTED
        assert {"printed as a review of this work", "printed about this work"} & set(refused.evidence[0].vetoes)


@pytest.mark.parametrize("said", SAID)
def test_a_review_is_itself_where_its_record_says_so(said: str) -> None:
    told = said.format(BOOK.title)
    own = replace(REVIEW, title=told)
    raw = f"Haugwitz, I. (1998). {told}. Rivista dei porti, 12, 345–347."
    assert outcome(raw, own).work == own
    book = f"Neri, A. (1998). {BOOK.title}. Oldtown: Bergverlag."
    assert outcome(book, own).decision is not Decision.ACCEPTED
    assert outcome(book, BOOK).work == BOOK


@pytest.mark.parametrize("said", SAID)
def test_a_review_that_is_registered_by_the_title_of_its_book_is_taken_on_its_page(said: str) -> None:
    raw = f"Haugwitz, I. (1998). {said.format(BOOK.title)}. Rivista dei porti, 12, 345–347."
    assert outcome(raw, REVIEW).work == REVIEW


@pytest.mark.parametrize(
    ("title", "author", "raw"),
    [
        ("История морских ладей", ("Иванов", "А."), "Петров Б. Рец. на: Иванов А. {}. М., 1998."),
        ("История морских ладей", ("Иванов", "А."), "Петров Б. Рецензия на книгу: Иванов А. {} // Вопросы. 1998."),
        ("История морских ладей", ("Иванов", "А."), "Петров Б. [Рец. на кн.:] Иванов А. {}. 1998."),
        ("中国农村土地制度改革研究", ("王", "伟"), "李明. 书评：王伟《{}》. 历史研究, 1998."),
        ("中国农村土地制度改革研究", ("王", "伟"), "李明. 王伟《{}》书评. 历史研究, 1998."),
        ("中国农村土地制度改革研究", ("王", "伟"), "李明. 评王伟著《{}》. 历史研究, 1998."),
    ],
)  # fmt: skip
def test_a_review_in_another_script_names_the_author_too(title: str, author: tuple[str, str], raw: str) -> None:
    book = replace(BOOK, title=title, authors=(Person(*author),))
    refused = outcome(raw.format(title), book)
    assert refused.decision is not Decision.ACCEPTED
    assert refused.evidence[0].vetoes[0].startswith("printed")


@pytest.mark.parametrize(
    ("author", "printed"),
    [
        (Person("de Boer", "C. R."), "C. R. de Boer, {}. Oldtown: Bergverlag, 1998."),
        (Person("Neri", "Rec"), "Neri, Rec. {}. Oldtown: Bergverlag, 1998."),
        (Person("Smith", "John"), "Rev. John Smith, {}. Oldtown: Bergverlag, 1998."),
        (Person("Neri", "Anna"), "Neri, A. (1998). {}. Oldtown: Bergverlag. Reviewed in: Rivista dei porti 12."),
    ],
)
def test_a_book_by_somebody_whose_name_looks_like_the_word_is_itself(author: Person, printed: str) -> None:
    own = replace(BOOK, authors=(author,))
    assert outcome(printed.format(BOOK.title), own).work == own


@pytest.mark.parametrize(
    "title", ["The book review in the age of sail", "Besprechung und Verhandlung im alten Recht", "Cooking (Review)"]
)
def test_a_work_with_such_a_word_in_its_own_title_is_itself(title: str) -> None:
    own = replace(REVIEW, title=title)
    raw = f"Haugwitz, I. (1998). {title}. Rivista dei porti, 12, 345–347."
    assert outcome(raw, own).work == own


def test_an_article_that_is_marked_as_a_review_is_itself() -> None:
    raw = f"Haugwitz, I. (1998). {BOOK.title} (Review). Rivista dei porti, 12, 345–347."
    assert outcome(raw, REVIEW).work == REVIEW


@pytest.mark.parametrize("title", ["Book Review", "Book Review 1", "Book ReviewThe ports of old"])
def test_a_review_of_a_bare_or_spoilt_title_is_itself(title: str) -> None:
    own = replace(REVIEW, title=title)
    for printed in (title, " ".join(reversed(title.split()))) if title == "Book Review" else (title, f"{title}1"):
        assert outcome(f"Haugwitz, Ida. {printed}. Rivista dei porti. 1998. 12. 345-347", own).work == own


@pytest.mark.parametrize(
    "said",
    [
        "Sobre Anna Neri, {}", "Scheda: A. Neri, {}", "Vorwort zu: A. Neri, {}", "Préface à A. Neri, {}",
        "Kommentar zu Anna Neri, {}", "Odotettu teos: A. Neri, {}", "Anna Neri, {}, Bergverlag 1998, 320 S. [Rez.]",
    ],
)  # fmt: skip
def test_a_book_named_behind_somebody_else_is_only_talked_of(said: str) -> None:
    raws = [f"Haugwitz, I. (1998). {said.format(BOOK.title)}."]
    if said.startswith(("Vorwort", "Préface")):
        raws.append(f"I. Haugwitz, {said.format(BOOK.title)}, 1998.")
    for raw in raws:
        assert outcome(raw, BOOK).decision is not Decision.ACCEPTED


@pytest.mark.parametrize(
    "people",
    [
        "Haugwitz, I., & Neri, A. (1998).", "Haugwitz, Ida; Neri, Anna:", "I. Haugwitz, A. Neri,", "Neri, A. (1998).",
        "Neri, A., Haugwitz, I. (1998).", "Nerí, Anna.", "Istituto dei Porti; Neri, A. (1998).",
    ],
)  # fmt: skip
def test_a_book_by_several_is_itself_though_its_record_names_one(people: str) -> None:
    assert outcome(f"{people} {BOOK.title}. Oldtown: Bergverlag, 1998.", BOOK).work == BOOK

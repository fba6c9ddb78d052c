"""Claims held against the print: what is printed stays as printed, what is invented goes, whatever its shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_lit.extraction.grounding import checked, grounded, located
from dl_lit.model import Person, PrintedLine, Reference

RAW = (
    "Quill, A. B. & O’Neill-Zürn, M. (2019a): On the patience of co-operative servers. What now? "
    "Journal of Waiting 12(3), 45–67. Bern: Slow Press. https://doi.org/10.1000/wait.2019.7 "
    "https://example.org/papers/7?v=2 ISBN 3-16-148410-X, ISSN 0378-5955, PMID: 12345678, arXiv:2101.00001v2."
)


def lines(*texts: str, page: int = 4) -> list[PrintedLine]:
    return [PrintedLine(text, page) for text in texts]


def check(**fields: object) -> Reference:
    return checked(Reference(raw=RAW, **fields), RAW)  # type: ignore[arg-type]


def test_what_is_printed_stays() -> None:
    claim = Reference(
        raw=RAW,
        authors=(Person(family="Quill", given="A. B."), Person(family="O'Neill-Zürn", given="M.")),
        title="On the patience of co-operative servers",
        year_text="2019a",
        container="Journal of Waiting",
        volume="12",
        issue="3",
        pages="45-67",
        publisher="Slow Press",
        place="Bern",
        type="journal-article",
        doi="https://doi.org/10.1000/WAIT.2019.7",
        arxiv="2101.00001",
        pmid="12345678",
        isbn="3-16-148410-X",
        issn="0378-5955",
        url="https://example.org/papers/7?v=2",
    )
    assert checked(claim, RAW) == Reference(
        raw=RAW,
        authors=(Person(family="Quill", given="A. B."), Person(family="O’Neill-Zürn", given="M.")),
        title="On the patience of co-operative servers",
        year=2019,
        year_text="2019a",
        container="Journal of Waiting",
        volume="12",
        issue="3",
        pages="45-67",
        publisher="Slow Press",
        place="Bern",
        type="journal-article",
        doi="10.1000/wait.2019.7",
        arxiv="2101.00001",
        pmid="12345678",
        isbn="9783161484100",
        issn="0378-5955",
        url="https://example.org/papers/7?v=2",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "On the patience of clients"),
        ("title", "patience of co-operative serv"),  # ends in the middle of a word
        ("title", ""),
        ("title", " .,; "),
        ("translated_title", "Über die Geduld"),
        ("year_text", "2020"),
        ("year_text", "19"),
        ("container", "Journal of Hurrying"),
        ("volume", "4"),
        ("volume", "9"),
        ("issue", "45678"),
        ("pages", "45-76"),
        ("pages", "5-67"),
        ("publisher", "Fast Press"),
        ("place", "Berlin"),
        ("type", "novel"),
        ("pmid", "1234567"),
        ("pmcid", "PMC123"),
        ("isbn", "978-3-16-148410-9"),
        ("issn", "1234-5679"),
        ("url", "https://example.org/papers/7?v=3"),
        ("url", "https://example.org/papers"),
        ("url", "https://other.test/"),
        ("url", "https://"),
        ("url", "javascript:alert(1)"),
    ],
)
def test_what_is_not_printed_goes(name: str, value: str) -> None:
    assert getattr(check(**{name: value}), name) is None


@pytest.mark.parametrize(
    ("name", "value", "printed"),
    [
        ("title", "on the PATIENCE of cooperative servers", "On the patience of co-operative servers"),
        ("title", "What now?", "What now?"),
        ("title", "What now", "What now"),
        ("title", "What now!", "What now"),
        ("container", "Journal  of\nWaiting", "Journal of Waiting"),
        ("pages", "45--67", "45-67"),
    ],
)
def test_values_are_taken_as_they_are_printed(name: str, value: str, printed: str) -> None:
    assert getattr(check(**{name: value}), name) == printed


def test_an_invented_year_leaves_no_number() -> None:
    assert check(year_text="1999").year is None
    assert checked(Reference(raw="", year_text="in press"), "Quill, A. (in press): On it").year_text == "in press"


def test_invented_people_go_and_invented_given_names_too() -> None:
    people = (
        Person(family="Quill", given="Anna"),
        Person(family="Nobody", given="A."),
        Person(name="Slow Press"),
        Person(name="Fast Press"),
        Person(given="A."),
    )
    kept = (Person(family="Quill"), Person(name="Slow Press"))
    assert (check(authors=people).authors, check(editors=people).editors) == (kept, kept)


@pytest.mark.parametrize("doi", ["10.9999/invented", "10.1000/wait.2019.78", "10.1000/wait.2019", None, "n/a"])
def test_the_one_printed_doi_stands_whatever_was_claimed(doi: str | None) -> None:
    assert check(doi=doi).doi == "10.1000/wait.2019.7"


def test_without_a_printed_doi_there_is_none() -> None:
    raw = "Ruhe, B. (1998): Queues at home. Bern: Slow Press."
    assert checked(Reference(raw=raw, doi="10.9999/invented", arxiv="2101.00001"), raw).doi is None


# ── finding references in the print ──────────────────────────────────────────────────────────────────────

PRINTED = [
    *lines("[1] Quill, A. (2019): On the patience of ser-", "vers. Journal of Waiting 12, 45-67.", page=4),
    *lines("[2] Ruhe, B. (1998): “Queues at home”. Bern:", "Slow Press.", page=5),
]


def test_references_come_back_as_printed_with_page_and_position() -> None:
    claims = [
        Reference("Ruhe, B. (1998): Queues at home. Bern: Slow Press", title="Queues at home"),
        Reference("Quill, A. (2019): On the patience of servers. Journal of Waiting 12, 45–67."),
    ]
    first, second = grounded(claims, PRINTED)
    assert (first.position, first.page, first.raw) == (
        1,
        4,
        "Quill, A. (2019): On the patience of servers. Journal of Waiting 12, 45-67.",
    )
    assert (second.position, second.page, second.raw) == (2, 5, "Ruhe, B. (1998): “Queues at home”. Bern: Slow Press.")
    assert second.title == "Queues at home"


@pytest.mark.parametrize(
    "raw",
    [
        "Nobody, N. (2020): A work that nobody has ever written. Nowhere Press.",
        "Quill, A. (2018): On the patience of servers. Journal of Waiting 12, 45-67.",
        "Ruhe",
        "",
        "…",
    ],
)
def test_references_that_are_not_printed_are_dropped(raw: str) -> None:
    assert grounded([Reference(raw)], PRINTED) == ()
    assert grounded([Reference(raw)], []) == ()


def test_of_two_looks_at_one_reference_the_longer_stays() -> None:
    cut_off = Reference("Quill, A. (2019): On the patience of", title="patience")
    whole = Reference("Quill, A. (2019): On the patience of servers. Journal of Waiting 12, 45-67.")
    assert [one.title for one in grounded([cut_off, whole, whole], PRINTED)] == [None]


def test_the_same_reference_printed_twice_is_found_twice() -> None:
    twice = lines("Amt, C. (2001): Counting chairs.", "Zorn, D. (2002): Standing.", "Amt, C. (2001): Counting chairs.")
    claims = [Reference("Amt, C. (2001): Counting chairs."), Reference("Amt, C. (2001): Counting chairs.")]
    assert [one.position for one in grounded(claims, twice)] == [1, 2]


def test_a_whole_list_claimed_as_one_reference_is_dropped() -> None:
    many = lines(*(f"Amt, C. ({year}): Counting chairs, once more and for ever." for year in range(1900, 2000)))
    assert grounded([Reference(" ".join(line.text for line in many))], many) == ()


def test_a_claim_that_begins_inside_a_word_gets_the_whole_word() -> None:
    (one,) = grounded([Reference("uill, A. (2019): On the patience of serv")], PRINTED)
    assert one.raw == "Quill, A. (2019): On the patience of servers."


def test_other_scripts_and_accents_are_compared_too() -> None:
    text = lines(
        "Ткаченко, О. (2010): Черги вдома та інші оповідання. Київ.", "李娜 (2015)：排队与等待的社会学研究。北京。"
    )
    claims = [
        Reference("Ткаченко, О. (2010): Черги вдома та інші оповідання. Київ.", title="Черги вдома та інші оповідання"),
        Reference("李娜 (2015)：排队与等待的社会学研究。北京。", title="排队与等待的社会学研究"),
    ]
    assert [one.title for one in grounded(claims, text)] == ["Черги вдома та інші оповідання", "排队与等待的社会学研究"]
    decomposed = Reference("Zu\u0308rn, M. (2019): Ko\u0308nnen wir warten?", title="Ko\u0308nnen wir warten?")
    (one,) = grounded([decomposed], lines("Zürn, M. (2019): Können wir warten?"))
    assert one.title == "Können wir warten?"


def test_located_references_keep_all_fields_and_get_their_page() -> None:
    found = [
        Reference("Ruhe, B. (1998): Queues at home. Bern: Slow Press.", doi="10.1/x"),
        Reference("Not printed here"),
    ]
    first, second = located(found, PRINTED)
    assert (first.position, first.page, first.doi) == (1, 5, "10.1/x")
    assert (second.position, second.page) == (2, None)


@given(
    raw=st.text(max_size=200), values=st.lists(st.text(max_size=30), min_size=3, max_size=3), start=st.integers(0, 200)
)
def test_whatever_is_claimed_only_stretches_of_the_print_are_kept(raw: str, values: list[str], start: int) -> None:
    title, family, given_name = values
    part = raw[start : start + 40]
    claim = Reference(raw, title=title, container=part, authors=(Person(family=family, given=given_name),), volume=part)
    result = checked(claim, raw)
    kept = [result.title, result.container, result.volume, *(p.family for p in result.authors)]
    assert all(value is None or value in raw for value in kept)
    for one in grounded([claim, Reference(part)], [PrintedLine(raw, 1)]):
        assert one.page == 1


def test_page_ranges_are_completed_and_addresses_may_end_in_a_slash() -> None:
    raw = "Amt, C. (2001): Counting chairs. Seats 7, 1425-37. https://example.org/seats/ (seen in May)."
    result = checked(Reference(raw, pages="1425-37", url="https://example.org/seats/"), raw)
    assert (result.pages, result.url) == ("1425-1437", "https://example.org/seats/")
    assert checked(Reference(raw, pages="1425-1437"), raw).pages == "1425-1437"
    assert checked(Reference(raw, pages="1425-1447"), raw).pages is None
    assert checked(Reference(raw, pages="pages"), raw).pages is None


def test_a_doi_that_a_click_leads_to_is_taken_unless_there_are_several() -> None:
    text = [
        PrintedLine("Amt, C. (2001): Counting", 1, ("10.1000/amt",)),
        PrintedLine("chairs. Seats 7.", 1, ("10.1000/amt",)),
        PrintedLine("Zorn, D. (2002): Standing at home.", 1, ("10.1000/a", "10.1000/b")),
    ]
    claims = [Reference("Amt, C. (2001): Counting chairs. Seats 7."), Reference("Zorn, D. (2002): Standing at home.")]
    assert [one.doi for one in grounded(claims, text)] == ["10.1000/amt", None]

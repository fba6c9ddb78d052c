"""A printed list and a deposited one, laid side by side."""

from __future__ import annotations

from dl_lit.enrichment.alignment import aligned
from dl_lit.model import DepositedReference

NAMES = ("Adler", "Brandt", "Celik", "Dumont", "Eriksen", "Fontana", "Gruber", "Holm", "Ivanov", "Jansen")
SUBJECTS = ("herring", "salt", "amber", "rye", "timber", "copper", "wool", "furs", "wax", "tar")
PRINTED = [
    f"{name}, A. ({1980 + number}) Trade in {subject}. Sea Studies {number + 3}, {10 * number + 7}-{10 * number + 9}"
    for number, (name, subject) in enumerate(zip(NAMES, SUBJECTS, strict=True))
]


def entry(number: int, doi: str | None = None) -> DepositedReference:
    return DepositedReference(
        number + 1,
        doi=doi or f"10.5555/{number}",
        author=NAMES[number],
        year=str(1980 + number),
        journal_title="Sea Stud.",
        volume=str(number + 3),
        first_page=str(10 * number + 7),
    )


def bare(number: int) -> DepositedReference:
    return DepositedReference(number + 1, doi=f"10.5555/{number}")


def dois(printed: list[str], deposited: list[DepositedReference]) -> dict[int, str | None]:
    return {row: one.doi for row, one in sorted(aligned(printed, deposited).items())}


def test_each_entry_finds_its_print() -> None:
    assert dois(PRINTED, [entry(number) for number in range(10)]) == {row: f"10.5555/{row}" for row in range(10)}


def test_unstructured_entries_do_too() -> None:
    deposited = [DepositedReference(row + 1, doi=f"10.5555/{row}", unstructured=raw) for row, raw in enumerate(PRINTED)]
    assert len(dois(PRINTED, deposited)) == 10


def test_what_is_missing_on_one_side_leaves_the_rest_in_place() -> None:
    deposited = [entry(number) for number in (0, 2, 3, 5, 6, 7, 9)]
    assert dois(PRINTED[1:], deposited) == {number - 1: f"10.5555/{number}" for number in (2, 3, 5, 6, 7, 9)}


def test_an_entry_of_no_more_than_a_doi_is_placed_by_its_neighbours() -> None:
    deposited = [entry(0), bare(1), bare(2), *(entry(number) for number in range(3, 9)), bare(9)]
    assert dois(PRINTED, deposited)[1] == "10.5555/1"
    assert dois(PRINTED, deposited)[9] == "10.5555/9"


def test_between_neighbours_with_another_number_of_prints_it_is_not() -> None:
    deposited = [entry(0), bare(1), *(entry(number) for number in range(3, 10))]
    assert {1, 2}.isdisjoint(dois(PRINTED, deposited))


def test_an_entry_with_words_that_are_not_printed_is_not_vouched_for() -> None:
    other = DepositedReference(2, doi="10.5555/other", unstructured="Quarterly reports of the harbour master")
    assert 1 not in dois(PRINTED, [entry(0), other, *(entry(number) for number in range(2, 10))])


def test_the_order_of_both_lists_is_kept() -> None:
    """A second edition of the same work, cited earlier on, does not pull its entry out of the row."""
    printed = [PRINTED[5].replace("1985", "1999"), *PRINTED]
    deposited = [entry(number) for number in range(10)]
    assert dois(printed, deposited) == {row + 1: f"10.5555/{row}" for row in range(10)}


def test_the_list_of_another_paper_is_not_taken() -> None:
    foreign = [
        DepositedReference(
            number, doi=f"10.5555/x{number}", unstructured=f"Someone{number} on matters of {number + 40}"
        )
        for number in range(10)
    ]
    assert aligned(PRINTED, foreign) == {}
    assert aligned(PRINTED, [entry(0), *foreign[1:]]) == {}


def test_empty_lists_have_nothing_in_common() -> None:
    assert aligned([], [entry(0)]) == {}
    assert aligned(PRINTED, []) == {}
    assert aligned(["…"], [bare(0)]) == {}


def test_a_handbooks_list_is_aligned_in_its_order() -> None:
    printed = [f"Author{number} (1990) Subject{number * 7}. Journal {number % 50}" for number in range(1500)]
    deposited = [DepositedReference(n + 1, doi=f"10.5555/{n}", unstructured=raw) for n, raw in enumerate(printed)]
    assert dois(printed, deposited) == {row: f"10.5555/{row}" for row in range(1500)}

"""Which words of a printed title are misprints, and which make it another title."""

from __future__ import annotations

import pytest

from dl_lit.download.title_prints import Care, key_of, other_word

TITLE = "Household {} and school attendance in the valleys"


def other(wanted: str, printed: str, care: Care = Care.TYPED, text: str = "") -> str | None:
    return other_word(TITLE.format(wanted), TITLE.format(printed), care, text)


@pytest.mark.parametrize(
    "pair",
    [
        *("men/women", "male/female", "hypotension/hypertension", "supervised/unsupervised", "linear/nonlinear"),
        *("rural/urban", "Iran/Iraq", "Niger/Nigeria", "upper/lower", "import/export", "H1N1/H3N2", "2D/3D"),
        *("IgG/IgA", "Mali/Malawi", "Austria/Australia", "increase/decrease", "intergenerational/intragenerational"),
        *("macroeconomic/microeconomic", "prenatal/perinatal", "eighties/nineties", "boys/girls", "left/right"),
        *("CO/NO", "paid/unpaid", "alpha/beta", "primary/secondary", "with/without", "does/does not"),
    ],
)
def test_one_other_word_makes_another_title(pair: str) -> None:
    one, _, two = pair.partition("/")
    assert other(one, two) is not None
    assert other(two, one) is not None


@pytest.mark.parametrize(
    "pair",
    [
        *("attendance/attendence", "government/goverment", "behaviour/behavior", "labour/labor", "fibre/fiber"),
        *("organisation/organization", "programmes/programs", "efficient/ecient", "field/eld", "β-cells/beta-cells"),
        *("& wealth/and wealth", "the/teh", "income/income1", "price/prices", "co-operation/cooperation"),
        *("über/ueber", "valley/val\nley"),
    ],
)
def test_a_misprint_or_another_spelling_is_the_same_title(pair: str) -> None:
    one, _, two = pair.partition("/")
    assert other(one, two) is None


def test_letters_read_from_a_picture_may_be_more_wrong() -> None:
    assert other("income", "incorne") is not None
    assert other("income", "incorne", Care.READ) is None
    assert other("Iran", "Iraq", Care.READ) is None
    assert other("Iran", "Iraq", Care.READ, "Schools in Iraq. Iraq has many.") is not None
    assert other("men", "women", Care.READ) is not None


def test_a_heading_with_a_misprint_is_known_by_its_text() -> None:
    assert other("Iran", "Iraq", text="Schools in Iran. Iran has many.") is None
    assert other("men", "women", text="We asked men. Men said much.") is not None


def test_its_own_doi_settles_what_a_word_is() -> None:
    assert other("Iran", "Iraq", Care.SURE) is None


def test_whatever_stands_for_and_makes_one_key() -> None:
    assert key_of("Schools & markets") == key_of("Schools and markets") == key_of("Schools und markets")

"""Who is asked for a file's references, in which order, and what becomes of each kind of answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from dl_lit.errors import ServiceUnavailable
from dl_lit.extraction.escalation import Alone, ByFile, ByText, Escalating, Read
from dl_lit.model import (
    Answer,
    Claims,
    Extraction,
    Found,
    ListText,
    NoAnswer,
    Nothing,
    PdfReason,
    PrintedLine,
    Reference,
)

PDF = Path("paper.pdf")
RAW = "Quill, A. (2019): On the patience of servers. Journal of Waiting 3, 4-5."
TEXT = ListText((PrintedLine(RAW, 9),), is_list=True, has_signs=True)
EMPTY = Extraction(pages=9, backend="pymupdf", title="Own title", reason=PdfReason.EMPTY_LIST, detail="nothing read")
NONE = Extraction(pages=9, backend="pymupdf", reason=PdfReason.NO_REFERENCES)
GOOD = Extraction(pages=9, backend="pymupdf", doi="10.1/own", references=(Reference(RAW, position=1, page=9),))


class Builtin:
    version = "builtin 1"

    def __init__(self, result: Extraction) -> None:
        self._result = result

    def extract(self, path: Path) -> Extraction:
        return self._result


class Texts:
    """Counts how often the text was asked for."""

    def __init__(self, text: ListText = TEXT) -> None:
        self._text = text
        self.asked = 0

    def __call__(self, path: Path) -> ListText:
        self.asked += 1
        return self._text


class Helper:
    def __init__(self, answer: Answer[Read], backend: str = "grobid") -> None:
        self.backend = backend
        self.version = f"{backend} 1"
        self._answer = answer
        self.asked = 0

    def read(self, path: Path, first: Extraction, text: Callable[[], ListText]) -> Answer[Read]:
        self.asked += 1
        return self._answer


FOUND = Found(Read((Reference(RAW, position=1),)))


# ── auto ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "result", [GOOD, *(Extraction(reason=r) for r in PdfReason if r not in ("empty_list", "no_references"))]
)
def test_what_the_builtin_reader_read_or_cannot_be_read_is_left_as_it_is(result: Extraction) -> None:
    helper, texts = Helper(FOUND), Texts()
    assert Escalating(Builtin(result), texts, [helper]).extract(PDF) is result
    assert (helper.asked, texts.asked) == (0, 0)


def test_a_list_that_gave_nothing_goes_to_the_first_helper_that_reads_it() -> None:
    helpers = [Helper(Nothing()), Helper(FOUND, "llm:tiny"), Helper(FOUND, "never")]
    result = Escalating(Builtin(EMPTY), Texts(), helpers).extract(PDF)
    assert (result.backend, result.reason, result.detail) == ("llm:tiny", None, None)
    assert [one.raw for one in result.references] == [RAW]
    assert (result.title, result.pages, result.is_provisional) == ("Own title", 9, False)
    assert [helper.asked for helper in helpers] == [1, 1, 0]


def test_signs_of_a_list_are_needed_where_none_was_found() -> None:
    with_signs, without = Helper(FOUND), Helper(FOUND)
    assert Escalating(Builtin(NONE), Texts(), [with_signs]).extract(PDF).references
    assert Escalating(Builtin(NONE), Texts(ListText()), [without]).extract(PDF) is NONE
    assert (with_signs.asked, without.asked) == (1, 0)


def test_the_builtin_result_stays_when_nobody_answers_and_says_who_was_asked() -> None:
    helpers = [Helper(NoAnswer("it is busy")), Helper(Nothing(), "llm:tiny")]
    result = Escalating(Builtin(EMPTY), Texts(), helpers).extract(PDF)
    assert (result.reason, result.backend, result.is_provisional) == (PdfReason.EMPTY_LIST, "pymupdf", True)
    assert result.detail == "nothing read; grobid gave no answer (it is busy); llm:tiny found no references in it"


def test_a_result_is_final_when_all_helpers_answered() -> None:
    assert not Escalating(Builtin(EMPTY), Texts(), [Helper(Nothing())]).extract(PDF).is_provisional


# ── one alone ────────────────────────────────────────────────────────────────────────────────────────────


def test_alone_it_reads_what_the_builtin_reader_could_read_too() -> None:
    result = Alone(Builtin(GOOD), Texts(), Helper(FOUND)).extract(PDF)
    assert (result.backend, result.doi, len(result.references)) == ("grobid", "10.1/own", 1)


def test_alone_it_is_asked_about_files_on_which_our_reader_broke() -> None:
    crashed = Extraction(reason=PdfReason.CRASHED, detail="SIGSEGV")
    result = Alone(Builtin(crashed), Texts(), Helper(FOUND)).extract(PDF)
    assert (result.reason, len(result.references)) == (None, 1)


@pytest.mark.parametrize("reason", [PdfReason.ENCRYPTED, PdfReason.NOT_A_PDF, PdfReason.UNREADABLE, PdfReason.NO_TEXT])
def test_hopeless_files_are_sent_to_nobody(reason: PdfReason) -> None:
    helper, result = Helper(FOUND), Extraction(reason=reason)
    assert Alone(Builtin(result), Texts(), helper).extract(PDF) is result
    assert helper.asked == 0


def test_no_answer_makes_the_file_wait() -> None:
    with pytest.raises(ServiceUnavailable, match="it is busy") as raised:
        Alone(Builtin(GOOD), Texts(), Helper(NoAnswer("it is busy", 7.0))).extract(PDF)
    assert raised.value.retry_after == 7.0


@pytest.mark.parametrize(
    ("first", "reason"), [(GOOD, PdfReason.EMPTY_LIST), (EMPTY, PdfReason.EMPTY_LIST), (NONE, PdfReason.NO_REFERENCES)]
)
def test_nothing_is_a_result_without_the_builtin_readers_references(first: Extraction, reason: PdfReason) -> None:
    result = Alone(Builtin(first), Texts(), Helper(Nothing())).extract(PDF)
    assert (result.references, result.reason) == ((), reason)
    assert result.detail is not None and result.detail.endswith("grobid found no references in it")


def test_versions_name_everyone_who_takes_part() -> None:
    helpers = [Helper(FOUND), Helper(FOUND, "llm:tiny")]
    assert Escalating(Builtin(GOOD), Texts(), helpers).version == "builtin 1 + grobid 1 + llm:tiny 1"
    assert Alone(Builtin(GOOD), Texts(), helpers[0]).version == "grobid 1 over builtin 1"


# ── the helpers ──────────────────────────────────────────────────────────────────────────────────────────


class Files:
    def __init__(self, answer: Answer[tuple[Reference, ...]]) -> None:
        self._answer = answer

    def references(self, path: Path) -> Answer[tuple[Reference, ...]]:
        return self._answer


class Model:
    model = "tiny"
    version = "llm:tiny 1"

    def __init__(self, answer: Answer[Claims]) -> None:
        self._answer = answer
        self.sent: list[str] = []

    def read(self, lines: Sequence[str]) -> Answer[Claims]:
        self.sent += lines
        return self._answer


@pytest.mark.parametrize(("first", "asked"), [(GOOD, 0), (EMPTY, 1)])
def test_references_of_a_file_service_get_their_pages_from_our_own_look(first: Extraction, asked: int) -> None:
    texts = Texts()
    answer = ByFile(Files(Found((Reference(RAW), Reference("Something else entirely"))))).read(
        PDF, first, lambda: texts(PDF)
    )
    assert isinstance(answer, Found)
    assert [(one.position, one.page) for one in answer.value.references] == [(1, 9), (2, None)]
    assert texts.asked == asked


@pytest.mark.parametrize("answer", [Nothing(), NoAnswer("busy")])
def test_other_answers_pass_unchanged(answer: Nothing | NoAnswer) -> None:
    assert ByFile(Files(answer)).read(PDF, EMPTY, lambda: TEXT) is answer
    assert ByText(Model(answer)).read(PDF, EMPTY, lambda: TEXT) is answer


def test_a_model_is_believed_only_where_the_print_agrees() -> None:
    invented = Reference("Nobody, N. (2020): A work that nobody wrote.")
    model = Model(Found(Claims((Reference(RAW, title="On the patience of servers", place="Bern"), invented))))
    answer = ByText(model).read(PDF, EMPTY, lambda: TEXT)
    assert isinstance(answer, Found)
    (one,) = answer.value.references
    assert (one.raw, one.title, one.place, one.page) == (RAW, "On the patience of servers", None, 9)
    assert model.sent == [RAW]
    assert ByText(Model(Found(Claims((invented,))))).read(PDF, EMPTY, lambda: TEXT) == Nothing()


def test_a_model_is_not_asked_about_no_text() -> None:
    model = Model(Nothing())
    assert ByText(model).read(PDF, EMPTY, ListText) == Nothing()
    assert model.sent == []


def test_parts_without_a_usable_answer_are_told_of_and_leave_the_result_provisional() -> None:
    model = ByText(Model(Found(Claims((Reference(RAW),), parts=3, unusable=1))))
    result = Escalating(Builtin(EMPTY), Texts(), [model]).extract(PDF)
    assert result.detail == "for 1 of the 3 parts of its list no usable answer came"
    assert result.is_provisional and result.references and result.reason is None
    assert result.backend == "llm:tiny"


def test_a_file_on_which_our_reader_broke_keeps_its_reason_when_the_model_has_no_text() -> None:
    texts, model = Texts(), Model(Nothing())
    crashed = Extraction(reason=PdfReason.CRASHED, detail="SIGSEGV")
    result = Alone(Builtin(crashed), texts, ByText(model)).extract(PDF)
    assert (result.reason, result.detail) == (PdfReason.CRASHED, "SIGSEGV; llm:tiny found no references in it")
    assert (texts.asked, model.sent) == (0, [])

"""Extractors that have help: a GROBID or a language model reads what the built-in reader could not, or in its place.

The helpers are handed in; nothing here knows how they are reached. All extractors have `extract(path) -> Extraction`
and a `version` that changes whenever their results could.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from dl_lit.extraction.grounding import grounded, located
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
from dl_lit.silence import as_error

_R = PdfReason
# No other reader can do anything about these, or may (a file that is too large is not sent anywhere).
_HOPELESS = frozenset(
    (_R.UNREADABLE, _R.NOT_A_PDF, _R.EMPTY_FILE, _R.ENCRYPTED, _R.NO_PAGES, _R.NO_TEXT, _R.TOO_LARGE, _R.INTERNAL_ERROR)
)
# Our reader did not get through the file, so that a reader that lives on our text has none.
_BROKE = frozenset((_R.CRASHED, _R.TIMED_OUT, _R.OUT_OF_MEMORY, _R.DAMAGED))
_NOTHING_READ = frozenset((_R.EMPTY_LIST, _R.NO_REFERENCES))

ReadText = Callable[[Path], ListText]


class Extractor(Protocol):
    """Reads one file at a time in each of any number of threads. Raises RetryLater if the file must wait."""

    @property
    def version(self) -> str: ...

    def extract(self, path: Path) -> Extraction: ...


@dataclass(frozen=True, slots=True)
class Read:
    """What a helper read: references in the order of the print, and what a person should know about it."""

    references: tuple[Reference, ...]
    detail: str | None = None
    is_whole: bool = True


class Helper(Protocol):
    """Reads the references of a file after the built-in reader has looked at it; `text` gives its printed lines."""

    @property
    def backend(self) -> str: ...

    @property
    def version(self) -> str: ...

    def read(self, path: Path, first: Extraction, text: Callable[[], ListText]) -> Answer[Read]: ...


class Escalating:
    """The built-in reader; where it found a list and could not read it, or signs of one, the helpers in turn."""

    def __init__(self, builtin: Extractor, text: ReadText, helpers: Sequence[Helper]) -> None:
        self._builtin = builtin
        self._text = text
        self._helpers = tuple(helpers)

    @property
    def version(self) -> str:
        return " + ".join([self._builtin.version, *(helper.version for helper in self._helpers)])

    def extract(self, path: Path) -> Extraction:
        """The first result with references; without one the built-in result, which then says who was asked."""
        begun = time.monotonic()
        first = self._builtin.extract(path)
        if first.reason not in _NOTHING_READ:
            return first
        text = self._text(path)
        if first.reason is PdfReason.NO_REFERENCES and not text.has_signs:
            return first
        remarks, silent = [first.detail or ""], False
        for helper in self._helpers:
            answer = helper.read(path, first, lambda: text)
            if isinstance(answer, Found):
                return _taken(first, answer.value, helper.backend, begun)
            silent = silent or isinstance(answer, NoAnswer)
            remarks.append(_remark(helper, answer))
        detail = "; ".join(filter(None, remarks))
        return replace(first, detail=detail, seconds=time.monotonic() - begun, is_provisional=silent)


class Alone:
    """One helper reads all references. The built-in reader still says what the PDF itself is, and what is wrong."""

    def __init__(self, builtin: Extractor, text: ReadText, helper: Helper) -> None:
        self._builtin = builtin
        self._text = text
        self._helper = helper

    @property
    def version(self) -> str:
        return f"{self._helper.version} over {self._builtin.version}"

    def extract(self, path: Path) -> Extraction:
        """Raises the RetryLater that fits when the helper gives no answer: the file waits, it has not failed."""
        begun = time.monotonic()
        first = self._builtin.extract(path)
        if first.reason in _HOPELESS:
            return first
        answer = self._helper.read(path, first, lambda: self._text(path))
        if isinstance(answer, NoAnswer):
            raise as_error(answer)
        if isinstance(answer, Found):
            return _taken(first, answer.value, self._helper.backend, begun)
        return replace(
            first,
            backend=self._helper.backend,
            references=(),
            reason=first.reason or PdfReason.EMPTY_LIST,
            detail="; ".join(filter(None, (first.detail, _remark(self._helper, answer)))),
            seconds=time.monotonic() - begun,
        )


def _taken(first: Extraction, read: Read, backend: str, begun: float) -> Extraction:
    return replace(
        first,
        backend=backend,
        references=read.references,
        reason=None,
        detail=read.detail,
        seconds=time.monotonic() - begun,
        is_provisional=not read.is_whole,
    )


def _remark(helper: Helper, answer: NoAnswer | Nothing) -> str:
    if isinstance(answer, NoAnswer):
        return f"{helper.backend} gave no answer ({answer.reason})"
    return f"{helper.backend} found no references in it"


# ── helpers ──────────────────────────────────────────────────────────────────────────────────────────────


class ReadsFiles(Protocol):
    """What `ByFile` needs of a service."""

    def references(self, path: Path) -> Answer[tuple[Reference, ...]]: ...


class ByFile:
    """A service that takes the whole file (GROBID). Pages come from our own look at the print, where there was one."""

    backend = "grobid"
    version = "grobid 1"  # ours: which GROBID answers is not known before it is asked

    def __init__(self, service: ReadsFiles) -> None:
        self._service = service

    def read(self, path: Path, first: Extraction, text: Callable[[], ListText]) -> Answer[Read]:
        answer = self._service.references(path)
        if not isinstance(answer, Found):
            return answer
        lines = _lines_of(first.references) or (text().lines if first.reason in _NOTHING_READ else ())
        return Found(Read(located(answer.value, lines)))


class ReadsText(Protocol):
    """What `ByText` needs of a service. Its claims are unchecked."""

    @property
    def model(self) -> str: ...

    @property
    def version(self) -> str: ...

    def read(self, lines: Sequence[str]) -> Answer[Claims]: ...


class ByText:
    """A language model that is given the printed lines; nothing it says is believed that is not printed there."""

    def __init__(self, service: ReadsText) -> None:
        self._service = service

    @property
    def backend(self) -> str:
        return f"llm:{self._service.model}"

    @property
    def version(self) -> str:
        return self._service.version

    def read(self, path: Path, first: Extraction, text: Callable[[], ListText]) -> Answer[Read]:
        lines = () if first.reason in _BROKE else text().lines
        if not lines:
            return Nothing()
        answer = self._service.read([line.text for line in lines])
        if not isinstance(answer, Found):
            return answer
        claims = answer.value
        references = grounded(claims.references, lines)
        if not references:
            return Nothing()
        return Found(Read(references, _incomplete(claims), is_whole=not claims.unusable))


def _incomplete(claims: Claims) -> str | None:
    if not claims.unusable:
        return None
    return f"for {claims.unusable} of the {claims.parts} parts of its list no usable answer came"


def _lines_of(references: Sequence[Reference]) -> tuple[PrintedLine, ...]:
    return tuple(PrintedLine(one.raw, one.page) for one in references if one.page is not None)

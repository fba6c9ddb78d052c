"""Commands that do one thing to each of many files: several at a time, in order, each failure with its reason."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click

from dl_lit.intake import path_text
from dl_lit.model import PdfReason, Stage
from dl_lit.processes import ordered
from dl_lit.ui.wording import explain, printable

T = TypeVar("T")

# Reasons whose detail says more than their explanation.
DETAILED = {
    PdfReason.CRASHED,
    PdfReason.DAMAGED,
    PdfReason.EMPTY_LIST,
    PdfReason.ENCRYPTED,
    PdfReason.INTERNAL_ERROR,
    PdfReason.NO_REFERENCES,
    PdfReason.NOT_A_PDF,
    PdfReason.NO_TEXT,
    PdfReason.SERVICE_SILENT,
    PdfReason.BUDGET_SPENT,
    PdfReason.ACCESS_REFUSED,
    PdfReason.TIMED_OUT,
    PdfReason.TOO_LARGE,
    PdfReason.UNREADABLE,
    PdfReason.WRONG_TYPE,
}

JOBS = click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=lambda: os.cpu_count() or 1,
    show_default="processors",
    help="Files read at the same time.",
)


def in_order(
    work: Callable[[Path], T], files: Sequence[Path], jobs: int, *, interrupt: Callable[[], None]
) -> Iterator[tuple[Path, T]]:
    """Each file with its result, in the order of `files`, with no more than a few results held back.

    `interrupt` must make calls of `work` under way return or raise soon.
    """
    return ordered.in_order(lambda path: (path, work(path)), files, jobs, interrupt)


def tell_failure(path: Path, reason: PdfReason, detail: str | None) -> None:
    """One line on standard error."""
    more = f" ({detail})" if detail and reason in DETAILED else ""
    warn(f"{path_text(path)}: {reason.value}: {explain(Stage.EXTRACTION, reason)}{more}")


def warn(text: str) -> None:
    """One line on standard error, whatever the text holds."""
    click.echo(printable(text), err=True)

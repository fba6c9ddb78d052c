"""`extract-references --explain`: which lines of a page were taken for what, and why."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dl_lit.cli.files import tell_failure, warn
from dl_lit.cli.output import Destination, destination
from dl_lit.config import ExtractionSettings
from dl_lit.errors import UsageError
from dl_lit.extraction.explaining import Question
from dl_lit.extraction.explaining_pool import ExplainingPool
from dl_lit.intake import path_text
from dl_lit.page_views import ExplainedLine, Explanation, LineRole
from dl_lit.ui.wording import printable

_STYLES = {
    LineRole.FURNITURE: "dim",
    LineRole.TEXT: "",
    LineRole.HEADING: "bold magenta",
    LineRole.REFERENCE: "bold blue",
    LineRole.CONTINUED: "cyan",
    LineRole.LEFT_OUT: "yellow",
    LineRole.NOTE: "green",
}


def explain(
    files: Sequence[Path],
    settings: ExtractionSettings,
    pages: tuple[int, ...],
    folder: Path | None,
    output: Path | None,
) -> int:
    """Tells of each file, in `output` or on the screen, and draws its pages into `folder`, if there is one.

    The exit code is 1 when there is nothing to tell of any file.
    """
    failed = 0
    stems = _stems(files)
    with destination(output) as out, ExplainingPool(settings) as pool:
        show = _on_terminal if output is None and sys.stdout.isatty() else partial(_as_text, out)
        for path in files:
            told = pool.explain(Question(str(path), pages, with_pictures=folder is not None))
            failed += not told.lines
            if told.reason is not None:
                tell_failure(path, told.reason, told.detail)
                continue
            for remark in told.remarks:
                warn(f"{path_text(path)}: {remark}.")
            show(f"{path_text(path)}  ({told.backend_note})", told)
            for written in _drawn(told, stems[path], folder):
                warn(str(written))
        if failed == len(files):
            out.discard()
    return 1 if failed == len(files) else 0


def _stems(files: Sequence[Path]) -> dict[Path, str]:
    """What each file's pictures are named by: its own name, counted where files of several folders share it."""
    found: dict[Path, str] = {}
    for path in files:
        names = (path.stem if number == 1 else f"{path.stem}-{number}" for number in count(1))
        found[path] = next(name for name in names if name.casefold() not in map(str.casefold, found.values()))
    return found


def _by_page(told: Explanation) -> Iterator[tuple[int, list[ExplainedLine]]]:
    for page in sorted({line.page for line in told.lines}):
        yield page, [line for line in told.lines if line.page == page]


def _as_text(out: Destination, title: str, told: Explanation) -> None:
    """One line for each line of the print, however long it is, so that other programs can look through them."""
    out.write(f"{printable(title)}\n")
    for page, lines in _by_page(told):
        out.write(f"page {page}\n")
        width = max(len(line.why) for line in lines)
        for line in lines:
            out.write(f"{_number(line):>4}  {line.role.value:10}{line.why:{width}}  {printable(line.text)}\n")


def _on_terminal(title: str, told: Explanation) -> None:
    console = Console()
    console.print(Text(printable(title), style="bold"))
    for page, lines in _by_page(told):
        table = Table(title=f"page {page}", title_justify="left", box=None, show_header=False, padding=(0, 1))
        for _ in range(3):
            table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for line in lines:
            table.add_row(*_row(line))
        console.print(table)


def _number(line: ExplainedLine) -> str:
    return str(line.number) if line.number is not None and line.role is not LineRole.CONTINUED else ""


def _row(line: ExplainedLine) -> tuple[Text, ...]:
    style = _STYLES[line.role]
    return (
        Text(_number(line)),
        Text(line.role.value, style=style),
        Text(line.why, style="dim"),
        Text(printable(line.text)),
    )


def _drawn(told: Explanation, stem: str, folder: Path | None) -> Iterator[Path]:
    if folder is None or not told.pictures:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for page, picture in told.pictures:
            target = folder / f"{stem}-page-{page}.png"
            target.write_bytes(picture)
            yield target
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}. Choose another --pictures.") from error

"""`extract-references --explain`: which lines of a page were taken for what, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dl_lit.cli.files import tell_failure
from dl_lit.config import ExtractionSettings
from dl_lit.errors import UsageError
from dl_lit.extraction.explaining import Question
from dl_lit.extraction.explaining_pool import ExplainingPool
from dl_lit.model import ExplainedLine, Explanation, LineRole
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


def explain(files: Sequence[Path], settings: ExtractionSettings, pages: tuple[int, ...], folder: Path | None) -> int:
    """Tells of each file and draws its pages into `folder`, if there is one; exit code 1 when every file failed."""
    failed = 0
    console = Console()
    with ExplainingPool(settings) as pool:
        for path in files:
            told = pool.explain(Question(str(path), pages, with_pictures=folder is not None))
            if told.reason is not None:
                failed += 1
                tell_failure(path, told.reason, told.detail)
                continue
            console.print(Text(printable(f"{path}  ({told.backend_note})"), style="bold"))
            for part in _pages(told):
                console.print(part)
            for written in _drawn(told, path.stem, folder):
                click.echo(printable(str(written)), err=True)
    return 1 if failed == len(files) else 0


def _pages(told: Explanation) -> Iterator[Table]:
    for page in sorted({line.page for line in told.lines}):
        table = Table(title=f"page {page}", title_justify="left", box=None, show_header=False, padding=(0, 1))
        for _ in range(3):
            table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for line in told.lines:
            if line.page == page:
                table.add_row(*_row(line))
        yield table


def _row(line: ExplainedLine) -> tuple[Text, ...]:
    number = str(line.number) if line.number is not None and line.role is not LineRole.CONTINUED else ""
    style = _STYLES[line.role]
    return Text(number), Text(line.role.value, style=style), Text(line.why, style="dim"), Text(printable(line.text))


def _drawn(told: Explanation, stem: str, folder: Path | None) -> Iterator[Path]:
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for page, picture in told.pictures:
            target = folder / f"{stem}-page-{page}.png"
            target.write_bytes(picture)
            yield target
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}. Choose another --pictures.") from error

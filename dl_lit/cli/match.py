"""`match`: printed strings against local catalogues, offline, without a database."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import click

from dl_lit.catalogue.catalogue import Catalogue
from dl_lit.cli.output import check_output, destination
from dl_lit.cli.places import PLACE
from dl_lit.errors import ChildFailed, UsageError
from dl_lit.processes.limits import Limits
from dl_lit.processes.ordered import in_order
from dl_lit.processes.pool import ChildPool
from dl_lit.string_matching import Decided, Lines
from dl_lit.ui.wording import printable

TASK = "dl_lit.string_matching:decide_lines"
CHUNK = 100  # lines of one task
SECONDS = 120.0  # for one task
MEMORY = 1 << 30  # for one child, beside its catalogues
LONGEST_LINE = 1 << 20


@click.command("match")
@click.option(
    "--catalogue",
    "catalogues",
    multiple=True,
    required=True,
    type=PLACE,
    help="Catalogue to match with (made by: dl-lit catalogue build). May be given several times.",
)
@click.option(
    "--input",
    "source",
    required=True,
    type=PLACE,
    help='Lines of JSON: {"id": ..., "raw": "the printed reference"}.',
)
@click.option("--output", type=PLACE, help="Write here instead of standard output.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=lambda: os.cpu_count() or 1,
    show_default="processors",
    help="Processes that match at the same time.",
)
def command(catalogues: tuple[Path, ...], source: Path, output: Path | None, jobs: int) -> int:
    """Matches printed references with catalogues.

    Reads lines of {"id", "raw"} and writes, in the same order, lines of {"id", "decision", "doi", "score", "reason",
    "evidence"}. The decision is accepted, review (a person must look), rejected (the candidates are other works) or
    none (there is no candidate); doi is set only when accepted. Works offline, without a database. Lines that cannot
    be read are named on standard error and left out; the exit code is then 3.

    \b
    Example:
      dl-lit match --catalogue mine.catalogue --input printed.jsonl --output matched.jsonl
    """
    paths = tuple(path.resolve() for path in catalogues)
    check_output(output, (source, *paths))
    size = sum(_size(path) for path in paths)
    limits = Limits(seconds=SECONDS, memory_bytes=MEMORY + 2 * size)
    bad = 0
    with _opened(source) as lines, destination(output) as out, ChildPool(TASK, limits, jobs) as pool:
        chunks = (Lines(paths, chunk) for chunk in _chunks(lines))
        for decided in in_order(lambda chunk: _decided(pool, chunk), chunks, jobs, pool.interrupt):
            for one in decided:
                if one.output is not None:
                    out.write(one.output + "\n")
                else:
                    bad += 1
                    click.echo(printable(f"{source}, line {one.number}: {one.problem}."), err=True)
    if bad:
        click.echo(f"{bad} lines could not be read and are left out.", err=True)
    return 3 if bad else 0


def _size(path: Path) -> int:
    """The size of a catalogue, which is looked at here so that a wrong one is named before any work is done."""
    catalogue = Catalogue(path)
    try:
        return catalogue.info().bytes
    finally:
        catalogue.close()


def _opened(source: Path) -> IO[bytes]:
    try:
        return source.open("rb")
    except OSError as error:
        raise UsageError(f"{source} cannot be read: {error.strerror}. Check --input.") from error


def _chunks(lines: IO[bytes]) -> Iterator[tuple[tuple[int, bytes], ...]]:
    numbered = enumerate(_bounded(lines), 1)
    while chunk := tuple(itertools.islice(numbered, CHUNK)):
        yield chunk


def _bounded(lines: IO[bytes]) -> Iterator[bytes]:
    """The lines; one without end is cut, so that it cannot fill the memory (and is no JSON then)."""
    while line := lines.readline(LONGEST_LINE):
        yield line
        while len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            line = lines.readline(LONGEST_LINE)


def _decided(pool: ChildPool, chunk: Lines) -> Sequence[Decided]:
    """The decisions on a chunk; when it fails as a whole, line by line, so that one line costs itself only."""
    try:
        decided: Sequence[Decided] = pool.run(chunk)
        return decided
    except ChildFailed as error:
        if len(chunk.lines) == 1:
            return [Decided(chunk.lines[0][0], problem=f"could not be matched: {error.message}")]
    return [one for line in chunk.lines for one in _decided(pool, Lines(chunk.catalogues, (line,)))]

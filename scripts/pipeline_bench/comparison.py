"""Both modes on the same papers in the same world: rows compared, logs audited, and what is said of it."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from download_bench.telling import table
from worldtools import difference, final_rows

from dl_lit.net.limits import SAFETY
from dl_lit.standin import catalogue
from dl_lit.standin.audit import repeats
from pipeline_bench.bound import Bound, bound, lead_of
from pipeline_bench.measured import LATENCIES, Figures, World, breaches, log_of, measured
from pipeline_bench.papers import works, write_papers

MB = 1_000_000
SPEED_UP = {10: 5.0, 50: 8.0}  # at least, by PDFs
MOST_RATIO = 1.2
MOST_MEMORY = 500 * MB
STAGES = {
    "source_pdfs": "read PDFs",
    "no_metadata": "find metadata",
    "with_metadata": "queue",
    "to_download_references": "download",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    papers: int
    sequential: Figures
    concurrent: Figures
    bound: Bound
    rows: int
    differing: tuple[str, ...]
    breaches: tuple[str, ...]
    repeated: int

    @property
    def speed_up(self) -> float:
        return self.sequential.seconds / self.concurrent.seconds

    @property
    def ratio(self) -> float:
        return self.concurrent.seconds / self.bound.seconds


def compared(folder: Path, papers: int, references: int, speed: float, workers: Mapping[str, int]) -> Comparison:
    """Makes both runs in `folder`, or takes what an earlier benchmark has left there."""
    pdfs, listed = _prepared(folder, papers, references)
    world = World(listed, speed)
    sequential = measured(folder, "sequential", pdfs, world, workers)
    concurrent = measured(folder, "concurrent", pdfs, world, workers)
    lead = min(lead_of(log_of(folder, one.mode), one) for one in (sequential, concurrent))
    rows, others = (final_rows(folder / one.mode) for one in (sequential, concurrent))
    log = log_of(folder, "concurrent")
    return Comparison(
        papers=papers,
        sequential=sequential,
        concurrent=concurrent,
        bound=bound(log, concurrent, lead, listed, workers),
        rows=len(rows),
        differing=tuple(difference(rows, others)),
        breaches=tuple(line for one in (sequential, concurrent) for line in breaches(folder, one.mode)),
        repeated=len(repeats(log)),
    )


def alone(folder: Path, papers: int, references: int, speed: float, workers: Mapping[str, int]) -> str:
    """The concurrent run without the other one, which takes ten times as long: how near the bound it comes."""
    pdfs, listed = _prepared(folder, papers, references)
    run = measured(folder, "concurrent", pdfs, World(listed, speed), workers)
    log = log_of(folder, "concurrent")
    least = bound(log, run, lead_of(log, run), listed, workers)
    return (
        f"{papers} PDFs: {run.seconds:.1f} s, exit {run.exit_code}; bound {least.seconds:.1f} s ({least.lead:.1f} s"
        f" before the first request, then {least.binding}): {run.seconds / least.seconds:.3f} times;"
        f" {run.peak_bytes / MB:.0f} MB; breaches: {len(breaches(folder, 'concurrent'))}"
    )


def _prepared(folder: Path, papers: int, references: int) -> tuple[Path, Path]:
    """The papers, and the works of their world."""
    pdfs, listed = folder / "pdfs", folder / "works.jsonl"
    if not pdfs.exists():
        write_papers(pdfs, papers, references)
        catalogue.write(listed, works(papers, references))
    return pdfs, listed


def faults(one: Comparison, *, strict: bool) -> Iterator[str]:
    """What must not be; with `strict` also targets that are missed."""
    yield from (f"{one.papers} PDFs: rows differ: {line}" for line in one.differing)
    yield from (f"{one.papers} PDFs: {line}" for line in one.breaches)
    for run in (one.sequential, one.concurrent):
        if run.exit_code:
            yield f"{one.papers} PDFs: {run.mode}: exit {run.exit_code}"
    if strict:
        yield from missed(one)


def missed(one: Comparison) -> Iterator[str]:
    least = SPEED_UP.get(one.papers)
    if least is not None and one.speed_up < least:
        yield f"{one.papers} PDFs: {one.speed_up:.1f} times as fast, not {least:g}"
    if least is not None and one.ratio > MOST_RATIO:
        yield f"{one.papers} PDFs: {one.ratio:.2f} times the bound, not {MOST_RATIO:g}"
    if one.concurrent.peak_bytes > MOST_MEMORY:
        yield f"{one.papers} PDFs: {one.concurrent.peak_bytes / MB:.0f} MB"


# ── the report ───────────────────────────────────────────────────────────────────────────────────────────


def told(found: Sequence[Comparison], speed: float, workers: Mapping[str, int], plot: str) -> Iterator[str]:
    (low, high), (slow, slowest) = LATENCIES
    yield "# Sequential against concurrent"
    yield ""
    yield f"Written by `scripts/bench_pipeline --write` on {platform.machine()} with {os.cpu_count()} cores, where the"
    yield "stand-in ran too. Each paper prints 40 references: 28 to articles that no other paper cites, 10 to works"
    yield "that others cite too, 2 to what no service knows; somewhat under half print a DOI. Both modes start with"
    yield "nothing and use one world with the services' published limits, with an e-mail address and OpenAlex's free"
    yield f"key. Services answer after {low / speed:.2g} to {high / speed:.2g} s, hosts after {slow / speed:.2g} to"
    yield f"{slowest / speed:.2g} s (the world's speed is {speed:g}: latencies are divided by it, limits are as they"
    yield "are). Concurrent runs have"
    yield ", ".join(f"{count} {name} workers" for name, count in workers.items()) + "."
    yield ""
    yield f"![Seconds a reference]({plot})"
    yield ""
    yield from table(HEAD, (_row(one) for one in found))
    yield ""
    yield from _meaning()
    for one in found:
        yield from _details(one)


HEAD = (
    *("PDFs", "sequential s", "concurrent s", "speed-up", "bound s", "achieved/bound", "binding"),
    *("references a minute", "CPU s", "peak MB", "processes", "rows equal", "breaches"),
)


def _row(one: Comparison) -> tuple[str, ...]:
    run = one.concurrent
    return (
        *(f"{one.papers}", f"{one.sequential.seconds:.0f}", f"{run.seconds:.0f}", f"{one.speed_up:.1f}"),
        *(f"{one.bound.seconds:.0f}", f"{one.ratio:.2f}", one.bound.binding, f"{run.per_minute:.0f}"),
        *(f"{run.cpu:.0f}", f"{run.peak_bytes / MB:.0f}", f"{run.processes}"),
        *(f"{one.rows} of {one.rows}" if not one.differing else "NO", f"{len(one.breaches)}"),
    )


def _meaning() -> Iterator[str]:
    yield "*Bound*: what passes before the first request (start of the program, reading of the first PDF), and the"
    yield "greatest of these, each of which no arrangement of the same requests could beat: for each service, its calls"
    yield "at its published rate (the first second's at once), lists counted as full; for each host, the spacing and"
    yield "pauses that it asks for between its first and its last request; the answer times of all requests over all"
    yield "workers; the CPU time over the cores; and the longest chain of requests for one work, which have to follow"
    yield f"one another. It cannot quite be reached: we send at {SAFETY:g} of a published rate, which alone is"
    yield f"{1 / SAFETY:.2f}, and what is found last is still to be downloaded. Of a single paper the slowest host"
    yield "binds, and nobody knows before the searches which works lie there. *Peak* is the memory of all processes of"
    yield "dl-lit together, *CPU* their time."


def _details(one: Comparison) -> Iterator[str]:
    yield ""
    yield f"## {one.papers} PDFs, {one.concurrent.references} references"
    yield ""
    parts = (f"{name} {seconds:.0f} s" for name, seconds in one.bound.greatest(6))
    yield f"Before the first request {one.bound.lead:.1f} s; then at least: {', '.join(parts)}."
    yield (
        f"Sequential: CPU {one.sequential.cpu:.0f} s, peak {one.sequential.peak_bytes / MB:.0f} MB, "
        f"{one.sequential.per_minute:.0f} references a minute. {one.repeated} finished calls repeated."
    )
    for text in missed(one):
        yield f"**Missed: {text}.**"
    yield ""
    yield from table(("stage", "workers", "busy share", "least and most of a worker"), _busy(one.concurrent))


def _busy(run: Figures) -> Iterator[tuple[str, ...]]:
    """Busy is with a row in hand: also while it waits for its turn at a service."""
    for stage, seconds in run.busy.items():
        shares = [one / run.seconds for one in seconds] or [0.0]
        mean = sum(shares) / len(shares)
        yield STAGES.get(stage, stage), f"{len(shares)}", f"{mean:.0%}", f"{min(shares):.0%}, {max(shares):.0%}"


def seconds_a_reference(found: Sequence[Comparison]) -> dict[str, list[float]]:
    """Of both modes and of the bound, by the number of PDFs."""
    return {
        f"{one.papers} PDFs": [
            seconds / one.concurrent.references
            for seconds in (one.sequential.seconds, one.concurrent.seconds, one.bound.seconds)
        ]
        for one in found
    }

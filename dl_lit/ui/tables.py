"""Tables of `status`, `failures`, `doctor` and `cache`, for a terminal and as JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dl_lit.model import Probe, ProbeState, Stage
from dl_lit.rows import written
from dl_lit.store.records import Failure, LibraryCounts, ReasonCount, WaitingRows
from dl_lit.ui.outages import in_words
from dl_lit.ui.wording import STAGE_NAMES, STAGE_WORDS, budgets_end, explain, printable

_AFTER_FAILURES = (
    "dl-lit why ID tells one's whole story. dl-lit retry --stage STAGE --reason REASON lets them be tried again, with "
    "the words above."
)
STATUS_COLUMNS = ("stage", "to do", "in work", "later", "done", "failed")


def status_table(counts: LibraryCounts, waiting: Sequence[WaitingRows] = ()) -> RenderableType:
    table = Table(title="Library", box=None, title_justify="left")
    table.add_column("stage", overflow="fold")
    for name in STATUS_COLUMNS[1:]:
        table.add_column(name, justify="right", overflow="fold")
    for row in status_rows(counts):
        table.add_row(*(str(row[name]) for name in STATUS_COLUMNS))
    table.caption = f"{counts.citations} printed references; {counts.needs_review} matches need a look."
    if counts.found_works or counts.citation_edges:
        table.caption += (
            f" {counts.found_works} works that no PDF cites; {counts.citation_edges} citations among works."
        )
    told = [f"{outage.stages} wait: {text}" for outage, text in in_words(waiting)]
    return Group(table, Text("\n".join(map(printable, told)))) if told else table


def status_rows(counts: LibraryCounts) -> list[dict[str, object]]:
    """A row a stage, by STATUS_COLUMNS; expansion only where there is any."""
    done = {
        Stage.EXTRACTION: (counts.pdfs_done, counts.pdfs_failed),
        Stage.ENRICHMENT: (_enriched(counts), counts.failed_enrichments),
        Stage.QUEUEING: (counts.download.total + counts.downloaded + counts.failed_downloads + counts.duplicates, 0),
        Stage.DOWNLOAD: (counts.downloaded, counts.failed_downloads),
        Stage.EXPANSION: (counts.expanded, counts.failed_expansions),
    }
    rows = []
    for stage, (good, bad) in done.items():
        there = counts.stage(stage)
        if stage is not Stage.EXPANSION or there.total + good + bad:
            cells = (STAGE_NAMES[stage], there.claimable, there.claimed, there.later, good, bad)
            rows.append(dict(zip(STATUS_COLUMNS, cells, strict=True)))
    return rows


def status_told(counts: LibraryCounts) -> str:
    """As CSV, with the words that `--stage` takes."""
    words = {STAGE_NAMES[stage]: word for stage, word in STAGE_WORDS.items()}
    return written([row | {"stage": words[str(row["stage"])]} for row in status_rows(counts)], STATUS_COLUMNS, "csv")


def _enriched(counts: LibraryCounts) -> int:
    return (
        counts.queueing.total + counts.download.total + counts.downloaded + counts.failed_downloads + counts.duplicates
    )


def status_json(counts: LibraryCounts, waiting: Sequence[WaitingRows] = (), *, indent: int | None = 2) -> str:
    rows = [{**asdict(one), "stage": STAGE_WORDS[one.stage]} for one in waiting]
    return json.dumps({**asdict(counts), "waiting": rows}, indent=indent, ensure_ascii=False)


def failures_table(failures: Sequence[Failure], counts: Sequence[ReasonCount] = ()) -> RenderableType:
    """By stage and reason, each with what it means once; `counts` says how many there are beside those listed."""
    if not failures:
        others = ", ".join(dict.fromkeys(printable(one.reason) for one in counts))
        return Text(f"Nothing has failed so; there are failures for: {others}." if others else "Nothing has failed.")
    groups: dict[tuple[Stage, str], list[Failure]] = {}
    for one in failures:
        groups.setdefault((one.stage, one.reason), []).append(one)
    total = {(one.stage, one.reason): one.count for one in counts}
    listed = (_group(key, some, total.get(key, len(some))) for key, some in groups.items())
    return Group(*listed, Text(_AFTER_FAILURES))


def _group(key: tuple[Stage, str], failures: Sequence[Failure], count: int) -> RenderableType:
    stage, reason = key
    meaning = explain(stage, reason)
    shown = f"{count}" if count == len(failures) else f"{count}, of which {len(failures)} are listed"
    head = Text.assemble(
        (f"{STAGE_NAMES[stage]} ({STAGE_WORDS[stage]}): {printable(reason or 'unknown')}", "bold yellow"),
        f" ({shown})  {meaning}",
    )
    width = max(len(str(one.id)) for one in failures)
    return Group(head, *(line for one in failures for line in _failure(one, width, with_detail=not meaning)))


def _failure(one: Failure, width: int, *, with_detail: bool) -> Iterator[RenderableType]:
    """An address has a line of its own, whole however long it is: a terminal opens no half ones."""
    row = Table(box=None, show_header=False, padding=(0, 1, 0, 2))
    row.add_column(no_wrap=True)
    row.add_column(no_wrap=True, justify="right", min_width=width)
    row.add_column(overflow="fold")
    told = (one.what, one.detail if with_detail else None)
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.when))
    row.add_row(when, str(one.id), Text(printable("\n".join(filter(None, told)), lines=True)))
    yield row
    if one.url:
        yield Text(f"      {printable(one.url)}", no_wrap=True, overflow="ignore")


def failures_told(failures: Sequence[Failure], form: str) -> str:
    """As `rows.written`."""
    listed = [
        {**asdict(one), "stage": STAGE_WORDS[one.stage], "meaning": explain(one.stage, one.reason)} for one in failures
    ]
    return written(listed, ("when", "stage", "id", "reason", "what", "url", "detail", "meaning"), form, times=("when",))


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `doctor`: `ok` None is a hint, not a fault."""

    name: str
    ok: bool | None
    finding: str
    cure: str = ""


def doctor_table(checks: Sequence[Check]) -> RenderableType:
    table = Table(box=None, show_header=False)
    marks = {
        True: Text("ok", style="green"),
        False: Text("FAULT", style="bold red"),
        None: Text("hint", style="yellow"),
    }
    for check in checks:
        told = check.finding + (f" → {check.cure}" if check.cure else "")
        table.add_row(marks[check.ok], Text(printable(check.name)), Text(printable(told), overflow="fold"))
    return table


def doctor_json(checks: Sequence[Check], probes: Sequence[Probe] | None = None) -> str:
    """The checks; with probes, an object that holds both."""
    listed = [asdict(check) for check in checks]
    told = listed if probes is None else {"checks": listed, "services": [asdict(probe) for probe in probes]}
    return json.dumps(told, indent=2, ensure_ascii=False)


def doctor_csv(checks: Sequence[Check], probes: Sequence[Probe] | None = None) -> str:
    """A line a check; a service that was asked is one, too."""
    rows = [asdict(check) for check in checks]
    rows += [
        {"name": one.service, "ok": one.state is ProbeState.ANSWERS, "finding": one.state.value, "cure": one.detail}
        for one in probes or ()
    ]
    return written(rows, tuple(field.name for field in fields(Check)), "csv")


def probes_table(probes: Sequence[Probe]) -> RenderableType:
    """Which services answer, how fast, and what is left of the day's budget."""
    table = Table(title="Services", box=None, title_justify="left", caption=budgets_end(), caption_justify="left")
    for name in ("service", "state", "answer time", "left today", "remark"):
        right = name in ("answer time", "left today")
        table.add_column(name, justify="right" if right else "left", overflow="fold", no_wrap=name != "remark")
    styles = {ProbeState.ANSWERS: "green", ProbeState.SPENT: "magenta", ProbeState.OFF: "yellow"}
    for probe in probes:
        table.add_row(
            Text(printable(probe.service)),
            Text(probe.state.value, style=styles.get(probe.state, "bold red")),
            "" if probe.seconds is None else f"{probe.seconds:.2f} s",
            "" if probe.remaining is None else f"{probe.remaining:,.0f}",
            Text(printable(probe.detail)),
        )
    return table


@dataclass(frozen=True, slots=True)
class CacheRow:
    """One cache. Sizes in bytes, times in unix time; None where it has no such thing."""

    name: str
    place: str
    entries: int = 0
    bytes: int = 0
    limit: int | None = None
    hits: int | None = None
    expired: int | None = None
    oldest: float | None = None
    last_used: float | None = None
    problem: str | None = None


def caches_table(rows: Sequence[CacheRow]) -> RenderableType:
    table = Table(box=None)
    for name in ("cache", "entries", "MB", "at most", "hits", "expired", "oldest", "last used"):
        table.add_column(name, justify="left" if name == "cache" else "right", overflow="fold")
    for row in rows:
        numbers = (f"{row.entries}", _megabytes(row.bytes), _megabytes(row.limit))
        more = ("" if one is None else f"{one}" for one in (row.hits, row.expired))
        table.add_row(row.name, *numbers, *more, _age(row.oldest), _age(row.last_used))
    told = [f"{row.name}: {row.place}" + (f" ({row.problem})" if row.problem else "") for row in rows]
    return Group(table, Text("\n".join(map(printable, told))))


def _megabytes(size: int | None) -> str:
    return "" if size is None else f"{size / (1 << 20):.1f}"


def _age(when: float | None) -> str:
    """In days; clocks that were put back make no negative ones."""
    return "" if when is None else f"{max(0.0, time.time() - when) / 86_400:.1f} d ago"


def caches_told(rows: Sequence[CacheRow], form: str) -> str:
    """As `rows.written`."""
    columns = [field.name for field in fields(CacheRow)]
    return written([asdict(row) for row in rows], columns, form, times=("oldest", "last_used"))

"""The end of a run in words: what was found, what not and why, what to do next, where the files are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dl_lit.library import DATABASE_NAME, Library
from dl_lit.model import DownloadReason, Health, PoolHealth, Silence
from dl_lit.store.records import LibraryCounts, ReasonCount, WaitingRows
from dl_lit.ui.wording import STAGE_NAMES, condition, duration, explain, printable

REASONS_SHOWN = 8
LONGEST_REASON = 600  # characters: those of two silent services with their cures
ILL_SERVICES = {
    Health.BLOCKED: "{0} refuses us.",
    Health.EXHAUSTED: "{0}: {1}. What needs it waits until then.",
    Health.OPEN: "{0} failed again and again and was left alone; it may be down. What needs it is tried again.",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the summary tells: of `given` PDFs, with `cached` rows that needed no new work and `left` that wait.

    Without `asked_for_copies` the works before the download are nobody's unfinished work."""

    library: Library
    exit_code: int
    seconds: float
    given: int
    cached: int
    left: int
    counts: LibraryCounts
    reasons: Sequence[ReasonCount]
    waiting: Sequence[WaitingRows]
    ill: Sequence[PoolHealth]
    has_contact: bool
    asked_for_pdfs: bool = True
    asked_for_copies: bool = True

    @property
    def unasked(self) -> int:
        """Works whose copies nobody asked this run for."""
        return 0 if self.asked_for_copies else self.counts.download.total

    @property
    def unfinished(self) -> int:
        return self.counts.unfinished - self.unasked


def render(facts: Facts) -> RenderableType:
    parts: list[RenderableType] = [Text(_headline(facts), style="bold"), _counts(facts)]
    if facts.reasons:
        parts += [Text("Why not all:", style="bold"), _reasons(facts.reasons)]
    if facts.waiting:
        parts += [Text("What waits, and for what:", style="bold"), _waiting(facts.waiting)]
    parts.append(Text("\n".join(map(printable, _next_steps(facts)))))
    return Group(*parts)


def _headline(facts: Facts) -> str:
    if facts.asked_for_pdfs and not facts.given and not facts.exit_code and not facts.counts.unfinished:
        return f"There were no PDFs to read ({duration(facts.seconds)})."
    ends = {
        0: _done(facts),
        3: f"Finished for now: {facts.left} rows wait for an answer",
        130: f"Interrupted: {facts.left} rows are left, none is lost",
    }
    return f"{ends.get(facts.exit_code, 'Stopped')} ({facts.given} PDFs given, {duration(facts.seconds)})."


def _done(facts: Facts) -> str:
    embargoed = sum(rows.count for rows in facts.waiting if rows.reason == DownloadReason.EMBARGOED)
    if facts.unasked and not facts.unfinished:
        return f"Done as far as asked: {facts.unasked} works wait for a run with downloads"
    if facts.counts.unfinished > embargoed:
        return f"Done as far as asked: {facts.counts.unfinished} rows wait for the next stage"
    if embargoed:
        return f"Done: all but {embargoed} works under an embargo, which wait for its end"
    return "Done: everything has reached a final state"


def _counts(facts: Facts) -> Table:
    counts = facts.counts
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(justify="right", style="bold")
    table.add_column()
    works = counts.download.total + counts.downloaded + counts.failed_downloads
    for number, text in (
        (counts.pdfs_done, "PDFs read" + (f", {counts.pdfs_failed} without result" if counts.pdfs_failed else "")),
        (counts.citations, "references printed in them"),
        (works, "different works with verified metadata" + _merged(counts)),
        (counts.found_works, "of these found with others or by a search, cited by none of your PDFs"),
        (counts.downloaded, "verified copies"),
        (counts.failed_downloads, "works with metadata only"),
        (counts.needs_review, "matches that need a look"),
        (counts.failed_enrichments, "references that no service knows"),
        (facts.unfinished, "rows still to do"),
        (facts.unasked, "works wait for a run with downloads"),
        (facts.cached, "rows of this run answered by the cache or the library"),
    ):
        if number or text.startswith(("PDFs", "references printed")):
            table.add_row(str(number), text)
    return table


def _merged(counts: LibraryCounts) -> str:
    return f" ({counts.duplicates} twins merged)" if counts.duplicates else ""


def _reasons(reasons: Sequence[ReasonCount]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(justify="right")
    table.add_column(style="yellow", no_wrap=True)
    table.add_column()
    for reason in reasons[:REASONS_SHOWN]:
        meaning = explain(reason.stage, reason.reason) or STAGE_NAMES[reason.stage]
        table.add_row(str(reason.count), Text(printable(reason.reason)), meaning)
    if len(reasons) > REASONS_SHOWN:
        table.add_row("", "...", f"and {len(reasons) - REASONS_SHOWN} more reasons: dl-lit failures lists them")
    return table


def _waiting(waiting: Sequence[WaitingRows]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(justify="right")
    table.add_column(no_wrap=True)
    table.add_column()
    for rows in waiting[:REASONS_SHOWN]:
        table.add_row(str(rows.count), STAGE_NAMES[rows.stage], Text(printable(_awaited(rows)[:LONGEST_REASON])))
    return table


def _awaited(rows: WaitingRows) -> str:
    """Who refuses us is named among the next steps, with the cure."""
    if rows.reason == Silence.REFUSED:
        return explain(rows.stage, rows.reason)
    return rows.detail or rows.reason


def _next_steps(facts: Facts) -> list[str]:
    library = f'--library "{facts.library.folder}"'
    if facts.library.database != facts.library.folder / DATABASE_NAME:
        library = f'--db-path "{facts.library.database}"'
    lines = [_illness(pool) for pool in facts.ill if pool.health in ILL_SERVICES]
    if facts.exit_code in (3, 130):
        lines.append("Run the same command again to carry on.")
    if not facts.has_contact:
        lines.append("Set --email (or contact.email) to add Unpaywall and the services' polite lanes.")
    if facts.reasons:
        lines.append(f"dl-lit failures {library}   lists what failed and why.")
    lines.append(f"dl-lit export-bibtex {library}   writes the works as BibTeX.")
    lines.append(f"Database {facts.library.database}; PDFs {facts.library.pdfs}; log {facts.library.logs}.")
    return lines


def _illness(pool: PoolHealth) -> str:
    return pool.detail or ILL_SERVICES[pool.health].format(pool.name, condition(pool))


def as_json(facts: Facts) -> str:
    """One JSON object on one line, for programs."""
    return json.dumps(
        {
            "event": "summary",
            "exit_code": facts.exit_code,
            "seconds": round(facts.seconds, 3),
            "given": facts.given,
            "cached": facts.cached,
            "left": facts.left,
            "library": str(facts.library.folder),
            "database": str(facts.library.database),
            "counts": asdict(facts.counts),
            "services": {
                p.name: {"health": p.health.value, "until": p.until, "detail": p.detail}
                for p in facts.ill
                if p.health in ILL_SERVICES
            },
            "waiting": [{"stage": w.stage.value, "reason": w.reason, "count": w.count} for w in facts.waiting],
            "reasons": [{"stage": r.stage.value, "reason": r.reason, "count": r.count} for r in facts.reasons],
        },
        ensure_ascii=False,
    )

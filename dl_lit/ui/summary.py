"""The end of a run in words: what was found, what not and why, what to do next, where the files are."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dl_lit import moments
from dl_lit.library import DATABASE_NAME, Library
from dl_lit.model import DownloadReason, Health, PoolHealth
from dl_lit.store.records import LibraryCounts, ReasonCount, WaitingRows
from dl_lit.ui.outages import in_words, outages
from dl_lit.ui.wording import STAGE_NAMES, counted, duration, explain, printable

REASONS_SHOWN = 8
_ALWAYS = ("files read", "references printed in them")  # told of none, too
LONGEST_REASON = 600  # characters: those of two silent services with their cures
ILL_SERVICES = frozenset({Health.BLOCKED, Health.EXHAUSTED, Health.OPEN})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the summary tells: of `given` files, with `cached` rows that needed no new work and `left` that wait, of
    which `ready` could have been done by a run without a limit.

    Without `asked_for_copies` the works before the download are nobody's unfinished work."""

    library: Library
    exit_code: int
    seconds: float
    given: int
    cached: int
    left: int
    ready: int
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
    def embargoed(self) -> int:
        """Works that nobody can do anything about before a known day."""
        return sum(rows.count for rows in self.waiting if rows.reason == DownloadReason.EMBARGOED)

    @property
    def unfinished(self) -> int:
        return max(0, self.counts.unfinished - self.unasked - (self.embargoed if self.asked_for_copies else 0))


def render(facts: Facts) -> RenderableType:
    parts: list[RenderableType] = [Text(_headline(facts), style="bold"), _counts(facts)]
    for heading, below in (
        ("Why not all:", _reasons(facts.reasons) if facts.reasons else None),
        ("What waits, and for what:", _waiting(facts) if facts.waiting else None),
        ("Services that do not answer:", _indented(ill) if (ill := _ill(facts)) else None),
        ("What to do next:", _indented(_next_steps(facts))),
    ):
        parts += [Text(heading, style="bold"), below] if below else []
    parts.append(Text(printable(_places(facts.library))))
    return Group(*parts)


def _indented(lines: Sequence[str]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    for line in lines:
        table.add_row(Text(printable(line)))
    return table


def _headline(facts: Facts) -> str:
    if facts.asked_for_pdfs and not facts.given and not facts.exit_code and not facts.counts.unfinished:
        return f"There were no PDFs to read ({duration(facts.seconds)})."
    ends = {
        0: _done(facts),
        3: _later(facts),
        130: _interrupted(facts),
    }
    return f"{ends.get(facts.exit_code, 'Stopped')} ({counted(facts.given, 'file')} given, {duration(facts.seconds)})."


def _interrupted(facts: Facts) -> str:
    """A watcher has no other end."""
    if facts.left:
        return f"Interrupted: {_some(facts.left, 'row', 'is', 'are')} left, none is lost"
    return "Stopped, as asked" + ("" if facts.unfinished else ": nothing is left to do")


def _later(facts: Facts) -> str:
    """What was left out, as by --max-entries, waits for no answer."""
    silent = max(0, facts.left - facts.ready)
    if not facts.ready:
        return f"Finished for now: {_some(silent, 'row', 'waits', 'wait')} for an answer"
    ends = f"Finished as far as asked: {_some(facts.ready, 'row', 'is', 'are')} left for the next run"
    return f"{ends}, {silent} for want of an answer" if silent else ends


def _some(number: int, noun: str, one: str, many: str) -> str:
    return f"{counted(number, noun)} {one if number == 1 else many}"


def _done(facts: Facts) -> str:
    if facts.unasked and not facts.unfinished:
        waits = _some(facts.unasked, "work", "waits", "wait")
        return f"Done as far as asked: {waits} for a run with downloads"
    if facts.counts.unfinished > facts.embargoed:
        return f"Done as far as asked: {_some(facts.counts.unfinished, 'row', 'waits', 'wait')} for the next stage"
    if facts.embargoed:
        return f"Done: all but {counted(facts.embargoed, 'work')} under an embargo, to be tried again at its end"
    return "Done: everything has reached a final state"


def _counts(facts: Facts) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(justify="right", style="bold")
    table.add_column()
    for number, one, many in _told(facts):
        if number or many in _ALWAYS:
            table.add_row(str(number), one if number == 1 else many)
    return table


def _told(facts: Facts) -> Iterator[tuple[int, str, str]]:
    """Each number with what it is of, said of one and of several."""
    counts = facts.counts
    works = counts.download.total + counts.downloaded + counts.failed_downloads
    merged, found = _merged(counts), "of these found with others or by a search, cited by none of your PDFs"
    embargoed = facts.embargoed if facts.asked_for_copies else 0
    yield counts.pdfs_done, "file read", _ALWAYS[0]
    yield counts.pdfs_failed, "file without result", "files without result"
    yield counts.citations, "reference printed in them", _ALWAYS[1]
    yield works, f"work with verified metadata{merged}", f"different works with verified metadata{merged}"
    yield counts.found_works, found, found
    yield counts.downloaded, "verified copy", "verified copies"
    yield counts.failed_downloads, "work with metadata only", "works with metadata only"
    yield counts.needs_review, "match that needs a look", "matches that need a look"
    yield counts.failed_enrichments, "reference that no service knows", "references that no service knows"
    yield facts.unfinished, "row still to do", "rows still to do"
    yield facts.unasked, "work waits for a run with downloads", "works wait for a run with downloads"
    yield embargoed, "work whose copy is under an embargo", "works whose copy is under an embargo"
    cached = "of this run answered by the cache or the library"
    yield facts.cached, f"row {cached}", f"rows {cached}"


def _merged(counts: LibraryCounts) -> str:
    return f" ({counted(counts.duplicates, 'twin')} merged)" if counts.duplicates else ""


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


def _waiting(facts: Facts) -> Table:
    """Each cause once; a service that is ill in the words of the run that is over now, which are the latest."""
    ill = {pool.name: illness(pool) for pool in facts.ill if is_ill(pool)}
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(justify="right")
    table.add_column(no_wrap=True)
    table.add_column()
    for outage, text in islice(in_words(facts.waiting, ill), REASONS_SHOWN):
        counts = "\n".join(map(str, outage.rows.values()))
        stages = "\n".join(STAGE_NAMES[stage] for stage in outage.rows)
        table.add_row(counts, stages, Text(printable(text[:LONGEST_REASON])))
    return table


def _next_steps(facts: Facts) -> list[str]:
    library = f'--library "{facts.library.folder}"'
    if facts.library.database != facts.library.folder / DATABASE_NAME:
        library = f'--db-path "{facts.library.database}"'
    lines = []
    if facts.exit_code == 3 or (facts.exit_code == 130 and facts.left):
        lines.append("Run the same command again to carry on.")
    elif facts.exit_code == 0 and (facts.unfinished or facts.unasked):
        lines.append("The same command without what keeps it short (--no-enrich, --no-download) goes on from here.")
    if not facts.has_contact:
        lines.append("Set --email (or contact.email) to add Unpaywall and the services' polite lanes.")
    if number := facts.counts.needs_review:
        them = "match that needs" if number == 1 else "matches that need"
        lines.append(f"dl-lit review {library}   shows the {number} {them} a look, one after the other.")
    if facts.reasons:
        lines.append(f"dl-lit failures {library}   lists what failed and why.")
    lines.append(f"dl-lit report {library} --open   shows all of it as one page.")
    lines.append(f"dl-lit export {library}   writes the works as BibTeX, or for other programs.")
    return lines


def _ill(facts: Facts) -> list[str]:
    """Those for which nothing waits; the others are told with what waits for them."""
    told = {outage.service for outage in outages(facts.waiting)}
    return [illness(pool) for pool in facts.ill if is_ill(pool) and pool.name not in told]


def _places(library: Library) -> str:
    return f"Database {library.database}; PDFs {library.pdfs}; log {library.logs}."


def is_ill(pool: PoolHealth) -> bool:
    """Whether a service gives no answer now, for whatever reason."""
    return pool.health in ILL_SERVICES or (pool.health is Health.SLOWED and pool.until is not None)


def illness(pool: PoolHealth) -> str:
    """What a service that is ill did, until when it is not asked, and what a person can do."""
    if pool.health is Health.BLOCKED:
        return pool.detail or f"{pool.name} refuses us."
    advice = f" {pool.advice}" if pool.advice else ""
    if pool.health is Health.EXHAUSTED and pool.until is not None:
        return f"{pool.name} has no budget left for us until {moments.utc(pool.until)}; what needs it waits.{advice}"
    if pool.health is Health.SLOWED and pool.until is not None:
        until = moments.here(pool.until, now=time.time())
        return f"{pool.name} asks to be left alone until {until}; what needs it waits.{advice}"
    unnamed = "has no budget left for us" if pool.health is Health.EXHAUSTED else "failed too often in a row"
    return " ".join(filter(None, (f"{pool.name} {pool.detail or unnamed}.", pool.cure)))


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
                p.name: {"health": p.health.value, "until": p.until, "detail": illness(p)}
                for p in facts.ill
                if is_ill(p)
            },
            "waiting": [
                {"stage": w.stage.value, "reason": w.reason, "count": w.count, "due": w.due} for w in facts.waiting
            ],
            "reasons": [{"stage": r.stage.value, "reason": r.reason, "count": r.count} for r in facts.reasons],
        },
        ensure_ascii=False,
    )

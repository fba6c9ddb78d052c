"""What must hold of a library when all runs on it are over, whatever was done to them."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from worldtools import OPEN_TABLES, difference, final_rows, open_rows, rows

from dl_lit.standin.audit import MANNERS, audit, is_answered_for_good
from dl_lit.standin.log import Entry, read_log
from dl_lit.store.database import Database
from dl_lit.store.store import Store
from soaking.trial import Trial

# A request that was answered so many seconds before the end of a process may be made again: its answer was on the way
# into the database, or was one of several steps to a file.
UNDER_WAY = 5.0
# Two runs that come upon the same work at once both ask; the second may have waited so many seconds for its turn.
AT_ONCE = 2.0
_DOI = re.compile(r"10\.\d{4,}/[^,|]+")
_NOTE = re.compile(r"\d+\.json")
_AGAIN = {
    "reference {} came into {} {} times": (
        "SELECT reference_id, to_table, count(*) FROM state_log WHERE reference_id IS NOT NULL"
        " AND to_table IN ('downloaded_references', 'failed_downloads', 'failed_enrichments', 'needs_review')"
        " AND coalesce(from_table, '') <> to_table GROUP BY 1, 2 HAVING count(*) > 1"
    ),
    "PDF {} was read {} times": (
        "SELECT source_pdf_id, count(*) FROM state_log WHERE reason = 'done' GROUP BY 1 HAVING count(*) > 1"
    ),
}


def verdict(trial: Trial, calm: Sequence[tuple[Any, ...]]) -> list[str]:
    """What is wrong; empty when nothing is."""
    found = [*trial.problems, *_stuck(trial.library), *_unsound(trial)]
    found += [f"final rows differ: {line}" for line in difference(list(calm), final_rows(trial.library), most=3)]
    found += [*_done_twice(trial.library), *_files(trial.library)]
    found += [f"limit broken: {breach}" for breach in audit(trial.log)[:3]]
    return found + [f"asked again without need: {again}" for again in needless(trial)[:3]]


def _stuck(library: Path) -> Iterator[str]:
    if left := open_rows(library):
        yield f"{left} rows are in no final state"
    for table in ("source_pdfs", *OPEN_TABLES):
        if claimed := rows(library, f"SELECT count(*) FROM {table} WHERE claimed_by IS NOT NULL")[0][0]:
            yield f"{claimed} rows of {table} are still claimed"


def _unsound(trial: Trial) -> Iterator[str]:
    with Database.open(trial.database) as database:
        yield from Store(database).problems()
    for path in (trial.database, trial.folder / "state" / "services.db"):
        with closing(sqlite3.connect(path)) as connection:
            for (line,) in connection.execute("PRAGMA integrity_check"):
                if line != "ok":
                    yield f"{path.name}: {line}"


def _done_twice(library: Path) -> Iterator[str]:
    for text, sql in _AGAIN.items():
        yield from (text.format(*row) for row in rows(library, sql))


def _files(library: Path) -> Iterator[str]:
    """Every kept file is there with its bytes, and nothing else but notes on files that are kept."""
    kept = dict(rows(library, "SELECT file_name, file_sha256 FROM downloaded_references"))
    here = {path.name: path for path in (library / "pdfs").rglob("*") if path.is_file()}
    for name, digest in kept.items():
        if name not in here or hashlib.sha256(here[name].read_bytes()).hexdigest() != digest:
            yield f"{name} is not the file that was kept"
    notes = {path.name for path in here.values() if path.parent.name == ".incoming" and _NOTE.fullmatch(path.name)}
    yield from (f"{name} is a file of nothing" for name in sorted(here.keys() - kept.keys() - notes))


def needless(trial: Trial) -> list[str]:
    """Requests made again although their answer had long been there when something broke off, if it did."""
    pairs = [pair for pair in repeated(trial.log) if not _explained(*pair, trial.ends)]
    if trial.runs_at_once > 1:
        pairs = [(before, again) for before, again in pairs if again.time - before.finished > AT_ONCE]
    return [_told(before, again) for before, again in pairs]


def repeated(log: Path) -> list[tuple[Entry, Entry]]:
    """Pairs of requests that asked the same, one after the other, of which the first had been answered for good."""
    groups: defaultdict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in read_log(log):
        if entry.path not in MANNERS:
            for question in _questions(entry.path):
                groups[entry.service or entry.host, entry.method, question].append(entry)
    pairs = {pair: None for group in groups.values() for pair in pairwise(group) if is_answered_for_good(pair[0])}
    return list(pairs)


def _questions(path: str) -> list[str]:
    """What a request asks: for each DOI of a list by itself, since lists are put together anew after each start."""
    place, _, query = path.partition("?")
    listed = dict(parse_qsl(query)).get("filter", "")
    return [f"{place} {doi}" for doi in _DOI.findall(listed)] or [path]


def _explained(before: Entry, again: Entry, ends: Iterable[tuple[float, float]]) -> bool:
    """Whether the answer came while something broke off, or not long before that."""
    return any(begin - UNDER_WAY < before.finished and before.time < end < again.time for begin, end in ends)


def _told(before: Entry, again: Entry) -> str:
    return f"{before.service or before.host} {before.path[:80]}, {again.time - before.finished:.1f} s later"

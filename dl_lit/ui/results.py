"""What searches by keyword found: for a terminal, as JSON, and as CSV."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dl_lit.identity import titles
from dl_lit.identity.names import inverted
from dl_lit.model import Work
from dl_lit.rows import as_csv
from dl_lit.store.columns import work_to_json
from dl_lit.store.searches import SavedSearch
from dl_lit.ui.story import names
from dl_lit.ui.wording import printable

_COLUMNS = ("title", "authors", "year", "container", "type", "doi", "openalex_id", "cited_by_count", "is_oa")


class Told(Protocol):
    """What a source gave (see keyword_search.Told)."""

    @property
    def looked_at(self) -> int: ...

    @property
    def fitting(self) -> int: ...

    @property
    def total(self) -> int | None: ...

    @property
    def silent(self) -> str | None: ...

    @property
    def unasked(self) -> str | None: ...


def told(sources: Mapping[str, Told]) -> Iterator[str]:
    """A line for each source."""
    for name, one in sources.items():
        if one.unasked:
            yield f"{name}: not asked, as {one.unasked}."
            continue
        more = f" It has {one.total:,} for these words." if (one.total or 0) > one.looked_at else ""
        silent = f" Then it gave no answer: {one.silent}" if one.silent else ""
        yield f"{name}: {one.fitting} of {one.looked_at} works looked at fit.{more}{silent}"


def results(search: SavedSearch, ids: Sequence[int | None], form: str) -> str:
    """`ids` are those of the works in the library."""
    makers = {"json": _results_json, "csv": _results_csv, "table": _results_table}
    return makers[form](search, ids)


def searches(rows: Sequence[SavedSearch], form: str) -> str:
    """A list of kept searches."""
    if form == "table":
        return _searches_table(rows)
    listed = [{"id": one.id, "query": one.query, "when": one.created_at, "works": len(one.results)} for one in rows]
    if form == "json":
        listed = [{**row, "options": dict(one.options)} for row, one in zip(listed, rows, strict=True)]
        return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"
    return as_csv(("id", "query", "when", "works"), [tuple(row.values()) for row in listed])


def _results_json(search: SavedSearch, ids: Sequence[int | None]) -> str:
    found = [
        {"work": json.loads(work_to_json(work)), "found_by": found_by, "reference_id": reference_id}
        for (work, found_by), reference_id in zip(search.results, ids, strict=True)
    ]
    about = {"search": search.id, "query": search.query, "options": dict(search.options), "when": search.created_at}
    return json.dumps({**about, "sources": search.told, "results": found}, indent=2, ensure_ascii=False) + "\n"


def _results_csv(search: SavedSearch, ids: Sequence[int | None]) -> str:
    rows = [
        (*_values(work), " ".join(found_by), reference_id)
        for (work, found_by), reference_id in zip(search.results, ids, strict=True)
    ]
    return as_csv((*_COLUMNS, "found_by", "reference_id"), rows)


def _values(work: Work) -> tuple[object, ...]:
    people = "; ".join(map(inverted, work.authors))
    return (titles.whole(work), people, *(getattr(work, name) for name in _COLUMNS[2:]))


def _results_table(search: SavedSearch, ids: Sequence[int | None]) -> str:
    table = Table(box=None, title=f"Search {search.id}: {printable(search.query)}", title_justify="left")
    for name in ("", "year", "title", "authors", "container", "DOI", "found by", "in library"):
        table.add_column(name, overflow="fold", justify="right" if name in ("", "year") else "left")
    for number, ((work, found_by), reference_id) in enumerate(zip(search.results, ids, strict=True), 1):
        cells = (titles.whole(work), names(work.authors[:3]), work.container or "", work.doi or "", " ".join(found_by))
        known = "" if reference_id is None else str(reference_id)
        table.add_row(str(number), str(work.year or ""), *(Text(printable(cell)) for cell in cells), known)
    return _drawn(table if search.results else Text(f"Search {search.id}: nothing fits."))


def _searches_table(rows: Sequence[SavedSearch]) -> str:
    if not rows:
        return "No search has been kept.\n"
    table = Table(box=None)
    for name in ("search", "when", "works", "query"):
        table.add_column(name, overflow="fold", justify="right" if name in ("search", "works") else "left")
    for one in rows:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.created_at))
        options = " ".join(f"{name}={value}" for name, value in one.options.items() if name != "limit")
        query = f"{one.query}  ({options})" if options else one.query
        table.add_row(str(one.id), when, str(len(one.results)), Text(printable(query)))
    return _drawn(table)


def _drawn(what: Table | Text) -> str:
    console = Console()
    with console.capture() as captured:
        console.print(what)
    return captured.get()

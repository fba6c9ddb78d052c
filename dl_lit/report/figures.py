"""What the report's plots show, each as the rows of a table that stands below it too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dl_lit.exporting.selection import VERIFIED, State
from dl_lit.report.words import safe
from dl_lit.store.reported import Host

_MOST_BARS = 12  # of a plot of names; the rest are one bar
_MOST_YEARS = 45  # bars of a plot of years
_WIDTHS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_EARLY = 0.02  # of the works may be lumped together at the left, so that one of 1650 does not squeeze the others
_ORDER = (State.COPY, State.NO_COPY, State.WAITING)

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """`kind` is how it is drawn: `bars` across, `years` upright, `lines` over time. Cells are text or numbers; `parts`
    names what the numbers of a row are, in the order of the columns after the first."""

    key: str
    kind: str
    title: str
    summary: str
    columns: tuple[str, ...]
    parts: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def figures(entries: Sequence[Entry], hosts: Sequence[Host]) -> list[Figure]:
    """Those that have something to show."""
    works = [one for one in entries if one["state"] in VERIFIED]
    found = (years(works), open_access(works), kinds(works), services(works), of_hosts(hosts))
    return [one for one in found if one.rows]


def years(works: Sequence[Entry]) -> Figure:
    dated = sorted(one["year"] for one in works if one.get("year"))
    rows = _by_year(works, dated) if dated else ()
    said = f"{_count(len(dated), 'work')} of {dated[0]} to {dated[-1]}." if dated else ""
    without = len(works) - len(dated)
    more = f" {_count(without, 'work')} without a year." if without else ""
    middle = f" Half of them are of {dated[len(dated) // 2]} or later." if len(dated) > 3 else ""
    return Figure("years", "years", "Years of the works", f"{said}{middle}{more}", _columns("years"), _parts(), rows)


def _by_year(works: Sequence[Entry], dated: Sequence[int]) -> tuple[tuple[Any, ...], ...]:
    first, last = dated[int(len(dated) * _EARLY)], dated[-1]
    width = next(one for one in _WIDTHS if (last - first) // one < _MOST_YEARS)
    first -= first % width
    counted = _counted(works, lambda one: [max(first - width, one["year"] // width * width)] if one.get("year") else [])
    spans = range(first - width if first - width in counted else first, last + 1, width)
    return tuple((_span(year, width, first), *counted.get(year, (0,) * len(_ORDER))) for year in spans)


def _span(year: int, width: int, first: int) -> str:
    if year < first:
        return f"before {first}"
    return str(year) if width == 1 else f"{year}-{year + width - 1}"


def open_access(works: Sequence[Entry]) -> Figure:
    rows = _bars(works, lambda one: [one.get("open") or "not known"])
    are_open = sum(1 for one in works if one.get("open") not in (None, "closed"))
    said = f"{_share(are_open, len(works))} have an open copy by what the indexes say (gold, green, hybrid, bronze)."
    return Figure("open", "bars", "Open-access status", said, _columns("status"), _parts(), rows)


def kinds(works: Sequence[Entry]) -> Figure:
    rows = _bars(works, lambda one: [one.get("type") or "not known"])
    said = f"The most frequent kind is {rows[0][0]}." if rows else ""
    return Figure("kinds", "bars", "Kinds of works", said, _columns("kind"), _parts(), rows)


def services(works: Sequence[Entry]) -> Figure:
    """A work whose record is made of several counts for each."""
    rows = _bars(works, lambda one: one.get("sources", ()))
    said = "Whose records the works are made of; one made of several counts for each of them."
    return Figure("services", "bars", "Sources of the metadata", said, _columns("service"), _parts(), rows)


def of_hosts(hosts: Sequence[Host]) -> Figure:
    shown = [(safe(one.name), one.copies, one.failed) for one in hosts[:_MOST_BARS]]
    if rest := hosts[_MOST_BARS:]:
        shown.append((f"{len(rest)} others", sum(one.copies for one in rest), sum(one.failed for one in rest)))
    total, copies = sum(one.copies + one.failed for one in hosts), sum(one.copies for one in hosts)
    said = f"{_count(total, 'try', 'tries')} at {_count(len(hosts), 'host')}; {copies} gave a copy."
    columns = ("host", "gave a copy", "gave none")
    return Figure("hosts", "bars", "Hosts asked for copies", said, columns, ("copy", "no-copy"), tuple(shown))


def _bars(works: Sequence[Entry], names: Callable[[Entry], Iterable[str]]) -> tuple[tuple[Any, ...], ...]:
    """Longest first."""
    counted = sorted(_counted(works, names).items(), key=lambda one: (-sum(one[1]), one[0]))
    shown, rest = counted[:_MOST_BARS], counted[_MOST_BARS:]
    if rest:
        shown.append((f"{len(rest)} others", tuple(map(sum, zip(*(counts for _, counts in rest), strict=True)))))
    return tuple((name, *counts) for name, counts in shown)


def _counted(works: Sequence[Entry], names: Callable[[Entry], Iterable[Any]]) -> dict[Any, tuple[int, ...]]:
    """How many of each name, by state in the order of _ORDER."""
    found = Counter((name, one["state"]) for one in works for name in names(one))
    return {name: tuple(found[name, state] for state in _ORDER) for name in {name for name, _ in found}}


def _columns(first: str) -> tuple[str, ...]:
    return (first, "with a copy", "without a copy", "waiting")


def _parts() -> tuple[str, ...]:
    return tuple(state.value for state in _ORDER)


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} works ({part / whole:.0%})" if whole else "No works"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"

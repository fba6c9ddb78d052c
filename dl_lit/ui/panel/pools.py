"""Services and file hosts: how they are, how fast they may be asked, what is left of their budgets."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from rich.text import Text

from dl_lit import moments
from dl_lit.model import Health, PoolHealth
from dl_lit.net.ledger import next_midnight
from dl_lit.ui.panel.grid import GAP, Column, lines
from dl_lit.ui.panel.scene import Size
from dl_lit.ui.wording import LONGEST_COUNTDOWN, countdown, health_name, printable

HEALTH_STYLES = {
    Health.IDLE: "dim",
    Health.OK: "green",
    Health.SLOWED: "yellow",
    Health.OPEN: "red",
    Health.EXHAUSTED: "magenta",
    Health.BLOCKED: "red",
}
ROOMY = 93  # characters of width from which all columns are shown
NAMES = 11  # characters that a name has at least; figures have what is left, the telling ones first
STATES, BUDGETS = 23, 19  # characters: "budget spent till 01:00", "99,999 (≈9,999 refs)"


def table_of(title: str, pools: Sequence[PoolHealth], lasting: Mapping[str, float], room: Size) -> list[Text]:
    """As many of `pools` as have room below the heading, which tells where there are more; `lasting` in references."""
    shown = pools[: room.height]
    has_budget, is_roomy = any(pool.remaining is not None for pool in shown), room.width >= ROOMY
    columns = _columns(room.width, has_budget=has_budget, is_roomy=is_roomy)
    names = Column(_title(title, len(shown), len(pools), room.width - sum(map(_taken, columns))))
    rows = [_row(pool, columns, lasting if is_roomy else {}) for pool in shown]
    return lines([names, *columns], rows, room.width)


def _row(pool: PoolHealth, columns: Sequence[Column], lasting: Mapping[str, float]) -> list[Text]:
    cells = _cells(pool, lasting)
    return [Text(printable(pool.name)), *(cells[str(column.heading)] for column in columns)]


def _taken(column: Column) -> int:
    return GAP + (column.width or 0)


def _title(title: str, shown: int, all_: int, width: int) -> str:
    counted = title if shown == all_ else f"{title} {shown}/{all_}"
    return counted if len(counted) <= width else title


def _columns(width: int, *, has_budget: bool, is_roomy: bool) -> list[Column]:
    """Those that have room beside the name."""
    left = Column(_left(), BUDGETS if is_roomy else len(_left()), is_right=True)
    asked, errors = (Column(name, 6, is_right=True) for name in ("asked", "errors"))
    state, rate, flying = (
        Column("state", STATES),
        Column("a second", 8, is_right=True),
        Column("in flight", 9, is_right=True),
    )
    rest, chosen = width - NAMES, []
    for column in (state, asked, *([left] if has_budget else []), errors, rate, *([flying] if is_roomy else [])):
        if _taken(column) <= rest:
            rest -= _taken(column)
            chosen.append(column)
    return [column for column in (state, rate, flying, asked, errors, left) if column in chosen]


def _left() -> str:
    return f"left to {_reset()}"


def _reset() -> str:
    """Budgets are of a day by UTC; told by the wall clock."""
    return moments.here(next_midnight(), now=time.time())[-5:]


def _cells(pool: PoolHealth, lasting: Mapping[str, float]) -> dict[str, Text]:
    """By the heading of its column."""
    return {
        "state": Text(state(pool), style=HEALTH_STYLES[pool.health]),
        "a second": Text(f"{pool.rate:.2g}"),
        "in flight": Text(str(pool.in_flight)),
        "asked": Text(str(pool.requests)),
        "errors": Text(str(pool.errors), style="red" if pool.errors else "dim"),
        _left(): Text(_budget(pool, lasting)),
    }


def _budget(pool: PoolHealth, lasting: Mapping[str, float]) -> str:
    if pool.remaining is None:
        return ""
    references = lasting.get(pool.name)
    return f"{pool.remaining:,.0f}" + (f" (≈{references:,.0f} refs)" if references is not None else "")


def state(pool: PoolHealth) -> str:
    """How it is now, and until when where that is known, in few letters: "budget spent till 01:00"."""
    now = time.time()
    if pool.until is None or pool.until - now <= LONGEST_COUNTDOWN:
        return health_name(pool) + countdown(pool, now)
    at = moments.here(pool.until, now=now)
    return f"{health_name(pool)} till {at[-5:] if pool.until - now < 86_400 else at}"

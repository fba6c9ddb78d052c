"""Points of time as a person reads them. A text that is kept names a time, never a span, which is soon wrong."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, tzinfo

_ROUND_UP = timedelta(seconds=59)


def here(at: float, *, now: float, zone: tzinfo | None = None) -> str:
    """A unix time on the wall clock to the minute, rounded up: "14:20"; "2026-12-01 14:20" on another day than `now`.

    `zone` None: that of the machine, as in `utc`.
    """
    moment = datetime.fromtimestamp(at, UTC).astimezone(zone) + _ROUND_UP
    today = datetime.fromtimestamp(now, UTC).astimezone(zone)
    return f"{moment:%H:%M}" if moment.date() == today.date() else f"{moment:%Y-%m-%d %H:%M}"


def second(at: float) -> str:
    """A unix time on the wall clock of this machine, to the second: "2026-11-30 19:40:35"."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at))


def utc(at: float, *, zone: tzinfo | None = None) -> str:
    """A unix time by UTC, as budgets are counted, and by the wall clock: "2026-12-01 00:00 UTC (01:00 here)"."""
    moment = datetime.fromtimestamp(at, UTC) + _ROUND_UP
    local = moment.astimezone(zone)
    if local.utcoffset() == timedelta(0):
        return f"{moment:%Y-%m-%d %H:%M} UTC"
    day = "" if local.date() == moment.date() else f"{local:%Y-%m-%d} "
    return f"{moment:%Y-%m-%d %H:%M} UTC ({day}{local:%H:%M} here)"

"""The ledger of this machine: pace, budget and places of each service, shared by all runs whatever their libraries."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from dl_lit.config import Store as StoreSettings
from dl_lit.processes.owners import is_dead, this_process
from dl_lit.store import services
from dl_lit.store.connection import Connection
from dl_lit.store.database import Database
from dl_lit.store.migrations import Schema
from dl_lit.store.records import Budget, Rest

NAME = "services.db"
_VERSION = 2
_REMEMBERED_DAYS = 40
_RESTS = """CREATE TABLE service_rests (
    pool    TEXT PRIMARY KEY,
    until   REAL NOT NULL,
    cost    REAL NOT NULL
) STRICT, WITHOUT ROWID;
"""


class MachineLedger:
    """Implements `net.ledger.Ledger`. Safe to share between threads; every process opens its own.

    Raises DatabaseUnusable, DatabaseBusy or DiskFull.
    """

    def __init__(self, path: Path, *, owner: str | None = None, clock: Callable[[], float] = time.time) -> None:
        # NORMAL in WAL mode may lose the last moments before a power cut, never the file; nobody is waiting then.
        self._database = Database.open(path, StoreSettings(), schema=_schema())
        self._owner = owner or this_process()
        self._clock = clock
        self._forget()

    def close(self) -> None:
        self._database.close()

    def reserve_slot(self, pool: str, interval: float, now: float) -> float:
        if interval <= 0:
            return services.next_slot(self._database.reader(), pool, interval, now)
        with self._database.transaction() as connection:
            return services.reserve_slot(connection, pool, interval, now)

    def spend(self, pool: str, day: str, amount: float) -> float:
        with self._database.transaction() as connection:
            return services.spend(connection, pool, day, amount)

    def set_spent(self, pool: str, day: str, spent: float, limit: float | None) -> None:
        with self._database.transaction() as connection:
            services.set_spent(connection, pool, day, spent, limit)

    def budget(self, pool: str, day: str) -> Budget | None:
        return services.budget(self._database.reader(), pool, day)

    def rest(self, pool: str, now: float) -> Rest | None:
        return services.rest(self._database.reader(), pool, now)

    def set_rest(self, pool: str, until: float, cost: float, now: float) -> None:
        with self._database.transaction() as connection:
            services.set_rest(connection, pool, until, cost, now)

    def take_place(self, pool: str, most: int, seconds: float) -> int | None:
        now = self._clock()
        with self._database.transaction() as connection:
            if _taken(connection, pool, now) >= most and not _free_the_dead(connection, pool, now):
                return None
            cursor = connection.execute(
                "INSERT INTO service_places (pool, owner, until) VALUES (?, ?, ?)", (pool, self._owner, now + seconds)
            )
            return cursor.lastrowid

    def leave_place(self, place: int) -> None:
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM service_places WHERE id = ?", (place,))

    def _forget(self) -> None:
        """Drop what no limit depends on any more, so that the file stays small for years."""
        before = self._clock() - _REMEMBERED_DAYS * 86400
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM service_budget WHERE day < date(?, 'unixepoch')", (before,))
            connection.execute("DELETE FROM service_pace WHERE next_at < ?", (before,))
            connection.execute("DELETE FROM service_places WHERE until < ?", (self._clock(),))
            connection.execute("DELETE FROM service_rests WHERE until < ?", (before,))


def _schema() -> Schema:
    return Schema(files("dl_lit.store").joinpath("machine.sql").read_text(encoding="utf-8"), _VERSION, {2: _RESTS})


def _taken(connection: Connection, pool: str, now: float) -> int:
    count: int = connection.value("SELECT count(*) FROM service_places WHERE pool = ? AND until > ?", (pool, now))
    return count


def _free_the_dead(connection: Connection, pool: str, now: float) -> int:
    """Places whose time is over, or whose process is no more; returns how many there were."""
    holders = connection.all("SELECT DISTINCT owner FROM service_places WHERE pool = ?", (pool,))
    freed = 0
    for holder in (row["owner"] for row in holders):
        if is_dead(holder):
            freed += connection.execute(
                "DELETE FROM service_places WHERE pool = ? AND owner = ? AND until > ?", (pool, holder, now)
            ).rowcount
    return freed

"""Giving a new database its write-ahead log while other processes open it, too."""

from __future__ import annotations

import sqlite3
import time

_PAUSE_SECONDS = 0.05


def write_ahead(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Set the journal mode, a property of the file that outlives the connection; not within a transaction.

    SQLite does not wait for another process's lock here, whatever the connection's timeout (it upgrades a read lock,
    for which it never calls the busy handler), so we do. Raises sqlite3.Error.
    """
    give_up = time.monotonic() + busy_seconds
    while True:
        try:
            sqlite3.Connection.execute(connection, "PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(_PAUSE_SECONDS)

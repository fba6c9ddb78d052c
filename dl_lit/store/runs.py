"""The record of the program's runs on a library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dl_lit.processes.owners import is_dead
from dl_lit.store.columns import insert, to_json
from dl_lit.store.connection import Connection
from dl_lit.store.records import LiveRun, RunRecord

_SILENT_FOR = 120.0  # seconds without a heartbeat after which a run on another machine counts as over


def start(connection: Connection, owner: str, command: str, options: Mapping[str, Any], now: float) -> int:
    values = {"owner": owner, "command": command, "options": to_json(options), "started_at": now, "heartbeat_at": now}
    return insert(connection, "pipeline_runs", values)


def last_asked(connection: Connection) -> str | None:
    """Who asked the services in the last run that says so (`net.network.who_asks`)."""
    row = connection.one(
        "SELECT options ->> '$.who_asks' AS who FROM pipeline_runs WHERE who IS NOT NULL ORDER BY id DESC LIMIT 1"
    )
    return None if row is None else str(row["who"])


def heartbeat(connection: Connection, run_id: int, now: float) -> None:
    connection.execute("UPDATE pipeline_runs SET heartbeat_at = ? WHERE id = ?", (now, run_id))


def finish(connection: Connection, run_id: int, summary: Mapping[str, Any], exit_code: int, now: float) -> None:
    connection.execute(
        "UPDATE pipeline_runs SET heartbeat_at = ?, finished_at = ?, exit_code = ?, summary = ? WHERE id = ?",
        (now, now, exit_code, to_json(summary), run_id),
    )


def latest(connection: Connection, limit: int, now: float) -> list[RunRecord]:
    """The last started first."""
    rows = connection.all(
        "SELECT *, (SELECT count(*) FROM run_pdfs WHERE run_id = id) AS pdfs"
        " FROM pipeline_runs ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    going_on = {run.id for run in live(connection, now)}
    return [
        RunRecord(
            **{name: row[name] for name in ("id", "command", "owner", "started_at", "heartbeat_at", "finished_at")},
            exit_code=row["exit_code"],
            pdfs=row["pdfs"],
            goes_on=row["id"] in going_on,
            options=json.loads(row["options"]),
            summary=json.loads(row["summary"] or "{}"),
        )
        for row in rows
    ]


def live(connection: Connection, now: float) -> list[LiveRun]:
    """Runs that go on now, in this process or any other."""
    rows = connection.all(
        "SELECT id, owner, command, started_at, heartbeat_at FROM pipeline_runs WHERE finished_at IS NULL ORDER BY id"
    )
    runs = [LiveRun(**{key: row[key] for key in row.keys()}) for row in rows]  # noqa: SIM118 - a Row iterates values
    return [run for run in runs if not is_dead(run.owner) and now - run.heartbeat_at < _SILENT_FOR]

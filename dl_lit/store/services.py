"""What outlives a run about the outside services: their answers, their budgets, and when the next request may go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dl_lit.store.columns import to_json
from dl_lit.store.connection import Connection
from dl_lit.store.records import Budget, CachedAnswer, CachedAnswers, Rest

# A next slot further away than this (seconds, or so many intervals) is the work of a clock that was wrong, not a queue.
_FARTHEST_SLOT = 600.0
_LONGEST_QUEUE = 1000
# So with the end of a rest: no service names one that is more than a week away.
_FARTHEST_REST = 8 * 86400.0


def cached(connection: Connection, service: str, keys: Iterable[str], now: float) -> dict[str, CachedAnswer]:
    rows = connection.all(
        "SELECT key, payload FROM service_cache WHERE service = ? AND expires_at > ?"
        " AND key IN (SELECT value FROM json_each(?))",
        (service, now, to_json(list(keys))),
    )
    return {row["key"]: CachedAnswer(row["payload"], row["payload"] is not None) for row in rows}


def keep(
    connection: Connection, service: str, answers: Mapping[str, str | None], ttl_seconds: float, now: float
) -> None:
    connection.executemany(
        "INSERT INTO service_cache (service, key, payload, stored_at, expires_at, bytes) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (service, key) DO UPDATE SET payload = excluded.payload, stored_at = excluded.stored_at,"
        " expires_at = excluded.expires_at, bytes = excluded.bytes",
        [(service, key, text, now, now + ttl_seconds, _size(key, text)) for key, text in answers.items()],
    )


def _size(key: str, payload: str | None) -> int:
    return len(key) + len((payload or "").encode())


def trim(connection: Connection, most_bytes: int) -> int:
    """When the answers are larger than that, the oldest go until a fifth of the room is free; returns how many."""
    total: int = connection.value("SELECT coalesce(sum(bytes), 0) FROM service_cache")
    if total <= most_bytes:
        return 0
    return connection.execute(
        "DELETE FROM service_cache WHERE rowid IN (SELECT rowid FROM (SELECT rowid, bytes, sum(bytes) OVER"
        " (ORDER BY stored_at, rowid) AS gone FROM service_cache) WHERE gone - bytes < ?)",
        (total - int(most_bytes * 0.8),),
    ).rowcount


def purge(connection: Connection, now: float) -> int:
    """Drop expired answers; returns how many."""
    return connection.execute("DELETE FROM service_cache WHERE expires_at <= ?", (now,)).rowcount


def cached_answers(connection: Connection, now: float) -> CachedAnswers:
    row = connection.one(
        "SELECT count(*), coalesce(sum(bytes), 0), count(*) FILTER (WHERE expires_at <= ?),"
        " min(stored_at) FROM service_cache",
        (now,),
    )
    assert row is not None  # an aggregate always has its row
    return CachedAnswers(*row)


def forget(connection: Connection) -> int:
    """Drop all answers; returns how many."""
    return connection.execute("DELETE FROM service_cache").rowcount


def next_slot(connection: Connection, pool: str, interval: float, now: float) -> float:
    """When a request to `pool` may be sent, with nothing reserved."""
    free_at: float = connection.value("SELECT next_at FROM service_pace WHERE pool = ?", (pool,)) or now
    if free_at - now > max(_FARTHEST_SLOT, _LONGEST_QUEUE * interval):
        return now
    return max(now, free_at)


def reserve_slot(connection: Connection, pool: str, interval: float, now: float) -> float:
    """When the caller may send; the one after it `interval` seconds later at the earliest."""
    slot = next_slot(connection, pool, interval, now)
    connection.execute(
        "INSERT INTO service_pace (pool, next_at) VALUES (?, ?)"
        " ON CONFLICT (pool) DO UPDATE SET next_at = excluded.next_at",
        (pool, slot + interval),
    )
    return slot


def spend(connection: Connection, pool: str, day: str, amount: float) -> float:
    """Add to the day's spending; returns the sum."""
    connection.execute(
        "INSERT INTO service_budget (pool, day, spent) VALUES (?, ?, ?)"
        " ON CONFLICT (pool, day) DO UPDATE SET spent = spent + excluded.spent",
        (pool, day, amount),
    )
    found = budget(connection, pool, day)
    return found.spent if found else amount


def set_spent(connection: Connection, pool: str, day: str, spent: float, limit: float | None) -> None:
    """What the service itself says; a `limit` of None leaves the one that is known."""
    connection.execute(
        "INSERT INTO service_budget (pool, day, spent, daily_limit) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (pool, day) DO UPDATE"
        " SET spent = excluded.spent, daily_limit = coalesce(excluded.daily_limit, daily_limit)",
        (pool, day, spent, limit),
    )


def budget(connection: Connection, pool: str, day: str) -> Budget | None:
    row = connection.one("SELECT spent, daily_limit FROM service_budget WHERE pool = ? AND day = ?", (pool, day))
    return None if row is None else Budget(row["spent"], row["daily_limit"])


def rest(connection: Connection, pool: str, now: float) -> Rest | None:
    """The rest that `pool` takes now."""
    row = connection.one(
        "SELECT until, cost FROM service_rests WHERE pool = ? AND until > ? AND until < ?",
        (pool, now, now + _FARTHEST_REST),
    )
    return None if row is None else Rest(row["until"], row["cost"])


def set_rest(connection: Connection, pool: str, until: float, cost: float, now: float) -> None:
    """Of a rest that is not over and the new one the longer time and the lower cost hold."""
    before = rest(connection, pool, now) or Rest(until, cost)
    connection.execute(
        "INSERT INTO service_rests (pool, until, cost) VALUES (?, ?, ?)"
        " ON CONFLICT (pool) DO UPDATE SET until = excluded.until, cost = excluded.cost",
        (pool, max(until, before.until), min(cost, before.cost)),
    )

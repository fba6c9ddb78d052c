-- What all runs of one user on this machine share about the outside services, whatever their libraries: limits are
-- given to an address or a key, not to a library. Nothing here is lost that matters for more than a day.

-- What was spent at a service on a day (its own units), and how much it allows.
CREATE TABLE service_budget (
    pool        TEXT NOT NULL,
    day         TEXT NOT NULL,
    spent       REAL NOT NULL DEFAULT 0,
    daily_limit REAL,
    PRIMARY KEY (pool, day)
) STRICT, WITHOUT ROWID;

-- Budgets that a service called spent: requests of that cost and more are in vain before that time.
CREATE TABLE service_rests (
    pool    TEXT PRIMARY KEY,
    until   REAL NOT NULL,
    cost    REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- The earliest time of the next request to a pool, kept over restarts.
CREATE TABLE service_pace (
    pool    TEXT PRIMARY KEY,
    next_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- Requests under way: who holds one of a pool's places, and until when at most.
CREATE TABLE service_places (
    id      INTEGER PRIMARY KEY,
    pool    TEXT NOT NULL,
    owner   TEXT NOT NULL,
    until   REAL NOT NULL
) STRICT;
CREATE INDEX service_places_of ON service_places (pool);

PRAGMA user_version = 2;

"""What a service allows: the published limits, what its headers say now, and how patient we are with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# Sending at this part of a published rate keeps jitter on the wire from ever breaking it.
SAFETY = 0.9

# Retry-After up to this many seconds means "slow down"; more than that means "not today" (apis.md, retry taxonomy).
SHORT_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """Published limits of one service: requests a second per bucket, requests at once over all buckets, credits a day.

    `failures` in a row open the circuit for `rest_seconds`. A request is tried `tries` times in all, the pauses
    between them drawn from 0 to `backoff_seconds` doubled each time. The statuses of `answers` are answers of this
    service, whatever they mean elsewhere: they come back to the caller at once and count as no failure; those of `busy`
    mean here what 503 means everywhere. `patience` takes the place of the network's, for a service that works long
    before it answers. What fails in a bucket of `apart` says nothing of the others: it has a circuit of its own.
    """

    rates: Mapping[str, float]
    concurrency: int = 1
    daily: float | None = None
    failures: int = 5
    rest_seconds: float = 30.0
    tries: int = 3
    backoff_seconds: float = 1.0
    max_bytes: int = 50 * 1024 * 1024
    answers: frozenset[int] = frozenset()
    busy: frozenset[int] = frozenset()
    apart: frozenset[str] = frozenset()
    patience: Patience | None = None

    def __post_init__(self) -> None:
        if not self.rates or min(self.rates.values()) <= 0 or self.concurrency < 1 or self.tries < 1:
            raise ValueError("a pool needs a positive rate for each bucket, and at least one place and one try")
        if not self.apart < set(self.rates):
            raise ValueError("buckets apart are some of those with a rate")


@dataclass(frozen=True, slots=True)
class Tuning:
    """What the headers of an answer say about the limits; None and absent buckets leave things as they are.

    `limit` and `remaining` are the day's credits, `reset_seconds` the time until they are given anew.
    """

    rates: Mapping[str, float] = field(default_factory=dict)
    concurrency: int | None = None
    limit: float | None = None
    remaining: float | None = None
    reset_seconds: float | None = None


class Verdict(StrEnum):
    """What a 429 means: wait a little, or the day's budget is spent."""

    SLOW_DOWN = "slow down"
    BUDGET = "budget spent"


@dataclass(frozen=True, slots=True)
class Patience:
    """Time limits of one exchange, in seconds."""

    connect: float = 10.0
    read: float = 30.0
    total: float = 180.0

"""The same facts without a terminal: one line of text, or one JSON object, every few seconds."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

from dl_lit.model import Health, PoolHealth
from dl_lit.pipeline.progress import Snapshot
from dl_lit.ui.wording import STAGE_NAMES, condition, duration, printable


def facts(snapshot: Snapshot, health: Sequence[PoolHealth]) -> tuple[object, ...]:
    """What a line tells beside the time: equal as long as nothing has happened."""
    stages = [(s.stage, s.done, s.duplicate, s.ahead, s.active, s.failed, s.review, s.later) for s in snapshot.stages]
    return (*stages, *((pool.name, pool.health) for pool in _ill(health)))


def text_line(snapshot: Snapshot, health: Sequence[PoolHealth]) -> str:
    stages = "; ".join(
        f"{STAGE_NAMES[s.stage]}: {s.done} done, {s.ahead} waiting"
        + (f", {s.duplicate} merged" if s.duplicate else "")
        + (f", {s.failed} failed" if s.failed else "")
        + (f", {s.review} to look at" if s.review else "")
        + (f", {s.later} later" if s.later else "")
        for s in snapshot.stages
    )
    ill = ", ".join(f"{printable(p.name)} {condition(p)}" for p in _ill(health))
    left = f", about {duration(snapshot.eta)} left" if snapshot.eta and snapshot.eta >= 1 else ""
    return f"[{duration(snapshot.seconds)}{left}] {stages}" + (f" | {ill}" if ill else "")


def _ill(health: Sequence[PoolHealth]) -> list[PoolHealth]:
    return [pool for pool in health if pool.health not in (Health.OK, Health.IDLE)]


def json_notice(text: str) -> str:
    """What a person should know, as one object."""
    return json.dumps({"event": "notice", "time": round(time.time(), 3), "text": text}, ensure_ascii=False)


def json_line(snapshot: Snapshot, health: Sequence[PoolHealth]) -> str:
    """One progress record; the keys are stable. `seconds` of stages and workers are those at work, not waiting."""
    record = {
        "event": "progress",
        "time": round(time.time(), 3),
        "seconds": round(snapshot.seconds, 3),
        "eta": None if snapshot.eta is None else round(snapshot.eta, 1),
        "bottleneck": snapshot.bottleneck.value if snapshot.bottleneck else None,
        "active_workers": snapshot.active_workers,
        "cached": snapshot.cached,
        "deduplicated": snapshot.deduplicated,
        "stages": {
            s.stage.value: {
                "waiting": s.waiting,
                "queued": s.queued,
                "parked": s.parked,
                "active": s.active,
                "done": s.done,
                "failed": s.failed,
                "review": s.review,
                "duplicate": s.duplicate,
                "later": s.later,
                "per_minute": round(s.rate, 1),
                "seconds": round(s.seconds, 3),
                "workers": [round(w.seconds, 3) for w in snapshot.workers if w.stage is s.stage],
            }
            for s in snapshot.stages
        },
        "services": {
            p.name: {"health": p.health.value, "until": p.until, "requests": p.requests, "errors": p.errors}
            for p in health
        },
    }
    return json.dumps(record, ensure_ascii=False)

"""How a run tells about itself, as the command line asks for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MetricsAddress:
    """Where Prometheus may ask; port 0: one that is free."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class View:
    """`only_changes`: a plain line only where something has happened since the last one; `log_format` text or json."""

    log_format: str = "text"
    panel: bool = True
    only_changes: bool = False
    metrics: MetricsAddress | None = None

"""What one file may cost. Apart from the settings, so that a child process need not load them."""

from __future__ import annotations

from dataclasses import dataclass

from dl_lit.processes.limits import Limits


@dataclass(frozen=True, slots=True)
class FileLimits(Limits):
    """`max_bytes` is the size of the file."""

    max_bytes: int = 500_000_000

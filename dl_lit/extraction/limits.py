"""What one file may cost. Apart from the settings, so that a child process need not load them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`max_bytes` is the size of the file, `memory_bytes` what its child may use beyond what it starts with."""

    seconds: float = 60.0
    memory_bytes: int = 1 << 30
    max_bytes: int = 500_000_000

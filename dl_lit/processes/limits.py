"""What one task in a child process may cost. Apart from the settings, so that a child need not load them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory_bytes` is what the child may use beyond what it starts the task with."""

    seconds: float = 60.0
    memory_bytes: int = 1 << 30

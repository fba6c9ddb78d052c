"""How trials ended, as lines, as one table, and as the page of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from download_bench.telling import table


@dataclass(frozen=True, slots=True)
class Outcome:
    """One trial: how often the fault was to come and came to pass, requests made again, and what is wrong."""

    kind: str
    wanted: int
    struck: int
    again: int
    seconds: float
    found: tuple[str, ...]
    kept: Path | None

    @property
    def told(self) -> str:
        head = f"{self.kind}: {self.struck} of {self.wanted}, {self.again} requests again, {self.seconds:.0f} s"
        return "\n    ".join([f"{head}: {'DIFFERENT' if self.found else 'same'}", *self.found])


def as_table(outcomes: Iterable[Outcome]) -> str:
    groups: dict[str, list[Outcome]] = {}
    for one in outcomes:
        groups.setdefault(one.kind, []).append(one)
    head = ("fault", "libraries", "came to pass", "requests made again", "outcome")
    return "\n".join(table(head, (_row(kind, group) for kind, group in groups.items())))


def _row(kind: str, group: Sequence[Outcome]) -> tuple[object, ...]:
    wrong = sum(bool(one.found) for one in group)
    struck = f"{sum(one.struck for one in group)} of {sum(one.wanted for one in group)}"
    again = sum(one.again for one in group)
    return kind, len(group), struck, again, f"{wrong} DIFFERENT" if wrong else "no difference"


def as_document(outcomes: Sequence[Outcome], seed: int, arguments: Sequence[str]) -> str:
    killed = sum(one.struck for one in outcomes if "kill -9" in one.kind)
    struck = sum(one.struck for one in outcomes)
    made = f"`scripts/soak {' '.join(arguments)}` (seed {seed}, {datetime.now(UTC):%Y-%m-%d})"
    return f"""# Faults

What runs leave that were disturbed, against an undisturbed run of the same papers. Made by {made}.

{struck} faults came to pass, {killed} of them kill -9. After each library's faults an undisturbed run brought it to its
end. "No difference": the final rows are those of the undisturbed run, no row is open, claimed, doubled or done twice,
the database is whole, every kept file is there with its bytes and no other, no service's limit was broken, and no
request was made again but those whose answers were under way when something broke off.

{as_table(outcomes)}

Not every point is met: a run that was killed before has less left to do, and a signal may come when all is done.
"""

"""How a report calls things: states with their marks, what is said of a reason, text from outside made harmless."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dl_lit.exporting.selection import STATE_OF, State
from dl_lit.model import Stage
from dl_lit.ui.wording import explain, printable

_LONGEST = 600  # characters of a text; a reader has seen enough of it by then


@dataclass(frozen=True, slots=True)
class Look:
    """A state as it is shown: a sign that needs no colour, a short name, and what it means."""

    mark: str
    name: str
    meaning: str


LOOKS = {
    State.COPY: Look("✓", "copy", "found, with a verified copy"),
    State.NO_COPY: Look("○", "no copy", "found, without a copy"),
    State.WAITING: Look("…", "waiting", "found; a copy is still to be looked for"),
    State.REVIEW: Look("?", "needs a look", "several works fit or none surely: dl-lit review"),
    State.UNMATCHED: Look("✗", "not found", "no service has it"),
    State.UNTRIED: Look("–", "not tried", "still to be looked for at the services"),
}
_STAGES = {
    State.NO_COPY: Stage.DOWNLOAD,
    State.WAITING: Stage.DOWNLOAD,
    State.REVIEW: Stage.ENRICHMENT,
    State.UNMATCHED: Stage.ENRICHMENT,
    State.UNTRIED: Stage.ENRICHMENT,
}


def state_of(table: str) -> State:
    return STATE_OF[table]


def meaning(state: State, reason: str | None) -> str:
    """What a reason means and what can be done about it; "" for none."""
    stage = _STAGES.get(state)
    return explain(stage, reason) if stage else ""


def safe(text: str | None) -> str | None:
    """Without characters that turn the line around or are none, and no longer than anybody reads."""
    if text is None:
        return None
    shown = printable(text.replace("\n", " "))
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def listed(parts: Iterable[str | None]) -> str:
    return ", ".join(part for part in parts if part)

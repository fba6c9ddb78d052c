"""Where and how a run is disturbed from within: before which of its statements, and what happens there.

Nothing here is part of dl-lit: `soaking.child` hooks a point into a run that it starts in its own process.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

_WRITES = re.compile(
    r"\s*(INSERT(?: OR \w+)? INTO|DELETE FROM|UPDATE|BEGIN|COMMIT|SAVEPOINT|RELEASE)\b\s*(\w*)(?:\s+SET\s+(\w+))?",
    re.IGNORECASE,
)

KILL, TERM, INTERRUPT, INTERRUPT_TWICE, JUMP = "kill", "term", "int", "int twice", "jump"


@dataclass(frozen=True, slots=True)
class Point:
    """`action` happens before the `number`th statement (from 1) on the library that is called `statement` (see
    `called`; "" for any that writes). `seconds` is how far the clock jumps.

    Beyond that: `pages` by which the library may still grow before its disk is full; `raises`, an exception's name,
    raised by the worker of `stage` at its `number`th batch; `counts`, the file to which the statements are counted.
    """

    statement: str = ""
    number: int = 0
    action: str = ""
    seconds: float = 0.0
    pages: int = 0
    raises: str = ""
    stage: str = ""
    counts: str = ""

    def as_text(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_text(text: str) -> Point:
        return Point(**json.loads(text))


def called(sql: str) -> str:
    """What a statement that writes is called, such as "UPDATE no_metadata SET claimed_by"; "" for one that reads."""
    found = _WRITES.match(sql)
    if found is None:
        return ""
    verb, table, column = found.groups()
    return " ".join([verb.upper(), *([table] if table else []), *(["SET", column] if column else [])])


def counted(path: Path) -> Counter[str]:
    """How often a run has made each statement, as `Point.counts` had it written."""
    return Counter(json.loads(path.read_text("utf-8")))

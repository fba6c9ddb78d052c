"""The gold PDFs, as copies of what they are and of what they are not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dl_lit.download.verify import Expectation
from dl_lit.identity import doi as dois

GOLD = Path(__file__).resolve().parents[3] / "shared" / "gold"
SETS = ("jose", "pmc")


def gold_copies(most: int | None) -> list[tuple[str, str, Expectation, bool]]:
    """Kind, path, work and whether the file is it; `most` of each set."""
    found = []
    for name in SETS:
        rows: list[dict[str, Any]] = json.loads((GOLD / name / "index.json").read_text("utf-8"))[:most]
        for row, after in zip(rows, [*rows[1:], rows[0]], strict=True):
            path = str(GOLD / name / f"{row['id']}.pdf")
            found.append((f"gold {name}", path, _work(row), True))
            found.append((f"gold {name}, another's title and DOI", path, _work(after), False))
            if row.get("title"):
                found.append((f"gold {name}, only its title known", path, Expectation(title=row["title"]), True))
    return found


def _work(row: dict[str, Any]) -> Expectation:
    return Expectation(title=row.get("title"), doi=dois.normalise(row.get("doi")), type="journal-article")

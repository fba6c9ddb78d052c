"""A folder of made papers in the form of ../shared/gold."""

from __future__ import annotations

import json
from pathlib import Path

from documents.material import lists
from documents.paper import Paper, make


def make_all(folder: Path, strings: Path, seed: int, count: int) -> list[Paper]:
    """Writes <folder>/made/<id>.pdf, <id>.json and index.json."""
    made = folder / "made"
    made.mkdir(parents=True, exist_ok=True)
    material = lists(strings)
    papers = [make(number, seed, material, made) for number in range(count)]
    for paper in papers:
        (made / f"{paper.name}.json").write_text(json.dumps(paper.gold, ensure_ascii=False), "utf-8")
    rows = [paper.row for paper in papers]
    (made / "index.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    return papers

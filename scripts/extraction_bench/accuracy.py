"""Extracted references against gold references, by set, language, layout and style; DOIs against the print."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pymupdf

from dl_lit.extraction.json_lines import as_object
from dl_lit.identity import doi
from dl_lit.model import Extraction

SETS = ("jose", "pmc", "excite_en", "excite_de", "excite_de_notes")
MEASURES = ("precision", "recall", "f1", "exact_count", "title", "author", "year", "container", "e2e")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """One gold PDF; `traits` are language, columns and style as the index of its set tells them."""

    path: Path
    set: str
    traits: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.path.stem


def documents(gold: Path, limit: int | None) -> list[Document]:
    """The first `limit` documents of each set (all: None), and of `hep`, which has no gold to score by."""
    found = []
    for name in (*SETS, "hep"):
        index = json.loads((gold / name / "index.json").read_text("utf-8"))
        found += [Document(gold / name / f"{row['id']}.pdf", name, _traits(row)) for row in index[:limit]]
    return found


def _traits(row: Row) -> tuple[str, ...]:
    columns = row.get("columns")
    return (
        f"language {row.get('lang') or 'en'}",
        f"{columns} column{'s' if columns != 1 else ''}",
        f"style {row.get('style')}",
    )


def scorer_at(path: Path) -> ModuleType:
    """The shared scorer as a module."""
    spec = importlib.util.spec_from_file_location("score_extraction", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predictions(read: Iterable[tuple[Document, Extraction]]) -> dict[str, list[dict[str, Any]]]:
    """The references of each document as `extract-references` writes them, by document id."""
    return {
        document.id: [as_object(reference, str(document.path)) for reference in extraction.references]
        for document, extraction in read
    }


# ── scores ───────────────────────────────────────────────────────────────────────────────────────────────


class Scores:
    """Scores any selection of the documents; `worst` names the documents with most amiss."""

    def __init__(self, scorer: ModuleType, gold: Path, found: Mapping[str, list[dict[str, Any]]]) -> None:
        self._scorer, self._gold = scorer, gold
        self._found = defaultdict(list, found)

    def of(self, name: str, selection: Sequence[Document]) -> dict[str, Any]:
        """The scorer's row for `selection`, which may cross sets."""
        totals: Counter[str] = Counter()
        for gold_set in sorted({document.set for document in selection} & set(SETS)):
            totals.update(self._score(gold_set, selection)[0])
        return dict(self._scorer.summary(name, totals))

    def by_trait(self, selection: Sequence[Document]) -> list[dict[str, Any]]:
        traits: defaultdict[str, list[Document]] = defaultdict(list)
        for document in selection:
            for trait in document.traits:
                traits[trait].append(document)
        return [self.of(trait, traits[trait]) for trait in sorted(traits)]

    def worst(self, gold_set: str, selection: Sequence[Document], count: int) -> list[str]:
        """What happened to the `count` documents of a set that lost or gained most references."""
        rows = sorted(self._score(gold_set, selection)[1])[:count]
        return [
            f"{gold_set}/{name}: {hit} of {gold} found, {read} read, {complete} with title, first author and year right"
            for share, name, gold, read, hit, complete in rows
            if share < 1
        ]

    def _score(self, gold_set: str, selection: Sequence[Document]) -> tuple[Any, list[Any]]:
        ids = {document.id for document in selection if document.set == gold_set}
        totals, rows = self._scorer.score_set(self._gold / gold_set, self._found, ids)
        return totals, list(rows)


# ── DOIs ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Dois:
    """Of one set: gold DOIs that the PDF prints, those of them read, DOIs read, and those of them that are right."""

    printed: int
    printed_and_read: int
    read: int
    right: int

    @property
    def recall(self) -> float:
        return self.printed_and_read / self.printed if self.printed else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.read if self.read else 1.0


def printed_dois(gold: Path, selection: Sequence[Document], found: Mapping[str, list[dict[str, Any]]]) -> Dois:
    """Gold that comes from XML has DOIs that the paper never shows: only those in its text or links count as missed.

    A DOI that the gold does not have is right when the text has it, and no gold DOI begins so or is its beginning.
    """
    counts: Counter[str] = Counter()
    for document in selection:
        text = _solid_text(document.path)
        known = _gold_dois(gold / document.set / f"{document.id}.json")
        read = {row["doi"] for row in found[document.id] if row["doi"]}
        printed = {one for one in known if _is_printed(one, text)}
        counts.update(printed=len(printed), hit=len(printed & read), read=len(read))
        counts["right"] += sum(one in known or (_is_printed(one, text) and not _is_cut(one, known)) for one in read)
    return Dois(counts["printed"], counts["hit"], counts["read"], counts["right"])


def _gold_dois(path: Path) -> set[str]:
    values = (row.get("doi") for row in json.loads(path.read_text("utf-8")))
    return {found for value in values if (found := doi.normalise(value))}


def _is_printed(one: str, text: str) -> bool:
    return one in text or one.replace("-", "") in text


def _is_cut(one: str, known: set[str]) -> bool:
    return any(other.startswith(one) or one.startswith(other) for other in known)


def _solid_text(path: Path) -> str:
    """All text of the file, and where its links lead, without white space, in lower case."""
    opened: Callable[[Path], Any] = pymupdf.Document
    with opened(path) as file:
        pages = [page.get_text() + " ".join(link.get("uri") or "" for link in page.get_links()) for page in file]
    return "".join("".join(pages).replace("\u2010", "-").casefold().split())

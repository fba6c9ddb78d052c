"""Decides what each sample paper cites: which works, in which order, and with which small errors."""

from __future__ import annotations

import json
import random
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from dl_lit.model import Person
from dl_lit.standin.catalogue import CatalogueWork, load
from dl_lit.standin.citing import Citation, plain
from dl_lit.standin.papers import PAPERS, Paper
from dl_lit.standin.styles import in_text

GREY_SHARE = 0.06  # of a list: works that no service knows
ERROR_SHARE = 0.07  # of the rest: cited with a wrong year or a misspelt author
CORE = 14  # works of a field that every paper about it is likely to cite


@dataclass(frozen=True, slots=True)
class Entry:
    """One printed reference: `work_key` is None for a work outside the catalogue, `marked` carries the faces."""

    work_key: str | None
    citation: Citation
    label: str
    marked: str

    @property
    def printed(self) -> str:
        return plain(self.marked)


def reference_list(paper: Paper, seed: int) -> tuple[Entry, ...]:
    rng = random.Random(f"{seed}:{paper.file}:references")
    grey = _grey(paper, rng)
    cited = [(work.key, _cited(work, paper, rng)) for work in _choose(paper, paper.references - len(grey), rng)]
    return listed(paper, [*cited, *grey], rng)


def listed(paper: Paper, cited: Sequence[tuple[str | None, Citation]], rng: random.Random) -> tuple[Entry, ...]:
    """The list as the paper prints it, of works with their keys in the world, in the order of its style."""
    chosen = list(cited)
    if paper.sorted:
        chosen.sort(key=lambda item: _order(item[1]))
    else:
        rng.shuffle(chosen)
    if not paper.style.numbered:
        chosen = _suffixed(chosen)
    return tuple(_print(paper, number, chosen) for number in range(len(chosen)))


def _print(paper: Paper, index: int, chosen: list[tuple[str | None, Citation]]) -> Entry:
    key, citation = chosen[index]
    before = chosen[index - 1][1].work if index else None
    if paper.dashes and before and before.authors and before.authors == citation.work.authors:
        citation = replace(citation, dash=True)
    label = paper.label.format(index + 1) if paper.label else ""
    return Entry(key, citation, label, paper.style.entry(citation))


# ── choosing ─────────────────────────────────────────────────────────────────────────────────────────────


def _choose(paper: Paper, count: int, rng: random.Random) -> list[CatalogueWork]:
    total = sum(paper.fields.values())
    chosen: list[CatalogueWork] = []
    for field, share in paper.fields.items():
        shelf = _shelf(field, paper, rng)
        core = sorted(shelf, key=lambda work: -work.cited_by)[:CORE]
        some = rng.sample(core, k=min(len(core), round(share * 0.25)))
        rest = [work for work in shelf if work not in some]
        rng.shuffle(rest)
        if paper.dashes:
            rest = _repeated_first(rest, count // 3)
        chosen += [*some, *rest][: round(count * share / total)]
    missing = [work for work in _shelf(next(iter(paper.fields)), paper, rng) if work not in chosen]
    return [*chosen, *missing[: count - len(chosen)]][:count]


def _repeated_first(works: list[CatalogueWork], count: int) -> list[CatalogueWork]:
    """Brings forward `count` works whose authors have others on the shelf, so that the list can print its dashes."""
    written = Counter(work.authors for work in works)
    repeated = sorted((work for work in works if written[work.authors] > 1), key=lambda work: -written[work.authors])
    first = repeated[:count]
    return first + [work for work in works if work not in first]


def _shelf(field: str, paper: Paper, rng: random.Random) -> list[CatalogueWork]:
    """The works of a field; a paper in German cites few others, a paper in English hardly any German ones."""
    shelf = [work for work in load() if work.field == field]
    rng.shuffle(shelf)
    if field == "physics" and paper.cited_language == "de":
        return shelf
    wanted = paper.cited_language or "en"
    near = [work for work in shelf if work.language == wanted]
    far = [work for work in shelf if work.language != wanted]
    return near + far[: len(near) // 8]


def _grey(paper: Paper, rng: random.Random) -> list[tuple[None, Citation]]:
    """Every list draws other grey works, as far as they last."""
    sources = [record for record in _grey_records() if record["language"] == paper.language]
    mine = [other for other in PAPERS if other.language == paper.language].index(paper)
    count = max(1, round(paper.references * GREY_SHARE * rng.uniform(0.7, 1.3)))
    return [(None, _grey_citation(sources[(mine * 2 + step) % len(sources)])) for step in range(count)]


@cache
def _grey_records() -> tuple[dict[str, Any], ...]:
    text = files("dl_lit.standin").joinpath("data", "grey.jsonl").read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines())


def _grey_citation(record: dict[str, Any]) -> Citation:
    family, _, given = record["author"].partition(", ")
    author = Person(family=family, given=given) if given else Person(name=family)
    work = CatalogueWork(
        key="",
        title=record["title"],
        year=record["year"],
        type="report",
        language=record["language"],
        cited_by=0,
        authors=(author,),
        publisher=record["publisher"],
        place=record["place"],
    )
    german = record["language"] == "de"
    accessed = f"12.03.{work.year + 1}" if german else f"12 March {work.year + 1}"
    return Citation(work, url=record["url"], accessed=accessed)


# ── errors and abbreviations ─────────────────────────────────────────────────────────────────────────────


def _cited(work: CatalogueWork, paper: Paper, rng: random.Random) -> Citation:
    if paper.abbreviate:
        work = replace(work, container=_abbreviations().get(work.container or "", work.container))
    if rng.random() < ERROR_SHARE:
        work = rng.choice((_wrong_year, _misspelt, _short_container))(work, rng)
    return Citation(work, show_doi=paper.show_doi and rng.random() < 0.85)


def _wrong_year(work: CatalogueWork, rng: random.Random) -> CatalogueWork:
    return replace(work, year=work.year + rng.choice((-1, 1)))


def _misspelt(work: CatalogueWork, rng: random.Random) -> CatalogueWork:
    """Two letters inside the first author's name change places."""
    if not work.authors or not work.authors[0].family or len(work.authors[0].family) < 5:
        return _wrong_year(work, rng)
    first = work.authors[0]
    name = first.family or ""
    at = rng.randrange(1, len(name) - 2)
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return replace(work, authors=(replace(first, family=swapped), *work.authors[1:]))


def _short_container(work: CatalogueWork, rng: random.Random) -> CatalogueWork:
    short = _abbreviations().get(work.container or "")
    return replace(work, container=short) if short else _wrong_year(work, rng)


@cache
def _abbreviations() -> dict[str, str]:
    text = files("dl_lit.standin").joinpath("data", "abbreviations.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(text)
    return found


# ── order ────────────────────────────────────────────────────────────────────────────────────────────────


def _order(citation: Citation) -> tuple[str, int, str]:
    people = citation.work.authors or citation.work.editors
    names = " ".join(f"{person.family or person.name} {person.given or ''}" for person in people)
    return _folded(names), citation.work.year, _folded(citation.work.title)


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("ß", "ss").replace("Ł", "L").replace("ø", "o"))
    return "".join(char for char in letters.casefold() if char.isalnum() or char == " ")


def _suffixed(chosen: list[tuple[str | None, Citation]]) -> list[tuple[str | None, Citation]]:
    """Adds the a, b, c that keep "Schrödinger, 1926" apart in the text."""
    labels = Counter(in_text(citation) for _, citation in chosen)
    seen: Counter[str] = Counter()
    suffixed: list[tuple[str | None, Citation]] = []
    for key, citation in chosen:
        label = in_text(citation)
        if labels[label] > 1:
            seen[label] += 1
            citation = replace(citation, suffix=chr(ord("a") + seen[label] - 1))
        suffixed.append((key, citation))
    return suffixed

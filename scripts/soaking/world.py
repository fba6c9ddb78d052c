"""The small world that is disturbed: two papers that cite eight works, most of them at a host of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymupdf
from download_bench.worlds import Placed, arranged, made_up, padded_copy
from worldtools import environment

from dl_lit.config import Services
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.standin.hosts import HOSTS, Quirk
from dl_lit.standin.server import StandIn
from dl_lit.standin.settings import StandInSettings
from dl_lit.standin.wire import Request

WORKS, PAPERS, CITED = 8, 2, 5
KINDS = (Quirk.DIRECT, Quirk.META_ABSOLUTE, Quirk.META_RELATIVE, Quirk.OJS, Quirk.SIGNPOSTING, Quirk.WRONG_TYPE)
ASKED = ("crossref", "openalex", "unpaywall", "doi")
UNKNOWN = "Nobody, X. (1999). A leaflet that no index has ever heard about. Village Press, 7, 1-2."
WITHOUT_COPY = (4, 7)
SIZE = 60_000  # bytes of a copy
LATENCY = (0.02, 0.1)
_LINE = 95  # characters


class SlowedStandIn(StandIn):
    """Answers so many times later, from when it is told."""

    slowness = 1.0
    late: frozenset[str] = frozenset()

    def latency(self, name: str, request: Request) -> float:
        return super().latency(name, request) * (self.slowness if name in self.late else 1.0)


@dataclass(frozen=True, slots=True)
class World:
    papers: Path
    placed: tuple[Placed, ...]

    @contextmanager
    def standin(self, log: Path) -> Iterator[SlowedStandIn]:
        settings = StandInSettings(log_path=log, service_latency=LATENCY, host_latency=LATENCY)
        works = [one.work for one in self.placed]
        with SlowedStandIn(settings, works=works, make_copy=padded_copy(SIZE), arrange=arranged(self.placed)) as one:
            yield one


def make_world(folder: Path) -> World:
    hosts = [host for host in HOSTS if host.quirk in KINDS]
    works = [made_up(number) for number in range(WORKS)]
    placed = tuple(
        Placed(work, () if number in WITHOUT_COPY else (hosts[number % len(hosts)],))
        for number, work in enumerate(works)
    )
    folder.mkdir(parents=True)
    for number in range(PAPERS):
        cited = [works[(number * (CITED - 1) + n) % WORKS] for n in range(CITED)]
        lines = [_printed(work, with_doi=(n + number) % 3 > 0) for n, work in enumerate(cited)]
        _write(folder / f"paper {number}.pdf", number, [*lines, *([UNKNOWN] if number == 0 else [])])
    return World(folder, placed)


def _printed(work: CatalogueWork, *, with_doi: bool) -> str:
    author = work.authors[0]
    text = f"{author.family}, A. ({work.year}). {work.title}. {work.container}, {work.volume}, {work.pages}."
    return f"{text} https://doi.org/{work.doi}" if with_doi else text


def _write(path: Path, number: int, references: Sequence[str]) -> None:
    lines = [f"What is known of surveys, part {'AB'[number]}", "", "It cites what is listed below.", "", "References"]
    for place, reference in enumerate(references, 1):
        words, line = f"[{place}] {reference}".split(), ""
        for word in words:
            if len(line) + len(word) > _LINE:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines.append(line)
    with pymupdf.open() as document:
        page = document.new_page()
        for row, line in enumerate(lines):
            page.insert_text((60, 72 + 13 * row), line, fontsize=9, fontname="tiro")
        document.save(path, no_new_id=True)


def settings(folder: Path) -> Mapping[str, str]:
    """Of every run on the library in `folder`: few services, short waits, politeness shared with no other trial."""
    off = [name for name in Services.model_fields if name not in (*ASKED, "grobid", "llm")]
    return environment(
        **{f"DL_LIT_SERVICES__{name.upper()}__ENABLED": "false" for name in off},
        DL_LIT_NETWORK__STATE_DIR=str(folder / "state"),
        DL_LIT_PIPELINE__PATIENCE_SECONDS="2",
        DL_LIT_PIPELINE__POLL_SECONDS="0.2",
        DL_LIT_PIPELINE__EXTRACTION_WORKERS="1",
        DL_LIT_PIPELINE__GRACE_SECONDS="5",
        XDG_CACHE_HOME=str(folder / "cache"),
        PYTHONPATH=str(Path(__file__).resolve().parent.parent),
    )

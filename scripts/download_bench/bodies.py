"""Bodies that hurt: what became of each, what it cost, and what lies on the disk afterwards."""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worldtools import Outcome, rows, run

from dl_lit.model import CopyVersion
from dl_lit.standin.hosts import Quirk, with_quirk
from dl_lit.standin.log import read_log
from dl_lit.standin.server import StandIn
from dl_lit.standin.settings import StandInSettings
from download_bench.telling import Part, files_below, parts_below, table
from download_bench.worlds import (
    Placed,
    arranged,
    digest,
    hosts_only,
    made_up,
    padded_copy,
    small_copy,
    waiting_library,
)

MB = 1_000_000
FULL_AT = 4 * MB
LARGE, QUICK_LARGE = 200 * MB, 30 * MB
DISK_FULL = 1  # the exit code of a run that cannot go on


@dataclass(frozen=True, slots=True)
class Case:
    """`size` of the copy in bytes, or else a small one. `word` is what should be recorded of the only attempt, None
    where the run stops before there is one. `disk` is made around each run of `runs`, in turn."""

    name: str
    quirk: Quirk
    word: str | None
    size: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    disk: Callable[[Path], AbstractContextManager[None]] | None = None
    then_freed: bool = False
    file_limit: int | None = None


def cases(quick: bool) -> Iterator[Case]:
    large = QUICK_LARGE if quick else LARGE
    yield Case(f"{large // MB} MB file", Quirk.DIRECT, "success", large)
    seconds = "4" if quick else "15"
    yield Case(
        f"a drip, time limit {seconds} s", Quirk.TRICKLE, "timeout", MB, {"DL_LIT_NETWORK__TOTAL_TIMEOUT": seconds}
    )
    small = {"DL_LIT_NETWORK__MAX_FILE_MB": "20"} if quick else {}
    yield Case("a body without end", Quirk.ENDLESS, "too_large", settings=small)
    yield Case("a gzip bomb (600 MB)", Quirk.GZIP_BOMB, "too_large", settings=small)
    yield Case("a full disk, then room", Quirk.DIRECT, "success", 2 * FULL_AT, disk=small_disk, then_freed=True)
    yield Case("a limit on file sizes (EFBIG)", Quirk.DIRECT, None, 2 * FULL_AT, file_limit=FULL_AT)


def measured(folder: Path, quick: bool) -> Part:
    results = [Result(case, folder / f"case{number}") for number, case in enumerate(cases(quick))]
    told = [one.measured() for one in results]
    head = ("body", "exit", "recorded", "kept", "seconds", "peak MB", "left on the disk", "requests")
    lines = [
        "One work each, limits as they are by default unless said otherwise. *Peak* is the memory of all processes",
        "together. After the first try, requests are at landing pages or go on with what broke off (206).",
        "",
        *table(head, told),
    ]
    return Part("Hard bodies", tuple(lines), tuple(fault for one in results for fault in one.faults))


class Result:
    def __init__(self, case: Case, folder: Path) -> None:
        self.case = case
        self.folder = folder
        self.library = folder / "library"
        self.faults: list[str] = []
        folder.mkdir(parents=True)

    def measured(self) -> tuple[Any, ...]:
        case = self.case
        placed = [Placed(made_up(1), (with_quirk(case.quirk),))]
        make = small_copy if case.size is None else padded_copy(case.size)
        log = self.folder / "requests.jsonl"
        settings = StandInSettings(log_path=log, trickle_seconds=600.0, oversized_bytes=LARGE * 2)
        with StandIn(settings, works=[placed[0].work], make_copy=make, arrange=arranged(placed)) as standin:
            paper = waiting_library(self.library, placed, standin)
            outcomes, skipped = self._runs(paper, standin.url)
        if skipped:
            return (case.name, "–", skipped, "–", "–", "–", "–", "–")
        words = [row[0] for row in rows(self.library, "SELECT outcome FROM download_attempts ORDER BY id")]
        self._judge(words, outcomes, make(placed[0].work, version=CopyVersion.PUBLISHED, seed=0) if case.size else b"")
        answers = [f"{one.status}" for one in read_log(log) if not one.path.startswith("/robots")]
        return (
            case.name,
            ", ".join(str(one.exit_code) for one in outcomes),
            ", ".join(f"`{word}`" for word in words) or self._said(),
            len(list((self.library / "pdfs").glob("*.pdf"))),
            f"{sum(one.seconds for one in outcomes):.1f}",
            f"{max(one.peak_bytes for one in outcomes) / MB:.0f}",
            self._left(),
            ", ".join(answers),
        )

    def _runs(self, paper: list[Path], url: str) -> tuple[list[Outcome], str]:
        """Once, or where a disk is full and then has room, twice."""
        limits = hosts_only(self.folder, **self.case.settings)
        if self.case.disk is None:
            with file_sizes(self.case.file_limit) if self.case.file_limit else nullcontext():
                return [run(paper, self.library, url, settings=limits)], ""
        try:
            with self.case.disk(self.library / "pdfs"):
                first = run(paper, self.library, url, settings=limits)
                self.full = self._left()
                shutil.copytree(self.library / "pdfs", self.folder / "saved")
        except PermissionError as error:
            return [], f"skipped: {error}"
        shutil.copytree(self.folder / "saved", self.library / "pdfs", dirs_exist_ok=True)
        return [first, run(paper, self.library, url, settings=limits)], ""

    def _said(self) -> str:
        err = (self.library / "stderr.txt").read_text("utf-8", "replace").strip().splitlines()
        return err[-1][:200] if err else "nothing"

    def _left(self) -> str:
        resumable, strays = parts_below(self.library)
        kept = [path for path in files_below(self.library / "pdfs") if path.parent.name != ".incoming"]
        told = [f"{len(kept)} kept" if kept else "", f"{len(resumable)} to go on with" if resumable else ""]
        told.append(f"{len(strays)} STRAY" if strays else "")
        return ", ".join(filter(None, told)) or "nothing"

    def _judge(self, words: list[str], outcomes: Sequence[Outcome], expected: bytes) -> None:
        case = self.case
        if case.word is not None and words[:1] != [case.word]:
            self.faults.append(f"{case.name}: {words}, not {case.word}")
        if case.word == "success" and expected:
            kept = [digest(path.read_bytes()) for path in (self.library / "pdfs").glob("*.pdf")]
            if kept != [digest(expected)]:
                self.faults.append(f"{case.name}: {len(kept)} files, or not its bytes")
        if parts_below(self.library)[1]:
            self.faults.append(f"{case.name}: a stray part")
        if case.then_freed and outcomes[0].exit_code != DISK_FULL:
            self.faults.append(f"{case.name}: exit {outcomes[0].exit_code} with a full disk")


@contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """A file system of a few MB there; PermissionError where nobody may make one."""
    place.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={FULL_AT}", "dl-lit-bench", str(place)], capture_output=True, text=True
    )
    if mounted.returncode:
        raise PermissionError("no file system of a few MB can be made here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@contextmanager
def file_sizes(most: int) -> Iterator[None]:
    """No file of this process and its children may grow beyond `most` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

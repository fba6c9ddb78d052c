"""What can happen to a run. Each takes a trial, does its worst, and leaves it to be brought to the end undisturbed."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from dl_lit.standin.settings import FaultMode
from soaking.points import INTERRUPT, INTERRUPT_TWICE, JUMP, KILL, TERM, Point
from soaking.trial import INTERRUPTED, Trial

Fault = Callable[[Trial], None]

ENDS_BY_SIGNAL = {0, INTERRUPTED}  # one that came too late, or in time
DISK_FULL = 1
CLOSING = 10.0  # seconds that a run takes at most from a signal or an error to its end
LEASE = 2.0
TENFOLD = 10.0
HOUR = 3600.0
STAGES = ("Extraction", "Enrichment", "Queueing", "Download")
ERRORS = ("ValueError", "MemoryError", "RecursionError", "AssertionError", "OSError", "KeyError", "UnicodeError")
SUDDEN_ENDS = ("SystemExit", "KeyboardInterrupt", "GeneratorExit")


@dataclass(frozen=True, slots=True)
class Happening:
    """A row of the table: `kind`, and what it does to a trial, up to `strikes` times."""

    kind: str
    fault: Fault
    strikes: int = 1


# ── ends from outside ────────────────────────────────────────────────────────────────────────────────────


def killed_at(points: Sequence[Point], trial: Trial) -> None:
    """kill -9 before a statement, again and again on one library."""
    for point in points:
        if trial.wait(trial.start(point)) == -signal.SIGKILL:
            trial.broke_off()


def killed_at_any_moment(times: int, trial: Trial) -> None:
    for _ in range(times):
        process = trial.start()
        trial.any_moment(process)
        trial.send(process, signal.SIGKILL)
        if trial.wait(process) == -signal.SIGKILL:
            trial.broke_off()


def signalled(action: str, trial: Trial) -> None:
    """A signal, or two, at any moment. Before the first statement the program may not have its handlers yet."""
    process = trial.start()
    trial.any_moment(process)
    number = signal.SIGTERM if action == TERM else signal.SIGINT
    trial.send(process, number)
    if action == INTERRUPT_TWICE:
        trial.moment(0.0, 0.5)
        trial.send(process, number)
    sent = time.monotonic()
    _ended(trial, trial.wait(process), {*ENDS_BY_SIGNAL, -number})
    if time.monotonic() - sent > 20:
        trial.problems.append(f"{action}: the run ended {time.monotonic() - sent:.0f} s later")


def signalled_at(point: Point, trial: Trial) -> None:
    """The same before a statement; the first ones come before the program has its handlers."""
    _ended(trial, trial.wait(trial.start(point)), {*ENDS_BY_SIGNAL, -signal.SIGTERM})


def _ended(trial: Trial, code: int, allowed: set[int]) -> None:
    if code != 0:
        trial.broke_off(CLOSING)
    if code not in allowed:
        trial.problems.append(f"the run ended with {code}, not with one of {sorted(allowed)}")


def stopped_past_its_lease(trial: Trial) -> None:
    """SIGSTOP until the leases are over and another run has taken the rows, then SIGCONT."""
    short = {"DL_LIT_PIPELINE__LEASE_SECONDS": str(LEASE)}
    first = trial.start(changed=short)
    trial.any_moment(first)
    family = [*trial.children(first), psutil.Process(first.pid)]
    for one in reversed(family):
        one.suspend()
    trial.breaks_off()  # the second run need not wait for the end of the first one's sleep
    second = trial.start(changed=short)
    trial.moment(2 * LEASE, 3 * LEASE)
    for one in family:
        one.resume()
    trial.was_hit(4 * LEASE)
    for process in (first, second):
        _ended(trial, trial.wait(process), {0})


def several(number: int, trial: Trial) -> None:
    """So many runs at once on one library."""
    processes = []
    for _ in range(number):
        processes.append(trial.start())
        trial.moment(0.0, 0.3)
    trial.struck += 1
    for process in processes:
        code = trial.wait(process)
        if code:
            trial.problems.append(f"one of {number} runs ended with {code}")


def several_killed(number: int, trial: Trial) -> None:
    """So many runs at once, and all but one are killed."""
    processes = [trial.start() for _ in range(number)]
    for process in processes[1:]:
        trial.any_moment(process)
        trial.send(process, signal.SIGKILL)
        if trial.wait(process) == -signal.SIGKILL:
            trial.broke_off()
    code = trial.wait(processes[0])
    if code:
        trial.problems.append(f"the run that was left ended with {code}")


def worker_process_killed(trial: Trial) -> None:
    """One of the processes that read PDFs dies."""
    process, hit = trial.start(), None
    over = time.monotonic() + 30
    while hit is None and process.poll() is None and time.monotonic() < over:
        children = trial.children(process)
        hit = trial.dice.choice(children) if children else None
        trial.moment(0.0, 0.2)
    if hit is not None and hit.is_running():
        hit.kill()
        trial.was_hit()
    if trial.wait(process) not in (0, 3):
        trial.problems.append("the run did not survive")


# ── the database ─────────────────────────────────────────────────────────────────────────────────────────


def disk_full(trial: Trial) -> None:
    """The library's disk is full after a few pages more."""
    code = trial.wait(trial.start(Point(pages=trial.dice.randint(1, 25))))
    if code:
        trial.broke_off(CLOSING)
    if code not in (0, DISK_FULL):
        trial.problems.append(f"on a full disk the run ended with {code}")


def small_disk(trial: Trial) -> None:
    """The library lies on a disk of its own that is too small, until it is made larger. Only root may make disks."""
    trial.library.mkdir()
    if not mounted(trial.library, f"size={trial.dice.randint(600, 1800)}k"):
        return
    trial.mounts.append(trial.library)
    code = trial.wait(trial.start())
    if code:
        trial.broke_off(CLOSING)
    if code not in (0, DISK_FULL):
        trial.problems.append(f"on a small disk the run ended with {code}")
    mounted(trial.library, "remount,size=100m")


def mounted(folder: Path, options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", options, "soak", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def files_too_large(trial: Trial) -> None:
    """`ulimit -f`: no file of the run may be larger than that."""
    blocks = trial.dice.choice((50, 200, 600))
    process = trial.start(limit=blocks * 1024)
    code = trial.wait(process)
    if code:
        trial.broke_off(CLOSING)
    if code not in (0, DISK_FULL):
        trial.problems.append(f"with small files only the run ended with {code}")


def locked(seconds: float, patience: float, trial: Trial) -> None:
    """Another program holds the library's write lock."""
    process = trial.start(changed={"DL_LIT_STORE__BUSY_TIMEOUT": str(patience)})
    trial.until_it_works(process)
    trial.any_moment(process)
    with closing(trial.open()) as database:
        database.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        trial.was_hit(seconds)
        database.execute("ROLLBACK")
    code = trial.wait(process)
    if code not in (0, 1, 3):
        trial.problems.append(f"after a lock of {seconds:g} s the run ended with {code}")


# ── our own mistakes, and the clock ──────────────────────────────────────────────────────────────────────


def stage_raises(point: Point, allowed: set[int], trial: Trial) -> None:
    code = trial.wait(trial.start(point))
    if code == 0:
        trial.was_hit()  # the rows of the batch were tried one by one, and nothing was left to do
    _ended(trial, code, {0, *allowed})


def clock_jumps(points: Sequence[Point], trial: Trial) -> None:
    """The clock of a run is set; the next one has the right time again."""
    for point in points:
        code = trial.wait(trial.start(point))
        trial.broke_off(CLOSING)
        if code not in (0, 3):
            trial.problems.append(f"with its clock {point.seconds:g} s ahead the run ended with {code}")


# ── the services ─────────────────────────────────────────────────────────────────────────────────────────


def out_of_order(service: str, mode: FaultMode, recovers: bool, trial: Trial) -> None:
    """A service dies or hangs, and recovers in the middle of the run or after it."""
    trial.standin.faults.set(service, mode, seconds=5.0 if mode is FaultMode.STALL else None)
    process = trial.start()
    if recovers:
        trial.until_it_works(process)
        trial.any_moment(process)
        trial.standin.faults.clear()
    trial.struck += 1
    code = trial.wait(process)
    trial.standin.faults.clear()
    if code not in (0, 3):
        trial.problems.append(f"with {service} {mode} the run ended with {code}")


def slow(services: Sequence[str], trial: Trial) -> None:
    trial.standin.late, trial.standin.slowness = frozenset(services), TENFOLD
    trial.struck += 1
    code = trial.wait(trial.start())
    trial.standin.late = frozenset()
    if code:
        trial.problems.append(f"with slow services the run ended with {code}")


# ── which of them, how often ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is done. `lock` is how many seconds another program holds the library, `patience` how many a run waits
    for it at a time."""

    kills: int
    rounds: int
    a_library: int = 4  # kills before statements, one after the other; at any moment twice as many
    lock: float = 60.0
    patience: float = 5.0


QUICK = Extent(kills=4, rounds=1, a_library=2, lock=3.0, patience=0.5)
# One of each family: what the quick form does within a minute.
QUICK_KINDS = (
    *("kill -9", "Ctrl-C twice at any moment", "SIGSTOP", "four runs at once, three killed", "a worker process"),
    *("disk full (the library)", "library locked", "clock an hour back", "a service dies for a whole run"),
)


def kills(extent: Extent, made: Counter[str], dice: random.Random) -> Iterator[Happening]:
    """Half before a statement of each kind that a run makes, in turn; half at any moment."""
    names = _in_turn(list(made), extent.kills // 2, dice)
    for begin in range(0, len(names), extent.a_library):
        # In the order of a run: what is killed early has all of it still to do.
        some = sorted(names[begin : begin + extent.a_library], key=list(made).index)
        points = [_somewhere(name, made, dice) for name in some]
        yield Happening("kill -9 before a statement", partial(killed_at, points), len(points))
    left = extent.kills - len(names)
    while left > 0:
        times = min(left, 2 * extent.a_library)
        yield Happening("kill -9 at any moment", partial(killed_at_any_moment, times), times)
        left -= times


def _in_turn(names: Sequence[str], number: int, dice: random.Random) -> list[str]:
    """Each name equally often, in an order that the seed decides."""
    rounds = [dice.sample(names, len(names)) for _ in range(-(-number // len(names)))]
    return [name for one in rounds for name in one][:number]


def _somewhere(
    name: str, made: Mapping[str, int], dice: random.Random, action: str = KILL, seconds: float = 0
) -> Point:
    """After a kill less is left to do: the earlier ones of its kind are met more often."""
    return Point(statement=name, number=dice.randint(1, max(1, made[name] // 6)), action=action, seconds=seconds)


def others(extent: Extent, made: Counter[str], dice: random.Random) -> Iterator[Happening]:
    for turn in range(extent.rounds):
        yield from _signals(made, dice)
        yield from _runs()
        yield from _database(extent)
        yield from _mistakes(dice, turn)
        yield from _clocks(made, dice)
        yield from _services(turn)


def _signals(made: Counter[str], dice: random.Random) -> Iterator[Happening]:
    for action, kind in ((TERM, "SIGTERM"), (INTERRUPT, "Ctrl-C"), (INTERRUPT_TWICE, "Ctrl-C twice")):
        yield Happening(f"{kind} at any moment", partial(signalled, action))
        point = _somewhere(dice.choice(sorted(made)), made, dice, action)
        yield Happening(f"{kind} at a statement", partial(signalled_at, point))


def _runs() -> Iterator[Happening]:
    yield Happening("SIGSTOP past the lease, SIGCONT", stopped_past_its_lease)
    yield Happening("two runs at once", partial(several, 2))
    yield Happening("four runs at once", partial(several, 4))
    yield Happening("four runs at once, three killed", partial(several_killed, 4), 3)
    yield Happening("a worker process killed", worker_process_killed)


def _database(extent: Extent) -> Iterator[Happening]:
    yield Happening("disk full (the library)", disk_full)
    yield Happening("disk full (a small disk)", small_disk)
    yield Happening("disk full (ulimit -f)", files_too_large)
    yield Happening(f"library locked for {extent.lock:g} s", partial(locked, extent.lock, extent.patience))


def _mistakes(dice: random.Random, turn: int) -> Iterator[Happening]:
    stage = STAGES[turn % len(STAGES)]
    point = Point(raises=dice.choice(ERRORS), stage=stage, number=1)
    yield Happening("a stage's worker raises an error", partial(stage_raises, point, {3}))
    point = Point(raises=SUDDEN_ENDS[turn % len(SUDDEN_ENDS)], stage=stage, number=1)
    yield Happening(
        "a stage's worker raises SystemExit and the like", partial(stage_raises, point, {1, 3, INTERRUPTED})
    )


def _clocks(made: Counter[str], dice: random.Random) -> Iterator[Happening]:
    moves = ("with_metadata", "to_download_references", "downloaded_references")
    for seconds, kind in ((HOUR, "clock an hour ahead"), (-HOUR, "clock an hour back")):
        point = _somewhere(f"INSERT INTO {dice.choice(moves)}", made, dice, JUMP, seconds)
        yield Happening(kind, partial(clock_jumps, [point]))


def _services(turn: int) -> Iterator[Happening]:
    service = ("crossref", "openalex", "unpaywall")[turn % 3]
    for mode in (FaultMode.DOWN, FaultMode.UNAVAILABLE, FaultMode.STALL):
        kind = {FaultMode.DOWN: "dies", FaultMode.UNAVAILABLE: "answers 503", FaultMode.STALL: "hangs"}[mode]
        yield Happening(f"a service {kind} and recovers", partial(out_of_order, service, mode, True))
        yield Happening(f"a service {kind} for a whole run", partial(out_of_order, service, mode, False))
    yield Happening("services ten times slower", partial(slow, ("crossref", "openalex", "unpaywall")))

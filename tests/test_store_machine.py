"""What runs share about the services: pace, budget and places, whatever their libraries."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.queues import Queue
from pathlib import Path

import pytest

from dl_lit.errors import DatabaseUnusable
from dl_lit.store.machine import MachineLedger
from dl_lit.store.records import Budget
from library import ME, OTHER, Clock

DAY = "2026-11-22"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Iterator[MachineLedger]:
    ledger = MachineLedger(tmp_path / "state" / "services.db", owner=ME, clock=clock)
    yield ledger
    ledger.close()


def test_slots_are_an_interval_apart_and_not_in_the_past(ledger: MachineLedger) -> None:
    slots = [ledger.reserve_slot("crossref", 0.5, 100.0) for _ in range(3)]
    assert slots == [100.0, 100.5, 101.0]
    assert ledger.reserve_slot("openalex", 0.5, 100.0) == 100.0
    assert ledger.reserve_slot("crossref", 0.5, 200.0) == 200.0


def test_the_next_slot_can_be_asked_for_without_taking_it(ledger: MachineLedger) -> None:
    ledger.reserve_slot("host:a", 2.0, 100.0)
    assert [ledger.reserve_slot("host:a", 0.0, now) for now in (100.0, 100.0, 105.0)] == [102.0, 102.0, 105.0]
    assert ledger.reserve_slot("host:a", 2.0, 101.0) == 102.0


def test_a_restarted_process_keeps_the_spacing(tmp_path: Path) -> None:
    for expected in (50.0, 53.0, 56.0):
        ledger = MachineLedger(tmp_path / "services.db", clock=Clock(60.0))
        assert ledger.reserve_slot("arxiv", 3.0, 50.0) == expected
        ledger.close()


def test_a_clock_that_was_wrong_does_not_stop_a_service_for_days(ledger: MachineLedger) -> None:
    ledger.reserve_slot("arxiv", 3.0, 1_000_000.0)
    assert ledger.reserve_slot("arxiv", 3.0, 100.0) == 100.0


def _reserve(path: Path, results: Queue[list[float]]) -> None:
    ledger = MachineLedger(path, clock=Clock(60.0))
    with ThreadPoolExecutor(4) as executor:
        results.put(list(executor.map(lambda _: ledger.reserve_slot("crossref", 1.0, 10.0), range(40))))
    ledger.close()


def test_two_processes_never_get_the_same_slot(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results: Queue[list[float]] = context.Queue()
    processes = [context.Process(target=_reserve, args=(tmp_path / "services.db", results)) for _ in range(2)]
    for process in processes:
        process.start()
    slots = sorted(results.get(timeout=30) + results.get(timeout=30))
    for process in processes:
        process.join(10)
        process.close()
    results.close()
    results.join_thread()
    assert slots == [10.0 + i for i in range(80)]


def test_spending_adds_up_by_day_and_service(ledger: MachineLedger) -> None:
    assert ledger.budget("openalex", DAY) is None
    assert [ledger.spend("openalex", DAY, 10), ledger.spend("openalex", DAY, 1.5)] == [10.0, 11.5]
    assert ledger.spend("openalex", "2026-11-23", 1) == 1.0
    assert ledger.budget("openalex", DAY) == Budget(11.5, None)


def test_what_the_service_says_counts(ledger: MachineLedger) -> None:
    ledger.spend("openalex", DAY, 10)
    ledger.set_spent("openalex", DAY, 700.0, 1000.0)
    assert ledger.budget("openalex", DAY) == Budget(700.0, 1000.0)
    ledger.set_spent("openalex", DAY, 800.0, None)
    assert ledger.budget("openalex", DAY) == Budget(800.0, 1000.0)
    assert ledger.spend("openalex", DAY, 1) == 801.0


# ── places ───────────────────────────────────────────────────────────────────────────────────────────────


def test_places_are_shared_by_all_who_ask(ledger: MachineLedger, tmp_path: Path, clock: Clock) -> None:
    other = MachineLedger(tmp_path / "state" / "services.db", owner=OTHER, clock=clock)
    first = ledger.take_place("crossref", 2, 60)
    assert first is not None
    assert other.take_place("crossref", 2, 60) is not None
    assert ledger.take_place("crossref", 2, 60) is None
    assert ledger.take_place("openalex", 2, 60) is not None
    ledger.leave_place(first)
    assert other.take_place("crossref", 2, 60) is not None
    other.close()


def test_a_place_that_nobody_left_is_free_when_its_time_is_over(ledger: MachineLedger, clock: Clock) -> None:
    ledger.take_place("crossref", 1, 60)
    clock.now += 61
    assert ledger.take_place("crossref", 1, 60) is not None


def test_the_places_of_a_process_that_is_no_more_are_free_at_once(tmp_path: Path) -> None:
    path = tmp_path / "services.db"
    script = "from dl_lit.store.machine import MachineLedger; from pathlib import Path;"
    script += f"MachineLedger(Path({str(path)!r})).take_place('crossref', 1, 600); import os; os._exit(0)"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=30)
    ledger = MachineLedger(path)
    assert ledger.take_place("crossref", 1, 60) is not None
    ledger.close()


def test_what_is_long_past_is_forgotten(tmp_path: Path, clock: Clock) -> None:
    clock.now = 1_800_000_000.0
    ledger = MachineLedger(tmp_path / "services.db", clock=clock)
    ledger.spend("openalex", "2020-01-01", 5)
    ledger.spend("openalex", "2027-01-01", 5)
    ledger.reserve_slot("host:a", 1.0, 100.0)
    ledger.close()
    ledger = MachineLedger(tmp_path / "services.db", clock=clock)
    assert ledger.budget("openalex", "2020-01-01") is None
    assert ledger.budget("openalex", "2027-01-01") == Budget(5.0, None)
    ledger.close()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnusable):
        MachineLedger(tmp_path / "file" / "services.db")

"""Spacing of requests: no bursts whatever the threads, errors and restarts; slower after errors, back step by step."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable

import pytest

from dl_lit.errors import Stopping
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.limits import SAFETY
from dl_lit.net.pacing import Latency, Pacer
from dl_lit.net.waiting import Places
from httpserver import busiest_window


def _pacer(rate: float, ledger: MemoryLedger | None = None, stop: threading.Event | None = None) -> Pacer:
    return Pacer("crossref:list", rate, ledger or MemoryLedger(), stop or threading.Event())


def _together(work: Callable[[], None], threads: int) -> None:
    running = [threading.Thread(target=work) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(20)
        assert not thread.is_alive()


def _send(pacer: Pacer, written: list[float], times: int) -> None:
    for _ in range(times):
        with pacer.turn():
            pacer.slot()
        pacer.gate(lambda: written.append(time.monotonic()))


def test_sixteen_threads_never_write_closer_than_the_interval() -> None:
    pacer = _pacer(100.0)
    written: list[float] = []
    _together(lambda: _send(pacer, written, 3), 16)
    gaps = [later - earlier for earlier, later in itertools.pairwise(written)]
    assert len(written) == 48
    assert min(gaps) >= pacer.interval
    assert busiest_window(written, 0.1) <= 10


def test_sending_stays_below_the_published_rate() -> None:
    assert _pacer(3.0).interval == pytest.approx(1 / (3.0 * SAFETY))


def test_late_threads_do_not_write_in_a_burst() -> None:
    pacer = _pacer(50.0)
    written: list[float] = []
    meeting = threading.Barrier(6)

    def late() -> None:
        with pacer.turn():
            pacer.slot()
        meeting.wait(5)  # all hold slots that are past by now, as after slow handshakes
        pacer.gate(lambda: written.append(time.monotonic()))

    _together(late, 6)
    gaps = [later - earlier for earlier, later in itertools.pairwise(written)]
    assert min(gaps) >= pacer.interval


def test_two_processes_and_a_restart_share_the_spacing_through_the_ledger() -> None:
    ledger = MemoryLedger()
    written: list[float] = []
    processes = [_pacer(10.0, ledger), _pacer(10.0, ledger)]
    _together(lambda: _send(processes.pop(), written, 4), 2)
    _send(_pacer(10.0, ledger), written, 2)
    assert len(written) == 10
    assert busiest_window(written, 0.9) <= 9


def test_who_is_late_to_his_slot_does_not_write_into_that_of_another_process() -> None:
    ledger = MemoryLedger()
    late, other = _pacer(10.0, ledger), _pacer(10.0, ledger)
    written: list[float] = []
    his = late.slot()
    theirs = other.slot()  # waited for: the first one's time is over
    other.gate(lambda: written.append(time.monotonic()), theirs)
    late.gate(lambda: written.append(time.monotonic()), his)
    assert written[1] - written[0] >= 0.1


def test_who_is_late_and_alone_writes_at_once() -> None:
    ledger = MemoryLedger()
    pacer = _pacer(0.2, ledger)
    slot = pacer.slot()
    begun = time.monotonic()
    pacer.gate(lambda: None, slot - 1)  # seconds; more than the margin of such a slow bucket
    assert time.monotonic() - begun < 0.5 * pacer.interval
    assert ledger.reserve_slot(pacer.key, 0.0, slot) == pytest.approx(slot + pacer.interval)


def test_after_a_restart_even_the_first_request_keeps_its_distance() -> None:
    ledger = MemoryLedger()
    written: list[float] = []
    _send(_pacer(10.0, ledger), written, 1)
    _send(_pacer(10.0, ledger), written, 1)
    assert written[1] - written[0] >= 0.1


def test_a_clock_that_was_set_back_does_not_stop_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dl_lit.net.pacing._LONGEST_SLOT", 0.05)
    ledger = MemoryLedger()
    ledger.reserve_slot("crossref:list", 3600.0, time.time())
    begun = time.monotonic()
    _pacer(10.0, ledger).slot()
    assert time.monotonic() - begun < 1


def _turn(pacer: Pacer) -> None:
    with pacer.turn():
        pacer.slot()


@pytest.mark.parametrize(
    "point",
    [_turn, Pacer.slot, lambda pacer: pacer.gate(lambda: None), lambda pacer: (pacer.until_due(), pacer.slot())],
    ids=["turn", "slot", "gate", "until_due"],
)
def test_stopping_wakes_sleepers_at_once(point: Callable[[Pacer], object]) -> None:
    stop = threading.Event()
    pacer = _pacer(0.01, stop=stop)
    point(pacer)
    woken: list[float] = []

    def sleep() -> None:
        with pytest.raises(Stopping):
            point(pacer)
        woken.append(time.monotonic())

    sleepers = [threading.Thread(target=sleep) for _ in range(3)]
    for sleeper in sleepers:
        sleeper.start()
    time.sleep(0.03)
    assert not woken
    stopped = time.monotonic()
    stop.set()
    for sleeper in sleepers:
        sleeper.join(5)
    assert len(woken) == 3
    assert max(woken) - stopped < 0.5


def test_a_pause_holds_those_who_are_already_in_line() -> None:
    pacer = _pacer(1000.0)
    pacer.pause(0.15)
    begun = time.monotonic()
    written: list[float] = []
    _together(lambda: _send(pacer, written, 1), 4)
    assert min(written) - begun >= 0.14
    pacer.pause(0.1)
    pacer.gate(lambda: written.append(time.monotonic()))
    assert written[-1] - written[-2] >= 0.09


def test_overload_halves_the_rate_once_for_all_requests_of_that_moment() -> None:
    pacer = _pacer(10.0)
    full = pacer.rate
    sent = time.monotonic()
    for _ in range(5):
        pacer.slow_down(sent)
    assert pacer.rate == pytest.approx(full / 2)
    pacer.slow_down(time.monotonic())
    assert pacer.rate == pytest.approx(full / 4)
    assert pacer.slowed


def test_the_rate_comes_back_step_by_step_and_never_above_the_full_one() -> None:
    pacer = _pacer(10.0)
    full = pacer.rate
    pacer.slow_down(time.monotonic())
    rates = []
    for _ in range(15):
        pacer.went_well(0.1)
        rates.append(pacer.rate)
    assert rates[0] == pytest.approx(full * 0.55)
    assert rates == sorted(rates)
    assert rates[-1] == full
    assert not pacer.slowed


def test_a_greater_step_brings_the_rate_back_sooner() -> None:
    """File hosts are asked once a second: by the steps of services it would take minutes."""
    pacer = Pacer("host:a.example", 1.0, MemoryLedger(), threading.Event(), step=1 / 5)
    pacer.slow_down(time.monotonic())
    for _ in range(3):
        assert pacer.slowed
        pacer.went_well(0.1)
    assert not pacer.slowed


def test_errors_without_end_leave_a_trickle() -> None:
    pacer = _pacer(32.0)
    for _ in range(20):
        pacer.slow_down(time.monotonic())
    assert pacer.rate == pytest.approx(SAFETY)


def test_answers_that_take_longer_and_longer_slow_it_down() -> None:
    pacer = _pacer(10.0)
    full = pacer.rate
    for _ in range(5):
        pacer.went_well(0.2)
    assert pacer.rate == full
    for _ in range(30):
        pacer.went_well(5.0)
    assert full * 0.2 < pacer.rate < full * 0.5
    for _ in range(60):
        pacer.went_well(0.2)
    assert pacer.rate == full


def test_a_service_that_is_slow_for_good_becomes_the_usual() -> None:
    latency = Latency()
    latency.is_rising(0.2)
    assert latency.is_rising(8.0)
    assert not [rising for rising in [latency.is_rising(8.0) for _ in range(120)][-20:] if rising]


def test_the_services_headers_may_lower_the_rate_and_restore_it_but_not_raise_it() -> None:
    pacer = _pacer(10.0)
    pacer.tune(2.0)
    assert pacer.rate == pytest.approx(2.0 * SAFETY)
    pacer.tune(0.0)
    assert pacer.rate == pytest.approx(2.0 * SAFETY)
    pacer.tune(500.0)
    assert pacer.rate == pytest.approx(10.0 * SAFETY)


def test_who_waits_until_a_slot_is_due_reserves_none() -> None:
    ledger = MemoryLedger()
    pacer = _pacer(20.0, ledger)
    pacer.slot()
    due = ledger.reserve_slot(pacer.key, 0.0, time.time())
    pacer.until_due()
    assert time.time() >= due
    assert ledger.reserve_slot(pacer.key, 0.0, 0.0) == due


def test_a_slot_that_is_not_due_is_not_taken() -> None:
    ledger = MemoryLedger()
    pacer = _pacer(5.0, ledger)
    assert pacer.slot_now() == 0
    first = pacer.slot_now()
    assert 0 < first <= pacer.interval
    assert pacer.slot_now() <= first
    time.sleep(first + 0.01)
    assert pacer.slot_now() == 0


def test_a_slot_lost_to_another_process_in_between_is_waited_for() -> None:
    class Contended(MemoryLedger):
        def reserve_slot(self, pool: str, interval: float, now: float) -> float:
            slot = super().reserve_slot(pool, interval, now)
            if interval == 0:
                super().reserve_slot(pool, 0.5, now)  # the other one comes right after our question
            return slot

    assert 0.4 < _pacer(5.0, Contended()).slot_now() <= 0.5


# ── places ───────────────────────────────────────────────────────────────────────────────────────────────


def test_no_more_hold_a_place_than_there_are_places() -> None:
    places = Places(3, threading.Event())
    most: list[int] = []

    def work() -> None:
        for _ in range(5):
            with places.held():
                most.append(places.taken)
                time.sleep(0.002)

    _together(work, 8)
    assert max(most) == 3
    assert places.taken == 0


def test_places_can_shrink_to_one_and_grow_back_but_not_further() -> None:
    places = Places(3, threading.Event())
    places.resize(0)
    assert places.now == 1
    places.resize(99)
    assert places.now == 3


def test_waiting_for_a_place_ends_when_the_program_stops() -> None:
    stop = threading.Event()
    places = Places(1, stop)
    ended: list[str] = []

    def second() -> None:
        with pytest.raises(Stopping), places.held():
            pass
        ended.append("stopped")

    with places.held():
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.02)
        assert not ended
        stop.set()
        waiting.join(5)
    assert ended == ["stopped"]

"""The first signal drains, the second stops, an error is kept."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from dl_lit.pipeline.shutdown import Shutdown


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_drains_and_the_second_stops(number: signal.Signals) -> None:
    shutdown = Shutdown()
    with shutdown.signals():
        os.kill(os.getpid(), number)
        assert shutdown.draining.wait(5)
        assert shutdown.interrupted and not shutdown.stopping.is_set()
        os.kill(os.getpid(), number)
        assert shutdown.stopping.wait(5)


def test_the_handlers_are_put_back_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Shutdown().signals():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_outside_the_main_thread_signals_are_left_alone() -> None:
    worked = threading.Event()

    def run() -> None:
        with Shutdown().signals():
            worked.set()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(5)
    assert worked.is_set()


def test_the_first_error_wins_and_stops_everything() -> None:
    shutdown = Shutdown()
    first = ValueError("first")
    shutdown.fail(first)
    shutdown.fail(ValueError("second"))
    assert shutdown.error is first
    assert shutdown.draining.is_set() and shutdown.stopping.is_set() and not shutdown.interrupted


def test_a_drain_that_no_signal_asked_for_is_no_interruption_and_a_signal_then_still_drains_first() -> None:
    shutdown = Shutdown()
    shutdown.drain()
    before = shutdown.interrupted
    shutdown.interrupt()
    assert (before, shutdown.interrupted, shutdown.stopping.is_set()) == (False, True, False)


def test_what_waits_for_something_else_is_woken_by_a_stop_and_not_by_a_drain() -> None:
    shutdown, woken = Shutdown(), threading.Event()
    shutdown.on_stop(woken.set)
    shutdown.drain()
    before = woken.is_set()
    shutdown.stop()
    assert (before, woken.is_set()) == (False, True)


def test_one_that_cannot_be_woken_does_not_keep_the_others_asleep_and_each_is_called_once() -> None:
    shutdown = Shutdown()
    calls: list[str] = []

    def broken() -> None:
        calls.append("broken")
        raise ValueError("our mistake")

    shutdown.on_stop(broken)
    shutdown.on_stop(lambda: calls.append("fine"))
    shutdown.stop()
    shutdown.stop()
    assert calls == ["broken", "fine"]


def test_a_pause_holds_rows_back_until_the_run_goes_on_or_ends() -> None:
    shutdown = Shutdown()
    states = []
    for act in (shutdown.turn_pause, shutdown.turn_pause, shutdown.turn_pause, shutdown.drain, shutdown.turn_pause):
        act()
        states.append((shutdown.paused.is_set(), shutdown.draining.is_set(), shutdown.holding.is_set()))
    assert states == [
        (True, False, True),
        (False, False, False),
        (True, False, True),
        (True, True, True),
        (False, True, True),
    ]

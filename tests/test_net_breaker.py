"""The circuit of one service: when it opens, and who is let through when it has rested."""

from __future__ import annotations

import threading

import pytest

from dl_lit.errors import CircuitOpen
from dl_lit.net.breaker import Breaker

REST = 0.05


def _opened(rest: float = REST) -> Breaker:
    breaker = Breaker("crossref", 3, rest)
    for _ in range(3):
        breaker.enter().report(False)
    return breaker


def _rest(breaker: Breaker) -> None:
    threading.Event().wait((breaker.rests_for or 0.0) + 0.005)


def test_it_opens_after_so_many_failures_in_a_row() -> None:
    breaker = Breaker("crossref", 3, 60)
    breaker.enter().report(False)
    breaker.enter().report(False)
    breaker.enter().report(True)
    breaker.enter().report(False)
    breaker.enter().report(False)
    assert breaker.rests_for is None
    breaker.enter().report(False)
    with pytest.raises(CircuitOpen, match="crossref") as caught:
        breaker.enter()
    assert caught.value.retry_after is not None
    assert 59 < caught.value.retry_after <= 60
    with pytest.raises(CircuitOpen):
        breaker.check()


def test_one_probe_at_a_time_is_let_through_when_it_has_rested() -> None:
    breaker = _opened()
    _rest(breaker)
    breaker.check()
    probe = breaker.enter()
    with pytest.raises(CircuitOpen):
        breaker.enter()
    probe.report(True)
    assert breaker.rests_for is None
    breaker.enter().report(True)


def test_a_probe_that_fails_doubles_the_rest() -> None:
    breaker = _opened()
    _rest(breaker)
    breaker.enter().report(False)
    assert breaker.rests_for is not None
    assert REST < breaker.rests_for <= 2 * REST
    _rest(breaker)
    breaker.enter().report(True)
    for _ in range(3):
        breaker.enter().report(False)
    assert (breaker.rests_for or 0) <= REST


def test_a_probe_without_an_outcome_leaves_the_next_one_its_turn() -> None:
    breaker = _opened()
    _rest(breaker)
    breaker.enter().report(None)
    breaker.enter().report(True)
    assert breaker.rests_for is None


def test_requests_sent_before_it_opened_say_nothing_afterwards() -> None:
    breaker = Breaker("crossref", 2, 60)
    early = [breaker.enter() for _ in range(4)]
    early[0].report(False)
    early[1].report(False)
    early[2].report(True)
    early[3].report(False)
    assert breaker.rests_for is not None


def test_only_the_first_report_of_a_request_counts() -> None:
    breaker = Breaker("crossref", 2, 60)
    passage = breaker.enter()
    passage.report(False)
    passage.report(False)
    passage.report(None)
    assert breaker.rests_for is None


def test_no_lock_is_held_while_requests_are_under_way() -> None:
    breaker = Breaker("crossref", 3, 60)
    meeting = threading.Barrier(4)

    def work() -> None:
        passage = breaker.enter()
        meeting.wait(5)
        passage.report(True)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert not meeting.broken

"""The bounded buffer and the watermarks."""

from __future__ import annotations

import queue
import threading

import pytest

from dl_lit.model import PdfRow
from dl_lit.pipeline.buffers import Buffer, Watermarks
from dl_lit.pipeline.work import Item


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def item(number: int) -> Item:
    return Item(PdfRow(number, f"{number}.pdf", None, 0))


def ids(items: list[Item]) -> list[int]:
    return [one.row.id for one in items]


def test_items_come_out_in_the_order_they_went_in_and_no_more_than_asked_for() -> None:
    buffer = Buffer(10)
    for number in range(5):
        buffer.put(item(number))
    assert ids(buffer.take(3, timeout=0)) == [0, 1, 2]
    assert ids(buffer.take(3, timeout=0)) == [3, 4]
    assert buffer.take(3, timeout=0) == []


def test_a_full_buffer_has_no_room_and_refuses_more() -> None:
    buffer = Buffer(2)
    buffer.put(item(1))
    assert buffer.free() == 1
    buffer.put(item(2))
    assert buffer.free() == 0
    with pytest.raises(queue.Full):
        buffer.put(item(3))


def test_a_parked_item_comes_back_when_its_time_is_up_and_before_fresh_ones() -> None:
    clock = Clock()
    buffer = Buffer(10, clock=clock)
    buffer.park(item(1), seconds=5)
    buffer.put(item(2))
    buffer.put(item(3))
    assert ids(buffer.take(1, timeout=0)) == [2]
    assert buffer.parked() == 1
    clock.now = 5.0
    assert ids(buffer.take(2, timeout=0)) == [1]
    assert ids(buffer.take(2, timeout=0)) == [3]
    assert buffer.parked() == 0


def test_a_worker_that_waits_is_woken_by_a_parked_item() -> None:
    buffer = Buffer(10)
    buffer.park(item(1), seconds=0.05)
    assert ids(buffer.take(1, timeout=5)) == [1]


def test_a_waiting_worker_takes_what_is_put_meanwhile() -> None:
    buffer = Buffer(10)
    taken: list[Item] = []
    worker = threading.Thread(target=lambda: taken.extend(buffer.take(1, timeout=5)))
    worker.start()
    buffer.put(item(7))
    worker.join(5)
    assert ids(taken) == [7]


def test_parked_items_leave_room_for_fresh_ones_until_there_are_five_queues_of_them() -> None:
    buffer = Buffer(2)
    for number in range(9):
        buffer.park(item(number), seconds=60)
    assert buffer.free() == 1
    buffer.park(item(9), seconds=60)
    assert buffer.free() == 0


def test_emptying_gives_back_everything() -> None:
    buffer = Buffer(10)
    buffer.put(item(1))
    buffer.park(item(2), seconds=60)
    assert sorted(ids(buffer.empty())) == [1, 2]
    assert (buffer.queued(), buffer.parked()) == (0, 0)


def test_back_pressure_closes_at_the_high_mark_and_opens_only_at_the_low_one() -> None:
    marks = Watermarks(high=8, low=4)
    assert [marks.closed(n) for n in (0, 7, 8, 7, 5, 4, 7, 9)] == [False, False, True, True, True, False, False, True]

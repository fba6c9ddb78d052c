"""What waits is told by cause: services, hosts that did the same, embargoes."""

from __future__ import annotations

from dl_lit.model import Stage
from dl_lit.store.records import WaitingRows
from dl_lit.ui.outages import outages


def waits(count: int, detail: str, reason: str = "retry_later") -> WaitingRows:
    return WaitingRows(Stage.DOWNLOAD, reason, count, detail)


def told(*rows: WaitingRows) -> list[tuple[int, str]]:
    return [(one.rows.total(), one.text) for one in outages(rows)]


def test_rows_that_wait_for_hosts_are_not_told_to_wait_for_a_service() -> None:
    rows = [
        waits(2, "unpaywall answered with a web page instead of data."),
        waits(4, "the host a.org asks for a pause"),
    ]
    assert told(*rows) == [
        (4, "the host a.org: asks for a pause"),
        (2, "unpaywall answered with a web page instead of data."),
    ]


def test_hosts_that_did_the_same_are_one_cause() -> None:
    rows = [waits(1, f"the host {name}.org asks for a pause") for name in "abcde"]
    assert told(*rows) == [(5, "the hosts a.org, b.org, c.org and 2 more: asks for a pause")]


def test_a_row_that_waits_for_a_host_and_a_service_counts_for_both() -> None:
    assert told(waits(3, "openalex is overloaded.\nthe host a.org asks for a pause")) == [
        (3, "openalex is overloaded."),
        (3, "the host a.org: asks for a pause"),
    ]


def test_of_embargoes_the_first_is_told() -> None:
    rows = [
        waits(1, f"a copy is under an embargo until {day} (x)", "embargoed") for day in ("2031-05-01", "2030-01-01")
    ]
    assert told(*rows) == [(2, "a copy is under an embargo until 2030-01-01 (x)")]

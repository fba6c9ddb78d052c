"""The audit finds each planted breach of politeness, and nothing in a polite log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dl_lit.standin.audit import Rules, audit, repeats
from dl_lit.standin.limits import TOLERANCE, Windows
from dl_lit.standin.log import Entry, RequestLog
from standin_tools import freeze, get, running

START = 1_795_000_000.0
HOST = Entry(START, START + 0.2, "127.0.0.7", None, None, "GET", "/articles/a.pdf", 200, 1, True, 50_000)
CROSSREF = replace(HOST, host="127.0.0.1", service="crossref", bucket="polite-array", path="/crossref/works?rows=1")
ARXIV = replace(CROSSREF, service="arxiv", bucket="query", path="/arxiv/api/query?id_list=1")
OPENALEX = replace(CROSSREF, service="openalex", bucket="anonymous", path="/openalex/works?search=x")


def log_of(folder: Path, *entries: Entry) -> Path:
    log = RequestLog(folder / "log.jsonl")
    for entry in entries:
        log.write(entry)
    log.close()
    return log.path


def after(entry: Entry, seconds: float, **changes: object) -> Entry:
    moved = {"time": entry.time + seconds, "finished": entry.finished + seconds}
    return replace(entry, **{**moved, **changes})  # type: ignore[arg-type]  # fields of different types


def rules_broken(folder: Path, *entries: Entry) -> list[str]:
    return [violation.rule for violation in audit(log_of(folder, *entries))]


def test_the_tolerance_is_five_milliseconds_at_most() -> None:
    assert TOLERANCE <= 0.005
    assert Rules().tolerance == TOLERANCE


def test_a_rate_is_counted_in_any_sliding_second(tmp_path: Path) -> None:
    polite = [after(CROSSREF, n * 0.34) for n in range(8)]
    burst = [after(CROSSREF, seconds) for seconds in (0.0, 0.5, 0.7, 0.99)]
    assert rules_broken(tmp_path / "a", *polite) == []
    assert rules_broken(tmp_path / "b", *burst) == ["rate"]


def test_only_a_hair_is_forgiven(tmp_path: Path) -> None:
    assert rules_broken(tmp_path / "a", HOST, after(HOST, 0.996)) == []
    assert rules_broken(tmp_path / "b", HOST, after(HOST, 0.994)) == ["spacing"]


def test_single_and_list_requests_are_counted_apart(tmp_path: Path) -> None:
    lists = [after(CROSSREF, n * 0.34) for n in range(3)]
    singles = [after(CROSSREF, n * 0.1, bucket="polite-single") for n in range(10)]
    assert rules_broken(tmp_path, *lists, *singles) == []


@pytest.mark.parametrize(("entry", "limit"), [(CROSSREF, 3), (HOST, 2), (ARXIV, 1)])
def test_too_many_at_once_are_found(tmp_path: Path, entry: Entry, limit: int) -> None:
    assert rules_broken(tmp_path / "a", replace(entry, in_flight=limit)) == []
    assert rules_broken(tmp_path / "b", replace(entry, in_flight=limit + 1)) == ["concurrency"]


def test_arxiv_needs_three_seconds(tmp_path: Path) -> None:
    assert rules_broken(tmp_path / "a", ARXIV, after(ARXIV, 3.0)) == []
    assert rules_broken(tmp_path / "b", ARXIV, after(ARXIV, 2.9)) == ["spacing"]


def test_hosts_need_a_second_each_for_itself(tmp_path: Path) -> None:
    other = replace(HOST, host="127.0.0.8")
    assert rules_broken(tmp_path / "a", HOST, after(other, 0.1), after(HOST, 1.0)) == []
    assert rules_broken(tmp_path / "b", HOST, after(HOST, 0.5, path="/robots.txt")) == ["spacing"]


def test_a_crawl_delay_counts_from_the_robots_file_on(tmp_path: Path) -> None:
    robots = after(HOST, 1.0, path="/robots.txt", crawl_delay=2.0)
    assert rules_broken(tmp_path / "a", HOST, robots, after(HOST, 3.0), after(HOST, 5.0)) == []
    assert rules_broken(tmp_path / "b", HOST, robots, after(HOST, 3.0), after(HOST, 4.5)) == ["spacing"]


def test_an_order_to_wait_is_checked(tmp_path: Path) -> None:
    busy = replace(HOST, status=429, retry_after=5.0)
    assert rules_broken(tmp_path / "a", busy, after(HOST, 5.3)) == []
    assert rules_broken(tmp_path / "b", busy, after(HOST, 3.0, path="/articles/other.pdf")) == ["retry-after"]


def test_a_202_speaks_for_its_own_address_only(tmp_path: Path) -> None:
    rendering = replace(HOST, status=202, retry_after=5.0)
    assert rules_broken(tmp_path / "a", rendering, after(HOST, 2.0, path="/articles/other.pdf")) == []
    assert rules_broken(tmp_path / "b", rendering, after(HOST, 2.0)) == ["retry-after"]


def test_a_request_already_under_way_disobeys_nobody(tmp_path: Path) -> None:
    slow_down = replace(OPENALEX, status=429, retry_after=1.0, refused="speed")
    assert rules_broken(tmp_path, slow_down, after(OPENALEX, 0.25)) == ["refused"]


def test_spending_after_the_budget_is_gone_is_found(tmp_path: Path) -> None:
    refused = replace(OPENALEX, status=429, refused="budget", cost=10, left=3, retry_after=50_000.0)
    cheap = after(OPENALEX, 2.0, cost=1, left=2)
    free = after(OPENALEX, 3.0, cost=0, left=2)
    again = after(refused, 4.0)
    tomorrow = after(refused, 86_400.0)
    assert rules_broken(tmp_path / "a", refused, cheap, free, tomorrow) == []
    assert rules_broken(tmp_path / "b", refused, again) == ["budget"]
    assert rules_broken(tmp_path / "c", refused, after(refused, 1.0, cost=1, left=0), after(refused, 2.0, cost=1)) == [
        "budget"
    ]


@pytest.mark.parametrize("reason", ["speed", "concurrency", "spacing", "boolean", "robots", "embargo"])
def test_whatever_the_server_turned_away_as_impolite_is_found(tmp_path: Path, reason: str) -> None:
    assert rules_broken(tmp_path, replace(HOST, refused=reason)) == ["refused"]


def test_faults_that_were_switched_on_are_not_the_clients_fault(tmp_path: Path) -> None:
    assert rules_broken(tmp_path, replace(CROSSREF, status=429, refused="fault")) == []


def test_a_violation_says_where_and_what(tmp_path: Path) -> None:
    violation = audit(log_of(tmp_path, HOST, after(HOST, 0.5)))[0]
    assert violation.target == "127.0.0.7"
    assert "127.0.0.7: spacing: 0.500 s between starts, 1 s asked for" in str(violation)


def test_calls_made_again_after_their_answer_was_delivered_are_reported_apart(tmp_path: Path) -> None:
    lost = after(CROSSREF, 2.0, delivered=False, path="/crossref/works/a")
    answered = [
        after(CROSSREF, 4.0, path="/crossref/works/a"),
        after(CROSSREF, 6.0, path="/crossref/works/b", status=404),
    ]
    again = after(CROSSREF, 8.0, path="/crossref/works/b", status=404)
    failed = [after(CROSSREF, 10.0 + n, path="/crossref/works/c", status=503) for n in range(2)]
    files = [after(HOST, 20.0 + n) for n in range(2)]
    path = log_of(tmp_path, lost, *answered, again, *failed, *files)
    assert audit(path) == []
    assert [(one.target, one.path, one.times) for one in repeats(path)] == [("crossref", "GET /crossref/works/b", 2)]
    assert [one.times for one in repeats(path, hosts=True) if one.target == HOST.host] == [2]


def test_what_a_rude_client_does_at_the_stand_in_is_found_in_its_log(tmp_path: Path) -> None:
    with running(tmp_path) as standin:
        freeze(standin)
        for _ in range(4):
            get(f"{standin.url}/crossref/works?rows=0")
        for _ in range(2):
            get(f"{standin.url}/arxiv/api/query?id_list=2001.00010")
            get(f"http://127.0.0.7:{standin.port}/robots.txt")
        get(f"http://127.0.0.31:{standin.port}/articles/nothing")
    found = {(violation.target, violation.rule) for violation in audit(tmp_path / "requests.jsonl")}
    assert found == {
        ("crossref", "refused"),
        ("crossref polite-array", "rate"),
        ("arxiv", "refused"),
        ("arxiv query", "spacing"),
        ("127.0.0.7", "spacing"),
    }


def test_a_window_admits_again_when_its_second_is_over() -> None:
    windows = Windows()
    assert [windows.admit("x", now, 2) for now in (0.0, 0.5, 0.9, 1.0, 1.2, 1.5)] == [
        True,
        True,
        False,
        True,
        False,
        True,
    ]

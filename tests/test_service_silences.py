"""Three ways in which a service does not answer, told apart from the wire to the last line of the summary."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dl_lit.cli.main import run
from dl_lit.config import Settings
from dl_lit.errors import BudgetExhausted
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import PoolLimits
from dl_lit.net.network import Network
from dl_lit.standin.log import read_log
from dl_lit.standin.server import StandIn
from dl_lit.standin.settings import StandInSettings
from dl_lit.store.machine import MachineLedger
from httpserver import Arrival, LocalServer, Reply
from small_world import EMAIL, printed, works, write_pdf

pytestmark = pytest.mark.usefixtures("away_from_home")

UNKNOWN = "Nobody, X. (1999). A leaflet that no index has ever heard about. Village Press, 7, 1-2."


@pytest.fixture
def world(tmp_path: Path) -> Iterator[StandIn]:
    settings = StandInSettings(
        service_latency=(0, 0), host_latency=(0, 0), europepmc_hollow=0.0, log_path=tmp_path / "requests.jsonl"
    )
    with StandIn(settings) as standin:
        yield standin


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    a, b = works(2)
    return write_pdf(tmp_path / "one.pdf", "A paper", [printed(a, doi=True), printed(b, doi=True), UNKNOWN])


def process(world: StandIn, pdf: Path, *more: str) -> int:
    given = ["process-pdf-concurrent", str(pdf), "--services-url", world.url, "--email", EMAIL, "--no-download"]
    return run([*given, "--log-format", "json", *more])


def rows(sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect("library/literature.db")) as connection:
        return connection.execute(sql).fetchall()


def summary(text: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(text.splitlines()[-1])
    return told


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DL_LIT_PIPELINE__PATIENCE_SECONDS", "0")


# ── access refused ───────────────────────────────────────────────────────────────────────────────────────


def test_a_service_that_refuses_us_is_off_for_the_run_and_its_rows_wait_for_the_cure(
    world: StandIn, pdf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.faults.set("crossref", "refused")
    assert process(world, pdf) == 3
    output = capsys.readouterr()
    assert output.err.count("crossref refuses us (403: Forbidden)") == 1, "said once while it runs"
    told = summary(output.out)
    assert told["services"]["crossref"]["health"] == "access refused"
    assert "services.crossref.enabled = false" in told["services"]["crossref"]["detail"]
    assert {one["reason"] for one in told["waiting"]} == {"access_refused"}
    assert rows("SELECT DISTINCT reason, wait_by FROM no_metadata") == [("access_refused", "backoff")]
    assert rows("SELECT count(*) FROM failed_enrichments") == [(0,)]
    assert sum(one.service == "crossref" for one in read_log(world.log_path)) == 1


def test_once_cured_the_next_run_goes_on_at_once(world: StandIn, pdf: Path) -> None:
    world.faults.set("crossref", "refused")
    assert process(world, pdf) == 3
    world.faults.clear()
    assert process(world, pdf) == 0
    assert rows("SELECT reason FROM failed_enrichments") == [("no_match",)]


def test_why_and_status_say_who_refuses_and_the_cure(
    world: StandIn, pdf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.faults.set("openalex", "refused")
    assert process(world, pdf) == 3
    ((number,),) = rows("SELECT id FROM no_metadata WHERE reason = 'access_refused'")
    capsys.readouterr()
    assert run(["why", str(number)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "access_refused: nothing found yet, and a service refuses us" in told
    assert "Check services.openalex.api_key, then run the same command again" in told
    assert "It is tried again by the next run" in told and "It is tried again after" not in told
    assert run(["status"]) == 0
    assert "find works wait: openalex refuses us (403: Forbidden)" in " ".join(capsys.readouterr().out.split())
    assert run(["status", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["waiting"][0]["reason"] == "access_refused"
    assert run(["doctor", "--online", "--services-url", world.url, "--format", "json"]) == 0
    probes = {one["service"]: one for one in json.loads(capsys.readouterr().out)["services"]}
    assert probes["openalex"]["state"] == "access refused"
    assert "services.openalex.api_key" in probes["openalex"]["detail"]


# ── budget spent ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_spent_budget_makes_rows_wait_until_the_time_that_the_service_names(
    world: StandIn, pdf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.faults.set("crossref", "spent", seconds=5000)
    assert process(world, pdf) == 3
    told = summary(capsys.readouterr().out)
    assert told["services"]["crossref"]["health"] == "budget spent"
    assert told["services"]["crossref"]["until"] == pytest.approx(time.time() + 5000, abs=60)
    ((due, error),) = rows(
        "SELECT next_attempt_at, last_error FROM no_metadata WHERE reason = 'budget_spent' AND raw LIKE 'Nobody%'"
    )
    assert due == pytest.approx(time.time() + 5000, abs=60)
    assert "crossref has no budget left for us until 20" in error
    # The next run keeps to it without asking, although the service would answer by now.
    world.faults.clear()
    before = sum(one.service == "crossref" for one in read_log(world.log_path))
    assert process(world, pdf) == 3
    assert sum(one.service == "crossref" for one in read_log(world.log_path)) == before


CHANGES = {
    "a key": {"DL_LIT_SERVICES__CROSSREF__API_KEY": "a-key"},
    "another e-mail address": {"DL_LIT_CONTACT__EMAIL": "other@small-world.invalid"},
    "another address of the service": {},
}


@pytest.mark.parametrize("change", CHANGES)
def test_rows_that_wait_for_a_budget_are_free_once_the_service_takes_us_for_another(
    world: StandIn, pdf: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    world.faults.set("crossref", "spent", seconds=5000)
    given = ["process-pdf-concurrent", str(pdf), "--no-download", "--log-format", "json"]
    monkeypatch.setenv("DL_LIT_CONTACT__EMAIL", EMAIL)
    assert run([*given, "--services-url", world.url]) == 3
    world.faults.clear()
    assert run([*given, "--services-url", world.url]) == 3
    assert rows("SELECT count(*) FROM no_metadata WHERE reason = 'budget_spent' AND wait_by = 'service'") != [(0,)]
    for name, value in CHANGES[change].items():
        monkeypatch.setenv(name, value)
    url = world.url if CHANGES[change] else world.url.replace("127.0.0.1", "localhost")
    assert run([*given, "--services-url", url]) == 0
    assert rows("SELECT count(*) FROM no_metadata") == [(0,)]


def test_works_without_a_copy_are_looked_for_again_once_an_email_address_lets_unpaywall_be_asked(
    world: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DL_LIT_SERVICES__OPENALEX__ENABLED", "false")
    pdf = write_pdf(tmp_path / "few.pdf", "A paper", [printed(work, doi=True) for work in works(4)])
    given = ["process-pdf-concurrent", str(pdf), "--services-url", world.url, "--log-format", "json"]
    run(given)
    off = rows("SELECT id, reason FROM failed_downloads WHERE unasked LIKE '%unpaywall%'")
    assert off and all(reason != "no_open_copy" for _, reason in off)
    capsys.readouterr()
    assert run(["why", str(off[0][0])]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Not asked for a copy, being off or without a key: openalex, unpaywall" in told
    assert sum(one.service == "unpaywall" for one in read_log(world.log_path)) == 0
    run([*given, "--email", EMAIL])
    assert sum(one.service == "unpaywall" for one in read_log(world.log_path)) >= len(off)
    assert rows("SELECT count(*) FROM failed_downloads WHERE unasked LIKE '%unpaywall%'") == [(0,)]


def test_what_another_service_called_spent_stays_unasked_when_a_key_comes_in(
    world: StandIn, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.faults.set("crossref", "spent", seconds=5000)
    assert process(world, pdf) == 3
    world.faults.clear()
    before = sum(one.service == "crossref" for one in read_log(world.log_path))
    monkeypatch.setenv("DL_LIT_SERVICES__SEMANTICSCHOLAR__API_KEY", "a-key")
    assert process(world, pdf) == 3
    assert sum(one.service == "crossref" for one in read_log(world.log_path)) == before
    assert rows("SELECT count(*) FROM no_metadata WHERE reason = 'budget_spent' AND wait_by = 'service'") != [(0,)]


def test_the_right_key_frees_the_rows_of_a_service_that_refused_a_wrong_one(
    world: StandIn, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DL_LIT_SERVICES__OPENALEX__API_KEY", "a-wrong-key")
    assert process(world, pdf) == 3
    assert rows("SELECT count(*) FROM no_metadata WHERE reason = 'access_refused'") != [(0,)]
    monkeypatch.setenv("DL_LIT_SERVICES__OPENALEX__API_KEY", world.settings.openalex_keys[0])
    assert process(world, pdf) == 0


def test_a_budget_that_was_called_spent_outlives_a_kill(tmp_path: Path) -> None:
    def answer(arrival: Arrival) -> Reply:
        return Reply(429, headers={"Retry-After": "7200"})

    path = tmp_path / "state" / "services.db"
    with LocalServer(answer) as server:
        script = SPEND_AND_DIE.format(url=server.url, path=str(path))
        child = subprocess.run([sys.executable, "-c", script], timeout=60, check=False, capture_output=True)
        assert child.returncode == -signal.SIGKILL, child.stderr
        assert len(server.arrivals) == 1
        ledger = MachineLedger(path)
        network = Network(of_server(server.url), ledger, stop=threading.Event())
        with pytest.raises(BudgetExhausted, match=r"no budget left for us until 20.*UTC") as caught:
            network.service("crossref", LIMITS).send(HttpRequest(server.url))
        assert caught.value.retry_after == pytest.approx(7200, abs=60)
        assert len(server.arrivals) == 1
        network.close()
        ledger.close()


def of_server(url: str) -> Settings:
    return Settings.model_validate({"services": {"crossref": {"base_url": url}}})


LIMITS = PoolLimits({"default": 100.0})
SPEND_AND_DIE = """
import os, signal, threading
from pathlib import Path
from dl_lit.config import Settings
from dl_lit.errors import BudgetExhausted
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import PoolLimits
from dl_lit.net.network import Network
from dl_lit.store.machine import MachineLedger
settings = Settings.model_validate({{"services": {{"crossref": {{"base_url": {url!r}}}}}}})
network = Network(settings, MachineLedger(Path({path!r})), stop=threading.Event())
try:
    network.service("crossref", PoolLimits({{"default": 100.0}})).send(HttpRequest({url!r}))
except BudgetExhausted:
    os.kill(os.getpid(), signal.SIGKILL)
"""


# ── errors ───────────────────────────────────────────────────────────────────────────────────────────────


def test_errors_put_rows_back_with_a_time_and_the_next_run_need_not_wait_for_it(world: StandIn, pdf: Path) -> None:
    world.faults.set("crossref", "unavailable")
    assert process(world, pdf) == 3
    ((reason, by, due),) = rows(
        "SELECT reason, wait_by, next_attempt_at FROM no_metadata WHERE raw LIKE 'Nobody%' AND claimed_by IS NULL"
    )
    assert (reason, by) == ("service_silent", "backoff") and 0 < due - time.time() <= 30
    assert rows("SELECT count(*) FROM failed_enrichments") == [(0,)]
    world.faults.clear()
    assert process(world, pdf) == 0


# ── what is no answer, under status 200 ──────────────────────────────────────────────────────────────────


def test_a_page_in_place_of_data_is_asked_for_a_few_times_only_and_one_line_says_so(
    world: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.faults.set("crossref", "html")
    pdf = write_pdf(tmp_path / "many.pdf", "A paper", [printed(work, doi=True) for work in works(12)])
    assert process(world, pdf) == 3
    told = summary(capsys.readouterr().out)
    assert told["services"]["crossref"]["health"] == "circuit open"
    assert sum(one.service == "crossref" for one in read_log(world.log_path)) <= 8
    assert rows("SELECT count(*) FROM failed_enrichments") == [(0,)]
    errors = [error for (error,) in rows("SELECT last_error FROM no_metadata WHERE last_error IS NOT NULL")]
    assert errors
    for error in errors:
        assert error.startswith("crossref answered with a web page instead of data.") and "http" not in error
        assert error.endswith("check your proxy and services.crossref.base_url.")
    world.faults.clear()
    assert process(world, pdf) == 0
    assert rows("SELECT count(*) FROM no_metadata") == [(0,)]


def test_a_few_pages_in_place_of_data_are_got_over_in_the_same_run(
    world: StandIn, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DL_LIT_PIPELINE__PATIENCE_SECONDS", "60")
    world.faults.set("crossref", "html")
    cured = threading.Thread(target=cure_after, args=(world, 2))
    cured.start()
    assert process(world, pdf) == 0
    cured.join(60)
    assert rows("SELECT reason FROM failed_enrichments") == [("no_match",)]


def cure_after(world: StandIn, calls: int) -> None:
    """Puts Crossref right once it was asked so often."""
    ends = time.monotonic() + 60
    while sum(one.service == "crossref" for one in read_log(world.log_path)) < calls and time.monotonic() < ends:
        threading.Event().wait(0.01)
    world.faults.clear()

"""A run's figures as Prometheus reads them."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from dl_lit.cli.main import run
from dl_lit.errors import UsageError
from dl_lit.metrics import served
from dl_lit.model import Health, PoolHealth, Stage
from dl_lit.pipeline.progress import Snapshot, StageStats

DOCS = Path(__file__).parent.parent / "docs" / "metrics.md"
HEALTH = (
    PoolHealth("openalex", Health.EXHAUSTED, 9.0, 0, 120, 3, remaining=0.0),
    PoolHealth("crossref", Health.OK, 4.5, 1, 30, 0),
    PoolHealth("www.a.org", Health.OK, 1.0, 0, 5, 1),
    PoolHealth("www.b.org", Health.OPEN, 1.0, 0, 7, 7),
)
STAGES = (
    StageStats(Stage.EXTRACTION, 5, 2, 1, 2, 2, 7, 1, 0, 0, 0, 60.0, 12.5),
    StageStats(Stage.ENRICHMENT, 0, 0, 0, 0, 8, 40, 4, 3, 0, 6, 60.0, 99.0),
)
REASONS = {Stage.ENRICHMENT: {"no_match": 4}}


class Made:
    def __init__(self, eta: float | None) -> None:
        self._eta = eta

    def snapshot(self) -> Snapshot:
        return Snapshot(STAGES, (), (), REASONS, 75.0, self._eta, None)

    def health(self) -> tuple[PoolHealth, ...]:
        return HEALTH


def scraped(eta: float | None = 30.0) -> dict[str, dict[tuple[str, ...], float]]:
    """Each metric's values by its labels' values, in the order of the labels' names."""
    with served(Made(eta), "127.0.0.1", 0) as address:
        text = requests.get(address, timeout=10).text
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(value for _, value in sorted(sample.labels.items()))] = sample.value
    return found


def test_stages_are_told_with_what_is_before_them_and_what_became_of_it() -> None:
    metrics = scraped()
    assert metrics["dl_lit_rows"][("extraction", "ahead")] == 8
    assert metrics["dl_lit_rows"][("enrichment", "later")] == 6
    assert metrics["dl_lit_rows_finished_total"][("extraction", "done")] == 7
    assert metrics["dl_lit_rows_finished_total"][("enrichment", "review")] == 3
    assert metrics["dl_lit_reasons_total"] == {("no_match", "enrichment"): 4}
    assert metrics["dl_lit_stage_busy_seconds_total"] == {("extraction",): 12.5, ("enrichment",): 99.0}
    assert metrics["dl_lit_stage_workers"][("enrichment",)] == 8
    assert (metrics["dl_lit_run_seconds"][()], metrics["dl_lit_run_left_seconds"][()]) == (75.0, 30.0)


def test_services_are_told_one_by_one_and_hosts_together() -> None:
    metrics = scraped()
    assert metrics["dl_lit_service_requests_total"] == {("openalex",): 120, ("crossref",): 30}
    assert metrics["dl_lit_service_budget_left"] == {("openalex",): 0.0}
    assert metrics["dl_lit_service_state"][("openalex", "exhausted")] == 1
    assert metrics["dl_lit_service_state"][("openalex", "ok")] == 0
    assert (metrics["dl_lit_hosts"][("ok",)], metrics["dl_lit_hosts"][("open",)]) == (1, 1)
    assert (metrics["dl_lit_host_requests_total"][()], metrics["dl_lit_host_errors_total"][()]) == (12, 8)


def test_what_cannot_be_foreseen_is_left_out() -> None:
    assert "dl_lit_run_left_seconds" not in scraped(eta=None)


def test_every_metric_is_in_the_manual_and_the_other_way_round() -> None:
    told = set(re.findall(r"`(dl_lit_\w+)`", DOCS.read_text("utf-8")))
    assert told == {name for name in scraped() if name.startswith("dl_lit_")}


def refused(host: str, port: int) -> str:
    with pytest.raises(UsageError) as caught, served(Made(None), host, port):
        raise AssertionError("it listens")
    return str(caught.value)


def test_a_port_that_is_taken_is_an_error_with_the_cure() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert "another program listens there. Name another port" in refused("127.0.0.1", other.getsockname()[1])


def test_an_address_that_is_not_this_machines_is_an_error_too() -> None:
    assert "nothing can listen there" in refused("192.0.2.1", 0)


def test_a_host_without_a_port_is_refused(away_from_home: None, capsys: pytest.CaptureFixture[str]) -> None:
    Path("pdfs").mkdir()
    assert run(["process-folder-concurrent", "pdfs", "--metrics-host", "0.0.0.0"]) == 2
    assert "without --metrics-port" in capsys.readouterr().err


def asked_until_it_tells_of_stages(address: str) -> str:
    """The run listens before it has opened its library."""
    tick = threading.Event()
    for _ in range(300):
        text = requests.get(address, timeout=30).text
        if "dl_lit_rows{" in text:
            return text
        tick.wait(0.1)
    raise AssertionError(text)


def test_a_run_is_asked_while_it_goes_on(tmp_path: Path, away_from_home: None) -> None:
    command = [sys.executable, "-m", "dl_lit", "demo", "--realistic", "--no-cache", "--folder", str(tmp_path / "demo")]
    command += ["--metrics-port", "0", "--log-format", "json"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            told = (json.loads(line).get("text", "") for line in process.stderr)
            address = next(text for text in told if text.startswith("Metrics")).split()[-1]
            text = asked_until_it_tells_of_stages(address)
            process.send_signal(signal.SIGTERM)
            out, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert 'dl_lit_rows{stage="extraction",state="ahead"}' in text and "process_cpu_seconds_total" in text
    assert process.returncode == 130 and '"event": "summary"' in out
    assert (tmp_path / "demo" / "library" / "logs" / "dl-lit.jsonl").exists()

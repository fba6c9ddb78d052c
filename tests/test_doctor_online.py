"""`dl-lit doctor --online`: who answers, who does not, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from dl_lit import moments
from dl_lit.cli.main import run
from dl_lit.errors import Stopping
from dl_lit.model import PoolHealth, Probe, ProbeState
from dl_lit.net.ledger import next_midnight
from dl_lit.services.base import Index
from dl_lit.services.probing import probe_all
from dl_lit.services.registry import OFFERS
from dl_lit.standin.settings import Fault, FaultMode
from dl_lit.ui import tables
from dl_lit.ui.tables import Check
from httpserver import Arrival, LocalServer, Reply
from outside import as_json
from standin_tools import running


def doctor(url: str, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, dict[str, object]]]:
    code = run(["doctor", "--online", "--library", "lib", "--services-url", url, "--format", "json", *options])
    told = json.loads(capsys.readouterr().out)
    return code, {one["service"]: one for one in told["services"]}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder; the sample PDF, which other tests read, is not read each time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("dl_lit.cli.doctor._reading", lambda settings: Check("reading PDFs", True, "left out"))


def test_the_doctor_says_who_answers_and_what_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faults = {"hal": Fault(FaultMode.HTML)}
    with running(tmp_path, europepmc_hollow=1.0, semanticscholar_busy=0.0, faults=faults) as standin:
        code, services = doctor(standin.url, capsys)
        assert code == 0
        silent = {name for name, one in services.items() if one["state"] == "no answer"}
        assert silent == {"hal", "europepmc"}
        assert services["unpaywall"]["state"] == "off" and "contact.email" in str(services["unpaywall"]["detail"])
        assert services["openalex"]["remaining"] == 1000
        assert services["openalex"]["detail"] == "It allows more with a key (services.openalex.api_key)."
        assert "hal answered with a web page instead of data" in str(services["hal"]["detail"])
        assert 'an HTML page, "We are improving our service"' in str(services["hal"]["detail"])
        assert "JSON with version" in str(services["europepmc"]["detail"])
        assert set(services) == set(OFFERS)
        assert 0 < float(str(services["crossref"]["seconds"])) < 20
    asked = [json.loads(line)["service"] for line in standin.log_path.read_text().splitlines()]
    assert len(asked) == len(set(asked)) == len(OFFERS) - 1


def test_the_doctor_fails_when_nobody_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faults = {name: Fault(FaultMode.HTML) for name in OFFERS}
    with running(tmp_path, faults=faults) as standin:
        code, services = doctor(standin.url, capsys, "--email", "me@uni-nord.de")
    assert code == 1
    assert {one["state"] for one in services.values()} == {"no answer"}


def test_probes_are_counted_in_the_ledger_of_the_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DL_LIT_NETWORK__STATE_DIR", str(tmp_path / "state"))
    with running(tmp_path, semanticscholar_busy=0.0) as standin:
        first = doctor(standin.url, capsys, "--email", "me@uni-nord.de")[1]
        second = doctor(standin.url, capsys, "--email", "me@uni-nord.de")[1]
    assert (first["unpaywall"]["remaining"], second["unpaywall"]["remaining"]) == (99_999, 99_998)


def test_the_doctor_asks_without_a_place_for_the_ledger(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("DL_LIT_NETWORK__STATE_DIR", str(tmp_path / "file"))
    with running(tmp_path, semanticscholar_busy=0.0) as standin:
        assert doctor(standin.url, capsys)[1]["crossref"]["state"] == "answers"


# ── rubbish ──────────────────────────────────────────────────────────────────────────────────────────────

LOGIN = b"<!DOCTYPE html><html><head><title>Sign in to\n Hotel &amp; Spa</title></head></html>"
RUBBISH = {
    "a log-in page": (Reply(200, LOGIN, {"Content-Type": "text/html"}), 'an HTML page, "Sign in to Hotel & Spa"'),
    "an untitled page": (Reply(200, b"<html><p>hello"), "an HTML page (status 200, 14 bytes)"),
    "nothing": (Reply(200, b""), "nothing (status 200, 0 bytes)"),
    "JSON of another shape": (as_json({"version": "6.9", "items": 3}), "JSON with version, items"),
    "an empty object": (as_json({}), "an empty JSON object"),
    "an empty list": (as_json([]), "a JSON list of 0"),
    "a number": (as_json(7), "the JSON value 7"),
    "XML": (Reply(200, b"<a:error xmlns:a='urn:x'/>"), "XML, <error>"),
    "text": (Reply(200, b"It works!\x1b[2J"), 'text, "It works!'),
    "a page for a wrong address": (Reply(404, b"<html><title>404</title>"), 'an HTML page, "404" (status 404'),
}


@pytest.mark.parametrize("kind", RUBBISH)
def test_rubbish_is_no_answer_of_anybody_and_the_doctor_says_what_came(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reply, told = RUBBISH[kind]
    with LocalServer(lambda arrival: reply) as server:
        code, services = doctor(server.url, capsys, "--email", "me@uni-nord.de")
    assert code == 1
    assert {name for name, one in services.items() if one["state"] != "no answer"} == set()
    for name, one in services.items():
        assert told in str(one["detail"]), one
        assert f"services.{name}.base_url" in str(one["detail"])
    if kind == "a log-in page":
        assert "the log-in of your network, pass it in a browser" in str(services["crossref"]["detail"])


FRAMES: dict[str, tuple[Reply, bool]] = {
    "hal": (as_json({"response": {"docs": []}}), True),
    "datacite": (as_json({"errors": [{"status": "404"}]}, 404), True),
    "europepmc": (as_json({"resultList": {"result": []}}), False),
    "doaj": (as_json({"total": 0, "results": []}), False),
}


@pytest.mark.parametrize("name", FRAMES)
def test_an_empty_list_is_an_answer_only_where_the_work_may_be_unknown(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reply, fine = FRAMES[name]
    with LocalServer(lambda arrival: reply if arrival.path.startswith(f"/{name}/") else Reply(404)) as server:
        services = doctor(server.url, capsys)[1]
    assert services[name]["state"] == ("answers" if fine else "no answer")
    assert ("does not know the work" if fine else "knows nothing of a work") in str(services[name]["detail"])


def test_the_doctor_tells_refusals_and_spent_budgets_apart_and_repeats_no_key(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DL_LIT_SERVICES__SEMANTICSCHOLAR__API_KEY", "topsecretkey")

    def answer(arrival: Arrival) -> Reply:
        service = arrival.path.split("/")[1]
        if service == "semanticscholar":
            return Reply(200, b"<html><title>no such key: topsecretkey</title>")
        refused = {"openalex": Reply(401), "crossref": Reply(429, headers={"Retry-After": "7200"})}
        return refused.get(service, Reply(500))

    with LocalServer(answer) as server:
        services = doctor(server.url, capsys)[1]
    assert services["openalex"]["state"] == "access refused"
    assert "services.openalex.api_key" in str(services["openalex"]["detail"])
    assert services["crossref"]["state"] == "budget spent" and "until 20" in str(services["crossref"]["detail"])
    assert services["hal"]["state"] == "no answer"
    assert str(services["hal"]["detail"]).startswith("hal answered with an error (500).")
    assert "no such key" in str(services["semanticscholar"]["detail"]) and "topsecretkey" not in json.dumps(services)


def test_without_the_option_nothing_is_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running(tmp_path) as standin:
        assert run(["doctor", "--library", "lib", "--services-url", standin.url, "--format", "json"]) == 0
    assert isinstance(json.loads(capsys.readouterr().out), list)
    assert standin.log_path.read_text() == ""


def test_the_table_names_state_time_budget_and_remark(capsys: pytest.CaptureFixture[str]) -> None:
    probes = [
        Probe("crossref", ProbeState.ANSWERS, 0.254),
        Probe("openalex", ProbeState.ANSWERS, 0.1, 9_990.0),
        Probe("hal", ProbeState.SILENT, detail="hal answered 503.\x1b[2J"),
        Probe("unpaywall", ProbeState.OFF, detail="needs contact.email, which is not set"),
    ]
    console = Console(width=120, record=True)
    console.print(tables.probes_table(probes))
    text = console.export_text()
    assert f"What is left today of a budget is given anew at {moments.utc(next_midnight())}." in text
    for word in ("0.25 s", "9,990", "no answer", "hal answered 503.", "off", "needs contact.email"):
        assert word in text
    assert "\x1b" not in text


class Stopped(Index):
    name = "crossref"
    offer = OFFERS["crossref"]

    def probe(self) -> bool:
        raise Stopping("The program is shutting down.")


class Idle:
    def send(self, request: object) -> object:
        raise AssertionError

    def exhaust(self, until: float) -> None: ...

    def check_running(self) -> None: ...

    def health(self) -> PoolHealth:
        raise AssertionError


def test_stopping_is_no_verdict_on_a_service() -> None:
    assert probe_all([]) == []
    with pytest.raises(Stopping):
        probe_all([Stopped(Idle(), None, base_url="http://unused.invalid")])  # type: ignore[arg-type]

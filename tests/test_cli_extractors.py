"""`--extractor` and the doctor's lines as a person meets them, and PDFs that wait for a GROBID across runs."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dl_lit.cli.main import run
from httpserver import LocalServer, Reply
from pdf_pages import AUTHOR_YEAR, article, hanging
from reading_services import chat, claim, struct, tei_reply

KEY = "sk-hush-hush-0123456789"


@pytest.fixture(autouse=True)
def no_patience(away_from_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DL_LIT_PIPELINE__PATIENCE_SECONDS", "0")


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as made:
        yield made


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    return hanging(article(), AUTHOR_YEAR).save(tmp_path / "paper.pdf")


@pytest.fixture
def grobid(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> LocalServer:
    monkeypatch.setenv("DL_LIT_SERVICES__GROBID__BASE_URL", server.url)
    return server


@pytest.fixture
def llm(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> LocalServer:
    for name, value in {"BASE_URL": server.url, "MODEL": "tiny", "API_KEY": KEY}.items():
        monkeypatch.setenv(f"DL_LIT_SERVICES__LLM__{name}", value)
    return server


def rows(sql: str, database: Path = Path("library/literature.db")) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql).fetchall()


def test_extract_references_asks_the_grobid_that_was_named(
    grobid: LocalServer, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grobid.answer = lambda arrival: tei_reply(struct(AUTHOR_YEAR[0], "Time at work and time at home"))
    assert run(["extract-references", str(paper), "--extractor", "grobid"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    reference = json.loads(line)
    assert (reference["raw"], reference["title"]) == (AUTHOR_YEAR[0], "Time at work and time at home")


def test_extract_references_tells_of_a_grobid_that_is_silent(
    grobid: LocalServer, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grobid.answer = lambda arrival: Reply(500, b"[GENERAL] out of order")
    assert run(["extract-references", str(paper), "--extractor", "grobid"]) == 1
    said = capsys.readouterr().err
    assert "service_silent" in said and "[GENERAL] out of order" in said


def test_a_refused_key_is_not_answered_with_later(
    llm: LocalServer, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    llm.answer = lambda arrival: Reply(401, b"no")
    assert run(["extract-references", str(paper), "--extractor", "llm"]) == 1
    said = capsys.readouterr().err
    assert "put a valid one into services.llm.api_key" in said
    assert "later" not in said


@pytest.mark.parametrize("command", ["extract-references", "process-pdf", "process-pdf-concurrent"])
def test_an_incomplete_model_is_a_mistake_of_usage(
    command: str, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, str(paper), "--extractor", "llm"]) == 2
    assert "services.llm.base_url" in capsys.readouterr().err
    assert not Path("library").exists()


def test_a_pdf_waits_for_its_grobid_and_is_read_in_the_next_run(
    grobid: LocalServer, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["process-pdf-concurrent", str(paper), "--no-enrich", "--no-panel", "--extractor", "grobid"]
    grobid.answer = lambda arrival: Reply(500, b"[GENERAL]")
    assert run(command) == 3
    assert rows("SELECT state, reason, wait_by FROM source_pdfs") == [("waiting", "service_silent", "backoff")]
    assert "GROBID answered with status 500" in capsys.readouterr().out
    grobid.answer = lambda arrival: tei_reply(struct(AUTHOR_YEAR[0]), struct(AUTHOR_YEAR[1]))
    assert run(command) == 0
    assert rows("SELECT state, reason, backend, reference_count FROM source_pdfs") == [("done", None, "grobid", 2)]


@pytest.mark.parametrize("how", ["process-pdf", "process-folder"])
def test_the_sequential_forms_wait_as_well(grobid: LocalServer, paper: Path, how: str) -> None:
    grobid.answer = lambda arrival: Reply(503, b"", {"Retry-After": "1200"})
    what = str(paper if how == "process-pdf" else paper.parent)
    assert run([how, what, "--no-enrich", "--no-panel", "--extractor", "grobid"]) == 3
    assert rows("SELECT state, reason, wait_by FROM source_pdfs") == [("waiting", "service_silent", "service")]


def test_a_models_answers_and_tokens_are_kept_and_its_key_is_not(
    llm: LocalServer, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    llm.answer = lambda arrival: chat([claim(AUTHOR_YEAR[0])], tokens=4321)
    assert run(["process-folder-concurrent", str(paper.parent), "--no-enrich", "--no-panel", "--extractor", "llm"]) == 0
    assert rows("SELECT backend, reference_count FROM source_pdfs") == [("llm:tiny", 1)]
    state = Path(os.environ["XDG_STATE_HOME"]) / "dl-lit"
    assert rows("SELECT spent FROM service_budget WHERE pool LIKE 'llm@%'", state / "services.db") == [(4321.0,)]
    assert rows("SELECT service FROM service_cache") == [("llm",)]
    files = [*Path("library").rglob("*"), *state.rglob("*")]
    kept = b"".join(path.read_bytes() for path in files if path.is_file())
    shown = capsys.readouterr()
    assert KEY.encode() not in kept
    assert KEY not in shown.out + shown.err


def test_a_refused_key_reaches_neither_screen_log_nor_database(
    llm: LocalServer, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    llm.answer = lambda arrival: Reply(401, f"Incorrect API key provided: {KEY}".encode())
    assert run(["process-pdf", str(paper), "--no-enrich", "--no-panel", "--extractor", "llm"]) == 3
    kept = b"".join(path.read_bytes() for path in Path("library").rglob("*") if path.is_file())
    shown = capsys.readouterr()
    assert "services.llm.api_key" in shown.out
    assert KEY.encode() not in kept
    assert KEY not in shown.out + shown.err


def doctor(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, dict[str, object]]]:
    code = run(["doctor", "--format", "json"])
    return code, {check["name"]: check for check in json.loads(capsys.readouterr().out)}


def test_the_doctor_asks_nobody_that_is_not_enabled(grobid: LocalServer, capsys: pytest.CaptureFixture[str]) -> None:
    code, checks = doctor(capsys)
    assert code == 0
    assert checks["grobid"]["ok"] is None and "not enabled" in str(checks["grobid"])
    assert checks["llm"]["ok"] is None
    assert grobid.arrivals == []


def test_the_doctor_says_whether_the_grobid_answers(
    grobid: LocalServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DL_LIT_SERVICES__GROBID__ENABLED", "true")
    grobid.answer = lambda arrival: Reply(200, b"true")
    code, checks = doctor(capsys)
    assert (code, checks["grobid"]["ok"]) == (0, True)
    grobid.answer = lambda arrival: Reply(200, b"<html>")
    code, checks = doctor(capsys)
    assert (code, checks["grobid"]["ok"]) == (0, None)  # dl-lit can do without its help
    monkeypatch.setenv("DL_LIT_EXTRACTION__EXTRACTOR", "grobid")
    code, checks = doctor(capsys)
    assert (code, checks["grobid"]["ok"]) == (1, False)
    assert grobid.paths == ["/api/isalive"] * 3


def test_the_doctor_says_whether_a_model_is_configured(
    llm: LocalServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DL_LIT_SERVICES__LLM__ENABLED", "true")
    _, checks = doctor(capsys)
    assert checks["llm"]["ok"] is True
    assert "tiny" in str(checks["llm"]) and KEY not in str(checks)
    monkeypatch.delenv("DL_LIT_SERVICES__LLM__MODEL")
    code, checks = doctor(capsys)
    assert (code, checks["llm"]["ok"]) == (0, None)
    assert "services.llm.model" in str(checks["llm"])
    assert llm.arrivals == []

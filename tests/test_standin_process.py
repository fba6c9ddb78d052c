"""The stand-in as a process of its own, and the demo that uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import requests

from dl_lit.cli.main import run
from dl_lit.errors import StopRun, UsageError
from dl_lit.standin import catalogue
from dl_lit.standin.process import note_port, port_again, standin_process
from standin_tools import made_up_works


def test_it_serves_until_the_block_ends(tmp_path: Path) -> None:
    with standin_process("--plain-hosts", "--log", str(tmp_path / "requests.jsonl")) as url:
        answer = requests.get(f"{url}/crossref/works/10.9999/nothing", timeout=10)
        assert answer.status_code == 404
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=10)
    (entry,) = (tmp_path / "requests.jsonl").read_text("utf-8").splitlines()
    assert json.loads(entry)["service"] == "crossref"


def test_it_serves_the_works_of_a_file(tmp_path: Path) -> None:
    works = made_up_works(3)
    catalogue.write(tmp_path / "works.jsonl", works)
    assert catalogue.read(tmp_path / "works.jsonl") == works
    with standin_process("--works", str(tmp_path / "works.jsonl")) as url:
        answer = requests.get(f"{url}/crossref/works/{works[0].doi}", timeout=10)
    assert answer.json()["message"]["title"] == [works[0].title]


@pytest.mark.parametrize("line", ["no JSON", "{}", '{"authors": [[]]}', '["list"]'])
def test_a_file_without_works_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "works.jsonl").write_text(line + "\n")
    with pytest.raises(UsageError, match="holds no works"):
        catalogue.read(tmp_path / "works.jsonl")
    with pytest.raises(UsageError, match="cannot be read"):
        catalogue.read(tmp_path / "none.jsonl")


def test_one_that_does_not_start_is_said() -> None:
    with pytest.raises(StopRun, match="did not start"), standin_process("--no-such-option"):
        pass


def test_the_demo_works_in_a_folder_of_its_own_and_leaves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DL_LIT_CONFIG", raising=False)
    assert run(["demo", "--no-enrich", "--no-panel"]) == 0
    assert "16 sample PDFs" in capsys.readouterr().err
    assert (tmp_path / "dl-lit-demo" / "library" / "literature.db").is_file()
    assert run(["demo", "--no-enrich", "--sequential", "--realistic", "--log-format", "json"]) == 0
    told = capsys.readouterr()
    summary = json.loads(told.out)
    assert {json.loads(line)["event"] for line in told.err.splitlines()} == {"notice", "progress"}
    assert summary["counts"]["citations"] > 400
    assert (tmp_path / "dl-lit-demo-2").is_dir()


def test_it_comes_back_at_the_port_it_had_as_libraries_know_addresses_there(tmp_path: Path) -> None:
    note = tmp_path / "port"
    assert port_again(note) == 0
    with standin_process("--plain-hosts") as url:
        note_port(note, url)
        assert port_again(note) == 0, "it is taken"
    with standin_process("--plain-hosts", port=port_again(note)) as again:
        assert again == url


@pytest.mark.parametrize("text", ["", "no number", "99999999", "-1"])
def test_a_note_that_is_no_port_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "port").write_text(text)
    assert port_again(tmp_path / "port") == 0


def test_a_demo_that_cannot_write_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    assert run(["demo", "--folder", str(tmp_path / "file" / "demo")]) == UsageError.exit_code
    assert "Name another --folder" in capsys.readouterr().err

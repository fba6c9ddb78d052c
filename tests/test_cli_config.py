"""Where each setting comes from, and what is said about names that are none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dl_lit.cli.main import run
from dl_lit.config import Settings
from dl_lit.config_problems import names_of

Captured = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("away_from_home")


def shown(capsys: Captured, *options: str) -> dict[str, dict[str, Any]]:
    assert run(["config", "show", "--format", "json", *options]) == 0
    return {row["name"]: row for row in json.loads(capsys.readouterr().out)}


def told(capsys: Captured, *command: str) -> str:
    assert run([*(command or ("config", "show"))]) == 2
    return capsys.readouterr().err


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[contact]\nemail = "jane@uni-nord.de"\n[services.core]\napi_key = "topsecret"\n'
        '[services.crossref]\nbase_url = "https://me:hidden@mirror.uni-nord.de"\n'
        '[catalogue]\nfiles = ["a.cat", "b.cat"]\n[pipeline]\nqueue_size = 20\n'
    )
    return path


def test_every_setting_is_shown_with_its_value_and_origin(capsys: Captured, file: Path) -> None:
    rows = shown(capsys, "--config", str(file))
    assert list(rows) == list(names_of(Settings))
    assert (rows["contact.email"]["value"], rows["contact.email"]["origin"]) == ("jane@uni-nord.de", str(file))
    assert rows["catalogue.files"]["value"] == ["a.cat", "b.cat"]
    assert (rows["pipeline.sequential"]["value"], rows["pipeline.sequential"]["origin"]) == (False, "default")
    assert rows["services.openalex.api_key"]["value"] is None


def test_the_environment_is_named_where_it_wins(capsys: Captured, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DL_LIT_PIPELINE__QUEUE_SIZE", "30")
    monkeypatch.setenv("DL_LIT_SERVICES", '{"hal": {"enabled": false}}')
    rows = shown(capsys, "--config", str(file), "--changed")
    assert (rows["pipeline.queue_size"]["value"], rows["pipeline.queue_size"]["origin"]) == (
        30,
        "DL_LIT_PIPELINE__QUEUE_SIZE",
    )
    assert (rows["services.hal.enabled"]["value"], rows["services.hal.enabled"]["origin"]) == (False, "DL_LIT_SERVICES")
    assert "pipeline.sequential" not in rows and "services.hal.base_url" not in rows


def test_keys_and_passwords_are_hidden_in_both_forms(capsys: Captured, file: Path) -> None:
    rows = shown(capsys, "--config", str(file))
    assert rows["services.core.api_key"]["value"] == "***"
    assert rows["services.crossref.base_url"]["value"] == "https://***@mirror.uni-nord.de"
    assert run(["config", "show", "--config", str(file)]) == 0
    table = capsys.readouterr().out
    assert "topsecret" not in table and "hidden" not in table
    assert "[services.core]" in table and "jane@uni-nord.de" in table


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("[pipeline]\ndownload_worker = 3", "pipeline.download_workers may be meant"),
        ("[extraction]\nbusy_timeout = 3", "store.busy_timeout may be meant"),
        ('[service.openalex]\napi_key = "topsecret"', "services may be meant"),
        ('[zzzz]\nqqqq = "topsecret"', "`dl-lit config show` lists those that there are"),
    ],
)
def test_a_name_that_is_none_is_refused_with_the_one_that_may_be_meant(
    capsys: Captured, tmp_path: Path, text: str, meant: str
) -> None:
    (tmp_path / "wrong.toml").write_text(text)
    said = told(capsys, "config", "show", "--config", str(tmp_path / "wrong.toml"))
    assert "there is no such setting" in said and meant in said
    assert "topsecret" not in said


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DL_LIT_CONTACT_EMAIL", "DL_LIT_CONTACT__EMAIL may be meant"),
        ("DL_LIT_PIPELNE__QUEUE_SIZE", "DL_LIT_PIPELINE__QUEUE_SIZE may be meant"),
        ("DL_LIT_PIPELINE__QUEUE_SIZ", "pipeline.queue_size may be meant"),
        ("DL_LIT_XQZ", "two underscores"),
    ],
)
def test_a_variable_that_is_no_setting_is_refused_by_every_command(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    monkeypatch.setenv(name, "topsecret")
    for command in (["config", "show"], ["doctor"]):
        said = told(capsys, *command)
        assert meant in said
        assert "topsecret" not in said


def test_variables_of_the_scripts_and_of_others_are_no_settings(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DL_LIT_VENV", "/somewhere")
    monkeypatch.setenv("MY_DL_LIT_NOTE", "x")
    assert shown(capsys)


@pytest.mark.parametrize(
    "text",
    [
        '[service.core]\napi_key = "topsecret"',
        '[services.core]\napi_key = ["topsecret"]',
        '[services.core]\nbase_url = "ftp://me:topsecret@mirror.uni-nord.de"',
        "[services.core]\napi_key = topsecret",
    ],
)
def test_a_traceback_shows_no_key(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "dl_lit", "--debug", "config", "show", "--config", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" in done.stderr and "topsecret" not in done.stdout + done.stderr


def test_the_doctor_hides_what_is_secret_in_addresses_and_names_the_file(capsys: Captured, file: Path) -> None:
    run(["doctor", "--config", str(file), "--format", "json"])
    told = capsys.readouterr().out
    assert "https://***@mirror.uni-nord.de" in told and "hidden" not in told and "topsecret" not in told
    assert str(file) in told


def test_a_file_in_another_encoding_is_told_what_to_do(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes('[contact]\nemail = "jörg@uni-nord.de"'.encode("cp1252"))
    assert "Save it as UTF-8" in told(capsys, "config", "show", "--config", str(path))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('[pipeline]\nqueue_size = "many"', "pipeline.queue_size: it must be a whole number (given: 'many')"),
        ("[pipeline]\nqueue_size = 7", "pipeline.queue_size: it must be at least 10 (given: 7)"),
        ("[pipeline]\ndownload_workers = 99", "pipeline.download_workers: it must be at most 20 (given: 99)"),
        ('[services.core]\nenabled = "perhaps"', "services.core.enabled: it must be true or false (given: 'perhaps')"),
        ('[extraction]\nextractor = "me"', "extraction.extractor: it must be one of 'auto'"),
        ("[services.core]\napi_key = 7", "services.core.api_key: it must be text, in quotation marks"),
        ("[queueing]\nlanguages = 7", "queueing.languages: it must be a list"),
        ('[pipeline]\npoll_seconds = "x"', "pipeline.poll_seconds: it must be a number"),
    ],
)
def test_what_a_value_must_be_is_said_in_plain_words(capsys: Captured, tmp_path: Path, text: str, wanted: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    assert wanted in told(capsys, "config", "show", "--config", str(path))


def test_a_wrong_value_of_the_environment_is_said_with_its_variable(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DL_LIT_PIPELINE__DOWNLOAD_WORKERS", "99")
    assert "(given: '99'), set by DL_LIT_PIPELINE__DOWNLOAD_WORKERS." in told(capsys)

"""`retry` and `failures` as a person types them, over a real library."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dl_lit.cli.main import run
from library import SmallLibrary, work


@pytest.fixture(autouse=True)
def wide_screen(away_from_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


def read_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run([*arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def failed_download(library: SmallLibrary) -> int:
    [row_id] = library.accept(work(doi="10.1000/a"))
    library.queue()
    library.fail_downloads()
    return row_id


@pytest.mark.parametrize(
    "arguments", [["--all"], ["--stage", "download"], ["--reason", "no_open_copy"], ["--older-than", "3d"], ["1"]]
)
def test_retry_lets_failures_wait_again(
    library: SmallLibrary, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    row_id = failed_download(library)
    assert run(["retry", *arguments]) == 0
    assert library.ids("to_download_references") == [row_id]
    assert "get copies: 1 will be tried again" in capsys.readouterr().out


def test_retry_of_what_is_not_there_promises_nothing(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    failed_download(library)
    assert run(["retry", "--reason", "timeout"]) == 0
    assert "Run the same" not in capsys.readouterr().out
    assert library.ids("to_download_references") == []


@pytest.mark.parametrize(("stage", "what"), [([], "reference"), (["--stage", "extraction"], "PDF")])
def test_retry_of_an_unknown_id_names_it_and_changes_nothing(
    library: SmallLibrary, stage: list[str], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    row_id = failed_download(library)
    assert run(["retry", str(row_id), "998", "999", *stage]) == 2
    assert f"There is no {what} 998, 999. Nothing was changed" in capsys.readouterr().err
    assert library.ids("failed_downloads") == [row_id]


def test_retry_says_why_it_leaves_an_id(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    [fine] = library.accept(work(doi="10.1000/fine"))
    library.queue()
    library.download()
    [refused] = library.accept(work(doi="10.1000/no"))
    library.store.refuse(refused)
    failed = failed_download(library)
    assert run(["retry", str(fine), str(refused)]) == 0
    told = capsys.readouterr().out
    assert f"Reference {fine}: found, with a verified copy; it did not fail." in told
    assert f"Reference {refused}: refused by you; add --reason rejected_by_person" in told
    assert run(["retry", str(failed), "--reason", "timeout"]) == 0
    assert f"Reference {failed} failed otherwise: no_open_copy." in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["--older-than", "soon"], ["--reason", "bad luck"], ["--stage", "lunch"]])
def test_retry_of_nothing_clear_is_refused(library: SmallLibrary, arguments: list[str]) -> None:
    failed_download(library)
    assert run(["retry", *arguments]) == 2
    assert library.ids("to_download_references") == []


def test_retry_of_all_where_nothing_has_failed_says_so(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["retry", "--all"]) == 0
    assert capsys.readouterr().out.startswith("Nothing that has failed is meant")


def test_failures_of_some_reasons_only(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    library.accept(work("A"), work("B"))
    library.queue()
    library.fail_downloads()
    [failure, _] = library.store.failures()
    told = read_json(capsys, "failures", "--stage", "download", "--reason", failure.reason, "--reason", "timeout")
    assert [row["reason"] for row in told] == [failure.reason] * 2 and told[0]["stage"] == "download"
    assert read_json(capsys, "failures", "--reason", "preview") == []
    assert run(["failures", "--stage", "enrichment", "--reason", "preview"]) == 2
    assert "Nothing fails in enrichment for preview" in capsys.readouterr().err

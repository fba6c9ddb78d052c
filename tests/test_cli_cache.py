"""Results kept between runs, as a person meets them: the commands that use them and the one that clears them."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dl_lit.cli.main import run
from dl_lit.config import load_settings
from dl_lit.fetched import remembering
from dl_lit.store.database import Database
from dl_lit.store.fetched_file import NAME
from dl_lit.store.store import Store
from enrichment_world import NUMERALS
from pdf_pages import AUTHOR_YEAR, article, hanging

Captured = pytest.CaptureFixture[str]


pytestmark = pytest.mark.usefixtures("away_from_home")


@pytest.fixture
def pdfs(tmp_path: Path) -> Path:
    folder = tmp_path / "pdfs"
    folder.mkdir()
    hanging(article(), AUTHOR_YEAR).save(folder / "a.pdf")
    hanging(article(), AUTHOR_YEAR[:6]).save(folder / "b.pdf")
    return folder


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """A library in which services have answered."""
    with closing(Store(Database.open(tmp_path / "library" / "literature.db"))) as store:
        store.cache_put_many("crossref", {"10.1000/1": '{"title": "Ä"}', "10.1000/none": None}, 3600)
        store.cache_put("crossref", "10.1000/old", "{}", 0)
    return tmp_path / "library"


def info(capsys: Captured, *options: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run(["cache", "--format", "json", *options]) == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return rows


def test_the_second_reading_comes_from_the_cache_and_is_the_same(pdfs: Path, capsys: Captured) -> None:
    command = ["extract-references", str(pdfs), "--jobs", "1"]
    assert run(command) == 0
    first = capsys.readouterr()
    assert run(command) == 0
    second = capsys.readouterr()
    assert len(first.out.splitlines()) == len(AUTHOR_YEAR) + 6
    assert second.out == first.out
    assert "cache" not in first.err
    assert "2 of 2 files were read before" in second.err


def test_without_the_cache_everything_is_read_and_nothing_kept(
    pdfs: Path, capsys: Captured, cache_of_this_test: Path
) -> None:
    for _ in range(2):
        assert run(["extract-references", str(pdfs), "--jobs", "1", "--no-cache"]) == 0
        assert "read before" not in capsys.readouterr().err
    assert not cache_of_this_test.exists()


def test_a_broken_cache_is_a_warning_and_no_failure(pdfs: Path, capsys: Captured, cache_of_this_test: Path) -> None:
    assert run(["extract-references", str(pdfs), "--jobs", "1"]) == 0
    fresh = capsys.readouterr().out
    (cache,) = cache_of_this_test.glob("*.db")
    cache.write_bytes(b"not a database any more" * 500)
    assert run(["extract-references", str(pdfs), "--jobs", "1"]) == 0
    captured = capsys.readouterr()
    assert captured.out == fresh
    assert captured.err.count("does without the cache") == 1
    (row,) = info(capsys, "--extraction")
    assert "cannot be used" in row["problem"]
    assert run(["cache", "clear", "--extraction"]) == 0
    assert run(["extract-references", str(pdfs), "--jobs", "1"]) == 0
    assert "does without" not in capsys.readouterr().err


def test_a_run_counts_what_came_from_the_cache(pdfs: Path, capsys: Captured) -> None:
    summaries = []
    for library in ("one", "two"):
        command = ["process-folder-concurrent", str(pdfs), "--library", library, "--no-enrich", "--log-format", "json"]
        assert run(command) == 0
        summaries.append(json.loads(capsys.readouterr().out.splitlines()[-1]))
    assert [summary["cached"] for summary in summaries] == [0, 2]
    assert summaries[0]["counts"]["citations"] == summaries[1]["counts"]["citations"] == len(AUTHOR_YEAR) + 6
    assert run(["process-folder", str(pdfs), "--library", "three", "--no-enrich"]) == 0
    assert re.search(r"2 +rows of this run answered by the cache", capsys.readouterr().out)
    assert run(["process-folder", str(pdfs), "--library", "four", "--no-enrich", "--no-cache"]) == 0
    assert "answered by the cache" not in capsys.readouterr().out


def test_info_tells_of_all_caches(pdfs: Path, answers: Path, capsys: Captured, cache_of_this_test: Path) -> None:
    for _ in range(2):
        assert run(["extract-references", str(pdfs), "--jobs", "1"]) == 0
    with remembering(load_settings(), print) as kept:
        assert kept is not None
        kept.hears("crossref", [NUMERALS])
        kept.keep_records("crossref", {"doi:10.5555/deep": "{}", "doi:10.5555/old": "{}"}, 0)
    extraction, fetched, services = info(capsys)
    assert (extraction["entries"], extraction["hits"], extraction["limit"]) == (2, 2, 256 << 20)
    assert (fetched["entries"], fetched["expired"], fetched["limit"]) == (3, 2, 256 << 20)
    assert Path(fetched["place"]).parent == cache_of_this_test
    assert Path(extraction["place"]).parent == cache_of_this_test
    assert (services["entries"], services["expired"], services["bytes"]) == (3, 1, 49)
    assert services["place"] == str(answers / "literature.db")
    assert run(["cache"]) == 0
    table = capsys.readouterr().out
    assert re.search(r"extraction +2 +0\.0 +256\.0 +2 +0\.0 d ago", table)
    assert re.search(r"fetched +3 +0\.\d +256\.0 ", table)
    assert re.search(r"services +3 ", table)


def test_info_makes_nothing(tmp_path: Path, capsys: Captured, cache_of_this_test: Path) -> None:
    extraction, fetched, services = info(capsys)
    assert (extraction["entries"], fetched["entries"], services["entries"]) == (0, 0, 0)
    assert "there is no library" in services["problem"]
    assert not cache_of_this_test.exists()
    assert [file.name for file in tmp_path.iterdir()] == ["empty.toml"]


def test_each_cache_is_cleared_by_itself_or_all_together(pdfs: Path, answers: Path, capsys: Captured) -> None:
    assert run(["extract-references", str(pdfs), "--jobs", "1"]) == 0
    assert run(["cache", "clear", "--services"]) == 0
    assert "3 answers of services dropped" in capsys.readouterr().out
    with remembering(load_settings(), print) as kept:
        assert kept is not None
        kept.hears("crossref", [NUMERALS])
    assert [row["entries"] for row in info(capsys)] == [2, 1, 0]
    assert run(["cache", "clear", "--fetched"]) == 0
    assert "1 fetched records dropped" in capsys.readouterr().out
    assert [row["entries"] for row in info(capsys)] == [2, 0, 0]
    assert run(["cache", "clear"]) == 0
    out = capsys.readouterr().out
    assert "2 results of extraction dropped" in out and "0 answers of services dropped" in out
    assert [row["entries"] for row in info(capsys)] == [0, 0, 0]


def test_a_built_in_catalogue_that_cannot_be_used_is_shown_and_cleared(
    capsys: Captured, cache_of_this_test: Path
) -> None:
    cache_of_this_test.mkdir(parents=True)
    (cache_of_this_test / NAME).write_bytes(b"no database at all" * 100)
    [row] = info(capsys, "--fetched")
    assert "cannot be used" in row["problem"]
    assert run(["cache", "clear", "--fetched"]) == 0
    [row] = info(capsys, "--fetched")
    assert row["problem"] is None


def test_the_answers_of_no_library_cannot_be_cleared(capsys: Captured) -> None:
    assert run(["cache", "clear", "--services"]) == 2
    assert "Name it with --library" in capsys.readouterr().err
    assert run(["cache", "clear"]) == 0


def test_the_settings_say_where_it_is_and_whether(tmp_path: Path, pdfs: Path, capsys: Captured) -> None:
    config = tmp_path / "c.toml"
    config.write_text(f'[extraction]\ncache_dir = "{tmp_path}/mine"\ncache_mb = 3\n')
    assert run(["extract-references", str(pdfs), "--jobs", "1", "--config", str(config)]) == 0
    (row,) = info(capsys, "--extraction", "--config", str(config))
    assert (row["entries"], row["limit"], Path(row["place"]).parent) == (2, 3 << 20, tmp_path / "mine")
    config.write_text("[extraction]\ncache = false\n")
    (row,) = info(capsys, "--extraction", "--config", str(config))
    assert row["problem"] == "switched off by extraction.cache"


def test_the_old_name_of_extract_references_still_works_and_is_not_listed(pdfs: Path, capsys: Captured) -> None:
    assert run(["extract-bib-api", str(pdfs / "b.pdf"), "--jobs", "1"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 6
    assert run(["--help"]) == 0
    assert "extract-bib-api" not in capsys.readouterr().out

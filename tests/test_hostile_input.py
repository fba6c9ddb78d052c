"""What comes from strangers and is made to do harm: it costs itself, and does nothing else (docs/security.md)."""

from __future__ import annotations

import csv
import io
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from bibtexparser.entrypoint import parse_string
from protego import Protego

from dl_lit.catalogue import bibtex, building
from dl_lit.catalogue.catalogue import Catalogue, CatalogueSet
from dl_lit.config import ExtractionSettings, load_settings
from dl_lit.errors import CatalogueUnusable
from dl_lit.exporting.biblatex import as_biblatex
from dl_lit.exporting.bibtex import as_bibtex
from dl_lit.exporting.keys import Keyed
from dl_lit.extraction.executor import ParserPool
from dl_lit.extraction.parsing import parse_reference
from dl_lit.model import Person, Work
from dl_lit.rows import as_csv
from dl_lit.services.fields import parsed_xml
from dl_lit.store.records import LibraryWork
from pdf_pages import AUTHOR_YEAR, article, hanging

WORK = Work(title="On the Age of Rivers", authors=(Person("Herring", "A."),), year=1999, volume="3", pages="1-9")


# ── PDFs and file names ──────────────────────────────────────────────────────────────────────────────────


def test_nothing_in_a_pdf_is_carried_out(tmp_path: Path) -> None:
    path, mark = tmp_path / "active.pdf", tmp_path / "carried-out"
    with pymupdf.open(hanging(article(), AUTHOR_YEAR).save(tmp_path / "plain.pdf")) as document:
        document.embfile_add("virus.sh", f"touch {mark}".encode())
        launch = document.get_new_xref()
        document.update_object(launch, f"<</S/Launch/F(/bin/sh)/P(-c 'touch {mark}')/Next<</S/JavaScript/JS(x)>>>>")
        document.xref_set_key(document.pdf_catalog(), "OpenAction", f"{launch} 0 R")
        document.save(path)
    with ParserPool(ExtractionSettings(), 1) as pool:
        assert len(pool.extract(path).references) == len(AUTHOR_YEAR)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["active.pdf", "plain.pdf"]


@pytest.mark.parametrize("name", ["-opw.pdf", "$(touch carried-out).pdf", "a;touch carried-out;.pdf", "two\nlines.pdf"])
def test_a_files_name_is_a_name_and_no_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    hanging(article(), AUTHOR_YEAR).save(tmp_path / name)
    with ParserPool(ExtractionSettings(), 1) as pool:
        assert len(pool.extract(Path(name)).references) == len(AUTHOR_YEAR)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_folder_of_pdfs_lends_no_code_to_the_program(tmp_path: Path) -> None:
    for module in ("signal.py", "pickle.py", "pymupdf.py", "sitecustomize.py"):
        (tmp_path / module).write_text("import os; os.mkdir('carried-out')\n")
    hanging(article(), AUTHOR_YEAR).save(tmp_path / "a.pdf")
    program = Path(sys.executable).with_name("dl-lit")
    done = subprocess.run([program, "extract-references", "a.pdf"], cwd=tmp_path, capture_output=True, timeout=60)
    assert done.returncode == 0 and done.stdout.count(b"\n") >= len(AUTHOR_YEAR)
    assert not (tmp_path / "carried-out").exists()


def test_no_settings_are_read_from_the_folder_that_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DL_LIT_CONFIG", raising=False)
    for name in ("config.toml", "dl-lit.toml", "pyproject.toml"):
        (tmp_path / name).write_text('[services.crossref]\nbase_url = "http://evil.example"\n')
    (tmp_path / ".env").write_text("DL_LIT_SERVICES__CROSSREF__BASE_URL=http://evil.example\n")
    assert load_settings().services.crossref.base_url == "https://api.crossref.org"


# ── what services and hosts send ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd" [<!ENTITY % b "x"> %b;]><a/>',
        b"<a>" * 5000 + b"</a>" * 5000,
    ],
    ids=["bomb", "file", "parameter", "nested"],
)
def test_xml_that_means_harm_is_no_xml(body: bytes) -> None:
    assert parsed_xml(body) is None


def test_robots_rules_made_to_be_slow_are_not() -> None:
    rules = Protego.parse("User-agent: *\n" + "".join(f"Disallow: /{'*a' * n}$b\n" for n in range(1, 400)))
    begun = time.process_time()
    rules.can_fetch("https://host.example/" + "a" * 2000, "dl-lit")
    assert time.process_time() - begun < 2


def test_a_list_of_names_without_end_is_read_at_once() -> None:
    begun = time.process_time()
    assert len(bibtex._people(" and ".join(["{A Body}"] * 60_000))) == 60_000
    assert time.process_time() - begun < 5


# ── catalogues of others ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    building.build(tmp_path / "works.cat", [WORK])
    return tmp_path / "works.cat"


def ask(path: Path) -> int:
    reference = replace(parse_reference("Herring, A. (1999) On the Age of Rivers. 3: 1-9."))
    with closing(CatalogueSet([path])) as chosen:
        return len(list(chosen.helpings(reference)))


def read_all(path: Path) -> int:
    with closing(CatalogueSet([path])) as chosen:
        return len(list(chosen.those_with(lambda line: True)))


def change(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


def test_a_block_that_unpacks_without_end_is_damage(catalogue: Path) -> None:
    assert ask(catalogue)
    change(catalogue, "UPDATE works SET data = ?", zlib.compress(b" " * (65 << 20), 9))
    with pytest.raises(CatalogueUnusable, match="larger than any block"):
        ask(catalogue)


NO_BLOCKS = {
    "empty": b"",
    "not packed": b"no block",
    "too short": zlib.compress(b"[]"),
    "no list": zlib.compress(b"{}\n"),
    "no people": zlib.compress(b"[[5],[],[]]"),
    "nested": zlib.compress(b"[" * 100_000),
}


@pytest.mark.parametrize("data", NO_BLOCKS.values(), ids=NO_BLOCKS)
@pytest.mark.parametrize("use", [ask, read_all], ids=["ask", "read_all"])
def test_a_block_that_is_none_is_damage(catalogue: Path, data: bytes, use: Callable[[Path], int]) -> None:
    change(catalogue, "UPDATE works SET data = ?", data)
    with pytest.raises(CatalogueUnusable, match="Build it anew"):
        use(catalogue)


def test_an_index_or_notes_that_cannot_be_read_are_damage(catalogue: Path) -> None:
    for statement in ("UPDATE features SET data = x'010203'", "UPDATE info SET value = ''", "DELETE FROM info"):
        change(catalogue, statement)
        with pytest.raises(CatalogueUnusable, match="Build it anew"):
            ask(catalogue)


def test_a_query_in_the_place_of_a_table_is_not_run(catalogue: Path) -> None:
    change(catalogue, "ALTER TABLE works RENAME TO real_works")
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
    change(catalogue, f"CREATE VIEW works AS {endless} SELECT x AS block, x AS data FROM n")
    with pytest.raises(CatalogueUnusable, match="is no catalogue"):
        Catalogue(catalogue)


# ── what we write for other programs ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("harm", [r"\input{/etc/passwd}", "^^5cinput{/etc/passwd}", r"\write18{rm x}", r"}\input{x}{"])
@pytest.mark.parametrize("name", ["title", "container", "publisher", "volume", "pages", "doi", "url", "arxiv"])
@pytest.mark.parametrize("write", [as_bibtex, as_biblatex])
def test_no_field_of_bibtex_is_a_command_to_latex(
    write: Callable[[Iterable[Keyed], Path], str], name: str, harm: str
) -> None:
    work = replace(WORK, **{name: f"https://host.example/{harm}" if name == "url" else f"10.1000/{harm}"})  # type: ignore[arg-type]
    text = write([Keyed("key", LibraryWork(1, "downloaded", work, None, 1))], Path("/pdfs"))
    assert parse_string(text).failed_blocks == []
    assert "\\input" not in text and "\\write" not in text and "^^" not in text


@pytest.mark.parametrize("harm", ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula_to_a_spreadsheet(harm: str) -> None:
    (_, row) = csv.reader(io.StringIO(as_csv(["title"], [[harm]])))
    assert row == [f"'{harm}"]

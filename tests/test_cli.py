"""The commands as a person types them: output, exit codes, and one clear line for every mistake."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import click
import pymupdf
import pytest
from bibtexparser.entrypoint import parse_string

from dl_lit import __version__
from dl_lit.cli import main as cli
from dl_lit.cli.log_file import log_file
from dl_lit.cli.main import COMMANDS, GROUPS, program, run
from dl_lit.cli.output import destination
from dl_lit.cli.streams import ESCAPED, take_any_character
from dl_lit.errors import DiskFull, DlLitError, RateLimited
from dl_lit.library import Library
from dl_lit.model import (
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    Extraction,
    KeptFile,
    NoMetadataRow,
    PdfFile,
    PdfReason,
    PdfRow,
    Person,
    Queueing,
    Reference,
    Stage,
    ToDownloadRow,
    WithMetadataRow,
    Work,
)
from dl_lit.store.database import Database
from dl_lit.store.store import Store
from stand_in_programs import leave_none, put_first

ME = "here:1:1.00"


pytestmark = pytest.mark.usefixtures("away_from_home")


def printed_pdf(path: Path) -> Path:
    """A page with a list of three references."""
    document = pymupdf.open()
    page = document.new_page()
    lines = ["A paper of our own", "", "It cites [1], [2] and [3].", "", "References", ""]
    lines += [
        "[1] Smith, J. (2001). The first title of them all. Journal of Tests, 1(2), 3-14.",
        "[2] Doe, A. (2002). A second title that is longer. Journal of Tests, 2(1), 33-41.",
        "[3] Roe, B. (2003). One more title to close the list. Journal of Tests, 3(4), 5-16.",
    ]
    for number, line in enumerate(lines):
        page.insert_text((72, 90 + 16 * number), line, fontsize=10)
    document.save(path)
    document.close()
    return path


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A library with one kept work, one without a copy, one unknown reference, and one broken PDF."""
    folder = tmp_path / "filled"
    store = Store(Database.open(folder / "literature.db"))
    run_id = store.start_run(ME, "test", {})
    store.add_pdfs(run_id, [PdfFile("/x/a.pdf", "sha", 1), PdfFile("/x/bad.pdf", None, 0, PdfReason.UNREADABLE)])
    (pdf,) = store.claim(Stage.EXTRACTION, ME, 5, 60)
    assert isinstance(pdf, PdfRow)
    references = tuple(Reference(raw=f"printed {n}", position=n) for n in (1, 2, 3))
    store.finish_extraction(pdf, ME, Extraction(pages=1, references=references))
    for row in store.claim(Stage.ENRICHMENT, ME, 5, 60):
        assert isinstance(row, NoMetadataRow)
        position = row.reference.position
        work = Work(title=f"Title {position}", authors=(Person("Doe", "J"),), year=2000, doi=f"10.1/{position}")
        outcome = Enrichment(Decision.ACCEPTED, work) if position < 3 else Enrichment(Decision.REJECTED)
        store.finish_enrichment(row, ME, outcome)
    for row in store.claim(Stage.QUEUEING, ME, 5, 60):
        assert isinstance(row, WithMetadataRow)
        store.finish_queueing(row, ME, Queueing())
    for row in store.claim(Stage.DOWNLOAD, ME, 5, 60):
        assert isinstance(row, ToDownloadRow)
        file = KeptFile("1.pdf", "0" * 64, 9, 2, "openalex", "http://u/", "http://u/", reserved="X-Robots-Tag: noai")
        kept = Download(file=file) if row.work.title == "Title 1" else Download(reason=DownloadReason.BLOCKED)
        store.finish_download(row, ME, kept)
    store.close()
    return folder


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in COMMANDS)


def test_the_list_of_commands_says_of_each_what_it_says_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    listed = capsys.readouterr().out
    sentences = {name: sentence for group in GROUPS.values() for name, sentence in group.items()}
    assert sentences.keys() == COMMANDS.keys()
    for name, sentence in sentences.items():
        command = program.get_command(click.Context(program), name)
        assert command is not None and command.get_short_help_str(100) == sentence
        assert re.search(rf"^  {name} +{re.escape(sentence)}$", listed, re.MULTILINE)


def test_the_list_of_commands_reads_none_of_them() -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "dl_lit", "--help"], capture_output=True, text=True, check=True
    )
    assert "dl_lit.cli.main" in told.stderr
    assert not {"dl_lit.cli.status", "pymupdf", "requests", "rich"} & {
        line.rsplit("|", 1)[-1].strip() for line in told.stderr.splitlines()
    }


def test_commands_to_the_terminal_in_a_file_name_are_spelt_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a\x1b[2Jb.pdf").write_bytes(b"no pdf")
    assert run(["extract-references", str(tmp_path), "--jobs", "1"]) == 1
    assert run(["extract-references", f"{tmp_path}/\x1b[2Jnowhere"]) == 2
    assert run(["init-db", "--library", f"{tmp_path}/\x1b[2J"]) == 0
    captured = capsys.readouterr()
    assert "\x1b" not in captured.err + captured.out
    assert r"a\x1b[2Jb.pdf: not_a_pdf" in captured.err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_text(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 4


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["no-such-command"], ["status", "--no-such-option"], ["process-pdf"]])
def test_a_wrong_command_line_is_a_usage_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "Usage" in capsys.readouterr().err


def test_a_library_that_is_not_there_is_said_with_the_cure(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status"]) == 2
    assert "Name it with --library" in capsys.readouterr().err


def test_debug_shows_the_traceback_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--debug", "status"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_main_ends_the_program_with_the_exit_code() -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["status"])
    assert ended.value.code == 2


def test_something_to_retry_later_has_its_own_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._report(RateLimited("slow down"), debug=False) == 3
    assert capsys.readouterr().err == "Error: slow down\n"


def test_init_db_makes_a_library_and_says_when_it_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init-db", "--library", "lib"]) == 0
    assert "is ready" in capsys.readouterr().out
    assert run(["init-db", "--library", "lib"]) == 0
    assert "there and up to date" in capsys.readouterr().out
    assert run(["status", "--library", "lib"]) == 0


def test_the_older_option_for_the_database_still_works(tmp_path: Path) -> None:
    assert run(["init-db", "--db-path", str(tmp_path / "old" / "my.db")]) == 0
    assert (tmp_path / "old" / "my.db").is_file()
    assert (tmp_path / "old" / "pdfs").is_dir()


def test_status_as_json(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "--library", str(filled), "--format", "json"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert (counts["downloaded"], counts["failed_downloads"], counts["pdfs_failed"]) == (1, 1, 1)


@pytest.mark.parametrize("command", ["status", "failures", "export-bibtex", "doctor"])
def test_a_library_is_only_looked_at(filled: Path, command: str) -> None:
    database = filled / "literature.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA user_version = 0")
        connection.execute("PRAGMA journal_mode = DELETE")
    before = database.read_bytes()
    assert run([command, "--library", str(filled)]) != 0  # no longer a library: refused, and not made one again
    assert database.read_bytes() == before
    assert [file.name for file in filled.iterdir()] == ["literature.db"]


def test_looking_and_making_heed_the_settings_of_the_store(
    filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DL_LIT_STORE__SYNCHRONOUS", "SOMETIMES")
    for command in ("status", "failures", "export-bibtex", "init-db"):
        assert run([command, "--library", str(filled)]) == 2
        assert "store.synchronous" in capsys.readouterr().err


def test_failures_of_one_stage_only(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["failures", "--library", str(filled), "--stage", "download", "--format", "json"]) == 0
    (failure,) = json.loads(capsys.readouterr().out)
    assert failure["reason"] == "blocked"


def test_failures_as_a_table_explain_themselves(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["failures", "--library", str(filled)]) == 0
    assert "unreadable" in capsys.readouterr().out


def test_export_bibtex_to_standard_output_and_to_a_file(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export-bibtex", "--library", str(filled)]) == 0
    assert len(parse_string(capsys.readouterr().out).entries) == 2
    assert run(["export-bibtex", "--library", str(filled), "--with-copy-only", "--output", "x.bib"]) == 0
    (entry,) = parse_string(Path("x.bib").read_text("utf-8")).entries
    assert str(filled / "pdfs" / "1.pdf") in entry.fields_dict["file"].value


def test_an_export_that_cannot_be_written_is_said(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("file").touch()
    assert run(["export-bibtex", "--library", str(filled), "--output", "file/x.bib"]) == 2
    assert "cannot be written" in capsys.readouterr().err


KEYS = [
    *("source_pdf", "position", "page", "label", "raw", "authors", "editors", "title", "translated_title", "year"),
    *("year_text", "container", "volume", "issue", "pages", "publisher", "place", "type", "doi", "arxiv", "pmid"),
    *("pmcid", "isbn", "issn", "url", "language", "from_note"),
]


def test_references_come_as_json_lines_with_all_their_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pdf = printed_pdf(tmp_path / "مقال مع مسافة.pdf")
    assert run(["extract-references", str(pdf), "--jobs", "1"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [list(row) for row in rows] == [KEYS] * 3
    assert [row["position"] for row in rows] == [1, 2, 3]
    assert rows[0]["source_pdf"] == str(pdf)
    assert rows[0]["authors"][0]["family"] == "Smith"


def test_references_of_a_folder_come_in_the_order_of_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "pdfs"
    folder.mkdir()
    for name in ("c", "a", "b"):
        printed_pdf(folder / f"{name}.pdf")
    assert run(["extract-references", str(folder), "--output", "out/refs.jsonl", "--jobs", "2"]) == 0
    lines = Path("out/refs.jsonl").read_text("utf-8").splitlines()
    assert [Path(json.loads(line)["source_pdf"]).stem for line in lines] == list("aaabbbccc")


def test_a_file_without_references_is_named_with_its_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.pdf").write_bytes(b"<html>not a pdf</html>")
    printed_pdf(tmp_path / "y.pdf")
    assert run(["extract-references", str(tmp_path), "--jobs", "1"]) == 0
    captured = capsys.readouterr()
    assert "x.pdf: not_a_pdf" in captured.err
    assert len(captured.out.splitlines()) == 3
    assert run(["extract-references", str(tmp_path / "x.pdf"), "--jobs", "1"]) == 1


def test_a_folder_without_pdfs_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["extract-references", str(tmp_path)]) == 0
    assert "No documents" in capsys.readouterr().err


def test_a_path_that_is_not_there_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["extract-references", "nowhere"]) == 2
    assert "nothing at nowhere" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pdf = printed_pdf(tmp_path / "a.pdf")
    (tmp_path / "file").write_text("in the way")
    assert run(["extract-references", str(pdf), "--output", "file/refs.jsonl"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_what_is_printed_beside_the_works_fields_is_written_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = pymupdf.open()
    page = document.new_page()
    for row, line in enumerate(
        [
            "References",
            "[7] Smith, J. (2001a). The first title of them all. Journal of Tests, 1(2), 3-14. PMCID: PMC1234567.",
            "[8] Doe, A. (2002). Segundo titulo [A second title]. Revista de Pruebas, 2(1), 33-41.",
            "[9] Roe, B. (in press). One more title to close the list. Journal of Tests.",
        ]
    ):
        page.insert_text((72, 90 + 16 * row), line, fontsize=10)
    document.save(tmp_path / "a.pdf")
    assert run(["extract-references", str(tmp_path / "a.pdf"), "--jobs", "1"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["label"] for row in rows] == ["7", "8", "9"]
    assert [row["year_text"] for row in rows] == ["2001a", "2002", "in press"]
    assert rows[0]["pmcid"] == "PMC1234567"
    assert rows[1]["translated_title"] == "A second title"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A file of an earlier run."""
    path = tmp_path / "older.jsonl"
    path.write_text("of an earlier run\n")
    path.chmod(0o640)
    return path


def test_a_run_that_fails_leaves_an_older_output_as_it_was(tmp_path: Path, older: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"<html>no pdf</html>")
    assert run(["extract-references", str(tmp_path / "x.pdf"), "--output", str(older), "--jobs", "1"]) == 1
    assert older.read_text() == "of an earlier run\n"
    assert run(["extract-references", str(tmp_path / "x.pdf"), "--explain", "--output", str(older)]) == 1
    assert older.read_text() == "of an earlier run\n"
    assert list(tmp_path.glob(".dl-lit-*")) == []


def test_an_output_is_replaced_at_the_end_with_its_permissions(tmp_path: Path, older: Path) -> None:
    link = tmp_path / "link.jsonl"
    link.symlink_to(older)
    pdf = printed_pdf(tmp_path / "a.pdf")
    assert run(["extract-references", str(pdf), "--output", str(link), "--jobs", "1"]) == 0
    assert link.is_symlink() and len(older.read_text().splitlines()) == 3
    assert older.stat().st_mode & 0o777 == 0o640


def test_an_interruption_leaves_an_older_output_as_it_was(tmp_path: Path, older: Path) -> None:
    with pytest.raises(KeyboardInterrupt), destination(older) as out:
        out.write("half")
        raise KeyboardInterrupt
    assert older.read_text() == "of an earlier run\n"
    assert list(tmp_path.glob(".dl-lit-*")) == []


def test_what_is_no_file_is_written_to_directly(tmp_path: Path) -> None:
    assert run(["extract-references", str(printed_pdf(tmp_path / "a.pdf")), "--output", os.devnull]) == 0
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252"])
def test_json_is_escaped_where_the_encoding_of_the_output_lacks_a_character(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    pdf = printed_pdf(tmp_path / "مقال \N{GRINNING FACE} ü.pdf")
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    assert run(["extract-references", str(pdf), "--jobs", "1"]) == 0
    sys.stdout.flush()
    rows = [json.loads(line) for line in written.getvalue().decode(encoding).splitlines()]
    assert [row["source_pdf"] for row in rows] == [str(pdf)] * 3


def test_tables_and_messages_are_readable_in_any_encoding(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, err = io.BytesIO(), io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="latin-1"))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(err, encoding="latin-1"))
    assert run(["failures", "--library", str(filled)]) == 0
    assert run(["extract-references", "مقال.pdf"]) == 2
    sys.stdout.flush()
    sys.stderr.flush()
    assert b"unreadable" in out.getvalue()
    assert b"nothing at \\u0645" in err.getvalue()


def test_a_stream_in_another_encoding_only_escapes_what_it_writes() -> None:
    take_any_character()
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", ESCAPED)


def test_the_doctor_reads_a_sample_and_tells_what_is_set(
    filled: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DL_LIT_SERVICES__OPENALEX__API_KEY", "hush")
    monkeypatch.setenv("DL_LIT_SERVICES__CROSSREF__BASE_URL", "http://127.0.0.1:9/crossref")
    assert run(["doctor", "--library", str(filled), "--email", "me@here.org", "--format", "json"]) == 0
    text = capsys.readouterr().out
    checks = {check["name"]: check for check in json.loads(text)}
    assert "references in" in checks["reading PDFs"]["finding"]
    assert checks["database"]["finding"].endswith("sound")
    assert checks["contact"]["ok"] and checks["openalex"]["ok"]
    assert "127.0.0.1:9" in checks["crossref"]["finding"]
    assert "hush" not in text and "me@here.org" not in text


def test_the_doctor_names_the_readers_that_are_installed_and_their_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_first(tmp_path / "bin", monkeypatch, pdftotext="exit 1", tesseract="printf 'List:\\nosd\\nfra\\ndeu\\n'")
    assert run(["doctor", "--format", "json"]) == 0
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert checks["pdftotext"]["ok"] and str(tmp_path / "bin" / "pdftotext") in checks["pdftotext"]["finding"]
    assert "languages: fra deu; reads scanned PDFs" in checks["tesseract"]["finding"]
    put_first(tmp_path / "bin", monkeypatch, tesseract="exit 1")
    assert run(["doctor", "--format", "json"]) == 0
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert "languages: unknown (tesseract ended with code 1)" in checks["tesseract"]["finding"]


def test_the_doctor_tells_what_missing_readers_are_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_none(tmp_path / "bin", monkeypatch)
    assert run(["doctor", "--format", "json"]) == 0
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    for name, use in {"pdftotext": "PDFs", "tesseract": "scanned", "pandoc": "docx"}.items():
        assert checks[name]["ok"] is None
        assert "not installed; optional" in checks[name]["finding"] and use in checks[name]["finding"]


def test_a_document_without_a_fit_pandoc_is_reported_with_the_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_first(tmp_path / "bin", monkeypatch, pandoc="echo Unknown option --sandbox >&2; exit 6")
    (tmp_path / "papers").mkdir()
    pdf = printed_pdf(tmp_path / "papers" / "a.pdf")
    (tmp_path / "papers" / "b.md").write_text("# References")
    assert run(["extract-references", str(tmp_path / "papers")]) == 0
    captured = capsys.readouterr()
    assert str(pdf) in captured.out
    assert "b.md: no_reader: " in captured.err and "pip install 'dl-lit[pandoc]'" in captured.err


def test_the_doctor_finds_a_broken_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "literature.db").write_bytes(b"this is no database" * 100)
    assert run(["doctor", "--library", "lib"]) == 1
    assert "FAULT" in capsys.readouterr().out


def test_the_doctor_has_hints_for_a_fresh_machine(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--library", "not/there/yet", "--format", "json"]) == 0
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert checks["contact"]["ok"] is None
    assert checks["database"]["ok"] is None


def test_a_full_disk_and_other_refusals_of_the_system_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    full = cli._of_system(OSError(28, "No space left on device"))
    other = cli._of_system(OSError(5, "Input/output error", "/x"))
    assert (type(full), full.exit_code) == (DiskFull, 1)
    assert "Input/output error (/x)" in other.message


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_log_on_a_full_disk_prints_no_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = Library.at(tmp_path / "library")
    library.make_folders()
    (library.logs / "dl-lit.log").symlink_to("/dev/full")
    with log_file(library, (), "text"):
        logging.getLogger("dl_lit.test").warning("nobody can keep this")
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_to_a_full_disk_ends_with_one_line(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export-bibtex", "--library", str(filled), "--output", "/dev/full"]) in (1, 2)
    assert "Traceback" not in capsys.readouterr().err


def test_a_broken_installation_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(COMMANDS, "status", "no_such_module")
    assert run(["status"]) == 1
    assert "Install dl-lit again" in capsys.readouterr().err


def test_the_doctor_shows_its_table_even_when_no_child_can_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*args: object) -> None:
        raise DlLitError("no child starts")

    monkeypatch.setattr("dl_lit.cli.doctor.ParserPool", broken)
    assert run(["doctor", "--format", "json"]) == 1
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert checks["reading PDFs"]["finding"] == "no child starts"


def test_a_fault_for_a_service_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["standin", "--port", "0", "--fault", "crossreff=down"]) == 2
    assert "no such service or host" in capsys.readouterr().err


def test_a_library_whose_pdfs_are_on_a_disk_that_is_not_there_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "pdfs").symlink_to(tmp_path / "drive" / "pdfs")
    assert run(["init-db", "--library", str(library)]) == 1
    told = " ".join(capsys.readouterr().err.split())
    assert "is a link to" in told and "Mount the disk" in told
    assert not (tmp_path / "drive").exists()


def test_a_library_with_a_file_in_a_folders_place_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "pdfs").write_text("in the way")
    assert run(["init-db", "--library", str(library)]) == 1
    assert "library/pdfs)" in "".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["statsu"], "Did you mean status?"),
        (["exprot"], "Did you mean export"),
        (["import-bibtex"], "import-bib"),
        (["process"], "Did you mean process-folder-concurrent or"),
        (["zzzz"], "dl-lit --help lists them all"),
        (["retry", "--reason", "timeot"], "'timeot' is none of them. Did you mean timeout"),
        (["export", "--to", "bib"], "'zip'. Did you mean bibtex"),
        (["show-sample", "download_references"], "Did you mean downloaded_references"),
        (["completion", "fsh"], "Did you mean fish"),
    ],
)
def test_what_is_spelt_nearly_so_is_named(typed: list[str], meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(typed) == 2
    assert meant in capsys.readouterr().err


def test_help_may_be_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["help"]) == 0
    assert "Find and fetch:" in capsys.readouterr().out
    assert run(["help", "export"]) == 0
    assert "--per-pdf" in capsys.readouterr().out


def test_debug_may_stand_behind_the_command_but_not_behind_two_dashes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "--debug"]) == 2
    assert "Traceback" in capsys.readouterr().err
    assert run(["why", "--", "--debug"]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("command", ["status --watch --interval 0.2 --format json", "--help", "show-sample works"])
def test_a_reader_that_has_enough_is_no_error(filled: Path, command: str) -> None:
    library = [] if command == "--help" else ["--library", str(filled)]
    line = [sys.executable, "-u", "-m", "dl_lit", *command.split(), *library]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None and program.stderr is not None
        if "--watch" in command:
            program.stdout.readline()
        program.stdout.close()
        assert program.wait(60) == 0
        assert program.stderr.read() == b""


def test_the_doctor_finds_a_file_where_the_library_would_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert run(["doctor", "--library", str(tmp_path / "file" / "library"), "--format", "json"]) == 1
    [found] = [one for one in json.loads(capsys.readouterr().out) if one["name"] == "library"]
    assert found["ok"] is False and "is no folder" in found["finding"]


@pytest.mark.parametrize("command", ["status", "cache", "doctor", "runs", "config show", "inspect-tables"])
def test_a_narrow_terminal_folds_words_and_cuts_none(
    filled: Path, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    where = [] if command == "config show" else ["--library", str(filled)]
    assert run([*command.split(), *where]) == 0
    assert "…" not in capsys.readouterr().out

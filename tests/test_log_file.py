"""The log of a run in the library."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from dl_lit.cli.log_file import log_file
from dl_lit.library import Library

log = logging.getLogger("dl_lit.test")


def logged(folder: Path, log_format: str) -> list[str]:
    library = Library.at(folder)
    library.make_folders()
    with log_file(library, ("s3cret-key",), log_format):
        log.info("asked with %s: ü", "s3cret-key")
        try:
            raise ValueError("with s3cret-key in it")
        except ValueError:
            log.exception("two\nlines")
    log.info("after the run")
    [file] = library.logs.iterdir()
    return file.read_text("utf-8").splitlines()


def test_as_json_every_line_is_an_object_and_holds_no_secret(tmp_path: Path) -> None:
    lines = logged(tmp_path, "json")
    first, second = map(json.loads, lines)
    assert (first["level"], first["logger"], first["thread"]) == ("INFO", "dl_lit.test", "MainThread")
    assert first["message"].endswith(": ü") and first["time"] > 1e9
    assert second["message"] == "two\nlines" and "ValueError" in second["exception"]
    assert "s3cret" not in "".join(lines)


def test_as_text_it_is_read_by_people(tmp_path: Path) -> None:
    lines = logged(tmp_path, "text")
    assert "INFO MainThread dl_lit.test: asked with" in lines[0]
    assert any("ValueError" in line for line in lines)
    assert "s3cret" not in "".join(lines)

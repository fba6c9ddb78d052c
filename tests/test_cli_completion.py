"""What a shell is told when somebody presses Tab."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from dl_lit.cli.main import COMMANDS, run


def completed(words: str) -> list[str]:
    """As bash asks: the words so far, the last of which is to be completed."""
    asked = {"_DL_LIT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    code = "from dl_lit.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_commands_are_completed_from_the_list_alone() -> None:
    assert completed("dl-lit process-folder") == ["process-folder-concurrent", "process-folder"]
    assert set(completed("dl-lit ")) == set(COMMANDS)


def test_options_and_their_choices_are_completed() -> None:
    assert "--debug" in completed("dl-lit --d")
    assert completed("dl-lit export --sta") == ["--state"]
    assert completed("dl-lit export --to b") == ["bibtex", "biblatex"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_it_can_read(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "_DL_LIT_COMPLETE" in script and "dl-lit" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, timeout=60, check=True)


def test_tables_are_completed() -> None:
    assert completed("dl-lit show-sample needs") == ["needs_review"]

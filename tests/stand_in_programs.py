"""Programs for the PATH of a test: shell scripts that behave badly, and folders without any program."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

HANGS = "exec sleep 600"


def put_first(folder: Path, monkeypatch: pytest.MonkeyPatch, **programs: str) -> None:
    """Shell scripts of these names go before all other programs."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, script in programs.items():
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def leave_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No program is found any more, nor the pandoc that a package brings along."""
    folder.mkdir(parents=True, exist_ok=True)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setitem(sys.modules, "pypandoc", None)

"""What holds for every test: it never reads or writes the cache of whoever runs it. And what several test files share;
a file with a `world` or a `library` of its own means that one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from dl_lit.library import Library
from dl_lit.standin.server import StandIn
from dl_lit.standin.settings import StandInSettings
from library import SmallLibrary

_numbers = count()


@pytest.fixture(scope="session", autouse=True)
def cache_of_these_tests() -> Iterator[Path]:
    """Before all other fixtures of its kind; child processes inherit it."""
    with tempfile.TemporaryDirectory(prefix="dl-lit-tests-") as folder, pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CACHE_HOME", folder)
        for name in [name for name in os.environ if name.startswith("DL_LIT_EXTRACTION__CACHE")]:
            environment.delenv(name)
        yield Path(folder)


@pytest.fixture(autouse=True)
def cache_of_this_test(cache_of_these_tests: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the test's own cache, which is not there until something is kept."""
    folder = cache_of_these_tests / str(next(_numbers))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder / "dl-lit"


@pytest.fixture(autouse=True)
def state_of_this_test(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs share about the services starts empty for each test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("DL_LIT_NETWORK__STATE_DIR", raising=False)


@pytest.fixture
def away_from_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a folder of its own, without anybody's settings."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.toml").touch()
    monkeypatch.setenv("DL_LIT_CONFIG", str(tmp_path / "empty.toml"))


@pytest.fixture
def world() -> Iterator[StandIn]:
    with StandIn(StandInSettings(service_latency=(0.001, 0.005), host_latency=(0.001, 0.01))) as standin:
        yield standin


@pytest.fixture
def library(away_from_home: None, tmp_path: Path) -> Iterator[SmallLibrary]:
    """In `./library`, where the commands look for it."""
    Library.at(tmp_path / "library").make_folders()
    library = SmallLibrary(tmp_path / "library" / "literature.db")
    yield library
    library.close()

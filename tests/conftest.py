"""What holds for every test: it never reads or writes what the programs of whoever runs it share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def state_of_this_test(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("DL_LIT_NETWORK__STATE_DIR", raising=False)

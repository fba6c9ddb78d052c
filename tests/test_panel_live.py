"""The panel on a real terminal: keys that steer a run, and a screen that is put back."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console

from dl_lit.pipeline.progress import Progress, Snapshot
from dl_lit.pipeline.shutdown import Shutdown
from dl_lit.ui.panel.keys import listening
from dl_lit.ui.panel.live import LivePanel
from dl_lit.ui.panel.scene import Focus, Motion

PATIENCE = 60.0  # seconds
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A pseudo-terminal that is the controlling one of a child; `seen` is what came of it so far, without colours."""

    def __init__(self, command: list[str], folder: Path, kind: str = "xterm") -> None:
        self.ours, theirs = pty.openpty()
        environment = {**os.environ, "TERM": kind, "COLUMNS": "100", "LINES": "40"}
        self.child = subprocess.Popen(
            command, cwd=folder, env=environment, preexec_fn=lambda: os.login_tty(theirs), pass_fds=(theirs,)
        )
        os.close(theirs)
        self.seen = ""

    def press(self, keys: str) -> None:
        self.seen = ""
        os.write(self.ours, keys.encode())

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while words not in self.seen:
            assert time.monotonic() < deadline, f"{words!r} never came: {self.seen[-3000:]}"
            if not self._read():
                raise AssertionError(f"it ended without {words!r}: {self.seen[-3000:]}")

    def to_the_end(self) -> int:
        while self._read():
            pass
        return self.child.wait(PATIENCE)

    def _read(self) -> bool:
        ready = select.select([self.ours], [], [], 1.0)[0]
        try:
            self.seen += ESCAPES.sub("", os.read(self.ours, 65_536).decode(errors="replace")) if ready else ""
        except OSError:
            return False  # the child has closed its end
        return True

    def close(self) -> None:
        self.child.kill()
        self.child.wait()
        os.close(self.ours)


@contextmanager
def terminal(command: list[str], folder: Path, kind: str = "xterm") -> Iterator[Terminal]:
    one = Terminal(command, folder, kind)
    try:
        yield one
    finally:
        one.close()


def test_a_run_is_paused_looked_at_and_stopped_by_keys(tmp_path: Path, away_from_home: None) -> None:
    command = [sys.executable, "-m", "dl_lit", "demo", "--realistic", "--no-cache", "--folder", "demo"]
    with terminal(command, tmp_path) as one:
        one.wait_for("find works: ")
        one.press("p")
        one.wait_for("PAUSED")
        one.wait_for("go on")
        one.press("f")
        one.wait_for("why not")
        one.press("w")
        one.wait_for("at work on")
        one.press("p")
        one.wait_for("slowest")
        one.press("q")
        assert one.to_the_end() == 130
        assert "Interrupted" in one.seen and "Run the same command again" in one.seen
        assert "Traceback" not in one.seen


def test_a_terminal_that_cannot_move_its_cursor_gets_lines(tmp_path: Path, away_from_home: None) -> None:
    (tmp_path / "empty").mkdir()
    command = [sys.executable, "-m", "dl_lit", "process-folder-concurrent", "empty", "--no-enrich"]
    with terminal(command, tmp_path, "dumb") as one:
        assert one.to_the_end() == 0
        assert "There were no PDFs to read" in one.seen and "╭" not in one.seen


KEYS = """
import sys, threading
from dl_lit.ui.panel.keys import listening
over = threading.Event()
def press(key):
    print(f"<{key}>", flush=True)
    if key == "q":
        over.set()
with listening(press) as heard:
    print("listening" if heard else "deaf", flush=True)
    over.wait(60)
print("over", flush=True)
"""


def test_the_terminal_is_as_it_was_after_the_keys(tmp_path: Path) -> None:
    with terminal([sys.executable, "-c", KEYS], tmp_path) as one:
        before = termios.tcgetattr(one.ours)[3]
        one.wait_for("listening")
        one.press("ä7")
        one.wait_for("<7>")
        assert "<ä>" in one.seen
        assert not termios.tcgetattr(one.ours)[3] & termios.ICANON
        one.press("q")
        one.wait_for("over")
        assert termios.tcgetattr(one.ours)[3] == before


def test_keys_are_heard_again_after_a_shell_has_put_its_settings_back(tmp_path: Path) -> None:
    with terminal([sys.executable, "-c", KEYS], tmp_path) as one:
        settings = termios.tcgetattr(one.ours)
        one.wait_for("listening")
        one.press("a")
        one.wait_for("<a>")
        one.child.send_signal(signal.SIGSTOP)
        termios.tcsetattr(one.ours, termios.TCSANOW, settings)
        one.child.send_signal(signal.SIGCONT)
        deadline = time.monotonic() + PATIENCE
        while termios.tcgetattr(one.ours)[3] & termios.ICANON:
            assert time.monotonic() < deadline
            select.select([], [], [], 0.05)
        one.press("q")
        one.wait_for("over")


def test_without_a_terminal_no_key_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("q"))
    with listening(lambda key: pytest.fail(f"heard {key}")) as heard:
        assert not heard


class Quiet:
    """A run in which nothing happens; `snapshot` fails where `is_broken`."""

    def __init__(self) -> None:
        self.shutdown = Shutdown()
        self.is_broken = False

    def snapshot(self) -> Snapshot:
        if self.is_broken:
            raise ValueError("broken")
        return Progress().snapshot({})

    def health(self) -> tuple[()]:
        return ()


def panel(run: Quiet) -> LivePanel:
    return LivePanel(run, Console(file=io.StringIO(), width=80, height=24, force_terminal=True))


def test_keys_turn_the_panel_and_back_and_others_do_nothing() -> None:
    run = Quiet()
    shown = panel(run)
    for keys, focus in (("f", Focus.FAILURES), ("W", Focus.WORKERS), ("w", Focus.HOSTS), ("x\x1b", Focus.HOSTS)):
        for key in keys:
            shown.press(key)
        assert shown.scene().focus is focus
    assert shown.scene().motion is Motion.RUNNING


def test_what_a_narrower_terminal_makes_of_the_last_frame_is_swept_away() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, height=24, force_terminal=True)
    shown = LivePanel(Quiet(), console)
    for width, sweeps in ((80, 0), (100, 0), (60, 1), (60, 1)):
        console.width = width
        shown.frame()
        assert out.getvalue().count("\x1b[2J") == sweeps, width


def test_q_drains_first_and_stops_the_second_time() -> None:
    run = Quiet()
    shown = panel(run)
    shown.press("p")
    assert shown.scene().motion is Motion.PAUSED
    shown.press("p")
    assert shown.scene().motion is Motion.RUNNING
    shown.press("q")
    assert run.shutdown.draining.is_set() and not run.shutdown.stopping.is_set()
    assert shown.scene().motion is Motion.DRAINING
    shown.press("q")
    assert run.shutdown.stopping.is_set()


def test_a_panel_that_cannot_be_drawn_disturbs_nobody_and_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    run = Quiet()
    shown = panel(run)
    good = shown.frame()
    run.is_broken = True
    assert shown.frame() is good and shown.frame() is good
    assert [record.message for record in caplog.records] == ["The panel could not be drawn"]

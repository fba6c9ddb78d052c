"""What failed for good before a sudden end is not tried again after it; what may pass is."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dl_lit.download.downloader import Downloader
from dl_lit.errors import DatabaseBusy
from dl_lit.model import Attempt, Download, DownloadReason, KeptFile
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.network import Network
from download_world import QUICK, DownloadWorld, download_world, file, finish, html, in_process, pdf, redirect, row
from httpserver import Reply


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DownloadWorld]:
    with download_world(tmp_path) as world:
        yield world


class Notebook:
    """Remembers in a list what the store would keep in its table."""

    def __init__(self) -> None:
        self.written: defaultdict[int, list[Attempt]] = defaultdict(list)
        self.owned: list[KeptFile] = []

    def record_attempt(self, reference_id: int, attempt: Attempt) -> None:
        self.written[reference_id].append(attempt)

    def attempts_since_queued(self, reference_id: int) -> list[Attempt]:
        return list(self.written[reference_id])

    def owned_files(self, reference_id: int) -> list[KeptFile]:
        return self.owned


def downloader(world: DownloadWorld, notebook: Notebook) -> Downloader:
    return Downloader(
        world.settings, world.network, world.services, world.library, in_process, memory=notebook, pauses=QUICK
    )


def steps(world: DownloadWorld, notebook: Notebook, number: int, *urls: str) -> Download | None:
    """A run that is ended suddenly after so many requests."""
    one = downloader(world, notebook)
    job = one.start(row(*urls))
    made = len(world.hosts.visited)
    while len(world.hosts.visited) - made < number:
        outcome = one.step(job)
        if isinstance(outcome, Download):
            return outcome
    return None


def test_what_failed_for_good_is_not_asked_for_again(world: DownloadWorld) -> None:
    notebook = Notebook()
    walled = world.hosts.put("2/a.pdf", html("<title>Just a moment...</title>", status=403, cf_mitigated="challenge"))
    good = world.hosts.put("3/b.pdf", file())
    assert steps(world, notebook, 1, walled, good) is None
    assert [one.outcome for one in notebook.written[7]] == [DownloadReason.BLOCKED]
    outcome = steps(world, notebook, 9, walled, good)
    assert outcome is not None and outcome.file is not None
    assert world.hosts.visited == ["2/a.pdf", "3/b.pdf"]
    assert [one.outcome for one in outcome.attempts] == [DownloadReason.SUCCESS]


def test_a_remembered_failure_still_gives_the_reason_when_nothing_else_is_left(world: DownloadWorld) -> None:
    notebook = Notebook()
    walled = world.hosts.put("2/a.pdf", html("<title>Just a moment...</title>", status=403, cf_mitigated="challenge"))
    gone = world.hosts.put("3/b.pdf", Reply(410, b"gone"))
    assert steps(world, notebook, 1, walled, gone) is None
    outcome = steps(world, notebook, 9, walled, gone)
    assert outcome is not None and outcome.reason is DownloadReason.BLOCKED
    assert [one.outcome for one in outcome.attempts] == [DownloadReason.GONE]


@pytest.mark.parametrize("outcome", [DownloadReason.TIMEOUT, DownloadReason.CONNECTION, DownloadReason.BAD_STATUS])
def test_what_may_pass_is_tried_again(world: DownloadWorld, outcome: DownloadReason) -> None:
    notebook = Notebook()
    good = world.hosts.put("2/a.pdf", file())
    notebook.record_attempt(7, Attempt("openalex", good, None, "127.0.0.2", outcome))
    again = steps(world, notebook, 9, good)
    assert again is not None and again.file is not None


def test_a_link_that_failed_for_good_is_not_followed_from_its_page_again(world: DownloadWorld) -> None:
    notebook = Notebook()
    file_url = world.hosts.put("2/a.pdf", Reply(410, b"gone"))
    page = world.hosts.put("2/article", html(head=f'<meta name="citation_pdf_url" content="{file_url}">'))
    first = steps(world, notebook, 9, page)
    assert first is not None and first.reason is DownloadReason.GONE
    for one in first.attempts:
        notebook.record_attempt(7, one)
    again = steps(world, notebook, 9, page)
    assert again is not None and again.reason is DownloadReason.GONE
    assert world.hosts.visited.count("2/a.pdf") == 1


def test_a_busy_database_loses_no_attempt(world: DownloadWorld) -> None:
    class Busy(Notebook):
        refusals = 1

        def record_attempt(self, reference_id: int, attempt: Attempt) -> None:
            if self.refusals:
                self.refusals -= 1
                raise DatabaseBusy("Another process holds the database.")
            super().record_attempt(reference_id, attempt)

    notebook = Busy()
    gone = [world.hosts.put(f"{n}/a.pdf", Reply(410, b"gone")) for n in (2, 3, 4)]
    one = downloader(world, notebook)
    job = one.start(row(*gone))
    one.step(job)
    assert not notebook.written[7]
    one.step(job)
    assert [attempt.host for attempt in notebook.written[7]] == ["127.0.0.2", "127.0.0.3"]
    outcome = one.step(job)
    assert isinstance(outcome, Download)
    assert [attempt.host for attempt in outcome.attempts] == ["127.0.0.4"]


@pytest.mark.parametrize(
    ("status", "waits", "reason", "told"),
    [(500, 5, DownloadReason.BAD_STATUS, "as in 5 runs"), (403, 1, DownloadReason.BLOCKED, "as in the run")],
)
def test_a_place_waits_for_its_host_through_some_runs_and_is_then_given_up(
    world: DownloadWorld, status: int, waits: int, reason: DownloadReason, told: str
) -> None:
    notebook, url = Notebook(), world.hosts.url("2/mine.pdf")
    reasons = []
    for _ in range(waits + 1):
        network = Network(world.settings, MemoryLedger(), stop=world.stop)
        run = Downloader(
            world.settings, network, world.services, world.library, in_process, memory=notebook, pauses=QUICK
        )
        for number in range(100, 106):
            finish(run, row(world.hosts.put(f"2/{number}.pdf", Reply(status)), row_id=number))
        for _ in range(2):  # tried again within the run, it is the same waiting
            download = finish(run, row(url))
            for one in download.attempts:
                notebook.record_attempt(7, one)
        reasons.append(download.reason)
        network.close()
        for number in range(100, 106):
            notebook.written.pop(number)
    assert reasons == [DownloadReason.HOST_ENDED] * waits + [reason]
    assert "2/mine.pdf" not in world.hosts.visited
    assert f"{told} before" in (download.detail or notebook.written[7][-1].detail or "")


# ── PDFs of the user's own ───────────────────────────────────────────────────────────────────────────────


def owned(world: DownloadWorld, body: bytes, name: str = "mine.pdf") -> KeptFile:
    (world.library.pdfs / name).write_bytes(body)
    url = f"file:///papers/{name}"
    return KeptFile(name, hashlib.sha256(body).hexdigest(), len(body), 3, "import", url, url, identity="title")


def test_a_pdf_of_the_users_own_is_taken_before_anybody_is_asked(world: DownloadWorld) -> None:
    url, notebook = world.hosts.put("2/a.pdf", file()), Notebook()
    notebook.owned = [owned(world, pdf("A history of opera"), "wrong.pdf"), owned(world, pdf())]
    download = finish(downloader(world, notebook), row(url))
    assert download.file == replace(notebook.owned[1], identity="title")
    assert [one.outcome for one in download.attempts] == [DownloadReason.WRONG_WORK, DownloadReason.SUCCESS]
    assert world.hosts.visited == []


def test_a_pdf_of_the_users_own_that_is_another_work_is_judged_once(world: DownloadWorld) -> None:
    world.hosts.put("3/b.pdf", file())
    url, notebook = world.hosts.put("2/a.pdf", redirect(world.hosts.url("3/b.pdf"))), Notebook()
    notebook.owned = [owned(world, pdf("A history of opera"))]
    killed = downloader(world, notebook)
    killed.step(killed.start(row(url)))
    download = finish(downloader(world, notebook), row(url))
    assert [one.source for one in notebook.written[7]] == ["import"]
    assert [one.source for one in download.attempts] == ["openalex"]


def test_a_pdf_of_the_users_own_that_is_gone_or_changed_counts_for_nothing(world: DownloadWorld) -> None:
    url, notebook = world.hosts.put("2/a.pdf", file()), Notebook()
    notebook.owned = [owned(world, pdf(), "gone.pdf"), owned(world, pdf(), "changed.pdf")]
    (world.library.pdfs / "gone.pdf").unlink()
    (world.library.pdfs / "changed.pdf").write_bytes(b"%PDF-")
    download = finish(downloader(world, notebook), row(url))
    assert download.file is not None
    assert download.file.source == "openalex"

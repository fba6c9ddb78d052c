"""What a person sees, drawn from facts made for the occasion."""

from __future__ import annotations

import io
import json
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from dl_lit import moments
from dl_lit.cli.running import Lines
from dl_lit.cli.view import View
from dl_lit.library import Library
from dl_lit.model import DownloadReason, EnrichmentReason, Health, PdfReason, PoolHealth, Stage
from dl_lit.pipeline.progress import Event, Snapshot, StageStats, WorkerStats
from dl_lit.pipeline.work import Verdict
from dl_lit.store.records import Failure, LibraryCounts, ReasonCount, StageCounts, WaitingRows
from dl_lit.ui import plain, summary, tables
from dl_lit.ui.panel.drawing import draw
from dl_lit.ui.panel.scene import Focus, Scene, Size
from dl_lit.ui.tables import Check
from dl_lit.ui.wording import EXPLANATIONS, condition, duration, explain, printable, signal


def drawn(renderable: RenderableType, width: int = 100) -> str:
    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(renderable)
    return out.getvalue()


def stats(stage: Stage, **values: int) -> StageStats:
    empty = StageStats(stage, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0.0, 0.0)
    return replace(empty, **values)  # type: ignore[arg-type]


SNAPSHOT = Snapshot(
    stages=(
        stats(Stage.EXTRACTION, waiting=3, queued=2, active=1, done=4, failed=1, held_back=True),
        stats(Stage.ENRICHMENT, done=40, review=5, later=6),
        stats(Stage.QUEUEING, done=30, duplicate=10),
        stats(Stage.DOWNLOAD, parked=7, done=12),
    ),
    workers=(),
    events=(
        Event(1_000_000.0, Stage.DOWNLOAD, Verdict.FAILED, "A title [not markup]", "blocked"),
        Event(1_000_001.0, Stage.ENRICHMENT, Verdict.LATER, "Another", "service_silent"),
    ),
    reasons={},
    seconds=75.0,
    eta=4000.0,
    bottleneck=Stage.ENRICHMENT,
)
HEALTH = (
    PoolHealth("crossref", Health.SLOWED, 1.5, 2, 30, 4),
    PoolHealth("openalex", Health.EXHAUSTED, 9.0, 0, 10, 0, remaining=0.0, until=4e9),
    PoolHealth("b.org", Health.OK, 1.0, 0, 2, 0),
    PoolHealth("a.org", Health.OK, 1.0, 1, 1, 0),
)


def test_what_a_line_tells_is_the_same_while_only_time_passes() -> None:
    facts = plain.facts(SNAPSHOT, HEALTH)
    assert plain.facts(replace(SNAPSHOT, seconds=SNAPSHOT.seconds + 60, eta=1.0), HEALTH) == facts
    [first, *others] = SNAPSHOT.stages
    assert plain.facts(replace(SNAPSHOT, stages=(replace(first, done=first.done + 1), *others)), HEALTH) != facts
    assert plain.facts(SNAPSHOT, []) != facts


class Run:
    """A run of which lines tell."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def snapshot(self) -> Snapshot:
        return self._snapshot

    def health(self) -> tuple[PoolHealth, ...]:
        return ()


def test_no_line_tells_of_a_run_that_has_not_begun(capsys: pytest.CaptureFixture[str]) -> None:
    Lines(Run(replace(SNAPSHOT, stages=())), View()).tell()
    assert capsys.readouterr().err == ""
    Lines(Run(SNAPSHOT), View()).tell()
    assert "4 done" in capsys.readouterr().err


def test_the_plain_line_says_the_same() -> None:
    line = plain.text_line(SNAPSHOT, HEALTH)
    assert "read PDFs: 4 done, 5 waiting, 1 failed" in line
    assert "find works: 40 done, 0 waiting, 5 to look at, 6 later" in line
    assert "merge and rank: 30 done, 0 waiting, 10 merged" in line
    assert line.endswith(f"| crossref slowed, openalex budget spent until {moments.utc(4e9)}")


def test_the_json_line_is_one_object_with_stable_keys() -> None:
    record = json.loads(plain.json_line(SNAPSHOT, HEALTH))
    assert record["event"] == "progress"
    assert record["stages"]["with_metadata"]["duplicate"] == 10
    assert record["services"]["crossref"] == {"health": "slowed", "until": None, "requests": 30, "errors": 4}


COUNTS = LibraryCounts(
    extraction=StageCounts(0, 0, 0),
    enrichment=StageCounts(6, 0, 6),
    queueing=StageCounts(0, 0, 0),
    download=StageCounts(3, 1, 2),
    pdfs_done=4,
    pdfs_failed=1,
    citations=99,
    references=99,
    needs_review=5,
    failed_enrichments=8,
    duplicates=10,
    downloaded=12,
    failed_downloads=7,
)


def facts(exit_code: int, reasons: tuple[ReasonCount, ...] = (), contact: bool = True) -> summary.Facts:
    return summary.Facts(Library.at(Path("/l")), exit_code, 61.0, 5, 3, 9, 0, COUNTS, reasons, (), (), contact)


@pytest.mark.parametrize(
    ("left", "ready", "words"),
    [
        (58, 55, "Finished as far as asked: 55 rows are left for the next run, 3 for want of an answer (5 files given"),
        (1, 1, "Finished as far as asked: 1 row is left for the next run (5 files given"),
        (1, 0, "Finished for now: 1 row waits for an answer"),
    ],
)
def test_what_a_limit_left_out_waits_for_no_answer(left: int, ready: int, words: str) -> None:
    assert words in drawn(summary.render(replace(facts(3), left=left, ready=ready)), width=160)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "Done as far as asked: 9 rows wait for the next stage"),
        (3, "Finished for now: 9 rows wait"),
        (130, "Interrupted: 9 rows are left, none is lost"),
        (1, "Stopped"),
    ],
)
def test_the_summary_says_how_the_run_ended_and_what_to_do_next(code: int, words: str) -> None:
    text = drawn(summary.render(facts(code)), width=160)
    assert words in text
    assert ("Run the same command again" in text) is (code in (3, 130))
    assert "dl-lit review --library" in text and "the 5 matches that need a look" in text
    assert re.search(r" 4  files read\n +1  file without result\n +99  references", re.sub(r" +\n", "\n", text))
    assert re.search(r"22 +different works with verified metadata \(10 twins merged\)", text)


def test_a_watch_that_ends_with_nothing_left_has_not_been_interrupted() -> None:
    nothing = StageCounts(0, 0, 0)
    counts = replace(COUNTS, enrichment=nothing, download=nothing)
    text = drawn(summary.render(replace(facts(130), left=0, counts=counts)), width=160)
    assert "Stopped, as asked: nothing is left to do" in text and "Run the same command again" not in text
    assert "about" not in plain.text_line(replace(SNAPSHOT, eta=0.3), ())


def test_downloads_that_nobody_asked_for_are_no_rows_still_to_do() -> None:
    def told(code: int, counts: LibraryCounts = COUNTS) -> str:
        return drawn(summary.render(replace(facts(code), counts=counts, asked_for_copies=False)), width=160)

    assert re.search(r" 6 +rows still to do", told(3))
    assert re.search(r" 3 +works wait for a run with downloads", told(3))
    found = replace(COUNTS, enrichment=StageCounts(0, 0, 0))
    assert "Done as far as asked: 3 works wait for a run with downloads" in told(0, found)
    assert "(--no-enrich, --no-download) goes on from here" in told(0, found)
    assert "still to do" not in told(0, found)


def test_the_summary_of_a_library_with_nothing_left_says_so() -> None:
    nothing = StageCounts(0, 0, 0)
    counts = replace(COUNTS, enrichment=nothing, download=nothing)
    assert "everything has reached a final state" in drawn(summary.render(replace(facts(0), counts=counts)), width=160)


def test_the_summary_tells_of_works_that_only_wait_for_the_end_of_an_embargo() -> None:
    later = WaitingRows(Stage.DOWNLOAD, "embargoed", COUNTS.unfinished, "a copy is under an embargo until 2099-01-01")
    text = drawn(summary.render(replace(facts(0), waiting=(later,))), width=160)
    assert f"Done: all but {COUNTS.unfinished} works under an embargo" in text
    assert "until 2099-01-01" in text and "Run the same command again" not in text
    assert "rows still to do" not in text and f" {COUNTS.unfinished}  works whose copy is under an embargo" in text


def test_the_summary_explains_reasons_and_names_the_missing_contact() -> None:
    reasons = (ReasonCount(Stage.DOWNLOAD, "blocked", 4), ReasonCount(Stage.ENRICHMENT, "unheard_of", 1))
    text = drawn(summary.render(facts(0, reasons, contact=False)), width=160)
    assert "keeps programs out" in text
    assert "--email" in text
    assert "dl-lit failures" in text


def test_the_summary_as_json_is_one_line() -> None:
    text = summary.as_json(facts(3, (ReasonCount(Stage.DOWNLOAD, "blocked", 4),)))
    assert "\n" not in text
    assert json.loads(text)["counts"]["downloaded"] == 12


def test_status_as_table_and_as_json() -> None:
    assert re.search(r"get copies +0 +1 +2 +12 +7", drawn(tables.status_table(COUNTS)))
    assert json.loads(tables.status_json(COUNTS))["needs_review"] == 5


def test_failures_as_table_and_as_json() -> None:
    failure = Failure(Stage.DOWNLOAD, 7, "[bold]Title", "blocked", None, 1_000_000.0)
    unknown = Failure(Stage.EXTRACTION, 8, "/x.pdf", "unheard_of", "its detail", 1_000_000.0)
    text = drawn(tables.failures_table([failure, unknown]), width=160)
    assert "[bold]Title" in text and "its detail" in text
    assert json.loads(tables.failures_told([failure], "json"))[0]["stage"] == "download"
    assert "get copies (download): blocked" in text and "dl-lit retry --stage STAGE" in text
    assert "Nothing has failed." in drawn(tables.failures_table([]))
    others = [ReasonCount(Stage.DOWNLOAD, "blocked", 1)]
    assert "there are failures for: blocked." in drawn(tables.failures_table([], others))


def test_failures_stand_together_by_reason_with_its_meaning_once() -> None:
    some = [Failure(Stage.DOWNLOAD, n, f"Title {n}", "blocked", None, 1_000_000.0) for n in range(3)]
    other = Failure(Stage.DOWNLOAD, 9, "Other", "timeout", None, 1_000_000.0)
    counts = [ReasonCount(Stage.DOWNLOAD, "blocked", 17), ReasonCount(Stage.DOWNLOAD, "timeout", 1)]
    text = drawn(tables.failures_table([some[0], other, *some[1:]], counts), width=160)
    assert "blocked (17, of which 3 are listed)" in text and "timeout (1)" in text
    assert text.count(EXPLANATIONS[Stage.DOWNLOAD][DownloadReason.BLOCKED][:20]) == 1
    assert text.index("Title 2") < text.index("timeout")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_an_address_stays_whole_however_narrow_the_terminal(width: int) -> None:
    url = f"https://doi.org/10.1002/{'x' * 90}"
    failure = Failure(Stage.DOWNLOAD, 7, "Title " * 30, "blocked", None, 1_000_000.0, url)
    console = Console(width=width, file=io.StringIO())
    console.print(tables.failures_table([failure]), crop=False)
    assert isinstance(console.file, io.StringIO)
    assert url in [line.strip() for line in console.file.getvalue().splitlines()]


def test_doctor_as_table_and_as_json() -> None:
    checks = [Check("a", True, "fine"), Check("b", False, "bad", "mend it"), Check("c", None, "maybe")]
    text = drawn(tables.doctor_table(checks))
    assert "FAULT" in text and "bad → mend it" in text
    assert [check["ok"] for check in json.loads(tables.doctor_json(checks))] == [True, False, None]


VOCABULARIES = {
    Stage.EXTRACTION: PdfReason,
    Stage.ENRICHMENT: EnrichmentReason,
    Stage.DOWNLOAD: DownloadReason,
}


@pytest.mark.parametrize("stage", VOCABULARIES)
def test_every_word_for_an_outcome_is_explained_and_no_other(stage: Stage) -> None:
    words = {word for word in VOCABULARIES[stage] if word is not DownloadReason.SUCCESS}
    assert set(EXPLANATIONS[stage]) == words
    assert all(explain(stage, word) for word in words)


@pytest.mark.parametrize("word", ["truncated", "too_large", "encrypted", "damaged"])
def test_a_pdf_and_a_download_with_the_same_word_have_advice_of_their_own(word: str) -> None:
    assert explain(Stage.EXTRACTION, word) != explain(Stage.DOWNLOAD, word)
    failures = [Failure(stage, 7, "what", word, None, 1_000_000.0) for stage in (Stage.EXTRACTION, Stage.DOWNLOAD)]
    text = drawn(tables.failures_table(failures), width=160)
    assert explain(Stage.EXTRACTION, word) in text and explain(Stage.DOWNLOAD, word) in text


def test_an_encrypted_pdf_wants_its_password_and_no_other_copy() -> None:
    assert "password" in explain(Stage.EXTRACTION, PdfReason.ENCRYPTED)
    assert "extraction.max_file_mb" in explain(Stage.EXTRACTION, PdfReason.TOO_LARGE)
    assert "network.max_file_mb" in explain(Stage.DOWNLOAD, DownloadReason.TOO_LARGE)


HOSTILE = "\x1b]0;mine\x07\x1b[2J\x9b31m\u202egpj.exe\r\n"
COMMANDS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


def test_outside_words_cannot_command_the_terminal() -> None:
    assert printable(HOSTILE) == r"\x1b]0;mine\x07\x1b[2J\x9b31m\u202egpj.exe\r\n"
    assert printable("Müller 李 مقال\u200cها") == "Müller 李 مقال\u200cها"
    assert printable("one\ntwo\x1b", lines=True) == "one\ntwo\\x1b"


def test_no_view_hands_commands_to_the_terminal() -> None:
    event = Event(1_000_000.0, Stage.DOWNLOAD, Verdict.FAILED, HOSTILE, HOSTILE)
    pool = PoolHealth(f"{HOSTILE}[x].org", Health.SLOWED, 1.0, 0, 2, 0)
    worker = WorkerStats(Stage.DOWNLOAD, 1, 1, 1, 1.0, True, HOSTILE)
    reasons = {Stage.DOWNLOAD: {HOSTILE: 1}}
    snapshot = replace(SNAPSHOT, events=(event,), results=(event,), workers=(worker,), reasons=reasons)
    failure = Failure(Stage.DOWNLOAD, 7, HOSTILE, HOSTILE, HOSTILE, 1_000_000.0)
    told = replace(facts(0, (ReasonCount(Stage.DOWNLOAD, HOSTILE, 1),)), library=Library.at(Path("/l\x1b")))
    for view in (
        *(draw(Scene(snapshot, [pool], focus), Size(300, 60)) for focus in Focus),
        tables.failures_table([failure]),
        tables.doctor_table([Check(HOSTILE, False, HOSTILE, HOSTILE)]),
        summary.render(told),
    ):
        assert not COMMANDS.search(drawn(view, width=300))
    assert not COMMANDS.search(plain.text_line(snapshot, [pool]))


def test_brackets_in_a_path_are_no_markup() -> None:
    assert "/home/x/[old]/lib" in drawn(tables.doctor_table([Check("library", True, "/home/x/[old]/lib")]))


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, "?"), (0.4, "0 s"), (59.6, "1 min 00 s"), (3725, "1 h 02 min"), (12, "12 s")]
)
def test_durations_are_said_in_words(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


def test_the_summary_says_what_waits_and_which_service_is_ill() -> None:
    waiting = (WaitingRows(Stage.ENRICHMENT, "service_silent", 6, "crossref: connection refused"),)
    ill = (
        PoolHealth("openalex", Health.BLOCKED, 1.0, 0, 3, 3, detail="openalex refuses us (401). Check the key."),
        PoolHealth("crossref", Health.OK, 1.0, 0, 3, 0),
        PoolHealth("doaj", Health.OPEN, 1.0, 0, 3, 5, until=0.0, detail="was overloaded (503), 5 times", cure="Wait."),
        PoolHealth("unpaywall", Health.EXHAUSTED, 1.0, 0, 3, 0, 0.0, until=1_796_083_200.0),
    )
    text = drawn(summary.render(replace(facts(3), waiting=waiting, ill=ill)), width=160)
    assert "crossref: connection refused" in text
    assert "openalex refuses us (401). Check the key." in text
    assert f"unpaywall has no budget left for us until {moments.utc(1_796_083_200.0)}; what needs it waits." in text
    assert "doaj was overloaded (503), 5 times. Wait." in text
    lines = [line.rstrip() for line in text.splitlines()]
    services, steps = lines.index("Services that do not answer:"), lines.index("What to do next:")
    assert services + 4 == steps and all(line.startswith(" ") for line in lines[services + 1 : steps])
    told = json.loads(summary.as_json(replace(facts(3), waiting=waiting, ill=ill)))
    assert told["waiting"][0]["count"] == 6
    assert {name: one["health"] for name, one in told["services"].items()} == {
        "openalex": "access refused", "doaj": "circuit open", "unpaywall": "budget spent",
    }  # fmt: skip
    assert "unpaywall budget spent until 2026-12-01 00:00 UTC" in plain.text_line(SNAPSHOT, ill)


def test_each_outage_is_told_once_with_all_that_waits_for_it() -> None:
    slow = "crossref asked us to slow down (429). Wait."
    refused = "openalex refuses us (401: no). Check services.openalex.api_key"
    waiting = (
        WaitingRows(Stage.ENRICHMENT, "service_silent", 6, f"{slow}\n{refused}"),
        WaitingRows(Stage.ENRICHMENT, "service_silent", 3, "crossref was overloaded (503). Wait."),
        WaitingRows(Stage.DOWNLOAD, "access_refused", 2, refused),
        WaitingRows(Stage.DOWNLOAD, "embargoed", 1, "a copy is under an embargo until 2099-01-01"),
    )
    ill = (
        PoolHealth("openalex", Health.BLOCKED, 1.0, 0, 3, 3, detail=refused),
        PoolHealth("crossref", Health.OPEN, 1.0, 0, 3, 5, detail="was overloaded (503), 9 times", cure="Wait."),
        PoolHealth("hal", Health.SLOWED, 1.0, 0, 3, 5, until=time.time() + 3600, advice="Give it a key."),
    )
    text = drawn(summary.render(replace(facts(3), waiting=waiting, ill=ill)), width=160)
    assert text.count("crossref") == 1 and "9  find works  crossref was overloaded (503), 9 times. Wait." in text
    assert text.count("openalex refuses us") == 1 and "2  get copies" in text
    assert "hal asks to be left alone until" in text and "what needs it waits. Give it a key." in text
    text = drawn(tables.status_table(COUNTS, waiting), width=160)
    assert text.count("crossref") == 1 and "9 in find works wait: crossref asked us to slow down (429). Wait." in text
    assert "6 in find works, 2 in get copies wait: openalex refuses us (401: no)" in text


def test_a_time_that_has_come_is_not_told_as_one_to_wait_for() -> None:
    text = "crossref asks to be left alone until 08:12."
    past = WaitingRows(Stage.ENRICHMENT, "service_silent", 2, text, due=time.time() - 60)
    assert "has come: run the same command again" in drawn(tables.status_table(COUNTS, [past]), width=160)
    later = replace(past, due=time.time() + 60)
    assert "has come" not in drawn(tables.status_table(COUNTS, [later]), width=160)


def test_signals_are_told_in_words() -> None:
    assert signal("first_author") == "first author"
    assert signal("unexplained: politische, Reihe") == "the print also says: politische, Reihe"


def test_short_waits_of_the_panel_are_counted_down_and_long_ones_have_their_end() -> None:
    pool = PoolHealth("hal", Health.OPEN, 1.0, 0, 3, 5, until=time.time() + 26.2)
    assert condition(pool) == "failing, again in 26 s"
    later = replace(pool, until=time.time() + 1800)
    assert condition(later) == f"failing until {moments.here(time.time() + 1800, now=time.time())}"


def test_the_summary_names_the_database_where_it_lies_elsewhere() -> None:
    elsewhere = replace(facts(0), library=Library.at(Path("/l"), Path("/m/my.db")))
    assert '--db-path "/m/my.db"' in drawn(summary.render(elsewhere), width=160)


def test_the_summary_of_no_pdfs_says_so_and_a_long_list_of_reasons_says_how_long() -> None:
    nothing = StageCounts(0, 0, 0)
    counts = replace(COUNTS, enrichment=nothing, download=nothing)
    assert "no PDFs to read" in drawn(summary.render(replace(facts(0), given=0, counts=counts)), width=160)
    reasons = tuple(ReasonCount(Stage.DOWNLOAD, f"word{n}", 1) for n in range(11))
    assert "and 3 more reasons" in drawn(summary.render(facts(0, reasons)), width=160)

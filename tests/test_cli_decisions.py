"""`why`, `review`, `retry`, `merge-log`, `unmerge` as a person types them, over a real library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dl_lit.cli import review as review_command
from dl_lit.cli.main import program, run
from dl_lit.model import (
    Attempt,
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    EnrichmentReason,
    Evidence,
    Person,
    Reference,
    Stage,
    Twin,
    Work,
)
from dl_lit.relations import Expansion, ExpansionRow, Reach
from library import ME, SmallLibrary, work


@pytest.fixture(autouse=True)
def wide_screen(away_from_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    """In `./library`, where the commands look for it."""
    (tmp_path / "library").mkdir()
    library = SmallLibrary(tmp_path / "library" / "literature.db")
    yield library
    library.close()


def needing_a_look(library: SmallLibrary, *candidates: Work) -> int:
    reference = Reference("Smith, J. On Testing. Tests 3 (2001) 5-9.", page=4, title="On Testing", year=2001)
    library.print_references(reference)
    [row] = library.claim_references()
    evidence = tuple(
        Evidence("crossref", "bibliographic", one, 0.8, Decision.REVIEW, ("title",), ("year",), ("pages",), rank)
        for rank, one in enumerate(candidates, 1)
    )
    outcome = Enrichment(Decision.REVIEW, evidence=evidence, reason=EnrichmentReason.AMBIGUOUS)
    library.store.finish_enrichment(row, ME, outcome)
    return row.id


def typed(*arguments: str, answers: str = "", terminal: bool = True) -> Result:
    """The command with `answers` typed in; CliRunner's standard input is no terminal unless told so."""
    runner = CliRunner()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review_command, "is_terminal", lambda: terminal)
        return runner.invoke(program, arguments, input=answers)


def read_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run([*arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


# ── why ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_why_tells_the_way_of_a_reference_to_its_copy(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    [row_id] = library.accept(work(doi="10.1000/a", editors=(Person(name="A Body"),)))
    library.queue()
    failed = Attempt("unpaywall", "http://host.test/a", None, "host.test", DownloadReason.GONE, status=404)
    library.store.record_attempt(row_id, failed)
    library.download()
    assert run(["why", "10.1000/a"]) == 0
    told = capsys.readouterr().out
    assert "Reference 1: found, with a verified copy" in told
    for part in ("/pdfs/paper1.pdf", "printed 0", "On Testing", "A Body", "w1.pdf", "gone", "http://host.test/a"):
        assert part in told
    assert "to_download_references → downloaded_references" in told


def test_why_names_the_reason_and_what_can_be_done(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    library.accept(work(doi="10.1000/a"))
    library.queue()
    library.download(Download(reason=DownloadReason.BLOCKED, detail="a challenge"))
    assert run(["why", "on testing"]) == 0
    told = capsys.readouterr().out
    assert "blocked: open, but the host keeps programs out" in told
    assert "a challenge" in told


def test_why_leads_from_a_merged_reference_to_the_one_that_stayed(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    library.accept(work(doi="10.1000/a"), work(doi="10.1000/a"))
    assert run(["why", "2"]) == 0
    told = capsys.readouterr().out
    assert "the same work as another reference (dl-lit why 1)" in told
    assert "2 into 1 (doi, 1.00)" in told


def test_why_says_when_a_waiting_reference_is_tried_again(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    library.print_references("A thing")
    [row] = library.claim_references()
    library.store.finish_enrichment(row, ME, Enrichment(Decision.UNANSWERED, detail="crossref is down"))
    assert run(["why", "a thing"]) == 0
    told = capsys.readouterr().out
    assert "crossref is down" in told
    assert "It is tried again after" in told


def test_why_shows_the_best_candidates_and_counts_the_rest(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    row_id = needing_a_look(library, *(work(doi=f"10.1000/{number}") for number in range(8)))
    assert run(["why", str(row_id)]) == 0
    told = capsys.readouterr().out
    assert "10.1000/4" in told and "10.1000/5" not in told
    assert "and 3 more; --format json has all" in told


def test_why_as_json_holds_everything(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    row_id = needing_a_look(library, work(doi="10.1000/a"))
    story = read_json(capsys, "why", str(row_id))
    assert (story["table"], story["candidates"][0]["evidence"]["candidate"]["doi"]) == ("needs_review", "10.1000/a")
    assert story["printed"][0]["page"] == 4


def test_why_lists_what_a_word_may_mean(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    library.print_references("A first thing", "A second thing")
    assert run(["why", "thing"]) == 2
    told = capsys.readouterr().err
    assert "may mean 2 references" in told
    assert "2  A second thing" in told


@pytest.mark.usefixtures("library")
def test_why_of_an_unknown_work_says_what_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["why", "10.1000/none"]) == 2
    assert "has no reference '10.1000/none'" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["why", "x"], ["retry", "--all"], ["merge-log"], ["unmerge", "1"]])
def test_without_a_library_each_says_so(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "There is no library" in capsys.readouterr().err


# ── review ───────────────────────────────────────────────────────────────────────────────────────────────


def test_review_keeps_a_choice_at_once(library: SmallLibrary) -> None:
    row_id = needing_a_look(library, work("Other", doi="10.1000/a"), work(doi="10.1000/b"))
    result = typed("review", answers="2\n")
    assert result.exit_code == 0, result.output
    assert "Smith, J. On Testing" in result.output
    assert library.field("with_metadata", row_id, "doi") == "10.1000/b"


def test_review_refuses_skips_and_stops(library: SmallLibrary) -> None:
    first, second, third = (needing_a_look(library, work()) for _ in range(3))
    assert typed("review", answers="n\ns\nq\n").exit_code == 0
    assert library.ids("failed_enrichments") == [first]
    assert library.ids("needs_review") == [second, third]


def test_review_asks_again_after_an_answer_that_is_none(library: SmallLibrary) -> None:
    row_id = needing_a_look(library, work(doi="10.1000/a"))
    result = typed("review", answers="7\nperhaps\n1\n")
    assert result.output.count("Answer with a number up to 1") == 2
    assert library.ids("with_metadata") == [row_id]


@pytest.mark.usefixtures("library")
def test_review_of_nothing_says_so() -> None:
    assert "Nothing needs a look" in typed("review").output
    assert "Nothing needs a look" in typed("review", "--list").output


@pytest.mark.usefixtures("library")
def test_review_without_a_terminal_names_the_commands_that_ask_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review_command, "is_terminal", lambda: False)
        assert run(["review"]) == 2
    assert "--accept" in capsys.readouterr().err


def test_review_list_shows_candidates_and_signals(library: SmallLibrary) -> None:
    needing_a_look(library, work(doi="10.1000/a"))
    told = typed("review", "--list").output
    for part in ("1  Smith, J. On Testing", "10.1000/a", "agree: title", "differ: year", "forbid: pages"):
        assert part in told
    assert json.loads(typed("review", "--list", "--format", "json").output)[0]["table"] == "needs_review"


@pytest.mark.parametrize("option", [["--candidate", "2"], ["--doi", "10.1000/B"]])
def test_review_accept_takes_the_named_candidate(library: SmallLibrary, option: list[str]) -> None:
    row_id = needing_a_look(library, work(doi="10.1000/a"), work(doi="10.1000/b"))
    assert run(["review", "--accept", str(row_id), *option]) == 0
    assert library.field("with_metadata", row_id, "doi") == "10.1000/b"


@pytest.mark.parametrize(
    "option", [["--candidate", "2"], ["--doi", "10.1000/none"], ["--doi", "x", "--candidate", "1"]]
)
def test_review_accept_of_no_candidate_changes_nothing(library: SmallLibrary, option: list[str]) -> None:
    row_id = needing_a_look(library, work(doi="10.1000/a"))
    assert run(["review", "--accept", str(row_id), *option]) == 2
    assert run(["review", "--accept", "999"]) == 2
    assert library.ids("needs_review") == [row_id]


@pytest.mark.parametrize("options", [["--list", "--reject", "1"], ["--candidate", "1"], ["--doi", "10.1/a"]])
def test_review_options_that_do_not_go_together_are_refused(library: SmallLibrary, options: list[str]) -> None:
    row_id = needing_a_look(library, work(doi="10.1000/a"))
    assert run(["review", *options]) == 2
    assert library.ids("needs_review") == [row_id]


def test_review_reject_leaves_a_failure(library: SmallLibrary) -> None:
    row_id = needing_a_look(library, work())
    assert run(["review", "--reject", str(row_id)]) == 0
    assert library.ids("failed_enrichments") == [row_id]


# ── retry ────────────────────────────────────────────────────────────────────────────────────────────────


def failed_download(library: SmallLibrary) -> int:
    [row_id] = library.accept(work(doi="10.1000/a"))
    library.queue()
    library.fail_downloads()
    return row_id


@pytest.mark.parametrize(
    "arguments", [["--all"], ["--stage", "download"], ["--reason", "no_open_copy"], ["--older-than", "3d"], ["1"]]
)
def test_retry_lets_failures_wait_again(
    library: SmallLibrary, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    row_id = failed_download(library)
    assert run(["retry", *arguments]) == 0
    assert library.ids("to_download_references") == [row_id]
    assert "get copies: 1 will be tried again" in capsys.readouterr().out


def test_retry_of_what_is_not_there_promises_nothing(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    failed_download(library)
    assert run(["retry", "--reason", "timeout"]) == 0
    assert "Run the same" not in capsys.readouterr().out
    assert library.ids("to_download_references") == []


@pytest.mark.parametrize("arguments", [[], ["--older-than", "soon"], ["--reason", "bad luck"], ["--stage", "lunch"]])
def test_retry_of_nothing_clear_is_refused(library: SmallLibrary, arguments: list[str]) -> None:
    failed_download(library)
    assert run(["retry", *arguments]) == 2
    assert library.ids("to_download_references") == []


# ── merges ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_merge_log_shows_a_merge_and_unmerge_undoes_it(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    [first] = library.accept(work(), raw="first")
    library.queue()
    [second] = library.accept(work(publisher="Press"), raw="second")
    library.queue(Twin("to_download_references", first, "title_authors_year", 0.98))
    assert run(["merge-log"]) == 0
    assert "2 into 1 (title_authors_year, 0.98); changed: publisher" in capsys.readouterr().out
    assert run(["unmerge", str(second)]) == 0
    assert "apart from 1" in capsys.readouterr().out
    assert library.ids("to_download_references") == [first, second]
    assert [row["rule"] for row in read_json(capsys, "merge-log")] == ["unmerged", "title_authors_year"]
    assert run(["merge-log"]) == 0
    assert "2 parted from 1 again" in capsys.readouterr().out


@pytest.mark.usefixtures("library")
def test_a_library_without_merges_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["merge-log"]) == 0
    assert "Nothing has been merged" in capsys.readouterr().out


# ── works that no PDF brought ────────────────────────────────────────────────────────────────────────────


def test_why_tells_with_which_work_another_came_in_and_who_cites_whom(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    [own] = library.accept(work("A matched work", doi="10.1000/own"))
    library.queue()
    run_id, reach = library.store.start_run(ME, "test", {}), Reach(references=1)
    library.store.seed_expansion(run_id, [own], reach)
    [row] = library.store.claim(Stage.EXPANSION, ME, 1, 60.0, run_id=run_id)
    assert isinstance(row, ExpansionRow)
    outcome = Expansion((work("What it cites", doi="10.1000/cited"),), "openalex")
    library.store.finish_expansion(row, ME, outcome, run_id, reach)
    assert run(["why", "10.1000/cited"]) == 0
    told = capsys.readouterr().out
    assert f"as cited by reference {own}, A matched work; one step from what a PDF cites" in told
    assert f"{own}  A matched work  (openalex)" in told
    assert run(["why", "10.1000/own"]) == 0
    told = capsys.readouterr().out
    assert "Cites" in told and "What it cites  (openalex)" in told and "1 works cited by it" in told
    assert run(["status"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "find related" in told and "1 works that no PDF cites" in told

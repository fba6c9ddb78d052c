"""`why`, `review`, `merge-log`, `unmerge` as a person types them, over a real library."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
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
from dl_lit.store import this_process
from library import A_FILE, ME, SmallLibrary, work


@pytest.fixture(autouse=True)
def wide_screen(away_from_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


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


def test_why_tells_what_is_reserved_of_text_and_data_mining(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "header tdm-reservation: 1"
    [row_id] = library.accept(work(doi="10.1000/a"))
    library.queue()
    tried = Attempt(
        "unpaywall", "http://host.test/a", None, "host.test", DownloadReason.GONE, reserved="meta robots: noai"
    )
    library.store.record_attempt(row_id, tried)
    library.download(Download(file=replace(A_FILE, reserved=said)))
    story = read_json(capsys, "why", "10.1000/a")
    assert story["file"]["reserved"] == said
    assert run(["why", "10.1000/a"]) == 0
    told = capsys.readouterr().out
    assert f"text and data mining is reserved there: {said}" in told
    assert "text and data mining reserved: meta robots: noai" in told


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
    assert "The next run tries it again at once" in told


def test_why_names_the_time_that_a_service_named(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    library.print_references("A thing")
    [row] = library.claim_references()
    asked = Enrichment(Decision.UNANSWERED, detail="crossref asks to be left alone until 08:12.", retry_after=4e9)
    library.store.finish_enrichment(row, ME, asked)
    assert run(["why", "a thing"]) == 0
    assert "It is tried again after 2" in capsys.readouterr().out


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
    assert "no accepted match" in typed("review", "--accepted").output
    assert "no accepted match" in typed("review", "--accepted", "--list").output


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


def test_review_shows_no_candidate_that_nothing_speaks_for(library: SmallLibrary) -> None:
    library.print_references(Reference("Smith, J. On Testing.", title="On Testing", year=2001))
    [row] = library.claim_references()
    evidence = tuple(
        Evidence("crossref", "text", work(doi=f"10.1000/{rank}"), score, Decision.REVIEW, rank=rank)
        for rank, score in enumerate((0.7, 0.0), 1)
    )
    outcome = Enrichment(Decision.REVIEW, evidence=evidence, reason=EnrichmentReason.WEAK_MATCH)
    library.store.finish_enrichment(row, ME, outcome)
    told = typed("review", "--list").output
    assert "10.1000/1" in told and "10.1000/2" not in told
    assert run(["review", "--accept", str(row.id), "--candidate", "2"]) == 2


def test_review_says_what_is_printed_otherwise(library: SmallLibrary) -> None:
    reference = Reference("Smith. On Tasting. J. Tests 2002", title="On Tasting", year=2002, container="J. Tests")
    library.print_references(reference)
    [row] = library.claim_references()
    one = work("On Testing", container="Journal of Tests", doi="10.1000/a")
    evidence = (Evidence("crossref", "text", one, 0.7, Decision.REVIEW),)
    outcome = Enrichment(Decision.REVIEW, evidence=evidence, reason=EnrichmentReason.WEAK_MATCH)
    library.store.finish_enrichment(row, ME, outcome)
    told = typed("review", "--list").output
    assert "printed: On Tasting" in told and "printed: 2002" in told
    assert "printed: J. Tests" not in told  # the same, abbreviated


# ── accepted matches ─────────────────────────────────────────────────────────────────────────────────────


def accepted(library: SmallLibrary, *works: Work, score: float = 0.9) -> list[int]:
    library.print_references(*(f"Print {number} of {one.title}" for number, one in enumerate(works, 1)))
    rows = library.claim_references()
    for row, one in zip(rows, works, strict=True):
        evidence = (
            Evidence("crossref", "text", one, score, Decision.ACCEPTED, ("title",)),
            Evidence("crossref", "text", work("Another", doi="10.1000/other"), 0.4, Decision.REVIEW),
        )
        library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, one, evidence))
    return [row.id for row in rows]


def test_a_refused_work_of_which_only_the_author_is_printed_is_not_asked_about(library: SmallLibrary) -> None:
    library.print_references(Reference("Smith, J. On Testing. Tests 3 (2001) 5-9."))
    [row] = library.claim_references()
    near = Evidence("crossref", "q", work("On Tests", doi="10.1000/near"), 0.8, Decision.REVIEW, ("title",))
    other = Evidence(
        "crossref", "q", work("Gardens", doi="10.1000/far"), 0.2, Decision.REJECTED, ("first_author",),
        ("title", "container"), (), 2,
    )  # fmt: skip
    outcome = Enrichment(Decision.REVIEW, evidence=(near, other), reason=EnrichmentReason.WEAK_MATCH)
    library.store.finish_enrichment(row, ME, outcome)
    told = typed("review", "--list").output
    assert "10.1000/near" in told and "10.1000/far" not in told


def test_review_lists_accepted_matches_the_least_sure_first(library: SmallLibrary) -> None:
    accepted(library, work("Sure", doi="10.1000/a"))
    accepted(library, work("Less sure", doi="10.1000/b"), score=0.6)
    told = typed("review", "--accepted", "--list").output
    assert told.index("Print 1 of Less sure") < told.index("Print 1 of Sure")
    assert "taken for 10.1000/b" in told


def test_review_of_a_doi_shows_every_print_of_that_work(library: SmallLibrary) -> None:
    accepted(library, work("Tides", doi="10.1000/a"), work("Tides", doi="10.1000/a"))
    told = typed("review", "10.1000/a", "--list").output
    assert "1  Print 1 of Tides" in told and "2  Print 2 of Tides" in told
    told = typed("review", "2", "--list").output
    assert "Print 1" not in told and "2  Print 2 of Tides" in told


def test_a_match_without_evidence_is_shown_by_its_record(library: SmallLibrary) -> None:
    library.accept(work("Tides", doi="10.1000/a"))
    told = typed("review", "1", "--list").output
    assert "10.1000/a" in told and "No candidate is worth a look" in told


def test_review_reject_takes_an_accepted_match_back_and_says_what_became_of_all(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = accepted(library, work(doi="10.1000/a"), work(doi="10.1000/a"))
    library.queue()
    library.download()
    assert run(["review", "--reject", str(one)]) == 0
    told = capsys.readouterr().out
    assert "no longer taken for 10.1000/a" in told and f"stays in the library as reference {other}" in told
    assert run(["review", "--reject", str(other)]) == 0
    told = capsys.readouterr().out
    assert "withdrawn (it was downloaded)" in told
    assert "Its file stays in pdfs/ as w1.pdf" in told
    assert run(["why", str(other)]) == 0
    told = capsys.readouterr().out
    for part in ("Decided by hand", "not 10.1000/a", "still in pdfs/: w1.pdf", "by hand  rejected_by_person"):
        assert part in told
    assert run(["review", "--reject", str(other)]) == 2
    assert "refused by you already" in capsys.readouterr().err


def test_review_reject_says_who_is_compared_anew(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    [one] = accepted(library, work("Tides of a Harbour", publisher="Press"))
    library.queue()
    twin = Twin("to_download_references", one, "title_authors_year", 0.9)
    for year in (2000, 2002):
        accepted(library, work("Tides of a Harbour", year=year))
        library.queue(twin)
    assert run(["review", "--reject", str(one)]) == 0
    told = capsys.readouterr().out
    assert "Compared anew, as only it held them to the rest: reference 3" in told
    assert "Run the same process command again" in told


def test_a_run_that_is_under_way_goes_on_with_what_a_person_decides(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    [one] = accepted(library, work(doi="10.1000/a"))
    library.clock.now = time.time()
    library.store.start_run(this_process(), "test", {})
    assert run(["review", "--accept", str(one), "--doi", "10.1000/other"]) == 0
    assert f"The run that is under way (process {os.getpid()}) goes on with it." in capsys.readouterr().out


def test_review_accept_changes_an_accepted_match(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    [one] = accepted(library, work(doi="10.1000/a"))
    assert run(["review", "--accept", str(one), "--doi", "10.1000/other"]) == 0
    assert library.field("with_metadata", one, "doi") == "10.1000/other"
    assert run(["review", "--accept", str(one), "--doi", "10.1000/other"]) == 2
    assert "already" in capsys.readouterr().err


def test_review_of_accepted_matches_asks_keeps_and_takes_back(library: SmallLibrary) -> None:
    one, two, three, four = accepted(library, *(work(f"Work {n}", doi=f"10.1000/{n}") for n in range(4)))
    result = typed("review", "--accepted", answers="k\n1\nn\n2\nq\n")
    assert result.exit_code == 0, result.output
    assert "is taken for this candidate already" in result.output
    assert library.store.accepted() == [four]
    assert library.ids("failed_enrichments") == [two]
    assert library.field("with_metadata", three, "doi") == "10.1000/other"
    assert library.field("with_metadata", one, "doi") == "10.1000/0"


def test_a_decision_made_elsewhere_meanwhile_is_not_asked_for_again(
    library: SmallLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = needing_a_look(library, work()), needing_a_look(library, work())
    refuse = library.store.refuse

    def elsewhere_too(store: object, reference_id: int) -> object:
        refuse(two)
        return refuse(reference_id)

    monkeypatch.setattr("dl_lit.store.store.Store.refuse", elsewhere_too)
    assert typed("review", answers="n\n").exit_code == 0
    assert library.ids("failed_enrichments") == [one, two]


@pytest.mark.parametrize(
    "options", [["1", "--reject", "1"], ["--accepted", "--accept", "1"], ["1", "--accepted", "--list"]]
)
def test_review_of_one_reference_is_either_a_look_or_a_decision(library: SmallLibrary, options: list[str]) -> None:
    accepted(library, work(doi="10.1000/a"))
    assert run(["review", *options]) == 2


# ── merges ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_merge_log_shows_a_merge_and_unmerge_undoes_it(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    [first] = library.accept(work(), raw="first")
    library.queue()
    [second] = library.accept(work(publisher="Press"), raw="second")
    library.queue(Twin("to_download_references", first, "title_authors_year", 0.98))
    assert run(["merge-log"]) == 0
    assert "2 into 1: On Testing (title_authors_year, 0.98); changed: publisher" in capsys.readouterr().out
    assert run(["unmerge", str(second)]) == 0
    assert "apart from 1" in capsys.readouterr().out
    assert library.ids("to_download_references") == [first, second]
    assert [row["rule"] for row in read_json(capsys, "merge-log")] == ["unmerged", "title_authors_year"]
    assert run(["merge-log"]) == 0
    assert "2 parted from 1 again" in capsys.readouterr().out


def test_unmerge_of_equal_dois_says_that_a_match_is_taken_back(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = accepted(library, work(doi="10.1000/a"), work(doi="10.1000/a"))
    assert run(["unmerge", str(other)]) == 0
    told = capsys.readouterr().out
    assert f"References {other} and {one} are parted; they were taken for the same work." in told
    assert f"It needs a look: dl-lit review {other}" in told
    assert run(["why", str(other)]) == 0
    assert f"not the same work as reference {one}" in capsys.readouterr().out
    assert run(["merge-log"]) == 0
    assert "(doi, 1.00); undone since" in capsys.readouterr().out
    assert run(["unmerge", str(other)]) == 2
    assert "already" in capsys.readouterr().err


def test_unmerge_says_that_a_copy_is_in_doubt(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    [one] = accepted(library, work())
    library.queue()
    [other] = accepted(library, work(doi="10.1000/a"))
    library.queue(Twin("to_download_references", one, "title_authors_year", 0.9))
    library.download()
    assert run(["unmerge", str(other)]) == 0
    assert f"w1.pdf may not be a copy of {one}" in capsys.readouterr().out


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


def test_words_of_very_many_references_are_no_exact_number(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    library.print_references(*(f"Tides {number}" for number in range(60)))
    assert run(["why", "tides"]) == 2
    told = capsys.readouterr().err
    assert "'tides' may mean 50 references or more; name one by its id, or give more words" in told
    assert len(told.splitlines()) == 21

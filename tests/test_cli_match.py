"""`catalogue` and `match` as a person types them: files in, decisions out in order, bad lines named."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dl_lit.cli import match as cli_match
from dl_lit.cli.main import run
from dl_lit.errors import Died
from dl_lit.processes.pool import ChildPool

RECORD = {
    "DOI": "10.5555/lamp", "type": "journal-article", "title": ["Lamps of the northern harbour towns"],
    "author": [{"family": "Osei", "given": "Kofi"}, {"family": "Brandt", "given": "Lena"}], "volume": "14",
    "container-title": ["Journal of Coastal History"], "issued": {"date-parts": [[2004]]}, "page": "201-223",
}  # fmt: skip
FULL = "Osei, K., & Brandt, L. (2004). Lamps of the northern harbour towns. Journal of Coastal History, 14, 201-223."
BARE = "K. Osei, L. Brandt, J. Coastal Hist. 14 (2004) 201."
OTHER = "Osei, K., & Brandt, L. (2004). Boats of the southern lakes. Journal of Coastal History, 14, 240-251."


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    source, target = tmp_path / "works.jsonl", tmp_path / "works.cat"
    source.write_text(json.dumps(RECORD) + "\n", "utf-8")
    assert run(["catalogue", "build", str(source), "--output", str(target), "--jobs", "1"]) == 0
    return target


def matched(catalogue: Path, content: bytes) -> tuple[int, list[dict[str, Any]]]:
    source, output = catalogue.with_name("strings.jsonl"), catalogue.with_name("out") / "decisions.jsonl"
    source.write_bytes(content)
    code = run(["match", "--catalogue", str(catalogue), "--input", str(source), "--output", str(output), "--jobs", "2"])
    return code, [json.loads(line) for line in output.read_text("utf-8").splitlines()]


def strings(*raws: str) -> bytes:
    return b"".join(json.dumps({"id": f"s{n}", "raw": raw}).encode() + b"\n" for n, raw in enumerate(raws))


def test_prints_with_and_without_title_are_accepted_and_others_are_not(catalogue: Path) -> None:
    code, decisions = matched(catalogue, strings(FULL, BARE, OTHER, "Quux 1"))
    assert code == 0
    assert [one["id"] for one in decisions] == ["s0", "s1", "s2", "s3"]
    assert [one["decision"] for one in decisions] == ["accepted", "accepted", "rejected", "none"]
    assert [one["doi"] for one in decisions] == ["10.5555/lamp", "10.5555/lamp", None, None]


def test_the_evidence_keeps_candidates_scores_and_signals(catalogue: Path) -> None:
    _, [decision, other] = matched(catalogue, strings(FULL, OTHER))
    [evidence] = decision["evidence"]
    assert decision["score"] == evidence["score"] > 0.7
    assert {"title", "first_author", "year", "container", "volume", "first_page"} <= set(evidence["agreed"])
    assert evidence["authors"] == ["Osei", "Brandt"]
    assert other["reason"] == "no_match"
    assert other["evidence"][0]["vetoes"] == ["pages"]


def test_the_order_of_the_input_is_kept_over_many_chunks(catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_match, "CHUNK", 3)
    _, decisions = matched(catalogue, strings(*[FULL, OTHER] * 20))
    assert [one["id"] for one in decisions] == [f"s{n}" for n in range(40)]


def test_bad_lines_are_named_by_number_and_the_rest_goes_on(
    catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = b'{"id": 1}\nno json\n\n\xff\n[]\n{"id": 2, "raw": 3}\n'
    code, decisions = matched(catalogue, bad + strings(FULL))
    errors = capsys.readouterr().err
    assert code == 3
    assert "5 lines could not be read" in errors
    assert [one["decision"] for one in decisions] == ["accepted"]
    for number, why in ((1, "needs"), (2, "is no JSON"), (4, "is not UTF-8"), (5, "needs"), (6, "needs")):
        assert f"line {number}: {why}" in errors
    assert "line 3" not in errors


def test_a_line_without_end_costs_itself_only(catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_match, "LONGEST_LINE", 1000)
    code, decisions = matched(catalogue, strings("x" * 5000, FULL))
    assert (code, [one["id"] for one in decisions]) == (3, ["s1"])


def test_a_line_that_kills_its_process_costs_itself_only(
    catalogue: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = ChildPool.run

    def dies(pool: ChildPool, argument: Any) -> Any:
        if any(b"killer" in line for _, line in argument.lines):
            raise Died("It was killed.")
        return whole(pool, argument)

    monkeypatch.setattr(ChildPool, "run", dies)
    code, decisions = matched(catalogue, strings(FULL, "a killer", BARE))
    assert (code, [one["id"] for one in decisions]) == (3, ["s0", "s2"])
    assert "line 2: could not be matched: It was killed." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["match", "--catalogue", "none.cat", "--input", "x"], "There is no catalogue"),
        (["catalogue", "info", "none.cat"], "There is no catalogue"),
        (["catalogue", "build", "none.jsonl", "--output", "x.cat"], "There is nothing at none.jsonl"),
    ],
)
def test_what_is_missing_is_named(arguments: Sequence[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(list(arguments)) == 2
    assert said in capsys.readouterr().err


def test_strings_that_cannot_be_opened_are_named(catalogue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", "--catalogue", str(catalogue), "--input", str(catalogue.parent)]) == 2
    assert "Check --input" in capsys.readouterr().err


def test_info_tells_a_person_and_a_program(catalogue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["catalogue", "info", str(catalogue), "--format", "json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["works"], facts["sources"]) == (1, ["works.jsonl"])
    assert run(["catalogue", "info", str(catalogue)]) == 0
    assert "works.jsonl" in capsys.readouterr().out


def test_bad_records_are_counted_and_named_and_none_means_no_catalogue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mixed, bad = tmp_path / "mixed.jsonl", tmp_path / "bad.jsonl"
    mixed.write_bytes(json.dumps(RECORD).encode() + b"\n" + b"{}\n" * 25)
    bad.write_bytes(b"{}\n")
    assert run(["catalogue", "build", str(mixed), "--output", str(tmp_path / "a.cat")]) == 3
    errors = capsys.readouterr().err
    assert errors.count("holds no work") == 20
    assert "5 more records without a work" in errors
    assert "1 works, 25 records without a work" in errors
    assert run(["catalogue", "build", str(bad), "--output", str(tmp_path / "b.cat")]) == 1
    assert not (tmp_path / "b.cat").exists()


def test_lines_that_kill_their_process_cost_themselves_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = ChildPool.run

    def dies(pool: ChildPool, argument: Any) -> Any:
        if any(b"killer" in line for line in argument.lines):
            raise Died("It was killed.")
        return whole(pool, argument)

    monkeypatch.setattr(ChildPool, "run", dies)
    source, target = tmp_path / "works.jsonl", tmp_path / "works.cat"
    records = [RECORD, {**RECORD, "DOI": "10.5555/killer"}, {**RECORD, "DOI": "10.5555/last", "page": "300-310"}]
    source.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    assert run(["catalogue", "build", str(source), "--output", str(target)]) == 3
    assert "works.jsonl, 2: could not be read: It was killed." in capsys.readouterr().err
    _, [decision] = matched(target, strings("K. Osei, L. Brandt, J. Coastal Hist. 14 (2004) 300."))
    assert decision["doi"] == "10.5555/last"


def test_what_is_no_catalogue_is_never_replaced(
    catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "works.jsonl"
    source.write_text('{"title": ["A work of its own"], "DOI": "10.5555/own", "type": "book"}\n')
    library = tmp_path / "literature.db"
    library.write_bytes(b"SQLite format 3\x00 of somebody's library")
    for target, said in ((library, "is no catalogue"), (source, "is read here too")):
        before = target.read_bytes()
        assert run(["catalogue", "build", str(source), "--output", str(target)]) == 2
        assert target.read_bytes() == before
        assert said in capsys.readouterr().err
    assert run(["catalogue", "build", str(source), "--output", str(catalogue)]) == 0


def test_the_decisions_never_replace_what_is_read(catalogue: Path, tmp_path: Path) -> None:
    strings = tmp_path / "strings.jsonl"
    strings.write_text('{"id": 1, "raw": "A work of its own"}\n')
    for target in (strings, catalogue):
        before = target.read_bytes()
        command = ["match", "--catalogue", str(catalogue), "--input", str(strings), "--output", str(target)]
        assert run(command) == 2
        assert target.read_bytes() == before


def test_a_folder_is_searched_for_files_of_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump = tmp_path / "dump"
    (dump / "deeper").mkdir(parents=True)
    (dump / ".hidden").mkdir()
    record = json.dumps(RECORD).encode() + b"\n"
    (dump / "deeper" / "a.json.gz").write_bytes(gzip.compress(record))
    (dump / "b.JSONL").write_bytes(record.replace(b"lamp", b"second"))
    (dump / "c.bib").write_bytes(b"@book{a, title={Lamps}, author={Osei, Kofi}, year={2004}}")
    (dump / "README.md").write_bytes(b"about these files")
    (dump / ".hidden" / "d.jsonl").write_bytes(record)
    target = tmp_path / "works.cat"
    assert run(["catalogue", "build", str(dump), str(dump / "b.JSONL"), "--output", str(target)]) == 0
    assert "3 works" in capsys.readouterr().err
    (tmp_path / "none").mkdir()
    assert run(["catalogue", "build", str(tmp_path / "none"), "--output", str(target)]) == 1


def test_a_file_that_cannot_be_read_costs_itself_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cut, prose, good = tmp_path / "cut.jsonl.gz", tmp_path / "prose.json", tmp_path / "works.jsonl"
    record = json.dumps(RECORD).encode() + b"\n"
    cut.write_bytes(gzip.compress(record)[:-12])
    prose.write_bytes(b"nothing of the kind")
    good.write_bytes(record)
    target = tmp_path / "works.cat"
    command = ["catalogue", "build", str(cut), str(prose), str(good), "--output", str(target), "--jobs", "1"]
    assert run(command) == 3
    errors = capsys.readouterr().err
    assert "cut.jsonl.gz cannot be read" in errors and "prose.json holds no works" in errors
    assert "2 files could not be read to their ends" in errors
    _, [decision] = matched(target, strings(FULL))
    assert decision["decision"] == "accepted"


def test_half_a_character_costs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "works.json", tmp_path / "works.cat"
    source.write_text(
        json.dumps(
            [{**RECORD, "title": ["Half a \ud800 pair"], "DOI": "10.5555/half", "page": "1-9"}, RECORD], indent=1
        ),
        "utf-8",
    )
    assert run(["catalogue", "build", str(source), "--output", str(target), "--jobs", "1"]) == 0
    assert "2 works" in capsys.readouterr().err
    _, [decision] = matched(target, strings(FULL))
    assert decision["decision"] == "accepted"


def test_half_a_character_in_a_string_and_numbers_that_are_none_cost_their_lines_only(catalogue: Path) -> None:
    odd = b'{"id": NaN, "raw": "x"}\n{"id": "\\ud800", "raw": "half \\ud800 a character, 2004"}\n'
    code, decisions = matched(catalogue, odd + strings(FULL))
    assert (code, [(one["id"], one["decision"]) for one in decisions]) == (3, [("s0", "accepted")])

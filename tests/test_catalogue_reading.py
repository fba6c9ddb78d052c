"""Each format that catalogues are built from is known by its contents, and a bad record costs itself only."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dl_lit.catalogue import reading, records
from dl_lit.catalogue.reading import BadRecord, RawLines, parts, works_in
from dl_lit.errors import UsageError
from dl_lit.model import Person, Work

CROSSREF = {
    "DOI": "10.5555/Clock", "type": "journal-article", "title": ["The clock <i>maker</i>"], "volume": "3",
    "page": "7-9", "author": [{"family": "Rossi", "given": "Ada"}], "container-title": ["Horology"],
    "issued": {"date-parts": [[1999]]},
}  # fmt: skip
OPENALEX = {
    "id": "https://openalex.org/W77", "doi": "https://doi.org/10.5555/clock", "title": "The clock maker",
    "publication_year": 1999, "authorships": [{"raw_author_name": "Ada Rossi", "author": {}}], "type": "article",
    "primary_location": {"source": {"display_name": "Horology", "type": "journal"}},
    "biblio": {"volume": "3", "first_page": "7", "last_page": "9"},
}  # fmt: skip
CSL = {
    "id": "rossi", "type": "article-journal", "title": "The clock maker", "container-title": "Horology", "volume": 3,
    "page": "7-9", "DOI": "10.5555/clock", "issued": {"date-parts": [["1999"]]},
    "author": [{"family": "Rossi", "given": "Ada"}],
}  # fmt: skip
BIBTEX = r"""
@string{hor = "Horology"}
@comment{nothing}
@article{rossi, author = {Rossi, Ada}, title = {The {clock} maker}, journal = hor, year = 1999, volume = 3,
  pages = {7--9}, doi = {10.5555/clock}}
"""
CLOCK = Work(
    title="The clock maker",
    authors=(Person("Rossi", "Ada"),),
    year=1999,
    container="Horology",
    volume="3",
    pages="7-9",
    type="journal-article",
    doi="10.5555/clock",
)


def read(path: Path) -> list[Work | BadRecord]:
    found: list[Work | BadRecord] = []
    for part in parts(path):
        found.extend(works_in(part) if isinstance(part, RawLines) else [part])
    return found


def bare(works: Sequence[Work | BadRecord]) -> list[Work]:
    """What the formats have in common."""
    fields = ("title", "authors", "year", "container", "volume", "pages", "type", "doi")
    return [Work(**{name: getattr(work, name) for name in fields}) for work in works if isinstance(work, Work)]


def lines(*records: Any) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


@pytest.mark.parametrize(
    "content",
    [
        lines(CROSSREF),
        b"\xef\xbb\xbf\n" + lines(CROSSREF),
        gzip.compress(lines(CROSSREF)),
        json.dumps({"status": "ok", "message": {"items": [CROSSREF]}}, indent=1).encode(),
        lines({"status": "ok", "message": CROSSREF}),
        gzip.compress(json.dumps({"items": [CROSSREF]}).encode()),
        lines(OPENALEX),
        gzip.compress(json.dumps({"meta": {}, "results": [OPENALEX]}, indent=1).encode()),
        json.dumps([CSL], indent=1).encode(),
        lines(CSL),
        BIBTEX.encode(),
    ],
)
def test_a_work_is_read_from_every_format(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "anything"
    path.write_bytes(content)
    assert bare(read(path)) == [CLOCK]


def test_bad_lines_are_named_by_number_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "works.jsonl"
    path.write_bytes(lines(CROSSREF) + b'{"broken\n\n' + b"\xff\xfe\n[1]\n" + lines({"title": []}, CROSSREF))
    found = read(path)
    assert bare(found) == [CLOCK, CLOCK]
    assert [one.place for one in found if isinstance(one, BadRecord)] == [2, 4, 5, 6]


def test_long_files_are_handed_on_in_pieces_that_know_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "works.jsonl"
    path.write_bytes(lines(*[{**CROSSREF, "abstract": "x" * 200_000}] * 12))
    pieces = [part for part in parts(path) if isinstance(part, RawLines)]
    assert len(pieces) > 1
    assert [piece.first for piece in pieces] == [1 + sum(len(p.lines) for p in pieces[:n]) for n in range(len(pieces))]
    assert len(read(path)) == 12


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"just some prose", "holds no works"),
        (b'{\n "half": [', "neither JSON nor lines"),
        (gzip.compress(lines(CROSSREF))[:-12], "cannot be read"),
    ],
)
def test_a_file_that_is_nothing_of_the_kind_is_a_clear_error(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "works.bin"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=said):
        read(path)


def test_a_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read(tmp_path / "nowhere")


def test_parquet_without_its_library_names_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "part.parquet"
    path.write_bytes(b"PAR1 and so on")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'dl-lit\[parquet\]'"):
        read(path)


def test_bibtex_keeps_bodies_whole_and_reads_latex_accents(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_text(
        r"""@techreport{w, author = {M{\"u}ller, Karl and {World Garden Body} and others}, title = {A \'etude},
        institution = "Garden Press", date = {2003-05-01}, eprint = {1706.03762}, number = {12}}
        @book{z, editor = {Ann Lee}, title = {Gardens}, year = 2001, isbn = {0-306-40615-2}}
        @misc{nothing, note = {x}}
        @book{broken, title = {no end""",
        "utf-8",
    )
    report, book, nothing, broken = read(path)
    assert isinstance(report, Work)
    assert isinstance(book, Work)
    assert report.authors == (Person("Müller", "Karl"), Person(name="World Garden Body"))
    assert (report.title, report.year, report.arxiv) == ("A étude", 2003, "1706.03762")
    assert (report.publisher, report.issue, report.type) == ("Garden Press", "12", "report")
    assert (book.editors, book.isbn, book.type) == ((Person("Lee", "Ann"),), "9780306406157", "book")
    assert isinstance(nothing, BadRecord)
    assert isinstance(broken, BadRecord)


def test_csl_names_have_particles_suffixes_and_literals(tmp_path: Path) -> None:
    path = tmp_path / "refs.json"
    people = [
        {"family": "Hagen", "given": "Hans", "non-dropping-particle": "von", "suffix": "Jr."},
        {"literal": "Garden Body"},
        {"given": "Plato"},
        {},
    ]
    item = {"type": "chapter", "title": "Ferns", "author": people, "issued": {"raw": "spring 1871"}, "number": "4"}
    path.write_text(json.dumps([item, "no item"], indent=1), "utf-8")
    work, bad = read(path)
    assert isinstance(work, Work)
    assert work.authors == (Person("von Hagen", "Hans, Jr."), Person(name="Garden Body"), Person(name="Plato"))
    assert (work.year, work.type, work.pages) == (1871, "book-chapter", "4")
    assert bad == BadRecord(2, "holds no work: neither title nor DOI")


@pytest.mark.parametrize(
    "first", [b'{"half": [\n', b"no json at all\n", b"\xff\xfe\n", b"[1, 2\n", b'{"email": "a@b.c"\n']
)
def test_a_bad_first_line_costs_itself_only(tmp_path: Path, first: bytes) -> None:
    path = tmp_path / "works.jsonl"
    path.write_bytes(b"\n" + first + lines(CROSSREF))
    bad, *works = read(path)
    assert isinstance(bad, BadRecord) and bad.place == 2
    assert [one.doi for one in works if isinstance(one, Work)] == ["10.5555/clock"]


def test_blank_lines_before_the_first_count_as_lines(tmp_path: Path) -> None:
    path = tmp_path / "works.jsonl"
    path.write_bytes(b"\n\n" + lines(CROSSREF) + b"no json\n")
    *_, bad = read(path)
    assert isinstance(bad, BadRecord) and bad.place == 4


def test_a_line_without_end_costs_itself_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_LINE", 2000)
    path = tmp_path / "works.jsonl"
    path.write_bytes(lines(CROSSREF) + b'{"title": "' + b"x" * 9000 + b'"}\n' + b"no json\n" + lines(CROSSREF))
    one, long, bad, other = read(path)
    assert isinstance(one, Work) and isinstance(other, Work)
    assert isinstance(long, BadRecord) and (long.place, "longer than" in long.problem) == (2, True)
    assert isinstance(bad, BadRecord) and bad.place == 3


def test_a_first_line_without_end_costs_itself_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_LINE", 2000)
    path = tmp_path / "works.jsonl"
    path.write_bytes(b'{"title": "' + b"x" * 9000 + b'"}\n' + lines(CROSSREF))
    long, one = read(path)
    assert isinstance(long, BadRecord) and long.place == 1
    assert isinstance(one, Work)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({**CROSSREF, "type": "book", "edition-number": "4"}),
        json.dumps([{**CSL, "type": "book", "edition": 4}]),
        BIBTEX.replace("volume = 3", "volume = 3, edition = {4}"),
    ],
)
def test_the_edition_is_read_from_each_format_and_kept(text: str, tmp_path: Path) -> None:
    path = tmp_path / "works"
    path.write_text(text, encoding="utf-8")
    (work,) = read(path)
    assert isinstance(work, Work) and work.edition == "4"
    assert records.from_line(records.as_line(work)) == work

"""A catalogue gives back the works it was made of, to prints with and without titles, clean and misprinted."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dl_lit.catalogue import building, features, records
from dl_lit.catalogue.building import CatalogueBuilder, build
from dl_lit.catalogue.catalogue import Catalogue, CatalogueSet
from dl_lit.errors import CatalogueUnusable, UsageError
from dl_lit.extraction.parsing import parse_reference
from dl_lit.model import Person, Reference, Work

TOPICS = ("herring", "lighthouse", "granite", "orchid", "sonata", "glacier", "magnet", "beetle", "harbour", "violin")
FAMILIES = ("Okafor", "Lindqvist", "Marchetti", "Nakamura", "Thorsen", "Beaumont", "Kowalski", "Ferreira")


def invented(number: int) -> Work:
    topic, other = TOPICS[number % 10], TOPICS[(number // 10) % 10]
    return Work(
        title=f"Observations on the {topic} and the {other} of district {number}",
        authors=(Person(FAMILIES[number % 8], "A."), Person(FAMILIES[(number + 3) % 8], "B.")),
        year=1950 + number % 60,
        container="Annals of Applied Curiosity",
        volume=str(number % 40 + 1),
        pages=f"{number * 7 + 1}-{number * 7 + 6}",
        type="journal-article",
        doi=f"10.5555/obs.{number}",
    )


WORKS = [invented(number) for number in range(120)]
HERRING = Work(
    title="Überfischung im Øresund: the herring question",
    authors=(Person("Müller-Søndergård", "Jürgen"), Person(name="Baltic Fisheries Board")),
    editors=(Person("Novák", "Petr"),),
    year=1987,
    container="Zeitschrift für Fischerei",
    volume="12",
    issue="3",
    pages="411-419",
    type="journal-article",
    doi="10.5555/herring",
    arxiv="1706.03762",
    isbn="9780306406157",
    is_retracted=True,
    sources=("crossref",),
)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    path = tmp_path_factory.mktemp("catalogue") / "works.cat"
    build(path, [*WORKS, HERRING], ["invented.jsonl"])
    opened = Catalogue(path)
    yield opened
    opened.close()


def found(catalogue: Catalogue, raw: str, **parsed: object) -> list[str | None]:
    reference = replace(parse_reference(raw), **parsed)  # type: ignore[arg-type]
    chosen = CatalogueSet([catalogue.info().path])
    try:
        return [one.work.doi for helping in chosen.helpings(reference) for one in helping]
    finally:
        chosen.close()


@pytest.mark.parametrize(
    "raw",
    [
        "Müller-Søndergård, J. (1987). Überfischung im Øresund: the herring question. Z. Fischerei 12(3), 411-419.",
        "J. Mueller-Sondergard, Zeitschrift fuer Fischerei 12 (1987) 411.",
        "Zeitschrift für Fischerei 12, 411 (1987).",
        "Uberfischung im Oresund, the herring question",
        "Mxller, J. (19x7). Überfis chungim Øresund: theherring quastion. Zeitschr.",
        "Müller-Søndergård 1987",
        "see 10.5555/herring",
    ],
)
def test_a_work_is_found_by_whatever_of_it_is_printed(catalogue: Catalogue, raw: str) -> None:
    identified = {"doi": "10.5555/herring"} if "10.5555" in raw else {}
    assert found(catalogue, raw, **identified)[0] == "10.5555/herring"


def test_every_work_is_the_likeliest_for_its_own_print(catalogue: Catalogue) -> None:
    for work in WORKS[::7]:
        raw = (
            f"{work.authors[0].family}, A. ({work.year}). {work.title}. {work.container}, {work.volume}, {work.pages}."
        )
        assert found(catalogue, raw)[0] == work.doi


def test_what_is_printed_of_nothing_known_finds_nothing(catalogue: Catalogue) -> None:
    assert found(catalogue, "Quux") == []
    assert found(catalogue, "") == []


def test_a_work_comes_back_as_it_went_in(catalogue: Catalogue) -> None:
    assert [catalogue.work(number) for number in (0, 119, 120)] == [WORKS[0], WORKS[119], HERRING]


def test_info_says_what_the_catalogue_was_made_of(catalogue: Catalogue) -> None:
    info = catalogue.info()
    assert (info.works, info.sources) == (121, ("invented.jsonl",))
    assert info.bytes == info.path.stat().st_size > 0


def test_features_put_on_disk_meanwhile_are_found_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_HELD", 50)
    built = build(tmp_path / "small.cat", WORKS)
    with closing(Catalogue(tmp_path / "small.cat")) as opened:
        assert found(opened, "Annals of Applied Curiosity 8, 330 (1997)")[0] == WORKS[47].doi
    assert built.works == 120
    assert built.features > 120 * 10


def test_blocks_packed_elsewhere_and_single_works_stand_side_by_side(tmp_path: Path) -> None:
    path = tmp_path / "mixed.cat"
    with CatalogueBuilder(path) as builder:
        builder.add(WORKS[:3])
        packed = array(
            "Q", [one << 32 | place for place, work in enumerate(WORKS[3:20]) for one in features.of_work(work)]
        )
        blocks = [records.pack(WORKS[3:19]), records.pack(WORKS[19:20])]
        builder.add_packed(17, blocks, packed)
        builder.add(WORKS[20:22])
        assert builder.finish().works == 22
    with closing(Catalogue(path)) as opened:
        for work in WORKS[:22]:
            assert found(opened, f"{work.title} ({work.year}) {work.volume}, {work.pages}")[0] == work.doi


def test_features_of_very_many_works_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_MOST_WORKS_OF_A_FEATURE", 5)
    build(tmp_path / "some.cat", WORKS)
    with closing(Catalogue(tmp_path / "some.cat")) as opened:
        assert found(opened, "Observations") == []
        assert found(opened, "Annals of Applied Curiosity 8, 330 (1997)")[0] == WORKS[47].doi


def test_a_catalogue_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    def breaking() -> Iterator[Work]:
        yield WORKS[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path / "never.cat", breaking())
    assert list(tmp_path.iterdir()) == []


def test_several_catalogues_are_asked_as_one(tmp_path: Path) -> None:
    build(tmp_path / "one.cat", WORKS[:60])
    build(tmp_path / "two.cat", WORKS[60:])
    both = CatalogueSet([tmp_path / "one.cat", tmp_path / "two.cat"])
    for work in (WORKS[3], WORKS[99]):
        reference = parse_reference(f"{work.title}. {work.container} {work.volume}, {work.pages} ({work.year}).")
        assert next(iter(both.helpings(reference)))[0].work == work
    both.close()
    assert not CatalogueSet([])


def test_what_is_no_catalogue_is_refused_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "text.cat").write_text("no database at all, only text" * 100)
    with closing(sqlite3.connect(tmp_path / "other.cat")) as connection:
        connection.execute("CREATE TABLE x (y)")
    build(tmp_path / "old.cat", WORKS[:1])
    with closing(sqlite3.connect(tmp_path / "old.cat")) as connection:
        connection.execute("PRAGMA user_version = 99")
    for name, cure in (("text", "Build it anew"), ("other", "catalogue build"), ("old", "anew"), ("missing", "build")):
        with pytest.raises(CatalogueUnusable, match=cure):
            Catalogue(tmp_path / f"{name}.cat")


def test_an_output_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="Choose another --output"):
        build(tmp_path / "file" / "works.cat", WORKS)


def test_a_folder_in_the_place_of_the_catalogue_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "works.cat").mkdir()
    (tmp_path / "works.cat" / "something").write_text("")
    with pytest.raises(CatalogueUnusable, match="could not be written"):
        build(tmp_path / "works.cat", WORKS[:2])


def test_a_print_as_long_as_a_book_is_searched_like_any_other(catalogue: Catalogue) -> None:
    assert found(catalogue, "Zeitschrift für Fischerei 12, 411 (1987). " + "x1 (9) " * 20_000)[0] == "10.5555/herring"


def test_nothing_printed_is_a_reference_without_features(catalogue: Catalogue) -> None:
    assert [list(one) for one in CatalogueSet([catalogue.info().path]).helpings(Reference("…"))] == [[], []]

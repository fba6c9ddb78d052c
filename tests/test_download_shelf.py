"""Where files lie: nothing is overwritten, nothing half-written is left, and a sudden end costs no second download."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from dl_lit.download import naming
from dl_lit.download.shelf import Shelf
from dl_lit.errors import DiskFull
from dl_lit.library import Library
from dl_lit.model import CopyVersion, DownloadReason, KeptFile, Person, Work
from dl_lit.processes.owners import owner_of, parts_of, this_process
from download_world import DOI, TITLE, WORK, DownloadWorld, download_world, file, finish, outcomes, pdf, row


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.at(tmp_path / "library")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DownloadWorld]:
    with download_world(tmp_path) as made:
        yield made


def facts(body: bytes) -> KeptFile:
    sha256 = hashlib.sha256(body).hexdigest()
    return KeptFile(
        "", sha256, len(body), 3, "openalex", "http://a/x", "http://b/x", CopyVersion.ACCEPTED, "cc-by", "title"
    )


def keep(shelf: Shelf, reference_id: int, work: Work | str, body: bytes) -> KeptFile:
    with shelf.temporary(reference_id) as part:
        part.write_bytes(body)
        return shelf.keep(reference_id, titled(work), part, facts(body))


def titled(work: Work | str) -> Work:
    return Work(title=work) if isinstance(work, str) else work


def pdfs_of(library: Library) -> list[str]:
    return sorted(path.name for path in library.pdfs.glob("*.pdf"))


def contents_of(library: Library) -> int:
    """How many different files there are, whatever their names."""
    return len({path.stat().st_ino for path in library.pdfs.glob("*.pdf")})


def test_content_that_another_process_has_kept_for_the_same_work_is_no_error(library: Library) -> None:
    one, other = Shelf(library), Shelf(library)
    kept = [keep(shelf, 7, TITLE, pdf()) for shelf in (one, other, one)]
    assert {file.file_name for file in kept} == set(pdfs_of(library))
    assert len(pdfs_of(library)) == 1


def test_a_note_that_cannot_be_removed_stops_nothing(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    shelf = Shelf(library)
    (library.pdfs / ".incoming" / "7.json").mkdir()
    shelf.settled(7)
    assert "could not be removed" in caplog.text


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (
            "Observations of glaciers in the northern valleys, revisited",
            "observations-of-glaciers-in-the-northern-valleys",
        ),
        ("../../etc/passwd", "etc-passwd"),
        ("Über Gletscher\x00 / \\ : * ?", "uber-gletscher"),
        ("Наблюдения ледников", "nablyudeniya-lednikov"),
        ("x" * 80, "x" * 48),
        ("", "untitled"),
        (None, "untitled"),
        ("???", "untitled"),
    ],
)
def test_titles_in_names_are_readable_and_go_nowhere_else(title: str | None, expected: str) -> None:
    assert naming.slug(title) == expected


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (WORK, "berglund2011-observations-of-glaciers-in-the-northern-valleys-7.pdf"),
        (Work(title="On Ice", editors=(Person(family="van der Berg"),), year=1999), "vanderberg1999-on-ice-7.pdf"),
        (Work(title="CON", authors=(Person(name="NUL"),)), "nul-con-7.pdf"),
        (Work(title="Aux.", year=2001), "anon2001-aux-7.pdf"),
        (Work(authors=(Person(family="Müller-Łódź"),), year=123456), "mullerlodz-untitled-7.pdf"),
        (Work(title="x " * 90, authors=(Person(name="World Health Organization of Nations"),)), None),
    ],
)
def test_names_are_safe_on_every_file_system(work: Work, expected: str | None) -> None:
    name = next(naming.names(naming.stem(7, work)))
    assert expected in (name, None)
    assert name == name.lower()
    assert name.isascii()
    assert len(name) < 130
    assert not set('<>:"/\\|?* ') & set(name)


def test_an_older_name_stays_and_its_content_is_not_stored_twice(library: Library) -> None:
    Shelf(library)
    old = library.pdfs / f"3-some-title-{hashlib.sha256(b'%PDF-old').hexdigest()[:12]}.pdf"
    old.write_bytes(b"%PDF-old")
    kept = keep(Shelf(library), 7, WORK, b"%PDF-old")
    assert pdfs_of(library) == sorted([old.name, kept.file_name])
    assert contents_of(library) == 1


def test_a_name_that_is_taken_is_left_to_whoever_has_it(library: Library) -> None:
    shelf = Shelf(library)
    taken = library.pdfs / next(naming.names(naming.stem(7, WORK)))
    taken.write_bytes(b"notes of mine")
    kept = keep(shelf, 7, WORK, b"%PDF-1")
    assert kept.file_name == f"{taken.stem}_2.pdf"
    assert keep(shelf, 7, WORK, b"%PDF-1").file_name == kept.file_name
    assert keep(shelf, 7, WORK, b"%PDF-2").file_name == f"{taken.stem}_3.pdf"
    assert taken.read_bytes() == b"notes of mine"


def test_a_suspect_file_never_overwrites_another(library: Library) -> None:
    shelf = Shelf(library)
    sha256 = hashlib.sha256(b"%PDF-bad").hexdigest()
    names = []
    for there in (b"%PDF-bad", b"%PDF-bad", b"something else"):
        with shelf.temporary(7) as part:
            part.write_bytes(b"%PDF-bad")
            names.append(shelf.quarantine(7, WORK, part, sha256, DownloadReason.DAMAGED))
        (library.quarantine / names[0]).write_bytes(there)
    assert names[0] == names[1]
    with shelf.temporary(7) as part:
        part.write_bytes(b"%PDF-bad")
        assert shelf.quarantine(7, WORK, part, sha256, DownloadReason.DAMAGED) != names[0]
    assert (library.quarantine / names[0]).read_bytes() == b"something else"


def test_two_works_never_overwrite_each_other(library: Library) -> None:
    shelf = Shelf(library)
    names = {keep(shelf, number, TITLE, b"%PDF-" + bytes([number])).file_name for number in range(5)}
    assert len(names) == len(list(library.pdfs.glob("*.pdf"))) == 5


def test_the_same_content_twice_is_one_file_with_two_names(library: Library) -> None:
    shelf = Shelf(library)
    first, second = keep(shelf, 1, "One", b"%PDF-same"), keep(shelf, 2, "Two", b"%PDF-same")
    assert pdfs_of(library) == [first.file_name, second.file_name] == ["anon-one-1.pdf", "anon-two-2.pdf"]
    assert contents_of(library) == 1
    assert list((library.pdfs / ".incoming").glob("*.part")) == []


def no_links(*arguments: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_where_files_have_one_name_only_two_works_share_it(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", no_links)
    shelf = Shelf(library)
    first, second = keep(shelf, 1, "One", b"%PDF-same"), keep(shelf, 2, "Two", b"%PDF-same")
    assert first.file_name == second.file_name
    assert pdfs_of(library) == [first.file_name]
    assert shelf.kept_before(2, Work(title="Two")) == second
    other = keep(shelf, 1, "One", b"%PDF-other")
    assert pdfs_of(library) == [first.file_name, other.file_name]
    assert (library.pdfs / first.file_name).read_bytes() == b"%PDF-same"


def test_an_error_that_is_not_about_links_is_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(DiskFull):
        keep(Shelf(library), 1, "One", b"%PDF-1")


def test_the_content_of_an_earlier_run_is_not_stored_twice(library: Library) -> None:
    keep(Shelf(library), 1, "One", b"%PDF-same")
    keep(Shelf(library), 2, "Two", b"%PDF-same")
    assert contents_of(library) == 1


def test_a_twin_that_somebody_took_away_is_stored_anew(library: Library) -> None:
    shelf = Shelf(library)
    first = keep(shelf, 1, "One", b"%PDF-same")
    (library.pdfs / first.file_name).unlink()
    second = keep(shelf, 2, "Two", b"%PDF-same")
    assert pdfs_of(library) == [second.file_name]


def test_keeping_a_file_does_not_list_all_that_are_kept(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(library)
    scandir = os.scandir

    def told_apart(folder: str | Path) -> object:
        assert Path(folder) != library.pdfs, "the folder was listed"
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", told_apart)
    assert keep(shelf, 1, "One", b"%PDF-1").file_name != keep(shelf, 2, "Two", b"%PDF-2").file_name


def test_a_file_that_is_only_as_long_is_not_taken_for_it(library: Library) -> None:
    Shelf(library)
    (library.pdfs / "impostor.pdf").write_bytes(b"another")
    kept = keep(Shelf(library), 1, "One", b"%PDF-1.")
    assert contents_of(library) == 2
    assert (library.pdfs / kept.file_name).read_bytes() == b"%PDF-1."
    assert (library.pdfs / "impostor.pdf").read_bytes() == b"another"


def test_left_overs_of_dead_processes_are_removed_and_those_of_living_ones_kept(library: Library) -> None:
    Shelf(library)
    dead = multiprocessing.get_context("spawn").Process(target=time.monotonic)
    dead.start()
    owners = [owner_of(psutil.Process(number)) for number in (dead.pid, os.getppid(), os.getpid())]
    dead.join(30)
    incoming = library.pdfs / ".incoming"
    names = [part_name(number, owner) for number, owner in enumerate(owners, 1)]
    for name in names:
        (incoming / name).write_bytes(b"%PDF-half")
        (incoming / f"{name}.draft").write_text('{"half')
    (incoming / "old.json").write_text("{}")
    os.utime(incoming / "old.json", (1, 1))
    (incoming / "4-elsewhere-1-1-1.part").write_bytes(b"another machine")
    Shelf(library)
    ours = {name for living in names[1:] for name in (living, f"{living}.draft")}
    assert {path.name for path in incoming.iterdir()} == {*ours, "4-elsewhere-1-1-1.part"}


def test_left_overs_of_a_dead_process_whose_number_is_ours_are_removed(library: Library) -> None:
    Shelf(library)
    (library.pdfs / ".incoming" / part_name(1, f"{this_process()}0")).write_bytes(b"%PDF-half")
    Shelf(library)
    assert list((library.pdfs / ".incoming").iterdir()) == []


def part_name(reference_id: int, owner: str) -> str:
    host, pid, start = (part.replace("-", "_") for part in parts_of(owner))
    return f"{reference_id}-{host}-{pid}-{start}-1.part"


def test_a_full_disk_stops_the_run_with_its_cure(library: Library) -> None:
    shelf = Shelf(library)
    with pytest.raises(DiskFull, match="space"), shelf.temporary(1):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(OSError, match="other"), shelf.temporary(1):
        raise OSError(errno.EIO, "other")


# ── after a sudden end ───────────────────────────────────────────────────────────────────────────────────


def test_a_kept_file_is_found_again_until_its_row_is_settled(library: Library) -> None:
    kept = keep(Shelf(library), 7, WORK, pdf())
    shelf = Shelf(library)
    assert shelf.kept_before(7, WORK) == kept
    assert shelf.kept_before(8, WORK) is None
    shelf.settled(7)
    assert shelf.kept_before(7, WORK) is None


def test_a_file_that_was_kept_for_another_work_of_the_same_reference_is_not_taken(library: Library) -> None:
    shelf = Shelf(library)
    kept = keep(shelf, 7, WORK, pdf())
    assert shelf.kept_before(7, Work(title="Another title", doi=DOI)) is None
    assert shelf.kept_before(7, Work(title=TITLE, doi="10.1000/b")) is None
    assert shelf.kept_before(7, WORK) == kept


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"file_name": "../../x"}', "null"])
def test_a_note_that_makes_no_sense_is_no_note(library: Library, note: str) -> None:
    shelf = Shelf(library)
    (library.pdfs / ".incoming" / "7.json").write_text(note)
    assert shelf.kept_before(7, WORK) is None


def test_a_note_never_leads_out_of_the_library(library: Library, tmp_path: Path) -> None:
    shelf = Shelf(library)
    (library.folder / "x.pdf").write_bytes(b"%PDF-")
    values = {**{name: getattr(facts(b"%PDF-"), name) for name in KeptFile.__slots__}, "file_name": "../x.pdf"}
    (library.pdfs / ".incoming" / "7.json").write_text(json.dumps({**values, "of": [TITLE, DOI]}))
    assert shelf.kept_before(7, WORK) is None


def test_a_note_without_its_file_is_forgotten(library: Library) -> None:
    shelf = Shelf(library)
    kept = keep(shelf, 7, WORK, pdf())
    (library.pdfs / kept.file_name).unlink()
    assert shelf.kept_before(7, WORK) is None
    assert not (library.pdfs / ".incoming" / "7.json").exists()


def test_a_changed_file_is_not_used(library: Library) -> None:
    shelf = Shelf(library)
    kept = keep(shelf, 7, WORK, pdf())
    (library.pdfs / kept.file_name).write_bytes(b"%PDF-tampered")
    assert shelf.kept_before(7, WORK) is None


def test_a_file_kept_before_the_end_of_a_process_is_not_fetched_again(world: DownloadWorld) -> None:
    url = world.hosts.put("2/a.pdf", file())
    first = world.get(url)
    again = finish(world.downloader(), row(url))
    assert again.file == first.file
    assert outcomes(again) == ["success"]
    assert world.hosts.visited == ["2/a.pdf"]
    downloader = world.downloader()
    downloader.settled(7)
    finish(downloader, row(url))
    assert world.hosts.visited == ["2/a.pdf", "2/a.pdf"]


STEPS = ("link", "unlink", "replace", "fsync", "open")


def keep_and_die(folder: Path, steps: int, with_twin: bool, links: bool) -> None:
    """A process that ends without a word after so many steps on the disk in the middle of keeping a file."""
    left = [steps]

    def counted(name: str) -> None:
        original = getattr(os, name)

        def step(*arguments: object, **named: object) -> object:
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return original(*arguments, **named)

        setattr(os, name, step)

    shelf = Shelf(Library.at(folder))
    if with_twin:
        keep(shelf, 6, "Its twin", pdf())
    if not links:
        os.link = no_links  # type: ignore[assignment]
    for name in STEPS if links else STEPS[1:]:
        counted(name)
    keep(shelf, 7, WORK, pdf())
    os._exit(0)


def ended(folder: Path, steps: int, with_twin: bool, links: bool) -> int:
    process = multiprocessing.get_context("fork").Process(
        target=keep_and_die, args=(folder, steps, with_twin, links), daemon=True
    )
    process.start()
    process.join(30)
    assert process.exitcode is not None
    return process.exitcode


@pytest.mark.parametrize("with_twin", [False, True])
@pytest.mark.parametrize("links", [False, True])
def test_a_kill_between_any_two_steps_loses_and_doubles_nothing(tmp_path: Path, with_twin: bool, links: bool) -> None:
    saved = []
    for steps in range(100):
        folder = tmp_path / str(steps)
        exit_code = ended(folder, steps, with_twin, links)
        library = Library.at(folder)
        shelf = Shelf(library)
        assert {path.name for path in (library.pdfs / ".incoming").iterdir()} <= {"6.json", "7.json"}
        found = shelf.kept_before(7, WORK)
        saved.append(found is not None)
        kept = found or keep(shelf, 7, WORK, pdf())
        assert hashlib.sha256((library.pdfs / kept.file_name).read_bytes()).hexdigest() == kept.sha256
        whole = [path for path in library.pdfs.glob("*.pdf") if path.stat().st_size]
        assert len({path.stat().st_ino for path in whole}) == 1
        assert len(whole) <= 1 + with_twin
        if exit_code == 0:
            break
        assert exit_code == -signal.SIGKILL
    assert steps > 5
    assert saved == sorted(saved), "what is saved once stays so"
    assert saved[-2:] == [True, True]


def test_suspect_files_are_kept_apart_with_their_reason(world: DownloadWorld) -> None:
    download = world.get(world.hosts.put("2/a.pdf", file(pdf("A history of opera in small towns"))), work=WORK)
    (name,) = world.quarantined
    assert name.endswith("-wrong_work.pdf")
    assert download.attempts[0].quarantined_as == name
    assert download.reason is DownloadReason.WRONG_WORK
    assert world.files == []


def test_a_title_with_slashes_stays_in_the_folder(world: DownloadWorld) -> None:
    title = "../../escape/attempts of northern glaciers"
    download = world.get(world.hosts.put("2/a.pdf", file(pdf(title))), work=Work(title=title))
    assert download.file is not None
    assert world.files == [download.file.file_name]


def test_the_same_content_for_two_works_is_said(world: DownloadWorld) -> None:
    url = world.hosts.put("2/one.pdf", file())
    first = world.get(url)
    assert first.file is not None
    second = world.get(url, row_id=8)
    assert second.file is not None
    assert f"the same file as {first.file.file_name}" in (second.attempts[-1].detail or "")

"""`import`: the works in files of other programs come into the library, with the PDFs that these name."""

from __future__ import annotations

import hashlib
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from dl_lit.adopting import Adoption, Outcome
from dl_lit.cli.files import JOBS, in_order, warn
from dl_lit.cli.import_pdfs import HOW, adopter, tell
from dl_lit.cli.options import library_options, rows_option
from dl_lit.cli.places import PLACE
from dl_lit.cli.reading import opened_for_change
from dl_lit.config import load_settings
from dl_lit.errors import UsageError
from dl_lit.importing.attachments import locate
from dl_lit.importing.entries import Bibliography
from dl_lit.importing.formats import ENDINGS, entries_of, format_of, read, text_of
from dl_lit.intake import check_paths, identify, path_text
from dl_lit.library import Library
from dl_lit.store.database import Database
from dl_lit.store.store import Store
from dl_lit.ui.wording import counted, many

_STDIN = Path("-")
_PROBLEMS_SHOWN = 100  # of a file


@dataclass(frozen=True, slots=True)
class _Attached:
    """A file that an entry names, and the entry's reference; `place` is None where there is no such file."""

    named: str
    place: Path | None
    reference_id: int


@dataclass(frozen=True, slots=True)
class _Imported:
    """Of one file: how many of its works were new, and which entries could not be read."""

    path: str
    new: int
    known: int
    problems: tuple[str, ...]


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=PLACE)
@click.option(
    "--pdf-base-dir",
    "folders",
    multiple=True,
    type=PLACE,
    help="Where the PDFs lie that the file names; may be repeated. Else beside the file, or where it says.",
)
@HOW
@JOBS
@library_options
@rows_option
def command(
    files: tuple[Path, ...], folders: tuple[Path, ...], by_link: bool, jobs: int, library: Library, output_format: str
) -> None:
    """Takes in the works in files of other programs.

    BibTeX, biblatex, RIS, CSL-JSON, JSON of references (as extract-references writes them), CSV whose head names its
    columns (title, doi, ...), and lists of DOIs and other identifiers, one a line; - is standard input. What a file is,
    is told by what is in it.

    Each entry comes in as a reference to be found, as if a PDF cited it: give the process commands the same FILE to
    find verified metadata and copies. PDFs that the entries name (JabRef, Zotero, Mendeley) are taken as with
    import-pdfs: checked to be that work, and not fetched any more. The same file again brings in nothing twice, nor
    does an edited one for the entries that stayed the same. Entries that cannot be read are told by line, and the rest
    comes in.

    \b
    Examples:
      dl-lit import library.bib --pdf-base-dir ~/Zotero/storage
      dl-lit process-folder-concurrent library.bib
      cat dois.txt | dl-lit import -
    """
    check_paths([*(file for file in files if file != _STDIN), *folders])
    if (no_folder := next((one for one in folders if not one.is_dir()), None)) is not None:
        raise UsageError(f"--pdf-base-dir {no_folder} is no folder. Name the one that the PDFs lie in.")
    bibliographies = [_standard_input(library) if path == _STDIN else (path, _read(path)) for path in files]
    library.make_folders()
    Database.open(library.database, load_settings().store).close()
    with opened_for_change(library) as store:
        taken = [(path, one, *_take_in(store, path, one)) for path, one in bibliographies]
        attached = [found for path, one, _, ids in taken for found in _attached(path, one, ids, folders)]
        imported = [asdict(told) for _, _, told, _ in taken]
        with adopter(store, library, by_link=by_link, jobs=jobs) as (adopting, verifier):
            owners = _owners(attached)
            judged = in_order(
                lambda path: adopting.judge(path, also=owners[path]), list(owners), jobs, interrupt=verifier.close
            )
            done = (adopting.adopt(one, preferred=owners[path]) for path, one in judged)
            tell(
                _one_by_one(attached, done),
                output_format,
                nothing="No PDFs are named there.",
                also={"imported": imported},
            )
    warn(f"To find metadata and copies of these works: {_next([path for path, _ in bibliographies], library)}")


def _next(files: Sequence[Path], library: Library) -> str:
    """The command as a shell takes it."""
    words = ["dl-lit", "process-folder-concurrent", *map(str, files), "--library", str(library.folder)]
    return shlex.join(words)


def _read(path: Path) -> Bibliography:
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Name the files themselves.")
    return read(path)


def _standard_input(library: Library) -> tuple[Path, Bibliography]:
    """Also kept as a file of the library, which the process commands can be given."""
    data = sys.stdin.buffer.read()
    text = text_of(data, "Standard input")
    bibliography = entries_of(text, "Standard input")
    library.make_folders()
    folder = library.folder / "imports"
    folder.mkdir(exist_ok=True)
    path = folder / f"{hashlib.sha256(data).hexdigest()[:12]}{ENDINGS[format_of(text)]}"
    path.write_bytes(data)
    return path, bibliography


def _take_in(store: Store, path: Path, bibliography: Bibliography) -> tuple[_Imported, Sequence[int]]:
    """What came of a file, and the references of its entries."""
    for problem in bibliography.problems[:_PROBLEMS_SHOWN]:
        warn(f"{path_text(path)}: {problem}")
    if (more := len(bibliography.problems) - _PROBLEMS_SHOWN) > 0:
        warn(f"{path_text(path)}: {more} more that cannot be read")
    added = store.add_bibliography(identify(path.absolute()), [one.reference for one in bibliography.entries])
    known = len(bibliography.entries) - added.new
    there = f"{known} {many('was', known, 'were')} there already"
    warn(f"{path_text(path)}: {counted(added.new, 'work')} came into the library, {there}.")
    return _Imported(path_text(path), added.new, known, bibliography.problems), added.ids


def _attached(
    path: Path, bibliography: Bibliography, ids: Sequence[int], folders: Sequence[Path]
) -> Iterator[_Attached]:
    here = path.absolute().parent
    places = [*folders, here, *(here / folder.expanduser() for folder in bibliography.folders)]
    for entry, reference_id in zip(bibliography.entries, ids, strict=True):
        for named in entry.files:
            yield _Attached(named, locate(named, places), reference_id)


def _owners(attached: Sequence[_Attached]) -> dict[Path, tuple[int, ...]]:
    """The references of each file; several entries may name one."""
    owners: dict[Path, tuple[int, ...]] = {}
    for one in attached:
        if one.place is not None:
            owners[one.place] = (*owners.get(one.place, ()), one.reference_id)
    return owners


def _one_by_one(attached: Sequence[_Attached], done: Iterator[Adoption]) -> Iterator[Adoption]:
    yield from _not_found(attached)
    yield from done


def _not_found(attached: Sequence[_Attached]) -> Iterator[Adoption]:
    detail = "name the folder that it is in with --pdf-base-dir"
    for one in attached:
        if one.place is None:
            yield Adoption(Path(one.named), Outcome.NOT_FOUND, detail, one.reference_id)

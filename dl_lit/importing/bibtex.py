"""A BibTeX library as references to look for, each with the files that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from bibtexparser.entrypoint import parse_string
from bibtexparser.exceptions import BlockAbortedException
from bibtexparser.library import Library as BibLibrary
from bibtexparser.middlewares.enclosing import RemoveEnclosingMiddleware
from bibtexparser.model import Block, Entry, Field, ParsingFailedBlock

from dl_lit.catalogue.bibtex import Decoder, quiet, work_of
from dl_lit.importing.attachments import named_files
from dl_lit.importing.entries import BibEntry, Bibliography, reference_of

_FOLDER = re.compile(r"\s*jabref-meta:\s*fileDirectory(?:-[^:]*)?:(?P<folder>.*?);?\s*", re.IGNORECASE | re.DOTALL)
_KEY = re.compile(r"@\s*\w+\s*[{(]\s*([^\s,={}()\"]+)")
_FILE_FIELDS = ("file", "pdf", "localfile", "local-url")


def parse(text: str) -> Bibliography:
    with quiet():
        library = parse_string(text)
    found: list[BibEntry] = []
    problems = []
    decoder = Decoder()
    for block in sorted([*library.entries, *library.failed_blocks], key=lambda one: one.start_line or 0):
        # One with a key or a field that is there twice has failed, and can be read.
        raw = _opened(block.ignore_error_block) if isinstance(block, ParsingFailedBlock) else block
        entry = _entry(raw, len(found) + 1, decoder) if isinstance(raw, Entry) else None
        if entry is not None:
            found.append(entry)
        else:
            problems.append(f"line {(block.start_line or 0) + 1}: {_said(block)}")
    return Bibliography(tuple(found), tuple(problems), tuple(_folders(str(one.comment) for one in library.comments)))


def _opened(block: Block | None) -> Block | None:
    """What has failed still has the brackets around its values; an author in braces would be a body."""
    if isinstance(block, Entry):
        opened: Block = RemoveEnclosingMiddleware().transform_entry(block, BibLibrary())
        return opened
    return block


def _said(block: Block) -> str:
    if isinstance(block, Entry):
        return f"{block.key} has no title and no DOI"
    error = block.error if isinstance(block, ParsingFailedBlock) else None
    begins = _KEY.match((block.raw or "").strip())
    return f"{begins[1] if begins else 'an entry'} {_broken(error)}"


def _broken(error: Exception | None) -> str:
    """What the parser stumbled over, for a person who has the file open."""
    told = error.abort_reason if isinstance(error, BlockAbortedException) else str(error or "")
    if told.startswith(("Unexpected block start", "Unexpectedly reached end")):
        return "breaks off: a closing brace or quotation mark is missing"
    if "`=`" in told or "equals sign" in told:
        return "has a field without an equals sign"
    return "lacks a comma after its key" if told.startswith("Expected comma") else "cannot be read"


def _folders(comments: Iterable[str]) -> Iterator[Path]:
    for comment in comments:
        if (match := _FOLDER.fullmatch(comment)) is not None:
            yield Path(match["folder"].strip())


def _entry(block: Entry, position: int, decoder: Decoder) -> BibEntry | None:
    """None for one that nobody could look for."""
    fields: dict[str, Field] = {}
    for field in block.fields:
        fields.setdefault(field.key.lower(), field)
    work = work_of(decoder.decoded(Entry(block.entry_type, block.key, list(fields.values()))))
    if work.title is None and work.doi is None:
        return None
    named = [_bare(str(fields[name].value)) for name in _FILE_FIELDS if name in fields]
    files = dict.fromkeys(file for text in named for file in named_files(text))
    return BibEntry(block.key, reference_of(work, block.key, position), tuple(files))


def _bare(text: str) -> str:
    text = text.strip()
    return text[1:-1] if text[:1] + text[-1:] in ("{}", '""') else text

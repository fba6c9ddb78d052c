"""Works out of files: Crossref and OpenAlex JSON (lines or one answer, gzipped or not), CSL-JSON, BibTeX, parquet.

What a file holds is seen from its contents, never from its name.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, cast

from dl_lit.catalogue import bibtex, csl
from dl_lit.errors import UsageError
from dl_lit.model import Work
from dl_lit.services import crossref, openalex_records
from dl_lit.services.fields import Node

_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"
_UTF8_MARK = b"\xef\xbb\xbf"
_CHUNK_BYTES = 1 << 20  # of lines handed on together
LONGEST_LINE = 1 << 28  # a whole answer of a service may stand in one line
_TOO_LONG = b"\0"  # stands for such a line; no JSON
_PROBED = 20  # lines that are looked at where the first is no JSON
# Where an answer of a service or a file of a dump keeps its records.
_LISTS = (("message", "items"), ("items",), ("results",))


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A part of a file that gave no work. `place` is a line or record, counted from 1."""

    place: int
    problem: str


@dataclass(frozen=True, slots=True)
class RawLines:
    """Lines of JSON that nobody has looked at yet; `first` is the number of the first."""

    first: int
    lines: tuple[bytes, ...]


def parts(path: Path) -> Iterator[Work | BadRecord | RawLines]:
    """What a file holds, in its order; lines of JSON are left to `works_in`. Raises UsageError when unreadable."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
            if start == _PARQUET:
                yield from _parquet(path)
                return
        opener = gzip.open if start.startswith(_GZIP) else open
        with opener(path, "rb") as stream:
            yield from _text(cast(IO[bytes], stream), path)
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def works_in(lines: RawLines) -> Iterator[Work | BadRecord]:
    """The works of some lines."""
    for number, line in enumerate(lines.lines, lines.first):
        if line.strip():
            yield from _line(number, line)


def work_of(record: Any) -> Work | None:
    """The work that a JSON object describes, in whichever of the three vocabularies; None when it is none."""
    if not isinstance(record, dict):
        return None
    node = Node(record)
    if "authorships" in record or "openalex.org" in str(record.get("id")):
        work = openalex_records.parse_work(node)
    elif isinstance(record.get("title"), str) or isinstance(record.get("container-title"), str):
        work = csl.parse_work(node)
    else:
        work = crossref.parse_work(node)
    return work if says_something(work) else None


def says_something(work: Work) -> bool:
    return bool(work.title or work.doi or (work.container and (work.volume or work.authors)))


def records_in(value: Any) -> Iterable[Any]:
    """The records of a parsed line or file: one, a list of them, or a service's answer around them."""
    if isinstance(value, list):
        return value
    for names in _LISTS:
        inner = Node(value)
        for name in names:
            inner = inner[name]
        if isinstance(inner.value, list):
            return inner.value
    message = Node(value)["message"].value
    return [message if isinstance(message, dict) else value]


def _text(stream: IO[bytes], path: Path) -> Iterator[Work | BadRecord | RawLines]:
    lines = _bounded(stream)
    number, first = _first_line(lines)
    if not first:
        raise UsageError(f"{path} is empty.")
    is_line = _is_json(first)
    head = [first] if is_line else [first, *islice(lines, _PROBED)]
    if is_line or _are_lines(head[1:]):
        yield from _chunks(number, chain(head, lines))
        return
    data = b"".join(head) + stream.read()
    if first.lstrip()[:1] in (b"{", b"["):
        yield from _document(data, path)
    elif b"@" in data:
        yield from _numbered(bibtex.parse(data.decode("utf-8", "replace")))
    else:
        raise UsageError(
            f"{path} holds no works that dl-lit can read. It reads Crossref and OpenAlex JSON (also gzipped), "
            "OpenAlex parquet, CSL-JSON and BibTeX."
        )


def _bounded(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines; what one without end holds is passed over, so that it cannot fill the memory."""
    while line := stream.readline(LONGEST_LINE):
        is_cut = len(line) == LONGEST_LINE and not line.endswith(b"\n")
        while is_cut and (rest := stream.readline(_CHUNK_BYTES)) and not rest.endswith(b"\n"):
            pass
        yield _TOO_LONG if is_cut else line


def _first_line(lines: Iterable[bytes]) -> tuple[int, bytes]:
    """The first that is not blank, with its number; nothing of an empty file."""
    for number, line in enumerate(lines, 1):
        line = line.removeprefix(_UTF8_MARK)
        if line.strip():
            return number, line
    return 0, b""


def _are_lines(lines: Sequence[bytes]) -> bool:
    """Whether these are lines of JSON although the one before them is none: a record that stands for itself, not as the
    last one of a list."""
    said = [line.strip() for line in lines if line.strip()]
    pairs = zip(said, [*said[1:], b""], strict=True) if said else ()
    return any(line.startswith(b"{") and _is_json(line) and after[:1] not in (b"]", b"}") for line, after in pairs)


def _is_json(line: bytes) -> bool:
    """Whether it is a whole object or list."""
    try:
        return isinstance(json.loads(line), dict | list)
    except (ValueError, RecursionError):
        return False


def _chunks(start: int, lines: Iterable[bytes]) -> Iterator[RawLines]:
    chunk: list[bytes] = []
    size = 0
    for line in lines:
        if chunk and size > _CHUNK_BYTES:
            yield RawLines(start, tuple(chunk))
            start, chunk, size = start + len(chunk), [], 0
        chunk.append(line)
        size += len(line)
    yield RawLines(start, tuple(chunk))


def _line(number: int, line: bytes) -> Iterator[Work | BadRecord]:
    if line == _TOO_LONG:
        yield BadRecord(number, f"is longer than {LONGEST_LINE >> 20} MB")
        return
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        yield BadRecord(number, f"is no JSON ({error})")
        return
    for record in records_in(value):
        yield work_of(record) or BadRecord(number, "holds no work: neither title nor DOI")


def _document(data: bytes, path: Path) -> Iterator[Work | BadRecord]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is neither JSON nor lines of JSON ({error}).") from error
    yield from _numbered(map(work_of, records_in(value)))


def _numbered(works: Iterable[Work | None]) -> Iterator[Work | BadRecord]:
    for number, work in enumerate(works, 1):
        yield (work if work and says_something(work) else BadRecord(number, "holds no work: neither title nor DOI"))


def _parquet(path: Path) -> Iterator[Work | BadRecord]:
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError(
            f"{path} is a parquet file, and the package that reads those is not installed. "
            "Install it with: pip install 'dl-lit[parquet]'"
        ) from error
    try:
        with parquet.ParquetFile(path) as file:
            records = (record for batch in file.iter_batches(batch_size=1000) for record in batch.to_pylist())
            for number, record in enumerate(records, 1):
                yield work_of(_unfolded(record)) or BadRecord(number, "holds no work: neither title nor DOI")
    except ValueError as error:  # pyarrow's errors of damaged files are ValueErrors
        raise UsageError(f"{path} cannot be read: {error} Get the file again.") from error


def _unfolded(record: dict[str, Any]) -> dict[str, Any]:
    """Columns that hold JSON as text (the abstract's index, in some snapshots) as what they are."""
    return {
        name: _parsed(value) if isinstance(value, str) and value[:1] in ("{", "[") else value
        for name, value in record.items()
    }


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text

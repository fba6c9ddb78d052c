"""Which accepted works the library already has, by any name under which they are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dl_lit.identity import raw as raw_string
from dl_lit.identity import titles
from dl_lit.identity.numbers import first_number
from dl_lit.model import CitingPaper, Reference, Twin, WithMetadataRow, Work
from dl_lit.refusals import is_refused
from dl_lit.store import refused
from dl_lit.store.columns import WORK, work_from_row
from dl_lit.store.connection import Connection

IDENTIFIERS = ("doi", "openalex_id", "arxiv", "pmid", "pmcid")  # strongest first
_MOST = 20  # candidates; a generic title can have hundreds of namesakes
PAST_QUEUEING = ("to_download_references", "downloaded_references", "failed_downloads")
# One SELECT a table, because SQLite joins each over its key, but the view of all of them only by reading it whole.
_TWINS = " UNION ALL ".join(
    f"SELECT '{table}' AS stage, id, {', '.join(WORK)} FROM work_aliases JOIN {table} ON id = reference_id"
    " WHERE kind = :kind AND value = :value AND id <> :own AND (:doi IS NULL OR doi IS NULL OR doi = :doi)"
    for table in PAST_QUEUEING
)
_TITLE_TWINS = f"SELECT * FROM ({_TWINS}) WHERE year IS NULL OR :year IS NULL OR abs(year - :year) <= 1"

Alias = tuple[str, str]  # kind, value


def add_aliases(connection: Connection, reference_id: int, aliases: Iterable[Alias]) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO work_aliases (kind, value, reference_id) VALUES (?, ?, ?)",
        [(kind, value, reference_id) for kind, value in aliases],
    )


def aliases_of_work(work: Work) -> Iterator[Alias]:
    for kind in IDENTIFIERS:
        if value := getattr(work, kind):
            yield kind, value
    for title in {work.title, _full_title(work)} - {None}:
        if key := titles.key(title or ""):
            yield "title", key
    yield from _place(work.year, work.volume, work.pages)


def aliases_of_print(raw: str, title: str | None) -> Iterator[Alias]:
    if key := raw_string.key(raw):
        yield "raw", key
    if title and (key := titles.key(title)):
        yield "title", key


def _place(year: int | None, volume: str | None, pages: str | None) -> Iterator[Alias]:
    """Year, volume and first page: hardly two works share them, and every style prints them."""
    first_page, number = first_number(pages), first_number(volume)
    if year and number and first_page:
        yield "place", f"{year}:{number}:{first_page}"


def _full_title(work: Work) -> str | None:
    return f"{work.title} {work.subtitle}" if work.title and work.subtitle else None


def names_of_print(reference: Reference) -> Iterator[Alias]:
    """Names under which an accepted work would be found; the surest kind first."""
    for kind in ("doi", "arxiv", "pmid", "pmcid"):
        if value := getattr(reference, kind):
            yield kind, value
    yield from aliases_of_print(reference.raw, reference.title)
    yield from _place(reference.year, reference.volume, reference.pages)


def printed_like(connection: Connection, reference: Reference) -> list[Work]:
    """Accepted works that this printed reference could be; the surest kind of likeness first."""
    return [work for _, work in places_like(connection, reference)]


def places_like(connection: Connection, reference: Reference) -> list[tuple[Twin, Work]]:
    """The same, with where each of them is."""
    found: dict[int, tuple[Twin, Work]] = {}
    for alias in names_of_print(reference):
        for reference_id in _ids(connection, alias):
            if reference_id not in found and len(found) < _MOST:
                found |= {place.id: (place, work) for place, work in _works(connection, [reference_id], alias[0])}
    return list(found.values())


def twins(connection: Connection, row: WithMetadataRow) -> list[tuple[Twin, Work]]:
    """Works past queueing that may be the same as `row`, each once, by the surest rule that brought it up.

    Works with another DOI are left out here already: some titles have hundreds of namesakes. So are those that a person
    has parted from it, or refused for the one or the other.
    """
    found: dict[int, tuple[Twin, Work]] = {}
    parted = refused.parted_from(connection, row.id)
    for kind, value in aliases_of_work(row.work):
        alias = {"kind": kind, "value": value, "own": row.id, "doi": row.work.doi, "year": row.work.year}
        for candidate in connection.all(_TITLE_TWINS if kind == "title" else _TWINS, alias):
            twin = Twin(candidate["stage"], candidate["id"], kind)
            found.setdefault(twin.id, (twin, work_from_row(candidate)))
    own = refused.of_group(connection, row.id)
    return [
        (twin, work)
        for twin, work in found.values()
        if twin.id not in parted
        and not is_refused(work, own)
        and not is_refused(row.work, refused.of_group(connection, twin.id))
    ]


def _ids(connection: Connection, alias: Alias) -> list[int]:
    rows = connection.all("SELECT reference_id FROM work_aliases WHERE kind = ? AND value = ? ORDER BY 1", alias)
    return [row["reference_id"] for row in rows]


def _works(connection: Connection, ids: Iterable[int], rule: str) -> list[tuple[Twin, Work]]:
    found = []
    for reference_id in ids:
        row = connection.one("SELECT * FROM works WHERE id = ?", (reference_id,))
        if row is not None:
            found.append((Twin(row["stage"], reference_id, rule), work_from_row(row)))
    return found


def citing_pdfs(connection: Connection, ids: Iterable[int]) -> int:
    """How many of the user's PDFs cite any of these references."""
    marks = list(ids)
    count: int = connection.value(
        f"SELECT count(DISTINCT source_pdf_id) FROM citations WHERE reference_id IN ({','.join('?' * len(marks))})",
        marks,
    )
    return count


def citing_papers(connection: Connection, ids: Sequence[int]) -> list[CitingPaper]:
    """The PDFs with a DOI of their own that cite any of these, with their lists in the printed order."""
    papers = connection.all(
        "SELECT DISTINCT p.id, p.doi FROM citations c JOIN source_pdfs p ON p.id = c.source_pdf_id"
        f" WHERE c.reference_id IN ({','.join('?' * len(ids))}) AND p.doi IS NOT NULL ORDER BY p.id",
        ids,
    )
    return [_citing_paper(connection, paper["id"], paper["doi"]) for paper in papers]


def _citing_paper(connection: Connection, pdf_id: int, doi: str) -> CitingPaper:
    cited = connection.all(
        "SELECT reference_id, raw FROM citations WHERE source_pdf_id = ? ORDER BY position, id", (pdf_id,)
    )
    return CitingPaper(doi, tuple(row["reference_id"] for row in cited), tuple(row["raw"] for row in cited))

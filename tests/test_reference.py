"""The reference is what the program says: pages are up to date, complete, and their SQL gives rows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.config import Services, Settings
from dl_lit.config_problems import names_of
from dl_lit.model import (
    Attempt,
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    EnrichmentReason,
    Evidence,
    PdfReason,
    Twin,
)
from dl_lit.relations import ExpansionReason
from dl_lit.services.offers import Need, Question
from dl_lit.services.registry import CLIENTS, OFFERS, why_off
from dl_lit.setting_meanings import MEANINGS, meaning
from library import A_FILE, ME, SmallLibrary, work

ROOT = Path(__file__).parent.parent
TABLES = (ROOT / "docs" / "tables.md").read_text("utf-8")
EXAMPLES = re.findall(r"```sql\n(.*?)```", TABLES, re.DOTALL)


def test_the_generated_pages_are_what_the_program_says() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "make_reference"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_every_setting_has_a_meaning_and_every_meaning_a_setting() -> None:
    names = set(names_of(Settings))
    assert all(meaning(name) for name in names)
    assert set(MEANINGS) <= names
    with pytest.raises(KeyError):
        meaning("pipeline.nonsense")


def test_every_setting_stands_in_the_reference_with_its_variable() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    for name in names_of(Settings):
        above, _, last = name.rpartition(".")
        if last in ("base_url", "api_key", "enabled"):
            assert f"| `{above.removeprefix('services.')}` |" in page
        else:
            assert f"`{last}`<br>`DL_LIT_{name.upper().replace('.', '__')}`" in page, name


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallLibrary]:
    """Something in every state that the examples ask for."""
    library = SmallLibrary(tmp_path_factory.mktemp("asked") / "literature.db")
    library.accept(work("Merged", doi="10.1/a"), work("Kept", doi="10.1/k"), raw="first")
    kept = library.ids("with_metadata")[0]
    library.queue()
    library.download(Download(file=A_FILE))
    [again] = library.accept(work("Merged", doi="10.1/b"), raw="second")
    library.queue(Twin("downloaded_references", kept, "title_authors_year"))
    assert library.ids("duplicate_references") == [again]
    library.accept(work("Lost"), work("Later"))
    library.queue()
    tried = Attempt("unpaywall", "http://host.test/x", None, "host.test", DownloadReason.BLOCKED, status=403)
    lost, later = library.claim_downloads()
    library.store.finish_download(lost, ME, Download(reason=DownloadReason.BLOCKED, attempts=(tried,)))
    library.store.finish_download(later, ME, Download(reason=DownloadReason.RETRY_LATER, retry_after=60.0))
    library.print_references("looks like two works", "unknown")
    doubtful, unknown = library.claim_references()
    evidence = Evidence("crossref", "bibliographic", work("Nearly"), 0.4, Decision.REVIEW)
    library.store.finish_enrichment(
        doubtful, ME, Enrichment(Decision.REVIEW, evidence=(evidence,), reason=EnrichmentReason.WEAK_MATCH)
    )
    library.store.finish_enrichment(unknown, ME, Enrichment(Decision.REJECTED, reason=EnrichmentReason.NO_CANDIDATES))
    yield library
    library.close()


@pytest.mark.parametrize("sql", EXAMPLES, ids=lambda sql: " ".join(sql.split())[:60])
def test_each_example_of_sql_gives_rows(asked: SmallLibrary, sql: str) -> None:
    assert asked.rows(sql) != []


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 10


def test_every_table_and_column_of_a_library_is_explained(asked: SmallLibrary) -> None:
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", TABLES, re.DOTALL | re.MULTILINE))
    for name, kind in asked.rows("SELECT name, type FROM pragma_table_list WHERE schema = 'main'"):
        if name.startswith("sqlite_"):
            continue
        assert len(sections[name].split("|")[0].strip()) > 20, name
        columns = asked.rows("SELECT name FROM pragma_table_info(?)", name) if kind == "table" else []
        told = dict(re.findall(r"^\| `(\w+)` \| \w+ \| (.+) \|$", sections[name], re.MULTILINE))
        assert [column for (column,) in columns] == list(told), name


def test_every_word_for_an_outcome_is_explained() -> None:
    page = (ROOT / "docs" / "outcomes.md").read_text("utf-8")
    words = {*PdfReason, *EnrichmentReason, *DownloadReason, *ExpansionReason} - {DownloadReason.SUCCESS}
    told = re.findall(r"^\| `(\w+)` \| (?:final|waits|needs a look) \| .{8,} \|$", page, re.MULTILINE)
    assert {word.value for word in words} <= set(told)


# ── services ─────────────────────────────────────────────────────────────────────────────────────────────


def rows_of_readme() -> list[list[str]]:
    table = re.search(r"<!-- services.*?-->(.*?)<!-- /services -->", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert table is not None
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table[1].strip().splitlines()[2:]]


def test_the_readme_tells_of_each_service_what_its_client_offers_and_whether_it_is_on() -> None:
    off = why_off(Settings())
    rows = rows_of_readme()[: len(CLIENTS)]
    for row, client in zip(rows, CLIENTS, strict=True):
        (title, identifiers, search, abstracts, citations, copies, wants, pace, on), offer = row, client.offer
        assert ("DOI" in identifiers) == bool({Question.DOI, Question.IDENTIFIERS} & set(offer.answers)), title
        assert ("ISBN" in identifiers) == (Question.ISBN in offer.answers), title
        assert ("title" in search) == (Question.TITLE in offer.answers), title
        assert ("cites" in citations) == (Question.REFERENCES in offer.answers), title
        assert (abstracts, copies) == tuple("yes" if known else "" for known in (offer.abstracts, offer.copies)), title
        assert ("needed" in wants) == (offer.needs is not None), title
        assert ("free key" in wants) == (offer.advised is Need.KEY), title
        assert pace.startswith(f"{max(offer.limits.rates.values()):.2g}"), title
        assert (on == "yes") == (client.name not in off), title


def test_what_offers_say_of_abstracts_and_copies_is_what_the_clients_read() -> None:
    folder = ROOT / "dl_lit" / "services"
    files = {name: [folder / f"{name}.py"] for name in OFFERS}
    files["openalex"].append(folder / "openalex_records.py")
    files["dnb"].append(folder / "marc.py")
    for name, offer in OFFERS.items():
        given = {one for file in files[name] for one in keywords_in(file)}
        assert offer.abstracts == ("abstract" in given), name
        answers_with_copies = Question.LOCATIONS in offer.answers
        assert offer.copies == ("locations" in given or answers_with_copies), name
    assert {name for name in OFFERS} <= set(Services.model_fields)


def keywords_in(file: Path) -> Iterator[str]:
    """The keyword arguments of all calls in it."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield from (keyword.arg for keyword in node.keywords if keyword.arg is not None)

"""Options that make no sense end with exit code 2 and one line that names the cure, before anything is done."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from dl_lit.catalogue.building import build
from dl_lit.cli.main import COMMANDS, run
from dl_lit.cli.options import SIZE_OPTIONS
from dl_lit.cli.places import Place
from dl_lit.config import Pipeline
from dl_lit.model import Work
from httpserver import LocalServer
from test_cli import printed_pdf

pytestmark = pytest.mark.usefixtures("away_from_home")

PROCESS = ("process-folder-concurrent", "process-pdf-concurrent", "process-folder", "process-pdf")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with a PDF, a file that is no catalogue and a catalogue."""
    printed_pdf(tmp_path / "a.pdf")
    (tmp_path / "plain.txt").write_text("no catalogue")
    build(tmp_path / "works.catalogue", [Work(title="A title", doi="10.1000/a", type="book")])
    return tmp_path


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in sorted(folder.rglob("*"))}


def refused(capsys: pytest.CaptureFixture[str], here: Path, *arguments: str) -> str:
    """The one line that a command line gets for an answer, with nothing read or written."""
    before = everything(here)
    with LocalServer() as server:
        code = run([*arguments])
        assert server.arrivals == []
    told = capsys.readouterr()
    assert code == 2, told.err
    assert told.out == ""
    assert everything(here) == before
    lines = [line for line in told.err.splitlines() if line.startswith("Error: ")]
    assert len(lines) == 1 and told.err.rstrip().endswith(lines[0]), told.err
    return lines[0]


# ── a run ────────────────────────────────────────────────────────────────────────────────────────────────

RUNS = {
    "--from-year 2020 --to-year 2010": "swap the two",
    "--from-year 20200": "1000<=x<=2200",
    "--from-year -5": "1000<=x<=2200",
    "--limit 0": "x>=1",
    "--limit -3": "x>=1",
    "--max-entries 0": "x>=1",
    "--min-citations -1": "x>=0",
    "--expand-references 4": "0<=x<=3",
    "--no-enrich --expand-references 1": "--expand-references would do nothing",
    "--no-enrich --expand-citations 2": "--expand-citations would do nothing",
    "--no-enrich --catalogue works.catalogue": "--catalogue would do nothing",
    "--no-enrich --max-entries 5": "--max-entries would do nothing",
    "--no-enrich --from-year 2000 --type book": "--from-year, --type would do nothing",
    "--no-enrich --open-only --rank-by words": "--open-only, --rank-by would do nothing",
    "--most-expanded 10": "neither is given. Add one",
    "--most-related 10 --expand-references 0": "neither is given. Add one",
    "--dry-run --log-format json": "Leave one of them out",
    "--dry-run --no-enrich --expand-references 1": "--expand-references would do nothing",
    "--dry-run --catalogue missing.catalogue": "missing.catalogue",
    "--catalogue missing.catalogue": "missing.catalogue",
    "--catalogue plain.txt": "plain.txt",
    "--catalogue .": "is no catalogue",
    "--type journal_article": "journal-article may be meant",
    "--type thesis": "dissertation may be meant",
    "--type nonsense": "There are: book",
    "--language English": "two letters",
    "--rank-by  ": "no words",
    "--extractor groobid": "'grobid'",
    "--extractor llm": "services.llm.base_url",
    "--dry-run --extractor llm": "services.llm.base_url",
    "--library plain.txt": "--library plain.txt: that is a file",
    "--db-path .": "--db-path .: that is a folder",
    "--config missing.toml": "no configuration file missing.toml",
    "--services-url ftp://host": "http:// or https://",
    "--services-url nonsense": "http:// or https://",
    "--log-format xml": "'json'",
}


@pytest.mark.parametrize("command", PROCESS)
@pytest.mark.parametrize("options", RUNS)
def test_a_run_refuses_what_it_could_only_ignore(
    command: str, options: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word or " " for word in options.split(" ")] if options.endswith("  ") else options.split()
    assert RUNS[options] in refused(capsys, here, command, "a.pdf", *words)


CONCURRENT = {
    "--download-workers 0": "1<=x<=20",
    "--enrichment-workers 21": "1<=x<=20",
    "--extraction-workers -1": "1<=x<=10",
    "--queue-size 5": "10<=x<=1000",
    "--backpressure-threshold nan": "backpressure_threshold",
    "--worker-timeout 1": "60<=x<=3600",
    "--checkpoint-interval 0": "1<=x<=100",
    "--sequential --download-workers 4 --queue-size 20": "--download-workers, --queue-size would do nothing",
    "--no-enrich --download-workers 4": "--download-workers would do nothing",
    "--no-download --download-workers 4": "--download-workers would do nothing",
}


@pytest.mark.parametrize("command", ["process-folder-concurrent a.pdf", "process-pdf-concurrent a.pdf", "demo"])
@pytest.mark.parametrize("options", CONCURRENT)
def test_sizes_that_cannot_work_are_refused(
    command: str, options: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert CONCURRENT[options] in refused(capsys, here, *command.split(), *options.split())


def test_the_ranges_of_the_options_are_those_of_the_settings() -> None:
    for _, name, kind, _ in SIZE_OPTIONS:
        limits = {type(one).__name__: one for one in Pipeline.model_fields[name].metadata}
        assert (kind.min, kind.max) == (limits["Ge"].ge, limits["Le"].le), name


def test_what_makes_sense_is_not_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options in (
        "--expand-references 1 --most-expanded 10 --catalogue works.catalogue",
        "--no-enrich --expand-references 0",
        "--from-year 2010 --to-year 2010 --type book --type journal-article --language de",
        "--no-download --max-entries 5 --limit 1 --open-only",
        "--sequential --checkpoint-interval 5",
        "--no-enrich --no-download --extraction-workers 2",
    ):
        assert run(["process-folder-concurrent", "a.pdf", "--dry-run", *options.split()]) == 0, options
    capsys.readouterr()


def test_settings_of_the_file_are_held_to_the_same(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = here / "mine.toml"
    for text, told in (
        ("[queueing]\nfrom_year = 2020\nto_year = 2010\n", "from year 2020 to year 2010"),
        ('[queueing]\ntypes = ["artcle"]\n', "journal-article may be meant"),
        ('[contact]\nemail = "user@domain.tld"\n', "contact.email: is a placeholder"),
        ('[catalogue]\nfiles = ["missing.catalogue"]\n', "missing.catalogue"),
        ('[extraction]\nextractor = "grobid"\n[services.grobid]\nbase_url = ""\n', "services.grobid.base_url"),
    ):
        config.write_text(text)
        assert told in refused(capsys, here, "process-pdf", "a.pdf", "--config", str(config))


def test_caps_of_the_command_line_go_with_an_expansion_of_the_file(here: Path) -> None:
    (here / "mine.toml").write_text("[expansion]\nreferences = 1\n")
    assert run(["process-pdf", "a.pdf", "--config", "mine.toml", "--most-expanded", "5", "--dry-run"]) == 0


# ── e-mail addresses ─────────────────────────────────────────────────────────────────────────────────────

PLACEHOLDERS = (
    *("you@example.com", "me@example.org", "x@mail.example.net", "x@example", "user@domain.tld", "a@domain.com"),
    *("you@your-university.edu", "you@your.university", "me@yourdomain.com", "your.email@gmail.com", "me@host.tld"),
    *("YOUR_EMAIL@gmail.com", "email@email.com", "your-name@uni-nord.de"),
)
BROKEN = (
    *("name@", "@uni-nord.de", "name", "name@localhost", "name@uni", "a b@uni.de", "a@b@uni.de", "a@uni..de", "a@.de"),
    *("<me@uni-nord.de>", "mailto:me@uni-nord.de", "me@uni-nord.de,you@uni-nord.de", "me@1.2.3.4", "", "me@uni-.de"),
)
REAL = (
    *("me@uni-nord.de", "jane.o'roe+lit@sub.uni-nord.ac.uk", "x@example-press.de", "j@yourk.ac.uk", "me@müller.de"),
    *("you@uni-nord.de", "name@mydomain.org", "reader@demo.invalid"),
)


@pytest.mark.parametrize("email", PLACEHOLDERS + BROKEN)
def test_an_address_that_cannot_be_the_users_own_is_refused_and_not_repeated(
    email: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(capsys, here, "doctor", "--online", "--email", email)
    assert "an e-mail address of your own" in told
    assert ("placeholder" in told) is (email in PLACEHOLDERS and email != "x@example")
    assert email not in told.replace("jane.roe@uni-nord.de", "") or not email or len(email) < 5


@pytest.mark.parametrize("email", REAL)
def test_an_address_that_may_be_the_users_own_is_taken(email: str, here: Path) -> None:
    assert run(["process-pdf", "a.pdf", "--dry-run", "--email", email]) == 0


@pytest.mark.parametrize("command", ["extract-bib-pages a.pdf --output-dir new", "extract-references a.pdf"])
def test_wrong_settings_are_said_before_a_folder_is_made(
    command: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "contact.email" in refused(capsys, here, *command.split(), "--email", "you@example.com")


# ── the other commands ───────────────────────────────────────────────────────────────────────────────────

OTHERS = {
    "plan a.pdf --most-expanded 5": "neither is given. Add one",
    "plan a.pdf --catalogue missing.catalogue": "missing.catalogue",
    "plan missing.pdf": "nothing at missing.pdf",
    "extract-references a.pdf --explain --extractor grobid": "Leave one of them out",
    "extract-references a.pdf --page 0": "x>=1",
    "extract-references a.pdf --extractor llm": "services.llm.base_url",
    "extract-bib-pages a.pdf --max-ref-pages 0": "x>=1",
    "keyword-search": "Give a QUERY",
    "keyword-search bees --from-year 2020 --to-year 2010": "swap the two",
    "keyword-search bees --from-year 99999": "1000<=x<=2200",
    "keyword-search bees --type books": "book may be meant",
    "keyword-search bees --language english": "two letters",
    "keyword-search bees --limit 0": "1<=x<=1000",
    "keyword-search bees --offline --source openalex": "Leave one of them out",
    "keyword-search bees --source catalogue": "Name one with --catalogue",
    "keyword-search bees --source library --catalogue works.catalogue": "--source catalogue",
    "keyword-search bees --catalogue plain.txt": "plain.txt",
    "keyword-search bees --saved": "one of them",
    "keyword-search --saved --show 3": "one of them",
    "keyword-search --saved --enqueue": "--enqueue or --download would do nothing",
    "keyword-search --saved --limit 5": "--limit would do nothing",
    "keyword-search --show 3 --open-only --from-year 2000": "--from-year, --open-only would do nothing",
    "keyword-search --show 3 --download --format csv": "no CSV",
    "match --catalogue missing.catalogue --input plain.txt": "missing.catalogue",
    "match --catalogue plain.txt --input plain.txt": "plain.txt",
    "match --catalogue works.catalogue --input missing.jsonl": "missing.jsonl",
    "match --input plain.txt": "'--catalogue'",
    "match --catalogue works.catalogue --input plain.txt --jobs 0": "1<=x<=256",
    "catalogue info missing.catalogue": "missing.catalogue",
    "catalogue info plain.txt": "plain.txt",
    "catalogue build missing.jsonl --output new.catalogue": "missing.jsonl",
    "catalogue build plain.txt": "'--output'",
    "failures --limit 0": "x>=1",
    "failures --stage nonsense": "'download'",
    "retry": "Say what to try again",
    "retry 0": "x>=1",
    "retry 3 --all": "not both",
    "retry --stage download --reason no_references": "Nothing fails in download for no_references",
    "retry --reason nonsense": "no_references",
    "retry --older-than yesterday": "90m, 12h, 3d",
    "review --list --accept 3": "Choose one",
    "review --accept 0": "x>=1",
    "review --candidate 2": "goes with --accept",
    "review --accept 3 --doi nonsense": "no DOI",
    "review --accept 3 --format json": "goes with --list",
    "review --accepted 10.1000/x": "one of them",
    "merge-log --limit 0": "x>=1",
    "unmerge 0": "x>=1",
    "unmerge nonsense": "not a valid integer.",
    "why nonsense --library missing": "There is no library at",
    "status --library missing": "There is no library at",
    "export-bibtex --library plain.txt": "that is a file",
    "init-db --db-path .": "that is a folder",
    "cache clear --format json": "goes with cache info",
    "cache nonsense": "'info', 'clear'",
    "cache info --services": "There is no library at",
    "doctor --services-url nonsense": "http:// or https://",
    "demo --no-enrich --catalogue works.catalogue": "--catalogue would do nothing",
    "demo --catalogue missing.catalogue": "missing.catalogue",
    "standin --port 70000": "0<=x<=65535",
    "standin --fault nonsense": "write NAME=MODE",
    "standin --fault nobody=down": "no such service or host",
    "standin --service-latency 2 1": "write the smaller number first",
    "standin --samples new --works missing.jsonl": "missing.jsonl cannot be read",
}


@pytest.mark.parametrize("line", OTHERS)
def test_a_command_refuses_nonsense(line: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert OTHERS[line] in refused(capsys, here, *line.split())


# ── all options of all commands ──────────────────────────────────────────────────────────────────────────


def options() -> Iterator[tuple[str, click.Command, click.Parameter]]:
    for name, module in COMMANDS.items():
        command: click.Command = importlib.import_module(f"dl_lit.cli.{module}").command
        yield from ((name, command, parameter) for parameter in command.params)


def nonsense_for(kind: click.ParamType[object]) -> list[str]:
    """Values that no option of this kind can take."""
    if isinstance(kind, click.IntRange | click.FloatRange):
        beyond = [f"{kind.min - 1}"] if kind.min is not None else []
        beyond += [f"{kind.max + 1}"] if kind.max is not None else []
        return [*beyond, "many", ""]
    if isinstance(kind, click.Choice):
        return ["nonsense", ""]
    if isinstance(kind, Place):
        return [""]
    return ["many", ""] if kind is click.INT or kind is click.FLOAT else []


CASES = [
    (name, parameter.opts[0], value)
    for name, _, parameter in options()
    if isinstance(parameter, click.Option) and not parameter.is_flag
    for value in nonsense_for(parameter.type)
]


@pytest.mark.parametrize(("command", "option", "value"), CASES)
def test_no_option_takes_what_its_kind_cannot_be(
    command: str, option: str, value: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"'{option}'" in refused(capsys, here, command, option, value)


def test_there_are_options_to_try() -> None:
    assert len(CASES) > 100 and {command for command, _, _ in CASES} >= set(PROCESS)


@pytest.mark.parametrize("command", [*PROCESS, "plan", "extract-references", "extract-bib-pages"])
def test_an_empty_path_is_not_the_current_folder(command: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "write . for the current folder" in refused(capsys, here, command, "")

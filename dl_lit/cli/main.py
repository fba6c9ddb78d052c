"""The `dl-lit` program: finds the command, runs it, and turns errors into one clear line and an exit code."""

from __future__ import annotations

import errno
import importlib
import os
import sys
import traceback
from difflib import get_close_matches
from typing import Any

import click
from click.shell_completion import CompletionItem

from dl_lit import __version__
from dl_lit.cli.streams import take_any_character
from dl_lit.cli.suggesting import suggesting
from dl_lit.errors import DiskFull, DlLitError, RetryLater
from dl_lit.net.redact import redact
from dl_lit.ui.wording import printable

# name -> module below dl_lit.cli; the module holds `command`. Adding a command is one file and one line here.
COMMANDS = {
    "process-folder-concurrent": "process_folder_concurrent",
    "process-pdf-concurrent": "process_pdf_concurrent",
    "watch-folder-concurrent": "watch_folder_concurrent",
    "process-folder": "process_folder",
    "process-pdf": "process_pdf",
    "plan": "plan",
    "extract-references": "extract_references",
    "extract-bib-pages": "extract_bib_pages",
    "match": "match",
    "catalogue": "catalogue",
    "keyword-search": "keyword_search",
    "status": "status",
    "failures": "failures",
    "why": "why",
    "review": "review",
    "retry": "retry",
    "runs": "runs",
    "inspect-tables": "inspect_tables",
    "show-sample": "show_sample",
    "merge-log": "merge_log",
    "unmerge": "unmerge",
    "import": "import_works",
    "import-pdfs": "import_pdfs",
    "library": "library",
    "clear-downloaded": "clear_downloaded",
    "export": "export",
    "report": "report",
    "init-db": "init_db",
    "cache": "cache",
    "init": "init",
    "config": "config",
    "doctor": "doctor",
    "completion": "completion",
    "demo": "demo",
    "standin": "standin",
}

# The list of `dl-lit --help`. The sentences stand here as well as with the commands, because reading twenty modules
# for their first lines takes seconds.
GROUPS = {
    "Find and fetch": {
        "process-folder-concurrent": "Finds and fetches what PDFs in FOLDERS cite.",
        "process-pdf-concurrent": "Finds and fetches what the PDFS cite.",
        "watch-folder-concurrent": "The same for every PDF that comes into FOLDER.",
        "process-folder": "The same for FOLDERS, one row after the other.",
        "process-pdf": "The same for PDFS, one row after the other.",
        "plan": "Tells what it will cost; sends nothing.",
    },
    "Ask the library": {
        "status": "Shows how far a library is.",
        "failures": "Lists what has failed, and why.",
        "why": "Tells the whole story of one reference.",
        "review": "Goes through the matches that need a look.",
        "retry": "Lets what failed be tried again.",
        "runs": "Lists the runs on a library.",
        "inspect-tables": "Lists the tables of the database.",
        "show-sample": "Shows the latest rows of TABLE.",
        "merge-log": "Lists which references became one work.",
        "unmerge": "Makes a merged reference a work of its own.",
    },
    "Bring in and give out": {
        "import": "Takes in the works in files of other programs.",
        "import-pdfs": "Takes PDFs that you have as works' copies.",
        "keyword-search": "Finds works by words, and keeps the search.",
        "export": "Writes a library's works for other programs.",
        "report": "Writes a library as one HTML page.",
    },
    "Without a library": {
        "extract-references": "Writes printed references as JSON lines.",
        "extract-bib-pages": "Writes the pages of the bibliography as a PDF.",
        "match": "Matches printed references with catalogues.",
        "catalogue": "Local catalogues of works.",
    },
    "Look after it": {
        "library": "A library's files on the disk.",
        "clear-downloaded": "Lets go of copies, to look for them anew.",
        "init-db": "Makes the library's folder and database.",
        "cache": "Shows or clears the caches.",
        "init": "Asks for the few settings that matter.",
        "config": "The settings of runs.",
        "doctor": "Checks this machine, settings and library.",
        "completion": "Writes what a shell needs to complete dl-lit.",
        "demo": "Makes a library of samples, without internet.",
        "standin": "Serves a local world of services and hosts.",
    },
}

# Names of earlier programs that go on working, and what they stand for; no list shows them.
ALIASES = {
    "extract-bib-api": ("extract-references",),
    "export-bibtex": ("export",),
    "import-bib": ("import",),
    "add-to-no-metadata": ("import",),
    "run-pipeline": ("process-folder",),
    "retry-failed-enrichments": ("retry", "--stage", "enrichment"),
    "retry-failed-downloads": ("retry", "--stage", "download"),
}


class LazyGroup(click.Group):
    """Imports a command's module only when it is asked for: `dl-lit --help` must not load a PDF library."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        widest = max(map(len, COMMANDS))
        for heading, commands in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(widest), sentence) for name, sentence in commands.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """From the list, too: nobody waits for Tab while thirty modules are read."""
        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        sentences = {name: one for commands in GROUPS.values() for name, one in commands.items()}
        return [CompletionItem(name, help=one) for name, one in sentences.items() if name.startswith(incomplete)]

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and name not in ALIASES and not name.startswith("-"):
            context.fail(f"No such command {name!r}.{_meant(name)} dl-lit --help lists them all.")
        return super().resolve_command(context, [*ALIASES.get(name, [name]), *args[1:]])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        module = COMMANDS.get(name)
        if module is None:
            return None
        command: click.Command = importlib.import_module(f"dl_lit.cli.{module}").command
        return command


def _meant(name: str) -> str:
    """Commands that are spelt nearly so, or begin so: " Did you mean status?", "" without any."""
    known = [*COMMANDS, *ALIASES]
    near = [one for one in known if name and one.startswith(name)] or get_close_matches(name, known)
    return f" Did you mean {' or '.join(near)}?" if near else ""


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dl-lit")
@click.option("--debug", is_flag=True, help="Show the traceback of an error. May stand anywhere.")
@click.pass_context
def program(context: click.Context, debug: bool) -> None:
    """From a folder of PDFs to a library of the works they cite.

    For every work that your PDFs cite, dl-lit finds verified metadata and a lawful copy, and keeps everything in one
    SQLite file. Start with `dl-lit demo`.
    """
    context.obj = debug


def main(arguments: list[str] | None = None) -> None:
    """Entry point; never returns."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Runs one command line and gives its exit code."""
    debug, arguments = _without_debug(arguments)
    if arguments[:1] == ["help"]:
        arguments = [*arguments[1:], "--help"]
    take_any_character()
    try:
        result: Any = program.main(args=arguments, prog_name="dl-lit", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        suggesting(error).show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return 130
    except (BrokenPipeError, SystemExit):
        # Nothing here exits by itself; click and rich do when nobody reads on.
        return _reader_gone()
    except DlLitError as error:
        return _report(error, debug)
    except OSError as error:
        return _report(_of_system(error), debug)
    except ImportError as error:
        return _report(DlLitError(f"A part of dl-lit cannot be loaded: {error}. Install dl-lit again."), debug)


def _without_debug(arguments: list[str]) -> tuple[bool, list[str]]:
    """`--debug` belongs to the program; people write it where they are, which is at the end."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    rest = [one for one in arguments[:end] if one != "--debug"]
    return len(rest) < end, rest + arguments[end:]


def _reader_gone() -> int:
    """The reader of our output went away (`dl-lit ... | head`): no error, but stdout must not be flushed again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    return 0


def _of_system(error: OSError) -> DlLitError:
    """What the operating system refused, in one line; a full disk has a cure of its own."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull("No space left to write to. Free some, then run the same command again.")
    where = f" ({error.filename})" if error.filename else ""
    return DlLitError(f"The system refused: {error.strerror or error}{where}. Run with --debug to see where.")


def _report(error: DlLitError, debug: bool) -> int:
    if debug:
        click.echo(redact("".join(traceback.format_exception(error))), err=True, nl=False)
    click.echo(f"Error: {printable(error.message, lines=True)}", err=True)
    return 3 if isinstance(error, RetryLater) else error.exit_code

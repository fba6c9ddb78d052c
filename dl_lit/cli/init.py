"""`init`: the first settings, asked for one after the other."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from dl_lit import contact
from dl_lit.cli.places import PLACE
from dl_lit.config import default_config_file
from dl_lit.errors import UsageError
from dl_lit.settings_file import text_of, write_new
from dl_lit.ui.wording import printable

_EMAIL = "contact.email"
_LIBRARY = "store.library"
_WHY_EMAIL = """\
Your e-mail address. Unpaywall answers nobody without one, and Crossref, DataCite and Open Library let those who give
one ask two to three times as fast. It is sent to these services, and in the User-Agent of every request: whoever runs a
server can write to you instead of blocking you."""
_WHY_LIBRARY = "\nThe folder of your library. Without one it is library/ in whatever folder dl-lit is started."


@dataclass(frozen=True, slots=True)
class _Key:
    """A key that a service gives, what it changes and where it is had."""

    service: str
    why: str

    @property
    def setting(self) -> str:
        return f"services.{self.service}.api_key"


_KEYS = (
    _Key("openalex", "OpenAlex: ten times the daily budget. Free: https://openalex.org/settings/api"),
    _Key(
        "semanticscholar",
        "Semantic Scholar: without a key it mostly refuses. Free, takes days: "
        "https://www.semanticscholar.org/product/api",
    ),
    _Key("core", "CORE: copies in repositories, twice as fast. Free: https://core.ac.uk/services/api"),
)


@click.command("init")
@click.option("--config", type=PLACE, help="The file to write, in place of the usual one.")
@click.option("--email", help="Your address; it is not asked for then.")
@click.option("--defaults", is_flag=True, help="Ask nothing; write what is given here, and all else as comments.")
@click.option("--force", is_flag=True, help="Write a new file where there is one; the old one is kept beside it.")
def command(config: Path | None, email: str | None, defaults: bool, force: bool) -> None:
    """Asks for the few settings that matter.

    That is your e-mail address, keys of services, each with what it is for, and the library's folder; all may be left
    empty. They are written to a configuration file that only you may read, with every other setting as a comment.

    \b
    Example:
      dl-lit init
    """
    path = config or default_config_file()
    if path.exists() and not force:
        raise UsageError(f"{path} is there already. Change it in an editor, or write a new one with --force.")
    chosen = _given(email)
    if not defaults:
        chosen = _answers(chosen)
    kept = write_new(path, text_of(chosen))
    if kept is not None:
        click.echo(printable(f"The old file is kept as {kept}."))
    click.echo(printable(f"{path} is written ({', '.join(chosen) or 'nothing is set'})."))
    named = f" --config {shlex.quote(str(config))}" if config else ""
    click.echo(printable(f"Next: dl-lit doctor --online{named} asks every service whether it answers."))


def _given(email: str | None) -> dict[str, str]:
    problem = contact.problem(email) if email is not None else None
    if problem is not None:
        raise UsageError(f"--email {email}: {problem}.")
    return {_EMAIL: email} if email is not None else {}


def _answers(chosen: dict[str, str]) -> dict[str, str]:
    """Also out of a pipe, if that has them all."""
    try:
        return _asked(chosen)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise UsageError(
            "init asks questions, and nobody answers here. Give --email and --defaults, or run it in a terminal. "
            "Nothing was written."
        ) from None


def _asked(chosen: dict[str, str]) -> dict[str, str]:
    answers = dict(chosen)
    if _EMAIL not in answers:
        click.echo(_WHY_EMAIL)
        answers[_EMAIL] = click.prompt("E-mail address (empty: none)", default="", show_default=False, value_proc=_own)
    for key in _KEYS:
        click.echo(f"\n{key.why}")
        answers[key.setting] = click.prompt(
            f"Key of {key.service} (empty: none; not shown)",
            default="",
            show_default=False,
            hide_input=sys.stdin.isatty(),
            value_proc=_key,
        )
    click.echo(_WHY_LIBRARY)
    answers[_LIBRARY] = click.prompt("Folder (empty: none)", default="", show_default=False, value_proc=_folder)
    return {name: value for name, value in answers.items() if value}


def _own(answer: str) -> str:
    """A wrong address is asked for again."""
    email = answer.strip()
    problem = contact.problem(email) if email else None
    if problem is not None:
        raise click.UsageError(f"{email}: {problem}.")
    return email


def _key(answer: str) -> str:
    """What was pasted with more than the key is asked for again; the key is not repeated."""
    key = answer.strip()
    if len(key.split()) > 1:
        raise click.UsageError("a key has no blanks in it.")
    return key


def _folder(answer: str) -> str:
    """In full: dl-lit is started in many folders."""
    folder = answer.strip()
    if not folder:
        return ""
    place = Path(folder).expanduser().absolute()
    if place.is_file():
        raise click.UsageError(f"{place} is a file.")
    return str(place)

"""The first settings: asked for, written, and read back by every command."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dl_lit.cli.init import command
from dl_lit.cli.main import run
from dl_lit.config import Settings, load_settings

Captured = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("away_from_home")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "config.toml"


def init(file: Path, *options: str, answers: tuple[str, ...] = ()) -> Result:
    """As a person answers; a key per service, then the folder."""
    return CliRunner().invoke(command, ["--config", str(file), *options], input="".join(f"{one}\n" for one in answers))


def test_what_is_answered_is_what_a_run_gets(file: Path, tmp_path: Path) -> None:
    library = tmp_path / 'my "odd" lib\\rary'
    assert init(file, answers=("jane@uni-nord.de", " key ", "", "c'k\"", str(library))).exit_code == 0
    settings = load_settings(file=file)
    assert settings.contact.email == "jane@uni-nord.de"
    assert settings.services.openalex.api_key is not None and settings.services.core.api_key is not None
    assert settings.services.openalex.api_key.get_secret_value() == "key"
    assert settings.services.core.api_key.get_secret_value() == "c'k\""
    assert settings.services.semanticscholar.api_key is None
    assert settings.store.library == library


def test_the_file_is_its_owners_alone_and_holds_every_setting(file: Path) -> None:
    assert init(file, "--defaults").exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_settings(file=file).model_dump() == Settings().model_dump()
    taken_away = re.sub(r"^# (?=\w+ = (?!\.\.\.(?:$|\s)))", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (file.parent / "all.toml").write_text(taken_away)
    assert load_settings(file=file.parent / "all.toml").model_dump() == Settings().model_dump()


def test_a_wrong_address_is_asked_for_again_and_a_given_one_not_at_all(file: Path) -> None:
    asked = init(file, answers=("jane", "you@example.org", "jane@uni-nord.de", "", "", "", ""))
    assert asked.exit_code == 0
    assert asked.output.count("must be an e-mail address of your own") == 2
    assert load_settings(file=file).contact.email == "jane@uni-nord.de"
    given = init(file, "--force", "--email", "joe@uni-nord.de", answers=("", "", "", ""))
    assert "E-mail address" not in given.output
    assert load_settings(file=file).contact.email == "joe@uni-nord.de"


def test_a_file_that_is_there_stays_unless_forced_and_then_is_kept(file: Path, capsys: Captured) -> None:
    file.parent.mkdir()
    file.write_text("# mine\n")
    assert run(["init", "--config", str(file), "--defaults"]) == 2
    assert "--force" in capsys.readouterr().err
    assert file.read_text() == "# mine\n"
    assert run(["init", "--config", str(file), "--defaults", "--force"]) == 0
    assert (file.parent / "config.toml.old").read_text() == "# mine\n"
    assert not list(file.parent.glob("*.new"))


def test_a_wrong_address_on_the_command_line_writes_nothing(file: Path, capsys: Captured) -> None:
    assert run(["init", "--config", str(file), "--email", "jane"]) == 2
    assert "must be an e-mail address" in capsys.readouterr().err
    assert not file.exists()


def test_giving_up_in_the_middle_writes_nothing_and_names_the_way_without_questions(file: Path) -> None:
    given_up = init(file, answers=("jane@uni-nord.de",))
    assert given_up.exit_code == 1
    assert "--email and --defaults" in str(given_up.exception)
    assert not file.parent.exists()


def test_a_key_with_a_blank_is_asked_for_again_without_being_repeated(file: Path) -> None:
    asked = init(file, answers=("", "two words", "one", "", "", ""))
    assert asked.exit_code == 0 and "a key has no blanks" in asked.output
    key = load_settings(file=file).services.openalex.api_key
    assert key is not None and key.get_secret_value() == "one"


def test_the_next_command_names_the_file_that_was_named(file: Path, capsys: Captured) -> None:
    assert run(["init", "--config", str(file), "--defaults"]) == 0
    assert f"dl-lit doctor --online --config {file}" in capsys.readouterr().out


def test_a_key_of_odd_signs_comes_back_as_it_was(file: Path) -> None:
    assert init(file, answers=("", "a\x00b\x7f", "", "", "")).exit_code == 0
    key = load_settings(file=file).services.openalex.api_key
    assert key is not None and key.get_secret_value() == "a\x00b\x7f"


def test_halves_of_characters_are_refused_and_nothing_is_written(file: Path, capsys: Captured) -> None:
    assert run(["init", "--config", str(file), "--defaults", "--email", "j\udc80ne@uni-nord.de"]) == 2
    assert "signs that are no characters" in capsys.readouterr().err
    assert not file.parent.exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "plain").touch()
    assert run(["init", "--config", str(tmp_path / "plain" / "config.toml"), "--defaults"]) != 0
    assert "cannot be written" in capsys.readouterr().err


def test_a_folder_that_is_a_file_is_asked_for_again(file: Path, tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    result = init(file, answers=("", "", "", "", str(tmp_path / "plain"), "lib"))
    assert "is a file" in result.output
    assert load_settings(file=file).store.library == Path.cwd() / "lib"


def test_the_library_of_the_settings_is_meant_where_none_is_named(
    file: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    init(file, answers=("", "", "", "", str(tmp_path / "from_file")))
    monkeypatch.setenv("DL_LIT_CONFIG", str(file))
    assert run(["init-db"]) == 0
    assert (tmp_path / "from_file" / "literature.db").is_file()
    assert run(["init-db", "--library", str(tmp_path / "named")]) == 0
    assert (tmp_path / "named" / "literature.db").is_file()
    monkeypatch.delenv("DL_LIT_CONFIG")
    capsys.readouterr()
    assert run(["cache", "--services", "--config", str(file), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["place"].startswith(str(tmp_path / "from_file"))

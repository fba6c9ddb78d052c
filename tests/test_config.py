"""Settings: where they come from, which wins, and what is said about wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from dl_lit.config import default_config_file, load_settings
from dl_lit.errors import UsageError


@pytest.fixture(autouse=True)
def nobody_elses_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DL_LIT_CONFIG", str(write(tmp_path / "empty.toml", "")))


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_without_any_setting_there_are_defaults_and_no_contact() -> None:
    settings = load_settings()
    assert settings.contact.email is None
    assert settings.services.crossref.base_url == "https://api.crossref.org"
    assert settings.pipeline.queue_size == 100


def test_options_win_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "c.toml", "[pipeline]\nqueue_size = 20\ndownload_workers = 2\nenrichment_workers = 3\n")
    monkeypatch.setenv("DL_LIT_PIPELINE__DOWNLOAD_WORKERS", "7")
    monkeypatch.setenv("DL_LIT_PIPELINE__ENRICHMENT_WORKERS", "8")
    pipeline = load_settings(file=file, overrides={"pipeline": {"enrichment_workers": 9}}).pipeline
    assert (pipeline.queue_size, pipeline.download_workers, pipeline.enrichment_workers) == (20, 7, 9)


def test_one_setting_of_a_service_leaves_its_others_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DL_LIT_SERVICES__CROSSREF__BASE_URL", "http://127.0.0.1:9/x/")
    settings = load_settings()
    assert settings.services.crossref.base_url == "http://127.0.0.1:9/x"
    assert settings.services.crossref.enabled
    assert settings.services.openalex.base_url == "https://api.openalex.org"


def test_a_services_url_moves_every_service_and_opens_that_port_of_the_loopback_only() -> None:
    settings = load_settings(services_url="http://127.0.0.1:8765")
    assert settings.services.named("openalex").base_url == "http://127.0.0.1:8765/openalex"
    assert settings.network.allow_hosts == ("127.0.0.0/8:8765",)


def test_a_services_url_elsewhere_opens_nothing() -> None:
    assert load_settings(services_url="https://mirror.example.org/x").network.allow_hosts == ()


def test_localhost_is_loopback_and_http_without_a_port_means_80() -> None:
    assert load_settings(services_url="http://localhost").network.allow_hosts == ("127.0.0.0/8:80",)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/x", "127.0.0.1:80", "http://", "http://127.0.0.1:99999"])
def test_a_services_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="--services-url"):
        load_settings(services_url=url)


def test_wrong_values_are_all_named_in_one_message() -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(overrides={"pipeline": {"queue_size": 1, "download_workers": 99}})
    assert "pipeline.queue_size" in caught.value.message
    assert "pipeline.download_workers" in caught.value.message


def test_an_unknown_setting_is_a_mistake_and_not_ignored(tmp_path: Path) -> None:
    file = write(tmp_path / "c.toml", "[pipeline]\nquue_size = 20\n")
    with pytest.raises(UsageError, match=r"pipeline\.quue_size"):
        load_settings(file=file)


@pytest.mark.parametrize("email", ["nobody", "@", "a@", "a b@c.org"])
def test_an_address_that_is_none_is_refused_without_being_repeated(email: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(overrides={"contact": {"email": email}})
    assert "contact.email" in caught.value.message
    assert "given" not in caught.value.message


def test_a_key_never_shows_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DL_LIT_SERVICES__OPENALEX__API_KEY", "hush")
    assert "hush" not in repr(load_settings())


@pytest.mark.parametrize(
    "text",
    [
        '[services.openalex]\napikey = "TOPSECRET"',
        '[services]\nopenalex = "TOPSECRET"',
        '[services.opnalex]\napi_key = "TOPSECRET"',
        '[contact]\nmail = "TOPSECRET"',
        'contact = "TOPSECRET"',
        'openalex_key = "TOPSECRET"',
        '[services.openalex]\nbase_url = "ftp://me:TOPSECRET@x.org"',
        '[services.openalex]\napi_key = ["TOPSECRET"]',
    ],
)
def test_what_stands_under_a_misspelt_or_secret_name_is_not_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(file=write(tmp_path / "c.toml", text))
    assert "TOPSECRET" not in caught.value.message


@pytest.mark.parametrize("text", ["[pipeline]\nqueue_size = 7", "[network]\nallow_hosts = [7]"])
def test_a_wrong_value_of_a_known_setting_is_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"given: 7\b"):
        load_settings(file=write(tmp_path / "c.toml", text))


@pytest.mark.parametrize("name", ["SERVICES__OPENALEX", "SERVICES", "CONTACT", "NETWORK__ALLOW_HOSTS"])
def test_a_word_where_the_environment_needs_a_structure_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"DL_LIT_{name}", "TOPSECRET")
    with pytest.raises(UsageError) as caught:
        load_settings()
    assert name.split("__")[0].lower() in caught.value.message
    assert "TOPSECRET" not in caught.value.message


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no configuration file .*missing.toml. Check --config"):
        load_settings(file=tmp_path / "missing.toml")


def test_a_file_that_the_environment_names_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DL_LIT_CONFIG", str(tmp_path / "missing.toml"))
    with pytest.raises(UsageError, match=r"missing.toml. Check the environment variable DL_LIT_CONFIG"):
        load_settings()


def test_the_usual_file_need_not_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DL_LIT_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings().contact.email is None


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path / "c.toml", "")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    # The tests may run as root, whom no file mode keeps out.
    monkeypatch.setattr("tomllib.load", refused)
    with pytest.raises(UsageError, match=r"c.toml cannot be read: Permission denied"):
        load_settings(file=file)


@pytest.mark.parametrize("content", [b"[contact\n", b"\xff\xfe\x00"])
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "c.toml"
    file.write_bytes(content)
    with pytest.raises(UsageError, match="not valid TOML"):
        load_settings(file=file)


def test_the_usual_file_is_used_when_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path / "mine.toml", '[contact]\nemail = "me@here.org"\n')
    monkeypatch.setenv("DL_LIT_CONFIG", str(file))
    assert default_config_file() == file
    assert load_settings().contact.email == "me@here.org"


def test_without_the_variable_the_usual_file_is_in_the_users_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DL_LIT_CONFIG")
    assert default_config_file().name == "config.toml"

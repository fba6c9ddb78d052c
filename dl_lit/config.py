"""Settings: a TOML file, then the environment, then the command line, each stronger than the one before.

Every value has a default except who you are: `contact.email` is never invented, and services that insist on it
(Unpaywall) are left out until it is set. Environment names join the parts with two underscores:
`DL_LIT_SERVICES__CROSSREF__BASE_URL`.
"""

from __future__ import annotations

import ipaddress
import os
import re
import sys
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import click
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from dl_lit import contact, work_types
from dl_lit.config_problems import PREFIX, explained, unknown_variables
from dl_lit.errors import UsageError


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError("must be an http:// or https:// address with a host")
    return value.rstrip("/")


def _dask_address(value: str | None) -> str | None:
    if value is not None and re.fullmatch(r"(tcp|tls)://[^/\s]+:\d{1,5}", value) is None:
        raise ValueError("must be the address of a Dask scheduler, tcp://host:port or tls://host:port")
    return value


def _email(value: str | None) -> str | None:
    problem = contact.problem(value) if value is not None else None
    if problem is not None:
        raise ValueError(problem)
    return value


def _work_types(value: tuple[str, ...]) -> tuple[str, ...]:
    problem = work_types.unknown(value)
    if problem is not None:
        raise ValueError(problem)
    return value


def no_year_between(first: int | None, last: int | None) -> str | None:
    """What is wrong with such years, or None."""
    if first is None or last is None or first <= last:
        return None
    return f"from year {first} to year {last} there is no year, so that no work fits: swap the two"


HttpUrl = Annotated[str, AfterValidator(_http_url)]
TesseractLanguage = Annotated[str, Field(pattern=r"^\w[\w/]*$")]


class ExtractorName(StrEnum):
    """Who reads the references of a PDF: the built-in reader with help where it finds nothing, or one alone."""

    AUTO = "auto"
    BUILTIN = "builtin"
    GROBID = "grobid"
    LLM = "llm"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Contact(_Section):
    email: Annotated[str | None, AfterValidator(_email)] = None


# Services that tell those who give an e-mail address from the rest, and have limits of their own for them.
BY_EMAIL = frozenset({"crossref", "datacite", "openlibrary", "unpaywall"})


class Service(_Section):
    base_url: HttpUrl
    api_key: SecretStr | None = None
    enabled: bool = True


class Grobid(Service):
    """Times in seconds. `concurrency` is best the number of its engines; busy, it is waited for `busy_seconds`."""

    concurrency: int = Field(default=2, ge=1, le=64)
    time_limit_seconds: float = Field(default=180.0, ge=1, le=3600)
    busy_seconds: float = Field(default=120.0, ge=0, le=3600)


class LanguageModel(Service):
    """An OpenAI-compatible server: `base_url` is what stands before `/chat/completions`.

    `chunk_characters` is the most of a reference list that is sent at once.
    """

    model: str | None = None
    concurrency: int = Field(default=2, ge=1, le=5)
    time_limit_seconds: float = Field(default=180.0, ge=1, le=3600)
    chunk_characters: int = Field(default=8000, ge=500, le=100_000)
    response_format: Literal["json_schema", "json_object", "text"] = "json_schema"


class Network(_Section):
    """Times in seconds. `allow_hosts` names hosts, addresses or ranges, each with or without `:port`."""

    allow_hosts: tuple[str, ...] = ()
    state_dir: Path | None = None  # None: `default_state_folder`; see `state_folder`
    connect_timeout: float = Field(default=10.0, gt=0, le=120)
    read_timeout: float = Field(default=30.0, gt=0, le=600)
    total_timeout: float = Field(default=180.0, gt=0, le=3600)
    max_file_mb: float = Field(default=200.0, gt=0, le=4096)
    host_spacing: float = Field(default=1.0, ge=1.0, le=60)
    host_concurrency: int = Field(default=2, ge=1, le=2)
    host_failures: int = Field(default=5, ge=1, le=1000)

    @property
    def state_folder(self) -> Path:
        """Where the runs of this user on this machine keep what they share about the services."""
        return (self.state_dir or default_state_folder()).expanduser()


class Pipeline(_Section):
    """Sizes of the run; the ranges are those of the requirements (R2, R3)."""

    sequential: bool = False
    extraction_workers: int = Field(default_factory=lambda: min(3, max(1, os.cpu_count() or 1)), ge=1, le=10)
    enrichment_workers: int = Field(default=4, ge=1, le=20)
    download_workers: int = Field(default=5, ge=1, le=20)
    queue_size: int = Field(default=100, ge=10, le=1000)
    enable_backpressure: bool = True
    backpressure_threshold: float = Field(default=0.8, ge=0.5, le=1.0)
    worker_timeout_seconds: float = Field(default=600.0, ge=60, le=3600)
    checkpoint_interval: int = Field(default=10, ge=1, le=100)
    lease_seconds: float = Field(default=120.0, gt=0, le=3600)
    poll_seconds: float = Field(default=1.0, gt=0, le=60)
    grace_seconds: float = Field(default=30.0, ge=0, le=600)
    patience_seconds: float = Field(default=45.0, ge=0, le=86400)


class QueueingSettings(_Section):
    """Which works a copy is looked for, and which first (see queueing.filters). `query`: what the user is after."""

    min_citations: int | None = Field(default=None, ge=0)
    from_year: int | None = Field(default=None, ge=1000, le=2200)
    to_year: int | None = Field(default=None, ge=1000, le=2200)
    types: Annotated[tuple[str, ...], AfterValidator(_work_types)] = ()
    languages: tuple[Annotated[str, Field(pattern="^[a-z]{2}$")], ...] = ()
    open_only: bool = False
    query: str | None = None

    @model_validator(mode="after")
    def _some_year_fits(self) -> QueueingSettings:
        problem = no_year_between(self.from_year, self.to_year)
        if problem is not None:
            raise ValueError(problem)
        return self


class ExpansionSettings(_Section):
    """How many steps a run goes from matched works to what they cite, or to what cites them (see model.Reach)."""

    references: int = Field(default=0, ge=0, le=3)
    citations: int = Field(default=0, ge=0, le=3)
    most_related: int = Field(default=50, ge=1, le=500)
    most_expanded: int = Field(default=1000, ge=1, le=100_000)


class ExtractionSettings(_Section):
    """Who reads the references, and where; limits of one file in its child process (scans have their own); what is
    kept. `cluster` is a Dask scheduler; `cluster_in_flight` None: a quarter more than its threads."""

    extractor: ExtractorName = ExtractorName.AUTO
    cluster: Annotated[str | None, AfterValidator(_dask_address)] = None
    cluster_in_flight: int | None = Field(default=None, ge=1, le=256)
    llm_token_budget: int | None = Field(default=1_000_000, ge=1)
    time_limit_seconds: float = Field(default=60.0, gt=0, le=3600)
    memory_limit_mb: int = Field(default=1024, ge=128, le=65536)
    max_file_mb: float = Field(default=500.0, gt=0, le=4096)
    cache: bool = True
    cache_dir: Path | None = None  # None: `default_cache_folder`
    cache_mb: int = Field(default=256, ge=1, le=65536)
    ocr: bool = True
    ocr_max_pages: int = Field(default=40, ge=1, le=10000)
    ocr_time_limit_seconds: float = Field(default=300.0, gt=0, le=36000)
    ocr_languages: tuple[TesseractLanguage, ...] = Field(default=("eng", "deu"), min_length=1)


class CatalogueSettings(_Section):
    """Local catalogues that are asked before any service (`dl-lit catalogue build`), and the built-in one, of what was
    fetched for any library; it lies in the folder of the extraction cache."""

    files: tuple[Path, ...] = ()
    fetched: bool = True
    fetched_mb: int = Field(default=256, ge=1, le=65536)


class Store(_Section):
    """`library` is the folder of the library where none is named; `cache_mb` is how much of the services' answers a
    library keeps, the oldest go first."""

    library: Path = Path("library")
    synchronous: str = Field(default="NORMAL", pattern="^(NORMAL|FULL)$")
    cache_mb: int = Field(default=1000, ge=1, le=1_000_000)
    busy_timeout: float = Field(default=30.0, gt=0, le=600)


class Services(_Section):
    """Where each outside service is; the names are those of the environment and of `--services-url`."""

    openalex: Service = Service(base_url="https://api.openalex.org")
    crossref: Service = Service(base_url="https://api.crossref.org")
    unpaywall: Service = Service(base_url="https://api.unpaywall.org/v2")
    semanticscholar: Service = Service(base_url="https://api.semanticscholar.org/graph/v1")
    arxiv: Service = Service(base_url="https://export.arxiv.org")
    europepmc: Service = Service(base_url="https://www.ebi.ac.uk/europepmc/webservices/rest")
    pmc: Service = Service(base_url="https://pmc-oa-opendata.s3.amazonaws.com")
    datacite: Service = Service(base_url="https://api.datacite.org")
    core: Service = Service(base_url="https://api.core.ac.uk/v3")
    doaj: Service = Service(base_url="https://doaj.org/api")
    opencitations: Service = Service(base_url="https://api.opencitations.net")
    idconv: Service = Service(base_url="https://pmc.ncbi.nlm.nih.gov/tools/idconv")
    zenodo: Service = Service(base_url="https://zenodo.org/api")
    hal: Service = Service(base_url="https://api.archives-ouvertes.fr")
    dnb: Service = Service(base_url="https://services.dnb.de")
    openlibrary: Service = Service(base_url="https://openlibrary.org")
    doi: Service = Service(base_url="https://doi.org")
    wayback: Service = Service(base_url="https://web.archive.org")
    osf: Service = Service(base_url="https://osf.io")
    grobid: Grobid = Grobid(base_url="http://localhost:8070", enabled=False)
    llm: LanguageModel = LanguageModel(base_url="", enabled=False)

    def named(self, name: str) -> Service:
        service: Service = getattr(self, name)
        return service


class WatchSettings(_Section):
    """Of a watched folder, in seconds: between two looks, without a change before a file is taken, and the same for one
    that does not look whole."""

    interval_seconds: float = Field(default=2.0, gt=0, le=86400)
    still_seconds: float = Field(default=2.0, ge=0, le=86400)
    patience_seconds: float = Field(default=600.0, ge=0, le=7 * 86400)


class Settings(BaseSettings):
    """The whole configuration of one run, frozen."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        nested_model_default_partial_update=True,
        hide_input_in_errors=True,  # a traceback (--debug) would show keys
    )

    contact: Contact = Contact()
    services: Services = Services()
    network: Network = Network()
    pipeline: Pipeline = Pipeline()
    queueing: QueueingSettings = QueueingSettings()
    expansion: ExpansionSettings = ExpansionSettings()
    extraction: ExtractionSettings = ExtractionSettings()
    store: Store = Store()
    catalogue: CatalogueSettings = CatalogueSettings()
    watch: WatchSettings = WatchSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what the module's first lines promise: no .env file, no secrets folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(
    *, file: Path | None = None, services_url: str | None = None, overrides: dict[str, Any] | None = None
) -> Settings:
    """Settings of this run: `overrides` (nested, from the command line) over environment over the TOML file.

    `file` defaults to `DL_LIT_CONFIG`, then to `config.toml` in the user's configuration folder, if it is there.
    `services_url` sets every service to `<url>/<name>` and, on loopback, lets downloads go to 127.0.0.0/8 at that
    port. Raises UsageError naming each wrong setting.
    """
    problem = unknown_variables(os.environ, PREFIX, Settings)
    if problem is not None:
        raise UsageError(problem)
    stand_in = _at_one_address(services_url) if services_url is not None else {}
    path = file or default_config_file()
    if (file is not None or os.environ.get("DL_LIT_CONFIG")) and not path.is_file():
        named = "--config" if file is not None else "the environment variable DL_LIT_CONFIG"
        raise UsageError(f"There is no configuration file {path}. Check {named}.")

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=path if path.is_file() else None)

    try:
        return FromFile(**_merge(stand_in, overrides or {}))
    except ValidationError as error:
        raise UsageError(explained(error, Settings)) from error
    except SettingsError as error:
        raise UsageError(
            f"The environment has a value that cannot be read ({error}). Set one value at a time, as in "
            "DL_LIT_SERVICES__OPENALEX__API_KEY, not a whole section."
        ) from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}. Give read permission.") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not valid TOML: {error}. Correct it in an editor.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not valid TOML, as it is not UTF-8. Save it as UTF-8 in an editor.") from error


def default_state_folder() -> Path:
    """Where this user's runs on this machine keep what they share about the services."""
    named = os.environ.get("XDG_STATE_HOME")
    if named and Path(named).is_absolute():
        return Path(named) / "dl-lit"
    apple = sys.platform == "darwin"
    return Path("~/Library/Application Support/dl-lit" if apple else "~/.local/state/dl-lit").expanduser()


def default_config_file() -> Path:
    """Where the configuration file is looked for when none is named."""
    return Path(os.environ.get("DL_LIT_CONFIG") or Path(click.get_app_dir("dl-lit")) / "config.toml")


def default_cache_folder() -> Path:
    """The user's folder for what can be had again, beginning with "~" unless `XDG_CACHE_HOME` is set."""
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if named.is_absolute():  # the XDG Base Directory Specification: a relative one is invalid and to be ignored
        return named / "dl-lit"
    return Path("~/Library/Caches/dl-lit" if sys.platform == "darwin" else "~/.cache/dl-lit")


def _at_one_address(url: str) -> dict[str, Any]:
    try:
        base = _http_url(url)
        port = urlsplit(base).port
    except ValueError as error:
        raise UsageError(f"--services-url {url!r}: {error}.") from error
    services = {name: {"base_url": f"{base}/{name}"} for name in Services.model_fields}
    values: dict[str, Any] = {"services": services}
    if _is_loopback(urlsplit(base).hostname or ""):
        values["network"] = {"allow_hosts": (f"127.0.0.0/8:{port or 80}",)}
    return values


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _merge(weak: dict[str, Any], strong: dict[str, Any]) -> dict[str, Any]:
    merged = dict(weak)
    for key, value in strong.items():
        below = merged.get(key)
        merged[key] = _merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged

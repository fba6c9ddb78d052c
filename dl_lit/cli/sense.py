"""Options that contradict each other, or would do nothing: refused before anything is read or written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dl_lit.catalogue.catalogue import CatalogueSet
from dl_lit.config import Settings
from dl_lit.errors import UsageError

# Of the sequential form, which has one of everything and no queues.
_CONCURRENT = ("extraction_workers", "enrichment_workers", "download_workers", "queue_size", "backpressure_threshold")
_AFTER_READING = ("enrichment_workers", "download_workers")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line of a run asks for; what was not given is None, or empty."""

    enrich: bool = True
    download: bool = True
    sequential: bool = False
    sizes: Mapping[str, Any] | None = None
    expansion: Mapping[str, Any] | None = None
    filters: Mapping[str, Any] | None = None
    catalogues: Sequence[Path] = ()
    max_entries: int | None = None
    dry_run: bool = False
    log_format: str = "text"

    def sizes_given(self, names: Iterable[str]) -> list[str]:
        return [option_of(name) for name in names if (self.sizes or {}).get(name) is not None]


def check_run(wishes: Wishes, settings: Settings) -> None:
    """Raises UsageError, or CatalogueUnusable, for what a run could only ignore."""
    if wishes.sequential:
        _in_vain("--sequential does one row after the other", wishes.sizes_given(_CONCURRENT))
    if settings.extraction.cluster is not None:
        _in_vain("PDFs are read on the cluster (--extract-on)", wishes.sizes_given(["extraction_workers"]))
    if not wishes.enrich:
        _in_vain("--no-enrich stops after reading the PDFs", _after_reading(wishes))
    elif not wishes.download:
        _in_vain("--no-download stops before downloading", wishes.sizes_given(["download_workers"]))
    if wishes.dry_run and wishes.log_format == "json":
        raise UsageError("--dry-run makes no progress that --log-format json could tell. Leave one of them out.")
    check_expansion(wishes.expansion or {}, settings)
    check_catalogues(settings)


def _after_reading(wishes: Wishes) -> list[str]:
    """The options given that concern only what comes after the reading."""
    expansion = [option_of(name, "expansion") for name, value in (wishes.expansion or {}).items() if value]
    filters = [option_of(name, "filters") for name, value in (wishes.filters or {}).items() if value is not None]
    more = [
        name for name, there in (("--catalogue", wishes.catalogues), ("--max-entries", wishes.max_entries)) if there
    ]
    return [*expansion, *filters, *more, *wishes.sizes_given(_AFTER_READING)]


def _in_vain(because: str, options: Sequence[str]) -> None:
    if options:
        named = ", ".join(options)
        raise UsageError(f"{because}, so that {named} would do nothing. Leave out the one or the other.")


def check_expansion(given: Mapping[str, Any], settings: Settings) -> None:
    """Caps without anything to cap."""
    caps = [option_of(name) for name in ("most_related", "most_expanded") if given.get(name) is not None]
    if caps and not (settings.expansion.references or settings.expansion.citations):
        raise UsageError(
            f"{', '.join(caps)} limits what --expand-references or --expand-citations take in, and neither is given. "
            "Add one of them."
        )


def check_catalogues(settings: Settings) -> None:
    """Raises CatalogueUnusable for one that is missing or none."""
    CatalogueSet(settings.catalogue.files).close()


def option_of(name: str, group: str = "") -> str:
    """The option of a setting's name."""
    odd = {
        ("expansion", "references"): "--expand-references",
        ("expansion", "citations"): "--expand-citations",
        ("filters", "types"): "--type",
        ("filters", "languages"): "--language",
        ("filters", "query"): "--rank-by",
        ("", "worker_timeout_seconds"): "--worker-timeout",
    }
    return odd.get((group, name), "--" + name.replace("_", "-"))

"""The formats of exports by name: to add one, write its file and its line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from dl_lit.exporting import flat
from dl_lit.exporting.biblatex import as_biblatex
from dl_lit.exporting.bibtex import as_bibtex
from dl_lit.exporting.csl_json import as_csl
from dl_lit.exporting.keys import Keyed
from dl_lit.exporting.ris import as_ris


@dataclass(frozen=True, slots=True)
class Format:
    """`write` makes the text of works whose files lie in a folder; `ending` is that of its files."""

    ending: str
    write: Callable[[Sequence[Keyed], Path], str]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "bibtex": Format(".bib", as_bibtex),
        "biblatex": Format(".bib", as_biblatex),
        "ris": Format(".ris", as_ris),
        "csl-json": Format(".csl.json", as_csl),
        "csv": Format(".csv", flat.as_table),
        "json": Format(".json", flat.as_json),
    }
)

"""A library in one ZIP file: its works in several formats, and their PDFs under the names by which these call them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from dl_lit.exporting.formats import FORMATS
from dl_lit.exporting.keys import Keyed

_WITHIN = Path("pdfs")
_NAMES = {"biblatex": "works.biblatex.bib"}


def write_bundle(works: Sequence[Keyed], pdfs: Path, out: IO[bytes]) -> list[str]:
    """Returns the names of files that the library should have and the disk has not; raises OSError.

    PDFs are compressed already, and stored as they are.
    """
    missing = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, form in FORMATS.items():
            text = form.write(works, _WITHIN).encode("utf-8", "backslashreplace")
            bundle.writestr(_NAMES.get(name, f"works{form.ending}"), text)
        for file_name in sorted({one.entry.file.file_name for one in works if one.entry.file}):
            path = pdfs / file_name
            if path.is_file():
                bundle.write(path, str(_WITHIN / file_name), zipfile.ZIP_STORED)
            else:
                missing.append(file_name)
    return missing

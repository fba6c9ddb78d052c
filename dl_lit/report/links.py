"""Addresses in a report. Only files beside it and http(s) become links; whatever else a record holds stays text."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote, urlsplit

_WEB = ("http", "https")


def web(url: str | None) -> str | None:
    """The address if a click on it can do no harm, else None: no javascript:, no data:, nothing to be mended."""
    if not url or any(ord(character) <= ord(" ") for character in url):
        return None
    try:
        parts = urlsplit(url)
        return url if parts.scheme.lower() in _WEB and parts.hostname else None
    except ValueError:
        return None


class Files:
    """Links to files from a report in `folder`, relative, so that both can be moved together.

    A report may be given away: a file that is not below the folder above the report's gets no link, as that would tell
    where on the disk things lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def to(self, file: Path) -> str | None:
        """None where there is no such file, or it lies elsewhere."""
        if not file.is_file():
            return None
        relative = os.path.relpath(file.resolve(), self._folder)
        return None if relative.startswith("../../") else quote(os.fsencode(relative))

    def to_copy(self, file: Path) -> str | None:
        """The same for the library's own copies, wherever the report is."""
        if not file.is_file():
            return None
        return quote(os.fsencode(os.path.relpath(file.resolve(), self._folder)))

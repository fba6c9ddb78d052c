"""Why a file that may be the work is not kept."""

from __future__ import annotations

from dataclasses import dataclass

from dl_lit.model import DownloadReason


@dataclass(frozen=True, slots=True)
class Fault:
    """`detail` is for people: it goes into the attempt and is shown by `why`."""

    reason: DownloadReason
    detail: str

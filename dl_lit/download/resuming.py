"""Transfers that broke off: what lies on the disk, what is known of the whole, and whether an answer is its rest.

Beside the bytes of `X.part` lies `X.part.json` from before the first of them is written, so that a killed process
leaves both. Only what came as it is (no Content-Encoding) with a strong validator can be gone on with: a strong ETag,
or a Last-Modified that is older than the answer (RFC 9110, 8.8.2.2 and 13.1.5).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from dl_lit.net.body import length_of
from dl_lit.net.lease import StreamedResponse
from dl_lit.net.redact import redact

_CONTENT_RANGE = re.compile(r"\s*bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)\s*", re.IGNORECASE)
_OLDER = timedelta(seconds=1)
_LEAST_SECONDS = 1.0  # with less left of its time a transfer is better begun anew


@dataclass(frozen=True, slots=True)
class Begun:
    """What the first answer said of the whole. `length` is in bytes, None where it was not told; `seconds` is what the
    tries before this one took, which began at the unix time `at`."""

    key: str
    url: str
    etag: str | None
    last_modified: str | None
    length: int | None
    seconds: float
    at: float

    @property
    def validator(self) -> str:
        return self.etag or self.last_modified or ""


@dataclass(frozen=True, slots=True)
class Rest:
    """What is still to come of a transfer of which `offset` bytes are there."""

    begun: Begun
    offset: int

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Ranges count in what is sent, so that it must be sent as it is."""
        return (
            ("Range", f"bytes={self.offset}-"),
            ("If-Range", self.begun.validator),
            ("Accept-Encoding", "identity"),
        )

    def is_told_by(self, response: StreamedResponse) -> bool:
        """Whether this 206 is all of the rest of that very file, by all that it says."""
        match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range") or "")
        if match is None or _is_encoded(response.headers) or redact(response.url) != self.begun.url:
            return False
        first, last = int(match[1]), int(match[2])
        total = None if match[3] == "*" else int(match[3])
        same_length = total == self.begun.length or self.begun.length is None
        in_order = first == self.offset <= last and total in (None, last + 1)
        return same_length and in_order and self._same_validators(response.headers)

    def _same_validators(self, headers: Mapping[str, str]) -> bool:
        if self.begun.etag is not None:
            return headers.get("ETag") == self.begun.etag
        return headers.get("Last-Modified") in (None, self.begun.last_modified)

    def gone_on_with(self, response: StreamedResponse) -> Begun:
        """What to write down now that the rest is coming."""
        match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range") or "")
        told = int(match[3]) if match is not None and match[3] != "*" else None
        return replace(self.begun, length=self.begun.length or told, at=time.time())


def key_of(url: str) -> str:
    """Names a URL without giving away what may be secret in it."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def begun(url: str, response: StreamedResponse) -> Begun | None:
    """What to keep beside the bytes of a whole answer (200) to `url`; None when the rest could not be asked for."""
    headers = response.headers
    etag = _strong(headers.get("ETag"))
    last_modified = _reliable(headers.get("Last-Modified"), headers.get("Date"))
    ranges = (headers.get("Accept-Ranges") or "").strip().lower()
    if response.status != 200 or _is_encoded(headers) or ranges == "none" or not (etag or last_modified):
        return None
    return Begun(key_of(url), redact(response.url), etag, last_modified, length_of(headers), 0.0, time.time())


def _strong(etag: str | None) -> str | None:
    return etag if etag is not None and re.fullmatch(r'"[^"\s]+"', etag) else None


def _reliable(last_modified: str | None, date: str | None) -> str | None:
    """A file that changes twice within a second has one Last-Modified; later than that it is a strong validator."""
    if last_modified is None or date is None:
        return None
    try:
        old = parsedate_to_datetime(date) - parsedate_to_datetime(last_modified) >= _OLDER
    except (ValueError, TypeError):  # no date, or one with and one without a zone
        return None
    return last_modified if old else None


def _is_encoded(headers: Mapping[str, str]) -> bool:
    return (headers.get("Content-Encoding") or "identity").strip().lower() != "identity"


# ── on the disk ──────────────────────────────────────────────────────────────────────────────────────────


def beside(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def draft_beside(part: Path) -> Path:
    """What is written to the end before it gets the name of a note."""
    return part.with_name(f"{part.name}.draft")


def part_of(path: Path) -> Path:
    """Whatever lies beside a part, or the part itself, leads to it."""
    return path.with_name(path.name[: path.name.rindex(".part") + len(".part")])


def note(part: Path, begun: Begun) -> None:
    draft = draft_beside(part)
    draft.write_text(json.dumps(asdict(begun)), "utf-8")
    draft.replace(beside(part))


def rest_of(part: Path, url: str, most_bytes: int, most_seconds: float) -> Rest | None:
    """What is still to come, with the time that the tries so far took; None, and nothing left on the disk, when it is
    better begun anew: too large or too slow by now, or no longer to be understood."""
    known = read(part)
    if known is not None and known.key == key_of(url):
        status = part.stat()
        spent = known.seconds + max(0.0, status.st_mtime - known.at)
        is_open = known.length is None or status.st_size < known.length
        if 0 < status.st_size < most_bytes and is_open and spent < most_seconds - _LEAST_SECONDS:
            return Rest(replace(known, seconds=spent), status.st_size)
    forget(part)
    return None


def read(part: Path) -> Begun | None:
    """What is known of a part that is there; None also when it makes no sense."""
    try:
        values = json.loads(beside(part).read_text("utf-8"))
        known = Begun(**values)
        sizes = isinstance(known.length, int | None) and known.seconds >= 0 and known.at >= 0
        texts = all(isinstance(text, str) for text in (known.key, known.url, known.validator))
        is_usable = sizes and texts and known.validator != "" and known.validator.isprintable()
        return known if part.is_file() and is_usable else None
    except (OSError, ValueError, TypeError):
        return None


def move(source: Path, target: Path) -> bool:
    """Both files, of which the note goes first: whoever comes second to the same part has none."""
    if read(source) is None:
        return False
    with contextlib.suppress(FileNotFoundError):
        beside(source).replace(beside(target))
        source.replace(target)
        return True
    return False


def forget(part: Path) -> None:
    beside(part).unlink(missing_ok=True)  # first: bytes without a note are nothing, a note with other bytes a lie
    draft_beside(part).unlink(missing_ok=True)
    part.unlink(missing_ok=True)

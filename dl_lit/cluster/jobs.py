"""What travels between a run and the workers that read for it. Without Dask, so that both sides can name it."""

from __future__ import annotations

from dataclasses import dataclass

from dl_lit.config import ExtractionSettings
from dl_lit.extraction.version import Facts
from dl_lit.model import Extraction


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read. Without `content` the worker looks for it at `path`, and believes it only by size and hash.

    `version` is the fingerprint that the worker must have: the result is kept under it.
    """

    path: str
    size: int
    sha256: str
    suffix: str
    settings: ExtractionSettings
    task: str
    version: str
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Either the result, or what the worker lacks: the content, the right versions (`facts` are its own), or health.

    `trouble` is what the worker's machine could not do (no space, no process); the file is not to blame.
    """

    worker: str
    extraction: Extraction | None = None
    needs_content: bool = False
    facts: Facts | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """What a worker says of itself when a run connects."""

    facts: Facts
    distributed: str

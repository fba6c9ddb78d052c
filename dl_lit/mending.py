"""Puts right what an inventory found. Nothing is deleted: what is nobody's moves aside, what is missing comes again."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from dl_lit.adopting import Adopter, Adoption, Outcome
from dl_lit.clearing import put_aside
from dl_lit.download.placing import holds, link, place, sha256_of
from dl_lit.download.verifier import ProcessVerifier
from dl_lit.download.verify import Expectation, Verdict
from dl_lit.inventory import Finding, Kind, Stock
from dl_lit.library import Library
from dl_lit.store.holdings import Holding
from dl_lit.store.store import Store


class Mender:
    """For a library on which no run goes on."""

    def __init__(self, store: Store, library: Library, adopter: Adopter, verifier: ProcessVerifier) -> None:
        self._store = store
        self._library = library
        self._adopter = adopter
        self._verifier = verifier
        self._may_lose = True

    def mend(self, stock: Stock, *, are_lost: bool = False) -> None:
        """Notes in each finding what was done. What the system refuses is left, with what it said; so is what is
        missing together with most copies, unless it is known that they `are_lost`."""
        self._may_lose = are_lost or not stock.most_are_missing
        spare = self._contents(stock.findings)
        # First what may need the orphans' contents, then the orphans.
        for finding in sorted(stock.findings, key=lambda one: one.kind is Kind.ORPHANED):
            try:
                finding.done = self._mended(finding, spare)
            except OSError as error:
                finding.detail = f"{finding.detail}; nothing was done: {error.strerror or error}"

    def _contents(self, findings: Iterable[Finding]) -> dict[str, Path]:
        """Orphans in pdfs/ by their hash."""
        orphans = (one for one in findings if one.kind is Kind.ORPHANED and one.place == "pdfs")
        found: dict[str, Path] = {}
        for one in orphans:
            path = self._library.pdfs / one.name
            with contextlib.suppress(OSError):  # it is told of when its turn comes
                found.setdefault(sha256_of(path), path)
        return found

    def _mended(self, finding: Finding, spare: dict[str, Path]) -> str | None:
        is_here = any(one.file.sha256 in spare for one in finding.holdings)
        if finding.kind is Kind.MISSING and not (self._may_lose or is_here):
            return None
        if finding.place == "quarantine":
            return self._suspect(finding)
        if finding.kind is Kind.MISSING:
            return self._missing(finding, spare)
        if finding.kind is Kind.CHANGED:
            return self._changed(finding, spare)
        return self._orphan(self._library.pdfs / finding.name)

    # ── copies ───────────────────────────────────────────────────────────────────────────────────────────

    def _missing(self, finding: Finding, spare: dict[str, Path]) -> str:
        file = finding.holdings[0].file
        target = self._library.pdfs / file.file_name
        aside = self._clear(target)
        return aside + self._put_back(finding, target, spare)

    def _clear(self, path: Path) -> str:
        """What is no file (a pipe, a link that leads nowhere) gives a missing file's name free; a folder keeps it."""
        if not os.path.lexists(path) or path.is_file() or (path.is_dir() and not path.is_symlink()):
            return ""
        return f"what had its name moved to {self._put_aside(path)}; "

    def _put_back(self, finding: Finding, target: Path, spare: dict[str, Path]) -> str:
        file = finding.holdings[0].file
        source = spare.pop(file.sha256, None)
        if source is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            place(source, target)
            return f"put back from {source.name}"
        for other in self._store.copies_with(file.sha256):
            twin = self._library.pdfs / other[1].file_name
            if twin != target and holds(twin, file.sha256) and link(twin, target):
                return f"put back: {twin.name} has the same content"
        return self._lost(finding.holdings, finding.detail)

    def _lost(self, holdings: Iterable[Holding], why: str) -> str:
        for one in holdings:
            self._store.lose(one, why)
        return "its work is looked for again by the next run"

    def _changed(self, finding: Finding, spare: dict[str, Path]) -> str | None:
        """A copy that somebody has written notes into is still one."""
        path = self._library.pdfs / finding.name
        if not os.access(path, os.R_OK):
            return None  # it may be what it was: a person must open it first
        verdicts = [self._verdict(path, one) for one in finding.holdings]
        if all(verdict is not None and verdict.reason is None for verdict in verdicts):
            for holding, verdict in zip(finding.holdings, verdicts, strict=True):
                assert verdict is not None
                self._record_anew(path, holding, verdict)
            return "still that work: its new hash is recorded"
        name = self._put_aside(path)
        return f"moved to {name}; {self._missing(finding, spare)}"

    def _verdict(self, path: Path, holding: Holding) -> Verdict | None:
        subject = self._store.subject(self._store.now_known_as(holding.reference_id))
        return None if subject is None else self._verifier(path, Expectation.of(subject))

    def _record_anew(self, path: Path, holding: Holding, verdict: Verdict) -> None:
        if holding.waits:
            self._store.lose(holding, "changed")
        size, sha256 = path.stat().st_size, sha256_of(path)
        now = replace(holding.file, bytes=size, sha256=sha256, pages=verdict.pages, identity=verdict.identity)
        self._store.adopt(holding.reference_id, now)

    def _orphan(self, path: Path) -> str | None:
        if not os.path.lexists(path):
            return "it is a copy's missing file, and was put back"
        adoption = self._adopter.adopt(self._adopter.judge(path))
        if adoption.outcome is Outcome.ADOPTED and adoption.file_name is not None:
            return self._adopted(path, adoption)
        return f"moved to {self._put_aside(path)} ({adoption.outcome.value}: {adoption.detail})"

    def _adopted(self, path: Path, adoption: Adoption) -> str:
        """Its content has a name of its own now; the old one goes once it is sure to be a second one."""
        kept = self._library.pdfs / (adoption.file_name or "")
        if kept != path and kept.samefile(path):
            path.unlink()
        elif kept != path:
            self._put_aside(path)
        return f"adopted by reference {adoption.reference_id} as {kept.name} ({adoption.detail})"

    # ── the rest ─────────────────────────────────────────────────────────────────────────────────────────

    def _suspect(self, finding: Finding) -> str:
        path = self._library.quarantine / finding.name
        done = f"{self._clear(path)}forgotten" if finding.kind is Kind.MISSING else f"moved to {self._put_aside(path)}"
        self._store.forget_suspect(finding.name)
        return done

    def _put_aside(self, path: Path) -> str:
        return put_aside(self._library, path)

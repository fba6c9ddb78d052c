"""PDFs from the user's disk become the copies of works in the library: which work each is, and how it gets there.

A file is known by its hash, by a DOI or an arXiv number on its first pages, or by a title there. That proposes a work;
what decides is the verification that downloads go through. Nothing of a file without a work is kept.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dl_lit.download.placing import link, sha256_of
from dl_lit.download.shelf import Shelf
from dl_lit.download.verifier import ProcessVerifier
from dl_lit.download.verify import Expectation, Face, Verdict
from dl_lit.errors import UsageError
from dl_lit.identity import titles
from dl_lit.intake import identify, path_text
from dl_lit.model import BY_PERSON, DownloadReason, KeptFile, PdfFile, PdfReason, Reference, Work
from dl_lit.store.owned import SOURCE
from dl_lit.store.store import Store

_GRAM = 10  # letters; a title with a misprint still shares one of three such pieces with the print
_MOST = 20  # candidates that a file is held against
# What showed that a file is a work, the surest first; works that are shown equally surely are not to be told apart.
_SURENESS = {"title and doi": 3, "doi": 2, "arxiv": 2, "title": 1, "metadata": 0}
_NO_PDF = frozenset({DownloadReason.WRONG_TYPE, DownloadReason.EMPTY_BODY})
_DOWNLOADED = "downloaded_references"


class Outcome(StrEnum):
    ADOPTED = "adopted"  # the copy of a work now, or waits for its work to be looked for
    ALREADY_THERE = "already there"
    NO_SUCH_WORK = "no such work"
    UNCLEAR = "unclear"
    NOT_A_PDF = "not a PDF"
    NOT_FOUND = "file not found"  # named by a bibliography


@dataclass(frozen=True, slots=True)
class Adoption:
    """What became of a file. `table` is where the reference is now; `file_name` is below pdfs/."""

    path: Path
    outcome: Outcome
    detail: str
    reference_id: int | None = None
    table: str | None = None
    file_name: str | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """A reference that a file was shown to be."""

    reference_id: int
    subject: Work | Reference
    verdict: Verdict

    @property
    def sureness(self) -> int:
        return _SURENESS.get(self.verdict.identity or "", 0)

    @property
    def key(self) -> str:
        return titles.key(self.subject.title or "")


@dataclass(frozen=True, slots=True)
class Judged:
    """A file and what it may be. `objection` is the nearest candidate's, where none fits."""

    path: Path
    file: PdfFile
    face: Face
    fits: tuple[Fit, ...] = ()
    objection: str | None = None

    @property
    def is_told(self) -> bool:
        """Whether a person says what it is."""
        return any(fit.verdict.identity == BY_PERSON for fit in self.fits)


class Names:
    """Under which DOIs, arXiv numbers and titles references are known; made once, read by all threads."""

    def __init__(self) -> None:
        self._identifiers: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self._grams: defaultdict[str, set[str]] = defaultdict(set)
        self._short: set[str] = set()
        self._titles: defaultdict[str, set[int]] = defaultdict(set)

    @classmethod
    def of(cls, store: Store) -> Names:
        names = cls()
        for kind, value, reference_id in store.names_of_works():
            names.add(kind, value, reference_id)
        for one in store.printed_references():
            names.add_print(one.id, one.reference)
        return names

    def add(self, kind: str, value: str, reference_id: int) -> None:
        if kind != "title":
            self._identifiers[kind, value].add(reference_id)
            return
        self._titles[value].add(reference_id)
        if len(value) < _GRAM:
            self._short.add(value)
        for gram in _pieces(value):
            self._grams[gram].add(value)

    def add_print(self, reference_id: int, reference: Reference) -> None:
        named = (("doi", reference.doi), ("arxiv", reference.arxiv), ("title", titles.key(reference.title or "")))
        for kind, value in named:
            if value:
                self.add(kind, value, reference_id)

    def candidates(self, face: Face) -> list[int]:
        """By identifiers first, then by titles that stand there whole, the longest first, then by pieces of titles."""
        found = [("doi", value) for value in face.dois] + [("arxiv", value) for value in face.arxiv]
        ids = [one for name in found for one in sorted(self._identifiers.get(name, ()))]
        keys = {key for text in face.prominent for key in self._alike(text)}
        whole = {key for key in keys if any(key in text for text in face.prominent)}
        for key in sorted(keys, key=lambda key: (key not in whole, -len(key), key)):
            ids += sorted(self._titles[key])
        return list(dict.fromkeys(ids))[:_MOST]

    def _alike(self, text: str) -> Iterator[str]:
        for start in range(len(text) - _GRAM + 1):
            yield from self._grams.get(text[start : start + _GRAM], ())
        yield from (key for key in self._short if key in text)


def _pieces(key: str) -> set[str]:
    middle = (len(key) - _GRAM) // 2
    return {key[at : at + _GRAM] for at in (0, middle, len(key) - _GRAM)} if len(key) >= _GRAM else set()


class Adopter:
    """`judge` in any thread, `adopt` in one."""

    def __init__(
        self, store: Store, shelf: Shelf, verifier: ProcessVerifier, names: Names, *, by_link: bool, most_bytes: int
    ) -> None:
        """`by_link`: files get a second name in the library where the file system allows it; else they are copied.
        What has more than `most_bytes` is not read."""
        self._store = store
        self._shelf = shelf
        self._verifier = verifier
        self._names = names
        self._by_link = by_link
        self._most_bytes = most_bytes

    def judge(self, path: Path, also: Sequence[int] = ()) -> Judged:
        """Which references the file is; `also` are to be asked about whatever it says. Raises Stopping."""
        file = self._identified(path)
        if file.sha256 is None:
            return Judged(path, file, Face())
        if self._store.copies_with(file.sha256) or self._waits_for(file.sha256) is not None:
            return Judged(path, file, Face())
        face = self._verifier.look_at(path)
        if face.reason is not None:
            return Judged(path, file, face)
        return self._held_against(Judged(path, file, face), (*also, *self._names.candidates(face)))

    def judge_as(self, path: Path, reference_id: int) -> Judged:
        """A person says which it is; that it is a whole PDF is seen to. Raises UsageError without such a reference."""
        known_as = self._store.now_known_as(reference_id)
        subject = self._store.subject(known_as)
        if subject is None:
            raise UsageError(f"There is no reference {reference_id}. Nothing was changed; dl-lit why WORDS finds one.")
        file = self._identified(path)
        face = Face() if file.sha256 is None else self._verifier.look_at(path)
        return Judged(path, file, face, (Fit(known_as, subject, Verdict(pages=face.pages, identity=BY_PERSON)),))

    def _identified(self, path: Path) -> PdfFile:
        with contextlib.suppress(OSError):  # `identify` tells
            if path.is_file() and (size := path.stat().st_size) > self._most_bytes:
                return PdfFile(path_text(path), None, size, PdfReason.TOO_LARGE)
        return identify(path)

    def _held_against(self, judged: Judged, candidates: Iterable[int]) -> Judged:
        fits, objections = [], []
        for candidate in dict.fromkeys(map(self._store.now_known_as, candidates)):
            subject = self._store.subject(candidate)
            if subject is None:
                continue
            verdict = self._verifier(judged.path, Expectation.of(subject))
            if verdict.reason is None:
                fits.append(Fit(candidate, subject, verdict))
            else:
                objections.append(f"not reference {candidate}: {verdict.detail or verdict.reason.value}")
        return Judged(judged.path, judged.file, judged.face, tuple(fits), next(iter(objections), None))

    def adopt(self, judged: Judged, preferred: Sequence[int] = ()) -> Adoption:
        """Carries out what was judged; what has changed in the library meanwhile counts. Of several works that the file
        may be, one of the `preferred` is taken."""
        if judged.file.sha256 is None:
            return _unreadable(judged)
        if not judged.is_told and (known := self._known(judged.path, judged.file.sha256)) is not None:
            return known
        if judged.face.reason is not None:
            outcome = Outcome.NOT_A_PDF if judged.face.reason in _NO_PDF else Outcome.UNCLEAR
            return Adoption(judged.path, outcome, judged.face.detail or judged.face.reason.value)
        chosen = _chosen(judged.fits)
        if not chosen:
            return _without_work(judged)
        if _are_several(chosen):
            wanted = set(map(self._store.now_known_as, preferred))
            chosen = [fit for fit in judged.fits if fit.reference_id in wanted] or chosen
        if _are_several(chosen):
            named = ", ".join(str(fit.reference_id) for fit in chosen)
            return Adoption(judged.path, Outcome.UNCLEAR, f"it may be any of the references {named}")
        return self._take(judged, chosen)

    def _known(self, path: Path, sha256: str) -> Adoption | None:
        """By its hash: the copy of a work, which may have been taken away and is put back; or one that waits."""
        copies = self._store.copies_with(sha256)
        back = [self._put_back(path, *one) for one in copies if not self._shelf.holds(one[1])]
        if back:
            return back[0]
        for reference_id, copy in copies:
            detail = f"it is the copy of reference {reference_id}"
            return Adoption(path, Outcome.ALREADY_THERE, detail, reference_id, _DOWNLOADED, copy.file_name)
        if (waiting := self._waits_for(sha256)) is not None:
            return Adoption(path, Outcome.ALREADY_THERE, f"it waits for reference {waiting}", waiting)
        return None

    def _waits_for(self, sha256: str) -> int | None:
        for reference_id in self._store.waits_with(sha256):
            if any(file.sha256 == sha256 and self._shelf.holds(file) for file in self._store.owned_files(reference_id)):
                return reference_id
        return None

    def _put_back(self, path: Path, reference_id: int, copy: KeptFile) -> Adoption:
        with self._shelf.temporary(reference_id) as part:
            self._bring(path, part)
            try:
                self._shelf.restore(part, copy)
            except FileExistsError:
                detail = f"it was the copy of reference {reference_id}, which was changed: see dl-lit library check"
                return Adoption(path, Outcome.UNCLEAR, detail, reference_id)
        detail = f"the missing copy of reference {reference_id} is back"
        return Adoption(path, Outcome.ADOPTED, detail, reference_id, _DOWNLOADED, copy.file_name)

    def _take(self, judged: Judged, chosen: Sequence[Fit]) -> Adoption:
        best = chosen[0]
        copy = self._store.copy_of(best.reference_id)
        if copy is not None and self._shelf.holds(copy):
            which = "this copy already" if copy.sha256 == judged.file.sha256 else "another copy"
            detail = f"reference {best.reference_id} has {which}"
            return Adoption(judged.path, Outcome.ALREADY_THERE, detail, best.reference_id, _DOWNLOADED, copy.file_name)
        with self._shelf.temporary(best.reference_id) as part:
            self._bring(judged.path, part)
            if sha256_of(part) != judged.file.sha256:
                return Adoption(judged.path, Outcome.UNCLEAR, "it was changed while it was read: try again")
            kept = self._shelf.keep(best.reference_id, best.subject, part, _facts(judged, best.verdict))
        return self._recorded(judged.path, chosen, kept)

    def _recorded(self, path: Path, chosen: Sequence[Fit], kept: KeptFile) -> Adoption:
        tables = [self._store.adopt(fit.reference_id, kept) for fit in chosen]
        best, table = chosen[0], tables[0]
        self._shelf.settled(best.reference_id)
        waits = "" if table == _DOWNLOADED else "; it is taken when copies are looked for"
        by_whom = "as you say" if best.verdict.identity == BY_PERSON else f"known by its {best.verdict.identity}"
        detail = f"{by_whom}{waits}"
        return Adoption(path, Outcome.ADOPTED, detail, best.reference_id, table, kept.file_name)

    def _bring(self, path: Path, part: Path) -> None:
        true = Path(os.path.realpath(path))
        with contextlib.suppress(FileExistsError):
            if self._by_link and link(true, part):
                return
        shutil.copyfile(true, part)


def _unreadable(judged: Judged) -> Adoption:
    if judged.file.problem is PdfReason.EMPTY_FILE:
        return Adoption(judged.path, Outcome.NOT_A_PDF, "it has no bytes")
    if judged.file.problem is PdfReason.TOO_LARGE:
        return Adoption(judged.path, Outcome.UNCLEAR, "it is larger than extraction.max_file_mb")
    return Adoption(judged.path, Outcome.UNCLEAR, "it could not be read")


def _without_work(judged: Judged) -> Adoption:
    if not judged.face.has_text:
        return Adoption(judged.path, Outcome.UNCLEAR, "a scan: its first pages have no text to know it by; --as tells")
    detail = judged.objection or "no reference of the library has its DOI or its title"
    return Adoption(judged.path, Outcome.NO_SUCH_WORK, detail)


def _chosen(fits: Sequence[Fit]) -> list[Fit]:
    """The surest; verified works before prints, and a title before one that is a part of it."""
    works = [fit for fit in fits if isinstance(fit.subject, Work)] or list(fits)
    surest = max((fit.sureness for fit in works), default=0)
    equal = [fit for fit in works if fit.sureness == surest]
    return [fit for fit in equal if not any(fit.key != other.key and fit.key in other.key for other in equal)]


def _are_several(chosen: Sequence[Fit]) -> bool:
    """Prints with one title may well be of one work; verified works are two."""
    return len(chosen) > 1 and (isinstance(chosen[0].subject, Work) or len({fit.key for fit in chosen}) > 1)


def _facts(judged: Judged, verdict: Verdict) -> KeptFile:
    url = Path(os.path.abspath(judged.path)).as_uri()  # noqa: PTH100 - resolve() would lose a symlink's own name
    return KeptFile(
        file_name="",
        sha256=judged.file.sha256 or "",
        bytes=judged.file.size,
        pages=verdict.pages,
        source=SOURCE,
        url=url,
        final_url=url,
        identity=verdict.identity,
    )

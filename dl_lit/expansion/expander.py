"""Looks for what works cite, and for what cites them, in lists shared by all works handed in.

OpenAlex tells both, a hundred works a call. Where it does not know what a work cites, Semantic Scholar (with a key) and
OpenCitations are asked, by its DOI. Only works come out that have a record with an identifier and a title, and that fit
the user's filters; the best first, and those with their whole records, as the works that PDFs cite have them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dl_lit.expansion.sources import CitedWorks, Complete, Records, Services, Whole
from dl_lit.model import Answer, Found, NoAnswer, Work
from dl_lit.relations import Direction, Expansion, ExpansionReason, ExpansionRow
from dl_lit.silence import soonest, word

MOST_REFERENCES = 500  # of one work; only a review cites more, and the records are paid for
MOST_PAGES = 5  # of a hundred citing works each
TOGETHER = 10  # works whose citing works are asked for before the first of them is done
STRAY = 0.1  # of the records: so few are gone on without at the second try

OPENALEX = "openalex"

Outcome = tuple[ExpansionRow, Expansion]


@dataclass(frozen=True, slots=True)
class Taste:
    """Which works are wanted, how much (greater is better), and how many with one work."""

    wanted: Callable[[Work], bool]
    rank: Callable[[Work], float]
    most: int


class Expander:
    """Holds nothing of its own, so that several threads may call it at once with different rows."""

    def __init__(self, services: Services, taste: Taste, complete: Complete) -> None:
        self._services = services
        self._taste = taste
        self._complete = complete

    def expand(self, rows: Sequence[ExpansionRow], stop: threading.Event) -> Iterator[Outcome]:
        """Each row with what was found, as soon as it is known. Ends early, rows left out, when `stop` is set."""
        ids = self._openalex_ids(rows)
        cited = [row for row in rows if row.direction is Direction.REFERENCES]
        if cited:
            yield from self._whole(self._cited(cited, ids))
        citing = [row for row in rows if row.direction is Direction.CITATIONS]
        for some in (citing[start : start + TOGETHER] for start in range(0, len(citing), TOGETHER)):
            if stop.is_set():
                return
            yield from self._whole([(row, self._citing(row, ids[row.id])) for row in some])

    def _whole(self, outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
        """The outcomes with the whole records of the works that may come in, asked for together. A service that gives
        no answer is waited for once; then what there is must do."""
        coming = [outcome.works[: self._taste.most] for _, outcome in outcomes]
        dois = dict.fromkeys(work.doi for works in coming for work in works if work.doi)
        records = self._complete(dois) if dois else {}
        for (row, outcome), works in zip(outcomes, coming, strict=True):
            found = [records[work.doi] for work in works if work.doi]
            silent = next((one for record in found for one in record.silent), None)
            if silent is not None and row.attempts == 0:
                yield row, _silent(silent)
            else:
                best = (_best(work, records) for work in works)
                yield row, replace(outcome, works=(*best, *outcome.works[len(works) :]))

    def _openalex_ids(self, rows: Sequence[ExpansionRow]) -> dict[int, Answer[str] | None]:
        """By row; None where OpenAlex does not know the work, or is off."""
        dois = {row.doi for row in rows if row.openalex_id is None and row.doi is not None}
        openalex = self._services.openalex
        records = openalex.works_by_doi(sorted(dois)) if openalex is not None and dois else {}
        return {row.id: _own_id(row, records) if openalex is not None else None for row in rows}

    # ── what works cite ──────────────────────────────────────────────────────────────────────────────────

    def _cited(self, rows: Sequence[ExpansionRow], ids: Mapping[int, Answer[str] | None]) -> list[Outcome]:
        lists = self._lists(ids[row.id] for row in rows)
        records = self._records(lists.values())
        return [(row, self._referenced(row, ids[row.id], lists, records)) for row in rows]

    def _lists(self, ids: Iterable[Answer[str] | None]) -> Mapping[str, Answer[tuple[str, ...]]]:
        known = [answer.value for answer in ids if isinstance(answer, Found)]
        openalex = self._services.openalex
        return openalex.cited_ids(known) if openalex is not None and known else {}

    def _records(self, lists: Iterable[Answer[tuple[str, ...]]]) -> Mapping[str, Answer[Work]]:
        """The records of all that is cited, asked for together."""
        wanted = dict.fromkeys(
            one for cited in lists if isinstance(cited, Found) for one in cited.value[:MOST_REFERENCES]
        )
        openalex = self._services.openalex
        return openalex.related_records(wanted) if openalex is not None and wanted else {}

    def _referenced(
        self,
        row: ExpansionRow,
        own: Answer[str] | None,
        lists: Mapping[str, Answer[tuple[str, ...]]],
        records: Mapping[str, Answer[Work]],
    ) -> Expansion:
        if isinstance(own, NoAnswer):
            return _silent(own)
        cited = lists.get(own.value) if isinstance(own, Found) else None
        if isinstance(cited, NoAnswer):
            return _silent(cited)
        if isinstance(cited, Found) and cited.value:
            return self._chosen(row, [records[one] for one in cited.value[:MOST_REFERENCES]], OPENALEX)
        known = isinstance(cited, Found)
        return self._told_by_others(row) or _nothing(ExpansionReason.NONE_KNOWN if known else _UNKNOWN)

    def _told_by_others(self, row: ExpansionRow) -> Expansion | None:
        """The first list that anybody has; who is silent is waited for, as the next may know less."""
        for name, service in self._others() if row.doi is not None else ():
            answer = service.references(row.doi or "")
            if isinstance(answer, NoAnswer):
                return _silent(answer)
            if isinstance(answer, Found):
                dois = dict.fromkeys(work.doi for work in answer.value if work.doi)
                return self._chosen(row, self._by_doi(list(dois)), name)
        return None

    def _others(self) -> Iterator[tuple[str, CitedWorks]]:
        scholar, citations = self._services.semanticscholar, self._services.opencitations
        if scholar is not None and scholar.has_key:
            yield "semanticscholar", scholar
        if citations is not None:
            yield "opencitations", citations

    def _by_doi(self, dois: Sequence[str]) -> list[Answer[Work]]:
        """The record of each, of OpenAlex where it has one."""
        sources: tuple[Records | None, ...] = (self._services.openalex, self._services.crossref)
        found: dict[str, Answer[Work]] = {}
        for source in (one for one in sources if one is not None):
            missing = [doi for doi in dois[:MOST_REFERENCES] if not isinstance(found.get(doi), Found)]
            found |= source.works_by_doi(missing) if missing else {}
        return list(found.values())

    # ── what cites a work ────────────────────────────────────────────────────────────────────────────────

    def _citing(self, row: ExpansionRow, own: Answer[str] | None) -> Expansion:
        """Pages, most cited works first, until enough of them are wanted."""
        openalex = self._services.openalex
        if isinstance(own, NoAnswer):
            return _silent(own)
        if openalex is None or not isinstance(own, Found):
            return _nothing(_UNKNOWN)
        found: list[Answer[Work]] = []
        for page in range(1, MOST_PAGES + 1):
            answer = openalex.citing_works(own.value, page)
            if isinstance(answer, NoAnswer):
                return _silent(answer)
            if not isinstance(answer, Found):
                break
            found += [Found(work) for work in answer.value]
            if sum(self._fits(one) for one in found) >= self._taste.most:
                break
        return self._chosen(row, found, OPENALEX)

    # ── which of them ────────────────────────────────────────────────────────────────────────────────────

    def _chosen(self, row: ExpansionRow, answers: Sequence[Answer[Work]], source: str) -> Expansion:
        """The best first. Records that nobody could give just now are waited for, a stray one only once."""
        silent = [answer for answer in answers if isinstance(answer, NoAnswer)]
        if silent and (row.attempts == 0 or len(silent) > STRAY * len(answers)):
            return _silent(soonest(silent))
        works = {_key(one.value): one.value for one in answers if isinstance(one, Found) and self._fits(one)}
        if not works:
            return _nothing(ExpansionReason.NONE_KNOWN)
        return Expansion(tuple(sorted(works.values(), key=lambda work: (-self._taste.rank(work), _key(work)))), source)

    def _fits(self, answer: Answer[Work]) -> bool:
        if not isinstance(answer, Found):
            return False
        work = answer.value
        return bool(work.title and (work.doi or work.openalex_id)) and self._taste.wanted(work)


_UNKNOWN = ExpansionReason.NOT_INDEXED


def _own_id(row: ExpansionRow, records: Mapping[str, Answer[Work]]) -> Answer[str] | None:
    if row.openalex_id is not None:
        return Found(row.openalex_id)
    record = records.get(row.doi or "")
    if isinstance(record, NoAnswer):
        return record
    known = isinstance(record, Found) and record.value.openalex_id
    return Found(known) if known else None


def _best(work: Work, records: Mapping[str, Whole]) -> Work:
    record = records.get(work.doi or "")
    return record.work if record is not None and record.work is not None else work


def _key(work: Work) -> str:
    return work.doi or work.openalex_id or ""


def _silent(silence: NoAnswer) -> Expansion:
    reason = ExpansionReason(word(silence.kind))
    return Expansion(reason=reason, detail=silence.reason, retry_after=silence.retry_after)


def _nothing(reason: ExpansionReason) -> Expansion:
    return Expansion(reason=reason)

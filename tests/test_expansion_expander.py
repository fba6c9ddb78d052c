"""Who is asked for what a work cites, and what cites it; what is chosen; who is waited for."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dl_lit.enrichment.hydrate import Record
from dl_lit.expansion.expander import MOST_PAGES, Expander, Taste
from dl_lit.model import Answer, Found, NoAnswer, Nothing, Work
from dl_lit.relations import Direction, Expansion, ExpansionReason, ExpansionRow

BUSY = NoAnswer("busy", 30.0)
REFERENCES, CITATIONS = Direction.REFERENCES, Direction.CITATIONS


def work(number: int, **fields: object) -> Work:
    values = {"title": f"Work {number}", "openalex_id": f"W{number}", "doi": f"10.1000/{number}", **fields}
    return Work(**values, cited_by_count=number)  # type: ignore[arg-type]


@dataclass
class FakeIndex:
    """Knows works 1 to 99; remembers what it was asked."""

    cited: Mapping[str, Answer[tuple[str, ...]]] = field(default_factory=dict)
    pages: Mapping[int, Answer[tuple[Work, ...]]] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    by_doi: Mapping[str, Answer[Work]] = field(default_factory=dict)
    lists: Mapping[str, Answer[tuple[Work, ...]]] = field(default_factory=dict)
    has_key: bool = True
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def cited_ids(self, ids: Iterable[str]) -> dict[str, Answer[tuple[str, ...]]]:
        self.asked.append(tuple(ids))
        return {one: self.cited.get(one, Nothing()) for one in self.asked[-1]}

    def related_records(self, ids: Iterable[str]) -> dict[str, Answer[Work]]:
        self.asked.append(tuple(ids))
        return {one: BUSY if one in self.silent else Found(work(int(one[1:]))) for one in self.asked[-1]}

    def citing_works(self, identifier: str, page: int = 1) -> Answer[tuple[Work, ...]]:
        self.asked.append((identifier, str(page)))
        return self.pages.get(page, Nothing())

    def works_by_doi(self, dois: Iterable[str]) -> dict[str, Answer[Work]]:
        self.asked.append(tuple(dois))
        return {one: self.by_doi.get(one, Nothing()) for one in self.asked[-1]}

    def references(self, doi: str) -> Answer[tuple[Work, ...]]:
        self.asked.append((doi,))
        return self.lists.get(doi, Nothing())


@dataclass
class FakeServices:
    openalex: FakeIndex | None = None
    crossref: FakeIndex | None = None
    semanticscholar: FakeIndex | None = None
    opencitations: FakeIndex | None = None


def row(number: int, direction: Direction = REFERENCES, **fields: object) -> ExpansionRow:
    made = ExpansionRow(number, number, direction, 0, 0, "A title", f"10.1000/own{number}", f"W10{number}")
    return replace(made, **fields)  # type: ignore[arg-type]


def expand(
    services: FakeServices,
    *rows: ExpansionRow,
    most: int = 50,
    unwanted: frozenset[int] = frozenset(),
    whole: Mapping[str, Record] | None = None,
) -> dict[int, Expansion]:
    taste = Taste(lambda one: one.cited_by_count not in unwanted, lambda one: float(one.cited_by_count or 0), most)
    expander = Expander(services, taste, lambda dois: {doi: (whole or {}).get(doi, Record(None)) for doi in dois})
    return {row.id: outcome for row, outcome in expander.expand(rows, threading.Event())}


def numbers(outcome: Expansion) -> list[int | None]:
    return [one.cited_by_count for one in outcome.works]


def test_the_lists_and_records_of_all_works_are_asked_for_together_and_the_best_come_first() -> None:
    index = FakeIndex({"W101": Found(("W1", "W3", "W2")), "W102": Found(("W3", "W4"))})
    found = expand(FakeServices(index), row(1), row(2))
    assert index.asked == [("W101", "W102"), ("W1", "W3", "W2", "W4")]
    assert (numbers(found[1]), numbers(found[2])) == ([3, 2, 1], [4, 3])
    assert found[1].source == "openalex"


def test_what_the_filters_leave_out_and_what_has_no_name_does_not_come() -> None:
    nameless = Found(Work(title="No identifier"))
    index = FakeIndex(by_doi={"10.1000/x": nameless}, lists={"10.1000/own1": Found((Work(doi="10.1000/x"),))})
    services = FakeServices(index, opencitations=index)
    assert expand(services, row(1))[1].reason is ExpansionReason.NONE_KNOWN
    index = FakeIndex({"W101": Found(("W1", "W2"))})
    assert numbers(expand(FakeServices(index), row(1), unwanted=frozenset({2}))[1]) == [1]


def test_a_work_with_a_doi_only_is_looked_up_first() -> None:
    index = FakeIndex({"W7": Found(("W1",))}, by_doi={"10.1000/own1": Found(work(7))})
    assert numbers(expand(FakeServices(index), row(1, openalex_id=None))[1]) == [1]
    assert index.asked[0] == ("10.1000/own1",)


def test_others_are_asked_where_openalex_knows_no_references() -> None:
    scholar = FakeIndex(lists={"10.1000/own1": Found((Work(title="t", doi="10.1000/5"), Work(title="no doi")))})
    registry = FakeIndex(by_doi={"10.1000/5": Found(work(5))})
    index = FakeIndex({"W101": Found(())})
    services = FakeServices(index, registry, scholar, FakeIndex())
    found = expand(services, row(1))[1]
    assert (numbers(found), found.source) == ([5], "semanticscholar")
    keyless = FakeServices(index, registry, replace(scholar, has_key=False), scholar)
    assert expand(keyless, row(1))[1].source == "opencitations"


def test_a_work_that_nobody_knows_is_told_apart_from_one_without_references() -> None:
    index = FakeIndex({"W102": Found(())})
    found = expand(FakeServices(index, opencitations=FakeIndex()), row(1), row(2), row(3, doi=None, openalex_id=None))
    assert [found[one].reason for one in (1, 2, 3)] == [
        ExpansionReason.NOT_INDEXED,
        ExpansionReason.NONE_KNOWN,
        ExpansionReason.NOT_INDEXED,
    ]


def test_a_service_without_an_answer_is_waited_for() -> None:
    own = expand(FakeServices(FakeIndex(by_doi={"10.1000/own1": BUSY})), row(1, openalex_id=None))[1]
    cited = expand(FakeServices(FakeIndex({"W101": BUSY})), row(1))[1]
    other = expand(FakeServices(None, opencitations=FakeIndex(lists={"10.1000/own1": BUSY})), row(1))[1]
    citing = expand(FakeServices(FakeIndex(pages={1: BUSY})), row(1, CITATIONS))[1]
    nowhere = expand(FakeServices(FakeIndex(by_doi={"10.1000/own1": BUSY})), row(1, CITATIONS, openalex_id=None))[1]
    for outcome in (own, cited, other, citing, nowhere):
        assert (outcome.reason, outcome.retry_after) == (ExpansionReason.SERVICE_SILENT, 30.0)


def test_a_stray_record_is_waited_for_once_and_many_always() -> None:
    ids = tuple(f"W{number}" for number in range(1, 21))
    stray = FakeIndex({"W101": Found(ids)}, silent=frozenset({"W4"}))
    assert expand(FakeServices(stray), row(1))[1].reason is ExpansionReason.SERVICE_SILENT
    assert len(expand(FakeServices(stray), row(1, attempts=1))[1].works) == 19
    many = FakeIndex({"W101": Found(ids)}, silent=frozenset(ids[:5]))
    assert expand(FakeServices(many), row(1, attempts=9))[1].reason is ExpansionReason.SERVICE_SILENT


def test_citing_works_are_paged_until_enough_are_wanted() -> None:
    pages = {page: Found(tuple(work(page * 10 + one) for one in range(3))) for page in range(1, 9)}
    index = FakeIndex(pages=pages)
    assert numbers(expand(FakeServices(index), row(1, CITATIONS), most=3)[1]) == [12, 11, 10]
    assert index.asked == [("W101", "1")]
    index = FakeIndex(pages=pages)
    assert len(expand(FakeServices(index), row(1, CITATIONS), most=100)[1].works) == 3 * MOST_PAGES
    short = FakeIndex(pages={1: pages[1]})
    assert len(expand(FakeServices(short), row(1, CITATIONS), most=100)[1].works) == 3


def test_without_openalex_nobody_tells_what_cites_a_work() -> None:
    assert expand(FakeServices(), row(1, CITATIONS))[1].reason is ExpansionReason.NOT_INDEXED


def test_a_stop_leaves_the_rest_out() -> None:
    index, stop = FakeIndex({f"W10{n}": Found(("W1",)) for n in (1, 2)}), threading.Event()
    expander = Expander(
        FakeServices(index), Taste(lambda one: True, lambda one: 0.0, 5), lambda dois: dict.fromkeys(dois, Record(None))
    )
    found = []
    for one, _ in expander.expand([row(1), row(2), row(3, CITATIONS)], stop):
        found.append(one.id)
        stop.set()
    assert found == [1, 2]


def test_what_may_come_in_has_its_whole_record_and_a_silent_service_is_waited_for_once() -> None:
    index = FakeIndex({"W101": Found(("W1", "W2", "W3"))})
    whole = {
        "10.1000/3": Record(work(3, container="Whole Tests")),
        "10.1000/2": Record(None, (BUSY,)),
        "10.1000/1": Record(work(1, container="never asked for")),
    }
    assert expand(FakeServices(index), row(1), most=2, whole=whole)[1].reason is ExpansionReason.SERVICE_SILENT
    found = expand(FakeServices(index), row(1, attempts=1), most=2, whole=whole)[1]
    assert [one.container for one in found.works] == ["Whole Tests", None, None]

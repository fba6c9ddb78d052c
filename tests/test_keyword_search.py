"""Where words are searched for, how far, what is shown once, and what is told of each source."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dl_lit.catalogue.building import CatalogueBuilder
from dl_lit.catalogue.catalogue import CatalogueSet
from dl_lit.keyword_search import MOST_PAGES, PAGE, Places, Told, Wish, search
from dl_lit.keywords.language import parse
from dl_lit.model import Answer, Found, NoAnswer, Nothing, Person, Work
from dl_lit.queueing.filters import Filters
from dl_lit.relations import Hits
from dl_lit.ui import results as shown

BEES = Work(title="Dances of bees", authors=(Person("Frisch", "Karl"),), year=1967, doi="10.1000/bees")


@dataclass
class FakeService:
    pages: Mapping[int, Answer[Hits]] = field(default_factory=dict)
    asked: list[tuple[str, str, int]] = field(default_factory=list)

    def keyword_page(self, query: str, conditions: str = "", page: int = 1) -> Answer[Hits]:
        self.asked.append((query, conditions, page))
        return self.pages.get(page, Nothing())


def hits(*works: Work, total: int | None = None) -> Answer[Hits]:
    return Found(Hits(works, total))


def wish(query: str = "bees", limit: int = 50, **filters: Any) -> Wish:
    return Wish(parse(query), Filters(**filters), limit)


def at(name: str, service: FakeService) -> Places:
    return Places(openalex=service) if name == "openalex" else Places(crossref=service)


def full_page(number: int) -> Answer[Hits]:
    """A hundred works of which one fits."""
    others = [Work(title=f"Wasps {number} {one}", doi=f"10.1000/w{number}-{one}") for one in range(PAGE - 1)]
    return hits(Work(title=f"Bees {number}", doi=f"10.1000/b{number}"), *others, total=5000)


def test_only_what_fits_is_shown_whatever_a_service_sends() -> None:
    crossref = FakeService({1: hits(BEES, Work(title="Wasps", doi="10.1000/wasps"), total=2)})
    found = search(wish(), Places(crossref=crossref))
    assert [one.work for one in found.results] == [BEES]
    assert found.told == {"crossref": Told(looked_at=2, fitting=1, total=2)}


def test_pages_are_read_until_enough_fit_and_no_further_than_the_most() -> None:
    pages = {number: full_page(number) for number in range(1, 20)}
    for name in ("openalex", "crossref"):
        service = FakeService(pages)
        few = search(wish(limit=2), at(name, service))
        assert (len(few.results), [page for *_, page in service.asked]) == (2, [1, 2])
        service = FakeService(pages)
        found = search(wish(), at(name, service))
        assert len(service.asked) == len(found.results) == MOST_PAGES[name]
        assert found.told[name].looked_at == PAGE * MOST_PAGES[name]


def test_one_work_of_several_sources_is_one_result_with_all_that_is_known() -> None:
    openalex = FakeService({1: hits(Work(title="Dances of bees", doi="10.1000/bees", openalex_id="W1", is_oa=True))})
    crossref = FakeService({1: hits(BEES)})
    nameless = Work(title="Dances of Bees", authors=BEES.authors, year=1967)
    places = Places(lambda: [(7, nameless)], openalex=openalex, crossref=crossref)
    [one] = search(wish(), places).results
    assert (one.found_by, one.reference_id) == (("library", "openalex", "crossref"), 7)
    assert (one.work.openalex_id, one.work.year, one.work.is_oa) == ("W1", 1967, True)


def test_different_works_of_one_title_stay_apart() -> None:
    other = Work(title="Dances of bees", authors=(Person("Other", "Ann"),), year=1999, doi="10.1000/other")
    found = search(wish(), Places(crossref=FakeService({1: hits(BEES, other)})))
    assert len(found.results) == 2


def test_thousands_of_namesakes_do_not_take_for_ever() -> None:
    namesakes = [(number, Work(title="Bees", doi=f"10.1000/{number}")) for number in range(5000)]
    begun = time.process_time()
    assert len(search(wish(limit=10), Places(lambda: namesakes)).results) == 10
    assert time.process_time() - begun < 20


def test_filters_are_sent_as_far_as_a_service_knows_them_and_checked_in_any_case() -> None:
    openalex, crossref = FakeService({1: hits(BEES)}), FakeService({1: hits(BEES)})
    asked = wish(from_year=1960, to_year=1970, types=("book",), open_only=True)
    found = search(asked, Places(openalex=openalex, crossref=crossref))
    assert openalex.asked == [("bees", "publication_year:1960-1970,is_oa:true", 1)]
    assert crossref.asked == [("bees", "from-pub-date:1959,until-pub-date:1971,type:book", 1)]
    assert found.results == ()  # nobody says that there is an open copy
    later = search(wish(from_year=1990), Places(crossref=crossref))
    assert (later.results, crossref.asked[-1][1]) == ((), "from-pub-date:1989")


def test_a_silent_service_is_told_and_the_others_go_on() -> None:
    openalex = FakeService({1: full_page(1), 2: NoAnswer("busy")})
    crossref = FakeService({1: hits(BEES)})
    found = search(wish(), Places(openalex=openalex, crossref=crossref))
    assert len(found.results) == 2
    assert found.told["openalex"] == Told(PAGE, 1, 5000, silent="busy")


def test_a_service_that_cannot_search_for_it_is_not_asked() -> None:
    openalex = FakeService()
    found = search(wish("author:frisch"), Places(openalex=openalex))
    assert openalex.asked == [] and found.told["openalex"].unasked


def test_the_nearest_to_the_words_come_first_then_the_most_cited() -> None:
    far = Work(title="Other insects", abstract="bees dances", doi="10.1000/far", cited_by_count=99)
    near = Work(title="Bees and their dances", doi="10.1000/near", cited_by_count=1)
    known = Work(title="Dances and bees", doi="10.1000/known", cited_by_count=5)
    found = search(wish("bees dances"), Places(crossref=FakeService({1: hits(far, near, known)})))
    assert [one.work.doi for one in found.results] == ["10.1000/known", "10.1000/near", "10.1000/far"]


def test_a_catalogue_is_read_whole_and_by_any_spelling(tmp_path: Path) -> None:
    works = [Work(title=f"Nothing {number}", doi=f"10.1000/n{number}") for number in range(40)]
    works[23] = Work(title="Über BÉES", authors=(Person("Łoś", "Jan"),), doi="10.1000/n23")
    with CatalogueBuilder(tmp_path / "c.cat", ["made up"]) as builder:
        builder.add(works)
        builder.finish()
    catalogues = CatalogueSet([tmp_path / "c.cat"])
    ask: Callable[[str], Any] = lambda query: search(wish(query), Places(catalogues=catalogues.those_with))  # noqa: E731
    for query in ("uber bees", "author:los", "title:bees OR nobody", "bees NOT wasps"):
        found = ask(query)
        assert [one.work.doi for one in found.results] == ["10.1000/n23"]
        assert found.told["catalogue"] == Told(looked_at=40, fitting=1)
    assert ask("author:bees").results == ()
    catalogues.close()


def test_each_source_is_told_of_in_a_line() -> None:
    told = {
        "openalex": Told(100, 3, 5000, silent="busy"),
        "crossref": Told(2, 2, 2),
        "other": Told(unasked="it knows no names"),
    }
    assert list(shown.told(told)) == [
        "openalex: 3 of 100 works looked at fit. It has 5,000 for these words. Then it gave no answer: busy",
        "crossref: 2 of 2 works looked at fit.",
        "other: not asked, as it knows no names.",
    ]

"""What a folder will cost, before anything is sent: calls, credits and time at each service, from what is printed.

It follows the cascade as it is (`enrichment.cascade`): identifiers in batches, the lists recorded of the citing papers,
free text for the rest, titles for what that does not find, the whole record of each accepted work, its open copies.
What a list or a search will find can't be known before: a share is assumed for the search, nothing for the lists. Nor
can what works cite, or what cites them: expansion is reckoned with averages and its caps.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dl_lit.enrichment import searching
from dl_lit.enrichment.cascade import is_searchable
from dl_lit.enrichment.case import with_identifiers
from dl_lit.identity import raw
from dl_lit.model import Reference
from dl_lit.net.limits import SAFETY, PoolLimits
from dl_lit.relations import Direction, Reach
from dl_lit.services.offers import Offer, Question
from dl_lit.services.openalex import KEPT_FOR_RECORDS, OpenAlex

# Of the references without identifiers that are searched for. Reference lists of articles come to about two thirds, of
# the humanities to a third; the estimate is for planning an evening, not for a bill.
FOUND_BY_SEARCH = 0.6

# Works that an index knows to be cited by a work, and to cite it, on average over cited works.
RELATED = {Direction.REFERENCES: 30, Direction.CITATIONS: 40}

_DAY = 86400.0

# Those that the cascade asks for more than a stray record.
SERVICES = (
    *("crossref", "openalex", "arxiv", "datacite", "europepmc", "doaj", "zenodo", "hal", "openlibrary", "dnb"),
    *("semanticscholar", "unpaywall"),
)


@dataclass(frozen=True, slots=True)
class Printed:
    """What the references of some files print, each work's print counted once where it is the same."""

    references: int
    dois: int
    arxiv: int
    pmids: int
    isbns: int
    searches: int  # none of these, and enough to search with
    unsearchable: int
    papers: int = 0  # files with a DOI of their own
    titles: Mapping[str, int] = field(default_factory=dict)  # of the searches: whom a title could be asked of

    @property
    def works(self) -> int:
        """How many works are expected to be found."""
        return self.dois + self.arxiv + self.pmids + self.isbns + round(FOUND_BY_SEARCH * self.searches)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one service is asked: keys by kind of question, calls, credits, and the seconds that its rate asks for.

    `left` are the credits left today, None where there is no budget; `days` is how many days the credits will take.
    """

    service: str
    keys: Mapping[Question, int]
    calls: int
    credits: float
    seconds: float
    left: float | None = None
    days: int = 1


@dataclass(frozen=True, slots=True)
class Related:
    """What expansion asks: works whose lists are wanted, by direction; records fetched; works that come in."""

    asked: Mapping[Direction, int] = field(default_factory=dict)
    records: int = 0
    works: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    printed: Printed
    costs: tuple[Cost, ...]
    related: int = 0  # works that come in with others

    @property
    def seconds(self) -> float:
        """The services work side by side; the slowest one sets the pace. Days wait for the next budget."""
        return max((cost.seconds + (cost.days - 1) * _DAY for cost in self.costs), default=0.0)

    @property
    def slowest(self) -> str | None:
        return max(self.costs, key=lambda cost: (cost.days, cost.seconds)).service if self.costs else None


def count(references: Iterable[Reference], *, papers: int = 0) -> Printed:
    """Sorts printed references by what the cascade asks for them first; the same print is asked for once."""
    asked: dict[str, dict[str, Reference]] = {name: {} for name in ("doi", "arxiv", "pmid", "isbn", "search")}
    total = unsearchable = 0
    for reference in map(with_identifiers, references):
        total += 1
        kind = next((name for name in ("doi", "arxiv", "pmid", "isbn") if getattr(reference, name)), "search")
        if kind == "search" and not is_searchable(reference):
            unsearchable += 1
        else:
            asked[kind].setdefault(getattr(reference, kind, None) or raw.key(reference.raw), reference)
    dois, arxiv, pmids, isbns, searches = (len(asked[name]) for name in asked)
    titles = Counter(name for one in asked["search"].values() for name in _by_title(one))
    return Printed(total, dois, arxiv, pmids, isbns, searches, unsearchable, papers, dict(titles))


def _by_title(reference: Reference) -> Iterator[str]:
    if searching.has_title(reference):
        yield from searching.who_knows(reference)
        yield from ("semanticscholar", "openalex")


def plan(
    printed: Printed,
    offers: Mapping[str, tuple[Offer, PoolLimits]],
    left: Callable[[str], float | None],
    *,
    download: bool = True,
    reach: Reach | None = None,
) -> Plan:
    """`offers` are of the services that are on, with the limits that hold for us; `left` tells today's credits."""
    related = expected(printed.works, reach or Reach())
    asked = _asked(printed, related, download=download)
    asked["semanticscholar"] = _if_keyed(asked["semanticscholar"], *offers.get("semanticscholar", (None, None)))
    asked["openalex"] |= _spared(asked["openalex"], left("openalex"))
    costs = (_cost(name, *offers[name], asked[name], left(name)) for name in asked if name in offers)
    return Plan(printed, tuple(cost for cost in costs if cost.calls), related.works)


def expected(works: int, reach: Reach) -> Related:
    """What goes out from so many works, step by step, until as many came in as a run may take in."""
    asked: Counter[Direction] = Counter()
    frontier, room, records = works, reach.most_expanded, 0
    for step in range(reach.depth):
        brought = 0
        for direction in (one for one in Direction if step < reach.steps(one)):
            each = min(RELATED[direction], reach.most_related)
            expanded = min(frontier, math.ceil(room / each))
            asked[direction] += expanded
            # All that a work cites is looked at, to take the best of it; what cites it comes sorted, with its records.
            records += RELATED[direction] * expanded if direction is Direction.REFERENCES else 0
            brought += min(room, each * expanded)
            room -= min(room, each * expanded)
        frontier = brought
    return Related(dict(asked), records, reach.most_expanded - room)


def _if_keyed(asked: dict[Question, int], offer: Offer | None, limits: PoolLimits | None) -> dict[Question, int]:
    """The cascade asks it with a key only."""
    return asked if offer is not None and limits == offer.better else {}


def _spared(asked: Mapping[Question, int], left: float | None) -> dict[Question, int]:
    """Titles are searched for with what records and a reserve for them leave of today's credits."""
    price = OpenAlex.offer.answers[Question.TITLE].credits
    records = sum(OpenAlex.offer.credits(kind, keys) for kind, keys in asked.items() if kind is not Question.TITLE)
    spare = math.inf if left is None else max(0.0, left - records - KEPT_FOR_RECORDS)
    return {Question.TITLE: int(min(asked.get(Question.TITLE, 0), spare // price))}


def _asked(printed: Printed, related: Related, *, download: bool) -> dict[str, dict[Question, int]]:
    """Keys by service and question. Records of accepted works are fetched from both registries, in batches."""
    records = printed.works
    unfound = {name: round((1 - FOUND_BY_SEARCH) * titles) for name, titles in printed.titles.items()}
    asked: dict[str, dict[Question, int]] = {name: {Question.TITLE: unfound.get(name, 0)} for name in SERVICES}
    asked["crossref"] = {
        Question.DOI: records + related.works,
        Question.ISBN: printed.isbns,
        Question.REFERENCES: printed.papers,
        Question.PRINTED: printed.searches,
    }
    asked["openalex"] |= {Question.DOI: records, Question.PMID: printed.pmids, Question.REFERENCES: printed.papers}
    asked["openalex"] |= {
        Question.DOI: records + related.records,
        Question.CITED: related.asked.get(Direction.REFERENCES, 0),
        Question.CITING: related.asked.get(Direction.CITATIONS, 0),
    }
    asked["arxiv"] = {Question.ARXIV: printed.arxiv}
    asked["openlibrary"] |= {Question.ISBN: printed.isbns}
    asked["dnb"] |= {Question.ISBN: printed.isbns}
    asked["unpaywall"] = {Question.LOCATIONS: printed.works + related.works if download else 0}
    return asked


def _cost(name: str, offer: Offer, limits: PoolLimits, keys: Mapping[Question, int], left: float | None) -> Cost:
    asked = {question: number for question, number in keys.items() if number}
    credits = sum(offer.credits(question, number) for question, number in asked.items())
    seconds: dict[str, float] = {}
    for question, number in asked.items():
        bucket = offer.answers[question].bucket
        seconds[bucket] = seconds.get(bucket, 0.0) + offer.calls(question, number) / (limits.rates[bucket] * SAFETY)
    calls = sum(offer.calls(question, number) for question, number in asked.items())
    return Cost(name, asked, calls, credits, max(seconds.values(), default=0.0), left, _days(credits, left, limits))


def _days(credits: float, left: float | None, limits: PoolLimits) -> int:
    """One where today's credits suffice, else with the days on which the rest is given."""
    if left is None or credits <= left or not limits.daily:
        return 1
    return 1 + math.ceil((credits - left) / limits.daily)

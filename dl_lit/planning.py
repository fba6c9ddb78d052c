"""What looking up a folder's references will cost: calls, credits and time at each service, before anything is sent.

Counted is what the cascade asks first and in which batches (`foreseeing`); what a search will find, and so what has to
be fetched whole or asked for elsewhere, is estimated.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dl_lit.enrichment.cascade import HYDRATE_BATCH, HYDRATE_SECONDS, ROWS_AT_ONCE
from dl_lit.enrichment.vocabulary import BOOKS, CHAPTERS
from dl_lit.foreseeing import Printed, Searched
from dl_lit.net.limits import SAFETY, PoolLimits
from dl_lit.relations import Direction, Reach
from dl_lit.services.crossref import LIST
from dl_lit.services.offers import Offer, Question
from dl_lit.services.openalex import KEPT_FOR_RECORDS, OpenAlex

# Of the references without identifiers that Crossref's search settles, by kind of work. Articles are nearly all there;
# of books and what else is printed, a third. The estimates are for planning an evening, not for a bill.
FOUND_BY_SEARCH: Mapping[str, float] = {
    "journal-article": 0.9,
    "proceedings-article": 0.8,
    **dict.fromkeys(CHAPTERS, 0.6),
    **dict.fromkeys(BOOKS, 0.35),
}
FOUND_ELSE = 0.35
# Of what Crossref does not know, by the free services together that are asked for its title; the kind makes no odds.
FOUND_BY_TITLE = 0.4
# Of the references of a paper with a known DOI, by the list that others recorded of it.
FOUND_IN_LISTS = 0.6
FOUND_BY_ISBN = 0.7
PUBLISHED = 0.5  # of the printed arXiv numbers, those with a published version

# Of the works, those whose own record leads to a copy: about half of what is cited is open, and of that three quarters
# can be fetched at the first try (apis.md §22).
FETCHED_AT_ONCE = 0.4
COPY_INDEXES = ("unpaywall", "europepmc", "hal", "doaj", "core")
ASKED_TOGETHER = 3  # works that a batch holds, as each download asks for its own when it gets there

# Works that an index knows to be cited by a work, and to cite it, on average over cited works.
RELATED = {Direction.REFERENCES: 30, Direction.CITATIONS: 40}

_DAY = 86400.0

# Those that the cascade asks for more than a stray record.
SERVICES = (
    *("crossref", "openalex", "arxiv", "datacite", "europepmc", "doaj", "zenodo", "hal", "openlibrary", "dnb"),
    *("semanticscholar", "unpaywall", "core"),
)

Offers = Mapping[str, tuple[Offer, PoolLimits]]


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
    works: int = 0  # expected to be found

    @property
    def seconds(self) -> float:
        """The services work side by side; the slowest one sets the pace. Days wait for the next budget."""
        return max((cost.seconds + (cost.days - 1) * _DAY for cost in self.costs), default=0.0)

    @property
    def slowest(self) -> str | None:
        return max(self.costs, key=lambda cost: (cost.days, cost.seconds)).service if self.costs else None


@dataclass(frozen=True, slots=True)
class Asked:
    """`keys` of one kind of question at one service, in `calls` at least: lists go out before they are full."""

    keys: float
    calls: float = 0.0

    def __add__(self, other: Asked) -> Asked:
        return Asked(self.keys + other.keys, self.calls + other.calls)


@dataclass(slots=True)
class _Outlook:
    """What the searches are expected to come to; fractions of works add up."""

    whole: float = 0.0  # strings that Crossref is asked for
    found: float = 0.0  # works that it finds, records and all
    elsewhere: float = 0.0  # works that others find by title
    listed: float = 0.0  # works that lists of citing papers propose
    titles: Counter[str] = field(default_factory=Counter)  # searches by service


def plan(
    printed: Printed,
    offers: Offers,
    left: Callable[[str], float | None],
    *,
    download: bool = True,
    reach: Reach | None = None,
    workers: int = 1,
) -> Plan:
    """`offers` are of the services that are on, with the limits that hold for us; `left` tells today's credits."""
    outlook = _outlook(printed, offers)
    works = _works(printed, outlook)
    related = expected(works, reach or Reach())
    asked = _asked(printed, outlook, related, offers, workers)
    for name, copies in _copies(works + related.works if download else 0).items():
        searched = {kind: one for kind, one in asked[name].items() if one.keys}
        asked[name] = {**searched, Question.LOCATIONS: copies}
    asked["openalex"] |= _spared(asked["openalex"], left("openalex"))
    costs = (_cost(name, *offers[name], asked[name], left(name)) for name in asked if name in offers)
    return Plan(printed, tuple(cost for cost in costs if cost.calls), related.works, works)


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


# ── the searches ─────────────────────────────────────────────────────────────────────────────────────────


def _outlook(printed: Printed, offers: Offers) -> _Outlook:
    """One search after the other, as `enrichment.cascade` has them: each for what those before it did not settle."""
    outlook = _Outlook()
    # A book whose ISBN leads nowhere is searched for as if none were printed.
    groups = sum(one.count for one in printed.searched)
    share = (printed.searches + (1 - FOUND_BY_ISBN) * (groups - printed.searches)) / groups if groups else 0.0
    for one in printed.searched:
        _search(one, one.count * share, offers, outlook)
    return outlook


def _search(one: Searched, left: float, offers: Offers, outlook: _Outlook) -> None:
    if one.in_lists and not {"crossref", "openalex"}.isdisjoint(offers):
        outlook.listed += FOUND_IN_LISTS * left
        left *= 1 - FOUND_IN_LISTS
    if one.whole and "crossref" in offers:
        share = FOUND_BY_SEARCH.get(one.kind or "", FOUND_ELSE)
        outlook.whole += left
        outlook.found += share * left
        left *= 1 - share
    for wave in _waves(one, offers):
        outlook.titles.update(dict.fromkeys(wave, left))
        outlook.elsewhere += FOUND_BY_TITLE * left
        left *= 1 - FOUND_BY_TITLE


def _waves(one: Searched, offers: Offers) -> list[tuple[str, ...]]:
    """Who is asked for a title: the free ones together, then the dear ones in turn (`searching.search_titles`)."""
    free = tuple(name for name in one.free if name in offers)
    dear = [(name,) for name in ("semanticscholar", "openalex") if one.by_title and _is_asked(name, offers)]
    return [*([free] if free else []), *dear]


def _is_asked(name: str, offers: Offers) -> bool:
    """The cascade asks Semantic Scholar with a key only."""
    return name in offers and (name != "semanticscholar" or offers[name][1] == offers[name][0].better)


def _works(printed: Printed, outlook: _Outlook) -> int:
    named = printed.dois + printed.arxiv + printed.pmids + printed.pmcids + FOUND_BY_ISBN * printed.isbns
    return round(printed.local + named + outlook.listed + outlook.found + outlook.elsewhere)


# ── what each service is asked ───────────────────────────────────────────────────────────────────────────


def _asked(
    printed: Printed, outlook: _Outlook, related: Related, offers: Offers, workers: int
) -> dict[str, dict[Question, Asked]]:
    """By service and question, in the order of the cascade. Records of a search's hits come with it at Crossref; lists
    of printed DOIs are full, as those that come next go along."""
    lists = math.ceil(printed.references / ROWS_AT_ONCE)
    named = printed.dois + printed.local_dois
    later = printed.pmids + printed.pmcids + PUBLISHED * printed.arxiv + FOUND_BY_ISBN * printed.isbns
    each = _fetched_together(offers, min(workers, lists))
    isbns = Asked(printed.isbns, min(printed.isbns, lists))
    asked = {name: {Question.TITLE: Asked(outlook.titles[name])} for name in SERVICES}
    asked["crossref"] = {
        Question.DOI: Asked(max(0, named - printed.kept.get("crossref", 0)))
        + _listed(outlook.listed, lists)
        + Asked(later, later / HYDRATE_BATCH)
        + Asked(outlook.elsewhere, outlook.elsewhere / each)
        + Asked(related.works),
        Question.ISBN: isbns,
        Question.REFERENCES: Asked(printed.papers),
        Question.PRINTED: Asked(outlook.whole),
    }
    asked["openalex"] |= {
        Question.DOI: Asked(max(0, named - printed.kept.get("openalex", 0)))
        + _listed(outlook.listed, lists)
        + Asked(later, later / HYDRATE_BATCH)
        + Asked(outlook.found + outlook.elsewhere, (outlook.found + outlook.elsewhere) / each)
        + Asked(related.records),
        Question.PMID: _listed(printed.pmids, lists),
        Question.PMCID: _listed(printed.pmcids, lists),
        Question.REFERENCES: Asked(printed.papers),
        Question.CITED: Asked(related.asked.get(Direction.REFERENCES, 0)),
        Question.CITING: Asked(related.asked.get(Direction.CITATIONS, 0)),
    }
    asked["arxiv"] = {Question.ARXIV: _listed(printed.arxiv, lists)}
    for name in ("openlibrary", "dnb"):
        asked[name] |= {Question.ISBN: isbns}
    return asked


def _copies(works: int) -> dict[str, Asked]:
    """What the download stage asks the indexes: only for works whose own record leads to no copy."""
    left = works * (1 - FETCHED_AT_ONCE)
    together = {"unpaywall": 1, "doaj": 1}  # these take one DOI a call
    return {name: Asked(left, left / together.get(name, ASKED_TOGETHER)) for name in COPY_INDEXES}


def _listed(keys: float, lists: int) -> Asked:
    """Keys of the rows that are handed in together share a call, at most."""
    return Asked(max(0.0, keys), min(max(0.0, keys), lists))


def _fetched_together(offers: Offers, threads: int) -> float:
    """How many works that searches found are fetched whole in one call: a thread waits for more of them for a while."""
    if "crossref" not in offers or threads < 1:
        return 1.0
    searches_a_second = offers["crossref"][1].rates[LIST] * SAFETY / threads
    return min(HYDRATE_BATCH, math.floor(1 + HYDRATE_SECONDS * searches_a_second))


def _spared(asked: Mapping[Question, Asked], left: float | None) -> dict[Question, Asked]:
    """Titles are searched for with what records and a reserve for them leave of today's credits."""
    price = OpenAlex.offer.answers[Question.TITLE].credits
    records = sum(_calls(OpenAlex.offer, kind, one) for kind, one in asked.items() if kind is not Question.TITLE)
    spare = math.inf if left is None else max(0.0, left - records - KEPT_FOR_RECORDS)
    return {Question.TITLE: Asked(min(asked[Question.TITLE].keys, spare // price))}


def _calls(offer: Offer, question: Question, asked: Asked) -> int:
    return max(offer.calls(question, round(asked.keys)), round(asked.calls))


def _cost(name: str, offer: Offer, limits: PoolLimits, asked: Mapping[Question, Asked], left: float | None) -> Cost:
    calls = {kind: found for kind, one in asked.items() if (found := _calls(offer, kind, one))}
    credits = sum(offer.answers[question].credits * number for question, number in calls.items())
    seconds: dict[str, float] = {}
    for question, number in calls.items():
        bucket = offer.answers[question].bucket
        seconds[bucket] = seconds.get(bucket, 0.0) + number / (limits.rates[bucket] * SAFETY)
    keys = {question: round(asked[question].keys) for question in calls}
    longest = max(seconds.values(), default=0.0)
    return Cost(name, keys, sum(calls.values()), credits, longest, left, _days(credits, left, limits))


def _days(credits: float, left: float | None, limits: PoolLimits) -> int:
    """One where today's credits suffice, else with the days on which the rest is given."""
    if left is None or credits <= left or not limits.daily:
        return 1
    return 1 + math.ceil((credits - left) / limits.daily)

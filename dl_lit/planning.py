"""What a folder will cost, before anything is sent: calls, credits and time at each service, from what is printed.

It follows the cascade as it is (`enrichment.cascade`): identifiers in batches, free text for the rest, the whole record
of each accepted work, its open copies. What a search will find can't be known before; a share is assumed for it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from dl_lit.enrichment.cascade import is_searchable, with_identifiers
from dl_lit.identity import raw
from dl_lit.model import Reference
from dl_lit.net.limits import SAFETY, PoolLimits
from dl_lit.services.offers import Offer, Question

# Of the references without identifiers that are searched for. Reference lists of articles come to about two thirds, of
# the humanities to a third; the estimate is for planning an evening, not for a bill.
FOUND_BY_SEARCH = 0.6

_DAY = 86400.0

SERVICES = ("crossref", "openalex", "arxiv", "unpaywall")  # those that the cascade asks


@dataclass(frozen=True, slots=True)
class Printed:
    """What the references of some files print, each work's print counted once where it is the same."""

    references: int
    dois: int
    arxiv: int
    pmids: int
    searches: int  # neither of these, and enough to search with
    unsearchable: int

    @property
    def works(self) -> int:
        """How many works are expected to be found."""
        return self.dois + self.arxiv + self.pmids + round(FOUND_BY_SEARCH * self.searches)


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
class Plan:
    printed: Printed
    costs: tuple[Cost, ...]

    @property
    def seconds(self) -> float:
        """The services work side by side; the slowest one sets the pace. Days wait for the next budget."""
        return max((cost.seconds + (cost.days - 1) * _DAY for cost in self.costs), default=0.0)

    @property
    def slowest(self) -> str | None:
        return max(self.costs, key=lambda cost: (cost.days, cost.seconds)).service if self.costs else None


def count(references: Iterable[Reference]) -> Printed:
    """Sorts printed references by what the cascade asks for them first; the same print is asked for once."""
    kinds: dict[str, set[str]] = {name: set() for name in ("dois", "arxiv", "pmids", "searches")}
    total = unsearchable = 0
    for reference in map(with_identifiers, references):
        total += 1
        if reference.doi:
            kinds["dois"].add(reference.doi)
        elif reference.arxiv:
            kinds["arxiv"].add(reference.arxiv)
        elif reference.pmid:
            kinds["pmids"].add(reference.pmid)
        elif is_searchable(reference):
            kinds["searches"].add(raw.key(reference.raw))
        else:
            unsearchable += 1
    return Printed(total, **{name: len(keys) for name, keys in kinds.items()}, unsearchable=unsearchable)


def plan(
    printed: Printed,
    offers: Mapping[str, tuple[Offer, PoolLimits]],
    left: Callable[[str], float | None],
    *,
    download: bool = True,
) -> Plan:
    """`offers` are of the services that are on, with the limits that hold for us; `left` tells today's credits."""
    asked = _asked(printed, download=download)
    costs = (_cost(name, *offers[name], asked[name], left(name)) for name in asked if name in offers)
    return Plan(printed, tuple(cost for cost in costs if cost.calls))


def _asked(printed: Printed, *, download: bool) -> dict[str, dict[Question, int]]:
    """Keys by service and question. Records of accepted works are fetched from both registries, in batches."""
    found = printed.works - printed.dois
    return {
        "crossref": {Question.DOI: printed.dois + found, Question.PRINTED: printed.searches},
        "openalex": {Question.DOI: printed.dois + found, Question.PMID: printed.pmids},
        "arxiv": {Question.ARXIV: printed.arxiv},
        "unpaywall": {Question.LOCATIONS: printed.works if download else 0},
    }


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

"""What a service offers: which questions it answers, at what price and in what batches, within which limits.

The cascade, `plan` and `doctor` read this; each client states it once, as its class's `offer`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from dl_lit.net.limits import PoolLimits


class Question(StrEnum):
    """The kinds of question; the first five ask for the record of an identifier."""

    DOI = "doi"
    PMID = "pmid"
    PMCID = "pmcid"
    ARXIV = "arxiv"
    ISBN = "isbn"
    IDENTIFIERS = "identifiers"  # the other identifiers of a DOI, PMID or PMCID, and no more
    TITLE = "title"  # candidates for a title
    PRINTED = "printed"  # candidates for a whole printed reference
    REFERENCES = "references"  # what the work with a DOI cites
    CITED = "cited"  # what works with the service's own ids cite, as ids
    CITING = "citing"  # what cites a work
    LOCATIONS = "locations"  # the open copies of a DOI; most services give them with the record


class Need(StrEnum):
    """What the user may have to give; the value is the setting's name, `{}` being the service's."""

    EMAIL = "contact.email"
    KEY = "services.{}.api_key"


@dataclass(frozen=True, slots=True)
class Price:
    """What one call costs: `credits` of the daily budget. It takes up to `batch` keys, at the rate of `bucket`."""

    credits: float = 0.0
    batch: int = 1
    bucket: str = "default"


@dataclass(frozen=True, slots=True)
class Offer:
    """`needs` must be given, or the service is off; with `advised` it has the limits `better`, with a key `paid`.

    `abstracts` and `copies`: whether what it sends may have an abstract, or say where an open copy is.
    """

    purpose: str
    answers: Mapping[Question, Price]
    limits: PoolLimits
    needs: Need | None = None
    advised: Need | None = None
    better: PoolLimits | None = None
    paid: PoolLimits | None = None
    abstracts: bool = False
    copies: bool = False

    def limits_with(self, given: Iterable[Need]) -> PoolLimits:
        """The limits of somebody who gives this."""
        there = set(given)
        if self.paid is not None and Need.KEY in there:
            return self.paid
        return self.better if self.better is not None and self.advised in there else self.limits

    def advice(self, name: str, given: Iterable[Need]) -> str:
        """What would raise the limits of somebody who gives this; empty where nothing would."""
        if self.advised is None or self.limits_with(given) is not self.limits:
            return ""
        if self.advised is Need.EMAIL:
            return "It allows more to who gives an e-mail address (--email or contact.email)."
        return f"It allows more with a key ({self.advised.value.replace('{}', name)})."

    def calls(self, question: Question, keys: int) -> int:
        """How many calls it takes to ask this of so many keys, if none of them needs a call of its own."""
        return -(-keys // self.answers[question].batch)

    def credits(self, question: Question, keys: int) -> float:
        return self.calls(question, keys) * self.answers[question].credits


def same(price: Price, *questions: Question) -> Mapping[Question, Price]:
    """These questions, all at one price."""
    return MappingProxyType(dict.fromkeys(questions, price))

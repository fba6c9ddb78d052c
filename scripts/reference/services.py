"""Services and other sources: what each gives, what it wants, how much of it is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dl_lit.config import Services
from dl_lit.net.limits import SAFETY, PoolLimits
from dl_lit.services.offers import Need, Offer, Question
from dl_lit.services.registry import CLIENTS, OFFERS
from reference.markdown import MADE, code, table

HEAD = f"""# Services and sources

{MADE.format("the clients of the services")}
Which service is asked when, is in [Matching](matching.md#candidates) and [Finding copies](downloads.md#in-rounds);
how to set addresses and keys, in [Keys and budgets](how-to/keys.md). `dl-lit doctor --online` asks each one question.
"""
LIMITS = f"""## What we send at most

Requests a second, requests at once, and calls or credits a day, by the services' own rules as far as they are known;
we send at {SAFETY:g} of these rates, and less when a service says so. All your runs on this machine share them.
*With* is an e-mail address (`contact.email`) or a key (`services.NAME.api_key`).
"""
BEGIN, END = "<!-- services: made by scripts/make_reference -->", "<!-- /services -->"
TITLES = {
    "crossref": "Crossref",
    "openalex": "OpenAlex",
    "unpaywall": "Unpaywall",
    "semanticscholar": "Semantic Scholar",
    "arxiv": "arXiv",
    "datacite": "DataCite",
    "europepmc": "Europe PMC",
    "idconv": "NCBI id converter",
    "opencitations": "OpenCitations",
    "doaj": "DOAJ",
    "zenodo": "Zenodo",
    "hal": "HAL",
    "openlibrary": "Open Library",
    "dnb": "DNB",
    "doi": "doi.org",
    "pmc": "PubMed Central (S3)",
    "core": "CORE",
    "wayback": "Wayback Machine",
}
IDENTIFIERS = {
    Question.DOI: "DOI",
    Question.PMID: "PMID",
    Question.PMCID: "PMCID",
    Question.ARXIV: "arXiv",
    Question.ISBN: "ISBN",
    Question.IDENTIFIERS: "DOI ↔ PMID ↔ PMCID",
}
SEARCHES = {Question.TITLE: "title", Question.PRINTED: "printed reference"}
CITATIONS = {Question.REFERENCES: "cites", Question.CITING: "cited by"}
# They take a key that changes no limit that we know.
TAKE_A_KEY = frozenset({"opencitations"})
COLUMNS = (
    *("Service", "Identifiers", "Search", "Abstracts", "Citations", "Open copies"),
    *("Key or address", "Requests a second (with it)", "On"),
)
# What is no service of the registry.
OTHERS = (
    ("Your PDFs and their reference lists", "as printed", "", "", "cites", "a printed URL", "none", "", "yes"),
    ("What services sent before", "DOI, arXiv, PMID, PMCID, ISBN", "title", "yes", "", "yes", "none", "", "yes"),
    ("Local catalogues (Crossref, OpenAlex dumps)", "DOI", "printed reference", "", "", "", "files", "", "no"),
    ("Your own PDFs (`import-pdfs`)", "", "", "", "", "the copy", "files", "", "no"),
    ("OSF", "", "", "", "", "preprints", "none", "", "yes"),
    ("Landing pages, robots.txt permitting", "", "", "", "", "links to files", "none", "", "yes"),
    ("GROBID, a language model", "", "", "", "reads printed lists", "", "address, key", "", "no"),
)


@dataclass(frozen=True, slots=True)
class Capability:
    """A row of the table, as a test can compare it with what the program knows."""

    name: str
    title: str
    offer: Offer
    keywords: bool
    enabled: bool

    def cells(self) -> tuple[str, ...]:
        asked = self.offer.answers
        searches = [word for question, word in SEARCHES.items() if question in asked]
        return (
            self.title,
            _listed(word for question, word in IDENTIFIERS.items() if question in asked),
            _listed([*searches, *(["keywords"] if self.keywords else [])]),
            _yes(self.offer.abstracts),
            _listed(word for question, word in CITATIONS.items() if question in asked),
            _yes(self.offer.copies),
            self._wants(),
            self._pace(),
            "no" if not self.enabled else "with the address" if self.offer.needs is Need.EMAIL else "yes",
        )

    def _wants(self) -> str:
        if self.offer.needs is not None:
            return {Need.EMAIL: "**address needed**", Need.KEY: "**key needed**"}[self.offer.needs]
        wants = {Need.EMAIL: "address: faster", Need.KEY: "free key: more", None: "none"}[self.offer.advised]
        paid = "; key of Metadata Plus: much faster" if self.offer.paid is not None else ""
        return f"{'key possible' if self.name in TAKE_A_KEY else wants}{paid}"

    def _pace(self) -> str:
        """The greatest rate without and with what the user can give; a day's budget behind it."""
        offer, better = self.offer, self.offer.better
        paces = [_briefly(limits) for limits in (offer.limits, better) if limits is not None]
        return paces[0] if len(paces) == 1 else f"{paces[0]} ({paces[1]})"


def capabilities() -> list[Capability]:
    return [
        Capability(
            client.name,
            TITLES.get(client.name, client.name),
            client.offer,
            hasattr(client, "keyword_page"),
            Services().named(client.name).enabled,
        )
        for client in CLIENTS
    ]


def page() -> str:
    return "\n".join((HEAD, _capability_table(), LIMITS, _limits_table()))


def with_table(readme: str) -> str:
    """The README with the table of today."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{_capability_table()}\n{END}{after}"


def _capability_table() -> str:
    return table(COLUMNS, [*(one.cells() for one in capabilities()), *OTHERS])


def _limits_table() -> str:
    head = ("Name in the settings", "For", "Without", "With")
    return table(head, ((code(name), offer.purpose, *_limits(offer)) for name, offer in OFFERS.items()))


def _limits(offer: Offer) -> tuple[str, str]:
    if offer.needs is not None:
        return "off", _told(offer.limits)
    given = [("key: " if offer.advised is Need.KEY else "address: ", offer.better), ("Metadata Plus: ", offer.paid)]
    return _told(offer.limits), "; ".join(f"{who}{_told(limits)}" for who, limits in given if limits is not None)


def _told(limits: PoolLimits) -> str:
    rates = {_rate(rate): bucket for bucket, rate in limits.rates.items()}
    named = [rate if bucket == "default" or len(rates) == 1 else f"{rate} ({bucket})" for rate, bucket in rates.items()]
    daily = [f"{limits.daily:,.0f} a day"] if limits.daily is not None else []
    return ", ".join([*named, f"{limits.concurrency} at once", *daily])


def _briefly(limits: PoolLimits) -> str:
    daily = f"; {limits.daily:,.0f} a day" if limits.daily is not None else ""
    return f"{max(limits.rates.values()):.2g}{daily}"


def _rate(rate: float) -> str:
    return f"{rate:.3g}/s" if rate >= 0.5 else f"1 in {1 / rate:.3g} s"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _yes(known: bool) -> str:
    return "yes" if known else ""

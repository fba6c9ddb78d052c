"""Which clients a run gets, under which limits."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dl_lit.config import BY_EMAIL, Services, Settings
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.network import Network, who_asks
from dl_lit.services import arxiv, crossref, datacite, openalex, openlibrary, semanticscholar, unpaywall
from dl_lit.services.offers import Need, Question
from dl_lit.services.registry import CLIENTS, OFFERS, ServiceSet, build_services


class NoCache:
    def cache_get_many(self, service: str, keys: object) -> dict[str, Any]:
        return {}

    def cache_put_many(self, service: str, answers: object, ttl_seconds: float) -> None:
        """Forgets."""


@contextmanager
def services(**settings: Any) -> Iterator[ServiceSet]:
    configured = Settings.model_validate(settings)
    network = Network(configured, MemoryLedger(), stop=threading.Event())
    try:
        yield build_services(configured, network, NoCache())
    finally:
        network.close()


def limits(client: Any) -> Any:
    return client.pool.limits


def test_without_a_contact_unpaywall_is_off_and_crossref_is_in_the_public_pool() -> None:
    with services() as made:
        assert made.unpaywall is None
        assert limits(made.crossref) == crossref.PUBLIC
        assert limits(made.openalex) == openalex.ANONYMOUS
        assert limits(made.arxiv) == arxiv.LIMITS


def test_with_a_contact_and_a_key_the_better_limits_hold() -> None:
    with services(contact={"email": "me@uni.test"}, services={"openalex": {"api_key": "k"}}) as made:
        assert limits(made.crossref) == crossref.POLITE
        assert limits(made.unpaywall) == unpaywall.LIMITS
        assert limits(made.openalex) == openalex.KEYED


def test_a_metadata_plus_token_has_limits_of_its_own_with_or_without_a_contact() -> None:
    for contact in ({}, {"email": "me@uni.test"}):
        with services(contact=contact, services={"crossref": {"api_key": "k"}}) as made:
            assert limits(made.crossref) == crossref.PLUS
    offer = OFFERS["crossref"]
    assert not offer.advice("crossref", {Need.KEY})
    assert "e-mail" in offer.advice("crossref", ())


def test_a_blank_key_is_no_key() -> None:
    with services(services={"openalex": {"api_key": " "}}) as made:
        assert limits(made.openalex) == openalex.ANONYMOUS


def test_services_can_be_switched_off() -> None:
    off = {name: {"enabled": False} for name in OFFERS}
    with services(contact={"email": "me@uni.test"}, services=off) as made:
        assert made == ServiceSet()
        assert made.clients() == ()
        assert made.off["hal"] == "switched off; services.hal.enabled = true switches it on"


def test_a_service_that_lacks_what_it_needs_is_off_with_the_reason() -> None:
    with services() as made:
        assert dict(made.off) == {"unpaywall": "needs contact.email, which is not set"}
        assert {client.name for client in made.clients()} == OFFERS.keys() - {"unpaywall"}


def test_every_service_with_a_client_has_settings_and_an_address() -> None:
    assert OFFERS.keys() <= Services.model_fields.keys()
    assert all(client.offer is OFFERS[client.name] for client in CLIENTS)


def test_each_pool_knows_every_bucket_that_its_prices_name() -> None:
    for name, offer in OFFERS.items():
        for limits in (offer.limits, offer.better or offer.limits):
            assert {price.bucket for price in offer.answers.values()} <= limits.rates.keys(), name


def test_semantic_scholar_is_asked_with_more_patience_with_a_key() -> None:
    with services() as made:
        assert limits(made.semanticscholar) == semanticscholar.KEYLESS
    with services(services={"semanticscholar": {"api_key": "k"}}) as made:
        assert limits(made.semanticscholar) == semanticscholar.KEYED


def test_an_address_opens_the_better_lane_where_there_is_one() -> None:
    with services(contact={"email": "me@uni.test"}) as made:
        assert limits(made.datacite) == datacite.IDENTIFIED
        assert limits(made.openlibrary) == openlibrary.IDENTIFIED


def test_an_offer_counts_calls_and_credits() -> None:
    offer = OFFERS["openalex"]
    assert (offer.calls(Question.DOI, 0), offer.calls(Question.DOI, 100), offer.calls(Question.DOI, 101)) == (0, 1, 2)
    assert (offer.credits(Question.DOI, 250), offer.credits(Question.TITLE, 7)) == (3.0, 70.0)


def test_the_manual_tells_of_every_service() -> None:
    manual = (Path(__file__).parent.parent / "docs" / "services.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", manual, re.MULTILINE)
    assert rows == [client.name for client in CLIENTS]


def test_the_services_that_know_us_by_the_e_mail_address_are_those_whose_limits_depend_on_it() -> None:
    assert {name for name, offer in OFFERS.items() if Need.EMAIL in (offer.needs, offer.advised)} == BY_EMAIL


def test_what_is_kept_of_who_asks_changes_with_the_settings_and_tells_nothing() -> None:
    settings = [
        Settings(),
        Settings.model_validate({"contact": {"email": "me@uni-nord.de"}}),
        Settings.model_validate({"services": {"core": {"api_key": "k"}}}),
        Settings.model_validate({"services": {"hal": {"enabled": False}}}),
        Settings.model_validate({"services": {"hal": {"base_url": "http://localhost/hal"}}}),
    ]
    told = [who_asks(one) for one in settings]
    assert len(set(told)) == 5 and {len(one) for one in told} == {4}

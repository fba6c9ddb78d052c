"""Which clients a run gets, under which limits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dl_lit.config import Settings
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.network import Network
from dl_lit.services import arxiv, crossref, openalex, unpaywall
from dl_lit.services.registry import ServiceSet, build_services


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


def test_a_blank_key_is_no_key() -> None:
    with services(services={"openalex": {"api_key": " "}}) as made:
        assert limits(made.openalex) == openalex.ANONYMOUS


def test_services_can_be_switched_off() -> None:
    off = {name: {"enabled": False} for name in ("crossref", "openalex", "unpaywall", "arxiv")}
    with services(contact={"email": "me@uni.test"}, services=off) as made:
        assert made == ServiceSet()

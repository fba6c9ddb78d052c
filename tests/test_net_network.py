"""The network as a whole: one pool a service, who we say we are, own addresses, log filter, closing."""

from __future__ import annotations

import logging
import threading

import pytest

from dl_lit.config import Settings
from dl_lit.errors import AddressRefused, Stopping, UsageError
from dl_lit.net.hosts import Lease
from dl_lit.net.http import HttpRequest
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.limits import PoolLimits
from dl_lit.net.network import Network, secrets_of, user_agent
from httpserver import LocalServer

LIMITS = PoolLimits({"default": 1000.0})


def _network(**settings: object) -> Network:
    return Network(Settings.model_validate(settings), MemoryLedger(), stop=threading.Event())


def test_a_service_has_one_pool_however_often_it_is_asked_for() -> None:
    network = _network()
    assert network.service("crossref", LIMITS) is network.service("crossref", PoolLimits({"other": 1.0}))
    assert network.service("crossref", LIMITS) is not network.service("openalex", LIMITS)
    network.close()


def test_health_lists_services_then_the_hosts_that_were_met() -> None:
    network = _network()
    network.service("crossref", LIMITS)
    assert isinstance(network.hosts.try_enter("https://papers.example/x.pdf"), Lease)
    assert [health.name for health in network.health()] == ["crossref", "papers.example"]
    network.close()


def test_the_user_agent_names_the_contact_only_if_there_is_one() -> None:
    anonymous = user_agent(Settings())
    assert anonymous.startswith("dl-lit/")
    assert anonymous.endswith("(+https://pypi.org/project/dl-lit/)")
    known = Settings.model_validate({"contact": {"email": "me@uni.edu"}})
    assert user_agent(known).endswith("(+https://pypi.org/project/dl-lit/; mailto:me@uni.edu)")


def test_a_service_reaches_its_own_address_and_no_other_in_the_own_network() -> None:
    with LocalServer() as server, LocalServer() as other:
        network = _network(services={"grobid": {"base_url": server.url}, "llm": {"base_url": ""}})
        pool = network.service("grobid", LIMITS)
        assert pool.send(HttpRequest(server.url + "/api")).status == 200
        with pytest.raises(AddressRefused):
            pool.send(HttpRequest(other.url + "/api"))
        for name in ("llm", "something-else"):
            with pytest.raises(AddressRefused):
                network.service(name, LIMITS).send(HttpRequest(server.url + "/api"))
        assert other.arrivals == []
        network.close()


def test_a_wrong_entry_of_allowed_hosts_is_said_at_the_start() -> None:
    with pytest.raises(UsageError, match="allow_hosts"):
        _network(network={"allow_hosts": ["10.0.0.0/99"]})


def test_the_log_filter_goes_with_the_network() -> None:
    lines = logging.getLogger("urllib3.connectionpool")
    before = list(lines.filters)
    network = _network()
    assert len(lines.filters) == len(before) + 1
    network.close()
    assert lines.filters == before


def test_a_closed_network_sends_nothing_more() -> None:
    with LocalServer() as server:
        network = _network(services={"crossref": {"base_url": server.url}})
        network.close()
        with pytest.raises(Stopping):
            network.service("crossref", LIMITS).send(HttpRequest(server.url))
        assert server.arrivals == []


def test_secrets_are_the_keys_and_the_contact() -> None:
    settings = Settings.model_validate(
        {
            "contact": {"email": "me@uni.edu"},
            "services": {"openalex": {"base_url": "https://x.example", "api_key": "K3Y"}},
        }
    )
    assert secrets_of(settings) == ("K3Y", "me@uni.edu")
    assert secrets_of(Settings()) == ()

"""The network as a whole: one pool a service, who we say we are, own addresses, log filter, closing."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.config import Settings
from dl_lit.errors import AddressRefused, BudgetExhausted, DlLitError, Stopping, UsageError
from dl_lit.net.hosts import Lease
from dl_lit.net.http import HttpRequest
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.limits import PoolLimits
from dl_lit.net.network import Network, secrets_of, user_agent
from dl_lit.store.machine import MachineLedger
from httpserver import Arrival, LocalServer, Reply
from net_world import together

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


@pytest.mark.parametrize("part", ["headers", "body"])
def test_closing_cuts_off_what_is_under_way(part: str) -> None:
    arrived, closed = threading.Event(), threading.Event()

    def hold(arrival: Arrival) -> Reply:
        def pieces() -> Iterator[bytes]:
            yield b"x"
            arrived.set()
            closed.wait(5)

        if part == "body":
            return Reply(body=pieces())
        arrived.set()
        closed.wait(5)
        return Reply()

    ended: list[Exception] = []

    def send(network: Network, url: str) -> None:
        try:
            network.service("crossref", LIMITS).send(HttpRequest(url))
        except DlLitError as error:
            ended.append(error)

    with LocalServer(hold) as server:
        network = _network(services={"crossref": {"base_url": server.url}})
        sender = threading.Thread(target=send, args=(network, server.url))
        sender.start()
        assert arrived.wait(5)
        begun = time.monotonic()
        network.close()
        sender.join(5)
        assert time.monotonic() - begun < 1
        closed.set()
    assert [type(error) for error in ended] == [Stopping]


def test_the_ledger_keeps_slots_and_budget_over_processes_and_restarts(tmp_path: Path) -> None:
    limits = PoolLimits({"default": 10.0}, concurrency=2, daily=8.0)

    def run(server: LocalServer, times: int) -> list[float | None]:
        """What one process does: its own connections to the database, its own pool."""
        ledger = MachineLedger(tmp_path / "services.db")
        settings = Settings.model_validate({"services": {"crossref": {"base_url": server.url}}})
        network = Network(settings, ledger, stop=threading.Event())
        pool = network.service("crossref", limits)
        left = []
        for _ in range(times):
            pool.send(HttpRequest(server.url, cost=1.0))
            left.append(pool.health().remaining)
        network.close()
        ledger.close()
        return left

    with LocalServer() as server:
        assert run(server, 1) == [7.0]
        both = [threading.Thread(target=run, args=(server, 3)) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join(20)
        assert run(server, 1) == [0.0]
        with pytest.raises(BudgetExhausted):
            run(server, 1)
        times = sorted(server.times)
    assert len(times) == 8
    assert times[-1] - times[0] >= 7 * 0.1


def test_secrets_are_the_keys_and_the_contact() -> None:
    settings = Settings.model_validate(
        {
            "contact": {"email": "me@uni.edu"},
            "services": {"openalex": {"base_url": "https://x.example", "api_key": "K3Y"}},
        }
    )
    assert secrets_of(settings) == ("K3Y", "me@uni.edu")
    assert secrets_of(Settings()) == ()


def test_two_processes_together_take_no_more_places_than_a_service_allows(tmp_path: Path) -> None:
    limits = PoolLimits({"default": 1000.0}, concurrency=2)
    lock, now, most, overlap = threading.Lock(), [0], [0], threading.Event()

    def answer(arrival: Arrival) -> Reply:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        overlap.wait(0.02)  # never set: long enough for the others to come if they were let in
        with lock:
            now[0] -= 1
        return Reply()

    def run(server: LocalServer) -> None:
        """What one process does: its own ledger on the same file, its own pool."""
        ledger = MachineLedger(tmp_path / "services.db")
        settings = Settings.model_validate({"services": {"crossref": {"base_url": server.url}}})
        network = Network(settings, ledger, stop=threading.Event())
        pool = network.service("crossref", limits)
        together(lambda: pool.send(HttpRequest(server.url)), 4)
        network.close()
        ledger.close()

    with LocalServer(answer) as server:
        both = [threading.Thread(target=run, args=(server,)) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join(20)
    assert most[0] == 2

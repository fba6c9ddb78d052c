"""The stand-in as one process on loopback: a listener for each address, all at one port, and a log of every request.

Services are at `<url>/<name>/…` on 127.0.0.1, publishers and repositories at 127.0.0.2 and up.
"""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
import socketserver
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dl_lit.errors import StopRun, UsageError
from dl_lit.standin import catalogue, samples
from dl_lit.standin.arrival import stamp
from dl_lit.standin.arxiv import Arxiv
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.standin.context import Context, Copies, MakeCopy, Service, faulty, unix_clock
from dl_lit.standin.core import Core
from dl_lit.standin.crossref import Crossref
from dl_lit.standin.datacite import DataCite
from dl_lit.standin.dnb import Dnb
from dl_lit.standin.doaj import Doaj
from dl_lit.standin.doi import Doi
from dl_lit.standin.europepmc import EuropePmc
from dl_lit.standin.examples import with_examples
from dl_lit.standin.exchange import HOME, Exchange
from dl_lit.standin.hal import Hal
from dl_lit.standin.hosts import HOSTS
from dl_lit.standin.idconv import IdConverter
from dl_lit.standin.limits import Dice, Gauges
from dl_lit.standin.log import RequestLog
from dl_lit.standin.openalex import OpenAlex
from dl_lit.standin.opencitations import OpenCitations
from dl_lit.standin.openlibrary import OpenLibrary
from dl_lit.standin.osf import Osf
from dl_lit.standin.pmc import Pmc
from dl_lit.standin.quirks import FileHosts
from dl_lit.standin.search import Index
from dl_lit.standin.semanticscholar import SemanticScholar
from dl_lit.standin.settings import Faults, StandInSettings
from dl_lit.standin.unpaywall import Unpaywall
from dl_lit.standin.wayback import Wayback
from dl_lit.standin.wire import Reply, Request, page
from dl_lit.standin.world import Addresses, World, build_world
from dl_lit.standin.zenodo import Zenodo

SERVICES: dict[str, Callable[[Context], Service]] = {
    "core": Core,
    "crossref": Crossref,
    "openalex": OpenAlex,
    "unpaywall": Unpaywall,
    "arxiv": Arxiv,
    "doi": Doi,
    "datacite": DataCite,
    "dnb": Dnb,
    "doaj": Doaj,
    "europepmc": EuropePmc,
    "hal": Hal,
    "idconv": IdConverter,
    "opencitations": OpenCitations,
    "openlibrary": OpenLibrary,
    "osf": Osf,
    "pmc": Pmc,
    "semanticscholar": SemanticScholar,
    "wayback": Wayback,
    "zenodo": Zenodo,
}
PORTS_TRIED = 20  # when any port will do, but another process holds it at one of the addresses


class Listener(ThreadingHTTPServer):
    """Accepts connections at one address; knows them all, so that they can be ended."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], standin: StandIn) -> None:
        self.standin = standin
        self._lock = threading.Condition()
        self._connections: set[socket.socket] = set()
        super().__init__(address, Exchange)
        self.timeout = 0

    def server_bind(self) -> None:
        """Without the base class's look-up of a name for the address, which can take seconds."""
        stamp(self.socket)
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[0], self.server_address[1]  # type: ignore[assignment]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._lock:
            self._connections.discard(request)
            self._lock.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle is nothing to report; any other error is a fault of ours."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def end(self, seconds: float = 5.0) -> None:
        """Hang up on everybody and wait until their threads have noticed."""
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._lock.wait_for(lambda: not self._connections, seconds)
        self.server_close()


class StandIn:
    """The world, served by threads of this process between `__enter__` and `__exit__`.

    `works` and `make_copy` replace the catalogue and its PDFs, `arrange` changes where copies lie; `faults` can be
    switched while it runs. Without a `log_path` in the settings, the log lives only as long as the stand-in.
    """

    def __init__(
        self,
        settings: StandInSettings | None = None,
        *,
        works: Sequence[CatalogueWork] | None = None,
        make_copy: MakeCopy = samples.copy_pdf,
        arrange: Callable[[World], World] | None = None,
    ) -> None:
        self.settings = settings or StandInSettings()
        self.faults = Faults(self.settings)
        world = build_world(catalogue.load() if works is None else works, self.settings.seed)
        self.world: World = world if arrange is None else arrange(world)
        self.clock = unix_clock()
        self.gauges = Gauges()
        self.dice = Dice(self.settings.seed)
        self._make_copy = make_copy
        self._resources = contextlib.ExitStack()
        self.stopping = threading.Event()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._resources.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._resources.close()

    @property
    def url(self) -> str:
        """What `--services-url` takes."""
        return f"http://{HOME}:{self.port}"

    @property
    def log_path(self) -> Path:
        return self.log.path

    def _start(self) -> None:
        path = self.settings.log_path
        if path is None:
            path = Path(self._resources.enter_context(tempfile.TemporaryDirectory())) / "requests.jsonl"
        self.log = RequestLog(path)
        self._resources.callback(self.log.close)
        listeners = self._listen()
        self.port: int = listeners[0].server_port
        self.addresses = addresses = Addresses(self.port)
        copies = Copies(self.settings.seed, self._make_copy)
        context = Context(
            self.settings, self.world, addresses, self.faults, self.dice, copies, Index(self.world.entries)
        )
        self._services = {name: make(context) for name, make in SERVICES.items()}
        self._hosts = FileHosts(context, HOSTS)
        self._resources.callback(self._end, listeners)
        self._accept(listeners)

    def _listen(self) -> list[Listener]:
        tries = PORTS_TRIED if self.settings.port == 0 else 1
        while True:
            try:
                return self._bind_all()
            except OSError as error:
                tries -= 1
                if error.errno != errno.EADDRINUSE or not tries:
                    raise _explained(error, self.settings.port) from error

    def _bind_all(self) -> list[Listener]:
        """All addresses at the port that the first one gets, or none."""
        listeners = [self._bind(HOME, self.settings.port)]
        try:
            for host in HOSTS:
                listeners.append(self._bind(host.address, listeners[0].server_port))
        except BaseException:
            for listener in listeners:
                listener.server_close()
            raise
        return listeners

    def _bind(self, address: str, port: int) -> Listener:
        try:
            return Listener((address, port), self)
        except OSError as error:
            error.filename = address
            raise

    def _accept(self, listeners: Sequence[Listener]) -> None:
        wake, woken = socket.socketpair()
        thread = threading.Thread(target=_accept_all, args=(listeners, woken), name="stand-in", daemon=True)

        def stop() -> None:
            wake.close()
            thread.join()
            woken.close()

        thread.start()
        self._resources.callback(stop)

    def _end(self, listeners: Sequence[Listener]) -> None:
        self.stopping.set()
        for listener in listeners:
            listener.end()

    def answer(self, name: str, request: Request) -> Reply:
        """The reply of a service (by name) or of a file host (by address), faults first."""
        fault = faulty(self.faults.of(name), request, self.dice)
        if request.host != HOME:
            return fault or self._hosts.answer(request)
        service = self._services.get(name)
        if service is None:
            return page("404 Not Found", "<p>No such service here.</p>", 404)
        reply = fault or with_examples(name, request, service.answer(request))
        return replace(reply, bucket=service.bucket(request))

    def latency(self, name: str, request: Request) -> float:
        low, high = self.settings.service_latency if request.host == HOME else self.settings.host_latency
        return self.dice.throw(f"latency {name} {request.path}").uniform(low, high)


def serve(
    settings: StandInSettings,
    *,
    works: Sequence[CatalogueWork] | None = None,
    ready: Callable[[StandIn], None] | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Run a stand-in until `stop` is set or Ctrl-C; `ready` is called with it once it answers."""
    with StandIn(settings, works=works) as standin, contextlib.suppress(KeyboardInterrupt):
        if ready is not None:
            ready(standin)
        (stop or threading.Event()).wait()


def _accept_all(listeners: Sequence[Listener], woken: socket.socket) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(woken, selectors.EVENT_READ)
        for listener in listeners:
            selector.register(listener, selectors.EVENT_READ, listener)
        while True:
            for key, _ in selector.select():
                if key.data is None:
                    return
                key.data.handle_request()


def _explained(error: OSError, port: int) -> Exception:
    address = error.filename
    if error.errno == errno.EADDRINUSE:
        return UsageError(
            f"Port {port} is taken at {address}. Choose another with --port, or --port 0 for any free one."
        )
    if error.errno == errno.EADDRNOTAVAIL:
        first, last = HOSTS[0].number, HOSTS[-1].number
        return StopRun(
            f"The stand-in cannot use {address}. On macOS, add the loopback addresses first: "
            f"for n in $(seq {first} {last}); do sudo ifconfig lo0 alias 127.0.0.$n up; done"
        )
    return UsageError(f"The stand-in cannot listen at {address}, port {port}: {error.strerror}. Choose another --port.")

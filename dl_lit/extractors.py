"""Which extractor a run uses: joins the built-in reader to the services that can help it, as the settings say."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol
from urllib.parse import urlsplit

from dl_lit.config import ExtractionSettings, ExtractorName, Settings
from dl_lit.errors import RetryLater, Stopping, UsageError
from dl_lit.extraction.escalation import Alone, ByFile, ByText, Escalating, Extractor, Helper
from dl_lit.extraction.executor import ParserPool, TextPool
from dl_lit.model import Extraction, PdfReason
from dl_lit.net.guard import is_this_machine
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.network import Network
from dl_lit.services import grobid, llm
from dl_lit.services.base import Cache, MemoryCache
from dl_lit.services.grobid import Grobid
from dl_lit.services.llm import Llm
from dl_lit.silence import kind_of, word

log = logging.getLogger(__name__)

Tell = Callable[[str], None]

_HINTS = {"services.llm.api_key": "; any word will do for a server that asks for none"}


class BuiltinReader(Extractor, Protocol):
    """The built-in reader, here or on a cluster; `at_once` threads that call `extract` keep it busy."""

    @property
    def at_once(self) -> int: ...

    def interrupt(self) -> None: ...

    def close(self) -> None: ...


def open_reader(settings: ExtractionSettings, workers: int, tell: Tell = log.warning) -> BuiltinReader:
    """`workers` counts where PDFs are read on this machine. Raises UsageError and ClusterUnusable."""
    if settings.cluster is None:
        return ParserPool(settings, workers)
    try:
        from dl_lit.cluster.pool import ClusterPool  # only here: Dask takes half a second, and is an extra
    except ImportError as error:
        raise UsageError(
            f"--extract-on {settings.cluster} (extraction.cluster) needs Dask ({error}). "
            "Run: pip install 'dl-lit[dask]'"
        ) from error
    return ClusterPool(settings, tell)


def helpers_of(settings: Settings) -> tuple[ExtractorName, ...]:
    """The services that may be asked, in this order; none means that the built-in reader is alone.

    `auto` takes those that are enabled and complete. One that is chosen need not be enabled, but must be complete:
    UsageError names the setting that is missing.
    """
    chosen = settings.extraction.extractor
    if chosen is ExtractorName.BUILTIN:
        return ()
    if chosen is ExtractorName.AUTO:
        services = (ExtractorName.GROBID, ExtractorName.LLM)
        return tuple(n for n in services if settings.services.named(n).enabled and lacking(settings, n) is None)
    missing = lacking(settings, chosen)
    if missing is not None:
        raise UsageError(
            f"--extractor {chosen} (extraction.extractor) needs {missing}. Set it in the configuration file or as "
            f"DL_LIT_{missing.upper().replace('.', '__')}{_HINTS.get(missing, '')}."
        )
    return (chosen,)


def lacking(settings: Settings, name: ExtractorName) -> str | None:
    """The first setting that a helper cannot do without and has not got. Servers on this machine need no key."""
    service = settings.services.named(name)
    if not service.base_url:
        return f"services.{name}.base_url"
    if name is ExtractorName.LLM:
        if not settings.services.llm.model:
            return "services.llm.model"
        has_key = service.api_key is not None and service.api_key.get_secret_value().strip()
        if not has_key and not is_this_machine(urlsplit(service.base_url).hostname or ""):
            return "services.llm.api_key"
    return None


def build_extractor(
    settings: Settings, parser: Extractor, texts: TextPool, network: Network, cache: Cache, tell: Tell = log.warning
) -> Extractor:
    """The extractor that the settings ask for, over `parser`; `network` is asked only if there are helpers."""
    helpers = [_helper(name, settings, network, cache, tell) for name in helpers_of(settings)]
    if not helpers:
        return parser
    if settings.extraction.extractor is ExtractorName.AUTO:
        return Escalating(parser, texts.read, helpers)
    return Alone(parser, texts.read, helpers[0])


def _helper(name: ExtractorName, settings: Settings, network: Network, cache: Cache, tell: Tell) -> Helper:
    if name is ExtractorName.GROBID:
        service = settings.services.grobid
        pool = network.service(grobid.NAME, grobid.limits(service))
        return ByFile(Grobid(pool, base_url=service.base_url, busy_seconds=service.busy_seconds))
    model = settings.services.llm
    limits = llm.limits(model, settings.extraction.llm_token_budget)
    pool = network.service(Llm.name, limits, classify_429=llm.classify_429)
    return ByText(Llm(pool, cache, settings=model, tell=tell))


class Reader:
    """An extractor for use without a library: what a helper's network needs is kept in memory.

    Where a file would have to wait for a service, its result says so.
    """

    def __init__(self, settings: Settings, jobs: int, tell: Tell = log.warning) -> None:
        self._stop = threading.Event()
        self._open = ExitStack()
        helped = bool(helpers_of(settings))
        self._parser = ParserPool(settings.extraction, jobs)
        self._open.callback(self._parser.close)
        self._extractor: Extractor = self._parser
        self._texts = TextPool(settings.extraction)
        self._open.callback(self._texts.close)
        if helped:
            network = Network(settings, MemoryLedger(), stop=self._stop, tell=tell)
            self._open.callback(network.close)
            self._extractor = build_extractor(settings, self._parser, self._texts, network, MemoryCache(), tell)

    @property
    def version(self) -> str:
        return self._extractor.version

    def extract(self, path: Path) -> Extraction:
        try:
            return self._extractor.extract(path)
        except Stopping:
            raise
        except RetryLater as error:
            return Extraction(reason=PdfReason(word(kind_of(error))), detail=error.message)

    def interrupt(self) -> None:
        """Ends all work at once; calls of `extract` under way raise Stopping."""
        self._stop.set()
        self._parser.interrupt()
        self._texts.interrupt()

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._open.close()

"""What each setting means, in a line: for the file that `dl-lit init` writes, and for the manual."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "contact.email": "your own address, sent to services so that they can reach you; without it no Unpaywall, and "
        "Crossref's slow lane",
        "services.grobid.concurrency": "files at once; best the number of its engines",
        "services.grobid.time_limit_seconds": "for one file",
        "services.grobid.busy_seconds": "how long a busy GROBID (503) is waited for",
        "services.llm.model": "the model's name at that server",
        "services.llm.concurrency": "requests at once, over all threads",
        "services.llm.time_limit_seconds": "for one request",
        "services.llm.chunk_characters": "the most of a reference list that is sent at once",
        "services.llm.response_format": "json_object or text for servers that know no schemas",
        "network.allow_hosts": "private addresses that may be asked: hosts, addresses or ranges, each with or without "
        ":port; all others are refused",
        "network.state_dir": "where the services' pace and budgets are kept for all your runs here; default: "
        "dl-lit in $XDG_STATE_HOME, else in the user's state folder",
        "network.connect_timeout": "seconds until a connection stands",
        "network.read_timeout": "seconds without a byte",
        "network.total_timeout": "seconds for one answer or file",
        "network.max_file_mb": "the largest copy that is fetched, unpacked too",
        "network.host_spacing": "seconds between two requests to one file host",
        "network.host_concurrency": "requests at once to one file host",
        "network.host_failures": "failures in a row after which a file host is left alone for the run",
        "pipeline.sequential": "one row after the other, as --sequential; slow, for finding faults",
        "pipeline.extraction_workers": "processes that read PDFs; default: the processors, 3 at most",
        "pipeline.enrichment_workers": "threads that ask the services",
        "pipeline.download_workers": "threads that download",
        "pipeline.queue_size": "rows between two stages",
        "pipeline.enable_backpressure": "hold a stage back while the next one is behind",
        "pipeline.backpressure_threshold": "share of the queue from which on a stage is held back",
        "pipeline.worker_timeout_seconds": "after which a row in work is given up to others",
        "pipeline.checkpoint_interval": "rows written in one transaction",
        "pipeline.lease_seconds": "how long a row stays claimed without renewal",
        "pipeline.poll_seconds": "how often a stage looks for rows that another process has left it",
        "pipeline.grace_seconds": "how long work under way may take after the first Ctrl-C",
        "pipeline.patience_seconds": "how long a run with nothing else to do waits for rows that are due later",
        "queueing.min_citations": "copies only of works cited so often",
        "queueing.from_year": "copies only of works of this year or later",
        "queueing.to_year": "copies only of works of this year or earlier",
        "queueing.types": 'copies only of these kinds, in Crossref\'s words: "journal-article", "book-chapter"',
        "queueing.languages": 'copies only in these languages: "en", "de"',
        "queueing.open_only": "copies only where an index knows an open one",
        "queueing.query": "copies of works near to these words first",
        "expansion.references": "steps from matched works to what they cite; 0: none",
        "expansion.citations": "steps from matched works to what cites them; 0: none",
        "expansion.most_related": "works that come in with one work, the best first",
        "expansion.most_expanded": "works that come in with others in one run",
        "extraction.extractor": "who reads the references; auto: the built-in reader, helped by those that are enabled",
        "extraction.cluster": "a Dask scheduler whose workers read, as tcp://scheduler:8786",
        "extraction.cluster_in_flight": "PDFs there at once; default: its threads and a quarter more",
        "extraction.llm_token_budget": "tokens a day (UTC) that the model may take, over all runs of a library",
        "extraction.time_limit_seconds": "for one file, in a process of its own",
        "extraction.memory_limit_mb": "of each program that reads it; pandoc needs about 500 to start",
        "extraction.max_file_mb": "of a file, and of an archive (docx, odt, epub) when it is unpacked",
        "extraction.cache": "keep what was read, so that the same file is not read again",
        "extraction.cache_dir": "where that lies, and what services sent; default: dl-lit in $XDG_CACHE_HOME, else in "
        "the user's cache folder",
        "extraction.cache_mb": "beyond that, what was not asked for longest is dropped",
        "extraction.ocr": "recognise scans where tesseract is installed",
        "extraction.ocr_max_pages": "of one scan, from its end",
        "extraction.ocr_time_limit_seconds": "of one scan, beside the time limit above",
        "extraction.ocr_languages": "tesseract's names; those that are not installed are left out",
        "store.library": "the folder of the library where --library and DL_LIT_LIBRARY name none",
        "store.synchronous": "FULL: safe against power loss, slower",
        "store.cache_mb": "of services' answers in a library; the oldest go first",
        "store.busy_timeout": "seconds that a writer waits for another program",
        "catalogue.files": "local catalogues, asked before any service (dl-lit catalogue build)",
        "catalogue.fetched": "keep what services send for all your libraries; --no-cache for one run without",
        "catalogue.fetched_mb": "some 70,000 works in 256; beyond that, what was not used longest is dropped",
        "watch.interval_seconds": "between two looks at a watched folder",
        "watch.still_seconds": "without a change before a PDF is taken",
        "watch.patience_seconds": "the same for one that does not look whole",
    }
)
# Every service has these.
OF_ANY_SERVICE: Mapping[str, str] = MappingProxyType(
    {
        "base_url": "where it is",
        "api_key": "your key, where it knows keys",
        "enabled": "whether it is asked",
    }
)


def meaning(name: str) -> str:
    """Of one setting, by the name that a file has for it ("pipeline.queue_size"); raises KeyError for no setting."""
    if name in MEANINGS:
        return MEANINGS[name]
    section, _, last = name.rpartition(".")
    if not section.startswith("services."):
        raise KeyError(name)
    return OF_ANY_SERVICE[last]

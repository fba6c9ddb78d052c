"""Whether workers would read a file as this machine does: what differs, and the cure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dl_lit.cluster.jobs import WorkerFacts
from dl_lit.extraction.version import Facts

_NAMED = 3


def problems(here: WorkerFacts, there: Mapping[str, WorkerFacts]) -> Iterator[str]:
    """A sentence with its cure for each thing that differs, naming the workers.

    All but the programs (pdftotext, tesseract, pandoc, ocrmypdf) must be as here. Those need only be the same on all
    workers: it is they who read, and results are kept under what they have.
    """
    differing: dict[str, list[str]] = {}
    first = next(iter(there.values()), None)
    for worker, those in there.items():
        for text in (*different(here.facts, those.facts), *_distributed(here, those)):
            differing.setdefault(text, []).append(worker)
        if first is not None and those.facts.programs != first.facts.programs:
            differing.setdefault(_programs(first.facts, those.facts), []).append(worker)
    for text, workers in differing.items():
        more = f" and {len(workers) - _NAMED} more" if len(workers) > _NAMED else ""
        yield f"Workers {', '.join(workers[:_NAMED])}{more}: {text}"


def different(here: Facts, there: Facts) -> Iterator[str]:
    if there.dl_lit != here.dl_lit:
        yield f"dl-lit {there.dl_lit}, here {here.dl_lit}. Run there: pip install 'dl-lit[dask]=={here.dl_lit}'"
    elif there.code != here.code:
        yield f"dl-lit {there.dl_lit} with other code than here. Install the same copy of dl-lit there and here"
    if there.python != here.python:
        yield f"Python {there.python}, here {here.python}. Run both in the same environment or image"
    for theirs, ours in zip(there.libraries, here.libraries, strict=False):
        if theirs != ours:
            yield f"{theirs}, here {ours}. Run there: pip install '{ours.replace(' ', '==')}'"


def _distributed(here: WorkerFacts, there: WorkerFacts) -> Iterator[str]:
    if there.distributed != here.distributed:
        cure = f"pip install 'distributed=={here.distributed}' 'dask=={here.distributed}'"
        yield f"distributed {there.distributed}, here {here.distributed}. Run there: {cure}"


def _programs(first: Facts, other: Facts) -> str:
    names = {line.split()[0] for line in set(first.programs) ^ set(other.programs)}
    return f"another {', '.join(sorted(names))} than other workers have. Run all workers in the same image"

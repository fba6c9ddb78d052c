"""The data of a work, which bear its title: "Data from: X" is the dataset "X" of Dryad."""

from __future__ import annotations

import re
from bisect import bisect_left

from dl_lit.enrichment.printed import Printed, Span
from dl_lit.identity import titles
from dl_lit.model import Work

_DATA_OF = re.compile(
    r"(?i)\b(?:(?:replication|supplementary|supporting|raw|underlying)\s+)?(?:data(?:\s?sets?)?|code|materials?)"
    r"(?:\s+and\s+(?:code|data|materials?))?\s+(?:from|for|of|to)\s*:?\s*[“\"„»«‘']?\s*$"
)
_LEAST = 12  # letters of a title that is told from chance


def find(printed: Printed, work: Work) -> Span | None:
    """Where the print names data and the title that the dataset `work` has without that."""
    key = titles.key(work.title or "") if work.type == "dataset" else ""
    for span in printed.find(key) if len(key) >= _LEAST else ():
        if said := _DATA_OF.search(printed.before(span)):
            return Span(bisect_left(printed.origin, said.start()), span.end)
    return None

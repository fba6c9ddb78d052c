"""The learnt tagger: a linear-chain CRF that names the part each word of a reference belongs to."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pycrfsuite

from dl_lit.extraction.parsing.features import features
from dl_lit.extraction.parsing.tokens import Token

MODEL = "references.crfsuite"
LABELS = (
    "author", "container", "date", "edition", "editor", "genre", "id", "in", "issue", "label", "note", "pages", "place",
    "publisher", "series", "title", "translator", "volume",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Model:
    """A tagger holds the sequence it works on: one thread at a time may use it. It reads `data` in place, without
    holding a reference to it, so that `data` must live as long as the tagger (else: segmentation fault)."""

    data: bytes
    tagger: pycrfsuite.Tagger
    lock: threading.Lock


def label(tokens: Sequence[Token]) -> list[str]:
    """One of LABELS for each token."""
    if not tokens:
        return []
    model = _model()
    rows = features(tokens)
    with model.lock:
        return list(model.tagger.tag(rows))


@cache
def _model() -> _Model:
    data = resources.files(__package__).joinpath(MODEL).read_bytes()
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(data)
    return _Model(data, tagger, threading.Lock())

"""A printed reference list and the list that was deposited for the same paper, laid side by side.

Both have the same order, but entries are missing on either side, split or run together, and a deposited entry may be
no more than a DOI. So whole lists are aligned, not entries looked for: the heaviest chain of pairs that keeps the
order on both sides (a global alignment without a price for gaps), and neighbours vouch for what says nothing of itself.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from dl_lit.identity.folding import words
from dl_lit.model import DepositedReference

# The part of a deposited entry's words, rare ones counting more, that is printed when both are the same work.
# Neighbours share a journal, a year or an author, which is less.
SAME = 0.4
# With fewer entries in common than this part of the shorter list, the lists are not of one paper.
LEAST_COMMON = 0.3
# Words in more entries than this, and in more than a fifth of all, tell nothing apart and cost the most.
_COMMON = 20

Tokens = frozenset[str]
Pair = tuple[int, int]  # (index of the printed one, index of the deposited one)


def aligned(printed: Sequence[str], deposited: Sequence[DepositedReference]) -> dict[int, DepositedReference]:
    """Which deposited entry stands for which printed string (by index); empty when the lists are not of one paper."""
    ours = [frozenset(words(raw)) for raw in printed]
    theirs = [frozenset(_said(entry)) for entry in deposited]
    chain = _heaviest_chain(_likenesses(ours, theirs), len(theirs))
    speaking = sum(1 for tokens in theirs if tokens)
    if len(chain) < max(1, LEAST_COMMON * min(len(ours), speaking)):
        return {}
    between = _vouched_for(chain, len(ours), theirs)
    return {row: deposited[column] for row, column in [*chain, *between]}


def _said(entry: DepositedReference) -> Iterator[str]:
    texts = (entry.unstructured, entry.author, entry.year, entry.article_title, entry.journal_title)
    for text in (*texts, entry.volume_title, entry.volume, entry.issue, entry.first_page):
        yield from words(text or "")


def _likenesses(ours: Sequence[Tokens], theirs: Sequence[Tokens]) -> dict[Pair, float]:
    """The pairs that could be the same, with the share of the deposited words that is printed."""
    weights = _weights([*ours, *theirs])
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for column, tokens in enumerate(theirs):
        for token in tokens & weights.keys():
            holders[token].append(column)
    totals = [sum(weights.get(token, 0.0) for token in tokens) for tokens in theirs]
    shared: defaultdict[Pair, float] = defaultdict(float)
    for row, tokens in enumerate(ours):
        for token in tokens:
            for column in holders.get(token, ()):
                shared[row, column] += weights[token]
    likenesses = {pair: weight / totals[pair[1]] for pair, weight in shared.items()}
    return {pair: likeness for pair, likeness in likenesses.items() if likeness >= SAME}


def _weights(entries: Sequence[Tokens]) -> Mapping[str, float]:
    """Rare words tell entries apart."""
    counts = Counter(token for tokens in entries for token in tokens)
    most = max(_COMMON, len(entries) // 5)
    return {token: math.log(1 + len(entries) / count) for token, count in counts.items() if count <= most}


def _heaviest_chain(likenesses: Mapping[Pair, float], columns: int) -> list[Pair]:
    """The pairs, each further on than the one before on both sides, that weigh most together."""
    best = _Ends(columns)
    before: dict[Pair, Pair | None] = {}
    # Within a row from the right, so that no two pairs of one row come into one chain.
    for pair in sorted(likenesses, key=lambda pair: (pair[0], -pair[1])):
        weight, before[pair] = best.left_of(pair[1])
        best.put(weight + likenesses[pair], pair)
    _, last = best.left_of(columns)
    chain: list[Pair] = []
    while last is not None:
        chain.append(last)
        last = before[last]
    return chain[::-1]


class _Ends:
    """The heaviest chain that ends left of a column: a Fenwick tree of maxima."""

    def __init__(self, columns: int) -> None:
        self._heaviest: list[tuple[float, Pair | None]] = [(0.0, None)] * (columns + 1)

    def put(self, weight: float, pair: Pair) -> None:
        place = pair[1] + 1
        while place < len(self._heaviest):
            if weight > self._heaviest[place][0]:
                self._heaviest[place] = (weight, pair)
            place += place & -place

    def left_of(self, column: int) -> tuple[float, Pair | None]:
        found: tuple[float, Pair | None] = (0.0, None)
        place = column
        while place:
            if self._heaviest[place][0] > found[0]:
                found = self._heaviest[place]
            place -= place & -place
        return found


def _vouched_for(chain: Sequence[Pair], rows: int, theirs: Sequence[Tokens]) -> Iterator[Pair]:
    """Entries without words between two pairs, where as many are printed as were deposited."""
    for (row, column), (next_row, next_column) in pairwise([(-1, -1), *chain, (rows, len(theirs))]):
        inside = range(column + 1, next_column)
        if next_row - row == next_column - column and not any(theirs[one] for one in inside):
            yield from zip(range(row + 1, next_row), inside, strict=True)

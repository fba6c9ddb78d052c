"""Finding works by words: an OR-search that ranks like Crossref's, an AND-search like OpenAlex's."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from dl_lit.standin.world import Entry

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Case and accents folded. The server's own folding: it must not share the faults of the program it judges."""
    folded = text.casefold()
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return _WORD.findall(folded)


def stems(text: str) -> list[str]:
    return [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words(text)]


class Index:
    """An inverted index of the bibliographic text of some entries."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._postings: defaultdict[str, list[int]] = defaultdict(list)
        self._titles: defaultdict[str, set[int]] = defaultdict(set)
        lengths = [self._add(number, entry) for number, entry in enumerate(entries)]
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        self._norm = [1 / (0.7 + 0.3 * length / mean) for length in lengths]

    def _add(self, number: int, entry: Entry) -> int:
        found = set(words(_text(entry)))
        for word in found:
            self._postings[word].append(number)
        for stem in stems(f"{entry.work.title} {entry.work.subtitle or ''}"):
            self._titles[stem].add(number)
        return len(found)

    def any_of(self, query: str, keep: Callable[[Entry], bool]) -> list[tuple[Entry, float]]:
        """The entries with any of the words, best first, with their scores. There is always a hit, however bad."""
        scores: defaultdict[int, float] = defaultdict(float)
        for word in set(words(query)):
            postings = self._postings.get(word, ())
            weight = math.log(1 + len(self._entries) / (1 + len(postings)))
            for number in postings:
                scores[number] += weight * self._norm[number]
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        found = ((self._entries[number], round(3 * score, 4)) for number, score in ranked)
        hits = [(entry, score) for entry, score in found if keep(entry)]
        return hits or [(entry, 1.0) for entry in self._entries if keep(entry)][:1]

    def all_of(self, query: str) -> list[Entry]:
        """The entries whose title has all the words, most cited first; AND, OR, NOT in capitals and brackets work."""
        if not stems(query):
            return []
        numbers = _Boolean(query, self._titles, len(self._entries)).numbers()
        return sorted((self._entries[n] for n in numbers), key=lambda entry: (-entry.work.cited_by, entry.work.key))


class _Boolean:
    """Answers one search: OR binds weakest, words beside each other are ANDed."""

    def __init__(self, query: str, titles: Mapping[str, set[int]], count: int) -> None:
        self._tokens = [*re.findall(r"[()]|\w+", query), ""]
        self._titles = titles
        self._all = set(range(count))

    def numbers(self) -> set[int]:
        """A bracket that closes nothing ends the search."""
        return self._either()

    def _either(self) -> set[int]:
        found = self._every()
        while self._tokens[0] == "OR":
            self._tokens.pop(0)
            found = found | self._every()
        return found

    def _every(self) -> set[int]:
        found = self._all
        while self._tokens[0] not in ("", ")", "OR"):
            found = found & self._one()
        return found

    def _one(self) -> set[int]:
        token = self._tokens[0] and self._tokens.pop(0)
        if token == "NOT":
            return self._all - self._one()
        if token == "(":
            found = self._either()
            if self._tokens[0] == ")":
                self._tokens.pop(0)
            return found
        wanted = [] if token in ("AND", "") else stems(token)
        return set.intersection(*(self._titles.get(stem, set()) for stem in wanted)) if wanted else self._all


def _text(entry: Entry) -> str:
    work = entry.work
    people = [part for person in (*work.authors, *work.editors) for part in (person.family, person.given, person.name)]
    facts = (work.title, work.subtitle, work.container, str(work.year), work.volume, work.pages, work.publisher)
    return " ".join(part for part in (*people, *facts) if part)

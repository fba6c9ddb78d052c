"""Whether a file names one of the wanted authors as its own: in its heading, on a row of names, at its end.

In a sentence, a note or a reference a name may be that of anyone who is spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from rapidfuzz import fuzz

from dl_lit.download.expectation import Expectation
from dl_lit.download.first_pages import REFERENCES, FirstPage, last_text
from dl_lit.download.given_names import is_namesake
from dl_lit.download.title_prints import key_of
from dl_lit.download.title_rows import Shown, spaced_lines, stretch
from dl_lit.identity import names, titles
from dl_lit.identity.folding import is_latin, letters, to_latin, words
from dl_lit.identity.vocabulary import PARTICLES
from dl_lit.model import Person

_SHORTEST_NAME, _LONG_NAME = 3, 8  # letters
_NAME_ALIKE = 82.0  # of 100, for a transliterated or misread name
LAST_LETTERS = 1500  # of the last page
_LONGEST_ROW = 160  # letters of a row of names
_BEFORE_A_TITLE = 160  # letters: where a citation of the work itself has its authors
_FEW = 4  # words, of which nothing tells a sentence
_OF_SENTENCES = 0.34  # of the words begin small there, and more
_SMALL_BESIDE_NAMES = PARTICLES | frozenset(
    ("and", "by", "with", "for", "of", "the", "at", "in", "from", "mit", "durch", "par", "por")
)
# Before the author's name on the title page of a thesis or a report.
_HANDED_IN = re.compile(
    r"(?i)\b(?:(?:vorgelegt|eingereicht|verfasst|erstellt|angefertigt)(?:e[nrs]?)?(?: \S+){0,4}? (?:von|durch)"
    r"|(?:présentée?|soutenue?|rédigée?)(?: \S+){0,6}? par"
    r"|(?:submitted|presented|written|prepared|authored)(?: \S+){0,4}? by"
    r"|(?:presentad[oa]|apresentad[oa]|elaborad[oa]|defendid[oa])(?: \S+){0,4}? por|presentata(?: \S+){0,4}? da"
    r"|ingediend(?: \S+){0,4}? door|framlagd(?: \S+){0,4}? av)\s+"
)
_LETTERS_OF_A_NAME = 60
_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d\b")
_CITED = re.compile(r"\((?:1[6-9]|20)\d\d[a-z]?\)\W*\w|^\W*\d{0,3}\W*(?:see|cf|vgl|siehe|voir|in)\b", re.I)
_SPOKEN_OF = re.compile(
    r"(?i)\b(?:see|cf|vgl|siehe|thank\w*|grateful|acknowledg\w*|dedicated|according|following|source|quoted|cited|reviewed"
    r"|danke\w*|dank|nach|zit|quelle|remerci\w*|agradec\w*)\b"
)
# Before the name of a person whom a text is about or for.
_HONOURED = re.compile(
    r"(?i)\b(?:in (?:honou?r|memory) of|in memoriam|tribute to|festschrift f[oü]r|(?:interview|conversation)s? with"
    r"|zu ehren|zum (?:gedenken|gedächtnis)|(?:en|in) (?:hommage|homenaje|honor|l[’']honneur|onore|memoria)"
    r"|gespräch mit|entretien avec|entrevista (?:a|con))\b"
)


def names_an_author(
    document: Any, pages: Sequence[FirstPage], hits: Sequence[Shown], described: str, expectation: Expectation
) -> bool:
    """`described` is what the file says in its description, where it counts as much as on a row of names."""
    texts = [described, *("\n".join(_beside(hit)) for hit in hits)]
    if not any(_is_named(person, text) for text in texts for person in expectation.authors):
        texts = ["\n".join(_elsewhere(document, pages)), *_citing_itself(pages, expectation)]
    return any(_is_named(person, text) for text in texts for person in expectation.authors)


def _beside(hit: Shown) -> Iterator[str]:
    """Rows around the title that may name its authors."""
    rows = hit.page.rows
    heading = list(stretch(hit.page, hit.first))
    about = heading if _HONOURED.search(" ".join(rows[n].text for n in heading)) else []
    for number in range(*hit.neighbours):
        text = rows[number].text
        if number not in about and not (_CITED.search(text) or _HONOURED.search(text)):
            handed_in = _HANDED_IN.search(text)
            if handed_in is not None:
                yield text[handed_in.end() :][:_LETTERS_OF_A_NAME]
            elif not _is_sentence(text):
                yield text


def _elsewhere(document: Any, pages: Sequence[FirstPage]) -> Iterator[str]:
    """Rows of names up to a list of references, or at the end of a file that has none there."""
    for page in pages:
        rows = page.text.split("\n")
        yield from (row for above, row in pairwise(["", *rows]) if _may_be_names(row) and not _HONOURED.search(above))
        if REFERENCES.search(page.whole_text):
            return
    last = last_text(document)
    if not REFERENCES.search(last):
        yield from filter(_may_be_names, last[-LAST_LETTERS:].split("\n"))


def _may_be_names(row: str) -> bool:
    odd = _YEAR.search(row) or _SPOKEN_OF.search(row) or _HONOURED.search(row) or len(row) > _LONGEST_ROW
    return not odd and not _is_sentence(row)


def _is_sentence(row: str) -> bool:
    told = [word for word in re.findall(r"[^\W\d_]+", row) if word.casefold() not in _SMALL_BESIDE_NAMES]
    small = sum(word[0].islower() and len(word) > 1 for word in told)
    return len(told) > _FEW and is_latin(row) and small > _OF_SENTENCES * len(told)


def _citing_itself(pages: Sequence[FirstPage], expectation: Expectation) -> Iterator[str]:
    """What stands before the title where the file says how it is cited."""
    title = key_of(expectation.title or "")
    for page in pages if title else ():
        rows = page.text.split("\n")
        for place in range(len(rows)):
            told = " ".join(rows[place : place + 6])
            if title in key_of(told) and title not in key_of(" ".join(rows[place + 1 : place + 6])):
                yield _before(told, title)


def _before(text: str, title: str) -> str:
    cut = next((n for n in range(len(text), 0, -8) if title not in key_of(text[:n])), 0)
    return text[max(0, cut - len(title) - _BEFORE_A_TITLE) : cut]


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────


def _is_named(person: Person, text: str) -> bool:
    """As words of their own, or in letters set apart; run together with others only a long name counts."""
    run = letters(text)
    full = letters(f"{person.given or ''}{person.family or ''}")
    key = letters(names.family_key(person))
    if not key:
        return False
    if person.name and letters(person.name) in run:
        return True
    if not full.isascii():
        return _is_named_in_another_script(person, run, full)
    if not is_latin(text) and _is_transliterated(person, text):
        return True
    if len(key) < _SHORTEST_NAME:
        turned = letters(f"{person.family or ''}{person.given or ''}")
        whole = len(full) > _SHORTEST_NAME and (full in run or turned in run)
        return whole or _is_beside_its_initial(person, text)
    printed = names.printed_words(text)
    if all(word in printed for word in names.family_words(person)) or key in printed:
        return not is_namesake(person, text)
    return (len(key) >= _LONG_NAME and key in run) or any(key in letters(line) for line in spaced_lines(text))


def _is_beside_its_initial(person: Person, text: str) -> bool:
    """ "X. Li"."""
    initial, family = letters(person.given or "")[:1], letters(person.family or "")
    tokens = [word.rstrip("0123456789") for word in words(text)]  # digits: of a note
    pairs = pairwise(tokens)
    return bool(initial) and any(
        (one == family and two[:1] == initial and len(two) < 3) or (two == family and one == initial)
        for one, two in pairs
    )


def _is_transliterated(person: Person, text: str) -> bool:
    """ "Wang, Xiaoming" is 王小明: both names, in either order."""
    run = letters(to_latin(text))
    family, given = letters(to_latin(person.family or "")), letters(to_latin(person.given or ""))
    return bool(family and given) and len(given) > 1 and (family + given in run or given + family in run)


def _is_named_in_another_script(person: Person, run: str, full: str) -> bool:
    turned = letters(f"{person.family or ''}{person.given or ''}")
    if full in run or turned in run or (len(letters(person.family or "")) > 2 and letters(person.family or "") in run):
        return True
    family = letters(to_latin(person.family or ""))
    return len(family) > 3 and fuzz.partial_ratio(family, run, score_cutoff=_NAME_ALIKE) > 0


def who_is_wanted(people: Iterable[Person]) -> str:
    return ", ".join([one.name or one.family or "" for one in people][:3])


def is_telling(title: str, least: int) -> bool:
    """Whether few works have this title; a sign of Chinese or Japanese says as much as three letters."""
    key = titles.key(title)
    return len(key) * (1 if is_latin(title) or not _is_of_signs(title) else 3) >= least and not titles.is_generic(title)


def _is_of_signs(title: str) -> bool:
    return 2 * sum("\u3040" <= sign <= "\u9fff" for sign in title) > len(title)

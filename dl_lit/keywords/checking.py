"""Whether a work fits a query, exactly: what the services send is more than was asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dl_lit.identity.folding import fold, words
from dl_lit.keywords.language import And, Field, Node, Not, Or, Term
from dl_lit.model import Person, Work


@dataclass(frozen=True, slots=True)
class Page:
    """The words of a work: texts by field, and the words of each person."""

    texts: Mapping[Field, tuple[str, ...]]
    people: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, work: Work) -> Page:
        title = _padded(work.title, work.subtitle)
        abstract = _padded(work.abstract)
        texts = {
            Field.TITLE: (title,),
            Field.ABSTRACT: (abstract,),
            Field.TEXT: (title, abstract),
            Field.CONTAINER: (_padded(work.container),),
        }
        return cls(texts, tuple(map(_names, (*work.authors, *work.editors))))


def fits(node: Node, work: Work) -> bool:
    """Whether `work` is what is asked for. A phrase stands in one text; a name's words are of one person."""
    return _fits(node, Page.of(work))


def _fits(node: Node, page: Page) -> bool:
    match node:
        case Term(asked, Field.AUTHOR):
            return any(person.issuperset(asked) for person in page.people)
        case Term(asked, field):
            wanted = f" {' '.join(asked)} "
            return any(wanted in text for text in page.texts[field])
        case And(parts):
            return all(_fits(part, page) for part in parts)
        case Or(parts):
            return any(_fits(part, page) for part in parts)
        case Not(part):
            return not _fits(part, page)


def may_fit(wanted: Node, line: str) -> bool:
    """Whether a text, or a line of JSON, has all words that `wanted` (see `at_least`) needs; quick, and never wrongly
    False."""
    return _has(wanted, fold(line))


def _has(wanted: Node, folded: str) -> bool:
    match wanted:
        case Term(asked):
            return all(word in folded and _stands_alone(word, folded) for word in asked)
        case And(parts):
            return all(_has(part, folded) for part in parts)
        case Or(parts):
            return any(_has(part, folded) for part in parts)
    return True


def _stands_alone(word: str, folded: str) -> bool:
    """Not within a longer word. Where JSON has escaped something its letters may touch a word, and nothing is said."""
    if "\\" in folded or not word.isascii():
        return True
    return re.search(f"(?<![^\\W_]){word}(?![^\\W_])", folded) is not None


def _padded(*texts: str | None) -> str:
    found = " ".join(words(" ".join(text for text in texts if text)))
    return f" {found} "


def _names(person: Person) -> frozenset[str]:
    return frozenset(words(" ".join(part for part in (person.family, person.given, person.name) if part)))

"""The query language of `keyword-search`, read by recursive descent.

    query   = and { "OR" and }
    and     = not { [ "AND" ] not }
    not     = "NOT" not | part
    part    = [ field ":" ] ( word | "a phrase" | "(" query ")" )
    field   = title | author | container | abstract | text

Operators are in capitals; in small letters they are words like any other. Words beside each other must all be there. A
word with something in between ("x-ray") is a phrase. Words are compared without case and accents. No wildcards.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dl_lit.errors import UsageError
from dl_lit.identity.folding import words

MOST_LETTERS = 1000  # OpenAlex takes 1,500, operators that we add included
DEEPEST = 20  # brackets within brackets


class Field(StrEnum):
    """Where a word is looked for; `text` is title and abstract, and what a word without a field means."""

    TITLE = "title"
    AUTHOR = "author"
    CONTAINER = "container"
    ABSTRACT = "abstract"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or a phrase of several, folded; `spelt` as they were typed, in small letters."""

    words: tuple[str, ...]
    field: Field = Field.TEXT
    spelt: tuple[str, ...] = dataclasses.field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


Node = Term | And | Or | Not


class Kind(StrEnum):
    OPEN, CLOSE = "(", ")"
    AND, OR, NOT = "AND", "OR", "NOT"
    FIELD, TEXT, END = "field", "text", "end"


@dataclass(frozen=True, slots=True)
class Token:
    """`at` counts from 0; `text` is a field's name, a word, or what stands between quotes."""

    kind: Kind
    at: int
    text: str = ""


_QUOTES = '"“”„'
_TOKENS = re.compile(
    rf"(?P<blank>\s+)|(?P<bracket>[()])|[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?P<end>[{_QUOTES}]?)"
    rf"|(?P<field>[^\W\d_]+):(?=[^\s)])|(?P<word>[^\s(){_QUOTES}]+)"
)
_FIELDS = frozenset(Field)
_SPELT = re.compile(r"[^\W_]+")


def parse(text: str) -> Node:
    """The query that `text` says. Raises UsageError that points at the column of what is wrong."""
    if len(text) > MOST_LETTERS:
        raise UsageError(f"The query has {len(text)} letters, more than {MOST_LETTERS}. Make several searches of it.")
    return _Parser(text).query()


def by_author(name: str) -> Node:
    """The condition that somebody of this name is an author or editor. Raises UsageError without a letter in it."""
    folded = tuple(words(name))
    if not folded:
        raise UsageError(f"--author {name!r} names nobody. Give a family name, or a whole name.")
    return Term(folded, Field.AUTHOR)


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        match = _TOKENS.match(text, at)
        assert match is not None  # every character begins one of the kinds
        if match["blank"] is None:
            yield _token(text, at, match)
        at = match.end()
    yield Token(Kind.END, len(text))


def _token(text: str, at: int, match: re.Match[str]) -> Token:
    if match["bracket"] is not None:
        return Token(Kind(match["bracket"]), at)
    if match["phrase"] is not None:
        if not match["end"]:
            raise _wrong(text, at, "This quotation mark is never closed.")
        return Token(Kind.TEXT, at, match["phrase"])
    if match["field"] is not None:
        name = match["field"].lower()
        if name not in _FIELDS:
            known = ", ".join(f"{field}:" for field in Field)
            raise _wrong(text, at, f"There is no field {match['field']}; there are {known} Quote it to search for it.")
        return Token(Kind.FIELD, at, name)
    word = match["word"]
    if word in (Kind.AND, Kind.OR, Kind.NOT):
        return Token(Kind(word), at)
    return Token(Kind.TEXT, at, word)


class _Parser:
    """Reads one query; lives as long as that takes."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0

    def query(self) -> Node:
        node = self._or(Field.TEXT)
        token = self._look()
        if token.kind is not Kind.END:
            raise self._wrong(token, "This bracket closes nothing.")
        return node

    def _or(self, field: Field) -> Node:
        parts = [self._and(field)]
        while self._look().kind is Kind.OR:
            self._take()
            parts.append(self._and(field))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self, field: Field) -> Node:
        parts = [self._not(field)]
        while (kind := self._look().kind) not in (Kind.OR, Kind.CLOSE, Kind.END):
            if kind is Kind.AND:
                self._take()
            parts.append(self._not(field))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _not(self, field: Field) -> Node:
        negations = 0
        while self._look().kind is Kind.NOT:
            self._take()
            negations += 1
        part = self._part(field)
        return Not(part) if negations % 2 else part

    def _part(self, field: Field) -> Node:
        token = self._take()
        if token.kind is Kind.FIELD:
            if field is not Field.TEXT:
                raise self._wrong(token, "A field cannot stand within a field.")
            field, token = Field(token.text), self._take()
        if token.kind is Kind.OPEN:
            return self._bracket(token, field)
        if token.kind is Kind.TEXT:
            return self._term(token, field)
        raise self._wrong(token, _MISSING.get(token.kind, "Something to search for is missing before this."))

    def _bracket(self, token: Token, field: Field) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._wrong(token, f"More than {DEEPEST} brackets within one another.")
        node = self._or(field)
        if self._take().kind is not Kind.CLOSE:
            raise self._wrong(token, "This bracket is never closed.")
        self._depth -= 1
        return node

    def _term(self, token: Token, field: Field) -> Node:
        if "*" in token.text or "?" in token.text.rstrip("?"):
            raise self._wrong(token, "There are no wildcards: write the words out, with OR between them.")
        found = tuple(words(token.text))
        if not found:
            raise self._wrong(token, "There is no letter or digit in this.")
        if token.text.endswith(":") and token.text[:-1].lower() in _FIELDS:
            raise self._wrong(token, f"Nothing stands right after {token.text} Leave no blank there.")
        return Term(found, field, tuple(_SPELT.findall(token.text.lower())))

    def _look(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _wrong(self, token: Token, problem: str) -> UsageError:
        return _wrong(self._text, token.at, problem)


_MISSING = {
    Kind.END: "Something to search for is missing here.",
    Kind.FIELD: "A field cannot stand within a field.",
}


def _wrong(text: str, at: int, problem: str) -> UsageError:
    """The message with the query and a mark below the place."""
    shown = re.sub(r"\s", " ", text)
    return UsageError(f"Column {at + 1} of the query: {problem}\n  {shown}\n  {' ' * at}^", column=at + 1)


# ── what a query asks at least ───────────────────────────────────────────────────────────────────────────


def at_least(node: Node, fields: frozenset[Field]) -> Node | None:
    """What every work that fits `node` fits too, said with words of these fields and without NOT; None: nothing."""
    match node:
        case Term():
            return node if node.field in fields else None
        case Not():
            return None
        case And(parts):
            said = tuple(part for one in parts if (part := at_least(one, fields)) is not None)
            return None if not said else said[0] if len(said) == 1 else And(said)
        case Or(parts):
            either = tuple(at_least(one, fields) for one in parts)
            return None if None in either else Or(tuple(part for part in either if part is not None))


def terms(node: Node) -> Iterator[Term]:
    """All words and phrases that are asked for, without those behind a NOT."""
    match node:
        case Term():
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from terms(part)

"""What is sent to a service for a query: always at least what fits, as the check afterwards is exact."""

from __future__ import annotations

from dl_lit.keywords.language import And, Field, Node, Or, Term, at_least, terms

_SEARCHED_BY_OPENALEX = frozenset({Field.TITLE, Field.ABSTRACT, Field.TEXT})
_EVERYWHERE = frozenset(Field)


def for_openalex(node: Node) -> str | None:
    """For its search over titles, abstracts and full texts; None when the query says nothing about these.

    Phrases go as their words, and what must not be there is left out: the service stems, and would exclude too much.
    """
    wanted = at_least(node, _SEARCHED_BY_OPENALEX)
    return None if wanted is None else _written(wanted, outermost=True)


def _written(node: Node, *, outermost: bool = False) -> str:
    match node:
        case Term():
            either = _spellings(node)
            written = [_joined(" AND ", list(one), bracketed=len(either) > 1 or not outermost) for one in either]
            return _joined(" OR ", written, bracketed=not outermost)
        case And(parts):
            return _joined(" AND ", [_written(part) for part in parts], bracketed=not outermost)
        case Or(parts):
            return _joined(" OR ", [_written(part) for part in parts], bracketed=not outermost)
    raise TypeError(f"{node!r} is not said by at_least")


def _joined(operator: str, parts: list[str], *, bracketed: bool) -> str:
    plain = operator == " AND " and all(part.isalnum() for part in parts)
    text = " ".join(parts) if plain else operator.join(parts)  # words side by side are ANDed; operators slow us down
    return f"({text})" if bracketed and len(parts) > 1 else text


def _spellings(term: Term) -> list[tuple[str, ...]]:
    """As typed and without accents: whether a service folds them is not told."""
    return list(dict.fromkeys(one for one in (term.spelt, term.words) if one))


def for_crossref(node: Node) -> str | None:
    """All words, as it returns what has any of them; those that have most come first."""
    wanted = at_least(node, _EVERYWHERE)
    if wanted is None:
        return None
    return " ".join(dict.fromkeys(word for term in terms(wanted) for one in _spellings(term) for word in one))


def says_what_is_wanted(node: Node) -> bool:
    return at_least(node, _EVERYWHERE) is not None

"""The query language: what it reads, what it refuses and where it points, and that what is sent is never too little."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from dl_lit.errors import UsageError
from dl_lit.keywords.checking import fits, may_fit
from dl_lit.keywords.language import MOST_LETTERS, And, Field, Node, Not, Or, Term, at_least, by_author, parse
from dl_lit.keywords.questions import for_crossref, for_openalex, says_what_is_wanted
from dl_lit.model import Person, Work

A, B, C = (Term((letter,)) for letter in "abc")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b c", Or((A, And((B, C))))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a NOT b", And((A, Not(B)))),
        ("NOT NOT a", A),
        ("a AND NOT (b OR c)", And((A, Not(Or((B, C)))))),
        ('"a b"', Term(("a", "b"))),
        ("“a b”", Term(("a", "b"))),
        ("x-ray", Term(("x", "ray"))),
        ("title:a", Term(("a",), Field.TITLE)),
        ('Author:"Ann Lee"', Term(("ann", "lee"), Field.AUTHOR)),
        ("container:(a OR b)", Or((Term(("a",), Field.CONTAINER), Term(("b",), Field.CONTAINER)))),
        ("and or not", And((Term(("and",)), Term(("or",)), Term(("not",))))),
        ("Müller", Term(("muller",))),
        ("why?", Term(("why",))),
        ("Foundations: a", And((Term(("foundations",)), A))),
    ],
)
def test_queries_mean_what_they_say(text: str, node: Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "missing"),
        ("a OR", 5, "missing"),
        ("AND a", 1, "missing before"),
        ("a AND OR b", 7, "missing before"),
        ("()", 2, "missing before"),
        ("a (b", 3, "never closed"),
        ("a) b", 2, "closes nothing"),
        ('a "b', 3, "never closed"),
        ("a foo:b", 3, "no field foo"),
        ("title: a", 1, "right after title:"),
        ("title:(a author:b)", 10, "within a field"),
        ("title:author:b", 7, "within a field"),
        ("te*t", 1, "wildcards"),
        ("a w?rd", 3, "wildcards"),
        ("a ...", 3, "no letter"),
        ("(" * 30 + "a" + ")" * 30, 21, "brackets"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(text: str, column: int, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        parse(text)
    assert caught.value.context["column"] == column
    _, shown, mark = caught.value.message.split("\n")
    assert (shown.strip(), mark.index("^")) == (text.strip(), 2 + column - 1)


def test_a_query_without_end_is_refused() -> None:
    with pytest.raises(UsageError, match="Make several"):
        parse("a" * (MOST_LETTERS + 1))


def test_nobody_is_no_author() -> None:
    assert by_author("de Vries") == Term(("de", "vries"), Field.AUTHOR)
    with pytest.raises(UsageError, match="--author"):
        by_author("...")


# ── the exact check ──────────────────────────────────────────────────────────────────────────────────────

TUBES = Work(
    title="Attention to tubes",
    subtitle="A Völlig new view",
    authors=(Person("Byron", "Ada M."), Person(name="The Tube Group")),
    editors=(Person("Lee", "Ann"),),
    container="Journal of X-Ray Tests",
    abstract="Tubes are hollow. They carry water.",
)


@pytest.mark.parametrize(
    "query",
    [
        "attention tubes",
        "VOLLIG",
        "völlig",
        '"tubes a vollig"',
        "title:attention abstract:water",
        "author:byron",
        'author:"ada byron"',
        "author:lee",
        'container:"x ray"',
        "container:x-ray",
        "water NOT fire",
        "fire OR hollow",
        "text:(water OR fire)",
    ],
)
def test_what_fits(query: str) -> None:
    assert fits(parse(query), TUBES)


@pytest.mark.parametrize(
    "query",
    [
        "tube",  # a word is the whole word
        "byron",  # without a field: title and abstract
        '"tubes attention"',
        '"new view tubes"',  # a phrase does not go on from the title into the abstract
        "title:water",
        "abstract:attention",
        'author:"ada lee"',  # two people
        "container:attention",
        "tubes NOT water",
        "fire AND water",
    ],
)
def test_what_does_not_fit(query: str) -> None:
    assert not fits(parse(query), TUBES)


def test_a_work_that_says_nothing_fits_nothing_but_a_no() -> None:
    assert not fits(parse("a"), Work())
    assert fits(Not(A), Work())


# ── what is sent ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "openalex", "crossref"),
    [
        ("deep nets", "deep nets", "deep nets"),
        ("deep NOT nets", "deep", "deep"),
        ('"deep nets" OR title:trees', "(deep nets) OR trees", "deep nets trees"),
        ("deep (nets OR trees)", "deep AND (nets OR trees)", "deep nets trees"),
        ("deep author:lee container:tests", "deep", "deep lee tests"),
        ("author:lee", None, "lee"),
        ("deep OR author:lee", None, "deep lee"),
        ("deep OR NOT nets", None, None),
        ("Müller", "müller OR muller", "müller muller"),
        ("tests AND or", "tests or", "tests or"),
    ],
)
def test_services_are_sent_more_than_is_asked_in_their_own_words(
    query: str, openalex: str | None, crossref: str | None
) -> None:
    node = parse(query)
    assert (for_openalex(node), for_crossref(node)) == (openalex, crossref)
    assert says_what_is_wanted(node) is (crossref is not None)


def _some_query(chance: random.Random, depth: int = 3) -> Node:
    kind = chance.randrange(6 if depth else 3)
    if kind < 3:
        return Term(tuple(chance.choice("abcde") for _ in range(chance.choice((1, 1, 2)))), chance.choice(list(Field)))
    parts = tuple(_some_query(chance, depth - 1) for _ in range(2))
    return Not(parts[0]) if kind == 3 else (And if kind == 4 else Or)(parts)


def _some_work(chance: random.Random) -> Work:
    def text() -> str | None:
        return " ".join(chance.choices("abcde", k=chance.randrange(4))) or None

    return Work(title=text(), abstract=text(), container=text(), authors=(Person(text(), text()),))


def _has(text: str, every: Sequence[str]) -> bool:
    return any(word in text.split() for word in every)


def test_whatever_fits_also_fits_what_is_sent() -> None:
    """At random: no work that fits a query is lost by what the services, or a look at a line, are asked for."""
    chance = random.Random(7)
    fitting = 0
    for _ in range(4000):
        query, work = _some_query(chance), _some_work(chance)
        if not fits(query, work):
            continue
        fitting += 1
        said = " ".join(part for part in (work.title, work.abstract) if part)
        everything = " ".join(part for part in (said, work.container, *_person(work)) if part)
        wanted = at_least(query, frozenset(Field))
        assert wanted is None or (fits(wanted, work) and may_fit(wanted, everything))
        assert wanted is None or _has(everything, (for_crossref(query) or "").split())
        sent = for_openalex(query)
        assert sent is None or fits(parse(sent), Work(title=said))
    assert fitting > 500


def _person(work: Work) -> tuple[str | None, ...]:
    return work.authors[0].family, work.authors[0].given


def test_a_look_at_a_line_passes_over_longer_words_and_nothing_else() -> None:
    bees = parse("bees")
    assert not may_fit(bees, '["Beeswax"]') and not may_fit(bees, '["Honeybees"]')
    for line in ('["Bées"]', '["the_bees_knees"]', '["a\\nbees"]', '["BEES"]', "bees"):
        assert may_fit(bees, line)
    assert may_fit(parse("蜜蜂"), '["蜜蜂の研究"]')

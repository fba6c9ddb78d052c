"""Prints made to mislead: each is matched with nothing but the wrong work to choose from, and with its own alone."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from misleading_forms import PAIRS, RIGHT
from misleading_twins import TWINS
from misleading_works import KINDS, Thing, articles

from dl_lit.enrichment.matching import decide, judge
from dl_lit.extraction.parsing import parse_reference
from dl_lit.model import Enrichment, Person, Work


@dataclass(frozen=True, slots=True)
class Print:
    """`raw`, and the one record there is to choose from; `misleads` if it is another work's."""

    kind: str
    raw: str
    record: Work
    misleads: bool


@dataclass(slots=True)
class Tally:
    misleading: int = 0
    wrong: int = 0
    twins: int = 0
    right: int = 0


def prints(count: int) -> Iterator[Print]:
    """Of each kind, `count` pairs of works, each work in one of the styles, and of each form of twin as many."""
    works = articles(count)
    for kind, make in {**KINDS, **PAIRS}.items():
        for number, work in enumerate(works):
            pick = random.Random(zlib.crc32(f"{kind} {number}".encode()))
            one, two = make(work, pick)
            style = STYLES[number % len(STYLES)]
            for thing, other in ((one, two), (two, one)):
                yield Print(kind, printed(thing, style, bare=True), other.work, misleads=True)
                yield Print(kind, printed(thing, style), thing.work, misleads=False)
    for kind, twin in {**TWINS, **RIGHT}.items():
        for number, work in enumerate(works):
            raw, record = twin(work, random.Random(zlib.crc32(f"{kind} {number}".encode())))
            yield Print(kind, raw, record, misleads=False)


def matched(one: Print) -> Enrichment:
    reference = parse_reference(one.raw)
    return decide(reference, [judge(reference, one.record, service="made", query="text")])


def measured(count: int, shown: int = 0) -> tuple[dict[str, Tally], list[str]]:
    """What was accepted, by kind, and `shown` of the mistakes of each kind in words."""
    tallies: dict[str, Tally] = {}
    mistakes: list[str] = []
    for one in prints(count):
        tally = tallies.setdefault(one.kind, Tally())
        verdict = matched(one)
        accepted = verdict.work is not None
        tally.misleading += one.misleads
        tally.wrong += one.misleads and accepted
        tally.twins += not one.misleads
        tally.right += not one.misleads and accepted
        if accepted == one.misleads and sum(text.startswith(one.kind) for text in mistakes) < shown:
            mistakes.append(_described(one, verdict))
    return tallies, mistakes


def _described(one: Print, verdict: Enrichment) -> str:
    (evidence,) = verdict.evidence
    work, said = one.record, "WRONG" if one.misleads else "MISSED"
    record = f"{work.title} | {work.container} {work.volume} {work.pages} {work.year} {work.type}"
    signals = f"+{evidence.agreed} -{evidence.disagreed} veto {evidence.vetoes}"
    return f"{one.kind}: {said} {one.raw}\n  the record: {record}\n  {signals}"


def section(count: int, shown: int = 0) -> str:
    """The table for docs/benchmarks/matching.md; prints `shown` mistakes of each kind."""
    tallies, mistakes = measured(count, shown)
    print(*mistakes, sep="\n", end="\n" if mistakes else "")
    lines = [
        "## Prints made to mislead\n",
        f"{count} pairs of generated works of each kind. Each print has one record to choose from: first that of the "
        "other work of the pair (in both directions), then its own.\n",
        "| kind | misleading prints | accepted wrongly | right twins | accepted | recall |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_row(kind, tally) for kind, tally in tallies.items()]
    return "\n".join([*lines, _row("all", _sum(tallies.values())), ""])


def _row(kind: str, tally: Tally) -> str:
    misleading = f"{tally.misleading} | {tally.wrong}" if tally.misleading else "– | –"
    return f"| {kind} | {misleading} | {tally.twins} | {tally.right} | {tally.right / max(1, tally.twins):.3f} |"


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for one in tallies:
        total.misleading += one.misleading
        total.wrong += one.wrong
        total.twins += one.twins
        total.right += one.right
    return total


# ── styles ───────────────────────────────────────────────────────────────────────────────────────────────

Style = Callable[[Work, str, bool], str]


def printed(thing: Thing, style: Style, *, bare: bool = False) -> str:
    if thing.whole:
        return thing.whole
    work = (thing.bare if bare else None) or thing.work
    text = style(work, f"{thing.title or work.title}{thing.note}", thing.event)
    return f"{text} {thing.behind}" if thing.behind else text


def _inverted(people: Sequence[Person]) -> str:
    return ", ".join(one.name or f"{one.family}, {one.given}" for one in people)


def _direct(people: Sequence[Person]) -> str:
    return ", ".join(one.name or f"{one.given} {one.family}" for one in people)


def _place(work: Work, form: str, *, event: bool, unpaged: str = "{c}") -> str:
    """The container with its numbers, or the publisher."""
    if event:
        return f"Paper presented at the {work.container}"
    if work.container is None:
        return f"{work.place}: {work.publisher}" if work.place else f"{work.publisher}"
    numbers = {"c": work.container, "v": work.volume, "i": work.issue, "p": work.pages, "y": work.year}
    if work.volume is None:
        return f"In {work.container} (pp. {work.pages})" if work.pages else f"In {work.container}"
    return (form if work.pages and work.issue else unpaged).format(**numbers)


def apa(work: Work, title: str, event: bool) -> str:
    place = _place(work, "{c}, {v}({i}), {p}", event=event, unpaged="{c}, {v}")
    people = f"{_inverted(work.authors)} ({work.year}). " if work.authors else ""
    return f"{people}{title}. {place}." if people else f"{title}. ({work.year}). {place}."


def engineers(work: Work, title: str, event: bool) -> str:
    place = _place(work, "{c}, vol. {v}, no. {i}, pp. {p}", event=event, unpaged="{c}, vol. {v}")
    people = f"{_direct(work.authors)}, " if work.authors else ""
    return f"[12] {people}“{title},” {place}, {work.year}."


def medicine(work: Work, title: str, event: bool) -> str:
    people = ", ".join(one.name or f"{one.family} {(one.given or '').strip('.')}" for one in work.authors)
    if work.volume and not event:
        place = _place(work, "{c}. {y};{v}({i}):{p}", event=event, unpaged="{c}. {y};{v}")
    else:
        place = f"{_place(work, '', event=event)}; {work.year}"
    return f"{people}. {title}. {place}." if people else f"{title}. {place}."


def german(work: Work, title: str, event: bool) -> str:
    place = _place(work, "In: {c} {v} ({y}), S. {p}", event=event, unpaged="In: {c} {v} ({y})")
    year = "" if work.volume and not event else f", {work.year}"
    people = " / ".join(one.name or f"{one.family}, {one.given}" for one in work.authors)
    return f"{people}: {title}. {place}{year}." if people else f"{title}. {place}{year}."


def humanities(work: Work, title: str, event: bool) -> str:
    place = _place(work, "{c}, vol. {v}, no. {i}, {y}, pp. {p}", event=event, unpaged="{c}, vol. {v}, {y}")
    year = "" if work.volume and not event else f", {work.year}"
    return f"{_direct(work.authors)}. “{title}.” {place}{year}." if work.authors else f"“{title}.” {place}{year}."


STYLES: Sequence[Style] = (apa, engineers, medicine, german, humanities)

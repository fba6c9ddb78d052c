"""References that we set in type ourselves, for the styles and the tongue that the corpora lack (German above all)."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alignment import Example, Span, from_spans

from dl_lit.extraction.parsing import lexicon

GERMAN = Path(__file__).with_name("german.txt")

_BOOKS = (
    "{A} ({Y}): {T}. {P}: {V}.", "{A} ({Y}): {T}. {P}.", "{A} {Y}: {T}. {P}: {V}.", "{A}, {Y}: {T}. {P}: {V}.",
    "{A} ({Y}). {T}. {P}: {V}.", "{A}: {T}, {P} {Y}.", "{A}: {T}. {P}: {V} {Y}.", "{A}: {T}. {P}: {V}, {Y}.", "{A}, {T}, {P} {Y}",
    "{A} ({Y}), {T}, {P}: {V}.", "{A} ({Y}), {T}, {P}, {V}.", "{A} ({Y}): {T}. {ED}. {P}: {V}.", "{A} ({Y}): {T}, {V}, {P}",
    "{A} ({Y}) {T}. {P}: {V}.", "{A}. {Y}. {T}. {P}: {V}.", "{A}, {Y}. {T}. {P}.", "{A}, {T}, {P}: {V} {Y}.", "{A} ({Y}): {T}, {P}",
    "{A} {Y}: {T}, {P}.", "{A} ({Y}): {T} ({ED}). {P}: {V}", "{A} ({Y}). {T} ({ED}). {P}: {V}.", "{A} ({Y}): {T}. {ED}, {P}.",
    "{E} {R} ({Y}): {T}. {P}: {V}.", "{E} {R} {Y}: {T}. {P}: {V}.", "{E} {R}: {T}. {P} {Y}.", "{E} {R}, {Y}: {T}. {P}.",
    "{E} {R}. ({Y}). {T}. {P}: {V}.", "{E}, {R} ({Y}): {T}. {P}.", "{B} {R} ({Y}): {T}. {P}.", "{B} ({Y}): {T}. {P}.", "{B}: {T}, {P} {Y}",
    "{A} ({Y}): {T}. {G}, {U}.", "{A} ({Y}): {T}. {P}: {U} ({G}).", "{A} {Y}: {T}, {G} {U}.",
)  # fmt: skip
_CHAPTERS = (
    "{A} ({Y}): {T}. {I}: {E} {R}: {C}. {P}: {V}, {S} {N}.", "{A} ({Y}): {T}, {i}: {E} {R}, {C}, {P}, {S} {N}.",
    "{A}, {Y}: {T}. {S} {N} {i}: {E} {R}, {C}. {P}: {V}.", "{A} ({Y}). {T}. {I} {E} {R}, {C} ({S} {N}). {P}: {V}.",
    "{A}: »{T}«, {i}: {E} {R}: {C}, {P} {Y}, {S} {N}.", "{A} {Y}: {T}, {i}: {E} {R}: {C}, {P}, {S} {N}.",
    "{A} ({Y}): {T}. {I}: {E} {R}: {C}. {P}, {S} {N}", "{A}: {T}. {I}: {E} {R}: {C}. {P} {Y}, {S} {N}.",
    "{A} ({Y}): {T}. {I}: {E} {R} ({y}): {C}. {P}: {V}. {S} {N}.", "{A} ({Y}), „{T}“, {i}: {E} {R}, {C}, {P}: {V}, {N}.",
    "{A}, „{T}“, {i} {E} {R}, {C}. {P} {Y}: {N}.", "{A} ({Y}): {T}. {I}: {C}. {P}: {V}, {N}.", "{A} ({Y}): {T}. {I}: {C}, {i}: {E} {R}. {P}: {V}, {S} {N}.",
    "{A} ({Y}): {T}. {I}: {C}, {herausgegeben} {E}. {P}: {V}. {S} {N}.", "{A} {Y}. {T}. {I}: {E} {R}, {C}. {P}: {V}, {N}.",
    "{A} ({Y}): {T}. {I} {E} {R} {C} ({S} {N}). {P}: {V}.", "{A} ({Y}): {T}. {I}: {E}: {C}. {P}: {V}, {S} {N}.",
    "{A} ({Y}): {T}. {I}: {ders} {R}: {C}. {P}: {V}, {S} {N}.", "{A}, {T}, {i}: {E} {R}, {C}, {P} {Y}, {S} {N}",
)  # fmt: skip
_ARTICLES = (
    "{A} ({Y}): {T}. {I}: {J} {K}, {S} {N}.", "{A} ({Y}): {T}. {I}: {J}, {Jg} {K}, {H} {L}, {S} {N}.",
    "{A} ({Y}): {T}. {I}: {J}, {K}. {Jg}, {H} {L}, {S} {N}.", "{A}, {Y}: {T}. {J} {K}: {N}.",
    "{A} ({Y}): {T}, {J} {K} ({L}), {S} {N}.", "{A} ({Y}). {T}. {J}, {K}({L}), {N}.", "{A} ({Y}). {T}. {J}, {K} ({L}), {S} {N}.",
    "{A}, »{T}«, {i}: {J} {K} ({Y}), {S} {N}.", "{A}: {T}, {i}: {J}, {H} {L}/{Y}, {S} {N}.", "{A} {Y}: {T}, {i}: {J} {K}: {L}, {S} {N}.",
    "{A} ({Y}), „{T}“, {J} {K}, {N}.", "{A}: {T}. {I}: {J} {K} ({Y}) {L}, {S} {N}.", "{A} ({Y}): {T}. {I}: {J} {L}/{y}, {S} {N}",
    "{A} ({Y}): {T}. {J}, {K}, {N}.", "{A} ({Y}): {T}. {J}, {K}, {L}, {S} {N}.", "{A} {Y}: {T}. {J} {K}, {N}", "{A} ({Y}): {T}; {i}: {J}, {K}, {S} {N}",
    "{A}: {T}, {i}: {J}, {D}, {S} {M}.", "{A} ({Y}): {T}. {I}: {J}, {D}.", "{A} ({D}): {T}. {J}, {S} {M}.", "{A}. {Y}. {T}. {J} {K}({L}): {N}.",
    "{A}, {Y}: {T}. {I}: {J} {K} ({L}): {N}.", "{A} ({Y}): {T}. {I}: {J} ({K}) {L}: {N}.",
)  # fmt: skip
_PAGES = (
    "{A} ({Y}): {T}. {URL} {X}", "{B} ({Y}): {T}. {URL} {X}", "{A} ({Y}). {T}. {XX} {URL}", "{B} ({Y}): {T}. {P}. {XX} {URL}",
    "{A}: {T}. {URL}, {X}.", "{A} ({Y}): {T}. {I}: {J}, {D}. {URL}", "{A} ({Y}): {T}. {P}: {V}. {URL} {X}",
)  # fmt: skip
_FIELDS = {
    "A": "author", "B": "author", "E": "editor", "R": "editor", "Y": "date", "y": "date", "D": "date", "T": "title", "C": "container",
    "J": "container", "P": "place", "V": "publisher", "U": "publisher", "ED": "edition", "I": "in", "i": "in", "S": "pages",
    "N": "pages", "M": "pages", "Jg": "volume", "K": "volume", "H": "issue", "L": "issue", "G": "genre", "URL": "note", "X": "note",
    "XX": "note", "herausgegeben": "editor", "ders": "editor",
}  # fmt: skip
_HOLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class _Stock:
    """What references are filled with: titles, names and houses of one tongue."""

    given: Sequence[str]
    families: Sequence[str]
    parts: Mapping[str, Sequence[str]]
    titles: Sequence[str]
    containers: Sequence[str]
    journals: Sequence[str]
    english: bool


def examples(count: int, pool: Sequence[Example]) -> Iterator[tuple[str, Example]]:
    """`count` references in German style: two of three with German words, the others with words of the corpora."""
    draw = random.Random(7)  # noqa: S311 - reproducible, not secret
    parts = _sections()
    given = sorted(lexicon.words("given"))
    german = _Stock(given, parts["families"], parts, (), (), parts["journals"], english=False)
    english = _english(parts, given, pool)
    for _ in range(count):
        stock = german if draw.random() < 0.62 else english
        yield "synthetic", _typeset(draw, stock)


def _english(parts: Mapping[str, Sequence[str]], given: Sequence[str], pool: Sequence[Example]) -> _Stock:
    found: dict[str, list[str]] = {"title": [], "container": [], "author": []}
    for example in pool:
        for name, texts in found.items():
            words = [t for t, label in zip(example.tokens, example.labels, strict=True) if label == name]
            if words and len(words) > (1 if name != "author" else 0):
                texts.append(example.raw[words[0].start : words[-1].end])
    families = sorted({m for text in found["author"] for m in re.findall(r"^[A-Z][a-z]{3,}", text)})
    journals = [c for c in found["container"] if len(c) < 70 and not re.search(r"\d|[Pp]roc", c)]
    return _Stock(given, families, parts, found["title"], [c for c in found["container"] if len(c) > 15], journals, english=True)


def _sections() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in GERMAN.read_text("utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line and not line.startswith("#"):
            found.setdefault(name, []).append(line)
    return found


def _typeset(draw: random.Random, stock: _Stock) -> Example:
    template = draw.choice(draw.choices((_BOOKS, _CHAPTERS, _ARTICLES, _PAGES), (35, 30, 30, 5))[0])
    values = _values(draw, stock)
    raw, spans, position = "", [], 0
    for hole in _HOLE.finditer(template):
        raw += template[position : hole.start()]
        raw, position = raw.rstrip(".") + "." if raw.endswith("?.") else raw, hole.end()
        spans.append((len(raw), len(raw) + len(values[hole[1]]), _FIELDS[hole[1]]))
        raw += values[hole[1]]
    raw += template[position:]
    return from_spans(*_worn(draw, raw, spans))


def _worn(draw: random.Random, raw: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """Now and then a space behind punctuation is lost, as in PDFs; a label may stand in front."""
    if draw.random() < 0.08:
        cut = [m.start() for m in re.finditer(r"(?<=[:.,)]) ", raw)]
        if cut:
            at = draw.choice(cut)
            raw = raw[:at] + raw[at + 1 :]
            spans = [(s - (s > at), e - (e > at), name) for s, e, name in spans]
    if draw.random() < 0.1:
        label = draw.choice(("[{}] ", "{}. ", "{} ", "({}) ")).format(draw.randint(1, 120))
        raw, spans = label + raw, [(0, len(label) - 1, "label")] + [(s + len(label), e + len(label), n) for s, e, n in spans]
    return raw, spans


def _values(draw: random.Random, stock: _Stock) -> dict[str, str]:
    parts = stock.parts
    place, _, house = draw.choice(parts["houses"]).partition(": ")
    year = draw.randint(1920, 2022)
    style = draw.randrange(6)
    first = draw.randint(1, 480)
    english = stock.english and draw.random() < 0.7
    role = draw.choice(("(eds.)", "(Eds.)", "(ed.)", "(Hg.)", "(Hrsg.)", "eds.", "(editors)") if english else ("(Hrsg.)", "(Hg.)", "(Hrsg.)", "(Hg.)", "(eds.)", "Hrsg.", "(Hgg.)"))
    capital = draw.random() < 0.8
    return {
        "A": _people(draw, stock, style, draw.choices((1, 2, 3, 4), (55, 27, 12, 6))[0]),
        "B": draw.choice(parts["bodies"]),
        "E": _people(draw, stock, draw.choice((style, style, 3)), draw.choices((1, 2, 3), (45, 40, 15))[0]),
        "R": role, "ders": draw.choice(("Ders.", "ders.", "Dies.", "dies.", "Ders./Meier, Hans")), "herausgegeben": draw.choice(("hrsg. von", "herausgegeben von", "hg. v.", "edited by")),
        "Y": f"{year}{draw.choice(('', '', '', '', '', 'a', 'b', ' [1967]'))}", "y": str(year),
        "D": draw.choice((f"{draw.randint(1, 28)}.{draw.randint(1, 12)}.{year}", f"{draw.randint(1, 28)}. März {year}", f"Nr. {draw.randint(1, 52)}, {year}", f"{year}, 12. Mai")),
        "T": _title(draw, stock), "C": _title(draw, stock, container=True), "J": draw.choice(stock.journals), "P": place, "V": house, "U": draw.choice(parts["universities"]),
        "ED": draw.choice(("2. Auflage", "3., überarbeitete Auflage", "2., erw. Aufl", "5. Aufl", "Neuausgabe", "2nd ed")), "I": draw.choice(("In", "In", "in")) if capital else "in", "i": "in",
        "S": "" if draw.random() < 0.12 else draw.choice(("pp.", "p.", "pp.") if english else ("S.", "S.", "S.", "Seite", "pp.")), "M": str(first),
        "N": f"{first}{draw.choice(('-', '–', ' - ', '-', '–'))}{first + draw.randint(4, 40)}" if draw.random() < 0.95 else f"{first}ff.", "Jg": draw.choice(("Jg.", "Jahrgang", "Vol.", "Bd.")), "K": str(draw.randint(1, 120)),
        "H": draw.choice(("H.", "Heft", "Nr.", "No.")), "L": draw.choice(("1", "2", "3", "4", "5", "6", "1/2", "3-4")), "G": draw.choice(("Dissertation", "Diplomarbeit", "unveröffentlichte Dissertation", "Habilitationsschrift")),
        "URL": draw.choice(("http://www.example.de/pfad/datei.pdf", "https://www.beispiel.org/seite", "www.bund.de/a_b.html")), "X": draw.choice(("(Zugriff: 12.3.2010)", "[12.03.2009]", "(abgerufen am 3.4.2015)", "(Stand: 12.12.2008)", "")), "XX": draw.choice(("Verfügbar unter:", "Online:", "URL:", "Abrufbar unter", "Retrieved from")),
    }  # fmt: skip


def _title(draw: random.Random, stock: _Stock, *, container: bool = False) -> str:
    if stock.english:
        return draw.choice(stock.containers if container else stock.titles).strip(" .,")
    title = _filled(draw, draw.choice(stock.parts["titles"]), stock.parts)
    if draw.random() < 0.55:
        title += draw.choice((". ", ". ", ". ", ": ", " – ")) + _filled(draw, draw.choice(stock.parts["subtitles"]), stock.parts)
    return title


def _filled(draw: random.Random, pattern: str, parts: Mapping[str, Sequence[str]]) -> str:
    text = re.sub(r"\{n\}", lambda _: draw.choice(parts["nouns"]), pattern)
    return re.sub(r"\{a\}", lambda _: draw.choice(parts["adjectives"]), text)


def _people(draw: random.Random, stock: _Stock, style: int, count: int) -> str:
    """Names in one of six orders, joined in one of the usual ways."""
    names = []
    for i in range(count):
        family, given = draw.choice(stock.families), draw.choice(stock.given).title()
        initials = f"{given[0]}." + (f" {draw.choice('ABCDEFGHJKLMPRSTW')}." if draw.random() < 0.25 else "")
        inverted = (f"{family}, {given}", f"{family}, {initials}", f"{family}, {given}", f"{given} {family}", f"{initials} {family}", f"{family}, {given}")
        names.append(f"{given} {family}" if style == 5 and i else inverted[style])
    if count == 1:
        return names[0]
    joint = draw.choice(("/", " / ", "; ", "/", ", ")) if style != 5 else ", "
    last = draw.choice((joint, joint, " und ", " & ", " and ", ", & "))
    etal = draw.choice((" u.a.", " et al.")) if count > 2 and draw.random() < 0.15 else ""
    return joint.join(names[:-1]) + last + names[-1] + etal

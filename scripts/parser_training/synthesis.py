"""References that we set in type ourselves, for the styles and tongues that the corpora lack."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dl_lit.extraction import language
from dl_lit.extraction.parsing import lexicon
from parser_training import tongues
from parser_training.alignment import Example, Span, from_spans

STOCK = Path(__file__).with_name("stock.txt")
STOCK_OF_TONGUES = Path(__file__).with_name("stock_tongues.txt")
_SHARES = {
    "pt": 38,
    "es": 32,
    "fr": 14,
    "it": 10,
    "ru": 6,
    "zh": 9,
}  # of the references in tongues other than German and English

_HOLE = re.compile(r"\{(\w+)\}")
_FIELDS = {
    "A": "author", "AA": "author", "B": "author", "O": "author", "E": "editor", "R": "editor", "by": "editor",
    "ders": "editor",
    "herausgegeben": "editor", "Y": "date", "y": "date", "D": "date", "nd": "date", "T": "title", "W": "title",
    "C": "container",
    "J": "container", "CF": "container", "SITE": "container", "P": "place", "V": "publisher", "U": "publisher",
    "Z": "publisher",
    "ED": "edition", "I": "in", "i": "in", "S": "pages", "N": "pages", "M": "pages", "Jg": "volume", "K": "volume",
    "H": "issue",
    "L": "issue", "G": "genre", "MED": "genre", "URL": "note", "LINK": "note", "X": "note", "XX": "note", "VER": "note",
    "RET": "note", "RR": "editor", "LB": "author", "LAW": "title", "LJ": "container", "INE": "in", "ine": "in",
    "VV": "volume", "NN": "issue", "NP": "note", "MO": "date", "mo": "date", "SEC": "note", "DISP": "note",
    "ACC": "note",
    "BB": "author", "SE": "series", "TR": "genre", "X2": "note",
    "YD": "date", "YR": "date", "GP": "genre", "PRES": "genre", "CIT": "note", "CONG": "container", "ANAIS": "note",
    "NV": "note", "______": "editor",
}  # fmt: skip
_INITIALS = "ABCDEFGHJKLMPRSTW"


@dataclass(frozen=True, slots=True)
class _Stock:
    """What references are filled with: words of one tongue, and the sections of `stock.txt`."""

    parts: Mapping[str, Sequence[str]]
    given: Sequence[str]
    families: Sequence[str]
    titles: Sequence[str]
    containers: Sequence[str]
    journals: Sequence[str]
    english: bool


def examples(count: int, pool: Sequence[Example]) -> Iterator[tuple[str, Example]]:
    """`count` references in German or with the titles and names of `pool`; half as many in other tongues."""
    draw = random.Random(7)
    parts = _sections(STOCK)
    given = sorted(lexicon.words("given"))
    titles = [text.strip(" .,") for text in _texts(pool, "title") if language.guess(text) == "de"]
    german = _Stock(parts, given, parts["families"], titles, titles, parts["journals"], english=False)
    english = _english(parts, given, pool)
    for _ in range(count):
        yield "synthetic", _typeset(draw, german if draw.random() < 0.5 else english)
    others = _tongues(pool)
    for tongue in draw.choices(others, [_SHARES[tongue.code] for tongue in others], k=count // 2):
        yield "tongues", _set(draw, tongues.template(draw, tongue), tongues.values(draw, tongue))


def _tongues(pool: Sequence[Example]) -> list[tongues.Tongue]:
    """The other languages, each with the titles and journals of `pool` that are in it."""
    sections = _sections(STOCK_OF_TONGUES)
    titles = [text.strip(" .,") for text in _texts(pool, "title")]
    journals = [text for text in _texts(pool, "container") if len(text) < 70]
    return [
        tongues.Tongue(
            code,
            sections,
            [text for text in titles if language.guess(text) in (code, "ja" if code == "zh" else code)],
            [text for text in journals if language.guess(text) == code],
        )
        for code in _SHARES
    ]


def _sections(stock: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in stock.read_text("utf-8").splitlines():
        if line.startswith("== "):
            name = line[3:]
        elif line and not line.startswith("#"):
            found.setdefault(name, []).append(line)
    return found


def _english(parts: Mapping[str, Sequence[str]], given: Sequence[str], pool: Sequence[Example]) -> _Stock:
    titles, containers = _texts(pool, "title"), _texts(pool, "container")
    starts = (re.match(r"[A-Z][a-z]{3,}", text) for text in _texts(pool, "author"))
    families = sorted({match.group() for match in starts if match})
    journals = [text for text in containers if len(text) < 70 and not re.search(r"\d|[Pp]roc", text)]
    books = [text for text in containers if len(text) > 15]
    return _Stock(parts, given, families, titles, books, journals, english=True)


def _texts(pool: Sequence[Example], name: str) -> list[str]:
    texts = []
    for example in pool:
        words = [t for t, label in zip(example.tokens, example.labels, strict=True) if label == name]
        if len(words) > 1:
            texts.append(example.raw[words[0].start : words[-1].end])
    return texts


# ── setting one reference ────────────────────────────────────────────────────────────────────────────────


def _typeset(draw: random.Random, stock: _Stock) -> Example:
    online = stock.english and draw.random() < 0.5
    group = "online" if online else draw.choices(("books", "chapters", "articles", "pages"), (35, 30, 30, 5))[0]
    template = draw.choice(stock.parts[group])
    return _set(draw, template, _values(draw, stock) | (_online_values(draw, stock) if online else {}))


def _set(draw: random.Random, template: str, values: Mapping[str, str]) -> Example:
    """The template with its holes filled; each filling gets the label of its hole."""
    raw, spans, position = "", [], 0
    for hole in _HOLE.finditer(template):
        between = template[position : hole.start()]
        raw += between[1:] if raw.endswith((".", "?")) and between.startswith(".") else between
        position = hole.end()
        spans.append((len(raw), len(raw) + len(values[hole[1]]), _FIELDS[hole[1]]))
        raw += values[hole[1]]
    return from_spans(*_worn(draw, raw + template[position:], spans))


def _worn(draw: random.Random, raw: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """Now and then a space behind punctuation is lost, as in PDFs; a label may stand in front."""
    gaps = [m.start() for m in re.finditer(r"(?<=[:.,)]) ", raw)]
    if gaps and draw.random() < 0.08:
        at = draw.choice(gaps)
        raw = raw[:at] + raw[at + 1 :]
        spans = [(start - (start > at), end - (end > at), name) for start, end, name in spans]
    if draw.random() < 0.1:
        label = draw.choice(("[{}] ", "{}. ", "{} ", "({}) ", "{}) ")).format(draw.randint(1, 120))
        moved = [(start + len(label), end + len(label), name) for start, end, name in spans]
        raw, spans = label + raw, [(0, len(label) - 1, "label"), *moved]
    return raw, spans


def _values(draw: random.Random, stock: _Stock) -> dict[str, str]:
    """A filling for every hole of the printed styles."""
    parts, year, first = stock.parts, draw.randint(1920, 2022), draw.randint(1, 480)
    place, _, house = draw.choice(parts["houses"]).partition(": ")
    tongue = "en" if stock.english and draw.random() < 0.7 else "de"
    style = draw.randrange(6)

    def some(section: str) -> str:
        return draw.choice(parts[section])

    day, month = draw.randint(1, 28), draw.randint(1, 12)
    dates = (f"{day}.{month}.{year}", f"{day}. März {year}", f"Nr. {month}, {year}", f"{year}, 12. Mai")
    last = first + draw.randint(4, 40)
    return {
        "A": _people(draw, stock, style, draw.choices((1, 2, 3, 4), (55, 27, 12, 6))[0]),
        "E": _people(draw, stock, draw.choice((style, style, 3)), draw.choices((1, 2, 3), (45, 40, 15))[0]),
        "B": some("bodies"), "R": some(f"role.{tongue}"), "ders": some("ders"), "by": some("by"),
        "herausgegeben": some("herausgegeben"), "Y": _year(draw, parts, year), "y": str(year), "D": draw.choice(dates),
        "T": _title(draw, stock), "C": _title(draw, stock, container=True), "J": draw.choice(stock.journals),
        "P": place, "V": house, "U": some("universities"), "ED": some("edition"),
        "I": "In" if draw.random() < 0.75 else "in", "i": "in",
        "S": "" if draw.random() < 0.12 else some(f"pages.{tongue}"),
        "N": f"{first}{draw.choice(('-', '–', ' - '))}{last}" if draw.random() < 0.95 else f"{first}ff.",
        "M": str(first),
        "NV": draw.choice((f"{last % 7 + 2} vols.", f"{last % 7 + 2} Bde.", f"{last % 7 + 2} v.")),
        "YR": f"{year}{draw.choice('-–')}{(year + draw.randint(1, 9)) % 100:02}",
        "Jg": some("jg"), "K": str(draw.randint(1, 120)), "H": some("heft"), "L": some("number"), "G": some("genre"),
        "URL": some("link.de"), "X": some("accessed"), "XX": some("lead to link"),
        "BB": some("full bodies"), "SE": some(f"series.{tongue}"), "TR": some(f"report.{tongue}"),
        "X2": some("lead to link in a page"), "RET": some("retrieved"), "CF": _meeting(draw, stock),
        "LAW": _filled(draw, some("laws"), parts),
    }  # fmt: skip


def _online_values(draw: random.Random, stock: _Stock) -> dict[str, str]:
    """What software, data sets, web pages and conference papers are cited with."""
    parts, year = stock.parts, draw.randint(1995, 2025)
    words = [word.strip(".,:;()") for word in draw.choice(stock.titles).split()]
    body = " ".join(draw.sample(parts["body words"], draw.randint(1, 2)))
    kind = draw.choice(parts["body kinds"])
    return {
        "A": _apa(draw, stock, draw.choice((1, 1, 2, 3, 5))),
        "O": draw.choice((f"{body} {kind}", f"The {body} {kind}", f"{body.split()[0]} {kind}")),
        "W": _product(draw, words), "Z": draw.choice(parts["sites"]), "SITE": draw.choice(parts["repositories"]),
        "VER": draw.choice(parts["versions"]),
        "MED": draw.choice(parts["media"]), "nd": draw.choice(("n.d.", "n.d.", str(year))), "CF": _meeting(draw, stock),
        "RET": draw.choice(parts["retrieved"]), "URL": draw.choice(parts["link.en"]),
        "V": draw.choice(parts["publishers.en"]),
    }  # fmt: skip


def _meeting(draw: random.Random, stock: _Stock) -> str:
    """The name of a conference or of its proceedings."""
    year, number, conference = draw.randint(1975, 2025), draw.randint(4, 40), draw.choice(stock.parts["conferences"])
    topic = " ".join(word.strip(".,:;()").capitalize() for word in _title(draw, stock).split()[-3:])
    return draw.choice(
        (
            f"{year} {number}th {conference} {topic}",
            f"Proceedings of the {number}th {conference} {topic}",
            f"{number}th {conference} {topic}",
            f"{conference} {topic}",
            f"Proceedings of the {year} {conference} {topic} (ICX)",
        )
    )


def _product(draw: random.Random, words: Sequence[str]) -> str:
    """The name of a program or data set."""
    short = " ".join(words[: draw.randint(1, 3)]) or "Software"
    release = f"v{draw.randint(0, 4)}.{draw.randint(0, 9)}.0"
    repository = f"{words[0].lower()}/{words[-1].lower()}: {release}"
    name = draw.choice(
        (short, short, f"{words[0].capitalize()}py", repository, f"{words[-1].upper()} {draw.randint(1, 9)}")
    )
    return name[:1].upper() + name[1:]


def _year(draw: random.Random, parts: Mapping[str, Sequence[str]], year: int) -> str:
    if draw.random() < 0.05:
        return draw.choice(parts["no year"])
    return f"{year}{draw.choice(parts['after year']).replace('_', ' ')}" if draw.random() < 0.3 else str(year)


# ── titles and names ─────────────────────────────────────────────────────────────────────────────────────


def _title(draw: random.Random, stock: _Stock, *, container: bool = False) -> str:
    if stock.english or (stock.titles and draw.random() < 0.3):
        title = draw.choice(stock.containers if container else stock.titles).strip(" .,")
        return f"{_acronym(draw)}: {title}" if not container and draw.random() < 0.06 * stock.english else title
    title = _filled(draw, draw.choice(stock.parts["titles"]), stock.parts)
    if draw.random() < 0.55:
        subtitle = _filled(draw, draw.choice(stock.parts["subtitles"]), stock.parts)
        title += draw.choice((". ", ". ", ". ", ": ", " – ")) + subtitle
    return title


def _acronym(draw: random.Random) -> str:
    letters = "".join(draw.choice("ABCDEGILMNOPRSTUV") for _ in range(draw.randint(3, 6)))
    return draw.choice((letters, letters.capitalize()))


def _filled(draw: random.Random, pattern: str, parts: Mapping[str, Sequence[str]]) -> str:
    text = re.sub(r"\{n\}", lambda _: draw.choice(parts["nouns"]), pattern)
    return re.sub(r"\{a\}", lambda _: draw.choice(parts["adjectives"]), text)


def _people(draw: random.Random, stock: _Stock, style: int, count: int) -> str:
    """Names in one of six orders, joined in one of the usual ways."""
    names = []
    for i in range(count):
        family, given = draw.choice(stock.families), draw.choice(stock.given).title()
        initials = f"{given[0]}." + (f" {draw.choice(_INITIALS)}." if draw.random() < 0.25 else "")
        full, short = f"{family}, {given}", f"{family}, {initials}"
        orders = (full, short, full, f"{given} {family}", f"{initials} {family}", full)
        names.append(f"{given} {family}" if style == 5 and i else orders[style])
    if count == 1:
        return names[0]
    joint = draw.choice(("/", " / ", "; ", "/", ", ")) if style != 5 else ", "
    last = draw.choice((joint, joint, " und ", " & ", " and ", ", & ", " u. "))
    more = draw.choice((" u.a.", " et al.")) if count > 2 and draw.random() < 0.15 else ""
    return joint.join(names[:-1]) + last + names[-1] + more


def _apa(draw: random.Random, stock: _Stock, count: int) -> str:
    """APA's order of names, with a particle behind the initials now and then."""
    people = []
    for _ in range(count):
        initials = " ".join(f"{draw.choice(_INITIALS)}." for _ in range(draw.choice((1, 1, 2, 3))))
        people.append(
            f"{draw.choice(stock.families)}, {initials}{draw.choice(('', '', '', '', '', ' de', ' van der'))}"
        )
    if count == 1:
        return people[0]
    if count == 5 and draw.random() < 0.5:
        return f"{', '.join(people[:-1])}, … {people[-1]}"
    return f"{', '.join(people[:-1])}, & {people[-1]}"

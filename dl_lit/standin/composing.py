"""Composes one sample paper: title matter, body with citations, reference list, tail, running heads."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from dl_lit.standin.citing import Face, bold, italic, raised, runs
from dl_lit.standin.papers import Paper
from dl_lit.standin.prose import SECTIONS, Prose
from dl_lit.standin.reference_lists import Entry
from dl_lit.standin.styles import in_text
from dl_lit.standin.typesetting import Align, Block, Look, Setter, header

_WORDS = {
    "en": {"abstract": "Abstract", "keywords": "Keywords", "thanks": "Acknowledgements", "appendix": "Appendix A"},
    "de": {
        "abstract": "Zusammenfassung",
        "keywords": "Schlüsselwörter",
        "thanks": "Danksagung",
        "appendix": "Anhang A",
    },
}
_THANKS = {
    "en": "We thank the two readers who asked us to say less, and the archive staff who found what we had lost.",
    "de": "Wir danken allen Gesprächspartnerinnen und Gesprächspartnern sowie zwei Gutachten, die zur Kürze rieten.",
}


def compose(paper: Paper, entries: Sequence[Entry], seed: int) -> bytes:
    rng = random.Random(f"{seed}:{paper.file}:text")
    prose = Prose(paper.language, next(iter(paper.fields)), rng)
    setter = Setter(paper.sheet)
    setter.new_page()
    setter.full_width(list(_title_matter(paper, prose)))
    setter.pour(_body(paper, entries, prose, rng))
    setter.pour(_list(paper, entries))
    setter.pour(_tail(paper, prose))
    _running_heads(paper, setter)
    return setter.finish(_metadata(paper))


def _metadata(paper: Paper) -> dict[str, str]:
    date = f"D:{paper.year}0601120000Z"
    return {
        "title": paper.title,
        "author": "; ".join(paper.authors),
        "subject": f"{paper.journal} {paper.volume} ({paper.year})",
        "creator": "dl-lit stand-in",
        "producer": "dl-lit stand-in",
        "creationDate": date,
        "modDate": date,
    }


def own_doi(paper: Paper) -> str:
    """10.5555 is Crossref's prefix for tests: no registered DOI begins with it."""
    return f"10.5555/{paper.journal.split()[0].casefold()}.{paper.year}.{paper.first_page:04d}"


# ── title matter ─────────────────────────────────────────────────────────────────────────────────────────


def _title_matter(paper: Paper, prose: Prose) -> Iterator[Block]:
    words, size = _WORDS[paper.language], paper.size
    align: Align = "centre" if paper.sheet.columns == 2 else "left"
    yield Block(runs(bold(paper.title)), Look(size * 1.7, size * 2, align=align, after=8, hyphenate=False))
    joint = " und " if paper.language == "de" else " and "
    names = joint.join([", ".join(paper.authors[:-1]), paper.authors[-1]] if paper.authors[1:] else paper.authors)
    yield Block(runs(names), Look(size * 1.1, size * 1.4, align=align, after=2))
    line = f"{paper.journal}, {paper.volume} ({paper.year}). DOI: {own_doi(paper)}"
    yield Block(runs(italic(line)), Look(size * 0.85, size * 1.1, align=align, after=10, hyphenate=False))
    abstract = f"{bold(words['abstract'])}  {' '.join(prose.sentences(5))}"
    narrow = Look(size * 0.92, size * 1.12, first=18, rest=18, after=4)
    yield Block(runs(abstract), narrow)
    keywords = ", ".join(dict.fromkeys(word for field in paper.fields for word in _keywords(paper, field)))
    yield Block(
        runs(f"{italic(words['keywords'] + ':')} {keywords}"),
        Look(size * 0.92, size * 1.12, rest=18, first=18, after=12),
    )


def _keywords(paper: Paper, field: str) -> tuple[str, ...]:
    title = [word.strip(".,:?") for word in paper.title.split() if len(word) > 6]
    return (*title[:3], {"de": "empirische Forschung", "en": f"{field} review"}[paper.language])


# ── body ─────────────────────────────────────────────────────────────────────────────────────────────────


def _body(paper: Paper, entries: Sequence[Entry], prose: Prose, rng: random.Random) -> Iterator[Block]:
    groups = _cite_groups(paper, entries, rng)
    sections = SECTIONS[paper.language]
    text = Look(paper.size, paper.size * 1.2, first=12)
    opening = Look(paper.size, paper.size * 1.2)
    per_section = -(-len(groups) // (len(sections) * 2)) * 2
    for number, section in enumerate(sections, 1):
        mine = groups[(number - 1) * per_section : number * per_section]
        title = f"{number} {section}" if paper.numbered_sections else section
        yield _heading(paper, title)
        half = -(-len(mine) // 2)
        yield Block(runs(prose.paragraph(mine[:half])), opening)
        yield Block(runs(prose.paragraph(mine[half:], length=5)), text)
        for _ in range(_extra_paragraphs(paper, number)):
            yield Block(runs(prose.paragraph([], length=7)), text)


def _extra_paragraphs(paper: Paper, section: int) -> int:
    """The middle of a paper is longer than its ends, and narrow columns hold more text on a page."""
    return (1 if section in (3, 4) else 0) + (1 if section in (2, 3, 4, 5) and paper.sheet.columns == 2 else 0)


def _heading(paper: Paper, title: str) -> Block:
    size = paper.size * 1.15
    return Block(runs(bold(title)), Look(size, size * 1.3, align="left", before=10, after=4, keep=3, hyphenate=False))


def _cite_groups(paper: Paper, entries: Sequence[Entry], rng: random.Random) -> list[str]:
    """All entries in groups of one to three, each printed as one in-text citation with the space before it."""
    order = list(range(len(entries)))
    if paper.sorted:
        rng.shuffle(order)
    groups: list[str] = []
    while order:
        size = rng.choice((1, 1, 2, 2, 3))
        groups.append(_cite(paper, entries, order[:size]))
        del order[:size]
    return groups


def _cite(paper: Paper, entries: Sequence[Entry], group: Sequence[int]) -> str:
    if not paper.style.numbered:
        joint = " und " if paper.language == "de" else " & "
        labels = "; ".join(in_text(entries[index].citation, joint) for index in sorted(group))
        return f" {paper.cite.format(labels)}"
    numbers = ", ".join(str(index + 1) for index in sorted(group))
    if paper.cite.startswith("[") or paper.cite.startswith("("):
        return f" {paper.cite.format(numbers)}"
    return raised(numbers.replace(" ", ""))


# ── list and tail ────────────────────────────────────────────────────────────────────────────────────────


def _list(paper: Paper, entries: Sequence[Entry]) -> Iterator[Block]:
    yield _heading(paper, paper.heading)
    look = _entry_look(paper)
    for entry in entries:
        yield Block(runs(entry.marked), look, entry.label)


def _entry_look(paper: Paper) -> Look:
    size = paper.size * 0.9
    leading = size * 1.17
    if paper.label:
        face = Face.RAISED if paper.label == "{}" else Face.ROMAN
        return Look(size, leading, label_gap=size * (1.3 if face is Face.RAISED else 2.3), label_face=face, after=1)
    if paper.shape == "hanging":
        return Look(size, leading, rest=16, after=1)
    if paper.shape == "first-line":
        return Look(size, leading, first=14)
    return Look(size, leading, after=size * 0.55)


def _tail(paper: Paper, prose: Prose) -> Iterator[Block]:
    words, text = _WORDS[paper.language], Look(paper.size, paper.size * 1.2)
    if paper.tail == "thanks":
        yield _heading(paper, words["thanks"])
        yield Block(runs(_THANKS[paper.language]), text)
    if paper.tail == "appendix":
        yield _heading(paper, words["appendix"])
        yield Block(runs(prose.paragraph([], length=8)), text)
        yield Block(runs(prose.paragraph([], length=8)), Look(paper.size, paper.size * 1.2, first=12))


# ── running heads ────────────────────────────────────────────────────────────────────────────────────────


def _running_heads(paper: Paper, setter: Setter) -> None:
    """Page numbers in the foot of the first page, in the head of the others; names left, journal right."""
    surname = paper.authors[0].split()[-1]
    names = surname + (" et al." if len(paper.authors) > 2 else "")
    size = paper.size * 0.85
    for index in range(len(setter.pages)):
        if index == 0:
            y = paper.sheet.height - paper.sheet.bottom / 2
            text = f"{paper.journal} {paper.volume} ({paper.year})"
        else:
            y = paper.sheet.top - 22
            text = names if index % 2 else paper.journal
        header(setter, index, y, size, (text, Face.ITALIC), str(paper.first_page + index))

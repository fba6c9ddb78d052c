"""One paper: a text, one or more reference lists and what follows them, set as its traits say."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from documents import prose, wording
from documents.material import Printed, Reference, some
from documents.traits import draw
from documents.typesetter import (
    BOLD,
    ITALIC,
    ROMAN,
    Look,
    Row,
    Sheet,
    Typesetter,
    mangler,
    numbered_margin,
    width_of,
)

_SHEETS = {"a4": (595, 842), "letter": (612, 792), "small": (430, 650)}
_LENGTHS = {"short": (7, 12), "usual": (13, 40), "long": (50, 110)}
_LABELS = {"[1]": "[{}]", "1.": "{}.", "(1)": "({})", "1": "{}", "raised": "{}"}
# A journal article in one piece: names, a year, and pages or a year at the end.
_ENDS_IN_NUMBER = re.compile(r"^[^\W\d_][^;]*[12]\d{3}[^;]*[\d)]\.?$")
_ALSO = re.compile(r"[.;]?\s*$")


@dataclass(slots=True)
class Paper:
    """The file and its truth: `gold` in the order of the print."""

    name: str
    language: str
    traits: dict[str, str]
    gold: list[Reference] = field(default_factory=list)

    @property
    def row(self) -> dict[str, object]:
        """Its line in the index that the scorer reads."""
        return {"id": self.name, "n_refs": len(self.gold), "lang": self.language, **self.traits}


def make(number: int, seed: int, material: Sequence[Printed], folder: Path) -> Paper:
    """Writes `<folder>/<name>.pdf`; the same seed, number and material give the same paper."""
    chance = random.Random(f"{seed}/{number}")
    traits = draw(chance)
    # Languages are drawn first, for German and Portuguese have few lists.
    language = chance.choice(("en", "en", "de", "pt", "es"))
    printed = _material(chance, traits, language, material)
    if printed.language != language and language != "es":
        language = printed.language
    paper = Paper(f"{seed:03}-{number:04}", language, {**traits, "language": language, "source": printed.source})
    _Maker(paper, chance, printed).write(folder / f"{paper.name}.pdf")
    return paper


def _material(chance: random.Random, traits: dict[str, str], language: str, material: Sequence[Printed]) -> Printed:
    wanted = "pt" if language == "es" else language
    labelled = traits["label"] != "-"
    fitting = [one for one in material if one.language == wanted and (labelled or one.is_sorted)]
    return chance.choice(fitting or [one for one in material if labelled or one.is_sorted])


class _Maker:
    def __init__(self, paper: Paper, chance: random.Random, printed: Printed) -> None:
        self.paper, self.chance, self.printed, self.traits = paper, chance, printed, paper.traits
        self.language = paper.language
        width, height = _SHEETS[self.traits["sheet"]]
        margin = chance.uniform(44, 80) if self.traits["columns"] == "1" else chance.uniform(36, 54)
        self.sheet = Sheet(width, height, margin, margin, gutter=chance.uniform(12, 24), family=self.traits["family"])
        self.columns = int(self.traits["columns"])
        self.list_columns = self.columns
        if self.traits["list columns"] == "other":
            self.list_columns = 1 if self.columns > 1 else 2 if self.traits["line numbers"] == "none" else 1
        line_end = "\u00ad" if self.traits["hyphens"] == "soft" else "-"
        self.setter = Typesetter(self.sheet, mangler(chance, self.traits["letters"]), line_end)
        size = 8.5 if self.columns == 3 else chance.choice((9.5, 10, 10, 11)) if self.sheet.width > 500 else 9
        self.look = Look(size, round(size * chance.choice((1.15, 1.2, 1.3)), 1), align=self.traits["align"])
        if self.traits["line numbers"] != "none":
            self.look = replace(self.look, leading=1.9 * size)
        if self.traits["hyphens"] == "no":
            self.look = replace(self.look, hyphenate=False)
        self.indent = chance.choice((0, 0, 12))
        self.list_started = 10**6
        self.notes = 0

    # ── the whole ──

    def write(self, path: Path) -> None:
        lists = self._lists()
        raws = [reference["raw"] for entries in lists for reference in entries]
        self.cite = (
            prose.dated_citations(self.chance, raws)
            if self.traits["label"] == "-"
            else prose.numbered_citations(self.chance, len(raws), _LABELS.get(self.traits["list"], "[{}]"))
        )
        self.setter.foot_rows, self.setter.float_rows = self._foot_rows, self._float_rows
        if self.traits["cover"] == "yes":
            self._cover()
        self._title()
        chapters = self.traits["lists"] == "chapters"
        for number, entries in enumerate(lists):
            if number == 0 or chapters:
                self._text(self.chance.randint(2, 4) if chapters else self.chance.randint(3, 7))
            self._list(entries, number)
        self._after()
        self._furnish()
        self.setter.save(str(path))

    def _lists(self) -> list[list[Reference]]:
        low, high = _LENGTHS[self.traits["length"]]
        entries = some(self.printed, self.chance.randint(low, high), self.chance)
        kind = self.traits["lists"]
        if kind == "one" or len(entries) < 12:
            self.traits["lists"] = "one"
            return [entries]
        if kind == "chapters":
            third = len(entries) // 3
            return [entries[:third], entries[third : 2 * third], entries[2 * third :]]
        cut = len(entries) * 2 // 3
        return [entries[:cut], entries[cut:]]

    def _cover(self) -> None:
        self.setter.new_page()
        name, citation, terms = wording.COVER[self.language]
        width = self.setter.column_width(1)
        for text, size, face in (
            (name, 16, BOLD),
            (prose.TITLES[self.language], 13, BOLD),
            (citation, 10, ROMAN),
            (terms, 8, ROMAN),
        ):
            look = Look(size, 1.25 * size, face, align="left", before=24, hyphenate=False)
            self.setter.pour(self.setter.rows(text, width, look))
        self.setter.new_page()

    def _title(self) -> None:
        width = self.setter.column_width(1)
        title = Look(17, 20, BOLD, align="left", hyphenate=False)
        small = Look(10, 13, align="left", before=6)
        self.setter.pour(self.setter.rows(prose.TITLES[self.language], width, title))
        self.setter.pour(self.setter.rows("Jane Example, Max Muster and João Exemplo", width, small))
        abstract = prose.paragraph(self.chance, self.language, lambda: "", 4)
        self.setter.pour(self.setter.rows(f"Abstract. {abstract}", width, replace(self.look, size=9, before=10)))
        self.setter.y += 16

    # ── text ──

    def _text(self, sections: int) -> None:
        width = self.setter.column_width(self.columns)
        rows: list[Row] = []
        for number, heading in enumerate(prose.HEADINGS[self.language][:sections], 1):
            rows += self._heading_rows(f"{number} {heading}", width, 1.15 * self.look.size, BOLD)
            for _ in range(self.chance.randint(2, 5)):
                text = prose.paragraph(self.chance, self.language, self.cite, self.chance.randint(3, 7))
                rows += self.setter.rows(
                    text, width, replace(self.look, first=self.indent, before=0 if self.indent else 4)
                )
            if self.chance.random() < 0.3:
                for item, text in enumerate(prose.items(self.language), 1):
                    label = self.chance.choice((f"{item}.", f"({item})", "•"))
                    rows += self.setter.rows(text, width, replace(self.look, label=label, rest=18, before=2))
            if self.chance.random() < 0.3:
                rows += self._table_rows(width)
        self.setter.pour(rows, self.columns, balance=self.traits["balance"] == "yes")

    def _heading_rows(self, text: str, width: float, size: float, face: int, before: float = 14) -> list[Row]:
        look = Look(size, 1.5 * size, face, align="left", before=before, keep=True, hyphenate=False)
        return self.setter.rows(text, width, look)

    def _table_rows(self, width: float) -> list[Row]:
        look = Look(self.look.size - 1.5, self.look.size, align="left", before=0)
        caption, *lines = prose.table(self.chance, self.language)
        rows = self.setter.rows(caption, width, replace(look, before=12))
        cells = [line.split() for line in lines]
        family = self.sheet.family
        for line in cells:
            step = width / len(line)
            pieces = tuple((at * step, 0.0, cell, ROMAN, look.size) for at, cell in enumerate(line))
            if all(width_of(cell, family, ROMAN, look.size) < step for cell in line):
                rows.append(Row(pieces, look.leading))
        return [*rows, Row((), 10)]

    def _float_rows(self, page: int, width: float) -> list[Row]:
        where = self.traits["floats"]
        in_list = page > self.list_started
        if page == 1 or where == "none" or in_list != (where == "in the list") or self.chance.random() < 0.4:
            return []
        return [*self._table_rows(width), Row((), 14)]

    def _foot_rows(self, page: int, width: float) -> list[Row]:
        where = self.traits["notes"]
        in_list = page >= self.list_started
        if where == "none" or in_list != (where == "under the list") or self.chance.random() < 0.3:
            return []
        rows = []
        for _ in range(self.chance.randint(1, 2)):
            self.notes += 1
            rows += self.setter.rows(prose.footnote(self.chance, self.language, self.notes), width, Look(7.5, 9))
        return rows

    # ── the list ──

    def _list(self, entries: Sequence[Reference], number: int) -> None:
        if (number == 0 and self.traits["starts"] == "new page") or (self.list_columns == 3 and self.columns != 3):
            self.setter.new_page()
        self.list_started = min(self.list_started, len(self.setter.pages))
        width = self.setter.column_width(self.list_columns)
        self.setter.y += 10
        heading, run_in = self._list_heading(number, width)
        look = self._list_look(len(entries))
        rows = [
            row
            for at, text in enumerate(self._printed(entries))
            for row in self._entry(text, at, number, look, width, run_in)
        ]
        balance = self.traits["balance"] == "yes"
        if self.list_columns != self.columns and heading and self.chance.random() < 0.5:
            self.setter.pour(heading, 1)  # across the columns
            self.setter.pour(rows, self.list_columns, balance=balance)
        else:
            self.setter.pour([*heading, *rows], self.list_columns, balance=balance)
        if self.traits["lists"] == "chapters":
            self.list_started = 10**6

    def _list_heading(self, number: int, width: float) -> tuple[list[Row], str]:
        text = self.chance.choice(wording.LIST_HEADINGS[self.language])
        if self.traits["lists"] == "parts":
            rows = self._styled(text, width)[0] if number == 0 else []
            return [
                *rows,
                *self._heading_rows(self._part_head(number), width, self.look.size, ITALIC, 8),
            ], ""
        if self.traits["lists"] == "further reading" and number:
            return self._heading_rows(wording.FURTHER[self.language], width, self.look.size + 1, BOLD), ""
        return self._styled(text, width)

    def _part_head(self, number: int) -> str:
        kind, text = self.traits["part counter"], wording.PARTS[self.language][number]
        counters = {"1.": "123", "1)": "123", "6.1": "123", "A.": "ABC", "(a)": "abc", "I.": ("I", "II", "III")}
        if kind == "none":
            return text
        return f"{kind.replace(kind.strip('().6'), counters[kind][number])} {text}"

    def _styled(self, text: str, width: float) -> tuple[list[Row], str]:
        """The heading's rows, or the words that run into the first entry."""
        size, kind = self.look.size, self.traits["heading"]
        if kind == "none":
            return [], ""
        if kind == "run-in":
            return [], self.chance.choice(_RUN_IN[self.language])
        if kind == "letter-spaced":
            text = "  ".join(" ".join(word) for word in text.upper().strip(":").split())
        if kind == "numbered":
            text = self.chance.choice(("7. ", "7 ", "VII. ", "6.3 ")) + text
        faces = {"bold": BOLD, "large": BOLD, "italic": ITALIC, "numbered": BOLD}
        big = {"large": 1.5, "bold": 1.1}
        return self._heading_rows(
            text.upper() if kind == "caps" else text, width, size * big.get(kind, 1.0), faces.get(kind, ROMAN), 16
        ), ""

    def _list_look(self, count: int) -> Look:
        size = {"smaller": self.look.size - 1.5, "same": self.look.size, "tiny": max(6.5, self.look.size - 2.5)}[
            self.traits["type"]
        ]
        leading = round(size * self.chance.choice((1.12, 1.2, 1.25)), 1)
        if self.traits["line numbers"] != "none":
            leading = 1.9 * size
        look = replace(self.look, size=size, leading=leading)
        kind = self.traits["list"]
        space = {"spacing": 0.5 * leading, "line ends": 0.0}.get(kind, self.chance.choice((0, 0, 0.15, 0.4)) * leading)
        look = replace(look, before=space)
        if kind == "hanging":
            return replace(look, rest=self.chance.choice((9, 14, 22)))
        if kind == "first line":
            return replace(look, first=self.chance.choice((9, 14)))
        if kind == "raised":
            return replace(look, raised_label=True, rest=0 if self.traits["label"] == "flush" else 10)
        if self.traits["label"] == "in the margin":
            widest = max(
                (_LABELS.get(kind, "[{}]").format("9" * len(str(count)))), "[Abc98]" if kind == "keyed" else "", key=len
            )
            return replace(look, rest=width_of(widest + " ", self.sheet.family, ROMAN, size) + 3)
        return look

    def _entry(self, text: str, at: int, part: int, look: Look, width: float, run_in: str) -> list[Row]:
        kind = self.traits["list"]
        if self.traits["label"] != "-":
            running = self.traits["lists"] in ("parts", "further reading")
            at += self._printed_before if running and part else 0
            label = _key(text, at) if kind == "keyed" else _LABELS[kind].format(at + 1)
            look = replace(look, label=label)
        elif self.traits["bullet"] != "none":
            look = replace(look, label=self.traits["bullet"])
        if run_in and at == 0:
            text = f"{run_in} {look.label} {text}" if look.label else f"{run_in} {text}"
            look = replace(look, label="", before=12)
        return self.setter.rows(text, width, look)

    def _printed(self, entries: Sequence[Reference]) -> list[str]:
        """The strings as this list prints them, and the gold that they stand for."""
        self._printed_before = len(self.paper.gold) if self.traits["works"] == "one" else self._labels
        texts: list[str] = []
        rest = list(entries)
        while rest:
            count = self.chance.choice((1, 1, 2, 3)) if self.traits["works"] == "several" else self._run_on(rest)
            group, rest = rest[:count], rest[count:]
            if self.traits["semicolons"] != "none" and len(group) > 1:
                self.paper.gold += group
                texts.append("; ".join(_ALSO.sub("", reference["raw"]) for reference in group) + ".")
            else:
                texts.append(self._together(group) if len(group) > 1 else self._single(group[0], texts))
        self._labels += len(texts)
        return texts

    _labels = 0
    _printed_before = 0

    def _run_on(self, rest: Sequence[Reference]) -> int:
        """How many of the next works to print behind one label, parted by ";": only those that end as such works do."""
        count = 1
        if self.traits["semicolons"] == "none":
            return count
        while count < min(3, len(rest)) and all(_ENDS_IN_NUMBER.search(one["raw"]) for one in rest[: count + 1]):
            count += 1
        return 1 if count > 1 and len(self.paper.gold) % 2 else count

    def _together(self, group: Sequence[Reference]) -> str:
        """ "(a) ...; (b) ..." under one label."""
        mark = "({})" if self.traits["list"] == "[1]" else "{})"
        self.paper.gold += group
        pieces = [f"{mark.format('abc'[at])} {_ALSO.sub('', reference['raw'])}" for at, reference in enumerate(group)]
        return "; ".join(pieces) + "."

    def _single(self, reference: Reference, before: Sequence[str]) -> str:
        raw = reference["raw"]
        if self.traits["repeated author"] == "dash" and before and self.paper.gold:
            name = re.match(r"[^\W\d_][\w-]+, [^\W\d_][\w. -]{0,12}?(?=[ ,.:]*\()", raw)
            if name and self.paper.gold[-1]["raw"].startswith(name[0]):
                raw = self.chance.choice(("—", "———", "–––", "_____")) + raw[name.end() :]
        self.paper.gold.append({**reference, "raw": raw})
        return str(raw)

    # ── what follows ──

    def _after(self) -> None:
        kind, language = self.traits["after"], self.language
        if kind == "nothing":
            return
        if self.traits["after look"] == "new page" or kind == "next article":
            self.setter.new_page()
        self.list_started = 10**6
        self.setter.y += 14
        width = self.setter.column_width(self.columns)
        rows: list[Row] = []
        if kind == "appendix":
            rows = self._heading_rows(wording.APPENDIX[language], width, self.look.size * 1.2, BOLD)
            for number, text in enumerate(prose.items(language) * 4, 1):
                rows += self.setter.rows(text, width, replace(self.look, label=f"{number}.", rest=16, before=2))
            rows += self._table_rows(width)
        elif kind == "tables":
            rows = [row for _ in range(3) for row in self._table_rows(width)]
        elif kind == "next article":
            rows = self._heading_rows("A Second Article: The Uses of Spare Hours in 1998", width, 15, BOLD)
            for _ in range(4):
                text = prose.paragraph(self.chance, language, lambda: "(Adler 1999)", 6)
                rows += self.setter.rows(text, width, replace(self.look, before=4))
        elif kind == "publisher's note":
            text = (
                "Publisher’s Note: The publisher remains neutral with regard to claims in "
                "maps and affiliations. © 2012 The Authors."
            )
            rows = self.setter.rows(text, width, replace(self.look, size=8, leading=10, before=20))
        else:
            heading, text = wording.AFTER[kind][language]
            if heading:
                rows = self._heading_rows(heading, width, self.look.size, self.chance.choice((BOLD, BOLD, ITALIC)))
            rows += self.setter.rows(text, width, replace(self.look, before=0 if heading else 16))
        self.setter.pour(rows, self.columns)

    # ── furniture ──

    def _furnish(self) -> None:
        start = self.chance.choice((1, 1, 211, 1033))
        first = 1 if self.traits["cover"] == "yes" else 0
        for index, _page in enumerate(self.setter.pages):
            if index >= first:
                self._heads(index, start + index - first)
            if self.traits["watermark"] != "none":
                self.setter.pages[index].watermark = _WATERMARKS[self.traits["watermark"]]
        if self.traits["line numbers"] != "none":
            step = 1 if self.traits["line numbers"] == "each" else 5
            numbered_margin(self.setter, step, runs_on=self.chance.random() < 0.5)

    def _heads(self, index: int, number: int) -> None:
        kind, title = self.traits["heads"], prose.TITLES[self.language].split(":")[0]
        sheet, odd = self.sheet, number % 2 == 1
        top, foot, right = 46.0, sheet.height - 40, sheet.width - sheet.right
        put = self.setter.pages[index].items

        def at(x: float, y: float, text: str, face: int = ROMAN) -> None:
            put.append((x, y, text, face, 8, sheet.family))

        if kind == "title and number":
            at(sheet.left, top, title, ITALIC)
            at(right - 20, top, str(number))
        elif kind == "alternating":
            at(sheet.left + 60, top, title if odd else "J. Example, M. Muster and J. Exemplo", ITALIC)
            at(right - 20 if odd else sheet.left, top, str(number))
        elif kind == "number only":
            at(sheet.width / 2 - 6, foot, f"– {number} –" if index % 3 else str(number))
        elif kind == "foot":
            at(sheet.left, foot, "International Journal of Household Time 2009, 12:210")
            at(right - 60, foot, f"Page {index + 1} of {len(self.setter.pages)}")
        elif kind == "citation":
            at(
                sheet.left,
                top,
                f"J. Example et al. / Journal of Household Time {number // 9 + 3} (2009) {number}–{number + 20}",
            )
            at(sheet.left, foot, f"https://doi.org/10.1000/jht.2009.{1234}    {number}")


_RUN_IN = {
    "en": ("References:", "References.", "Literature:", "REFERENCES:"),
    "de": ("Literatur:", "Literaturverzeichnis:", "LITERATUR:"),
    "pt": ("Referências:", "REFERÊNCIAS:"),
    "es": ("Referencias:", "Bibliografía:"),
}
_WATERMARKS = {
    "across": "across:DRAFT",
    "margin": "margin:Downloaded from https://journals.example.org at University of Example on March 3, 2012",
    "light": "light:Preprint",
}


def _key(text: str, at: int) -> str:
    name = re.match(r"[^\W\d_]+", text)
    year = re.search(r"(?:1[5-9]|20)\d\d", text)
    letter = "abcdefgh"[at % 8] if at % 5 == 0 else ""
    return f"[{(name[0] if name else 'Xyz')[:3].title()}{(year[0] if year else '1999')[2:]}{letter}]"

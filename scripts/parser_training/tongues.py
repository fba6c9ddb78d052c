"""References in Portuguese, Spanish, French, Italian, Russian and Chinese, in styles of those tongues (ABNT, GOST)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_HOLE = re.compile(r"\{(\w+)\}")
_LETTERS = "ABCDEFGHIJLMNOPRSTV"
_ROMAN = ("I", "II", "III", "IV", "V", "VII", "IX", "XII", "XIV", "XX", "XXIII")
_JOINTS = {
    "pt": (" e ", "; ", " & ", ", & "),
    "es": (" y ", " y ", " & ", ", & ", ", y "),
    "fr": (" et ", ", ", " & "),
    "it": (" e ", ", "),
    "ru": (", ",),
    "zh": (", ",),
}
_VOLUME = {"pt": ("v.", "vol.", "v."), "es": ("vol.", "Vol.", "v."), "fr": ("vol.", "t."), "ru": ("Т.",)}
_NUMBER = {"pt": ("n.", "nº", "n."), "es": ("núm.", "n.º", "No.", "n°", "nº"), "fr": ("n°", "no"), "ru": ("№",)}
_PAGES = {"pt": ("p.", "pp.", "p."), "es": ("pp.", "págs.", "p."), "fr": ("p.", "pp."), "ru": ("С.",)}
_TOTAL = {"pt": ("{} p", "{} f", "{}p"), "es": ("{} p", "{} pp"), "fr": ("{} p",), "ru": ("{} с",)}
_HOSTS = ("scielo.br", "gob.mx", "exemplo.org")
_INSIDE = {"pt": "In", "es": "En", "fr": "Dans", "it": "In", "ru": "В", "zh": "In"}


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language, with the sections of its stock and the titles and journals that the corpora have in it."""

    code: str
    sections: Mapping[str, Sequence[str]]
    titles: Sequence[str] = ()
    journals: Sequence[str] = ()

    def some(self, draw: random.Random, section: str) -> str:
        """One of the section's items; the Portuguese ones serve a language that has none."""
        return draw.choice(self.sections.get(f"{self.code}.{section}") or self.sections[f"pt.{section}"])


def template(draw: random.Random, tongue: Tongue) -> str:
    """A style of the language."""
    return tongue.some(draw, "styles")


def values(draw: random.Random, tongue: Tongue) -> dict[str, str]:
    """A filling for every hole of the styles."""
    code, style, first = tongue.code, draw.randrange(8), draw.randint(1, 480)
    last, year, place = first + draw.randint(2, 40), draw.randint(1930, 2024), tongue.some(draw, "places")
    capitals = code == "pt" and draw.random() < 0.5

    def filled(section: str) -> str:
        return _filled(draw, tongue, tongue.some(draw, section))

    def of(choices: Mapping[str, Sequence[str]]) -> str:
        return draw.choice(choices.get(code, choices["fr"]))

    role = filled("role")
    return {
        "A": _people(draw, tongue, style, draw.choice((1, 1, 2, 2, 3, 4, 6)), capitals=capitals),
        "E": _people(draw, tongue, style, draw.choice((1, 1, 2, 3)), capitals=capitals),
        "R": role, "RR": filled("role behind"), "B": filled("bodies"), "LB": filled("law bodies"),
        "T": _title(draw, tongue), "C": _title(draw, tongue), "J": _journal(draw, tongue),
        "P": place, "V": filled("publishers"), "U": filled("universities"), "G": filled("genre"),
        "ED": filled("edition"), "Y": _year(draw, year), "nd": draw.choice(("s.f.", "s/f", str(year))),
        "I": _INSIDE[code], "INE": draw.choice((_INSIDE[code], "In")),
        "ine": draw.choice((_INSIDE[code].lower(), "in")),
        "S": of(_PAGES), "N": f"{first}{draw.choice(('-', '-', '–'))}{_shortened(draw, first, last)}",
        "VV": of(_VOLUME), "NN": of(_NUMBER), "NP": of(_TOTAL).format(first + 60), "K": _volume(draw),
        "L": draw.choice(("1", "2", "3", "4", "1/2", "12", "esp.", "45")), "MO": filled("months"),
        "mo": filled("months").strip(".")[:3], "D": _date(draw, tongue, year), "SEC": f"p. A{draw.randint(1, 9)}",
        "DISP": filled("available"), "ACC": filled("access"), "RET": filled("retrieved"), "CIT": filled("cited"),
        "URL": f"http{draw.choice(('', 's'))}://www.{draw.choice(_HOSTS)}/a/{first}.pdf",
        "CONG": filled("meetings"), "ANAIS": filled("proceedings"), "M": str(first),
        "YD": _year_and_day(draw, tongue, year),
        "GP": filled("long genre"), "PRES": filled("presented"), "LAW": filled("laws"), "LJ": filled("gazettes"),
        "______": "_" * draw.randint(5, 7),
    }  # fmt: skip


# ── the pieces ───────────────────────────────────────────────────────────────────────────────────────────


def _filled(draw: random.Random, tongue: Tongue, pattern: str) -> str:
    """`pattern` with its holes filled: {n} a noun, {N} with a capital, {NN} in capitals, {a} an adjective, ..."""
    fills: dict[str, Callable[[], str]] = {
        "n": lambda: tongue.some(draw, "nouns"),
        "N": lambda: tongue.some(draw, "nouns").capitalize(),
        "NN": lambda: tongue.some(draw, "nouns").upper(),
        "Ab": lambda: tongue.some(draw, "nouns")[:4].capitalize(),
        "a": lambda: (
            tongue.some(draw, "adjectives").capitalize() if "{N}" in pattern else tongue.some(draw, "adjectives")
        ),
        "group": lambda: tongue.some(draw, "groups"),
        "place": lambda: tongue.some(draw, "places").split(",")[0],
        "P": lambda: tongue.some(draw, "places").split(",")[0],
        "PP": lambda: tongue.some(draw, "places").split(",")[0].upper(),
        "X": lambda: "".join(draw.choice(_LETTERS) for _ in range(draw.randint(2, 4))),
        "K": lambda: draw.choice(_ROMAN) if draw.random() < 0.5 else str(draw.randint(2, 40)),
        "Y": lambda: str(draw.randint(1980, 2023)),
        "D": lambda: _date(draw, tongue, draw.randint(1980, 2023)),
        "mo": lambda: tongue.some(draw, "months").strip(".")[:3],
        "d": lambda: str(draw.randint(1, 28)),
        "num": lambda: draw.choice((f"{draw.randint(1, 14)}.{draw.randint(100, 999)}", str(draw.randint(10, 9000)))),
    }
    text = _HOLE.sub(lambda hole: fills[hole[1]](), pattern)
    return text[:1].upper() + text[1:] if "{n}" in pattern[:4] or "{a}" in pattern[:4] else text


def _title(draw: random.Random, tongue: Tongue) -> str:
    if tongue.titles and draw.random() < 0.6:
        return draw.choice(tongue.titles)
    title = _filled(draw, tongue, tongue.some(draw, "titles"))
    if draw.random() < 0.45 and tongue.code != "zh":
        title += draw.choice((": ", ": ", ". ", " – ")) + _filled(draw, tongue, tongue.some(draw, "subtitles"))
    return title


def _journal(draw: random.Random, tongue: Tongue) -> str:
    if tongue.journals and draw.random() < 0.5:
        return draw.choice(tongue.journals)
    return _filled(draw, tongue, tongue.some(draw, "journals"))


def _year(draw: random.Random, year: int) -> str:
    return f"{year}{draw.choice('abc')}" if draw.random() < 0.05 else str(year)


def _volume(draw: random.Random) -> str:
    return draw.choice(_ROMAN) if draw.random() < 0.08 else str(draw.randint(1, 120))


def _shortened(draw: random.Random, first: int, last: int) -> str:
    """Vancouver leaves out the digits that the end of a range shares with its beginning."""
    short = str(last)[-2:]
    return short if draw.random() < 0.3 and str(first)[:-2] == str(last)[:-2] and first > 99 else str(last)


def _date(draw: random.Random, tongue: Tongue, year: int) -> str:
    day, month = draw.randint(1, 28), tongue.some(draw, "months").split("/")[0].split("-")[0]
    if tongue.code in ("pt", "es") and draw.random() < 0.6:
        if draw.random() < 0.06:
            return f"{day} {'a' if tongue.code == 'pt' else 'al'} {day + 2} de {month.strip('.')} de {year}"
        short = f"{day} {month[:3]}. {year}"
        return draw.choice((f"{day} de {month.strip('.')} de {year}", short, f"{day} {month} {year}"))
    return draw.choice((f"{day} {month} {year}", f"{day:02}/{draw.randint(1, 12):02}/{year}", f"{month} {year}"))


def _year_and_day(draw: random.Random, tongue: Tongue, year: int) -> str:
    """APA's date of a newspaper: "2018, 3 de março", "2015, mayo 12"."""
    day, month = draw.randint(1, 28), tongue.some(draw, "months").split("/")[0].split("-")[0].strip(".")
    return f"{year}, {draw.choice((f'{day} de {month}', f'{day} {month}', f'{month} {day}', month))}"


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────


def _people(draw: random.Random, tongue: Tongue, style: int, count: int, *, capitals: bool) -> str:
    """Names in one of eight orders: in full or initials, inverted or direct, with commas, semicolons or none."""
    if tongue.code == "zh":
        joint = draw.choice((", ", ", ", "、", ". "))
        return joint.join(tongue.some(draw, "families") + tongue.some(draw, "given") for _ in range(min(count, 3)))
    if tongue.code == "ru":
        return ", ".join(_russian(draw, tongue) for _ in range(min(count, 3)))
    names = [_person(draw, tongue, style, capitals=capitals, first=i == 0) for i in range(count)]
    joint = "; " if capitals or style in (2, 3) else ", "
    if count == 1:
        return names[0]
    if draw.random() < (0.3 if count > 2 else 0.04):
        return joint.join(names[: draw.choice((1, 1, 2))]) + draw.choice((" et al.", ", et al.", " et al.", " y cols."))
    last = joint if capitals or style in (3, 4) else draw.choice((*_JOINTS[tongue.code], joint))
    return joint.join(names[:-1]) + last + names[-1]


def _person(draw: random.Random, tongue: Tongue, style: int, *, capitals: bool, first: bool) -> str:
    family, given = tongue.some(draw, "families"), tongue.some(draw, "given")
    initials = [f"{word[0]}." for word in given.split()] + [f"{draw.choice(_LETTERS)}."] * (draw.random() < 0.5)
    particle = draw.choice((" de", " da", " dos", " del")) if draw.random() < 0.08 else ""
    family = family.upper() if capitals else family
    if style in (0, 1, 2) or (capitals and style != 7):
        return f"{family}, {draw.choice(('', ' ')).join(initials)}{particle}"
    if style == 3 or (style == 7 and first):
        return f"{family}, {given}{particle}"
    if style == 4:
        return f"{family} {''.join(initials).replace('.', '')}"
    return f"{given} {family}" if style in (5, 7) else f"{' '.join(initials)} {family}"


def _russian(draw: random.Random, tongue: Tongue) -> str:
    letters = "АБВГДЕИКЛМНОПРСТ"
    return f"{tongue.some(draw, 'families')} {draw.choice(letters)}. {draw.choice(letters)}."

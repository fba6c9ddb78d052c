"""Which part or volume does a text name? "Т. 2", "Zweiter Band", "tom II", "第二卷", "下册", "الجزء الثاني"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from dl_lit.identity.folding import flat
from dl_lit.identity.numbers import HAN, roman

# Of one work, or of what appears in volumes; with a stop where they are shortened to a letter.
_VOLUMES = (
    r"volumen|volumul|volume|volym|vol|band|bande?|bd|tomes?|tomo|tomus|tomul|tom|tl|deel|dl|bind|bok|boek|book|buch|svazek|sv|zvazok|zv"
    r"|svezak|knjiga|knj|kniha|kn|ksiega|cilt|kotet|kot|kitap|том|тома|книга|кн|τομοσ|τομ|المجلد|مجلد|مج|جلد|[tcтτج](?=\.)"
)
_PARTS = (
    r"parts?|pt|parte|partie|theil|teil|livre|libro|czesc|cz|dil|diel|del|osa|kisim|bolum|resz|vypusk|vyp|abteilung|abt|halbband"
    r"|часть|частина|част|дел|выпуск|випуск|вып|вип|μεροσ|τευχοσ|الجزء|جزء|القسم|ч(?=\.)"
)
_SPELT = (
    r"first|erste[rsn]?|premiere?|primer[oa]?|primeir[oa]|prim[oa]|eerste|forst[ae]|prvni|prv[aey]|pierwsz[aye]|перв\w+|перш\w+"
    r"|първ\w+|birinci|ensimmainen|elso|الاول|الاولى|الأول|الأولى|اول|α",
    r"seconde?|zweite[rsn]?|deuxieme|segund[oa]|second[oa]|tweede|andra|anden|andet|andre|druh[aey]|drug[iaoe]|втор\w+|друг\w+|ikinci"
    r"|toinen|masodik|الثاني|الثانية|دوم|β",
    r"third|dritte[rsn]?|troisieme|tercer[oa]?|terceir[oa]|terz[oa]|derde|tredje|treti|tretja|trzeci\w*|trec[aeiou]|трет\w+|ucuncu"
    r"|kolmas|harmadik|الثالث|الثالثة|سوم|γ",
    r"fourth|vierte[rsn]?|quatrieme|cuart[oa]|quart[oa]|vierde|fjarde|fjerde|ctvrt\w+|czwart\w+|cetvrt\w+|четв\w+|dorduncu|neljas"
    r"|negyedik|الرابع|الرابعة|چهارم|δ",
    r"fifth|funfte[rsn]?|cinquieme|quint[oa]|vijfde|femte|pat[aey]|piat[aye]|пят\w+|besinci|الخامس|الخامسة|پنجم|ε",
)
_CARDINALS = (
    "one|eins|uno|un",
    "two|zwei|deux|dos|due|dois|twee",
    "three|drei|trois|tres|tre|drie",
    "four|vier",
    "five|funf",
)
_THIRDS = {"上": ("1",), "中": ("2",), "下": ("3", "2")}  # of three volumes, or of two
_ORDINAL = "|".join(f"(?P<bspelt{number}>{words})" for number, words in enumerate(_SPELT, 1))
_WORD = "|".join(
    f"(?P<spelt{number}>{words}|{cardinals})"
    for number, (words, cardinals) in enumerate(zip(_SPELT, _CARDINALS, strict=True), 1)
)
_DIGITS = r"\d{1,2}(?!\d)"
_ROMAN = "x?(?:viii|vii|vi|iv|ix|v|iii|ii|i)|x"
_STATEMENT = re.compile(
    rf"(?<!\w)(?:(?P<volume>{_VOLUMES})|{_PARTS})(?!\w)\.?\s?"
    rf"(?:(?P<digits>{_DIGITS})|(?P<roman>(?:{_ROMAN})(?!\w))|(?:{_WORD})(?!\w)['’΄´′]?)(?!\s(?:of|in)\b)"
    # "2. Band", "2-я часть"; but "2 vol." are two.
    rf"|(?<![\w.])(?:(?P<bdigits>{_DIGITS})(?:\.|st|nd|rd|th|e|eme|-?[ияегх]|-?[аоы][ияе])"
    rf"|(?P<broman>{_ROMAN})(?:\.|e|-[ия])?|{_ORDINAL})"
    rf"\s(?:(?P<bvolume>{_VOLUMES})|{_PARTS})(?!\w)\.?"
    r"|第\s?(?P<han>\d{1,2}|[一二三四五六七八九十])\s?(?:(?P<hanvolume>[卷巻册冊])|[部集辑輯编編])"
    r"|[卷巻册冊]\s?(?P<hanbehind>\d{1,2}|[一二三四五六七八九十])(?!\w)"
    r"|(?<=[\s.,。])(?P<alone>[上中下])(?=\s?(?:[.,。]|$))"
    r"|(?P<third>[上中下])(?P<thirdvolume>[卷巻册冊])|[(（]\s?(?P<bare>[上中下])\s?[)）]"
    r"|(?<![전총\d])(?:제\s?)?(?P<korean>\d{1,2})\s?(?P<koreanvolume>[권집])"
)
_UNITS = frozenset("tcтτجч") | {
    unit for one in f"{_VOLUMES}|{_PARTS}".split("|") for unit in (one.replace("?", ""), re.sub(r"\w\?", "", one))
}
_UNSPACED = re.compile("[卷巻册冊部集辑輯编編上中下권집]")
_LEAD = re.compile(r"[\s.,:;–—\-(\[（［]{0,4}")


class Part(NamedTuple):
    """A statement in a text, from `start` to `end`; `numbers` are how it can be counted."""

    numbers: tuple[str, ...]
    is_volume: bool
    start: int
    end: int


def find(text: str) -> Iterator[Part]:
    return map(_part, _STATEMENT.finditer(flat(text)))


def leading(text: str) -> Part | None:
    """The statement with which `text` begins, marks before it left out."""
    folded = flat(text)
    found = _STATEMENT.match(folded, _LEAD.match(folded).end())  # type: ignore[union-attr]
    return _part(found) if found else None


def _part(found: re.Match[str]) -> Part:
    said = {name: value for name, value in found.groupdict().items() if value is not None}
    is_volume = any(name.endswith("volume") for name in said)
    return Part(_numbers({n: v for n, v in said.items() if not n.endswith("volume")}), is_volume, *found.span())


def _numbers(said: dict[str, str]) -> tuple[str, ...]:
    name, value = next(iter(said.items()))
    if value in _THIRDS:
        return _THIRDS[value]
    if value.isdecimal():
        return (str(int(value)),)
    if "spelt" in name:
        return (name[-1],)
    return (str(HAN.get(value) or roman(value)),)


def may_name(text: str, words: Collection[str]) -> bool:
    """Whether `text`, of which `words` are the folded words, can name a part; quickly."""
    return not _UNITS.isdisjoint(words) or (not text.isascii() and _UNSPACED.search(text) is not None)


def spelt(text: str) -> str:
    """`text` with each statement as "part 2"."""
    for one in reversed(list(find(text))):
        text = f"{text[: one.start]} part {one.numbers[0]} {text[one.end :]}"
    return text

"""Which edition of a book does a print or a record name? "2nd ed.", "wyd. 2", "Изд. 2-е", "第2版", "Rev. ed." """

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from dl_lit.identity.folding import flat
from dl_lit.identity.numbers import HAN, roman
from dl_lit.identity.parts import Part
from dl_lit.model import Reference

REVISED = 0  # another one than the first, without its number
_ORDINALS = (
    """first erste erster premiere primera primeira prima eerste forsta forste prvni prve pierwsze prvo первое
    первая перше birinci الاولى الأولى اول""",
    """second zweite zweiter deuxieme seconde segunda seconda tweede andra anden andre druhe drugie drugo второе вторая
    друге второ ikinci toinen masodik doua الثانية دوم""",
    """third dritte dritter troisieme tercera terceira terza derde tredje treti tretie trzecie trece tretje третье
    третья трете трето ucuncu kolmas harmadik treia الثالثة سوم""",
    """fourth vierte vierter quatrieme cuarta quarta vierde fjarde fjerde ctvrte stvrte czwarte cetvrto четвертое
    dorduncu neljas negyedik الرابعة چهارم""",
    "fifth funfte funfter cinquieme quinta vijfde femte pate piate peto пятое besinci otodik الخامسة پنجم",
    "sixth sechste sechster sixieme sexta sesta zesde sjatte seste szoste шестое altinci السادسة ششم",
    "seventh siebte siebente septieme septima setima settima zevende седьмое yedinci",
    "eighth achte achter huitieme octava oitava ottava achtste восьмое sekizinci",
    "ninth neunte neuvieme novena nona девятое",
    "tenth zehnte dixieme decima десятое",
)
NUMBERS = {word: number for number, words in enumerate(_ORDINALS, 1) for word in words.split()}
_GREEK = {"α": 1, "β": 2, "γ": 3, "δ": 4}
_NOUN = (
    r"(?:ed|edn|edit|edition|aufl|auflage|ausg|ausgabe|edicion|edicao|edizione|edicio|druk|uitg|uitgave|uppl|upplagan?|utg"
    r"|utgaven?|utgava|udg|udgave|oppl|opplag|vyd|vydani|vydanie|wyd|wydanie|izd|izdanje|izdaja|изд|издание|вид|видання"
    r"|baski|basim|bs|bas|painos|kiad|kiadas|editia|leid|leidimas|trukk|εκδ|εκδοση|edisi)(?!\w)"
)
_SUFFIX = r"(?:st|nd|rd|th|d|e|de|er|re|ere|eme|ieme|ste|te|:?a|:?e|o|η|\.?[ao]|°|-?(?:е|ое|я|ге|те|а|a))?"
_WORDS = "|".join(sorted(NUMBERS, key=len, reverse=True))
_NUMBER = (
    rf"(?:(?P<digits>\d{{1,2}}){_SUFFIX}|(?P<roman>iii|ii|iv|vi{{0,3}})|(?P<word>{_WORDS})|(?P<greek>[αβγδ])['’΄´′]?)"
)
# What is said about an edition, beginnings of words.
_CHANGED = (
    r"(?:rev|enl|exp|upd|augm|corr|amend|impr|new|uberarb|uberab|erw|verb|verm|neu|bearb|erg|erganz|akt|durchges|vollst|verand"
    r"|nouv|refond|nuev|actual|ampl|aument|nova?|nuov|rived|ampliat|aggiorn|herz|vermeerd|bijgew|uitgebr|omarb|utok|ny|utv"
    r"|omarbeid|prepr|dopln|rozs|upr|popr|zm|uzup|poszerz|dopun|izmij|prosir|predelan|перераб|доп|испр|стереотип|новое|расш"
    r"|genislet|gozden|gecir|yeni|bov|javit|atdolg|uusi|uudist|korjat|laaj|rev"
    r"|abridg|gekurzt|abreg|abreviad|ridott|сокращ)\w*"
)
_AND = r"(?:and|&|u|und|et|y|e|och|og|ja|i|и|та|ve|en|a|es|s)"
_QUALIFIERS = rf"(?:(?:{_CHANGED}|[^\W\d_]{{2,14}}|{_AND})[.,]?\s{{1,2}}){{0,5}}?"
_TOLD_BEHIND = (
    rf"(?:[.,]{{0,2}}\s(?:{_AND}\s)?(?:rev(?:ised|ue|ist[ao]|isad[ao]|id\w+)?|enl|enlarged|expanded|corr\w*|augm\w*|ampl\w*|aum\w*"
    r"|actual\w*|popr\w*|uzup\w*|rozs\w*|dopln\w*|erw\w*|verb\w*|uberarb\w*|перераб\w*|доп\w*|испр\w*|стереотип\w*)(?!\w)\.?){0,3}"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\w./-])(?:{_CHANGED}\s)?{_NUMBER}[.,]{{0,2}}\s{{1,2}}(?P<between>{_QUALIFIERS}){_NOUN}\.?{_TOLD_BEHIND}",
        rf"(?<!\w)(?:wyd|wydanie|изд|издание|вид|видання|vyd|vydani|izd|izdanje|edition|edicion|editia|ed\. a"
        rf"|editia a|upplaga)\.?\s{_NUMBER}(?!\w){_TOLD_BEHIND}",
        rf"(?<!\w)(?:الطبعة|طبعة|چاپ)\s{_NUMBER}(?!\w)|(?<!\w)ط\s?\.?\s?(?P<arabic>\d{{1,2}})(?!\d)",
        r"(?:第|[改增増修新]\w)\s?(?P<han>\d{1,2}|[一二三四五六七八九十])\s?版|제\s?(?P<korean>\d{1,2})\s?판|(?<!\w)(?P<slash>\d)/e(?!\w)",
        rf"(?<!\w){_CHANGED}[.,]?\s(?:(?:{_AND}\s)?{_CHANGED}[.,]?\s){{0,3}}{_NOUN}\.?|(?<!\w)neu(?:ausg|aufl|bearb)\w*\.?",
        r"(?<!\w)(?:ed|edition|edicion|edicao|edizione|wyd|изд|vyd|izd)\.?,?\s(?:rev|corr|augm|ampl|aum|actual|rived|popr|перераб|доп)\w*"
        rf"{_TOLD_BEHIND}",
        r"修[订訂]版|[增増][补補訂订]版|改[订訂]版|新版|全[訂订]版|개정(?:증보)?판|증보판|طبعة (?:منقحة|مزيدة|جديدة)",
    )
)
_HINT = re.compile(rf"(?<!\w)(?:{_NOUN}|neu(?:a|b))|/e|版|판|طبع|ط|چاپ")
# Volumes and people between a number and "ed." are no edition: "vol. 2, ed. by", "12, Norrland ed."
_NO_EDITION_BEFORE = re.compile(r"(?:vols?|bde?|band|t|tome|tomo|no|nr|pp?|part|teil|ch|kap|ser|series|books?)[.\s]*$")
_NO_EDITION_BETWEEN = re.compile(
    r"\b(?:vols?|volumes?|bde?|band|bande|tomes?|tomos?|parts?|teile?|t|pp?|books?|series?|hrsg|hg|eds?)\b"
)
_EDITED_BY = re.compile(r"\s*(?:by|von|v\.|par|por|di|da|and)\b")


class Edition(NamedTuple):
    """A statement in a text, from `start` to `end`."""

    number: int
    start: int
    end: int


def find(text: str) -> list[Edition]:
    """All statements of editions in `text`, in the order of what they are surest of."""
    folded = flat(text)
    return list(_found(text, folded)) if _HINT.search(folded) else []


def _found(text: str, folded: str) -> Iterator[Edition]:
    for pattern in _PATTERNS:
        for found in pattern.finditer(folded):
            if _is_statement(found, text, folded):
                yield Edition(_number(found), *found.span())


def _is_statement(found: re.Match[str], text: str, folded: str) -> bool:
    between = found.groupdict().get("between")
    if between is None:
        return True
    if _NO_EDITION_BEFORE.search(folded[: found.start()]) or _NO_EDITION_BETWEEN.search(between):
        return False
    if found.group().rstrip(".").endswith("ed") and _EDITED_BY.match(folded[found.end() :]):
        return False
    start, end = found.span("between")
    return not any(word[:1].isupper() and not re.match(_CHANGED, flat(word)) for word in text[start:end].split())


def _number(found: re.Match[str]) -> int:
    said = {name: value for name, value in found.groupdict().items() if value and name != "between"}
    for name, value in said.items():
        if value.isdecimal():
            return int(value)
        return roman(value) if name == "roman" else {"greek": _GREEK, "han": HAN}.get(name, NUMBERS)[value]
    return REVISED


def edition(text: str) -> int | None:
    return next((one.number for one in find(text)), None)


def blanked(text: str) -> str:
    """`text` with semicolons and blanks for what is said of editions, every letter in its place."""
    for one in find(text):
        text = f"{text[: one.start]};{' ' * (one.end - one.start - 1)}{text[one.end :]}"
    return text


def cut(reference: Reference, text: str, statements: Iterable[Edition | Part]) -> Reference:
    """`reference` without statements that were read as its container or the end of its title, in its print `text`."""
    for one in statements:
        title, container = reference.title or "", reference.container or ""
        place = text.find(title) if title else -1
        if 0 <= place < one.start < place + len(title):
            reference = replace(reference, title=text[place : one.start].rstrip(" .,;:([") or title)
        if container and container in text[one.start : one.end]:
            reference = replace(reference, container=None)
    return reference


def registered(field: str) -> int | None:
    """Of the field of a record: "4", "4th ed.", "Fourth", "2., überarb. Aufl."; a year is no number of an edition."""
    if (named := edition(field)) is not None:
        return named
    if found := re.search(r"(?<!\d)\d{1,2}(?!\d)", field):
        return int(found.group())
    words = flat(field).replace(".", " ").split()
    number = next((NUMBERS[word] for word in words if word in NUMBERS), None)
    return REVISED if number is None and any(re.match(_CHANGED, word) for word in words) else number


def differ(one: int, other: int) -> bool:
    """A revised edition can be any but the first."""
    return one != other and (REVISED not in (one, other) or 1 in (one, other))

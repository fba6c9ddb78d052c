"""Centuries as they are printed ("XXI", "XXIe siècle", "19. Jh.", "nineteenth century", "XIX в."), all in one form."""

from __future__ import annotations

import re

from dl_lit.identity.numbers import HAN, roman

_ENGLISH = (
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
    " twenty-first"
)
_GERMAN = (
    "zehnte elfte zwölfte dreizehnte vierzehnte fünfzehnte sechzehnte siebzehnte achtzehnte neunzehnte zwanzigste"
    " einundzwanzigste"
)
_FRENCH = (
    "dixième onzième douzième treizième quatorzième quinzième seizième dix-septième dix-huitième dix-neuvième vingtième"
    " vingt-et-unième"
)
_WORDS = {word: number for words in (_ENGLISH, _GERMAN, _FRENCH) for number, word in enumerate(words.split(), 10)}
_NUMBER = r"\d{1,2}|(?-i:[IVX]{1,5})"
_SPELT = "|".join(sorted(_WORDS, key=len, reverse=True))
_BEFORE = (  # the number comes first
    r"(?:th|st|nd|rd|e|è?me|er|[.º°]|-?(?:го|й|м|е|х|те))?[\s\u00a0-]{0,2}"
    r"(?:jahrhundert(?:s|e|en)?\b|jhdts?\b\.?|jhs?\b\.?|jahrh\.|century\b|centuries\b|cent\.|c\.(?=\s*(?:[,.;:)]|$)|\s[A-ZÀ-Þ])"
    r"|siècles?\b|siecles?\b|s\.(?=\s*(?:[,.;:)]|$)|\s[A-ZÀ-Þ])"
    r"|век(?:а|е|ов|ах|у)?\b|вв?\.|столети\w+|століт\w+|wieku?\b|wieków\b|w\.(?=\s*(?:[,.;:)]|$)|\s[A-ZÀ-Þ])"
    r"|stolet\w+|storoč\w+|stoljeć\w+|seculum\b|eeuw\b|århundrade\w*|århundrede\w*|yüzyıl\w*|yy\.|század\w*)"
)
_BEHIND = r"(?:secol[oi]|sec\.|secc\.|siglos?|séculos?|seculos?|séc\.|segle|saec\.)\s"
_CENTURY = re.compile(
    rf"(?i)\b(?P<first>{_NUMBER}){_BEFORE}|\b(?P<spelt>{_SPELT})[nrs]?[\s-](?:jahrhunderts?|century|siècle)\b"
    rf"|\b{_BEHIND}(?P<last>\d{{1,2}}|(?-i:[IVX]{{1,5}}))\b"
    r"|\bs\.\s(?P<spanish>(?-i:[IVX]{2,5}))\b"
    r"|(?P<han>\d{1,2}|[IVX]{1,5}|[一二]?十[一二三四五六七八九]?)\s?(?:世紀|世纪|세기)"
)


def are_named(text: str) -> bool:
    return _CENTURY.search(text) is not None


def in_one_form(text: str) -> str:
    """`text` with "19th century" for each."""
    return _CENTURY.sub(_form, text)


def title_in_one_form(title: str | None, raw: str) -> str | None:
    """The `title` that was read from `raw`, with a century at its end whole ("nel sec", of "nel sec. XIX")."""
    place = raw.find(title) if title else -1
    if not title or place < 0:
        return in_one_form(title) if title else title
    end = place + len(title)
    cut = next((found for found in _CENTURY.finditer(raw) if found.start() < end < found.end()), None)
    return in_one_form(raw[place : cut.end()] if cut else title)


def _form(found: re.Match[str]) -> str:
    stop = "." if found.group().endswith(".") else ""
    if found["spelt"]:
        return f"{_WORDS[found['spelt'].lower()]}th century"
    said = found["first"] or found["last"] or found["spanish"] or found["han"]
    number = int(said) if said.isdecimal() else _han(said) if "十" in said else roman(said.lower())
    return f"{number}th century{stop}" if 0 < number < 30 else found.group()


def _han(said: str) -> int:
    tens, _, ones = said.partition("十")
    return 10 * HAN.get(tens, 1) + HAN.get(ones, 0)

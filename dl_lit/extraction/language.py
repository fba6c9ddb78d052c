"""The language of a text by its commonest small words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

_WORD = re.compile(r"[^\W\d_]+")
_HIGH = re.compile("[\u0600-\U0010ffff]+")
_FIRST, _ENOUGH = 2000, 80  # lines
# Stands for the languages that we cannot name, so that their titles are not taken for Dutch or German.
_OTHER = ""
_STOP_WORDS = {
    "en": "the of and to in is that for with as on by from are this be at an which was or their its not between how a"
    " do does can what why when where while into within without under during among toward towards through across"
    " after before versus using based against beyond review study model new one two no",
    "de": "der die das und ist von den zu mit für im auf des dem ein eine nicht als auch sich aus bei nach zur zum über"
    " einer eines einem wie oder durch zwischen vom unter gegen ohne",
    "fr": "le la les des et du est dans une un pour par sur au aux que qui avec ce cette entre leur ses l d à en"
    " chez sous",
    "es": "el la los las de del y en que en una un para por con su al como entre sobre desde más o lo sus a e hacia",
    "pt": "o a os as do da dos das de em no na nos nas um uma para por com que ao à e sobre entre pelo pela não aos às",
    "it": "il lo la gli le di del della dei delle nel nella un una per con che e da al alla tra sul sulla degli"
    " dell l a"
    " dal dalla nei negli",
    "nl": "de het een en van in voor met op te is dat zijn aan bij door naar over uit tussen niet als om",
    _OTHER: "og i på af av för med till til om och det er att som den",
    "ru": "и в на с по к о из для от при что как не об их между",
}  # fmt: skip
# Endings and letters of words tell less than small words do, but short titles have few of those.
_TELLING = {
    "en": r"ing|tions?|ness|ities|ity|ship|ships|ical|ally|ology|ysis|yses|ous|ives?|wards?|ances?|ences?",
    "de": r"ung|ungen|keit|keiten|heit|heiten|schaft|schaften|lich|liche[nrsm]?|isch|ische[nrsm]?|ismus|ieren"
    r"|[^\W]*ß\w*",
    "fr": r"iques?|euses?|ités?|isme|aires?|eurs?|elles?|aux|[^\W]*[èêùœ]\w*",
    "es": r"ción|ciones|sión|siones|dad|dades|ía|ías|ismo|[^\W]*ñ\w*",
    "pt": r"ção|ções|são|sões|dade|dades|ência|ências|ância|ismo|ário|ária|[^\W]*[ãõ]\w*",
    "it": r"zione|zioni|sione|sioni|ità|ismo|aggio|mento|menti|etto|[^\W]*[ìò]\w*",
    "nl": r"heid|atie|aties|[^\W]*ij\w*",
    _OTHER: r"[^\W]*[åøæłńśźżąęčřšžěůőűşğıţțăđ]\w*",
}
_ENDING = {code: re.compile(rf"\w*(?:{endings})") for code, endings in _TELLING.items()}
_SHORTEST = 5  # letters of a word whose ending tells something
_ENDING_WEIGHT = 0.5
_ENOUGH_WEIGHT, _AHEAD = 0.5, 1.3
_KANA = 30  # letters of which at least one is kana


@cache
def _languages_by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code, words in _STOP_WORDS.items():
        for word in words.split():
            found.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in found.items()}


def guess_from(texts: Sequence[str]) -> str | None:
    """The language of a document, by about 80 of its first 2,000 lines: small words come so often that they do."""
    first = texts[:_FIRST]
    return guess("\n".join(first[:: 1 + len(first) // _ENOUGH]))


def guess(text: str) -> str | None:
    """The ISO 639-1 code of the language of `text`; None when its words do not decide."""
    by_script = _by_script(text)
    if by_script:
        return by_script
    counts: dict[str, float] = {}
    for weights in filter(None, map(_weights, _WORD.findall(text.lower()))):  # a third of all words speak for one
        for code, weight in weights:
            counts[code] = counts.get(code, 0.0) + weight
    if not counts:
        return None
    best = max(counts, key=counts.__getitem__)
    most = counts.pop(best)
    return (best or None) if most >= _ENOUGH_WEIGHT and most > _AHEAD * max(counts.values(), default=0.0) else None


@lru_cache(maxsize=16384)
def _weights(word: str) -> tuple[tuple[str, float], ...]:
    """How much a word speaks for which languages. Those that share a small word share its weight, and one letter alone
    may be an initial or a symbol."""
    if codes := _languages_by_word().get(word, ()):
        return tuple((code, (1 if len(word) > 1 else 0.4) / len(codes)) for code in codes)
    if len(word) < _SHORTEST:
        return ()
    codes = tuple(code for code, ending in _ENDING.items() if ending.fullmatch(word))
    return tuple((code, _ENDING_WEIGHT / len(codes)) for code in codes)


def _by_script(text: str) -> str | None:
    """Chinese, Japanese, Korean and Arabic show themselves by their letters."""
    if text.isascii() or max(text) < "\u0600":
        return None
    letters = [c for c in "".join(_HIGH.findall(text)) if c.isalpha()]
    if not letters:  # as in most texts, where only quotation marks and dashes have such codes
        return None
    count = sum(map(str.isalpha, text))
    for code, first, last in (
        ("ja", "\u3040", "\u30ff"),
        ("ko", "\uac00", "\ud7af"),
        ("zh", "\u4e00", "\u9fff"),
        ("ar", "\u0600", "\u06ff"),
    ):
        # Kana are Japanese, however few stand among Chinese characters.
        if sum(first <= c <= last for c in letters) * (_KANA if code == "ja" else 2) > count:
            return code
    return None

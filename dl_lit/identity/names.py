"""People's names: taking printed forms apart, and telling whether two forms can be the same family."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from dl_lit.identity.folding import fold, is_latin, to_latin, words
from dl_lit.identity.vocabulary import PARTICLES, TWO_SYLLABLE_FAMILIES
from dl_lit.model import Person

_LOWER_PARTICLES = PARTICLES - {"y", "e", "und"}
# Unmistakable even without a comma; "Jun" and "Sen" are given names, too.
_AT_THE_END = re.compile(r"(?P<given>\S.*?)(?:,\s*(?P<after>[^\s,]+)|\s+(?P<plain>[JS]r\.?|I{2,3}|IV))\s*")
_SUFFIX = re.compile(r"(?i)^(?:jr|sr|jun|sen|junior|senior|i{2,3}|iv|2nd|3rd|4th)\.?$")
_TITLE = re.compile(r"(?i)^(?:dr|prof|professor|sir|dame|ph\.?d|m\.?d)\.?$")
_BODY = re.compile(
    r"(?i)\b(?:universit\w*|organi[sz]ation|committee|group|consortium|collaborat\w*|institut\w*|minist\w*|department|society"
    r"|association|council|commission|agency|office|bureau|cent(?:er|re)|foundation|federation|union|board|network|team"
    r"|initiative|programme?|project|corporation|company|inc|ltd|gmbh|verband|verein|gesellschaft|bundes\w+|\w*amt"
    r"|stiftung|zentrum|hochschule|kommission|arbeitsgruppe|akademie|academy|library|press|hospital|bank|nations|for|of|the"
    r"|organizaci[oó]n|organização|secretar[ií]a|fundaç\w+|fundaci[oó]n|associação|asociaci[oó]n|universidad\w*|conselho|consejo"
    r"|comisi[oó]n|comissão|sociedad\w*|istituto|\w*corp|llc"
    r"|für|deutsche[rs]?|national|international)\b"
)
# Left out of acronyms; the first four are in no person's name.
_ONLY_IN_BODIES = frozenset({"of", "for", "on", "and"})
_SMALL_IN_BODIES = _ONLY_IN_BODIES | PARTICLES | {"the", "in", "to", "les", "die", "für", "et", "los", "las"}
_INITIALS = re.compile(r"^(?:[^\W\d_]\.?-?){1,4}$")
_HAN = re.compile(r"^[\u3400-\u9fff\U00020000-\U0003ffff]+$")
_HANGUL = re.compile(r"^[\uac00-\ud7a3]+$")
# German and Scandinavian spellings of one sound: ü and ue and u are one letter here, as are Đ and Dj.
_NO_LETTERS = re.compile("[^a-z0-9 ]")
_DIGRAPH = re.compile(r"(?<=[aou])e+")
# Within a printed name: the apostrophe, and accents that TeX sets as signs of their own ("G¨odel", "G¨ odel").
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’‘ʼʻ′´`](?=[^\W\d_])")
_ACCENT = re.compile(r"(?<=[^\W\d_])[¨´`ˇˆ˜˚˝¯˘˙¸] ?(?=[^\W\d_])|(?<![^\W\d_])[¨´`ˇˆ˜˚˝¯˘˙¸](?=[^\W\d_])")
_SET_APART = PARTICLES | {"o", "n", "mc", "mac", "fitz", "st"}  # from the rest of its name
_DIGITS = "0123456789"  # behind a printed name: of a note
_SPANISH_PATRONYMIC = re.compile(
    r"(?i)^(?:garc[ií]a|\w{3,}(?:ez|éz)|moreno|romero|torres|ortega|castro|ruiz|silva|santos)$"
)

# Names and words come again and again: each print is compared with many works.
_REMEMBERED = 1 << 15


def parse(text: str) -> Person:
    """The parts of a printed name; a `name` alone for bodies and where no parts can be told."""
    clean = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip(" ,;&")
    if "," in clean:
        return _inverted(clean)
    if _HAN.match(clean) or _HANGUL.match(clean):
        return _east_asian(clean)
    tokens = [t for t in clean.split(" ") if any(map(str.isalnum, t)) and not _TITLE.match(t)]
    if not tokens or _BODY.search(clean) or any(c.isdigit() for c in clean) or len(tokens) > 6:
        return Person(name=clean or text.strip() or None)
    return _direct(tokens)


def inverted(person: Person) -> str:
    """ "Lovelace, Ada"; a body's name as it is."""
    return person.name or ", ".join(filter(None, (person.family, person.given)))


def family_key(person: Person) -> str:
    """The folded family name: no case, accents, particles, suffixes; umlaut spellings and scripts made one.

    Of a body, its whole name. Empty only for a person without any letters.
    """
    family, _ = _parts(person)
    return _key(family)


@lru_cache(maxsize=_REMEMBERED)
def family_words(person: Person) -> tuple[str, ...]:
    """The folded words of the family name, particles and suffixes left out: what to look for in a printed string."""
    return tuple(_tokens(_parts(person)[0]))


@lru_cache(maxsize=_REMEMBERED)
def all_words(person: Person) -> frozenset[str]:
    """The folded words of the whole name, whatever part they were read as."""
    return folded_words(f"{person.family or ''} {person.given or ''} {person.name or ''}")


def folded_words(text: str | None) -> frozenset[str]:
    """The words of `text`, each folded as a word of a name."""
    return frozenset(fold_word(word) or word for word in words(text or ""))


@lru_cache(maxsize=16)  # one text is looked through for each of a work's authors
def printed_words(text: str) -> frozenset[str]:
    """The words of a printed text, folded as those of `family_words`, with what stands apart in print joined as well:
    "O’Brien" is "obrien" too, "G¨odel" "godel", "De Souza" "desouza"."""
    found: set[str] = set()
    for form in {text, _APOSTROPHE.sub("", _ACCENT.sub("", text))}:
        plain = words_in_order(form)
        found.update(plain)
        found.update(one + two for one, two in pairwise(plain) if one in _SET_APART)
    return frozenset(found)


def words_in_order(text: str) -> list[str]:
    """The words of a printed text, folded as words of names, without the digits of notes behind them; what has no Latin
    letters is empty."""
    return [fold_word(word.rstrip(_DIGITS)) for word in words(text)]


def same_family(a: Person, b: Person) -> bool:
    """Whether the two can bear one family name, however it was split, inverted, shortened or transliterated."""
    (family_a, given_a), (family_b, given_b) = _parts(a), _parts(b)
    key_a, key_b = _key(family_a), _key(family_b)
    if not key_a or not key_b:
        return False
    if key_a == key_b or _nearly(family_a, family_b) or _shares_a_part(family_a, family_b):
        return True
    return _swapped(family_a, given_a, family_b, given_b)


@lru_cache(maxsize=_REMEMBERED)
def acronyms(person: Person) -> frozenset[str]:
    """How the name of a body may be shortened, folded like its words: by the initials of its words, of which the last
    may be left out ("CDC"). Empty for people and short names."""
    text = (person.name or person.family or "").split(",")[0].split("(")[0]
    if person.given or not (_BODY.search(text) or _ONLY_IN_BODIES & set(text.split())):
        return frozenset()
    initials = "".join(word[0] for word in text.split() if word.lower() not in _SMALL_IN_BODIES and word[0].isalpha())
    return frozenset(fold_word(initials[:length]) for length in range(3, len(initials) + 1))


def mentions_a_body(text: str) -> bool:
    return _BODY.search(text) is not None


def is_body(person: Person) -> bool:
    """Whether this names no person: a word that only names of bodies have, or an acronym before other words."""
    text = person.name or f"{person.given or ''} {person.family or ''}".strip()
    first, _, rest = text.partition(" ")
    return mentions_a_body(text) or (len(first) > 2 and first.isupper() and not rest.isupper())


def _inverted(text: str) -> Person:
    parts = [part.strip() for part in text.split(",") if any(map(str.isalnum, part))]
    suffixes = [part for part in parts[1:] if _SUFFIX.match(part)]
    rest = [part for part in parts[1:] if part not in suffixes]
    if not parts or (len(parts) > 1 and _BODY.search(text) and not any(_INITIALS.match(t) for t in rest[-1:])):
        return Person(name=text or None)
    family, given = parts[0], " ".join(rest)
    ahead, trailing = _trailing_particles(given.split(" "))
    if trailing:
        family, given = " ".join([*trailing, family]), " ".join(ahead)
    return Person(family=family, given=" ".join([p for p in (given, *suffixes) if p]) or None)


def _trailing_particles(tokens: list[str]) -> tuple[list[str], list[str]]:
    cut = len(tokens)
    while cut and tokens[cut - 1] in _LOWER_PARTICLES:
        cut -= 1
    return tokens[:cut], tokens[cut:]


def _east_asian(text: str) -> Person:
    if len(text) == 1:
        return Person(family=text)
    cut = 2 if text[:2] in TWO_SYLLABLE_FAMILIES or (len(text) == 4 and _HAN.match(text)) else 1
    return Person(family=text[:cut], given=text[cut:] or None)


def _direct(tokens: list[str]) -> Person:
    """Names without a comma: "Smith J", "J. Smith", "Ludwig van Beethoven", "von Hagen", "García Márquez"."""
    suffixes = [t for t in tokens[1:] if _SUFFIX.match(t)]
    tokens = [t for t in tokens if t not in suffixes] or tokens
    start = _family_start(tokens)
    if start is None:  # the initials come last
        cut = next(i for i, t in enumerate(tokens) if i and _is_initials(t))
        family, given = tokens[:cut], tokens[cut:]
    else:
        family, given = tokens[start:], tokens[:start]
    return Person(family=" ".join(family), given=" ".join([*given, *suffixes]) or None)


def _family_start(tokens: list[str]) -> int | None:
    if len(tokens) == 1:
        return 0
    if _is_initials(tokens[-1]) and not _is_initials(tokens[0]):
        return None
    for place, token in enumerate(tokens[:-1]):
        if token in _LOWER_PARTICLES:
            return place
    if len(tokens) >= 2 and _SPANISH_PATRONYMIC.match(tokens[-2]) and not _is_initials(tokens[-1]):
        return len(tokens) - 2
    return len(tokens) - 1


def _is_initials(token: str) -> bool:
    return bool(_INITIALS.match(token)) and token.upper() == token and (len(token) <= 3 or "." in token)


def _parts(person: Person) -> tuple[str, str]:
    if person.family:
        return person.family, person.given or ""
    parsed = parse(person.name or person.given or "")
    return parsed.family or parsed.name or "", parsed.given or ""


def _tokens(family: str) -> list[str]:
    """Folded words of a family name without particles and suffixes, unless nothing else is left."""
    found = [fold_word(token) for token in words(family.replace("'", "").replace("’", ""))]
    found = [token for part in found for token in part.split()]
    kept = [t for t in found if t not in PARTICLES and not _SUFFIX.match(t)]
    return kept or found


@lru_cache(maxsize=_REMEMBERED)
def fold_word(token: str) -> str:
    """One word of a name in Latin letters: no case, accents and umlaut spellings."""
    token = _NO_LETTERS.sub("", fold(to_latin(token)))
    return _DIGRAPH.sub("", token).replace("dj", "d")


def _key(family: str) -> str:
    return "".join(_tokens(family)) or "".join(words(family))


def _nearly(a: str, b: str) -> bool:
    """Transliterations differ by system; a Latin name differs by at most one letter of many (a misprint)."""
    key_a, key_b = _key(a), _key(b)
    if is_latin(a) != is_latin(b):
        return fuzz.ratio(key_a, key_b) >= 75
    return min(len(key_a), len(key_b)) >= 6 and fuzz.ratio(key_a, key_b) >= 90


def _shares_a_part(a: str, b: str) -> bool:
    """ "García" is "García Márquez" shortened, "Levi Strauss" is "Strauss": one is all of it a part of the other."""
    short, long = sorted((_tokens(a), _tokens(b)), key=len)
    return (
        len(short) < len(long) <= 4
        and len("".join(short)) > 2
        and (short == long[: len(short)] or short == long[-len(short) :])
    )


def _swapped(family_a: str, given_a: str, family_b: str, given_b: str) -> bool:
    """ "Wang, Li", "Li Wang" and "Wang, L.": family and given name changed places."""
    crossed = [_crosses(family_a, given_b), _crosses(family_b, given_a)]
    return all(crossed) and max(crossed) > 1


def _crosses(family: str, given: str) -> int:
    """2 when `given` is the family name written out, 1 when it is its initial, 0 otherwise."""
    key, other = _key(family), "".join(fold_word(token) for token in words(given))
    if _is_initials(given.replace(" ", "")):
        return int(bool(other) and key.startswith(other[0]))
    return 2 if other and key == other else 0


def given_and_suffix(person: Person) -> tuple[str, ...]:
    """ "William H., Jr." as ("William H.", "Jr."), "Ada" as ("Ada",); () without a given name."""
    if not person.given:
        return ()
    found = _AT_THE_END.fullmatch(person.given)
    suffix = found and (found["after"] or found["plain"])
    if found is None or suffix is None or not _SUFFIX.match(suffix):
        return (person.given,)
    return found["given"], suffix

"""Split a printed list of authors or editors into persons and bodies, whatever order the names stand in.

Normalising a single name is `identity.names`; here is only where one name ends and the next begins.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from dl_lit.extraction.parsing import lexicon
from dl_lit.identity import names
from dl_lit.model import Person

_CAPITAL = "[^\\W\\d_a-zß-öø-ÿа-џά-ώčšžćđłńřěůşğıőűęąśźż]"
_DOTTED = rf"{_CAPITAL}[^\W\d_A-Z]{{0,2}}\."
_SMALL = r"(?:[-‐‑–][a-zß-öø-ÿ](?:\.|(?![^\W_])))?"  # "S.-j."
_PARTICLES = r"(?:\s(?:v\.|d\.|von|van|der?|den|d[aiou]s?|del(?:la)?|la|l[ao]s|e|y|ter|zu|le))*"
_INITIALS = re.compile(
    rf"(?:{_DOTTED}{_SMALL}\s?[-‐‑–]?\s?)+(?:{_CAPITAL}\.?)?{_PARTICLES}"
    rf"|{_CAPITAL}{{1,4}}(?:[-‐‑–]{_CAPITAL}{{1,2}})?|(?:{_CAPITAL}\s){{1,3}}{_CAPITAL}"
)
_LEADING_INITIALS = re.compile(rf"(?:{_CAPITAL}[a-zß-öø-ÿ]{{0,1}}\.{_SMALL}(?:\s?[-‐‑–]\s?|\s?))+(?={_CAPITAL}|\w)")
_TRAILING_INITIALS = re.compile(
    rf"(?<=[^\W\d_]{{2}}\s)(?:(?:{_CAPITAL}[a-zß-öø-ÿ]?\.{_SMALL}\s?[-‐‑–]?\s?)+(?:{_CAPITAL})?{_PARTICLES}"
    rf"|{_CAPITAL}{{1,4}}(?:[-‐‑–]{_CAPITAL}{{1,2}})?|{_CAPITAL}(?:\s{_CAPITAL}){{1,2}})$"
)
_SUFFIX = re.compile(
    r"(?i)(?:jr|jnr|sr|iii|ii|iv|2nd|3rd|4th|junior|senior|filho|neto|netto|bisneto|sobrinho|segundo|júnior)\.?"
)
# "LIMA NETO", "Prado Júnior": in Portuguese the suffix belongs to the family name.
_FAMILY_SUFFIX = re.compile(r"(?i)(?:júnior|filho|neto|netto|bisneto|sobrinho|segundo)\.?")
# "R. St. Clair", "St. John, P.", "Mc Gregor": what is one family name is kept together by a sign that is no letter and
# no space, so that nothing divides it; "St. Wolf" alone is a Stefan.
_JOINT = "\u2060"
_COMPOUND = re.compile(
    r"(?:(?<=[A-Z]\.\s)|(?<=[A-Z]\.)|(?<=[a-z]{2}\s)(?<!and\s)(?<!und\s))(St|Ste|Sta|Sto)\.\s(?=[A-Z][a-zé]{2})"
    r"|(?<![\w.])(St|Ste|Sta|Sto)\.\s(?=[A-Z][a-zé]{2}[\w'’-]*,\s*(?:(?:[A-Z]\.[\s-]?)+|[A-Z][a-zé]+(?:\s[A-Z]\.?)?)(?:[,.;&]|\s?&|\s?and\s|\s?$))"
    r"|(?<!\w)(Mc|(?<=[A-Z]\.\s)Mac)\s(?=[A-Z][a-z]{2})"
)
_ORDINAL = re.compile(r"(?<![^\W_])([A-Z])(?:\.\s?[ªº]|[ªº]\.?)\s")  # "M.ª Luisa" is María Luisa
# "Dupont (Jean-Pierre)": given names in brackets, as French bibliographies have them.
_BRACKETED_GIVEN = re.compile(
    rf"((?:^|[,;/&]\s*|\bet\s+)(?:[dD][eu]s?\s|[Ll]e\s)?{_CAPITAL}[\w’'-]+)\s"
    rf"\(({_CAPITAL}(?:\.|[a-zà-ÿ’'-]+\.?)(?:[\s-]{{0,2}}{_CAPITAL}(?:\.|[\w’'-]+\.?)){{0,2}})\)(?=\s*(?:$|[,;:./&]|et\s))"
)
_DEGREE = re.compile(r"(?:Ph\.?\s?D|M\.?\s?D|MBBS|MBA|MPH|MSc|BSc|MA|BDS|DDS|Dr)\.?")
_ET_AL = re.compile(
    r"(?i)(?:[,;&]\s*|\band\s+|\bund\s+|\bet\s+|\be\s+)*(?:\bet\.?\s*al(?:ii)?\b\.?|\bu\.\s?a\.(?:\s?m\.)?"
    r"|\bu\. ?v\. ?a\.|\[\.\.\.\]|\.\.\.|…"
    r"|\b(?:and|und|y) (?:others|andere|otros|colleagues)\b|\bet? (?:autres|outros|altri)\b|\b[ey]? ?cols?\b\."
    r"|\b[ey] colaboradores\b|\bи др\b\.?|\bvd\.|\bi in\.|\ba kol\.|\bm\.? ?fl\.|等)"
)
# In capitals only within brackets: "Dahlen HG" and "Smith ED" are persons.
_EDITORS = (
    r"[Hh]rsgg?|[Hh]gg?|[Hh]erausgeber(?:in|innen)?|[EeÉé]ds?|[Ee]ditors?|[Ee]ditor[ae]s|[Oo]rgs?|[Oo]rganizador(?:es|as?)?"
    r"|[Cc]oords?|[Cc]oord[ei]nador(?:es|as?)?|[Cc]omp(?:ilador(?:es|as?)?)?s?(?=[.)\]])|[Dd]irs?(?=[.)\]])|[Dd]irecteurs?"
    r"|[Aa] cura di|[Ss]ous la dir(?:ection)?|ред"
)
_CAPITALS = r"[\[(]\s?(?:HRSG|HG|EDS?|ORGS?|COORDS?|COMPS?|DIRS?)\.?\s?[\])]"
_EDITOR_ROLE = re.compile(rf"(?:^|[\s,(\[/])(?:{_EDITORS})(?:\b\.?|$)(?!\w)|{_CAPITALS}")
_ROLE = re.compile(
    rf"[\[(]?\s*(?<!\w)(?:{_EDITORS}|[Hh]erausgegeben|[Ee]dited|[Tt]rans(?:l|lated|lator)?|[Üü]bers(?:etzt)?|[Bb]earb|[Gg]asted"
    rf"|[Ee]ditado)(?!\w)\.?(?:\s*(?:by|von|v\.|por|de(?=\s[A-Z]))(?!\w))?\s*[\])]?|{_CAPITALS}"
)
# Most lists have no role, no "et al." and only commas: a pattern is only tried where one of its marks is printed.
_ROLE_MARKS = (
    "hg", "hrsg", "ed", "éd", "herausg", "org", "coord", "comp", "dir", "cura", "ред", "trans", "übers", "bearb",
    "gast",
)  # fmt: skip
_OTHERS_MARKS = (
    "et al", "et. al", "etal", "et.al", "et\xa0al", "et  al", "u.a", "u. a", "u.v", "u. v", "...", "…", "others",
    "andere", "otros", "autres", "outros", "altri", "colleagues", "colaboradores", "col.", "cols.", "等", "др", "vd.",
    "i in.", "kol.", "fl.",
)  # fmt: skip
_STRONG_MARKS = (
    ";", "/", "&", " and ", " und ", " et ", ".and ", ".und ", ".et ", ")and", ",and", ",und", " u.", ",u.", " e ",
    " y ", " a ", " ed ", " og ", " och ", " en ", ".e ", ".y ", ".a ", ",e ", ",y ", "·", "•", "|", "æ", "–", "—",
)  # fmt: skip
_LEAD = re.compile(r"(?i)\W*(?:(?:in|en|em|dans|by)(?!\w)\s*:?\s+|(?:vgl|cf)\.\s+)(?=\S)")
_STRONG = re.compile(
    r"\s*(?:;(?:\s*(?:and|und|et|y|e)(?=\s))?|(?<=[\w.)])\s*/\s*(?=[^\W\d])|[\s,]&\s?|(?<=[.)\w])&(?=\s)|(?<=[\s,.)])(?:(?:and|AND|und|UND|et|ET"
    r"|u\.)(?=\s)|(?:e|y|a|ed|og|och|en)(?=\s[^\W\d_a-zß-öø-ÿ]))"
    r"|\s[·•|Æ]\s|\s[–—]\s)\s*"
)
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_EAST_ASIAN_JOINT = re.compile(r"\s*[,;/&，、；．。·・.|]\s*|(?<=\w)[和与及](?=\w{2})|\s+[와과]\s+|\s+and\s+")
_EAST_ASIAN_ROLE = re.compile(r"[(（\[［]?(?:等|主?[編编著译訳]著?|他|외|편저?|저)[)）\]］]?(?=\W|$)|\d人")
_COUNTRY = re.compile(r"\b(?:U\.\s?(?:S|K|N)\.(?:\s?A\.)?|E\.\s?U\.)")
_BODY_STOP = re.compile(r"(?<=[\w)]{3})\.\s+(?=[^\W\d_a-zà-ÿ])")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_DOTTED_INITIAL = re.compile(rf"(?<!\w){_CAPITAL}\.")
_DITTO = re.compile(r"(?i)(?:ders|dies|dieselben?|derselbe|idem|id|eadem|ibid|ebd)\.?")
_LONGEST_INITIALS = 4
_STRAY = " \t,;:/&_–—-*\"'“”„«»‘’[]()<>†‡"


# "DE LA CRUZ, Ana", "Ó Briain": in capitals, or of one letter, particles look like initials.
_OWN_PARTICLES = re.compile(
    r"(?<!\w)(?:(?:DE|DER|DEN|DA|DAS|DO|DOS|DI|DU|DEL|DELLA|EL|LA|LE|LAS|LES|LOS|MAC|NÍ|VAN|VON|ZU|ZUR) )+"
    r"(?=[^\W\d_a-z]{3,}[,\s;-])"
    r"|(?<!\w)(?:Ó|Ní|Nic) (?=[^\W\d_a-z]\w)"
)


class _Form(Enum):
    INITIALS = "J. A."
    FAMILY_INITIALS = "Smith JA"
    INITIALS_FAMILY = "J. A. Smith"
    WORDS = "John Smith"
    WORD = "Smith"
    SUFFIX = "Jr."


def split_names(text: str) -> tuple[Person, ...]:
    """The persons of a printed list: "Smith, J. A. & J. Doe", "Smith JA, Doe J", "Morin, B./Clarisse Vauquelin"."""
    if not text.isascii() and _EAST_ASIAN.search(text):
        return _east_asian(text)
    text = _joined(text.replace("،", ","))
    if " ." in text or ".." in text:
        text = re.sub(r"\s+\.|\.\.+", ".", text)
    lower = text.lower()
    if lexicon.any_in(_ROLE_MARKS, lower):
        text = _ROLE.sub(" ", text)
    if lexicon.any_in(_OTHERS_MARKS, lower):
        text = _ET_AL.sub(" ", text)
    if lead := _LEAD.match(text):
        text = text[lead.end() :]
    people: list[Person] = []
    for chunk in _chunks(text):
        if tidied := _tidy(chunk):
            people += _people(tidied)
    found = tuple(person for person in people if (person.family or person.name) and not _is_ditto(person))
    return tuple(map(_parted, found)) if _JOINT in text else found


def _joined(text: str) -> str:
    """The list with what is one name tied together."""
    if "St" in text or "Mc" in text or "Mac" in text:
        text = _COMPOUND.sub(_tied, text)
    text = _OWN_PARTICLES.sub(_tied_throughout, text)
    if "ª" in text or "º" in text:
        text = _ORDINAL.sub(rf"\1.ª{_JOINT}", text)
    return _BRACKETED_GIVEN.sub(r"\1, \2", text) if "(" in text else text


def _tied_throughout(match: re.Match[str]) -> str:
    return match.group().replace(" ", _JOINT)


def _tied(match: re.Match[str]) -> str:
    return match.group().rstrip() + _JOINT


def _parted(person: Person) -> Person:
    """The person with spaces for the signs that tied the name together."""
    values = (person.family, person.given, person.name)
    return Person(*(value and value.replace(_JOINT, " ") for value in values))


def _east_asian(text: str) -> tuple[Person, ...]:
    """Chinese, Japanese and Korean names, which any punctuation parts, but a space only where there are three or more.

    Latin names among them are divided as usual.
    """
    people: list[Person] = []
    for chunk in _EAST_ASIAN_JOINT.split(_EAST_ASIAN_ROLE.sub(" ", text)):
        words = chunk.strip(_STRAY).split()
        if not words or not _EAST_ASIAN.search(chunk):
            people += split_names(chunk) if words else ()
        elif len(words) == 2 and len(words[0]) <= 3:
            people.append(Person(family=words[0], given=words[1]))
        else:
            people += [names.parse(word) for word in words]
    return tuple(people)


def _is_ditto(person: Person) -> bool:
    """ "Ders.", "idem": the author of the entry above, whom the string itself does not name."""
    return bool(_DITTO.fullmatch(person.family or person.name or ""))


def has_editor_role(text: str, *, within: int | None = None) -> bool:
    """Whether the names in `text` are said to be editors ("(Hg.)", "eds.", "edited by"), in its first characters."""
    found = _EDITOR_ROLE.search(text) if lexicon.any_in(_ROLE_MARKS, text.lower()) else None
    return found is not None and (within is None or found.start() < within)


def _tidy(chunk: str) -> str:
    return " ".join(chunk.strip(_STRAY).split())


def _chunks(text: str) -> list[str]:
    """Stretches between the signs that can only stand between two names."""
    if is_body(text) and not re.search(r"[/;]", text):
        return [text]
    return _STRONG.split(text) if lexicon.any_in(_STRONG_MARKS, text.lower()) else [text]


@lru_cache(maxsize=1024)
def is_body(text: str) -> bool:
    """A corporate author: a tell-tale word, and nothing that looks like initials."""
    if lexicon.words("bodies").isdisjoint(_WORD.findall(text.lower())):
        return False
    return not _DOTTED_INITIAL.search(_COUNTRY.sub("", text))


def _people(chunk: str) -> list[Person]:
    """The persons of a stretch in which commas part either names or the halves of a name."""
    if is_body(chunk):
        return [Person(name=name) for name in _bodies(chunk)]
    parts = [part for part in (_tidy(p) for p in chunk.split(",")) if part and not _DEGREE.fullmatch(part)]
    if len(parts) == 1:
        return [_single(parts[0])]
    people: list[Person] = []
    forms = list(map(_form, parts))
    i = 0
    while i < len(parts):
        taken = _width(parts[i : i + 3], forms[i : i + 3], alone=len(parts) == 2, later=bool(people))
        people.append(_inverted(parts[i : i + taken]) if taken > 1 else _single(parts[i]))
        i += taken
    return people


def _bodies(chunk: str) -> list[str]:
    """ "Ministério da Saúde. Instituto do Câncer": a body and the one below it."""
    found = [_tidy(name) for name in _BODY_STOP.split(chunk)]
    return [f"{name})" if name.count("(") > name.count(")") else name for name in found if name]


def _inverted(parts: list[str]) -> Person:
    """`family, given[, suffix]`, as printed: a particle behind the given name stays there ("Boer, T. de")."""
    return Person(family=parts[0], given=" ".join(parts[1:]))


@lru_cache(maxsize=8192)  # the same names come again and again in a list
def _single(part: str) -> Person:
    """A name without a comma."""
    words = part.split()
    form = _form(part)
    if form is _Form.FAMILY_INITIALS and words[-1].isupper() and len(words[-1]) > 2 and _is_given(words[0]):
        return names.parse(part)  # "Otto KURZ"
    if form is _Form.FAMILY_INITIALS and (behind := _TRAILING_INITIALS.search(part)):
        return _behind(part[: behind.start()].split(), behind.group())
    if form is _Form.INITIALS_FAMILY and not any(map(_is_own_suffix, words)):
        ahead = _LEADING_INITIALS.match(part)
        return _direct(part, ahead.end() if ahead else 0)
    if len(words) > 2 and _FAMILY_SUFFIX.fullmatch(words[-1]) and form is _Form.WORDS and not _is_own_suffix(words[-1]):
        return Person(family=" ".join(words[-2:]), given=" ".join(words[:-2]))
    if len(words) == 1 and part.isupper() and len(part) <= 6:
        return Person(family=part) if len(part) > 2 else Person(name=part)
    return names.parse(part)


def _is_given(word: str) -> bool:
    return not word.isupper() and word.lower() in lexicon.words("given")


def _behind(family: list[str], initials: str) -> Person:
    """Initials last; "Kranz Tilo B." has a given name before them."""
    given = lexicon.words("given")
    if len(family) == 2 and family[1].lower() in given and family[0].lower() not in given | lexicon.words("particles"):
        return Person(family=family[0], given=f"{family[1]} {initials}")
    return Person(family=" ".join(family), given=initials)


def _direct(part: str, cut: int) -> Person:
    """Initials first; "W. P. Frank Smith" has a further given name, "L. van der Berg" has none."""
    given, family = part[:cut].strip(), part[cut:].strip()
    last = family.split()[-1]
    is_compound = _FAMILY_SUFFIX.fullmatch(last) and not _is_own_suffix(last)
    if is_compound or family.split()[0].lower() in lexicon.words("particles"):  # "Y. Le Blanc", "P. Lima Neto"
        return Person(family=family, given=given)
    parsed = names.parse(f"{given} {family}") if " " in family else None
    return parsed if parsed and parsed.family else Person(family=family, given=given)


def _width(parts: list[str], forms: list[_Form], *, alone: bool, later: bool) -> int:
    """How many of `parts`, the next three, the first name takes up."""
    if len(parts) == 1:
        return 1
    if forms[1] is _Form.SUFFIX:
        return 3 if len(parts) > 2 and forms[0] is _Form.WORD and forms[2] is _Form.INITIALS else 2
    if not _is_inverted(forms[0], forms[1], parts, alone=alone, later=later):
        return 1
    return 3 if len(parts) > 2 and forms[2] is _Form.SUFFIX else 2


def _is_inverted(head: _Form, following: _Form, parts: list[str], *, alone: bool, later: bool) -> bool:
    """Whether `parts` begin with a family name and the given names that belong to it."""
    if head in (_Form.FAMILY_INITIALS, _Form.INITIALS_FAMILY) or following is _Form.INITIALS_FAMILY:
        return False
    if following is _Form.FAMILY_INITIALS:  # "Martin, Oscar B."
        return head is _Form.WORD and (not later or parts[1].split()[0].lower() in lexicon.words("given"))
    if following is _Form.INITIALS:
        return not parts[1].isupper() or "." in parts[1] or len(parts[1]) <= 4
    if head in (_Form.WORD, _Form.INITIALS):
        return True
    if parts[0].isupper() and not parts[1].isupper() and len(parts[0]) > _LONGEST_INITIALS:
        return True  # "ALBUQUERQUE LIMA, Raimundo Nonato de"
    return not later and _reads_inverted(parts[0].split(), parts[1].split(), alone=alone)


def _reads_inverted(head: list[str], following: list[str], *, alone: bool) -> bool:
    """ "García Márquez, Gabriel" against "John Smith, Jane Doe": given names are known by the lexicon."""
    given = lexicon.words("given")
    if "ª" in following[0]:
        return True
    if head[0].lower() in given:
        return False
    return (following[0].lower() in given and (len(following) == 1 or following[-1].lower() in given)) or (
        alone and len(following) == 1
    )


def _is_own_suffix(word: str) -> bool:
    """Whether it is a suffix that stands apart from the family name: "Jr.", "III"."""
    return bool(_SUFFIX.fullmatch(word)) and not _FAMILY_SUFFIX.fullmatch(word)


def _is_family(words: list[str]) -> bool:
    """ "LIMA NETO", "Prado Filho", "O'Brien III", but not "Ana Neto" or "J. Prado III"."""
    if not _SUFFIX.fullmatch(words[-1]) or words[-1] in ("JR", "SR", "II", "IV"):  # in "Landis JR" these are initials
        return False
    if len(words) == 2:
        return len(words[0]) > 2 and words[0].lower() not in lexicon.words("given")
    return " ".join(words).isupper() and "." not in words[0]


@lru_cache(maxsize=4096)
def _form(part: str) -> _Form:
    if _SUFFIX.fullmatch(part):
        return _Form.SUFFIX
    words = part.split()
    if _INITIALS.fullmatch(part):
        return _Form.INITIALS if len(part) < 4 or "." in part or " " in part or "-" in part else _Form.WORD
    if len(words) == 1 or _is_family(words):
        return _Form.WORD
    if _TRAILING_INITIALS.search(part) and not _LEADING_INITIALS.match(part):
        return _Form.FAMILY_INITIALS
    if _LEADING_INITIALS.match(part):
        return _Form.INITIALS_FAMILY
    return _Form.WORD if all(w.lower() in lexicon.words("particles") for w in words[:-1]) else _Form.WORDS

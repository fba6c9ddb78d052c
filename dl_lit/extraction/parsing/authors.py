"""Split a printed list of authors or editors into persons and bodies, whatever order the names stand in."""

from __future__ import annotations

import re

from dl_lit.identity import names
from dl_lit.model import Person

_PARTICLES = frozenset(
    "von vom zu zum zur van der den de del della di da das dos do du des la le las los ten ter te af av el al bin ibn"
    " dalla dal degli delle van't 't y mac st auf dem op".split()
)
_SUFFIX = re.compile(r"(?i)(?:jr|sr|iii|ii|iv|junior|senior|filho|neto|júnior)\.?")
_INITIALS = re.compile(
    r"(?:(?:[^\W\d_a-zß-öø-ÿ][^\W\d_A-Z]{0,2}\.)(?:\s?[-‐‑–]\s?|\s?))+(?:[^\W\d_a-zß-öø-ÿ]\.?)?"
    r"|[^\W\d_a-zß-öø-ÿ]{1,4}(?:[-‐‑–][^\W\d_a-zß-öø-ÿ]{1,2})?\.?|(?:[^\W\d_a-zß-öø-ÿ]\s){1,3}[^\W\d_a-zß-öø-ÿ]"
)
_ET_AL = re.compile(
    r"(?i)(?:[,;&]\s*|\band\s+|\bund\s+|\bet\s+|\be\s+)*(?:\bet\.?\s*al(?:ii)?\b\.?|\bu\.\s?a\.|\b(?:and|und|y) (?:others|andere|otros)\b"
    r"|\be(?:t)? (?:autres|outros)\b|\bu\. ?v\. ?a\.|\[\.\.\.\]|\.\.\.|…)"
)
_ROLE = re.compile(
    r"(?i)[\[(]?\s*\b(?:hrsgg?|hgg?|herausgeber(?:in|innen)?|herausgegeben von|hrsg\. von|hg\. von|eds?|editors?|edited by|ed\. by|dirs?|coords?"
    r"|orgs?|organizador(?:es|as?)?|trans(?:l|lator|lated by)?|übers(?:etzt von)?|comps?|red|bearb)\b\.?\s*[\])]?"
)
_EDITOR_ROLE = re.compile(r"(?i)[\s,(\[](?:hrsgg?|hgg?|herausgeber(?:innen)?|eds?|editors?|organizadore?s|orgs?)\b\.?")
_ROLE_FIRST = re.compile(r"(?i)^\W*(?:in|en|em|dans)\b\s*:?\s+(?=\S)")
_STRONG = re.compile(
    r"\s*(?:;|(?<=[\w.)])\s*/\s*(?=[^\W\d])|\s&\s?|(?<=[\s,.)])&(?=\s)|(?i:(?<=[\s,.)])(?:and|und|et|e|y|a|ed|og|och|en)(?=\s))"
    r"|\s[·•|]\s|\s[–—]\s)\s*"
)
_BODY_WORDS = frozenset(
    "organization organisation organización organização ministry ministerium ministère ministério university universität universidade"
    " universidad bundesamt bundesministerium bundesanstalt bundesregierung bundeszentrale bundesagentur institute institut instituto"
    " department committee commission council agency association society group bank office bureau centre center foundation consortium"
    " collaboration team board network union nations government authority service services verband verein stiftung kommission amt"
    " gesellschaft landesamt statistisches statistik deutscher deutsches deutsche akademie zentrum rat fund programme program project"
    " initiative federation academy college school hospital company inc corporation ltd gmbh press news agência associação fundação"
    " secretaria conselho empresa comissão sociedade brasil observatory museum parliament congress administration survey task force"
    " working investigators europäische kommission world international national federal unesco oecd who".split()
)


def split_names(text: str) -> tuple[Person, ...]:
    """The persons of a printed list ("Smith, J. A. & J. Doe", "Smith JA, Doe J", "Aron, Raymond/Dominique Schnapper")."""
    text = _ROLE_FIRST.sub("", _ROLE.sub(" ", text))
    text = _ET_AL.sub(" ", text)
    people: list[Person] = []
    chunks = [chunk for chunk in (_tidy(c) for c in _chunks(text)) if chunk]
    for chunk in chunks:
        people.extend(_chunk(chunk, inverted_before=bool(people) and people[0].given is not None and "," in chunks[0]))
    return tuple(person for person in people if person.family or person.name)


def has_editor_role(text: str) -> bool:
    """Whether the names in `text` are said to be editors ("(Hg.)", "eds.", "edited by")."""
    return bool(_EDITOR_ROLE.search(text))


def _tidy(chunk: str) -> str:
    chunk = chunk.strip(" ,;:/&–—-*\"'“”„«»‘’[]()<>")
    return re.sub(r"\s+", " ", chunk)


def _chunks(text: str) -> list[str]:
    if _is_body(text) and "/" not in text and ";" not in text:
        return [text]
    return _STRONG.split(text)


def _is_body(text: str) -> bool:
    """A corporate author: a tell-tale word, and nothing that looks like initials."""
    words = text.split()
    if any(_INITIALS.fullmatch(w.strip(",;")) and w.strip(",;").endswith(".") for w in words):
        return False
    return any(w.strip(",.;()").lower() in _BODY_WORDS for w in words)


def _chunk(chunk: str, *, inverted_before: bool) -> list[Person]:
    """The persons of a stretch without `and`, `;` or `/`: commas part either names or the halves of a name."""
    if _is_body(chunk):
        return [Person(name=chunk)]
    parts = [part for part in (_tidy(p) for p in chunk.split(",")) if part]
    if len(parts) == 1:
        return [_whole(parts[0])]
    people: list[Person] = []
    i = 0
    while i < len(parts):
        taken, person = _next_person(parts[i:], pairs=len(parts) == 2, follows=inverted_before or bool(people))
        people.append(person)
        i += taken
    return people


def _next_person(parts: list[str], *, pairs: bool, follows: bool) -> tuple[int, Person]:
    """The first person of `parts` and how many parts it takes up."""
    head, following = parts[0], parts[1] if len(parts) > 1 else None
    if following is None or _is_complete(head):
        if following and _SUFFIX.fullmatch(following):
            return 2, _whole(f"{head}, {following}")
        return 1, _whole(head)
    if _SUFFIX.fullmatch(following) and len(parts) > 2:
        return 3, Person(family=head, given=f"{parts[2]}, {following}")
    if _is_given(following) and (_is_family(head) or pairs or not follows):
        taken, given = 2, following
        if len(parts) > 2 and _SUFFIX.fullmatch(parts[2]):
            taken, given = 3, f"{following}, {parts[2]}"
        return taken, _inverted(head, given)
    return 1, _whole(head)


def _is_complete(part: str) -> bool:
    """A whole name: family and initials without a comma ("Smith JA"), or initials and family ("J. A. Smith")."""
    words = part.split()
    if len(words) < 2:
        return False
    first, last = words[0], words[-1]
    if _INITIALS.fullmatch(last) and not last.endswith(".") and len(last) <= 4:
        return not _INITIALS.fullmatch(first) or len(words) > 2
    initial_first = bool(re.fullmatch(r"[^\W\d_]{1,2}\.(?:[-‐‑–]?[^\W\d_]\.)*", first))
    if initial_first and not _INITIALS.fullmatch(last):
        return True
    return _INITIALS.fullmatch(last) is not None and last.endswith(".") and len(words) == 2 and len(first) > 3


def _is_family(part: str) -> bool:
    words = [w for w in part.split() if w.lower() not in _PARTICLES]
    return len(words) <= 1 or (len(words) == 2 and len(part) < 30)


def _is_given(part: str) -> bool:
    words = part.split()
    if _INITIALS.fullmatch(part):
        return True
    return len(words) <= 4 and words[0][0].isupper() and not any(ch.isdigit() for ch in part)


def _inverted(family: str, given: str) -> Person:
    """`family, given`; particles printed behind the given name belong to the family ("Kardorff, E. v.")."""
    return Person(family=family, given=given)


def _whole(text: str) -> Person:
    return names.parse(text)

"""A note cut into the works that it cites: prose left out, one stretch of the print for each citation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from dl_lit.extraction.footnotes import phrases
from dl_lit.extraction.looks import is_dated, signals, starts_like_reference

_LONGEST = 20_000  # characters of a note; what is longer is a page that was taken for one


class Kind(Enum):
    FULL = "a work with its title"
    SHORT = "a work that is named in full elsewhere"
    REPEAT = "the work cited last"


@dataclass(frozen=True, slots=True)
class Segment:
    text: str
    kind: Kind


def segments(note: str) -> list[Segment]:
    """The citations of a note (without its mark), in their order."""
    text = note[:_LONGEST].strip()
    found: list[Segment] = []
    for piece in _pieces(text):
        citation = _citation(piece)
        if citation is not None:
            found.append(citation)
    return found


# ── pieces ───────────────────────────────────────────────────────────────────────────────────────────────

_UPPER = phrases.UPPER
_OPENING = phrases.OPENING
_ASIDE = re.compile(r"\((?=(?:vgl\.|siehe|see|cf\.|s\. ?(?:auch|dazu|hierzu)|compare|quelle:)[\s,])", re.I)
_BREAK = re.compile(
    rf";|(?<=[.)\]\d]) [–—]+ (?=[{_UPPER}{_OPENING}])|(?<=[.)\]]) - (?=[{_UPPER}{_OPENING}])"
    rf"|[.!?…]+[{_OPENING}”’)\]]*\s+(?=[{_UPPER}{_OPENING}(\d]|(?i:ders\.|dies\.|vgl\.|siehe|id\.|ebd|http|www))"
    rf"|,?\s(?:sowie|und|and|as well as|ferner|et|oder|or|bzw\.)\s(?=[{_UPPER}{_OPENING}]|(?:auch|bei|etwa|ders\.|vgl\.|siehe|see) )"
    r"|[,:]?\s(?=(?i:siehe|vgl\.|see|cf\.|compare|so|ebenso|anders)\s|s\.\s)|,\s(?=(?:ders|dies)\.,)"
    rf"|(?<=\d\))\s(?=[{_UPPER}])|,\s(?=[{_UPPER}])"
)
# A citation may end here: a year, a page, a bracket, an address.
_TERMINAL = re.compile(
    rf"(?:\d[a-z]?|(?<!\w)(?:ff?|sqq?|et seq)\.?|[)\]]|passim|m\.? ?w\.? ?N(?:achw)?\.?|"
    r"(?:https?:|www\.)\S+)[.,]*$"
)
_ORDINAL = re.compile(r"(?:^|[\s(,])\d{1,2}\.$")
_AFTER_ORDINAL = re.compile(
    r"(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Mar|May|Oct|Dec|Aufl|Ausg|Ed|Edn|Bd|Band|Jg|Jahrg|Jahrh|Wahlp|"
    r"Legis|Kap|Heft|Sitz|Teil|Abs|Tag|Welt|Internat|Deutsch|Bundes|Kongre|Folge|Reihe|Lief|\d)",
    re.I,
)
_ABBREVIATED = re.compile(
    r"(?:^|[\s(/,.-])(?:[^\W\d_]|St|Bd|Bde|Nr|No|Vol|Vols|Jg|H|Hrsg|Hg|Hsg|eds?|pp|Rn|Art|Abs|Aufl|ch|chap|Kap|Tab|Abb|Dr|Prof|"
    r"Univ|Diss|phil|jur|vgl|cf|bzw|usw|Verf|Mr|Mrs|Ms|Jr|Sr|ca|Nov|Okt|Oct|Dez|Dec|Jan|Feb|Aug|Sept?|Apr|Rev|Int|Am|Soc|Sc|Law|"
    r"hrsg|hg|Übers|Lit|insbes|bes|Anm|Fn|op|loc|cit|al|Mass|Cambr|Conn|Calif|Ill|trans|dt|engl|frz|Ders|Dies|zit|n)\.$"
)
_NAMES_AND_YEAR = re.compile(rf"[^,:;]{{3,90}}?{phrases.ROLE}[,.]? ?\({phrases.YEAR}(?:, \d+)?\)[.:]?")
_GIVEN = rf"[{_UPPER}][\w.’'-]*"
_INVERTED_AND_YEAR = re.compile(
    rf"[{_UPPER}][\w’'-]+, {_GIVEN}(?:,? (?:{_GIVEN}|&|and|und|von|de))*?(?: ?/ ?{_GIVEN}(?:,? {_GIVEN})*)*[.,]? \(?{phrases.YEAR}\)?[.:]?"
)



def _pieces(text: str) -> Iterator[str]:
    """Stretches that hold one citation at most, from left to right."""
    text, asides = _without_asides(text)
    shut = _shut(text)
    start = 0
    for found in _BREAK.finditer(text):
        at = found.start()
        if at <= start or shut[at] or not _parts(text, start, found):
            continue
        yield _upto(text, start, found)
        start = found.end()
    yield text[start:].strip()
    for aside in asides:
        yield from _pieces(aside)


def _upto(text: str, start: int, found: re.Match[str]) -> str:
    closing = found.group().strip() if found.group().lstrip()[:1] in (".", "!", "?", "…") else ""
    return (text[start : found.start()] + closing).strip()


def _without_asides(text: str) -> tuple[str, list[str]]:
    """ "(see A. Bell, Tides (1990))" taken out of the sentence it stands in."""
    asides: list[str] = []
    while opened := _ASIDE.search(text):
        end = _closing(text, opened.start())
        asides.append(text[opened.end() : end])
        text = f"{text[: opened.start()].rstrip()} {text[end + 1 :].lstrip()}"
    return text, asides


def _closing(text: str, opened: int) -> int:
    """The index of the bracket that closes the one at `opened`; the end of the text if none does."""
    depth = 0
    for at in range(opened, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return len(text)


_QUOTED = re.compile(
    r"„[^“”\"„]{1,300}[“”\"]|“[^”“]{1,300}”|\"[^\"“]{1,300}[\"“”]|«[^»«]{1,300}»|»[^«»]{1,300}«|(?<!\w)[‘‚].{2,300}?[’‘](?!\w)"
)
_BRACKETED = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\]")


def _shut(text: str) -> bytearray:
    """For each character whether it stands inside quotation marks or brackets, where nothing is cut."""
    shut = bytearray(len(text) + 1)
    for pattern in (_QUOTED, _BRACKETED):
        for found in pattern.finditer(text):
            for at in range(found.start() + 1, found.end() - 1):
                shut[at] = 1
    return shut


def _parts(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether the citation before this place is over, or the prose before it."""
    sign = found.group().strip().casefold()
    closing = sign[:1] if sign[:1] in (".", "!", "?", "…") else ""
    before, after = (text[start : found.start()] + closing).strip(), text[found.end() :]
    if not sign or sign == ",":
        return _parts_at_comma(before, after)
    if sign == ";":
        return _parts_at_semicolon(before, after)
    if closing:
        return _parts_at_stop(before, after)
    if sign[0] in "-–—":
        return _leads(after) or bool(_TERMINAL.search(before) and (_is_comment(after) or _begins(after)))
    return bool(_TERMINAL.search(before)) and _begins(after) and not _NAMES_AND_YEAR.fullmatch(before)


def _parts_at_semicolon(before: str, after: str) -> bool:
    # "Ahlers; Bohm; Carstens, Titel": only names so far.
    over = _TERMINAL.search(before) or _dated(before) or phrases.REPEAT.search(before) or _leads(after)
    return bool(over or (_names_work(after) and phrases.PERSON.match(after) and _SENTENCE.search(before)))


_SENTENCE = re.compile(r"(?<!\w)[a-zäöüß]{4,} (?:\S+ ){3,}")


def _parts_at_comma(before: str, after: str) -> bool:
    """At "siehe", "see", "ders.", and where a citation follows another after no more than a comma or a bracket."""
    if _leads(after):
        return _begins(after)
    if phrases.DITTO.match(after):
        return bool(_TERMINAL.search(before))
    whole = _kind(before) is Kind.FULL if _TERMINAL.search(before) and len(before) > 40 else False
    return whole and bool(phrases.PERSON.match(after)) and bool(_INITIALS_THEN_TITLE.match(after))


_INITIALS_THEN_TITLE = re.compile(rf"(?:[{_UPPER}]\. ?){{1,3}}[{_UPPER}][\w-]+, [{_OPENING}]")


def _parts_at_stop(before: str, after: str) -> bool:
    if _leads(after) or phrases.DITTO.match(after) or phrases.REPEAT.match(after):
        return not before.endswith((" s.", "Vgl.", "vgl.", "Cf."))
    if _ORDINAL.search(before) and _AFTER_ORDINAL.match(after):
        return False
    if _NAMES_AND_YEAR.fullmatch(_body(before)) or _INVERTED_AND_YEAR.fullmatch(_body(before)):
        return False
    if _TERMINAL.search(before):
        return not _is_rest(after)
    if _ABBREVIATED.search(before):
        return False
    if _AT_PLACE.search(before) and _is_comment(after):
        return True
    # Prose is over, and a person's name begins the next sentence.
    prose = not _begins(before) and not _later(before, 0)
    return prose and _begins(after) and bool(phrases.PERSON.match(after) or after[:1] in _OPENING)


_AT_PLACE = re.compile(rf"[.:,] [{_UPPER}][\w-]+(?:[ /-][{_UPPER}][\w-]+)?\.$")


def _is_comment(text: str) -> bool:
    """A sentence of prose."""
    return bool(phrases.OPENER.match(text) and phrases.VERB.search(_unquoted(text)[:60]))


_REST = re.compile(
    rf"(?:Aufl|Auflage|Bd|Band|Jg|Jahrgang|Heft|Nr|No|Vol|Hrsg|Hg|In:|In [{_UPPER}]|Online|URL|DOI|ISBN|S\.|pp?\.|Zugriff|Abruf|"
    rf"Accessed|Retrieved|Available|Verfügbar|[{_UPPER}][\w.-]+(?:[ /,-]+[{_UPPER}][\w.-]+){{0,3}}: (?:[{_UPPER}])|"
    rf"[{_UPPER}][\w/-]+(?:[ /][{_UPPER}][\w/-]+)?(?: {phrases.YEAR})?\s*(?:[.;]|$)|\d)"
)


def _is_rest(after: str) -> bool:
    """What goes on with the same work: its edition, its place and publisher, its pages."""
    return bool(_REST.match(after))


def _leads(text: str) -> bool:
    return bool(phrases.CUE.match(text))


def _body(piece: str) -> str:
    """Without the words that lead to the citation."""
    lead = phrases.LEAD.match(piece)
    return piece[lead.end() :] if lead else piece


def _begins(text: str) -> bool:
    """Whether a citation begins here, words that lead to it aside."""
    body = _body(text)
    quoted = body[:1] in _OPENING and len(body) > 1
    return bool(quoted or _names_work(body) or phrases.DITTO.match(body) or _SHORT_BEGIN.match(body))


def _names_work(text: str) -> bool:
    named = phrases.NAMED.match(text) or _CASE.match(text) or phrases.CORPORATE.match(text)
    return bool(named) or starts_like_reference(text) == 1.0


_CASE = re.compile(rf"(?!{phrases.OPENER.pattern})[{_UPPER}][^.;,]{{0,60}}? v\.? [{_UPPER}]\w")
_SHORT_BEGIN = re.compile(rf"{phrases.NAMES},? (?:[IV]{{1,3}} )?(?:\d|[(\[](?:\d{{4}}|oben|Anm|Fn|FN|N\.|n\.|s\. |wie |vorige))")


# ── citations ────────────────────────────────────────────────────────────────────────────────────────────

# In prose: words before which a title or an author's name may begin ...
_PLACES = re.compile(
    rf"(?<=\s)(?:bei|von|by|durch|nach|in|auf|aus|from|siehe|see|vgl\.|cf\.|etwa|z\. ?B\.|auch|als|per|s\.|näher|ausführlich\w*|insbes\w*\.?|bereits|schon|dazu|hierzu|jetzt|zuletzt|especially|also|further|notably)\s"
    rf"(?=[{_UPPER}{_OPENING}])|[:]\s+(?=[{_UPPER}{_OPENING}]|https?:|www\.)|(?<=[,(])\s?(?=www\.|https?:)"
)
# ... and those before which only what is unmistakable counts.
_ANYWHERE = re.compile(rf"(?<=[^\W\d_]{{2}})\s(?=[{_UPPER}])")
_UNMISTAKABLE = re.compile(
    rf"(?:[{_UPPER}]\. ?){{1,3}}(?:[a-z]+ )?[{_UPPER}][\w-]+[,:] [{_OPENING}{_UPPER}]|{_CASE.pattern}|"
    rf"[{_UPPER}][a-zà-ÿ]+ [{_UPPER}][\w-]+[,:] [{_OPENING}]"
)
_URL = re.compile(r"(?:https?:?//|www\.)[^\s,;]+")
_ADDRESS = re.compile(r"\S+?(?=[.,;)>]*(?:\s|$))(?:[.,]?\)? ?\((?:[^()]{4,60})\))?\.?")
_DATE = r"(?:(?<![\d/])\d{1,3}/(?:19|20)\d\d(?!\d)|\d{1,2}\. ?(?:\d{1,2}\. ?|[A-Z][a-zä]+\.? )(?:19|20)?\d\d|\d{1,2} [A-Z][a-z]+\.? (?:19|20)\d\d)"
_DATED_NEWS = re.compile(rf"[{_UPPER}][^.;:]{{1,70}}?,? (?:No\. \d+, |Nr\. \d+, |vom |v\. |of )?{_DATE}")
_LAW = re.compile(
    rf"(?:(?!{phrases.OPENER.pattern})[{_UPPER}][^.;]{{0,80}}? v\.? [{_UPPER}][^;]{{0,80}}?[\[(]?{phrases.YEAR}|.{{4,90}}(?:Act|Code|Rules?|Regulations?|Order),? "
    rf"{phrases.YEAR}|BGHZ |BVerfGE? |BVerwGE? |BGHSt |EuGH|BGBl|BT-Drs|[\[(]{phrases.YEAR}[\])] (?:\d+ )?[{_UPPER}]\.)"
)
_IN_BOOK = re.compile(rf", (?:in|In):? [{_UPPER}][^\W\d_].{{3,}}\d")  # "..., in: Bell/Corti 45 ff."
_TALK = re.compile(r"(?i)\b(?:interview|gespräch|conversation|mitteilung|brief|letter|e-?mail|auskunft)\b")
_PAGES = r"(?:(?:S|pp?|Rn|Rz|Tz|Sp|fol|Bl|para|paras|ch|Kap|Bd|Vol|Seite|page)\.? ?)?[\dIVXivxl]+(?:\s?[-–—]+\s?\d+)?\s?(?:ff?\.?|sqq?\.)?"
_LIST_OF_PAGES = (
    rf"(?:[\s,;:]*(?:insbes(?:ondere|\.)|bes\.|esp\.|especially|at|hier|here|and|und|sowie|siehe auch|see also|vgl\. auch|vgl\.|"
    rf"passim|u\. ?ö\.|m\.? ?w\.? ?N\w*\.?|\({_PAGES}\)|{_PAGES}))*"
)
_SHORT = re.compile(
    rf"(?P<names>{phrases.SHORT_NAMES}|[{_UPPER}][^,;:()\d]{{1,60}}?){phrases.ROLE},?\s?(?:[(\[]?(?P<year>{phrases.YEAR})[)\]]?)?"
    rf"{_LIST_OF_PAGES}[\s.,;:)\]]*(?:{phrases.NOTE_POINTER.pattern}{_LIST_OF_PAGES}[\s.,;:)\]]*)?"
)


@dataclass(frozen=True, slots=True)
class ShortForm:
    """ "Bell 1990, S. 4", "Bell, a.a.O.": the names as printed, and the year."""

    names: str
    year: int | None


def short_form(text: str) -> ShortForm | None:
    found = _SHORT.fullmatch(text)
    if not found:
        return None
    year = found["year"]
    return ShortForm(found["names"].strip(" ,"), int(year[:4]) if year else None)


def _citation(piece: str) -> Segment | None:
    piece = piece.strip(" ,;:–—-")
    for start in _starts(piece):
        text = _trimmed(piece[start:])
        kind = _kind(text, is_whole=start == 0)
        if kind is not None:
            return Segment(text, kind)
    return None


def _starts(piece: str) -> Iterator[int]:
    """Where the citation in a piece may begin, the likeliest place first."""
    lead = phrases.LEAD.match(piece)
    first = lead.end() if lead else 0
    if lead and phrases.DITTO.match(piece):
        first = 0
    sentence = bool(phrases.OPENER.match(piece[first:]))
    later = _later(piece, first)
    named = _begins(piece[first:]) and not (sentence and phrases.VERB.search(_unquoted(piece[first:])[:60]))
    if named:
        yield first
    for at in later:
        again = phrases.LEAD.match(piece, at)
        yield again.end() if again else at
    if not named:
        yield first
        url = _URL.search(piece)
        if url and url.start() < 80 and not phrases.VERB.search(piece[: url.start()]):
            yield url.start()


def _later(piece: str, first: int) -> list[int]:
    """Places inside prose, those behind a word that leads to works before those behind any other."""
    shut = _shut(piece)
    led = [found.end() for found in _PLACES.finditer(piece, first) if _begins(piece[found.end() :])]
    others = [found.end() for found in _ANYWHERE.finditer(piece, first) if _UNMISTAKABLE.match(piece, found.end())]
    short = [found.end() for found in _ANYWHERE.finditer(piece, first) if _is_short_name(piece[found.end() :])]
    return [at for at in (*sorted(led + others), *reversed(short)) if not shut[at]]


def _is_short_name(text: str) -> bool:
    """ "Bell 1990, S. 4", and nothing but the name before the year."""
    form = short_form(text) if len(text) < 90 else None
    pointed = form and (form.year or phrases.NOTE_POINTER.search(text))
    return bool(pointed and form and re.fullmatch(phrases.SHORT_NAMES, form.names))


_COMMENT = re.compile(
    r"(?:(?<=\d)|(?<=\df)|(?<=ff)|(?<=ff\.)|(?<=f\.)|(?<=[)\]]))"
    r"(?:, (?:der|die|das|dem|deren|dessen|zu[mr]?|für|wo\w*|welche\w*|who|which|where|that|when|arguing|noting|although|obwohl|"
    r"wonach|mit weiteren|with further|dort)|,? (?:per|berichtet|hebt|weist|zeigt|spricht|nennt|sieht|argues|notes|says|claims|"
    r"gives|provides|took|in which|in dem|in der|der allerdings|for a|for the|zum|zur|discussing|on the)) .{8,}$"
)


def _trimmed(text: str) -> str:
    """Without a comment that goes on behind the citation, and without signs that part it from the next."""
    comment = _COMMENT.search(text)
    if comment and (is_dated(text[: comment.start()]) or len(text) - comment.start() > 40):
        text = text[: comment.start()]
    text = text.strip(" ,;:–—")
    address = _URL.match(text)
    if address:
        text = _ADDRESS.match(text)[0]  # type: ignore[index]
    if text.endswith((")", ").")) and text.count(")") > text.count("("):
        text = text.rstrip(").")
    return text


def _kind(text: str, *, is_whole: bool = True) -> Kind | None:
    if len(text) < 4 or not any(character.isalpha() for character in text):
        return None
    if phrases.REPEAT.match(text):
        return Kind.REPEAT
    form = short_form(text)
    if form and (form.year or phrases.NOTE_POINTER.search(text) or phrases.REPEAT.search(text)) and not _is_news(text):
        return Kind.SHORT
    if form and re.search(r"\d", text) and len(text) < 40 and not is_dated(text):
        return Kind.SHORT
    if phrases.REPEAT.search(text) and not _has_title_within(text):
        return Kind.SHORT
    return Kind.FULL if _is_full(text, is_whole) else None


def _has_title_within(text: str) -> bool:
    """A chapter of its own in a book cited before: "K. Moor, ‘Tides’ in Bell, op. cit."."""
    return bool(re.search(rf"[,:]? [{_OPENING}].{{6,}}[’”“\"»«],? in\b", text)) or bool(re.search(r", in: ", text))


def _is_news(text: str) -> bool:
    return bool(_DATED_NEWS.match(text))


def _unquoted(text: str) -> str:
    return _QUOTED.sub(" ", text)


_AMOUNT = re.compile(r"\d ?(?:%|Mio|Mrd|Prozent|per ?cent|Euro|EUR|US\$|DM\b|v\. ?H\.)")


def _dated(text: str) -> bool:
    return is_dated(text) or bool(re.search(_DATE, text))


def _marks(text: str) -> int:
    """Signs of a reference; "in: Journal", which is as good a sign in a note as "In: Journal" is in a list, too."""
    return signals(text) + bool(re.search(r",? in: ", text)) + (bool(re.search(_DATE, text)) and not is_dated(text))


_CONTACT = re.compile(r"@|\bTel(?:efon)?\.?:? |\bFax\b|\bE-?[Mm]ail\b|\bUniv(?:\.-)?Prof\.")
_WHO = re.compile(rf"{phrases.NAMES}, (?:der|die|das|who|whose|which|where|qui|que)\s")
_EXCERPT = re.compile(rf"[{_OPENING}](?:[^“”\"»«’‘]{{250,}}|.{{20,}}?[“”\"»«’‘][.,]? ?[(\[](?:[{_UPPER}]|see |vgl|cf))")
_BY_YEAR = re.compile(rf"{phrases.SHORT_NAMES}[’']?s?,? ?[(\[]{phrases.YEAR}[^()]*[)\]]")


# "Bell (1990) argues", "Bell’s study (1990: 4)": the year is followed by more of the sentence, not by a title.
_IN_SENTENCE = re.compile(
    rf"{phrases.SHORT_NAMES}(?:[’']s?)? ?(?:[a-z]+ )?[(\[][^()]*{phrases.YEAR}[^()]*[)\]](?![:.,]? ?[{_OPENING}{_UPPER}\[])"
)


def _is_prose(text: str) -> bool:
    """Sentences that look like citations: a contact, a quotation with its source, a row of "Bell (1990)"."""
    if _AMOUNT.search(text) or _CONTACT.search(text) or _WHO.match(text) or _EXCERPT.match(text):
        return True
    if _IN_SENTENCE.match(text):
        return True
    if _is_comment(text) or _is_comment(re.sub(r"^[^:,]{3,40}: ", "", text, count=1)):
        return True
    rest, rows = _BY_YEAR.subn("", text)
    return rows >= 2 and len(rest) < 0.4 * len(text)


def _is_full(text: str, is_whole: bool) -> bool:
    dated, marks = _dated(text), _marks(text)
    if _TALK.search(text[:40]):
        return False
    if _URL.match(text) or _LAW.match(text):
        return True
    if _is_prose(text):
        return False
    if _is_news(text):
        return True
    if _names_work(text) or phrases.DITTO.match(text):
        return (dated and len(text) >= 20) or marks >= 2 or bool(_IN_BOOK.search(text))
    if text[0] in _OPENING:
        return len(text) > 25 and ((dated and marks >= 2) or marks >= 3)
    if phrases.VERB.search(_unquoted(text)) or not text[0].isupper():
        return False
    if phrases.OPENER.match(text):
        return dated and marks >= 3
    return (dated and marks >= 2) or (bool(_URL.search(text)) and is_whole)

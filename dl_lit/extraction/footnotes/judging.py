"""What a stretch of a note is: a work cited in full, in short, once more, or no citation at all.

Precision goes first: what is doubtful is prose.
"""

from __future__ import annotations

import re
from enum import Enum

from dl_lit.extraction.footnotes import phrases
from dl_lit.extraction.footnotes.quoting import unquoted
from dl_lit.extraction.footnotes.short_forms import short_form
from dl_lit.extraction.looks import is_dated, signals, starts_like_reference

_UPPER = phrases.UPPER
_OPENING = phrases.OPENING


class Kind(Enum):
    FULL = "a work with its title"
    SHORT = "a work that is named in full elsewhere"
    REPEAT = "the work cited last"


def kind(text: str, *, is_whole: bool = True) -> Kind | None:
    """`is_whole`: nothing of the piece was left out before the text. None: it cites nothing."""
    if len(text) < 4 or not any(character.isalpha() for character in text):
        return None
    if _is_repeat(text):
        return Kind.REPEAT
    if _is_short(text):
        return Kind.SHORT
    return Kind.FULL if _is_full(text, is_whole) else None


def _is_repeat(text: str) -> bool:
    """ "Ebd.", "Idem, ibidem"."""
    ditto = phrases.DITTO.match(text)
    return bool(phrases.REPEAT.match(text) or (ditto and phrases.REPEAT.match(text, ditto.end())))


# ── beginnings ───────────────────────────────────────────────────────────────────────────────────────────

_CASE = re.compile(rf"(?!{phrases.OPENER.pattern})[{_UPPER}][^.;,]{{0,60}}? v\.? [{_UPPER}]\w")
_SHORT_BEGIN = re.compile(
    rf"{phrases.NAMES},? (?:[IV]{{1,3}} )?"
    r"(?:\d|(?:op|ob)\. ?cit|a\. ?a\. ?O|supra\b|[(\[](?:\d{4}|oben|Anm|Fn|FN|N\.|n\.|s\. |wie |vorige))"
)
# "Bell, K.: Title" inside prose could be many things; these could not.
UNMISTAKABLE = re.compile(
    rf"(?:[{_UPPER}]\. ?){{1,3}}(?:[a-z]+ )?[{_UPPER}][\w-]+[,:] [{_OPENING}{_UPPER}]|{_CASE.pattern}|"
    rf"[{_UPPER}][a-zà-ÿ]+ [{_UPPER}][\w-]+[,:] [{_OPENING}]"
)


_FIRST_LINE = 120  # characters, what the look of a line is made for


def leads(text: str) -> bool:
    """Begins with a word that sends the reader to a work ("Vgl.", "See")."""
    return bool(phrases.CUE.match(text))


def body(text: str) -> str:
    """Without the words that lead to the citation."""
    lead = phrases.LEAD.match(text)
    return text[lead.end() :] if lead else text


def names_work(text: str) -> bool:
    """Begins with authors and what follows authors, or with the parties of a case."""
    named = phrases.NAMED.match(text) or _CASE.match(text) or phrases.CORPORATE.match(text)
    return bool(named) or starts_like_reference(text[:_FIRST_LINE]) == 1.0


def begins(text: str) -> bool:
    """Whether a citation begins here, words that lead to it aside."""
    rest = body(text)
    quoted = rest[:1] in tuple(_OPENING) and len(rest) > 1
    return bool(quoted or names_work(rest) or phrases.DITTO.match(rest) or _SHORT_BEGIN.match(rest))


# ── short forms ──────────────────────────────────────────────────────────────────────────────────────────


def _is_short(text: str) -> bool:
    form = short_form(text)
    pointed = phrases.NOTE_POINTER.search(text) or phrases.REPEAT.search(text)
    if form and (form.year or pointed) and not _is_news(text):
        return True
    if form and not is_dated(text) and (form.title or (re.search(r"\d", text) and len(text) < 40)):
        return True
    return bool(phrases.REPEAT.search(text)) and not _CHAPTER.search(text)


# A chapter of its own in a book cited before: "K. Moor, ‘Tides’ in Bell, op. cit."
_CHAPTER = re.compile(rf"[,:]? [{_OPENING}].{{6,}}[’”“\"»«],? in\b|, in: ")


# ── full citations ───────────────────────────────────────────────────────────────────────────────────────

URL = re.compile(r"(?:https?:?//|www\.)[^\s,;]+")
_DATE = (
    r"(?:(?<![\d/])\d{1,3}/(?:19|20)\d\d(?!\d)|\d{1,2}\. ?(?:\d{1,2}\. ?|[A-Z][a-zä]+\.? )(?:19|20)?\d\d|"
    r"\d{1,2} [A-Z][a-z]+\.? (?:19|20)\d\d)"
)
_DATED = re.compile(_DATE)
_NEWS = re.compile(rf"[{_UPPER}][^.;:]{{1,70}}?,? (?:No\. \d+, |Nr\. \d+, |vom |v\. |of )?{_DATE}")
_LAW = re.compile(
    rf"(?:(?!{phrases.OPENER.pattern})[{_UPPER}][^.;]{{0,80}}? v\.? [{_UPPER}][^;]{{0,80}}?[\[(]?{phrases.YEAR}|"
    rf".{{4,90}}(?:Act|Code|Rules?|Regulations?|Order),? {phrases.YEAR}|BGHZ |BVerfGE? |BVerwGE? |BGHSt |EuGH|BGBl|"
    rf"BT-Drs|[\[(]{phrases.YEAR}[\])] (?:\d+ )?[{_UPPER}]\.)"
)
_IN_BOOK = re.compile(rf", (?:in|In):? [{_UPPER}][^\W\d_].{{3,}}\d")  # "..., in: Bell/Corti 45 ff."


def is_dated_anyhow(text: str) -> bool:
    """Holds a year, or a day as newspapers are cited."""
    return is_dated(text) or bool(_DATED.search(text))


def _is_news(text: str) -> bool:
    found = _NEWS.match(text)
    return found is not None and not phrases.VERB.search(unquoted(found[0]))


def _marks(text: str) -> int:
    """Signs of a reference; "in: Journal", which is as good a sign in a note as "In: Journal" is in a list, too."""
    return signals(text) + (", in: " in text) + (bool(_DATED.search(text)) and not is_dated(text))


def _is_full(text: str, is_whole: bool) -> bool:
    if URL.match(text) or _LAW.match(text):
        return not _TALK.search(text[:40])
    if _is_prose(text):
        return False
    if names_work(text) or phrases.DITTO.match(text) or _is_news(text):
        known = is_dated_anyhow(text) and (len(text) >= 20 or _is_news(text))
        return known or _marks(text) >= 2 or bool(_IN_BOOK.search(text))
    return _is_full_without_names(text, is_whole)


def _is_full_without_names(text: str, is_whole: bool) -> bool:
    """Titles first, and bodies that are no list of names."""
    dated, marks = is_dated_anyhow(text), _marks(text)
    if text[0] in _OPENING:
        return len(text) > 25 and marks >= (2 if dated else 3)
    if phrases.VERB.search(unquoted(text)) or not text[0].isupper():
        return False
    if phrases.OPENER.match(text):
        return dated and marks >= 3
    return (dated and marks >= 2) or (bool(URL.search(text)) and is_whole)


# ── prose ────────────────────────────────────────────────────────────────────────────────────────────────

_TALK = re.compile(r"(?i)\b(?:interview|gespräch|conversation|mitteilung|brief|letter|e-?mail|auskunft)\b")
_AMOUNT = re.compile(r"\d ?(?:%|Mio|Mrd|Prozent|per ?cent|Euro|EUR|US\$|DM\b|v\. ?H\.)")
_CONTACT = re.compile(r"@|\bTel(?:efon)?\.?:? |\bFax\b|\bE-?[Mm]ail\b|\bUniv(?:\.-)?Prof\.")
_WHO = re.compile(rf"{phrases.NAMES}, (?:der|die|das|who|whose|which|where|qui|que)\s")
# A quotation with its source behind it is no title.
_EXCERPT = re.compile(rf"[{_OPENING}](?:[^“”\"»«’‘]{{250,}}|.{{20,}}?[“”\"»«’‘][.,]? ?[(\[](?:[{_UPPER}]|see |vgl|cf))")
_BY_YEAR = re.compile(rf"{phrases.SHORT_NAMES}[’']?s?,? ?[(\[]{phrases.YEAR}[^()]*[)\]]")
# "Bell (1990) argues", "Bell’s study (1990: 4)": the year is followed by more of the sentence, not by a title.
_IN_SENTENCE = re.compile(
    rf"{phrases.SHORT_NAMES}(?:[’']s?)? ?(?:[a-z]+ )?[(\[][^()]*{phrases.YEAR}[^()]*[)\]]"
    r"[,;:]? (?!abgedr|wieder|nachgedr|reprinted|repr\.|in:? [A-ZÀ-Þ]|hrsg|hg|eds?\.)[a-zäöüßéèàç]"
)
_PROSE = (_AMOUNT.search, _CONTACT.search, _WHO.match, _EXCERPT.match, _IN_SENTENCE.match)
_TOPIC = re.compile(r"^[^:,]{3,40}: ")


def is_comment(text: str) -> bool:
    """A sentence of prose, by its first word and its verb."""
    return bool(phrases.OPENER.match(text) and phrases.VERB.search(unquoted(text)[:90]))


def _is_prose(text: str) -> bool:
    """Sentences that look like citations: a contact, a quotation with its source, a row of "Bell (1990)"."""
    if _TALK.search(text[:40]) or any(is_such(text) for is_such in _PROSE):
        return True
    if is_comment(text) or is_comment(_TOPIC.sub("", text, count=1)):
        return True
    rest, rows = _BY_YEAR.subn("", text)
    return rows >= 2 and len(rest) < 0.4 * len(text)

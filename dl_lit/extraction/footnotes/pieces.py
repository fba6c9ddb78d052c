"""A note cut where one citation is over and the next, or a comment, begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dl_lit.extraction.footnotes import phrases
from dl_lit.extraction.footnotes.beginnings import places_in_prose
from dl_lit.extraction.footnotes.judging import Kind, begins, body, is_comment, is_dated_anyhow, kind, leads, names_work
from dl_lit.extraction.footnotes.quoting import shut

_UPPER = phrases.UPPER
_OPENING = phrases.OPENING
_STOPS = (".", "!", "?", "…")
_WINDOW = 800  # characters before a sign that are looked at: no citation is longer

_ASIDE = re.compile(r"\((?=(?:vgl\.|siehe|see|cf\.|s\. ?(?:auch|dazu|hierzu)|compare|quelle:)[\s,])", re.I)
_BREAK = re.compile(
    rf";|(?<=[.)\]\d]) [–—]+ (?=[{_UPPER}{_OPENING}])|(?<=[.)\]]) - (?=[{_UPPER}{_OPENING}])"
    rf"|[.!?…]+[{_OPENING}”’)\]]*\s+(?=[{_UPPER}{_OPENING}(\d]|(?i:ders\.|dies\.|vgl\.|siehe|id\.|ebd|http|www))"
    rf"|,?\s(?:sowie|und|and|as well as|ferner|et|oder|or|bzw\.)\s"
    rf"(?=[{_UPPER}{_OPENING}]|(?:auch|bei|etwa|ders\.|vgl\.|siehe|see) )"
    r"|[,:]?\s(?=(?i:siehe|vgl\.|see|cf\.|compare|so|ebenso|anders)\s|s\.\s)|,\s(?=(?:ders|dies)\.,)"
    rf"|(?<=\d\))\s(?=[{_UPPER}])|,\s(?=[{_UPPER}])"
)


def pieces(text: str) -> Iterator[str]:
    """Stretches that hold one citation at most, from left to right; what stands in "(see ...)" comes last."""
    text, asides = _without_asides(text)
    closed = shut(text)
    start = 0
    for found in _BREAK.finditer(text):
        at = found.start()
        if at > start and not closed[at] and _parts(text, start, found):
            yield (text[start:at] + _stop(found)).strip()
            start = found.end()
    yield text[start:].strip()
    for aside in asides:
        yield from pieces(aside)


def _stop(found: re.Match[str]) -> str:
    """The sign that ends the sentence, which belongs to it."""
    sign = found.group().strip()
    return sign if sign.startswith(_STOPS) else ""


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


# ── where to cut ─────────────────────────────────────────────────────────────────────────────────────────

# A citation may end here: a year, a page, a bracket, an address.
_TERMINAL = re.compile(
    r"(?:\d[a-z]?|(?<!\w)(?:ff?|sqq?|et seq)\.?|[)\]]|passim|m\.? ?w\.? ?N(?:achw)?\.?|(?:https?:|www\.)\S+)[.,]*$"
)


def _parts(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether the citation before this place is over, or the prose before it."""
    sign, stop = found.group().strip(), _stop(found)
    before = (text[max(start, found.start() - _WINDOW) : found.start()] + stop).strip()
    after = text[found.end() : found.end() + _WINDOW]
    if stop:
        return _parts_at_stop(before, after)
    if sign == ";":
        return _parts_at_semicolon(before, after)
    if sign in ("", ",", ":"):
        return _parts_at_comma(before, after)
    if sign[0] in "-–—":
        return leads(after) or bool(_TERMINAL.search(before) and (is_comment(after) or begins(after)))
    return bool(_TERMINAL.search(before)) and begins(after) and not _is_author_and_year(before)


_SENTENCE = re.compile(r"(?<!\w)[a-zäöüß]{4,} (?:\S+ ){3,}")


def _parts_at_semicolon(before: str, after: str) -> bool:
    # "Ahlers; Bohm; Carstens, Titel": only names so far.
    if _TERMINAL.search(before) or is_dated_anyhow(before) or phrases.REPEAT.search(before) or leads(after):
        return True
    return bool(names_work(after) and phrases.PERSON.match(after) and _SENTENCE.search(before))


_INITIALS_THEN_TITLE = re.compile(rf"(?:[{_UPPER}]\. ?){{1,3}}[{_UPPER}][\w-]+, [{_OPENING}]")


def _parts_at_comma(before: str, after: str) -> bool:
    """At "siehe", "see", "ders.", and where a citation follows another after no more than a comma or a bracket."""
    if leads(after):
        return begins(after)
    if phrases.DITTO.match(after):
        return bool(_TERMINAL.search(before))
    if not _INITIALS_THEN_TITLE.match(after) or len(before) < 40 or not _TERMINAL.search(before):
        return False
    return kind(before) is Kind.FULL


_ORDINAL = re.compile(r"(?:^|(?<![Spf]\.)[\s(,])\d{1,2}\.$")
_AFTER_ORDINAL = re.compile(
    r"(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Mar|May|Oct|Dec|Aufl|Ausg|Ed|Edn|Bd|Band|Jg|Jahrg|Jahrh|Wahlp|"
    r"Legis|Kap|Heft|Sitz|Teil|Abs|Tag|Welt|Internat|Deutsch|Bundes|Kongre|Folge|Reihe|Lief|\d)",
    re.I,
)
_ABBREVIATED = re.compile(
    r"(?:^|[\s(/,.-])(?:[^\W\d_]|St|Bd|Bde|Nr|No|Vol|Vols|Jg|H|Hrsg|Hg|Hsg|eds?|pp|Rn|Art|Abs|Aufl|ch|chap|Kap|Tab|Abb|"
    r"Dr|Prof|Univ|Diss|phil|jur|vgl|cf|bzw|usw|Verf|Mr|Mrs|Ms|Jr|Sr|ca|Nov|Okt|Oct|Dez|Dec|Jan|Feb|Aug|Sept?|Apr|Rev|"
    r"Int|Am|Soc|Sc|Law|hrsg|hg|Übers|Lit|insbes|bes|Anm|Fn|op|loc|cit|al|Mass|Cambr|Conn|Calif|Ill|trans|dt|engl|frz|"
    r"Ders|Dies|zit|n)\.$"
)
_LEADING_END = (" s.", "Vgl.", "vgl.", "Cf.", "cf.")


def _parts_at_stop(before: str, after: str) -> bool:
    if leads(after) or phrases.DITTO.match(after) or phrases.REPEAT.match(after):
        return not before.endswith(_LEADING_END)
    if (_ORDINAL.search(before) and _AFTER_ORDINAL.match(after)) or _is_author_and_year(body(before)):
        return False
    if _TERMINAL.search(before):
        return not _REST.match(after)
    if _ABBREVIATED.search(before):
        return False
    if _AT_PLACE.search(before) and (is_comment(after) or _AUTHOR_AND_YEAR.match(after)):
        return True
    # Prose is over, and a person's name or a title begins the next sentence.
    named = phrases.PERSON.match(after) or after[:1] in tuple(_OPENING)
    return bool(named) and begins(after) and not begins(before) and not places_in_prose(before)


_AT_PLACE = re.compile(rf"[.:,] (?:Diss\. )?[{_UPPER}][\w-]+(?:(?: und |[ /-])[{_UPPER}][\w-]+)?\.$")
_AUTHOR_AND_YEAR = re.compile(rf"{phrases.NAMES}{phrases.ROLE},? [(]?{phrases.YEAR}[)]?:")
# What goes on with the same work: its edition, its place and publisher, its pages.
_REST = re.compile(
    rf"(?:Aufl|Auflage|Bd|Band|Jg|Jahrgang|Heft|Nr|No|Vol|Hrsg|Hg|In:|In [{_UPPER}]|Online|https?:|www\.|"
    rf"URL|[Dd][Oo][Ii]|ISBN|S\.|pp?\.|Zugriff|Abruf|Accessed|Retrieved|Available|Verfügbar|"
    rf"[{_UPPER}][\w-]++(?: a\. ?M\.)?(?:[ /,]+[{_UPPER}][\w-]++){{0,3}}: (?:[{_UPPER}])|"
    rf"[{_UPPER}][\w/-]++(?: [{_UPPER}][\w/-]++)?(?: {phrases.YEAR})?\s*(?:[.;]|$)|\d)"
)
_GIVEN = rf"[{_UPPER}][\w.’'-]*"
_BODY_AND_YEAR = re.compile(rf"[^,:;]{{3,90}}?{phrases.ROLE}[,.]? ?\({phrases.YEAR}(?:, \d+)?\)[.:]?")
_INVERTED_AND_YEAR = re.compile(
    rf"[{_UPPER}][\w’'-]+, {_GIVEN}(?:,? (?:{_GIVEN}|&|and|und|von|de))*?"
    rf"(?: ?/ ?{_GIVEN}(?:,? {_GIVEN})*)*[.,]? \(?{phrases.YEAR}\)?[.:]?"
)


def _is_author_and_year(text: str) -> bool:
    """ "Bell, Karl (1990).": the title is still to come."""
    return bool(_BODY_AND_YEAR.fullmatch(text) or (len(text) < 200 and _INVERTED_AND_YEAR.fullmatch(text)))

"""Is the candidate's title the printed one? By the parsed title and by the raw string, whichever can show it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from rapidfuzz import fuzz

from dl_lit.enrichment import offshoots, title_parts
from dl_lit.enrichment.printed import Printed, Span
from dl_lit.enrichment.vocabulary import BOOKS
from dl_lit.identity import parts, titles
from dl_lit.identity.folding import words
from dl_lit.identity.names import fold_word
from dl_lit.identity.numbers import first_number
from dl_lit.model import Reference, Work


class TitleReading(StrEnum):
    SAME = "same"
    MAIN = "main"  # the title without its subtitle, which only one of the two has
    CUT = "cut"  # its beginning or its end alone, as extraction loses lines
    WORDS = "words"  # all its words are there, but not in its order
    MISSING = "missing"  # the candidate has no title to compare
    UNSEEN = "unseen"  # not in the print: it shows another title, or none at all


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """`span` is where it stands in the print, `printed` the words there. `bracketed` is it behind another title, as the
    title of the original or of a translation; the flags behind it forbid
    the match."""

    reading: TitleReading
    span: Span | None = None
    printed: str | None = None
    variant: str | None = None
    bracketed: bool = False
    second_work: bool = False  # a whole other work is printed before it
    other_part: bool = False
    other_subtitle: bool = False
    offshoot: bool = False  # one of the two is the summary, follow-up, reader … of the other
    more_subtitle: str = ""  # printed behind it, where the record has none
    rest: str = ""  # what the record's title has beyond what is printed


_CLOSES = re.compile(r"""\s*[.?!;)\]”“"»«’']|\s*$|\s*[,:(\[]|\s*[-–—|/]\s""")
_OPENS = re.compile(r"""(?:^|[\s.:;,?!()\[\]“”"„»«‘’'\-–—*|/])$""")
_GOES_ON = re.compile(r"\s*(?::|\s[-–—]|\.)\s*(\S.*)", re.DOTALL)
_SUBTITLE = re.compile(r"\s*[:;]\s+|\s+[-–—]\s+|(?<=[?!])\s+|\.\s+(?=\w)|\s*[(/=]\s*")
_IN = re.compile(r"(?i)(?:\b(?:in|i)\s*:?|\beds?\.?\)?|\bhrsg\.?\)?|\bhg\.?\)?)[\s,.:()]*$")
# Put by publishers in front of the title that is still cited without it.
_WITHDRAWN = re.compile(r"(?i)^\W*(?:retracted|withdrawn)(?: article| chapter)?\s*[:.\-–—]\s*")
_BRACKET_OPENS = re.compile(r"[\[(]\s*[“\"„»«‘']?\s*$")
# "(dt.: …", "Original: …", "(engl. Orig.: …", "first published as …": what follows is the title in another language.
_LABELLED = re.compile(
    r"(?i)(?:^|[\s\[(;,.])(?:(?:dt|deutsch|german|engl|english|englisch|frz|franz|französisch|french"
    r"|ital|italian|italienisch"
    r"|span|spanish|spanisch|russ|russian|russisch|orig)\b\.?(?:[\s-]*(?:(?:orig|ausg|übers|fassung|titel|title|edition"
    r"|transl|trans|version)\w*\.?|u\.\s?d\.\s?t\.))*\s*:?"
    r"|(?:original(?:titel|ausgabe|title)?|original (?:title|work|edition)|titre original|título original"
    r"|titolo originale|titel der originalausgabe|trans|transl|translation|translated|übersetzung)\.?"
    r"(?:\s+(?:of|from|as|von))?\s*:?"
    r"|(?:originally|first) published (?:as|under the title)|(?:erschienen|übersetzt) (?:als|unter dem titel):?)"
    r"\s*[“\"„»«‘']?\s*$"
)
_COLON = re.compile(r"\s*(?::|\s[-–—])\s*([^\W\d_][^.?!\"”(\[,;]{3,})")
_BRACKET_CLOSES = re.compile(r"\s*[.,?!]?\s*[”\"“«»’']?\s*[\])]")
_FIRST_TITLE = 15  # letters of what must be a title
# Left out by many who cite; a likeness to the rest would begin within the name before it.
_ARTICLE = re.compile(
    r"(?i)^\W*(?:(?:the|an?|der|die|das|eine?|les?|la|une?|el|l[ao]s?|il|gli|os?|as?|uma?|het|een)\s+|l['’]\s?)(?=\w)"
)
_LEAST_WITHOUT_ARTICLE = 12
_LEAST_OF_A_SUBTITLE = 8
_LEAST_OF_A_CUT = 15  # letters of what is left of a title,
_LEAST_SHARE = 0.3  # and how much of it that is
_SURE_LENGTH = 40  # letters after which a title speaks for itself wherever it stands


def compare(reference: Reference, printed: Printed, work: Work) -> TitleMatch:
    """The strongest way in which the print shows the title of `work`."""
    if not work.title or not titles.key(work.title):
        return TitleMatch(TitleReading.MISSING)
    title = _WITHDRAWN.sub("", work.title) or work.title
    full = f"{title}: {work.subtitle}" if work.subtitle else title
    mains = _mains(titles.strip_markup(title), work)
    keys = (titles.key(one) for one in (reference.title or "", mains[-1], full))
    whole = () if _is_main_alone(*keys) and titles.key(title) not in printed.letters else (full, title)
    for variant in dict.fromkeys(whole):
        reading = TitleReading.SAME if variant == full else TitleReading.MAIN
        if match := _seen(reference, printed, variant, reading):
            return _guarded(match, reference, printed, work)
    for main in mains:
        if len(titles.key(main)) >= 12 and (match := _seen(reference, printed, main, TitleReading.MAIN)):
            return _guarded(match, reference, printed, work)
    read = (reference.title or "", f"{reference.title or ''} {reference.container or ''}")
    if reference.title and any(_is_cut(titles.key(one), titles.key(full)) for one in read):
        return TitleMatch(TitleReading.CUT)
    return TitleMatch(TitleReading.WORDS if _words_are_there(printed, work.title) else TitleReading.UNSEEN)


def _is_main_alone(ours: str, main: str, full: str) -> bool:
    """Whether the main title alone was read: the whole with a short subtitle is like it. Parts are no subtitles."""
    return ours == main and len(full) >= len(main) + _LEAST_OF_A_SUBTITLE


def _mains(title: str, work: Work) -> list[str]:
    """The title up to where a volume is named ("..., Кн. вторая"), and without its subtitle."""
    part = next(parts.find(title), None) if work.type in BOOKS and parts.may_name(title, words(title)) else None
    before = title[: part.start].rstrip(" .,:;(–-") if part else ""
    return [*filter(None, [before]), _SUBTITLE.split(title, maxsplit=1)[0]]


def _is_cut(ours: str, theirs: str) -> bool:
    """Whether what was read as title is within the record's, misprints allowed where it is long."""
    if len(ours) < max(_LEAST_OF_A_CUT, _LEAST_SHARE * len(theirs)) or len(ours) >= len(theirs):
        return False
    return ours in theirs or (len(ours) >= 2 * _LEAST_OF_A_CUT and fuzz.partial_ratio(ours, theirs) >= 93)


def _words_are_there(printed: Printed, title: str) -> bool:
    """A scrambled title, or one that a registrant put together differently: nine in ten of its words are printed."""
    wanted = [word for word in map(fold_word, words(titles.strip_markup(title))) if len(word) > 2]
    there = {word.text for word in printed.words}
    return bool(wanted) and sum(1 for word in wanted if word in there) >= 0.85 * len(wanted)


def _seen(reference: Reference, printed: Printed, title: str, reading: TitleReading) -> TitleMatch | None:
    if span := _in_print(reference, printed, title):
        return TitleMatch(reading, span, printed.within(span), title)
    for parsed in (reference.title, reference.translated_title):
        if parsed and titles.similarity(parsed, title) >= _least(title):
            span = printed.find_like(titles.key(parsed), 95)
            return TitleMatch(reading, span, parsed, title)
        if (
            parsed
            and reading is TitleReading.SAME
            and (main := _main_of(parsed))
            and titles.similarity(main, title) >= 0.95
        ):
            return TitleMatch(TitleReading.MAIN, printed.find_like(titles.key(main), 95), main, title)
    return None


def _least(title: str) -> float:
    """Misprints weigh more in short titles."""
    length = len(titles.key(title))
    return 0.97 if length < 12 else 0.93 if length < 25 else 0.88


def _main_of(parsed: str) -> str | None:
    parts = _SUBTITLE.split(titles.strip_markup(parsed), maxsplit=1)
    return parts[0] if len(parts) > 1 and len(titles.key(parts[0])) >= 12 else None


def _in_print(reference: Reference, printed: Printed, title: str) -> Span | None:
    key, bare = titles.key(title), titles.key(_ARTICLE.sub("", titles.strip_markup(title)))
    for letters in dict.fromkeys([key, bare] if len(bare) >= _LEAST_WITHOUT_ARTICLE else [key]):
        for span in printed.find(letters):
            if _bounded(printed, span) and not _is_container(reference, printed, span, title):
                return span
    if len(key) < 20:
        return None
    like = printed.find_like(key, 93 if len(key) < 30 else 88)
    return like if like and _bounded(printed, like) and not _is_container(reference, printed, like, title) else None


def _bounded(printed: Printed, span: Span) -> bool:
    """Whether the title ends where it is found: "Capital" is no title within "Capital in the Twenty-First Century"."""
    if span.end - span.start >= _SURE_LENGTH:
        return True
    before, after = printed.before(span), printed.after(span)
    return bool(_OPENS.search(before)) and _sentence_before(before) and bool(_CLOSES.match(after))


def _sentence_before(before: str) -> bool:
    """Something ends before a title: a name's dot or comma, a year's bracket, a quotation mark, a colon."""
    bare = before.rstrip(" \t*_")
    return not bare or not bare[-1].isalnum() or bare[-1].isdigit()


def _is_container(reference: Reference, printed: Printed, span: Span, title: str) -> bool:
    """Whether what is found there is where the work appeared ("In: Handbook of …"), not the work."""
    if _IN.search(printed.before(span)):
        return True
    if not reference.container or not reference.title:
        return False
    return titles.similarity(reference.container, title) >= 0.9 > titles.similarity(reference.title, title)


def _guarded(match: TitleMatch, reference: Reference, printed: Printed, work: Work) -> TitleMatch:
    after = printed.behind(match.span) if match.span else ""
    ours, theirs, rest = match.printed or "", match.variant or "", _rest(match, work)
    return replace(
        match,
        bracketed=_is_bracketed(match, printed, reference),
        second_work=_is_second(match, printed, reference, work),
        other_part=title_parts.is_other(ours, theirs, rest, after, reference, work),
        other_subtitle=_other_subtitle(match, work, after, reference),
        offshoot=_is_offshoot(after, printed, work),
        more_subtitle=_more_subtitle(match, rest, after),
        rest=rest,
    )


def _is_offshoot(after: str, printed: Printed, work: Work) -> bool:
    whole = titles.whole(work)
    return offshoots.is_printed(after, f"{whole} {work.container or ''}") or offshoots.is_registered(
        whole, printed.text
    )


def _more_subtitle(match: TitleMatch, rest: str, after: str) -> str:
    found = _COLON.match(after) if match.span and not rest else None
    return found.group(1).strip() if found else ""


def _is_bracketed(match: TitleMatch, printed: Printed, reference: Reference) -> bool:
    if match.span is None:
        return match.printed is not None and match.printed == reference.translated_title
    before, after = printed.before(match.span), printed.after(match.span)
    if (label := _LABELLED.search(before)) and _is_behind_a_title(before[: label.start()], match, reference):
        return True
    return bool(_BRACKET_OPENS.search(before) and _BRACKET_CLOSES.match(after)) and len(reference.title or "") > 0


def _is_behind_a_title(before: str, match: TitleMatch, reference: Reference) -> bool:
    """Whether what stands before the label is another title, so that the labelled one is not what is cited."""
    title = titles.key(reference.title or "")
    return bool(title) and title[:_FIRST_TITLE] in titles.key(before) and title != titles.key(match.variant or "")


def _is_second(match: TitleMatch, printed: Printed, reference: Reference, work: Work) -> bool:
    """Whether another title was read from the print, and its year or pages stand between it and this one."""
    title = reference.title or ""
    first = titles.key(title)
    if match.span is None or len(first) < _FIRST_TITLE or titles.similarity(title, match.variant or "") > 0.6:
        return False
    if reference.pages and (first_number(reference.volume), first_number(reference.pages)) == (
        first_number(work.volume),
        first_number(work.pages),
    ):
        return False  # it is the English title of what is printed in another language
    end = printed.letters.find(first) + len(first)
    if end < len(first) or end > match.span.start:
        return False
    return re.search(r"\d", printed.text[printed.end[end - 1] : printed.origin[match.span.start]]) is not None


def _rest(match: TitleMatch, work: Work) -> str:
    """What the record's title has beyond the variant that is printed."""
    title = titles.strip_markup(work.title or "")
    whole = f"{title}: {work.subtitle}" if work.subtitle else title
    return whole[len(match.variant or "") :] if whole.startswith(match.variant or "") else ""


def _other_subtitle(match: TitleMatch, work: Work, after: str, reference: Reference) -> bool:
    """Both go on after the same main title, each in its own way."""
    if match.reading is not TitleReading.MAIN:
        return False
    theirs = titles.key(titles.whole(work))[len(titles.key(match.variant or "")) :]
    ours = _printed_subtitle(match, after, reference)
    if not ours or not theirs:
        return False
    return titles.similarity(ours[: len(theirs) + 10], theirs) < 0.6 and not titles.key(ours).startswith(theirs[:15])


def _printed_subtitle(match: TitleMatch, after: str, reference: Reference) -> str | None:
    """What the print puts after the main title with a colon, or what the parser counts to the title beyond it."""
    if reference.title and match.printed:
        parsed, main = titles.key(reference.title), titles.key(match.printed)
        if parsed.startswith(main) and len(parsed) > len(main) + 5:
            return parsed[len(main) :]
    colon = re.match(r"\s*:\s*([^.?!\"”]{6,})", after)
    return colon.group(1) if colon else None

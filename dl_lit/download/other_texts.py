"""How texts are called that bear the title of a work and are not it: errata, replies, reviews, supplements, offers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dl_lit.identity.folding import fold, letters

_ABOUT = (
    r"(?:publisher|author)?s?[’']?\s?(?:errat(?:um|a)|corrigend(?:um|a)|addend(?:um|a)|corrections?"
    r"|berichtigung(?:en)?|korrektur(?:en)?|druckfehler\w*|retraction(?: note| notice)?|notice of retraction"
    r"|expression of concern|fe de erratas|rectificatif)"
)
_SUPPLEMENT = (
    r"(?:electronic )?(?:supplement(?:ary|al)?s?\b"
    r"(?: (?:online )?(?:material|information|data|appendix|file|text|methods)s?)?"
    r"|supporting (?:online )?(?:information|material)"
    r"|(?:online|web|internet|technical|data) appendix|anhang zu|online-anhang)"
)
_ANSWER = (
    r"(?:(?:a|the|some|further|author|authors|our|invited)[’']?s? )?(?:short |brief )?"
    r"(?:comments?|commentary|repl(?:y|ies)|response|rejoinder|discussion|remarks?|notes?|critique|replication"
    r"|re-?analysis|re-?examination|kommentar|replik|erwiderung|entgegnung|anmerkungen?|diskussion)"
)
_REVIEW = (
    r"(?:book |essay )?(?:reviews?|rezension(?:en)?|besprechung(?:en)?|recensions?|compte rendu|reseña|recommendation)"
)
# Right before the title, in its own heading.
OTHER_BEFORE = re.compile(
    rf"\W*(?:(?:{_ABOUT}|{_SUPPLEMENT})(?:\s*(?:for|to|of|on|zu|zum|zur|von|des|the|article))*\b\W*"
    rf"|{_ANSWER}\W*(?:on|to|of|for|zu|zum|zur|auf|von|sur|a)\b|(?:{_ANSWER})\s*:|rejoinder\W|repl(?:y|ies)\W"
    rf"|{_REVIEW}\s*(?:of\b|zu\b|von\b|:|du\b|de\b)|replicating|revisiting|rethinking|beyond|reconsidering"
    r"|re-?assessing|data (?:for|from)|slides (?:for|of|to)|poster)"
)
# Alone on a row above it.
OTHER_ABOVE = re.compile(
    rf"\W*(?:{_ABOUT}|{_SUPPLEMENT}|book reviews?|rezension(?:en)?|buchbesprechung(?:en)?|rejoinder"
    rf"|{_ANSWER} (?:to|on)|(?:the )?(?:authors?[’']?s?[’']? )?(?:repl(?:y|ies)|replik|erwiderung|replica|replique)"
    r"|(?:the )?authors?[’']?s?[’']? (?:response|comments?|correction))(?:\s*(?:for|to|of|on|zu|zum|the|article))*\W*"
)
# Right behind it.
OTHER_BEHIND = re.compile(
    rf"\W*(?:(?:an? )?(?:{_ABOUT}|{_SUPPLEMENT})|{_ANSWER}\b|revisited|reconsidered"
    r"|\w+ years? (?:after|later|on)\b|an? (?:re-?\w+|update)|poster\b|slides\b|review by|reviewed by)"
)
_KICKERS = frozenset(
    letters(word)
    for word in (
        *("title", "titel", "titre", "título", "article", "articles", "original article", "original paper", "letter"),
        *("research article", "research paper", "research", "review", "review article", "paper", "regular article"),
        *("letters", "report", "editorial", "essay", "abhandlung", "aufsatz", "beitrag", "retracted", "open access"),
        *("retracted article", "withdrawn", "article title", "working paper", "discussion paper"),
    )
)
_NUMBERING = re.compile(
    r"\W*(?:(?:chapter|kapitel|chapitre|part|teil|no|nr|section|paper)\W*)?(?:\d{1,3}|[ivxlc]{1,6})?\W*"
)
_SHOP = (
    *(
        r"\b(?:sign|log) ?in\b",
        r"buy (?:this |the )?(?:article|pdf|chapter|book)",
        r"purchase",
        r"add to (?:cart|basket)",
    ),
    *(
        r"access through your institution",
        r"institutional (?:access|login)",
        r"\b(?:us)?[$€£] ?\d+[.,]\d\d",
        r"subscribe",
    ),
    *(
        r"get access",
        r"rent this",
        r"forgot(?:ten)? (?:your )?password",
        r"privacy policy",
        r"cookie (?:settings|policy)",
    ),
    *(r"license number", r"rightslink", r"order total", r"licensed content"),
)
_PREVIEW = re.compile(
    r"preview (?:page|of (?:the |this |a )?(?:first|subscription|pages?|chapter|book|article|content|publication))|"
    r"is a preview(?! of)|\bpage 1 of \d\d?\b|first page (?:preview|of (?:the|this) )|leseprobe|vorschau|"
    r"(?:full )?text (?:is )?(?:not available|restricted|on request)|no full text"
)
_THESIS = re.compile(
    r"\b(?:thesis|dissertation)\b.{0,60}(?:submitted|presented|fulfil|degree)|(?:inaugural-?|zur erlangung).{0,60}|"
    r"submitted (?:in|for|to).{0,80}(?:degree|doctor|requirements)|these (?:de doctorat|presentee)",
    re.S,
)
_EXTENT = re.compile(
    r"\b\d{2,4}\s?(?:pp?\b|pages|seiten|s\.|páginas|pags)|\bpp?\.\s?(?:[ivxlc]+\s?\+\s?)?\d{2,4}\b|\bisbn\b"
)


def kicker_letters(text: str) -> bool:
    """Whether what stands before a title on its row is only the name of its kind or a number."""
    return letters(text) in _KICKERS or bool(_NUMBERING.fullmatch(fold(text)))


def shop_words(text: str) -> int:
    """How many things the text says that a page of a shop or a login says."""
    return how_many(_SHOP, fold(text))


def how_many(patterns: Sequence[str], folded: str) -> int:
    """How many of the patterns the text has."""
    return sum(1 for pattern in patterns if re.search(pattern, folded))


def calls_itself_preview(text: str) -> bool:
    return bool(_PREVIEW.search(fold(text)))


def calls_itself_thesis(text: str) -> bool:
    return bool(_THESIS.search(fold(text)))


def tells_an_extent(text: str) -> bool:
    """As the head of a review does: "348 pp., £19.99"."""
    return bool(_EXTENT.search(fold(text)))

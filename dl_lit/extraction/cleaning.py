"""Printed letters out of the codes of a PDF: ligatures, detached accents, small capitals, control characters."""

from __future__ import annotations

import re
import unicodedata

# Spacing accents as TeX and old Distillers print them, each with its combining twin and the letters it may sit on.
# The letters are listed, because an accent is also printed where an apostrophe or a quotation mark is meant.
_ACCENTS: dict[str, tuple[str, str]] = {
    "\u00a8": ("\u0308", "aeiouyAEIOUY\u0131"),
    "\u00b4": ("\u0301", "aeiouycnszAEIOUYCNSZ\u0131"),
    "\u02ca": ("\u0301", "aeiouycnszAEIOUYCNSZ\u0131"),
    "\u0060": ("\u0300", "aeiouAEIOU"),
    "\u02cb": ("\u0300", "aeiouAEIOU"),
    "\u02c6": ("\u0302", "aeiouAEIOUcghjswyCGHJSWY\u0131"),
    "\u02dc": ("\u0303", "anoiuANOIU"),
    "\u02c7": ("\u030c", "cszrendtCSZRENDT"),
    "\u02d8": ("\u0306", "agiuAGIU"),
    "\u02da": ("\u030a", "auAU"),
    "\u02dd": ("\u030b", "ouOU"),
    "\u02db": ("\u0328", "aeiuAEIU"),
    "\u00b8": ("\u0327", "cstCST"),
}
_APOSTROPHE_LIKE = "\u00b4\u0060\u02ca\u02cb"
_ACCENT_CLASS = "".join(_ACCENTS)
# The space is dropped only beside a letter that takes the accent: "o ¨" and "¨ o".
_DETACHED = re.compile(rf"(?:(?P<before>[^\W\d_]) ?)?(?P<accent>[{_ACCENT_CLASS}])(?: ?(?P<after>[^\W\d_]))?")

_LIGATURES = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
}  # fmt: skip
_SPACES = dict.fromkeys(
    [0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x09, 0x0A, 0x0B, 0x0C, 0x0D], " "
)
_INVISIBLE = dict.fromkeys([*range(0x09), *range(0x0E, 0x20), 0x7F, *range(0x80, 0xA0), 0x200B, 0x200C, 0x200D,
                            0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF, *range(0x202A, 0x202F)])  # fmt: skip
# Adobe's corporate-use area: old-style figures and small capitals, which fonts of the 1990s print names with.
_SMALL_CAPITALS = {0xF730 + n: str(n) for n in range(10)} | {0xF761 + n: chr(0x61 + n) for n in range(26)}
# The bullets of Symbol and Wingdings, as Word writes them.
_BULLETS = {0xF0B7: "•", 0xF0A7: "▪", 0xF0A8: "▫", 0xF0D8: "➢", 0xF0E0: "→", 0xF0FC: "✓", 0xF076: "❖", 0xF06E: "■"}
# A hyphen that is printed is a hyphen: PDFs code the visible line-end hyphen, and often every hyphen, as U+00AD.
_HYPHENS = {0x00AD: "-", 0x2010: "-", 0x2011: "-"}
_TABLE = {**_LIGATURES, **_SPACES, **_INVISIBLE, **_SMALL_CAPITALS, **_BULLETS, **_HYPHENS}
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_ANY_ACCENT = re.compile(f"[{_ACCENT_CLASS}]")
# Most lines that are not ASCII have dashes, quotation marks and letters of their language, and nothing to replace.
_REPLACED = re.compile(f"[{re.escape(''.join(map(chr, _TABLE)))}]")
_MANY_SPACES = re.compile(" {2,}")


def clean(text: str) -> str:
    """One line of text as a reader sees it: NFC, no control characters, single spaces, not stripped."""
    if text.isascii() and text.isprintable() and "`" not in text:
        return _MANY_SPACES.sub(" ", text) if "  " in text else text
    if _REPLACED.search(text):
        text = text.translate(_TABLE)
    text = _PRIVATE.sub("", text)
    if _ANY_ACCENT.search(text):
        text = _DETACHED.sub(_attach, text)
    if _RIGHT_TO_LEFT.search(text):
        text = _in_reading_order(_SHAPED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text))
    return unicodedata.normalize("NFC", _MANY_SPACES.sub(" ", text))


# ── right to left ────────────────────────────────────────────────────────────────────────────────────────

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_SHAPED = re.compile("[\ufb1d-\ufdff\ufe70-\ufefc]+")  # letters coded by their shape in the word
_LEFT_TO_RIGHT = re.compile(r"[A-Za-z\u00c0-\u024f0-9](?:[^\u0590-\u08ff]*[A-Za-z\u00c0-\u024f0-9])?")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
# Letters that Hebrew has for the ends of words only, and the article that Arabic words begin with.
_AS_READ = re.compile(r"[ךםןףץ](?![\u05d0-\u05ea])|(?<![\u0621-\u064a])ال(?=[\u0621-\u064a])|ة(?![\u0621-\u064a])")
_AS_DRAWN = re.compile(r"(?<![\u05d0-\u05ea])[ךםןףץ]|(?<=[\u0621-\u064a])لا(?![\u0621-\u064a])|(?<![\u0621-\u064a])ة")


def _in_reading_order(text: str) -> str:
    """Some programs write Hebrew and Arabic as drawn, from the left: such a line is turned, its numbers are not."""
    if len(_AS_DRAWN.findall(text)) <= len(_AS_READ.findall(text)):
        return text
    turned = text[::-1].translate(_MIRRORED)
    return _LEFT_TO_RIGHT.sub(lambda match: match[0][::-1].translate(_MIRRORED), turned)


# ── detached accents ─────────────────────────────────────────────────────────────────────────────────────


def _attach(match: re.Match[str]) -> str:
    """TeX prints an accent before its letter, other programs after it: take the side where the pair is a letter."""
    accent, before, after = match["accent"], match["before"] or "", match["after"] or ""
    combining, takers = _ACCENTS[accent]
    if accent in _APOSTROPHE_LIKE and _is_apostrophe(match):
        return match[0]
    if after and after in takers and not (before and before in takers and _prefers_before(before, accent, match)):
        gap = " " if before and match[0].startswith(before + " ") else ""
        return before + gap + _compose(after, combining)
    if before and before in takers:
        gap = " " if after and match[0].endswith(" " + after) else ""
        return _compose(before, combining) + gap + after
    return match[0]


def _compose(letter: str, combining: str) -> str:
    return unicodedata.normalize("NFC", ("i" if letter == "\u0131" else letter) + combining)


def _prefers_before(before: str, accent: str, match: re.Match[str]) -> bool:
    # A dotless i waits for its accent. In "o ¨e" both vowels are possible, and German umlauts are far commoner.
    if before == "\u0131" or match["after"] == "\u0131":
        return before == "\u0131"
    return accent == "\u00a8" and before in "aouAOU" and match["after"] not in tuple("aouAOU")


def _is_apostrophe(match: re.Match[str]) -> bool:
    """`l´histoire`, `O´Brien`: a lone letter, the mark, a word; or a mark that stands free, as quotation marks do."""
    before, after, text, start = match["before"] or "", match["after"] or "", match.string, match.start()
    if before and after.islower() and match[0] == f"{before} {match['accent']}{after}":
        # "poe ´tica", unless a quotation begins here, which ends somewhere: "the ´new´ town".
        return bool(_CLOSED.search(text, match.end()))
    if not before or " " in match[0]:
        # TeX sets the accent of a capital after the space before the word: "Kronika ´Swiatowa".
        return not (after in ("S", "C", "Z", "N") and match[0].endswith(match["accent"] + after))
    if after in ("s", "t") and not text[match.end() : match.end() + 1].isalpha():
        return True  # "Germany´s", "don´t"
    lone = start == 0 or not text[start - 1].isalpha()
    if before in "nsmtjc":  # French "n´est", rarely else; Portuguese and Spanish "número", "técnico" often
        return lone and bool(_ELIDED.match(text, match.end() - 1))
    return lone and bool(after) and (before in "dl" or (before in "ODLM" and after.isupper()))


_ELIDED = re.compile(r"(?:est|ai|as?|ont|[eé]tait|y|en|il)\b")
_CLOSED = re.compile(rf"\w[{_APOSTROPHE_LIKE}]")

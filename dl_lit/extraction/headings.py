"""Which lines head a reference list, a part of it, or what comes after it."""

from __future__ import annotations

import re

from dl_lit.extraction.heading_words import AFTER_HEADS, AFTER_STARTS, LIST_HEADS, any_of

# Patterns in small letters, for texts in small letters: where case counts, `re` drops an alternative that begins with
# another letter at once; with re.I it goes into each of the hundreds, and this is asked about every line.
_NUMBER = (
    r"(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[ivx]{1,5}\.?|[a-z]\d?\.?|§ ?\d+|(?:kapitel|chapter) \d+:?|"
    r"(?:appendix|anhang) \w:?)[ \t:–-]{1,4})?"
)
# Headings are set with odd spaces ("R E F E R E N C E S", "LITERA TUR"), so a space of a pattern may be missing.
_LIST_HEAD = re.compile(rf"[\W_]{{0,4}}{_NUMBER}{LIST_HEADS.replace(' ', ' ?')}(?: ?\([^)]{{3,40}}\))?[\W_]{{0,4}}")
_RUN_IN = re.compile(rf"{LIST_HEADS} ?[:.–—][–—]? ?(?=\S)")
_AFTER_HEAD = re.compile(rf"[\W_]{{0,3}}{_NUMBER}{AFTER_HEADS}[\W_]{{0,3}}")
_AFTER_START = re.compile(AFTER_STARTS)
_FLOAT = re.compile(
    r"(?:Tab(?:\.|le|elle)|Fig(?:\.|ure)|Abb(?:\.|ildung)|Schaubild|Grafik|Übersicht|Exhibit|TABLE|FIGURE|ABBILDUNG|"
    r"TABELLE|Appendix|Anhang|APPENDIX|ANHANG|Annex) ?(?:[A-Z]?-?\d{1,2}(?:\.\d{1,2})?[a-z]?|[A-Z]|[IVX]{1,5})\s?"
    r"(?:[.:–|-]|$|\s[A-ZÄÖÜ])"
)
_STEM = re.compile(
    r"\b(?:references|literatur|quellen|bibliogra(?:ph|f)|r[ée]f[ée]ren[cç]|referên|references|works cited|sources|"
    r"fuentes|fontes|obras|lecturas|leituras|readings|литератур|источник|kaynak|irodalom|literat[uú]r|källor|lähteet)",
    re.I,
)
_MORE = re.compile(
    r"\W{0,3}(?:(?:further|suggested|recommended|additional) read|weiterf[üu]hrende|"
    r"(?:leit|lect)uras? (?:rec|compl|sug)|pour aller plus loin|lectures? (?:rec|compl))",
    re.I,
)
_SHORT = 40  # letters
_COUNTED = re.compile(r"\(?(?:(?:\d{1,2}\.)*\d{1,2}|[IVXivx]{1,5}|[A-Za-z])[.):]{0,2}[ \t]+(?=\S)")
_SPACED = re.compile(r"(?:\S ){4,}\S")
_PART_HEAD = re.compile(
    any_of(
        r"(?:primary|secondary|unpublished|published|printed|archival|legal|internet|online|electronic|web|other|further|"
        r"additional) .{0,25}(?:sources?|literature|references|readings?|documents|materials?)",
        r"(?:primär|sekundär|internet|gedruckte|ungedruckte|weitere|sonstige|online|elektronische|rechts|archiv).{0,20}"
        r"(?:quellen|literatur|dokumente|links|adressen)",
        r"archiv(?:es|al .{3,20}|alien|os|i)?|arquivos|manus[ck]ri(?:p?ts?|p?te|tos)|manoscritti|interviews",
        r"(?:newspapers|periodicals|journals)(?: and .{3,15})?|(?:film|web|hemero|sito|disco)gra(?:ph|f)[yií][ae]?",
        r"case law|(?:table of )?cases|statutes|theses|dissertations|ouvrages|p[ée]riodiques|thèses",
        r"printed (?:works|matter)|unpublished (?:works|papers|manuscripts)|published works|darstellungen|periodika",
        r"filme?s?|entrevistas|monogra(?:ph|f)[íi]as",
        r"internet|links|monogra(?:ph|f)i(?:en|es)|books|articles|artikel|b[üu]cher|aufs[äa]tze|websites?",
        r"internetseiten",
        r"zeitschriften(?:artikel)?|gesetze|web(?:links|seiten)|(?:unged|ged)ruckte .{3,30}|[A-Z]",
        r"(?:fontes|fuentes|fonti|sources) (?:prim|secund|second|documenta|oral|manus|imp|electr|eletr|archiv|légis)"
        r".{0,30}",
        r"(?:otr[ao]s|outr[ao]s|autres) .{3,30}|legisla(?:ção|ción|tion)|livros?|libros?|art[íi](?:gos|culos)",
        r"p[áa]ginas web",
        r"sites?|sitios web|teses(?: e dissertações)?|tesis|documentos.{0,30}|источники|исследования",
    ),
    re.I,
)


def unspaced(text: str) -> str:
    """`R E F E R E N C E S` as one word, other text as it is."""
    return text.replace(" ", "") if text[1:2] == " " and _SPACED.fullmatch(text) else text


def heads_list(text: str) -> bool:
    """The line is nothing but the heading of a reference list."""
    if len(text) >= 90:
        return False
    text = text.lower()
    if _LIST_HEAD.fullmatch(unspaced(text)):
        return True
    # Some fonts leave a gap within the word: "Ref erences".
    return len(text) < _SHORT and " " in text and bool(_LIST_HEAD.fullmatch(text.replace(" ", "")))


def mentions_list(text: str) -> bool:
    """A short line that holds a word of such headings among others: "Sources and literature used in chapter 3"."""
    return 5 <= len(text) < 70 and bool(_STEM.search(text)) and not text.rstrip().endswith((".", ",", ";"))


def heads_more(text: str) -> bool:
    """The line heads what readers may read besides ("Further reading"), often behind a list that has no heading."""
    return len(text) < 60 and bool(_MORE.match(text))


def run_in_head(text: str) -> int:
    """The length of "Literatur: " where the list follows on the same line, else 0."""
    match = _RUN_IN.match(text.lower())
    return match.end() if match else 0


def heads_part(text: str) -> bool:
    """The line heads a part of a list ("Internet sources", "2. Films", "B"), which goes on after it."""
    if len(text) >= 60:
        return False
    return bool(_PART_HEAD.fullmatch(text.strip(" :.")) or _PART_HEAD.fullmatch(without_number(text).strip(" :.")))


def without_number(text: str) -> str:
    """The line without the number or letter that counts it: "2.1 Films", "(b) Films", "IV. Films"."""
    match = _COUNTED.match(text)
    return text[match.end() :] if match else text


def interrupts(text: str) -> bool:
    """The line begins something after which the list may go on: a table, a figure, a journal's notice."""
    return bool(_FLOAT.match(text) or _AFTER_START.match(text))


def ends_list(text: str) -> bool:
    """The line heads, or begins, something that stands after a reference list."""
    return interrupts(text) or (len(text) < 110 and bool(_AFTER_HEAD.fullmatch(unspaced(text).lower())))

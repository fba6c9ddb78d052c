"""What kind of work a reference is, in Crossref's words; laws, judgements and patents, which it has none for, in those
of CSL (docs.citationstyles.org): "legislation", "legal_case", "patent"."""

from __future__ import annotations

import re

from dl_lit.extraction.parsing import lexicon, orders
from dl_lit.extraction.parsing.identifiers import Identifiers
from dl_lit.extraction.parsing.parts import Parts
from dl_lit.extraction.parsing.titles import Titles

# All in lower case, as is what they are held against.
_THESIS = re.compile(
    r"\b(?:ph\.?\s?d\.?|doctoral|master'?s?|bachelor'?s?)\W+(?:thesis|dissertation)"
    r"|\b(?:inaugural-?)?dissertation\b|\bthesis\b"
    r"|\b(?:diplom|magister|master|bachelor)arbeit\b|\bhabilitation(?:sschrift)?\b|\bdiss\.|\btese\b|\bdissertação\b"
    r"|\bthèse\b|\btesis\b|\btesi di\b|\bmestrado\b|\bdoutorado\b|\bmaestría\b|\bдис\."
)
_REPORT = re.compile(
    r"\b(?:technical|tech\.?|research|working|discussion|final)\s+(?:report|rep\.|paper|memorandum)\b"
    r"|\breport no\b|\b(?:arbeits|diskussions)papiere?\b"
    r"|\b(?:projekt|abschluss|forschungs)bericht\b|\bwhite paper\b|\bworking paper"
)
_PREPRINT = re.compile(
    r"\b(?:arxiv|biorxiv|medrxiv|psyarxiv|socarxiv|chemrxiv|ssrn|preprints?|research square|osf preprints)\b"
)
_PROCEEDINGS = re.compile(
    r"\b(?:proc(?:eedings|\.)|conference|conf\.|symposium|symp\.|workshop|tagungsband|congress|kongress"
    r"|advances in neural information"
    r"|lecture notes|lncs|anais)\b"
)
_JOURNAL_PROCEEDINGS = re.compile(
    r"\bproc(?:eedings|\.)?\s+(?:of the\s+)?(?:natl?|national|r\.?\s?soc|royal|ieee(?! int)|amer|biol|inst)"
)
# Laws, judgements and standards are known by how the whole reference begins, as printed, behind its number and the body
# that issued it; their names within a title say nothing.
_HEAD = r"^\W{0,3}(?:\d{1,3}[.\])]*\s)?(?:[^.:\d]{2,70}[.:,]\s(?:\((?:19|20)\d\d\w?\)[.:,]?\s)?){0,2}"
_LAW = re.compile(
    _HEAD + r"(?:(?:Council|Commission)\s)?(?:(?:Lei|Decreto|Decreto-Lei|Lei Complementar"
    r"|Portaria|Resolução|Medida Provisória|Emenda"
    r" Constitucional|Instrução Normativa|Ley|Real Decreto|Loi|Décret|Arrêté|Legge|Decreto"
    r" Legislativo)\s(?:(?:Federal|Estadual|Municipal|Orgánica)\s)?(?:\S{2,12}\s)?"
    r"(?:n[.ºo°]{1,2}|núm\.|N[.ºo°]{1,2}|\d+[./]\d)"
    r"|(?:Regulation|Directive|Verordnung|Richtlinie|Regulamento|Diretiva|Règlement|Directiva|Reglamento|Decision)\s"
    r"(?:\((?:EU|EC|EEC|EG|EWG|UE|CE)(?:,\s\w+)?\)|(?:No\.?\s|Nr\.\s)?\d{2,4}/\d+)"
    r"|Public Law\s(?:No\.\s)?\d|Pub\.\sL\.\s|Executive Order\s\d)"
    r"|^[^.]{0,90}\sAct(?:\s(?:of\s)?(?:1[6-9]|20)\d\d)?(?:\s§+\s?[\w.-]+)?,\s(?:\d{1,3}\s(?:U\.|Stat|C\.)|c\.\s?\d|Pub)"
    r"|\b\d{1,3}\sU\.\s?S\.\s?C\.(?:A\.)?\s(?:§|\d)|\b\d{1,3}\sC\.\s?F\.\s?R\.\s"
)
_COURT = re.compile(
    r"^\W{0,3}(?:\d{1,3}[.\])]*\s)?(?:BGH|BVerfG|BVerwG|BAG|BFH|BSG|EuGH|EGMR|OGH|BGer|RG|(?:O?LG|O?VG|LAG|LSG|FG|AG)\s[A-Z]\w+|Bundesgerichtshof"
    r"|Bundesverfassungsgericht|Bundesverwaltungsgericht|Europäischer Gerichtshof)\b[,:;.]?\s.{0,40}?(?:Urteil"
    r"|Urt\.|Beschlu(?:ss|ß)|Beschl\.|U\.\sv\.|Entscheidung)"
    r"|\bECLI:[A-Z]{2}:"
    r"|^.{0,90}?(?:Supremo Tribunal|Superior Tribunal|Tribunal de Justiça)[^.]*\..{0,40}?(?:Recurso|Apelação"
    r"|Habeas|Agravo|Acórdão|Ação)"
)
_STANDARD = re.compile(
    _HEAD + r"(?:(?:ABNT|ANSI|BS|DIN|EN|ISO|IEC|NF|ÖNORM|PD|SN|UNE|VDI|JIS)[\s/-]{1,2}){0,2}"
    r"(?:ABNT|ANSI|ASTM|BS|DIN|EN|ISO(?:/IEC|/TS|/TR)?|IEC|NBR|NF|ÖNORM|UNE|VDI|JIS"
    r"|GB/T|ITU-T|IEEE(?:\sStd\.?|\sStandard))\s?(?:NBR\s|Std\.?\s)?[A-Z]{0,2}[\s.-]?\d{2,6}(?![\d)])"
)
_DATASET = re.compile(r"(?i)\[data ?sets?\]")
_SAYS_THESIS = lexicon.marked(_THESIS, "thes|diss|arbeit|habil|tese|thès|tesi|mestrado|doutorado|maestría|дис.")
_SAYS_REPORT = lexicon.marked(_REPORT, "report|rep.|paper|memorandum|papier|bericht")
_SAYS_PREPRINT = lexicon.marked(_PREPRINT, "rxiv|ssrn|preprint|research square")
_SAYS_LAW = lexicon.marked(
    _LAW,
    "Lei|Decret|Portaria|Resol|Medida|Emenda|Instru|Ley|Loi|Décret|Arrêt|Legge|Regul|Directi|"
    "Diretiva|Verordnung|Richtlinie|Règlement|Regla|Decision|Public Law|Pub. L|Executive|Act|U.S.C|"
    "U. S.|C.F.R",
)
_SAYS_COURT = lexicon.marked(_COURT, "BGH|BV|BAG|BFH|BSG|EuGH|EGMR|OGH|BGer|G |gericht|Gericht|ECLI|Tribunal")
_SAYS_STANDARD = lexicon.marked(_STANDARD, "ISO|DIN|IEC|ANSI|ASTM|BS |EN |NBR|NF |ÖNORM|UNE|VDI|JIS|GB/T|ITU|IEEE S")
_SAYS_PROCEEDINGS = lexicon.marked(
    _PROCEEDINGS, "proc|conf|symp|workshop|tagungsband|congress|kongress|advances in|lecture|lncs|anais"
)


def kind(parts: Parts, found: Identifiers, chosen: Titles) -> str | None:
    """journal-article, book, book-chapter, proceedings-article, dissertation, report, dataset, posted-content,
    standard, legislation, legal_case, patent or other."""
    if not parts.runs:
        return None
    if (issued := _issued(parts)) is not None:
        return issued
    outside = " ".join(
        parts.raw[r.start : r.end + 1] for r in parts.runs if r.label not in ("title", "author", "editor", "id")
    )
    outside = outside.lower()
    container, title = (chosen.container or "").lower(), chosen.title or ""
    if _DATASET.search(parts.raw):
        return "dataset"
    if _SAYS_THESIS.is_in(outside) and not parts.all("volume"):
        return "dissertation"
    if _SAYS_PREPRINT.is_in(outside) or (
        found.arxiv and (container == "corr" or not (container and parts.all("volume")))
    ):
        return "posted-content"
    if _SAYS_PROCEEDINGS.is_in(container) and not (_JOURNAL_PROCEEDINGS.search(container) and parts.all("volume")):
        return "proceedings-article"
    if container and not _SAYS_REPORT.is_in(container):
        return _contained(parts)
    if _SAYS_REPORT.is_in(outside):
        return "report"
    if parts.all("publisher") or parts.all("place") or found.isbn or (title and parts.all("editor")):
        return "book"
    return "journal-article" if parts.all("volume") and parts.all("pages") else "other"


def _issued(parts: Parts) -> str | None:
    """The kind of what courts, parliaments and offices issue."""
    raw = parts.raw
    if orders.is_patent(raw):
        return "patent"
    if orders.is_case(raw):
        return "legal_case"
    containers = parts.all("container")
    if containers and all(map(parts.all, ("author", "volume", "pages"))):  # an article, or a law in a gazette
        return "legislation" if orders.is_gazette(raw[containers[0].start : containers[0].end]) else None
    if _SAYS_COURT.is_in(raw):
        return "legal_case"
    if _SAYS_LAW.is_in(raw):
        return "legislation"
    return "standard" if _SAYS_STANDARD.is_in(raw) else None


def _contained(parts: Parts) -> str:
    """Journals have volumes; books that hold chapters have editors, a place, a publisher, or an "In" before them."""
    if parts.all("editor") or (parts.all("publisher") and not parts.all("issue")):
        return "book-chapter"
    if parts.all("volume") or parts.all("issue"):
        return "journal-article"
    if parts.all("place"):
        return "book-chapter"
    return "journal-article"

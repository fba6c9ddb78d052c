"""Works that bear another one's title and, right behind it, what they are to it: a summary, a follow-up, a reader."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from dl_lit.identity import titles

_A = r"(?:(?:an?|the|ein(?:e|er)?|der|die|das|une?|la|le|el|il|lo|una|um|uma|een|het|en|et)\s+)?"
# What a publication says of itself, so that it may stand in brackets or behind a full stop, too.
_NOTES = (
    r"(?:executive |short |brief |extended |plain[- ]language )?(?:summary|synopsis)|executive briefing|abridgement"
    r"|(?:research |a )?letter(?: to the editor)?|abstract|reader['’]?s letter"
    r"|kurzfassung|zusammenfassung|leserbrief|brief an (?:die redaktion|den herausgeber)"
    r"|résumé(?: exécutif)?|note de synthèse|synthèse|lettre(?: à la rédaction)?"
    r"|resumen(?: ejecutivo)?|carta(?: al (?:editor|director))?|resumo(?: executivo)?|sumário executivo"
    r"|sintesi|riassunto|lettera(?: al direttore)?|samenvatting|sammendrag|sammanfattning|streszczenie|souhrn"
    r"|краткое содержание|реферат|автореферат|письмо в редакцию|执行摘要|摘要|要旨"
)
# Another report of the same study.
_TIME = r"(?:\w+[-‐– ](?:years?|months?|weeks?)|long[- ]term|\d+[-‐–]?jahres|langzeit)"
_REPORTS = (
    r"(?:[\w'’]+[-‐– ]){0,3}follow[-‐– ]?up(?: study| results?| report| data| analysis)?"
    rf"|(?:{_TIME}|interim|preliminary|final|additional|further|updated)[- ]?(?:results?|outcomes?|analys[ie]s|data)"
    r"|(?:(?:study|trial|research|review) )?protocol|study design|design and rationale|rationale and design"
    r"|(?:secondary|post[- ]hoc|subgroup) analysis|statistical analysis plan"
    r"|katamnese|nachuntersuchung|(?:\d+-?jahres-?|langzeit-?|zwischen|end)ergebnisse|studienprotokoll"
    r"|(?:étude de )?suivi(?: à \w+ \w+)?|protocole(?: d['’]étude)?"
    r"|seguimiento(?: a \w+ \w+)?|protocolo(?: de estudio)?"
)
# Other books.
_BOOKS = (
    r"(?:[\w-]+ )?(?:reader|anthology|source[- ]?book|case[- ]?book|companion|compendium)(?!['’])|(?:\w+ )?case studies"
    r"|(?:instructor|teacher|student|lecturer|tutor)(?:s?['’]s?|s)?\s(?:guide|manual|edition|book|handbook|notes)"
    r"|selected readings|annotated bibliography|graphic novel|(?:technical |statistical )?(?:appendix|appendices)\b"
    r"|screenplay|libretto|exercises\b|index\b|drehbuch|anhang\b|materialien(?:band)?\b|register(?:band)?\b|tafelband"
    r"|annexes?\b|bibliographie (?:annotée|critique)|apéndices?\b|anexos?\b|guión|appendici?\b"
    r"|anthologie|lesebuch|fallstudien|quellen(?:band|sammlung)|textsammlung|handreichung(?:en)? für lehrer"
    r"|recueil de textes|études de cas|guide (?:de l['’]enseignant|du (?:maître|professeur))|livre du professeur"
    r"|cahier d['’](?:exercices|activités)|antología|antologia|estudios? de caso|estudos de caso|casi di studio"
    r"|gu[ií]a (?:didáctica|del (?:profesor|maestro|docente))|guida (?:per l['’]insegnante|didattica)"
    r"|(?:libro|livro|manual) d[eo]l? profess?or|cuaderno de (?:ejercicios|trabajo)"
    r"|bloemlezing|werkboek|docentenhandleiding"
    r"|хрестоматия|антология|книга для учителя|методическое пособие|рабочая тетрадь"
    r"|практикум\b|задачник\b|(?:(?:краткий|полный) )?(?:курс|конспект) лекций|教师用书|练习册|读本|案例集?"
)
_LIVES = (
    r"(?:[\w-]+ )?biogra(?:phy|phie|fia|fía|fie|fi)\b"
    r"|(?:short |early |private )?(?:life|lives)(?: and (?:times|works?|letters|legend))? of"
    r"|(?:his|her) life\b|leben und werk|das leben d\w+|lebensbild|vie (?:de|du|d['’])|vida (?:de|del|da|do)|vita di"
    r"|het leven van|życie|биография|жизнь|传记?|評伝|评传"
)
_CLOSED = r"(?=\s*(?:$|[.,;:)\]”\"»(\[（]|\s[-–—]\s))"
_OPENED = r"^[\s”\"»'’]*(?:[:：;–—(\[（]|\s-\s|[?!](?=\s))\s*"
_BEHIND = re.compile(
    rf"(?i)(?:{_OPENED}{_A}(?:(?:{_NOTES}){_CLOSED}|(?:{_REPORTS}|{_BOOKS}|{_LIVES})(?!\w))"
    rf"|^[\s”\"»'’]*[.,]\s*{_A}(?:{_NOTES}|{_REPORTS}|{_BOOKS}|{_LIVES}){_CLOSED})"
)
_ENDS_SO = re.compile(rf"(?i)(?:[:：;–—(\[（]|\s-\s|[.?!]\s)\s*{_A}(?:(?:{_NOTES})|(?:{_REPORTS})\b[^.:;]*)\W*$")
_MISPRINTED = 80  # likeness from which it is printed with misprints


def is_printed(after: str, theirs: str) -> bool:
    """Whether what stands right `after` a title makes it that of another work; `theirs`, what the record says, does
    not have it."""
    found = _BEHIND.match(after)
    return found is not None and titles.key(found.group()) not in titles.key(theirs)


def is_registered(theirs: str, printed: str) -> bool:
    """Whether the record's title ends with a summary, letter or later report, which the print does not say."""
    found = _ENDS_SO.search(titles.strip_markup(theirs))
    return found is not None and fuzz.partial_ratio(titles.key(found.group()), titles.key(printed)) < _MISPRINTED

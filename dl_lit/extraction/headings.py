"""The words that head a reference list, and the words that head what comes after it, in the languages we read."""

from __future__ import annotations

import re


def _any(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


_LIST_HEADS = _any(
    # English
    r"references?(?: (?:and|&) (?:notes?|further reading|recommended reading|bibliography|links))?",
    r"reference list|list of references|references? cited|cited references|references consulted",
    r"(?:bibliographic(?:al)?|literature|selected|key|main|additional) references",
    r"(?:selected |select |annotated |general |works? )?bibliograph(?:y|ies)",
    r"literature(?: cited| list| references)?|cited literature|works? cited|works consulted|citations",
    r"sources(?: (?:and (?:literature|references)|cited))?|(?:further|suggested|recommended) readings?",
    # German
    r"literatur(?:verzeichni[sß]s?e?|hinweise?|angaben|liste|nachweise?|quellen|auswahl|empfehlungen|bericht)?",
    r"(?:(?:zitierte|verwendete|weiterf[üu]hrende|ausgew[äa]hlte|benutzte|erw[äa]hnte|angef[üu]hrte|wichtige) )+"
    r"(?:literatur|quellen)",
    r"quellen(?:verzeichnis|angaben|nachweise?)?|referenzen|schrifttum|bibliogra(?:ph|f)ie",
    r"(?:literatur|quellen)(?:-|verzeichnis)?(?: ?(?:und|u\.|/|&|,) ?)"
    r"(?:literatur|quellen|links|internet|material|verweise|anmerkungen|darstellungen)\w*",
    r"literatur (?:zum|zur|im|in) \w+|bibliographie ?/ ?bibliography|literatur ?/ ?\w+",
    # French, Spanish, Portuguese, Catalan, Italian
    r"r[ée]f[ée]rences(?: bibliographiques)?|bibliographie (?:s[ée]lective|indicative)|ouvrages cit[ée]s",
    r"sources et bibliographie|referencias(?: bibliogr[áa]ficas)?|bibliograf[íi]a(?: (?:citada|consultada|general))?",
    r"obras citadas|fuentes(?: consultadas)?|refer[êe]ncias(?: bibliogr[áa]ficas)?|refer[èe]ncies",
    r"riferimenti(?: bibliografici)?|opere citate",
    # Dutch, Scandinavian, Finnish, Polish, Hungarian, Turkish
    r"literatuur(?:lijst)?|referenties|bronnen|litteratur(?:lista|liste|förteckning|f[øo]rtegnelse)?",
    r"k[äa]ll(?:or|förteckning)|referenser|referanser|kirjallisuus|l[äa]hteet",
    r"literatura(?: cytowana)?|pi[śs]miennictwo|irodalom(?:jegyz[ée]k)?|kaynak(?:lar|[çc]a)",
    # Russian, Greek, Chinese, Korean, Arabic
    r"литература|список литературы|источники|библиография|βιβλιογραφ[ίι]α|参考文献|參考文獻|참고문헌|المراجع|مراجع",
)
_NUMBER = (
    r"(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVXivx]{1,5}\.?|[A-Z]\d?\.?|§ ?\d+|(?:kapitel|chapter) \d+:?|"
    r"(?:appendix|anhang) \w:?)[ \t:–-]{1,4})?"
)
_LIST_HEAD = re.compile(rf"[\W_]{{0,4}}{_NUMBER}{_LIST_HEADS}(?: \([^)]{{3,40}}\))?[\W_]{{0,4}}", re.I)
_RUN_IN = re.compile(r"(?:References|Literatur(?:verzeichnis)?|Bibliography|Literature)\s?[:.–—] ?(?=\S)")

_AFTER = _any(
    # appendices, thanks
    r"(?:technical |supplementary |statistical |data )?(?:appendix|appendices)\b.{0,60}|annex(?:es)?\b.{0,40}",
    r"(?:tabellen|statistischer |methodischer )?anh[äa]nge?\b.{0,50}|acknowledge?ments?(?: and .{0,30})?",
    r"danksagung(?:en)?|dank|remerciements|agradecimientos|agradecimentos",
    # people
    r"(?:about|notes? on|information (?:about|on)) the (?:contributing )?(?:authors?|editors?|contributors?)",
    r"(?:author|contributor)s?['’]?s? (?:information|details?|notes?|biograph(?:y|ies)|bios?|contributions?|"
    r"affiliations?|address(?:es)?)",
    r"(?:zu[rm]?|über|ueber) (?:de[nrm] |die |das )?(?:person(?:en)?|autor|verfasser|herausgeber)[\w/*:-]*.{0,25}",
    r"die autor\w*\b.{0,20}|der autor|autor(?:in|en|inn?en|[*:_/-]in(?:nen)?)?(?:angaben|hinweise?|verzeichnis)?",
    r"verfasser(?:in)?|angaben zu[rm]? .{3,40}|(?:korrespondenz|kontakt|autoren)?anschrift(?:en)?\b.{0,30}",
    r"korrespondenz(?:adresse|autor(?:in)?)?|kontakt(?:adresse)?|adressen?|corresponding authors?|contacts?",
    r"(?:address for )?correspondence(?: (?:address|to))?|biographical notes?|lebenslauf|curriculum vitae",
    # other parts of a paper
    r"(?:end|foot)?notes?|(?:end|fu(?:ß|ss))noten|anmerkungen|notas",
    r"(?:list of )?(?:tables|figures|abbreviations)(?: and (?:tables|figures))?|verzeichnis der .{3,40}",
    r"(?:tabellen|abbildungs?|abk[üu]rzungs)(?:verzeichnis|en)?|glossar(?:y|es)?|(?:sach|personen|namens?)?register",
    r"abstracts?|summary|zusammenfassung|r[ée]sum[ée]|resumen|resumo|index|introduction|einleitung",
    r"key ?words?\b.{0,100}|schl[üu]sselw[öo]rter\b.{0,80}",
    r"questionnaire|fragebogen|interviewleitfaden|transkription\w*",
    r"conflicts? of interests?.{0,20}|competing interests.{0,20}|funding(?: .{0,20})?|disclosures?",
    r"ethic(?:s|al) .{0,30}",
    r"supplement(?:ary|al) (?:material|information|data|files?)s?|pre-?publication history|publisher['’]s note",
    r"impressum|imprint|zitation|citation|zitiervorschlag|how to cite.{0,40}|(?:open )?peer review.{0,30}",
    r"erkl[äa]rung(?:en)?\b.{0,30}|eidesstattliche.{0,40}|bisher erschienen.{0,60}|previously published.{0,50}",
    r"(?:buch|neuere |weitere )?(?:ver[öo]ffentlichungen|publikationen).{0,60}",
    r"publications\b.{0,60}|b[üu]cher de[rs] .{3,50}",
    r"(?:discussion|working|research|conference) papers?.{0,60}|(?:diskussions|arbeits)papiere.{0,60}",
    r"schriftenreihe.{0,60}",
    r"(?:recent|other) (?:issues|publications).{0,40}|(?:published|available) (?:working|discussion) papers?.{0,40}",
)
_AFTER_HEAD = re.compile(rf"[\W_]{{0,3}}{_NUMBER}{_AFTER}[\W_]{{0,3}}", re.I)
_AFTER_START = re.compile(
    _any(
        r"Source of Support|Conflicts? of Interest|How to cite this|Cite this article|Please cite",
        r"Correspondence(?: to|:)|Corresponding author|Address for correspondence|Author(?:'s|s'|s)? address",
        r"Publish with |Publish your work|Submit your (?:next )?manuscript|Access this article online",
        r"Received:? .{3,40}(?:19|20)\d\d|Eingegangen|This is an open access|Open Access This|Copyright (?:©|\(c\))",
        r"© ?\(?(?:19|20)?\d\d|E-?mail: ?\S+@|Anschrift de[rs]|Korrespondenz(?:adresse|anschrift)",
        r"Zitation:?|Zitierhinweis",
        r"(?:Paper|Manuscript|Article|Version) (?:first )?(?:received|accepted|submitted)|Manuskript\w* eingegangen",
        r"(?:Univ\.-|Apl\. |Ao\. )?Prof\. ?(?:em\. )?Dr\b|PD Dr\.|Dr\. (?:phil|rer|med|h)?\.? ?[A-Z]\w+ [A-Z]\w+",
        r"ADDRESS:|Address:",
        # "Jane Example is a Lecturer", "Max Muster ist Professor"
        r"[A-ZÀ-Ý][\w.’'-]+(?: [\w.’'-]+){1,4},? (?:is|ist|was|war) (?:an?|the|currently|(?:Full|Associate|Assistant|"
        r"Emeritus|Senior|Junior|Visiting) |Professor|Lecturer|Reader|Research|Director|Head|Ph\.?D|Doctoral|Doktorand|"
        r"Dozent|eine?|wissensch)",
        r"The authors? (?:declare|is |are |has |have )|Supplementary (?:material|information)",
        r"Additional (?:file|material)",
    )
)
_FLOAT = re.compile(
    r"(?:Tab(?:\.|le|elle)|Fig(?:\.|ure)|Abb(?:\.|ildung)|Schaubild|Grafik|Übersicht|Exhibit|TABLE|FIGURE|ABBILDUNG|"
    r"TABELLE|Appendix|Anhang|APPENDIX|ANHANG|Annex) ?(?:[A-Z]?-?\d{1,2}(?:\.\d{1,2})?[a-z]?|[A-Z]|[IVX]{1,5})\s?"
    r"(?:[.:–|-]|$|\s[A-ZÄÖÜ])"
)
_SPACED = re.compile(r"(?:\S ){4,}\S")
_PART_HEAD = re.compile(
    _any(
        r"(?:primary|secondary|unpublished|published|printed|archival|legal|internet|online|electronic|web|other|further|"
        r"additional) .{0,25}(?:sources?|literature|references|readings?|documents|materials?)",
        r"(?:primär|sekundär|internet|gedruckte|ungedruckte|weitere|sonstige|online|elektronische|rechts|archiv).{0,20}"
        r"(?:quellen|literatur|dokumente|links|adressen)",
        r"internet|links|monogra(?:ph|f)i(?:en|es)|books|articles|artikel|b[üu]cher|aufs[äa]tze|websites?|internetseiten",
        r"zeitschriften(?:artikel)?|gesetze|web(?:links|seiten)|[A-Z]",
    ),
    re.I,
)


def unspaced(text: str) -> str:
    """`R E F E R E N C E S` as one word, other text as it is."""
    return text.replace(" ", "") if _SPACED.fullmatch(text) else text


def heads_list(text: str) -> bool:
    """The line is nothing but the heading of a reference list."""
    return len(text) < 90 and bool(_LIST_HEAD.fullmatch(unspaced(text)))


def run_in_head(text: str) -> int:
    """The length of "Literatur: " where the list follows on the same line, else 0."""
    match = _RUN_IN.match(text)
    return match.end() if match else 0


def heads_part(text: str) -> bool:
    """The line heads a part of a list ("Internet sources", "B"), which goes on after it."""
    return len(text) < 60 and bool(_PART_HEAD.fullmatch(text.strip(" :.")))


def interrupts(text: str) -> bool:
    """The line begins something after which the list may go on: a table, a figure, a journal's notice."""
    return bool(_FLOAT.match(text) or _AFTER_START.match(text))


def ends_list(text: str) -> bool:
    """The line heads, or begins, something that stands after a reference list."""
    return interrupts(text) or (len(text) < 110 and bool(_AFTER_HEAD.fullmatch(unspaced(text))))

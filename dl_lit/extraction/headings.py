"""The words that head a reference list, and the words that head what comes after it, in the languages we read."""

from __future__ import annotations

import re

_LIST_HEADS = r"""
references?(?:\ (?:and|&)\ (?:notes?|further\ reading|recommended\ reading|bibliography|links))? | reference\ list | list\ of\ references
| references?\ cited | cited\ references | (?:bibliographic(?:al)?|literature|selected|key|main|additional)\ references | references\ consulted
| (?:selected\ |select\ |annotated\ |general\ |works?\ )?bibliograph(?:y|ies) | literature(?:\ cited|\ list|\ references)? | cited\ literature
| works?\ cited | works\ consulted | citations | sources(?:\ (?:and\ (?:literature|references)|cited))? | (?:further|suggested|recommended)\ readings?
| literatur(?:verzeichni[sß]s?e?|hinweise?|angaben|liste|nachweise?|quellen|auswahl|empfehlungen|bericht)? | bibliogra(?:ph|f)ie
| (?:(?:zitierte|verwendete|weiterf[üu]hrende|ausgew[äa]hlte|benutzte|erw[äa]hnte|angef[üu]hrte|genutzte|wichtige)\ )+(?:literatur|quellen)
| quellen(?:verzeichnis|angaben|nachweise?|\ und\ darstellungen)? | referenzen | schrifttum | verwendete\ literatur | literaturauswahl
| (?:literatur|quellen)(?:-|\ )?(?:\ |und|u\.|/|&|-|verzeichnis|\b){1,5}(?:literatur|quellen|links|internet|material|verweise|anmerkungen)\w*
| literatur\ (?:zum|zur|im|in|und)\ \w+ | literatur\ /\ \w+ | bibliographie\ /\ bibliography
| r[ée]f[ée]rences(?:\ bibliographiques)? | bibliographie\ (?:s[ée]lective|indicative) | ouvrages\ cit[ée]s | sources\ et\ bibliographie | litt[ée]rature
| referencias(?:\ bibliogr[áa]ficas)? | bibliograf[íi]a(?:\ (?:citada|consultada|general))? | obras\ citadas | fuentes(?:\ consultadas)?
| refer[êe]ncias(?:\ bibliogr[áa]ficas)? | bibliografia(?:\ citada)? | refer[èe]ncies | riferimenti(?:\ bibliografici)? | opere\ citate
| literatuur(?:lijst)? | referenties | bronnen | litteratur(?:lista|liste|förteckning|f[øo]rtegnelse)? | k[äa]ll(?:or|förteckning) | referenser | referanser
| kirjallisuus | l[äa]hteet | literatura(?:\ cytowana)? | bibliografia | pi[śs]miennictwo | irodalom(?:jegyz[ée]k)? | kaynak(?:lar|[çc]a)
| литература | список\ литературы | источники | библиография | βιβλιογραφ[ίι]α | 参考文献 | 參考文獻 | 참고문헌 | المراجع | مراجع
"""
_NUMBER = r"(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVXivx]{1,5}\.|[A-Z]\.|§\ ?\d+|[A-Z]\d?\.?|[IVX]{2,5}|kapitel\ \d+:?|chapter\ \d+:?|appendix\ \w:?|anhang\ \w:?)[\ \t:–-]{1,4})?"
_LIST_HEAD = re.compile(rf"[\W_]{{0,4}}{_NUMBER}(?:{_LIST_HEADS})(?:\ \([^)]{{3,40}}\))?[\W_]{{0,4}}", re.I | re.X)
_RUN_IN = re.compile(r"(?:References|Literatur(?:verzeichnis)?|Bibliography|Quellen|Literature)\s?[:.–—] ?(?=\S)")

_AFTER = r"""
(?:technical\ |supplementary\ |statistical\ |data\ )?(?:appendix|appendices)\b.{0,60} | (?:tabellen|statistischer\ |methodischer\ )?anh[äa]nge?\b.{0,50} | annex(?:es)?\b.{0,40}
| acknowledge?ments?(?:\ and\ .{0,30})? | danksagung(?:en)? | dank | remerciements | agradecimientos | agradecimentos
| (?:about|notes?\ on|information\ (?:about|on))\ the\ (?:contributing\ )?(?:authors?|editors?|contributors?)
| (?:author|contributor)s?['’]?s?\ (?:information|details?|note|notes|biograph(?:y|ies)|bios?|contributions?|affiliations?|addresses?)
| (?:zu[rm]?|über|ueber)\ (?:de[nrm]|die|das)?\ ?(?:person(?:en)?|autor(?:in|en|innen)?(?:/(?:in(?:nen)?))?|verfasser(?:in)?|herausgeber(?:in)?).{0,25} | die\ autor(?:in|en|innen)?\b.{0,20} | der\ autor
| autor(?:in|en|inn?en|\*innen|:innen|_innen|/in|/-in)?(?:angaben|information(?:en)?|hinweise?|verzeichnis|enverzeichnis)? | verfasser(?:in)? | zur\ autorin.{0,30} | zum\ autor.{0,30}
| angaben\ zu[rm]?\ .{3,40} | (?:korrespondenz|kontakt|autoren)?anschrift(?:en)?\b.{0,30} | korrespondenz(?:adresse|autor(?:in)?)? | kontakt(?:adresse)? | adressen?
| (?:address\ for\ )?correspondence(?:\ (?:address|to))? | corresponding\ authors? | contacts? | author(?:'s|s'|s)?\ address(?:es)? | biographical\ notes?
| (?:end|foot)?notes? | (?:end|fu(?:ß|ss))noten | anmerkungen | notas | endnoten
| (?:list\ of\ )?(?:tables|figures|abbreviations)(?:\ and\ (?:tables|figures))? | tabellen(?:verzeichnis)? | abbildungs?(?:verzeichnis|en)? | abk[üu]rzungsverzeichnis | verzeichnis\ der\ .{3,40}
| abstract | summary | zusammenfassung | r[ée]sum[ée] | resumen | resumo | abstracts | key\ ?words?\b.{0,100} | schl[üu]sselw[öo]rter\b.{0,80}
| conflicts?\ of\ interests?.{0,20} | competing\ interests.{0,20} | funding(?:\ .{0,20})? | disclosures? | ethic(?:s|al)\ .{0,30} | supplement(?:ary|al)\ (?:material|information|data|files?)s?
| pre-?publication\ history | publisher['’]s\ note | impressum | imprint | glossar(?:y|es)? | (?:sach|personen|namens?)?register | index | appendix:?.{0,40}
| discussion\ papers?.{0,60} | bisher\ erschienen.{0,60} | previously\ published.{0,50} | (?:recent|other)\ (?:issues|publications).{0,40} | (?:published|available)\ (?:working|discussion)\ papers?.{0,40}
| questionnaire | fragebogen | interviewleitfaden | transkriptions\w+ | zitation | citation | zitiervorschlag | how\ to\ cite.{0,40} | (?:open\ )?peer\ review.{0,30}
| lebenslauf | erkl[äa]rung(?:en)?\b.{0,30} | eidesstattliche.{0,40} | curriculum\ vitae | introduction | einleitung
"""
_AFTER_HEAD = re.compile(rf"[\W_]{{0,3}}{_NUMBER}(?:{_AFTER})[\W_]{{0,3}}", re.I | re.X)
_AFTER_START = re.compile(
    r"(?:Source of Support|Conflicts? of Interest|How to cite this|Cite this article|Please cite|Correspondence(?: to|:)|Corresponding author|"
    r"Publish with |Submit your (?:next )?manuscript|Received:? .{3,40}(?:19|20)\d\d|Eingegangen|Manuskript|This is an open access|Open Access This|Copyright (?:©|\(c\))|"
    r"© ?\(?(?:19|20)?\d\d|E-?mail: ?\S+@|Author(?:'s|s'|s)? address|Anschrift de[rs]|Korrespondenz(?:adresse|anschrift)|Address for correspondence|Zitation:?|Zitierhinweis|"
    r"The authors? (?:declare|is |are |has |have )|Doi: ?10\.\S+$|Supplementary (?:material|information)|Additional (?:file|material)|Access this article online)"
)
_FLOAT = re.compile(
    r"(?:Tab(?:\.|le|elle)|Fig(?:\.|ure)|Abb(?:\.|ildung)|Tabelle|Schaubild|Grafik|Übersicht|Exhibit|TABLE|FIGURE|ABBILDUNG|TABELLE|Appendix|Anhang|APPENDIX|ANHANG|Annex)"
    r" ?(?:[A-Z]?-?\d{1,2}(?:\.\d{1,2})?[a-z]?|[A-Z]|[IVX]{1,5})\s?(?:[.:–|-]|$|\s[A-ZÄÖÜ])"
)
_SPACED = re.compile(r"(?:\S ){4,}\S")
_SUBHEAD = re.compile(
    r"(?:primary|secondary|unpublished|published|printed|archival|legal|internet|online|electronic|web|other|further|additional)\ .{0,25}(?:sources?|literature|references|readings?|documents|materials?)"
    r"|(?:primär|sekundär|internet|gedruckte|ungedruckte|weitere|sonstige|online|elektronische|rechts|archiv).{0,20}(?:quellen|literatur|dokumente|links|adressen)"
    r"|internet|links|monogra(?:ph|f)i(?:en|es)|books|articles|artikel|b[üu]cher|aufs[äa]tze|zeitschriften(?:artikel)?|websites?|internetseiten|gesetze|web(?:links|seiten)|[A-Z]",
    re.I | re.X,
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
    return len(text) < 60 and bool(_SUBHEAD.fullmatch(text.strip(" :.")))


def ends_list(text: str) -> bool:
    """The line heads, or begins, something that stands after a reference list."""
    if _AFTER_START.match(text) or _FLOAT.match(text):
        return True
    return len(text) < 110 and bool(_AFTER_HEAD.fullmatch(unspaced(text)))

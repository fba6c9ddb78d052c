"""What authors write around the citations in a note: words that lead to one, words for a work cited before, names."""

from __future__ import annotations

import re

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈČĎĐĒĖĘĚĜĞĠĢĤĦĪĮİĴĶĹĻĽŁŃŅŇŌŐŒŔŘŚŜŞŠŢŤŪŮŰŲŴŶŸŹŻŽȘȚΑ-ΩЀ-Я"
OPENING = "\"“„«»‘‚'‹›"

# ── what leads to a citation ─────────────────────────────────────────────────────────────────────────────

# A reader is sent to a work: a citation follows, wherever in the sentence these stand.
_CUES = (
    r"vgl\.|vergleiche|siehe|cfr?\.|conf(?:er|\.)|see|compare|contrast|voir|véase|vid\.|veja(?:-se)?|vide|ver(?= )|zie|"
    r"(?-i:s\.(?= [A-ZÀ-Þ][^\W\d]))|s\.(?= (?:auch|dazu|hierzu|etwa|nur|z\. ?B\.|u\. ?a\.)\s)"
)
# These may stand between a cue and the citation, or in place of a cue at the beginning of a note.
_FILLERS = (
    r"u\. ?a\.|unter anderem|auch|dazu|hierzu|hierüber|darüber|zuletzt|jetzt|etwa|nur|näher(?:es)?|ausführlich(?:er)?|"
    r"insbesondere|insbes\.|bes\.|besonders|z\. ?B\.|zum Beispiel|beispielsweise|exemplarisch|"
    r"statt (?:vieler|anderer|aller)|ferner|"
    r"weiterhin|außerdem|zusammenfassend|grundlegend|grundsätzlich|kritisch|ähnlich|ebenso|anders|so|klassisch|"
    r"allgemein|im einzelnen|im Einzelnen|a\. ?A\.|anderer Ansicht|anderer Meinung|dagegen|hingegen|dafür|einerseits|"
    r"andererseits|neuerdings|neuestens|zum Ganzen|zum Folgenden|zum folgenden|zum Überblick|wiederum|aber|unter|bei|"
    r"(?:erstmals|zuerst|ursprünglich|first|originally) (?:erschienen|veröffentlicht|abgedruckt|published|printed)"
    r"(?: in\b)?|"
    r"(?:anmerkung|hinweis|note)(?=:)|"
    r"also|further|generally|especially|in particular|particularly|esp\.|e\. ?g\.|for (?:example|instance|discussion|"
    r"details|more|a discussion)|among others|inter alia|respectively|more recently|recently|but|contra|accord|again|"
    r"likewise|similarly|moreover|and|und|oder|sowie|as well as|aussi|notamment|par exemple|entre otros|también|por "
    r"ejemplo|además|todavía|aún|sobre todo|(?-i:y|e|et)(?= [A-ZÀ-Þ])|entre outros|também|ainda|sobretudo|por exemplo|"
    r"encore|surtout|anche|ancora|ad esempio|ook|"
    r"quelle[n]?|sources?|fuente|fonte|nachweise?|zit(?:iert|\.) (?:nach|n\.|bei)|quoted (?:in|from)|cited (?:in|from)"
)
CUE = re.compile(rf"(?<!\w)(?:{_CUES})(?=[\s,:])", re.I)
LEAD = re.compile(rf"(?:[\s,:;(–—-]*(?<!\w)(?:{_CUES}|{_FILLERS})(?=[\s,:]))+[\s,:]*", re.I)
_OPENERS = (
    r"Die|Der|Das|Den|Dem|Des|Diese[rsmn]?|Dies|Dabei|Dadurch|Damit|Daher|Daneben|Danach|Darin|Darauf|Es|Er|Sie|Wir|Ich|"
    r"Ein(?:e[rsmn]?)?|Im|In|Am|An|Auf|Aus|Bei|Beim|Für|Mit|Nach|Nur|Ob|Seit|So|Über|Um|Unter|Von|Vom|Vor|Wenn|Wie|Zu|Zum|"
    r"Zur|Zwar|Auch|Aber|Als|Da|Daß|Dass|Hier|Hierbei|Hierzu|Alle|Andere|Beide|Einige|Viele|Laut|Gemäß|Bis|Ohne|Während|"
    r"The|This|That|These|Those|There|It|He|She|They|We|I|In|On|At|For|From|With|As|An?|By|If|When|While|Although|However|"
    r"Some|Most|Many|Both|Such|Of|To|But|And|Here|Under|Until|Since|Thus|Le|La|Les|Ce|Cette|El|Los|Las|Este|Esta|O|Os|As"
)
OPENER = re.compile(rf"(?:{_OPENERS})(?= )")
VERB = re.compile(
    r"(?<![\w-])(?:ist|sind|war|waren|wäre|wird|werden|wurden?|worden|hat|haben|hatten?|kann|können|konnten?|soll(?:en|te)?|"
    r"muss|muß|müssen|mußten?|darf|dürfen|gibt|gab|geht|gilt|gelten|liegt|liegen|zeigt|zeigen|findet|finden|handelt|"
    r"is|are|was|were|be|been|has|have|had|can|could|should|must|may|might|will|would|does|did|do|"
    r"est|sont|était|es|son|fue|era|é|são|foi|danke|thank|thanks|verfasser dankt)(?!\w)",
    re.I,
)

# ── works cited before ───────────────────────────────────────────────────────────────────────────────────

_SAME_PLACE = (
    r"ebd\.?|ebda\.?|ebenda|ebenso(?= S\.)|ib[ií]d(?:em)?\.?|ib\.|id\.(?=,? (?:at|pp?\b|para|S\.|\d))|dort|"
    r"loc\. ?cit\.?|a\. ?a\. ?O\.?|op\. ?cit\.?|ob\. ?cit\.?|art\. ?cit\.?|opp?\. cit\."
)
REPEAT = re.compile(rf"(?<!\w)(?:{_SAME_PLACE})(?!\w)", re.I)
# "(Anm. 5)", "[s. Anm. 1]", "(oben N. 4)", "n. 18", "supra note 3"
NOTE_POINTER = re.compile(
    r"(?P<pointer>[(\[]?(?:(?:wie|siehe|s\. ?o\.|s\.|vgl\.|see|above,?|oben,?|o\.|hier|in|cit\.?|citado|vid\.) ?){0,2}"
    r"(?:(?<!\w)(?:Anm(?:erkung)?|Fn|Fu(?:ß|ss)n(?:ote)?|FN|N|n|nn|fn|notes?|nota|supra,?(?: notes?| nn?\.?| fn\.?)?|"
    r"above note)\.? ?(?P<note>\d{1,4})|vorige N\.|supra|a\. ?a\. ?O\.?|"
    r"(?<!\w)(?:(?:op|ob|art|loc)\. ?)?cit\b\.?|Anm\. ?\])(?: (?:above|oben))?[)\]]?)"
)
DITTO = re.compile(r"(?:(?:ders|dies|dens)(?:\.|elbe[nr]?\b)|idem\b|eadem\b|id\.(?=,? [^\W\d]))[.,:;/]*\s*", re.I)

# ── names ────────────────────────────────────────────────────────────────────────────────────────────────

_WORD = rf"[{UPPER}][\w'’´`]*+(?:[-‐–][\w'’]++)*+"
_INITIAL = rf"[{UPPER}][\w]{{0,2}}\.(?:[-‐][{UPPER}]\.)*"
_PARTICLE = (
    r"(?:von|van|vom|zum|zur|zu|de|der|den|del|della|di|da|do|dos|das|du|des|le|la|los|las|ten|ter|el|al|bin|ibn|af|av|"
    r"y|e|und zu)"
)
_NAME = rf"(?:(?:{_INITIAL} ?|{_WORD} |{_PARTICLE} |d['’]|[(]=? ?[{UPPER}][.][)] ){{0,5}}{_WORD}(?: (?:Jr|Sr)\.)?)"
_BETWEEN = r"(?: ?[/;] ?|, | und | and | & | u\. | et | y | e |, and |, & )"
NAMES = rf"{_NAME}(?:{_BETWEEN}{_NAME}){{0,7}}(?:,? (?:et\.? ?al|u\. ?a)\.)?"
ROLE = (
    r"(?:,? ?[(\[]?(?:[Hh]rsgg?|[Hh]gg?|Hsg|Hrg|[Ee]ds?|Red|Bearb|[Oo]rgs?|[Cc]oords?|[Dd]irs?|[Cc]omp|Übers)\.?"
    r"[)\]]?,?)?"
)
YEAR = r"(?:1[5-9]\d\d|20[0-4]\d)[a-z]?"
# The short form of a name list: family names, or full names without the commas that could begin a title.
_SINGLE = rf"(?:(?:{_INITIAL} ?|{_WORD} )?(?:{_PARTICLE} ){{0,2}}{_WORD})"
_AND = r"(?: und | and | & )"
SHORT_NAMES = (
    rf"(?:{_WORD}(?:, {_WORD}){{1,5}},?{_AND}{_WORD}|{_SINGLE}(?:(?: ?/ ?|{_AND}| u\. ){_SINGLE}){{0,6}})"
    r"(?:,? (?:et\.? ?al|u\. ?a)\.)?"
)

# Authors, then what can only be a title or a year ("Bell (1990) argues" is none).
NAMED = re.compile(
    rf"{NAMES}{ROLE}(?:[,:.]? ?(?=[{OPENING}])[{OPENING}][\w(¿¡\[]|[,:] ?(?=[{UPPER}\d(\[¿¡])|,? {YEAR}[:,;.]|"
    rf" ?[(\[]{YEAR}[^)\]]{{0,12}}[)\]][:.,]? ?(?=[{OPENING}{UPPER}¿¡])(?!{SHORT_NAMES},? ?[(\[]{YEAR}))"
)
# A body, its year in brackets, a title: "Ministry of Work, Trade and Mines (2011): ...".
CORPORATE = re.compile(rf"[^\W\d_][^.:;()\d]{{2,140}}(?: e\. ?V\.)?{ROLE} ?[(\[]{YEAR}[^)\]]{{0,8}}[)\]][:.,] ?[^\W_]")
# A person: initials, or two words and more.
PERSON = re.compile(
    rf"(?:{_INITIAL} ?){{1,3}}(?:{_PARTICLE} ){{0,2}}{_WORD}|"
    rf"{_WORD} (?:{_INITIAL} ?|{_PARTICLE} |{_WORD} ){{0,3}}{_WORD}"
)

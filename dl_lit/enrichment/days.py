"""Is the day printed on which a newspaper, a magazine or a broadcast came out?

Days of access, of receipt and of meetings are none.
"""

from __future__ import annotations

import re

# Folded, as they are printed in full and shortened; the Slavic ones in the genitive, too.
_MONTHS = (
    "jan(?:uary|uar|vier|eiro|uari|uarie|vaariuis)?|enero|ene|gen(?:naio)?|ocak|styczen|stycznia|sty|ledna|januara|sijecnja|tammikuuta",
    "feb(?:ruary|ruar|braio|rero|ruari|ruarie)?|fev(?:rier|ereiro)?|subat|lut(?:ego|y)?|unora|februara|veljace|helmikuuta",
    "mar(?:ch|z|s|zo|co|t|ca|tie|ta|zec)?|maerz|marzec|mrt|maart|mart|brezna|ozujka|maaliskuuta",
    "apr(?:il|ile|ilie|ila|ilis)?|abr(?:il)?|avr(?:il)?|nisan|kwietnia|kwi|dubna|travnja|huhtikuuta",
    "may|mai|mayo|maio|mag(?:gio)?|mei|maj|maja|mayis|kvetna|svibnja|toukokuuta|maijs",
    "jun(?:e|i|io|ho|iu)?|juin|giu(?:gno)?|haziran|czerwca|cze|cervna|juna|lipnja|kesakuuta",
    "jul(?:y|i|io|ho)?|juil(?:let)?|lug(?:lio)?|temmuz|lipca|lip|cervence|jula|srpnja|heinakuuta|iulie",
    "aug(?:ust|usti|ustus)?|ago(?:sto)?|aout|agustos|sierpnia|sie|srpna|augusta|kolovoza|elokuuta",
    "sep(?:t|tember|tembre|tiembre|tembrie|tembra)?|set(?:embro|tembre|iembre|embre)?|eylul|wrzesnia|wrz|zari|rujna|syyskuuta",
    "oct(?:ober|obre|ubre|ombrie)?|okt(?:ober|obra)?|out(?:ubro)?|ott(?:obre)?|ekim|pazdziernika|paz|rijna|listopada|lokakuuta",
    "nov(?:ember|embre|iembre|embro|embra)?|noiembrie|kasim|lis|studenoga|marraskuuta",
    "dec(?:ember|embre|embrie|embra)?|dez(?:ember|embro)?|dic(?:iembre|embre)?|des(?:ember|embre)?|aralik|grudnia|gru|prosince|prosinca|joulukuuta",
    "янв(?:аря)?|февр?(?:аля)?|марта?|апр(?:еля)?|мая|июня|июля|авг(?:уста)?|сент?(?:ября)?|окт(?:ября)?|нояб?(?:ря)?|дек(?:абря)?",
    "січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня",
    "ιαν\\w*|φεβ\\w*|μαρ\\w*|απρ\\w*|μαιου|ιουν\\w*|ιουλ\\w*|αυγ\\w*|σεπ\\w*|οκτ\\w*|νοε\\w*|δεκ\\w*",
    "يناير|فبراير|مارس|[اأ]بريل|مايو|يونيو|يوليو|[اأ]غسطس|سبتمبر|[اأ]كتوبر|نوفمبر|ديسمبر|كانون|شباط|[اآ]ذار|نيسان|[اأ]يار|حزيران|تموز|[اآ]ب|[اأ]يلول|تشرين",
)
_ENGLISH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:1[6-9]|20)\d\d"
_DATE = re.compile(
    rf"(?<![\d.,/:-]){_DAY}(?:st|nd|rd|th|er|ª|º|°|\.|-?го)?,?\s*(?:of |de |d['’]|à )?(?:{'|'.join(_MONTHS)})\b"
    rf"|(?<!\w)(?:{_ENGLISH})\.?\s+{_DAY}(?:st|nd|rd|th)?(?![\w(:])(?!\.\d)"
    rf"|(?<![\d./-]){_DAY}\.\s?{_MONTH}\.\s?(?:{_YEAR}|\d\d(?!\d))(?![\d.])|(?<![\d./-]){_DAY}[/.-]{_MONTH}[/.-]{_YEAR}(?!\d)|(?<![\d/-]){_MONTH}/{_DAY}/{_YEAR}(?!\d)"
    rf"|(?<![\d./-]){_YEAR}[-./]{_MONTH}[-./]{_DAY}(?!\d)|{_YEAR}\s?[年년]\s?{_MONTH}\s?[月월]\s?{_DAY}\s?[日일]"
)
# A number of a volume or a page before the month, and not its day: "No. 2 May 2011".
_NUMBERED = re.compile(
    r"\b(?:vol|volume|no|nos|nr|num|n|issue|bd|heft|jg|pp?|ss?|т|№|iss|band|t|ser|ch)\.?\s*(?:°|º)?\s*$"
)
_SPAN_BEFORE = re.compile(r"\d\.?\s*(?:[-–—/&+]|and|bis|to|au|al?|und|e|y|et|до)\s*$")
_SPAN_BEHIND = re.compile(r"^\.?\s*(?:[-–—]|to\b|bis\b|au\b|al?\b|and\b|und\b)\s*\d")
_OTHER_DAYS = (
    r"access|retriev|cited|viewed|visited|consult|abgeruf|abruf|zugrif|zugegr|downlo|gelesen|zuletzt|letzt|eingesehen"
    r"|besucht|aufgeruf|\bstand\b|gesehen|geraadpl|bezocht|hamtad|\blest\b|hentet|besokt|\blast\b|check|\bepub|e-pub"
    r"|(?:published|available|publ\.|verfugbar|erschienen) on-?line|receiv|accept|submit|revis|updat|modif|posted"
    r"|version|acess|accedid|acceso|recuperad|visitad|dispon|visitato|ultim|обращ|доступ|дата|dostep|pristup|\bcit\b"
    r"|citovan|navstiv|\beris|luettu|viitattu|haettu|elteres|letolt|megtek|accesat|en ligne|em linha|en linea"
    r"|閲覧|参照|アクセス|[访訪][问問]|[检檢]索|引用|存取|[浏瀏][览覽]|접속|검색|الاطلاع|الوصول"
    r"|present|held|deliver|\bgiven\b|vortrag|tagung|conf|symp|workshop|congr|kongr|coll?oqu|kolloq|seminar|meeting|proc"
    r"|arxiv|preprint|rxiv|ssrn|entstand|died|born|gest|geb|entretien|dated|effective|until|since|hearing|session"
)
_SAID_BEFORE = re.compile(rf"(?:{_OTHER_DAYS}|\s{{10}})[^;]{{0,40}}$|\bonline:?\s*$")  # links are blanked
_SAID_BEHIND = re.compile(
    r"^.{0,16}(?:\beris|閲覧|アクセス|[访訪][问問]|abgeruf|aufgeruf|access|retriev|[检檢]索|접속|visited|viewed)"
)
_FIRST_BRACKET = re.compile(r"(?:(?!\d{4}|www|\s{6})[^()]){0,120}\(([^()]{6,40})\)")
_ALONE_IN_BRACKETS = re.compile(r"[\[［]\s*$")


def day_of_issue(folded: str) -> bool:
    """Whether `folded` text names a day that is none of access, receipt or a meeting."""
    return any(_is_of_issue(folded[: one.start()], folded[one.end() :]) for one in _DATE.finditer(folded))


def is_dated_by_it(folded: str) -> bool:
    """Whether the first bracket, which in author-date styles has the date, has such a day: "(2011, April 14)"."""
    bracket = _FIRST_BRACKET.match(folded)
    return bracket is not None and day_of_issue(bracket[1])


def _is_of_issue(before: str, behind: str) -> bool:
    if _NUMBERED.search(before) or _ALONE_IN_BRACKETS.search(before):
        return False
    if _SPAN_BEFORE.search(before) or _SPAN_BEHIND.match(behind):
        return False
    return not _SAID_BEFORE.search(before) and not _SAID_BEHIND.match(behind)

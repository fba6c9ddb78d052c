"""Years, volumes, issues and pages as they are printed, and as they are meant."""

from __future__ import annotations

import re

from dl_lit.extraction.parsing import lexicon

# Not the decimals of a number; but "mar.2010" and "12.3.2010" end in a year.
_YEAR = re.compile(r"(?:(?<![\d.])|(?<=[^\W\d]\.)|(?<=\d\.\d\.)|(?<=\d\.\d\d\.))(1[4-9]\d\d|20\d\d)(?!\d)")
_NO_YEAR = (
    r"(?:in press|forthcoming|im erscheinen|im druck|erscheint|in vorbereitung|n\.\s?d\.|no date|o\.\s?J\."
    r"|i\.\s?E\.|o\.\s?D\.|s\.\s?[daf]\.|s/[df]\b|б\.\s?г\."
    r"|no prelo|en prensa|aceptado|à paraître|sous presse|in corso di stampa|в печати|submitted|in preparation"
    r"|to appear|accepted)"
)
_WORDS_FOR_YEAR = re.compile(rf"(?i)\b{_NO_YEAR}")
_BRACKETED = re.compile(rf"(?i)[(\[]({_NO_YEAR})")
# "Acesso em: 3 mar. 2010", "accessed May 3, 2019", "[cited 2024 Feb 4]": the date somebody looked, not the work's.
_NO_DATE = re.compile(
    r"(?i)\b(?:accessed|access(?:ed)? date|date accessed|retrieved|viewed|visited|cited|last (?:checked|access(?:ed)?)"
    r"|letzter (?:zugriff|abruf|aufruf)|zugriff|zugegriffen|abgerufen|aufgerufen|eingesehen|abruf"
    r"|acesso|acessado|acedido|acceso|consultad[oa]|consulta|citado|visitado|recuperado|obtenido"
    r"|consultée?|consultato|дата обращения)(?:\b|:)[^\d;()\[\]<>]{0,25}\d[^;()\[\]<>]{0,24}?(?<!\d)(?:19|20)\d\d(?!\d)"
    r"|\b(?:retrieved|cited|accessed|viewed|citado|acesso|consultad[oa])\W{1,3}(?:in )?(?:19|20)\d\d\b"
    # No years either: the issue of a journal that counts by year and month ("JHEP 1703"), the front of an arXiv number.
    r"|\b(?:JHEP|JCAP)\s?\d{4}\b|\barxiv\W{0,3}\d{4}\s?\.\s?\d{4,5}"
)
_NO_DATE_MARKS = (
    "acces", "retriev", "view", "visit", "cited", "check", "zugr", "zuge", "abge", "aufge", "abruf", "einges", "acess",
    "aced", "consult", "citado", "recuper", "obtenid", "обращ", "jhep", "jcap", "arxiv",
)  # fmt: skip
_SUFFIXED = re.compile(
    r"\b((?:1[4-9]|20)\d\d)(?:\s?([a-z])(?![\w]))?(?:\s?[/–-]\s?(?:(?:1[4-9]|20)?\d\d)(?!\d))?(?:\s?[\[(](?:1[4-9]"
    r"|20)\d\d[\])])?"
)
_RANGE = re.compile(r"([A-Za-z]{0,3})(\d+)([A-Za-z]?)\s?[-‐‑–—−_]{1,2}\s?([A-Za-z]{0,3})(\d+)([A-Za-z]?)")
_PAGE_WORDS = re.compile(
    r"(?i)^(?:pp?|pages?|seiten?|s|págs?|páginas?|pgs?|art(?:icle|ikel)?\.?\s*(?:no|id|nr|number)?)\b\s*[.:]*\s*"
)
_VOLUME_SIGN = re.compile(r"(?i)\b(?:vol(?:umen?|s)?|jahrgang|jg|bd|band|tom[eo]|año|anno|ano|année|т|t|v)\b\s*[.:]*")
_ISSUE_SIGN = re.compile(r"(?i)(?:\b(?:no|nr|núm|num(?:ber)?|issue|iss|heft|hft|h|n|nº|n°|вып|fasc)\b|№)\s*[.:°º]*")
_BOTH = re.compile(r"(\d{1,3})([./-])(\d{1,2})((?:[-–]\d{1,2})?)")
_AROUND = " ,.;:()[]/"
_DASH = re.compile(r"\s?[–‐]\s?")
_NUMBER = re.compile(r"[A-Za-z]{0,4}\.?\s?\d[\w./]*(?:\s?[-–‐]\s?\w+)?|[IVXLCDM]+\b")


def year(text: str) -> int | None:
    """The first plausible year in `text`."""
    match = _YEAR.search(text)
    return int(match.group(1)) if match else None


def year_text(text: str) -> str | None:
    """The year as printed: "2001a", "1978 [1967]", "in press", "o.J."; None when the text has none."""
    match = _SUFFIXED.search(text) or _WORDS_FOR_YEAR.search(text)
    return match.group().strip() if match else None


def year_words(text: str) -> re.Match[str] | None:
    """Where something is printed in place of a year ("in press", "o.J.")."""
    return _WORDS_FOR_YEAR.search(text)


def bracketed_year_words(text: str) -> re.Match[str] | None:
    """The same right behind an opening bracket, as group 1."""
    return _BRACKETED.search(text)


def without_other_dates(text: str) -> str:
    """`text` with dates of access and numbers like years blanked, so that all places stay where they are."""
    lower = text.lower()
    if not lexicon.any_in(_NO_DATE_MARKS, lower):
        return text
    return _NO_DATE.sub(lambda found: " " * len(found.group()), text)


def pages(text: str | None) -> str | None:
    """A page range with its end completed ("1425-37" -> "1425-1437"), a single page, or an article number."""
    text = _PAGE_WORDS.sub("", (text or "").strip(" ,.;:()[]"))
    match = _RANGE.search(text)
    if match:
        letter, first, tail, letter2, last, tail2 = match.groups()
        return f"{letter}{first}{tail}-{letter2 or letter}{_completed(first, last)}{tail2}"
    single = re.search(r"[A-Za-z]{0,4}\d[\w.]*|[ivxlcdm]+(?:\s?[-–]\s?[ivxlcdm]+)?\b", text)
    return single.group().strip(".") if single else None


def _completed(first: str, last: str) -> str:
    """The end of a range takes over the digits it leaves out."""
    if len(last) < len(first):
        full = first[: len(first) - len(last)] + last
        if int(full) >= int(first):
            return full
    return last


def volume(text: str | None) -> str | None:
    """The number in "Vol. 12", "Jg. 47", "12"."""
    return _number(text, _VOLUME_SIGN) if text else None


def issue(text: str | None) -> str | None:
    """The number in "no. 3", "Heft 3", "H. 1", "(3)"."""
    return _number(text, _ISSUE_SIGN) if text else None


def volume_and_issue(volume: str | None, issue: str | None) -> tuple[str | None, str | None]:
    """ "60.4" and "31/4" are a volume and its issue, and "46-3" is, for two volumes of one binding rise."""
    match = _BOTH.fullmatch(volume) if volume and issue is None else None
    if match is None or (match[2] != "." and int(match[3]) >= int(match[1])):
        return volume, issue
    return match[1], match[3] + match[4]


def _number(text: str, sign: re.Pattern[str]) -> str | None:
    """The number behind a sign word; without one, the text as it is printed: nothing is cut out of its middle."""
    bare = sign.sub(" ", text).strip(_AROUND)
    match = _NUMBER.search(bare)
    found = match.group().strip(" .") if match else text.strip(_AROUND) if bare else ""
    return _DASH.sub("-", found) or None

"""Orders of numbers that only some trades print (mathematicians, computer scientists, lawyers, Japanese journals): too
rare for the tagger to have learnt, but exact enough to be known by their signs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dl_lit.extraction.parsing import lexicon
from dl_lit.extraction.parsing.tokens import Token

_HEAD = r"^\W{0,3}(?:\d{1,3}[.\])]*\s)?"  # the number in a list, if any
_YEAR = r"(?:1[5-9]|20)\d\d"
_RANGE = r"[A-Z]?\d{1,6}(?:\s?[-–—]\s?[A-Z]?\d{1,6})?"
# The name of a journal or of law reports, abbreviated: "Yale L.J.", "F.2d", "Harv. L. Rev.", "U.S.".
_REPORTER = r"(?!Vol|No\b|Art|pp)(?:[A-Z][\w’'&-]*\.?(?:(?:of|the|&)\s|(?:\s?\d[a-z]{1,2}\.?)?\s?)){1,8}?"
# Each group is named after the label of the words in it, with a number behind it where a label comes twice.
_AMS = re.compile(
    rf"\((?P<series>\d{{1,2}})\)\s(?P<volume>\d{{1,4}})\s\((?P<date>{_YEAR})\),\s(?:(?P<issue>(?:no|nos)\.\s?\d+(?:[-–/]\d+)?),\s)?"
    rf"(?P<pages>{_RANGE})(?![\w/])"
)
_ACM = re.compile(
    rf"(?<=[^\W\d]|[.,]) (?P<volume>\d{{1,3}}),\s(?P<issue>\d{{1,2}}(?:[-–/]\d)?)"
    rf"(?:,\s(?P<pages>(?:Article|Art\.)\s(?:No\.\s)?\w*\d+))?\s\((?P<date>(?:[A-Z][a-z]{{2,8}}\.?\s(?:\d\d?,\s)?)?{_YEAR})\)"
    rf"(?:,\s(?P<pages2>{_RANGE})(?!\s?(?:pages|\w)))?"
)
_BLUEBOOK = re.compile(
    rf"(?<=[,.’”\"»]) (?P<volume>\d{{1,4}})\s(?P<container>{_REPORTER})\s(?P<pages>\d{{1,5}})"
    rf"(?P<note>(?:,\s\d{{1,5}}(?:[-–]\d+)?)*)\s\((?P<date>{_YEAR})\)"
)
_CASE = re.compile(
    rf"{_HEAD}(?P<title>(?!In\b)[A-Z][^\d,;()“”\"]{{0,70}}?\sv(?:s?\.)?\s[A-Z][^\d;()“”\"]{{1,90}}?),?\s"
    rf"(?:[\[(](?P<date>{_YEAR})[\])]\s)?(?P<volume>\d{{1,4}}\s)?(?P<container>{_REPORTER})\s?(?P<pages>\d{{1,5}})"
    rf"(?P<note>(?:,\s\d{{1,5}}(?:[-–]\d+)?)*)(?:\s\((?P<note2>[^()]{{0,20}}?)\s?(?P<date2>{_YEAR})\))?(?=[\s.,;]|$)"
)
_PATENT = re.compile(
    r"(?P<note>(?:(?<!\w)(?:U\.?\s?S\.?(?:\s?A\.?)?|United States|European|German|EP|DE|WO|JP|CN)\s)?"
    r"(?:[Pp]atent(?:schrift)?|PATENT|[Pp]atente|[Bb]revet|Pat\.)(?:\s[Aa]pplication|\s[Aa]ppl\.)?(?:\s(?:[Pp]ublication|[Pp]ub\.))?\s?"
    r"(?:(?:No|Nr|n[º°o])\.?\s?)?(?:(?:US|EP|DE|WO|JP|CN|GB|FR)\s?)?\d[\d,/. ]{3,}\d(?:\s?[A-Z]\d?)?(?!\w))"
)
# Laws: of the European Union, of the United States, of the United Kingdom; and the gazettes that print laws.
_UNION = re.compile(
    rf"{_HEAD}(?P<title>(?:(?:Council|Commission)\s(?:Implementing\s|Delegated\s)?)?"
    r"(?:Regulation|Directive|Decision|Verordnung|Richtlinie|Regulamento|Diretiva|Règlement|Directiva|Reglamento)\s"
    r"(?:\((?:EU|EC|EEC|EG|EWG|UE|CE)(?:,\s\w+)?\)\s)?(?:(?:No|Nr)\.?\s)?\d{1,4}/\d{1,4}[^;]*?)(?=[,.]?\s(?:OJ|ABl|JO|DOU?E?)\b|[.;]\s|\.?$)"
)
_CODE = re.compile(
    rf"{_HEAD}(?P<title>[A-Z][^§]*?\sAct(?:\s(?:of\s)?{_YEAR})?(?:\s§+\s?[\w.()-]+)?),\s(?P<volume>\d{{1,3}})\s"
    rf"(?P<container>U\.\s?S\.\s?C\.(?:A\.)?|Stat\.|C\.\s?F\.\s?R\.)\s(?:§+\s?)?(?P<pages>\d+\w*)(?:[^()]*\((?P<date>{_YEAR})\))?"
)
_ACT = re.compile(rf"{_HEAD}(?P<title>[A-Z][^,.;:]{{2,80}}\sAct)\s(?P<date>{_YEAR})(?=[,;.]|\s?\(|$)")
_GAZETTE = re.compile(
    r"(?<=[.,]\s)(?P<container>Diário (?:Oficial|da República)(?:\s(?:da|do)\s[A-ZÀ-Ý]\w+(?:\s(?:de|do"
    r"|da)\s[A-ZÀ-Ý]\w+)*)?"
    r"|(?:Boletín|Diario|Gaceta) Oficial(?:\s(?:del?|de la)\s[A-ZÀ-Ý]\w+(?:\sde\s[A-ZÀ-Ý]\w+)*)?"
    r"|Journal [Oo]fficiel(?:\sde\s(?:la\s|l’)?[\wÀ-ÿ]+)*|Gazzetta Ufficiale(?:\sdell[ae]\s\w+)?"
    r"|Bundesgesetzblatt|BGBl\.?)"
    r"(?=[,.;:\s(])(?:.*?\b(?P<note>Seção \d))?"
)
_BODY = r"(?:ABNT|ANSI|ASTM|BS|DIN|EN|IEC|ISO|JIS|NBR|NF|ÖNORM|PD|SN|UNE|VDI|GB/T|ITU-T|IEEE)"
_NORM = re.compile(
    rf"{_HEAD}(?P<note>(?:{_BODY}[\s/-]){{0,3}}{_BODY}\s(?:Std\.?\s)?[A-Z]{{0,2}}[\s.-]?\d{{2,6}}(?:-\d+)*)"
    rf"(?:(?::|,\s|\s\(|-)(?P<date>{_YEAR}))?\)?[.:,]?\s(?P<title>[^\W\d_][^.]{{3,}}?)(?=\.\s|\.?$)"
)
_CHANGED = re.compile(
    rf"\b(?P<note>(?:Last (?:modified|updated|revised|changed)|Updated"
    rf"|Modified)(?:\son)?),?\s(?P<date>(?:[A-Z][a-z]+\.?\s\d\d?,\s|\d\d?\.?\s[A-Z][a-z]+\s)?{_YEAR})"
)
_INITIALS = re.compile(r"(?:[A-Z]\.[\s-]?)+")
_LAWS = (
    lexicon.marked(_UNION, "/"),
    lexicon.marked(_CODE, "Act"),
    lexicon.marked(_ACT, "Act "),
    lexicon.marked(_GAZETTE, "Oficial|da Rep|fficiel|Ufficiale|BGBl|blatt"),
    lexicon.marked(_NORM, "ISO|DIN|EN |IEC|ANSI|ASTM|BS |NBR|UNE|NF |NORM|VDI|JIS|GB/T|ITU|IEEE S"),
    lexicon.marked(_CHANGED, "odified|pdated|evised|changed"),
)
_WHOLE = (_CASE, _UNION, _CODE, _ACT, _NORM)
_JAPANESE = (
    re.compile(r"「(?P<title>[^「」]{2,})」"),
    re.compile(r"『(?P<container>[^『』]{2,})』"),
    re.compile(r"第?(?P<volume>\d{1,4})\s?[巻卷]"),
    re.compile(r"第?(?P<issue>\d{1,4})\s?[号號]"),
    re.compile(r"(?P<date>(?:1[89]|20)\d\d)\s?年"),
    re.compile(r"(?P<pages>\d{1,5}(?:\s?[-‐–—―−~〜～]\s?\d{1,5})?)\s?(?:頁|ページ)"),
    re.compile(r"(?:pp?\.\s?)(?P<pages>\d{1,5}\s?[-‐–—―−~〜～]\s?\d{1,5})"),
)


def read(raw: str, tokens: Sequence[Token], labels: list[str]) -> None:
    """Label the words that stand in one of these orders."""
    for numbers in _found(raw) if "(" in raw or " v" in raw else ():
        _apply(numbers, tokens, labels)
    if (patent := _patent(raw)) is not None:
        _apply(patent, tokens, labels)
    for pattern, marks in _LAWS:
        law = pattern.search(raw) if lexicon.any_in(marks, raw) else None
        if law is not None:
            _apply(law, tokens, labels)
        if law is not None and pattern is _GAZETTE:
            _title_before(law.start(), tokens, labels)
    if not raw.isascii() and ("『" in raw or "「" in raw):
        _read_japanese(raw, tokens, labels)


def _patent(raw: str) -> re.Match[str] | None:
    return _PATENT.search(raw) if lexicon.any_in(("atent", "Pat.", "revet"), raw) else None


def _found(raw: str) -> list[re.Match[str]]:
    """The numbers in the order of the American Mathematical Society or the ACM, or as lawyers cite."""
    if (case := _case(raw)) is not None:
        return [case]
    if ") " in raw and (series := _AMS.search(raw)):
        return [series]
    if " (" not in raw:
        return []
    if issue := _ACM.search(raw):
        return [issue] if issue["pages"] or issue["pages2"] else []
    article = _BLUEBOOK.search(raw)
    return [article] if article and _is_bluebook(article) else []


def _case(raw: str) -> re.Match[str] | None:
    """Where a judgement is cited by its parties and a report; "R. v. Elmsdorff, Titel" is a name with a particle."""
    match = _CASE.search(raw) if lexicon.any_in((" v. ", " v ", " vs. "), raw) else None
    if match is None or _INITIALS.fullmatch(match["title"].partition(" v")[0]):
        return None
    return match if match["volume"] or match["date"] else None


def _is_bluebook(match: re.Match[str]) -> bool:
    words = match["container"].replace(".", ". ").split()
    is_abbreviated = "." in match["container"] and len(words) > 1
    return is_abbreviated or words[0].lower() in lexicon.words("journals")


def _apply(match: re.Match[str], tokens: Sequence[Token], labels: list[str]) -> None:
    for name, text in match.groupdict().items():
        if not text:
            continue
        start, end = match.span(name)
        for i, token in enumerate(tokens):
            if start <= token.start and token.end <= end and token.kind != "id":
                labels[i] = name.rstrip("2")
    if any(match.re is pattern for pattern in _WHOLE):  # nobody wrote it: before it stands a number at most
        first = min(start for name in match.groupdict() if (start := match.start(name)) >= 0)
        for i, token in enumerate(tokens):
            if token.start < first:
                labels[i] = "label"


def _title_before(start: int, tokens: Sequence[Token], labels: list[str]) -> None:
    """What was taken for the beginning of a gazette's name is the end of the law's."""
    at = next((i for i, token in enumerate(tokens) if token.start >= start), len(tokens))
    while at > 0 and labels[at - 1] == "container":
        labels[at - 1] = "title"
        at -= 1


def _read_japanese(raw: str, tokens: Sequence[Token], labels: list[str]) -> None:
    """「Title」『Journal』第12巻第3号、2010年、45-67頁; a book has its own title in 『』."""
    found = [match for pattern in _JAPANESE if (match := pattern.search(raw))]
    starts = [match.start() for match in found if {"title", "container"} & match.groupdict().keys()]
    if not starts:
        return
    has_title = any("title" in match.groupdict() for match in found)
    for i, token in enumerate(tokens):
        if token.start > min(starts) and labels[i] in ("author", "title", "container"):
            labels[i] = "note" if has_title else "publisher"
    for match in found:
        _apply(match, tokens, labels)
    if not has_title:
        labels[:] = ["title" if label == "container" else label for label in labels]


def is_case(raw: str) -> bool:
    """Whether `raw` cites the judgement of a court by its parties and a law report."""
    return _case(raw) is not None


def is_gazette(text: str) -> bool:
    """Whether `text` is the name of a gazette that prints laws."""
    return _GAZETTE.match(f". {text} ", 2) is not None


def is_patent(raw: str) -> bool:
    """Whether the number of a patent is printed."""
    return _patent(raw) is not None

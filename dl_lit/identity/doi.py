"""DOIs: one spelling for each, and where they hide in printed text."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from dl_lit.identity.folding import unescaped

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"))
_SUFFIX = r"[!#-;=?@A-Z\[\]^_`a-z{|}~<>]+"  # printable ASCII without blanks, quotes and backslash
_DOI = re.compile(rf"10\.\d{{4,9}}(?:\.\d{{1,9}}){{0,5}}(?:/|%2[Ff]){_SUFFIX}")
_SPACED_PREFIX = re.compile(r"(?i)(doi(?:\.org/|\s*[:.]?)\s*10\.) ?(\d{4,9}) ?/ ?(?=\S)")
_LEAD = re.compile(
    r"(?i)^[\s\W_]*(?:https?\W{1,9}\S*?(?=10\.\d)"
    r"|(?:digital object identifier|(?:dx\.)?doi(?:\.org/)?)[\s:=.]*(?:\(doi\))?[\s\W]*)*"
)
_TRACKING = re.compile(r"(?i)(?:\?|&)(?:utm_|nosfx|casa_token|journalcode|src=|source=|ref=|sid=|via).*$")
_PAGE_OF_A_SITE = re.compile(
    r"(?i)(?:/(?:full|abstract|abs|pdf|epdf|pdfdirect|epub|summary|meta|html|fulltext))+$|\.pdf$"
)
_CONTINUATION = re.compile(rf" ({_SUFFIX})")
_LONGEST = 1024  # the longest that are registered have some 300 letters
_LONGEST_URL_START = 200
_CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}
# A word that opens something else although it could, letter by letter, go on a DOI broken at a line end.
_OTHER_WORD = re.compile(r"(?i)^(?:arxiv|https?|www|doi|pmid|pmc|isbn|issn|pp?\.|vol|no\.)")


def normalise(text: str | None) -> str | None:
    """The DOI that `text` is (bare, as URL, with `doi:`), lower-cased; None when it is not one."""
    if not text:
        return None
    clean = _mended(text)
    start = _LEAD.match(clean)
    match = _DOI.match(clean, start.end() if start else 0)
    if match is None:
        return None
    rest = _continued(clean, match)
    return _canonical(match.group() + rest, in_url="://" in clean[: match.start()], after=_next(clean, match))


def find(text: str) -> list[str]:
    """All DOIs printed in `text`, in order, each once."""
    clean = _mended(text)
    found: dict[str, None] = {}
    for match in _DOI.finditer(clean):
        if match.start() and (clean[match.start() - 1].isdigit() or clean[match.start() - 1] == "."):
            continue
        in_url = "://" in clean[max(0, match.start() - _LONGEST_URL_START) : match.start()].rpartition(" ")[2]
        doi = _canonical(match.group() + _continued(clean, match), in_url=in_url, after=_next(clean, match))
        if doi is not None and normalise(doi) == doi:
            found[doi] = None
    return list(found)


def url_path(doi: str) -> str:
    """`doi` as the path of a URL: everything but the first slash percent-encoded."""
    prefix, _, suffix = doi.partition("/")
    return f"{quote(prefix, safe='')}/{quote(suffix, safe='')}"


def _mended(text: str) -> str:
    clean = unescaped(text) if "&" in text else text
    if not (clean.isascii() and clean.isprintable()):
        clean = re.sub(r"\s+", " ", _INVISIBLE.sub("", clean).translate(_DASHES))
    return _SPACED_PREFIX.sub(r"\1\2/", " ".join(clean.split())) if " " in clean else clean


def _next(text: str, match: re.Match[str]) -> str:
    return text[match.end() : match.end() + 1]


def _continued(text: str, match: re.Match[str]) -> str:
    """What a line end cut off: the next word, when the DOI stops at a joint and the word can only go on with it."""
    if match.group()[-1] not in "./-_:" or (tail := _CONTINUATION.match(text, match.end())) is None:
        return ""
    word = tail.group(1)
    goes_on = word[0].islower() or (word[0].isdigit() and match.group()[-1] in "/-_")
    if goes_on and any(c.isdigit() for c in word) and not _OTHER_WORD.match(word):
        return word
    return ""


def _canonical(doi: str, *, in_url: bool, after: str) -> str | None:
    if len(doi) > _LONGEST:
        return None
    if after.isalpha() and ord(after) < 0x250:
        return None  # cut at an accented letter: half a DOI would be another one
    if in_url or "%2" in doi[:14]:
        whole = _DOI.match(unquote(doi))  # what ends a DOI ends it encoded too
        doi = whole.group() if whole else ""
    doi = re.split(r"</|\s", doi.lower(), maxsplit=1)[0]
    if in_url:
        doi = _TRACKING.sub("", doi)
    while (shorter := _PAGE_OF_A_SITE.sub("", _without_tail(doi))) != doi:
        doi = shorter
    _, slash, suffix = doi.partition("/")
    return doi if slash and doi.isascii() and doi.isprintable() and any(c.isalnum() for c in suffix) else None


def _without_tail(doi: str) -> str:
    """`doi` without the punctuation of the sentence around it; brackets that close inside the DOI stay."""
    while doi:
        last = doi[-1]
        unbalanced = last in _CLOSING and doi.count(last) > doi.count(_CLOSING[last])
        if last in ".,;:!?'`*|&^~#-_/=" or unbalanced or last in _CLOSING.values():
            doi = doi[:-1]
        else:
            break
    return doi

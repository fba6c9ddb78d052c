"""arXiv identifiers, old (hep-th/9901001) and new (1706.03762), without version and subject class."""

from __future__ import annotations

import re

_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga|econ"
    "|eess|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph"
    "|q-alg|q-bio|q-fin|quant-ph|solv-int|stat|supr-con"
)
_NEW = r"(?P<new>\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})"
_OLD = rf"(?P<archive>{_ARCHIVES})(?:\.[a-z]{{2}})?/\s?(?P<number>\d{{2}}(?:0[1-9]|1[0-2])\d{{3}})"
_END = r"(?:v[1-9]\d{0,2})?(?!\d)"
# Bounded, and a word between any two of them: a page of dots after "arXiv" must not be split in every possible way.
_GAP = r"[\s:.,;/(\[]{0,12}"
# "arXiv:", "arXiv preprint arXiv:", "arXiv e-prints, arXiv:".
_WORDS = rf"arxiv{_GAP}(?:(?:e-?|pre)prints?{_GAP})?(?:arxiv{_GAP})?"
_WHOLE = re.compile(
    rf"\s*(?:https?://)?(?:[\w.]*arxiv\.org/(?:abs|pdf|html|format|ps)/|(?:doi:|(?:dx\.)?doi\.org/)?10\.48550/arxiv\.|abs/|{_WORDS})?"
    rf"(?:{_NEW}|{_OLD})(?:v(?P<version>[1-9]\d{{0,2}}))?(?:\.pdf)?(?:\s{{0,9}}[\[(][\w.\-\s]{{0,40}}[\])]?)?[\s.,;]*",
    re.IGNORECASE,
)
# A new-style number needs a word that says arXiv before it; an old-style one is unmistakable.
_PRINTED = re.compile(
    rf"(?:arxiv\.org/(?:abs|pdf|html|format|ps)/|{_WORDS}|\babs/){_NEW}{_END}|(?<![\w.-]){_OLD}{_END}",
    re.IGNORECASE,
)


def normalise(text: str | None) -> str | None:
    """The arXiv id that `text` is (bare, `arXiv:`, URL or DOI form); None when it is not one."""
    match = _WHOLE.fullmatch(text) if text else None
    return _identifier(match) if match else None


def find(text: str) -> list[str]:
    """All arXiv ids printed in `text`, in order, each once."""
    return list(dict.fromkeys(_identifier(match) for match in _PRINTED.finditer(text)))


def from_doi(doi: str | None) -> str | None:
    """The id in an arXiv DOI (`10.48550/arXiv.1706.03762`), None for any other DOI."""
    return normalise(doi) if doi and "10.48550/arxiv." in doi.lower() else None


def version(text: str | None) -> int | None:
    """The version that a single identifier names ("1706.03762v5" -> 5)."""
    match = _WHOLE.fullmatch(text) if text else None
    return int(match.group("version")) if match and match.group("version") else None


def _identifier(match: re.Match[str]) -> str:
    if match.group("new"):
        return _ascii_digits(match.group("new"))
    return f"{match.group('archive').lower()}/{_ascii_digits(match.group('number'))}"


def _ascii_digits(number: str) -> str:
    return "".join(c if c == "." else str(int(c)) for c in number)

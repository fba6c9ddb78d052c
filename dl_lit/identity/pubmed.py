"""PubMed and PubMed Central identifiers."""

from __future__ import annotations

import re

_PMID = re.compile(
    r"\s*(?:(?:pubmed\s*)?pmid[\s:.]*|(?:https?://)?(?:www\.)?(?:ncbi\.nlm\.nih\.gov/pubmed/|pubmed\.ncbi\.nlm\.nih\.gov/))?"
    r"([1-9][0-9]{0,7})[\s/.,;]*",
    re.IGNORECASE,
)
_PMCID = re.compile(
    r"\s*(?:pmcid[\s:.]*)?(?:(?:https?://)?[\w.]*(?:ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/|europepmc\.org/articles?/(?:pmc/)?)(?:pmc)?"
    r"|pmc\s?)([1-9][0-9]{0,8})(?:[\s/.,;].*)?",
    re.IGNORECASE | re.DOTALL,
)


def pmid(text: str | None) -> str | None:
    """The PubMed id that `text` is (digits, `PMID:` or URL), as digits; None when it is not one."""
    match = _PMID.fullmatch(text) if text else None
    return match.group(1) if match else None


def pmcid(text: str | None) -> str | None:
    """The PubMed Central id that `text` is (`PMC…` or an article's URL), as `PMC` and digits."""
    match = _PMCID.fullmatch(text) if text else None
    return f"PMC{match.group(1)}" if match else None

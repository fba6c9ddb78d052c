"""Which works are worth a download: by year, kind, language, citations and openness, as the user asks."""

from __future__ import annotations

from dataclasses import dataclass

from dl_lit.model import Work

# Kinds of records that are no works of their own: parts, reviews in peer review, whole journals, money.
_ABOUT_OTHERS = frozenset({"component", "report-component", "peer-review", "journal", "journal-issue", "grant"})


@dataclass(frozen=True, slots=True)
class Filters:
    """What a work must be like; None and () ask for nothing.

    What a record does not say speaks for the work: a filter leaves out only what is known to fall outside.
    """

    min_citations: int | None = None
    from_year: int | None = None
    to_year: int | None = None
    types: tuple[str, ...] = ()  # Crossref's vocabulary
    languages: tuple[str, ...] = ()  # ISO 639-1
    open_only: bool = False

    def objection(self, work: Work) -> str | None:
        """Why a copy of this work is not wanted, in words; None when nothing speaks against it."""
        year, citations = work.year, work.cited_by_count
        if year is not None and self.from_year is not None and year < self.from_year:
            return f"it is of {year}, before {self.from_year}"
        if year is not None and self.to_year is not None and year > self.to_year:
            return f"it is of {year}, after {self.to_year}"
        if self.types and work.type is not None and work.type not in self.types:
            return f"it is a {work.type}, not: {', '.join(self.types)}"
        if self.languages and work.language is not None and work.language not in self.languages:
            return f"its language is {work.language}, not: {', '.join(self.languages)}"
        if self.min_citations is not None and citations is not None and citations < self.min_citations:
            return f"it is cited {citations} times, fewer than {self.min_citations}"
        return "no open copy of it is known" if self.open_only and work.is_oa is False else None


def is_about_another(work: Work) -> bool:
    """Whether the record is of a part, a review or a container of another work: nobody searches for such."""
    return work.type in _ABOUT_OTHERS

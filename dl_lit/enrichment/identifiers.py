"""Step 1 of the cascade: the identifiers that are printed, those of many references in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from dl_lit.enrichment import hydrate
from dl_lit.enrichment.case import Case
from dl_lit.enrichment.sources import Services
from dl_lit.model import Answer, Found, NoAnswer, Reference, Work
from dl_lit.together import at_once

ByIdentifier = Callable[[Iterable[str]], Mapping[str, Answer[Work]]]


def ask(services: Services, cases: Sequence[Case]) -> None:
    """Each kind is asked for what the kinds before it have not settled; a DOI is the surest of them."""
    _ask_by_doi(services, [case for case in cases if case.reference.doi])
    _ask_arxiv(services, _open(cases, "arxiv"))
    for kind in ("pmid", "pmcid"):
        _ask_in_turn(kind, _medical(services, kind), _open(cases, kind))
    _ask_by_isbn(services, _open(cases, "isbn"))


def _open(cases: Sequence[Case], kind: str) -> list[Case]:
    return [case for case in cases if getattr(case.reference, kind) and not case.is_accepted]


def _ask_by_doi(services: Services, cases: Sequence[Case]) -> None:
    found = hydrate.records(services, [case.reference.doi for case in cases if case.reference.doi])
    for case in cases:
        case.hears_of(found[case.reference.doi or ""], query="doi")


def _ask_arxiv(services: Services, cases: Sequence[Case]) -> None:
    """arXiv's own record names the published version; OpenAlex stands in where arXiv is off or silent."""
    numbers = [case.reference.arxiv for case in cases if case.reference.arxiv]
    answers = services.arxiv.works(numbers) if services.arxiv and numbers else {}
    for case in cases:
        answer = answers.get(case.reference.arxiv or "")
        if isinstance(answer, Found):
            case.preprint = answer.value
            case.judged(answer.value, service="arxiv", query="arxiv")
    _ask_openalex_for_preprints(services, [case for case in cases if case.preprint is None], answers)


def _ask_openalex_for_preprints(
    services: Services, cases: Sequence[Case], by_arxiv: Mapping[str, Answer[Work]]
) -> None:
    openalex = services.openalex
    names = {case.reference.arxiv: f"10.48550/arxiv.{case.reference.arxiv}" for case in cases if case.reference.arxiv}
    answers = openalex.works_by_doi(names.values()) if openalex and names else {}
    for case in cases:
        number = case.reference.arxiv or ""
        answer = answers.get(names.get(number, ""))
        case.hears(answer, service="openalex", query="arxiv")
        if not isinstance(answer, Found):
            case.hears(by_arxiv.get(number), service="arxiv", query="arxiv")


def _medical(services: Services, kind: str) -> list[tuple[str, ByIdentifier]]:
    """Who knows PubMed's numbers: OpenAlex, whose lists are the cheaper ones, then Europe PMC."""
    named = (("openalex", services.openalex), ("europepmc", services.europepmc))
    return [
        (name, service.works_by_pmid if kind == "pmid" else service.works_by_pmcid)
        for name, service in named
        if service is not None
    ]


def _ask_in_turn(kind: str, askers: Sequence[tuple[str, ByIdentifier]], cases: Sequence[Case]) -> None:
    """Each one is asked for what those before it do not have; who is silent matters if none of them has it."""
    left = list(cases)
    silent: dict[int, list[NoAnswer]] = {case.row.id: [] for case in cases}
    for name, ask_for in askers:
        answers = ask_for([_value(case.reference, kind) for case in left]) if left else {}
        for case in left:
            answer = answers.get(_value(case.reference, kind))
            if isinstance(answer, Found):
                case.judged(answer.value, service=name, query=kind)
            elif isinstance(answer, NoAnswer):
                silent[case.row.id].append(answer)
        left = [case for case in left if not isinstance(answers.get(_value(case.reference, kind)), Found)]
    for case in left:
        case.silent.extend(silent[case.row.id])


def _ask_by_isbn(services: Services, cases: Sequence[Case]) -> None:
    """All who know books at once; a book has no DOI at most of them, and none of their lists costs anything.

    An ISBN is printed with chapters too, whose book is not what is cited, so that no record is the rule. Nobody is
    waited for: the search comes next.
    """
    numbers = [_value(case.reference, "isbn") for case in cases]
    named = (("crossref", services.crossref), ("openlibrary", services.openlibrary), ("dnb", services.dnb))
    asked = [(name, service) for name, service in named if service is not None and numbers]
    answers = at_once([partial(service.works_by_isbn, numbers) for _, service in asked])
    for case in cases:
        for (name, _), found in zip(asked, answers, strict=True):
            answer = found.get(_value(case.reference, "isbn"))
            if isinstance(answer, Found):
                case.judged(answer.value, service=name, query="isbn")


def _value(reference: Reference, kind: str) -> str:
    return str(getattr(reference, kind) or "")

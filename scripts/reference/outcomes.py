"""Every word for how something ends, from `dl_lit.ui.wording`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from dl_lit.model import WAITING_FOR_A_COPY, DownloadReason, EnrichmentReason, PdfReason, Stage
from dl_lit.relations import WAITING_FOR_RELATIONS, ExpansionReason
from dl_lit.ui.wording import EXPLANATIONS, STAGE_NAMES
from reference.markdown import MADE, code, table

HEAD = f"""# Outcomes

{MADE.format("the program's own explanations")}
Why a PDF, a reference or a work came to no good end, or waits: the word in `reason`, as `dl-lit failures`, `why`,
`status` and the tables have it, with what it means and what can be done. `dl-lit retry --stage STAGE --reason WORD`
lets the rows of a final one be tried again.

*Waits* means that the next run of the same command takes the row up by itself, and that such rows make the exit code
3 (an embargo does not: no run can hasten it).
"""
WAITING: Mapping[Stage, frozenset[str]] = {
    Stage.EXTRACTION: frozenset({PdfReason.SERVICE_SILENT, PdfReason.BUDGET_SPENT, PdfReason.ACCESS_REFUSED}),
    Stage.ENRICHMENT: frozenset(
        {EnrichmentReason.SERVICE_SILENT, EnrichmentReason.BUDGET_SPENT, EnrichmentReason.ACCESS_REFUSED}
    ),
    Stage.DOWNLOAD: WAITING_FOR_A_COPY,
    Stage.EXPANSION: WAITING_FOR_RELATIONS | {ExpansionReason.RUN_IS_FULL},
}
FOR_A_PERSON = frozenset(
    {
        *(EnrichmentReason.AMBIGUOUS, EnrichmentReason.WEAK_MATCH, EnrichmentReason.CONFLICT),
        EnrichmentReason.PARTED_BY_PERSON,
    }
)
WORDS: Mapping[Stage, type[StrEnum]] = {
    Stage.EXTRACTION: PdfReason,
    Stage.ENRICHMENT: EnrichmentReason,
    Stage.DOWNLOAD: DownloadReason,
    Stage.EXPANSION: ExpansionReason,
}


def page() -> str:
    return "\n".join([HEAD, *(_section(stage) for stage in WORDS)])


def _section(stage: Stage) -> str:
    title = f"{STAGE_NAMES[stage][0].upper()}{STAGE_NAMES[stage][1:]}"
    option = f"`--stage {stage.name.lower()}`"
    told = (word for word in WORDS[stage] if word is not DownloadReason.SUCCESS)
    rows = ((code(word), _standing(stage, word), EXPLANATIONS[stage][word]) for word in told)
    return f"## {title}\n\n{option}\n\n{table(('Word', 'State', 'What it means, and the cure'), rows)}"


def _standing(stage: Stage, word: str) -> str:
    if word in WAITING[stage]:
        return "waits"
    return "needs a look" if stage is Stage.ENRICHMENT and word in FOR_A_PERSON else "final"

"""The story of a reference and the candidates for it, for a terminal and as JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dl_lit import moments
from dl_lit.identity.folding import words
from dl_lit.identity.names import inverted
from dl_lit.model import Decision, EnrichmentReason, Evidence, Person, Reference, Silence, Stage, Work
from dl_lit.rows import written
from dl_lit.store.records import Event, Parted, TakenBack
from dl_lit.store.stories import Judged, Merge, Story
from dl_lit.ui.wording import EXPLANATIONS, asked, printable, signal

PLACES = {
    "no_metadata": "waits to be looked for at the services",
    "needs_review": "needs a look: dl-lit review",
    "failed_enrichments": "no service has it",
    "with_metadata": "found; waits to be compared with the rest of the library",
    "to_download_references": "found; waits for a copy to be looked for",
    "downloaded_references": "found, with a verified copy",
    "failed_downloads": "found, without a copy",
    "duplicate_references": "the same work as another reference",
}
_STAGES = {
    "source_pdfs": Stage.EXTRACTION,
    "no_metadata": Stage.ENRICHMENT,
    "needs_review": Stage.ENRICHMENT,
    "failed_enrichments": Stage.ENRICHMENT,
    "to_download_references": Stage.DOWNLOAD,
    "failed_downloads": Stage.DOWNLOAD,
}
_STYLES = {Decision.ACCEPTED: "green", Decision.REVIEW: "yellow", Decision.REJECTED: "red"}
_FIELDS = ("title", "authors", "editors", "year", "container", "volume", "issue", "pages", "publisher", "type", "doi")
_MOST_NAMES = 6
_MOST_CANDIDATES = 5


def story(told: Story) -> RenderableType:
    """Everything, from the print to the latest step."""
    parts: list[RenderableType] = [Text(f"Reference {told.id}: {_standing(told)}", style="bold")]
    parts += [_indented(Text(line)) for line in _now(told)]
    sections = (
        ("Printed in", list(_printed(told))),
        ("Came in", list(_came(told))),
        ("Taken for" if told.work else "Read as", [_record(told.work or told.reference)]),
        ("Copy", list(_copy(told))),
        ("Abstract", list(_abstract(told))),
        ("Candidates", list(_best(told))),
        ("Decided by hand", list(_decided(told))),
        ("Tried", list(_attempts(told))),
        ("Cites", list(_related(told, cites=True))),
        ("Cited by", list(_related(told, cites=False))),
        ("Merges", [merge_line(merge) for merge in told.merges]),
        ("Steps", [_event(event) for event in told.events]),
    )
    for title, lines in sections:
        if lines:
            parts += [Text(f"\n{title}", style="bold"), *map(_indented, lines)]
    return Group(*parts)


def as_json(told: Story) -> str:
    return json.dumps(asdict(told), indent=2, ensure_ascii=False)


def _indented(part: RenderableType) -> RenderableType:
    return Padding(part, (0, 0, 0, 2))


def _standing(told: Story) -> str:
    if told.merged_into is not None:
        return f"{PLACES[told.table]} (dl-lit why {told.merged_into})"
    return PLACES[told.table]


def _now(told: Story) -> Iterator[str]:
    if told.reason and told.table != "duplicate_references":
        yield " ".join(filter(None, (printable(told.reason) + ":", _meaning(told.table, told.reason))))
    if told.detail:
        yield from map(printable, told.detail.split("\n"))
    if told.next_attempt_at is not None and told.reason == Silence.REFUSED:
        yield "It is tried again by the next run: cure that, then run the same command again."
    elif told.next_attempt_at is not None and (not told.is_named or told.next_attempt_at <= time.time()):
        yield "The next run tries it again at once: run the same command again."
    elif told.next_attempt_at is not None:
        yield f"It is tried again after {moments.second(told.next_attempt_at)}; run the same command again then."
    if told.unasked:
        names = ", ".join(told.unasked)
        yield f"Not asked for a copy, being off or without a key: {names}. Once one is asked, the next run looks again."
    if told.url is not None:
        yield printable(f"A person can open {told.url}")


def _meaning(table: str, reason: str) -> str:
    stage = _STAGES.get(table)
    return EXPLANATIONS[stage].get(reason, "") if stage else ""


def _printed(told: Story) -> Iterator[Text]:
    for one in told.printed:
        place = f"page {one.page}, " if one.page else ""
        label = f", label {one.label}" if one.label else ""
        merged = "" if one.original_id == told.id else f" (as reference {one.original_id})"
        yield Text(printable(f"{one.pdf}: {place}number {one.position}{label}{merged}"), style="cyan")
        yield Text(printable(one.raw))


def _came(told: Story) -> Iterator[Text]:
    """Where a work is from that no PDF brought in."""
    origin = told.origin
    if origin is None:
        return
    if origin.way == "search":
        yield Text(printable(f"found by search {origin.search_id}: {origin.query}"))
        return
    way = "as cited by" if origin.way == "references" else "as it cites"
    steps = "one step" if origin.depth == 1 else f"{origin.depth} steps"
    other = f"reference {origin.found_with}, {origin.title or 'without a title'}"
    yield Text(printable(f"{way} {other}; {steps} from what a PDF cites"))


def _related(told: Story, *, cites: bool) -> Iterator[Text]:
    for one in told.relations:
        if one.cites is cites:
            yield Text(printable(f"{one.id}  {one.title or 'without a title'}  ({one.source})"))


def _decided(told: Story) -> Iterator[Text]:
    """What no run changes any more."""
    if told.refused:
        yield Text(printable(f"not {'; not '.join(told.refused)}"))
    if told.parted:
        yield Text(f"not the same work as reference {', '.join(map(str, told.parted))}")
    for name in told.withdrawn:
        yield Text(printable(f"not its copy any more, still in pdfs/: {name}"))


def _copy(told: Story) -> Iterator[Text]:
    if told.file is None:
        return
    file = told.file
    about = [f"{file.pages} pages", file.version and file.version.value, file.licence, f"shown by {file.identity}"]
    yield Text(printable(f"{file.file_name}: {', '.join(part for part in about if part)}"))
    yield Text(printable(f"from {file.source}: {file.final_url}"))
    if file.reserved:
        yield Text(printable(f"text and data mining is reserved there: {file.reserved}"))


def _abstract(told: Story) -> Iterator[Text]:
    """What is left to read of a work without a copy."""
    if told.table == "failed_downloads" and told.work is not None and told.work.abstract:
        yield Text(printable(told.work.abstract))


def _attempts(told: Story) -> Iterator[Text]:
    for one in told.attempts:
        line = Text(f"{one.outcome.value}", style="green" if one.outcome == "success" else "yellow")
        line.append(printable(f"  {one.source}  {one.url}"), style="default")
        yield line
        explained = one.detail or EXPLANATIONS[Stage.DOWNLOAD].get(one.outcome, "")
        yield Text("  " + printable(explained), style="dim")
        if one.reserved:
            yield Text("  " + printable(f"text and data mining reserved: {one.reserved}"), style="dim")


def _event(event: Event) -> Text:
    """ "12:30:01  no_metadata → with_metadata", with the reason where there is one."""
    way = event.to_table if event.from_table in (None, event.to_table) else f"{event.from_table} → {event.to_table}"
    why = ": ".join(filter(None, (event.reason, (event.detail or "").replace("\n", " "))))
    by = "  by hand" if event.by_hand else ""
    return Text(f"{moments.second(event.at)}  {way}{by}" + (f"  {printable(why)}" if why else ""))


def not_tried(told: Story) -> str:
    """Why `retry` leaves a reference that was named."""
    standing = f"Reference {told.id}: {PLACES[told.table]}; it did not fail."
    if told.reason == EnrichmentReason.REJECTED_BY_PERSON:
        return f"Reference {told.id}: refused by you; add --reason {told.reason} to look for another work."
    return standing if not told.table.startswith("failed") else f"Reference {told.id} failed otherwise: {told.reason}."


# ── what a decision has changed ──────────────────────────────────────────────────────────────────────────


def taken_back(back: TakenBack) -> Iterator[str]:
    """What became of the reference, the work and its copy, a line each."""
    if back.work is None:
        yield f"Reference {back.reference_id} has none of its candidates."
        return
    name = back.work.doi or back.work.title or "a work without a title"
    yield f"Reference {back.reference_id} is no longer taken for {name}, and will not be again."
    if back.stays_as is not None:
        yield f"That work stays in the library as reference {back.stays_as}."
    else:
        yield f"Nothing else cites that work: it is withdrawn (it was {_STANDING[back.was_in or '']})."
    if back.again:
        yield f"Compared anew, as only it held them to the rest: reference {', '.join(map(str, back.again))}."
    if back.file_name is not None:
        yield _kept(back.file_name, back.stays_as)


def parted(undone: Parted) -> Iterator[str]:
    """What undoing a merge has changed, a line each."""
    if undone.back is None:
        yield f"Reference {undone.reference_id} is a work of its own again, apart from {undone.winner_id}."
        if undone.file_name is not None:
            yield _kept(undone.file_name, undone.winner_id)
        return
    yield f"References {undone.reference_id} and {undone.winner_id} are parted; they were taken for the same work."
    yield from taken_back(undone.back)
    yield f"It needs a look: dl-lit review {undone.back.reference_id}"


def _kept(file_name: str, work_id: int | None) -> str:
    """No file is ever deleted."""
    if work_id is None:
        return f"Its file stays in pdfs/ as {file_name}, as nobody's copy; delete it if you do not want it."
    return f"{file_name} may not be a copy of {work_id}: it stays in pdfs/, and one is looked for anew."


_STANDING = {
    "with_metadata": "found, not queued yet",
    "to_download_references": "in the download queue",
    "downloaded_references": "downloaded",
    "failed_downloads": "without a copy",
}


# ── merges ───────────────────────────────────────────────────────────────────────────────────────────────


def merges(rows: Sequence[Merge]) -> RenderableType:
    if not rows:
        return Text("Nothing has been merged.")
    return Group(*(merge_line(one, with_title=True) for one in rows))


def merge_line(merge: Merge, *, with_title: bool = False) -> Text:
    changed = f"; changed: {', '.join(merge.changed)}" if merge.changed else ""
    if merge.rule == "unmerged":
        return Text(f"{moments.second(merge.at)}  {merge.loser_id} parted from {merge.winner_id} again{changed}")
    if merge.rule == "regrouped":
        return Text(f"{moments.second(merge.at)}  {merge.winner_id} made anew with {merge.loser_id}{changed}")
    sure = f"{merge.rule}, {merge.score:.2f}"
    undone = "" if merge.standing == "holds" else "; undone since"
    title = f": {printable(merge.title)}" if with_title and merge.title else ""
    return Text(f"{moments.second(merge.at)}  {merge.loser_id} into {merge.winner_id}{title} ({sure}){changed}{undone}")


def merges_told(merged: Sequence[Merge], form: str) -> str:
    """As `rows.written`."""
    return written([asdict(merge) for merge in merged], [one.name for one in fields(Merge)], form, times=("at",))


# ── candidates ───────────────────────────────────────────────────────────────────────────────────────────


def _best(told: Story) -> Iterator[RenderableType]:
    for number, one in enumerate(told.candidates[:_MOST_CANDIDATES], 1):
        yield candidate(one, told, number)
    more = len(told.candidates) - _MOST_CANDIDATES
    if more > 0:
        yield Text(f"and {more} more; --format json has all", style="dim")


def worth_a_look(told: Story) -> tuple[Judged, ...]:
    """The candidates that anything speaks for, best first: these are what a person chooses from, by number."""
    return tuple(one for one in told.candidates if one.evidence.score > 0 and not _is_by_the_same_only(one.evidence))


def _is_by_the_same_only(evidence: Evidence) -> bool:
    """Another title in another container, refused: that its author is printed says nothing."""
    contradicted = {"title", "container"} <= set(evidence.disagreed) and evidence.decision is Decision.REJECTED
    return contradicted and set(evidence.agreed) <= {"first_author", "author"}


def for_review(told: Story) -> RenderableType:
    """The print, where it stands, and the candidates with what differs."""
    prints = [f"{told.id}  {line}" for line in _own_prints(told)] or [short(told)]
    parts: list[RenderableType] = [Text(printable(line), style="bold") for line in prints]
    shown = worth_a_look(told)
    if told.work is not None:
        parts.append(Text(printable(f"taken for {told.work.doi or _title(told.work)}; {PLACES[told.table]}")))
        if not any(one.evidence.decision is Decision.ACCEPTED for one in shown):
            parts.append(_indented(_record(told.work, " ".join(_own_prints(told)), told.reference)))
    parts += [Text(""), *(candidate(one, told, number) for number, one in enumerate(shown, 1))]
    if not shown:
        parts.append(Text("No candidate is worth a look."))
    return Group(*parts)


def _own_prints(told: Story) -> list[str]:
    """As the reference itself is printed, not those that were merged into it."""
    own = [one.raw for one in told.printed if one.original_id == told.id]
    return own or [one.raw for one in told.printed] or ([told.reference.raw] if told.reference else [])


def candidate(judged: Judged, told: Story, number: int) -> RenderableType:
    """One candidate beside the print: words that the print does not have stand out, and what it says otherwise."""
    evidence = judged.evidence
    head = Text(f"{number}. ", style="bold")
    head.append(f"{evidence.decision.value} {evidence.score:.2f}", style=_STYLES.get(evidence.decision, ""))
    head.append(f"  {asked(evidence.service, evidence.query)}", style="dim")
    record = _record(evidence.candidate, " ".join(_own_prints(told)), told.reference)
    return Group(head, _indented(record), *map(_indented, _signals(evidence)))


def _signals(evidence: Evidence) -> Iterator[Text]:
    for name, signals, style in (
        ("agree", evidence.agreed, "green"),
        ("differ", evidence.disagreed, "yellow"),
        ("forbid", evidence.vetoes, "red"),
    ):
        if signals:
            yield Text(f"{name}: {', '.join(map(signal, signals))}", style=style)


def _record(record: object, print_: str | None = None, read: Reference | None = None) -> RenderableType:
    """The fields that are there, one a line; with `print_` the words that it does not have stand out, with `read`
    what was read otherwise stands beside."""
    table = Table.grid(padding=(0, 2))
    for name in _FIELDS:
        shown, printed = _field(record, name), _field(read, name) if name != "type" else ""
        differs = bool(printed) and _says_otherwise(printed, shown)
        if shown or differs:
            beside = Text(printable(f"printed: {printed}"), style="bold yellow") if differs else Text("")
            table.add_row(Text(name, style="dim"), _marked(shown or "-", print_), beside)
    return table


def _field(record: object, name: str) -> str:
    value = getattr(record, name, None)
    if not value:
        return ""
    return names(value) if name in ("authors", "editors") else str(value)


def _says_otherwise(printed: str, shown: str) -> bool:
    """Whether a printed word is neither a word of the record nor the beginning of one, as abbreviations are."""
    known = words(shown)
    return any(
        not any(word.startswith(part) for word in known) for part in words(printed) if len(part) > 1 or part.isdigit()
    )


def _marked(text: str, print_: str | None) -> Text:
    if print_ is None:
        return Text(printable(text))
    known = set(words(print_))
    marked = Text()
    for number, part in enumerate(printable(text).split(" ")):
        strange = any(word not in known for word in words(part) if len(word) > 1 or word.isdigit())
        marked.append(("" if number == 0 else " ") + part, style="bold yellow" if strange else "")
    return marked


def names(people: Sequence[Person]) -> str:
    """ "Smith, J.; Doe, A.; and 12 more"."""
    shown = map(inverted, people[:_MOST_NAMES])
    more = len(people) - _MOST_NAMES
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")


def short(told: Story) -> str:
    """A line for a list: the id and what is printed."""
    return printable(f"{told.id}  {told.printed[0].raw if told.printed else _title(told.work)}")


def _title(work: Work | None) -> str:
    return (work.title if work else None) or ""

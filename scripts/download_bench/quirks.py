"""One work at each host: what the host did, from its log, and what dl-lit recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from worldtools import rows, run

from dl_lit.standin.audit import audit
from dl_lit.standin.hosts import HOSTS, Host, Quirk
from dl_lit.standin.log import Entry, read_log
from dl_lit.standin.server import StandIn
from dl_lit.standin.settings import StandInSettings
from download_bench.telling import Part, table
from download_bench.worlds import Placed, arranged, hosts_only, made_up, small_copy, waiting_library

# What each host that gives no file should be called; all the others give theirs (apis.md, sections 19.3 and 22).
WORDS = {
    Quirk.CHALLENGE: "blocked",
    Quirk.STUB: "blocked",
    Quirk.PROOF_OF_WORK: "blocked",
    Quirk.ACCEPTED: "blocked",
    Quirk.QUEUE: "blocked",
    Quirk.GATE: "blocked",
    Quirk.SOFT_GONE: "gone",
    Quirk.COOKIE_LOOP: "blocked_cookie",
    Quirk.LOGIN: "paywall",
    Quirk.PREVIEW: "preview",
    Quirk.TRUNCATED: "truncated",
    Quirk.WRONG_WORK: "wrong_work",
    Quirk.WRONG_META: "wrong_work",
    Quirk.OVERSIZED: "too_large",
    Quirk.ENDLESS: "too_large",
    Quirk.GZIP_BOMB: "too_large",
    Quirk.INWARD: "address_refused",
    Quirk.GONE: "gone",
    Quirk.ROBOTS: "forbidden_by_robots",
    Quirk.EMPTY: "empty_body",
    Quirk.BROKEN: "bad_status",
    Quirk.TOKEN: "bad_status",
    Quirk.UNREACHABLE: "connection",
    Quirk.NOT_PDF: "wrong_type",
    Quirk.DAMAGED: "damaged",
    Quirk.ENCRYPTED: "encrypted",
    Quirk.MAZE: "redirect_loop",
    Quirk.TRICKLE: "timeout",
}
RECORDED = """
SELECT w.doi, a.outcome, a.category, a.reserved FROM download_attempts AS a
JOIN works AS w ON w.id = a.reference_id ORDER BY a.id
"""
ENDS = "SELECT doi, 'kept' FROM downloaded_references UNION ALL SELECT doi, reason FROM failed_downloads"


@dataclass(frozen=True, slots=True)
class Attempt:
    outcome: str
    category: str
    reserved: str | None

    def __str__(self) -> str:
        return f"`{self.outcome}` ({self.category})" + (f"; reserved: {self.reserved}" if self.reserved else "")


def measured(folder: Path, quick: bool) -> Part:
    folder.mkdir(parents=True)
    placed = [Placed(made_up(3 * number), (host,)) for number, host in enumerate(HOSTS)]
    settings = StandInSettings(log_path=folder / "requests.jsonl", patience_seconds=2, oversized_bytes=400_000_000)
    library = folder / "library"
    with StandIn(
        settings, works=[one.work for one in placed], make_copy=small_copy, arrange=arranged(placed)
    ) as standin:
        paper = waiting_library(library, placed, standin)
        limits = hosts_only(folder, DL_LIT_NETWORK__TOTAL_TIMEOUT="12", DL_LIT_NETWORK__MAX_FILE_MB="50")
        outcome = run(paper, library, standin.url, "--download-workers", "8", settings=limits)
    recorded: dict[str, list[Attempt]] = {}
    for doi, *attempt in rows(library, RECORDED):
        recorded.setdefault(doi, []).append(Attempt(*attempt))
    ends = dict(rows(library, ENDS))
    entries = read_log(settings.log_path or folder)
    lines = [
        f"One work at each of {len(HOSTS)} hosts and nowhere else; time limit 12 s, size limit 50 MB. The run:",
        f"exit {outcome.exit_code}, {outcome.seconds:.0f} s. What the host did is from its own log (*manners*:",
        "robots.txt and the like; *left*: we hung up). A second attempt is at the landing page, where `no_pdf_link`",
        "means that it leads to nothing that was not tried before.",
        "",
        *table(
            ("host", "it did", "recorded, one row an attempt", "the work's end"),
            (_row(one, entries, recorded, ends) for one in placed),
        ),
    ]
    return Part(
        "What each host did, and what was recorded", tuple(lines), tuple(_faults(placed, recorded, ends, folder))
    )


def _row(
    placed: Placed, entries: list[Entry], recorded: dict[str, list[Attempt]], ends: dict[str, str]
) -> tuple[str, ...]:
    [host] = placed.hosts
    doi = placed.work.doi or ""
    words = ", ".join(map(str, recorded.get(doi, [])))
    return f"{host.quirk} ({host.name})", did(host, entries), words, f"{ends.get(doi, 'still waiting')}"


def did(host: Host, entries: list[Entry]) -> str:
    """Its answers in order, robots.txt and the like apart."""
    own = [one for one in entries if one.host == host.address]
    manners = sum(one.path.startswith(("/robots.txt", "/.well-known/")) for one in own)
    others = [_answer(one) for one in own if not one.path.startswith(("/robots.txt", "/.well-known/"))]
    return ", ".join([*([f"{manners} × manners"] if manners else []), *_counted(others)])


def _answer(entry: Entry) -> str:
    wait = f" wait {entry.retry_after:g}" if entry.retry_after else ""
    return f"{entry.status or 'hung up'}{wait}" + ("" if entry.delivered or not entry.status else " left")


def _counted(words: list[str]) -> Iterator[str]:
    while words:
        times = next((n for n, word in enumerate(words) if word != words[0]), len(words))
        yield words[0] if times == 1 else f"{times} × {words[0]}"
        words = words[times:]


def _faults(
    placed: list[Placed], recorded: dict[str, list[Attempt]], ends: dict[str, str], folder: Path
) -> Iterator[str]:
    for one in placed:
        quirk, doi = one.hosts[0].quirk, one.work.doi or ""
        wanted = WORDS.get(quirk)
        first = next((attempt.outcome for attempt in recorded.get(doi, [])), "nothing")
        if (first, ends.get(doi)) != (wanted or "success", wanted or "kept"):
            yield f"{quirk}: recorded {first}, ended as {ends.get(doi)}"
    for breach in audit(folder / "requests.jsonl"):
        yield str(breach)

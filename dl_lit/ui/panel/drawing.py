"""Draws a scene for a terminal of any size: narrow ones below one another, wide ones side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap

from rich.console import RenderableType
from rich.panel import Panel
from rich.text import Text

from dl_lit.pipeline.progress import Event, Snapshot
from dl_lit.ui.panel import latest, pools
from dl_lit.ui.panel.flow import flow
from dl_lit.ui.panel.grid import beside
from dl_lit.ui.panel.scene import Focus, Motion, Scene, Size, Usage
from dl_lit.ui.wording import STAGE_NAMES, duration

SIDE_BY_SIDE = 140  # characters of width from which two tables stand next to each other
FRAME = Size(4, 3)  # what the border takes, and one line that stays free
LEAST_FOR_SERVICES = 3  # lines, one of them the heading
KEYS = {"p": "pause", "q": "stop", "f": "failures", "w": "workers"}


def draw(scene: Scene, size: Size) -> RenderableType:
    """The whole panel, no higher than the terminal."""
    inner = Size(size.width - FRAME.width, size.height - FRAME.height)
    keys, room = _last_line(scene, inner.width), Size(inner.width, max(0, inner.height - 1))
    stages = flow(_as_foreseen(scene), room)
    warnings = _short_budgets(scene, inner.width)[: room.height - len(stages)]
    room = Size(inner.width, room.height - len(stages) - len(warnings))
    parts = [*stages, *_below(scene, room), *warnings, keys]
    body = Text("\n", no_wrap=True, overflow="crop").join(parts)
    return Panel(body, title="dl-lit", subtitle=_footer(scene, inner.width), border_style="blue", padding=(0, 1))


def _as_foreseen(scene: Scene) -> Snapshot:
    """Nobody can tell the end of a run that stands still."""
    snapshot = scene.snapshot
    return snapshot if scene.motion is Motion.RUNNING else replace(snapshot, etas=dict.fromkeys(snapshot.etas))


def _below(scene: Scene, room: Size) -> list[Text]:
    match scene.focus:
        case Focus.WORKERS:
            return latest.workers(scene.snapshot, _rows(room)) if room.height > 1 else []
        case Focus.FAILURES:
            return _failures(scene, room)
        case Focus.HOSTS:
            return _overview(scene, room)


def _rows(room: Size, height: int | None = None) -> Size:
    """What is left of so many lines below a heading."""
    return Size(room.width, max(0, (room.height if height is None else height) - 1))


def _failures(scene: Scene, room: Size) -> list[Text]:
    """Up to half of the lines for the reasons, the rest for what failed last."""
    half = _rows(room, room.height // 2)
    reasons = latest.reasons(scene.snapshot, half) if scene.snapshot.reasons and half.height else []
    return reasons + _of_events("latest failures", scene.snapshot.events, Size(room.width, room.height - len(reasons)))


def _overview(scene: Scene, room: Size) -> list[Text]:
    """Services and hosts take what they need of two thirds of the lines, the latest events the rest."""
    pair = _side_by_side if room.width >= SIDE_BY_SIDE else _stacked
    above = pair(scene, Size(room.width, room.height * 2 // 3))
    return above + _events(scene, Size(room.width, room.height - len(above)))


def _side_by_side(scene: Scene, room: Size) -> list[Text]:
    half = _rows(_half(room))
    if half.height < 1 or not scene.services + scene.hosts:
        return []
    return beside(_services(scene, half), _hosts(scene, half), half.width)


def _stacked(scene: Scene, room: Size) -> list[Text]:
    """Services above hosts; of few lines the services get the greater part."""
    least_for_hosts = min(len(scene.hosts) + 1, max(2, room.height // 3)) if scene.hosts else 0
    if scene.services and room.height - least_for_hosts < LEAST_FOR_SERVICES:
        least_for_hosts = 0
    for_services = _rows(room, room.height - least_for_hosts)
    above = _services(scene, for_services) if scene.services and for_services.height > 0 else []
    rest = _rows(room, room.height - len(above))
    return above + (_hosts(scene, rest) if rest.height > 0 and scene.hosts else [])


def _services(scene: Scene, room: Size) -> list[Text]:
    return pools.table_of("service", scene.services, scene.short_budgets, room)


def _hosts(scene: Scene, room: Size) -> list[Text]:
    return pools.table_of("host", scene.hosts, {}, room)


def _events(scene: Scene, room: Size) -> list[Text]:
    """The latest results beside the latest failures, or above them."""
    snapshot = scene.snapshot
    if room.width >= SIDE_BY_SIDE:
        half = _half(room)
        results = _of_events("latest", snapshot.results, half)
        return beside(results, _of_events("failed or put off", snapshot.events, half), half.width)
    failures = _of_events("failed or put off", snapshot.events, Size(room.width, room.height // 2))
    return _of_events("latest", snapshot.results, Size(room.width, room.height - len(failures))) + failures


def _of_events(title: str, events: Sequence[Event], room: Size) -> list[Text]:
    return latest.events(title, events, _rows(room)) if room.height > 1 and events else []


def _half(room: Size) -> Size:
    return Size(room.width // 2 - 1, room.height)


def _last_line(scene: Scene, width: int) -> Text:
    """The keys at the right, spelt closely where they need it; left of them what the run takes."""
    all_keys = [_keys(scene, gap) for gap in (2, 1, 0)] if scene.keys else [Text("Ctrl-C stops cleanly", style="dim")]
    all_taken = [*(_taken(scene.usage) if scene.usage else ()), ""]
    pairs = [(taken, keys) for taken in all_taken[-2:] for keys in all_keys]
    pairs = [(all_taken[0], all_keys[0]), *pairs]
    fitting = (pair for pair in pairs if len(pair[0]) + pair[1].cell_len <= width)
    taken, keys = next(fitting, ("", all_keys[-1]))
    return Text.assemble((taken.ljust(max(0, width - keys.cell_len)), "dim"), keys)


def _taken(usage: Usage) -> list[str]:
    """In full, and shorter."""
    text = f"CPU {usage.cpu * 100:.0f}% · {usage.memory / 1e6:.0f} MB"
    return [f"{text} · {usage.processes} processes", text] if usage.processes > 1 else [text]


def _keys(scene: Scene, gap: int) -> Text:
    """`gap` blanks before each key; without any the key itself stands close to its word, too."""
    text = Text()
    for key, word in KEYS.items():
        shown = f" {key} " if gap else key
        text.append(" " * (gap or 1)).append(shown, style="reverse").append(f" {_doing(key, word, scene)}")
    return text if gap else text[1:]


def _doing(key: str, word: str, scene: Scene) -> str:
    """What the key would do now."""
    if key == scene.focus.value:
        return "back"
    if key == "p" and scene.motion is Motion.PAUSED:
        return "go on"
    return "stop at once" if key == "q" and scene.motion is Motion.DRAINING else word


def _footer(scene: Scene, width: int) -> Text:
    """As much as has room in the border, the most important first."""
    footer = Text(duration(scene.snapshot.seconds))
    if scene.motion is not Motion.RUNNING:
        word = "PAUSED" if scene.motion is Motion.PAUSED else "STOPPING"
        return footer.append(f" · {word}, {_at_work(scene)}", style="bold yellow")
    for words in _forecast(scene):
        if footer.cell_len + len(words) + 3 <= width - 2:
            footer.append(f" · {words}")
    return footer


def _at_work(scene: Scene) -> str:
    active = sum(stage.active for stage in scene.snapshot.stages)
    return f"{active} still at work" if active else "nothing at work"


def _forecast(scene: Scene) -> list[str]:
    """How long it takes, which stage that is of, and what is left for another day or hour."""
    snapshot = scene.snapshot
    words = [f"about {duration(snapshot.eta)} left"] if snapshot.eta and snapshot.eta >= 1 else []
    if snapshot.bottleneck:
        words.append(f"slowest: {STAGE_NAMES[snapshot.bottleneck]}")
    if later := sum(stage.later for stage in snapshot.stages):
        words.append(f"{later} wait for later")
    return words


def _short_budgets(scene: Scene, width: int) -> list[Text]:
    """What a day's budget will not be enough for: a forecast of the run's end that left it out would be a lie."""
    ahead = f"{scene.references_ahead:,} references"
    told = (
        f"{name}: today's budget will do for about {enough:,.0f} of {ahead}"
        for name, enough in scene.short_budgets.items()
    )
    return [Text(line, style="magenta") for words in told for line in wrap(words, width)]

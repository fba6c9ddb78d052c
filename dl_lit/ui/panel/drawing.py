"""Draws a scene for a terminal of any size: narrow ones below one another, wide ones side by side."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.panel import Panel
from rich.text import Text

from dl_lit.pipeline.progress import Event
from dl_lit.ui.panel import latest, pools
from dl_lit.ui.panel.flow import flow
from dl_lit.ui.panel.grid import beside
from dl_lit.ui.panel.scene import Focus, Motion, Scene, Size, Usage
from dl_lit.ui.wording import STAGE_NAMES, duration

SIDE_BY_SIDE = 140  # characters of width from which two tables stand next to each other
FRAME = Size(4, 3)  # what the border takes, and one line that stays free
KEYS = {"p": "pause", "q": "stop", "f": "failures", "w": "workers"}


def draw(scene: Scene, size: Size) -> RenderableType:
    """The whole panel, no higher than the terminal."""
    inner = Size(size.width - FRAME.width, size.height - FRAME.height)
    stages, warnings, keys = flow(scene.snapshot, inner.width), _short_budgets(scene), _last_line(scene, inner.width)
    room = Size(inner.width, max(0, inner.height - len(stages) - len(warnings) - 1))
    parts = [*stages, *_below(scene, room), *warnings, keys]
    body = Text("\n", no_wrap=True, overflow="crop").join(parts)
    return Panel(body, title="dl-lit", subtitle=_footer(scene), border_style="blue", padding=(0, 1))


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
    reasons = latest.reasons(scene.snapshot, _rows(room, room.height // 2)) if scene.snapshot.reasons else []
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
    least_for_hosts = min(len(scene.hosts) + 1, max(3, room.height // 3)) if scene.hosts else 0
    above = _services(scene, _rows(room, room.height - least_for_hosts)) if scene.services else []
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
    keys = _keys(scene) if scene.keys else Text("Ctrl-C stops cleanly", style="dim")
    taken = "" if scene.usage is None else _taken(scene.usage, is_roomy=width > len(keys) + 40)
    return Text.assemble((taken.ljust(max(0, width - keys.cell_len)), "dim"), keys)


def _taken(usage: Usage, *, is_roomy: bool) -> str:
    text = f"CPU {usage.cpu * 100:.0f}% · {usage.memory / 1e6:.0f} MB"
    if not is_roomy:
        return text
    return f"{text} · {usage.processes} processes" if usage.processes > 1 else text


def _keys(scene: Scene) -> Text:
    text = Text()
    for key, word in KEYS.items():
        text.append("  ").append(f" {key} ", style="reverse").append(f" {_doing(key, word, scene)}")
    return text


def _doing(key: str, word: str, scene: Scene) -> str:
    """What the key would do now."""
    if key == scene.focus.value:
        return "back"
    if key == "p" and scene.motion is Motion.PAUSED:
        return "go on"
    return "stop at once" if key == "q" and scene.motion is Motion.DRAINING else word


def _footer(scene: Scene) -> Text:
    footer = Text(duration(scene.snapshot.seconds))
    if scene.motion is Motion.PAUSED:
        footer.append(f" · PAUSED, {_at_work(scene)}", style="bold yellow")
    elif scene.motion is Motion.DRAINING:
        footer.append(f" · STOPPING, {_at_work(scene)}", style="bold yellow")
    else:
        footer.append("".join(f" · {words}" for words in _forecast(scene)))
    return footer


def _at_work(scene: Scene) -> str:
    active = sum(stage.active for stage in scene.snapshot.stages)
    return f"{active} still at work" if active else "nothing at work"


def _forecast(scene: Scene) -> list[str]:
    """How long it takes, which stage that is of, and what is left for another day or hour."""
    snapshot = scene.snapshot
    words = [f"about {duration(snapshot.eta)} left"] if snapshot.eta else []
    if snapshot.bottleneck:
        words.append(f"slowest: {STAGE_NAMES[snapshot.bottleneck]}")
    if later := sum(stage.later for stage in snapshot.stages):
        words.append(f"{later} wait for later")
    return words


def _short_budgets(scene: Scene) -> list[Text]:
    """What a day's budget will not be enough for: a forecast of the run's end that left it out would be a lie."""
    ahead = f"{scene.references_ahead:,} references"
    return [
        Text(f"{name}: today's budget will do for about {enough:,.0f} of {ahead}", style="magenta")
        for name, enough in scene.short_budgets.items()
    ]

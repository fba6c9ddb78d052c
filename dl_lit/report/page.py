"""Writes the facts of a library as one HTML file that needs no network and runs no script but its own."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from dl_lit import __version__
from dl_lit.report.facts import Facts
from dl_lit.report.scripts import SCRIPTS, allowed, source
from dl_lit.report.words import LOOKS
from dl_lit.store.columns import to_json
from dl_lit.ui import run_rows
from dl_lit.ui.wording import duration, many

# Our own, in this order; each is a function of its own, and only `tools.js` is known to the others.
_OWN = ("tools.js", "plots.js", "works.js", "pdfs.js", "graph.js", "network.js", "start.js")


def page(facts: Facts, now: float) -> str:
    """The whole report."""
    scripts = [*map(source, SCRIPTS), *map(_own, _OWN)]
    return (
        _environment()
        .get_template("report.html")
        .render(
            facts=facts,
            version=__version__,
            made=_moment(now),
            policy=_policy(scripts),
            style=Markup(_own("report.css")),
            scripts=list(map(Markup, scripts)),
            licences=SCRIPTS,
            looks={state.value: look for state, look in LOOKS.items()},
            runs=run_rows.rows(facts.runs),
            data=_data(facts),
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("dl_lit.report"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"duration": duration, "moment": _moment, "many": many}
    return environment


def _moment(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))


def _own(name: str) -> str:
    return (files(__package__) / "static" / name).read_text(encoding="utf-8")


def _policy(scripts: list[str]) -> str:
    """Nothing may be fetched, sent, framed or run; pictures are those that the page makes itself."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(allowed, scripts))}",
            "style-src 'unsafe-inline'",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _data(facts: Facts) -> Markup:
    """As JSON in which no character can end the script element (https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements)."""
    told: Mapping[str, Any] = {
        "works": facts.entries,
        "pdfs": facts.pdfs,
        "figures": [asdict(one) for one in (*facts.figures, *(facts.timeline.figures if facts.timeline else ()))],
        "looks": {state.value: asdict(look) for state, look in LOOKS.items()},
    }
    return htmlsafe_json_dumps(told, dumps=lambda value, **_: to_json(value))

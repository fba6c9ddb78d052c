"""The JavaScript libraries in a report: what they are, and that they are the files their makers published."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256, sha384
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Script:
    """A file in `vendor/`, beside it its licence; `integrity` is the SHA-384 of what npm has as `package/path`."""

    name: str
    package: str
    version: str
    path: str
    licence: str
    integrity: str


SCRIPTS = (
    Script(
        "d3.min.js",
        "d3",
        "7.9.2",
        "dist/d3.min.js",
        "ISC",
        "sha384-LxfWGZyh6PaLjBRPf7NWiEYs9Mn0UQ6ZmqbLLZhxlOBBNWF2a2K0Pfc5efkrNnhQ",
    ),
    Script(
        "plot.umd.min.js",
        "@observablehq/plot",
        "0.6.17",
        "dist/plot.umd.min.js",
        "ISC",
        "sha384-JUpn2GgRr0gxU0xOBd8D8P634jhRCwobtG8G2MMEkX1RnGJ7/FJNnuukpfT+H2w1",
    ),
    Script(
        "dataTables.min.js",
        "datatables.net",
        "3.1.5",
        "js/dataTables.min.js",
        "MIT",
        "sha384-RhzIACKRVYIyijzmm7bA1mSofISYiTQ/KsnClfUSGSHu6ZeRsTQVWL4LqPHTrJcT",
    ),
    Script(
        "cytoscape.min.js",
        "cytoscape",
        "3.35.0",
        "dist/cytoscape.min.js",
        "MIT",
        "sha384-kp3V5E6ICGTVK17un/PMnK9szzrW0dQW+dEyUb3B7dKhimb1EVzqm1wZ/Ulo7BJf",
    ),
)


def source(script: Script) -> str:
    return (files(__package__) / "vendor" / script.name).read_text(encoding="utf-8")


def integrity(text: str) -> str:
    return "sha384-" + b64encode(sha384(text.encode()).digest()).decode()


def allowed(text: str) -> str:
    """How a policy names the one script that may run (https://www.w3.org/TR/CSP3/#grammardef-hash-source)."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

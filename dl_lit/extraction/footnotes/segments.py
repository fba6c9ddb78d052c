"""A note cut into the works that it cites: prose left out, one stretch of the print for each citation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dl_lit.extraction.footnotes.beginnings import beginnings
from dl_lit.extraction.footnotes.judging import URL, Kind, is_dated_anyhow, kind
from dl_lit.extraction.footnotes.pieces import pieces

__all__ = ["Kind", "Segment", "segments"]

_LONGEST = 8_000  # characters of a note; what is longer is a page that was taken for one


@dataclass(frozen=True, slots=True)
class Segment:
    """A citation as printed, without what leads to it and what comments on it."""

    text: str
    kind: Kind


def segments(note: str) -> list[Segment]:
    """The citations of a note (without its mark), in their order."""
    found = (_citation(piece.strip(" ,;:–—-")) for piece in pieces(note[:_LONGEST].strip()))
    return [citation for citation in found if citation is not None]


def _citation(piece: str) -> Segment | None:
    for start in beginnings(piece):
        text = _trimmed(piece[start:])
        found = kind(text, is_whole=start == 0)
        if found is not None:
            return Segment(text, found)
    return None


_COMMENT = re.compile(
    r"(?:(?<=\d)|(?<=\df)|(?<=ff)|(?<=ff\.)|(?<=f\.)|(?<=[)\]]))"
    r"(?:, (?:der|die|das|dem|deren|dessen|zu[mr]?|für|wo\w*|welche\w*|who|which|where|that|when|arguing|noting|"
    r"although|obwohl|wonach|mit weiteren|with further|dort)|"
    r",? (?:per|berichtet|hebt|weist|zeigt|spricht|nennt|sieht|argues|notes|says|claims|gives|provides|took|in which|"
    r"in dem|in der|der allerdings|for a|for the|zum|zur|discussing|on the)) .{8,}$"
)
# One word or two on what the work says: "Bell (n. 4), 12, disagrees."
_VERDICT = re.compile(
    r"(?<=[\d.f)\]]),? [(\[]?(?:(?:dis)?agrees|(?:dis)?agreeing|dissents?|dissenting|differs|contra|a\. ?[AM]\.|"
    r"anderer (?:Ansicht|Meinung)|ablehnend|zustimmend|kritisch|krit\.|mit Nachweisen)[)\]]?\.?$"
)
_ADDRESS = re.compile(r"\S+?(?=[.,;)>]*(?:\s|$))(?:[.,]?\)? ?\((?:[^()]{4,60})\))?\.?")
_LONG_COMMENT = 40  # characters


def _trimmed(text: str) -> str:
    """Without a comment that goes on behind the citation, and without signs that part it from the next."""
    comment = _COMMENT.search(text)
    if comment and (is_dated_anyhow(text[: comment.start()]) or len(text) - comment.start() > _LONG_COMMENT):
        text = text[: comment.start()]
    text = _VERDICT.sub("", text.strip(" ,;:–—"))
    address = _ADDRESS.match(text) if URL.match(text) else None
    text = address[0] if address else text
    if text.endswith((")", ").")) and text.count(")") > text.count("("):
        text = text.rstrip(").")
    return text

"""LaTeX source made ready for pandoc: bibliographies as paragraphs, and the list that BibTeX wrote put in its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

# Commands that styles of BibTeX print with; pandoc would take what follows for their argument, or drop it.
_MACROS = r"""
\newcommand{\newblock}{ }
\newcommand{\bibinfo}[2]{#2}
\newcommand{\bibfield}[2]{#2}
\newcommand{\bibnamefont}[1]{#1}
\newcommand{\bibfnamefont}[1]{#1}
\newcommand{\citenamefont}[1]{#1}
\newcommand{\natexlab}[1]{#1}
\newcommand{\bibAnnoteFile}[1]{}
\newcommand{\BibitemOpen}{}
\newcommand{\BibitemShut}[1]{}
\newcommand{\urlprefix}{}
\newcommand{\doi}[1]{https://doi.org/#1}
\newcommand{\path}[1]{#1}
\newcommand{\enquote}[1]{``#1''}
\newcommand{\bysame}{-----}
"""
# An address may hold "%20"; comments that begin so are left to pandoc.
_COMMENT = re.compile(r"(?<!\\)%(?![\dA-Fa-f]{2}).*")
_LIST = re.compile(
    r"\\begin\{thebibliography\}(?:\{[^{}]*\})?(.*?)(?:\\end\{thebibliography\}|\\end\{document\}|\Z)", re.S
)
_ITEM = re.compile(r"\\bibitem\s*(?:\[((?:[^\[\]{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\])?\s*\{[^{}]*\}")
_CALL = re.compile(r"\\(?:bibliography\s*\{([^{}]*)\}|printbibliography(?:\[[^\]]*\])?)")
_PART = re.compile(r"\\(?:input|include|subfile)\s*\{([^{}]{1,200})\}")
MOST_PARTS, _DEEPEST = 100, 4  # files of one document
_NUMBER = re.compile(r"\d{1,4}")
_HEADING = "\n\n\\section*{References}\n\n"


def prepared(source: str, bbl: str | None) -> str:
    """The source with its reference lists as numbered paragraphs; `bbl` is what BibTeX wrote, if it is there."""
    source = _COMMENT.sub("", source)
    lists = _LIST.findall(_COMMENT.sub("", bbl)) if bbl else []
    if lists and not _LIST.search(source):
        source = _CALL.sub(lambda _: "".join(map(_paragraphs, lists)), source, count=1)
    return _MACROS + _LIST.sub(lambda match: _paragraphs(match[1]), source)


def with_parts(source: str, path: Path, read: Callable[[Path], str | None], depth: int = 0) -> str:
    """The source with the files that it includes in their places, as far as they lie in its own folder or below.

    `read` gives a file's text, or None where that cannot be had. Other files are no business of a document's.
    """
    folder = path.resolve().parent

    def part(match: re.Match[str]) -> str:
        name = match[1].strip()
        inside = (folder / (name if Path(name).suffix else f"{name}.tex")).resolve()
        text = read(inside) if inside.is_relative_to(folder) and depth < _DEEPEST else None
        return match[0] if text is None else with_parts(text, path, read, depth + 1)

    return _PART.sub(part, _COMMENT.sub("", source))


def missing_list(source: str) -> str | None:
    """Why there is no list in the source: it is made by BibTeX, and not there yet."""
    call = _CALL.search(_COMMENT.sub("", source))
    if call is None or _LIST.search(source):
        return None
    return "its list is made by BibTeX: put the .bbl file that LaTeX wrote beside it, under the same name"


def bbl_beside(path: Path, max_bytes: int) -> bytes | None:
    """The file of the same stem that BibTeX wrote."""
    return content_of(path.with_suffix(".bbl"), max_bytes)


def content_of(path: Path, max_bytes: int) -> bytes | None:
    """What is in a regular file of at most `max_bytes`; None for any other."""
    try:
        return path.read_bytes() if path.is_file() and path.stat().st_size <= max_bytes else None
    except (OSError, ValueError):  # a name with a zero byte
        return None


def _paragraphs(body: str) -> str:
    """The entries, each a paragraph behind its number (or the label that its author gave it, if that is one)."""
    parts = _ITEM.split(body)
    entries = []
    for number, (label, text) in enumerate(zip(parts[1::2], parts[2::2], strict=True), 1):
        own = label or ""
        mark = own if _NUMBER.fullmatch(own) else str(number)
        # Blank lines inside an entry would part it.
        entries.append(f"[{mark}] " + re.sub(r"\s*\n\s*\n\s*", " ", text.strip()))
    return _HEADING + "\n\n".join(entries) + "\n\n"

"""The PDF's own title, authors, year and DOI, from the look of its first pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dl_lit.extraction.pages import Line, Metadata, Page
from dl_lit.extraction.parsing.authors import split_names
from dl_lit.identity import doi as dois
from dl_lit.model import Person

_FRONT_PAGES = 3  # a cover sheet, a blank page, then the article
_NO_TITLE = re.compile(
    r"(?i)^[\W\d]*(?:original|research|review|short|case|full|invited|special)?\s*"
    r"(?:articles?|papers?|reviews?|reports?|communications?|letters?"
    r"|editorial|abstract|zusammenfassung|summary|contents|inhalt\w*|table of contents|keywords?|open access"
    r"|introduction|einleitung|introducci[óo]n|introdução"
    r"|schlagw[öo]rte?r?|schlüsselw[öo]rte?r?|resumen|resumo|résumé|palabras clave|palavras-chave|artículos?|artigos?"
    r"|correspondence|commentary|brief report|original contribution|aufs[äa]tze?|beiträge|(?:working"
    r"|discussion) papers?)\W*$"
)
_SERIAL = re.compile(
    r"(?i)^\W*(?:the\s)?(?:(?:international|european|british|american|open|historical)\s)*"
    r"(?:journal|zeitschrift|annals|proceedings|bulletin|archives?"
    r"|frontiers in|revista|review of|acta|plos|bmc|transactions)\b|\bissn\b|\bvol(?:ume)?\.?\s*\d|\bjahrgang\b"
    r"|https?://|www\.|@|\bdoi\b"
    r"|^(?:nr|no|heft|band|bd)\.?\s*\d|\bjournal\W*$"
)
_AUTHORS_END = re.compile(
    r"(?i)^\W*(?:abstracts?|zusammenfassung|summary|keywords?|key words|introduction|einleitung|received|accepted"
    r"|correspond|inhalt|contents|e-?mail"
    r"|doi\b|submitted|published|\d\.?\s)|@|https?:|www\."
)
_AFFILIATION = re.compile(
    r"(?i)\b(?:universit\w*|institut\w*|department|dept|school|faculty|fakultät|college|centre|center|hospital"
    r"|laborator\w*|academy|akademie"
    r"|gmbh|inc|ltd|division|ministry|foundation|stiftung|zentrum|street|straße|campus)\b|\w+@\w+"
)
_MARKS = re.compile(
    r"\s*(?:[*†‡§¶∗#⁎✉]|[\u00b9\u00b2\u00b3\u2070-\u2079]|(?<![A-Za-z])[a-h](?=[,\s]|$)|\d+)(?:\s?,\s?(?:[*†‡§¶∗]"
    r"|\d+|[a-h]\b))*"
)
_DATED = re.compile(
    r"(?i)(?:published(?: online)?|publication date|available online|accepted|©|\(c\)|copyright|erschienen"
    r"|veröffentlicht)[^\n]{0,60}?\b((?:19|20)\d\d)\b"
)
_YEAR = re.compile(r"(?<![\d./-])((?:19|20)\d\d)(?![\d./])")
_NOTE_MARK = re.compile(r"(?:\s*[*†‡]+|(?<=[^\W\d_]{5})\d)$")  # of a note on the article, at the end of its title
_BYLINE = re.compile(r"(?i)^(?:von|by|par|por)\s")
# What programs write where they know no title: the file's name or their own.
_NONSENSE = re.compile(
    r"(?i)microsoft|powerpoint|\buntitled\b|\\|^[^ ]*$|\.(?:docx?|pdf|indd|qxd|dvi|tex|p65|rtf|odt|jpe?g|ps|eps|ai)\b"
)
_BETWEEN_LETTERS = re.compile(r"[\W_]+")
_SHORTEST_TOLD = 12  # letters
_MARGIN = 0.08  # of the height, at top and bottom, where running heads stand
_UPPERMOST = 0.07  # of the height: above where titles begin
_REFERENCES = re.compile(
    r"(?i)^\W*\d*\W*(?:references|bibliography|literatur(?:verzeichnis)?|works cited|bibliographie)\W*$"
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a PDF says about itself; None and () where it does not say."""

    title: str | None = None
    authors: tuple[Person, ...] = ()
    year: int | None = None
    doi: str | None = None


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines of one size that stand together."""

    lines: tuple[Line, ...]

    @property
    def size(self) -> float:
        return self.lines[0].size

    @property
    def text(self) -> str:
        joined = ""
        for line in self.lines:
            text = line.text.strip()
            joined = joined[:-1] + text if joined.endswith("-") and text[:1].islower() else f"{joined} {text}".strip()
        return re.sub(r"\s+", " ", joined)


def describe(pages: Sequence[Page], metadata: Metadata = Metadata()) -> FrontMatter:  # noqa: B008 - frozen
    """What the first pages show, and where they leave a doubt the file's metadata. Never raises."""
    front = [page for page in pages[:_FRONT_PAGES] if sum(len(line.text) for line in page.lines) > 40]
    if not front:
        return FrontMatter()
    blocks = _blocks(front[0])
    block = _title(front, blocks)
    authors = _authors(block, front[0]) if block else ()
    title = _weighed(_NOTE_MARK.sub("", block.text) if block else None, metadata, front[0])
    return FrontMatter(title, authors, _year(front[0]), _doi(front) or metadata.doi)


# ── title ────────────────────────────────────────────────────────────────────────────────────────────────


def _blocks(page: Page) -> list[_Block]:
    """The blocks of a page from top to bottom."""
    lines = sorted((line for line in page.lines if line.text.strip()), key=lambda line: (round(line.y0), line.x0))
    found: list[list[Line]] = []
    for line in lines:
        home = next((block for block in reversed(found[-4:]) if _goes_on(block[-1], line)), None)
        if home is None:
            found.append([line])
        else:
            home.append(line)
    return [_Block(tuple(block)) for block in found]


def _goes_on(last: Line, line: Line) -> bool:
    near = line.y0 - last.y0 < 1.9 * max(last.size, 1)
    return near and abs(line.size - last.size) < 0.6 and line.bold == last.bold


def _title(front: Sequence[Page], blocks: Sequence[_Block]) -> _Block | None:
    """The largest print in the upper two thirds that is neither a heading nor the name of the journal."""
    page = front[0]
    # In the same size on every page stands a masthead; a title that comes again as running head is set smaller there.
    repeated = {
        (line.text.strip(), round(line.size)) for other in front[1:] for line in other.lines if _in_margin(line, other)
    }
    able = [
        block
        for block in blocks
        if block.lines[0].y0 < 0.7 * page.height
        and len(block.lines) <= 8
        and sum(map(str.isalpha, block.text)) >= 8
        and not _NO_TITLE.match(block.text)
        and not all((line.text.strip(), round(line.size)) in repeated for line in block.lines)
    ]
    named = [block for block in able if not _SERIAL.search(block.text)]
    if not named:
        return None
    body = _body_size(front)
    largest = _below_masthead(max(named, key=_prominence), named, body, page.height)
    if largest.size < body + 0.5 and not largest.lines[0].bold:
        return None
    return largest


def _prominence(block: _Block) -> tuple[float, bool]:
    return round(block.size, 1), block.lines[0].bold


def _below_masthead(largest: _Block, named: Sequence[_Block], body: float, height: float) -> _Block:
    """A large line at the top is a masthead, if below it something of many words is larger than the text."""
    start = largest.lines[0].y0
    if len(largest.text.split()) <= 3 and start < 0.2 * height:
        least = body + 1.5
    elif start < _UPPERMOST * height:
        start = largest.lines[-1].y0 + 2 * largest.size  # a subtitle stands closer
        least = max(body + 0.5, 0.85 * largest.size)
    else:
        return largest
    below = [b for b in named if b.lines[0].y0 > start and b.size > least and len(b.text.split()) > 4]
    return max((b for b in below if not _BYLINE.match(b.text)), key=_prominence, default=largest)


def _in_margin(line: Line, page: Page) -> bool:
    return line.y0 < _MARGIN * page.height or line.y1 > (1 - _MARGIN) * page.height


def _weighed(printed: str | None, metadata: Metadata, page: Page) -> str | None:
    """The printed title, unless the metadata have one that is printed too, and is more of it or instead of a name."""
    told, seen = _letters(metadata.title), _letters(printed)
    if len(told) < _SHORTEST_TOLD or _NONSENSE.search(metadata.title) or told not in _letters(page.text):
        return printed
    if not seen or (seen in told and seen != told) or seen == _letters(metadata.author):
        return metadata.title
    return printed


def _letters(text: str | None) -> str:
    return _BETWEEN_LETTERS.sub("", (text or "").casefold())


def _body_size(pages: Sequence[Page]) -> float:
    letters: Counter[int] = Counter()  # by half points
    for page in pages:
        for line in page.lines:
            letters[round(line.size * 2)] += len(line.text)
    return letters.most_common(1)[0][0] / 2


# ── authors ──────────────────────────────────────────────────────────────────────────────────────────────


def _authors(title: _Block, page: Page) -> tuple[Person, ...]:
    """The names right below the title, or, where there are none, right above it."""
    last, first = title.lines[-1], title.lines[0]
    lines = _rows(page.lines)
    below = [line for line in lines if line.y0 > last.y0 + 2 and line.y0 < last.y0 + 0.3 * page.height]
    above = [line for line in lines if first.y0 - 80 < line.y0 < first.y0 - 2]
    return _names(below, last) or _names(above[-2:], None)


def _rows(lines: Sequence[Line]) -> list[Line]:
    """The lines row by row from left to right; raised marks shift pieces of one row by a few points."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.y0):
        if rows and line.y0 - rows[-1][0].y0 < 0.5 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.x0)]


def _names(lines: Sequence[Line], title_end: Line | None) -> tuple[Person, ...]:
    text, size, marked = "", None, False
    for line in lines:
        if title_end is not None and line.x1 < title_end.x0 - 40:
            continue  # a margin beside the article
        printed = _MARKS.sub(", ", line.text.strip()).strip(" ,")
        if not printed and text:
            continue
        if _AUTHORS_END.search(line.text.strip()) or (text and _AFFILIATION.search(printed)):
            break
        if not _like_names(printed) or (size is not None and abs(line.size - size) > 1.2):
            if text:
                break
            continue
        marked = marked or bool(_MARKS.match(line.text.strip()))
        text = f"{text}{', ' if marked else ' '}{printed}" if text else printed
        size, marked = line.size, bool(_MARKS.search(line.text.strip()[-2:]))
    people = split_names(
        re.sub(r"^\W*(?:by|von)\s", "", re.sub(r"(?:,\s*)+(?:and|und|&)\s", " and ", re.sub(r"(?:\s*,)+", ",", text)))
    )
    return people if people and all(_is_person(person) for person in people) else ()


def _like_names(text: str) -> bool:
    words = [w for w in re.findall(r"[^\W\d_][\w.'’-]*", text) if w.lower() not in _SMALL]
    if not words or len(text) > 160 or _AFFILIATION.search(text):
        return False
    capitals = sum(word[0].isupper() for word in words)
    return capitals == len(words) and (len(words) >= 2 or len(text) > 2) and not re.search(r"[:;?!()]", text)


_NO_NAME = re.compile(
    r"(?i)\b(?:access|article|research|open|text|review|original|journal|paper|issue|volume|editor\w*|full)\b"
)
_SMALL = frozenset(
    ("and", "und", "et", "de", "der", "van", "von", "den", "du", "la", "da", "dos", "di", "del", "y", "e", "zu", "by")
)


def _is_person(person: Person) -> bool:
    name = f"{person.given or ''} {person.family or ''}"
    return bool(
        person.family and person.given and len(person.family) > 1 and len(name.split()) <= 6
    ) and not _NO_NAME.search(name)


# ── year and DOI ─────────────────────────────────────────────────────────────────────────────────────────


def _year(page: Page) -> int | None:
    """The year of publication: where it is said to be that, else one in head or foot, else the last on a bare cover."""
    edges = [line.text for line in page.lines if line.y0 < 0.13 * page.height or line.y0 > 0.87 * page.height]
    for text in [*edges, page.text]:
        match = _DATED.search(text)
        if match and not re.match(r"(?i)accepted", match.group()):
            return int(match.group(1))
    found = [year for text in edges for year in _YEAR.findall(text)]
    if not found and len(page.lines) < 25:
        found = _YEAR.findall(page.text)[-1:]
    if not found:
        found = [match.group(1) for match in _DATED.finditer(page.text)]
    return int(found[0]) if found else None


def _doi(front: Sequence[Page]) -> str | None:
    """The DOI that head, foot or margin shows; one inside a paragraph or a reference is another work's."""
    votes: Counter[str] = Counter()
    for number, page in enumerate(front):
        for line in page.lines:
            if _REFERENCES.match(line.text):
                break
            for doi in dois.find(line.text) if "10." in line.text else ():
                votes[doi] += _weight(line, page) + (2 if number == 0 else 0)
    for half in [doi for doi in votes if any(other != doi and other.startswith(doi) for other in votes)]:
        del votes[half]  # cut at a line end
    best = votes.most_common(1)
    return best[0][0] if best and best[0][1] >= 4 else None


def _weight(line: Line, page: Page) -> int:
    """How surely a DOI on this line is the article's own."""
    alone = re.fullmatch(r"(?i)\W*(?:doi\W*|https?://\S*?)*10\.\d{4,}/\S+.{0,40}", line.text.strip()) is not None
    edge = line.y0 < 0.25 * page.height or line.y0 > 0.85 * page.height
    named = re.search(r"(?i)\bdoi\b[^\w]{0,3}(?:https?\S*?)?10\.|doi\.org/10\.", line.text) is not None
    return 1 + 2 * alone + 2 * edge + named

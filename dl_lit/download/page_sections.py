"""The parts of a page that show other works: links there look like those of its own work."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from dl_lit.identity.folding import fold

_WORKS = r"(?:articles?|papers?|works?|publications?|documents?|items?|content|research|studies|reading|posts?|titles?)"
# The whole heading, in folded letters.
_OTHERS = re.compile(
    rf"\W*(?:(?:related|similar|recommended|suggested|other|further|more|latest|recent|new) {_WORKS}(?: .{{0,40}})?"
    r"|(?:you|your readers|people|readers|users|others) (?:(?:may|might|could) )?also .{2,30}"
    r"|recommended(?: for you)?|recommendations|related|trending|more (?:from|by|like) .{2,60}"
    rf"|cited by.{{0,12}}|citing {_WORKS}|most (?:read|cited|viewed|downloaded|popular).{{0,40}}"
    r"|(?:ahnliche|verwandte|weitere|empfohlene|neueste) (?:artikel|beitrage|arbeiten|dokumente|publikationen|titel)"
    r"(?: .{0,40})?|das konnte sie auch .{2,30}|meistgelesen\w*.{0,30}"
    r"|(?:articles?|documents?|publications?) (?:similaires?|lies|connexes?|recommandes?|associes?)"
    r"|(?:du|des) memes? .{2,30}"
    r"|(?:articulos|artigos|documentos|trabajos|articoli) (?:relacionad\w+|similares|correlati|simili|recomendad\w+)"
    r"|mas leidos.{0,30}|похожие .{2,30}|相关(?:文章|论文|推荐)|関連(?:論文|文献|記事))\W*"
)


def links_of(soup: BeautifulSoup) -> Iterator[Tag]:
    """All but those that stand under a heading which announces other works, until the next one of its rank."""
    others: str | None = None
    for tag in soup.find_all(["a", "h1", "h2", "h3", "h4", "h5", "h6"]):
        if tag.name == "a":
            if others is None:
                yield tag
        elif _OTHERS.fullmatch(fold(tag.get_text(" ", strip=True))):
            others = min(others or tag.name, tag.name)
        elif others is not None and tag.name <= others:
            others = None

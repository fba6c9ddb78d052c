"""Titles of pages that say that there is nothing, under the status of a good one."""

from __future__ import annotations

import re

from dl_lit.identity.folding import fold

_THING = r"(?:the |this )?(?:page|file|bitstream|document|item|record|article|resource|object)?"
_APART = re.compile(r"\s*(?:::|[|»]|\s[–—-]\s)\s*")  # between a page's title and its site's name
_NO_MORE_SAID = r"\s*(?:$|[|:.,!()–—-])"
_PAST = r"(?:was |is |has been |could )?(?:not (?:be )?found|withdrawn|removed|gone)|does not exist"
_TITLE = re.compile(  # in folded letters
    r"\W*(?:(?:http )?(?:error|status|fehler|erreur)\W{0,3})?(?:404|410)"
    r"(?:\s*(?:error|page|file|not)\b|" + _NO_MORE_SAID + r")"
    r"|\W*(?:(?:error\W+)?" + _THING + r" (?:" + _PAST + r")|not found|(?:item )?withdrawn(?: item)?|tombstone"
    r"|(?:seite|datei|dokument) (?:wurde )?nicht gefunden"
    r"|(?:page|fichier|document) (?:introuvable|non trouvee?)"
    r"|(?:pagina|archivo|arquivo) (?:no encontrad[ao]|nao encontrad[ao]|non trovat[ao]|niet gevonden)"
    r"|страница не наидена|strony nie znaleziono|nie znaleziono strony|stranka nenalezena|siden (?:blev )?ikke fundet"
    r"|sidan hittades inte|sivua ei loydy|页面不存在|找不到(?:网页|页面)|ページが見つかりません)" + _NO_MORE_SAID
)


def tells_of_nothing(heading: str) -> bool:
    """Whether a page's title, or a part of it beside the site's name, is that of a page in place of a missing one."""
    return any(_TITLE.match(part) for part in _APART.split(fold(heading)))

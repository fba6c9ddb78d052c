"""Files that stand in for a text: an embargo, a withdrawal, an index's or a publisher's page about it, a form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dl_lit.download.expectation import Expectation
from dl_lit.download.fault import Fault
from dl_lit.download.first_pages import FirstPage
from dl_lit.download.other_texts import how_many
from dl_lit.download.title_rows import Shown
from dl_lit.identity.folding import fold, letters
from dl_lit.model import DownloadReason

_MOST_PAGES = 3
_MOST_LETTERS, _MOST_LETTERS_OF_A_PAGE = 2000, 4000  # of a notice, of a page with an abstract; articles have more
_FEWEST_WORDS_OF_A_PAGE = 2
_ABSENT = re.compile(
    r"\b(?:under (?:an? )?embargo|embargo(?:ed)? (?:until|till|period|date|ends|expires|lift)|full[- ]?text coming soon"
    r"|coming soon|come back later|request (?:a|the) (?:copy|full[- ]?text)|copyright restrictions?|due to copyright"
    r"|for copyright reasons|(?:cannot|can not|can't|may not) be made (?:publicly |openly )?available"
    r"|will be (?:made )?available (?:here |online |from |after |in )"
    r"|(?:is|are) (?:currently |presently )?not (?:yet )?"
    r"(?:publicly |openly |freely |digitally )?(?:available|accessible)"
    r"|no (?:full[- ]?text|pdf) (?:is )?available"
    r"|restricted access|access (?:to this (?:file|item|document|thesis) )?is restricted"
    r"|contact the (?:author|library|repository)"
    r"|sperrfrist|gesperrt bis|aus (?:urheber)?rechtlichen grunden|nicht (?:frei |offentlich )?(?:verfugbar|zuganglich)"
    r"|volltext (?:folgt|nicht|auf anfrage)|sous embargo|texte integral (?:non|indisponible)"
    r"|pour des raisons de droits?"
    r"|non disponible|bajo embargo|embargado hasta|no (?:esta )?disponible|proximamente|sotto embargo"
    r"|non (?:e )?disponibile"
    r"|niet (?:openbaar|beschikbaar)|onder embargo|ej tillganglig)\b"
)
_WITHDRAWN = re.compile(
    r"\b(?:has been|have been|was|is being|is) (?:temporarily |voluntarily )?(?:withdrawn|retracted|removed) "
    r"(?:at the request|by the|from|because|due|as|and|in)"
    r"|wurde (?:auf wunsch|vom|von) .{0,40}zuruckgezogen|a ete retire"
    r"|ha sido retirado|apologi[sz]es? for any inconvenience"
)
# What pages of indexes, repositories and publishers print around an abstract.
_AROUND_AN_ABSTRACT = (
    *(r"show full item", r"files in this item", r"this item appears in", r"item record", r"dspace", r"eprints? id\b"),
    *(r"download statistics", r"export (?:citation|record)", r"cite this (?:article|record|item)", r"send to\b"),
    *(r"similar articles", r"cited by\W+\d", r"linkout", r"full[- ]text (?:sources|links)", r"mesh terms", r"\bpmid\b"),
    *(r"affiliations expand", r"publication types", r"related information", r"user guide", r"advanced search"),
    *(
        r"get access",
        r"access options",
        r"you do not have access",
        r"recommend to (?:your )?librar",
        r"article contents",
    ),
    *(r"article metrics|\bmetrics\b", r"view (?:full )?(?:article|pdf|text|record)", r"download (?:pdf|citation)"),
    *(r"references \(\d+\)", r"check access", r"request permissions", r"rights and permissions", r"sign up for alerts"),
    *(r"recommended articles", r"article level metrics", r"permalink", r"handle\.net", r"appears in collections"),
    *(
        r"in merkliste",
        r"nachweis",
        r"zur langanzeige",
        r"ver registro completo",
        r"voir la notice",
        r"afficher la notice",
    ),
)
_SIGNED = re.compile(r"\b(?:signature|signed|unterschrift|date|datum|place|ort|firma)\b[^\n]{0,20}[_.…]{6,}")
_MARKED_WITHDRAWN = re.compile(r"\W*(?:withdrawn|retracted|removed|temporary removal)\b")


def as_notice(count: int, pages: Sequence[FirstPage], hit: Shown | None, expectation: Expectation) -> Fault | None:
    """What a file of at most three pages says that is no text; the title may be that of a page about the work."""
    if count > _MOST_PAGES:
        return None
    text = fold("\n".join(page.whole_text for page in pages))
    if len(letters(text)) < _MOST_LETTERS and (said := _ABSENT.search(text)):
        return Fault(DownloadReason.PREVIEW, f"it says that the text is not there: “{said[0]}”")
    if (said := _WITHDRAWN.search(text)) and _is_a_withdrawal(count, len(letters(text)), hit, expectation):
        return Fault(DownloadReason.WRONG_WORK, f"a notice that it was withdrawn: “{said[0]}”")
    if _SIGNED.search(text):
        return Fault(DownloadReason.WRONG_WORK, "a form to be signed")
    around = how_many(_AROUND_AN_ABSTRACT, text)
    if around >= _FEWEST_WORDS_OF_A_PAGE and len(letters(text)) < _MOST_LETTERS_OF_A_PAGE:
        return Fault(DownloadReason.WRONG_WORK, "a page of an index, a repository or a publisher about it, printed")
    return None


def _is_a_withdrawal(count: int, length: int, hit: Shown | None, expectation: Expectation) -> bool:
    """Short; or marked as withdrawn above it, and how long the work was is not known."""
    marked = hit is not None and _MARKED_WITHDRAWN.match(fold(hit.page.rows[hit.first].text)) is not None
    return length < _MOST_LETTERS or (marked and count < _MOST_PAGES and not expectation.page_count)

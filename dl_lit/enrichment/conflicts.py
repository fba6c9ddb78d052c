"""What a candidate must not be: a correction, review, supplement or part of the work that is printed."""

from __future__ import annotations

import re

from dl_lit.enrichment import inside, reviews
from dl_lit.enrichment.printed import Printed, Span
from dl_lit.enrichment.vocabulary import ARTICLES, BOOKS, CHAPTERS, NEVER_CITED
from dl_lit.identity import editions, titles
from dl_lit.identity.folding import is_latin
from dl_lit.model import Reference, Work

_ABOUT_ANOTHER = re.compile(
    r"(?i)^\W*(?:(?:author|publisher|editor|editorial)(?:['’]?s['’]?)?\s+)?(?:note\s*:|correction|corrigend(?:um|a)|errat(?:um|a)|retraction"
    r"|expression of concern|addendum|berichtigung|comments? on|(?:reply|rejoinder|response)(?: to\b|\s*:)"
    r"|(?:comments?|discussion)\s*:|review(?: of| for)\b|book review|buchbesprechung|rezension"
    r"|faculty opinions recommendation|faculty of 1000 evaluation|supporting information"
    r"|supplement(?: to|(?:ary|al) (?:information|materials?|data|file))|appendix to"
    r"|(?:summary|abstract|translation) of\b"
    r"|data(?:set)? (?:from|for)|dataset\s*:|(?:replication )?(?:data|code|materials) for|software for"
    r"|figure \d|table s?\d|decision letter|author response)"
)
# The same behind the title of the work that it is about: ": erratum", "(Corrigendum)", ": a reply to Jones".
# Behind a full stop a journal may begin ("Comments on Inorganic Chemistry"), but hardly with these few.
_CORRECTIONS = r"corrigend(?:um|a)|errat(?:um|a)|addend(?:um|a)|berichtigung"
_ANSWERS = r"(?:authors?['’]?s?['’]?\s+)?(?:comments?|reply|response|rejoinder|discussion)"
_MORE = r"correction|retraction|remarks?|supplement(?:ary \w+)?|supporting information"
_BEHIND = re.compile(
    rf"(?i)^\W*(?:[.;]\s*(?:an?\s+)?(?:{_CORRECTIONS}|{_ANSWERS}(?=\s*[.,;]))"
    rf"|[:,–—(\[]\s*(?:an?\s+|further\s+|author\s+)?(?:{_CORRECTIONS}|{_ANSWERS}|{_MORE}))\b"
)
_ENDS_SO = re.compile(rf"(?i)(?:[:,–—(\[]|\s-\s|\.\s)\s*(?:an?\s+|author\s+)?(?:{_CORRECTIONS}|{_ANSWERS}|{_MORE})\W*$")
_BEFORE = re.compile(
    r"(?i)\b(?:errat(?:um|a)|corrigend(?:um|a)|addend(?:um|a)|bespr(?:echung)?\.?(?:\s+von)?|corrections?"
    r"|retraction(?: note| notice)?|expression of concern|reply|response|rejoinder|comments?|supplement|note"
    r"|data|code|materials|information|supplementary material)(?:\s+(?:to|for|from|on))?\s*[:.]\s*$"
)
# "Remarks on X", "Kritik an X", "评《X》", 'Zu Müllers "X"': the title is that of what is talked about.
_TALKS_OF = re.compile(
    r"(?i)(?:\b(?:(?:рецензия|рец\.|отзыв) на(?: книгу| монографию)?|kritik (?:an|von|der|des)"
    r"|(?:remarks?|comments?|notes?|commentary|observations|reflections) (?:on|about|to)"
    r"|(?:an|be)merkungen (?:zu|zum|zur|über)|(?:besprechung|rezension|kommentar) (?:von|zu|zum|zur)"
    r"|comptes?[- ]rendus? (?:de|du|des)|note critique (?:de|sur)|reseña (?:de|del|a|sobre)"
    r"|resenha (?:de|do|da|a|sobre)"
    r"|recensione (?:a|di|de)|review (?:of|on)|(?:reply|response|answer|introduction|preface) to)"
    r"(?: the (?:book|article|paper))?\s*:?"
    r"|\b(?:zu|über|on|about|sur)\s+[^\W\d_]{2,}(?:s|['’]s?)(?=\s*[“\"„»«‘])|[评評])\s*[“\"„»«‘'《〈「『‹(\[]*\s*$"
)
_LINK = re.compile(r"(?i)^\W*(?:(?:to|on|of|for|from)\b)?\W*")
_KINDS = re.compile(
    r"(?i)correction|corrigend|errat|retract|concern|addendum|berichtigung|comment|reply|response|rejoinder|discussion"
    r"|note|summary|abstract|translation|review|besprechung|rezension|faculty|evaluation|supplement|supporting|appendix|data|code|software|materials|figure"
    r"|table|decision"
)
# Books that go with a book of the same title.
_COMPANION = re.compile(
    r"(?i)\b(?:(?:instructor|teacher|student|solution|lab|laborator|lecturer|tutor)(?:s|['’]s|s['’]|y|ies)?['’]?\s+(?:solutions?\s+)?"
    r"(?:manual|guide|handbook|workbook|companion|edition|book)|workbook|exercise book|study guide|test bank"
    r"|answer (?:key|book)s?|solutions (?:manual|to exercises)|lösungs(?:heft|buch|band)|lehrer(?:band|handbuch|heft)"
    r"|arbeits(?:buch|heft)|begleit(?:band|buch|heft)|übungsbuch|supplement|reader'?s guide)\b"
)
REVIEWED = "printed as a review of this work"
_KEEPERS_OF_DATA = ("data", "repository", "archive", "zenodo", "dryad", "figshare", "pangaea", "code", "software")
_SHORTEST = 12  # letters of a title that is told from chance
# The registries' own copies of what others published.
_REDEPOSITS = ("10.65215/",)


def of_type(reference: Reference, printed: Printed, work: Work, title_at: Span | None) -> list[str]:
    """The kinds of thing that `work` is and the print is not, as words for the evidence.

    `title_at` is where the title of `work` stands in the print.
    """
    found = []
    if work.type in NEVER_CITED:
        found.append(f"type: {work.type}")
    if work.type == "dataset" and reference.type != "dataset" and not _shows(printed, *_KEEPERS_OF_DATA):
        found.append("type: dataset")
    title = titles.strip_markup(work.title or "")
    whole = f"{title}: {work.subtitle}" if work.subtitle else title
    about = _ABOUT_ANOTHER.match(title) or reviews.begins_so(title) or _ENDS_SO.search(whole)
    if about and not _same_kind_printed(about, whole, reference, printed):
        found.append("about another work")
    title_at = _place_of(printed, whole) or title_at or _place_of(printed, title)
    if not about and (_is_review(reference.title or "", title) or _is_reviewed(printed, title_at, work)):
        found.append(REVIEWED)
    elif not about and work.type != "dataset" and _is_talked_of(reference, printed, title, title_at, work):
        found.append("printed about this work")
    if _is_companion(printed, work):
        found.append("companion book")
    if reference.type and _book_against_other(reference, work):
        found.append(f"type: {work.type}")
    if work.type in BOOKS and inside.is_in_another(reference, printed, work, title_at):
        found.append("printed in another book")
    if work.type in BOOKS and inside.is_of_a_text_within(printed, work, title_at):
        found.append("printed as a part of this work")
    return found


def _is_companion(printed: Printed, work: Work) -> bool:
    """Whether only one of the two is the workbook or the manual to a book."""
    if work.type in ARTICLES:
        return False
    fields = (work.title, work.subtitle, work.container)  # "... laboratory" in a "Handbook of ..." is no companion
    theirs = any(_COMPANION.search(field or "") for field in fields)
    return theirs != (_COMPANION.search(printed.text) is not None) and (theirs or work.type in BOOKS)


def _is_review(printed_title: str, title: str) -> bool:
    about = _ABOUT_ANOTHER.match(printed_title)
    says_so = (about and "review" in about.group().lower()) or reviews.begins_so(printed_title)
    return bool(says_so) and _is_whole_in(title, printed_title)


def _goes_on_with(printed_title: str, title: str) -> bool:
    return _ABOUT_ANOTHER.match(printed_title) is not None and _is_whole_in(title, printed_title)


def _is_reviewed(printed: Printed, title_at: Span | None, work: Work) -> bool:
    if title_at is None or not reviews.may_be_printed(printed.text):
        return False
    return reviews.is_printed(printed.before(title_at), printed.after(title_at), work)


def _is_talked_of(reference: Reference, printed: Printed, title: str, title_at: Span | None, work: Work) -> bool:
    if _goes_on_with(reference.title or "", title) or _is_about(printed, title, title_at):
        return True
    return title_at is not None and reviews.is_by_another(reference, printed, title_at, work)


def _place_of(printed: Printed, title: str) -> Span | None:
    key = titles.key(title)
    start = printed.letters.find(key) if len(key) >= (_SHORTEST if is_latin(title) else 4) else -1
    return Span(start, start + len(key)) if start >= 0 else None


def _is_about(printed: Printed, title: str, title_at: Span | None) -> bool:
    """Whether "erratum" and its like stand right behind the printed title, or with a colon right before it."""
    if title_at is None or _KINDS.search(title[-20:]):  # the record's own title may end so: "...: a reply"
        return False
    before, behind = printed.before(title_at), printed.after(title_at)
    if _TALKS_OF.search(before):
        return True
    return _BEHIND.match(behind) is not None or _BEFORE.search(before) is not None


def _is_whole_in(title: str, printed: str) -> bool:
    """Whether the printed title goes on with `title`: "Correction to: …" is the correction, not the article."""
    key = titles.key(title)
    return len(key) >= _SHORTEST and key in titles.key(printed) and key != titles.key(printed)


def is_another_edition(reference: Reference, printed: Printed, work: Work, *, other_page: bool) -> bool:
    """Whether another edition is printed than the record is of: it names another one, or the print names a later one
    and the record is of another year or, of a chapter, another page. Records seldom say which edition they are."""
    if work.type not in BOOKS | CHAPTERS or not printed.editions:
        return False
    ours = printed.editions[0].number
    if (theirs := _edition_of(work)) is not None:
        return editions.differ(ours, theirs)
    other_year = None not in (reference.year, work.year) and reference.year != work.year
    return ours != 1 and (other_year or (work.type in CHAPTERS and other_page))


def _edition_of(work: Work) -> int | None:
    named = editions.edition(f"{work.title or ''} {work.subtitle or ''}")
    if named is None and work.type in CHAPTERS:
        named = editions.edition(work.container or "")
    return named if named is not None else editions.registered(work.edition or "")


def is_redeposit(work: Work) -> bool:
    return bool(work.doi and work.doi.startswith(_REDEPOSITS))


def _same_kind_printed(about: re.Match[str], title: str, reference: Reference, printed: Printed) -> bool:
    """Whether the print, too, says before the title or right behind it that it is about the work."""
    core = _LINK.sub("", title[about.end() :]) if about.start() == 0 else title[: about.start()]
    said = _beside_the_title(core, reference, printed)
    if reviews.is_named(about.group()) and reviews.is_named(printed.text):
        return True
    kinds = _KINDS.findall(about.group())
    if not kinds:
        return titles.key(about.group()) in titles.key(said)
    return all(kind.lower() in said.lower() for kind in kinds)


def _beside_the_title(core: str, reference: Reference, printed: Printed) -> str:
    """What is printed up to the end of the title `core`, and right behind it; all of it where that is not found."""
    key = titles.key(core)
    start = printed.letters.find(key) if len(key) >= _SHORTEST else -1
    if start < 0:
        return printed.text
    end = printed.end[start + len(key) - 1]
    behind = _BEHIND.match(printed.text[end:])
    return f"{reference.title or ''} {printed.text[:end]} {behind.group() if behind else ''}"


def _shows(printed: Printed, *words: str) -> bool:
    return any(word in printed.text.lower() for word in words)


def _book_against_other(reference: Reference, work: Work) -> bool:
    """A book is neither a review of it nor a chapter in it, and the other way round."""
    if reference.type in BOOKS:
        return work.type in CHAPTERS or (work.type in ARTICLES and reference.volume is None and not recurs(work))
    if reference.type in CHAPTERS:
        return work.type in BOOKS and not _is_titled(reference, work)
    return reference.type in ARTICLES and bool(reference.container and reference.pages) and work.type in BOOKS


def recurs(work: Work) -> bool:
    """Whether that is a number of a body's report, registered as an article: "World Economic Outlook, April 2015", in
    "World Economic Outlook" or in nothing."""
    if work.pages or any(one.given for one in work.authors):
        return False
    return not work.container or titles.key(work.container) in titles.key(work.title or "")


def _is_titled(reference: Reference, work: Work) -> bool:
    """Whether the record's title is what was read as title, or as title and container of a chapter without pages."""
    whole = [reference.title, reference.container, f"vol {reference.volume}" if reference.volume else None]
    read = [(reference.title, 0.9)]
    if not reference.pages and reference.container:
        read.append((" ".join(filter(None, whole)), 0.85))
    theirs = {work.title or "", titles.whole(work)}
    return any(text and titles.similarity(text, one) >= least for text, least in read for one in theirs)

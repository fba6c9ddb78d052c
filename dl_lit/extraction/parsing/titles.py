"""Which stretch is the title and which the container, where the tagger alone would be unsure or wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from dl_lit.extraction.parsing import lexicon, orders
from dl_lit.extraction.parsing.authors import is_body
from dl_lit.extraction.parsing.parts import QUOTES, Parts, Run, tidy

_INSIDE = re.compile(
    r"(?:[.,;?!»“”\"]|\s[–—-])\s*(?:in|In|IN)(?::\s*|\s+(?=[A-ZÄÖÜ\d„»\"“]))(?=\S)|\s(?:in|In|IN):\s+(?=\S)"
)
_MEDIUM = re.compile(
    r"(?i)\s*[\[(](?:version|ver\.|v\.?\s?\d|internet|online|elektronische ressource|computer software|software"
    r"|data ?set|report|code|video|web ?page"
    r"|latest|blog post|film|podcast|unpublished|preprint|poster|powerpoint|film|electronic|em linha|en línea|en ligne"
    r"|recurso elec?tr[óô]nico|tese|tesis|thèse|dissertação|dissertation|thesis|monografia"
    r"|abstract(?=[\])])|in (?:arabic|bulgarian|chinese|croatian|czech"
    r"|danish|dutch|english|finnish|french|german|greek|hebrew|hungarian|italian|japanese|korean|latin|norwegian|persian"
    r"|polish|portuguese|romanian|russian|serbian|spanish|swedish|turkish|ukrainian)\b)[^\[\]()]*[\])].*$"
)
_GENRE = re.compile(
    r"(?i)\s*[.,;:–—(-]+\s*(?:unpublished |unveröffentlichte |inaugural-?|un\w* )?(?:ph\.?\s?d\.? |doctoral "
    r"|master'?s? |phil\. )?"
    r"(?:dissertation|diss\.|thesis|diplomarbeit|magisterarbeit|masterarbeit|habilitation(?:sschrift)?|projektarbeit)\b.*$"
    r"|\s+ph\.?\s?d\.?\s?(?:thesis|dissertation)\b.*$"
)
_REPORT = re.compile(
    r"(?i)\s*[.,;]\s+(?:an? )?(?:(?:unpublished|internal|final|annual) )?(?:technical|tech\.?|research|internal)\s?"
    r"(?:reports?|rep\.|memo(?:randum)?)(?!\w).*$"
)
# "Meeting #12, Northport": what follows the number is where it took place.
_MEETING = re.compile(r"(?i)^(.*\b(?:meeting|session|plenary)\s#\s?\d+[\w-]*)\s?[,–-]\s.*$")
_SERIES = re.compile(r"(?:[.;]|[\"”’],?)\s+(?:[A-Z][\w-]+\s){1,4}Series(?:\s(?:in|on)\s[A-Z][\w ,]+)?$")
_TO_APPEAR = re.compile(
    r"(?i)[.,;]\s+(?:to appear\b|[àa] paraître\b|in press\b|(?:accepted|submitted) (?:to|for|in)\b).*$"
)
# A word that only the name of a journal, of proceedings or of a work of reference begins with.
_JOURNAL_BEHIND = re.compile(
    r"(?:[,.;]|[?!],?)\s+((?:The\s)?(?:Journal|Astrophysical Journal|Zeitschrift|Cahiers|Revue|Revista|Rivista|Annales"
    r"|Annals|Proceedings|Proc\.|Transactions|Bulletin|Encyclop[ae]e?dia|Nachrichten|Mitteilungen|Sitzungsberichte"
    r"|Abhandlungen|Recueil|Boletim|Boletín|Bollettino|Comunicações|(?:ACM|IEEE) Transactions|Physical Review|J\.)"
    r"(?=[\s\d])[^\d]*)"
)
_EDITION = re.compile(
    r"(?i)\s*[,.(]\s*(?:\d+\s?(?:st|n\s?d|rd|t\s?h)\s+(?:rev\.?\s+)?(?:ed|edn|edition)|\d+\.,?\s*(?:[\w.]+\s){0,2}(?:aufl|auflage|ausg))\b.*$"
)
_PAPER = re.compile(
    r"(?i)(?:[.,;’'”\"]+|(?<=[?!]))\s*((?:unpublished |conference )?papers? (?:presented|prepared|given|delivered"
    r"|read|to|for)\b.+|(?:vortrag|referat) (?:auf|bei|im|in|an|am)\b.+"
    r"|(?:poster|talk|lecture)(?: session)? presented\b.+"
    r"|(?:artigo|trabalho|comunicação|ponencia|trabajo|comunicación|communication|relazione)(?: oral)?"
    r" (?:apresentad[oa]|presentad[oa]|présentée?|presentata)\b.+)$"
)
_PUBLISHER = re.compile(
    r"(?<=[^,])[,.]\s(?:The\s)?University(?:\sof)?$|(?<=[^,]),\s*(?:[A-Z][\w.&’'-]*\s){0,3}(?:Univ(?:ersity|\.)?(?:\sof\s[A-Z]\w+)?\sPress|Univ|Press|Publishers?|Verlag)$"
)
_LINK_BEHIND = re.compile(
    r"(?i)[.,;]*\s*[<\[(]?\s*(?:https?:|www\.|URL\b|available|accessed|retrieved|viewed|visited|disponível|disponible|abgerufen)"
)
_SENTENCE_END = re.compile(r"(?<=\w{4})(?:\.|([?!]))\s+(?=\S)")
_LONGEST_JOURNAL = 9  # words
# "Mater. Res. 2015, 18, 106": so chemists print journals, mostly without a title in front.
_YEAR_OF_CHEMISTS = re.compile(r"\.,? (?:19|20)\d\d, ")
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_HOUSE = re.compile(
    r",\s(?:The\s)?University\sof(?:\s[A-Z][\w-]+){1,4}$"
    r"|(?:(?<=[?!])|\.)\s+(?:The\s)?(?:Univers\w+(?:\s(?:of|de|do|zu))?(?:\s[A-Z][\w-]+){1,4}"
    r"|(?:[A-Z][\w-]+\s){1,3}(?:University|Institute|Universität|Press|Verlag))$"
)
# What stands in the place of a title and is none: "private communication", "Ph.D. thesis".
_NO_TITLE = re.compile(
    r"(?i)(?:(?:private|personal|persönliche|pers\.|priv\.) (?:communications?|mitteilung|comm(?:un)?\.?"
    r"|correspondence)|unpublished(?: (?:data|results"
    r"|work|manuscript|observations))?|in preparation|submitted|mimeo(?:graph(?:ed)?)?"
    r"|(?:ph\.?\s?d\.?|d\.?phil\.?|doctoral|master'?s?|m\.?sc\.?|diplom)?[\s-]*(?:thesis|dissertation|diss"
    r"|arbeit)?|on-?line|en l[ií]nea"
    r"|em linha|en ligne|internet|web|cd-rom)\W*"
)
_THESIS = re.compile(
    r"(?i)(?:ph\.?\s?d|d\.?\s?phil|doctoral|master|m\.?\s?sc|unpublished|inaugural|bachelor|habilitation)\W*\w*\W*(?:thesis|diss)|(?:thesis|diss|tese|tesis|thèse)\b"
)
_LAST_CHANGED = re.compile(r"(?i)^\W*(?:last (?:modified|updated|revised)|(?:updated|modified|revised) on)\b")
# GOST and ISBD: "Salt and sea / B. N. Mironov" names the author once more.
_RESPONSIBILITY = re.compile(
    r"\s/\s(?=(?:[^\W\d_]\.\s?){1,3}[^\W\d_]{2}|(?:под |сост\.|ред\.|пер\.|[Hh]rsg|[Hh]erausgeg|[Ee]d\.|[Ee]dited"
    r"|by |von |par |por |a cura))\S.*$"
)
_CHINESE_KIND = re.compile(r"\s*\[[A-Z](?:/OL)?\]\s*$")  # GB/T 7714 prints "[J]" behind articles, "[M]" behind books
_ROLE_TAIL = re.compile(r"(?i)\s*\((?:[^()]*,\s)?(?:eds?|hrsgg?|hgg?|trans)\.?\).*$")
_DATE_END = re.compile(r"^(?:[^()]{0,20}\d[^()]{0,4}\)|\d\d\s*\)?:)[\s,.:]*(?=\S{2})")
_BRACKET_BEFORE_QUOTE = re.compile(r"^\([^()]{3,60}\)[.,:]\s+(?=[\"“„«])")
_DITTO = re.compile(r"(?i)^(?:ders|dies|idem)\b[.:,\s]*(?=\S)")
_EDITORS_FIRST = re.compile(
    r"(?i)^(.{3,150}?[\s(\[](?:hrsgg?|hgg?|hginnen|eds?|editors?|org(?:s|anizador(?:es"
    r"|as)?)?)\.?[)\]]?)\s*[,:.]?\s+(?=\S{3})(.+)$"
)
# Each is only tried where one of its marks is in the title.
_TAILS = (
    lexicon.marked(_CHINESE_KIND, "]"),
    lexicon.marked(_RESPONSIBILITY, " / "),
    lexicon.marked(_MEDIUM, "(|["),
    lexicon.marked(_GENRE, "diss|thesis|arbeit|habil"),
    lexicon.marked(_REPORT, "rep|memo"),
    lexicon.marked(_SERIES, "series"),
    lexicon.marked(_TO_APPEAR, "appear|para|accepted|submitted|in press"),
    lexicon.marked(_ROLE_TAIL, "("),
    lexicon.marked(_EDITION, " ed|aufl|ausg|(ed"),
    lexicon.marked(_PUBLISHER, "press|univ|publisher|verlag"),
)
_MAY_BE_EDITORS = re.compile(r"(?i)[\s(\[](?:hrsg|hg|hginnen|eds?\b|editor|org)")
_BRACKET_FIRST = re.compile(r"^\([^()]*\)\s*[,.:]\s*(?=\S{3})")
_NUMBER_TAIL = re.compile(r"(?i)\s*,\s*(?:nr|no|heft|h|jg|vol|bd|band|s|pp?)\.?$")
_IN = re.compile(r"^In:?\s+(?=[A-Z])")
_LETTER_OR_NUMBER = re.compile(r"[^\W\d_]|\d\d")
_SHORTEST_HEAD = 8  # letters that a title keeps before a bracket that does not close
_NUMBERED = frozenset(("volume", "issue", "pages"))
_PLAIN = frozenset(("note", "publisher", "place", "genre", "series", "edition", "translator"))


@dataclass(frozen=True, slots=True)
class Titles:
    """Title and container, and whether what was tagged as authors is the title."""

    title: str | None
    container: str | None
    author_is_title: bool = False
    editors: str = ""  # those printed in front of the container and tagged as part of it


def choose(parts: Parts) -> Titles:
    """The title and the container of a reference."""
    chosen = _chosen(parts)
    if chosen.title and not (_LETTER_OR_NUMBER.search(chosen.title) and not _NO_TITLE.fullmatch(chosen.title)):
        chosen = replace(chosen, title=None)
    if chosen.container and _LAST_CHANGED.match(chosen.container):
        chosen = replace(chosen, container=None)
    editors, container = _without_editors(chosen.container)
    if chosen.title and container is None:
        chosen = replace(chosen, title=_without_house(parts, chosen.title))
    return Titles(chosen.title, container, chosen.author_is_title, editors)


def _without_house(parts: Parts, title: str) -> str:
    """The title without the university behind it, or the body that is its author and its publisher too."""
    shorter = _HOUSE.sub("", title)
    head, stop, tail = title.rpartition(". ")
    authors = [parts.raw[run.start : run.end] for run in parts.all("author")]
    if stop and tail.strip(" .").lower() in (author.strip(" .").lower() for author in authors):
        shorter = head
    return shorter if len(shorter) >= 3 else title


def _without_editors(container: str | None) -> tuple[str, str | None]:
    """The container without "Meier, Anna (Hg.):" in front of it, and without "Nr." or "Vol." behind it."""
    if not container:
        return "", None
    match = _EDITORS_FIRST.match(container) if _MAY_BE_EDITORS.search(container) else None
    editors, container = (match[1], match[2]) if match else ("", container)
    container = _IN.sub("", container)
    container = _DITTO.sub("", _NUMBER_TAIL.sub("", _BRACKET_FIRST.sub("", container)))
    return editors, container.strip(" ,.;:") or None


def _chosen(parts: Parts) -> Titles:
    title, container = _ordered(parts, *_runs(parts))
    if title is None and container is not None:
        return _out_of_container(parts, container)
    if title is None:
        return _out_of_the_rest(parts)
    if container is not None and _is_subtitle(parts, title, container):
        title, container = Run("title", title.start, container.end, title.first, title.words + container.words), None
    text = tidy(parts.raw, title)
    inside = tidy(parts.raw, container) if container else None
    if text and inside is None:
        text, inside = _split_at_in(text)
    if text and inside is None:
        text, inside = _split_at_paper(text)
    if text and inside is None:
        text, inside = _split_at_journal(text)
    if text and inside is None and parts.all("volume") and len({run.label for run in parts.runs} & _NUMBERED) > 1:
        text, inside = _split_at_last_sentence(text)
    if text and inside is None and _LINK_BEHIND.match(parts.raw, title.end):
        text, inside = _split_at_site(text)
    if text and inside is None and _EAST_ASIAN.search(text):
        text, inside = _split_at_stop(text)
    return Titles(_without_tail(text), inside)


def _ordered(parts: Parts, title: Run | None, container: Run | None) -> tuple[Run | None, Run | None]:
    """ "The smallest tide. (2008). In Harbour News": without authors, what stands before the date is the title."""
    if title and container and container.start < title.start and not parts.all("author"):
        between = {run.label for run in parts.runs if container.end <= run.start < title.start}
        if "date" in between and between <= {"date", "in"}:
            return container, title
    return title, container


def _runs(parts: Parts) -> tuple[Run | None, Run | None]:
    """The first stretch of each kind; a short first title yields to a longer one before the container."""
    titles, containers = parts.all("title"), parts.all("container")
    if not titles:
        return None, max(containers, key=lambda run: run.words, default=None)
    title = titles[0]
    container = max(containers, key=lambda run: (_is_numbered(parts, run), run.words), default=None)
    for other in titles[1:]:
        if container is None and _stands_inside(parts, title, other):
            container = other
        elif _yields(parts, title, other, container):
            title = other
    return title, container


def _yields(parts: Parts, title: Run, other: Run, container: Run | None) -> bool:
    """Whether `title` is too short to be one beside `other`, or stands in brackets before the date."""
    if other.words > title.words and _is_dated_between(parts, title, other):
        return True
    return title.words <= 2 < other.words and (container is None or other.start < container.start)


def _is_dated_between(parts: Parts, title: Run, other: Run) -> bool:
    """ "Farrow (with the help of Ohlers) (1985) Distant ...": what stands before the date was no title."""
    labels = {run.label for run in parts.runs if title.end <= run.start < other.start}
    return title.words <= 6 and "date" in labels and labels <= {"author", "date", "editor"}


def _is_numbered(parts: Parts, container: Run) -> bool:
    """Whether volume, issue or pages follow."""
    following = parts.runs[parts.runs.index(container) + 1 :][:1]
    return any(run.label in _NUMBERED for run in following)


def _stands_inside(parts: Parts, title: Run, other: Run) -> bool:
    between = {run.label for run in parts.runs if title.end <= run.start < other.start}
    return bool(between & {"in", "editor"}) and other.words > 1


def _is_subtitle(parts: Parts, title: Run, container: Run) -> bool:
    """A book's second sentence taken for a series or journal: nothing says that the work stands inside another."""
    between = parts.raw[title.end : container.start]
    if not between or len(between) > 4 or any(mark in QUOTES for mark in between):
        return False
    labels = {run.label for run in parts.runs}
    if _is_part_of_many(parts.text("volume")):
        labels.discard("volume")
    if labels & {"in", *_NUMBERED} or any(run.label == "editor" and run.start > title.start for run in parts.runs):
        return False
    inside = parts.raw[container.start : container.end]
    first = re.search(r"\w+", inside)
    is_journal = first is not None and first.group().lower() in lexicon.words("journals")
    is_journal = is_journal or orders.is_gazette(inside)
    return bool(labels & {"place", "publisher"}) and not is_journal


def _is_part_of_many(volume: str | None) -> bool:
    """A book in several volumes says "Bd. 1" where a journal says "1"."""
    return bool(volume and re.match(r"(?i)(?:bd|bde|band|vols?|volumes?|teil|part|t)\b", volume))


def _out_of_container(parts: Parts, container: Run) -> Titles:
    """No title: a book or page tagged as a journal, a title that runs on into the journal, or none printed."""
    text = tidy(parts.raw, container)
    numbered = any(run.label in _NUMBERED for run in parts.runs)
    if text and numbered:
        head, dot, tail = text.partition(". ")
        last = head.split()[-1].lower()
        is_word = last not in lexicon.words("journals") or (" " in head and " " in tail and _begins_journal(tail))
        is_abbreviated = _YEAR_OF_CHEMISTS.match(parts.raw, container.end) and len(text.split()) < 4
        if dot and "." not in tail[:-1] and len(last) > 4 and is_word and not is_abbreviated:
            return Titles(head, tail)
        return Titles(_without_tail(text), None) if _is_book(parts, container, text) else _out_of_list(text)
    others = [run for run in parts.all("container") if run is not container and run.start > container.start]
    return Titles(_without_tail(text), tidy(parts.raw, others[0]) if others else None)


def _begins_journal(text: str) -> bool:
    first = re.match(r"(?:the\s)?(\w+)", text.lower())
    return bool(first and first[1] in lexicon.words("journals"))


def _is_book(parts: Parts, container: Run, text: str) -> bool:
    """ "Salvi, A.: In: Nord, B. (ed.) Tides and shores, vol. 3": where a chapter's title is not printed, the book's
    is the title of what is cited."""
    before = {run.label for run in parts.runs if run.start < container.start}
    first = re.search(r"\w+", text.lower())
    if first is None or not before & {"in", "editor"} or "." in text:
        return False
    return first.group() not in lexicon.words("journals")


def _out_of_list(text: str) -> Titles:
    """ "Shared moorings, Econometrica": what begins like a journal behind the last comma is one."""
    head, comma, tail = text.rpartition(", ")
    words = set(re.findall(r"\w+", head.lower()))
    begins = re.match(r"\w+", tail.lower())
    if comma and begins and begins[0] in lexicon.words("journals") and not words & lexicon.words("journals"):
        return Titles(head, tail)
    return Titles(None, text)


def _out_of_the_rest(parts: Parts) -> Titles:
    """Neither title nor container: the first words behind authors and date, else what was taken for authors."""
    if any(run.label in _NUMBERED for run in parts.runs):
        return Titles(None, None)
    if any(_THESIS.match(parts.raw[run.start : run.end]) for run in parts.all("genre")):
        return Titles(None, None)  # what else is printed is the university
    front = [run for run in parts.runs if run.label in ("author", "date", "editor")]
    behind = [run for run in parts.runs if run.label in _PLAIN and front and run.start > front[0].start]
    texts = [text for run in behind if (text := tidy(parts.raw, run)) and _is_wordy(text)]
    if texts:
        # Before the first full stop or comma; what follows is where it was published.
        return Titles(_without_tail(re.split(r"(?<=\w{3})[.]\s|,\s", texts[0])[0]), None)
    authors = parts.all("author")
    if len(authors) == 1 and authors[0].words > 1:
        text = parts.raw[authors[0].start : authors[0].end]
        if not re.search(r"\b[A-Z]\.|,|\s&\s", text) and not is_body(text):
            return Titles(tidy(parts.raw, authors[0]), None, author_is_title=True)
    return Titles(None, None)


def _is_wordy(text: str) -> bool:
    """Words that can be a title: neither numbers nor what leads to a link ("Retrieved from", "Verfügbar unter")."""
    words = re.findall(r"\w+", text.lower())
    if not re.search(r"[^\W\d_]{2,}", text):
        return False
    leading = lexicon.words("access") | lexicon.words("months")
    idle = [word for word in words if word in leading or word.isdigit()]
    return len(idle) * 2 < len(words)


def _split_at_in(text: str) -> tuple[str, str | None]:
    found = list(_INSIDE.finditer(text))
    # "Knots, in short. In Harbour News": a mere "in" gives way to one with a capital or a colon.
    match = next((m for m in found if "In" in m.group() or ":" in m.group()), found[0] if found else None)
    if match is None or match.start() < 5 or len(text) - match.end() < 3:
        return text, None
    closing = match.group()[0] if match.group()[0] in '?!“”"»' else ""
    return text[: match.start()] + closing, text[match.end() :]


def _split_at_stop(text: str) -> tuple[str, str | None]:
    """Chinese titles hold no full stop: what follows one is the journal."""
    head, stop, tail = text.partition(". ")
    journal = re.match(r"\D+?(?=[.,]|\s?\d|$)", tail)
    return (head, journal.group().strip()) if stop and journal and len(head) > 3 else (text, None)


def _split_at_journal(text: str) -> tuple[str, str | None]:
    """ "Title, Journal of Tides": the first word behind the punctuation begins no second half of a title."""
    match = _JOURNAL_BEHIND.search(text)
    if match is None or match.start() < _SHORTEST_HEAD:
        return text, None
    return text[: match.start()] + match.group()[0].strip(".,;"), match[1].strip(" ,.;:(") or None


def _split_at_paper(text: str) -> tuple[str, str | None]:
    """ "Title. Paper presented at the workshop on ...": the meeting is the container."""
    match = _PAPER.search(text)
    if match is None or match.start() < 8:
        return text, None
    return text[: match.start()], match[1]


def _split_at_last_sentence(text: str) -> tuple[str, str | None]:
    """ "Shipping after the treaties. Gender, Place and Culture": what has a volume has a journal, which is the last
    sentence; the stop of an abbreviation ends none."""
    stops = [match for match in _SENTENCE_END.finditer(text) if match.start() > _SHORTEST_HEAD]
    if not stops:
        return text, None
    tail = text[stops[-1].end() :]
    is_name = tail[:1].isupper() and len(tail.split()) <= _LONGEST_JOURNAL
    return (text[: stops[-1].start()] + (stops[-1][1] or ""), tail) if is_name else (text, None)


def _split_at_site(text: str) -> tuple[str, str | None]:
    """ "Tides in graphs. Harbour Portal. https://...": two to four capitalised words before a link are the site."""
    head, _, tail = text.rpartition(". ")
    words = tail.split()
    if 1 < len(words) < 5 and len(head.split()) > 2 and all(word[0].isupper() for word in words):
        return head, tail
    return text, None


def _without_tail(text: str | None) -> str | None:
    """Without what is said about the medium, the version, the degree or the place, and the end of a date before it."""
    if not text:
        return None
    if opening := _DITTO.match(text) or _DATE_END.match(text) or _BRACKET_BEFORE_QUOTE.match(text):
        text = text[opening.end() :] or text
    head, _, tail = text.rpartition(". ")
    if head and all(word.lower() in lexicon.words("places") for word in re.findall(r"\w+", tail)):
        text = head
    if text.count("(") > text.count(")") and text.rindex("(") > _SHORTEST_HEAD:
        text = text[: text.rindex("(")].strip(" .,;:–—-")
    if "#" in text and (meeting := _MEETING.match(text)):
        text = meeting[1]
    lower = text.lower()
    for pattern, marks in _TAILS:
        if lexicon.any_in(marks, lower):
            shorter = pattern.sub("", text).strip(" .,;:–—-")
            text = shorter if len(shorter) >= 3 else text
    return text

"""Is the print a review of the work? "Rez. zu: Hans Müller, …", "c.r. de L. Morel, …", "…, by J. Smith (review)"."""

from __future__ import annotations

import re
from functools import lru_cache

from dl_lit.enrichment.printed import Printed, Span
from dl_lit.enrichment.vocabulary import ARTICLES
from dl_lit.identity import names
from dl_lit.identity.folding import is_latin
from dl_lit.model import Reference, Work

# Words for a review and for nothing else; "review" itself needs a link, a bracket or "book" before it.
_NOUNS = (
    r"book[- ]?reviews?(?: essay)?|review (?:article|essay)|(?:sammel|buch)?rezension(?:en)?"
    r"|(?:besprechungs|rezensions)(?:aufsatz|essay)|(?<!peer[ -])reviewed by(?=\s+[A-ZÀ-Þ])"
    r"|(?:rezensiert|besprochen) von(?=\s+[A-ZÀ-Þ])|recensé par|recensito da|reseñado por"
    r"|(?:buch)?besprechung(?:en)?|comptes?[- ]rendus?(?: critique)?|note (?:de lecture|critique)"
    r"|recensione(?: critica)?|recensi[oó]n(?: bibliográfica)?|reseña(?: bibliográfica| crítica)?"
    r"|recensão(?: crítica)?|resenha(?: crítica)?|ressenya|recensió|recensie|boek(?:bespreking|recensie)"
    r"|(?:bok|bog)?anmeldelse|bok(?:recension|anmälan|melding)|recenzj[aię]|omówienie"
    r"|recenz(?:e|ia|ie|ija|ió)|prikaz|(?:könyv)?ismertetés|könyvismertető"
    r"|kitap (?:tanıtımı|incelemesi|değerlendirmesi|eleştirisi)|(?:kirja-?)?arvostelu|kirja-arvio"
    r"|рецензи[яиі]|рецензія|отзыв|приказ|βιβλιο(?:κρισία|παρουσίαση)"
)
_HAN = r"书评|書評|评介|評介|新刊紹介|서평|[评評](?=[^\W\d_]{0,6}[《〈「『])"
_SHORT = (
    r"rez\.|bespr\.|(?-i:(?:recens|rec|res)\.)|[\[(]rec(?:ens)?\.|(?-i:Rec(?:ens)?)\.\s*(?=(?:di|a|al|de|do|da)\b|:)"
    r"|(?-i:c\.\s?r\.)|(?-i:C\.\s?R\.)\s*(?=:|de l['’]|du livre|critique)|(?-i:CR)(?=\s*:|\s+(?:de|du)\b)"
    r"|рец\.|\brev(?:iew|\.)\s*(?=of\b|:|on\b)"
)
_ANY = rf"(?<![\w.])(?:(?:{_NOUNS})\b|{_SHORT})|{_HAN}"
_NAMED = re.compile(rf"(?i){_ANY}")
# Before the title they are of the book, too: "Préface à A. Neri, …".
_FOREWORDS = (
    r"foreword|preface|introduction|vorwort|geleitwort|nachwort|préface|postface|avant-propos|prefazione|postfazione"
    r"|prefacio|prólogo|epílogo|apresentação|förord|forord|předmluva|przedmowa|предисловие|послесловие|scheda"
)
_AHEAD = re.compile(rf"(?i){_ANY}|(?<!\w)(?:{_FOREWORDS})\b")
_FIRST = re.compile(rf"(?i)\W*(?:(?:{_NOUNS})\b|{_SHORT}|{_HAN})")
# Before the title: what of, whose, and that it is a book.
_LINKS = frozenset(
    word
    for language in (
        "of on to for the book monograph volume work edition by a an and in ed eds editor editors",
        "zu zum zur von vom uber des der den das buch buches band bandes werk hrsg hg herausgegeben und",
        "de du d l la le les ouvrage livre ouvrages dir sous direction par et",
        "del della dell delle di al alla il libro cura curatore e",
        "el los las sobre y obra libros do da dos das os as ao livro org orgs",
        "van het boek door en av af til om boka bogen boken bok bog och og red utg",
        "ksiazki ksiazke pracy o na ke knihu knihy knjige knjigu cartea konyv c konyvet teoksesta kirjasta teos",
        "кн книгу книги книга монографию монографии на под ред о в и",
    )
    for word in language.split()
)
_BRACKETED = re.compile(r"^\W*[\[(]\s*(?:book )?review\s*[\])]", re.IGNORECASE)
_BY = re.compile(r"(?i)reviewed by|\w+ (?:von|par|da|por)$")
_CLOSED = re.compile(r"\s*(?:$|[\]).,;:»”\"]|\[[A-Z]\])")
_FAR = 200  # letters around the title in which the word is looked for
_LEAST_OF_A_NAME = 3
_STRANGERS = 4  # names beside the record's own


@lru_cache(maxsize=64)
def may_be_printed(text: str) -> bool:
    """Whether there is such a word at all; each print is held against many works."""
    return _AHEAD.search(text) is not None or "eview" in text


def is_printed(before: str, after: str, work: Work) -> bool:
    """Whether a word for a review stands before or behind the title of `work`, nothing but people between them."""
    ahead = before[-_FAR:]
    found = list(_AHEAD.finditer(ahead))
    if found and _are_names(ahead[found[-1].end() :], work):
        return True
    behind = _NAMED.search(after[:_FAR])
    if behind and _BY.match(behind.group()) and _are_names(after[: behind.start()], work):
        return True
    if behind and _CLOSED.match(after, behind.end()) and _are_names(after[: behind.start()], work):
        return True
    return work.type not in ARTICLES | {"posted-content"} and _is_bracketed(after, work)


def is_by_another(reference: Reference, printed: Printed, title_at: Span, work: Work) -> bool:
    """Whether somebody else is cited, and the author of the book `work` named behind them, before its title: as in
    reviews, forewords and comments of whatever language."""
    ours, theirs = reference.authors[:1], work.authors[:1]
    if work.type in ARTICLES | {"posted-content"} or not (ours and theirs and ours[0].given):
        return False
    printed_people = (*reference.authors, *reference.editors)
    if any(names.same_family(one, two) for one in printed_people for two in (*work.authors, *work.editors)):
        return False
    first, author = ("".join(names.family_words(one)) for one in (ours[0], theirs[0]))
    ahead = printed.letters[: title_at.start]
    place = ahead.find(first) if min(len(first), len(author)) >= _LEAST_OF_A_NAME else -1
    return place >= 0 and ahead.find(author, place + len(first)) >= 0


def is_named(text: str) -> bool:
    return _NAMED.search(text) is not None


def begins_so(title: str) -> re.Match[str] | None:
    return _FIRST.match(title)


def _is_bracketed(after: str, work: Work) -> bool:
    opened = re.search(r"[\[(]", after[:_FAR])
    return bool(opened and _BRACKETED.match(after[opened.start() :]) and _are_names(after[: opened.start()], work))


def _are_names(text: str, work: Work) -> bool:
    """Whether `text` has no words but those of the record's people, links, and some other names beside them."""
    people = frozenset[str]().union(*map(names.all_words, (*work.authors, *work.editors)))
    tokens = [token for token in re.findall(r"[^\W\d_]+", text) if len(token) > 1]
    folded = [names.fold_word(token) or token.lower() for token in tokens]
    rest = [
        token for token, key in zip(tokens, folded, strict=True)
        if key not in people and key not in _LINKS and token.lower() not in _LINKS
    ]  # fmt: skip
    if rest and not is_latin(text) and not re.search("[а-яё]", text):
        return len("".join(rest)) <= 8  # names and "著" without blanks
    known = len(rest) < len(tokens) and any(key in people for key in folded)
    return not rest or (known and len(rest) <= _STRANGERS and all(token[0].isupper() for token in rest))

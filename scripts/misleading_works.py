"""Pairs of works that are easily taken for one another, made of generated works; the same on every run.

Each maker gives two things, as a publisher registers them and as people cite them. The first's print must not be taken
for the second's record, nor the other way round.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from generated_works import World

from dl_lit.model import Person, Work


@dataclass(frozen=True, slots=True)
class Thing:
    """`note` is printed behind the title, `title` instead of the record's, `behind` at the end, `whole` in the place of
    all of it. To mislead, `bare` is printed instead of `work`."""

    work: Work
    note: str = ""
    title: str | None = None
    behind: str = ""
    event: bool = False  # printed with the container as an event: "Paper presented at …"
    bare: Work | None = None
    whole: str | None = None


Pair = tuple[Thing, Thing]
Maker = Callable[[Work, random.Random], Pair]

_CITIES = ("Oldtown", "Ternholm", "Norrland", "Castell", "Averbury")
_LOOKALIKES = (
    ("Annual Review of Psychology", "Annual Review of Sociology"),
    ("Journal of Virology", "Journal of Urology"),
    ("Analytical Chemistry", "Analytical Biochemistry"),
    ("European Journal of Immunology", "European Journal of Pharmacology"),
)
_SMALL = ("of", "in", "and", "for", "with", "by")
_ORDINALS = ("Eighth", "Ninth", "Tenth", "Eleventh", "Twelfth", "Thirteenth")


def articles(count: int, seed: int = 3) -> list[Work]:
    pick = random.Random(seed)
    return [_article(made, pick) for made in World(seed=seed).works(count)]


@cache
def _others() -> tuple[Work, ...]:
    return tuple(articles(500, seed=5))


def another(pick: random.Random) -> Work:
    """A work that has nothing to do with those of a pair."""
    return pick.choice(_others())


def _article(made: dict[str, Any], pick: random.Random) -> Work:
    people = tuple(Person(one["family"], one["given"]) for one in made["author"][:5])
    return Work(
        title=_with_small_words(made["title"][0], pick),
        authors=people,
        year=made["issued"]["date-parts"][0][0],
        container=made["container-title"][0],
        volume=made["volume"],
        issue=made["issue"],
        pages=made["page"],
        type="journal-article",
        doi=made["DOI"],
    )


def _with_small_words(title: str, pick: random.Random) -> str:
    """As titles are: words of some length, no more than eight, and a small one now and then between them."""
    found: list[str] = []
    telling = [word for word in title.split() if word.isalpha() and len(word) > 3][:8]
    for word in telling if len(telling) > 2 else ["Observations", *telling, "structures"]:
        if found and pick.random() < 0.35:
            found.append(pick.choice(_SMALL))
        found.append(word)
    return " ".join(found)


def moved(work: Work, pick: random.Random, **changes: Any) -> Work:
    """The record of something else in the same container: other pages, another DOI."""
    first = pick.randint(1, 9000)
    other = replace(work, pages=f"{first}-{first + 7}", doi=f"{work.doi}.2")
    return replace(other, **changes)


def as_book(work: Work, pick: random.Random, **changes: Any) -> Work:
    book = replace(
        work, type="book", container=None, volume=None, issue=None, pages=None, authors=work.authors[:2],
        publisher=f"{pick.choice(_CITIES)} Press", place=pick.choice(_CITIES),
    )  # fmt: skip
    return replace(book, **changes)


def lower(title: str) -> str:
    return title[:1].lower() + title[1:]


# ── titles that hold or resemble one another ─────────────────────────────────────────────────────────────


def longer_behind(work: Work, pick: random.Random) -> Pair:
    more = pick.choice((" at high pressure", " in northern countries", " and its consequences", ", revisited"))
    return Thing(work), Thing(moved(work, pick, title=f"{work.title}{more}"))


def longer_before(work: Work, pick: random.Random) -> Pair:
    more = pick.choice(("Defects and ", "A new approach to ", "On the history of ", "Numerical study of ", "Towards "))
    return Thing(work), Thing(moved(work, pick, title=f"{more}{lower(work.title or '')}"))


def longer_book(work: Work, pick: random.Random) -> Pair:
    one = as_book(work, pick)
    more = pick.choice((": instructor's manual", ": a workbook", " in practice", " for beginners", ": study guide"))
    return Thing(one), Thing(replace(one, title=f"{one.title}{more}", doi=f"{one.doi}.2"))


_SHORTENED = (
    " (letter)", " [letter]", ": executive summary", ". Summary", ": a summary", ": five-year follow-up",
    ": long-term results", ": study protocol", ". Kurzfassung", ": résumé", ": resumen ejecutivo",
)  # fmt: skip
_COLLECTED = (": an anthology", ": a reader", ": case studies", ": eine Biographie", ": the life of Ada Norrland")


def offshoot(work: Work, pick: random.Random) -> Pair:
    """Of books only the summary is another one where nothing is said: subtitles are often left out."""
    if pick.random() < 0.6:
        own = moved(work, pick, title=f"{work.title}{pick.choice(_SHORTENED)}")
        return Thing(work, bare=_unpaged(work)), Thing(own, bare=_unpaged(own))
    book = as_book(work, pick)
    told = replace(book, title=f"{book.title}{pick.choice(_COLLECTED)}", doi=f"{book.doi}.2")
    return Thing(book, bare=as_book(another(pick), pick)), Thing(told)


def one_word_other(work: Work, pick: random.Random) -> Pair:
    words = (work.title or "").split()
    pairs = (("copper", "silver"), ("rats", "mice"), ("sodium", "potassium"), ("men", "women"), ("summer", "winter"))
    one, two = pick.choice(pairs)
    place = pick.randrange(1, len(words))
    first, second = (" ".join([*words[:place], word, *words[place:]]) for word in (one, two))
    return Thing(replace(work, title=first)), Thing(moved(work, pick, title=second))


_NEAR = (
    ("upland", "lowland"), ("northern", "southern"), ("prenatal", "postnatal"), ("inpatient", "outpatient"),
    ("male", "female"), ("hypotension", "hypertension"), ("microeconomic", "macroeconomic"), ("legal", "illegal"),
    ("intracellular", "extracellular"), ("monolingual", "bilingual"), ("employment", "unemployment"),
    ("direct", "indirect"), ("maternal", "paternal"), ("imports", "exports"), ("typical", "atypical"),
)  # fmt: skip


def near_word_other(work: Work, pick: random.Random) -> Pair:
    """Words that differ by no more letters than misprints do; half the prints have no page that would tell."""
    one, two = pick.sample(pick.choice(_NEAR), 2)
    first, second = replace(work, title=f"{work.title} of {one} groups"), moved(work, pick)
    second = replace(second, title=f"{work.title} of {two} groups")
    if pick.random() < 0.5:
        return Thing(first, bare=_unpaged(first)), Thing(second, bare=_unpaged(second))
    return Thing(first), Thing(second)


def one_letter_other(work: Work, pick: random.Random) -> Pair:
    kind = pick.choice(("hepatitis", "vitamin", "group", "type"))
    one, two = pick.sample(("A", "B", "C", "D", "E"), 2)
    first, second = (f"{work.title} of {kind} {letter} in humans" for letter in (one, two))
    return Thing(replace(work, title=first)), Thing(moved(work, pick, title=second))


# ── parts, series, editions ──────────────────────────────────────────────────────────────────────────────


def other_part(work: Work, pick: random.Random) -> Pair:
    forms = (". Part {}", " ({})", " [Part {}]", ". Mitt. {}", ", Vol. {}", " {}", ". {}.", ": Teil {}", " – part {}")
    form = pick.choice(forms)
    numbers = pick.sample(pick.choice((("I", "II", "III", "IV"), ("1", "2", "3", "4"))), 2)
    first, second = (f"{work.title}{form.format(number)}" for number in numbers)
    return Thing(replace(work, title=first)), Thing(moved(work, pick, title=second))


def lettered_part(work: Work, pick: random.Random) -> Pair:
    form = pick.choice((". Part {}", " ({})", ", part {}", ": Section {}"))
    one, two = pick.sample("ABCD", 2)
    first, second = (f"{work.title}{form.format(letter)}" for letter in (one, two))
    return Thing(replace(work, title=first)), Thing(moved(work, pick, title=second))


def part_and_whole(work: Work, pick: random.Random) -> Pair:
    form = pick.choice((". Part B", " (IV)", " [Part 3]", ". Mitt. II", ", Vol. 2", ". II", ": Teil 2", " 2"))
    whole = work if pick.random() < 0.5 else as_book(work, pick)
    part = replace(whole, title=f"{whole.title}{form}", doi=f"{whole.doi}.2")
    return Thing(whole), Thing(part if whole.type == "book" else moved(part, pick, title=part.title))


def companion(work: Work, pick: random.Random) -> Pair:
    aspect = pick.choice((". II. Applications", ". III: Numerical results", ". Part 2: Experiments", " II. The proof"))
    first = pick.choice(("", ". I. Theory", ". Part 1: Theory"))
    return Thing(replace(work, title=f"{work.title}{first}")), Thing(moved(work, pick, title=f"{work.title}{aspect}"))


def volume_of_a_handbook(work: Work, pick: random.Random) -> Pair:
    one, two = pick.sample(range(1, 8), 2)
    form = pick.choice((", Volume {}", ", vol. {}", ". Band {}", ", Bd. {}"))
    books = (as_book(work, random.Random(7), title=f"{work.title}{form.format(n)}") for n in (one, two))
    first, second = books
    return Thing(first), Thing(replace(second, doi=f"{work.doi}.2"))


def conference(work: Work, pick: random.Random) -> Pair:
    place = pick.randrange(len(_ORDINALS) - 1)
    form = pick.choice(
        ("Proceedings of the {} International Conference on {}", "{} Symposium on {}", "{} Workshop on {}")
    )
    names = (_ORDINALS[place], _ORDINALS[place + 1])
    if pick.random() < 0.4:
        names = (f"{place + 20}th", f"{place + 21}th") if place > 3 else (f"{place + 10}th", f"{place + 11}th")
    one, two = (form.format(name, work.title) for name in names)
    first = replace(as_book(work, pick), title=one, type="proceedings")
    return Thing(first), Thing(replace(first, title=two, year=(work.year or 2000) + 1, doi=f"{work.doi}.2"))


def yearly(work: Work, pick: random.Random) -> Pair:
    title = f"{pick.choice(('Annual survey of', 'Progress report on', 'The year in'))} {lower(work.title or '')}"
    one = replace(work, title=title)
    volume = str(int(work.volume or 1) + 1)
    return Thing(one), Thing(moved(one, pick, year=(work.year or 2000) + 1, volume=volume))


def yearly_named(work: Work, pick: random.Random) -> Pair:
    title, year = work.title, work.year or 2000
    one = replace(work, title=f"{title} {year - 1}")
    return Thing(one), Thing(moved(one, pick, title=f"{title} {year}", year=year + 1))


def edition(work: Work, pick: random.Random) -> Pair:
    first = as_book(work, pick)
    later = replace(first, year=(first.year or 2000) + pick.randint(1, 6), doi=f"{first.doi}.2")
    note = pick.choice((" (2nd ed.)", ", 3rd edition", ". 2., überarb. Aufl.", ", Second edition"))
    if pick.random() < 0.5:
        later = replace(later, title=f"{later.title}, {pick.choice(('Second Edition', '2nd ed.', '2nd edition'))}")
        return Thing(first), Thing(later)
    return Thing(first), Thing(later, note=note, title=first.title)


def generic(work: Work, pick: random.Random) -> Pair:
    title = pick.choice(("Preface", "Editorial", "Introduction", "Foreword", "Book reviews"))
    people = work.authors[:1] if pick.random() < 0.5 else ()
    one = replace(work, title=title, authors=people)
    first, second = one, moved(one, pick, issue=str(int(work.issue or 1) % 12 + 1))
    return Thing(first, bare=_unpaged(first)), Thing(second, bare=_unpaged(second))


def lookalike_containers(work: Work, pick: random.Random) -> Pair:
    one, two = pick.choice(_LOOKALIKES)
    title = pick.choice(("Editorial", "Introduction", "Book reviews", "Obituary"))
    first = replace(work, title=title, container=one, authors=work.authors[:1])
    return Thing(first), Thing(replace(first, container=two, doi=f"{work.doi}.2"))


def yearly_report(work: Work, pick: random.Random) -> Pair:
    body = Person(name=f"International Agency for {pick.choice(_CITIES)} Affairs")
    first = as_book(work, pick, authors=(body,), type=pick.choice(("report", "book")))
    if pick.random() < 0.3:
        return Thing(first), Thing(replace(first, title=f"{first.title}: Europe", doi=f"{work.doi}.2"))
    return Thing(first), Thing(replace(first, year=(first.year or 2000) + 1, doi=f"{work.doi}.2"))


def _unpaged(work: Work) -> Work:
    return replace(work, pages=None, issue=None)


# ── the same work in another form ────────────────────────────────────────────────────────────────────────


def thesis(work: Work, pick: random.Random) -> Pair:
    note = pick.choice((" (Doctoral dissertation)", " [PhD thesis]", ". Ph.D. thesis", ". Diss.", ". Master's thesis"))
    year, university = (work.year or 2000) - pick.randint(0, 1), f"University of {pick.choice(_CITIES)}"
    one = as_book(work, pick, type="dissertation", year=year, publisher=university, place=None, doi=f"{work.doi}.2")
    return Thing(work), Thing(replace(one, authors=work.authors[:1]), note=note)


def abstract(work: Work, pick: random.Random) -> Pair:
    note = pick.choice((" [abstract]", " (Abstract)", " [meeting abstract]", " [conference abstract]"))
    name = f"Annual Meeting of the {pick.choice(_CITIES)} Society"
    one = moved(work, pick, container=name, volume=None, issue=None, type="proceedings-article")
    return Thing(work), Thing(replace(one, year=(work.year or 2000) - pick.randint(0, 1)), note=note)


def talk(work: Work, pick: random.Random) -> Pair:
    name = f"Annual Meeting of the {pick.choice(_CITIES)} Society"
    one = replace(
        work, container=name, volume=None, issue=None, pages=None, type="proceedings-article", doi=f"{work.doi}.2"
    )
    return Thing(work), Thing(replace(one, year=(work.year or 2000) - pick.randint(0, 1)), event=True)


_OTHER_PLACES = ("Fauna norvegica", "NINA Rapport 450", "Meddelelser om Grønland", "Annals of Botany", "Rapport 12")


def other_journal(work: Work, pick: random.Random) -> Pair:
    """Where it is said to be, and no number."""
    one = replace(work, container=pick.choice(_OTHER_PLACES), volume=None, issue=None, pages=None, doi=f"{work.doi}.2")
    return Thing(work), Thing(one)


def namesake(work: Work, pick: random.Random) -> Pair:
    one, two = pick.sample(("A.", "B.", "J.", "P.", "R."), 2)
    family = work.authors[0].family
    first = replace(work, authors=(Person(family, one),))
    return Thing(first), Thing(moved(first, pick, authors=(Person(family, two),)))


def report(work: Work, pick: random.Random) -> Pair:
    number = f"{pick.randint(60, 99)}-{pick.randint(1, 99):02}"
    note = pick.choice((f" (Tech. Rep. No. {number})", f". Technical report {number}", f" (Working Paper {number})"))
    one = replace(as_book(work, pick), type="report", publisher=f"University of {pick.choice(_CITIES)}", place=None)
    return Thing(work), Thing(replace(one, authors=work.authors, doi=f"{work.doi}.2"), note=note)


def proceedings(work: Work, pick: random.Random) -> Pair:
    name = f"Proceedings of the {pick.choice(_ORDINALS)} Conference on {work.container}".replace("Journal of ", "")
    one = moved(work, pick, container=name, volume=None, issue=None, type="proceedings-article")
    return Thing(work), Thing(replace(one, year=(work.year or 2000) - pick.randint(0, 1)))


def translation(work: Work, pick: random.Random) -> Pair:
    other = another(pick)
    one = as_book(work, pick)
    two = as_book(other, pick, authors=one.authors, year=(one.year or 2000) + pick.randint(0, 1), doi=f"{one.doi}.2")
    return (
        Thing(one, title=f"{one.title} [{two.title}]"),
        Thing(two, title=f"{two.title} [{one.title}]"),
    )


def chapter(work: Work, pick: random.Random) -> Pair:
    book = as_book(work, pick)
    part = replace(book, title=another(pick).title, container=book.title, type="book-chapter", doi=f"{work.doi}.2")
    part = replace(part, pages=moved(work, pick).pages)
    return Thing(book), Thing(part)


# ── about another work ───────────────────────────────────────────────────────────────────────────────────

_ABOUT = MappingProxyType(
    {
        "correction": (
            "Correction to: {}",
            "Erratum: {}",
            "Corrigendum to “{}”",
            "{}: erratum",
            "Author Correction: {}",
        ),
        "retraction": (
            "Retraction: {}",
            "Retraction notice to “{}”",
            "Retraction Note: {}",
            "Expression of concern: {}",
        ),
        "comment": ("Comment on “{}”", "{}: comment", "Comments on “{}”", "A note on “{}”", "Summary of: {}"),
        "reply": ("Reply to “Comment on {}”", "Response to “{}”", "{}: a reply", "Reply: {}", "{}: rejoinder"),
        "supplement": ("Supplementary material for {}", "Supporting information for {}", "Supplement to: {}"),
        "data": ("Data from: {}", "Dataset for {}", "Replication data for: {}", "Code for {}"),
    }
)


def about(kind: str) -> Maker:
    def make(work: Work, pick: random.Random) -> Pair:
        title = pick.choice(_ABOUT[kind]).format(work.title)
        other = moved(work, pick, title=title, year=(work.year or 2000) + pick.randint(0, 1))
        if kind == "data":
            other = replace(other, type="dataset", container="Zenodo", volume=None, issue=None, pages=None)
        return Thing(work), Thing(other)

    return make


_REVIEWS = (
    "[Review of the book {t}, by {g} {f}]", "Review of {g} {f}, {t}", "Rez. zu: {f}, {g}: {t}",
    "c.r. de {g} {f}, {t}", "{g} {f}, {t} (compte rendu)", "Recensione di {g} {f}, {t}",
    "Reseña de {t}, de {g} {f}", "Resenha de {f}, {g} ({y}), {t}", "rec. {g} {f}, {t}",
    "{t}, by {g} {f} (review)", "Anmeldelse av {g} {f}: {t}", "Рец. на кн.: {f} {g} {t}",
)  # fmt: skip


def review(work: Work, pick: random.Random) -> Pair:
    book = as_book(work, pick)
    critic = (Person("Haugwitzer", "I."),)
    title = pick.choice((f"Review of {book.title}", f"Book review: {book.title}", book.title))
    journal = replace(work, title=title, authors=critic, year=(work.year or 2000) + 1, doi=f"{work.doi}.2")
    author = book.authors[0]
    cited = pick.choice(_REVIEWS).format(t=book.title, g=author.given, f=author.family, y=book.year)
    bare = replace(journal, container=None, volume=None, year=book.year, publisher=journal.container)
    return Thing(book), Thing(journal, title=cited if title == book.title else None, bare=pick.choice((None, bare)))


def erratum_behind(work: Work, pick: random.Random) -> Pair:
    """Its erratum is printed behind an article; the erratum alone must not be taken for both."""
    title = pick.choice((f"Erratum: {work.title}", f"Erratum to: {work.title}", f"{work.title} (Erratum)"))
    year, volume = (work.year or 2000) + pick.randint(0, 1), str(int(work.volume or 1) + pick.randint(1, 3))
    erratum = moved(work, pick, title=title, year=year, volume=volume)
    page = (erratum.pages or "").split("-")[0]
    behind = pick.choice((f"Erratum: {volume}, {page} ({year}).", f"; {volume}, {page}(E) ({year})."))
    return Thing(work, behind=behind), Thing(erratum)


def second_work(work: Work, pick: random.Random) -> Pair:
    other = another(pick)
    people = ", ".join(f"{one.given} {one.family}" for one in other.authors[:2])
    behind = f"; {people}, {other.title}, {other.container} {other.volume} ({other.year}) {other.pages}."
    return Thing(work, behind=behind), Thing(other)


def two_places(work: Work, pick: random.Random) -> Pair:
    """Without titles, as physicists cite: the second place is another work's."""
    people = _direct(work)
    later = moved(
        work, pick, title=another(pick).title, year=(work.year or 2000) + 1, volume=str(int(work.volume or 1) + 1)
    )
    first, second = (f"{one.volume}, {(one.pages or '').split('-')[0]} ({one.year})" for one in (work, later))
    return (
        Thing(work, whole=f"{people}, {work.container} {first}; {second}."),
        Thing(later, whole=f"{people}, {work.container} {second}; {first}."),
    )


def _direct(work: Work) -> str:
    return ", ".join(f"{one.given} {one.family}" for one in work.authors)


KINDS: Mapping[str, Maker] = MappingProxyType(
    {
        "title and longer title, more behind": longer_behind,
        "title and longer title, more before": longer_before,
        "book and its companion book": longer_book,
        "title and its summary, follow-up or reader": offshoot,
        "one word another": one_word_other,
        "one word another by a few letters": near_word_other,
        "one letter another": one_letter_other,
        "two numbered parts": other_part,
        "two lettered parts": lettered_part,
        "part and whole": part_and_whole,
        "companion paper": companion,
        "volumes of a handbook": volume_of_a_handbook,
        "conferences of a series": conference,
        "yearly article of one title": yearly,
        "yearly article naming its year": yearly_named,
        "editions": edition,
        "preface or editorial": generic,
        "editorials of look-alike journals": lookalike_containers,
        "reports of a body": yearly_report,
        "article and thesis": thesis,
        "article and abstract": abstract,
        "article and talk": talk,
        "article and report": report,
        "articles of two journals, no numbers": other_journal,
        "articles of namesakes": namesake,
        "journal and proceedings": proceedings,
        "original and translation": translation,
        "book and chapter": chapter,
        **{f"article and {kind}": about(kind) for kind in _ABOUT},
        "book and review": review,
        "article, its erratum behind": erratum_behind,
        "two works in one print": second_work,
        "two places in one print": two_places,
    }
)

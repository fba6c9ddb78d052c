"""False copies that go along with the work and bear its title or its DOI: protocols, supplements, notices."""

from __future__ import annotations

from verification_bench.parts import FALSE, kind
from verification_bench.setting import SCREEN, Draft, names, paragraph
from verification_bench.true_copies import article, source
from verification_bench.works import Made, Shelf, expectation

__all__ = ["FALSE"]  # with the kinds of this module entered


def beside(
    name: str, *words: str, above: bool = False, below: bool = False, pages: int = 12, expected: str = "1-19"
) -> None:
    """The title with one of the `words` on a line above it, below it or behind its authors."""

    def maker(shelf: Shelf) -> Made:
        work = shelf.article(longest=110)
        word = shelf.rng.choice(words)
        place = shelf.rng.choice([*(["above"] if above else []), *(["below"] if below else [])])
        draft = Draft().page().text(source(work), 8, after=14)
        draft.text(word if place == "above" else "", 11, after=6).title(work.title)
        draft.text(word if place == "below" else "", 11, after=6).text(names(work.authors), 11, after=10)
        return Made(draft.filler(pages, shelf.rng).bytes(), expectation(work, doi=None, pages=expected))

    FALSE[name] = maker


def behind(name: str, *words: str) -> None:
    """The title, and behind its colon what makes it a text that came before the work."""

    def maker(shelf: Shelf) -> Made:
        work = shelf.article(longest=90)
        title = f"{work.title}: {shelf.rng.choice(words)}"
        whole = shelf.rng.choice((work.title, f"{work.title}: results of a randomised trial"))
        body = article(work, shelf.rng, title=title, pages=10).bytes()
        return Made(body, expectation(work, title=whole, subtitle=None, doi=None, pages="1-10"))

    FALSE[name] = maker


beside(
    "supplement beside the title",
    *(
        "Online supplement",
        "Appendices",
        "Additional file 3",
        "Online Resource 1",
        "Anhang",
        "Anexos",
    ),
    above=True,
    below=True,
)
beside("questionnaire", "QUESTIONNAIRE", "Fragebogen", "Interview guide", "Cuestionario", "Codebook", above=True)
beside(
    "reports of its referees",
    *("Peer Review File", "Reviewers' comments and authors' replies", "Decision letter", "Response to reviewers"),
    above=True,
    below=True,
)
beside("plan of it", "Study protocol", "Thesis proposal", "Statistical analysis plan", "Studienprotokoll", above=True)
beside(
    "summary of it",
    *("Executive summary", "Plain language summary", "AUTOREFERAT", "Policy brief no. 7", "Extended abstract"),
    above=True,
    below=True,
)
beside(
    "taught from it",
    *(
        "Lecture notes",
        "Solutions Manual",
        "Workbook",
        "Instructor's manual",
        "Arbeitsheft",
        "Leseprobe",
    ),
    above=True,
    below=True,
)
beside("announced", "PRESS RELEASE", "Pressemitteilung", "Linked research", "New publications", above=True)
beside("short, with a word beside it", "Miscellanea", "Dossier", "Argumentaire", below=True, pages=8)
behind(
    "protocol behind the title",
    "study protocol for a trial",
    "protocol of a cluster trial",
    "ein Studienprotokoll",
)
behind("pilot behind the title", "a pilot study", "a feasibility study", "une étude pilote", "rationale and design")


def notice(name: str, *texts: str, title_first: bool = True) -> None:
    """A page with the work's title that says where its text is not."""

    def maker(shelf: Shelf) -> Made:
        work = shelf.article(longest=110)
        draft = Draft().page()
        if not title_first:
            draft.text("Institutional Repository   Advanced search   Send to", 9, after=8)
        draft.text(work.title, 16, "tibo", after=8).text(names(work.authors), 11, after=8).text(
            source(work), 9, after=8
        )
        draft.text(shelf.rng.choice(texts).format(doi=work.doi, abstract=paragraph(shelf.rng)), 11)
        return Made(draft.bytes(), expectation(work, pages=None))

    FALSE[name] = maker


SORRY = "The printed version can be consulted in the reading room on weekdays by members of the university. "
notice(
    "embargo",
    "The full text of this article is under embargo until 1 March 2027. " + SORRY,
    "Dieser Beitrag unterliegt einer Sperrfrist bis 2027. " + SORRY,
)
notice(
    "text to come",
    "Full text coming soon. " + SORRY,
    "The file will be made available here after the defence. " + SORRY,
)
notice(
    "no text, for its rights",
    "Due to copyright restrictions this file is not shown. You may request a copy from the author. " + SORRY,
    "Pour des raisons de droits, le texte intégral n'est pas montré. " + SORRY,
)
notice(
    "page of a repository, printed",
    "Abstract: {abstract}\nShow full item record\nFiles in this item: paper.pdf\nThis item appears in: Articles",
    title_first=False,
)
notice(
    "page of an index, printed",
    "PMID: 1234567\nAbstract\n{abstract}\nSimilar articles\nCited by 12 articles\nMeSH terms",
)
notice(
    "publisher's page with the abstract, printed",
    "Get access   Article contents\n{abstract}\nReferences (45)   Metrics\nYou do not have access to this content.",
)


@kind("withdrawn, with its notice")
def withdrawn(shelf: Shelf) -> Made:
    work = shelf.article(longest=110)
    title = f"{shelf.rng.choice(('WITHDRAWN', 'REMOVED'))}: {work.title}"
    draft = article(work, shelf.rng, title=title, pages=1)
    draft.page().text("This article has been withdrawn at the request of the authors.", 10).filler(1, shelf.rng)
    return Made(draft.bytes(), expectation(work, pages=None))


@kind("agreement of its deposit")
def deposit(shelf: Shelf) -> Made:
    work = shelf.article(longest=110)
    draft = Draft().page().title("Deposit Agreement", 16).text("Between the author and the library\nTitle:", after=4)
    draft.text(work.title, 12, "tibo").text(f"Author: {names(work.authors)}").text(paragraph(shelf.rng) * 4, after=20)
    return Made(draft.text("Signature: ____________").bytes(), expectation(work, pages=None))


@kind("programme of a workshop")
def programme(shelf: Shelf) -> Made:
    work = shelf.article(longest=110)
    draft = Draft().page().title("Programme of the Workshop on Harbours", 20)
    for hour, one in enumerate((work, shelf.other(work), shelf.other(work)), 9):
        draft.text(f"{hour}:00").text(one.title, 11, "tibo").text(f"{names(one.authors)} (University)", after=6)
    return Made(draft.text(paragraph(shelf.rng)).bytes(), expectation(work, pages=None))


@kind("book of abstracts")
def abstracts(shelf: Shelf) -> Made:
    work = shelf.article(longest=110)
    draft = Draft().page().title("Book of Abstracts", 24).text("12th Congress of Harbour Studies").page()
    for number in range(12):
        one = work if number == 1 else shelf.other(work)
        draft.text(one.title, 12, "tibo").text(names(one.authors)).text(paragraph(shelf.rng), after=8)
    return Made(draft.bytes(), expectation(work, pages=shelf.rng.choice((None, "211-229"))))


@kind("newsletter that announces it")
def newsletter(shelf: Shelf) -> Made:
    work = shelf.article(longest=110)
    draft = Draft().page().title("Newsletter of the Institute, Spring", 20).title("Just out", 14)
    for one in (work, shelf.other(work)):
        draft.text(one.title, 11, "tibo").text(f"{names(one.authors)}, {source(one)}").text(
            paragraph(shelf.rng), after=8
        )
    return Made(draft.filler(4, shelf.rng).bytes(), expectation(work, pages=shelf.rng.choice((None, "211-219"))))


@kind("editorial with a box that names it")
def boxed(shelf: Shelf) -> Made:
    work = shelf.article(longest=110)
    draft = Draft().page().title("Poverty keeps children out of school", 20).text("C. Stranger, editor", after=8)
    draft.text(paragraph(shelf.rng), after=5).text(paragraph(shelf.rng), after=5)
    draft.text(shelf.rng.choice(("LINKED RESEARCH", "In this volume", "Our choice")), 8, "tibo")
    draft.text(work.title, 10, "tibo").text(f"{names(work.authors)}, page 211", 9)
    pages = shelf.rng.choice((None, "211-213"))
    return Made(draft.page().filler(2, shelf.rng).bytes(), expectation(work, doi=None, pages=pages))


def pointing(name: str, title: str, *texts: str) -> None:
    """Another text that gives the work's DOI on a line of its own, and names its first author."""

    def maker(shelf: Shelf) -> Made:
        work = shelf.article(longest=110)
        draft = Draft().page().title(title, 18).text("C. Stranger", 11, after=8)
        for text in texts:
            draft.text(text.format(doi=work.doi, a=names(work.authors[:1]), t=work.title, s=source(work)), 10)
        pages = shelf.rng.choice((None, "211-216"))
        return Made(draft.text(paragraph(shelf.rng)).filler(4, shelf.rng).bytes(), expectation(work, pages=pages))

    FALSE[name] = maker


pointing(
    "press release that gives its doi",
    "Poor families keep children at home",
    *("A new study by Dr {a} shows that income matters.", "Original publication:", "{a}. {t}. {s}."),
    "https://doi.org/{doi}",
)
pointing("readme that gives its doi", "README", "Replication files by {a}", "DOI of the article:", "{doi}")
pointing(
    "commentary that gives its doi",
    "Why schools stay empty: a view from the ministry",
    *("A commentary on the study of {a}", "https://doi.org/{doi}"),
)
pointing("refers to its doi", "Why schools stay empty", "Refers to: https://doi.org/{doi}", "{a} reports that.")


@kind("few slides")
def few_slides(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft(SCREEN).page().title(work.title, 36).text(names(work.authors), 24)
    for number in range(3):
        draft.page().title(f"Finding {number + 1}", 30).text("• it is small\n• it is old", 18)
    return Made(draft.bytes(), expectation(work, pages=None))


@kind("slides full of words")
def wordy_slides(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft((720, 540)).page().title(work.title, 30).text(names(work.authors), 16)
    for number in range(20):
        draft.page().title(f"Finding {number + 1}", 22).text(f"• {paragraph(shelf.rng)[:1000]}", 11)
    return Made(draft.bytes(), expectation(work, pages="211-229"))

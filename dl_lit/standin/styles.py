"""Author-year citation styles, each a class that prints a `Citation` as marked-up text."""

from __future__ import annotations

from dl_lit.model import Person
from dl_lit.standin.citing import (
    Citation,
    comma,
    dashed,
    direct_full,
    initials,
    inverted,
    inverted_full,
    italic,
    join_names,
    link,
    printed_doi,
    sentence,
    shortened,
    surname,
)


class Style:
    """Base of all styles: finds the right form for the type of work. Subclasses print the forms."""

    numbered = False
    dash = "———"

    def entry(self, citation: Citation) -> str:
        forms = {
            "journal-article": self.journal,
            "book-chapter": self.chapter,
            "proceedings-article": self.proceedings,
            "posted-content": self.preprint,
            "dissertation": self.thesis,
        }
        return forms.get(citation.work.type, self.book)(citation)

    def authors(self, citation: Citation) -> str:
        """The names before the year; a collected volume is entered under its editors."""
        if citation.dash:
            return self.dash
        if citation.work.authors:
            return self.names(citation.work.authors)
        return f"{self.names(citation.work.editors)} {self.editor_mark(len(citation.work.editors))}"

    def editor_mark(self, count: int) -> str:
        return "(Eds.)" if count > 1 else "(Ed.)"

    def names(self, people: tuple[Person, ...]) -> str:
        raise NotImplementedError

    def journal(self, citation: Citation) -> str:
        raise NotImplementedError

    def book(self, citation: Citation) -> str:
        raise NotImplementedError

    def chapter(self, citation: Citation) -> str:
        raise NotImplementedError

    def proceedings(self, citation: Citation) -> str:
        return self.chapter(citation)

    def preprint(self, citation: Citation) -> str:
        return self.book(citation)

    def thesis(self, citation: Citation) -> str:
        return self.book(citation)


def in_text(citation: Citation, joint: str = " & ") -> str:
    """The author-year label of the running text: "LeCun et al., 2015"."""
    people = citation.work.authors or citation.work.editors
    if len(people) == 1:
        who = surname(people[0])
    elif len(people) == 2:
        who = surname(people[0]) + joint + surname(people[1])
    else:
        who = f"{surname(people[0])} et al."
    return f"{who}, {citation.year}"


def volume_issue(citation: Citation, gap: str = "") -> str:
    work = citation.work
    return f"{work.volume}{gap}({work.issue})" if work.issue else work.volume or ""


class Apa(Style):
    """APA 7: initials behind the name, year in parentheses, DOI as a link without a full stop."""

    def names(self, people: tuple[Person, ...]) -> str:
        names = [inverted(person) for person in people]
        if len(names) > 20:
            return ", ".join(names[:19]) + ", … " + names[-1]
        return join_names(names, ", & ")

    def _head(self, citation: Citation, title: str) -> str:
        return sentence(self.authors(citation), f"({citation.year})", title)

    def _tail(self, text: str, citation: Citation) -> str:
        url = link(citation)
        return f"{sentence(text)} {url}" if url else sentence(text)

    def journal(self, citation: Citation) -> str:
        work = citation.work
        volume = italic(work.volume or "") + (f"({work.issue})" if work.issue else "")
        source = comma(italic(work.container or ""), volume, dashed(work.pages))
        return self._tail(f"{self._head(citation, citation.title())} {source}", citation)

    def book(self, citation: Citation) -> str:
        return self._tail(sentence(self._head(citation, italic(citation.title())), citation.work.publisher), citation)

    def chapter(self, citation: Citation) -> str:
        work = citation.work
        editors = [f"{initials(person)} {surname(person)}" for person in work.editors]
        who = f"{join_names(editors, ' & ')} {self.editor_mark(len(editors))}, " if editors else ""
        pages = f" (pp. {dashed(work.pages)})" if work.pages else ""
        source = f"In {who}{italic(work.container or '')}{pages}"
        return self._tail(sentence(self._head(citation, citation.title()), source, work.publisher), citation)

    def preprint(self, citation: Citation) -> str:
        source = f"arXiv preprint arXiv:{citation.work.arxiv}"
        return self._tail(sentence(self._head(citation, italic(citation.title())), source), citation)

    def thesis(self, citation: Citation) -> str:
        note = f"{italic(citation.title())} [Doctoral dissertation, {citation.work.publisher}]"
        return self._tail(self._head(citation, note), citation)


class ApaGerman(Apa):
    """APA as German journals print it: "Hrsg." and "S."."""

    def editor_mark(self, count: int) -> str:
        return "(Hrsg.)"

    def chapter(self, citation: Citation) -> str:
        return super().chapter(citation).replace(" (pp. ", " (S. ")


class Harvard(Style):
    """Harvard (Cite Them Right): quoted titles, "pp.", "et al." from four authors."""

    def names(self, people: tuple[Person, ...]) -> str:
        if len(people) > 3:
            return inverted(people[0], gap="") + italic(" et al.")
        return join_names([inverted(person, gap="") for person in people], " and ")

    def editor_mark(self, count: int) -> str:
        return "(eds)" if count > 1 else "(ed.)"

    def _entry(self, citation: Citation, source: str) -> str:
        url = citation.url and f"Available at: {citation.url} (Accessed: {citation.accessed})"
        doi = printed_doi(citation)
        return sentence(f"{self.authors(citation)} ({citation.year}) {source}", url or (doi and f"doi:{doi}"))

    def journal(self, citation: Citation) -> str:
        work = citation.work
        pages = f"pp. {dashed(work.pages)}" if "-" in (work.pages or "") else work.pages
        source = comma(italic(work.container or ""), volume_issue(citation), pages)
        return self._entry(citation, f"‘{citation.title()}’, {source}")

    def book(self, citation: Citation) -> str:
        work = citation.work
        imprint = ": ".join(part for part in (work.place, work.publisher) if part)
        return self._entry(citation, sentence(italic(citation.title()), imprint))

    def chapter(self, citation: Citation) -> str:
        work = citation.work
        who = f"{self.names(work.editors)} {self.editor_mark(len(work.editors))} " if work.editors else ""
        imprint = ": ".join(part for part in (work.place, work.publisher) if part)
        pages = f"pp. {dashed(work.pages)}" if work.pages else None
        source = comma(sentence(f"‘{citation.title()}’, in {who}{italic(work.container or '')}", imprint), pages)
        return self._entry(citation, source.replace("., pp.", ", pp."))


class Chicago(Style):
    """Chicago author-date: full given names, the first inverted; a long dash for a repeated author."""

    def names(self, people: tuple[Person, ...]) -> str:
        names = [inverted_full(people[0]), *(direct_full(person) for person in people[1:])]
        if len(names) > 10:
            return ", ".join(names[:7]) + ", et al."
        return join_names(names, ", and ")

    def editor_mark(self, count: int) -> str:
        return ", eds." if count > 1 else ", ed."

    def _entry(self, citation: Citation, *parts: str | None) -> str:
        head = self.authors(citation).replace(" , ed", ", ed")
        return sentence(head, citation.year, *parts, link(citation))

    def journal(self, citation: Citation) -> str:
        work = citation.work
        pages = f": {dashed(work.pages)}" if work.pages else ""
        source = f"{italic(work.container or '')} {volume_issue(citation, ' ')}{pages}"
        return self._entry(citation, f"“{sentence(citation.title())}”", source)

    def book(self, citation: Citation) -> str:
        work = citation.work
        imprint = ": ".join(part for part in (work.place, work.publisher) if part)
        return self._entry(citation, italic(citation.title()), imprint)

    def chapter(self, citation: Citation) -> str:
        work = citation.work
        editors = [direct_full(person) for person in work.editors]
        who = f"edited by {join_names(editors, ' and ')}" if editors else None
        source = comma(f"In {italic(work.container or '')}", who, dashed(work.pages))
        imprint = ": ".join(part for part in (work.place, work.publisher) if part)
        return self._entry(citation, f"“{sentence(citation.title())}”", source, imprint)


class Mla(Style):
    """MLA: quoted titles, "vol." and "no.", the year behind; entries of the list have no numbers."""

    dash = "---"

    def names(self, people: tuple[Person, ...]) -> str:
        first = inverted_full(people[0])
        if len(people) > 2:
            return f"{first}, et al."
        return join_names([first, *(direct_full(person) for person in people[1:])], ", and ")

    def editor_mark(self, count: int) -> str:
        return ", editors" if count > 1 else ", editor"

    def _entry(self, citation: Citation, title: str, source: str) -> str:
        head = self.authors(citation).replace(" , editor", ", editor")
        url = link(citation)
        return sentence(head, title, comma(source, url))

    def journal(self, citation: Citation) -> str:
        work = citation.work
        volume = work.volume and f"vol. {work.volume}"
        issue = work.issue and f"no. {work.issue}"
        pages = work.pages and f"pp. {shortened(work.pages).replace('-', '–')}"
        source = comma(italic(work.container or ""), volume, issue, citation.year, pages)
        return self._entry(citation, f"“{sentence(citation.title())}”", source)

    def book(self, citation: Citation) -> str:
        return self._entry(citation, italic(citation.title()), comma(citation.work.publisher, citation.year))

    def chapter(self, citation: Citation) -> str:
        work = citation.work
        editors = [direct_full(person) for person in work.editors]
        who = f"edited by {join_names(editors, ' and ')}" if editors else None
        pages = work.pages and f"pp. {shortened(work.pages).replace('-', '–')}"
        source = comma(italic(work.container or ""), who, work.publisher, citation.year, pages)
        return self._entry(citation, f"“{sentence(citation.title())}”", source)


class Kzfss(Style):
    """The house style of KZfSS: full names, "Hrsg.", volume:pages."""

    def names(self, people: tuple[Person, ...]) -> str:
        names = [inverted_full(people[0]), *(direct_full(person) for person in people[1:])]
        return join_names(names, " und ")

    def editor_mark(self, count: int) -> str:
        return "Hrsg."

    def _entry(self, citation: Citation, *parts: str | None) -> str:
        head = self.authors(citation).replace(" Hrsg.", ", Hrsg.")
        return sentence(head, citation.year, *parts, link(citation))

    def journal(self, citation: Citation) -> str:
        work = citation.work
        pages = f":{dashed(work.pages)}" if work.pages else ""
        return self._entry(citation, citation.title(". "), f"{italic(work.container or '')} {work.volume}{pages}")

    def book(self, citation: Citation) -> str:
        work = citation.work
        imprint = ": ".join(part for part in (work.place, work.publisher) if part)
        return self._entry(citation, italic(citation.title(". ")), imprint)

    def chapter(self, citation: Citation) -> str:
        work = citation.work
        editors = [direct_full(person) for person in work.editors]
        who = f"Hrsg. {join_names(editors, ' und ')}" if editors else None
        source = comma(f"In {italic(work.container or '')}", who, dashed(work.pages))
        imprint = ": ".join(part for part in (work.place, work.publisher) if part)
        return self._entry(citation, citation.title(". "), source, imprint)


class GermanIn(Style):
    """The common style of German social science: "Müller, W./Haun, D. (1994): Titel. In: Zeitschrift 46, H. 1, S."."""

    dash = "Ders."

    def names(self, people: tuple[Person, ...]) -> str:
        if len(people) > 3:
            return f"{inverted(people[0])} u. a."
        return "/".join(inverted(person) for person in people)

    def editor_mark(self, count: int) -> str:
        return "(Hrsg.)"

    def _entry(self, citation: Citation, *parts: str | None) -> str:
        return sentence(f"{self.authors(citation)} ({citation.year}): {parts[0]}", *parts[1:], self._link(citation))

    def _link(self, citation: Citation) -> str | None:
        if citation.url:
            return f"Online unter: {citation.url} (Zugriff am {citation.accessed})"
        doi = printed_doi(citation)
        return doi and f"DOI: {doi}"

    def journal(self, citation: Citation) -> str:
        work = citation.work
        issue = work.issue and f"H. {work.issue}"
        pages = f"S. {dashed(work.pages)}" if "-" in (work.pages or "") else work.pages
        source = comma(f"In: {work.container} {work.volume}", issue, pages)
        return self._entry(citation, sentence(citation.title(". ")), source)

    def book(self, citation: Citation) -> str:
        work = citation.work
        imprint = ": ".join(part for part in (work.place, work.publisher) if part)
        return self._entry(citation, sentence(citation.title(". ")), imprint)

    def chapter(self, citation: Citation) -> str:
        work = citation.work
        who = f"{self.names(work.editors)} (Hrsg.): " if work.editors else ""
        imprint = ": ".join(part for part in (work.place, work.publisher) if part)
        pages = work.pages and f"S. {dashed(work.pages)}"
        source = f"In: {who}{sentence(work.container or '')} {comma(imprint, pages)}"
        return self._entry(citation, sentence(citation.title(". ")), source)


class Springer(Style):
    """Springer Basic: initials without stops, volume(issue):pages, hardly any punctuation."""

    def names(self, people: tuple[Person, ...]) -> str:
        names = [inverted(person, stop="", gap="", joint=" ") for person in people]
        return ", ".join(names) if len(names) <= 6 else ", ".join(names[:3]) + " et al"

    def editor_mark(self, count: int) -> str:
        return "(eds)" if count > 1 else "(ed)"

    def _entry(self, citation: Citation, rest: str) -> str:
        url = link(citation)
        return f"{self.authors(citation)} ({citation.year}) {rest}" + (f". {url}" if url else "")

    def journal(self, citation: Citation) -> str:
        work = citation.work
        pages = f":{dashed(work.pages)}" if work.pages else ""
        source = f"{work.container} {volume_issue(citation)}{pages}"
        return self._entry(citation, f"{sentence(citation.title())} {source}")

    def book(self, citation: Citation) -> str:
        work = citation.work
        return self._entry(citation, f"{sentence(citation.title())} {comma(work.publisher, work.place)}")

    def chapter(self, citation: Citation) -> str:
        work = citation.work
        who = f"{self.names(work.editors)} {self.editor_mark(len(work.editors))} " if work.editors else ""
        pages = work.pages and f"pp {dashed(work.pages)}"
        source = f"In: {who}{sentence(work.container or '')} {comma(work.publisher, work.place, pages)}"
        return self._entry(citation, f"{sentence(citation.title())} {source}")

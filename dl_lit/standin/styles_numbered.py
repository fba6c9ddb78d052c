"""Citation styles of numbered lists: IEEE, Vancouver, ACS and APS (the last two print no titles of articles)."""

from __future__ import annotations

from dl_lit.model import Person
from dl_lit.standin.citing import (
    Citation,
    bold,
    comma,
    dashed,
    direct,
    inverted,
    italic,
    join_names,
    link,
    printed_doi,
    sentence,
    shortened,
)
from dl_lit.standin.styles import Style


class Ieee(Style):
    """IEEE: initials first, quoted titles, "vol.", "no.", "pp."."""

    numbered = True

    def names(self, people: tuple[Person, ...]) -> str:
        names = [direct(person) for person in people]
        if len(names) > 6:
            return f"{names[0]} et al."
        return join_names(names, " and " if len(names) == 2 else ", and ")

    def editor_mark(self, count: int) -> str:
        return "Eds." if count > 1 else "Ed."

    def _entry(self, citation: Citation, *parts: str | None) -> str:
        doi = printed_doi(citation)
        online = citation.url and f" [Online]. Available: {citation.url}"
        return sentence(comma(self.authors(citation), *parts, doi and f"doi: {doi}")) + (online or "")

    def _quoted(self, citation: Citation, rest: str) -> str:
        title = citation.title()
        return f"“{title}” {rest}" if title[-1] in "?!." else f"“{title},” {rest}"

    def journal(self, citation: Citation) -> str:
        work = citation.work
        span = "pp." if "-" in (work.pages or "") else "Art. no."
        volume, issue = work.volume and f"vol. {work.volume}", work.issue and f"no. {work.issue}"
        pages = work.pages and f"{span} {dashed(work.pages)}"
        source = comma(italic(work.container or ""), volume, issue, pages, citation.year)
        return self._entry(citation, self._quoted(citation, source))

    def book(self, citation: Citation) -> str:
        work = citation.work
        imprint = ": ".join(part for part in (work.place, work.publisher) if part)
        return self._entry(citation, comma(italic(citation.title()) + f". {imprint}", citation.year))

    def chapter(self, citation: Citation) -> str:
        work = citation.work
        editors = f"{self.names(work.editors)}, {self.editor_mark(len(work.editors))}" if work.editors else None
        imprint = ": ".join(part for part in (work.place, work.publisher) if part)
        pages = work.pages and f"pp. {dashed(work.pages)}"
        source = comma(f"in {italic(work.container or '')}", editors, imprint, citation.year, pages)
        return self._entry(citation, self._quoted(citation, source))

    def proceedings(self, citation: Citation) -> str:
        work = citation.work
        pages, volume = work.pages and f"pp. {dashed(work.pages)}", work.volume and f"vol. {work.volume}"
        source = comma(f"in {italic(work.container or '')}", work.place, citation.year, volume, pages)
        return self._entry(citation, self._quoted(citation, source))

    def preprint(self, citation: Citation) -> str:
        source = italic(f"arXiv preprint arXiv:{citation.work.arxiv}")
        return sentence(comma(self.authors(citation), self._quoted(citation, comma(source, citation.year))))

    def thesis(self, citation: Citation) -> str:
        work = citation.work
        source = comma("Ph.D. dissertation", work.publisher, work.place, citation.year)
        return self._entry(citation, self._quoted(citation, source))


class Vancouver(Style):
    """Vancouver: initials without stops, six authors and "et al.", year;volume(issue):pages."""

    numbered = True

    def names(self, people: tuple[Person, ...]) -> str:
        names = [inverted(person, stop="", gap="", joint=" ") for person in people]
        return ", ".join(names if len(names) <= 6 else [*names[:6], "et al"])

    def editor_mark(self, count: int) -> str:
        return ", editors" if count > 1 else ", editor"

    def _entry(self, citation: Citation, *parts: str | None) -> str:
        head = self.authors(citation).replace(" , editor", ", editor")
        doi = printed_doi(citation)
        online = citation.url and f"Available from: {citation.url} [accessed {citation.accessed}]"
        return sentence(head, *parts, doi and f"doi:{doi}", online)

    def journal(self, citation: Citation) -> str:
        work = citation.work
        issue = f"({work.issue})" if work.issue else ""
        source = f"{citation.year};{work.volume}{issue}:{shortened(work.pages)}"
        return self._entry(citation, citation.title(), work.container, source)

    def book(self, citation: Citation) -> str:
        return self._entry(citation, citation.title(), self._imprint(citation))

    def chapter(self, citation: Citation) -> str:
        work = citation.work
        who = f"{self.names(work.editors)}{self.editor_mark(len(work.editors))}. " if work.editors else ""
        pages = work.pages and f"p. {shortened(work.pages)}"
        source = f"In: {who}{work.container}"
        return self._entry(citation, citation.title(), source, self._imprint(citation), pages)

    def preprint(self, citation: Citation) -> str:
        return self._entry(citation, citation.title(), f"arXiv:{citation.work.arxiv} [Preprint]", citation.year)

    def _imprint(self, citation: Citation) -> str:
        work = citation.work
        imprint = ": ".join(part for part in (work.place, work.publisher) if part)
        return f"{imprint}; {citation.year}" if imprint else citation.year


class Acs(Style):
    """ACS as many chemistry journals print it: no titles of articles, bold year, italic volume."""

    numbered = True

    def names(self, people: tuple[Person, ...]) -> str:
        names = [inverted(person) for person in people]
        return "; ".join(names) if len(names) <= 10 else "; ".join(names[:10]) + "; et al."

    def _entry(self, citation: Citation, rest: str) -> str:
        return sentence(self.authors(citation), rest, link(citation))

    def journal(self, citation: Citation) -> str:
        work = citation.work
        volume = italic(work.volume or "") + (f" ({work.issue})" if work.issue else "")
        source = f"{italic(work.container or '')} {bold(citation.year)}"
        return self._entry(citation, comma(source, volume, dashed(work.pages)))

    def book(self, citation: Citation) -> str:
        work = citation.work
        imprint = ": ".join(part for part in (work.publisher, work.place) if part)
        return self._entry(citation, f"{italic(citation.title())}; {comma(imprint, citation.year)}")

    def chapter(self, citation: Citation) -> str:
        work = citation.work
        pages = f"; pp {dashed(work.pages)}" if work.pages else ""
        imprint = comma(work.publisher, work.place, citation.year)
        return self._entry(
            citation, f"{sentence(citation.title())} In {italic(work.container or '')}; {imprint}{pages}"
        )

    def preprint(self, citation: Citation) -> str:
        return self._entry(citation, f"{sentence(citation.title())} {citation.year}, arXiv:{citation.work.arxiv}")


class Aps(Style):
    """APS as physics journals print it: initials first, no titles of articles, first page only."""

    numbered = True

    def names(self, people: tuple[Person, ...]) -> str:
        names = [direct(person) for person in people]
        if len(names) > 5:
            return f"{names[0]} {italic('et al.')}"
        return join_names(names, " and " if len(names) == 2 else ", and ")

    def journal(self, citation: Citation) -> str:
        work = citation.work
        first = (work.pages or "").split("-")[0]
        source = f"{work.container} {bold(work.volume or '')}, {first} ({citation.year})"
        return sentence(comma(self.authors(citation), source))

    def book(self, citation: Citation) -> str:
        work = citation.work
        imprint = comma(work.publisher, work.place, citation.year)
        return sentence(comma(self.authors(citation), f"{italic(citation.title())} ({imprint})", citation.url))

    def chapter(self, citation: Citation) -> str:
        work = citation.work
        imprint = comma(work.publisher, work.place, citation.year)
        pages = work.pages and f"pp. {dashed(work.pages)}"
        source = comma(f"in {italic(work.container or '')} ({imprint})", pages)
        return sentence(comma(self.authors(citation), source))

    def preprint(self, citation: Citation) -> str:
        return sentence(comma(self.authors(citation), f"arXiv:{citation.work.arxiv} ({citation.year})"))

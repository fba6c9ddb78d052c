"""The German National Library as a client meets it: SRU, MARC 21 in XML, letters in parts, diagnostics under 200."""

from __future__ import annotations

import re
import unicodedata
from xml.sax.saxutils import escape

from dl_lit.identity import isbn
from dl_lit.model import Person
from dl_lit.standin.citations import full_name, inverted_name
from dl_lit.standin.context import Context
from dl_lit.standin.search import words
from dl_lit.standin.wire import Reply, Request, page
from dl_lit.standin.world import Entry

XML = "text/xml; charset=utf-8"
KINDS = frozenset({"book", "dissertation"})
MAX_RECORDS = 100
_CONDITION = re.compile(r"(num|tit|per|woe)=(\S+)", re.IGNORECASE)


class Dnb:
    """The service under `/dnb`: books and theses."""

    def __init__(self, context: Context) -> None:
        self._entries = [one for one in context.world.entries if one.work.type in KINDS and not one.is_parasite]

    def bucket(self, request: Request) -> str:
        return "search"

    def answer(self, request: Request) -> Reply:
        if request.path.rstrip("/") != "/sru/dnb":
            return page("404 Not Found", status=404)
        query, rows = request.param("query") or "", request.param("maximumRecords") or "10"
        conditions = _CONDITION.findall(query)
        joints = {word.lower() for word in _CONDITION.sub(" ", query).split()}
        if not conditions or joints - {"and", "or"} or len(joints) > 1:
            return _response("", _diagnostic("10", "Query syntax error", query))
        if not rows.isascii() or not rows.isdigit() or int(rows) > MAX_RECORDS:
            return _response("", _diagnostic("6", "Unsupported parameter value", f"maximumRecords={rows}"))
        asks = [(index.lower(), value.strip('"')) for index, value in conditions]
        match = any if joints == {"or"} else all
        found = [entry for entry in self._entries if match(_fits(entry, *ask) for ask in asks)]
        records = "".join(
            f"<record><recordSchema>MARC21-xml</recordSchema><recordData>{_marc(entry)}</recordData></record>"
            for entry in found[: int(rows)]
        )
        return _response(f"<numberOfRecords>{len(found)}</numberOfRecords><records>{records}</records>")


def _fits(entry: Entry, index: str, value: str) -> bool:
    work = entry.work
    people = " ".join(map(full_name, (*work.authors, *work.editors)))
    title = f"{work.title} {work.subtitle or ''}"
    if index == "num":
        return work.isbn is not None and work.isbn == isbn.normalise(value)
    text = {"tit": title, "per": people}.get(index, f"{title} {people} {work.publisher or ''}")
    return set(words(value)) <= set(words(text))


def _marc(entry: Entry) -> str:
    work = entry.work
    main, *others = work.authors or (None,)
    fields = [
        _field("020", a=work.isbn),
        _field("024", a=work.doi, **{"2": "doi"}) if work.doi else "",
        _field("041", a=work.language),
        _person(main, "1", "aut"),
        _field("245", a=f"{work.title} :" if work.subtitle else work.title, b=work.subtitle),
        _field("264", a=f"{work.place} :" if work.place else None, b=work.publisher, c=f"[{work.year}]"),
        _field("502", b="Dissertation", c=work.publisher) if work.type == "dissertation" else "",
        *(_person(person, "7", "aut") for person in others),
        *(_person(person, "7", "edt") for person in work.editors),
        _field("856", u=f"https://d-nb.info/{entry.openalex_id[1:]}/04", **{"3": "Inhaltsverzeichnis"}),
    ]
    # Accents come apart from their letters there.
    text = unicodedata.normalize("NFD", "".join(fields))
    return f'<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 c 4500</leader>{text}</record>'


def _person(person: Person | None, block: str, role: str) -> str:
    if person is None:
        return ""
    return _field(f"{block}{'10' if person.name else '00'}", a=inverted_name(person), **{"4": role})


def _field(tag: str, **subfields: str | None) -> str:
    inner = "".join(f'<subfield code="{code}">{escape(text)}</subfield>' for code, text in subfields.items() if text)
    return f'<datafield tag="{tag}" ind1=" " ind2=" ">{inner}</datafield>' if inner else ""


def _diagnostic(number: str, message: str, details: str) -> str:
    return (
        '<diagnostics><diag:diagnostic xmlns:diag="http://www.loc.gov/zing/srw/diagnostic/">'
        f"<diag:uri>info:srw/diagnostic/1/{number}</diag:uri><diag:details>{escape(details)}</diag:details>"
        f"<diag:message>{message}</diag:message></diag:diagnostic></diagnostics>"
    )


def _response(records: str, diagnostics: str = "") -> Reply:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><searchRetrieveResponse xmlns="http://www.loc.gov/zing/srw/">'
        f"<version>1.1</version>{records or '<numberOfRecords>0</numberOfRecords>'}{diagnostics}"
        "</searchRetrieveResponse>"
    )
    return Reply(200, text.encode(), XML)

"""The words that a record accounts for: wherever the print has them, they speak of no other work."""

from __future__ import annotations

from dl_lit.identity import names
from dl_lit.model import Reference, Work


def of_people(reference: Reference, work: Work) -> frozenset[str]:
    """Of the names of all people of the record and of the print."""
    people = (*work.authors, *work.editors, *reference.authors, *reference.editors)
    return frozenset[str]().union(*map(names.all_words, people))


def of_record(reference: Reference, work: Work) -> frozenset[str]:
    """The same, and of the record's title, container and publisher."""
    fields = (work.title, work.subtitle, work.container, work.publisher)
    return of_people(reference, work).union(*map(names.folded_words, fields))

"""Bodies as authors: the same article is registered under a group and cited by its writers, or the other way round."""

from __future__ import annotations

from dl_lit.enrichment.vocabulary import NAMELESS
from dl_lit.identity import names
from dl_lit.model import Person, Reference, Work


def is_without_given_name(person: Person) -> bool:
    """Whether the record can be of a body: it has no given name, and more than one word or capitals alone."""
    family = person.name or person.family or ""
    return bool(person.name) or " " in family or family.isupper()


def is_on_one_side(reference: Reference, ahead: str, work: Work) -> bool:
    """Whether the first author of the print or of the record is a body, or the print calls its author unknown.

    `ahead` is what is printed before the title, as long names of bodies may be read as people.
    """
    registered, printed = [*work.authors, *work.editors][:1], reference.authors[:1]
    named = names.mentions_a_body(ahead) or any(map(names.is_body, (*registered, *printed)))
    return named or any(map(_is_nameless, printed))


def _is_nameless(person: Person) -> bool:
    return names.fold_word(person.family or person.name or "") in NAMELESS

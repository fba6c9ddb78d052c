"""Journals are recognised by their full names, abbreviations and acronyms, and are not taken for their namesakes."""

from __future__ import annotations

import pytest

from dl_lit.enrichment import containers
from dl_lit.enrichment.printed import Printed
from dl_lit.model import Reference


def found(raw: str, name: str) -> bool:
    return containers.find(Printed.of(Reference(raw)), name, None) is not None


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("A. Author, Phys. Rev. Lett. 47, 879 (1981).", "Physical Review Letters"),
        ("A. Author, Phys. Rev. E 47, 879 (1981).", "Physical Review E"),
        ("A. Author, Phys. Rev. A 47, 879.", "Physical Review A"),
        ("Author, A. J. Am. Chem. Soc. 1990, 12, 3.", "Journal of the American Chemical Society"),
        ("Author A. Title. Proc Natl Acad Sci U S A. 1990;12:3.", "Proceedings of the National Academy of Sciences"),
        ("Author A. Title. PNAS 1990;12:3.", "Proceedings of the National Academy of Sciences"),
        ("Author A. Title. JAMA 1990;12:3.", "JAMA: The Journal of the American Medical Association"),
        ("Author A. Title. Nature 1990;12:3.", "Nature"),
        ("Author A. Title. Lancet 1990;12:3.", "The Lancet"),
        ("Sheldrick, G. M. Acta Crystallogr. C 2015, 71, 3.", "Acta Crystallographica Section C Structural Chemistry"),
        ("Autor, A. (1990): Titel. In: Zeitschrift für Soziologie, Jg. 12, S. 3", "Zeitschrift für Soziologie"),
        ("Author, NordicJournal  of Veterinarv Dentistry 31, 204", "Nordic Journal of Veterinary Dentistry"),
        ("Author, Annales Limnologicae 2006, 41, 9", "Annales Limnologicae"),
        ("Author A. CA Cancer J Clin 1990;12:3.", "CA: A Cancer Journal for Clinicians"),
        ("Author A. CA Cancer J. Clin. 12, 3.", "CA A Cancer Journal for Clinicians"),
        ("Author A. Br Med J 1990;12:3.", "BMJ"),
        ("Author A. J Am Med Assoc 1990;12:3.", "JAMA"),
        ("Author A. AJR Am J Roentgenol 1990;12:3.", "American Journal of Roentgenology"),
        ("Author A. Can. J. Fish. Aquat. Sci. 12, 3.", "Canadian Journal of Fisheries and Aquatic Sciences"),
        (
            "Author A. Acta Crystallogr., Sect. A 12, 3.",
            "Acta Crystallographica Section A Foundations of Crystallography",
        ),
        ("Author A. C. R. Acad. Sci. 12, 3.", "Comptes Rendus de l'Académie des Sciences"),
        ("Author A. Zh. Eksp. Teor. Fiz. 12, 3.", "Zhurnal Eksperimental'noi i Teoreticheskoi Fiziki"),
        ("Author A. Deep-Sea Res. II 12, 3.", "Deep Sea Research Part II: Topical Studies in Oceanography"),
        ("作者. 题目. 中国科学, 2014, 32: 7", "中国科学"),
    ],
)
def test_a_printed_journal_is_recognised(raw: str, name: str) -> None:
    assert found(raw, name)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("A. Author, Phys. Rev. B 47, 879 (1981).", "Physical Review"),
        ("A. Author, Physical Review B 47, 879 (1981).", "Physical Review"),
        ("A. Author, Phys. Rev. Lett. 47, 879 (1981).", "Physical Review"),
        ("A. Author, Phys. Rev. B 47, 879 (1981).", "Physical Review E"),
        ("A. Author, Organic Chemistry 47, 879.", "Chemistry"),
        ("A. Author, The nature of things 47, 879.", "Nature"),
        ("Author A. Bull Math J 1990;12:3.", "Bulletin of Mechanics"),
        ("Brown, M., Jones, A. 12, 3.", "BMJ"),
        ("Author A. Br Med Bull 1990;12:3.", "BMJ"),
        ("Author A. J Fish Biol 12, 3.", "Journal of Fisheries Biology"),
        ("Author A. Can. J. Fish. Sci. 12, 3.", "Canadian Journal of Forest Sciences"),
        ("A. Author, pnas 47", "Proceedings of the National Academy of Sciences"),
        ("", "Nature"),
        ("A. Author, 47", "::"),
    ],
)
def test_a_namesake_is_not_taken_for_the_journal(raw: str, name: str) -> None:
    assert not found(raw, name)


@pytest.mark.parametrize(
    ("printed", "name", "same"),
    [
        ("J. Mach. Vis.", "Journal of Machine Vision", True),
        ("Journal of Machine Vision", "Journal of Machine Vision", True),
        ("Journal of Machine Learning", "Journal of Machine Vision", False),
        ("J. Vis.", "Journal of Machine Vision", False),
        ("", "Journal of Machine Vision", False),
    ],
)
def test_parsed_containers_are_compared_abbreviated_or_not(printed: str, name: str, same: bool) -> None:
    assert containers.alike(printed, name) is same


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Annual Review of Psychology", "Annual Review of Sociology"),
        ("Annual Review of Ecology", "Annual Review of Sociology"),
        ("Journal of Virology", "Journal of Urology"),
        ("Handbook of Sociology", "Handbook of Psychology"),
        ("Analytical Chemistry", "Analytical Biochemistry"),
        ("Kulturen im Handel", "Kulturen im Wandel"),
        ("Journal of Econometrics", "Journal of Economics"),
        ("Journal of Biology", "Journal of Biotechnology"),
        ("European Journal of Oncology", "European Journal of Ontology"),
        ("Canadian Journal of Oncology", "Canadian Journal of Zoology"),
    ],
)
def test_a_name_that_looks_alike_is_another_container_in_both_directions(one: str, two: str) -> None:
    for printed, name in ((one, two), (two, one)):
        assert not found(f"A. Author, Title of it. {printed} 47, 879 (1981).", name)
        assert not containers.alike(printed, name)
        assert found(f"A. Author, Title of it. {name} 47, 879 (1981).", name)


@pytest.mark.parametrize(
    "printed",
    [
        "Annual Reveiw of Sociology", "Annual Review of Socioiogy", "AnnualReview of Sociology",
        "Annual Rev iew of Sociology", "Annual Review of Sciology", "Armual Review of Sociology",
        "Annual Review of Socio1ogy", "Annual Review for Sociology", "Ann. Rev. Sociol.", "Annuai Review oi Sociology",
    ],
)  # fmt: skip
def test_a_misprint_in_a_word_leaves_the_container_what_it_is(printed: str) -> None:
    assert found(f"A. Author, Title of it. {printed} 47, 879 (1981).", "Annual Review of Sociology")

"""Lists of names in every order that styles print them in."""

from __future__ import annotations

import pytest

from dl_lit.extraction.parsing.authors import has_editor_role, split_names

# (printed list, names as "Family|Given" or "Body")
LISTS = [
    ("Smith, J. A., & Doe, B.", "Smith|J. A.; Doe|B."),
    ("J. A. Smith and J. Doe", "Smith|J. A.; Doe|J."),
    ("Smith JA, Doe B, et al.", "Smith|JA; Doe|B"),
    ("Smith, John and Jane Doe", "Smith|John; Doe|Jane"),
    ("Smith, John, Jane Doe, and Ann Lee", "Smith|John; Doe|Jane; Lee|Ann"),
    ("Aron, Raymond/Dominique Schnapper", "Aron|Raymond; Schnapper|Dominique"),
    ("Beck, U. / Lau, Ch. (Hg.)", "Beck|U.; Lau|Ch."),
    ("Lombard V.; Golaconda Ramulu H.", "Lombard|V.; Golaconda Ramulu|H."),
    ("Bentley D. J., Roels B., Hellard P.", "Bentley|D. J.; Roels|B.; Hellard|P."),
    ("Huynh M-LN, Fadok VA, Henson PM", "Huynh|M-LN; Fadok|VA; Henson|PM"),
    ("N. Engelhardt and A. C. Wall", "Engelhardt|N.; Wall|A. C."),
    ("A. Cau, R. Kuiper, and W.-P. de Roever", "Cau|A.; Kuiper|R.; de Roever|W.-P."),
    ("J. P. COLLMAN, J. P. BRAUMAN et J. L. SESSLER", "COLLMAN|J. P.; BRAUMAN|J. P.; SESSLER|J. L."),
    ("Best, H., G. Lengyel and L. Verzichelli (eds.)", "Best|H.; Lengyel|G.; Verzichelli|L."),
    ("In: Flick, U./Kardorff, E. v./Steinke, I. (Hg.)", "Flick|U.; Kardorff|E. v.; Steinke|I."),
    ("Konrad Höffner, Thomas Pause, Franziska Jahn", "Höffner|Konrad; Pause|Thomas; Jahn|Franziska"),
    ("García Márquez, Gabriel", "García Márquez|Gabriel"),
    ("von Hagen, Jürgen", "von Hagen|Jürgen"),
    ("Van de Vijver, F. J.", "Van de Vijver|F. J."),
    ("Vries, S. E. de, Siegle, J. H., & Koch, C.", "Vries|S. E. de; Siegle|J. H.; Koch|C."),
    ("King, M. L., Jr.", "King|M. L. Jr."),
    ("King, Jr., M. L.", "King|Jr. M. L."),
    ("J. A. Smith Jr.", "Smith|J. A. Jr."),
    ("Thomas, Louis A.", "Thomas|Louis A."),
    ("GENOVESE, Mark C., Maria GREENWALD", "GENOVESE|Mark C.; GREENWALD|Maria"),
    ("Wunsch, E. and H. G. Heindrich", "Wunsch|E.; Heindrich|H. G."),
    ("SANO, E.E., RODRIGUES, A.A. & BOLFE, E.L.", "SANO|E.E.; RODRIGUES|A.A.; BOLFE|E.L."),
    ("Li X, Wu Y", "Li|X; Wu|Y"),
    ("Ali Abdelwanis, PhD, Jane Doe, MD", "Abdelwanis|Ali; Doe|Jane"),
    ("李建香", "李|建香"),
    ("World Health Organization", "World Health Organization"),
    ("Ministry of Health, Labour and Welfare", "Ministry of Health, Labour and Welfare"),
    ("Bundesverband deutscher Banken [Hrsg.]", "Bundesverband deutscher Banken"),
    ("Bildungskommission/Bundesanstalt für Arbeit (Hg.)", "Bildungskommission|None; Bundesanstalt für Arbeit"),
    ("ders.", ""),
    ("–––", ""),
    ("", ""),
]


@pytest.mark.parametrize(("printed", "expected"), LISTS)
def test_names_are_divided_where_one_ends_and_the_next_begins(printed: str, expected: str) -> None:
    found = [person.name or f"{person.family}|{person.given}" for person in split_names(printed)]
    assert "; ".join(found) == expected


@pytest.mark.parametrize(
    "text", ["Müller, H. (Hrsg.)", "Rice, R. (Eds.)", "edited by X, ed.", "Silva, A. (org.)", "Meier [Hg.]"]
)
def test_editors_are_known_by_their_role(text: str) -> None:
    assert has_editor_role(text)


@pytest.mark.parametrize("text", ["Edelman, G.", "Hagen, A.", "Orgel, L.", "Edson, H."])
def test_a_name_that_only_begins_like_a_role_is_no_editor(text: str) -> None:
    assert not has_editor_role(text)

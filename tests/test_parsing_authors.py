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
    ("Morin, Bastien/Clarisse Vauquelin", "Morin|Bastien; Vauquelin|Clarisse"),
    ("Kranz, O. / Zoll, Ch. (Hg.)", "Kranz|O.; Zoll|Ch."),
    ("Perrier N.; Sundara Vasanth K.", "Perrier|N.; Sundara Vasanth|K."),
    ("Ashdown K. L., Mertens T., Corbeau J.", "Ashdown|K. L.; Mertens|T.; Corbeau|J."),
    ("Trinh A-KD, Zubik RE, Larkin TS", "Trinh|A-KD; Zubik|RE; Larkin|TS"),
    ("B. Quandt and E. F. Marsh", "Quandt|B.; Marsh|E. F."),
    ("E. Tro, K. Molenaar, and J.-H. de Winter", "Tro|E.; Molenaar|K.; de Winter|J.-H."),
    ("M. T. HARDWICK, M. T. GOSSARD et P. V. LENTZ", "HARDWICK|M. T.; GOSSARD|M. T.; LENTZ|P. V."),
    ("Wirth, K., D. Somogyi and P. Trevisanello (eds.)", "Wirth|K.; Somogyi|D.; Trevisanello|P."),
    ("In: Brandl, K./Elmsdorff, R. v./Opitz, N. (Hg.)", "Brandl|K.; Elmsdorff|R. v.; Opitz|N."),
    ("Ruprecht Kößner, Lukas Rast, Henrike Wahn", "Kößner|Ruprecht; Rast|Lukas; Wahn|Henrike"),
    ("García Márquez, Gabriel", "García Márquez|Gabriel"),
    ("von Hagen, Jürgen", "von Hagen|Jürgen"),
    ("Van de Molen, T. R.", "Van de Molen|T. R."),
    ("Boer, T. K. de, Lindner, M. P., & Hahn, R.", "Boer|T. K. de; Lindner|M. P.; Hahn|R."),
    ("King, M. L., Jr.", "King|M. L. Jr."),
    ("King, Jr., M. L.", "King|Jr. M. L."),
    ("J. A. Smith Jr.", "Smith|J. A. Jr."),
    ("Martin, Oscar B.", "Martin|Oscar B."),
    ("BELLOMONTE, Paul R., Clara WHITFORD", "BELLOMONTE|Paul R.; WHITFORD|Clara"),
    ("Kirsch, O. and T. B. Feldrich", "Kirsch|O.; Feldrich|T. B."),
    ("TANI, O.O., MENEZES, C.C. & PRADO, O.M.", "TANI|O.O.; MENEZES|C.C.; PRADO|O.M."),
    ("Li X, Wu Y", "Li|X; Wu|Y"),
    ("Omar Abdelrazek, PhD, Jane Doe, MD", "Abdelrazek|Omar; Doe|Jane"),
    ("李建香", "李|建香"),
    ("World Health Organization", "World Health Organization"),
    ("Ministry of Health, Labour and Welfare", "Ministry of Health, Labour and Welfare"),
    ("Bundesverband deutscher Imker [Hrsg.]", "Bundesverband deutscher Imker"),
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

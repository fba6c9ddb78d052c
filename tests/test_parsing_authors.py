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
    ("Oliva T. M. de, Soares R. A.", "Oliva|T. M. de; Soares|R. A."),
    ("Kim S.-j., Park H.-y.", "Kim|S.-j.; Park|H.-y."),
    ("S.-j. Kim, J.-e. Alm and J.-P. Morin", "Kim|S.-j.; Alm|J.-e.; Morin|J.-P."),
    ("King, M. L., Jr.", "King|M. L. Jr."),
    ("AGUIAR JÚNIOR, Raimundo Antônio de", "AGUIAR JÚNIOR|Raimundo Antônio de"),
    ("LEME NETO, P.; PRADO FILHO, Naomar de", "LEME NETO|P.; PRADO FILHO|Naomar de"),
    ("Costa Sobrinho, Pedro; Lima Segundo, J. C.", "Costa Sobrinho|Pedro; Lima Segundo|J. C."),
    ("P. Lima Neto and R. Prado Filho", "Lima Neto|P.; Prado Filho|R."),
    ("João Lima Neto, Maria Souza", "Lima Neto|João; Souza|Maria"),
    ("Landon JR, Korb GG", "Landon|JR; Korb|GG"),
    ("O’Dell-Farrow III, J. Q.", "O’Dell-Farrow III|J. Q."),
    ("St. John, P., & Ste. Marie, A. B.", "St. John|P.; Ste. Marie|A. B."),
    ("R. St. Clair, M. Ste. Marie, and P. Mc Gregor", "St. Clair|R.; Ste. Marie|M.; Mc Gregor|P."),
    ("St. Wolf, K. Baum", "Wolf|St.; Baum|K."),
    ("RUIZ LÓPEZ, M.ª Luisa", "RUIZ LÓPEZ|M.ª Luisa"),
    ("Dupré (Jean-Luc) et Morel (A.)", "Dupré|Jean-Luc; Morel|A."),
    ("______", ""),
    ("A. Ruiz; y M. Peña", "Ruiz|A.; Peña|M."),
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
    ("Brasil. Ministério da Pesca", "Brasil; Ministério da Pesca"),
    ("Instituto Brasileiro de Cordas e Velas (IBCV)", "Instituto Brasileiro de Cordas e Velas (IBCV)"),
    ("Organización Mundial de la Vela", "Organización Mundial de la Vela"),
    ("Statistisches Bundesamt", "Statistisches Bundesamt"),
    ("U.S. Department of Harbours and Human Tides", "U.S. Department of Harbours and Human Tides"),
    ("Centers for Tide Control and Prevention", "Centers for Tide Control and Prevention"),
    ("Seamark LLC", "Seamark LLC"),
    ("Stadt Köln", "Stadt Köln"),
    ("PRADO, J. A.; LEME, M.", "PRADO|J. A.; LEME|M."),
    ("PRADO, João Antônio da; LEME JÚNIOR, Mário", "PRADO|João Antônio da; LEME JÚNIOR|Mário"),
    ("PRADO, J. A. dos", "PRADO|J. A. dos"),
    ("PRADO, J. et al.", "PRADO|J."),
    ("Prado JA, Leme M, Lima Neto A", "Prado|JA; Leme|M; Lima Neto|A"),
    ("Ruiz López, M. y Gómez, J.", "Ruiz López|M.; Gómez|J."),
    ("Ruiz M y cols.", "Ruiz|M"),
    ("Müller, H. u.a.", "Müller|H."),
    ("dos Passos, J. R.", "dos Passos|J. R."),
    ("de la Cruz, M., & van den Berg, J.", "de la Cruz|M.; van den Berg|J."),
    ("al-Rashid, A. H.", "al-Rashid|A. H."),
    ("bin Yusuf, O.", "bin Yusuf|O."),
    ("Y. Le Blanc, L. De Luca", "Le Blanc|Y.; De Luca|L."),
    ("Brown, A., III, & Green, B., Jr.", "Brown|A. III; Green|B. Jr."),
    ("Dahlen HG, Smith ED, Orr MA", "Dahlen|HG; Smith|ED; Orr|MA"),
    ("Соколов И. И., Волков П. П. и др.", "Соколов|И. И.; Волков|П. П."),
    ("И. И. Соколов, П. П. Волков", "Соколов|И. И.; Волков|П. П."),
    ("Νικολάου Α., Παππάς, Γιώργος", "Νικολάου|Α.; Παππάς|Γιώργος"),
    ("郭春. 劉小冬. 歐陽明", "郭|春; 劉|小冬; 歐陽|明"),
    ("王小明, 李芳, 等", "王|小明; 李|芳"),
    ("山田太郎・鈴木花子編", "山田|太郎; 鈴木|花子"),
    ("佐藤 忍", "佐藤|忍"),
    ("김철수, 이영희", "김|철수; 이|영희"),
    ("王小明, Smith J", "王|小明; Smith|J"),
    ("سليم حسن، علي أحمد", "سليم|حسن; علي|أحمد"),
    ("ders.", ""),
    ("–––", ""),
    ("", ""),
]


@pytest.mark.parametrize(("printed", "expected"), LISTS)
def test_names_are_divided_where_one_ends_and_the_next_begins(printed: str, expected: str) -> None:
    found = [person.name or f"{person.family}|{person.given}" for person in split_names(printed)]
    assert "; ".join(found) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Müller, H. (Hrsg.)",
        "Rice, R. (Eds.)",
        "RICE, R. (EDS.)",
        "edited by X, ed.",
        "Silva, A. (org.)",
        "SILVA, A. (Org.)",
        "Ruiz, A. (coord.)",
        "Rossi, M. (a cura di)",
        "Dupont, M. (dir.)",
        "Meier [Hg.]",
    ],
)
def test_editors_are_known_by_their_role(text: str) -> None:
    assert has_editor_role(text)


@pytest.mark.parametrize(
    "text",
    ["Edelman, G.", "Hagen, A.", "Orgel, L.", "Edson, H.", "Dahlen HG", "Smith ED, Orr MA", ". 1997. Composition"],
)
def test_a_name_that_only_begins_like_a_role_is_no_editor(text: str) -> None:
    assert not has_editor_role(text)


def test_a_role_that_stands_far_behind_the_names_is_not_theirs() -> None:
    assert has_editor_role(" (Hg.): Haus", within=4)
    assert not has_editor_role(". 1997. Haus (Hg.)", within=4)


@pytest.mark.parametrize(
    ("printed", "people"),
    [
        ("DE LUCA, Marco", [("DE LUCA", "Marco")]),
        ("DE LA CRUZ, Ana; VAN DIJK, Anna", [("DE LA CRUZ", "Ana"), ("VAN DIJK", "Anna")]),
        ("LE GOFF, A.", [("LE GOFF", "A.")]),
        ("C. Ó Briain", [("Ó Briain", "C.")]),
        ("Ó Briain, Cathal", [("Ó Briain", "Cathal")]),
        ("MEYER, Anna and Otto KURZ", [("MEYER", "Anna"), ("KURZ", "Otto")]),
    ],
)
def test_particles_in_capitals_and_of_one_letter_belong_to_the_family(
    printed: str, people: list[tuple[str, str]]
) -> None:
    assert [(one.family, one.given) for one in split_names(printed)] == people

"""Orders of numbers, laws, judgements, patents and standards, and what was taken for a title or a name and is none."""

from __future__ import annotations

from typing import Any

import pytest

from dl_lit.extraction.parsing import orders, parse_reference
from dl_lit.model import Person

NUMBERS = [
    (
        "B. Farrow and C. Prado, Sheaves on tidal curves, Ann. of Math. (2) 118 (1983), no. 2, 201–240. MR 1000001",
        {"volume": "118", "issue": "2", "pages": "201-240", "year": 1983},
    ),
    (
        "C. Prado, Knots of rope, Proc. London Math. Soc. (3) 71 (1995), 12–44.",
        {"volume": "71", "issue": None, "pages": "12-44"},
    ),
    (
        "Ada Farrow. 2017. Buoy: Types for Harbours. ACM Trans. Rope Comput. 6, 3, Article 21 (June 2017), 30 pages.",
        {"volume": "6", "issue": "3", "pages": "21", "year": 2017},
    ),
    (
        "Ada Farrow. 2017. Buoy: Types for Harbours. Commun. Ropes 60, 11 (2017), 78–86.",
        {"volume": "60", "issue": "11", "pages": "78-86", "container": "Commun. Ropes"},
    ),
    (
        "Ann B. Farrow, The Duty to Light a Quay, 77 Harb. L.J. 401, 415 (1991).",
        {"title": "The Duty to Light a Quay", "container": "Harb. L.J.", "volume": "77", "pages": "401", "year": 1991},
    ),
]


@pytest.mark.parametrize(("printed", "fields"), NUMBERS)
def test_numbers_are_read_in_the_order_of_their_trade(printed: str, fields: dict[str, Any]) -> None:
    reference = parse_reference(printed)
    assert {name: getattr(reference, name) for name in fields} == fields
    assert reference.type == "journal-article"


ISSUED = [
    ("Farrow v. Board of Quays, 401 U.S. 512 (1971).", "legal_case", "Farrow v. Board of Quays"),
    ("[4] Prado v. Rope Works Corp., 512 F.2d 88, 91 (2d Cir. 1975).", "legal_case", "Prado v. Rope Works Corp"),
    ("Farrow v Harbour Board [1951] 2 QB 17.", "legal_case", "Farrow v Harbour Board"),
    ("BGH, Urteil vom 3. 5. 2001 – II ZR 9/99, NJW 2001, 22.", "legal_case", None),
    ("Clean Quays Act § 12, 46 U.S.C. § 901 (2006).", "legislation", "Clean Quays Act § 12"),
    ("Safe Moorings Act 1958, c. 12, s. 4.", "legislation", "Safe Moorings Act"),
    (
        "Directive 2003/11/EC of the European Parliament on ropes of 6 February 2003, OJ L 42, p. 45.",
        "legislation",
        "Directive 2003/11/EC of the European Parliament on ropes of 6 February 2003",
    ),
    (
        "BRASIL. Lei nº 8.123, de 7 de julho de 1990. Dispõe sobre os portos. Diário Oficial da União, Brasília,"
        " DF, 1990.",
        "legislation",
        "Lei nº 8.123, de 7 de julho de 1990. Dispõe sobre os portos",
    ),
    ("Farrow, A. B. (2004). Folding oar. U.S. Patent No. 6,321,654. Washington, DC.", "patent", "Folding oar"),
    ("C. Prado, “Folding oar,” US Patent 6,321,654 B2, May 4, 2004.", "patent", "Folding oar"),
    ("ISO 1141:2012. Fibre ropes – Polyester. Geneva: ISO, 2012.", "standard", "Fibre ropes – Polyester"),
]


@pytest.mark.parametrize(("printed", "kind", "title"), ISSUED)
def test_what_courts_parliaments_and_offices_issue_is_no_article(printed: str, kind: str, title: str | None) -> None:
    reference = parse_reference(printed)
    assert reference.type == kind
    assert title is None or (reference.title or "").rstrip(".") == title


@pytest.mark.parametrize("printed", [one[0] for one in ISSUED if "v" in one[0][:12]])
def test_the_parties_of_a_lawsuit_are_not_its_authors(printed: str) -> None:
    assert parse_reference(printed).authors == ()


def test_the_number_of_a_patent_is_neither_volume_nor_page() -> None:
    reference = parse_reference("Farrow, A. B. (2004). Folding oar. U.S. Patent No. 6,321,654. Washington, DC.")
    assert (reference.volume, reference.issue, reference.pages) == (None, None, None)


@pytest.mark.parametrize(
    "printed",
    [
        "Heinrich v. Elmenau, Häfen im Norden, Berlin 1990.",
        "Heinrich v. Elmenau (1990): Häfen im Norden. Berlin: Wagen.",
        "R. v. Elmenau, J. Tide Res. 12 (1990) 34.",
        "Farrow, A. Patents of the old harbour. Journal of Ropes 12, 3-9 (1990).",
        "Prado, C. The Regulation of tides. Journal of Ropes 12, 3-9 (1990).",
    ],
)
def test_names_with_particles_and_titles_about_laws_are_nothing_issued(printed: str) -> None:
    reference = parse_reference(printed)
    assert reference.type in ("book", "journal-article")
    assert reference.authors != ()


@pytest.mark.parametrize(
    "text", ["(" * 5000, "A v. " * 2000, "Patent 1," * 1000, "「" * 3000, ", 1 A. " * 1000, "A Act " * 900]
)
def test_no_print_keeps_the_patterns_busy(text: str) -> None:
    assert orders.is_case(text) in (True, False)
    assert parse_reference(text).raw == text


# ── Japanese ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_japanese_article_is_read_by_its_brackets() -> None:
    reference = parse_reference("田中花子「海辺の経済」『港湾研究』第8巻第2号、1998年、12-30頁。")
    assert (reference.title, reference.container) == ("海辺の経済", "港湾研究")
    assert (reference.volume, reference.issue, reference.pages, reference.year) == ("8", "2", "12-30", 1998)
    assert (reference.type, reference.language) == ("journal-article", "ja")
    assert reference.authors == (Person("田中", "花子"),)


def test_a_japanese_book_has_its_own_title_in_double_brackets() -> None:
    reference = parse_reference("田中花子『海辺の経済』港書房、1998年。")
    assert (reference.title, reference.publisher, reference.year) == ("海辺の経済", "港書房", 1998)


# ── names, years, publishers ─────────────────────────────────────────────────────────────────────────────


def test_an_edited_book_in_several_volumes_has_its_years_and_its_title() -> None:
    reference = parse_reference(
        "Farrow, Ada, and Jan van den Broek, eds. Letters of the Pilots. 2 vols. Ghent: Academie, 1975–78."
    )
    assert (reference.title, reference.year, reference.year_text) == ("Letters of the Pilots", 1975, "1975–78")
    assert (reference.pages, reference.type, reference.container) == (None, "book", None)
    assert [person.family for person in reference.editors] == ["Farrow", "van den Broek"]


def test_the_suffix_of_an_editor_is_no_title() -> None:
    reference = parse_reference("O’Dell-Farrow, J. Q., III, ed. Moorings. Oxford: OUP, 1999.")
    assert (reference.title, reference.editors) == ("Moorings", (Person("O’Dell-Farrow", "J. Q. III"),))


@pytest.mark.parametrize(
    ("printed", "authors"),
    [
        ("R. St. Clair, “Adaptive moorings,” Tidal Syst., vol. 12, pp. 1–3, 2013.", [("St. Clair", "R.")]),
        ("St. John, P. (2020). Estimating tide tables. Journal of Tides, 3(2), 1–9.", [("St. John", "P.")]),
        ("LIMA NETO, A. Trabalho no cais. Recife: Jangada, 1998.", [("LIMA NETO", "A.")]),
        ("PRADO, Ana Maria Lima da. Discurso. São Paulo, 2003.", [("PRADO", "Ana Maria Lima da")]),
        ("Farrow, W. Estimating tide tables. Leeds: Quay, 2001.", [("Farrow", "W.")]),
        ("Farrow W, Prado A. Estimating tide tables. J Tides. 2001;3:1-9.", [("Farrow", "W"), ("Prado", "A")]),
        ("Farnholm 1989, S. 407 [s. Anm. 1].", [("Farnholm", None)]),
        ("Herbert Farn, Tidal Union Between Harbours, in: Review of Ropes, 17/1949, S. 91.", [("Farn", "Herbert")]),
        ("Dupré (Jean-Luc), Le sel gris, Paris, Seuil, 2001.", [("Dupré", "Jean-Luc")]),
    ],
)
def test_names_in_front_are_read_whole(printed: str, authors: list[tuple[str, str | None]]) -> None:
    assert [(one.family, one.given) for one in parse_reference(printed).authors] == authors


@pytest.mark.parametrize(
    ("printed", "authors", "title"),
    [
        (
            "1. Ashdown F. Emergent Perspectives in Tidal Care. Harbour and Family Welfare. 1983;8(03):3-8.",
            [("Ashdown", "F")], "Emergent Perspectives in Tidal Care",
        ),
        (
            "Slate RC. Black Jack Ashdown: A Commander. Tidal Historical Review 1976;45(1):126–127.",
            [("Slate", "RC")], "Black Jack Ashdown: A Commander",
        ),
        (
            "Lind, J, Theodor, E & van den Berg, E 1980, Calculating the low water by chance, Quay, Leeds.",
            [("Lind", "J"), ("Theodor", "E"), ("van den Berg", "E")], "Calculating the low water by chance",
        ),
        (
            "MARCHETTI, S. & E.S. FARROW 2018. Magnetic ropes in thin films. Quay. Leeds.",
            [("MARCHETTI", "S."), ("FARROW", "E.S.")], "Magnetic ropes in thin films",
        ),
    ],
)  # fmt: skip
def test_names_end_where_the_title_or_the_year_begins(printed: str, authors: list[tuple[str, str]], title: str) -> None:
    reference = parse_reference(printed)
    assert [(one.family, one.given) for one in reference.authors] == authors
    assert reference.title == title


@pytest.mark.parametrize(
    ("printed", "title", "container", "year"),
    [
        ("Ward K. Guns, Nets and Quays. London: Faber; 1991.", "Guns, Nets and Quays", None, 1991),
        ("WARD, K. L. Land, Nets and Air. Recife: Jangada, 1998.", "Land, Nets and Air", None, 1998),
        ("Ward K. 1848 and the sea. Past Tides. 2002;55:3-26.", "1848 and the sea", "Past Tides", 2002),
        ("Hall, Tom, ‘Sprat’, Harbour Review, 41.3 (2014), pp. 4–9.", "Sprat", "Harbour Review", 2014),
        ("Roe P. Ships of call. Gender, Place and Quay. 1984;6(1):5-9.", "Ships of call",
         "Gender, Place and Quay", 1984),
        ("Roe P. Ships of call. Ocean, Coast & Shelf. 1984;6(1):4-7.", "Ships of call", "Ocean, Coast & Shelf", 1984),
        ("Lind P. Ships of call. Maritime Studies. 1999–2000;14:88-123.", "Ships of call", "Maritime Studies", 1999),
        ("Lind P. Ships of call. Maritime Studies. 1998/99;14:88-123.", "Ships of call", "Maritime Studies", 1998),
        ("Hartwell M. Kelp growth. Harbour 14, 12-20 (1999–2000).", "Kelp growth", "Harbour", 1999),
        ("Smith, J. The slow quay. London: Selbstverlag, n.d.", "The slow quay", None, None),
        ("Kessler S. Lamps and the state // Coasts in Common / ed. by U. Kess. – Cambridge : CUP, 2013. – P. 201–224.",
         "Lamps and the state", "Coasts in Common", 2013),
        ("M. K. Berger, Soziale und politische Ordnung, in: H. Kranz (Hrsg.), Ordnungen, Bonn 1990, S. 12–30.",
         "Soziale und politische Ordnung", "Ordnungen", 1990),
    ],
)  # fmt: skip
def test_titles_may_count_up_begin_with_years_and_stand_before_journals_with_commas(
    printed: str, title: str, container: str | None, year: int | None
) -> None:
    reference = parse_reference(printed)
    assert (reference.title, reference.container, reference.year) == (title, container, year)


@pytest.mark.parametrize(
    ("printed", "year", "pages"),
    [
        ("A. Hall, “Waves in a tank,” J. Fluid Mech. 62(3), 1425 (1984).", 1984, "1425"),
        ("A. Hall, “Waves in a tank,” J. Fluid Mech. 62, 1597 (1984).", 1984, "1597"),
        ("Hall, T. “Sprat.” Marine Letters, vol. 9, no. 2, 2019, p. e1234.", 2019, "e1234"),
        ("T. Hall, “Sprat,” Marine Letters, vol. 9, no. 2, Art. no. 104321, 2019.", 2019, "104321"),
    ],
)
def test_pages_that_look_like_years_or_codes_are_pages(printed: str, year: int, pages: str) -> None:
    reference = parse_reference(printed)
    assert (reference.year, reference.pages) == (year, pages)


@pytest.mark.parametrize(
    ("printed", "volume", "issue"),
    [
        ("Farrow, A., ‘Measuring Tides’, Harbour Review, 112.1 (2000), pp. 129–36", "112", "1"),
        ("Farrow, A., ‘Measuring Tides’, Harbour Review, 28/9 (1990), pp. 445–57.", "28", "9"),
        ("Farrow A., « Measuring Tides », Harbour Review, 17-4, 1999.", "17", "4"),
        ("Farrow A., « Measuring Tides », Harbour Review, 17-18, 1999.", "17-18", None),
        ("Farrow, A. 2009: “Measuring Tides”, Harbour Review, volumen 33, N.º 9, pp. 1586-1596.", "33", "9"),
    ],
)
def test_a_volume_may_be_printed_with_its_issue(printed: str, volume: str, issue: str | None) -> None:
    reference = parse_reference(printed)
    assert (reference.volume, reference.issue) == (volume, issue)


def test_a_place_and_a_publisher_may_be_parted_by_a_comma_only() -> None:
    reference = parse_reference("Ana Ruiz Prado, Cofradías y redes en el puerto, Madrid, Ancla, 1995.")
    assert (reference.place, reference.publisher) == ("Madrid", "Ancla")
    assert parse_reference("Ruiz, A. Cofradías y redes. Cambridge, MA, 1995.").publisher is None


def test_a_known_place_before_a_colon_ends_the_title() -> None:
    reference = parse_reference(
        "Farn / Prado (2006): Vom Wind zum Öl: Häfen am Meer, Hamburg: Tidal Institute of Area Studies."
    )
    assert (reference.title, reference.place) == ("Vom Wind zum Öl: Häfen am Meer", "Hamburg")


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("G. Farrow, Ph.D. thesis, University of Foamshire, 1999.", None),
        ("N. Prado, private communication.", None),
        ("Лодкин, Б. Н. Ветер и море / Б. Н. Лодкин. – СПб. : Наука, 2003. – 412 с.", "Ветер и море"),
        ("Seamark. “Cookie Rules.” Last modified May 4, 2011. http://www.seamark.example/rules.html.", "Cookie Rules"),
    ],
)
def test_what_is_said_about_a_work_is_not_its_title(printed: str, title: str | None) -> None:
    reference = parse_reference(printed)
    assert (reference.title, reference.container, reference.volume) == (title, None, None)


@pytest.mark.parametrize(
    ("printed", "title", "container", "year"),
    [
        (
            "Farrow, A. P. (2010). Os cais: uma retrospectiva. Artigo apresentado no 6º Seminário do Mar, Recife.",
            "Os cais: uma retrospectiva", "Artigo apresentado no 6º Seminário do Mar", 2010,
        ),
        (
            "REDAÇÃO. Portos do sul. Folha das Marés, 14 de dezembro de 2021. Disponível em: https://mare.example/a.",
            "Portos do sul", "Folha das Marés", 2021,
        ),
        ("Farrow, A. P. (2018, 3 de março). O cais. Jornal do Cais.", "O cais", "Jornal do Cais", 2018),
        ("13 Alder, A. R.; Quay, A. R.; Mater. Res. 2015, 18, 106.", None, "Mater. Res.", 2015),
        ("2 Alder, I. A. L.; Quay, R.; Fuel Process. Technol. 2013, 6, 619.", None, "Fuel Process. Technol.", 2013),
        ("Alder, A. R. Tides. Nature 2013, 106, 619.", "Tides", "Nature", 2013),
        (
            "Farrow, A. (1982). Cut ropes and graphs. Harbour Portal. https://harbour.example/a (accessed 3.5.21).",
            "Cut ropes and graphs", "Harbour Portal", 1982,
        ),
        ("Farrow, A. (1982). Cut ropes. Of graphs. https://harbour.example/a", "Cut ropes. Of graphs", None, 1982),
    ],
)  # fmt: skip
def test_title_and_container_are_told_apart(printed: str, title: str | None, container: str | None, year: int) -> None:
    reference = parse_reference(printed)
    assert (reference.title, reference.container, reference.year) == (title, container, year)


@pytest.mark.parametrize(
    ("printed", "container"),
    [
        (
            "Harms, Steve (2002), »Material Ropes in Towns«, Theory, Culture & Society, Jg. 19, H. 5/6, S. 23–33.",
            "Theory, Culture & Society",
        ),
        ("Holm, Jim 2006: Don’t Give Up On Harbours, in: Washington Post, 17.11.2006.", "Washington Post"),
    ],
)
def test_a_journal_is_no_publisher_and_no_place(printed: str, container: str) -> None:
    assert parse_reference(printed).container == container


def test_a_shelf_of_articles_did_not_publish_them() -> None:
    reference = parse_reference('Farrow, A. "Salt marshes." Journal of Tides 12, no. 3 (2001): 1-12. JSTOR.')
    assert reference.publisher is None


def test_an_abbreviated_journal_keeps_its_last_stop() -> None:
    assert parse_reference("Farrow, A.; Prado, R. Wings. J. Birds. 2004, 126, 12–45.").container == "J. Birds."


@pytest.mark.parametrize(
    ("printed", "language"),
    [
        ("Farrow, A. (2019). A review: tides as a weapon. Journal of Tides, 3, 1-9.", "en"),
        ("PRADO, A. O cais. Revista Brasileira de Portos e da Maré, v. 1, p. 3-9, 2011.", "pt"),
        ("Kranz, O. (1990): Hafenverwaltungen. Zeitschrift für Küstenforschung 3, S. 1-9.", "de"),
    ],
)
def test_the_journal_tells_the_language_where_the_title_does_not(printed: str, language: str) -> None:
    assert parse_reference(printed).language == language

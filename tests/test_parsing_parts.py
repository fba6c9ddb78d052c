"""The steps of the parser one by one: numbers, identifiers, words, labels, titles, kinds, language."""

from __future__ import annotations

import threading

import pytest

from dl_lit.extraction import language
from dl_lit.extraction.parsing import identifiers, kinds, lexicon, numbers, parse_reference, tagging, titles
from dl_lit.extraction.parsing.features import features
from dl_lit.extraction.parsing.mending import mend
from dl_lit.extraction.parsing.parts import Parts, parts_of
from dl_lit.extraction.parsing.tokens import tokenise


def _parts(*pieces: tuple[str, str]) -> Parts:
    """Parts out of (text, label) pieces, printed one after another; label "" is punctuation."""
    raw = "".join(text for text, _ in pieces)
    labels_by_place = []
    position = 0
    for text, label in pieces:
        labels_by_place.append((position, position + len(text), label))
        position += len(text)
    tokens = tokenise(raw)
    labels = [next(label for start, end, label in labels_by_place if start <= t.start < end) for t in tokens]
    return parts_of(raw, tokens, labels)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("1425-37", "1425-1437"),
        ("pp. 12–34", "12-34"),
        ("S. 221 - 234.", "221-234"),
        ("D490–5", "D490-D495"),
        ("e1000097", "e1000097"),
        ("1-3", "1-3"),
        ("99-101", "99-101"),
        ("xii-xv", "xii-xv"),
        ("", None),
        (None, None),
        ("n.pag.", None),
        ("С. 1–9", "1-9"),
        ("págs. 225-49", "225-249"),
    ],
)
def test_page_ranges_are_completed(printed: str | None, expected: str | None) -> None:
    assert numbers.pages(printed) == expected


@pytest.mark.parametrize(
    ("printed", "year", "text"),
    [
        ("2001a", 2001, "2001a"),
        ("1978 [1967]", 1978, "1978 [1967]"),
        ("(in press)", None, "in press"),
        ("o.J.", None, "o.J."),
        ("12. März 2004", 2004, "2004"),
        ("12.3.2004", 2004, "2004"),
        ("jan.2004", 2004, "2004"),
        ("s.f.", None, "s.f."),
        ("[s.d.]", None, "s.d."),
        ("n.d.", None, "n.d."),
        ("no prelo", None, "no prelo"),
        ("en prensa", None, "en prensa"),
        ("version 1.2004", None, "2004"),
        ("no year here", None, None),
        ("p. 12345", None, None),
    ],
)
def test_years_are_read_with_what_is_printed_around_them(printed: str, year: int | None, text: str | None) -> None:
    assert (numbers.year(printed), numbers.year_text(printed)) == (year, text)


@pytest.mark.parametrize(
    "printed",
    [
        "Acesso em: 3 mar. 2010.",
        "Accessed May 3, 2019.",
        "Retrieved September 1, 2023, from",
        "[cited 2024 Feb 4]",
        "[citado 2011 jul 12]",
        "(Zugriff: 12.3.2010)",
        "(letzter Abruf: 12.3.2010)",
        "Consultado el 3 de mayo de 2012.",
        "consulté le 12 mai 2012",
        "consultato il 12 maggio 2012",
        "JHEP 1703, 11",
        "arXiv:1510.04934",
    ],
)
def test_dates_of_access_and_numbers_like_years_are_no_years(printed: str) -> None:
    blanked = numbers.without_other_dates(f"Title. {printed}")
    assert numbers.year(blanked) is None
    assert len(blanked) == len(f"Title. {printed}")


@pytest.mark.parametrize("printed", ["Berlin 2010", "cited in Prado 1999", "Views of 1848", "A revisit. 2001"])
def test_years_beside_such_words_stay(printed: str) -> None:
    assert numbers.year(numbers.without_other_dates(printed)) is not None


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("v. 3", "3"),
        ("año 4", "4"),
        ("Т. 5", "5"),
        ("Vol. 12", "12"),
        ("Jg. 47", "47"),
        ("Bd. 3", "3"),
        ("XIV", "XIV"),
        ("Vol.", None),
        (None, None),
    ],
)
def test_a_volume_is_its_number(printed: str | None, expected: str | None) -> None:
    assert numbers.volume(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("no. 3", "3"), ("n.º 5", "5"), ("№ 2", "2"), ("Heft 1/2", "1/2"), ("(4)", "4"), ("3–4", "3-4")],
)
def test_an_issue_is_its_number(printed: str, expected: str) -> None:
    assert numbers.issue(printed) == expected


# ── identifiers and words ────────────────────────────────────────────────────────────────────────────────


def test_identifiers_say_where_they_stand() -> None:
    text = "A title. doi:10.1000/abc. https://a.org/x."
    found = identifiers.find(text)
    assert [text[start:end] for start, end in found.spans] == ["doi:10.1000/abc.", "https://a.org/x."]
    assert (found.doi, found.url) == ("10.1000/abc", "https://a.org/x")


def test_a_bare_www_address_becomes_a_link() -> None:
    assert identifiers.find("In: www.example.de/a_b.html").url == "http://www.example.de/a_b.html"


def test_words_keep_their_hyphens_and_numbers_their_ranges() -> None:
    assert [t.text for t in tokenise("Ross-on-Wye, 42(2):155-9.")] == ["Ross-on-Wye", "42", "2", "155-9"]


def test_chinese_characters_are_words_of_their_own() -> None:
    assert [t.text for t in tokenise("李建香. 光明2009")] == ["李", "建", "香", "光", "明", "2009"]


def test_a_word_knows_the_punctuation_around_it() -> None:
    first, second = tokenise("(Smith): x")
    assert (first.before, first.after, second.before, second.after) == ("(", "): ", "): ", "")


def test_the_lexicon_knows_a_word_by_all_its_kinds() -> None:
    assert {"places", "given"} <= set(lexicon.kinds_by_word()["florence"]) | {"given"}
    assert "berlin" in lexicon.words("places")


# ── labels ───────────────────────────────────────────────────────────────────────────────────────────────


def test_there_is_one_label_and_one_list_of_features_for_each_word() -> None:
    tokens = tokenise("Weber, Max (1922): Wirtschaft und Gesellschaft, Tübingen.")
    assert len(tagging.label(tokens)) == len(features(tokens)) == len(tokens)
    assert set(tagging.label(tokens)) <= set(tagging.LABELS)
    assert tagging.label([]) == [] == features([])


def test_threads_may_parse_at_the_same_time() -> None:
    raws = [f"Meier, Anna ({year}): Arbeit und Leben. Berlin: Springer." for year in range(1950, 1990)]
    found: dict[int, list[int | None]] = {}

    def work(number: int) -> None:
        found[number] = [parse_reference(raw).year for raw in raws]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert all(found[number] == list(range(1950, 1990)) for number in range(4))


def _mended(raw: str, labels: str) -> str:
    names = {
        "a": "author",
        "d": "date",
        "t": "title",
        "c": "container",
        "e": "editor",
        "i": "in",
        "l": "label",
        "v": "volume",
    }
    short = {name: letter for letter, name in names.items()}
    return "".join(short[label] for label in mend(raw, tokenise(raw), [names[letter] for letter in labels]))


def test_a_quoted_title_is_one_stretch() -> None:
    assert _mended("Rao, Y. “Role of Tulsi in the cure of x,” Journal 9", "aattticccccv") == "aattttttttcv"


def test_a_quoted_word_inside_a_title_changes_nothing() -> None:
    assert _mended("Rao, Y. Role of “big new data” in care. Journal", "aatttttccc") == "aatttttccc"


def test_names_in_the_middle_of_a_title_belong_to_it() -> None:
    assert _mended("Rose, G. The Thought of Theodor Adorno reread. Journal", "aatttaatc") == "aattttttc"


def test_editors_in_front_are_editors_although_taken_for_a_title() -> None:
    assert _mended("[1] Bundesverband deutscher Imker (Hrsg.) 2002 Bienen", "laatedt") == "leeeedt"


def test_what_stands_before_edited_by_is_the_book() -> None:
    raw = "Prado, A. Tides. In Culture, Shores, edited by Ann Leme"
    assert _mended(raw, "aatieeeeee") == "aaticceeee"


def test_editors_before_a_book_stay_editors() -> None:
    assert _mended("Prado, A. Tides. In Leme, edited by Ann", "aaticeee") == "aaticeee"


def test_no_journal_begins_with_a_small_letter_in_the_middle_of_a_phrase() -> None:
    assert _mended("Prado, A. Software for spatial tides in R. Nature", "aattttccc" + "c") == "aatttttccc"[:10]


def test_behind_the_date_of_a_work_without_authors_stands_where_it_appeared() -> None:
    assert _mended("The smallest tide. (2008). In Harbour News", "tttdttt") == "tttdicc"


def test_in_vitro_opens_a_title() -> None:
    assert _mended("Prado A. In vitro growth of tides. Harbour Sci 12", "aaicccccc" + "v") == "aattttt" + "ccv"


def test_a_title_in_front_stays_when_the_editors_stand_behind_it() -> None:
    assert _mended("A whole title. Meier (Hrsg.) 2002", "tttaed") == "tttaed"


def test_a_body_taken_for_a_title_is_an_author() -> None:
    assert _mended("World Bank. 2020. The whole report", "ttdttt") == "aadttt"


def test_a_bracket_that_opens_in_a_title_closes_in_it() -> None:
    assert _mended("Rao. The leaf (of a tree) alone. Nature", "atttcccc") == "attttttc"


def test_a_title_in_single_quotes_ends_at_its_quote_not_at_an_apostrophe() -> None:
    raw = "Brislan, R. 2003 ‘Diversity in Peoples’ Use of Time’, Applied Psychology 52"
    assert _mended(raw, "aadttttttttccv"[:11] + "cc")[:9] == "aadtttttt"
    assert parse_reference(raw).title == "Diversity in Peoples’ Use of Time"


def test_behind_a_quoted_title_stands_where_it_appeared() -> None:
    assert _mended("Ohlers, T. ‘Temporary Work in Ports’. Paper to a conference", "aatttttttt") == "aattttcccc"
    assert _mended("Ohlers, T. “Temporary Work in Ports.” Paper to a conference", "aatttttttt") == "aattttcccc"


def test_a_title_goes_on_behind_a_quoted_beginning() -> None:
    assert _mended("Garbe, O. ‘A Modest Addition’: What the Charter Is", "aatttttttt"[:9]) == "aattttttt"


def test_a_quote_without_an_end_changes_nothing() -> None:
    assert _mended("Garbe, O. ‘A Modest Addition Journal", "aatttc") == "aatttc"


def test_a_title_taken_for_a_name_is_one_again() -> None:
    assert _mended("Kubeczka C. Genetics. In Volatile Crops", "aaaicc") == "aaticc"


def test_a_journal_taken_for_a_name_is_a_journal() -> None:
    assert _mended("Eloff JN. PlantaMed. 1988 64", "aaadv") == "aacdv"


def test_initials_before_a_family_name_make_no_title() -> None:
    assert _mended("Bricker, and M. Livny. 1992 Condor", "aaaadc") == "aaaadc"


def test_an_acronym_before_a_colon_opens_the_title() -> None:
    assert _mended("Devlin, Toutanova. BERT: Pre-training of", "aaatt") == "aattt"


def test_behind_a_long_quotation_stands_a_journal_even_without_punctuation() -> None:
    raw = "Ohlers, T. “Temporary work in ports of the north” Harbour Notes 12"
    assert _mended(raw, "aa" + "t" * 8 + "c" + "v") == "aa" + "t" * 7 + "ccv"


def test_behind_a_quotation_and_a_stop_stands_a_journal() -> None:
    assert _mended("Ohlers, T. »Arbeit in Häfen«. Neue Hefte 12", "aatttttv") == "aatttccv"


def test_a_long_phrase_among_chinese_names_is_the_title() -> None:
    assert _mended("王明, 港口工人研究, 海洋学报, 2005", "aaaaaaaattttd") == "aattttttccccd"
    assert _mended("王明, 李小芳. 海洋学报, 2005", "aaaaattttd") == "aaaaattttd"


def test_words_for_a_missing_year_are_a_date() -> None:
    assert _mended("Adorno (o.J.): Dialektik", "aaat") == "addt"


# ── titles and kinds ─────────────────────────────────────────────────────────────────────────────────────


def test_a_second_sentence_of_a_book_is_part_of_its_title() -> None:
    parts = _parts(
        ("Kranz", "author"), (" Nebenwege", "title"), (". Die Unbeweglichkeit", "container"), (", Köln", "place")
    )
    assert titles.choose(parts) == titles.Titles("Nebenwege. Die Unbeweglichkeit", None)


def test_a_book_in_volumes_is_no_journal() -> None:
    parts = _parts(("Erfindung", "title"), (". Kontrolle", "container"), (", Bd. 1", "volume"), (", Köln", "place"))
    assert titles.choose(parts).container is None


def test_a_journal_behind_a_title_stays_a_journal() -> None:
    parts = _parts(("Erfindung", "title"), (". Neue Rundschau", "container"), (" 12", "volume"), (", 1-3", "pages"))
    assert titles.choose(parts) == titles.Titles("Erfindung", "Neue Rundschau")


def test_a_title_that_ran_on_into_the_journal_is_parted() -> None:
    parts = _parts(("Moorings. Nucleic Acids Research", "container"), (", 41", "volume"))
    assert titles.choose(parts) == titles.Titles("Moorings", "Nucleic Acids Research")


def test_the_book_is_the_title_where_that_of_the_chapter_is_not_printed() -> None:
    parts = _parts(("Salvi", "author"), (". In", "in"), (": Nord", "editor"), (". Tides and shores", "container"))
    numbered = parts_of(
        "Salvi. In: Nord. Tides and shores, 3",
        tokenise("Salvi. In: Nord. Tides and shores, 3"),
        ["author", "in", "editor", "container", "container", "container", "volume"],
    )
    assert titles.choose(parts).title == titles.choose(numbered).title == "Tides and shores"


def test_a_title_before_the_date_of_a_work_without_authors_is_no_journal() -> None:
    parts = _parts(("The smallest tide", "container"), (". (2008)", "date"), (". In Harbour News", "title"))
    assert titles.choose(parts) == titles.Titles("The smallest tide", "Harbour News")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Could harbours explain tides? The University of Northport", "Could harbours explain tides?"),
        ("Tide workshop. The University of Northport South", "Tide workshop"),
        ("Tides of the north. Northport University", "Tides of the north"),
        ("A guide to tides. Tide Watch", "A guide to tides"),
        ("The University of Northport", "The University of Northport"),
        ("Tides of the north, University of Northport", "Tides of the north"),
    ],
)
def test_a_title_ends_before_the_body_that_published_it(printed: str, expected: str) -> None:
    assert titles.choose(_parts(("Tide Watch", "author"), (". " + printed, "title"))).title == expected


def test_a_bracket_closes_behind_the_dot_of_an_abbreviation() -> None:
    parts = _parts(("Growth of kelp (Laminaria sp", "title"), (".). Harbour Sci", "container"), (" 12", "volume"))
    assert titles.choose(parts).title == "Growth of kelp (Laminaria sp.)"


def test_an_editor_in_brackets_is_no_part_of_the_title() -> None:
    parts = _parts(("A guide to tides (Seamark", "title"), (", Ed", "editor"), (".)", "note"))
    assert titles.choose(parts).title == "A guide to tides"


def test_a_chinese_title_ends_at_its_stop() -> None:
    assert titles.choose(_parts(("港口工人研究. 海洋学报", "title"))) == titles.Titles("港口工人研究", "海洋学报")


def test_labels_must_be_as_many_as_words() -> None:
    with pytest.raises(ValueError, match="2 labels for 1 words"):
        parts_of("Blick", tokenise("Blick"), ["title", "title"])


def test_an_abbreviated_journal_without_a_title_is_left_whole() -> None:
    parts = _parts(("J. Chem. Phys.", "container"), (" 98", "volume"))
    assert titles.choose(parts) == titles.Titles(None, "J. Chem. Phys")


def test_a_page_taken_for_a_journal_is_a_title() -> None:
    assert titles.choose(_parts(("The Workbench", "container"), (" 2023", "date"))).title == "The Workbench"


def test_a_second_title_behind_in_is_the_container() -> None:
    parts = _parts(
        ("Habits of Lending", "title"),
        (". In", "in"),
        (": Farrow", "editor"),
        (": Village economies", "title"),
    )
    assert titles.choose(parts) == titles.Titles("Habits of Lending", "Village economies")


def test_a_short_false_title_yields_to_a_longer_one() -> None:
    parts = _parts(("Vgl", "title"), (". Meier", "author"), (": Die lange Geschichte", "title"))
    assert titles.choose(parts).title == "Die lange Geschichte"


def test_a_container_hidden_in_the_title_is_found_behind_in() -> None:
    parts = _parts(("Der Kran lernt hören, in: Notes from the Harbour", "title"))
    assert titles.choose(parts) == titles.Titles("Der Kran lernt hören", "Notes from the Harbour")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Kepler notebook (Version v0.10)", "Kepler notebook"),
        ("Buoy manual (Seamark, Ed.) [Report]", "Buoy manual"),
        ("Umbau von Werften. – Dissertation an der Technischen", "Umbau von Werften"),
        ("Federalism. Bristol/Boston", "Federalism"),
        ("Harbours and Villages, 2nd edn", "Harbours and Villages"),
        ("04: Softwareagenten im Alltag", "Softwareagenten im Alltag"),
        ("Turbulent tides, Northport Univ. Press", "Turbulent tides"),
        ("Turbulent tides, Northport University Press", "Turbulent tides"),
        ("A history of the Northport University Press", "A history of the Northport University Press"),
        ("港口工人研究[J]", "港口工人研究"),
        ("Marés e portos [tese de doutorado]", "Marés e portos"),
        ("Marés e portos [recurso eletrônico]", "Marés e portos"),
        ("Arbeit und Leben)", "Arbeit und Leben"),
        ("(Un)certain futures [in pieces]", "(Un)certain futures [in pieces]"),
        ("Was ist „Arbeit“", "Was ist „Arbeit“"),
        ("Leben mit »Geld«", "Leben mit »Geld«"),
        ('Bakhtin/"Bakhtin"', 'Bakhtin/"Bakhtin"'),
        ("Ders. Conversation theatre", "Conversation theatre"),
    ],
)
def test_titles_end_before_medium_degree_and_place(printed: str, expected: str) -> None:
    assert titles.choose(_parts((printed, "title"))).title == expected


def test_where_nothing_is_tagged_as_title_the_first_words_behind_the_date_are_it() -> None:
    parts = _parts(("Farrow", "author"), (" (2023", "date"), ("). LanternKit", "note"), (". Retrieved from", "note"))
    assert titles.choose(parts).title == "LanternKit"


def test_a_lone_run_of_words_before_a_date_is_the_title() -> None:
    parts = _parts(("Lessons in data", "author"), (" (2021", "date"), ("). Retrieved from", "note"))
    assert titles.choose(parts) == titles.Titles("Lessons in data", None, author_is_title=True)


def test_a_lone_body_or_person_stays_an_author() -> None:
    assert titles.choose(_parts(("World Bank", "author"), (" 2021", "date"))).title is None
    assert titles.choose(_parts(("Meier, A.", "author"), (" 2021", "date"))).title is None


def test_words_in_brackets_before_the_date_are_not_the_title() -> None:
    parts = _parts(
        ("Farrow", "author"), (" (with the help of", "title"), (" Ohlers", "author"), (") (1985", "date"),
        (") Distant goals and patience in daily practice", "title"),
    )  # fmt: skip
    assert titles.choose(parts).title == "Distant goals and patience in daily practice"


def test_a_journal_behind_the_last_comma_is_parted_from_the_title() -> None:
    parts = _parts(("Shared moorings, Econometrica", "container"), (", 54", "volume"))
    assert titles.choose(parts) == titles.Titles("Shared moorings", "Econometrica")


def test_a_paper_presented_names_its_meeting() -> None:
    parts = _parts(("Fragen nach Stillstand. Vortrag auf dem 37. Kongress", "title"))
    assert titles.choose(parts) == titles.Titles("Fragen nach Stillstand", "Vortrag auf dem 37. Kongress")


def test_editors_in_front_of_the_container_are_editors() -> None:
    parts = _parts(("Titel", "title"), (". In", "in"), (": Kranz, Olga (Hg.), Redet die Werft", "container"))
    chosen = titles.choose(parts)
    assert (chosen.container, chosen.editors) == ("Redet die Werft", "Kranz, Olga (Hg.)")


def test_numbers_without_any_words_give_no_title() -> None:
    assert titles.choose(_parts(("Meier", "author"), (" 12", "volume"), (", 1-3", "pages"))).title is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Meier, A. (2001): Arbeit. Diplomarbeit, Universität Bielefeld.", "dissertation"),
        ("Doe, J. (2019). A study of things. bioRxiv. https://doi.org/10.1101/123456", "posted-content"),
        (
            "Doe, J. (2019). A study of things. Proceedings of the National Academy of Sciences, 111(23), 8410–8415.",
            "journal-article",
        ),
        ("Doe, J.: A study of things. In: Proc. 5th Workshop on Logic, pp. 1–9 (1992)", "proceedings-article"),
        ("Doe, J. (1999). A study of things. Working Paper No. 12. London: LSE.", "report"),
    ],
)
def test_the_kind_of_a_work_is_told_by_its_parts(raw: str, expected: str) -> None:
    assert parse_reference(raw).type == expected


def test_a_chapter_without_editors_is_known_by_its_place() -> None:
    parts = _parts(("Titel", "title"), (". In", "in"), (": Großes Werk", "container"), (". Bonn", "place"))
    assert kinds.kind(parts, identifiers.Identifiers(), titles.choose(parts)) == "book-chapter"


def test_volume_and_pages_alone_make_an_article() -> None:
    parts = _parts(("Meier", "author"), (" 12", "volume"), (", 1-3", "pages"))
    assert kinds.kind(parts, identifiers.Identifiers(), titles.choose(parts)) == "journal-article"


# ── language ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The patience of old sailors and the spread of news in the city", "en"),
        ("Die langsame Verwandlung der Hafenstädte und ihre Folgen", "de"),
        ("La fabrication des cordages anciens dans les ateliers", "fr"),
        ("Caminos para llegar y volver de la montaña en los inviernos", "es"),
        ("Condições de pesca e mudanças nas aldeias de pescadores no litoral", "pt"),
        ("Storia delle corde a Camogli dalla prima nave alla fine della vela", "it"),
        ("Een onderzoek naar de levensloop van het gezin", "nl"),
        ("Записки по истории и жизни портов в начале века", "ru"),
        ("海邊舊事", "zh"),
        ("日本の社会", "ja"),
        ("한국 사회", "ko"),
        ("Nature", None),
        ("Noma: a neglected enigma", None),
        ("Vitamin D3 enhances mood", None),
        ("Funktionsgesellschaft, Teil A: Funktionalismus als Methode", "de"),
        ("Conhecimento e navegação no litoral", "pt"),
        ("Rapportering om bæredygtighed", None),
        ("J. Am. Rope Soc.", None),
        ("港町の経済", "ja"),
        ("12 34", None),
        ("", None),
    ],
)
def test_the_language_is_guessed_from_small_words_and_scripts(text: str, code: str | None) -> None:
    assert language.guess(text) == code

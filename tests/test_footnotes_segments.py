"""Notes cut into citations: what is one, where it begins and ends, what is left out."""

from __future__ import annotations

import time

import pytest

from dl_lit.extraction.footnotes.judging import Kind
from dl_lit.extraction.footnotes.segments import segments

BOOK = "Karla Ahlers, Die stille Werft, Emden 1994, S. 17"
ARTICLE = "M. Dorn, ‘Harbours and Their Keepers’ (1988) 12 Coastal Law Review 77"
CHAPTER = "Jan Fehr, Ebbe und Recht, in: Tom Gerth (Hrsg.), Küsten im Wandel, Kiel 2003, S. 5-31"


def full(note: str) -> list[str]:
    return [segment.text for segment in segments(note) if segment.kind is Kind.FULL]


def kinds(note: str) -> list[Kind]:
    return [segment.kind for segment in segments(note)]


@pytest.mark.parametrize("work", [BOOK, ARTICLE, CHAPTER])
@pytest.mark.parametrize(
    "lead",
    [
        *("", "Vgl. ", "Vgl. dazu ausführlich ", "Siehe auch ", "Siehe z. B. ", "S. dazu ", "Ähnlich ", "Dazu näher "),
        *("See ", "See also ", "Cf. ", "For a discussion, see ", "See, for example, ", "Voir aussi ", "Zit. nach: "),
        "So schon, mit anderen Gründen, der Verfasser in seiner frühen Schrift; vgl. ",
        "The reasons are given elsewhere and need no repetition. See ",
    ],
)
def test_words_that_lead_to_a_work_are_no_part_of_it(lead: str, work: str) -> None:
    assert full(f"{lead}{work}.") == [f"{work}."]


@pytest.mark.parametrize(
    ("note", "works"),
    [
        (f"{BOOK}; {CHAPTER}.", [BOOK, f"{CHAPTER}."]),
        (f"{BOOK}f. Vgl. auch {CHAPTER}.", [f"{BOOK}f.", f"{CHAPTER}."]),
        (f"{BOOK} sowie {CHAPTER}.", [BOOK, f"{CHAPTER}."]),
        (f"{BOOK} und {CHAPTER}.", [BOOK, f"{CHAPTER}."]),
        (f"{BOOK} ff. – Siehe auch {CHAPTER}.", [f"{BOOK} ff.", f"{CHAPTER}."]),
        (f"{ARTICLE}; see also {BOOK}.", [ARTICLE, f"{BOOK}."]),
        (f"{ARTICLE}. Compare {BOOK}.", [f"{ARTICLE}.", f"{BOOK}."]),
        (f"{BOOK}. {CHAPTER}.", [f"{BOOK}.", f"{CHAPTER}."]),
        (f"{BOOK}. W.J. Sann/N. Marx: Der Kai, Kiel 1999.", [f"{BOOK}.", "W.J. Sann/N. Marx: Der Kai, Kiel 1999."]),
        (
            "Ahlers, Karla, 1994: Die Werft. Emden. Bohm, Ernst (1996): Der Kai. Kiel.",
            ["Ahlers, Karla, 1994: Die Werft. Emden.", "Bohm, Ernst (1996): Der Kai. Kiel."],
        ),
    ],
)
def test_several_works_in_a_note_are_parted(note: str, works: list[str]) -> None:
    assert full(note) == works


@pytest.mark.parametrize(
    "work",
    [
        "Ahlers, Karla (1994): Die stille Werft. Bilder aus Emden. Bremen: Deichverlag.",
        "Ahlers, Karla. (1994). Die stille Werft. Deichverlag.",
        "Amt für Häfen, Fischerei und Deiche (2011): Der Hafen. Ein Bericht. Emden.",
        "Ahlers; Bohm; Carstens, Werften und Wellen, Emden 1994.",
        "Karla Ahlers, Werft und Wort, 2. Aufl., Emden 1994, Bd. 3, S. 17.",
        "Tom Gerth, Rede zur Eröffnung am 3. Oktober 1998, in: Hafenblätter 7/1998, S. 4-9.",
        "Paul Heyn, The Tide and the Law; A Survey, in: Coast Review 3 (1999), pp. 4-9.",
        "Karla Ahlers, „Stille; Lärm. Eine Werft“, in: Hafenblätter 8 (1999), S. 1-9.",
        "Gerth/Fehr (Hg.), Küsten und Märkte, Kiel 2003.",
        "J. Dorn, Harbours and Tides (1989) 20.",
        "Ahlers, Karla: Die Werft (Hafenstudien 3). Frankfurt a. M.: Deichverlag 1999.",
        "J. Dorn, Harbours and Tides (1989).",
        "Dorn, Hafen und Flut (1925) abgedruckt in: Dorn, Gesammelte Schriften III (1967) 1 (3).",
    ],
)
def test_signs_inside_a_citation_do_not_cut_it(work: str) -> None:
    assert full(work) == [work]


@pytest.mark.parametrize(
    ("note", "works"),
    [
        (f"{BOOK}. Die Werft ist seither geschlossen.", [f"{BOOK}."]),
        (f"{BOOK}, der allerdings nur die frühen Jahre untersucht hat.", [BOOK]),
        (f"{ARTICLE}, who takes a different view of the matter.", [ARTICLE]),
        (
            "Ahlers, Karla (1994): Die Werft. Emden. Das ist seit langem bekannt.",
            ["Ahlers, Karla (1994): Die Werft. Emden."],
        ),
        (f"Keiner war dabei (vgl. {BOOK}), und keiner fragte.", [BOOK]),
        (f"Die Fragen kehren wieder. Der beste Überblick findet sich bei {BOOK}.", [f"{BOOK}."]),
    ],
)
def test_comments_are_left_out(note: str, works: list[str]) -> None:
    assert full(note) == works


@pytest.mark.parametrize(
    "note",
    [
        "Das Wort steht hier für jede Art von Hafen.",
        "Der Verfasser dankt der Werft für die Pläne von 1994.",
        "Gespräch mit der Hafenmeisterin am 3.4.1999.",
        "Ahlers (1994) argues that harbours keep their own time, and most readers agree.",
        "Ahlers’ study (1994: 17) is the exception here.",
        "Ahlers (1994), Bohm (1996), Carstens (2001).",
        "„Der Hafen gehört denen, die ihn bauen, und denen, die in ihm warten“ (Ahlers 1994: 17).",
        "Dr. Karla Ahlers, Hafenstr. 3, 26721 Emden, Tel.: 04921 1234, E-Mail: ahlers@example.org",
        "Alle Zahlen: 12,4 Mio. Tonnen im Jahr 1994, davon 30 % Stückgut.",
        "Danzig, Emden, Kiel und Bremen.",
        "Bürgermeisterin Ahlers hatte im Erlass 94 vom 14.9.1995 die Werft geschlossen.",
    ],
)
def test_prose_cites_nothing_in_full(note: str) -> None:
    assert full(note) == []


@pytest.mark.parametrize(
    "note",
    [
        "Ahlers 1994, S. 18.",
        "Ahlers (1994), S. 2, siehe auch S. 110f.",
        "Hafenamt AG (2014), S. 101, 154 sowie S. 124–125.",
        "Vgl. auch Ahlers/Bohm 1994: 18.",
        "Ahlers 1994, S. 18 [s. Anm. 3].",
        "Ahlers (oben N. 4) 194 ff., 221 f.",
        "Ahlers, a.a.O., S. 3.",
        "Ahlers, op. cit., n. 18, p. 38.",
        "Tom Gerth, ebd., S. 40.",
    ],
)
def test_a_work_named_in_full_elsewhere_is_a_short_form(note: str) -> None:
    assert kinds(note) == [Kind.SHORT]


@pytest.mark.parametrize(
    "note", ["Ebd., S. 5.", "Ebenda.", "Ibid., p. 7.", "id., p. 24", "A.a.O., S. 9.", "op. cit., 12."]
)
def test_the_place_cited_last_is_a_repetition(note: str) -> None:
    assert kinds(note) == [Kind.REPEAT]


def test_a_chapter_of_a_book_cited_before_is_a_work_of_its_own() -> None:
    note = "L. Moor, ‘Anchors in Equity’ in Dorn, op. cit. (1988), n. 4."
    assert full(note) == [note]


@pytest.mark.parametrize(
    "cited",
    [
        "Emder Bote, 3.4.1999, S. 2.",
        "The Harbour Times, 3.4.1999.",
        "„Ein Kran für alle“, in: Emder Bote, 3.4.1999, S. 2.",
        "https://www.example.org/hafen/plan.html.",
        "www.example.org/hafen (Zugriff am 5. November 2013).",
        "Ebbe v. Flood [1919] 2 K.B. 571.",
        "Harbours (Miscellaneous Provisions) Act 1970 (U.K.)",
        "Hafenamt Emden, Werfttag und Bericht, Emden 1994, online: www.example.org/bericht (12.10.2009).",
    ],
)
def test_newspapers_addresses_cases_and_acts_are_cited_too(cited: str) -> None:
    assert full(f"Vgl. {cited}") == [cited]


def test_an_address_ends_where_the_sentence_goes_on() -> None:
    assert full("Siehe: http://www.example.org/a.pdf. Dort steht auch der Plan.") == ["http://www.example.org/a.pdf."]


def test_an_address_mentioned_in_passing_is_not_cited() -> None:
    note = "Alle Hefte können bei der Werft bestellt oder von deren Seiten (http://www.example.org) geladen werden."
    assert full(note) == []


@pytest.mark.parametrize(
    "text", ["Bell-" * 1600, "AaBb’" * 1600, "A. B. " * 1300, "Bell; " * 1300, "1" * 8000, "S. 5, " * 1300, "(" * 8000]
)
def test_hostile_notes_are_read_in_time(text: str) -> None:
    begun = time.monotonic()
    segments(text)
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    ("note", "cited"),
    [
        (
            "Cf. A. Prado, “El muelle”, Costas, 3 (2004), p. 1; y M. Peña, “La grúa”, Costas, 4 (2005), p. 2.",
            "M. Peña, “La",
        ),
        ("Ver ainda Ana Prado (org.), Cais e maré, Lisboa: Faina, 1998, p. 4.", "Ana Prado (org.), Cais"),
        ("Véase además Ana Prado (coord.), Costas del sur, Cádiz: Faena, 1998, p. 4.", "Ana Prado (coord.), Costas"),
        ("Voir encore Anne Prade (dir.), Quais et grues, Brest: Rade, 1998, p. 4.", "Anne Prade (dir.), Quais"),
    ],
)
def test_words_that_lead_to_a_citation_are_left_out_in_these_languages(note: str, cited: str) -> None:
    last = segments(note)[-1]
    assert (last.kind, last.text[: len(cited)]) == (Kind.FULL, cited)


@pytest.mark.parametrize("note", ["Idem, ibidem, p. 102.", "Ibíd., p. 40."])
def test_a_repetition_may_name_the_author_once_more(note: str) -> None:
    assert [found.kind for found in segments(note)] == [Kind.REPEAT]

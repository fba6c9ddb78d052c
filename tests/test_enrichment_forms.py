"""Prints that say in which form they cite a title, in many languages, held against the other form and their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from test_enrichment_kinds import ARTICLE, is_accepted

TITLE = ARTICLE.title or ""
OWN_ARTICLE = replace(ARTICLE, authors=ARTICLE.authors[:1])
THESIS = replace(
    OWN_ARTICLE, type="dissertation", container=None, volume=None, issue=None, pages=None,
    publisher="University of Oldtown",
)  # fmt: skip
OWN_BOOK = replace(THESIS, type="book", publisher="Hill Press")
OWN_CHAPTER = replace(
    OWN_ARTICLE, type="book-chapter", container="Handbook of Ice", volume=None, issue=None, pages="12-30"
)
HEAD = f"Aldana, M. (2011). {TITLE}"


# ── theses ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "told",
    [
        " (Doctoral dissertation, University of Oldtown).", ". M.Sc. thesis, University of Oldtown.",
        ". Inaug.-Diss., Oldtown.", ". PhD diss., University of Oldtown.",
        ". Habilitationsschrift, Universität Oldtown.", ". Masterarbeit. Oldtown.",
        ". Dissertação (Mestrado em Geografia) – Universidade de Oldtown.",
        ". Tese (Doutorado) – Universidade de Oldtown.", ". Thèse de doctorat, Université d'Oldtown.",
        ". Mémoire de maîtrise, Université d'Oldtown.", ". Tesis doctoral. Oldtown.",
        ". Trabajo de fin de máster. Universidad de Oldtown.", ". Tesi di laurea, Università di Oldtown.",
        ". Teză de doctorat, Universitatea Oldtown.", ". Proefschrift Universiteit Oldtown.",
        ". Masterscriptie. Oldtown.", ". Licentiatavhandling, Oldtown universitet.",
        ". Masteroppgave. Universitetet i Oldtown.", ". Ph.d.-afhandling, Oldtown.",
        ". Väitöskirja. Oldtownin yliopisto.", ". Pro gradu -tutkielma. Oldtownin yliopisto.",
        ". Doktoritöö, Oldtowni Ülikool.", ". Disertační práce, Univerzita Oldtown.",
        ". Dizertačná práca. Univerzita Oldtown.", ". Diplomová práce. Oldtown.",
        ". Praca doktorska, Uniwersytet Oldtown.", ". Rozprawa doktorska. Uniwersytet Oldtown.",
        ". Doktorski rad. Oldtown.", ". Magistrsko delo. Univerza Oldtown.", ". Doktori értekezés, Oldtowni Egyetem.",
        ". Daktaro disertacija. Oldtown.", ". Doktora tezi, Oldtown Üniversitesi.",
        ". Yüksek lisans tezi, Oldtown Üniversitesi.", ": дис. ... канд. геогр. наук. М.", ". Дисс. … канд. наук. М.",
        ". Автореферат диссертации. М.", ". Кандидатська дисертація. Київ.", ". Διδακτορική διατριβή. Oldtown.",
        ". رسالة دكتوراه، جامعة Oldtown.",
        ". أطروحة دكتوراه، جامعة Oldtown.", ". پایان نامه دکتری، دانشگاه Oldtown.",
        ". 博士論文, Oldtown大学.", ". 博士学位论文, Oldtown大学.", ". 学位论文. Oldtown.",
        "[D]. Oldtown: University of Oldtown.",
        ". 박사학위논문, Oldtown대학교.", ". Luận án tiến sĩ. Oldtown.", ". Skripsi. Oldtown.",
    ],
)  # fmt: skip
def test_a_thesis_is_not_the_article_chapter_or_book_of_its_title(told: str) -> None:
    assert is_accepted(HEAD + told, THESIS)
    for other in (OWN_ARTICLE, OWN_BOOK, OWN_CHAPTER):
        assert not is_accepted(HEAD + told, other)


@pytest.mark.parametrize(
    "told",
    [
        ". Lecture notes, University of Oldtown.", ". Vorlesungsskript, Universität Oldtown.",
        ". Notes de cours, Oldtown.", ". Apostila. Oldtown.", ". Конспект лекций. М.", ". 讲义, Oldtown大学.",
        ". Unpublished lecture notes.",
    ],
)  # fmt: skip
def test_the_notes_of_a_lecture_are_neither_article_nor_book(told: str) -> None:
    assert not is_accepted(HEAD + told, OWN_ARTICLE) and not is_accepted(HEAD + told, OWN_BOOK)


@pytest.mark.parametrize(
    "series", ["Courant Lecture Notes 9. Hill Press.", "(Lecture Notes in Ice, 61). Oldtown: Hill Press."]
)
def test_lecture_notes_that_are_a_series_forbid_no_book(series: str) -> None:
    assert is_accepted(f"{HEAD}. {series}", OWN_BOOK)


@pytest.mark.parametrize(
    "printed",
    [
        f"{HEAD}. Journal of Polar Observation, 28(2), 115–131.", f"{HEAD}. Oldtown: Hill Press.",
        f"Marta Aldana, {TITLE} (Oldtown: Hill Press, 2011), 33.",
        f"Aldana, Marta: {TITLE}. Berlin: de Gruyter 2011.",
        f"M. Aldana, “{TITLE},” Journal of Polar Observation, 2011, pp. 115-131.",
        f"{HEAD}. In B. Norrland (Ed.), Handbook of Ice (pp. 12–30). Oldtown: Hill Press.",
        f"Aldana M. {TITLE}[M]. Oldtown: Hill Press, 2011.",
        f"Aldana M. {TITLE}[J]. Polar Observation, 2011, 28(2): 115.",
    ],
)  # fmt: skip
def test_an_article_a_chapter_or_another_publishers_book_is_not_the_thesis(printed: str) -> None:
    assert not is_accepted(printed, THESIS)


def test_a_press_of_the_town_of_a_university_is_not_the_university() -> None:
    assert not is_accepted(f"{HEAD}. Oldtown: Oldtown Press.", THESIS)
    assert not is_accepted(f"{HEAD}. Diss., University of Oldtown.", replace(OWN_BOOK, publisher="Oldtown Press"))


@pytest.mark.parametrize(
    "told",
    [
        "University of Oldtown.", "Oldtown.", "Oldtown: Univ.", "Ann Arbor: UMI.", "MIT.",
        "Oldtown: University of Oldtown.",
        "(Publication No. 3334455) [Doctoral dissertation, University of Oldtown]. ProQuest Dissertations.",
    ],
)  # fmt: skip
def test_a_thesis_needs_not_be_called_one(told: str) -> None:
    assert is_accepted(f"{HEAD}. {told}", THESIS)


@pytest.mark.parametrize(
    ("told", "publisher"),
    [
        ("Hamburg: Kovač (Zugl. Diss., Univ. Oldtown).", "Kovač"),
        ("Oldtown: Hill Press (zugl. Oldtown, Univ., Diss.).", None),
        ("Oldtown: Hill Press. (Diss. Oldtown 2010)", "Hill Press"), ("Diss., Univ. Oldtown.", "Universität Oldtown"),
    ],
)  # fmt: skip
def test_a_thesis_that_came_out_as_a_book_or_is_registered_as_one_is_the_book(told: str, publisher: str | None) -> None:
    assert is_accepted(f"{HEAD}. {told}", replace(OWN_BOOK, publisher=publisher))


# ── newspapers, interviews, recordings ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "printed",
    [
        "Aldana, M. (2011): {}. In: FAZ, 12.3.2011, S. 11.", "Aldana, M.: {}. FAZ, 12.3.2011, S. 11.",
        "Aldana, M.: {}. In: Frankfurter Allgemeine Zeitung vom 12. März 2011, S. 11.",
        "Aldana, M.: {}. In: Die Zeit, Nr. 12, 17.3.2011.", "Aldana, M. (2011, April 14). {}. The Guardian.",
        "Marta Aldana, “{},” The Guardian, 14 April 2011.",
        "Marta Aldana, “{},” New York Times, Oct. 3, 2011, p. B4.",
        "Aldana M. {}. The Washington Post. 2011 Oct 3;Sect. A:2.", "Aldana M. {}[N]. 人民日报, 2011-04-14(3).",
        "Aldana, M. «{}», Le Monde, 14 avril 2011, p. 3.", "Aldana, M. {}. El País, 14 de abril de 2011.",
        "ALDANA, M. {}. Folha de S. Paulo, São Paulo, 14 abr. 2011, p. 3.",
        'Aldana M. {}, "la Repubblica", 14 aprile 2011, p. 3.', "Алдана М. {} // Известия. 14 апреля 2011.",
        "Aldana M. {}. Gazeta Wyborcza, 14.04.2011, s. 3.", "Aldana, M. (14 Nisan 2011). {}. Cumhuriyet.",
        "Aldana M. {}. Lidové noviny, 14. dubna 2011, s. 3.", "Aldana M. {}. 朝日新聞, 2011年4月14日.",
        "Aldana M. {}. 조선일보, 2011년 4월 14일.", "Aldana M. {}. الأهرام، 14 أبريل 2011.",
        "Aldana, M. (2011). {}. De Volkskrant, 14 april 2011, p. 3.",
        "Aldana, M. (2011). {}. The Economist, April 14th.",
        "Aldana, M. (2011). {}. Interview mit der Autorin. Oldtown.",
        "Aldana, M. (2011). {}. Interview with B. Norrland.", "Aldana, M. (2011). {}. Personal communication.",
        "Aldana, M. (2011). {} [Interview]. Oldtown Radio.", "Aldana, M. (2011). {}. Entretien avec l'auteur.",
        "Aldana, M. (2011). {}. Entrevista con B. Norrland.", "Aldana, M. (2011). {} [TED talk].",
        "Aldana, M. (2011). {} [Documentary film]. Hill Films.", "Aldana, M. (2011). {}. Podcast, Oldtown Radio.",
        "Aldana, M. (2011). {} [Press release]. Oldtown.", "Aldana, M. (2011). {}. Pressemitteilung. Oldtown.",
        "Aldana, M. (2011). {}. Communiqué de presse. Oldtown.", "Aldana, M. (2011). {}. Пресс-релиз. М.",
        "Aldana, M. (2011). {}. Comunicado de prensa, Oldtown.", "Aldana, M. (2011). {} [Film]. Hill Films.",
        "Aldana, M. (2011). {} [Фильм].", "Aldana, M. (2011). {} [Vídeo]. YouTube.",
        "Aldana, M. (2011). {}. Dokumentarfilm, Hill Films.", "Aldana, M. (2011). {} [Radio programme]. BBC.",
    ],
)  # fmt: skip
def test_what_came_out_on_a_day_or_was_told_or_recorded_is_neither_article_nor_book(printed: str) -> None:
    for other in (OWN_ARTICLE, OWN_BOOK, OWN_CHAPTER):
        assert not is_accepted(printed.format(TITLE), other)


@pytest.mark.parametrize(
    "printed",
    [
        "Aldana, M. (2011). {}. Journal of Polar Observation, 28(2). Retrieved 14 April 2014 from https://x.org/y",
        "Aldana, M. (2011). {}. Retrieved April 14, 2014, from https://x.org/y",
        "Aldana, M. (2011). {}. https://x.org/y (accessed 12.3.2019).",
        "Aldana, M. (2011). {}. https://x.org/y (12.3.2019).",
        "Aldana, M. (2011). {}. https://x.org/y (Zugriff am 12.3.2019).",
        "Aldana, M. (2011). {}. URL: https://x.org/y (дата обращения: 12.03.2019).",
        "Aldana M. {}. J. Polar Obs., published online 14 April 2011.",
        "Aldana M. {}. Published online 14 April 2011.",
        "Aldana M. {}. J Polar Obs. 2011 Apr 14. [Epub ahead of print]",
        "Aldana M. {}. Polar Obs. 2011 Apr 14;28(2):115-31.", "Aldana M. {} [J/OL]. 极地观测, 2011 [2014-04-14].",
        "Aldana M. {}. 2011. [cit. 2014-04-14].",
        "ALDANA, M. {}. 2011. Disponível em: https://x.org/y. Acesso em: 14 abr. 2014.",
        "Aldana M. {}. 2011 [dostęp 14.04.2014].", "Aldana M. {}. 2011. Consulté le 14 avril 2014.",
        "Aldana M. {}. 2011. Erişim tarihi: 14.04.2014.",
        "Aldana M. {}. 2011 [cited 2014 Apr 14]. Available from: https://x.org/y",
        "Aldana M. {}. arXiv:1104.12345, 14 April 2011.", "Aldana M. {}. SSRN, April 14, 2011.",
        "Aldana M. (2011). {}. 2011 [last visited 14 April 2014].",
    ],
)  # fmt: skip
def test_the_day_of_access_or_of_receipt_forbids_nothing(printed: str) -> None:
    assert is_accepted(printed.format(TITLE), OWN_ARTICLE)


def test_the_days_of_a_meeting_forbid_nothing() -> None:
    paper = replace(
        OWN_CHAPTER, type="proceedings-article", container="Proceedings of the Oldtown Workshop on Ice", pages=None
    )
    assert is_accepted(f"{HEAD}. Workshop on Ice, Oldtown, 12-14 April 2011.", paper)


@pytest.mark.parametrize(
    "printed",
    [
        "Aldana, M. (2011). {}. Hill Press. Accessed 14 April 2014.",
        "Aldana, M. {}. Oldtown: Hill Press, 14 April 2011.", "Aldana M. {}. Hill Press; 2011 [cited 2014 Apr 14].",
    ],
)  # fmt: skip
def test_a_day_beside_its_publisher_forbids_no_book(printed: str) -> None:
    assert is_accepted(printed.format(TITLE), OWN_BOOK)


@pytest.mark.parametrize(
    "printed", ["Aldana, M. (2011, April 14). {}. The Guardian.", "Aldana, M. “{}”, The Guardian, 14 April 2011."]
)
def test_the_article_of_a_newspaper_is_itself(printed: str) -> None:
    own = replace(OWN_ARTICLE, container="The Guardian", volume=None, issue=None, pages=None)
    assert is_accepted(printed.format(TITLE), own)


def test_an_interview_in_a_journal_is_the_article() -> None:
    raw = f"{HEAD}. Interview with B. Norrland. Journal of Polar Observation, 28(2), 115–131."
    assert is_accepted(raw, OWN_ARTICLE)

"""Lines, hyphens and columns of the stand-in papers."""

from __future__ import annotations

from dl_lit.standin.citing import Face, Run, italic, runs
from dl_lit.standin.typesetting import Block, Look, Setter, Sheet, break_lines, splits, width_of, words_of

TIMES = "times"


def text_of(words: tuple[tuple[tuple[str, Face], ...], ...]) -> str:
    return " ".join("".join(text for text, _ in word) for word in words)


def heads(text: str) -> list[str]:
    return [head[0][0] for head, _ in splits(((text, Face.ROMAN),), True)]


def test_words_keep_the_faces_within_them() -> None:
    assert words_of(runs(f"in {italic('Nature')}, twice")) == [
        (("in", Face.ROMAN),),
        (("Nature", Face.ITALIC), (",", Face.ROMAN)),
        (("twice", Face.ROMAN),),
    ]


def test_no_line_is_wider_than_its_column() -> None:
    block = Block((Run("Bildungsungleichheit und institutionelle Regelungen " * 8),), Look(first=12, rest=4))
    lines = break_lines(block, 140, TIMES)
    assert all(line.indent + line.width <= 140.01 for line in lines)
    assert lines[0].indent == 12 and lines[1].indent == 4
    assert [line.last for line in lines] == [False] * (len(lines) - 1) + [True]


def test_broken_words_join_again_without_their_hyphens() -> None:
    text = "Untersuchungen zur institutionellen Regelung gesellschaftlicher Verhältnisse"
    lines = break_lines(Block((Run(text),), Look()), 95, TIMES)
    assert len(lines) > 3
    joined = " ".join(text_of(line.words) for line in lines).replace("- ", "")
    assert joined == text


def test_words_break_between_syllables_only() -> None:
    assert "regu-" in heads("regulation") and "reg-" not in heads("regulation")
    assert heads("Regelung,") and all(head.endswith("-") for head in heads("Regelung,"))
    assert heads("short") == [] and heads("QUANTUM") == [] and heads("B864–B871") == []


def test_a_word_of_mixed_faces_does_not_break() -> None:
    assert splits((("Zeitschrift", Face.ITALIC), (",", Face.ROMAN)), True) == []


def test_dois_break_without_a_hyphen() -> None:
    found = heads("https://doi.org/10.1016/0097-3165(74)90042-7")
    assert "https://doi.org/10.1016/" in found
    assert not any(head.endswith("--") for head in found)


def test_a_word_that_nothing_breaks_stands_alone() -> None:
    lines = break_lines(Block((Run("a QUANTUMELECTRODYNAMICS b"),), Look()), 60, TIMES)
    assert [text_of(line.words) for line in lines] == ["a", "QUANTUMELECTRODYNAMICS", "b"]


def test_raised_text_is_narrower() -> None:
    assert width_of((("12", Face.RAISED),), TIMES, 10) < width_of((("12", Face.ROMAN),), TIMES, 10)


def test_an_empty_block_has_no_lines() -> None:
    assert break_lines(Block((), Look()), 100, TIMES) == []


def test_text_flows_over_columns_and_pages() -> None:
    setter = Setter(Sheet(columns=2))
    setter.new_page()
    setter.pour([Block((Run("Words follow one another down the column. " * 10),), Look())] * 30)
    assert len(setter.pages) >= 2
    assert setter.column in (0, 1)


def test_a_heading_is_not_left_alone_at_the_foot_of_a_column() -> None:
    sheet = Sheet()
    setter = Setter(sheet)
    setter.new_page()
    setter.y = sheet.height - sheet.bottom - 30
    setter.pour([Block((Run("References"),), Look(keep=3)), Block((Run("First entry"),), Look())])
    assert len(setter.pages) == 2 and setter.pages[0] == []

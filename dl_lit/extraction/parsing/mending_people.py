"""Correct labels of names: who wrote, who edited, and where the names end and the title begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dl_lit.extraction.parsing import lexicon
from dl_lit.extraction.parsing.tokens import Token

_INITIAL = re.compile(r"[A-ZÄÖÜ]{1,3}|[A-Z][a-z]?")
_INITIALS = re.compile(r"[A-ZÄÖÜ]{1,3}")
_MARKS = str.maketrans(dict.fromkeys("“”„«»", '"'))
_LONGEST_NAMES = 16
_FRONT_EDITORS = re.compile(r"(?i)[(\[,]\s?(?:hr?s?gg?|ed|eds|editors?|herausgeber|orgs?)\b")
_LATIN = frozenset(("vitro", "vivo", "situ", "silico", "utero"))
_AND = frozenset(("and", "und", "et", "e", "y", "&"))
_GROUPS = frozenset(
    ("collaboration", "committee", "consortium", "group", "investigators", "network", "team", "gmbh", "inc")
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d[a-z]?")
_LONGEST_SHORT_FORM = 8  # words
_LONGEST_LIST = 8  # words
_LONGEST_NAME = 4  # words
_COUNTRIES = frozenset(
    ("USA", "Germany", "Deutschland", "England", "Brasil", "Brazil", "Argentina", "España", "Spain", "France", "Italy",
     "Italia", "Switzerland", "Netherlands", "Australia", "Canada", "China", "India", "Japan", "Mexico", "Portugal",
     "Austria", "Belgium", "Denmark", "Sweden", "Norway", "Finland", "Poland", "Ireland", "Colombia", "Chile", "Perú",
     "UK", "Great", "New", "South", "North", "West", "East", "Russia", "Turkey", "Iran", "Israel", "Greece")
)  # fmt: skip
_EDITED = frozenset(("edited", "herausgegeben", "editado", "organizado"))
_BY = frozenset(("by", "von", "v", "por"))
_EDITOR_WORDS = frozenset(("hrsg", "hg", "hgg", "ed", "eds", "editor", "editors", "herausgeber", "org", "orgs"))


def mend_people(raw: str, tokens: Sequence[Token], labels: list[str]) -> None:
    """Authors and editors, and what was taken for them."""
    if _FRONT_EDITORS.search(raw):
        _front_editors(tokens, labels)
    if "in" in labels:
        _editors_behind_in(tokens, labels)
    _front_body(tokens, labels)
    _latin_beginning(tokens, labels)
    if "editor" in labels:
        _before_edited_by(tokens, labels)
    if ":" in raw:
        _acronym_in_front(tokens, labels)
    _title_among_authors(tokens, labels)
    _first_words_of_title(tokens, labels)
    if "date" not in labels:
        _names_up_to_year(tokens, labels)
    _word_before_in(tokens, labels)
    _names_among_names(tokens, labels)
    _journal_among_authors(tokens, labels)
    _name_cut_in_two(tokens, labels)
    _title_cut_in_two(tokens, labels)
    _names_before_title(tokens, labels)
    _short_form(tokens, labels)
    if labels and labels[0] in ("title", "label"):
        _name_in_front(tokens, labels)
    if "place" in labels:
        _house_behind_place(tokens, labels)


def _front_editors(tokens: Sequence[Token], labels: list[str]) -> None:
    """Whatever stands before "(Hg.)" at the head of a reference is the name of its editor."""
    for i, token in enumerate(tokens[:_LONGEST_NAMES]):
        is_dated = labels[i] == "date" and not token.text.isalpha()  # "III" may have been taken for one
        if is_dated or labels[i] in ("in", "id") or (i and _ends_sentence(tokens[i - 1])):
            return
        is_role = token.text.lower() in _EDITOR_WORDS
        is_bare = token.before in (", ", "., ") and token.after[:2] in (". ", "), ", ", ") and i + 1 < len(tokens)
        if is_role and ("(" in token.before or "[" in token.before or is_bare):
            start = 1 if labels[0] == "label" else 0
            labels[start : i + 1] = ["editor"] * (i + 1 - start)
            if is_bare:
                _title_behind_editors(labels, i + 1)
            return


def _title_behind_editors(labels: list[str], start: int) -> None:
    """ "..., III, ed. Harbours. Oxford": what follows the editors is the title, whatever else it was taken for."""
    end = start
    while end < len(labels) and labels[end] == labels[start]:
        end += 1
    if labels[start] in ("edition", "editor", "genre", "note") and "title" not in labels:
        labels[start:end] = ["title"] * (end - start)


def _editors_behind_in(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "In: Tide Initiative (Hg.): The book": what stands between "In" and "(Hg.)" edited the book behind it."""
    start = labels.index("in") + 1
    end = next((i for i in range(start, len(labels)) if labels[i] != "container"), len(labels))
    if not start < end < start + _LONGEST_NAMES or end + 1 >= len(labels) or labels[end + 1] != "container":
        return
    if tokens[end].text.lower() in _EDITOR_WORDS and "(" in tokens[end].before and ")" in tokens[end].after:
        labels[start : end + 1] = ["editor"] * (end + 1 - start)


def _ends_sentence(token: Token) -> bool:
    return ":" in token.after or '"' in token.after.translate(_MARKS) or ("." in token.after and len(token.text) > 3)


def _before_edited_by(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "In Culture, Tides, Language, edited by Ann Prado": what stands before "edited by" is the book."""
    for i in range(2, len(tokens) - 1):
        role, following = tokens[i].text.lower(), tokens[i + 1].text.lower()
        if labels[i] != "editor" or not (role in _EDITED or (role in _EDITOR_WORDS and following in _BY)):
            continue
        start = i
        while labels[start - 1] == "editor" and start > 1:
            start -= 1
        if start < i and labels[start - 1] == "in" and "container" not in labels[:start]:
            labels[start:i] = ["container"] * (i - start)
        return


def _latin_beginning(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "In vitro growth of tides. Harbour Sci. 12": what begins so is a title, up to its full stop."""
    for i in range(len(tokens) - 1):
        if labels[i] == "in" and tokens[i + 1].text.lower() in _LATIN and "title" not in labels[:i]:
            end = i + 1
            while end < len(tokens) and labels[end] in ("container", "title") and "." not in tokens[end].before:
                end += 1
            labels[i:end] = ["title"] * (end - i)
            return


def _front_body(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "World Bank. (2020). Title.": two titles parted by the date are a body and its title, unless the second begins
    with "In": that is where the first appeared."""
    if labels[:1] != ["title"] or "author" in labels:
        return
    runs = [(i, label) for i, label in enumerate(labels) if i == 0 or labels[i - 1] != label]
    names = [label for _, label in runs[:3]]
    if names != ["title", "date", "title"]:
        return
    second = runs[2][0]
    if tokens[second].text == "In" and "." in tokens[second].before:
        end = next((i for i in range(second, len(labels)) if labels[i] != "title"), len(labels))
        labels[second:end] = ["in", *["container"] * (end - second - 1)]
    elif runs[1][0] <= _LONGEST_NAMES:
        labels[: runs[1][0]] = ["author"] * runs[1][0]


def _names_before_title(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Keats, John, and Ada Lovett. Title", "Prado A; the Tide Study Group. Title", "FARROW, Ada. Title": what stands
    before the first stop of a title is the last author, or the only one."""
    start = next((i for i, label in enumerate(labels) if label == "title"), None)
    if start is None or any(label not in ("author", "label") for label in labels[:start]):
        return
    end = start + 1
    while end < len(labels) and "." not in tokens[end].before:
        end += 1
    is_followed = end + 1 < len(labels) and labels[end] == labels[end + 1] == "title"
    if not is_followed or end - start > _LONGEST_NAMES or len(tokens[end - 1].text) < 3:  # an initial's stop
        return
    if _is_name(tokens[start:end], follows=start > 0 and labels[start - 1] == "author"):
        labels[start:end] = ["author"] * (end - start)


def _name_in_front(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Ada Prado: Boats and winds, in: ...", "Ada Prado, Boats and winds, Bonn 1990": a title that begins with a given
    and a family name has its author in front."""
    start = 1 if labels[0] == "label" else 0
    if "author" in labels or "editor" in labels[:4] or labels[start : start + 1] != ["title"]:
        return
    end = start + 1
    while end < min(len(labels), start + _LONGEST_NAME) and not set(tokens[end].before) & set(",:;."):
        end += 1
    words = tokens[start:end]
    is_parted = end + 1 < len(labels) and labels[end] == labels[end + 1] == "title"
    if not is_parted or tokens[end].before not in (": ", ", ") or not {"in", "place", "date"} & set(labels[end:]):
        return
    is_chapter = len(words) == 2 and tokens[end].before == ": " and {"in", "editor"} <= set(labels)
    is_name = is_chapter or (len(words) > 1 and words[0].text.lower() in lexicon.words("given"))
    if is_name and all(map(_is_part_of_name, words)):
        labels[start:end] = ["author"] * len(words)


def _is_part_of_name(word: Token) -> bool:
    return word.text[0].isupper() or word.text in lexicon.words("particles")


def _short_form(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Prado 1990, S. 12": the only word before the year of a short form is the author."""
    if len(labels) < 2 or "author" in labels or "editor" in labels or labels[0] == "label":
        return
    name = tokens[0].text
    is_name = name[0].isupper() and len(name) > 2 and name.lower() not in lexicon.words("places")
    is_dated = _YEAR.fullmatch(tokens[1].text) is not None and tokens[1].before in (" ", ", ", " (")
    is_short = len(labels) < _LONGEST_SHORT_FORM and not {"container", "publisher"} & set(labels[2:])
    if is_name and is_dated and is_short:
        labels[:2] = ["author", "date"]


def _house_behind_place(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Madrid, Faro, 1995": what follows a known place behind a comma is the publisher, unless it is a place too."""
    start = labels.index("place")
    end = start
    while end < len(labels) and labels[end] == "place":
        end += 1
    if "publisher" in labels or end - start < 2:
        return
    places = lexicon.words("places")
    for i in range(start + 1, end):
        if tokens[i].before != ", ":
            continue
        rest = [token.text for token in tokens[i:end]]
        is_house = all(word.lower() not in places and len(word) > 2 for word in rest) and rest[0] not in _COUNTRIES
        if is_house and tokens[i - 1].text.lower() in places and not tokens[end - 1].after.startswith(":"):
            labels[i:end] = ["publisher"] * (end - i)
        return


def _name_cut_in_two(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "SILVA, Ana Maria | Lima da. Speech": words that go on from the authors up to a particle and a stop are the
    rest of a name; without any other title, the title stands behind them."""
    start = next((i for i, label in enumerate(labels) if label not in ("author", "label")), len(labels))
    if not 0 < start < len(labels) or labels[start] != "title" or tokens[start].before != " ":
        return
    end = start
    while end < len(labels) and labels[end] == "title" and (end == start or tokens[end].before == " "):
        end += 1
    if end == len(labels) or end - start > _LONGEST_NAME or "." not in tokens[end].before:
        return
    if tokens[end - 1].text in lexicon.words("particles") and tokens[end - 1].text.islower():
        labels[start:end] = ["author"] * (end - start)
        behind = end
        while "title" not in labels and behind < len(labels) and labels[behind] in ("publisher", "container"):
            behind += 1
        labels[end:behind] = ["title"] * (behind - end)


def _title_cut_in_two(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Ada Prado, Economic Union | Between Nations, in: ...": a title begins where its phrase begins, unless that
    holds a given name or an initial."""
    end = next((i for i, label in enumerate(labels) if label not in ("author", "label")), len(labels))
    if end == len(labels) or labels[end] != "title" or tokens[end].before != " " or tokens[end].text.lower() in _AND:
        return
    start = end - 1
    while start > 0 and "," not in tokens[start].before and ":" not in tokens[start].before:
        start -= 1
    words = [token.text for token in tokens[start:end]]
    is_name = any(len(word) < 3 or word.lower() in lexicon.words("given") for word in words)
    if len(words) > 1 and start > 1 and labels[start - 2] == labels[start] == "author" and not is_name:
        labels[start:end] = ["title"] * len(words)


def _is_name(words: Sequence[Token], *, follows: bool) -> bool:
    """Whether the words before a title's first stop are a further author, or the only one."""
    first, last = words[0], words[-1]
    if last.text.lower() in _GROUPS and (not follows or ";" in first.before or "," in first.before):
        return True
    if follows:
        return first.text.lower() in _AND and len(words) <= 4 and last.text[0].isupper()
    is_inverted = len(words) > 1 and "," in first.after and first.text.isupper() and len(first.text) > 2
    return is_inverted and len(words) <= 4 and not last.text.isupper()


def _acronym_in_front(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "... and K. Lee. BERT: Pre-training": the word between full stop and colon opens the title."""
    for i in range(1, len(tokens) - 1):
        last_author = labels[i + 1] == "title" and labels[i] == "author" == labels[i - 1]
        if last_author and "." in tokens[i].before and ":" in tokens[i].after:
            labels[i] = "title" if len(tokens[i - 1].text) > 2 else labels[i]


def _title_among_authors(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Franz C. Genetics. In": words behind the last initials are no name, where nothing else is the title."""
    if "title" in labels:
        return
    end = next((i for i, label in enumerate(labels) if label not in ("author", "label")), len(labels))
    if end in (0, len(labels)) or not tokens[end - 1].after.startswith("."):
        return
    name = "container" if "volume" in labels and "container" not in labels else "title"
    for i in range(2, end):
        family, initial, word = tokens[i - 2 : i + 1]
        is_behind = _INITIAL.fullmatch(initial.text) and initial.before == " " and word.before == ". "
        is_name = (
            family.text[0].isupper() and len(family.text) > 2 and family.text.lower() not in lexicon.words("given")
        )
        if is_behind and is_name and len(word.text) > 3 and labels[i - 2] == "author":
            labels[i:end] = [name] * (end - i)
            return


def _first_words_of_title(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Ashdown F. Emergent | perspectives", "SLATE, R. C. Boats, | Nets and Quays.": what stands behind the stop of
    the last initials opens the title."""
    end = next((i for i, label in enumerate(labels) if label not in ("author", "label")), len(labels))
    if end == len(labels) or labels[end] != "title" or tokens[end].before not in (" ", ": ", ", "):
        return
    if tokens[end].before == ", " and not _is_list_of_things(tokens, labels, end):
        return
    start = end - 1
    while start > 1 and tokens[start].before == " ":
        start -= 1
    first = start - 1  # of the initials
    while first > 1 and "." in tokens[first].before and len(tokens[first].text) == 1:
        first -= 1
    family, initials, word = tokens[max(0, first - 1)], tokens[first], tokens[start]
    is_parted = word.before == ". " and initials.before in (" ", ", ")
    is_behind = first > 0 and is_parted and _INITIALS.fullmatch(initials.text)
    is_word = len(word.text) > 3 and (end - start > 1 or word.text.lower() not in lexicon.words("given"))
    if is_behind and is_word and len(family.text) > 2 and family.text.lower() not in lexicon.words("given"):
        labels[start:end] = ["title"] * (end - start)


def _is_list_of_things(tokens: Sequence[Token], labels: Sequence[str], start: int) -> bool:
    """ "Boats, | Nets and Quays.": a title that counts up, up to its stop."""
    end = next((i for i in range(start, len(labels)) if labels[i] != "title"), len(labels))
    words = [token.text.lower() for token in tokens[start:end]]
    return 2 < len(words) <= _LONGEST_LIST and not _AND.isdisjoint(words) and tokens[end - 1].after.startswith(".")


def _names_up_to_year(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Lind, J & | van den Berg, E 1980, Title", "& E.S. | FARROW 2018. Title": up to the year stand names."""
    start = next((i for i, label in enumerate(labels) if label not in ("author", "label")), len(labels))
    if not 0 < start < len(labels) or labels[start] != "title" or labels[start - 1] != "author":
        return
    for i in range(start + 1, min(start + _LONGEST_NAME + 1, len(labels) - 1)):
        if _YEAR.fullmatch(tokens[i].text) and tokens[i].before == " " and labels[i] == labels[i + 1] == "title":
            if all(map(_is_part_of_name, tokens[start:i])):
                labels[start : i + 1] = [*["author"] * (i - start), "date"]
            return


def _word_before_in(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Jan Fehr, Ebbe, in: ...": a single word between the last comma and "in" is the title, behind a name in its
    natural order."""
    if "in" not in labels or "title" in labels:
        return
    last = labels.index("in") - 1
    if last < 2:
        return
    is_alone = "," in tokens[last].before and "," in tokens[last].after and len(tokens[last].text) > 2
    is_behind_name = labels[:last] == ["author"] * last and "," not in tokens[1].before
    if is_alone and is_behind_name and tokens[last].text.lower() not in lexicon.words("given"):
        labels[last] = "title"


def _names_among_names(tokens: Sequence[Token], labels: list[str]) -> None:
    """What was taken for a title between two authors, or between an author and the date with no sign before it and the
    title behind it, is a name too."""
    start = next((i for i, label in enumerate(labels) if label not in ("author", "label")), len(labels))
    if not start or start == len(labels) or labels[start] != "title" or labels[start - 1] != "author":
        return
    end = next((i for i in range(start, len(labels)) if labels[i] != "title"), len(labels))
    following = labels[end : end + 1]
    behind_date = next((label for label in labels[end:] if label != "date"), "")
    behind_names = next((label for label in labels[end:] if label != "author"), "")
    is_body = following == ["date"] and behind_date == "title" and not tokens[start].before.strip()
    if (following == ["author"] and behind_names == "date") or is_body:
        labels[start:end] = ["author"] * (end - start)


def _journal_among_authors(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "R. Prado, J. Harb. Tidal Soc. 12": where no title is printed, the abbreviation behind the last comma belongs to
    the journal."""
    if "title" in labels:
        return
    end = next((i for i, label in enumerate(labels) if label not in ("author", "label")), len(labels))
    if end == len(labels) or labels[end] != "container":
        return
    start = end
    while start > 1 and tokens[start - 1].after.startswith(".") and "," not in tokens[start].before:
        start -= 1
    is_abbreviation = start < end and "," in tokens[start].before and len(tokens[end - 1].text) > 1
    if is_abbreviation and tokens[start].text.lower() in lexicon.words("journals"):
        labels[start:end] = ["container"] * (end - start)

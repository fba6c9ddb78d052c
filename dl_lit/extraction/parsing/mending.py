"""Correct labels that the tagger, which looks at neighbours only, cannot see to be wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dl_lit.extraction.parsing import lexicon, numbers
from dl_lit.extraction.parsing.tokens import Token

# ‘Myths of Europe’: a single quote closes only before punctuation or "in", for it is an apostrophe elsewhere.
_CLOSES = re.compile(r"^[?!.,]?['’][.,;:?!)]|^[.,]['’]\s")
# “Title,” Journal and “Title”, Journal; but “Word”: the rest of the title.
_ENDS = re.compile(
    r"""(?i)^[!?]?[.,]["'’]|^[?!]?["'’]\s?[,;]|^[?!]?["'’]\s?\.\s+(?-i:[^\W\d_a-zß-ÿ])|^[?!]?["'’][.\s]+(?=(?:in|paper)$)"""
)
# “A title of many words” Journal 12: no punctuation at all behind the quote.
_ENDS_BARE = re.compile(r"""^["'’]\s+[^\W\d_a-zß-ÿ]""")
_MANY_WORDS = 6
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LONGEST_EAST_ASIAN_NAME = 4  # letters
_INITIAL = re.compile(r"[A-ZÄÖÜ]{1,3}|[A-Z][a-z]?")
_DOUBLE = re.compile('["“”„«»]')
_SINGLE = re.compile(r"(?:^|[\s(])['‘]")
_OPENS = re.compile(r"(?:^|[\s(])['‘]$")
_MARKS = str.maketrans(dict.fromkeys("“”„«»", '"'))
_LONGEST_BRIDGE = 8
_LONGEST_ABBREVIATION = 3
_LONGEST_LABEL = 4  # digits; that many are a year
_LONGEST_NAMES = 16
_FRONT_EDITORS = re.compile(r"(?i)[(\[]\s?(?:hr?s?gg?|ed|eds|editors?|herausgeber|orgs?)\b")
_LATIN = frozenset(("vitro", "vivo", "situ", "silico", "utero"))
_AND = frozenset(("and", "und", "et", "e", "y", "&"))
_GROUPS = frozenset(
    ("collaboration", "committee", "consortium", "group", "investigators", "network", "team", "gmbh", "inc")
)
_UNIVERSITY = re.compile(r"Univ|Press$")
_LONGEST_HOUSE = 4  # words of a name in front of "Univ. Press"
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d[a-z]?")
_BEHIND_YEAR = {"in": "in", "proc": "container", "proceedings": "container", "technical": "genre", "research": "genre"}
_EDITED = frozenset(("edited", "herausgegeben", "editado", "organizado"))
_BY = frozenset(("by", "von", "v", "por"))
_EDITOR_WORDS = frozenset(("hrsg", "hg", "hgg", "ed", "eds", "editor", "editors", "herausgeber", "org", "orgs"))


def mend(raw: str, tokens: Sequence[Token], labels: Sequence[str]) -> list[str]:
    """`labels` with editors and bodies in front found, and titles made whole."""
    mended = list(labels)
    for i, token in enumerate(tokens):
        if token.kind == "id":
            mended[i] = "id"
    _number_in_front(tokens, mended)
    _words_for_year(raw, tokens, mended)
    _mend_people(raw, tokens, mended)
    _year_behind_title(tokens, mended)
    if _EAST_ASIAN.search(raw):
        _east_asian_title(tokens, mended)
    for start, end in _all_quotations(raw, tokens):
        if _is_title(tokens, mended, start, end):
            mended[start:end] = ["title"] * (end - start)
            _end_title(tokens, mended, start, end)
    _mend_borders(raw, tokens, mended)
    return mended


def _mend_people(raw: str, tokens: Sequence[Token], labels: list[str]) -> None:
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
    _word_before_in(tokens, labels)
    _names_among_names(tokens, labels)
    _journal_among_authors(tokens, labels)
    _names_before_title(tokens, labels)


def _mend_borders(raw: str, tokens: Sequence[Token], labels: list[str]) -> None:
    """Where the title ends and the container begins."""
    _bridge(tokens, labels)
    _house_behind_title(tokens, labels)
    _small_beginning(tokens, labels)
    _whole_container(tokens, labels)
    if "[" in raw:
        _bracket_behind_title(tokens, labels)
    if "(" in raw and "container" in labels:
        _close_brackets(tokens, labels)


def _number_in_front(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "12) Ada Prado: ...", "[12] Prado": the number is the label of the reference."""
    if (
        tokens
        and tokens[0].after[:1] in (")", "]")
        and tokens[0].text.isdigit()
        and len(tokens[0].text) < _LONGEST_LABEL
    ):
        labels[0] = "label"


def _words_for_year(raw: str, tokens: Sequence[Token], labels: list[str]) -> None:
    """ "(in press)", "(o.J.)" in brackets stand where the year stands."""
    match = numbers.bracketed_year_words(raw)
    if match is None:
        return
    for i, token in enumerate(tokens):
        if match.start(1) <= token.start < match.end(1):
            labels[i] = "date"


def _close_brackets(tokens: Sequence[Token], labels: list[str]) -> None:
    """A title does not end inside a bracket that it opens, nor right behind it."""
    depth, closing = 0, False
    for i, token in enumerate(tokens):
        opened = 0 if token.before == " " else token.before.count("(") - token.before.count(")")
        closing = depth > 0 and depth + opened <= 0
        depth = max(0, depth + opened) if labels[i] == "title" or depth else 0
        open_still = depth > 0 or (closing and not set(token.before) & set('.:;?!,"'))
        if i and labels[i - 1] == "title" and labels[i] == "container" and open_still:
            labels[i] = "title"


def _front_editors(tokens: Sequence[Token], labels: list[str]) -> None:
    """Whatever stands before "(Hg.)" at the head of a reference is the name of its editor."""
    for i, token in enumerate(tokens[:_LONGEST_NAMES]):
        if labels[i] in ("date", "in", "id") or (i and _ends_sentence(tokens[i - 1])):
            return
        if token.text.lower() in _EDITOR_WORDS and ("(" in token.before or "[" in token.before):
            start = 1 if labels[0] == "label" else 0
            labels[start : i + 1] = ["editor"] * (i + 1 - start)
            return


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
    runs = [(i, label) for i, label in enumerate(labels) if i == 0 or labels[i - 1] != label]
    names = [label for _, label in runs[:3]]
    if names != ["title", "date", "title"] or "author" in labels:
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


def _is_name(words: Sequence[Token], *, follows: bool) -> bool:
    """Whether the words before a title's first stop are a further author, or the only one."""
    first, last = words[0], words[-1]
    if last.text.lower() in _GROUPS and (not follows or ";" in first.before or "," in first.before):
        return True
    if follows:
        return first.text.lower() in _AND and len(words) <= 4 and last.text[0].isupper()
    is_inverted = len(words) > 1 and "," in first.after and first.text.isupper() and len(first.text) > 2
    return is_inverted and len(words) <= 4 and not last.text.isupper()


def _year_behind_title(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Title, Northport, 1999" or "Title. 1998 In Proceedings": without any other date, the last year of the title
    that punctuation parts from it is the date, and what follows is no title."""
    if "date" in labels or "title" not in labels:
        return
    for i in range(len(labels) - 1, 2, -1):
        if labels[i] != "title" or labels[i - 1] != "title" or not _YEAR.fullmatch(tokens[i].text):
            continue
        following = _BEHIND_YEAR.get(tokens[i + 1].text.lower(), "") if i + 1 < len(labels) else ""
        if not following and not set(tokens[i].before) & set(",.;?!("):
            continue
        behind = i + 1
        while behind < len(labels) and labels[behind] == "title":
            labels[behind] = "container" if following in ("in", "container") else following or "note"
            behind += 1
        labels[i] = "date"
        if following == "in":
            labels[i + 1] = "in"
        return


def _house_behind_title(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Title, Northport Univ. Press": the name of a university's press begins behind the comma."""
    for i in range(2, len(labels)):
        if labels[i] != "publisher" or labels[i - 1] != "title" or not _UNIVERSITY.match(tokens[i].text):
            continue
        start = i - 1
        while start > i - _LONGEST_HOUSE and "," not in tokens[start].before and tokens[start].text[0].isupper():
            start -= 1
        if "," in tokens[start].before and labels[start - 1] == "title" and tokens[start].text[0].isupper():
            labels[start:i] = ["publisher"] * (i - start)
        return


def _acronym_in_front(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "... and K. Lee. BERT: Pre-training": the word between full stop and colon opens the title."""
    for i in range(1, len(tokens) - 1):
        last_author = labels[i + 1] == "title" and labels[i] == "author" == labels[i - 1]
        if last_author and "." in tokens[i].before and ":" in tokens[i].after:
            labels[i] = "title" if len(tokens[i - 1].text) > 2 else labels[i]


def _all_quotations(raw: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Most references quote nothing, which their characters tell sooner than their words."""
    double = _quotations(tokens) if _DOUBLE.search(raw) else []
    return double + (_single_quotations(tokens) if _SINGLE.search(raw) else [])


def _quotations(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The stretches between double quotation marks, as word numbers."""
    found: list[tuple[int, int]] = []
    opened: int | None = None
    gaps = [token.before for token in tokens] + ([tokens[-1].after] if tokens else [])
    for i, gap in enumerate(gaps):
        for _ in range(gap.translate(_MARKS).count('"')):
            if opened is None:
                opened = i
            else:
                found.append((opened, i))
                opened = None
    return found


def _single_quotations(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The first stretch between ‘ and ’, if any."""
    opened = next((i for i, token in enumerate(tokens) if _OPENS.search(token.before)), None)
    if opened is None:
        return []
    for i in range(opened, len(tokens)):
        following = tokens[i + 1].text.lower() if i + 1 < len(tokens) else ""
        if _CLOSES.match(tokens[i].after) or (
            tokens[i].after.startswith(("’ ", "' ")) and following in ("in", "paper")
        ):
            return [(opened, i + 1)]
    return []


def _end_title(tokens: Sequence[Token], labels: list[str], start: int, end: int) -> None:
    """What goes on behind the closing quote and a comma or stop is where the work appeared."""
    following = tokens[end].text if end < len(tokens) else ""
    behind = tokens[end - 1].after.translate(_MARKS) + following
    is_long = end - start >= _MANY_WORDS and "container" in labels[end:]
    if not _ENDS.match(behind) and not (is_long and _ENDS_BARE.match(behind)):
        return
    while end < len(labels) and labels[end] == "title":
        labels[end] = "container"
        end += 1


def _title_among_authors(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Franz C. Genetics. In": words behind the last initials are no name, where nothing else is the title."""
    end = next((i for i, label in enumerate(labels) if label not in ("author", "label")), len(labels))
    if "title" in labels or end in (0, len(labels)) or not tokens[end - 1].after.startswith("."):
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
    end = next((i for i, label in enumerate(labels) if label not in ("author", "label")), len(labels))
    if "title" in labels or end == len(labels) or labels[end] != "container":
        return
    start = end
    while start > 1 and tokens[start - 1].after.startswith(".") and "," not in tokens[start].before:
        start -= 1
    is_abbreviation = start < end and "," in tokens[start].before and len(tokens[end - 1].text) > 1
    if is_abbreviation and tokens[start].text.lower() in lexicon.words("journals"):
        labels[start:end] = ["container"] * (end - start)


def _east_asian_title(tokens: Sequence[Token], labels: list[str]) -> None:
    """Chinese and Japanese names have few letters: a longer phrase among them is the title, and a title right behind
    it, where it appeared."""
    end = next((i for i, label in enumerate(labels) if label not in ("author", "label")), len(labels))
    start = end
    while start > 0 and (start == end or not tokens[start].before.strip()):
        start -= 1
    is_title = end - start > _LONGEST_EAST_ASIAN_NAME and start > 0 and labels[start - 1] == "author"
    if not is_title or not all(_EAST_ASIAN.match(token.text) for token in tokens[start:end]):
        return
    had_container = "container" in labels
    labels[start:end] = ["title"] * (end - start)
    while not had_container and end < len(labels) and labels[end] == "title":
        labels[end] = "container"
        end += 1


def _is_title(tokens: Sequence[Token], labels: Sequence[str], start: int, end: int) -> bool:
    """A quotation that opens where authors or date end, and is not just a word within a longer title."""
    if end - start < 3 or "id" in labels[start:end] or end - start > 60:
        return False
    opens = start == 0 or labels[start - 1] in ("author", "date", "editor", "label")
    return (
        opens
        and "title" not in labels[:start]
        and any(label in ("title", "in", "container") for label in labels[start:end])
    )


def _small_beginning(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "... of software for spatial tides in R. Nature": no journal begins with a small letter in the
    middle of a phrase."""
    for i in range(1, len(labels)):
        begins = labels[i - 1] == "title" and labels[i] == "container" and tokens[i].text.islower()
        if begins and not set(tokens[i].before) & set(".,:;?!\"“”„«»'‘’"):
            labels[i] = "title"


def _whole_container(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Title. Northport Interdisciplinary | Reviews: Tides": a container begins where its phrase begins, if all
    words of that are capitalised and a full stop parts it from the title."""
    for i in range(2, len(labels)):
        if labels[i - 1] != "title" or labels[i] != "container" or tokens[i].before.strip():
            continue
        start = i - 1
        while start > i - _LONGEST_HOUSE and not tokens[start].before.strip():
            start -= 1
        is_parted = (
            tokens[start].before.startswith((". ", "? ")) and len(tokens[start - 1].text) > _LONGEST_ABBREVIATION
        )
        are_capital = all(token.text[0].isupper() for token in tokens[start:i])
        if start and labels[start - 1] == "title" and is_parted and are_capital:
            labels[start:i] = ["container"] * (i - start)


def _bracket_behind_title(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Title [Boats]. Journal": no container begins with a bracket that stands right behind the title."""
    for i in range(1, len(labels)):
        if labels[i - 1] == "title" and labels[i] == "container" and tokens[i].before == " [":
            end = i
            while end < len(labels) and labels[end] == "container" and "]" not in tokens[end].after:
                end += 1
            if end + 1 < len(labels) and labels[end] == labels[end + 1] == "container":
                labels[i : end + 1] = ["title"] * (end + 1 - i)


def _bridge(tokens: Sequence[Token], labels: list[str]) -> None:
    """Words between two stretches of a title that no punctuation parts from the first belong to it."""
    i = 1
    while i < len(labels):
        if labels[i - 1] != "title" or labels[i] not in ("author", "editor", "in", "publisher", "place", "note"):
            i += 1
            continue
        end = i
        while end < len(labels) and labels[end] == labels[i]:
            end += 1
        joined = not tokens[i].before.strip(" -–'’‘‚")
        if joined and end < len(labels) and labels[end] == "title" and end - i <= _LONGEST_BRIDGE:
            labels[i:end] = ["title"] * (end - i)
        i = end

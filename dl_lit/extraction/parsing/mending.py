"""Correct labels that the tagger, which looks at neighbours only, cannot see to be wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dl_lit.extraction.parsing import lexicon, numbers, orders
from dl_lit.extraction.parsing import mending_people as people
from dl_lit.extraction.parsing.mending_numbers import mend_numbers
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
_DOUBLE = re.compile('["“”„«»]')
_SINGLE = re.compile(r"(?:^|[\s(])['‘]")
_OPENS = re.compile(r"(?:^|[\s(])['‘]$")
_MARKS = str.maketrans(dict.fromkeys("“”„«»", '"'))
_LONGEST_BRIDGE = 8
_LONGEST_ABBREVIATION = 3
_LONGEST_LABEL = 4  # digits; that many are a year
_UNIVERSITY = re.compile(r"Univ|Press$")
_LONGEST_REST = 2  # words of a name that was cut in two
_LONGEST_HOUSE = 4  # words of a name in front of "Univ. Press"
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d[a-z]?")
_BEHIND_YEAR = {"in": "in", "proc": "container", "proceedings": "container", "technical": "genre", "research": "genre"}


def mend(raw: str, tokens: Sequence[Token], labels: Sequence[str]) -> list[str]:
    """`labels` with editors and bodies in front found, and titles made whole."""
    mended = list(labels)
    for i, token in enumerate(tokens):
        if token.kind == "id":
            mended[i] = "id"
    _number_in_front(tokens, mended)
    _words_for_year(raw, tokens, mended)
    people.mend_people(raw, tokens, mended)
    _year_behind_title(tokens, mended)
    mend_numbers(tokens, mended)
    if _EAST_ASIAN.search(raw):
        _east_asian_title(tokens, mended)
    quotations = _all_quotations(raw, tokens)
    if quotations:
        _names_before_quotation(tokens, mended, quotations[0][0])
    for start, end in quotations:
        if _is_title(tokens, mended, start, end) or _is_short_title(mended, start, end):
            mended[start:end] = ["title"] * (end - start)
            _end_title(tokens, mended, start, end)
    _mend_borders(raw, tokens, mended)
    orders.read(raw, tokens, mended)
    return mended


def _mend_borders(raw: str, tokens: Sequence[Token], labels: list[str]) -> None:
    """Where the title ends and the container begins."""
    _bridge(tokens, labels)
    _house_behind_title(tokens, labels)
    if "place" not in labels and "publisher" not in labels:
        _place_in_title(tokens, labels)
    if "in" in labels and "container" not in labels:
        _container_behind_in(tokens, labels)
    if "container" not in labels:
        _journal_before_volume(tokens, labels)
    _small_beginning(tokens, labels)
    _whole_container(tokens, labels)
    if "//" in raw:
        _behind_slashes(tokens, labels)
    _journal_of_chemists(tokens, labels)
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


def _container_behind_in(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "in: Northport Post, 17.11.2006": what stands behind "in" is where the work appeared, though it begins like a
    place or a publisher."""
    start = len(labels) - labels[::-1].index("in")
    end = start
    while end < len(labels) and labels[end] == labels[start] and labels[start] in ("place", "publisher"):
        end += 1
    if end - start > 1 and ":" in tokens[start].before and ":" not in tokens[end - 1].after:
        labels[start:end] = ["container"] * (end - start)


def _place_in_title(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Boats and winds, Hamburg: Institute of Tides": a known place between comma and colon ends the title, as does
    one between two commas, where only a publisher stands between it and the date."""
    places = lexicon.words("places")
    for i in range(3, len(labels) - 1):
        if labels[i - 1] != "title" or labels[i] != "title" or tokens[i].before not in (", ", ". "):
            continue
        following, mark = tokens[i + 1].text, tokens[i].after.strip()
        if mark not in (":", ",") or tokens[i].text.lower() not in places or not following[0].isupper():
            continue
        end = next((at for at in range(i, len(labels)) if labels[at] != "title"), len(labels))
        is_before_date = end < len(labels) and labels[end] == "date" and following.lower() not in places
        if tokens[i].before == ". ":  # more may be a title there: "Lost. London: A history"
            is_before_date = mark == ":" and end < len(labels) and labels[end] == "date"
        if is_before_date or (mark == ":" and tokens[i].before == ", "):
            labels[i:end] = ["place", *["publisher"] * (end - i - 1)]
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


def _journal_before_volume(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Tides. Computing & Engineering, 9(3)": what stands right before a volume and its issue is no publisher."""
    for i in range(2, len(labels) - 1):
        if labels[i] != "volume" or labels[i - 1] != "publisher" or labels[i + 1] not in ("volume", "issue", "pages"):
            continue
        start = i - 1
        while start > 0 and labels[start - 1] == "publisher":
            start -= 1
        if start and labels[start - 1] in ("title", "date"):
            labels[start:i] = ["container"] * (i - start)
        return


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


def _names_before_quotation(tokens: Sequence[Token], labels: list[str], start: int) -> None:
    """ "R. St. | Clair, “Adaptive buoys,”": one or two words between the authors and a quoted title are a name, as
    are those with which a reference begins: "Seamark. “Rules.”"."""
    first = start
    while first > 0 and labels[first - 1] == "title":
        first -= 1
    is_short = 0 < start - first <= _LONGEST_REST and start < len(labels) and labels[start] == "title"
    mark = "," if first > 0 and labels[first - 1] == "author" else "." if first == 0 else "none"
    if is_short and mark in tokens[start].before and all(token.text[0].isupper() for token in tokens[first:start]):
        labels[first:start] = ["author"] * (start - first)


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
    _rest_of_journal(labels, end)


def _rest_of_journal(labels: list[str], start: int) -> None:
    """“Ropes”, Theory, | Culture & Society, Jg. 19: no publisher stands between a journal and its volume."""
    end = start
    while end < len(labels) and labels[end] == "publisher":
        end += 1
    if start < end < len(labels) and labels[start - 1] == "container" and labels[end] in ("volume", "issue"):
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


def _is_short_title(labels: Sequence[str], start: int, end: int) -> bool:
    """ "Hall, Tom, ‘Sprat’, Harbour Review": one or two quoted words behind the names, where no other title is."""
    is_behind_names = start > 0 and labels[start - 1] == "author"
    return is_behind_names and end - start < 3 and labels[start] == "author" and "title" not in labels


def _behind_slashes(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Title // Harbour News. – 2002": Russian references part the title from where the work appeared so."""
    for i in range(2, len(labels)):
        if "//" in tokens[i].before and "title" in labels[:i] and labels[i] in ("title", "author", "note", "publisher"):
            end = i + 1
            while end < len(labels) and labels[end] == labels[i] and not set(tokens[end].before) & set(".:/"):
                end += 1
            labels[i:end] = ["container"] * (end - i)
            return


def _small_beginning(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "... of software for spatial tides in R. Nature": no journal begins with a small letter in the
    middle of a phrase."""
    for i in range(1, len(labels)):
        begins = labels[i - 1] == "title" and labels[i] == "container" and tokens[i].text.islower()
        if begins and not set(tokens[i].before) & set(".,:;?!\"“”„«»'‘’"):
            labels[i] = "title"


def _whole_container(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Title. Northport Interdisciplinary | Reviews: | Tides", "Title. Ocean, Coast and | Shelf 12": a container
    begins where its phrase begins, if all words of that are capitalised and a full stop parts it from the title; a
    journal may hold commas."""
    inner = ("", ",") if "volume" in labels else ("",)
    for i in range(2, len(labels)):
        if labels[i - 1] != "title" or labels[i] != "container" or tokens[i].before.strip() not in (*inner, ":"):
            continue
        start = i - 1
        while start > i - _LONGEST_HOUSE and tokens[start].before.strip() in inner:
            start -= 1
        is_parted = (
            tokens[start].before.startswith((". ", "? ")) and len(tokens[start - 1].text) > _LONGEST_ABBREVIATION
        )
        are_capital = all(token.text[0].isupper() or token.text in ("and", "&") for token in tokens[start:i])
        if start and labels[start - 1] == "title" and is_parted and are_capital:
            labels[start:i] = ["container"] * (i - start)


def _journal_of_chemists(tokens: Sequence[Token], labels: list[str]) -> None:
    """ "Quay, P.; Fuel Process. | Technol. 2015, 18, 106": up to three words, the last two with a stop, are a journal
    where a year and a comma follow, and no title is printed."""
    end = next((i for i, label in enumerate(labels) if label == "date"), 0)
    start = labels.index("title") if "title" in labels[:end] else end
    is_short = 1 < end - start <= 3 and set(labels[start:end]) == {"title", "container"}
    if is_short and all(token.after == ". " for token in tokens[end - 2 : end]) and tokens[end].after == ", ":
        labels[start:end] = ["container"] * (end - start)


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

"""What differs between papers: each trait with its values, drawn at random."""

from __future__ import annotations

import random

# A value that comes twice comes twice as often.
TRAITS: dict[str, tuple[str, ...]] = {
    "list": (
        "[1]",
        "[1]",
        "1.",
        "1.",
        "(1)",
        "1",
        "raised",
        "keyed",
        "hanging",
        "hanging",
        "hanging",
        "first line",
        "spacing",
        "spacing",
        "line ends",
    ),
    "label": ("in the margin", "flush"),
    "heading": ("bold", "bold", "large", "plain", "caps", "numbered", "letter-spaced", "run-in", "italic", "none"),
    "columns": ("1", "1", "2", "2", "3"),
    "balance": ("yes", "no"),
    "list columns": ("as the text", "as the text", "as the text", "other"),
    "align": ("justify", "justify", "left"),
    "hyphens": ("yes", "yes", "soft", "no"),
    "letters": ("plain", "plain", "ligatures", "accent before", "accent behind"),
    "type": ("smaller", "same", "tiny"),
    "sheet": ("a4", "letter", "small"),
    "family": ("times", "times", "helvetica"),
    "heads": ("none", "title and number", "alternating", "number only", "foot", "citation"),
    "line numbers": ("none", "none", "none", "none", "each", "fifth"),
    "watermark": ("none", "none", "none", "across", "margin", "light"),
    "notes": ("none", "none", "under the text", "under the list"),
    "cover": ("none", "none", "yes"),
    "floats": ("none", "none", "in the text", "in the list"),
    "after": (
        "nothing",
        "nothing",
        "appendix",
        "tables",
        "about the author",
        "biography without heading",
        "acknowledgements",
        "correspondence",
        "dates",
        "conflict of interest",
        "abstract in a second language",
        "next article",
        "publisher's note",
    ),
    "after look": ("new page", "below", "below"),
    "lists": ("one", "one", "one", "one", "parts", "further reading", "chapters"),
    "repeated author": ("full", "full", "dash"),
    "works": ("one", "one", "one", "several"),
    "length": ("short", "usual", "usual", "long"),
    "starts": ("mid-page", "mid-page", "new page"),
}

# Drawn apart from the others, so that a new one leaves the rest of every document as it was.
LATER: dict[str, tuple[str, ...]] = {
    "bullet": ("none", "none", "none", "•", "–", "-", "*"),
    "part counter": ("none", "none", "1.", "A.", "I.", "1)", "(a)", "6.1"),
    "semicolons": ("none", "none", "none", "none", "between works"),
}


def draw(chance: random.Random) -> dict[str, str]:
    """One value of each trait; those that do not go together are mended."""
    found = {trait: chance.choice(values) for trait, values in TRAITS.items()}
    labelled = found["list"] in ("[1]", "1.", "(1)", "1", "raised", "keyed")
    if not labelled:
        found["label"] = "-"
        found["works"] = "one"
    else:
        found["repeated author"] = "full"
    if found["list"] in ("keyed", "raised", "1", "(1)"):
        found["works"] = "one"
    if found["columns"] == "3":
        found["sheet"] = "a4"
        found["line numbers"] = "none"
        found["type"] = "tiny"
    if found["columns"] == "2" and found["line numbers"] != "none":
        found["columns"] = "1"
    if found["list"] == "line ends" and found["heading"] == "none":
        found["heading"] = "bold"  # nothing at all would part it from the text
    if found["heading"] == "run-in":
        found["lists"] = "one"
    if found["list"] in ("keyed", "line ends") and found["columns"] == "3":
        found["columns"], found["type"] = "2", "smaller"
    return {**found, **_later(found, chance)}


def _later(found: dict[str, str], chance: random.Random) -> dict[str, str]:
    apart = random.Random(repr(chance.getstate()[1][:8]))
    later = {trait: apart.choice(values) for trait, values in LATER.items()}
    if found["label"] != "-" or found["heading"] == "none":
        later["bullet"] = "none"
    if found["lists"] != "parts":
        later["part counter"] = "none"
    if found["list"] not in ("[1]", "1.", "(1)") or found["works"] != "one":
        later["semicolons"] = "none"
    return later

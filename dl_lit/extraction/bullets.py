"""The marks that stand before the items of a list instead of numbers: "• Adler, M.", "– Adler, M."."""

from __future__ import annotations

_CLEAR = frozenset("•·∙●◦○▪▫■□◆◇◼◾▶►▸‣➢➤➔→⇒✓✔❖★☆∗⁃")
_DASHES = frozenset("–—-*")  # may as well stand for the author before, or for a minus
MARKS = _CLEAR | _DASHES
_OPENING = "\"“„«‘'([_"


def bullet_length(text: str) -> int:
    """The letters of the bullet and of the space behind it at the head of the line; 0 if there is none."""
    if text[:1] not in MARKS:
        return 0
    behind = text[1:2]
    if behind == " ":
        following = text[2:3]
        return 2 if following.isalnum() or (following and following in _OPENING) else 0
    return 1 if text[0] in _CLEAR and behind.isalpha() else 0


def is_clear(mark: str) -> bool:
    """The mark is nothing but a bullet."""
    return mark in _CLEAR

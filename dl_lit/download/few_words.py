"""What a page of few words that describes no work and leads nowhere speaks of, whoever made it, in many languages."""

from __future__ import annotations

import re

from dl_lit.identity.folding import fold, unescaped

# All in folded letters.
_OF_ROBOTS = re.compile(
    r"\brobot(?:s|er|em|u|om)?\b|\bbots?\b|\brobo\b|\b(?:human|humain|humano|umano|mens|mensch|clovek|czlowiekiem)\b"
    r"|captcha|\bprove you\b|\b(?:suspicious|unusual) (?:traffic|activity|requests?)\b"
    r"|\b(?:automated|excessive) (?:access|requests|queries|traffic|downloading)\b"
    r"|робот|проверка .{0,20}браузера|检查您的浏览器|机器人|ロボット|로봇"
)
_OF_ACCESS = re.compile(
    r"\b(?:purchase|rent or buy|buy (?:this|the|now)|subscri(?:be|bers?|ption)|members only|not entitled"
    r"|(?:do not|don.t) have access|no access|log ?in|sign ?in|via your institution)\b"
)
_OF_ROBOTS_TITLE = re.compile(
    r"\b(?:robots?|bots?|captcha)\b|\bsicherheits(?:uberprufung|abfrage|check)\b"
    r"|\b(?:security|browser) (?:check|verification)"
    r"|\btemporarily (?:blocked|limited|restricted)\b|^\W*too many requests\W*$"
)
_MARKUP = re.compile(rb"(?is)<(script|style)\b.{0,20000}?</\1|<[^<>]*>")
_BEGINNING = 20_000  # bytes of a page


def speaks_of_robots(heading: str, body: bytes) -> bool:
    """It wants a proof that its reader is none, or keeps some out; `body` in UTF-8."""
    return bool(_OF_ROBOTS_TITLE.search(fold(heading)) or _OF_ROBOTS.search(_text(body)))


def speaks_of_access(body: bytes) -> bool:
    """It sells what is behind it, or keeps it for members."""
    return _OF_ACCESS.search(_text(body)) is not None


def _text(body: bytes) -> str:
    return " ".join(fold(unescaped(_MARKUP.sub(b" ", body[:_BEGINNING]).decode("utf-8", "replace"))).split())

"""Pages that have a button in place of a link to their file. Only forms that ask as a link does (GET) and want nothing
of their reader are followed, at the page's own host; nothing is ever posted, no box ticked, no field filled in."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from bs4 import BeautifulSoup, Tag

from dl_lit.download.link_words import says_file
from dl_lit.download.page_links import attribute, is_something_else
from dl_lit.identity.folding import fold
from dl_lit.net.urls import joined

_MOST_FORMS = 30  # of a page
_LONGEST = 6000  # bytes of one
_FIELDS = ["input", "button", "select", "textarea"]
_SENDING = frozenset({"submit", "image"})
_SILENT = frozenset({"hidden", "button", "reset"})  # ask nothing and send nothing by themselves


def files_by_form(visible: bytes, base: str, title: str) -> Iterator[str]:
    """Where forms lead whose button says that it is to the file; `title` is the page's work's."""
    for piece in _forms(visible):
        form = BeautifulSoup(piece.decode("utf-8", "replace"), "html.parser").find("form")
        if isinstance(form, Tag) and attribute(form, "method").lower() in ("", "get"):
            address = _led_to(form, base)
            if address is not None and not is_something_else(urlsplit(address).path, title):
                yield address


def _forms(visible: bytes) -> Iterator[bytes]:
    lower, place = visible.lower(), 0
    for _ in range(_MOST_FORMS):
        if (begin := lower.find(b"<form", place)) < 0:
            return
        end = lower.find(b"</form", begin, begin + _LONGEST)
        place = max(end, begin + 1)
        if end >= 0:
            yield visible[begin:end] + b"</form>"


def _led_to(form: Tag, base: str) -> str | None:
    """As a browser would put it together."""
    fields = form.find_all(_FIELDS)
    buttons = [one for one in fields if _kind(one) in _SENDING]
    asks = any(_kind(one) not in _SENDING | _SILENT for one in fields)
    if asks or len(buttons) != 1 or not says_file(fold(_said_by(button := buttons[0]))):
        return None
    address = joined(base, attribute(button, "formaction") or attribute(form, "action"))
    if attribute(button, "formmethod").lower() not in ("", "get"):
        return None
    if address is None or urlsplit(address).netloc != urlsplit(base).netloc:
        return None
    sent = [one for one in fields if _kind(one) == "hidden" or one is button]
    values = [(attribute(one, "name"), attribute(one, "value")) for one in sent if attribute(one, "name")]
    bare = address.partition("#")[0].partition("?")[0]
    return f"{bare}?{urlencode(values)}" if values else bare


def _kind(field: Tag) -> str:
    if field.name in ("select", "textarea"):
        return field.name
    return attribute(field, "type").lower() or ("submit" if field.name == "button" else "text")


def _said_by(button: Tag) -> str:
    text = button.get_text(" ", strip=True) if button.name == "button" else attribute(button, "value")
    return text or attribute(button, "title") or attribute(button, "aria-label") or attribute(button, "alt")

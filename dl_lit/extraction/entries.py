"""What a list is cut into."""

from __future__ import annotations

from dataclasses import dataclass

from dl_lit.extraction.pages import Line


@dataclass(frozen=True, slots=True)
class Entry:
    """The lines of one reference, and the label printed before it ("12", "Abc98"); `rule` says what parted it off."""

    lines: tuple[Line, ...]
    label: str | None = None
    label_length: int = 0  # characters of the first line that are the label
    rule: str = "label"

    @property
    def texts(self) -> list[str]:
        first = self.lines[0].text[self.label_length :]
        return [first, *(line.text for line in self.lines[1:])]

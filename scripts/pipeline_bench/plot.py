"""Grouped bars as an SVG, drawn with PyMuPDF, which is here anyway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pymupdf

WIDTH, HEIGHT = 560, 260
LEFT, TOP, BOTTOM = 46, 46, 34
COLOURS = ((0.55, 0.57, 0.6), (0.13, 0.42, 0.68), (0.93, 0.6, 0.2))
BLACK, GREY = (0.1, 0.1, 0.1), (0.82, 0.82, 0.82)
STEPS = 5


def bars(path: Path, title: str, groups: Mapping[str, Sequence[float]], series: Sequence[str]) -> None:
    """One group of bars for each key; the values of a group are those of `series`, in its order."""
    with pymupdf.open() as document:
        page = document.new_page(width=WIDTH, height=HEIGHT)
        page.insert_text((LEFT, 18), title, fontsize=11, color=BLACK)
        most = max(value for values in groups.values() for value in values)
        _scale(page, most)
        _legend(page, series)
        step = (WIDTH - LEFT - 12) / len(groups)
        for number, (name, values) in enumerate(groups.items()):
            _group(page, LEFT + number * step, step, name, values, most)
        path.write_text(page.get_svg_image(text_as_path=False), encoding="utf-8")


def _height(value: float, most: float) -> float:
    return (HEIGHT - TOP - BOTTOM) * value / most


def _scale(page: pymupdf.Page, most: float) -> None:
    for number in range(STEPS + 1):
        value = most * number / STEPS
        y = HEIGHT - BOTTOM - _height(value, most)
        page.draw_line((LEFT, y), (WIDTH - 12, y), color=GREY, width=0.5)
        page.insert_text((8, y + 3), f"{value:.2f}", fontsize=8, color=BLACK)


def _legend(page: pymupdf.Page, series: Sequence[str]) -> None:
    for number, name in enumerate(series):
        x = LEFT + 130 * number
        page.draw_rect((x, 25, x + 9, 34), color=None, fill=COLOURS[number])
        page.insert_text((x + 13, 33), name, fontsize=9, color=BLACK)


def _group(page: pymupdf.Page, left: float, step: float, name: str, values: Sequence[float], most: float) -> None:
    width = step * 0.7 / len(values)
    for number, value in enumerate(values):
        x, bottom = left + step * 0.15 + number * width, HEIGHT - BOTTOM
        top = bottom - _height(value, most)
        page.draw_rect((x, top, x + width * 0.9, bottom), color=None, fill=COLOURS[number])
        page.insert_text((x, top - 3), f"{value:.2f}", fontsize=8, color=BLACK)
    page.insert_text((left + step * 0.3, HEIGHT - BOTTOM + 16), name, fontsize=10, color=BLACK)

"""The manual builds without a warning, and whoever reads it asks no other host for anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CHECK = ROOT / "scripts" / "check_manual"


def check(site: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(CHECK), str(site)], capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("manual")
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"]
    command = [*build, "--config-file", str(ROOT / "mkdocs.yml"), "--site-dir", str(target)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    built = subprocess.run(command, capture_output=True, text=True, timeout=300, env=quiet)
    assert built.returncode == 0, built.stderr
    assert built.stderr == ""
    return target


def test_no_page_of_the_manual_loads_anything_from_another_host(site: Path) -> None:
    done = check(site)
    assert done.returncode == 0, done.stderr


def test_every_page_in_docs_is_in_the_manual(site: Path) -> None:
    pages = {page.relative_to(ROOT / "docs").with_suffix(".html") for page in (ROOT / "docs").rglob("*.md")}
    assert len(pages) > 20
    assert pages <= {page.relative_to(site) for page in site.rglob("*.html")}


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ('<script src="https://cdn.example/x.js"></script>', "<script> loads https://cdn.example/x.js"),
        ('<link rel="stylesheet" href="//fonts.example/x.css">', "<link> loads //fonts.example/x.css"),
        ('<img src="missing.png">', "<img> names missing.png, which is not there"),
        ('<a href="nowhere.html#here">', "<a> names nowhere.html#here, which is not there"),
    ],
)
def test_what_a_page_loads_from_elsewhere_or_misses_is_told(tmp_path: Path, page: str, told: str) -> None:
    (tmp_path / "index.html").write_text(page, "utf-8")
    done = check(tmp_path)
    assert done.returncode == 1
    assert told in done.stderr


def test_a_style_that_loads_a_font_from_elsewhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<a href="https://example.org/">a link that a reader clicks</a>', "utf-8")
    (tmp_path / "x.css").write_text("@import url('https://fonts.example/f.css')", "utf-8")
    assert "x.css: loads https://fonts.example/f.css" in check(tmp_path).stderr

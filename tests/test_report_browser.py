"""The report in a real browser: headless Chromium, where one is installed. Without one these tests are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dl_lit.library import Library
from dl_lit.model import Download, DownloadReason
from dl_lit.report.facts import gathered
from dl_lit.report.links import Files
from dl_lit.report.page import page as written
from library import A_FILE, SmallLibrary, work
from test_report import BAD_URL, fill

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install chromium to test the report in it")
# As root Chromium has no sandbox; the rest keeps it from asking its makers for anything.
OPTIONS = [
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
PATIENCE = 60_000  # milliseconds: of a busy machine
ROUTES = ("", "works", "pdfs", "network", "pdf/1", "work/1")
HOSTILE = "</script><img src=x onerror=\"document.title='run'\">&lt;b&gt;"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Written once: no test changes it."""
    folder = tmp_path_factory.mktemp("report") / "library"
    (folder / "pdfs").mkdir(parents=True)
    with closing(SmallLibrary(folder / "literature.db")) as small:
        fill(small, folder)
        small.accept(work(HOSTILE, authors=(HOSTILE,), container=HOSTILE, url=BAD_URL), raw=HOSTILE)
        small.queue()
        small.download(Download(reason=DownloadReason.PAYWALL, detail=HOSTILE))
        many = [work(f"Work {n:03}", doi=f"10.1000/many.{n}", year=1990 + n % 20) for n in range(60)]
        small.accept(*many)
        small.clock.now += 10
        small.store.finish_run(4, {}, 0)
        facts = gathered(small.store, Library.at(folder), Files(folder))
    (folder / "report.html").write_text(written(facts, small.clock()), encoding="utf-8")
    return folder / "report.html"


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    """The report as it is opened from the disk; whatever the browser complains of, or asks for, fails the test."""
    context = browser.new_context(viewport={"width": 1200, "height": 800}, reduced_motion="reduce")
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    opened.on("console", lambda message: wrong.append(message.text))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda asked: wrong.append(asked.url) if not _is_own(asked.url) else None)
    opened.goto(report.as_uri())
    yield opened
    context.close()
    assert wrong == []


def _is_own(url: str) -> bool:
    return url.startswith(("file:", "data:", "blob:"))


def go(page: Page, route: str) -> None:
    page.goto(f"{page.url.split('#')[0]}#/{route}")


def test_plots_are_drawn_with_a_name_for_who_does_not_see_them(page: Page) -> None:
    years = page.locator("#figure-years svg[role=img]")
    expect(years).to_be_visible()
    assert "works of" in (years.get_attribute("aria-label") or "")
    assert page.locator(".drawn svg[role=img]").count() >= 5


def test_works_are_searched_filtered_and_sorted(page: Page) -> None:
    go(page, "works")
    rows = page.locator("#works-table tbody tr")
    expect(rows).to_have_count(25)
    page.get_by_label("Search").fill("shared")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("A Shared Work")
    expect(page.locator("#works-found")).to_contain_text("1 of 65 shown")
    page.get_by_label("Search").fill("")
    page.locator("#works-state").select_option("review")
    expect(rows).to_contain_text(["weak as printed"])
    page.locator("#works-state").select_option("")
    year = page.locator("#works-table th", has_text="Year")
    year.get_by_role("button").press("Enter")
    expect(year).to_have_attribute("aria-sort", "ascending")


def test_a_number_in_the_overview_leads_to_the_works_behind_it(page: Page) -> None:
    page.locator(".reasons a").first.click()
    expect(page.locator("#works-table tbody tr")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_who_goes_back_finds_the_place_again(page: Page) -> None:
    go(page, "works")
    page.set_viewport_size({"width": 1200, "height": 300})
    link = page.locator("#works-table tbody tr").nth(20).get_by_role("link").first
    link.scroll_into_view_if_needed()
    place = page.evaluate("window.scrollY")
    link.click()
    expect(page.locator("#view-one")).to_be_visible()
    assert page.evaluate("window.scrollY") == 0 < place
    page.go_back()
    expect(page.locator("#view-works")).to_be_visible()
    assert page.evaluate("window.scrollY") == place


def test_a_reference_list_tells_outcome_reason_and_cure_in_words(page: Page) -> None:
    go(page, "pdf/1")
    items = page.locator("ol.references > li")
    expect(items).to_have_count(4)
    expect(items.nth(0)).to_contain_text("✓ copy")
    expect(items.nth(1)).to_contain_text("no index knows an open copy")
    expect(items.nth(2)).to_contain_text("dl-lit review")
    expect(items.nth(3)).to_contain_text("no service knows anything like it")
    link = items.nth(0).get_by_role("link", name="PDF of A Shared Work")
    assert link.get_attribute("href") == f"pdfs/{A_FILE.file_name}"


def test_hostile_text_is_shown_and_never_run(page: Page) -> None:
    go(page, "works")
    page.get_by_label("Search").fill("</script>")
    row = page.locator("#works-table tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(HOSTILE)
    row.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("a[href^='javascript' i]").count() == 0
    assert page.title() != "run"


def test_the_network_is_drawn_and_the_table_below_says_the_same(page: Page) -> None:
    go(page, "network")
    expect(page.locator("#network-told")).to_contain_text("2 PDFs, 1 work, 2 citations")
    assert page.locator("#network-drawn canvas").count() > 0
    expect(page.locator("#network-table tbody tr")).to_have_count(1)
    page.get_by_label("also works that only one PDF cites").check()
    expect(page.locator("#network-told")).to_contain_text("65 works")
    page.get_by_label("Find").fill("shared")
    expect(page.locator("#network-chosen")).to_contain_text("A Shared Work")


def test_the_theme_follows_the_system_and_then_the_person(page: Page) -> None:
    def paper() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = paper()
    page.emulate_media(color_scheme="dark")
    dark = paper()
    assert light != dark
    page.get_by_role("button", name="Light theme").click()
    assert paper() == light
    page.reload()
    assert paper() == light


@pytest.mark.parametrize("route", ROUTES)
def test_no_barrier_is_known_to_axe_in_light_or_dark(page: Page, route: str) -> None:
    go(page, route)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("route", ROUTES)
def test_a_small_screen_needs_no_scrolling_sideways(page: Page, route: str) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    go(page, route)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_a_print_has_every_work_and_every_list_and_no_controls(page: Page) -> None:
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#works-table tbody tr").count() == 65
    assert page.locator(".printed-list").count() == 4
    assert (page.locator("#network-printed").get_attribute("src") or "").startswith("data:image/png")
    expect(page.locator("nav").first).to_be_hidden()
    expect(page.locator(".filters").first).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#works-table tbody tr").count() == 25


def test_a_print_of_one_list_is_that_list_alone(page: Page) -> None:
    go(page, "pdf/1")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("ol.references > li")).to_have_count(4)
    expect(page.locator("#view-overview")).to_be_hidden()
    expect(page.locator("#view-works")).to_be_hidden()


def test_the_keyboard_alone_reaches_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    expect(page.locator("#view-overview")).to_be_visible()


def test_an_address_that_is_not_in_the_report_says_so(page: Page) -> None:
    go(page, "work/999")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not in this report")

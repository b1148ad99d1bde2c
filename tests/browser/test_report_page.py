"""The report in a real browser: offline, on a phone, on a screen, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ankerort.documents.report import write_report

CHROMIUM = Path("/usr/bin/chromium")
ARGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Debian's Chromium."""
    if not CHROMIUM.is_file():
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module", params=["de", "en"])
def report(request: pytest.FixtureRequest, sample_run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the sample region."""
    path = tmp_path_factory.mktemp("bericht") / "report.html"
    write_report(sample_run.assessment, path, request.param)
    return path


@pytest.fixture
def page(browser, report: Path) -> Iterator[object]:
    """A page without a network."""
    context = browser.new_context(offline=True, viewport={"width": 900, "height": 1200})
    opened = context.new_page()
    yield opened
    context.close()


def test_opens_offline_without_errors_and_requests(page, report: Path) -> None:
    """The page asks for nothing but itself and logs nothing; all its pictures are drawn."""
    requests: list[str] = []
    told: list[str] = []
    page.on("request", lambda r: requests.append(r.url))
    page.on("console", lambda m: told.append(m.text))
    page.on("pageerror", lambda e: told.append(str(e)))
    page.goto(report.as_uri(), wait_until="load")
    assert told == []
    assert [u for u in requests if not u.startswith("data:")] == [report.as_uri()]
    widths = page.evaluate("[...document.images].map(i => i.naturalWidth)")
    assert widths and min(widths) > 100


@pytest.mark.parametrize("width", [390, 900])
def test_nothing_is_wider_than_the_screen(page, report: Path, width: int) -> None:
    """On a phone and on a screen the page never scrolls sideways; wide tables scroll in their own frame."""
    page.set_viewport_size({"width": width, "height": 1000})
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = page.evaluate(
        "w => [...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll') && "
        "e.getBoundingClientRect().right > w + 1).map(e => e.outerHTML.slice(0, 80))",
        width,
    )
    assert outside == []


def test_no_text_leaves_its_cell(page, report: Path) -> None:
    """No word of a table runs into the next column."""
    page.goto(report.as_uri())
    cut = page.evaluate(
        "[...document.querySelectorAll('td, th')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"
    )
    assert cut == []


def test_contents_lead_to_the_sections(page, report: Path) -> None:
    """Each entry of the contents brings its section to the top."""
    page.set_viewport_size({"width": 900, "height": 400})
    page.goto(report.as_uri())
    links = page.locator("nav a")
    count = links.count()
    assert count == page.locator("main > section").count() - 1
    for number in range(count):
        page.goto(report.as_uri())
        target = links.nth(number).get_attribute("href")
        links.nth(number).click()
        top = page.evaluate("id => document.querySelector(id).getBoundingClientRect().top", target)
        assert top < 400, target


def test_the_most_important_fits_one_printed_page(page, report: Path, tmp_path: Path) -> None:
    """On A4, what is headed as the most important takes one page: the printed first section has exactly one."""
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('main > section:not(#wichtigstes)').forEach(s => s.remove())")
    page.evaluate("document.querySelector('#wichtigstes').style.breakAfter = 'auto'")
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert box is not None
    assert (float(box[1]), float(box[2])) == pytest.approx((595, 842), abs=1.5)


def test_print_is_at_least_eleven_points(page, report: Path) -> None:
    """No printed word is smaller than 11 pt (14.67 px)."""
    page.emulate_media(media="print")
    page.goto(report.as_uri())
    small = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.innerText && e.children.length === 0 && "
        "e.getClientRects().length && parseFloat(getComputedStyle(e).fontSize) < 14.6).map(e => e.outerHTML)"
    )
    assert small == []


def _luminance(colour: str) -> float:
    """Relative luminance of ``rgb(r, g, b)`` (WCAG 2)."""
    parts = [int(v) / 255 for v in re.findall(r"\d+", colour)[:3]]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_letters_can_be_read_on_their_colours(page, report: Path) -> None:
    """Each letter has a contrast of at least 4.5 to 1 against its fill, and soft text against the paper."""
    page.goto(report.as_uri())
    pairs = page.evaluate(
        "[...document.querySelectorAll('b.k, .bar span')].map(e => [getComputedStyle(e).color, "
        "getComputedStyle(e).backgroundColor, e.className])"
    )
    pairs.append(
        [page.evaluate("getComputedStyle(document.querySelector('.soft')).color"), "rgb(255, 255, 255)", "soft"]
    )
    assert len({tuple(p) for p in pairs}) >= 7
    for ink, fill, name in {tuple(p) for p in pairs}:
        light, dark = sorted((_luminance(ink), _luminance(fill)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, name

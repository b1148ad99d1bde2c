"""``report.html``: everything in it, nothing loaded, nothing pretended."""

from __future__ import annotations

import dataclasses
import math
import re
from html.parser import HTMLParser

from ankerort.documents.labels import row_label
from ankerort.documents.report import write_report
from ankerort.documents.report_rows import minutes_text
from ankerort.documents.tables import study_places

VOID = {"meta", "img", "br", "link", "input", "hr", "col"}


class Page(HTMLParser):
    """Reads a page strictly: each tag closed in its turn; collects ids, links, pictures and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.images: list[dict[str, str]] = []
        self.loads: list[str] = []
        self.html: dict[str, str] = {}
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if tag == "html":
            self.html = given
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag == "img":
            self.images.append(given)
        for name in ("src", "data", "action", "poster", "srcset"):
            if name in given:
                self.loads.append(given[name])
        if tag in ("link", "script", "iframe", "object"):
            self.faults.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)


def read(path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return page


def test_page_is_well_formed_and_names_its_language(written) -> None:
    """Tags are nested and closed, ids are unique, links stay in the page, and the language is told to screen readers."""
    page = read(written.out / "report.html")
    assert page.faults == [] and page.open == []
    assert page.html["lang"] == written.lang
    assert len(page.ids) == len(set(page.ids))
    assert page.links and all(link.startswith("#") and link[1:] in page.ids for link in page.links)


def test_page_loads_nothing(written) -> None:
    """No address outside the page is loaded: it must open offline, and nobody learns who reads it."""
    page = read(written.out / "report.html")
    assert page.loads and all(x.startswith("data:image/png;base64,") for x in page.loads)
    style = re.findall(r"<style>(.*?)</style>", (written.out / "report.html").read_text(encoding="utf-8"), re.DOTALL)
    assert not re.search(r"url\(|@import", "".join(style))


def test_all_core_functions_and_places_are_told(written) -> None:
    """Every core function and every inhabited place of the sample is in the report, and each picture says what it shows."""
    page = read(written.out / "report.html")
    text = " ".join(page.words)
    for item in written.assessment.catalogue.core:
        assert row_label(f"core:{item.id}", written.assessment.catalogue, written.lang) in text
    places = study_places(written.assessment)
    for name in places.loc[places["persons"] > 0.5, "print_name"]:
        assert name in text
    assert page.images and all(image["alt"].strip() for image in page.images)


def test_unknown_is_never_printed_as_a_number() -> None:
    """A way without a value says so; a bound says at most; minutes are rounded up."""
    assert minutes_text(math.nan, False, "de") == "keine Verbindung"
    assert minutes_text(12.2, True, "de") == "höchstens 13 min"
    assert minutes_text(12.2, False, "en") == "13 min"


def test_bounds_reach_the_page(assessment, tmp_path) -> None:
    """Where the edge of the data may hide a nearer facility, the list of places says ``höchstens``."""
    balance = assessment.supply.place_service.copy()
    balance["car_bound"] = True
    supply = dataclasses.replace(assessment.supply, place_service=balance)
    write_report(dataclasses.replace(assessment, supply=supply), tmp_path / "r.html", "de")
    assert re.search(r"höchstens \d+ min", " ".join(read(tmp_path / "r.html").words))


def test_a_function_nobody_knows_about_is_not_known(assessment, tmp_path) -> None:
    """A core function with ``?`` everywhere shows no share and no map, and is named as not known."""
    balance = assessment.supply.place_service.copy()
    rows = balance["service"] == "core:post"
    balance.loc[rows, ["state", "state_no_car", "state_demand"]] = "?"
    balance.loc[rows, ["without_car_low", "without_car_demand_low", "with_car_low"]] = 0.0
    balance.loc[rows, ["without_car_high", "without_car_demand_high", "with_car_high"]] = 1.0
    supply = dataclasses.replace(assessment.supply, place_service=balance)
    write_report(dataclasses.replace(assessment, supply=supply), tmp_path / "r.html", "de")
    page = read(tmp_path / "r.html")
    assert not any(image["alt"].startswith("Karte Post:") for image in page.images)
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    row = re.search(r"<tr><td>Post</td>.*?</tr>", html, re.DOTALL)
    assert row and row.group(0).count("nicht bekannt</td>") == 3 and "%</td>" not in row.group(0)
    assert "Ohne Karte, weil der Stand an keinem Ort bekannt ist: Post." in " ".join(page.words)


def test_names_are_escaped(assessment, tmp_path) -> None:
    """A name that looks like HTML is printed, not run."""
    places = assessment.region.places.copy()
    row = places.index[places["in_study"] & (places["persons"] > 100)][0]
    places.loc[row, ["name", "print_name"]] = "<script>alert(1)</script>"
    region = dataclasses.replace(assessment.region, places=places)
    write_report(dataclasses.replace(assessment, region=region), tmp_path / "r.html", "de")
    page = read(tmp_path / "r.html")
    assert page.faults == []
    assert "<script>alert(1)</script>" in " ".join(page.words)

"""``vergleich.html``, ``vergleich.xlsx``, ``vergleich.gpkg``: scenarios side by side, who gains and who loses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.documents.comparison_depth import depth_lines
from ankerort.documents.comparison_maps import SignMap
from ankerort.documents.comparison_rows import (
    MODES,
    ComparedScenario,
    Effect,
    area_names,
    change_lines,
    changed_facilities,
    effects,
    gained,
    head_lines,
    place_rows,
)
from ankerort.documents.comparison_tables import write_comparison_geopackage, write_comparison_workbook
from ankerort.documents.labels import DARK_LETTERS, LETTERS, letter_meaning, row_label
from ankerort.documents.public import public_label_region, public_tables
from ankerort.documents.write import write_all
from ankerort.region.model import Region
from ankerort.region.public_view import internal_sources
from ankerort.scenario.changes_network import AddStop, DayChange, RemoveStop
from ankerort.scenario.compare import place_signs
from ankerort.text import Language, say
from ankerort.text.numbers import format_date, format_decimal, format_persons
from ankerort.text.problems import describe_problem

_MOST_PLACES = 40
_MOST_STATEMENTS = 20
_LEAST = 2.5


@dataclass(frozen=True)
class ComparisonSet:
    """Scenarios against one base.

    Parameters
    ----------
    base_name
        As printed: heute, or the name of a scenario.
    base, catalogue
        Region and catalogue of the base.
    scenarios
        In the order asked for.
    service_day
        ISO date of the timetable, empty without one.
    record
        Version of the program (``ankerort``) and key of the inputs (``key``).
    """

    base_name: str
    base: Region
    catalogue: Catalogue
    scenarios: tuple[ComparedScenario, ...]
    service_day: str
    record: Mapping[str, object]


def write_comparison(
    compared: ComparisonSet, out: Path, *, lang: Language = "de", progress: Progress = SILENT
) -> tuple[Path, ...]:
    """Write the page, the workbook and the geopackage into `out`; temporary files are renamed when all are there.

    Returns
    -------
    tuple of Path
        Files in reading order; where one is held open by another program, the new one stands beside it.
    """
    compared = public_comparison(compared, lang)
    makers: dict[str, Callable[[Path], object]] = {
        "vergleich.html": lambda path: write_page(compared, path, lang),
        "vergleich.xlsx": lambda path: write_comparison_workbook(
            compared.base, compared.catalogue, compared.scenarios, path, lang
        ),
        "vergleich.gpkg": lambda path: write_comparison_geopackage(
            compared.base, compared.catalogue, compared.scenarios, path, lang
        ),
    }
    return write_all(out, makers, progress, text_id="progress.comparison")


def public_comparison(compared: ComparisonSet, lang: Language) -> ComparisonSet:
    """The same without anything that only lists say which may not be passed on."""
    if not internal_sources(compared.base):
        return compared
    scenarios = []
    for one in compared.scenarios:
        regions = (compared.base, one.region)
        told = replace(public_tables(one.comparison, *regions), depth=public_tables(one.comparison.depth, *regions))
        scenarios.append(replace(one, comparison=told, region=public_label_region(one.region, lang)))
    return replace(compared, base=public_label_region(compared.base, lang), scenarios=tuple(scenarios))


def write_page(compared: ComparisonSet, path: Path, lang: Language) -> None:
    """Write the page to `path`: everything in one file, nothing loaded, no date of printing."""
    folder = files("ankerort.documents") / "templates"
    # the styles of the report, without the line that the report fills with the colours of its letters
    styles = (folder / "report.html").read_text(encoding="utf-8").split("<style>")[1].split("</style>")[0]
    styles = re.sub(r"\{% for .*?\{% endfor %\}", "", styles, flags=re.DOTALL)
    template = (folder / "comparison.html").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)

    def sentence(sentence_id: str, **params: object) -> str:
        return say(sentence_id, lang, **params)

    page = environment.from_string(template).render(t=sentence, lang=lang, styles=styles, **_content(compared, lang))
    path.write_text(page + "\n", encoding="utf-8")


def _content(compared: ComparisonSet, lang: Language) -> dict[str, Any]:
    maps = SignMap(compared.base, lang)
    sources = compared.base.sources
    lines = [
        say("compare.method.standard", lang),
        say("compare.method.bounds", lang),
        say("compare.method.people", lang),
    ]
    if compared.service_day:
        lines.append(say("compare.method.day", lang, day=format_date(compared.service_day, lang)))
    lines += [say("compare.method.minutes", lang), say("compare.method.equal", lang)]
    return {
        "region": compared.base.settings.name,
        "base": compared.base_name,
        "letters": [
            {
                "letter": x,
                "meaning": letter_meaning(x, lang),
                "fill": fill,
                "ink": "#ffffff" if x in DARK_LETTERS else "#000000",
            }
            for x, (fill, _) in LETTERS.items()
        ],
        "scenarios": [_scenario(compared, one, number, maps, lang) for number, one in enumerate(compared.scenarios, 1)],
        "overview": _overview(compared, lang),
        "method": lines,
        "sources": [
            {"title": s.title or s.file, "date": format_date(str(s.date), lang), "attribution": s.attribution}
            for s in sources.itertuples()
        ],
        "credit": " · ".join(a for a in dict.fromkeys(sources["attribution"]) if a),
        "version": compared.record["ankerort"],
        "key": compared.record["key"],
    }


def _overview(compared: ComparisonSet, lang: Language) -> list[dict[str, Any]]:
    """Rows service and mode, one cell per scenario: who gains and who loses in the study area."""
    found = [{(e.service, e.mode): e for e in effects(one, compared.catalogue)} for one in compared.scenarios]
    size: dict[tuple[str, str], float] = {}
    for table in found:
        for key, effect in table.items():
            size[key] = max(size.get(key, 0.0), effect.size)
    biggest: dict[str, float] = {}
    for (service, _), amount in size.items():
        biggest[service] = max(biggest.get(service, 0.0), amount)
    order = sorted(size, key=lambda k: (-biggest[k[0]], k[0], MODES.index(k[1])))
    return [
        {
            "service": row_label(service, compared.catalogue, lang),
            "mode": say(f"mode.{mode}", lang),
            "cells": [_cell(table.get((service, mode)), lang) for table in found],
        }
        for service, mode in order
    ]


def _cell(effect: Effect | None, lang: Language) -> dict[str, str]:
    if effect is None:
        return {"gain": "", "lose": ""}
    return {
        "gain": gained(effect.gain_low, effect.gain_high, lang, sign="+"),
        "lose": gained(effect.lose_low, effect.lose_high, lang, sign="−"),
    }


def _scenario(
    compared: ComparisonSet, one: ComparedScenario, number: int, maps: SignMap, lang: Language
) -> dict[str, Any]:
    rows = place_rows(one, compared.base, compared.catalogue, lang)
    shown = rows[(rows["sign"] != "=") | rows["letter"].str.contains("→", regex=False)]
    shown = shown.sort_values("_size", ascending=False, kind="stable").head(_MOST_PLACES)
    signs = place_signs(one.comparison)
    touched = changed_facilities(compared.base, one.region)
    better = sum(s == "+" for s in signs.values())
    worse = sum(s == "-" for s in signs.values())
    both = sum(s == "+-" for s in signs.values())
    return {
        "id": f"szenario-{number}",
        "name": one.name,
        "note": one.resolved.scenario.note,
        "head": head_lines(one, compared.catalogue, lang),
        "counts": say("compare.counts", lang, better=better, worse=worse, both=both),
        "changes": change_lines(one.resolved, compared.catalogue, lang),
        "warnings": [describe_problem(p, lang) for p in one.resolved.problems] + _timetable_lines(one, lang),
        "map": maps.draw(signs, touched),
        "map_alt": say("compare.map_alt", lang, better=better, worse=worse, both=both),
        "rows": [_row(r, lang) for r in shown.to_dict("records")],
        "more": say("compare.more_places", lang, count=len(rows) - len(shown)) if len(rows) > len(shown) else "",
        "municipalities": _municipalities(compared, one, lang),
        "statements": _statements(compared, one, lang),
        "trips": _trips(compared, one, lang),
        "depth": depth_lines(one, compared.base, compared.catalogue, lang),
    }


def _timetable_lines(one: ComparedScenario, lang: Language) -> list[str]:
    """What must be known of typical minutes where the timetable changes: they may fall although a ride is gone."""
    kinds = (DayChange, AddStop, RemoveStop)
    changed = any(isinstance(change, kinds) for change, _ in one.resolved.scenario.all_changes())
    return [say("compare.typical_minutes", lang)] if changed else []


def _row(row: Mapping[str, Any], lang: Language) -> dict[str, str]:
    texts = {k: str(v) for k, v in row.items() if not k.startswith("_") and k != "persons_place"}
    return {**texts, "persons": format_persons(float(row["persons_place"]), lang)}


def _municipalities(compared: ComparisonSet, one: ComparedScenario, lang: Language) -> list[dict[str, str]]:
    region = compared.base
    rows = region.municipalities[region.municipalities["in_study"]].sort_values(["name", "ags"], kind="stable")
    found = []
    for row in rows.itertuples():
        for effect in effects(one, compared.catalogue, level="municipality", area=str(row.ags)):
            found.append(
                {
                    "name": str(row.name),
                    "service": row_label(effect.service, compared.catalogue, lang),
                    "mode": say(f"mode.{effect.mode}", lang),
                    **_cell(effect, lang),
                }
            )
    return found


def _statements(compared: ComparisonSet, one: ComparedScenario, lang: Language) -> list[str]:
    """Standards that a municipality, an association or a district meets now and did not before, or the other way round."""
    rows = one.comparison.statements
    rows = rows[rows["group"] == "all"]
    rows = rows[rows["before"].isin(("yes", "no")) & rows["after"].isin(("yes", "no"))]
    rows = rows[rows["level"].isin(("municipality", "association", "district", "study"))]
    names = area_names(compared.base)
    found = []
    for row in rows.drop_duplicates().head(_MOST_STATEMENTS).itertuples():
        standards = compared.catalogue.standard_sets[str(row.set_id)]
        found.append(
            say(
                f"compare.statement.{row.after}",
                lang,
                area=names.get((str(row.level), str(row.area_id)), str(row.area_id)),
                service=row_label(str(row.service), compared.catalogue, lang),
                mode=say(f"mode.{row.mode}", lang),
                set=standards.label_de if lang == "de" else standards.label_en,
            )
        )
    return list(dict.fromkeys(found))


def _trips(compared: ComparisonSet, one: ComparedScenario, lang: Language) -> list[str]:
    """There and back in the study area, day type by day type: who can get home now, and who no longer."""
    rows = one.comparison.trips
    rows = rows[(rows["level"] == "study") & (rows["group"] == "all") & ~rows["with_demand"]]
    found = []
    for row in rows.itertuples():
        if max(row.gain, row.lose) < _LEAST:
            continue
        found.append(
            say(
                "compare.trips",
                lang,
                service=row_label(str(row.service), compared.catalogue, lang),
                day=say(f"compare.day.{row.day_type}", lang),
                gain=format_persons(float(row.gain), lang),
                lose=format_persons(float(row.lose), lang),
                before=format_decimal(float(row.pairs_before), lang),
                after=format_decimal(float(row.pairs_after), lang),
            )
        )
    return found


__all__ = ["ComparedScenario", "ComparisonSet", "public_comparison", "write_comparison", "write_page"]

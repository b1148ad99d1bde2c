"""The page on the people of tomorrow: study area, municipalities and places to the last year of the forecast."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from ankerort.catalogue.demography import ForecastVariant
from ankerort.documents.assessment import Assessment
from ankerort.documents.forecast_chart import AGES, CLASSES, ChangeMap, change_class, forecast_chart
from ankerort.documents.tables import study_places
from ankerort.documents.year import variant_label
from ankerort.region.forecast import Forecast
from ankerort.text import Language, say
from ankerort.text.numbers import format_decimal, format_persons, format_share, format_whole, round_persons
from ankerort.text.problems import describe_problem, repair_of

_ALL_UP_TO = 15  # municipalities that are all shown; of more the largest
_MOST = 12
_FEWEST_LISTED = 50  # persons; the change of smaller places is chance
_RATIOS = ("youth_ratio", "old_age_ratio")


def forecast_content(assessment: Assessment, lang: Language) -> dict[str, Any]:
    """Content of ``forecast.html``; without a forecast only the reason."""
    forecast = assessment.forecast
    if forecast is None:
        return {"nothing": _why_not(assessment, lang)}
    found = _Found(assessment, forecast, lang)
    return {
        "nothing": [],
        "lead": found.lead(),
        "method": found.method(),
        "years": [found.year_head(y) for y in found.years],
        "study": found.study_rows(),
        "municipalities": found.municipality_rows(),
        "ages": found.age_rows(),
        "more": found.more(),
        "star": found.star(),
        "base": str(forecast.base_year),
        "horizon": str(found.horizon),
        "variants": [
            found.variant_line(v) for v in assessment.catalogue.forecast_variants if v.id in forecast.variants
        ],
        "chart": forecast_chart(assessment, found.study, lang),
        "chart_alt": found.chart_alt(),
        **found.place_rows(),
    }


def shown_years(forecast: Forecast) -> tuple[int, ...]:
    """The base year and those that lie five years or more after it."""
    return tuple(y for y in forecast.years if y == forecast.base_year or y >= forecast.base_year + 5)


def horizon_of(forecast: Forecast) -> int:
    """The year that the text looks to: the last one with official totals, else the last but one that is shown."""
    years = shown_years(forecast)
    official = [y for y in years[1:] if forecast.official_year is not None and y <= forecast.official_year]
    return official[-1] if official else years[max(-2, -len(years))]


def _why_not(assessment: Assessment, lang: Language) -> list[str]:
    lines = [say("forecast.none", lang)]
    for problem in assessment.problems:
        if problem.code.startswith("forecast_"):
            lines.append(f"{describe_problem(problem, lang)} {repair_of(problem, lang)}".strip())
    return lines


class _Found:
    """What the page says, from the tables of one forecast."""

    def __init__(self, assessment: Assessment, forecast: Forecast, lang: Language) -> None:
        self.assessment, self.forecast, self.lang = assessment, forecast, lang
        self.main = forecast.variants[0]
        self.years, self.horizon = shown_years(forecast), horizon_of(forecast)
        self.fewest = assessment.catalogue.value("forecast.print_from_persons")
        areas = forecast.areas[forecast.areas["year"].isin(self.years)]
        self.study = areas[areas["level"] == "study_area"]
        inside = assessment.region.municipalities
        inside = inside[inside["in_study"]]
        self.names = dict(zip(inside["ags"], inside["name"], strict=True))
        rows = areas[(areas["level"] == "municipality") & areas["area_id"].isin(list(self.names))]
        base = rows[(rows["year"] == forecast.base_year) & (rows["variant"] == self.main)]
        base = base.sort_values(["persons", "area_id"], ascending=[False, True], kind="stable")
        self.count = len(base)
        listed = base["area_id"] if len(base) <= _ALL_UP_TO else base["area_id"].head(_MOST)
        self.listed = sorted(listed, key=lambda ags: (self.names[ags], ags))
        self.of_municipality = {ags: rows[rows["area_id"] == ags] for ags in self.listed}
        self.places = areas[areas["level"] == "place"]

    def people(self, persons: float) -> str:
        """Rounded; too few are not printed."""
        if persons < self.fewest:
            return say("forecast.fewer", self.lang, persons=format_whole(self.fewest, self.lang))
        return format_persons(persons, self.lang)

    def value(self, rows: pd.DataFrame, year: int, key: str) -> float:
        """A value of the trend."""
        return float(rows.loc[(rows["year"] == year) & (rows["variant"] == self.main), key].iloc[0])

    def range(self, rows: pd.DataFrame, year: int, key: str = "persons") -> str:
        """Smallest and largest of all variants; empty where they print the same, or too few live there."""
        values = rows.loc[rows["year"] == year, key]
        low, high = float(values.min()), float(values.max())
        if low < self.fewest or round_persons(low) == round_persons(high):
            return ""
        return f"{format_persons(low, self.lang)}–{format_persons(high, self.lang)}"

    def year_head(self, year: int) -> str:
        """2045 *, if the study area is extrapolated."""
        beyond = self.study.loc[self.study["year"] == year, "extrapolated"].any()
        return f"{year} *" if beyond else str(year)

    def star(self) -> str:
        """What the star means; empty if no year has one."""
        if not self.study["extrapolated"].any():
            return ""
        return say("forecast.star", self.lang, year=str(self.forecast.official_year))

    def lead(self) -> list[str]:
        """Everybody, the range, the old, the very old, the young: number, reference, consequence."""
        base, later, lang = self.forecast.base_year, self.horizon, self.lang
        was, will = self.value(self.study, base, "persons"), self.value(self.study, later, "persons")
        if was < self.fewest:
            return [say("forecast.nobody", lang)]
        change = will / was - 1.0
        kind = "same" if round(abs(change) * 100) == 0 else "less" if change < 0 else "more"
        lines = [
            say(
                f"forecast.lead_{kind}",
                lang,
                year=str(later),
                base=str(base),
                persons=self.people(will),
                was=self.people(was),
                change=format_share(abs(change), lang),
                variant=variant_label(self.assessment.catalogue, self.main, lang),
            )
        ]
        span = self.study.loc[self.study["year"] == later, "persons"]
        if round_persons(float(span.min())) != round_persons(float(span.max())):
            low, high = self.people(float(span.min())), self.people(float(span.max()))
            lines.append(say("forecast.lead_range", lang, low=low, high=high))
        old = {y: self.value(self.study, y, "persons_65_plus") for y in (base, later)}
        lines.append(
            say(
                "forecast.lead_old",
                lang,
                year=str(later),
                base=str(base),
                old=self.people(old[later]),
                share=format_share(old[later] / will if will else math.nan, lang) if will else "",
                was=self.people(old[base]),
                was_share=format_share(old[base] / was, lang),
            )
        )
        very = {y: self.value(self.study, y, "persons_80_plus") for y in (base, later)}
        grows = very[later] > 1.05 * very[base]
        lines.append(
            say(
                "forecast.lead_very_old_more" if grows else "forecast.lead_very_old",
                lang,
                old=self.people(very[later]),
                was=self.people(very[base]),
            )
        )
        young = {y: self.value(self.study, y, "persons_0_17") for y in (base, later)}
        lines.append(say("forecast.lead_young", lang, young=self.people(young[later]), was=self.people(young[base])))
        return lines

    def method(self) -> list[str]:
        """How it was made, with its marks, and how far to trust it."""
        lang = self.lang
        inside = set(self.assessment.region.places.loc[self.assessment.region.places["in_study"], "place_id"])
        table = self.forecast.table
        rows = table[(table["variant"] == self.main) & (table["year"] == self.horizon)]
        methods = set(rows.loc[rows["place_id"].isin(list(inside)), "method"].astype(str))
        lines = []
        for method in ("raked", "hamilton_perry", "cohort"):
            if method in methods:
                title = "; ".join(self._titles())
                lines.append(
                    say(f"forecast.method_{method}", lang, year=str(self.forecast.official_year), source=title)
                )
        if "raked" not in methods:
            lines.append(say("forecast.no_official", lang))
        if self.forecast.ages_year < self.forecast.base_year:
            ages, base = str(self.forecast.ages_year), str(self.forecast.base_year)
            lines.append(say("forecast.method_ages", lang, ages=ages, base=base))
        lines.append(say("forecast.caution", lang))
        lines.append(say("forecast.facilities", lang))
        return lines

    def _titles(self) -> list[str]:
        inputs = self.assessment.region.settings.inputs_of("projection")
        return [i.title or i.source_id for i in inputs]

    def variant_line(self, variant: ForecastVariant) -> str:
        """What a variant assumes, with its marks."""
        lang = self.lang
        facts = []
        if variant.net_migration_factor.value == 0:
            facts.append(f"{say('forecast.variant_no_moves', lang)} [{variant.net_migration_factor.mark}]")
        for first, last, extra in variant.extra:
            if extra.value:
                key = "forecast.variant_more" if extra.value > 0 else "forecast.variant_fewer"
                count = format_decimal(abs(extra.value), lang, digits=0 if float(extra.value).is_integer() else 1)
                facts.append(f"{say(key, lang, first=first, last=last, count=count)} [{extra.mark}]")
        if not facts:
            facts.append(f"{say('forecast.variant_trend', lang)} [{variant.net_migration_factor.mark}]")
        return f"{variant.label(lang)}: {'; '.join(facts)}."

    def study_rows(self) -> list[dict[str, Any]]:
        """Everybody, age groups and ratios of the study area by year."""
        rows = []
        for key in ("persons", *AGES):
            cells = [(self.people(self.value(self.study, y, key)), self.range(self.study, y, key)) for y in self.years]
            rows.append({"label": say(f"forecast.{key}", self.lang), "cells": cells})
        for key in _RATIOS:
            cells = [(self.ratio(self.value(self.study, y, key)), "") for y in self.years]
            rows.append({"label": say(f"forecast.{key}", self.lang), "cells": cells})
        return rows

    def ratio(self, value: float) -> str:
        """A ratio per 100, whole."""
        return say("word.unknown", self.lang) if math.isnan(value) else format_whole(value, self.lang)

    def municipality_rows(self) -> list[dict[str, Any]]:
        """Everybody by year, with the range of the variants, and the change to the horizon."""
        return [
            {
                "name": self.names[ags],
                "cells": [(self.people(self.value(rows, y, "persons")), self.range(rows, y)) for y in self.years],
                "change": self.change(
                    self.value(rows, self.years[0], "persons"), self.value(rows, self.horizon, "persons")
                ),
            }
            for ags, rows in self.of_municipality.items()
        ]

    def change(self, base: float, later: float) -> str:
        """Change in whole per cent with its sign; a word where too few live there."""
        if base < self.fewest:
            return say("word.unknown", self.lang)
        whole = round(100 * (later / base - 1.0))
        return f"{'+' if whole > 0 else '−' if whole < 0 else '±'}{abs(whole)} %"

    def age_rows(self) -> list[dict[str, Any]]:
        """Age groups and ratios per municipality: base year and horizon."""
        ends = (self.years[0], self.horizon)
        out = []
        for ags, rows in self.of_municipality.items():
            cells = [tuple(self.people(self.value(rows, y, key)) for y in ends) for key in AGES]
            too_few = min(self.value(rows, y, "persons_0_17") for y in ends) < self.fewest
            for key in _RATIOS:
                cells.append(tuple("–" if too_few else self.ratio(self.value(rows, y, key)) for y in ends))
            out.append({"name": self.names[ags], "cells": cells})
        return out

    def more(self) -> str:
        """That the others stand in the workbook."""
        if self.count == len(self.listed):
            return say("forecast.in_workbook", self.lang)
        return say("forecast.more", self.lang, shown=len(self.listed), count=self.count)

    def place_rows(self) -> dict[str, Any]:
        """Places that lose or gain most, their map, and how many are small."""
        lang = self.lang
        places = study_places(self.assessment).set_index("place_id")
        rows = self.places[(self.places["variant"] == self.main) & self.places["area_id"].isin(list(places.index))]
        base = rows[rows["year"] == self.years[0]].set_index("area_id")["persons"]
        later = rows[rows["year"] == self.horizon].set_index("area_id").assign(base=base)
        settled = later.index.map(places["kind"]) != "outlying"
        later = later[(later["base"] >= self.fewest) & settled]
        later["change"] = later["persons"] / later["base"] - 1.0
        signs = {
            str(p): change_class(float(b), float(n), float(low), float(high))
            for p, b, n, low, high in zip(
                later.index, later["base"], later["persons"], later["low"], later["high"], strict=True
            )
        }
        small = int(later["low"].notna().sum())
        listed = later[later["base"] >= _FEWEST_LISTED]
        order = np.lexsort((listed.index.to_numpy(str), -listed["change"].abs().to_numpy()))
        strongest = listed.iloc[order[:_MOST]]
        used = [s for s in CLASSES if s in signs.values()]
        return {
            "places": [
                {
                    "sign": signs[str(row.Index)],
                    "name": places.at[row.Index, "print_name"],
                    "base": self.people(float(row.base)),
                    "later": self._later(float(row.persons), float(row.low), float(row.high)),
                    "change": self.change(float(row.base), float(row.persons)),
                    "old": self.people(float(row.persons_65_plus)),
                }
                for row in strongest.itertuples()
            ],
            "places_about": say("forecast.places_about", lang, shown=len(strongest), count=len(later)),
            "small": say(
                "forecast.small",
                lang,
                count=small,
                below=format_whole(self.assessment.catalogue.value("forecast.band_below_persons"), lang),
                share=format_share(self.assessment.catalogue.value("forecast.band_share"), lang),
            )
            if small
            else "",
            "map": ChangeMap(self.assessment.region, lang).draw(signs) if signs else "",
            "map_alt": say(
                "forecast.map_alt",
                lang,
                year=str(self.horizon),
                counts=", ".join(
                    f"{say(f'forecast.class_{_NAMES[s]}', lang)}: {sum(v == s for v in signs.values())}" for s in used
                ),
            ),
            "classes": [
                {
                    "sign": s,
                    "fill": CLASSES[s][1],
                    "ink": CLASSES[s][2],
                    "text": say(f"forecast.class_{_NAMES[s]}", lang),
                    "count": sum(v == s for v in signs.values()),
                }
                for s in used
            ],
        }

    def _later(self, persons: float, low: float, high: float) -> str:
        if math.isnan(low):
            return self.people(persons)
        return say("page.between", self.lang, low=self.people(low), high=self.people(high))

    def chart_alt(self) -> str:
        """The lines of the chart in words: everybody in the trend and the ends of the variants."""
        trend = ", ".join(f"{y}: {self.people(self.value(self.study, y, 'persons'))}" for y in self.years)
        last = self.study[self.study["year"] == self.years[-1]]
        ends = ", ".join(
            f"{variant_label(self.assessment.catalogue, str(v), self.lang)} {self.people(float(p))}"
            for v, p in zip(last["variant"], last["persons"], strict=True)
        )
        return say("forecast.chart_alt", self.lang, trend=trend, last=str(self.years[-1]), ends=ends)


_NAMES = {"+": "more", "=": "same", "1": "less_1", "2": "less_2", "3": "less_3", "~": "open"}

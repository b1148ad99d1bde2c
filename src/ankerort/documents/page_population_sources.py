"""Page "einwohnerquellen": register and census side by side, where they differ most, and which of them all figures count."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.sheets_population import place_label, printable_sources
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_date, format_persons

_MOST = 12
_AGES = (
    ("under_18", ("p_0_5", "p_6_9", "p_10_15", "p_16_17")),
    ("18_64", ("p_18_64",)),
    ("65_plus", ("p_65_74", "p_75_84", "p_85_plus")),
    ("75_plus", ("p_75_84", "p_85_plus")),
)
_WHY = ("day", "secondary", "homes", "noise", "borders")


def population_content(assessment: Assessment, lang: Language) -> Mapping[str, Any]:
    """Content of ``population_sources.html``; without a register only what leads."""
    rows = printable_sources(assessment)
    if rows.empty:
        hidden = len(assessment.region.population_sources) > 0
        reason = "population.internal" if hidden else "population.none"
        return {"lead": [leading_line(assessment, lang), say(reason, lang)], "municipalities": []}
    found = _Found(assessment, rows, lang)
    return {
        "lead": [leading_line(assessment, lang), *found.lead()],
        "why": [say(f"population.why_{why}", lang) for why in _WHY],
        "municipalities": found.municipality_rows(),
        "scaled": found.scaled,
        "ages": found.age_rows(),
        "places": found.place_rows(),
        "places_about": found.places_about(),
        "nowhere": found.nowhere(),
        "workbook": say("population.workbook", lang, sheet=say("sheet.population_sources", lang)),
    }


def leading_line(assessment: Assessment, lang: Language) -> str:
    """Whose people all figures count, with the date."""
    region = assessment.region
    if region.settings.population == "register":
        rows = region.population_sources
        dates = rows.loc[rows["in_study"] & (rows["leading"] == "register"), "register_date"]
        return say("population.leads_register", lang, date=_dates(dates, lang))
    census = [i.date for i in region.settings.inputs_of("census") if i.options.get("totals") is not True]
    date = format_date(max(census, default=""), lang)
    return say("population.leads_census" if date else "population.leads_census_undated", lang, date=date)


def _dates(dates: pd.Series, lang: Language) -> str:
    known = sorted(set(dates))
    if len(known) > 1:
        return say("population.dates", lang, first=format_date(known[0], lang), last=format_date(known[-1], lang))
    return format_date(known[0], lang) if known else "–"


def change_text(register: float, census: float) -> str:
    """Difference in whole per cent with its sign; a dash where the census has nobody."""
    if not census > 0:
        return "–"
    whole = round(100 * (register / census - 1.0))
    return f"{'+' if whole > 0 else '−' if whole < 0 else '±'}{abs(whole)} %"


class _Found:
    """What the page says, from the rows that may be printed."""

    def __init__(self, assessment: Assessment, rows: pd.DataFrame, lang: Language) -> None:
        self.assessment, self.lang = assessment, lang
        self.fewest = assessment.catalogue.value("register.suppress_below")
        used = rows["register_persons"] - rows["difference_persons"]
        self.rows = rows.assign(used=used)
        self.all = self.rows[(rows["age_band"] == "all")]
        self.located = self.all[self.all["kind"] != "nowhere"]
        self.scaled = bool(rows["totals_persons"].notna().any())
        region = assessment.region
        self.names = region.places.set_index("place_id")["print_name"]
        self.municipality = region.municipalities.set_index("ags")["name"]

    def people(self, persons: float) -> str:
        """Rounded; too few are not printed."""
        if 0 < persons < self.fewest:
            return say("population.fewer", self.lang, persons=f"{self.fewest:.0f}")
        return format_persons(persons, self.lang)

    def lead(self) -> list[str]:
        """Both sums and their difference; how many people of the study area have no register."""
        lang, rows = self.lang, self.located
        register, used = float(rows["register_persons"].sum()), float(rows["used"].sum())
        count = len({p for ids in rows["place_id"] for p in ids.split(";") if p})
        lines = [
            say(
                "population.sums",
                lang,
                n=Counted(count, lang),
                register=self.people(register),
                census=self.people(used),
                change=change_text(register, used),
                date=_dates(rows["register_date"], lang),
            )
        ]
        told = {p for ids in rows["place_id"] for p in ids.split(";")}
        places = self.assessment.region.places
        lost = places[places["in_study"] & ~places["place_id"].isin(told) & (places["persons"] > 0)]
        if len(lost):
            persons = self.people(float(lost["persons"].sum()))
            lines.append(say("population.without", lang, n=Counted(len(lost), lang), persons=persons))
        return lines

    def municipality_rows(self) -> list[dict[str, str]]:
        """One row per municipality with a register."""
        out = []
        for ags, of in self.located.groupby("ags", sort=True):
            register, used = float(of["register_persons"].sum()), float(of["used"].sum())
            out.append(
                {
                    "name": str(self.municipality.get(ags, ags)),
                    "places": str(len({p for ids in of["place_id"] for p in ids.split(";") if p})),
                    "census": self.people(used),
                    "register": self.people(register),
                    "change": change_text(register, used),
                    "date": _dates(of["register_date"], self.lang),
                }
            )
        return sorted(out, key=lambda row: row["name"])

    def age_rows(self) -> list[dict[str, str]]:
        """Wide age groups of the study area."""
        out = []
        for key, bands in _AGES:
            of = self.rows[self.rows["age_band"].isin(bands) & (self.rows["kind"] != "nowhere")]
            register, used = float(of["register_persons"].sum()), float(of["used"].sum())
            label = say(f"population.ages_{key}", self.lang)
            out.append(
                {
                    "label": label,
                    "census": self.people(used),
                    "register": self.people(register),
                    "change": change_text(register, used),
                }
            )
        return out

    def place_rows(self) -> list[dict[str, str]]:
        """Places in which the two differ most, in persons."""
        rows = self._largest()
        return [
            {
                "name": place_label(str(row.place_id), str(row.kind), self.names, self.lang),
                "municipality": str(self.municipality.get(row.ags, row.ags)),
                "census": self.people(float(row.used)),
                "register": self.people(float(row.register_persons)),
                "change": change_text(float(row.register_persons), float(row.used)),
            }
            for row in rows.itertuples()
        ]

    def _largest(self) -> pd.DataFrame:
        enough = np.maximum(self.located["register_persons"], self.located["used"]) >= self.fewest
        rows = self.located[enough.to_numpy()]
        order = np.lexsort((rows["place_id"].to_numpy(str), -rows["difference_persons"].abs().to_numpy()))
        return rows.iloc[order[:_MOST]]

    def places_about(self) -> str:
        """How many places the table shows, and how often the sources agree."""
        share = (self.located["difference_persons"].abs() / self.located["used"]).where(self.located["used"] > 0)
        near = int((share <= self.assessment.catalogue.value("register.near_share")).sum())
        return say(
            "population.places_about",
            self.lang,
            shown=Counted(len(self._largest()), self.lang),
            near=Counted(near, self.lang),
            count=len(self.located),
            share=f"{100 * self.assessment.catalogue.value('register.near_share'):.0f}",
        )

    def nowhere(self) -> str:
        """People of the register whom no figure counts."""
        persons = float(self.all.loc[self.all["kind"] == "nowhere", "register_persons"].sum())
        if persons <= 0 or math.isnan(persons):
            return ""
        return say("population.nowhere_line", self.lang, persons=self.people(max(persons, self.fewest)))

"""Register and census side by side, and the one of them that leads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ankerort.base.problems import Problems
from ankerort.catalogue.age_bands import AGE_BANDS, AGE_COLUMNS
from ankerort.catalogue.model import Catalogue
from ankerort.region.locate_register import register_units
from ankerort.region.scale_to_register import (
    FloatArray,
    RegisterUnit,
    bands_of_register,
    filled,
    scale_to_register,
    single_years,
    told_persons,
)
from ankerort.region.schema import POPULATION_SOURCES
from ankerort.region.settings import RegionSettings

_NAMED = 20
_EVEN = 101  # ages, where the catalogue knows none


@dataclass(frozen=True)
class CountedPeople:
    """Cells with the people of the leading source, and POPULATION_SOURCES."""

    cells: pd.DataFrame
    sources: pd.DataFrame


def use_register(
    cells: pd.DataFrame,
    counted: pd.DataFrame,
    matched: pd.DataFrame,
    places: pd.DataFrame,
    *,
    settings: RegionSettings,
    catalogue: Catalogue,
    whole: Collection[str],
    problems: Problems,
) -> CountedPeople:
    """Compare the register with the census and, if it leads, scale the cells to it.

    Parameters
    ----------
    cells
        Columns of `CELLS`, of the census, scaled to totals where the user wants that.
    counted
        The same cells before they were scaled to totals.
    matched
        As `ankerort.region.locate_register.match_register` gives them.
    places
        place_id, ags, name, in_study, lon, lat, x, y.
    settings, catalogue
        `population` says who leads; single ages of the Land.
    whole
        Municipalities whose cells are all there; of others a register cannot be compared.
    problems
        Collects: what `register_units` and `scale_to_register` name; that no register can lead (error), municipalities whose people
        remain those of the census (warning), that a register is there and does not lead (note).
    """
    leads = settings.population == "register"
    internal = any(i.options.get("internal") is True for i in settings.inputs_of("population"))
    sums = cells.groupby("place_id")["persons"].sum()
    places = places.assign(persons=places["place_id"].map(sums).fillna(0.0))
    units = register_units(matched[matched["ags"].isin(list(whole))], places, problems=problems)
    if not units:
        if leads:
            problems.add("population_no_register", "error", "region.toml", column="population")
        return CountedPeople(cells, POPULATION_SOURCES.empty())
    known = catalogue.single_year_ages
    ages = single_years(np.asarray(known.get(settings.land, known.get("DE", np.ones(_EVEN))), dtype=np.float64))
    sources = _compared(units, cells, counted, places, settings, ages)
    _name_far_off(sources, catalogue, problems)
    if leads:
        _name_missing(units, places, problems)
        if internal:
            problems.add("register_internal_leads", "warning", "region.toml", column="internal")
        cells = scale_to_register(cells, units, places, ages=ages, problems=problems)
    elif (sources["in_study"] & (sources["age_band"] == "all")).any():
        _name_register(sources, problems, internal=internal)
    return CountedPeople(cells, sources)


def _compared(
    units: Sequence[RegisterUnit],
    cells: pd.DataFrame,
    counted: pd.DataFrame,
    places: pd.DataFrame,
    settings: RegionSettings,
    ages: FloatArray,
) -> pd.DataFrame:
    now, before = filled(cells, ages), filled(counted, ages)
    census = [i for i in settings.inputs_of("census") if i.options.get("totals") is not True]
    totals = [i for i in settings.inputs_of("census") if i.options.get("totals") is True]
    census_date = max((i.date for i in census), default="")
    totals_date = max((i.date for i in totals), default="") if settings.scale_to_totals else ""
    dates = {i.source_id: i.date for i in settings.inputs}
    in_study = dict(zip(places["ags"], places["in_study"], strict=True))
    owner = {p: k for k, unit in enumerate(units) for p in unit.place_ids}
    of_unit = np.array([owner.get(p, -1) for p in cells["place_id"]], dtype=np.int64)
    rows: list[dict[str, object]] = []
    for k, unit in enumerate(units):
        at = np.flatnonzero(of_unit == k)
        used, first = now[at].sum(axis=0), before[at].sum(axis=0)
        register = bands_of_register(unit.counts, used, ages)
        source_date = dates.get(unit.source_id, "")
        date = unit.date if len(unit.date) > 4 else source_date if source_date[:4] == unit.date else unit.date
        bands = ["all", *AGE_COLUMNS]
        for name, c, u, r in zip(
            bands, [first.sum(), *first], [used.sum(), *used], [register.sum(), *register], strict=True
        ):
            rows.append(
                {
                    "ags": unit.ags,
                    "place_id": ";".join(unit.place_ids),
                    "label": unit.label,
                    "kind": unit.kind,
                    "age_band": name,
                    "census_persons": float(c),
                    "totals_persons": float(u) if settings.scale_to_totals else np.nan,
                    "register_persons": float(r),
                    "difference_persons": float(r - u),
                    "difference_share": float((r - u) / u) if u > 0 else np.nan,
                    "census_date": census_date,
                    "totals_date": totals_date,
                    "register_date": date,
                    "leading": settings.population,
                    "in_study": in_study.get(unit.ags, False),
                    "source_id": unit.source_id,
                    "source_ref": unit.source_ref,
                }
            )
    table = pd.DataFrame(rows)
    order = table["age_band"].map({"all": -1, **{name: k for k, (name, _, _) in enumerate(AGE_BANDS)}})
    table = table.assign(_order=order).sort_values(["ags", "place_id", "label", "_order"], kind="stable")
    return POPULATION_SOURCES.conform(table.drop(columns="_order"))


def _name_far_off(sources: pd.DataFrame, catalogue: Catalogue, problems: Problems) -> None:
    """Places in which register and census differ so much that probably a name was assigned wrongly."""
    low, high = catalogue.value("census.scale_min"), catalogue.value("census.scale_max")
    rows = sources[(sources["age_band"] == "all") & (sources["kind"] != "nowhere")]
    used = rows["register_persons"] - rows["difference_persons"]
    ratio = 1 + rows["difference_share"]
    enough = np.maximum(rows["register_persons"], used) >= catalogue.value("forecast.print_from_persons")
    for k in np.flatnonzero((enough & ((ratio < low) | (ratio > high))).to_numpy())[:_NAMED]:
        row = rows.iloc[k]
        file, _, line = str(row["source_ref"]).rpartition(": ")
        problems.add(
            "register_far_off",
            "warning",
            file,
            row=int(line),
            name=row["label"] or "–",
            register=told_persons(float(row["register_persons"])),
            census=told_persons(float(used.iloc[k])),
        )


def _name_missing(units: Sequence[RegisterUnit], places: pd.DataFrame, problems: Problems) -> None:
    """Places of the study area of which no register tells: the census leads there."""
    told = {p for unit in units for p in unit.place_ids}
    lost = places[places["in_study"] & ~places["place_id"].isin(told) & (places["persons"] > 0)]
    if len(lost):
        largest = lost.sort_values(["persons", "place_id"], ascending=[False, True], kind="stable")["name"].head(5)
        problems.add(
            "register_places_missing",
            "warning",
            ", ".join(sorted({u.source_ref.split(": ")[0] for u in units})),
            count=len(lost),
            persons=round(float(lost["persons"].sum())),
            names=", ".join(largest),
        )


def _name_register(sources: pd.DataFrame, problems: Problems, *, internal: bool) -> None:
    if internal:  # figures that may not be passed on do not stand in a list of problems either
        problems.add("register_internal", "note", "region.toml", column="internal")
        return
    rows = sources[sources["in_study"] & (sources["age_band"] == "all")]
    register, used = (
        float(rows["register_persons"].sum()),
        float((rows["register_persons"] - rows["difference_persons"]).sum()),
    )
    problems.add(
        "register_not_leading",
        "note",
        ", ".join(sorted({str(r).split(": ")[0] for r in rows["source_ref"]})),
        count=len(rows),
        register=round(register),
        census=round(used),
        share=f"{100 * (register / used - 1):+.0f}".replace("-", "−") if used > 0 else "–",
    )

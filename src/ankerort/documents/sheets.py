"""The further sheets of the workbook, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from ankerort.documents import (
    sheets_broadband,
    sheets_capacity,
    sheets_forecast,
    sheets_occupancy,
    sheets_population,
    sheets_position,
    sheets_quality,
    sheets_returns,
    sheets_standards,
)
from ankerort.documents import sheets_public_transport as pt_sheets
from ankerort.documents.assessment import Assessment
from ankerort.text import Language


@dataclass(frozen=True)
class Sheet:
    """One sheet: a table with one row per line.

    Parameters
    ----------
    name
        Sentences ``sheet.<name>`` (its tab, at most 31 characters) and ``sheet_about.<name>``; columns are headed by ``column.<key>``.
    make
        Makes the table; an empty one is written with the sentence ``sheet.empty``.
    freeze
        Rows and columns that stay.
    shares, whole, wrapped
        Columns printed as per cent, as whole numbers, with line breaks.
    wide
        Width of columns in characters; 14 else.
    """

    name: str
    make: Callable[[Assessment, Language], pd.DataFrame]
    freeze: tuple[int, int] = (1, 1)
    shares: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    wrapped: tuple[str, ...] = ()
    wide: Mapping[str, int] = field(default_factory=dict)


# Sheets are plugged in here, after the bundle of five.
FURTHER_SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "there_and_back",
        pt_sheets.there_and_back,
        (1, 5),
        shares=pt_sheets.TRIP_SHARES,
        whole=pt_sheets.TRIP_WHOLE,
    ),
    Sheet("stranded", pt_sheets.stranded, (1, 3), whole=(*pt_sheets.PERSON_COLUMNS, *pt_sheets.STRANDED_COLUMNS)),
    Sheet("no_car", pt_sheets.no_car, (1, 3), whole=(*pt_sheets.PERSON_COLUMNS, *pt_sheets.NO_CAR_COLUMNS)),
    Sheet("stops", pt_sheets.stops),
    Sheet("pt_classes", pt_sheets.pt_classes, (1, 4), whole=(*pt_sheets.PERSON_COLUMNS, *pt_sheets.CLASS_COLUMNS)),
    Sheet(
        "quality_facilities",
        sheets_quality.quality_facilities,
        (1, 2),
        shares=sheets_quality.FACILITY_SHARES,
        wrapped=("quality_ask", "quality_security_reason"),
        wide={"quality_ask": 40, "quality_security_reason": 40, "quality_hours": 30, **sheets_quality.SOURCE_WIDTHS},
    ),
    Sheet(
        "quality_places",
        sheets_quality.quality_places,
        (1, 3),
        shares=sheets_quality.PLACE_SHARES,
        whole=sheets_quality.PLACE_PERSONS,
    ),
    Sheet(
        "capacity_facilities",
        sheets_capacity.capacity_facilities,
        (1, 2),
        shares=sheets_capacity.SHARES,
        whole=sheets_capacity.AMOUNTS,
    ),
    Sheet(
        "capacity_areas",
        sheets_capacity.capacity_areas,
        (1, 3),
        whole=sheets_capacity.AMOUNTS,
        wrapped=("reason",),
    ),
    Sheet(
        "occupancy",
        sheets_occupancy.occupancy,
        (1, 2),
        shares=sheets_occupancy.SHARES,
        whole=sheets_occupancy.WHOLE,
        wide={"occupancy_period": 16, "occupancy_group": 28},
    ),
    Sheet(
        "daviplan",
        sheets_capacity.daviplan,
        (1, 2),
        shares=("daviplan_coverage",),
        whole=("daviplan_demand",),
        wide={"daviplan_indicator": 30, "daviplan_unit": 24, "daviplan_meaning": 80},
    ),
    Sheet(
        "statements",
        sheets_standards.statements,
        (1, 4),
        sheets_standards.BOUNDS,
        sheets_standards.PERSONS,
        wide={"standard_set": 34, "verdict": 16},
    ),
    Sheet(
        "statement_places",
        sheets_standards.statement_places,
        (1, 3),
        whole=sheets_standards.PERSONS,
        wide={"verdict": 16},
    ),
    Sheet(
        "set_comparison",
        sheets_standards.set_comparison,
        (1, 5),
        whole=sheets_standards.COMPARED_PERSONS,
        wide={"set_a": 30, "set_b": 30},
    ),
    Sheet(
        "centre_tests",
        sheets_standards.centre_tests,
        (1, 3),
        ("value_share_low", "value_share_high", "required_share"),
        sheets_standards.CENTRE_PERSONS,
        wide={"standard_set": 44, "criterion": 30},
    ),
    Sheet("facility_counts", sheets_standards.facility_counts, (1, 3), wide={"standard_set": 24, "rule": 40}),
    Sheet(
        "equity",
        sheets_standards.equity,
        (1, 3),
        ("value_known", "value_sure", "between_share"),
        wide={"equity_reason": 40},
    ),
    Sheet(
        "centrality",
        sheets_position.centrality,
        (1, 1),
        ("endowment_low", "endowment_high"),
        wide={"plan": 36, "tier": 26},
    ),
    Sheet(
        "catchments",
        sheets_position.catchments,
        (1, 2),
        ("from_others_share",),
        ("minutes", "persons_low", "persons_high"),
        wide={"mode": 30, "group": 24},
    ),
    Sheet(
        "population_sources",
        sheets_population.population_sources,
        (1, 2),
        ("register_share",),
        whole=sheets_population.WHOLE,
        wide={"place": 30, "register_name": 26},
    ),
    Sheet(
        "forecast",
        sheets_forecast.forecast_areas,
        (1, 2),
        whole=sheets_forecast.WHOLE,
        wide={"forecast_variant": 26, "forecast_basis": 34},
    ),
    Sheet(
        "forecast_ages",
        sheets_forecast.forecast_ages,
        whole=sheets_forecast.WHOLE,
        wide={"forecast_basis": 34},
    ),
    Sheet(
        "broadband",
        sheets_broadband.broadband,
        (1, 2),
        sheets_broadband.SHARES,
        whole=sheets_broadband.WHOLE,
        wide=sheets_broadband.WIDTHS,
    ),
    Sheet("returns", sheets_returns.confirmations, (1, 1), wrapped=("remark",), wide=sheets_returns.WIDTHS),
)

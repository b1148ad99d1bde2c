"""The tables of a region, declared once: name, type, unit, meaning.

Coordinates: `lon`, `lat` in degrees (WGS 84); `x`, `y` in metres of the project's projected system
(`RegionSettings.crs`, UTM zone 32N by default).
"""

from __future__ import annotations

from ankerort.base.tables import Column, Schema
from ankerort.catalogue.age_bands import AGE_BANDS

_POSITION = (
    Column("lon", "float64", "longitude, WGS 84", "degree"),
    Column("lat", "float64", "latitude, WGS 84", "degree"),
    Column("x", "float64", "easting in the project's projected system", "m"),
    Column("y", "float64", "northing in the project's projected system", "m"),
)

PLACES = Schema(
    "places",
    (
        Column("place_id", "str", "stable id, made of municipality key and name"),
        Column("name", "str", "name as in the source"),
        Column("print_name", "str", "name that tells same names apart: Berge (Gardelegen)"),
        Column("ags", "str", "municipality key (AGS, 8 digits)"),
        Column(
            "kind",
            "str",
            "city, town, suburb, village, hamlet, listed, stop_derived, outlying, whole_municipality",
        ),
        Column(
            "rule",
            "str",
            "how the place came to be: osm_place, user_list, boundary, stop_names, outlying, whole_municipality",
        ),
        *_POSITION,
        Column("persons", "float64", "inhabitants of its cells", "persons"),
        Column("persons_65_plus", "float64", "inhabitants of 65 and older", "persons"),
        Column("in_study", "bool", "lies in the study area (else in the buffer: counts, is not reported)"),
        Column("source_id", "str", "source of the place"),
    ),
    key=("place_id",),
)

MUNICIPALITIES = Schema(
    "municipalities",
    (
        Column("ags", "str", "municipality key, 8 digits"),
        Column("rs", "str", "regional key, 12 digits, or empty"),
        Column("name", "str", "name"),
        Column("kind", "str", "Stadt, Gemeinde, ... as in the source"),
        Column("association_id", "str", "first 9 digits of the regional key, or the own AGS where unknown"),
        Column("association_name", "str", "Verbandsgemeinde or, for an Einheitsgemeinde, its own name"),
        Column("association_kind", "str", "Verbandsgemeinde, Einheitsgemeinde, Verwaltungsgemeinschaft ..."),
        Column("district_ags", "str", "district key, 5 digits"),
        Column("district_name", "str", "district"),
        Column("persons", "float64", "inhabitants of its cells", "persons"),
        Column("in_study", "bool", "belongs to the study area"),
    ),
    key=("ags",),
)

CELLS = Schema(
    "cells",
    (
        Column("cell_id", "str", "id of the grid cell, INSPIRE style where the source has it"),
        *_POSITION,
        Column("size_m", "float64", "edge length of the cell; 0 for a point source", "m"),
        Column("persons", "float64", "inhabitants; fractional where estimated", "persons"),
        Column("persons_rule", "str", "counted, estimated (suppressed or split), scaled, forecast (of another year)"),
        *(
            Column(
                name,
                "float64",
                f"inhabitants of age {first} to {last}" if last < 120 else f"inhabitants of {first} and older",
                "persons",
            )
            for name, first, last in AGE_BANDS
        ),
        Column(
            "ages_rule",
            "str",
            "counted, raked (classes split by the state's single years), estimated (from a coarser grid), state (state's age structure only), forecast",
        ),
        Column("ags", "str", "municipality key, empty outside all known municipalities"),
        Column(
            "place_id",
            "str",
            "the one place that the cell belongs to; empty only outside all known municipalities",
        ),
        Column("in_study", "bool", "lies in the study area"),
        Column("source_id", "str", "source of the count"),
    ),
    key=("cell_id",),
)

FACILITIES = Schema(
    "facilities",
    (
        Column("facility_id", "str", "stable id: service, source and the source's own id"),
        Column("service", "str", "id of the service in the catalogue; one object with two services has two rows"),
        Column("object_id", "str", "id of the object behind it; rows of one object share it"),
        Column("name", "str", "name, may be empty"),
        *_POSITION,
        Column("address", "str", "street and house number, empty = not given"),
        Column("postcode", "str", "postcode, empty = not given"),
        Column(
            "position_rule",
            "str",
            "where the position comes from: given, house (its address), near_house (nearest number of its street), street (middle of its street), place_centre; empty = not recorded",
        ),
        Column("ags", "str", "municipality key"),
        Column("place_id", "str", "the one place that it belongs to"),
        Column("in_study", "bool", "lies in the study area"),
        Column("state", "str", "open, closed, refuted (an office confirmed that there is none here)"),
        Column("certainty", "str", "certain, probable"),
        Column("operator", "str", "operator"),
        Column("operator_kind", "str", "Gemeinde, Landkreis, Sparkasse, Kirche, Verein, privat, or empty"),
        Column("owner", "str", "owner of the building"),
        Column("rooms", "str", "rooms, as the user wrote"),
        Column("opening_hours", "str", "OSM syntax as given, empty = not known"),
        Column("wheelchair", "str", "yes, limited, no, designated, or empty = not known"),
        Column(
            "capacity",
            "float64",
            "places, seats or shares as the service's capacity rule says; NaN = not known",
        ),
        Column(
            "toilets_wheelchair", "str", "toilet for wheelchairs: yes, limited, no, designated, or empty = not known"
        ),
        Column("condition", "float64", "condition of the building, school mark 1 (new) to 5; NaN = not known"),
        Column("assortment", "str", "full_range, discount, village, automat, mobile, or empty = not known"),
        Column("broadband_mbit", "float64", "download rate at the site; NaN = not known", "Mbit/s"),
        Column("check_date", "date", "when someone last checked it on site"),
        Column("closed_year", "str", "year of closing of a closed facility, empty = not known"),
        Column("note", "str", "free text of the user or of the reader"),
        Column("confirmed_by", "str", "office that confirmed it"),
        Column("confirmed_on", "date", "day of the confirmation"),
        Column("source_id", "str", "source"),
        Column("source_ref", "str", "place in the source: n123, w123, r123, or sheet and row"),
        Column("source_date", "date", "date of the source or of the object"),
        Column("merged_into", "str", "facility_id of the row that stands for it; empty for the row that counts"),
        Column("merge_reason", "str", "why it was merged: same_object, same_name, near, poles"),
    ),
    key=("facility_id",),
)

CAPACITIES = Schema(
    "capacities",
    (
        Column("facility_id", "str", "facility"),
        Column("capacity", "float64", "places, seats or shares as the service's capacity rule says"),
        Column("unit", "str", "what it counts, as the user wrote; empty = as the service's capacity rule says"),
        Column("from_year", "float64", "first year in which it holds; NaN = since ever"),
        Column("to_year", "float64", "last year in which it holds; NaN = until further notice"),
        Column("source_id", "str", "source"),
        Column("source_ref", "str", "sheet and row"),
    ),
)

OCCUPANCY = Schema(
    "occupancy",
    (
        Column("facility_id", "str", "facility"),
        Column("year", "int64", "year, of a school year the one in which it begins; 0 = not given"),
        Column("period", "str", "school year or day as the source names it, empty = not given"),
        Column("group", "str", "under_3, from_3, after_school; grade_1 ... grade_13; all"),
        Column("places", "float64", "places of the group by licence; NaN = not known"),
        Column("occupied", "float64", "children or pupils; NaN = not known"),
        Column("source_id", "str", "source"),
        Column("source_ref", "str", "sheet and row"),
    ),
    key=("facility_id", "year", "period", "group"),
)

ASSIGNED = Schema(
    "assigned",
    (
        Column("service", "str", "id of the service that has districts"),
        Column("cell_id", "str", "cell that is assigned; empty = all cells of the place or municipality"),
        Column("place_id", "str", "place that is assigned; empty = all places of the municipality"),
        Column("ags", "str", "municipality key"),
        Column("facility_id", "str", "facility that it is assigned to"),
        Column("rule", "str", "table (place by place), area (polygon of the district)"),
        Column("source_id", "str", "source"),
        Column("source_ref", "str", "sheet and row"),
        Column("source_date", "date", "date of the source"),
    ),
    key=("service", "cell_id", "place_id", "ags"),
)

# Stands apart from the facilities, so that no document shows it by accident: only with `internal` is it read.
CONFIDENTIAL = Schema(
    "confidential",
    (
        Column("facility_id", "str", "facility"),
        Column("operator_age", "float64", "age of who runs it; NaN = not known", "years"),
        Column("succession", "str", "whether a successor is found: yes, no, or empty = not known"),
        Column("lease_until_year", "float64", "year in which the lease ends; NaN = not known"),
        Column("turnover_eur_year", "float64", "turnover; NaN = not known", "EUR per year"),
        Column("rent_eur_m2", "float64", "rent per month; NaN = not known", "EUR per m2"),
        Column("source_id", "str", "source"),
        Column("source_ref", "str", "sheet and row"),
    ),
    key=("facility_id",),
)

ABSENCES = Schema(
    "absences",
    (
        Column("service", "str", "id of the service"),
        Column("place_id", "str", "place that has none; empty if `ags` stands for a whole municipality"),
        Column("ags", "str", "municipality key"),
        Column("confirmed_by", "str", "office that confirmed it"),
        Column("confirmed_on", "date", "day of the confirmation"),
        Column("source_id", "str", "source"),
        Column("source_ref", "str", "sheet and row"),
    ),
)

MOBILE_VISITS = Schema(
    "mobile_visits",
    (
        Column("visit_id", "str", "stable id"),
        Column("service", "str", "id of the service that comes"),
        Column("place_id", "str", "place visited"),
        Column("stop_name", "str", "where it stops"),
        Column("lon", "float64", "longitude if given, else NaN", "degree"),
        Column("lat", "float64", "latitude if given, else NaN", "degree"),
        Column("weekday", "str", "Mo, Tu, We, Th, Fr, Sa, Su"),
        Column("rhythm_weeks", "float64", "every how many weeks; NaN = not known", "weeks"),
        Column("from_time", "str", "HH:MM"),
        Column("to_time", "str", "HH:MM"),
        Column("operator", "str", "operator"),
        Column("operator_kind", "str", "as in facilities"),
        Column("confirmed_by", "str", "office"),
        Column("confirmed_on", "date", "day"),
        Column("source_id", "str", "source"),
        Column("source_ref", "str", "sheet and row"),
        Column("source_date", "date", "date of the source"),
    ),
    key=("visit_id",),
)

BUILDINGS = Schema(
    "buildings",
    (
        Column("building_id", "str", "stable id"),
        Column("name", "str", "name"),
        Column("place_id", "str", "place"),
        *_POSITION,
        Column("address", "str", "street and house number, empty = not given"),
        Column("position_rule", "str", "where the position comes from: given, house, near_house, street; empty = none"),
        Column("use", "str", "vacant, shareable"),
        Column("owner_kind", "str", "as operator_kind"),
        Column("area_m2", "float64", "usable area", "m2"),
        Column("condition", "float64", "school mark 1 (new) to 5; NaN = not known"),
        Column("step_free", "str", "yes, limited, no, empty = not known"),
        Column("note", "str", "free text"),
        Column("confirmed_by", "str", "office"),
        Column("confirmed_on", "date", "day"),
        Column("source_id", "str", "source"),
        Column("source_ref", "str", "sheet and row"),
        Column("source_date", "date", "date of the source"),
    ),
    key=("building_id",),
)

CENTRAL_PLACES = Schema(
    "central_places",
    (
        Column("place_id", "str", "place that a plan names as central"),
        Column("tier", "str", "OZ, MZ, GZ_MZ (GZ with functions of an MZ), GZ, GZ_part (place with functions of a GZ)"),
        Column("plan", "str", "plan that names it"),
        Column("plan_date", "str", "date or year of the plan, empty = not given"),
        Column("source_id", "str", "source"),
        Column("source_ref", "str", "file and row"),
    ),
    key=("place_id",),
)

REGISTERED_STOPS = Schema(
    "registered_stops",
    (
        Column("stop_id", "str", "id in the register or feed"),
        Column("name", "str", "name"),
        *_POSITION,
        Column("ags", "str", "municipality key as registered or by position"),
        Column("kind", "str", "stop, station (rail)"),
        Column("source_id", "str", "source"),
    ),
)

SOURCES = Schema(
    "sources",
    (
        Column("source_id", "str", "short id used by all tables"),
        Column(
            "kind",
            "str",
            "osm, gtfs, census, boundaries, facilities, places, stop_register, stop_matrix, user",
        ),
        Column("title", "str", "what it is"),
        Column("file", "str", "file name as given (relative)"),
        Column("publisher", "str", "publisher"),
        Column("licence", "str", "licence"),
        Column("attribution", "str", "credit line that must be printed"),
        Column("date", "date", "date of the content"),
        Column("sha256", "str", "hash of the file"),
        Column("rows", "int64", "rows or objects read"),
        Column("note", "str", "known defects"),
        Column("internal", "bool", "the list may not be passed on: its rows count, but stand in no document"),
    ),
    key=("source_id",),
)

FOOTPRINTS = Schema(
    "footprints",
    (
        Column("source_id", "str", "source"),
        Column("services", "str", "service ids separated by ';', or * for all that the source kind can hold"),
        Column("complete", "bool", "declared complete for these services: absence here is absence"),
        Column("rule", "str", "given, header (box of the OSM file), derived (hull of the content)"),
    ),
)

_POPULATION_ROW = (
    Column("year", "int64", "year, at its end"),
    Column("sex", "str", "f, m, all"),
    Column("age_from", "int64", "youngest age", "years"),
    Column("age_to", "int64", "oldest age, 120 = open", "years"),
    Column("persons", "float64", "inhabitants", "persons"),
)
_POPULATION_SOURCE = (
    Column("source_id", "str", "source"),
    Column("source_ref", "str", "file and row"),
)

PROJECTIONS = Schema(
    "projections",
    (
        Column("ags", "str", "key of a Land (2), district (5) or municipality (8 digits)"),
        *_POPULATION_ROW,
        *_POPULATION_SOURCE,
    ),
    key=("ags", "year", "sex", "age_from"),
)

POPULATION_STOCKS = Schema(
    "population_stocks",
    (
        Column("ags", "str", "key of the municipality, or of a district or Land"),
        Column("place_id", "str", "place, empty for the whole area"),
        *_POPULATION_ROW,
        *_POPULATION_SOURCE,
    ),
    key=("ags", "place_id", "year", "sex", "age_from"),
)

POPULATION_SOURCES = Schema(
    "population_sources",
    (
        Column("ags", "str", "municipality key"),
        Column(
            "place_id",
            "str",
            "place; several that the register counts together, or the rest, joined by ';'; empty = none",
        ),
        Column("label", "str", "name in the register; empty = rest of the municipality without a name"),
        Column(
            "kind", "str", "place, several, rest (of the municipality), nowhere (no inhabited cell is left for them)"
        ),
        Column("age_band", "str", "all, or an age band of the cells"),
        Column("census_persons", "float64", "inhabitants of the cells as the census counted them", "persons"),
        Column("totals_persons", "float64", "the same scaled to official totals; NaN = not scaled", "persons"),
        Column("register_persons", "float64", "inhabitants with a main residence in the register", "persons"),
        Column("difference_persons", "float64", "register less census (scaled, where it is)", "persons"),
        Column("difference_share", "float64", "difference by census; NaN = nobody in the census"),
        Column("census_date", "str", "date of the census"),
        Column("totals_date", "str", "date of the totals, empty = not scaled"),
        Column("register_date", "str", "date or year of the register"),
        Column("leading", "str", "whose people all figures count: census, register"),
        Column("in_study", "bool", "lies in the study area"),
        Column("source_id", "str", "source of the register"),
        Column("source_ref", "str", "file and row"),
    ),
    key=("ags", "place_id", "label", "age_band"),
)

FORECAST = Schema(
    "forecast",
    (
        Column("place_id", "category", "place; empty for cells outside all known municipalities"),
        Column("year", "int64", "year, at its end"),
        Column("variant", "category", "id of the variant (forecast_variants.csv)"),
        Column("sex", "category", "f, m"),
        Column("age_from", "int64", "youngest age", "years"),
        Column("age_to", "int64", "oldest age, 120 = open", "years"),
        Column("persons", "float64", "expected inhabitants", "persons"),
        Column("low", "float64", "lower limit of the range of small places; NaN = no range given", "persons"),
        Column("high", "float64", "upper limit", "persons"),
        Column("extrapolated", "bool", "lies beyond the last year of the official projection: our own extrapolation"),
        Column("suppressed", "bool", "too few to be printed; stays in the computation"),
        Column("method", "category", "cohort, hamilton_perry, raked (fitted to an official projection)"),
    ),
    key=("place_id", "year", "variant", "sex", "age_from"),
)

FORECAST_AREAS = Schema(
    "forecast_areas",
    (
        Column("level", "category", "place, municipality, district, study_area"),
        Column("area_id", "category", "place_id, key of the municipality or district; empty for the study area"),
        Column("year", "int64", "year, at its end"),
        Column("variant", "category", "id of the variant"),
        Column("persons", "float64", "expected inhabitants", "persons"),
        Column("low", "float64", "lower limit of the range of small places; NaN = no range given", "persons"),
        Column("high", "float64", "upper limit", "persons"),
        Column("persons_0_17", "float64", "inhabitants under 18", "persons"),
        Column("persons_65_plus", "float64", "inhabitants of 65 and older", "persons"),
        Column("persons_80_plus", "float64", "inhabitants of 80 and older", "persons"),
        Column("youth_ratio", "float64", "Jugendquotient: 0 to 19 per 100 of 20 to 64"),
        Column("old_age_ratio", "float64", "Altenquotient: 65 and older per 100 of 20 to 64"),
        Column("greying", "float64", "80 and older per 100 of 65 and older"),
        Column("billeter", "float64", "(0 to 14 less 50 and older) over 15 to 49"),
        Column("women_per_100_men", "float64", "women per 100 men of 18 to 34 years"),
        Column("extrapolated", "bool", "lies beyond the last year of the official projection"),
        Column("suppressed", "bool", "too few to be printed"),
    ),
    key=("level", "area_id", "year", "variant"),
)

ADDRESSES = Schema(
    "addresses",
    (
        Column("street", "str", "street as written"),
        Column("number", "str", "house number with its addition: 12a"),
        Column("postcode", "str", "postcode, empty = not given"),
        Column("town", "str", "postal town, empty = not given"),
        Column("district", "str", "Ortsteil as the source names it, empty = not given"),
        Column("ags", "str", "municipality key as the source gives it, empty = not given"),
        *_POSITION,
        Column("in_building", "bool", "the position lies in the building (not only on its plot)"),
        Column("source_id", "str", "source"),
    ),
)

"""Sheets on standards and equity: statements, two sets side by side, tests of places, numbers of facilities, inequality."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.documents.standard_lines import FEW, core_services, own_group, run_statements
from ankerort.documents.tables import area_names, group_label, rounded
from ankerort.text import Language, say
from ankerort.text.numbers import format_date

# Columns that the sheet of places leaves to that of areas and to the Parquet table.
_OF_AREAS = (
    "standard_set",
    "level",
    "no_value_persons",
    "required_share",
    "margin_low",
    "margin_high",
    "standard",
    "standard_unit",
    "standard_status",
    "standard_mark",
    "agreement",
    "fgt0_low",
    "fgt0_high",
    "fgt1",
    "fgt2",
)
_JOINED = ("without_car", "without_car_demand", "with_car")


def statements(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """All sets, services and modes for study area, districts, associations and municipalities.

    Groups: for study area and districts all, below them everybody, those of 65 and older and the service's own. Left out are statements
    that concern nobody or of which nothing is known, and associations of one municipality, which repeat it.
    """
    table = assessment.depth.standard_statement
    if not len(table):
        return pd.DataFrame()
    level = table["level"].astype(str)
    wide = level.isin(["study", "district"])
    narrow = level.isin(["association", "municipality"]) & _usual_group(assessment, table)
    rows = table[(wide | narrow) & _told(table) & ~_single_association(assessment, table)]
    return _statements(assessment, rows, lang)


def statement_places(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Places: services of the core functions, the run's set, without and with a car, own group and those of 65 and older."""
    table = run_statements(assessment)
    if not len(table):
        return pd.DataFrame()
    item = table["item"].astype(str)
    rows = table[
        (table["level"] == "place")
        & item.isin(core_services(assessment))
        & table["mode"].isin(_JOINED)
        & _usual_group(assessment, table, everybody=False)
        & _told(table)
    ]
    return _statements(assessment, rows, lang).drop(columns=list(_OF_AREAS), errors="ignore")


def _usual_group(assessment: Assessment, table: pd.DataFrame, *, everybody: bool = True) -> pd.Series:
    """Whether a row is about those of 65 and older, the service's own group, or everybody."""
    services = assessment.catalogue.services
    own = {s: own_group(services[s]) if s in services else "all" for s in table["item"].astype(str).unique()}
    group = table["group"].astype(str)
    return (group == table["item"].astype(str).map(own)) | group.isin(["65_plus", *(["all"] if everybody else [])])


def _told(table: pd.DataFrame) -> pd.Series:
    """Whether a row concerns anybody and says anything."""
    known = (table["within_low"] >= FEW) | (table["short_low"] >= FEW)
    return (table["fulfilled"] != "nobody") & (known | (table["fulfilled"] != "unknown"))


def _single_association(assessment: Assessment, table: pd.DataFrame) -> pd.Series:
    """Rows of associations that hold one municipality only."""
    members = assessment.region.municipalities.groupby("association_id").size()
    single = [str(key) for key, count in members.items() if count == 1]
    return (table["level"] == "association") & table["area_id"].astype(str).isin(single)


def _statements(assessment: Assessment, rows: pd.DataFrame, lang: Language) -> pd.DataFrame:
    if not len(rows):
        return pd.DataFrame()
    return pd.DataFrame(
        {
            "standard_set": _set_labels(assessment, rows["set_id"], lang),
            "level": _said(rows["level"], "level", lang),
            "area": _areas(assessment, rows),
            "service": _items(assessment, rows["item"], lang),
            "mode": _said(rows["mode"], "mode", lang),
            "group": _groups(assessment, rows["group"], lang),
            "verdict": _said(rows["fulfilled"], "verdict", lang),
            "persons": rounded(rows["persons"]),
            "short_low": rounded(rows["short_low"]),
            "short_high": rounded(rows["short_high"]),
            "near_low": rounded(rows["near_low"]),
            "near_high": rounded(rows["near_high"]),
            "within_low": rounded(rows["within_low"]),
            "within_high": rounded(rows["within_high"]),
            "mean_shortfall_min": np.ceil(rows["mean_shortfall_min"].to_numpy(float)),
            "recorded_shortfall_min": np.ceil(rows["recorded_shortfall_min"].to_numpy(float)),
            "no_value_persons": rounded(rows["no_value"]),
            "required_share": rows["required_share"].to_numpy(float),
            "margin_low": rows["margin_low"].to_numpy(float),
            "margin_high": rows["margin_high"].to_numpy(float),
            "standard": rows["limit"].to_numpy(float),
            "standard_unit": rows["unit"].astype(str).to_numpy(),
            "standard_status": _legal(rows["legal_status"], lang),
            "standard_mark": rows["mark"].astype(str).to_numpy(),
            "agreement": _agreements(rows, lang),
            "fgt0_low": rows["fgt0_low"].round(3).to_numpy(),
            "fgt0_high": rows["fgt0_high"].round(3).to_numpy(),
            "fgt1": rows["fgt1"].round(4).to_numpy(),
            "fgt2": rows["fgt2"].round(4).to_numpy(),
        }
    )


def set_comparison(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """The target values beside the set of the run: what they would cost, above the places."""
    table = assessment.depth.set_comparison
    rows = table[table["level"] != "place"] if len(table) else table
    if not len(rows):
        return pd.DataFrame()
    return pd.DataFrame(
        {
            "set_a": _set_labels(assessment, rows["set_a"], lang),
            "set_b": _set_labels(assessment, rows["set_b"], lang),
            "level": _said(rows["level"], "level", lang),
            "area": _areas(assessment, rows),
            "service": _items(assessment, rows["item"], lang),
            "mode": _said(rows["mode"], "mode", lang),
            "group": _groups(assessment, rows["group"], lang),
            "limit_a": rows["limit_a"].to_numpy(float),
            "limit_b": rows["limit_b"].to_numpy(float),
            "persons": rounded(rows["persons"]),
            "more_short": rounded(rows["more_short"]),
            "fewer_within": rounded(rows["fewer_within"]),
            "short_a_low": rounded(rows["short_a_low"]),
            "short_a_high": rounded(rows["short_a_high"]),
            "short_b_low": rounded(rows["short_b_low"]),
            "short_b_high": rounded(rows["short_b_high"]),
            "verdict_a": _said(rows["fulfilled_a"], "verdict", lang),
            "verdict_b": _said(rows["fulfilled_b"], "verdict", lang),
        }
    )


def centre_tests(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Each candidate and criterion of each set."""
    rows = assessment.depth.centre_test
    if not len(rows):
        return pd.DataFrame()
    places = assessment.region.places.set_index("place_id")["print_name"]
    share = rows["limit_min"].notna().to_numpy()

    def either(column: str, *, of_share: bool) -> list[float]:
        values = rows[column].astype(float).where(share == of_share)
        return values.tolist() if of_share else rounded(values)

    return pd.DataFrame(
        {
            "standard_set": _set_labels(assessment, rows["set_id"], lang),
            "place": rows["place_id"].map(places).fillna(rows["place_id"]).to_numpy(),
            "criterion": _said(rows["criterion"], "criterion", lang),
            "verdict": _said(rows["fulfilled"], "verdict", lang),
            "tier": [say(f"tier.{t}", lang) if t else "" for t in rows["designated"]],
            "value_persons_low": either("value_low", of_share=False),
            "value_persons_high": either("value_high", of_share=False),
            "required_persons": either("required", of_share=False),
            "value_share_low": either("value_low", of_share=True),
            "value_share_high": either("value_high", of_share=True),
            "required_share": either("required", of_share=True),
            "limit_min": rows["limit_min"].to_numpy(float),
            "persons_beyond_low": rounded(rows["persons_beyond_low"]),
            "persons_beyond_high": rounded(rows["persons_beyond_high"]),
            "exception": [say("word.yes", lang) if e else "" for e in rows["exception"]],
            "standard_status": _legal(rows["legal_status"], lang),
            "standard_mark": rows["mark"].to_numpy(),
            "agreement": _agreements(rows, lang),
        }
    )


def facility_counts(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Rules on numbers of facilities, by municipality or district."""
    rows = assessment.depth.facility_count
    if not len(rows):
        return pd.DataFrame()
    return pd.DataFrame(
        {
            "standard_set": _set_labels(assessment, rows["set_id"], lang),
            "level": _said(rows["level"], "level", lang),
            "area": _areas(assessment, rows),
            "service": _items(assessment, rows["item"], lang),
            "rule": _said(rows["measure"], "facility_rule", lang),
            "verdict": _said(rows["fulfilled"], "verdict", lang),
            "persons": rounded(rows["persons"]),
            "facilities_low": _finite(rows["facilities_low"]),
            "facilities_high": _finite(rows["facilities_high"]),
            "value_low": _finite(rows["value_low"]),
            "value_high": _finite(rows["value_high"]),
            "standard": rows["limit"].to_numpy(float),
            "standard_unit": rows["unit"].to_numpy(),
            "standard_status": _legal(rows["legal_status"], lang),
            "standard_mark": rows["mark"].to_numpy(),
            "agreement": _agreements(rows, lang),
        }
    )


def equity(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Gini, Palma, Theil and its parts, Atkinson, per service, mode and group."""
    rows = assessment.depth.equity
    if not len(rows):
        return pd.DataFrame()
    return pd.DataFrame(
        {
            "level": _said(rows["level"], "level", lang),
            "area": _areas(assessment, rows),
            "service": _items(assessment, rows["service"], lang),
            "mode": _said(rows["mode"], "mode", lang),
            "group": _groups(assessment, rows["group"], lang),
            "persons": rounded(rows["persons"]),
            "value_known": rows["known_share"].to_numpy(float),
            "value_sure": rows["sure_share"].to_numpy(float),
            "mean_min": rows["mean"].round(1).to_numpy(),
            "between_share": rows["between_share"].to_numpy(float),
            "gini": rows["gini"].round(3).to_numpy(),
            "palma": rows["palma"].round(2).to_numpy(),
            "theil": rows["theil"].round(4).to_numpy(),
            "theil_between": rows["theil_between"].round(4).to_numpy(),
            "theil_within": rows["theil_within"].round(4).to_numpy(),
            "atkinson": rows["atkinson"].round(4).to_numpy(),
            "equity_municipalities": rows["municipalities"].to_numpy(),
            "equity_reason": [say(f"equity_reason.{r}", lang) if r else "" for r in rows["reason"]],
        }
    )


def _said(values: pd.Series, prefix: str, lang: Language) -> list[str]:
    words = {v: say(f"{prefix}.{v}", lang) for v in values.astype(str).unique()}
    return [words[v] for v in values.astype(str)]


def _legal(values: pd.Series, lang: Language) -> list[str]:
    words = {v: say(f"legal_status.{v}", lang) if v else "" for v in values.astype(str).unique()}
    return [words[v] for v in values.astype(str)]


def _set_labels(assessment: Assessment, values: pd.Series, lang: Language) -> list[str]:
    sets = assessment.catalogue.standard_sets
    return [sets[v].label(lang) for v in values.astype(str)]


def _groups(assessment: Assessment, values: pd.Series, lang: Language) -> list[str]:
    words = {v: group_label(assessment, v, lang) for v in values.astype(str).unique()}
    return [words[v] for v in values.astype(str)]


def _items(assessment: Assessment, values: pd.Series, lang: Language) -> list[str]:
    """Labels of services, and of the way to the nearest central place of a tier."""
    words = {
        v: say(f"standards.way_to.{v.removeprefix('tier:')}", lang)
        if v.startswith("tier:")
        else row_label(v, assessment.catalogue, lang)
        for v in values.astype(str).unique()
    }
    return [words[v] for v in values.astype(str)]


def _areas(assessment: Assessment, rows: pd.DataFrame) -> list[str]:
    names = area_names(assessment)
    places = assessment.region.places
    names |= {("place", p): n for p, n in zip(places["place_id"], places["print_name"], strict=True)}
    pairs = zip(rows["level"].astype(str), rows["area_id"].astype(str), strict=True)
    return [names.get(pair, pair[1]) for pair in pairs]


def _agreements(rows: pd.DataFrame, lang: Language) -> list[str]:
    proposal = say("status.not_agreed", lang)
    out = []
    for by, on in zip(rows["agreed_by"].astype(str), rows["agreed_on"].astype(str), strict=True):
        out.append(say("standard.agreed", lang, by=by, on=format_date(on, lang)) if by else proposal)
    return out


def _finite(values: pd.Series) -> list[float]:
    """Numbers; an upper bound that is not known stays empty."""
    numbers = values.to_numpy(float)
    return np.where(np.isfinite(numbers), numbers.round(1), np.nan).tolist()


# How the workbook prints them.
BOUNDS = ("fgt0_low", "fgt0_high", "required_share", "margin_low", "margin_high")
PERSONS = ("short_low", "short_high", "near_low", "near_high", "within_low", "within_high", "no_value_persons")
COMPARED_PERSONS = ("more_short", "fewer_within", "short_a_low", "short_a_high", "short_b_low", "short_b_high")
CENTRE_PERSONS = (
    "value_persons_low",
    "value_persons_high",
    "required_persons",
    "persons_beyond_low",
    "persons_beyond_high",
)

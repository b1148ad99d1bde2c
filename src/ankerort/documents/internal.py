"""``intern.xlsx``: confidential figures and what follows from them, for the office only; no other document reads them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.documents.sheets import Sheet
from ankerort.documents.workbook import write_plain_workbook
from ankerort.region.public_view import internal_sources
from ankerort.supply.quality_security import internal_security
from ankerort.text import Language, say
from ankerort.text.numbers import format_date

_LIGHTS = ("red", "amber", "green", "unknown")  # the worst first


def write_internal(assessment: Assessment, path: Path, lang: Language) -> None:
    """Write the confidential workbook to `path` (the caller renames it into place).

    It says on every sheet that it is confidential. Without confidential figures it holds one sentence, so that who asked for
    it knows that there are none.
    """
    frame = internal_facilities(assessment, lang)
    lines = ["internal.purpose", "internal.pass_on", "internal.rule"]
    said = [say(line, lang) for line in lines]
    said.append(
        say("internal.count", lang, count=len(frame), year=present_year(assessment))
        if len(frame)
        else say("internal.none", lang)
    )
    write_plain_workbook(
        path,
        title=say("internal.title", lang, region=assessment.region.settings.name),
        lines=said,
        sheets=[
            (
                Sheet(
                    "internal",
                    internal_facilities,
                    (1, 2),
                    wrapped=("internal_reasons",),
                    wide={"internal_reasons": 60},
                ),
                frame,
            ),
            *_list_sheet(assessment, lang),
        ],
        lang=lang,
        mark=say("internal.mark", lang),
    )


def _list_sheet(assessment: Assessment, lang: Language) -> list[tuple[Sheet, pd.DataFrame]]:
    """The sheet with the rows of lists that may not be passed on; none without such a list."""
    rows = internal_lists(assessment, lang)
    return [(Sheet("internal_lists", internal_lists, (1, 2), wrapped=("note",)), rows)] if len(rows) else []


def internal_lists(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per facility of a list that may not be passed on, in the order of the lists; those merged into others too."""
    region = assessment.region
    rows = region.facilities[region.facilities["source_id"].isin(internal_sources(region))]
    places = region.places.set_index("place_id")["print_name"]
    municipalities = region.municipalities.set_index("ags")["name"]
    sources = region.sources.set_index("source_id")["title"]
    return pd.DataFrame(
        {
            "service": rows["service"].map(lambda s: row_label(s, assessment.catalogue, lang)),
            "name": rows["name"],
            "address": rows["address"],
            "place": rows["place_id"].map(places).fillna(""),
            "municipality": rows["ags"].map(municipalities).fillna(""),
            "capacity": rows["capacity"],
            "note": rows["note"],
            "source": rows["source_id"].map(sources).fillna(""),
            "source_ref": rows["source_ref"],
            "source_date": rows["source_date"].map(lambda d: format_date(str(d), lang)),
            "merged_into": rows["merged_into"],
            "facility_id": rows["facility_id"],
        }
    ).reset_index(drop=True)


def present_year(assessment: Assessment) -> int:
    """The year that is the present for leases: that of the service day, else of the newest source; never that of the clock."""
    if assessment.pt.date:
        return int(assessment.pt.date[:4])
    dates = [str(d) for d in assessment.region.sources["date"] if d]
    return int(max(dates)[:4]) if dates else 0


def internal_facilities(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per facility with a confidential entry, the worst light first: both lights, reasons, what was entered."""
    region = assessment.region
    records = region.facilities.set_index("facility_id")
    security = internal_security(
        region, assessment.catalogue, assessment.depth.facility_quality, year=present_year(assessment)
    ).set_index("facility_id")
    public = assessment.depth.facility_quality.set_index("facility_id")["security"]
    places = region.places.set_index("place_id")["print_name"]
    municipalities = region.municipalities.set_index("ags")["name"]
    sources = region.sources.set_index("source_id")["title"]
    rows = region.confidential
    light = rows["facility_id"].map(security["security"]).fillna("unknown")
    order = np.argsort(light.map({name: k for k, name in enumerate(_LIGHTS)}).to_numpy(int), kind="stable")
    rows, light = rows.iloc[order].reset_index(drop=True), light.iloc[order].reset_index(drop=True)
    key = rows["facility_id"]
    reasons = key.map(security["reasons"]).fillna("")
    return pd.DataFrame(
        {
            "service": key.map(records["service"]).map(lambda s: row_label(s, assessment.catalogue, lang)),
            "name": key.map(records["name"]).fillna(""),
            "place": key.map(records["place_id"]).map(places).fillna(""),
            "municipality": key.map(records["ags"]).map(municipalities).fillna(""),
            "internal_security": light.map(lambda s: say(f"security.{s}", lang)),
            "internal_reasons": reasons.map(lambda r: _reasons(r, lang)),
            "quality_security": key.map(public).fillna("unknown").map(lambda s: say(f"security.{s}", lang)),
            "internal_age": rows["operator_age"],
            "internal_succession": rows["succession"].map(
                lambda s: say(f"word.{s}", lang) if s else say("word.unknown", lang)
            ),
            "internal_lease": rows["lease_until_year"],
            "internal_turnover": rows["turnover_eur_year"],
            "internal_rent": rows["rent_eur_m2"],
            "source": rows["source_id"].map(sources).fillna(""),
            "source_ref": rows["source_ref"],
            "source_date": key.map(records["source_date"]).fillna("").map(lambda d: format_date(str(d), lang)),
            "facility_id": key,
        }
    )


def _reasons(ids: str, lang: Language) -> str:
    return "; ".join(say(f"security_reason.{reason}", lang) for reason in ids.split(";") if reason)

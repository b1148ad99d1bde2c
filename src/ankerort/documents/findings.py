"""What the report says, as numbers: the headline, who is not served, what is not known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import LETTERS, verdict
from ankerort.documents.tables import study_places

_INHABITED = 0.5  # places with fewer persons have no cell of their own


@dataclass(frozen=True)
class CoreFinding:
    """One core function over the study area.

    `places` counts the inhabited places by their one letter (`verdict`), `places_no_car` without a car. Persons: known to be within the standard,
    known to be outside, and not known, without and with a car; all of them persons of the demand group.
    """

    item_id: str
    services: tuple[str, ...]
    group: str
    places: dict[str, int]
    places_no_car: dict[str, int]
    persons: float
    without_car_low: float
    without_car_high: float
    demand_low: float
    demand_high: float
    with_car_low: float
    with_car_high: float


@dataclass(frozen=True)
class UnservedPlace:
    """A place whose people are (or may be) outside the standard of a core function."""

    place: str
    municipality: str
    persons: float
    state: str
    nearest: str
    car_min: float
    pt_min: float
    pt_demand_min: float
    car_bound: bool
    pt_bound: bool


def settled_places(assessment: Assessment) -> pd.DataFrame:
    """Inhabited places that have a name of their own; the rest of a municipality's area is people, but no place."""
    places = study_places(assessment)
    return places[(places["persons"] > _INHABITED) & (places["kind"] != "outlying")]


def core_findings(assessment: Assessment) -> list[CoreFinding]:
    """One finding per core function, in the order of the catalogue."""
    balance = assessment.supply.place_service
    settled = set(settled_places(assessment)["place_id"])
    out: list[CoreFinding] = []
    for item in assessment.catalogue.core:
        rows = balance[(balance["service"] == f"core:{item.id}") & (balance["persons"] > _INHABITED)]
        persons = float(rows["group_persons"].sum())

        def people(column: str, rows: pd.DataFrame = rows) -> float:
            return float((rows[column] * rows["group_persons"]).sum())

        named = rows[rows["place_id"].isin(settled)]
        verdicts = [verdict(*states) for states in zip(named["state"], named["state_no_car"], strict=True)]
        out.append(
            CoreFinding(
                item.id,
                item.services,
                str(rows["group"].iloc[0]) if len(rows) else "all",
                {letter: verdicts.count(letter) for letter in LETTERS},
                {letter: int((named["state_no_car"] == letter).sum()) for letter in LETTERS},
                persons,
                people("without_car_low"),
                people("without_car_high"),
                people("without_car_demand_low"),
                people("without_car_demand_high"),
                people("with_car_low"),
                people("with_car_high"),
            )
        )
    return out


def unserved_places(assessment: Assessment, item_id: str, *, most: int = 12) -> tuple[list[UnservedPlace], int]:
    """Inhabited places that have the core function neither in the place nor within reach without a car, largest first.

    Returns
    -------
    list, int
        The `most` largest, and how many there are in all. Places where it is not known are not among them.
    """
    balance = assessment.supply.place_service
    rows = balance[
        (balance["service"] == f"core:{item_id}") & (balance["persons"] > _INHABITED) & balance["state_no_car"].eq("–")
    ]
    places = study_places(assessment).set_index("place_id")
    names = assessment.region.facilities.set_index("facility_id")["name"]
    towns = assessment.region.places.set_index("place_id")["print_name"]
    in_town = assessment.region.facilities.set_index("facility_id")["place_id"].map(towns).fillna("")
    chosen = rows.sort_values(["persons", "place_id"], ascending=[False, True], kind="stable")
    out = []
    for row in chosen.head(most).itertuples():
        key = str(row.nearest_facility_id)
        name = str(names.get(key, ""))
        town = str(in_town.get(key, ""))
        out.append(
            UnservedPlace(
                str(places["print_name"].get(row.place_id, row.place_id)),
                str(places["municipality"].get(row.place_id, "")),
                float(row.persons),
                str(row.state),
                ", ".join(part for part in (name, town) if part),
                float(row.car_min),
                float(row.pt_min),
                float(row.pt_demand_min),
                bool(row.car_bound),
                bool(row.pt_bound),
            )
        )
    return out, len(rows)


def unknown_services(assessment: Assessment) -> pd.DataFrame:
    """Services whose absence is not known, with the number of inhabited places concerned, most first.

    Returns
    -------
    pandas.DataFrame
        service, places (inhabited places with ``?``), of (all inhabited places), found, expected, reason.
    """
    balance = assessment.supply.place_service
    settled = set(settled_places(assessment)["place_id"])
    rows = balance[(~balance["service"].str.startswith("core:")) & balance["place_id"].isin(settled)]
    asked = rows[rows["state"].eq("?") | rows["state_no_car"].eq("?")].groupby("service", sort=False).size()
    recording = assessment.supply.recording
    out = pd.DataFrame(
        {
            "service": recording["service"],
            "places": recording["service"].map(asked).fillna(0).astype(int),
            "of": rows["place_id"].nunique(),
            "found": recording["found"],
            "expected": recording["expected"],
            "rate": recording["rate"],
            "reason": recording["reason"],
        }
    )
    out = out[recording["absence"].eq("unknown").to_numpy()]
    return out.sort_values("places", ascending=False, kind="stable").reset_index(drop=True)


def five_of_cells(assessment: Assessment) -> NDArray[np.int64]:
    """How many of the five each study cell is known to reach on foot within 1 km; shape (study cells,)."""
    region, reach = assessment.region, assessment.reach
    study = region.cells["in_study"].to_numpy(bool)
    radius = assessment.catalogue.value("bundle_five.radius_m")
    count = np.zeros(int(study.sum()), np.int64)
    for item in assessment.catalogue.five:
        reached = np.zeros(len(count), bool)
        for service in item.services:
            nearest = reach.nearest.get((service, "foot", "certain"))
            if nearest is not None:
                value = np.asarray(nearest.value)[study]
                reached |= (value >= 0) & (value <= radius)
        count += reached
    return count


def five_shares(assessment: Assessment) -> list[tuple[int, float, float, float, float]]:
    """For 5 down to 0: reached, share known (straight, network), share at most (straight, network) of the study area."""
    table = assessment.supply.bundle_of_five
    study = table[table["level"] == "study"].set_index(["measure", "reached"])
    out = []
    for reached in range(5, -1, -1):
        values = []
        for end in ("persons_at_least", "persons_at_most"):
            for measure in ("straight", "network"):
                row = study.loc[(measure, reached)]
                values.append(float(row[end] / row["persons"]) if row["persons"] > 0 else 0.0)
        out.append((reached, values[0], values[1], values[2], values[3]))
    return out

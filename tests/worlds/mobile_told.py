"""A mobile plan made by hand on the three places of `worlds.tiny_region`: one vehicle, four weeks, three rhythms. No search is asked.

- The depot is in Cstadt. Weeks of the cycle begin on Monday 2027-01-04.
- Adorf, village hall (H): every Tuesday 9:00 to 11:30; roof and toilet, no steps.
- Bdorf, bus stop (B): every second Tuesday (weeks 1 and 3) 14:00 to 16:00; nothing is known of it.
- Cstadt, square (C): every four weeks on Thursday (week 2) 9:30 to 12:00; no roof, no toilet, steps.
- Ways are straight: 5 km from place to place at 15 m/s, so 5 min 34 s; 10 km from Adorf to Cstadt.
- Citizen office and bank on board. The residents of the second municipality lack an agreement for the citizen office.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import geopandas as gpd
import pandas as pd

from ankerort.base.provenance import DatedValue
from ankerort.catalogue.mobile import Concern, MobileRecords, MobileService, MobileVehicle, Rhythm
from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.provision import DatedRange
from ankerort.documents.mobile_documents import MobileDocuments
from ankerort.mobile.plan import MobileEffect, MobilePlan, MobileProof
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.schema import (
    ALTERNATIVES,
    PLAN_AUTHORITIES,
    PLAN_LEFT_PLACES,
    PLAN_LEGS,
    PLAN_MOBILE_COSTS,
    PLAN_STOPS,
    PLAN_VISITS,
    STOPS,
)
from ankerort.region.model import Region
from ankerort.region.read_mobile_contact import MobileContact, StopNote
from ankerort.region.schema import SOURCES
from worlds import tiny_region
from worlds.tiny_region import CRS, A, B, C, box, positions

FIRST_DAY = "2027-01-04"
H_STOP, B_STOP, C_STOP = "table:hall", "osm:n1", "osm:w2"
CONTACT = MobileContact(
    publisher="Verbandsgemeinde Musterland",
    phone="039000 12345",
    phone_hours="Montag bis Freitag 9 bis 12 Uhr",
    home_phone="039000 54321",
    payment=("cash", "card"),
    website="https://www.musterland.example",
    cancelled=("2027-03-16",),
    stops=(StopNote("Adorf", wait="im Vorraum des Dorfgemeinschaftshauses", cancelled=("2027-02-09",)),),
)


def value(number: float, unit: str = "", mark: str = "D") -> DatedValue:
    """A made-up figure."""
    return DatedValue("test", number, unit, "made up", "default", mark)  # type: ignore[arg-type]


def span(low: float, mid: float, high: float) -> DatedRange:
    """A made-up range."""
    return DatedRange(low, high, value(mid, "EUR"))


@cache
def records() -> MobileRecords:
    """Two services, one vehicle, four rhythms, five concerns."""

    def service(key: str, of: str, de: str, en: str, authority: str) -> MobileService:
        return MobileService(
            key, of, de, en, authority, value(15, "min"), value(0.8), value(60), value(180), value(15), value(1),  # type: ignore[arg-type]
            span(38, 41, 44), span(6000, 8000, 10000), "van", ("weekly", "fortnightly", "monthly"), {}, {}, span(0.2, 0.4, 0.7),
        )  # fmt: skip

    def concern(key: str, of: str, de: str, en: str, share: float, visits: int, wait: float, bring: str) -> Concern:
        return Concern(
            key, of, de, en, value(share, "share"), value(15, "min"), visits, value(wait, "weeks"),
            "fingerprint" if visits > 1 else "", "municipality", bring, "old card, photo",
        )  # fmt: skip

    return MobileRecords(
        services={
            "citizen_office": service(
                "citizen_office", "citizen_office", "mobiles Bürgerbüro", "mobile citizen office", "municipality"
            ),
            "bank": service("bank", "bank", "mobile Bank", "mobile bank", "none"),
        },
        vehicles={
            "van": MobileVehicle(
                "van",
                "Transporter bis 3,5 t",
                "van up to 3.5 t",
                span(50000, 80000, 150000),
                value(10),
                span(0.45, 0.55, 0.65),
                span(2000, 3000, 4000),
                value(3.5),
                value(2.8),
                value(2.1),
                "B",
                "own",
                value(300),
                value(1),
                value(0.25),
            )
        },
        rhythms={
            "weekly": Rhythm("weekly", "jede Woche", "every week", 1.0, value(0.85)),
            "fortnightly": Rhythm("fortnightly", "alle 14 Tage", "every 14 days", 2.0, value(0.65)),
            "monthly": Rhythm("monthly", "alle 4 Wochen", "every 4 weeks", 4.0, value(0.45)),
        },
        concerns=(
            concern(
                "id_card",
                "citizen_office",
                "Personalausweis",
                "identity card",
                0.3,
                2,
                4,
                "alter Ausweis, Passfoto, 46 Euro",
            ),
            concern("passport", "citizen_office", "Reisepass", "passport", 0.1, 2, 4, "alter Pass, Passfoto, 70 Euro"),
            concern(
                "moving",
                "citizen_office",
                "Umzug anmelden",
                "register a move",
                0.2,
                1,
                0,
                "Ausweis, Bestätigung des Vermieters",
            ),
            concern(
                "signature",
                "citizen_office",
                "Unterschrift beglaubigen",
                "certify a signature",
                0.05,
                1,
                0,
                "Ausweis und Schriftstück",
            ),
            concern("cash", "bank", "Geld abheben", "withdraw cash", 0.8, 1, 0, "Bankkarte"),
        ),
    )


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue with these records."""
    return replace(tiny_region.catalogue(), mobile=records())


@cache
def region() -> Region:
    """The three places with boundaries, names and credit lines."""
    base = tiny_region.region()
    municipalities = base.municipalities.assign(
        name=["Westgemeinde", "Ostgemeinde"],
        kind="Gemeinde",
        association_name=["Verbandsgemeinde West", "Verbandsgemeinde Ost"],
        district_name=["Kreis 1", "Kreis 2"],
        persons=[140.0, 200.0],
    )
    boundaries = gpd.GeoDataFrame(
        {"ags": ["15001000", "15002000"]},
        geometry=[box(-1000, -2000, 7500, 2000), box(7500, -2000, 11000, 2000)],
        crs=CRS,
    )
    places = base.places.assign(kind="village", persons_65_plus=[10.0, 15.0, 40.0])
    sources = SOURCES.conform(
        pd.DataFrame(
            {
                "source_id": ["osm", "census"],
                "kind": ["osm", "census"],
                "title": ["OpenStreetMap", "Zensus 2022"],
                "licence": ["ODbL 1.0", "dl-de/by-2-0"],
                "attribution": ["© OpenStreetMap-Mitwirkende", "© Statistische Ämter des Bundes und der Länder"],
                "date": ["2026-10-01", "2022-05-15"],
            }
        )
    )
    return replace(base, municipalities=municipalities, boundaries=boundaries, places=places, sources=sources)


@cache
def stops() -> pd.DataFrame:
    """STOPS of the plan."""
    return STOPS.conform(
        pd.DataFrame(
            {
                "stop_id": [H_STOP, B_STOP, C_STOP],
                "name": ["Dorfgemeinschaftshaus Adorf", "Bdorf, Kirche", "Marktplatz"],
                "place_id": [A, B, C],
                "ags": ["15001000", "15001000", "15002000"],
                "kind": ["hall", "bus_stop", "square"],
                **positions([0.0, 5000.0, 10000.0], [0.0, 0.0, 0.0]),
                "level_stand": ["yes", "", "yes"],
                "step_free": ["yes", "", "no"],
                "power": ["yes", "", ""],
                "shelter": ["yes", "", "no"],
                "toilet": ["yes", "", "no"],
                "suitability": [1.0, 0.5, 0.4],
                "known_share": [1.0, 0.0, 0.8],
                "source_id": ["table", "osm", "osm"],
                "source_date": ["2026-11-01", "2026-10-01", "2026-10-01"],
            }
        )
    )


@cache
def plan() -> MobilePlan:
    """The plan."""
    rows = PLAN_STOPS.conform(
        pd.DataFrame(
            {
                "stop_id": [H_STOP, B_STOP, C_STOP],
                "place_id": [A, B, C],
                "rhythm": ["weekly", "fortnightly", "monthly"],
                "every_weeks": [1.0, 2.0, 4.0],
                "stay_min": [150.0, 120.0, 150.0],
                "persons_near": [95.0, 35.0, 150.0],
                "points": [180.0, 60.0, 90.0],
                "cases_low": [100.0, 35.0, 50.0],
                "cases": [200.0, 70.0, 100.0],
                "cases_high": [350.0, 120.0, 180.0],
                "wishes_met": [0.75, float("nan"), float("nan")],
                "answers": [12, 0, 0],
                "together": ["market", "", "bus"],
                "handover_weeks": [4.0, 4.0, 4.0],
            }
        )
    )
    visits = PLAN_VISITS.conform(
        pd.DataFrame(
            {
                "stop_id": [H_STOP, B_STOP, C_STOP],
                "part": 1,
                "services": "citizen_office;bank",
                "vehicle": 1,
                "weekday": ["Tu", "Tu", "Th"],
                "weeks": ["1;2;3;4", "1;3", "2"],
                "from_time": ["09:00", "14:00", "09:30"],
                "to_time": ["11:30", "16:00", "12:00"],
            }
        )
    )
    costs = PLAN_MOBILE_COSTS.conform(
        pd.DataFrame(
            {
                "item": ["vehicle", "fixed", "it", "drive", "staff"],
                "amount": [1.0, 1.0, 1.0, 1600.0, 480.0],
                "unit": ["", "", "", "km", "h"],
                "cost_low": [6000.0, 2000.0, 6000.0, 720.0, 18240.0],
                "cost_mid": [9600.0, 3000.0, 8000.0, 880.0, 19680.0],
                "cost_high": [18000.0, 4000.0, 10000.0, 1040.0, 21120.0],
                "record": ["van", "van", "citizen_office", "van", "citizen_office"],
            }
        )
    )
    authorities = PLAN_AUTHORITIES.conform(
        pd.DataFrame(
            {
                "authority_id": ["150010000", "150020000", "150010000"],
                "name": ["Verbandsgemeinde West", "Verbandsgemeinde Ost", "Verbandsgemeinde West"],
                "service": ["citizen_office", "citizen_office", "bank"],
                "agreed": ["own", "missing", "own"],
                "persons_near": [130.0, 150.0, 130.0],
                "points_lost": [0.0, 40.0, 0.0],
                "rank": [0, 1, 0],
            }
        )
    )
    left = PLAN_LEFT_PLACES.conform(
        pd.DataFrame(
            {
                "place_id": [B],
                "persons": [40.0],
                "persons_75_plus": [15.0],
                "reason": ["near_other"],
                "stop_id": [H_STOP],
            }
        )
    ).iloc[:0]
    return MobilePlan(
        name="Vorschlag",
        region="Drei Orte",
        data_day="2026-10-01",
        request=MobileRequest(services=("citizen_office", "bank"), vehicles=1, depots=("Cstadt",)),
        proof=MobileProof(1000.0, 1030.0, 0.03, "tours", 12.0, 1, "feasible"),
        effect=MobileEffect(
            280.0, 60.0, 340.0, 65.0, 0.9, 185.0, 370.0, 650.0, 900.0, 0.75, 12, 1600.0, 32.0, 480.0, 2100.0, True
        ),
        vehicle="van",
        weeks=4,
        first_day=FIRST_DAY,
        depots=(C,),
        stops=stops(),
        rows=rows,
        visits=visits,
        legs=legs(),
        costs=costs,
        authorities=authorities,
        left=left,
        record={"key": "abc", "version": "0"},
    )


def legs() -> pd.DataFrame:
    """PLAN_LEGS of all days."""
    rows: list[tuple[str, int, str, str, str, str, float, float]] = []
    for week in (1, 2, 3, 4):
        day = [
            ("prepare", "", "08:18", "08:48", 0.0, 0.0),
            ("drive", H_STOP, "08:48", "09:00", 667.0, 10000.0),
            ("visit", H_STOP, "09:00", "11:30", 0.0, 0.0),
        ]
        if week in (1, 3):
            day += [
                ("break", H_STOP, "11:30", "12:00", 0.0, 0.0),
                ("drive", B_STOP, "12:00", "12:06", 334.0, 5000.0),
                ("wait", B_STOP, "12:06", "14:00", 0.0, 0.0),
                ("visit", B_STOP, "14:00", "16:00", 0.0, 0.0),
                ("drive", "", "16:00", "16:06", 334.0, 5000.0),
                ("close", "", "16:06", "16:24", 0.0, 0.0),
            ]
        else:
            day += [("drive", "", "11:30", "11:42", 667.0, 10000.0), ("close", "", "11:42", "12:00", 0.0, 0.0)]
        rows += [("Tu", week, *leg) for leg in day]
    rows += [
        ("Th", 2, "drive", C_STOP, "09:30", "09:30", 0.0, 0.0),
        ("Th", 2, "visit", C_STOP, "09:30", "12:00", 0.0, 0.0),
        ("Th", 2, "drive", "", "12:00", "12:00", 0.0, 0.0),
    ]
    frame = pd.DataFrame(
        rows, columns=["weekday", "week", "what", "stop_id", "from_time", "to_time", "drive_s", "drive_m"]
    )
    number = frame.groupby(["weekday", "week"]).cumcount() + 1
    return PLAN_LEGS.conform(frame.assign(vehicle=1, number=number, estimated=frame["what"] == "drive"))


@cache
def alternatives() -> pd.DataFrame:
    """Five ways of serving the same people; the shuttle cannot be compared."""
    return ALTERNATIVES.conform(
        pd.DataFrame(
            {
                "way": ["mobile", "fixed", "shuttle", "home", "desk"],
                "feasible": [True, True, False, True, True],
                "reason": ["", "", "no_way", "", ""],
                "persons": [280.0, 150.0, float("nan"), 280.0, 280.0],
                "persons_75_plus": [60.0, 40.0, float("nan"), 60.0, 60.0],
                "cases_low": [185.0, 80.0, float("nan"), 185.0, 60.0],
                "cases": [370.0, 160.0, float("nan"), 370.0, 120.0],
                "cases_high": [650.0, 300.0, float("nan"), 650.0, 200.0],
                "cost_low": [32960.0, 60000.0, float("nan"), 41000.0, 9000.0],
                "cost_mid": [41160.0, 90000.0, float("nan"), 52000.0, 15000.0],
                "cost_high": [54160.0, 140000.0, float("nan"), 70000.0, 24000.0],
                "eur_per_case": [111.0, 562.0, float("nan"), 140.0, 125.0],
                "wishes_met": [0.75, 0.4, float("nan"), 0.9, 0.2],
                "vehicle_km": [1600.0, 0.0, float("nan"), 5200.0, 0.0],
                "people_km": [0.0, 8000.0, float("nan"), 0.0, 900.0],
                "co2_kg": [400.0, 1200.0, float("nan"), 900.0, 130.0],
            }
        )
    )


def documents(contact: MobileContact = CONTACT) -> MobileDocuments:
    """All that the documents need."""
    return MobileDocuments(plan(), region(), catalogue(), alternatives=alternatives(), contact=contact)

"""Questions for a mobile service on the three places of `worlds.tiny_region`: names of authorities, stops, and `prepare` with all it asks for.

Adorf and Bdorf are the Verbandsgemeinde Abtal (150010000) in the Nordkreis (15001), Cstadt is a municipality of its own (150020000) in the
Südkreis (15002). Stops: hall (0, 0) in Adorf, church (5000, 0) in Bdorf, square (10000, 0) in Cstadt, none with any known feature. A van drives
5 km in 5000 / (15 * 0.95) = 351 s.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from ankerort.catalogue.model import Catalogue
from ankerort.mobile.build import prepare
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.wishes import WishWeights
from ankerort.region.model import Region
from ankerort.region.schema import SOURCES
from ankerort.region.schema_mobile import SPOTS, STOP_TABLE
from ankerort.region.schema_wishes import AGREEMENTS
from worlds import tiny_region

ABTAL, CSTADT, NORD, SUED = "150010000", "150020000", "15001", "15002"
STOPS = (("hall", "a", "hall", 0.0), ("church", "b", "church", 5000.0), ("square", "c", "square", 10_000.0))


def region(*facilities: tuple[str, str, str, float, float, str]) -> Region:
    """The region with names, data of 20 November 2026."""
    base = tiny_region.region(facilities=facilities)
    towns = base.municipalities.assign(
        name=["Adorf", "Cstadt"],
        association_name=["Verbandsgemeinde Abtal", "Cstadt"],
        association_kind=["Verbandsgemeinde", "Einheitsgemeinde"],
        district_name=["Nordkreis", "Südkreis"],
    )
    sources = base.sources.assign(date=["2026-11-20", "2026-10-01", ""])
    return replace(base, municipalities=towns, sources=SOURCES.conform(sources))


def table(*stops: tuple[str, str, str, float], **columns: Any) -> pd.DataFrame:
    """STOP_TABLE of (id, place, kind, x)."""
    chosen = stops or STOPS
    rows = pd.DataFrame(
        {
            "stop_id": [s[0] for s in chosen],
            "name": [s[0] for s in chosen],
            "place_id": [s[1] for s in chosen],
            "kind": [s[2] for s in chosen],
            "allowed": True,
            **tiny_region.positions([s[3] for s in chosen], [0.0] * len(chosen)),
            **columns,
        }
    )
    return STOP_TABLE.conform(rows)


def agreements(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """AGREEMENTS of (service, who serves, whose residents)."""
    return AGREEMENTS.conform(pd.DataFrame(list(rows), columns=["service", "authority_id", "for_authority_id"]))


def catalogue(**figures: float) -> Catalogue:
    """The shipped catalogue with other figures ``mobile.*``."""
    shipped = tiny_region.catalogue()
    known = dict(shipped.figures)
    for name, value in figures.items():
        known[f"mobile.{name}"] = replace(known[f"mobile.{name}"], value=value)
    return replace(shipped, figures=known)


def prepared(
    *agreed: tuple[str, str, str],
    of: Region | None = None,
    stops: pd.DataFrame | None = None,
    using: Catalogue | None = None,
    wishes: WishWeights | None = None,
    timetable: bool = False,
    **asked: Any,
) -> Prepared:
    """The problem of a question; `asked` are fields of `MobileRequest`."""
    return prepare(
        of or region(),
        tiny_region.network(with_timetable=timetable),
        using or catalogue(),
        MobileRequest(**{"services": ("citizen_office",), **asked}),
        wishes=wishes,
        agreements=agreements(*agreed),
        spots=SPOTS.empty(),
        stop_table=table() if stops is None else stops,
    )

"""What the municipalities of the Musterkreis filled in, as rows of the region's tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ankerort.sample.design import PlaceDesign
from ankerort.sample.objects import BUILDINGS, CONFIRMED_BY, CONFIRMED_NONE, CONFIRMED_ON, LISTED, VISITS
from ankerort.sample.world import Point, Row, lonlat


def list_rows(places: Sequence[PlaceDesign], plot: Callable[[str, int], Point]) -> Mapping[str, tuple[Row, ...]]:
    """Rows by table name (facilities, absences, mobile_visits, buildings).

    Keys of a row are the columns of `ankerort.region.schema`; ``place_name`` names the place as people write it, since a
    list knows no ids.

    Parameters
    ----------
    places
        The places of the district.
    plot
        Position of a numbered building plot of a place.
    """
    by_key = {p.key: p for p in places}

    def where(key: str) -> dict[str, object]:
        place = by_key[key]
        return {"place_name": place.name, "ags": place.ags}

    def confirmed(key: str) -> dict[str, object]:
        return {"confirmed_by": CONFIRMED_BY[by_key[key].ags], "confirmed_on": CONFIRMED_ON}

    def at(key: str, number: int) -> dict[str, object]:
        lon, lat = lonlat(*plot(key, number))
        return {"lon": lon, "lat": lat}

    facilities: list[Row] = [
        {
            "service": f.service,
            "name": f.name,
            **where(f.place),
            **at(f.place, f.plot),
            "state": f.state,
            "operator": f.operator,
            "operator_kind": f.operator_kind,
            **dict(f.more),
            **confirmed(f.place),
        }
        for f in LISTED
    ]
    absences: list[Row] = [
        {"service": service, **where(place), **confirmed(place)}
        for place, services in CONFIRMED_NONE
        for service in services
    ]
    visits: list[Row] = [
        {
            "service": v.service,
            **where(v.place),
            "stop_name": v.stop,
            "weekday": v.weekday,
            "rhythm_weeks": v.rhythm_weeks,
            "from_time": v.start,
            "to_time": v.end,
            "operator": v.operator,
            "operator_kind": v.operator_kind,
            **confirmed(v.place),
        }
        for v in VISITS
    ]
    buildings: list[Row] = [
        {
            "name": b.name,
            **where(b.place),
            **at(b.place, b.plot),
            "use": b.use,
            "owner_kind": b.owner_kind,
            "area_m2": b.area_m2,
            "condition": b.condition,
            "step_free": b.step_free,
            "note": b.note,
            **confirmed(b.place),
        }
        for b in BUILDINGS
    ]
    return {
        "facilities": tuple(facilities),
        "absences": tuple(absences),
        "mobile_visits": tuple(visits),
        "buildings": tuple(buildings),
    }

"""Finds what a change names: service, place, facility, position; what is not found is a problem with the nearest names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from ankerort.base.problems import Problem, Problems, Severity
from ankerort.region.assign import assign_municipality, assign_place
from ankerort.scenario.change import Change
from ankerort.scenario.changes import FacilityChange
from ankerort.scenario.nearest import nearest_names
from ankerort.scenario.scenario import Origin
from ankerort.scenario.world import World

# Central Europe: longitudes and latitudes never overlap there (see region/facility_rows.py).
_LON_RANGE = (3.0, 18.0)
_LAT_RANGE = (45.0, 57.0)
_MOST_NAMED = 5


@dataclass(frozen=True)
class Site:
    """A position and the municipality and place it belongs to."""

    lon: float
    lat: float
    x: float
    y: float
    ags: str
    place_id: str
    in_study: bool

    def columns(self) -> dict[str, object]:
        """As columns of the table of facilities."""
        return dict(self.__dict__)


@dataclass
class Draft:
    """The world as the changes so far made it, the change at hand and the problems found.

    Parameters
    ----------
    world
        After all changes before that could be resolved.
    problems
        Collected over all changes.
    origin, number
        Where the change at hand stands, and its number over all files (from 1).
    earlier
        The changes before that could be resolved.
    """

    world: World
    problems: Problems
    origin: Origin
    number: int
    earlier: tuple[Change, ...] = ()

    def report(self, code: str, column: str, *, severity: Severity = "error", **params: object) -> None:
        """Note a problem of the change at hand."""
        where = self.origin
        filled = {"change": where.number, **params}
        self.problems.extend([Problem(code, severity, where.table, where.line, column, filled)])


def find_service(draft: Draft, name: str, column: str = "service") -> str | None:
    """Id of a service that is a facility, by id, label or the beginning of one label; None and a problem if there is none."""
    services = draft.world.catalogue.services
    known: dict[str, str] = {}
    for service_id in draft.world.catalogue.facility_services():
        one = services[service_id]
        for text in (one.label_de, one.label_en, service_id):
            known[text.casefold()] = service_id
    wanted = name.strip().casefold()
    begins = {service_id for text, service_id in known.items() if text.startswith(wanted)}
    # "Supermarkt" is enough where one label only begins so
    found = known.get(wanted) or (begins.pop() if len(begins) == 1 and wanted else None)
    if found is None:
        near = nearest_names(
            name, (*draft.world.catalogue.facility_services(), *(s.label_de for s in services.values()))
        )
        draft.report("scenario_service_unknown", column, service=name, near=near)
    return found


def find_place(draft: Draft, name: str, column: str = "place") -> pd.Series | None:
    """Row of a place by printed name, id or name; None and a problem if there is none or several."""
    places = draft.world.region.places
    wanted = name.strip().casefold()
    for key in ("print_name", "place_id", "name"):
        found = places[places[key].str.casefold() == wanted]
        if len(found) > 1 and found["in_study"].sum() == 1:
            found = found[found["in_study"]]
        if len(found) == 1:
            return found.iloc[0]
        if len(found) > 1:
            names = ", ".join(found["print_name"] if key == "name" else found["place_id"])
            draft.report("scenario_place_ambiguous", column, place=name, places=names)
            return None
    draft.report("scenario_place_unknown", column, place=name, near=nearest_names(name, places["print_name"]))
    return None


def find_facility(draft: Draft, change: FacilityChange, *, open_only: bool = True) -> pd.Series | None:
    """Row of the one facility that a change names; None and a problem if there is none, several, or a closed one."""
    facilities = draft.world.region.facilities
    if change.facility:
        row = _by_id(draft, change.facility)
    else:
        service = find_service(draft, change.service)
        place = find_place(draft, change.place) if change.place else None
        if service is None or (change.place and place is None):
            return None
        found = facilities[(facilities["service"] == service) & (facilities["merged_into"] == "")]
        if place is not None:
            found = found[found["place_id"] == place["place_id"]]
        row = _by_name(draft, found, change)
    if row is None:
        return None
    if open_only and row["state"] != "open":
        draft.report("scenario_facility_closed", "facility", facility=described(draft.world, row))
        return None
    return row


def _by_id(draft: Draft, facility_id: str) -> pd.Series | None:
    facilities = draft.world.region.facilities
    found = facilities[facilities["facility_id"] == facility_id]
    if found.empty:
        near = nearest_names(facility_id, facilities["facility_id"])
        draft.report("scenario_facility_unknown", "facility", facility=facility_id, near=near)
        return None
    row = found.iloc[0]
    while row["merged_into"]:  # the row that stands for it
        row = facilities[facilities["facility_id"] == row["merged_into"]].iloc[0]
    return row


def _by_name(draft: Draft, found: pd.DataFrame, change: FacilityChange) -> pd.Series | None:
    named = found
    if change.name:
        wanted = change.name.strip().casefold()
        folded = found["name"].str.casefold()
        named = found[folded == wanted]
        if named.empty:
            named = found[[wanted in name for name in folded]]
    still_open = named[named["state"] == "open"]
    chosen = still_open if len(still_open) else named
    if len(chosen) == 1:
        return chosen.iloc[0]
    told = " / ".join(t for t in (change.service, change.name, change.place) if t)
    if chosen.empty:
        near = nearest_names(change.name, found["name"]) if change.name else "–"
        draft.report("scenario_facility_unknown", "name" if change.name else "service", facility=told, near=near)
        return None
    listed = chosen.head(_MOST_NAMED)
    names = "; ".join(f"{described(draft.world, row)} [{row['facility_id']}]" for _, row in listed.iterrows())
    draft.report("scenario_facility_ambiguous", "facility", facility=told, count=len(chosen), facilities=names)
    return None


def described(world: World, row: pd.Series) -> str:
    """A facility as a reader knows it: name or service, and place."""
    places = world.region.places
    found = places.loc[places["place_id"] == row["place_id"], "print_name"]
    name = str(row["name"]) or str(row["service"])
    return f"{name} ({found.iloc[0]})" if len(found) else name


def find_site(
    draft: Draft, place: str, lon: float | None, lat: float | None, *, place_column: str = "place"
) -> Site | None:
    """The position that a change names: coordinates, or the centre of a place; None and problems if it cannot be used."""
    row = find_place(draft, place, place_column) if place else None
    if place and row is None:
        return None
    if lon is not None and lat is not None:
        return _at(draft, lon, lat)
    if row is None:
        return None
    if not np.isfinite(row["x"]):
        draft.report("scenario_place_without_centre", place_column, place=place)
        return None
    return _placed(draft, float(row["lon"]), float(row["lat"]), float(row["x"]), float(row["y"]), str(row["place_id"]))


def _at(draft: Draft, lon: float, lat: float) -> Site | None:
    if _LAT_RANGE[0] <= lon <= _LAT_RANGE[1] and _LON_RANGE[0] <= lat <= _LON_RANGE[1]:
        draft.report("scenario_position_swapped", "lon", lon=lon, lat=lat)
        return None
    region = draft.world.region
    x, y = Transformer.from_crs("EPSG:4326", region.settings.crs, always_xy=True).transform(lon, lat)
    area = shapely.union_all(region.study_area.geometry.to_numpy())
    distance_m = float(shapely.distance(area, shapely.Point(x, y)))
    if not distance_m <= region.settings.buffer_km * 1000.0:
        km = round(distance_m / 1000.0) if np.isfinite(distance_m) else "–"
        draft.report("scenario_position_outside", "lon", lon=lon, lat=lat, km=km)
        return None
    return _placed(draft, lon, lat, float(x), float(y), "")


def _placed(draft: Draft, lon: float, lat: float, x: float, y: float, told: str) -> Site:
    """Municipality and place of a position, by the region's own rules; a place that the user named stands."""
    region = draft.world.region
    at_x, at_y = np.array([x]), np.array([y])
    ags = assign_municipality(at_x, at_y, region.boundaries) if len(region.boundaries) else np.array([""], object)
    if told:
        place_id = told
        if not ags[0]:
            ags[0] = region.places.loc[region.places["place_id"] == told, "ags"].iloc[0]
    else:
        nearest_m = draft.world.catalogue.value("place.nearest_m")
        found = assign_place(at_x, at_y, ags, places=region.places, areas=region.place_areas, nearest_m=nearest_m)
        place_id = str(found[0])
    municipalities = region.municipalities
    inside = municipalities.loc[municipalities["ags"] == ags[0], "in_study"]
    return Site(lon, lat, x, y, str(ags[0]), place_id, bool(inside.iloc[0]) if len(inside) else False)


def moved_from(site: Site, row: pd.Series) -> bool:
    """Whether a site lies elsewhere than a facility."""
    return not (site.x == row["x"] and site.y == row["y"])

"""Which settlements a region has, and which cells belong to each."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.spatial import cKDTree

from ankerort.base.problems import Problems
from ankerort.region.assign import assign_municipality, assign_place
from ankerort.region.place_names import PlaceNames, place_ids, print_names
from ankerort.region.read_settings import nearest_name
from ankerort.region.schema import PLACES
from ankerort.region.stop_places import place_key, places_from_stops
from ankerort.text import say

OSM_KINDS: tuple[str, ...] = ("city", "town", "suburb", "village", "hamlet")
_COLUMNS = ["name", "ags", "kind", "rule", "x", "y", "source_id"]
_OVER_65 = ["p_65_74", "p_75_84", "p_85_plus"]


@dataclass(frozen=True)
class PlaceInputs:
    """What the inputs say about places; every frame may be empty.

    Parameters
    ----------
    listed
        name, ags (may be empty), x, y, source_id, row, file: the user's list.
    osm
        name, kind (OSM value), x, y, source_id.
    areas
        name, ags (may be empty), source_id, by_user (bool), geometry: polygons of Ortsteile.
    stops
        name, ags, x, y, source_id: registered or timetable stops.
    overrides
        cell_id, x, y, name, ags, row, file: cells that the user gives to a place.
    """

    listed: pd.DataFrame
    osm: pd.DataFrame
    areas: gpd.GeoDataFrame
    stops: pd.DataFrame
    overrides: pd.DataFrame


@dataclass(frozen=True)
class PlaceSet:
    """Places (PLACES without persons), their polygons, and the place of each cell.

    `anchor_xy`, shape (places, 2), is the point from which "nearest" is measured; it equals x, y but for places that
    have their centre from their cells.
    """

    table: pd.DataFrame
    areas: gpd.GeoDataFrame
    cell_place: NDArray[np.object_]
    anchor_xy: NDArray[np.float64]

    def place_of(
        self, x: NDArray[np.float64], y: NDArray[np.float64], ags: NDArray[np.object_], *, nearest_m: float
    ) -> NDArray[np.object_]:
        """The place of any points, by the rules that the cells went by."""
        anchors = self.table.assign(x=self.anchor_xy[:, 0], y=self.anchor_xy[:, 1])
        return assign_place(x, y, ags, places=anchors, areas=self.areas, nearest_m=nearest_m)


def build_places(
    inputs: PlaceInputs,
    *,
    municipalities: pd.DataFrame,
    shapes: gpd.GeoDataFrame,
    cells: pd.DataFrame,
    min_persons: float,
    stop_radius_m: float,
    nearest_m: float,
    problems: Problems,
) -> PlaceSet:
    """Make the places of a region and give every cell to one.

    For each municipality the first of these that names a place in it counts: the user's list, OSM settlements,
    polygons of the user, stop names. Polygons give a place of their name its area; a polygon of the user that no place is
    named after becomes a place. What is left of the municipality is its outlying place; one without any place is one place.

    Parameters
    ----------
    inputs
        What the inputs say.
    municipalities, shapes
        MUNICIPALITIES and (ags, geometry) of all municipalities in reach.
    cells
        Columns cell_id, x, y, ags, persons and the age bands.
    min_persons, stop_radius_m
        A stop name is a place where at least so many persons live within the radius.
    nearest_m
        How far a place without polygon reaches.
    problems
        Collects: listed places outside, overrides that name nothing known.
    """
    known = set(municipalities["ags"])
    listed = _with_ags(inputs.listed, shapes).assign(kind="listed", rule="user_list")
    lost = ~listed["ags"].isin(known)
    for _, place in listed[lost].head(20).iterrows():
        problems.add("place_outside", "warning", str(place["file"]), row=int(place["row"]), name=place["name"])
    listed = _once(listed[~lost], nearest_m)
    osm = inputs.osm[inputs.osm["kind"].isin(OSM_KINDS) & (inputs.osm["name"] != "")]
    osm = _with_ags(osm.assign(ags=""), shapes).assign(rule="osm_place")
    osm = _once(osm[osm["ags"].isin(known)], nearest_m)
    areas = _located(inputs.areas, shapes)
    areas = areas[areas["ags"].isin(known)].reset_index(drop=True)
    cell_xy = cells[["x", "y"]].to_numpy()
    persons = cells["persons"].fillna(0.0).to_numpy()
    from_stops = places_from_stops(
        inputs.stops[inputs.stops["ags"].isin(known)],
        municipality_names=dict(zip(municipalities["ags"], municipalities["name"], strict=True)),
        cell_xy=cell_xy,
        cell_persons=persons,
        cell_ags=cells["ags"].to_numpy(dtype=object),
        min_persons=min_persons,
        radius_m=stop_radius_m,
    ).assign(kind="stop_derived", rule="stop_names")
    osm = osm[~osm["ags"].isin(set(listed["ags"]))]
    taken = set(listed["ags"]) | set(osm["ags"])
    from_stops = from_stops[~from_stops["ags"].isin(taken)]
    candidates = pd.concat([listed[_COLUMNS], osm[_COLUMNS], from_stops[_COLUMNS]], ignore_index=True)
    candidates, areas = _with_areas(candidates, areas, cell_xy, persons, nearest_m)
    table = _with_rest(candidates, municipalities, shapes)
    table["place_id"] = place_ids(table["name"], table["ags"])
    table["print_name"] = print_names(table, municipalities)
    areas = gpd.GeoDataFrame(
        {"place_id": table["place_id"].iloc[areas["candidate"]].to_numpy()},
        geometry=areas.geometry.to_numpy(),
        crs=shapes.crs,
    )
    anchor = table[["x", "y"]].to_numpy()
    cell_ags = cells["ags"].to_numpy(dtype=object)
    cell_place = assign_place(cell_xy[:, 0], cell_xy[:, 1], cell_ags, places=table, areas=areas, nearest_m=nearest_m)
    _override(cell_place, cells, table, inputs.overrides, problems)
    table = _centred(table, cells, cell_place)
    order = np.argsort(table["place_id"].to_numpy(dtype=object), kind="stable")
    table = table.iloc[order].reset_index(drop=True)
    table["in_study"] = table["ags"].map(municipalities.set_index("ags")["in_study"]).astype(bool)
    lon, lat = Transformer.from_crs(shapes.crs, "EPSG:4326", always_xy=True).transform(table["x"], table["y"])
    table["lon"], table["lat"] = lon, lat
    table["print_name"] = print_names(table, municipalities)
    return PlaceSet(PLACES.conform(table), areas, cell_place, anchor[order])


def finish_places(places: PlaceSet, cells: pd.DataFrame, used: set[str], municipalities: pd.DataFrame) -> pd.DataFrame:
    """PLACES with persons; an outlying place to which nothing belongs is left out.

    Parameters
    ----------
    places, cells
        Places, and cells with place_id.
    used
        Ids of places that facilities or other rows name.
    municipalities
        For the print names.
    """
    table = places.table.copy()
    sums = cells.assign(old=cells[_OVER_65].sum(axis=1, min_count=1)).groupby("place_id")[["persons", "old"]].sum()
    table["persons"] = table["place_id"].map(sums["persons"]).fillna(0.0)
    table["persons_65_plus"] = table["place_id"].map(sums["old"]).fillna(0.0)
    keep = (table["kind"] != "outlying") | table["place_id"].isin(used | set(cells["place_id"]))
    table = table[keep].reset_index(drop=True)
    table["print_name"] = print_names(table, municipalities)
    return PLACES.conform(table)


def report_unnamed_people(places: pd.DataFrame, problems: Problems) -> None:
    """Name the municipalities of the study area of which more people live beyond all known places than in any of them.

    A list of places that names only some, or the edge of a map extract, leaves the others without a place.

    Parameters
    ----------
    places
        PLACES with persons.
    problems
        Takes up one warning per municipality.
    """
    own = places[places["in_study"]]
    rest = own[own["kind"] == "outlying"]
    largest = own[own["kind"] != "outlying"].groupby("ags")["persons"].max()
    for place in rest.sort_values("place_id", kind="stable").itertuples():
        if place.persons > largest.get(place.ags, np.inf):
            problems.add(
                "place_people_unnamed", "warning", "region.toml", name=place.name, persons=round(place.persons)
            )


def _with_ags(frame: pd.DataFrame, shapes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Municipality by position where the source names none."""
    frame = frame.reset_index(drop=True)
    if len(frame):
        found = assign_municipality(frame["x"].to_numpy(), frame["y"].to_numpy(), shapes)
        frame["ags"] = frame["ags"].where(frame["ags"] != "", pd.Series(found, dtype="str"))
    return frame


def _located(areas: gpd.GeoDataFrame, shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    areas = areas.reset_index(drop=True)
    if len(areas):
        inner = shapely.point_on_surface(areas.geometry.to_numpy())
        found = assign_municipality(shapely.get_x(inner), shapely.get_y(inner), shapes)
        areas["ags"] = areas["ags"].where(areas["ags"] != "", pd.Series(found, dtype="str"))
    return areas


def _once(places: pd.DataFrame, nearest_m: float) -> pd.DataFrame:
    """Same name, same municipality and nearer than a place reaches: node and outline of one settlement."""
    if places.empty:
        return places
    rank = places["kind"].map({k: i for i, k in enumerate(OSM_KINDS)}).fillna(0)
    places = places.assign(key=places["name"].map(place_key), rank=rank)
    places = places.sort_values(["ags", "key", "rank", "x", "y"], kind="stable").reset_index(drop=True)
    keep = np.ones(len(places), dtype=bool)
    xy = places[["x", "y"]].to_numpy()
    for rows in places.groupby(["ags", "key"]).indices.values():
        for k, row in enumerate(rows):
            earlier = [r for r in rows[:k] if keep[r]]
            keep[row] = not any(np.hypot(*(xy[row] - xy[r])) < nearest_m for r in earlier)
    return places[keep].reset_index(drop=True)


def _with_areas(
    candidates: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    cell_xy: NDArray[np.float64],
    persons: NDArray[np.float64],
    nearest_m: float,
) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Give polygons to the places they are named after; make places of the user's other polygons.

    Returns the candidates and the used polygons with the column ``candidate`` (row of the candidate).
    """
    if areas.empty:
        return candidates, areas.assign(candidate=pd.Series(dtype="int64"))
    keys = candidates["name"].map(place_key).to_numpy(dtype=object)
    ags = candidates["ags"].to_numpy(dtype=object)
    points = shapely.points(candidates["x"], candidates["y"])
    inhabited = shapely.STRtree(shapely.points(cell_xy[persons > 0])) if (persons > 0).any() else None
    new: list[dict[str, object]] = []
    owner: list[int] = []
    dropped = np.zeros(len(candidates), dtype=bool)
    has_area: set[int] = set()
    for name, key_ags, by_user, source, shape in zip(
        areas["name"], areas["ags"], areas["by_user"], areas["source_id"], areas.geometry, strict=True
    ):
        same = np.flatnonzero((keys == place_key(name)) & (ags == key_ags))
        distance = shapely.distance(points[same], shape)
        near = same[np.argsort(distance, kind="stable")][np.sort(distance) <= nearest_m]
        near = [int(n) for n in near if int(n) not in has_area]  # type: ignore[assignment]
        inside = np.flatnonzero((ags == key_ags) & shapely.intersects(points, shape))
        listed_inside = (candidates["rule"].to_numpy(dtype=object)[inside] == "user_list").any()
        if len(near):
            owner.append(near[0])
            has_area.add(near[0])
        elif by_user and not listed_inside and inhabited is not None and len(inhabited.query(shape, "intersects")):
            owner.append(len(candidates) + len(new))
            centre = shapely.point_on_surface(shape)
            entry = {"name": name, "ags": key_ags, "kind": "listed", "rule": "boundary", "source_id": source}
            new.append({**entry, "x": shapely.get_x(centre), "y": shapely.get_y(centre)})
        else:
            owner.append(-1)
            continue
        if by_user:
            others = [n for n in inside if n != owner[-1] and candidates["rule"].iloc[n] != "user_list"]
            dropped[others] = True
    used = areas.assign(candidate=owner)
    used = used[used["candidate"] >= 0]
    everything = pd.concat([candidates, pd.DataFrame(new, columns=_COLUMNS)], ignore_index=True) if new else candidates
    dropped = np.append(dropped, np.zeros(len(new), dtype=bool))
    # A place with a polygon of its own is never dropped, even if it lies in another's.
    dropped[used["candidate"].to_numpy(dtype=np.int64)] = False
    position = np.cumsum(~dropped) - 1
    used = used.assign(candidate=position[used["candidate"].to_numpy(dtype=np.int64)])
    return everything[~dropped].reset_index(drop=True), used.reset_index(drop=True)


def _with_rest(candidates: pd.DataFrame, municipalities: pd.DataFrame, shapes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Add the outlying place of each municipality, or the municipality itself where it has no place."""
    inner = shapely.point_on_surface(shapes.geometry.to_numpy())
    position = pd.DataFrame({"x": shapely.get_x(inner), "y": shapely.get_y(inner)}, index=shapes["ags"])
    rest = municipalities[["ags", "name"]].reset_index(drop=True)
    whole = ~rest["ags"].isin(set(candidates["ags"]))
    names = [n if w else say("place.outlying", "de", name=n) for n, w in zip(rest["name"], whole, strict=True)]
    rest = rest.assign(
        name=names,
        kind=np.where(whole, "whole_municipality", "outlying"),
        rule=np.where(whole, "whole_municipality", "outlying"),
        x=position["x"].reindex(rest["ags"]).to_numpy(),
        y=position["y"].reindex(rest["ags"]).to_numpy(),
        source_id="",
    )
    together = pd.concat([candidates, rest[_COLUMNS]], ignore_index=True) if len(candidates) else rest[_COLUMNS]
    return together.copy()


def _override(
    cell_place: NDArray[np.object_],
    cells: pd.DataFrame,
    table: pd.DataFrame,
    overrides: pd.DataFrame,
    problems: Problems,
) -> None:
    if overrides.empty:
        return
    row_of = {cell_id: row for row, cell_id in enumerate(cells["cell_id"])}
    tree = cKDTree(cells[["x", "y"]].to_numpy()) if len(cells) else None
    names = PlaceNames(table)
    for entry in overrides.itertuples(index=False):
        found = names.find(entry.name, entry.ags)
        place_id = found[0] if len(found) == 1 else ""
        if len(found) > 1:
            where = ", ".join(names.printed(f) for f in found)
            problems.add("place_several", "warning", entry.file, row=int(entry.row), name=entry.name, where=where)
            continue
        if place_id == "":
            suggestion = nearest_name(entry.name, names.known()) or "–"
            problems.add(
                "place_unknown", "warning", entry.file, row=int(entry.row), name=entry.name, suggestion=suggestion
            )
            continue
        cell = row_of.get(entry.cell_id, -1) if entry.cell_id else -1
        if cell < 0 and tree is not None and np.isfinite(entry.x) and np.isfinite(entry.y):
            _, nearest = tree.query([entry.x, entry.y])
            half = max(float(cells["size_m"].iloc[nearest]), 1.0) / 2
            offset = np.abs(cells[["x", "y"]].to_numpy()[nearest] - [entry.x, entry.y])
            # Grid cells stand a little askew in the project's system, hence the margin.
            cell = int(nearest) if (offset <= 1.2 * half).all() else -1
        if cell < 0:
            problems.add("override_cell", "warning", entry.file, row=int(entry.row), cell=str(entry.cell_id))
            continue
        cell_place[cell] = place_id


def _centred(table: pd.DataFrame, cells: pd.DataFrame, cell_place: NDArray[np.object_]) -> pd.DataFrame:
    """Places without a position of their own stand at the cell nearest to the mean of their people."""
    own = ~table["rule"].isin(["boundary", "outlying", "whole_municipality"])
    frame = cells[["x", "y", "cell_id"]].assign(place_id=cell_place, weight=cells["persons"].fillna(0.0))
    frame = frame[frame["place_id"].isin(set(table.loc[~own, "place_id"])) & (frame["weight"] > 0)]
    if frame.empty:
        return table
    total = frame.groupby("place_id")["weight"].transform("sum")
    mean_x = (frame["x"] * frame["weight"]).groupby(frame["place_id"]).transform("sum") / total
    mean_y = (frame["y"] * frame["weight"]).groupby(frame["place_id"]).transform("sum") / total
    frame = frame.assign(off=np.hypot(frame["x"] - mean_x, frame["y"] - mean_y))
    best = frame.sort_values(["off", "cell_id"], kind="stable").drop_duplicates("place_id").set_index("place_id")
    moved = table["place_id"].isin(best.index)
    table = table.copy()
    table.loc[moved, "x"] = table.loc[moved, "place_id"].map(best["x"])
    table.loc[moved, "y"] = table.loc[moved, "place_id"].map(best["y"])
    return table

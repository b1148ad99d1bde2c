"""The map in the profile of a place: one frame, one scale for all places, readable in black and white."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from ankerort.catalogue.model import Catalogue
from ankerort.documents.profile_index import ProfileIndex
from ankerort.region.model import Region
from ankerort.region.public_view import is_mark

FRAME_MM = (170.0, 32.0)
SCALE = 40_000
_DPI = 150
_MARK_PT = 10.5  # a circle that holds a letter of 8 pt
_MOST_MARKS = 40
# drawn strong, drawn thin; paths and tracks would hide the rest
_MAIN = ("motorway", "trunk", "primary", "secondary", "tertiary")
_MINOR = ("unclassified", "residential", "living_street", "road", "pedestrian", "motorway_link", "trunk_link")
_STOPS = ("bus_stop", "rail_station")
_PAPER, _HOUSES, _OWN, _STREET, _MINOR_STREET, _INK = "#ffffff", "#ececec", "#d6d6d6", "#8f8f8f", "#b9b9b9", "#111111"


@dataclass(frozen=True)
class DrawnMap:
    """A map and what is on it: facilities by item as drawn, the number of stops, and whether a question mark stands at a letter."""

    png: bytes
    marks: Mapping[str, int]
    stops: int
    presumed: bool = False


class ProfileMaps:
    """What the maps of all places of a region share: streets, cells and names in projected metres."""

    def __init__(self, region: Region, catalogue: Catalogue, index: ProfileIndex) -> None:
        self._index = index
        self._item_of = {s: i for i, parts in index.items.items() for s in parts}
        self._mark_of = {i: n.mark for i, n in catalogue.nouns.items() if n.mark}
        self._main = _segments(region, _MAIN)
        self._minor = _segments(region, _MINOR)
        cells = region.cells[region.cells["persons"] > 0]
        self._x, self._y = cells["x"].to_numpy(float), cells["y"].to_numpy(float)
        self._size = np.maximum(cells["size_m"].to_numpy(float), 60.0)
        self._persons = cells["persons"].to_numpy(float)
        self._cell_place = cells["place_id"].to_numpy(object)
        areas = region.place_areas
        self._areas: dict[str, BaseGeometry] = dict(zip(areas["place_id"], areas.geometry, strict=True))
        named = region.places[region.places["kind"] != "outlying"]
        self._named = named
        self._high_m = FRAME_MM[1] / 1000 * SCALE

    def draw(self, place_id: str) -> DrawnMap:
        """The map of one place; it shows the inhabited middle, north up."""
        wide, high = (mm / 1000 * SCALE for mm in FRAME_MM)
        cx, cy = self._centre(place_id)
        west, south = cx - wide / 2, cy - high / 2
        figure = Figure(figsize=(FRAME_MM[0] / 25.4, FRAME_MM[1] / 25.4), facecolor=_PAPER)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_xlim(west, west + wide)
        axes.set_ylim(south, south + high)
        axes.set_xticks([])
        axes.set_yticks([])
        box = (west, south, west + wide, south + high)
        self._ground(axes, place_id, box)
        # where a facility stands that only a list knows which is not public, is not for a map
        there = self._index.facilities.get(place_id, ())
        own = [f for f in there if f["state"] == "open" and not is_mark(str(f["facility_id"]))]
        stops = self._stops(axes, own, box)
        marks, presumed = self._facilities(axes, own, box)
        self._place_names(axes, place_id, box)
        _scale_bar(axes, box)
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=_DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 6})
        return DrawnMap(stream.getvalue(), marks, stops, presumed)

    def _centre(self, place_id: str) -> tuple[float, float]:
        own = self._cell_place == place_id
        if not own.any():
            place = self._index.places[place_id]
            return float(place["x"]), float(place["y"])
        # a place may have houses far apart: the map shows where most of its people live together, not the field between
        spots, weight = np.column_stack([self._x[own], self._y[own]]), self._persons[own]
        around = cKDTree(spots).query_ball_point(spots, self._high_m / 2)
        near = max(around, key=lambda rows: float(weight[rows].sum()))
        if not weight[near].sum() > 0:
            return float(spots[:, 0].mean()), float(spots[:, 1].mean())
        middle = np.average(spots[near], axis=0, weights=weight[near])
        return float(middle[0]), float(middle[1])

    def _ground(self, axes: Axes, place_id: str, box: tuple[float, float, float, float]) -> None:
        half = self._size / 2
        seen = (
            (self._x + half > box[0])
            & (self._x - half < box[2])
            & (self._y + half > box[1])
            & (self._y - half < box[3])
        )
        for own, colour in ((False, _HOUSES), (True, _OWN)):
            at = np.flatnonzero(seen & ((self._cell_place == place_id) == own))
            squares = [Rectangle((self._x[k] - half[k], self._y[k] - half[k]), 2 * half[k], 2 * half[k]) for k in at]
            axes.add_collection(PatchCollection(squares, facecolors=colour, edgecolors="none", zorder=1))
        for lines, colour, width in ((self._minor, _MINOR_STREET, 0.6), (self._main, _STREET, 1.3)):
            shown = lines[_crosses(lines, box)]
            axes.add_collection(LineCollection(list(shown), colors=colour, linewidths=width, zorder=2))
        area = self._areas.get(place_id)
        if area is not None and not area.is_empty:
            for part in getattr(area.boundary, "geoms", [area.boundary]):
                xy = np.asarray(part.coords)
                axes.plot(xy[:, 0], xy[:, 1], color="#555555", linewidth=0.8, linestyle=(0, (5, 3)), zorder=2.5)

    def _stops(self, axes: Axes, own: Sequence[Mapping[str, Any]], box: tuple[float, float, float, float]) -> int:
        at = [(f["x"], f["y"]) for f in own if f["service"] in _STOPS and _inside(f, box)]
        if at:
            xy = np.array(at, float)
            axes.scatter(xy[:, 0], xy[:, 1], marker="s", s=14, c=_INK, edgecolors=_PAPER, linewidths=0.5, zorder=4)
        return len(at)

    def _facilities(
        self, axes: Axes, own: Sequence[Mapping[str, Any]], box: tuple[float, float, float, float]
    ) -> tuple[dict[str, int], bool]:
        """A circle with the letter of its function; where circles would touch, the later one moves and keeps a line to its site."""
        step = _MARK_PT * 1.12 / 72 * 0.0254 * SCALE
        taken: list[tuple[float, float]] = []
        marks: dict[str, int] = {}
        presumed = False
        order = {item: k for k, item in enumerate(self._index.items)}
        rows = [
            (order[self._item_of[f["service"]]], str(f["facility_id"]), f)
            for f in own
            if f["service"] in self._item_of and f["service"] not in _STOPS and _inside(f, box)
        ]
        for _, _, row in sorted(rows, key=lambda r: r[:2])[:_MOST_MARKS]:
            item = self._item_of[row["service"]]
            mark = self._mark_of.get(item)
            if mark is None:
                continue
            site = (float(row["x"]), float(row["y"]))
            spot = _free_spot(site, taken, step, box)
            if spot != site:
                axes.plot([site[0], spot[0]], [site[1], spot[1]], color=_INK, linewidth=0.6, zorder=4.5)
            taken.append(spot)
            sure = row["certainty"] == "certain"
            axes.plot(
                *spot, marker="o", markersize=_MARK_PT, markerfacecolor=_PAPER, markeredgecolor=_INK,
                markeredgewidth=0.9, zorder=5,
            )  # fmt: skip
            if not sure:  # a broken ring would be lost in a copy: a question mark is not
                mark += "?"
                presumed = True
            axes.text(
                *spot, mark, fontsize=7.5 if sure else 6.0, fontweight="bold", color=_INK, ha="center",
                va="center_baseline", zorder=6,
            )  # fmt: skip
            marks[item] = marks.get(item, 0) + 1
        return marks, presumed

    def _place_names(self, axes: Axes, place_id: str, box: tuple[float, float, float, float]) -> None:
        """Neighbours at their place; the own name above its houses, where it hides no circle."""
        halo = [withStroke(linewidth=2.0, foreground=_PAPER)]
        margin_y = 0.08 * (box[3] - box[1])

        def write(name: str, x: float, y: float, *, own: bool) -> None:
            half = 0.3 * (9 if own else 8) * len(name) / 72 * 0.0254 * SCALE
            inside = box[0] + half < x < box[2] - half and box[1] + margin_y < y < box[3] - margin_y
            if inside and not _in_corner(x - half, y - margin_y, box):
                axes.text(
                    x, y, name, ha="center", va="center", fontsize=9 if own else 8, path_effects=halo,
                    fontweight="bold" if own else "normal", color=_INK if own else "#444444", zorder=3.5,
                )  # fmt: skip

        near = self._named["x"].between(box[0], box[2]) & self._named["y"].between(box[1], box[3])
        others = self._named[near & (self._named["place_id"] != place_id)]
        for name, x, y in zip(others["name"], others["x"], others["y"], strict=True):
            write(str(name), float(x), float(y), own=False)
        place = self._index.places[place_id]
        seen = (self._cell_place == place_id) & (self._x > box[0]) & (self._x < box[2])
        seen &= (self._y > box[1]) & (self._y < box[3])
        if seen.any() and place["kind"] != "outlying":
            top = float((self._y + self._size / 2)[seen].max()) + margin_y
            # above its houses, or at the upper edge where they fill the frame: the own name is never missing
            write(str(place["name"]), float((box[0] + box[2]) / 2), min(top, box[3] - 1.01 * margin_y), own=True)


def _segments(region: Region, classes: tuple[str, ...]) -> NDArray[np.float64]:
    """Street segments of these classes; shape (segments, 2, 2), by the smaller easting of their ends."""
    streets = region.streets
    if streets is None:
        return np.zeros((0, 2, 2))
    wanted = [k for k, name in enumerate(streets.class_names) if name in classes]
    chosen = np.isin(streets.segment_class, wanted)
    start, end = streets.segment_from[chosen], streets.segment_to[chosen]
    used, back = np.unique(np.concatenate([start, end]), return_inverse=True)
    lon, lat = np.asarray(streets.node_lon)[used], np.asarray(streets.node_lat)[used]
    nodes = gpd.GeoSeries.from_xy(lon, lat, crs="EPSG:4326").to_crs(region.settings.crs)
    xy = np.column_stack([nodes.x, nodes.y])
    return np.stack([xy[back[: len(start)]], xy[back[len(start) :]]], axis=1)


def _crosses(lines: NDArray[np.float64], box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    if not len(lines):
        return np.zeros(0, bool)
    low, high = lines.min(axis=1), lines.max(axis=1)
    inside: NDArray[np.bool_] = (
        (high[:, 0] >= box[0]) & (low[:, 0] <= box[2]) & (high[:, 1] >= box[1]) & (low[:, 1] <= box[3])
    )
    return inside


def _inside(row: Mapping[str, Any], box: tuple[float, float, float, float]) -> bool:
    return bool(box[0] < row["x"] < box[2] and box[1] < row["y"] < box[3])


def _in_corner(x: float, y: float, box: tuple[float, float, float, float]) -> bool:
    """Whether a point lies where the scale bar is drawn."""
    return x < box[0] + 0.22 * (box[2] - box[0]) and y < box[1] + 0.3 * (box[3] - box[1])


def _free_spot(
    site: tuple[float, float], taken: Sequence[tuple[float, float]], step: float, box: tuple[float, float, float, float]
) -> tuple[float, float]:
    """The site itself, else the nearest spot on rings around it that no circle takes; the site if all are taken."""

    def free(spot: tuple[float, float]) -> bool:
        inside = box[0] + step / 2 < spot[0] < box[2] - step / 2 and box[1] + step / 2 < spot[1] < box[3] - step / 2
        return (
            inside and not _in_corner(*spot, box) and all(np.hypot(spot[0] - a, spot[1] - b) >= step for a, b in taken)
        )

    if free(site):
        return site
    for ring in range(1, 7):
        for turn in range(6 * ring):
            angle = 2 * np.pi * turn / (6 * ring) + 0.3
            spot = (site[0] + float(np.cos(angle)) * ring * step, site[1] + float(np.sin(angle)) * ring * step)
            if free(spot):
                return spot
    return site


def _scale_bar(axes: Axes, box: tuple[float, float, float, float]) -> None:
    wide, high = box[2] - box[0], box[3] - box[1]
    x, y = box[0] + 0.02 * wide, box[1] + 0.06 * high
    axes.add_patch(Rectangle((box[0], box[1]), 0.2 * wide, 0.26 * high, facecolor=_PAPER, edgecolor="none", zorder=7))
    axes.plot([x, x + 1000], [y, y], color=_INK, linewidth=2.2, solid_capstyle="butt", zorder=8)
    axes.text(x, y + 0.035 * high, "1 km", fontsize=8, color=_INK, ha="left", va="bottom", zorder=8)
    axes.add_patch(
        Rectangle(
            (box[0] + 0.001 * wide, box[1] + 0.004 * high),
            0.998 * wide,
            0.992 * high,
            facecolor="none",
            edgecolor="#555555",
            linewidth=0.8,
            zorder=9,
        )
    )

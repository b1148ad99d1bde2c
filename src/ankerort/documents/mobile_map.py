"""Map of a mobile plan: stops with letters, the homes they serve, and tours by weekday; told apart in black and white too.

Drives from and to the depot are not drawn: where the vehicle stands is internal.
"""

from __future__ import annotations

import itertools

import matplotlib as mpl
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Patch, Rectangle
from numpy.typing import NDArray

from ankerort.documents.anchors_map import stacked
from ankerort.documents.maps import RegionMap
from ankerort.documents.mobile_parts import MobileParts
from ankerort.documents.mobile_run_sheet import days_of
from ankerort.text import say

# colour, dashes and width of the tours: told apart by the dashes in a copy
TOUR_STYLES: tuple[tuple[str, tuple[float, ...], float], ...] = (
    ("#08519c", (), 2.0),
    ("#a63603", (5.0, 2.0), 2.0),
    ("#006d2c", (1.2, 1.6), 2.4),
    ("#6a51a3", (6.0, 1.5, 1.2, 1.5), 2.0),
    ("#99000d", (2.5, 1.2), 1.6),
    ("#525252", (8.0, 3.0), 1.4),
)
SERVED = "#fdd49e"
_DOT_PT = 14.0
_LEAST_M = 120.0  # cells are drawn at least so large
MM_PER_INCH = 25.4


class MobileMap(RegionMap):
    """Draws one plan."""

    def __init__(self, parts: MobileParts) -> None:
        super().__init__(parts.documents.region, parts.lang)
        self.parts = parts
        self._zoom()

    def _zoom(self) -> None:
        """The part of the region round the stops, not less than a third of it."""
        stops = self.parts.stops
        if not stops:
            return
        x = np.array([float(s.row["x"]) for s in stops])
        y = np.array([float(s.row["y"]) for s in stops])
        west, east, south, north = self.extent
        room = 0.16 * max(float(np.ptp(x)), float(np.ptp(y)), (east - west) / 3)
        self.extent = (
            max(west, float(x.min()) - room),
            min(east, float(x.max()) + room),
            max(south, float(y.min()) - room),
            min(north, float(y.max()) + room),
        )
        inside = self.shown["x"].between(*self.extent[:2]) & self.shown["y"].between(*self.extent[2:])
        self.shown = self.shown[inside]

    def draw(self, *, width: float = 6.6) -> bytes:
        """The map as PNG, `width` in inches, its legend below it."""
        figure = self._figure(width)
        axes = figure.axes[0]
        handles: list[Patch | Line2D] = [self._served(axes)]
        handles += self._tours(axes)
        for stop in self.parts.stops:
            x, y = float(stop.row["x"]), float(stop.row["y"])
            axes.scatter(
                [x], [y], s=_DOT_PT**2, c="#000000", marker="o", edgecolors="#ffffff", linewidths=1.2, zorder=8
            )
            axes.text(
                x,
                y,
                stop.letter,
                ha="center",
                va="center_baseline",
                fontsize=9,
                color="#ffffff",
                weight="bold",
                zorder=9,
            )
        self._labels(figure, width)
        return stacked(figure, legend(handles, width))

    def _labels(self, figure: Figure, width: float) -> None:
        """Dots of places without a stop, and names that hide neither them nor a stop; places with a stop first."""
        shown = self.shown
        is_served = shown["place_id"].isin(list(self.parts.served_places)).to_numpy(bool)
        shown, is_served = shown.iloc[np.argsort(~is_served, kind="stable")], np.sort(is_served)[::-1]
        x, y = shown["x"].to_numpy(float), shown["y"].to_numpy(float)
        figure.axes[0].scatter(
            x[~is_served], y[~is_served], s=12, c="#ffffff", edgecolors="#222222", linewidths=0.7, zorder=6
        )
        # a place with a stop has its name beside its first stop
        first = {s.place_id: s.row for s in reversed(self.parts.stops)}
        at = [first.get(str(p)) for p in shown["place_id"]]
        shown = shown.assign(
            x=[a if row is None else float(row["x"]) for a, row in zip(x, at, strict=True)],
            y=[b if row is None else float(row["y"]) for b, row in zip(y, at, strict=True)],
        )
        # stops are dots without a name, which only "outlying" rows never get
        stops = pd.DataFrame(
            {
                "name": "",
                "kind": "outlying",
                "x": [s.row["x"] for s in self.parts.stops],
                "y": [s.row["y"] for s in self.parts.stops],
            }
        )
        rows = pd.concat([shown[["name", "kind", "x", "y"]], stops], ignore_index=True)
        px, py = self._points(rows["x"].to_numpy(float), rows["y"].to_numpy(float), width)
        dots = np.concatenate([np.where(is_served, _DOT_PT, 4.0), np.full(len(stops), _DOT_PT)])
        self._names(figure, rows, px, py, dots, most=40, size=9)

    def _served(self, axes: Axes) -> Patch:
        """Homes that a stop serves, or rings where they are not known; the handle of the legend."""
        found = served_cells(self.parts)
        if found is None:
            metres = self.parts.plan.request.cover_m
            rings = [Circle((float(s.row["x"]), float(s.row["y"])), metres) for s in self.parts.stops]
            axes.add_collection(
                PatchCollection(rings, facecolors=SERVED, edgecolors="#8a8a8a", linewidths=0.8, alpha=0.8, zorder=2)
            )
            label = say("mobile_doc.map_ring", self.lang, metres=round(metres))
        else:
            cells = self.parts.documents.region.cells
            x, y = cells["x"].to_numpy(float), cells["y"].to_numpy(float)
            size = np.maximum(cells["size_m"].to_numpy(float), _LEAST_M)
            boxes = [Rectangle((x[c] - size[c] / 2, y[c] - size[c] / 2), size[c], size[c]) for c in found]
            axes.add_collection(
                PatchCollection(boxes, facecolors=SERVED, edgecolors="#8a8a8a", linewidths=0.3, zorder=2)
            )
            label = say("mobile_doc.map_served", self.lang)
        return Patch(facecolor=SERVED, edgecolor="#8a8a8a", linewidth=0.5, label=label)

    def _tours(self, axes: Axes) -> list[Line2D]:
        handles = []
        for number, (label, lines) in enumerate(tour_lines(self.parts)):
            colour, dashes, wide = TOUR_STYLES[number % len(TOUR_STYLES)]
            style = (0, dashes) if dashes else "solid"
            if lines:
                axes.add_collection(LineCollection(lines, colors=colour, linewidths=wide, linestyles=[style], zorder=5))
            handles.append(Line2D([], [], color=colour, linewidth=wide, linestyle=style, label=label))
        return handles


def tour_lines(parts: MobileParts) -> list[tuple[str, list[NDArray[np.float64]]]]:
    """Per vehicle and weekday: its words with the letters of its stops, and the lines between them."""
    tours: dict[tuple[int, str], list[tuple[str, ...]]] = {}
    for day in days_of(parts):
        stops = tuple(str(x["stop_id"]) for x in day.legs if x["what"] == "visit")
        tours.setdefault((day.vehicle, day.weekday), []).append(stops)
    out = []
    several = len({v for v, _ in tours}) > 1
    for (vehicle, weekday), orders in tours.items():
        pairs = dict.fromkeys(p for order in orders for p in itertools.pairwise(order))
        letters = ["–".join(s.letter for x in order if (s := parts.stop(x)) is not None) for order in orders]
        kind = "mobile_doc.map_tour_vehicle" if several else "mobile_doc.map_tour"
        label = say(
            kind, parts.lang, vehicle=vehicle, weekday=parts.weekday(weekday), stops=", ".join(dict.fromkeys(letters))
        )
        out.append((label, _once([line_of(parts, a, b) for a, b in pairs])))
    return out


def _once(lines: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """The same lines with each stretch once: two drives on one road would fill the gaps of each other's dashes."""
    drawn = [shapely.LineString(line) for line in lines if len(np.unique(line, axis=0)) > 1]
    if not drawn:
        return []
    merged = shapely.line_merge(shapely.union_all(drawn))
    return [np.asarray(part.coords) for part in shapely.get_parts(merged)]


def line_of(parts: MobileParts, start: str, end: str) -> NDArray[np.float64]:
    """The drive between two stops in metres, shape (points, 2); straight where its way was not traced."""
    known = parts.documents.lines.get((start, end))
    if known is not None and len(known) > 1:
        return known
    return np.array([[float(s.row["x"]), float(s.row["y"])] for x in (start, end) if (s := parts.stop(x)) is not None])


def served_cells(parts: MobileParts) -> list[int] | None:
    """Rows of ``Region.cells`` within their walk of a stop of the plan; None where the problem is not at hand."""
    prepared = parts.documents.prepared
    if prepared is None:
        return None
    needs = prepared.problem.needs
    wanted = {s.stop_id for s in parts.stops}
    cells: set[int] = set()
    for k, stop_id in enumerate(prepared.stops["stop_id"].astype(str)):
        if stop_id in wanted:
            groups = needs.group[int(needs.ptr[k]) : int(needs.ptr[k + 1])]
            cells.update(int(c) for c in prepared.need.cell[groups])
    return sorted(cells)


def legend(handles: list[Patch | Line2D], width: float) -> Figure:
    """What lines and areas are, below the map, so that it hides none of it."""
    figure = Figure(figsize=(width, 0.12 + 0.22 * max(len(handles), 1)))
    FigureCanvasAgg(figure)
    with mpl.rc_context({"font.family": "DejaVu Sans"}):
        figure.legend(handles=handles, loc="center left", fontsize=9, frameon=False, borderpad=0.0, handlelength=4.0)
    return figure

"""Small maps of the report, all with the same extent, as PNG in the page."""

from __future__ import annotations

import base64
import io

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import DARK_LETTERS, LETTERS, SHAPES, verdict
from ankerort.documents.tables import places_in_order
from ankerort.region.model import Region
from ankerort.text import Language, say

# number of the five within 1 km, 0 to 5: light to dark, readable in grey (ColorBrewer YlGnBu)
_FIVE = ("#f7f7f7", "#edf8b1", "#c7e9b4", "#7fcdbb", "#2c7fb8", "#253494")
_FEW = 60  # more places need a distance between the dots, or the map is full of them
_DOT_PT = 11.0  # a dot that holds a letter of 8 pt
_MAIN_CLASSES = ("motorway", "trunk", "primary", "secondary")


class RegionMap:
    """What all maps of a region share: extent, size, streets, names, north up."""

    def __init__(self, region: Region, lang: Language) -> None:
        self.lang = lang
        ags = set(region.municipalities.loc[region.municipalities["in_study"], "ags"])
        self.boundaries: gpd.GeoDataFrame = region.boundaries[region.boundaries["ags"].isin(ags)]
        west, south, east, north = self.boundaries.total_bounds
        margin = 0.02 * max(east - west, north - south)
        self.extent = (west - margin, east + margin, south - margin, north + margin)
        self.places = places_in_order(region)
        self.streets = _main_streets(region)
        shown = self.places[self.places["persons"] > 0]
        self.shown = shown.sort_values(["persons", "place_id"], ascending=[False, True], kind="stable")

    def _points(self, x: NDArray[np.float64], y: NDArray[np.float64], width: float) -> tuple[NDArray[np.float64], ...]:
        """Coordinates on the printed map in points (1/72 inch) from its lower left corner."""
        west, east, south, _ = self.extent
        scale = width * 72 / (east - west)
        return (x - west) * scale, (y - south) * scale

    def _names(
        self,
        figure: Figure,
        places: pd.DataFrame,
        px: NDArray[np.float64],
        py: NDArray[np.float64],
        dots_pt: NDArray[np.float64],
        *,
        most: int,
        size: float,
    ) -> None:
        """Write the names of the largest places where they hide no dot and no other name; `places` largest first."""
        wide, high = figure.get_size_inches() * 72
        half = dots_pt / 2
        seen = dots_pt > 0
        taken = np.column_stack([px - half, py - half, px + half, py + half])[seen]
        taken = np.vstack([taken, [0.0, 0.0, 0.3 * wide, 16.0]])  # the scale bar
        names = places["name"].tolist()
        written = 0
        settled = (places["kind"] != "outlying").to_numpy()
        for k in np.flatnonzero(settled)[: 3 * most]:
            if written == most:
                break
            long, tall, gap = 0.68 * size * len(names[k]), 1.15 * size, half[k] + 1.5
            for side, dx, dy in (
                ("left", gap, 0.0),
                ("right", -gap, 0.0),
                ("center", 0.0, gap + tall / 2),
                ("center", 0.0, -gap - tall / 2),
            ):
                left = px[k] + dx - {"left": 0.0, "right": long, "center": long / 2}[side]
                box = (left, py[k] + dy - tall / 2, left + long, py[k] + dy + tall / 2)
                inside = box[0] > 2 and box[1] > 2 and box[2] < wide - 2 and box[3] < high - 2
                free = (
                    (taken[:, 0] >= box[2])
                    | (taken[:, 2] <= box[0])
                    | (taken[:, 1] >= box[3])
                    | (taken[:, 3] <= box[1])
                )
                if inside and free.all():
                    figure.axes[0].annotate(
                        names[k],
                        (px[k] + dx, py[k] + dy),
                        xycoords="figure points",
                        ha=side,
                        va="center",
                        fontsize=size,
                        color="#111111",
                        zorder=7,
                        path_effects=[withStroke(linewidth=1.8, foreground="#ffffff")],
                    )
                    taken = np.vstack([taken, box])
                    written += 1
                    break

    def _figure(self, width: float) -> Figure:
        west, east, south, north = self.extent
        height = min(width * (north - south) / (east - west), 1.6 * width)
        figure = Figure(figsize=(width, height))
        FigureCanvasAgg(figure)
        with mpl.rc_context({"font.family": "DejaVu Sans"}):
            axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        axes.set_aspect("equal")
        axes.add_collection(LineCollection(self.streets, colors="#dcd3c2", linewidths=0.7, zorder=1))
        self.boundaries.boundary.plot(ax=axes, linewidth=0.4, color="#777777", zorder=1.5)
        self._scale_bar(figure)
        return figure

    def _scale_bar(self, figure: Figure) -> None:
        west, east, south, north = self.extent
        span = east - west
        length = 10 ** int(np.floor(np.log10(span / 4)))
        length *= 5 if span / 4 >= 5 * length else 2 if span / 4 >= 2 * length else 1
        axes = figure.axes[0]
        x, y = west + 0.03 * span, south + 0.03 * (north - south)
        axes.plot([x, x + length], [y, y], color="#333333", linewidth=1.2, zorder=5)
        axes.text(x, y + 0.01 * (north - south), f"{length / 1000:g} km", fontsize=7.5, color="#333333", zorder=5)


class MapMaker(RegionMap):
    """Draws the maps of one assessment."""

    def __init__(self, assessment: Assessment, lang: Language) -> None:
        super().__init__(assessment.region, lang)
        self.assessment = assessment

    def letters(self, row_id: str, *, width: float = 3.6) -> str:
        """A map of the places with their letter, as a data address for ``<img src>``.

        The largest places get a dot with its letter, as many as have room; the others a small mark whose shape stands for the
        letter, so that a black-and-white copy tells them apart. A legend explains the shapes where there are any.
        """
        figure = self._figure(width)
        axes = figure.axes[0]
        balance = self.assessment.supply.place_service
        rows = balance[balance["service"] == row_id].set_index("place_id")
        shown = self.shown
        one = pd.Series(map(verdict, rows["state"], rows["state_no_car"]), index=rows.index, dtype="str")
        letter = shown["place_id"].map(one).fillna("?").to_numpy()
        x, y = shown["x"].to_numpy(float), shown["y"].to_numpy(float)
        px, py = self._points(x, y, width)
        large = with_room(px, py, _DOT_PT if len(shown) <= _FEW else 1.7 * _DOT_PT)
        for name, (colour, _) in LETTERS.items():
            small = (letter == name) & ~large
            axes.scatter(
                x[small], y[small], s=16, c=colour, marker=SHAPES[name], edgecolors="#222222", linewidths=0.4, zorder=3
            )
        for k in np.flatnonzero(large):
            name = str(letter[k])
            axes.scatter(x[k], y[k], s=_DOT_PT**2, c=LETTERS[name][0], edgecolors="#222222", linewidths=0.5, zorder=5)
            ink = "#ffffff" if name in DARK_LETTERS else "#000000"
            axes.text(x[k], y[k], name, ha="center", va="center_baseline", fontsize=8, color=ink, zorder=6)
        self._names(
            figure, shown, px, py, np.where(large, _DOT_PT, 0.0 if len(shown) > _FEW else 4.0), most=10, size=7.5
        )
        if not large.all():
            for name, (colour, _) in LETTERS.items():
                axes.scatter(
                    [], [], marker=SHAPES[name], s=18, c=colour, edgecolors="#222222", linewidths=0.4, label=name
                )
            legend = {"fontsize": 7, "framealpha": 0.9, "ncols": 6, "handletextpad": 0.1, "columnspacing": 0.8}
            axes.legend(loc="lower right", borderpad=0.3, borderaxespad=0.2, **legend)
        return encode(figure)

    def five(self, reached: NDArray[np.int64], *, width: float = 6.8) -> str:
        """Cells coloured by how many of the five lie within 1 km; shape (study cells,)."""
        figure = self._figure(width)
        axes = figure.axes[0]
        cells = self.assessment.region.cells
        cells = cells[cells["in_study"]]
        size = np.maximum(cells["size_m"].to_numpy(float), 100.0)
        x, y = cells["x"].to_numpy(float), cells["y"].to_numpy(float)
        patches = [Rectangle((a - s / 2, b - s / 2), s, s) for a, b, s in zip(x, y, size, strict=True)]
        colours = [_FIVE[int(k)] for k in reached]
        axes.add_collection(PatchCollection(patches, facecolors=colours, edgecolors="none", zorder=2))
        for number, colour in enumerate(_FIVE):
            axes.scatter([], [], marker="s", c=colour, edgecolors="#666666", linewidths=0.4, label=str(number))
        axes.legend(
            loc="lower right", fontsize=10, title=say("map.five", self.lang), title_fontsize=10, framealpha=0.9, ncols=2
        )
        shown = self.shown
        px, py = self._points(shown["x"].to_numpy(float), shown["y"].to_numpy(float), width)
        self._names(figure, shown, px, py, np.zeros(len(shown)), most=30, size=10)
        return encode(figure)


def with_room(px: NDArray[np.float64], py: NDArray[np.float64], size_pt: float) -> NDArray[np.bool_]:
    """Which dots, taken in order, are `size_pt` or more from each one drawn before; shape as the input."""
    drawn = np.zeros(len(px), bool)
    for k in range(len(px)):
        distance = np.hypot(px[:k] - px[k], py[:k] - py[k])[drawn[:k]]
        drawn[k] = not (distance < size_pt).any()
    return drawn


def _main_streets(region: Region) -> list[NDArray[np.float64]]:
    """Main roads as straight pieces between junctions, in the coordinates of the region: orientation, not measure."""
    streets = region.streets
    if streets is None:
        return []
    main = [k for k, name in enumerate(streets.class_names) if name in _MAIN_CLASSES]
    chosen = np.isin(streets.segment_class, main)
    lon, lat = np.asarray(streets.node_lon), np.asarray(streets.node_lat)
    nodes = gpd.GeoSeries.from_xy(lon, lat, crs="EPSG:4326").to_crs(region.settings.crs)
    xy = np.column_stack([nodes.x, nodes.y])
    return list(np.stack([xy[streets.segment_from[chosen]], xy[streets.segment_to[chosen]]], axis=1))


def encode(figure: Figure) -> str:
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=170, metadata={"Software": None})
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")

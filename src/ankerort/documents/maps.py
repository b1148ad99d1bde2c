"""Small maps of the report, all with the same extent, as PNG in the page."""

from __future__ import annotations

import base64
import io

import geopandas as gpd
import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import DARK_LETTERS, LETTERS
from ankerort.documents.tables import study_places
from ankerort.text import Language, say

# number of the five within 1 km, 0 to 5: light to dark, readable in grey (ColorBrewer YlGnBu)
_FIVE = ("#f7f7f7", "#edf8b1", "#c7e9b4", "#7fcdbb", "#2c7fb8", "#253494")


class MapMaker:
    """Draws the maps of one assessment: the same extent, the same size, north up."""

    def __init__(self, assessment: Assessment, lang: Language) -> None:
        self.assessment = assessment
        self.lang = lang
        region = assessment.region
        ags = set(region.municipalities.loc[region.municipalities["in_study"], "ags"])
        self.boundaries: gpd.GeoDataFrame = region.boundaries[region.boundaries["ags"].isin(ags)]
        west, south, east, north = self.boundaries.total_bounds
        margin = 0.02 * max(east - west, north - south)
        self.extent = (west - margin, east + margin, south - margin, north + margin)
        self.places = study_places(assessment)

    def letters(self, row_id: str, *, state: str = "state", width: float = 3.4) -> str:
        """A map with one coloured dot and letter per place, as a data address for ``<img src>``."""
        figure = self._figure(width)
        axes = figure.axes[0]
        balance = self.assessment.supply.place_service
        rows = balance[balance["service"] == row_id].set_index("place_id")[state]
        shown = self.places[self.places["persons"] > 0]
        letter = shown["place_id"].map(rows).fillna("?").to_numpy()
        x, y = shown["x"].to_numpy(float), shown["y"].to_numpy(float)
        crowded = len(shown) > 60
        size = (14.0 if crowded else 120.0) * (width / 3.4) ** 2
        for name, (colour, _) in LETTERS.items():
            mine = letter == name
            axes.scatter(x[mine], y[mine], s=size, c=colour, edgecolors="#333333", linewidths=0.3, zorder=3)
        if not crowded:
            for px, py, name in zip(x, y, letter, strict=True):
                ink = "#ffffff" if name in DARK_LETTERS else "#000000"
                axes.text(px, py, name, ha="center", va="center", fontsize=8, color=ink, zorder=4)
        return _encode(figure)

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
            loc="lower right", fontsize=7, title=say("map.five", self.lang), title_fontsize=7, framealpha=0.9, ncols=2
        )
        return _encode(figure)

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
        self.boundaries.boundary.plot(ax=axes, linewidth=0.4, color="#777777", zorder=1)
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
        axes.text(x, y + 0.01 * (north - south), f"{length / 1000:g} km", fontsize=6, color="#333333", zorder=5)


def _encode(figure: Figure) -> str:
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=150, metadata={"Software": None})
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")

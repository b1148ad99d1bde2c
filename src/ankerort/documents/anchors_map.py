"""Map of the anchors: letters for anchors, their catchments as hatched areas, lines from each place to its closest anchor."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.image import imsave
from matplotlib.patches import Patch, Rectangle

from ankerort.documents.anchors_catchments import NONE, Catchments
from ankerort.documents.anchors_words import AnchorWords
from ankerort.documents.maps import RegionMap
from ankerort.text import say

# (colour, hatch): pale enough for names, told apart by hatch and letter in a black-and-white copy
STYLES = (
    ("#a6cee3", "///"),
    ("#fdbf6f", "\\\\\\"),
    ("#b2df8a", "..."),
    ("#cab2d6", "xxx"),
    ("#ffff99", "---"),
    ("#fb9a99", "|||"),
    ("#e0cda9", "+++"),
    ("#b3e2cd", "ooo"),
)
_OUTSIDE = "#e8e8e8"
_DOT_PT = 17.0
_DPI = 170
_LEAST_M = 200.0  # cells are drawn at least so large, else single homes vanish


def letter_of(number: int) -> str:
    """A, B, ... Z, A2, B2, ... of an anchor by its number from 0."""
    turn, k = divmod(number, 26)
    return chr(ord("A") + k) + (str(turn + 1) if turn else "")


class AnchorMap(RegionMap):
    """Draws the anchors of a plan."""

    def draw(self, anchors: pd.DataFrame, found: Catchments, words: AnchorWords, *, width: float = 6.6) -> bytes:
        """The map as PNG.

        Parameters
        ----------
        anchors
            PLAN_ANCHORS.
        found
            Their catchments.
        words
            Names of places and levels.
        """
        figure = self._figure(width)
        axes = figure.axes[0]
        cells = words.region.cells
        inhabited = cells["in_study"].to_numpy(bool) & (cells["persons"].to_numpy(float) > 0)
        size = np.maximum(cells["size_m"].to_numpy(float), _LEAST_M)
        x, y = cells["x"].to_numpy(float), cells["y"].to_numpy(float)
        handles: list[Patch] = []
        for k in (*range(len(anchors)), NONE):
            at = np.flatnonzero(inhabited & (found.of_cell == k))
            colour, hatch = (_OUTSIDE, "") if k == NONE else STYLES[k % len(STYLES)]
            patches = [Rectangle((x[c] - size[c] / 2, y[c] - size[c] / 2), size[c], size[c]) for c in at]
            axes.add_collection(
                PatchCollection(
                    patches, facecolors=colour, edgecolors="#8a8a8a" if hatch else "none", hatch=hatch, linewidths=0.0,
                    zorder=2,
                )
            )  # fmt: skip
            if k != NONE:
                row = anchors.iloc[k]
                label = say(
                    "anchors.map_legend",
                    self.lang,
                    letter=letter_of(k),
                    place=words.anchor(row),
                    level=words.level(str(row["level"])),
                )
                handles.append(Patch(facecolor=colour, edgecolor="#8a8a8a", hatch=hatch, linewidth=0.3, label=label))
            elif len(at):
                label = say("anchors.map_outside", self.lang)
                handles.append(Patch(facecolor=colour, edgecolor="#8a8a8a", linewidth=0.3, label=label))
        self._links(axes, anchors, found, words)
        position = words.region.places.set_index("place_id")
        dots: dict[str, str] = {}
        for k, row in enumerate(anchors.to_dict("records")):
            for place in (str(row["place_id"]), str(row["partner_id"])):
                if place and place in position.index:
                    dots[place] = letter_of(k)
        for place, letter in dots.items():
            px, py = float(position.at[place, "x"]), float(position.at[place, "y"])
            full = words.is_full(str(anchors.loc[_row_of(anchors, place), "level"]))
            axes.scatter(
                [px], [py], s=_DOT_PT**2, c="#0b5c7a", marker="s" if full else "o", edgecolors="#ffffff", linewidths=1.2,
                zorder=8,
            )  # fmt: skip
            axes.text(
                px, py, letter, ha="center", va="center_baseline", fontsize=10, color="#ffffff", weight="bold", zorder=9
            )
        shown = self.shown
        is_anchor = shown["place_id"].isin(list(dots)).to_numpy(bool)
        order = np.argsort(~is_anchor, kind="stable")
        shown, is_anchor = shown.iloc[order], is_anchor[order]
        sx, sy = shown["x"].to_numpy(float), shown["y"].to_numpy(float)
        px_, py_ = self._points(sx, sy, width)
        axes.scatter(sx[~is_anchor], sy[~is_anchor], s=12, c="#ffffff", edgecolors="#222222", linewidths=0.7, zorder=6)
        self._names(figure, shown, px_, py_, np.where(is_anchor, _DOT_PT, 4.0), most=30, size=9)
        return stacked(figure, _legend(handles, width))

    def _links(self, axes: Axes, anchors: pd.DataFrame, found: Catchments, words: AnchorWords) -> None:
        """A line from each place to the closest place of its anchor; dashed across a municipal border."""
        own: list[list[tuple[float, float]]] = []
        across: list[list[tuple[float, float]]] = []
        for line in links(anchors, found, words):
            (across if line.across else own).append([line.start, line.end])
        for lines, style in ((own, "-"), (across, (0, (4, 2.5)))):
            axes.add_collection(LineCollection(lines, colors="#333333", linewidths=1.1, linestyles=[style], zorder=5))


def _legend(handles: Sequence[Patch], width: float) -> Figure:
    """What the areas are, below the map, so that it hides none of it."""
    figure = Figure(figsize=(width, 0.1 + 0.21 * max(len(handles), 1)))
    FigureCanvasAgg(figure)
    with mpl.rc_context({"font.family": "DejaVu Sans"}):
        figure.legend(handles=list(handles), loc="center left", fontsize=9, frameon=False, borderpad=0.0)
    return figure


def stacked(*figures: Figure) -> bytes:
    """Figures of the same width one below the other, as PNG."""
    drawn = []
    for figure in figures:
        figure.set_dpi(_DPI)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        drawn.append(np.asarray(canvas.buffer_rgba()))
    stream = io.BytesIO()
    imsave(stream, np.vstack(drawn), format="png", dpi=_DPI, metadata={"Software": None})  # type: ignore[dict-item]
    return stream.getvalue()


@dataclass(frozen=True)
class Link:
    """A place and its closest anchor.

    Parameters
    ----------
    place_id, to_place
        The place, and the place of the anchor (of a pair the nearer one).
    anchor
        Number of the anchor.
    start, end
        Coordinates of both in metres.
    across
        They lie in different municipalities.
    persons, minutes
        Inhabitants of the place who have this anchor closest, and the mean of their minutes from door to door.
    """

    place_id: str
    to_place: str
    anchor: int
    start: tuple[float, float]
    end: tuple[float, float]
    across: bool
    persons: float
    minutes: float


def links(anchors: pd.DataFrame, found: Catchments, words: AnchorWords) -> list[Link]:
    """One link per place of the study area that is no anchor itself."""
    places = words.region.places.set_index("place_id")
    out: list[Link] = []
    for row in found.place_anchor.to_dict("records"):
        place, number = str(row["place_id"]), int(row["anchor"])
        anchor = anchors.iloc[number]
        ends = [p for p in (str(anchor["place_id"]), str(anchor["partner_id"])) if p in places.index]
        if place not in places.index or not places.at[place, "in_study"] or place in ends or not ends:
            continue
        at = {p: (float(places.at[p, "x"]), float(places.at[p, "y"])) for p in (place, *ends)}
        to = min(ends, key=lambda p: (math.dist(at[p], at[place]), p))
        across = str(places.at[place, "ags"]) != str(places.at[to, "ags"])
        out.append(Link(place, to, number, at[place], at[to], across, float(row["persons"]), float(row["minutes"])))
    return out


def _row_of(anchors: pd.DataFrame, place: str) -> int:
    return int(((anchors["place_id"] == place) | (anchors["partner_id"] == place)).to_numpy().argmax())

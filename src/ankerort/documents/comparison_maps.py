"""Maps of a comparison: places with + and −, and the facilities that changed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.transforms import offset_copy

from ankerort.documents.maps import RegionMap, encode, with_room
from ankerort.text import say

# sign -> (fill, ink, text id); black-and-white copies are told apart by the sign itself
SIGNS: dict[str, tuple[str, str, str]] = {
    "+": ("#12783c", "#ffffff", "sign.better"),
    "-": ("#c02a1f", "#ffffff", "sign.worse"),
    "+-": ("#fee08b", "#000000", "sign.both"),
    "=": ("#e4e4e4", "#000000", "sign.same"),
}
PRINTED = {"+": "+", "-": "−", "+-": "±", "=": "="}
_MARKS = {"opened": ("^", "#0b5c7a"), "closed": ("X", "#000000"), "changed": ("D", "#8a5a00")}
_DOT_PT = 12.0


class SignMap(RegionMap):
    """Draws where people gain and lose."""

    def draw(self, signs: Mapping[str, str], facilities: pd.DataFrame, *, width: float = 6.8) -> str:
        """The map as a data address for ``<img src>``.

        Parameters
        ----------
        signs
            place_id -> +, -, +- (missing = nothing differs).
        facilities
            Columns x, y, what (opened, closed, changed): the facilities that the scenario touches.
        """
        figure = self._figure(width)
        axes = figure.axes[0]
        shown = self.shown
        sign = shown["place_id"].map(signs).fillna("=").to_numpy(object)
        order = np.argsort(sign == "=", kind="stable")  # places in which something differs get their dot first
        shown, sign = shown.iloc[order], sign[order]
        x, y = shown["x"].to_numpy(float), shown["y"].to_numpy(float)
        px, py = self._points(x, y, width)
        large = with_room(px, py, _DOT_PT) & (sign != "=")
        for key, (fill, ink, _) in SIGNS.items():
            small = (sign == key) & ~large
            axes.scatter(x[small], y[small], s=18, c=fill, edgecolors="#444444", linewidths=0.4, zorder=3)
            for k in np.flatnonzero((sign == key) & large):
                axes.scatter(x[k], y[k], s=_DOT_PT**2, c=fill, edgecolors="#222222", linewidths=0.5, zorder=5)
                printed = PRINTED[key]
                axes.text(
                    x[k],
                    y[k],
                    printed,
                    ha="center",
                    va="center_baseline",
                    fontsize=10,
                    color=ink,
                    weight="bold",
                    zorder=6,
                )
        used = [key for key in SIGNS if (sign == key).any()]
        for key in used:
            label = f"{PRINTED[key]}  {say(SIGNS[key][2], self.lang)}"
            axes.scatter([], [], s=60, c=SIGNS[key][0], edgecolors="#444444", linewidths=0.4, label=label)
        # beside the place, so that neither hides the other
        beside = offset_copy(axes.transData, fig=figure, x=-9, y=7, units="points")
        for what, (mark, colour) in _MARKS.items():
            rows = facilities[facilities["what"] == what]
            if rows.empty:
                continue
            axes.scatter(
                rows["x"],
                rows["y"],
                s=70,
                transform=beside,
                marker=mark,
                c=colour,
                edgecolors="#ffffff",
                linewidths=1.0,
                zorder=8,
                label=say(f"map.facility_{what}", self.lang),
            )
        self._names(figure, shown, px, py, np.where(large, _DOT_PT, 4.0), most=30, size=9)
        axes.legend(loc="lower right", fontsize=9, framealpha=0.9, borderpad=0.4)
        return encode(figure)

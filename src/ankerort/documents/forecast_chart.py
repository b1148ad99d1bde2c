"""Pictures of the forecast: lines of the study area, and a map of the change by place."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ankerort.documents.assessment import Assessment
from ankerort.documents.maps import RegionMap, encode, with_room
from ankerort.documents.year import variant_label
from ankerort.text import Language, say
from ankerort.text.numbers import format_whole

# Lines are told apart by stroke and mark, so that a black-and-white copy is readable; the first is the trend.
_STROKES = (
    ("#000000", "-", "o", 2.2),
    ("#0b5c7a", "--", "s", 1.3),
    ("#12783c", ":", "^", 1.6),
    ("#8a5a00", "-.", "D", 1.3),
    ("#c02a1f", (0, (1, 3)), "v", 1.6),
    ("#56646b", (0, (6, 2, 1, 2, 1, 2)), "P", 1.3),
)
AGES = ("persons_0_17", "persons_65_plus", "persons_80_plus")
# change of a place -> (from, fill, ink): the number counts steps of ten per cent lost
CLASSES: dict[str, tuple[float, str, str]] = {
    "+": (0.03, "#2c7fb8", "#ffffff"),
    "=": (-0.03, "#f7f7f7", "#000000"),
    "1": (-0.10, "#fee391", "#000000"),
    "2": (-0.20, "#fe9929", "#000000"),
    "3": (-np.inf, "#993404", "#ffffff"),
    "~": (np.nan, "#d9d9d9", "#000000"),
}
_DOT_PT = 12.0


def change_class(base: float, later: float, low: float, high: float) -> str:
    """Sign of a place's change: ``~`` if its range holds today's number, else ``+``, ``=``, or tens of per cent lost (1, 2, 3)."""
    if low <= base <= high:
        return "~"
    change = later / base - 1.0
    return next(sign for sign, (least, _, _) in CLASSES.items() if change >= least)


def forecast_chart(assessment: Assessment, area: pd.DataFrame, lang: Language, *, width: float = 7.0) -> str:
    """Two panels, as a data address for ``<img src>``: everybody by variant, and the ages of the trend.

    Parameters
    ----------
    area
        Rows of the study area (FORECAST_AREAS).
    """
    figure = Figure(figsize=(width, 3.5))
    FigureCanvasAgg(figure)
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        axes, ages = figure.subplots(1, 2)
        for variant, (colour, stroke, mark, wide) in zip(dict.fromkeys(area["variant"]), _STROKES, strict=False):
            rows = area[area["variant"] == variant]
            name = variant_label(assessment.catalogue, str(variant), lang)
            line = {"color": colour, "linestyle": stroke, "marker": mark, "markersize": 4, "linewidth": wide}
            axes.plot(rows["year"], rows["persons"], label=name, zorder=4 if wide > 2 else 3, **line)
        axes.set_title(say("forecast.chart_all", lang), fontsize=9.5, loc="left")
        axes.legend(fontsize=8, frameon=False, loc="lower left", handlelength=3.2)
        low, high = axes.get_ylim()
        axes.set_ylim(low - 0.55 * (high - low), high)  # room for the legend below the lines
        rows = area[area["variant"] == area["variant"].iloc[0]]
        for key, (colour, stroke, mark, wide) in zip(AGES, _STROKES[1:], strict=False):
            line = {"color": colour, "linestyle": stroke, "marker": mark, "markersize": 4, "linewidth": wide + 0.3}
            ages.plot(rows["year"], rows[key], label=say(f"forecast.{key}", lang), **line)
        ages.set_title(say("forecast.chart_ages", lang), fontsize=9.5, loc="left")
        ages.set_ylim(0, 1.45 * float(rows[list(AGES)].to_numpy().max()))
        ages.legend(fontsize=8, frameon=False, loc="upper left", handlelength=3.2)
        for one in (axes, ages):
            _finish(one, rows, lang)
    figure.tight_layout(pad=0.6)
    return encode(figure)


def _finish(axes: Axes, rows: pd.DataFrame, lang: Language) -> None:
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: format_whole(value, lang)))
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set_xticks(rows["year"].tolist())
    axes.tick_params(labelsize=8)
    axes.grid(axis="y", color="#d5dbde", linewidth=0.5)
    axes.spines[["top", "right"]].set_visible(False)
    years, beyond = rows["year"].to_numpy(), rows["extrapolated"].to_numpy(bool)
    if beyond.any() and not beyond.all():
        axes.axvspan(
            years[~beyond][-1], years[-1], facecolor="none", edgecolor="#b5bdc2", hatch="///", linewidth=0, zorder=0
        )


class ChangeMap(RegionMap):
    """Draws how many people a place gains or loses."""

    def draw(self, signs: Mapping[str, str], *, width: float = 6.2) -> str:
        """The map as a data address; `signs` is place_id -> key of `CLASSES`, places without one are left out."""
        figure = self._figure(width)
        axes = figure.axes[0]
        shown = self.shown[self.shown["place_id"].isin(list(signs))]
        sign = shown["place_id"].map(dict(signs)).to_numpy(object)
        x, y = shown["x"].to_numpy(float), shown["y"].to_numpy(float)
        px, py = self._points(x, y, width)
        large = with_room(px, py, _DOT_PT)
        for key, (_, fill, ink) in CLASSES.items():
            small = (sign == key) & ~large
            axes.scatter(x[small], y[small], s=14, c=fill, edgecolors="#333333", linewidths=0.4, zorder=3)
            for k in np.flatnonzero((sign == key) & large):
                axes.scatter(x[k], y[k], s=_DOT_PT**2, c=fill, edgecolors="#222222", linewidths=0.5, zorder=5)
                axes.text(
                    x[k], y[k], key, ha="center", va="center_baseline", fontsize=9, color=ink, weight="bold", zorder=6
                )
        self._names(figure, shown, px, py, np.where(large, _DOT_PT, 4.0), most=30, size=9)
        return encode(figure)

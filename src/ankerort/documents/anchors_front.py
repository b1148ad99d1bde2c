"""Pareto chart: running cost against benefit, today and the proposal in it; readable in black and white."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ankerort.documents.anchors_words import ENDS
from ankerort.documents.maps import encode
from ankerort.documents.pictures import png_of
from ankerort.text import Language, say
from ankerort.text.numbers import format_decimal, format_whole

_LEAST_SPAN = 1.0  # thousand EUR; per cent


def front_measure(pareto: tuple[str, ...]) -> str:
    """Column of PLAN_FRONT that the chart shows against cost."""
    return "worst_share" if "worst" in pareto else "people_share"


def front_chart(
    front: pd.DataFrame, plan: pd.Series | None, measure: str, lang: Language, *, width: float = 6.6
) -> bytes:
    """The chart as PNG.

    Parameters
    ----------
    front
        PLAN_FRONT; number 0 is today.
    plan
        Case ``all`` of PLAN_CASES: the proposal; None where it has no value on this axis.
    measure
        Column on the upright axis, a share.
    """
    figure = Figure(figsize=(width, 3.9))
    FigureCanvasAgg(figure)
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        axes = figure.subplots()
    cost = {end: front[f"cost_{end}"].to_numpy(float) / 1000 for end in ENDS}
    share = 100 * front[measure].to_numpy(float)
    today = (front["number"] == 0).to_numpy(bool)
    order = np.argsort(cost["mid"], kind="stable")
    axes.plot(cost["mid"][order], share[order], color="#777777", linewidth=1.0, linestyle="--", zorder=2)
    axes.hlines(share, cost["low"], cost["high"], color="#777777", linewidth=1.2, zorder=2)
    axes.scatter(cost["mid"][~today], share[~today], s=190, c="#ffffff", edgecolors="#0b5c7a", linewidths=1.6, zorder=4)
    for k in np.flatnonzero(~today):
        text = str(int(front["number"].iloc[k]))
        axes.text(cost["mid"][k], share[k], text, ha="center", va="center_baseline", fontsize=9, zorder=5)
    points_x, points_y = [*cost["low"], *cost["high"]], list(share)
    if today.any():
        axes.scatter(
            cost["mid"][today],
            share[today],
            s=110,
            c="#000000",
            marker="s",
            zorder=6,
            label=say("anchors.front_today", lang),
        )
    if plan is not None:
        x, y = float(plan["cost_mid"]) / 1000, 100 * float(plan["people_share"])
        axes.hlines(
            [y],
            float(plan["cost_low"]) / 1000,
            float(plan["cost_high"]) / 1000,
            color="#000000",
            linewidth=1.6,
            zorder=3,
        )
        axes.scatter(
            [x], [y], s=520, facecolors="none", edgecolors="#000000", marker="D", linewidths=1.4, zorder=7,
            label=say("anchors.front_plan", lang),
        )  # fmt: skip
        points_x += [float(plan["cost_low"]) / 1000, float(plan["cost_high"]) / 1000]
        points_y.append(y)
    _limits(axes, points_x, points_y)
    axes.set_xlabel(say("anchors.front_x", lang))
    axes.set_ylabel(say("anchors.front_worst" if measure == "worst_share" else "anchors.front_people", lang))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: _number(v, lang)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: _number(v, lang)))
    axes.grid(color="#dddddd", linewidth=0.5, zorder=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", fontsize=9, frameon=True, markerscale=0.55)
    figure.tight_layout(pad=0.6)
    return png_of(encode(figure))


def _limits(axes: mpl.axes.Axes, x: list[float], y: list[float]) -> None:
    """Room around the points; the share never leaves 0 to 100."""
    for values, put, most in ((x, axes.set_xlim, np.inf), (y, axes.set_ylim, 100.5)):
        low, high = min(values), max(values)
        margin = max(0.12 * (high - low), 0.5 * _LEAST_SPAN)
        put(low - margin if most == np.inf else max(low - margin, -0.5), min(high + margin, most))


def _number(value: float, lang: Language) -> str:
    text = format_whole(abs(value), lang) if abs(value - round(value)) < 1e-9 else format_decimal(abs(value), lang)
    return f"−{text}" if value < 0 else text

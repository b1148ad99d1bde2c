"""How much a facility counts that is so many minutes away: the decay functions of the accessibility measures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

DecayKind = Literal["binary", "linear", "exponential", "gaussian", "power", "logistic", "zones"]
DECAY_KINDS: tuple[DecayKind, ...] = ("binary", "linear", "exponential", "gaussian", "power", "logistic", "zones")


@dataclass(frozen=True)
class Decay:
    """Weight of a way by its minutes; beyond `limit_min` it is 0 for every kind.

    Parameters
    ----------
    kind
        binary 1; linear 1 - t/t0; exponential exp(-beta t); gaussian (exp(-(t/t0)^2 / 2) - exp(-1/2)) / (1 - exp(-1/2))
        (Dai 2010); power max(t, t_min)^-beta; logistic 1 / (1 + exp(k (t - t50))); zones: one weight per zone (Luo & Qi 2009).
    limit_min
        t0, the largest minutes of the catchment, itself included.
    beta
        Of exponential (per minute) and power.
    steepness
        k of logistic, per minute.
    half_min
        t50 of logistic: where the weight is one half.
    shortest_min
        t_min of power: shorter ways count as this, because a power of 0 minutes is infinite.
    zones
        (up to minutes, weight), ascending; only for the kind zones.

    Raises
    ------
    ValueError
        If a needed parameter is missing or not positive.
    """

    kind: DecayKind
    limit_min: float
    beta: float = math.nan
    steepness: float = math.nan
    half_min: float = math.nan
    shortest_min: float = math.nan
    zones: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        needed = {
            "exponential": ("beta",),
            "power": ("beta", "shortest_min"),
            "logistic": ("steepness", "half_min"),
        }.get(self.kind, ())
        if self.kind not in DECAY_KINDS:
            raise ValueError(f"unknown decay {self.kind!r}; known: {', '.join(DECAY_KINDS)}")
        for name in ("limit_min", *needed):
            if not getattr(self, name) > 0:
                raise ValueError(f"decay {self.kind}: {name} must be positive")
        ends = [end for end, _ in self.zones]
        if (self.kind == "zones") != bool(self.zones) or ends != sorted(set(ends)) or any(w < 0 for _, w in self.zones):
            raise ValueError("decay zones: ascending minutes and weights of at least 0, for the kind zones only")

    def weights(self, minutes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weights of ways of so many minutes, shape as `minutes`; between 0 and 1 except for power below one minute."""
        t = np.asarray(minutes, dtype=np.float64)
        match self.kind:
            case "binary":
                weight = np.ones_like(t)
            case "linear":
                weight = 1.0 - t / self.limit_min
            case "exponential":
                weight = np.exp(-self.beta * t)
            case "gaussian":
                floor = math.exp(-0.5)
                weight = (np.exp(-0.5 * (t / self.limit_min) ** 2) - floor) / (1.0 - floor)
            case "power":
                weight = np.maximum(t, self.shortest_min) ** -self.beta
            case "logistic":
                # bounded, because exp overflows far beyond the half; there the weight is 0 to machine precision
                weight = 1.0 / (1.0 + np.exp(np.minimum(self.steepness * (t - self.half_min), 700.0)))
            case "zones":
                ends = np.array([end for end, _ in self.zones])
                each = np.array([*(w for _, w in self.zones), 0.0])
                weight = each[np.searchsorted(ends, t, side="left")]
        return np.where(t <= self.limit_min, np.maximum(weight, 0.0), 0.0)


def zone_decay(zones: Sequence[tuple[float, float]], limit_min: float) -> Decay:
    """Zones stretched so that the last one ends at the limit: 10, 20, 30 minutes become 5, 10, 15 for a catchment of 15."""
    stretch = limit_min / zones[-1][0]
    return Decay("zones", limit_min, zones=tuple((end * stretch, weight) for end, weight in zones))


def calibrated(kind: DecayKind, limit_min: float, at_limit: float, *, shortest_min: float = math.nan) -> Decay:
    """The decay that weighs `at_limit` at the limit, as the R package fca does (0.01).

    exponential: beta = -ln(w) / t0. power: beta = -ln(w) / ln(t0), so a minute weighs 1. logistic with its half at t0 / 2:
    k = ln(1/w - 1) / (t0 / 2).

    Raises
    ------
    ValueError
        If the kind has no free parameter, or the limit is at most one minute for power.
    """
    if not 0 < at_limit < 0.5:
        raise ValueError("the weight at the limit lies between 0 and one half")
    if kind == "exponential":
        return Decay(kind, limit_min, beta=-math.log(at_limit) / limit_min)
    if kind == "power":
        if limit_min <= 1:
            raise ValueError("power decay needs a limit of more than one minute")
        return Decay(kind, limit_min, beta=-math.log(at_limit) / math.log(limit_min), shortest_min=shortest_min)
    if kind == "logistic":
        half = limit_min / 2
        return Decay(kind, limit_min, steepness=math.log(1 / at_limit - 1) / half, half_min=half)
    raise ValueError(f"decay {kind} has no parameter to calibrate")

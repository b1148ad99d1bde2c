"""Decay functions against values derived by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ankerort.supply.decay import DECAY_KINDS, Decay, DecayKind, calibrated, zone_decay


def _of(kind: DecayKind) -> Decay:
    if kind in ("exponential", "power", "logistic"):
        return calibrated(kind, 30.0, 0.01, shortest_min=1.0)
    return zone_decay(((10.0, 1.0), (20.0, 0.68), (30.0, 0.22)), 30.0) if kind == "zones" else Decay(kind, 30.0)


@pytest.mark.parametrize("kind", DECAY_KINDS)
def test_a_decay_never_rises_and_ends_at_its_limit(kind: DecayKind) -> None:
    """Farther never weighs more, nobody weighs less than 0, and beyond the limit the weight is 0; the limit itself still counts."""
    weights = _of(kind).weights(np.linspace(0.0, 45.0, 901))
    assert (np.diff(weights) <= 1e-15).all()
    assert weights.min() == 0.0 and weights[0] <= 1.0
    assert (weights[601:] == 0.0).all()
    if kind not in ("linear", "gaussian"):  # these reach 0 at the limit by their formula
        assert weights[600] > 0


@pytest.mark.parametrize(
    ("kind", "minutes", "weight"),
    [
        ("binary", 29.9, 1.0),
        ("linear", 7.5, 0.75),
        ("exponential", 15.0, 0.1),
        ("gaussian", 15.0, (math.exp(-0.125) - math.exp(-0.5)) / (1 - math.exp(-0.5))),
        ("power", math.sqrt(30.0), 0.1),
        ("power", 0.0, 1.0),
        ("logistic", 15.0, 0.5),
        ("logistic", 30.0, 0.01),
        ("zones", 10.0, 1.0),
        ("zones", 10.01, 0.68),
        ("zones", 30.0, 0.22),
    ],
)
def test_weights_by_hand(kind: DecayKind, minutes: float, weight: float) -> None:
    """Calibrated to 0.01 at 30 minutes: half way the exponential weighs the root of it, the power at the root of 30 minutes."""
    assert _of(kind).weights(np.array([minutes]))[0] == pytest.approx(weight, abs=1e-12)


@pytest.mark.parametrize("kind", ["exponential", "power", "logistic"])
def test_calibration_hits_the_weight_at_the_limit(kind: DecayKind) -> None:
    """f(t_max) is the weight asked for (the convention of the R package fca)."""
    assert calibrated(kind, 42.0, 0.05, shortest_min=1.0).weights(np.array([42.0]))[0] == pytest.approx(0.05)


def test_zones_stretch_with_the_catchment() -> None:
    """10, 20, 30 minutes become 5, 10, 15 for a catchment of 15 minutes."""
    weights = zone_decay(((10.0, 1.0), (20.0, 0.42), (30.0, 0.09)), 15.0).weights(np.array([5.0, 5.1, 10.1, 15.1]))
    assert weights.tolist() == [1.0, 0.42, 0.09, 0.0]


@pytest.mark.parametrize(
    "call",
    [
        lambda: Decay("exponential", 30.0),
        lambda: Decay("power", 30.0, beta=2.0),
        lambda: Decay("linear", 0.0),
        lambda: Decay("zones", 30.0),
        lambda: Decay("zones", 30.0, zones=((20.0, 1.0), (10.0, 0.5))),
        lambda: calibrated("linear", 30.0, 0.01),
        lambda: calibrated("power", 1.0, 0.01),
        lambda: calibrated("logistic", 30.0, 0.5),
    ],
)
def test_a_decay_without_its_parameters_is_refused(call) -> None:
    """A missing, reversed or meaningless parameter is an error, not a silent weight."""
    with pytest.raises(ValueError):
        call()

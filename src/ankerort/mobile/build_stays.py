"""How long a visit lasts: what is expected to come at the rhythm, within the shortest and longest stay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ankerort.catalogue.mobile import MobileService

_MINUTE_S = 60


def visit_lengths(
    cases: NDArray[np.float64],
    services: Sequence[MobileService],
    *,
    visits_per_year: NDArray[np.float64],
    longest_s: NDArray[np.int32],
    grid_s: int,
    one_staff: bool,
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Stays and the share of the cases that fits the longest one.

    Per service ``stay = clip(setup + ceil(cases per visit * minutes per case / utilisation), stay_min, stay_max)`` with one counter. One
    person for all services works them off one after the other (lengths add up, setting up counts once), else they stand side by side
    and the longest counts. Stays are multiples of the grid and no longer than the half-day of the stop.

    Parameters
    ----------
    cases
        float64 (stops, services, rhythms): expected cases a year at the stop.
    visits_per_year
        float64 (rhythms,).
    longest_s
        int32 (stops,): longest half-day of the stop.
    grid_s
        Clock grid.

    Returns
    -------
    stay_s, served_share
        int32 and float64 (stops, rhythms). A stop without cases has the shortest stay and a share of 1. Where the half-day is shorter than
        the shortest stay, the stay is longer than it: no visit fits.
    """
    stops, _, rhythms = cases.shape
    setup = np.array([s.setup_min.value for s in services]) * _MINUTE_S
    shortest = np.array([s.stay_min.value for s in services]) * _MINUTE_S
    longest = np.array([s.stay_max.value for s in services]) * _MINUTE_S
    # seconds of standing that one case needs
    each = np.array([s.minutes_per_case.value / s.utilisation.value for s in services]) * _MINUTE_S
    per_visit = cases / visits_per_year
    work = np.ceil(per_visit * each[:, None] / _MINUTE_S - 1e-9) * _MINUTE_S
    wanted = np.clip(setup[:, None] + work, shortest[:, None], longest[:, None])
    if one_staff:
        stay = setup.max() + (wanted - setup[:, None]).sum(axis=1)
    else:
        stay = wanted.max(axis=1)
    least = setup.max() + (shortest - setup).sum() if one_staff else shortest.max()
    stay = np.ceil(stay / grid_s) * grid_s
    fits = np.floor(longest_s / grid_s) * grid_s
    stay = np.maximum(np.minimum(stay, fits[:, None]), np.ceil(least / grid_s) * grid_s)
    room = stay[:, None, :] - setup[:, None] if not one_staff else _shared_room(stay, wanted, setup)
    room = np.minimum(np.maximum(room, 0.0), (longest - setup)[:, None])
    fit = np.minimum(per_visit, room / each[:, None])
    total = per_visit.sum(axis=1)
    share = np.where(total > 0, fit.sum(axis=1) / np.where(total > 0, total, 1.0), 1.0)
    return stay.astype(np.int32).reshape(stops, rhythms), np.clip(share, 1e-6, 1.0)


def _shared_room(
    stay: NDArray[np.float64], wanted: NDArray[np.float64], setup: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Time of each service where one person serves all of them: in proportion to what each would like."""
    parts = wanted - setup[:, None]
    total = parts.sum(axis=1, keepdims=True)
    room = parts / np.where(total > 0, total, 1.0) * (stay[:, None, :] - setup.max())
    return np.asarray(room, np.float64)

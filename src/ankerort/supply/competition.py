"""Accessibility with competition: how much supply people reach, shared with all others who reach it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ankerort.network.kernels.access import sort_pairs, sum_pairs, sum_to_cells, sum_to_sites
from ankerort.network.model import SparseColumns
from ankerort.supply.decay import Decay

Method = Literal["gravity", "gravity_competition", "2sfca", "e2sfca", "3sfca", "mh3sfca"]
METHODS: tuple[Method, ...] = ("gravity", "gravity_competition", "2sfca", "e2sfca", "3sfca", "mh3sfca")
# A site whose capacity is left out can only lift these: their ratios R_j do not depend on other sites.
LOWER_WITHOUT_SITES: tuple[Method, ...] = ("gravity", "gravity_competition", "2sfca", "e2sfca")


Sum = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]  # of weights by value, and factors


@dataclass(frozen=True)
class Pairs:
    """Ways between cells and sites in any order, as a matrix of travel times gives them: int32 arrays of shape (pairs,).

    `value` is whole metres or seconds; negative values are no way.
    """

    cell: NDArray[np.int32]
    site: NDArray[np.int32]
    value: NDArray[np.int32]


@dataclass(frozen=True)
class AccessScores:
    """What `access_scores` gives.

    Parameters
    ----------
    score
        float64 (cells,): A_i, supply per unit of demand (for gravity: supply).
    ratio
        float64 (sites,): R_j, capacity per weighted demand; NaN where nobody reaches the site (and for gravity).
    demand
        float64 (sites,): the weighted demand that the site's capacity is shared by.
    spar
        float64 (cells,): A_i / mean of A over the demand (Wan et al. 2012); NaN where the mean is 0 or nobody has demand.
    """

    score: NDArray[np.float64]
    ratio: NDArray[np.float64]
    demand: NDArray[np.float64]
    spar: NDArray[np.float64]


@dataclass(frozen=True)
class HuffShares:
    """What `huff_shares` gives: `probability` float64 (pairs,) in the order of the columns; `demand` float64 (sites,)."""

    probability: NDArray[np.float64]
    demand: NDArray[np.float64]


def columns_of_pairs(pairs: Pairs, *, cells: int, sites: int) -> SparseColumns:
    """Columns from pairs in any order.

    Raises
    ------
    ValueError
        If a cell or site is out of range.
    """
    plain = (np.ascontiguousarray(a, dtype=np.int32) for a in (pairs.cell, pairs.site, pairs.value))
    home, value = np.empty(len(pairs.cell), np.int32), np.empty(len(pairs.cell), np.int32)
    ptr = sort_pairs(*plain, cells, sites, home, value)
    if not len(ptr):
        raise ValueError(f"a cell is out of range 0 .. {cells - 1} or a site out of 0 .. {sites - 1}")
    return SparseColumns(ptr, home, value)


def access_scores(
    method: Method,
    ways: SparseColumns | Pairs,
    demand: NDArray[np.float64],
    capacity: NDArray[np.float64],
    decay: Decay,
    *,
    minutes_per_unit: float = 1.0 / 60.0,
) -> AccessScores:
    """Scores of all cells and ratios of all sites by one method.

    With W = `decay` of the minutes, P demand, S capacity (docs/method/accessibility.md):

    - gravity (Hansen 1959): A_i = sum_j S_j W_ij.
    - gravity_competition (Joseph & Bantock 1982, Shen 1998), 2sfca (Luo & Wang 2003), e2sfca (Luo & Qi 2009):
      R_j = S_j / sum_k P_k W_kj, A_i = sum_j R_j W_ij. 2sfca takes only the limit of the decay: W is 1 within it.
    - 3sfca (Wan, Zou & Sternberg 2012): G_ij = W_ij / sum_k W_ik, R_j = S_j / sum_i G_ij P_i W_ij, A_i = sum_j G_ij R_j W_ij.
    - mh3sfca (Jörg et al. 2019): H_ij = S_j W_ij / sum_k S_k W_ik, R_j = S_j / sum_i H_ij P_i, A_i = sum_j H_ij R_j W_ij.

    For 2sfca, e2sfca, gravity_competition and 3sfca, sum_i P_i A_i = sum of S_j over the sites that anybody with demand reaches. A site
    that nobody with demand reaches has no ratio and adds nothing to any score: its supply is not used.

    Parameters
    ----------
    ways
        Metres or seconds, one column per site or as pairs in any order; negative values are no way.
    demand
        float64, shape (cells,), finite, not negative.
    capacity
        float64, shape (sites,), finite, not negative.
    minutes_per_unit
        Minutes of one unit of the ways: 1/60 for seconds; for metres 1 / (60 x speed in m/s).

    Raises
    ------
    ValueError
        If demand or capacity is negative or unknown, or has the wrong shape. Leave unknown sites out.
    """
    _check(demand, capacity)
    weight = _weight_table(decay, minutes_per_unit)
    if method == "2sfca":
        weight = np.append(np.ones(len(weight) - 1), 0.0)
    to_sites, to_cells = _sums(ways, len(demand), len(capacity))
    sites = len(capacity)
    if method == "gravity":
        score = to_cells(weight, capacity)
        return AccessScores(score, np.full(sites, np.nan), to_sites(weight, demand), _spar(score, demand))
    if method in ("gravity_competition", "2sfca", "e2sfca"):
        asked = to_sites(weight, demand)
        ratio = _divide(capacity, asked)
        score = to_cells(weight, np.nan_to_num(ratio))
    elif method == "3sfca":
        total = to_cells(weight, np.ones(sites))
        asked = to_sites(weight**2, np.nan_to_num(_divide(demand, total)))
        ratio = _divide(capacity, asked)
        score = np.nan_to_num(_divide(to_cells(weight**2, np.nan_to_num(ratio)), total))
    elif method == "mh3sfca":
        total = to_cells(weight, capacity)
        asked = capacity * to_sites(weight, np.nan_to_num(_divide(demand, total)))
        ratio = _divide(capacity, asked)
        used = np.nan_to_num(ratio) * capacity
        score = np.nan_to_num(_divide(to_cells(weight**2, used), total))
    else:
        raise ValueError(f"unknown method {method!r}; known: {', '.join(METHODS)}")
    return AccessScores(score, ratio, asked, _spar(score, demand))


def huff_shares(
    columns: SparseColumns,
    demand: NDArray[np.float64],
    attraction: NDArray[np.float64],
    decay: Decay,
    *,
    alpha: float = 1.0,
    minutes_per_unit: float = 1.0 / 60.0,
) -> HuffShares:
    """Probability that people of a cell choose a site: p_ij = S_j^alpha W_ij / sum_k S_k^alpha W_ik (Huff 1963/64).

    Huff's own W is the power decay t^-lambda. The probabilities of a cell sum to 1, where it reaches any site with attraction; the
    demand of a site is sum_i p_ij P_i.

    Parameters
    ----------
    attraction
        float64, shape (sites,), not negative: sales area, places.
    columns, demand, minutes_per_unit
        As in `access_scores`.
    """
    _check(demand, attraction)
    weight = _weight_table(decay, minutes_per_unit)
    # 0 ** 0 is 1 in numpy; a site without attraction has none for every alpha
    pull = np.where(attraction > 0, attraction**alpha, 0.0)
    to_sites, to_cells = _sums(columns, len(demand), len(attraction))
    total = to_cells(weight, pull)
    demand_at = pull * to_sites(weight, np.nan_to_num(_divide(demand, total)))
    of_pair = weight[np.minimum(columns.value.view(np.uint32), len(weight) - 1)]
    of_pair *= np.repeat(pull, np.diff(columns.ptr))
    return HuffShares(np.nan_to_num(_divide(of_pair, total[columns.home])), demand_at)


def _weight_table(decay: Decay, minutes_per_unit: float) -> NDArray[np.float64]:
    """One entry per whole unit up to the limit, and a last one of 0 for what lies beyond."""
    # a limit of 10 minutes is 600 seconds, also where the division says 599.9999999999999
    within = int(np.floor(decay.limit_min / minutes_per_unit + 1e-9))
    minutes = np.minimum(np.arange(within + 1) * minutes_per_unit, decay.limit_min)
    return np.append(decay.weights(minutes), 0.0)


def _sums(ways: SparseColumns | Pairs, cells: int, sites: int) -> tuple[Sum, Sum]:
    """How to sum over the ways: to the sites from their cells, to the cells from their sites."""
    if isinstance(ways, SparseColumns):
        if len(ways.ptr) != sites + 1:
            raise ValueError("as many capacities as columns")
        if len(ways.home) and int(ways.home.max()) >= cells:
            raise ValueError("as many demands as cells")
        at = (ways.ptr, ways.home, ways.value)
        return (lambda w, f: sum_to_sites(*at, w, f)), (lambda w, f: sum_to_cells(*at, w, f, cells))
    cell, site, value = (np.ascontiguousarray(a, dtype=np.int32) for a in (ways.cell, ways.site, ways.value))

    def to_sites(weight: NDArray[np.float64], factor: NDArray[np.float64]) -> NDArray[np.float64]:
        return _whole(sum_pairs(site, cell, value, weight, factor, sites), sites)

    def to_cells(weight: NDArray[np.float64], factor: NDArray[np.float64]) -> NDArray[np.float64]:
        return _whole(sum_pairs(cell, site, value, weight, factor, cells), cells)

    return to_sites, to_cells


def _whole(sums: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    if len(sums) != count:
        raise ValueError("a pair names a cell or site that is out of range")
    return sums


def _divide(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)


def _spar(score: NDArray[np.float64], demand: NDArray[np.float64]) -> NDArray[np.float64]:
    people = float(demand.sum())
    mean = float(score @ demand) / people if people > 0 else 0.0
    return score / mean if mean > 0 else np.full(len(score), np.nan)


def _check(demand: NDArray[np.float64], capacity: NDArray[np.float64]) -> None:
    for name, values in (("demand", demand), ("capacity", capacity)):
        if not (np.isfinite(values) & (values >= 0)).all():
            raise ValueError(f"{name} must be known and not negative")

"""`StreetWays`: how one mode moves on the contracted street graph."""

from __future__ import annotations

import queue
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ankerort.network.contract import UNITS, Chains, StreetCounts, build_csr
from ankerort.network.hierarchy import NOTHING_ELIMINATED, Hierarchy, build_hierarchy
from ankerort.network.kernels.columns import columns_chunk, nearest_homes
from ankerort.network.kernels.streets import FAR, mark_dead_ends, search, search_labelled
from ankerort.network.model import Direction, Mode, SparseColumns, Trace
from ankerort.network.parallel import Part, columns_of_chunks, worker_count
from ankerort.network.snap import SnapGrid, StreetPoints, attach, build_grid
from ankerort.network.street_trace import lay_trace

Csr = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]
# Found with benchmarks/bench_streets.py; no result depends on them.
BUCKET_SHIFT = 7  # buckets of 128 units (12.8 m, 12.8 s)
PLAIN_MEAN_EDGES = 11.0  # up to as many mean edges within the limit, searching the graph itself is faster


@dataclass
class Workspace:
    """Arrays that one thread reuses from search to search; each search leaves them as it found them."""

    bucket: NDArray[np.int32]
    pool: NDArray[np.int32]
    distance: NDArray[np.int32]
    touched: NDArray[np.int32]
    following: NDArray[np.int32]
    home_cost: NDArray[np.int32]
    home_touched: NDArray[np.int32]

    @classmethod
    def of(cls, nodes: int, homes: int, largest_cost: int, *, shift: int = BUCKET_SHIFT) -> Workspace:
        """Workspace for a graph; `largest_cost` = largest cost of an edge or a seed."""
        buckets = 1 << int((largest_cost >> shift) + 2).bit_length()
        return cls(
            np.full(buckets, -1, np.int32),
            np.empty((4096, 3), np.int32),
            np.full(nodes, FAR, np.int32),
            np.empty(nodes + 1, np.int32),
            np.empty(nodes, np.int32),
            np.full(homes, FAR, np.int32),
            np.empty(homes, np.int32),
        )


@dataclass(frozen=True)
class StreetWays:
    """Ways of one mode on streets; implements `ankerort.network.model.Ways`.

    Parameters
    ----------
    mode
        foot, bike (values in metres) or car (values in seconds, parking included).
    crs
        Projected system of `x`, `y`.
    chains
        Contracted graph of the largest strongly connected component.
    node_x, node_y
        Projected metres per graph node.
    point_lon, point_lat, point_x, point_y
        Per point of `chains`.
    snap_m
        Points farther than this from any usable street are unknown.
    connector_units_per_m
        Cost of the straight line from a point to its street.
    units_per_s
        Search units that the mode's general speed covers in a second, for `Trace.seconds`.
    extra_s
        Seconds added to every value: parking (car), else 0.
    """

    mode: Mode
    crs: str
    chains: Chains
    node_x: NDArray[np.float64]
    node_y: NDArray[np.float64]
    point_lon: NDArray[np.float64]
    point_lat: NDArray[np.float64]
    point_x: NDArray[np.float64]
    point_y: NDArray[np.float64]
    snap_m: float
    connector_units_per_m: float
    units_per_s: float
    extra_s: int = 0
    estimated: bool = field(default=False, init=False)

    @property
    def counts(self) -> StreetCounts:
        """Segments, edges, nodes, and what of them belongs to the largest component."""
        return self.chains.counts

    @cached_property
    def forward(self) -> Csr:
        """`ptr`, `adjacency` (head, cost), `via` (2 x edge, + 1 if against it)."""
        tail, head, cost, via = self._arcs
        return build_csr(self.chains.node.size, tail, head, cost, via)

    @cached_property
    def reverse(self) -> Csr:
        """As `forward`, every arc turned round."""
        tail, head, cost, via = self._arcs
        return build_csr(self.chains.node.size, head, tail, cost, via)

    @cached_property
    def _arcs(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        c = self.chains
        edge = np.arange(c.ahead.size, dtype=np.int32)
        a, b = c.ahead, c.back
        tail = np.concatenate([c.edge_node[a, 0], c.edge_node[b, 1]])
        head = np.concatenate([c.edge_node[a, 1], c.edge_node[b, 0]])
        cost = np.concatenate([c.edge_cost[a, 0], c.edge_cost[b, 1]])
        return tail, head, cost, np.concatenate([2 * edge[a], 2 * edge[b] + 1]).astype(np.int32)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The graph with its small junctions eliminated: what `columns` searches beyond short limits (`searches_plain`)."""
        return build_hierarchy(*self.forward[:2])

    @cached_property
    def mean_cost(self) -> float:
        """Mean cost of an arc in search units."""
        cost = self.forward[1][:, 1]
        return float(cost.mean()) if cost.size else 1.0

    @cached_property
    def _plain(self) -> dict[Direction, NDArray[np.int32]]:
        """Adjacency with dead ends marked, by direction of the search."""
        return {
            "to_target": mark_dead_ends(*self.reverse[:2]),
            "from_target": mark_dead_ends(*self.forward[:2]),
        }

    def searches_plain(self, bound: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether to search the graph itself rather than the eliminated one, by the limit in search units.

        Few nodes lie within a short limit, and then climbing and descending cost more than they spare. The number of nodes grows with
        the square of ``limit / mean cost of an edge``; where this passes `PLAIN_MEAN_EDGES` both are equally fast, on foot and by car.
        """
        short: NDArray[np.bool_] = bound < PLAIN_MEAN_EDGES * self.mean_cost
        return short

    @cached_property
    def _largest_cost(self) -> int:
        return int(self.forward[1][:, 1].max(initial=0))

    @cached_property
    def grid(self) -> SnapGrid:
        """Grid for attaching points."""
        return build_grid(self.chains, self.point_x, self.point_y)

    def prepare(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> StreetPoints:
        """Attach points (projected metres) to the nearest point of a usable street within `snap_m`."""
        return attach(
            self.chains,
            self.grid,
            x,
            y,
            within_m=self.snap_m,
            connector_units_per_m=self.connector_units_per_m,
        )

    def known(self, prepared: StreetPoints) -> NDArray[np.bool_]:
        """Which points are attached; the others are unknown to this mode."""
        known: NDArray[np.bool_] = prepared.edge >= 0
        return known

    def _ends(self, targets: StreetPoints, homes: StreetPoints, direction: Direction) -> tuple[Csr, NDArray, Csr]:
        """Graph to search, seeds' costs at the targets, homes by node."""
        if direction == "to_target":
            return self.reverse, targets.arrive, homes.leaving
        return self.forward, targets.leave, homes.arriving

    def columns(
        self,
        targets: StreetPoints,
        homes: StreetPoints,
        *,
        limit: NDArray[np.int32] | int,
        direction: Direction = "to_target",
        threads: int = 0,
    ) -> SparseColumns:
        """Value from every home to every target (or back), one bounded search per target.

        Parameters
        ----------
        targets, homes
            From `prepare`.
        limit
            Largest value: metres (foot, bike) or seconds with parking (car); one per target or one for all.
        direction
            ``to_target`` searches the reversed graph, ``from_target`` the graph itself.
        threads
            0 = one per processor. The result does not depend on it.

        Returns
        -------
        SparseColumns
            Value = ceil((connector + part of the edge + edges + part of the edge + connector) / 10) in search units of 0.1 m or
            0.1 s, plus parking for cars. Unknown points stand in no column.
        """
        count = targets.edge.size
        limits = np.broadcast_to(np.asarray(limit, np.int64) * UNITS, (count,)).copy()
        (ptr, _, _), seed, (node_ptr, node_home, node_cost) = self._ends(targets, homes, direction)
        edge_ptr, edge_home = homes.on_edge
        plain = self.searches_plain(limits - self.extra_s * UNITS)
        tree = NOTHING_ELIMINATED if plain.all() else self.hierarchy
        graph = tree.reverse if direction == "to_target" else tree.forward
        # A label set down on the way up waits at most as long as the seeds and the climb together.
        largest = max(self._largest_cost, graph.largest_cost, int(seed.max(initial=0)) + graph.largest_climb)
        workers = worker_count(threads, count)
        spaces: queue.SimpleQueue[Workspace] = queue.SimpleQueue()
        for _ in range(workers):
            spaces.put(Workspace.of(self.chains.node.size, homes.edge.size, largest))

        def chunk(first: int, last: int) -> Part:
            w = spaces.get()
            counts, home, value, w.pool = columns_chunk(
                plain,
                ptr,
                self._plain[direction],
                tree.core_nodes,
                tree.level,
                tree.levels,
                *graph.core,
                *graph.up,
                *graph.pull,
                *graph.down,
                tree.node,
                tree.rank,
                self.chains.ahead,
                self.chains.back,
                first,
                last,
                targets.edge,
                targets.node,
                seed,
                targets.place,
                limits,
                homes.place,
                node_ptr,
                node_home,
                node_cost,
                edge_ptr,
                edge_home,
                direction == "to_target",
                self.extra_s * UNITS,
                UNITS,
                BUCKET_SHIFT,
                w.bucket,
                w.pool,
                w.distance,
                w.touched,
                w.following,
                w.home_cost,
                w.home_touched,
            )
            spaces.put(w)
            return counts, home, value

        return columns_of_chunks(chunk, count, workers)

    def nearest(
        self, targets: StreetPoints, homes: StreetPoints, *, limit: int, direction: Direction = "to_target"
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Per home the nearest target and its value, by one search from all targets.

        Returns
        -------
        tuple
            int32 target index and int32 value, -1 and -1 where none is within `limit`. Of targets equally far (in search units)
            the one with the smaller index. The value is that of the target's column.
        """
        (ptr, adjacency, _), seed, _ = self._ends(targets, homes, direction)
        bound = min(limit * UNITS - self.extra_s * UNITS, int(FAR) - 1)
        homes_first = direction == "to_target"
        w = Workspace.of(self.chains.node.size, 0, max(self._largest_cost, int(seed.max(initial=0))))
        label = np.full(self.chains.node.size, FAR, np.int32)
        who = np.repeat(np.arange(targets.edge.size, dtype=np.int32), 2)
        seeds = (np.ascontiguousarray(targets.node).ravel(), np.ascontiguousarray(seed).ravel(), who)
        search_labelled(ptr, adjacency, *seeds, bound, BUCKET_SHIFT, w.bucket, w.pool, w.distance, label)
        return nearest_homes(
            w.distance,
            label,
            self.chains.ahead,
            self.chains.back,
            targets.edge,
            targets.place,
            homes.node,
            homes.leave if homes_first else homes.arrive,
            homes.edge,
            homes.place,
            *homes.on_edge,
            homes_first,
            bound,
            self.extra_s * UNITS,
            UNITS,
        )

    def trace(
        self,
        targets: StreetPoints,
        target: int,
        homes: StreetPoints,
        home: int,
        *,
        direction: Direction = "to_target",
    ) -> Trace | None:
        """The way between one home and one target in detail, by a search on the same graph; its value is the column's."""
        if targets.edge[target] < 0 or homes.edge[home] < 0:
            return None
        (ptr, adjacency, _), seed, _ = self._ends(targets, homes, direction)
        w = Workspace.of(self.chains.node.size, 0, max(self._largest_cost, int(seed.max(initial=0))))
        bound = int(FAR) - 1
        nodes, costs = targets.node[target].copy(), seed[target].copy()
        search(ptr, adjacency, nodes, costs, bound, BUCKET_SHIFT, w.bucket, w.pool, w.distance, w.touched)
        back = self.forward if direction == "to_target" else self.reverse
        return lay_trace(self, w.distance, back, targets, target, homes, home, direction)

"""What a change costs in a warm process, against the full run in the same process.

    python benchmarks/bench_scenario.py [--quick] [--only NAME ...] [--threads N] [--no-check]

Opening, moving and closing one facility (all modes, all stored groups and types of days), a stricter standard, other people and a
removed trip; stockheim, magdeburg and the generated state of bench_state.py. ``--quick`` takes the sample region, stockheim and a
tenth of the state. The full run is `compute_reach` and `assess`; an answer is `Workspace.answer`, from the changed tables to supply by
service; on real regions finding the facility by name and applying the change (`resolve`, `apply_scenario`) are in it. A speed counts only if
the answer is that of the full run: one chain of changes per region is computed from scratch and compared (not on the whole
state, unless asked for by ``--check-state``). Pairs are wall and CPU seconds.
Writes benchmarks/results/scenario.json.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ankerort.catalogue import read_catalogue
from ankerort.network.build import build_network
from ankerort.network.timetable.edit import remove_trips
from ankerort.reach.compute import compute_reach
from ankerort.reach.store import PtStore
from ankerort.region.read_region import read_region
from ankerort.region.read_settings import read_settings
from ankerort.region.schema import FACILITIES
from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.changes import CloseFacility, MoveFacility, OpenFacility
from ankerort.scenario.resolve import resolve
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.workspace import Workspace
from ankerort.scenario.world import Answer, Touched, World
from ankerort.supply.parts import assess_parts
from bench_assess import project_of
from bench_state import (
    CELLS_WANTED,
    CONNECTIONS,
    FACILITIES_WANTED,
    NODES,
    SIDE_M,
    STOPS,
    network_of,
    peak_gb,
    region_of,
    services_of,
    streets,
)
from world_transit import make_state

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests" / "scenario"))
from full_run import assert_as_full_run  # noqa: E402

SERVICES = ("hospital", "pharmacy", "supermarket", "general_practitioner")
WANTED_S = {"stockheim": 1.0, "magdeburg": 3.0}
WANTED_TIMETABLE_S = {"magdeburg": 180.0}
WANTED_RATIO = {"state": 50.0}
ROUNDS = 3
MOVED_M = (600.0, -400.0)
Case = Callable[[World, int], tuple[World, Touched]]


def by_change(kind: str, service: str) -> Case:
    """One facility opened, moved or closed as a scenario file would, found by its id; the k-th of the service."""

    def make(world: World, k: int) -> tuple[World, Touched]:
        one = chosen(world, service, k)
        lon, lat = one["lon"] + 0.008, one["lat"] - 0.004
        change = {
            "open": lambda: OpenFacility(service=service, name="Neu", lon=lon, lat=lat),
            "move": lambda: MoveFacility(facility=one["facility_id"], lon=lon, lat=lat),
            "close": lambda: CloseFacility(facility=one["facility_id"]),
        }[kind]()
        return apply_scenario(world, resolve(Scenario("bench", (change,)), world))

    return make


def by_table(kind: str, service: str) -> Case:
    """The same in the table itself, for a generated region without places and boundaries."""

    def make(world: World, k: int) -> tuple[World, Touched]:
        one = chosen(world, service, k)
        table = world.region.facilities
        if kind == "open":
            row = table.loc[[one.name]].assign(facility_id="new", x=one["x"] + MOVED_M[0], y=one["y"] + MOVED_M[1])
            table = FACILITIES.conform(pd.concat([table, row], ignore_index=True))
        else:
            table = table.copy()
            if kind == "close":
                table.loc[one.name, "state"] = "closed"
            else:
                table.loc[one.name, ["x", "y"]] = [one["x"] + MOVED_M[0], one["y"] + MOVED_M[1]]
        return replace(world, region=replace(world.region, facilities=table)), Touched(frozenset({service}))

    return make


def chosen(world: World, service: str, k: int) -> pd.Series:
    """The k-th facility of a service in the study area that counts, spread over all of them."""
    table = world.region.facilities
    mine = table[
        (table["service"] == service) & (table["state"] == "open") & (table["merged_into"] == "") & table["in_study"]
    ]
    return mine.iloc[(2 * k + 1) * len(mine) // (2 * ROUNDS) % len(mine)]


def stricter(world: World, service: str) -> tuple[World, Touched]:
    """Half the standard by car."""
    one = world.catalogue.services[service]
    old = one.standards["car"]
    half = replace(old, minimum=replace(old.minimum, value=old.minimum.value / 2), target=None)
    services = {**world.catalogue.services, service: replace(one, standards={**one.standards, "car": half})}
    return replace(world, catalogue=replace(world.catalogue, services=services)), Touched(frozenset({service}))


def other_people(world: World) -> tuple[World, Touched]:
    """A tenth fewer people."""
    cells = world.region.cells.copy()
    columns = [c for c in cells.columns if c == "persons" or c.startswith("p_")]
    cells[columns] = cells[columns] * 0.9
    return replace(world, region=replace(world.region, cells=cells)), Touched(population=True)


def trip_less(world: World) -> tuple[World, Touched]:
    """The middle trip of each day is taken out."""
    network = world.network
    assert network.timetable is not None

    def without(timetable: Any) -> Any:
        return remove_trips(timetable, np.array([len(timetable.trips) // 2]))

    days = {d: replace(of, timetable=without(of.timetable)) for d, of in network.day_types.items()}
    changed = replace(network, timetable=without(network.timetable), day_types=days)
    return replace(world, network=changed), Touched(timetable=True)


class Spent(NamedTuple):
    """Wall and CPU seconds; on a shared machine CPU says more."""

    wall_s: float
    cpu_s: float

    def __add__(self, other: tuple[float, ...]) -> Spent:  # type: ignore[override]
        return Spent(self.wall_s + other[0], self.cpu_s + other[1])

    def row(self) -> list[float]:
        """Rounded, for the result."""
        return [round(self.wall_s, 3), round(self.cpu_s, 3)]


def timed(make: Callable[[], Any]) -> tuple[Any, Spent]:
    """Result and time."""
    begin = time.perf_counter(), time.process_time()
    found = make()
    return found, Spent(time.perf_counter() - begin[0], time.process_time() - begin[1])


def measure(
    name: str,
    world: World,
    services: tuple[str, ...],
    case: Callable[[str, str], Case],
    options: Any,
    folder: Path | None,
) -> dict[str, Any]:
    """One world: the full run, warming, every kind of change."""
    groups = ("all",) if name.startswith("state") else ("all", "75_84")
    store = PtStore(folder) if folder is not None else None
    reach, of_reach = timed(
        lambda: compute_reach(
            world.region, world.network, world.catalogue, groups=groups, pt_store=store, threads=options.threads
        )
    )
    parts, of_supply = timed(lambda: assess_parts(world.region, reach, world.catalogue))
    full = of_reach + of_supply
    workspace = Workspace(world, reach=reach, parts=parts, groups=groups, threads=options.threads)
    _, of_warm = timed(workspace.warm)
    print(f"{name}: full run {full.wall_s:.1f} s (CPU {full.cpu_s:.1f}), warm in {of_warm.wall_s:.1f} s", flush=True)

    def answer(make: Callable[[World], tuple[World, Touched]], on: Answer | None = None) -> tuple[Answer, Spent]:
        before = world if on is None else on.world
        return timed(lambda: workspace.answer(*make(before), on=on))

    rows: list[dict[str, Any]] = []

    def note(change: str, service: str, spent: list[Spent], wanted: float | None) -> None:
        middle = Spent(*np.median(np.array(spent), axis=0).tolist())
        row: dict[str, Any] = {
            "change": change, "service": service, "rounds": len(spent), "median_s": middle.row(),
            "max_s": round(max(s.wall_s for s in spent), 3),
            "times_as_fast": [round(full.wall_s / middle.wall_s, 1), round(full.cpu_s / middle.cpu_s, 1)],
        }  # fmt: skip
        if wanted is not None:
            row["wanted_s"], row["met"] = round(wanted, 2), row["max_s"] < wanted
        rows.append(row)
        print(f"{name}: {json.dumps(row)}", flush=True)

    ratio = WANTED_RATIO.get(name)
    limit = WANTED_S.get(name, full.wall_s / ratio if ratio else None)
    kinds = ("open", "move", "close")
    for service in services:
        for kind in kinds:
            make = case(kind, service)
            note(kind, service, [answer(partial(make, k=k))[1] for k in range(ROUNDS)], limit)
    ten, spent = timed(lambda: [answer(partial(case("move", services[0]), k=k))[0] for k in range(10)])
    note("ten moves side by side", services[0], [spent], None)
    del ten
    with_car = next(s for s in services if "car" in world.catalogue.services[s].standards)
    note("standard by car", with_car, [answer(lambda w: stricter(w, with_car))[1]], None)
    note("population", "", [answer(other_people)[1]], None)
    merges: dict[str, int] = {}
    if world.network.timetable is not None:
        told, spent = answer(trip_less)
        note("a trip less", "", [spent], WANTED_TIMETABLE_S.get(name))
        merges = {"merged": told.merges.merged, "taken_over": told.merges.skipped}
        del told
    checked = False
    if not options.no_check and (name != "state" or options.check_state):
        last: Answer | None = None
        for kind in kinds:
            last, _ = answer(lambda w, kind=kind: case(kind, services[0])(w, 1), on=last)
        assert last is not None
        assert_as_full_run(last, last.world, groups=groups)
        checked = True
    return {
        "cells": len(world.region.cells), "facilities": len(world.region.facilities), "targets": len(reach.targets),
        "day_types": len(world.network.day_types), "reach_s": of_reach.row(), "supply_s": of_supply.row(),
        "warm_s": of_warm.row(), "changes": rows, "columns_of_the_trip_less": merges,
        "equal_to_the_full_run": checked, "peak_gb": peak_gb(),
    }  # fmt: skip


def real_region(name: str, options: Any) -> dict[str, Any] | None:
    """A region of docs/regions, or the sample."""
    with tempfile.TemporaryDirectory() as folder:
        project = project_of(name, Path(folder) / name)
        if project is None:
            return None
        catalogue = read_catalogue(land=read_settings(project).land or "ST")
        region = read_region(project, catalogue=catalogue)
        world = World(region, build_network(region, catalogue), catalogue)
        open_now = region.facilities[(region.facilities["state"] == "open") & region.facilities["in_study"]]
        services = tuple(s for s in SERVICES if (open_now["service"] == s).sum() > 1)
        return measure(name, world, services, by_change, options, None)


def generated_state(options: Any) -> dict[str, Any]:
    """The state of bench_state.py, columns by public transport on disk."""
    part = 10 if options.quick else 1
    catalogue = read_catalogue()
    made = make_state(n_stops=STOPS // part, n_connections=CONNECTIONS // part, n_cells=CELLS_WANTED // part)
    raw = streets(NODES // part, SIDE_M)
    region = region_of(made, catalogue, FACILITIES_WANTED // part)
    world = World(region, network_of(made, raw, catalogue), catalogue)
    del raw
    with tempfile.TemporaryDirectory() as folder:
        services = (services_of(catalogue)[0],)
        return measure("state_quick" if options.quick else "state", world, services, by_table, options, Path(folder))


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the sample, stockheim and a tenth of the state")
    parser.add_argument("--only", nargs="*", choices=("sample", "stockheim", "magdeburg", "state"))
    parser.add_argument("--threads", type=int, default=0, help="0 = one per processor")
    parser.add_argument("--no-check", action="store_true", help="do not compare with a full run")
    parser.add_argument("--check-state", action="store_true", help="compare on the whole state, too (minutes)")
    options = parser.parse_args()
    names = options.only or (["sample", "stockheim", "state"] if options.quick else ["stockheim", "magdeburg", "state"])
    found: dict[str, Any] = {"processors": len(os.sched_getaffinity(0))}
    for name in names:
        one = generated_state(options) if name == "state" else real_region(name, options)
        if one is not None:
            found[name] = one
    out = REPOSITORY / "benchmarks" / "results" / "scenario.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

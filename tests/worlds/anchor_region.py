"""Made-up records of provision, and the sample region with its travel times, for the tests of anchor problems from regions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from ankerort.anchors.build_offers import Priced
from ankerort.base.provenance import DatedValue
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.provision import (
    AnchorLevel,
    BundleRule,
    DatedRange,
    Decides,
    DecisionRule,
    LevelItem,
    Provision,
    Variant,
    VariantKind,
)
from ankerort.network.build import build_network
from ankerort.network.model import Network
from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.region.read_region import read_region
from ankerort.sample import write_sample
from ankerort.supply.parts import SupplyParts, assess_parts


def record(name: str, value: float) -> DatedValue:
    """A made-up record."""
    return DatedValue(name, value, "", "made up", "default", "D")


def _range(name: str, mid: float) -> DatedRange:
    return DatedRange(mid / 2, mid * 2, record(name, mid))


def variant(service: str, kind: VariantKind = "branch", *, hours: float = 0.0, hosts: tuple[str, ...] = ()) -> Variant:
    """A variant that costs 1,000 EUR once (10 years) and 500 EUR a year, and needs 50 persons."""
    name = f"{service}_{kind}"
    return Variant(
        name, service, kind, name, name,
        quality=record("quality", 1.0 if kind == "branch" else 0.5),
        invest_eur=_range(f"{name}.invest_eur", 1000.0),
        lifetime_years=record("lifetime", 10.0),
        operation_eur=_range(f"{name}.operation_eur", 500.0),
        viable_persons=record("viable", 50.0),
        capacity_persons=record("capacity", 0.0),
        room_m2=record("room", 0.0),
        hours_week=record("hours", hours),
        hosts=hosts,
    )  # fmt: skip


def _rule(service: str, decides: Decides, *, may_close: bool = False) -> DecisionRule:
    return DecisionRule(service, decides, "voluntary", "", "", may_close)


def provision() -> Provision:
    """Two levels, a bundle, and variants of services that differ in their modes, ages and directions."""
    variants = (
        variant("supermarket"), variant("village_shop"), variant("bakery", "agency", hosts=("village_shop", "supermarket")),
        variant("general_practitioner"), variant("general_practitioner", "hours", hours=8.0), variant("pharmacy"),
        variant("kindergarten"), variant("citizen_office"), variant("citizen_office", "hours", hours=4.0),
        variant("village_hall"), variant("library"), variant("fire_station"), variant("youth_club"),
    )  # fmt: skip
    basic = tuple(
        LevelItem(f"core:{i}", i == "stop", record(i, 1.0)) for i in ("bakery_village_shop", "stop", "meeting_place")
    )
    more = tuple(LevelItem(f"core:{i}", False, record(i, 1.0)) for i in ("general_practitioner", "primary_school"))
    levels = (
        AnchorLevel("basic", "a", "a", basic, record("at_least", 2.0), _range("basic", 100.0)),
        AnchorLevel("full", "b", "b", (*basic, *more), record("at_least", 4.0), _range("full", 200.0)),
    )
    shop = BundleRule(
        "shop", "c", "c", "building", ("village_shop", "bakery"), ("branch", "agency"), _range("shop", 50.0)
    )
    decisions = {
        "village_hall": _rule("village_hall", "own", may_close=True),
        "library": _rule("library", "own", may_close=True),
        "citizen_office": _rule("citizen_office", "own"),
        "general_practitioner": _rule("general_practitioner", "recruit"),
    }
    weights = {"core:general_practitioner": record("w", 2.0)}
    people = {k: record(k, 1.0 + n) for n, k in enumerate(("young", "old", "young_car", "old_car"))}
    uses = {"core:general_practitioner": record("u", 8.0)}
    return Provision({v.id: v for v in variants}, levels, (shop,), decisions, weights, people, uses)


def priced(one: Variant, place_id: str) -> Priced:
    """Investment over ten years without interest, and operation."""
    once = np.array([one.invest_eur.low, one.invest_eur.mid, one.invest_eur.high])
    running = np.array([one.operation_eur.low, one.operation_eur.mid, one.operation_eur.high])
    return Priced(once, once / 10, running)


@dataclass(frozen=True)
class World:
    """All that `prepare` asks for."""

    region: Region
    network: Network
    reach: Reach
    parts: SupplyParts
    catalogue: Catalogue


@cache
def sample_world() -> World:
    """The sample region, seed 1."""
    catalogue = replace(read_catalogue(), provision=provision())
    with TemporaryDirectory() as folder:
        target = Path(folder) / "musterkreis"
        write_sample(target, seed=1)
        region = read_region(target, catalogue=catalogue)
        network = build_network(region, catalogue)
    reach = compute_reach(region, network, catalogue, threads=2)
    return World(region, network, reach, assess_parts(region, reach, catalogue), catalogue)

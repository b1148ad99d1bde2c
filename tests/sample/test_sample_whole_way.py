"""The Musterkreis from its files to the balance of its places."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ankerort.catalogue import read_catalogue
from ankerort.network.build import build_network
from ankerort.network.model import Network
from ankerort.reach.compute import compute_reach
from ankerort.region.model import Region
from ankerort.region.read_region import read_region
from ankerort.sample import SampleFacts, write_sample
from ankerort.supply.assess import assess

Built = tuple[Region, Network, SampleFacts]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Region, network and facts of seed 1."""
    folder: Path = tmp_path_factory.mktemp("sample")
    facts = write_sample(folder)
    catalogue = read_catalogue(land="ST")
    region = read_region(folder, catalogue=catalogue)
    return region, build_network(region, catalogue), facts


def _place_ids(region: Region, facts: SampleFacts) -> dict[str, str]:
    named = {(n, a): i for n, a, i in region.places[["name", "ags", "place_id"]].itertuples(index=False)}
    return {key: named[name, ags] for key, (name, ags) in facts.place_names.items()}


def test_walks_between_places_are_as_long_as_the_roads(built: Built) -> None:
    """On foot from centre to centre takes the stated length of the road, within 1 % or the 50 m by which a centre may lie aside."""
    region, network, facts = built
    places = region.places.set_index("place_id")
    ids = _place_ids(region, facts)
    x, y = places["x"].to_numpy(float), places["y"].to_numpy(float)
    points = network.foot.prepare(x, y)
    columns = network.foot.columns(points, points, limit=12_000)
    row = {place_id: k for k, place_id in enumerate(places.index)}
    for road in facts.roads:
        homes, metres = columns.column(row[ids[road.end]])
        found = metres[homes == row[ids[road.start]]]
        assert found.size == 1, road
        assert int(found[0]) == pytest.approx(road.metres, rel=0.01, abs=50), road


def test_nobody_crosses_the_river_but_by_its_bridges(built: Built) -> None:
    """Fährdorf lies at the river without a bridge: on foot to the other bank is more than twice the straight line."""
    region, network, facts = built
    places = region.places.set_index("place_id")
    ids = _place_ids(region, facts)
    pair = places.loc[[ids["faehrdorf"], ids["kleinwoerden"]], ["x", "y"]].to_numpy(float)
    straight = float(np.hypot(*(pair[0] - pair[1])))
    points = network.foot.prepare(pair[:, 0], pair[:, 1])
    homes, metres = network.foot.columns(points, points, limit=30_000).column(1)
    assert int(metres[homes == 0][0]) > 2 * straight


@pytest.mark.slow
def test_balance_tells_the_story_of_the_district(built: Built) -> None:
    """All six states occur, each where the design puts it."""
    region, network, facts = built
    catalogue = read_catalogue(land="ST")
    supply = assess(region, compute_reach(region, network, catalogue), catalogue)
    ids = {place_id: key for key, place_id in _place_ids(region, facts).items()}
    rows = supply.place_service
    state = {(ids.get(p, ""), s): v for p, s, v in rows[["place_id", "service", "state"]].itertuples(index=False)}
    assert set(rows["state"]) == {"O", "M", "E", "A", "–", "?"}
    for (key, service), known in facts.services.items():
        if known == "open" and key != "werbenau":
            assert state[key, service] == "O", (key, service)
    # The town has confirmed that there is no shop; in Hüttelsdorf nobody has said so.
    assert state["grossboelsdorf", "village_shop"] == "–"
    assert state["huettelsdorf", "village_shop"] == "?"
    for place in ("suelzberg", "hoehenziepel", "altenroede"):
        assert state[place, "bank_branch"] == "M", place
    assert state["faehrdorf", "general_practitioner"] == "A"
    assert state["hoehenziepel", "supermarket"] == "E"  # across the district border
    assert state["doebelitz", "supermarket"] == "–"

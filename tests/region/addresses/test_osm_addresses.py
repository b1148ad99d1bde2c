from pathlib import Path

from ankerort.region.addresses.osm_addresses import read_osm_addresses

OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
<node id="1" lat="52.0" lon="11.0"><tag k="addr:street" v="Am Bach"/><tag k="addr:housenumber" v="3a"/><tag k="addr:postcode" v="39393"/></node>
<node id="2" lat="52.1" lon="11.0"><tag k="addr:housenumber" v="4"/></node>
<node id="3" lat="52.0" lon="11.2"/><node id="4" lat="52.0" lon="11.4"/><node id="5" lat="52.2" lon="11.4"/><node id="6" lat="52.2" lon="11.2"/>
<way id="9"><nd ref="3"/><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="3"/><tag k="building" v="yes"/><tag k="addr:place" v="Adorf"/><tag k="addr:housenumber" v="7"/></way>
</osm>
"""


def test_points_and_buildings_with_a_number_are_addresses(tmp_path: Path) -> None:
    """A point stands where it is, a building at the mean of its corners; a number without street or place is no address."""
    path = tmp_path / "x.osm"
    path.write_text(OSM, encoding="utf-8")
    table = read_osm_addresses(path, source_id="osm", crs="EPSG:25832")
    assert table[["street", "number", "postcode"]].to_numpy().tolist() == [
        ["Am Bach", "3a", "39393"],
        ["Adorf", "7", ""],
    ]
    assert table[["lon", "lat"]].round(6).to_numpy().tolist() == [[11.0, 52.0], [11.3, 52.1]]
    assert table["district"].to_list() == ["", "Adorf"]

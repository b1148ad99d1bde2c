"""Writes a world's map as OSM PBF: sorted, with a header box, the same bytes for the same map."""

from __future__ import annotations

from pathlib import Path

import osmium
from osmium.osm import mutable

from ankerort.base.files import replacing
from ankerort.sample.world import OsmMap, lonlat

# A fixed day stands in for the clock, so that the file depends on the map alone.
_WRITTEN = "2026-11-01T00:00:00Z"


def write_osm(osm: OsmMap, path: Path) -> None:
    """Write `osm` to `path` (``.osm.pbf``).

    Objects carry version 1 and one fixed timestamp; the header's box encloses all nodes.
    """
    positions = [lonlat(n.x_m, n.y_m) for n in osm.nodes]
    header = osmium.io.Header()
    if positions:
        lons, lats = zip(*positions, strict=True)
        header.add_box(osmium.osm.Box(min(lons), min(lats), max(lons), max(lats)))
    header.set("generator", "ankerort sample")
    with replacing(path) as temporary:
        # osmium takes the format from the last suffixes of the name, and the temporary name keeps only ".pbf".
        writer = osmium.SimpleWriter(osmium.io.File(str(temporary), "pbf"), header=header, overwrite=True)
        try:
            for node, position in zip(osm.nodes, positions, strict=True):
                writer.add_node(
                    mutable.Node(
                        id=node.id, location=position, tags=dict(node.tags), version=1, timestamp=_WRITTEN, changeset=1
                    )
                )
            for way in osm.ways:
                writer.add_way(
                    mutable.Way(
                        id=way.id,
                        nodes=list(way.nodes),
                        tags=dict(way.tags),
                        version=1,
                        timestamp=_WRITTEN,
                        changeset=1,
                    )
                )
            for relation in osm.relations:
                writer.add_relation(
                    mutable.Relation(
                        id=relation.id,
                        members=list(relation.members),
                        tags=dict(relation.tags),
                        version=1,
                        timestamp=_WRITTEN,
                        changeset=1,
                    )
                )
        finally:
            writer.close()

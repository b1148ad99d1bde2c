"""Known layouts of facility lists: which column is what, and which of their values are services of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

IGNORED = ""  # a value that is no service


@dataclass(frozen=True)
class Preset:
    """A known layout of a facility list.

    Parameters
    ----------
    columns
        Ankerort's column -> column of the file.
    service
        The one service of the whole file, or empty.
    service_column
        Column whose values `service_map` turns into services, or empty.
    service_map
        Value (lower case) -> service id, or ``IGNORED``. Values that do not stand here are ignored and counted.
    probable
        Values of the service column that are weak evidence only.
    tags
        The file says what its rows are like an OSM tag would: together with the name they must match the
        catalogue's rule of `service`, or the row is ignored and counted (psychiatric day clinics in a list of hospitals).
    name_parts
        Further columns that are joined to the name.
    osm_ref
        Columns with type and id of the OSM object behind a row, or None.
    signature
        Column -> pattern that at least half of its values hold, where other lists have the same heads; only for recognising
        a file in the inbox.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    service: str = ""
    service_column: str = ""
    service_map: Mapping[str, str] = field(default_factory=dict)
    probable: frozenset[str] = frozenset()
    tags: Mapping[str, str] = field(default_factory=dict)
    name_parts: tuple[str, ...] = ()
    osm_ref: tuple[str, str] | None = None
    signature: Mapping[str, str] = field(default_factory=dict)


PRESETS: Mapping[str, Preset] = {
    "template": Preset(),
    "eurostat_hospitals": Preset(
        columns={
            "id": "id",
            "name": "hospital_name",
            "lon": "lon",
            "lat": "lat",
            "capacity": "cap_beds",
            "source_date": "ref_date",
        },
        service="hospital",
        tags={"amenity": "hospital"},
        name_parts=("site_name",),
    ),
    "lidl_osm_2024": Preset(
        columns={
            "name": "name",
            "lon": "lon",
            "lat": "lat",
            "opening_hours": "opening_hours",
            "wheelchair": "wheelchair",
        },
        service="discounter",
        osm_ref=("osm_type", "osm_id"),
        signature={"name": r"\blidl\b"},
    ),
    "poi_magdeburg": Preset(
        columns={"lon": "lon", "lat": "lat"},
        service_column="category",
        service_map={
            "cafe": "restaurant",
            "grocery": "supermarket",
            "pharmacy": "pharmacy",
            "transit": "bus_stop",
            # "healthcare" and "school" do not say which doctor or school it is; parks and gyms are no services.
            "healthcare": IGNORED,
            "school": IGNORED,
            "park": IGNORED,
            "gym": IGNORED,
            "university": IGNORED,
        },
        probable=frozenset({"cafe", "grocery"}),
    ),
    "sales_points_nasa": Preset(
        columns={
            "name": "Verkaufsstelle",
            "lon": "Lon",
            "lat": "Lat",
            "place_name": "Ort",
            "opening_hours": "Öffnungszeiten",
        },
        service_column="Vertriebsstellenart",
        # Shops that sell tickets; the shipped catalogue has no such service (docs/regions/magdeburg/katalog adds it).
        service_map={},
    ),
    "db_stations": Preset(
        columns={"id": "eva", "name": "name", "lon": "lon", "lat": "lat", "wheelchair": "stepless"},
        service="rail_station",
    ),
}

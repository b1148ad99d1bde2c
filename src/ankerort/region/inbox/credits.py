"""Which record of the downloads a file is, by its content: for its title and credit line, and for what is still missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping

# Layouts that only one publisher uses.
RECORD_OF_PRESET: Mapping[str, str] = {
    "nasa_register": "stops_st",
    "eurostat_hospitals": "hospitals_eurostat",
    "template": "facility_template",
    "charging_register": "charging_points",
    "jedeschule": "schools_jedeschule",
}
# Columns that stand together in VG250 only.
_VG250 = frozenset({"ade", "gen", "bez", "gf"})


def record_id(kind: str, preset: str, columns: Collection[str]) -> str:
    """Id of the record whose layout the file has; empty where several publishers use the layout."""
    if kind == "boundaries" and set(columns) >= _VG250:
        return "vg250"
    if kind == "broadband" and columns:
        return "broadband"
    return RECORD_OF_PRESET.get(preset, "")

"""``region.toml``: which inputs a region has, which area is studied, which options apply.

Everything that a user writes there is declared here; `ankerort.region.read_settings` reads and checks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ankerort.catalogue.input_kinds import InputKind

FORMAT_VERSION = 1
LEADING = ("census", "register")


@dataclass(frozen=True)
class InputSettings:
    """One ``[[input]]`` of ``region.toml``.

    Parameters
    ----------
    kind
        What it is.
    files
        Absolute paths. One file, except census (several grids belong together) and stop_matrix (stops, times).
    source_id
        Short id of the source, unique; default: kind and number.
    preset
        Name of a known column layout (see docs/reference/region-toml.md), or empty.
    columns
        Column mapping: Ankerort's name -> name in the file. Overrides the preset.
    options
        Further values of the input, by kind (declared in docs/reference/region-toml.md), for instance
        ``service``, ``complete``, ``footprint``, ``booking_lead_min``, ``on_demand_routes``, ``layer``, ``crs``.
    title, publisher, licence, attribution, date, note
        What is printed about the source.
    """

    kind: InputKind
    files: tuple[Path, ...]
    source_id: str
    preset: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)
    title: str = ""
    publisher: str = ""
    licence: str = ""
    attribution: str = ""
    date: str = ""
    note: str = ""


@dataclass(frozen=True)
class RegionSettings:
    """All of ``region.toml``.

    Parameters
    ----------
    folder
        The project folder (absolute).
    name
        Name of the region, as printed.
    study_ags
        Keys of the study area: municipalities (8 digits), districts (5) or Laender (2), as prefixes of the AGS.
    buffer_km
        Facilities and people up to this distance count but are not reported.
    crs
        Projected system for all metres, default ``EPSG:25832``.
    land
        Land (ISO 3166-2 part, ``ST``, ``HE`` ...) for holidays and single-year ages; empty = from the AGS.
    day
        Service day asked for (ISO date) or empty = chosen by rule.
    inputs
        The inputs in the order of the file.
    catalogue_folder
        Folder with a user's own catalogue files, or None.
    source_order
        Precedence when facilities are merged, first wins; ``municipality``, ``official``, ``osm`` by default.
    scale_to_totals
        Scale cells to the municipal totals where a totals file is given.
    merge_distance_m
        Facilities of the same service within this distance and with similar or no name are one.
    people_at
        Where people of a cell stand: ``cell`` (its middle), ``addresses`` (house coordinates and building outlines of the
        inputs), ``osm`` (addresses of the OSM extract); empty = addresses where there is such an input.
    population
        Whose count of people leads: ``census``, or ``register`` (tables of the registration offices by Ort).
    standard_set
        Set of standards of the catalogue that the balance uses (``standard_sets.csv``).
    ledger
        Confirmations of the municipalities (``rueckmeldung/bestaetigungen.csv``), None where there are none.
    """

    folder: Path
    name: str
    study_ags: tuple[str, ...]
    buffer_km: float = 30.0
    crs: str = "EPSG:25832"
    land: str = ""
    day: str = ""
    inputs: tuple[InputSettings, ...] = ()
    catalogue_folder: Path | None = None
    source_order: tuple[str, ...] = ("municipality", "official", "osm")
    scale_to_totals: bool = False
    merge_distance_m: float = 150.0
    standard_set: str = "catalogue"
    population: str = "census"
    people_at: str = ""
    ledger: Path | None = None

    def inputs_of(self, kind: InputKind) -> tuple[InputSettings, ...]:
        """The inputs of one kind, in order."""
        return tuple(i for i in self.inputs if i.kind == kind)

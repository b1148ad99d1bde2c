"""What a region still lacks: the records of the downloads whose subject no input covers. `init` and `check` ask alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ankerort.catalogue.downloads import Download
from ankerort.region.inbox.credits import RECORD_OF_PRESET
from ankerort.region.inbox.peek import peek_layers, peek_parquet, peek_text
from ankerort.region.settings import InputSettings

# Subjects of census records; all other records are of the subject of their kind, lists of facilities each of its own.
_CENSUS = {
    "zensus2022_population": "persons",
    "zensus2022_ages": "ages",
    "zensus2022_ages_10": "ages_80",
    "totals_gv": "totals",
}
# What lists of offices cover; a credit line does not follow from them, since every office keeps its own.
_LISTS = {
    "doctors_list": ("doctors_kv",),
    "childcare_plan": ("kita_plan",),
    "school_plan": ("schools", "schools_plan"),
    "school_districts": ("schools_plan",),
    "fire_plan": ("fire_brigade_plan",),
    "transport_stops": ("stop_register",),
    "care_providers": ("care_providers",),
    "charging_register": ("charging_points",),
    "jedeschule": ("schools",),
}
_OWN = {"place_register": "place_register"}
_PERSONS = frozenset({"einwohner", "insgesamt_bevoelkerung", "einwohner_2011"})
_AGES = frozenset({"a65undaelter", "ab65_a", "a60bis69", "alter_80plus"})
_AGES_80 = frozenset({"a80undaelter", "alter_80plus"})
_PLACE_HEADS = ("ort", "ortsteil", "ortschaft", "place", "stadtteil")


def missing_records(
    inputs: Sequence[InputSettings], downloads: Sequence[Download], *, land: str
) -> tuple[Download, ...]:
    """One record per subject that no input covers, those first without which there is no assessment, then the usual ones.

    Parameters
    ----------
    inputs
        The inputs of ``region.toml``.
    downloads
        Records of what can be had; of several on one subject the first that fits the Land is named.
    land
        Land of the region (``ST``).
    """
    there = {subject for one in inputs for subject in subjects_of(one)}
    lacking: dict[str, Download] = {}
    for record in downloads:
        subject = subject_of(record)
        if subject and subject not in there and record.fits(land):
            lacking.setdefault(subject, record)
    return tuple(sorted(lacking.values(), key=lambda record: (not record.required, not record.usual)))


def subject_of(record: Download) -> str:
    """What a record is about; records on one subject stand for each other. Empty = nothing that is missed."""
    if record.kind == "census":
        return _CENSUS.get(record.id, "")
    if record.kind == "facilities":
        return "schools" if record.id in ("schools_jedeschule", "schools_he") else record.id
    return _OWN.get(record.id, record.kind)


def subjects_of(one: InputSettings) -> set[str]:
    """What an input covers; looks into files of a census, since names do not tell."""
    if one.kind == "census":
        if one.options.get("totals") is True:
            return {"totals"}
        return census_subjects({head for path in one.files for head in _heads(path)} | mapped(one))
    if one.kind == "facilities":
        preset = one.preset or "template"
        return set(_LISTS.get(preset, (RECORD_OF_PRESET.get(preset, ""),))) - {""}
    if one.kind == "population":
        heads = {head for path in one.files for head in _heads(path)}
        workbook = any(path.suffix.lower() in (".xlsx", ".xlsm") for path in one.files)
        return {"place_register"} if workbook or heads & set(_PLACE_HEADS) else {"population"}
    if one.kind == "boundaries":
        # Districts alone, or a table of Verbandsgemeinden, are no boundaries of municipalities.
        table = all(path.suffix.lower() in (".csv", ".txt", ".tsv") for path in one.files)
        return set() if table or one.options.get("level") in ("district", "association") else {"boundaries"}
    # A matrix of travel times stands in for a timetable.
    return {"gtfs"} if one.kind == "stop_matrix" else {one.kind}


def census_subjects(heads: set[str]) -> set[str]:
    """``persons``, ``ages`` and ``ages_80``, as far as heads (lower case) of grids tell them."""
    subjects = {"persons": _PERSONS, "ages": _AGES, "ages_80": _AGES_80}
    return {subject for subject, known in subjects.items() if heads & known}


def mapped(one: InputSettings) -> set[str]:
    """Heads as if from a known file, for columns that the user mapped."""
    heads = set()
    for own in one.columns:
        if own == "persons":
            heads.add("einwohner")
        elif own.startswith(("age_", "share_")):
            heads |= {"a65undaelter"} | ({"a80undaelter"} if own.startswith("age_80") else set())
    return heads


def _heads(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    if path.suffix.lower() in (".gpkg", ".geojson", ".shp", ".fgb"):
        return {column.lower() for layer in peek_layers(path) or () for column in layer.values}
    table = peek_parquet(path) if path.suffix.lower() in (".parquet", ".pq") else None
    if table is None and path.suffix.lower() not in (".xlsx", ".xlsm"):
        table = peek_text(path)
    return set(table.head(0)) if table is not None else set()

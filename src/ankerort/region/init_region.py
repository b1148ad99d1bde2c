"""From an inbox to ``region.toml``: the folder is made, what lies in it recognised, what is missing named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ankerort.base.problems import Problem, Problems
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.downloads import Download
from ankerort.region.fetched_sources import read_fetched
from ankerort.region.inbox.areas import Areas, crs_of, name_of, read_areas
from ankerort.region.inbox.listing import composed, list_inbox
from ankerort.region.inbox.missing import missing_records
from ankerort.region.inbox.plan import PlannedInput, plan_inputs
from ankerort.region.inbox.recognise import recognise_files
from ankerort.region.inbox.region_file import PROPOSAL_NAME, OldFile, body_of, read_old, write_own, write_proposal
from ankerort.region.read_settings import FILE_NAME, LAND_OF_AGS, find_file, read_settings

INPUT_FOLDER = "eingang"
BUFFER_KM = 30.0
_MOST_DISTRICTS = 40
_OPTIONS: Mapping[str, object] = {
    "source_order": ["municipality", "official", "osm"],
    "scale_to_totals": False,
    "merge_distance_m": 150,
    "catalogue": "",
    "standard_set": "catalogue",
}


@dataclass(frozen=True)
class InitResult:
    """What `init_region` did.

    Parameters
    ----------
    path
        The file that was written or is there.
    state
        ``written``; ``unchanged`` = nothing to change; ``proposed`` = a person has edited ``region.toml``, what is new stands in
        `path` beside it; ``kept`` = edited, and nothing is new.
    inputs
        What was recognised, in the order of the file.
    problems
        What was left out or looks odd, and why.
    missing
        What is still missing, see `ankerort.region.inbox.missing.missing_records`.
    downloads
        All records that fit the Land.
    old
        Where the file that was replaced now stands.
    """

    path: Path
    state: Literal["written", "unchanged", "proposed", "kept"]
    inputs: tuple[PlannedInput, ...]
    problems: tuple[Problem, ...]
    missing: tuple[Download, ...]
    downloads: tuple[Download, ...]
    old: Path | None = None


def init_region(
    folder: Path,
    *,
    study_ags: tuple[str, ...] = (),
    name: str = "",
    crs: str = "",
    land: str = "",
    buffer_km: float | None = None,
    today: dt.date,
) -> InitResult:
    """Make a project folder, or bring its ``region.toml`` up to date with what lies in ``eingang/``.

    Parameters
    ----------
    folder
        Made if missing.
    study_ags
        Keys of the study area (Land 2, district 5, municipality 8 digits); default: those of the ``region.toml`` that is there.
    name
        Name of the region; default: from the boundaries, else the folder's name.
    crs
        Projected system; default: ``EPSG:25832`` west of 12 degrees, ``EPSG:25833`` east of it.
    land
        Land (``ST``); default: from the first key.
    buffer_km
        Width of the buffer; default 30 km.
    today
        Tells projections from counts of past years.

    Raises
    ------
    InputError
        If a key is none, or if there is no study area; the districts of the boundaries are named then.
    """
    problems = Problems()
    _check_keys(study_ags, land, problems)
    problems.raise_errors()
    inbox = folder / INPUT_FOLDER
    inbox.mkdir(parents=True, exist_ok=True)
    old = read_old(folder)
    if old is not None and not old.data:
        read_settings(folder)  # raises: it says what is wrong with the file
    before: Mapping[str, object] = old.data if old is not None else {}
    keys = study_ags or _texts(before.get("study_area", []))
    catalogue = read_catalogue(land=_land(keys, land or str(before.get("land", ""))) or "ST")
    found = recognise_files(
        list_inbox(inbox, problems=problems), catalogue=catalogue, this_year=today.year, problems=problems
    )
    areas = read_areas(found, keys)
    _check_area(keys, areas, problems)
    inputs = plan_inputs(
        found, folder=INPUT_FOLDER, downloads=catalogue.downloads, fetched=read_fetched(inbox), problems=problems
    )
    moved = bool(study_ags) and study_ags != _texts(before.get("study_area", []))
    default_name = composed(folder.resolve().name)
    top = _top(before, keys, areas, moved=moved, default_name=default_name)
    top["name"] = name or top["name"] or default_name
    top["crs"] = crs or top["crs"]
    top["land"] = _land(keys, land or ("" if moved else str(before.get("land", ""))))
    top["buffer_km"] = buffer_km if buffer_km is not None else top["buffer_km"]
    if old is None or old.own:
        body = body_of(top, _OPTIONS, [i.as_toml() for i in inputs])
        changed, kept = write_own(folder, body)
        path, state = folder / FILE_NAME, "written" if changed else "unchanged"
    else:
        given = {"name": name, "crs": crs, "land": land, "study_area": list(study_ags), "buffer_km": buffer_km}
        path, state, kept = _propose(folder, old, inputs, {k: v for k, v in given.items() if v}, problems)
    settings = read_settings(folder, problems=Problems())  # its problems are told by the check
    downloads = tuple(d for d in catalogue.downloads if d.fits(str(top["land"])))
    missing = missing_records(settings.inputs, catalogue.downloads, land=str(top["land"]))
    return InitResult(path, state, tuple(inputs), problems.sorted(), missing, downloads, kept)  # type: ignore[arg-type]


def _texts(values: object) -> tuple[str, ...]:
    return tuple(v for v in values if isinstance(v, str)) if isinstance(values, list) else ()


def _land(keys: Sequence[str], given: str) -> str:
    return given or (LAND_OF_AGS.get(keys[0][:2], "") if keys else "")


def _check_keys(keys: Sequence[str], land: str, problems: Problems) -> None:
    for key in keys:
        if not (key.isascii() and key.isdigit()):
            problems.add("settings_ags_digits", "error", FILE_NAME, ags=key)
        elif len(key) not in (2, 5, 8):
            problems.add("settings_ags_length", "error", FILE_NAME, ags=key, digits=len(key))
        elif key[:2] not in LAND_OF_AGS:
            problems.add("settings_ags_land", "error", FILE_NAME, ags=key)
    if land and land not in LAND_OF_AGS.values():
        problems.add("settings_land", "error", FILE_NAME, value=land, known=", ".join(LAND_OF_AGS.values()))


def _check_area(keys: tuple[str, ...], areas: Areas, problems: Problems) -> None:
    """A study area must be named, and the boundaries must know it."""
    told = [f"{key} {name}" for key, name in areas.districts.items()]
    told = told or sorted({key[:5] for key in areas.municipalities})
    districts = "; ".join(told[:_MOST_DISTRICTS]) + (" ..." if len(told) > _MOST_DISTRICTS else "")
    if not keys:
        if told:
            problems.add("inbox_no_study_area_known", "error", FILE_NAME, districts=districts)
        else:
            problems.add("inbox_no_study_area", "error", FILE_NAME)
        problems.raise_errors()
    for key in keys:
        if areas.municipalities and not any(ags.startswith(key) for ags in areas.municipalities):
            problems.add("inbox_area_unknown", "warning", FILE_NAME, ags=key, districts=districts)


def _top(
    before: Mapping[str, object], keys: tuple[str, ...], areas: Areas, *, moved: bool, default_name: str
) -> dict[str, object]:
    """The entries at the top: what was there goes on, unless the study area is another one."""
    old_name = "" if moved else str(before.get("name", ""))
    named = name_of(areas, keys)
    if old_name == default_name:
        old_name = ""  # nobody chose it
    old_crs = "" if moved else str(before.get("crs", ""))
    # The default that a first run without boundaries wrote gives way to what the boundaries say.
    first_guess = crs_of(Areas({}, {}, None), keys)
    keep_crs = old_crs and (old_crs != first_guess or areas.lon is None)
    return {
        "name": old_name or named,
        "study_area": list(keys),
        "buffer_km": before.get("buffer_km", BUFFER_KM),
        "crs": old_crs if keep_crs else crs_of(areas, keys),
        "land": "",
        "day": before.get("day", ""),
    }


def _propose(
    folder: Path, old: OldFile, inputs: Sequence[PlannedInput], given: Mapping[str, object], problems: Problems
) -> tuple[Path, str, Path | None]:
    """Beside an edited file: what it says, and the inputs that are new. The edited file itself is only read."""
    entries = [dict(e) for e in old.data.get("input", []) if isinstance(e, dict)]
    there = {p for e in entries for n in (e.get("file"), *(e.get("files") or ())) if n and (p := find_file(folder, n))}
    used = {str(e.get("id", "")) for e in entries}
    one_only = {str(e.get("kind", "")) for e in entries} & {"osm"}
    new = []
    for one in inputs:
        files = tuple(f for f in one.files if find_file(folder, f) not in there)
        if not files or (one.kind == "stop_matrix" and len(files) < len(one.files)):
            continue
        if one.kind in one_only:
            problems.add("inbox_osm_twice", "warning", files[0], first=FILE_NAME)
            continue
        ident, number = one.id, 1
        while ident in used:
            number += 1
            ident = f"{one.id}_{number}"
        used.add(ident)
        new.append(replace(one, files=files, id=ident))
    if not new and not given:
        return folder / FILE_NAME, "kept", None
    top = {k: v for k, v in old.data.items() if k not in ("format", "options", "input")} | dict(given)
    options = dict(old.data.get("options") or {})
    body = body_of(top, options, [*entries, *(one.as_toml() for one in new)])
    _, kept = write_proposal(folder, body)
    return folder / PROPOSAL_NAME, "proposed", kept

"""Reads and checks ``region.toml``: every mistake is a problem with its line, all of them at once."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast, get_args

from pyproj import CRS
from pyproj.exceptions import CRSError

from ankerort.base.problems import Problems
from ankerort.catalogue.input_kinds import InputKind
from ankerort.region.inquiry.ledger import ledger_path
from ankerort.region.settings import FORMAT_VERSION, LEADING, InputSettings, RegionSettings

FILE_NAME = "region.toml"

# Official key of the Land (first two digits of the AGS) -> ISO 3166-2 part.
LAND_OF_AGS: Mapping[str, str] = {
    "01": "SH",
    "02": "HH",
    "03": "NI",
    "04": "HB",
    "05": "NW",
    "06": "HE",
    "07": "RP",
    "08": "BW",
    "09": "BY",
    "10": "SL",
    "11": "BE",
    "12": "BB",
    "13": "MV",
    "14": "SN",
    "15": "ST",
    "16": "TH",
}

_TOP_KEYS: Mapping[str, tuple[type, ...]] = {
    "format": (int,),
    "name": (str,),
    "study_area": (list,),
    "buffer_km": (int, float),
    "crs": (str,),
    "land": (str,),
    "day": (str,),
    "options": (dict,),
    "input": (list,),
}
_OPTION_KEYS: Mapping[str, tuple[type, ...]] = {
    "source_order": (list,),
    "scale_to_totals": (bool,),
    "merge_distance_m": (int, float),
    "catalogue": (str,),
    "standard_set": (str,),
    "people_at": (str,),
    "population": (str,),
}
_INPUT_KEYS: Mapping[str, tuple[type, ...]] = {
    "kind": (str,),
    "file": (str,),
    "files": (list,),
    "id": (str,),
    "preset": (str,),
    "title": (str,),
    "publisher": (str,),
    "licence": (str,),
    "attribution": (str,),
    "date": (str,),
    "note": (str,),
    "columns": (dict,),
    "options": (dict,),
}
_VECTOR = ("layer", "crs")
_FOOTPRINT = ("footprint", "complete", "service", "services", "rank")
# Options of an input by kind; what each means stands in docs/reference/region-toml.md.
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "osm": _FOOTPRINT,
    "gtfs": (*_FOOTPRINT, "booking_lead_min", "on_demand_routes"),
    "census": (*_FOOTPRINT, *_VECTOR, "size_m", "scaled", "drop_not_available", "totals", "stock_year"),
    "boundaries": (*_VECTOR, "level"),
    "facilities": (
        *_FOOTPRINT,
        *("crs", "table", "service_column", "service_map", "certainty", "delimiter", "encoding", "sheet"),
        *("internal", "layer"),
    ),
    "places": (*_VECTOR, "override"),
    "stop_register": (*_FOOTPRINT, "kind"),
    "stop_matrix": _FOOTPRINT,
    "barriers": _VECTOR,
    "place_areas": _VECTOR,
    "projection": ("unit_persons", "year"),
    "population": ("unit_persons", "year", "ags", "municipality", "places", "internal"),
    "central_places": (),
    "addresses": ("crs", "delimiter", "encoding"),
    "building_outlines": _VECTOR,
    "broadband": ("delimiter", "encoding", "sheet", "unit", "internal"),
}
_ID = re.compile(r"[A-Za-z0-9_-]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def nearest_name(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, or an empty string if none is similar."""
    found = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return found[0] if found else ""


class _Lines:
    """Where a key stands: section number (0 = top, inputs from 1, options -1) and key -> line, from 1."""

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[int, str], int] = {}
        section = 0
        inputs = 0
        prefix = ""
        for number, raw in enumerate(text.splitlines(), start=1):
            line = raw.strip()
            if re.match(r"\[\[\s*input\s*\]\]", line):
                inputs += 1
                section, prefix = inputs, ""
                self._lines[(section, "")] = number
            elif header := re.match(r"\[([^\[\]]+)\]", line):
                title = header.group(1).strip()
                section = inputs if title.startswith("input.") else -1
                prefix = title.split(".", 1)[1] + "." if "." in title else ""
            elif key := re.match(r"([A-Za-z0-9_\-]+|\"[^\"]+\")\s*=", line):
                self._lines.setdefault((section, prefix + key.group(1).strip('"')), number)

    def of(self, section: int, key: str = "") -> int | None:
        """Line of the key, else of the section's head."""
        return self._lines.get((section, key), self._lines.get((section, "")))


class _Reader:
    """Checks one file; every method adds to `problems` and returns what can be used."""

    def __init__(self, path: Path, text: str, problems: Problems) -> None:
        self.path = path
        self.folder = path.parent
        self.problems = problems
        self.lines = _Lines(text)

    def fault(self, code: str, section: int, key: str, *, severity: Any = "error", **params: object) -> None:
        self.problems.add(
            code, severity, self.path.name, row=self.lines.of(section, key), column=key or None, key=key, **params
        )

    def checked(self, table: Mapping[str, Any], known: Mapping[str, tuple[type, ...]], section: int) -> dict[str, Any]:
        """The entries with known keys and right types."""
        good: dict[str, Any] = {}
        for key, value in table.items():
            if key not in known:
                suggestion = nearest_name(key, known)
                self.fault("settings_unknown_key", section, key, suggestion=suggestion or ", ".join(known))
                continue
            # bool is an int in Python; `buffer_km = true` must not pass as 1.
            right = isinstance(value, known[key]) and (bool in known[key] or not isinstance(value, bool))
            if not right:
                self.fault("settings_wrong_type", section, key, expected=_type_name(known[key]), value=str(value))
                continue
            good[key] = value
        return good

    def number(self, table: Mapping[str, Any], key: str, default: float, section: int) -> float:
        value = float(table.get(key, default))
        if value < 0 or not math.isfinite(value):
            self.fault("settings_negative", section, key, value=f"{value:g}")
            return default
        return value

    def one_of(self, table: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str:
        """One of the known words; else a fault and the first of them."""
        value = str(table.get(key, known[0]))
        if value in known:
            return value
        self.fault("settings_choice", -1, key, value=value, known=", ".join(k for k in known if k))
        return known[0]

    def strings(self, values: list[Any], key: str, section: int) -> tuple[str, ...]:
        wrong = [v for v in values if not isinstance(v, str)]
        if wrong:
            self.fault("settings_wrong_type", section, key, expected=_type_name((list,)), value=str(wrong[0]))
        return tuple(v for v in values if isinstance(v, str))

    def study_ags(self, values: list[Any]) -> tuple[str, ...]:
        keys: list[str] = []
        for value in values:
            if isinstance(value, int):
                self.fault("settings_ags_number", 0, "study_area", ags=str(value))
            elif not isinstance(value, str) or not value.isascii() or not value.isdigit():
                self.fault("settings_ags_digits", 0, "study_area", ags=str(value))
            elif len(value) not in (2, 5, 8):
                self.fault("settings_ags_length", 0, "study_area", ags=value, digits=len(value))
            elif value[:2] not in LAND_OF_AGS:
                self.fault("settings_ags_land", 0, "study_area", ags=value)
            elif value in keys:
                self.fault("settings_ags_twice", 0, "study_area", severity="warning", ags=value)
            else:
                keys.append(value)
        if not values:
            self.fault("settings_no_study_area", 0, "study_area")
        return tuple(keys)

    def crs(self, text: str) -> str:
        try:
            crs = CRS.from_user_input(text)
        except CRSError:
            self.fault("settings_crs_unknown", 0, "crs", value=text)
            return "EPSG:25832"
        if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info):
            self.fault("settings_crs_not_metres", 0, "crs", value=text)
            return "EPSG:25832"
        return text

    def file(self, name: str, section: int, key: str, *, kind: str) -> Path | None:
        path = find_file(self.folder, name)
        if path is None:
            wanted = self.folder / name
            names = [p.name for p in wanted.parent.iterdir()] if wanted.parent.is_dir() else []
            self.fault(
                "settings_file_missing", section, key, file=name, suggestion=nearest_name(wanted.name, names) or "–"
            )
        elif path.is_dir() and kind == "gtfs":
            return path  # an unpacked feed
        elif path.is_dir():
            self.fault("settings_file_is_folder", section, key, file=name)
            return None
        elif path.stat().st_size == 0:
            self.fault("settings_file_empty", section, key, file=name)
            return None
        return path

    def input(self, table: Any, section: int, used_ids: set[str], kinds: dict[str, int]) -> InputSettings | None:
        if not isinstance(table, dict):
            self.fault("settings_wrong_type", section, "input", expected=_type_name((dict,)), value=str(table))
            return None
        good = self.checked(table, _INPUT_KEYS, section)
        kind = str(good.get("kind", ""))
        if kind not in get_args(InputKind):
            suggestion = nearest_name(kind, get_args(InputKind)) or ", ".join(get_args(InputKind))
            self.fault("settings_unknown_kind", section, "kind", value=kind, suggestion=suggestion)
            return None
        kinds[kind] = kinds.get(kind, 0) + 1
        source_id = good.get("id") or (kind if kinds[kind] == 1 else f"{kind}_{kinds[kind]}")
        if not _ID.fullmatch(source_id):
            self.fault("settings_id_letters", section, "id", value=source_id)
        if source_id in used_ids:
            self.fault("settings_id_twice", section, "id", value=source_id)
            return None
        used_ids.add(source_id)
        if ("file" in good) == ("files" in good):
            self.fault("settings_file_or_files", section, "file", kind=kind)
            return None
        key = "file" if "file" in good else "files"
        names = (good["file"],) if key == "file" else self.strings(good["files"], "files", section)
        files = tuple(path for name in names if (path := self.file(name, section, key, kind=kind)) is not None)
        if len(files) < len(names) or not files:
            if not names:
                self.fault("settings_file_or_files", section, "files", kind=kind)
            return None
        columns = {str(k): v for k, v in good.get("columns", {}).items() if isinstance(v, str)}
        for name, value in good.get("columns", {}).items():
            if not isinstance(value, str):
                self.fault("settings_wrong_type", section, f"columns.{name}", expected="text", value=str(value))
        if (date := good.get("date", "")) and not _DATE.fullmatch(date):
            self.fault("settings_date", section, "date", severity="warning", value=date)
        for name in good.get("options", {}):
            if name not in OPTIONS[kind]:
                suggestion = nearest_name(name, OPTIONS[kind]) or ", ".join(OPTIONS[kind])
                key = f"options.{name}"
                self.fault(
                    "settings_unknown_option", section, key, severity="warning", name=name, suggestion=suggestion
                )
        text = {k: good.get(k, "") for k in ("preset", "title", "publisher", "licence", "attribution", "date", "note")}
        return InputSettings(
            kind=cast(InputKind, kind),
            files=files,
            source_id=source_id,
            columns=columns,
            options=good.get("options", {}),
            **text,
        )


def find_file(folder: Path, name: str) -> Path | None:
    """The file of that name, whichever way its umlauts are composed (macOS writes them in two characters)."""
    for form in (name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)):
        path = folder / form
        if path.exists():
            return path.resolve()
    return None


def read_settings(folder: Path, *, problems: Problems | None = None) -> RegionSettings:
    """Read ``region.toml``.

    Parameters
    ----------
    folder
        The project folder, or the file itself.
    problems
        Collects what is wrong, so that a check can go on; inputs that cannot be used are left out.
        Without it, errors are raised together.

    Returns
    -------
    RegionSettings
        Paths are absolute; ``land`` is taken from the AGS if empty.

    Raises
    ------
    InputError
        If the file is missing or is no TOML (always), or has errors and `problems` is not given.
    """
    path = (folder / FILE_NAME if folder.is_dir() or not folder.suffix else folder).resolve()
    found = Problems() if problems is None else problems
    text = _text(path, found)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        _syntax_problem(path, text, str(error), found)
        found.raise_errors()
        raise
    reader = _Reader(path, text, found)
    top = reader.checked(data, _TOP_KEYS, 0)
    version = top.get("format")
    if version != FORMAT_VERSION:
        reader.fault("settings_format", 0, "format", value=str(version), supported=FORMAT_VERSION)
    options = reader.checked(top.get("options", {}), _OPTION_KEYS, -1)
    used_ids: set[str] = set()
    kinds: dict[str, int] = {}
    inputs = [reader.input(table, k, used_ids, kinds) for k, table in enumerate(top.get("input", []), start=1)]
    for kind, missing_ok in (("boundaries", False), ("census", False), ("osm", True)):
        if kind not in kinds:
            severity = "note" if missing_ok else "error"
            reader.fault(f"settings_no_{kind}", 0, "", severity=severity)
    study_ags = reader.study_ags(top.get("study_area", []))
    day = top.get("day", "")
    if day and not _DATE.fullmatch(day):
        reader.fault("settings_date", 0, "day", value=day)
        day = ""
    land = top.get("land", "")
    if land and land not in LAND_OF_AGS.values():
        reader.fault("settings_land", 0, "land", value=land, known=", ".join(LAND_OF_AGS.values()))
        land = ""
    catalogue = options.get("catalogue", "")
    catalogue_folder = find_file(path.parent, catalogue) if catalogue else None
    if catalogue and (catalogue_folder is None or not catalogue_folder.is_dir()):
        reader.fault("settings_catalogue_missing", -1, "catalogue", file=catalogue)
        catalogue_folder = None
    settings = RegionSettings(
        folder=path.parent,
        name=top.get("name", "") or path.parent.name,
        study_ags=study_ags,
        buffer_km=reader.number(top, "buffer_km", 30.0, 0),
        crs=reader.crs(top.get("crs", "EPSG:25832")),
        land=land or (LAND_OF_AGS[study_ags[0][:2]] if study_ags else ""),
        day=day,
        inputs=tuple(i for i in inputs if i is not None),
        catalogue_folder=catalogue_folder,
        source_order=reader.strings(
            options.get("source_order", ["municipality", "official", "osm"]), "source_order", -1
        ),
        scale_to_totals=options.get("scale_to_totals", False),
        merge_distance_m=reader.number(options, "merge_distance_m", 150.0, -1),
        standard_set=options.get("standard_set", "") or "catalogue",
        ledger=_ledger(path.parent),
        population=reader.one_of(options, "population", LEADING),
        people_at=reader.one_of(options, "people_at", ("", "cell", "addresses", "osm")),
    )
    if problems is None:
        found.raise_errors()
    return settings


def _ledger(folder: Path) -> Path | None:
    path = ledger_path(folder)
    return path if path.is_file() else None


def _text(path: Path, problems: Problems) -> str:
    """The file as text; Latin-1 and a byte order mark are read, with a word about it."""
    if not path.is_file():
        problems.add("settings_missing", "error", path.name, folder=path.parent.name)
        problems.raise_errors()
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        problems.add("settings_encoding", "warning", path.name)
        return content.decode("cp1252", errors="replace").replace("\r\n", "\n")


def _syntax_problem(path: Path, text: str, message: str, problems: Problems) -> None:
    at = re.search(r"line (\d+), column (\d+)", message)
    row = int(at.group(1)) if at else None
    line = text.splitlines()[row - 1] if row is not None and row <= len(text.splitlines()) else ""
    # An AGS without quotes loses its leading zero in many programs; TOML refuses it outright.
    if bare := re.search(r"(?<![\"\d.])(0\d{1,7})(?![\"\d])", line):
        problems.add("settings_ags_number", "error", path.name, row=row, key="study_area", ags=bare.group(1))
    elif "\\" in line:
        problems.add("settings_backslash", "error", path.name, row=row, line=line.strip())
    else:
        problems.add("settings_syntax", "error", path.name, row=row, line=line.strip())


def _type_name(types: tuple[type, ...]) -> str:
    return {str: '"..."', list: '["..."]', dict: "[...]", bool: "true | false", int: "1", float: "1.0"}[types[0]]

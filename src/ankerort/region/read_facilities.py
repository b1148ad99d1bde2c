"""Reads lists of facilities: the template, official lists with a known layout, and any table with a column mapping."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from ankerort.base.problems import Problems, Severity
from ankerort.catalogue import TagMatcher
from ankerort.catalogue.model import Catalogue
from ankerort.region import table_cells as cells
from ankerort.region.capacity_periods import CapacityPeriods
from ankerort.region.facility_presets import IGNORED, PRESETS, Preset
from ankerort.region.facility_quality_cells import (
    BEST_MARK,
    WORST_MARK,
    read_confidential,
    read_opening_hours,
    read_quality,
)
from ankerort.region.facility_rows import Row, read_position
from ankerort.region.facility_tables import FacilityTables, facility_tables
from ankerort.region.lists.district_areas import AREA_SUFFIXES, read_district_areas
from ankerort.region.lists.read_list import read_list
from ankerort.region.lists.registry import LIST_READERS
from ankerort.region.settings import InputSettings
from ankerort.region.table_files import RawTable, read_raw_tables
from ankerort.region.template import TEMPLATE_COLUMNS, known_heads, read_template

_TABLES = tuple(TEMPLATE_COLUMNS)
# Options that say how a table is laid out; without them a workbook is taken for the template.
_DESCRIBING = frozenset({"service", "service_column", "table", "sheet"})
_BESIDE = ("capacities", "confidential", "occupancy", "assigned")
_NO_VALUE = "–"


def read_facility_table(
    input: InputSettings,
    *,
    catalogue: Catalogue,
    crs: str,
    problems: Problems,
    bounds_m: tuple[float, float, float, float] | None = None,
) -> FacilityTables:
    """Read one ``[[input]]`` of kind ``facilities``.

    Parameters
    ----------
    input
        CSV (any usual encoding and separator, decimal comma) or XLSX. `columns` maps Ankerort's columns to those of the
        file, over those of the preset; columns that bear a name of the template need no mapping. Options: ``table``
        (facilities, absences, mobile_visits, buildings), ``service`` (one for the whole file), ``service_column``
        with ``service_map``, ``certainty``, ``crs`` (of x and y), ``delimiter``, ``encoding``, ``sheet``;
        ``complete`` is read by whoever makes the footprint. See docs/reference/facility-tables.md.
    catalogue
        Knows the services.
    crs
        Projected system of the project.
    problems
        Collects everything that is wrong, with file, row, column and repair.
    bounds_m
        Rectangle of the study area and its buffer in `crs` (left, bottom, right, top). A register of all of Germany leaves out what
        lies outside; other lists are read whole.

    Returns
    -------
    FacilityTables
        With all rows that can be used.
    """
    return _Reader(input, catalogue, crs, problems, bounds_m).read()


class _Reader:
    def __init__(
        self,
        input: InputSettings,
        catalogue: Catalogue,
        crs: str,
        problems: Problems,
        bounds_m: tuple[float, float, float, float] | None,
    ) -> None:
        self.input = input
        self.catalogue = catalogue
        self.problems = problems
        self.rows: dict[str, list[dict[str, object]]] = {table: [] for table in (*_TABLES, *_BESIDE)}
        self.areas: list[gpd.GeoDataFrame] = []
        self.crs = crs
        self.first_rows: dict[tuple[str, str], int] = {}
        self.ignored: Counter[str] = Counter()
        self.file_mark = ""
        self.to_crs = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        self.box = None if bounds_m is None else self.to_crs.transform_bounds(*bounds_m, direction="INVERSE")
        self.from_given = self._given_crs(str(input.options.get("crs", "")) or crs)
        self.certainty = self._certainty()
        if not isinstance(self.input.options.get("internal", False), bool):  # a slip must not make a list public
            self._bad_option("internal", self.input.options["internal"], ("true", "false"))
        self.preset = self._preset()
        self.periods = CapacityPeriods(input.source_id, self._fault)
        self.services = self._service_names()
        self.matcher = TagMatcher(catalogue)

    def read(self) -> FacilityTables:
        for path in self.input.files:
            self.file_mark = f"{path.stem}:" if len(self.input.files) > 1 else ""
            if self.input.preset == "school_districts" and path.suffix.lower() in AREA_SUFFIXES:
                self.areas.append(
                    read_district_areas(
                        path, input=self.input, catalogue=self.catalogue, crs=self.crs, problems=self.problems
                    )
                )
                continue
            if self.input.preset in LIST_READERS:
                self._read_list(path)
                continue
            # All sheets of a template are read in one go; a mapping or an option makes it a table like any other.
            if self._is_template(path.suffix.lower()):
                for sheet in read_template(path, problems=self.problems):
                    self._read_table(sheet.table, sheet.raw, dict(zip(sheet.columns, sheet.raw.head, strict=True)))
                continue
            for raw in self._raw_tables(path):
                table = str(self.input.options.get("table", "facilities"))
                if table not in _TABLES:
                    self._bad_option("table", table, _TABLES)
                    continue
                columns = self._columns(raw)
                if columns is not None:
                    self._read_table(table, raw, columns)
        return self._tables()

    def _read_list(self, path: Path) -> None:
        source, catalogue, mark = self.input, self.catalogue, self.file_mark
        for raw, found in read_list(
            path, input=source, catalogue=catalogue, problems=self.problems, file_mark=mark, box=self.box
        ):
            self.ignored.update(found.ignored)
            self.rows["occupancy"].extend(found.occupancy)
            self.rows["assigned"].extend(found.assigned)
            if raw.rows:
                self._read_table("facilities", raw, {name: name for name in raw.head})

    # -- settings ----------------------------------------------------------------------------------------------------

    def _is_template(self, suffix: str) -> bool:
        if suffix not in (".xlsx", ".xlsm"):
            return False
        described = self.input.preset or self.input.columns or self.input.options.keys() & _DESCRIBING
        return self.input.preset == "template" or not described

    def _preset(self) -> Preset:
        name = self.input.preset
        if name and name not in PRESETS and name not in LIST_READERS:
            known = ", ".join((*PRESETS, *LIST_READERS))
            self.problems.add("facility_preset", "error", self._file, preset=name, known=known)
        return PRESETS.get(name, Preset())

    def _given_crs(self, name: str) -> Transformer | None:
        try:
            return Transformer.from_crs(CRS.from_user_input(name), "EPSG:4326", always_xy=True)
        except CRSError:
            self.problems.add("facility_crs", "error", self._file, value=name)
            return None

    @property
    def _file(self) -> str:
        return self.input.files[0].name if self.input.files else self.input.source_id

    def _bad_option(self, option: str, value: object, known: tuple[str, ...]) -> None:
        self.problems.add(
            "facility_option", "error", self._file, option=option, value=str(value), known=", ".join(known)
        )

    def _raw_tables(self, path: Path) -> list[RawTable]:
        options = self.input.options
        mapped = {name.lower() for name in (*self.input.columns.values(), *self.preset.columns.values())}
        return read_raw_tables(
            path,
            problems=self.problems,
            encoding=str(options.get("encoding", "")),
            delimiter=str(options.get("delimiter", "")).replace("\\t", "\t"),
            sheet=str(options.get("sheet", "")),
            is_head=lambda text: text.lower() in mapped or text.lower() in known_heads(),
        )

    def _columns(self, raw: RawTable) -> dict[str, str] | None:
        """Ankerort's column -> head of the file; None if a named column is missing."""
        heads = {head.lower(): head for head in raw.head}
        known = known_heads()
        columns = {known[h]: head for h, head in heads.items() if h in known} if not self.preset.columns else {}
        mapping = {**self.preset.columns, **self.input.columns}
        extra = [self._service_column(), *self.preset.name_parts, *(self.preset.osm_ref or ())]
        missing = [(c, h) for c, h in mapping.items() if h.lower() not in heads]
        missing += [("service", h) for h in extra if h and h.lower() not in heads]
        for column, head in missing:
            self.problems.add(
                "facility_column_missing", "error", raw.name, column=head, meaning=column, known=", ".join(raw.head)
            )
        columns |= {column: heads[head.lower()] for column, head in mapping.items() if head.lower() in heads}
        return None if missing else columns

    def _service_column(self) -> str:
        return str(self.input.options.get("service_column", "")) or self.preset.service_column

    def _service_names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for service in (self.catalogue.services[s] for s in self.catalogue.facility_services()):
            for text in (service.label_de, service.label_en, service.id):
                names[text.strip().lower()] = service.id
        return names

    # -- tables ------------------------------------------------------------------------------------------------------

    def _read_table(self, table: str, raw: RawTable, columns: dict[str, str]) -> None:
        service = str(self.input.options.get("service", "")) or self.preset.service
        if service and service not in self.catalogue.services:
            self._bad_option("service", service, self._similar(service))
            return
        if table != "buildings" and not (service or self._service_column() or "service" in columns):
            self.problems.add("facility_no_service_column", "error", raw.name)
            return
        if not columns.keys() & {"place_name", "ags"} and not (
            {"lon", "lat"} <= columns.keys() or {"x", "y"} <= columns.keys()
        ):
            self.problems.add("facility_no_position_column", "error", raw.name)
            return
        take: Mapping[str, Callable[[Row, str], None]] = {
            "facilities": self._facility,
            "absences": self._absence,
            "mobile_visits": self._visit,
            "buildings": self._building,
        }
        ignored: Counter[str] = Counter()
        outside_rule: Counter[str] = Counter()
        for number, values in raw.rows:
            row = Row(self.problems, raw, number, values, columns)
            if table == "buildings":
                self._building(row, "")
                continue
            for found in self._services_of(row, service, ignored, outside_rule):
                take[table](row, found)
        for value, count in sorted(ignored.items()):
            self.problems.add("facility_values_ignored", "note", raw.name, value=value or _NO_VALUE, count=count)
        for value, count in sorted(outside_rule.items()):
            label = self.catalogue.services[value].label_de
            self.problems.add("facility_rule_ignored", "note", raw.name, service=label, count=count)
        self.ignored.update(ignored)
        self.ignored.update(outside_rule)

    def _services_of(self, row: Row, service: str, ignored: Counter[str], outside_rule: Counter[str]) -> list[str]:
        """The services that a row stands for; several are parted by semicolons."""
        if service:
            if self.preset.tags and not self._meets_rule(row, service):
                outside_rule[service] += 1
                return []
            return [service]
        column = self._service_column()
        if column:
            value = row.raw_text(column)
            given = self.input.options.get("service_map", {})
            own = {str(k).lower(): str(v) for k, v in given.items()} if isinstance(given, Mapping) else {}
            mapping = {**self.preset.service_map, **own}
            if value.lower() in mapping:
                target = mapping[value.lower()]
                if target in (IGNORED, "-"):
                    ignored[value] += 1
                    return []
                return self._known_services(row, target, column)
            if self.preset.service_column or mapping:
                ignored[value] += 1
                return []
            return self._known_services(row, value, column)
        return self._known_services(row, row.text("service"), row.head("service"))

    def _known_services(self, row: Row, text: str, head: str) -> list[str]:
        if not text:
            row.problem("facility_service_empty", "warning", head)
            return []
        if text.lower() in self.services:
            return [self.services[text.lower()]]
        found: list[str] = []
        for part in (part.strip() for part in text.split(";")):
            known = self.services.get(part.lower())
            if known is None and part:
                similar = ", ".join(self._similar(part))
                row.problem("facility_service_unknown", "error", head, value=part, similar=similar or _NO_VALUE)
            elif known is not None and known not in found:
                found.append(known)
        return found

    def _similar(self, text: str) -> tuple[str, ...]:
        close = difflib.get_close_matches(text.lower(), list(self.services), n=5, cutoff=0.5)
        return tuple(dict.fromkeys(self.services[name] for name in close))[:3]

    def _meets_rule(self, row: Row, service: str) -> bool:
        return service in dict(self.matcher.match({**self.preset.tags, "name": self._name(row)}))

    def _name(self, row: Row) -> str:
        parts = [row.text("name"), *(row.raw_text(part) for part in self.preset.name_parts)]
        return ", ".join(dict.fromkeys(part for part in parts if part))

    # -- rows --------------------------------------------------------------------------------------------------------

    def _common(self, row: Row) -> dict[str, object]:
        return {
            "place_name": row.text("place_name"),
            "ags": row.ags(),
            "confirmed_by": row.text("confirmed_by"),
            "confirmed_on": row.day("confirmed_on"),
            "source_id": self.input.source_id,
            "source_ref": row.ref,
        }

    def _key(self, row: Row, table: str, service: str) -> str | None:
        """The row's id within its table; None if it stands there already."""
        own = row.text("id") or self._osm_ref(row)
        # The template writes whole facility ids, which would grow with each round trip.
        start = f"{service}:{self.input.source_id}:" if service else f"{self.input.source_id}:"
        key = own.removeprefix(start) if own else f"{self.file_mark}{row.generated_key}"
        first = self.first_rows.setdefault((table, f"{service}:{key}"), row.number)
        if first != row.number:
            # Nobody here can mend an official list, so its repetitions only leave the second row out.
            severity: Severity = "error" if self._mendable else "warning"
            row.problem("facility_duplicate_id", severity, row.head("id"), value=key, first=first)
            return None
        return key

    def _osm_ref(self, row: Row) -> str:
        """``n123`` of the OSM object behind a row, where the list names it."""
        kind, number = (row.raw_text(head) for head in self.preset.osm_ref or ("", ""))
        return f"{kind[0]}{number}" if kind and number else ""

    def _facility(self, row: Row, service: str) -> None:
        name = self._name(row)
        position = read_position(row, self.from_given)
        if position is None:
            return
        lon, lat = position
        common = self._common(row)
        if np.isnan(lon) and not (common["place_name"] or common["ags"]):
            if name:
                row.problem("facility_no_position", "warning", None, name=name)
            else:
                row.problem("facility_row_empty", "warning", None)
            return
        if self.periods.is_further(row, service):
            return
        key = self._key(row, "facilities", service)
        if key is None:
            return
        facility_id = f"{service}:{self.input.source_id}:{key}"
        quality = read_quality(row, fault=self._fault)
        # A capacity of some years only stands in the table of capacities; the present one follows from it.
        if self.periods.add(row, facility_id, quality["capacity"]):
            quality["capacity"] = np.nan
        if confidential := read_confidential(row):
            beside = {"facility_id": facility_id, "source_id": self.input.source_id, "source_ref": row.ref}
            self.rows["confidential"].append({**beside, **confidential})
        value = row.raw_text(self._service_column()).lower() if self._service_column() else ""
        fallback = "probable" if value and value in self.preset.probable else self.certainty
        closed_year = row.year("closed_year")
        state = row.choice("state", cells.parse_state, ("open", "closed"))
        certainty = row.choice("certainty", cells.parse_certainty, ("certain", "probable"))
        # What stands there and cannot be read is a doubt, not a yes.
        unread = bool((row.text("state") and not state) or (row.text("certainty") and not certainty))
        object_id = f"{self.input.source_id}:{key}"
        if osm_ref := self._osm_ref(row):
            object_id = f"osm:{osm_ref}"
        self.rows["facilities"].append(
            {
                **common,
                "facility_id": facility_id,
                "service": service,
                "object_id": object_id,
                "name": name,
                "address": row.text("address"),
                "postcode": row.text("postcode"),
                "position_rule": "" if np.isnan(lon) else "given",
                "lon": lon,
                "lat": lat,
                "state": state or ("closed" if closed_year and not row.text("state") else "open"),
                "certainty": "probable" if unread else certainty or fallback,
                "operator": row.text("operator"),
                "operator_kind": row.operator_kind("operator_kind"),
                "owner": row.text("owner"),
                "rooms": row.text("rooms"),
                "opening_hours": read_opening_hours(row),
                "wheelchair": row.choice("wheelchair", cells.parse_wheelchair, ("yes", "limited", "no")),
                **quality,
                "check_date": row.day("check_date"),
                "closed_year": closed_year,
                "note": row.text("note"),
                "source_date": row.day("source_date") or self.input.date,
            }
        )

    @property
    def _mendable(self) -> bool:
        return not self.preset.columns and self.input.preset not in LIST_READERS

    @property
    def _fault(self) -> Severity:
        """A value that cannot be is an error in a list that its user can mend."""
        return "error" if self._mendable else "warning"

    def _certainty(self) -> str:
        value = str(self.input.options.get("certainty", "certain"))
        known = cells.parse_certainty(value)
        if not known:
            self._bad_option("certainty", value, ("certain", "probable"))
        return known or "certain"

    def _absence(self, row: Row, service: str) -> None:
        common = self._common(row)
        if not (common["place_name"] or common["ags"]):
            row.problem("facility_absence_where", "warning", None)
            return
        self.rows["absences"].append({**common, "service": service})

    def _visit(self, row: Row, service: str) -> None:
        position = read_position(row, self.from_given)
        key = self._key(row, "mobile_visits", service)
        if position is None or key is None:
            return
        lon, lat = position
        common = self._common(row)
        if np.isnan(lon) and not (common["place_name"] or common["ags"]):
            row.problem("facility_row_empty", "warning", None)
            return
        start, end = row.time("from_time"), row.time("to_time")
        if start and end and end <= start:
            row.problem("facility_time_order", "warning", row.head("to_time"), start=start, end=end)
        self.rows["mobile_visits"].append(
            {
                **common,
                "visit_id": f"{service}:{self.input.source_id}:{key}",
                "service": service,
                "stop_name": row.text("stop_name"),
                "lon": lon,
                "lat": lat,
                "weekday": row.weekday("weekday"),
                "rhythm_weeks": row.number_of("rhythm_weeks", not_negative=True),
                "from_time": start,
                "to_time": end,
                "operator": row.text("operator"),
                "operator_kind": row.operator_kind("operator_kind"),
                "source_date": row.day("source_date") or self.input.date,
            }
        )

    def _building(self, row: Row, _: str) -> None:
        position = read_position(row, self.from_given)
        key = self._key(row, "buildings", "")
        if position is None or key is None:
            return
        lon, lat = position
        common = self._common(row)
        if np.isnan(lon) and not (common["place_name"] or common["ags"]):
            row.problem("facility_row_empty", "warning", None)
            return
        self.rows["buildings"].append(
            {
                **common,
                "building_id": f"{self.input.source_id}:{key}",
                "name": row.text("name"),
                "address": row.text("address"),
                "position_rule": "" if np.isnan(lon) else "given",
                "lon": lon,
                "lat": lat,
                "use": row.choice("use", cells.parse_use, ("vacant", "shareable")),
                "owner_kind": row.operator_kind("owner_kind"),
                "area_m2": row.number_of("area_m2", not_negative=True),
                "condition": row.checked_number("condition", BEST_MARK, WORST_MARK, fault=self._fault),
                "step_free": row.choice("step_free", cells.parse_wheelchair, ("yes", "limited", "no")),
                "note": row.text("note"),
                "source_date": row.day("source_date") or self.input.date,
            }
        )

    def _tables(self) -> FacilityTables:
        self.rows["capacities"].extend(self.periods.settle(self.rows["facilities"]))
        ignored = dict(sorted(self.ignored.items()))
        return facility_tables(self.rows, ignored=ignored, to_crs=self.to_crs, district_areas=self.areas)

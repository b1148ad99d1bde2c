"""Says of each file of the inbox which input it is, by content alone."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ankerort.base.problems import Phrase, Problems
from ankerort.catalogue.input_kinds import InputKind
from ankerort.catalogue.model import Catalogue
from ankerort.region.facility_presets import PRESETS
from ankerort.region.inbox.formats import ENDINGS, has_usable_ending
from ankerort.region.inbox.layers import NOT_NEEDED, fit_layer, heads_of
from ankerort.region.inbox.layouts import Fit, Layout, fit, layouts
from ankerort.region.inbox.listing import InboxFile
from ankerort.region.inbox.office_lists import fit_office_table
from ankerort.region.inbox.peek import TablePeek, peek_layers, peek_parquet, peek_text, peek_workbook
from ankerort.region.inbox.population import fit_population
from ankerort.region.inbox.returned import is_returned
from ankerort.region.lists.registry import LIST_READERS
from ankerort.region.template import is_template_sheet

_VECTORS = ("gpkg", "geojson", "shp", "fgb")
_SHOWN_HEADS = 8
_COMMON = frozenset({"id", "name", "lon", "lat", "x", "y", "ort", "ags", "place"})
_TITLE_ROWS = 10  # the head of a template may stand below a title
_ATLAS_HEADS = "down_fn_hh_"  # of the broadband atlas alone; offices write their own
_WHOLE_BYTES = 60 << 20  # tables of population are read whole up to this size, to know all their years
# A list of stations is a register of stops and a list of facilities; the register makes the facilities, too.
_HELD_BY: Mapping[tuple[str, str], tuple[str, str]] = {
    ("facilities", "db_stations"): ("stop_register", "db_stations"),
}


@dataclass(frozen=True)
class Found:
    """One file and what it is.

    Parameters
    ----------
    file
        The file.
    kind, preset, options
        As for ``region.toml``.
    role
        Which part it is where several files make one input: level of boundaries, layout of a census grid, ``stops`` and
        ``times`` of a matrix, ``totals``, ``footprint``.
    names
        What it names itself: municipalities or transport companies; for titles.
    keys
        Parts by which two files of one role are compared (columns of a census grid, years of a table).
    """

    file: InboxFile
    kind: InputKind
    preset: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    role: str = ""
    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def recognise_files(
    files: Sequence[InboxFile], *, catalogue: Catalogue, this_year: int, problems: Problems
) -> list[Found]:
    """What each file is; files that nobody knows, that fit two kinds or that cannot be used stand in `problems`.

    Parameters
    ----------
    files
        As listed by `ankerort.region.inbox.listing.list_inbox`.
    catalogue
        Its services tell lists of facilities.
    this_year
        Parts projections from counts of past years.
    problems
        Collects warnings; nothing here is an error, since the other files can be used all the same.
    """
    return _Recogniser(layouts(catalogue), this_year, problems).all(files)


class _Recogniser:
    def __init__(self, known: tuple[Layout, ...], this_year: int, problems: Problems) -> None:
        self.known = known
        self.this_year = this_year
        self.problems = problems
        # The same heads stand for a register of stops, unless the times between the stops lie beside it.
        self.tied_stops: list[tuple[Found, Found]] = []

    def all(self, files: Sequence[InboxFile]) -> list[Found]:
        found: list[Found] = []
        for file in files:
            found += self.one(file)
        matrix = any(f.kind == "stop_matrix" and f.role == "times" for f in found)
        found += [as_matrix if matrix else as_register for as_matrix, as_register in self.tied_stops]
        return sorted(found, key=lambda f: f.file.shown)

    def one(self, file: InboxFile) -> list[Found]:
        form = file.format
        if form.fault:
            self._fault(file)
            return []
        if form.name == "gtfs":
            return [Found(file, "gtfs", names=_agencies(file.path))]
        if not has_usable_ending(file.path, form.name):
            endings = ", ".join(ENDINGS[form.name][:2])
            self.problems.add("inbox_ending", "warning", file.shown, format=_FORMAT_NAMES[form.name], ending=endings)
            return []
        if form.name == "osm":
            return [Found(file, "osm")]
        if form.name in _VECTORS:
            return self._vector(file)
        if form.name == "xlsx":
            return self._workbook(file)
        table = peek_parquet(file.path) if form.name == "parquet" else peek_text(file.path)
        if table is None:
            self.problems.add("inbox_empty", "warning", file.shown)
            return []
        return self._tables(file, [table], form.name)

    def _fault(self, file: InboxFile) -> None:
        fault = file.format.fault
        if fault in ("parts", "packed", "format"):
            self.problems.add(f"inbox_{fault}", "warning", file.shown, what=file.format.what)
        else:
            self.problems.add(f"inbox_{fault}", "warning", file.shown)

    # -- tables ------------------------------------------------------------------------------------------------------

    def _workbook(self, file: InboxFile) -> list[Found]:
        tables = peek_workbook(file.path)
        if tables is None:
            self.problems.add("inbox_cut_off", "warning", file.shown)
            return []
        if any(is_template_sheet(t.sheet, row) for t in tables for row in t.rows[:_TITLE_ROWS]):
            return [Found(file, "facilities", "template")]
        if is_returned(tables):
            self.problems.add("inbox_inquiry", "warning", file.shown, file=file.shown)
            return []
        filled = [t for t in tables if any(any(row) for row in t.rows)]
        if not filled:
            self.problems.add("inbox_empty", "warning", file.shown)
            return []
        return self._tables(file, filled, "xlsx")

    def _tables(self, file: InboxFile, tables: Sequence[TablePeek], form: str) -> list[Found]:
        fits: list[tuple[TablePeek, Fit]] = []
        for table in tables:
            fits += [(table, fit(table, layout)) for layout in self.known]
            years = fit_population(self._whole(file, table, form), this_year=self.this_year)
            fits += [(table, years)] if years is not None else []
        whole = [(t, f) for t, f in fits if f.whole]
        whole = whole or [(table, one) for table in tables for one in fit_office_table(table)]
        if not whole:
            self._unknown(file, tables, [f for _, f in fits])
            return []
        best = _most_special(whole)
        readable = [(t, f) for t, f in best if form in f.layout.formats]
        if not readable:
            self.problems.add("inbox_kind_format", "warning", file.shown, kind=Phrase((_as(best[0][1].layout),)))
            return []
        best = readable
        if len(best) == 2 and {f.layout.kind for _, f in best} == {"stop_register", "stop_matrix"}:
            by_kind = {f.layout.kind: self._found(file, t, f) for t, f in best}
            self.tied_stops.append((by_kind["stop_matrix"], by_kind["stop_register"]))
            return []
        if len({_as(f.layout) for _, f in best}) > 1:
            heads = _shown(best[0][0].rows[best[0][1].head_row])
            known = tuple(sorted({_as(f.layout) for _, f in best}))
            self.problems.add("inbox_two_kinds", "warning", file.shown, kinds=Phrase(known), heads=heads)
            return []
        table, chosen = best[0]
        first_only = chosen.layout.kind not in ("facilities", "broadband") and chosen.layout.role != "register"
        if form == "xlsx" and first_only and table is not tables[0]:
            self.problems.add("inbox_sheet", "warning", file.shown, sheet=table.sheet, first=tables[0].sheet)
            return []
        preset = PRESETS.get(chosen.layout.preset) if chosen.layout.kind == "facilities" else None
        if preset is not None and preset.service_column and not preset.service_map and not preset.service:
            self.problems.add("inbox_no_services", "warning", file.shown, named=preset.service_column)
            return []
        found = self._found(file, table, chosen)
        if found.options.get("internal") is True:
            self.problems.add("inbox_internal", "note", file.shown)
        whole_book = found.preset in LIST_READERS  # its reader looks through all sheets
        if form == "xlsx" and found.kind == "facilities" and not whole_book and (len(tables) > 1 or not found.preset):
            # Without a word about its sheet a workbook is taken for the template.
            found = replace(found, options={**found.options, "sheet": table.sheet})
        return [found]

    def _found(self, file: InboxFile, table: TablePeek, chosen: Fit) -> Found:
        layout = chosen.layout
        keys: tuple[str, ...] = ()
        options = dict(layout.options)
        preset = layout.preset
        if layout.kind == "census" and layout.role != "totals":
            keys = tuple(sorted(h for h in table.head(chosen.head_row) if not h.startswith("werterl")))
            ids = [v for head in keys if head.startswith("gitter_id") for v in table.values(0, head)[:50]]
            if ids and not any(v.startswith("CRS") for v in ids):
                # The grid of 2011 has the heads of 2022 but short ids; -1 is uninhabited there.
                return Found(file, "census", "", {"drop_not_available": True}, "zensus2011_grid", keys=keys)
            preset = "" if layout.role.startswith("zensus2022") else preset
        if layout.kind == "broadband":
            keys = tuple(sorted(h for row in table.rows[:_TITLE_ROWS] for h in row if h.startswith(_ATLAS_HEADS)))
        return Found(file, layout.kind, preset, options, layout.role, keys=keys)

    def _whole(self, file: InboxFile, table: TablePeek, form: str) -> TablePeek:
        """The table with all rows, where it may be one of years in rows."""
        if form != "text" or not table.rows or file.path.stat().st_size > _WHOLE_BYTES:
            return table
        sample = fit_population(table, this_year=self.this_year)
        return table if sample is None else peek_text(file.path, whole=True) or table

    def _unknown(self, file: InboxFile, tables: Sequence[TablePeek], fits: Sequence[Fit]) -> None:
        heads = next((row for t in tables for row in t.rows if sum(map(bool, row)) > 1), ("",))
        shown = _shown(heads)
        if any("gitter_id" in h.lower() for h in heads):
            self.problems.add("inbox_other_census", "note", file.shown, heads=shown)
            return
        # Of layouts that fit equally the shortest is the nearest: least is missing.
        own = {h.lower() for h in heads if h} - _COMMON
        near = [
            f
            for f in fits
            if f.missing
            and f.missing != ("",)
            and len(f.missing) * 2 <= len(f.layout.needs)
            # That a table has names and positions says nothing of what it is.
            and any(own & set(group) for group in f.layout.needs)
        ]
        near.sort(key=lambda f: (len(f.missing), -f.score, _as(f.layout)))
        if not near:
            self.problems.add("inbox_unknown", "warning", file.shown, heads=shown)
            return
        missing = ", ".join(near[0].missing)
        self.problems.add(
            "inbox_unknown_near",
            "warning",
            file.shown,
            heads=shown,
            kind=Phrase((_as(near[0].layout),)),
            missing=missing,
        )

    # -- layers ------------------------------------------------------------------------------------------------------

    def _vector(self, file: InboxFile) -> list[Found]:
        layers = peek_layers(file.path)
        if layers is None:
            self.problems.add("inbox_cut_off", "warning", file.shown)
            return []
        layers = [layer for layer in layers if layer.count]
        if not layers:
            self.problems.add("inbox_empty", "warning", file.shown)
            return []
        fits = [(layer, one) for layer in layers if (one := fit_layer(layer)) is not None]
        needed = [(layer, one) for layer, one in fits if one.layout.role != NOT_NEEDED]
        if not needed:
            heads = _shown(heads_of(layers))
            code = "inbox_not_needed" if fits else "inbox_unknown_layer"
            self.problems.add(code, "note" if fits else "warning", file.shown, heads=heads)
            return []
        found = []
        for layer, one in needed:
            options = dict(one.layout.options)
            if len(layers) > 1:
                options["layer"] = layer.name
            keys = tuple(sorted(c.lower() for c in layer.values))
            found.append(Found(file, one.layout.kind, one.layout.preset, options, one.layout.role, keys=keys))
        return found


_FORMAT_NAMES = {
    "osm": "OSM",
    "xlsx": "XLSX",
    "gpkg": "GeoPackage",
    "geojson": "GeoJSON",
    "shp": "Shapefile",
    "fgb": "FlatGeobuf",
    "parquet": "Parquet",
    "text": "CSV",
}


def _shown(heads: Sequence[str]) -> str:
    """The first heads, for a message."""
    filled = [h for h in heads if h]
    return ", ".join(filled[:_SHOWN_HEADS]) + (" ..." if len(filled) > _SHOWN_HEADS else "")


def _as(layout: Layout) -> tuple[str, str]:
    """A layout as a phrase: id of its kind's name, and preset or table."""
    detail = layout.preset or str(layout.options.get("table", "")) or ("totals" if layout.role == "totals" else "")
    return f"inbox.kind.{layout.kind}", detail


def _most_special(fits: list[tuple[TablePeek, Fit]]) -> list[tuple[TablePeek, Fit]]:
    """The fits with most heads, without those that another one of them holds."""
    there = {(f.layout.kind, f.layout.preset) for _, f in fits}
    own = [(t, f) for t, f in fits if _HELD_BY.get((f.layout.kind, f.layout.preset)) not in there]
    most = max(f.score for _, f in own)
    return [(t, f) for t, f in own if f.score == most]


def _agencies(path: Path) -> tuple[str, ...]:
    """Names of the companies of a timetable; empty if it does not tell."""
    try:
        if path.is_dir():
            content = next(p for p in sorted(path.iterdir()) if p.name.lower() == "agency.txt").read_bytes()
        else:
            with zipfile.ZipFile(path) as feed:
                name = next(n for n in sorted(feed.namelist()) if n.rsplit("/", 1)[-1].lower() == "agency.txt")
                content = feed.read(name)
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig", errors="replace")))
        names = [(row.get("agency_name") or "").strip() for row in rows]
    except (OSError, StopIteration, zipfile.BadZipFile, csv.Error, RuntimeError, NotImplementedError):
        return ()
    return tuple(dict.fromkeys(n for n in names if n))

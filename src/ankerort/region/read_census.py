"""Reads one census file (CSV, Parquet, GeoPackage) into a `CensusGrid` and names everything that is wrong with it."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
import pyogrio
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from ankerort.base.problems import Problems
from ankerort.region.census_grid import AgeClass, CensusGrid, grid_ids
from ankerort.region.census_presets import (
    GRID_CRS,
    NOT_AVAILABLE,
    OFFICIAL_PRESETS,
    PLAUSIBLE_LON_LAT,
    PRESETS,
    SUPPRESSED,
    TEXT_MARKERS,
    Layout,
    age_range,
    holds_households,
    recognise,
)
from ankerort.region.settings import InputSettings

Box = tuple[float, float, float, float]
ROWS_NAMED = 10  # so many rows of one fault are named one by one; the rest is counted
_ID_PATTERN = r"^(?:CRS3035RES)?(?P<size>\d+k?m)N(?P<north>\d+)E(?P<east>\d+)$"
_PLAIN_COLUMNS = ("id", "x", "y", "lon", "lat", "persons", "persons_scaled", "ags")


@dataclass(frozen=True)
class _Raw:
    """The columns of a file as read, before any meaning; `rows` holds the user's number of each row."""

    table: pa.Table
    decimal_comma: bool
    rows: NDArray[np.int64]
    crs: str = ""


def read_census_file(
    path: Path,
    settings: InputSettings,
    *,
    problems: Problems,
    box: Box | None = None,
) -> CensusGrid | None:
    """Read one file of a census input.

    Parameters
    ----------
    path
        CSV (any of ``;``, ``,``, tab; UTF-8 with or without mark, or Latin-1), Parquet or GeoPackage.
    settings
        The input: `preset`, `columns`, and the options ``crs``, ``size_m``, ``layer``, ``scaled`` (false: leave the
        column of updated numbers aside) and ``drop_not_available`` (true: -1 means uninhabited, as in the complete grid
        of 2011).
    problems
        Collects all that is wrong.
    box
        West, south, east, north in EPSG:3035; rows outside are left out early. None = all.

    Returns
    -------
    CensusGrid or None
        None if nothing of the file can be used.
    """
    name = path.name
    if not path.exists() or path.stat().st_size == 0:
        problems.add("census_file_missing" if not path.exists() else "census_file_empty", "error", name)
        return None
    raw = _read_raw(path, settings, problems)
    if raw is None:
        return None
    layout = _layout_of(raw, name, settings, problems)
    if layout is None:
        return None
    if raw.table.num_rows == 0:
        problems.add("census_file_empty", "error", name)
        return None
    return _to_grid(raw, layout, name, settings, problems, box)


def _read_raw(path: Path, settings: InputSettings, problems: Problems) -> _Raw | None:
    suffix = path.suffix.lower()
    try:
        if suffix in (".parquet", ".pq"):
            table = pyarrow.parquet.read_table(path)
            return _Raw(table, False, np.arange(1, table.num_rows + 1))
        if suffix in (".gpkg", ".geojson", ".shp", ".fgb"):
            return _read_vector(path, settings)
        return _read_csv(path, problems)
    except (
        pa.ArrowException,
        UnicodeError,
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        OSError,
    ) as error:
        problems.add("census_unreadable", "error", path.name, reason=str(error).splitlines()[0][:160])
        return None


def _read_vector(path: Path, settings: InputSettings) -> _Raw:
    frame = pyogrio.read_dataframe(path, layer=settings.options.get("layer") or None)
    centres = frame.geometry.centroid if frame.crs is None or frame.crs.is_projected else frame.geometry.envelope
    if frame.crs is not None and not frame.crs.is_projected:
        bounds = centres.bounds
        x, y = (bounds.minx + bounds.maxx) / 2, (bounds.miny + bounds.maxy) / 2
    else:
        x, y = centres.x, centres.y
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    plain["__x"], plain["__y"] = x.to_numpy(), y.to_numpy()
    crs = frame.crs.to_string() if frame.crs is not None else ""
    return _Raw(pa.Table.from_pandas(plain, preserve_index=False), False, np.arange(1, len(plain) + 1), crs)


def _read_csv(path: Path, problems: Problems) -> _Raw | None:
    encoding = _encoding_of(path)
    if encoding != "utf8":
        problems.add("census_encoding", "note", path.name)
    with path.open(encoding="utf-8-sig" if encoding == "utf8" else encoding) as stream:
        head = stream.readline()
    if not head.strip():
        problems.add("census_file_empty", "error", path.name)
        return None
    delimiter = max((";", ",", "\t"), key=head.count)
    header = [h.strip().strip('"') for h in head.rstrip("\r\n").split(delimiter)]
    twice = sorted({h for h in header if header.count(h) > 1})
    if twice:
        problems.add("census_header_twice", "error", path.name, row=1, column=twice[0])
        return None
    left_out: list[int] = []
    broken: list[int] = []

    def skip(row: Any) -> str:
        left_out.append(row.number or 0)
        if row.text.strip():
            broken.append(row.number or 0)
        return "skip"

    def read(*, threads: bool) -> pa.Table:
        return pyarrow.csv.read_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(
                use_threads=threads, encoding=encoding, column_names=header, skip_rows=1, block_size=1 << 24
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, ignore_empty_lines=False, invalid_row_handler=skip
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={h: pa.string() for h in header}, strings_can_be_null=False
            ),
        )

    table = read(threads=True)
    if left_out:
        # Only the reader without threads knows the numbers of the rows that it skipped.
        broken.clear()
        left_out.clear()
        table = read(threads=False)
        report_rows(problems, "census_row_width", "error", path.name, broken, columns=len(header))
    lines = np.arange(2, 2 + table.num_rows + len(left_out))
    if left_out:
        lines = np.setdiff1d(lines, left_out)
    blank = np.ones(len(lines), dtype=bool)
    for column in table.columns:
        if not blank.any():
            break
        blank &= pc.fill_null(pc.equal(column, ""), True).to_numpy(zero_copy_only=False).astype(bool)
    if blank.any():
        table, lines = table.filter(pa.array(~blank)), lines[~blank]
    return _Raw(table, delimiter != ",", lines)


def _encoding_of(path: Path) -> str:
    """``utf8`` if the whole file is that, else ``cp1252`` (Latin-1 with the signs that Windows adds)."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        try:
            for block in iter(lambda: stream.read(1 << 22), b""):
                if not block.isascii() or decoder.getstate()[0]:
                    decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf8"


def _layout_of(raw: _Raw, name: str, settings: InputSettings, problems: Problems) -> Layout | None:
    """The layout by header or preset, with the user's mapping on top."""
    header = [h for h in raw.table.column_names if not h.startswith("__")]
    if settings.preset and settings.preset not in (*PRESETS, *OFFICIAL_PRESETS):
        known = ", ".join((*PRESETS, *OFFICIAL_PRESETS))
        problems.add("census_preset_unknown", "error", name, preset=settings.preset, known=known)
        return None
    found = recognise(header, preset=settings.preset)
    if found is None and len(settings.files) > 1:
        found = recognise(header)  # one input may hold several files, the preset names one of them
    columns = dict(found.columns) if found else {}
    unknown = [k for k in settings.columns if k not in _PLAIN_COLUMNS and age_range(k) is None]
    for key in unknown:
        problems.add("census_mapping_unknown", "error", name, column=key)
    actual = {h.strip().lower(): h for h in header}
    for key, wanted in settings.columns.items():
        if key in unknown:
            continue
        if wanted.strip().lower() in actual:
            columns[key] = actual[wanted.strip().lower()]
        elif found is None or len(settings.files) == 1:
            problems.add("census_column_missing", "error", name, column=wanted, found=", ".join(header)[:200])
            return None
    if raw.table.column_names[-1:] == ["__y"] and not {"x", "lon"} & set(columns):
        columns |= {"x": "__x", "y": "__y"}
    if found is None and settings.preset:
        problems.add("census_preset_misfit", "error", name, preset=settings.preset, found=", ".join(header)[:200])
        return None
    has_place = {"x", "y"} <= set(columns) or {"lon", "lat"} <= set(columns) or (found is not None and "id" in columns)
    has_number = "persons" in columns or any(age_range(k) for k in columns)
    if "persons" in columns and holds_households([columns["persons"]]):
        has_number = False
    if not has_number and holds_households(header):
        problems.add("census_households", "error", name, found=", ".join(header)[:200])
        return None
    if not has_place or not has_number:
        problems.add("census_layout_unknown", "error", name, found=", ".join(header)[:200])
        return None
    crs = str(settings.options.get("crs", "") or raw.crs or (found.crs if found else ""))
    size_m = float(str(settings.options.get("size_m", found.size_m if found else 0.0)))
    return Layout(found.id if found else "", crs, size_m, columns)


def _to_grid(
    raw: _Raw, layout: Layout, name: str, settings: InputSettings, problems: Problems, box: Box | None
) -> CensusGrid | None:
    reader = _Columns(raw, layout.columns, name, problems)
    placed = _positions(reader, layout, name, problems)
    if placed is None:
        return None
    x, y, keep = placed
    if box is not None:
        keep &= (x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3])
    if not keep.any():
        problems.add("census_nothing_inside", "warning", name, rows=len(x))
    # The files hold the whole country: from here on only the rows of the area cost anything.
    reader.narrow(keep)
    x, y = x[keep], y[keep]
    ids = _ids(reader, layout, settings, x, y)
    rows = np.flatnonzero(~_report_duplicates(ids, reader, problems))

    persons = reader.counts("persons") if "persons" in layout.columns else None
    scale = np.full(len(x), np.nan)
    if persons is not None and "persons_scaled" in layout.columns and settings.options.get("scaled", True):
        scaled = reader.counts("persons_scaled")
        with np.errstate(invalid="ignore", divide="ignore"):
            scale = np.where(persons > 0, scaled / persons, np.nan)
        scale[~(scale > 0)] = np.nan
    if persons is not None and settings.options.get("drop_not_available"):
        rows = rows[reader.numbers("persons")[rows] != NOT_AVAILABLE]
    classes, ages = [], []
    for key, (first, last, share) in layout.age_classes().items():
        values = reader.counts(key)
        if share:
            report_rows(
                problems,
                "census_share_over_100",
                "error",
                name,
                reader.rows[values > 100.0],
                values=values[values > 100.0],
                column=layout.columns[key],
            )
            values = np.where(values > 100.0, np.nan, values / 100.0)
        classes.append(AgeClass(first, last, share))
        ages.append(values)
    grid = CensusGrid(
        name,
        np.full(len(x), settings.source_id, dtype=object),
        layout.size_m,
        ids,
        x,
        y,
        persons,
        scale,
        reader.texts("ags") if "ags" in layout.columns else np.full(len(x), "", dtype=object),
        tuple(classes),
        np.column_stack(ages) if ages else np.zeros((len(x), 0)),
    )
    return grid.take(rows)


class _Columns:
    """The columns of a file by Ankerort's names, as numbers; faults are reported once."""

    def __init__(self, raw: _Raw, columns: Mapping[str, str], name: str, problems: Problems) -> None:
        self._table = raw.table
        self._decimal_comma = raw.decimal_comma
        self.rows = raw.rows
        self.columns = columns
        self.name = name
        self._problems = problems
        self._cache: dict[str, NDArray[np.float64]] = {}

    def narrow(self, keep: NDArray[np.bool_]) -> None:
        """Keep only these rows; `rows` goes on naming them as the user sees them."""
        self._table = self._table.filter(pa.array(keep))
        self.rows = self.rows[keep]
        self._cache.clear()

    def texts(self, key: str) -> NDArray[np.object_]:
        """Text values, stripped; a missing one is empty."""
        column = self._table[self.columns[key]].combine_chunks()
        if not pa.types.is_string(column.type):
            column = column.cast(pa.string())
        return pc.fill_null(pc.utf8_trim_whitespace(column), "").to_numpy(zero_copy_only=False)

    def numbers(self, key: str) -> NDArray[np.float64]:
        """Numbers; text markers are NaN, -9 and -1 stay."""
        if key in self._cache:
            return self._cache[key]
        column = self._table[self.columns[key]].combine_chunks()
        if pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
            values = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
        else:
            values = self._parse(column.cast(pa.string()), self.columns[key])
        self._cache[key] = values = np.array(values, dtype=np.float64)
        return values

    def counts(self, key: str) -> NDArray[np.float64]:
        """Numbers that cannot be negative: markers become NaN, other negative ones are reported."""
        values = self.numbers(key).copy()
        values[(values == SUPPRESSED) | (values == NOT_AVAILABLE)] = np.nan
        negative = np.flatnonzero(values < 0)
        report_rows(
            self._problems,
            "census_negative",
            "error",
            self.name,
            self.rows[negative],
            column=self.columns[key],
            values=values[negative],
        )
        values[negative] = np.nan
        values[np.isinf(values)] = np.nan
        return values

    def _parse(self, column: Any, shown: str) -> NDArray[np.float64]:
        text = pc.fill_null(pc.utf8_trim_whitespace(column), "")
        if self._decimal_comma:
            text = pc.replace_substring(text, ",", ".")
        marker = pc.is_in(text, value_set=pa.array(TEXT_MARKERS))
        plain = pc.if_else(marker, pa.scalar(None, pa.string()), text)
        try:
            return plain.cast(pa.float64()).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid:
            series = pd.Series(plain.to_numpy(zero_copy_only=False), dtype=object)
            values = pd.to_numeric(series, errors="coerce").to_numpy(dtype=np.float64)
            wrong = np.flatnonzero(np.isnan(values) & series.notna().to_numpy())
            report_rows(
                self._problems,
                "census_not_numeric",
                "error",
                self.name,
                self.rows[wrong],
                column=shown,
                values=series.iloc[wrong],
            )
            return values


def _positions(
    reader: _Columns, layout: Layout, name: str, problems: Problems
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]] | None:
    """Centres in EPSG:3035 and which rows have a plausible one; None if the file as a whole lies elsewhere."""
    if {"x", "y"} <= set(layout.columns):
        a, b, crs = reader.numbers("x"), reader.numbers("y"), layout.crs
    elif {"lon", "lat"} <= set(layout.columns):
        a, b, crs = reader.numbers("lon"), reader.numbers("lat"), "EPSG:4326"
    else:
        a, b = _from_ids(reader.texts("id"), layout.size_m)
        crs = GRID_CRS
    if not crs:
        problems.add("census_crs_missing", "error", name)
        return None
    try:
        system = CRS.from_user_input(crs)
    except CRSError:
        problems.add("census_crs_unknown", "error", name, crs=crs)
        return None
    if layout.size_m > 0 and system != CRS.from_user_input(GRID_CRS):
        # Squares of another system are no squares in EPSG:3035: their centres are used as points.
        problems.add("census_grid_other_crs", "error", name, crs=crs)
        return None
    west, south, east, north = Transformer.from_crs("EPSG:4326", system, always_xy=True).transform_bounds(
        *PLAUSIBLE_LON_LAT
    )
    outside = ~((a >= west) & (a <= east) & (b >= south) & (b <= north))
    if outside.mean() > 0.5:
        finite = np.isfinite(a) & np.isfinite(b)
        example = f"{a[finite][0]:.6g} / {b[finite][0]:.6g}" if finite.any() else ""
        if ((b >= west) & (b <= east) & (a >= south) & (a <= north)).mean() > 0.5:
            code = "census_xy_swapped"
        elif not system.is_geographic and ((np.abs(a) <= 180) & (np.abs(b) <= 90)).mean() > 0.5:
            code = "census_degrees"
        else:
            code = "census_wrong_crs"
        problems.add(code, "error", name, crs=system.to_string()[:60], example=example)
        return None
    report_rows(problems, "census_outside_germany", "warning", name, reader.rows[outside])
    if system != CRS.from_user_input(GRID_CRS):
        a, b = Transformer.from_crs(system, GRID_CRS, always_xy=True).transform(a, b)
    return np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64), ~outside


def _from_ids(ids: NDArray[np.object_], size_m: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centres from INSPIRE ids; the short form (100mN26890E43370) counts in cells, the long one in metres."""
    parts = pd.Series(ids, dtype="str").str.extract(_ID_PATTERN)
    factor = np.where(pd.Series(ids, dtype="str").str.startswith("CRS3035RES"), 1.0, size_m)
    east = pd.to_numeric(parts["east"]).to_numpy(dtype=np.float64) * factor + size_m / 2
    north = pd.to_numeric(parts["north"]).to_numpy(dtype=np.float64) * factor + size_m / 2
    return east, north


def _ids(
    reader: _Columns, layout: Layout, settings: InputSettings, x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.object_]:
    if "id" in layout.columns:
        return reader.texts("id")
    if layout.size_m > 0:
        return grid_ids(np.nan_to_num(x), np.nan_to_num(y), layout.size_m)
    head = settings.source_id if len(settings.files) == 1 else f"{settings.source_id}:{reader.name}"
    return np.array([f"{head}:{k}" for k in reader.rows], dtype=object)


def _report_duplicates(ids: NDArray[np.object_], reader: _Columns, problems: Problems) -> NDArray[np.bool_]:
    """Which rows repeat an earlier id."""
    twice = pd.Series(ids).duplicated(keep="first").to_numpy(dtype=bool)
    shown = reader.columns.get("id")
    report_rows(
        problems, "census_duplicate_cell", "error", reader.name, reader.rows[twice], column=shown, values=ids[twice]
    )
    return np.asarray(twice)


def report_rows(
    problems: Problems,
    code: str,
    severity: Any,
    table: str,
    rows: Iterable[int] | NDArray[np.int64],
    *,
    column: str | None = None,
    values: Any = None,
    columns: int | None = None,
) -> None:
    """Name the first `ROWS_NAMED` rows of one fault one by one and count the others in one more problem."""
    listed = [int(r) for r in rows]
    shown = [str(v) for v in values] if values is not None else [""] * len(listed)
    for row, value in zip(listed[:ROWS_NAMED], shown[:ROWS_NAMED], strict=False):
        problems.add(code, severity, table, row=row, column=column, value=value, columns=columns)
    if len(listed) > ROWS_NAMED:
        problems.add("census_more_rows", severity, table, column=column, count=len(listed) - ROWS_NAMED)

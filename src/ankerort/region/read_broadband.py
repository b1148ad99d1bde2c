"""Tables of the broadband atlas and of offices: shares of households by rate, of municipalities, places or grid cells."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import shapely
from pyproj import Transformer

from ankerort.base.problems import Problems
from ankerort.region.broadband_heads import Rate, ShareCell, day_of_title, rate_of_cell, rate_of_head, share_of_cell
from ankerort.region.lists.heads import Fields, ListRow, ListTable, find_list
from ankerort.region.settings import InputSettings
from ankerort.region.table_cells import parse_day, parse_number
from ankerort.region.table_files import RawTable, read_raw_tables

FIELDS: Fields = {
    "ags": ("AGS", "Amtlicher Gemeindeschlüssel", "Gemeindeschlüssel", "Gemeindekennziffer", "Schlüsselnummer", "GKZ"),
    "ars": ("ARS", "RS", "Regionalschlüssel", "Amtlicher Regionalschlüssel"),
    "grid_id": ("raster_id", "Gitter-ID", "Gitter_ID_100m", "Gitter_ID_1km", "Rasterzelle", "Raster-ID", "Gitterzelle", "grid_id"),
    "place_name": ("Ortsteil", "Ort / Ortsteil", "Ortschaft", "Ort", "Ortsname", "Ortslage", "Stadtteil"),
    "municipality": ("Gemeinde", "Stadt/Gemeinde", "Gemeindename", "Kommune", "Name der Gemeinde", "gen"),
    "class": ("Bandbreitenklasse", "Bandbreite", "Geschwindigkeitsklasse", "Geschwindigkeit", "Versorgungsklasse", "Klasse", "Breitband", "Mbit/s"),
    "technology": ("Technologie", "Technik", "Anschlussart"),
    "share": (
        *("Anteil der Haushalte", "Anteil Haushalte", "Anteil versorgter Haushalte", "Versorgte Haushalte in %", "Versorgung in %"),
        *("Haushalte in %", "Anteil in %", "Anteil", "Versorgung", "Verfügbarkeit", "Verfügbarkeit in %"),
    ),
    "households": ("Haushalte", "Anzahl Haushalte", "Zahl der Haushalte", "Haushalte gesamt", "hh_ges", "hh_anzahl", "HH"),
    "date": ("Stand", "Datum", "Datenstand", "date"),
}  # fmt: skip
_EXACT = (*FIELDS,)
_NEEDED = (("ags", "ars", "grid_id", "place_name", "municipality"),)
_GRID_ID = re.compile(r"^(?:CRS3035RES)?(?P<size>\d+)(?P<unit>k?m)N(?P<north>\d+)E(?P<east>\d+)$", re.IGNORECASE)
_MAPPED = re.compile(r"share_(any|fibre|cable|copper|wireless)(?:_(\d+))?|share_(\d+)")
_UNITS = ("percent", "share")
COLUMNS = ("ags", "municipality", "place_name", "grid_x", "grid_y", "grid_size_m", "households", "class_mbit",
           "technology", "share_low", "share_high", "date", "source_id", "source_ref", "file", "row")  # fmt: skip
_NUMBERS = ("grid_x", "grid_y", "grid_size_m", "households", "class_mbit", "share_low", "share_high", "row")


def empty_broadband_rows() -> pd.DataFrame:
    """A frame as `read_broadband` gives it, without rows."""
    return pd.DataFrame({c: pd.Series(dtype="float64" if c in _NUMBERS else "str") for c in COLUMNS})


def read_broadband(
    inputs: Sequence[InputSettings], *, reach: shapely.Geometry | None, crs: str, problems: Problems
) -> pd.DataFrame:
    """Read all inputs of kind ``broadband``.

    Parameters
    ----------
    inputs
        CSV or XLSX. Columns of shares are known by their heads (``>= 100 Mbit/s``, ``down_fn_hh_ftthb_1000``), or rows name class
        and share. Columns for mobile networks, firms, schools and upload are passed over. `columns` maps the fields of `FIELDS`, and
        ``share_100``, ``share_fibre_1000``, ``share_fibre``. Option ``unit``: ``percent`` or ``share`` where the numbers do not tell.
    reach
        Study area with its buffer in `crs`: grid cells away from it are passed over. None = all.
    problems
        Collects: no table found (error), values that are no share, classes that cannot be read, columns between two rates (warnings).

    Returns
    -------
    DataFrame
        `COLUMNS`: `ags` and names as given, lower left corner and size of grid cells in EPSG:3035 (NaN for other rows), shares 0 to 1,
        NaN where the table names a class only. Cells without a share have no row: not known is no zero.
    """
    box = None
    if reach is not None:
        box = Transformer.from_crs(crs, "EPSG:3035", always_xy=True).transform_bounds(*reach.bounds)
    rows: list[dict[str, object]] = []
    for source in inputs:
        for path in source.files:
            rows += _read_file(path, source, box, problems)
    if not rows:
        return empty_broadband_rows()
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({c: "float64" if c in _NUMBERS else "str" for c in COLUMNS})


def _read_file(
    path: Path, source: InputSettings, box: tuple[float, float, float, float] | None, problems: Problems
) -> list[dict[str, object]]:
    options = source.options
    unit = str(options.get("unit", ""))
    if unit and unit not in _UNITS:
        problems.add("broadband_unit", "error", path.name, value=unit, known=", ".join(_UNITS))
        unit = ""
    before = len(problems)
    grids = read_raw_tables(
        path,
        problems=problems,
        encoding=str(options.get("encoding", "")),
        delimiter=str(options.get("delimiter", "")).replace("\\t", "\t"),
        sheet=str(options.get("sheet", "")),
        whole=True,
    )
    out: list[dict[str, object]] = []
    used = 0
    # a workbook holds sheets of explanations, of districts and of Laender: what they lack is no fault
    aside = Problems()
    for grid in grids:
        table = find_list(
            grid, FIELDS, given=source.columns, needed=_NEEDED, problems=aside, headings=False, exact=_EXACT,
            also_head=re.compile(r"[mg]bit|^down_|ftt[bh]|glasfaser", re.IGNORECASE),
        )  # fmt: skip
        columns = {} if table is None else _share_columns(table, problems)
        if table is None or not (columns or table.has("class")):
            continue
        used += 1
        out += _Sheet(grid, table, columns, source, unit, box, problems).rows()
    if not used and not any(p.severity == "error" for p in list(problems)[before:]):
        problems.extend(p for p in aside if p.severity == "error")
        problems.add("broadband_no_table", "error", path.name)
    return out


def _share_columns(table: ListTable, problems: Problems) -> dict[int, Rate]:
    """Column -> what its shares count. Of two columns that count the same the first one stands."""
    found: dict[int, Rate] = {}
    for field, at in table.columns.items():
        if match := _MAPPED.fullmatch(field):
            number = match[2] or match[3]
            found[at] = Rate(float(number or 0), match[1] or "any")
    for at, head in table.others():
        rate = rate_of_head(head)
        if rate is None or rate in found.values():
            continue
        if rate.bounded:
            problems.add("broadband_between", "warning", table.name, column=head)
            continue
        found[at] = rate
    return found


@dataclass(frozen=True)
class _Sheet:
    """One sheet whose head is found."""

    grid: RawTable
    table: ListTable
    columns: dict[int, Rate]
    source: InputSettings
    unit: str
    box: tuple[float, float, float, float] | None
    problems: Problems

    def rows(self) -> list[dict[str, object]]:
        """All rows with a share or a class."""
        title_day = next((d for _, cells in self.grid.rows[:15] if (d := day_of_title(" ".join(cells)))), "")
        given: list[tuple[ListRow, Rate, ShareCell, str]] = []
        for row in self.table.rows:
            if not self._is_far(row):
                given += self._shares(row)
        percent = self._is_percent([s for _, _, s, _ in given])
        out = []
        for row, rate, share, head in given:
            scale = 0.01 if share.percent or percent else 1.0
            low, high = share.low * scale, share.high * scale
            if high > 1.0 + 1e-9:
                self._warn("broadband_share", row, head, value=f"{share.high:g}")
                continue
            out.append({**self._where(row, title_day), "class_mbit": rate.class_mbit, "technology": rate.technology,
                        "share_low": low, "share_high": high})  # fmt: skip
        return out

    def _shares(self, row: ListRow) -> list[tuple[ListRow, Rate, ShareCell, str]]:
        """What the cells of a row say: columns of shares, else its class with its share, else its class alone."""
        table = self.table
        if self.columns:
            cells = [(rate, row.cells[at], table.heads[at]) for at, rate in self.columns.items()]
        elif not row.text("class"):
            return []
        else:
            rate = rate_of_cell(f"{row.text('class')} {row.text('technology')}")
            if rate is None:
                self._warn("broadband_class", row, table.head("class"), value=row.text("class"))
                return []
            if not table.has("share"):
                return [(row, rate, ShareCell(math.nan, math.nan, False), table.head("class"))]
            cells = [(rate, row.text("share"), table.head("share"))]
        out = []
        for rate, text, head in cells:
            share = share_of_cell(text)
            if share is None:
                self._warn("broadband_share", row, head, value=text.strip())
            elif not math.isnan(share.low):
                out.append((row, rate, share, head))
        return out

    def _is_percent(self, shares: Sequence[ShareCell]) -> bool:
        """Whether bare numbers are per cent: one over 1 tells it. Only 0 and 1 could be either; they are taken for shares."""
        if self.unit:
            return self.unit == "percent"
        bare = [s.high for s in shares if not s.percent and not math.isnan(s.high)]
        if bare and max(bare) <= 1.0 and not any(0.0 < s < 1.0 for s in bare) and len(bare) > 1:
            self.problems.add("broadband_scale", "warning", self.table.name)
        return bool(bare) and max(bare) > 1.0

    def _is_far(self, row: ListRow) -> bool:
        if self.box is None or not (corner := self._corner(row)):
            return False
        x, y, size = corner
        west, south, east, north = self.box
        return x + size < west or x > east or y + size < south or y > north

    def _corner(self, row: ListRow) -> tuple[float, float, float] | None:
        found = _GRID_ID.match(row.text("grid_id"))
        if not found:
            return None
        size = float(found["size"]) * (1000.0 if found["unit"].casefold() == "km" else 1.0)
        # short ids count in cells (100mN26840), long ones in metres (CRS3035RES100mN2684000)
        scale = 1.0 if len(found["north"]) == 7 else size
        return float(found["east"]) * scale, float(found["north"]) * scale, size

    def _where(self, row: ListRow, title_day: str) -> dict[str, object]:
        x, y, size = self._corner(row) or (math.nan, math.nan, math.nan)
        households = parse_number(row.text("households"))
        sheet = f"{self.grid.sheet}:" if self.grid.sheet else ""
        return {
            "ags": _key(row),
            "municipality": row.text("municipality"),
            "place_name": row.text("place_name"),
            "grid_x": x,
            "grid_y": y,
            "grid_size_m": size,
            "households": math.nan if households is None or households < 0 else households,
            "date": self.source.date or parse_day(row.text("date")) or title_day,
            "source_id": self.source.source_id,
            "source_ref": f"{sheet}{row.number}",
            "file": self.table.name,
            "row": row.number,
        }

    def _warn(self, code: str, row: ListRow, head: str, **params: object) -> None:
        self.problems.add(code, "warning", self.table.name, row=row.number, column=head, **params)


def _key(row: ListRow) -> str:
    """The municipality key, with its leading zero; of a regional key its district and municipality."""
    text = re.sub(r"\.0$|\s", "", row.text("ags"))
    if text.isdigit() and len(text) in (7, 8):
        return text.zfill(8)
    regional = re.sub(r"\.0$|\s", "", row.text("ars") or text)
    if regional.isdigit() and len(regional) in (11, 12):
        regional = regional.zfill(12)
        return regional[:5] + regional[9:]
    return text if text.isdigit() else ""

"""Gives facilities, absences, visits and buildings their municipality and place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ankerort.base.problems import Problems, Severity
from ankerort.region.assign import assign_municipality
from ankerort.region.place_names import PlaceNames
from ankerort.region.places import PlaceSet
from ankerort.region.read_settings import nearest_name
from ankerort.region.schema import ABSENCES, BUILDINGS, FACILITIES, MOBILE_VISITS
from ankerort.text import say


@dataclass(frozen=True)
class Locator:
    """What is needed to say where a row belongs.

    Parameters
    ----------
    places
        Places with the rules that the cells went by.
    shapes
        (ags, geometry) of the municipalities in reach.
    area
        Study area with its buffer.
    nearest_m
        How far a place without polygon reaches.
    files
        source_id -> file name, for problems.
    problems
        Collects.
    """

    places: PlaceSet
    shapes: gpd.GeoDataFrame
    area: shapely.Geometry
    nearest_m: float
    files: Mapping[str, str]
    problems: Problems

    def facilities(self, table: pd.DataFrame, *, in_study: Mapping[str, bool]) -> pd.DataFrame:
        """FACILITIES in study area and buffer, with ags, place_id, in_study.

        Rows without a position but with a known place stand at its centre; rows outside are counted in a warning per source.
        """
        table = self._at_place_centre(table.reset_index(drop=True))
        x, y = table["x"].to_numpy(), table["y"].to_numpy()
        inside = shapely.intersects_xy(self.area, x, y)
        outside = pd.Series(~inside & np.isfinite(x)).groupby(table["source_id"].to_numpy()).sum()
        for source_id, count in outside.items():
            if count:
                total = int((table["source_id"] == source_id).sum())
                severity: Severity = "note" if count < total else "warning"
                file = self.files.get(str(source_id), str(source_id))
                self.problems.add("facilities_outside", severity, file, count=int(count), total=total)
        table = table[inside].reset_index(drop=True)
        return self._placed(table, in_study)

    def _placed(self, table: pd.DataFrame, in_study: Mapping[str, bool]) -> pd.DataFrame:
        x, y = table["x"].to_numpy(), table["y"].to_numpy()
        ags = assign_municipality(x, y, self.shapes)
        told = table["ags"].to_numpy(dtype=object)
        # Registers key stops near a border by the place that they serve; only lists of people are asked about.
        stop = table["service"].isin(["bus_stop", "rail_station"]).to_numpy()
        differs = (told != "") & (ags != "") & (told != ags) & ~stop
        for row in np.flatnonzero(differs)[:20]:
            file = self.files.get(table["source_id"].iloc[row], "")
            name = table["name"].iloc[row]
            self.problems.add(
                "facility_other_municipality",
                "warning",
                _with_sheet(file, table["source_ref"].iloc[row]),
                row=_sheet_row(table["source_ref"].iloc[row]),
                name=name,
                told=told[row],
                found=ags[row],
            )
        table["ags"] = ags
        table["place_id"] = self.places.place_of(x, y, ags, nearest_m=self.nearest_m)
        table["in_study"] = [in_study.get(key, False) for key in ags]
        return FACILITIES.conform(table[FACILITIES.names])

    def _at_place_centre(self, table: pd.DataFrame) -> pd.DataFrame:
        """Rows that name a place instead of a position."""
        lost = ~(np.isfinite(table["x"]) & np.isfinite(table["y"]))
        if not lost.any():
            return table
        names = self._place_names()
        centre = self.places.table.set_index("place_id")
        for row in np.flatnonzero(lost.to_numpy()):
            place = str(table["place_name"].iloc[row]) if "place_name" in table else ""
            place_id = self._find(names, place, str(table["ags"].iloc[row]), table, int(row))
            if place_id:
                for column in ("x", "y", "lon", "lat"):
                    table.loc[row, column] = centre.loc[place_id, column]
                table.loc[row, "position_rule"] = "place_centre"
                note = str(table.loc[row, "note"])
                table.loc[row, "note"] = "; ".join(t for t in (note, say("facility.at_place_centre", "de")) if t)
        return table

    def absences(self, table: pd.DataFrame) -> pd.DataFrame:
        """ABSENCES with place_id; without a place name the absence holds for the whole municipality."""
        table = self._named(table, keep_unknown_without_place=True)
        return ABSENCES.conform(table[ABSENCES.names])

    def mobile_visits(self, table: pd.DataFrame) -> pd.DataFrame:
        """MOBILE_VISITS with place_id by name, else by position."""
        return MOBILE_VISITS.conform(self._named(table)[MOBILE_VISITS.names])

    def buildings(self, table: pd.DataFrame) -> pd.DataFrame:
        """BUILDINGS with place_id by position, else by name."""
        return BUILDINGS.conform(self._named(table, position_first=True)[BUILDINGS.names])

    def districts(self, table: pd.DataFrame) -> pd.DataFrame:
        """Rows of school districts with place_id by name; without a place name the row holds for the whole municipality."""
        return self._named(table, keep_unknown_without_place=True)

    def broadband(self, table: pd.DataFrame) -> pd.DataFrame:
        """Rows of tables of broadband with place_id by name; without a place name the row holds for the whole municipality."""
        return self._named(table, keep_unknown_without_place=True)

    def _named(
        self, table: pd.DataFrame, *, keep_unknown_without_place: bool = False, position_first: bool = False
    ) -> pd.DataFrame:
        table = table.reset_index(drop=True)
        if table.empty:
            return table
        names = self._place_names()
        by_position = self._by_position(table)
        ids: list[str] = []
        for row in range(len(table)):
            name = str(table["place_name"].iloc[row])
            whole = keep_unknown_without_place and name == "" and str(table["ags"].iloc[row]) != ""
            if whole:
                ids.append("")
            elif by_position[row] and (position_first or name == ""):
                ids.append(by_position[row])
            else:
                ids.append(self._find(names, name, str(table["ags"].iloc[row]), table, row))
        table["place_id"] = ids
        if "ags" in table:
            place_ags = self.places.table.set_index("place_id")["ags"]
            table["ags"] = table["place_id"].map(place_ags).fillna(table["ags"])
        whole_rows = (table["place_name"] == "") & (table["ags"] != "") if keep_unknown_without_place else False
        return table[(table["place_id"] != "") | whole_rows].reset_index(drop=True)

    def _by_position(self, table: pd.DataFrame) -> np.ndarray:
        if "lon" not in table:
            return np.full(len(table), "", dtype=object)
        if "x" in table:
            x, y = table["x"].to_numpy(), table["y"].to_numpy()
        else:
            points = gpd.GeoSeries(gpd.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326").to_crs(
                self.shapes.crs
            )
            shape = points.to_numpy()
            x, y = shapely.get_x(shape), shapely.get_y(shape)
        result = np.full(len(table), "", dtype=object)
        known = np.isfinite(x) & np.isfinite(y)
        ags = assign_municipality(x[known], y[known], self.shapes)
        result[known] = self.places.place_of(x[known], y[known], ags, nearest_m=self.nearest_m)
        return result

    def _place_names(self) -> PlaceNames:
        return PlaceNames(self.places.table)

    def _find(self, names: PlaceNames, name: str, ags: str, table: pd.DataFrame, row: int) -> str:
        """Id of the named place, or "" with a problem that says what it might have meant."""
        found = names.find(name, ags)
        if len(found) == 1:
            return found[0]
        file = self.files.get(str(table["source_id"].iloc[row]), "")
        at = _sheet_row(str(table["source_ref"].iloc[row]))
        file = _with_sheet(file, str(table["source_ref"].iloc[row]))
        if found:
            where = ", ".join(names.printed(place_id) for place_id in found)
            self.problems.add("place_several", "warning", file, row=at, name=name, where=where)
        else:
            suggestion = nearest_name(name, names.known(ags)) or "–"
            self.problems.add("place_unknown", "warning", file, row=at, name=name, suggestion=suggestion)
        return ""


def _with_sheet(file: str, source_ref: str) -> str:
    """The file with the sheet of a reference like ``Nicht vorhanden:12``; rows of two sheets have the same numbers."""
    sheet, colon, _ = source_ref.rpartition(":")
    return f"{file}/{sheet}" if colon and sheet else file


def _sheet_row(source_ref: str) -> int | None:
    """Row number at the end of a reference like ``Einrichtungen:12`` or ``row 12``."""
    digits = ""
    for sign in reversed(source_ref):
        if not sign.isdigit():
            break
        digits = sign + digits
    return int(digits) if digits and source_ref[:1] not in "nwr" else None

"""Capacities of a facility list that hold for some years only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ankerort.base.problems import Severity
from ankerort.region.facility_quality_cells import capacity_of_day, periods_overlap, read_capacity_period, read_quality
from ankerort.region.facility_rows import Row


class CapacityPeriods:
    """Spans of years by facility, as the rows of one list name them.

    Parameters
    ----------
    source_id
        Source of the list.
    fault
        How bad a value is that cannot be.
    """

    def __init__(self, source_id: str, fault: Severity) -> None:
        self.source_id = source_id
        self.fault = fault
        self._of: dict[str, list[dict[str, object]]] = {}

    def is_further(self, row: Row, service: str) -> bool:
        """Whether a row only adds the capacity of other years to a facility of its id that stands above."""
        own = row.text("id")
        start = f"{service}:{self.source_id}:"
        facility_id = start + own.removeprefix(start)
        known = own and facility_id in self._of
        if not known or not (row.text("capacity_from_year") or row.text("capacity_to_year")):
            return False
        self.add(row, facility_id, read_quality(row, fault=self.fault)["capacity"])
        return True

    def add(self, row: Row, facility_id: str, capacity: object) -> bool:
        """Keep the capacity of a row if it holds for some years only; whether it does. Years told twice are a problem."""
        self._of.setdefault(facility_id, [])
        period = read_capacity_period(row, fault=self.fault)
        if period is None or np.isnan(float(str(capacity))):
            return False
        ids = {"facility_id": facility_id, "source_id": self.source_id, "source_ref": row.ref}
        for other in self._of[facility_id]:
            if periods_overlap(period, other):
                row.problem("facility_years_overlap", self.fault, row.head("capacity_from_year"), id=row.text("id"))
                return True
        self._of[facility_id].append({**ids, **period, "capacity": capacity})
        return True

    def settle(self, facilities: Sequence[dict[str, object]]) -> list[dict[str, object]]:
        """Rows of CAPACITIES; a facility without a capacity of its own gets the one that holds on its day."""
        rows: list[dict[str, object]] = []
        for facility in facilities:
            periods = self._of.get(str(facility["facility_id"]), [])
            rows.extend(periods)
            if periods and np.isnan(float(str(facility["capacity"]))):
                facility["capacity"] = capacity_of_day(periods, str(facility["source_date"]))
        return rows

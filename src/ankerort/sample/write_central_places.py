"""Writes the made-up list of central places, as an office for regional planning would hand it out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ankerort.base.files import replacing
from ankerort.sample.design import CentralPlaceDesign


def write_central_places(designs: Iterable[CentralPlaceDesign], path: Path, *, plan: str, date: str) -> None:
    """Write a CSV of place, key of the municipality, tier, plan and date, with German names and dates.

    Parameters
    ----------
    designs
        The places in the order of the plan.
    path
        File to write.
    plan
        Name of the plan; the sample's says that it is invented.
    date
        Day of the plan, as the file prints it (12.06.2024).
    """
    lines = ["Ort;Gemeindeschluessel;Stufe;Plan;Datum"]
    lines += [";".join((one.name, one.ags, one.tier, plan, date)) for one in designs]
    with replacing(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")

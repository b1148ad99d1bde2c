"""Layouts of registration offices that are known by name: what their headings mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RegisterPreset:
    """One layout.

    Parameters
    ----------
    columns
        Ankerort's name -> heading that must be there.
    further
        The same, of headings that may be there.
    place_sheets
        Each sheet is one place, named by its tab.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    further: Mapping[str, str] = field(default_factory=dict)
    place_sheets: bool = False


REGISTER_PRESETS: Mapping[str, RegisterPreset] = {
    # Ortsteil;Alter;Geschlecht;Anzahl, one row per group: as evaluations of MESO and VOIS are exported
    "register_long": RegisterPreset(
        {"place": "Ortsteil", "age": "Alter", "sex": "Geschlecht", "persons": "Anzahl"},
        {"municipality": "Gemeinde", "residence": "Wohnungsstatus", "year": "Stichtag"},
    ),
    "register_age_groups": RegisterPreset({"place": "Ortsteil"}, {"municipality": "Gemeinde", "year": "Stichtag"}),
    "register_single_years": RegisterPreset({"place": "Ortsteil"}, {"municipality": "Gemeinde", "year": "Stichtag"}),
    "register_sheets": RegisterPreset({"age": "Alter"}, place_sheets=True),
}

"""What a standard is worth: the sentence that must stand beside its number."""

from __future__ import annotations

import math

from ankerort.base.provenance import DatedValue
from ankerort.catalogue.model import Catalogue, StandardMode

_UNITS = {
    "de": {
        "min": "Minuten",
        "persons": "Personen",
        "persons/km2": "Personen je km²",
        "facilities": "Einrichtungen",
        "km2": "km²",
    },
    "en": {"min": "minutes", "persons/km2": "persons per km²", "km2": "km²"},
}


def standard_status(
    catalogue: Catalogue, service: str, mode: StandardMode, *, lang: str = "de"
) -> tuple[str, dict[str, object]] | None:
    """Sentence id and parameters that say whether a standard is law, plan, guideline, practice or our assumption.

    Parameters
    ----------
    catalogue, service, mode
        The standard asked for; the minimum (Mindestwert) counts.
    lang
        Language of the parameters (units, events).

    Returns
    -------
    tuple of (sentence id, parameters) or None
        For ``ankerort.text.say``. None if there is no such standard.
    """
    standard = catalogue.services[service].standards.get(mode)
    if standard is None:
        return None
    response = catalogue.response_times.get(service)
    if response is not None and mode == "car":
        parts: dict[str, object] = {
            "limit": _plain(response.limit_min.value),
            "event": response.starting_event(lang),
            "turn_out": _plain(response.turn_out_min.value),
            "budget": _plain(response.drive_budget_min),
        }
        if math.isnan(response.share):
            return "status.response_time_usual", parts
        return "status.response_time", {**parts, "share": _plain(100 * response.share)}
    return value_status(standard.minimum, lang=lang)


def value_status(value: DatedValue, *, lang: str = "de") -> tuple[str, dict[str, object]]:
    """The same for any dated record, for instance a row of a set of standards."""
    if value.agreed_by:
        return "status.agreed", {
            "value": value_text(value, lang),
            "agreed_by": value.agreed_by,
            "agreed_on": value.agreed_on,
        }
    parameters: dict[str, object] = {"value": value_text(value, lang)}
    if value.legal_status != "default":
        parameters["source"] = value.source
    return f"status.{value.legal_status}", parameters


def value_text(figure: DatedValue, lang: str) -> str:
    """A figure with its unit, as it is printed: ``15 Minuten``, ``1.000 m``."""
    unit = _UNITS["de" if lang == "de" else "en"].get(figure.unit, figure.unit)
    return f"{_grouped(figure.value, lang)} {unit}"


def _grouped(value: float, lang: str) -> str:
    text = f"{value:,.10g}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "de" else text


def _plain(value: float) -> str:
    return f"{value:.10g}"

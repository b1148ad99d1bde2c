"""Words for confirmations: what was believed, what an office says, what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ankerort.catalogue.model import Catalogue
from ankerort.documents.labels import row_label
from ankerort.region.hours_words import hours_in_words
from ankerort.region.inquiry.layout import CHOICES, choice_word
from ankerort.region.model import Region
from ankerort.text import Language, read_sentences, say
from ankerort.text.numbers import format_date

_CHOICES = {
    "wheelchair": "step_free",
    "step_free": "step_free",
    "toilets_wheelchair": "step_free",
    "members_class": "members",
    "use": "use",
    "owner_kind": "owner",
    "operator_kind": "owner",
    "weekday": "weekday",
}


class ReturnWords:
    """Words of the confirmations of one region.

    Parameters
    ----------
    region
        Titles of sources and names of places.
    catalogue
        Labels of services.
    """

    def __init__(self, region: Region, catalogue: Catalogue, lang: Language) -> None:
        self._titles = dict(zip(region.sources["source_id"], region.sources["title"], strict=True))
        self._catalogue = catalogue
        self._lang = lang

    def thing(self, row: Mapping[str, Any]) -> str:
        """Service and name of what a confirmation is about."""
        service = str(row["service"])
        label = row_label(service, self._catalogue, self._lang) if service in self._catalogue.services else ""
        kind = label or say(f"returns.subject.{row['subject']}", self._lang)
        if row["subject"] == "mobile_visits":
            kind = say("returns.mobile", self._lang, service=kind)
        return say("returns.thing", self._lang, kind=kind, name=row["subject_name"]) if row["subject_name"] else kind

    def field(self, column: str) -> str:
        """Name of a field; empty for the row as a whole."""
        known = read_sentences()
        for sentence in (f"returns.field.{column}", f"column.{column}"):
            if column and sentence in known:
                return say(sentence, self._lang)
        return column

    def value(self, column: str, value: str) -> str:
        """A value as it is read."""
        if not value:
            return say("word.unknown", self._lang)
        if column == "opening_hours":
            return hours_in_words(value, self._lang)
        if not column:
            return say(f"returns.value.{value}", self._lang)
        kind = _CHOICES.get(column)
        if kind is not None and value in CHOICES[kind]:
            return choice_word(kind, value, self._lang)
        return value.replace(".", ",") if self._lang == "de" and _is_number(value) else value

    def believed(self, row: Mapping[str, Any]) -> str:
        """What was believed before."""
        return self.value(str(row["field"]), str(row["old_value"]))

    def source(self, row: Mapping[str, Any]) -> str:
        """Source of the former knowledge with its date."""
        if not row["old_value"]:
            return "–"
        ids = [s for s in str(row["old_source_id"]).split("; ") if s]
        titles = ", ".join(str(self._titles.get(s, s)) for s in ids)
        day = str(row["old_source_date"])
        return ", ".join(part for part in (titles, format_date(day, self._lang) if day else "") if part) or "–"

    def says(self, row: Mapping[str, Any]) -> str:
        """What the office says now."""
        text = self.value(str(row["field"]), str(row["new_value"]))
        if not row["field"] and row["since_year"]:
            text = say("returns.since", self._lang, text=text, year=row["since_year"])
        return text

    def where(self, row: Mapping[str, Any]) -> str:
        """File, sheet and row."""
        parts = [str(row["file"]), str(row["sheet"]), say("problem_place.row", self._lang, row=row["row"])]
        return ", ".join(part for part in parts if part)

    def line(self, row: Mapping[str, Any]) -> str:
        """A confirmation as one sentence of evidence: who, when, what, where it stands, what was believed before."""
        text = say(
            "returns.line",
            self._lang,
            by=row["confirmed_by"],
            on=format_date(str(row["confirmed_on"]), self._lang),
            thing=self.field(str(row["field"])) or self.thing(row),
            value=self.says(row),
            where=self.where(row),
        )
        if row["old_value"]:
            text += " " + say("returns.before", self._lang, value=self.believed(row), source=self.source(row))
        elif row["verdict"] in ("new", "absent") and not row["field"]:
            text += " " + say("returns.before_none", self._lang)
        if row["state"] != "in_force":
            text += " " + say(f"returns.state_note.{row['state']}", self._lang)
        return text


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()

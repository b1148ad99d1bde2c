"""What stands on the sheets of an inquiry: one sheet per place, its lines in the order of their importance."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ankerort.catalogue.model import Catalogue
from ankerort.documents.labels import row_label
from ankerort.region.hours_words import hours_in_words
from ankerort.region.inquiry.answers import Asked, Verdict
from ankerort.region.inquiry.layout import (
    ANSWERS_LISTED,
    ANSWERS_NONE,
    BUILDINGS,
    CLUBS,
    MOBILE,
    Block,
    choice_word,
    fingerprint,
    line_key,
)
from ankerort.region.model import Region
from ankerort.region.stop_places import place_key
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_date, format_persons, format_whole

_MOST_STOPS = 3  # more of them stand in one line
_STOPS = "bus_stop"
_OUTLYING = "outlying"
_COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
_CENTRE_M = 150.0
# Maps name the keeper of an inn as its operator; a sheet that goes round names organisations only.
_ORGANISATION = re.compile(
    r"\b(?:g?gmbh|ag|se|kg|ohg|eg|mbh|co|e\.?\s?v|\w*(?:gemeinde|stadt|kreis|verband|kirche|sparkasse|bank|werke?|verein|stiftung|bahn|post"
    r"|genossenschaft|feuerwehr)|land|bund|pfarr\w*|diakonie|caritas|drk|awo|johanniter|malteser|dhl|db)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class AskedLine:
    """One line of the first block, in the words of the sheet."""

    service: str
    label: str
    persons: str
    believed: str
    hours: str
    source: str
    answers: tuple[Verdict, ...]
    key: str


@dataclass(frozen=True)
class OwnLine:
    """One prefilled line of another block: texts by field id, and its key."""

    texts: dict[str, str]
    key: str


@dataclass(frozen=True)
class PlaceSheet:
    """The sheet of one place; `own` are the prefilled lines of the blocks mobile, clubs, buildings by block id."""

    place_id: str
    name: str
    persons: float
    asked: tuple[AskedLine, ...]
    own: dict[str, tuple[OwnLine, ...]]


def place_sheets(
    region: Region, questions: pd.DataFrame, catalogue: Catalogue, *, ags: str, lang: Language
) -> tuple[PlaceSheet, ...]:
    """Sheets of a municipality, by name.

    Parameters
    ----------
    questions
        QUESTIONS; only those that are `asked` stand on a sheet.
    ags
        Municipality.
    """
    words = _Words(region, catalogue, lang)
    asked = questions[questions["asked"]]
    by_place = {str(p): rows for p, rows in asked.groupby("place_id", sort=False)}
    places = region.places[(region.places["ags"] == ags) & region.places["in_study"]]
    sheets = []
    for place in places.itertuples():
        place_id = str(place.place_id)
        rows = by_place.get(place_id)
        if rows is None and (place.kind == _OUTLYING or not place.persons > 0):
            continue
        lines = () if rows is None else tuple(words.asked(place, rows))
        sheets.append(PlaceSheet(place_id, str(place.print_name), float(place.persons), lines, words.own(place_id)))
    return tuple(sorted(sheets, key=lambda s: (place_key(s.name), s.place_id)))


def listed_lines(
    region: Region, catalogue: Catalogue, facility_id: str, lang: Language
) -> tuple[tuple[str, ...], str, str]:
    """What is believed of one facility, its opening hours in words (empty = not known), and its source with date."""
    words = _Words(region, catalogue, lang)
    one = words.facilities.loc[facility_id]
    place = next(region.places[region.places["place_id"] == one["place_id"]].itertuples())
    return tuple(words.believed(place, one)), hours_in_words(str(one["opening_hours"]), lang), words.source(one)


class _Words:
    """Puts rows of the region into the words of the sheets."""

    def __init__(self, region: Region, catalogue: Catalogue, lang: Language) -> None:
        self.region, self.catalogue, self.lang = region, catalogue, lang
        self.facilities = region.facilities.set_index("facility_id", drop=False)
        sources = region.sources
        self.title = dict(zip(sources["source_id"], sources["title"], strict=True))
        self.kind = dict(zip(sources["source_id"], sources["kind"], strict=True))
        self.date = dict(zip(sources["source_id"], sources["date"], strict=True))
        self.absences = {(str(row.service), str(row.place_id or row.ags)): row for row in region.absences.itertuples()}

    def asked(self, place: Any, rows: pd.DataFrame) -> list[AskedLine]:
        """Lines of the first block, by rank; many stops stand in one line, where the first of them ranks."""
        lines = []
        stops = rows[(rows["service"] == _STOPS) & (rows["facility_id"] != "")]
        many = len(stops) > _MOST_STOPS
        done = False
        for row in rows.sort_values("rank", kind="stable").itertuples():
            if many and row.service == _STOPS:
                if not done:
                    lines.append(self._stops(place, stops))
                    done = True
            elif row.facility_id:
                lines.append(self._listed(place, row))
            else:
                lines.append(self._none(place, row))
        return lines

    def own(self, place_id: str) -> dict[str, tuple[OwnLine, ...]]:
        """Prefilled lines of mobile offers, clubs and buildings."""
        return {
            MOBILE.id: tuple(self._visit(r) for r in _of(self.region.mobile_visits, place_id)),
            CLUBS.id: tuple(self._club(r) for r in _of(self.region.clubs, place_id)),
            BUILDINGS.id: tuple(self._building(r) for r in _of(self.region.buildings, place_id)),
        }

    def _line(self, row: Any, believed: str, hours: str, source: str, ids: Sequence[str]) -> AskedLine:
        service, kind = str(row.service), str(row.kind)
        persons = float(row.persons)
        return AskedLine(
            service=service,
            label=row_label(service, self.catalogue, self.lang),
            persons=say("inquiry.concerns", self.lang, n=Counted(persons, self.lang, persons=True))
            if Counted(persons, self.lang, persons=True).whole
            else "",
            believed=believed,
            hours=hours,
            source=source,
            answers=ANSWERS_LISTED if ids else ANSWERS_NONE,
            key=line_key(
                place_id=str(row.place_id),
                service=service,
                ids=ids,
                kind=kind,
                asked=[asked_about(self.facilities.loc[one]) for one in ids],
            ),
        )

    def _listed(self, place: Any, row: Any) -> AskedLine:
        one = self.facilities.loc[str(row.facility_id)]
        hours = hours_in_words(str(one["opening_hours"]), self.lang) or say("inquiry.not_known", self.lang)
        believed = "\n".join(self.believed(place, one))
        return self._line(row, believed, hours, self.source(one), [str(one["facility_id"])])

    def believed(self, place: Any, one: pd.Series) -> list[str]:
        """What is believed of a facility: name, operator, address or site, and whether it is only probable."""
        name = str(one["name"]) or say("inquiry.without_name", self.lang)
        operator = str(one["operator"])
        lines = [name]
        if _ORGANISATION.search(operator) and operator.casefold() not in name.casefold():
            lines.append(say("inquiry.operator", self.lang, operator=operator))
        lines.append(str(one["address"]) if one.get("address") else self._where(place, one))
        if str(one["certainty"]) == "probable":
            lines.append(say("inquiry.only_probable", self.lang))
        return lines

    def _none(self, place: Any, row: Any) -> AskedLine:
        kind, service = str(row.kind), str(row.service)
        told = None
        for area in (str(place.place_id), str(place.ags)):
            told = told or self.absences.get((service, area))
        if told is not None:
            source = self._confirmed(str(told.confirmed_by), str(told.confirmed_on)) or self._named(str(told.source_id))
        else:
            source = say(f"inquiry.source_{kind}", self.lang)
        return self._line(row, say(f"inquiry.believed_{kind}", self.lang), "", source, ())

    def _stops(self, place: Any, stops: pd.DataFrame) -> AskedLine:
        ids = sorted(str(f) for f in stops["facility_id"])
        found = self.facilities.loc[ids]
        names = sorted({str(n) or say("inquiry.without_name", self.lang) for n in found["name"]}, key=place_key)
        believed = say("inquiry.stops", self.lang, n=Counted(len(ids), self.lang), names="; ".join(names))
        first = next(stops.sort_values("rank", kind="stable").itertuples())
        return self._line(first, believed, "", self.source(found.iloc[0]), ids)

    def source(self, one: pd.Series) -> str:
        """Source and date of a facility, or which office confirmed it."""
        confirmed = self._confirmed(str(one["confirmed_by"]), str(one["confirmed_on"]))
        return confirmed or self._named(str(one["source_id"]), str(one["source_date"]))

    def _confirmed(self, office: str, day: str) -> str:
        if not office:
            return ""
        return say("inquiry.confirmed", self.lang, office=office, date=format_date(day, self.lang))

    def _named(self, source_id: str, date: str = "") -> str:
        osm = self.kind.get(source_id) == "osm"
        title = "OpenStreetMap" if osm else str(self.title.get(source_id, source_id)) or source_id
        day = date or str(self.date.get(source_id, ""))
        return f"{title}\n{format_date(day, self.lang)}" if day else title

    def _where(self, place: Any, one: pd.Series) -> str:
        """Distance and direction from the middle of the place, where no address is known."""
        east = float(one["x"]) - float(place.x)
        north = float(one["y"]) - float(place.y)
        metres = math.hypot(east, north)
        if not math.isfinite(metres) or metres < _CENTRE_M:
            return say("inquiry.in_centre", self.lang)
        way = _COMPASS[round(math.degrees(math.atan2(east, north)) / 45.0) % 8]
        return say(
            "inquiry.from_centre",
            self.lang,
            metres=format_whole(round(metres / 50) * 50, self.lang),
            way=say(f"inquiry_compass.{way}", self.lang),
        )

    def _visit(self, row: dict[str, object]) -> OwnLine:
        weekday = str(row["weekday"])
        weeks = float(str(row["rhythm_weeks"]))
        texts = {
            "service": row_label(str(row["service"]), self.catalogue, self.lang),
            "stop_name": str(row["stop_name"]),
            "weekday": choice_word("weekday", weekday, self.lang) if weekday else "",
            "from_time": str(row["from_time"]),
            "to_time": str(row["to_time"]),
            "weeks": "" if math.isnan(weeks) else f"{weeks:g}",
            "operator": str(row["operator"]),
        }
        return _own(MOBILE, texts, row, "visit_id", str(row["service"]))

    def _club(self, row: dict[str, object]) -> OwnLine:
        members = str(row["members_class"])
        texts = {
            "name": str(row["name"]),
            "rooms": str(row["rooms"]),
            "members": choice_word("members", members, self.lang) if members else "",
        }
        return _own(CLUBS, texts, row, "club_id")

    def _building(self, row: dict[str, object]) -> OwnLine:
        use, owner, step_free = (str(row[c]) for c in ("use", "owner_kind", "step_free"))
        condition, area = (float(str(row[c])) for c in ("condition", "area_m2"))
        texts = {
            "name": str(row["name"]),
            "use": choice_word("use", use, self.lang) if use else "",
            "owner_kind": choice_word("owner", owner, self.lang) if owner else "",
            "condition": "" if math.isnan(condition) else f"{condition:g}".replace(".", ","),
            "step_free": choice_word("step_free", step_free, self.lang)
            if step_free in ("yes", "limited", "no")
            else "",
            "area": "" if math.isnan(area) else f"{area:.0f}",
        }
        return _own(BUILDINGS, texts, row, "building_id")


def asked_about(row: Mapping[str, object] | pd.Series) -> Asked:
    """Name and position of a facility, club, building or visit, as the key of its line carries them."""
    name = str(row.get("name", row.get("stop_name", "")))
    lon, lat = (float(str(row.get(c, math.nan))) for c in ("lon", "lat"))
    nowhere = math.isnan(lon + lat) or row.get("position_rule") == "place_centre"  # the centre says nothing of this one
    return Asked(name) if nowhere else Asked(name, lon, lat)


def _of(frame: pd.DataFrame, place_id: str) -> list[dict[str, object]]:
    return frame[frame["place_id"] == place_id].to_dict("records")


def _own(block: Block, texts: dict[str, str], row: dict[str, object], id_column: str, service: str = "") -> OwnLine:
    mark = fingerprint(texts.get(f.id, "") for f in block.fields if f.column)
    key = line_key(
        place_id=str(row["place_id"]),
        service=service,
        ids=[str(row[id_column])],
        mark=mark,
        asked=[asked_about(row)],
    )
    return OwnLine(texts, key)


def persons_words(persons: float, lang: Language) -> str:
    """Inhabitants of a place as its sheet tells them."""
    return say("inquiry.about", lang, persons=format_persons(persons, lang))

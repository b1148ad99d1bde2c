"""How the catalogue's tag rules meet one OSM object: live and former services, operator, hours, dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ankerort.region.table_cells import parse_number

FORMER_PREFIXES = ("disused:", "abandoned:", "was:", "former:", "closed:", "removed:", "demolished:", "razed:")
# The key that says what an object is; the others only describe it.
MAIN_KEYS = frozenset(
    {
        "amenity",
        "building",
        "community_centre",
        "healthcare",
        "highway",
        "landuse",
        "leisure",
        "office",
        "post_office",
        "public_transport",
        "railway",
        "school:de",
        "shop",
        "social_facility",
        "tourism",
    }
)
# A bus stop called "Musikschule" is no music school: names prove nothing about objects of these kinds.
_WAY_KEYS = frozenset({"highway", "public_transport", "railway", "place", "boundary", "waterway", "natural", "power"})
_FACILITY_KEYS = frozenset({"amenity", "shop", "office", "healthcare", "leisure", "social_facility", "post_office"})
_OPERATOR_TYPES = {
    "private": "privat",
    "business": "privat",
    "company": "privat",
    "religious": "Kirche",
    "church": "Kirche",
    "association": "Verein",
    "club": "Verein",
    "municipality": "Gemeinde",
    "municipal": "Gemeinde",
    "local_authority": "Gemeinde",
    "county": "Landkreis",
    "district": "Landkreis",
}
_WHEELCHAIR = frozenset({"yes", "limited", "no", "designated"})
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_DATE = re.compile(r"^(\d{4})-(\d{2})(?:-(\d{2}))?")


class Matcher(Protocol):
    """What this room needs of the catalogue's matcher of tags (`ankerort.catalogue.TagMatcher`)."""

    def match(self, tags: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Services (id and ``certain`` or ``probable``) of an object with these tags."""


@dataclass(frozen=True)
class ServiceHit:
    """One service that an object offers or offered, with the tags that describe it."""

    service: str
    certainty: str
    state: str
    tags: Mapping[str, str]


def hits_of(tags: Mapping[str, str], matcher: Matcher) -> list[ServiceHit]:
    """Services of one object: the living ones, and those that its ``disused:`` and similar keys tell of.

    A prefixed key (``disused:shop=supermarket``) is read as if it stood without the prefix, without the main keys of
    what is there now. ``disused=yes`` and ``abandoned=yes`` close everything that the object is.
    """
    former = {key: value for key, value in tags.items() if key.startswith(FORMER_PREFIXES)}
    gone = any(tags.get(key, "no") != "no" for key in ("disused", "abandoned"))
    living = {key: value for key, value in tags.items() if key not in former}
    hits = [
        ServiceHit(service, certainty, "closed" if gone else "open", living)
        for service, certainty in matcher.match(_without_misleading_name(living))
    ]
    if former:
        hits += _former_hits(living, former, matcher, bool(hits))
    return hits


def _former_hits(
    living: Mapping[str, str], former: Mapping[str, str], matcher: Matcher, lives_on: bool
) -> list[ServiceHit]:
    old = {key.split(":", 1)[1]: value for key, value in former.items()}
    if not old.keys() & MAIN_KEYS:
        return []
    # What stands there today lends the former use neither its name nor its hours.
    lent = {} if lives_on else {k: v for k, v in living.items() if k not in MAIN_KEYS}
    without = {service for service, _ in matcher.match(_without_misleading_name(lent))}
    tags = {**lent, **{k: v for k, v in living.items() if k in ("end_date", "check_date", "survey:date")}, **old}
    return [
        ServiceHit(service, certainty, "closed", tags)
        for service, certainty in matcher.match(_without_misleading_name(tags))
        if service not in without
    ]


def _without_misleading_name(tags: Mapping[str, str]) -> Mapping[str, str]:
    if tags.keys() & _WAY_KEYS and not tags.keys() & _FACILITY_KEYS:
        return {key: value for key, value in tags.items() if key != "name"}
    return tags


def operator_kind(tags: Mapping[str, str], service: str) -> str:
    """Kind of the operator where ``operator:type`` or the word Sparkasse at a bank leaves no doubt, else empty."""
    kind = _OPERATOR_TYPES.get(tags.get("operator:type", "").lower(), "")
    if not kind and service in ("bank_branch", "atm"):
        words = f"{tags.get('operator', '')} {tags.get('brand', '')}".lower()
        kind = "Sparkasse" if "sparkasse" in words else ""
    return kind


def address(tags: Mapping[str, str]) -> str:
    """Street (or place) and house number; empty if the number is not tagged."""
    street, number = tags.get("addr:street") or tags.get("addr:place") or "", tags.get("addr:housenumber", "")
    return f"{street} {number}".strip() if number else ""


def wheelchair(tags: Mapping[str, str], key: str = "wheelchair") -> str:
    """Value of ``wheelchair`` (or another key) if it is one of the four documented ones, else empty."""
    value = tags.get(key, "").strip().lower()
    return value if value in _WHEELCHAIR else ""


def check_date(tags: Mapping[str, str]) -> str:
    """Newest of the dates at which someone checked the object on site; a month counts as its first day."""
    found = [
        f"{m[1]}-{m[2]}-{m[3] or '01'}"
        for key in ("check_date", "survey:date", "check_date:opening_hours")
        if (m := _DATE.match(tags.get(key, "").strip()))
    ]
    return max(found, default="")


def closed_year(tags: Mapping[str, str]) -> str:
    """Year of the closing where a tag tells it, else empty."""
    for key in ("end_date", "date", "closed_date", "disused:date", "abandoned:date", "disused:end_date"):
        found = _YEAR.search(tags.get(key, ""))
        if found:
            return found[1]
    return ""


def capacity(tags: Mapping[str, str]) -> float:
    """``capacity`` as a number; NaN where it is missing, negative or no number."""
    value = parse_number(tags.get("capacity", ""))
    return value if value is not None and value >= 0 else np.nan

"""What OSM tags say about a street: who may use it, in which direction, how fast.

Only the meaning of tags stands here (OSM wiki: "Key:access", "OSM tags for routing", "Key:maxspeed"; the values of
``DE:*`` are the general limits of section 3 StVO). Speeds of classes are dated records of the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

Tags = Mapping[str, str]

CAR_CLASSES = (
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "track",
    "road",
)
PATH_CLASSES = ("pedestrian", "footway", "path", "cycleway", "bridleway", "steps", "platform", "busway")
FERRY = "ferry"
CLASS_NAMES = (*CAR_CLASSES, *PATH_CLASSES, FERRY)

PAVED = (
    "paved",
    "asphalt",
    "chipseal",
    "concrete",
    "concrete:lanes",
    "concrete:plates",
    "paving_stones",
    "sett",
    "cobblestone",
    "unhewn_cobblestone",
    "bricks",
    "metal",
    "wood",
    "grade1",
)
UNPAVED = (
    "unpaved",
    "compacted",
    "fine_gravel",
    "gravel",
    "pebblestone",
    "grass_paver",
    "ground",
    "dirt",
    "earth",
    "grass",
    "mud",
    "sand",
    "woodchips",
    "rock",
    "grade2",
    "grade3",
    "grade4",
    "grade5",
)
SURFACE_NAMES = ("", *PAVED, *UNPAVED)

_ALLOWED = {"yes", "permissive", "designated", "destination", "customers", "official", "public", "use_sidepath"}
_CLOSED = {"no", "private", "permit", "residents", "employees", "military", "emergency", "delivery", "psv", "bus"}
_WORK = {"agricultural", "forestry", "agricultural;forestry", "forestry;agricultural"}

# Barriers that stop a mode unless tags of the node let it pass; what is not named lets everyone pass.
_STOPS_ALL = {"wall", "fence", "hedge", "retaining_wall", "city_wall", "guard_rail", "debris"}
_STOPS_BIKE = _STOPS_ALL | {"turnstile", "full-height_turnstile", "kissing_gate", "stile", "horse_stile"}
_STOPS_CAR = _STOPS_BIKE | {
    "bollard",
    "block",
    "cycle_barrier",
    "motorcycle_barrier",
    "jersey_barrier",
    "log",
    "chain",
    "rope",
    "planter",
    "bus_trap",
    "sump_buster",
    "wicket_gate",
    "bar",
    "barrier_board",
}

_NO_LIMIT = {"none", "signals", "variable", "de:motorway", "unlimited"}
_IMPLICIT_KMH = {
    "walk": 7.0,
    "de:walk": 7.0,
    "de:living_street": 7.0,
    "de:urban": 50.0,
    "de:rural": 100.0,
    "de:bicycle_road": 30.0,
    "urban": 50.0,
    "rural": 100.0,
}
_ZONE = re.compile(r"^de:(?:zone:?)?(\d{1,3})$")
_NUMBER = re.compile(r"^(\d{1,3}(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots)?$")
_PER_UNIT = {"mph": 1.609344, "knots": 1.852}
# Limits of size: OSM wiki "Key:maxweight", "Key:maxheight", "Key:maxwidth"; without a unit tonnes and metres.
_SIZE = re.compile(r"^(\d+(?:[.,]\d+)?)\s*([a-z]*)$")
_FEET = re.compile(r"^(?:(\d+(?:\.\d+)?)\s*(?:'|ft|feet))?\s*(?:(\d+(?:\.\d+)?)\s*(?:\"|''|in|inches))?$")
_TONNES_PER = {"": 1.0, "t": 1.0, "to": 1.0, "kg": 0.001, "st": 0.90718474, "lt": 1.0160469, "lbs": 0.00045359237}
_METRES_PER = {"": 1.0, "m": 1.0, "cm": 0.01}
_FOOT_M, _INCH_M = 0.3048, 0.0254
_WEIGHT_KEYS = ("maxweight", "maxweightrating")
_HEIGHT_KEYS = ("maxheight", "maxheight:physical")
_WIDTH_KEYS = ("maxwidth", "maxwidth:physical")
_NO_LORRIES_T = 3.5  # sign 253 StVO: no vehicles above 3.5 t but cars and buses
_CLOCK = re.compile(r"^(?:(\d+):)?(\d+):(\d+)$")
_ISO = re.compile(r"^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$")


class StreetUse(NamedTuple):
    """Who may use a way, in its own direction (forward) and against it."""

    foot: bool
    bike_forward: bool
    bike_backward: bool
    car_forward: bool
    car_backward: bool


def _permission(tags: Tags, keys: tuple[str, ...], default: bool, *, work_traffic: bool = False) -> bool:
    """The most special key that says something decides; `work_traffic` = what "agricultural" means for the mode."""
    for key in keys:
        value = tags.get(key)
        if value is None:
            continue
        if value in _ALLOWED:
            return True
        if value in _CLOSED:
            return False
        if value in _WORK:
            return work_traffic
    return default


_CAR_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")


def _oneway(tags: Tags, street_class: str) -> tuple[bool, bool]:
    value = tags.get("oneway", "")
    if value in ("yes", "true", "1"):
        return True, False
    if value in ("-1", "reverse"):
        return False, True
    if value == "reversible":
        return False, False
    if value in ("no", "false", "0", "alternating"):
        return True, True
    implied = tags.get("junction") in ("roundabout", "circular") or street_class == "motorway"
    return True, not implied


def _bike_directions(tags: Tags, vehicles: tuple[bool, bool]) -> tuple[bool, bool]:
    own = tags.get("oneway:bicycle", "")
    if own in ("yes", "true", "1"):
        return True, False
    if own == "-1":
        return False, True
    if own in ("no", "false", "0"):
        return True, True
    sides = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
    if any(tags.get(k, "").startswith("opposite") for k in sides):
        return True, True
    if any(tags.get(f"{k}:oneway") == "no" for k in sides[1:]):
        return True, True
    return vehicles


def street_use(tags: Tags) -> StreetUse | None:
    """Who may use a way.

    Parameters
    ----------
    tags
        Tags of an OSM way with ``highway`` or ``route=ferry``.

    Returns
    -------
    StreetUse or None
        None if the way is no street that anyone of the three modes may use.
    """
    street_class = class_of(tags)
    if street_class is None:
        return None
    ferry = street_class == FERRY
    motorroad = tags.get("motorroad") == "yes" or street_class in ("motorway", "motorway_link")
    walkable = not motorroad and street_class not in ("bridleway", "busway")
    foot = not motorroad and _permission(tags, ("foot", "access"), walkable, work_traffic=True)

    # Bikes go where feet go, but steps; the bike's own tags may close or open a way.
    rideable = foot or (street_class == "cycleway" and _permission(tags, ("access",), True))
    bike = street_class != "steps" and not motorroad and _permission(tags, ("bicycle", "vehicle"), rideable)
    if tags.get("bicycle") == "dismount":
        bike = False

    by_default = street_class in CAR_CLASSES and street_class != "track"
    if street_class == "track":
        # Farm and forest tracks are open to cars only where they are made for them or a tag says so.
        by_default = surface_of(tags) in PAVED
    car = (street_class in CAR_CLASSES or ferry) and _permission(tags, _CAR_KEYS, by_default)

    vehicles = _oneway(tags, street_class)
    bikes = _bike_directions(tags, vehicles)
    use = StreetUse(foot, bike and bikes[0], bike and bikes[1], car and vehicles[0], car and vehicles[1])
    return use if any(use) else None


def class_of(tags: Tags) -> str | None:
    """Street class of a way: its ``highway`` value, ``ferry``, or None if it is neither."""
    highway = tags.get("highway")
    if highway is not None:
        return highway if highway in CLASS_NAMES and highway != FERRY else None
    return FERRY if tags.get("route") == "ferry" else None


def surface_of(tags: Tags) -> str:
    """Surface, else the grade of a track, else "" (also for values that nobody knows)."""
    surface = tags.get("surface", "")
    if surface in SURFACE_NAMES and surface:
        return surface
    grade = tags.get("tracktype", "")
    return grade if grade in SURFACE_NAMES else ""


def speed_limits_kmh(tags: Tags) -> tuple[float, float]:
    """Speed limit forward and backward in km/h; NaN where none is tagged or none is in force."""
    implied = next((tags[k] for k in ("maxspeed:type", "source:maxspeed", "zone:traffic") if k in tags), "")
    both = tags.get("maxspeed") or implied
    return (
        parse_speed_kmh(tags.get("maxspeed:forward") or both),
        parse_speed_kmh(tags.get("maxspeed:backward") or both),
    )


def parse_speed_kmh(text: str) -> float:
    """One ``maxspeed`` value in km/h; of several the lowest; NaN if it names no number."""
    lowest = float("nan")
    for part in text.lower().split(";"):
        value = part.strip()
        if not value or value in _NO_LIMIT:
            continue
        speed = _IMPLICIT_KMH.get(value)
        if speed is None and (zone := _ZONE.match(value)):
            speed = float(zone.group(1))
        if speed is None and (number := _NUMBER.match(value)):
            speed = float(number.group(1)) * _PER_UNIT.get(number.group(2) or "", 1.0)
        if speed is not None and speed > 0 and not speed >= lowest:
            lowest = speed
    return lowest


def vehicle_limits(tags: Tags) -> tuple[float, float, float]:
    """Largest vehicle that may use a way.

    Returns
    -------
    tuple
        Tonnes, metres of height, metres of width; NaN where no number is tagged. Of several limits the lowest; ``hgv=no`` is a limit
        of 3.5 t (sign 253 StVO).
    """
    weights = [parse_weight_t(tags[k]) for k in _WEIGHT_KEYS if k in tags]
    if tags.get("hgv") == "no":
        weights.append(_NO_LORRIES_T)
    heights = [parse_length_m(tags[k]) for k in _HEIGHT_KEYS if k in tags]
    widths = [parse_length_m(tags[k]) for k in _WIDTH_KEYS if k in tags]
    return _lowest(weights), _lowest(heights), _lowest(widths)


def parse_weight_t(text: str) -> float:
    """One value of ``maxweight`` in tonnes ("3.5", "3,5 t", "7.5 st", "2800 kg"); of several the lowest; NaN if it names no number."""
    return _lowest([_sized(part, _TONNES_PER) for part in text.lower().split(";")])


def parse_length_m(text: str) -> float:
    """One value of ``maxheight`` or ``maxwidth`` in metres ("3.8", "3,8 m", "12'6\"", "380 cm"); of several the lowest; else NaN."""
    found = []
    for part in text.lower().split(";"):
        value = _sized(part, _METRES_PER)
        if value != value and (feet := _FEET.match(part.strip())) and any(feet.groups()):
            value = float(feet.group(1) or 0) * _FOOT_M + float(feet.group(2) or 0) * _INCH_M
        found.append(value if value > 0 else float("nan"))
    return _lowest(found)


def _sized(text: str, per_unit: Mapping[str, float]) -> float:
    match = _SIZE.match(text.strip())
    if match is None or match.group(2) not in per_unit:
        return float("nan")
    value = float(match.group(1).replace(",", ".")) * per_unit[match.group(2)]
    return value if value > 0 else float("nan")


def _lowest(values: list[float]) -> float:
    return min((v for v in values if v == v), default=float("nan"))


def parse_duration_s(text: str) -> float:
    """Duration of a ferry in seconds: ``HH:MM``, ``HH:MM:SS``, minutes, or ISO 8601; NaN if it is none of these."""
    value = text.strip()
    if match := _CLOCK.match(value):
        first, middle, last = match.groups()
        if first is None:
            return (int(middle) * 60 + int(last)) * 60.0
        return int(first) * 3600.0 + int(middle) * 60 + int(last)
    if (match := _ISO.match(value)) and any(match.groups()):
        hours, minutes, seconds = (int(g or 0) for g in match.groups())
        return hours * 3600.0 + minutes * 60 + seconds
    try:
        minutes_only = float(value)
    except ValueError:
        return float("nan")
    return minutes_only * 60 if 0 < minutes_only < 10_000 else float("nan")


def barrier_blocks(tags: Tags) -> tuple[bool, bool, bool]:
    """Whether a node closes the way for car, bike and foot: the barrier's kind, overruled by its access tags."""
    kind = tags.get("barrier", "")
    car = _permission(tags, _CAR_KEYS, kind not in _STOPS_CAR)
    foot = _permission(tags, ("foot", "access"), kind not in _STOPS_ALL, work_traffic=True)
    bike = _permission(tags, ("bicycle", "vehicle", "access"), kind not in _STOPS_BIKE, work_traffic=True)
    return not car, not bike, not foot

"""The Musterkreis on paper: its places, roads and areas. Everything is invented; the size of things is taken from life.

Positions are kilometres east and north of the centre of Mühlenstedt.
"""

from __future__ import annotations

from dataclasses import dataclass, field

DISTRICT_AGS = "15999"
DISTRICT_NAME = "Musterkreis"
NEIGHBOUR_AGS = "15998"
NEIGHBOUR_NAME = "Nachbarkreis"

TOWN_AGS = "15999010"
LANGENWOERDEN_AGS = "15999021"
SUELZBERG_AGS = "15999022"
HOEHENZIEPEL_AGS = "15999023"
WERBENAU_AGS = "15998010"


@dataclass(frozen=True)
class PlaceDesign:
    """One place: `key` is unique where the name is not; `bearing_deg` is the direction of its main street."""

    key: str
    name: str
    kind: str
    ags: str
    x_km: float
    y_km: float
    persons: int
    bearing_deg: float
    main_street: str = "Hauptstraße"
    main_class: str = "tertiary"
    main_tags: dict[str, str] = field(default_factory=dict)


PLACES: tuple[PlaceDesign, ...] = (
    PlaceDesign(
        "muehlenstedt", "Mühlenstedt", "town", TOWN_AGS, 0.0, 0.0, 3150, 12, "Breite Straße", "primary", {"ref": "B 298"}
    ),
    PlaceDesign("altenroede", "Altenröde", "village", TOWN_AGS, -4.2, 1.6, 610, 160, "Magdeburger Straße", "secondary"),
    PlaceDesign("grossboelsdorf", "Großbölsdorf", "village", TOWN_AGS, -3.4, -3.3, 480, 35, "Lange Straße"),
    PlaceDesign("huettelsdorf", "Hüttelsdorf", "village", TOWN_AGS, 1.3, 4.6, 390, 20, "Mühlenstedter Straße"),
    PlaceDesign("faehrdorf", "Fährdorf", "village", TOWN_AGS, 1.9, -4.4, 220, 80, "Am Mühreufer"),
    PlaceDesign("neudorf_west", "Neudorf", "village", TOWN_AGS, -6.8, -1.2, 130, 70, "Dorfstraße"),
    PlaceDesign("doebelitz", "Döbelitz", "village", TOWN_AGS, -7.6, 3.4, 95, 140, "Dorfstraße"),
    PlaceDesign(
        "langenwoerden", "Langenwörden", "village", LANGENWOERDEN_AGS, 6.3, 0.6, 870, 5, "Lange Straße", "primary",
        {"ref": "B 298"},
    ),
    PlaceDesign("kleinwoerden", "Kleinwörden", "village", LANGENWOERDEN_AGS, 7.2, -2.0, 140, 110, "Dorfstraße"),
    PlaceDesign("suelzberg", "Sülzberg", "village", SUELZBERG_AGS, 8.6, 3.9, 520, 170, "Salzstraße", "secondary"),
    PlaceDesign("neudorf_ost", "Neudorf", "village", SUELZBERG_AGS, 10.6, 5.9, 160, 60, "Am Anger"),
    PlaceDesign("hoehenziepel", "Höhenziepel", "village", HOEHENZIEPEL_AGS, 9.9, -2.7, 330, 15, "Hauptstraße"),
    PlaceDesign("ziepelmuehle", "Ziepelmühle", "hamlet", HOEHENZIEPEL_AGS, 11.4, -4.3, 85, 130, "Mühlenweg"),
    PlaceDesign(
        "werbenau", "Werbenau", "town", WERBENAU_AGS, 15.6, 0.4, 3400, 170, "Lange Straße", "primary",
        {"ref": "B 298"},
    ),
)  # fmt: skip


@dataclass(frozen=True)
class CentralPlaceDesign:
    """One row of the made-up list of central places; `tier` as a plan writes it."""

    name: str
    ags: str
    tier: str


# Werbenau lies beyond the border of the district, as the next larger town often does.
CENTRAL_PLACES: tuple[CentralPlaceDesign, ...] = (
    CentralPlaceDesign("Werbenau", WERBENAU_AGS, "Mittelzentrum"),
    CentralPlaceDesign("Mühlenstedt", TOWN_AGS, "Grundzentrum"),
    CentralPlaceDesign("Langenwörden", LANGENWOERDEN_AGS, "Ort mit grundzentraler Teilfunktion"),
)


@dataclass(frozen=True)
class RoadDesign:
    """One road between two places; `bend` as in `settlement.road_points`."""

    start: str
    end: str
    highway: str
    ref: str
    maxspeed: str = "100"
    surface: str = "asphalt"
    bend: float = 0.05
    cycleway: bool = False


ROADS: tuple[RoadDesign, ...] = (
    RoadDesign("muehlenstedt", "langenwoerden", "primary", "B 298", bend=0.03),
    RoadDesign("langenwoerden", "werbenau", "primary", "B 298", bend=-0.02),
    RoadDesign("muehlenstedt", "altenroede", "secondary", "L 77", bend=0.06, cycleway=True),
    RoadDesign("altenroede", "doebelitz", "tertiary", "K 1310", "80", bend=-0.07),
    RoadDesign("altenroede", "neudorf_west", "tertiary", "K 1311", "80", bend=0.05),
    RoadDesign("muehlenstedt", "grossboelsdorf", "tertiary", "K 1312", bend=-0.05),
    RoadDesign("grossboelsdorf", "neudorf_west", "unclassified", "", "70", "paved", bend=0.08),
    RoadDesign("muehlenstedt", "faehrdorf", "tertiary", "K 1313", bend=0.06),
    RoadDesign("muehlenstedt", "huettelsdorf", "tertiary", "K 1314", bend=-0.06),
    RoadDesign("huettelsdorf", "suelzberg", "secondary", "L 78", "80", bend=0.03),
    RoadDesign("langenwoerden", "suelzberg", "tertiary", "K 1315", bend=-0.05),
    RoadDesign("langenwoerden", "kleinwoerden", "tertiary", "K 1316", "80", bend=0.06),
    RoadDesign("kleinwoerden", "hoehenziepel", "tertiary", "K 1316", "80", bend=-0.06),
    RoadDesign("hoehenziepel", "ziepelmuehle", "unclassified", "", "50", "concrete:plates", bend=0.09),
    RoadDesign("hoehenziepel", "werbenau", "tertiary", "K 1317", bend=0.05),
    RoadDesign("suelzberg", "neudorf_ost", "tertiary", "K 1318", "80", bend=0.05),
    RoadDesign("suelzberg", "werbenau", "secondary", "L 79", bend=0.04),
)

# Field tracks: a short cut on foot and by bike that no car may use.
TRACKS: tuple[tuple[str, str], ...] = (
    ("doebelitz", "neudorf_west"),
    ("faehrdorf", "grossboelsdorf"),
    ("neudorf_ost", "werbenau"),
)

RIVER_NAME = "Mühre"
RIVER_KM: tuple[tuple[float, float], ...] = (
    (3.7, -8.6), (3.5, -7.2), (3.1, -6.0), (2.7, -5.0), (2.75, -4.2), (3.0, -3.0), (2.9, -1.8), (3.2, -0.6),
    (3.1, 0.5), (3.5, 1.6), (3.9, 2.8), (4.1, 4.0), (4.6, 5.2), (4.9, 6.4), (5.4, 7.6), (5.8, 8.8),
)  # fmt: skip

# The outline of the land west of the river, east of it, and of the neighbouring district (without the river's own line).
WEST_KM = ((-4.0, -8.0), (-9.5, -6.0), (-10.4, -0.5), (-10.0, 5.6), (-4.2, 7.6), (1.8, 8.3))
EAST_KM = ((9.0, 8.6), (12.6, 8.2), (13.1, 4.4), (12.5, 0.9), (13.2, -2.8), (12.4, -7.2), (8.0, -8.2))
NEIGHBOUR_KM = (
    (12.6, 8.2), (13.1, 4.4), (12.5, 0.9), (13.2, -2.8), (12.4, -7.2), (16.0, -7.6), (20.0, -5.0), (20.6, 1.5), (18.6, 7.0),
)  # fmt: skip


@dataclass(frozen=True)
class MunicipalityDesign:
    """One municipality; an Einheitsgemeinde is its own association."""

    ags: str
    rs: str
    name: str
    kind: str
    association: str


MUNICIPALITIES: tuple[MunicipalityDesign, ...] = (
    MunicipalityDesign(TOWN_AGS, "159990010010", "Mühlenstedt", "Stadt", "Mühlenstedt"),
    MunicipalityDesign(LANGENWOERDEN_AGS, "159995001021", "Langenwörden", "Gemeinde", "Mührebogen"),
    MunicipalityDesign(SUELZBERG_AGS, "159995001022", "Sülzberg", "Gemeinde", "Mührebogen"),
    MunicipalityDesign(HOEHENZIEPEL_AGS, "159995001023", "Höhenziepel", "Gemeinde", "Mührebogen"),
    MunicipalityDesign(WERBENAU_AGS, "159980010010", "Werbenau", "Stadt", "Werbenau"),
)

FIELD_NAMES: tuple[tuple[str, float, float], ...] = (
    ("Langes Feld", -2.1, 2.3), ("Krähenberg", -5.6, 0.4), ("Mührewiesen", 2.2, 1.9), ("Galgenbreite", -1.6, -1.9),
    ("Wolfskuhle", 5.2, 3.2), ("Sülzegrund", 8.1, 2.3), ("Ziepelbruch", 10.8, -3.4), ("Hohe Warte", 11.3, 2.0),
    ("Der Kreuzhorst", 4.8, -3.8), ("Schäferbreite", -6.2, 4.1), ("Neue Welt", -0.9, 3.3), ("Lerchenfeld", 7.7, 6.3),
)  # fmt: skip

# Persons in 100 by age class (0-9, 10-19, ... 80 and older), by size of the place: the smaller, the older.
AGE_SHARES: tuple[tuple[int, tuple[float, ...]], ...] = (
    (1000, (8.0, 8.6, 8.3, 11.8, 12.3, 14.2, 16.6, 11.2, 9.0)),
    (400, (7.4, 8.4, 7.0, 11.2, 12.4, 15.6, 18.4, 11.6, 8.0)),
    (150, (6.4, 7.6, 6.2, 10.0, 12.0, 17.2, 20.2, 12.2, 8.2)),
    (0, (5.0, 6.6, 5.4, 8.6, 11.6, 18.6, 22.0, 13.2, 9.0)),
)

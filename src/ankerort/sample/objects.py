"""What stands in the Musterkreis: objects as OSM maps them, and what the municipalities know.

OSM is left as incomplete as it is in life: many objects without opening hours, several villages without any shop recorded,
doctors without their speciality. The municipalities' list confirms a part and adds what OSM lacks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["node", "building", "both"]

_OFFICE_HOURS = "Mo-Fr 08:00-12:00, Mo,Tu,Th 14:00-17:00"
_SHOP_HOURS = "Mo-Sa 07:00-20:00"


@dataclass(frozen=True)
class OsmObject:
    """One mapped object: place, number of the building plot in it, tags; ``both`` = node and building way of one shop."""

    place: str
    plot: int
    tags: tuple[tuple[str, str], ...]
    form: Form = "node"


def _o(place: str, plot: int, form: Form = "node", /, **tags: str) -> OsmObject:
    """Shorthand of the list below; ``__`` in a key stands for ``:`` (keywords cannot hold a colon)."""
    return OsmObject(place, plot, tuple((k.replace("__", ":"), v) for k, v in tags.items()), form)


OBJECTS: tuple[OsmObject, ...] = (
    # Mühlenstedt, the small town
    _o("muehlenstedt", 20, "both", shop="supermarket", name="EDEKA Mühlenstedt", brand="EDEKA", opening_hours=_SHOP_HOURS, wheelchair="yes"),
    _o("muehlenstedt", 27, "building", shop="supermarket", name="Netto Marken-Discount", brand="Netto Marken-Discount", opening_hours="Mo-Sa 07:00-20:00", wheelchair="yes"),
    _o("muehlenstedt", 2, shop="bakery", name="Bäckerei Kornblume", opening_hours="Mo-Fr 05:30-17:30; Sa 05:30-11:00", wheelchair="yes"),
    _o("muehlenstedt", 9, shop="bakery", name="Landbäckerei Mühre"),
    _o("muehlenstedt", 4, shop="butcher", name="Fleischerei am Markt"),
    _o("muehlenstedt", 12, shop="chemist", name="Drogerie am Markt", wheelchair="limited"),
    _o("muehlenstedt", 1, amenity="bank", name="Kreissparkasse Musterkreis", operator="Kreissparkasse Musterkreis", opening_hours="Mo-Fr 09:00-12:30, Tu,Th 14:00-18:00", atm="yes", wheelchair="yes"),
    _o("muehlenstedt", 7, amenity="bank", name="Volksbank Mühre-Elbe", operator="Volksbank Mühre-Elbe"),
    _o("muehlenstedt", 8, amenity="atm", operator="Volksbank Mühre-Elbe"),
    _o("muehlenstedt", 14, amenity="post_office", name="Postfiliale im Schreibwarenhaus", operator="Deutsche Post AG", opening_hours="Mo-Fr 09:00-18:00; Sa 09:00-12:00"),
    _o("muehlenstedt", 28, amenity="parcel_locker", operator="DHL", brand="Packstation", opening_hours="24/7"),
    _o("muehlenstedt", 0, amenity="post_box", operator="Deutsche Post AG"),
    _o("muehlenstedt", 30, amenity="post_box", operator="Deutsche Post AG"),
    _o("muehlenstedt", 16, amenity="doctors", name="Gemeinschaftspraxis am Markt, Allgemeinmedizin", healthcare="doctor", healthcare__speciality="general", opening_hours=_OFFICE_HOURS, wheelchair="limited"),
    _o("muehlenstedt", 17, amenity="doctors", name="Gemeinschaftspraxis am Markt", healthcare="doctor", healthcare__speciality="general"),
    _o("muehlenstedt", 33, amenity="doctors", name="Arztpraxis Breite Straße"),
    _o("muehlenstedt", 22, amenity="doctors", name="Augenarztpraxis Mühlenstedt", healthcare__speciality="ophthalmology", wheelchair="yes"),
    _o("muehlenstedt", 35, amenity="doctors", name="Kinderarztpraxis Mühlenstedt", healthcare__speciality="paediatrics", opening_hours=_OFFICE_HOURS, wheelchair="yes"),
    _o("muehlenstedt", 11, amenity="dentist", name="Zahnarztpraxis am Markt", wheelchair="no"),
    _o("muehlenstedt", 24, amenity="dentist", name="Zahnarztpraxis Breite Straße", opening_hours=_OFFICE_HOURS),
    _o("muehlenstedt", 6, amenity="pharmacy", name="Löwen-Apotheke", opening_hours="Mo-Fr 08:00-18:00; Sa 08:30-12:00", wheelchair="yes", check_date="2026-03-12"),
    _o("muehlenstedt", 26, healthcare="physiotherapist", name="Physiotherapie Breite Straße", wheelchair="yes"),
    _o("muehlenstedt", 32, emergency="ambulance_station", name="Rettungswache Mühlenstedt", operator="Landkreis Musterkreis"),
    _o("muehlenstedt", 34, "building", amenity="fire_station", name="Feuerwehr Mühlenstedt", operator="Stadt Mühlenstedt"),
    _o("muehlenstedt", 18, amenity="police", name="Polizeistation Mühlenstedt", opening_hours="Tu 14:00-17:00; Th 09:00-12:00"),
    _o("muehlenstedt", 36, amenity="kindergarten", name="Kita Mührewichtel", operator="Stadt Mühlenstedt", opening_hours="Mo-Fr 06:00-17:00"),
    _o("muehlenstedt", 41, amenity="kindergarten", name="Kita Sonnenblume", operator="Volkssolidarität Musterkreis", wheelchair="yes"),
    _o("muehlenstedt", 40, "building", amenity="school", name="Grundschule Mühlenstedt", school__de="Grundschule", isced__level="1", operator="Stadt Mühlenstedt"),
    _o("muehlenstedt", 44, "building", amenity="school", name="Sekundarschule Mühlenstedt", school__de="Sekundarschule", operator="Landkreis Musterkreis", wheelchair="limited"),
    _o("muehlenstedt", 3, "building", amenity="townhall", name="Rathaus und Bürgerbüro Mühlenstedt", operator="Stadt Mühlenstedt", opening_hours="Tu 09:00-12:00,14:00-18:00; Th 09:00-12:00,14:00-16:00", wheelchair="yes"),
    _o("muehlenstedt", 13, amenity="library", name="Stadtbibliothek Mühlenstedt", opening_hours="Tu,Th 14:00-18:00", wheelchair="limited"),
    _o("muehlenstedt", 38, amenity="community_centre", community_centre="youth_centre", name="Jugendclub Alte Ziegelei", wheelchair="no"),
    _o("muehlenstedt", 21, amenity="community_centre", name="Bürgerhaus Mühlenstedt", community_centre="community_hall", wheelchair="yes"),
    _o("muehlenstedt", 43, "building", leisure="sports_hall", name="Sporthalle der Sekundarschule"),
    _o("muehlenstedt", 46, leisure="pitch", sport="soccer", name="Sportplatz TSV Mühlenstedt"),
    _o("muehlenstedt", 29, leisure="playground", name="Spielplatz Breite Straße"),
    _o("muehlenstedt", 42, leisure="playground"),
    _o("muehlenstedt", 10, amenity="restaurant", name="Ratskeller", opening_hours="We-Su 11:30-14:00,17:00-21:00", wheelchair="no"),
    _o("muehlenstedt", 19, amenity="cafe", name="Café am Markt", wheelchair="limited"),
    _o("muehlenstedt", 47, amenity="fuel", name="Tankstelle an der B 298", opening_hours="Mo-Su 06:00-22:00", wheelchair="yes"),
    _o("muehlenstedt", 23, amenity="charging_station", operator="Stadtwerke Mühlenstedt", motorcar="yes"),
    _o("muehlenstedt", 5, "building", amenity="place_of_worship", religion="christian", name="St. Marien"),
    _o("muehlenstedt", 15, shop="hairdresser", name="Friseur am Markt", opening_hours="Tu-Fr 09:00-18:00; Sa 08:00-12:00", wheelchair="limited"),
    _o("muehlenstedt", 25, shop="hairdresser", name="Haarstudio Breite Straße", wheelchair="no"),
    _o("muehlenstedt", 39, amenity="social_facility", social_facility="day_care", social_facility__for="senior", name="Tagespflege Mührestift", wheelchair="yes"),
    _o("muehlenstedt", 31, amenity="recycling", recycling_type="centre", name="Wertstoffhof Mühlenstedt", opening_hours="Mo-Fr 09:00-16:00; Sa 09:00-12:00"),
    _o("muehlenstedt", 45, landuse="cemetery", name="Friedhof Mühlenstedt"),
    _o("muehlenstedt", 48, amenity="toilets", access="yes", wheelchair="yes"),
    # Altenröde: lost its shop in 2019
    _o("altenroede", 3, disused__shop="supermarket", name="Konsum Altenröde", end_date="2019"),
    _o("altenroede", 0, shop="bakery", name="Bäckerei Kornblume", opening_hours="Mo-Fr 06:00-12:00; Sa 06:00-10:30"),
    _o("altenroede", 5, amenity="doctors", name="Hausarztpraxis Altenröde", healthcare__speciality="general", opening_hours="Mo-Fr 08:00-12:00, Tu 15:00-18:00", wheelchair="no"),
    _o("altenroede", 6, amenity="kindergarten", name="Kita Rodespatzen", operator="Stadt Mühlenstedt", opening_hours="Mo-Fr 06:30-16:30"),
    _o("altenroede", 8, "building", amenity="school", name="Grundschule Altenröde", school__de="Grundschule", operator="Stadt Mühlenstedt"),
    _o("altenroede", 2, "building", amenity="fire_station", name="Feuerwehr Altenröde"),
    _o("altenroede", 1, "building", amenity="place_of_worship", religion="christian", name="Dorfkirche Altenröde", wheelchair="limited"),
    _o("altenroede", 4, amenity="post_box", operator="Deutsche Post AG"),
    _o("altenroede", 7, shop="hairdresser", name="Friseur Altenröde"),
    _o("altenroede", 9, amenity="community_centre", community_centre="village_hall", name="Dorfgemeinschaftshaus Altenröde", wheelchair="yes"),
    _o("altenroede", 10, leisure="playground"),
    _o("altenroede", 11, amenity="restaurant", name="Zur Linde", wheelchair="limited"),
    _o("altenroede", 12, leisure="pitch", sport="soccer"),
    _o("altenroede", 13, landuse="cemetery", name="Friedhof Altenröde"),
    # Großbölsdorf: the town has confirmed that there is no shop
    _o("grossboelsdorf", 1, "building", amenity="place_of_worship", religion="christian", name="Dorfkirche Großbölsdorf", wheelchair="no"),
    _o("grossboelsdorf", 2, "building", amenity="fire_station", name="Feuerwehr Großbölsdorf"),
    _o("grossboelsdorf", 4, amenity="community_centre", name="Dorfgemeinschaftshaus Großbölsdorf"),
    _o("grossboelsdorf", 5, leisure="playground", name="Spielplatz am Anger"),
    _o("grossboelsdorf", 6, amenity="post_box", operator="Deutsche Post AG"),
    _o("grossboelsdorf", 7, amenity="pub", name="Dorfkrug Großbölsdorf", opening_hours="Fr-Su 17:00-22:00", wheelchair="no"),
    _o("grossboelsdorf", 8, disused__amenity="doctors", name="Landarztpraxis Großbölsdorf", end_date="2022-06-30"),
    # Hüttelsdorf: whether there is a shop is not known
    _o("huettelsdorf", 1, "building", amenity="place_of_worship", religion="christian", name="St. Nikolai"),
    _o("huettelsdorf", 2, "building", amenity="fire_station", name="Feuerwehr Hüttelsdorf"),
    _o("huettelsdorf", 3, amenity="post_box", operator="Deutsche Post AG"),
    _o("huettelsdorf", 5, leisure="playground"),
    _o("huettelsdorf", 6, amenity="kindergarten", name="Kita Zwergenland", wheelchair="limited"),
    # Fährdorf, at the river without a bridge
    _o("faehrdorf", 1, "building", amenity="place_of_worship", religion="christian", name="Kapelle Fährdorf"),
    _o("faehrdorf", 2, amenity="restaurant", name="Fährhaus an der Mühre", opening_hours="Fr-Su 11:30-20:00", wheelchair="yes"),
    _o("faehrdorf", 3, "building", amenity="fire_station", name="Feuerwehr Fährdorf"),
    # the western Neudorf and Döbelitz: nearly nothing
    _o("neudorf_west", 1, "building", amenity="place_of_worship", religion="christian", name="Dorfkirche Neudorf"),
    _o("neudorf_west", 2, amenity="post_box", operator="Deutsche Post AG"),
    _o("doebelitz", 1, amenity="post_box", operator="Deutsche Post AG"),
    # Langenwörden, seat of the Verbandsgemeinde
    _o("langenwoerden", 2, "both", shop="convenience", name="Dorfladen Langenwörden", opening_hours="Mo-Fr 07:00-12:30,14:30-18:00; Sa 07:00-12:00", wheelchair="yes"),
    _o("langenwoerden", 4, shop="bakery", name="Landbäckerei Mühre", wheelchair="yes"),
    _o("langenwoerden", 6, amenity="doctors", name="Hausarztpraxis Langenwörden", healthcare="doctor", healthcare__speciality="general", wheelchair="yes", opening_hours=_OFFICE_HOURS),
    _o("langenwoerden", 8, amenity="dentist", name="Zahnarztpraxis Langenwörden", wheelchair="limited"),
    _o("langenwoerden", 10, amenity="pharmacy", name="Apotheke am Mührebogen", opening_hours="Mo-Fr 08:00-18:00; Sa 09:00-12:00"),
    _o("langenwoerden", 5, amenity="bank", name="Kreissparkasse Musterkreis, SB-Stelle", operator="Kreissparkasse Musterkreis", opening_hours="24/7", atm="yes"),
    _o("langenwoerden", 3, amenity="townhall", name="Verbandsgemeinde Mührebogen, Bürgerservice", opening_hours="Tu 09:00-12:00,13:00-18:00; Th 09:00-12:00", wheelchair="yes"),
    _o("langenwoerden", 12, "building", amenity="school", name="Grundschule Mührebogen", school__de="Grundschule", operator="Verbandsgemeinde Mührebogen"),
    _o("langenwoerden", 11, amenity="kindergarten", name="Kita Bogenwichtel", operator="Verbandsgemeinde Mührebogen"),
    _o("langenwoerden", 13, amenity="childcare", name="Hort Mührebogen"),
    _o("langenwoerden", 7, "building", amenity="fire_station", name="Feuerwehr Langenwörden"),
    _o("langenwoerden", 1, "building", amenity="place_of_worship", religion="christian", name="St. Laurentius"),
    _o("langenwoerden", 9, amenity="community_centre", community_centre="village_hall", name="Gemeindesaal Langenwörden", wheelchair="yes"),
    _o("langenwoerden", 14, leisure="playground", name="Spielplatz Langenwörden"),
    _o("langenwoerden", 15, shop="hairdresser", name="Friseur Langenwörden"),
    _o("langenwoerden", 16, amenity="post_box", operator="Deutsche Post AG"),
    _o("langenwoerden", 17, amenity="restaurant", name="Zum Mührebogen"),
    _o("langenwoerden", 18, leisure="pitch", sport="soccer", name="Sportplatz Langenwörden"),
    _o("langenwoerden", 19, landuse="cemetery", name="Friedhof Langenwörden"),
    # Sülzberg: its bank closed in 2021
    _o("suelzberg", 3, disused__amenity="bank", name="Kreissparkasse Musterkreis", end_date="2021-09"),
    _o("suelzberg", 2, shop="farm", name="Hofladen Sülzgut", opening_hours="Fr 10:00-18:00"),
    _o("suelzberg", 5, amenity="post_office", name="Post im Hofladen"),
    _o("suelzberg", 1, "building", amenity="place_of_worship", religion="christian", name="St. Petri"),
    _o("suelzberg", 4, "building", amenity="fire_station", name="Feuerwehr Sülzberg"),
    _o("suelzberg", 6, amenity="kindergarten", name="Kita Salzkörnchen", opening_hours="Mo-Fr 06:30-16:30"),
    _o("suelzberg", 7, leisure="playground"),
    _o("suelzberg", 8, amenity="restaurant", name="Salzgasthof", wheelchair="limited"),
    _o("suelzberg", 9, amenity="community_centre", name="Mehrzweckhalle Sülzberg", wheelchair="yes"),
    _o("suelzberg", 10, leisure="pitch", sport="soccer"),
    _o("hoehenziepel", 1, "building", amenity="place_of_worship", religion="christian", name="Dorfkirche Höhenziepel"),
    _o("hoehenziepel", 2, "building", amenity="fire_station", name="Feuerwehr Höhenziepel"),
    _o("hoehenziepel", 3, amenity="community_centre", community_centre="village_hall", name="Bürgerhaus Höhenziepel", wheelchair="yes"),
    _o("hoehenziepel", 5, shop="butcher", name="Landfleischerei Höhenziepel", opening_hours="Th-Fr 08:00-17:00; Sa 08:00-11:00"),
    _o("hoehenziepel", 6, amenity="post_box", operator="Deutsche Post AG"),
    _o("neudorf_ost", 1, "building", amenity="place_of_worship", religion="christian", name="Dorfkirche Neudorf"),
    _o("neudorf_ost", 2, leisure="playground"),
    _o("kleinwoerden", 1, amenity="post_box", operator="Deutsche Post AG"),
    # Werbenau, across the district border
    _o("werbenau", 2, "building", shop="supermarket", name="REWE Werbenau", brand="REWE", opening_hours=_SHOP_HOURS, wheelchair="yes"),
    _o("werbenau", 6, "building", shop="supermarket", name="Penny", brand="Penny", opening_hours="Mo-Sa 07:00-21:00", wheelchair="yes"),
    _o("werbenau", 3, shop="bakery", name="Stadtbäckerei Werbenau", opening_hours="Mo-Sa 06:00-17:00"),
    _o("werbenau", 20, shop="bakery", name="Bäckerei am Bahnhof"),
    _o("werbenau", 1, amenity="bank", name="Sparkasse Nachbarkreis", operator="Sparkasse Nachbarkreis", opening_hours="Mo-Fr 09:00-16:00", atm="yes"),
    _o("werbenau", 5, amenity="post_office", name="Postfiliale Werbenau", operator="Deutsche Post AG", opening_hours="Mo-Fr 09:00-18:00"),
    _o("werbenau", 8, amenity="doctors", name="MVZ Werbenau, Allgemeinmedizin", healthcare="doctor", healthcare__speciality="general", wheelchair="yes"),
    _o("werbenau", 22, amenity="doctors", name="Internistische Praxis Werbenau", healthcare__speciality="internal"),
    _o("werbenau", 10, amenity="doctors", name="Frauenarztpraxis Werbenau", healthcare__speciality="gynaecology"),
    _o("werbenau", 12, amenity="dentist", name="Zahnzentrum Werbenau", wheelchair="yes"),
    _o("werbenau", 4, amenity="pharmacy", name="Adler-Apotheke", opening_hours="Mo-Fr 08:00-18:30; Sa 08:30-13:00", wheelchair="yes"),
    _o("werbenau", 30, "building", amenity="hospital", name="Kreiskrankenhaus Werbenau", emergency="yes", opening_hours="24/7", wheelchair="yes"),
    _o("werbenau", 26, "building", amenity="school", name="Gymnasium Werbenau", school__de="Gymnasium", wheelchair="limited"),
    _o("werbenau", 28, "building", amenity="school", name="Grundschule Werbenau", school__de="Grundschule"),
    _o("werbenau", 14, amenity="kindergarten", name="Kita Regenbogen", wheelchair="yes"),
    _o("werbenau", 16, amenity="kindergarten", name="Kita Pfiffikus"),
    _o("werbenau", 0, "building", amenity="townhall", name="Rathaus Werbenau, Bürgerbüro", wheelchair="yes"),
    _o("werbenau", 18, amenity="library", name="Stadtbücherei Werbenau", opening_hours="Tu,We,Fr 10:00-17:00", wheelchair="yes"),
    _o("werbenau", 32, "building", amenity="fire_station", name="Feuerwehr Werbenau"),
    _o("werbenau", 34, railway="station", name="Werbenau"),
    _o("werbenau", 7, shop="chemist", name="Drogerie Werbenau", wheelchair="yes"),
    _o("werbenau", 9, shop="hairdresser", name="Salon Werbenau"),
    _o("werbenau", 11, "building", amenity="place_of_worship", religion="christian", name="St. Johannis"),
    _o("werbenau", 24, leisure="water_park", name="Waldbad Werbenau", opening_hours="May-Sep 10:00-19:00"),
    _o("werbenau", 36, amenity="fuel", name="Tankstelle Werbenau", opening_hours="24/7"),
)  # fmt: skip


@dataclass(frozen=True)
class ListedFacility:
    """One row of the municipalities' list; `plot` None = the list gives no position, only the place."""

    place: str
    plot: int
    service: str
    name: str
    operator: str
    operator_kind: str
    more: tuple[tuple[str, object], ...] = ()
    state: str = "open"


def _l(
    place: str, plot: int, service: str, name: str, operator: str, kind: str, *, state: str = "open", **more: object
) -> ListedFacility:
    return ListedFacility(place, plot, service, name, operator, kind, tuple(more.items()), state)


LISTED: tuple[ListedFacility, ...] = (
    _l("muehlenstedt", 36, "kindergarten", "Kita Mührewichtel", "Stadt Mühlenstedt", "Gemeinde", owner="Stadt Mühlenstedt", id="kita-1", capacity=85.0, capacity_from_year=2019, capacity_to_year=2027, condition=3.0, opening_hours="Mo-Fr 06:00-17:00", wheelchair="limited"),
    _l("muehlenstedt", 40, "primary_school", "Grundschule Mühlenstedt", "Stadt Mühlenstedt", "Gemeinde", owner="Stadt Mühlenstedt", capacity=200.0, condition=2.0, broadband_mbit=1000.0, wheelchair="yes", toilets_wheelchair="yes"),
    _l("muehlenstedt", 40, "after_school", "Hort der Grundschule Mühlenstedt", "Stadt Mühlenstedt", "Gemeinde", capacity=90.0, opening_hours="Mo-Fr 06:00-17:00"),
    _l("muehlenstedt", 21, "village_hall", "Bürgerhaus Mühlenstedt", "Stadt Mühlenstedt", "Gemeinde", owner="Stadt Mühlenstedt", rooms="Saal 180 Plätze, Vereinszimmer, Küche", capacity=180.0, wheelchair="yes"),
    _l("muehlenstedt", 3, "citizen_office", "Bürgerbüro Mühlenstedt", "Stadt Mühlenstedt", "Gemeinde", opening_hours="Di 9-12 Uhr und 14-18 Uhr, Do 9-12 Uhr und 14-16 Uhr", wheelchair="yes", condition=2.0, broadband_mbit=250.0),
    _l("grossboelsdorf", 9, "kindergarten", "Kita Storchennest", "Stadt Mühlenstedt", "Gemeinde", owner="Stadt Mühlenstedt", capacity=32.0, condition=4.0, opening_hours="Mo-Fr 06:30-16:30", wheelchair="no"),
    _l("muehlenstedt", 36, "kindergarten", "Kita Mührewichtel", "Stadt Mühlenstedt", "Gemeinde", id="kita-1", capacity=110.0, capacity_from_year=2028),
    _l("grossboelsdorf", 4, "village_hall", "Dorfgemeinschaftshaus Großbölsdorf", "Stadt Mühlenstedt", "Gemeinde", owner="Stadt Mühlenstedt", rooms="Saal 80 Plätze, Küche, beheizt", capacity=80.0, wheelchair="yes"),
    _l("doebelitz", 2, "village_hall", "Dorfgemeinschaftshaus Döbelitz", "Heimatverein Döbelitz e. V.", "Verein", owner="Stadt Mühlenstedt", rooms="Raum 40 Plätze, Teeküche", capacity=40.0),
    _l("doebelitz", 3, "fire_station", "Feuerwehr Döbelitz", "Stadt Mühlenstedt", "Gemeinde"),
    _l("langenwoerden", 2, "village_shop", "Dorfladen Langenwörden", "Dorfladen Langenwörden eG", "Verein", owner="Gemeinde Langenwörden", rooms="120 m² Verkaufsfläche", opening_hours="Mo-Fr 07:00-12:30,14:30-18:00; Sa 07:00-12:00", wheelchair="yes", capacity=120.0, condition=2.0, assortment="village", broadband_mbit=100.0, operator_age=63, succession="no", lease_until_year=2029, turnover_eur_year=412345, rent_eur_m2=5.75),
    _l("langenwoerden", 2, "post_office", "Postpartner im Dorfladen", "Dorfladen Langenwörden eG", "Verein", opening_hours="Mo-Fr 09:00-12:00,14:30-17:30"),
    _l("langenwoerden", 13, "after_school", "Hort Mührebogen", "Verbandsgemeinde Mührebogen", "Gemeinde", capacity=70.0),
    _l("langenwoerden", 3, "citizen_office", "Bürgerservice Mührebogen", "Verbandsgemeinde Mührebogen", "Gemeinde", opening_hours="Tu 09:00-12:00,13:00-18:00; Th 09:00-12:00", wheelchair="yes"),
    _l("suelzberg", 11, "general_practitioner", "Zweigpraxis Sülzberg", "Hausarztpraxis Langenwörden", "privat", opening_hours="We 08:00-12:00", capacity=0.25, condition=4.0, operator_age=66, succession="no"),
    _l("suelzberg", 12, "day_care_elderly", "Tagespflege Salzstraße", "Diakonie Musterkreis", "Kirche", capacity=14.0, wheelchair="yes", condition=1.0, toilets_wheelchair="yes", operator_age=48, succession="yes"),
    _l("hoehenziepel", 3, "village_hall", "Bürgerhaus Höhenziepel", "Gemeinde Höhenziepel", "Gemeinde", owner="Gemeinde Höhenziepel", rooms="Saal 100 Plätze", capacity=100.0),
    _l("hoehenziepel", 7, "bakery", "Backstube Höhenziepel", "Backstube Höhenziepel", "privat", state="closed", closed_year="2023", note="Nachfolge nicht gefunden"),
    _l("neudorf_ost", 3, "fire_station", "Feuerwehr Neudorf", "Verbandsgemeinde Mührebogen", "Gemeinde"),
)  # fmt: skip

CONFIRMED_BY = {
    "15999010": "Gemeindeverwaltung Stadt Mühlenstedt",
    "15999021": "Verwaltung der Verbandsgemeinde Mührebogen",
    "15999022": "Verwaltung der Verbandsgemeinde Mührebogen",
    "15999023": "Verwaltung der Verbandsgemeinde Mührebogen",
}
CONFIRMED_ON = "2026-10-15"

# "There is none here", as the municipality confirmed it: place, services.
CONFIRMED_NONE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("grossboelsdorf", ("village_shop", "supermarket", "discounter", "bakery", "butcher", "general_practitioner")),
    ("doebelitz", ("village_shop", "kindergarten")),
    ("hoehenziepel", ("bakery",)),
)


@dataclass(frozen=True)
class Visit:
    """One regular mobile visit."""

    service: str
    place: str
    stop: str
    weekday: str
    rhythm_weeks: int
    start: str
    end: str
    operator: str
    operator_kind: str


VISITS: tuple[Visit, ...] = (
    Visit("bank_branch", "suelzberg", "Salzstraße, Parkplatz am Gasthof", "Th", 2, "09:00", "11:00", "Kreissparkasse Musterkreis", "Sparkasse"),
    Visit("bank_branch", "hoehenziepel", "Dorfplatz", "Th", 2, "11:30", "12:30", "Kreissparkasse Musterkreis", "Sparkasse"),
    Visit("bank_branch", "altenroede", "Dorfgemeinschaftshaus", "Th", 2, "14:00", "15:30", "Kreissparkasse Musterkreis", "Sparkasse"),
    Visit("bakery", "grossboelsdorf", "Anger", "Tu", 1, "08:15", "08:45", "Landbäckerei Mühre", "privat"),
    Visit("bakery", "neudorf_west", "Dorfstraße", "Tu", 1, "09:00", "09:20", "Landbäckerei Mühre", "privat"),
    Visit("library", "faehrdorf", "Kapelle", "We", 4, "15:00", "15:40", "Landkreis Musterkreis, Fahrbibliothek", "Landkreis"),
)  # fmt: skip


@dataclass(frozen=True)
class ListedBuilding:
    """One vacant or shareable building."""

    place: str
    plot: int
    name: str
    use: str
    owner_kind: str
    area_m2: float
    condition: float
    step_free: str
    note: str = ""


BUILDINGS: tuple[ListedBuilding, ...] = (
    ListedBuilding("altenroede", 3, "Ehemaliger Konsum Altenröde", "vacant", "privat", 210.0, 4.0, "limited", "Leer seit 2019"),
    ListedBuilding("suelzberg", 3, "Ehemalige Sparkassenfiliale Sülzberg", "vacant", "Sparkasse", 95.0, 2.0, "yes", "Tresorraum vorhanden"),
    ListedBuilding("huettelsdorf", 7, "Alte Schule Hüttelsdorf", "vacant", "Gemeinde", 340.0, 4.0, "no"),
    ListedBuilding("hoehenziepel", 3, "Bürgerhaus Höhenziepel, Vereinszimmer", "shareable", "Gemeinde", 45.0, 3.0, "yes", "Frei an Vormittagen"),
    ListedBuilding("neudorf_west", 3, "Pfarrhaus Neudorf, Gemeinderaum", "shareable", "Kirche", 38.0, 3.0, "no"),
)  # fmt: skip

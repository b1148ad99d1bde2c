"""Which service of the catalogue a doctor's field belongs to."""

from __future__ import annotations

from ankerort.region.facility_presets import IGNORED

# Pattern of the field (lower case) -> service; the first that is found counts. The user's `service_map` goes before.
SERVICE_OF_FIELD: tuple[tuple[str, str], ...] = (
    (r"bereitschaftspraxis|notdienst|notfallpraxis", "out_of_hours_practice"),
    (r"tierarzt|tierärzt|veterin|heilprakt", IGNORED),
    (r"kieferorthop|oralchirurg", IGNORED),
    (r"mund-, ?kiefer|mkg|kiefer- und gesicht", "specialist"),
    (r"zahn", "dentist"),
    (r"physiotherap|krankengymn", "physiotherapist"),
    (r"psychotherap|psychosomat|psycholog", IGNORED),  # talks by appointment, no service of the catalogue
    (r"kinder- und jugendpsych|kinderpsych|kinderchirurg", "specialist"),
    (r"hausarzt|hausärzt|allgemeinmed|allgemeinarzt|prakt\w*\.? ?(arzt|ärzt)|allgemeinärzt", "general_practitioner"),
    (r"kinder|pädiatr", "paediatrician"),
    (r"labor|patholog|mikrobiolog|transfusion|humangenet|nuklearmed|strahlenther|anästh|arbeitsmed|gutacht", IGNORED),
    (
        r"augen|chirurg|frauen|gynäk|haut|dermat|hno|hals|orthop|urolog|radiolog|kardiolog|gastroent|pneumolog|lungen|"
        r"rheumat|nephrolog|dialyse|endokrin|diabetolog|onkolog|hämatolog|angiolog|phlebolog|nerven|neurolog|psychiat|"
        r"physikalisch|rehabilitativ|phoniatr|schmerzther",
        "specialist",
    ),
    (r"inner(e|en) med|internist", "specialist"),
)
# An internist with this care is a general practitioner.
GENERAL_CARE = r"haus(arzt|ärzt)"

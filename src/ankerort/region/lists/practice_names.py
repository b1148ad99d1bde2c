"""Names of practices without names of persons: a name stays only if every word of it is known to name no person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

# What a practice is, its legal form, its speciality, and what stands near it. A word that is not here and is no name of a
# place of the list may be somebody's name.
_PLAIN_WORDS = frozenset(
    """praxis arztpraxis hausarztpraxis hausarzt hausaerztliche hausaerztlich landarztpraxis gemeinschaftspraxis
    praxisgemeinschaft praxiszentrum berufsausuebungsgemeinschaft ueberoertliche bag uebag mvz medizinisches medizinische
    versorgungszentrum gesundheitszentrum gesundheitshaus aerztehaus aerztezentrum hausarztzentrum facharztzentrum
    facharztpraxis familienpraxis filiale zweigpraxis nebenbetriebsstaette hauptbetriebsstaette zentrum klinik klinikum
    krankenhaus kreiskrankenhaus poliklinik ambulanz ambulatorium tagesklinik dialysezentrum dialyse zahnarztpraxis
    zahnarzt zahnmedizin zahnmedizinisches kinderarztpraxis kinderarzt kinder jugend jugendarztpraxis jugendmedizin
    frauenarztpraxis augenarztpraxis augenzentrum hautarztpraxis orthopaedie orthopaedische chirurgie chirurgische
    unfallchirurgie innere allgemeinmedizin allgemeinmedizinische medizin fachaerztliche internistische urologie urologische
    gynaekologie gynaekologische neurologie psychiatrie radiologie kardiologie dermatologie hno augenheilkunde physiotherapie
    anaesthesie schmerztherapie diabetologische schwerpunktpraxis am an auf bei beim der die das dem den des im in vor zum zur
    und u fuer mit gmbh ggmbh gbr partnerschaft standort haus nord sued ost west mitte alt neu alte neue alter neuer markt
    bahnhof rathaus schloss park stadtpark kirche kirchplatz marktplatz domplatz dom stadttor tor see teich bruecke muehle
    altstadt neustadt stadt land gemeinde kommunales kommunale landkreis st sankt""".split()  # noqa: SIM905
)
_TRANSLITERATION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_TITLE = re.compile(r"\b(dr|prof|dipl|med|herr|frau|fa|inh|inhaber|inhaberin|dent|doc|md|facharzt|fachaerztin)\b\.?")
_WORD = re.compile(r"[a-z0-9]+")


def plain_words(text: str) -> frozenset[str]:
    """Words in lower case with umlauts written out."""
    folded = unicodedata.normalize("NFC", text).lower().translate(_TRANSLITERATION)
    folded = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode("ascii")
    return frozenset(_WORD.findall(folded))


def names_no_person(name: str, *, place_words: Collection[str] = (), person_words: Collection[str] = ()) -> bool:
    """Whether a practice's name is surely no person's name.

    Parameters
    ----------
    name
        Name of the practice as in the list.
    place_words
        `plain_words` of the places and streets of the list: ``Hausarztpraxis Ummendorf`` may stay.
    person_words
        `plain_words` of the persons of the list: they never may.

    Notes
    -----
    The name stays only if it has no academic title, none of the persons' words, and only words that tell the kind of the
    practice, its legal form or its place. A house that bears an unknown name (``MVZ Morgenrot``) loses it: better that
    than a doctor's name in a report.
    """
    words = plain_words(name)
    if not words or _TITLE.search(" ".join(sorted(words))):
        return False
    unknown = {w for w in words if w not in _PLAIN_WORDS and not w.isdigit()} - set(place_words)
    persons = set(person_words) - _PLAIN_WORDS
    return not unknown and not words & persons

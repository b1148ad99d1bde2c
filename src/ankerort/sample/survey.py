"""A filled-in survey of wishes for the Musterkreis. All answers are invented; some rows of a second file hold the faults that people make."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ankerort.base.files import replacing
from ankerort.catalogue.model import Catalogue
from ankerort.region.place_names import print_names
from ankerort.region.wishes_layout import TICK, EntryColumn, choice_word, entry_columns, head_of
from ankerort.sample.design import DISTRICT_AGS
from ankerort.sample.district import District
from ankerort.text import Language

SURVEY_FOLDER = "umfrage"
ANSWERS = "eingegangen.csv"
FAULTY = "eingegangen-mit-fehlern.csv"
ANSWER_COUNT = 200
# Chances of the answers, by age class where they differ.
_AGES = {"under_65": 0.12, "65_74": 0.34, "75_84": 0.38, "85_plus": 0.16}
_CLASSES = {"under_65": (18, 64), "65_74": (65, 74), "75_84": (75, 84), "85_plus": (85, 120)}
# Fewer answers come from the town and from the smallest place than their people would let one expect.
_TOWN, _HAMLET = 0.1, 0.3
_TIMES = ("weekly", "fortnightly", "monthly", "rarely", "yes")
# How many of 100 would use a service, and how often (chances of _TIMES).
_USE: Mapping[str, tuple[int, tuple[int, ...]]] = {
    "citizen_office": (55, (0, 1, 6, 89, 4)),
    "bank": (50, (15, 45, 35, 3, 2)),
    "doctor": (45, (2, 10, 48, 35, 5)),
    "library": (18, (5, 35, 45, 10, 5)),
    "shop": (42, (70, 20, 8, 0, 2)),
    "post": (25, (10, 30, 40, 18, 2)),
    "care_advice": (16, (0, 1, 6, 88, 5)),
}
_OTHER_USE = (20, (10, 20, 40, 25, 5))
_REMARKS = (
    "Seit der Laden zu hat, muss ich immer jemanden bitten.",
    "Ich komme mit dem Rollator nicht in den Bus.",
    "Frau Beispiel aus dem Nachbarhaus fährt mich zum Arzt.",
    "Bitte nicht in der Mittagszeit.",
    "Rufen Sie mich an: 0391 000000.",
    "Im Winter ist der Platz vor der Kirche glatt.",
    "Früher kam die Sparkasse jeden Dienstag. Das war gut.",
)


def write_survey(
    folder: Path, district: District, catalogue: Catalogue, *, seed: int, lang: Language
) -> tuple[str, ...]:
    """Write two filled entry forms into ``umfrage/`` of a sample region.

    Parameters
    ----------
    folder
        Project folder.
    catalogue
        Its mobile services are the columns of the form.
    seed
        The same seed gives the same bytes.

    Returns
    -------
    tuple of str
        Their names relative to `folder`: about 200 good answers, and a few with the faults that the tutorial looks at.
    """
    services = tuple(catalogue.mobile.services)
    labels = {s.id: s.label(lang) for s in catalogue.mobile.services.values()}
    columns = entry_columns(services)
    heads = [head_of(c, labels, lang) for c in columns]
    rng = random.Random(f"{seed} survey")
    older = _older(district)
    good = [_answer(rng, columns, str(k), older, lang) for k in range(1, ANSWER_COUNT + 1)]
    faulty = [_answer(rng, columns, str(k), older, lang) for k in range(ANSWER_COUNT + 1, ANSWER_COUNT + 9)]
    _spoil(faulty, heads, {c: h for c, h in zip(columns, heads, strict=True) if not c.option})
    written = []
    for name, rows in ((ANSWERS, good), (FAULTY, faulty)):
        path = folder / SURVEY_FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
            writer.writerow(heads)
            writer.writerows(rows)
        written.append(f"{SURVEY_FOLDER}/{name}")
    return tuple(written)


def _older(district: District) -> dict[str, float]:
    """Printed name of each place of the district -> how likely an answer comes from there: its people of 65 and older, the town less."""
    municipal = [a for a in district.world.areas if a.level == "municipality"]
    names = pd.DataFrame({"ags": [a.ags for a in municipal], "name": [a.name for a in municipal], "district_name": ""})
    places = pd.DataFrame({"name": [p.name for p in district.places], "ags": [p.ags for p in district.places]})
    printed = print_names(places, names)
    fewer = {"town": _TOWN, "hamlet": _HAMLET}
    return {
        name: sum(a >= 65 for a in district.ages[p.key]) * fewer.get(p.kind, 1.0)
        for name, p in zip(printed, district.places, strict=True)
        if p.ags.startswith(DISTRICT_AGS)
    }


def _answer(
    rng: random.Random, columns: Sequence[EntryColumn], number: str, older: Mapping[str, float], lang: Language
) -> list[str]:
    """The cells of one sheet."""
    place = rng.choices(list(older), list(older.values()))[0]
    age = rng.choices(list(_AGES), list(_AGES.values()))[0]
    frail = {"under_65": 0, "65_74": 1, "75_84": 2, "85_plus": 3}[age]
    half = _pick(rng, {"morning": 52, "afternoon": 18, "any": 24, "": 6})
    said: dict[str, str] = {
        "number": number,
        "place": place,
        "age": "" if rng.random() < 0.02 else choice_word("age", age, lang),
    }
    chosen = {
        "household": ("household", _pick(rng, {"alone": 25 + 15 * frail, "with_others": 60 - 12 * frail, "": 5})),
        "filled_by": ("filled_by", _pick(rng, {"self": 90 - 15 * frail, "relative": 6 + 12 * frail, "carer": 3 * frail, "": 3})),
        "half_day": ("half_day", half),
        "spot": ("spot", _pick(rng, {"hall": 34, "bus_stop": 22, "square": 18, "church": 10, "shop": 6, "home": 3 * frail, "": 8})),
        "walk_m": ("walk_m", _pick(rng, {"steps": 4 + 8 * frail, "five": 25 + 8 * frail, "ten": 40, "more": 30 - 9 * frail, "": 5})),
        "wait_min": ("wait_min", _pick(rng, {"none": 6 + 10 * frail, "five": 34, "ten": 35, "more": 22 - 6 * frail, "": 6})),
        "phone_booking": ("yes_no", _pick(rng, {"yes": 66, "no": 24, "": 10})),
        "company": ("yes_no", _pick(rng, {"yes": 12 + 12 * frail, "no": 60, "": 12})),
        "online": ("online", _pick(rng, {"yes": 70 - 22 * frail, "with_help": 20, "no": 12 + 20 * frail, "": 6})),
    }  # fmt: skip
    said |= {field: choice_word(kind, value, lang) if value else "" for field, (kind, value) in chosen.items()}
    if rng.random() < 0.14:
        said["text"] = rng.choice(_REMARKS)
    drives = _pick(
        rng, {"self": 70 - 22 * frail, "family": 25 + 12 * frail, "neighbour": 8, "bus": 10, "nobody": 4 + 2 * frail}
    )
    return [_cell(rng, column, said, drives, frail, lang) for column in columns]


def _cell(
    rng: random.Random, column: EntryColumn, said: Mapping[str, str], drives: str, frail: int, lang: Language
) -> str:
    """One cell; chances are drawn for every column, so that a column more changes no answer of another sheet's kind."""
    drawn = rng.random()
    match column.field.id:
        case "services":
            percent, times = _USE.get(column.option, _OTHER_USE)
            word = rng.choices(_TIMES, times)[0]
            return choice_word("times", word, lang) if drawn * 100 < percent else ""
        case "given_up":
            return TICK if drawn < 0.04 + 0.04 * frail and column.option in ("bank", "shop", "doctor") else ""
        case "weekdays":
            return (
                TICK
                if drawn < {"Tu": 0.34, "Th": 0.3, "We": 0.24, "Mo": 0.16, "Fr": 0.14}.get(column.option, 0.03)
                else ""
            )
        case "drives":
            return TICK if column.option == drives or drawn < 0.06 else ""
        case "hinders":
            common = {"steps": 0.12, "carrying": 0.14, "bench": 0.08, "toilet": 0.08, "hearing": 0.05}
            return TICK if drawn < common.get(column.option, 0.04) * (1 + frail) else ""
        case field:
            return said.get(field, "")


def _pick(rng: random.Random, chances: Mapping[str, float]) -> str:
    return rng.choices(list(chances), [max(c, 0) for c in chances.values()])[0]


def _spoil(rows: list[list[str]], heads: Sequence[str], head_by_column: Mapping[EntryColumn, str]) -> None:
    """Faults as people make them: a misspelt and an ambiguous place, a double sheet, an impossible age, a word that is no choice, a far walk, no place."""
    at = {column.field.id: heads.index(head) for column, head in head_by_column.items()}
    rows[1][at["place"]] = "Hüttelsdrof"
    rows[2][at["place"]] = "Neudorf"
    rows[3][at["number"]] = rows[0][at["number"]]
    rows[4][at["age"]] = "182"
    rows[5][at["half_day"]] = "mittags"
    rows[6][at["walk_m"]] = "60000"
    rows[7][at["place"]] = ""

"""The short summary table at the end of a run: places by core function."""

from __future__ import annotations

import pandas as pd
from rich.console import Console
from rich.table import Table

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import verdict
from ankerort.documents.year import year_line
from ankerort.text import Language, say
from ankerort.text.numbers import format_persons

_COLOUR = {"O": "green", "M": "cyan", "E": "blue", "A": "yellow", "–": "red", "?": "white"}


def print_summary(assessment: Assessment, lang: Language, console: Console, *, most: int = 20) -> None:
    """Print the largest places with the state of each core function, and what the letters mean."""
    places = assessment.region.places
    places = places[places["in_study"] & (places["kind"] != "outlying")]
    shown = places.sort_values(["persons", "place_id"], ascending=[False, True], kind="stable").head(most)
    balance = assessment.supply.place_service
    core = balance[balance["service"].str.startswith("core:")].set_index(["place_id", "service"])
    letter_of = pd.Series(map(verdict, core["state"], core["state_no_car"]), index=core.index, dtype="str")
    table = Table(title=say("summary.title", lang, region=assessment.region.settings.name), title_justify="left")
    table.add_column(say("summary.place", lang), no_wrap=True)
    table.add_column(say("summary.persons", lang), justify="right", no_wrap=True)
    for number, _ in enumerate(assessment.catalogue.core, start=1):
        table.add_column(str(number), justify="center", min_width=2, no_wrap=True)
    for place in shown.itertuples():
        letters = [str(letter_of.get((place.place_id, f"core:{item.id}"), "?")) for item in assessment.catalogue.core]
        table.add_row(
            str(place.print_name),
            format_persons(float(place.persons), lang),
            *(f"[{_COLOUR[letter]}]{letter}[/{_COLOUR[letter]}]" for letter in letters),
        )
    told = year_line(assessment, lang)
    if told:
        console.print(told, style="bold", highlight=False)
    console.print(table)
    names = "  ".join(f"{n} {item.label(lang)}" for n, item in enumerate(assessment.catalogue.core, start=1))
    console.print(names, highlight=False)
    console.print(say("summary.letters", lang), highlight=False)
    if len(places) > most:
        console.print(say("summary.more", lang, count=len(places) - most), highlight=False)

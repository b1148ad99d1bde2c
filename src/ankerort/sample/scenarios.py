"""Example scenarios of the sample region, as a planner would write them."""

from __future__ import annotations

from pathlib import Path

from ankerort.base.files import replacing
from ankerort.text import Language, say

SCENARIO_FOLDER = "szenarien"
FILES = ("dorfladen-huettelsdorf.toml", "hausarzt-altenroede-schliesst.toml", "abendbus-huettelsdorf.toml")


def write_scenarios(folder: Path, *, lang: Language) -> tuple[str, ...]:
    """Write the example scenarios into ``szenarien/`` of a sample region.

    A village shop opens where there is none; a general practitioner closes; the last one adds an evening bus and builds on the first.

    Returns
    -------
    tuple of str
        Their names relative to `folder`.
    """
    shop, doctor, bus = FILES
    texts = {
        shop: f"""format = 1
name = "{say("sample.scenario.shop", lang)}"
note = "{say("sample.scenario.shop_note", lang)}"

[[change]]
kind = "open_facility"
service = "village_shop"
name = "{say("sample.scenario.shop_name", lang)}"
place = "Hüttelsdorf"
opening_hours = "Mo-Fr 07:00-18:00; Sa 07:00-12:00"

[[change]]
kind = "add_service"
service = "village_shop"
name = "{say("sample.scenario.shop_name", lang)}"
place = "Hüttelsdorf"
new_service = "post_office"
""",
        doctor: f"""format = 1
name = "{say("sample.scenario.doctor", lang)}"

[[change]]
kind = "close_facility"
service = "general_practitioner"
place = "Altenröde"
""",
        bus: f"""format = 1
name = "{say("sample.scenario.bus", lang)}"
based_on = "{shop}"
note = "{say("sample.scenario.bus_note", lang)}"

[[change]]
kind = "add_trip"
line = "109"
stops = ["Mühlenstedt, ZOB", "Hüttelsdorf, Kirche"]
times = ["09:40", "09:55"]
days = ["school", "holiday"]

[[change]]
kind = "add_trip"
line = "109"
stops = ["Hüttelsdorf, Kirche", "Mühlenstedt, ZOB"]
times = ["08:10", "08:25"]
days = ["school", "holiday"]
""",
    }
    for name, text in texts.items():
        with replacing(folder / SCENARIO_FOLDER / name) as path:
            path.write_text(text, encoding="utf-8")
    return tuple(f"{SCENARIO_FOLDER}/{name}" for name in FILES)

"""Tables of ``schwerpunktorte.xlsx``: columns by id, values as printed or as numbers."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ankerort.anchors.visits import VISIT
from ankerort.documents.anchors_evidence import Evidence, shown_what
from ankerort.documents.anchors_gains import ask_line, gain_places, left_out_order, municipality_rows, reason_line
from ankerort.documents.anchors_map import letter_of
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.anchors_places import matrix
from ankerort.documents.anchors_proof import proof_lines, request_rows
from ankerort.documents.anchors_robust import population, robust_rows, weights
from ankerort.documents.anchors_rooms import budget_line, room_lines
from ankerort.documents.anchors_words import CASES, ENDS
from ankerort.text import Language, read_sentences, say
from ankerort.text.numbers import round_persons


def anchors_sheet(parts: AnchorParts) -> pd.DataFrame:
    """One row per anchor."""
    rows = []
    for k, (_, row) in enumerate(parts.plan.anchors.iterrows()):
        partner = str(row["partner_id"])
        rows.append(
            {
                "anchor_letter": letter_of(k),
                "place": parts.words.place(str(row["place_id"])),
                "municipality": parts.words.municipality(str(row["place_id"])),
                "anchor_partner": parts.words.place(partner) if partner else "",
                "anchor_level": parts.words.level(str(row["level"])),
                "anchor_given": say("word.yes" if row["given"] else "word.no", parts.lang),
                "anchor_tier": parts.words.tier(str(row["place_id"]), str(row["tier"])),
                "persons": _persons(row["persons"]),
                "reach_persons": _persons(row["reach_persons"]),
                "reach_persons_others": _persons(row["reach_persons_others"]),
                "core_today": int(row["core_today"]),
                "core_presumed": int(row["core_presumed"]),
                "core_plan": int(row["core_plan"]),
                "core_items": int(row["core_items"]),
                "robustness_share": float(row["robustness"]),
                "place_id": str(row["place_id"]),
            }
        )
    return pd.DataFrame(rows)


def matrix_sheet(parts: AnchorParts) -> tuple[pd.DataFrame, list[str]]:
    """Places x functions with what happens (new, moved, closed, kept or empty), and the functions in order."""
    functions = parts.plan.functions
    columns, cells = matrix(parts, functions)
    order = parts.place_order
    places = sorted(
        dict.fromkeys(functions["place_id"].astype(str)), key=lambda p: (p == "", order.get(p, len(order)), p)
    )
    rows = [
        [parts.words.place(p), parts.words.municipality(p), *(cells.get((p, f), "") for f in columns)] for p in places
    ]
    return pd.DataFrame(rows, columns=["place", "municipality", *columns]), columns


def functions_sheet(parts: AnchorParts) -> pd.DataFrame:
    """The long list: one row per function in a place."""
    lang, words = parts.lang, parts.words
    rows = []
    for _, row in parts.plan.functions.iterrows():
        rows.append(
            {
                "place": words.place(str(row["place_id"])),
                "municipality": words.municipality(str(row["place_id"])),
                "anchor_function": words.function(str(row["function"])),
                "service": words.function(str(row["service"])) if row["service"] else "",
                "anchor_what": _what(row, lang),
                "anchor_evidence": _evidence(parts, str(row["evidence"])),
                "anchor_how": words.variant(str(row["variant"])),
                "facility": words.facility(str(row["facility_id"])),
                "building_id": str(row["building_id"]),
                "quality_share": float(row["quality"]),
                "catchment_persons": _persons(row["catchment_persons"]),
                "viable_persons": _persons(row["viable_persons"]),
                "short_persons": _persons(row["short_persons"]),
                "gained_persons": _persons(row["gained_persons"]),
                "hours_week": float(row["hours_week"]),
                **{f"invest_once_{e}": float(row[f"invest_once_{e}"]) for e in ENDS},
                **{f"cost_{e}": float(row[f"cost_{e}"]) for e in ENDS},
                "anchor_decides": say(f"anchors.decides.{row['decides']}", lang) if row["what"] != "kept" else "",
                "anchor_partner_who": parts.who(row) if row["what"] != "kept" else "",
                "anchor_task": say(f"anchors.task.{row['task']}", lang),
                "place_id": str(row["place_id"]),
                "facility_id": str(row["facility_id"]),
            }
        )
    return pd.DataFrame(rows)


def costs_sheet(parts: AnchorParts) -> pd.DataFrame:
    """One row per item of cost, with its record, mark and source."""
    lang = parts.lang
    rows = [
        {
            "place": parts.words.place(str(row["place_id"])),
            "anchor_what_for": parts.cost_name(row),
            "anchor_item": say(f"anchors.item.{row['item']}", lang),
            **{f"cost_{e}": float(row[f"cost_{e}"]) for e in ENDS},
            "anchor_task": say(f"anchors.task.{row['task']}", lang),
            "anchor_decides": say(f"anchors.decides.{row['decides']}", lang),
            "cost_record": str(row["record"]),
            "cost_mark": parts.words.marks([str(row["record"])]),
            "cost_source": parts.words.sources(str(row["record"])),
        }
        for row in parts.plan.costs.to_dict("records")
    ]
    return pd.DataFrame(rows)


def cases_sheet(parts: AnchorParts) -> pd.DataFrame:
    """What the plan is worth in each case."""
    rows = [
        {
            "anchor_case": say(f"anchors.case.{case}", parts.lang),
            "people_share": float(row["people_share"]),
            "served_more": _persons(row["served_more"]),
            "shorter_persons": _persons(row["shorter_persons"]),
            "person_minutes": float(row["person_minutes"]),
            "new_functions": int(row["new_functions"]),
            **{f"cost_{e}": float(row[f"cost_{e}"]) for e in ENDS},
        }
        for case, row in ((c, parts.cases.loc[c]) for c in CASES if c in parts.cases.index)
    ]
    return pd.DataFrame(rows)


def gains_sheet(parts: AnchorParts) -> pd.DataFrame:
    """Who gains and who loses, by municipality, from the comparison."""
    return municipality_rows(parts).rename(columns={"gain": "anchor_gain", "lose": "anchor_lose"})


def gain_places_sheet(parts: AnchorParts) -> pd.DataFrame:
    """The same by place, all rows."""
    rows = gain_places(parts)
    columns = ["place", "municipality", "service", "gain", "lose", "letter", "letter_no_car", "uses_now"]
    rows = rows[columns] if len(rows) else pd.DataFrame(columns=columns)
    return rows.rename(columns={"gain": "anchor_gain", "lose": "anchor_lose"})


def catchments_sheet(parts: AnchorParts) -> pd.DataFrame:
    """Persons of each catchment by municipality; people within the standard of no anchor too."""
    found, lang = parts.catchments, parts.lang
    rows = []
    for row in found.persons.to_dict("records"):
        anchor = parts.plan.anchors.iloc[int(row["anchor"])]
        own = parts.words.own_municipalities(anchor)
        rows.append(
            {
                "anchor_name": parts.words.anchor(anchor),
                "municipality": parts.words.municipality_name(str(row["ags"])),
                "anchor_across": say("word.no" if str(row["ags"]) in own else "word.yes", lang),
                "persons": _persons(row["persons"]),
            }
        )
    for row in found.without.to_dict("records"):
        rows.append(
            {
                "anchor_name": say("anchors.map_outside", lang),
                "municipality": parts.words.municipality_name(str(row["ags"])),
                "anchor_across": "",
                "persons": _persons(row["persons"]),
            }
        )
    return pd.DataFrame(rows)


def left_out_sheet(parts: AnchorParts) -> pd.DataFrame:
    """What took no part, why, what to ask."""
    rows = [
        {
            "anchor_function": parts.words.function(str(row["function"])),
            "reason": reason_line(parts, row),
            "anchor_ask": ask_line(parts, row),
            "unknown_persons": _persons(row["unknown_persons"]),
        }
        for row in left_out_order(parts.plan.left_out).to_dict("records")
    ]
    return pd.DataFrame(rows)


def front_sheet(parts: AnchorParts) -> pd.DataFrame:
    """Points of the front; 0 is today."""
    rows = [
        {
            "number": int(row["number"]),
            **{f"cost_{e}": float(row[f"cost_{e}"]) for e in ENDS},
            "people_share": float(row["people_share"]),
            "worst_share": float(row["worst_share"]),
            "gap_share": float(row["gap"]),
            "anchor_names": parts.words.split(str(row["anchors"])),
        }
        for row in parts.plan.front.to_dict("records")
    ]
    return pd.DataFrame(rows)


def robust_sheet(parts: AnchorParts) -> pd.DataFrame:
    """How many runs choose each place."""
    if parts.plan.robust.empty:
        return pd.DataFrame()
    return pd.DataFrame(
        [
            {
                "place": parts.words.place(place),
                "runs_chosen": n,
                "runs": of,
                "runs_share": n / of,
                "anchor_verdict": verdict,
            }
            for place, n, of, verdict in robust_rows(parts)
        ]
    )


def regret_sheet(parts: AnchorParts) -> pd.DataFrame:
    """All runs, with what the plan misses in each."""
    rows = [
        {
            "anchor_run": int(row["run"]),
            "anchor_population": population(parts, str(row["variant"])),
            "anchor_weights": weights(parts, str(row["weights"])),
            "anchor_costs": _costs(parts, str(row["costs"])),
            "anchor_names": parts.words.split(str(row["anchors"])),
            "run_value": float(row["value"]),
            "run_plan_value": float(row["plan_value"]),
            "regret_share": float(row["regret"]),
            "run_proven": say("word.yes" if row["proven"] else "word.no", parts.lang),
        }
        for row in parts.plan.robust.to_dict("records")
    ]
    return pd.DataFrame(rows)


def proof_sheet(parts: AnchorParts) -> pd.DataFrame:
    """Request, proof in words, and what is needed to get the same again."""
    heading = {
        k: say(f"anchors.{k}", parts.lang)
        for k in ("request", "chapter_cost", "chapter_left_out", "chapter_proof", "record_heading")
    }
    rows = [(heading["request"], demand, value) for demand, value in request_rows(parts)]
    told = [budget_line(parts.words), *room_lines(parts.words)]
    rows += [(heading["chapter_cost"], "", line) for line in told if line]
    evidence = Evidence(parts.words)
    told = [
        evidence.little_known_line(),
        *evidence.purpose_lines(),
        evidence.fewer_line(),
        evidence.ask_line(),
        *evidence.place_lines(),
    ]
    rows += [(heading["chapter_left_out"], "", line) for line in told if line]
    rows += [(heading["chapter_proof"], "", line) for line in proof_lines(parts)]
    rows += [(heading["record_heading"], str(k), str(v)) for k, v in sorted(parts.plan.record.items())]
    return pd.DataFrame(rows, columns=["anchor_topic", "anchor_demand", "anchor_value"])


def _persons(persons: object) -> float:
    value = float(str(persons))
    if math.isnan(value):
        return np.nan
    return float(round_persons(value)) if value >= 0 else -float(round_persons(-value))


def _what(row: pd.Series, lang: Language) -> str:
    if row["evidence"] == VISIT:
        return say("anchors.evidence.visit", lang)
    return say(f"anchors.what.{shown_what(row)}", lang)


def _evidence(parts: AnchorParts, evidence: str) -> str:
    assumed = evidence == "absent" and parts.plan.request.assume_complete
    return say(f"anchors.evidence.{'assumed' if assumed else evidence}", parts.lang) if evidence else ""


def _costs(parts: AnchorParts, end: str) -> str:
    key = f"anchors.costs.{end}"
    return say(key, parts.lang) if key in read_sentences() else end

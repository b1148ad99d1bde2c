"""Which of our places the names of a register mean, and which people of a municipality remain without a place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ankerort.base.problems import Problems
from ankerort.region.place_names import PlaceNames
from ankerort.region.read_register import REGISTER_COLUMNS
from ankerort.region.read_settings import nearest_name
from ankerort.region.scale_to_register import AgeCount, RegisterUnit, told_persons
from ankerort.region.settings import InputSettings
from ankerort.region.stop_places import place_key

_NAMED = 20
_HALF_PERSON = 0.5
_NUMBER = re.compile(r"^\d+[\s.:–-]*|\s*\(?\d+\)?$")
_KIND = re.compile(r"^(?:OT|Ortsteil|Ortschaft|Stadtteil|Gemeindeteil)\s+", re.IGNORECASE)
_BRACKET = re.compile(r"\s*\([^)]*\)")
_PARTS = re.compile(r"\s*(?:/|,|;|\+|&|\s+und\s+|\s+u\.\s+|\s+mit\s+|\s+sowie\s+)\s*")


def match_register(
    rows: pd.DataFrame,
    municipalities: pd.DataFrame,
    places: pd.DataFrame,
    inputs: Sequence[InputSettings],
    problems: Problems,
) -> pd.DataFrame:
    """Municipality and places of each row of population tables.

    Parameters
    ----------
    rows
        As `ankerort.region.read_projection.read_population_tables` gives them.
    municipalities, places
        MUNICIPALITIES and PLACES (place_id, name, print_name, ags).
    inputs
        Their inputs; option ``places`` says which of our places (one or several) a name of the table means.
    problems
        Collects: unknown municipalities and places with the nearest names, places of another municipality, sums over several
        municipalities (warnings).

    Returns
    -------
    DataFrame
        The rows with `ags` where it could be told, `place_ids` (ids joined by ``;``, empty if none was found) and `known`: False for
        rows that name a place that is not ours.
    """
    lacking = [c for c in REGISTER_COLUMNS if c not in rows.columns]
    rows = rows.assign(**{c: pd.Series("", index=rows.index, dtype="str") for c in lacking})
    names = PlaceNames(places)
    rows = _with_ags(rows, municipalities, names, problems)
    named = rows["ags"] != ""
    ags_names = dict(zip(municipalities["ags"], municipalities["name"], strict=True))
    aliases = {i.source_id: _aliases(i) for i in inputs}
    found: dict[tuple[str, str, str], tuple[tuple[str, ...], str]] = {}
    asked = rows[(rows["place"] != "") & named]
    for (source, name, ags), of_name in asked.groupby(["source_id", "place", "ags"], sort=True):
        ids = _find(str(name), str(ags), names, aliases.get(str(source), {}), ags_names)
        elsewhere = ""
        plain = _plain(str(name))
        if not ids and len(own := names.find(plain) or names.find(_BRACKET.sub("", plain))) == 1:
            elsewhere = names.ags_of(own[0])
            ids = tuple(own)
        found[str(source), str(name), str(ags)] = (ids, elsewhere)
        if ids and not elsewhere:
            continue
        first = of_name.iloc[0]
        newest = of_name[of_name["year"] == of_name["year"].max()]
        table = _table(first)
        if elsewhere:
            problems.add(
                "register_other_municipality",
                "warning",
                table,
                row=int(first["row"]),
                name=name,
                municipality=ags_names.get(str(ags), str(ags)),
                other=ags_names.get(elsewhere, elsewhere),
                persons=told_persons(float(newest["persons"].sum())),
            )
        else:
            suggestion = nearest_name(_plain(str(name)), names.known(str(ags))) or nearest_name(
                _plain(str(name)), names.known()
            )
            problems.add(
                "register_place_unknown",
                "warning",
                table,
                row=int(first["row"]),
                name=name,
                municipality=ags_names.get(str(ags), str(ags)),
                suggestion=suggestion or "–",
                persons=told_persons(float(newest["persons"].sum())),
            )
    keys = list(zip(rows["source_id"], rows["place"], rows["ags"], strict=True))
    told = [found.get(k, ((), "")) for k in keys]
    return rows.assign(
        place_ids=pd.Series([";".join(ids) for ids, _ in told], index=rows.index, dtype="str"),
        ags=pd.Series(
            [other or ags for (_, other), ags in zip(told, rows["ags"], strict=True)], index=rows.index, dtype="str"
        ),
        known=np.array(
            [not place or bool(ids) for (ids, _), place in zip(told, rows["place"], strict=True)], dtype=bool
        ),
    )


def _aliases(source: InputSettings) -> Mapping[str, tuple[str, ...]]:
    """Option ``places``: name in the table -> names of ours."""
    told = source.options.get("places", {})
    if not isinstance(told, dict):
        return {}
    return {
        place_key(str(theirs)): tuple(str(o) for o in ours) if isinstance(ours, list) else (str(ours),)
        for theirs, ours in told.items()
    }


def _plain(name: str) -> str:
    """A name without its number and without "Ortsteil"."""
    return _KIND.sub("", _NUMBER.sub("", name.strip())).strip()


def _find(
    name: str, ags: str, names: PlaceNames, aliases: Mapping[str, tuple[str, ...]], ags_names: Mapping[str, str]
) -> tuple[str, ...]:
    """Ids of the places that a name means; none if one of its parts is not found or is ambiguous."""
    if ours := aliases.get(place_key(name)):
        ids = [names.find(o, ags) for o in ours]
        return tuple(sorted({i[0] for i in ids})) if all(len(i) == 1 for i in ids) else ()
    short = _BRACKET.sub("", _plain(name))
    without = re.sub(rf"^{re.escape(ags_names.get(ags, '') or '–')}[\s,–-]+", "", _plain(name))
    for variant in dict.fromkeys((name, _plain(name), short, without)):
        ids_of = names.find(variant, ags) if variant else []
        if len(ids_of) == 1:
            return tuple(ids_of)
    parts = [p for p in _PARTS.split(_plain(name)) if p]
    if len(parts) > 1:
        each = [names.find(p, ags) for p in parts]
        if all(len(e) == 1 for e in each):
            return tuple(sorted({e[0] for e in each}))
    return ()


def _with_ags(rows: pd.DataFrame, municipalities: pd.DataFrame, names: PlaceNames, problems: Problems) -> pd.DataFrame:
    """Keys of rows that name their municipality or none at all."""
    by_name: dict[str, list[str]] = {}
    for ags, name in zip(municipalities["ags"], municipalities["name"], strict=True):
        for key in dict.fromkeys((place_key(name), place_key(re.sub(r"\s*\([^)]*\)|,.*", "", name)))):
            by_name.setdefault(key, []).append(str(ags))
    ags = rows["ags"].astype(object).copy()
    for name in sorted(rows.loc[(ags == "") & (rows["municipality"] != ""), "municipality"].unique()):
        at = (ags == "") & (rows["municipality"] == name)
        found = by_name.get(place_key(re.sub(r"^(?:Stadt|Gemeinde|Markt)\s+|,.*", "", name)), [])
        if len(found) == 1:
            ags[at] = found[0]
            continue
        first = rows[at].iloc[0]
        suggestion = nearest_name(name, municipalities["name"]) or "–"
        code = "register_municipality_unknown" if not found else "register_municipality_ambiguous"
        problems.add(code, "warning", _table(first), row=int(first["row"]), name=name, suggestion=suggestion)
    for _, of_file in rows[(ags == "") & (rows["municipality"] == "")].groupby(["source_id", "file"], sort=True):
        ids = {str(p): names.find(_plain(str(p))) for p in of_file["place"].unique() if p}
        owners = [names.ags_of(i[0]) for i in ids.values() if len(i) == 1]
        most = max(sorted(set(owners)), key=owners.count, default="")
        for index, place in zip(of_file.index, of_file["place"], strict=True):
            if place:
                alone = ids[str(place)]
                ags[index] = names.ags_of(alone[0]) if len(alone) == 1 else most
            elif len(set(owners)) == 1:
                ags[index] = most
        lost = of_file[(ags[of_file.index] == "").to_numpy()]
        if len(lost):
            first = lost.iloc[0]
            newest = lost[lost["year"] == lost["year"].max()]
            code = "register_sum_of_several" if owners else "register_without_municipality"
            problems.add(
                code,
                "warning",
                _table(first),
                row=int(first["row"]),
                count=len(lost),
                persons=told_persons(float(newest["persons"].sum())),
            )
    return rows.assign(ags=ags.astype("str"))


def _table(row: pd.Series) -> str:
    return f"{row['file']}/{row['sheet']}" if row["sheet"] else str(row["file"])


def register_units(matched: pd.DataFrame, places: pd.DataFrame, *, problems: Problems) -> list[RegisterUnit]:
    """What the newest table with places says of each municipality.

    Parameters
    ----------
    matched
        As `match_register` gives them, of municipalities whose cells are all there.
    places
        PLACES with place_id, ags and persons (of their cells).
    problems
        Collects: names that mean the same places twice, sums that differ from their parts (warnings).

    Returns
    -------
    list of RegisterUnit
        Disjoint; places, then rests, by municipality. A municipality of which only its total is known has none.
    """
    units: list[RegisterUnit] = []
    with_places = matched[(matched["place"] != "") & (matched["ags"].str.len() == 8)]
    for ags, of_ags in with_places.groupby("ags", sort=True):
        newest = of_ags[of_ags["year"] == of_ags["year"].max()]
        newest = newest[newest["file"] == newest["file"].iloc[0]]
        first = newest.iloc[0]
        whole = matched[
            (matched["ags"] == ags)
            & (matched["place"] == "")
            & (matched["year"] == first["year"])
            & (matched["file"] == first["file"])
        ]
        units += _of_municipality(str(ags), newest, whole, places[places["ags"] == ags], problems)
    return units


def _of_municipality(
    ags: str, rows: pd.DataFrame, whole: pd.DataFrame, places: pd.DataFrame, problems: Problems
) -> list[RegisterUnit]:
    units: list[RegisterUnit] = []
    taken: set[str] = set()
    known = rows[rows["known"]]
    order = known.groupby("place_ids", sort=True).indices
    # One place before several: what is told more finely counts.
    for ids in sorted(order, key=lambda i: (i.count(";"), i)):
        of_ids = known.iloc[order[ids]]
        place_ids = tuple(ids.split(";"))
        if taken & set(place_ids):
            row = int(of_ids["row"].iloc[0])
            problems.add(
                "register_overlap",
                "warning",
                _table(of_ids.iloc[0]),
                row=row,
                name=of_ids["place"].iloc[0],
                persons=told_persons(float(of_ids["persons"].sum())),
            )
            continue
        taken |= set(place_ids)
        label = ", ".join(dict.fromkeys(of_ids["place"]))
        units.append(_unit(ags, label, place_ids, "several" if len(place_ids) > 1 else "place", of_ids))
    stray = rows[~rows["known"]]
    counts = _counts(stray)
    parts = float(rows["persons"].sum())
    total = float(whole["persons"].sum())
    if len(whole) and abs(total - parts) > _HALF_PERSON:
        line = whole.iloc[0]
        problems.add(
            "register_sum_differs",
            "warning",
            _table(line),
            row=int(line["row"]),
            total=f"{total:.0f}",
            sum=f"{parts:.0f}",
            difference=f"{total - parts:+.0f}",
        )
        if total > parts:
            counts = (*counts, AgeCount(0, 120, total - parts))
    if counts:
        # People without a place of ours live where the register names no place, if anybody lives there.
        left = places[~places["place_id"].isin(taken) & (places["persons"] > 0)]
        place_ids = tuple(sorted(left["place_id"]))
        names = ", ".join(dict.fromkeys(stray["place"]))
        source = stray if len(stray) else whole
        units.append(_unit(ags, names, place_ids, "rest" if place_ids else "nowhere", source, counts))
    return units


def _unit(
    ags: str,
    label: str,
    place_ids: tuple[str, ...],
    kind: str,
    rows: pd.DataFrame,
    counts: tuple[AgeCount, ...] | None = None,
) -> RegisterUnit:
    first = rows.sort_values("row", kind="stable").iloc[0]
    date = str(first["stock_date"]) or str(first["year"])
    date = date if date[:4] == str(first["year"]) else str(first["year"])
    return RegisterUnit(
        ags,
        label,
        place_ids,
        kind,
        date,
        str(first["source_id"]),
        f"{_table(first)}: {first['row']}",
        _counts(rows) if counts is None else counts,
    )


def _counts(rows: pd.DataFrame) -> tuple[AgeCount, ...]:
    """Persons by class, both sexes together where their classes are the same."""
    sums = rows.groupby(["age_from", "age_to"], sort=True)["persons"].sum()
    return tuple(
        AgeCount(int(first), int(np.minimum(last, 120)), float(persons)) for (first, last), persons in sums.items()
    )

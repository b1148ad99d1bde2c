"""Which services an office has answered for which place."""

from __future__ import annotations

import pandas as pd

from ankerort.region.inquiry.standing import IN_FORCE, OPEN
from ankerort.region.model import Region

_NOBODY = 0.5  # persons: below it a place counts as not inhabited


def answered_heads(confirmations: pd.DataFrame) -> pd.DataFrame:
    """Confirmations in force that say whether something of a service is in a place."""
    rows = confirmations
    about = rows["subject"].isin(["facilities", "absences"])
    return rows[(rows["field"] == "") & (rows["state"] == IN_FORCE) & about]


def places_asked(region: Region) -> pd.DataFrame:
    """Inhabited places of the study area that one can ask about: scattered houses outside all places are none of them."""
    places = region.places
    return places[places["in_study"] & (places["persons"] > _NOBODY) & (places["kind"] != "outlying")]


def answered_places(region: Region) -> dict[str, frozenset[str]]:
    """Service -> places for which an answer holds: there is one, there was one, or there is none."""
    heads = answered_heads(region.confirmations)
    return {str(s): frozenset(rows["place_id"]) for s, rows in heads.groupby("service", sort=True)}


def answered_municipalities(region: Region) -> dict[str, frozenset[str]]:
    """Service -> municipalities in which every inhabited place is answered: there what nobody named is not there."""
    by_place = answered_places(region)
    asked = places_asked(region).groupby("ags", sort=True)["place_id"].agg(frozenset).to_dict()
    out = {
        service: frozenset(ags for ags, places in asked.items() if places <= answered)
        for service, answered in by_place.items()
    }
    return {service: keys for service, keys in out.items() if keys}


def core_answered(region: Region, core: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """Whether a place is answered for each core function: one of its services is there, or all of them are answered.

    Parameters
    ----------
    core
        Core function -> its services.

    Returns
    -------
    DataFrame
        bool, shape (places asked, core functions), index place_id.
    """
    heads = answered_heads(region.confirmations)
    there = {
        (str(s), str(p)) for s, p, v in heads[["service", "place_id", "new_value"]].itertuples(index=False) if v == OPEN
    }
    told = set(zip(heads["service"].astype(str), heads["place_id"].astype(str), strict=True))
    places = [str(p) for p in places_asked(region)["place_id"]]
    data = {
        item: [any((s, p) in there for s in services) or all((s, p) in told for s in services) for p in places]
        for item, services in core.items()
    }
    return pd.DataFrame(data, index=pd.Index(places, name="place_id"), dtype=bool)

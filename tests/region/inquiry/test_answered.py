"""A municipality that answered a service for all its inhabited places has given a complete list; one place short it has not."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from ankerort.region.inquiry.answered import answered_municipalities, core_answered
from ankerort.region.inquiry.status import STATUS, changes_by_service, inquiry_status
from ankerort.region.schema_inquiry import CONFIRMATIONS

PLACES = pd.DataFrame(
    {
        "place_id": ["a", "b", "out", "empty", "c"],
        "ags": ["1", "1", "1", "1", "2"],
        "kind": ["village", "hamlet", "outlying", "hamlet", "village"],
        "persons": [300.0, 100.0, 10.0, 0.0, 50.0],
        "in_study": True,
    }
)
MUNICIPALITIES = pd.DataFrame({"ags": ["1", "2"], "name": ["Adorf", "Bedorf"], "in_study": True})
CATALOGUE = SimpleNamespace(
    core=(
        SimpleNamespace(id="food", services=("supermarket", "discounter")),
        SimpleNamespace(id="gp", services=("gp",)),
    )
)


def told(place: str, service: str, new_value: str, **given: object) -> dict[str, object]:
    verdict = {"open": "correct", "absent": "absent", "closed": "gone"}[new_value]
    subject = "absences" if new_value == "absent" else "facilities"
    plain = {
        **dict.fromkeys(CONFIRMATIONS.names, ""),
        "lon": 0.0,
        "lat": 0.0,
        "row": 1,
        "ags": "2" if place == "c" else "1",
        "state": "in_force",
        "subject": subject,
        "place_id": place,
        "service": service,
        "new_value": new_value,
        "verdict": verdict,
        "confirmed_by": "Bauamt",
        "confirmed_on": "2026-03-03",
    }
    return {**plain, **given}


def region(*rows: dict[str, object]) -> SimpleNamespace:
    for k, row in enumerate(rows):
        row["confirmation_id"] = str(k)
    frame = CONFIRMATIONS.conform(pd.DataFrame(rows)) if rows else CONFIRMATIONS.empty()
    return SimpleNamespace(places=PLACES, municipalities=MUNICIPALITIES, confirmations=frame)


def test_all_inhabited_places_make_it_complete() -> None:
    """Scattered houses and empty places are not asked about; there, gone and absent are all answers."""
    known = answered_municipalities(region(told("a", "gp", "open"), told("b", "gp", "absent")))  # type: ignore[arg-type]
    assert known == {"gp": frozenset({"1"})}


def test_one_place_short_is_not_complete() -> None:
    """A place without an answer in force leaves the municipality open: superseded and contradicted ones are none."""
    for state in ("superseded", "contradicted", "without_subject"):
        rows = (told("a", "gp", "open"), told("b", "gp", "absent", state=state))
        assert answered_municipalities(region(*rows)) == {}  # type: ignore[arg-type]


def test_core_functions() -> None:
    """One service that is there answers a core function; that one of two is absent does not."""
    rows = (told("a", "supermarket", "open"), told("b", "supermarket", "absent"), told("c", "supermarket", "absent"))
    here = region(*rows, told("c", "discounter", "absent"))
    found = core_answered(here, {"food": ("supermarket", "discounter"), "gp": ("gp",)})  # type: ignore[arg-type]
    assert found["food"].to_dict() == {"a": True, "b": False, "c": True}
    assert not found["gp"].any()


def test_status_by_hand() -> None:
    """Adorf: 300 of 400 persons have one of two core questions answered, 3/8; both municipalities: (300 + 50) / 900."""
    rows = (
        told("a", "gp", "open"),
        told("a", "gp", "closed", state="superseded"),
        told("c", "gp", "absent", confirmed_by="Kreis", confirmed_on="2026-04-01"),
        told("b", "gp", "absent", state="contradicted"),
    )
    table = inquiry_status(region(*rows), CATALOGUE)  # type: ignore[arg-type]
    assert table.columns.tolist() == STATUS.names
    adorf, bedorf, both = (table.iloc[k] for k in range(3))
    assert (adorf["places"], adorf["places_answered"], adorf["core_asked"], adorf["core_answered"]) == (2, 1, 4, 1)
    assert adorf["core_share"] == 300 / 800
    assert (adorf["answers"], adorf["superseded"], adorf["contradicted"]) == (3, 1, 1)
    assert (bedorf["offices"], bedorf["newest"]) == ("Kreis", "2026-04-01")
    assert both["core_share"] == 350 / 900
    assert both["offices"] == "Bauamt, Kreis"


def test_changes_are_counted_in_force_only() -> None:
    """Services with most changes come first; a superseded answer changed nothing."""
    rows = (
        told("a", "gp", "open"),
        told("a", "atm", "absent"),
        told("b", "atm", "closed"),
        told("b", "gp", "absent", state="superseded"),
    )
    table = changes_by_service(region(*rows))  # type: ignore[arg-type]
    assert table.to_dict("records") == [
        {"service": "atm", "confirmed": 0, "changed": 0, "new": 0, "gone": 1, "absent": 1},
        {"service": "gp", "confirmed": 1, "changed": 0, "new": 0, "gone": 0, "absent": 0},
    ]

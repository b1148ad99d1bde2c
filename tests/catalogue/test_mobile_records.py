"""Records of mobile services: what is shipped, what follows from it, and faults of a project's own rows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ankerort.base.problems import InputError
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue

CATALOGUE = read_catalogue()
MOBILE = CATALOGUE.mobile
HEAD = "of,quantity,low,value,high,unit,source,legal_status,mark,agreed_by,agreed_on,reason\n"


def _own(folder: Path, **files: str) -> Catalogue:
    for name, text in files.items():
        (folder / f"mobile_{name}.csv").write_text(text, encoding="utf-8")
    return read_catalogue(folder)


def _faults(folder: Path, **files: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        _own(folder, **files)
    return [p.code for p in caught.value.problems]


def test_all_services_are_there_and_lean_on_known_records() -> None:
    """Seven services; each provides a service of the catalogue with a vehicle and rhythms that exist, and has a walk for each group."""
    assert list(MOBILE.services) == ["citizen_office", "bank", "doctor", "library", "shop", "post", "care_advice"]
    for one in MOBILE.services.values():
        assert one.service in CATALOGUE.services
        assert one.vehicle in MOBILE.vehicles
        assert one.rhythms and set(one.rhythms) <= set(MOBILE.rhythms)
        assert set(one.walk_m) == set(one.cases_per_year) <= set(CATALOGUE.groups)
        assert {"18_65", "65_74", "75_84", "85_plus"} <= set(one.cases_per_year)
        assert one.setup_min.value < one.stay_min.value <= one.stay_max.value
        assert one.use_factor.low == 0.2 and one.use_factor.mid == 0.4 and one.use_factor.high == 0.7
        assert one.use_factor.record.mark == "D"


def test_figures_of_the_domain_specification() -> None:
    """Benefit of rhythms (5.2), stays (5.3), cost per kilometre and staff (5.5), each with its mark."""
    assert [(r.every_weeks, r.benefit.value) for r in MOBILE.rhythms.values()] == [
        (0.5, 1),
        (1, 0.85),
        (2, 0.65),
        (4, 0.45),
    ]
    stays = {s.id: (s.stay_min.value, s.stay_max.value) for s in MOBILE.services.values()}
    assert stays["citizen_office"] == (60, 180) and stays["bank"] == (60, 150)
    assert stays["library"] == (20, 45) and stays["shop"] == (15, 40) and stays["doctor"][1] == 210
    assert MOBILE.services["library"].stay_min.mark == "M"
    assert [MOBILE.vehicles[v].eur_per_km.mid for v in ("van", "truck", "book_bus")] == [0.55, 0.85, 1.4]
    office = MOBILE.services["citizen_office"]
    assert (office.eur_per_h.low, office.eur_per_h.mid, office.eur_per_h.high) == (38, 41, 44)
    assert all(
        f.source for s in MOBILE.services.values() for f in (s.utilisation, s.staff, s.stay_min, s.eur_per_h.record)
    )


def test_minutes_of_a_case_are_the_mean_of_the_concerns() -> None:
    """Sum of share times minutes: 14.04 minutes at the citizen office; other services have a figure of their own."""
    concerns = MOBILE.concerns_of("citizen_office")
    assert sum(c.share.value for c in concerns) == pytest.approx(1.0)
    assert MOBILE.services["citizen_office"].minutes_per_case.value == pytest.approx(14.04)
    assert MOBILE.services["bank"].minutes_per_case.value == 5
    assert 12 <= MOBILE.services["citizen_office"].minutes_per_case.value <= 20


def test_a_village_of_600_brings_a_believable_number_of_cases() -> None:
    """About 0.8 cases per inhabitant and year at the office without the district's tasks; ages of the example in mobile-records.md."""
    people = {"18_65": 360, "65_74": 78, "75_84": 54, "85_plus": 18}
    office = MOBILE.services["citizen_office"]
    all_ = sum(n * office.cases_per_year[g].value for g, n in people.items())
    assert all_ == pytest.approx(520.2)
    own = all_ * (1 - MOBILE.district_share("citizen_office"))
    assert 0.6 <= own / 600 <= 0.9


@pytest.mark.parametrize(
    ("concern", "weeks", "expected"),
    [("id_card", 4, 4), ("id_card", 2, 4), ("id_card", 1, 3), ("id_card", 0.5, 3), ("passport", 4, 8), ("passport", 2, 6),
     ("driving_licence", 4, 4), ("registration", 4, 0)],
)  # fmt: skip
def test_handing_over_waits_for_a_visit(concern: str, weeks: float, expected: float) -> None:
    """A card that takes 3 weeks is handed over at the next monthly visit, a passport of 5 weeks at the second; one visit waits for none."""
    found = next(c for c in MOBILE.concerns if c.id == concern)
    assert found.handover_weeks(weeks) == expected


def test_the_slowest_concern_counts_for_a_stop() -> None:
    """Of all concerns with two visits the longest wait; services without any have none."""
    assert MOBILE.handover_weeks("citizen_office", 4) == 8
    assert MOBILE.handover_weeks("citizen_office", 2) == 6
    assert MOBILE.handover_weeks("bank", 1) == 0


def test_tasks_of_the_district_within_a_municipal_service() -> None:
    """Vehicles, licences and housing benefit are 16 % of the citizen office; a service of the district has none that are not its own."""
    assert MOBILE.district_share("citizen_office") == pytest.approx(0.16)
    assert MOBILE.district_share("care_advice") == 0
    assert MOBILE.district_share("nowhere") == 0


def test_a_project_replaces_figures(tmp_path: Path) -> None:
    """An own row replaces a shipped one, with its range; the mean of the concerns follows, a figure of one's own goes before it."""
    text = HEAD + "citizen_office,cases_per_year.75_84,,1.5,,cases,Statistik,practice,S,Amt,2026-10-01,gezählt\n"
    found = _own(tmp_path, figures=text).mobile.services["citizen_office"]
    assert found.cases_per_year["75_84"].value == 1.5 and found.cases_per_year["75_84"].agreed_by == "Amt"
    text += "citizen_office,minutes_per_case,,20,,min,Statistik,practice,S,Amt,2026-10-01,gezählt\n"
    assert _own(tmp_path, figures=text).mobile.services["citizen_office"].minutes_per_case.value == 20


def test_a_replaced_figure_without_agreement_is_a_warning(tmp_path: Path) -> None:
    """Who changes a number says by whom, when and why it was agreed."""
    text = HEAD + "rhythm:monthly,benefit,,0.5,,share,eigene,default,D,,,\n"
    found = _own(tmp_path, figures=text)
    assert found.mobile.rhythms["monthly"].benefit.value == 0.5
    assert [p.code for p in found.problems] == ["catalogue_figure_not_agreed"]


def test_faults_in_figures_are_told_together(tmp_path: Path) -> None:
    """Unknown owner, quantity of another owner, wrong unit, range that descends, share above one, number of nothing."""
    text = HEAD + (
        "busi,stay_min,,60,,min,x,default,D,,,\n"
        "vehicle:van,stay_min,,60,,min,x,default,D,,,\n"
        "vehicle:van,width_m,,2,,cm,x,default,D,,,\n"
        "vehicle:van,eur_per_km,1,0.5,2,EUR/km,x,default,D,,,\n"
        "rhythm:monthly,benefit,,1.2,,share,x,default,D,,,\n"
        "bank,minutes_per_case,,0,,min,x,default,D,,,\n"
    )
    faults = _faults(tmp_path, figures=text)
    told = Counter(faults)
    assert told["mobile_number_range"] == 2
    codes = ("mobile_owner_unknown", "mobile_quantity_misplaced", "catalogue_unit_wrong", "provision_range_reversed")
    assert [told[c] for c in codes] == [1, 1, 1, 1]


def test_shares_of_concerns_must_sum_to_one(tmp_path: Path) -> None:
    """A changed share needs the others to change too."""
    text = HEAD + "concern:citizen_office:id_card,share,,0.5,,share,x,default,D,a,2026-10-01,b\n"
    assert "mobile_concern_shares" in _faults(tmp_path, figures=text)


def test_a_service_needs_figures_hours_and_known_records(tmp_path: Path) -> None:
    """A new service without figures, of an unknown service, vehicle and weekday, with hours that are none: each is told."""
    services = (
        "id,service,label_de,label_en,authority,vehicle,rhythms,weekdays,morning,afternoon,instead\n"
        "hair,haircut,Friseur,hair,none,lorry,weekly;daily,Mo;Mi,12:00-9:00,,\n"
    )
    faults = _faults(tmp_path, services=services)
    assert faults.count("mobile_id_unknown") == 4
    assert {"mobile_hours", "mobile_figure_missing"} <= set(faults)


def test_rhythms_and_concerns_are_checked(tmp_path: Path) -> None:
    """Three weeks do not divide the cycle; a concern in two visits needs its waiting time, and every concern a service that exists."""
    rhythms = "id,every_weeks,label_de,label_en\nthree,3,drei,three\n"
    concerns = (
        "service,id,label_de,label_en,visits,device,authority,bring_de,bring_en\n"
        "citizen_office,card,Karte,card,2,,municipality,a,b\n"
        "nowhere,card,Karte,card,1,,none,a,b\n"
    )
    faults = _faults(tmp_path, rhythms=rhythms, concerns=concerns)
    assert {"catalogue_not_allowed", "mobile_figure_missing", "mobile_id_unknown"} <= set(faults)

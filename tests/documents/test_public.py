"""Lists that may not be passed on count in every figure and stand in no file but the one for the office."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from ankerort.compare_run import compare_project
from ankerort.documents.assessment import Assessment
from ankerort.documents.evidence import evidence_lines
from ankerort.documents.public import public_assessment
from ankerort.documents.write import write_documents
from ankerort.documents.write_profiles import write_profiles
from ankerort.inquiry_run import write_inquiry, write_survey_sheets
from ankerort.region.model import Region
from ankerort.region.public_view import is_masked, public_facilities, public_ids, public_region
from ankerort.region.schema_inquiry import CONFIRMATIONS
from ankerort.run import assess_region, explain_project
from worlds.small_region import lon_lat, write_small_region

SECRETS = ("Geheimpraxis", "Verborgene Gasse", "BSNR-4711", "Mo-Fr 07:13", "Nurintern", "Dunkelbank")
EXTRA = """
[[input]]
kind = "facilities"
file = "geheim.csv"
id = "geheim"
title = "Arztliste der KV"
publisher = "Kassenärztliche Vereinigung"
[input.options]
internal = true
[input.columns]
id = "Nummer"
name = "Praxis"
note = "Bemerkung"

[[input]]
kind = "facilities"
file = "offen.csv"
id = "offen"
title = "Liste der Gemeinde"
[input.columns]
name = "Einrichtung"
"""


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """A secret practice alone, a secret one that is the same as a public one, and a public bank with secret hours."""
    folder = write_small_region(tmp_path_factory.mktemp("geheim"), extra=EXTRA)
    near, far = lon_lat(1000, 1000), lon_lat(5000, 1000)
    secret = [
        "Nummer;service;Praxis;lon;lat;address;opening_hours;capacity;Bemerkung;confirmed_by;confirmed_on",
        f"BSNR-4711-1;general_practitioner;Geheimpraxis Allein;{far[0]};{far[1]};Verborgene Gasse 1;Mo-Fr 07:13-12:00;1.5;Nurintern;;",
        f"BSNR-4711-2;pharmacy;Geheimpraxis Apotheke am Tor;{near[0]};{near[1]};Verborgene Gasse 2;Mo-Fr 07:13-12:00;;Nurintern;Amt;2024-01-01",
        f"BSNR-4711-3;bank_branch;Dunkelbank;{near[0]};{near[1]};Verborgene Gasse 3;Mo-Fr 07:13-12:00;;;;",
    ]
    public = [
        "service;Einrichtung;lon;lat;operator",
        f"pharmacy;Geheimpraxis-Apotheke am Tor;{near[0]};{near[1]};Apothekerkammer",
        f"bank_branch;;{near[0]};{near[1]};Sparkasse",
    ]
    public[1] = public[1].replace("Geheimpraxis-Apotheke am Tor", "Apotheke am Tor")
    (folder / "geheim.csv").write_text("\n".join(secret) + "\n", encoding="utf-8")
    (folder / "offen.csv").write_text("\n".join(public) + "\n", encoding="utf-8")
    found, _ = assess_region(folder)
    return found


@pytest.fixture(scope="module")
def region(assessment: Assessment) -> Region:
    return assessment.region


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """All bytes of all files: those inside workbooks, and tables as text (Parquet is compressed)."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        yield path.name, path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as book:
                for name in book.namelist():
                    yield f"{path.name}/{name}", book.read(name)
        if path.suffix == ".pdf":
            yield f"{path.name} as text", "\n".join(page.extract_text() for page in PdfReader(path).pages).encode()
        if path.suffix == ".parquet":
            yield f"{path.name} as text", pd.read_parquet(path).to_csv().encode()


@pytest.mark.parametrize("lang", ["de", "en"])
def test_no_file_holds_a_secret(assessment: Assessment, tmp_path: Path, lang: str) -> None:
    """No name, address, id, hours or remark of such a list stands in any file of a run; the source itself is named."""
    write_documents(assessment, tmp_path, lang="en" if lang == "en" else "de")
    found = [(name, secret) for name, data in contents(tmp_path) for secret in SECRETS if secret.encode() in data]
    assert not found
    everything = b"".join(data for _, data in contents(tmp_path))
    assert b"Arztliste der KV" in everything
    label = "aus einer nicht öffentlichen Liste" if lang == "de" else "from a list that is not public"
    assert label.encode() in everything


def test_profiles_hold_no_secret(assessment: Assessment, tmp_path: Path) -> None:
    """The profiles of the places name no practice of such a list, but say where the way leads."""
    write_profiles(assessment, tmp_path)
    data = list(contents(tmp_path))
    assert len(data) > 4
    assert not [(name, secret) for name, content in data for secret in SECRETS if secret.encode() in content]


def test_what_goes_round_holds_no_secret(assessment: Assessment, tmp_path: Path) -> None:
    """Workbooks of the inquiry and survey sheets (PDF and XLSX) ask as if such a list did not exist."""
    folder = assessment.region.settings.folder
    write_inquiry(folder, out=tmp_path / "abfrage", threads=1)
    write_survey_sheets(folder, whole=True, out=tmp_path / "bogen")
    data = list(contents(tmp_path))
    assert {name.rpartition(".")[2] for name, _ in data} >= {"xlsx", "pdf"}
    assert any(b"Apotheke am Tor" in content for _, content in data)
    assert not [(name, secret) for name, content in data for secret in SECRETS if secret.encode() in content]


def test_answers_hold_no_secret(assessment: Assessment, tmp_path: Path) -> None:
    """What an answer replaced and only such a list had said is left out of the page and the sheet on answers."""
    region = assessment.region
    gp = region.facilities[region.facilities["service"] == "general_practitioner"].iloc[0]
    told = {
        "confirmation_id": "a1", "subject": "facilities", "subject_id": gp["facility_id"], "subject_name": gp["name"],
        "object_id": gp["object_id"], "service": "general_practitioner", "ags": gp["ags"], "place_id": gp["place_id"],
        "place_name": "Berge (Bedorf)", "lon": gp["lon"], "lat": gp["lat"], "verdict": "wrong", "field": "name",
        "old_value": gp["name"], "old_source_id": "geheim", "new_value": "Praxis im Dorf", "confirmed_by": "Gemeinde Bedorf",
        "confirmed_on": "2024-05-01", "state": "in_force",
    }  # fmt: skip
    assert set(told) <= set(CONFIRMATIONS.names)
    ledger = CONFIRMATIONS.conform(pd.DataFrame([told]))
    write_documents(replace(assessment, region=replace(region, confirmations=ledger)), tmp_path)
    data = list(contents(tmp_path))
    assert {"bericht.pdf", "bericht.docx"} <= {name for name, _ in data}
    assert any(b"Praxis im Dorf" in content for _, content in data)
    assert not [(name, secret) for name, content in data for secret in SECRETS if secret.encode() in content]


def test_the_evidence_marks_rows_of_such_lists(assessment: Assessment) -> None:
    """explain is for the screen of the office: it names the row and says that its list is not public."""
    folder = assessment.region.settings.folder
    found = explain_project(folder, place="Berge (Bedorf)", service="general_practitioner", threads=1)
    text = "\n".join(evidence_lines(found, "de"))
    assert "Geheimpraxis Allein" in text
    assert "Quelle: Arztliste der KV (nicht öffentliche Liste)" in text
    bank = explain_project(folder, place="Ahausen", service="bank_branch", threads=1)
    assert "Liste der Gemeinde (nicht" not in "\n".join(evidence_lines(bank, "de"))


def test_comparisons_hold_no_secret(assessment: Assessment, tmp_path: Path) -> None:
    """A scenario that closes such practices is compared without their names, ids and positions."""
    folder = assessment.region.settings.folder
    (folder / "szenarien").mkdir(exist_ok=True)
    (folder / "szenarien" / "zu.toml").write_text(
        """format = 1
name = "Praxis zu"
[[change]]
kind = "close_facility"
service = "general_practitioner"
place = "Berge (Bedorf)"
[[change]]
kind = "close_facility"
service = "pharmacy"
place = "Ahausen"
""",
        encoding="utf-8",
    )
    compare_project(folder, "heute", ["zu"], out=tmp_path, threads=1)
    data = list(contents(tmp_path))
    assert {name.partition("/")[0] for name, _ in data} == {"vergleich.html", "vergleich.xlsx", "vergleich.gpkg"}
    assert not [(name, secret) for name, content in data for secret in SECRETS if secret.encode() in content]
    assert any("aus einer nicht öffentlichen Liste".encode() in content for _, content in data)


def test_the_file_for_the_office_holds_them(assessment: Assessment, tmp_path: Path) -> None:
    """Only ``intern.xlsx`` shows the rows, and only if it is asked for."""
    write_documents(assessment, tmp_path, internal=True)
    with_secret = {name for name, data in contents(tmp_path) if b"Geheimpraxis" in data}
    assert {name.partition("/")[0] for name in with_secret} == {"intern.xlsx"}


def test_figures_stay(assessment: Assessment) -> None:
    """Counts and travel times follow from all lists: only ids and names differ in what is printed."""
    public = public_assessment(assessment, "de")
    before = assessment.supply.place_service.drop(columns="nearest_facility_id")
    pd.testing.assert_frame_equal(public.supply.place_service.drop(columns="nearest_facility_id"), before)
    gp = public.supply.place_service
    ids = gp.loc[gp["service"] == "general_practitioner", "nearest_facility_id"]
    assert is_masked(ids[ids != ""]).all()
    assert (ids != "").any()


def test_a_public_row_says_what_it_said_itself(region: Region) -> None:
    """Where rows of both kinds are one facility, only fields of the public source are left, under its id."""
    rows = public_facilities(region).set_index("service")
    assert set(rows["source_id"]) >= {"offen"}
    assert "geheim" not in set(rows["source_id"])
    pharmacy = rows.loc["pharmacy"]
    assert (pharmacy["name"], pharmacy["operator"], pharmacy["address"]) == ("Apotheke am Tor", "Apothekerkammer", "")
    assert (pharmacy["opening_hours"], pharmacy["merged_into"]) == ("", "")
    bank = rows.loc["bank_branch"]
    assert (bank["name"], bank["operator"], bank["opening_hours"]) == ("", "Sparkasse", "")
    assert "general_practitioner" not in rows.index


def test_rows_stay_in_their_order(region: Region) -> None:
    """The public region has the same rows in the same order, so that row numbers of travel times stay right."""
    public = public_region(region, label="X")
    same = ["service", "place_id", "state", "certainty"]
    pd.testing.assert_frame_equal(public.facilities[same], region.facilities[same])
    ids = public_ids(region)
    assert list(public.facilities["facility_id"]) == [ids.get(k, k) for k in region.facilities["facility_id"]]
    assert public.facilities["facility_id"].is_unique
    assert not len(public.confidential)
    again = public_region(public, label="X")
    pd.testing.assert_frame_equal(again.facilities, public.facilities)


def test_nothing_changes_without_such_a_list(region: Region) -> None:
    """Without an internal source the region is the same object."""
    open_region = replace(region, sources=region.sources.assign(internal=False))
    assert public_region(open_region) is open_region

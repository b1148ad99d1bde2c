"""From an inbox to region.toml: the area, the name, what is missing, and what a person wrote."""

from __future__ import annotations

import datetime as dt
import shutil
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from ankerort.base.problems import InputError, Problems
from ankerort.region.fetched_sources import FetchedSource, write_fetched
from ankerort.region.init_region import InitResult, init_region
from ankerort.region.read_settings import read_settings
from ankerort.run import assess_region
from ankerort.sample import write_sample
from conftest import SampleRun

TODAY = dt.date(2026, 11, 23)
GRID = "GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner\nCRS3035RES100mN3205300E4438200;4438250;3205350;6\n"
REPOSITORY = Path(__file__).resolve().parents[2]


def _init(folder: Path, *keys: str, **options: object) -> InitResult:
    return init_region(folder, study_ags=keys, today=TODAY, **options)  # type: ignore[arg-type]


def _data(folder: Path) -> dict[str, object]:
    return tomllib.loads((folder / "region.toml").read_text(encoding="utf-8"))


def _boundaries(inbox: Path, west: float = 11.0) -> None:
    inbox.mkdir(parents=True, exist_ok=True)
    boxes = [shapely.box(west + k / 10, 52, west + 0.1 + k / 10, 52.1) for k in range(2)]
    keys = {"AGS": ["15083020", "15086001"], "GEN": ["Wanzleben", "Burg"], "BEZ": ["Stadt", "Stadt"]}
    gpd.GeoDataFrame(keys, geometry=boxes, crs=4326).to_file(inbox / "gemeinden.geojson")
    keys = {"AGS": ["15083", "15086"], "GEN": ["Börde", "Jerichower Land"], "BEZ": ["Landkreis", "Landkreis"]}
    gpd.GeoDataFrame(keys, geometry=boxes, crs=4326).to_file(inbox / "kreise.geojson")


def test_an_empty_inbox_lists_what_to_get(tmp_path: Path) -> None:
    """The folder and the inbox are made, the needed files come first, and what holds for another Land is left out."""
    result = _init(tmp_path / "börde", "15083")
    assert (tmp_path / "börde" / "eingang").is_dir()
    assert result.state == "written"
    assert result.inputs == ()
    required = [m.kind for m in result.missing if m.required]
    assert sorted(required) == ["boundaries", "census"]
    assert [m.required for m in result.missing] == sorted((m.required for m in result.missing), reverse=True)
    assert {"osm", "gtfs", "stop_register", "projection"} <= {m.kind for m in result.missing}
    assert all(d.fits("ST") for d in result.downloads)
    assert _data(tmp_path / "börde")["name"] == "börde"
    assert read_settings(tmp_path / "börde", problems=Problems()).study_ags == ("15083",)


def test_a_second_run_takes_up_what_lies_in_the_inbox(tmp_path: Path) -> None:
    """Name, system and inputs follow from the files; the key of the first run holds; the old file is kept."""
    _init(tmp_path, "15083")
    _boundaries(tmp_path / "eingang", west=12.5)
    (tmp_path / "eingang" / "zensus.csv").write_text(GRID)
    result = _init(tmp_path)
    data = _data(tmp_path)
    assert data["name"] == "Landkreis Börde"
    assert data["crs"] == "EPSG:25833"
    assert data["land"] == "ST"
    assert data["study_area"] == ["15083"]
    assert [i.kind for i in result.inputs] == ["boundaries", "boundaries", "census"]
    assert result.old == tmp_path / "region.alt-1.toml"
    assert not any(m.required for m in result.missing)
    assert "zensus2022_ages" in {m.id for m in result.missing}
    assert _init(tmp_path).state == "unchanged"


def test_districts_alone_are_no_municipalities(tmp_path: Path) -> None:
    """Boundaries of another level leave those of the municipalities missing."""
    _boundaries(tmp_path / "eingang")
    (tmp_path / "eingang" / "gemeinden.geojson").unlink()
    assert "boundaries" in {m.kind for m in _init(tmp_path, "15083").missing if m.required}


def test_names_of_several_districts_and_towns(tmp_path: Path) -> None:
    """Two districts are joined, a municipality bears its own name, an option goes first, a new area gets a new name."""
    _boundaries(tmp_path / "eingang")
    _init(tmp_path, "15083", "15086")
    assert _data(tmp_path)["name"] == "Landkreis Börde und Landkreis Jerichower Land"
    assert _data(tmp_path)["crs"] == "EPSG:25832"
    _init(tmp_path, "15086001")
    assert _data(tmp_path)["name"] == "Burg"
    _init(tmp_path, name="Mein Gebiet")
    assert _data(tmp_path)["name"] == "Mein Gebiet"
    _init(tmp_path)
    assert _data(tmp_path)["name"] == "Mein Gebiet"


def test_without_an_area_the_districts_are_told(tmp_path: Path) -> None:
    """Keys and names of the boundaries stand in the message; nothing is written."""
    _boundaries(tmp_path / "eingang")
    with pytest.raises(InputError) as caught:
        _init(tmp_path)
    (problem,) = caught.value.problems
    assert problem.params["districts"] == "15083 Landkreis Börde; 15086 Landkreis Jerichower Land"
    assert not (tmp_path / "region.toml").exists()
    result = _init(tmp_path, "15081")
    assert [p.code for p in result.problems] == ["inbox_area_unknown"]


@pytest.mark.parametrize(("key", "code"), [("1508", "length"), ("Börde", "digits"), ("99083", "land")])
def test_keys_that_are_none(tmp_path: Path, key: str, code: str) -> None:
    """A wrong key is told before anything is made."""
    with pytest.raises(InputError, match=f"settings_ags_{code}"):
        _init(tmp_path / "neu", key)
    assert not (tmp_path / "neu").exists()


def test_what_a_person_edited_stays(tmp_path: Path) -> None:
    """Byte by byte; what is new stands beside it with all that the person wrote, and only if there is something new."""
    _boundaries(tmp_path / "eingang")
    _init(tmp_path, "15083")
    path = tmp_path / "region.toml"
    text = path.read_text(encoding="utf-8").replace("buffer_km = 30.0", "buffer_km = 12.5")
    path.write_text(text.replace('id = "kreise"', 'id = "kreise"\nnote = "von Hand"'), encoding="utf-8")
    mine = path.read_bytes()
    assert _init(tmp_path).state == "kept"
    assert not (tmp_path / "region-vorschlag.toml").exists()
    (tmp_path / "eingang" / "zensus.csv").write_text(GRID)
    result = _init(tmp_path)
    assert result.state == "proposed"
    assert path.read_bytes() == mine
    proposal = tomllib.loads((tmp_path / "region-vorschlag.toml").read_text(encoding="utf-8"))
    assert proposal["buffer_km"] == 12.5
    assert [e.get("note") for e in proposal["input"] if e["id"] == "kreise"] == ["von Hand"]
    assert [e["kind"] for e in proposal["input"]] == ["boundaries", "boundaries", "census"]
    assert len({e["id"] for e in proposal["input"]}) == 3


def test_a_broken_file_of_a_person_is_told(tmp_path: Path) -> None:
    """A region.toml that is no TOML stops the command with its line; it is not replaced."""
    (tmp_path / "region.toml").write_text('name = "x"\nstudy_area = [15083\n')
    with pytest.raises(InputError, match="settings_"):
        _init(tmp_path, "15083")
    assert "15083\n" in (tmp_path / "region.toml").read_text()


def test_paths_are_written_with_slashes_and_read_back(tmp_path: Path) -> None:
    """Folders, umlauts in two characters and blanks: each file of region.toml is found again."""
    inbox = tmp_path / "Bo\u0308rde neu" / "eingang" / "Ablage Süd"
    _boundaries(inbox)
    (inbox / "U\u0308bersicht.csv").write_text(GRID)
    _init(tmp_path / "Bo\u0308rde neu", "15083")
    text = (tmp_path / "Bo\u0308rde neu" / "region.toml").read_text(encoding="utf-8")
    assert "\\" not in text
    problems = Problems()
    settings = read_settings(tmp_path / "Bo\u0308rde neu", problems=problems)
    assert not [p for p in problems if p.severity == "error"]
    assert {f.name for i in settings.inputs for f in i.files} == {p.name for p in inbox.iterdir()}


def test_what_was_fetched_brings_its_credit_line(tmp_path: Path) -> None:
    """Title, publisher, licence and day come from the record of `region fetch`; a replaced file has none of them."""
    inbox = tmp_path / "eingang"
    inbox.mkdir()
    feed = inbox / "fahrplan.zip"
    with zipfile.ZipFile(feed, "w") as archive:
        archive.writestr("stops.txt", "stop_id\n1\n")
        archive.writestr("trips.txt", "trip_id\n")
    with zipfile.ZipFile(inbox / "grid.zip", "w") as archive:
        archive.writestr("grid.csv", GRID)
    for file, record in ((feed, "gtfs_de"), (inbox / "grid.zip", "zensus2022_population")):
        told = {
            "title_de": f"Titel {record}",
            "title_en": "",
            "publisher": "Amt",
            "licence": "CC0",
            "page": "",
            "url": "",
        }
        source = FetchedSource(
            file.name, record, attribution="© Amt", day="2026-11-20", size_bytes=file.stat().st_size, sha256="", **told
        )
        write_fetched(inbox, source, lang="de")
    (inbox / "QUELLEN.alt-1.txt").write_text("von Hand")
    (inbox / "osm.pbf.teil").write_bytes(b"halb")
    result = _init(tmp_path, "15083")
    assert [(p.table, p.code) for p in result.problems] == [("osm.pbf.teil", "inbox_unfinished")]
    assert [(i.kind, i.title, i.attribution, i.note) for i in result.inputs] == [
        ("census", "Titel zensus2022_population", "© Amt", "Abgerufen am 20.11.2026 mit ankerort region fetch."),
        ("gtfs", "Titel gtfs_de", "© Amt", "Abgerufen am 20.11.2026 mit ankerort region fetch."),
    ]
    with zipfile.ZipFile(feed, "a") as archive:
        archive.writestr("agency.txt", "agency_name\nKreisbus\n")
    assert [(i.title, i.attribution) for i in _init(tmp_path).inputs if i.kind == "gtfs"] == [("Fahrplan Kreisbus", "")]


@pytest.mark.slow
def test_the_sample_from_an_inbox_gives_the_same_balance(tmp_path: Path, sample_run: SampleRun) -> None:
    """Places, states and ways are those of the sample's own region.toml: nothing of what matters is lost on the way."""
    shutil.copytree(sample_run.folder / "eingang", tmp_path / "eingang")
    _init(tmp_path, "15999", buffer_km=15.0)
    assessment, _ = assess_region(tmp_path)
    for name in ("place_service", "area_service", "recording"):
        mine, theirs = (getattr(a.supply, name) for a in (assessment, sample_run.assessment))
        # Ids of facilities hold the id of their source, which comes from the file's name here.
        columns = [c for c in mine.columns if c != "facility_id" and not c.endswith("_facility_id")]
        pd.testing.assert_frame_equal(mine[columns], theirs[columns])


# -- real regions ------------------------------------------------------------------------------------------------------


def _expected(region: str) -> list[tuple[object, ...]]:
    """kind, preset, level and files of each input of the shipped definition."""
    path = REPOSITORY / "docs" / "regions" / region / "region.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        (e["kind"], e.get("preset", ""), e.get("options", {}).get("level", ""), _files(path.parent, e))
        for e in data["input"]
        # No service of the shipped catalogue: recognised, told, and not entered.
        if e.get("preset") != "sales_points_nasa"
    ]


def _files(folder: Path, entry: dict[str, object]) -> tuple[str, ...]:
    names: Iterable[str] = [entry["file"]] if "file" in entry else entry["files"]  # type: ignore[list-item,assignment]
    # As the definition names them below shared/data, else resolved.
    return tuple(sorted(n.split("shared/data/")[-1] if "shared/data/" in n else n for n in names))


@pytest.mark.golden
@pytest.mark.parametrize("region", ["stockheim", "heidelberg", "magdeburg"])
def test_real_regions_are_recognised_without_their_names(tmp_path: Path, shared_data: Path, region: str) -> None:
    """All files of a real region, flat and renamed, give the inputs that its definition names by hand."""
    expected = _expected(region)
    inbox = tmp_path / "eingang"
    inbox.mkdir()
    real = {}
    for number, name in enumerate(sorted({f for e in expected for f in e[3]}), start=1):  # type: ignore[attr-defined]
        suffix = ".osm.pbf" if str(name).endswith(".osm.pbf") else Path(str(name)).suffix
        new = f"a{number}.dat{suffix}"
        (inbox / new).symlink_to(shared_data / str(name))
        real[f"eingang/{new}"] = name
    keys = tomllib.loads((REPOSITORY / "docs" / "regions" / region / "region.toml").read_text(encoding="utf-8"))
    result = _init(tmp_path, *keys["study_area"])
    assert result.problems == ()
    found = [
        (i.kind, i.preset, i.options.get("level", ""), tuple(sorted(real[f] for f in i.files))) for i in result.inputs
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert _data(tmp_path)["crs"] == keys["crs"]
    assert _data(tmp_path)["land"] == keys["land"]


@pytest.mark.golden
def test_all_other_files_of_magdeburg_are_left_out(tmp_path: Path, shared_data: Path) -> None:
    """Ticket machines, cycle paths, lines, station lists and statistics as JSON: none is taken for something else."""
    inbox = tmp_path / "eingang"
    inbox.mkdir()
    taken = {f for e in _expected("magdeburg") for f in e[3]}  # type: ignore[attr-defined]
    others = [p for p in sorted((shared_data / "magdeburg").rglob("*")) if p.is_file() and p.name != "SOURCE.txt"]
    others = [p for p in others if p.relative_to(shared_data).as_posix() not in taken]
    for number, path in enumerate(others):
        (inbox / f"a{number}.dat{path.suffix}").symlink_to(path)
    result = _init(tmp_path, "15083")
    assert [(i.kind, i.options.get("totals"), i.roles) for i in result.inputs] == [
        ("boundaries", None, ("membership",)),
        ("boundaries", None, ("membership",)),
        ("census", True, ("totals",)),
    ]
    assert len(result.problems) == len(others) - 3


# -- the sample region -------------------------------------------------------------------------------------------------


def test_the_sample_is_recognised(tmp_path: Path) -> None:
    """The inputs of the sample, dropped into an inbox, become the inputs that its own region.toml names."""
    write_sample(tmp_path / "muster")
    (tmp_path / "neu").mkdir()
    (tmp_path / "muster" / "eingang").rename(tmp_path / "neu" / "eingang")
    result = _init(tmp_path / "neu", "15999", buffer_km=15.0)
    assert result.problems == ()
    data = _data(tmp_path / "neu")
    own = tomllib.loads((tmp_path / "muster" / "region.toml").read_text(encoding="utf-8"))

    def plain(entries: list[dict[str, object]]) -> list[tuple[str, tuple[str, ...]]]:
        return sorted((str(e["kind"]), _files(tmp_path, e)) for e in entries)

    assert plain(data["input"]) == plain(own["input"])  # type: ignore[arg-type]
    osm = next(e for e in data["input"] if e["kind"] == "osm")  # type: ignore[attr-defined]
    assert osm["options"] == {"footprint": "eingang/kartenausschnitt.geojson"}
    for key in ("name", "study_area", "buffer_km", "crs", "land"):
        assert data[key] == own[key], key

"""Public files for a project: which fit, what is kept, what is written beside them. Everything goes to this machine."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ankerort.base.download import Patience
from ankerort.base.problems import InputError
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.downloads import Download
from ankerort.region.fetch import FetchReport, choose_downloads, fetch_downloads, read_area
from ankerort.region.fetched_sources import RECORD_FILE, SOURCES_FILE, read_fetched
from ankerort.text import LANGUAGES
from ankerort.text.problems import describe_problem, repair_of
from worlds.local_server import BODY, OTHER, Server, rest, serving, status, whole

DAY = "2026-11-23"
CATALOGUE = read_catalogue()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server on this machine."""
    with serving(monkeypatch) as plan:
        yield plan


def record(server: Server, id_: str = "eins", **more: Any) -> Download:
    """A download from the server of the test."""
    one = Download(
        id=id_,
        kind="census",
        title_de=f"Datei {id_}",
        title_en=f"File {id_}",
        publisher="Amt für Übung",
        page="https://amt.example.org/daten",
        url=f"http://{server.address}/{id_}.bin",
        file_name=f"{id_}.bin",
        licence="dl-de/by-2-0",
        attribution="© Amt für Übung",
        good_for_de="die Übung",
        good_for_en="the exercise",
        without_de="Ohne die Datei fehlt sie.",
        without_en="Without it it is missing.",
        scope="all",
        required=False,
        usual=True,
        size_mb=math.nan,
        sha256="",
        mark="S",
        checked_on=DAY,
    )
    return replace(one, **more)


def run(folder: Path, *downloads: Download, day: str = DAY, **more: Any) -> FetchReport:
    """Fetch without sleeping."""
    patience = Patience(connect_s=5, read_s=5, tries=2, sleep=lambda _: None)
    return fetch_downloads(folder, downloads, day=day, patience=patience, **more)


def project(folder: Path, text: str) -> Path:
    """A project folder with a region.toml."""
    folder.mkdir(exist_ok=True)
    (folder / "region.toml").write_text(f"format = 1\n{text}\n", encoding="utf-8")
    return folder


def test_the_land_comes_from_the_keys(tmp_path: Path) -> None:
    """The Laender of all keys count, in their order; inputs that are not there yet do not disturb."""
    toml = 'study_area = ["15083", "03154"]\n[[input]]\nkind = "osm"\nfile = "eingang/fehlt.osm.pbf"'
    assert read_area(project(tmp_path, toml)).laender == ("ST", "NI")


def test_without_a_key_it_is_open_what_fits(tmp_path: Path) -> None:
    """A project without study area is told what to enter."""
    with pytest.raises(InputError) as caught:
        read_area(project(tmp_path, "study_area = []"))
    assert [p.code for p in caught.value.problems] == ["fetch_no_area"]


def test_without_a_project_nothing_is_fetched(tmp_path: Path) -> None:
    """A folder without region.toml is named."""
    with pytest.raises(InputError) as caught:
        read_area(tmp_path)
    assert caught.value.problems[0].code == "settings_missing"


def test_usual_files_of_the_land_are_chosen() -> None:
    """Without a wish the usual files of the Land are taken, one timetable and one extract; the rest that fits is named apart."""
    chosen, otherwise = choose_downloads(CATALOGUE, ("ST",))
    ids = [d.id for d in chosen]
    assert {"vg250", "zensus2022_population", "osm_st", "gtfs_de"} <= set(ids)
    assert sum(d.kind == "osm" for d in chosen) == sum(d.kind == "gtfs" for d in chosen) == 1
    assert {"gtfs_mdv", "charging_points", "addresses_st"} <= {d.id for d in otherwise}
    assert "osm_he" not in {d.id for d in (*chosen, *otherwise)}
    assert all(d.url for d in chosen)


def test_two_laender_need_both_extracts() -> None:
    """A study area across a border needs the extracts of both."""
    chosen, _ = choose_downloads(CATALOGUE, ("ST", "NI"))
    assert [d.id for d in chosen if d.kind == "osm"] == ["osm_ni", "osm_st"]


def test_a_wish_may_cross_the_border() -> None:
    """By id any file is taken, also of another Land, each once, in the order of the wish."""
    chosen, otherwise = choose_downloads(CATALOGUE, ("ST",), only=("osm_ni", "gtfs_mdv", "osm_ni"))
    assert [d.id for d in chosen] == ["osm_ni", "gtfs_mdv"]
    assert otherwise == ()


def test_wrong_wishes_are_named_together() -> None:
    """An unknown id is named with the nearest one, a file without address with its page."""
    with pytest.raises(InputError) as caught:
        choose_downloads(CATALOGUE, ("ST",), only=("vg205", "charging_points"))
    assert [p.code for p in caught.value.problems] == ["fetch_unknown", "fetch_by_hand"]
    assert caught.value.problems[0].params["suggestion"] == "vg250"
    assert "bundesnetzagentur.de" in repair_of(caught.value.problems[1], "de")


def test_files_come_with_their_licence(server: Server, tmp_path: Path) -> None:
    """Each file lies in eingang/, and QUELLEN.txt names title, publisher, licence, credit line, address, day and checksum."""
    server.do(whole())
    report = run(tmp_path, record(server), record(server, "zwei"))
    assert [o.state for o in report.outcomes] == ["new", "new"]
    assert not report.problems
    inbox = tmp_path / "eingang"
    assert (inbox / "eins.bin").read_bytes() == BODY
    text = (inbox / SOURCES_FILE).read_text(encoding="utf-8-sig")
    source = read_fetched(inbox)["eins.bin"]
    for part in ("Datei eins", "Amt für Übung", "dl-de/by-2-0", "© Amt für Übung", server.address, "23.11.2026"):
        assert part in text
    assert source.sha256 in text and text.index("eins.bin") < text.index("zwei.bin")
    assert sorted(p.name for p in inbox.iterdir()) == [RECORD_FILE, SOURCES_FILE, "eins.bin", "zwei.bin"]


def test_the_list_is_english_where_asked(server: Server, tmp_path: Path) -> None:
    """The list of sources follows the language."""
    server.do(whole())
    run(tmp_path, record(server), lang="en")
    assert "File eins" in (tmp_path / "eingang" / SOURCES_FILE).read_text(encoding="utf-8-sig")


def test_a_second_run_fetches_nothing(server: Server, tmp_path: Path) -> None:
    """An unchanged file is asked for by its version and stays; its day stays that of its content."""
    server.do(whole())
    run(tmp_path, record(server))
    server.do(status(304))
    report = run(tmp_path, record(server), day="2026-12-24")
    assert [o.state for o in report.outcomes] == ["unchanged"]
    assert server.asked[-1]["if-none-match"] == '"a"'
    assert read_fetched(tmp_path / "eingang")["eins.bin"].day == DAY


def test_a_renewed_file_gets_its_new_day(server: Server, tmp_path: Path) -> None:
    """A new version replaces what was fetched, with its day and checksum."""
    server.do(whole())
    run(tmp_path, record(server))
    old = read_fetched(tmp_path / "eingang")["eins.bin"]
    server.do(whole(OTHER, etag='"b"'))
    report = run(tmp_path, record(server), day="2026-12-24")
    new = read_fetched(tmp_path / "eingang")["eins.bin"]
    assert [o.state for o in report.outcomes] == ["renewed"]
    assert (new.day, new.etag) == ("2026-12-24", '"b"') and new.sha256 != old.sha256
    assert (tmp_path / "eingang" / "eins.bin").read_bytes() == OTHER


def test_a_new_address_is_not_asked_for_an_old_version(server: Server, tmp_path: Path) -> None:
    """If the catalogue names another address, the version of the old one proves nothing."""
    server.do(whole())
    run(tmp_path, record(server))
    run(tmp_path, record(server, url=f"http://{server.address}/neu.bin"))
    assert "if-none-match" not in server.asked[-1]


@pytest.mark.parametrize("fetched_before", [False, True])
def test_a_file_of_the_user_stays(server: Server, tmp_path: Path, fetched_before: bool) -> None:
    """A file that a person put there, or changed, is not touched and nobody is asked; a note says so."""
    server.do(whole())
    if fetched_before:
        run(tmp_path, record(server))
    own = tmp_path / "eingang" / "eins.bin"
    own.parent.mkdir(exist_ok=True)
    own.write_bytes(b"mine")
    asked = len(server.asked)
    report = run(tmp_path, record(server))
    assert own.read_bytes() == b"mine"
    assert len(server.asked) == asked
    assert [o.state for o in report.outcomes] == ["kept"]
    assert [(p.code, p.severity) for p in report.problems] == [("fetch_kept", "note")]
    assert not report.has_errors


def test_one_failure_does_not_stop_the_others(server: Server, tmp_path: Path) -> None:
    """Each failure is collected: an error for a required file, a warning for any other; no half file is left."""
    server.do(status(404), status(403), whole())
    report = run(tmp_path, record(server, required=True), record(server, "zwei"), record(server, "drei", required=True))
    assert [o.state for o in report.outcomes] == ["failed", "failed", "new"]
    assert [(p.code, p.severity, p.table) for p in report.problems] == [
        ("fetch_status", "error", "eingang/eins.bin"),
        ("fetch_status", "warning", "eingang/zwei.bin"),
    ]
    assert report.has_errors
    assert sorted(p.name for p in (tmp_path / "eingang").iterdir()) == [RECORD_FILE, SOURCES_FILE, "drei.bin"]


def test_a_blocked_network_does_not_cost_hours(server: Server, tmp_path: Path) -> None:
    """After a host that could not be reached the next is asked only once, and as before when one has answered again."""
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{one.getsockname()[1]}"
    server.do(whole())
    pauses: list[float] = []
    downloads = [record(server, f"n{k}", url=f"{closed}/n{k}") for k in range(3)]
    downloads += [record(server), record(server, "n9", url=f"{closed}/n9")]
    report = fetch_downloads(tmp_path, downloads, day=DAY, patience=Patience(tries=3, sleep=pauses.append))
    assert [o.state for o in report.outcomes] == ["failed", "failed", "failed", "new", "failed"]
    assert {p.code for p in report.problems} == {"fetch_refused"}
    assert len(pauses) == 2 + 0 + 0 + 0 + 2


def test_a_missing_optional_file_is_no_error(server: Server, tmp_path: Path) -> None:
    """Without a file that is not required the run ends well."""
    server.do(status(404))
    assert not run(tmp_path, record(server)).has_errors


def test_a_failure_names_the_way_out(server: Server, tmp_path: Path) -> None:
    """The sentence names the status and the day of the address, the repair the page and the row to change, in both languages."""
    server.do(status(404))
    (problem,) = run(tmp_path, record(server)).problems
    assert "404" in describe_problem(problem, "de") and "23.11.2026" in describe_problem(problem, "de")
    for lang in LANGUAGES:
        assert "https://amt.example.org/daten" in repair_of(problem, lang) and "eins" in repair_of(problem, lang)


def test_every_fault_has_its_sentence() -> None:
    """Each code that a download can fail with is told in both languages, with what it passes."""
    from ankerort.base.problems import Problem

    params: dict[str, object] = {"page": "P", "publisher": "V", "id": "i", "checked_on": DAY, "host": "h"}
    more: dict[str, dict[str, object]] = {
        "offline": {},
        "refused": {},
        "broken": {},
        "timeout": {},
        "proxy": {"proxy": "p"},
        "proxy_login": {"proxy": "p"},
        "certificate": {},
        "certificate_file": {},
        "status": {"status": 404},
        "server": {"status": 503},
        "redirects": {"count": 9},
        "downgrade": {},
        "address": {},
        "html": {},
        "content": {},
        "checksum": {"found": "f", "expected": "e"},
        "too_short": {"have": 1, "total": 2},
        "too_long": {"have": 2, "total": 1},
        "unsteady": {},
        "disk_full": {"needed_mb": 1, "free_mb": 0},
        "not_writable": {"reason": "r"},
        "held": {},
    }
    import ankerort.base.download_faults as faults

    documented = set(faults.DownloadError.__doc__.split("params\n")[0].split("``")[1::2])
    assert documented == set(more)
    for code, own in more.items():
        problem = Problem(f"fetch_{code}", "error", "eingang/x.zip", params={**params, **own})
        for lang in LANGUAGES:
            assert "{" not in describe_problem(problem, lang) + repair_of(problem, lang)


def test_a_break_is_resumed_by_the_next_run(server: Server, tmp_path: Path) -> None:
    """A file that broke off goes on in the next run, and the outcome says what was there."""
    server.do(whole(cut=300_000), status(500))
    assert run(tmp_path, record(server, required=True)).has_errors
    server.do(rest())
    (outcome,) = run(tmp_path, record(server)).outcomes
    assert outcome.state == "new" and 0 < outcome.resumed_from_bytes < len(BODY)
    assert (tmp_path / "eingang" / "eins.bin").read_bytes() == BODY


def test_projects_share_a_cache(server: Server, tmp_path: Path) -> None:
    """With a common folder the second project copies the file, and the server says only that it is unchanged."""
    cache = tmp_path / "gemeinsam"
    server.do(whole(), status(304))
    first, second = tmp_path / "a", tmp_path / "b"
    assert run(first, record(server), cache=cache).outcomes[0].state == "new"
    assert run(second, record(server), cache=cache, day="2026-12-24").outcomes[0].state == "new"
    assert (second / "eingang" / "eins.bin").read_bytes() == BODY
    assert len(server.asked) == 2 and server.sent[1] == 0
    assert "eins.bin" in read_fetched(second / "eingang")
    assert run(second, record(server), cache=cache).outcomes[0].state == "unchanged"


def test_a_pinned_file_asks_nobody_twice(server: Server, tmp_path: Path) -> None:
    """A file with a checksum in the catalogue that lies there already is taken without asking."""
    import hashlib

    server.do(whole())
    pinned = record(server, sha256=hashlib.sha256(BODY).hexdigest())
    run(tmp_path, pinned)
    assert run(tmp_path, pinned).outcomes[0].state == "unchanged"
    assert len(server.asked) == 1


def test_notes_of_a_person_are_kept(server: Server, tmp_path: Path) -> None:
    """If someone wrote into QUELLEN.txt, that text is kept beside the new one."""
    server.do(whole())
    run(tmp_path, record(server))
    path = tmp_path / "eingang" / SOURCES_FILE
    path.write_text(path.read_text(encoding="utf-8-sig") + "Von Hand ergänzt", encoding="utf-8")
    run(tmp_path, record(server), record(server, "zwei"))
    assert "Von Hand ergänzt" in (path.parent / "QUELLEN.alt-1.txt").read_text(encoding="utf-8")
    assert "zwei.bin" in path.read_text(encoding="utf-8-sig")
    run(tmp_path, record(server), record(server, "drei"))
    assert not (path.parent / "QUELLEN.alt-2.txt").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": [{"file_name": 1}]}', '{"files": 3}'])
def test_a_broken_record_is_no_record(tmp_path: Path, text: str) -> None:
    """An unreadable record counts as none."""
    (tmp_path / RECORD_FILE).write_text(text, encoding="utf-8")
    assert read_fetched(tmp_path) == {}


def test_the_record_survives_a_newer_program(server: Server, tmp_path: Path) -> None:
    """Fields that this version does not know are passed over."""
    server.do(whole())
    run(tmp_path, record(server))
    path = tmp_path / "eingang" / RECORD_FILE
    content = json.loads(path.read_text(encoding="utf-8"))
    content["files"][0]["later"] = 1
    path.write_text(json.dumps(content), encoding="utf-8")
    assert set(read_fetched(path.parent)) == {"eins.bin"}

"""One file from a server that breaks off, lies, forgets and is slow. Everything goes to this machine; nothing sleeps."""

from __future__ import annotations

import errno
import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ankerort.base import download as module
from ankerort.base.download import Fetched, Patience, Version, download, part_path
from ankerort.base.download_faults import DownloadError, promised_content_fault
from worlds.local_server import BODY, OTHER, Handler, Server, moved, rest, serving, status, whole


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server on this machine."""
    with serving(monkeypatch) as plan:
        yield plan


@dataclass
class Waits:
    """Notes the pauses instead of sleeping."""

    pauses: list[float] = field(default_factory=list)

    def patience(self, **more: Any) -> Patience:
        """Patience without sleep."""
        return Patience(**{"connect_s": 5.0, "read_s": 5.0, "sleep": self.pauses.append, **more})


def get(server: Server, target: Path, **options: Any) -> Fetched:
    """Fetch without sleeping."""
    return download(server.url, target, **{"patience": Waits().patience(), **options})


def nothing_left(folder: Path, *names: str) -> bool:
    """Whether the folder holds these files only."""
    return sorted(p.name for p in folder.iterdir()) == sorted(names)


def test_a_file_comes_whole(server: Server, tmp_path: Path) -> None:
    """The bytes are those of the server, the checksum is theirs, and nothing else is left in the folder."""
    server.do(whole())
    got = get(server, tmp_path / "neu" / "datei.bin")
    assert got.path.read_bytes() == BODY
    assert got.sha256 == hashlib.sha256(BODY).hexdigest()
    assert (got.size_bytes, got.version, got.host) == (len(BODY), Version('"a"'), "127.0.0.1")
    assert not got.unchanged and got.resumed_from_bytes == 0
    assert nothing_left(tmp_path / "neu", "datei.bin")


def test_a_break_goes_on_with_the_missing_bytes(server: Server, tmp_path: Path) -> None:
    """After a break in the middle only the missing bytes are asked for, and only of the same version."""
    cut = 300_000
    server.do(whole(cut=cut), rest())
    waits = Waits()
    got = download(server.url, tmp_path / "datei.bin", patience=waits.patience())
    assert got.path.read_bytes() == BODY
    start = int(server.asked[1]["range"].removeprefix("bytes=").removesuffix("-"))
    assert server.asked[1]["if-range"] == '"a"'
    assert 0 < start <= cut
    assert server.sent == [cut, len(BODY) - start]
    assert len(waits.pauses) == 1
    assert nothing_left(tmp_path, "datei.bin")


def test_a_later_run_goes_on(server: Server, tmp_path: Path) -> None:
    """What an earlier run left is used by the next one; until it is complete there is no file under the final name."""
    server.do(whole(cut=300_000), status(503))
    with pytest.raises(DownloadError) as caught:
        get(server, tmp_path / "datei.bin")
    assert caught.value.code == "server"
    assert not (tmp_path / "datei.bin").exists()
    had = part_path(tmp_path / "datei.bin").stat().st_size
    assert had > 0
    server.do(rest())
    got = get(server, tmp_path / "datei.bin")
    assert got.path.read_bytes() == BODY
    assert got.resumed_from_bytes == had
    assert server.sent[-1] == len(BODY) - had


def test_ctrl_c_keeps_what_came(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C in the middle leaves the part, and the next call asks for the rest only."""
    server.do(whole())
    told = module._Work._tell
    calls: list[int] = []

    def stop(self: Any, arrived: int, total: int | None) -> None:
        calls.append(arrived)
        if arrived:
            raise KeyboardInterrupt
        told(self, arrived, total)

    monkeypatch.setattr(module._Work, "_tell", stop)
    with pytest.raises(KeyboardInterrupt):
        get(server, tmp_path / "datei.bin")
    monkeypatch.setattr(module._Work, "_tell", told)
    assert not (tmp_path / "datei.bin").exists()
    server.do(rest())
    got = get(server, tmp_path / "datei.bin")
    assert got.path.read_bytes() == BODY
    assert got.resumed_from_bytes == calls[-1]


def test_a_changed_file_starts_anew(server: Server, tmp_path: Path) -> None:
    """If the publisher replaced the file since the break, no byte of the old version is kept."""
    server.do(whole(cut=300_000), whole(OTHER, etag='"b"'))
    got = get(server, tmp_path / "datei.bin")
    assert got.path.read_bytes() == OTHER
    assert got.version == Version('"b"')
    assert got.resumed_from_bytes == 0


@pytest.mark.parametrize("etag", ['"b"', ""])
def test_a_rest_of_another_version_is_refused(server: Server, tmp_path: Path, etag: str) -> None:
    """A server that sends a rest in spite of If-Range, with another tag or another whole size, gets no byte in."""
    wrong = rest(OTHER, etag=etag, total=None if etag else len(OTHER) + 1)
    server.do(whole(cut=300_000), wrong, whole(OTHER, etag='"b"'))
    assert get(server, tmp_path / "datei.bin").path.read_bytes() == OTHER
    assert "range" not in server.asked[2]


def test_without_a_version_nothing_is_resumed(server: Server, tmp_path: Path) -> None:
    """A server that names neither tag nor date is asked for the whole file: two versions must not be mixed."""
    server.do(whole(etag="", cut=300_000), whole(etag=""))
    assert get(server, tmp_path / "datei.bin").path.read_bytes() == BODY
    assert "range" not in server.asked[1]


def test_a_weak_tag_resumes_by_the_date(server: Server, tmp_path: Path) -> None:
    """A weak tag does not prove equal bytes; the date of the last change does."""
    day = "Wed, 01 Apr 2026 10:00:00 GMT"
    server.do(whole(etag='W/"a"', cut=300_000, Last_Modified=day), rest(etag='W/"a"'))
    assert get(server, tmp_path / "datei.bin").path.read_bytes() == BODY
    assert server.asked[1]["if-range"] == day


def test_an_ignored_range_starts_anew(server: Server, tmp_path: Path) -> None:
    """A server that answers the request for a rest with the whole file gives the whole file, once."""
    server.do(whole(cut=300_000), whole())
    assert get(server, tmp_path / "datei.bin").path.read_bytes() == BODY
    assert "range" in server.asked[1]


def test_a_complete_part_is_taken(server: Server, tmp_path: Path) -> None:
    """Where all bytes are there already (the file could not be renamed), 416 confirms them and nothing is sent again."""
    target = tmp_path / "datei.bin"
    part_path(target).write_bytes(BODY)
    note = {"url": server.url, "etag": '"a"', "last_modified": "", "total": len(BODY)}
    (tmp_path / ".datei.bin.teil.json").write_text(json.dumps(note), encoding="utf-8")
    server.do(status(416, Content_Range=f"bytes */{len(BODY)}"))
    got = get(server, target)
    assert got.path.read_bytes() == BODY
    assert server.sent == [0]
    assert nothing_left(tmp_path, "datei.bin")


def test_a_part_that_is_too_long_starts_anew(server: Server, tmp_path: Path) -> None:
    """416 with another size: the part is no part of this file."""
    target = tmp_path / "datei.bin"
    part_path(target).write_bytes(BODY + b"more")
    note = {"url": server.url, "etag": '"a"', "last_modified": "", "total": len(BODY)}
    (tmp_path / ".datei.bin.teil.json").write_text(json.dumps(note), encoding="utf-8")
    server.do(status(416, Content_Range=f"bytes */{len(BODY)}"), whole())
    assert get(server, target).path.read_bytes() == BODY


@pytest.mark.parametrize("note", ["", "{", "[]", '{"url": "https://other.example.org/x"}'])
def test_a_part_of_unknown_origin_is_not_used(server: Server, tmp_path: Path, note: str) -> None:
    """A part without a readable note, or of another address, is not joined to anything."""
    target = tmp_path / "datei.bin"
    part_path(target).write_bytes(b"strange")
    if note:
        (tmp_path / ".datei.bin.teil.json").write_text(note, encoding="utf-8")
    server.do(whole())
    assert get(server, target).path.read_bytes() == BODY
    assert "range" not in server.asked[0]


def test_an_unchanged_file_is_not_sent_again(server: Server, tmp_path: Path) -> None:
    """With the known version the server answers 304, and the file stays as it is."""
    target = tmp_path / "datei.bin"
    target.write_bytes(BODY)
    server.do(status(304))
    got = get(server, target, known=Version('"a"', "Wed, 01 Apr 2026 10:00:00 GMT"))
    assert got.unchanged and got.path.read_bytes() == BODY
    assert server.asked[0]["if-none-match"] == '"a"'
    assert "if-modified-since" not in server.asked[0]


def test_the_date_alone_asks_too(server: Server, tmp_path: Path) -> None:
    """Without a tag the date of the last change is sent."""
    target = tmp_path / "datei.bin"
    target.write_bytes(BODY)
    server.do(status(304))
    assert get(server, target, known=Version("", "Wed, 01 Apr 2026 10:00:00 GMT")).unchanged
    assert server.asked[0]["if-modified-since"] == "Wed, 01 Apr 2026 10:00:00 GMT"


def test_a_server_without_conditions_is_understood(server: Server, tmp_path: Path) -> None:
    """A server that answers 200 with the known version and size has nothing new; its body is not read."""
    target = tmp_path / "datei.bin"
    target.write_bytes(BODY)
    server.do(whole())
    got = get(server, target, known=Version('"a"'))
    assert got.unchanged
    assert nothing_left(tmp_path, "datei.bin")


def test_a_renewed_file_replaces_the_old_one(server: Server, tmp_path: Path) -> None:
    """A new version replaces the old one; if it breaks, the old one stays."""
    target = tmp_path / "datei.bin"
    target.write_bytes(OTHER)
    server.do(whole(cut=300_000), status(404))
    with pytest.raises(DownloadError):
        get(server, target, known=Version('"old"'))
    assert target.read_bytes() == OTHER
    server.do(rest())
    got = get(server, target, known=Version('"old"'))
    assert not got.unchanged and target.read_bytes() == BODY


def test_a_known_version_without_its_file_is_not_asked_for(server: Server, tmp_path: Path) -> None:
    """If someone deleted the file, it is fetched, whatever version was known."""
    server.do(whole())
    assert not get(server, tmp_path / "datei.bin", known=Version('"a"')).unchanged
    assert "if-none-match" not in server.asked[0]


def test_the_right_checksum_asks_nobody(server: Server, tmp_path: Path) -> None:
    """A file that has the pinned checksum needs no network."""
    target = tmp_path / "datei.bin"
    target.write_bytes(BODY)
    assert get(server, target, sha256=hashlib.sha256(BODY).hexdigest()).unchanged
    assert server.asked == []


def test_a_wrong_checksum_is_no_file(server: Server, tmp_path: Path) -> None:
    """What does not have the pinned checksum never gets the final name; a wrong file there is not confirmed by its version."""
    target = tmp_path / "datei.bin"
    target.write_bytes(b"wrong")
    server.do(whole(OTHER))
    with pytest.raises(DownloadError) as caught:
        get(server, target, sha256=hashlib.sha256(BODY).hexdigest(), known=Version('"a"'))
    assert caught.value.code == "checksum"
    assert target.read_bytes() == b"wrong"
    assert "if-none-match" not in server.asked[0]
    assert nothing_left(tmp_path, "datei.bin")


def test_a_wrong_checksum_after_a_break_is_tried_once_more(server: Server, tmp_path: Path) -> None:
    """Pieces that do not fit together are thrown away and the file is fetched from the start."""
    server.do(whole(OTHER, cut=300_000), rest(BODY), whole())
    got = get(server, tmp_path / "datei.bin", sha256=hashlib.sha256(BODY).hexdigest())
    assert got.path.read_bytes() == BODY
    assert len(server.asked) == 3


def test_a_short_body_is_no_file(server: Server, tmp_path: Path) -> None:
    """A body shorter than announced, again and again, is an error and stays resumable."""

    def short(h: Handler) -> None:
        start = int(h.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        if start:
            h.reply(206, b"", {"ETag": '"a"', "Content-Range": f"bytes {start}-{start}/{len(BODY)}"})
        else:
            h.reply(200, BODY, {"ETag": '"a"'}, cut=300_000)

    server.do(short)
    waits = Waits()
    with pytest.raises(DownloadError) as caught:
        download(server.url, tmp_path / "datei.bin", patience=waits.patience(tries=3))
    assert caught.value.code in ("too_short", "broken")
    assert not (tmp_path / "datei.bin").exists()
    assert part_path(tmp_path / "datei.bin").stat().st_size > 0
    assert waits.pauses == [2.0, 2.0, 4.0]


def test_a_line_that_brings_something_each_time_is_not_given_up(server: Server, tmp_path: Path) -> None:
    """A line that breaks more often than attempts are allowed ends well, as long as each attempt brings something."""
    step = 150_000

    def piece(h: Handler) -> None:
        start = int(h.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        headers = {"ETag": '"a"'}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"
        rest_of = BODY[start:]
        h.reply(206 if start else 200, rest_of, headers, cut=step if len(rest_of) > step else None)

    server.do(piece)
    assert get(server, tmp_path / "datei.bin", patience=Waits().patience(tries=2)).path.read_bytes() == BODY
    assert len(server.asked) > 3


def test_a_server_in_trouble_is_asked_again(server: Server, tmp_path: Path) -> None:
    """500 and 503 are tried again with growing pauses; a pause that the server asks for is kept, up to a minute."""
    server.do(status(500), status(503, Retry_After="7"), status(429, Retry_After="3600"), whole())
    waits = Waits()
    got = download(server.url, tmp_path / "datei.bin", patience=waits.patience())
    assert got.path.read_bytes() == BODY
    assert waits.pauses == [2.0, 7.0, 60.0]


@pytest.mark.parametrize("code", [403, 404, 410, 401])
def test_a_no_is_a_no(server: Server, tmp_path: Path, code: int) -> None:
    """What the server refuses is not asked for again, and the status is named."""
    server.do(status(code, b"<html>not here</html>"))
    with pytest.raises(DownloadError) as caught:
        get(server, tmp_path / "datei.bin")
    assert caught.value.code == "status"
    assert caught.value.params == {"status": code, "host": "127.0.0.1"}
    assert len(server.asked) == 1
    assert nothing_left(tmp_path)


def test_redirects_are_followed(server: Server, tmp_path: Path) -> None:
    """A moved file is found, also by a relative address, and the host in the end is told."""
    server.do(moved("/neu/datei.bin"), moved(f"http://localhost:{server.address.split(':')[1]}/x"), whole())
    got = get(server, tmp_path / "datei.bin")
    assert got.path.read_bytes() == BODY
    assert server.paths == ["/daten/datei.bin", "/neu/datei.bin", "/x"]
    assert got.host == "localhost"


def test_a_redirect_in_a_circle_ends(server: Server, tmp_path: Path) -> None:
    """A circle of redirects is given up after so many, without another attempt."""
    server.do(moved("/daten/datei.bin"))
    with pytest.raises(DownloadError) as caught:
        get(server, tmp_path / "datei.bin", patience=Waits().patience(redirects=5))
    assert caught.value.code == "redirects"
    assert len(server.asked) == 6


def test_no_redirect_leads_out_of_the_web(server: Server, tmp_path: Path) -> None:
    """A redirect to a file of this machine is refused."""
    server.do(moved("file:///etc/passwd"))
    with pytest.raises(DownloadError) as caught:
        get(server, tmp_path / "datei.bin")
    assert caught.value.code == "address"


def test_a_secured_address_never_leads_to_an_unsecured_one(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From https a redirect to http is refused before anything is asked there."""
    import requests

    class Answer(requests.Response):
        def __init__(self) -> None:
            super().__init__()
            self.status_code = 302
            self.headers["Location"] = server.url
            self._content_consumed = True

    def answer(self: requests.Session, url: str, **options: object) -> requests.Response:
        assert url.startswith("https://")
        return Answer()

    monkeypatch.setattr(requests.Session, "get", answer)
    with pytest.raises(DownloadError) as caught:
        download("https://daten.example.org/datei.bin", tmp_path / "datei.bin")
    assert caught.value.code == "downgrade"
    assert server.asked == []


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><html><body>Anmeldung</body></html>",
        b"\xef\xbb\xbf\n <HTML>no",
        b"<?xml version='1.0'?><html/>",
    ],
)
@pytest.mark.parametrize("name", ["daten.zip", "daten.csv", "daten.osm.pbf"])
def test_a_web_page_is_no_file(server: Server, tmp_path: Path, page: bytes, name: str) -> None:
    """A web page with status 200 (login of the network, moved download) never becomes the file, and leaves no part."""
    server.do(whole(page))
    with pytest.raises(DownloadError) as caught:
        get(server, tmp_path / name)
    assert caught.value.code == "html"
    assert nothing_left(tmp_path)


def test_what_the_name_promises_is_looked_at(server: Server, tmp_path: Path) -> None:
    """An error message in JSON is no archive."""
    server.do(whole(b'{"error": "login required"}'))
    with pytest.raises(DownloadError) as caught:
        get(server, tmp_path / "daten.zip")
    assert caught.value.code == "content"


@pytest.mark.parametrize(
    ("head", "name", "code"),
    [
        (b"PK\x03\x04", "a.zip", ""),
        (b"P", "a.zip", ""),
        (b"SQLite format 3\x00", "a.GPKG", ""),
        (b"<osm version='0.6'>", "a.osm", ""),
        (b"<html>", "a.html", ""),
        (b"name;<html>\n", "a.csv", ""),
        (b"", "a.csv", ""),
        (b"\x1f\x8b", "a.gz", ""),
        (b"PK", "a.gpkg", ""),
        (b"PK\x03\x04            ", "a.gpkg", "content"),
    ],
)
def test_beginnings_of_files(head: bytes, name: str, code: str) -> None:
    """A file is doubted only where its first bytes cannot be; too few bytes prove nothing."""
    assert promised_content_fault(head, name) == code


def test_a_slow_server_is_not_waited_for(server: Server, tmp_path: Path) -> None:
    """A server that says nothing within the time is given up, after the attempts."""
    release = threading.Event()
    server.do(lambda h: release.wait(20) and None)
    try:
        with pytest.raises(DownloadError) as caught:
            get(server, tmp_path / "datei.bin", patience=Waits().patience(read_s=0.05, tries=2))
    finally:
        release.set()
    assert caught.value.code == "timeout"
    assert len(server.asked) == 2


def test_a_body_that_stops_goes_on(server: Server, tmp_path: Path) -> None:
    """A line that falls silent in the middle is cut and resumed."""
    release = threading.Event()

    def stall(h: Handler) -> None:
        h.send_response(200)
        h.send_header("Content-Length", str(len(BODY)))
        h.send_header("ETag", '"a"')
        h.end_headers()
        h.wfile.write(BODY[:300_000])
        h.wfile.flush()
        release.wait(20)
        h.close_connection = True

    server.do(stall, rest())
    try:
        got = get(server, tmp_path / "datei.bin", patience=Waits().patience(read_s=0.2))
    finally:
        release.set()
    assert got.path.read_bytes() == BODY


def _closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    """A proxy that cannot be reached is named without its password, and not tried again."""
    proxy = f"http://name:secret@127.0.0.1:{_closed_port()}"
    monkeypatch.setenv(f"{scheme}_proxy", proxy)
    monkeypatch.setenv(f"{scheme.upper()}_PROXY", proxy)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    waits = Waits()
    with pytest.raises(DownloadError) as caught:
        download(f"{scheme}://daten.example.org/datei.bin", tmp_path / "datei.bin", patience=waits.patience())
    assert (caught.value.code, caught.value.params["proxy"]) == ("proxy", "127.0.0.1")
    assert "secret" not in str(caught.value)
    assert waits.pauses == []


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_asks_for_a_password(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    """407 is told as what it is, for plain and for tunnelled addresses."""
    server.do(status(407, Proxy_Authenticate="Basic"))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv(f"{scheme}_proxy", f"http://{server.address}")
    monkeypatch.setenv(f"{scheme.upper()}_PROXY", f"http://{server.address}")
    with pytest.raises(DownloadError) as caught:
        download(f"{scheme}://daten.example.org/datei.bin", tmp_path / "datei.bin", patience=Waits().patience())
    assert caught.value.code == "proxy_login"


def test_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that cannot be resolved means that there is no network; nobody waits for it."""

    def fails(*args: object, **options: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", fails)
    waits = Waits()
    with pytest.raises(DownloadError) as caught:
        download("https://daten.example.org/datei.bin", tmp_path / "datei.bin", patience=waits.patience())
    assert (caught.value.code, caught.value.params) == ("offline", {"host": "daten.example.org"})
    assert waits.pauses == []


def test_nobody_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused connection is tried again, then told."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    waits = Waits()
    with pytest.raises(DownloadError) as caught:
        download(
            f"http://127.0.0.1:{_closed_port()}/datei.bin", tmp_path / "datei.bin", patience=waits.patience(tries=3)
        )
    assert caught.value.code == "refused"
    assert waits.pauses == [2.0, 4.0]


def test_a_strange_certificate(tmp_path: Path, server: Server) -> None:
    """A server (or an inspecting proxy) without a trusted certificate is told as that, at once."""
    server.do(whole())
    with pytest.raises(DownloadError) as caught:
        download(server.url.replace("http://", "https://"), tmp_path / "datei.bin", patience=Waits().patience())
    assert caught.value.code == "certificate"


def test_a_missing_file_of_certificates(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """If REQUESTS_CA_BUNDLE names a file that is not there, that is said, and not that the folder cannot be written."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "fehlt.pem"))
    with pytest.raises(DownloadError) as caught:
        download(server.url.replace("http://", "https://"), tmp_path / "datei.bin", patience=Waits().patience())
    assert caught.value.code == "certificate_file"


def test_a_full_disk_is_known_before(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With too little space nothing is fetched, and both sizes are named."""
    usage = type("Usage", (), {"free": 100_000})
    monkeypatch.setattr(module.shutil, "disk_usage", lambda path: usage)
    server.do(whole())
    with pytest.raises(DownloadError) as caught:
        get(server, tmp_path / "datei.bin")
    assert (caught.value.code, caught.value.params) == ("disk_full", {"needed_mb": 1, "free_mb": 1})
    assert nothing_left(tmp_path)


def test_a_disk_that_fills_up_keeps_the_part(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk fills up on the way, what came stays, and the reason is told."""
    server.do(whole())

    def full(self: Any, arrived: int, total: int | None) -> None:
        if arrived:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module._Work, "_tell", full)
    with pytest.raises(DownloadError) as caught:
        get(server, tmp_path / "datei.bin")
    assert caught.value.code == "disk_full"
    assert part_path(tmp_path / "datei.bin").stat().st_size > 0


def test_a_file_held_by_another_program(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If another program holds the old file (Windows), the new one waits complete beside it and nothing is fetched twice."""
    target = tmp_path / "datei.bin"
    target.write_bytes(OTHER)
    server.do(whole())
    replace = Path.replace

    def held(self: Path, to: Path) -> Path:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(DownloadError) as caught:
        get(server, target)
    assert caught.value.code == "held"
    assert target.read_bytes() == OTHER
    monkeypatch.setattr(Path, "replace", replace)
    server.do(status(416, Content_Range=f"bytes */{len(BODY)}"))
    assert get(server, target).path.read_bytes() == BODY


def test_a_folder_that_cannot_be_written(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without the right to write is named as that."""
    server.do(whole())

    def denied(self: Any, version: Version, total: int | None) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module._Work, "_write_note", denied)
    with pytest.raises(DownloadError) as caught:
        get(server, tmp_path / "datei.bin")
    assert (caught.value.code, caught.value.params) == ("not_writable", {"reason": "Permission denied"})


def test_the_same_content_again_changes_nothing(server: Server, tmp_path: Path) -> None:
    """A server without any version sends the file again; equal content leaves the old file untouched."""
    target = tmp_path / "datei.bin"
    target.write_bytes(BODY)
    before = target.stat().st_mtime_ns
    server.do(whole(etag=""))
    assert get(server, target).unchanged
    assert target.stat().st_mtime_ns == before
    assert nothing_left(tmp_path, "datei.bin")


def test_a_compressed_transfer_is_unpacked(server: Server, tmp_path: Path) -> None:
    """A server that compresses in spite of the request gives the file itself; its announced size counts other bytes."""
    import gzip

    server.do(whole(gzip.compress(BODY), Content_Encoding="gzip"))
    assert get(server, tmp_path / "datei.bin").path.read_bytes() == BODY
    assert server.asked[0]["accept-encoding"] == "identity"


def test_progress_counts_megabytes(server: Server, tmp_path: Path) -> None:
    """A listener hears as many megabytes as the file has."""

    @dataclass
    class Listener:
        totals: list[int | None] = field(default_factory=list)
        done: int = 0

        def task(self, text_id: str, total: int | None = None) -> Any:
            from contextlib import nullcontext

            self.totals.append(total)
            return nullcontext(self)

        def advance(self, amount: int = 1) -> None:
            self.done += amount

    listener = Listener()
    body = b"x" * 3_500_000
    server.do(whole(body, cut=1_500_000), rest(body))
    get(server, tmp_path / "datei.bin", progress=listener)
    assert listener.totals == [4]
    assert listener.done == 3

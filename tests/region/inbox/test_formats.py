"""What a file is by its bytes, and whether it is whole."""

from __future__ import annotations

import sqlite3
import struct
import zipfile
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from ankerort.region.inbox.formats import format_of, has_usable_ending
from ankerort.region.inbox.peek import peek_layers

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _layer() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"a": [1, 2]}, geometry=[shapely.Point(11, 52), shapely.Point(12, 52)], crs="EPSG:4326")


@pytest.mark.parametrize(
    ("content", "name", "fault"),
    [
        (b"", "other", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "other", "pointer"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE HTML><html><body>404 Not Found</body></html>", "other", "html"),
        (b"<html><head><title>Anmelden</title></head></html>", "other", "html"),
        (b"PK\x03\x04" + bytes(200), "other", "cut_off"),
        (_OLE + bytes(4000), "other", "xls"),
        (_OLE + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(500), "other", "locked"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "other", "packed"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(50), "other", "packed"),
        (b"%PDF-1.7\n", "other", "format"),
        (b'{"id": "x", "title": "Schulen"}', "other", "format"),
        (b"PAR1" + bytes(100), "parquet", "cut_off"),
        (b'<?xml version="1.0"?>\n<osm version="0.6"><node id="1"/>', "osm", "cut_off"),
        (b'<?xml version="1.0"?>\n<osm version="0.6"></osm>\n', "osm", ""),
        (b"name;lon;lat\r\nM\xfcller;11,5;52,1\r\n", "text", ""),
        ("name;lon\nä;1\n".encode("utf-16"), "text", ""),
        (bytes(range(256)) * 4, "other", "unknown_bytes"),
    ],
)
def test_first_bytes_tell_the_format(tmp_path: Path, content: bytes, name: str, fault: str) -> None:
    """Whatever the name says, the content decides; what cannot be used has a fault of its own."""
    path = tmp_path / "irgendwas.csv"
    path.write_bytes(content)
    found = format_of(path)
    assert (found.name, found.fault) == (name, fault)


def test_workbooks_are_no_archives(tmp_path: Path) -> None:
    """XLSX is a ZIP archive inside, but a table; so is ODS, which is not read."""
    book = openpyxl.Workbook()
    book.save(tmp_path / "a.xlsx")
    assert format_of(tmp_path / "a.xlsx").name == "xlsx"
    with zipfile.ZipFile(tmp_path / "b.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    assert format_of(tmp_path / "b.ods").fault == "xls"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.98])
def test_half_a_download_is_told(tmp_path: Path, share: float) -> None:
    """Archives, workbooks, GeoPackages, GeoJSON and Shapefiles that break off are not whole, wherever they break off."""
    _layer().to_file(tmp_path / "a.gpkg")
    _layer().to_file(tmp_path / "a.geojson")
    _layer().to_file(tmp_path / "a.shp")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("stops.txt", "stop_id\n" * 500)
    for name in ("a.gpkg", "a.geojson", "a.shp", "a.zip"):
        path = tmp_path / name
        assert format_of(path).fault == "", name
        content = path.read_bytes()
        path.write_bytes(content[: max(120, int(share * len(content)))])
        # A GeoJSON that ends behind a whole shape shows it only when it is opened.
        unreadable = name == "a.geojson" and peek_layers(path) is None
        assert format_of(path).fault == "cut_off" or unreadable, name


def _blob(kind: bytes, data: bytes) -> bytes:
    header = b"\x0a" + bytes([len(kind)]) + kind + b"\x18" + bytes([len(data)])
    return struct.pack(">I", len(header)) + header + data


def test_an_osm_extract_ends_where_its_blocks_end(tmp_path: Path) -> None:
    """The lengths of the blocks add up to the file's length, or the extract is cut off; the name does not count."""
    content = _blob(b"OSMHeader", b"x" * 20) + _blob(b"OSMData", b"y" * 100) + _blob(b"OSMData", b"z" * 90)
    path = tmp_path / "karte.bin"
    path.write_bytes(content)
    assert format_of(path).name == "osm"
    assert format_of(path).fault == ""
    for length in range(40, len(content)):
        path.write_bytes(content[:length])
        at_a_border = length == len(_blob(b"OSMHeader", b"x" * 20)) + len(_blob(b"OSMData", b"y" * 100))
        assert (format_of(path).fault == "") == at_a_border, length


def test_parts_of_a_shapefile_belong_to_it(tmp_path: Path) -> None:
    """The companions are no files of their own; without them the Shapefile cannot be read, which is told."""
    _layer().to_file(tmp_path / "a.shp")
    assert {format_of(p).name for p in tmp_path.iterdir() if p.suffix != ".shp"} == {"part"}
    (tmp_path / "a.dbf").unlink()
    found = format_of(tmp_path / "a.shp")
    assert (found.fault, found.what) == ("parts", ".dbf")


def test_a_database_that_is_no_geopackage(tmp_path: Path) -> None:
    """SQLite alone is no GeoPackage."""
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as base:
        base.execute("create table t (a)")
        base.commit()
    assert format_of(tmp_path / "a.gpkg").fault == "format"


def test_password_protected_archive(tmp_path: Path) -> None:
    """An archive with an encrypted member is told as protected."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x")
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    path.write_bytes(bytes(content))
    assert format_of(path).fault == "locked"


def test_endings_that_the_readers_open() -> None:
    """A CSV named .dat would go to no reader; its ending is to be changed."""
    assert has_usable_ending(Path("a.dat.CSV"), "text")
    assert not has_usable_ending(Path("a.dat"), "text")
    assert has_usable_ending(Path("x.osm.pbf"), "osm")
    assert not has_usable_ending(Path("x.zip"), "osm")

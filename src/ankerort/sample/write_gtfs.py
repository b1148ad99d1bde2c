"""Writes a feed as a GTFS zip: quoted text, fixed file times, the same bytes for the same feed."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

from ankerort.base.files import replacing
from ankerort.sample.world import Feed

_ZIP_TIME = (2026, 7, 31, 0, 0, 0)


def write_gtfs(feed: Feed, path: Path) -> None:
    """Write `feed` to `path` (``.zip``), one member per table, also tables that hold only their header."""
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (columns, rows) in feed.tables.items():
            text = io.StringIO()
            writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
            writer.writerow(columns)
            writer.writerows(rows)
            info = zipfile.ZipInfo(name, date_time=_ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, text.getvalue().encode("utf-8"))

"""Which recognised files become inputs, and how they belong together; what is left out is said with its reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ankerort.base.problems import Phrase, Problems
from ankerort.catalogue.downloads import Download
from ankerort.region.fetched_sources import FetchedSource
from ankerort.region.inbox.credits import record_id
from ankerort.region.inbox.layouts import MEMBERSHIP
from ankerort.region.inbox.missing import census_subjects
from ankerort.region.inbox.recognise import Found
from ankerort.region.read_boundaries import level_by_layer_name
from ankerort.text import say
from ankerort.text.numbers import format_date

_YEAR_OF_GRID = re.compile(r"zensus(\d{4})")
# Day to which the numbers of a census belong.
_CENSUS_DAYS = {"2011": "2011-05-09", "2022": "2022-05-15"}
_TRANSLITERATED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class PlannedInput:
    """One ``[[input]]``.

    Parameters
    ----------
    kind, id, preset, title, publisher, licence, attribution, date, options, note
        As in ``region.toml``.
    files
        Paths below the project folder, with ``/``.
    roles
        What the files hold: levels of boundaries, ``persons``, ``ages`` and ``ages_80`` of a census, ``totals``.
    record
        Id of the download that it is, where its content tells.
    """

    kind: str
    id: str
    files: tuple[str, ...]
    preset: str = ""
    title: str = ""
    publisher: str = ""
    licence: str = ""
    attribution: str = ""
    date: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    note: str = ""
    roles: tuple[str, ...] = ()
    record: str = ""

    def as_toml(self) -> dict[str, object]:
        """The entry as a table of ``region.toml``; empty values are left out."""
        files = {"file": self.files[0]} if len(self.files) == 1 else {"files": list(self.files)}
        told = {
            key: getattr(self, key)
            for key in ("preset", "title", "publisher", "licence", "attribution", "date", "note")
        }
        entry: dict[str, object] = {"kind": self.kind, "id": self.id, **files}
        entry |= {key: value for key, value in told.items() if value}
        return entry | ({"options": dict(self.options)} if self.options else {})


def plan_inputs(
    found: Sequence[Found],
    *,
    folder: str,
    downloads: Sequence[Download],
    fetched: Mapping[str, FetchedSource] | None = None,
    problems: Problems,
) -> list[PlannedInput]:
    """The inputs of ``region.toml``, those that an assessment needs first, then by kind and file.

    Census grids become one input, stops and times of a matrix one, everything else one input per file (a GeoPackage
    with several layers of boundaries counts as one). Where two files would say the same thing twice, one is taken and the
    other named with the reason.

    Parameters
    ----------
    found
        What was recognised.
    folder
        Name of the inbox in the project folder.
    downloads
        Records of what can be had, for titles and credit lines.
    fetched
        What `region fetch` brought, by file name.
    """
    left = list(found)
    inputs: list[PlannedInput] = []
    inputs += _boundaries([f for f in left if f.kind == "boundaries"], problems)
    inputs += _census([f for f in left if f.kind == "census"], problems)
    inputs += _osm([f for f in left if f.kind == "osm"], folder, problems)
    _note_same_companies([f for f in left if f.kind == "gtfs"], problems)
    inputs += _matrix([f for f in left if f.kind == "stop_matrix"], problems)
    one_each = [f for f in left if f.kind not in ("boundaries", "census", "osm", "stop_matrix")]
    inputs += [_single(f) for f in sorted(one_each, key=lambda f: (f.kind, f.file.shown))]
    order = {kind: n for n, kind in enumerate(("boundaries", "census", "osm", "gtfs", "stop_matrix", "stop_register"))}
    inputs.sort(key=lambda i: (order.get(i.kind, len(order)), i.kind, i.files))
    records = {d.id: d for d in downloads}
    brought = _brought(found, fetched or {})
    return _with_ids([_credited(i, records, brought, folder) for i in inputs])


def _single(one: Found) -> PlannedInput:
    return PlannedInput(
        one.kind,
        "",
        (one.file.shown,),
        one.preset,
        title=say("inbox.title.gtfs", "de", names=", ".join(one.names[:3])) if one.names else "",
        options=one.options,
        roles=(one.role,),
        record=record_id(one.kind, one.preset, one.keys),
    )


# -- boundaries ------------------------------------------------------------------------------------------------------


def _boundaries(found: Sequence[Found], problems: Problems) -> list[PlannedInput]:
    """One input per file; of files with the same level and different keys all count, else the one with more layers."""
    files: dict[str, list[Found]] = {}
    for one in found:
        files.setdefault(one.file.shown, []).append(one)
    taken: dict[str, str] = {}
    inputs = []
    for shown, layers in sorted(files.items(), key=lambda item: (-len(item[1]), -_size(item[1][0]), item[0])):
        new = [one for one in layers if one.role not in taken]
        for one in layers:
            if one.role in taken:
                problems.add(
                    "inbox_boundaries_twice",
                    "warning",
                    shown,
                    first=taken[one.role],
                    level=Phrase(((f"inbox.role.{one.role}", ""),)),
                )
        taken.update({one.role: shown for one in new if one.role != MEMBERSHIP})
        if len(new) == len(layers) and len(layers) > 1 and all(_named_layer(one) for one in layers):
            roles = tuple(one.role for one in layers)
            inputs.append(replace(_single(layers[0]), options={}, roles=roles))
            continue
        inputs += [_single(one) for one in new]
    return inputs


def _named_layer(one: Found) -> bool:
    return level_by_layer_name(str(one.options.get("layer", ""))) == one.role


def _size(one: Found) -> int:
    return one.file.path.stat().st_size if one.file.path.is_file() else 0


# -- census ----------------------------------------------------------------------------------------------------------


def _census(found: Sequence[Found], problems: Problems) -> list[PlannedInput]:
    """All grids of the newest census as one input; totals of municipalities as one of their own."""
    totals = [f for f in found if f.role == "totals"]
    grids = [f for f in found if f.role != "totals"]
    years = {f.file.shown: _YEAR_OF_GRID.search(f.role) for f in grids}
    newest = max((m[1] for m in years.values() if m), default="")
    by_part: dict[tuple[object, ...], Found] = {}
    for one in sorted(grids, key=lambda f: (-_size(f), f.file.shown)):
        year = years[one.file.shown]
        if year is not None and year[1] != newest:
            problems.add("inbox_older_census", "note", one.file.shown, year=int(year[1]), newest=int(newest))
            continue
        first = by_part.setdefault((one.role, one.keys), one)
        if first is not one:
            problems.add("inbox_same_part", "warning", one.file.shown, first=first.file.shown)
    taken = sorted(by_part.values(), key=lambda f: (f.role, f.file.shown))
    inputs = []
    # Options hold for all files of an input, so grids with options of their own stand alone.
    plain = [f for f in taken if not f.options]
    if plain:
        inputs.append(
            PlannedInput(
                "census",
                "zensus",
                tuple(f.file.shown for f in plain),
                plain[0].preset if len(plain) == 1 else "",
                date=_CENSUS_DAYS.get(newest, ""),
                roles=_census_roles(plain),
            )
        )
    inputs += [replace(_single(f), roles=_census_roles([f])) for f in taken if f.options]
    inputs += [replace(_single(f), id="einwohnerzahlen" if n == 0 else "") for n, f in enumerate(totals)]
    return inputs


def _census_roles(found: Sequence[Found]) -> tuple[str, ...]:
    """``persons``, ``ages`` and ``ages_80`` as far as the columns of the grids tell them."""
    there = census_subjects({h for f in found for h in f.keys})
    return tuple(role for role in ("persons", "ages", "ages_80") if role in there)


# -- the others ------------------------------------------------------------------------------------------------------


def _osm(found: Sequence[Found], folder: str, problems: Problems) -> list[PlannedInput]:
    """The largest extract, with the outline that says what it covers."""
    extracts = sorted((f for f in found if f.role != "footprint"), key=lambda f: (-_size(f), f.file.shown))
    outlines = [f for f in found if f.role == "footprint"]
    for further in extracts[1:]:
        problems.add("inbox_osm_twice", "warning", further.file.shown, first=extracts[0].file.shown)
    for further in outlines[1:]:
        problems.add("inbox_same_part", "warning", further.file.shown, first=outlines[0].file.shown)
    if not extracts:
        return []
    options = {"footprint": f"{folder}/{outlines[0].file.shown}"} if outlines else {}
    return [replace(_single(extracts[0]), id="osm", options=options)]


def _note_same_companies(found: Sequence[Found], problems: Problems) -> None:
    """Two timetables of the same companies would count their trips twice."""
    first: dict[tuple[str, ...], Found] = {}
    for one in found:
        other = first.setdefault(one.names, one)
        if other is not one and one.names:
            names = ", ".join(one.names[:3])
            problems.add("inbox_same_companies", "warning", one.file.shown, first=other.file.shown, names=names)


def _matrix(found: Sequence[Found], problems: Problems) -> list[PlannedInput]:
    """Stops and times of one layout belong together; a part alone is of no use."""
    inputs = []
    for preset in sorted({f.preset for f in found}):
        stops = [f for f in found if f.preset == preset and f.role == "stops"]
        times = [f for f in found if f.preset == preset and f.role == "times"]
        if len(stops) == len(times) == 1:
            files = (stops[0].file.shown, times[0].file.shown)
            inputs.append(PlannedInput("stop_matrix", "fahrzeiten", files, preset, roles=("stops", "times")))
            continue
        for one in (*stops, *times):
            problems.add("inbox_matrix", "warning", one.file.shown, stops=len(stops), times=len(times))
    return inputs


# -- names -----------------------------------------------------------------------------------------------------------


def _brought(found: Sequence[Found], fetched: Mapping[str, FetchedSource]) -> dict[str, FetchedSource]:
    """Printed path -> what was fetched under that name, or as the archive it comes from; not if the file was replaced."""
    brought = {}
    for one in found:
        name = one.file.origin or one.file.shown
        source = fetched.get(name)
        if source is None or not one.file.path.is_file():
            continue
        if one.file.origin or one.file.path.stat().st_size == source.size_bytes:
            brought[one.file.shown] = source
    return brought


def _credited(
    one: PlannedInput, records: Mapping[str, Download], brought: Mapping[str, FetchedSource], folder: str
) -> PlannedInput:
    """With title and credit line of the fetched file, else of the record whose layout it has."""
    source = brought.get(one.files[0])
    record = source or records.get(one.record)
    files = tuple(f"{folder}/{name}" for name in one.files)
    if record is None:
        return replace(one, files=files)
    return replace(
        one,
        files=files,
        # The title of one grid would not hold for all grids of an input.
        title=one.title or (record.title_de if len(files) == 1 else ""),
        publisher=record.publisher,
        licence=record.licence,
        attribution=record.attribution,
        note=say("inbox.toml.fetched", "de", day=format_date(source.day, "de")) if source is not None else "",
        record=record.id,
    )


def _with_ids(inputs: Sequence[PlannedInput]) -> list[PlannedInput]:
    """Short ids from the files' names, so that a further file changes no other id."""
    used: set[str] = set()
    named = []
    for one in inputs:
        stem = one.files[0].rsplit("/", 1)[-1].split(".", 1)[0]
        wanted = one.id or slug(stem) or one.kind
        found, number = wanted, 1
        while found in used:
            number += 1
            found = f"{wanted}_{number}"
        used.add(found)
        named.append(replace(one, id=found))
    return named


def slug(text: str) -> str:
    """A name of ASCII letters, digits and underscores, 40 at most."""
    plain = unicodedata.normalize("NFC", text).lower().translate(_TRANSLITERATED)
    plain = unicodedata.normalize("NFD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")

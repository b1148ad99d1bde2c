"""Known tables: which heads each needs, and what its values must look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from ankerort.catalogue.input_kinds import InputKind
from ankerort.catalogue.model import Catalogue
from ankerort.region import census_presets, facility_presets, read_stop_register
from ankerort.region.central_places import is_tier
from ankerort.region.inbox.peek import TablePeek
from ankerort.region.template import known_heads

Check = Callable[[TablePeek, int], bool]
_AGS = re.compile(r"\d{7,8}")
_HEAD_ROWS = 15
_MOSTLY = 0.5  # so many of the values must be known, where values decide
# Heads of the daviplan matrix and of Ankerort's own; the reader (network.timetable.stop_matrix) names the same.
MATRIX_HEADS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "": (("stop_id", "name", "lon", "lat"), ("from", "to", "minutes")),
    "daviplan_matrix": (("hst_nr", "name", "lon", "lat"), ("von", "nach", "minuten")),
}
MEMBERSHIP = "membership"  # role of a table municipality -> association
_PLACE_HEADS = frozenset(
    {"name", "ort", "ortsteil", "place", "ags", "gemeindeschluessel", "lon", "lat", "x", "y", "id", "einwohner", "row"}
)


@dataclass(frozen=True)
class Layout:
    """A known kind of table.

    Parameters
    ----------
    kind, preset, options
        As they are written to ``region.toml``.
    needs
        Of each group of heads (lower case) one must be there.
    extras
        Further heads that speak for it.
    check
        Whether the values below fit, too.
    only
        If given, no other heads may be there: else any table with name and position would be one of these.
    anywhere
        The head may stand below title rows.
    formats
        Formats that its reader opens.
    role
        Which part it is where several files make one input.
    """

    kind: InputKind
    needs: tuple[tuple[str, ...], ...]
    preset: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    extras: frozenset[str] = frozenset()
    check: Check | None = None
    only: frozenset[str] = frozenset()
    anywhere: bool = False
    formats: tuple[str, ...] = ("text",)
    role: str = ""


@dataclass(frozen=True)
class Fit:
    """How well a table fits a layout: `score` heads speak for it; `missing` holds the groups that are not there."""

    layout: Layout
    score: int
    missing: tuple[str, ...]
    head_row: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def fit(table: TablePeek, layout: Layout) -> Fit:
    """The best fit of a layout over the rows that may be its head."""
    best = Fit(layout, 0, tuple(" / ".join(group) for group in layout.needs))
    for at in range(min(len(table.rows), _HEAD_ROWS if layout.anywhere else 1)):
        heads = table.head(at)
        missing = tuple(" / ".join(group) for group in layout.needs if not set(group) & set(heads))
        score = len(layout.needs) - len(missing) + len(layout.extras & set(heads))
        if layout.only and not set(heads) <= layout.only:
            missing = missing or ("",)
        if not missing and layout.check is not None and not layout.check(table, at):
            missing = ("",)
        if (not missing, score) > (best.whole, best.score):
            best = Fit(layout, score, missing, at)
    return best


def layouts(catalogue: Catalogue) -> tuple[Layout, ...]:
    """All known tables but the population tables, whose heads are too many to name (see `population`)."""
    return (*_census(), *_areas(), *_stops(), *_facilities(catalogue), *_places())


def _needs(*names: str) -> tuple[tuple[str, ...], ...]:
    return tuple((name.lower(),) for name in names)


def _census() -> list[Layout]:
    formats = ("text", "parquet")
    found = []
    for name, layout in census_presets.PRESETS.items():
        needed = [c for key, c in layout.columns.items() if key not in ("persons_scaled", "ags")]
        check = partial(_is_census, name=name)
        found.append(Layout("census", _needs(*needed), name, check=check, formats=formats, role=name))
    for name in census_presets.OFFICIAL_PRESETS:
        needs = _needs(f"gitter_id_{name.rsplit('_', 1)[-1]}")
        found.append(Layout("census", needs, name, check=partial(_is_census, name=name), formats=formats, role=name))
    return found


def _is_census(table: TablePeek, at: int, name: str) -> bool:
    found = census_presets.recognise(list(table.rows[at]))
    return found is not None and found.id == name and bool(found.age_classes() or "persons" in found.columns)


def _areas() -> list[Layout]:
    persons = ("persons", "einwohner", "insgesamt")
    keys = ("ags", "gemeindeschluessel")
    return [
        Layout(
            "boundaries",
            (("ags_mitglieder", "members"), ("verbandsgemeinde", "association_name", "vg_name")),
            role=MEMBERSHIP,
        ),
        Layout(
            "boundaries",
            (("ags",), ("vg_name", "association_name")),
            extras=frozenset({"vg_rs", "vg_typ", "association_id", "association_kind", "rs", "gen", "bez"}),
            role=MEMBERSHIP,
        ),
        Layout(
            "census",
            (keys, persons),
            options={"totals": True},
            extras=frozenset({"ars", "rs", "name", "gen", "gemeinde"}),
            check=_is_totals,
            role="totals",
        ),
        Layout(
            "central_places",
            (("name", "ort", "ortsteil", "place"), ("tier", "stufe", "zentralitaet", "zentralität")),
            extras=frozenset({"plan", "plan_date", "date", "datum", "ags", "gemeindeschluessel"}),
            check=lambda table, at: _mostly(
                [*table.values(at, "tier"), *table.values(at, "stufe"), *table.values(at, "zentralität")], is_tier
            ),
            formats=("text", "xlsx"),
        ),
    ]


def _is_totals(table: TablePeek, at: int) -> bool:
    """One row per municipality and nothing of years, ages, sexes or positions."""
    heads = set(table.head(at))
    parted = {"jahr", "year", "alter", "altersgruppe", "age", "geschlecht", "sex", "lon", "lat", "x", "y", "stichtag"}
    keys = table.values(at, "ags") or table.values(at, "gemeindeschluessel")
    one_each = len(set(keys)) == len(keys)
    return not heads & parted and one_each and _mostly(keys, lambda text: bool(_AGS.fullmatch(text)))


def _stops() -> list[Layout]:
    found = []
    for name, preset in read_stop_register.PRESETS.items():
        own = {c: c for c in ("stop_id", "name", "lon", "lat", "ags", "kind")}
        columns = {**own, **preset.columns}
        needs = _needs(*(columns.pop(c) for c in ("stop_id", "name", "lon", "lat")))
        extras = frozenset(c.lower() for c in columns.values())
        found.append(Layout("stop_register", needs, name, extras=extras))
    for name, (stops, times) in MATRIX_HEADS.items():
        found.append(Layout("stop_matrix", _needs(*stops), name, role="stops"))
        found.append(Layout("stop_matrix", _needs(*times), name, role="times"))
    return found


def _facilities(catalogue: Catalogue) -> list[Layout]:
    found = []
    for name, preset in facility_presets.PRESETS.items():
        heads = [*preset.columns.values(), preset.service_column, *preset.name_parts, *(preset.osm_ref or ())]
        if any(heads):
            fits = partial(_fits_preset, preset=preset)
            needs = _needs(*dict.fromkeys(h for h in heads if h))
            found.append(Layout("facilities", needs, name, check=fits, anywhere=True, formats=("text", "xlsx")))
    names = {text.strip().lower() for s in catalogue.services.values() for text in (s.label_de, s.label_en, s.id)}
    own = {column: tuple(h for h, c in known_heads().items() if c == column) for column in set(known_heads().values())}

    def has_services(table: TablePeek, at: int) -> bool:
        values = [v for head in own["service"] for v in table.values(at, head)]
        return _mostly(values, lambda text: all(part.strip().lower() in names for part in text.split(";")))

    def has_position(table: TablePeek, at: int) -> bool:
        heads = set(table.head(at))
        return bool(heads & {*own["place_name"], *own["ags"]}) or {"lon", "lat"} <= heads or {"x", "y"} <= heads

    def is_list(table: TablePeek, at: int) -> bool:
        return has_services(table, at) and has_position(table, at)

    service = own["service"]
    text = ("text", "xlsx")
    visits = (service, own["weekday"], own["from_time"])
    absences = (service, own["place_name"], own["confirmed_by"], own["confirmed_on"])
    plain = frozenset(known_heads())
    found.append(
        Layout("facilities", (service,), extras=plain - set(service), check=is_list, anywhere=True, formats=text)
    )
    found.append(
        Layout("facilities", visits, options={"table": "mobile_visits"}, extras=plain, check=is_list, formats=text)
    )
    found.append(
        Layout(
            "facilities",
            absences,
            options={"table": "absences"},
            # The heads of this table are heads of the facilities, too: counted alike, so that neither wins by itself.
            extras=plain - {h for group in absences for h in group},
            only=frozenset(h for group in (*absences, own["ags"]) for h in group),
            check=is_list,
            formats=text,
        )
    )
    found.append(
        Layout(
            "facilities",
            (own["use"], own["owner_kind"]),
            options={"table": "buildings"},
            extras=plain,
            check=has_position,
            formats=text,
        )
    )
    return found


def _fits_preset(table: TablePeek, at: int, preset: facility_presets.Preset) -> bool:
    """The preset's own signature, and values that it knows where it maps values."""
    for column, pattern in preset.signature.items():
        known = re.compile(pattern, re.IGNORECASE)
        if not _mostly(table.values(at, column), partial(_holds, known)):
            return False
    if preset.service_column and preset.service_map:
        return _mostly(table.values(at, preset.service_column), lambda text: text.lower() in preset.service_map)
    return True


def _holds(pattern: re.Pattern[str], text: str) -> bool:
    return bool(pattern.search(text))


def _places() -> list[Layout]:
    position = (("lon", "x"), ("lat", "y"))
    named = ("ort", "ortsteil", "place")
    formats = ("text", "xlsx")
    extras = _PLACE_HEADS - {"lon", "lat", "x", "y"}
    return [
        Layout("places", (named, *position), extras=extras, only=_PLACE_HEADS, formats=formats),
        Layout(
            "places",
            (("name",), ("ags", "gemeindeschluessel"), *position),
            extras=extras,
            only=_PLACE_HEADS,
            formats=formats,
        ),
        Layout(
            "places",
            (("cell_id", "grid_id"), ("place", "ort", "ortsteil")),
            options={"override": True},
            formats=formats,
        ),
    ]


def _mostly(values: Sequence[str], fits: Callable[[str], bool]) -> bool:
    """Whether at least half of the filled values fit; a table without rows fits by its heads alone."""
    filled = [v for v in values if v]
    return not filled or sum(map(fits, filled)) >= _MOSTLY * len(filled)

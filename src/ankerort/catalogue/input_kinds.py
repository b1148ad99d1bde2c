"""The kinds of inputs that ``region.toml`` knows and downloads are listed under."""

from __future__ import annotations

from typing import Literal, get_args

InputKind = Literal[
    "osm",
    "gtfs",
    "census",
    "boundaries",
    "facilities",
    "places",
    "stop_register",
    "stop_matrix",
    "barriers",
    "place_areas",
    "projection",
    "population",
    "central_places",
    "addresses",
    "building_outlines",
    "broadband",
]
INPUT_KINDS: tuple[InputKind, ...] = get_args(InputKind)

"""The tables of central position, declared once."""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

CENTRALITY = Schema(
    "centrality",
    (
        Column("place_id", "str", "place"),
        Column("persons", "float64", "own inhabitants", "persons"),
        Column("tier", "str", "tier as designated central place, empty = not designated or no list given"),
        Column("plan", "str", "plan that designates it"),
        Column("plan_date", "str", "its date"),
        Column("functions", "int64", "services of the catalogue with an open facility in the place"),
        Column("functions_probable", "int64", "of them known by probable facilities only"),
        Column("functions_unknown", "int64", "services of which it is not known whether the place has one"),
        Column("catalogue_size", "int64", "services compared"),
        Column("endowment_low", "float64", "functions / catalogue_size", "share"),
        Column("endowment_high", "float64", "the same with the unknown ones counted as there", "share"),
        Column(
            "davies",
            "float64",
            "Davies' functional index: sum over its facilities of 100 / number of facilities of the service in the study area",
        ),
        Column("davies_rank", "int64", "rank by the index, 1 = highest"),
        Column(
            "surplus", "float64", "index less the index that its inhabitants would have at the mean of the study area"
        ),
        Column(
            "relative",
            "float64",
            "index per inhabitant over that of the study area; above 1 = supplies its surroundings",
        ),
    ),
    key=("place_id",),
)

PLACE_CATCHMENT = Schema(
    "place_catchment",
    (
        Column("place_id", "str", "place whose centre is reached"),
        Column("mode", "str", "car, pt (there and back, without Rufbus), pt_demand (with Rufbus)"),
        Column("minutes", "float64", "door to door, one way; by public transport both ways at most so long", "min"),
        Column("group", "str", "all, 65_plus, or without_car (persons who cannot drive themselves)"),
        Column("persons_low", "float64", "persons known to reach the centre, across all borders", "persons"),
        Column("persons_high", "float64", "the same with those of whom it is not known", "persons"),
        Column("from_others_share", "float64", "of persons_low, the share that lives in other municipalities", "share"),
    ),
    key=("place_id", "mode", "minutes", "group"),
)

"""Writes ``docs/reference/tables.md`` from the declared tables: ``.venv/bin/python docs/generate_reference.py``.

The page is kept in the repository, so that it can be read without a build; a test fails when it no longer fits the code.
"""

from __future__ import annotations

from pathlib import Path

from ankerort.anchors import schema as anchors_schema
from ankerort.base.tables import Schema
from ankerort.mobile import schema as mobile_schema
from ankerort.mobile import schema_wishes as mobile_schema_wishes
from ankerort.region import schema as region_schema
from ankerort.region import schema_broadband, schema_inquiry, schema_mobile, schema_wishes
from ankerort.scenario import schema as scenario_schema
from ankerort.supply import schema as supply_schema
from ankerort.supply import (
    schema_capacity,
    schema_centrality,
    schema_daviplan,
    schema_equity,
    schema_no_car,
    schema_pt_quality,
    schema_quality,
    schema_questions,
    schema_standards,
    schema_there_and_back,
)

PAGE = Path(__file__).parent / "reference" / "tables.md"

_HEAD = """# Tables

<!-- Written by docs/generate_reference.py from the declared tables. Do not edit by hand. -->

All tables of a region and of an assessment, as they stand in Parquet: `results/region-<key>/tables/`, `results/supply-<key>/` and `results/depth-<key>/` of a
[project folder](project-folder.md), and `tables/` of the [outputs](outputs.md).

- Text that is not known is empty. A number that is not known is NaN (empty in Parquet). Unknown is never 0 and never "no".
- Type `date` is text in ISO form, `2026-11-23`. Type `category` is text that repeats, stored as dictionary.
- **Bold** columns identify a row.
- Persons are fractional where they are estimated; only documents round.
"""

_PARTS = (
    ("What is there: the region", "ankerort.region.schema", region_schema),
    ("The round with the municipalities", "ankerort.region.schema_inquiry", schema_inquiry),
    ("Broadband", "ankerort.region.schema_broadband", schema_broadband),
    ("Where vehicles may stop", "ankerort.region.schema_mobile", schema_mobile),
    ("How well served: the assessment", "ankerort.supply.schema", supply_schema),
    ("There and back", "ankerort.supply.schema_there_and_back", schema_there_and_back),
    ("Without a car", "ankerort.supply.schema_no_car", schema_no_car),
    ("Quality of facilities", "ankerort.supply.schema_quality", schema_quality),
    ("Quality of public transport", "ankerort.supply.schema_pt_quality", schema_pt_quality),
    ("Standards", "ankerort.supply.schema_standards", schema_standards),
    ("Demand and capacity", "ankerort.supply.schema_capacity", schema_capacity),
    ("Indicators of daviplan", "ankerort.supply.schema_daviplan", schema_daviplan),
    ("Equity", "ankerort.supply.schema_equity", schema_equity),
    ("Central position", "ankerort.supply.schema_centrality", schema_centrality),
    ("What to ask the municipalities", "ankerort.supply.schema_questions", schema_questions),
    ("What if: comparisons of scenarios", "ankerort.scenario.schema", scenario_schema),
    ("Which places, what there: a plan of anchor places", "ankerort.anchors.schema", anchors_schema),
    ("Wishes and agreements", "ankerort.region.schema_wishes", schema_wishes),
    ("Results of the survey of wishes", "ankerort.mobile.schema_wishes", mobile_schema_wishes),
    ("Mobile services", "ankerort.mobile.schema", mobile_schema),
)

MODULES = tuple(module for _, _, module in _PARTS)


def declared_tables() -> dict[str, list[Schema]]:
    """All declared tables by the module that declares them, in the order of declaration."""
    return {name: [value for value in vars(module).values() if isinstance(value, Schema)] for _, name, module in _PARTS}


def page() -> str:
    """The whole page."""
    lines = [_HEAD]
    tables = declared_tables()
    for title, name, _ in _PARTS:
        lines.append(f"## {title}\n\nDeclared in `{name}`.\n")
        for schema in tables[name]:
            lines.append(f"### {schema.name}\n\n| column | type | unit | meaning |\n|---|---|---|---|")
            for column in schema.columns:
                shown = f"**`{column.name}`**" if column.name in schema.key else f"`{column.name}`"
                meaning = column.meaning.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")
                lines.append(f"| {shown} | {column.dtype} | {column.unit} | {meaning} |")
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

"""Reads the official numbers of inhabitants by municipality."""

from __future__ import annotations

from ankerort.base.problems import Problems
from ankerort.region.settings import RegionSettings
from ankerort.region.tables_in import decimal_numbers, read_text_table
from ankerort.region.vector_files import text_column


def read_totals(settings: RegionSettings, problems: Problems) -> dict[str, float]:
    """Persons by municipality of census inputs with the option ``totals = true``."""
    totals: dict[str, float] = {}
    inputs = [i for i in settings.inputs_of("census") if i.options.get("totals") is True]
    for source in inputs:
        for path in source.files:
            table = read_text_table(path, problems=problems)
            if table is None:
                continue
            table = table.rename(columns={theirs: own for own, theirs in source.columns.items()})
            ags = text_column(table, "ags", "gemeindeschluessel").str.zfill(8)
            persons = decimal_numbers(text_column(table, "persons", "einwohner", "insgesamt"))
            bad = persons.isna() | (persons < 0)
            if bad.all() or not ags.str.fullmatch(r"\d{8}").any():
                known = ", ".join(c for c in table.columns if c != "row")
                problems.add("totals_columns", "error", path.name, known=known)
                continue
            for row in table.loc[bad, "row"].head(20):
                problems.add("totals_number", "warning", path.name, row=int(row))
            totals.update(zip(ags[~bad], persons[~bad].astype(float), strict=True))
    if settings.scale_to_totals and not inputs:
        problems.add("totals_missing", "error", "region.toml")
    return totals

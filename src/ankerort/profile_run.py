"""Profiles of places from a project folder."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from pathlib import Path

from ankerort.base.problems import InputError, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.documents.assessment import Assessment
from ankerort.documents.profile import profile_places
from ankerort.documents.write_profiles import write_profiles
from ankerort.run import assess_region, usual_out
from ankerort.stages import TREND
from ankerort.supply.explain import find_place
from ankerort.text import Language


def profile_project(
    folder: Path,
    *,
    places: Collection[str] = (),
    municipalities: Collection[str] = (),
    out: Path | None = None,
    lang: Language = "de",
    year: int | None = None,
    variant: str = TREND,
    population: str = "",
    threads: int = 0,
    progress: Progress = SILENT,
) -> tuple[Path, ...]:
    """Write the profiles of places as PDF and DOCX; computes what is not there yet.

    Parameters
    ----------
    folder
        Project folder.
    places, municipalities
        Names or ids (AGS) of what is wanted, together; none of both = all inhabited places with a name of their own.
    out
        Folder of the documents, default as for `assess_project`; the files go into its folder ``ortssteckbriefe``.
    year, variant
        People of a year and a variant of the forecast; None = those of the region as read.
    population
        Whose count of people leads, ``census`` or ``register``; empty = as ``region.toml`` says.

    Returns
    -------
    tuple of Path
        PDF and DOCX of each place.

    Raises
    ------
    InputError
        With the problems of the inputs, or with all names that are not known and the nearest ones.
    """
    assessment, _ = assess_region(
        folder, year=year, variant=variant, population=population, threads=threads, progress=progress
    )
    target = out if out is not None else usual_out(folder, year=year, variant=variant, population=population)
    chosen = chosen_places(assessment, places, municipalities)
    return write_profiles(assessment, target, places=chosen, lang=lang, progress=progress)


def chosen_places(assessment: Assessment, places: Collection[str], municipalities: Collection[str]) -> tuple[str, ...]:
    """Ids of the places that are asked for, in reading order; empty for all.

    Raises
    ------
    InputError
        With every name that is not known or not unique.
    """
    region = assessment.region
    problems = Problems()
    wanted: set[str] = set()
    for name in places:
        try:
            wanted.add(str(find_place(region, name)["place_id"]))
        except InputError as error:
            problems.extend(error.problems)
    inside = region.municipalities[region.municipalities["in_study"]]
    settled = profile_places(assessment)
    ags_of = dict(zip(region.places["place_id"], region.places["ags"], strict=True))
    for name in municipalities:
        rows = inside[(inside["ags"] == name) | (inside["name"].str.casefold() == name.casefold())]
        found = [p for p in settled if ags_of[p] in set(rows["ags"])]
        if not len(rows):
            near = difflib.get_close_matches(name, inside["name"].tolist(), n=3, cutoff=0.4)
            problems.add(
                "profile_municipality_unknown", "error", "--municipality", name=name, near=", ".join(near) or "–"
            )
        elif not found:
            problems.add("profile_nobody", "error", "--municipality", name=name)
        wanted.update(found)
    problems.raise_errors()
    order = [*settled, *sorted(wanted - set(settled))]
    return tuple(p for p in order if p in wanted)

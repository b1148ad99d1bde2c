"""The round with the municipalities from a project folder: workbooks and survey sheets that go out."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from ankerort.base.files import keep_old, write_beside_if_held
from ankerort.base.problems import InputError, Problem
from ankerort.base.progress import SILENT, Progress
from ankerort.documents.blocks_pdf import write_pdf
from ankerort.documents.inquiry_lines import place_sheets
from ankerort.documents.inquiry_workbook import write_inquiry_workbook
from ankerort.documents.survey_choice import choose_surveys, find_municipalities
from ankerort.documents.survey_sheet import survey_document, write_survey_workbook
from ankerort.region.model import Region
from ankerort.region.public_view import is_masked, public_ids, public_region
from ankerort.stages import Stages
from ankerort.supply.questions import rank_questions
from ankerort.supply.schema_questions import QUESTIONS
from ankerort.text import Language

INQUIRY_FOLDER = "abfrage"
_SHORT_KEY = 16


def write_inquiry(
    folder: Path,
    *,
    municipalities: Sequence[str] = (),
    out: Path | None = None,
    lang: Language = "de",
    threads: int = 0,
    progress: Progress = SILENT,
) -> tuple[Path, ...]:
    """Write one workbook per municipality; computes what is not there yet.

    Parameters
    ----------
    folder
        Project folder.
    municipalities
        Names or keys (AGS); none = all of the study area.
    out
        A file (for one municipality) or a folder; None = ``abfrage/`` of the project folder. A workbook that is there already is kept as
        ``name.alt-N.xlsx``, since it may have been filled in.

    Returns
    -------
    tuple of Path
        Files written, in the order of the municipalities.

    Raises
    ------
    InputError
        With the problems of the inputs, if a municipality is unknown, or if one file is asked for several municipalities.
    """
    stages = Stages(folder, threads, progress)
    region = stages.region()
    chosen = find_municipalities(region, municipalities)
    targets = _targets(folder, chosen, out)
    questions = public_questions(rank_questions(region, stages.supply(), stages.catalogue), region)
    shown = public_region(region)
    dates = [str(d) for d in region.sources["date"] if d]
    written = []
    for (ags, name), target in zip(chosen, targets, strict=True):
        sheets = place_sheets(shown, questions, stages.catalogue, ags=ags, lang=lang)
        make = partial(
            write_inquiry_workbook,
            sheets=sheets,
            catalogue=stages.catalogue,
            municipality=name,
            ags=ags,
            run_key=stages.supply_key[:_SHORT_KEY],
            data_date=max(dates, default=""),
            lang=lang,
        )
        written.append(_write_kept(target, make))
    return tuple(written)


def public_questions(questions: pd.DataFrame, region: Region) -> pd.DataFrame:
    """The questions as a municipality may see them: what only a list knows that may not be passed on is asked as not known."""
    ids = public_ids(region)
    if not ids:
        return questions
    told = questions["facility_id"].map(lambda key: ids.get(key, key))
    secret = is_masked(told)
    out = questions.assign(
        facility_id=told.where(~secret, ""),
        kind=questions["kind"].where(~secret, "unknown"),
        confirmed=questions["confirmed"] & ~secret,
    )
    where = ["place_id", "service"]
    listed = out.loc[out["facility_id"] != "", where].apply(tuple, axis=1)
    needless = secret & out[where].apply(tuple, axis=1).isin(set(listed))
    out = out[~needless].drop_duplicates([*where, "facility_id"])
    return QUESTIONS.conform(out.reset_index(drop=True))


def _write_kept(target: Path, make: Callable[[Path], object]) -> Path:
    """Write a file; what stood there stays as ``name.alt-N``, what is held open stays and the new one stands beside it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".abfrage-") as folder:
        temporary = Path(folder) / target.name
        make(temporary)
        temporary.chmod(0o644)
        if target.exists() and target.read_bytes() != temporary.read_bytes():
            keep_old(target)
        return write_beside_if_held(target, temporary)


def file_name(*parts: str) -> str:
    """A file name without signs that Windows forbids; umlauts stay."""
    bare = "-".join(" ".join(re.sub(r'[<>:"/\\|?*\x00-\x1f]', " ", p).split()).replace(" ", "-") for p in parts if p)
    return bare.strip(".-")[:120] or "abfrage"


def _targets(folder: Path, chosen: Sequence[tuple[str, str]], out: Path | None) -> list[Path]:
    names = [f"{file_name('abfrage', name, ags)}.xlsx" for ags, name in chosen]
    if out is None:
        return [folder / INQUIRY_FOLDER / name for name in names]
    if out.suffix.lower() == ".xlsx" and not out.is_dir():
        if len(chosen) != 1:
            raise InputError([Problem("inquiry_one_file", "error", "--out", params={"count": len(chosen)})])
        return [out]
    return [out / name for name in names]


def write_survey_sheets(
    folder: Path,
    *,
    facility: str = "",
    place: str = "",
    service: str = "",
    whole: bool = False,
    municipalities: Sequence[str] = (),
    out: Path | None = None,
    lang: Language = "de",
    progress: Progress = SILENT,
) -> tuple[Path, ...]:
    """Write survey sheets as PDF and as XLSX, one page or sheet per facility.

    Parameters
    ----------
    folder
        Project folder; only its region is read.
    facility
        Id of one facility.
    place, service
        All open facilities of a service in a place; where none is listed, one blank sheet.
    whole
        All open facilities, of `municipalities` if given; stops have no sheet.
    out
        Name of the files, ending or not; None = in ``abfrage/`` of the project folder. A file that is there is kept as ``name.alt-N``.

    Returns
    -------
    tuple of Path
        PDF and XLSX.

    Raises
    ------
    InputError
        With the problems of the inputs, if nothing is chosen, or for names that are unknown, with the nearest.
    """
    stages = Stages(folder, 0, progress)
    region, catalogue = public_region(stages.region()), stages.catalogue
    chosen = choose_surveys(
        region,
        catalogue,
        facility=facility,
        place=place,
        service=service,
        whole=whole,
        municipalities=municipalities,
        lang=lang,
    )
    if out is not None:
        base = out.with_suffix("") if out.suffix.lower() in (".pdf", ".xlsx") else out
    else:
        first = chosen[0]
        parts = (first.label, first.place) if not whole else tuple(municipalities) or (region.settings.name,)
        base = folder / INQUIRY_FOLDER / file_name("erhebungsbogen", *parts)
    printed = survey_document(
        chosen,
        catalogue,
        region=region.settings.name,
        data_date=max((str(d) for d in region.sources["date"] if d), default=""),
        lang=lang,
    )
    return (
        _write_kept(base.with_name(f"{base.name}.pdf"), partial(write_pdf, printed)),
        _write_kept(
            base.with_name(f"{base.name}.xlsx"),
            partial(write_survey_workbook, surveys=chosen, catalogue=catalogue, lang=lang),
        ),
    )

"""The survey of wishes of a project folder: forms that go out, answers that come in, results that may be shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from ankerort.base.files import keep_old, replacing
from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.mobile import MobileService
from ankerort.catalogue.model import Catalogue
from ankerort.documents.anchors_write import write_page
from ankerort.documents.blocks_pdf import write_pdf
from ankerort.documents.form_pdf import write_form
from ankerort.documents.paper import status_line
from ankerort.documents.wishes_entry import write_entry_csv, write_entry_workbook
from ankerort.documents.wishes_form import PROMISED_PAGES, callback_slip, questionnaire
from ankerort.documents.wishes_results import WishesWords, wishes_printed, write_wishes_workbook
from ankerort.documents.write import write_all
from ankerort.mobile.wishes_results import WishesResults, wishes_results
from ankerort.region.inquiry.layout import folded
from ankerort.region.inquiry.near import nearest_words
from ankerort.region.model import Region
from ankerort.region.paper_status import newest_day, read_paper_status
from ankerort.region.read_wishes import SURVEY_FOLDER, Wishes, read_answers, read_wishes, survey_files
from ankerort.region.wishes_store import Taken, take_answers
from ankerort.stages import Stages
from ankerort.text import LANGUAGES, Language, say

NOTICE_FILES = {"de": "datenschutz.txt", "en": "datenschutz-en.txt"}
FORM_FILES = ("fragebogen.pdf", "rueckruf.pdf", "erfassung.xlsx", "erfassung.csv")
RESULT_FILES = ("umfrage.html", "umfrage.pdf", "umfrage.xlsx")
_OPEN = re.compile(r"\[[^\]\n]{2,80}\]")


@dataclass(frozen=True)
class WrittenForms:
    """What `write_forms` left behind: files, former ones that said something else, the notice, and what to look at."""

    files: tuple[Path, ...]
    kept: tuple[Path, ...]
    notice: Path
    notice_new: bool
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Imported:
    """What an import left behind.

    Parameters
    ----------
    wishes
        All answers that the project now holds.
    taken
        Answers that are new, changed, the same, gone.
    files, kept
        Tables written, and former ones that said something else.
    problems
        All that was wrong in the files.
    """

    wishes: Wishes
    taken: Taken
    files: tuple[Path, ...]
    kept: tuple[Path, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Shown:
    """Results of a survey in words, and the documents written."""

    words: WishesWords
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]

    @property
    def results(self) -> WishesResults:
        """The figures."""
        return self.words.results


def write_forms(
    folder: Path,
    *,
    services: Sequence[str] = (),
    out: Path | None = None,
    lang: Language = "de",
    progress: Progress = SILENT,
) -> WrittenForms:
    """Write questionnaire, slip for a call back, and entry form as XLSX and CSV.

    Parameters
    ----------
    folder
        Project folder; only its region is read. The notice of data protection is written to ``umfrage/datenschutz.txt`` once, then only read.
    services
        Mobile services by id or label; none = all of the catalogue.
    out
        Folder of the files; None = ``umfrage/`` of the project folder. A file that says something else is kept as ``name.alt-N``.

    Raises
    ------
    InputError
        With the problems of the inputs, for services that are unknown, or that are too many for two pages.
    """
    stages = Stages(folder, 0, progress)
    region, catalogue = stages.region(), stages.catalogue
    chosen = find_mobile_services(catalogue, services)
    problems = Problems()
    notice_file, notice, new = _notice(folder, catalogue, problems, lang)
    asked = questionnaire(chosen, notice=notice, region=region.settings.name, lang=lang)
    if asked.pages > PROMISED_PAGES and not asked.notice_apart:
        raise InputError([_too_many(chosen)])
    if asked.notice_apart:
        without = questionnaire(chosen, notice="", region=region.settings.name, lang=lang)
        if without.pages > PROMISED_PAGES:
            raise InputError([_too_many(chosen)])
        problems.add("wishes_notice_long", "warning", _told(notice_file), pages=asked.pages)
    name = region.settings.name
    places = region.places[region.places["in_study"].to_numpy(bool)]
    makers: dict[str, Callable[[Path], object]] = {
        "fragebogen.pdf": partial(write_form, asked.form),
        "rueckruf.pdf": partial(write_form, callback_slip(region=name, lang=lang)),
        "erfassung.xlsx": partial(
            write_entry_workbook,
            services=chosen,
            places=sorted(places["print_name"], key=str.casefold),
            region=name,
            lang=lang,
        ),
        "erfassung.csv": partial(write_entry_csv, services=chosen, lang=lang),
    }
    files, kept = _write_kept(out or folder / SURVEY_FOLDER, makers, progress)
    return WrittenForms(files, kept, notice_file, new, tuple(problems))


def find_mobile_services(catalogue: Catalogue, wanted: Sequence[str]) -> tuple[MobileService, ...]:
    """Mobile services by id or label in either language, in the order of the catalogue; none wanted = all.

    Raises
    ------
    InputError
        Names all that are unknown, with the nearest.
    """
    services = catalogue.mobile.services
    words = {folded(w): s.id for s in services.values() for w in (s.id, *(s.label(lang) for lang in LANGUAGES))}
    problems = Problems()
    found = set()
    for name in (part.strip() for text in wanted for part in text.split(",") if part.strip()):
        service = words.get(folded(name))
        if service is None:
            known = [w for s in services.values() for w in (s.id, s.label("de"))]
            near = nearest_words(name, known)
            problems.add(
                "wishes_service_unknown", "error", "--service", name=name, near=near if near != "–" else ", ".join(services)
            )  # fmt: skip
        else:
            found.add(service)
    problems.raise_errors()
    return tuple(s for s in services.values() if s.id in found or not found)


def import_wishes(folder: Path, files: Sequence[Path], *, entered_on: str, progress: Progress = SILENT) -> Imported:
    """Read filled entry forms into ``umfrage/`` of a project folder.

    Parameters
    ----------
    files
        XLSX or CSV. Answers of a file of the same name that was imported before are replaced; the same file again changes nothing.
    entered_on
        Day of the import (ISO).

    Raises
    ------
    InputError
        With all problems, if the project cannot be read, if what it holds is broken, or if no row of the files can be used; nothing is written then.
    """
    stages = Stages(folder, 0, progress)
    region, catalogue = stages.region(), stages.catalogue
    problems = Problems()
    before = read_wishes(folder, problems)
    problems.raise_errors()
    read = read_answers(files, region, catalogue, problems, entered_on=entered_on)
    if not read.count:
        problems.add("wishes_nothing", "error", ", ".join(p.name for p in files))
        raise InputError(problems.sorted())
    wishes, taken = take_answers(before, read, files, problems)
    tables = (wishes.answers, wishes.services, wishes.text)
    makers = {path.name: partial(_write_table, frame) for path, frame in zip(survey_files(folder), tables, strict=True)}
    written, kept = _write_kept(folder / SURVEY_FOLDER, makers, progress)
    return Imported(wishes, taken, written, kept, problems.sorted())


def show_wishes(folder: Path, *, out: Path | None = None, lang: Language = "de", progress: Progress = SILENT) -> Shown:
    """Results of the survey as page, PDF and workbook: only what may be shown.

    Parameters
    ----------
    out
        Folder of the documents; None = ``ausgabe/`` of the project folder.

    Raises
    ------
    InputError
        With the problems of the inputs, or if nobody imported any answers.
    """
    stages = Stages(folder, 0, progress)
    region, catalogue = stages.region(), stages.catalogue
    problems = Problems()
    wishes = read_wishes(folder, problems)
    problems.raise_errors()
    if not wishes.count:
        raise InputError([*problems, Problem("wishes_none", "error", f"{SURVEY_FOLDER}/")])
    _name_lost_places(wishes, region, problems)
    words = WishesWords(wishes_results(wishes, region, catalogue), region, catalogue, lang)
    status, found = read_paper_status(folder)
    problems.extend(found)
    printed = wishes_printed(words, header=status_line(status, newest_day(region), lang))
    makers: dict[str, Callable[[Path], object]] = {
        "umfrage.html": partial(write_page, printed),
        "umfrage.pdf": partial(write_pdf, printed),
        "umfrage.xlsx": partial(write_wishes_workbook, words),
    }
    files = write_all(out or folder / "ausgabe", makers, progress, text_id="progress.wishes")
    return Shown(words, files, tuple(problems))


def _name_lost_places(wishes: Wishes, region: Region, problems: Problems) -> None:
    """Answers from places that the region no longer has."""
    known = set(region.places["place_id"])
    for place, count in wishes.answers["place_id"].value_counts().sort_index().items():
        if place not in known:
            problems.add("wishes_place_gone", "warning", f"{SURVEY_FOLDER}/", place=place, count=int(count))


def _notice(folder: Path, catalogue: Catalogue, problems: Problems, lang: Language) -> tuple[Path, str, bool]:
    """File and text of the notice, and whether it was written just now; never overwritten."""
    path = folder / SURVEY_FOLDER / NOTICE_FILES[lang]
    default = say("wishes_form.notice", lang, least=int(catalogue.value("mobile.wishes_least_answers"))).strip()
    new = not path.exists()
    if new:
        with replacing(path) as temporary:
            temporary.write_text(default + "\n", encoding="utf-8")
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    text = text.replace("\r\n", "\n").strip()
    if not text:
        problems.add("wishes_notice_empty", "warning", _told(path))
        text = default
    gaps = list(dict.fromkeys(_OPEN.findall(text)))
    if gaps:
        problems.add("wishes_notice_open", "warning", _told(path), gaps=", ".join(gaps))
    return path, text, new


def _told(path: Path) -> str:
    return f"{SURVEY_FOLDER}/{path.name}"


def _too_many(chosen: Sequence[MobileService]) -> Problem:
    return Problem("wishes_form_services", "error", "--service", params={"count": len(chosen)})


def _write_table(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, sep=";", encoding="utf-8-sig", float_format="%g", lineterminator="\n")


def _write_kept(
    out: Path, makers: Mapping[str, Callable[[Path], object]], progress: Progress
) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Write files; what stood there and said something else stays as ``name.alt-N``."""
    kept: list[Path] = []
    before = {name: (out / name).read_bytes() for name in makers if (out / name).is_file()}

    def careful(name: str, make: Callable[[Path], object], path: Path) -> None:
        make(path)
        if name in before and before[name] != path.read_bytes():
            old = keep_old(out / name)
            if old is not None:
                kept.append(old)

    written = write_all(
        out, {name: partial(careful, name, make) for name, make in makers.items()}, progress, text_id="progress.wishes"
    )
    return written, tuple(kept)

"""``region fetch``: public files for the project's Land, into ``eingang/``, with their licence written beside them.

Files that people put there are never touched: a file is renewed only if it is still the one that was fetched.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ankerort.base.download import Fetched, Patience, Version, download
from ankerort.base.download_faults import DownloadError
from ankerort.base.files import replacing, sha256_of
from ankerort.base.problems import Problem, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.downloads import Download
from ankerort.catalogue.model import Catalogue
from ankerort.region.fetched_sources import FetchedSource, read_fetched, write_fetched
from ankerort.region.init_region import INPUT_FOLDER
from ankerort.region.read_settings import LAND_OF_AGS, nearest_name, read_settings
from ankerort.text import Language

# Nobody answered; what the next host does is open, but hope is small.
_UNREACHABLE = frozenset({"offline", "refused", "timeout", "proxy", "proxy_login"})
State = Literal["new", "renewed", "unchanged", "kept", "failed"]


@dataclass(frozen=True)
class ProjectArea:
    """What of ``region.toml`` says which files fit.

    Parameters
    ----------
    laender
        Laender of the study area, in its order.
    catalogue_folder
        The project's own catalogue, or None.
    """

    laender: tuple[str, ...]
    catalogue_folder: Path | None


@dataclass(frozen=True)
class Outcome:
    """What came of one file.

    Parameters
    ----------
    state
        new, renewed, unchanged (as fetched before), kept (a file of the user stands there), failed.
    host
        Host that sent it; empty if nobody was asked.
    resumed_from_bytes
        So much was there from an earlier attempt.
    """

    download: Download
    state: State
    path: Path
    size_bytes: int = 0
    host: str = ""
    resumed_from_bytes: int = 0


@dataclass(frozen=True)
class FetchReport:
    """All files, and what went wrong; a file without which there is no assessment is an error, any other a warning."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]

    @property
    def has_errors(self) -> bool:
        """Whether a required file is missing."""
        return any(p.severity == "error" for p in self.problems)


def read_area(folder: Path) -> ProjectArea:
    """The Laender and the catalogue of a project; its inputs need not be there yet.

    Raises
    ------
    InputError
        Without a readable ``region.toml``, or if its study area names no Land.
    """
    settings = read_settings(folder, problems=Problems())
    keys = (LAND_OF_AGS.get(ags[:2], "") for ags in settings.study_ags)
    laender = tuple(dict.fromkeys(land for land in (*keys, settings.land) if land))
    if not laender:
        problems = Problems()
        problems.add("fetch_no_area", "error", "region.toml")
        problems.raise_errors()
    return ProjectArea(laender, settings.catalogue_folder)


def choose_downloads(
    catalogue: Catalogue, laender: Sequence[str], *, only: Sequence[str] = ()
) -> tuple[tuple[Download, ...], tuple[Download, ...]]:
    """The files to fetch, and those that fit but are only to be had otherwise.

    Parameters
    ----------
    only
        Ids; without any, all usual files of the Laender. An id may name a file of another Land (across the border).

    Returns
    -------
    (tuple of Download, tuple of Download)
        To fetch, in the order asked for or of the catalogue; by hand or on demand.

    Raises
    ------
    InputError
        For ids that are not known (with the nearest) or have no address.
    """
    by_id = {d.id: d for d in catalogue.downloads}
    fitting = [d for d in catalogue.downloads if any(d.fits(land) for land in laender)]
    if not only:
        chosen = [d for d in fitting if d.url and d.usual]
        return tuple(chosen), tuple(d for d in fitting if d not in chosen)
    problems = Problems()
    for id_ in dict.fromkeys(only):
        if id_ not in by_id:
            problems.add("fetch_unknown", "error", "--only", id=id_, suggestion=nearest_name(id_, by_id) or "–")
        elif not by_id[id_].url:
            problems.extend([Problem("fetch_by_hand", "error", "--only", params={"id": id_, **_where(by_id[id_])})])
    problems.raise_errors()
    return tuple(by_id[id_] for id_ in dict.fromkeys(only)), ()


def fetch_downloads(
    folder: Path,
    downloads: Sequence[Download],
    *,
    day: str,
    lang: Language = "de",
    cache: Path | None = None,
    patience: Patience | None = None,
    progress: Progress = SILENT,
    before: Callable[[Download], None] = lambda _: None,
    after: Callable[[Outcome], None] = lambda _: None,
) -> FetchReport:
    """Fetch files into ``eingang/`` of a project; each failure is collected and the others go on.

    Parameters
    ----------
    folder
        The project.
    downloads
        Files with an address.
    day
        Today, ISO; written beside the licence.
    lang
        Language of ``QUELLEN.txt``.
    cache
        Folder that several projects share; files are fetched there and copied from it.
    patience, progress
        As in `ankerort.base.download.download`.
    before, after
        Told of each file before it is asked for and when it is done.

    Returns
    -------
    FetchReport
    """
    inbox = folder / INPUT_FOLDER
    inbox.mkdir(parents=True, exist_ok=True)
    problems = Problems()
    outcomes: list[Outcome] = []
    patient = patience or Patience()
    trusting = True
    for wanted in downloads:
        before(wanted)
        try:
            # Where the last host could not be reached at all, the next one is asked once: behind a firewall each attempt costs its time.
            waiting = patient if trusting else replace(patient, tries=1)
            outcome = _fetch(inbox, wanted, day, lang, cache, waiting, progress)
            trusting = trusting or bool(outcome.host)
        except DownloadError as error:
            trusting = error.code not in _UNREACHABLE
            outcome = Outcome(wanted, "failed", inbox / wanted.file_name)
            _add(problems, wanted, f"fetch_{error.code}", "error" if wanted.required else "warning", error.params)
        if outcome.state == "kept":
            _add(problems, wanted, "fetch_kept", "note", {})
        outcomes.append(outcome)
        after(outcome)
    return FetchReport(tuple(outcomes), problems.sorted())


def _fetch(
    inbox: Path,
    wanted: Download,
    day: str,
    lang: Language,
    cache: Path | None,
    patience: Patience | None,
    progress: Progress,
) -> Outcome:
    target = inbox / wanted.file_name
    there = target.is_file()
    here = sha256_of(target) if there else ""
    held = read_fetched(inbox).get(wanted.file_name)
    if there and (held is None or held.sha256 != here) and here != wanted.sha256:
        return Outcome(wanted, "kept", target, target.stat().st_size)
    store = inbox if cache is None else cache
    got = _into_store(store, wanted, day, lang, patience, progress)
    if store is not inbox:
        unchanged = here == got.sha256
        if not unchanged:
            with replacing(target) as temporary:
                shutil.copyfile(got.path, temporary)
    else:
        unchanged = got.unchanged
    # A renewal of the same content keeps the day on which it came.
    source = _source(wanted, got, held.day if unchanged and held is not None else day)
    write_fetched(inbox, source, lang=lang)
    state: State = "unchanged" if unchanged else "renewed" if there else "new"
    return Outcome(wanted, state, target, got.size_bytes, got.host, got.resumed_from_bytes)


def _into_store(
    store: Path, wanted: Download, day: str, lang: Language, patience: Patience | None, progress: Progress
) -> Fetched:
    target = store / wanted.file_name
    held = read_fetched(store).get(wanted.file_name)
    known = None
    if held is not None and held.url == wanted.url and target.is_file() and held.sha256 == sha256_of(target):
        known = Version(held.etag, held.last_modified)
    got = download(
        wanted.url,
        target,
        sha256=wanted.sha256,
        known=known,
        patience=patience,
        progress=progress,
        text_id="progress.fetch",
    )
    write_fetched(store, _source(wanted, got, held.day if got.unchanged and held is not None else day), lang=lang)
    return got


def _source(wanted: Download, got: Fetched, day: str) -> FetchedSource:
    return FetchedSource(
        file_name=wanted.file_name,
        id=wanted.id,
        title_de=wanted.title_de,
        title_en=wanted.title_en,
        publisher=wanted.publisher,
        licence=wanted.licence,
        attribution=wanted.attribution,
        page=wanted.page,
        url=wanted.url,
        day=day,
        size_bytes=got.size_bytes,
        sha256=got.sha256,
        etag=got.version.etag,
        last_modified=got.version.last_modified,
    )


def _where(wanted: Download) -> dict[str, object]:
    return {"page": wanted.page or wanted.publisher, "publisher": wanted.publisher}


def _add(
    problems: Problems,
    wanted: Download,
    code: str,
    severity: Literal["error", "warning", "note"],
    params: dict[str, object],
) -> None:
    told = {**params, **_where(wanted), "id": wanted.id, "checked_on": wanted.checked_on or "–"}
    problems.extend([Problem(code, severity, f"{INPUT_FOLDER}/{wanted.file_name}", params=told)])

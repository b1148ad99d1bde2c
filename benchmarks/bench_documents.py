"""The report of 40 places with all profiles as page, PDF and DOCX, and the profiles of these places, against the page alone in the same run.

Usage: ``python benchmarks/bench_documents.py [FOLDER] [--places 40]``, FOLDER a project folder (region.toml) with that many places; without one the
sample region with its 13 places is made and used.
CPU and wall of one process; the machine may be shared, so its load is noted. Results: benchmarks/results/documents.json.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks import Printed
from ankerort.documents.blocks_docx import write_docx
from ankerort.documents.blocks_pdf import write_pdf
from ankerort.documents.council import council_printed
from ankerort.documents.profile import profile_places
from ankerort.documents.public import public_assessment
from ankerort.documents.report import appendix_titles, write_report
from ankerort.documents.report_parts import ReportParts
from ankerort.documents.write_profiles import write_profiles
from ankerort.run import assess_region
from ankerort.sample import write_sample

RESULT = Path(__file__).resolve().parent / "results" / "documents.json"


def first_places(assessment: Assessment, most: int) -> Assessment:
    """The assessment with no more than this many places in the study area; what belongs to the others counts as surroundings."""
    chosen = set(profile_places(assessment)[:most])
    region = assessment.region
    places = region.places.copy()
    places["in_study"] = places["in_study"] & places["place_id"].isin(chosen)
    return replace(assessment, region=replace(region, places=places))


def timed(name: str, work: Callable[[], object], rows: list[dict[str, object]]) -> None:
    """Wall, CPU and peak memory so far of one step."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    row = {
        "step": name,
        "wall_s": round(time.perf_counter() - wall, 1),
        "cpu_s": round(time.process_time() - cpu, 1),
        "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
        "load": round(os.getloadavg()[0], 1),
    }
    rows.append(row)
    print(json.dumps(row), flush=True)


def main() -> int:
    """Measure and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="project folder; default: the sample region")
    parser.add_argument("--places", type=int, default=40)
    parser.add_argument("--quick", action="store_true", help="ten places")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as sample:
        folder = options.folder
        if folder is None:
            folder = Path(sample)
            write_sample(folder)
        assessment, _ = assess_region(folder)
    assessment = public_assessment(first_places(assessment, 10 if options.quick else options.places), "de")
    rows: list[dict[str, object]] = []
    parts = ReportParts(assessment, "de")
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        made: list[Printed] = []
        timed("report: profiles, maps, words", lambda: [parts.profiles, parts.maps], rows)
        timed(
            "report.html, the reference", lambda: write_report(assessment, out / "report.html", "de", parts=parts), rows
        )
        timed(
            "report: blocks",
            lambda: made.append(council_printed(assessment, "de", parts=parts, appendix=appendix_titles("de"))),
            rows,
        )
        timed("bericht.pdf", lambda: write_pdf(made[0], out / "bericht.pdf"), rows)
        timed("bericht.docx", lambda: write_docx(made[0], out / "bericht.docx"), rows)
        timed("ankerort profile: PDF and DOCX of each place", lambda: write_profiles(assessment, out), rows)
    report = [r for r in rows if not str(r["step"]).startswith("ankerort")]
    whole = {key: round(sum(float(str(r[key])) for r in report), 1) for key in ("wall_s", "cpu_s")}
    reference = float(str(rows[1]["wall_s"]))
    result = {
        "places": len(profile_places(assessment)),
        "steps": rows,
        "report": whole,
        "report_to_page_alone": round(whole["wall_s"] / reference, 1) if reference else None,
        "wanted": "report of 40 places under 60 s",
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({k: v for k, v in result.items() if k != "steps"}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""`ankerort assess` on whole regions, from raw files to documents: cold, and again when only the report is written.

    python benchmarks/bench_assess.py [--quick] [--only NAME ...] [--first]

Every run is a process of its own, so that wall time, CPU time and peak memory are the process's; the stages' own times are told by the
worker. Cold = no results kept, kernels compiled earlier (``--first`` adds a run that compiles them). Writes
benchmarks/results/assess.json. Regions of ../shared/data are skipped with a message where missing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
DATA = REPOSITORY.parent / "shared" / "data"
REGIONS = ("stockheim", "heidelberg", "magdeburg")
# What step 1 demands: seconds cold and for the report alone, gigabytes.
WANTED = {"stockheim": (60, 15, None), "magdeburg": (180, None, 4.0)}


def project_of(name: str, folder: Path) -> Path | None:
    """A copy of a region's definition with absolute paths; None, with a message, where its data are missing."""
    if name == "sample":
        from ankerort.sample.write_sample import write_sample

        write_sample(folder)
        return folder
    if not (DATA / name).is_dir():
        print(f"{name}: skipped, {DATA / name} is missing")
        return None
    text = (REPOSITORY / "docs" / "regions" / name / "region.toml").read_text(encoding="utf-8")
    folder.mkdir(parents=True)
    (folder / "region.toml").write_text(text.replace("../../../../shared/data", DATA.as_posix()), encoding="utf-8")
    return folder


class Clock:
    """Wall and CPU seconds per stage, without the stages inside of it."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = {}
        self.inside: list[list[float]] = []

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time noted under `name`."""

        def run(*args: Any, **options: Any) -> Any:
            begin = time.perf_counter(), time.process_time()
            self.inside.append([0.0, 0.0])
            try:
                return function(*args, **options)
            finally:
                whole = time.perf_counter() - begin[0], time.process_time() - begin[1]
                within = self.inside.pop()
                own = self.spent.setdefault(name, [0.0, 0.0])
                for k in range(2):
                    own[k] += whole[k] - within[k]
                    if self.inside:
                        self.inside[-1][k] += whole[k]

        return run


def work(folder: Path) -> None:
    """One run in this process; prints the stages as JSON."""
    import ankerort.run as run

    clock = Clock()
    for stage in ("region", "network", "reach", "supply"):
        setattr(run.Stages, stage, clock.timed(stage, getattr(run.Stages, stage)))
    run.write_documents = clock.timed("documents", run.write_documents)
    result = clock.timed("rest", run.assess_project)(folder)
    counts = {"cells": len(result.assessment.region.cells), "facilities": len(result.assessment.region.facilities)}
    stages = {name: {"wall_s": round(w, 2), "cpu_s": round(c, 2)} for name, (w, c) in clock.spent.items()}
    print(json.dumps({"stages": stages, "reused": list(result.reused), **counts}))


def measured(folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """One run in a process of its own: wall, CPU and peak memory of that process, and its stages."""
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__)), "--work", str(folder)], stdout=out, env=environment
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall_s = time.perf_counter() - begin
        out.seek(0)
        lines = out.read().splitlines()
    if process.returncode:
        raise SystemExit(f"the run failed with exit code {process.returncode}")
    whole = {
        "wall_s": round(wall_s, 1),
        "cpu_s": round(used.ru_utime + used.ru_stime, 1),
        "peak_gb": round(used.ru_maxrss / 1024**2, 2),
    }
    return whole | json.loads(lines[-1])


def row(name: str, what: str, run: dict[str, Any]) -> dict[str, Any]:
    """One line of the table, printed as it comes."""
    cold_s, report_s, limit_gb = WANTED.get(name, (None, None, None))
    limit_s = {"cold": cold_s, "report only": report_s}.get(what)
    met = (limit_s is None or run["wall_s"] < limit_s) and (limit_gb is None or run["peak_gb"] < limit_gb)
    line = {"region": name, "run": what, "wanted_s": limit_s, "wanted_gb": limit_gb, "met": met} | run
    print(json.dumps(line), flush=True)
    return line


def main() -> None:
    """Run and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only the generated district and stockheim")
    parser.add_argument("--only", nargs="*", default=None, help="sample, stockheim, heidelberg, magdeburg")
    parser.add_argument("--first", action="store_true", help="also the sample with kernels to be compiled")
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work is not None:
        work(options.work)
        return
    names = options.only or (("sample", "stockheim") if options.quick else ("sample", *REGIONS))
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as scratch:
        kept = os.environ.get("NUMBA_CACHE_DIR") or str(REPOSITORY / ".venv" / "numba-cache")
        environment = os.environ | {"NUMBA_CACHE_DIR": kept}
        for name in names:
            folder = project_of(name, Path(scratch) / name)
            if folder is None:
                continue
            if options.first and name == "sample":
                rows.append(row(name, "first", measured(folder, environment | {"NUMBA_CACHE_DIR": f"{scratch}/numba"})))
                shutil.rmtree(folder / "results")
            elif name == names[0]:
                measured(folder, environment)  # compiles what is not compiled
                shutil.rmtree(folder / "results")
            rows.append(row(name, "cold", measured(folder, environment)))
            rows.append(row(name, "report only", measured(folder, environment)))
    print("region | run | wall_s | cpu_s | peak_gb | wanted_s | wanted_gb | met | stages (wall)")
    for line in rows:
        stages = ", ".join(f"{k} {v['wall_s']}" for k, v in line["stages"].items())
        head = ("region", "run", "wall_s", "cpu_s", "peak_gb", "wanted_s", "wanted_gb", "met")
        print(" | ".join([*(str(line[k]) for k in head), stages]))
    out = REPOSITORY / "benchmarks" / "results" / "assess.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

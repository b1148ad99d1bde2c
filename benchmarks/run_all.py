"""All benchmarks in sequence; `make bench` runs this.

    python benchmarks/run_all.py [--quick] [--only NAME ...]

Each is a process of its own and writes benchmarks/results/<name>.json (not kept in git: docs/method/performance.md carries the
figures with date and machine). What cannot run here says so and is left out.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
NAMES = ("streets", "transit", "assess", "state", "round_trips", "scenario", "access", "documents", "anchors", "mobile")


def main() -> int:
    """Run them; 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller worlds, fewer rounds: a few minutes")
    parser.add_argument("--only", nargs="*", choices=NAMES, default=NAMES)
    options = parser.parse_args()
    outcome: dict[str, str] = {}
    for name in options.only:
        script = FOLDER / f"bench_{name}.py"
        if not script.is_file():
            outcome[name] = "skipped: there is no such benchmark"
            continue
        print(f"== {name} ==", flush=True)
        begin = time.perf_counter()
        code = subprocess.call([sys.executable, str(script), *(["--quick"] if options.quick else [])])
        outcome[name] = f"{'ok' if code == 0 else f'failed with exit code {code}'}, {time.perf_counter() - begin:.0f} s"
    print("== summary ==")
    for name, said in outcome.items():
        result = FOLDER / "results" / f"{name}.json"
        print(f"{name}: {said}" + (f", {result.relative_to(FOLDER.parent)}" if result.is_file() else ""))
    return int(any("failed" in said for said in outcome.values()))


if __name__ == "__main__":
    sys.exit(main())

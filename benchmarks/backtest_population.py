"""Back-test of the population forecast: from the census of 2011 to that of 2022, per municipality.

``.venv/bin/python benchmarks/backtest_population.py`` prints MAPE, MALPE and weighted MAPE of each method for the real regions of
``../shared/data`` and writes them to ``benchmarks/results/backtest_population.csv``. Only municipalities that lie wholly within the
census extract count. Ages are split by the stationary population of the life table, so that nothing of 2022 stands in the start.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from ankerort.catalogue import read_catalogue
from ankerort.region.forecast.backtest import Backtest, backtest
from ankerort.region.forecast.rates import rates_of
from ankerort.region.forecast.stock import base_stock, moved_back, single_ages
from ankerort.region.model import Region
from ankerort.region.read_region import read_region

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
FIRST, LAST = 2011, 2022
# name -> Land, keys of the districts whose municipalities are tried
REGIONS = {
    "magdeburg": ("ST", ("15",)),
    "stockheim": ("HE", ("06440", "06531", "06535", "06435")),
    "heidelberg": ("BW", ("08",)),
}
# A municipality is whole if the census extract reaches so far beyond it.
_EDGE_M = 300.0


def stationary(rates_deaths: np.ndarray) -> np.ndarray:
    """Persons by age of a population in which as many are born each year as die: the life table's own structure."""
    alive = np.cumprod(1.0 - rates_deaths.mean(axis=0))
    return np.concatenate([[1.0], alive[:-1]])


def read(name: str, folder: Path) -> Region:
    """The region of all municipalities in the extract, with the persons of 2011."""
    data = DATA / name
    land, study = REGIONS[name]
    files = [data / "zensus" / f"zensus2011_{part}.csv" for part in ("200m", "1km", "100m_wohnungen_alter")]
    listed = ", ".join(f'"{f.as_posix()}"' for f in files)
    (folder / "region.toml").write_text(
        f"""format = 1
name = "{name}"
study_area = [{", ".join(f'"{s}"' for s in study)}]
buffer_km = 0.0
land = "{land}"
[[input]]
kind = "boundaries"
file = "{(data / "grenzen" / "gemeinden.geojson").as_posix()}"
[input.options]
level = "municipality"
[[input]]
kind = "census"
files = [{listed}]
date = "2011-05-09"
[input.options]
scaled = false
""",
        encoding="utf-8",
    )
    return read_region(folder)


def whole_municipalities(region: Region) -> list[str]:
    """Municipalities that lie wholly within the rectangle (in degrees) of the census extract."""
    cells = region.cells
    to_degrees = Transformer.from_crs(region.settings.crs, "EPSG:4326", always_xy=True)
    box = (cells["lon"].min(), cells["lat"].min(), cells["lon"].max(), cells["lat"].max())
    found = []
    for ags, shape in zip(region.boundaries["ags"], region.boundaries.geometry, strict=True):
        west, south, east, north = shapely.bounds(shapely.transform(shape, to_degrees.transform, interleaved=False))
        margin_lat = _EDGE_M / 111_000.0
        margin_lon = margin_lat / np.cos(np.radians(south))
        if (
            box[0] - margin_lon <= west
            and east <= box[2] + margin_lon
            and box[1] - margin_lat <= south
            and north <= box[3] + margin_lat
        ):
            found.append(str(ags))
    return found


def run(name: str, folder: Path, *, leak: bool = False) -> Backtest:
    """Back-test of one region; `leak` splits the ages by the Land's structure of 2022, moved back."""
    region = read(name, folder)
    catalogue = read_catalogue(land=region.settings.land)
    rates = rates_of(catalogue, region.settings.land)
    structure = stationary(rates.deaths)
    if leak:
        structure = moved_back(single_ages(catalogue, region.settings.land), rates, years=LAST - FIRST)
    stock = base_stock(region, catalogue, rates, year=FIRST, ages_year=FIRST, structure=structure)
    totals = pd.read_csv(DATA / name / "zensus" / "zensus2022_gemeinden_einwohner.csv", dtype={"ags": str})
    actual = dict(zip(totals["ags"], totals["einwohner"].astype(float), strict=True))
    keys = [a for a in whole_municipalities(region) if a in actual and (stock.ags == a).any()]
    persons = np.stack([stock.persons[stock.ags == a].sum(axis=0) for a in keys])
    there = persons.sum(axis=(1, 2)) > 0
    keys = [a for a, t in zip(keys, there, strict=True) if t]
    district = pd.factorize(np.array([a[:5] for a in keys]), sort=True)[0]
    return backtest(
        persons[there],
        np.array([actual[a] for a in keys]),
        district.astype(np.int64),
        rates=rates,
        catalogue=catalogue,
        years=LAST - FIRST,
    )


def main() -> None:
    """Print and write the measures."""
    if not DATA.is_dir():
        print("skipped: ../shared/data is not here")
        return
    rows: list[dict[str, object]] = []
    for name in sys.argv[1:] or REGIONS:
        for leak in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                result = run(name, Path(folder), leak=leak)
            for row in result.measures.to_dict("records"):
                ages = "land_2022_moved_back" if leak else "life_table"
                rows.append({"region": name, "ages": ages, **{str(k): v for k, v in row.items()}})
                print(
                    f"{name:11} {ages:21} {row['method']:16} {row['areas']:4d} areas  MAPE {row['mape']:5.2f}  "
                    f"MALPE {row['malpe']:+5.2f}  weighted {row['weighted_mape']:5.2f} %"
                )
    out = ROOT / "benchmarks" / "results" / "backtest_population.csv"
    out.parent.mkdir(exist_ok=True)
    with out.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]))
        writer.writeheader()
        for line in rows:
            writer.writerow({k: round(v, 3) if isinstance(v, float) else v for k, v in line.items()})


if __name__ == "__main__":
    main()

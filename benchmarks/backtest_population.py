"""Back-test of the population forecast: from the census of 2011 to that of 2022, per municipality.

``.venv/bin/python benchmarks/backtest_population.py`` prints MAPE, MALPE and weighted MAPE of each method for the real regions of
``../shared/data`` and writes them to ``benchmarks/results/backtest_population.csv``. Only municipalities that lie wholly within the
census extract count. Ages are split by the stationary population of the life table, so that nothing of 2022 stands in the start.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.region.forecast.backtest import Backtest, backtest
from ankerort.region.forecast.rates import Rates, rates_of
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
# Register of the city of Magdeburg; the file names no ages, these fit the size of its five groups.
REGISTER_AGES = ((0, 5), (6, 17), (18, 44), (45, 64), (65, 120))
CITY = 15003
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


def _register(name: str) -> pd.DataFrame:
    path = DATA / "magdeburg" / "kiss_md" / f"{name}.json"
    return pd.DataFrame(json.loads(path.read_text(encoding="utf-8"))["rows"])


def _split(groups: np.ndarray, catalogue: Catalogue, rates: Rates) -> np.ndarray:
    """Persons by sex and single age of the register's five age groups, by the structure of the life table."""
    ages = stationary(rates.deaths)
    out = np.zeros((len(groups), 2, len(ages)))
    for k, (first, last) in enumerate(REGISTER_AGES):
        within = slice(first, last + 1)
        women = catalogue.value("share_women." + ("0_5", "10_15", "18_64", "18_64", "75_84")[k])
        share = ages[within] / ages[within].sum()
        out[:, 0, within] = groups[:, k, None] * share * women
        out[:, 1, within] = groups[:, k, None] * share * (1.0 - women)
    return out


def run_city_parts() -> Backtest:
    """Parts of the city of Magdeburg: 2021 and 2023 are known, 2025 is forecast. The only data at hand with three counts of many areas."""
    catalogue = read_catalogue(land="ST")
    rates = rates_of(catalogue, "ST")
    table = _register("hauptwohnsitzbevoelkerung-nach-altersgruppen")
    groups = ["var3", "var4", "var5", "var6", "var7"]
    table = table[(table["var2"] != CITY) & (table["var8"] >= 100)].dropna()
    years = {y: table[table["var1"] == y].set_index("var2") for y in (2021, 2023, 2025)}
    keys = sorted(set(years[2021].index) & set(years[2023].index) & set(years[2025].index))
    return backtest(
        _split(years[2023].loc[keys, groups].to_numpy(dtype=float), catalogue, rates),
        years[2025].loc[keys, "var8"].to_numpy(dtype=float),
        np.zeros(len(keys), dtype=np.int64),
        rates=rates,
        catalogue=catalogue,
        years=2,
        earlier=(years[2021].loc[keys, "var8"].to_numpy(dtype=float), 2),
    )


def run_city(horizon: int = 10) -> Backtest:
    """The city of Magdeburg as a whole: each year with a count `horizon` years before and after is one forecast."""
    catalogue = read_catalogue(land="ST")
    rates = rates_of(catalogue, "ST")
    table = _register("entwicklung-der-hauptwohnsitzbevoelkerung-nach-altersgruppen").set_index("var1")
    origins = [y for y in table.index if y - horizon in table.index and y + horizon in table.index]
    groups = ["var2", "var3", "var4", "var5", "var6"]
    return backtest(
        _split(table.loc[origins, groups].to_numpy(dtype=float), catalogue, rates),
        table.loc[[y + horizon for y in origins], "var7"].to_numpy(dtype=float),
        # every origin is an area of its own: the trend of other years must not help
        np.arange(len(origins), dtype=np.int64),
        rates=rates,
        catalogue=catalogue,
        years=horizon,
        earlier=(table.loc[[y - horizon for y in origins], "var7"].to_numpy(dtype=float), horizon),
    )


def main() -> None:
    """Print and write the measures."""
    if not DATA.is_dir():
        print("skipped: ../shared/data is not here")
        return
    rows: list[dict[str, object]] = []

    def add(name: str, ages: str, result: Backtest, *, cross: bool = True) -> None:
        for row in result.measures.to_dict("records"):
            if row["cross_validated"] and not cross:
                continue
            rows.append({"region": name, "ages": ages, **{str(k): v for k, v in row.items()}})
            print(
                f"{name:15} {ages:21} {row['method']:16} {row['areas']:4d} areas  MAPE {row['mape']:5.2f}  "
                f"MALPE {row['malpe']:+5.2f}  weighted {row['weighted_mape']:5.2f} %"
            )

    for name in sys.argv[1:] or REGIONS:
        for leak in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                result = run(name, Path(folder), leak=leak)
            add(name, "land_2022_moved_back" if leak else "life_table", result)
    if not sys.argv[1:]:
        add("city_parts_2025", "life_table", run_city_parts(), cross=False)
        add("city_10_years", "life_table", run_city(), cross=False)
    out = ROOT / "benchmarks" / "results" / "backtest_population.csv"
    out.parent.mkdir(exist_ok=True)
    with out.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]))
        writer.writeheader()
        for line in rows:
            writer.writerow({k: round(v, 3) if isinstance(v, float) else v for k, v in line.items()})


if __name__ == "__main__":
    main()

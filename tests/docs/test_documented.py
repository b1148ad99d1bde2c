"""What a user meets stands in the documentation: commands, tables, sheets, layers, make targets; links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
import typer

from ankerort.base.tables import Schema
from ankerort.catalogue import read_catalogue
from ankerort.cli.exit_codes import EXIT_INPUT, EXIT_INTERRUPTED, EXIT_NOT_TAKEN
from ankerort.cli.main import build_app
from ankerort.documents import workbook
from ankerort.documents.write import FORECAST_TABLES, PARQUET_TABLES, REGION_TABLES
from ankerort.supply.depth import DEPTH_TABLES
from ankerort.text import say

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
REFERENCE = DOCS / "reference"
PAGES = sorted(
    [*REPOSITORY.glob("*.md"), *(p for p in DOCS.rglob("*.md") if not {"_build", "regions"} & set(p.parts))],
)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def _commands() -> dict[str, list[tuple[bool, str]]]:
    """Each command of the program with its parameters (is it an option?, the name a user writes)."""
    found: dict[str, list[tuple[bool, str]]] = {}

    def walk(command: object, path: str) -> None:
        inner = getattr(command, "commands", None)
        if inner is not None:
            for name, one in inner.items():
                walk(one, f"{path} {name}".strip())
            return
        found[path] = [
            (p.param_type_name == "option", p.opts[0] if p.param_type_name == "option" else str(p.metavar))
            for p in command.params  # type: ignore[attr-defined]
            if p.name != "help"
        ]

    walk(typer.main.get_command(build_app("de")), "")
    return found


def _sections(page: Path) -> dict[str, str]:
    parts = re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {part.split("\n", 1)[0].strip(): part for part in parts[1:]}


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_reference", DOCS / "generate_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCHEMAS = [schema for tables in _generator().declared_tables().values() for schema in tables]


def test_the_program_has_the_commands_that_are_looked_for() -> None:
    """The walk over the program finds commands of groups too, else the tests below would check nothing."""
    commands = _commands()
    assert {"demo", "assess", "region init", "region check"} <= set(commands)
    assert (True, "--service") in commands["explain"]
    assert (False, "DIR") in commands["assess"]


@pytest.mark.parametrize("command", sorted(_commands()))
def test_every_command_and_option_is_documented(command: str) -> None:
    """commands.md has one section per command, with a row for each argument and option."""
    section = _sections(REFERENCE / "commands.md")[f"`ankerort {command}`"]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    for _, name in _commands()[command]:
        assert any(re.match(rf"\| `{re.escape(name)}[ `]", row) for row in rows), (command, name)


def test_no_command_or_option_is_documented_that_does_not_exist() -> None:
    """commands.md names no section and no option that the program does not have."""
    commands = _commands()
    for title, section in _sections(REFERENCE / "commands.md").items():
        if not title.startswith("`ankerort "):
            continue
        name = title.strip("`").removeprefix("ankerort ")
        options = set(re.findall(r"^\| `(--[a-z-]+)", section, flags=re.MULTILINE))
        assert options == {o for is_option, o in commands[name] if is_option}, name


def test_every_exit_code_is_documented() -> None:
    """The table of exit codes has a row for success, fault, bad input, answers that were not taken over, and interruption."""
    section = _sections(REFERENCE / "commands.md")["Exit codes"]
    codes = set(map(int, re.findall(r"^\| (\d+) \|", section, flags=re.MULTILINE)))
    assert codes == {0, 1, EXIT_INPUT, EXIT_NOT_TAKEN, EXIT_INTERRUPTED}


def test_the_page_of_tables_has_every_module_that_declares_tables() -> None:
    """A module of schemas that is not on the page would leave its tables undocumented."""
    source = REPOSITORY / "src" / "ankerort"
    declaring = {
        ".".join(["ankerort", *p.relative_to(source).with_suffix("").parts]) for p in source.glob("*/schema*.py")
    }
    assert declaring == set(_generator().declared_tables())


def test_the_page_of_tables_fits_the_declared_tables() -> None:
    """tables.md is what docs/generate_reference.py writes today."""
    written = (REFERENCE / "tables.md").read_text(encoding="utf-8")
    assert written == _generator().page(), "run .venv/bin/python docs/generate_reference.py"


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda s: s.name)
def test_every_column_has_a_row_with_type_unit_and_meaning(schema: Schema) -> None:
    """Each declared table has its heading and a row per column, key columns in bold, no meaning left empty."""
    text = (REFERENCE / "tables.md").read_text(encoding="utf-8")
    part = re.split(rf"^### {schema.name}$", text, flags=re.MULTILINE)[1].split("\n#")[0]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in part.splitlines() if "`" in line]
    assert [row[0].strip("*`") for row in rows] == schema.names
    for row, column in zip(rows, schema.columns, strict=True):
        assert row[0].startswith("**") == (column.name in schema.key)
        assert row[1] == column.dtype
        assert column.meaning.strip()


def test_every_sheet_is_documented_in_both_languages() -> None:
    """outputs.md has a row for each sheet of balance.xlsx, with its German and its English name, in their order."""
    section = _sections(REFERENCE / "outputs.md")["balance.xlsx"]
    rows = [tuple(c.strip() for c in line.strip("|").split("|")[:2]) for line in section.splitlines() if "|" in line]
    tables = [sheet.name for sheet in workbook._SHEETS]
    names = ["aid", "core", "core_no_car", "core_demand", "all", "all_no_car", *tables]
    assert rows[2:] == [(say(f"sheet.{name}", "de"), say(f"sheet.{name}", "en")) for name in names]


def test_every_parquet_table_is_documented() -> None:
    """outputs.md names each table of the folder tables/, and tables.md has its columns."""
    section = _sections(REFERENCE / "outputs.md")["tables/"]
    names = [*PARQUET_TABLES, *DEPTH_TABLES, *FORECAST_TABLES, *REGION_TABLES]
    assert len(set(names)) == len(names) >= 30
    for name in names:
        assert f"`{name}`" in section, name
        assert name in {s.name for s in SCHEMAS}, name


def test_every_core_function_has_a_letter_column_that_is_explained() -> None:
    """The letters and the pattern of their columns are explained; the catalogue has the twelve functions they run over."""
    text = (REFERENCE / "outputs.md").read_text(encoding="utf-8")
    for letter in "OMEA–?":
        assert f"| **{letter}** |" in text
    assert "`state_<core>`" in text
    assert len(read_catalogue().core) == 12


def test_the_readme_names_only_make_targets_that_exist() -> None:
    """Each `make X` of README and CONTRIBUTING is a target of the Makefile; demo and test are among them."""
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md"):
        page = (REPOSITORY / name).read_text(encoding="utf-8")
        named = set(re.findall(r"(?:^\$ |`)make ([a-z]+)", page, flags=re.MULTILINE))
        assert {"test"} <= named <= targets, name
    assert "make demo" in (REPOSITORY / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(REPOSITORY).as_posix())
def test_internal_links_lead_to_a_file(page: Path) -> None:
    """Each relative link of a page leads to a file of the repository, so that the pages can be read on a forge too."""
    for target in LINK.findall(re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)):
        if re.match(r"[a-z]+:", target) or target.startswith("#"):
            continue
        file = (page.parent / target.split("#")[0]).resolve()
        assert file.is_file(), f"{page.name}: {target}"
        assert REPOSITORY in file.parents, f"{page.name}: {target}"


def test_every_dependency_has_its_reason() -> None:
    """Each package of pyproject.toml is named in decision 3."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (DOCS / "decisions" / "0003-dependencies.md").read_text(encoding="utf-8")
    named = {
        n for row in re.findall(r"^\| ([^|]+) \|", page, flags=re.MULTILINE) for n in re.findall(r"[a-z0-9-]+", row)
    }
    for requirement in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        package = re.split(r"[<>=]", requirement)[0]
        assert package in named, package

"""The commented file that ``ankerort scenario new`` writes."""

from __future__ import annotations

import re

from ankerort.scenario.scenario import Scenario
from ankerort.scenario.scenario_file import scenario_text
from ankerort.text import Language, say

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def file_name(name: str) -> str:
    """A file name that all systems take: small letters, digits and hyphens."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold().translate(_UMLAUTS)).strip("-")
    return f"{plain or 'szenario'}.toml"


def example_text(name: str, lang: Language) -> str:
    """An empty scenario, with examples of the most common changes as comments."""
    examples = "\n".join(f"# {line}".rstrip() for line in say("scenario.example", lang).splitlines())
    return f"{scenario_text(Scenario(name))}\n{examples}\n"

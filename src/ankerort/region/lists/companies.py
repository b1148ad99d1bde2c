"""Operators of facilities in public registers: companies and public bodies are named, persons are not."""

from __future__ import annotations

import re

# Land, Stadt and the like are surnames too, so they count at the beginning only.
_SURELY = re.compile(
    r"(?<!\w)(g?gmbh|mbh|ag|se|kg|kgaa|ohg|ug|eg|e\.\s?g\.|e\.\s?v\.|ev|a[öo]r|kdör|ltd|b\.\s?v\.|n\.\s?v\.|s\.\s?a\.|sparkasse|hotel"
    r"|stiftung|schulverein|landkreis|verbandsgemeinde|bistum)(?!\w)"
    r"|^\s*(stadt|land|freistaat|gemeinde|markt|kreis)(?!\w)"
    r"|stadtwerk|gemeindewerk|kreiswerk|verband|werke\b|kirchengemeinde|kirchgemeinde|kirchenkreis|kirchspiel|ministerium"
    r"|(?<!\w)(drk|awo|asb|arbeiterwohlfahrt|rotes\s+kreuz|volkssolidarität|lebenshilfe|pfarrei|pfarramt|pfarrgemeinde|eigenbetrieb"
    r"|krankenhaus|klinikum|universität|hochschule|elterninitiative)(?!\w)"
    r"|(?<!\w)(diakonie|diakonisch|caritas|johanniter|malteser|paritätisch|samariter|genossenschaft|samtgemeinde)|verein(?!\w)"
    r"|(?<!\w)(ev|evang|evangelische|kath|katholische)\.?\s+kirche(?!\w)",
    re.IGNORECASE,
)
# A column of operators often only tells their kind.
_KINDS = frozenset(
    """kommunal kommunaler öffentlich öffentlicher privat privater gewerblich kirchlich kirchlicher freigemeinnützig gemeinnützig
    frei freier""".split()  # noqa: SIM905
)


def company_or_nothing(operator: str) -> str:
    """The operator if a legal form, a public body or a welfare association stands in its name; else empty: it may be a person.

    A word for the kind of operator (``kommunal``, ``freier Träger``) is no name and stays.
    """
    words = operator.casefold().replace("träger", "").split()
    is_kind = bool(words) and all(word in _KINDS for word in words)
    return operator if is_kind or _SURELY.search(operator) else ""

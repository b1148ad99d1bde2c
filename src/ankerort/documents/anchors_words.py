"""Words that the documents of an anchor plan share: money as ranges, functions, variants, places, who decides, records."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from ankerort.anchors.plan import AnchorPlan
from ankerort.anchors.prepared import Prepared
from ankerort.base.provenance import DatedValue
from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.provision import Provision
from ankerort.documents.anchors_documents import AnchorDocuments
from ankerort.documents.labels import row_label, short_label
from ankerort.region.model import Region
from ankerort.text import Language, say
from ankerort.text.grammar import join_words
from ankerort.text.numbers import format_decimal, format_whole

DECIDES = ("own", "joint", "recruit")
TASKS = ("duty", "voluntary", "other")
CASES = ("today", "own", "joint", "all")
CHANGES = ("new", "moved", "closed")
# what happens to a function -> (fill, ink); its letter is the sentence ``anchors.letter.<what>``, so that a black-and-white copy tells the same
WHAT: dict[str, tuple[str, str]] = {
    "new": ("#12783c", "#ffffff"),
    "moved": ("#fee08b", "#000000"),
    "closed": ("#c02a1f", "#ffffff"),
    "kept": ("#e4e4e4", "#000000"),
    "presumed": ("#ffffff", "#000000"),  # kept, but nobody recorded it
}
ENDS = ("low", "mid", "high")
_EXACT_BELOW = 9_950.0  # EUR; smaller sums have one decimal of thousands


@dataclass(frozen=True)
class Money:
    """A cost range in EUR, never one number."""

    low: float
    mid: float
    high: float

    @classmethod
    def of(cls, rows: pd.DataFrame, name: str = "cost") -> Money:
        """Sum of the range columns ``<name>_low``, ``_mid``, ``_high``."""
        return cls(*(float(rows[f"{name}_{end}"].fillna(0.0).sum()) for end in ENDS))

    @property
    def none(self) -> bool:
        """Nothing is paid and nothing saved."""
        return max(abs(self.low), abs(self.mid), abs(self.high)) < 50.0

    def text(self, lang: Language) -> str:
        """Thousands of EUR from the smaller to the larger: ``38–61 T€``; with a minus both ends are parted by a word."""
        low, high = sorted((self.low, self.high))
        exact = max(abs(low), abs(high)) < _EXACT_BELOW
        ends = [_thousands(v, lang, exact=exact) for v in (low, high)]
        if self.none:
            return say("anchors.money_none", lang)
        if ends[0] == ends[1]:
            return say("anchors.money_about", lang, amount=ends[0])
        if not ends[0].strip("0,."):
            return say("anchors.money_up_to", lang, amount=ends[1])
        kind = "anchors.money_range_signed" if low < 0 else "anchors.money_range"
        return say(kind, lang, low=ends[0], high=ends[1])

    def per_year(self, lang: Language) -> str:
        """The same a year."""
        return self.text(lang) if self.none else say("anchors.per_year", lang, money=self.text(lang))

    def once(self, lang: Language) -> str:
        """The same as a cell of a table of sums paid once: a dash for nothing."""
        return "–" if self.none else self.text(lang)


def _thousands(eur: float, lang: Language, *, exact: bool) -> str:
    text = format_decimal(abs(eur) / 1000, lang) if exact else format_whole(abs(eur) / 1000, lang)
    return f"−{text}" if eur < 0 and text.strip("0,.") else text


def percent(share: float, lang: Language) -> str:
    """A small share with one decimal: 1,8 %; rounded up, since a proven distance may not look smaller than it is."""
    if math.isinf(share) or math.isnan(share):
        return say("word.unknown", lang)
    text = format_decimal(math.ceil(max(share, 0.0) * 1000 - 1e-6) / 10, lang)
    return f"{text} %" if lang == "de" else f"{text}%"


def fine_share(share: float, lang: Language) -> str:
    """A share with one decimal, since plans differ by little: 98,1 %; a dash where there is none."""
    if math.isnan(share):
        return "–"
    text = format_decimal(100 * share, lang)
    return f"{text} %" if lang == "de" else f"{text}%"


class AnchorWords:
    """Names of one plan in one language."""

    def __init__(self, documents: AnchorDocuments, lang: Language) -> None:
        self.plan: AnchorPlan = documents.plan
        self.prepared: Prepared = documents.prepared
        self.region: Region = documents.region
        self.catalogue: Catalogue = documents.catalogue
        self.lang: Language = lang
        self.provision: Provision = documents.catalogue.provision

    @cached_property
    def _places(self) -> pd.DataFrame:
        return self.region.places.set_index("place_id")

    @cached_property
    def _municipalities(self) -> pd.Series:
        return self.region.municipalities.set_index("ags")["name"]

    @cached_property
    def _facilities(self) -> pd.DataFrame:
        return self.region.facilities.set_index("facility_id")

    def place(self, place_id: str) -> str:
        """Printed name of a place; outside of all places a word."""
        if not place_id:
            return say("anchors.no_place", self.lang)
        return str(self._places.at[place_id, "print_name"]) if place_id in self._places.index else place_id

    def municipality(self, place_id: str) -> str:
        """Name of the municipality of a place."""
        if place_id not in self._places.index:
            return ""
        return str(self._municipalities.get(self._places.at[place_id, "ags"], ""))

    def own_municipalities(self, row: pd.Series) -> frozenset[str]:
        """Municipality keys of the places of an anchor."""
        ids = (str(row["place_id"]), str(row["partner_id"]))
        return frozenset(str(self._places.at[p, "ags"]) for p in ids if p in self._places.index)

    def municipality_name(self, ags: str) -> str:
        """Name of a municipality by its key."""
        return str(self._municipalities.get(ags, ags)) if ags else say("anchors.outside_region", self.lang)

    def places(self, place_ids: Iterable[str]) -> str:
        """Names in a sentence."""
        return join_words([self.place(p) for p in place_ids], self.lang)

    def split(self, text: str) -> str:
        """Names of ids separated by ``;``; pairs are joined by ``+``."""
        units = [u for u in text.split(";") if u]
        return ", ".join(self._unit(u.split("+")) for u in units) or "–"

    def _unit(self, ids: list[str]) -> str:
        if len(ids) != 2:
            return ", ".join(self.place(p) for p in ids)
        return say("anchors.pair_name", self.lang, first=self.place(ids[0]), second=self.place(ids[1]))

    def anchor(self, row: pd.Series) -> str:
        """Name of an anchor; of a pair both."""
        first, second = self.place(str(row["place_id"])), str(row["partner_id"])
        return say("anchors.pair_name", self.lang, first=first, second=self.place(second)) if second else first

    def function(self, function: str) -> str:
        """Label of a service or core item; what the catalogue does not know keeps its id."""
        try:
            return row_label(function, self.catalogue, self.lang)
        except (KeyError, StopIteration):
            return function

    def short(self, function: str) -> str:
        """The noun of a function, for narrow columns."""
        try:
            return short_label(function, self.catalogue, self.lang)
        except (KeyError, StopIteration):
            return function

    def noun(self, function: str) -> str:
        """The noun of a function as it stands in a sentence."""
        noun = self.catalogue.nouns.get(function)
        return self.function(function) if noun is None else noun.one(self.lang)

    def functions(self, functions: Iterable[str]) -> str:
        """Nouns in a sentence."""
        return join_words([self.noun(f) for f in functions], self.lang)

    def level(self, level: str) -> str:
        """Label of a level of anchors."""
        for one in self.provision.levels:
            if one.id == level:
                return one.label_de if self.lang == "de" else one.label_en
        return say(f"anchors.level.{level}", self.lang)

    def is_full(self, level: str) -> bool:
        """Whether a level is above the lowest one."""
        return level != (self.provision.levels[0].id if self.provision.levels else "basic")

    def variant(self, variant: str) -> str:
        """How a function is provided; empty for what exists."""
        one = self.provision.variants.get(variant)
        if one is None:
            return variant
        return one.label_de if self.lang == "de" else one.label_en

    def variant_service(self, variant: str) -> str:
        """The noun of the service of a variant."""
        one = self.provision.variants.get(variant)
        return variant if one is None else self.noun(one.service)

    def variant_name(self, variant: str) -> str:
        """The service of a variant and how it is provided."""
        one = self.provision.variants.get(variant)
        label = self.variant(variant)
        if one is None:
            return label
        service = self.noun(one.service)
        return label if service.casefold() in label.casefold() else f"{service} ({label})"

    def partner(self, row: pd.Series) -> str:
        """With whom, or by whom, it is decided, as it stands after "mit" or "von"; empty where no record says so."""
        rule = self.provision.decisions.get(str(row["service"]))
        if rule is None:
            return ""
        return rule.partner_de if self.lang == "de" else rule.partner_en

    def facility(self, facility_id: str) -> str:
        """Name of an existing facility; empty where it has none."""
        if facility_id not in self._facilities.index:
            return ""
        return str(self._facilities.at[facility_id, "name"])

    def held(self, row: pd.Series) -> str:
        """What a row of the functions is, in few words: how it is provided, or the service with the facility's name."""
        variant = str(row["variant"])
        if variant:
            return self.variant_name(variant)
        label = self.function(str(row["service"] or row["function"]))
        detail = self.facility(str(row["facility_id"]))
        return f"{label} ({detail})" if detail and detail != label else label

    @cached_property
    def plan_known(self) -> bool:
        """Whether it is known which places of the study area the regional plan names."""
        inside = self.region.places.loc[self.region.places["in_study"], "place_id"]
        return bool(self.region.central_places["place_id"].isin(inside).any())

    def tier(self, place_id: str, tier: str) -> str:
        """What a plan says of the place: named as ..., or not named."""
        rows = self.region.central_places
        plan = rows.loc[rows["place_id"] == place_id, "plan"]
        if not self.plan_known:
            return say("word.unknown", self.lang)
        if not tier:
            return say("anchors.tier_none", self.lang)
        name = say(f"tier.{tier}", self.lang)
        if plan.empty or not str(plan.iloc[0]):
            return say("anchors.tier", self.lang, tier=name)
        return say("anchors.tier_plan", self.lang, tier=name, plan=str(plan.iloc[0]))

    def shared(self, record: str) -> str:
        """Label of a bundle by its id or that of its record; empty for other records."""
        for one in self.provision.bundles:
            if record in (one.id, one.saving_eur.record.id):
                return one.label_de if self.lang == "de" else one.label_en
        return ""

    @cached_property
    def records(self) -> dict[str, tuple[DatedValue, ...]]:
        """Dated values behind the id of a record: of a variant, a level, a bundle, a figure."""
        provision = self.provision
        found: dict[str, tuple[DatedValue, ...]] = {k: (v,) for k, v in self.catalogue.figures.items()}
        for variant in provision.variants.values():
            values = (variant.invest_eur.record, variant.operation_eur.record)
            found |= {key: values for key in (variant.id, *(v.id for v in values)) if key}
        named = [(one.id, one.cost_eur.record) for one in provision.levels]
        named += [(one.id, one.saving_eur.record) for one in provision.bundles]
        for key, record in named:
            found |= {k: (record,) for k in (key, record.id) if k}
        return found

    def marks(self, records: Iterable[str]) -> str:
        """Marks of several records, each once: ``[D, M]``; empty where no record stands behind."""
        values = [v for r in records for v in self.records.get(r, ())]
        marks = sorted({m for v in values for m in str(v.mark).split("/")})
        return f"[{', '.join(marks)}]" if marks else ""

    def sources(self, record: str) -> str:
        """Sources of a record, each once."""
        return "; ".join(dict.fromkeys(v.source for v in self.records.get(record, ()) if v.source))


def changed(functions: pd.DataFrame, whats: Sequence[str] = CHANGES) -> pd.DataFrame:
    """Rows of the functions in which something changes."""
    return functions[functions["what"].isin(list(whats))]

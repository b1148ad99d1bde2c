"""What the documents of an anchor plan share in one language, made once when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import pandas as pd

from ankerort.anchors.explain_model import PlanExplanation
from ankerort.documents.anchors_catchments import Catchments, catchments
from ankerort.documents.anchors_documents import AnchorDocuments
from ankerort.documents.anchors_explain_words import ExplainWords
from ankerort.documents.anchors_map import AnchorMap
from ankerort.documents.anchors_words import AnchorWords, Money, changed
from ankerort.documents.comparison_rows import ComparedScenario
from ankerort.documents.tables import places_in_order
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.grammar import capital, join_words
from ankerort.text.numbers import format_persons, format_share

MM_PER_INCH = 25.4


class AnchorParts:
    """Words, catchments, map and tables of one plan."""

    def __init__(self, documents: AnchorDocuments, lang: Language) -> None:
        self.documents, self.plan, self.lang = documents, documents.plan, lang
        self.words = AnchorWords(documents, lang)

    @cached_property
    def catchments(self) -> Catchments:
        """Who goes to which anchor."""
        return catchments(self.documents)

    @cached_property
    def map(self) -> bytes:
        """The map of anchors and catchments, PNG."""
        return AnchorMap(self.documents.region, self.lang).draw(self.plan.anchors, self.catchments, self.words)

    def map_at(self, width_mm: float) -> bytes:
        """The same map drawn for a smaller width, so that its words stay as large as on a whole page."""
        drawn = AnchorMap(self.documents.region, self.lang)
        return drawn.draw(self.plan.anchors, self.catchments, self.words, width=width_mm / MM_PER_INCH)

    @cached_property
    def map_alt(self) -> str:
        """The map in words."""
        told = [
            say("anchors.map_across", self.lang, place=self.words.anchor(row), persons=format_persons(n, self.lang))
            for (_, row), n in zip(self.plan.anchors.iterrows(), self.plan.anchors["reach_persons_others"], strict=True)
        ]
        n = self.count(len(self.plan.anchors))
        return say("anchors.map_alt", self.lang, n=n, places=self.anchor_names, across=" ".join(told)).strip()

    def count(self, number: float, *, persons: bool = False) -> Counted:
        """A number with the forms of its noun."""
        return Counted(number, self.lang, persons=persons)

    @cached_property
    def anchor_names(self) -> str:
        """Names of all anchors in a sentence."""
        return join_words([self.words.anchor(row) for _, row in self.plan.anchors.iterrows()], self.lang)

    @cached_property
    def anchor_places(self) -> tuple[str, ...]:
        """All places that belong to an anchor, the second ones of pairs too."""
        rows = self.plan.anchors
        found = [p for pair in zip(rows["place_id"], rows["partner_id"], strict=True) for p in map(str, pair) if p]
        return tuple(dict.fromkeys(found))

    @cached_property
    def changes(self) -> pd.DataFrame:
        """Functions that open, move or close; those of the anchors first, in their order."""
        rows = changed(self.plan.functions)
        rank = rows["place_id"].map(self.place_order).fillna(len(self.place_order))
        return rows.assign(_rank=rank).sort_values("_rank", kind="stable").drop(columns="_rank")

    @cached_property
    def place_order(self) -> dict[str, int]:
        """Number of each place in reading order; anchors first."""
        ids = [*self.anchor_places, *places_in_order(self.documents.region)["place_id"].astype(str)]
        return {p: k for k, p in enumerate(dict.fromkeys(ids))}

    @cached_property
    def cases(self) -> pd.DataFrame:
        """The cases by name."""
        return self.plan.cases.set_index("case")

    def of_case(self, case: str, column: str) -> float:
        """A number of persons of a case; 0 where it is not known or less than nothing."""
        value = float(self.cases.at[case, column])
        return value if value > 0 else 0.0

    @cached_property
    def cost(self) -> Money:
        """Additional cost of the whole plan."""
        return Money.of(self.plan.cases[self.plan.cases["case"] == "all"])

    @cached_property
    def frame(self) -> str:
        """Tolerance of the level of a cost frame."""
        return format_share(self.documents.catalogue.value("anchors.cost_frame_share"), self.lang)

    def change(self, row: pd.Series, *, named: bool) -> str:
        """What opens, moves or closes, in few words; `named`: with the place before it."""
        told = say(f"anchors.change_{row['what']}", self.lang, what=self.words.held(row))
        if not named:
            return capital(told)
        return say("anchors.change_place", self.lang, place=self.words.place(str(row["place_id"])), change=told)

    def who(self, row: pd.Series) -> str:
        """With whom it is decided, or whose decision it is; empty for what the body decides alone."""
        if row["decides"] == "own":
            return ""
        partner = self.words.partner(row)
        if partner:
            return say(f"anchors.who_{row['decides']}", self.lang, partner=partner)
        office = str(row["decides_by"])
        return say("anchors.who_other", self.lang, partner=office) if office else ""

    def mark(self, row: pd.Series) -> str:
        """Marks of the cost records behind a row of the functions."""
        costs = self.plan.costs
        own = costs[(costs["place_id"] == row["place_id"]) & (costs["function"] == row["function"])]
        return self.words.marks(own["record"].astype(str))

    def cost_name(self, row: Mapping[str, object]) -> str:
        """What a row of the costs is for: a function, the anchor itself, what is shared."""
        if row["function"]:
            rows = self.changes
            mine = rows[(rows["place_id"] == row["place_id"]) & (rows["function"] == row["function"])]
            services = list(dict.fromkeys(str(s) for s in mine["service"] if s))
            return capital(self.words.noun(services[0] if len(services) == 1 else str(row["function"])))
        return self.words.shared(str(row["record"])) or say("anchors.anchor_itself", self.lang)

    def reasons(self, place_id: str) -> tuple[str, ...]:
        """Sentences that explain an anchor; none where it was not asked for."""
        told = [e for e in self.documents.explanations if e.place_id == place_id]
        return tuple(line for e in told for line in self._explain.place_lines(e))

    def limits(self) -> tuple[str, ...]:
        """Sentences on the rules that limit the plan as a whole; none where it was not asked for."""
        if not self.documents.explanations:
            return ()
        told = PlanExplanation(self.documents.explanations, self.documents.binding)
        return tuple(self._explain.plan_lines(told))

    @cached_property
    def _explain(self) -> ExplainWords:
        return ExplainWords(self.documents.region.places, self.documents.catalogue, self.lang)

    @property
    def compared(self) -> ComparedScenario | None:
        """The plan's scenario against today; None where it was not computed."""
        told = self.documents.comparison
        return told.scenarios[0] if told is not None and told.scenarios else None

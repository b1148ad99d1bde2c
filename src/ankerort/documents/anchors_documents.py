"""What the documents of an anchor plan are written from."""

from __future__ import annotations

from dataclasses import dataclass, field

from ankerort.anchors.explain_model import Binding, PlaceExplanation
from ankerort.anchors.plan import AnchorPlan
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import Solution
from ankerort.base.problems import Problem
from ankerort.catalogue.model import Catalogue
from ankerort.documents.comparison import ComparisonSet
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.region.paper_status import PaperStatus


@dataclass(frozen=True)
class AnchorDocuments:
    """One finished anchor plan with all that its documents tell.

    Parameters
    ----------
    plan
        The proposal, its tables, its proof.
    prepared, solution
        The problem in numbers and the decision behind the plan (``solution.decision`` is never None).
    region, catalogue, reach
        As planned with: the people of the year asked for.
    comparison
        The plan's scenario against today by the code of step 2, one scenario; None where it was not computed.
    explanations
        What `ankerort.anchors.explain` tells, one per anchor, in the order of its places; empty where it was not asked for.
    binding
        Rules that keep the plan as a whole from more, the most valuable first.
    problems
        Warnings and notes of all floors.
    paper
        What holds of the paper (``stand.toml``); printed on each page.
    """

    plan: AnchorPlan
    prepared: Prepared = field(repr=False)
    solution: Solution = field(repr=False)
    region: Region = field(repr=False)
    catalogue: Catalogue = field(repr=False)
    reach: Reach = field(repr=False)
    comparison: ComparisonSet | None = field(default=None, repr=False)
    explanations: tuple[PlaceExplanation, ...] = ()
    binding: tuple[Binding, ...] = ()
    problems: tuple[Problem, ...] = ()
    paper: PaperStatus = field(default_factory=PaperStatus)

"""Changes of standards, of figures and of the population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ankerort.scenario.change import Change, ChangeFaults

STANDARD_MODES = ("walk", "bike", "car", "pt")


@dataclass(frozen=True)
class ChangeStandard(Change):
    """A standard gets another value.

    Parameters
    ----------
    service
        Service, by id or label.
    mode
        walk (metres), bike, car or pt (minutes).
    value
        The new value.
    unit
        m or min; may be left out, but if it is given it must be the unit of the mode.
    level
        minimum or target.
    agreed_by, agreed_on, reason
        Who agreed it, when (YYYY-MM-DD), why; without them it stays a proposal.
    """

    kind: ClassVar[str] = "change_standard"
    service: str
    mode: str
    value: float
    unit: str = ""
    level: str = "minimum"
    agreed_by: str = ""
    agreed_on: str = ""
    reason: str = ""

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        faults.needs("service", self.service)
        faults.needs("mode", self.mode)
        faults.one_of("mode", self.mode, STANDARD_MODES)
        faults.one_of("level", self.level, ("minimum", "target"))
        faults.day("agreed_on", self.agreed_on)
        if not 0 < self.value < float("inf"):
            faults.add("scenario_not_positive", "value", field="value", value=self.value)
        unit = "m" if self.mode == "walk" else "min"
        if self.unit and self.mode in STANDARD_MODES and self.unit != unit:
            faults.add("scenario_unit", "unit", given=self.unit, expected=unit)


@dataclass(frozen=True)
class ChangeRate(Change):
    """A figure of the catalogue (a speed, a limit), a demand rate or a weight of quality gets another value.

    Parameters
    ----------
    figure
        Id of the figure; ``demand.<service>.<first age>.<sex>`` (and ``.<year>`` where the rate names one); ``quality.<service>.<criterion>``,
        with ``*`` or ``area:<area>`` in place of the service for all that take their weight from there.
    value
        The new value.
    unit
        May be left out, but if it is given it must be the unit of the figure.
    agreed_by, agreed_on, reason
        Who agreed it, when (YYYY-MM-DD), why.
    """

    kind: ClassVar[str] = "change_rate"
    figure: str
    value: float
    unit: str = ""
    agreed_by: str = ""
    agreed_on: str = ""
    reason: str = ""

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        faults.needs("figure", self.figure)
        faults.not_negative("value", self.value)
        faults.day("agreed_on", self.agreed_on)


@dataclass(frozen=True)
class UsePopulation(Change):
    """The population of another year counts.

    Parameters
    ----------
    year
        Year of the forecast.
    variant
        Id of the variant.
    """

    kind: ClassVar[str] = "use_population"
    year: int
    variant: str = "trend"

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        faults.needs("variant", self.variant)

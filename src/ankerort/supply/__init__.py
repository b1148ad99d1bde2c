"""HOW WELL SERVED: what every place has, lacks, and what is not known."""

from ankerort.supply.assess import assess
from ankerort.supply.model import Supply

__all__ = ["Supply", "assess"]

"""Generated regions: the built-in Musterkreis, and the builder of the tests' worlds with known answers."""

from ankerort.sample.answers import write_sample_answers
from ankerort.sample.facts import RoadFact, SampleFacts
from ankerort.sample.write_sample import write_sample

__all__ = ["RoadFact", "SampleFacts", "write_sample", "write_sample_answers"]

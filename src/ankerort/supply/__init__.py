"""HOW WELL SERVED: what every place has, lacks, and what is not known."""

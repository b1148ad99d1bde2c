"""WHAT IF: changes to a region, applied in order; who gains, who loses."""

"""House coordinates and building outlines: where people live within a cell, and where an address of a list stands."""

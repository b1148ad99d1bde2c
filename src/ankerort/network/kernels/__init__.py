"""Loops over nodes, connections and pairs: the only home of numba. Arrays in, arrays out."""

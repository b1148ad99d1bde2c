"""HOW FAR IT IS: travel times per facility, there and back, and their store."""

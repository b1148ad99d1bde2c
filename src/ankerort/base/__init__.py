"""Ground floor: problems, provenance, tables, files, progress, cache. Knows no domain."""

"""Anchor places of a project folder: prepared, solved, explained, told."""

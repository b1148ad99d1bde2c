"""Ankerort keeps a rural region's services of general interest: what is there, how far it is, what is missing."""

__version__ = "0.1.0"

"""Sentences a person reads, by id, in German and English.

The sentences stand in ``sentences/*.toml``, one file per room. An entry is a table with the keys ``de`` and ``en``;
parameters stand in braces and are filled with `str.format`::

    ["problem.census_negative"]
    de = "Die Spalte {column} hat {count} negative Werte, die keine Kennzeichen sind."
    en = "Column {column} has {count} negative values that are no markers."
"""

from ankerort.text.sentences_reader import LANGUAGES, Language, read_sentences, say

__all__ = ["LANGUAGES", "Language", "read_sentences", "say"]

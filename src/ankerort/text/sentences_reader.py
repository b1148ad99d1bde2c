"""Reads the sentence files once and fills sentences."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def read_sentences() -> dict[str, dict[str, str]]:
    """All sentences by id.

    Raises
    ------
    ValueError
        If an id stands in two files or lacks a language.
    """
    sentences: dict[str, dict[str, str]] = {}
    folder = files("ankerort.text") / "sentences"
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".toml"):
            continue
        for key, value in tomllib.loads(entry.read_text(encoding="utf-8")).items():
            if key in sentences:
                raise ValueError(f"sentence {key} stands twice ({entry.name})")
            missing = [lang for lang in LANGUAGES if lang not in value]
            if missing:
                raise ValueError(f"sentence {key} lacks {missing} ({entry.name})")
            sentences[key] = value
    return sentences


def say(sentence_id: str, lang: Language, **params: object) -> str:
    """The sentence with its parameters filled in.

    Raises
    ------
    KeyError
        If there is no such sentence or a parameter is missing.
    """
    return read_sentences()[sentence_id][lang].format(**params)

"""Classes of public transport in print: letter, colour, meaning."""

from __future__ import annotations

from ankerort.text import Language, say

# class -> (letter, fill, ink): dark = much service; an order that holds in grey too. G and H are the rural extension.
PT_CLASSES: dict[str, tuple[str, str, str]] = {
    "A": ("A", "#08306b", "#ffffff"),
    "B": ("B", "#08519c", "#ffffff"),
    "C": ("C", "#2171b5", "#ffffff"),
    "D": ("D", "#6baed6", "#000000"),
    "E": ("E", "#9ecae1", "#000000"),
    "F": ("F", "#c6dbef", "#000000"),
    "G": ("G", "#fdd49e", "#000000"),
    "H": ("H", "#fff3df", "#000000"),
    "none": ("–", "#d73027", "#ffffff"),
    "unknown": ("?", "#d9d9d9", "#000000"),
}


def pt_class_letter(name: str) -> str:
    """The letter that stands for a class: A to H, – for none, ? for unknown; a missing one is empty."""
    return PT_CLASSES[name][0] if name in PT_CLASSES else ""


def pt_class_meaning(name: str, lang: Language) -> str:
    """What a class says."""
    return say(f"pt_class.{name}", lang)

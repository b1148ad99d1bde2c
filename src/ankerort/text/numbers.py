"""How numbers are printed: whole minutes, persons rounded, decimal comma in German."""

from __future__ import annotations

import math

from ankerort.text.sentences_reader import Language


def round_persons(persons: float) -> int:
    """Persons rounded to 10, under 100 to 5 (see wording: census counts are perturbed, so finer figures would pretend)."""
    if math.isnan(persons):
        raise ValueError("persons unknown")
    step = 5 if persons < 100 else 10
    return math.floor(persons / step + 0.5) * step


def format_persons(persons: float, lang: Language) -> str:
    """Rounded persons with a thousands separator: 12.340 (de), 12,340 (en)."""
    return format_whole(round_persons(persons), lang)


def format_whole(number: float, lang: Language) -> str:
    """A whole number with a thousands separator."""
    text = f"{round(number):,}"
    return text.replace(",", ".") if lang == "de" else text


def format_decimal(number: float, lang: Language, *, digits: int = 1) -> str:
    """A number with decimals: 1.234,5 (de), 1,234.5 (en)."""
    text = f"{number:,.{digits}f}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".") if lang == "de" else text


def format_minutes(minutes: float) -> str:
    """Whole minutes, rounded up so that nobody misses a bus by rounding; empty if not known."""
    return "" if math.isnan(minutes) else str(math.ceil(minutes - 1e-9))


def format_share(share: float, lang: Language) -> str:
    """A share as whole per cent: 47 % (de), 47% (en)."""
    return f"{round(share * 100)} %" if lang == "de" else f"{round(share * 100)}%"


def format_date(iso: str, lang: Language) -> str:
    """An ISO date as 5. Juni 2026 is written 05.06.2026 in German; English keeps ISO. Other texts stay as they are."""
    parts = iso[:10].split("-")
    if lang == "en" or len(parts) != 3 or not all(p.isdigit() for p in parts):
        return iso
    return f"{parts[2]}.{parts[1]}.{parts[0]}"


def format_clock(seconds: float) -> str:
    """Seconds after midnight as a clock time; past midnight it starts again (24:10 is printed 00:10)."""
    minutes = int(seconds) // 60
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"

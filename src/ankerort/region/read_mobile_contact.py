"""``mobil.toml``: what stands on the printed sheets of a mobile service and no data hold: phone, payment, cancelled days, notes on stops.

It lies in the project folder beside ``region.toml``; no figure depends on it, only what is printed and on which days somebody comes.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ankerort.base.files import replacing
from ankerort.base.problems import Problems
from ankerort.region.read_settings import nearest_name
from ankerort.region.table_cells import parse_day
from ankerort.text import Language, say

CONTACT_FILE = "mobil.toml"
PAYMENTS = {"bar": "cash", "karte": "card", "rechnung": "invoice", "kostenlos": "free"}
_TEXTS = {
    "herausgeber": "publisher",
    "telefon": "phone",
    "telefon_zeiten": "phone_hours",
    "hausbesuch": "home_phone",
    "internet": "website",
    "mitbringen": "bring",
    "hinweis": "note",
}
_SWITCHES = {"feiertage": "holidays_off", "heiligabend_und_silvester": "eves_off"}
_KEYS = (*_TEXTS, "bezahlen", *_SWITCHES, "faellt_aus", "halt")
_STOP_TEXTS = {"wo": "where", "warten": "wait", "toilette": "toilet", "zugang": "access", "hinweis": "note"}
_STOP_KEYS = (*_STOP_TEXTS, "faellt_aus")
_WEB = re.compile(r"https?://\S+\.\S+")


@dataclass(frozen=True)
class StopNote:
    """What a person wrote about one stop; `key` is the name of the stop or of its place, empty texts = nothing written.

    Parameters
    ----------
    key
        As written.
    where, wait, toilet, access
        Where the vehicle stands, where one can wait, where the toilet is, how one gets there without steps: printed as written.
    note
        One more sentence.
    cancelled
        Days (ISO) on which nobody comes here.
    """

    key: str
    where: str = ""
    wait: str = ""
    toilet: str = ""
    access: str = ""
    note: str = ""
    cancelled: tuple[str, ...] = ()


@dataclass(frozen=True)
class MobileContact:
    """All of ``mobil.toml``.

    Parameters
    ----------
    publisher
        Who answers for the service: an office.
    phone, phone_hours
        Number for questions, and when somebody answers.
    home_phone
        Number for people who cannot leave their home; empty = `phone`.
    payment
        cash, card, invoice, free; empty = not said.
    website
        Address of the office; GTFS wants one.
    bring, note
        Further sentences for all sheets.
    holidays_off, eves_off
        Nobody comes on public holidays; nor on 24 and 31 December.
    cancelled
        Days (ISO) on which nobody comes anywhere.
    stops
        Notes on single stops.
    """

    publisher: str = ""
    phone: str = ""
    phone_hours: str = ""
    home_phone: str = ""
    payment: tuple[str, ...] = ()
    website: str = ""
    bring: str = ""
    note: str = ""
    holidays_off: bool = True
    eves_off: bool = True
    cancelled: tuple[str, ...] = ()
    stops: tuple[StopNote, ...] = ()

    def note_of(self, *names: str) -> StopNote:
        """The note of the first of the names (stop before place) that has one; an empty note else."""
        by_name = {s.key.casefold(): s for s in self.stops}
        return next((by_name[n.casefold()] for n in names if n.casefold() in by_name), StopNote(""))


def read_mobile_contact(folder: Path) -> tuple[MobileContact, Problems]:
    """Read ``mobil.toml`` of a project folder.

    Returns
    -------
    MobileContact, Problems
        What can be used is used. A missing file is a note, a missing phone a warning: the sheets then have a line to fill in.
    """
    problems = Problems()
    path = folder / CONTACT_FILE
    if not path.exists():
        problems.add("mobile_contact_missing", "note", CONTACT_FILE)
        return MobileContact(), problems
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.add("mobile_contact_unreadable", "warning", CONTACT_FILE, reason=str(error))
        return MobileContact(), problems
    _unknown_keys(content, _KEYS, "", problems)
    contact = MobileContact(
        **{name: _text(content, key, "", problems) for key, name in _TEXTS.items()},  # type: ignore[arg-type]
        **{name: _switch(content, key, problems) for key, name in _SWITCHES.items()},  # type: ignore[arg-type]
        payment=_payment(content, problems),
        cancelled=_days(content, "", problems),
        stops=_stops(content, problems),
    )
    for key, value in (("telefon", contact.phone), ("hausbesuch", contact.home_phone)):
        if value and len(re.sub(r"\D", "", value)) < 3:
            problems.add("mobile_contact_phone_digits", "warning", CONTACT_FILE, column=key, value=value)
    if not contact.phone:
        problems.add("mobile_contact_no_phone", "warning", CONTACT_FILE, column="telefon")
    if contact.website and not _WEB.fullmatch(contact.website):
        problems.add("mobile_contact_website", "warning", CONTACT_FILE, column="internet", value=contact.website)
    return contact, problems


def write_mobile_contact_template(folder: Path, *, lang: Language = "de") -> Path | None:
    """Write an empty ``mobil.toml`` with a line of explanation above each key.

    Returns
    -------
    Path or None
        None if the file is there already: what a user wrote is never replaced.
    """
    path = folder / CONTACT_FILE
    if path.exists():
        return None
    lines = [f"# {say('mobile_contact.head', lang)}"]
    for key in _KEYS[:-1]:
        value = "true" if key in _SWITCHES else "[]" if key in ("bezahlen", "faellt_aus") else '""'
        lines += ["", f"# {say(f'mobile_contact.{key}', lang)}", f"{key} = {value}"]
    lines += ["", f"# {say('mobile_contact.halt', lang)}", f'# [halt."{say("mobile_contact.halt_name", lang)}"]']
    lines += [f'# {key} = "{say(f"mobile_contact.halt_{key}", lang)}"' for key in _STOP_TEXTS]
    lines += ['# faellt_aus = ["2027-01-04"]']
    with replacing(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _unknown_keys(table: Mapping[str, object], known: tuple[str, ...], where: str, problems: Problems) -> None:
    for key in table:
        if key not in known:
            problems.add(
                "mobile_contact_key",
                "warning",
                CONTACT_FILE,
                column=where + key,
                nearest=nearest_name(key, known) or known[0],
                keys=", ".join(known),
            )


def _text(table: Mapping[str, object], key: str, where: str, problems: Problems) -> str:
    value = table.get(key, "")
    if isinstance(value, dict | list | bool):
        problems.add("mobile_contact_text", "warning", CONTACT_FILE, column=where + key)
        return ""
    return " ".join(str(value).split())


def _switch(table: Mapping[str, object], key: str, problems: Problems) -> bool:
    value = table.get(key, True)
    if not isinstance(value, bool):
        problems.add("mobile_contact_switch", "warning", CONTACT_FILE, column=key, value=str(value))
        return True
    return value


def _listed(table: Mapping[str, object], key: str) -> list[object]:
    value = table.get(key, [])
    return value if isinstance(value, list) else [value] if value != "" else []


def _payment(table: Mapping[str, object], problems: Problems) -> tuple[str, ...]:
    found: list[str] = []
    for value in _listed(table, "bezahlen"):
        name = PAYMENTS.get(str(value).strip().casefold())
        if name is None:
            problems.add(
                "mobile_contact_payment", "warning", CONTACT_FILE, column="bezahlen", value=str(value), known=", ".join(PAYMENTS)
            )  # fmt: skip
        else:
            found.append(name)
    return tuple(dict.fromkeys(found))


def _days(table: Mapping[str, object], where: str, problems: Problems) -> tuple[str, ...]:
    found: list[str] = []
    for value in _listed(table, "faellt_aus"):
        day = (
            value.isoformat()[:10]
            if isinstance(value, dt.date)
            else parse_day(value)
            if isinstance(value, str)
            else None
        )
        if day is None:
            problems.add("mobile_contact_day", "warning", CONTACT_FILE, column=where + "faellt_aus", value=str(value))
        else:
            found.append(day)
    return tuple(sorted(set(found)))


def _stops(content: Mapping[str, object], problems: Problems) -> tuple[StopNote, ...]:
    tables = content.get("halt", {})
    if not isinstance(tables, dict):
        problems.add("mobile_contact_stop_table", "warning", CONTACT_FILE, column="halt")
        return ()
    notes: list[StopNote] = []
    for name, table in tables.items():
        where = f"halt.{name}."
        if not isinstance(table, dict):
            problems.add("mobile_contact_stop_table", "warning", CONTACT_FILE, column=where.rstrip("."))
            continue
        _unknown_keys(table, _STOP_KEYS, where, problems)
        texts = {field: _text(table, key, where, problems) for key, field in _STOP_TEXTS.items()}
        notes.append(StopNote(name.strip(), **texts, cancelled=_days(table, where, problems)))
    return tuple(notes)

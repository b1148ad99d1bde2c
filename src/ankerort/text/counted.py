"""Numbers that choose the right form of their noun: 1 Person, 5 Personen."""

from __future__ import annotations

from ankerort.text.numbers import format_persons, format_whole, round_persons
from ankerort.text.sentences_reader import Language


class Counted:
    """A number for `say` whose noun stands in the sentence: ``{n} {n:Fahrt|Fahrten}`` gives 1 Fahrt, 12 Fahrten.

    Both languages here know two forms: one for exactly 1, the other for everything else, 0 too.

    Parameters
    ----------
    number
        The number.
    lang
        Language of the thousands separator.
    persons
        Rounded as persons are (to 10, under 100 to 5).
    """

    def __init__(self, number: float, lang: Language, *, persons: bool = False) -> None:
        self.whole = round_persons(number) if persons else round(number)
        self.text = format_persons(number, lang) if persons else format_whole(number, lang)

    def __str__(self) -> str:
        return self.text

    def __format__(self, spec: str) -> str:
        """The number, or with ``one|other`` the form that fits it.

        Raises
        ------
        ValueError
            If the specification has not exactly two forms.
        """
        if not spec:
            return self.text
        forms = spec.split("|")
        if len(forms) != 2:
            raise ValueError(f"two forms parted by | are needed, not {spec!r}")
        return forms[0] if self.whole == 1 else forms[1]

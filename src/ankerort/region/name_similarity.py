"""How similar two names of facilities are."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import permutations

# Words that tell what a facility is or which legal form its owner has, not which one it is.
_COMMON_WORDS = frozenset(
    """am an arztpraxis bei beim co das der die dipl dr e eg ehemals ek ev filiale gaststaette gasthaus gasthof gbr
    gemeinschaftspraxis ggmbh gmbh hausarztpraxis hotel im in inh inhaber kg mbh med mit ohg praxis prof restaurant ug
    und v von zum zur""".split()  # noqa: SIM905
)
_TRANSLITERATION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "&": " und "})
_WORD = re.compile(r"[a-z0-9]+")
_SHORTENED = (("str.", "strasse "), ("pl.", "platz "), ("bhf", "bahnhof"), ("hbf", "hauptbahnhof"), ("st.", "sankt "))
_MOST_PARTS = 4
_SAME_WORD = 0.8


@lru_cache(maxsize=200_000)
def name_words(name: str) -> tuple[str, ...]:
    """The telling words of a name, sorted: lower case, umlauts written out, without legal forms and punctuation.

    Where nothing but common words stands (``Gasthof``), these are kept.
    """
    text = unicodedata.normalize("NFC", name).lower().translate(_TRANSLITERATION)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    for short, full in _SHORTENED:
        text = text.replace(short, full)
    words = _WORD.findall(text)
    telling = [word for word in words if word not in _COMMON_WORDS]
    return tuple(sorted(set(telling or words)))


@lru_cache(maxsize=500_000)
def name_similarity_of(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Share of letters of both names that stand in words which the other name has too; 0 to 1.

    Two words are the same if difflib finds them alike by 0.8, and numbers only if equal; two names
    with different numbers (``Kita 1``, ``Kita 2``) are not alike: 0. A name all of whose words
    stand in the other one counts as the same name (``REWE`` and ``REWE Schmidt``): 1.
    """
    if not first or not second:
        return 0.0
    numbers_first, numbers_second = ({w for w in words if w.isdigit()} for words in (first, second))
    if numbers_first and numbers_second and numbers_first != numbers_second:
        return 0.0
    if _same_compound(first, second) or _same_compound(second, first):
        return 1.0
    found_first = sum(len(w) for w in first if _has(second, w))
    found_second = sum(len(w) for w in second if _has(first, w))
    letters_first, letters_second = sum(map(len, first)), sum(map(len, second))
    if found_first == letters_first or found_second == letters_second:
        return 1.0
    return (found_first + found_second) / (letters_first + letters_second)


def _same_compound(one: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """German writes a name as one word or as several: Löwenapotheke, Löwen-Apotheke."""
    if len(one) != 1 or not 2 <= len(words) <= _MOST_PARTS or len(one[0]) != sum(map(len, words)):
        return False
    return any("".join(order) == one[0] for order in permutations(words))


def _has(words: tuple[str, ...], word: str) -> bool:
    if word in words:
        return True
    if any(c.isdigit() for c in word):
        return False
    # difflib depends on the order of its arguments; similarity must not.
    pairs = ((min(word, other), max(word, other)) for other in words)
    return any(SequenceMatcher(None, a, b).ratio() >= _SAME_WORD for a, b in pairs)

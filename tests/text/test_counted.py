import pytest

from ankerort.text.counted import Counted


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0 Fahrten"), (1, "1 Fahrt"), (2, "2 Fahrten"), (1200, "1.200 Fahrten")],
)
def test_noun_follows_number(number: int, expected: str) -> None:
    """Exactly one takes the first form of the noun, every other number the second."""
    assert "{n} {n:Fahrt|Fahrten}".format(n=Counted(number, "de")) == expected


def test_persons_are_rounded_before_the_form_is_chosen() -> None:
    """The form follows the printed number, not the exact one."""
    assert "{n} {n:Person|Personen}".format(n=Counted(1.4, "de", persons=True)) == "0 Personen"
    assert "{n} {n:Person|Personen}".format(n=Counted(7.9, "de", persons=True)) == "10 Personen"


def test_forms_are_two() -> None:
    """A specification without exactly two forms is an error of the sentence."""
    with pytest.raises(ValueError, match="two forms"):
        "{n:Fahrten}".format(n=Counted(1, "de"))

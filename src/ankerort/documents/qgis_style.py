"""QML: the style files of QGIS, as small as they can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from xml.sax.saxutils import quoteattr

from ankerort.documents.labels import LETTERS, letter_meaning
from ankerort.documents.pt_colours import PT_CLASSES, pt_class_meaning
from ankerort.text import Language, say

# minutes from near to far: light to dark, readable for colour-blind people and in grey (ColorBrewer YlGnBu)
_RAMP = ("#ffffd9", "#edf8b1", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84")
_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"


def categorised_style(column: str, lang: Language, *, marker: bool) -> str:
    """A style with one colour per letter and the letter itself as a label."""
    found = [(x, colour, letter_meaning(x, lang)) for x, (colour, _) in LETTERS.items()]
    return class_colours_style(column, found, "marker" if marker else "fill")


def class_style(column: str, lang: Language, *, marker: bool) -> str:
    """A style with one colour per class of public transport and the letter as a label."""
    found = [(letter, fill, pt_class_meaning(name, lang)) for name, (letter, fill, _) in PT_CLASSES.items()]
    return class_colours_style(column, found, "marker" if marker else "fill")


def class_colours_style(
    column: str, classes: Sequence[tuple[str, str, str]], kind: Literal["marker", "fill", "line"]
) -> str:
    """A style with one colour per class (value, colour, meaning) and the value itself as a label."""
    draw = {"marker": _marker, "fill": _fill, "line": _line}[kind]
    symbols: list[str] = []
    categories: list[str] = []
    for number, (letter, colour, says) in enumerate(classes):
        meaning = f"{letter}  {says}"
        categories.append(
            f'<category value={quoteattr(letter)} symbol="{number}" label={quoteattr(meaning)} render="true"/>'
        )
        symbols.append(draw(number, colour))
    return (
        f'{_HEAD}<qgis version="3.28" styleCategories="Symbology|Labeling" labelsEnabled="1">'
        f'<renderer-v2 type="categorizedSymbol" attr={quoteattr(column)} enableorderby="0" forceraster="0">'
        f"<categories>{''.join(categories)}</categories><symbols>{''.join(symbols)}</symbols></renderer-v2>"
        f'<labeling type="simple"><settings calloutType="simple"><text-style fieldName={quoteattr(column)} '
        'fontSize="8" fontFamily="Arial" textColor="0,0,0,255"/><placement placement="1"/></settings></labeling></qgis>'
    )


def graduated_style(column: str, steps: tuple[float, ...], lang: Language) -> str:
    """A style with one colour per class of minutes; without a column, outlines only."""
    if not column:
        outline = (
            '<symbol type="fill" name="0" alpha="1"><layer class="SimpleLine" enabled="1"><Option type="Map">'
            '<Option type="QString" name="line_color" value="60,60,60,255"/>'
            '<Option type="QString" name="line_width" value="0.4"/></Option></layer></symbol>'
        )
        return (
            f'{_HEAD}<qgis version="3.28" styleCategories="Symbology">'
            f'<renderer-v2 type="singleSymbol"><symbols>{outline}</symbols></renderer-v2></qgis>'
        )
    ends = (*steps, 1000.0)
    ranges: list[str] = []
    symbols: list[str] = []
    lower = 0.0
    for number, upper in enumerate(ends):
        label = (
            say("map.up_to", lang, minutes=int(upper)) if upper < 1000 else say("map.over", lang, minutes=int(lower))
        )
        ranges.append(
            f'<range lower="{lower}" upper="{upper}" symbol="{number}" label={quoteattr(label)} render="true"/>'
        )
        symbols.append(_fill(number, _RAMP[min(number, len(_RAMP) - 1)]))
        lower = upper
    return (
        f'{_HEAD}<qgis version="3.28" styleCategories="Symbology">'
        f'<renderer-v2 type="graduatedSymbol" attr={quoteattr(column)} graduatedMethod="GraduatedColor" '
        f'enableorderby="0" forceraster="0"><ranges>{"".join(ranges)}</ranges>'
        f"<symbols>{''.join(symbols)}</symbols></renderer-v2></qgis>"
    )


def _rgb(colour: str) -> str:
    return ",".join(str(int(colour[k : k + 2], 16)) for k in (1, 3, 5)) + ",255"


def _fill(number: int, colour: str) -> str:
    return (
        f'<symbol type="fill" name="{number}" alpha="1"><layer class="SimpleFill" enabled="1"><Option type="Map">'
        f'<Option type="QString" name="color" value="{_rgb(colour)}"/>'
        '<Option type="QString" name="outline_style" value="no"/>'
        '<Option type="QString" name="style" value="solid"/></Option></layer></symbol>'
    )


def _marker(number: int, colour: str) -> str:
    return (
        f'<symbol type="marker" name="{number}" alpha="1"><layer class="SimpleMarker" enabled="1"><Option type="Map">'
        f'<Option type="QString" name="color" value="{_rgb(colour)}"/>'
        '<Option type="QString" name="name" value="circle"/>'
        '<Option type="QString" name="outline_color" value="60,60,60,255"/>'
        '<Option type="QString" name="size" value="4"/></Option></layer></symbol>'
    )


def _line(number: int, colour: str) -> str:
    return (
        f'<symbol type="line" name="{number}" alpha="1"><layer class="SimpleLine" enabled="1"><Option type="Map">'
        f'<Option type="QString" name="line_color" value="{_rgb(colour)}"/>'
        '<Option type="QString" name="line_width" value="0.4"/></Option></layer></symbol>'
    )

"""How every graph looks: colours, sizes, axes.

Colours are those of Okabe and Ito, told apart by people with colour-blindness; shape and place say the same without colour.
"""

from collections.abc import Mapping
from typing import Any

from tocsin.reports.typefaces import FAMILY

BLUE, ORANGE, GREEN, PURPLE, GREY, INK = "#0072B2", "#D55E00", "#009E73", "#7B3F75", "#E4E7EA", "#1F2933"
# Rules, edges and labels that stand back.
QUIET = "#52606D"
# Parts of a stack, far apart in lightness too; an outline keeps the lightest apart from the paper.
STACK = (BLUE, "#CFE8F5", "#E69F00", "#3B1F4A")
# Ends of the scales of heat maps, light for least to see.
LIGHT, DARK_BLUE, DARK_RED = "#F1F5F9", "#08306B", "#7A1F1F"
WIDTH = 560
CONFIG: Mapping[str, Any] = {
    "font": FAMILY,
    "background": "white",
    # A drawing is hidden from a screen reader (drawing.py): labels for one would be worked out for every mark, and taken off again.
    "aria": False,
    "view": {"stroke": None},
    # To cut what is too long, each label would be measured twice; ours are short, and those of other people's words are told a limit.
    "axis": {
        "labelLimit": 0,
        "labelFontSize": 11, "titleFontSize": 11, "labelColor": INK, "titleColor": INK, "titleFontWeight": "normal",
        "gridColor": "#DDE1E6", "domainColor": "#9AA5B1", "tickColor": "#9AA5B1",
    },
    "legend": {
        "labelLimit": 0,
        "labelFontSize": 11, "titleFontSize": 11, "labelColor": INK, "titleColor": INK, "titleFontWeight": "normal",
    },
}  # fmt: skip


def bars_spec(values: list[dict[str, Any]], along: str, height: str, title: str, *, width: int = WIDTH) -> dict[str, Any]:
    """Horizontal bars from nought in the order given. `label` and `colour` of a value are the words at its bar's end and its colour."""
    name = {"labelLimit": 260, "ticks": False, "domain": False, "labelPadding": 6}
    place = {
        "y": {"field": along, "type": "nominal", "sort": [value[along] for value in values], "title": None, "axis": name},
        "x": {
            "field": height,
            "type": "quantitative",
            "title": title,
            "axis": {"format": ",d", "tickMinStep": 1, "tickCount": 4, "grid": False},
        },
    }
    bars = {
        "mark": {"type": "bar", "stroke": QUIET, "strokeWidth": 0.5},
        "encoding": {**place, "color": {"field": "colour", "type": "nominal", "scale": None}},
    }
    words = {
        "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 10, "color": INK},
        "encoding": {**place, "text": {"field": "label", "type": "nominal"}},
    }
    return {"data": {"values": values}, "width": width, "height": {"step": 24}, "layer": [bars, words], "config": CONFIG}

"""How every graph looks: colours, sizes, axes.

Colours are those of Okabe and Ito, told apart by people with colour-blindness; shape and place say the same without colour.
"""

from collections.abc import Mapping
from typing import Any

from tocsin.reports.typefaces import FAMILY

BLUE, ORANGE, GREEN, PURPLE, GREY, INK = "#0072B2", "#D55E00", "#009E73", "#7B3F75", "#E4E7EA", "#1F2933"
# Rules, edges and labels that stand back.
QUIET = "#52606D"
# Ends of the scales of heat maps, light for least to see.
LIGHT, DARK_BLUE, DARK_RED = "#F1F5F9", "#08306B", "#7A1F1F"
WIDTH = 560
CONFIG: Mapping[str, Any] = {
    "font": FAMILY,
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 11, "titleFontSize": 11, "labelColor": INK, "titleColor": INK, "titleFontWeight": "normal",
        "gridColor": "#DDE1E6", "domainColor": "#9AA5B1", "tickColor": "#9AA5B1",
    },
    "legend": {"labelFontSize": 11, "titleFontSize": 11, "labelColor": INK, "titleColor": INK, "titleFontWeight": "normal"},
}  # fmt: skip
